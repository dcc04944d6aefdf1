#include "stats/concordance_counts.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <numeric>
#include <utility>
#include <vector>

#include "stats/radix_order.hpp"

namespace ombre::inline v0::stats::detail {
namespace {

// ---- without weights: whole numbers -------------------------------------------------------------
//
// All rows stand in a sequence by time, events of a time before those who go on beyond it. Of every
// event and every row after it, which has the higher score? Ranks of scores (equal scores: in the
// order of the sequence) are halved again and again; at each halving the sequence of a half's rows
// is read once, which compares all pairs that the halving parts. Below 33 ranks all pairs are
// compared. An entry after the beginning is an element of its own that takes its row out of the
// pairs of all events before it.

struct Element {
  std::uint32_t code;  // rank * 4 + 2 * entry + event
  std::int32_t net;
};

constexpr std::size_t few = 32;

// Each rank's net goes to `result` at that rank: no other half has places there.
void compare_all(const Element* items, std::size_t n, Element* result) {
  std::int32_t rank[few];
  std::int32_t sign[few];
  std::int32_t net[few];
  for (std::size_t i = 0; i < n; ++i) {
    rank[i] = static_cast<std::int32_t>(items[i].code >> 2U);
    sign[i] = (items[i].code & 2U) != 0 ? -1 : 1;
    net[i] = items[i].net;
  }
  for (std::size_t i = 0; i < n; ++i) {
    if ((items[i].code & 1U) == 0) continue;
    std::int32_t sum = 0;
    for (std::size_t j = i + 1; j < n; ++j) {
      const std::int32_t won = rank[j] < rank[i] ? 1 : -1;
      sum += won * sign[j];
      net[j] += won;
    }
    net[i] += sum;
  }
  for (std::size_t i = 0; i < n; ++i) result[rank[i]].net = net[i];
}

// What went before a place in the sequence.
struct Passed {
  std::int32_t above = 0;  // elements above the middle
  std::int32_t events = 0;
  std::int32_t events_above = 0;
};

[[nodiscard]] std::uint32_t middle_of(std::size_t low, std::size_t n) {
  return static_cast<std::uint32_t>((low + n / 2) << 2U);
}

Passed passed(const Element* items, std::size_t begin, std::size_t end, std::uint32_t middle) {
  Passed out;
  for (std::size_t i = begin; i < end; ++i) {
    const auto up = static_cast<std::int32_t>(items[i].code >= middle);
    const auto event = static_cast<std::int32_t>(items[i].code & 1U);
    out.above += up;
    out.events += event;
    out.events_above += up & event;
  }
  return out;
}

// One halving: `items`, the elements of ranks [low, low + n) in sequence, go to `room`, those of
// the lower half first. Without entries, of the places [begin, end) alone.
template <bool Entries>
void part(const Element* items, Element* room, std::size_t low, std::size_t n, std::size_t begin,
          std::size_t end, const Passed& before) {
  const std::size_t half = n / 2;
  const std::uint32_t middle = middle_of(low, n);
  // Above the middle a row has lost to the events seen below it and an event wins over the rows
  // below still to come; below the middle the other way round. All by masks: a branch on the half
  // would be a guess every other time.
  if constexpr (Entries) {
    std::int32_t to_come[2] = {0, 0};
    for (std::size_t i = 0; i < n; ++i) {
      to_come[items[i].code >= middle ? 1 : 0] += (items[i].code & 2U) != 0 ? -1 : 1;
    }
    std::int32_t seen[2] = {0, 0};
    std::size_t next[2] = {0, half};
    for (std::size_t i = 0; i < n; ++i) {
      Element item = items[i];
      const std::size_t up = item.code >= middle ? 1 : 0;
      const auto event = static_cast<std::int32_t>(item.code & 1U);
      const auto sign = 2 * static_cast<std::int32_t>(up) - 1;
      item.net += sign * (event * to_come[1 - up] - seen[1 - up]);
      to_come[up] -= 1 - static_cast<std::int32_t>(item.code & 2U);
      seen[up] += event;
      room[next[up]++] = item;
    }
  } else {
    const auto size = static_cast<std::int32_t>(n);
    const auto below = static_cast<std::int32_t>(half);
    std::int32_t above_before = before.above;
    std::int32_t seen = before.events;
    std::int32_t seen_above = before.events_above;
    for (auto i = static_cast<std::int32_t>(begin); i < static_cast<std::int32_t>(end); ++i) {
      Element item = items[i];
      const auto up = static_cast<std::int32_t>(item.code >= middle);
      const std::int32_t is_above = -up;
      const auto event = static_cast<std::int32_t>(item.code & 1U);
      const std::int32_t is_event = -event;
      const std::int32_t below_before = i - above_before;
      const std::int32_t won = (is_event & (below - below_before)) - (seen - seen_above);
      const std::int32_t lost = seen_above - (is_event & (size - below - above_before));
      item.net += (won & is_above) | (lost & ~is_above);
      const std::int32_t to = ((below + above_before) & is_above) | (below_before & ~is_above);
      above_before += up;
      seen += event;
      seen_above += event & up;
      room[to] = item;
    }
  }
}

template <bool Entries>
void halve(Element* items, Element* room, std::size_t low, std::size_t n, Element* result) {
  if (n <= few) {
    compare_all(items, n, result);
    return;
  }
  const std::size_t half = n / 2;
  part<Entries>(items, room, low, n, 0, n, {});
  halve<Entries>(room, items, low, half, result);
  halve<Entries>(room + half, items + half, low + half, n - half, result);
}

// The first halvings level by level, so that halves are read side by side.
template <bool Entries>
void count_net(std::span<Element> items, std::span<Element> room, const Runner& runner) {
  const std::size_t n = items.size();
  if (runner.workers() < 2 || n < 20'000) {
    halve<Entries>(items.data(), room.data(), 0, n, items.data());
    return;
  }
  std::vector<std::size_t> begin{0, n};
  Element* from = items.data();
  Element* to = room.data();
  for (int level = 0; level < 4; ++level) {
    const std::size_t parts = begin.size() - 1;
    if (level == 0 && !Entries) {  // the whole, in pieces
      const std::size_t pieces = runner.workers();
      const auto begin_of = [&](std::size_t c) { return n * c / pieces; };
      std::vector<Passed> before(pieces);
      runner.run(pieces, [&](std::size_t c) {
        before[c] = passed(from, begin_of(c), begin_of(c + 1), middle_of(0, n));
      });
      Passed sum;
      for (Passed& here : before) {
        const Passed mine = std::exchange(here, sum);
        sum.above += mine.above;
        sum.events += mine.events;
        sum.events_above += mine.events_above;
      }
      runner.run(pieces, [&](std::size_t c) {
        part<Entries>(from, to, 0, n, begin_of(c), begin_of(c + 1), before[c]);
      });
    } else {
      runner.run(parts, [&](std::size_t k) {
        const std::size_t size = begin[k + 1] - begin[k];
        part<Entries>(from + begin[k], to + begin[k], begin[k], size, 0, size, {});
      });
    }
    std::vector<std::size_t> halves{0};
    for (std::size_t k = 0; k < parts; ++k) {
      halves.push_back(begin[k] + (begin[k + 1] - begin[k]) / 2);
      halves.push_back(begin[k + 1]);
    }
    begin.swap(halves);
    std::swap(from, to);
  }
  runner.run(begin.size() - 1, [&](std::size_t k) {
    halve<Entries>(from + begin[k], to + begin[k], begin[k], begin[k + 1] - begin[k], items.data());
  });
}

// All pairs of each row where nobody enters late: an event with everybody after it, every row with
// the events before it. Events of one time, which are no pairs, are taken for pairs.
std::int64_t count_pairs(std::span<const std::uint8_t> event, std::span<std::int32_t> pairs,
                         const Runner& runner) {
  const std::size_t n = event.size();
  constexpr std::size_t piece = 16384;
  const std::size_t pieces = (n + piece - 1) / piece;
  std::vector<std::int32_t> events(pieces);
  std::vector<std::int64_t> all(pieces);
  runner.run(pieces, [&](std::size_t c) {
    std::int32_t sum = 0;
    for (std::size_t i = c * piece; i < std::min(n, (c + 1) * piece); ++i) sum += event[i];
    events[c] = sum;
  });
  std::int32_t before = 0;
  for (std::int32_t& here : events) before += std::exchange(here, before);
  runner.run(pieces, [&](std::size_t c) {
    std::int32_t seen = events[c];
    std::int64_t sum = 0;
    for (std::size_t i = c * piece; i < std::min(n, (c + 1) * piece); ++i) {
      const std::int32_t after = event[i] != 0 ? static_cast<std::int32_t>(n - 1 - i) : 0;
      pairs[i] = seen + after;
      sum += after;
      seen += event[i];
    }
    all[c] = sum;
  });
  return std::accumulate(all.begin(), all.end(), std::int64_t{0});
}

// The same by counting along the time, where some enter late; events of one time are no pairs here.
std::int64_t count_pairs(std::span<const double> time, std::span<const std::uint8_t> event,
                         std::span<const double> entry, std::span<const std::uint32_t> by_entry,
                         std::span<std::int32_t> pairs) {
  const std::size_t n = time.size();
  std::ranges::fill(pairs, 0);
  std::int64_t all_pairs = 0;
  std::int32_t events_before = 0;  // at earlier times
  std::size_t leave = by_entry.size();
  for (std::size_t high = n; high > 0;) {  // events: who is at risk beyond them
    std::size_t low = high;
    while (low > 0 && time[low - 1] == time[high - 1]) --low;
    std::size_t censored = low;
    while (censored < high && event[censored] != 0) ++censored;
    while (leave > 0 && entry[by_entry[leave - 1]] >= time[low]) --leave;
    const auto not_yet = static_cast<std::int64_t>(by_entry.size() - leave);
    const auto beyond = static_cast<std::int64_t>(n - censored) - not_yet;
    for (std::size_t i = low; i < censored; ++i) {
      pairs[i] += static_cast<std::int32_t>(beyond);
      all_pairs += beyond;
    }
    high = low;
  }
  std::size_t in = 0;
  for (std::size_t low = 0; low < n;) {
    const double now = time[low];
    while (in < by_entry.size() && entry[by_entry[in]] < now)
      pairs[by_entry[in++]] -= events_before;
    std::size_t i = low;
    std::int32_t here = 0;
    for (; i < n && time[i] == now && event[i] != 0; ++i) {
      pairs[i] += events_before;
      ++here;
    }
    events_before += here;
    for (; i < n && time[i] == now; ++i) pairs[i] += events_before;
    low = i;
  }
  return all_pairs;
}

// Positions of the rows of a stratum that enter after its first event, so that an entry is
// somewhere between the two event times it is between.
std::vector<std::uint32_t> late_entries(const ConcordanceRows& rows, std::size_t begin,
                                        std::size_t end, Room& words, const Runner& runner) {
  std::vector<std::uint32_t> out;
  if (rows.entry.empty()) return out;
  if (!rows.by_entry.empty()) {
    const auto before = [&](std::size_t edge) {
      return std::partition_point(rows.by_entry.begin(), rows.by_entry.end(),
                                  [edge](std::uint32_t i) { return i < edge; });
    };
    out.assign(before(begin), before(end));
    for (std::uint32_t& i : out) i -= static_cast<std::uint32_t>(begin);
    return out;
  }
  std::size_t first = begin;
  while (first < end && rows.event[first] == 0) ++first;
  if (first == end) return out;
  const auto entry = rows.entry.subspan(begin, end - begin);
  for (std::size_t i = 0; i < entry.size(); ++i) {
    if (entry[i] >= rows.time[first]) out.push_back(static_cast<std::uint32_t>(i));
  }
  words.rewind();
  radix_order(entry, out, words, runner);
  return out;
}

void count_whole(const ConcordanceRows& rows, std::size_t begin, std::size_t end,
                 ConcordanceCounts& counts, Concordance& out, const Runner& runner) {
  const std::size_t n = end - begin;
  const std::span<std::int32_t> pairs = counts.pairs.subspan(begin, n);
  const std::span<std::int32_t> net_of = counts.net.subspan(begin, n);
  const auto time = rows.time.subspan(begin, n);
  const auto event = rows.event.subspan(begin, n);
  const auto score = rows.score.subspan(begin, n);
  const auto entry = rows.entry.empty() ? rows.entry : rows.entry.subspan(begin, n);

  Room& words = counts.words;
  const std::vector<std::uint32_t> by_entry = late_entries(rows, begin, end, words, runner);
  if (count_few_scores(time, event, score, entry, by_entry, pairs, net_of, out)) return;

  Room& scratch = counts.scratch;
  scratch.rewind();
  scratch.reserve(n * sizeof(std::uint32_t) + 128);
  const std::span<std::uint32_t> by_score = scratch.take<std::uint32_t>(n);
  // First what sorting needs, then the elements: two words a row either way.
  words.rewind();
  words.reserve(2 * n * sizeof(std::uint64_t) + 256);
  std::iota(by_score.begin(), by_score.end(), 0U);
  radix_order(score, by_score, words, runner);

  // Events of one time stand in the order of their ranks: a row's place in the sequence of rows.
  std::vector<std::uint32_t> place;  // empty: its own position
  struct Tied {
    std::uint32_t first;
    std::uint32_t count;
  };
  std::vector<Tied> tied;
  for (std::size_t i = 0; i + 1 < n;) {
    // Hardly ever or nearly always so; whether a row is an event's would be a guess.
    const bool pair = (event[i] & event[i + 1]) != 0 && time[i] == time[i + 1];
    if (!pair) {
      ++i;
      continue;
    }
    std::size_t stop = i + 2;
    while (stop < n && event[stop] != 0 && time[stop] == time[i]) ++stop;
    tied.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(stop - i)});
    i = stop;
  }
  const auto place_of = [&](std::uint32_t i) { return place.empty() ? i : place[i]; };
  std::size_t tied_rows = 0;
  for (const Tied& group : tied) tied_rows += group.count;
  const bool sort_later = by_entry.empty() && tied_rows < n / 8;  // elements where they stand
  if (!tied.empty() && !sort_later) {
    place.resize(n);
    std::iota(place.begin(), place.end(), 0U);
    constexpr std::uint32_t none = 0xFFFF'FFFFU;
    std::vector<std::uint32_t> group(n, none);
    std::vector<std::uint32_t> next(tied.size());
    for (std::size_t g = 0; g < tied.size(); ++g) {
      next[g] = tied[g].first;
      std::fill_n(group.begin() + tied[g].first, tied[g].count, static_cast<std::uint32_t>(g));
    }
    for (const std::uint32_t i : by_score) {
      if (group[i] != none) place[i] = next[group[i]]++;
    }
  }
  // The sequence: elements 0..n-1 are rows, n + i the entry of row i.
  std::vector<std::uint32_t> row_at;  // the inverse of place
  if (!place.empty() && !by_entry.empty()) {
    row_at.resize(n);
    for (std::size_t i = 0; i < n; ++i) row_at[place[i]] = static_cast<std::uint32_t>(i);
  }
  std::vector<std::uint32_t> sequence;
  const bool entries = !by_entry.empty();
  if (entries) {
    sequence.reserve(n + by_entry.size());
    std::size_t in = 0;
    for (std::size_t q = 0; q < n; ++q) {
      const std::uint32_t i = row_at.empty() ? static_cast<std::uint32_t>(q) : row_at[q];
      // Entries at a time come after its events, which do not see them at risk.
      while (in < by_entry.size() &&
             (event[i] != 0 ? entry[by_entry[in]] < time[i] : entry[by_entry[in]] <= time[i])) {
        sequence.push_back(static_cast<std::uint32_t>(n + by_entry[in++]));
      }
      sequence.push_back(i);
    }
    while (in < by_entry.size()) {
      sequence.push_back(static_cast<std::uint32_t>(n + by_entry[in++]));
    }
  }
  const std::size_t elements = entries ? sequence.size() : n;

