#pragma once
// The citations behind goals, reviews and connection.

#include "taper_sources.hpp"

namespace ombre::inline v0::plans::sources {

inline constexpr Source stanley_brown{
    "stanley-brown-2012",
    "Stanley B, Brown GK. Safety planning intervention. Cogn Behav Pract 2012;19:256", "2012"};
inline constexpr Source reason_2000{
    "reason-2000", "Reason J. Human error: models and management. BMJ 2000;320:768", "2000"};
inline constexpr Source kiresuk_1968{
    "kiresuk-sherman-1968",
    "Kiresuk TJ, Sherman RE. Goal attainment scaling. Community Ment Health J 1968;4:443", "1968"};
inline constexpr Source jacobson_1991{
    "jacobson-truax-1991",
    "Jacobson NS, Truax P. Clinical significance. J Consult Clin Psychol 1991;59:12", "1991"};
inline constexpr Source nida_treatment{
    "nida-treatment-recovery",
    "NIDA. Drugs, Brains, and Behavior: Treatment and Recovery (a relapse is a sign to resume, "
    "modify or try other treatment)",
    "2020"};
inline constexpr Source mclellan_2000{
    "mclellan-2000",
    "McLellan AT et al. Drug dependence, a chronic medical illness. JAMA 2000;284:1689", "2000"};
inline constexpr Source kelly_2019{
    "kelly-2019",
    "Kelly JF et al. How many recovery attempts does it take to successfully resolve an alcohol "
    "or drug problem? Alcohol Clin Exp Res 2019;43:1533",
    "2019"};
inline constexpr Source marlatt_1985{
    "marlatt-gordon-1985", "Marlatt GA, Gordon JR. Relapse Prevention. Guilford 1985", "1985"};
inline constexpr Source asam_testing{"asam-testing-2017",
                                     "ASAM. Appropriate Use of Drug Testing in Clinical Addiction "
                                     "Medicine. J Addict Med 2017;11:163 "
                                     "(testing is a therapeutic tool, not a punishment)",
                                     "2017"};
inline constexpr Source housing_first{
    "tsemberis-2004",
    "Tsemberis S, Gulcur L, Nakae M. Housing First. Am J Public Health 2004;94:651", "2004"};
inline constexpr Source part_2{
    "42-cfr-part-2", "42 CFR Part 2. Confidentiality of Substance Use Disorder Patient Records",
    "2024"};

}  // namespace ombre::inline v0::plans::sources
