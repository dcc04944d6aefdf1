// The menu: 64 options in the order of our collection, with what each moves, for which harm, what
// is known about it and what to watch.

#include <array>

#include "sources.hpp"
#include "tables.hpp"

namespace ombre::inline v0::context::detail {
namespace {

using enum Harm;
using CU = ChangesUse;
using EV = Evidence;
constexpr Domains drug = Domain::drug;
constexpr Domains set = Domain::set;
constexpr Domains setting = Domain::setting;
constexpr auto known = Confidence::known;
constexpr auto verified = Confidence::verified;
constexpr auto uncertain = Confidence::uncertain;
constexpr auto proposal = Confidence::proposal;

constexpr Harms only(Harm harm) { return Harms{} | harm; }

// ---- what is known, one list an option
constexpr std::array e1{
    Effect{"community death rate ratio 0.73 (0.57-0.91) with low and 0.54 (0.39-0.76) with high "
           "uptake",
           &cite::walley_2013, known}};
constexpr std::array e2{
    Effect{"Scotland: share of opioid deaths within 4 weeks of release 9.8 to 6.3 %",
           &cite::bird_2016, known}};
constexpr std::array e3{
    Effect{"most fatal overdoses happen alone", &cite::surveillance, known},
    Effect{"living alone: 80 % of those who died against 16 %", &cite::strang_2003, verified}};
constexpr std::array e4{
    Effect{"services report few deaths in thousands of events", &cite::observational, uncertain}};
constexpr std::array e5{
    Effect{"overdose deaths within 500 m fell by 35 %, in the rest of the city by 9 %",
           &cite::marshall_2011, known},
    Effect{"frequent visitors: all-cause hazard ratio 0.46 (0.26-0.80)", &cite::kennedy_2019,
           known}};
constexpr std::array e6{
    Effect{"HIV 0.66 (0.43-1.01) pooled, better studies 0.42 (0.22-0.81)", &cite::aspinall_2014,
           known},
    Effect{"hepatitis C 0.79 (0.39-1.61), in Europe 0.44 (0.24-0.80)", &cite::platt_2018, known}};
constexpr std::array e7{
    Effect{"all-cause mortality in against out of treatment: rate ratio 0.47 (0.42-0.53)",
           &cite::santo_2021, verified},
    Effect{"out of against in methadone: 3.20 (2.65-3.86)", &cite::sordo_2017, verified},
    Effect{"hepatitis C 0.50 (0.40-0.63)", &cite::platt_2018, known},
    Effect{"HIV 0.46 (0.32-0.67)", &cite::macarthur_2012, known},
    Effect{"buprenorphine is begun in clear withdrawal, or with very small doses, so that it does "
           "not bring withdrawal on",
           &cite::asam_opioid_2020, known}};
constexpr std::array e8{
    Effect{"hepatitis C: risk ratio 0.24 (0.07-0.89)", &cite::platt_2018, known},
    Effect{"0.26 in the Cochrane version", &cite::platt_2018, known}};
constexpr std::array e9{
    Effect{"hazard of death in four weeks 0.25 (0.12-0.53)", &cite::degenhardt_2014, verified}};
constexpr std::array e10{
    Effect{"not worse, and in part better, than daily tablets by opioid-negative samples",
           &cite::lofwall_2018, known},
    Effect{"buprenorphine is begun in clear withdrawal, or with very small doses, so that it does "
           "not bring withdrawal on",
           &cite::asam_opioid_2020, known}};
constexpr std::array e11{
    Effect{"return to use in 24 weeks 65 % against 57 % on buprenorphine, all who were randomised; "
           "the gap lies in those who could not start",
           &cite::lee_2018, known},
    Effect{"in pregnancy agonist treatment is the standard", &cite::who_pregnancy_2014, known},
    Effect{"safety and effect below 18 are not established", &cite::naltrexone_depot_label, known}};
constexpr std::array e12{
    Effect{"better retention and less street heroin", &cite::strang_2015, known},
    Effect{"its trials took part with adults", &cite::strang_2015, known}};
constexpr std::array e13{Effect{
    "British Columbia: opioid dispensed on one day or more, all-cause death 0.39 (0.25-0.60)",
    &cite::slaunwhite_2024, known}};
constexpr std::array e14{
    Effect{"many people change what they do; no proof about deaths", &cite::observational, known}};
constexpr std::array e15{
    Effect{"after a positive strip about five times the odds of a protective change",
           &cite::peiper_2019, uncertain}};
constexpr std::array e16{
    Effect{"follows from the time course of lost tolerance", &cite::tolerance_rows, proposal}};
constexpr std::array e17{
    Effect{"overdose deaths with a benzodiazepine about 10 times those of the opioid alone; in "
           "veterans hazard ratio 3.86 (3.49-4.26)",
           &cite::dasgupta_park, known},
    Effect{"gabapentin with an opioid: adjusted odds ratio 1.49 (1.18-1.88)", &cite::gomes_2017,
           known}};
constexpr std::array e18{
    Effect{"cocaethylene stays longer than cocaine and harms the heart", &cite::texts, known}};
constexpr std::array e19{
    Effect{"handing out foil moved many away from injecting", &cite::observational, known}};
constexpr std::array e20{Effect{"trials of skin cleaning are mixed; one wipe with alcohol",
                                &cite::observational, uncertain}};
constexpr std::array e21{Effect{"fewer and shorter hospital stays in observational studies",
                                &cite::observational, known}};
constexpr std::array e22{Effect{"less sharing", &cite::observational, known}};
constexpr std::array e23{
    Effect{"48.9 % less HIV (9.6-72.2) with tenofovir in Bangkok", &cite::choopanya_2013, known}};
constexpr std::array e24{
    Effect{"over 90 to 95 % are free of the virus, also while using", &cite::guidelines, known}};
constexpr std::array e25{
    Effect{"hepatitis B: over 90 % protection in those who respond", &cite::guidelines, known}};
constexpr std::array e26{Effect{"about 80 % less HIV", &cite::weller_2002, known}};
constexpr std::array e27{
    Effect{"food clearly lowers the peak of alcohol; water does little for a hangover",
           &cite::texts, known}};
constexpr std::array e28{
    Effect{"studies of campaigns and areas are mixed", &cite::observational, known}};
constexpr std::array e29{
    Effect{"brief intervention: 20 g of alcohol a week less (12 to 28) after a year; digital: 23 g "
           "less (15 to 30)",
           &cite::kaner_2018, known}};
constexpr std::array e30{
    Effect{"20 g of alcohol a week less (12 to 28) after a year", &cite::kaner_2018, known}};
constexpr std::array e31{Effect{"a small effect in the short term", &cite::smedslund_2011, known}};
constexpr std::array e32{Effect{"small to moderate effects", &cite::magill_2019, known}};
constexpr std::array e33{
    Effect{"helps with trauma and does not worsen use", &cite::cope_trials, known}};
constexpr std::array e34{
    Effect{"effect size 0.42; cocaine-negative samples odds ratio 2.22 (1.59-3.10)",
           &cite::prendergast_bentzley, known}};
constexpr std::array e35{
    Effect{"number needed to treat 11 for heavy drinking, 18 for any drinking (50 mg a day)",
           &cite::mcpheeters_2023, known},
    Effect{"in pregnancy no medicine for drinking outside withdrawal care", &cite::apa_2018, known},
    Effect{"from 10 to 17 a specialist assesses first, and may consider acamprosate or naltrexone "
           "by mouth at 16 and 17",
           &cite::nice_cg115, known}};
constexpr std::array e36{
    Effect{"acamprosate: number needed to treat 11 for return to drinking", &cite::mcpheeters_2023,
           known},
    Effect{"in pregnancy no medicine for drinking outside withdrawal care", &cite::apa_2018, known},
    Effect{"from 10 to 17 a specialist assesses first, and may consider "
           "acamprosate or naltrexone by mouth at 16 and 17",
           &cite::nice_cg115, known}};
constexpr std::array e37{Effect{"recommended by guidelines", &cite::guidelines, known}};
constexpr std::array e38{
    Effect{"doses by symptoms shorten the course", &cite::asam_alcohol_2020, known}};
constexpr std::array e39{
    Effect{"smoking: reduce first or stop at once, risk ratio 1.01 (0.87-1.17)",
           &cite::lindson_2019, known}};
constexpr std::array e40{
    Effect{"fewer contacts with hospital and police in cohorts", &cite::observational, known},
    Effect{"in pregnancy withdrawal is cared for in a hospital", &cite::who_pregnancy_2014, known},
    Effect{"from 10 to 17 a specialist assesses first, and withdrawal is cared for in a hospital",
           &cite::nice_cg115, known}};
constexpr std::array e41{
    Effect{"lower peak use and less harm than usual care", &cite::collins_2021, known}};
constexpr std::array e42{
    Effect{"risk ratio of stopping 1.55 (1.49-1.61); two forms together against one 1.25 to 1.27",
           &cite::hartmann_boyce_2018, known}};
constexpr std::array e43{
    Effect{"varenicline 2.32 (2.15-2.51), cytisine 1.30 (1.15-1.47)", &cite::livingstone_banks_2023,
           known},
    Effect{"not in pregnancy or while breastfeeding, and not below 18", &cite::nice_ng209, known}};
constexpr std::array e44{
    Effect{"against nicotine replacement about 1.6 (1.3-1.9)", &cite::lindson_2024, known}};
constexpr std::array e45{Effect{"recommendations drawn from reviews", &cite::fischer_2022, known}};
constexpr std::array e46{
    Effect{"consensus: about 250 mL an hour at rest, 500 mL when dancing", &cite::texts, known}};
constexpr std::array e47{Effect{"experience of services", &cite::texts, known}};
constexpr std::array e48{
    Effect{"lack of sleep goes with psychosis in stimulant use", &cite::texts, known}};
constexpr std::array e49{Effect{"experience of groups", &cite::practice, proposal}};
constexpr std::array e50{
    Effect{"mindfulness-based relapse prevention: fewer days of use", &cite::bowen_2014, known}};
constexpr std::array e51{Effect{"experience of programmes", &cite::practice, proposal}};
constexpr std::array e52{
    Effect{"a good alliance goes with a good outcome, correlation about 0.25",
           &cite::fluckiger_2018, known},
    Effect{"practice of a residential programme; honesty itself was hardly studied",
           &cite::practice, proposal}};
constexpr std::array e53{
    Effect{"no trial was found; reviews of peer support, the nearest thing, are moderate",
           &cite::practice, known}};
constexpr std::array e54{
    Effect{"the gap after discharge is the window of danger", &cite::tolerance_rows, proposal}};
constexpr std::array e55{
    Effect{"stable housing about 73 % against 32 %; use not worse", &cite::chez_soi, known}};
constexpr std::array e56{
    Effect{"no home: odds ratio of death 1.53 (1.06-2.23)", &cite::binswanger_2016, known}};
constexpr std::array e57{
    Effect{"64 to 67 % entered treatment against 13 to 30 % with other approaches; two to three "
           "times in a review",
           &cite::miller_roozen, known}};
constexpr std::array e58{
    Effect{"twelve-step facilitation: continuous abstinence risk ratio 1.21 (1.03-1.42)",
           &cite::kelly_2020, known}};
constexpr std::array e59{
    Effect{"risky drinking days 1.39 against 2.75, months 4 to 12", &cite::gustafson_2014, known}};
constexpr std::array e60{
    Effect{"more people arrive when somebody goes along", &cite::observational, known}};
constexpr std::array e61{
    Effect{"supported employment trials are positive; Good Samaritan laws mixed",
           &cite::observational, known}};
constexpr std::array e62{Effect{"reports of deaths of children", &cite::observational, known}};
constexpr std::array e63{Effect{"rule of residential programmes", &cite::practice, proposal}};
constexpr std::array e64{
    Effect{"fewer suicidal behaviours with a safety plan", &cite::stanley_brown, known}};

constexpr std::array table{
    Option{1, "take_home_naloxone",
           "Take-home naloxone with training, for you, family and companion",
           "A spray or injection that can bring breathing back in an opioid overdose. Somebody who "
           "is with you gives it.",
           setting, only(overdose), false, "overdose", "opioids; any street drug",
           "uses_opioid|street_supply|tolerance_lost|depends_on_opioids", "", "", CU::no,
           EV::strong, "strong (observational)", e1,
           "needs someone else there; more than one dose for fentanyl; does not reverse xylazine, "
           "benzodiazepines, GHB or alcohol; always call for help",
           "naloxone_at_hand knows_overdose_response", 0},
    Option{2, "naloxone_at_the_door", "A naloxone kit in the hand at discharge or release",
           "The kit is given before the door, not by a letter of referral.", setting,
           only(overdose), false, "overdose", "opioids",
           "release_or_discharge_near uses_opioid|release_4_weeks uses_opioid|"
           "discharge_4_weeks uses_opioid|release_or_discharge_near tolerance_lost",
           "", "", CU::no, EV::moderate, "moderate", e2, "give before the door, not by referral",
           "naloxone_at_hand", 0},
    Option{3, "not_alone", "Do not use alone: a buddy, taking turns",
           "Somebody stays with you and has nothing at the same moment.", setting, only(overdose),
           false, "overdose", "opioids, mixtures",
           "uses_opioid|street_supply|pair_breathing|uses_ghb", "", "", CU::no, EV::moderate,
           "moderate (mechanism, case series)", e3, "both should not use at the same moment",
           "!uses_alone", 1},
    Option{4, "remote_spotting", "Somebody on the phone or an app when you are alone",
           "A person stays on the line and sends help when you no longer answer.", setting,
           only(overdose), false, "overdose", "opioids, stimulants",
           "uses_opioid uses_alone|street_supply uses_alone", "", "", CU::no, EV::low_to_moderate,
           "low-moderate", e4, "needs signal, consent to give the address, and a clear legal frame",
           "spotting", 1},
    Option{5, "supervised_consumption", "A supervised consumption site",
           "You use there; staff watch and help.", setting,
           overdose | blood_borne_virus | skin_and_vein, false,
           "overdose, blood-borne viruses, public use, skin infection", "injected, smoked",
           "injects|smokes_drugs", "", "", CU::no, EV::moderate_to_strong, "moderate-strong", e5,
           "depends on the law; smoking rooms need air", "supervised_site !public_or_locked_place",
           1},
    Option{6, "needle_syringe_programme", "New needles and equipment, as many as you need",
           "Everything new for each use: needle, cooker, filter, water.", drug | setting,
           blood_borne_virus | skin_and_vein, false, "HIV, hepatitis C, abscess", "injecting",
           "injects", "", "", CU::no, EV::strong,
           "strong for HIV; weak to moderate for hepatitis C", e6,
           "coverage of 100 % or more; also cookers, filters, water; return of sharps",
           "sterile_equipment !shares_equipment", 0},
    Option{
        7, "opioid_agonist_treatment", "Opioid agonist treatment: methadone or buprenorphine",
        "A medicine that stops withdrawal and protects from overdose for as long as it is taken.",
        drug, overdose | blood_borne_virus | legal | withdrawal, false,
        "overdose, HIV, hepatitis C, crime, withdrawal", "opioids",
        "uses_opioid|depends_on_opioids", "", "", CU::yes, EV::strong, "strong", e7,
        "the first 2 to 4 weeks of methadone and the first 4 weeks after an end are peaks of "
        "risk; a first dose of buprenorphine too soon after another opioid brings on withdrawal "
        "at once, after methadone or fentanyl more so: wait for clear withdrawal or begin with "
        "very small doses, with the prescriber",
        "agonist_treatment", 2},
    Option{8, "agonist_and_needles", "Agonist treatment together with enough new needles",
           "Both together protect best against hepatitis C.", drug | setting,
           only(blood_borne_virus), false, "hepatitis C", "injecting opioids",
           "injects uses_opioid", "", "", CU::yes, EV::moderate, "moderate", e8,
           "both have to be available", "agonist_treatment sterile_equipment", 2},
    Option{9, "agonist_around_release",
           "Agonist treatment begun before release and carried on after",
           "It starts inside, and the next dose waits outside.", setting, only(overdose), false,
           "overdose", "opioids",
           "release_or_discharge_near uses_opioid|release_4_weeks uses_opioid|"
           "release_or_discharge_near depends_on_opioids",
           "", "", CU::yes, EV::strong, "strong", e9, "start in custody, hand over the dose",
           "agonist_treatment linked_to_care", 2},
    Option{10, "depot_buprenorphine", "Buprenorphine as a weekly or monthly injection",
           "One injection instead of a dose every day.", drug, return_to_use | overdose, false,
           "return to use, missed doses", "opioids", "uses_opioid|depends_on_opioids", "", "",
           CU::yes, EV::moderate, "moderate", e10,
           "cannot be lost or taken away; it also takes the daily choice away; a first dose too "
           "soon after another opioid brings on withdrawal at once, after methadone or fentanyl "
           "more so: wait for clear withdrawal or begin with very small doses, with the prescriber",
           "agonist_treatment long_acting_medicine", 1},
    Option{11, "depot_naltrexone",
           "Naltrexone as a monthly injection, after opioids are out of the body",
           "Blocks opioids for a month.", drug, only(return_to_use), false, "return to use",
           "opioids, alcohol", "uses_opioid|depends_on_opioids|uses_alcohol",
           "uses_opioid|agonist_treatment|depends_on_opioids",
           "opioids are in the body: naltrexone would bring on withdrawal at once", CU::yes,
           EV::moderate, "moderate", e11,
           "free of opioids first; danger of overdose when it wears off; in pregnancy only with a "
           "specialist; below 18 the label does not cover it",
           "long_acting_medicine", 2},
    Option{12, "heroin_assisted_treatment", "Injectable or heroin-assisted treatment",
           "Prescribed opioids taken under supervision.", drug, overdose | legal | disconnection,
           false, "overdose, crime, retention", "opioids",
           "uses_opioid injects|uses_opioid street_supply", "", "", CU::yes, EV::strong,
           "strong, randomised trials", e12, "supervised sites only; for adults",
           "regulated_supply supervised_site", 3},
    Option{13, "safer_supply", "A prescribed supply of known strength",
           "A prescribed product instead of what the street has.", drug, overdose | legal, false,
           "overdose, crime", "opioids, stimulants",
           "street_supply uses_opioid|street_supply "
           "uses_stimulant",
           "", "", CU::possible, EV::low_to_moderate, "low-moderate, contested", e13,
           "may be passed on; rules change", "regulated_supply !street_supply", 2},
    Option{14, "drug_checking", "Have it checked", "A service looks what is in it.", drug,
           only(overdose), false, "overdose, poisoning, adulterants", "street drugs, tablets",
           "street_supply", "", "", CU::possible, EV::low_to_moderate, "low-moderate", e14,
           "a negative result is no clearance; strength differs within one bag", "drug_checking",
           1},
    Option{15, "fentanyl_test_strips", "Fentanyl test strips",
           "A strip in a little of the solution shows fentanyl.", drug, only(overdose), false,
           "overdose", "opioids, stimulants, pills",
           "street_supply uses_opioid|street_supply uses_stimulant|street_supply uses_sedative", "",
           "", CU::possible, EV::low_to_moderate, "low-moderate", e15,
           "misses some relatives of fentanyl; strong stimulant solutions give false positives",
           "drug_checking", 0},
    Option{16, "test_dose", "A test dose first: start low, go slow after a break",
           "Much less than you used to take, then wait.", drug, only(overdose), false,
           "overdose, poisoning", "opioids; a new batch; all",
           "uses_opioid|street_supply|tolerance_lost|uses_ghb", "", "", CU::no, EV::expert,
           "expert; the mechanism is strong", e16,
           "the dose from before may kill; how long to wait depends on the route", "test_dose", 0},
    Option{17, "keep_depressants_apart", "Do not take downers together",
           "Opioids, benzodiazepines, alcohol, GHB and gabapentinoids each on their own.", drug,
           only(overdose), false, "overdose, choking",
           "opioid with benzodiazepine, alcohol, gabapentinoid or GHB", "pair_breathing", "", "",
           CU::possible, EV::strong, "strong association", e17,
           "a prescribed benzodiazepine is never stopped abruptly: taper", "spaces_out", 1},
    Option{18, "keep_stimulants_apart",
           "Keep stimulants apart from opioids, and cocaine apart from alcohol",
           "One at a time is easier on heart and breathing.", drug, overdose | heart, false,
           "overdose, heart", "stimulants", "uses_stimulant", "", "", CU::possible, EV::moderate,
           "moderate", e18, "stimulants may contain fentanyl", "keeps_stimulants_apart", 1},
    Option{19, "change_route",
           "Another route: smoke, snort, swallow or rectal instead of injecting",
           "The same drug without the needle.", drug, blood_borne_virus | skin_and_vein | overdose,
           false, "blood-borne viruses, abscess, overdose, endocarditis", "opioids, stimulants",
           "injects", "", "", CU::no, EV::low_to_moderate, "low-moderate", e19,
           "smoked fentanyl still kills; the lungs pay", "other_route !injects_neck_or_groin", 2},
    Option{20, "sterile_technique", "Sterile technique: new gear, one wipe, another site each time",
           "Small habits that keep skin and veins whole.", drug, skin_and_vein | blood_borne_virus,
           false, "abscess, endocarditis, hepatitis C", "injecting", "injects", "", "", CU::no,
           EV::moderate, "moderate", e20, "never neck or groin; fever needs a doctor",
           "rotates_and_cleans !injects_neck_or_groin", 1},
    Option{21, "wound_care", "Wounds seen early, antibiotics without a fight",
           "A nurse looks at it, without questions about use.", setting, only(skin_and_vein), false,
           "skin infection, sepsis, xylazine wound", "injecting", "injects|infection_now", "", "",
           CU::no, EV::moderate, "moderate", e21,
           "hospitals must cover withdrawal and treat people well", "wound_care", 0},
    Option{22, "safer_smoking_kit", "A safer smoking kit: pipe, foil, mouthpiece",
           "Your own pipe and mouthpiece.", setting, injury_and_driving | blood_borne_virus | lungs,
           false, "burns, hepatitis C, tuberculosis, sharing", "crack, methamphetamine, fentanyl",
           "smokes_drugs", "", "", CU::no, EV::low_to_moderate, "low-moderate", e22,
           "depends on the law", "smoking_kit !shares_equipment", 0},
    Option{23, "hiv_prep", "HIV PrEP", "A medicine that prevents HIV while it is taken.", setting,
           only(blood_borne_virus), false, "HIV", "injecting, chemsex",
           "injects|chemsex|unprotected_sex", "", "", CU::no, EV::strong, "strong", e23,
           "kidney, hepatitis B, taking it regularly", "hiv_prep", 1},
    Option{24, "hepatitis_c_treatment", "Hepatitis C test and tablets",
           "A test, and eight to twelve weeks of tablets if it is there.", setting,
           only(blood_borne_virus), false, "hepatitis C", "injecting", "injects|shares_equipment",
           "", "", CU::no, EV::strong, "strong", e24, "reinfection is possible; access rules",
           "hcv_treated", 1},
    Option{25, "vaccination", "Vaccinations: hepatitis A and B, tetanus, pneumococci, mpox",
           "A few jabs against infections that are common around drug use.", setting,
           blood_borne_virus | lungs, false, "hepatitis, infection", "all", "", "", "", CU::no,
           EV::strong, "strong", e25, "check for hepatitis B antibodies", "vaccinated", 0},
    Option{26, "condoms", "Condoms and safer-sex supplies", "Supplies, free, no questions.",
           setting, sexual_health | blood_borne_virus, false,
           "HIV, sexually transmitted infections", "chemsex, all", "", "", "", CU::no, EV::strong,
           "strong", e26, "consent counts under the influence too", "condoms", 0},
    Option{27, "water_and_food", "Eat first, and a glass of water between drinks",
           "Food before, water in between.", Domain::drug | Domain::set,
           heat_and_water | injury_and_driving, false, "dehydration, peak of alcohol, injury",
           "alcohol", "uses_alcohol", "", "", CU::possible, EV::low, "low", e27,
           "does not make driving possible",
           "paces_drinks eats_and_drinks_first !little_water !little_food", 0},
    Option{28, "ride_home", "A designated driver, a booked ride, or the key handed over",
           "Arranged before the first drink.", setting, injury_and_driving | legal, false,
           "driving under the influence", "alcohol, cannabis, sedatives",
           "uses_alcohol|uses_cannabis|uses_sedative|uses_ghb|drives_after_use", "", "", CU::no,
           EV::moderate, "moderate", e28, "passengers often drink more",
           "ride_arranged !drives_after_use", 1},
    Option{29, "count_drinks", "Count drinks, smaller glass, lower strength, days without",
           "Five drinks to four is a success.", drug, alcohol_body | injury_and_driving, false,
           "harm from alcohol", "alcohol", "uses_alcohol", "", "", CU::yes, EV::moderate,
           "moderate", e29, "withdrawal, if the body depends on alcohol: only with care",
           "counts_use !large_amounts_at_once", 1},
    Option{30, "brief_intervention", "A short talk about drinking, with feedback and a menu",
           "Ten minutes, your numbers, your choice.", set, alcohol_body | injury_and_driving, false,
           "harm from alcohol", "alcohol (weaker for other drugs)", "uses_alcohol", "", "", CU::yes,
           EV::strong, "strong for alcohol", e30, "no effect was shown for drugs in primary care",
           "talked_about_goals counts_use", 0},
    Option{31, "motivational_interviewing", "A conversation about what you want",
           "Somebody asks and listens; you decide.", set, Harms{}, true, "all", "all", "", "", "",
           CU::possible, EV::moderate, "moderate", e31, "not for talking anybody into abstinence",
           "talked_about_goals", 1},
    Option{32, "relapse_prevention", "Skills for craving and high-risk moments (CBT)",
           "Practice for the moments that are hardest.", set, return_to_use | dependence, false,
           "return to use", "all", "", "", "", CU::yes, EV::moderate, "moderate", e32, "",
           "coping_skills !craving", 2},
    Option{33, "trauma_therapy", "Therapy for trauma, alongside, not after",
           "You need not stop first. You choose the time.", set, mental_health | return_to_use,
           false, "trauma, return to use", "all", "trauma", "", "", CU::possible, EV::moderate,
           "moderate", e33, "the person chooses the time", "trauma_treatment", 3},
    Option{34, "contingency_management", "Rewards for steps",
           "Vouchers or prizes for steps you agreed on.", set,
           dependence | return_to_use | disconnection, false, "use, retention",
           "stimulants, opioids, alcohol, nicotine",
           "uses_stimulant|uses_opioid|uses_alcohol|uses_nicotine", "", "", CU::yes, EV::strong,
           "strong", e34, "the effect fades afterwards; some laws cap the payment",
           "rewarded_steps", 1},
    Option{35, "naltrexone_for_drinking", "Naltrexone to drink less, daily or before drinking",
           "A tablet that makes it easier to stop after one or two.", drug,
           alcohol_body | injury_and_driving, false, "heavy drinking", "alcohol", "uses_alcohol",
           "uses_opioid|agonist_treatment|depends_on_opioids",
           "opioids are in the body: naltrexone would bring on withdrawal at once", CU::yes,
           EV::strong, "strong", e35,
           "free of opioids; the liver; in pregnancy and below 18 only with a specialist",
           "reduction_medicine counts_use", 1},
    Option{
        36, "other_alcohol_medicines", "Acamprosate, nalmefene, topiramate or gabapentin",
        "Other medicines that help to drink less or not at all.", drug, only(alcohol_body), false,
        "heavy drinking", "alcohol", "uses_alcohol", "", "", CU::yes, EV::moderate_to_strong,
        "moderate-strong", e36,
        "kidneys; topiramate slows thinking and can harm an unborn child; in pregnancy and below "
        "18 none of them without a specialist; nalmefene not with opioids, gabapentin adds to them",
        "reduction_medicine", 1},
    Option{37, "thiamine", "Thiamine and food",
           "Vitamin B1 protects the brain when drinking is heavy.", set, alcohol_body | seizure,
           false, "Wernicke's encephalopathy", "alcohol",
           "uses_alcohol heavy_drinking|depends_on_alcohol|non_beverage_alcohol", "", "", CU::no,
           EV::moderate, "moderate", e37, "by injection where the danger is high",
           "thiamine !little_food", 0},
    Option{38, "managed_withdrawal", "Medically managed withdrawal",
           "A doctor and nurses see you through, with doses by symptoms.", setting,
           seizure | withdrawal, false, "seizure, delirium", "alcohol, benzodiazepines",
           "depends_on_alcohol|depends_on_sedatives", "", "", CU::yes, EV::strong, "strong", e38,
           "loss of tolerance afterwards: plan the way on before the first day",
           "managed_withdrawal", 3},
    Option{39, "gradual_reduction", "Gradual reduction with weekly goals",
           "Small steps, no deadline, the pace is yours.", drug,
           withdrawal | seizure | dependence | disconnection, false,
           "withdrawal, fear, dropping out", "all; alcohol, benzodiazepines, GHB with a clinician",
           "", "pregnant uses_opioid|pregnant depends_on_opioids|pregnant agonist_treatment",
           "opioids in pregnancy: agonist treatment is the standard, and less of it only with a "
           "specialist",
           CU::yes, EV::low_to_moderate, "low-moderate", e39,
           "no shame about a date; alcohol, benzodiazepines and GHB only with medical care",
           "gradual_plan !stops_soon", 2},
    Option{40, "managed_alcohol", "A managed alcohol programme",
           "Alcohol at set times and in known amounts, with care around it.", setting,
           alcohol_body | seizure | housing, false, "non-beverage drinking, seizure, homelessness",
           "alcohol", "depends_on_alcohol|non_beverage_alcohol|uses_alcohol no_stable_home", "", "",
           CU::possible, EV::low_to_moderate, "low-moderate", e40,
           "watch the liver; not in pregnancy, for adults",
           "managed_alcohol !non_beverage_alcohol !stops_soon", 1},
    Option{41, "harm_reduction_for_alcohol", "Harm-reduction treatment for alcohol",
           "Sessions that track harm and your own goals, with no demand to stop.", set,
           alcohol_body | housing, false, "harm from alcohol", "alcohol, homelessness",
           "uses_alcohol", "", "", CU::possible, EV::moderate, "moderate, randomised trial", e41,
           "", "talked_about_goals counts_use", 1},
    Option{42, "nicotine_replacement", "Nicotine patches, gum, spray or lozenges",
           "The nicotine without the smoke, best two forms together.", drug, lungs | heart, false,
           "harm from smoking", "nicotine", "uses_nicotine", "", "", CU::yes, EV::strong, "strong",
           e42, "", "nicotine_help", 1},
    Option{43, "varenicline", "Varenicline or cytisine",
           "A tablet that takes the edge off smoking.", drug, lungs | heart, false,
           "harm from smoking", "nicotine", "uses_nicotine", "", "", CU::yes, EV::strong, "strong",
           e43, "nausea, vivid dreams; not in pregnancy, not below 18", "nicotine_help", 1},
    Option{44, "e_cigarette", "Switch to a nicotine e-cigarette", "Vapour instead of smoke.", drug,
           lungs | heart, false, "harm from smoking", "nicotine", "uses_nicotine", "", "", CU::yes,
           EV::strong, "strong", e44, "young people; using both", "nicotine_help", 1},
    Option{45, "lower_risk_cannabis",
           "Lower-risk cannabis: lower THC, not daily, vaporised, no driving for 6 to 8 hours",
           "Four habits that lower the harm.", drug,
           dependence | mental_health | lungs | injury_and_driving, false,
           "dependence, psychosis, lung, driving", "cannabis", "uses_cannabis", "", "",
           CU::possible, EV::moderate, "moderate", e45,
           "with psychosis in person or family: better none",
           "lower_risk_cannabis !drives_after_use !daily_use", 1},
    Option{46, "cool_down", "Cool down, rest, salted drinks, not too much water",
           "Breaks in the cool; sip, do not gulp.", Domain::drug | Domain::set,
           only(heat_and_water), false, "overheating, too little salt in the blood",
           "MDMA, stimulants", "uses_mdma|uses_stimulant", "", "", CU::no, EV::low_to_moderate,
           "low-moderate", e46, "too much plain water can kill, women most of all", "cools_down",
           0},
    Option{47, "ghb_log", "A dosing log and a timer for GHB, never with alcohol",
           "Write down each dose and its time; the phone rings when the next may be.", drug,
           only(overdose), false, "coma", "GHB, GBL", "uses_ghb", "", "", CU::no, EV::low, "low",
           e47,
           "measure each dose with a syringe; little room between dose and coma; not alone: "
           "naloxone does not work on GHB, so somebody who turns you on your side and calls for "
           "help; daily use needs medical withdrawal",
           "ghb_log spaces_out", 0},
    Option{48, "sleep_and_eat", "Plan sleep, meals and days off",
           "A day off after each night up; food that goes down.", set, mental_health | seizure,
           false, "psychosis, exhaustion", "stimulants", "uses_stimulant|uses_mdma", "", "",
           CU::possible, EV::low, "low", e48, "", "plans_sleep !little_sleep !little_food", 1},
    Option{49, "check_yourself", "Eat, drink and check how you are before you use",
           "Two minutes: food, water, how is today?", set,
           injury_and_driving | heat_and_water | overdose, false, "overdose, fainting", "all", "",
           "", "", CU::no, EV::low, "low", e49, "",
           "eats_and_drinks_first !little_food !little_water", 0},
    Option{50, "urge_diary", "A diary of cues and cravings; surf the urge; wait 15 minutes",
           "Most urges peak and pass. Write down what set it off.", set, only(return_to_use), false,
           "return to use", "all", "", "", "", CU::possible, EV::moderate, "moderate", e50, "",
           "trigger_diary", 1},
    Option{51, "safer_use_plan", "A written safer-use plan and rescue card",
           "Who, where, how much, who calls whom.", set, overdose | injury_and_driving, false,
           "overdose, driving", "all", "", "", "", CU::no, EV::low, "low, expert", e51,
           "rehearse it with a companion", "safer_use_plan knows_overdose_response", 0},
    Option{52, "honesty_agreement", "An agreement: tell us the same day, nothing is taken away",
           "Urges and use can be said. There is no sanction.", setting, disconnection | overdose,
           false, "disconnection, shame, overdose", "all", "", "", "", CU::no, EV::low_to_moderate,
           "low-moderate", e52, "say first what stays confidential and what does not",
           "honesty_agreed !hides_use", 0},
    Option{53, "companion", "A trained companion, day and night, while you are using",
           "Somebody who comes, stays in touch and has naloxone.", setting,
           overdose | suicide | disconnection, false, "overdose, suicide, disconnection", "all", "",
           "", "", CU::possible, EV::none_found, "no trial found", e53,
           "training, naloxone, safety of staff; consent to the list of contacts",
           "companion naloxone_at_hand !uses_alone", 2},
    Option{54, "way_back", "A direct way back: held bed, no waiting, no second intake",
           "You call, you come back. The place is held.", setting, disconnection | overdose, false,
           "dropping out, overdose", "all", "", "", "", CU::possible, EV::moderate, "moderate", e54,
           "somebody pays for the bed", "way_back !waits_for_care !may_be_discharged", 0},
    Option{55, "housing_first", "Housing First: a home that does not ask for abstinence",
           "A home comes first; use is not a condition.", setting, only(housing), false,
           "homelessness, early death", "all", "no_stable_home|may_lose_home", "", "", CU::possible,
           EV::strong, "strong for housing", e55, "does not replace an offer of treatment",
           "housing_first !no_stable_home !may_lose_home", 1},
    Option{56, "safe_bed", "A safe bed for the days of a relapse", "A place for the nights.",
           setting, only(housing), false, "homelessness", "all",
           "no_stable_home|may_be_discharged|violence_at_home", "", "", CU::no, EV::expert,
           "expert", e56, "ask about violence by a partner", "safe_bed", 1},
    Option{57, "family_skills", "Family skills (CRAFT), family informed with your consent",
           "The people close to you learn what helps and what does not.", setting,
           family | disconnection, false, "engagement, family strain", "all", "", "", "",
           CU::possible, EV::strong, "strong", e57, "consent to share; violence",
           "family_informed !family_strain", 1},
    Option{58, "peer_support", "Peers: 12-step, SMART, moderation or harm-reduction group",
           "People who know it from inside. Try several.", setting, return_to_use | disconnection,
           false, "return to use, isolation", "all", "", "", "", CU::possible, EV::moderate,
           "moderate", e58, "your choice; an abstinence culture may shut out",
           "peer_support !little_support", 1},
    Option{59, "check_ins", "Digital check-ins and recovery apps",
           "A message now and then, and somebody who reads it.", setting,
           return_to_use | disconnection | suicide, false, "return to use", "alcohol, others", "",
           "", "", CU::possible, EV::moderate, "moderate", e59, "privacy; a way to reach a person",
           "regular_contact", 1},
    Option{60, "warm_referral", "Somebody goes along: outreach and warm referral",
           "Not a phone number, a person.", setting, only(disconnection), false, "dropping out",
           "all", "", "", "", CU::possible, EV::moderate, "moderate", e60, "",
           "linked_to_care !waits_for_care", 0},
    Option{61, "rights_and_money", "Benefits, work, legal help; Good Samaritan information",
           "Somebody who helps with papers and rights.", setting, legal | money | housing, false,
           "legal, poverty", "all", "", "", "", CU::no, EV::low_to_moderate, "low-moderate", e61,
           "the law differs by place", "rights_and_money_help", 1},
    Option{62, "locked_storage", "A locked box, and safe disposal", "A box with a key, for free.",
           setting, only(children_and_others), false, "child poisoning, diversion",
           "methadone, opioids, benzodiazepines", "keeps_medicines_at_home|agonist_treatment", "",
           "", CU::no, EV::moderate, "moderate", e62, "", "locked_storage", 0},
    Option{63, "staff_give_medicines", "On site, medicines are given by qualified staff",
           "In the house, staff keep and give what is prescribed.", setting,
           children_and_others | overdose, false, "diversion, mixing", "residential care",
           "discharge_4_weeks|release_or_discharge_near|may_be_discharged", "", "", CU::no,
           EV::expert, "expert", e63, "", "staff_give_medicines locked_storage", 1},
    Option{64, "suicide_screen_and_plan",
           "Ask about suicide, and a safety plan, at every transition",
           "A direct question, and a card with what helps and whom to call.", set,
           suicide | overdose, false, "suicide, overdose", "all", "", "", "", CU::no, EV::moderate,
           "moderate", e64, "", "suicide_safety_plan", 0},
};
static_assert(table.size() == 64);

}  // namespace

std::span<const Option> option_table() noexcept { return table; }

}  // namespace ombre::inline v0::context::detail
