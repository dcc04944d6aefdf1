#pragma once
/// @file
/// Tapers as JSON: what is asked for, whole plans with their history, answers, and the front of
/// time against the largest drop. docs/taper-json.md lists every key with an example.
///
/// Amounts are texts with their unit, "12.5 mg", read and written exactly; numbers inside rules are
/// in the unit of the line. Unknown keys are refused, and so are wrong kinds, ranges and doubles,
/// with the path of the member (`lines[0].rule[1].percent`). What a rule needs and a person must
/// decide (whose percentage, for a day or a week, prescribed or not) has no default here.
///
/// Writing is stable: writing what was read gives the same bytes again.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/json.hpp"
#include "ombre/plans/best_taper.hpp"
#include "ombre/plans/taper.hpp"
#include "ombre/substance/catalogue.hpp"

namespace ombre::inline v0::io {

/// The documents of this header; the text is the member "format" of each.
enum class TaperFile : std::uint8_t {
  request,       ///< "ombre-taper-request-1"
  plan,          ///< "ombre-taper-plan-1"
  answer,        ///< "ombre-taper-answer-1"
  best_request,  ///< "ombre-taper-best-request-1"
  front          ///< "ombre-taper-front-1"
};
[[nodiscard]] OMBRE_EXPORT std::string_view format_name(TaperFile kind) noexcept;
/// Which document this is. @par Errors missing, malformed, unknown_name (field `format`)
[[nodiscard]] OMBRE_EXPORT Result<TaperFile> taper_file_kind(const Json& document,
                                                             std::string_view file = {});

/// Most bytes that each reader takes: 4 MiB for requests, 32 MiB for the rest. More is too_large.
[[nodiscard]] OMBRE_EXPORT std::size_t largest_taper_file(TaperFile kind) noexcept;

// ---- requests ----------------------------------------------------------------------------------

/// Reads a request. A substance is either taken from the tables (`"from_tables": "diazepam"`) or
/// written out; products are written out or taken from what is on a market; `substitute` and
/// `low_dose_start` are worked out into two lines, as by cross_taper_request() and
/// low_dose_start_request().
/// @par Errors those of parse_json; missing, malformed, unknown_name, out_of_range, too_large,
/// duplicate, contradiction with the path of the member; those of plans::check_request()
[[nodiscard]] OMBRE_EXPORT Result<plans::TaperRequest> parse_taper_request(
    std::string_view json, std::string_view name = "request",
    const substance::Catalogue& catalogue = substance::builtin());
/// The same from a file ("-" = standard input).
[[nodiscard]] OMBRE_EXPORT Result<plans::TaperRequest> read_taper_request(
    const std::string& path, const substance::Catalogue& catalogue = substance::builtin());
/// The same from a document that was parsed already.
[[nodiscard]] OMBRE_EXPORT Result<plans::TaperRequest> taper_request_of(
    const Json& document, std::string_view file = {},
    const substance::Catalogue& catalogue = substance::builtin());

/// Everything written out: facts of the substance, products, defaults.
[[nodiscard]] OMBRE_EXPORT Json taper_request_json(const plans::TaperRequest& request);

/// What is known about safety, alone: the member "facts" of requests and versions. Unknown facts
/// are left out. Reading refuses what a request would refuse.
[[nodiscard]] OMBRE_EXPORT Result<plans::SafetyFacts> safety_facts_of(const Json& document,
                                                                      std::string_view file = {});
[[nodiscard]] OMBRE_EXPORT Json safety_facts_json(const plans::SafetyFacts& facts);

// ---- plans -------------------------------------------------------------------------------------

/// Reads a plan with all its versions, and looks whether they can be what they say they are
/// (plans::check_plan()): a file in which a past day, an amount or an order was changed by hand is
/// refused.
/// @par Errors as parse_taper_request(), and those of plans::check_plan()
[[nodiscard]] OMBRE_EXPORT Result<plans::TaperPlan> parse_taper_plan(
    std::string_view json, std::string_view name = "plan");
[[nodiscard]] OMBRE_EXPORT Result<plans::TaperPlan> read_taper_plan(const std::string& path);
[[nodiscard]] OMBRE_EXPORT Result<plans::TaperPlan> taper_plan_of(const Json& document,
                                                                  std::string_view file = {});

[[nodiscard]] OMBRE_EXPORT Json taper_plan_json(const plans::TaperPlan& plan);

// ---- answers -----------------------------------------------------------------------------------

/// Reads an answer: findings with rule, source, measured value and limit; what to do instead; the
/// plan where there is one. The answer must be the one its findings give.
[[nodiscard]] OMBRE_EXPORT Result<plans::TaperAnswer> parse_taper_answer(
    std::string_view json, std::string_view name = "answer");
[[nodiscard]] OMBRE_EXPORT Json taper_answer_json(const plans::TaperAnswer& answer);

// ---- the best taper ----------------------------------------------------------------------------

/// A request for best_taper_front() that owns its products and bands.
struct BestTaperAsked {
  std::string substance{};  ///< as people read it; shown, not used
  std::vector<plans::Product> products{};
  std::vector<plans::HoldBand> slower_below{};
  plans::BestTaperRequest ask{};  ///< its spans are empty; see request()

  /// The request with its spans on this object, which must outlive it.
  [[nodiscard]] OMBRE_EXPORT plans::BestTaperRequest request() const;
};

[[nodiscard]] OMBRE_EXPORT Result<BestTaperAsked> parse_best_taper(
    std::string_view json, std::string_view name = "request");
[[nodiscard]] OMBRE_EXPORT Result<BestTaperAsked> best_taper_of(const Json& document,
                                                                std::string_view file = {});
[[nodiscard]] OMBRE_EXPORT Json best_taper_json(const BestTaperAsked& asked);

/// Reads a front; plans must come shortest first with strictly falling drops, doses must fall.
[[nodiscard]] OMBRE_EXPORT Result<plans::BestTaperFront> parse_best_taper_front(
    std::string_view json, std::string_view name = "front");
[[nodiscard]] OMBRE_EXPORT Json best_taper_front_json(const plans::BestTaperFront& front);

}  // namespace ombre::inline v0::io
