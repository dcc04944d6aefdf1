// Kaplan-Meier curves of resampled people: sort once, then count and scan.

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include "ombre/stats/resample.hpp"
#include "stats/resample_design.hpp"
#include "stats/sort_keys.hpp"

namespace ombre::inline v0::stats {

using detail::DesignTable;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
// R's rule for "S equals 1 - p".
constexpr double equal_survival = 0x1p-26;

struct Target {
  double at = 0;
  std::size_t output = 0;
};

// The targets, each kind in the order in which a curve passes them.
struct TargetList {
  std::vector<Target> quantiles;
  std::vector<Target> times;
  std::vector<Target> areas;
  std::size_t outputs = 0;

  explicit TargetList(const SurvivalTargets& asked) : outputs{asked.outputs()} {
    std::size_t output = 0;
    const auto take = [&](const std::vector<double>& from, std::vector<Target>& to) {
      for (const double v : from) to.push_back({v, output++});
      std::stable_sort(to.begin(), to.end(),
                       [](const Target& a, const Target& b) { return a.at < b.at; });
    };
    take(asked.quantiles, quantiles);
    take(asked.times, times);
    take(asked.restricted_means, areas);
  }
};

// Reads the targets off a curve that is told drop by drop.
class CurveReader {
 public:
  CurveReader(const TargetList& targets, std::span<std::optional<double>> out)
      : targets_{targets}, out_{out} {
    std::fill(out.begin(), out.end(), std::nullopt);
    look_ahead();
  }

  // Whether a drop to `survival` at `time` can be passed over without telling.
  [[nodiscard]] bool indifferent(double time, double survival) const noexcept {
    return survival > threshold_ && time <= next_time_;
  }
  [[nodiscard]] bool done() const noexcept { return left_ == 0; }

  // The curve falls from `before` to `after` at `time`.
  void drop(double time, double before, double after) noexcept {
    pass(time, before);
    if (areas_ < targets_.areas.size()) {
      area_ += before * (time - last_);
      last_ = time;
    }
    for (; pending_ < quantiles_; ++pending_) {
      give(targets_.quantiles[pending_].output, (pending_since_ + time) / 2);
    }
    while (quantiles_ < targets_.quantiles.size()) {
      const double level = 1 - targets_.quantiles[quantiles_].at;
      if (after > level + equal_survival) break;
      if (after >= level - equal_survival) {
        // Later quantiles may equal the same level: all wait for the end of the stretch.
        pending_since_ = time;
        ++quantiles_;
        continue;
      }
      // Quantiles that wait are closed at the top of this function, so none waits here unless
      // it began at this very time.
      for (; pending_ < quantiles_; ++pending_) {
        give(targets_.quantiles[pending_].output, pending_since_);
      }
      give(targets_.quantiles[quantiles_].output, time);
      ++quantiles_;
      ++pending_;
    }
    look_ahead();
  }

  // Follow-up ends at `last` with the curve at `survival`.
  void finish(double last, double survival) noexcept {
    for (; pending_ < quantiles_; ++pending_) {
      give(targets_.quantiles[pending_].output, (pending_since_ + last) / 2);
    }
    for (; times_ < targets_.times.size(); ++times_) {
      const Target& target = targets_.times[times_];
      if (target.at <= last || survival == 0) give(target.output, survival);
    }
    for (; areas_ < targets_.areas.size(); ++areas_) {
      const Target& target = targets_.areas[areas_];
      if (target.at <= last || survival == 0) {
        give(target.output, area_ + survival * std::max(0.0, target.at - last_));
      }
    }
  }

 private:
  void give(std::size_t output, double value) noexcept {
    out_[output] = value;
    --left_;
  }
  // Answers what lies before `time`, where the curve is still at `survival`.
  void pass(double time, double survival) noexcept {
    for (; times_ < targets_.times.size() && targets_.times[times_].at < time; ++times_) {
      give(targets_.times[times_].output, survival);
    }
    for (; areas_ < targets_.areas.size() && targets_.areas[areas_].at <= time; ++areas_) {
      const Target& target = targets_.areas[areas_];
      give(target.output, area_ + survival * (target.at - last_));
    }
  }
  void look_ahead() noexcept {
    const bool waiting = pending_ < quantiles_;
    const bool area = areas_ < targets_.areas.size();
    threshold_ = waiting || area ? infinity
                 : quantiles_ < targets_.quantiles.size()
                     ? 1 - targets_.quantiles[quantiles_].at + equal_survival
                     : -infinity;
    next_time_ = times_ < targets_.times.size() ? targets_.times[times_].at : infinity;
  }

