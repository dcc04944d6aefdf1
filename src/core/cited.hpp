#pragma once
// Sources that more than one room cites: one id, one citation, one edition. A source that only one
// file or room cites stands there; a test reads the sources and finds an id that is defined twice.

#include "ombre/core/source.hpp"

namespace ombre::inline v0::cited {

inline constexpr Source asam_alcohol_2020{
    "asam-alcohol-2020", "ASAM Clinical Practice Guideline on Alcohol Withdrawal Management",
    "2020"};
inline constexpr Source bzd_joint_2025{
    "asam-bzd-2025",
    "Joint Clinical Practice Guideline on Benzodiazepine Tapering (ASAM and nine "
    "societies). J Gen Intern Med 2025",
    "2025"};
inline constexpr Source ashton_2002{
    "ashton-2002",
    "Ashton CH. Benzodiazepines: How They Work and How to Withdraw (2002), with the "
    "equivalence and half-life table as revised in 2007",
    "2002, table 2007"};
inline constexpr Source ccsa_2023{
    "ccsa-2023",
    "Canadian Centre on Substance Use and Addiction. Canada's Guidance on Alcohol and"
    " Health",
    "2023"};
inline constexpr Source cdc_2022{
    "cdc-2022",
    "Dowell D, Ragan KR, Jones CM, Baldwin GT, Chou R. CDC Clinical Practice "
    "Guideline for Prescribing Opioids for Pain. MMWR Recomm Rep 71(RR-3):1-95, with "
    "its table of MME factors",
    "2022"};
inline constexpr Source cdc_2022_text{
    "cdc-2022-text",
    "Dowell D, Ragan KR, Jones CM, Baldwin GT, Chou R. CDC Clinical Practice Guideline for "
    "Prescribing Opioids for Pain. MMWR Recomm Rep 71(RR-3):1-95, passages that were not read "
    "again",
    "2022"};
inline constexpr Source cows_2003{
    "cows-2003",
    "Wesson DR, Ling W. The Clinical Opiate Withdrawal Scale (COWS). J Psychoactive "
    "Drugs 35:253-259",
    "2003"};
inline constexpr Source dasgupta_park{
    "dasgupta-2016-park-2015",
    "Dasgupta N, et al. Cohort study of the impact of high-dose opioid analgesics on "
    "overdose mortality. Pain Med 17:85-98 (2016); Park TW, et al. Benzodiazepine "
    "prescribing patterns and deaths from drug overdose among US veterans receiving "
    "opioid analgesics. BMJ 350:h2698 (2015)",
    "2015-2016"};
inline constexpr Source ema_2010{
    "ema-2010",
    "European Medicines Agency. Guideline on the development of medicinal products "
    "for the treatment of alcohol dependence",
    "2010"};
inline constexpr Source fda_2015{
    "fda-2015",
    "US Food and Drug Administration. Alcoholism: Developing Drugs for Treatment. "
    "Draft guidance for industry",
    "February 2015"};
inline constexpr Source gomes_2017{
    "gomes-2017",
    "Gomes T, et al. Gabapentin, opioids, and the risk of opioid-related death. PLoS "
    "Med 14:e1002396",
    "2017"};
inline constexpr Source hughes_2003{
    "hughes-2003",
    "Hughes JR, Keely JP, Niaura RS, et al. Measures of abstinence in clinical "
    "trials: issues and recommendations. Nicotine Tob Res 5:13-25",
    "2003"};
inline constexpr Source lee_2018{
    "lee-2018",
    "Lee JD, Nunes EV, Novo P, et al. Comparative effectiveness of extended-release "
    "naltrexone versus buprenorphine-naloxone for opioid relapse prevention (X:BOT). "
    "Lancet 391:309-318",
    "2018"};
inline constexpr Source nhmrc_2020{
    "nhmrc-2020",
    "Australian National Health and Medical Research Council. Australian Guidelines "
    "to Reduce Health Risks from Drinking Alcohol",
    "2020"};
inline constexpr Source nice_cg115{
    "nice-cg115", "NICE CG115 and CG100: alcohol-use disorders, diagnosis and management", "2011"};
inline constexpr Source ombre_proposal{"ombre", "Proposal of this project", "0.1"};
inline constexpr Source ombre_metrics{"ombre-metrics",
                                      "ombre, definitions of day metrics (docs/metrics.md)", "v0"};
inline constexpr Source sows_1987{
    "sows-1987",
    "Handelsman L, et al. Two new rating scales for opiate withdrawal. Am J Drug "
    "Alcohol Abuse 13:293-308",
    "1987"};
inline constexpr Source surveillance{"surveillance",
                                     "Drug-supply surveillance and overdose reports", "as of 2024"};
inline constexpr Source texts{"texts", "Standard texts of addiction medicine and pharmacology",
                              "as of 2024"};
inline constexpr Source tolerance_rows{
    "tolerance-loss-shape",
    "Shape after Merrall 2010, Cornish 2010, Strang 2003 and Binswanger 2007; bands "
    "proposed here",
    "2010"};
inline constexpr Source who_2000{
    "who-2000",
    "World Health Organization. International Guide for Monitoring Alcohol "
    "Consumption and Related Harm. WHO/MSD/MSB/00.4",
    "2000"};
inline constexpr Source who_2009{
    "who-2009",
    "WHO Western Pacific Region. Clinical Guidelines for Withdrawal Management and "
    "Treatment of Drug Dependence in Closed Settings (its table 8 is printed per 5 mg"
    " diazepam, doubled here)",
    "2009"};
inline constexpr Source who_assist_2010{
    "who-assist-2010",
    "World Health Organization. The ASSIST-linked brief intervention and the Alcohol,"
    " Smoking and Substance Involvement Screening Test, manual for use in primary "
    "care, version 3.1",
    "2010"};
inline constexpr Source who_audit_2001{
    "who-audit-2001",
    "Babor TF, Higgins-Biddle JC, Saunders JB, Monteiro MG. AUDIT: The Alcohol Use "
    "Disorders Identification Test, guidelines for use in primary care, second "
    "edition. World Health Organization",
    "2001"};

}  // namespace ombre::inline v0::cited
