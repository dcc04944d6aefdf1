// `ombre taper read-fhir`: what requests of another program say about a taper, as rows.
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/output.hpp"
#include "cli/rows.hpp"
#include "cli/taper_parts.hpp"
#include "ombre/io/taper_fhir_reader.hpp"

namespace ombre::cli {
namespace {

struct Options {
  std::string file;
  std::string start;
  std::string format;
  std::string output = "-";
};

Exit run(const Options& options) {
  const NamedPath inputs[] = {{"FILE", options.file}};
  const NamedPath outputs[] = {{"--output", options.output}};
  if (auto ok = check_paths(inputs, outputs); !ok) return fail(ok.error());
  io::FhirReadOptions how;
  if (!options.start.empty()) {
    const auto day = Date::parse(options.start);
    if (!day) {
      return fail(
          error_at(Errc::malformed, "--start", std::nullopt, options.start, day.error().rule));
    }
    how.start = *day;
  }
  const auto document = io::read_json(options.file);
  if (!document) return fail(document.error());
  const std::string name = options.file == "-" ? "standard input" : options.file;
  auto tapers = io::read_fhir_tapers(*document, how, name);
  if (!tapers) return fail(tapers.error());
  Rows rows{.columns = {{"medicine"},
                        {"status"},
                        {"sequence"},
                        {"from"},
                        {"to"},
                        {"amount"},
                        {"unit"},
                        {"times"},
                        {"every"},
                        {"every_unit"},
                        {"text"}}};
  for (io::FhirTaper& taper : *tapers) {
    if (taper.medicine.empty() && !taper.codings.empty()) taper.medicine = taper.codings[0].code;
    for (const io::FhirStep& step : taper.steps) {
      for (const io::FhirPart& part : step.parts) {
        rows.add({taper.medicine, taper.status, Cell{static_cast<double>(step.sequence), 0},
                  step.first.iso(), step.last ? step.last->iso() : std::string{},
                  Cell{part.value, 3}, part.unit.empty() ? part.code : part.unit,
                  Cell{static_cast<double>(part.frequency), 0},
                  Cell{static_cast<double>(part.period), 0},
                  std::string{part.period_unit == 'w' ? "wk" : "d"}, step.text});
      }
    }
    taper.findings.name_file(name);
    for (const Finding& finding : taper.findings.stored()) {
      std::cerr << describe(finding) << '\n';
    }
  }
  return print(rows, choose_format(options.format, options.output), options.output);
}

}  // namespace

void add_taper_fhir(CLI::App& app, std::vector<std::pair<CLI::App*, Command::Run>>& runs) {
  CLI::App* sub =
      app.add_subcommand("read-fhir", "List the steps of FHIR R4 MedicationRequests as rows");
  auto options = std::make_shared<Options>();
  sub->add_option("FILE", options->file, "A MedicationRequest or a Bundle (- is standard input)")
      ->required();
  sub->add_option("--start", options->start,
                  "First day of the first step, for requests that give durations only");
  add_format_option(*sub, options->format, true);
  sub->add_option("-o,--output", options->output, "File to write; - is standard output")
      ->capture_default_str();
  runs.emplace_back(sub, [options] { return run(*options); });
}

}  // namespace ombre::cli
