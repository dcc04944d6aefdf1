#pragma once
/// @file
/// All facts of the module in one shape, for lists, files and checks. The typed tables of rows.hpp
/// are what the code computes with; this is the same content, row by row.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/source.hpp"
#include "ombre/substance/catalogue.hpp"

namespace ombre::inline v0::substance {

enum class FactKind : std::uint8_t {
  mme_factor,
  mme_rule,
  mme_threshold,
  diazepam_equivalent,
  half_life,
  withdrawal,
  stopping_danger,
  strength,
  constant,
  standard_drink
};
/// "mme factor", "diazepam equivalent", ...
[[nodiscard]] OMBRE_EXPORT std::string_view name(FactKind kind) noexcept;

/// One fact. Empty texts and absent numbers mean that the source says nothing there.
struct Fact {
  FactKind kind = FactKind::constant;
  std::string substance;  ///< id of a substance, a group of them, or a country code
  std::string form;       ///< form, condition or market
  std::string what;       ///< "CDC 2016", "onset", "norfluoxetine", "density_20C"
  std::optional<double> value{};
  std::optional<double> low{};
  std::optional<double> high{};
  std::string text{};  ///< a value that is not one number: "0.5 1 2", "A: seizure, delirium"
  std::string unit{};
  const Source* source = nullptr;
  Confidence confidence = Confidence::known;
  std::string note{};
};

/// Every fact, table by table; the caller's own rows stand with the built-in ones.
[[nodiscard]] OMBRE_EXPORT std::vector<Fact> facts(const Catalogue& catalogue = builtin());

/// The facts that name this substance itself (not those of its class).
[[nodiscard]] OMBRE_EXPORT std::vector<Fact> facts_of(const Substance& substance,
                                                      const Catalogue& catalogue = builtin());

}  // namespace ombre::inline v0::substance
