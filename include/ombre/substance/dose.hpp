#pragma once
/// @file
/// A day's dose of one substance in one form.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "ombre/core/export.hpp"
#include "ombre/core/quantities.hpp"
#include "ombre/core/result.hpp"
#include "ombre/substance/catalogue.hpp"
#include "ombre/substance/rows.hpp"

namespace ombre::inline v0::substance {

/// What a dose is taken for, where that changes what may be concluded from it.
enum class Purpose : std::uint8_t { not_stated, pain, opioid_use_disorder };

/// Amount of one substance in one form over one day: milligrams a day, the rate of a patch, or
/// "taken, amount not known". Whatever is built is valid.
class OMBRE_EXPORT Dose {
 public:
  /// Milligrams in the whole day. @par Errors unsupported for a patch (use patch())
  [[nodiscard]] static Result<Dose> per_day(const Substance& substance, DoseForm form, DoseMg total,
                                            Purpose purpose = Purpose::not_stated);
  /// `each` milligrams, `times` a day; times >= 0, may be a fraction (every other day = 0.5).
  /// @par Errors also not_finite, out_of_range
  [[nodiscard]] static Result<Dose> times_a_day(const Substance& substance, DoseForm form,
                                                DoseMg each, double times,
                                                Purpose purpose = Purpose::not_stated);
  /// A patch by its rate, in micrograms per hour, not by its content and not per patch.
  /// @par Errors not_finite, out_of_range
  [[nodiscard]] static Result<Dose> patch(const Substance& substance, double mcg_per_hour,
                                          Purpose purpose = Purpose::not_stated);
  /// Taken, amount not known.
  [[nodiscard]] static Dose amount_not_known(const Substance& substance, DoseForm form,
                                             Purpose purpose = Purpose::not_stated);

  [[nodiscard]] const Substance& substance() const noexcept { return substance_; }
  [[nodiscard]] DoseForm form() const noexcept { return form_; }
  [[nodiscard]] Purpose purpose() const noexcept { return purpose_; }
  /// Milligrams a day; nothing for a patch and where the amount is not known.
  [[nodiscard]] std::optional<DoseMg> mg_per_day() const noexcept { return mg_; }
  /// Rate of a patch; nothing otherwise.
  [[nodiscard]] std::optional<double> mcg_per_hour() const noexcept { return rate_; }

 private:
  Dose(const Substance& substance, DoseForm form, Purpose purpose)
      : substance_{substance}, form_{form}, purpose_{purpose} {}

  Substance substance_;
  DoseForm form_;
  Purpose purpose_;
  std::optional<DoseMg> mg_{};
  std::optional<double> rate_{};
};

/// Sum of doses of one substance in one form, in milligrams a day.
///
/// Milligrams of two substances, or of one by two routes, do not add: that needs an equivalence.
/// @par Errors empty_input, contradiction (names the row that differs), not_computable (an amount
/// is not known or a patch is among them)
[[nodiscard]] OMBRE_EXPORT Result<DoseMg> total(std::span<const Dose> doses);

/// Reads a dose as people write it: a name, an amount with its unit, how often, and words for the
/// form, in that order.
///
///     oxycodone 10 mg x2            20 mg a day by mouth
///     fentanyl patch 25 mcg/h       a patch by its rate
///     buprenorphine 8 mg sublingual
///     hydromorphone 2 mg 4 times a day injected
///     methadone 60 mg for oud       opioid agonist treatment
///     heroin                        taken, amount not known
///
/// Units: mg, g, mcg (also ug), mcg/h. A substance without a word for its form is taken as oral,
/// or as form not stated where it is a street substance; a rate in mcg/h always means a patch.
/// @par Errors missing, malformed, unknown_name, and those of Dose
[[nodiscard]] OMBRE_EXPORT Result<Dose> parse_dose(std::string_view text,
                                                   const Catalogue& catalogue = builtin());

/// The dose in words: "oxycodone 20 mg a day, oral".
[[nodiscard]] OMBRE_EXPORT std::string describe(const Dose& dose);

}  // namespace ombre::inline v0::substance