  // Ranks of elements: by score, equal ones by sequence.
  std::vector<std::uint32_t> with_entries;
  std::span<const std::uint32_t> ranked = by_score;  // rank -> element
  std::vector<std::uint32_t> position;
  if (entries) {
    position.assign(2 * n, 0);
    std::vector<char> has_entry(n, 0);
    for (std::size_t q = 0; q < elements; ++q) {
      position[sequence[q]] = static_cast<std::uint32_t>(q);
      if (sequence[q] >= n) has_entry[sequence[q] - n] = 1;
    }
    with_entries.reserve(elements);
    for (std::size_t i = 0; i < n;) {
      const std::size_t from = with_entries.size();
      std::size_t stop = i;
      for (; stop < n && score[by_score[stop]] == score[by_score[i]]; ++stop) {
        const std::uint32_t row = by_score[stop];
        if (has_entry[row] != 0) with_entries.push_back(static_cast<std::uint32_t>(n + row));
        with_entries.push_back(row);
      }
      if (stop - i > 1) {
        std::sort(with_entries.begin() + static_cast<std::ptrdiff_t>(from), with_entries.end(),
                  [&](std::uint32_t a, std::uint32_t b) { return position[a] < position[b]; });
      }
      i = stop;
    }
    ranked = with_entries;
  }
  words.rewind();
  words.reserve(2 * elements * sizeof(Element) + 256);
  const std::span<Element> items = words.take<Element>(elements);
  const std::span<Element> spare = words.take<Element>(elements);
  const std::size_t pieces = elements < 20'000 ? 1 : runner.workers();
  const auto begin_of = [&](std::size_t piece) { return elements * piece / pieces; };
  const auto each_piece = [&](const std::function<void(std::size_t)>& work) {
    if (pieces == 1) {
      work(0);
    } else {
      runner.run(pieces, work);
    }
  };
  // Whether a rank has the score of the one before.
  const auto same = std::make_unique_for_overwrite<bool[]>(elements);
  each_piece([&](std::size_t piece) {
    const auto row_of = [&](std::size_t q) { return ranked[q] < n ? ranked[q] : ranked[q] - n; };
    double last = begin_of(piece) == 0 ? 0 : score[row_of(begin_of(piece) - 1)];
    for (std::size_t q = begin_of(piece); q < begin_of(piece + 1); ++q) {
      const std::uint32_t e = ranked[q];
      const double now = score[row_of(q)];
      same[q] = q != 0 && now == last;
      last = now;
      const auto rank = static_cast<std::uint32_t>(q);
      if (!entries) {
        items[place_of(e)] = {rank << 2U | event[e], 0};
      } else if (e < n) {
        items[position[e]] = {rank << 2U | event[e], 0};
      } else {
        items[position[e]] = {rank << 2U | 2U, 0};
      }
    }
  });
  for (const Tied& group : tied) {
    if (!sort_later) break;
    std::sort(items.begin() + group.first, items.begin() + group.first + group.count,
              [](const Element& a, const Element& b) { return a.code < b.code; });
  }
  if (rows.last_use_of_score && n == rows.time.size()) rows.last_use_of_score();
  std::int64_t all_pairs = 0;
  if (entries) {
    all_pairs = count_pairs(time, event, entry, by_entry, pairs);
    count_net<true>(items, spare, runner);
  } else {
    all_pairs = count_pairs(event, pairs, runner);
    for (const Tied& group : tied) {
      const auto others = static_cast<std::int32_t>(group.count) - 1;
      for (std::uint32_t i = group.first; i < group.first + group.count; ++i) pairs[i] -= others;
      all_pairs -= std::int64_t{group.count} * others / 2;
    }
    count_net<false>(items, spare, runner);
  }

