#include "cli/command.hpp"

#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigaction is POSIX
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <utility>

#include "ombre/cohort/runners.hpp"

namespace ombre::cli {
namespace {

std::vector<const Command*>& registered() {
  static std::vector<const Command*> commands;
  return commands;
}

volatile std::sig_atomic_t interrupted = 0;

// The first signal asks, so that work ends at its next step; a second one ends the program.
void on_interrupt(int signal) {
  interrupted = 1;
  std::signal(signal, SIG_DFL);
}

}  // namespace

Command::Command(std::string name_, std::string summary_, int order_, Setup setup_)
    : name{std::move(name_)},
      summary{std::move(summary_)},
      order{order_},
      setup{std::move(setup_)} {
  registered().push_back(this);
}

const std::vector<const Command*>& Command::all() { return registered(); }

Exit fail(const Error& error) {
  if (error.code == Errc::cancelled && interrupted != 0) {
    std::cerr << "ombre: stopped; nothing was written\n";
    return Exit::interrupted;
  }
  std::cerr << "ombre: " << describe(error) << '\n';
  // An error about an option's own value is about the command line, not about the data.
  if (error.file.empty() && error.field.starts_with('-')) return Exit::usage;
  const bool no_such_file = error.code == Errc::missing && error.field.empty() && !error.row;
  return error.code == Errc::io_failure || no_such_file ? Exit::io : Exit::bad_input;
}

Exit fail(std::string_view sentence, Exit code) {
  std::cerr << "ombre: " << sentence << '\n';
  return code;
}

void report(const Findings& findings, std::size_t show) {
  for (const auto& rule : findings.counts()) {
    std::cerr << name(rule.severity) << ": " << rule.rule << ", " << rule.count
              << (rule.count == 1 ? " time" : " times") << '\n';
    std::size_t shown_so_far = 0;
    for (const Finding& finding : findings.stored()) {
      if (finding.rule != rule.rule) continue;
      if (shown_so_far == show) break;
      std::cerr << "  " << describe(finding) << '\n';
      ++shown_so_far;
    }
    if (rule.count > shown_so_far) {
      std::cerr << "  ... and " << rule.count - shown_so_far << " more\n";
    }
  }
}

void report_counts(const Findings& findings) {
  std::string text;
  for (const auto& rule : findings.counts()) {
    if (rule.severity < Severity::caution) continue;
    text += (text.empty() ? "" : ", ") + rule.rule + ' ' + std::to_string(rule.count) +
            (rule.count == 1 ? " time" : " times");
  }
  if (text.empty()) return;
  std::cerr << "findings, without --quiet in full: " << text << '\n';
}

bool stdout_is_terminal() { return isatty(STDOUT_FILENO) == 1; }
bool stderr_is_terminal() { return isatty(STDERR_FILENO) == 1; }

Format choose_format(const std::string& asked, const std::string& output_path) {
  if (asked == "table") return Format::table;
  if (asked == "csv") return Format::csv;
  if (asked == "json") return Format::json;
  if (asked == "markdown") return Format::markdown;
  const auto ends_with = [&](std::string_view ending) {
    return std::string_view{output_path}.ends_with(ending);
  };
  if (ends_with(".json")) return Format::json;
  if (ends_with(".md")) return Format::markdown;
  const bool to_terminal = (output_path.empty() || output_path == "-") && stdout_is_terminal();
  return to_terminal ? Format::table : Format::csv;
}

void add_format_option(CLI::App& app, std::string& target, bool markdown) {
  std::vector<std::string> names{"auto", "table", "csv", "json"};
  if (markdown) names.emplace_back("markdown");
  target = "auto";
  app.add_option("--format", target, "auto: a table on a terminal, CSV in a pipe or file")
      ->check(CLI::IsMember(names))
      ->capture_default_str();
}

Progress progress_bar(std::string label) {
  // What was ignored when the program began, as under nohup, stays so.
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction now {};
    if (::sigaction(signal, nullptr, &now) == 0 && now.sa_handler != SIG_IGN) {
      std::signal(signal, on_interrupt);
    }
  }
  if (!stderr_is_terminal()) {
    return [](double) { return interrupted == 0; };
  }
  using Clock = std::chrono::steady_clock;
  struct State {
    std::string label;
    Clock::time_point start = Clock::now();
    Clock::time_point last{};
    bool drawn = false;
    ~State() {
      if (drawn) std::fputs("\r\x1b[K", stderr);
    }
  };
  auto state = std::make_shared<State>();
  state->label = std::move(label);
  return [state](double done) {
    const auto now = Clock::now();
    using std::chrono::milliseconds;
    if (now - state->start > milliseconds{700} && now - state->last > milliseconds{100}) {
      state->last = now;
      state->drawn = true;
      constexpr int width = 30;
      const int filled = static_cast<int>(done * width);
      std::string bar = "\r" + state->label + " [";
      for (int i = 0; i < width; ++i) bar += i < filled ? '#' : '.';
      bar += "] " + std::to_string(static_cast<int>(done * 100)) + " %\x1b[K";
      std::fputs(bar.c_str(), stderr);
      std::fflush(stderr);
    }
    return interrupted == 0;
  };
}

std::unique_ptr<Runner> make_runner(unsigned threads) {
  return std::make_unique<cohort::Threads>(threads);
}

}  // namespace ombre::cli
