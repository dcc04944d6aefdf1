#include "ombre/stats/split_intervals.hpp"

#include <algorithm>
#include <cmath>

namespace ombre::inline v0::stats {

Result<SplitIntervals> split_intervals(std::span<const double> time,
                                       std::span<const std::uint8_t> event,
                                       std::span<const double> entry,
                                       std::span<const double> cuts) {
  const std::size_t n = time.size();
  if (n == 0) return unexpected(error_of(Errc::empty_input, "time", "must not be empty"));
  if (event.size() != n) {
    return unexpected(error_at(Errc::size_mismatch, "event", std::nullopt,
                               static_cast<double>(event.size()),
                               "must have one entry for each time"));
  }
  if (!entry.empty() && entry.size() != n) {
    return unexpected(error_at(Errc::size_mismatch, "entry", std::nullopt,
                               static_cast<double>(entry.size()),
                               "must have one entry for each time"));
  }
  std::vector<double> at(cuts.begin(), cuts.end());
  for (std::size_t c = 0; c < at.size(); ++c) {
    if (!std::isfinite(at[c])) {
      return unexpected(error_at(Errc::not_finite, "cuts", c, at[c], "must be finite"));
    }
  }
  std::sort(at.begin(), at.end());
  at.erase(std::unique(at.begin(), at.end()), at.end());

  SplitIntervals out;
  for (std::size_t i = 0; i < n; ++i) {
    const double from = entry.empty() ? 0 : entry[i];
    if (!std::isfinite(time[i])) {
      return unexpected(error_at(Errc::not_finite, "time", i, time[i], "must be finite"));
    }
    if (!(from < time[i]) || !std::isfinite(from)) {
      return unexpected(error_at(Errc::out_of_range, entry.empty() ? "time" : "entry", i,
                                 entry.empty() ? time[i] : from,
                                 "an interval must begin before it ends"));
    }
    if (event[i] > 1) {
      return unexpected(error_at(Errc::out_of_range, "event", i, static_cast<double>(event[i]),
                                 "must be 0 or 1"));
    }
    // Cuts at the entry begin the first piece, cuts at the end would leave nothing after them.
    auto cut = std::upper_bound(at.begin(), at.end(), from);
    const auto end = std::lower_bound(cut, at.end(), time[i]);
    if (out.row.size() + static_cast<std::size_t>(end - cut) >= (std::size_t{1} << 31)) {
      return unexpected(error_at(Errc::too_large, "cuts", std::nullopt,
                                 static_cast<double>(at.size()), "make more than 2^31 pieces"));
    }
    double begin = from;
    for (;; ++cut) {
      const bool last = cut == end;
      out.row.push_back(static_cast<std::uint32_t>(i));
      out.episode.push_back(static_cast<std::uint32_t>(cut - at.begin()));
      out.entry.push_back(begin);
      out.time.push_back(last ? time[i] : *cut);
      out.event.push_back(last ? event[i] : std::uint8_t{0});
      if (last) break;
      begin = *cut;
    }
  }
  return out;
}

}  // namespace ombre::inline v0::stats
