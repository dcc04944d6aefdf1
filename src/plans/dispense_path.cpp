#include "plans/dispense_path.hpp"

#include <algorithm>
#include <queue>
#include <tuple>
#include <utility>

namespace ombre::inline v0::plans::detail {

namespace {

/// What a plan pays: distance from the ideal, then what lies above it.
struct PathCost {
  std::int64_t error = 0;
  std::int64_t above = 0;
  friend constexpr auto operator<=>(PathCost, PathCost) = default;
  friend constexpr PathCost operator+(PathCost a, PathCost b) noexcept {
    return {a.error + b.error, a.above + b.above};
  }
};

constexpr PathCost impossible{std::numeric_limits<std::int64_t>::max(), 0};
constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

using Answer = std::optional<Path>;

/// The amount closest to `ideal`, below in a tie; with `never_above` the largest not above it.
std::int64_t nearest_amount(std::span<const std::int64_t> amounts, std::int64_t ideal,
                            bool never_above) noexcept {
  const auto above = std::ranges::lower_bound(amounts, ideal);
  if (above == amounts.end()) return amounts.back();
  if (*above == ideal || above == amounts.begin()) return *above;
  const std::int64_t below = *(above - 1);
  return never_above || ideal - below <= *above - ideal ? below : *above;
}

class PathSearch {
 public:
  explicit PathSearch(const PathProblem& problem)
      : p_{problem}, g_{problem.amounts}, size_{problem.amounts.size()} {
    lowest_.resize(size_);
    std::size_t low = 0;
    for (std::size_t x = 0; x < size_; ++x) {
      // least_after() never falls as the dose grows, so the first allowed index only moves up.
      const std::int64_t least = p_.ceiling.least_after(g_[x]);
      while (g_[low] < least) ++low;
      lowest_[x] = low;
    }
    end_ = p_.reach_end ? std::optional{end_target(p_)} : std::nullopt;
  }

  Result<Answer> run() {
    const std::size_t steps = p_.ideal.size();
    if (size_ * steps > 4'000'000) {
      return unexpected(error_at(Errc::too_large, "ideal", std::nullopt,
                                 std::to_string(size_ * steps),
                                 "must keep steps x reachable amounts at or below 4000000"));
    }
    window_first_ = windows();
    if (auto doses = each_nearest()) return Answer{Path{*std::move(doses), std::nullopt}};
    to_go_.assign(steps * size_, impossible);
    next_.assign(steps * size_, nowhere);
    for (std::size_t k = steps; k > 0; --k) backward(k - 1);
    const auto [from, to] = first_range();
    const std::uint32_t first = cheapest(0, from, to);
    if (first == nowhere) return Answer{};
    if (!window_first_.empty()) {
      for (std::size_t k = steps; k > 0; --k) anchored(k - 1);
      return by_history(from, to);
    }
    std::vector<std::int64_t> doses{g_[first]};
    std::uint32_t at = first;
    for (std::size_t k = 0; k + 1 < steps; ++k) {
      at = next_[k * size_ + at];
      doses.push_back(g_[at]);
    }
    return Answer{Path{std::move(doses), std::nullopt}};
  }

 private:
  /// Cost of realising step k by amount y, or `impossible`.
  [[nodiscard]] PathCost own(std::size_t k, std::size_t y) const noexcept {
    const std::int64_t difference = g_[y] - p_.ideal[k];
    const std::int64_t error = difference < 0 ? -difference : difference;
    if (p_.never_above && difference > 0) return impossible;
    if (p_.largest_error && error > *p_.largest_error) return impossible;
    if (end_ && k + 1 == p_.ideal.size() && g_[y] != *end_) return impossible;
    return {error, std::max<std::int64_t>(difference, 0)};
  }

  [[nodiscard]] bool rises(std::size_t k) const noexcept {
    return p_.ideal[k] > (k == 0 ? p_.start : p_.ideal[k - 1]);
  }
  /// One past the last amount not above `micro`.
  [[nodiscard]] std::size_t up_to(std::int64_t micro) const noexcept {
    return static_cast<std::size_t>(std::ranges::upper_bound(g_, micro) - g_.begin());
  }

