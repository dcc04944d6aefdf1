#include "ombre/stats/rubin.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <vector>

namespace ombre::inline v0::stats {

Result<Pooled> pool_rubin(std::span<const double> estimates, std::span<const double> variances,
                          std::optional<double> complete_df, double level) {
  if (estimates.size() < 2) {
    return unexpected(error_at(Errc::empty_input, "estimates", std::nullopt,
                               static_cast<double>(estimates.size()),
                               "must come from at least two imputations"));
  }
  if (variances.size() != estimates.size()) {
    return unexpected(error_at(Errc::size_mismatch, "variances", std::nullopt,
                               static_cast<double>(variances.size()),
                               "must have one entry for each estimate"));
  }
  for (std::size_t i = 0; i < estimates.size(); ++i) {
    if (!std::isfinite(estimates[i])) {
      return unexpected(error_at(Errc::not_finite, "estimates", i, estimates[i], "must be finite"));
    }
    if (!std::isfinite(variances[i]) || variances[i] < 0) {
      return unexpected(
          error_at(std::isfinite(variances[i]) ? Errc::out_of_range : Errc::not_finite, "variances",
                   i, variances[i], "must be finite and 0 or more"));
    }
  }
  if (!(level > 0 && level < 1)) {
    return unexpected(error_at(Errc::out_of_range, "level", std::nullopt, level,
                               "must lie between 0 and 1, such as 0.95"));
  }
  if (complete_df && !(*complete_df > 0 && std::isfinite(*complete_df))) {
    return unexpected(error_at(Errc::out_of_range, "complete_df", std::nullopt, *complete_df,
                               "must be finite and above 0"));
  }
  const auto m = static_cast<double>(estimates.size());
  Pooled pooled;
  // From the first estimate on, so that equal estimates have no spread at all.
  for (const double e : estimates) pooled.estimate += (e - estimates[0]) / m;
  pooled.estimate += estimates[0];
  for (const double v : variances) pooled.within += v / m;
  for (const double e : estimates) {
    pooled.between += (e - pooled.estimate) * (e - pooled.estimate) / (m - 1);
  }
  const double inflated = (1 + 1 / m) * pooled.between;
  pooled.total = pooled.within + inflated;
  pooled.se = std::sqrt(pooled.total);
  pooled.lambda = pooled.total > 0 ? inflated / pooled.total : 0;

  std::optional<double> from_imputation;  // nothing: infinite
  if (pooled.lambda > 0) from_imputation = (m - 1) / (pooled.lambda * pooled.lambda);
  std::optional<double> from_data;
  if (complete_df) {
    const double c = *complete_df;
    from_data = (c + 1) / (c + 3) * c * (1 - pooled.lambda);
  }
  if (from_imputation && from_data) {
    pooled.df = *from_imputation * *from_data / (*from_imputation + *from_data);
  } else {
    pooled.df = from_imputation ? from_imputation : from_data;
  }
  // All variance may come from the imputations, and then the data leave no degrees of freedom.
  if (pooled.df && !(*pooled.df > 1e-6)) pooled.df = from_imputation;

  const double tail = (1 - level) / 2;
  const double q = pooled.df ? quantile(complement(boost::math::students_t{*pooled.df}, tail))
                             : quantile(complement(boost::math::normal{}, tail));
  pooled.low = pooled.estimate - q * pooled.se;
  pooled.high = pooled.estimate + q * pooled.se;
  if (pooled.lambda >= 1) {
    pooled.missing_information = 1;
  } else if (pooled.lambda > 0) {
    const double r = inflated / pooled.within;
    pooled.missing_information = (r + 2 / (pooled.df.value_or(1e300) + 3)) / (r + 1);
  }
  return pooled;
}

namespace {

Result<std::vector<double>> variances_of(std::span<const double> shares, std::uint64_t people) {
  if (people == 0) {
    return unexpected(
        error_at(Errc::out_of_range, "people", std::nullopt, 0.0, "must be 1 or more"));
  }
  std::vector<double> out;
  out.reserve(shares.size());
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double p = shares[i];
    if (!(p >= 0 && p <= 1)) {
      return unexpected(error_at(Errc::out_of_range, "shares", i, p, "must lie between 0 and 1"));
    }
    out.push_back(p * (1 - p) / static_cast<double>(people));
  }
  return out;
}

double critical(const std::optional<double>& df, double level) {
  const double tail = (1 - level) / 2;
  return df ? quantile(complement(boost::math::students_t{*df}, tail))
            : quantile(complement(boost::math::normal{}, tail));
}

}  // namespace

Result<Pooled> pool_share(std::span<const double> shares, std::uint64_t people, double level) {
  const auto variances = variances_of(shares, people);
  if (!variances) return unexpected(variances.error());
  auto pooled = pool_rubin(shares, *variances, std::nullopt, level);
  if (!pooled) return pooled;
  const double p = pooled->estimate;
  if (!(pooled->lambda < 1)) {  // each imputation says all or none, and they disagree
    pooled->low = 0;
    pooled->high = 1;
    return pooled;
  }
  // (p - x)^2 <= t^2 (1 + r) x (1 - x) / n, solved for x. 1 + r = 1 / (1 - lambda).
  const double t = critical(pooled->df, level);
  const double c = t * t / (1 - pooled->lambda) / static_cast<double>(people);
  const double centre = (2 * p + c) / 2;
  const double half = std::sqrt(c * (c / 4 + p * (1 - p)));
  pooled->low = std::clamp((centre - half) / (1 + c), 0.0, p);
  pooled->high = std::clamp((centre + half) / (1 + c), p, 1.0);
  return pooled;
}

Result<Pooled> pool_share_difference(std::span<const double> shares, std::uint64_t people,
                                     std::span<const double> reference,
                                     std::uint64_t reference_people, double level) {
  if (shares.size() != reference.size()) {
    return unexpected(error_at(Errc::size_mismatch, "reference", std::nullopt,
                               static_cast<double>(reference.size()),
                               "must come from as many imputations"));
  }
  const auto one = pool_share(shares, people, level);
  if (!one) return unexpected(one.error());
  const auto other = pool_share(reference, reference_people, level);
  if (!other) return unexpected(other.error());
  const auto var_one = variances_of(shares, people);
  const auto var_other = variances_of(reference, reference_people);
  std::vector<double> difference(shares.size());
  std::vector<double> variance(shares.size());
  for (std::size_t i = 0; i < shares.size(); ++i) {
    difference[i] = shares[i] - reference[i];
    variance[i] = (*var_one)[i] + (*var_other)[i];
  }
  auto pooled = pool_rubin(difference, variance, std::nullopt, level);
  if (!pooled) return pooled;
  pooled->low =
      pooled->estimate - std::hypot(one->estimate - one->low, other->high - other->estimate);
  pooled->high =
      pooled->estimate + std::hypot(one->high - one->estimate, other->estimate - other->low);
  return pooled;
}

}  // namespace ombre::inline v0::stats
