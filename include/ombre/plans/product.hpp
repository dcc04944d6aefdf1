#pragma once
/// @file
/// What exists to be dispensed: strengths, forms, how a piece may be divided, measurable volumes.

#include <cstdint>
#include <string>
#include <string_view>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/plans/amount.hpp"

namespace ombre::inline v0::plans {

/// Dose form, as far as dispensing differs by it.
enum class Form : std::uint8_t {
  tablet,
  orodispersible_tablet,
  dispersible_tablet,
  sublingual_tablet,
  film,
  capsule,
  extended_release_tablet,
  extended_release_capsule,
  lozenge,
  gum,
  suppository,
  patch,
  injection,
  liquid
};

/// "tablet", "orodispersible tablet", ... "liquid".
[[nodiscard]] OMBRE_EXPORT std::string_view name(Form form) noexcept;
/// The form of a name; blanks and underscores are alike. @par Errors unknown_name
[[nodiscard]] OMBRE_EXPORT Result<Form> form_of(std::string_view text);

/// Whether a form may be divided at all. Extended release, capsules, patches, lozenges, gum,
/// suppositories and injections never are; tablets and films only as far as the caller says.
/// Source: US and UK product labels (halves only of scored immediate-release tablets).
[[nodiscard]] OMBRE_EXPORT bool may_be_divided(Form form) noexcept;

/// The smallest part of a piece that may be given: whole, scored half, scored quarter.
enum class Division : std::uint8_t { whole = 4, halves = 2, quarters = 1 };

[[nodiscard]] OMBRE_EXPORT std::string_view name(Division division) noexcept;
/// "whole", "halves", "quarters". @par Errors unknown_name
[[nodiscard]] OMBRE_EXPORT Result<Division> division_of(std::string_view text);

/// One product on the pharmacy's shelf.
///
/// `strength` is what one whole piece counts as on the plan's scale, or one millilitre of a
/// liquid. Where the printed strength differs from what counts, `label` carries the print: a
/// fentanyl patch labelled 12 counts as 12.5 mcg/h, 8 mg of UK citalopram drops count as 10 mg,
/// a 5.7 mg Zubsolv tablet as 8 mg of buprenorphine.
///
/// Once built it is valid: strength above 0, parts and measurable volumes whole millionths.
class OMBRE_EXPORT Product {
 public:
  /// A tablet, film, capsule, lozenge, injection or other piece.
  /// @par Errors out_of_range (strength 0), contradiction (a form that is never divided with
  /// halves or quarters; a liquid or patch), not_computable (a part of the strength is not a whole
  /// number of millionths)
  [[nodiscard]] static Result<Product> piece(Form form, Amount strength,
                                             Division division = Division::whole,
                                             std::string label = {});
  /// A patch worn for `wear_days` days (1..31), counted by its rate or by its labelled amount.
  /// @par Errors out_of_range
  [[nodiscard]] static Result<Product> patch(Amount strength, std::int32_t wear_days,
                                             std::string label = {});
  /// A liquid of `per_ml` with an oral syringe or dropper that measures multiples of `graduation`
  /// from one graduation up to `largest` per intake.
  /// @par Errors out_of_range (0; largest below graduation), contradiction (volumes not in mL),
  /// not_computable (one graduation does not hold a whole number of millionths)
  [[nodiscard]] static Result<Product> liquid(Amount per_ml, Amount graduation, Amount largest,
                                              std::string label = {});

  /// The same product, marked as not in stock: never dispensed, but offered as a remedy.
  [[nodiscard]] Product out_of_stock() const;
  /// The same product, in stock or not.
  [[nodiscard]] Product with_stock(bool in_stock) const;

  [[nodiscard]] Form form() const noexcept { return form_; }
  [[nodiscard]] bool is_liquid() const noexcept { return form_ == Form::liquid; }
  [[nodiscard]] Amount strength() const noexcept { return strength_; }
  [[nodiscard]] DoseUnit unit() const noexcept { return strength_.unit(); }
  [[nodiscard]] Division division() const noexcept { return division_; }
  [[nodiscard]] bool in_stock() const noexcept { return in_stock_; }
  /// Days one piece lasts: 1 for everything but patches.
  [[nodiscard]] std::int32_t wear_days() const noexcept { return wear_days_; }
  /// Liquids only: 0 mL otherwise.
  [[nodiscard]] Amount graduation() const noexcept { return graduation_; }
  [[nodiscard]] Amount largest_volume() const noexcept { return largest_; }
  /// Liquids only: what one graduation holds.
  [[nodiscard]] Amount per_graduation() const noexcept { return per_graduation_; }
  /// The caller's label, or one made from strength and form: "5 mg tablet", "2 mg/mL liquid".
  [[nodiscard]] const std::string& label() const noexcept { return label_; }

  friend bool operator==(const Product&, const Product&) = default;

 private:
  Product() = default;
  Form form_ = Form::tablet;
  Division division_ = Division::whole;
  bool in_stock_ = true;
  std::int32_t wear_days_ = 1;
  Amount strength_;
  Amount graduation_{DoseUnit::ml};
  Amount largest_{DoseUnit::ml};
  Amount per_graduation_;
  std::string label_;
};

}  // namespace ombre::inline v0::plans
