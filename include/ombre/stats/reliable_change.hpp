#pragma once
/// @file
/// Is a change of one measured score more than the instrument's own error, and did it cross from
/// one population to another? And: how do two series of one person move together?

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::stats {

/// Half the width of the interval in which a change is taken for measurement error: 95 %.
inline constexpr double reliable_change_z = 1.96;

/// A change of one score against the error of the instrument.
struct ReliableChange {
  double standard_error = 0;  ///< of one measurement: sd sqrt(1 - r)
  double se_difference = 0;   ///< of a difference of two: sqrt(2) standard_error
  double index = 0;           ///< (after - before) / se_difference
  double smallest = 0;        ///< the smallest change that is reliable: z se_difference
  bool reliable = false;      ///< |index| > z
};

/// Reliable Change Index. Source: Jacobson & Truax, J Consult Clin Psychol 59:12 (1991).
///
/// @param sd           standard deviation of the score in the reference group, > 0
/// @param reliability  test-retest correlation in [0, 1); an internal consistency such as
///                     Cronbach's alpha is usually higher and makes changes look more reliable
/// @param z            > 0; 1.96 for 95 %
/// @par Errors not_finite, out_of_range
[[nodiscard]] OMBRE_EXPORT Result<ReliableChange> reliable_change(double before, double after,
                                                                  double sd, double reliability,
                                                                  double z = reliable_change_z);

/// The smallest change of a score that is reliable: z sqrt(2) sd sqrt(1 - r).
/// @par Errors as reliable_change
[[nodiscard]] OMBRE_EXPORT Result<double> smallest_reliable_change(double sd, double reliability,
                                                                   double z = reliable_change_z);

/// Mean and standard deviation of a score in a population; sd > 0.
struct Norm {
  double mean = 0;
  double sd = 0;
};

/// Where the two populations part, by three rules.
struct CutOffs {
  double a = 0;                   ///< two sd away from the first population, towards the second
  std::optional<double> b{};      ///< two sd from the second population, towards the first
  std::optional<double> c{};      ///< between both means, weighted by the sd
  bool second_is_higher = false;  ///< the second population has the higher mean
};

/// Cut-offs a, b, c. Without a second population only `a` exists, and its direction must be given.
/// c = (sd1 mean2 + sd2 mean1) / (sd1 + sd2).
/// Source: Jacobson & Truax (1991).
/// @par Errors not_finite, out_of_range (sd), contradiction (equal means)
[[nodiscard]] OMBRE_EXPORT Result<CutOffs> cut_offs(Norm first, Norm second);
/// @param towards_higher  the wanted direction
[[nodiscard]] OMBRE_EXPORT Result<double> cut_off_a(Norm first, bool towards_higher);

/// How two series of one person move together, with the second `lag` steps later.
struct LaggedCorrelation {
  std::size_t lag = 0;
  std::size_t n = 0;            ///< pairs with both values known
  std::optional<double> rho{};  ///< Spearman; nothing where one does not vary or n < 3
  /// Pairs that count as independent, because neighbours in time resemble each other:
  /// n (1 - r1 r2) / (1 + r1 r2), with the first-order autocorrelations r1, r2 of the ranks,
  /// negative products taken as 0; between 2 and n.
  std::optional<double> effective_n{};
  /// Fisher's interval at 95 % with the effective n, variance 1.06 / (n - 3); nothing where the
  /// effective n is 4 or less, or |rho| is 1.
  std::optional<double> low{};
  std::optional<double> high{};
};

/// Spearman's rank correlation of x[i] with y[i + lag]. It says how the two moved together in these
/// data and nothing about which of them moved the other.
/// Sources: Spearman, Am J Psychol 15:72 (1904); effective n: Bartlett, J R Stat Soc 98:536 (1935);
/// variance: Fieller, Hartley & Pearson, Biometrika 44:470 (1957).
///
/// @param x,y  one value a step of time, in order; empty where not known
/// Cost: O(n log n). @par Errors size_mismatch, not_finite, out_of_range (lag not below n)
[[nodiscard]] OMBRE_EXPORT Result<LaggedCorrelation> lagged_spearman(
    std::span<const std::optional<double>> x, std::span<const std::optional<double>> y,
    std::size_t lag = 0);

}  // namespace ombre::inline v0::stats
