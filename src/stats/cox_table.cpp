#include "stats/cox_table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "ombre/stats/cox.hpp"
#include "stats/near_ties.hpp"
#include "stats/radix_order.hpp"
#include "stats/wide_loops.hpp"

namespace ombre::inline v0::stats {
namespace detail {

namespace {

// Of ten columns such a piece fits into the second-level cache.
constexpr std::size_t chunk_rows = 8192;

// Calls work(begin, end) for pieces of rows, always the same ones.
template <class Work>
void each_piece(std::size_t n, const Runner& runner, const Work& work) {
  if (n <= chunk_rows) return work(std::size_t{0}, n);
  runner.run((n + chunk_rows - 1) / chunk_rows,
             [&](std::size_t c) { work(c * chunk_rows, std::min(n, (c + 1) * chunk_rows)); });
}

Result<void> check_numbers(std::span<const double> values, std::size_t n, std::string_view field,
                           bool may_be_empty, double least, bool above, std::string_view rule) {
  if (values.empty() && may_be_empty) return {};
  if (values.size() != n) {
    return unexpected(error_at(Errc::size_mismatch, field, std::nullopt,
                               static_cast<double>(values.size()),
                               "must have one entry for each event flag"));
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (!std::isfinite(values[i])) {
      return unexpected(error_at(Errc::not_finite, field, i, values[i], "must be finite"));
    }
    if (above ? values[i] <= least : values[i] < least) {
      return unexpected(error_at(Errc::out_of_range, field, i, values[i], rule));
    }
  }
  return {};
}

Result<void> check(const CoxInput& in) {
  const std::size_t n = in.event.size();
  constexpr double none = -std::numeric_limits<double>::infinity();
  if (n == 0) return unexpected(error_of(Errc::empty_input, "event", "must not be empty"));
  if (n >= (std::size_t{1} << 31)) {
    return unexpected(error_at(Errc::too_large, "event", std::nullopt, static_cast<double>(n),
                               "must be fewer than 2^31 rows"));
  }
  if (in.columns > 5000) {
    return unexpected(error_at(Errc::too_large, "columns", std::nullopt,
                               static_cast<double>(in.columns), "must be at most 5000"));
  }
  if (auto ok = check_numbers(in.time, n, "time", false, 0, false, "must be 0 or more"); !ok) {
    return ok;
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (in.event[i] > 1) {
      return unexpected(error_at(Errc::out_of_range, "event", i, static_cast<double>(in.event[i]),
                                 "must be 0 or 1"));
    }
  }
  if (auto ok = check_numbers(in.entry, n, "entry", true, 0, false, "must be 0 or more"); !ok) {
    return ok;
  }
  if (auto ok = check_numbers(in.weight, n, "weight", true, 0, true, "must be above 0"); !ok) {
    return ok;
  }
  for (std::size_t i = 0; i < in.weight.size(); ++i) {
    if (in.weight[i] > 1e100 || in.weight[i] < 1e-100) {
      return unexpected(error_at(Errc::out_of_range, "weight", i, in.weight[i],
                                 "must be between 1e-100 and 1e100"));
    }
  }
  if (auto ok = check_numbers(in.offset, n, "offset", true, none, false, ""); !ok) return ok;
  for (const auto& [codes, field] : {std::pair{in.stratum, "stratum"}, {in.cluster, "cluster"}}) {
    if (!codes.empty() && codes.size() != n) {
      return unexpected(error_at(Errc::size_mismatch, field, std::nullopt,
                                 static_cast<double>(codes.size()),
                                 "must have one entry for each event flag"));
    }
  }
  for (std::size_t i = 0; i < in.cluster.size(); ++i) {
    if (in.cluster[i] >= n) {
      return unexpected(error_at(Errc::out_of_range, "cluster", i,
                                 static_cast<double>(in.cluster[i]),
                                 "must be below the number of rows"));
    }
  }
  if (in.x.size() / n != in.columns || in.x.size() % n != 0) {
    return unexpected(error_at(Errc::size_mismatch, "x", std::nullopt,
                               static_cast<double>(in.x.size()), "must be rows times columns"));
  }
  return {};
}

constexpr double largest_x = 1e100;

// A column with a number out of range: which one.
Error bad_number(const CoxInput& in, std::size_t j) {
  const std::size_t n = in.event.size();
  const std::string field = "x[" + std::to_string(j) + "]";
  for (std::size_t i = 0; i < n; ++i) {
    const double v = in.x[j * n + i];
    if (!std::isfinite(v)) return error_at(Errc::not_finite, field, i, v, "must be finite");
    // Squares and sums of anything larger would leave the range of doubles.
    if (std::abs(v) > largest_x) {
      return error_at(Errc::out_of_range, field, i, v, "must be within 1e100 of 0");
    }
  }
  return error_of(Errc::out_of_range, field, "must be within 1e100 of 0");
}

// What R's rule for near-ties asks of the distinct ones of sorted numbers.
struct Gaps {
  double sum = 0;  // of their sizes
  std::size_t count = 0;
  double least = std::numeric_limits<double>::infinity();
  void add(double value, double last) {
    const double gap = value - last;
    const bool differs = gap > 0;
    sum += differs ? std::abs(value) : 0.0;
    count += differs ? 1U : 0U;
    least = differs && gap < least ? gap : least;
  }
};

Gaps gaps_of(std::span<const double> sorted, const Runner& runner) {
  const std::size_t n = sorted.size();
  std::vector<Gaps> parts((n + chunk_rows - 1) / chunk_rows);
  runner.run(parts.size(), [&](std::size_t c) {
    Gaps part;
    const std::size_t begin = c * chunk_rows;
    double last = c == 0 ? -std::numeric_limits<double>::infinity() : sorted[begin - 1];
    for (std::size_t i = begin; i < std::min(n, begin + chunk_rows); ++i) {
      part.add(sorted[i], last);
      last = sorted[i];
    }
    parts[c] = part;
  });
  Gaps all;
  for (const Gaps& part : parts) {
    all.sum += part.sum;
    all.count += part.count;
    all.least = std::min(all.least, part.least);
  }
  return all;
}

// Gaps of two sorted lists together, and of each number in order whether it is from the second.
// Written without a branch on which of them is next, which nobody can guess.
Gaps gaps_of_both(std::span<const double> a, std::span<const double> b,
                  std::vector<std::uint8_t>& second) {
  Gaps out;
  second.resize(a.size() + b.size());
  double last = -std::numeric_limits<double>::infinity();
  std::size_t i = 0;
  std::size_t j = 0;
  const auto add = [&](double value, bool from_b) {
    out.add(value, last);
    last = value;
    second[i + j] = from_b ? 1 : 0;
    i += from_b ? 0U : 1U;
    j += from_b ? 1U : 0U;
  };
  while (i < a.size() && j < b.size()) {
    const bool from_b = b[j] < a[i];
    add(from_b ? b[j] : a[i], from_b);
  }
  while (i < a.size()) add(a[i], false);
  while (j < b.size()) add(b[j], true);
  return out;
}

// Near-ties become one time, the first of their chain; `time` and `entry` are sorted. True where
// there were any; `joined` are then places in `time` where different times became one.
bool join_near_ties(std::span<double> time, std::span<double> entry, const Runner& runner,
                    std::vector<std::size_t>& joined) {
  std::vector<std::uint8_t> from_entry;
  const Gaps gaps = entry.empty() ? gaps_of(time, runner) : gaps_of_both(time, entry, from_entry);
  const NearTies ties{near_tie, gaps.sum / static_cast<double>(gaps.count)};
  if (ties.apart(gaps.least)) return false;
  constexpr double before_all = -std::numeric_limits<double>::infinity();
  double last = before_all;
  double start = before_all;
  double last_time = before_all;  // of the last one in `time`, as it was
  double last_start = before_all;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < time.size() || j < entry.size()) {
    const bool second = !from_entry.empty() && from_entry[i + j] != 0;
    double* const at = second ? entry.data() + j : time.data() + i;
    const double value = *at;
    start = ties.apart(value - last) ? value : start;
    last = value;
    *at = start;
    if (!second && start == last_start && value != last_time) joined.push_back(i);
    last_start = second ? last_start : start;
    last_time = second ? last_time : value;
    i += second ? 0U : 1U;
    j += second ? 1U : 0U;
  }
  return true;
}

// Stable counting sort of positions by code.
void order_by_code(std::span<const std::uint32_t> code, std::size_t codes,
                   std::span<std::uint32_t> order) {
  std::vector<std::uint32_t> start(codes + 1, 0);
  for (const std::uint32_t i : order) ++start[code[i] + 1];
  std::partial_sum(start.begin(), start.end(), start.begin());
  std::vector<std::uint32_t> out(order.size());
  for (const std::uint32_t i : order) out[start[code[i]]++] = i;
  std::copy(out.begin(), out.end(), order.begin());
}

// Centre and scale of column j. False where a number is out of range.
bool describe_column(const CoxInput& in, const double* weight, double total, std::size_t j,
                     CoxTable& t) {
  const std::size_t n = t.n;
  const double* column = in.x.data() + j * n;
  const ColumnFacts facts = column_facts(column, weight, n, largest_x);
  if (!facts.in_range) return false;
  // Taken a second time around the first mean: exact for constants, closer for large means.
  const double first = facts.sum / total;
  const Deviations around = deviations(column, weight, n, first);
  const double centre = first + around.sum / total;
  const double most = std::max(facts.most - centre, centre - facts.least);
  const double plain = facts.plain_sum / static_cast<double>(n);
  t.centre[j] = centre;
  // R: columns of -1, 0 and 1 are not centred; plain means without events or with entry times.
  t.means[j] = t.events == 0 ? plain : facts.small_codes ? 0 : in.entry.empty() ? centre : plain;
  const double size = std::max(std::abs(facts.most), std::abs(facts.least));
  const bool constant = most <= 1e-14 * size;
  t.scale[j] = constant ? 0 : std::exp2(-std::round(std::log2(around.size / total)));
  t.largest[j] = most * t.scale[j];
  return true;
}

// Columns go to their rows' sorted positions a few at a time, by way of a table by row: one read
// out of order then serves them all. On the way the events' sums of x are taken.
void sort_columns(const CoxInput& in, CoxTable& t, Room& scratch, const Runner& runner) {
  constexpr std::size_t group = 4;
  const std::size_t n = t.n;
  const std::span<double> x = t.room.take<double>(n * t.p);
  const std::span<double> by_row = scratch.take<double>(t.p > 1 ? n * group : 0);
  const std::size_t pieces = (n + chunk_rows - 1) / chunk_rows;
  std::vector<double> event_x(pieces * t.p, 0.0);
  const auto add_events = [&](std::size_t begin, std::size_t end, std::size_t first,
                              std::size_t width) {
    constexpr std::size_t block = 1024;
    double dead_weight[block];
    double* sums = event_x.data() + begin / chunk_rows * t.p;
    for (std::size_t from = begin; from < end; from += block) {
      const std::size_t count = std::min(block, end - from);
      if (t.weighted) {
        for (std::size_t i = 0; i < count; ++i) {
          dead_weight[i] = t.dead[from + i] != 0 ? t.weight[from + i] : 0.0;
        }
      } else {
        for (std::size_t i = 0; i < count; ++i) dead_weight[i] = t.dead[from + i];
      }
      for (std::size_t j = first; j < first + width; ++j) {
        sums[j] += inner_product(dead_weight, x.data() + j * n + from, count);
      }
    }
  };
  for (std::size_t first = 0; first < t.p; first += group) {
    const std::size_t width = std::min(group, t.p - first);
    if (width == 1) {
      const double* column = in.x.data() + first * n;
      double* to = x.data() + first * n;
      const double centre = t.centre[first];
      const double scale = t.scale[first];
      each_piece(n, runner, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
          to[i] = (column[t.order[i]] - centre) * scale;
        }
        add_events(begin, end, first, width);
      });
      continue;
    }
    each_piece(n, runner, [&](std::size_t begin, std::size_t end) {
      const double* column[group] = {};
      double centre[group] = {};
      double scale[group] = {};
      for (std::size_t g = 0; g < group; ++g) {
        const std::size_t j = first + std::min(g, width - 1);
        column[g] = in.x.data() + j * n;
        centre[g] = t.centre[j];
        scale[g] = t.scale[j];
      }
      for (std::size_t i = begin; i < end; ++i) {
        for (std::size_t g = 0; g < group; ++g) {
          by_row[i * group + g] = (column[g][i] - centre[g]) * scale[g];
        }
      }
    });
    each_piece(n, runner, [&](std::size_t begin, std::size_t end) {
      double* to[group] = {};
      for (std::size_t g = 0; g < group; ++g) {
        to[g] = x.data() + (first + std::min(g, width - 1)) * n;
      }
      for (std::size_t i = begin; i < end; ++i) {
        prefetch(by_row.data() + std::size_t{t.order[std::min(i + 32, n - 1)]} * group);
        const double* row = by_row.data() + std::size_t{t.order[i]} * group;
        for (std::size_t g = 0; g < group; ++g) to[g][i] = row[g];
      }
      add_events(begin, end, first, width);
    });
  }
  t.x = x;
  t.event_x.assign(t.p, 0.0);
  for (std::size_t c = 0; c < pieces; ++c) {
    for (std::size_t j = 0; j < t.p; ++j) t.event_x[j] += event_x[c * t.p + j];
  }
}

