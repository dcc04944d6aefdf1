#pragma once
/// @file
/// What the commands about plans, reviews and networks share.

#include <span>
#include <string>

#include "cli/command.hpp"
#include "cli/rows.hpp"
#include "ombre/core/date.hpp"
#include "ombre/core/result.hpp"
#include "ombre/plans/guard.hpp"

namespace ombre::cli {

/// The day of an option; empty: the machine's date. @par Errors malformed (names the option)
[[nodiscard]] Result<Date> day_of(const std::string& option, const std::string& text);

/// Findings as lines for a person: what is refused, what to look at, notes.
[[nodiscard]] std::string finding_lines(std::span<const plans::RuleFinding> findings);
/// The same as rows: rule, answer, severity, on, measured, limit, unit, text, source.
[[nodiscard]] Rows finding_rows(std::span<const plans::RuleFinding> findings);

/// Prints findings as text or in a format of rows; refused ones give Exit::refused.
[[nodiscard]] Exit print_findings(const std::string& above,
                                  std::span<const plans::RuleFinding> findings,
                                  const std::string& format, const std::string& path);

/// `--format text|table|csv|json|markdown`, text by default.
void add_text_format(CLI::App& app, std::string& target);

}  // namespace ombre::cli
