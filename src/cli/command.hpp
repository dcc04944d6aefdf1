#pragma once
/// @file
/// How a command of the program is made. A command is one file in this folder: it defines a
/// static Command, and is found without being listed anywhere.
///
///     struct Options { std::string file; };
///     const Command equiv{"equiv", "Convert doses and drinks", 30,
///                         [](CLI::App& app) -> Command::Run {
///                           auto options = std::make_shared<Options>();
///                           app.add_option("FILE", options->file, "...")->required();
///                           return [options] { return run(*options); };
///                         }};

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/error.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/progress.hpp"

namespace ombre::cli {

/// What the program answers to the shell. Listed in `ombre --help` and docs/command-line.md.
enum class Exit : int {
  ok = 0,
  bad_input = 1,     ///< the data or a named thing could not be used
  usage = 2,         ///< the command line itself is wrong
  io = 3,            ///< a file could not be read or written
  refused = 4,       ///< a safety rule said no; the reasons were printed
  interrupted = 130  ///< stopped by a signal; nothing was written
};

class Command {
 public:
  using Run = std::function<Exit()>;
  /// Adds options to `app` and returns what to do when the command was chosen.
  using Setup = std::function<Run(CLI::App& app)>;

  /// `order` sorts the help page: metrics and their kin 10.., facts 30.., plans 50.., demo 90.
  Command(std::string name, std::string summary, int order, Setup setup);
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  [[nodiscard]] static const std::vector<const Command*>& all();

  const std::string name;
  const std::string summary;
  const int order;
  const Setup setup;
};

/// Prints `ombre: <sentence>` on standard error and picks the exit code: usage where the field is
/// an option ("--start"), io where a file could not be read or written, else bad_input.
Exit fail(const Error& error);
Exit fail(std::string_view sentence, Exit code = Exit::bad_input);

/// Prints findings on standard error: one line a rule with its count, then up to `show`
/// examples of each. Says nothing when there are none.
void report(const Findings& findings, std::size_t show = 3);

/// What --quiet leaves of report(): one line that counts, by rule, the findings that set something
/// aside, changed it or make a result doubtful (caution and above). Notes are left out. Whoever
/// reads only the table must not take unreadable rows for rows that were never there.
void report_counts(const Findings& findings);

/// How to print a result.
enum class Format { table, csv, json, markdown };

/// "auto" is a table on a terminal and CSV in a pipe or a file.
[[nodiscard]] Format choose_format(const std::string& asked, const std::string& output_path);
/// Adds `--format auto|table|csv|json` (plus `markdown` where asked) to a command.
void add_format_option(CLI::App& app, std::string& target, bool markdown = false);

[[nodiscard]] bool stdout_is_terminal();
[[nodiscard]] bool stderr_is_terminal();

/// A progress bar on standard error if it is a terminal and the work is long enough to be seen;
/// else an empty callback. Ctrl-C, SIGTERM and SIGHUP stop the work cleanly and leave nothing
/// half-written.
[[nodiscard]] Progress progress_bar(std::string label);

/// Runs tasks on `threads` threads; 1 is serial and 0 means as many as the machine has.
[[nodiscard]] std::unique_ptr<Runner> make_runner(unsigned threads);

}  // namespace ombre::cli
