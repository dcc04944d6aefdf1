#pragma once
// The sources the tables cite: one object each, so that a row names its source by address and a
// source that nobody cites, or a row without one, can be found by a test.
//
// A citation that names several works is one that the collection of facts gives that way: we know
// that these works carry the value, not which of them every digit was read from.

#include "ombre/core/source.hpp"

namespace ombre::inline v0::substance::cite {

// ---- guidelines and national formularies
inline constexpr Source cdc_2022{
    "cdc-2022",
    "Dowell D, Ragan KR, Jones CM, Baldwin GT, Chou R. CDC Clinical Practice Guideline for "
    "Prescribing Opioids for Pain. MMWR Recomm Rep 71(RR-3):1-95, table of MME factors",
    "2022"};
inline constexpr Source cdc_2016{
    "cdc-2016",
    "Dowell D, Haegerich TM, Chou R. CDC Guideline for Prescribing Opioids for Chronic Pain. MMWR "
    "Recomm Rep 65(RR-1):1-49, with the CDC/CMS file of oral MME factors (2016-2018)",
    "2016"};
inline constexpr Source cdc_file_later{
    "cdc-file-later", "CDC file of opioids with oral MME factors, later revisions", "after 2018"};
inline constexpr Source nih_heal{"nih-heal", "NIH HEAL Initiative, MME calculator, list of factors",
                                 "2023-2025"};
inline constexpr Source ashton_2002{
    "ashton-2002",
    "Ashton CH. Benzodiazepines: How They Work and How to Withdraw (2002), with the equivalence "
    "and half-life table as revised in 2007",
    "2002, table 2007"};
inline constexpr Source va_dod_2021{
    "va-dod-2021",
    "VA/DoD Clinical Practice Guideline for the Management of Substance Use Disorders (2021), as "
    "printed in table 7 of the Joint Clinical Practice Guideline on Benzodiazepine Tapering, J Gen "
    "Intern Med (2025)",
    "2021"};
inline constexpr Source bnf{
    "bnf",
    "British National Formulary; UK Specialist Pharmacy Service; NHS Scotland quality prescribing "
    "guide (printed per 5 mg diazepam, doubled here)",
    "as online 2024-2025"};
inline constexpr Source who_2009{
    "who-2009",
    "WHO Western Pacific Region. Clinical Guidelines for Withdrawal Management and Treatment of "
    "Drug Dependence in Closed Settings (table 8 printed per 5 mg diazepam, doubled here)",
    "2009"};
inline constexpr Source nsw_2022{
    "nsw-2022",
    "NSW Ministry of Health. Management of Withdrawal from Alcohol and Other Drugs: Clinical "
    "Guidance (printed per 5 mg diazepam, doubled here)",
    "2022"};
inline constexpr Source clincalc{
    "clincalc", "ClinCalc benzodiazepine equivalence, a compilation with ranges", "as online 2024"};
inline constexpr Source nice_rcpsych{
    "nice-rcpsych",
    "NICE guidance on depression; Royal College of Psychiatrists, Stopping Antidepressants",
    "2020-2022"};
inline constexpr Source texts_asam{
    "texts-asam",
    "Standard texts of addiction medicine; American Society of Addiction Medicine guidelines",
    "2020"};
inline constexpr Source dsm_5_tr_asam{
    "dsm-5-tr-asam-2020",
    "DSM-5-TR (2022); ASAM Clinical Practice Guideline on Alcohol Withdrawal Management (2020)",
    "2020-2022"};
inline constexpr Source dsm_5{"dsm-5", "American Psychiatric Association. DSM-5", "2013"};
inline constexpr Source who_2009_ashton{
    "who-2009-ashton", "WHO, Withdrawal Management in Closed Settings (2009); Ashton manual (2002)",
    "2009"};
inline constexpr Source who_2009_dsm_5{
    "who-2009-dsm-5", "WHO, Withdrawal Management in Closed Settings (2009); DSM-5 (2013)", "2009"};

// ---- labels, texts, reports
inline constexpr Source us_label_texts{
    "us-label-texts", "US product labels; standard pharmacology texts", "as of 2024-2025"};
inline constexpr Source us_labels{"us-labels", "Product labels, United States", "as of 2024-2025"};
inline constexpr Source uk_labels{"uk-labels", "Product labels, United Kingdom", "as of 2024-2025"};
inline constexpr Source eu_labels{"eu-labels", "Product labels, European Union", "as of 2024-2025"};
inline constexpr Source ca_labels{"ca-labels", "Product labels, Canada", "as of 2024-2025"};
inline constexpr Source us_eu_labels{
    "us-eu-labels", "Product labels, United States and European Union", "as of 2024-2025"};
inline constexpr Source us_uk_labels{
    "us-uk-labels", "Product labels, United States and United Kingdom", "as of 2024-2025"};
inline constexpr Source texts{"texts", "Standard texts of addiction medicine and pharmacology",
                              "as of 2024"};
inline constexpr Source case_series{"case-series", "Published case series", "as of 2024"};
inline constexpr Source clinical_reports{
    "clinical-reports", "Reports of clinicians on illicitly made fentanyl", "as of 2024"};
inline constexpr Source juliano_2004{
    "juliano-griffiths-2004",
    "Juliano LM, Griffiths RR. A critical review of caffeine withdrawal. Psychopharmacology "
    "176:1-29",
    "2004"};
inline constexpr Source no_factor{"no-accepted-factor", "No accepted factor exists", "as of 2025"};
inline constexpr Source no_equivalence{"no-accepted-equivalence", "No accepted equivalence exists",
                                       "as of 2025"};

// ---- alcohol, cannabis, nicotine
inline constexpr Source physical_constant{"physical-constant",
                                          "Density of ethanol at 20 degrees Celsius", "constant"};
inline constexpr Source uk_unit{"uk-unit", "UK definition of a unit of alcohol: 10 mL of ethanol",
                                "1987 and later"};
inline constexpr Source forensic_texts{"forensic-texts", "Texts of forensic toxicology",
                                       "as of 2024"};
inline constexpr Source widmark_1932{
    "widmark-1932",
    "Widmark EMP. Die theoretischen Grundlagen und die praktische Verwendbarkeit der "
    "gerichtlich-medizinischen Alkoholbestimmung",
    "1932"};
inline constexpr Source nih_thc_2021{
    "nih-not-da-21-049",
    "NIH notice NOT-DA-21-049, Establishment of a standard THC unit to be used in research",
    "7 May 2021"};
inline constexpr Source ridgeway_2016{
    "ridgeway-kilmer-2016",
    "Ridgeway G, Kilmer B. Bayesian inference for the distribution of grams of marijuana in a "
    "joint. Drug Alcohol Depend 165:175-180",
    "2016"};
inline constexpr Source benowitz{
    "benowitz", "Benowitz NL, papers on nicotine intake; US DHHS reports on smoking", "2010"};
inline constexpr Source us_nicotine_label{
    "us-nicotine-label", "Product labels of nicotine replacement, United States", "as of 2024"};
inline constexpr Source drinks_survey{
    "standard-drink-surveys",
    "Kalinowski A, Humphreys K. Governmental standard drink definitions and low-risk alcohol "
    "consumption guidelines in 37 countries. Addiction 111:1293-1298 (2016); RARHA survey (2014); "
    "national health pages",
    "2014-2016"};
inline constexpr Source who_audit{
    "who-audit-2001",
    "WHO. AUDIT: The Alcohol Use Disorders Identification Test, second edition: drink of 10 g",
    "2001"};
inline constexpr Source niaaa_drink{
    "niaaa-drink",
    "US National Institute on Alcohol Abuse and Alcoholism. What is a standard drink?",
    "as online 2024"};
inline constexpr Source nhmrc_2020{
    "nhmrc-2020",
    "Australian National Health and Medical Research Council. Australian Guidelines to Reduce "
    "Health Risks from Drinking Alcohol",
    "2020"};
inline constexpr Source ccsa_2023{
    "ccsa-2023",
    "Canadian Centre on Substance Use and Addiction. Canada's Guidance on Alcohol and Health",
    "2023"};

// ---- mixtures
inline constexpr Source fda_2016_boxed{
    "fda-2016-opioid-depressant",
    "US FDA Drug Safety Communication: serious risks and death when combining opioids with "
    "benzodiazepines; boxed warning",
    "31 August 2016"};
inline constexpr Source fda_2019_gabapentinoids{
    "fda-2019-gabapentinoids",
    "US FDA Drug Safety Communication: serious breathing problems with gabapentin and pregabalin",
    "19 December 2019"};
inline constexpr Source dasgupta_park{
    "dasgupta-2016-park-2015",
    "Dasgupta N, et al. Cohort study of the impact of high-dose opioid analgesics on overdose "
    "mortality. Pain Med 17:85-98 (2016); Park TW, et al. Benzodiazepine prescribing patterns and "
    "deaths from drug overdose among US veterans receiving opioid analgesics. BMJ 350:h2698 (2015)",
    "2015-2016"};
inline constexpr Source gomes_2017{
    "gomes-2017",
    "Gomes T, et al. Gabapentin, opioids, and the risk of opioid-related death. PLoS Med "
    "14:e1002396",
    "2017"};
inline constexpr Source cprd_cohort{
    "cprd-cohort",
    "UK Clinical Practice Research Datalink, linked cohort of people prescribed methadone or "
    "buprenorphine, 1998-2014; beside it Macleod J, et al. PLoS Med 16:e1002965 (2019) and Best "
    "CS, "
    "et al. BMJ Open 14:e074668 (2024)",
    "1998-2024"};
inline constexpr Source texts_toxicology{
    "texts-toxicology", "Standard texts of clinical toxicology; product labels", "as of 2024"};
inline constexpr Source label_warnings{
    "label-warnings", "Contraindications, warnings and interactions in product labels (US, EU)",
    "as of 2024"};
inline constexpr Source cdc_2022_bzd{
    "cdc-2022-rec-11",
    "CDC Clinical Practice Guideline for Prescribing Opioids for Pain, recommendation 11. MMWR "
    "Recomm Rep 71(RR-3)",
    "2022"};
inline constexpr Source fda_2012_citalopram{
    "fda-2012-citalopram",
    "US FDA Drug Safety Communication: citalopram and abnormal heart rhythms with high doses",
    "2012"};
inline constexpr Source boyer_2005{
    "boyer-shannon-2005", "Boyer EW, Shannon M. The serotonin syndrome. N Engl J Med 352:1112-1120",
    "2005"};
inline constexpr Source henry_1998{
    "henry-hill-1998",
    "Henry JA, Hill IR. Fatal interaction between ritonavir and MDMA. Lancet 352:1751-1752",
    "1998"};
inline constexpr Source nayak_2021{
    "nayak-2021",
    "Nayak SM, et al. Classic psychedelic coadministration with lithium, but not lamotrigine, is "
    "associated with seizures. Pharmacopsychiatry 54:240-245",
    "2021"};
inline constexpr Source surveillance{"surveillance",
                                     "Drug-supply surveillance and overdose reports", "as of 2024"};
inline constexpr Source community_tables{
    "community-tables",
    "Combination tables of drug-information projects (TripSit and others), community knowledge",
    "as online 2024"};

// ---- overdose
inline constexpr Source bzd_joint_2025{
    "asam-bzd-2025",
    "Joint Clinical Practice Guideline on Benzodiazepine Tapering (ASAM and nine societies). "
    "J Gen Intern Med 2025",
    "2025"};
inline constexpr Source hhs_naloxone_2018{
    "hhs-naloxone-2018", "US HHS. Naloxone: the opioid reversal drug that saves lives", "2018"};
inline constexpr Source tolerance_rows{
    "tolerance-loss-shape",
    "Shape after Merrall 2010, Cornish 2010, Strang 2003 and Binswanger 2007; bands proposed here",
    "2010"};
inline constexpr Source ombre_proposal{"ombre", "Proposal of this project", "0.1"};

}  // namespace ombre::inline v0::substance::cite
