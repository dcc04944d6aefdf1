#include "ombre/timeline/grid.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ombre::inline v0::timeline {

DayView DayView::part(std::size_t from, std::size_t count) const noexcept {
  from = std::min(from, state.size());
  count = std::min(count, state.size() - from);
  DayView view;
  view.state = state.subspan(from, count);
  if (!amount.empty()) view.amount = amount.subspan(from, count);
  view.first_day = first_day + static_cast<std::int32_t>(from);
  return view;
}

Result<void> check(const DayView& days) {
  if (!days.amount.empty() && days.amount.size() != days.state.size()) {
    return unexpected(error_at(Errc::size_mismatch, "amount", std::nullopt,
                               std::to_string(days.amount.size()),
                               "must have one value for each of the " +
                                   std::to_string(days.state.size()) + " days, or none"));
  }
  for (std::size_t i = 0; i < days.state.size(); ++i) {
    if ((days.state[i] & ~(state_mask | controlled_bit)) != 0) {
      return unexpected(error_at(Errc::out_of_range, "state", i, std::to_string(days.state[i]),
                                 "must be a state of 0 to 3, plus 4 for a controlled day"));
    }
    const bool has = days.state_at(i) == UseState::amount;
    const double a = days.amount_at(i);
    if (!std::isfinite(a)) {
      return unexpected(error_at(Errc::not_finite, "amount", i, a, "must be a finite number"));
    }
    if (has ? !(a > 0) : a != 0) {
      return unexpected(error_at(Errc::out_of_range, "amount", i, a,
                                 has ? "must be more than 0 where the state is amount"
                                     : "must be 0 where the state is not amount"));
    }
    if (a > largest_amount) {
      return unexpected(error_at(Errc::out_of_range, "amount", i, a,
                                 "must be at most " + shortest(largest_amount)));
    }
  }
  return {};
}

std::optional<std::size_t> Grid::find(std::string_view person,
                                      std::string_view substance) const noexcept {
  const auto p = persons_.find(person);
  const auto s = substances_.find(substance);
  if (!p || !s) return std::nullopt;
  for (std::size_t i = 0; i < series_.size(); ++i) {
    if (series_[i].person == *p && series_[i].substance == *s) return i;
  }
  return std::nullopt;
}

Result<void> Grid::append(std::string_view person, std::string_view substance,
                          std::string_view unit, const DayView& days) {
  if (days.state.empty()) {
    return unexpected(error_of(Errc::empty_input, "days", "must have at least one day"));
  }
  if (days.state.size() >= std::numeric_limits<std::uint32_t>::max()) {
    return unexpected(error_of(Errc::too_large, "days", "must be fewer than 2^32 - 1"));
  }
  if (auto fine = check(days); !fine) return fine;
  const auto p = persons_.intern(person);
  if (!p) return unexpected(p.error());
  const auto s = substances_.intern(substance);
  if (!s) return unexpected(s.error());
  const auto u = units_.intern(unit);
  if (!u) return unexpected(u.error());
  Series series;
  series.person = *p;
  series.substance = *s;
  series.unit = *u;
  series.first_day = days.first_day;
  series.length = static_cast<std::uint32_t>(days.state.size());
  series.offset = state_.size();
  const bool has_amount =
      std::any_of(days.amount.begin(), days.amount.end(), [](double a) { return a > 0; });
  if (has_amount || !amount_.empty()) amount_.resize(state_.size(), 0.0);
  state_.insert(state_.end(), days.state.begin(), days.state.end());
  if (has_amount) {
    amount_.insert(amount_.end(), days.amount.begin(), days.amount.end());
  } else if (!amount_.empty()) {
    amount_.resize(state_.size(), 0.0);
  }
  series_.push_back(series);
  return {};
}

}  // namespace ombre::inline v0::timeline
