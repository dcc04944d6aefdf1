#pragma once
/// @file
/// Morphine milligram equivalents (MME) a day, for counting risk and for nothing else.
///
/// An MME total never is a dose to switch to: changing opioids needs a further reduction and a
/// clinician. Two editions of the factors disagree (hydromorphone 4 or 5, methadone bands or one
/// factor, tramadol 0.1 or 0.2), so a total carries its edition and totals do not add or compare.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/result.hpp"
#include "ombre/substance/dose.hpp"
#include "ombre/substance/rows.hpp"

namespace ombre::inline v0::substance {

enum class MmeEdition : std::uint8_t { cdc_2022, cdc_2016 };
/// "cdc-2022", "cdc-2016".
[[nodiscard]] OMBRE_EXPORT std::string_view name(MmeEdition edition) noexcept;
/// Reads those names, and the year alone. @par Errors unknown_name
[[nodiscard]] OMBRE_EXPORT Result<MmeEdition> mme_edition(std::string_view text);

/// A total of a day. There is no operator for adding or comparing two: pass all doses of a day to
/// one call (under the 2016 bands, two halves of a methadone dose count less than the whole), and
/// average days with mean().
class MmePerDay {
 public:
  [[nodiscard]] constexpr double mme() const noexcept { return mme_; }
  [[nodiscard]] constexpr MmeEdition edition() const noexcept { return edition_; }

 private:
  friend struct MmeMaker;
  constexpr MmePerDay(double mme, MmeEdition edition) noexcept : mme_{mme}, edition_{edition} {}
  double mme_;
  MmeEdition edition_;
};

/// Mean of days under one edition. @par Errors empty_input, contradiction (two editions)
[[nodiscard]] OMBRE_EXPORT Result<MmePerDay> mean(std::span<const MmePerDay> days);

/// What became of one dose.
enum class Counted : std::uint8_t {
  yes,       ///< its MME are in the total
  kept_out,  ///< deliberately not counted (buprenorphine)
  unknown    ///< no number exists: so there is no total
};

struct MmeContribution {
  std::size_t dose = 0;  ///< index into the doses given
  Counted counted = Counted::unknown;
  std::optional<double> mme{};
  const MmeFactor* factor = nullptr;  ///< the row used; null where none was
  std::string reason{};               ///< why it was not counted; empty when it was
};

enum class MmeStatus : std::uint8_t {
  computed,
  unknown,         ///< at least one dose has no number; `at_least` is what the others come to
  nothing_counted  ///< all doses were kept out (buprenorphine only): no total, and not 0 either
};
[[nodiscard]] OMBRE_EXPORT std::string_view name(MmeStatus status) noexcept;

/// Whether a total reaches a threshold for pain prescribing.
enum class Reached : std::uint8_t {
  no,
  yes,
  unknown,        ///< not reached by what is known, and something is not known
  not_applicable  ///< all that was counted is treatment of opioid use disorder
};
[[nodiscard]] OMBRE_EXPORT std::string_view name(Reached reached) noexcept;

struct ThresholdAnswer {
  const MmeThreshold* threshold;
  Reached reached;
};

struct RiskMme {
  MmeStatus status = MmeStatus::unknown;
  MmeEdition edition = MmeEdition::cdc_2022;
  /// The total; only when status is computed.
  std::optional<MmePerDay> total{};
  /// What the doses with a number come to. Equal to the total when that exists, else a lower bound
  /// that must not be shown as a total.
  double at_least = 0;
  std::vector<MmeContribution> contributions{};  ///< one per dose, in the order given
  /// 50 and 90 MME. Doses for opioid use disorder are left out of the comparison: the thresholds
  /// are for pain prescribing and do not apply to agonist treatment.
  std::vector<ThresholdAnswer> thresholds{};
  Findings findings{};
};

/// MME a day from all opioids of one person and day.
///
/// total = sum of dose * factor; a fentanyl patch counts 2.4 per mcg/h once, however often it is
/// changed. Under CDC 2016 the whole daily dose of oral methadone takes the factor of its band.
/// Unknown stays unknown: heroin, illicitly made fentanyl, nitazenes, kratom, unknown pills, doses
/// whose amount is not known, opioids or forms without a factor in this edition (the reason names
/// the edition that has one). Buprenorphine is kept out under both editions.
///
/// Sources: CDC 2022 (MMWR 71 RR-3), CDC 2016 with the CDC/CMS file.
/// @par Errors empty_input; unsupported for a substance that is no opioid (names the row)
[[nodiscard]] OMBRE_EXPORT Result<RiskMme> risk_mme(std::span<const Dose> doses,
                                                    MmeEdition edition);

}  // namespace ombre::inline v0::substance