// Needs the rows' times and events; `stratum_end` has the row after each stratum's last.
void cut_into_slots(std::span<const std::size_t> stratum_end, CoxTable& t, const Runner& runner) {
  const std::size_t bound = t.events + t.strata();
  const std::span<std::uint32_t> row_slot = t.room.take<std::uint32_t>(t.n);
  const std::span<std::uint32_t> slot_row = t.room.take<std::uint32_t>(bound + 1);
  const std::span<std::uint32_t> slot_deaths = t.room.take<std::uint32_t>(bound);
  // Events stand first among rows of one time, so an event time's first row is a death's.
  const auto begins = [&](std::size_t i, std::size_t from) -> std::size_t {
    return t.dead[i] != 0 && (i == from || t.time[i - 1] != t.time[i]) ? 1 : 0;
  };
  std::size_t slots = 0;
  std::size_t from = 0;
  for (std::size_t s = 0; s < t.strata(); ++s) {
    const std::size_t end = stratum_end[s];
    t.stratum_slot.push_back(slots);
    slot_row[slots] = static_cast<std::uint32_t>(from);
    slot_deaths[slots] = 0;
    // How many event times begin in each piece, then which.
    const std::size_t pieces = std::max<std::size_t>(1, (end - from) / chunk_rows);
    const auto begin_of = [&](std::size_t c) { return from + (end - from) * c / pieces; };
    std::vector<std::size_t> before(pieces + 1, slots);
    const auto count = [&](std::size_t c) {
      std::size_t sum = 0;
      for (std::size_t i = begin_of(c); i < begin_of(c + 1); ++i) sum += begins(i, from);
      before[c + 1] = sum;
    };
    const auto fill = [&](std::size_t c) {
      // Collected without a branch, since whether a row is an event's is anybody's guess.
      constexpr std::size_t block = 1024;
      std::uint32_t found[block + 1];
      std::size_t k = before[c];
      for (std::size_t low = begin_of(c); low < begin_of(c + 1); low += block) {
        std::size_t count_here = 0;
        for (std::size_t i = low; i < std::min(low + block, begin_of(c + 1)); ++i) {
          found[count_here] = static_cast<std::uint32_t>(i);
          count_here += begins(i, from);
          row_slot[i] = static_cast<std::uint32_t>(k + count_here);
        }
        std::copy_n(found, count_here, slot_row.begin() + static_cast<std::ptrdiff_t>(k) + 1);
        k += count_here;
      }
      before[c] = k;
    };
    if (pieces == 1) {
      fill(0);
      slots = before[0];
    } else {
      runner.run(pieces, count);
      for (std::size_t c = 0; c < pieces; ++c) before[c + 1] += before[c];
      slots = before[pieces];
      runner.run(pieces, fill);
    }
    ++slots;
    from = end;
  }
  t.stratum_slot.push_back(slots);
  slot_row[slots] = static_cast<std::uint32_t>(t.n);
  t.row_slot = row_slot;
  t.slot_row = slot_row.first(slots + 1);
  t.slot_deaths = slot_deaths.first(slots);
  std::size_t s = 0;
  std::size_t tied = 0;
  for (std::size_t k = 0; k < slots; ++k) {
    if (k == t.stratum_slot[s]) {
      ++s;
      continue;  // nobody dies there
    }
    std::uint32_t i = slot_row[k] + 1;
    const std::uint32_t end = slot_row[k + 1];
    while (i < end && t.time[i] == t.time[slot_row[k]] && t.dead[i] != 0) ++i;
    slot_deaths[k] = i - slot_row[k];
    t.most_deaths = std::max(t.most_deaths, slot_deaths[k]);
    tied += slot_deaths[k] > 1 ? 1U : 0U;
  }
  const std::span<std::uint32_t> tied_slot = t.room.take<std::uint32_t>(tied);
  for (std::size_t k = 0, at = 0; at < tied; ++k) {
    if (slot_deaths[k] > 1) tied_slot[at++] = static_cast<std::uint32_t>(k);
  }
  t.tied_slot = tied_slot;
}

