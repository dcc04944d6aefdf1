// `ombre taper`: from a request to a plan, and what can be done with one.
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/output.hpp"
#include "cli/rows.hpp"
#include "cli/taper_parts.hpp"
#include "ombre/plans/guard.hpp"
#include "ombre/plans/taper_check.hpp"

namespace ombre::cli {
namespace {

struct Options {
  std::string file;
  TaperOutput output;
  int as_of = 0;
  std::string answer;
  bool notes = false;
};

// A plan is shown whatever its guards say by now, and who reads it is told.
void say_refusals(const plans::TaperPlan& plan) {
  const auto answer = plans::check_guards(plan);
  if (!answer || answer->answer != plans::Answer::refused) return;
  std::cerr << "This plan does not pass its guards (ombre taper check tells more):\n";
  for (const plans::RuleFinding& finding : answer->findings) {
    if (finding.answer == plans::Answer::refused && !finding.overridden) {
      std::cerr << describe(finding) << '\n';
    }
  }
}

Exit run(const Options& options) {
  if (options.file.empty()) {
    return fail("say which request or plan: ombre taper FILE, or ombre taper --help", Exit::usage);
  }
  const NamedPath inputs[] = {{"FILE", options.file}, {"--language", options.output.language}};
  const NamedPath outputs[] = {{"--output", options.output.path}, {"--answer", options.answer}};
  if (auto ok = check_paths(inputs, outputs); !ok) return fail(ok.error());
  auto document = read_taper_document(options.file);
  if (!document) return fail(document.error());
  if (const auto* plan = std::get_if<plans::TaperPlan>(&*document)) {
    say_refusals(*plan);
    if (options.as_of == 0) return write_plan(*plan, options.output);
    if (static_cast<std::size_t>(options.as_of) > plan->version()) {
      return fail("the plan has " + std::to_string(plan->version()) + " versions, and --as-of is " +
                  std::to_string(options.as_of));
    }
    return write_plan(plan->as_of(static_cast<std::size_t>(options.as_of)), options.output);
  }
  const auto* request = std::get_if<plans::TaperRequest>(&*document);
  if (request == nullptr) {
    return fail(options.file + " asks for the best taper: ombre taper best " + options.file);
  }
  const auto answer = plans::make_taper(*request);
  if (!answer) {
    Error error = answer.error();
    if (error.row) error.field += '[' + std::to_string(*error.row) + ']';
    error.row.reset();
    error.file = options.file == "-" ? "standard input" : options.file;
    return fail(error);
  }
  const Exit told = tell(*answer, options.answer, options.notes, options.output.language);
  return told == Exit::ok ? write_plan(*answer->plan, options.output) : told;
}

// ---- check -------------------------------------------------------------------------------------

struct CheckOptions {
  std::string file;
  std::string format;
  std::string output = "-";
  std::string from;
  std::string rows = "versions";
};

Rows versions_of(const plans::TaperPlan& plan) {
  Rows rows{.columns = {{"version"},
                        {"what"},
                        {"on"},
                        {"from"},
                        {"by"},
                        {"role"},
                        {"why"},
                        {"status"},
                        {"steps"},
                        {"waiting"},
                        {"ends"},
                        {"set_aside"}}};
  for (std::size_t v = 1; v <= plan.version(); ++v) {
    const plans::Change& change = plan.history().change(v);
    const plans::TaperVersion& version = plan.history().at(v);
    std::string set_aside;
    for (const plans::Override& one : change.overrides) {
      set_aside += (set_aside.empty() ? "" : "; ") + one.rule + ": " + one.reason;
    }
    rows.add({Cell{static_cast<double>(v), 0}, change.what, change.on.iso(), change.from.iso(),
              change.by.name, plans::name(change.by.role), change.why, plans::name(version.status),
              Cell{static_cast<double>(version.steps.size()), 0},
              Cell{static_cast<double>(version.pending.size()), 0},
              version.ends ? version.ends->iso() : std::string{}, set_aside});
  }
  return rows;
}

Rows findings_of(const plans::TaperAnswer& answer) {
  Rows rows{.columns = {{"rule"},
                        {"answer"},
                        {"severity"},
                        {"on"},
                        {"step"},
                        {"measured"},
                        {"limit"},
                        {"unit"},
                        {"text"},
                        {"source"},
                        {"citation", false},
                        {"set_aside_by", false},
                        {"reason", false}}};
  for (const plans::RuleFinding& f : answer.findings) {
    std::optional<double> step;
    if (f.step) step = *f.step;
    rows.add({f.rule->id, f.overridden ? std::string_view{"overridden"} : plans::name(f.answer),
              name(f.severity), f.on ? f.on->iso() : std::string{}, Cell{step, 0}, f.measured,
              f.limit, f.unit, f.text, f.rule->source->id, f.rule->source->citation,
              f.overridden ? f.overridden->by.name : std::string{},
              f.overridden ? f.overridden->reason : std::string{}});
  }
  return rows;
}

Exit run_check(const CheckOptions& options) {
  const NamedPath inputs[] = {{"PLAN", options.file}};
  const NamedPath outputs[] = {{"--output", options.output}};
  if (auto ok = check_paths(inputs, outputs); !ok) return fail(ok.error());
  const auto plan = read_plan_only(options.file);  // reading is checking that it agrees with itself
  if (!plan) return fail(plan.error());
  std::optional<Date> from;
  if (!options.from.empty()) {
    const auto day = Date::parse(options.from);
    if (!day) {
      return fail(
          error_at(Errc::malformed, "--from", std::nullopt, options.from, day.error().rule));
    }
    from = *day;
  }
  const auto answer = plans::check_guards(*plan, from);
  if (!answer) {
    Error error = answer.error();
    error.file = options.file == "-" ? "standard input" : options.file;
    return fail(error);
  }
  const bool passes = answer->answer != plans::Answer::refused;
  Rows rows = options.rows == "findings" ? findings_of(*answer) : versions_of(*plan);
  rows.above.push_back(plan->request().plan_id +
                       ": steps, sums, findings and history agree with each other" +
                       (passes ? "" : "; the guards refuse this plan"));
  const Exit exit = print(rows, choose_format(options.format, options.output), options.output);
  if (exit != Exit::ok) return exit;
  for (const plans::RuleFinding& finding : answer->findings) {
    if (finding.answer != plans::Answer::allowed) {
      std::cerr << name(finding.severity) << ": " << describe(finding) << '\n';
    }
  }
  if (passes) return Exit::ok;
  for (const plans::Instead& instead : answer->instead) std::cerr << instead.text << '\n';
  return Exit::refused;
}

void add_check(CLI::App& app, std::vector<std::pair<CLI::App*, Command::Run>>& runs) {
  CLI::App* check =
      app.add_subcommand("check", "Hold a plan against itself and run every guard on it again");
  auto options = std::make_shared<CheckOptions>();
  check->add_option("PLAN", options->file, "Plan to look at (- is standard input)")->required();
  add_format_option(*check, options->format, true);
  check->add_option("--rows", options->rows, "What the table and CSV hold")
      ->check(CLI::IsMember({"versions", "findings"}))
      ->capture_default_str();
  check->add_option("--from", options->from,
                    "Findings about days from this one on only, YYYY-MM-DD");
  check->add_option("-o,--output", options->output, "File to write; - is standard output")
      ->capture_default_str();
  runs.emplace_back(check, [options] { return run_check(*options); });
}

const Command taper{
    "taper", "A taper plan: make it, change it, print it in every format", 50,
    [](CLI::App& app) -> Command::Run {
      app.require_subcommand(0, 1);
      auto options = std::make_shared<Options>();
      app.add_option("FILE", options->file,
                     "A request or a plan as JSON (docs/taper-json.md; - is standard input)");
      options->output.add_to(app);
      app.add_option("--as-of", options->as_of, "Of a plan: this version, counted from 1")
          ->check(CLI::Range(1, 1'000'000));
      app.add_option("--answer", options->answer,
                     "Write the whole answer there too, as JSON: findings, what to do instead");
      app.add_flag("--notes", options->notes, "Show notes besides warnings");
      auto runs = std::make_shared<std::vector<std::pair<CLI::App*, Command::Run>>>();
      add_taper_operations(app, *runs);
      add_taper_best(app, *runs);
      add_check(app, *runs);
      add_taper_fhir(app, *runs);
      // Last, so that subcommands do not take it over.
      app.footer(
          "\nA plan advises and stays a draft until a named clinician accepts it, or the person\n"
          "where nothing in it is prescribed. A refused request prints what can be done instead\n"
          "and ends with exit code 4; nothing is written then.\n"
          "Example: ombre taper REQUEST.json --format json -o PLAN.json\n"
          "         ombre taper hold PLAN.json --from 2024-03-04 --review 2024-03-18 --on "
          "2024-03-04\n"
          "             --by \"Dr. Example\" --role clinician --why \"a hard week\" -o PLAN.json\n"
          "         ombre taper PLAN.json --format ics -o taper.ics");
      return [options, runs] {
        for (const auto& [chosen, run_it] : *runs) {
          if (chosen->parsed()) return run_it();
        }
        return run(*options);
      };
    }};

}  // namespace
}  // namespace ombre::cli
