#include "ombre/plans/amount.hpp"

#include <array>
#include <cmath>
#include <utility>

namespace ombre::inline v0::plans {

namespace {

constexpr std::array<std::pair<std::string_view, DoseUnit>, 11> unit_names{{
    {"mg", DoseUnit::mg},
    {"mcg", DoseUnit::mcg},
    {"g", DoseUnit::g},
    {"mL", DoseUnit::ml},
    {"mcg/h", DoseUnit::mcg_per_h},
    {"g ethanol", DoseUnit::g_ethanol},
    {"drinks", DoseUnit::drinks},
    {"cigarettes", DoseUnit::cigarettes},
    {"THC units", DoseUnit::thc_units},
    {"occasions", DoseUnit::occasions},
    {"money", DoseUnit::money},
}};

constexpr std::array<std::pair<std::string_view, DoseUnit>, 9> other_unit_names{{
    {"ug", DoseUnit::mcg},
    {"\u00b5g", DoseUnit::mcg},  // micro sign
    {"\u03bcg", DoseUnit::mcg},  // Greek mu
    {"ml", DoseUnit::ml},
    {"ug/h", DoseUnit::mcg_per_h},
    {"\u00b5g/h", DoseUnit::mcg_per_h},
    {"mcg_per_h", DoseUnit::mcg_per_h},
    {"g_ethanol", DoseUnit::g_ethanol},
    {"thc_units", DoseUnit::thc_units},
}};

/// Millionths of a milligram in a unit of mass; 0 for anything else.
constexpr std::int64_t mass_scale(DoseUnit unit) noexcept {
  switch (unit) {
    case DoseUnit::mcg:
      return 1'000;
    case DoseUnit::mg:
      return 1'000'000;
    case DoseUnit::g:
      return 1'000'000'000;
    default:
      return 0;
  }
}

std::string micro_text(std::int64_t micro) {
  // Through unsigned, so that the most negative step also has a magnitude.
  const auto magnitude = micro < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(micro)
                                   : static_cast<std::uint64_t>(micro);
  std::string out = micro < 0 ? "-" : "";
  out += std::to_string(magnitude / 1'000'000);
  if (const std::uint64_t rest = magnitude % 1'000'000; rest != 0) {
    std::string decimals = std::to_string(rest);
    decimals.insert(0, 6 - decimals.size(), '0');
    decimals.erase(decimals.find_last_not_of('0') + 1);
    out += '.';
    out += decimals;
  }
  return out;
}

}  // namespace

std::string_view name(DoseUnit unit) noexcept {
  for (const auto& [text, value] : unit_names) {
    if (value == unit) return text;
  }
  return "unknown unit";
}

Result<DoseUnit> dose_unit(std::string_view text) {
  for (const auto& [known, unit] : unit_names) {
    if (known == text) return unit;
  }
  for (const auto& [known, unit] : other_unit_names) {
    if (known == text) return unit;
  }
  return unexpected(error_at(Errc::unknown_name, "unit", std::nullopt, text,
                             "must be one of mg, mcg, g, mL, mcg/h, g ethanol, drinks, cigarettes, "
                             "THC units, occasions, money"));
}

std::string text(AmountStep step) {
  return micro_text(step.micro) + ' ' + std::string{name(step.unit)};
}

Result<Share> Share::from_millionths(std::int64_t millionths) {
  if (millionths < 0 || millionths > 1'000'000) {
    return unexpected(error_at(Errc::out_of_range, "share", std::nullopt,
                               std::to_string(millionths), "must be 0 to 1000000 millionths"));
  }
  return Share{static_cast<std::int32_t>(millionths)};
}

Result<Amount> Amount::from_micro(std::int64_t micro, DoseUnit unit) {
  if (micro < 0 || micro > max_micro) {
    return unexpected(error_at(Errc::out_of_range, "amount", std::nullopt, micro_text(micro),
                               "must be 0 to 1000000000"));
  }
  return Amount{micro, unit};
}

Result<Amount> Amount::parse(std::string_view decimal, DoseUnit unit) {
  const auto refuse = [&](Errc code, std::string_view rule) {
    return unexpected(error_at(code, "amount", std::nullopt, decimal, rule));
  };
  constexpr std::string_view form = "must be a plain decimal number such as 12.5";
  std::int64_t micro = 0;
  std::int64_t place = 0;  // 0 before the point; then the worth of the next decimal, 0 when spent
  bool point = false;
  bool digits = false;
  bool digits_after = false;
  for (const char c : decimal) {
    if (c == '.') {
      if (point || !digits) return refuse(Errc::malformed, form);
      point = true;
      place = 100'000;
      continue;
    }
    if (c < '0' || c > '9') return refuse(Errc::malformed, form);
    const std::int64_t digit = c - '0';
    if (!point) {
      digits = true;
      micro = micro * 10 + digit * 1'000'000;
      if (micro > max_micro) return refuse(Errc::out_of_range, "must be 0 to 1000000000");
    } else {
      digits_after = true;
      if (place == 0 && digit != 0) {
        return refuse(Errc::malformed, "must have no more than six decimals");
      }
      micro += digit * place;
      place /= 10;
    }
  }
  if (!digits || (point && !digits_after)) return refuse(Errc::malformed, form);
  if (micro > max_micro) return refuse(Errc::out_of_range, "must be 0 to 1000000000");
  return Amount{micro, unit};
}

Result<Amount> Amount::parse(std::string_view with_unit) {
  const std::size_t end = with_unit.find_first_not_of("0123456789.");
  if (end == std::string_view::npos) {
    return unexpected(error_at(Errc::malformed, "amount", std::nullopt, with_unit,
                               "must name its unit, as in 12.5 mg"));
  }
  std::string_view unit_part = with_unit.substr(end);
  if (unit_part.starts_with(' ')) unit_part.remove_prefix(1);
  const Result<DoseUnit> unit = dose_unit(unit_part);
  if (!unit) {
    // "2,5 mg", "-20 mg", "1e3 mg": a known unit stands behind a number that is not one.
    const std::size_t blank = with_unit.find(' ');
    if (end == 0 || (blank != std::string_view::npos && dose_unit(with_unit.substr(blank + 1)))) {
      return unexpected(error_at(Errc::malformed, "amount", std::nullopt, with_unit,
                                 "must begin with a plain decimal number of 0 or more, as in "
                                 "12.5 mg"));
    }
    return unexpected(unit.error());
  }
  return parse(with_unit.substr(0, end), *unit);
}

Result<Amount> Amount::nearest(double value, DoseUnit unit) {
  if (!std::isfinite(value)) {
    return unexpected(error_at(Errc::not_finite, "amount", std::nullopt, value, "must be finite"));
  }
  if (value < 0 || value > 1e9) {
    return unexpected(
        error_at(Errc::out_of_range, "amount", std::nullopt, value, "must be 0 to 1000000000"));
  }
  return Amount{static_cast<std::int64_t>(std::nearbyint(value * 1e6)), unit};
}

Result<Amount> Amount::in(DoseUnit unit) const {
  if (unit == unit_) return *this;
  const std::int64_t from = mass_scale(unit_);
  const std::int64_t to = mass_scale(unit);
  const auto refuse = [&](Errc code, std::string_view rule) {
    return unexpected(error_at(code, "amount", std::nullopt, text(*this), rule));
  };
  if (from == 0 || to == 0) {
    return refuse(Errc::not_computable, "converts between mg, mcg and g only");
  }
  if (from >= to) {
    const std::int64_t factor = from / to;
    if (micro_ > max_micro / factor) {
      return refuse(Errc::out_of_range, "must be 0 to 1000000000 in the new unit");
    }
    return Amount{micro_ * factor, unit};
  }
  const std::int64_t divisor = to / from;
  if (micro_ % divisor != 0) {
    return refuse(Errc::not_computable, "is finer than a millionth of the new unit");
  }
  return Amount{micro_ / divisor, unit};
}

Result<Amount> Amount::plus(Amount other) const {
  if (other.unit_ != unit_) {
    return unexpected(error_at(Errc::contradiction, "amount", std::nullopt, text(other),
                               "must have the unit of the amount it is added to"));
  }
  return from_micro(micro_ + other.micro_, unit_);
}

Result<Amount> Amount::times(std::int64_t times) const {
  if (times < 0 || (micro_ != 0 && times > max_micro / micro_)) {
    return unexpected(error_at(Errc::out_of_range, "times", std::nullopt, std::to_string(times),
                               "must be 0 or more and keep the amount below 1000000000"));
  }
  return Amount{micro_ * times, unit_};
}

std::string number_text(Amount amount) { return micro_text(amount.micro()); }

std::string text(Amount amount) {
  return micro_text(amount.micro()) + ' ' + std::string{name(amount.unit())};
}

}  // namespace ombre::inline v0::plans
