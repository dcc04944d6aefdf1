#pragma once
/// @file
/// Curves that a Cox model predicts for people of one's own choice: `ombre cox --people`.

#include <string>
#include <vector>

#include "cli/output.hpp"
#include "ombre/cohort/cox.hpp"
#include "ombre/cohort/table.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/result.hpp"

namespace ombre::cli {

struct CoxPeople {
  std::string people;  ///< a CSV file with the columns of the model, a row a person
  std::string curves;  ///< where the curves go, CSV (or JSON by its name); empty: not asked for
  std::string figure;  ///< and as SVG
  std::string delimiter = ",";
  std::vector<std::string> terms;  ///< of the model
  std::string offset;              ///< column, of the model and so of the people; empty: none
  double level = 0.95;
  std::string title;
  std::string x_label;
};

/// Predicts the curves of all strata and prepares what was asked for.
/// @par Errors those of read_cohort_csv and design_of_people
[[nodiscard]] Result<void> predict_people(const cohort::CoxAnalysis& analysis,
                                          const cohort::Table& table, const CoxPeople& options,
                                          Findings& findings, Beside& beside);

}  // namespace ombre::cli
