#include "stats/log_rank_scan.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <utility>

#include "stats/part_sort.hpp"
#include "stats/sort_keys.hpp"
#include "stats/survival_table.hpp"

namespace ombre::inline v0::stats::detail {
namespace {

// Walks up the event times of one stratum.
class Walk {
 public:
  Walk(std::size_t groups, const std::function<void(const EventTime&)>& visit)
      : visit_{visit}, at_risk_(groups), events_(groups) {}

  void start(std::size_t stratum) {
    stratum_ = stratum;
    survival_ = 1;
    std::ranges::fill(at_risk_, 0.0);
  }
  // In the midst of a stratum, which has no number.
  void go_on(std::size_t piece, std::span<const double> at_risk, double survival) {
    piece_ = piece;
    std::ranges::copy(at_risk, at_risk_.begin());
    survival_ = survival;
  }
  [[nodiscard]] std::vector<double>& at_risk() noexcept { return at_risk_; }
  [[nodiscard]] std::vector<double>& events() noexcept { return events_; }
  // The events of a time stand in events(), those at risk just before in at_risk().
  void time() {
    const double d = std::reduce(events_.begin(), events_.end());
    if (!(d > 0)) return;
    const double n = std::reduce(at_risk_.begin(), at_risk_.end());
    visit_({at_risk_, events_, n, d, survival_, stratum_, piece_});
    survival_ *= survived(n, d);
  }
  // The share of n at risk that d events leave.
  [[nodiscard]] static double survived(double n, double d) noexcept {
    return n - d <= 1e-13 * n ? 0 : (n - d) / n;
  }

 private:
  const std::function<void(const EventTime&)>& visit_;
  std::vector<double> at_risk_;
  std::vector<double> events_;
  double survival_ = 1;
  std::size_t stratum_ = 0;
  std::size_t piece_ = 0;
};

// (stratum, group) of each row as one number, or the group itself where there are no strata.
std::vector<std::uint32_t> cells_of(const GroupedTimes& data) {
  if (data.stratum.empty()) return {};
  std::vector<std::uint32_t> cell(data.time.size());
  for (std::size_t i = 0; i < cell.size(); ++i) {
    cell[i] = static_cast<std::uint32_t>(data.stratum[i] * data.groups + data.group[i]);
  }
  return cell;
}

// Day by day from tables of every (stratum, group).
void walk_tables(std::size_t strata, std::size_t groups, const std::vector<TimeTable>& tables,
                 Walk& walk) {
  std::vector<std::size_t> at(groups);
  for (std::size_t s = 0; s < strata; ++s) {
    walk.start(s);
    std::ranges::fill(at, 0);
    const TimeTable* mine = &tables[s * groups];
    for (std::size_t g = 0; g < groups; ++g) {
      walk.at_risk()[g] = static_cast<double>(mine[g].rows);
    }
    while (true) {
      double now = std::numeric_limits<double>::infinity();
      for (std::size_t g = 0; g < groups; ++g) {
        if (at[g] < mine[g].time.size()) now = std::min(now, mine[g].time[at[g]]);
      }
      if (now == std::numeric_limits<double>::infinity()) break;
      for (std::size_t g = 0; g < groups; ++g) {
        const bool here = at[g] < mine[g].time.size() && mine[g].time[at[g]] == now;
        walk.events()[g] = here ? mine[g].events[at[g]] : 0;
      }
      walk.time();
      for (std::size_t g = 0; g < groups; ++g) {
        if (at[g] < mine[g].time.size() && mine[g].time[at[g]] == now) {
          walk.at_risk()[g] -= mine[g].events[at[g]] + mine[g].censored[at[g]];
          ++at[g];
        }
      }
    }
  }
}

bool all_days(std::span<const double> time) {
  bool whole = true;
  for (std::size_t i = 0; i < time.size(); ++i) {
    const double t = time[i];
    whole = whole && t >= 0 && t < 65536 &&
            static_cast<double>(static_cast<std::uint32_t>(t >= 0 && t < 65536 ? t : 0)) == t;
    if ((i & 1023U) == 0 && !whole) break;
  }
  return whole;
}

// One stratum whose times, groups and events fit into 64 bits a row: the image of the time above
// the earliest one, then the group, then the event.
class PackedRows {
 public:
  PackedRows(const GroupedTimes& data, const TimeRange& range) noexcept
      : least_{key_of(range.least)},
        below_{static_cast<unsigned>(std::bit_width(2 * data.groups - 1))},
        fits_{static_cast<unsigned>(std::bit_width(key_of(range.most) - least_)) + below_ <= 64} {}
  [[nodiscard]] bool fits() const noexcept { return fits_; }
  [[nodiscard]] std::uint64_t pack(double time, std::uint32_t group,
                                   std::uint8_t event) const noexcept {
    return ((key_of(time) - least_) << below_) | std::uint64_t{group} << 1U | event;
  }
  [[nodiscard]] bool same_time(std::uint64_t a, std::uint64_t b) const noexcept {
    return ((a ^ b) >> below_) == 0;
  }
  [[nodiscard]] double time(std::uint64_t key) const noexcept {
    return value_of((key >> below_) + least_);
  }
  [[nodiscard]] bool event(std::uint64_t key) const noexcept { return (key & 1U) != 0; }
  [[nodiscard]] std::size_t group(std::uint64_t key) const noexcept {
    return (key & ((std::uint64_t{1} << below_) - 1)) >> 1U;
  }