  // Pairs of equal score are neither for nor against; they were counted all against.
  struct Ties {
    std::int64_t score = 0;
    std::int64_t both = 0;
  };
  std::vector<Ties> ties(pieces);
  each_piece([&](std::size_t piece) {
    Ties mine;
    // Runs of equal scores that begin in the piece.
    std::size_t q = begin_of(piece);
    while (q < elements && same[q]) ++q;
    while (q < begin_of(piece + 1)) {
      std::size_t stop = q + 1;
      while (stop < elements && same[stop]) ++stop;
      if (stop - q > 1) {
        std::int32_t to_come = 0;
        for (std::size_t at = q; at < stop; ++at) to_come += ranked[at] < n ? 1 : -1;
        std::int32_t seen = 0;
        for (std::size_t at = q; at < stop; ++at) {
          const std::uint32_t e = ranked[at];
          to_come -= e < n ? 1 : -1;
          const bool is_event = e < n && event[e] != 0;
          items[at].net += seen + (is_event ? to_come : 0);
          if (is_event) {
            mine.score += to_come;
            ++seen;
          }
        }
        // Pairs tied in both ways are put right with those of one time.
        for (std::size_t at = q; at < stop && !tied.empty();) {
          const std::uint32_t e = ranked[at];
          std::size_t both = at + 1;
          if (e < n && event[e] != 0) {
            while (both < stop && ranked[both] < n && event[ranked[both]] != 0 &&
                   time[ranked[both]] == time[e]) {
              ++both;
            }
          }
          const auto size = static_cast<std::int32_t>(both - at);
          for (std::size_t k = at; k < both && size > 1; ++k) items[k].net -= size - 1;
          mine.both += std::int64_t{size} * (size - 1) / 2;
          at = both;
        }
      }
      // A row and its entry have one score, so they are of one run.
      for (std::size_t at = q; at < stop; ++at) {
        if (ranked[at] < n) net_of[ranked[at]] = items[at].net;
      }
      for (std::size_t at = q; at < stop && entries; ++at) {
        if (ranked[at] >= n) net_of[ranked[at] - n] -= items[at].net;
      }
      q = stop;
    }
    ties[piece] = mine;
  });
  std::int64_t tied_score = 0;
  std::int64_t tied_both = 0;
  for (const Ties& part : ties) {
    tied_score += part.score;
    tied_both += part.both;
  }
  tied_score -= tied_both;

