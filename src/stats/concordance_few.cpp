// Concordance where scores take few different values, as those of a trial's arms do: one walk along
// the time each way, with a table by score of who is at risk and of the events so far.
#include <algorithm>
#include <array>
#include <numeric>

#include "stats/concordance_counts.hpp"

namespace ombre::inline v0::stats::detail {
namespace {

constexpr std::size_t most_levels = 32;

// The different values of a column and the place of each row's among them, ascending.
struct Levels {
  std::size_t count = 0;
  std::vector<std::uint8_t> code;  // by row
};

// Nothing where there are more than `most_levels`, which shows early in columns that have them.
bool find_levels(std::span<const double> score, Levels& out) {
  std::array<double, most_levels> value{};
  std::array<std::uint8_t, most_levels> found{};  // when it was found first
  std::size_t count = 0;
  out.code.resize(score.size());
  for (std::size_t i = 0; i < score.size(); ++i) {
    std::size_t at = 0;
    for (std::size_t left = count; left > 0;) {
      const std::size_t half = left / 2;
      const bool above = value[at + half] < score[i];
      at = above ? at + half + 1 : at;
      left = above ? left - half - 1 : half;
    }
    if (at == count || value[at] != score[i]) {
      if (count == most_levels) return false;
      std::copy_backward(value.begin() + static_cast<std::ptrdiff_t>(at),
                         value.begin() + static_cast<std::ptrdiff_t>(count),
                         value.begin() + static_cast<std::ptrdiff_t>(count) + 1);
      std::copy_backward(found.begin() + static_cast<std::ptrdiff_t>(at),
                         found.begin() + static_cast<std::ptrdiff_t>(count),
                         found.begin() + static_cast<std::ptrdiff_t>(count) + 1);
      value[at] = score[i];
      found[at] = static_cast<std::uint8_t>(count++);
    }
    out.code[i] = found[at];
  }
  std::array<std::uint8_t, most_levels> place{};
  for (std::size_t k = 0; k < count; ++k) place[found[k]] = static_cast<std::uint8_t>(k);
  for (std::uint8_t& code : out.code) code = place[code];
  out.count = count;
  return true;
}

// How many rows of each level there are, and of each level how many more are below it than above.
class Balance {
 public:
  explicit Balance(std::size_t levels) : levels_{levels} {}
  void add(std::uint8_t level, std::int32_t sign) {
    all_ += sign;
    at_[level] += sign;
    for (std::size_t k = 0; k < levels_; ++k) {
      net_[k] += sign * ((k > level ? 1 : 0) - (k < level ? 1 : 0));
    }
  }
  [[nodiscard]] std::int32_t all() const { return all_; }
  [[nodiscard]] std::int32_t at(std::uint8_t level) const { return at_[level]; }
  [[nodiscard]] std::int32_t below_less_above(std::uint8_t level) const { return net_[level]; }

 private:
  std::size_t levels_;
  std::int32_t all_ = 0;
  std::array<std::int32_t, most_levels> at_{};
  std::array<std::int32_t, most_levels> net_{};
};

}  // namespace

bool count_few_scores(std::span<const double> time, std::span<const std::uint8_t> event,
                      std::span<const double> score, std::span<const double> entry,
                      std::span<const std::uint32_t> by_entry, std::span<std::int32_t> pairs,
                      std::span<std::int32_t> net, Concordance& out) {
  Levels levels;
  if (!find_levels(score, levels)) return false;
  const std::size_t n = time.size();
  const std::vector<std::uint8_t>& code = levels.code;
  std::ranges::fill(pairs, 0);
  std::ranges::fill(net, 0);

  // From the last time to the first: what each event finds at risk beyond it.
  Balance at_risk{levels.count};
  std::int64_t all_pairs = 0;
  std::int64_t tied_score = 0;
  std::int64_t balance = 0;
  std::int64_t tied_time = 0;
  std::int64_t tied_both = 0;
  std::array<std::int32_t, most_levels> here{};
  std::size_t leave = by_entry.size();
  for (std::size_t high = n; high > 0;) {
    std::size_t low = high;
    while (low > 0 && time[low - 1] == time[high - 1]) --low;
    std::size_t censored = low;
    while (censored < high && event[censored] != 0) ++censored;
    for (std::size_t i = censored; i < high; ++i) at_risk.add(code[i], 1);
    while (leave > 0 && entry[by_entry[leave - 1]] >= time[low]) {
      at_risk.add(code[by_entry[--leave]], -1);
    }
    for (std::size_t i = low; i < censored; ++i) {
      pairs[i] += at_risk.all();
      net[i] += at_risk.below_less_above(code[i]);
      all_pairs += at_risk.all();
      tied_score += at_risk.at(code[i]);
      balance += at_risk.below_less_above(code[i]);
    }
    const auto events = static_cast<std::int64_t>(censored - low);
    if (events > 1) {
      tied_time += events * (events - 1) / 2;
      here.fill(0);
      for (std::size_t i = low; i < censored; ++i) tied_both += here[code[i]]++;
    }
    for (std::size_t i = low; i < censored; ++i) at_risk.add(code[i], 1);
    high = low;
  }

  // From the first to the last: the events each row was at risk at, its own apart.
  Balance events{levels.count};
  std::size_t in = 0;
  const auto count = [&](std::size_t i, std::int32_t sign) {
    pairs[i] += sign * events.all();
    net[i] -= sign * events.below_less_above(code[i]);
  };
  for (std::size_t low = 0; low < n;) {
    const double now = time[low];
    while (in < by_entry.size() && entry[by_entry[in]] < now) count(by_entry[in++], -1);
    std::size_t censored = low;
    while (censored < n && time[censored] == now && event[censored] != 0) ++censored;
    for (std::size_t i = low; i < censored; ++i) count(i, 1);
    for (std::size_t i = low; i < censored; ++i) events.add(code[i], 1);
    std::size_t i = censored;
    for (; i < n && time[i] == now; ++i) count(i, 1);
    low = i;
  }

  out.concordant += static_cast<double>((all_pairs - tied_score + balance) / 2);
  out.discordant += static_cast<double>((all_pairs - tied_score - balance) / 2);
  out.tied_score += static_cast<double>(tied_score);
  out.tied_time += static_cast<double>(tied_time - tied_both);
  out.tied_both += static_cast<double>(tied_both);
  return true;
}

}  // namespace ombre::inline v0::stats::detail
