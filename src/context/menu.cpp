#include "ombre/context/menu.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "evaluate.hpp"
#include "stopping.hpp"

namespace ombre::inline v0::context {
namespace {

// The weights of the parts. A proposal of this project, kept here in one place: harm first, then
// what an option would do, then evidence and fit, and a little for less burden.
constexpr int per_harm_step = 2;     // times weight of harm (1..3), times band (0..7)
constexpr int per_band_lowered = 3;  // times weight of the harm, per harm whose band falls
constexpr int per_layer = 4;         // times weight of the harm
constexpr int per_evidence = 2;      // times 0..6
constexpr int per_burden = 2;        // times 0..3
constexpr int liked = 12;
constexpr int worry = 5;
constexpr int preferred_domain = 3;
// A stop that can kill puts the two safe ways down before everything else, care before steps.
constexpr int care_before_a_stop = 80;
constexpr int steps_before_a_stop = 60;
// Small steps fit somebody who uses every day and wants some of it to change.
constexpr int small_steps = 4;

// Held back once pregnancy, or an age below 18, is known; as long as nobody asked, a caution says
// it. The sources stand with the findings behind each option (table_options.cpp).
struct HeldWhen {
  std::string_view factor;
  std::string_view option;
  std::string_view because;
};
constexpr std::string_view no_medicine_for_drinking =
    "in pregnancy medicines for drinking are not advised outside withdrawal care; ask a specialist";
constexpr std::string_view too_young_for_medicine_for_drinking =
    "the labels of medicines for drinking do not cover an age below 18: a specialist assesses "
    "first, and may consider acamprosate or naltrexone at 16 and 17";
constexpr std::array held_when{
    HeldWhen{"pregnant", "depot_naltrexone",
             "in pregnancy agonist treatment is the standard, and naltrexone only with a "
             "specialist"},
    HeldWhen{"pregnant", "naltrexone_for_drinking", no_medicine_for_drinking},
    HeldWhen{"pregnant", "other_alcohol_medicines", no_medicine_for_drinking},
    HeldWhen{"pregnant", "varenicline",
             "varenicline and cytisine are not given in pregnancy or while breastfeeding; ask the "
             "midwife about nicotine replacement"},
    HeldWhen{
        "pregnant", "managed_alcohol",
        "in pregnancy no amount of alcohol is known to be safe, and withdrawal is cared for in "
        "a hospital"},
    HeldWhen{"under_18", "depot_naltrexone",
             "the label of injected naltrexone does not cover an age below 18; ask a specialist "
             "for young people"},
    HeldWhen{"under_18", "naltrexone_for_drinking", too_young_for_medicine_for_drinking},
    HeldWhen{"under_18", "other_alcohol_medicines", too_young_for_medicine_for_drinking},
    HeldWhen{"under_18", "varenicline",
             "varenicline and cytisine are not for an age below 18; ask about nicotine "
             "replacement, which may be given from 12"},
    HeldWhen{"under_18", "managed_alcohol",
             "its programmes are for adults; from 10 to 17 a specialist assesses first, and "
             "withdrawal is cared for in a hospital"},
    HeldWhen{"under_18", "heroin_assisted_treatment",
             "its trials and programmes are for adults; ask a specialist for young people"}};

const HeldWhen* held(const Facts& facts, std::string_view option) {
  const auto at = std::ranges::find_if(held_when, [&](const HeldWhen& row) {
    return row.option == option && facts.truth(row.factor) == Truth::yes;
  });
  return at == held_when.end() ? nullptr : &*at;
}

bool has_move(std::span<const Catalogue::Term> moves, std::optional<std::size_t> factor,
              Truth want) {
  return factor && std::ranges::any_of(moves, [&](const Catalogue::Term& move) {
           return move.factor == *factor && move.want == want;
         });
}

// 0..7: twice the band that is known, one more where it could be higher.
int band_steps(const Bands& now, Harm harm) noexcept {
  const auto h = static_cast<std::size_t>(harm);
  return 2 * static_cast<int>(now.at_least[h]) + (now.at_most[h] > now.at_least[h] ? 1 : 0);
}

int fit_with_change(ChangesUse asks, WillChangeUse will) noexcept {
  switch (asks) {
    case ChangesUse::no:
      return will == WillChangeUse::no ? 8 : 5;
    case ChangesUse::possible:
      return will == WillChangeUse::no ? 2 : will == WillChangeUse::not_said ? 3 : 5;
    case ChangesUse::yes:
      return will == WillChangeUse::yes    ? 8
             : will == WillChangeUse::some ? 5
             : will == WillChangeUse::no   ? 0
                                           : 1;
  }
  return 0;
}

std::string listed(Harms harms) {
  std::string out;
  for (const Harm harm : all_harms()) {
    if (!harms.has(harm)) continue;
    if (!out.empty()) out += ", ";
    out += words(harm);
  }
  return out;
}

// Harms that have a rule or a layer about one of the moved factors.
Harms reach_of(const Catalogue& catalogue, const Catalogue::Terms& moves) {
  Harms out;
  for (const Catalogue::Term& move : moves) {
    out.bits |= catalogue.compiled().harms_of_factor[move.factor].bits;
    for (std::size_t l = 0; l < catalogue.layers().size(); ++l) {
      if (catalogue.compiled().layers[l].factor == move.factor) {
        out.add(catalogue.layers()[l].harm);
      }
    }
  }
  return out;
}

// The changes of an option, as a small list that what-if questions look through.
class Moved {
 public:
  Moved(const Facts& facts, std::span<const Catalogue::Term> moves)
      : facts_{facts}, moves_{moves} {}
  Truth operator()(std::size_t factor) const noexcept {
    for (const Catalogue::Term& move : moves_) {
      if (move.factor == factor) return move.want;
    }
    return facts_.truth(factor);
  }

