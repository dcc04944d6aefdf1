#include "ombre/plans/cross_taper.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ombre/plans/taper_substance.hpp"
#include "ombre/substance/diazepam.hpp"
#include "taper_request_guard.hpp"

namespace ombre::inline v0::plans {
namespace {

Unexpected wrong(Errc code, std::string_view field, std::string_view value, std::string_view rule) {
  return unexpected(error_at(code, field, std::nullopt, value, rule));
}

Result<void> check_base(const TaperRequest& base) {
  if (base.lines.size() != 1) {
    return wrong(Errc::size_mismatch, "lines", std::to_string(base.lines.size()),
                 "must be one: what is taken today");
  }
  if (base.lines[0].intakes.empty()) {
    return wrong(Errc::missing, "lines[0].today", "", "is required");
  }
  if (!base.lines[0].rule.empty() || !base.lines[0].named_rule.empty()) {
    return wrong(Errc::contradiction, "lines[0].rule", "",
                 "must be left out: the substitution decides it");
  }
  if (base.lines[0].per != Per::day) {
    return wrong(Errc::contradiction, "lines[0].per", "week", "must be a day");
  }
  return {};
}

}  // namespace

namespace detail {

// What each source says that 1 mg of `from` equals in mg of `to`, lowest first.
Result<std::vector<SubstitutionFigure>> table_figures(const substance::Substance& from,
                                                      const substance::Substance& to,
                                                      const substance::Catalogue& catalogue) {
  const auto one = DoseMg::from(1);
  const auto left = substance::diazepam_equivalent(from, *one, {}, catalogue);
  if (!left) return unexpected(left.error());
  const auto right = substance::diazepam_equivalent(to, *one, {}, catalogue);
  if (!right) return unexpected(right.error());
  std::vector<SubstitutionFigure> out;
  for (const substance::SourceFigure& a : left->figures) {
    // Diazepam is 10 to 10 in every table; another target needs a figure in the same table.
    std::optional<double> per_unit;
    if (to.id == "diazepam") {
      per_unit = a.value_mg;
    } else {
      for (const substance::SourceFigure& b : right->figures) {
        if (b.row.source->id == a.row.source->id) per_unit = a.value_mg / b.value_mg;
      }
    }
    if (!per_unit) continue;
    out.push_back({std::string{a.row.source->id}, std::string{a.row.source->citation}, *per_unit});
  }
  if (out.empty()) {
    return wrong(Errc::not_computable, "substitute.to", to.id,
                 "has no equivalence in a table that also holds " + std::string{from.id});
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.per_unit < b.per_unit; });
  return out;
}

std::optional<std::vector<SubstitutionFigure>> builtin_figures(std::string_view from,
                                                               std::string_view to) {
  const auto& tables = substance::builtin();
  const auto old = tables.find(from);
  const auto replacement = tables.find(to);
  if (!old || !replacement || old->cls == substance::Class::opioid ||
      replacement->cls == substance::Class::opioid) {
    return std::nullopt;
  }
  auto figures = table_figures(*old, *replacement, tables);
  if (!figures) return std::nullopt;
  return std::move(*figures);
}

bool among(std::span<const SubstitutionFigure> known, const SubstitutionFigure& figure) {
  return std::any_of(known.begin(), known.end(), [&figure](const SubstitutionFigure& k) {
    return k.source == figure.source && std::abs(k.per_unit - figure.per_unit) <= 1e-9 * k.per_unit;
  });
}

}  // namespace detail

