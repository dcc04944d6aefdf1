// What must happen at once for safety: the first lines of a review.
#include <algorithm>
#include <array>
#include <string>

#include "core/cited.hpp"
#include "ombre/plans/safety.hpp"
#include "ombre/substance/mixtures.hpp"
#include "ombre/substance/overdose.hpp"
#include "plans/goal_sources.hpp"
#include "plans/plain_words.hpp"
#include "review_parts.hpp"

namespace ombre::inline v0::outcomes::detail {
namespace {

using plans::detail::counted;
using plans::detail::listed;
using substance::Class;
using timeline::UseState;

constexpr int recent_days = 28;
constexpr int silence_days = 7;
constexpr std::uint32_t regular_days = 7;
// Of a break so long the old amount of a sedative is no longer the usual one.
constexpr int long_without = 14;

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool names_any(const std::string& text, std::span<const std::string_view> parts) {
  return std::ranges::any_of(parts,
                             [&text](std::string_view p) { return text.find(p) != text.npos; });
}

bool used_on(const UseHistory& use, Date day) {
  const auto i = at_day(use.days, day);
  return i &&
         (use.days.state_at(*i) == UseState::amount || use.days.state_at(*i) == UseState::used);
}

// Stopping these suddenly after regular use can kill.
bool dangerous_to_stop(Class cls) {
  return cls == Class::alcohol || cls == Class::benzodiazepine || cls == Class::z_drug ||
         cls == Class::barbiturate || cls == Class::ghb || cls == Class::gaba_b_agonist;
}

std::string quoted(const plans::HarmEntry& h) {
  return h.words.empty() ? std::string{} : ": \"" + h.words + "\"";
}

// How long withdrawal asks for somebody to look, and what it is like: time courses of withdrawal
// of the project's facts (onset, peak, duration).
struct Stopped {
  std::string_view id;
  int days;  // after the last use
  std::string_view says;
};
constexpr Stopped stopped_alcohol{
    "just_stopped_alcohol", 7,
    "After daily drinking, days 1 to 3 after the last drink are those of seizures and days 2 to 4 "
    "those of delirium; until day 7 it is not over. Shaking that gets worse, fever, confusion, "
    "seeing or hearing things that are not there, or a seizure: call the emergency number now. "
    "See a clinician today, also about thiamine (vitamin B1), and do not be alone."};
constexpr Stopped stopped_sedatives{
    "just_stopped_sedatives", 28,
    "After daily use, seizures and delirium may come from the first or second day after the last "
    "dose, with long-acting ones from the second to the seventh, and for two weeks and more. "
    "Shaking, confusion, seeing or hearing things that are not there, or a seizure: call the "
    "emergency number now. See a clinician today, about going back to a taper, and do not be "
    "alone."};
constexpr Stopped stopped_barbiturates{
    "just_stopped_barbiturates", 14,
    "After daily use, days 2 to 8 after the last dose are those of seizures and delirium. Fever, "
    "confusion, seeing or hearing things that are not there, or a seizure: call the emergency "
    "number now. See a clinician today, and do not be alone."};
constexpr Stopped stopped_ghb{
    "just_stopped_ghb_or_baclofen", 15,
    "After use around the clock, delirium may come within hours; the first three days are the "
    "hardest, and until day 15 it may not be over. Sweating, a racing heart, stiff or aching "
    "muscles, fever, confusion, seeing things that are not there, or a seizure: call the emergency "
    "number now. See a clinician today, and do not be alone."};

const Stopped& stopped_of(Class cls) {
  if (cls == Class::alcohol) return stopped_alcohol;
  if (cls == Class::barbiturate) return stopped_barbiturates;
  return cls == Class::ghb || cls == Class::gaba_b_agonist ? stopped_ghb : stopped_sedatives;
}

// The first lines, one after the other.
class Steps {
 public:
  Steps(const Known& known, Review& out) : known_{known}, out_{out} {
    if (!known.input->crisis_line.empty()) line_ = " (" + known.input->crisis_line + ")";
  }

  void all() {
    const plans::SafetyFacts& f = known_.plan->now().facts;
    if (f.seizure_or_confusion_now.value_or(false)) {
      add("emergency", Urgency::now,
          "A seizure, confusion or seeing things: call an ambulance now" + line_ + ".");
    }
    suicide(f);
    overdose();
    mixtures();
    opioids(f);
    sedatives();
    not_known_since();
    if (known_.lapse) {
      const bool reached =
          known_.input->network != nullptr &&
          plans::connected_at(known_.input->network->contacts, known_.input->today, 1);
      if (!reached && !silent_) {
        add("contact", Urgency::today,
            "Somebody gets in touch within a day, and asks for nothing in return.");
      }
    }
    std::ranges::stable_sort(out_.now, {}, &SafetyStep::urgency);
  }