  const TargetList& targets_;
  std::span<std::optional<double>> out_;
  std::size_t quantiles_ = 0;  // passed; of these the first pending_ are answered
  std::size_t pending_ = 0;
  double pending_since_ = 0;
  std::size_t times_ = 0;
  std::size_t areas_ = 0;
  double area_ = 0;
  double last_ = 0;
  std::size_t left_ = targets_.outputs;
  double threshold_ = 0;
  double next_time_ = 0;
};

// Rows in time order, ready for counts. `slot` turns a unit into the place where it is counted.
struct Sorted {
  // One entry a cell, by time, events before censorings.
  std::vector<double> time;
  std::vector<std::uint8_t> event;
  std::vector<std::uint32_t> where;  // whose count it takes
  std::vector<double> weight;        // of one row of the cell; empty = 1
  std::vector<std::uint32_t> slot;   // by unit; empty = the unit itself
  std::size_t slots = 0;
  // Entries after 0 in time order; empty without late entry.
  std::vector<double> entry;
  std::vector<std::uint32_t> entry_where;
  std::vector<double> entry_weight;

  [[nodiscard]] bool plain() const noexcept { return weight.empty() && entry.empty(); }
};

Sorted sorted_rows(const ResampledTimes& data, const DesignTable& design) {
  const std::size_t n = data.time.size();
  // By time, events before censorings, rows in their order: times are 0 or more, so that their bits
  // are in order and leave room for the event.
  std::vector<std::uint32_t> order(n);
  {
    std::vector<detail::KeyedRow> items(n);
    std::vector<detail::KeyedRow> spare(n);
    for (std::size_t i = 0; i < n; ++i) {
      const auto bits = std::bit_cast<std::uint64_t>(data.time[i] + 0.0);
      items[i] = {bits << 1U | (data.event[i] != 0 ? 0U : 1U), static_cast<std::uint32_t>(i)};
    }
    detail::sort_piece(items.data(), spare.data(), n, false);
    for (std::size_t i = 0; i < n; ++i) order[i] = items[i].row;
  }
  Sorted sorted;
  const bool weighted =
      std::any_of(data.weight.begin(), data.weight.end(), [](double w) { return w != 1; });
  const bool late = !data.entry.empty();
  const auto same = [&](std::uint32_t a, std::uint32_t b) {
    return data.time[a] == data.time[b] && data.event[a] == data.event[b];
  };
  if (design.each_row && !weighted && !late) {
    // Rows alike in time and event share a cell where that saves at least half of them.
    std::size_t cells = 1;
    for (std::size_t i = 1; i < n; ++i) cells += same(order[i - 1], order[i]) ? 0U : 1U;
    if (cells <= n / 2) {
      sorted.slot.resize(n);
      for (std::size_t i = 0; i < n; ++i) {
        if (i == 0 || !same(order[i - 1], order[i])) {
          sorted.where.push_back(static_cast<std::uint32_t>(sorted.time.size()));
          sorted.time.push_back(data.time[order[i]]);
          sorted.event.push_back(data.event[order[i]]);
        }
        sorted.slot[order[i]] = static_cast<std::uint32_t>(sorted.time.size() - 1);
      }
      sorted.slots = sorted.time.size();
      return sorted;
    }
  }
  sorted.slots = design.units();
  for (const std::uint32_t i : order) {
    sorted.time.push_back(data.time[i]);
    sorted.event.push_back(data.event[i]);
    sorted.where.push_back(design.unit_of[i]);
    if (weighted) sorted.weight.push_back(data.weight[i]);
  }
  if (late) {
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return data.entry[a] != data.entry[b] ? data.entry[a] < data.entry[b] : a < b;
    });
    for (const std::uint32_t i : order) {
      sorted.entry.push_back(data.entry[i]);
      sorted.entry_where.push_back(design.unit_of[i]);
      sorted.entry_weight.push_back(weighted ? data.weight[i] : 1.0);
    }
  }
  return sorted;
}

