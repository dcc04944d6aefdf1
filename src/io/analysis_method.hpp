#pragma once
// What a method of `ombre analyse` gets, and how it gives numbers back. A new method is one source
// file with a function of the type AnalysisFunction, and one row in analysis_methods.cpp.

#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ombre/cohort/survival_rows.hpp"
#include "ombre/cohort/table.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/progress.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/json.hpp"

namespace ombre::inline v0::io::detail {

// Which columns play which part, as written in the spec: a text or a list of texts each.
class AnalysisColumns {
 public:
  explicit AnalysisColumns(std::vector<std::pair<std::string, std::vector<std::string>>> roles = {})
      : roles_{std::move(roles)} {}

  [[nodiscard]] bool has(std::string_view role) const noexcept { return find(role) != nullptr; }
  // Every name of a role; empty where it is not used.
  [[nodiscard]] std::vector<std::string> all(std::string_view role) const;
  // The name of a role that is one column. Empty where it is not used.
  [[nodiscard]] Result<std::string> one(std::string_view role) const;
  // One more role.
  void add(std::string role, std::string column) {
    roles_.emplace_back(std::move(role), std::vector<std::string>{std::move(column)});
  }
  // Refuses roles the method has no use for.
  [[nodiscard]] Result<void> only(std::initializer_list<std::string_view> roles) const;

 private:
  [[nodiscard]] const std::vector<std::string>* find(std::string_view role) const noexcept;
  std::vector<std::pair<std::string, std::vector<std::string>>> roles_;
};

struct AnalysisInput {
  const cohort::Table& table;      // the columns the spec speaks of
  const AnalysisColumns& columns;  // as the spec has them
  JsonView options;                // an object; empty where the spec has none
  Findings& findings;              // for the reader of the result
  const Progress& progress;
  const Runner& runner;
};

using AnalysisFunction = Result<Json> (*)(const AnalysisInput&);

struct AnalysisMethod {
  std::string_view name;
  AnalysisFunction run;
};

[[nodiscard]] std::span<const AnalysisMethod> analysis_methods() noexcept;

// The usual roles of a survival method (time, status, entry, weight, cluster, id, offset, group,
// strata, x) as cohort::Roles. A role that must be one column and is several is refused.
[[nodiscard]] Result<cohort::Roles> roles_of(const AnalysisColumns& columns);

// ---- options -------------------------------------------------------------------------------
// A list of numbers or texts; one alone may stand without brackets. Nothing where absent or null.
[[nodiscard]] std::optional<std::vector<double>> optional_numbers(JsonFields& fields,
                                                                  std::string_view key,
                                                                  double least, double most);
[[nodiscard]] std::optional<std::vector<std::string>> optional_texts(JsonFields& fields,
                                                                     std::string_view key);
// The option event_code, a text or a number (2 is "2"); empty where absent or null.
[[nodiscard]] std::string event_code_of(JsonFields& fields);

// ---- numbers into JSON ---------------------------------------------------------------------
// Numbers JSON lacks become "NaN", "Inf" and "-Inf"; what does not exist becomes null.
[[nodiscard]] Json json_of(double value);
[[nodiscard]] Json json_of(std::optional<double> value);
[[nodiscard]] Json json_list(std::span<const double> values);
[[nodiscard]] Json json_list(std::span<const std::optional<double>> values);
[[nodiscard]] Json json_list(std::span<const std::string> values);
// rows x columns, row by row.
[[nodiscard]] Json json_matrix(std::span<const double> values, std::size_t rows,
                               std::size_t columns);
// "group_3", "rho_0.5": a prefix and a number in its shortest form.
[[nodiscard]] std::string key_of(std::string_view prefix, double value);

}  // namespace ombre::inline v0::io::detail