// Who enters after the first event time of the stratum. `entry_of` and `stratum` are by row, the
// latter empty where there is one; `entry_order` has the rows by entry.
void find_late_entries(std::span<const double> entry_of, std::span<const std::uint32_t> entry_order,
                       std::span<const std::uint32_t> stratum, CoxTable& t, Room& scratch,
                       const Runner& runner) {
  const std::span<std::uint32_t> lo = t.room.take<std::uint32_t>(t.n);
  scratch.rewind();
  const std::span<std::uint32_t> position = scratch.take<std::uint32_t>(t.n);
  each_piece(t.n, runner, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) position[t.order[i]] = static_cast<std::uint32_t>(i);
  });
  // The last event time at or before the entry, in step with the entries of each stratum.
  struct Last {
    std::size_t slot;
    double next;  // time of the event after it
  };
  constexpr double never = std::numeric_limits<double>::infinity();
  std::vector<Last> last;
  const auto time_of = [&](std::size_t s, std::size_t k) {
    return k < t.stratum_slot[s + 1] ? t.time[t.slot_row[k]] : never;
  };
  for (std::size_t s = 0; s < t.strata(); ++s) {
    last.push_back({t.stratum_slot[s], time_of(s, t.stratum_slot[s] + 1)});
  }
  for (const std::uint32_t row : entry_order) {
    const std::size_t s = stratum.empty() ? 0 : stratum[row];
    Last& at = last[s];
    while (at.next <= entry_of[row]) at = {at.slot + 1, time_of(s, at.slot + 2)};
    lo[position[row]] = static_cast<std::uint32_t>(at.slot);
  }
  std::vector<std::uint32_t> count(t.slots() + 1, 0);
  std::size_t late = 0;
  for (std::size_t s = 0; s < t.strata(); ++s) {
    const std::size_t first = t.stratum_slot[s];
    for (std::size_t i = t.slot_row[first]; i < t.slot_row[t.stratum_slot[s + 1]]; ++i) {
      if (lo[i] == first) continue;
      ++count[lo[i] + 1];
      ++late;
    }
  }
  t.truncated = late != 0;
  if (!t.truncated) return;
  std::partial_sum(count.begin(), count.end(), count.begin());
  t.room.reserve((count.size() + late) * sizeof(std::uint32_t) + late * t.p * sizeof(double) + 256);
  const std::span<std::uint32_t> slot_late = t.room.take<std::uint32_t>(count.size());
  std::copy(count.begin(), count.end(), slot_late.begin());
  const std::span<std::uint32_t> rows = t.room.take<std::uint32_t>(late);
  for (std::size_t s = 0; s < t.strata(); ++s) {
    const std::size_t first = t.stratum_slot[s];
    for (std::size_t i = t.slot_row[first]; i < t.slot_row[t.stratum_slot[s + 1]]; ++i) {
      if (lo[i] != first) rows[count[lo[i]]++] = static_cast<std::uint32_t>(i);
    }
  }
  t.lo = lo;
  t.slot_late = slot_late;
  t.late = rows;
  const std::span<double> late_x = t.room.take<double>(late * t.p);
  runner.run(t.p, [&](std::size_t j) {
    const double* from = t.column(j);
    double* to = late_x.data() + j * late;
    for (std::size_t i = 0; i < late; ++i) to[i] = from[rows[i]];
  });
  t.late_x = late_x;
}

