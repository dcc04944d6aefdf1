// `ombre options`: the menu of options for a situation of drug, set and setting.
#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "cli/plan_parts.hpp"
#include "cli/rows.hpp"
#include "ombre/context/menu.hpp"
#include "ombre/io/context_figures.hpp"
#include "ombre/io/json.hpp"
#include "ombre/io/situation_json.hpp"
#include "ombre/substance/catalogue.hpp"

namespace ombre::cli {
namespace {

namespace cx = context;

struct Options {
  std::string file;
  std::string change_use;
  std::string today;
  std::size_t top = 10;
  bool all = false;
  std::string figure;
  std::string format;
  std::string output = "-";
};

std::string band_text(const cx::HarmBand& band) {
  std::string out{name(band.at_least)};
  if (!band.known()) out += " to " + std::string{name(band.at_most)};
  std::ranges::replace(out, '_', ' ');
  return out;
}

std::string why(const cx::MenuLine& line) {
  std::string out{words(line.harm)};
  if (!line.lowers.empty()) out += "; lowers a band";
  if (!line.adds_layer.empty()) out += "; adds a layer";
  if (line.perhaps) out += "; if it applies";
  if (line.above_wish) out += "; more than wanted now";
  return out;
}

// A name the catalogue does not know may be new on the street, or misspelt.
void suggest_names(const cx::Situation& situation) {
  std::vector<std::string_view> names;
  for (const substance::Substance& one : substance::builtin().substances()) {
    names.push_back(one.id);
  }
  for (const cx::UsedSubstance& used : situation.substances) {
    if (substance::find(used.name)) continue;
    const std::string asked = substance::folded(used.name);
    if (const auto near = io::nearest_word(asked, names)) {
      std::cerr << "ombre: substance \"" << used.name << "\": did you mean " << *near << "?\n";
    }
  }
}

Exit run(const Options& options) {
  const NamedPath inputs[] = {{"SITUATION", options.file}};
  const NamedPath outputs[] = {{"--output", options.output}, {"--figure", options.figure}};
  if (auto fine = check_paths(inputs, outputs); !fine) return fail(fine.error());
  auto document = io::read_situation(options.file);
  if (!document) return fail(document.error());
  if (!options.change_use.empty()) {
    const auto will = cx::find_will_change_use(options.change_use);
    if (!will) return fail("--change-use must be no, some, yes or not_said", Exit::usage);
    document->wishes.change_use = *will;
  }
  const auto today = day_of("--today", options.today);
  if (!today) return fail(today.error());
  auto facts = cx::Facts::from(document->situation);
  if (!facts) {
    Error error = facts.error();
    error.file = options.file;
    return fail(error);
  }
  const auto menu = cx::menu(*facts, document->wishes);
  if (!menu) {
    Error error = menu.error();
    error.file = options.file;
    return fail(error);
  }
  Beside beside;
  if (!options.figure.empty()) {
    io::TriangleOptions look;
    if (document->situation.on) look.subtitle = document->situation.on->iso();
    const auto svg = io::triangle_figure(*facts, *menu, look);
    if (!svg) return fail(svg.error());
    if (auto ready = beside.add(options.figure, *svg); !ready) return fail(ready.error());
  }
  const Findings late = cx::dates_after(document->situation, *today);
  const Format format = choose_format(options.format, options.output);
  if (format == Format::json) {
    const auto text = io::json_text(io::menu_json(*facts, *menu, late));
    if (!text) return fail(text.error());
    report(late);
    auto written = write_text(options.output, *text, beside);
    return written ? Exit::ok : fail(written.error());
  }

  // A table says warnings above and what is held back below; CSV has rows of its own for them, so
  // that nobody who reads the rows can miss them.
  Rows out{.columns = {{"row", false},
                       {"severity", false},
                       {"rule", false},
                       {"place"},
                       {"option", false},
                       {"title", true, 44},
                       {"why", true, 36},
                       {"asks_change"},
                       {"evidence"},
                       {"points", false},
                       {"caution", true, 36},
                       {"words", false}}};
  const cx::Catalogue& catalogue = facts->catalogue();
  Findings found = cx::warnings(*facts);  // must outlive the view of it
  found.merge(late);
  if (format == Format::csv) {
    for (const Finding& finding : found.stored()) {
      if (finding.severity < Severity::warning) continue;
      out.add({"warning",
               name(finding.severity),
               finding.rule,
               {},
               {},
               {},
               {},
               {},
               {},
               {},
               {},
               finding.text});
    }
    for (const cx::Withheld& withheld : menu->withheld) {
      if (withheld.why != cx::Withheld::Why::dangerous) continue;
      const cx::Option& option = catalogue.options()[withheld.option];
      out.add({"held_back",
               {},
               {},
               {},
               option.id,
               option.title,
               {},
               {},
               {},
               {},
               {},
               explain(withheld, *facts)});
    }
  } else {
    // What cannot wait stands before everything else.
    const auto cannot_wait = [](const Finding& finding) {
      return finding.rule == "suicide_ask_now" || finding.rule == "violence_ask_now";
    };
    for (const Finding& finding : found.stored()) {
      if (cannot_wait(finding)) out.above.push_back("! " + finding.text);
    }
    for (const cx::HarmBand& band : cx::risks(*facts).harms) {
      if (band.at_least < cx::RiskBand::high) continue;
      out.above.push_back(std::string{words(band.harm)} + ": " + band_text(band) + ". " +
                          std::string{band.reasons.front()->says} + '.');
    }
    for (const Finding& finding : found.stored()) {
      if (finding.severity >= Severity::warning && !cannot_wait(finding))
        out.above.push_back("! " + finding.text);
    }
  }
  const std::size_t count =
      options.all ? menu->lines.size() : std::min(options.top, menu->lines.size());
  for (std::size_t i = 0; i < count; ++i) {
    const cx::MenuLine& line = menu->lines[i];
    const cx::Option& option = catalogue.options()[line.option];
    out.add({"option",
             {},
             {},
             Cell{static_cast<double>(i + 1), 0},
             option.id,
             option.title,
             why(line),
             name(option.changes_use),
             option.evidence_words,
             Cell{static_cast<double>(line.points.total()), 0},
             option.cautions,
             explain(line, *facts)});
  }
  if (format != Format::csv) {
    if (count < menu->lines.size()) {
      out.below.push_back(std::to_string(menu->lines.size() - count) +
                          " more with --all. What a line means: ombre explain NAME.");
    }
    for (const cx::Withheld& withheld : menu->withheld) {
      if (withheld.why == cx::Withheld::Why::dangerous) {
        out.below.push_back("Held back. " + explain(withheld, *facts));
      }
    }
    out.below.emplace_back(
        "An order to talk about, not a prescription. Results of studies are results of groups.");
  }
  const Exit exit = print(out, format, options.output, beside);
  report(facts->findings());
  report(late);
  suggest_names(document->situation);
  return exit;
}

const Command command{
    "options", "A menu of options for a situation of drug, set and setting", 32,
    [](CLI::App& app) -> Command::Run {
      auto options = std::make_shared<Options>();
      app.add_option("SITUATION", options->file, "Situation in JSON; - is standard input")
          ->required();
      app.add_option("--change-use", options->change_use,
                     "Whether the person wants use to change: no, some, yes, not_said");
      app.add_option("--today", options->today,
                     "Dates after this day are told of; without it, the machine's date");
      app.add_option("--top", options->top, "How many lines")
          ->check(CLI::Range(1, 10'000))
          ->capture_default_str();
      app.add_flag("--all", options->all, "Every line of the menu");
      app.add_option("--figure", options->figure,
                     "Also write the triangle of drug, set and setting as SVG");
      add_format_option(app, options->format, true);
      app.add_option("-o,--output", options->output, "File to write; - is standard output")
          ->capture_default_str();
      app.footer(
          "\nThe document is described in docs/context.md. Factors: ombre explain --kind "
          "factor.");
      return [options] { return run(*options); };
    }};

}  // namespace
}  // namespace ombre::cli
