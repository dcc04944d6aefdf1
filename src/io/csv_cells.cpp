#include "csv_cells.hpp"

#include <algorithm>
#include <cmath>

#include "ombre/core/date.hpp"

namespace ombre::inline v0::io::detail {

namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool equal_word(std::string_view text, std::string_view lower) noexcept {
  return text.size() == lower.size() && std::ranges::equal(text, lower, [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
         });
}

// Why a text that is not a number is none.
CellFault why_no_number(std::string_view text) noexcept {
  if (text.front() == ' ' || text.back() == ' ' || text.front() == '\t' || text.back() == '\t') {
    return {Errc::malformed, "blanks_around_value", "must have no blanks around the number"};
  }
  std::string_view bare = text;
  if (bare.front() == '+' || bare.front() == '-') bare.remove_prefix(1);
  if (equal_word(bare, "nan")) {
    return {Errc::not_finite, "not_finite",
            "NaN is not a number: leave the cell empty where nothing is known"};
  }
  if (equal_word(bare, "inf") || equal_word(bare, "infinity")) {
    return {Errc::not_finite, "not_finite", "must be a finite number"};
  }
  if (bare.size() > 1 && bare[0] == '0' && (bare[1] == 'x' || bare[1] == 'X')) {
    return {Errc::malformed, "not_a_number", "must be a decimal number, not a hexadecimal one"};
  }
  bool digits_and_commas = !bare.empty() && bare.find(',') != std::string_view::npos;
  for (const char c : bare) {
    digits_and_commas = digits_and_commas && (is_digit(c) || c == ',' || c == '.');
  }
  if (digits_and_commas) {
    return {Errc::malformed, "not_a_number",
            "must be written with a decimal point and without thousands marks (1234.5)"};
  }
  if (text.front() == '+') {
    return {Errc::malformed, "not_a_number", "must be written without a plus sign"};
  }
  return {Errc::malformed, "not_a_number", "must be a number such as 2.5"};
}

}  // namespace

std::optional<CellFault> read_number_slowly(std::string_view text, double& value) noexcept {
  if (text.empty()) return CellFault{Errc::missing, "missing_value", "must not be empty"};
  const char* const end = text.data() + text.size();
  double read = 0;
  const auto [stop, problem] = std::from_chars(text.data(), end, read);
  if (stop == end && problem == std::errc::result_out_of_range) {
    return CellFault{Errc::out_of_range, "number_out_of_range",
                     "is beyond the range of numbers (about 1e-308 to 1e308)"};
  }
  if (stop != end || problem != std::errc{} || !std::isfinite(read)) return why_no_number(text);
  value = read;
  return std::nullopt;
}

std::optional<CellFault> read_integer(std::string_view text, std::int64_t& value) noexcept {
  if (text.empty()) return CellFault{Errc::missing, "missing_value", "must not be empty"};
  const char* const end = text.data() + text.size();
  std::int64_t read = 0;
  const auto [stop, problem] = std::from_chars(text.data(), end, read);
  if (stop == end && problem == std::errc::result_out_of_range) {
    return CellFault{Errc::out_of_range, "number_out_of_range",
                     "is beyond the range of 64-bit whole numbers"};
  }
  if (stop != end || problem != std::errc{}) {
    double number = 0;
    const auto fault = read_number(text, number);
    if (fault && fault->rule != "not_a_number") return fault;
    return CellFault{Errc::malformed, "not_a_whole_number", "must be a whole number"};
  }
  value = read;
  return std::nullopt;
}

std::optional<CellFault> read_date(std::string_view text, std::int32_t& day) noexcept {
  std::int32_t y = 0;
  std::int32_t m = 0;
  std::int32_t d = 0;
  if (text.empty()) return CellFault{Errc::missing, "missing_value", "must not be empty"};
  if (!read_date_shape(text, y, m, d)) {
    return CellFault{Errc::malformed, "not_a_date", "must be a date written as YYYY-MM-DD"};
  }
  constexpr std::int32_t longest[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (m < 1 || m > 12 || d < 1 || d > longest[m - 1] || (m == 2 && d == 29 && !is_leap_year(y))) {
    return CellFault{Errc::out_of_range, "impossible_date", "is not a day of the calendar"};
  }
  const std::int32_t number = day_number_of(y, m, d);
  if (number < Date::min().day_number() || number > Date::max().day_number()) {
    return CellFault{Errc::out_of_range, "impossible_date",
                     "must be from 1400-01-01 to 9999-12-31"};
  }
  day = number;
  return std::nullopt;
}

std::optional<CellFault> read_day_number_slowly(std::string_view text, std::int32_t& day) noexcept {
  std::int64_t value = 0;
  if (const auto fault = read_integer(text, value)) {
    if (fault->rule == "not_a_whole_number") {
      return CellFault{Errc::malformed, "not_a_day",
                       "must be a whole number of days, or a date written as YYYY-MM-DD"};
    }
    return fault;
  }
  constexpr std::int64_t most = 1'000'000;  // some 2700 years
  if (value < -most || value > most) {
    return CellFault{Errc::out_of_range, "not_a_day",
                     "is too far for a day number: write dates as YYYY-MM-DD"};
  }
  day = static_cast<std::int32_t>(value);
  return std::nullopt;
}

std::optional<CellFault> read_flag(std::string_view text, bool& value) noexcept {
  if (text == "1" || equal_word(text, "true")) {
    value = true;
  } else if (text == "0" || equal_word(text, "false")) {
    value = false;
  } else {
    return CellFault{Errc::malformed, "not_a_flag", "must be 1 or 0 (or true or false)"};
  }
  return std::nullopt;
}

DayKind looks_like(std::string_view text) noexcept {
  std::int32_t y = 0;
  std::int32_t m = 0;
  std::int32_t d = 0;
  if (read_date_shape(text, y, m, d)) return DayKind::date;
  std::string_view bare = text;
  if (!bare.empty() && bare.front() == '-') bare.remove_prefix(1);
  if (!bare.empty() && std::ranges::all_of(bare, is_digit)) return DayKind::number;
  return DayKind::undecided;
}

}  // namespace ombre::inline v0::io::detail
