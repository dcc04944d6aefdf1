// The instruments, in the order of the documentation: alcohol and drugs, dependence, withdrawal,
// recovery and treatment, readiness and confidence, consequences, mental health, daily life.

#include <array>

#include "core/cited.hpp"
#include "instrument_tables.hpp"
#include "ombre/spectrum/instruments.hpp"

namespace ombre::inline v0::spectrum {
namespace {

using detail::only;
using detail::places;
using enum Formula;
using enum Higher;
constexpr auto known = Confidence::known;
constexpr auto verified = Confidence::verified;
constexpr auto uncertain = Confidence::uncertain;

constexpr ItemKind kind(PlaceSet which, double low, double high) { return {which, low, high}; }
constexpr ItemKind kind_of(PlaceSet which, double high, std::uint64_t values) {
  return {which, 0, high, values};
}
constexpr ItemKind yes_no(PlaceSet which) { return {which, 0, 1}; }
constexpr ItemKind reversed(PlaceSet which, double low, double high) {
  return {which, low, high, 0, true, true};
}
constexpr Scale total(PlaceSet items, double low, double high, Higher higher = worse,
                      std::uint8_t may_miss = 0) {
  return {"total", "sum of the items", items, sum, low, high, higher, may_miss};
}
constexpr Scale part(std::string_view id, std::string_view title, PlaceSet items, double low,
                     double high, Higher higher = worse, std::uint8_t may_miss = 0) {
  return {id, title, items, sum, low, high, higher, may_miss};
}

// ---- ASSIST -------------------------------------------------------------------------------------
constexpr const Source& who_assist = cited::who_assist_2010;
constexpr auto q2 = only({0, 2, 3, 4, 6});
constexpr auto q3 = only({0, 3, 4, 5, 6});
constexpr auto q4 = only({0, 4, 5, 6, 7});
constexpr auto q5 = only({0, 5, 6, 7, 8});
constexpr auto q67 = only({0, 3, 6});
constexpr std::array assist_kinds{kind_of(places("1"), 6, q2), kind_of(places("2"), 6, q3),
                                  kind_of(places("3"), 7, q4), kind_of(places("4"), 8, q5),
                                  kind_of(places("5-6"), 6, q67)};
constexpr std::array assist_tobacco_kinds{kind_of(places("1"), 6, q2), kind_of(places("2"), 6, q3),
                                          kind_of(places("3"), 7, q4),
                                          kind_of(places("4-5"), 6, q67)};
constexpr std::array assist_scales{
    Scale{"total", "substance involvement score", places("1-6"), sum, 0, 39}};
constexpr std::array assist_tobacco_scales{
    Scale{"total", "substance involvement score", places("1-5"), sum, 0, 31}};
constexpr std::string_view general = "general health advice";
constexpr std::string_view brief = "brief intervention";
constexpr std::string_view refer = "brief intervention and referral";
constexpr std::array assist_alcohol_bands{
    ScoreBand{10, "low", general}, ScoreBand{26, "moderate", brief}, ScoreBand{39, "high", refer}};
constexpr std::array assist_other_bands{
    ScoreBand{3, "low", general}, ScoreBand{26, "moderate", brief}, ScoreBand{39, "high", refer}};
constexpr std::array assist_tobacco_bands{
    ScoreBand{3, "low", general}, ScoreBand{26, "moderate", brief}, ScoreBand{31, "high", refer}};
constexpr std::array assist_alcohol_schemes{BandScheme{"assist_alcohol_risk",
                                                       "total",
                                                       "ASSIST risk, alcohol",
                                                       assist_alcohol_bands,
                                                       {},
                                                       &who_assist,
                                                       known}};
constexpr std::array assist_other_schemes{BandScheme{"assist_other_risk",
                                                     "total",
                                                     "ASSIST risk, any other substance",
                                                     assist_other_bands,
                                                     {},
                                                     &who_assist,
                                                     known}};
constexpr std::array assist_tobacco_schemes{BandScheme{"assist_tobacco_risk",
                                                       "total",
                                                       "ASSIST risk, tobacco",
                                                       assist_tobacco_bands,
                                                       {},
                                                       &who_assist,
                                                       known}};

// ---- AUDIT --------------------------------------------------------------------------------------
constexpr const Source& who_audit = cited::who_audit_2001;
constexpr Source bush_1998{"bush-1998",
                           "Bush K, Kivlahan DR, McDonell MB, Fihn SD, Bradley KA. The AUDIT "
                           "alcohol consumption questions (AUDIT-C). Arch Intern Med 158:1789-1795",
                           "1998"};
constexpr std::array audit_kinds{kind(places("1-8"), 0, 4),
                                 kind_of(places("9-10"), 4, only({0, 2, 4}))};
constexpr std::array audit_scales{total(places("1-10"), 0, 40)};
constexpr std::array audit_bands{
    ScoreBand{7, "zone I", "alcohol education"}, ScoreBand{15, "zone II", "simple advice"},
    ScoreBand{19, "zone III", "simple advice, brief counselling and continued monitoring"},
    ScoreBand{40, "zone IV", "referral for diagnostic evaluation and treatment"}};
constexpr std::array audit_schemes{BandScheme{
    "audit_zones",
    "total",
    "AUDIT zones",
    audit_bands,
    {},
    &who_audit,
    known,
    "drinks of 10 g; the US adaptation (USAUDIT) has drinks of 14 g and other cut-offs"}};
constexpr std::array audit_c_kinds{kind(places("1-3"), 0, 4)};
constexpr std::array audit_c_scales{total(places("1-3"), 0, 12)};
constexpr std::array audit_c_men{ScoreBand{3, "negative"}, ScoreBand{12, "positive"}};
constexpr std::array audit_c_women{ScoreBand{2, "negative"}, ScoreBand{12, "positive"}};
constexpr std::array audit_c_schemes{BandScheme{"audit_c_screen", "total", "AUDIT-C screen",
                                                audit_c_men, audit_c_women, &bush_1998, known}};

// ---- drugs --------------------------------------------------------------------------------------
constexpr Source skinner_1982{"skinner-1982",
                              "Skinner HA. The Drug Abuse Screening Test. Addict Behav 7:363-371; "
                              "ten-item form",
                              "1982"};
constexpr std::array dast_kinds{yes_no(places("1-2 4-10")), reversed(places("3"), 0, 1)};
constexpr std::array dast_scales{total(places("1-10"), 0, 10)};
constexpr std::array dast_bands{ScoreBand{0, "none", "none at this time"},
                                ScoreBand{2, "low", "monitor, reassess later"},
                                ScoreBand{5, "moderate", "further investigation"},
                                ScoreBand{8, "substantial", "intensive assessment"},
                                ScoreBand{10, "severe", "intensive assessment"}};
constexpr std::array dast_schemes{BandScheme{"dast_10_degree",
                                             "total",
                                             "degree of problems related to drug use",
                                             dast_bands,
                                             {},
                                             &skinner_1982,
                                             known}};

constexpr Source adamson_2010{"adamson-2010",
                              "Adamson SJ, et al. An improved brief measure of cannabis misuse: "
                              "the Cannabis Use Disorders Identification Test - Revised. Drug "
                              "Alcohol Depend 110:137-143",
                              "2010"};
constexpr std::array cudit_kinds{kind(places("1-7"), 0, 4),
                                 kind_of(places("8"), 4, only({0, 2, 4}))};
constexpr std::array cudit_scales{total(places("1-8"), 0, 32)};
constexpr std::array cudit_bands{ScoreBand{7, "below"}, ScoreBand{11, "hazardous use"},
                                 ScoreBand{32, "possible disorder", "further assessment"}};
constexpr std::array cudit_schemes{BandScheme{
    "cudit_r_bands", "total", "CUDIT-R cut-offs", cudit_bands, {}, &adamson_2010, known}};

constexpr Source berman_2005{"berman-2005",
                             "Berman AH, Bergman H, Palmstierna T, Schlyter F. Evaluation of the "
                             "Drug Use Disorders Identification Test (DUDIT). Eur Addict Res "
                             "11:22-31",
                             "2005"};
constexpr std::array dudit_kinds{kind(places("1-9"), 0, 4),
                                 kind_of(places("10-11"), 4, only({0, 2, 4}))};
constexpr std::array dudit_scales{total(places("1-11"), 0, 44)};
constexpr std::array dudit_men{ScoreBand{5, "below"}, ScoreBand{24, "drug-related problems"},
                               ScoreBand{44, "dependence likely"}};
constexpr std::array dudit_women{ScoreBand{1, "below"}, ScoreBand{24, "drug-related problems"},
                                 ScoreBand{44, "dependence likely"}};
constexpr std::array dudit_schemes{BandScheme{"dudit_bands", "total", "DUDIT cut-offs", dudit_men,
                                              dudit_women, &berman_2005, known}};

constexpr Source brown_1995{"brown-rounds-1995",
                            "Brown RL, Rounds LA. Conjoint screening questionnaires for alcohol "
                            "and other drug abuse (CAGE-AID). Wis Med J 94:135-140",
                            "1995"};
constexpr std::array cage_kinds{yes_no(places("1-4"))};
constexpr std::array cage_scales{total(places("1-4"), 0, 4)};
constexpr std::array cage_two{ScoreBand{1, "negative"}, ScoreBand{4, "positive"}};
constexpr std::array cage_one{ScoreBand{0, "negative"}, ScoreBand{4, "positive"}};
constexpr std::array cage_schemes{
    BandScheme{"cage_aid_screen", "total", "CAGE-AID screen", cage_two, {}, &brown_1995, known},
    BandScheme{"cage_aid_sensitive",
               "total",
               "CAGE-AID screen, sensitive cut-off",
               cage_one,
               {},
               &brown_1995,
               known}};

// ---- dependence ---------------------------------------------------------------------------------
constexpr Source gossop_1995{"gossop-1995",
                             "Gossop M, et al. The Severity of Dependence Scale (SDS). Addiction "
                             "90:607-614; cut-offs from later studies of each substance",
                             "1995 and later"};
constexpr std::array sds_kinds{kind(places("1-5"), 0, 3)};
constexpr std::array sds_scales{total(places("1-5"), 0, 15)};
constexpr std::array sds_3{ScoreBand{2, "below"}, ScoreBand{15, "dependence likely"}};
constexpr std::array sds_4{ScoreBand{3, "below"}, ScoreBand{15, "dependence likely"}};
constexpr std::array sds_5{ScoreBand{4, "below"}, ScoreBand{15, "dependence likely"}};
constexpr std::array sds_7{ScoreBand{6, "below"}, ScoreBand{15, "dependence likely"}};
// Each cut-off is its own study's; amphetamine: "greater than 4", so 5 and more.
constexpr Source swift_1998{"swift-1998",
                            "Swift W, Copeland J, Hall W. Choosing a diagnostic cut-off for "
                            "cannabis dependence. Addiction 93:1681-1692",
                            "1998"};
constexpr Source martin_2006{"martin-2006",
                             "Martin G, Copeland J, Gates P, Gilmour S. The Severity of Dependence "
                             "Scale (SDS) in an adolescent population of cannabis users. Drug "
                             "Alcohol Depend 83:90-93",
                             "2006"};
constexpr Source kaye_2002{"kaye-darke-2002",
                           "Kaye S, Darke S. Determining a diagnostic cut-off on the Severity of "
                           "Dependence Scale (SDS) for cocaine dependence. Addiction 97:727-731",
                           "2002"};
constexpr Source topp_1997{"topp-mattick-1997",
                           "Topp L, Mattick RP. Choosing a cut-off on the Severity of Dependence "
                           "Scale (SDS) for amphetamine users. Addiction 92:839-845",
                           "1997"};
constexpr Source lawrinson_2007{"lawrinson-2007",
                                "Lawrinson P, Copeland J, Gerber S, Gilmour S. Determining a "
                                "cut-off on the Severity of Dependence Scale (SDS) for alcohol "
                                "dependence. Addict Behav 32:1474-1479",
                                "2007"};
constexpr Source cuevas_2000{"de-las-cuevas-2000",
                             "de las Cuevas C, Sanz EJ, de la Fuente JA, Padilla J, Berenguer JC. "
                             "The Severity of Dependence Scale (SDS) as screening test for "
                             "benzodiazepine dependence. Addiction 95:245-250",
                             "2000"};
constexpr std::array sds_schemes{
    BandScheme{"sds_cannabis", "total", "cannabis, adults", sds_3, {}, &swift_1998, known},
    BandScheme{
        "sds_cannabis_young", "total", "cannabis, adolescents", sds_4, {}, &martin_2006, known},
    BandScheme{"sds_cocaine", "total", "cocaine", sds_3, {}, &kaye_2002, known},
    BandScheme{"sds_amphetamine", "total", "amphetamine", sds_5, {}, &topp_1997, known},
    BandScheme{"sds_alcohol", "total", "alcohol", sds_3, {}, &lawrinson_2007, known},
    BandScheme{"sds_benzodiazepine", "total", "benzodiazepines", sds_7, {}, &cuevas_2000, known},
    BandScheme{"sds_heroin",
               "total",
               "heroin",
               sds_5,
               {},
               &gossop_1995,
               uncertain,
               "about 5; for labelled display only"}};

constexpr Source stockwell_1983{"stockwell-1983",
                                "Stockwell T, Murphy D, Hodgson R. The Severity of Alcohol "
                                "Dependence Questionnaire. Br J Addict 78:145-155",
                                "1983"};
constexpr std::array sadq_kinds{kind(places("1-20"), 0, 3)};
constexpr std::array sadq_scales{total(places("1-20"), 0, 60)};
constexpr std::array sadq_bands{ScoreBand{15, "mild"}, ScoreBand{30, "moderate"},
                                ScoreBand{60, "severe"}};
constexpr std::array sadq_schemes{BandScheme{
    "sadq_severity", "total", "severity of dependence", sadq_bands, {}, &stockwell_1983, known}};

constexpr Source raistrick_1994{"raistrick-1994",
                                "Raistrick D, et al. Development of a questionnaire to measure "
                                "alcohol and opiate dependence (LDQ). Addiction 89:563-572",
                                "1994"};
constexpr std::array ldq_kinds{kind(places("1-10"), 0, 3)};
constexpr std::array ldq_scales{total(places("1-10"), 0, 30)};
constexpr std::array ldq_bands{ScoreBand{0, "none"}, ScoreBand{10, "low to moderate"},
                               ScoreBand{20, "moderate to high"}, ScoreBand{30, "high"}};
constexpr std::array ldq_schemes{
    BandScheme{"ldq_dependence", "total", "dependence", ldq_bands, {}, &raistrick_1994, known}};

constexpr Source heatherton_1991{"heatherton-1991",
                                 "Heatherton TF, Kozlowski LT, Frecker RC, Fagerstrom KO. The "
                                 "Fagerstrom Test for Nicotine Dependence. Br J Addict "
                                 "86:1119-1127",
                                 "1991"};
constexpr std::array ftnd_kinds{kind(places("1 4"), 0, 3), yes_no(places("2-3 5-6"))};
constexpr std::array ftnd_scales{total(places("1-6"), 0, 10)};
constexpr std::array ftnd_bands{ScoreBand{2, "very low"}, ScoreBand{4, "low"},
                                ScoreBand{5, "medium"}, ScoreBand{7, "high"},
                                ScoreBand{10, "very high"}};
constexpr std::array ftnd_schemes{BandScheme{
    "ftnd_dependence", "total", "nicotine dependence", ftnd_bands, {}, &heatherton_1991, known}};
constexpr std::array hsi_kinds{kind(places("1-2"), 0, 3)};
constexpr std::array hsi_scales{total(places("1-2"), 0, 6)};
constexpr std::array hsi_bands{ScoreBand{2, "low"}, ScoreBand{4, "moderate"}, ScoreBand{6, "high"}};
constexpr std::array hsi_schemes{BandScheme{
    "hsi_heaviness", "total", "heaviness of smoking", hsi_bands, {}, &heatherton_1991, known}};

// ---- withdrawal ---------------------------------------------------------------------------------
constexpr Source maldonado_2014{"maldonado-2014",
                                "Maldonado JR, et al. The Prediction of Alcohol Withdrawal "
                                "Severity Scale (PAWSS). Alcohol 48:375-390",
                                "2014"};
constexpr std::array pawss_kinds{yes_no(places("1-10"))};
constexpr std::array pawss_scales{total(places("1-10"), 0, 10)};
constexpr std::array pawss_bands{
    ScoreBand{3, "low risk"},
    ScoreBand{10, "high risk", "complicated withdrawal is more likely: medical care"}};
constexpr std::array pawss_schemes{BandScheme{"pawss_risk",
                                              "total",
                                              "risk of complicated alcohol withdrawal",
                                              pawss_bands,
                                              {},
                                              &maldonado_2014,
                                              known}};

constexpr Source sullivan_1989{"sullivan-1989",
                               "Sullivan JT, et al. Assessment of alcohol withdrawal: the revised "
                               "Clinical Institute Withdrawal Assessment for Alcohol scale "
                               "(CIWA-Ar). Br J Addict 84:1353-1357",
                               "1989"};
constexpr const Source& asam_2020 = cited::asam_alcohol_2020;
constexpr std::array ciwa_kinds{kind(places("1-9"), 0, 7), kind(places("10"), 0, 4)};
constexpr std::array ciwa_scales{total(places("1-10"), 0, 67)};
constexpr std::array ciwa_asam{ScoreBand{9, "mild"}, ScoreBand{18, "moderate"},
                               ScoreBand{67, "severe"}};
constexpr std::array ciwa_older{ScoreBand{7, "mild"}, ScoreBand{15, "moderate"},
                                ScoreBand{67, "severe"}};
constexpr std::array ciwa_schemes{BandScheme{"ciwa_ar_asam_2020",
                                             "total",
                                             "severity of alcohol withdrawal",
                                             ciwa_asam,
                                             {},
                                             &asam_2020,
                                             known,
                                             "the guideline itself says that ranges vary"},
                                  BandScheme{"ciwa_ar_older",
                                             "total",
                                             "severity of alcohol withdrawal, older cut-offs",
                                             ciwa_older,
                                             {},
                                             &sullivan_1989,
                                             verified,
                                             "below 8, 8 to 15 and above 15 also circulate"}};

constexpr const Source& wesson_2003 = cited::cows_2003;
constexpr std::array cows_kinds{kind_of(places("1 5-6 8-10"), 4, only({0, 1, 2, 4})),
                                kind(places("2"), 0, 4),
                                kind_of(places("3"), 5, only({0, 1, 3, 5})),
                                kind_of(places("4"), 5, only({0, 1, 2, 5})),
                                kind_of(places("7"), 5, only({0, 1, 2, 3, 5})),
                                kind_of(places("11"), 5, only({0, 3, 5}))};
constexpr std::array cows_scales{total(places("1-11"), 0, 48)};
constexpr std::array cows_bands{ScoreBand{4, "none"}, ScoreBand{12, "mild"},
                                ScoreBand{24, "moderate"}, ScoreBand{36, "moderately severe"},
                                ScoreBand{48, "severe"}};
constexpr std::array cows_schemes{BandScheme{
    "cows_2003", "total", "severity of opioid withdrawal", cows_bands, {}, &wesson_2003, verified}};

constexpr const Source& handelsman_1987 = cited::sows_1987;
constexpr std::array sows_kinds{kind(places("1-16"), 0, 4)};
constexpr std::array sows_scales{total(places("1-16"), 0, 64)};
constexpr std::array sows_bands{ScoreBand{0, "none"}, ScoreBand{10, "mild"},
                                ScoreBand{20, "moderate"}, ScoreBand{64, "severe"}};
constexpr std::array sows_schemes{
    BandScheme{"sows_common_use",
               "total",
               "severity of opioid withdrawal, bands in common use",
               sows_bands,
               {},
               &handelsman_1987,
               uncertain,
               "not printed with the scale; for labelled display only"}};

// ---- recovery and treatment ---------------------------------------------------------------------
constexpr Source neale_2016{
    "neale-2016",
    "Neale J, et al. Development and validation of SURE: a patient reported "
    "outcome measure for recovery from drug and alcohol dependence. Drug "
    "Alcohol Depend 165:159-167",
    "2016"};
constexpr std::array sure_kinds{kind(places("1-21"), 1, 3)};
constexpr std::array sure_scales{
    total(places("1-21"), 21, 63, better),
    part("substance_use", "substance use", places("1-6"), 6, 18, better),
    part("self_care", "self-care", places("7-11"), 5, 15, better),
    part("relationships", "relationships", places("12-15"), 4, 12, better),
    part("material_resources", "material resources", places("16-18"), 3, 9, better),
    part("outlook", "outlook on life", places("19-21"), 3, 9, better)};

constexpr Source vilsaint_2017{"vilsaint-2017",
                               "Vilsaint CL, et al. Development and validation of a Brief "
                               "Assessment of Recovery Capital (BARC-10). Drug Alcohol Depend "
                               "177:71-76",
                               "2017"};
constexpr std::array barc_kinds{kind(places("1-10"), 1, 6)};
constexpr std::array barc_scales{total(places("1-10"), 10, 60, better)};
constexpr std::array barc_bands{ScoreBand{46, "below 47"},
                                ScoreBand{60, "47 or more", "goes with sustained remission"}};
constexpr std::array barc_schemes{
    BandScheme{"barc_10_47", "total", "recovery capital", barc_bands, {}, &vilsaint_2017, known}};

constexpr Source marsden_2008{"marsden-2008",
                              "Marsden J, et al. Development of the Treatment Outcomes Profile. "
                              "Addiction 103:1450-1460",
                              "2008"};
constexpr std::array top_kinds{kind(places("1-8 10-11 16-17"), 0, 28),
                               yes_no(places("9 12-13 18-19")), kind(places("14-15 20"), 0, 20)};
constexpr std::array top_scales{
    part("psychological", "psychological health", places("14"), 0, 20, better),
    part("physical", "physical health", places("15"), 0, 20, better),
    part("quality_of_life", "quality of life", places("20"), 0, 20, better),
    part("injecting_days", "days injected of 28", places("8"), 0, 28),
    part("crime_days", "days of shoplifting or selling drugs, of 28 each", places("10-11"), 0, 56)};

constexpr Source mclellan_1992{"mclellan-1992",
                               "McLellan AT, et al. The fifth edition of the Addiction Severity "
                               "Index. J Subst Abuse Treat 9:199-213",
                               "1992"};
constexpr std::array asi_kinds{ItemKind{places("1-7"), 0, 1, 0, false}};
constexpr std::array asi_scales{part("medical", "medical composite", places("1"), 0, 1),
                                part("employment", "employment composite", places("2"), 0, 1),
                                part("alcohol", "alcohol composite", places("3"), 0, 1),
                                part("drug", "drug composite", places("4"), 0, 1),
                                part("legal", "legal composite", places("5"), 0, 1),
                                part("family", "family and social composite", places("6"), 0, 1),
                                part("psychiatric", "psychiatric composite", places("7"), 0, 1)};

constexpr Source cacciola_2013{"cacciola-2013",
                               "Cacciola JS, et al. Development and initial evaluation of the "
                               "Brief Addiction Monitor (BAM). J Subst Abuse Treat 44:256-263",
                               "2013"};
constexpr std::array bam_kinds{kind(places("1-6 8-17"), 0, 4)};
constexpr std::array bam_scales{
    part("use", "use", places("4-6"), 0, 12),
    part("risk", "risk factors", places("1-3 8 11 15"), 0, 24),
    part("protective", "protective factors", places("9-10 12-14 16"), 0, 24, better)};

constexpr Source hatcher_2006{"hatcher-2006",
                              "Hatcher RL, Gillaspy JA. Development and validation of a revised "
                              "short version of the Working Alliance Inventory. Psychother Res "
                              "16:12-25",
                              "2006"};
constexpr std::array wai_kinds{kind(places("1-12"), 1, 5)};
constexpr std::array wai_scales{
    total(places("1-12"), 12, 60, better),
    part("goal", "agreement on goals", places("4 6 8 11"), 4, 20, better),
    part("task", "agreement on tasks", places("1-2 10 12"), 4, 20, better),
    part("bond", "bond", places("3 5 7 9"), 4, 20, better)};

constexpr Source larsen_1979{"larsen-1979",
                             "Larsen DL, et al. Assessment of client/patient satisfaction. Eval "
                             "Program Plann 2:197-207",
                             "1979"};
constexpr std::array csq_kinds{kind(places("1-8"), 1, 4)};
constexpr std::array csq_scales{total(places("1-8"), 8, 32, better)};

// ---- readiness and confidence -------------------------------------------------------------------
constexpr Source mcconnaughy_1983{"mcconnaughy-1983",
                                  "McConnaughy EA, Prochaska JO, Velicer WF. Stages of change in "
                                  "psychotherapy (URICA). Psychotherapy 20:368-375; readiness "
                                  "score of Project MATCH, HABITS Lab, UMBC",
                                  "1983, score 1990s"};
constexpr std::array urica_kinds{kind(places("1-3 5-8 10-19 21-30 32"), 1, 5)};
constexpr std::array urica_scales{
    Scale{"precontemplation", "mean of 7 items", places("1 5 11 13 23 26 29"), mean, 1, 5, neither},
    Scale{"contemplation", "mean of 7 items", places("2 8 12 15 19 21 24"), mean, 1, 5, neither},
    Scale{"action", "mean of 7 items", places("3 7 10 14 17 25 30"), mean, 1, 5, neither},
    Scale{"maintenance", "mean of 7 items", places("6 16 18 22 27-28 32"), mean, 1, 5, neither},
    Scale{.id = "readiness",
          .title = "contemplation + action + maintenance - precontemplation",
          .formula = Formula::scales,
          .low = -2,
          .high = 14,
          .higher = neither,
          .plus = places("2-4"),
          .minus = places("1")}};
constexpr std::array urica_bands{ScoreBand{8, "precontemplation"}, ScoreBand{11, "contemplation"},
                                 ScoreBand{14, "preparation or action"}};
constexpr std::array urica_schemes{BandScheme{"urica_stage",
                                              "readiness",
                                              "stage by the readiness score",
                                              urica_bands,
                                              {},
                                              &mcconnaughy_1983,
                                              known,
                                              "cut-offs depend on the population"}};

constexpr Source miller_1996{"miller-tonigan-1996",
                             "Miller WR, Tonigan JS. Assessing drinkers' motivation for change: "
                             "the Stages of Change Readiness and Treatment Eagerness Scale "
                             "(SOCRATES). Psychol Addict Behav 10:81-89",
                             "1996"};
constexpr std::array socrates_kinds{kind(places("1-19"), 1, 5)};
constexpr std::array socrates_scales{
    part("recognition", "recognition", places("1 3 7 10 12 15 17"), 7, 35, neither),
    part("ambivalence", "ambivalence", places("2 6 11 16"), 4, 20, neither),
    part("taking_steps", "taking steps", places("4-5 8-9 13-14 18-19"), 8, 40, neither)};

constexpr Source annis_1997{"annis-1997",
                            "Annis HM, Turner NE, Sklar SM. Inventory of Drug-Taking Situations "
                            "and Drug-Taking Confidence Questionnaire. Addiction Research "
                            "Foundation",
                            "1997"};
constexpr Source sklar_1999{"sklar-turner-1999",
                            "Sklar SM, Turner NE. A brief measure for the assessment of coping "
                            "self-efficacy among alcohol and other drug users (DTCQ-8). Addiction "
                            "94:723-729",
                            "1999"};
constexpr std::array dtcq_kinds{ItemKind{places("1-50"), 0, 100, 0, false}};
constexpr std::array dtcq_scales{
    Scale{"confidence", "mean confidence, percent", places("1-50"), mean, 0, 100, better}};
constexpr std::array dtcq_8_kinds{ItemKind{places("1-8"), 0, 100, 0, false}};
constexpr std::array dtcq_8_scales{
    Scale{"confidence", "mean confidence, percent", places("1-8"), mean, 0, 100, better}};

constexpr Source diclemente_1994{
    "diclemente-1994",
    "DiClemente CC, et al. The Alcohol Abstinence Self-Efficacy Scale. "
    "J Stud Alcohol 55:141-148",
    "1994"};
constexpr std::array aase_kinds{kind(places("1-20"), 1, 5)};
constexpr std::array aase_scales{total(places("1-20"), 20, 100, better)};

// ---- consequences -------------------------------------------------------------------------------
constexpr Source miller_1995{"miller-1995",
                             "Miller WR, Tonigan JS, Longabaugh R. The Drinker Inventory of "
                             "Consequences (DrInC), with InDUC and the Short Index of Problems. "
                             "Project MATCH Monograph 4, NIAAA",
                             "1995"};
constexpr std::array sip_kinds{kind(places("1-15"), 0, 3)};
constexpr std::array sip_scales{total(places("1-15"), 0, 45)};
constexpr std::array sip_l_kinds{yes_no(places("1-15"))};
constexpr std::array sip_l_scales{total(places("1-15"), 0, 15)};
// Items 5, 15, 25, 35 and 45 are control items: asked and not scored.
constexpr PlaceSet drinc_scored = places("1-4 6-14 16-24 26-34 36-44 46-50");
constexpr std::array drinc_kinds{kind(drinc_scored, 0, 3)};
constexpr std::array drinc_scales{total(drinc_scored, 0, 135)};

// ---- mental health and safety -------------------------------------------------------------------
constexpr Source kroenke_2001{"kroenke-2001",
                              "Kroenke K, Spitzer RL, Williams JBW. The PHQ-9. J Gen Intern Med "
                              "16:606-613",
                              "2001"};
constexpr std::array phq_kinds{kind(places("1-9"), 0, 3)};
constexpr std::array phq_scales{
    total(places("1-9"), 0, 27),
    part("item_9", "thoughts of death or self-harm: above 0 asks for a talk about safety today",
         places("9"), 0, 3)};
constexpr std::array phq_bands{ScoreBand{4, "minimal"}, ScoreBand{9, "mild"},
                               ScoreBand{14, "moderate"}, ScoreBand{19, "moderately severe"},
                               ScoreBand{27, "severe"}};
constexpr std::array phq_item_9{ScoreBand{0, "not named"},
                                ScoreBand{3, "named", "ask about safety now, whatever the total"}};
constexpr std::array phq_schemes{
    BandScheme{
        "phq_9_severity", "total", "severity of depression", phq_bands, {}, &kroenke_2001, known},
    BandScheme{"phq_9_item_9",
               "item_9",
               "thoughts of death or self-harm",
               phq_item_9,
               {},
               &kroenke_2001,
               known}};

constexpr Source spitzer_2006{"spitzer-2006",
                              "Spitzer RL, et al. A brief measure for assessing generalized "
                              "anxiety disorder: the GAD-7. Arch Intern Med 166:1092-1097",
                              "2006"};
constexpr std::array gad_kinds{kind(places("1-7"), 0, 3)};
constexpr std::array gad_scales{total(places("1-7"), 0, 21)};
constexpr std::array gad_bands{ScoreBand{4, "minimal"}, ScoreBand{9, "mild"},
                               ScoreBand{14, "moderate"}, ScoreBand{21, "severe"}};
constexpr std::array gad_schemes{BandScheme{
    "gad_7_severity", "total", "severity of anxiety", gad_bands, {}, &spitzer_2006, known}};

constexpr Source weathers_2013{"weathers-2013",
                               "Weathers FW, et al. The PTSD Checklist for DSM-5 (PCL-5). US "
                               "National Center for PTSD",
                               "2013"};
constexpr std::array pcl_kinds{kind(places("1-20"), 0, 4)};
constexpr std::array pcl_scales{total(places("1-20"), 0, 80)};
constexpr std::array pcl_bands{ScoreBand{30, "below"},
                               ScoreBand{80, "probable PTSD", "further assessment"}};
constexpr std::array pcl_schemes{BandScheme{"pcl_5_31",
                                            "total",
                                            "PCL-5 cut-off",
                                            pcl_bands,
                                            {},
                                            &weathers_2013,
                                            known,
                                            "31 to 33 are in use"}};

constexpr Source prins_2016{"prins-2016",
                            "Prins A, et al. The Primary Care PTSD Screen for DSM-5. J Gen Intern "
                            "Med 31:1206-1211",
                            "2016"};
constexpr std::array pc_ptsd_kinds{yes_no(places("1-5"))};
constexpr std::array pc_ptsd_scales{total(places("1-5"), 0, 5)};
constexpr std::array pc_ptsd_3{ScoreBand{2, "negative"}, ScoreBand{5, "positive"}};
constexpr std::array pc_ptsd_4{ScoreBand{3, "negative"}, ScoreBand{5, "positive"}};
constexpr std::array pc_ptsd_schemes{
    BandScheme{
        "pc_ptsd_5_sensitive", "total", "PC-PTSD-5, cut-off 3", pc_ptsd_3, {}, &prins_2016, known},
    BandScheme{
        "pc_ptsd_5_efficient", "total", "PC-PTSD-5, cut-off 4", pc_ptsd_4, {}, &prins_2016, known}};

constexpr Source posner_2011{"posner-2011",
                             "Posner K, et al. The Columbia-Suicide Severity Rating Scale. Am J "
                             "Psychiatry 168:1266-1277; screener with triage points",
                             "2011"};
constexpr std::array cssrs_kinds{ItemKind{places("1-2"), 0, 1, 0, true, false, 1},
                                 ItemKind{places("3 6"), 0, 1, 0, true, false, 2},
                                 ItemKind{places("4-5 7"), 0, 1, 0, true, false, 3}};
constexpr std::array cssrs_scales{Scale{
    "triage", "highest triage level of the items answered with yes", places("1-7"), highest, 0, 3}};
constexpr std::array cssrs_bands{
    ScoreBand{0, "none named"}, ScoreBand{1, "low", "offer support and a safety plan"},
    ScoreBand{2, "moderate", "assessment by a trained clinician, safety plan"},
    ScoreBand{3, "high", "do not leave the person alone; immediate help"}};
constexpr std::array cssrs_schemes{
    BandScheme{"c_ssrs_triage", "triage", "triage level", cssrs_bands, {}, &posner_2011, known}};

// ---- daily life ---------------------------------------------------------------------------------
constexpr Source who_whodas{"who-whodas-2010",
                            "World Health Organization. Measuring Health and Disability: manual "
                            "for WHO Disability Assessment Schedule 2.0, simple scoring",
                            "2010"};
constexpr std::array whodas_12_kinds{kind(places("1-12"), 0, 4)};
constexpr std::array whodas_12_scales{total(places("1-12"), 0, 48, worse, 1)};
constexpr std::array whodas_36_kinds{kind(places("1-36"), 0, 4)};
constexpr std::array whodas_36_scales{
    total(places("1-36"), 0, 144),
    part("cognition", "understanding and communicating", places("1-6"), 0, 24, worse, 1),
    part("mobility", "getting around", places("7-11"), 0, 20, worse, 1),
    part("self_care", "self-care", places("12-15"), 0, 16, worse, 1),
    part("getting_along", "getting along with people", places("16-20"), 0, 20, worse, 1),
    part("life_activities", "household and work", places("21-28"), 0, 32, worse, 1),
    part("participation", "participation in society", places("29-36"), 0, 32, worse, 1)};

constexpr Source whoqol_1998{"whoqol-1998",
                             "The WHOQOL Group. Development of the WHOQOL-BREF quality of life "
                             "assessment. Psychol Med 28:551-558",
                             "1998"};
constexpr std::array whoqol_kinds{kind(places("1-2 5-25"), 1, 5), reversed(places("3-4 26"), 1, 5)};
constexpr Scale whoqol(std::string_view id, std::string_view title, PlaceSet items,
                       std::uint8_t may_miss, bool hundred) {
  // Mean times 4 gives 4..20; (that - 4) * 100 / 16 gives 0..100, which is 25 times the mean - 25.
  return {id,
          title,
          items,
          mean,
          hundred ? 0.0 : 4.0,
          hundred ? 100.0 : 20.0,
          better,
          may_miss,
          hundred ? 25.0 : 4.0,
          hundred ? -25.0 : 0.0};
}
constexpr PlaceSet physical = places("3-4 10 15-18");
constexpr PlaceSet psychological = places("5-7 11 19 26");
constexpr PlaceSet social = places("20-22");
constexpr PlaceSet environment = places("8-9 12-14 23-25");
constexpr std::array whoqol_scales{
    whoqol("physical", "physical health, 4 to 20", physical, 2, false),
    whoqol("psychological", "psychological, 4 to 20", psychological, 2, false),
    whoqol("social", "social relationships, 4 to 20", social, 1, false),
    whoqol("environment", "environment, 4 to 20", environment, 2, false),
    whoqol("physical_100", "physical health, 0 to 100", physical, 2, true),
    whoqol("psychological_100", "psychological, 0 to 100", psychological, 2, true),
    whoqol("social_100", "social relationships, 0 to 100", social, 1, true),
    whoqol("environment_100", "environment, 0 to 100", environment, 2, true)};

constexpr Source herdman_2011{"herdman-2011",
                              "Herdman M, et al. Development and preliminary testing of the new "
                              "five-level version of EQ-5D (EQ-5D-5L). Qual Life Res 20:1727-1736",
                              "2011"};
constexpr std::array eq_kinds{kind(places("1-5"), 1, 5)};
constexpr std::array eq_scales{part("mobility", "mobility", places("1"), 1, 5),
                               part("self_care", "self-care", places("2"), 1, 5),
                               part("usual_activities", "usual activities", places("3"), 1, 5),
                               part("pain", "pain or discomfort", places("4"), 1, 5),
                               part("anxiety", "anxiety or depression", places("5"), 1, 5)};

constexpr std::array table{
    Instrument{"assist_alcohol", "ASSIST version 3.1, alcohol", 6, "q2 q3 q4 q5 q6 q7",
               assist_kinds, assist_scales, assist_alcohol_schemes, "the past three months", "", "",
               "question 1 and question 8 (injecting) are not part of the score", &who_assist,
               known, "2 3 4 5 6 7"},
    Instrument{"assist_tobacco", "ASSIST version 3.1, tobacco", 5, "q2 q3 q4 q6 q7",
               assist_tobacco_kinds, assist_tobacco_scales, assist_tobacco_schemes,
               "the past three months", "", "", "question 5 is not asked for tobacco", &who_assist,
               known, "2 3 4 6 7"},
    Instrument{"assist_other", "ASSIST version 3.1, any other substance", 6, "q2 q3 q4 q5 q6 q7",
               assist_kinds, assist_scales, assist_other_schemes, "the past three months", "", "",
               "one score for each substance", &who_assist, known, "2 3 4 5 6 7"},
    Instrument{"audit", "Alcohol Use Disorders Identification Test", 10, "", audit_kinds,
               audit_scales, audit_schemes, "the past year", "75624-7", "", "", &who_audit, known},
    Instrument{"audit_c", "Alcohol Use Disorders Identification Test, consumption items", 3, "",
               audit_c_kinds, audit_c_scales, audit_c_schemes, "the past year", "75626-2",
               "72109-2", "", &bush_1998, known},
    Instrument{"dast_10", "ten-item screening test for problems related to drug use", 10, "",
               dast_kinds, dast_scales, dast_schemes, "the past year", "82667-7", "",
               "yes is 1; item 3 is turned round when it is scored", &skinner_1982, known},
    Instrument{"cudit_r", "Cannabis Use Disorders Identification Test, revised", 8, "", cudit_kinds,
               cudit_scales, cudit_schemes, "the past six months", "", "", "", &adamson_2010,
               known},
    Instrument{"dudit", "Drug Use Disorders Identification Test", 11, "", dudit_kinds, dudit_scales,
               dudit_schemes, "the past year", "", "", "", &berman_2005, known},
    Instrument{"cage_aid", "CAGE adapted to include drugs", 4, "", cage_kinds, cage_scales,
               cage_schemes, "lifetime", "", "", "", &brown_1995, known},
    Instrument{"sds", "Severity of Dependence Scale", 5, "", sds_kinds, sds_scales, sds_schemes,
               "the past year", "", "", "cut-offs differ by substance", &gossop_1995, known},
    Instrument{"sadq", "Severity of Alcohol Dependence Questionnaire", 20, "", sadq_kinds,
               sadq_scales, sadq_schemes, "a recent month of heavy drinking", "", "", "",
               &stockwell_1983, known},
    Instrument{"ldq", "Leeds Dependence Questionnaire", 10, "", ldq_kinds, ldq_scales, ldq_schemes,
               "the past week", "", "", "", &raistrick_1994, known},
    Instrument{"ftnd", "Fagerstrom Test for Nicotine Dependence", 6, "", ftnd_kinds, ftnd_scales,
               ftnd_schemes, "now", "", "", "", &heatherton_1991, known},
    Instrument{"hsi", "Heaviness of Smoking Index", 2, "", hsi_kinds, hsi_scales, hsi_schemes,
               "now", "", "", "items 1 and 4 of the FTND, in that order", &heatherton_1991, known},
    Instrument{"pawss", "Prediction of Alcohol Withdrawal Severity Scale", 10, "", pawss_kinds,
               pawss_scales, pawss_schemes, "the past month and before", "", "", "",
               &maldonado_2014, known},
    Instrument{"ciwa_ar", "Clinical Institute Withdrawal Assessment for Alcohol, revised", 10, "",
               ciwa_kinds, ciwa_scales, ciwa_schemes, "now", "", "",
               "item 10, orientation, counts 0 to 4", &sullivan_1989, known},
    Instrument{"cows", "Clinical Opiate Withdrawal Scale", 11, "", cows_kinds, cows_scales,
               cows_schemes, "now", "", "",
               "in the order of the form: pulse, sweating, restlessness, pupils, aches, nose and "
               "eyes, stomach, tremor, yawning, anxiety, gooseflesh",
               &wesson_2003, known},
    Instrument{"sows", "Subjective Opiate Withdrawal Scale", 16, "", sows_kinds, sows_scales,
               sows_schemes, "now", "", "", "", &handelsman_1987, known},
    Instrument{"sure",
               "Substance Use Recovery Evaluator",
               21,
               "",
               sure_kinds,
               sure_scales,
               {},
               "the past week",
               "",
               "",
               "a yes-or-no rescoring fits people after residential treatment better (Hatton 2025)",
               &neale_2016,
               known},
    Instrument{"barc_10", "Brief Assessment of Recovery Capital", 10, "", barc_kinds, barc_scales,
               barc_schemes, "now", "", "", "", &vilsaint_2017, known},
    Instrument{"top",
               "Treatment Outcomes Profile",
               20,
               "alcohol opiates crack cocaine amphetamines cannabis other_substance injecting "
               "sharing shoplifting drug_selling theft violence psychological physical work "
               "education housing_problem eviction_risk quality_of_life",
               top_kinds,
               top_scales,
               {},
               "the past 28 days",
               "",
               "",
               "days are 0 to 28, health and quality of life 0 to 20, the rest yes or no; there is "
               "no total; change is judged item by item with a reliable-change margin",
               &marsden_2008,
               known},
    Instrument{"asi",
               "Addiction Severity Index, composite scores",
               7,
               "medical employment alcohol drug legal family psychiatric",
               asi_kinds,
               asi_scales,
               {},
               "the past 30 days",
               "",
               "",
               "composites are never added up",
               &mclellan_1992,
               known},
    Instrument{"bam",
               "Brief Addiction Monitor",
               17,
               "",
               bam_kinds,
               bam_scales,
               {},
               "the past 30 days",
               "",
               "",
               "clinical scoring, 0 to 4 an item; item 7 asks which drugs and is not scored",
               &cacciola_2013,
               known},
    Instrument{"wai_sr",
               "Working Alliance Inventory, short revised",
               12,
               "",
               wai_kinds,
               wai_scales,
               {},
               "now",
               "",
               "",
               "",
               &hatcher_2006,
               known},
    Instrument{"csq_8",
               "Client Satisfaction Questionnaire",
               8,
               "",
               csq_kinds,
               csq_scales,
               {},
               "the service received",
               "",
               "",
               "items as scored, 4 the most content; the form turns some of them round",
               &larsen_1979,
               known},
    Instrument{"urica", "University of Rhode Island Change Assessment", 32, "", urica_kinds,
               urica_scales, urica_schemes, "now", "", "",
               "28 of the 32 items count; 4, 9, 20 and 31 are asked and not scored",
               &mcconnaughy_1983, known},
    Instrument{"socrates_8",
               "Stages of Change Readiness and Treatment Eagerness Scale",
               19,
               "",
               socrates_kinds,
               socrates_scales,
               {},
               "now",
               "",
               "",
               "",
               &miller_1996,
               known},
    Instrument{"dtcq",
               "Drug-Taking Confidence Questionnaire",
               50,
               "",
               dtcq_kinds,
               dtcq_scales,
               {},
               "now",
               "",
               "",
               "",
               &annis_1997,
               known},
    Instrument{"dtcq_8",
               "Drug-Taking Confidence Questionnaire, eight items",
               8,
               "",
               dtcq_8_kinds,
               dtcq_8_scales,
               {},
               "now",
               "",
               "",
               "",
               &sklar_1999,
               known},
    Instrument{"aase",
               "Alcohol Abstinence Self-Efficacy Scale, confidence",
               20,
               "",
               aase_kinds,
               aase_scales,
               {},
               "now",
               "",
               "",
               "",
               &diclemente_1994,
               known},
    Instrument{"sip_2r",
               "Short Index of Problems, recent",
               15,
               "",
               sip_kinds,
               sip_scales,
               {},
               "the past three months",
               "",
               "",
               "",
               &miller_1995,
               known},
    Instrument{"sip_2l",
               "Short Index of Problems, lifetime",
               15,
               "",
               sip_l_kinds,
               sip_l_scales,
               {},
               "lifetime",
               "",
               "",
               "",
               &miller_1995,
               known},
    Instrument{"drinc_2r",
               "Drinker Inventory of Consequences, recent",
               50,
               "",
               drinc_kinds,
               drinc_scales,
               {},
               "the past three months",
               "",
               "",
               "45 items count; 5, 15, 25, 35 and 45 are control items",
               &miller_1995,
               known},
    Instrument{"induc_2r",
               "Inventory of Drug Use Consequences, recent",
               50,
               "",
               drinc_kinds,
               drinc_scales,
               {},
               "the past three months",
               "",
               "",
               "45 items count; 5, 15, 25, 35 and 45 are control items",
               &miller_1995,
               known},
    Instrument{"phq_9", "Patient Health Questionnaire, depression", 9, "", phq_kinds, phq_scales,
               phq_schemes, "the past two weeks", "44261-6", "44249-1", "", &kroenke_2001, known},
    Instrument{"gad_7", "Generalized Anxiety Disorder scale", 7, "", gad_kinds, gad_scales,
               gad_schemes, "the past two weeks", "70274-6", "69737-5", "", &spitzer_2006, known},
    Instrument{"pcl_5", "PTSD Checklist for DSM-5", 20, "", pcl_kinds, pcl_scales, pcl_schemes,
               "the past month", "", "", "", &weathers_2013, known},
    Instrument{"pc_ptsd_5", "Primary Care PTSD Screen for DSM-5", 5, "", pc_ptsd_kinds,
               pc_ptsd_scales, pc_ptsd_schemes, "the past month", "", "", "", &prins_2016, known},
    Instrument{"c_ssrs", "Columbia-Suicide Severity Rating Scale, screener", 7,
               "q1 q2 q3 q4 q5 q6_lifetime q6_three_months", cssrs_kinds, cssrs_scales,
               cssrs_schemes, "the past month; behaviour in a lifetime and in three months", "", "",
               "no score frees anybody from asking again", &posner_2011, known, "1 2 3 4 5 - -"},
    Instrument{"whodas_12",
               "WHO Disability Assessment Schedule 2.0, 12 items",
               12,
               "",
               whodas_12_kinds,
               whodas_12_scales,
               {},
               "the past 30 days",
               "",
               "",
               "items 0 to 4, simple scoring",
               &who_whodas,
               known},
    Instrument{"whodas_36",
               "WHO Disability Assessment Schedule 2.0, 36 items",
               36,
               "",
               whodas_36_kinds,
               whodas_36_scales,
               {},
               "the past 30 days",
               "",
               "",
               "items 0 to 4, simple scoring",
               &who_whodas,
               known},
    Instrument{"whoqol_bref",
               "WHO quality of life, brief form",
               26,
               "",
               whoqol_kinds,
               whoqol_scales,
               {},
               "the past two weeks",
               "",
               "",
               "items 3, 4 and 26 are turned round when they are scored",
               &whoqol_1998,
               known},
    Instrument{"eq_5d_5l",
               "EQ-5D with five levels",
               5,
               "mobility self_care usual_activities pain anxiety",
               eq_kinds,
               eq_scales,
               {},
               "today",
               "",
               "",
               "a profile of five levels; a utility needs the value set of a country, which the "
               "caller brings",
               &herdman_2011,
               known,
               "1 2 3 4 5"},
};

}  // namespace

std::span<const Instrument> instruments() noexcept { return table; }

}  // namespace ombre::inline v0::spectrum