  /// Every step as close to its ideal as it can be, if that already keeps every demand: nothing is
  /// better then.
  [[nodiscard]] std::optional<std::vector<std::int64_t>> each_nearest() const {
    std::vector<std::int64_t> doses;
    doses.reserve(p_.ideal.size());
    std::int64_t before = p_.start;
    for (std::size_t k = 0; k < p_.ideal.size(); ++k) {
      const std::int64_t dose = nearest_amount(g_, p_.ideal[k], p_.never_above);
      const std::int64_t far = dose > p_.ideal[k] ? dose - p_.ideal[k] : p_.ideal[k] - dose;
      if (p_.largest_error && far > *p_.largest_error) return std::nullopt;
      if (dose > before && !(rises(k) && dose <= p_.ideal[k])) return std::nullopt;
      std::int64_t top = before;
      if (!window_first_.empty()) {
        for (std::size_t i = window_first_[k]; i < k; ++i) {
          top = std::max(top, i == 0 ? p_.start : doses[i - 1]);
        }
      }
      if (!p_.ceiling.allows(top, before, dose)) return std::nullopt;
      doses.push_back(dose);
      before = dose;
    }
    return doses;
  }

  /// [from, to) of the amounts that may follow the start.
  [[nodiscard]] std::pair<std::size_t, std::size_t> first_range() const noexcept {
    const std::int64_t least = p_.ceiling.least_after(p_.start);
    const auto from = static_cast<std::size_t>(std::ranges::lower_bound(g_, least) - g_.begin());
    std::size_t to = up_to(p_.start);
    if (rises(0)) to = std::max(to, up_to(p_.ideal[0]));
    return {from, to};
  }

  [[nodiscard]] std::uint32_t cheapest(std::size_t k, std::size_t from, std::size_t to) const {
    std::uint32_t best = nowhere;
    for (std::size_t y = from; y < to; ++y) {
      const PathCost cost = to_go_[k * size_ + y];
      if (cost == impossible) continue;
      if (best == nowhere || cost < to_go_[k * size_ + best]) best = static_cast<std::uint32_t>(y);
    }
    return best;
  }

  /// to_go_[k][x]: cost of steps k.. when step k is x; next_[k][x]: the step after it. The window
  /// of allowed successors slides upward with x, so its minimum comes from a monotone queue.
  void backward(std::size_t k) {
    PathCost* here = &to_go_[k * size_];
    for (std::size_t x = 0; x < size_; ++x) here[x] = own(k, x);
    if (k + 1 == p_.ideal.size()) return;
    const PathCost* after = &to_go_[(k + 1) * size_];
    const std::size_t may_rise_to = rises(k + 1) ? up_to(p_.ideal[k + 1]) : 0;
    queue_.clear();
    std::size_t head = 0;
    std::size_t added = 0;
    for (std::size_t x = 0; x < size_; ++x) {
      const std::size_t to = std::max(x + 1, may_rise_to);
      for (; added < to; ++added) {
        if (after[added] == impossible) continue;
        while (queue_.size() > head && after[queue_.back()] > after[added]) queue_.pop_back();
        queue_.push_back(static_cast<std::uint32_t>(added));
      }
      while (head < queue_.size() && queue_[head] < lowest_[x]) ++head;
      if (here[x] == impossible) continue;
      if (head == queue_.size()) {
        here[x] = impossible;
      } else {
        here[x] = here[x] + after[queue_[head]];
        next_[k * size_ + x] = queue_[head];
      }
    }
  }

  /// For each step the first earlier dose that its window reaches (0: the start, i: step i-1);
  /// empty where no window holds more than the dose just before.
  [[nodiscard]] std::vector<std::size_t> windows() const {
    const std::size_t steps = p_.ideal.size();
    std::vector<std::size_t> first(steps);
    bool wide = false;
    std::size_t from = 0;  // the change at step `from` is the earliest inside the window
    std::int64_t from_day = 0;
    std::int64_t day = 0;
    for (std::size_t k = 0; k < steps; ++k) {
      while (from < k && day - from_day >= p_.ceiling.window_days) from_day += p_.days[from++];
      first[k] = from;
      wide = wide || from < k;
      day += p_.days[k];
    }
    if (!wide) first.clear();
    return first;
  }

