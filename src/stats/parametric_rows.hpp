#pragma once
// Checked rows of a parametric model, and what one row says about (eta, log scale, shape).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ombre/core/result.hpp"
#include "ombre/stats/parametric_survival.hpp"
#include "stats/parametric_jet.hpp"
#include "stats/parametric_standard.hpp"

namespace ombre::inline v0::stats::detail {

// What a family is made of.
struct FamilyForm {
  StandardForm form = StandardForm::extreme_value;
  bool has_scale = false;
  bool has_shape = false;
  bool gompertz = false;
};
[[nodiscard]] FamilyForm form_of(SurvivalFamily family) noexcept;

// Rows with weight above 0, times divided by `unit` (Gompertz; 1 otherwise).
struct ModelRows {
  SurvivalFamily family = SurvivalFamily::weibull;
  FamilyForm form{};
  std::vector<TimeKnown> known;
  std::vector<double> time;   // of `between` with time 0: turned into `before` time2
  std::vector<double> upper;  // of `between`
  std::vector<double> entry;  // empty: nobody enters late
  std::vector<double> log_time;
  std::vector<double> log_upper;
  std::vector<double> weight;
  std::vector<double> offset;      // empty: none
  std::vector<std::uint32_t> row;  // of the input
  double unit = 1;
  double log_unit_events = 0;  // sum over exact rows of weight x log(unit)
  double total_weight = 0;

  [[nodiscard]] std::size_t size() const noexcept { return time.size(); }
};

// @param need_maximum  refuse rows of which the likelihood has no maximum, and choose
//                      a unit of time in which the search is well scaled
Result<ModelRows> model_rows(const ParametricInput& input, SurvivalFamily family,
                             bool need_maximum);

// Log-likelihood of row i for eta, log scale and shape. Not finite where the numbers run away.
[[nodiscard]] Jet row_likelihood(const ModelRows& rows, std::size_t i, double eta, double log_scale,
                                 double shape) noexcept;

// log S(t), t > 0, and the log hazard at t, as functions of the same three.
[[nodiscard]] Jet log_survival(const FamilyForm& form, SurvivalFamily family, double t,
                               double log_t, double eta, double log_scale, double shape) noexcept;
[[nodiscard]] Jet log_hazard(const FamilyForm& form, SurvivalFamily family, double t, double log_t,
                             double eta, double log_scale, double shape) noexcept;

}  // namespace ombre::inline v0::stats::detail
