// The non-parametric estimate for interval-censored times: self-consistency and convex minorants.

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "ombre/stats/parametric_survival.hpp"
#include "stats/parametric_rows.hpp"

namespace ombre::inline v0::stats {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

// An end of an interval on the line of times, where "just after t" lies between t and all later.
struct End {
  double time = 0;
  int after = 0;
  friend bool operator<(const End& a, const End& b) noexcept {
    return std::tie(a.time, a.after) < std::tie(b.time, b.after);
  }
};

struct Row {
  End left;
  End right;
  double weight = 0;
};

// Rows over innermost intervals first..last.
struct Range {
  std::size_t first = 0;
  std::size_t last = 0;
  double weight = 0;
};

class Maximiser {
 public:
  Maximiser(std::vector<Range> rows, std::size_t cells)
      : rows_{std::move(rows)}, mass_(cells, 1 / static_cast<double>(cells)) {
    for (const Range& r : rows_) total_ += r.weight;
    probability_.resize(rows_.size());
  }

  [[nodiscard]] const std::vector<double>& mass() const noexcept { return mass_; }
  [[nodiscard]] double loglik() const noexcept { return loglik_; }

  // Most by which the log-likelihood can still grow: it is concave, so no point lies above the
  // tangent, and moving all mass to the best place is the steepest way. Fills what self-consistency
  // needs.
  double gap() {
    loglik_ = value_of(mass_, probability_);
    spread();
    return *std::max_element(worth_.begin(), worth_.end()) - total_;
  }

  void self_consistency() {
    for (std::size_t j = 0; j < mass_.size(); ++j) mass_[j] *= worth_[j] / total_;
    normalise(mass_);
    loglik_ = value_of(mass_, probability_);
    spread();
  }

  // One step of the iterative convex minorant: Newton with the diagonal of the information in the
  // cumulative masses, kept in order by isotonic regression, halved until it does not lose.
  void convex_minorant() {
    const std::size_t m = mass_.size();
    if (m < 2) return;
    std::vector<double> gradient(m - 1, 0);
    std::vector<double> curvature(m - 1, 1e-12 * total_);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const double slope = rows_[i].weight / probability_[i];
      const double bend = slope / probability_[i];
      if (rows_[i].last + 1 < m) {
        gradient[rows_[i].last] += slope;
        curvature[rows_[i].last] += bend;
      }
      if (rows_[i].first > 0) {
        gradient[rows_[i].first - 1] -= slope;
        curvature[rows_[i].first - 1] += bend;
      }
    }
    std::vector<double> aim(m - 1);
    double cumulative = 0;
    for (std::size_t j = 0; j + 1 < m; ++j) {
      cumulative += mass_[j];
      aim[j] = cumulative + gradient[j] / curvature[j];
    }
    isotonic(aim, curvature);
    std::vector<double> target(m);
    double before = 0;
    for (std::size_t j = 0; j + 1 < m; ++j) {
      const double p = std::clamp(aim[j], before, 1.0);
      target[j] = p - before;
      before = p;
    }
    target[m - 1] = 1 - before;
    std::vector<double> trial(m);
    std::vector<double> trial_probability(rows_.size());
    double factor = 1;
    for (int half = 0; half < 30; ++half, factor /= 2) {
      for (std::size_t j = 0; j < m; ++j) trial[j] = mass_[j] + factor * (target[j] - mass_[j]);
      const double there = value_of(trial, trial_probability);
      if (there > loglik_) {
        mass_.swap(trial);
        probability_.swap(trial_probability);
        loglik_ = there;
        spread();
        return;
      }
    }
  }

 private:
  // Log-likelihood of masses; -infinity where a row would be impossible.
  double value_of(const std::vector<double>& mass, std::vector<double>& probability) const {
    std::vector<double> cumulative(mass.size() + 1, 0);
    for (std::size_t j = 0; j < mass.size(); ++j) cumulative[j + 1] = cumulative[j] + mass[j];
    double sum = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      // Short rows are added up, so that a small probability keeps its digits.
      double p = 0;
      if (rows_[i].last - rows_[i].first < 16) {
        for (std::size_t j = rows_[i].first; j <= rows_[i].last; ++j) p += mass[j];
      } else {
        p = cumulative[rows_[i].last + 1] - cumulative[rows_[i].first];
      }
      if (!(p > 0)) return -infinity;
      probability[i] = p;
      sum += rows_[i].weight * std::log(p);
    }
    return sum;
  }

  // worth_[j] = sum over rows that hold cell j of weight / probability.
  void spread() {
    // Long rows by running differences; short ones directly, so that a small weight beside large
    // ones is not lost in them.
    std::vector<double> change(mass_.size() + 1, 0);
    worth_.assign(mass_.size(), 0);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const double w = rows_[i].weight / probability_[i];
      if (rows_[i].last - rows_[i].first < 16) {
        for (std::size_t j = rows_[i].first; j <= rows_[i].last; ++j) worth_[j] += w;
      } else {
        change[rows_[i].first] += w;
        change[rows_[i].last + 1] -= w;
      }
    }
    double running = 0;
    for (std::size_t j = 0; j < mass_.size(); ++j) worth_[j] += running += change[j];
  }

  static void normalise(std::vector<double>& mass) {
    double sum = 0;
    for (const double p : mass) sum += p;
    for (double& p : mass) p /= sum;
  }

  // Weighted isotonic regression in place, by pooling neighbours.
  static void isotonic(std::vector<double>& value, const std::vector<double>& weight) {
    struct Block {
      double mean, weight;
      std::size_t size;
    };
    std::vector<Block> blocks;
    for (std::size_t j = 0; j < value.size(); ++j) {
      blocks.push_back({value[j], weight[j], 1});
      while (blocks.size() > 1 && blocks[blocks.size() - 2].mean >= blocks.back().mean) {
        const Block last = blocks.back();
        blocks.pop_back();
        Block& to = blocks.back();
        const double sum = to.weight + last.weight;
        to.mean += (last.mean - to.mean) * last.weight / sum;
        to.weight = sum;
        to.size += last.size;
      }
    }
    std::size_t at = 0;
    for (const Block& b : blocks) {
      std::fill_n(value.begin() + static_cast<std::ptrdiff_t>(at), b.size, b.mean);
      at += b.size;
    }
  }

  std::vector<Range> rows_;
  std::vector<double> mass_;
  std::vector<double> probability_;
  std::vector<double> worth_;
  double total_ = 0;
  double loglik_ = -infinity;
};

}  // namespace

