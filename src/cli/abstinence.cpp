// `ombre abstinence`: day-level abstinence measures from timeline follow-back.
#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "ombre/io/abstinence_csv.hpp"
#include "ombre/io/abstinence_json.hpp"
#include "ombre/outcomes/abstinence.hpp"

namespace ombre::cli {
namespace {

namespace oc = outcomes;

struct Options {
  io::AbstinenceFiles files;
  std::string measures;
  std::vector<std::string> columns;
  std::string output = "-";
  std::string layout = "tidy";
  std::string format;
  std::string rates;
  std::string retention;
  std::string days;
  std::string visits;
  bool print_measures = false;
  unsigned threads = 1;
};

// A table that is written while configurations are computed, if it was asked for.
class Table {
 public:
  Result<void> open(const std::string& path, const std::string& format,
                    std::vector<std::string> header) {
    if (path.empty()) return {};
    auto rows = RowSink::create(path, choose_format(format, path), std::move(header));
    if (!rows) return unexpected(rows.error());
    rows_ = *std::move(rows);
    return {};
  }
  [[nodiscard]] bool wanted() const { return rows_.has_value(); }
  RowSink& row() { return *rows_; }
  Result<void> end_row() { return rows_->end_row(); }
  Result<void> close() { return rows_ ? rows_->commit() : Result<void>{}; }

 private:
  std::optional<RowSink> rows_;
};

class Job {
 public:
  explicit Job(const Options& options) : options_{options} {}

  Result<void> open(const io::AbstinencePlan& plan) {
    wide_ = options_.layout == "wide";
    std::vector<std::string> header{"config",          "measure",       "id",
                                    "value",           "lapse_day",     "lapse_amount",
                                    "window_days",     "recorded_days", "filled_days",
                                    "overridden_days", "filled_visits"};
    if (wide_) {
      header = {"config", "id"};
      for (const auto& measure : plan.measures) header.push_back(measure.id);
    }
    if (auto r = results_.open(options_.output, options_.format, std::move(header)); !r) return r;
    if (auto r = rates_.open(options_.rates, "auto",
                             {"config", "measure", "abstinent", "with_value", "people", "rate",
                              "window_days", "filled_days"});
        !r) {
      return r;
    }
    if (auto r = retention_.open(
            options_.retention, "auto",
            {"config", "visit", "people", "retained", "retention", "attrition", "attendance"});
        !r) {
      return r;
    }
    if (auto r = days_.open(options_.days, "auto", {"config", "id", "day", "amount", "origin"});
        !r) {
      return r;
    }
    return visits_.open(options_.visits, "auto", {"config", "id", "visit", "day", "origin"});
  }

  Result<void> write(const oc::AbstinenceTables& tables, const oc::PreparedAbstinence& data,
                     const io::AbstinencePlan& plan, const oc::AbstinenceScores& scores) {
    auto result = wide_ ? write_wide(data, plan, scores) : write_tidy(tables, data, plan, scores);
    if (!result) return result;
    if (auto r = write_rates(data, plan, scores); !r) return r;
    if (auto r = write_retention(data); !r) return r;
    if (auto r = write_days(tables, data); !r) return r;
    return write_visits(tables, data);
  }

  Result<void> close() {
    for (Table* table : {&rates_, &retention_, &days_, &visits_, &results_}) {
      if (auto closed = table->close(); !closed) return closed;
    }
    return {};
  }

 private:
  static void day(RowSink& csv, const oc::AbstinenceTables& tables, std::int32_t value) {
    if (tables.days_are_dates()) {
      csv.text(tables.day_text(value));
    } else {
      csv.integer(value);
    }
  }

  static void value(RowSink& csv, std::optional<bool> result) {
    if (result) {
      csv.integer(*result ? 1 : 0);
    } else {
      csv.text("");
    }
  }

  // How much of a result was recorded, and how much filled in.
  static void window(RowSink& csv, const oc::AbstinenceWindow& w) {
    using State = oc::AbstinenceWindow::State;
    if (w.state == State::no_end_visit || w.state == State::no_day) {
      csv.text("").text("").text("").text("");
    } else {
      csv.integer(w.days).integer(w.recorded).integer(w.filled).integer(w.overridden);
    }
    csv.integer((w.start_filled ? 1 : 0) + (w.end_filled ? 1 : 0));
  }

  Result<void> write_tidy(const oc::AbstinenceTables& tables, const oc::PreparedAbstinence& data,
                          const io::AbstinencePlan& plan, const oc::AbstinenceScores& scores) {
    for (std::size_t m = 0; m < plan.measures.size(); ++m) {
      for (std::size_t p = 0; p < data.people(); ++p) {
        RowSink& csv = results_.row();
        csv.text(data.rules.name).text(plan.measures[m].id).text(data.ids[p]);
        value(csv, scores.result(m, p));
        if (const auto lapse = scores.lapse(m, p)) {
          day(csv, tables, lapse->day);
          csv.number(lapse->amount);
        } else {
          csv.text("").text("");
        }
        window(csv, scores.window(m, p));
        if (auto r = results_.end_row(); !r) return r;
      }
    }
    return {};
  }

