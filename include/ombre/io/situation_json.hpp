#pragma once
/// @file
/// Situations and wishes as JSON, and a menu written out. docs/context.md shows a document.

#include <string>
#include <string_view>

#include "ombre/context/menu.hpp"
#include "ombre/context/situation.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/json.hpp"

namespace ombre::inline v0::io {

/// A document holds a situation and, where somebody asked, what the person wants.
struct SituationDocument {
  context::Situation situation{};
  context::Wishes wishes{};

  friend bool operator==(const SituationDocument&, const SituationDocument&) = default;
};

/// Reads a document of the format "ombre-situation-1". Unknown keys are refused; whether factors
/// and substances exist is asked by context::Facts.
/// @par Errors those of parse_json; missing, malformed, unknown_name, out_of_range with the path of
/// the member ("factors[2].on"); too_large (over 10000 factors or 1000 substances)
[[nodiscard]] OMBRE_EXPORT Result<SituationDocument> parse_situation(
    std::string_view json, std::string_view name = "situation");
/// The same from a file ("-" = standard input).
[[nodiscard]] OMBRE_EXPORT Result<SituationDocument> read_situation(const std::string& path);
/// The same from an object inside another document.
[[nodiscard]] OMBRE_EXPORT Result<SituationDocument> situation_from(const JsonView& view);

/// Writes it; reading it back gives an equal value. Keys stand in one order, and what is not known
/// is left out.
[[nodiscard]] OMBRE_EXPORT Json situation_json(const SituationDocument& document);

/// Bands, warnings and the menu of a situation: every line with its place, points, words and
/// sources, every band with the rules behind it and what would change it.
[[nodiscard]] OMBRE_EXPORT Json menu_json(const context::Facts& facts, const context::Menu& menu,
                                          const Findings& also = Findings{});

}  // namespace ombre::inline v0::io
