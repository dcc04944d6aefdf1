#include "ombre/plans/experiment.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "ombre/plans/goal.hpp"
#include "ombre/stats/descriptive.hpp"
#include "ombre/stats/rank_test.hpp"
#include "plain_words.hpp"

namespace ombre::inline v0::plans {
namespace {

constexpr std::array<std::string_view, 2> wanted_names{"lower", "higher"};
constexpr std::size_t most_pairs = 16;  // 65 536 orders

std::string at(std::string_view path, std::string_view member) {
  return path.empty() ? std::string{member} : std::string{path} + "." + std::string{member};
}

std::optional<double> mean_of(const std::vector<double>& values) {
  if (values.empty()) return std::nullopt;
  stats::CompensatedSum sum;
  for (const double v : values) sum.add(v);
  return sum.value() / static_cast<double>(values.size());
}

std::optional<double> median_of(std::vector<double> values) {
  const auto q = stats::quantile_type7(values, 0.5);
  return q ? *q : std::nullopt;
}

bool pairs_alternate(const Experiment& e) {
  if (e.periods.empty() || e.periods.size() % 2 != 0) return false;
  for (std::size_t i = 0; i < e.periods.size(); i += 2) {
    if (e.periods[i].trial == e.periods[i + 1].trial) return false;
  }
  return true;
}

}  // namespace

template <>
std::span<const std::string_view> names_of<WantedChange>() noexcept {
  return wanted_names;
}

Result<void> check_experiment(const Experiment& e, std::string_view path) {
  if (!is_id(e.id)) {
    return unexpected(error_at(Errc::malformed, at(path, "id"), std::nullopt, e.id,
                               "must be 1 to 64 of a-z, 0-9, '-' and '_'"));
  }
  if (e.measure.empty()) {
    return unexpected(
        error_of(Errc::missing, at(path, "measure"), "must say what is written down each day"));
  }
  for (std::size_t i = 0; i < e.periods.size(); ++i) {
    const ExperimentPeriod& p = e.periods[i];
    const std::string here = at(path, "periods[" + std::to_string(i) + "]");
    if (p.last < p.first) {
      return unexpected(error_at(Errc::contradiction, here + ".last", std::nullopt, p.last.iso(),
                                 "must not be before the first day, " + p.first.iso()));
    }
    if (i > 0 && p.first <= e.periods[i - 1].last) {
      return unexpected(error_at(Errc::contradiction, here + ".first", std::nullopt, p.first.iso(),
                                 "must be after the period above it"));
    }
  }
  if (e.order_by_lot && !pairs_alternate(e)) {
    return unexpected(error_of(Errc::contradiction, at(path, "order_by_lot"),
                               "needs pairs of periods with one of each kind"));
  }
  if (e.worthwhile && !(*e.worthwhile > 0 && *e.worthwhile <= 1e9)) {
    return unexpected(error_at(Errc::out_of_range, at(path, "worthwhile"), std::nullopt,
                               *e.worthwhile, "must be above 0, at most 1e9"));
  }
  return {};
}

Result<ExperimentResult> evaluate(const Experiment& e, std::span<const DayValue> values) {
  if (auto ok = check_experiment(e, ""); !ok) return unexpected(ok.error());
  std::map<Date, double> by_day;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i].value) || std::abs(values[i].value) > 1e150) {
      return unexpected(
          error_at(Errc::not_finite, "values", i, values[i].value, "must be a usual number"));
    }
    if (!by_day.emplace(values[i].on, values[i].value).second) {
      return unexpected(
          error_at(Errc::duplicate, "values", i, values[i].on.iso(), "is a day given twice"));
    }
  }
  std::vector<double> usual;
  std::vector<double> trial;
  std::vector<std::optional<double>> period_mean;
  ExperimentResult out;
  for (const ExperimentPeriod& p : e.periods) {
    std::vector<double> here;
    for (auto v = by_day.lower_bound(p.first); v != by_day.end() && v->first <= p.last; ++v) {
      here.push_back(v->second);
    }
    const auto length = static_cast<std::size_t>((p.last - p.first).count()) + 1;
    out.days_without_value += length - here.size();
    period_mean.push_back(mean_of(here));
    auto& side = p.trial ? trial : usual;
    side.insert(side.end(), here.begin(), here.end());
  }
  out.usual_days = usual.size();
  out.trial_days = trial.size();
  out.usual_mean = mean_of(usual);
  out.trial_mean = mean_of(trial);
  out.usual_median = median_of(usual);
  out.trial_median = median_of(trial);
  if (usual.empty() || trial.empty()) return out;

  const auto ranks = stats::mann_whitney(trial, usual);
  if (!ranks) return unexpected(ranks.error());
  out.difference = ranks->median_difference;
  const bool lower = e.wanted == WantedChange::lower;
  out.better = lower ? 1 - ranks->probability : ranks->probability;
  if (out.difference) {
    const double wanted = lower ? -*out.difference : *out.difference;
    out.as_hoped = wanted > 0;
    if (e.worthwhile) out.worthwhile = wanted >= *e.worthwhile;
  }

  if (!e.order_by_lot || e.periods.size() / 2 > most_pairs) return out;
  std::vector<double> pair;
  for (std::size_t i = 0; i < e.periods.size(); i += 2) {
    if (!period_mean[i] || !period_mean[i + 1]) continue;
    const double step = *period_mean[i + 1] - *period_mean[i];
    pair.push_back(e.periods[i + 1].trial ? step : -step);
  }
  out.pairs = pair.size();
  if (pair.empty()) return out;
  double observed = 0;
  double size = 0;
  for (const double d : pair) {
    observed += d;
    size += std::abs(d);
  }
  std::size_t as_large = 0;
  const std::size_t orders = std::size_t{1} << pair.size();
  for (std::size_t order = 0; order < orders; ++order) {
    double sum = 0;
    for (std::size_t i = 0; i < pair.size(); ++i)
      sum += ((order >> i) & 1U) != 0 ? -pair[i] : pair[i];
    if (std::abs(sum) >= std::abs(observed) - 1e-12 * size) ++as_large;
  }
  out.p_by_lot = static_cast<double>(as_large) / static_cast<double>(orders);
  return out;
}

