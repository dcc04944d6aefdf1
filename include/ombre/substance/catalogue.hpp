#pragma once
/// @file
/// The catalogue: built-in substances and facts, and what the caller adds to them.
///
/// A Catalogue is a value. There is no global one to change: functions take the catalogue they
/// shall use, and use `builtin()` where none is given. Adding to a copy leaves the original as it
/// was. Cost of a copy: a few hundred small rows.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/substance/rows.hpp"
#include "ombre/substance/substance.hpp"

namespace ombre::inline v0::substance {

/// A substance of the caller's own.
struct NewSubstance {
  std::string id{};    ///< made of a-z, 0-9 and '-'
  std::string name{};  ///< empty: the id
  Class cls = Class::unknown;
  Traits traits{};
  Acting acting = Acting::not_stated;
  std::vector<std::string> aliases{};
  std::vector<std::string> atc{};
  std::vector<std::string> rxnorm{};
};

/// Where a caller's own figure comes from. All three texts are asked for: a number without a source
/// does not enter the tables.
struct NewSource {
  std::string id{};
  std::string citation{};
  std::string edition{};
};

/// A half-life for a substance of the catalogue, in hours.
struct NewHalfLife {
  std::string substance{};
  std::string species{};  ///< empty: the substance itself; else the metabolite
  double low_h = 0;
  double high_h = 0;
  Activity activity = Activity::active;
  NewSource source{};
  Confidence confidence = Confidence::known;
};

/// Milligrams equal to 10 mg of oral diazepam, for a benzodiazepine or z-drug.
struct NewDiazepamFigure {
  std::string substance{};
  double mg = 0;
  std::optional<double> low_mg{};
  std::optional<double> high_mg{};
  NewSource source{};
  Confidence confidence = Confidence::known;
};

/// A marketed form with its strengths.
struct NewProduct {
  std::string substance{};
  std::string form{};
  ProductKind kind = ProductKind::tablet;
  Release release = Release::immediate;
  Splitting splitting = Splitting::if_scored;
  std::vector<double> strengths{};
  StrengthUnit unit = StrengthUnit::mg;
  std::string market{};  ///< "US", "UK", ...
  NewSource source{};
  Confidence confidence = Confidence::known;
};

/// The form in which names are compared: ASCII letters in lower case, runs of blanks, '_' and '-'
/// as one '-', none at the ends. "  Illicit_Fentanyl " becomes "illicit-fentanyl".
[[nodiscard]] OMBRE_EXPORT std::string folded(std::string_view name);

class OMBRE_EXPORT Catalogue {
 public:
  /// The built-in facts.
  Catalogue();

  /// The substance with this id, name, alias, ATC code or RxNorm id, in any letter case.
  ///
  /// @par Errors unknown_name (with a name that looks alike, if there is one), contradiction when
  /// the name is used for several substances ("speed": the text lists them).
  /// Cost: a binary search.
  [[nodiscard]] Result<Substance> find(std::string_view name_or_code) const;

  /// All substances, built-in ones first, each in the order of its table.
  [[nodiscard]] std::span<const Substance> substances() const noexcept { return substances_; }

  /// Adds a substance. @par Errors missing (no id), malformed (characters of the id, separators in
  /// a name), duplicate (a name or code that already leads somewhere)
  [[nodiscard]] Result<void> add(const NewSubstance& entry);
  /// Adds another name for a substance. An alias of a built-in one may be added, not taken away.
  /// @par Errors unknown_name, malformed, duplicate
  [[nodiscard]] Result<void> add_alias(std::string_view substance, std::string_view alias);
  /// Adds a code for a substance; the built-in table has ATC codes only where they were checked
  /// and no RxNorm ids. @par Errors unknown_name, malformed, duplicate
  [[nodiscard]] Result<void> add_code(std::string_view substance, CodeSystem system,
                                      std::string_view code);

  /// @par Errors unknown_name, missing (source), not_finite, out_of_range
  [[nodiscard]] Result<void> add(const NewHalfLife& entry);
  /// @par Errors the same, and unsupported for a class that has no diazepam equivalent
  [[nodiscard]] Result<void> add(const NewDiazepamFigure& entry);
  /// @par Errors the same, and empty_input without strengths
  [[nodiscard]] Result<void> add(const NewProduct& entry);

  /// Rows of the tables for one substance id, in table order; empty for an unknown id.
  [[nodiscard]] std::vector<DiazepamFigure> diazepam_figures(std::string_view id) const;
  [[nodiscard]] std::vector<HalfLifeRow> half_lives(std::string_view id) const;
  [[nodiscard]] std::vector<Product> products(std::string_view id) const;

 private:
  struct Key {
    std::string text;
    std::uint32_t index;
  };
  /// Texts and sources of one addition; shared by copies, never changed.
  struct Texts;

  [[nodiscard]] std::optional<std::uint32_t> index_of(std::string_view id) const;
  [[nodiscard]] Result<void> must_be_new(std::string_view field, std::string_view key) const;
  void index(std::string_view key, std::uint32_t substance);

  std::vector<Substance> substances_;
  std::vector<Key> keys_;  // sorted by text; equal texts are ambiguous names
  std::vector<DiazepamFigure> own_figures_;
  std::vector<HalfLifeRow> own_half_lives_;
  std::vector<Product> own_products_;
  std::vector<std::shared_ptr<const Texts>> texts_;
};

/// The built-in facts, made once.
[[nodiscard]] OMBRE_EXPORT const Catalogue& builtin() noexcept;

/// `builtin().find(name_or_code)`.
[[nodiscard]] OMBRE_EXPORT Result<Substance> find(std::string_view name_or_code);

}  // namespace ombre::inline v0::substance