// Whole counts, everybody at risk from the start. Between censorings S is proportional to the
// number at risk, so that a division is needed only where somebody is censored after an event.
template <class Count>
void scan_plain(const Sorted& rows, std::span<const Count> count, std::uint64_t total,
                CurveReader& reader) {
  const std::size_t cells = rows.time.size();
  const double* const time = rows.time.data();
  const std::uint8_t* const event = rows.event.data();
  const std::uint32_t* const where = rows.where.data();
  auto at_risk = static_cast<double>(total);
  double per_person = 1 / at_risk;  // S / at risk
  double survival = 1;
  double ratio_at = at_risk;  // number at risk for which per_person holds
  for (std::size_t i = 0; i < cells; ++i) {
    const Count c = count[where[i]];
    if (c == 0) continue;
    if (event[i] != 0) {
      if (ratio_at != at_risk) {
        per_person = survival / at_risk;
      }
      at_risk -= static_cast<double>(c);
      ratio_at = at_risk;
      const double next = per_person * at_risk;
      if (!reader.indifferent(time[i], next)) {
        reader.drop(time[i], survival, next);
        if (reader.done()) return;
      }
      survival = next;
    } else {
      at_risk -= static_cast<double>(c);
    }
    if (at_risk == 0) {
      reader.finish(time[i], survival);
      return;
    }
  }
}

// Weights and late entry: the number at risk from sums taken backwards, so that it is exactly the
// sum of those still to come.
struct Scratch {
  std::vector<double> at_risk;  // by cell: weight of this cell and later ones
};

template <class Count>
void scan_general(const Sorted& rows, std::span<const Count> count, Scratch& scratch,
                  CurveReader& reader) {
  const std::size_t cells = rows.time.size();
  scratch.at_risk.resize(cells + 1);
  scratch.at_risk[cells] = 0;
  const auto weight = [&](std::size_t i) {
    const auto c = static_cast<double>(count[rows.where[i]]);
    return rows.weight.empty() ? c : c * rows.weight[i];
  };
  double last = -1;
  double total = 0;
  for (std::size_t i = cells; i-- > 0;) {
    const double w = weight(i);
    if (w > 0 && last < 0) last = rows.time[i];
    total += w;
    scratch.at_risk[i] = total;
  }
  if (!(total > 0)) return;
  double yet_to_enter = 0;  // weight with entry at or after the time
  std::size_t entered = 0;
  for (std::size_t i = 0; i < rows.entry.size(); ++i) {
    yet_to_enter += static_cast<double>(count[rows.entry_where[i]]) * rows.entry_weight[i];
  }
  double survival = 1;
  for (std::size_t i = 0; i < cells;) {
    const double now = rows.time[i];
    const std::size_t begin = i;
    double events = 0;
    for (; i < cells && rows.time[i] == now && rows.event[i] != 0; ++i) events += weight(i);
    if (events > 0 && survival > 0) {
      for (; entered < rows.entry.size() && rows.entry[entered] < now; ++entered) {
        yet_to_enter -=
            static_cast<double>(count[rows.entry_where[entered]]) * rows.entry_weight[entered];
      }
      // Rounding of the two sums must not leave a crumb of a person at risk.
      const double at_risk = scratch.at_risk[begin] - std::max(0.0, yet_to_enter);
      double left = at_risk - events;
      if (left <= 1e-12 * total) left = 0;
      const double next = left == 0 ? 0 : survival * (left / at_risk);
      if (!reader.indifferent(now, next)) {
        reader.drop(now, survival, next);
        if (reader.done()) return;
      }
      survival = next;
    }
    for (; i < cells && rows.time[i] == now; ++i) {
    }
  }
  reader.finish(last, survival);
}

template <class Count>
void read_curve(const Sorted& rows, const DesignTable& design, std::span<const Count> count,
                const TargetList& targets, Scratch& scratch, std::span<std::optional<double>> out) {
  CurveReader reader{targets, out};
  if (!rows.plain()) {
    scan_general(rows, count, scratch, reader);
    return;
  }
  std::uint64_t total = design.rows;
  if (!design.each_row) {
    total = 0;
    for (std::size_t u = 0; u < design.units(); ++u) {
      total += std::uint64_t{count[u]} * design.unit_rows[u];
    }
  }
  scan_plain(rows, count, total, reader);
}

