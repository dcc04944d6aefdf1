// The program `ombre`. Each command is a file of its own in this folder.

#include <algorithm>
#include <csignal>
#include <iostream>
#include <new>

#include "cli/command.hpp"
#include "ombre/core/version.hpp"

namespace {

constexpr const char* what_it_is =
    "ombre: harm-reduction treatment of substance use - outcome metrics, equivalences and plans.\n"
    "It advises, explains and warns; it never prescribes. Any step toward health counts.";

constexpr const char* footer =
    "\nFiles: '-' means standard input or output; files ending in .gz are read directly; an "
    "output\n"
    "file appears whole or not at all.\n"
    "Exit codes: 0 done, 1 the input could not be used, 2 wrong command line, 3 a file could not\n"
    "be read or written, 4 a safety rule refused (the reasons are printed), 130 stopped from "
    "outside.\n"
    "`ombre COMMAND --help` tells more; `ombre explain NAME` gives definitions and sources.";

}  // namespace

int main(int argc, char** argv) {
  using namespace ombre::cli;
  std::ios::sync_with_stdio(false);
  std::signal(SIGXFSZ,
              SIG_IGN);  // a file-size limit is then an error of the write, cleaned up after

  CLI::App app{what_it_is, "ombre"};
  app.set_version_flag("--version", "ombre " + std::string{ombre::library_version()});
  app.footer(footer);
  app.require_subcommand(0, 1);
  app.get_formatter()->column_width(32);

  auto commands = Command::all();
  std::ranges::sort(commands, [](const Command* a, const Command* b) {
    return a->order != b->order ? a->order < b->order : a->name < b->name;
  });
  std::vector<std::pair<CLI::App*, Command::Run>> runs;
  for (const Command* command : commands) {
    CLI::App* sub = app.add_subcommand(command->name, command->summary);
    runs.emplace_back(sub, command->setup(*sub));
    // The list of commands shows one line each; what a command says beyond that goes below its
    // options.
    if (const std::string more = sub->get_description(); more != command->summary) {
      sub->description(command->summary);
      sub->footer("\n" + more + "\n" + sub->get_footer());
    }
  }

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    std::cerr << "ombre: " << error.what() << "\nTry `ombre --help` or `ombre COMMAND --help`.\n";
    return static_cast<int>(Exit::usage);
  }

  for (const auto& [sub, run] : runs) {
    if (!sub->parsed()) continue;
    Exit code = Exit::ok;
    try {
      code = run();
    } catch (const std::bad_alloc&) {
      code = fail("there is not enough memory for this; nothing was written", Exit::bad_input);
    }
    std::cout.flush();
    if (!std::cout && code == Exit::ok) {
      return static_cast<int>(fail("standard output could not be written", Exit::io));
    }
    return static_cast<int>(code);
  }
  std::cout << app.help();
  return static_cast<int>(argc > 1 ? Exit::usage : Exit::ok);
}
