#include "outcomes/naive_metrics.hpp"

namespace ombre_test {
namespace {

using namespace ombre;
using namespace ombre::outcomes;
using timeline::MissingRule;
using timeline::UseState;

// A day after the missing rule: each part known or not.
struct Seen {
  std::optional<bool> use;
  std::optional<double> amount;  // 0 for a day without use
};

double quantile7(std::vector<double> v, double p) {
  std::sort(v.begin(), v.end());
  const double h = (static_cast<double>(v.size()) - 1) * p;
  const auto lo = static_cast<std::size_t>(std::floor(h));
  const std::size_t hi = std::min(lo + 1, v.size() - 1);
  return v[lo] + (h - static_cast<double>(lo)) * (v[hi] - v[lo]);
}

std::optional<double> median_slope(const std::vector<double>& y) {
  std::vector<double> s;
  for (std::size_t i = 0; i < y.size(); ++i) {
    for (std::size_t j = i + 1; j < y.size(); ++j) {
      s.push_back((y[j] - y[i]) / static_cast<double>(j - i));
    }
  }
  if (s.empty()) return std::nullopt;
  return quantile7(s, 0.5);
}

std::optional<double> tau_b(const std::vector<double>& y) {
  double balance = 0;
  double pairs = 0;
  double untied = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    for (std::size_t j = i + 1; j < y.size(); ++j) {
      ++pairs;
      if (y[j] != y[i]) ++untied;
      if (y[j] > y[i]) ++balance;
      if (y[j] < y[i]) --balance;
    }
  }
  if (untied == 0) return std::nullopt;
  return balance / std::sqrt(pairs * untied);
}

}  // namespace

