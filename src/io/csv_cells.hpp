#pragma once
// Cells to values: numbers, days, yes and no. The common form of each is read by a few
// instructions; everything else goes to the careful path, which knows why something is wrong.

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

#include "ombre/core/error.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::io::detail {

// Why a cell was not accepted: an id for findings, a code for errors, a sentence for both.
struct CellFault {
  Errc code = Errc::malformed;
  std::string_view rule;      // stable id, such as "not_a_number"
  std::string_view sentence;  // "must be a number such as 2.5"
};

// 10 to the 0..22, all exact as doubles.
inline constexpr double powers_of_ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                           1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                           1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

// Digits with at most one point and at most 15 digits: mantissa and power of ten are both exact
// doubles, so one division rounds correctly (Clinger, PLDI 1990).
[[nodiscard]] inline bool read_plain_decimal(std::string_view text, double& value) noexcept {
  if (text.empty() || text.size() > 16) return false;
  std::uint64_t mantissa = 0;
  std::size_t digits = 0;
  std::size_t after_point = 0;
  bool point = false;
  for (const char c : text) {
    const auto digit = static_cast<unsigned>(static_cast<unsigned char>(c)) - '0';
    if (digit < 10) {
      mantissa = mantissa * 10 + digit;
      ++digits;
      after_point += point ? 1 : 0;
    } else if (c == '.' && !point) {
      point = true;
    } else {
      return false;
    }
  }
  if (digits == 0 || digits > 15 || text.back() == '.' || text.front() == '.') return false;
  value = static_cast<double>(mantissa) / powers_of_ten[after_point];
  return true;
}

// The careful path: a finite decimal number, or why not.
[[nodiscard]] std::optional<CellFault> read_number_slowly(std::string_view text,
                                                          double& value) noexcept;

// A finite number with decimal point; any sign.
[[nodiscard]] inline std::optional<CellFault> read_number(std::string_view text,
                                                          double& value) noexcept {
  if (read_plain_decimal(text, value)) return std::nullopt;
  return read_number_slowly(text, value);
}

// A whole number in the range of int64.
[[nodiscard]] std::optional<CellFault> read_integer(std::string_view text,
                                                    std::int64_t& value) noexcept;

// Days since 1970-01-01 of a Gregorian date (H. Hinnant, "chrono-compatible low-level date
// algorithms", days_from_civil). The calendar itself is core's; the tests hold this against it for
// every day there is.
[[nodiscard]] constexpr std::int32_t day_number_of(std::int32_t year, std::int32_t month,
                                                   std::int32_t day) noexcept {
  year -= month <= 2 ? 1 : 0;
  const std::int32_t era = year / 400;
  const std::int32_t year_of_era = year - era * 400;
  const std::int32_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const std::int32_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

// Whether the text has the shape dddd-dd-dd; then the three numbers.
[[nodiscard]] inline bool read_date_shape(std::string_view text, std::int32_t& year,
                                          std::int32_t& month, std::int32_t& day) noexcept {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto digit = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])) - '0';
  };
  const std::uint32_t d[8] = {digit(0), digit(1), digit(2), digit(3),
                              digit(5), digit(6), digit(8), digit(9)};
  std::uint32_t beyond = 0;
  for (const std::uint32_t x : d) beyond |= x > 9 ? 1U : 0U;
  if (beyond != 0) return false;
  year = static_cast<std::int32_t>(d[0] * 1000 + d[1] * 100 + d[2] * 10 + d[3]);
  month = static_cast<std::int32_t>(d[4] * 10 + d[5]);
  day = static_cast<std::int32_t>(d[6] * 10 + d[7]);
  return true;
}

// An ISO date as a day number, or why not.
[[nodiscard]] std::optional<CellFault> read_date(std::string_view text, std::int32_t& day) noexcept;

// The careful path of the next.
[[nodiscard]] std::optional<CellFault> read_day_number_slowly(std::string_view text,
                                                              std::int32_t& day) noexcept;

// A day number of a study: a whole number of at most a million days either side.
[[nodiscard]] inline std::optional<CellFault> read_day_number(std::string_view text,
                                                              std::int32_t& day) noexcept {
  const bool negative = !text.empty() && text.front() == '-';
  const std::string_view digits = text.substr(negative ? 1 : 0);
  if (digits.empty() || digits.size() > 6) return read_day_number_slowly(text, day);
  std::int32_t value = 0;
  for (const char c : digits) {
    const auto digit = static_cast<unsigned>(static_cast<unsigned char>(c)) - '0';
    if (digit > 9) return read_day_number_slowly(text, day);
    value = value * 10 + static_cast<std::int32_t>(digit);
  }
  day = negative ? -value : value;
  return std::nullopt;
}

// 1, 0, true, false (any case).
[[nodiscard]] std::optional<CellFault> read_flag(std::string_view text, bool& value) noexcept;

// A day column is all dates or all day numbers. This holds what the column turned out to be.
enum class DayKind : std::uint8_t { undecided, date, number };

// What a single cell looks like, whether or not it is valid.
[[nodiscard]] DayKind looks_like(std::string_view text) noexcept;

}  // namespace ombre::inline v0::io::detail