  /// from_anchor_[k][x]: least cost of step k and of all steps whose windows begin at it, at one of
  /// those, and so on, when the dose before the window of step k is amount x. Every step hangs on
  /// the dose its window begins with; doses in between are left free, so sums of these are lower
  /// bounds, and close ones where the window binds. Steps must come last first.
  void anchored(std::size_t k) {
    const std::size_t steps = p_.ideal.size();
    if (from_anchor_.empty()) from_anchor_.assign(steps * size_, impossible);
    std::vector<PathCost> cost(size_);
    for (std::size_t y = 0; y < size_; ++y) {
      cost[y] = own(k, y);
      for (std::size_t j = k + 1; j < steps && cost[y] != impossible; ++j) {
        if (window_first_[j] > k + 1) break;
        if (window_first_[j] < k + 1) continue;
        const PathCost rest = from_anchor_[j * size_ + y];
        cost[y] = rest == impossible ? impossible : cost[y] + rest;
      }
    }
    std::size_t may_rise_to = 0;
    for (std::size_t j = window_first_[k]; j <= k; ++j) {
      if (rises(j)) may_rise_to = std::max(may_rise_to, up_to(p_.ideal[j]));
    }
    const auto changes = static_cast<std::int64_t>(k + 1 - window_first_[k]);
    queue_.clear();
    std::size_t head = 0;
    std::size_t added = 0;
    for (std::size_t x = 0; x < size_; ++x) {
      const std::int64_t least = least_over_window(g_[x], changes);
      const std::size_t to = std::max(x + 1, may_rise_to);
      for (; added < to; ++added) {
        if (cost[added] == impossible) continue;
        while (queue_.size() > head && cost[queue_.back()] > cost[added]) queue_.pop_back();
        queue_.push_back(static_cast<std::uint32_t>(added));
      }
      while (head < queue_.size() && g_[queue_[head]] < least) ++head;
      if (head < queue_.size()) from_anchor_[k * size_ + x] = cost[queue_[head]];
    }
  }

  /// No dose may lie below this after `changes` changes that began at `top`: exempt cuts may come
  /// on top of what the rules allow, and below stop_from nothing holds.
  [[nodiscard]] std::int64_t least_over_window(std::int64_t top, std::int64_t changes) const {
    const MicroCeiling& c = p_.ceiling;
    const std::int64_t exempt = std::min(c.exempt, top);
    const std::int64_t cut =
        std::max(std::min(c.largest_cut(top), top) + (changes - 1) * exempt, changes * exempt);
    const std::int64_t least = std::max<std::int64_t>(0, top - cut);
    return least <= c.stop_from ? 0 : least;
  }

  /// Least cost of all steps after k when the doses up to k are `past`, newest first, reaching back
  /// to where the window of step k + 1 begins; `impossible` where there is no way.
  [[nodiscard]] PathCost still_to_come(std::size_t k, const std::vector<std::int64_t>& past) const {
    PathCost sum;
    for (std::size_t j = k + 1; j < p_.ideal.size() && window_first_[j] <= k + 1; ++j) {
      // The window of j begins with the dose of step window_first_[j] - 1, or with the start.
      const std::int64_t top = past[k + 1 - window_first_[j]];
      const auto at = std::ranges::lower_bound(g_, top);
      if (at == g_.end() || *at != top) continue;  // a start off the grid gives no bound
      const PathCost rest = from_anchor_[j * size_ + static_cast<std::size_t>(at - g_.begin())];
      if (rest == impossible) return impossible;
      sum = sum + rest;
    }
    return sum;
  }

  struct History {
    PathCost cost;   // of the steps so far
    PathCost total;  // with the least that must still come
    std::uint32_t dose = 0;
    std::uint32_t parent = nowhere;
    std::uint32_t step = 0;
  };

  /// A history one dose longer, or empty where it can lead nowhere.
  std::optional<std::uint32_t> grown(std::uint32_t parent, std::size_t k, std::size_t y) {
    const PathCost rest = to_go_[k * size_ + y];
    if (rest == impossible) return std::nullopt;
    const PathCost sofar = parent == nowhere ? PathCost{} : all_[parent].cost;
    History history{sofar + own(k, y), sofar + rest, static_cast<std::uint32_t>(y), parent,
                    static_cast<std::uint32_t>(k)};
    const auto id = static_cast<std::uint32_t>(all_.size());
    all_.push_back(history);
    if (k + 1 < p_.ideal.size()) {
      collect(id, k + 2 - window_first_[k + 1], seen_);
      const PathCost windowed = still_to_come(k, seen_);
      if (windowed == impossible) {
        all_.pop_back();
        return std::nullopt;
      }
      all_[id].total = std::max(all_[id].total, history.cost + windowed);
    }
    return id;
  }

