#include "ombre/outcomes/disclosure.hpp"

#include <vector>

#include "ombre/stats/descriptive.hpp"

namespace ombre::inline v0::outcomes {

Result<Disclosure> disclosure(std::span<const KnownEvent> events) {
  Disclosure out;
  std::vector<double> days;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const KnownEvent& e = events[i];
    if (e.known_on < e.happened_on) {
      return unexpected(
          error_at(Errc::out_of_range, "known_on", i, std::to_string(e.known_on),
                   "must not be before the event, on day " + std::to_string(e.happened_on)));
    }
    if (e.self_reported) {
      ++out.self_reported;
      days.push_back(static_cast<double>(std::int64_t{e.known_on} - e.happened_on));
    } else {
      ++out.found_otherwise;
    }
  }
  if (!events.empty()) {
    out.rate = static_cast<double>(out.self_reported) / static_cast<double>(events.size());
  }
  if (const auto d = stats::describe_values(days)) {
    out.mean_days_to_tell = d->mean;
    out.median_days_to_tell = d->median;
  }
  return out;
}

}  // namespace ombre::inline v0::outcomes
