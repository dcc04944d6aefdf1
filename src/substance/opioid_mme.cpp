#include "ombre/substance/opioid_mme.hpp"

#include <algorithm>

#include "ombre/core/error.hpp"

namespace ombre::inline v0::substance {

struct MmeMaker {
  static MmePerDay make(double mme, MmeEdition edition) { return {mme, edition}; }
};

namespace {

constexpr FactorSet set_of(MmeEdition edition) {
  return edition == MmeEdition::cdc_2022 ? FactorSet::cdc_2022 : FactorSet::cdc_2016;
}

std::string_view unit_text(FactorUnit unit) {
  switch (unit) {
    case FactorUnit::per_mg:
      return "per mg";
    case FactorUnit::per_mcg:
      return "per mcg";
    case FactorUnit::per_mcg_per_hour:
      return "per mcg/h";
  }
  return "per mg";
}

const MmeRule& rule(std::string_view id) {
  return *std::ranges::find(mme_rules(), id, &MmeRule::id);
}

bool is_banded(const MmeFactor& factor) { return factor.over_mg.has_value(); }

bool in_band(const MmeFactor& factor, double mg) {
  return (mg > *factor.over_mg || (*factor.over_mg <= 0 && mg <= 0)) &&
         (!factor.up_to_mg || mg <= *factor.up_to_mg);
}

// Milligrams a day that decide the band: all doses of this substance in a form the row covers.
double banded_total(std::span<const Dose> doses, const MmeFactor& factor) {
  double mg = 0;
  for (const Dose& dose : doses) {
    if (dose.substance().id == factor.substance && factor.applies_to(dose.form()) &&
        dose.mg_per_day()) {
      mg += dose.mg_per_day()->mg();
    }
  }
  return mg;
}

// A band cannot be chosen while part of the substance's daily dose is not known.
bool some_amount_not_known(std::span<const Dose> doses, std::string_view id) {
  return std::ranges::any_of(doses, [&](const Dose& dose) {
    return dose.substance().id == id && !dose.mg_per_day() && !dose.mcg_per_hour();
  });
}

double mme_of(const Dose& dose, const MmeFactor& factor) {
  if (factor.unit == FactorUnit::per_mcg_per_hour) return *dose.mcg_per_hour() * factor.factor;
  const double mg = dose.mg_per_day()->mg();
  return (factor.unit == FactorUnit::per_mcg ? 1000 * mg : mg) * factor.factor;
}

// Why an edition has no factor for this dose, and who has one.
std::string no_factor_reason(const Dose& dose, MmeEdition edition) {
  const std::string set{name(set_of(edition))};
  std::string other_forms;
  std::string elsewhere;
  for (const MmeFactor& factor : mme_factors()) {
    if (factor.substance != dose.substance().id) continue;
    if (factor.set == set_of(edition)) {
      if (!other_forms.empty() && other_forms.find(factor.form) != std::string::npos) continue;
      other_forms += (other_forms.empty() ? "" : "; ") + std::string{factor.form};
    } else if (factor.applies_to(dose.form()) && elsewhere.empty()) {
      elsewhere = std::string{name(factor.set)} + " prints " + shortest(factor.factor) + ' ' +
                  std::string{unit_text(factor.unit)} + ", which must not be mixed in";
    }
  }
  std::string out = set + " has no factor for " + std::string{dose.substance().name} + " (" +
                    std::string{name(dose.form())} + ')';
  if (!other_forms.empty()) out += "; it has one for: " + other_forms;
  if (!elsewhere.empty()) out += "; " + elsewhere;
  return out;
}

class Counting {
 public:
  Counting(std::span<const Dose> doses, MmeEdition edition) : doses_{doses} {
    out_.edition = edition;
  }

