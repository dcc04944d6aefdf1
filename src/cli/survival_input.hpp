#pragma once
/// @file
/// What `ombre km`, `logrank`, `rmst` and `cox` share: the options that say which file, which rows
/// and which columns, and the rows they give.

#include <span>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "ombre/cohort/survival_rows.hpp"
#include "ombre/cohort/table_operations.hpp"
#include "ombre/core/result.hpp"

namespace ombre::cli {

struct SurvivalInput {
  std::string data;
  std::string delimiter = ",";
  std::string join;
  std::string join_delimiter;  ///< empty: that of `data`
  std::vector<std::string> where;
  std::vector<std::string> reference;
  std::string endpoint;
  std::string time;
  std::string event;
  std::string event_code;
  std::string entry;
  std::vector<std::string> group;
  std::vector<std::string> strata;
  std::string weight;
  std::string cluster;
  std::string id;
  std::vector<std::string> x;  ///< set by a command that has an option for it
  std::vector<double> split;   ///< likewise; makes the column `period`
  bool refuse_missing = false;
};

/// A table with the parts its columns play.
struct SurvivalTable {
  cohort::Table table;
  cohort::Roles roles{};
  cohort::RowPolicy policy{};
};

/// Adds --data, --time, --event and the others. `strata`, `cluster`, `group`: whether the command
/// has them.
void add_survival_options(CLI::App& app, SurvivalInput& input, bool strata, bool cluster,
                          bool group = true);

/// Adds --where and --reference.
void add_choice_options(CLI::App& app, std::vector<std::string>& where,
                        std::vector<std::string>& reference);

/// What they say.
struct RowChoice {
  std::vector<cohort::Condition> conditions;
  std::vector<cohort::Condition> references;
};
/// Reads them; the columns they speak of are added to `names`.
[[nodiscard]] Result<RowChoice> read_choice(std::span<const std::string> where,
                                            std::span<const std::string> reference,
                                            std::vector<std::string>& names);
/// The rows for which all conditions hold. A note says how many each one keeps; none is an error.
[[nodiscard]] Result<cohort::Table> choose_rows(cohort::Table table,
                                                std::span<const cohort::Condition> conditions,
                                                Findings& findings);
/// References of columns that are a group or in a term.
[[nodiscard]] Result<void> set_references(cohort::Table& table,
                                          std::span<const cohort::Condition> references,
                                          const std::vector<std::string>& group,
                                          const std::vector<std::string>& x);

/// Reads the columns that are named, joins and picks rows. `also`: columns beside those of `input`.
[[nodiscard]] Result<SurvivalTable> read_survival_table(const SurvivalInput& input,
                                                        std::span<const std::string> also,
                                                        Findings& findings);
/// The same, checked and gathered.
[[nodiscard]] Result<cohort::SurvivalRows> read_survival_rows(const SurvivalInput& input,
                                                              Findings& findings);

/// What the library says of a parameter, by the option that sets it, so that fail() answers with
/// Exit::usage. What is said of a file stays as it is.
[[nodiscard]] Error by_option(Error error);

/// What the estimators say of a row, by file, line and column; anything else as by_option(). The
/// file is read once more, unless it came from standard input.
[[nodiscard]] Error by_line(const SurvivalInput& input, const cohort::SurvivalRows& rows,
                            Error error);

/// Says that somebody was not observed as long as a time that was asked for. `name`: of the group,
/// empty where there is one.
void tell_beyond_follow_up(Findings& findings, std::string rule, std::string option, double time,
                           const std::string& name);

/// What the axis of time is called where nobody says: the column, or the unit of a metric.
[[nodiscard]] std::string time_label(const SurvivalInput& input);

/// What a figure cannot show, by the option that asked for it.
[[nodiscard]] Error by_figure(Error error, std::string_view option, const std::string& path);

/// A number above 0, refused in words a person can read.
[[nodiscard]] CLI::Validator above_zero();

/// Numbers such as "30,90,180" are given as repeated or comma-separated options.
void add_numbers(CLI::App& app, const std::string& name, std::vector<double>& target,
                 const std::string& help);

/// "trt = 1", "trt, site = 1, 4"; a level of one column of words stands alone.
[[nodiscard]] std::string group_label(const SurvivalInput& input, const cohort::Grouping& group,
                                      std::size_t g);

}  // namespace ombre::cli
