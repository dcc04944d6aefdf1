#pragma once
/// @file
/// The days of one person from a table of use, for the commands that look at one person.

#include <memory>
#include <string>
#include <vector>

#include "ombre/core/finding.hpp"
#include "ombre/core/result.hpp"
#include "ombre/outcomes/review.hpp"
#include "ombre/timeline/grid.hpp"

namespace ombre::cli {

struct PersonUse {
  std::string person;
  std::unique_ptr<timeline::Grid> grid;  ///< the histories look into it
  std::vector<outcomes::UseHistory> use;
  Findings read{};   ///< what the table had
  Findings built{};  ///< what laying it on days had
  [[nodiscard]] Date last_day() const;
};

/// @param file    table of use as for `ombre metrics`
/// @param person  whose rows; empty where the table is one person's
/// @param absent  "none" or "unknown" (also "")
/// @par Errors those of io::read_use_csv and timeline::build_grid; contradiction (days without
/// dates), unknown_name or missing (--person)
[[nodiscard]] Result<PersonUse> use_of(const std::string& file, const std::string& person,
                                       const std::string& absent);

}  // namespace ombre::cli
