#include "stats/survival_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "stats/part_sort.hpp"
#include "stats/sort_keys.hpp"

namespace ombre::inline v0::stats::detail {
namespace {

constexpr std::size_t most_days = 65536;

double mean_size(std::span<const double> sorted_distinct) {
  CarefulSum sizes;
  for (const double t : sorted_distinct) sizes.add(std::abs(t));
  return sorted_distinct.empty() ? 0 : sizes.value() / static_cast<double>(sorted_distinct.size());
}

// R's rule for two neighbours.
bool near(double gap, double mean, double tolerance) {
  return gap <= tolerance || gap / mean <= tolerance;
}

bool any_near_ties(std::span<const double> sorted_distinct, double tolerance) {
  if (!(tolerance > 0)) return false;
  const double mean = mean_size(sorted_distinct);
  const double far = 1.000001 * tolerance * std::max(1.0, mean);  // saves the divisions
  for (std::size_t i = 1; i < sorted_distinct.size(); ++i) {
    const double gap = sorted_distinct[i] - sorted_distinct[i - 1];
    if (gap <= far && near(gap, mean, tolerance)) return true;
  }
  return false;
}

// Events and censorings by (group, day); nothing where a time is no whole day.
struct DayCounts {
  std::vector<std::uint32_t> cells;  // (group * days + day) * 2 + event
  std::size_t days = 0;              // one more than the last day
  bool whole = true;
};

DayCounts count_days(std::span<const double> time, std::span<const std::uint8_t> event,
                     std::span<const std::uint32_t> group, std::size_t groups, std::size_t begin,
                     std::size_t end) {
  DayCounts out;
  // Days are few as a rule; the table grows when a later one turns up.
  std::size_t days = 512;
  std::vector<std::uint32_t>& cells = out.cells;
  cells.assign(groups * days * 2, 0);
  for (std::size_t i = begin; i < end; ++i) {
    const double t = time[i];
    if (!(t >= 0 && t < static_cast<double>(most_days))) {
      out.whole = false;
      return out;
    }
    const auto day = static_cast<std::uint32_t>(t);
    const std::size_t g = group.empty() ? 0 : group[i];
    if (static_cast<double>(day) != t || event[i] > 1 || g >= groups) {
      out.whole = false;
      return out;
    }
    if (day >= days) {
      std::size_t more = days;
      while (day >= more) more *= 2;
      if (groups * more > (std::size_t{1} << 24U)) {  // many groups: sorting needs less room
        out.whole = false;
        return out;
      }
      std::vector<std::uint32_t> wider(groups * more * 2, 0);
      for (std::size_t k = 0; k < groups; ++k) {
        std::copy_n(cells.begin() + static_cast<std::ptrdiff_t>(k * days * 2), days * 2,
                    wider.begin() + static_cast<std::ptrdiff_t>(k * more * 2));
      }
      cells = std::move(wider);
      days = more;
    }
    ++cells[(g * days + day) * 2 + event[i]];
  }
  out.days = days;
  return out;
}

}  // namespace

std::optional<std::vector<TimeTable>> tables_of_days(std::span<const double> time,
                                                     std::span<const std::uint8_t> event,
                                                     std::span<const std::uint32_t> group,
                                                     std::size_t groups, const Runner& runner) {
  if (groups * 512 > (std::size_t{1} << 24U)) return std::nullopt;
  const std::size_t n = time.size();
  const std::size_t pieces = n < 100'000 ? 1 : runner.workers();
  std::vector<DayCounts> counts(pieces);
  const auto count = [&](std::size_t p) {
    counts[p] = count_days(time, event, group, groups, n * p / pieces, n * (p + 1) / pieces);
  };
  if (pieces == 1) {
    count(0);
  } else {
    runner.run(pieces, count);
  }
  std::size_t days = 0;
  for (const DayCounts& part : counts) {
    if (!part.whole) return std::nullopt;
    days = std::max(days, part.days);
  }
  std::vector<TimeTable> tables(groups);
  std::vector<std::uint64_t> events(days);
  std::vector<std::uint64_t> censored(days);
  for (std::size_t g = 0; g < groups; ++g) {
    std::ranges::fill(events, 0);
    std::ranges::fill(censored, 0);
    std::uint64_t left = 0;
    for (const DayCounts& part : counts) {
      for (std::size_t d = 0; d < part.days; ++d) {
        const std::size_t cell = (g * part.days + d) * 2;
        censored[d] += part.cells[cell];
        events[d] += part.cells[cell + 1];
        left += std::uint64_t{part.cells[cell]} + part.cells[cell + 1];
      }
    }
    TimeTable& table = tables[g];
    table.rows = static_cast<std::size_t>(left);
    for (std::size_t d = 0; d < days; ++d) {
      if (events[d] + censored[d] == 0) continue;
      table.time.push_back(static_cast<double>(d));
      table.at_risk.push_back(static_cast<double>(left));
      table.events.push_back(static_cast<double>(events[d]));
      table.censored.push_back(static_cast<double>(censored[d]));
      left -= events[d] + censored[d];
    }
  }
  return tables;
}

Result<void> check_sizes(const SurvivalData& data) {
  const std::size_t n = data.time.size();
  if (n == 0) return unexpected(error_of(Errc::empty_input, "time", "must not be empty"));
  if (n > 0xFFFF'FFF0U) {
    return unexpected(error_at(Errc::too_large, "time", std::nullopt, static_cast<double>(n),
                               "must be fewer than 2^32 rows"));
  }
  const auto sized = [n](std::size_t size, bool required) {
    return size == n || (!required && size == 0);
  };
  for (const auto& [name, size, required] :
       {std::tuple{"event", data.event.size(), true}, std::tuple{"entry", data.entry.size(), false},
        std::tuple{"weight", data.weight.size(), false},
        std::tuple{"cluster", data.cluster.size(), false},
        std::tuple{"continues", data.continues.size(), false}}) {
    if (!sized(size, required)) {
      return unexpected(error_at(Errc::size_mismatch, name, std::nullopt, static_cast<double>(size),
                                 "must have one entry for each time"));
    }
  }
  return {};
}

Result<void> check_survival(const SurvivalData& data) {
  if (auto good = check_sizes(data); !good) return good;
  const std::size_t n = data.time.size();
  // Whole arrays first, in a form that runs at the speed of memory; the row only on failure.
  bool good = true;
  for (const double t : data.time) good = good && std::abs(t) <= 1.7976931348623157e308;
  unsigned flags = 0;
  for (const std::uint8_t e : data.event) flags |= e;
  if (!good || flags > 1) {
    for (std::size_t i = 0; i < n; ++i) {
      if (!std::isfinite(data.time[i])) {
        return unexpected(error_at(Errc::not_finite, "time", i, data.time[i], "must be finite"));
      }
      if (data.event[i] > 1) {
        return unexpected(error_at(Errc::out_of_range, "event", i,
                                   static_cast<double>(data.event[i]), "must be 0 or 1"));
      }
    }
  }
  for (std::size_t i = 0; i < data.entry.size(); ++i) {
    if (!std::isfinite(data.entry[i])) {
      return unexpected(error_at(Errc::not_finite, "entry", i, data.entry[i], "must be finite"));
    }
    if (data.entry[i] >= data.time[i]) {
      return unexpected(
          error_at(Errc::out_of_range, "entry", i, data.entry[i],
                   "must be before the end of follow-up (" + shortest(data.time[i]) + ")"));
    }
  }
  for (std::size_t i = 0; i < data.weight.size(); ++i) {
    if (!std::isfinite(data.weight[i]) || data.weight[i] < 0) {
      return unexpected(
          error_at(std::isfinite(data.weight[i]) ? Errc::out_of_range : Errc::not_finite, "weight",
                   i, data.weight[i], "must be finite and 0 or more"));
    }
  }
  for (std::size_t i = 0; i < data.cluster.size(); ++i) {
    if (data.cluster[i] >= n) {
      return unexpected(error_at(Errc::out_of_range, "cluster", i,
                                 static_cast<double>(data.cluster[i]),
                                 "must be below the number of rows: clusters are numbered from 0"));
    }
  }
  return {};
}

JoinedTimes join_near_ties(std::vector<double> sorted_distinct, double tolerance) {
  JoinedTimes out;
  if (!any_near_ties(sorted_distinct, tolerance)) {
    out.time = std::move(sorted_distinct);
    return out;
  }
  const double mean = mean_size(sorted_distinct);
  out.place.resize(sorted_distinct.size());
  for (std::size_t i = 0; i < sorted_distinct.size(); ++i) {
    if (i == 0 || !near(sorted_distinct[i] - sorted_distinct[i - 1], mean, tolerance)) {
      out.time.push_back(sorted_distinct[i]);
    }
    out.place[i] = static_cast<std::uint32_t>(out.time.size() - 1);
  }
  return out;
}

SortedTimes::SortedTimes(std::span<const double> time, std::span<const std::uint8_t> event,
                         std::span<const std::uint32_t> group, std::size_t groups, double tolerance,
                         const Runner& runner)
    : begin_(groups + 1, 0), distinct_(groups, 0), ties_(groups, NearTies{tolerance}) {
  if (time.empty()) return;
  // By bucket, for each is sorted alone. Sums are kept so carefully that it does not show.
  struct Facts {
    std::size_t distinct = 0;
    CarefulSum sum{};
  };
  std::vector<Facts> facts;
  const auto sort = [&](const auto& part) {
    return sort_parts(
        time.size(), [&](std::size_t i) { return time[i]; },
        // Times are 0 or more here, so that their bits are in order and the sign bit is free.
        [&](std::size_t i) { return std::bit_cast<std::uint64_t>(time[i] + 0.0) << 1U | event[i]; },
        part, groups, range_of(time), runner,
        [&](std::size_t bucket, std::span<const std::uint64_t> keys) {
          Facts mine;
          std::uint64_t last = ~std::uint64_t{0};
          for (const std::uint64_t key : keys) {
            if (key >> 1U == last) continue;
            last = key >> 1U;
            ++mine.distinct;
            mine.sum.add(std::bit_cast<double>(last));
          }
          facts[bucket] = mine;
        },
        [&](std::size_t buckets) { facts.resize(buckets); });
  };
  PartedKeys sorted = group.empty() ? sort([](std::size_t) { return std::size_t{0}; })
                                    : sort([&](std::size_t i) { return std::size_t{group[i]}; });
  key_ = std::move(sorted.key);
  begin_ = std::move(sorted.begin);
  for (std::size_t g = 0; g < groups; ++g) {
    CarefulSum sum;
    for (std::size_t b = g << sorted.bucket_bits; b < (g + 1) << sorted.bucket_bits; ++b) {
      distinct_[g] += facts[b].distinct;
      sum.add(facts[b].sum);
    }
    if (distinct_[g] > 0) ties_[g].mean = sum.value() / static_cast<double>(distinct_[g]);
  }
}

std::size_t SortedTimes::read(std::size_t group, std::size_t from, std::size_t to, double* time,
                              double* at_risk, double* events, double* censored) const noexcept {
  const std::uint64_t* const key = key_.get() + begin_[group];
  const std::size_t rows = begin_[group + 1] - begin_[group];
  const NearTies ties = ties_[group];
  const auto time_of = [key](std::size_t i) { return std::bit_cast<double>(key[i] >> 1U); };
  const auto begins = [&](std::size_t i) { return ties.apart(time_of(i) - time_of(i - 1)); };
  std::size_t i = from;
  while (i < to && i > 0 && !begins(i)) ++i;
  std::size_t count = 0;
  while (i < to) {
    std::uint64_t had = key[i] & 1U;
    std::size_t end = i + 1;
    for (; end < rows && !begins(end); ++end) had += key[end] & 1U;
    time[count] = time_of(i);
    at_risk[count] = static_cast<double>(rows - i);
    events[count] = static_cast<double>(had);
    censored[count] = static_cast<double>(end - i - had);
    ++count;
    i = end;
  }
  return count;
}

std::vector<TimeTable> plain_tables(std::span<const double> time,
                                    std::span<const std::uint8_t> event,
                                    std::span<const std::uint32_t> group, std::size_t groups,
                                    double tolerance, const Runner& runner) {
  // Whole days up to 65536 lie far enough apart that no rule for near-ties touches them.
  if (tolerance < 1e-6) {
    if (auto tables = tables_of_days(time, event, group, groups, runner)) {
      return *std::move(tables);
    }
  }
  const SortedTimes sorted{time, event, group, groups, tolerance, runner};
  constexpr std::size_t block = 2048;
  std::vector<double> room(4 * block);
  std::vector<TimeTable> tables(groups);
  for (std::size_t g = 0; g < groups; ++g) {
    TimeTable& table = tables[g];
    table.rows = sorted.rows(g);
    const std::array columns{&table.time, &table.at_risk, &table.events, &table.censored};
    for (auto* column : columns) column->reserve(sorted.distinct(g));
    for (std::size_t from = 0; from < table.rows; from += block) {
      const std::size_t to = std::min(table.rows, from + block);
      const std::size_t count =
          sorted.read(g, from, to, &room[0], &room[block], &room[2 * block], &room[3 * block]);
      for (std::size_t c = 0; c < columns.size(); ++c) {
        const double* const first = &room[c * block];
        columns[c]->insert(columns[c]->end(), first, first + count);
      }
    }
  }
  return tables;
}

Result<IndexedTable> indexed_table(const SurvivalData& data, double tolerance,
                                   const Runner& runner) {
  const std::size_t n = data.time.size();
  const bool late = !data.entry.empty();
  // Ends and entries together: the rule for near-ties looks at both.
  std::vector<KeyedRow> items;
  std::vector<KeyedRow> spare;
  items.reserve(n * (late ? 2 : 1));
  for (std::size_t i = 0; i < n; ++i) {
    items.push_back({key_of(data.time[i]), static_cast<std::uint32_t>(i)});
  }
  std::vector<KeyedRow> entries;
  sort_by_key(items, spare, runner);
  if (late) {
    entries.reserve(n);
    for (std::size_t i = 0; i < n; ++i) {
      entries.push_back({key_of(data.entry[i]), static_cast<std::uint32_t>(i)});
    }
    sort_by_key(entries, spare, runner);
  }
  spare = {};
  std::vector<double> distinct;
  {
    std::size_t a = 0;
    std::size_t b = 0;
    std::uint64_t last = 0;
    bool any = false;
    while (a < items.size() || b < entries.size()) {
      std::uint64_t key = 0;
      if (b >= entries.size() || (a < items.size() && items[a].key <= entries[b].key)) {
        key = items[a++].key;
      } else {
        key = entries[b++].key;
      }
      if (!any || key != last) distinct.push_back(value_of(key));
      any = true;
      last = key;
    }
  }
  const std::vector<double> values = distinct;
  const JoinedTimes joined = join_near_ties(std::move(distinct), tolerance);
  const auto place = [&](std::size_t k) {
    return joined.place.empty() ? static_cast<std::uint32_t>(k) : joined.place[k];
  };
  // Places among all values; then among those at which somebody's follow-up ends.
  IndexedTable out;
  out.index.exit.resize(n);
  std::vector<std::uint32_t> ends(joined.time.size() + 1, 0);
  {
    std::size_t k = 0;
    for (const KeyedRow& item : items) {
      const double t = value_of(item.key);
      while (values[k] < t) ++k;
      out.index.exit[item.row] = place(k);
      ends[place(k) + 1] = 1;
    }
  }
  std::vector<std::uint32_t> entry_place;
  if (late) {
    entry_place.resize(n);
    std::size_t k = 0;
    for (const KeyedRow& item : entries) {
      const double t = value_of(item.key);
      while (values[k] < t) ++k;
      entry_place[item.row] = place(k);
    }
    for (std::size_t i = 0; i < n; ++i) {
      if (entry_place[i] == out.index.exit[i]) {
        return unexpected(error_at(Errc::contradiction, "entry", i, data.entry[i],
                                   "is so near the end of follow-up (" + shortest(data.time[i]) +
                                       ") that the two count as one time"));
      }
    }
  }
  // ends[k] becomes how many end times come before place k.
  for (std::size_t k = 0; k + 1 < ends.size(); ++k) {
    if (ends[k + 1] != 0) out.table.time.push_back(joined.time[k]);
    ends[k + 1] = static_cast<std::uint32_t>(out.table.time.size());
  }
  for (std::uint32_t& e : out.index.exit) e = ends[e];
  if (late) {
    out.index.entry.resize(n);
    for (std::size_t i = 0; i < n; ++i) out.index.entry[i] = ends[entry_place[i] + 1];
  }

  TimeTable& table = out.table;
  const std::size_t times = table.time.size();
  table.rows = n;
  table.event_rows.assign(times, 0);
  std::vector<CarefulSum> events(times);
  std::vector<CarefulSum> censored(times);
  std::vector<CarefulSum> leaving(times);
  std::vector<CarefulSum> entering(times + 1);  // [j]: at risk from time j on
  std::vector<std::uint32_t> came(times + 1, 0);
  std::vector<std::uint32_t> left(times, 0);
  for (std::size_t i = 0; i < n; ++i) {
    const double w = data.weight.empty() ? 1 : data.weight[i];
    const std::uint32_t j = out.index.exit[i];
    leaving[j].add(w);
    if (data.event[i] != 0) {
      events[j].add(w);
      ++table.event_rows[j];
    } else if (data.continues.empty() || data.continues[i] == 0) {
      censored[j].add(w);
    }
    const std::uint32_t from = late ? out.index.entry[i] : 0;
    entering[from].add(w);
    ++came[from];
    ++left[j];
  }
  table.at_risk.resize(times);
  table.events.resize(times);
  table.censored.resize(times);
  CarefulSum at_risk;
  std::uint64_t people = 0;
  for (std::size_t j = 0; j < times; ++j) {
    if (people == 0) at_risk = {};  // the risk set was empty: no rounding is left over
    people += came[j];
    at_risk.add(entering[j].value());
    table.at_risk[j] = people == 0 ? 0 : std::max(0.0, at_risk.value());
    table.events[j] = events[j].value();
    table.censored[j] = censored[j].value();
    at_risk.add(-leaving[j].value());
    people -= left[j];
  }
  return out;
}

}  // namespace ombre::inline v0::stats::detail
