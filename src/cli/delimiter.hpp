#pragma once
/// @file
/// `--delimiter`: what stands between the columns of a table that another program wrote.

#include <string>

#include "cli/command.hpp"
#include "ombre/core/result.hpp"

namespace ombre::cli {

/// Adds `option` to a command; what `target` holds is its default.
void add_delimiter_option(CLI::App& app, std::string& target,
                          const std::string& option = "--delimiter",
                          const std::string& help =
                              "What stands between columns: ',', ';', '|' or "
                              "tab");

/// The byte: a character itself, or comma, semicolon, tab, \t or pipe.
/// @par Errors malformed (names the option)
[[nodiscard]] Result<char> delimiter_of(const std::string& text,
                                        const std::string& option = "--delimiter");

}  // namespace ombre::cli
