#include "ombre/stats/agreement.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "ombre/stats/descriptive.hpp"

namespace ombre::inline v0::stats {
namespace {

std::optional<Error> refuse(std::span<const double> values, std::string_view field) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      return error_at(Errc::not_finite, field, i, values[i], "must be finite");
    }
  }
  return std::nullopt;
}

}  // namespace

Result<Agreement> cohen_kappa(std::span<const std::uint64_t> table, std::size_t k) {
  if (k < 1 || k > 1000 || table.size() != k * k) {
    return unexpected(error_at(Errc::size_mismatch, "table", std::nullopt,
                               static_cast<double>(table.size()),
                               "must have k times k counts, k being 1 to 1000"));
  }
  Agreement result;
  result.n = std::accumulate(table.begin(), table.end(), std::uint64_t{0});
  if (result.n == 0) {
    return unexpected(error_of(Errc::empty_input, "table", "must count at least one pair"));
  }
  const auto n = static_cast<double>(result.n);
  std::vector<double> row(k, 0);
  std::vector<double> column(k, 0);
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      const double p = static_cast<double>(table[i * k + j]) / n;
      row[i] += p;
      column[j] += p;
    }
    result.observed += static_cast<double>(table[i * k + i]) / n;
  }
  for (std::size_t i = 0; i < k; ++i) result.by_chance += row[i] * column[i];
  const double rest = 1 - result.by_chance;
  if (!(rest > 1e-15)) return result;
  const double kappa = (result.observed - result.by_chance) / rest;
  result.kappa = kappa;
  // Fleiss, Cohen & Everitt (1969), the variance not assuming kappa = 0.
  double agreeing = 0;
  double differing = 0;
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      const double p = static_cast<double>(table[i * k + j]) / n;
      const double margins = row[j] + column[i];
      if (i == j) {
        const double part = 1 - (row[i] + column[i]) * (1 - kappa);
        agreeing += p * part * part;
      } else {
        differing += p * margins * margins;
      }
    }
  }
  differing *= (1 - kappa) * (1 - kappa);
  const double last = kappa - result.by_chance * (1 - kappa);
  const double variance = (agreeing + differing - last * last) / (n * rest * rest);
  result.se = std::sqrt(std::max(0.0, variance));
  return result;
}

Result<std::vector<double>> mean_ranks(std::span<const double> values) {
  if (auto error = refuse(values, "values")) return unexpected(*error);
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    const double rank = (static_cast<double>(i) + static_cast<double>(end) + 1) / 2;
    for (; i < end; ++i) ranks[order[i]] = rank;
  }
  return ranks;
}

Result<std::optional<double>> pearson(std::span<const double> x, std::span<const double> y) {
  if (x.size() != y.size()) {
    return unexpected(error_at(Errc::size_mismatch, "y", std::nullopt,
                               static_cast<double>(y.size()), "must be as long as x"));
  }
  if (auto error = refuse(x, "x")) return unexpected(*error);
  if (auto error = refuse(y, "y")) return unexpected(*error);
  if (x.size() < 2) return std::optional<double>{};
  CompensatedSum sum_x;
  CompensatedSum sum_y;
  for (const double v : x) sum_x.add(v);
  for (const double v : y) sum_y.add(v);
  const auto n = static_cast<double>(x.size());
  const double mean_x = sum_x.value() / n;
  const double mean_y = sum_y.value() / n;
  double xx = 0;
  double yy = 0;
  double xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double a = x[i] - mean_x;
    const double b = y[i] - mean_y;
    xx += a * a;
    yy += b * b;
    xy += a * b;
  }
  if (!(xx > 0) || !(yy > 0)) return std::optional<double>{};
  return std::optional<double>{std::clamp(xy / std::sqrt(xx) / std::sqrt(yy), -1.0, 1.0)};
}