Result<void> check_rows(const ResampledTimes& data, const ResampleDesign& design) {
  const std::size_t n = data.time.size();
  if (n == 0) return unexpected(error_of(Errc::empty_input, "time", "must not be empty"));
  const auto length = [n](std::size_t have, std::string_view field, bool needed) -> Result<void> {
    if (have == n || (have == 0 && !needed)) return {};
    return unexpected(error_at(Errc::size_mismatch, field, std::nullopt, static_cast<double>(have),
                               "must have one entry for each time"));
  };
  if (auto ok = length(data.event.size(), "event", true); !ok) return ok;
  if (auto ok = length(data.entry.size(), "entry", false); !ok) return ok;
  if (auto ok = length(data.weight.size(), "weight", false); !ok) return ok;
  if (auto ok = length(design.rows(), "design", true); !ok) return ok;
  for (std::size_t i = 0; i < n; ++i) {
    if (!std::isfinite(data.time[i])) {
      return unexpected(error_at(Errc::not_finite, "time", i, data.time[i], "must be finite"));
    }
    if (data.time[i] < 0) {
      return unexpected(error_at(Errc::out_of_range, "time", i, data.time[i], "must be 0 or more"));
    }
    if (data.event[i] > 1) {
      return unexpected(error_at(Errc::out_of_range, "event", i, static_cast<double>(data.event[i]),
                                 "must be 0 or 1"));
    }
    if (!data.entry.empty()) {
      if (!std::isfinite(data.entry[i])) {
        return unexpected(error_at(Errc::not_finite, "entry", i, data.entry[i], "must be finite"));
      }
      if (data.entry[i] >= data.time[i]) {
        return unexpected(
            error_at(Errc::out_of_range, "entry", i, data.entry[i], "must be before time"));
      }
    }
    if (!data.weight.empty()) {
      if (!std::isfinite(data.weight[i])) {
        return unexpected(
            error_at(Errc::not_finite, "weight", i, data.weight[i], "must be finite"));
      }
      if (data.weight[i] < 0) {
        return unexpected(
            error_at(Errc::out_of_range, "weight", i, data.weight[i], "must be 0 or more"));
      }
    }
  }
  return {};
}

Result<void> check_targets(const SurvivalTargets& targets) {
  if (targets.outputs() == 0) {
    return unexpected(error_of(Errc::empty_input, "targets",
                               "must name a quantile, a time or a restricted mean"));
  }
  for (std::size_t i = 0; i < targets.quantiles.size(); ++i) {
    if (!(targets.quantiles[i] > 0 && targets.quantiles[i] < 1)) {
      return unexpected(error_at(Errc::out_of_range, "quantiles", i, targets.quantiles[i],
                                 "must lie between 0 and 1"));
    }
  }
  for (std::size_t i = 0; i < targets.times.size(); ++i) {
    if (!(targets.times[i] >= 0 && std::isfinite(targets.times[i]))) {
      return unexpected(error_at(Errc::out_of_range, "times", i, targets.times[i],
                                 "must be finite and 0 or more"));
    }
  }
  for (std::size_t i = 0; i < targets.restricted_means.size(); ++i) {
    if (!(targets.restricted_means[i] > 0 && std::isfinite(targets.restricted_means[i]))) {
      return unexpected(error_at(Errc::out_of_range, "restricted_means", i,
                                 targets.restricted_means[i], "must be finite and above 0"));
    }
  }
  return {};
}

template <class Count>
Result<Replicates> run_bootstrap(const Sorted& rows, const DesignTable& design,
                                 const TargetList& targets, const ResampleOptions& options,
                                 Replicates result) {
  const std::size_t piece = std::clamp<std::size_t>(options.replicates / 64, 1, 32);
  auto done = detail::run_in_pieces(
      options.replicates, piece, options.progress, options.runner,
      [&](std::size_t first, std::size_t last) {
        std::vector<Count> count(rows.slots);
        std::vector<std::optional<double>> out(targets.outputs);
        Scratch scratch;
        for (std::size_t r = first; r < last; ++r) {
          std::fill(count.begin(), count.end(), Count{0});
          detail::draw_counts<Count>(design, options.seed, r, rows.slot, count);
          read_curve<Count>(rows, design, count, targets, scratch, out);
          for (std::size_t j = 0; j < out.size(); ++j) result.value[j][r] = out[j];
        }
      });
  if (!done) return unexpected(done.error());
  return result;
}

