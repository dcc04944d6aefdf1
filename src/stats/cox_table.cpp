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

constexpr std::size_t chunk_rows = 16384;

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

// The sorted values without repeats.
void add_distinct(std::span<const double> values, const std::vector<std::uint32_t>& order,
                  std::vector<double>& out) {
  for (const std::uint32_t i : order) {
    if (out.empty() || out.back() != values[i]) out.push_back(values[i]);
  }
}

// Replaces each value by the beginning of its chain; walks both lists in step.
void join(std::vector<double>& values, const std::vector<std::uint32_t>& order,
          const std::vector<double>& starts) {
  std::size_t at = 0;
  for (const std::uint32_t i : order) {
    while (at + 1 < starts.size() && starts[at + 1] <= values[i]) ++at;
    values[i] = starts[at];
  }
}

// Stable counting sort of positions by code.
void order_by_code(std::span<const std::uint32_t> code, std::size_t codes,
                   std::vector<std::uint32_t>& order) {
  std::vector<std::uint32_t> start(codes + 1, 0);
  for (const std::uint32_t i : order) ++start[code[i] + 1];
  std::partial_sum(start.begin(), start.end(), start.begin());
  std::vector<std::uint32_t> out(order.size());
  for (const std::uint32_t i : order) out[start[code[i]]++] = i;
  order.swap(out);
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
// out of order then serves them all.
void sort_columns(const CoxInput& in, CoxTable& t, const Runner& runner) {
  constexpr std::size_t group = 4;
  const std::size_t n = t.n;
  constexpr std::size_t piece = 16384;
  const std::size_t pieces = (n + piece - 1) / piece;
  t.x.resize(n * t.p);
  std::vector<double> by_row(t.p > 1 ? n * group : 0);
  for (std::size_t first = 0; first < t.p; first += group) {
    const std::size_t width = std::min(group, t.p - first);
    if (width == 1) {
      const double* column = in.x.data() + first * n;
      double* to = t.x.data() + first * n;
      const double centre = t.centre[first];
      const double scale = t.scale[first];
      runner.run(pieces, [&](std::size_t c) {
        for (std::size_t i = c * piece; i < std::min(n, (c + 1) * piece); ++i) {
          to[i] = (column[t.order[i]] - centre) * scale;
        }
      });
      continue;
    }
    runner.run(pieces, [&](std::size_t c) {
      const double* column[group] = {};
      double centre[group] = {};
      double scale[group] = {};
      for (std::size_t g = 0; g < group; ++g) {
        const std::size_t j = first + std::min(g, width - 1);
        column[g] = in.x.data() + j * n;
        centre[g] = t.centre[j];
        scale[g] = t.scale[j];
      }
      for (std::size_t i = c * piece; i < std::min(n, (c + 1) * piece); ++i) {
        for (std::size_t g = 0; g < group; ++g) {
          by_row[i * group + g] = (column[g][i] - centre[g]) * scale[g];
        }
      }
    });
    runner.run(pieces, [&](std::size_t c) {
      double* to[group] = {};
      for (std::size_t g = 0; g < group; ++g) {
        to[g] = t.x.data() + (first + std::min(g, width - 1)) * n;
      }
      for (std::size_t i = c * piece; i < std::min(n, (c + 1) * piece); ++i) {
        const double* row = by_row.data() + std::size_t{t.order[i]} * group;
        for (std::size_t g = 0; g < group; ++g) to[g][i] = row[g];
      }
    });
  }
}

// Needs the rows' times and events; `stratum_end` has the row after each stratum's last.
void cut_into_slots(std::span<const std::size_t> stratum_end, CoxTable& t) {
  t.slot_row.clear();
  std::size_t i = 0;
  for (std::size_t s = 0; s < t.strata(); ++s) {
    t.stratum_slot.push_back(t.slot_deaths.size());
    t.slot_row.push_back(i);
    t.slot_deaths.push_back(0);
    t.slot_time.push_back(0);
    while (i < stratum_end[s]) {
      // Events stand first among rows of one time, so a time's first row tells.
      if (t.dead[i] != 0) {
        if (t.slot_deaths.back() == 0 || t.slot_time.back() != t.time[i]) {
          t.slot_row.push_back(i);
          t.slot_deaths.push_back(0);
          t.slot_time.push_back(t.time[i]);
        }
        ++t.slot_deaths.back();
      }
      ++i;
    }
  }
  t.stratum_slot.push_back(t.slot_deaths.size());
  t.slot_row.push_back(t.n);
  for (const std::uint32_t d : t.slot_deaths) t.most_deaths = std::max(t.most_deaths, d);
  t.row_slot.resize(t.n);
  for (std::size_t k = 0; k < t.slots(); ++k) {
    for (i = t.slot_row[k]; i < t.slot_row[k + 1]; ++i) {
      t.row_slot[i] = static_cast<std::uint32_t>(k);
    }
  }
}

// Needs t.entry.
void find_late_entries(CoxTable& t) {
  t.lo.resize(t.n);
  std::vector<std::size_t> count(t.slots() + 1, 0);
  std::size_t late = 0;
  for (std::size_t s = 0; s < t.strata(); ++s) {
    const std::size_t first = t.stratum_slot[s];
    const std::size_t last = t.stratum_slot[s + 1];
    const auto begin = t.slot_time.begin() + static_cast<std::ptrdiff_t>(first) + 1;
    const auto end = t.slot_time.begin() + static_cast<std::ptrdiff_t>(last);
    for (std::size_t i = t.slot_row[first]; i < t.slot_row[last]; ++i) {
      const auto slot =
          first + static_cast<std::size_t>(std::upper_bound(begin, end, t.entry[i]) - begin);
      t.lo[i] = static_cast<std::uint32_t>(slot);
      if (slot != first) {
        ++count[slot + 1];
        ++late;
      }
    }
  }
  std::partial_sum(count.begin(), count.end(), count.begin());
  t.slot_late = count;
  t.late.resize(late);
  for (std::size_t s = 0; s < t.strata(); ++s) {
    const std::size_t first = t.stratum_slot[s];
    for (std::size_t i = t.slot_row[first]; i < t.slot_row[t.stratum_slot[s + 1]]; ++i) {
      if (t.lo[i] != first) t.late[count[t.lo[i]]++] = static_cast<std::uint32_t>(i);
    }
  }
  t.truncated = late != 0;
  if (!t.truncated) return;
  t.late_x.resize(late * t.p);
  for (std::size_t j = 0; j < t.p; ++j) {
    const double* from = t.column(j);
    double* to = t.late_x.data() + j * late;
    for (std::size_t i = 0; i < late; ++i) to[i] = from[t.late[i]];
  }
}

void cut_into_chunks(CoxTable& t) {
  std::size_t begin = 0;
  std::size_t strata = 0;
  const auto flush = [&](std::size_t end) {
    if (end > begin) t.chunks.push_back({begin, end, false, strata});
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
        t.chunks.push_back({begin, k + 1, continues, 0});
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
  t.order.resize(n);
  {
    std::size_t next[2] = {t.events, 0};  // by event flag; written without a branch
    for (std::size_t i = 0; i < n; ++i) {
      t.order[next[in.event[i]]++] = static_cast<std::uint32_t>(i);
    }
  }
  detail::radix_order(in.time, t.order, run);

  std::vector<double> time(in.time.begin(), in.time.end());
  std::vector<double> entry(in.entry.begin(), in.entry.end());
  std::vector<double> distinct;
  detail::add_distinct(time, t.order, distinct);
  std::vector<std::uint32_t> entry_order;
  if (!entry.empty()) {
    entry_order.resize(n);
    std::iota(entry_order.begin(), entry_order.end(), 0U);
    detail::radix_order(entry, entry_order, run);
    std::vector<double> entries;
    detail::add_distinct(entry, entry_order, entries);
    std::vector<double> all;
    std::set_union(distinct.begin(), distinct.end(), entries.begin(), entries.end(),
                   std::back_inserter(all));
    distinct.swap(all);
  }
  if (const auto starts = detail::chain_starts(distinct); !starts.empty()) {
    detail::join(time, t.order, starts);
    if (!entry.empty()) detail::join(entry, entry_order, starts);
    for (std::size_t i = 0; i < n;) {
      std::size_t end = i + 1;
      while (end < n && time[t.order[end]] == time[t.order[i]]) ++end;
      if (end - i == 1) {
        i = end;
        continue;
      }
      std::sort(t.order.begin() + static_cast<std::ptrdiff_t>(i),
                t.order.begin() + static_cast<std::ptrdiff_t>(end),
                [&](std::uint32_t a, std::uint32_t b) {
                  return in.event[a] != in.event[b] ? in.event[a] > in.event[b] : a < b;
                });
      i = end;
    }
  }
  for (std::size_t i = 0; i < entry.size(); ++i) {
    if (entry[i] >= time[i]) {
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
    if (t.strata() > 1) detail::order_by_code(stratum, t.strata(), t.order);
  } else {
    t.stratum_code = {0};
  }

  t.time.resize(n);
  t.weight.assign(n, 1.0);
  t.dead.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    t.time[i] = time[t.order[i]];
    t.dead[i] = in.event[t.order[i]];
  }
  if (!in.weight.empty()) {
    for (std::size_t i = 0; i < n; ++i) {
      t.weight[i] = in.weight[t.order[i]];
      t.weighted = t.weighted || t.weight[i] != 1.0;
    }
  }
  if (!in.offset.empty()) {
    t.offset.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
      t.offset[i] = in.offset[t.order[i]];
      t.largest_offset = std::max(t.largest_offset, std::abs(t.offset[i]));
    }
  }
  t.cluster.assign(in.cluster.begin(), in.cluster.end());
  for (const std::uint32_t c : t.cluster) t.clusters = std::max<std::size_t>(t.clusters, c + 1);
  t.event_x.assign(t.p, 0.0);
  detail::sort_columns(in, t, run);
  {
    std::vector<double> dead_weight(n);
    for (std::size_t i = 0; i < n; ++i) dead_weight[i] = t.dead[i] != 0 ? t.weight[i] : 0.0;
    run.run(t.p, [&](std::size_t j) {
      t.event_x[j] = detail::inner_product(dead_weight.data(), t.column(j), n);
    });
  }
  std::vector<std::size_t> stratum_end(t.strata(), n);
  if (t.strata() > 1) {
    std::ranges::fill(stratum_end, 0);
    for (const std::uint32_t s : stratum) ++stratum_end[s];
    std::partial_sum(stratum_end.begin(), stratum_end.end(), stratum_end.begin());
  }
  detail::cut_into_slots(stratum_end, t);
  if (!entry.empty()) {
    t.entry.resize(n);
    for (std::size_t i = 0; i < n; ++i) t.entry[i] = entry[t.order[i]];
    detail::find_late_entries(t);
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
