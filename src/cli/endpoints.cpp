// `ombre endpoints`: words in, published endpoints out.
#include <algorithm>
#include <array>
#include <iostream>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "ombre/io/endpoint_csv.hpp"
#include "ombre/io/endpoint_json.hpp"
#include "ombre/io/endpoint_report.hpp"
#include "ombre/io/file.hpp"
#include "ombre/outcomes/arms.hpp"
#include "ombre/outcomes/endpoint_builtin.hpp"
#include "ombre/outcomes/imputation.hpp"

namespace ombre::cli {
namespace {

using outcomes::Endpoint;
using outcomes::Family;
using outcomes::Registry;

struct Options {
  std::string words;
  io::WordCsvOptions columns;
  std::string family = "all";
  std::vector<std::string> ids;
  std::string variant = "published";
  std::string definitions;
  std::optional<int> horizon;
  std::string missing = "as_defined";
  std::string layout = "wide";
  bool bounds = false;
  bool stop_on_doubt = false;
  bool print_definitions = false;
  bool quiet = false;
  // A cohort's table
  std::string reference_arm;
  double level = 0.95;
  std::string agreement;
  std::string figure;
  std::string format = "auto";
  int imputations = 0;
  std::uint64_t seed = 1;
  double missed_factor = 1;
  std::string output = "-";
  unsigned threads = 1;
};

/// The endpoints asked for, with the wished horizon and missing rule.
Result<std::vector<Endpoint>> chosen_endpoints(const Options& o) {
  Registry registry = outcomes::builtin_endpoints();
  std::vector<Endpoint> own;
  if (!o.definitions.empty()) {
    auto read = io::read_endpoints(o.definitions, registry);
    if (!read) return unexpected(std::move(read).error());
    own = *std::move(read);
    for (const Endpoint& e : own) {
      if (auto added = registry.add(e); !added) return unexpected(added.error());
    }
  }
  const auto reading = outcomes::reading_named(o.variant);
  if (!reading) return unexpected(reading.error());

  std::vector<Endpoint> chosen;
  if (!o.ids.empty()) {
    for (const std::string& id : o.ids) {
      const Endpoint* e = registry.find(id, *reading);
      if (e == nullptr) {
        std::vector<std::string_view> known;
        for (const Endpoint& k : registry.all()) known.push_back(k.id());
        const auto near = io::nearest_word(id, known);
        return unexpected(
            error_at(Errc::unknown_name, "--id", std::nullopt, id,
                     "must be the id of an endpoint" +
                         (near ? "; did you mean " + std::string{*near} : std::string{}) +
                         " (`ombre endpoints --print-definitions` lists them)"));
      }
      chosen.push_back(*e);
    }
  } else {
    std::optional<Family> family;
    if (o.family != "all") {
      const auto named = outcomes::family_named(o.family);
      if (!named) return unexpected(named.error());
      family = *named;
    }
    if (own.empty() || family) chosen = outcomes::published_endpoints(*reading, family);
    for (const Endpoint& e : own) {
      if (!family || e.spec().family == *family) chosen.push_back(e);
    }
  }
  const auto missing = outcomes::missing_rule_named(o.missing);
  if (!missing) return unexpected(missing.error());
  for (Endpoint& e : chosen) {
    const Endpoint original = e;
    if (o.horizon) {
      auto followed = e.with_horizon(*o.horizon);
      if (!followed) return unexpected(std::move(followed).error());
      e = *std::move(followed);
    }
    if (*missing != outcomes::MissingRule::as_defined) e = e.with_missing(*missing);
    // The name tells every table, figure and printed definition what was changed.
    auto marked = e.with_id(e.changed_id(original));
    if (!marked) return unexpected(std::move(marked).error());
    e = *std::move(marked);
  }
  return chosen;
}

Exit print_definitions(const Options& o, const std::vector<Endpoint>& endpoints) {
  io::Json list = io::Json::list();
  for (const Endpoint& e : endpoints) list.add(io::to_json(e));
  io::Json document = io::Json::object();
  document.set("endpoints", std::move(list));
  const auto text = io::json_text(document);
  if (!text) return fail(text.error());
  const auto written = io::write_file(o.output, *text);
  return written ? Exit::ok : fail(written.error());
}

/// One file for each path; for an empty path a place without a file.
Result<std::vector<io::OutputFile>> open_all(std::span<const std::string> paths) {
  std::vector<io::OutputFile> files;
  for (const std::string& path : paths) {
    auto file = io::OutputFile::create(path.empty() ? "-" : path);
    if (!file) return unexpected(std::move(file).error());
    files.push_back(*std::move(file));
  }
  return files;
}

/// What was asked for goes together.
Result<void> check_options(const Options& o) {
  const std::array<NamedPath, 2> inputs{{{"--words", o.words}, {"--definitions", o.definitions}}};
  const std::array<NamedPath, 3> outputs{
      {{"--output", o.output}, {"--agreement", o.agreement}, {"--figure", o.figure}}};
  if (auto fine = check_paths(inputs, outputs); !fine) return fine;
  const auto refuse = [](std::string_view option, std::string_view value, std::string_view why) {
    return unexpected(error_at(Errc::contradiction, option, std::nullopt, value, why));
  };
  if (o.print_definitions) return {};
  if (o.columns.arm.empty()) {
    constexpr std::string_view why =
        "is about the table by arm: name its column with --compare-arms";
    if (o.imputations > 0) return refuse("--impute", std::to_string(o.imputations), why);
    if (!o.reference_arm.empty()) return refuse("--reference-arm", o.reference_arm, why);
    if (o.format != "auto" && o.format != "csv") return refuse("--format", o.format, why);
  }
  if (o.format == "auto" &&
      (o.output.ends_with(".json") || (o.columns.arm.empty() && o.output.ends_with(".md")))) {
    return refuse("--output", o.output, "is no name for what is written: results are CSV");
  }
  return {};
}

/// Everything in memory: results of all people, by arm and against each other.
Exit run_cohort(const Options& o, const outcomes::EndpointPlan& plan) {
  Findings findings;
  const auto table = io::read_words(o.words, o.columns, findings);
  if (!table) return fail(table.error());
  const auto runner = make_runner(o.threads);
  const auto results = plan.evaluate(table->words, *runner, progress_bar("endpoints"));
  if (!results) return fail(results.error());
  // Every output is opened before the first is written, and appears when all are complete.
  const std::array<std::string, 3> paths{o.columns.arm.empty() ? "" : o.output, o.agreement,
                                         o.figure};
  auto files = open_all(paths);
  if (!files) return fail(files.error());

  if (!o.columns.arm.empty()) {
    // People without an arm (never randomised) are in no comparison; a finding counts them.
    std::vector<std::string> names;
    std::vector<std::uint32_t> number;
    for (const std::string& name : table->arms) {
      number.push_back(name.empty() ? ~std::uint32_t{0} : static_cast<std::uint32_t>(names.size()));
      if (!name.empty()) names.push_back(name);
    }
    std::vector<std::uint32_t> arm;
    for (const std::uint32_t a : table->arm) arm.push_back(number[a]);
    if (names.empty()) return fail("nobody in the file has an arm");
    outcomes::ArmOptions how;
    how.level = o.level;
    if (!o.reference_arm.empty()) {
      const auto at = std::ranges::find(names, o.reference_arm);
      if (at == names.end()) {
        return fail(error_at(Errc::unknown_name, "--reference-arm", std::nullopt, o.reference_arm,
                             "must be a value of the column " + o.columns.arm));
      }
      how.reference = static_cast<std::size_t>(at - names.begin());
    }
    auto arms =
        outcomes::compare_arms(plan, *results, arm, names.size(), table->usable, how, *runner);
    if (!arms) return fail(arms.error());
    if (o.imputations > 0) {
      outcomes::WordChain chain;
      chain.add(table->words);
      outcomes::ImputationOptions model;
      model.seed = Seed{o.seed};
      model.imputations = o.imputations;
      model.missed_positive_factor = o.missed_factor;
      const auto imputer = outcomes::WordImputer::make(chain, model);
      if (!imputer) return fail(imputer.error());
      const auto pooled = outcomes::add_imputations(*arms, plan, table->words, *imputer, arm,
                                                    names.size(), table->usable, how, *runner);
      if (!pooled) return fail(pooled.error());
    }
    const Format format = choose_format(o.format, o.output);
    if (format == Format::csv) {
      const auto text = io::arm_table_csv(*arms, names);
      if (!text) return fail(text.error());
      if (auto w = files->at(0).write(*text); !w) return fail(w.error());
    } else {
      const std::string text = io::arm_table_text(*arms, names, format == Format::markdown);
      if (auto w = files->at(0).write(text); !w) return fail(w.error());
    }
  }
  if (!o.agreement.empty() || !o.figure.empty()) {
    const auto agreement = outcomes::endpoint_agreement(plan, *results, table->usable, *runner);
    if (!agreement) return fail(agreement.error());
    if (!o.agreement.empty()) {
      const auto text = io::agreement_csv(*agreement);
      if (!text) return fail(text.error());
      if (auto w = files->at(1).write(*text); !w) return fail(w.error());
    }
    if (!o.figure.empty()) {
      if (auto w = files->at(2).write(io::agreement_svg(*agreement)); !w) return fail(w.error());
    }
  }
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (paths[i].empty()) continue;
    if (auto done = files->at(i).commit(); !done) return fail(done.error());
  }
  o.quiet ? report_counts(findings) : report(findings);
  return Exit::ok;
}

Exit run(const Options& o) {
  if (auto fine = check_options(o); !fine) return fail(fine.error());
  const auto endpoints = chosen_endpoints(o);
  if (!endpoints) return fail(endpoints.error());
  if (o.print_definitions) return print_definitions(o, *endpoints);
  if (o.words.empty())
    return fail("--words is required: a CSV file with one word a person", Exit::usage);

  const auto plan = outcomes::EndpointPlan::compile(*endpoints, {o.bounds});
  if (!plan) return fail(plan.error());
  if (!o.columns.arm.empty() || !o.agreement.empty() || !o.figure.empty()) {
    return run_cohort(o, *plan);
  }
  auto reader = io::CsvReader::open(o.words);
  if (!reader) return fail(reader.error());
  auto file = io::OutputFile::create(o.output);
  if (!file) return fail(file.error());

  Findings findings;
  const auto runner = make_runner(o.threads);
  const auto layout = o.layout == "tidy" ? io::EndpointLayout::tidy : io::EndpointLayout::wide;
  const auto done = io::write_endpoints(
      *reader, *plan, layout, o.columns, [&](std::string_view bytes) { return file->write(bytes); },
      findings, *runner, progress_bar("endpoints"));
  if (!done) return fail(done.error());
  if (auto written = file->commit(); !written) return fail(written.error());
  o.quiet ? report_counts(findings) : report(findings);
  return Exit::ok;
}

const Command endpoints{
    "endpoints", "Published endpoints (abstinence, relapse, reduction) from weekly words", 12,
    [](CLI::App& app) -> Command::Run {
      auto o = std::make_shared<Options>();
      app.description(
          "Computes the 54 endpoint definitions of opioid-use-disorder trials that R package "
          "CTNote\n"
          "0.1.3 collects, and the caller's own, from one word a person: + positive, - negative,\n"
          "* mixed, o missed, _ no visit due. `ombre words` makes words from dated records;\n"
          "`ombre explain ID` tells what a definition says.");
      app.add_option("--words", o->words, "CSV file with a person and a word a row");
      app.add_option("--column", o->columns.word,
                     "column of the word (found by itself: word, pattern); a+b joins two columns");
      app.add_option("--person", o->columns.person, "column of the person's id (found by itself)");
      auto* family =
          app.add_option("--family", o->family, "abstinence, relapse, reduction or all")
              ->check(CLI::IsMember({"abstinence", "relapse", "reduction", "own", "all"}))
              ->capture_default_str();
      app.add_option("--id", o->ids, "only these endpoints, in this order")
          ->delimiter(',')
          ->excludes(family);
      app.add_option("--variant", o->variant,
                     "published: as the published code computes; text: as its text says; paper: as "
                     "the trial reported; corrected: with faults mended")
          ->check(CLI::IsMember({"published", "text", "paper", "corrected", "release"}))
          ->capture_default_str();
      app.add_option("--definitions", o->definitions, "JSON file with own endpoints");
      app.add_option("--horizon", o->horizon,
                     "follow everybody for so many weeks (rules fitted to 15 weeks move there); "
                     "results are named ID.weeks_N");
      app.add_option(
             "--missing", o->missing,
             "take missed weeks for something before the definition looks; results are named "
             "ID.missing_RULE")
          ->check(CLI::IsMember(
              {"as_defined", "positive", "negative", "mixed", "ignored", "locf", "mode", "kNV"}))
          ->capture_default_str();
      app.add_option("--layout", o->layout,
                     "wide: a row a person; tidy: a row a person and endpoint")
          ->check(CLI::IsMember({"wide", "tidy"}))
          ->capture_default_str();
      app.add_flag(
          "--bounds", o->bounds,
          "add worst and best case over all missed visits, and how many weeks rest on them");
      app.add_option("--compare-arms", o->columns.arm,
                     "instead of a row a person: a table by arm, this column naming the arm");
      app.add_option("--reference-arm", o->reference_arm,
                     "the arm others are compared with (the first in the file)");
      app.add_option("--level", o->level, "of intervals")
          ->check(CLI::Range(0.5, 0.9999))
          ->capture_default_str();
      app.add_option("--format", o->format, "of the table by arm: auto, csv, table or markdown")
          ->check(CLI::IsMember({"auto", "csv", "table", "markdown"}))
          ->capture_default_str();
      app.add_option("--impute", o->imputations,
                     "add shares and means by arm over so many imputations of missed weeks")
          ->check(CLI::Range(2, 10000));
      app.add_option("--seed", o->seed, "of the imputations")->capture_default_str();
      app.add_option("--missed-factor", o->missed_factor,
                     "odds of a missed week being positive, against a kept one")
          ->check(CLI::NonNegativeNumber)
          ->capture_default_str();
      app.add_option("--agreement", o->agreement,
                     "write how the definitions agree with each other to this CSV file");
      app.add_option("--figure", o->figure, "and as a heat map to this SVG file");
      app.add_flag("--stop-on-doubt", o->stop_on_doubt,
                   "stop at the first word that cannot be read");
      app.add_flag("--print-definitions", o->print_definitions,
                   "write the chosen definitions as JSON instead of computing them");
      app.add_flag("--quiet", o->quiet,
                   "findings in one line, their counts only; none for mere notes");
      app.add_option("-o,--output", o->output, "output file")->capture_default_str();
      app.add_option("--threads", o->threads, "threads; 0 = all of the machine")
          ->capture_default_str();
      app.footer(
          "\nExample:\n  ombre endpoints --words words.csv --family relapse --bounds -o "
          "relapse.csv");
      return [o] {
        o->columns.on_doubt = o->stop_on_doubt ? io::OnDoubt::stop : io::OnDoubt::set_aside;
        return run(*o);
      };
    }};

}  // namespace
}  // namespace ombre::cli
