#pragma once
/// @file
/// Reviews as JSON ("ombre-review-1", written and read), and what a review is told besides plan and
/// days
/// ("ombre-review-input-1", read and written): changes in drug, set and setting, and harms.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/json.hpp"
#include "ombre/outcomes/review.hpp"

namespace ombre::inline v0::io {

/// What somebody was asked before a review.
struct ReviewQuestions {
  std::optional<Date> since{};
  bool asked_for_changes = false;
  std::vector<outcomes::FactorChange> changes{};
  plans::HarmLedger harms{};
  std::string crisis_line{};
  friend bool operator==(const ReviewQuestions&, const ReviewQuestions&) = default;
};

/// @par Errors those of parse_json; missing, malformed, unknown_name with the path
/// ("changes[0].domain")
[[nodiscard]] OMBRE_EXPORT Result<ReviewQuestions> parse_review_questions(
    std::string_view json, std::string_view name = "review input");
/// The same from a file ("-" = standard input).
[[nodiscard]] OMBRE_EXPORT Result<ReviewQuestions> read_review_questions(const std::string& path);
[[nodiscard]] OMBRE_EXPORT Json review_questions_json(const ReviewQuestions& questions);

/// A review with its numbers, sentences and sources, always in the same bytes. What has no answer
/// is null.
[[nodiscard]] OMBRE_EXPORT Json review_json(const outcomes::Review& review);

/// Reads a review that was written, to show or compare it later. Written again it gives the same
/// bytes. Strict: unknown keys, names and steps are refused with their path, and so is what cannot
/// be: days that end before they begin, more days of use than days, a change that goes another way
/// than its numbers. Sources are kept as they were cited then.
///
/// A review is a statement of its day. Whoever wants one of today makes it again from plan and
/// days.
/// @par Errors those of parse_json; missing, malformed, unknown_name, out_of_range, contradiction
[[nodiscard]] OMBRE_EXPORT Result<outcomes::Review> parse_review(std::string_view json,
                                                                 std::string_view name = "review");
/// The same from a file ("-" = standard input).
[[nodiscard]] OMBRE_EXPORT Result<outcomes::Review> read_review(const std::string& path);

}  // namespace ombre::inline v0::io
