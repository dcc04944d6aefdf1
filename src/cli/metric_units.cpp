#include "cli/metric_units.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include "core/text.hpp"
#include "ombre/core/error.hpp"
#include "ombre/substance/catalogue.hpp"

namespace ombre::cli {
namespace {

using ascii::trimmed;

/// A number of 0 or more at the front of `text`, which is taken away.
std::optional<double> take_number(std::string_view& text) {
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || !std::isfinite(value) || value < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

Unexpected usage(std::string_view option, std::string_view text, std::string_view rule) {
  return unexpected(error_at(Errc::malformed, option, std::nullopt, text, rule));
}

std::string take_substance(std::string_view& text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return {};
  const std::string name{trimmed(text.substr(0, colon))};
  text.remove_prefix(colon + 1);
  return name;
}

void respell(const timeline::NameTable& names, std::string& name) {
  if (name.empty() || names.find(name)) return;
  const std::string key = substance::folded(name);
  for (std::uint32_t i = 0; i < names.size(); ++i) {
    if (substance::folded(names[i]) == key) {
      name = names[i];
      return;
    }
  }
}

}  // namespace

Result<timeline::UnitFactor> parse_factor(const std::string& text) {
  constexpr std::string_view rule =
      "must be written UNIT=NUMBER UNIT, such as \"pint=20 g\" or \"alcohol:pint=20 g\"";
  timeline::UnitFactor out;
  std::string_view rest = text;
  out.substance = take_substance(rest);
  const auto equals = rest.find('=');
  if (equals == std::string_view::npos) return usage("--factor", text, rule);
  out.from = trimmed(rest.substr(0, equals));
  rest = trimmed(rest.substr(equals + 1));
  const auto number = take_number(rest);
  out.to = trimmed(rest);
  if (!number || *number <= 0 || out.from.empty() || out.to.empty()) {
    return usage("--factor", text, rule);
  }
  out.factor = *number;
  return out;
}

Result<timeline::AmountBounds> parse_bounds(const std::string& text) {
  constexpr std::string_view rule =
      "must be written LOW..HIGH, such as \"0..60\", \"alcohol:0..60\" or \"alcohol:0..60 "
      "drink_us\"";
  timeline::AmountBounds out;
  std::string_view rest = text;
  out.substance = take_substance(rest);
  rest = trimmed(rest);
  const auto dots = rest.find("..");
  if (dots == std::string_view::npos) return usage("--bounds", text, rule);
  std::string_view first = rest.substr(0, dots);
  rest.remove_prefix(dots + 2);
  const auto low = take_number(first);
  const auto high = take_number(rest);
  if (!low || !first.empty() || !high || *high <= 0 || *high < *low ||
      *high > timeline::largest_amount) {
    return usage("--bounds", text, rule);
  }
  out.lowest = *low;
  out.highest = *high;
  out.unit = trimmed(rest);
  return out;
}

Result<timeline::OutlierAction> parse_outlier(const std::string& text) {
  using timeline::OutlierAction;
  const std::map<std::string, OutlierAction> known{{"report", OutlierAction::report},
                                                   {"clamp", OutlierAction::clamp},
                                                   {"unknown", OutlierAction::amount_unknown},
                                                   {"drop", OutlierAction::drop}};
  const auto at = known.find(text);
  if (at == known.end()) {
    return usage("--outlier", text, "must be report, clamp, unknown or drop");
  }
  return at->second;
}

void spell_as(const timeline::Records& records, timeline::BuildOptions& build) {
  for (timeline::UnitFactor& factor : build.units) {
    respell(records.substances(), factor.substance);
    respell(records.units(), factor.from);
    respell(records.units(), factor.to);
  }
  for (timeline::AmountBounds& bounds : build.bounds) {
    respell(records.substances(), bounds.substance);
    respell(records.units(), bounds.unit);
  }
}

void unify_ethanol(const timeline::Records& records, const outcomes::EthanolUnits& how,
                   std::vector<timeline::UnitFactor>& factors, Findings& findings) {
  if (records.units().size() < 2) return;
  const auto& names = records.substances();
  std::vector<bool> alcohol(names.size());
  bool any = false;
  for (std::uint32_t s = 0; s < names.size(); ++s) {
    alcohol[s] = outcomes::is_ethanol(names[s], how);
    any = any || alcohol[s];
  }
  if (!any) return;
  std::map<std::uint32_t, std::map<std::uint32_t, std::uint64_t>> rows;  // substance, unit
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::uint32_t s = records.substance_column()[i];
    if (!alcohol[s] || records.state_column()[i] != timeline::UseState::amount) continue;
    ++rows[s][records.unit_column()[i]];
  }
  for (const auto& [substance, units] : rows) {
    const auto s = substance;  // clang 14 captures no structured binding
    if (units.size() < 2) continue;
    struct Known {
      std::string name;
      double grams;
      std::uint64_t rows;
    };
    std::vector<Known> known;
    for (const auto& [unit, count] : units) {
      const std::string name{records.units()[unit]};
      const bool given = std::ranges::any_of(factors, [&](const timeline::UnitFactor& f) {
        return f.from == name && (f.substance.empty() || f.substance == names[s]);
      });
      if (given) continue;
      if (const auto grams = outcomes::ethanol_g_of_unit(name, how)) {
        known.push_back({name, *grams, count});
      }
    }
    if (known.size() < 2) continue;
    const auto most = std::ranges::max_element(known, [](const Known& a, const Known& b) {
      return a.rows != b.rows ? a.rows < b.rows : a.name > b.name;
    });
    std::string list;
    for (const Known& unit : known) {
      list += (list.empty() ? "" : ", ") + (unit.name.empty() ? "(no unit)" : unit.name);
      if (&unit == &*most) continue;
      factors.push_back({std::string{names[s]}, unit.name, most->name, unit.grams / most->grams});
    }
    Finding finding;
    finding.severity = Severity::note;
    finding.rule = "units_converted";
    finding.text =
        "Amounts in these units were counted in \"" + most->name + "\", by their grams of ethanol.";
    finding.field = std::string{names[s]};
    finding.value = list;
    findings.add(std::move(finding));
  }
}

}  // namespace ombre::cli
