// How a day's amount is spread over its intakes.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ombre/plans/dose_grid.hpp"

namespace ombre::inline v0::plans {

namespace {

__extension__ using Wide = __int128;

/// Costs of several intakes add up: wider fields than one intake needs.
std::uint64_t wide_cost(std::uint32_t cost) noexcept {
  return std::uint64_t{cost >> 16U} << 32U | std::uint64_t{cost >> 8U & 0xFFU} << 16U |
         std::uint64_t{cost & 0xFFU};
}

struct PartialDay {
  std::int64_t sum = 0;
  std::uint64_t cost = 0;
};

constexpr std::size_t work_limit = 16'000'000;

/// One day to split: amounts of the grid, scaled targets (day x weight, against amount x total).
class DaySplit {
 public:
  DaySplit(std::int64_t day, const DoseGrid& grid, const std::vector<std::uint32_t>& weights)
      : DaySplit{day, weights} {
    amounts_.assign(grid.micro().begin(), grid.micro().end());
    costs_.reserve(amounts_.size());
    for (std::size_t i = 0; i < amounts_.size(); ++i) costs_.push_back(grid.cost(i));
  }

  /// The same day from other amounts (with their costs), each intake within `caps` of its target.
  DaySplit(std::int64_t day, const std::vector<std::uint32_t>& weights,
           std::vector<std::int64_t> amounts, std::vector<std::uint32_t> costs,
           std::vector<Wide> caps)
      : DaySplit{day, weights} {
    amounts_ = std::move(amounts);
    costs_ = std::move(costs);
    caps_ = std::move(caps);
  }

  /// Smallest deviation that allows a split, or empty; `busy` set when the work limit was hit.
  std::optional<std::vector<std::int64_t>> run() {
    Wide low = 0;  // infeasible below: each intake is at least this far from its share
    for (const Wide target : targets_) low = std::max(low, nearest(target));
    Wide all = Wide{day_} * total_ + 1;
    if (!caps_.empty()) {
      all = *std::ranges::max_element(caps_);
      // Most levels of a ladder cannot make the day at all: that is seen first.
      if (low > all || !solve(all)) return std::nullopt;
    }
    if (auto split = solve(low)) return split;
    Wide high = low;  // the first doubling is about the spacing of the grid
    if (amounts_.size() > 1) high = std::max(high, Wide{amounts_[1]} * total_ / 2);
    high = std::max<Wide>(high, 1);
    while (!busy_) {
      high = std::min<Wide>(high * 2, all);
      if (solve(high)) break;
      if (high == all) return std::nullopt;
      low = high;
    }
    if (busy_) return std::nullopt;
    // Deviations that occur in (low, high]: the answer is one of them.
    std::vector<Wide> events;
    for (std::size_t i = 0; i < targets_.size(); ++i) {
      const auto [from, to] = window(i, high);
      for (std::size_t a = from; a < to; ++a) {
        const Wide deviation = distance(amounts_[a], targets_[i]);
        if (deviation > low) events.push_back(deviation);
      }
    }
    std::ranges::sort(events);
    events.erase(std::unique(events.begin(), events.end()), events.end());
    std::size_t first = 0;
    std::size_t last = events.size() - 1;  // feasible: the largest event has the same windows
    while (first < last && !busy_) {
      const std::size_t middle = (first + last) / 2;
      if (solve(events[middle])) {
        last = middle;
      } else {
        first = middle + 1;
      }
    }
    return busy_ ? std::nullopt : solve(events[first]);
  }

  [[nodiscard]] bool busy() const noexcept { return busy_; }
  [[nodiscard]] Wide target(std::size_t i) const { return targets_[i]; }
  [[nodiscard]] std::int64_t total() const noexcept { return total_; }
  /// Largest distance of an intake from its target.
  [[nodiscard]] Wide furthest(const std::vector<std::int64_t>& split) const {
    Wide most = 0;
    for (std::size_t i = 0; i < split.size(); ++i) {
      most = std::max(most, distance(split[i], targets_[i]));
    }
    return most;
  }

 private:
  DaySplit(std::int64_t day, const std::vector<std::uint32_t>& weights) : day_{day} {
    total_ = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
    // Least preferred first: the last intake of the day is decided last, so it gets the most.
    const std::size_t n = weights.size();
    for (std::size_t i = n - 1; i > 0; --i) order_.push_back(i - 1);
    order_.push_back(n - 1);
    for (const std::uint32_t weight : weights) targets_.push_back(Wide{day} * weight);
  }