  void count(std::size_t i) {
    const Dose& dose = doses_[i];
    const Substance& s = dose.substance();
    if (s.id == "buprenorphine") {
      keep_out(i, "mme_buprenorphine_not_counted", rule("mme_buprenorphine_excluded"),
               "buprenorphine is a partial agonist whose risk does not follow MME: it is not "
               "counted");
      return;
    }
    if (s.is(Trait::unknown_potency)) {
      unknown(i, "mme_unknown_potency",
              std::string{s.name} + ": potency is not known and varies, no factor exists",
              rule("mme_illicit_excluded").source);
      return;
    }
    if (!dose.mg_per_day() && !dose.mcg_per_hour()) {
      unknown(i, "mme_amount_not_known", std::string{s.name} + ": the amount is not known",
              nullptr);
      return;
    }
    const MmeFactor* factor = factor_for(dose);
    if (factor != nullptr && is_banded(*factor) && some_amount_not_known(doses_, s.id)) {
      unknown(i, "mme_amount_not_known",
              std::string{s.name} +
                  ": the band follows from the whole daily dose, which is not "
                  "known",
              factor->source);
      return;
    }
    if (factor == nullptr) {
      unknown(i, "mme_no_factor", no_factor_reason(dose, out_.edition), nullptr);
      return;
    }
    const double mme = mme_of(dose, *factor);
    out_.contributions.push_back({i, Counted::yes, mme, factor, {}});
    out_.at_least += mme;
    if (dose.purpose() == Purpose::opioid_use_disorder) {
      treatment_ = true;
    } else {
      for_thresholds_ += mme;
      other_than_treatment_ = true;
    }
    remarks(i, *factor);
  }

  Result<RiskMme> finish() {
    const bool counted = treatment_ || other_than_treatment_;
    if (some_unknown_) {
      out_.status = MmeStatus::unknown;
    } else if (!counted) {
      out_.status = MmeStatus::nothing_counted;
    } else {
      out_.status = MmeStatus::computed;
      out_.total = MmeMaker::make(out_.at_least, out_.edition);
    }
    for (const MmeThreshold& threshold : mme_thresholds()) {
      out_.thresholds.push_back({&threshold, answer(threshold.mme_per_day)});
    }
    if (treatment_) {
      const MmeRule& why = rule("mme_thresholds_not_for_methadone_treatment");
      out_.findings.add({.severity = Severity::note,
                         .rule = "mme_thresholds_not_for_treatment",
                         .text = "the thresholds are for pain prescribing: doses that treat opioid "
                                 "use disorder are not held against them",
                         .source = why.source});
    }
    return std::move(out_);
  }

 private:
  const MmeFactor* factor_for(const Dose& dose) const {
    for (const MmeFactor& factor : mme_factors()) {
      if (factor.set != set_of(out_.edition) || factor.substance != dose.substance().id ||
          factor.withdrawn || !factor.applies_to(dose.form())) {
        continue;
      }
      if (is_banded(factor) && !in_band(factor, banded_total(doses_, factor))) continue;
      return &factor;
    }
    return nullptr;
  }

  Reached answer(double mme_per_day) const {
    // 20 mg of a drug counted in tenths may come to 49.99999999999999: that is 50.
    constexpr double same = 1e-9;
    if (other_than_treatment_ && for_thresholds_ >= mme_per_day * (1 - same)) return Reached::yes;
    if (some_unknown_) return Reached::unknown;
    if (other_than_treatment_) return Reached::no;
    return Reached::not_applicable;
  }

  void keep_out(std::size_t i, std::string_view id, const MmeRule& why, std::string text) {
    out_.contributions.push_back({i, Counted::kept_out, std::nullopt, nullptr, text});
    finding(Severity::note, i, id, std::move(text), why.source);
  }

  void unknown(std::size_t i, std::string_view id, std::string text, const Source* source) {
    some_unknown_ = true;
    out_.contributions.push_back({i, Counted::unknown, std::nullopt, nullptr, text});
    finding(Severity::warning, i, id, std::move(text), source);
  }

  void finding(Severity severity, std::size_t i, std::string_view id, std::string text,
               const Source* source) {
    out_.findings.add({.severity = severity,
                       .rule = std::string{id},
                       .text = std::move(text),
                       .field = "dose",
                       .value = std::string{doses_[i].substance().name},
                       .source = source});
  }

