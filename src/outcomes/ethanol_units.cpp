#include "ombre/outcomes/ethanol_units.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "ombre/substance/alcohol.hpp"

namespace ombre::inline v0::outcomes {
namespace {

std::string tidy(std::string_view text) {
  std::string out;
  for (char c : ascii::lower(text)) {
    if (c == ' ' || c == '.' || c == '-') c = '_';
    if (c == '{' || c == '}') continue;  // UCUM annotations: {standard_drink}
    out += c;
  }
  return out;
}

bool is_drink(std::string_view word) {
  constexpr std::array<std::string_view, 7> words{
      "drink", "drinks", "standard_drink", "standard_drinks", "sd", "unit", "units"};
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::optional<double> drink_of(std::string_view country) {
  const auto size = substance::drink_size(country);
  if (!size) return std::nullopt;
  return size->grams();
}

}  // namespace

std::optional<double> ethanol_g_of_unit(std::string_view unit, const EthanolUnits& how) {
  const std::string word = tidy(unit);
  constexpr std::array<std::string_view, 6> grams{"g",         "gram",         "grams",
                                                  "g_ethanol", "gram_ethanol", "grams_ethanol"};
  if (std::find(grams.begin(), grams.end(), word) != grams.end()) return 1;
  if (word.empty() || is_drink(word)) {
    if (how.plain_drink) return how.plain_drink->grams();
    return std::nullopt;
  }
  const std::string_view view = word;
  if (const auto at = view.rfind('_');
      at != std::string_view::npos && is_drink(view.substr(0, at))) {
    return drink_of(view.substr(at + 1));
  }
  if (const auto at = view.find('_');
      at != std::string_view::npos && is_drink(view.substr(at + 1))) {
    return drink_of(view.substr(0, at));
  }
  return std::nullopt;
}

bool is_ethanol(std::string_view substance, const EthanolUnits& how) {
  const std::string mine = tidy(substance);
  return std::any_of(how.substances.begin(), how.substances.end(),
                     [&](const std::string& known) { return tidy(known) == mine; });
}

std::vector<std::uint8_t> is_ethanol(const timeline::Grid& grid, const EthanolUnits& how) {
  std::vector<std::uint8_t> of_substance(grid.substances().size());
  for (std::uint32_t s = 0; s < of_substance.size(); ++s) {
    of_substance[s] = is_ethanol(grid.substances()[s], how) ? 1 : 0;
  }
  std::vector<std::uint8_t> out;
  out.reserve(grid.size());
  for (const timeline::Series& s : grid.series()) out.push_back(of_substance[s.substance]);
  return out;
}

std::vector<double> ethanol_per_unit(const timeline::Grid& grid, const EthanolUnits& how) {
  std::vector<double> of_unit(grid.units().size());
  for (std::uint32_t u = 0; u < of_unit.size(); ++u) {
    of_unit[u] = ethanol_g_of_unit(grid.units()[u], how).value_or(0);
  }
  std::vector<bool> alcohol(grid.substances().size());
  for (std::uint32_t s = 0; s < alcohol.size(); ++s) {
    alcohol[s] = is_ethanol(grid.substances()[s], how);
  }
  std::vector<double> out;
  out.reserve(grid.size());
  for (const timeline::Series& s : grid.series()) {
    out.push_back(alcohol[s.substance] ? of_unit[s.unit] : 0);
  }
  return out;
}

}  // namespace ombre::inline v0::outcomes