void cut_into_chunks(CoxTable& t) {
  std::size_t begin = 0;
  std::size_t strata = 0;
  const auto flush = [&](std::size_t end) {
    if (end > begin) {
      t.chunks.push_back({begin, end, false, strata, t.tied_from(begin), t.tied_from(end)});
    }
    begin = end;
    strata = 0;
  };
  for (std::size_t s = 0; s < t.strata(); ++s) {
    const std::size_t first = t.stratum_slot[s];
    const std::size_t last = t.stratum_slot[s + 1];
    if (t.slot_row[last] - t.slot_row[first] < 2 * chunk_rows) {
      if (t.slot_row[last] - t.slot_row[begin] > chunk_rows) flush(first);
      ++strata;
      continue;
    }
    flush(first);
    bool continues = false;
    for (std::size_t k = first; k < last; ++k) {
      if (t.slot_row[k + 1] - t.slot_row[begin] >= chunk_rows || k + 1 == last) {
        t.chunks.push_back({begin, k + 1, continues, 0, t.tied_from(begin), t.tied_from(k + 1)});
        begin = k + 1;
        continues = true;
      }
    }
  }
  flush(t.slots());
}

}  // namespace

std::vector<std::uint32_t> first_slots(const CoxTable& table) {
  std::vector<std::uint32_t> first(table.slots());
  for (std::size_t s = 0; s < table.strata(); ++s) {
    for (std::size_t k = table.stratum_slot[s]; k < table.stratum_slot[s + 1]; ++k) {
      first[k] = static_cast<std::uint32_t>(table.stratum_slot[s]);
    }
  }
  return first;
}

}  // namespace detail