  /// Calls take(id) for every history that is `at` and one more dose.
  template <class Take>
  void grow(std::uint32_t at, const std::vector<std::int64_t>& past, Take take) {
    const std::size_t k = all_[at].step;
    const std::size_t x = all_[at].dose;
    const std::int64_t top = *std::ranges::max_element(past);
    std::size_t to = x + 1;
    if (rises(k + 1)) to = std::max(to, up_to(p_.ideal[k + 1]));
    for (std::size_t y = lowest_[x]; y < to; ++y) {
      if (!p_.ceiling.allows(top, g_[x], g_[y])) continue;
      if (const auto id = grown(at, k + 1, y)) take(*id);
    }
  }

  [[nodiscard]] std::vector<std::int64_t> doses_of(std::uint32_t at) const {
    std::vector<std::int64_t> doses(p_.ideal.size());
    for (std::uint32_t h = at; h != nowhere; h = all_[h].parent)
      doses[all_[h].step] = g_[all_[h].dose];
    return doses;
  }

  /// Best-first over histories: what is said to be still to come is never too much, so the first
  /// complete history is the best.
  Result<Answer> by_history(std::size_t from, std::size_t to) {
    const std::size_t steps = p_.ideal.size();
    const auto later = [&](std::uint32_t a, std::uint32_t b) {
      const History& x = all_[a];
      const History& y = all_[b];
      return std::tuple(x.total, steps - x.step, x.dose, a) >
             std::tuple(y.total, steps - y.step, y.dose, b);
    };
    std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, decltype(later)> open{later};
    // Expanded histories by step and dose, for dominance.
    std::vector<std::vector<std::uint32_t>> closed(steps * size_);
    for (std::size_t y = from; y < to; ++y) {
      if (const auto id = grown(nowhere, 0, y)) open.push(*id);
    }
    std::vector<std::int64_t> past;  // doses before step k + 1, newest first, start included
    std::vector<std::int64_t> other;
    while (!open.empty()) {
      const std::uint32_t at = open.top();
      open.pop();
      const std::size_t k = all_[at].step;
      if (k + 1 == steps) return Answer{Path{doses_of(at), std::nullopt}};
      if (all_.size() > p_.most_histories) {
        const PathCost at_least = all_[at].total;  // of everything still open
        std::optional<Path> path = by_beam(from, to);
        if (!path) {
          return unexpected(error_at(
              Errc::too_large, "window_days", std::nullopt, std::to_string(p_.ceiling.window_days),
              "gives too many histories to search: use longer steps, coarser "
              "doses or a ceiling per step"));
        }
        path->at_least = at_least.error;
        return Answer{std::move(path)};
      }
      // How far back any later window can look from here.
      const std::size_t reach = k + 2 - window_first_[k + 1];
      collect(at, reach, past);
      bool dominated = false;
      std::vector<std::uint32_t>& rivals = closed[k * size_ + all_[at].dose];
      // Only prunes: looking at the latest ones keeps the work linear.
      for (std::size_t r = rivals.size(); r > 0 && r + 64 > rivals.size() && !dominated; --r) {
        const std::uint32_t rival = rivals[r - 1];
        if (all_[rival].cost > all_[at].cost) continue;
        collect(rival, reach, other);
        dominated = std::ranges::equal(other, past, [](auto a, auto b) { return a <= b; });
      }
      if (dominated) continue;
      rivals.push_back(at);
      grow(at, past, [&](std::uint32_t id) { open.push(id); });
    }
    return Answer{};
  }