Values naive_metrics(std::vector<Day> days, const MetricOptions& options,
                     const SeriesContext& context, MissingRule rule) {
  Values out;
  const auto set = [&](Metric m, double v) { out[static_cast<std::size_t>(m)] = v; };
  if (options.exclude_controlled) std::erase_if(days, [](const Day& d) { return d.controlled; });
  if (days.empty()) return out;

  // What is known before any rule.
  std::optional<double> least;
  std::optional<double> most;
  bool used_without_amount = false;
  double known_days = 0;
  for (const Day& d : days) {
    if (d.state != UseState::unknown) ++known_days;
    if (d.state == UseState::used) used_without_amount = true;
    if (d.state != UseState::amount) continue;
    least = least ? std::min(*least, d.amount) : d.amount;
    most = most ? std::max(*most, d.amount) : d.amount;
  }
  const bool blind = used_without_amount && !most;
  set(Metric::observed_percent, 100 * known_days / static_cast<double>(days.size()));

  // The days as the rule sees them. `amount_rule_fails`: worst cannot name an amount.
  std::vector<Seen> seen;
  bool amount_rule_fails = false;
  std::optional<bool> last_use;
  std::optional<double> last_amount;
  for (const Day& d : days) {
    Seen s;
    if (d.state == UseState::none) s = {false, 0};
    if (d.state == UseState::amount) s = {true, d.amount};
    if (d.state == UseState::used) s = {true, std::nullopt};
    const bool unknown = d.state == UseState::unknown;
    const bool no_amount = d.state == UseState::used;
    switch (rule) {
      case MissingRule::exclude:
        break;
      case MissingRule::worst:
        if (unknown || no_amount) {
          s = {true, most};
          if (!most) amount_rule_fails = true;
        }
        break;
      case MissingRule::best:
        if (unknown) s = {false, 0};
        if (no_amount) s = {true, least};
        break;
      case MissingRule::locf:
        if (d.state == UseState::amount) last_amount = d.amount;
        if (unknown && last_use) {
          s.use = *last_use;
          s.amount = *last_use ? last_amount : std::optional<double>{0};
        }
        if (no_amount) s.amount = last_amount;
        if (s.use) last_use = s.use;
        break;
    }
    seen.push_back(s);
  }
  const std::size_t n = seen.size();

  // Use or no use.
  double use_days = 0;
  double abstinent = 0;
  for (const Seen& s : seen) {
    if (s.use && *s.use) ++use_days;
    if (s.use && !*s.use) ++abstinent;
  }
  if (use_days + abstinent > 0) {
    set(Metric::use_days, use_days);
    set(Metric::abstinent_days, abstinent);
    set(Metric::pda, 100 * abstinent / (use_days + abstinent));
    double longest = 0;
    double run = 0;
    for (const Seen& s : seen) {
      run = s.use && !*s.use ? run + 1 : 0;
      longest = std::max(longest, run);
    }
    set(Metric::longest_abstinent_run, longest);
    if (seen.back().use) set(Metric::current_abstinent_run, run);
  }
  {
    double clean = 0;
    bool lapsed = false;
    for (std::size_t i = 0; i < n; ++i) {
      if (!seen[i].use) continue;
      if (!*seen[i].use) {
        ++clean;
        continue;
      }
      if (!out[static_cast<std::size_t>(Metric::first_use)]) {
        set(Metric::first_use, static_cast<double>(i));
      }
      if (!lapsed && clean >= options.lapse_gap_days) {
        lapsed = true;
        set(Metric::days_to_lapse, static_cast<double>(i));
      }
      clean = 0;
    }
  }
  const auto abstinence = [&](Metric m, std::size_t from) {
    bool any_known = false;
    bool any_use = false;
    for (std::size_t i = from; i < n; ++i) {
      any_known = any_known || seen[i].use.has_value();
      any_use = any_use || seen[i].use.value_or(false);
    }
    if (any_known) set(m, any_use ? 0 : 1);
  };
  abstinence(Metric::continuous_abstinence, 0);
  if (static_cast<std::size_t>(options.prolonged_grace_days) < n) {
    abstinence(Metric::prolonged_abstinence,
               static_cast<std::size_t>(options.prolonged_grace_days));
  }
  if (n >= 7) abstinence(Metric::point_prevalence_7, n - 7);
  if (n >= 30) abstinence(Metric::point_prevalence_30, n - 30);

  // Episodes.
  if (use_days + abstinent > 0) {
    std::vector<double> first;
    std::vector<double> last;
    double clean = 0;
    double last_clean = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (!seen[i].use) continue;
      if (!*seen[i].use) {
        ++clean;
        last_clean = static_cast<double>(i);
        continue;
      }
      if (first.empty() || clean >= options.gap_days) {
        first.push_back(static_cast<double>(i));
        last.push_back(static_cast<double>(i));
      }
      last.back() = static_cast<double>(i);
      clean = 0;
    }
    std::vector<double> lengths;
    std::vector<double> intervals;
    double sum = 0;
    double longest = 0;
    double between = 0;
    for (std::size_t e = 0; e < first.size(); ++e) {
      lengths.push_back(last[e] - first[e] + 1);
      sum += lengths.back();
      longest = std::max(longest, lengths.back());
      if (e > 0) {
        intervals.push_back(first[e] - last[e - 1] - 1);
        between += intervals.back();
      }
    }
    set(Metric::episodes, static_cast<double>(first.size()));
    set(Metric::longest_episode_days, longest);
    set(Metric::episode_burden, sum / static_cast<double>(n));
    if (!lengths.empty()) set(Metric::mean_episode_days, sum / static_cast<double>(lengths.size()));
    if (!intervals.empty()) {
      set(Metric::mean_interval_days, between / static_cast<double>(intervals.size()));
    }
    if (lengths.size() >= 3) {
      set(Metric::duration_trend, *median_slope(lengths));
      set(Metric::interval_trend, *median_slope(intervals));
      if (const auto t = tau_b(lengths)) set(Metric::duration_tau, *t);
      if (const auto t = tau_b(intervals)) set(Metric::interval_tau, *t);
      if (clean >= options.gap_days) intervals.push_back(last_clean - last.back());
      set(Metric::interval_trend_open, *median_slope(intervals));
    }
  }

  // Amounts.
  const auto not_known = [&](std::size_t i) {
    return days[i].state == UseState::unknown || days[i].state == UseState::used;
  };
  std::vector<double> all;
  std::vector<double> used;
  double total = 0;
  for (const Seen& s : seen) {
    if (!s.amount) continue;
    all.push_back(*s.amount);
    total += *s.amount;
    if (*s.amount > 0) used.push_back(*s.amount);
  }
  const double f = context.ethanol_g_per_unit;
  if (!blind && !amount_rule_fails && !all.empty()) {
    const double mean = total / static_cast<double>(all.size());
    set(Metric::total, total);
    set(Metric::dpd, mean);
    set(Metric::max_day, *std::max_element(all.begin(), all.end()));
    set(Metric::median_day, quantile7(all, 0.5));
    set(Metric::p90_day, quantile7(all, 0.9));
    if (!used.empty()) {
      set(Metric::ddd, total / static_cast<double>(used.size()));
      set(Metric::median_use_day, quantile7(used, 0.5));
      set(Metric::p90_use_day, quantile7(used, 0.9));
    }
    if (f > 0) {
      const double g = mean * f;
      set(Metric::ethanol_g_per_day, g);
      if (context.sex) {
        const bool man = *context.sex == Sex::male;
        const double e = 1e-6;
        set(Metric::who_rdl, g <= 0                      ? 0
                             : g <= (man ? 40 : 20) + e  ? 1
                             : g <= (man ? 60 : 40) + e  ? 2
                             : g <= (man ? 100 : 60) + e ? 3
                                                         : 4);
      }
    }
  }

  // Heavy days; the tests use one rule, at least 70 g for men.
  if (options.heavy && f > 0) {
    double heavy = 0;
    double counted = 0;
    bool heavy_late = false;
    bool late_known = false;
    std::optional<double> first_heavy;
    for (std::size_t i = 0; i < n; ++i) {
      std::optional<bool> is;
      if (seen[i].amount) is = *seen[i].amount * f >= 70 - 1e-6;
      if (rule == MissingRule::worst && not_known(i)) is = true;
      if (rule == MissingRule::best && not_known(i)) is = false;
      if (!is) continue;
      ++counted;
      const bool late = i >= static_cast<std::size_t>(options.heavy_grace_days);
      late_known = late_known || late;
      if (!*is) continue;
      ++heavy;
      heavy_late = heavy_late || late;
      if (!first_heavy) first_heavy = static_cast<double>(i);
    }
    const bool answers =
        counted > 0 && (!blind || rule == MissingRule::worst || rule == MissingRule::best);
    if (answers) {
      set(Metric::heavy_days, heavy);
      set(Metric::phdd, 100 * heavy / counted);
      if (late_known) set(Metric::no_heavy_days, heavy_late ? 0 : 1);
      if (first_heavy) set(Metric::days_to_heavy_day, *first_heavy);
    }
  }
  return out;
}

}  // namespace ombre_test
