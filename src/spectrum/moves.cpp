#include "ombre/spectrum/moves.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <boost/graph/strong_components.hpp>
#include <cmath>
#include <limits>

namespace ombre::inline v0::spectrum {
namespace {

constexpr std::size_t n_states = spectrum_state_count;
std::size_t index(SpectrumState state) noexcept { return static_cast<std::size_t>(state); }

double median(std::vector<double> values) {
  const std::size_t half = values.size() / 2;
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(half));
  const double upper = values[half];
  if (values.size() % 2 == 1) return upper;
  const double lower =
      *std::max_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(half));
  return lower + (upper - lower) / 2;
}

// Spells by person and day, checked, and neighbours of one state made one.
Result<std::vector<StateSpell>> in_order(std::span<const StateSpell> spells) {
  if (spells.empty()) return unexpected(error_of(Errc::empty_input, "spells", "must not be empty"));
  std::vector<std::size_t> order(spells.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
    if (spells[i].last_day < spells[i].first_day) {
      return unexpected(error_at(Errc::out_of_range, "spells.last_day", i,
                                 static_cast<double>(spells[i].last_day),
                                 "must not be before the first day"));
    }
    if (index(spells[i].state) >= n_states) {
      return unexpected(error_at(Errc::out_of_range, "spells.state", i,
                                 static_cast<double>(index(spells[i].state)), "is no state"));
    }
  }
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    const StateSpell& x = spells[a];
    const StateSpell& y = spells[b];
    if (x.person != y.person) return x.person < y.person;
    if (x.first_day != y.first_day) return x.first_day < y.first_day;
    return a < b;
  });
  std::vector<StateSpell> out;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const StateSpell& spell = spells[order[k]];
    if (!out.empty() && out.back().person == spell.person) {
      StateSpell& before = out.back();
      if (spell.first_day <= before.last_day) {
        return unexpected(error_at(Errc::contradiction, "spells.first_day", order[k],
                                   static_cast<double>(spell.first_day),
                                   "lies within another spell of this person"));
      }
      if (before.state == spell.state &&
          std::int64_t{before.last_day} + 1 == std::int64_t{spell.first_day}) {
        before.last_day = spell.last_day;
        continue;
      }
    }
    out.push_back(spell);
  }
  return out;
}

double days_of(const StateSpell& spell) noexcept {
  return static_cast<double>(std::int64_t{spell.last_day} - spell.first_day + 1);
}

struct Arrow {
  double cost = 0;
};
using Graph =
    boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property, Arrow>;

}  // namespace

const Move* MoveTable::find(SpectrumState from, SpectrumState to) const noexcept {
  for (const Move& move : moves) {
    if (move.from == from && move.to == to) return &move;
  }
  return nullptr;
}

Result<MoveTable> observe_moves(std::span<const StateSpell> spells) {
  auto ordered = in_order(spells);
  if (!ordered) return unexpected(ordered.error());
  MoveTable out;
  struct Cell {
    std::vector<double> days;
    std::uint64_t gaps = 0;
    std::uint64_t people = 0;
    std::optional<std::uint32_t> last_person;
  };
  std::vector<Cell> cells(n_states * n_states);
  for (std::size_t i = 0; i < ordered->size(); ++i) {
    const StateSpell& spell = (*ordered)[i];
    StateSeen& seen = out.states[index(spell.state)];
    ++seen.spells;
    seen.days += static_cast<std::uint64_t>(days_of(spell));
    if (i == 0 || (*ordered)[i - 1].person != spell.person) ++out.people;
    const bool last = i + 1 == ordered->size() || (*ordered)[i + 1].person != spell.person;
    if (last) {
      ++seen.open;
      continue;
    }
    const StateSpell& next = (*ordered)[i + 1];
    ++seen.ended;
    // The same state on both sides of a gap is no move: what happened between is not known.
    if (next.state == spell.state) continue;
    Cell& cell = cells[index(spell.state) * n_states + index(next.state)];
    cell.days.push_back(days_of(spell));
    if (std::int64_t{spell.last_day} + 1 < next.first_day) ++cell.gaps;
    if (cell.last_person != spell.person) {
      ++cell.people;
      cell.last_person = spell.person;
    }
    if (order(next.state) < order(spell.state)) {
      ++out.steps_down;
    } else {
      ++out.steps_up;
    }
  }
  Graph graph(n_states);
  for (std::size_t from = 0; from < n_states; ++from) {
    std::uint64_t leaving = 0;
    for (std::size_t to = 0; to < n_states; ++to)
      leaving += cells[from * n_states + to].days.size();
    for (std::size_t to = 0; to < n_states; ++to) {
      Cell& cell = cells[from * n_states + to];
      if (cell.days.empty()) continue;
      Move move;
      move.from = static_cast<SpectrumState>(from);
      move.to = static_cast<SpectrumState>(to);
      move.count = cell.days.size();
      move.people = cell.people;
      move.share = static_cast<double>(move.count) / static_cast<double>(leaving);
      move.median_days = median(std::move(cell.days));
      move.after_a_gap = cell.gaps;
      out.moves.push_back(move);
      boost::add_edge(from, to, Arrow{}, graph);
    }
  }
  std::vector<std::size_t> part(n_states);
  const std::size_t parts = boost::strong_components(
      graph, boost::make_iterator_property_map(part.begin(), get(boost::vertex_index, graph)));
  std::vector<std::vector<SpectrumState>> members(parts);
  for (std::size_t s = 0; s < n_states; ++s) {
    members[part[s]].push_back(static_cast<SpectrumState>(s));
  }
  for (auto& circle : members) {
    if (circle.size() > 1) out.circles.push_back(std::move(circle));
  }
  std::ranges::sort(out.circles);
  return out;
}

