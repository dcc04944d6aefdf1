#include "ombre/core/quantities.hpp"

#include <cmath>

namespace ombre::inline v0 {
namespace {

std::optional<Error> refuse(std::string_view field, double value, double low, double high,
                            std::string_view rule) {
  if (!std::isfinite(value)) {
    return error_at(Errc::not_finite, field, std::nullopt, value, "must be a finite number");
  }
  if (value < low || value > high) {
    return error_at(Errc::out_of_range, field, std::nullopt, value, rule);
  }
  return std::nullopt;
}

constexpr double unlimited = 1.7e308;
constexpr double most_drinks = 1e300;

}  // namespace

Result<DoseStepMg> DoseStepMg::from(double mg) {
  if (auto error = refuse("dose_step_mg", mg, -unlimited, unlimited, "must be a finite number")) {
    return unexpected(*std::move(error));
  }
  return DoseStepMg{mg};
}

Result<DoseMg> DoseMg::from(double mg) {
  if (auto error = refuse("dose_mg", mg, 0, unlimited, "must be 0 or more")) {
    return unexpected(*std::move(error));
  }
  return DoseMg{mg + 0.0};  // turns -0 into 0
}

Result<DoseMg> DoseMg::after(DoseStepMg step) const {
  const double mg = mg_ + step.mg();
  if (auto error = refuse("dose_mg", mg, 0, unlimited, "a step may not end below 0")) {
    return unexpected(*std::move(error));
  }
  return DoseMg{mg + 0.0};
}

Result<Fraction> Fraction::from(double value) {
  if (auto error = refuse("fraction", value, 0, 1, "must lie between 0 and 1")) {
    return unexpected(*std::move(error));
  }
  return Fraction{value + 0.0};
}

Result<Fraction> Fraction::from_percent(double percent) {
  if (auto error = refuse("percent", percent, 0, 100, "must lie between 0 and 100")) {
    return unexpected(*std::move(error));
  }
  return Fraction{percent / 100 + 0.0};
}

Result<GramsEthanol> GramsEthanol::from(double grams) {
  if (auto error = refuse("ethanol_g", grams, 0, unlimited, "must be 0 or more")) {
    return unexpected(*std::move(error));
  }
  return GramsEthanol{grams + 0.0};
}

Result<DrinkSize> DrinkSize::from(std::string_view code, double grams) {
  if (code.empty()) {
    return unexpected(error_of(Errc::missing, "drink_size", "must name its country or table"));
  }
  if (auto error = refuse("drink_grams", grams, 1e-9, 100, "must be above 0 and at most 100 g")) {
    return unexpected(*std::move(error));
  }
  return DrinkSize{code, grams};
}

Result<StandardDrinks> StandardDrinks::from(double count, DrinkSize size) {
  if (auto error = refuse("drinks", count, 0, most_drinks, "must be 0 or more")) {
    return unexpected(*std::move(error));
  }
  return StandardDrinks{count + 0.0, size};
}

StandardDrinks StandardDrinks::from(GramsEthanol amount, DrinkSize size) {
  // Capped where from(count, size) is: a huge amount in tiny drinks must not become infinite, since
  // grams() would then have no answer.
  const double count = amount.grams() / size.grams();
  return StandardDrinks{count < most_drinks ? count : most_drinks, size};
}

GramsEthanol StandardDrinks::grams() const noexcept {
  const auto grams = GramsEthanol::from(count_ * size_.grams());
  return grams ? *grams : GramsEthanol{};
}

}  // namespace ombre::inline v0