Result<CoxData> CoxData::from(const CoxInput& in, const Runner* runner) {
  if (auto ok = detail::check(in); !ok) return unexpected(ok.error());
  const Runner& run = runner == nullptr ? serial() : *runner;
  auto table = std::make_shared<detail::CoxTable>();
  detail::CoxTable& t = *table;
  t.n = in.event.size();
  t.p = in.columns;
  const std::size_t n = t.n;
  for (const std::uint8_t e : in.event) t.events += e;
  for (auto* v : {&t.centre, &t.scale, &t.means, &t.largest}) v->resize(t.p);
  {
    double total = 0;
    for (const double w : in.weight) total += w;
    if (in.weight.empty()) total = static_cast<double>(n);
    std::vector<char> good(t.p, 1);
    run.run(t.p, [&](std::size_t j) {
      const double* weight = in.weight.empty() ? nullptr : in.weight.data();
      good[j] = detail::describe_column(in, weight, total, j, t) ? 1 : 0;
    });
    for (std::size_t j = 0; j < t.p; ++j) {
      if (good[j] == 0) return unexpected(detail::bad_number(in, j));
    }
  }

  // By time; events first and in file order among equal times, since the sort is stable.
  const bool weighted =
      std::any_of(in.weight.begin(), in.weight.end(), [](double w) { return w != 1.0; });
  const std::size_t strata_bound = in.stratum.empty() ? 1 : std::min(n, t.events + 1);
  t.room.reserve(n * (t.p + 1) * sizeof(double) +
                 n * (sizeof(double) * ((weighted ? 1U : 0U) + (in.offset.empty() ? 0U : 1U)) +
                      2 * sizeof(std::uint32_t) + 1) +
                 n * (in.entry.empty() ? 0U : sizeof(double) + sizeof(std::uint32_t)) +
                 2 * (t.events + strata_bound + 1) * sizeof(std::uint32_t) + 1024);
  detail::Room scratch;
  scratch.reserve((t.p > 1 ? 4 : 2) * n * sizeof(double) + 256);
  const std::span<std::uint32_t> order = t.room.take<std::uint32_t>(n);
  t.order = order;
  {
    std::size_t next[2] = {t.events, 0};  // by event flag; written without a branch
    for (std::size_t i = 0; i < n; ++i) {
      order[next[in.event[i]]++] = static_cast<std::uint32_t>(i);
    }
  }
  detail::radix_order(in.time, order, scratch, run);
  scratch.rewind();

  const std::span<double> time = t.room.take<double>(n);
  t.time = time;
  detail::each_piece(n, run, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) time[i] = in.time[order[i]];
  });
  std::vector<std::uint32_t> entry_order;
  std::vector<double> entry_time;  // sorted
  if (!in.entry.empty()) {
    entry_order.resize(n);
    std::iota(entry_order.begin(), entry_order.end(), 0U);
    detail::radix_order(in.entry, entry_order, scratch, run);
    scratch.rewind();
    entry_time.resize(n);
    detail::each_piece(n, run, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) entry_time[i] = in.entry[entry_order[i]];
    });
  }
  std::vector<double> joined_time;  // by row; empty = the input's
  std::vector<double> joined_entry;
  std::vector<std::size_t> joined;
  if (detail::join_near_ties(time, entry_time, run, joined)) {
    // Of what is one time now, events come first again.
    std::size_t end = 0;
    for (const std::size_t i : joined) {
      if (i < end) continue;
      std::size_t begin = i;
      while (begin > 0 && time[begin - 1] == time[i]) --begin;
      for (end = i + 1; end < n && time[end] == time[i];) ++end;
      std::sort(order.begin() + static_cast<std::ptrdiff_t>(begin),
                order.begin() + static_cast<std::ptrdiff_t>(end),
                [&](std::uint32_t a, std::uint32_t b) {
                  return in.event[a] != in.event[b] ? in.event[a] > in.event[b] : a < b;
                });
    }
    if (!in.entry.empty() || !in.stratum.empty()) {
      joined_time.resize(n);
      for (std::size_t i = 0; i < n; ++i) joined_time[order[i]] = time[i];
    }
    joined_entry.resize(entry_time.size());
    for (std::size_t i = 0; i < entry_time.size(); ++i) {
      joined_entry[entry_order[i]] = entry_time[i];
    }
  }
  const std::span<const double> time_of = joined_time.empty() ? in.time : joined_time;
  const std::span<const double> entry_of = joined_entry.empty() ? in.entry : joined_entry;
  for (std::size_t i = 0; i < entry_of.size(); ++i) {
    if (entry_of[i] >= time_of[i]) {
      return unexpected(error_at(Errc::out_of_range, "entry", i, in.entry[i],
                                 "must be before the row's time, " + shortest(in.time[i])));
    }
  }

  std::vector<std::uint32_t> stratum;
  if (!in.stratum.empty()) {
    t.stratum_code.assign(in.stratum.begin(), in.stratum.end());
    std::sort(t.stratum_code.begin(), t.stratum_code.end());
    t.stratum_code.erase(std::unique(t.stratum_code.begin(), t.stratum_code.end()),
                         t.stratum_code.end());
    stratum.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
      stratum[i] = static_cast<std::uint32_t>(
          std::lower_bound(t.stratum_code.begin(), t.stratum_code.end(), in.stratum[i]) -
          t.stratum_code.begin());
    }
    if (t.strata() > 1) detail::order_by_code(stratum, t.strata(), order);
  } else {
    t.stratum_code = {0};
  }

  const std::span<std::uint8_t> dead = t.room.take<std::uint8_t>(n);
  t.dead = dead;
  const bool moved = t.strata() > 1;  // since the times were fetched
  detail::each_piece(n, run, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) dead[i] = in.event[order[i]];
    for (std::size_t i = begin; i < end && moved; ++i) time[i] = time_of[order[i]];
  });
  t.weighted = weighted;
  if (weighted) {
    const std::span<double> weight = t.room.take<double>(n);
    for (std::size_t i = 0; i < n; ++i) weight[i] = in.weight[order[i]];
    t.weight = weight;
  }
  if (!in.offset.empty()) {
    const std::span<double> offset = t.room.take<double>(n);
    for (std::size_t i = 0; i < n; ++i) {
      offset[i] = in.offset[order[i]];
      t.largest_offset = std::max(t.largest_offset, std::abs(offset[i]));
      if (dead[i] != 0) t.event_offset += t.weight_of(i) * offset[i];
    }
    t.offset = offset;
  }
  t.cluster.assign(in.cluster.begin(), in.cluster.end());
  for (const std::uint32_t c : t.cluster) t.clusters = std::max<std::size_t>(t.clusters, c + 1);
  detail::sort_columns(in, t, scratch, run);
  std::vector<std::size_t> stratum_end(t.strata(), n);
  if (t.strata() > 1) {
    std::ranges::fill(stratum_end, 0);
    for (const std::uint32_t s : stratum) ++stratum_end[s];
    std::partial_sum(stratum_end.begin(), stratum_end.end(), stratum_end.begin());
  }
  detail::cut_into_slots(stratum_end, t, run);
  if (!in.entry.empty()) {
    const std::span<double> entry = t.room.take<double>(n);
    for (std::size_t i = 0; i < n; ++i) entry[i] = entry_of[order[i]];
    t.entry = entry;
    detail::find_late_entries(entry_of, entry_order, stratum, t, scratch, run);
  }
  detail::cut_into_chunks(t);
  return CoxData{std::move(table)};
}

std::size_t CoxData::rows() const noexcept { return table_->n; }
std::size_t CoxData::columns() const noexcept { return table_->p; }
std::size_t CoxData::events() const noexcept { return table_->events; }
std::size_t CoxData::strata() const noexcept { return table_->strata(); }
std::span<const std::uint32_t> CoxData::stratum_codes() const noexcept {
  return table_->stratum_code;
}

std::vector<std::size_t> CoxData::strata_without_events() const {
  std::vector<std::size_t> out;
  for (std::size_t s = 0; s < strata(); ++s) {
    if (table_->stratum_slot[s + 1] == table_->stratum_slot[s] + 1) out.push_back(s);
  }
  return out;
}

}  // namespace ombre::inline v0::stats