Result<TurnbullCurve> turnbull_curve(const ParametricInput& input, int max_iterations,
                                     const Progress& progress) {
  ParametricInput alone = input;
  alone.x = {};
  alone.columns = 0;
  alone.offset = {};
  if (!input.entry.empty()) {
    return unexpected(error_of(Errc::unsupported, "entry",
                               "must be absent: late entry is not part of this estimate"));
  }
  if (max_iterations < 1) {
    return unexpected(error_at(Errc::out_of_range, "max_iterations", std::nullopt,
                               static_cast<double>(max_iterations), "must be 1 or more"));
  }
  // Exponential: the family that allows an event at time 0.
  auto checked = detail::model_rows(alone, SurvivalFamily::exponential, false);
  if (!checked) return unexpected(checked.error());
  std::vector<Row> rows;
  rows.reserve(checked->size());
  for (std::size_t i = 0; i < checked->size(); ++i) {
    const double t = checked->time[i];
    Row row{{}, {}, checked->weight[i]};
    switch (checked->known[i]) {
      case TimeKnown::exactly:
        row.left = row.right = {t, 0};
        break;
      case TimeKnown::after:
        row.left = {t, 1};
        row.right = {infinity, 0};
        break;
      case TimeKnown::before:
        row.left = {0, 0};
        row.right = {t, 0};
        break;
      case TimeKnown::between:
        row.left = {t, 1};
        row.right = {checked->upper[i], 0};
        break;
    }
    rows.push_back(row);
  }

  // Innermost intervals: a left end with a right end next to it.
  struct Boundary {
    End at;
    bool right;
  };
  std::vector<Boundary> boundaries;
  for (const Row& r : rows) {
    boundaries.push_back({r.left, false});
    boundaries.push_back({r.right, true});
  }
  std::sort(boundaries.begin(), boundaries.end(), [](const Boundary& a, const Boundary& b) {
    if (a.at < b.at) return true;
    if (b.at < a.at) return false;
    return !a.right && b.right;
  });
  std::vector<End> left;
  std::vector<End> right;
  for (std::size_t i = 1; i < boundaries.size(); ++i) {
    if (boundaries[i].right && !boundaries[i - 1].right) {
      left.push_back(boundaries[i - 1].at);
      right.push_back(boundaries[i].at);
    }
  }
  std::vector<Range> ranges;
  ranges.reserve(rows.size());
  for (const Row& r : rows) {
    const auto first = std::lower_bound(left.begin(), left.end(), r.left) - left.begin();
    const auto last = std::upper_bound(right.begin(), right.end(), r.right) - right.begin();
    ranges.push_back(
        {static_cast<std::size_t>(first), static_cast<std::size_t>(last - 1), r.weight});
  }
  std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) {
    return std::tie(a.first, a.last) < std::tie(b.first, b.last);
  });
  std::vector<Range> distinct;
  for (const Range& r : ranges) {
    if (!distinct.empty() && distinct.back().first == r.first && distinct.back().last == r.last) {
      distinct.back().weight += r.weight;
    } else {
      distinct.push_back(r);
    }
  }

  Maximiser search{std::move(distinct), left.size()};
  TurnbullCurve curve;
  curve.gap = search.gap();
  const double enough = 1e-10 * checked->total_weight;
  while (curve.gap > enough && curve.iterations < max_iterations) {
    if (progress && !progress(static_cast<double>(curve.iterations) / max_iterations)) {
      return unexpected(error_of(Errc::cancelled, "progress", "the caller asked to stop"));
    }
    search.self_consistency();
    search.convex_minorant();
    ++curve.iterations;
    curve.gap = search.gap();
  }
  curve.gap = std::max(0.0, curve.gap);
  curve.converged = curve.gap <= 100 * enough;
  curve.loglik = search.loglik();
  double kept = 0;
  for (const double p : search.mass()) kept += p > 1e-13 ? p : 0.0;
  for (std::size_t j = 0; j < left.size(); ++j) {
    const double p = search.mass()[j];
    if (!(p > 1e-13)) continue;
    curve.left.push_back(left[j].time);
    curve.right.push_back(std::isfinite(right[j].time) ? std::optional{right[j].time}
                                                       : std::nullopt);
    curve.point.push_back(left[j].after == 0 && left[j].time == right[j].time);
    curve.mass.push_back(p / kept);
  }
  return curve;
}

Interval TurnbullCurve::survival(double t) const noexcept {
  Interval s;
  for (std::size_t j = 0; j < mass.size(); ++j) {
    const bool certain = point[j] ? left[j] > t : left[j] >= t;
    const bool possible = !right[j] || *right[j] > t;
    if (certain) s.low += mass[j];
    if (possible) s.high += mass[j];
  }
  s.low = std::min(1.0, s.low);
  s.high = std::min(1.0, s.high);
  return s;
}

}  // namespace ombre::inline v0::stats
