#include "ombre/substance/kinetics.hpp"

#include <algorithm>

#include "groups.hpp"
#include "ombre/core/error.hpp"

namespace ombre::inline v0::substance {
namespace {

struct Group {
  std::string_view name;
  Match match;
};

// Which group of the timing table speaks for a substance.
std::optional<Group> timing_group(const Substance& s) {
  if (s.id == "methadone") return Group{group::methadone, Match::exact};
  if (s.id == "buprenorphine") return Group{group::buprenorphine, Match::exact};
  if (s.id == "illicit-fentanyl") return Group{group::illicit_fentanyl, Match::exact};
  if (s.id == "heroin" || s.id == "oxycodone" || s.id == "morphine") {
    return Group{group::short_opioid, Match::exact};
  }
  switch (s.cls) {
    case Class::alcohol:
      return Group{group::alcohol, Match::exact};
    case Class::opioid:
      if (s.acting == Acting::short_acting) return Group{group::short_opioid, Match::by_class};
      return std::nullopt;
    case Class::benzodiazepine:
      if (s.acting == Acting::short_acting) {
        return Group{group::short_benzodiazepine, Match::by_class};
      }
      if (s.acting == Acting::long_acting)
        return Group{group::long_benzodiazepine, Match::by_class};
      return std::nullopt;
    case Class::z_drug:
      return Group{group::short_benzodiazepine, Match::analogy};
    case Class::barbiturate:
      return Group{group::barbiturate, Match::by_class};
    case Class::gabapentinoid:
      return Group{group::gabapentinoid, Match::exact};
    case Class::ghb:
      return Group{group::ghb, Match::exact};
    case Class::stimulant:
      return Group{group::stimulant, Match::by_class};
    case Class::cannabis:
      return Group{group::cannabis, Match::exact};
    case Class::nicotine:
      return Group{group::nicotine, Match::exact};
    case Class::xanthine:
      if (s.id == "caffeine") return Group{group::caffeine, Match::exact};
      return std::nullopt;
    case Class::ssri:
    case Class::snri:
      return Group{group::ssri_or_snri, Match::by_class};
    default:
      return std::nullopt;
  }
}

std::optional<Group> danger_group(const Substance& s) {
  if (s.id == "clonidine") return Group{group::clonidine, Match::exact};
  if (s.id == "caffeine") return Group{group::caffeine, Match::exact};
  if (s.id == "phenibut") return Group{group::phenibut, Match::exact};
  switch (s.cls) {
    case Class::alcohol:
      return Group{group::alcohol, Match::exact};
    case Class::opioid:
      return Group{group::opioid, Match::by_class};
    case Class::benzodiazepine:
      return Group{group::benzodiazepine, Match::by_class};
    case Class::z_drug:
      return Group{group::z_drug_high_dose, Match::by_class};
    case Class::barbiturate:
      return Group{group::barbiturate, Match::by_class};
    case Class::gabapentinoid:
      return Group{group::gabapentinoid, Match::exact};
    case Class::ghb:
      return Group{group::ghb, Match::exact};
    case Class::gaba_b_agonist:
      return Group{group::baclofen, Match::exact};
    case Class::stimulant:
      return Group{group::stimulant, Match::by_class};
    case Class::cannabis:
      return Group{group::cannabis, Match::exact};
    case Class::nicotine:
      return Group{group::nicotine, Match::exact};
    case Class::ssri:
    case Class::snri:
      return Group{group::ssri_or_snri, Match::by_class};
    default:
      return std::nullopt;
  }
}

}  // namespace

std::string_view name(Match match) noexcept {
  switch (match) {
    case Match::exact:
      return "exact";
    case Match::by_class:
      return "by class";
    case Match::analogy:
      return "by analogy";
  }
  return "by analogy";
}

Result<HalfLife> half_life(const Substance& substance, std::string_view condition, Accept accept,
                           const Catalogue& catalogue) {
  HalfLife out;
  out.rows = catalogue.half_lives(substance.id);
  if (out.rows.empty()) {
    return unexpected(error_at(Errc::not_computable, "substance", std::nullopt, substance.name,
                               "no half-life is recorded"));
  }
  if (accept == Accept::established) {
    std::erase_if(out.rows,
                  [](const HalfLifeRow& row) { return row.confidence == Confidence::uncertain; });
    if (out.rows.empty()) {
      return unexpected(error_at(Errc::unsupported, "substance", std::nullopt, substance.name,
                                 "only uncertain half-lives are recorded: ask for uncertain values "
                                 "to use them"));
    }
  }
  std::stable_partition(out.rows.begin(), out.rows.end(),
                        [](const HalfLifeRow& row) { return row.species.empty(); });
  if (!condition.empty()) {
    std::string known;
    for (const HalfLifeRow& row : out.rows) {
      if (!row.condition.empty()) known += ' ' + ('"' + std::string{row.condition} + '"');
    }
    if (known.find('"' + std::string{condition} + '"') == std::string::npos) {
      return unexpected(error_at(
          Errc::unknown_name, "condition", std::nullopt, condition,
          known.empty() ? "the half-life of " + std::string{substance.name} + " has no conditions"
                        : "the half-life is stated for" + known));
    }
    std::erase_if(out.rows, [&](const HalfLifeRow& row) {
      return !row.condition.empty() && row.condition != condition;
    });
  }
  const HalfLifeRow* longest = nullptr;
  for (const HalfLifeRow& row : out.rows) {
    if (row.species.empty() && (!out.parent || row.hours.high > out.parent->hours.high)) {
      out.parent = row;
    }
    if (row.activity == Activity::active &&
        (longest == nullptr || row.hours.high > longest->hours.high)) {
      longest = &row;
    }
  }
  if (longest == nullptr) {
    return unexpected(error_at(Errc::not_computable, "substance", std::nullopt, substance.name,
                               "no half-life of an active species is recorded"));
  }
  out.longest_active = *longest;
  return out;
}

Result<Withdrawal> withdrawal(const Substance& substance, Accept accept) {
  const auto group = timing_group(substance);
  if (!group) {
    return unexpected(error_at(Errc::not_computable, "substance", std::nullopt, substance.name,
                               "no timing of withdrawal is recorded for it or its class"));
  }
  Withdrawal out;
  out.group = group->name;
  out.match = group->match;
  for (const WithdrawalRow& row : withdrawal_rows()) {
    if (row.group != group->name) continue;
    switch (row.phase) {
      case WithdrawalPhase::onset:
        out.onset_hours = row.range;
        break;
      case WithdrawalPhase::peak:
        out.peak_hours = row.range;
        break;
      case WithdrawalPhase::duration:
        out.duration_days = row.range;
        break;
    }
    out.source = row.source;
    out.confidence = row.confidence;
    if (!row.note.empty()) out.note = row.note;
  }
  if (out.confidence == Confidence::uncertain && accept == Accept::established) {
    return unexpected(error_at(Errc::unsupported, "substance", std::nullopt, substance.name,
                               "only uncertain figures are recorded: ask for uncertain values to "
                               "use them"));
  }
  if (substance.id == "tramadol" || substance.id == "tapentadol") {
    out.note += out.note.empty() ? "" : "; ";
    out.note += "an SNRI-type withdrawal may come on top";
  }
  if (group->match == Match::analogy) {
    out.note += out.note.empty() ? "" : "; ";
    out.note += "taken from short-acting benzodiazepines";
  }
  return out;
}

std::optional<StoppingDanger> stopping_danger(const Substance& substance) noexcept {
  const auto group = danger_group(substance);
  if (!group) return std::nullopt;
  const auto at = std::ranges::find(danger_rows(), group->name, &DangerRow::group);
  return StoppingDanger{at->danger,   at->group,  at->features,
                        group->match, at->source, at->confidence};
}

}  // namespace ombre::inline v0::substance