  // Events of one time are no pairs. They were counted in the order of their ranks, all against.
  std::int64_t tied_pairs = 0;
  for (const Tied& group : tied) {
    for (std::uint32_t i = group.first; i < group.first + group.count; ++i) {
      net_of[i] += static_cast<std::int32_t>(group.count) - 1;
    }
    tied_pairs += std::int64_t{group.count} * (group.count - 1) / 2;
  }
  std::int64_t net = 0;
  for (const std::int32_t of_row : net_of) net += of_row;
  net /= 2;
  out.concordant += static_cast<double>((all_pairs - tied_score + net) / 2);
  out.discordant += static_cast<double>((all_pairs - tied_score - net) / 2);
  out.tied_score += static_cast<double>(tied_score);
  out.tied_time += static_cast<double>(tied_pairs - tied_both);
  out.tied_both += static_cast<double>(tied_both);
}

// ---- with weights: Fenwick trees ----------------------------------------------------------------

// Sums of weights below, at and above a rank.
class Fenwick {
 public:
  explicit Fenwick(std::size_t ranks) : tree_(ranks + 1, 0.0), at_(ranks, 0.0) {}
  void add(std::uint32_t rank, double weight) {
    at_[rank] += weight;
    total_ += weight;
    for (std::size_t i = rank + 1; i < tree_.size(); i += i & (~i + 1)) tree_[i] += weight;
  }
  [[nodiscard]] double below(std::uint32_t rank) const {
    double sum = 0;
    for (std::size_t i = rank; i > 0; i -= i & (~i + 1)) sum += tree_[i];
    return sum;
  }
  [[nodiscard]] double at(std::uint32_t rank) const { return at_[rank]; }
  [[nodiscard]] double above(std::uint32_t rank) const { return total_ - below(rank) - at_[rank]; }

