#include "ombre/timeline/episodes.hpp"

#include "timeline/day_bits.hpp"

namespace ombre::inline v0::timeline {
namespace {

constexpr std::array<std::string_view, missing_rule_count> missing_names{"exclude", "worst", "best",
                                                                         "locf"};

}  // namespace

std::string_view name(MissingRule rule) noexcept {
  const auto i = static_cast<std::size_t>(rule);
  return i < missing_names.size() ? missing_names[i] : "invalid";
}

Result<MissingRule> parse_missing_rule(std::string_view text) {
  for (const MissingRule rule : missing_rules) {
    if (name(rule) == text) return rule;
  }
  return unexpected(error_at(Errc::unknown_name, "missing", std::nullopt, text,
                             "must be one of exclude, worst, best, locf"));
}

Result<std::vector<UseEpisode>> use_episodes(const DayView& days, EpisodeRule rule,
                                             MissingRule missing) {
  if (rule.gap_days < 1) {
    return unexpected(error_at(Errc::out_of_range, "gap_days", std::nullopt,
                               std::to_string(rule.gap_days), "must be at least 1"));
  }
  if (rule.grace_days < 0) {
    return unexpected(error_at(Errc::out_of_range, "grace_days", std::nullopt,
                               std::to_string(rule.grace_days), "must be 0 or more"));
  }
  if (auto fine = check(days); !fine) return unexpected(fine.error());
  const auto grace = std::min(static_cast<std::size_t>(rule.grace_days), days.size());
  const auto gap = static_cast<std::size_t>(rule.gap_days);
  bits::DayBits bits;
  bits.load(days.state.subspan(grace));
  const bits::UsePlanes planes = bits.planes(missing);
  std::vector<UseEpisode> out;
  std::size_t end_before = 0;
  bits::for_each_run(planes.use, bits.size(), [&](std::size_t first, std::size_t end) {
    const std::size_t between = bits::count(planes.none, end_before, first);
    if (out.empty() || between >= gap) {
      UseEpisode e;
      e.first = static_cast<std::uint32_t>(first);
      e.open_start = out.empty() && between < gap;
      out.push_back(e);
    }
    out.back().last = static_cast<std::uint32_t>(end - 1);
    out.back().use_days += static_cast<std::uint32_t>(end - first);
    end_before = end;
  });
  if (!out.empty()) {
    out.back().open_end = bits::count(planes.none, end_before, bits.size()) < gap;
  }
  for (UseEpisode& e : out) {
    e.first += static_cast<std::uint32_t>(grace);
    e.last += static_cast<std::uint32_t>(grace);
  }
  return out;
}

std::vector<std::uint32_t> intervals_between(std::span<const UseEpisode> episodes) {
  std::vector<std::uint32_t> out;
  for (std::size_t i = 1; i < episodes.size(); ++i) {
    out.push_back(episodes[i].first - episodes[i - 1].last - 1);
  }
  return out;
}

Result<std::vector<AbstinentRun>> abstinent_runs(const DayView& days, std::int32_t at_least_days,
                                                 MissingRule missing) {
  if (at_least_days < 1) {
    return unexpected(error_at(Errc::out_of_range, "at_least_days", std::nullopt,
                               std::to_string(at_least_days), "must be at least 1"));
  }
  if (auto fine = check(days); !fine) return unexpected(fine.error());
  bits::DayBits bits;
  bits.load(days.state);
  std::vector<AbstinentRun> out;
  bits::for_each_run(
      bits.planes(missing).none, bits.size(), [&](std::size_t first, std::size_t end) {
        if (end - first < static_cast<std::size_t>(at_least_days)) return;
        out.push_back({static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(end - 1)});
      });
  return out;
}

Result<EpisodeSeverity> episode_severity(const DayView& days, const UseEpisode& episode) {
  if (episode.first > episode.last || episode.last >= days.size()) {
    return unexpected(error_at(Errc::out_of_range, "episode.last", std::nullopt,
                               std::to_string(episode.last),
                               "must be a day of the view, from the episode's first day on"));
  }
  EpisodeSeverity out;
  double total = 0;
  double largest = 0;
  for (std::size_t i = episode.first; i <= episode.last; ++i) {
    switch (days.state_at(i)) {
      case UseState::none:
        break;
      case UseState::amount:
        ++out.known_amount_days;
        total += days.amount_at(i);
        largest = std::max(largest, days.amount_at(i));
        break;
      case UseState::used:
      case UseState::unknown:
        ++out.unknown_amount_days;
        break;
    }
  }
  if (out.known_amount_days > 0) {
    out.total = total;
    out.mean_per_use_day = total / out.known_amount_days;
    out.largest = largest;
  }
  return out;
}

}  // namespace ombre::inline v0::timeline