  [[nodiscard]] Wide distance(std::int64_t amount, Wide target) const noexcept {
    const Wide difference = Wide{amount} * total_ - target;
    return difference < 0 ? -difference : difference;
  }

  /// Index of the first amount whose scaled value is not below `scaled`.
  [[nodiscard]] std::size_t lower(Wide scaled) const noexcept {
    const auto at = std::ranges::partition_point(
        amounts_, [&](std::int64_t amount) { return Wide{amount} * total_ < scaled; });
    return static_cast<std::size_t>(at - amounts_.begin());
  }

  [[nodiscard]] std::pair<std::size_t, std::size_t> window(std::size_t i, Wide radius) const {
    if (!caps_.empty()) radius = std::min(radius, caps_[i]);
    return {lower(targets_[i] - radius), lower(targets_[i] + radius + 1)};
  }

  [[nodiscard]] Wide nearest(Wide target) const {
    const std::size_t at = lower(target);
    Wide best =
        at < amounts_.size() ? distance(amounts_[at], target) : distance(amounts_.back(), target);
    if (at > 0) best = std::min(best, distance(amounts_[at - 1], target));
    return best;
  }

  /// Cheapest split with every intake within `radius` of its share, preferred among equals.
  std::optional<std::vector<std::int64_t>> solve(Wide radius) {
    const std::size_t n = order_.size();
    std::vector<std::pair<std::size_t, std::size_t>> windows(n);
    std::vector<Wide> least_left(n + 1, 0);
    std::vector<Wide> most_left(n + 1, 0);
    for (std::size_t k = n; k > 0; --k) {
      windows[k - 1] = window(order_[k - 1], radius);
      const auto [from, to] = windows[k - 1];
      if (from == to) return std::nullopt;
      least_left[k - 1] = least_left[k] + amounts_[from];
      most_left[k - 1] = most_left[k] + amounts_[to - 1];
    }
    std::vector<std::vector<PartialDay>> layers(n + 1);
    layers[0].push_back(PartialDay{});
    for (std::size_t k = 0; k < n; ++k) {
      std::vector<PartialDay>& next = layers[k + 1];
      const auto [from, to] = windows[k];
      for (const PartialDay& partial : layers[k]) {
        for (std::size_t a = from; a < to; ++a) {
          const Wide sum = Wide{partial.sum} + amounts_[a];
          if (sum + least_left[k + 1] > day_) break;
          if (sum + most_left[k + 1] < day_) continue;
          next.push_back(
              PartialDay{static_cast<std::int64_t>(sum), partial.cost + wide_cost(costs_[a])});
        }
        if (next.size() > work_limit) {
          busy_ = true;
          return std::nullopt;
        }
      }
      std::ranges::sort(next, [](const PartialDay& a, const PartialDay& b) {
        return a.sum != b.sum ? a.sum < b.sum : a.cost < b.cost;
      });
      next.erase(
          std::unique(next.begin(), next.end(),
                      [](const PartialDay& a, const PartialDay& b) { return a.sum == b.sum; }),
          next.end());
    }
    if (layers[n].empty()) return std::nullopt;
    std::vector<std::int64_t> intakes(n, 0);
    PartialDay at = layers[n].front();
    for (std::size_t k = n; k > 0; --k) {
      const auto [from, to] = windows[k - 1];
      for (std::size_t a = to; a > from; --a) {
        const std::uint64_t cost = wide_cost(costs_[a - 1]);
        if (cost > at.cost) continue;
        const PartialDay before{at.sum - amounts_[a - 1], at.cost - cost};
        const auto found =
            std::ranges::lower_bound(layers[k - 1], before.sum, {}, &PartialDay::sum);
        if (found != layers[k - 1].end() && found->sum == before.sum &&
            found->cost == before.cost) {
          intakes[order_[k - 1]] = amounts_[a - 1];
          at = before;
          break;
        }
      }
    }
    return intakes;
  }

