// `ombre score`: item scores of an instrument to scale scores and bands.
#include <memory>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "cli/rows.hpp"
#include "ombre/io/instrument_csv.hpp"
#include "ombre/spectrum/instruments.hpp"

namespace ombre::cli {
namespace {

namespace sp = spectrum;

struct Options {
  std::string instrument;
  std::string file;
  std::string sex;
  std::string format;
  std::string output = "-";
};

std::string possible_text(const sp::BandAnswer& answer) {
  std::string out;
  for (const sp::ScoreBand* band : answer.possible) {
    if (!out.empty()) out += " or ";
    out += band->name;
  }
  return out;
}

Exit run(const Options& options) {
  const NamedPath inputs[] = {{"FILE", options.file}};
  const NamedPath outputs[] = {{"--output", options.output}};
  if (auto fine = check_paths(inputs, outputs); !fine) return fail(fine.error());
  const auto instrument = sp::find_instrument(options.instrument);
  if (!instrument) return fail(instrument.error());
  std::optional<Sex> sex;
  if (!options.sex.empty()) {
    const auto read = sex_from(options.sex);
    if (!read) return fail(read.error());
    sex = *read;
  }
  const auto answers = io::read_answers_csv(options.file, **instrument);
  if (!answers) return fail(answers.error());
  Rows out{.columns = {{"person_id"},
                       {"date"},
                       {"instrument", false},
                       {"scale"},
                       {"score"},
                       {"least", false},
                       {"most", false},
                       {"answered", false},
                       {"missing"},
                       {"scheme", false},
                       {"band"},
                       {"possible", false},
                       {"advice", true, 40},
                       {"source", false},
                       {"confidence", false}}};
  bool needs_sex = false;
  for (const io::AnswerRow& row : answers->rows) {
    const auto report = sp::score(**instrument, row.answers, row.sex ? row.sex : sex);
    if (!report) return fail(report.error());
    for (const sp::ScaleScore& scale : report->scales) {
      const auto add = [&](const sp::BandAnswer* answer) {
        const sp::ScoreBand* band = answer != nullptr ? answer->band : nullptr;
        out.add({row.person, row.date, (*instrument)->id, scale.scale->id, Cell{scale.value, 2},
                 Cell{scale.least, 2}, Cell{scale.most, 2},
                 Cell{static_cast<double>(scale.answered), 0},
                 Cell{static_cast<double>(scale.missing), 0},
                 answer != nullptr ? answer->scheme->id : std::string_view{},
                 band != nullptr ? band->name : std::string_view{},
                 answer != nullptr ? possible_text(*answer) : std::string{},
                 band != nullptr ? band->advice : std::string_view{},
                 answer != nullptr ? answer->scheme->source->id : (*instrument)->source->id,
                 name(answer != nullptr ? answer->scheme->confidence : (*instrument)->confidence)});
        if (answer != nullptr) needs_sex = needs_sex || answer->needs_sex;
      };
      if (scale.bands.empty()) {
        add(nullptr);
      } else {
        for (const sp::BandAnswer& answer : scale.bands) add(&answer);
      }
    }
  }
  if (needs_sex) {
    out.below.emplace_back("Some cut-offs differ by sex: give --sex, or a column sex in the file.");
  }
  const Exit exit = print(out, choose_format(options.format, options.output), options.output);
  report(answers->findings);
  return exit;
}

const Command command{
    "score", "Item scores of a questionnaire to scale scores and bands", 33,
    [](CLI::App& app) -> Command::Run {
      auto options = std::make_shared<Options>();
      app.add_option("INSTRUMENT", options->instrument,
                     "audit, audit_c, dast_10, phq_9, ...: ombre explain --kind instrument")
          ->required();
      app.add_option("FILE", options->file,
                     "CSV, a row an occasion and a column an item; - is "
                     "standard input")
          ->required();
      app.add_option("--sex", options->sex, "female or male, where cut-offs differ");
      add_format_option(app, options->format, true);
      app.add_option("-o,--output", options->output, "File to write; - is standard output")
          ->capture_default_str();
      app.footer(
          "\nColumns are found by item number (1, q1, item1, audit_1) or name; person_id, date "
          "and\n"
          "sex are used where they are there. An empty cell is an item not answered: without a\n"
          "published rule for it there is no score, only the range it lies in.");
      return [options] { return run(*options); };
    }};

}  // namespace
}  // namespace ombre::cli
