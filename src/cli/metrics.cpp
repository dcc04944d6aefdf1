// `ombre metrics`: daily-use records in, outcome metrics out.

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <iostream>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "cli/metric_rows.hpp"
#include "cli/output.hpp"
#include "ombre/core/date.hpp"
#include "ombre/core/sex.hpp"
#include "ombre/io/use_csv.hpp"
#include "ombre/outcomes/daily_metrics.hpp"
#include "ombre/outcomes/ethanol_units.hpp"
#include "ombre/outcomes/metric_summary.hpp"
#include "ombre/spectrum/drinking.hpp"
#include "ombre/substance/alcohol.hpp"
#include "ombre/timeline/build.hpp"

namespace ombre::cli {
namespace {

using outcomes::Estimate;
using outcomes::Metric;
using outcomes::MetricOptions;

struct Options {
  std::string tlfb, windows, start, end, output;
  io::UseCsvOptions use;
  std::string window_person, window_start, window_end;
  std::string drink;
  std::string absent, same_day = "sum", missing = "exclude", heavy, sex, series = "auto", format;
  std::vector<std::string> metrics;
  std::int32_t gap = 7;
  std::int32_t grace = 14;
  std::int32_t lapse_gap = 1;
  bool exclude_controlled = false;
  bool stop_on_doubt = false;
  bool status = false;
  bool summary = false;
  bool quiet = false;
  unsigned threads = 1;
};

Error usage(std::string_view option, std::string_view value, std::string_view rule) {
  return error_at(Errc::unknown_name, option, std::nullopt, value, rule);
}

Result<timeline::SameDay> parse_same_day(const std::string& text) {
  using timeline::SameDay;
  const std::map<std::string, SameDay> known{
      {"sum", SameDay::sum},   {"max", SameDay::max},     {"min", SameDay::min},
      {"mean", SameDay::mean}, {"first", SameDay::first}, {"refuse", SameDay::refuse}};
  const auto at = known.find(text);
  if (at == known.end()) {
    return unexpected(usage("--same-day", text, "must be sum, max, min, mean, first or refuse"));
  }
  return at->second;
}

/// A published rule by id, or the caller's own limit in the unit of the records ("5").
Result<outcomes::HeavyDay> parse_heavy(const std::string& text) {
  const char* const begin = text.data();
  double limit = 0;
  const auto number = std::from_chars(begin, begin + text.size(), limit);
  if (number.ec == std::errc{} && number.ptr == begin + text.size()) {
    return outcomes::HeavyDay::from("at_least_" + text, limit);
  }
  const auto rule = spectrum::heavy_rule(text);
  if (!rule) return unexpected(rule.error());
  return outcomes::HeavyDay::from(*rule);
}

Result<std::int32_t> parse_day(const std::string& option, const std::string& text,
                               timeline::DayAxis axis) {
  if (axis == timeline::DayAxis::calendar) {
    auto date = Date::parse(text);
    if (!date) {
      Error error = std::move(date).error();
      error.field = option;
      return unexpected(std::move(error));
    }
    return date->day_number();
  }
  std::int32_t day = 0;
  const auto number = std::from_chars(text.data(), text.data() + text.size(), day);
  if (number.ec != std::errc{} || number.ptr != text.data() + text.size()) {
    return unexpected(error_at(Errc::malformed, option, std::nullopt, text,
                               "must be a day number, because the records count days"));
  }
  return day;
}

/// Everything that stays the same for all people.
struct Job {
  Options options;
  io::UseTable table;
  io::WindowTable windows;
  std::vector<std::optional<Sex>> sex_of_person;  // by person of the records
  timeline::BuildOptions build{timeline::AbsentDay::unknown};
  MetricOptions metric{timeline::MissingRule::exclude};
  outcomes::EthanolUnits units;
  std::vector<Metric> chosen;
  std::vector<std::string> definitions;  // by chosen metric
};

Result<void> choose_sex(Job& job) {
  const Options& o = job.options;
  if (!o.sex.empty()) {
    const auto sex = sex_from(o.sex);
    if (!sex) return unexpected(usage("--sex", o.sex, "must be male or female"));
    job.metric.sex = *sex;
  }
  const io::WindowAttribute* column = job.windows.attribute("sex");
  if (column == nullptr) return {};
  job.sex_of_person.resize(job.table.records.persons().size());
  for (std::size_t i = 0; i < job.windows.windows.size(); ++i) {
    const std::string& text = column->values[i];
    if (text.empty() || text == "NA") continue;
    const auto sex = sex_from(text);
    if (!sex) {
      Error error = error_at(Errc::unknown_name, "sex", job.windows.windows[i].line, text,
                             "must be male or female, or empty where it is not known");
      error.file = o.windows;
      return unexpected(std::move(error));
    }
    job.sex_of_person[job.windows.windows[i].person] = *sex;
  }
  return {};
}

Result<void> choose_window(Job& job) {
  const Options& o = job.options;
  if (!o.windows.empty()) {
    if (!o.start.empty() || !o.end.empty()) {
      return unexpected(error_of(Errc::contradiction, "--windows",
                                 "gives a window for each person; leave out --start and --end"));
    }
    io::WindowCsvOptions how;
    how.person = o.window_person;
    how.start = o.window_start;
    how.end = o.window_end;
    how.on_doubt = o.stop_on_doubt ? io::OnDoubt::stop : io::OnDoubt::set_aside;
    auto read = io::read_windows_csv(o.windows, job.table.records, how);
    if (!read) return unexpected(read.error());
    job.windows = std::move(*read);
    job.build.windows = job.windows.windows;
    return {};
  }
  if (o.start.empty() != o.end.empty()) {
    return unexpected(error_of(Errc::missing, o.start.empty() ? "--start" : "--end",
                               "--start and --end go together"));
  }
  if (o.start.empty()) return {};
  const auto first = parse_day("--start", o.start, job.table.records.axis());
  if (!first) return unexpected(first.error());
  const auto last = parse_day("--end", o.end, job.table.records.axis());
  if (!last) return unexpected(last.error());
  if (*last < *first) {
    return unexpected(error_at(Errc::out_of_range, "--end", std::nullopt, o.end,
                               "must not be before --start " + o.start));
  }
  job.build.global = timeline::GlobalWindow{*first, *last};
  return {};
}

Result<void> choose_rules(Job& job) {
  const Options& o = job.options;
  job.build.absent = o.absent == "none" ? timeline::AbsentDay::none : timeline::AbsentDay::unknown;
  const auto same_day = parse_same_day(o.same_day);
  if (!same_day) return unexpected(same_day.error());
  job.build.same_day = *same_day;
  // Where only use was written down, a person without a row of a substance did not use it, and a
  // cohort's mean without that person would be too high. Where absent days are unknown, such a pair
  // would be a row of nothing.
  const bool everybody =
      o.series == "all" || (o.series == "auto" && job.build.absent == timeline::AbsentDay::none);
  job.build.series =
      everybody ? timeline::SeriesRule::every_substance : timeline::SeriesRule::mentioned;

  const auto missing = timeline::parse_missing_rule(o.missing);
  if (!missing) return unexpected(missing.error());
  job.metric.missing = *missing;
  job.metric.gap_days = o.gap;
  job.metric.prolonged_grace_days = o.grace;
  job.metric.lapse_gap_days = o.lapse_gap;
  job.metric.exclude_controlled = o.exclude_controlled;
  if (!o.heavy.empty()) {
    auto heavy = parse_heavy(o.heavy);
    if (!heavy) return unexpected(heavy.error());
    job.metric.heavy = std::move(*heavy);
  }
  if (!o.drink.empty()) {
    const auto size = substance::drink_size(o.drink);
    if (!size) return unexpected(size.error());
    job.units.plain_drink = *size;
  }
  if (o.metrics.empty()) {
    for (const auto& info : outcomes::metric_infos()) job.chosen.push_back(info.metric);
  }
  for (const std::string& id : o.metrics) {
    const auto metric = outcomes::parse_metric(id);
    if (!metric) return unexpected(metric.error());
    job.chosen.push_back(*metric);
  }
  for (const Metric m : job.chosen) job.definitions.push_back(outcomes::definition(m, job.metric));
  return {};
}

/// Grid and metrics of a block of people.
struct Block {
  timeline::BuiltGrid built;
  outcomes::MetricTable metrics;
};

Result<Block> compute_block(const Job& job, const timeline::GridBuilder& builder,
                            std::uint32_t first, std::uint32_t last) {
  auto built = builder.block(first, last);
  if (!built) return unexpected(built.error());
  MetricOptions options = job.metric;
  const std::vector<double> grams = outcomes::ethanol_per_unit(built->grid, job.units);
  options.ethanol_g_per_unit = grams;
  std::vector<std::optional<Sex>> sex;
  if (!job.sex_of_person.empty()) {
    const auto& persons = job.table.records.persons();
    for (std::uint32_t p = 0; p < built->grid.persons().size(); ++p) {
      const auto index = persons.find(built->grid.persons()[p]);
      sex.push_back(index ? job.sex_of_person[*index] : std::nullopt);
    }
  }
  options.sex_of_person = sex;
  auto metrics = outcomes::compute_metrics(built->grid, options);
  if (!metrics) return unexpected(metrics.error());
  return Block{std::move(*built), std::move(*metrics)};
}

/// Calls `use(block)` for all people in order, computing several blocks at the same time.
template <class Use>
Result<void> for_each_block(const Job& job, Findings& findings, Use use) {
  const auto builder = timeline::GridBuilder::from(job.table.records, job.build);
  if (!builder) return unexpected(builder.error());
  findings.merge(builder->findings());
  const auto runner = make_runner(job.options.threads);
  const Progress progress = progress_bar("metrics");
  constexpr std::uint32_t people_per_block = 256;
  const std::uint32_t people = builder->persons();
  const auto at_once = static_cast<std::uint32_t>(runner->workers()) * 2;
  for (std::uint32_t first = 0; first < people; first += people_per_block * at_once) {
    const std::uint32_t left = people - first;
    const std::uint32_t blocks =
        std::min(at_once, left / people_per_block + (left % people_per_block != 0 ? 1U : 0U));
    std::vector<std::optional<Result<Block>>> done(blocks);
    runner->run(blocks, [&](std::size_t b) {
      const std::uint32_t from = first + static_cast<std::uint32_t>(b) * people_per_block;
      done[b] = compute_block(job, *builder, from, std::min(people, from + people_per_block));
    });
    for (auto& block : done) {
      if (!*block) return unexpected(block->error());
      (*block)->built.findings.name_file(job.options.tlfb);
      findings.merge((*block)->built.findings);
      if (auto used = use(**block); !used) return used;
    }
    if (!progress(static_cast<double>(first) / people)) {
      return unexpected(error_of(Errc::cancelled, "", "stopped; nothing was written"));
    }
  }
  return {};
}

Result<void> write_rows(const Job& job, Findings& findings) {
  const Options& o = job.options;
  auto sink =
      RowSink::create(o.output, choose_format(o.format, o.output), metric_columns(o.status));
  if (!sink) return unexpected(sink.error());
  auto written = for_each_block(job, findings, [&](const Block& block) {
    return write_metric_rows(*sink, block.built.grid, block.metrics, job.chosen, job.definitions,
                             o.status);
  });
  if (!written) return written;
  return sink->commit();
}

Result<void> write_summary(const Job& job, Findings& findings) {
  const Options& o = job.options;
  auto sink = RowSink::create(o.output, choose_format(o.format, o.output),
                              {"substance", "metric", "definition", "n", "n_not_estimable", "mean",
                               "sd", "median", "q1", "q3", "min", "max"});
  if (!sink) return unexpected(sink.error());

  struct Column {
    std::vector<double> values;
    std::uint64_t without_value = 0;
  };
  std::map<std::uint32_t, std::vector<Column>> by_substance;  // number in the records -> by metric
  auto read = for_each_block(job, findings, [&](const Block& block) -> Result<void> {
    const timeline::Grid& grid = block.built.grid;
    for (std::size_t s = 0; s < grid.size(); ++s) {
      const auto number = job.table.records.substances().find(grid.substance_of(s));
      auto& columns = by_substance[number.value_or(0)];
      columns.resize(job.chosen.size());
      for (std::size_t k = 0; k < job.chosen.size(); ++k) {
        const Estimate e = block.metrics.at(s, job.chosen[k]);
        if (e.value) {
          columns[k].values.push_back(*e.value);
        } else {
          ++columns[k].without_value;
        }
      }
    }
    return {};
  });
  if (!read) return read;
  for (const auto& [number, columns] : by_substance) {
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const auto summary = outcomes::summarise(columns[k].values);
      sink->text(job.table.records.substances()[number]);
      sink->text(outcomes::name(job.chosen[k])).text(job.definitions[k]);
      sink->integer(static_cast<std::int64_t>(columns[k].values.size()));
      sink->integer(static_cast<std::int64_t>(columns[k].without_value));
      sink->number(summary.mean).number(summary.sd).number(summary.median);
      sink->number(summary.q1).number(summary.q3).number(summary.min).number(summary.max);
      if (auto row = sink->end_row(); !row) return row;
    }
  }
  return sink->commit();
}

Exit run(const Options& options) {
  const std::array<NamedPath, 2> inputs{{{"--tlfb", options.tlfb}, {"--windows", options.windows}}};
  const std::array<NamedPath, 1> outputs{{{"--output", options.output}}};
  if (auto fine = check_paths(inputs, outputs); !fine) return fail(fine.error());
  Job job;
  job.options = options;
  io::UseCsvOptions use = options.use;
  use.on_doubt = options.stop_on_doubt ? io::OnDoubt::stop : io::OnDoubt::set_aside;
  use.progress = progress_bar("reading");
  auto table = io::read_use_csv(options.tlfb, use);
  if (!table) return fail(table.error());
  job.table = std::move(*table);
  for (auto step : {choose_window, choose_sex, choose_rules}) {
    if (auto done = step(job); !done) return fail(done.error());
  }
  if (options.absent.empty() && !options.quiet) {
    std::cerr << "note: days without a row count as not known; say --absent none if the file "
                 "lists days of use only\n";
  }
  Findings findings = job.table.findings;
  findings.merge(job.windows.findings);
  const auto written = options.summary ? write_summary(job, findings) : write_rows(job, findings);
  if (!options.quiet) report(findings);
  return written ? Exit::ok : fail(written.error());
}

const Command command{
    "metrics", "Outcome metrics from daily-use records (Timeline Followback)", 10,
    [](CLI::App& app) -> Command::Run {
      auto o = std::make_shared<Options>();
      app.footer(
          "\nThe file has a header row and one row a person, day and substance (or an occasion).\n"
          "Columns are found by their names: person_id/who/id, date/day/when, substance/what,\n"
          "amount, unit, source, ... An empty amount means: used, amount not known; 0 means none.\n"
          "One row is written per person, substance and metric; an empty value means that there "
          "is\n"
          "no answer (--status says why). lower and upper enclose what the missing days could "
          "make\n"
          "of it. `ombre explain pda` tells what a metric is and where it comes from.\n\n"
          "  ombre metrics --tlfb use.csv --absent none --start 2026-01-01 --end 2026-03-31\n"
          "  ombre metrics --tlfb tlfb.csv.gz --windows windows.csv --absent none --summary");
      app.add_option("--tlfb", o->tlfb, "Table of use: CSV or gzip, '-' for standard input")
          ->required();
      app.add_option("--person", o->use.person, "Column that names the person");
      app.add_option("--day", o->use.day, "Column with dates (YYYY-MM-DD) or day numbers");
      app.add_option("--substance", o->use.substance, "Column that names the substance");
      app.add_option("--amount", o->use.amount, "Column with the amount used");
      app.add_option("--unit", o->use.unit, "Column with the amount's unit");
      app.add_option("--used", o->use.used,
                     "Column with yes or no, or a test's positive or negative");
      app.add_option("--source", o->use.source, "Column with the kind of report");
      app.add_option("--only-substance", o->use.only_substance,
                     "Substance of every row, for a table of one substance");
      app.add_option("--only-unit", o->use.only_unit, "Unit of every row");
      app.add_option("--windows", o->windows,
                     "Table person,start,end (both days counted) and, if you like, sex");
      app.add_option("--window-person", o->window_person, "Column of the windows: the person");
      app.add_option("--window-start", o->window_start, "Column of the windows: first day");
      app.add_option("--window-end", o->window_end, "Column of the windows: last day");
      app.add_option("--start", o->start, "First day of everybody's window");
      app.add_option("--end", o->end, "Last day of everybody's window");
      app.add_option("--absent", o->absent,
                     "What a day without a row means: none or unknown (the default)")
          ->check(CLI::IsMember({"none", "unknown"}));
      app.add_option("--same-day", o->same_day,
                     "Several amounts on one day: sum, max, min, mean, first, refuse")
          ->check(CLI::IsMember({"sum", "max", "min", "mean", "first", "refuse"}))
          ->capture_default_str();
      app.add_option("--pairs", o->series,
                     "all: every person with every substance; seen: pairs with a row; auto: all "
                     "where --absent none, else seen")
          ->check(CLI::IsMember({"auto", "all", "seen"}))
          ->capture_default_str();
      app.add_option("--missing", o->missing, "Days not known: exclude, worst, best, locf")
          ->check(CLI::IsMember({"exclude", "worst", "best", "locf"}))
          ->capture_default_str();
      app.add_option("--gap", o->gap, "Abstinent days that end an episode")->capture_default_str();
      app.add_option("--grace", o->grace, "Days not looked at by prolonged_abstinence")
          ->capture_default_str();
      app.add_option("--lapse-gap", o->lapse_gap, "Abstinent days before a use makes it a lapse")
          ->capture_default_str();
      app.add_option("--heavy", o->heavy,
                     "Heavy day: a rule such as niaaa_heavy_day, or a limit in your unit");
      app.add_option("--drink", o->drink,
                     "Country whose standard drink a plain \"drink\" is, such as US or GB");
      app.add_option("--sex", o->sex, "male or female, for limits that differ by sex");
      app.add_option("--metrics", o->metrics, "Only these metrics, separated by commas")
          ->delimiter(',');
      app.add_flag("--exclude-controlled", o->exclude_controlled,
                   "Leave out days in hospital, prison or residence");
      app.add_flag("--summary", o->summary, "The cohort's table instead of a row per person");
      app.add_flag("--status", o->status, "Add a column that says why a value is empty");
      app.add_flag("--strict", o->stop_on_doubt, "Stop at the first doubtful row");
      app.add_flag("--quiet", o->quiet, "Do not print findings");
      app.add_option("--threads", o->threads, "Threads; 0 = as many as the machine has")
          ->capture_default_str();
      add_format_option(app, o->format);
      app.add_option("-o,--output", o->output, "File to write; appears whole or not at all");
      return [o] { return run(*o); };
    }};

}  // namespace
}  // namespace ombre::cli
