#pragma once
/// @file
/// A taper plan as HL7 FHIR R4 (4.0.1) JSON: a Bundle with one CarePlan, a MedicationRequest for
/// each medicine and a Goal for each line. It is a plan (`intent` plan, `status` draft until it is
/// accepted), never an order; nothing is sent anywhere.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/json.hpp"
#include "ombre/io/taper_words.hpp"
#include "ombre/plans/taper.hpp"
#include "ombre/substance/catalogue.hpp"

namespace ombre::inline v0::io {

enum class FhirBundle : std::uint8_t {
  collection,
  transaction  ///< with conditional updates by identifier, so that a re-send replaces
};

struct TaperFhirOptions {
  std::string subject;  ///< required: a reference such as "Patient/123"
  FhirBundle bundle = FhirBundle::collection;
  /// Where codes of medicines come from: ATC codes that were checked, RxNorm ids that the caller
  /// registered. A medicine without a code travels as text. Empty: the built-in one.
  const substance::Catalogue* catalogue = nullptr;
  /// One more dosage line of 0 for the time after the last dose, for systems that need a stop line.
  bool stop_line = false;
  const TaperLanguage* language = nullptr;  ///< empty: English
  JsonStyle style{};
};

/// The plan's newest version.
///
/// - MedicationRequest, for lines that are prescribed or have products: one dosageInstruction for
///   each step and each part of the day that differs; `sequence` rises from step to step and is
///   equal for parts taken on the same days. boundsPeriod has both days inclusive; periods follow
///   each other without a gap from the first dose to the last; a final zero is the end of the last
///   period; of what is not taken at all so far there is no dosageInstruction. Doses every n days
///   have `period` n. Quantities are UCUM. `on-hold` with a statusReason while the plan is on hold.
///   Codes: ATC where the catalogue holds exactly one that fits, RxNorm where registered.
/// - Goal, for every line: `proposed`, `active` or `on-hold`, in the person's own words where there
///   are any; for lines that are no medicine with a target for every step (`dueDate` its last day).
///   It is never `cancelled` and never carries a verdict.
/// - CarePlan: `draft`, `active` or `on-hold`, with references to both.
///
/// @par Errors missing (subject), contradiction (a plan without steps), malformed (UTF-8)
[[nodiscard]] OMBRE_EXPORT Result<std::string> taper_fhir(const plans::TaperPlan& plan,
                                                          const TaperFhirOptions& options);

}  // namespace ombre::inline v0::io
