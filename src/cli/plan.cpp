// `ombre plan`: a goal plan looked at: what it lacks, what can start, how it goes.
#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/output.hpp"
#include "cli/person_use.hpp"
#include "cli/plan_parts.hpp"
#include "core/text.hpp"
#include "ombre/io/goal_plan_json.hpp"
#include "ombre/io/life_csv.hpp"
#include "ombre/io/plan_figures.hpp"
#include "ombre/outcomes/use_and_life.hpp"
#include "ombre/plans/goal_graph.hpp"
#include "ombre/plans/progress.hpp"

namespace ombre::cli {
namespace {

using plans::Goal;
using plans::GoalStatus;

struct Options {
  std::string file;
  std::string today;
  std::string format;
  std::string output = "-";
  std::string svg;
  std::string tlfb, person, absent, life, sex;
  outcomes::UseAndLifeOptions together{};
};

std::string called(const Goal& goal) { return goal.words.empty() ? goal.id : goal.words; }

using ascii::plural;

std::string heading(const plans::GoalPlan& plan) {
  const auto& now = plan.now();
  return "Plan " + plan.id() + ", version " + std::to_string(plan.version()) + " of " +
         plan.history().change().on.iso() + ", " + std::string{plans::name(now.status)} + ": " +
         plural(now.goals.size(), "goal", "goals") + ", " +
         plural(now.activities.size(), "activity", "activities") + ".\n";
}

// One decimal at most, as people write rulers.
std::string number(double value) { return shortest(std::round(10 * value) / 10); }

Result<plans::GoalPlan> plan_in(const Options& o) {
  auto read = io::read_goal_plan(o.file);
  if (!read) return unexpected(read.error());
  if (read->answer == plans::Answer::refused) {
    Error error =
        error_of(Errc::contradiction, "", "a rule refuses this plan; ombre plan check says why");
    error.file = o.file;
    return unexpected(std::move(error));
  }
  return *std::move(read->plan);
}

Result<void> paths_fit(const Options& o) {
  const NamedPath inputs[] = {{"PLAN", o.file}, {"--tlfb", o.tlfb}, {"--life", o.life}};
  const NamedPath outputs[] = {{"--output", o.output}, {"--svg", o.svg}};
  return check_paths(inputs, outputs);
}

Exit run_check(const Options& o) {
  if (auto ok = paths_fit(o); !ok) return fail(ok.error());
  auto read = io::read_goal_plan(o.file);
  if (!read) return fail(read.error());
  std::vector<plans::RuleFinding> findings = read->findings;
  std::string above = read->plan ? heading(*read->plan) : "A rule refuses the first version.\n";
  if (read->answer == plans::Answer::refused) {
    if (read->plan) above += "A rule refuses the version after it.\n";
  } else if (!o.today.empty()) {
    const auto today = day_of("--today", o.today);
    if (!today) return fail(today.error());
    findings = plans::goal_plan_findings(read->plan->now(), *today);
  }
  return print_findings(above, findings, o.format, o.output);
}

// ---- next --------------------------------------------------------------------------------------

std::string next_text(const plans::GoalPlan& plan, const plans::GoalGraph& graph, Date today) {
  const auto& goals = plan.now().goals;
  std::string out = heading(plan);
  const auto start = graph.can_start();
  out += start.empty() ? "\nNothing new can start now.\n" : "\nCan start now\n";
  for (const std::size_t g : start) {
    out += "  - " + called(goals[g]);
    for (const auto& m : goals[g].milestones) {
      if (m.reached_on) continue;
      out += " (next: " + (m.words.empty() ? m.id : m.words) + ")";
      break;
    }
    out += '\n';
    std::vector<std::string> done;
    for (const auto& weekly : goals[g].weekly) {
      if (std::ranges::find(done, weekly.substance) != done.end()) continue;
      done.push_back(weekly.substance);
      if (const auto* limit = plans::weekly_goal_on(goals[g], weekly.substance, today)) {
        out += "      this week: at most " + shortest(limit->amount) + " " + limit->unit + " of " +
               limit->substance + '\n';
      }
    }
  }
  const auto waiting = graph.waiting();
  if (!waiting.empty()) out += "\nWaits\n";
  for (const auto& w : waiting) {
    out += "  - " + called(goals[w.goal]) + ", for ";
    for (std::size_t i = 0; i < w.needs.size(); ++i) {
      out += (i == 0 ? "" : i + 1 == w.needs.size() ? " and " : ", ") + called(goals[w.needs[i]]);
    }
    out += '\n';
  }
  if (const auto chain = graph.longest_chain(today); chain && chain->goals.size() > 1) {
    out += "\nLongest way: ";
    for (std::size_t i = 0; i < chain->goals.size(); ++i) {
      out += (i == 0 ? "" : ", then ") + called(goals[chain->goals[i]]);
    }
    if (chain->days > 0) {
      out += "; about " + plural(static_cast<std::size_t>(chain->days), "day", "days") + ", " +
             (chain->without_days > 0 ? "not before " : "until ") + chain->ends.iso();
    }
    out += ".\n";
  }
  bool head = false;
  for (const auto& a : plan.now().activities) {
    if ((a.first && today < *a.first) || (a.last && *a.last < today)) continue;
    if (!head) out += "\nGoing on\n";
    head = true;
    std::string kind{plans::name(a.kind)};
    std::ranges::replace(kind, '_', ' ');
    out += "  - " + (a.words.empty() ? kind : a.words + " (" + kind + ")") + '\n';
  }
  if (plan.now().next_review) {
    const std::string on = plan.now().next_review->iso();
    out += *plan.now().next_review < today
               ? "\nIt was to be looked at together on " + on + "; today is a good day for it.\n"
               : "\nLooked at together next on " + on + ".\n";
  }
  return out;
}

Rows next_rows(const plans::GoalPlan& plan, const plans::GoalGraph& graph, Date today) {
  const auto& goals = plan.now().goals;
  Rows rows{
      .columns = {
          {"goal"}, {"words"}, {"aim"}, {"state"}, {"waits_for"}, {"chain_days"}, {"chain_ends"}}};
  const auto start = graph.can_start();
  const auto waiting = graph.waiting();
  for (std::size_t g = 0; g < goals.size(); ++g) {
    std::string state{plans::name(goals[g].status)};
    std::string needs;
    if (std::ranges::find(start, g) != start.end()) state = "can_start";
    for (const auto& w : waiting) {
      if (w.goal != g) continue;
      state = "waits";
      for (const std::size_t n : w.needs) needs += (needs.empty() ? "" : " ") + goals[n].id;
    }
    const auto chain = graph.longest_chain(g, today);
    rows.add({goals[g].id, goals[g].words, plans::name(goals[g].aim), state, needs,
              chain ? Cell{static_cast<double>(chain->days), 0} : Cell{},
              chain ? chain->ends.iso() : ""});
  }
  return rows;
}

Result<void> draw_goals(const Options& o, const plans::GoalPlan& plan, Beside& beside) {
  if (o.svg.empty()) return {};
  io::GoalFigureOptions figure;
  figure.title = "Goals of plan " + plan.id();
  figure.subtitle =
      "version " + std::to_string(plan.version()) + ", " + plan.history().change().on.iso();
  const auto svg = io::goal_graph_figure(plan.now().goals, figure);
  if (!svg) return unexpected(svg.error());
  return beside.add(o.svg, *svg);
}

Exit run_next(const Options& o) {
  if (auto ok = paths_fit(o); !ok) return fail(ok.error());
  const auto today = day_of("--today", o.today);
  if (!today) return fail(today.error());
  const auto plan = plan_in(o);
  if (!plan) return fail(plan.error());
  const auto graph = plans::GoalGraph::from(plan->now().goals);
  if (!graph) return fail(graph.error());
  Beside beside;
  if (auto drawn = draw_goals(o, *plan, beside); !drawn) return fail(drawn.error());
  if (!o.format.empty() && o.format != "text") {
    return print(next_rows(*plan, *graph, *today), choose_format(o.format, o.output), o.output,
                 beside);
  }
  const auto written = write_text(o.output, next_text(*plan, *graph, *today), beside);
  return written ? Exit::ok : fail(written.error());
}

// ---- progress ----------------------------------------------------------------------------------

std::string ruler_text(std::string_view name, const plans::RatingTrend& t) {
  if (t.n == 0) return {};
  std::string out = "      " + std::string{name} + ": " + number(*t.last) + " of 10";
  if (t.n > 1) out += ", was " + number(*t.first);
  if (t.per_30_days) {
    out += *t.per_30_days > 0   ? " (rising by " + number(*t.per_30_days) + " a month)"
           : *t.per_30_days < 0 ? " (falling by " + number(-*t.per_30_days) + " a month)"
                                : " (steady)";
  }
  return out + '\n';
}

Result<std::string> progress_text(const plans::GoalPlan& plan, Date today) {
  const auto& now = plan.now();
  std::string out = heading(plan);
  for (const Goal& goal : now.goals) {
    std::string status{plans::name(goal.status)};
    std::ranges::replace(status, '_', ' ');
    out += "\n" + called(goal) + " (" + status + ")\n";
    if (!goal.stages.empty()) {
      out += "      stage: " + std::string{plans::name(goal.stages.back().stage)} + ", since " +
             goal.stages.back().on.iso() + '\n';
    }
    for (const auto& [ruler, ratings] :
         {std::pair{"importance", &goal.importance}, std::pair{"readiness", &goal.readiness},
          std::pair{"confidence", &goal.confidence}}) {
      const auto trend = plans::rating_trend(*ratings);
      if (!trend) return unexpected(trend.error());
      out += ruler_text(ruler, *trend);
    }
    for (const auto& m : goal.milestones) {
      if (!m.reached_on || *m.reached_on > today) continue;
      out += "      reached on " + m.reached_on->iso() + ": " + (m.words.empty() ? m.id : m.words) +
             (m.acknowledged ? "" : " (not celebrated yet)") + '\n';
    }
    if (!goal.grew_from.empty()) out += "      grew from: " + goal.grew_from + '\n';
  }
  const auto attainment = plans::goal_attainment(now.goals, today);
  if (!attainment) return unexpected(attainment.error());
  if (attainment->t) {
    out += "\nGoal attainment: T = " + number(*attainment->t) + ", from " +
           number(*attainment->baseline_t) +
           " at the start; 50 is what was expected "
           "(Kiresuk & Sherman 1968).\n";
  }
  if (!now.triggers.empty()) {
    out += "\nFound out so far\n";
    for (const auto& t : plans::trigger_stats(now.triggers, Date::min(), today)) {
      out += "  - " + std::string{plans::in_words(t.kind)} + ", " +
             plural(t.times, "time", "times") +
             (t.passed > 0 ? ", " + std::to_string(t.passed) + " passed without use" : "") + '\n';
    }
  }
  return out;
}

Result<Rows> progress_rows(const plans::GoalPlan& plan, Date today) {
  Rows rows{.columns = {{"goal"},
                        {"aim"},
                        {"status"},
                        {"stage"},
                        {"readiness"},
                        {"confidence"},
                        {"confidence_per_30_days"},
                        {"milestones"},
                        {"milestones_reached"},
                        {"attainment_level"}}};
  for (const Goal& goal : plan.now().goals) {
    const auto readiness = plans::rating_trend(goal.readiness);
    const auto confidence = plans::confidence_trend(goal);
    if (!readiness || !confidence) {
      return unexpected(!readiness ? readiness.error() : confidence.error());
    }
    double reached = 0;
    for (const auto& m : goal.milestones) {
      reached += m.reached_on && *m.reached_on <= today ? 1 : 0;
    }
    Cell level;
    if (goal.scale) {
      for (const auto& s : goal.scale->scores) {
        if (s.on <= today) level = Cell{static_cast<double>(s.level), 0};
      }
    }
    rows.add({goal.id, plans::name(goal.aim), plans::name(goal.status),
              goal.stages.empty() ? std::string_view{} : plans::name(goal.stages.back().stage),
              Cell{readiness->last, 1}, Cell{confidence->last, 1}, confidence->per_30_days,
              Cell{static_cast<double>(goal.milestones.size()), 0}, Cell{reached, 0}, level});
  }
  return rows;
}

// How use and life moved together, and the ups and downs of use; nothing where no life was given.
struct Together {
  std::vector<outcomes::UseAndLifeRow> rows{};
  std::vector<std::string> cycles{};
};

Result<Together> together_of(const Options& o) {
  Together out;
  if (o.life.empty()) return out;
  const auto person = use_of(o.tlfb, o.person, o.absent);
  if (!person) return unexpected(person.error());
  const auto life = io::read_life_csv(o.life, o.person);
  if (!life) return unexpected(life.error());
  outcomes::UseAndLifeOptions how = o.together;
  if (!o.sex.empty()) {
    const auto sex = sex_from(o.sex);
    if (!sex) return unexpected(sex.error());
    how.sex = *sex;
  }
  auto rows = outcomes::use_against_life(person->use, *life, how);
  if (!rows) return unexpected(rows.error());
  out.rows = *std::move(rows);
  for (const outcomes::UseHistory& use : person->use) {
    const auto spells = outcomes::place_by_days(use, std::max(28, how.step_days), how.sex);
    if (!spells) return unexpected(spells.error());
    if (spells->empty()) continue;
    const auto c = spectrum::cycle_summary(*spells);
    if (!c) return unexpected(c.error());
    std::string shape{spectrum::name(c->shape)};
    std::ranges::replace(shape, '_', ' ');
    out.cycles.push_back(
        use.substance + ": " + shape + ", " + plural(c->steps_up, "step", "steps") + " up and " +
        std::to_string(c->steps_down) + " down" +
        (c->median_period_days ? ", " + number(*c->median_period_days) + " days from peak to peak"
                               : "") +
        ".");
  }
  report(person->read);
  report(person->built);
  return out;
}

std::string together_text(const Together& t) {
  if (t.rows.empty()) return {};
  std::string out = "\nUse and life\n";
  // One sentence a substance and thing in life: by amount where it is known, at the same time.
  std::vector<std::pair<std::string, std::string>> said;
  for (const auto& row : t.rows) {
    const std::pair both{row.substance, row.life};
    if (!row.result.correlation.rho || row.result.correlation.lag != 0 ||
        std::ranges::find(said, both) != said.end()) {
      continue;
    }
    said.push_back(both);
    out += "  - " + row.result.says + '\n';
  }
  if (said.empty()) out += "  - There is not yet enough to set side by side.\n";
  out += "  " + plural(t.rows.size(), "look", "looks") +
         " in all, also later steps and the place on the spectrum: --format table. Of many looks\n"
         "  the largest number is not a finding.\n";
  if (!t.cycles.empty()) out += "\nUps and downs, in windows of four weeks or more\n";
  for (const std::string& line : t.cycles) out += "  - " + line + '\n';
  return out;
}

Rows together_rows(const Together& t) {
  Rows rows{.columns = {{"substance"},
                        {"measure"},
                        {"life"},
                        {"step_days"},
                        {"lag"},
                        {"n"},
                        {"rho"},
                        {"lower"},
                        {"upper"},
                        {"effective_n"},
                        {"says", false}}};
  for (const auto& row : t.rows) {
    const auto& c = row.result.correlation;
    rows.add({row.substance, outcomes::name(row.measure), row.life,
              Cell{static_cast<double>(row.step_days), 0}, Cell{static_cast<double>(c.lag), 0},
              Cell{static_cast<double>(c.n), 0}, c.rho, c.low, c.high, Cell{c.effective_n, 1},
              row.result.says});
  }
  return rows;
}

Exit run_progress(const Options& o) {
  if (auto ok = paths_fit(o); !ok) return fail(ok.error());
  const auto today = day_of("--today", o.today);
  if (!today) return fail(today.error());
  const auto plan = plan_in(o);
  if (!plan) return fail(plan.error());
  const auto together = together_of(o);
  if (!together) return fail(together.error());
  if (!o.format.empty() && o.format != "text" && !o.life.empty()) {
    return print(together_rows(*together), choose_format(o.format, o.output), o.output);
  }
  if (!o.format.empty() && o.format != "text") {
    const auto rows = progress_rows(*plan, *today);
    if (!rows) return fail(rows.error());
    return print(*rows, choose_format(o.format, o.output), o.output);
  }
  const auto text = progress_text(*plan, *today);
  if (!text) return fail(text.error());
  const auto written = write_text(o.output, *text + together_text(*together));
  return written ? Exit::ok : fail(written.error());
}

using Runs = std::vector<std::pair<CLI::App*, Command::Run>>;

void add(CLI::App& app, Runs& runs, const std::string& name, const std::string& summary,
         Exit (*run)(const Options&), bool figure) {
  CLI::App* sub = app.add_subcommand(name, summary);
  auto o = std::make_shared<Options>();
  sub->add_option("PLAN", o->file, "Goal plan as JSON (docs/goals.md; - is standard input)")
      ->required();
  sub->add_option("--today", o->today,
                  name == "check" ? "Look at it as of this day; without it, as of its last change"
                                  : "As of this day; without it, the machine's date");
  add_text_format(*sub, o->format);
  sub->add_option("-o,--output", o->output, "File to write; - is standard output")
      ->capture_default_str();
  if (figure) sub->add_option("--svg", o->svg, "Draw the goals and what waits for what there");
  if (name == "progress") {
    auto* tlfb = sub->add_option("--tlfb", o->tlfb,
                                 "Table of use, to set beside life: CSV or gzip, as for ombre "
                                 "metrics");
    auto* life = sub->add_option("--life", o->life,
                                 "CSV with a date and a column for each thing in life that was "
                                 "written down: days of work, sleep, mood");
    tlfb->needs(life);
    life->needs(tlfb);
    sub->add_option("--person", o->person, "Whose rows, where the tables hold several people");
    sub->add_option("--absent", o->absent,
                    "What a day without a row means: none or unknown (the default)")
        ->check(CLI::IsMember({"none", "unknown"}));
    sub->add_option("--step", o->together.step_days, "Days of a step of time")
        ->check(CLI::Range(1, 366))
        ->capture_default_str();
    sub->add_option("--lag", o->together.most_lag, "Look at life up to that many steps later")
        ->check(CLI::Range(0, 52))
        ->capture_default_str();
    sub->add_option("--sex", o->sex, "female or male, for the WHO levels of alcohol");
  }
  runs.emplace_back(sub, [o, run] { return run(*o); });
}

const Command plan{
    "plan", "A goal plan: what it lacks, what can start, how it goes", 52,
    [](CLI::App& app) -> Command::Run {
      app.require_subcommand(1, 1);
      auto runs = std::make_shared<Runs>();
      add(app, *runs, "check", "What a plan lacks, and what cannot stay as it is", run_check,
          false);
      add(app, *runs, "next", "What can start now, what waits and for what", run_next, true);
      add(app, *runs, "progress", "How each goal goes: stages, rulers, milestones, attainment",
          run_progress, false);
      app.footer(
          "\nA plan belongs to the person: nobody else accepts it or lets a goal go, and nothing\n"
          "in life waits for a goal about use unless they say so. A plan that a rule refuses ends\n"
          "`check` with exit code 4.\n"
          "Example: ombre plan next PLAN.json --today 2026-03-02 --svg goals.svg");
      return [runs] {
        for (const auto& [chosen, run_it] : *runs) {
          if (chosen->parsed()) return run_it();
        }
        return Exit::usage;
      };
    }};

}  // namespace
}  // namespace ombre::cli
