// The front of time against the largest drop where the ceiling's window is longer than a step.
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "plans/best_taper_nodes.hpp"

namespace ombre::inline v0::plans::detail {

namespace {

constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t most_histories = 20'000;

// A dose in force since `since`; its past is the chain of parents.
struct Label {
  std::uint32_t parent = nobody;
  std::uint32_t node = 0;
  std::int64_t since = 0;  // time units; the start: long ago
  std::int64_t free = 0;   // from when on it may be left
};

class Windowed {
 public:
  Windowed(const Nodes& nodes, std::size_t times)
      : nodes_{nodes},
        last_{static_cast<std::int64_t>(times) - 1},
        window_{(nodes.ceiling.window_days + nodes.unit_days - 1) / nodes.unit_days} {
    // The next dose above that is held for a shorter time: it may be worth stopping at.
    const std::size_t size = nodes.size();
    shorter_.assign(size, size);
    for (std::size_t y = size - 1; y-- > 0;) {
      shorter_[y] = nodes.units[y + 1] < nodes.units[y] ? y + 1 : shorter_[y + 1];
    }
  }

  // The earliest plan with no drop above `limit` that is over by `until`; empty: there is none.
  Result<std::optional<BestTaper>> earliest(double limit, std::int64_t until) {
    all_.clear();
    front_.clear();
    all_.push_back({nobody, static_cast<std::uint32_t>(nodes_.size() - 1),
                    std::numeric_limits<std::int64_t>::min() / 2, 0});
    front_.push_back(0);
    for (std::int64_t t = 0; t + nodes_.units[0] <= until; ++t) {
      next_.clear();
      for (const std::uint32_t at : front_) {
        if (all_[at].free <= t) {
          const std::size_t lowest = lowest_from(at, t, limit);
          const std::size_t x = all_[at].node;
          for (std::size_t y = lowest; y < x; y = shorter_[y]) {
            all_.push_back({at, static_cast<std::uint32_t>(y), t, t + nodes_.units[y]});
            const auto child = static_cast<std::uint32_t>(all_.size() - 1);
            if (y == 0) return std::optional{plan(child)};
            next_.push_back(child);
          }
        }
        next_.push_back(at);
      }
      keep(t);
      if (front_.size() > most_histories || all_.size() > 100 * most_histories) {
        return unexpected(error_at(Errc::too_large, "window_days", std::nullopt,
                                   std::to_string(nodes_.ceiling.window_days),
                                   "needs too many histories: use coarser strengths, longer steps "
                                   "or a shorter window"));
      }
    }
    return std::optional<BestTaper>{};
  }

  [[nodiscard]] std::int64_t last() const noexcept { return last_; }

 private:
  // The label of this history that was in force at time t.
  [[nodiscard]] std::uint32_t in_force(std::uint32_t at, std::int64_t t) const noexcept {
    while (all_[at].since > t && all_[at].parent != nobody) at = all_[at].parent;
    return at;
  }