Result<std::optional<TypicalPath>> typical_path(const MoveTable& table, SpectrumState from,
                                                SpectrumState to, std::uint64_t least_count) {
  if (least_count == 0) {
    return unexpected(
        error_at(Errc::out_of_range, "least_count", std::nullopt, 0.0, "must be 1 or more"));
  }
  if (index(from) >= n_states || index(to) >= n_states) {
    return unexpected(error_of(Errc::out_of_range, "state", "is no state"));
  }
  if (from == to) return std::optional<TypicalPath>{TypicalPath{}};
  Graph graph(n_states);
  for (const Move& move : table.moves) {
    if (move.count < least_count) continue;
    // The logarithm turns the product of shares into a sum. A step costs a hair more and a higher
    // state a hair less than a hair, so that equal products are decided as documented.
    const double cost = -std::log(move.share) + 1e-9 + 1e-12 * order(move.to);
    boost::add_edge(index(move.from), index(move.to), Arrow{cost}, graph);
  }
  std::vector<double> distance(n_states, std::numeric_limits<double>::infinity());
  std::vector<std::size_t> before(n_states);
  const auto ids = get(boost::vertex_index, graph);
  boost::dijkstra_shortest_paths(
      graph, index(from),
      boost::weight_map(get(&Arrow::cost, graph))
          .distance_map(boost::make_iterator_property_map(distance.begin(), ids))
          .predecessor_map(boost::make_iterator_property_map(before.begin(), ids)));
  if (before[index(to)] == index(to)) return std::optional<TypicalPath>{};
  TypicalPath out;
  for (std::size_t at = index(to); at != index(from); at = before[at]) {
    const Move* move =
        table.find(static_cast<SpectrumState>(before[at]), static_cast<SpectrumState>(at));
    out.steps.push_back({move->from, move->to, move->share, move->median_days, move->count});
  }
  std::ranges::reverse(out.steps);
  for (const PathStep& step : out.steps) {
    out.share *= step.share;
    out.median_days += step.median_days;
  }
  return std::optional<TypicalPath>{std::move(out)};
}

std::string_view name(CycleSummary::Shape shape) noexcept {
  constexpr std::array<std::string_view, 5> names{"one_state", "down", "up", "cyclical", "mixed"};
  return names[static_cast<std::size_t>(shape)];
}

Result<CycleSummary> cycle_summary(std::span<const StateSpell> spells) {
  for (std::size_t i = 1; i < spells.size(); ++i) {
    if (spells[i].person != spells[0].person) {
      return unexpected(error_at(Errc::contradiction, "spells.person", i,
                                 static_cast<double>(spells[i].person),
                                 "must be the same person throughout"));
    }
  }
  auto ordered = in_order(spells);
  if (!ordered) return unexpected(ordered.error());
  // Over a gap the same state may stand on both sides; a level is what the ups and downs are of.
  std::vector<StateSpell> levels;
  for (const StateSpell& spell : *ordered) {
    if (!levels.empty() && levels.back().state == spell.state) {
      levels.back().last_day = spell.last_day;
    } else {
      levels.push_back(spell);
    }
  }
  CycleSummary out;
  std::vector<std::size_t> turns;  // places of peaks and troughs, in order
  std::vector<std::size_t> peaks;
  for (std::size_t i = 0; i + 1 < levels.size(); ++i) {
    if (levels[i + 1].state < levels[i].state) {
      ++out.steps_down;
    } else {
      ++out.steps_up;
    }
    if (i == 0) continue;
    const bool above =
        levels[i].state > levels[i - 1].state && levels[i].state > levels[i + 1].state;
    const bool below =
        levels[i].state < levels[i - 1].state && levels[i].state < levels[i + 1].state;
    if (above) {
      ++out.peaks;
      peaks.push_back(i);
    }
    if (below) ++out.troughs;
    if (above || below) turns.push_back(i);
  }
  std::vector<double> periods;
  for (std::size_t i = 1; i < peaks.size(); ++i) {
    periods.push_back(static_cast<double>(std::int64_t{levels[peaks[i]].first_day} -
                                          levels[peaks[i - 1]].first_day));
  }
  if (!periods.empty()) out.median_period_days = median(std::move(periods));
  std::vector<double> heights;
  for (std::size_t i = 1; i < turns.size(); ++i) {
    heights.push_back(std::abs(order(levels[turns[i]].state) - order(levels[turns[i - 1]].state)));
  }
  if (!heights.empty()) out.median_amplitude = median(std::move(heights));
  out.net = order(levels.back().state) - order(levels.front().state);
  using enum CycleSummary::Shape;
  out.shape = levels.size() == 1    ? one_state
              : out.peaks >= 2      ? cyclical
              : out.steps_up == 0   ? down
              : out.steps_down == 0 ? up
                                    : mixed;
  return out;
}

}  // namespace ombre::inline v0::spectrum
