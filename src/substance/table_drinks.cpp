// Grams of pure ethanol in one standard drink, by country.

#include <array>

#include "ombre/substance/rows.hpp"
#include "sources.hpp"

namespace ombre::inline v0::substance {
namespace {

constexpr auto verified = Confidence::verified;
constexpr auto known = Confidence::known;
constexpr auto uncertain = Confidence::uncertain;

// What was not read again carries a source of its own.
constexpr const Source* listed(Confidence confidence) {
  return confidence == known ? &cite::drinks_unread : &cite::drinks_survey;
}
constexpr StandardDrink one(std::string_view code, std::string_view country, double grams,
                            Confidence confidence, std::string_view note = "") {
  return {code, country, {grams, grams}, true, listed(confidence), confidence, note};
}
// With a source of its own.
constexpr StandardDrink one(std::string_view code, std::string_view country, double grams,
                            Confidence confidence, std::string_view note, const Source& source) {
  return {code, country, {grams, grams}, true, &source, confidence, note};
}
constexpr StandardDrink range(std::string_view code, std::string_view country, double low,
                              double high, Confidence confidence, std::string_view note = "") {
  return {code, country, {low, high}, false, listed(confidence), confidence, note};
}

constexpr std::array table{
    one("AUDIT", "WHO reference (AUDIT)", 10, known, "WHO reference unit", cite::who_audit),
    one("AL", "Albania", 10, verified, "14 g also listed"),
    one("AR", "Argentina", 14, verified),
    one("AU", "Australia", 10, verified, "", cite::nhmrc_2020),
    one("AT", "Austria", 20, verified, "largest government value"),
    one("BJ", "Benin", 14, verified),
    one("BA", "Bosnia and Herzegovina", 10, verified),
    one("CA", "Canada", 13.45, verified, "also printed as 13.5 and 13.6", cite::ccsa_2023),
    one("CL", "Chile", 14, verified),
    one("CN", "China", 10, verified),
    one("HR", "Croatia", 10, verified),
    one("DK", "Denmark", 12, verified),
    one("EE", "Estonia", 10, known),
    one("FI", "Finland", 12, known),
    one("FR", "France", 10, verified),
    one("DE", "Germany", 10, verified, "10-12 g in use"),
    one("GR", "Greece", 10, known),
    one("HK", "Hong Kong", 10, verified),
    one("HU", "Hungary", 10, uncertain, "older lists say 17"),
    one("IS", "Iceland", 8, verified, "some later lists say 10"),
    one("IN", "India", 10, verified, "one list says 8"),
    one("IE", "Ireland", 10, verified),
    one("IT", "Italy", 12, verified),
    one("JP", "Japan", 20, verified, "older 19.75; guideline text now also counts per 10 g"),
    one("LU", "Luxembourg", 12.8, verified),
    one("MT", "Malta", 8, uncertain),
    range("MX", "Mexico", 13, 14, verified),
    one("NL", "Netherlands", 10, known),
    one("NZ", "New Zealand", 10, verified),
    one("NO", "Norway", 12.8, uncertain, "12 in some lists"),
    one("PL", "Poland", 10, known),
    range("PT", "Portugal", 10, 12, known, "seen printed in mL in one list"),
    one("SG", "Singapore", 10, verified),
    one("SI", "Slovenia", 10, known),
    one("ZA", "South Africa", 12, uncertain, "not officially classified in one list"),
    one("ES", "Spain", 10, known),
    one("SE", "Sweden", 12, known),
    range("CH", "Switzerland", 10, 12, verified),
    one("TH", "Thailand", 10, known),
    one("GB", "United Kingdom", 8, verified, "the unit: 10 mL, 8 g by convention", cite::uk_unit),
    one("US", "United States", 14, verified, "0.6 fl oz", cite::niaaa_drink),
    one("UY", "Uruguay", 10, uncertain),
    one("VN", "Vietnam", 10, verified),
};

}  // namespace

std::span<const StandardDrink> standard_drinks() noexcept { return table; }

}  // namespace ombre::inline v0::substance
