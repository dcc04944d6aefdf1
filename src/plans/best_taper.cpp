#include "ombre/plans/best_taper.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "plans/best_taper_nodes.hpp"

namespace ombre::inline v0::plans {

namespace {

using detail::Nodes;

constexpr double no_way = std::numeric_limits<double>::infinity();
constexpr std::int64_t no_pieces = std::numeric_limits<std::int64_t>::max();

Unexpected refuse(Errc code, std::string_view field, std::string_view value,
                  std::string_view rule) {
  return unexpected(error_at(code, field, std::nullopt, value, rule));
}

Result<void> check(const BestTaperRequest& request) {
  const auto days = [](std::int32_t n) { return std::to_string(n); };
  if (request.goal.unit() != request.start.unit()) {
    return refuse(Errc::contradiction, "goal", text(request.goal),
                  "must be in the unit of the start");
  }
  if (!(request.goal < request.start)) {
    return refuse(Errc::contradiction, "goal", text(request.goal), "must be below the start");
  }
  if (request.step_days < 1 || request.step_days > 36'500) {
    return refuse(Errc::out_of_range, "step_days", days(request.step_days), "must be 1 to 36500");
  }
  if (request.max_days < request.step_days || request.max_days > 36'500) {
    return refuse(Errc::out_of_range, "max_days", days(request.max_days),
                  "must be at least step_days and at most 36500");
  }
  for (std::size_t i = 0; i < request.slower_below.size(); ++i) {
    const HoldBand& band = request.slower_below[i];
    if (band.days < 1 || band.days > 36'500) {
      return unexpected(error_at(Errc::out_of_range, "slower_below", i, days(band.days),
                                 "must be 1 to 36500 days"));
    }
    if (band.at_or_below.unit() != request.start.unit()) {
      return unexpected(error_at(Errc::contradiction, "slower_below", i, text(band.at_or_below),
                                 "must be in the unit of the start"));
    }
  }
  const CutCeiling& ceiling = request.ceiling;
  for (const auto& [field, amount] :
       {std::pair{"absolute", ceiling.absolute}, std::pair{"exempt_cut", ceiling.exempt_cut},
        std::pair{"stop_from", ceiling.stop_from}}) {
    if (amount && amount->unit() != request.start.unit()) {
      return refuse(Errc::contradiction, field, text(*amount), "must be in the unit of the start");
    }
  }
  if (ceiling.window_days < 0 || ceiling.window_days > 36'500) {
    return refuse(Errc::out_of_range, "window_days", days(ceiling.window_days),
                  "must be 0 to 36500");
  }
  switch (request.measure) {
    case DropMeasure::effect:
      if (!request.curve) {
        return unexpected(error_of(Errc::missing, "curve", "is needed to measure drops of effect"));
      }
      break;
    case DropMeasure::percent_of_current:
      if (request.goal.is_zero() && !ceiling.stop_from && !ceiling.exempt_cut) {
        return unexpected(error_of(Errc::missing, "stop_from",
                                   "is needed: the step to 0 is always 100 % of the current dose"));
      }
      break;
    case DropMeasure::amount:
      break;
    default:
      return unexpected(error_of(Errc::unknown_name, "measure", "must be a known measure"));
  }
  return {};
}

Result<Nodes> nodes_of(const BestTaperRequest& request) {
  Nodes nodes;
  nodes.unit = request.start.unit();
  nodes.measure = request.measure;
  nodes.ceiling = detail::MicroCeiling::of(request.ceiling, request.start);
  Result<DoseGrid> grid = DoseGrid::build(request.products, request.start, request.limits);
  if (!grid) return unexpected(std::move(grid).error());
  const auto intakes =
      static_cast<std::int32_t>(std::min<std::size_t>(request.shares.weights.size(), 1'000));
  const Result<std::vector<std::int64_t>> day = day_amounts(*grid, intakes, request.start);
  if (!day) return unexpected(day.error());

  const std::int64_t goal = request.goal.micro();
  if (!std::ranges::binary_search(*day, goal)) {
    return refuse(Errc::contradiction, "goal", text(request.goal),
                  "must be dispensable with these products");
  }
  for (const std::int64_t amount : *day) {
    if (amount >= goal && amount < request.start.micro()) nodes.micro.push_back(amount);
  }
  nodes.micro.push_back(request.start.micro());
  const std::size_t size = nodes.size();
  if (size > request.max_grid) {
    return refuse(Errc::too_large, "products", std::to_string(size),
                  "must give at most " + std::to_string(request.max_grid) +
                      " reachable amounts between goal and start");
  }

  nodes.worth.resize(size);
  for (std::size_t i = 0; i < size; ++i) {
    const double dose = static_cast<double>(nodes.micro[i]) / 1e6;
    nodes.worth[i] = request.measure == DropMeasure::effect ? request.curve->effect(dose) : dose;
    // The search rests on this order; the last bit of a curve must not break it.
    if (i > 0) nodes.worth[i] = std::max(nodes.worth[i], nodes.worth[i - 1]);
  }

  std::int32_t unit = request.step_days;
  for (const HoldBand& band : request.slower_below) unit = std::gcd(unit, band.days);
  if (request.ceiling.window_days > request.step_days) {
    unit = std::gcd(unit, request.ceiling.window_days);
  }
  nodes.unit_days = unit;
  nodes.units.resize(size);
  nodes.pieces.resize(size);
  for (std::size_t i = 0; i < size; ++i) {
    std::int32_t days = request.step_days;
    for (const HoldBand& band : request.slower_below) {
      if (nodes.micro[i] <= band.at_or_below.micro()) days = std::max(days, band.days);
    }
    nodes.units[i] = days / unit;
    if (i + 1 == size) break;  // the start is not part of the plan
    const Result<Amount> dose = Amount::from_micro(nodes.micro[i], nodes.unit);
    if (!dose) return unexpected(dose.error());
    const auto split = split_day(*dose, *grid, request.shares);
    if (!split) return unexpected(split.error());
    std::int64_t pieces = 0;
    if (*split) {
      for (const Amount intake : **split) {
        const auto at = std::ranges::lower_bound(grid->micro(), intake.micro());
        pieces += grid->pieces(static_cast<std::size_t>(at - grid->micro().begin()));
      }
    }
    nodes.pieces[i] = pieces * days;
  }
  return nodes;
}

/// best[t][y]: smallest largest drop of any way from the start to y, y held, in at most t units.
class Minimax {
 public:
  Minimax(const Nodes& nodes, std::size_t times) : nodes_{nodes}, times_{times} {
    const std::size_t size = nodes.size();
    best_.assign(times * size, no_way);
    // The furthest node above y from which the ceiling lets y follow; grows with y.
    furthest_.resize(size);
    std::size_t x = 0;
    for (std::size_t y = 0; y < size; ++y) {
      x = std::max(x, y);
      while (x + 1 < size && nodes.ceiling.least_after(nodes.micro[x + 1]) <= nodes.micro[y]) ++x;
      furthest_[y] = x;
    }
  }

  Result<void> run(const Progress& progress) {
    const std::size_t size = nodes_.size();
    for (std::size_t t = 0; t < times_; ++t) {
      double* row = &best_[t * size];
      row[size - 1] = 0;  // at the start no drop has happened
      for (std::size_t y = 0; y + 1 < size; ++y) {
        const auto hold = static_cast<std::size_t>(nodes_.units[y]);
        if (hold > t || furthest_[y] == y) continue;
        const double* before = &best_[(t - hold) * size];
        // First x whose drop is not below what it took to reach x: the answer is there or just
        // below.
        std::size_t low = y + 1;
        std::size_t high = furthest_[y] + 1;
        while (low < high) {
          const std::size_t middle = low + (high - low) / 2;
          if (nodes_.drop(middle, y) >= before[middle]) {
            high = middle;
          } else {
            low = middle + 1;
          }
        }
        double best = no_way;
        if (low <= furthest_[y]) best = std::max(before[low], nodes_.drop(low, y));
        if (low > y + 1) best = std::min(best, std::max(before[low - 1], nodes_.drop(low - 1, y)));
        row[y] = best;
      }
      if (progress && t % 16 == 0 &&
          !progress(0.2 * static_cast<double>(t) / static_cast<double>(times_))) {
        return unexpected(error_of(Errc::cancelled, "progress", "the search was stopped"));
      }
    }
    return {};
  }

  [[nodiscard]] double at_goal(std::size_t t) const noexcept { return best_[t * nodes_.size()]; }

 private:
  const Nodes& nodes_;
  std::size_t times_;
  std::vector<double> best_;
  std::vector<std::size_t> furthest_;
};

/// The plan with the fewest pieces among those of at most `time` units with no drop above `limit`.
class FewestPieces {
 public:
  FewestPieces(const Nodes& nodes, std::size_t times)
      : nodes_{nodes}, to_go_(times * nodes.size()), next_(times * nodes.size()) {}

  BestTaper plan(std::size_t time, double limit) {
    const std::size_t size = nodes_.size();
    // Lowest node that may follow x.
    lowest_.assign(size, 0);
    std::size_t low = 0;
    for (std::size_t x = 0; x < size; ++x) {
      const std::int64_t least = nodes_.ceiling.least_after(nodes_.micro[x]);
      while (low < x && (nodes_.micro[low] < least || nodes_.drop(x, low) > limit)) ++low;
      lowest_[x] = low;
    }
    for (std::size_t s = 0; s <= time; ++s) remaining(s);

    BestTaper out;
    out.largest_drop = limit;
    out.piece_days = to_go_[time * size + size - 1];
    std::size_t x = size - 1;
    std::size_t s = time;
    std::int32_t day = 0;
    while (x != 0) {
      const std::size_t y = next_[s * size + x];
      BestStep step;
      step.dose = Amount::from_micro(nodes_.micro[y], nodes_.unit).value_or(Amount{nodes_.unit});
      step.day = day;
      step.drop = nodes_.drop(x, y);
      out.steps.push_back(step);
      day += nodes_.units[y] * nodes_.unit_days;
      s -= static_cast<std::size_t>(nodes_.units[y]);
      x = y;
    }
    out.days = day;
    return out;
  }

 private:
  /// to_go_[s][x]: fewest pieces from x to the goal in at most s units.
  void remaining(std::size_t s) {
    const std::size_t size = nodes_.size();
    std::int64_t* row = &to_go_[s * size];
    std::uint32_t* next = &next_[s * size];
    row[0] = 0;
    value_.resize(size);
    queue_.clear();
    std::size_t head = 0;
    for (std::size_t x = 1; x < size; ++x) {
      const std::size_t y = x - 1;  // becomes available as a successor
      const auto hold = static_cast<std::size_t>(nodes_.units[y]);
      if (hold <= s) {
        const std::int64_t rest = to_go_[(s - hold) * size + y];
        if (rest != no_pieces) {
          value_[y] = rest + nodes_.pieces[y];
          // Among equals the later one, the higher dose, stays.
          while (queue_.size() > head && value_[queue_.back()] >= value_[y]) queue_.pop_back();
          queue_.push_back(static_cast<std::uint32_t>(y));
        }
      }
      while (head < queue_.size() && queue_[head] < lowest_[x]) ++head;
      row[x] = head < queue_.size() ? value_[queue_[head]] : no_pieces;
      next[x] = head < queue_.size() ? queue_[head] : 0;
    }
  }

  const Nodes& nodes_;
  std::vector<std::int64_t> to_go_;
  std::vector<std::uint32_t> next_;
  std::vector<std::size_t> lowest_;
  std::vector<std::int64_t> value_;
  std::vector<std::uint32_t> queue_;
};

}  // namespace

Result<BestTaperFront> best_taper_front(const BestTaperRequest& request, const Progress& progress) {
  if (auto ok = check(request); !ok) return unexpected(ok.error());
  const Result<Nodes> nodes = nodes_of(request);
  if (!nodes) return unexpected(nodes.error());
  const auto times = static_cast<std::size_t>(request.max_days / nodes->unit_days) + 1;
  if (times * nodes->size() > 4'000'000) {
    return refuse(Errc::too_large, "max_days", std::to_string(request.max_days),
                  "must keep time steps x reachable amounts at or below 4000000");
  }
  if (request.ceiling.window_days > request.step_days) {
    auto plans = detail::windowed_front(*nodes, times, progress);
    if (!plans) return unexpected(std::move(plans).error());
    BestTaperFront out;
    out.grid_points = nodes->size();
    out.plans = std::move(*plans);
    return out;
  }
  Minimax minimax{*nodes, times};
  if (auto ok = minimax.run(progress); !ok) return unexpected(ok.error());

  std::vector<std::size_t> front;
  double best = no_way;
  for (std::size_t t = 0; t < times; ++t) {
    if (minimax.at_goal(t) < best) {
      best = minimax.at_goal(t);
      front.push_back(t);
    }
  }
  BestTaperFront out;
  out.grid_points = nodes->size();
  out.plans.reserve(front.size());
  FewestPieces fewest{*nodes, front.empty() ? 0 : front.back() + 1};
  for (const std::size_t t : front) {
    out.plans.push_back(fewest.plan(t, minimax.at_goal(t)));
    const double done = static_cast<double>(out.plans.size()) / static_cast<double>(front.size());
    if (progress && !progress(0.2 + 0.8 * done)) {
      return unexpected(error_of(Errc::cancelled, "progress", "the search was stopped"));
    }
  }
  return out;
}

const BestTaper* gentlest_within(const BestTaperFront& front, std::int32_t days) noexcept {
  const BestTaper* found = nullptr;
  for (const BestTaper& plan : front.plans) {
    if (plan.days <= days) found = &plan;
  }
  return found;
}

const BestTaper* shortest_below(const BestTaperFront& front, double drop) noexcept {
  for (const BestTaper& plan : front.plans) {
    if (plan.largest_drop <= drop) return &plan;
  }
  return nullptr;
}

}  // namespace ombre::inline v0::plans