std::string describe(const Experiment& e, const ExperimentResult& r) {
  using detail::plain;
  std::string out =
      "You wanted to find out: " + (e.hypothesis.empty() ? e.id : e.hypothesis) + ". ";
  if (r.usual_days == 0 || r.trial_days == 0) {
    return out + "There are not yet days of both kinds, so there is nothing to compare. (" +
           std::to_string(r.usual_days) + " usual days, " + std::to_string(r.trial_days) +
           " trial days.)";
  }
  out += "On " + std::to_string(r.usual_days) + " usual days the typical " + e.measure + " was " +
         plain(*r.usual_median) + ", on " + std::to_string(r.trial_days) + " trial days " +
         plain(*r.trial_median) + ". ";
  out += "Of 100 pairs of a trial day and a usual day, the trial day was the better one in about " +
         plain(std::round(100 * *r.better)) + ". ";
  if (r.worthwhile) {
    out += *r.worthwhile ? "That is at least the difference you said would be worth it. "
                         : "That is less than the difference you said would be worth it. ";
  } else if (r.as_hoped) {
    out += *r.as_hoped ? "It went the way you hoped. "
                       : "It did not go the way you hoped, and now "
                         "you know. ";
  }
  if (r.p_by_lot) {
    out += "A coin decided the order of " + std::to_string(r.pairs) +
           " pairs: a difference of this size would come up in " +
           plain(std::round(1000 * *r.p_by_lot) / 10) +
           " % of all orders if it made no difference at all. ";
  } else {
    out += "Other things changed as well over those days, so this is a good hint and no proof. ";
  }
  if (r.days_without_value > 0) {
    out += std::to_string(r.days_without_value) + " days have no entry and were left out. ";
  }
  out += "What it means for you is yours to decide.";
  return out;
}

}  // namespace ombre::inline v0::plans
