// `ombre words`: dated records of a trial to weekly words and attendance.
#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "ombre/io/schedule_json.hpp"
#include "ombre/io/trial_csv.hpp"
#include "ombre/timeline/attendance.hpp"
#include "ombre/timeline/weekly_words.hpp"

namespace ombre::cli {
namespace {

namespace tl = timeline;

struct Options {
  io::TrialFiles files;
  std::string schedule;
  std::vector<std::string> sources{"urine"};
  std::vector<std::string> columns;
  std::string output = "-";
  std::string attendance;
  std::string format;
  bool print_schedule = false;
  unsigned threads = 1;
};

constexpr std::array<tl::WordSource, 5> all_sources = {
    tl::WordSource::urine, tl::WordSource::self_report, tl::WordSource::either,
    tl::WordSource::both, tl::WordSource::confirmed};

std::vector<std::string> source_names() {
  std::vector<std::string> out;
  out.reserve(all_sources.size());
  for (const tl::WordSource source : all_sources) out.emplace_back(tl::name(source));
  return out;
}

Result<tl::TrialSchedules> load_schedule(const std::string& name) {
  const auto built_in = tl::builtin_schedule_names();
  if (std::ranges::find(built_in, name) != built_in.end()) return tl::builtin_schedules(name);
  auto read = io::read_trial_schedules(name);
  if (read || read.error().code != Errc::missing || read.error().row) return read;
  Error error = std::move(read).error();
  if (error.field.empty()) {
    error.rule += "; schedules that come with ombre: ";
    for (std::size_t i = 0; i < built_in.size(); ++i) {
      error.rule += (i > 0 ? ", " : "") + std::string{built_in[i]};
    }
  }
  return unexpected(std::move(error));
}

Result<RowSink> open_words(const Options& options, const tl::TrialTable& table,
                           const std::vector<tl::WeeklyWords>& words) {
  std::vector<std::string> header{"who"};
  if (!table.people().trial.empty()) header.emplace_back("project");
  header.emplace_back("arm");
  for (std::size_t s = 0; s < words.size(); ++s) {
    const std::string prefix = words.size() > 1 ? options.sources[s] + '_' : std::string{};
    header.push_back(prefix + "start_week");
    header.push_back(prefix + "end_week");
    for (std::size_t k = 1; k <= words[s].phases; ++k) {
      header.push_back(prefix + "rand_week" + std::to_string(k));
    }
    header.push_back(prefix + "baseline");
    for (std::size_t k = 1; k <= words[s].phases; ++k) {
      header.push_back(prefix + "phase" + std::to_string(k));
    }
    header.push_back(prefix + "word");
  }
  return RowSink::create(options.output, choose_format(options.format, options.output),
                         std::move(header));
}

Result<void> write_words(RowSink& rows, const tl::TrialTable& table,
                         const std::vector<tl::WeeklyWords>& words) {
  for (std::size_t p = 0; p < table.size(); ++p) {
    rows.text(table.id(p));
    if (!table.people().trial.empty()) rows.text(table.trial(p));
    rows.text(table.arm(p));
    for (const tl::WeeklyWords& set : words) {
      if (set.computed[p] == 0) {
        for (std::size_t c = 0; c < 4 + 2 * set.phases; ++c) rows.text("");
        continue;
      }
      rows.integer(set.start_week[p]).integer(set.end_week[p]);
      for (std::size_t k = 0; k < set.phases; ++k) {
        if (k < set.randomizations[p]) {
          rows.integer(set.randomization_week[p * tl::WeeklyWords::max_randomizations + k]);
        } else {
          rows.text("");
        }
      }
      rows.text(set.baseline(p));
      for (std::size_t k = 1; k <= set.phases; ++k) rows.text(set.phase(p, k));
      rows.text(set.word(p));
    }
    if (auto ended = rows.end_row(); !ended) return ended;
  }
  return {};
}

Result<void> write_attendance(const std::string& path, const tl::TrialTable& table,
                              const tl::Attendance& marks) {
  auto rows = RowSink::create(path, choose_format("auto", path), {"who", "day", "mark"});
  if (!rows) return unexpected(rows.error());
  for (std::size_t p = 0; p < table.size(); ++p) {
    for (std::uint64_t i = marks.offset[p]; i < marks.offset[p + 1]; ++i) {
      rows->text(table.id(p));
      if (table.days_are_dates()) {
        rows->text(table.day_text(marks.day[i]));
      } else {
        rows->integer(marks.day[i]);
      }
      rows->text(marks.mark[i] == tl::Mark::present ? "present" : "missing");
      if (auto ended = rows->end_row(); !ended) return ended;
    }
  }
  return rows->commit();
}

Exit run(const Options& options) {
  const std::array<NamedPath, 6> inputs{{{"--schedule", options.schedule},
                                         {"--visits", options.files.visits},
                                         {"--screens", options.files.screens},
                                         {"--tlfb", options.files.self_reports},
                                         {"--randomization", options.files.randomizations},
                                         {"--people", options.files.people}}};
  const std::array<NamedPath, 2> outputs{
      {{"--output", options.output}, {"--attendance", options.attendance}}};
  if (auto fine = check_paths(inputs, outputs); !fine) return fail(fine.error());
  if (options.schedule.empty()) {
    return fail("--schedule is required: a JSON file, or the name of a built-in schedule",
                Exit::usage);
  }
  const auto schedules = load_schedule(options.schedule);
  if (!schedules) return fail(schedules.error());
  if (options.print_schedule) {
    const auto text = io::json_text(io::trial_schedules_json(*schedules));
    if (!text) return fail(text.error());
    const auto written = write_text(options.output, *text);
    return written ? Exit::ok : fail(written.error());
  }

  std::vector<tl::WordSource> sources;
  bool urine = false;
  bool self_report = false;
  for (const std::string& name : options.sources) {
    const auto at = std::ranges::find(all_sources, name,
                                      [](tl::WordSource s) { return std::string{tl::name(s)}; });
    sources.push_back(*at);  // the command line has checked the names
    urine = urine || *at != tl::WordSource::self_report;
    self_report = self_report || *at != tl::WordSource::urine;
  }
  if ((urine || !options.attendance.empty()) && options.files.visits.empty()) {
    return fail("--visits is required (who came when)", Exit::usage);
  }
  if (urine && options.files.screens.empty()) {
    return fail("--screens is required for words that use urine", Exit::usage);
  }
  if (self_report && options.files.self_reports.empty()) {
    return fail("--tlfb is required for words that use self-report", Exit::usage);
  }
  io::TrialCsvOptions read;
  for (const std::string& one : options.columns) {
    const std::size_t equals = one.find('=');
    if (equals == std::string::npos) {
      return fail("--column " + one + ": must be TABLE.ROLE=NAME, such as visits.day=VISDT",
                  Exit::usage);
    }
    read.columns.emplace_back(one.substr(0, equals), one.substr(equals + 1));
  }
  auto files = io::read_trial_csv(options.files, read);
  if (!files) return fail(files.error());
  Findings findings = std::move(files->findings);
  const auto table = tl::TrialTable::from(std::move(files->records), findings);
  if (!table) return fail(table.error());

  const auto runner = make_runner(options.threads);
  const Progress progress = progress_bar("words");
  // The same person's records are looked at once per word set; each doubt is told once.
  Findings doubts;
  std::vector<std::string> told;
  const auto tell = [&](const Findings& some) {
    Findings fresh;
    for (const Finding& finding : some.stored()) {
      if (std::ranges::find(told, finding.rule) == told.end()) fresh.add(finding);
    }
    for (const auto& rule : some.counts()) {
      if (std::ranges::find(told, rule.rule) != told.end()) continue;
      fresh.count_only(rule.severity, rule.rule, rule.count - rule.stored);
      told.push_back(rule.rule);
    }
    doubts.merge(fresh);
  };
  std::vector<tl::WeeklyWords> words;
  for (const tl::WordSource source : sources) {
    Findings some;
    auto made = tl::weekly_words(*table, *schedules, source, some, *runner, progress);
    if (!made) return fail(made.error());
    words.push_back(*std::move(made));
    tell(some);
  }
  auto rows = open_words(options, *table, words);
  if (!rows) return fail(rows.error());
  if (auto written = write_words(*rows, *table, words); !written) return fail(written.error());
  if (!options.attendance.empty()) {
    Findings some;
    const auto marks = tl::attendance(*table, *schedules, some, *runner, progress);
    if (!marks) return fail(marks.error());
    tell(some);
    if (auto written = write_attendance(options.attendance, *table, *marks); !written) {
      return fail(written.error());
    }
  }
  if (auto done = rows->commit(); !done) return fail(done.error());
  findings.merge(doubts);
  report(findings);
  const bool any = std::ranges::any_of(words, [](const tl::WeeklyWords& set) {
    return std::ranges::find(set.computed, 1) != set.computed.end();
  });
  if (!any) return fail("no word could be made for anybody; the findings above say why");
  return Exit::ok;
}

Command::Run set_up(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.footer(
      "\nThe schedule says which days count, when visits were due, how long one may be late, "
      "which\n"
      "drugs count in which arm and where weeks and phases begin. `--print-schedule` writes one\n"
      "out to start from. Columns are found by their usual names (who, day, when, what, ...).\n"
      "Output: who, project, arm, start_week, end_week, rand_week1.., baseline, phase1.., word.\n"
      "`ombre endpoints --words` reads it.");
  app.add_option("--visits", options->files.visits, "who came when: person, day, kind");
  app.add_option("--screens", options->files.screens,
                 "urine screens: person, day, substance (and result, if negatives are listed)");
  app.add_option("--tlfb,--self-report", options->files.self_reports,
                 "self-reported use: person, day, substance (and amount)");
  app.add_option("--randomization,--randomisation", options->files.randomizations,
                 "person, day, arm, which (1 first, 2 second)");
  app.add_option("--people,--everybody", options->files.people,
                 "everybody: person, trial; without it, whoever is in the other tables");
  std::string known;
  for (const std::string_view name : tl::builtin_schedule_names()) {
    known += (known.empty() ? "" : ", ") + std::string{name};
  }
  app.add_option("--schedule", options->schedule,
                 "the trial's design: a JSON file, or a built-in name (" + known + ")");
  app.add_option("--source", options->sources,
                 "urine, self_report, or both together: either (use that one shows), both (use "
                 "that both show), confirmed (negative only where both are); several make several "
                 "sets of columns")
      ->delimiter(',')
      ->check(CLI::IsMember(source_names()))
      ->capture_default_str();
  app.add_option("--attendance", options->attendance,
                 "also write attended and missed days to this file: who, day, mark");
  app.add_option("--column", options->columns,
                 "TABLE.ROLE=NAME where a column is not found by itself, such as "
                 "visits.day=VISDT; tables: people, randomization, visits, screens, self_report");
  app.add_option("-o,--output", options->output, "where the words go")->capture_default_str();
  add_format_option(app, options->format);
  app.add_option("--threads", options->threads, "0 = all the machine has")->capture_default_str();
  app.add_flag("--print-schedule", options->print_schedule,
               "write the schedule as JSON, with every rule, and stop");
  return [options] { return run(*options); };
}

const Command words{"words", "Make weekly words from visits, screens and self-reports", 14, set_up};

}  // namespace
}  // namespace ombre::cli
