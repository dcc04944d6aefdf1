#pragma once
// Days as a missing rule sees them, one by one, for rules that are not worth bit planes.

#include <algorithm>
#include <optional>
#include <vector>

#include "ombre/timeline/grid.hpp"
#include "ombre/timeline/missing.hpp"

namespace ombre::inline v0::outcomes {

struct CompletedDay {
  std::optional<bool> use;       // nothing: not known
  std::optional<double> amount;  // 0 on a day without use; nothing: not known
};

inline std::vector<CompletedDay> complete_days(const timeline::DayView& days,
                                               timeline::MissingRule rule) {
  using timeline::MissingRule;
  using timeline::UseState;
  std::optional<double> least;
  std::optional<double> most;
  for (std::size_t i = 0; i < days.size(); ++i) {
    if (days.state_at(i) != UseState::amount) continue;
    const double a = days.amount_at(i);
    least = least ? std::min(*least, a) : a;
    most = most ? std::max(*most, a) : a;
  }
  std::vector<CompletedDay> out(days.size());
  std::optional<bool> last_use;
  std::optional<double> last_amount;
  for (std::size_t i = 0; i < days.size(); ++i) {
    CompletedDay& d = out[i];
    switch (days.state_at(i)) {
      case UseState::none:
        d = {false, 0};
        break;
      case UseState::amount:
        d = {true, days.amount_at(i)};
        last_amount = days.amount_at(i);
        break;
      case UseState::used:
        d.use = true;
        if (rule == MissingRule::worst) d.amount = most;
        if (rule == MissingRule::best) d.amount = least;
        if (rule == MissingRule::locf) d.amount = last_amount;
        break;
      case UseState::unknown:
        if (rule == MissingRule::worst) d = {true, most};
        if (rule == MissingRule::best) d = {false, 0};
        if (rule == MissingRule::locf && last_use) {
          d.use = last_use;
          d.amount = *last_use ? last_amount : std::optional<double>{0};
        }
        break;
    }
    if (d.use) last_use = d.use;
  }
  return out;
}

}  // namespace ombre::inline v0::outcomes