  Result<void> write_wide(const oc::PreparedAbstinence& data, const io::AbstinencePlan& plan,
                          const oc::AbstinenceScores& scores) {
    for (std::size_t p = 0; p < data.people(); ++p) {
      RowSink& csv = results_.row();
      csv.text(data.rules.name).text(data.ids[p]);
      for (std::size_t m = 0; m < plan.measures.size(); ++m) value(csv, scores.result(m, p));
      if (auto r = results_.end_row(); !r) return r;
    }
    return {};
  }

  Result<void> write_rates(const oc::PreparedAbstinence& data, const io::AbstinencePlan& plan,
                           const oc::AbstinenceScores& scores) {
    if (!rates_.wanted()) return {};
    for (std::size_t m = 0; m < plan.measures.size(); ++m) {
      const oc::AbstinenceRate rate = oc::abstinence_rate(scores, m);
      std::int64_t days = 0;
      std::int64_t filled = 0;
      for (std::size_t p = 0; p < data.people(); ++p) {
        days += scores.window(m, p).days;
        filled += scores.window(m, p).filled;
      }
      rates_.row()
          .text(data.rules.name)
          .text(plan.measures[m].id)
          .integer(static_cast<std::int64_t>(rate.abstinent))
          .integer(static_cast<std::int64_t>(rate.with_value))
          .integer(static_cast<std::int64_t>(rate.people))
          .number(rate.rate())
          .integer(days)
          .integer(filled);
      if (auto r = rates_.end_row(); !r) return r;
    }
    return {};
  }

  Result<void> write_retention(const oc::PreparedAbstinence& data) {
    if (!retention_.wanted()) return {};
    for (const oc::RetentionRow& row : data.retention) {
      const auto all = static_cast<double>(row.people);
      const double kept = static_cast<double>(row.retained) / all;
      retention_.row()
          .text(data.rules.name)
          .text(row.visit)
          .integer(static_cast<std::int64_t>(row.people))
          .integer(static_cast<std::int64_t>(row.retained))
          .number(kept)
          .number(1 - kept)
          .number(static_cast<double>(row.attended) / all);
      if (auto r = retention_.end_row(); !r) return r;
    }
    return {};
  }

  Result<void> write_days(const oc::AbstinenceTables& tables, const oc::PreparedAbstinence& data) {
    if (!days_.wanted()) return {};
    for (std::size_t p = 0; p < data.people(); ++p) {
      for (std::uint64_t i = data.offset[p]; i < data.offset[p + 1]; ++i) {
        RowSink& csv = days_.row();
        csv.text(data.rules.name).text(data.ids[p]);
        day(csv, tables, data.day[i]);
        csv.number(data.amount[i]).integer(static_cast<std::int64_t>(data.origin[i]));
        if (auto r = days_.end_row(); !r) return r;
      }
    }
    return {};
  }

  Result<void> write_visits(const oc::AbstinenceTables& tables,
                            const oc::PreparedAbstinence& data) {
    if (!visits_.wanted()) return {};
    using State = oc::PreparedAbstinence::VisitState;
    for (std::size_t p = 0; p < data.people(); ++p) {
      for (std::size_t v = 0; v < data.visits.size(); ++v) {
        const std::size_t at = p * data.visits.size() + v;
        const State state = data.visit_state[at];
        if (state == State::absent) continue;
        RowSink& csv = visits_.row();
        csv.text(data.rules.name).text(data.ids[p]).text(data.visits[v]);
        if (state == State::imputed_without_day) {
          csv.text("");
        } else {
          day(csv, tables, data.visit_day[at]);
        }
        csv.integer(state == State::recorded ? 0 : 1);
        if (auto r = visits_.end_row(); !r) return r;
      }
    }
    return {};
  }

