#pragma once
/// @file
/// Grid: every person's days in columns, one byte a day that says what is known of it.
///
/// A series is one person and one substance over that person's window. All series lie one behind
/// the other in two blocks: a state byte a day, and, only where some amount is known, a double a
/// day. That is 1 or 9 bytes a person-day: a million person-years with amounts take 3.3 GB, without
/// 365 MB, and a block of people at a time takes whatever the caller likes (PersonIndex).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/timeline/name_table.hpp"
#include "ombre/timeline/records.hpp"

namespace ombre::inline v0::timeline {

/// A day's byte: the UseState in the low two bits, and whether the person was in a controlled
/// environment in the third. Other bits are 0.
inline constexpr std::uint8_t state_mask = 0x03;
inline constexpr std::uint8_t controlled_bit = 0x04;

[[nodiscard]] constexpr UseState state_of(std::uint8_t day) noexcept {
  return static_cast<UseState>(day & state_mask);
}
[[nodiscard]] constexpr bool is_controlled(std::uint8_t day) noexcept {
  return (day & controlled_bit) != 0;
}
[[nodiscard]] constexpr std::uint8_t day_byte(UseState state, bool controlled = false) noexcept {
  return static_cast<std::uint8_t>(static_cast<std::uint8_t>(state) |
                                   (controlled ? controlled_bit : 0));
}

/// Where one person's days with one substance lie.
struct Series {
  std::uint32_t person = 0;     ///< index into Grid::persons()
  std::uint32_t substance = 0;  ///< index into Grid::substances()
  std::uint32_t unit = 0;       ///< of the amounts: index into Grid::units()
  std::int32_t first_day = 0;   ///< of the window
  std::uint32_t length = 0;     ///< days in the window, at least 1
  std::uint64_t offset = 0;     ///< of the first day in the columns
};

/// One series, to be read: day i is calendar or study day first_day + i.
///
/// `amount` is empty when nothing in the grid has an amount; otherwise it has the same length as
/// `state`, is > 0 where the state is `amount`, and 0 elsewhere.
struct DayView {
  std::span<const std::uint8_t> state;
  std::span<const double> amount;
  std::int32_t first_day = 0;

  [[nodiscard]] std::size_t size() const noexcept { return state.size(); }
  [[nodiscard]] UseState state_at(std::size_t i) const noexcept { return state_of(state[i]); }
  [[nodiscard]] double amount_at(std::size_t i) const noexcept {
    return amount.empty() ? 0.0 : amount[i];
  }
  /// Days `from` to `from + count - 1` of this view, cut at its end.
  [[nodiscard]] DayView part(std::size_t from, std::size_t count) const noexcept;
};

/// Checks that a view keeps its promises: lengths agree, no byte beyond state and controlled bit,
/// amounts finite and > 0 exactly where the state is `amount`.
/// @par Errors size_mismatch, out_of_range, not_finite
[[nodiscard]] OMBRE_EXPORT Result<void> check(const DayView& days);

/// Day series of many people. Made by build_grid(), or series by series by append().
class OMBRE_EXPORT Grid {
 public:
  explicit Grid(DayAxis axis = DayAxis::calendar) : axis_{axis} {}

  [[nodiscard]] DayAxis axis() const noexcept { return axis_; }
  [[nodiscard]] const NameTable& persons() const noexcept { return persons_; }
  [[nodiscard]] const NameTable& substances() const noexcept { return substances_; }
  [[nodiscard]] const NameTable& units() const noexcept { return units_; }

  [[nodiscard]] std::span<const Series> series() const noexcept { return series_; }
  [[nodiscard]] std::size_t size() const noexcept { return series_.size(); }
  [[nodiscard]] bool empty() const noexcept { return series_.empty(); }
  [[nodiscard]] std::uint64_t days() const noexcept { return state_.size(); }
  /// Bytes held by the day columns.
  [[nodiscard]] std::uint64_t bytes() const noexcept {
    return state_.size() + 8 * static_cast<std::uint64_t>(amount_.size());
  }

  [[nodiscard]] std::span<const std::uint8_t> state_column() const noexcept { return state_; }
  /// Empty when no day of the grid has an amount.
  [[nodiscard]] std::span<const double> amount_column() const noexcept { return amount_; }

  /// Days of series `index`, which must be below size().
  [[nodiscard]] DayView operator[](std::size_t index) const noexcept {
    const Series& s = series_[index];
    DayView view;
    view.state = std::span{state_}.subspan(s.offset, s.length);
    if (!amount_.empty()) view.amount = std::span{amount_}.subspan(s.offset, s.length);
    view.first_day = s.first_day;
    return view;
  }
  [[nodiscard]] std::string_view person_of(std::size_t index) const noexcept {
    return persons_[series_[index].person];
  }
  [[nodiscard]] std::string_view substance_of(std::size_t index) const noexcept {
    return substances_[series_[index].substance];
  }
  [[nodiscard]] std::string_view unit_of(std::size_t index) const noexcept {
    return units_[series_[index].unit];
  }
  /// The series of that person and substance, or nothing. Cost: linear in size().
  [[nodiscard]] std::optional<std::size_t> find(std::string_view person,
                                                std::string_view substance) const noexcept;

  /// Adds a series from days made elsewhere; it becomes the last one.
  /// @par Errors those of check(), empty_input (no day), too_large (2^32 days or more)
  [[nodiscard]] Result<void> append(std::string_view person, std::string_view substance,
                                    std::string_view unit, const DayView& days);

 private:
  friend class GridBuilder;

  DayAxis axis_;
  NameTable persons_;
  NameTable substances_;
  NameTable units_;
  std::vector<Series> series_;
  std::vector<std::uint8_t> state_;
  std::vector<double> amount_;
};

}  // namespace ombre::inline v0::timeline