 private:
  std::vector<double> tree_;
  std::vector<double> at_;
  double total_ = 0;
};

// Positions are within the stratum here.
void count_weighted(const ConcordanceRows& rows, std::size_t begin, std::size_t end,
                    ConcordanceCounts& counts, Concordance& out) {
  const std::span<ConcordanceCount> of = counts.weighted;
  Room& words = counts.words;
  const std::size_t n = end - begin;
  const auto time = rows.time.subspan(begin, n);
  const auto event = rows.event.subspan(begin, n);
  const auto score = rows.score.subspan(begin, n);
  const auto entry = rows.entry.empty() ? rows.entry : rows.entry.subspan(begin, n);
  const auto given = rows.weight.empty() ? rows.weight : rows.weight.subspan(begin, n);
  const auto weight = [&](std::uint32_t i) { return given.empty() ? 1.0 : given[i]; };
  std::vector<std::uint32_t> ranked(n);
  std::iota(ranked.begin(), ranked.end(), 0U);
  words.rewind();
  radix_order(score, ranked, words, serial());
  const std::vector<std::uint32_t> by_entry = late_entries(rows, begin, end, words, serial());
  std::vector<std::uint32_t> rank(n);
  std::uint32_t ranks = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (i != 0 && score[ranked[i]] != score[ranked[i - 1]]) ++ranks;
    rank[ranked[i]] = ranks;
  }
  ++ranks;
  const auto add = [&](std::uint32_t row, double sign, double less, double equal, double more) {
    of[begin + row].pairs += sign * (less + equal + more);
    of[begin + row].net += sign * (less - more);
  };

  // From the last time to the first: what each event finds at risk beyond it.
  Fenwick later{ranks};
  std::size_t entering = by_entry.size();
  std::vector<std::uint32_t> tied;
  for (std::size_t high = n; high > 0;) {
    std::size_t low = high;
    const double now = time[high - 1];
    while (low > 0 && time[low - 1] == now) --low;
    std::size_t first_censored = low;
    while (first_censored < high && event[first_censored] != 0) ++first_censored;
    for (std::size_t i = first_censored; i < high; ++i) {
      later.add(rank[i], weight(static_cast<std::uint32_t>(i)));
    }
    // Those who enter at this time or later are not at risk. Who entered has a later time, so is
    // in the tree already, or is of this very time and enters before it.
    while (entering > 0 && entry[by_entry[entering - 1]] >= now) {
      --entering;
      later.add(rank[by_entry[entering]], -weight(by_entry[entering]));
    }
    tied.clear();
    for (std::size_t i = low; i < first_censored; ++i) {
      const auto row = static_cast<std::uint32_t>(i);
      const double w = weight(row);
      const double less = later.below(rank[row]);
      const double equal = later.at(rank[row]);
      const double more = later.above(rank[row]);
      add(row, 1, less, equal, more);
      out.concordant += w * less;
      out.discordant += w * more;
      out.tied_score += w * equal;
      tied.push_back(row);
    }
    std::sort(tied.begin(), tied.end(),
              [&](std::uint32_t a, std::uint32_t b) { return rank[a] < rank[b]; });
    double total = 0;
    double squares = 0;
    double same = 0;
    for (std::size_t i = 0; i < tied.size();) {
      double group = 0;
      double group_squares = 0;
      std::size_t stop = i;
      for (; stop < tied.size() && rank[tied[stop]] == rank[tied[i]]; ++stop) {
        group += weight(tied[stop]);
        group_squares += weight(tied[stop]) * weight(tied[stop]);
      }
      same += (group * group - group_squares) / 2;
      total += group;
      squares += group_squares;
      i = stop;
    }
    out.tied_both += same;
    out.tied_time += (total * total - squares) / 2 - same;
    for (std::size_t i = low; i < first_censored; ++i) {
      later.add(rank[i], weight(static_cast<std::uint32_t>(i)));
    }
    high = low;
  }

  // From the first to the last: the events each row was at risk at, its own apart.
  Fenwick earlier{ranks};
  std::size_t entered = 0;
  const auto count = [&](std::size_t row, double sign) {
    const double less = earlier.below(rank[row]);
    const double equal = earlier.at(rank[row]);
    // A lower score beyond the event speaks for the order, so a higher one before the row.
    add(static_cast<std::uint32_t>(row), sign, earlier.above(rank[row]), equal, less);
  };
  for (std::size_t low = 0; low < n;) {
    const double now = time[low];
    // Events up to a row's entry do not count for it.
    while (entered < by_entry.size() && entry[by_entry[entered]] < now) {
      count(by_entry[entered++], -1);
    }
    std::size_t high = low;
    std::size_t first_censored = low;
    for (; high < n && time[high] == now; ++high) {
      if (event[high] != 0) first_censored = high + 1;
    }
    for (std::size_t i = low; i < first_censored; ++i) count(i, 1);
    for (std::size_t i = low; i < first_censored; ++i) {
      earlier.add(rank[i], weight(static_cast<std::uint32_t>(i)));
    }
    for (std::size_t i = first_censored; i < high; ++i) count(i, 1);
    low = high;
  }
}

}  // namespace

