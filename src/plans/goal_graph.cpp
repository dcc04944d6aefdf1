#include "ombre/plans/goal_graph.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/depth_first_search.hpp>
#include <map>
#include <string_view>
#include <utility>

namespace ombre::inline v0::plans {
namespace {

// An edge goes from what is needed to what needs it.
using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;

// Notes the first circle met, as the goals along it.
class CircleFinder : public boost::default_dfs_visitor {
 public:
  explicit CircleFinder(std::vector<std::size_t>& circle) : circle_{&circle} {}

  template <class Edge, class G>
  void tree_edge(Edge e, const G& g) {
    parent_.resize(boost::num_vertices(g), 0);
    parent_[boost::target(e, g)] = boost::source(e, g);
  }
  template <class Edge, class G>
  void back_edge(Edge e, const G& g) {
    if (!circle_->empty()) return;
    parent_.resize(boost::num_vertices(g), 0);
    const std::size_t start = boost::target(e, g);
    std::size_t at = boost::source(e, g);
    std::vector<std::size_t> back{start};
    while (at != start) {
      back.push_back(at);
      at = parent_[at];
    }
    back.push_back(start);
    // Collected against the arrows, so it already reads "waits for": a -> what a needs.
    *circle_ = std::move(back);
  }

 private:
  std::vector<std::size_t>* circle_;
  std::vector<std::size_t> parent_;
};

bool holds_others(const Goal& goal) {
  return goal.status == GoalStatus::open || goal.status == GoalStatus::resting;
}

}  // namespace

struct GoalGraph::Impl {
  std::vector<std::vector<std::size_t>> needs;
  std::vector<std::vector<std::size_t>> needed_by;
  std::vector<bool> open;
  std::vector<bool> holds;
  std::vector<std::optional<int>> days;
  std::vector<std::size_t> order;
};

Result<GoalGraph> GoalGraph::from(std::span<const Goal> goals) {
  auto impl = std::make_shared<Impl>();
  std::map<std::string_view, std::size_t> index;
  for (std::size_t i = 0; i < goals.size(); ++i) {
    if (!index.emplace(goals[i].id, i).second) {
      return unexpected(error_at(Errc::duplicate, "goals[" + std::to_string(i) + "].id",
                                 std::nullopt, goals[i].id, "is the id of a goal above"));
    }
  }
  const std::size_t n = goals.size();
  impl->needs.resize(n);
  impl->needed_by.resize(n);
  Graph graph(n);
  for (std::size_t i = 0; i < n; ++i) {
    impl->open.push_back(goals[i].status == GoalStatus::open);
    impl->holds.push_back(holds_others(goals[i]));
    impl->days.push_back(goals[i].days_expected);
    for (std::size_t k = 0; k < goals[i].needs.size(); ++k) {
      const auto at = index.find(goals[i].needs[k].goal);
      if (at == index.end()) {
        return unexpected(
            error_at(Errc::unknown_name,
                     "goals[" + std::to_string(i) + "].needs[" + std::to_string(k) + "].goal",
                     std::nullopt, goals[i].needs[k].goal, "is not the id of a goal of this plan"));
      }
      auto& needs = impl->needs[i];
      if (std::ranges::find(needs, at->second) != needs.end()) continue;
      needs.push_back(at->second);
      impl->needed_by[at->second].push_back(i);
      boost::add_edge(at->second, i, graph);
    }
  }
  std::vector<std::size_t> circle;
  boost::depth_first_search(graph, boost::visitor(CircleFinder{circle}));
  if (!circle.empty()) {
    std::string path;
    for (const std::size_t g : circle) path += (path.empty() ? "" : " -> ") + goals[g].id;
    return unexpected(error_at(Errc::contradiction, "goals", std::nullopt, path,
                               "goals wait for each other in a circle; let one of them start"));
  }
  // Kahn's order, always taking the first goal that is free: a stable order a person recognises.
  std::vector<std::size_t> left(n);
  for (std::size_t i = 0; i < n; ++i) left[i] = impl->needs[i].size();
  std::vector<std::size_t> free;
  for (std::size_t i = 0; i < n; ++i) {
    if (left[i] == 0) free.push_back(i);
  }
  std::ranges::make_heap(free, std::greater<>{});
  while (!free.empty()) {
    std::ranges::pop_heap(free, std::greater<>{});
    const std::size_t at = free.back();
    free.pop_back();
    impl->order.push_back(at);
    for (const std::size_t next : impl->needed_by[at]) {
      if (--left[next] != 0) continue;
      free.push_back(next);
      std::ranges::push_heap(free, std::greater<>{});
    }
  }
  return GoalGraph{std::move(impl)};
}

std::size_t GoalGraph::size() const noexcept { return impl_->open.size(); }

std::vector<std::size_t> GoalGraph::can_start() const {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < size(); ++i) {
    if (!impl_->open[i]) continue;
    const bool waits =
        std::ranges::any_of(impl_->needs[i], [this](std::size_t g) { return impl_->holds[g]; });
    if (!waits) out.push_back(i);
  }
  return out;
}

