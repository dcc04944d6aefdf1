#include "ombre/spectrum/diagnosis.hpp"

#include <algorithm>

namespace ombre::inline v0::spectrum {
namespace {

using substance::Class;

constexpr Source dsm_5_tr{"dsm-5-tr",
                          "American Psychiatric Association. Diagnostic and Statistical Manual of "
                          "Mental Disorders, fifth edition, text revision",
                          "2022"};
constexpr Source icd_11{"icd-11",
                        "World Health Organization. International Classification of Diseases, "
                        "eleventh revision: disorders due to substance use",
                        "2022"};

constexpr std::array<std::string_view, criterion_count> criterion_names{
    "larger_or_longer", "efforts_to_cut_down", "much_time",           "craving",
    "role_obligations", "social_problems",     "activities_given_up", "hazardous_use",
    "health_problems",  "tolerance",           "withdrawal"};

bool may_be_prescribed(Class cls) noexcept {
  switch (cls) {
    case Class::opioid:
    case Class::benzodiazepine:
    case Class::z_drug:
    case Class::barbiturate:
    case Class::gabapentinoid:
    case Class::gaba_b_agonist:
    case Class::ghb:
    case Class::stimulant:
      return true;
    default:
      return false;
  }
}

bool has_no_withdrawal_criterion(Class cls) noexcept {
  return cls == Class::hallucinogen || cls == Class::dissociative || cls == Class::inhalant ||
         cls == Class::nitrite || cls == Class::empathogen;
}

enum class Known : std::uint8_t { no, yes, open };
Known known(const std::optional<bool>& fact) noexcept {
  if (!fact) return Known::open;
  return *fact ? Known::yes : Known::no;
}
Known both(Known a, Known b) noexcept {
  if (a == Known::no || b == Known::no) return Known::no;
  return a == Known::yes && b == Known::yes ? Known::yes : Known::open;
}
Known either(Known a, Known b) noexcept {
  if (a == Known::yes || b == Known::yes) return Known::yes;
  return a == Known::no && b == Known::no ? Known::no : Known::open;
}

}  // namespace

std::string_view name(Criterion criterion) noexcept {
  return criterion_names[static_cast<std::size_t>(criterion)];
}

std::optional<Criterion> find_criterion(std::string_view text) noexcept {
  for (std::size_t i = 0; i < criterion_count; ++i) {
    if (criterion_names[i] == text) return static_cast<Criterion>(i);
  }
  return std::nullopt;
}

std::string_view name(Dsm5Severity severity) noexcept {
  constexpr std::array<std::string_view, 4> names{"none", "mild", "moderate", "severe"};
  return names[static_cast<std::size_t>(severity)];
}

std::string_view name(Remission remission) noexcept {
  constexpr std::array<std::string_view, 3> names{"none", "early", "sustained"};
  return names[static_cast<std::size_t>(remission)];
}

std::string_view name(Icd11Pattern pattern) noexcept {
  constexpr std::array<std::string_view, 5> names{"none", "hazardous", "single_episode",
                                                  "harmful_pattern", "dependence"};
  return names[static_cast<std::size_t>(pattern)];
}

Result<Dsm5Count> dsm5_count(const Criteria& criteria, Class cls,
                             std::optional<bool> only_as_prescribed) {
  if (cls == Class::xanthine) {
    return unexpected(error_at(Errc::unsupported, "class", std::nullopt, name(cls),
                               "has no use disorder in DSM-5"));
  }
  Dsm5Count out;
  out.source = &dsm_5_tr;
  for (std::size_t i = 0; i < criterion_count; ++i) {
    const auto criterion = static_cast<Criterion>(i);
    const bool bodily = criterion == Criterion::tolerance || criterion == Criterion::withdrawal;
    if (criterion == Criterion::withdrawal && has_no_withdrawal_criterion(cls)) {
      out.not_counted.push_back({criterion, "this class has no withdrawal criterion"});
      continue;
    }
    Known met = known(criteria[i]);
    if (bodily && may_be_prescribed(cls)) {
      if (only_as_prescribed.value_or(false)) {
        out.not_counted.push_back(
            {criterion,
             "the medicine is taken only as prescribed: dependence of the body is no "
             "use disorder"});
        continue;
      }
      if (!only_as_prescribed && met == Known::yes) met = Known::open;
    }
    if (met == Known::yes) ++out.least;
    if (met != Known::no) ++out.most;
  }
  if (dsm5_severity(out.least) == dsm5_severity(out.most)) out.severity = dsm5_severity(out.least);
  return out;
}

Result<RemissionState> dsm5_remission(Date last_met, Date on, Class cls, bool craving_now,
                                      bool in_controlled_environment, bool on_maintenance_therapy) {
  if (on < last_met) {
    return unexpected(
        error_at(Errc::out_of_range, "on", std::nullopt, on.iso(),
                 "must not be before the last day with a criterion, " + last_met.iso()));
  }
  if (on_maintenance_therapy && cls != Class::opioid && cls != Class::nicotine) {
    return unexpected(error_at(Errc::unsupported, "on_maintenance_therapy", std::nullopt, name(cls),
                               "is a specifier for opioids and tobacco only"));
  }
  RemissionState out;
  out.craving_now = craving_now;
  out.in_controlled_environment = in_controlled_environment;
  out.on_maintenance_therapy = on_maintenance_therapy;
  if (const auto early = add_months(last_met, 3)) out.early_from = *early;
  if (const auto sustained = add_months(last_met, 12)) out.sustained_from = *sustained;
  if (out.sustained_from && on >= *out.sustained_from) {
    out.remission = Remission::sustained;
  } else if (out.early_from && on >= *out.early_from) {
    out.remission = Remission::early;
  }
  return out;
}

std::string_view icd11_stem(Class cls) noexcept {
  switch (cls) {
    case Class::alcohol:
      return "6C40";
    case Class::cannabis:
      return "6C41";
    case Class::synthetic_cannabinoid:
      return "6C42";
    case Class::opioid:
      return "6C43";
    case Class::benzodiazepine:
    case Class::z_drug:
    case Class::barbiturate:
      return "6C44";
    case Class::xanthine:
      return "6C48";
    case Class::hallucinogen:
      return "6C49";
    case Class::nicotine:
      return "6C4A";
    case Class::inhalant:
      return "6C4B";
    case Class::empathogen:
      return "6C4C";
    case Class::dissociative:
      return "6C4D";
    default:
      return {};  // stimulants are split by substance: 6C45 cocaine, 6C46 others, 6C47 cathinones
  }
}

Icd11Answer icd11(const Icd11Features& f, Class cls) {
  Icd11Answer out;
  out.source = &icd_11;
  int yes = 0;
  int open = 0;
  for (const auto& feature : {f.impaired_control, f.priority_of_use, f.physiological}) {
    yes += known(feature) == Known::yes ? 1 : 0;
    open += known(feature) == Known::open ? 1 : 0;
  }
  const Known two = yes >= 2 ? Known::yes : yes + open >= 2 ? Known::open : Known::no;
  const Known long_enough = either(known(f.over_twelve_months), known(f.daily_for_a_month));
  const Known dependence = both(two, long_enough);
  const Known harm = known(f.harm_to_health);
  const Known pattern = both(harm, known(f.repeated_or_continuous));
  const Known risk = known(f.risk_without_harm);
  const auto reach = [&](auto&& counts) {
    if (counts(dependence)) return Icd11Pattern::dependence;
    if (counts(pattern)) return Icd11Pattern::harmful_pattern;
    if (counts(harm)) return Icd11Pattern::single_episode;
    if (counts(risk)) return Icd11Pattern::hazardous;
    return Icd11Pattern::none;
  };
  out.at_least = reach([](Known k) { return k == Known::yes; });
  out.at_most = reach([](Known k) { return k != Known::no; });
  if (out.at_least == Icd11Pattern::hazardous) {
    out.code = cls == Class::alcohol ? "QE10" : cls == Class::nicotine ? "QE12" : "QE11";
  } else if (out.at_least != Icd11Pattern::none && !icd11_stem(cls).empty()) {
    out.code =
        std::string{icd11_stem(cls)} + (out.at_least == Icd11Pattern::single_episode    ? ".0"
                                        : out.at_least == Icd11Pattern::harmful_pattern ? ".1"
                                                                                        : ".2");
  }
  return out;
}

}  // namespace ombre::inline v0::spectrum
