#pragma once
/// @file
/// Multiple imputation of missed visits with a Markov model of the word.
///
/// Model: what a visit would show (positive, clean, mixed) is a first-order Markov chain over the
/// periods, the same for everybody in one set of words; missed periods, and those in which no visit
/// was due, are steps of the chain nobody saw. The chain is learnt from neighbouring observed
/// periods. Given the model, a missed visit is filled by a draw from its distribution given all
/// observed periods of the person, before and after.
///
/// That takes visits to be missing at random given the neighbours: a missed visit is no more likely
/// positive than a kept one between the same neighbours. Where one doubts that (one usually does),
/// `missed_positive_factor` multiplies the odds of a missed visit being positive; reporting results
/// for several factors is a sensitivity analysis.
///
/// Sources: Rubin, Multiple Imputation for Nonresponse in Surveys (1987); draws of a hidden chain
/// by filtering forward and sampling backward: Chib, J Econom 75:79 (1996).

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/progress.hpp"
#include "ombre/core/random.hpp"
#include "ombre/core/result.hpp"
#include "ombre/outcomes/endpoint.hpp"
#include "ombre/outcomes/word_columns.hpp"
#include "ombre/stats/rubin.hpp"

namespace ombre::inline v0::outcomes {

/// What the model is learnt from: a tally of words. Rows and columns in the order positive, clean,
/// mixed.
struct WordChain {
  std::array<std::uint64_t, 3> first{};                 ///< symbols observed in period 1
  std::array<std::array<std::uint64_t, 3>, 3> moves{};  ///< from one observed period to the next

  OMBRE_EXPORT void add(const Word& word);
  /// All words of a column.
  OMBRE_EXPORT void add(const WordColumns& words);
  void merge(const WordChain& later) noexcept {
    for (std::size_t i = 0; i < 3; ++i) {
      first[i] += later.first[i];
      for (std::size_t j = 0; j < 3; ++j) moves[i][j] += later.moves[i][j];
    }
  }
};

struct ImputationOptions {
  Seed seed{};
  int imputations = 20;  ///< 2..10000
  /// Added to every count: the Dirichlet prior of each row (1/2 is Jeffreys'). Above 0.
  double prior = 0.5;
  /// Odds of a missed visit being positive, against a kept one between the same neighbours. 1 takes
  /// visits to be missing at random, 2 doubles the odds. 0 and more.
  double missed_positive_factor = 1;
  /// Each imputation draws its own chain from the posterior, so that the spread between imputations
  /// holds the uncertainty about the model too. Without it all use the posterior mean.
  bool draw_chain = true;
};

/// A model ready to fill words. Immutable.
class OMBRE_EXPORT WordImputer {
 public:
  /// @par Errors out_of_range, not_finite (options), empty_input (no observed period at all)
  [[nodiscard]] static Result<WordImputer> make(const WordChain& chain,
                                                const ImputationOptions& options);

  [[nodiscard]] int imputations() const noexcept { return options_.imputations; }
  /// The chain of imputation `m` (0-based): chances in the order positive, clean, mixed.
  struct Chances {
    std::array<double, 3> first{};
    std::array<std::array<double, 3>, 3> moves{};
  };
  [[nodiscard]] const Chances& chances(int m) const noexcept {
    return chances_[static_cast<std::size_t>(m)];
  }

  /// The word with every missed period filled. A pure function of seed, person and m: it does not
  /// matter in which order or on which thread people are filled.
  /// @param person  a number of the person's own, such as the row; below 2^48
  /// @param m       0..imputations()-1
  [[nodiscard]] Word fill(const Word& word, std::uint64_t person, int m) const;
  /// All words; row r is person first_person + r.
  [[nodiscard]] WordColumns fill(const WordColumns& words, int m, std::uint64_t first_person = 0,
                                 const Runner& runner = serial()) const;

 private:
  WordImputer() = default;
  ImputationOptions options_;
  std::vector<Chances> chances_;
};

/// The mean of an endpoint (for yes/no: the share of yes) over multiply imputed words.
struct PooledEndpoint {
  stats::Pooled pooled;
  std::uint64_t people = 0;  ///< with a value in every imputation
  std::uint64_t without_value = 0;
};

/// Fills the words as often as the imputer says, evaluates the endpoint on each and pools by
/// Rubin's rules with Barnard-Rubin degrees of freedom.
///
/// @param who  rows to use (0 or 1 for each row); empty = all
/// @par Errors unsupported (time_event: pool a model of times instead; definitions about
/// attendance, in which missed visits are not missing), empty_input (fewer than two people)
[[nodiscard]] OMBRE_EXPORT Result<PooledEndpoint> pooled_mean(
    const Endpoint& endpoint, const WordColumns& words, const WordImputer& imputer,
    std::span<const std::uint8_t> who = {}, double level = 0.95, const Runner& runner = serial());

/// The difference of two groups' means, first minus second; complete-data degrees of freedom
/// n1 + n2 - 2. @param group  1 = first, 2 = second, anything else = in neither
[[nodiscard]] OMBRE_EXPORT Result<PooledEndpoint> pooled_difference(
    const Endpoint& endpoint, const WordColumns& words, const WordImputer& imputer,
    std::span<const std::uint8_t> group, double level = 0.95, const Runner& runner = serial());

}  // namespace ombre::inline v0::outcomes