std::vector<WaitingGoal> GoalGraph::waiting() const {
  std::vector<WaitingGoal> out;
  for (std::size_t i = 0; i < size(); ++i) {
    if (!impl_->open[i]) continue;
    WaitingGoal w{i, {}};
    for (const std::size_t g : impl_->needs[i]) {
      if (impl_->holds[g]) w.needs.push_back(g);
    }
    if (!w.needs.empty()) out.push_back(std::move(w));
  }
  return out;
}

std::vector<std::size_t> GoalGraph::order() const { return impl_->order; }

std::span<const std::size_t> GoalGraph::needs(std::size_t goal) const noexcept {
  return impl_->needs[goal];
}
std::span<const std::size_t> GoalGraph::needed_by(std::size_t goal) const noexcept {
  return impl_->needed_by[goal];
}

std::vector<std::size_t> GoalGraph::layers() const {
  std::vector<std::size_t> layer(size(), 0);
  for (const std::size_t g : impl_->order) {
    for (const std::size_t need : impl_->needs[g]) layer[g] = std::max(layer[g], layer[need] + 1);
  }
  return layer;
}

namespace {
// Best way to end in a goal: days, then number of goals.
struct Best {
  std::int64_t days = 0;
  std::size_t goals = 0;
  std::optional<std::size_t> before{};
  [[nodiscard]] bool longer_than(const Best& other) const noexcept {
    return std::pair{days, goals} > std::pair{other.days, other.goals};
  }
};
}  // namespace

std::optional<GoalChain> GoalGraph::longest_chain(std::size_t goal, Date today) const {
  if (goal >= size() || !impl_->holds[goal]) return std::nullopt;
  std::vector<Best> best(size());
  for (const std::size_t g : impl_->order) {
    if (!impl_->holds[g]) continue;
    Best here{};
    for (const std::size_t need : impl_->needs[g]) {
      if (!impl_->holds[need]) continue;
      Best way = best[need];
      way.before = need;
      if (!here.before || way.longer_than(here)) here = way;
    }
    here.days += impl_->days[g].value_or(0);
    here.goals += 1;
    best[g] = here;
  }
  GoalChain out;
  for (std::optional<std::size_t> at = goal; at; at = best[*at].before) {
    out.goals.push_back(*at);
    out.without_days += impl_->days[*at] ? 0U : 1U;
  }
  std::ranges::reverse(out.goals);
  constexpr std::int64_t most = 4'000'000;  // beyond any calendar date
  out.days = static_cast<int>(std::min(best[goal].days, most));
  out.ends = today + Days{out.days};
  return out;
}

std::optional<GoalChain> GoalGraph::longest_chain(Date today) const {
  std::optional<GoalChain> out;
  for (std::size_t g = 0; g < size(); ++g) {
    auto chain = longest_chain(g, today);
    if (!chain) continue;
    if (!out ||
        std::pair{chain->days, chain->goals.size()} > std::pair{out->days, out->goals.size()}) {
      out = std::move(chain);
    }
  }
  return out;
}

}  // namespace ombre::inline v0::plans
