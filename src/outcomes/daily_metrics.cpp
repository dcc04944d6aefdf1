#include "ombre/outcomes/daily_metrics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "outcomes/day_kernel.hpp"

namespace ombre::inline v0::outcomes {
namespace {

Result<KernelOptions> checked(const MetricOptions& o) {
  const auto refuse = [](std::string_view field, std::int64_t value, std::string_view rule) {
    return unexpected(
        error_at(Errc::out_of_range, field, std::nullopt, std::to_string(value), rule));
  };
  if (static_cast<std::size_t>(o.missing) >= timeline::missing_rule_count) {
    return refuse("missing", static_cast<std::int64_t>(o.missing), "must be a missing rule");
  }
  if (o.gap_days < 1) return refuse("gap_days", o.gap_days, "must be at least 1");
  if (o.prolonged_grace_days < 0) {
    return refuse("prolonged_grace_days", o.prolonged_grace_days, "must be 0 or more");
  }
  if (o.heavy_grace_days < 0) {
    return refuse("heavy_grace_days", o.heavy_grace_days, "must be 0 or more");
  }
  if (o.lapse_gap_days < 0) return refuse("lapse_gap_days", o.lapse_gap_days, "must be 0 or more");
  if (o.heavy && !(o.heavy->women > 0 && o.heavy->men > 0 && std::isfinite(o.heavy->women) &&
                   std::isfinite(o.heavy->men))) {
    return unexpected(error_at(Errc::out_of_range, "heavy", std::nullopt,
                               std::min(o.heavy->women, o.heavy->men), "must be above 0"));
  }
  KernelOptions k;
  k.rule = static_cast<std::size_t>(o.missing);
  k.gap = static_cast<std::size_t>(o.gap_days);
  k.prolonged_grace = static_cast<std::size_t>(o.prolonged_grace_days);
  k.heavy_grace = static_cast<std::size_t>(o.heavy_grace_days);
  k.lapse_gap = static_cast<std::size_t>(o.lapse_gap_days);
  k.exclude_controlled = o.exclude_controlled;
  return k;
}

Result<void> check_factor(double g, std::optional<std::uint64_t> row) {
  if (g >= 0 && g <= 1e6) return {};
  return unexpected(error_at(Errc::out_of_range, "ethanol_g_per_unit", row, g,
                             "must be grams in one unit, from 0 (no ethanol) to a million"));
}

// The heavy-day limit in the unit of the series, as the smallest amount that reaches it.
SeriesLimits limits_for(const MetricOptions& o, const SeriesContext& context) {
  SeriesLimits l;
  l.ethanol_g = context.ethanol_g_per_unit;
  const bool ethanol = context.ethanol_g_per_unit > 0;
  const MetricStatus why_not =
      context.is_ethanol ? MetricStatus::unit_not_in_grams : MetricStatus::not_ethanol;
  l.ethanol_status = ethanol ? MetricStatus::ok : why_not;
  l.rdl_status = !ethanol ? why_not : context.sex ? MetricStatus::ok : MetricStatus::sex_not_given;
  if (context.sex) l.sex = *context.sex;
  if (!o.heavy) return l;
  const HeavyDay& h = *o.heavy;
  const bool grams = h.measure == HeavyDay::Measure::ethanol_g;
  if (grams && !ethanol) {
    l.heavy_status = why_not;
    return l;
  }
  if (h.men != h.women && !context.sex) {
    l.heavy_status = MetricStatus::sex_not_given;
    return l;
  }
  const double limit = context.sex == Sex::male ? h.men : h.women;
  const bool at_least = h.comparison == spectrum::Comparison::at_least;
  double at = limit;
  if (grams) {  // amounts within a microgram of the limit count as equal to it, as in spectrum
    at += at_least ? -spectrum::same_amount_g : spectrum::same_amount_g;
    at /= context.ethanol_g_per_unit;
  }
  if (!at_least) at = std::nextafter(at, std::numeric_limits<double>::max());
  l.heavy_at = at;
  l.heavy_status = MetricStatus::ok;
  return l;
}

}  // namespace

Result<HeavyDay> HeavyDay::from(const spectrum::HeavyRule& rule) {
  if (!rule.day) {
    return unexpected(error_at(Errc::unsupported, "heavy", std::nullopt, rule.id,
                               "must be a rule with a limit for one day; this one speaks about "
                               "other spans"));
  }
  if (rule.week || rule.days_needed > 1) {
    // Its name over the part that one day can show would say more than was looked at.
    const std::string rest = rule.week ? "also counts the week"
                                       : "asks for " + std::to_string(rule.days_needed) +
                                             " such days in " + std::to_string(rule.window_days);
    return unexpected(error_at(Errc::unsupported, "heavy", std::nullopt, rule.id,
                               "must be a rule about single days; this one " + rest));
  }
  HeavyDay h;
  h.id = rule.id;
  h.women = rule.day->women_g;
  h.men = rule.day->men_g;
  h.comparison = rule.day->comparison;
  h.measure = Measure::ethanol_g;
  return h;
}

Result<HeavyDay> HeavyDay::from(std::string id, double limit_in_unit) {
  if (!(limit_in_unit > 0 && std::isfinite(limit_in_unit))) {
    return unexpected(
        error_at(Errc::out_of_range, "heavy", std::nullopt, limit_in_unit, "must be above 0"));
  }
  if (id.empty()) return unexpected(error_of(Errc::missing, "heavy", "must have a name"));
  HeavyDay h;
  h.id = std::move(id);
  h.women = h.men = limit_in_unit;
  h.measure = Measure::amount;
  return h;
}

Result<SeriesMetrics> compute_metrics(const timeline::DayView& days, const MetricOptions& options,
                                      const SeriesContext& context) {
  const auto kernel_options = checked(options);
  if (!kernel_options) return unexpected(kernel_options.error());
  if (days.state.empty()) {
    return unexpected(error_of(Errc::empty_input, "days", "must have at least one day"));
  }
  if (auto fine = timeline::check(days); !fine) return unexpected(fine.error());
  if (auto fine = check_factor(context.ethanol_g_per_unit, std::nullopt); !fine) {
    return unexpected(fine.error());
  }
  timeline::Grid grid;
  if (auto fine = grid.append("", "", "", days); !fine) return unexpected(fine.error());
  MetricOptions mine = options;
  mine.sex = context.sex;
  mine.sex_of_person = {};
  const std::array<double, 1> factor{context.ethanol_g_per_unit};
  mine.ethanol_g_per_unit = factor;
  const std::array<std::uint8_t, 1> is_ethanol{static_cast<std::uint8_t>(context.is_ethanol)};
  mine.is_ethanol = is_ethanol;
  const auto table = compute_metrics(grid, mine);
  if (!table) return unexpected(table.error());
  SeriesMetrics out;
  for (std::size_t m = 0; m < metric_count; ++m) {
    out.estimate[m] = table->at(0, static_cast<Metric>(m));
  }
  return out;
}

Result<MetricTable> compute_metrics(const timeline::Grid& grid, const MetricOptions& options,
                                    const Runner& runner, const Progress& progress) {
  const auto kernel_options = checked(options);
  if (!kernel_options) return unexpected(kernel_options.error());
  if (!options.ethanol_g_per_unit.empty() && options.ethanol_g_per_unit.size() != grid.size()) {
    return unexpected(error_at(
        Errc::size_mismatch, "ethanol_g_per_unit", std::nullopt,
        std::to_string(options.ethanol_g_per_unit.size()),
        "must have one value for each of the " + std::to_string(grid.size()) + " series, or none"));
  }
  if (!options.sex_of_person.empty() && options.sex_of_person.size() != grid.persons().size()) {
    return unexpected(error_at(Errc::size_mismatch, "sex_of_person", std::nullopt,
                               std::to_string(options.sex_of_person.size()),
                               "must have one value for each of the " +
                                   std::to_string(grid.persons().size()) + " persons, or none"));
  }
  if (!options.is_ethanol.empty() && options.is_ethanol.size() != grid.size()) {
    return unexpected(error_at(
        Errc::size_mismatch, "is_ethanol", std::nullopt, std::to_string(options.is_ethanol.size()),
        "must have one value for each of the " + std::to_string(grid.size()) + " series, or none"));
  }
  for (std::size_t i = 0; i < options.ethanol_g_per_unit.size(); ++i) {
    if (auto fine = check_factor(options.ethanol_g_per_unit[i], i); !fine) {
      return unexpected(fine.error());
    }
  }
  MetricTable table;
  table.cells_.resize(grid.size() * metric_count);
  constexpr std::size_t per_piece = 256;
  const std::size_t pieces = (grid.size() + per_piece - 1) / per_piece;
  // Pieces are handed out in rounds, so that progress is told from the calling thread only.
  const std::size_t round = progress ? std::max<std::size_t>(64, 16 * runner.workers())
                                     : std::max<std::size_t>(pieces, 1);
  for (std::size_t done = 0; done < pieces;) {
    const std::size_t now = std::min(round, pieces - done);
    runner.run(now, [&](std::size_t piece) {
      DayKernel kernel;
      const std::size_t first = (done + piece) * per_piece;
      const std::size_t last = std::min(first + per_piece, grid.size());
      for (std::size_t i = first; i < last; ++i) {
        SeriesContext context;
        if (!options.ethanol_g_per_unit.empty()) {
          context.ethanol_g_per_unit = options.ethanol_g_per_unit[i];
        }
        if (!options.is_ethanol.empty()) context.is_ethanol = options.is_ethanol[i] != 0;
        context.sex = options.sex;
        if (!options.sex_of_person.empty()) {
          const auto& own = options.sex_of_person[grid.series()[i].person];
          if (own) context.sex = own;
        }
        kernel.compute(grid[i], *kernel_options, limits_for(options, context),
                       table.cells_.data() + i * metric_count);
      }
    });
    done += now;
    if (progress && !progress(static_cast<double>(done) / static_cast<double>(pieces))) {
      return unexpected(error_of(Errc::cancelled, "progress", "the job was stopped by its caller"));
    }
  }
  return table;
}

std::vector<double> MetricTable::values(Metric metric, std::span<const std::size_t> series) const {
  std::vector<double> out;
  out.reserve(series.size());
  for (const std::size_t s : series) {
    const Cell& c = cells_[s * metric_count + static_cast<std::size_t>(metric)];
    if ((c.has & has_value) != 0) out.push_back(c.value);
  }
  return out;
}

std::string definition(Metric metric, const MetricOptions& o) {
  std::string out;
  const auto add = [&](const std::string& part) {
    if (!out.empty()) out += "; ";
    out += part;
  };
  const auto days = [](std::int32_t n) { return std::to_string(n) + " d"; };
  switch (metric) {
    case Metric::heavy_days:
    case Metric::phdd:
    case Metric::days_to_heavy_day:
      add("heavy=" + (o.heavy ? o.heavy->id : std::string{"not named"}));
      break;
    case Metric::no_heavy_days:
      add("heavy=" + (o.heavy ? o.heavy->id : std::string{"not named"}));
      add("grace " + days(o.heavy_grace_days));
      break;
    case Metric::prolonged_abstinence:
      add("grace " + days(o.prolonged_grace_days));
      break;
    case Metric::point_prevalence_7:
      add("last 7 d");
      break;
    case Metric::point_prevalence_30:
      add("last 30 d");
      break;
    case Metric::days_to_lapse:
      add("lapse after " + days(o.lapse_gap_days));
      break;
    case Metric::median_day:
    case Metric::p90_day:
      add("all days; quantile type 7");
      break;
    case Metric::median_use_day:
    case Metric::p90_use_day:
      add("use days; quantile type 7");
      break;
    case Metric::who_rdl:
      add("WHO 2000 bands closed at the upper bound");
      break;
    case Metric::episodes:
    case Metric::mean_episode_days:
    case Metric::longest_episode_days:
    case Metric::episode_burden:
    case Metric::mean_interval_days:
    case Metric::duration_trend:
    case Metric::duration_tau:
    case Metric::interval_trend:
    case Metric::interval_trend_open:
    case Metric::interval_tau:
      add("gap " + days(o.gap_days));
      break;
    case Metric::observed_percent:
    case Metric::use_days:
    case Metric::abstinent_days:
    case Metric::pda:
    case Metric::ddd:
    case Metric::dpd:
    case Metric::total:
    case Metric::max_day:
    case Metric::ethanol_g_per_day:
    case Metric::longest_abstinent_run:
    case Metric::current_abstinent_run:
    case Metric::first_use:
    case Metric::continuous_abstinence:
      break;
  }
  if (o.exclude_controlled) add("controlled days taken out");
  add("missing=" + std::string{timeline::name(o.missing)});
  return out;
}

}  // namespace ombre::inline v0::outcomes
