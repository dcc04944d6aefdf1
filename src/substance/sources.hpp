#pragma once
// The sources the tables cite: one object each, so that a row names its source by address and a
// source that nobody cites, or a row without one, can be found by a test.
//
// A citation that names several works is one that the collection of facts gives that way: we know
// that these works carry the value, not which of them every digit was read from.

#include "core/cited.hpp"
#include "ombre/core/source.hpp"

namespace ombre::inline v0::substance::cite {

// ---- guidelines and national formularies
using cited::cdc_2022;
using cited::cdc_2022_text;
inline constexpr Source cdc_2016{
    "cdc-2016",
    "Dowell D, Haegerich TM, Chou R. CDC Guideline for Prescribing Opioids for Chronic Pain. MMWR "
    "Recomm Rep 65(RR-1):1-49, with the CDC/CMS file of oral MME factors (2016-2018)",
    "2016"};
inline constexpr Source cdc_2016_text{
    "cdc-2016-text",
    "Dowell D, Haegerich TM, Chou R. CDC Guideline for Prescribing Opioids for Chronic Pain. MMWR "
    "Recomm Rep 65(RR-1):1-49, passages that were not read again",
    "2016"};
inline constexpr Source cdc_file_later{
    "cdc-file-later", "CDC file of opioids with oral MME factors, later revisions", "after 2018"};
inline constexpr Source nih_heal{"nih-heal", "NIH HEAL Initiative, MME calculator, list of factors",
                                 "2023-2025"};
using cited::ashton_2002;
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
using cited::who_2009;
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
using cited::texts;
inline constexpr Source hardman_2019{
    "hardman-2019",
    "Hardman MI, Sprung J, Weingarten TN. Acute phenibut withdrawal: a comprehensive literature "
    "review and illustrative case report. Bosn J Basic Med Sci 19:125-129",
    "2019"};
inline constexpr Source lapin_2001{
    "lapin-2001",
    "Lapin I. Phenibut (beta-phenyl-GABA): a tranquilizer and nootropic drug. CNS Drug Rev "
    "7:471-481",
    "2001"};
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
inline constexpr Source drinks_unread{
    "standard-drink-lists",
    "Standard drinks of further countries, as the surveys and national pages are usually quoted",
    "2014-2016"};
inline constexpr const Source& who_audit = cited::who_audit_2001;
inline constexpr Source niaaa_drink{
    "niaaa-drink",
    "US National Institute on Alcohol Abuse and Alcoholism. What is a standard drink?",
    "as online 2024"};
using cited::ccsa_2023;
using cited::nhmrc_2020;

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
using cited::dasgupta_park;
using cited::gomes_2017;
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
using cited::surveillance;
inline constexpr Source community_tables{
    "community-tables",
    "Combination tables of drug-information projects (TripSit and others), community knowledge",
    "as online 2024"};

// ---- overdose
using cited::bzd_joint_2025;
inline constexpr Source hhs_naloxone_2018{
    "hhs-naloxone-2018", "US HHS. Naloxone: the opioid reversal drug that saves lives", "2018"};
using cited::ombre_proposal;
using cited::tolerance_rows;

}  // namespace ombre::inline v0::substance::cite
