#include "ombre/spectrum/drinking.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "core/cited.hpp"

namespace ombre::inline v0::spectrum {
namespace {

constexpr Source niaaa{
    "niaaa",
    "US National Institute on Alcohol Abuse and Alcoholism. Drinking levels and patterns defined",
    "2024"};
constexpr Source samhsa{
    "samhsa-nsduh",
    "US Substance Abuse and Mental Health Services Administration. National Survey on Drug Use and "
    "Health: definitions of binge and heavy alcohol use",
    "2015 and later"};
using cited::ema_2010;
using cited::fda_2015;
constexpr Source who_hed{"who-hed",
                         "World Health Organization. Global Status Report on Alcohol and Health: "
                         "heavy episodic drinking",
                         "2018"};
constexpr Source uk_cmo_2016{"uk-cmo-2016",
                             "UK Chief Medical Officers' Low Risk Drinking Guidelines", "2016"};
constexpr Source nice_cg115{
    "nice-cg115-nhs",
    "NICE CG115, Alcohol-use disorders; NHS pages on alcohol units: increasing and higher risk",
    "2011"};
using cited::ccsa_2023;
using cited::nhmrc_2020;
constexpr Source dga_2020{"us-dga-2020", "Dietary Guidelines for Americans 2020-2025", "2020"};

// Grams of one drink where a rule is printed in drinks.
constexpr double us = 14;
constexpr double uk_unit = 8;
constexpr double canada = 13.45;

constexpr DrinkingLimit at_least(double men_g, double women_g) {
  return {men_g, women_g, Comparison::at_least};
}
constexpr DrinkingLimit more_than(double men_g, double women_g) {
  return {men_g, women_g, Comparison::more_than};
}
constexpr std::nullopt_t none = std::nullopt;
constexpr bool one_occasion = true;

constexpr std::array<HeavyRule, 15> rules{{
    {"niaaa_heavy_day", "a day with 5 or more (men), 4 or more (women) US drinks", RuleKind::heavy,
     at_least(5 * us, 4 * us), none, 1, 1, false, &niaaa, Confidence::known, ""},
    {"niaaa_heavy_use",
     "5 or more drinks on any day or 15 or more a week (men); 4 or more or 8 or more (women)",
     RuleKind::heavy, at_least(5 * us, 4 * us), at_least(15 * us, 8 * us), 7, 1, false, &niaaa,
     Confidence::known, ""},
    {"niaaa_binge",
     "drinking that brings the blood to 0.08 g/dL: typically 5 (men) or 4 (women) drinks in about "
     "two hours",
     RuleKind::heavy, at_least(5 * us, 4 * us), none, 1, 1, one_occasion, &niaaa, Confidence::known,
     "a day's total does not know about the two hours"},
    {"samhsa_binge",
     "5 or more (men), 4 or more (women) drinks on the same occasion on 1 or more of the past 30 "
     "days",
     RuleKind::heavy, at_least(5 * us, 4 * us), none, 30, 1, one_occasion, &samhsa,
     Confidence::known, ""},
    {"samhsa_heavy", "binge drinking on 5 or more of the past 30 days", RuleKind::heavy,
     at_least(5 * us, 4 * us), none, 30, 5, one_occasion, &samhsa, Confidence::known, ""},
    {"high_intensity", "twice the binge amount or more: 10 (men), 8 (women) US drinks",
     RuleKind::heavy, at_least(10 * us, 8 * us), none, 1, 1, one_occasion, &niaaa,
     Confidence::known, ""},
    {"fda_hdd", "a day with more than 4 (men), more than 3 (women) drinks of 14 g", RuleKind::heavy,
     more_than(4 * us, 3 * us), none, 1, 1, false, &fda_2015, Confidence::known,
     "the same days as niaaa_heavy_day for whole drinks; amounts between whole drinks differ"},
    {"ema_hdd", "a day with more than 60 g (men), more than 40 g (women)", RuleKind::heavy,
     more_than(60, 40), none, 1, 1, false, &ema_2010, Confidence::known, ""},
    {"who_hed", "60 g or more on at least one occasion in the past 30 days, both sexes",
     RuleKind::heavy, at_least(60, 60), none, 30, 1, one_occasion, &who_hed, Confidence::known, ""},
    {"uk_low_risk", "over 14 UK units a week, both sexes", RuleKind::low_risk_limit, none,
     more_than(14 * uk_unit, 14 * uk_unit), 7, 1, false, &uk_cmo_2016, Confidence::known,
     "the advice also says: spread over three days or more"},
    {"uk_increasing", "over 14 UK units a week, up to 50 (men) or 35 (women)",
     RuleKind::low_risk_limit, none, more_than(14 * uk_unit, 14 * uk_unit), 7, 1, false,
     &nice_cg115, Confidence::known, "the upper end is where uk_higher begins"},
    {"uk_higher", "over 50 (men), over 35 (women) UK units a week", RuleKind::heavy, none,
     more_than(50 * uk_unit, 35 * uk_unit), 7, 1, false, &nice_cg115, Confidence::known, ""},
    {"au_2020", "over 10 Australian drinks (100 g) a week or over 4 (40 g) on any one day",
     RuleKind::low_risk_limit, more_than(40, 40), more_than(100, 100), 7, 1, false, &nhmrc_2020,
     Confidence::verified, ""},
    {"ca_2023", "over 2 Canadian drinks (27 g) a week", RuleKind::low_risk_limit, none,
     more_than(27, 27), 7, 1, false, &ccsa_2023, Confidence::verified,
     "27 g is verified; the levels above it (3-6 and 7 or more drinks) are known"},
    {"us_dga_2020", "over 2 (men), over 1 (women) US drinks on a day with alcohol",
     RuleKind::low_risk_limit, more_than(2 * us, 1 * us), none, 1, 1, false, &dga_2020,
     Confidence::known, "the advice changes with the edition"},
}};

}  // namespace

std::span<const HeavyRule> heavy_rules() noexcept { return rules; }

Result<HeavyRule> heavy_rule(std::string_view id) {
  const auto at = std::ranges::find(rules, id, &HeavyRule::id);
  if (at != rules.end()) return *at;
  std::string list = "is not a heavy-drinking rule; the rules are";
  for (const HeavyRule& rule : rules) (list += ' ') += rule.id;
  return unexpected(error_at(Errc::unknown_name, "heavy_rule", std::nullopt, id, list));
}

std::string_view name(UkLevel level) noexcept {
  switch (level) {
    case UkLevel::none:
      return "none";
    case UkLevel::low_risk:
      return "low risk";
    case UkLevel::increasing_risk:
      return "increasing risk";
    case UkLevel::higher_risk:
      return "higher risk";
  }
  return "higher risk";
}

UkLevel uk_level(GramsEthanol in_the_week, Sex sex) noexcept {
  if (in_the_week.grams() <= 0) return UkLevel::none;
  if (!more_than(14 * uk_unit, 14 * uk_unit).reached(in_the_week, sex)) return UkLevel::low_risk;
  if (!more_than(50 * uk_unit, 35 * uk_unit).reached(in_the_week, sex)) {
    return UkLevel::increasing_risk;
  }
  return UkLevel::higher_risk;
}

std::string_view name(CanadaLevel level) noexcept {
  switch (level) {
    case CanadaLevel::none:
      return "none";
    case CanadaLevel::low:
      return "low";
    case CanadaLevel::moderate:
      return "moderate";
    case CanadaLevel::increasingly_high:
      return "increasingly high";
  }
  return "increasingly high";
}

CanadaLevel canada_2023_level(GramsEthanol in_the_week) noexcept {
  const double g = in_the_week.grams();
  if (g <= 0) return CanadaLevel::none;
  if (g < 3 * canada - same_amount_g) return CanadaLevel::low;
  if (g < 7 * canada - same_amount_g) return CanadaLevel::moderate;
  return CanadaLevel::increasingly_high;
}

}  // namespace ombre::inline v0::spectrum
