#pragma once
/// @file
/// Reads what FHIR R4 MedicationRequests say about a taper: the steps, what is taken in them, and
/// where the text and the structure of a step do not say the same. It makes no plan: a request of
/// somebody else knows no rule, no goal and no guard.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/json.hpp"

namespace ombre::inline v0::io {

/// One part of a step: so much, so often. A 10 mg tablet beside a 2 mg tablet is two parts.
struct FhirPart {
  double value = 0;                         ///< of one intake, in `unit`
  std::string unit{};                       ///< as people read it
  std::string code{};                       ///< UCUM ("mg", "{tbl}"); empty: not coded
  int frequency = 1;                        ///< times in each period
  int period = 1;                           ///< length of the period ...
  char period_unit = 'd';                   ///< ... in days (d) or weeks (w)
  std::vector<std::string> times_of_day{};  ///< "08:00:00"
};

/// Parts that are taken on the same days.
struct FhirStep {
  std::int64_t sequence = 0;
  std::string text{};
  Date first;
  std::optional<Date> last{};  ///< inclusive; empty: it goes on
  std::vector<FhirPart> parts{};
};

struct FhirCoding {
  std::string system{};
  std::string code{};
};

/// One MedicationRequest.
struct FhirTaper {
  std::string status{};
  std::string intent{};
  std::string medicine{};  ///< text of the concept; may be empty where it is coded
  std::vector<FhirCoding> codings{};
  std::vector<FhirStep> steps{};  ///< by sequence
  /// `text_says_other_days`, `gap_between_steps`, `steps_overlap`, `unit_not_coded`.
  Findings findings{};
};

struct FhirReadOptions {
  /// First day of the first step, for requests that give durations only.
  std::optional<Date> start{};
};

/// The MedicationRequests of a Bundle, or a MedicationRequest by itself; other resources and
/// elements that are not needed are left alone.
///
/// A step's days come from `boundsPeriod`, or from `boundsDuration` (d, wk, mo; "day" and the like
/// too) behind the step before, the first from `start`. Several instructions need `sequence`:
/// without it nothing says whether they follow each other. Equal sequences must have the same days.
/// A text that names another length than the structure is a finding; neither is taken for the right
/// one. Gaps and overlaps are findings as well.
/// @par Errors malformed, missing, unknown_name (status, intent, units of time), out_of_range,
/// contradiction, unsupported (as needed, ranges in place of a quantity), with the element's path
[[nodiscard]] OMBRE_EXPORT Result<std::vector<FhirTaper>> read_fhir_tapers(
    const Json& document, const FhirReadOptions& options = {}, std::string_view file = {});

/// What a request asks for on one day, in one unit: the sum of its parts. Weeks' amounts count on
/// each of their days. Empty outside its steps, and where parts are in different units.
[[nodiscard]] OMBRE_EXPORT std::optional<double> amount_on(const FhirTaper& taper, Date day);

}  // namespace ombre::inline v0::io