Result<TaperRequest> cross_taper_request(const TaperRequest& base, const CrossTaper& cross,
                                         const substance::Catalogue& catalogue) {
  if (auto ok = check_base(base); !ok) return unexpected(ok.error());
  if (auto ok = check(cross.stage, "substitute.stage"); !ok) return unexpected(ok.error());
  TaperRequest out = base;
  TaperLine& old = out.lines[0];
  const DoseUnit unit = old.intakes.front().amount.unit();
  if (unit != DoseUnit::mg) {
    return wrong(Errc::unsupported, "lines[0].today", name(unit), "must be in mg");
  }
  if (cross.to.empty() == !cross.to_substance) {
    return wrong(cross.to.empty() ? Errc::missing : Errc::contradiction, "substitute.to", cross.to,
                 "needs either a name that a catalogue knows or a substance written out");
  }
  const auto from = catalogue.find(old.what.id);
  const auto to = catalogue.find(cross.to_substance ? cross.to_substance->id : cross.to);
  if (!to && !cross.to_substance) return unexpected(to.error());
  if (!from && cross.figures.empty()) {
    return wrong(Errc::missing, "substitute.figures", old.what.id,
                 "are required, as no table holds this medicine: what one mg of it equals in mg of "
                 "the new one, with its source");
  }
  const substance::Class to_class = cross.to_substance ? cross.to_substance->cls : to->cls;
  if (old.what.cls == substance::Class::opioid || to_class == substance::Class::opioid) {
    return wrong(Errc::unsupported, "substitute.to", cross.to,
                 "cannot be chosen for opioids: morphine equivalents count risk and never choose a "
                 "dose; a clinician does");
  }
  Substitution substitution;
  const std::string to_id = cross.to_substance ? cross.to_substance->id : std::string{to->id};
  const auto known = detail::builtin_figures(old.what.id, to_id);
  if (cross.figures.empty()) {
    if (!from || !to) {
      return wrong(
          Errc::missing, "substitute.figures", to_id,
          "are required where no table holds both medicines: what one mg of the old equals "
          "in mg of the new, with its source");
    }
    auto figures = detail::table_figures(*from, *to, catalogue);
    if (!figures) return unexpected(std::move(figures).error());
    substitution.figures = std::move(*figures);
    for (SubstitutionFigure& figure : substitution.figures) {
      figure.callers = !known || !detail::among(*known, figure);
    }
  } else {
    if (known) {
      return wrong(Errc::contradiction, "substitute.figures", to_id,
                   "must be left out: the tables hold figures for these two medicines");
    }
    for (std::size_t i = 0; i < cross.figures.size(); ++i) {
      SubstitutionFigure figure = cross.figures[i];
      if (figure.source.find_first_not_of(" \t\r\n") == std::string::npos) {
        return unexpected(error_at(Errc::missing, "substitute.figures.source", i, figure.source,
                                   "is required: where the figure comes from"));
      }
      if (!(std::isfinite(figure.per_unit) && figure.per_unit > 0 && figure.per_unit < 1e6)) {
        return unexpected(error_at(Errc::out_of_range, "substitute.figures.per_unit", i,
                                   figure.per_unit, "must be above 0"));
      }
      figure.callers = true;
      substitution.figures.push_back(std::move(figure));
    }
    std::stable_sort(substitution.figures.begin(), substitution.figures.end(),
                     [](const auto& x, const auto& y) { return x.per_unit < y.per_unit; });
  }
  if (!cross.source.empty()) {
    const auto at =
        std::find_if(substitution.figures.begin(), substitution.figures.end(),
                     [&](const SubstitutionFigure& f) { return f.source == cross.source; });
    if (at == substitution.figures.end()) {
      return wrong(Errc::unknown_name, "substitute.source", cross.source,
                   "has no figure for these two medicines");
    }
    substitution.used = static_cast<std::size_t>(at - substitution.figures.begin());
  }

  const std::size_t n = old.intakes.size();
  std::vector<std::size_t> order = cross.order;
  if (order.empty()) {
    order.push_back(n - 1);
    for (std::size_t i = 0; i + 1 < n; ++i) order.push_back(i);
  }
  std::vector<std::size_t> sorted = order;
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::size_t> all(n);
  std::iota(all.begin(), all.end(), std::size_t{0});
  if (sorted != all) {
    return wrong(Errc::contradiction, "substitute.order", "",
                 "must name each of today's intakes once");
  }

  RowsRule down;
  RowsRule up;
  up.may_rise = true;
  std::vector<double> left;
  std::vector<double> taken(n, 0.0);
  for (const IntakeNow& intake : old.intakes) left.push_back(intake.amount.value());
  for (const std::size_t at : order) {
    taken[at] = left[at] * substitution.ratio();
    left[at] = 0;
    down.rows.push_back({std::accumulate(left.begin(), left.end(), 0.0), cross.stage, left});
    up.rows.push_back({std::accumulate(taken.begin(), taken.end(), 0.0), cross.stage, taken});
  }
  // The last stage of the old one is the day without it.
  down.rows.pop_back();
  if (down.rows.empty()) {
    old.rule = {TaperPhase{PercentRule{100, Basis::original}}};
  } else {
    old.rule = {TaperPhase{std::move(down)}};
  }
  old.goal = {GoalKind::zero, std::nullopt, ""};

  TaperSubstanceOptions options;
  options.prescribed = old.what.prescribed;
  TaperLine line;
  if (cross.to_substance) {
    line.what = *cross.to_substance;
  } else {
    auto what = taper_substance(cross.to, unit, options, catalogue);
    if (!what) return unexpected(std::move(what).error());
    line.what = std::move(*what);
  }
  for (const IntakeNow& intake : old.intakes) {
    line.intakes.push_back({Amount{unit}, intake.label, intake.minute_of_day});
  }
  const double height = up.rows.back().amount;
  auto original = Amount::nearest(height, unit);
  if (!original) return unexpected(std::move(original).error());
  line.original = *original;
  const double largest = *std::max_element(taken.begin(), taken.end());
  for (const double intake : taken) {
    line.shares.push_back(largest > 0 ? static_cast<std::uint32_t>(intake / largest * 1000 + 0.5)
                                      : 1U);
  }
  line.products = cross.products;
  line.candidates = cross.candidates;
  line.limits = cross.limits;
  line.goal = cross.goal;
  line.rule.push_back(TaperPhase{std::move(up), "substitution"});
  std::vector<TaperPhase> then = cross.then;
  if (!cross.then_named.empty()) {
    if (!then.empty()) {
      return wrong(Errc::contradiction, "substitute.then", "",
                   "needs either phases or the name of a published rule");
    }
    TaperLine named = line;
    named.rule.clear();
    named.named_rule = cross.then_named;
    auto phases = phases_of(named);
    if (!phases) {
      Error error = std::move(phases).error();
      if (error.field == "rule") error.field = "substitute.then_named";
      return unexpected(std::move(error));
    }
    then = std::move(*phases);
    if (!out.calendar.step_length_given) {
      out.calendar.step_length = find_named_rule(cross.then_named)->step_length;
      out.calendar.step_length_given = true;
    }
  }
  line.rule.insert(line.rule.end(), then.begin(), then.end());
  out.lines.push_back(std::move(line));
  out.substitution = std::move(substitution);
  return out;
}