  std::int64_t day_;
  std::vector<std::int64_t> amounts_;
  std::vector<std::uint32_t> costs_;
  std::vector<Wide> caps_;  // per intake; empty: none
  std::int64_t total_ = 0;
  std::vector<std::size_t> order_;
  std::vector<Wide> targets_;
  bool busy_ = false;
};

/// The day made of whole pieces, else of halves, else of quarters, each intake within the
/// tolerance; empty where that needs a liquid.
std::optional<std::vector<std::int64_t>> solid_split(std::int64_t day, const DoseGrid& grid,
                                                     const DayShares& shares,
                                                     const DaySplit& closest, Wide furthest) {
  std::vector<Wide> caps;
  for (std::size_t i = 0; i < shares.weights.size(); ++i) {
    caps.push_back(std::max(furthest, closest.target(i) * shares.tolerance_percent / 100));
  }
  // Amounts that some intake may take, by what they need; whole pieces first.
  const auto amounts = grid.micro();
  std::vector<std::optional<Division>> parts(amounts.size());
  std::vector<bool> near(amounts.size(), false);
  for (std::size_t i = 0; i < caps.size(); ++i) {
    const Wide low = closest.target(i) - caps[i];
    const auto first = std::ranges::partition_point(
        amounts, [&](std::int64_t a) { return Wide{a} * closest.total() < low; });
    for (auto at = static_cast<std::size_t>(first - amounts.begin());
         at < amounts.size() && Wide{amounts[at]} * closest.total() <= closest.target(i) + caps[i];
         ++at) {
      if (near[at]) continue;
      near[at] = true;
      parts[at] = grid.finest_part(at);
    }
  }
  std::size_t before = 0;
  for (const Division finest : {Division::whole, Division::halves, Division::quarters}) {
    std::vector<std::int64_t> some;
    std::vector<std::uint32_t> costs;
    for (std::size_t i = 0; i < amounts.size(); ++i) {
      if (!near[i] || !parts[i] || *parts[i] < finest) continue;
      some.push_back(amounts[i]);
      costs.push_back(grid.cost(i));
    }
    if (some.size() == before) continue;  // nothing that was not looked at
    before = some.size();
    DaySplit search{day, shares.weights, std::move(some), std::move(costs), caps};
    if (auto split = search.run()) return split;
  }
  return std::nullopt;
}

}  // namespace

DayShares DayShares::even(std::size_t intakes) {
  return DayShares{std::vector<std::uint32_t>(intakes, 1)};
}

DayShares DayShares::bedtime_heavy(std::size_t intakes) {
  DayShares shares = even(intakes);
  if (intakes > 0) shares.weights.back() = 2;
  return shares;
}

Result<std::optional<std::vector<Amount>>> split_day(Amount day, const DoseGrid& grid,
                                                     const DayShares& shares) {
  const std::vector<std::uint32_t>& weights = shares.weights;
  if (weights.empty()) {
    return unexpected(error_of(Errc::empty_input, "shares", "must hold at least one intake"));
  }
  if (weights.size() > 12) {
    return unexpected(error_at(Errc::out_of_range, "shares", std::nullopt,
                               std::to_string(weights.size()), "must be at most 12 intakes"));
  }
  bool some = false;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    some = some || weights[i] > 0;
    if (weights[i] > 10'000) {
      return unexpected(error_at(Errc::out_of_range, "shares", i, std::to_string(weights[i]),
                                 "must be a weight of 0 to 10000"));
    }
  }
  if (!some) {
    return unexpected(error_of(Errc::out_of_range, "shares", "must have a weight above 0"));
  }
  if (shares.tolerance_percent > 100) {
    return unexpected(error_at(Errc::out_of_range, "shares", std::nullopt,
                               std::to_string(shares.tolerance_percent),
                               "must have a tolerance of 0 to 100 percent"));
  }
  if (day.unit() != grid.unit()) {
    return unexpected(error_at(Errc::contradiction, "day", std::nullopt, text(day),
                               "must be in the unit of the grid"));
  }
  using Answer = std::optional<std::vector<Amount>>;
  if (weights.size() == 1) {
    return grid.contains(day) ? Answer{std::vector<Amount>{day}} : Answer{};
  }
  DaySplit search{day.micro(), grid, weights};
  std::optional<std::vector<std::int64_t>> split = search.run();
  if (search.busy()) {
    return unexpected(error_at(Errc::too_large, "day", std::nullopt, text(day),
                               "has too many splits: use coarser strengths or fewer intakes"));
  }
  if (!split) return Answer{};
  if (shares.tolerance_percent > 0) {
    if (auto solid = solid_split(day.micro(), grid, shares, search, search.furthest(*split))) {
      split = std::move(solid);
    }
  }
  std::vector<Amount> intakes;
  intakes.reserve(split->size());
  for (const std::int64_t micro : *split) {
    Result<Amount> amount = Amount::from_micro(micro, day.unit());
    if (!amount) return unexpected(amount.error());
    intakes.push_back(*amount);
  }
  return Answer{std::move(intakes)};
}

}  // namespace ombre::inline v0::plans
