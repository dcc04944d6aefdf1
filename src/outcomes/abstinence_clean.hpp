#pragma once
// One person's cleaned and filled records; shared by the parts of abstinence, not installed.

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "ombre/core/progress.hpp"
#include "ombre/core/result.hpp"
#include "ombre/outcomes/abstinence.hpp"

namespace ombre::inline v0::outcomes::detail {

struct AmountRow {
  std::int32_t day = 0;
  double amount = 0;
  Origin origin = Origin::raw;
};

// Merges rows of equal day by the rule. `rows` are sorted by day, then amount, and stay so.
// Returns how many days had more than one row.
std::size_t merge_days(std::vector<AmountRow>& rows, DuplicateRule rule);

// Drops or moves amounts outside the bounds; returns how many.
std::size_t apply_outliers(std::vector<AmountRow>& rows, const OutlierRule& rule);

// Adds what each measured amount says about the days before it.
void extend_back(std::vector<AmountRow>& rows, const BiochemicalRule& rule);

// Last record, override, gaps. Returns false if the span is too long to fill gaps.
bool fill(std::vector<AmountRow>& rows, const AbstinenceRules& rules,
          std::span<const AmountRow> biochemical);

// People in pieces of a fixed size, so that results do not depend on the runner.
inline constexpr std::size_t people_per_piece = 512;
Result<void> for_pieces(
    std::size_t people, const Runner& runner, const Progress& progress,
    const std::function<void(std::size_t piece, std::size_t begin, std::size_t end)>& work);

}  // namespace ombre::inline v0::outcomes::detail