 private:
  std::uint64_t least_;
  unsigned below_;
  bool fits_;
};

// Near-ties of one stratum need no list of its times: each looks at the one before.
void walk_packed(const GroupedTimes& data, const TimeRange& range, const PackedRows& rows,
                 double tolerance, const Runner& runner,
                 const std::function<void(const EventTime&)>& visit, const ScanPieces& wanted) {
  const std::size_t n = data.time.size();
  struct Facts {
    std::size_t distinct = 0;
    CarefulSum sizes{};
  };
  std::vector<Facts> facts;
  const PartedKeys sorted = sort_parts(
      n, [&](std::size_t i) { return data.time[i]; },
      [&](std::size_t i) { return rows.pack(data.time[i], data.group[i], data.event[i]); },
      [](std::size_t) { return std::size_t{0}; }, 1, range, runner,
      [&](std::size_t bucket, std::span<const std::uint64_t> keys) {
        Facts mine;
        for (std::size_t i = 0; i < keys.size(); ++i) {
          if (i > 0 && rows.same_time(keys[i], keys[i - 1])) continue;
          ++mine.distinct;
          mine.sizes.add(std::abs(rows.time(keys[i])));
        }
        facts[bucket] = mine;
      },
      [&](std::size_t buckets) { facts.resize(buckets); });
  NearTies ties{tolerance};
  {
    Facts all;
    for (const Facts& bucket : facts) {
      all.distinct += bucket.distinct;
      all.sizes.add(bucket.sizes);
    }
    ties.mean = all.sizes.value() / static_cast<double>(all.distinct);
  }
  const std::uint64_t* const key = sorted.key.get();
  const auto joined = [&](std::size_t i) {  // with the one before
    return rows.same_time(key[i], key[i - 1]) ||
           !ties.apart(rows.time(key[i]) - rows.time(key[i - 1]));
  };
  // Pieces of about equally many rows that end where a time does.
  constexpr std::size_t piece_rows = 65536;
  constexpr std::size_t most_pieces = 64;
  const std::size_t pieces = wanted.start == nullptr || data.groups > 64
                                 ? 1
                                 : std::clamp<std::size_t>(n / piece_rows, 1, most_pieces);
  if (wanted.start != nullptr) wanted.start(pieces);
  std::vector<std::size_t> edge(pieces + 1, n);
  edge[0] = 0;
  for (std::size_t c = 1; c < pieces; ++c) {
    std::size_t i = std::max(n * c / pieces, edge[c - 1]);
    while (i > 0 && i < n && joined(i)) ++i;
    edge[c] = i;
  }
  // Calls time(i, end) for the rows of each time with an event.
  const auto each_time = [&](std::size_t c, const auto& time) {
    for (std::size_t i = edge[c]; i < edge[c + 1];) {
      bool any = rows.event(key[i]);
      std::size_t end = i + 1;
      for (; end < edge[c + 1] && joined(end); ++end) any = any || rows.event(key[end]);
      time(i, end, any);
      i = end;
    }
  };
  // Who of which group leaves in each piece, and what it makes of survival.
  std::vector<double> leave(pieces * data.groups, 0.0);
  std::vector<double> survived(pieces, 1.0);
  runner.run(pieces, [&](std::size_t c) {
    double* const mine = leave.data() + c * data.groups;
    for (std::size_t i = edge[c]; i < edge[c + 1]; ++i) ++mine[rows.group(key[i])];
    if (pieces == 1 || !wanted.survival) return;
    double product = 1;
    each_time(c, [&](std::size_t i, std::size_t end, bool any) {
      std::size_t events = 0;
      for (std::size_t k = i; k < end && any; ++k) events += rows.event(key[k]) ? 1U : 0U;
      product *= Walk::survived(static_cast<double>(n - i), static_cast<double>(events));
    });
    survived[c] = product;
  });
  // Those who leave in a piece or later were at risk at its beginning.
  for (std::size_t c = pieces - 1; c-- > 0;) {
    for (std::size_t g = 0; g < data.groups; ++g) {
      leave[c * data.groups + g] += leave[(c + 1) * data.groups + g];
    }
  }
  double survival = 1;
  for (double& piece : survived) survival *= std::exchange(piece, survival);
  runner.run(pieces, [&](std::size_t c) {
    Walk walk{data.groups, visit};
    walk.go_on(c, std::span{leave}.subspan(c * data.groups, data.groups), survived[c]);
    each_time(c, [&](std::size_t i, std::size_t end, bool any) {
      if (any) {
        std::ranges::fill(walk.events(), 0.0);
        for (std::size_t k = i; k < end; ++k) {
          walk.events()[rows.group(key[k])] += rows.event(key[k]) ? 1 : 0;
        }
        walk.time();
      }
      for (std::size_t k = i; k < end; ++k) --walk.at_risk()[rows.group(key[k])];
    });
  });
}

// Sorted by time with (group, event) in the payload, stratum by stratum.
void walk_sorted(const GroupedTimes& data, double tolerance, const Runner& runner, Walk& walk) {
  const std::size_t n = data.time.size();
  std::vector<std::size_t> begin(data.strata + 1, 0);
  for (std::size_t i = 0; i < n; ++i) ++begin[(data.stratum.empty() ? 0 : data.stratum[i]) + 1];
  for (std::size_t s = 0; s < data.strata; ++s) begin[s + 1] += begin[s];
  std::vector<KeyedRow> items(n);
  {
    std::vector<std::size_t> at(begin.begin(), begin.end() - 1);
    for (std::size_t i = 0; i < n; ++i) {
      items[at[data.stratum.empty() ? 0 : data.stratum[i]]++] = {
          key_of(data.time[i]), data.group[i] << 1U | data.event[i]};
    }
  }
  std::vector<KeyedRow> spare;
  if (data.strata == 1) {
    sort_by_key(items, spare, runner);
  } else {
    spare.resize(n);
    for (std::size_t s = 0; s < data.strata; ++s) {
      sort_piece(items.data() + begin[s], spare.data() + begin[s], begin[s + 1] - begin[s], false);
    }
  }
  spare = {};
  // Near-ties are judged over all strata together.
  std::vector<double> distinct;
  if (data.strata == 1) {
    for (std::size_t i = 0; i < n; ++i) {
      if (i == 0 || items[i].key != items[i - 1].key) distinct.push_back(value_of(items[i].key));
    }
  } else {
    std::vector<std::uint64_t> keys(n);
    for (std::size_t i = 0; i < n; ++i) keys[i] = items[i].key;
    std::vector<std::uint64_t> room;
    sort_by_key(keys, room, runner);
    for (std::size_t i = 0; i < n; ++i) {
      if (i == 0 || keys[i] != keys[i - 1]) distinct.push_back(value_of(keys[i]));
    }
  }
  std::vector<double> joins;  // where a joined time begins; empty: nothing was joined
  {
    JoinedTimes joined = join_near_ties(std::move(distinct), tolerance);
    if (!joined.place.empty()) joins = std::move(joined.time);
  }
  // First key that is a later time; keys are asked for in ascending order within a stratum.
  std::size_t join = 0;
  const auto key_after = [&](std::uint64_t key) {
    if (joins.empty()) return key + 1;
    const double time = value_of(key);
    while (join < joins.size() && joins[join] <= time) ++join;
    return join == joins.size() ? ~std::uint64_t{0} : key_of(joins[join]);
  };
  for (std::size_t s = 0; s < data.strata; ++s) {
    walk.start(s);
    join = 0;
    if (begin[s] < begin[s + 1] && !joins.empty()) {
      const double first = value_of(items[begin[s]].key);
      join = static_cast<std::size_t>(std::ranges::lower_bound(joins, first) - joins.begin());
    }
    for (std::size_t i = begin[s]; i < begin[s + 1]; ++i) ++walk.at_risk()[items[i].row >> 1U];
    for (std::size_t i = begin[s]; i < begin[s + 1];) {
      const std::uint64_t after = key_after(items[i].key);
      std::size_t end = i;
      bool any = false;
      for (; end < begin[s + 1] && items[end].key < after; ++end)
        any = any || (items[end].row & 1U);
      if (any) {
        std::ranges::fill(walk.events(), 0.0);
        for (std::size_t k = i; k < end; ++k)
          walk.events()[items[k].row >> 1U] += items[k].row & 1U;
        walk.time();
      }
      for (std::size_t k = i; k < end; ++k) --walk.at_risk()[items[k].row >> 1U];
      i = end;
    }
  }
}

// Late entry or weights: rows in the order of time, of entry.
Result<void> walk_rows(const GroupedTimes& data, double tolerance, const Runner& runner,
                       Walk& walk) {
  const std::size_t n = data.time.size();
  const auto indexed =
      indexed_table({data.time, data.event, data.entry, data.weight}, tolerance, runner);
  if (!indexed) return unexpected(indexed.error());
  const TimeIndex& index = indexed->index;
  const auto stratum_of = [&](std::uint32_t i) {
    return data.stratum.empty() ? 0U : data.stratum[i];
  };
  std::vector<std::uint32_t> exits(n);
  std::iota(exits.begin(), exits.end(), 0U);
  std::vector<std::uint32_t> entries = exits;
  std::ranges::stable_sort(exits, [&](std::uint32_t a, std::uint32_t b) {
    if (stratum_of(a) != stratum_of(b)) return stratum_of(a) < stratum_of(b);
    return index.exit[a] < index.exit[b];
  });
  const auto entry_of = [&](std::uint32_t i) { return index.entry.empty() ? 0U : index.entry[i]; };
  std::ranges::stable_sort(entries, [&](std::uint32_t a, std::uint32_t b) {
    if (stratum_of(a) != stratum_of(b)) return stratum_of(a) < stratum_of(b);
    return entry_of(a) < entry_of(b);
  });
  std::vector<CarefulSum> at_risk(data.groups);
  std::vector<std::uint64_t> people(data.groups);
  const auto weight_of = [&](std::uint32_t i) {
    return data.weight.empty() ? 1.0 : data.weight[i];
  };
  std::size_t in = 0;
  for (std::size_t out = 0; out < n;) {
    const std::uint32_t s = stratum_of(exits[out]);
    walk.start(s);
    std::ranges::fill(at_risk, CarefulSum{});
    std::ranges::fill(people, 0);
    while (out < n && stratum_of(exits[out]) == s) {
      const std::uint32_t now = index.exit[exits[out]];
      for (; in < n && stratum_of(entries[in]) == s && entry_of(entries[in]) <= now; ++in) {
        at_risk[data.group[entries[in]]].add(weight_of(entries[in]));
        ++people[data.group[entries[in]]];
      }
      std::size_t end = out;
      std::ranges::fill(walk.events(), 0.0);
      for (; end < n && stratum_of(exits[end]) == s && index.exit[exits[end]] == now; ++end) {
        const std::uint32_t row = exits[end];
        if (data.event[row] != 0) walk.events()[data.group[row]] += weight_of(row);
      }
      for (std::size_t g = 0; g < data.groups; ++g) {
        walk.at_risk()[g] = people[g] == 0 ? 0 : std::max(0.0, at_risk[g].value());
      }
      walk.time();
      for (std::size_t k = out; k < end; ++k) {
        const std::uint32_t g = data.group[exits[k]];
        at_risk[g].add(-weight_of(exits[k]));
        if (--people[g] == 0) at_risk[g] = {};
      }
      out = end;
    }
  }
  return {};
}

}  // namespace

void scan_tables(const std::vector<TimeTable>& tables,
                 const std::function<void(const EventTime&)>& visit) {
  Walk walk{tables.size(), visit};
  walk_tables(1, tables.size(), tables, walk);
}

double weight_at(const RankWeight& weight, double survival_before) noexcept {
  const auto power = [](double base, double exponent) {
    if (exponent == 0) return 1.0;
    if (exponent == 1) return base;
    if (exponent == 0.5) return std::sqrt(base);
    return std::pow(base, exponent);
  };
  return power(survival_before, weight.rho) * power(1 - survival_before, weight.gamma);
}

Result<void> check_groups(const GroupedTimes& data) {
  if (auto good = check_survival({data.time, data.event, data.entry, data.weight}); !good) {
    return good;
  }
  if (data.groups < 1 || data.groups > 1000) {
    return unexpected(error_at(Errc::out_of_range, "groups", std::nullopt,
                               static_cast<double>(data.groups), "must be 1 to 1000"));
  }
  for (const auto& [name, codes, size, required] :
       {std::tuple{"group", data.group, data.groups, true},
        std::tuple{"stratum", data.stratum, data.strata, false}}) {
    if (codes.empty() && !required) continue;
    if (codes.size() != data.time.size()) {
      return unexpected(error_at(Errc::size_mismatch, name, std::nullopt,
                                 static_cast<double>(codes.size()),
                                 "must have one entry for each time"));
    }
    for (std::size_t i = 0; i < codes.size(); ++i) {
      if (codes[i] >= size) {
        return unexpected(error_at(Errc::out_of_range, name, i, static_cast<double>(codes[i]),
                                   "must be below the number there are"));
      }
    }
  }
  if (data.stratum.empty() && data.strata != 1) {
    return unexpected(error_at(Errc::size_mismatch, "stratum", std::nullopt,
                               static_cast<double>(data.strata), "has no rows to number"));
  }
  return {};
}

Result<void> scan_events(const GroupedTimes& data, double tie_tolerance, const Runner& runner,
                         const std::function<void(const EventTime&)>& visit,
                         const ScanPieces& pieces) {
  if (!(tie_tolerance >= 0 && tie_tolerance <= 1e-3)) {
    return unexpected(error_at(Errc::out_of_range, "tie_tolerance", std::nullopt, tie_tolerance,
                               "must be from 0 to 0.001"));
  }
  const std::size_t cells = data.strata * data.groups;
  const bool plain = data.entry.empty() && data.weight.empty();
  const bool days = plain && cells <= 4096 && tie_tolerance < 1e-6 && all_days(data.time);
  if (plain && !days && data.strata == 1) {
    const TimeRange range = range_of(data.time);
    const PackedRows rows{data, range};
    if (rows.fits()) {
      walk_packed(data, range, rows, tie_tolerance, runner, visit, pieces);
      return {};
    }
  }
  if (pieces.start != nullptr) pieces.start(1);
  Walk walk{data.groups, visit};
  if (!plain) return walk_rows(data, tie_tolerance, runner, walk);
  if (days) {
    const std::vector<std::uint32_t> cell = cells_of(data);
    const std::span<const std::uint32_t> by = data.stratum.empty() ? data.group : cell;
    walk_tables(data.strata, data.groups,
                plain_tables(data.time, data.event, by, cells, tie_tolerance, runner), walk);
    return {};
  }
  walk_sorted(data, tie_tolerance, runner, walk);
  return {};
}

}  // namespace ombre::inline v0::stats::detail
