#pragma once
/// @file
/// From a situation to bands of harm: which rules speak, which would speak if an open question were
/// answered badly, what drove the answer and what would change it.
///
/// A band is an interval: `at_least` from what is known, `at_most` from what could still turn out.
/// More knowledge narrows it and never moves an end outwards, because every rule is a conjunction
/// and the highest band counts. Nothing here is a probability, and relative risks of different
/// studies are never multiplied.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/context/catalogue.hpp"
#include "ombre/context/situation.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/result.hpp"
#include "ombre/substance/mixtures.hpp"
#include "ombre/substance/overdose.hpp"
#include "ombre/substance/substance.hpp"

namespace ombre::inline v0::context {

/// A pair among what is used, and the rule of the table of mixtures that speaks about it.
struct PairFound {
  std::string_view factor;  ///< "pair_breathing", "pair_heart", "pair_seizure", "pair_serotonin"
  std::string first{};  ///< names of the two substances, the one the rule's first side means first
  std::string second{};
  const substance::MixtureRule* rule = nullptr;
};

/// A situation made ready for rules: one answer per factor of the catalogue.
class OMBRE_EXPORT Facts {
 public:
  /// Reads the situation against the catalogue and works out what follows from it: classes and
  /// routes of use, pairs that mix badly, windows of lost tolerance, need of naloxone.
  ///
  /// @par Errors unknown_name (a factor, with a name that looks alike), malformed (a number where
  /// yes or no is asked for, or the other way round), not_finite, out_of_range (a number outside
  /// the factor's range, a date after the situation's), contradiction (two entries of one factor
  /// and date that differ; `prescribed` and `street` both true). A substance nobody knows is a
  /// finding and makes `complete()` false.
  /// The catalogue must outlive the facts.
  [[nodiscard]] static Result<Facts> from(const Situation& situation,
                                          const Catalogue& catalogue = builtin());

  [[nodiscard]] Truth truth(std::size_t factor) const noexcept { return truth_[factor]; }
  [[nodiscard]] Truth truth(std::string_view factor) const noexcept;
  [[nodiscard]] std::optional<double> number(std::string_view factor) const noexcept;
  /// Why a factor is as it is: "self_report, 2024-03-01", "worked out: heroin is injected". Empty
  /// where it is not known.
  [[nodiscard]] std::string why(std::size_t factor) const;
  [[nodiscard]] const Catalogue& catalogue() const noexcept { return *catalogue_; }
  [[nodiscard]] const Findings& findings() const noexcept { return findings_; }
  /// The pairs from which a factor of pairs was worked out: at most six for each factor, the most
  /// severe first. A factor that was stated has none here.
  [[nodiscard]] std::span<const PairFound> pairs() const noexcept { return pairs_; }
  /// False when something taken was not recognised, so that dangers may be missing.
  [[nodiscard]] bool complete() const noexcept { return complete_; }
  [[nodiscard]] std::span<const substance::SourcedReason> naloxone_reasons() const noexcept {
    return naloxone_;
  }
  [[nodiscard]] std::optional<substance::ToleranceBand> tolerance() const noexcept {
    return tolerance_;
  }

  /// The same person with some answers changed, as an option would change them.
  [[nodiscard]] Facts with(std::span<const Catalogue::Term> moves) const;

 private:
  struct Origin {
    KnownFrom from = KnownFrom::not_stated;
    std::optional<Date> on{};
    std::string how{};
  };
  bool conclude(std::string_view factor, bool yes, std::string how);  // whether it was open

  const Catalogue* catalogue_ = nullptr;
  std::vector<Truth> truth_;
  std::vector<std::optional<double>> number_;
  std::vector<Origin> origin_;
  Findings findings_;
  std::vector<PairFound> pairs_;
  bool complete_ = true;
  std::vector<substance::SourcedReason> naloxone_;
  std::optional<substance::ToleranceBand> tolerance_;
};

/// Dates of a situation that lie after `today`, the day the caller says it is: each a finding
/// `date_in_the_future`. The library reads no clock, so Facts::from() cannot know.
[[nodiscard]] OMBRE_EXPORT Findings dates_after(const Situation& situation, Date today);

/// One harm of a person.
struct HarmBand {
  Harm harm = Harm::overdose;
  RiskBand at_least = RiskBand::none_listed;  ///< what is known says so much
  RiskBand at_most = RiskBand::none_listed;   ///< what is not known could bring it so far
  /// Rules that speak, highest band first, then in the order of the catalogue.
  std::vector<const HarmRule*> reasons{};
  /// Rules that would speak if open questions were answered badly, and would raise the band.
  std::vector<const HarmRule*> open{};
  [[nodiscard]] bool known() const noexcept { return at_least == at_most; }
};

/// A change of one factor and what it would do to a band.
struct WouldChange {
  Harm harm = Harm::overdose;
  std::size_t factor = 0;                     ///< place in the catalogue
  Truth to = Truth::no;                       ///< the answer it would have to become
  RiskBand at_least = RiskBand::none_listed;  ///< the band then
  RiskBand at_most = RiskBand::none_listed;
  bool by_asking = false;  ///< true: nobody has to change, the question has to be asked
};

/// Layers of protection against one severe harm.
struct Protection {
  Harm harm = Harm::overdose;
  std::vector<const Layer*> in_place{};
  std::vector<const Layer*> missing{};  ///< known not to be there
  std::vector<const Layer*> not_known{};
};

struct RiskReport {
  std::array<HarmBand, harm_count> harms{};  ///< in the order of Harm
  [[nodiscard]] const HarmBand& operator[](Harm harm) const noexcept {
    return harms[static_cast<std::size_t>(harm)];
  }
};

/// Bands of every harm. Cost: linear in the rules.
[[nodiscard]] OMBRE_EXPORT RiskReport risks(const Facts& facts);

/// The bands alone, without their reasons: fast, for what-if questions.
struct Bands {
  std::array<RiskBand, harm_count> at_least{};
  std::array<RiskBand, harm_count> at_most{};
  friend bool operator==(const Bands&, const Bands&) = default;
};
[[nodiscard]] OMBRE_EXPORT Bands bands(const Facts& facts);

/// What would change the band of a harm: factors whose change lowers `at_least` (those that can be
/// changed), and questions whose answer lowers `at_most`. In the order of the catalogue.
[[nodiscard]] OMBRE_EXPORT std::vector<WouldChange> what_would_change(const Facts& facts,
                                                                      Harm harm);

/// Protection against the harms that have layers.
[[nodiscard]] OMBRE_EXPORT std::vector<Protection> protection(const Facts& facts);

/// Warnings in words: a severe harm at band high or above with no or one layer of protection known
/// to be in place; naloxone that is needed and not at hand; lost tolerance; dangerous pairs.
[[nodiscard]] OMBRE_EXPORT Findings warnings(const Facts& facts);

/// A harm's band in plain words: "Overdose: very high, because ...". Needs no knowledge of ids.
[[nodiscard]] OMBRE_EXPORT std::string explain(const HarmBand& band, const Facts& facts);

}  // namespace ombre::inline v0::context