  /// The most promising histories of each length only. Keeps every demand; need not be the best.
  std::optional<Path> by_beam(std::size_t from, std::size_t to) {
    const std::size_t width =
        std::clamp<std::size_t>(2'000'000 / (p_.ideal.size() * size_), 8, 200);
    all_.clear();
    std::vector<std::uint32_t> now;
    std::vector<std::uint32_t> next;
    for (std::size_t y = from; y < to; ++y) {
      if (const auto id = grown(nowhere, 0, y)) now.push_back(*id);
    }
    std::vector<std::int64_t> past;
    const auto promising = [&](std::uint32_t id) {
      return std::tuple(all_[id].total, all_[id].dose, id);
    };
    for (std::size_t k = 0; k + 1 < p_.ideal.size(); ++k) {
      std::ranges::sort(now, {}, promising);
      if (now.size() > width) now.resize(width);
      next.clear();
      for (const std::uint32_t at : now) {
        collect(at, k + 2 - window_first_[k + 1], past);
        grow(at, past, [&](std::uint32_t id) { next.push_back(id); });
      }
      std::swap(now, next);
    }
    if (now.empty()) return std::nullopt;
    return Path{doses_of(*std::ranges::min_element(now, {}, promising)), std::nullopt};
  }

  /// Doses of a history that a window of `reach` earlier doses sees, newest first.
  void collect(std::uint32_t at, std::size_t reach, std::vector<std::int64_t>& out) const {
    out.clear();
    std::uint32_t h = at;
    for (std::size_t i = 0; i < reach; ++i) {
      if (h == nowhere) {
        out.push_back(p_.start);
        break;
      }
      out.push_back(g_[all_[h].dose]);
      h = all_[h].parent;
    }
  }

  const PathProblem& p_;
  std::span<const std::int64_t> g_;
  std::size_t size_;
  std::vector<std::size_t> lowest_;
  std::optional<std::int64_t> end_;
  std::vector<PathCost> to_go_;
  std::vector<std::uint32_t> next_;
  std::vector<std::uint32_t> queue_;
  std::vector<std::size_t> window_first_;
  std::vector<PathCost> from_anchor_;
  std::vector<History> all_;
  std::vector<std::int64_t> seen_;
};

}  // namespace

MicroCeiling MicroCeiling::of(const CutCeiling& ceiling, Amount original) noexcept {
  __extension__ using Wide = __int128;
  MicroCeiling out;
  if (ceiling.of_current) out.of_current = ceiling.of_current->millionths();
  if (ceiling.of_original) {
    out.fixed = static_cast<std::int64_t>(Wide{original.micro()} *
                                          ceiling.of_original->millionths() / 1'000'000);
  }
  const auto micro = [&](Amount amount) {
    return amount.unit() == original.unit() ? amount.micro() : std::int64_t{0};
  };
  if (ceiling.absolute) out.fixed = std::min(out.fixed, micro(*ceiling.absolute));
  if (ceiling.exempt_cut) out.exempt = micro(*ceiling.exempt_cut);
  if (ceiling.stop_from) out.stop_from = micro(*ceiling.stop_from);
  out.window_days = ceiling.window_days;
  return out;
}

std::int64_t MicroCeiling::largest_cut(std::int64_t current) const noexcept {
  __extension__ using Wide = __int128;
  std::int64_t cut = fixed;
  if (of_current >= 0) {
    cut = std::min(cut, static_cast<std::int64_t>(Wide{current} * of_current / 1'000'000));
  }
  return cut;
}

std::int64_t MicroCeiling::least_after(std::int64_t current) const noexcept {
  if (current <= stop_from) return 0;
  const std::int64_t cut = std::max(largest_cut(current), exempt);
  return cut >= current ? 0 : current - cut;
}

bool MicroCeiling::allows(std::int64_t window_top, std::int64_t before,
                          std::int64_t next) const noexcept {
  if (next >= before || before <= stop_from || before - next <= exempt) return true;
  const std::int64_t cut = largest_cut(window_top);
  return cut >= window_top || next >= window_top - cut;
}

std::int64_t end_target(const PathProblem& problem) noexcept {
  return nearest_amount(problem.amounts, problem.ideal.back(), problem.never_above);
}

std::int64_t distance_to_grid(std::span<const std::int64_t> amounts, std::int64_t ideal) noexcept {
  const auto above = std::ranges::lower_bound(amounts, ideal);
  std::int64_t best = std::numeric_limits<std::int64_t>::max();
  if (above != amounts.end()) best = *above - ideal;
  if (above != amounts.begin()) best = std::min(best, ideal - *(above - 1));
  return best;
}

Result<std::optional<Path>> closest_path(const PathProblem& problem) {
  return PathSearch{problem}.run();
}

}  // namespace ombre::inline v0::plans::detail
