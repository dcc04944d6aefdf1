// `ombre mix`: what mixes badly among the substances named.
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/rows.hpp"
#include "ombre/substance/mixtures.hpp"

namespace ombre::cli {
namespace {

namespace sub = substance;

struct Options {
  std::vector<std::string> names;
  bool uncertain = false;
  std::string format;
  std::string output = "-";
};

Exit run(const Options& options) {
  const std::vector<std::string_view> names(options.names.begin(), options.names.end());
  const auto result =
      sub::mixtures(std::span<const std::string_view>{names},
                    options.uncertain ? sub::Accept::uncertain_too : sub::Accept::established);
  if (!result) return fail(result.error());
  Rows out{.columns = {{"first", true, 20},
                       {"second", true, 20},
                       {"severity"},
                       {"harm"},
                       {"when", false},
                       {"why", true, 34},
                       {"how_much", false},
                       {"what_helps", true, 34},
                       {"rule", false},
                       {"source", false},
                       {"confidence", false}}};
  for (const sub::Mixture& mixture : result->dangerous) {
    const sub::MixtureRule& rule = *mixture.rule;
    out.add({mixture.first.name, mixture.second.name, name(rule.severity), name(rule.kind),
             rule.when == sub::When::together ? "together" : "when the first is stopped",
             rule.mechanism, rule.effect, rule.helps, rule.id, rule.source->id,
             name(rule.confidence)});
  }
  // Programs read rows: a pair without a rule, or a name nobody knows, must not look like safety.
  const Format format = choose_format(options.format, options.output);
  const bool for_programs = format == Format::csv || format == Format::json;
  for (const auto& [first, second] : result->not_listed) {
    if (for_programs) {
      out.add({first.name, second.name, "not listed", "unknown", "",
               "no rule speaks of this pair, which does not mean that it is safe", "", "",
               "not_listed", "", ""});
    } else {
      out.below.push_back("Not listed, which does not mean safe: " + std::string{first.name} +
                          " and " + std::string{second.name});
    }
  }
  for (const Finding& finding : result->findings.stored()) {
    if (!for_programs || finding.severity != Severity::warning) continue;
    out.add({finding.value, "", "not known", "unknown", "", finding.text, "", "", finding.rule, "",
             ""});
  }
  if (!result->complete) out.below.emplace_back("Not complete: see the warnings.");
  const Exit exit = print(out, format, options.output);
  report(result->findings);
  return exit;
}

const Command mix{
    "mix", "What mixes badly: dangerous combinations with reason and source", 31,
    [](CLI::App& app) -> Command::Run {
      auto options = std::make_shared<Options>();
      app.add_option("SUBSTANCE", options->names, "Names, aliases or ATC codes")->required();
      app.add_flag("--uncertain", options->uncertain,
                   "Also rows that rest on community knowledge only");
      add_format_option(app, options->format, true);
      app.add_option("-o,--output", options->output, "File to write; - is standard output")
          ->capture_default_str();
      app.footer(
          "\nA pair that is not listed is not thereby safe. Example: ombre mix heroin "
          "alcohol alprazolam");
      return [options] { return run(*options); };
    }};

}  // namespace
}  // namespace ombre::cli
