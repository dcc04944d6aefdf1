// Ties as a graph: who is reached through whom, and on whom it rests.
#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/biconnected_components.hpp>
#include <iterator>
#include <set>
#include <utility>

#include "network_index.hpp"
#include "ombre/plans/network.hpp"

namespace ombre::inline v0::plans {
namespace {

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;

// Vertices reached from `start` without passing through `without`.
std::vector<bool> reached(const Graph& graph, std::size_t start, std::size_t without) {
  std::vector<bool> seen(boost::num_vertices(graph), false);
  if (start == without) return seen;
  std::vector<std::size_t> open{start};
  seen[start] = true;
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    const auto [first, last] = boost::adjacent_vertices(at, graph);
    for (auto next = first; next != last; ++next) {
      if (*next == without || seen[*next]) continue;
      seen[*next] = true;
      open.push_back(*next);
    }
  }
  return seen;
}

}  // namespace

Result<NetworkShape> network_shape(const SocialNetwork& network) {
  if (auto ok = check_network(network); !ok) return unexpected(ok.error());
  const std::size_t n = network.members.size();
  const std::size_t person = n;  // the last vertex
  const detail::MemberIndex index{network};
  std::set<std::pair<std::size_t, std::size_t>> ties;
  const auto vertex = [&](const std::string& id) {
    return id == "person" ? person : *index.find(id);
  };
  for (const Tie& t : network.ties) {
    const auto [low, high] = std::minmax({vertex(t.a), vertex(t.b)});
    ties.emplace(low, high);
  }
  if (network.ties.empty()) {
    for (std::size_t m = 0; m < n; ++m) ties.emplace(m, person);
  }
  Graph graph(n + 1);
  NetworkShape out;
  for (const auto& [a, b] : ties) {
    boost::add_edge(a, b, graph);
    if (b == person) out.direct.push_back(a);
  }
  std::ranges::sort(out.direct);
  const std::vector<bool> connected = reached(graph, person, n + 1);
  for (std::size_t m = 0; m < n; ++m) {
    if (!connected[m]) out.not_connected.push_back(m);
  }
  std::vector<std::size_t> points;
  boost::articulation_points(graph, std::back_inserter(points));
  std::ranges::sort(points);
  for (const std::size_t m : points) {
    if (m == person || !connected[m]) continue;
    const std::vector<bool> left = reached(graph, person, m);
    SinglePoint point{m, {}};
    for (std::size_t k = 0; k < n; ++k) {
      if (k != m && connected[k] && !left[k]) point.lost.push_back(k);
    }
    if (!point.lost.empty()) out.single_points.push_back(std::move(point));
  }
  out.rests_on_one = out.direct.size() == 1;
  return out;
}

}  // namespace ombre::inline v0::plans
