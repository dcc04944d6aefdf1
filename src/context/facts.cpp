// From a situation to one answer per factor, with what follows from it.

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "core/cited.hpp"
#include "ombre/context/risk.hpp"
#include "ombre/substance/catalogue.hpp"
#include "ombre/substance/mixtures.hpp"
#include "spelling.hpp"

namespace ombre::inline v0::context {
namespace {

namespace sub = substance;

bool is_sedative(sub::Class cls) noexcept {
  switch (cls) {
    case sub::Class::benzodiazepine:
    case sub::Class::z_drug:
    case sub::Class::barbiturate:
    case sub::Class::gabapentinoid:
    case sub::Class::gaba_b_agonist:
      return true;
    default:
      return false;
  }
}

// The nearest id to a misspelt one, by the number of letters that have to change.
std::string nearest(std::string_view word, const Catalogue& catalogue) {
  std::string best;
  std::size_t best_distance = 3;
  for (const Factor& factor : catalogue.factors()) {
    const std::string_view id = factor.id;
    if (id.size() > word.size() + 2 || word.size() > id.size() + 2) continue;
    if (const std::size_t far = detail::letters_between(word, id); far < best_distance) {
      best_distance = far;
      best = id;
    }
  }
  return best;
}

struct Used {
  sub::Substance substance;
  const UsedSubstance* entry;
};

}  // namespace

bool Facts::conclude(std::string_view factor, bool yes, std::string how) {
  const auto place = catalogue_->find_factor(factor);
  if (!place || truth_[*place] != Truth::unknown) return false;  // what was stated stays
  // An entry that says "not known" is an answer too: nothing is worked out against it.
  if (origin_[*place].from != KnownFrom::not_stated || !origin_[*place].how.empty()) return false;
  truth_[*place] = yes ? Truth::yes : Truth::no;
  origin_[*place] = {KnownFrom::worked_out, std::nullopt, std::move(how)};
  return true;
}

Result<Facts> Facts::from(const Situation& situation, const Catalogue& catalogue) {
  Facts out;
  out.catalogue_ = &catalogue;
  const std::size_t n = catalogue.factors().size();
  out.truth_.assign(n, Truth::unknown);
  out.number_.assign(n, std::nullopt);
  out.origin_.resize(n);

  // ---- what was said
  std::vector<const FactorEntry*> newest(n, nullptr);
  for (std::size_t i = 0; i < situation.factors.size(); ++i) {
    const FactorEntry& entry = situation.factors[i];
    const std::string field = "factors[" + std::to_string(i) + "]";
    const auto refuse = [&](Errc code, std::string_view part, std::string_view value,
                            std::string_view rule) {
      return unexpected(error_at(code, field + std::string{part}, std::nullopt, value, rule));
    };
    const auto place = catalogue.find_factor(entry.factor);
    if (!place) {
      const std::string near = nearest(entry.factor, catalogue);
      return refuse(
          Errc::unknown_name, ".factor", entry.factor,
          near.empty() ? "is not a factor" : "is not a factor; did you mean " + near + "?");
    }
    const Factor& factor = catalogue.factors()[*place];
    if (const double* number = std::get_if<double>(&entry.value)) {
      if (factor.kind != ValueKind::number) {
        return refuse(Errc::malformed, ".value", shortest(*number), "must be yes or no");
      }
      if (!std::isfinite(*number)) {
        return refuse(Errc::not_finite, ".value", shortest(*number), "must be a number");
      }
      if (*number < factor.low || *number > factor.high) {
        return refuse(Errc::out_of_range, ".value", shortest(*number),
                      "must be from " + shortest(factor.low) + " to " + shortest(factor.high));
      }
    } else if (std::holds_alternative<bool>(entry.value) && factor.kind == ValueKind::number) {
      return refuse(Errc::malformed, ".value", std::get<bool>(entry.value) ? "true" : "false",
                    "must be a number of " + std::string{factor.unit});
    }
    if (entry.on && situation.on && *entry.on > *situation.on) {
      return refuse(Errc::out_of_range, ".on", entry.on->iso(),
                    "must not be after the day of the situation, " + situation.on->iso());
    }
    const FactorEntry*& now = newest[*place];
    if (now == nullptr) {
      now = &entry;
    } else if (now->on == entry.on) {
      if (now->value != entry.value) {
        return refuse(Errc::contradiction, ".value", entry.factor,
                      "has two values for the same day");
      }
    } else if (entry.on && (!now->on || *entry.on > *now->on)) {
      now = &entry;
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    const FactorEntry* entry = newest[i];
    if (entry == nullptr) continue;
    if (const bool* yes = std::get_if<bool>(&entry->value)) {
      out.truth_[i] = *yes ? Truth::yes : Truth::no;
    } else if (const double* number = std::get_if<double>(&entry->value)) {
      out.number_[i] = *number;
      // A count of days goes on counting after the day it was said on.
      const Factor& factor = catalogue.factors()[i];
      if (factor.id.starts_with("days_since_") && entry->on) {
        if (situation.on) {
          out.number_[i] = std::min(
              factor.high, *number + static_cast<double>((*situation.on - *entry->on).count()));
        } else {
          out.findings_.add(
              {.severity = Severity::warning,
               .rule = "days_not_carried_on",
               .text = entry->factor + " was " + shortest(*number) + " on " + entry->on->iso() +
                       ". The situation has no date of its own, so the days since then are not "
                       "counted; say its date in \"on\".",
               .field = "factors[" + std::to_string(entry - situation.factors.data()) + "].on",
               .value = entry->on->iso()});
        }
      }
    }
    out.origin_[i] = {
        entry->from, entry->on,
        std::holds_alternative<NotKnown>(entry->value) ? "asked, not known" : "stated"};
  }

  const auto disagree = [&](const FactorEntry& said, bool value, const std::string& against) {
    const std::string text = value ? "true" : "false";
    out.findings_.add(
        {.severity = Severity::warning,
         .rule = "answers_disagree",
         .text = "Two answers disagree: " + said.factor + " is " + text + ", and " + against +
                 ". The one with more danger is used until somebody asks.",
         .field = "factors[" + std::to_string(&said - situation.factors.data()) + "].value",
         .value = text});
  };

  // What is listed or counted shows that something holds: then it holds, also where an entry says
  // no. Of two answers that disagree the one with more danger is used, and the finding names both.
  enum class AskedNotKnown { stays, gives_way };
  const auto insist = [&](std::string_view factor, std::string how, const std::string& against,
                          AskedNotKnown not_known) {
    const auto place = catalogue.find_factor(factor);
    if (!place) return;
    const FactorEntry* said = newest[*place];
    if (said == nullptr) {
      out.conclude(factor, true, std::move(how));
      return;
    }
    if (out.truth_[*place] == Truth::yes) return;
    if (out.truth_[*place] == Truth::unknown && not_known == AskedNotKnown::stays) return;
    if (out.truth_[*place] == Truth::no) disagree(*said, false, against);
    out.truth_[*place] = Truth::yes;
    out.origin_[*place] = {KnownFrom::worked_out, std::nullopt, std::move(how)};
  };

  // The other way round: an entry says yes, and what is listed or counted speaks against it. The
  // entry stays, and the finding names both. Where it did not say yes, the answer is no.
  const auto doubt = [&](std::string_view factor, std::string how, const std::string& against) {
    const auto place = catalogue.find_factor(factor);
    const FactorEntry* said = place ? newest[*place] : nullptr;
    if (said == nullptr || !std::holds_alternative<bool>(said->value) ||
        !std::get<bool>(said->value)) {
      out.conclude(factor, false, std::move(how));
      return;
    }
    disagree(*said, true, against);
  };

  // ---- what is used
  std::vector<Used> used;
  for (std::size_t i = 0; i < situation.substances.size(); ++i) {
    const UsedSubstance& entry = situation.substances[i];
    if (entry.prescribed.value_or(false) && entry.street.value_or(false)) {
      return unexpected(error_at(Errc::contradiction,
                                 "substances[" + std::to_string(i) + "].street", std::nullopt,
                                 "true", "cannot be as prescribed and from the street"));
    }
    const auto found = sub::find(entry.name);
    if (!found) {
      out.complete_ = false;
      out.findings_.add({.severity = Severity::warning,
                         .rule = "substance_not_recognised",
                         .text = "This name is not in the catalogue, so what it does is not looked "
                                 "at: " +
                                 describe(found.error()),
                         .field = "substances[" + std::to_string(i) + "].name",
                         .value = entry.name});
      continue;
    }
    if (found->cls == sub::Class::unknown) out.complete_ = false;
    used.push_back({*found, &entry});
  }
  const bool closed = situation.nothing_else.value_or(false) && out.complete_;
  const auto listed = [&](const Used& u) {
    return "substances[" + std::to_string(u.entry - situation.substances.data()) + "] is " +
           std::string{u.substance.name};
  };
  const auto class_fact = [&](std::string_view factor, auto&& belongs) {
    for (const Used& u : used) {
      if (belongs(u.substance)) {
        insist(factor, std::string{u.substance.name} + " is used", listed(u),
               AskedNotKnown::gives_way);
        return;
      }
    }
    if (closed) {
      doubt(factor, "nothing of the kind is used",
            "nothing of the kind is among the substances, which are all there is (nothing_else)");
    }
  };
  class_fact("uses_opioid", [](const sub::Substance& s) { return s.cls == sub::Class::opioid; });
  class_fact("uses_alcohol", [](const sub::Substance& s) { return s.cls == sub::Class::alcohol; });
  class_fact("uses_sedative", [](const sub::Substance& s) { return is_sedative(s.cls); });
  class_fact("uses_ghb", [](const sub::Substance& s) { return s.cls == sub::Class::ghb; });
  class_fact("uses_stimulant", [](const sub::Substance& s) {
    return s.cls == sub::Class::stimulant || s.cls == sub::Class::empathogen;
  });
  class_fact("uses_cocaine", [](const sub::Substance& s) { return s.id == "cocaine"; });
  class_fact("uses_mdma", [](const sub::Substance& s) { return s.cls == sub::Class::empathogen; });
  class_fact("uses_cannabis", [](const sub::Substance& s) {
    return s.cls == sub::Class::cannabis || s.cls == sub::Class::synthetic_cannabinoid;
  });
  class_fact("uses_nicotine",
             [](const sub::Substance& s) { return s.cls == sub::Class::nicotine; });

  // Routes. "No" only where nothing else is used and every route is stated.
  const bool routes_known = closed && std::ranges::all_of(used, [](const Used& u) {
                              return u.entry->route != Route::not_stated;
                            });
  const auto route_fact = [&](std::string_view factor, auto&& matches) {
    for (const Used& u : used) {
      if (matches(u)) {
        insist(factor, std::string{u.substance.name} + " is " + std::string{name(u.entry->route)},
               listed(u) + ", " + std::string{name(u.entry->route)}, AskedNotKnown::stays);
        return;
      }
    }
    if (routes_known) {
      doubt(factor, "no substance is taken that way", "no substance that is listed is taken so");
    }
  };
  route_fact("injects", [](const Used& u) { return u.entry->route == Route::injected; });
  route_fact("smokes_drugs", [](const Used& u) {
    return u.entry->route == Route::smoked && u.substance.cls != sub::Class::nicotine &&
           u.substance.cls != sub::Class::cannabis;
  });

  // Somebody who injects now has not gone over to another route.
  if (out.truth("injects") == Truth::yes)
    out.conclude("other_route", false, "the route is injecting");

  // Supply. A prescription says no for that one; a substance of unknown strength says yes.
  bool none_from_street = closed;
  for (const Used& u : used) {
    const bool prescribed = u.entry->prescribed.value_or(false);
    const bool unknown_strength =
        u.substance.is(sub::Trait::unknown_potency) && !prescribed && !u.entry->street;
    if (u.entry->street.value_or(false)) {
      insist("street_supply", std::string{u.substance.name} + " is from the street",
             listed(u) + " from the street", AskedNotKnown::stays);
    } else if (unknown_strength) {
      out.conclude("street_supply", true,
                   "the strength of " + std::string{u.substance.name} + " is not known");
    }
    none_from_street = none_from_street && (prescribed || u.entry->street == false);
    if (prescribed && (u.substance.id == "methadone" || u.substance.id == "buprenorphine")) {
      out.conclude("agonist_treatment", true,
                   std::string{u.substance.name} + " is taken as prescribed");
    }
  }
  if (none_from_street) out.conclude("street_supply", false, "nothing is from the street");

  // What is not used at all is not drunk heavily, depended on, or prescribed. (Lost tolerance is
  // not among these: it belongs to people who do not use at present.)
  if (closed) {
    const auto follows = [&out](std::string_view factor, std::string_view why) {
      out.conclude(factor, false, std::string{why});
    };
    if (out.truth("uses_alcohol") == Truth::no) {
      for (const std::string_view factor :
           {"depends_on_alcohol", "heavy_drinking", "non_beverage_alcohol"}) {
        follows(factor, "no alcohol is used");
      }
    }
    if (out.truth("uses_sedative") == Truth::no && out.truth("uses_ghb") == Truth::no) {
      follows("depends_on_sedatives", "no sedative is used");
    }
    if (out.truth("uses_opioid") == Truth::no) {
      follows("depends_on_opioids", "no opioid is used");
      follows("agonist_treatment", "no opioid is used");
    }
  }

  // Pairs that mix badly. One substance taken in two ways is one substance.
  bool pairs_known = closed;
  std::vector<sub::Substance> taken;
  for (const Used& u : used) {
    if (std::ranges::find(taken, u.substance) == taken.end()) taken.push_back(u.substance);
  }
  if (!taken.empty()) {
    const auto report = sub::mixtures(taken);
    if (!report) {
      pairs_known = false;
      out.complete_ = false;
      out.findings_.add({.severity = Severity::warning,
                         .rule = "mixtures_not_looked_at",
                         .text = "The pairs among these substances were not looked at: " +
                                 describe(report.error()),
                         .field = "substances"});
    } else {
      // All pairs of a kind are named, the most severe first; a long list is cut.
      std::array<std::pair<std::string_view, std::vector<PairFound>>, 4> pairs{
          {{"pair_breathing", {}},
           {"pair_heart", {}},
           {"pair_seizure", {}},
           {"pair_serotonin", {}}}};
      for (const sub::Mixture& mixture : report->dangerous) {
        if (mixture.rule->severity < Severity::warning ||
            mixture.rule->when != sub::When::together) {
          continue;
        }
        const auto found = [&](std::size_t kind) {
          pairs[kind].second.push_back({pairs[kind].first, std::string{mixture.first.name},
                                        std::string{mixture.second.name}, mixture.rule});
        };
        switch (mixture.rule->kind) {
          case sub::HarmKind::breathing:
            found(0);
            break;
          case sub::HarmKind::heart:
          case sub::HarmKind::rhythm:
          case sub::HarmKind::blood_pressure:
            found(1);
            break;
          case sub::HarmKind::seizure:
            found(2);
            break;
          case sub::HarmKind::serotonin:
            found(3);
            break;
          default:  // withdrawal brought on at once, levels that change, poisoning
            if (mixture.rule->severity < Severity::danger &&
                mixture.rule->kind != sub::HarmKind::withdrawal) {
              break;
            }
            out.findings_.add(
                {.severity = mixture.rule->severity,
                 .rule = "pair_other",
                 .text = std::string{mixture.first.name} + " with " +
                         std::string{mixture.second.name} + ": " +
                         std::string{mixture.rule->mechanism} + '.' +
                         (mixture.rule->helps.empty()
                              ? std::string{}
                              : " What helps: " + std::string{mixture.rule->helps} + '.'),
                 .field = "substances",
                 .value = std::string{mixture.rule->id},
                 .source = mixture.rule->source});
            break;
        }
      }
      constexpr std::size_t named_at_most = 6;
      for (auto& [factor, all] : pairs) {
        if (all.empty()) continue;
        if (all.size() > named_at_most) all.resize(named_at_most);
        std::string how;
        for (const PairFound& pair : all) {
          if (!how.empty()) how += "; ";
          how += pair.first + " with " + pair.second + " (rule " + std::string{pair.rule->id} + ")";
        }
        if (out.conclude(factor, true, std::move(how))) {
          std::ranges::move(all, std::back_inserter(out.pairs_));
        }
      }
    }
  }
  if (pairs_known) {
    for (const std::string_view pair :
         {"pair_breathing", "pair_heart", "pair_seizure", "pair_serotonin"}) {
      out.conclude(pair, false, "no such pair is listed among what is used");
    }
  }

  // ---- what follows from numbers
  const auto from_number = [&](std::string_view number, std::string_view factor, double from,
                               double to) {
    const auto value = out.number(number);
    if (!value) return;
    std::string how = std::string{number} + " is " + shortest(*value);
    const FactorEntry* said = newest[*catalogue.find_factor(number)];
    if (said != nullptr && number.starts_with("days_since_")) {
      if (!said->on) {
        how += ", taken as of the day of the situation because it has no date";
      } else if (const double* then = std::get_if<double>(&said->value); *then != *value) {
        how += ", counted on from " + shortest(*then) + " on " + said->on->iso();
      }
    }
    if (*value >= from && *value <= to) {
      insist(factor, how, how, AskedNotKnown::gives_way);
    } else if (factor.starts_with("tolerance_")) {
      out.conclude(factor, false, std::move(how));  // it may have fallen for another reason
    } else {
      doubt(factor, how, how);
    }
  };
  from_number("mme_a_day", "mme_50", 50, 1e9);
  from_number("age_years", "age_65", 65, 1e9);
  from_number("age_years", "under_18", 0, std::nextafter(18.0, 0.0));
  from_number("days_since_opioid_cut", "tolerance_peak", 3, 14);
  from_number("days_since_opioid_cut", "tolerance_high", 0, 28);
  from_number("days_since_opioid_cut", "tolerance_lost", 0, 84);
  from_number("days_since_release", "release_2_weeks", 0, 14);
  from_number("days_since_release", "release_4_weeks", 0, 28);
  from_number("days_since_discharge", "discharge_4_weeks", 0, 28);
  if (const auto days = out.number("days_since_opioid_cut")) {
    const auto band = sub::tolerance_loss_window(static_cast<int>(*days));  // 0..36500 by now
    if (band) out.tolerance_ = *band;
  }

  // ---- naloxone
  const auto known = [&out](std::string_view factor) -> std::optional<bool> {
    const Truth truth = out.truth(factor);
    if (truth == Truth::unknown) return std::nullopt;
    return truth == Truth::yes;
  };
  const auto either = [&known](std::string_view a, std::string_view b) -> std::optional<bool> {
    const auto x = known(a);
    const auto y = known(b);
    if (x.value_or(false) || y.value_or(false)) return true;
    if (x && y) return false;
    return std::nullopt;
  };
  sub::NaloxoneFacts facts;
  facts.takes_opioid = known("uses_opioid");
  const auto lists = [&used](auto&& belongs) {
    return std::ranges::any_of(used, [&](const Used& u) { return belongs(u.substance.cls); });
  };
  facts.takes_benzodiazepine =
      lists([](sub::Class cls) { return cls == sub::Class::benzodiazepine; });
  facts.overdose_history = known("overdose_before");
  facts.substance_use_disorder = known("depends_on_opioids");
  facts.sleep_disordered_breathing = known("sleep_apnoea");
  facts.copd = known("lung_disease");
  facts.kidney_or_liver_failure = known("liver_or_kidney_disease");
  facts.heavy_alcohol = known("heavy_drinking");
  facts.mental_health_disorder = known("depression_or_anxiety");
  facts.illicit_use = known("street_supply");
  facts.returning_after_tolerance_loss = either("tolerance_lost", "release_4_weeks");
  facts.discharge_near = known("release_or_discharge_near");
  facts.mme_a_day = out.number("mme_a_day");
  facts.age_years = out.number("age_years");
  out.naloxone_ = sub::naloxone_reasons(facts);
  // Other sedatives beside an opioid, by their own names.
  if (out.truth("uses_opioid") == Truth::yes || facts.mme_a_day.value_or(0) > 0) {
    const auto beside = [&](bool there, sub::SourcedReason reason) {
      if (there) out.naloxone_.push_back(reason);
    };
    const bool z_drug = lists([](sub::Class cls) { return cls == sub::Class::z_drug; });
    const bool barbiturate = lists([](sub::Class cls) { return cls == sub::Class::barbiturate; });
    const bool gabapentinoid =
        lists([](sub::Class cls) { return cls == sub::Class::gabapentinoid; });
    const bool gaba_b = lists([](sub::Class cls) { return cls == sub::Class::gaba_b_agonist; });
    beside(z_drug, {"opioid_with_z_drug", "an opioid together with a z-drug for sleep",
                    &cited::cdc_2022_text, Confidence::known});
    beside(barbiturate, {"opioid_with_barbiturate", "an opioid together with a barbiturate",
                         &cited::cdc_2022_text, Confidence::known});
    beside(gabapentinoid,
           {"opioid_with_gabapentinoid", "an opioid together with gabapentin or pregabalin",
            &cited::gomes_2017, Confidence::known});
    beside(gaba_b,
           {"opioid_with_gaba_b_agonist", "an opioid together with baclofen or a relative of it",
            &cited::cdc_2022_text, Confidence::known});
    beside(out.truth("uses_ghb") == Truth::yes,
           {"opioid_with_ghb", "an opioid together with GHB", &cited::texts, Confidence::known});
    const bool named =
        *facts.takes_benzodiazepine || z_drug || barbiturate || gabapentinoid || gaba_b;
    beside(!named && out.truth("uses_sedative") == Truth::yes,
           {"opioid_with_sedative", "an opioid together with a benzodiazepine or another sedative",
            &cited::cdc_2022_text, Confidence::known});
  }
  return out;
}

Findings dates_after(const Situation& situation, Date today) {
  Findings out;
  const auto late = [&](std::string field, Date on, std::string_view what) {
    out.add({.severity = Severity::warning,
             .rule = "date_in_the_future",
             .text = std::string{what} + " is later than today, " + today.iso() +
                     ". Days since a release, a discharge or a cut are counted to that day: look "
                     "whether year, month and day are right.",
             .field = std::move(field),
             .value = on.iso()});
  };
  if (situation.on && *situation.on > today) {
    late("on", *situation.on, "The day of the situation");
  }
  for (std::size_t i = 0; i < situation.factors.size(); ++i) {
    const auto& on = situation.factors[i].on;
    if (on && *on > today) {
      late("factors[" + std::to_string(i) + "].on", *on, "The day of this answer");
    }
  }
  return out;
}

Truth Facts::truth(std::string_view factor) const noexcept {
  const auto place = catalogue_->find_factor(factor);
  return place ? truth_[*place] : Truth::unknown;
}

std::optional<double> Facts::number(std::string_view factor) const noexcept {
  const auto place = catalogue_->find_factor(factor);
  return place ? number_[*place] : std::nullopt;
}

std::string Facts::why(std::size_t factor) const {
  const Origin& origin = origin_[factor];
  if (origin.how.empty() && origin.from == KnownFrom::not_stated) return {};
  if (origin.from == KnownFrom::worked_out) return "worked out: " + origin.how;
  std::string out =
      origin.from == KnownFrom::not_stated ? origin.how : std::string{name(origin.from)};
  if (origin.on) out += ", " + origin.on->iso();
  return out;
}

Facts Facts::with(std::span<const Catalogue::Term> moves) const {
  Facts out = *this;
  for (const Catalogue::Term& move : moves) {
    out.truth_[move.factor] = move.want;
    out.origin_[move.factor] = {KnownFrom::worked_out, std::nullopt, "if it were so"};
    std::erase_if(out.pairs_, [&](const PairFound& pair) {
      return catalogue_->find_factor(pair.factor) == move.factor;
    });
  }
  return out;
}

}  // namespace ombre::inline v0::context
