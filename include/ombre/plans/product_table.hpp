#pragma once
/// @file
/// Products for dispensing out of the table of marketed strengths in `substance`.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/core/source.hpp"
#include "ombre/plans/product.hpp"
#include "ombre/substance/catalogue.hpp"
#include "ombre/substance/rows.hpp"

namespace ombre::inline v0::plans {

struct ProductTableOptions {
  /// The scale of the plan: mg or mcg_per_h.
  DoseUnit unit = DoseUnit::mg;
  /// "US", "UK", "EU", "CA"; empty: every market, as when looking for what would make a plan fit.
  std::string market{};
  /// Only these kinds; empty: all that share the plan's scale (patches counted in mg only when
  /// they are asked for: what they give off in a day is no tablet).
  std::vector<substance::ProductKind> kinds{};
  /// Only immediate or only extended release; empty: both.
  std::optional<substance::Release> release{};
  /// Plain tablets are halved only where this maker's carry a score: say so when they do.
  bool tablets_are_scored = false;
  /// How finely liquids are measured and how much at most in one intake: our proposal, an oral
  /// syringe of 10 mL with marks of 0.1 mL.
  Amount graduation = Amount::of_micro(100'000, DoseUnit::ml);
  Amount largest_volume = Amount::of_micro(10'000'000, DoseUnit::ml);
};

struct ListedProduct {
  Product product;
  std::string_view market;  ///< as in the table: "US/EU"
  const Source* source = nullptr;
  Confidence confidence = Confidence::known;
};

/// A row that exists but must not be counted on the plan's scale.
struct UnlistedProduct {
  std::string label;
  std::string_view why;
};

struct ProductTable {
  std::vector<ListedProduct> listed;      ///< table order; the same product of two markets once
  std::vector<UnlistedProduct> left_out;  ///< never silently
  /// The products alone, for a request's products or candidates.
  [[nodiscard]] OMBRE_EXPORT std::vector<Product> products() const;
};

/// What is known to exist of a substance, as products that may be combined in one plan.
///
/// Strengths that count differently from their print are converted: a fentanyl 12 patch counts as
/// 12.5 mcg/h, UK citalopram drops of 40 mg/mL as 50 mg/mL (8 mg as drops are 10 mg as tablets).
/// Left out, with the reason: injections (a month's depot is no daily dose), buprenorphine tablets
/// on a scale of their own (Zubsolv: 5.7 mg is about 8 mg), patches whose wear time is not known.
/// @par Errors unknown_name (substance), not_computable (no product of it is recorded),
/// unsupported (a unit other than mg and mcg/h), those of Product::liquid
[[nodiscard]] OMBRE_EXPORT Result<ProductTable> product_table(
    std::string_view substance_name, const ProductTableOptions& options = {},
    const substance::Catalogue& catalogue = substance::builtin());

}  // namespace ombre::inline v0::plans
