// Infinitesimal jackknife errors in O(n log n).
//
// The derivative of log S(t) by the weight of a person at risk over (entry, exit] is a sum over the
// event times in that interval of a shared number a_j, plus an own number b_j where the person has
// the event. Everybody at risk gets the same a_j, so a cluster's influence is F + W A(t): F changes
// only when one of its rows enters, leaves or has the event, W is its weight at risk, and A is
// shared by all. The sum of squares is then SFF + 2 A SFW + A^2 SWW with three running sums.
#include <algorithm>
#include <cmath>

#include "stats/survival_table.hpp"

namespace ombre::inline v0::stats::detail {
namespace {

// Running sum of squares of F + W A over clusters.
class Influence {
 public:
  explicit Influence(std::size_t clusters) : fixed_(clusters, 0), weight_(clusters, 0) {}

  void step(double shared) noexcept { shared_ += shared; }
  void enter(std::uint32_t cluster, double w) noexcept { change(cluster, -w * shared_, w); }
  void leave(std::uint32_t cluster, double w, double own) noexcept {
    change(cluster, w * (shared_ + own), -w);
  }
  [[nodiscard]] double sum_of_squares() const noexcept {
    const double sum = ff_.value() + shared_ * (2 * fw_.value() + shared_ * ww_.value());
    return sum > 0 ? sum : 0;
  }

 private:
  void change(std::uint32_t cluster, double fixed, double weight) noexcept {
    double& f = fixed_[cluster];
    double& w = weight_[cluster];
    add(ff_, -f, f);
    add(fw_, -f, w);
    add(ww_, -w, w);
    f += fixed;
    w += weight;
    add(ff_, f, f);
    add(fw_, f, w);
    add(ww_, w, w);
  }
  static void add(CarefulSum& sum, double a, double b) noexcept {
    const double product = a * b;
    sum.add(product);
    sum.add(std::fma(a, b, -product));
  }

  double shared_ = 0;
  std::vector<double> fixed_;
  std::vector<double> weight_;
  CarefulSum ff_;
  CarefulSum fw_;
  CarefulSum ww_;
};

struct Steps {
  double shared = 0;
  double own = 0;
};

// Of the hazard at one time: n at risk, weight d of `count` events.
Steps hazard_steps(double n, double d, double count, HazardForm form) {
  if (form == HazardForm::nelson_aalen) return {-d / (n * n), 1 / n};
  Steps out;
  const double each = d / count;
  for (double k = 0; k < count; ++k) {
    const double left = n - k * each;
    out.shared -= each / (left * left);
    out.own += 1 / (count * left) + each * k / (count * left * left);
  }
  return out;
}

}  // namespace

void robust_errors(SurvivalCurve& curve, const SurvivalData& data, const IndexedTable& indexed) {
  const std::size_t n = data.time.size();
  const std::size_t times = curve.size();
  const bool late = !indexed.index.entry.empty();
  // Rows by the time they leave and by the time from which they are at risk.
  const auto by = [&](const std::vector<std::uint32_t>& place, std::size_t size,
                      std::vector<std::uint32_t>& begin) {
    begin.assign(size + 1, 0);
    for (const std::uint32_t p : place) ++begin[p + 1];
    for (std::size_t j = 0; j < size; ++j) begin[j + 1] += begin[j];
    std::vector<std::uint32_t> rows(n);
    std::vector<std::uint32_t> at(begin.begin(), begin.end() - 1);
    for (std::size_t i = 0; i < n; ++i) rows[at[place[i]]++] = static_cast<std::uint32_t>(i);
    return rows;
  };
  std::vector<std::uint32_t> exit_begin;
  const std::vector<std::uint32_t> exits = by(indexed.index.exit, times, exit_begin);
  std::vector<std::uint32_t> entry_begin;
  std::vector<std::uint32_t> entries;
  if (late) entries = by(indexed.index.entry, times + 1, entry_begin);

  std::uint32_t clusters = 0;
  if (data.cluster.empty()) {
    clusters = static_cast<std::uint32_t>(n);
  } else {
    for (const std::uint32_t c : data.cluster) clusters = std::max(clusters, c + 1);
  }
  const auto cluster_of = [&](std::uint32_t row) {
    return data.cluster.empty() ? row : data.cluster[row];
  };
  const auto weight_of = [&](std::uint32_t row) {
    return data.weight.empty() ? 1.0 : data.weight[row];
  };
  const bool product = curve.options.survival == SurvivalForm::product_limit;
  Influence hazard{clusters};
  Influence survival{product ? clusters : 0};
  const auto enter = [&](std::uint32_t row) {
    hazard.enter(cluster_of(row), weight_of(row));
    if (product) survival.enter(cluster_of(row), weight_of(row));
  };
  if (!late) {
    for (std::uint32_t i = 0; i < n; ++i) enter(i);
  }
  for (std::size_t j = 0; j < times; ++j) {
    if (late) {
      for (std::uint32_t k = entry_begin[j]; k < entry_begin[j + 1]; ++k) enter(entries[k]);
    }
    const double r = curve.at_risk[j];
    const double d = curve.events[j];
    Steps h;
    Steps s;
    if (d > 0) {
      h = hazard_steps(r, d, static_cast<double>(indexed.table.event_rows[j]),
                       curve.options.hazard);
      // Where everybody has the event, S is 0 from here on and so is its error.
      if (r > d) s = {d / (r * (r - d)), -1 / (r - d)};
      hazard.step(h.shared);
      if (product) survival.step(s.shared);
    }
    for (std::uint32_t k = exit_begin[j]; k < exit_begin[j + 1]; ++k) {
      const std::uint32_t row = exits[k];
      const bool event = data.event[row] != 0;
      hazard.leave(cluster_of(row), weight_of(row), event ? h.own : 0);
      if (product) survival.leave(cluster_of(row), weight_of(row), event ? s.own : 0);
    }
    if (!(d > 0)) {  // nothing has changed, not even by rounding: quantiles look at repetitions
      curve.hazard_error[j] = j == 0 ? 0 : curve.hazard_error[j - 1];
      curve.error[j] = j == 0 ? 0 : curve.error[j - 1];
      continue;
    }
    curve.hazard_error[j] = std::sqrt(hazard.sum_of_squares());
    const double log_error = product ? std::sqrt(survival.sum_of_squares()) : curve.hazard_error[j];
    curve.error[j] = curve.survival[j] * log_error;
  }
}

}  // namespace ombre::inline v0::stats::detail