Result<std::optional<double>> spearman(std::span<const double> x, std::span<const double> y) {
  const auto a = mean_ranks(x);
  if (!a) return unexpected(a.error());
  const auto b = mean_ranks(y);
  if (!b) return unexpected(b.error());
  return pearson(*a, *b);
}

Result<Clustering> average_linkage(std::span<const double> distance, std::size_t k) {
  if (k == 0) return unexpected(error_of(Errc::empty_input, "distance", "must not be empty"));
  if (k > 5000 || distance.size() != k * k) {
    return unexpected(error_at(Errc::size_mismatch, "distance", std::nullopt,
                               static_cast<double>(distance.size()),
                               "must have k times k entries, k being at most 5000"));
  }
  if (auto error = refuse(distance, "distance")) return unexpected(*error);
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (distance[i * k + j] != distance[j * k + i]) {
        return unexpected(error_at(Errc::contradiction, "distance", i * k + j, distance[i * k + j],
                                   "must be the same in both directions"));
      }
    }
  }

  Clustering result;
  std::vector<double> d(distance.begin(), distance.end());
  std::vector<std::size_t> name(k);  // what stands in row i: an item or a merge
  std::iota(name.begin(), name.end(), std::size_t{0});
  std::vector<std::size_t> size(k, 1);
  std::vector<char> alive(k, 1);
  std::vector<double> height(k, -std::numeric_limits<double>::infinity());
  std::vector<std::vector<std::size_t>> members(k);
  for (std::size_t i = 0; i < k; ++i) members[i] = {i};
  for (std::size_t step = 0; step + 1 < k; ++step) {
    std::size_t best_i = 0;
    std::size_t best_j = 0;
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < k; ++i) {
      if (alive[i] == 0) continue;
      for (std::size_t j = i + 1; j < k; ++j) {
        if (alive[j] == 0 || !(d[i * k + j] < best)) continue;
        best = d[i * k + j];
        best_i = i;
        best_j = j;
      }
    }
    const auto a = static_cast<double>(size[best_i]);
    const auto b = static_cast<double>(size[best_j]);
    for (std::size_t j = 0; j < k; ++j) {
      if (alive[j] == 0 || j == best_i || j == best_j) continue;
      const double mean = (a * d[best_i * k + j] + b * d[best_j * k + j]) / (a + b);
      d[best_i * k + j] = mean;
      d[j * k + best_i] = mean;
    }
    const bool first_is_tighter = height[best_i] <= height[best_j];
    auto& front = first_is_tighter ? members[best_i] : members[best_j];
    auto& back = first_is_tighter ? members[best_j] : members[best_i];
    std::vector<std::size_t> joined = front;
    joined.insert(joined.end(), back.begin(), back.end());
    result.merges.push_back({name[best_i], name[best_j], best, joined.size()});
    members[best_i] = std::move(joined);
    members[best_j].clear();
    size[best_i] += size[best_j];
    alive[best_j] = 0;
    name[best_i] = k + step;
    height[best_i] = best;
  }
  result.order = members[0];
  return result;
}

std::vector<std::size_t> Clustering::cut(double height) const {
  const std::size_t k = order.size();
  std::vector<std::size_t> parent(k + merges.size());
  std::iota(parent.begin(), parent.end(), std::size_t{0});
  for (std::size_t m = 0; m < merges.size(); ++m) {
    if (!(merges[m].height < height)) continue;
    parent[merges[m].first] = k + m;
    parent[merges[m].second] = k + m;
  }
  std::vector<std::size_t> cluster(k);
  std::vector<std::size_t> roots;
  for (const std::size_t item : order) {
    std::size_t root = item;
    while (parent[root] != root) root = parent[root];
    const auto at = std::find(roots.begin(), roots.end(), root);
    cluster[item] = static_cast<std::size_t>(at - roots.begin());
    if (at == roots.end()) roots.push_back(root);
  }
  return cluster;
}

}  // namespace ombre::inline v0::stats