// Every unit once.
std::vector<std::uint32_t> full_counts(const Sorted& rows, const DesignTable& design) {
  std::vector<std::uint32_t> count(rows.slots, 0);
  for (std::size_t u = 0; u < design.units(); ++u) {
    ++count[rows.slot.empty() ? u : rows.slot[u]];
  }
  return count;
}

}  // namespace

Result<Replicates> bootstrap_survival(const ResampledTimes& data, const SurvivalTargets& targets,
                                      const ResampleDesign& design,
                                      const ResampleOptions& options) {
  if (auto ok = check_rows(data, design); !ok) return unexpected(ok.error());
  if (auto ok = check_targets(targets); !ok) return unexpected(ok.error());
  if (auto ok = detail::check_size(targets.outputs(), options.replicates); !ok) {
    return unexpected(ok.error());
  }
  const DesignTable& table = design.table();
  const Sorted rows = sorted_rows(data, table);
  const TargetList list{targets};
  Replicates result;
  result.observed.resize(list.outputs);
  Scratch scratch;
  read_curve<std::uint32_t>(rows, table, full_counts(rows, table), list, scratch, result.observed);
  result.value.assign(list.outputs, std::vector<std::optional<double>>(options.replicates));
  // Small counters keep a table of some ten thousand people in the nearest cache.
  if (table.units() < 65536) {
    return run_bootstrap<std::uint16_t>(rows, table, list, options, std::move(result));
  }
  return run_bootstrap<std::uint32_t>(rows, table, list, options, std::move(result));
}

Result<Jackknife> jackknife_survival(const ResampledTimes& data, const SurvivalTargets& targets,
                                     const ResampleDesign& design, const ResampleOptions& options) {
  if (auto ok = check_rows(data, design); !ok) return unexpected(ok.error());
  if (auto ok = check_targets(targets); !ok) return unexpected(ok.error());
  if (auto ok = detail::check_size(targets.outputs(), design.units()); !ok) {
    return unexpected(ok.error());
  }
  const DesignTable& table = design.table();
  const Sorted rows = sorted_rows(data, table);
  const TargetList list{targets};
  const std::vector<std::uint32_t> all = full_counts(rows, table);
  Jackknife result;
  result.stratum = table.stratum_of;
  result.strata = table.strata();
  result.observed.resize(list.outputs);
  {
    Scratch scratch;
    read_curve<std::uint32_t>(rows, table, all, list, scratch, result.observed);
  }
  // Units that share a cell leave the same curve behind.
  std::vector<std::vector<std::optional<double>>> by_slot(
      list.outputs, std::vector<std::optional<double>>(rows.slots));
  const std::size_t piece = std::clamp<std::size_t>(rows.slots / 64, 1, 256);
  auto done = detail::run_in_pieces(
      rows.slots, piece, options.progress, options.runner,
      [&](std::size_t first, std::size_t last) {
        std::vector<std::uint32_t> count = all;
        std::vector<std::optional<double>> out(list.outputs);
        Scratch scratch;
        for (std::size_t s = first; s < last; ++s) {
          --count[s];
          CurveReader reader{list, out};
          if (rows.plain()) {
            const std::uint64_t gone = table.each_row ? 1 : table.unit_rows[s];
            if (table.rows > gone) {
              scan_plain<std::uint32_t>(rows, count, table.rows - gone, reader);
            }
          } else {
            scan_general<std::uint32_t>(rows, count, scratch, reader);
          }
          ++count[s];
          for (std::size_t j = 0; j < out.size(); ++j) by_slot[j][s] = out[j];
        }
      });
  if (!done) return unexpected(done.error());
  if (rows.slot.empty()) {
    result.value = std::move(by_slot);
    return result;
  }
  result.value.assign(list.outputs, std::vector<std::optional<double>>(table.units()));
  for (std::size_t j = 0; j < list.outputs; ++j) {
    for (std::size_t u = 0; u < table.units(); ++u) {
      result.value[j][u] = by_slot[j][rows.slot[u]];
    }
  }
  return result;
}

}  // namespace ombre::inline v0::stats
