#pragma once
// The citations behind rules of reduction and their guards.

#include "core/cited.hpp"
#include "ombre/core/source.hpp"

namespace ombre::inline v0::plans::sources {

using cited::cdc_2022;
using cited::cdc_2022_text;
inline constexpr Source cdc_2016_guide{
    "cdc-2016-pocket-guide", "CDC. Pocket guide: tapering opioids for chronic pain", "2016"};
inline constexpr Source hhs_2019{
    "hhs-2019",
    "US Department of Health and Human Services. Guide for Clinicians on the Appropriate Dosage "
    "Reduction or Discontinuation of Long-Term Opioid Analgesics",
    "2019"};
inline constexpr Source va_taper{
    "va-taper-tool",
    "US Department of Veterans Affairs, PBM Academic Detailing Service. Opioid Taper Decision "
    "Tool",
    "2016"};
inline constexpr Source fda_2019{
    "fda-2019",
    "US FDA. Drug safety communication and label changes on gradual, individualised tapering of "
    "opioid analgesics",
    "2019"};
inline constexpr Source velocity_cohort{
    "opioid-reduction-speed-cohort",
    "Cohort of 17 540 patients in three health systems, Colorado and Wisconsin: speed of opioid "
    "dose reduction and overdose (PMC11044711)",
    "2024"};
inline constexpr Source agnoli_2021{
    "agnoli-2021",
    "Agnoli A et al. Association of dose tapering with overdose or mental health crisis among "
    "patients prescribed long-term opioids. JAMA 2021;326:411 (corrected version)",
    "2021"};
using cited::ashton_2002;
using cited::bzd_joint_2025;
inline constexpr Source nice_bnf{
    "nice-bnf",
    "NICE and British National Formulary: guidance on withdrawing benzodiazepines and Z-drugs",
    "current"};
using cited::who_2009;
inline constexpr Source horowitz_2019{
    "horowitz-taylor-2019",
    "Horowitz MA, Taylor D. Tapering of SSRI treatment to mitigate withdrawal symptoms. Lancet "
    "Psychiatry 2019;6:538",
    "2019"};
inline constexpr Source maudsley{"maudsley-deprescribing",
                                 "Horowitz M, Taylor D. The Maudsley Deprescribing Guidelines",
                                 "2024"};
inline constexpr Source asam_oud_2020{
    "asam-oud-2020",
    "ASAM National Practice Guideline for the Treatment of Opioid Use Disorder, focused update",
    "2020"};
inline constexpr Source uk_orange{
    "uk-orange-2017",
    "UK Department of Health. Drug misuse and dependence: UK guidelines on clinical management",
    "2017"};
inline constexpr Source hammig_2016{
    "haemmig-2016",
    "Haemmig R et al. Use of microdoses for induction of buprenorphine treatment with "
    "overlapping full opioid agonist use: the Bernese method. Subst Abuse Rehabil 2016;7:99",
    "2016"};
inline constexpr Source jabfm_low_dose{
    "jabfm-low-dose-buprenorphine",
    "Outpatient low-dose buprenorphine initiation table. J Am Board Fam Med", "2021"};
inline constexpr Source nicotine_label{
    "us-label-nicotine-patch", "US label of over-the-counter 24-hour nicotine patches", "current"};
inline constexpr Source varenicline_label{
    "varenicline-reduce-to-quit", "Varenicline label: gradual approach to quitting", "current"};
using cited::asam_alcohol_2020;
using cited::nice_cg115;
inline constexpr Source uk_home_leaflets{"uk-alcohol-home-reduction",
                                         "Self-help leaflets of UK alcohol services", "various"};
inline constexpr Source phe_2014{
    "phe-2014",
    "Public Health England and NHS England. Advice for prescribers on the risk of the misuse of "
    "pregabalin and gabapentin",
    "2014"};
inline constexpr Source caffeine_practice{"caffeine-practice",
                                          "Common advice on cutting down caffeine", "various"};
using cited::cows_2003;
using cited::sows_1987;
inline constexpr Source ciwa_b_1989{
    "ciwa-b-1989",
    "Busto UE, Sykora K, Sellers EM. A clinical scale to assess benzodiazepine "
    "withdrawal. J Clin Psychopharmacol 1989;9:412",
    "1989"};
inline constexpr Source ciwa_ar_older{
    "ciwa-ar-older-cuts", "Older CIWA-Ar cut-offs in clinical circulation (8-10 and 15)",
    "various"};
inline constexpr Source clonidine_label{
    "us-label-clonidine", "US label of clonidine tablets: withdrawal over 2 to 4 days", "current"};
inline constexpr Source clozapine_label{
    "us-label-clozapine", "US label of clozapine: reduction over 1 to 2 weeks", "current"};
inline constexpr Source gabapentinoid_label{
    "us-label-gabapentinoids",
    "US labels of pregabalin and gabapentin: discontinue gradually over at least 1 week",
    "current"};
inline constexpr Source nice_cg185{
    "nice-cg185", "NICE CG185: bipolar disorder, stopping lithium over at least 4 weeks", "2014"};
inline constexpr Source otp_practice{
    "oat-missed-dose-practice",
    "Usual practice after missed doses of opioid agonist treatment (UK Orange guidelines; ASAM)",
    "2017"};
using cited::ombre_proposal;

}  // namespace ombre::inline v0::plans::sources
