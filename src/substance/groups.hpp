#pragma once
// Names of the groups that the withdrawal tables speak about, as their sources print them.

#include <string_view>

namespace ombre::inline v0::substance::group {

inline constexpr std::string_view alcohol = "alcohol";
inline constexpr std::string_view benzodiazepine = "benzodiazepine";
inline constexpr std::string_view short_benzodiazepine = "benzodiazepine short half-life";
inline constexpr std::string_view long_benzodiazepine = "benzodiazepine long half-life";
inline constexpr std::string_view z_drug_high_dose = "z-drug high dose";
inline constexpr std::string_view barbiturate = "barbiturate";
inline constexpr std::string_view opioid = "opioid";
inline constexpr std::string_view short_opioid =
    "opioid short-acting (heroin, oxycodone, morphine IR)";
inline constexpr std::string_view methadone = "methadone";
inline constexpr std::string_view buprenorphine = "buprenorphine";
inline constexpr std::string_view illicit_fentanyl = "illicitly made fentanyl";
inline constexpr std::string_view stimulant = "stimulant";
inline constexpr std::string_view cannabis = "cannabis";
inline constexpr std::string_view nicotine = "nicotine";
inline constexpr std::string_view caffeine = "caffeine";
inline constexpr std::string_view ghb = "GHB or GBL";
inline constexpr std::string_view gabapentinoid = "gabapentin or pregabalin";
inline constexpr std::string_view baclofen = "baclofen (esp. intrathecal)";
inline constexpr std::string_view phenibut = "phenibut";
inline constexpr std::string_view clonidine = "clonidine";
inline constexpr std::string_view ssri_or_snri = "SSRI or SNRI";

}  // namespace ombre::inline v0::substance::group
