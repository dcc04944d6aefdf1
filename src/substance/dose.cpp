#include "ombre/substance/dose.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

#include "lookup.hpp"
#include "ombre/core/error.hpp"

namespace ombre::inline v0::substance {

Result<Dose> Dose::per_day(const Substance& substance, DoseForm form, DoseMg total,
                           Purpose purpose) {
  if (form == DoseForm::transdermal_patch) {
    return unexpected(error_at(Errc::unsupported, "form", std::nullopt, name(form),
                               "a patch is given by its rate in mcg/h, not in milligrams a day"));
  }
  Dose dose{substance, form, purpose};
  dose.mg_ = total;
  return dose;
}

Result<Dose> Dose::times_a_day(const Substance& substance, DoseForm form, DoseMg each, double times,
                               Purpose purpose) {
  if (auto error = refuse_outside("times_a_day", times, 0, 1000, "must be 0 to 1000")) {
    return unexpected(*std::move(error));
  }
  const auto total = DoseMg::from(each.mg() * times);
  if (!total) return unexpected(total.error());
  return per_day(substance, form, *total, purpose);
}

Result<Dose> Dose::patch(const Substance& substance, double mcg_per_hour, Purpose purpose) {
  if (auto error = refuse_outside("mcg_per_hour", mcg_per_hour, 0, 1e9, "must be 0 or more")) {
    return unexpected(*std::move(error));
  }
  Dose dose{substance, DoseForm::transdermal_patch, purpose};
  dose.rate_ = mcg_per_hour + 0.0;
  return dose;
}

Dose Dose::amount_not_known(const Substance& substance, DoseForm form, Purpose purpose) {
  return Dose{substance, form, purpose};
}

Result<DoseMg> total(std::span<const Dose> doses) {
  if (doses.empty()) {
    return unexpected(error_of(Errc::empty_input, "doses", "at least one dose is needed"));
  }
  double mg = 0;
  for (std::size_t i = 0; i < doses.size(); ++i) {
    const Dose& dose = doses[i];
    if (!(dose.substance() == doses[0].substance())) {
      return unexpected(error_at(Errc::contradiction, "doses", i, dose.substance().name,
                                 "milligrams of two substances do not add"));
    }
    if (dose.form() != doses[0].form()) {
      return unexpected(error_at(Errc::contradiction, "doses", i, name(dose.form()),
                                 "milligrams by two routes do not add"));
    }
    if (!dose.mg_per_day()) {
      return unexpected(error_at(Errc::not_computable, "doses", i, dose.substance().name,
                                 dose.mcg_per_hour() ? "a patch has a rate, not milligrams a day"
                                                     : "the amount is not known"));
    }
    mg += dose.mg_per_day()->mg();
  }
  return DoseMg::from(mg);
}

namespace {

std::string plain(double value) {
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 12);
  return {text.data(), end.ptr};
}

}  // namespace

std::string describe(const Dose& dose) {
  std::string out{dose.substance().name};
  if (dose.mcg_per_hour()) {
    out += ' ' + shortest(*dose.mcg_per_hour()) + " mcg/h";
  } else if (dose.mg_per_day()) {
    // Sums such as 3 x 0.1 are shown as a person would write them.
    out += ' ' + plain(dose.mg_per_day()->mg()) + " mg a day";
  } else {
    out += ", amount not known";
  }
  out += ", ";
  out += name(dose.form());
  if (dose.purpose() == Purpose::opioid_use_disorder) out += ", for opioid use disorder";
  return out;
}

}  // namespace ombre::inline v0::substance