 private:
  SafetyStep& add(std::string_view id, Urgency urgency, std::string says) {
    const auto rule = std::ranges::find(safety_rules(), id, &SafetyRule::id);
    return out_.now.emplace_back(
        SafetyStep{rule->id, urgency, std::move(says), rule->source, rule->confidence, {}});
  }

  // Harms since the last review, or in four weeks where that is longer.
  [[nodiscard]] std::vector<const plans::HarmEntry*> harms_that(
      std::span<const std::string_view> parts) const {
    const Date from = std::min(known_.since, known_.input->today - Days{recent_days});
    std::vector<const plans::HarmEntry*> out;
    for (const plans::HarmEntry& h : known_.input->harms) {
      if (h.on < from || known_.input->today < h.on) continue;
      if (names_any(lower(h.harm), parts) || names_any(lower(h.words), parts)) out.push_back(&h);
    }
    return out;
  }

  void suicide(const plans::SafetyFacts& f) {
    static constexpr std::array<std::string_view, 9> parts{
        "suicid",      "self-harm",   "self harm",   "kill myself",        "wanted to die",
        "want to die", "wish to die", "end my life", "do not want to live"};
    if (f.suicidal_now.value_or(false)) {
      add("suicidal", Urgency::now,
          "Thoughts of suicide: stay with the person, take away what is dangerous, call for help "
          "now" +
              line_ + ".");
    }
    std::vector<std::string> named;
    for (const plans::HarmEntry* h : harms_that(parts)) {
      named.push_back(h->harm + ", " + h->on.iso() + quoted(*h));
    }
    for (const plans::DatedScore& s : latest_answers()) {
      named.push_back((s.of == phq_item ? "thoughts of death or self-harm in the PHQ-9, "
                                        : "an answer with yes in the C-SSRS, ") +
                      s.on.iso());
    }
    if (!named.empty()) {
      add("suicide_was_named", Urgency::now,
          "Thoughts of suicide or self-harm were named (" + listed(named) +
              "). Ask about safety now, directly and whatever any total says; asking does not "
              "bring them about. Where they are there: do not leave the person alone, and call for "
              "help" +
              line_ + ".");
    } else if (known_.lapse && !f.suicidal_now) {
      add("ask_about_suicide", Urgency::today,
          "Ask directly about thoughts of suicide; asking does not bring them about" + line_ + ".");
    }
  }

  static constexpr std::string_view phq_item = "phq_9: item 9";
  static constexpr std::string_view triage = "c_ssrs: triage";

  // Of each of the two questionnaires every answer above 0 since the last review, or else the last
  // one where it is above 0.
  [[nodiscard]] std::vector<plans::DatedScore> latest_answers() const {
    std::vector<plans::DatedScore> out;
    for (const std::string_view of : {phq_item, triage}) {
      const plans::DatedScore* worst = nullptr;
      const plans::DatedScore* last = nullptr;
      for (const plans::DatedScore& s : known_.input->scores) {
        if (s.of != of || known_.input->today < s.on) continue;
        if (last == nullptr || last->on <= s.on) last = &s;
        const bool counts = s.on >= known_.since && s.value > 0;
        if (counts && (worst == nullptr || worst->on <= s.on)) worst = &s;
      }
      if (worst == nullptr && last != nullptr && last->value > 0) worst = last;
      if (worst != nullptr) out.push_back(*worst);
    }
    return out;
  }

  void overdose() {
    static constexpr std::array<std::string_view, 2> parts{"overdos", "o.d."};
    std::vector<std::string> what;
    for (const plans::HarmEntry* h : harms_that(parts)) what.push_back(h->on.iso() + quoted(*h));
    if (what.empty()) return;
    overdose_ = true;
    add("after_overdose", Urgency::now,
        "An overdose was told of (" + listed(what) +
            "). After one, another is more likely: see somebody today, have naloxone at hand, do "
            "not "
            "use alone, and take what used to be usual as too much.");
  }

  [[nodiscard]] const ReviewEpisode* episode_of(const UseHistory& use) const {
    const auto at = std::ranges::find(out_.episodes, use.substance, &ReviewEpisode::substance);
    return at == out_.episodes.end() ? nullptr : &*at;
  }

