#pragma once
// What the tables of factors, rules and options cite. A citation that names several works carries
// a value our collection gives that way.

#include "core/cited.hpp"
#include "ombre/core/source.hpp"

namespace ombre::inline v0::context::cite {

#define OMBRE_CITE(key, id, text, edition) \
  inline constexpr Source key { id, text, edition }
inline constexpr const Source& ours = cited::ombre_proposal;
OMBRE_CITE(zinberg_1984, "zinberg-1984",
           "Zinberg NE. Drug, Set, and Setting. Yale University Press", "1984");
using cited::texts;
OMBRE_CITE(practice, "practice", "Practice of harm-reduction programmes, as described by them",
           "as of 2024");
OMBRE_CITE(guidelines, "guidelines", "Clinical guidelines in common use", "as of 2024");
using cited::surveillance;
OMBRE_CITE(observational, "observational", "Observational studies and service reports, not pooled",
           "as of 2024");
using cited::cdc_2022;
using cited::cdc_2022_text;
OMBRE_CITE(merrall_2010, "merrall-2010",
           "Merrall ELC, et al. Meta-analysis of drug-related deaths soon after release from "
           "prison. Addiction 105:1545-1554",
           "2010");
OMBRE_CITE(binswanger_2007, "binswanger-2007",
           "Binswanger IA, et al. Release from prison: a high risk of death for former inmates. N "
           "Engl J Med 356:157-165",
           "2007");
OMBRE_CITE(binswanger_2016, "binswanger-2016",
           "Binswanger IA, et al. Clinical risk factors for death after release from prison in "
           "Washington State. Addiction 111:499-510",
           "2016");
OMBRE_CITE(strang_2003, "strang-2003",
           "Strang J, et al. Loss of tolerance and overdose mortality after inpatient opiate "
           "detoxification. BMJ 326:959-960",
           "2003");
OMBRE_CITE(cornish_2010, "cornish-2010",
           "Cornish R, et al. Risk of death during and after opiate substitution treatment in "
           "primary care. BMJ 341:c5475",
           "2010");
OMBRE_CITE(scottish_linkage, "scottish-linkage-2015",
           "Scottish record linkage of hospital discharge and drug-related death. PLoS One",
           "2015");
OMBRE_CITE(siegel_1982, "siegel-1982",
           "Siegel S, et al. Heroin overdose death: contribution of drug-associated environmental "
           "cues. Science 216:436-437 (rats)",
           "1982");
using cited::dasgupta_park;
using cited::gomes_2017;
OMBRE_CITE(larochelle_weiner, "larochelle-2018-weiner-2020",
           "Larochelle MR, et al. Ann Intern Med 169:137-145 (2018); Weiner SG, et al. Ann Emerg "
           "Med 75:13-17 (2020)",
           "2018-2020");
OMBRE_CITE(dube_2003, "dube-2003",
           "Dube SR, et al. Childhood abuse, neglect, and household dysfunction and the risk of "
           "illicit drug use. Pediatrics 111:564-572",
           "2003");
OMBRE_CITE(marlatt, "marlatt-1985", "Marlatt GA, Gordon JR. Relapse Prevention. Guilford Press",
           "1985");
OMBRE_CITE(cooper_1994, "cooper-1994",
           "Cooper ML. Motivations for alcohol use among adolescents. Psychol Assess 6:117-128",
           "1994");
using cited::asam_alcohol_2020;
using cited::bzd_joint_2025;
using cited::nice_cg115;
using cited::who_2000;
OMBRE_CITE(walley_2013, "walley-2013",
           "Walley AY, et al. Opioid overdose rates and implementation of overdose education and "
           "nasal naloxone distribution in Massachusetts. BMJ 346:f174",
           "2013");
OMBRE_CITE(bird_2016, "bird-2016",
           "Bird SM, et al. Effectiveness of Scotland's National Naloxone Programme. Addiction "
           "111:883-891",
           "2016");
OMBRE_CITE(marshall_2011, "marshall-2011",
           "Marshall BDL, et al. Reduction in overdose mortality after the opening of North "
           "America's first supervised injecting facility. Lancet 377:1429-1437",
           "2011");
OMBRE_CITE(kennedy_2019, "kennedy-2019",
           "Kennedy MC, et al. Supervised injection facility use and all-cause mortality. PLoS Med "
           "16:e1002964",
           "2019");
OMBRE_CITE(aspinall_2014, "aspinall-2014",
           "Aspinall EJ, et al. Are needle and syringe programmes associated with a reduction in "
           "HIV transmission? Int J Epidemiol 43:235-248",
           "2014");
OMBRE_CITE(platt_2018, "platt-2018",
           "Platt L, et al. Effectiveness of needle and syringe programmes and opiate substitution "
           "therapy in preventing HCV transmission. Addiction 113:545-563 (2018); Cochrane "
           "CD012021 (2017)",
           "2018");
OMBRE_CITE(santo_2021, "santo-2021",
           "Santo T, et al. Association of opioid agonist treatment with all-cause mortality. JAMA "
           "Psychiatry 78:979-993",
           "2021");
OMBRE_CITE(sordo_2017, "sordo-2017",
           "Sordo L, et al. Mortality risk during and after opioid substitution treatment. BMJ "
           "357:j1550",
           "2017");
OMBRE_CITE(macarthur_2012, "macarthur-2012",
           "MacArthur GJ, et al. Opiate substitution treatment and HIV transmission. BMJ "
           "345:e5945",
           "2012");
OMBRE_CITE(degenhardt_2014, "degenhardt-2014",
           "Degenhardt L, et al. The impact of opioid substitution therapy on mortality "
           "post-release from prison. Addiction 109:1306-1317",
           "2014");
OMBRE_CITE(lofwall_2018, "lofwall-2018",
           "Lofwall MR, et al. Weekly and monthly subcutaneous buprenorphine depot formulations. "
           "JAMA Intern Med 178:764-773",
           "2018");
using cited::lee_2018;
OMBRE_CITE(strang_2015, "strang-2015",
           "Strang J, et al. Heroin on trial: systematic review of heroin prescribing. Br J "
           "Psychiatry 207:5-14",
           "2015");
OMBRE_CITE(slaunwhite_2024, "slaunwhite-2024",
           "Slaunwhite A, et al. Effect of risk mitigation guidance opioid and stimulant "
           "dispensations on mortality. BMJ 384:e074965",
           "2024");
OMBRE_CITE(
    peiper_2019, "peiper-2019",
    "Peiper NC, et al. Fentanyl test strips as an opioid overdose prevention strategy. Int J "
    "Drug Policy 63:122-128",
    "2019");
OMBRE_CITE(choopanya_2013, "choopanya-2013",
           "Choopanya K, et al. Antiretroviral prophylaxis for HIV infection in injecting drug "
           "users in Bangkok. Lancet 381:2083-2090",
           "2013");
OMBRE_CITE(weller_2002, "weller-2002",
           "Weller S, Davis K. Condom effectiveness in reducing heterosexual HIV transmission. "
           "Cochrane CD003255",
           "2002");
OMBRE_CITE(kaner_2018, "kaner-2018",
           "Kaner EFS, et al. Effectiveness of brief alcohol interventions in primary care "
           "populations. Cochrane CD004148 (2018); digital interventions, CD011479 (2017)",
           "2017-2018");
OMBRE_CITE(smedslund_2011, "smedslund-2011",
           "Smedslund G, et al. Motivational interviewing for substance abuse. Cochrane CD008063",
           "2011");
OMBRE_CITE(magill_2019, "magill-2019",
           "Magill M, et al. A meta-analysis of cognitive-behavioral therapy for alcohol or other "
           "drug use disorders. J Consult Clin Psychol 87:1093-1105",
           "2019");
OMBRE_CITE(cope_trials, "cope-trials",
           "Trials of integrated treatment of PTSD and substance use disorder (COPE and similar)",
           "2012 and later");
OMBRE_CITE(prendergast_bentzley, "prendergast-2006-bentzley-2021",
           "Prendergast M, et al. Addiction 101:1546-1560 (2006); Bentzley BS, et al. JAMA Netw "
           "Open 4:e218049 (2021)",
           "2006-2021");
OMBRE_CITE(mcpheeters_2023, "mcpheeters-2023",
           "McPheeters M, et al. Pharmacotherapy for alcohol use disorder. JAMA 330:1653-1665",
           "2023");
OMBRE_CITE(collins_2021, "collins-2021",
           "Collins SE, et al. Combined behavioral harm-reduction treatment and naltrexone for "
           "people experiencing homelessness and alcohol use disorder. Lancet Psychiatry 8:287-300",
           "2021");
OMBRE_CITE(lindson_2019, "lindson-2019",
           "Lindson N, et al. Smoking reduction interventions for smoking cessation. Cochrane "
           "CD013183",
           "2019");
OMBRE_CITE(
    hartmann_boyce_2018, "hartmann-boyce-2018",
    "Hartmann-Boyce J, et al. Nicotine replacement therapy versus control. Cochrane CD000146",
    "2018");
OMBRE_CITE(livingstone_banks_2023, "livingstone-banks-2023",
           "Livingstone-Banks J, et al. Nicotine receptor partial agonists for smoking cessation. "
           "Cochrane CD006103",
           "2023");
OMBRE_CITE(lindson_2024, "lindson-2024",
           "Lindson N, et al. Electronic cigarettes for smoking cessation. Cochrane CD010216",
           "2024");
OMBRE_CITE(fischer_2022, "fischer-2022",
           "Fischer B, et al. Lower-Risk Cannabis Use Guidelines. Int J Drug Policy 99:103381",
           "2022");
OMBRE_CITE(bowen_2014, "bowen-2014",
           "Bowen S, et al. Relative efficacy of mindfulness-based relapse prevention. JAMA "
           "Psychiatry 71:547-556",
           "2014");
OMBRE_CITE(fluckiger_2018, "flueckiger-2018",
           "Flueckiger C, et al. The alliance in adult psychotherapy: a meta-analytic synthesis. "
           "Psychotherapy 55:316-340",
           "2018");
OMBRE_CITE(chez_soi, "at-home-chez-soi", "Reports of the At Home/Chez Soi trial of Housing First",
           "2014-2016");
OMBRE_CITE(miller_roozen, "miller-1999-roozen-2010",
           "Miller WR, et al. J Consult Clin Psychol 67:688-697 (1999); Roozen HG, et al. "
           "Addiction 105:1729-1738 (2010)",
           "1999-2010");
OMBRE_CITE(kelly_2020, "kelly-2020",
           "Kelly JF, et al. Alcoholics Anonymous and other 12-step programs for alcohol use "
           "disorder. Cochrane CD012880",
           "2020");
OMBRE_CITE(gustafson_2014, "gustafson-2014",
           "Gustafson DH, et al. A smartphone application to support recovery from alcoholism "
           "(A-CHESS). JAMA Psychiatry 71:566-572",
           "2014");
OMBRE_CITE(stanley_brown, "stanley-brown-2018",
           "Stanley B, Brown GK, et al. Comparison of the Safety Planning Intervention with "
           "follow-up and usual care. JAMA Psychiatry 75:894-900",
           "2018");
using cited::tolerance_rows;
OMBRE_CITE(who_pregnancy_2014, "who-pregnancy-2014",
           "World Health Organization. Guidelines for the identification and management of "
           "substance use and substance use disorders in pregnancy",
           "2014");
OMBRE_CITE(apa_2018, "apa-alcohol-2018",
           "Reus VI, et al. The American Psychiatric Association Practice Guideline for the "
           "Pharmacological Treatment of Patients With Alcohol Use Disorder. Am J Psychiatry "
           "175:86-90",
           "2018");
OMBRE_CITE(nice_ng209, "nice-ng209",
           "NICE NG209. Tobacco: preventing uptake, promoting quitting and treating dependence",
           "2021, later updates");
OMBRE_CITE(naltrexone_depot_label, "naltrexone-depot-label",
           "Naltrexone for extended-release injectable suspension, US prescribing information, "
           "paediatric use: not established",
           "2022");
OMBRE_CITE(asam_opioid_2020, "asam-opioid-2020",
           "ASAM National Practice Guideline for the Treatment of Opioid Use Disorder, focused "
           "update",
           "2020");
OMBRE_CITE(who_partner_2013, "who-partner-violence-2013",
           "World Health Organization. Responding to intimate partner violence and sexual "
           "violence against women: clinical and policy guidelines",
           "2013");
#undef OMBRE_CITE

}  // namespace ombre::inline v0::context::cite