  // The lowest node that may follow at time t; the node itself where none may.
  [[nodiscard]] std::size_t lowest_from(std::uint32_t at, std::int64_t t, double limit) const {
    const std::size_t x = all_[at].node;
    const std::int64_t before = nodes_.micro[x];
    const std::int64_t top = nodes_.micro[all_[in_force(at, t - window_)].node];
    const MicroCeiling& c = nodes_.ceiling;
    const std::int64_t cut = c.largest_cut(top);
    std::int64_t least = cut >= top ? 0 : top - cut;
    least = std::min(least, before - std::min(before, c.exempt));
    if (before <= c.stop_from) least = 0;
    std::size_t low = 0;
    std::size_t high = x;
    while (low < high) {
      const std::size_t middle = low + (high - low) / 2;
      if (nodes_.micro[middle] >= least && nodes_.drop(x, middle) <= limit) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  // Whether history a can do at and after t + 1 whatever b can: nowhere higher within the window,
  // and free no later.
  [[nodiscard]] bool covers(std::uint32_t a, std::uint32_t b, std::int64_t t) const noexcept {
    if (std::max(all_[a].free, t + 1) > std::max(all_[b].free, t + 1)) return false;
    const std::int64_t from = t + 1 - window_;
    while (true) {
      if (all_[a].node > all_[b].node) return false;
      const std::int64_t since = std::max(all_[a].since, all_[b].since);
      if (since <= from) return true;
      if (all_[a].since == since) a = all_[a].parent;
      if (all_[b].since == since) b = all_[b].parent;
    }
  }

  void keep(std::int64_t t) {
    // Lower doses first, so that most of what is covered is found soon.
    std::ranges::stable_sort(next_, [this](std::uint32_t a, std::uint32_t b) {
      return all_[a].node != all_[b].node ? all_[a].node < all_[b].node
                                          : all_[a].since < all_[b].since;
    });
    front_.clear();
    for (const std::uint32_t label : next_) {
      const bool covered =
          std::ranges::any_of(front_, [&](std::uint32_t other) { return covers(other, label, t); });
      if (!covered) front_.push_back(label);
    }
  }

  [[nodiscard]] BestTaper plan(std::uint32_t at) const {
    BestTaper out;
    std::vector<std::uint32_t> labels;
    for (; all_[at].parent != nobody; at = all_[at].parent) labels.push_back(at);
    std::ranges::reverse(labels);
    std::size_t x = nodes_.size() - 1;
    const std::int64_t first = all_[labels.front()].since;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const Label& label = all_[labels[i]];
      const std::int64_t until = i + 1 < labels.size() ? all_[labels[i + 1]].since
                                                       : label.since + nodes_.units[label.node];
      BestStep step;
      step.dose =
          Amount::from_micro(nodes_.micro[label.node], nodes_.unit).value_or(Amount{nodes_.unit});
      step.day = static_cast<std::int32_t>((label.since - first) * nodes_.unit_days);
      step.drop = nodes_.drop(x, label.node);
      out.largest_drop = std::max(out.largest_drop, step.drop);
      out.piece_days +=
          nodes_.pieces[label.node] / nodes_.units[label.node] * (until - label.since);
      out.days = static_cast<std::int32_t>((until - first) * nodes_.unit_days);
      out.steps.push_back(step);
      x = label.node;
    }
    return out;
  }

  const Nodes& nodes_;
  std::int64_t last_;
  std::int64_t window_;
  std::vector<std::size_t> shorter_;
  std::vector<Label> all_;
  std::vector<std::uint32_t> front_;
  std::vector<std::uint32_t> next_;
};

}  // namespace

Result<std::vector<BestTaper>> windowed_front(const Nodes& nodes, std::size_t times,
                                              const Progress& progress) {
  Windowed search{nodes, times};
  const auto below = [](double drop) {
    return std::nextafter(drop, -std::numeric_limits<double>::infinity());
  };
  std::vector<BestTaper> out;
  double limit = std::numeric_limits<double>::infinity();
  while (true) {
    if (progress && !progress(static_cast<double>(out.empty() ? 0 : out.back().days) /
                              (static_cast<double>(search.last() + 1) * nodes.unit_days))) {
      return unexpected(error_of(Errc::cancelled, "progress", "the search was stopped"));
    }
    auto found = search.earliest(limit, search.last());
    if (!found) return unexpected(std::move(found).error());
    if (!*found) return out;
    BestTaper best = **std::move(found);
    const std::int64_t until = best.days / nodes.unit_days;
    // The smallest largest drop in that time: nothing below it is possible, which is looked at.
    double impossible = 0;
    while (true) {
      auto less = search.earliest(below(best.largest_drop), until);
      if (!less) return unexpected(std::move(less).error());
      if (!*less) break;
      best = **std::move(less);
      const double middle = impossible + (best.largest_drop - impossible) / 2;
      auto half = search.earliest(middle, until);
      if (!half) return unexpected(std::move(half).error());
      if (*half) {
        best = **std::move(half);
      } else {
        impossible = middle;
      }
    }
    limit = below(best.largest_drop);
    out.push_back(std::move(best));
  }
}

}  // namespace ombre::inline v0::plans::detail