  void opioids(const plans::SafetyFacts& f) {
    bool opioid_use = false;
    for (std::size_t u = 0; u < known_.use.size(); ++u) {
      opioid_use |= known_.could_be_opioid[u] && episode_of(known_.use[u]) != nullptr;
    }
    const bool tolerance = std::ranges::any_of(out_.signals, [](const Signal& s) {
      return s.kind == SignalKind::tolerance_danger &&
             (s.strength == SignalStrength::present || s.strength == SignalStrength::possible);
    });
    if ((tolerance || opioid_use || overdose_) && !f.naloxone_at_hand.value_or(false)) {
      add("naloxone", Urgency::now,
          f.naloxone_at_hand ? "Get naloxone today and show somebody how it works."
                             : "Make sure that naloxone is at hand, and that somebody knows how it "
                               "works.");
    }
    if (tolerance || opioid_use || overdose_ || mixed_) {
      add("not_alone", Urgency::now,
          "Not alone: somebody in the room or on the line who would notice.");
    }
    if (tolerance) {
      add("lower_tolerance", Urgency::now,
          "After days without, the old amount may be too much. If something is used, far less, "
          "slowly, "
          "and not with anything else.");
    }
  }

  // Two that slow breathing on one of the last 28 days.
  void mixtures() {
    std::vector<std::string> with_opioid;
    for (std::size_t a = 0; a < known_.use.size(); ++a) {
      for (std::size_t b = 0; b < known_.use.size(); ++b) {
        if (a == b || !same_day(known_.use[a], known_.use[b])) continue;
        if (known_.cls[a] == Class::opioid) {
          const Class other = known_.cls[b];
          if (other == Class::alcohol || other == Class::benzodiazepine || other == Class::z_drug ||
              other == Class::barbiturate || other == Class::ghb || other == Class::gabapentinoid) {
            with_opioid.push_back(known_.use[a].substance + " with " + known_.use[b].substance);
          }
        } else if (a < b && known_.cls[b] != Class::opioid) {
          sedative_pair(known_.use[a], known_.use[b]);
        }
      }
    }
    if (with_opioid.empty()) return;
    mixed_ = true;
    add("mixing", Urgency::now,
        "On the same day: " + listed(with_opioid) +
            ". Together they slow breathing more than each alone; keep them apart, and naloxone "
            "close.");
  }

  [[nodiscard]] bool same_day(const UseHistory& a, const UseHistory& b) const {
    for (int d = 0; d < recent_days; ++d) {
      const Date day = known_.input->today - Days{d};
      if (used_on(a, day) && used_on(b, day)) return true;
    }
    return false;
  }

  // In the words of the table of mixtures.
  void sedative_pair(const UseHistory& a, const UseHistory& b) {
    const auto first = substance::find(a.substance);
    const auto second = substance::find(b.substance);
    if (!first || !second) return;
    const std::array both{*first, *second};
    const auto report = substance::mixtures(both);
    if (!report) return;
    for (const substance::Mixture& m : report->dangerous) {
      if (m.rule->kind != substance::HarmKind::breathing) continue;
      mixed_ = true;
      mixed_with_.insert(mixed_with_.end(), {a.substance, b.substance});
      SafetyStep& step =
          add("mixing_sedatives", Urgency::now,
              "On the same day: " + a.substance + " with " + b.substance + ". " +
                  sentence(m.rule->mechanism) + ". " + sentence(m.rule->helps) + ".");
      step.source = m.rule->source;
      step.confidence = m.rule->confidence;
      return;
    }
  }

  static std::string sentence(std::string_view text) {
    std::string out{text};
    if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 32);
    return out;
  }

  // Of the days after the last use up to today: how many are known to be without, and how many are
  // not known.
  struct Since {
    int without = 0;
    int unknown = 0;
    int unknown_at_end = 0;
  };
  [[nodiscard]] Since since_last(const UseHistory& use, Date last) const {
    Since out;
    const int days = (known_.input->today - last).count();
    for (int k = 1; k <= days; ++k) {
      const auto i = at_day(use.days, last + Days{k});
      const bool none = i && use.days.state_at(*i) == UseState::none;
      (none ? out.without : out.unknown) += 1;
      out.unknown_at_end = none ? 0 : out.unknown_at_end + 1;
    }
    return out;
  }

