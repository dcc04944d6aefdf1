#include "outcomes/day_kernel.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "ombre/spectrum/who_rdl.hpp"
#include "ombre/stats/descriptive.hpp"
#include "stats/select.hpp"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define OMBRE_PAIRS_AVX2
#include <immintrin.h>
#endif

namespace ombre::inline v0::outcomes {
namespace {

namespace bits = timeline::bits;
using timeline::missing_rules;
using timeline::MissingRule;

constexpr std::size_t exclude = static_cast<std::size_t>(MissingRule::exclude);
constexpr std::size_t worst = static_cast<std::size_t>(MissingRule::worst);
constexpr std::size_t best = static_cast<std::size_t>(MissingRule::best);
constexpr std::size_t locf = static_cast<std::size_t>(MissingRule::locf);

std::uint32_t u32(std::size_t n) noexcept { return static_cast<std::uint32_t>(n); }
std::int64_t i64(std::size_t n) noexcept { return static_cast<std::int64_t>(n); }

// How many of all pairs of a series rise and fall.
struct Pairs {
  std::int64_t up = 0;
  std::int64_t down = 0;
};
constexpr std::size_t pair_lanes = 4;
[[maybe_unused]] constexpr std::int64_t ones_of_four[16] = {0, 1, 1, 2, 1, 2, 2, 3,
                                                            1, 2, 2, 3, 2, 3, 3, 4};

Pairs pairs_portable(const double* y, std::size_t size, double* to) noexcept {
  Pairs all;
  for (std::size_t lag = 1; lag < size; ++lag) {
    const auto run = static_cast<double>(lag);
    const std::size_t count = size - lag;
    for (std::size_t i = 0; i < count; ++i) {
      const double rise = y[i + lag] - y[i];
      to[i] = rise / run;
      all.up += rise > 0 ? 1 : 0;
      all.down += rise < 0 ? 1 : 0;
    }
    to += count;
  }
  return all;
}

// The same numbers four at a time; reads and writes up to three beyond the end.
#ifdef OMBRE_PAIRS_AVX2
__attribute__((target("avx2"))) Pairs pairs_avx2(const double* y, std::size_t size,
                                                 double* to) noexcept {
  Pairs all;
  const __m256d nothing = _mm256_setzero_pd();
  for (std::size_t lag = 1; lag < size; ++lag) {
    const __m256d run = _mm256_set1_pd(static_cast<double>(lag));
    const std::size_t count = size - lag;
    for (std::size_t i = 0; i < count; i += pair_lanes) {
      const __m256d rise = _mm256_sub_pd(_mm256_loadu_pd(y + i + lag), _mm256_loadu_pd(y + i));
      _mm256_storeu_pd(to + i, _mm256_div_pd(rise, run));
      const int up = _mm256_movemask_pd(_mm256_cmp_pd(rise, nothing, _CMP_GT_OQ));
      const int down = _mm256_movemask_pd(_mm256_cmp_pd(rise, nothing, _CMP_LT_OQ));
      all.up += ones_of_four[up];
      all.down += ones_of_four[down];
    }
    to += count;
  }
  return all;
}
bool wide() noexcept { return __builtin_cpu_supports("avx2"); }
#else
Pairs pairs_avx2(const double* y, std::size_t size, double* to) noexcept {
  return pairs_portable(y, size, to);
}
bool wide() noexcept { return false; }
#endif

int rdl_rank(double grams_per_day, Sex sex) noexcept {
  const auto grams = GramsEthanol::from(grams_per_day);
  return grams ? rank(spectrum::who_rdl(*grams, sex))
               : rank(spectrum::RiskDrinkingLevel::very_high);
}

}  // namespace

// ---- writing cells -----------------------------------------------------------------------------

void DayKernel::put(Metric m, const Four& four, MetricStatus otherwise, std::uint32_t observed,
                    std::uint32_t missing) noexcept {
  MetricTable::Cell& c = cell(m);
  c = {};
  c.n_observed = observed;
  c.n_missing = missing;
  const std::size_t r = options_->rule;
  if (four.has[r]) {
    c.value = four.v[r];
    c.has = MetricTable::has_value;
  } else {
    c.status = otherwise;
  }
  for (std::size_t i = 0; i < 4; ++i) {
    if (!four.has[i]) continue;
    if ((c.has & MetricTable::has_lower) == 0) {
      c.lower = c.upper = four.v[i];
      c.has |= MetricTable::has_lower | MetricTable::has_upper;
    } else {
      c.lower = std::min(c.lower, four.v[i]);
      c.upper = std::max(c.upper, four.v[i]);
    }
  }
}

// Bounds that hold for every filling take in what the rules gave.
void DayKernel::widen(Metric m, double low, double high) noexcept {
  MetricTable::Cell& c = cell(m);
  if ((c.has & MetricTable::has_lower) == 0) {
    c.lower = low;
    c.upper = high;
    c.has |= MetricTable::has_lower | MetricTable::has_upper;
  } else {
    c.lower = std::min(c.lower, low);
    c.upper = std::max(c.upper, high);
  }
}

void DayKernel::absent(Metric m, MetricStatus status, std::uint32_t observed,
                       std::uint32_t missing) noexcept {
  MetricTable::Cell& c = cell(m);
  c = {};
  c.status = status;
  c.n_observed = observed;
  c.n_missing = missing;
}

// Days until something: `earliest` over all fillings, `surely` the latest, -1 for never.
void DayKernel::put_event(Metric m, const std::int64_t (&day)[4], std::int64_t earliest,
                          std::int64_t surely, std::uint32_t observed,
                          std::uint32_t missing) noexcept {
  MetricTable::Cell& c = cell(m);
  c = {};
  c.n_observed = observed;
  c.n_missing = missing;
  const std::int64_t mine = day[options_->rule];
  if (mine >= 0) {
    c.value = static_cast<double>(mine);
    c.has = MetricTable::has_value;
  } else {
    c.status = observed == 0 ? MetricStatus::no_observed_day : MetricStatus::no_event;
  }
  const std::int64_t low = earliest >= 0 ? earliest : last_known_;
  if (low >= 0) {
    c.lower = static_cast<double>(low);
    c.has |= MetricTable::has_lower;
  }
  if (surely >= 0) {
    c.upper = static_cast<double>(surely);
    c.has |= MetricTable::has_upper;
  }
}

// ---- use or no use -----------------------------------------------------------------------------

void DayKernel::compact(const timeline::DayView& days) {
  compact_state_.clear();
  compact_amount_.clear();
  for (std::size_t i = 0; i < days.size(); ++i) {
    if (timeline::is_controlled(days.state[i])) continue;
    compact_state_.push_back(days.state[i]);
    if (!days.amount.empty()) compact_amount_.push_back(days.amount[i]);
  }
}

// Theil-Sen slope and Kendall tau-b over the position, from one look at all pairs. The slopes stay
// in slopes_ (in any order).
DayKernel::Trend DayKernel::trend_of(std::vector<double>& y) {
  Trend t;
  const std::size_t size = y.size();
  if (size < 2) return t;
  const std::size_t pairs = size * (size - 1) / 2;
  if (slopes_.size() < pairs + size + pair_lanes) slopes_.resize(pairs + size + pair_lanes);
  // Whole registers reach beyond the end. What they find there rises nowhere and falls nowhere, and
  // what they write there is written over by the next.
  y.resize(size + pair_lanes, std::numeric_limits<double>::quiet_NaN());
  const Pairs all = wide() ? pairs_avx2(y.data(), size, slopes_.data())
                           : pairs_portable(y.data(), size, slopes_.data());
  y.resize(size);
  t.slope = stats::median_of(std::span{slopes_}.first(pairs));
  t.has_slope = true;
  if (all.up + all.down > 0) {
    t.tau = static_cast<double>(all.up - all.down) /
            std::sqrt(static_cast<double>(pairs) * static_cast<double>(all.up + all.down));
    t.has_tau = true;
  }
  return t;
}

// The slope with one more value at the end of the series trend_of() has just seen.
double DayKernel::slope_with(std::span<const double> y, double next) {
  const std::size_t pairs = y.size() * (y.size() - 1) / 2;
  for (std::size_t i = 0; i < y.size(); ++i) {
    slopes_[pairs + i] = (next - y[i]) / static_cast<double>(y.size() - i);
  }
  return stats::median_of(std::span{slopes_}.first(pairs + y.size()));
}

// Episodes of a series without unknown days: every day of use is stretched over the gap - 1 days
// after it, and what then hangs together is an episode. There are far fewer of them than runs of
// use. `gap` is at most one word.
std::size_t DayKernel::read_complete(const bits::Word* use, Use& out) {
  const std::size_t gap = options_->gap;
  const std::size_t words = bits_.words();
  stretched_.assign(use, use + words);
  for (std::size_t reach = 1; reach < gap;) {
    const std::size_t step = std::min(reach, gap - reach);
    reach += step;
    bits::Word carry = 0;
    for (std::size_t w = 0; w < words; ++w) {
      const bits::Word word = stretched_[w];
      stretched_[w] |= (word << step) | carry;
      carry = word >> (bits::word_bits - step);
    }
  }
  if (words > 0) stretched_[words - 1] &= bits::mask_in_word(words - 1, 0, n_);

  const bits::Word* known = bits_.use();
  std::size_t before = 0;
  std::size_t longest = 0;
  bits::for_each_run(stretched_.data(), n_, [&](std::size_t first, std::size_t reach) {
    const std::size_t end = reach == n_ ? bits::end_of_last_set(use, n_) : reach - (gap - 1);
    longest = std::max(longest, first - before);
    if (out.episodes == 0) {
      out.first_use = i64(first);
    } else {
      intervals_.push_back(static_cast<double>(first - before));
      out.interval_days += u32(first - before);
    }
    durations_.push_back(static_cast<double>(end - first));
    out.episode_days += u32(end - first);
    out.longest_episode = std::max(out.longest_episode, u32(end - first));
    out.episodes_with_known_use += use == known || bits::any(known, first, end) ? 1U : 0U;
    ++out.episodes;
    before = end;
  });
  longest = std::max(longest, n_ - before);
  if (longest + 1 < gap) {  // a pause within an episode may be longer
    std::size_t last = 0;
    bits::for_each_run(use, n_, [&](std::size_t first, std::size_t end) {
      longest = std::max(longest, first - last);
      last = end;
    });
  }
  std::size_t last = 0;
  bits::for_each_run(use, n_, [&](std::size_t first, std::size_t end) {
    if (first - last >= options_->lapse_gap) out.lapse = i64(first);
    last = end;
    return out.lapse < 0;
  });
  out.use_days = u32(bits::count(use, 0, n_));
  out.known = u32(n_);
  out.longest_run = u32(longest);
  out.current_run = i64(n_ - before);
  return before;
}

// The same where some days stay unknown, or for a gap longer than a word: run by run.
std::size_t DayKernel::read_runs(const bits::UsePlanes& planes, Use& out) {
  const std::size_t gap = options_->gap;
  std::size_t before = 0;         // end of the run of use before, or 0
  std::size_t episode_start = 0;  // of the episode that is open
  std::size_t longest_gap = 0;
  bool open = false;
  bool known_use = false;
  const auto close = [&] {
    const std::size_t days = before - episode_start;
    durations_.push_back(static_cast<double>(days));
    out.episode_days += u32(days);
    out.longest_episode = std::max(out.longest_episode, u32(days));
    out.episodes_with_known_use += known_use ? 1U : 0U;
  };
  bits::for_each_run(planes.use, n_, [&](std::size_t first, std::size_t end) {
    const std::size_t between =
        planes.complete ? first - before : bits::count(planes.none, before, first);
    longest_gap = std::max(longest_gap, first - before);
    if (out.lapse < 0 && between >= options_->lapse_gap) out.lapse = i64(first);
    if (!open || between >= gap) {
      if (open) {
        close();
        intervals_.push_back(static_cast<double>(first - before));
        out.interval_days += u32(first - before);
      } else {
        out.first_use = i64(first);
      }
      open = true;
      known_use = false;
      episode_start = first;
    }
    known_use = known_use || planes.use == bits_.use() || bits::any(bits_.use(), first, end);
    out.use_days += u32(end - first);
    before = end;
  });
  if (open) close();
  longest_gap = std::max(longest_gap, n_ - before);
  out.episodes = u32(durations_.size());
  if (planes.complete) {
    out.known = u32(n_);
    out.longest_run = u32(longest_gap);
    out.current_run = i64(n_ - before);
    return before;
  }
  out.known = out.use_days + u32(bits::count(planes.none, 0, n_));
  bits::for_each_run(planes.none, n_, [&](std::size_t from, std::size_t to) {
    out.longest_run = std::max(out.longest_run, u32(to - from));
    if (to == n_) out.current_run = i64(to - from);
  });
  if (out.current_run < 0 && bits::test(planes.use, n_ - 1)) out.current_run = 0;
  return before;
}

void DayKernel::read_use(const bits::UsePlanes& planes, Use& out) {
  out = {};
  const std::size_t gap = options_->gap;
  durations_.clear();
  intervals_.clear();
  const std::size_t before = planes.complete && gap <= bits::word_bits
                                 ? read_complete(planes.use, out)
                                 : read_runs(planes, out);

  if (out.episodes >= 3) {
    out.duration = trend_of(durations_);
    out.interval = trend_of(intervals_);
    const std::size_t abstinent =
        planes.complete ? n_ - before : bits::count(planes.none, before, n_);
    out.open_slope = out.interval.slope;
    out.has_open = out.interval.has_slope;
    if (abstinent >= gap) {
      const std::size_t end = planes.complete ? n_ : bits::end_of_last_set(planes.none, n_);
      out.open_slope = slope_with(intervals_, static_cast<double>(end - before));
    }
  }
}

void DayKernel::write_use() {
  const auto n = static_cast<double>(n_);
  const std::uint32_t observed = u32(n_) - n_missing_;
  {
    Four four;
    for (std::size_t i = 0; i < 4; ++i) four.set(i, 100 * static_cast<double>(observed) / n);
    put(Metric::observed_percent, four, MetricStatus::ok, observed, n_missing_);
  }
  Four use;
  Four abstinent;
  Four pda;
  Four longest;
  Four current;
  for (std::size_t i = 0; i < 4; ++i) {
    const Use& u = use_[use_of_[i]];
    if (u.known == 0) continue;
    use.set(i, u.use_days);
    abstinent.set(i, u.known - u.use_days);
    pda.set(i, 100 * static_cast<double>(u.known - u.use_days) / u.known);
    longest.set(i, u.longest_run);
    if (u.current_run >= 0) current.set(i, static_cast<double>(u.current_run));
  }
  constexpr auto none = MetricStatus::no_observed_day;
  put(Metric::use_days, use, none, observed, n_missing_);
  put(Metric::abstinent_days, abstinent, none, observed, n_missing_);
  put(Metric::pda, pda, none, observed, n_missing_);
  put(Metric::longest_abstinent_run, longest, none, observed, n_missing_);
  put(Metric::current_abstinent_run, current,
      observed == 0 ? none : MetricStatus::last_day_not_known, observed, n_missing_);
}

void DayKernel::write_events() {
  const std::uint32_t observed = u32(n_) - n_missing_;
  std::int64_t first[4];
  std::int64_t lapse[4];
  for (std::size_t i = 0; i < 4; ++i) {
    first[i] = use_[use_of_[i]].first_use;
    lapse[i] = use_[use_of_[i]].lapse;
  }
  put_event(Metric::first_use, first, first[worst], first[best], observed, n_missing_);

  // Earliest lapse over all fillings: the first day that may be use after lapse_gap days that may
  // all be abstinent. Latest: the first known use after that many days known to be abstinent.
  std::int64_t earliest = lapse[exclude];
  std::int64_t surely = lapse[exclude];
  const std::size_t gap = options_->lapse_gap;
  if (n_missing_ > 0 && gap == 0) {
    earliest = first[worst];
    surely = first[best];
  } else if (n_missing_ > 0) {
    earliest = surely = -1;
    bits::for_each_run(bits_.planes(MissingRule::best).none, n_,
                       [&](std::size_t from, std::size_t end) {
                         const std::size_t may = bits::next_set(bits_.missing(), from + gap, n_);
                         if (may < end) {
                           earliest = i64(may);
                         } else if (end - from >= gap && end < n_) {
                           earliest = i64(end);
                         }
                         return earliest < 0;
                       });
    bits::for_each_run(bits_.none(), n_, [&](std::size_t from, std::size_t end) {
      if (end - from < gap) return true;
      const std::size_t use = bits::next_set(bits_.use(), end, n_);
      if (use < n_) surely = i64(use);
      return false;  // if no use comes after this run, none comes after a later one
    });
  }
  put_event(Metric::days_to_lapse, lapse, earliest, surely, observed, n_missing_);
}

void DayKernel::write_abstinence() {
  const auto write = [&](Metric m, std::size_t from, bool fits) {
    if (!fits) return absent(m, MetricStatus::window_too_short, 0, 0);
    const std::size_t days = n_ - from;
    const std::size_t missing = n_missing_ == 0 ? 0 : bits::count(bits_.missing(), from, n_);
    const bool used = bits::any(bits_.use(), from, n_);
    Four four;
    if (missing < days) four.set(exclude, used ? 0 : 1);
    four.set(worst, used || missing > 0 ? 0 : 1);
    four.set(best, used ? 0 : 1);
    const bits::UsePlanes carried = bits_.planes(MissingRule::locf);
    const bool carried_use = bits::any(carried.use, from, n_);
    if (carried_use || carried.complete || bits::any(carried.none, from, n_)) {
      four.set(locf, carried_use ? 0 : 1);
    }
    put(m, four, MetricStatus::no_observed_day, u32(days - missing), u32(missing));
  };
  write(Metric::continuous_abstinence, 0, true);
  write(Metric::prolonged_abstinence, options_->prolonged_grace, options_->prolonged_grace < n_);
  write(Metric::point_prevalence_7, n_ - 7, n_ >= 7);
  write(Metric::point_prevalence_30, n_ - 30, n_ >= 30);
}

// Most episodes over all fillings: from the left, an unknown day becomes use whenever that begins
// another episode. Placing it as early as possible leaves the most room for the next.
std::uint32_t DayKernel::most_episodes() const noexcept {
  const std::size_t gap = options_->gap;
  std::uint32_t episodes = 0;
  std::size_t after = 0;  // first day that is `gap` days behind the last use
  std::size_t use = bits::next_set(bits_.use(), 0, n_);
  std::size_t may = bits::next_set(bits_.missing(), 0, n_);
  while (use < n_ || may < n_) {
    if (may < use) {
      if (may >= after) {
        ++episodes;
        after = may + 1 + gap;
      }
      may = bits::next_set(bits_.missing(), std::max(may + 1, std::min(after, use)), n_);
    } else {
      if (use >= after) ++episodes;
      const std::size_t end = bits::next_clear(bits_.use(), use, n_);
      after = end + gap;
      use = bits::next_set(bits_.use(), end, n_);
      may = bits::next_set(bits_.missing(), std::max(may, std::min(after, use)), n_);
    }
  }
  return episodes;
}

void DayKernel::write_episodes() {
  const auto n = static_cast<double>(n_);
  const std::uint32_t observed = u32(n_) - n_missing_;
  Four episodes;
  Four mean;
  Four longest;
  Four burden;
  Four interval;
  Four trend[5];
  for (std::size_t i = 0; i < 4; ++i) {
    const Use& u = use_[use_of_[i]];
    if (u.known == 0) continue;
    episodes.set(i, u.episodes);
    longest.set(i, u.longest_episode);
    burden.set(i, u.episode_days / n);
    if (u.episodes > 0) mean.set(i, static_cast<double>(u.episode_days) / u.episodes);
    if (u.episodes > 1) interval.set(i, static_cast<double>(u.interval_days) / (u.episodes - 1));
    if (u.duration.has_slope) trend[0].set(i, u.duration.slope);
    if (u.duration.has_tau) trend[1].set(i, u.duration.tau);
    if (u.interval.has_slope) trend[2].set(i, u.interval.slope);
    if (u.has_open) trend[3].set(i, u.open_slope);
    if (u.interval.has_tau) trend[4].set(i, u.interval.tau);
  }
  const MetricStatus none =
      observed == 0 ? MetricStatus::no_observed_day : MetricStatus::too_few_episodes;
  put(Metric::episodes, episodes, MetricStatus::no_observed_day, observed, n_missing_);
  if (n_missing_ > 0) {
    widen(Metric::episodes, use_[use_of_[worst]].episodes_with_known_use, most_episodes());
  }
  put(Metric::mean_episode_days, mean, none, observed, n_missing_);
  put(Metric::longest_episode_days, longest, MetricStatus::no_observed_day, observed, n_missing_);
  put(Metric::episode_burden, burden, MetricStatus::no_observed_day, observed, n_missing_);
  put(Metric::mean_interval_days, interval, none, observed, n_missing_);
  const bool enough = use_[use_of_[options_->rule]].episodes >= 3;
  const MetricStatus tied = enough ? MetricStatus::all_tied : none;
  put(Metric::duration_trend, trend[0], none, observed, n_missing_);
  put(Metric::duration_tau, trend[1], tied, observed, n_missing_);
  put(Metric::interval_trend, trend[2], none, observed, n_missing_);
  for (std::size_t i = 0; i < 4; ++i) {
    if (trend[3].has[i]) widen(Metric::interval_trend, trend[3].v[i], trend[3].v[i]);
  }
  put(Metric::interval_trend_open, trend[3], none, observed, n_missing_);
  put(Metric::interval_tau, trend[4], tied, observed, n_missing_);
}

// ---- amounts -----------------------------------------------------------------------------------

void DayKernel::read_amounts() {
  amounts_.clear();
  sum_ = 0;
  heavy_ = 0;
  first_heavy_ = first_heavy_after_grace_ = -1;
  least_ = most_ = 0;
  no_amount_ = bits_.any_no_amount() ? u32(bits::count(bits_.no_amount(), 0, n_)) : 0;
  zeros_ = u32(bits::count(bits_.none(), 0, n_));
  amount_missing_ = n_missing_ + no_amount_;
  if (amount_.empty()) return;
  const std::size_t known = n_ - zeros_ - amount_missing_;
  if (known == 0) return;
  amounts_.resize(known);
  double* to = amounts_.data();
  double least = std::numeric_limits<double>::max();
  double most = 0;
  double sum = 0;
  const double at = limits_->heavy_at;
  const bool look = limits_->heavy_status == MetricStatus::ok;
  std::uint32_t heavy = 0;
  for (std::size_t w = 0; w < bits_.words(); ++w) {
    bits::Word word = bits_.use()[w] & ~bits_.no_amount()[w];
    const double* from = amount_.data() + w * bits::word_bits;
    bits::Word is_heavy = 0;
    while (word != 0) {
      const int bit = std::countr_zero(word);
      const double a = from[bit];
      *to++ = a;
      sum += a;
      least = std::min(least, a);
      most = std::max(most, a);
      is_heavy |= static_cast<bits::Word>(a >= at) << bit;
      word &= word - 1;
    }
    if (!look || is_heavy == 0) continue;
    heavy += u32(bits::ones(is_heavy));
    const std::size_t base = w * bits::word_bits;
    if (first_heavy_ < 0) {
      first_heavy_ = i64(base + static_cast<std::size_t>(std::countr_zero(is_heavy)));
    }
    if (first_heavy_after_grace_ < 0) {
      const bits::Word late = is_heavy & bits::mask_in_word(w, options_->heavy_grace, n_);
      if (late != 0) {
        first_heavy_after_grace_ = i64(base + static_cast<std::size_t>(std::countr_zero(late)));
      }
    }
  }
  sum_ = sum;
  heavy_ = heavy;
  least_ = least;
  most_ = most;
}

// Carries the last observation into days without one: only those days are visited.
void DayKernel::carry_amounts() {
  carried_.clear();
  carried_late_ = false;
  carried_zeros_ = zeros_;
  carried_sum_ = sum_;
  carried_heavy_ = heavy_;
  carried_first_heavy_ = first_heavy_;
  carried_first_heavy_after_grace_ = first_heavy_after_grace_;
  if (amount_missing_ == 0) return;
  const double at = limits_->heavy_at;
  double last_amount = 0;  // of the last day of use with a known amount; 0: none yet
  bool last_is_use = false;
  std::size_t next = 0;  // days before it are reflected in the two above
  const bits::Word* carried_none = bits_.planes(MissingRule::locf).none;
  for (std::size_t w = 0; w < bits_.words(); ++w)
    for (bits::Word hole = bits_.missing()[w] | bits_.no_amount()[w]; hole != 0; hole &= hole - 1) {
      const std::size_t day =
          w * bits::word_bits + static_cast<std::size_t>(std::countr_zero(hole));
      if (day > next) {  // known days lie between: read the last of them, and the last amount
        last_is_use = bits::test(bits_.use(), day - 1);
        const std::size_t end = bits::end_of_last_set_from(bits_.use(), next, day);
        if (end > 0) last_amount = amount_[end - 1];
      }
      next = day + 1;
      const bool unknown = bits::test(bits_.missing(), day);
      if (!unknown) last_is_use = true;
      if (unknown && day == 0) continue;
      if (unknown && !last_is_use) {
        // Carried from a day without use, or nothing was seen yet.
        if (bits::test(carried_none, day)) {
          ++carried_zeros_;
          carried_late_ = carried_late_ || day >= options_->heavy_grace;
        }
        continue;
      }
      if (last_amount == 0) continue;
      carried_.push_back(last_amount);
      carried_late_ = carried_late_ || day >= options_->heavy_grace;
      carried_sum_ += last_amount;
      if (limits_->heavy_status == MetricStatus::ok && last_amount >= at) {
        ++carried_heavy_;
        const std::int64_t d = i64(day);
        if (carried_first_heavy_ < 0 || d < carried_first_heavy_) carried_first_heavy_ = d;
        if (day >= options_->heavy_grace &&
            (carried_first_heavy_after_grace_ < 0 || d < carried_first_heavy_after_grace_)) {
          carried_first_heavy_after_grace_ = d;
        }
      }
    }
}

// Amounts are mostly small whole numbers (drinks, cigarettes) or small multiples of the smallest
// one (tablets, glasses of so many grams): counting them is far cheaper than sorting. Anything else
// is sorted.
void DayKernel::sort_amounts(std::vector<double>& values) const {
  if (values.size() < 2) return;
  if (counted<true>(values) || counted<false>(values)) return;
  stats::sort_values(values);
}

// Sorts by counting if all are whole numbers, or whole multiples of the smallest amount to the last
// bit; else changes nothing.
template <bool whole>
bool DayKernel::counted(std::vector<double>& values) const {
  constexpr std::size_t kinds = 256;
  const double unit = whole ? 1 : least_;
  const double per_unit = 1 / unit;
  if (!(unit > 0 && std::isfinite(per_unit) && most_ / unit < kinds - 1)) return false;
  std::array<std::uint32_t, kinds> count{};
  for (const double v : values) {
    const auto k = static_cast<std::uint32_t>(whole ? v : v * per_unit + 0.5);
    if (static_cast<double>(k) * unit != v) return false;
    ++count[k];
  }
  auto to = values.begin();
  for (std::size_t k = 0; k < kinds && to != values.end(); ++k) {
    to = std::fill_n(to, count[k], static_cast<double>(k) * unit);
  }
  return true;
}

double DayKernel::quantile(std::size_t zeros, std::size_t lows, std::span<const double> sorted,
                           std::size_t highs, double p) const noexcept {
  const auto element = [&](std::size_t i) {
    if (i < zeros) return 0.0;
    i -= zeros;
    if (i < lows) return least_;
    i -= lows;
    return i < sorted.size() ? sorted[i] : most_;
  };
  const auto at = stats::quantile_position_type7(zeros + lows + sorted.size() + highs, p);
  const double below = element(at.below);
  if (at.weight == 0) return below;
  return below + at.weight * (element(at.below + 1) - below);
}

void DayKernel::write_amounts() {
  const std::size_t known = amounts_.size();
  const std::uint32_t observed = zeros_ + u32(known);
  const std::uint32_t missing = amount_missing_;
  constexpr std::array<Metric, 10> all{Metric::ddd,
                                       Metric::dpd,
                                       Metric::total,
                                       Metric::max_day,
                                       Metric::median_day,
                                       Metric::p90_day,
                                       Metric::median_use_day,
                                       Metric::p90_use_day,
                                       Metric::ethanol_g_per_day,
                                       Metric::who_rdl};
  if (known == 0 && no_amount_ > 0) {
    for (const Metric m : all) absent(m, MetricStatus::amounts_not_known, observed, missing);
    return;
  }
  sort_amounts(amounts_);
  const bool gaps = missing > 0;
  if (gaps) {  // what was carried is sorted alone and merged with the rest
    sort_amounts(carried_);
    merged_.resize(amounts_.size() + carried_.size());
    std::merge(amounts_.begin(), amounts_.end(), carried_.begin(), carried_.end(), merged_.begin());
  }
  const std::span<const double> sorted = amounts_;
  const std::span<const double> carried = gaps ? std::span<const double>{merged_} : sorted;
  const std::size_t carried_zeros = gaps ? carried_zeros_ : zeros_;
  const double carried_sum = gaps ? carried_sum_ : sum_;
  const auto n = static_cast<double>(n_);
  const bool any = known > 0;  // else all that is known is no use

  // Sum and number of days under each rule; with nobody's amount known, worst has no answer.
  struct Case {
    bool has = false;
    double sum = 0;
    std::size_t zeros = 0;
    std::size_t lows = 0;
    std::span<const double> sorted;
    std::size_t highs = 0;
    [[nodiscard]] std::size_t use() const { return lows + sorted.size() + highs; }
    [[nodiscard]] std::size_t days() const { return zeros + use(); }
  };
  Case cases[4];
  cases[exclude] = {observed > 0, sum_, zeros_, 0, sorted, 0};
  cases[worst] = {any || !gaps, sum_ + missing * most_, zeros_, 0, sorted, missing};
  cases[best] = {true, sum_ + no_amount_ * least_, zeros_ + n_missing_, no_amount_, sorted, 0};
  cases[locf] = {carried_zeros + carried.size() > 0, carried_sum, carried_zeros, 0, carried, 0};

  Four ddd, dpd, total, largest, median, p90, median_use, p90_use;
  for (std::size_t i = 0; i < 4; ++i) {
    if (i > 0 && !gaps) {  // nothing is missing: all rules agree
      for (Four* f : {&ddd, &dpd, &total, &largest, &median, &p90, &median_use, &p90_use}) {
        f->v[i] = f->v[0];
        f->has[i] = f->has[0];
      }
      continue;
    }
    const Case& c = cases[i];
    if (!c.has) continue;
    const std::size_t use = c.use();
    dpd.set(i, c.sum / static_cast<double>(c.days()));
    total.set(i, c.sum);
    largest.set(i, use > 0 ? most_ : 0);
    median.set(i, quantile(c.zeros, c.lows, c.sorted, c.highs, 0.5));
    p90.set(i, quantile(c.zeros, c.lows, c.sorted, c.highs, 0.9));
    if (use == 0) continue;
    ddd.set(i, c.sum / static_cast<double>(use));
    median_use.set(i, quantile(0, c.lows, c.sorted, c.highs, 0.5));
    p90_use.set(i, quantile(0, c.lows, c.sorted, c.highs, 0.9));
  }

  const MetricStatus none =
      observed == 0 ? MetricStatus::no_observed_day : MetricStatus::amounts_not_known;
  // Under best a series without known use has no day of use; under worst its amounts are unknown.
  const MetricStatus no_use = options_->rule == worst && gaps && !any ? none
                              : observed == 0 && options_->rule != best
                                  ? MetricStatus::no_observed_day
                                  : MetricStatus::no_use_day;
  put(Metric::ddd, ddd, no_use, observed, missing);
  put(Metric::dpd, dpd, none, observed, missing);
  put(Metric::total, total, none, observed, missing);
  put(Metric::max_day, largest, none, observed, missing);
  put(Metric::median_day, median, none, observed, missing);
  put(Metric::p90_day, p90, none, observed, missing);
  put(Metric::median_use_day, median_use, no_use, observed, missing);
  put(Metric::p90_use_day, p90_use, no_use, observed, missing);
  if (gaps && any) {
    // The least an amount per use day can be: every unknown day is use of the smallest amount.
    const double low = (sum_ + missing * least_) / static_cast<double>(known + missing);
    widen(Metric::ddd, low, low);
    const double low_median = quantile(0, missing, sorted, 0, 0.5);
    const double low_p90 = quantile(0, missing, sorted, 0, 0.9);
    widen(Metric::median_use_day, low_median, low_median);
    widen(Metric::p90_use_day, low_p90, low_p90);
  }
  if (gaps && !any) {  // nobody knows how much it may have been
    for (const Metric m : all) {
      cell(m).has &= static_cast<std::uint8_t>(~MetricTable::has_upper);
    }
  }

  const double factor = limits_->ethanol_g;
  if (limits_->ethanol_status != MetricStatus::ok) {
    absent(Metric::ethanol_g_per_day, limits_->ethanol_status, observed, missing);
  } else {
    Four grams = dpd;
    for (double& g : grams.v) g *= factor;
    put(Metric::ethanol_g_per_day, grams, none, observed, missing);
  }
  if (limits_->rdl_status != MetricStatus::ok) {
    absent(Metric::who_rdl, limits_->rdl_status, observed, missing);
  } else {
    Four level;
    for (std::size_t i = 0; i < 4; ++i) {
      if (dpd.has[i]) level.set(i, rdl_rank(dpd.v[i] * factor, limits_->sex));
    }
    put(Metric::who_rdl, level, none, observed, missing);
  }
  // A filling may lie below every rule's mean: unknown days without use, the rest smallest.
  if (gaps && any) {
    const double low = (sum_ + no_amount_ * least_) / n;
    const double high = (sum_ + missing * most_) / n;
    widen(Metric::dpd, low, high);
    if (limits_->ethanol_status == MetricStatus::ok) {
      widen(Metric::ethanol_g_per_day, low * factor, high * factor);
    }
    if (limits_->rdl_status == MetricStatus::ok) {
      widen(Metric::who_rdl, rdl_rank(low * factor, limits_->sex),
            rdl_rank(high * factor, limits_->sex));
    }
  }
  if (gaps && !any) {
    cell(Metric::ethanol_g_per_day).has &= static_cast<std::uint8_t>(~MetricTable::has_upper);
    cell(Metric::who_rdl).has &= static_cast<std::uint8_t>(~MetricTable::has_upper);
  }
}

void DayKernel::write_heavy() {
  const std::size_t known = amounts_.size();
  const std::uint32_t observed = zeros_ + u32(known);
  const std::uint32_t missing = amount_missing_;
  constexpr std::array<Metric, 4> all{Metric::heavy_days, Metric::phdd, Metric::no_heavy_days,
                                      Metric::days_to_heavy_day};
  if (limits_->heavy_status != MetricStatus::ok) {
    for (const Metric m : all) absent(m, limits_->heavy_status, observed, missing);
    return;
  }
  const auto n = static_cast<double>(n_);
  const bool gaps = missing > 0;
  // With use and not one known amount, the days without use alone say nothing about heavy days.
  const bool blind = known == 0 && no_amount_ > 0;
  const std::uint32_t carried_heavy = gaps ? carried_heavy_ : heavy_;
  const std::size_t carried_days =
      gaps ? carried_zeros_ + known + carried_.size() : static_cast<std::size_t>(observed);

  Four days;
  Four percent;
  if (!blind && observed > 0) {
    days.set(exclude, heavy_);
    percent.set(exclude, 100 * static_cast<double>(heavy_) / observed);
  }
  days.set(worst, heavy_ + missing);
  percent.set(worst, 100 * static_cast<double>(heavy_ + missing) / n);
  days.set(best, heavy_);
  percent.set(best, 100 * static_cast<double>(heavy_) / n);
  if (!blind && carried_days > 0) {
    days.set(locf, carried_heavy);
    percent.set(locf, 100 * static_cast<double>(carried_heavy) / static_cast<double>(carried_days));
  }
  const MetricStatus none = blind ? MetricStatus::amounts_not_known : MetricStatus::no_observed_day;
  put(Metric::heavy_days, days, none, observed, missing);
  put(Metric::phdd, percent, none, observed, missing);

  const std::size_t grace = options_->heavy_grace;
  if (grace >= n_) {
    absent(Metric::no_heavy_days, MetricStatus::window_too_short, 0, 0);
  } else {
    const std::size_t lost =
        !gaps ? 0
              : bits::count(bits_.missing(), grace, n_) + bits::count(bits_.no_amount(), grace, n_);
    const std::size_t seen = n_ - grace - lost;
    const bool heavy = first_heavy_after_grace_ >= 0;
    const bool carried = gaps ? carried_first_heavy_after_grace_ >= 0 : heavy;
    Four yes;
    if (heavy || (!blind && seen > 0)) yes.set(exclude, heavy ? 0 : 1);
    yes.set(worst, heavy || lost > 0 ? 0 : 1);
    yes.set(best, heavy ? 0 : 1);
    if (carried || (!blind && (seen > 0 || (gaps && carried_late_))))
      yes.set(locf, carried ? 0 : 1);
    put(Metric::no_heavy_days, yes, none, u32(seen), u32(lost));
  }

  std::int64_t day[4];
  std::int64_t earliest = first_heavy_;
  if (gaps) {
    const std::size_t may =
        std::min(bits::next_set(bits_.missing(), 0, n_), bits::next_set(bits_.no_amount(), 0, n_));
    if (earliest < 0 || i64(may) < earliest) earliest = i64(may);
  }
  day[exclude] = first_heavy_;
  day[worst] = earliest;
  day[best] = first_heavy_;
  day[locf] = gaps ? carried_first_heavy_ : first_heavy_;
  put_event(Metric::days_to_heavy_day, day, earliest, first_heavy_, observed, missing);
  if (blind && options_->rule != worst) {
    cell(Metric::days_to_heavy_day).status = MetricStatus::amounts_not_known;
  }
}

// ---- one series --------------------------------------------------------------------------------

void DayKernel::compute(const timeline::DayView& days, const KernelOptions& options,
                        const SeriesLimits& limits, MetricTable::Cell* out) {
  options_ = &options;
  limits_ = &limits;
  out_ = out;
  timeline::DayView mine = days;
  if (options.exclude_controlled &&
      std::any_of(days.state.begin(), days.state.end(), timeline::is_controlled)) {
    compact(days);
    mine.state = compact_state_;
    mine.amount = compact_amount_;
  }
  amount_ = mine.amount;
  n_ = mine.size();
  if (n_ == 0) {  // every day was in a controlled environment
    for (std::size_t m = 0; m < metric_count; ++m) {
      absent(static_cast<Metric>(m), MetricStatus::window_too_short, 0, 0);
    }
    return;
  }
  bits_.load(mine.state);
  n_missing_ = bits_.any_missing() ? u32(bits::count(bits_.missing(), 0, n_)) : 0;
  last_known_ = n_missing_ == 0 ? i64(n_) - 1
                                : i64(std::max(bits::end_of_last_set(bits_.use(), n_),
                                               bits::end_of_last_set(bits_.none(), n_))) -
                                      1;
  const std::size_t kinds = n_missing_ == 0 ? 1 : 4;
  for (std::size_t i = 0; i < 4; ++i) use_of_[i] = i < kinds ? i : 0;
  for (std::size_t i = 0; i < kinds; ++i) read_use(bits_.planes(missing_rules[i]), use_[i]);
  write_use();
  write_events();
  write_abstinence();
  write_episodes();
  read_amounts();
  if (amount_missing_ > 0) {
    if (amount_.empty()) {
      // No amounts at all: days without use can still be carried.
      carried_.clear();
      carried_sum_ = 0;
      carried_heavy_ = 0;
      carried_first_heavy_ = carried_first_heavy_after_grace_ = -1;
      const bits::Word* none = bits_.planes(MissingRule::locf).none;
      carried_zeros_ = u32(bits::count(none, 0, n_));
      carried_late_ = bits::any(none, options.heavy_grace, n_);
    } else {
      carry_amounts();
    }
  }
  write_heavy();  // before write_amounts, which sorts
  write_amounts();
}

}  // namespace ombre::inline v0::outcomes