  const Options& options_;
  bool wide_ = false;
  Table results_;
  Table rates_;
  Table retention_;
  Table days_;
  Table visits_;
};

Exit run(const Options& options) {
  const std::array<NamedPath, 4> inputs{{{"--measures", options.measures},
                                         {"--tlfb", options.files.follow_back},
                                         {"--visits", options.files.visits},
                                         {"--bio", options.files.biochemical}}};
  const std::array<NamedPath, 5> outputs{{{"--output", options.output},
                                          {"--rates", options.rates},
                                          {"--retention", options.retention},
                                          {"--filled-days", options.days},
                                          {"--filled-visits", options.visits}}};
  if (auto fine = check_paths(inputs, outputs); !fine) return fail(fine.error());
  if (options.measures.empty()) {
    return fail("--measures is required: a JSON file (docs/abstinence.md)", Exit::usage);
  }
  auto plan = io::read_abstinence_plan(options.measures);
  if (!plan) return fail(plan.error());
  if (options.print_measures) {
    const auto text = io::json_text(io::abstinence_plan_json(*plan));
    if (!text) return fail(text.error());
    const auto written = write_text(options.output, *text);
    return written ? Exit::ok : fail(written.error());
  }
  if (options.files.follow_back.empty() || options.files.visits.empty()) {
    return fail("--tlfb and --visits are required", Exit::usage);
  }
  io::AbstinenceCsvOptions read;
  for (const std::string& one : options.columns) {
    const std::size_t equals = one.find('=');
    if (equals == std::string::npos) {
      return fail("--column " + one + ": must be TABLE.ROLE=NAME, such as visits.day=VISDT",
                  Exit::usage);
    }
    read.columns.emplace_back(one.substr(0, equals), one.substr(equals + 1));
  }
  auto files = io::read_abstinence_csv(options.files, read);
  if (!files) return fail(files.error());
  Findings findings = std::move(files->findings);
  const auto tables = oc::AbstinenceTables::from(files->records, findings);
  if (!tables) return fail(tables.error());

  Job job{options};
  if (auto opened = job.open(*plan); !opened) return fail(opened.error());
  const auto runner = make_runner(options.threads);
  const Progress bar = progress_bar("abstinence");
  const auto count = static_cast<double>(plan->configurations.size());
  for (std::size_t c = 0; c < plan->configurations.size(); ++c) {
    const Progress progress = [&](double done) {
      return bar((static_cast<double>(c) + done / 2) / count);
    };
    Findings some;
    const auto data =
        oc::prepare_abstinence(*tables, plan->configurations[c], some, *runner, progress);
    if (!data) {
      Error error = data.error();
      error.field.insert(0, "configurations[" + std::to_string(c) + "].");
      return fail(error);
    }
    if (c == 0) findings.merge(some);
    const auto scores = oc::score_abstinence(*data, plan->measures, *runner);
    if (!scores) return fail(scores.error());
    oc::note_windows(*tables, *data, plan->measures, *scores, findings);
    if (auto written = job.write(*tables, *data, *plan, *scores); !written) {
      return fail(written.error());
    }
  }
  if (auto closed = job.close(); !closed) return fail(closed.error());
  report(findings);
  return Exit::ok;
}

Command::Run set_up(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.footer(
      "\nThe measures file lists measures and, if wished, configurations (how duplicates, "
      "outliers,\n"
      "gaps and missing visits are treated); docs/abstinence.md has the keys. Output, tidy: "
      "config,\n"
      "measure, id, value (1 abstinent, 0 not, empty: no value), lapse_day, lapse_amount, and how\n"
      "many days of the window were recorded, filled in or overridden; wide: one row per config\n"
      "and id, one column per measure. Findings about records are those of the first\n"
      "configuration; those about windows name theirs.");
  app.add_option("--tlfb,--follow-back", options->files.follow_back,
                 "amount used by day: person, day, amount");
  app.add_option("--visits", options->files.visits, "person, visit, day");
  app.add_option("--bio,--biochemical", options->files.biochemical,
                 "biochemical measure: person, day, amount");
  app.add_option("--measures", options->measures, "what to compute, as JSON");
  app.add_option("--layout", options->layout, "tidy or wide")
      ->check(CLI::IsMember({"tidy", "wide"}))
      ->capture_default_str();
  app.add_option("--rates", options->rates, "also write how many are abstinent, by measure");
  app.add_option("--retention", options->retention, "also write retention by visit");
  app.add_option("--filled-days", options->days,
                 "also write the follow-back after filling (origin: 0 recorded, 1 filled, 2 "
                 "overridden by the biochemical measure)");
  app.add_option("--filled-visits", options->visits,
                 "also write the visit days after filling (origin: 0 recorded, 1 filled)");
  app.add_option("--column", options->columns,
                 "TABLE.ROLE=NAME where a column is not found by itself, such as "
                 "follow_back.amount=CIGS; tables: follow_back, visits, biochemical");
  app.add_option("-o,--output", options->output, "where the results go")->capture_default_str();
  add_format_option(app, options->format);
  app.add_option("--threads", options->threads, "0 = all the machine has")->capture_default_str();
  app.add_flag("--print-measures", options->print_measures,
               "write the measures file back with every default, and stop");
  return [options] { return run(*options); };
}

const Command abstinence{"abstinence", "Day-level abstinence: continuous, point, prolonged", 16,
                         set_up};

}  // namespace
}  // namespace ombre::cli