Result<TaperRequest> low_dose_start_request(const TaperRequest& base, const LowDoseStart& start,
                                            const substance::Catalogue& catalogue) {
  if (auto ok = check_base(base); !ok) return unexpected(ok.error());
  const NamedRule* rule = find_named_rule(start.rule);
  if (rule == nullptr || rule->phases.size() != 1 ||
      !std::holds_alternative<RowsRule>(rule->phases[0].rule) ||
      !std::get<RowsRule>(rule->phases[0].rule).may_rise) {
    return wrong(Errc::unknown_name, "low_dose_start.rule", start.rule,
                 "is not a published table of a low-dose start");
  }
  TaperRequest out = base;
  TaperLine& agonist = out.lines[0];
  if (agonist.what.cls != substance::Class::opioid || agonist.what.id == "buprenorphine") {
    return wrong(Errc::contradiction, "lines[0].substance", agonist.what.id,
                 "must be a full opioid agonist");
  }
  const RowsRule& rows = std::get<RowsRule>(rule->phases[0].rule);
  out.calendar.step_length = {1, LengthUnit::weeks};
  out.calendar.step_length_given = true;

  const auto days = static_cast<std::int32_t>(rows.rows.size());
  PercentRule fall{start.agonist_percent_a_week, start.agonist_basis};
  if (start.agonist_basis == Basis::current) {
    Terminal terminal;
    if (start.agonist_smallest) terminal.smallest = start.agonist_smallest->value();
    fall.terminal = terminal;
  }
  agonist.rule = {TaperPhase{StayRule{{days, LengthUnit::days}}, "unchanged"},
                  TaperPhase{fall, "then less"}};
  agonist.goal = {GoalKind::zero, std::nullopt, ""};

  TaperSubstanceOptions options;
  options.agonist_treatment = true;
  options.form = substance::DoseForm::sublingual_tablet;
  auto what = taper_substance("buprenorphine", DoseUnit::mg, options, catalogue);
  if (!what) return unexpected(std::move(what).error());
  TaperLine line;
  line.what = std::move(*what);
  const std::size_t intakes = rows.rows.front().intakes.size();
  constexpr std::string_view labels[] = {"morning", "noon", "evening"};
  for (std::size_t i = 0; i < intakes; ++i) {
    const std::size_t label = intakes == 2 ? 2 * i : i;
    line.intakes.push_back(
        {Amount{DoseUnit::mg}, label < 3 ? std::string{labels[label]} : "", std::nullopt});
  }
  RowsRule table = rows;
  for (RowsRule::Row& row : table.rows) {
    if (!row.length) row.length = rule->step_length;
  }
  auto original = Amount::nearest(rows.rows.back().amount, DoseUnit::mg);
  if (!original) return unexpected(std::move(original).error());
  line.original = *original;
  line.products = start.products;
  line.goal = {GoalKind::undecided, std::nullopt, ""};
  line.rule = {TaperPhase{std::move(table), std::string{rule->title}},
               TaperPhase{StayRule{start.then_stay}, "a clinician decides further"}};
  out.lines.push_back(std::move(line));
  out.substitution = Substitution{};
  if (rule->confidence == Confidence::uncertain &&
      std::find(out.accept_uncertain.begin(), out.accept_uncertain.end(), start.rule) ==
          out.accept_uncertain.end()) {
    return wrong(Errc::unsupported, "low_dose_start.rule", start.rule,
                 "is marked uncertain: name it in accept_uncertain to use it all the same");
  }
  return out;
}

}  // namespace ombre::inline v0::plans
