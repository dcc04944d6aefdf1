#include "ombre/plans/care.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "goal_plan_parts.hpp"
#include "goal_sources.hpp"
#include "ombre/substance/catalogue.hpp"
#include "plain_words.hpp"
#include "rule_lists.hpp"

namespace ombre::inline v0::plans {
namespace {

constexpr std::array<std::string_view, 9> housing_names{
    "own",         "family_or_friends", "supportive", "respite", "shelter",
    "residential", "institution",       "street",     "other"};
constexpr std::array<std::string_view, 5> referral_names{"offered", "agreed", "sent", "arrived",
                                                         "not_wanted"};
constexpr std::array<std::string_view, 3> learner_names{"person", "family", "companion"};

constexpr const Source* ours = &sources::ombre_proposal;
constexpr GuardRule home_stays{"housing_does_not_depend_on_use",
                               "A home does not depend on abstinence.", &sources::housing_first,
                               Confidence::known, OverridableBy::nobody};
constexpr GuardRule home_next{"a_home_after_this_one",
                              "Four weeks before a home ends, the next one is known.", ours,
                              Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule home_safe{"a_safe_home", "A home is safe to sleep in.", ours,
                              Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule arrives{"a_referral_arrives",
                            "Two weeks after it was agreed, somebody knows whether a referral "
                            "arrived; going along helps.",
                            ours, Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule supplied{"supplies_when_asked",
                             "Supplies are given on the day they are asked "
                             "for.",
                             ours, Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule outlasts{"care_outlasts_the_goal",
                             "Detoxification and other stays are followed by care.",
                             &sources::nida_treatment, Confidence::known, OverridableBy::nobody};
constexpr GuardRule prepared{"prepared_before_detox",
                             "What makes a withdrawal safe is in place before it begins.",
                             &sources::nice_cg115, Confidence::known, OverridableBy::nobody};

RuleFinding gap(const GuardRule& rule, Severity severity, std::string text) {
  RuleFinding f;
  f.rule = &rule;
  f.answer = Answer::allowed_with_warning;
  f.severity = severity;
  f.text = std::move(text);
  return f;
}

std::string place(std::string_view list, std::size_t i, std::string_view member) {
  return std::string{list} + "[" + std::to_string(i) + "]." + std::string{member};
}

constexpr const Source* nice = &sources::nice_cg115;
constexpr std::array common{
    PreparationItem{"agreed", "The person wants it, and knows they may stop or change it.", true,
                    ours, Confidence::proposal},
    PreparationItem{"health_check",
                    "A clinician has looked at heart, liver, pregnancy, medicines "
                    "and earlier withdrawals.",
                    true, nice, Confidence::known},
    PreparationItem{"where", "It is settled where it takes place and who looks in.", true, nice,
                    Confidence::known},
    PreparationItem{"what_to_expect",
                    "Days and symptoms to expect are explained; they become "
                    "milder, they do not vanish.",
                    false, ours, Confidence::proposal},
    PreparationItem{"emergency", "Signs of danger are known, and whom to call at any hour.", true,
                    ours, Confidence::proposal},
    PreparationItem{"sleep_food_fluids", "Food, fluids and something for sleep are at home.", false,
                    ours, Confidence::proposal},
    PreparationItem{"mind",
                    "Mood and thoughts of suicide were asked about; somebody to talk to is "
                    "named.",
                    true, ours, Confidence::proposal},
    PreparationItem{"skills", "Ways through an urge were practised.", false, &sources::marlatt_1985,
                    Confidence::known},
    PreparationItem{"people", "Somebody close knows, as far as the person agreed.", false, ours,
                    Confidence::proposal},
    PreparationItem{"obligations", "Work, children, pets and bills are looked after meanwhile.",
                    false, ours, Confidence::proposal},
    PreparationItem{"after", "Care after the last day is arranged: who, when, how.", true,
                    &sources::nida_treatment, Confidence::known},
    PreparationItem{"way_back", "A place to come back to is held.", false, ours,
                    Confidence::proposal}};
constexpr std::array opioid_items{
    PreparationItem{"naloxone",
                    "Naloxone is at hand and people around know how to use it: "
                    "tolerance falls within days.",
                    true, &sources::cdc_2022, Confidence::verified},
    PreparationItem{"agonist_offered",
                    "Methadone or buprenorphine was offered instead; it protects "
                    "better than detoxification alone.",
                    true, &sources::cdc_2022_text, Confidence::known}};
constexpr std::array sedative_items{
    PreparationItem{"seizures_asked", "Earlier seizures and delirium were asked about.", true, nice,
                    Confidence::known},
    PreparationItem{"not_suddenly",
                    "It is a taper or has medicines: nothing stops from one day to "
                    "the next.",
                    true, nice, Confidence::known}};
constexpr std::array alcohol_items{
    PreparationItem{"pawss", "The risk of complicated withdrawal was scored (PAWSS, SADQ).", true,
                    nice, Confidence::known},
    PreparationItem{"thiamine", "Thiamine was given or prescribed.", true, nice,
                    Confidence::known}};

template <std::size_t N>
void append(std::vector<PreparationItem>& out, const std::array<PreparationItem, N>& items) {
  out.insert(out.end(), items.begin(), items.end());
}

bool housed(HousingKind kind) {
  return kind == HousingKind::own || kind == HousingKind::family_or_friends ||
         kind == HousingKind::supportive || kind == HousingKind::respite;
}

}  // namespace

template <>
std::span<const std::string_view> names_of<HousingKind>() noexcept {
  return housing_names;
}
template <>
std::span<const std::string_view> names_of<ReferralStatus>() noexcept {
  return referral_names;
}
template <>
std::span<const std::string_view> names_of<Learner>() noexcept {
  return learner_names;
}

Result<HousingDays> housing_days(std::span<const Housing> housing, Date first, int days) {
  if (days < 1 || days > 36'525) {
    return unexpected(error_at(Errc::out_of_range, "days", std::nullopt, static_cast<double>(days),
                               "must be 1 to 36525"));
  }
  HousingDays out;
  for (int i = 0; i < days; ++i) {
    const Date day = first + Days{i};
    const Housing* here = nullptr;  // the last that began
    for (const Housing& h : housing) {
      if (h.from > day || (h.until && *h.until < day)) continue;
      if (here == nullptr || here->from <= h.from) here = &h;
    }
    if (here == nullptr) {
      ++out.not_known;
    } else {
      ++(housed(here->kind) ? out.housed : out.not_housed);
    }
  }
  return out;
}

Attendance attendance(std::span<const GroupSession> sessions, Date first, Date last) {
  Attendance out;
  for (const GroupSession& s : sessions) {
    if (s.on < first || last < s.on) continue;
    ++out.offered;
    out.attended += s.attended.value_or(false) ? 1U : 0U;
    out.not_known += s.attended ? 0U : 1U;
  }
  out.says =
      "Came to " + std::to_string(out.attended) + " of " +
      detail::counted(static_cast<std::int64_t>(out.offered), "meeting") +
      (out.not_known > 0 ? " (" + std::to_string(out.not_known) + " not written down)" : "") +
      ". Coming is what can be counted; what it did for somebody, only they can say.";
  return out;
}

std::vector<PreparationItem> detox_checklist(substance::Class cls) {
  using substance::Class;
  std::vector<PreparationItem> out{common.begin(), common.end()};
  if (cls == Class::opioid || cls == Class::unknown) append(out, opioid_items);
  const bool seizures = cls == Class::alcohol || cls == Class::benzodiazepine ||
                        cls == Class::z_drug || cls == Class::barbiturate || cls == Class::ghb ||
                        cls == Class::gaba_b_agonist || cls == Class::unknown;
  if (seizures) append(out, sedative_items);
  if (cls == Class::alcohol) append(out, alcohol_items);
  return out;
}

Result<PreparationState> preparation_state(const DetoxPreparation& p) {
  const auto found = substance::find(p.substance);
  if (!found) return unexpected(found.error());
  const auto list = detox_checklist(found->cls);
  const auto on_list = [&list](const std::string& id) {
    return std::ranges::find(list, id, &PreparationItem::id);
  };
  for (std::size_t i = 0; i < p.done.size(); ++i) {
    if (on_list(p.done[i]) != list.end()) continue;
    return unexpected(error_at(Errc::unknown_name, "done", i, p.done[i],
                               "is not on the list for " + p.substance));
  }
  for (std::size_t i = 0; i < p.not_needed.size(); ++i) {
    const auto at = on_list(p.not_needed[i]);
    if (at == list.end()) {
      return unexpected(error_at(Errc::unknown_name, "not_needed", i, p.not_needed[i],
                                 "is not on the list for " + p.substance));
    }
    if (at->safety) {
      return unexpected(error_at(Errc::contradiction, "not_needed", i, p.not_needed[i],
                                 "is about safety and always needed"));
    }
  }
  PreparationState out;
  for (const PreparationItem& item : list) {
    const std::string id{item.id};
    if (std::ranges::find(p.done, id) != p.done.end()) {
      ++out.done;
    } else if (std::ranges::find(p.not_needed, id) == p.not_needed.end()) {
      (item.safety ? out.open_safety : out.open).push_back(item);
    }
  }
  return out;
}

Result<void> check_care(const CareRecord& care) {
  for (std::size_t i = 0; i < care.housing.size(); ++i) {
    const Housing& h = care.housing[i];
    if (h.until && *h.until < h.from) {
      return unexpected(error_at(Errc::contradiction, place("housing", i, "until"), std::nullopt,
                                 h.until->iso(), "must not be before " + h.from.iso()));
    }
  }
  for (std::size_t i = 0; i < care.checkins.size(); ++i) {
    const Checkin& c = care.checkins[i];
    for (const auto& [value, member] :
         {std::pair{c.body, "body"}, std::pair{c.mood, "mood"}, std::pair{c.craving, "craving"}}) {
      if (value && !(*value >= 0 && *value <= 10)) {
        return unexpected(error_at(Errc::out_of_range, place("checkins", i, member), std::nullopt,
                                   *value, "must be 0 to 10"));
      }
    }
  }
  for (std::size_t i = 0; i < care.supplies.size(); ++i) {
    const SupplyRequest& s = care.supplies[i];
    if (s.given && *s.given < s.asked) {
      return unexpected(error_at(Errc::contradiction, place("supplies", i, "given"), std::nullopt,
                                 s.given->iso(), "must not be before " + s.asked.iso()));
    }
  }
  if (care.aftercare &&
      (care.aftercare->contact_every_days < 1 || care.aftercare->contact_every_days > 366)) {
    return unexpected(error_at(Errc::out_of_range, "aftercare.contact_every_days", std::nullopt,
                               static_cast<double>(care.aftercare->contact_every_days),
                               "must be 1 to 366"));
  }
  if (care.preparation) {
    if (auto state = preparation_state(*care.preparation); !state) {
      Error error = std::move(state).error();
      error.field = "preparation." + error.field;
      return unexpected(std::move(error));
    }
  }
  for (std::size_t i = 0; i < care.entry_rules.size(); ++i) {
    if (auto found = entry_findings(care.entry_rules[i]); !found) {
      Error error = std::move(found).error();
      error.field = place("entry_rules", i, error.field);
      return unexpected(std::move(error));
    }
  }
  return {};
}

Result<std::vector<RuleFinding>> care_findings(const CareRecord& care, Date today) {
  if (auto ok = check_care(care); !ok) return unexpected(ok.error());
  std::vector<RuleFinding> out;
  bool stay_ends = false;
  for (const Housing& h : care.housing) {
    if (h.from > today || (h.until && *h.until < today)) continue;
    if (h.conditional_on_abstinence.value_or(false)) {
      out.push_back(gap(home_stays, Severity::warning,
                        "The home depends on abstinence. A lapse would then cost the bed on the "
                        "very night it is needed most; look for one that does not."));
    }
    if (h.safe && !*h.safe) {
      out.push_back(gap(home_safe, Severity::danger,
                        "The place somebody sleeps in now is not safe. A respite place comes "
                        "first."));
    }
    if (h.kind == HousingKind::street) {
      out.push_back(gap(home_safe, Severity::danger,
                        "Somebody sleeps without a roof now. A home first; everything else goes "
                        "better from there."));
    }
    const bool next = std::ranges::any_of(care.housing, [&h](const Housing& o) {
      return h.until && o.from > h.from && o.from <= *h.until + Days{1};
    });
    if (h.until && (*h.until - today).count() <= 28 && !next) {
      auto f = gap(home_next, Severity::warning,
                   "The present home ends on " + h.until->iso() + ", and no next one is known.");
      f.measured = (*h.until - today).count();
      f.limit = 28;
      f.unit = "days";
      f.on = h.until;
      out.push_back(std::move(f));
    }
    stay_ends |= h.kind == HousingKind::residential || h.kind == HousingKind::institution;
  }
  if ((stay_ends || care.preparation) && !care.aftercare) {
    out.push_back(gap(outlasts, Severity::warning,
                      "A stay is going on or planned, and nothing after it is written down."));
  }
  for (const Referral& r : care.referrals) {
    const bool waiting = r.status == ReferralStatus::agreed || r.status == ReferralStatus::sent;
    const int days = (today - r.since).count();
    if (!waiting || days <= 14) continue;
    auto f =
        gap(arrives, Severity::caution,
            "The referral to " + r.to + " has been on its way for " + detail::counted(days, "day") +
                (r.warm_handover.value_or(false) ? "."
                                                 : ". Could somebody go along, or call together?"));
    f.measured = days;
    f.limit = 14;
    f.unit = "days";
    out.push_back(std::move(f));
  }
  for (const SupplyRequest& s : care.supplies) {
    if (s.given || s.asked >= today) continue;
    out.push_back(gap(supplied, Severity::caution,
                      s.what + " was asked for on " + s.asked.iso() + " and is not given yet."));
  }
  if (care.preparation) {
    const auto state = preparation_state(*care.preparation);
    if (!state) return unexpected(state.error());
    for (const PreparationItem& item : state->open_safety) {
      auto f = gap(prepared, Severity::warning,
                   "Before the withdrawal from " + care.preparation->substance +
                       " begins: " + std::string{item.says});
      f.on = care.preparation->start;
      out.push_back(std::move(f));
    }
  }
  if (care.site) {
    auto some = medication_findings(*care.site, care.medications);
    out.insert(out.end(), std::make_move_iterator(some.begin()),
               std::make_move_iterator(some.end()));
  }
  for (const EntryRule& rule : care.entry_rules) {
    auto some = entry_findings(rule);
    if (!some) return unexpected(some.error());
    out.insert(out.end(), std::make_move_iterator(some->begin()),
               std::make_move_iterator(some->end()));
  }
  detail::worst_first(out);
  return out;
}

std::vector<const GuardRule*> care_rules() {
  return {&home_stays, &home_next, &home_safe, &arrives, &supplied, &outlasts, &prepared};
}

}  // namespace ombre::inline v0::plans
