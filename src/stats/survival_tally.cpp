#include "ombre/stats/survival_tally.hpp"

#include <algorithm>

#include "stats/log_rank_scan.hpp"
#include "stats/survival_table.hpp"

namespace ombre::inline v0::stats {

Result<void> SurvivalTally::add(std::span<const double> time, std::span<const std::uint8_t> event,
                                std::span<const std::uint32_t> group, const Runner& runner) {
  if (time.empty() && event.empty() && group.empty()) return {};
  if (auto good = detail::check_survival({time, event}); !good) return good;
  if (group.empty() ? cells_.size() != 1 : group.size() != time.size()) {
    return unexpected(error_at(Errc::size_mismatch, "group", std::nullopt,
                               static_cast<double>(group.size()),
                               "must have one entry for each time"));
  }
  for (std::size_t i = 0; i < time.size(); ++i) {
    if (time[i] < 0) {
      return unexpected(error_at(Errc::out_of_range, "time", i, time[i], "must be 0 or more"));
    }
    if (!group.empty() && group[i] >= cells_.size()) {
      return unexpected(error_at(Errc::out_of_range, "group", i, static_cast<double>(group[i]),
                                 "must be below the number of groups"));
    }
  }
  const auto tables = detail::plain_tables(time, event, group, cells_.size(), 0, runner);
  for (std::size_t g = 0; g < cells_.size(); ++g) {
    std::vector<Cell> fresh;
    fresh.reserve(tables[g].time.size());
    for (std::size_t j = 0; j < tables[g].time.size(); ++j) {
      fresh.push_back({tables[g].time[j], static_cast<std::uint64_t>(tables[g].events[j]),
                       static_cast<std::uint64_t>(tables[g].censored[j])});
    }
    merge(cells_[g], fresh);
  }
  return {};
}

void SurvivalTally::merge(std::vector<Cell>& into, const std::vector<Cell>& from) {
  if (from.empty()) return;
  if (into.empty()) {
    into = from;
    return;
  }
  std::vector<Cell> both;
  both.reserve(std::max(into.size(), from.size()));
  std::size_t a = 0;
  std::size_t b = 0;
  while (a < into.size() || b < from.size()) {
    if (b == from.size() || (a < into.size() && into[a].time < from[b].time)) {
      both.push_back(into[a++]);
    } else if (a == into.size() || from[b].time < into[a].time) {
      both.push_back(from[b++]);
    } else {
      both.push_back(
          {into[a].time, into[a].events + from[b].events, into[a].censored + from[b].censored});
      ++a;
      ++b;
    }
  }
  into = std::move(both);
}

Result<void> SurvivalTally::merge(const SurvivalTally& other) {
  if (other.cells_.size() != cells_.size()) {
    return unexpected(error_at(Errc::size_mismatch, "groups", std::nullopt,
                               static_cast<double>(other.cells_.size()),
                               "must be as many in both tallies"));
  }
  for (std::size_t g = 0; g < cells_.size(); ++g) merge(cells_[g], other.cells_[g]);
  return {};
}

std::uint64_t SurvivalTally::rows(std::size_t group) const noexcept {
  std::uint64_t sum = 0;
  for (const Cell& cell : cells_[group]) sum += cell.events + cell.censored;
  return sum;
}

Result<SurvivalCurve> SurvivalTally::curve(std::size_t group, const CurveOptions& options) const {
  if (group >= cells_.size()) {
    return unexpected(error_at(Errc::out_of_range, "group", std::nullopt,
                               static_cast<double>(group), "must be below the number of groups"));
  }
  if (options.error == CurveError::robust) {
    return unexpected(error_of(Errc::unsupported, "error",
                               "robust errors need the people, and a "
                               "tally only has counts"));
  }
  std::vector<double> time;
  for (const Cell& cell : cells_[group]) time.push_back(cell.time);
  const detail::JoinedTimes joined = detail::join_near_ties(time, options.tie_tolerance);
  detail::TimeTable table;
  const std::uint64_t all = rows(group);
  table.rows = static_cast<std::size_t>(all);
  std::vector<std::uint64_t> events(joined.time.size(), 0);
  std::vector<std::uint64_t> censored(joined.time.size(), 0);
  for (std::size_t j = 0; j < time.size(); ++j) {
    const std::size_t k = joined.place.empty() ? j : joined.place[j];
    events[k] += cells_[group][j].events;
    censored[k] += cells_[group][j].censored;
  }
  std::uint64_t left = all;
  table.time = joined.time;
  for (std::size_t k = 0; k < events.size(); ++k) {
    table.at_risk.push_back(static_cast<double>(left));
    table.events.push_back(static_cast<double>(events[k]));
    table.censored.push_back(static_cast<double>(censored[k]));
    left -= events[k] + censored[k];
  }
  return detail::curve_of(std::move(table), options);
}

Result<std::vector<WeightedLogRank>> SurvivalTally::log_rank(std::span<const RankWeight> weights,
                                                             const LogRankOptions& options) const {
  // Near-ties are judged over all groups together, as where the people are at hand.
  std::vector<double> distinct;
  for (const auto& cells : cells_) {
    for (const Cell& cell : cells) distinct.push_back(cell.time);
  }
  std::ranges::sort(distinct);
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  const std::vector<double> times = distinct;
  const detail::JoinedTimes joined =
      detail::join_near_ties(std::move(distinct), options.tie_tolerance);
  std::vector<detail::TimeTable> tables(cells_.size());
  for (std::size_t g = 0; g < cells_.size(); ++g) {
    detail::TimeTable& table = tables[g];
    table.rows = static_cast<std::size_t>(rows(g));
    for (const Cell& cell : cells_[g]) {
      double t = cell.time;
      if (!joined.place.empty()) {
        t = joined.time[joined.place[static_cast<std::size_t>(std::ranges::lower_bound(times, t) -
                                                              times.begin())]];
      }
      if (table.time.empty() || table.time.back() != t) {
        table.time.push_back(t);
        table.events.push_back(0);
        table.censored.push_back(0);
      }
      table.events.back() += static_cast<double>(cell.events);
      table.censored.back() += static_cast<double>(cell.censored);
    }
  }
  return detail::log_rank_of_tables(tables, weights);
}

}  // namespace ombre::inline v0::stats