 private:
  const Facts& facts_;
  std::span<const Catalogue::Term> moves_;
};

}  // namespace

Result<Menu> menu(const Facts& facts, const Wishes& wishes) {
  const Catalogue& catalogue = facts.catalogue();
  const auto options = catalogue.options();
  if (wishes.burden_at_most && (*wishes.burden_at_most < 0 || *wishes.burden_at_most > 3)) {
    return unexpected(error_at(Errc::out_of_range, "wishes.burden_at_most", std::nullopt,
                               static_cast<double>(*wishes.burden_at_most), "must be 0 to 3"));
  }
  const auto place_of = [&](std::string_view field, std::size_t i,
                            const std::string& id) -> Result<std::size_t> {
    const Option* option = catalogue.find_option(id);
    if (option == nullptr) {
      return unexpected(error_at(Errc::unknown_name, field, i, id, "is not an option"));
    }
    return static_cast<std::size_t>(option - options.data());
  };
  std::vector<std::size_t> likes;
  std::vector<std::size_t> declines;
  for (std::size_t i = 0; i < wishes.likes.size(); ++i) {
    auto place = place_of("wishes.likes", i, wishes.likes[i]);
    if (!place) return unexpected(place.error());
    likes.push_back(*place);
  }
  for (std::size_t i = 0; i < wishes.declines.size(); ++i) {
    auto place = place_of("wishes.declines", i, wishes.declines[i]);
    if (!place) return unexpected(place.error());
    if (std::ranges::find(likes, *place) != likes.end()) {
      return unexpected(error_at(Errc::contradiction, "wishes.declines", i, wishes.declines[i],
                                 "is liked and declined"));
    }
    declines.push_back(*place);
  }
  Harms worries;
  for (const Harm harm : wishes.worries) worries.add(harm);

  Menu out;
  out.now = bands(facts);
  out.lines.reserve(options.size());
  const auto look = [&facts](std::size_t factor) { return facts.truth(factor); };
  const auto& compiled = catalogue.compiled();
  const bool stop_can_kill = detail::stopping_at_once(facts).can_kill();
  const bool steps_fit =
      facts.truth("daily_use") == Truth::yes &&
      (wishes.change_use == WillChangeUse::some || wishes.change_use == WillChangeUse::yes);
  // GHB and no opioid that is known: naloxone does not work on GHB, and treatment for opioids is
  // for others.
  const bool ghb_alone = facts.truth("uses_ghb") == Truth::yes &&
                         facts.truth("uses_opioid") != Truth::yes &&
                         facts.truth("depends_on_opioids") != Truth::yes &&
                         facts.truth("tolerance_lost") != Truth::yes;
  const auto naloxone = catalogue.find_factor("naloxone_at_hand");
  const auto agonist = catalogue.find_factor("agonist_treatment");
  const auto managed = catalogue.find_factor("managed_withdrawal");
  const auto gradual = catalogue.find_factor("gradual_plan");
  const auto counts = catalogue.find_factor("counts_use");
  for (std::size_t i = 0; i < options.size(); ++i) {
    const Option& option = options[i];
    const Truth dangerous = detail::any_of(compiled.not_when[i], look);
    if (dangerous == Truth::yes) {
      out.withheld.push_back({i, Withheld::Why::dangerous});
      continue;
    }
    const Truth applies =
        compiled.when[i].empty() ? Truth::yes : detail::any_of(compiled.when[i], look);
    const auto& moves = compiled.moves[i];
    const bool for_opioids =
        has_move(moves, agonist, Truth::yes) || option.id == "heroin_assisted_treatment";
    if (applies == Truth::no || (ghb_alone && for_opioids)) {
      out.withheld.push_back({i, Withheld::Why::not_for_this});
      continue;
    }
    if (held(facts, option.id) != nullptr) {
      out.withheld.push_back({i, Withheld::Why::dangerous});
      continue;
    }
    if (!moves.empty() && detail::all_of(moves, look) == Truth::yes) {
      out.in_place.push_back(i);
      continue;
    }
    if (std::ranges::find(declines, i) != declines.end()) {
      out.declined.push_back(i);
      continue;
    }

    MenuLine line;
    line.option = i;
    line.perhaps = applies == Truth::unknown || dangerous == Truth::unknown;
    // Harm addressed: the one that weighs most. A harm that none of its moves touches, though they
    // touch another of its harms, counts half: a plan for suicidal moments is first of all for
    // those.
    const Harms reached = reach_of(catalogue, moves);
    const bool reaches_some = (reached.bits & option.harms.bits) != 0;
    int most = -1;
    for (const Harm harm : all_harms()) {
      if (!option.all_harms && !option.harms.has(harm)) continue;
      int points = per_harm_step * weight(harm) * band_steps(out.now, harm);
      if (reaches_some && !reached.has(harm)) points /= 2;
      if (points > most) {
        most = points;
        line.harm = harm;
      }
    }
    // An option meant for everything is not credited with the heaviest harm of all.
    line.points.harm = option.all_harms ? most / 2 : most;
    if (line.perhaps) line.points.harm /= 2;
    const bool naloxone_in_vain = ghb_alone && has_move(moves, naloxone, Truth::yes);
    if (naloxone_in_vain) line.points.harm /= 2;
    if (stop_can_kill) {
      if (has_move(moves, managed, Truth::yes)) {
        line.points.harm += care_before_a_stop;
      } else if (has_move(moves, gradual, Truth::yes)) {
        line.points.harm += steps_before_a_stop;
      }
    }

    // What it would do: bands that fall, layers it adds where the harm is severe.
    const Moved moved{facts, moves};
    Harms touched;
    for (const Catalogue::Term& move : moves) {
      if (facts.truth(move.factor) != move.want) {
        touched.bits |= compiled.harms_of_factor[move.factor].bits;
      }
    }
    for (const Harm harm : all_harms()) {
      if (!touched.has(harm)) continue;
      const auto h = static_cast<std::size_t>(harm);
      if (out.now.at_most[h] == RiskBand::none_listed) continue;
      const auto then = detail::band_of(catalogue, harm, moved);
      if (then.at_least < out.now.at_least[h] || then.at_most < out.now.at_most[h]) {
        line.lowers.add(harm);
        if (then.at_least < out.now.at_least[h]) {
          line.points.effect += per_band_lowered * weight(harm);
        }
      }
    }
    for (std::size_t l = 0; l < compiled.layers.size(); ++l) {
      const Catalogue::Term& term = compiled.layers[l];
      const Harm harm = catalogue.layers()[l].harm;
      if (line.adds_layer.has(harm)) continue;
      if (naloxone_in_vain && naloxone && term.factor == *naloxone) continue;
      if (out.now.at_least[static_cast<std::size_t>(harm)] < RiskBand::high) continue;
      if (detail::holds(term, facts.truth(term.factor)) == Truth::yes) continue;
      if (std::ranges::any_of(moves, [&](const Catalogue::Term& move) {
            return move.factor == term.factor && move.want == term.want;
          })) {
        line.adds_layer.add(harm);
        line.points.effect += per_layer * weight(harm);
      }
    }

    // Evidence counts in full for a harm that something speaks for, half where nothing known does.
    line.points.evidence = per_evidence * static_cast<int>(option.evidence);
    if (!option.all_harms && std::ranges::none_of(all_harms(), [&](Harm harm) {
          return option.harms.has(harm) &&
                 out.now.at_least[static_cast<std::size_t>(harm)] > RiskBand::none_listed;
        })) {
      line.points.evidence /= 2;
    }
    int fit = fit_with_change(option.changes_use, wishes.change_use);
    if (steps_fit && option.changes_use == ChangesUse::yes &&
        (has_move(moves, gradual, Truth::yes) || has_move(moves, counts, Truth::yes))) {
      fit += small_steps;
    }
    if ((option.harms.bits & worries.bits) != 0) fit += worry;
    if ((option.domains.bits & wishes.prefers.bits) != 0) fit += preferred_domain;
    if (std::ranges::find(likes, i) != likes.end()) fit += liked;
    line.points.fit = fit;
    line.points.burden = -per_burden * option.burden;
    line.above_wish =
        (option.changes_use == ChangesUse::yes && wishes.change_use == WillChangeUse::no) ||
        (wishes.burden_at_most && option.burden > *wishes.burden_at_most);
    out.lines.push_back(line);
  }

  const bool no_change = wishes.change_use == WillChangeUse::no;
  const auto tier = [&](const MenuLine& line) {
    const bool asked_for = std::ranges::find(likes, line.option) != likes.end();
    int t = line.above_wish && !asked_for ? 4 : 0;
    if (no_change && !asked_for) t += static_cast<int>(options[line.option].changes_use);
    return t;
  };
  // Of equal ones those that ask for less change in use come first, then those that are meant for
  // less: treatment around a release before treatment as such, where a release is near.
  std::vector<std::size_t> narrow(options.size(), 0);
  for (const MenuLine& line : out.lines) {
    for (const auto& terms : compiled.when[line.option]) {
      if (detail::all_of(terms, look) == Truth::yes) {
        narrow[line.option] = std::max(narrow[line.option], terms.size());
      }
    }
  }
  std::ranges::stable_sort(out.lines, [&](const MenuLine& a, const MenuLine& b) {
    const int ta = tier(a);
    const int tb = tier(b);
    if (ta != tb) return ta < tb;
    if (a.points.total() != b.points.total()) return a.points.total() > b.points.total();
    const ChangesUse asks_a = options[a.option].changes_use;
    const ChangesUse asks_b = options[b.option].changes_use;
    if (asks_a != asks_b) return asks_a < asks_b;
    return narrow[a.option] > narrow[b.option];
  });
  return out;
}

Facts after(const Facts& facts, std::size_t option) {
  return facts.with(facts.catalogue().compiled().moves[option]);
}

std::string explain(const MenuLine& line, const Facts& facts) {
  const Option& option = facts.catalogue().options()[line.option];
  std::string out{option.title};
  out += ". ";
  out += option.plain;
  switch (option.changes_use) {
    case ChangesUse::no:
      out += " It asks for no change in use.";
      break;
    case ChangesUse::possible:
      out += " Use may change with it and need not.";
      break;
    case ChangesUse::yes:
      out += " It is for changing use.";
      break;
  }
  out += " Here it is for " + std::string{words(line.harm)};
  if (!line.lowers.empty()) {
    out += "; by what is known it would lower the band of " + listed(line.lowers);
  }
  if (!line.adds_layer.empty()) {
    out += "; it would add a layer of protection against " + listed(line.adds_layer);
  }
  out += ". Evidence: " + std::string{option.evidence_words};
  if (!option.effects.empty() && !option.effects.front().says.empty()) {
    out += " (" + std::string{option.effects.front().says} + ')';
  }
  out += '.';
  if (!option.cautions.empty()) out += " Watch: " + std::string{option.cautions} + '.';
  if (line.perhaps) out += " Whether it applies depends on what is not known yet.";
  if (line.above_wish) out += " It asks for more than is wanted now, so it stands further down.";
  return out;
}

std::string explain(const Withheld& withheld, const Facts& facts) {
  const Option& option = facts.catalogue().options()[withheld.option];
  if (withheld.why == Withheld::Why::dangerous) {
    const auto look = [&facts](std::size_t factor) { return facts.truth(factor); };
    const auto& not_when = facts.catalogue().compiled().not_when[withheld.option];
    const HeldWhen* row = held(facts, option.id);
    const std::string_view because = row != nullptr && detail::any_of(not_when, look) != Truth::yes
                                         ? row->because
                                         : option.not_because;
    return std::string{option.title} + ": not now, because " + std::string{because} + '.';
  }
  return std::string{option.title} + ": for " + std::string{option.whom} +
         ", which does not fit what is known.";
}

}  // namespace ombre::inline v0::context