  void sedatives() {
    for (const ReviewEpisode& e : out_.episodes) {
      const auto at = std::ranges::find(known_.use, e.substance, &UseHistory::substance);
      const Class cls = known_.cls[static_cast<std::size_t>(at - known_.use.begin())];
      if (!dangerous_to_stop(cls)) continue;
      const bool mixed = std::ranges::find(mixed_with_, e.substance) != mixed_with_.end();
      if ((cls != Class::alcohol || mixed) && e.use_days < regular_days && e.days_before &&
          *e.days_before >= static_cast<std::uint32_t>(long_without)) {
        add("lower_sedative_tolerance", Urgency::now,
            "Before this time there were " + std::string{e.at_least ? "at least " : ""} +
                counted(*e.days_before, "day") + " without " + e.substance +
                ". The body takes less now: the old amount may be too much, far more so with "
                "anything else that makes sleepy.");
      }
      if (e.use_days < regular_days) continue;
      const Since since = since_last(*at, e.last);
      const int days = (known_.input->today - e.last).count();
      const Stopped& stopped = stopped_of(cls);
      if (days >= 1 && days <= stopped.days) {
        std::string says = "The last " + e.substance + " that is known was " +
                           counted(days, "day") + " ago, after " + counted(e.use_days, "day") +
                           " of use. ";
        if (since.unknown > 0) {
          says += "What happened since is not known; if it has stopped, this holds. ";
        }
        add(stopped.id, Urgency::now, says + std::string{stopped.says});
      }
      // Where every day since is known to be without, it has been stopped: nothing is left to warn
      // of.
      if (!e.goes_on || (days >= 1 && since.unknown == 0)) continue;
      const bool sedative =
          cls == Class::benzodiazepine || cls == Class::z_drug || cls == Class::barbiturate;
      add(cls == Class::alcohol ? "do_not_stop_suddenly"
          : sedative            ? "do_not_stop_sedatives"
                                : "do_not_stop_ghb_or_baclofen",
          Urgency::today,
          std::string{since.unknown > 0 ? "If it goes on: do" : "Do"} + " not stop " + e.substance +
              " from one day to the next after " + counted(e.use_days, "day") +
              " of use: talk to a clinician about a taper or supervised withdrawal.");
    }
  }

  // A week and more of which nothing is known, after use that had not ended.
  void not_known_since() {
    for (const ReviewEpisode& e : out_.episodes) {
      if (!e.goes_on) continue;
      const auto at = std::ranges::find(known_.use, e.substance, &UseHistory::substance);
      if (since_last(*at, e.last).unknown_at_end < silence_days) continue;
      silent_ = true;
      const plans::SocialNetwork* network = known_.input->network;
      const bool in_touch =
          network != nullptr &&
          plans::connected_at(network->contacts, known_.input->today, silence_days);
      add("not_known_since", Urgency::today,
          "Since " + e.last.iso() + " nothing is known about " + e.substance +
              ": what happened since is not known" + (in_touch ? "" : ", and contact was lost") +
              ". If it goes on, everything here holds. Somebody gets in touch today, and asks for "
              "nothing in return.");
    }
  }

  const Known& known_;
  Review& out_;
  std::string line_;
  bool overdose_ = false;
  bool mixed_ = false;
  bool silent_ = false;
  std::vector<std::string> mixed_with_;
};

}  // namespace

void find_safety(const Known& known, Review& out) { Steps{known, out}.all(); }

}  // namespace ombre::inline v0::outcomes::detail

namespace ombre::inline v0::outcomes {

std::span<const SafetyRule> safety_rules() noexcept {
  namespace from = plans::sources;
  static const std::array rules{
      SafetyRule{"emergency", &from::nice_cg115, Confidence::known},
      SafetyRule{"suicidal", &from::stanley_brown, Confidence::known},
      SafetyRule{"suicide_was_named", &from::stanley_brown, Confidence::known},
      SafetyRule{"ask_about_suicide", &from::stanley_brown, Confidence::known},
      SafetyRule{"after_overdose", &cited::cdc_2022_text, Confidence::known},
      SafetyRule{"naloxone", &from::cdc_2022, Confidence::verified},
      SafetyRule{"not_alone", &from::ombre_proposal, Confidence::proposal},
      SafetyRule{"lower_tolerance",
                 substance::tolerance_advice(substance::ToleranceBand::peak).source,
                 Confidence::proposal},
      SafetyRule{"lower_sedative_tolerance", &cited::texts, Confidence::known},
      SafetyRule{"do_not_stop_suddenly", &from::nice_cg115, Confidence::known},
      SafetyRule{"do_not_stop_sedatives", &from::bzd_joint_2025, Confidence::verified},
      SafetyRule{"do_not_stop_ghb_or_baclofen", &from::uk_orange, Confidence::known},
      SafetyRule{"just_stopped_alcohol", &cited::asam_alcohol_2020, Confidence::known},
      SafetyRule{"just_stopped_sedatives", &cited::who_2009, Confidence::known},
      SafetyRule{"just_stopped_barbiturates", &cited::texts, Confidence::known},
      SafetyRule{"just_stopped_ghb_or_baclofen", &cited::texts, Confidence::known},
      SafetyRule{"mixing", &from::cdc_2022, Confidence::verified},
      SafetyRule{"mixing_sedatives", &cited::texts, Confidence::known},
      SafetyRule{"not_known_since", &from::ombre_proposal, Confidence::proposal},
      SafetyRule{"contact", &from::ombre_proposal, Confidence::proposal}};
  return rules;
}

}  // namespace ombre::inline v0::outcomes
