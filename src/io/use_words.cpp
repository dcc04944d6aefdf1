#include "use_words.hpp"

#include <algorithm>
#include <array>

namespace ombre::inline v0::io::detail {

namespace {

using timeline::ReportSource;
using timeline::Route;

// Written as people write them in tables; what they hold in grams is a matter of `substance`.
constexpr std::array<std::string_view, 76> units{"g",
                                                 "gram",
                                                 "grams",
                                                 "gm",
                                                 "mg",
                                                 "milligram",
                                                 "milligrams",
                                                 "kg",
                                                 "ug",
                                                 "mcg",
                                                 "microgram",
                                                 "micrograms",
                                                 "\xC2\xB5g",
                                                 "\xCE\xBCg",
                                                 "ml",
                                                 "milliliter",
                                                 "millilitre",
                                                 "cl",
                                                 "dl",
                                                 "l",
                                                 "liter",
                                                 "litre",
                                                 "oz",
                                                 "fl_oz",
                                                 "ounce",
                                                 "ounces",
                                                 "drink",
                                                 "drinks",
                                                 "sd",
                                                 "standard_drink",
                                                 "standard_drinks",
                                                 "unit",
                                                 "units",
                                                 "std",
                                                 "g_ethanol",
                                                 "gram_ethanol",
                                                 "mme",
                                                 "{standard_drink}",
                                                 "{drinks}",
                                                 "{cigarettes}",
                                                 "{tbl}",
                                                 "cigarette",
                                                 "cigarettes",
                                                 "cig",
                                                 "cigs",
                                                 "pack",
                                                 "packs",
                                                 "joint",
                                                 "joints",
                                                 "puff",
                                                 "puffs",
                                                 "hit",
                                                 "hits",
                                                 "dose",
                                                 "doses",
                                                 "tablet",
                                                 "tablets",
                                                 "tab",
                                                 "tabs",
                                                 "tbl",
                                                 "pill",
                                                 "pills",
                                                 "capsule",
                                                 "capsules",
                                                 "patch",
                                                 "patches",
                                                 "bag",
                                                 "bags",
                                                 "injection",
                                                 "injections",
                                                 "time",
                                                 "times",
                                                 "occasion",
                                                 "occasions",
                                                 "day",
                                                 "days"};

struct RouteWord {
  std::string_view word;
  Route route;
};
constexpr std::array<RouteWord, 41> routes{{{"oral", Route::oral},
                                            {"po", Route::oral},
                                            {"by_mouth", Route::oral},
                                            {"swallowed", Route::oral},
                                            {"drunk", Route::oral},
                                            {"eaten", Route::oral},
                                            {"sublingual", Route::sublingual},
                                            {"sl", Route::sublingual},
                                            {"buccal", Route::sublingual},
                                            {"smoked", Route::smoked},
                                            {"smoking", Route::smoked},
                                            {"smoke", Route::smoked},
                                            {"vaporised", Route::vaporised},
                                            {"vaporized", Route::vaporised},
                                            {"vaped", Route::vaporised},
                                            {"vaping", Route::vaporised},
                                            {"inhaled", Route::vaporised},
                                            {"intranasal", Route::intranasal},
                                            {"nasal", Route::intranasal},
                                            {"snorted", Route::intranasal},
                                            {"sniffed", Route::intranasal},
                                            {"injected", Route::injected},
                                            {"injection", Route::injected},
                                            {"iv", Route::injected},
                                            {"intravenous", Route::injected},
                                            {"im", Route::injected},
                                            {"intramuscular", Route::injected},
                                            {"sc", Route::injected},
                                            {"subcutaneous", Route::injected},
                                            {"non_iv_injection", Route::injected},
                                            {"rectal", Route::rectal},
                                            {"pr", Route::rectal},
                                            {"boofed", Route::rectal},
                                            {"transdermal", Route::transdermal},
                                            {"patch", Route::transdermal},
                                            {"skin", Route::transdermal},
                                            {"other", Route::other},
                                            {"unstated", Route::unstated},
                                            {"unknown", Route::unstated},
                                            {"not_stated", Route::unstated},
                                            {"not_known", Route::unstated}}};

struct SourceWord {
  std::string_view word;
  KnownSource known;
};
constexpr std::array<SourceWord, 37> sources{{
    {"self_report", {ReportSource::self_report}},
    {"selfreport", {ReportSource::self_report}},
    {"self", {ReportSource::self_report}},
    {"self_reported", {ReportSource::self_report}},
    {"tlfb", {ReportSource::self_report}},
    {"tfb", {ReportSource::self_report}},
    {"timeline_followback", {ReportSource::self_report}},
    {"diary", {ReportSource::self_report}},
    {"interview", {ReportSource::self_report}},
    {"urine", {ReportSource::urine}},
    {"uds", {ReportSource::urine}},
    {"urine_drug_screen", {ReportSource::urine}},
    {"urine_screen", {ReportSource::urine}},
    {"udsab", {ReportSource::urine, true}},
    {"breath", {ReportSource::breath}},
    {"breathalyser", {ReportSource::breath}},
    {"breathalyzer", {ReportSource::breath}},
    {"co", {ReportSource::breath}},
    {"saliva", {ReportSource::saliva}},
    {"oral_fluid", {ReportSource::saliva}},
    {"blood", {ReportSource::blood}},
    {"plasma", {ReportSource::blood}},
    {"serum", {ReportSource::blood}},
    {"collateral", {ReportSource::collateral}},
    {"family", {ReportSource::collateral}},
    {"partner", {ReportSource::collateral}},
    {"friend", {ReportSource::collateral}},
    {"clinician", {ReportSource::clinician}},
    {"staff", {ReportSource::clinician}},
    {"chart", {ReportSource::clinician}},
    {"ehr", {ReportSource::clinician}},
    {"dispensing", {ReportSource::dispensing}},
    {"pharmacy", {ReportSource::dispensing}},
    {"dosing", {ReportSource::dispensing}},
    {"unstated", {ReportSource::unstated}},
    {"unknown", {ReportSource::unstated}},
    {"not_stated", {ReportSource::unstated}},
}};

struct YesNo {
  std::string_view word;
  UseWord use;
};
constexpr std::array<YesNo, 39> yes_no{{{"", UseWord::not_known},
                                        {"1", UseWord::yes},
                                        {"0", UseWord::no},
                                        {"yes", UseWord::yes},
                                        {"no", UseWord::no},
                                        {"true", UseWord::yes},
                                        {"false", UseWord::no},
                                        {"positive", UseWord::yes},
                                        {"negative", UseWord::no},
                                        {"pos", UseWord::yes},
                                        {"neg", UseWord::no},
                                        {"y", UseWord::yes},
                                        {"n", UseWord::no},
                                        {"t", UseWord::yes},
                                        {"f", UseWord::no},
                                        {"+", UseWord::yes},
                                        {"used", UseWord::yes},
                                        {"use", UseWord::yes},
                                        {"not_used", UseWord::no},
                                        {"no_use", UseWord::no},
                                        {"none", UseWord::no},
                                        {"detected", UseWord::yes},
                                        {"not_detected", UseWord::no},
                                        {"present", UseWord::yes},
                                        {"missing", UseWord::not_known},
                                        {"unknown", UseWord::not_known},
                                        {"not_known", UseWord::not_known},
                                        {"na", UseWord::not_known},
                                        {"n/a", UseWord::not_known},
                                        {"?", UseWord::not_known},
                                        {".", UseWord::not_known},
                                        {"not_done", UseWord::not_known},
                                        {"not_tested", UseWord::not_known},
                                        {"not_reported", UseWord::not_known},
                                        {"refused", UseWord::not_known},
                                        {"invalid", UseWord::not_known},
                                        {"inconclusive", UseWord::not_known},
                                        {"indeterminate", UseWord::not_known},
                                        {"pending", UseWord::not_known}}};

}  // namespace

std::optional<UseWord> use_word(std::string_view text) noexcept {
  if (text == "-") return UseWord::no;  // a hyphen reads as an underscore below
  for (const YesNo& known : yes_no) {
    if (same_word(text, known.word)) return known.use;
  }
  return std::nullopt;
}

bool same_word(std::string_view text, std::string_view word) noexcept {
  return text.size() == word.size() && std::ranges::equal(text, word, [](char a, char b) {
           if (a >= 'A' && a <= 'Z') return static_cast<char>(a + 32) == b;
           return (a == ' ' || a == '-' ? '_' : a) == b;
         });
}

bool is_known_unit(std::string_view unit) noexcept {
  return std::ranges::any_of(units, [&](std::string_view known) { return same_word(unit, known); });
}

std::optional<timeline::Route> known_route(std::string_view word) noexcept {
  for (const RouteWord& known : routes) {
    if (same_word(word, known.word)) return known.route;
  }
  return std::nullopt;
}

std::optional<KnownSource> known_source(std::string_view word) noexcept {
  for (const SourceWord& known : sources) {
    if (same_word(word, known.word)) return known.known;
  }
  return std::nullopt;
}

}  // namespace ombre::inline v0::io::detail