  // What the reader should know about a number that was computed.
  void remarks(std::size_t i, const MmeFactor& factor) {
    const Dose& dose = doses_[i];
    if (is_banded(factor)) {
      finding(Severity::note, i, "mme_methadone_band",
              "the whole daily dose of methadone takes the factor " + shortest(factor.factor) +
                  " of its band",
              factor.source);
    }
    if (dose.substance().is(Trait::serotonergic) &&
        (dose.substance().id == "tramadol" || dose.substance().id == "tapentadol")) {
      finding(
          Severity::note, i, "mme_mu_activity_only",
          "MME count its opioid effect only; part of its effect, and of its withdrawal, is that "
          "of an SNRI",
          factor.source);
    }
    if (dose.mcg_per_hour()) {
      if (dose.substance().id == "fentanyl" && *dose.mcg_per_hour() == 12) {
        finding(Severity::note, i, "mme_patch_12",
                "the patch labelled 12 mcg/h delivers 12.5: 12 was counted as given", nullptr);
      }
      // Three of the largest patches at once: more likely a content or a sum over days.
      if (*dose.mcg_per_hour() > 300) {
        finding(Severity::warning, i, "mme_patch_rate_implausible",
                "a rate above 300 mcg/h is rare: is it the content of the patch, or a sum over "
                "days? The rate is printed on the patch",
                nullptr);
      }
    }
  }

  std::span<const Dose> doses_;
  RiskMme out_{};
  double for_thresholds_ = 0;
  bool some_unknown_ = false;
  bool treatment_ = false;
  bool other_than_treatment_ = false;
};

}  // namespace

std::string_view name(MmeEdition edition) noexcept {
  return edition == MmeEdition::cdc_2022 ? "cdc-2022" : "cdc-2016";
}

Result<MmeEdition> mme_edition(std::string_view text) {
  const std::string key = text.size() <= 40 ? folded(text) : std::string{};
  if (key == "cdc-2022" || key == "2022") return MmeEdition::cdc_2022;
  if (key == "cdc-2016" || key == "2016") return MmeEdition::cdc_2016;
  return unexpected(
      error_at(Errc::unknown_name, "edition", std::nullopt, text, "must be cdc-2022 or cdc-2016"));
}

std::string_view name(MmeStatus status) noexcept {
  switch (status) {
    case MmeStatus::computed:
      return "computed";
    case MmeStatus::unknown:
      return "unknown";
    case MmeStatus::nothing_counted:
      return "nothing counted";
  }
  return "unknown";
}

std::string_view name(Reached reached) noexcept {
  switch (reached) {
    case Reached::no:
      return "no";
    case Reached::yes:
      return "yes";
    case Reached::unknown:
      return "unknown";
    case Reached::not_applicable:
      return "not applicable";
  }
  return "unknown";
}

Result<MmePerDay> mean(std::span<const MmePerDay> days) {
  if (days.empty()) {
    return unexpected(error_of(Errc::empty_input, "days", "at least one day is needed"));
  }
  double sum = 0;
  for (std::size_t i = 0; i < days.size(); ++i) {
    if (days[i].edition() != days[0].edition()) {
      return unexpected(error_at(Errc::contradiction, "days", i, name(days[i].edition()),
                                 "totals of two editions must not be mixed"));
    }
    sum += days[i].mme();
  }
  return MmeMaker::make(sum / static_cast<double>(days.size()), days[0].edition());
}

Result<RiskMme> risk_mme(std::span<const Dose> doses, MmeEdition edition) {
  if (doses.empty()) {
    return unexpected(error_of(Errc::empty_input, "doses",
                               "no dose was given; a person without opioids has no MME to count"));
  }
  for (std::size_t i = 0; i < doses.size(); ++i) {
    const Substance& s = doses[i].substance();
    if (s.cls != Class::opioid && s.cls != Class::unknown) {
      std::string text{"MME are for opioids; this is of the class "};
      text += name(s.cls);
      return unexpected(error_at(Errc::unsupported, "doses", i, s.name, text));
    }
  }
  Counting counting{doses, edition};
  for (std::size_t i = 0; i < doses.size(); ++i) counting.count(i);
  return counting.finish();
}

}  // namespace ombre::inline v0::substance
