// `ombre analyse`: runs an analysis that is written down as JSON.
#include <array>
#include <filesystem>
#include <string>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "ombre/io/analysis_json.hpp"

namespace ombre::cli {
namespace {

struct Options {
  std::string spec;
  std::string data_dir;
  std::string output = "-";
  unsigned threads = 1;
};

Exit run(const Options& options) {
  const std::array<NamedPath, 1> inputs{{{"SPEC", options.spec}}};
  const std::array<NamedPath, 1> outputs{{{"--output", options.output}}};
  if (auto fine = check_paths(inputs, outputs); !fine) return fail(fine.error());
  const auto spec = io::read_json(options.spec);
  if (!spec) return fail(spec.error());
  const auto runner = make_runner(options.threads);
  io::AnalysisOptions how;
  how.data_dir = options.data_dir;
  if (how.data_dir.empty() && options.spec != "-") {
    how.data_dir = std::filesystem::path{options.spec}.parent_path().string();
  }
  if (const io::Json* data = spec->find("data"); data != nullptr && data->as_text()) {
    std::filesystem::path table{*data->as_text()};
    if (table != "-" && table.is_relative()) table = std::filesystem::path{how.data_dir} / table;
    const std::string path = table.string();
    const std::array<NamedPath, 2> both{{{"SPEC", options.spec}, {"the spec's data", path}}};
    if (auto fine = check_paths(both, outputs); !fine) return fail(fine.error());
  }
  how.progress = progress_bar("analysis");
  how.runner = runner.get();
  const auto done = io::analyse(*spec, how, options.spec);
  if (!done) return fail(done.error());
  const auto text = io::json_text(done->result);
  if (!text) return fail(text.error());
  report(done->findings);
  if (const auto written = write_text(options.output, *text); !written) {
    return fail(written.error());
  }
  return Exit::ok;
}

Command::Run set_up(CLI::App& app) {
  auto options = std::make_shared<Options>();
  std::string known;
  for (const std::string_view name : io::analysis_method_names()) {
    known += (known.empty() ? "" : ", ") + std::string{name};
  }
  app.footer(
      "\nA spec says what to compute, of which table, in which columns:\n"
      "  {\"method\": \"kaplan_meier\", \"data\": \"link.csv\",\n"
      "   \"columns\": {\"time\": \"time\", \"status\": \"status\", \"group\": \"treat\"},\n"
      "   \"options\": {\"at\": [30, 180]}}\n"
      "Methods: " +
      known + ".\nThe same spec and table give the same bytes on every machine of one kind.");
  app.add_option("SPEC", options->spec, "the analysis, JSON (- is standard input)")->required();
  app.add_option("--data-dir", options->data_dir,
                 "where the spec's table lies; without it, the folder of the spec");
  app.add_option("-o,--output", options->output, "where the result goes")->capture_default_str();
  app.add_option("--threads", options->threads, "0 = all the machine has")->capture_default_str();
  return [options] { return run(*options); };
}

const Command analyse{"analyse", "Run an analysis that is written down as JSON", 22, set_up};

}  // namespace
}  // namespace ombre::cli