// Ranks of rows and entries together have to leave two bits.
ConcordanceCounts::ConcordanceCounts(const ConcordanceRows& rows)
    : whole{rows.weight.empty() && rows.time.size() < (std::size_t{1} << 28)} {
  const std::size_t n = rows.time.size();
  if (!whole) {
    weighted.resize(n);
    return;
  }
  room.reserve(2 * n * sizeof(std::int32_t) + 128);
  pairs = room.take<std::int32_t>(n);
  net = room.take<std::int32_t>(n);
}

void count_stratum(const ConcordanceRows& rows, std::size_t begin, std::size_t end,
                   ConcordanceCounts& counts, Concordance& out, const Runner& runner) {
  const bool any = std::any_of(rows.event.begin() + static_cast<std::ptrdiff_t>(begin),
                               rows.event.begin() + static_cast<std::ptrdiff_t>(end),
                               [](std::uint8_t e) { return e != 0; });
  if (!any) {  // nothing to be said of its rows
    if (counts.whole) {
      std::ranges::fill(counts.pairs.subspan(begin, end - begin), 0);
      std::ranges::fill(counts.net.subspan(begin, end - begin), 0);
    }
    return;
  }
  if (counts.whole) {
    count_whole(rows, begin, end, counts, out, runner);
  } else {
    count_weighted(rows, begin, end, counts, out);
  }
}

}  // namespace ombre::inline v0::stats::detail
