// `ombre metrics`: daily-use records in, outcome metrics out.

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <iostream>
#include <map>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "cli/delimiter.hpp"
#include "cli/metric_rows.hpp"
#include "cli/metric_units.hpp"
#include "cli/output.hpp"
#include "ombre/core/date.hpp"
#include "ombre/core/sex.hpp"
#include "ombre/io/json.hpp"
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
  std::string drink, delimiter = ",", outlier = "report";
  std::vector<std::string> factors, bounds;
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
  Findings findings;                     // what this command itself noticed
};

/// The same error, said of the option whose value it is about.
Unexpected about(std::string_view option, Error error, std::string_view value = {}) {
  error.field = option;
  error.row.reset();
  if (!value.empty()) error.value = shown(value);
  return unexpected(std::move(error));
}

Result<void> choose_sex(Job& job) {
  const Options& o = job.options;
  if (!o.sex.empty()) {
    const auto sex = sex_from(o.sex);
    if (!sex) return unexpected(usage("--sex", o.sex, "must be male or female"));
    job.metric.sex = *sex;
  }
  const io::WindowAttribute* column = job.windows.attribute("sex");
  std::string unread;
  for (const io::WindowAttribute& other : job.windows.attributes) {
    if (&other != column) unread += (unread.empty() ? "" : ", ") + other.name;
  }
  if (!unread.empty()) {
    Finding finding;
    finding.rule = "columns_not_read";
    finding.text = "not used by metrics; limits that differ by sex follow a column called sex";
    finding.field = "header";
    finding.row = 1;
    finding.value = unread;
    finding.file = o.windows;
    job.findings.add(std::move(finding));
  }
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
    if (job.metric.sex && *job.metric.sex != *sex) {
      Error error = error_at(Errc::contradiction, "sex", job.windows.windows[i].line, text,
                             "contradicts --sex " + o.sex +
                                 "; leave the option out where the "
                                 "table of windows says each person's sex");
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
    how.csv = o.use.csv;
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
  for (const auto& [option, days, least] :
       {std::tuple{"--gap", o.gap, 1}, {"--grace", o.grace, 0}, {"--lapse-gap", o.lapse_gap, 0}}) {
    if (days >= least) continue;
    return unexpected(error_at(Errc::out_of_range, option, std::nullopt, std::to_string(days),
                               "must be days, at least " + std::to_string(least)));
  }
  for (const std::string& text : o.factors) {
    auto factor = parse_factor(text);
    if (!factor) return unexpected(factor.error());
    job.build.units.push_back(std::move(*factor));
  }
  for (const std::string& text : o.bounds) {
    auto bounds = parse_bounds(text);
    if (!bounds) return unexpected(bounds.error());
    job.build.bounds.push_back(std::move(*bounds));
  }
  const auto outlier = parse_outlier(o.outlier);
  if (!outlier) return unexpected(outlier.error());
  job.build.outlier = *outlier;
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
    if (!heavy) return about("--heavy", heavy.error(), o.heavy);
    job.metric.heavy = std::move(*heavy);
  }
  if (!o.drink.empty()) {
    const auto size = substance::drink_size(o.drink);
    if (!size) return about("--drink", size.error(), o.drink);
    job.units.plain_drink = *size;
  }
  if (o.metrics.empty()) {
    for (const auto& info : outcomes::metric_infos()) job.chosen.push_back(info.metric);
  }
  for (const std::string& id : o.metrics) {
    const auto metric = outcomes::parse_metric(id);
    if (!metric) {
      std::vector<std::string_view> names;
      for (const auto& info : outcomes::metric_infos()) names.push_back(info.id);
      const auto near = io::nearest_word(id, names);
      return unexpected(
          usage("--metrics", id,
                "is not a metric" +
                    (near ? "; did you mean " + std::string{*near} + "?" : std::string{}) +
                    (near ? " " : "; ") + "`ombre explain --kind metric` lists them"));
    }
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
  const std::vector<std::uint8_t> ethanol = outcomes::is_ethanol(built->grid, job.units);
  options.is_ethanol = ethanol;
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

/// compute_block(), where memory that is not there becomes an error: blocks are computed on
/// threads, which an exception must not leave.
Result<Block> compute_block_or_say(const Job& job, const timeline::GridBuilder& builder,
                                   std::uint32_t first, std::uint32_t last) {
  try {
    return compute_block(job, builder, first, last);
  } catch (const std::bad_alloc&) {
    return unexpected(error_of(Errc::too_large, {},
                               "there is not enough memory for the days of " +
                                   std::to_string(last - first) +
                                   " people; are the windows, the substance column and --pairs as "
                                   "you want them?"));
  }
}

/// How many people to take at a time, so that a block of days and metrics stays small. An error
/// where the whole would be beyond reason, which is nearly always a wrong substance column.
Result<std::uint32_t> people_at_a_time(const Job& job, std::uint32_t people) {
  constexpr std::uint32_t usual = 256;
  if (job.build.series != timeline::SeriesRule::every_substance || people == 0) return usual;
  const timeline::Records& records = job.table.records;
  std::int64_t first = 0;
  std::int64_t last = 0;
  if (job.build.global) {
    first = job.build.global->first_day;
    last = job.build.global->last_day;
  } else if (!job.build.windows.empty()) {
    for (const auto& w : job.build.windows) {
      last = std::max<std::int64_t>(last, std::int64_t{w.last_day} - w.first_day);
    }
  } else if (!records.empty()) {
    const auto [low, high] = std::ranges::minmax_element(records.day_column());
    first = *low;
    last = *high;
  }
  const double days = static_cast<double>(last - first + 1);
  const double substances = static_cast<double>(records.substances().size());
  // A day takes 9 bytes with its amount, an estimate 40.
  const double bytes_per_person =
      substances * (9 * days + 40.0 * static_cast<double>(outcomes::metric_count));
  const double all = bytes_per_person * people;
  if (substances > 100 && all > 3e10) {
    Error error = error_at(
        Errc::too_large, "substance", std::nullopt,
        std::to_string(records.substances().size()) + " different",
        std::to_string(people) + " people x " + std::to_string(records.substances().size()) +
            " substances x " + std::to_string(last - first + 1) + " days are " +
            std::to_string(static_cast<std::uint64_t>(all / 1e9)) +
            " GB: is this the right substance column? --pairs seen takes only pairs with a row");
    error.file = job.options.tlfb;
    return unexpected(std::move(error));
  }
  constexpr double block_bytes = 3e8;
  return static_cast<std::uint32_t>(
      std::clamp(block_bytes / std::max(bytes_per_person, 1.0), 1.0, double{usual}));
}

/// The same error, with the file that its line belongs to.
Error in_file(Error error, const Job& job) {
  if (error.row && error.file.empty()) {
    const bool window = error.field == "window" && !job.options.windows.empty();
    error.file = window ? job.options.windows : job.options.tlfb;
  }
  return error;
}

/// Calls `use(block)` for all people in order, computing several blocks at the same time.
template <class Use>
Result<void> for_each_block(const Job& job, Findings& findings, Use use) {
  const auto builder = timeline::GridBuilder::from(job.table.records, job.build);
  if (!builder) return unexpected(in_file(builder.error(), job));
  findings.merge(builder->findings());
  const auto runner = make_runner(job.options.threads);
  const Progress progress = progress_bar("metrics");
  const std::uint32_t people = builder->persons();
  const auto at_a_time = people_at_a_time(job, people);
  if (!at_a_time) return unexpected(at_a_time.error());
  const std::uint32_t people_per_block = *at_a_time;
  const auto at_once = static_cast<std::uint32_t>(runner->workers()) * 2;
  for (std::uint32_t first = 0; first < people; first += people_per_block * at_once) {
    const std::uint32_t left = people - first;
    const std::uint32_t blocks =
        std::min(at_once, left / people_per_block + (left % people_per_block != 0 ? 1U : 0U));
    std::vector<std::optional<Result<Block>>> done(blocks);
    runner->run(blocks, [&](std::size_t b) {
      const std::uint32_t from = first + static_cast<std::uint32_t>(b) * people_per_block;
      done[b] =
          compute_block_or_say(job, *builder, from, std::min(people, from + people_per_block));
    });
    for (auto& block : done) {
      if (!*block) return unexpected(in_file(block->error(), job));
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
                               "sd", "median", "q1", "q3", "min", "max", "unit"});
  if (!sink) return unexpected(sink.error());

  struct Column {
    std::vector<double> values;
    std::uint64_t without_value = 0;
    bool censored = false;  // somebody without the event: the values are those of people with it
  };
  std::map<std::uint32_t, std::vector<Column>> by_substance;  // number in the records -> by metric
  std::map<std::uint32_t, std::string> units;
  auto read = for_each_block(job, findings, [&](const Block& block) -> Result<void> {
    const timeline::Grid& grid = block.built.grid;
    for (std::size_t s = 0; s < grid.size(); ++s) {
      const auto number = job.table.records.substances().find(grid.substance_of(s));
      auto& columns = by_substance[number.value_or(0)];
      columns.resize(job.chosen.size());
      units[number.value_or(0)] = grid.unit_of(s);
      for (std::size_t k = 0; k < job.chosen.size(); ++k) {
        const Estimate e = block.metrics.at(s, job.chosen[k]);
        if (e.value) {
          columns[k].values.push_back(*e.value);
        } else {
          ++columns[k].without_value;
          columns[k].censored = columns[k].censored || e.status == outcomes::MetricStatus::no_event;
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
      sink->text(outcomes::name(job.chosen[k]));
      sink->text(job.definitions[k] +
                 (columns[k].censored ? "; of those with the event only" : ""));
      sink->integer(static_cast<std::int64_t>(columns[k].values.size()));
      sink->integer(static_cast<std::int64_t>(columns[k].without_value));
      sink->number(summary.mean).number(summary.sd).number(summary.median);
      sink->number(summary.q1).number(summary.q3).number(summary.min).number(summary.max);
      sink->text(unit_of_value(job.chosen[k], units[number]));
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
  const auto delimiter = delimiter_of(options.delimiter);
  if (!delimiter) return fail(delimiter.error());
  job.options.use.csv.delimiter = *delimiter;
  if (auto done = choose_rules(job); !done) return fail(done.error());
  io::UseCsvOptions use = job.options.use;
  use.on_doubt = options.stop_on_doubt ? io::OnDoubt::stop : io::OnDoubt::set_aside;
  use.progress = progress_bar("reading");
  auto table = io::read_use_csv(options.tlfb, use);
  if (!table) return fail(table.error());
  job.table = std::move(*table);
  if (job.table.records.empty() && (job.table.rows > 0 || options.windows.empty())) {
    options.quiet ? report_counts(job.table.findings) : report(job.table.findings);
    Error error =
        error_of(Errc::empty_input, {},
                 job.table.rows == 0
                     ? "holds a header and no row"
                     : "holds no row that says anything of use: " + std::to_string(job.table.rows) +
                           " read, " + std::to_string(job.table.rows_set_aside) + " set aside");
    error.file = options.tlfb == "-" ? "standard input" : options.tlfb;
    return fail(error);
  }
  for (auto step : {choose_window, choose_sex}) {
    if (auto done = step(job); !done) return fail(done.error());
  }
  spell_as(job.table.records, job.build);
  unify_ethanol(job.table.records, job.units, job.build.units, job.findings);
  if (options.absent.empty() && !options.quiet) {
    std::cerr << "note: days without a row count as not known; say --absent none if the file "
                 "lists days of use only\n";
  }
  Findings findings = job.table.findings;
  findings.merge(job.windows.findings);
  findings.merge(job.findings);
  const auto written = options.summary ? write_summary(job, findings) : write_rows(job, findings);
  if (options.quiet) {
    if (job.table.rows_set_aside > 0) {
      std::cerr << job.table.rows_set_aside << " of " << job.table.rows << " rows of "
                << job.options.tlfb << " were set aside\n";
    }
    report_counts(findings);
  } else {
    report(findings);
  }
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
      app.add_option("--only-unit", o->use.only_unit, "Unit of every amount");
      add_delimiter_option(app, o->delimiter);
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
      app.add_option("--factor", o->factors,
                     "What a unit holds, such as \"pint=20 g\" or \"alcohol:pint=20 g\"");
      app.add_option("--bounds", o->bounds,
                     "Amounts beyond these are outliers, such as \"alcohol:0..60\"");
      app.add_option("--outlier", o->outlier,
                     "Outliers: report, clamp, unknown (the amount), drop (the row)")
          ->check(CLI::IsMember({"report", "clamp", "unknown", "drop"}))
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
      app.add_flag("--quiet", o->quiet,
                   "Findings in one line, their counts only; none for mere notes");
      app.add_option("--threads", o->threads, "Threads; 0 = as many as the machine has")
          ->capture_default_str();
      add_format_option(app, o->format);
      app.add_option("-o,--output", o->output, "File to write; appears whole or not at all");
      return [o] { return run(*o); };
    }};

}  // namespace
}  // namespace ombre::cli
