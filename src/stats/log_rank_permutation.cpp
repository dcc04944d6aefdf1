// The exact (or sampled) permutation distribution of a log-rank statistic.
//
// observed - expected of a group is the sum over its people of w(t) event - sum_{u <= t} w(u)
// dA(u), A the pooled Nelson-Aalen hazard of the stratum: fixed scores, of which relabelling picks
// others.
#include <algorithm>
#include <cmath>

#include "ombre/core/random.hpp"
#include "stats/log_rank_scan.hpp"
#include "stats/survival_table.hpp"

namespace ombre::inline v0::stats {
namespace {

constexpr double most_listed = 5e6;
constexpr std::size_t most_in_middle = 44;

struct Stratum {
  std::vector<double> score;
  std::size_t chosen = 0;  // people of group 0
};

double choose(std::size_t n, std::size_t k) {
  double out = 1;
  for (std::size_t i = 0; i < k; ++i) {
    out = out * static_cast<double>(n - i) / static_cast<double>(i + 1);
  }
  return std::round(out);
}

// Sums of all subsets of `k` of the scores.
void subset_sums(std::span<const double> score, std::size_t k, double sum,
                 std::vector<double>& out) {
  if (k == 0) {
    out.push_back(sum);
    return;
  }
  for (std::size_t i = 0; i + k <= score.size(); ++i) {
    subset_sums(score.subspan(i + 1), k - 1, sum + score[i], out);
  }
}

// Sums of all subsets, by size.
std::vector<std::vector<double>> sums_by_size(std::span<const double> score) {
  std::vector<std::vector<double>> out(score.size() + 1);
  out[0].push_back(0);
  for (std::size_t i = 0; i < score.size(); ++i) {
    for (std::size_t k = i + 1; k-- > 0;) {
      const std::size_t before = out[k].size();
      for (std::size_t j = 0; j < before; ++j) out[k + 1].push_back(out[k][j] + score[i]);
    }
  }
  for (auto& sums : out) std::ranges::sort(sums);
  return out;
}

// How many pairs (a, b) have |a + b| >= limit.
double extreme_pairs(const std::vector<double>& a, const std::vector<double>& b, double limit) {
  double count = 0;
  std::size_t above = b.size();  // b[above..] make a + b >= limit
  std::size_t below = b.size();  // b[..below) make a + b <= -limit
  for (const double x : a) {     // ascending: both borders move down
    while (above > 0 && x + b[above - 1] >= limit) --above;
    while (below > 0 && x + b[below - 1] > -limit) --below;
    count += static_cast<double>(b.size() - above) + static_cast<double>(below);
  }
  return count;
}

Result<std::vector<Stratum>> scores_of(const GroupedTimes& data,
                                       const LogRankPermutationOptions& options) {
  const auto indexed =
      detail::indexed_table({data.time, data.event}, options.tie_tolerance, serial());
  if (!indexed) return unexpected(indexed.error());
  const std::size_t times = indexed->table.time.size();
  std::vector<std::vector<std::uint32_t>> rows(data.strata);
  for (std::uint32_t i = 0; i < data.time.size(); ++i) {
    rows[data.stratum.empty() ? 0 : data.stratum[i]].push_back(i);
  }
  std::vector<Stratum> out;
  std::vector<double> events(times);
  std::vector<double> ends(times);
  std::vector<double> hazard(times);
  std::vector<double> weight(times);
  for (const auto& mine : rows) {
    std::ranges::fill(events, 0.0);
    std::ranges::fill(ends, 0.0);
    for (const std::uint32_t i : mine) {
      ++ends[indexed->index.exit[i]];
      events[indexed->index.exit[i]] += data.event[i];
    }
    auto n = static_cast<double>(mine.size());
    double survival = 1;
    double sum = 0;
    for (std::size_t j = 0; j < times; ++j) {
      if (events[j] > 0) {
        weight[j] = detail::weight_at(options.weight, survival);
        sum += weight[j] * events[j] / n;
        survival *= (n - events[j]) / n;
      }
      hazard[j] = sum;
      n -= ends[j];
    }
    Stratum stratum;
    for (const std::uint32_t i : mine) {
      const std::uint32_t j = indexed->index.exit[i];
      stratum.score.push_back((data.event[i] != 0 ? weight[j] : 0) - hazard[j]);
      if (data.group[i] == 0) ++stratum.chosen;
    }
    out.push_back(std::move(stratum));
  }
  return out;
}

}  // namespace

Result<LogRankPermutation> log_rank_permutation(const GroupedTimes& data,
                                                const LogRankPermutationOptions& options,
                                                const Progress& progress) {
  if (auto good = detail::check_groups(data); !good) return unexpected(good.error());
  if (data.groups != 2 || !data.entry.empty() || !data.weight.empty()) {
    return unexpected(error_of(Errc::unsupported,
                               data.groups != 2     ? "groups"
                               : data.entry.empty() ? "weight"
                                                    : "entry",
                               "a permutation test needs two groups and no late entry or weights"));
  }
  const auto strata = scores_of(data, options);
  if (!strata) return unexpected(strata.error());
  LogRankPermutation out;
  std::vector<double> mine(strata->size(), 0);
  for (std::size_t i = 0, s = 0; i < data.time.size(); ++i) {
    s = data.stratum.empty() ? 0 : data.stratum[i];
    // Scores stand in the order of the rows of a stratum.
    const auto at = static_cast<std::size_t>(mine[s]++);
    if (data.group[i] == 0) out.statistic += (*strata)[s].score[at];
  }
  double size = 0;
  for (const Stratum& s : *strata) {
    for (const double a : s.score) size += std::abs(a);
  }
  const double limit = std::abs(out.statistic) - 1e-10 * std::max(size, 1e-300);
  if (limit <= 0) {  // nothing is nearer to 0
    out.exact = true;
    out.p = 1;
    return out;
  }
  double ways = 1;
  for (const Stratum& s : *strata) ways *= choose(s.score.size(), s.chosen);

  if (ways <= most_listed) {
    std::vector<double> sums{0};
    for (const Stratum& s : *strata) {
      std::vector<double> own;
      subset_sums(s.score, s.chosen, 0, own);
      std::vector<double> both;
      both.reserve(sums.size() * own.size());
      for (const double a : sums) {
        for (const double b : own) both.push_back(a + b);
      }
      sums = std::move(both);
    }
    const auto extreme =
        std::ranges::count_if(sums, [limit](double s) { return std::abs(s) >= limit; });
    out.exact = true;
    out.relabellings = ways;
    out.p = static_cast<double>(extreme) / ways;
    return out;
  }
  if (strata->size() == 1 && data.time.size() <= most_in_middle) {
    const Stratum& only = strata->front();
    const std::span<const double> score{only.score};
    const std::size_t half = score.size() / 2;
    const auto first = sums_by_size(score.first(half));
    const auto second = sums_by_size(score.subspan(half));
    double extreme = 0;
    for (std::size_t k = 0; k < first.size() && k <= only.chosen; ++k) {
      if (progress && !progress(static_cast<double>(k) / static_cast<double>(first.size()))) {
        return unexpected(error_of(Errc::cancelled, "permutation", "was stopped"));
      }
      if (only.chosen - k >= second.size()) continue;
      extreme += extreme_pairs(first[k], second[only.chosen - k], limit);
    }
    out.exact = true;
    out.relabellings = ways;
    out.p = extreme / ways;
    return out;
  }
  if (options.random_relabellings < 1 || options.random_relabellings > 1'000'000'000) {
    return unexpected(error_at(Errc::out_of_range, "random_relabellings", std::nullopt,
                               static_cast<double>(options.random_relabellings),
                               "must be from 1 to 1e9"));
  }
  std::size_t extreme = 0;
  std::vector<double> room;
  for (std::size_t b = 0; b < options.random_relabellings; ++b) {
    if (progress && b % 1024 == 0 &&
        !progress(static_cast<double>(b) / static_cast<double>(options.random_relabellings))) {
      return unexpected(error_of(Errc::cancelled, "permutation", "was stopped"));
    }
    RandomStream stream{Seed{options.seed}, b};
    double sum = 0;
    for (const Stratum& s : *strata) {
      room = s.score;
      for (std::size_t k = 0; k < s.chosen; ++k) {
        std::swap(room[k], room[k + stream.below(room.size() - k)]);
        sum += room[k];
      }
    }
    if (std::abs(sum) >= limit) ++extreme;
  }
  out.relabellings = static_cast<double>(options.random_relabellings);
  out.p = (1 + static_cast<double>(extreme)) / (1 + out.relabellings);
  return out;
}

}  // namespace ombre::inline v0::stats
