#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "ombre/plans/taper_rule.hpp"

namespace ombre::inline v0::plans {
namespace {

constexpr std::size_t most_steps = 5000;

constexpr std::array<std::string_view, 2> basis_names{"original", "current"};
constexpr std::array<std::string_view, 3> shape_names{"even", "gentle", "percent"};
constexpr std::array<std::string_view, 5> kind_names{"reduce", "stay", "stretch", "rise", "arrive"};

template <class Enum, std::size_t n>
std::optional<Enum> find_in(const std::array<std::string_view, n>& names, std::string_view text) {
  for (std::size_t i = 0; i < n; ++i) {
    if (names[i] == text) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

// Where the field of an error lies: "rule[2].percent".
std::string at(int phase, std::string_view field) {
  std::string out = "rule[" + std::to_string(phase) + "]";
  if (!field.empty()) {
    out += '.';
    out += field;
  }
  return out;
}

Unexpected refuse(Errc code, int phase, std::string_view field, double value,
                  std::string_view rule) {
  return unexpected(error_at(std::isfinite(value) ? code : Errc::not_finite, at(phase, field),
                             std::nullopt, value, rule));
}

// Builds the curve phase by phase. Amounts closer than `eps` are the same amount.
class Curve {
 public:
  Curve(const CurveEnds& ends, StepLength length)
      : ends_{ends},
        now_{ends.now},
        length_{length},
        eps_{1e-9 * std::max(ends.original, ends.now)} {
    goal_ = ends.goal.value_or(0);
  }

  Result<void> add(const TaperPhase& phase, int index) {
    index_ = index;
    phase_length_ = phase.step_length.value_or(length_);
    if (auto ok = check(phase_length_, at(index, "step_length")); !ok) return ok;
    floor_ = goal_;
    if (phase.until_amount) {
      if (!(*phase.until_amount >= 0) || !std::isfinite(*phase.until_amount)) {
        return refuse(Errc::out_of_range, index, "until_amount", *phase.until_amount,
                      "must be 0 or more");
      }
      floor_ = std::max(floor_, *phase.until_amount);
    }
    if (phase.at_most_steps && *phase.at_most_steps < 1) {
      return refuse(Errc::out_of_range, index, "at_most_steps", *phase.at_most_steps,
                    "must be 1 or more");
    }
    left_ = phase.at_most_steps ? static_cast<std::size_t>(*phase.at_most_steps) : most_steps + 1;
    return std::visit([this](const auto& rule) { return run(rule); }, phase.rule);
  }

  Result<std::vector<CurveStep>> finish(int last_phase) && {
    if (out_.size() > most_steps) {
      return unexpected(error_of(Errc::too_large, "rule", "must reach its goal within 5000 steps"));
    }
    if (ends_.goal && now_ > goal_ + eps_) {
      // Fixed tables end at their last dose; the day after it is the day without one.
      if (goal_ == 0 && stops_after_rows_) {
        push(0, StepKind::arrive);
      } else {
        return unexpected(error_at(Errc::contradiction, at(last_phase, ""), std::nullopt, now_,
                                   "ends above the goal: add a phase, or choose this amount as "
                                   "the goal"));
      }
    }
    if (!out_.empty()) {
      CurveStep& last = out_.back();
      if (last.kind == StepKind::reduce || last.kind == StepKind::stretch) {
        last.kind = StepKind::arrive;
      } else if (last.kind == StepKind::stay || last.kind == StepKind::rise) {
        // A plan that ends by staying has arrived where it stays; the stay keeps its own length.
        CurveStep arrived = last;
        arrived.kind = StepKind::arrive;
        arrived.length = length_;
        out_.push_back(std::move(arrived));
      }
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool done() const { return now_ <= floor_ + eps_ || left_ == 0; }

  bool push(double amount, StepKind kind) {
    if (amount <= floor_ + eps_ && kind != StepKind::stay) amount = std::min(amount, floor_);
    if (std::abs(amount) <= eps_) amount = 0;
    CurveStep step;
    step.amount = amount;
    step.length = phase_length_;
    step.kind = kind;
    step.phase = index_;
    out_.push_back(std::move(step));
    now_ = amount;
    if (left_ > 0) --left_;
    return out_.size() <= most_steps;
  }
  // A reduction that never passes where this phase ends.
  bool reduce_to(double amount) {
    return push(amount <= floor_ + eps_ ? floor_ : amount, StepKind::reduce);
  }

  Result<void> check_percent(double percent, double below_or_equal) {
    if (!(percent > 0 && percent <= below_or_equal)) {
      return refuse(Errc::out_of_range, index_, "percent", percent,
                    "must be above 0 and at most 100");
    }
    return {};
  }

  Result<void> check_terminal(const std::optional<Terminal>& terminal) {
    if (!terminal) {
      if (floor_ > 0 || left_ <= most_steps) return {};
      return unexpected(
          error_of(Errc::missing, at(index_, "terminal"),
                   "is required: a percentage of the current dose never reaches zero, so say which "
                   "dose is the smallest and how the plan ends there"));
    }
    if (!(terminal->smallest > 0) || !std::isfinite(terminal->smallest)) {
      return refuse(Errc::out_of_range, index_, "terminal.smallest", terminal->smallest,
                    "must be above 0");
    }
    if (terminal->down_to_once_a_day && !terminal->intakes_a_day.empty()) {
      return unexpected(error_of(Errc::contradiction, at(index_, "terminal.intakes_a_day"),
                                 "must be left out where down_to_once_a_day is set"));
    }
    int before = terminal->down_to_once_a_day ? 1 : ends_.intakes_a_day;
    for (std::size_t i = 0; i < terminal->intakes_a_day.size(); ++i) {
      const int n = terminal->intakes_a_day[i];
      if (n < 1 || n >= before) {
        return unexpected(error_at(Errc::contradiction, at(index_, "terminal.intakes_a_day"), i,
                                   static_cast<double>(n),
                                   "must be at least 1 and fewer than the step before"));
      }
      before = n;
    }
    if (!terminal->every_n_days.empty() && before != 1) {
      return unexpected(error_of(Errc::contradiction, at(index_, "terminal.every_n_days"),
                                 "needs one intake a day first: let intakes_a_day end in 1"));
    }
    int gap = 1;
    for (std::size_t i = 0; i < terminal->every_n_days.size(); ++i) {
      const int n = terminal->every_n_days[i];
      if (n <= gap || n > 7) {
        return unexpected(error_at(Errc::contradiction, at(index_, "terminal.every_n_days"), i,
                                   static_cast<double>(n),
                                   "must be more than the step before and at most 7"));
      }
      gap = n;
    }
    return {};
  }

  // True when the next dose of a shrinking curve would fall below what exists.
  bool meets_terminal(const std::optional<Terminal>& terminal, double next) const {
    return terminal && next < terminal->smallest - eps_ && floor_ < terminal->smallest - eps_;
  }

  void run_terminal(const Terminal& terminal) {
    if (now_ > terminal.smallest + eps_) push(terminal.smallest, StepKind::reduce);
    const double single = terminal.smallest / ends_.intakes_a_day;
    double amount = terminal.smallest;
    std::vector<int> fewer = terminal.intakes_a_day;
    if (terminal.down_to_once_a_day) {
      for (int n = ends_.intakes_a_day - 1; n >= 1; --n) fewer.push_back(n);
    }
    for (const int n : fewer) {
      amount = single * n;
      if (amount <= floor_ + eps_) break;
      push(amount, StepKind::stretch);
      out_.back().intakes_a_day = n;
    }
    for (const int n : terminal.every_n_days) {
      if (floor_ > 0) break;
      push(amount, StepKind::stretch);
      out_.back().intakes_a_day = 1;
      out_.back().every_n_days = n;
    }
    reduce_to(floor_);
  }

  Result<void> shrink(double percent, const std::optional<Terminal>& terminal) {
    while (!done()) {
      const double next = now_ * (100 - percent) / 100;
      if (meets_terminal(terminal, next)) {
        run_terminal(*terminal);
        break;
      }
      if (!reduce_to(next)) break;
    }
    return {};
  }

  Result<void> run(const PercentRule& rule) {
    if (auto ok = check_percent(rule.percent, 100); !ok) return ok;
    if (rule.basis == Basis::current) {
      if (auto ok = check_terminal(rule.terminal); !ok) return ok;
      return shrink(rule.percent, rule.terminal);
    }
    if (rule.terminal) {
      if (auto ok = check_terminal(rule.terminal); !ok) return ok;
    }
    const double from = now_;
    for (int k = 1; !done(); ++k) {
      const double next = from - k * (ends_.original * rule.percent / 100);
      if (meets_terminal(rule.terminal, next)) {
        run_terminal(*rule.terminal);
        break;
      }
      if (!reduce_to(next)) break;
    }
    return {};
  }

  Result<void> run(const BandRule& rule) {
    if (rule.bands.empty()) {
      return unexpected(error_of(Errc::empty_input, at(index_, "bands"), "needs one band or more"));
    }
    double above = 0;
    for (std::size_t i = 0; i < rule.bands.size(); ++i) {
      const BandRule::Band& band = rule.bands[i];
      if (!(band.step > 0) || !std::isfinite(band.step)) {
        return unexpected(error_at(Errc::out_of_range, at(index_, "bands.step"), i, band.step,
                                   "must be above 0"));
      }
      if (!(band.above >= 0) || !std::isfinite(band.above) || (i > 0 && band.above >= above)) {
        return unexpected(error_at(Errc::contradiction, at(index_, "bands.above"), i, band.above,
                                   "must be 0 or more and lower than the band before"));
      }
      above = band.above;
    }
    if (above != 0) {
      return unexpected(error_at(Errc::contradiction, at(index_, "bands.above"),
                                 rule.bands.size() - 1, above, "must be 0 in the last band"));
    }
    for (const BandRule::Band& band : rule.bands) {
      const double from = now_;
      for (int k = 1; !done() && now_ > band.above + eps_; ++k) {
        if (!reduce_to(std::max(from - k * band.step, band.above))) return {};
      }
    }
    return {};
  }

  Result<void> run(const EffectRule& rule) {
    if (rule.steps < 1 || rule.steps > static_cast<int>(most_steps)) {
      return refuse(Errc::out_of_range, index_, "steps", rule.steps, "must be 1 to 5000");
    }
    if (done()) return {};
    const double top = rule.curve.effect(now_);
    const double drop = (top - rule.curve.effect(floor_)) / rule.steps;
    for (int k = 1; k <= rule.steps && !done(); ++k) {
      if (k == rule.steps) {
        reduce_to(floor_);
        break;
      }
      const auto dose = rule.curve.dose_for(top - k * drop);
      if (!dose) {
        return refuse(Errc::not_computable, index_, "curve", top - k * drop,
                      "is an effect that no dose on this curve has");
      }
      if (!reduce_to(*dose)) break;
    }
    return {};
  }

  Result<void> run(const TwoPhaseRule& rule) {
    if (!(rule.percent > 0 && rule.percent < 100)) {
      return refuse(Errc::out_of_range, index_, "percent", rule.percent,
                    "must be above 0 and below 100");
    }
    if (!(rule.until_percent > 0 && rule.until_percent < 100)) {
      return refuse(Errc::out_of_range, index_, "until_percent", rule.until_percent,
                    "must be above 0 and below 100");
    }
    if (auto ok = check_terminal(rule.terminal); !ok) return ok;
    const double border = ends_.original * rule.until_percent / 100;
    const double from = now_;
    for (int k = 1; !done() && now_ > border + eps_; ++k) {
      double next = from - k * (ends_.original * rule.percent / 100);
      if (next < border + eps_) next = border;
      if (meets_terminal(rule.terminal, next)) {
        run_terminal(*rule.terminal);
        return {};
      }
      if (!reduce_to(next)) return {};
    }
    return shrink(rule.percent, rule.terminal);
  }

  Result<void> run(const RowsRule& rule) {
    if (rule.rows.empty()) {
      return unexpected(error_of(Errc::empty_input, at(index_, "rows"), "needs one row or more"));
    }
    for (std::size_t i = 0; i < rule.rows.size(); ++i) {
      const RowsRule::Row& row = rule.rows[i];
      if (!(row.amount >= 0) || !std::isfinite(row.amount)) {
        return unexpected(
            error_at(std::isfinite(row.amount) ? Errc::out_of_range : Errc::not_finite,
                     at(index_, "rows.amount"), i, row.amount, "must be 0 or more"));
      }
      if (row.length) {
        if (auto ok = check(*row.length, at(index_, "rows.length")); !ok) return ok;
      }
      if (row.amount > now_ + eps_ && !rule.may_rise) {
        return unexpected(error_at(Errc::contradiction, at(index_, "rows.amount"), i, row.amount,
                                   "goes up: say may_rise where that is meant"));
      }
      if (!row.intakes.empty()) {
        double sum = 0;
        for (const double intake : row.intakes) {
          if (!(intake >= 0) || !std::isfinite(intake)) {
            return unexpected(error_at(Errc::out_of_range, at(index_, "rows.intakes"), i, intake,
                                       "must be 0 or more"));
          }
          sum += intake;
        }
        if (std::abs(sum - row.amount) > 1e-9 * std::max(1.0, row.amount)) {
          return unexpected(error_at(Errc::contradiction, at(index_, "rows.intakes"), i, sum,
                                     "must add up to the row's amount"));
        }
      }
      if (left_ == 0) break;
      const double before = now_;
      const StepLength length = row.length.value_or(phase_length_);
      const double amount = rule.may_rise ? row.amount : std::max(row.amount, floor_);
      const StepKind kind = amount > before + eps_   ? StepKind::rise
                            : amount < before - eps_ ? StepKind::reduce
                                                     : StepKind::stay;
      push(amount, kind);
      out_.back().length = length;
      if (amount == row.amount) out_.back().intakes = row.intakes;
      if (out_.size() > most_steps) return {};
      if (!rule.may_rise && now_ <= floor_ + eps_) break;
    }
    stops_after_rows_ = true;
    return {};
  }

  Result<void> run(const FadeRule& rule) {
    if (rule.steps < 1 || rule.steps > static_cast<int>(most_steps)) {
      return refuse(Errc::out_of_range, index_, "steps", rule.steps, "must be 1 to 5000");
    }
    if (rule.grid && !(*rule.grid > 0 && std::isfinite(*rule.grid))) {
      return refuse(Errc::out_of_range, index_, "grid", *rule.grid, "must be above 0");
    }
    if (rule.shape == FadeRule::Shape::percent && !(floor_ > 0)) {
      return unexpected(error_of(Errc::contradiction, at(index_, "shape"),
                                 "percent never reaches zero: choose even or gentle"));
    }
    if (done()) return {};
    const double from = now_;
    // What is left after another phase may be less than one unit; a whole fade may not.
    if (rule.grid && rule.steps > 1 && out_.empty() && *rule.grid > (from - floor_) * (1 + 1e-9)) {
      return refuse(Errc::contradiction, index_, "grid", *rule.grid,
                    "must not be larger than the whole way: the fade would be one jump");
    }
    for (int k = 1; k <= rule.steps && left_ > 0; ++k) {
      const double t = static_cast<double>(k) / rule.steps;
      double amount = floor_;
      if (k < rule.steps) {
        switch (rule.shape) {
          case FadeRule::Shape::even:
            amount = from + (floor_ - from) * t;
            break;
          case FadeRule::Shape::gentle:
            amount = from + (floor_ - from) * (1 - std::cos(std::numbers::pi * t)) / 2;
            break;
          case FadeRule::Shape::percent:
            amount = from * std::pow(floor_ / from, t);
            break;
        }
        if (rule.grid) amount = std::floor(amount / *rule.grid + 1e-9) * *rule.grid;
        amount = std::clamp(amount, floor_, now_);
      }
      const bool falls = amount < now_ - eps_ || k == rule.steps;
      push(amount, falls ? StepKind::reduce : StepKind::stay);
      if (out_.size() > most_steps) return {};
      // Where whole units bring the arrival forward, that step is the arrival and says so.
      if (now_ <= floor_ + eps_) return {};
    }
    return {};
  }

  Result<void> run(const StayRule& rule) {
    if (auto ok = check(rule.length, at(index_, "length")); !ok) return ok;
    push(now_, StepKind::stay);
    out_.back().length = rule.length;
    return {};
  }

  CurveEnds ends_;
  double now_;
  double goal_ = 0;
  double floor_ = 0;  // where the present phase ends: the goal, or its own end above it
  StepLength length_;
  StepLength phase_length_;
  double eps_;
  std::size_t left_ = 0;
  int index_ = 0;
  bool stops_after_rows_ = false;
  std::vector<CurveStep> out_;
};

}  // namespace

std::string_view name(Basis basis) noexcept { return basis_names[static_cast<std::size_t>(basis)]; }
std::optional<Basis> find_basis(std::string_view text) noexcept {
  return find_in<Basis>(basis_names, text);
}
std::string_view name(FadeRule::Shape shape) noexcept {
  return shape_names[static_cast<std::size_t>(shape)];
}
std::optional<FadeRule::Shape> find_fade_shape(std::string_view text) noexcept {
  return find_in<FadeRule::Shape>(shape_names, text);
}
std::string_view name(StepKind kind) noexcept { return kind_names[static_cast<std::size_t>(kind)]; }
std::optional<StepKind> find_step_kind(std::string_view text) noexcept {
  return find_in<StepKind>(kind_names, text);
}

std::string_view kind(const ReductionRule& rule) noexcept {
  constexpr std::array<std::string_view, std::variant_size_v<ReductionRule>> names{
      "percent", "bands", "equal_effect", "two_phase", "rows", "fade", "stay"};
  return names[rule.index()];
}

Result<std::vector<CurveStep>> ideal_curve(std::span<const TaperPhase> phases,
                                           const CurveEnds& ends, StepLength step_length) {
  const auto number = [](double value, std::string_view field) -> Result<void> {
    if (!std::isfinite(value)) {
      return unexpected(error_at(Errc::not_finite, field, std::nullopt, value, "must be a number"));
    }
    if (value < 0) {
      return unexpected(
          error_at(Errc::out_of_range, field, std::nullopt, value, "must be 0 or more"));
    }
    return {};
  };
  if (auto ok = number(ends.original, "original"); !ok) return unexpected(ok.error());
  if (auto ok = number(ends.now, "now"); !ok) return unexpected(ok.error());
  if (ends.intakes_a_day < 1 || ends.intakes_a_day > 24) {
    return unexpected(error_at(Errc::out_of_range, "intakes_a_day", std::nullopt,
                               static_cast<double>(ends.intakes_a_day), "must be 1 to 24"));
  }
  if (ends.goal) {
    if (auto ok = number(*ends.goal, "goal"); !ok) return unexpected(ok.error());
  }
  if (phases.empty()) {
    return unexpected(error_of(Errc::empty_input, "rule", "needs one phase or more"));
  }
  if (auto ok = check(step_length, "step_length"); !ok) return unexpected(ok.error());
  Curve curve{ends, step_length};
  for (std::size_t i = 0; i < phases.size(); ++i) {
    if (auto ok = curve.add(phases[i], static_cast<int>(i)); !ok) return unexpected(ok.error());
  }
  return std::move(curve).finish(static_cast<int>(phases.size()) - 1);
}

Result<int> steps_to_fraction(double percent, double fraction) {
  if (!(percent > 0 && percent < 100)) {
    return unexpected(error_at(Errc::out_of_range, "percent", std::nullopt, percent,
                               "must be above 0 and below 100"));
  }
  if (!(fraction > 0 && fraction <= 1)) {
    return unexpected(error_at(Errc::out_of_range, "fraction", std::nullopt, fraction,
                               "must be above 0 and at most 1"));
  }
  const double exact = std::log(fraction) / std::log1p(-percent / 100);
  if (exact > 1e9) {
    return unexpected(
        error_at(Errc::too_large, "percent", std::nullopt, percent, "takes more than 1e9 steps"));
  }
  // A whole number must not become one more through the last bit of a logarithm.
  return static_cast<int>(std::ceil(exact - 1e-9));
}

Result<double> dose_after_steps(double start, double percent, int n) {
  if (!(start >= 0) || !std::isfinite(start)) {
    return unexpected(
        error_at(Errc::out_of_range, "start", std::nullopt, start, "must be 0 or more"));
  }
  if (!(percent > 0 && percent <= 100)) {
    return unexpected(error_at(Errc::out_of_range, "percent", std::nullopt, percent,
                               "must be above 0 and at most 100"));
  }
  if (n < 0) {
    return unexpected(error_at(Errc::out_of_range, "n", std::nullopt, static_cast<double>(n),
                               "must be 0 or more"));
  }
  return start * std::pow((100 - percent) / 100, n);
}

}  // namespace ombre::inline v0::plans
