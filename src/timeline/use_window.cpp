#include "ombre/timeline/use_window.hpp"

#include <algorithm>
#include <vector>

namespace ombre::inline v0::timeline {

Result<spectrum::UseWindow> window_of(const DayView& days, std::size_t from, std::size_t count) {
  if (auto ok = check(days); !ok) return unexpected(ok.error());
  if (from >= days.size() || count == 0) {
    return unexpected(error_at(Errc::empty_input, "from", std::nullopt, static_cast<double>(from),
                               "must be a day of the view"));
  }
  const std::size_t to = from + std::min(count, days.size() - from);
  std::vector<spectrum::DayUse> out;
  out.reserve(to - from);
  for (std::size_t i = from; i < to; ++i) {
    spectrum::DayUse day;
    switch (days.state_at(i)) {
      case UseState::none:
        day.kind = spectrum::DayUse::Kind::none;
        break;
      case UseState::amount:
        day.kind = spectrum::DayUse::Kind::amount;
        day.amount = days.amount_at(i);
        break;
      case UseState::used:
        day.kind = spectrum::DayUse::Kind::used;
        break;
      case UseState::unknown:
        day.kind = spectrum::DayUse::Kind::unknown;
        break;
    }
    day.controlled = is_controlled(days.state[i]);
    out.push_back(day);
  }
  return spectrum::use_window(out, days.first_day + static_cast<std::int32_t>(from));
}

}  // namespace ombre::inline v0::timeline
