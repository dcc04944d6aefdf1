// What watches over a goal plan.
#include <algorithm>
#include <array>
#include <string>

#include "goal_plan_parts.hpp"
#include "goal_sources.hpp"
#include "ombre/context/harm.hpp"
#include "ombre/plans/goal_graph.hpp"
#include "ombre/plans/goal_plan.hpp"
#include "ombre/substance/catalogue.hpp"
#include "plain_words.hpp"
#include "taper_found.hpp"

namespace ombre::inline v0::plans {
namespace {

constexpr const Source* ours = &sources::ombre_proposal;

constexpr GuardRule person_says_yes{
    "the_person_says_yes",
    "A goal plan is accepted by the person whose plan it is, by nobody else.", ours,
    Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule person_is_author{
    "the_person_is_an_author", "A goal plan is made together: the person is one of its authors.",
    ours, Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule life_does_not_wait{
    "life_does_not_wait_for_use",
    "Goals about life and about harm do not wait for a goal about use, unless the person says so.",
    ours, Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule care_does_not_wait{
    "care_does_not_wait_for_use",
    "Help does not wait for a goal about use, unless the person says so.", ours,
    Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule person_lets_go{"the_person_lets_go",
                                   "Only the person lets a goal of theirs go.", ours,
                                   Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule sudden_stop{
    "stopping_suddenly_is_dangerous",
    "Stopping alcohol, benzodiazepines, Z-drugs, barbiturates, GHB or baclofen suddenly after "
    "regular use can kill: a taper or supervised withdrawal goes with the goal.",
    &sources::nice_cg115, Confidence::known, OverridableBy::nobody};
constexpr GuardRule gaba{
    "gabapentinoids_come_down_slowly",
    "Pregabalin and gabapentin are not stopped from one day to the next after regular use.",
    &sources::gabapentinoid_label, Confidence::known, OverridableBy::nobody};
constexpr GuardRule not_known{
    "substance_not_in_the_catalogue",
    "Of a substance whose name is not known here, nobody can say that stopping it is safe.", ours,
    Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule suicide_first{"suicide_comes_first",
                                  "Thoughts of suicide, and seizures or confusion now, come before "
                                  "every goal.",
                                  &sources::stanley_brown, Confidence::known,
                                  OverridableBy::nobody};
constexpr GuardRule pregnancy{"goals_in_pregnancy",
                              "In pregnancy opioids are not stopped but treated with an agonist, "
                              "and alcohol or sedatives are "
                              "not stopped alone: a specialist goes along.",
                              &sources::asam_oud_2020, Confidence::known, OverridableBy::nobody};
constexpr GuardRule young{
    "goals_below_18",
    "Below 18 a service for young people looks first; what is written here is "
    "of adults.",
    &sources::nice_cg115, Confidence::known, OverridableBy::nobody};
constexpr GuardRule less_is_less{"a_limit_of_less_does_not_rise",
                                 "A goal to use less has limits that fall or stay.", ours,
                                 Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule harm_known{"harm_not_in_the_list",
                               "A harm that a goal is about is one of those that options and bands "
                               "of harm are about, or the person's own words.",
                               ours, Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule tolerance{
    "tolerance_falls_with_use",
    "When opioid use falls, tolerance falls with it: naloxone belongs to the plan.",
    &sources::cdc_2022, Confidence::verified, OverridableBy::nobody};
constexpr GuardRule review_soon{"review_within_four_weeks",
                                "A plan names the next day on which it is looked at, within four "
                                "weeks.",
                                ours, Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule care_goes_on{
    "care_outlasts_the_goal",
    "Detoxification and other stays are followed by care: the end of a goal is not the end of "
    "care.",
    &sources::nida_treatment, Confidence::known, OverridableBy::nobody};
constexpr GuardRule two_aims{"two_aims_for_one_substance",
                             "Two open goals with different aims for one substance.", ours,
                             Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule chain_fits{"the_chain_fits_the_date",
                               "The goals that must come first leave time for the wished date.",
                               ours, Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule own_words{"in_their_own_words", "A goal is written in the person's own words.",
                              ours, Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule more_than_use{"more_than_use", "A plan looks at life, and not only at use.",
                                  ours, Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule steep_weeks{
    "weekly_limits_fall_gently",
    "A weekly limit falls by no more than half at a time; smaller steps are easier to keep.", ours,
    Confidence::proposal, OverridableBy::nobody};
constexpr GuardRule meeting_fits{"meeting_asks_for_a_wish_to_stop",
                                 "A meeting that asks for a wish to stop fits some goals and not "
                                 "others.",
                                 ours, Confidence::proposal, OverridableBy::nobody};

constexpr std::array rules{&gaba,
                           &not_known,
                           &harm_known,
                           &suicide_first,
                           &pregnancy,
                           &young,
                           &less_is_less,
                           &person_says_yes,
                           &person_is_author,
                           &life_does_not_wait,
                           &care_does_not_wait,
                           &person_lets_go,
                           &sudden_stop,
                           &tolerance,
                           &review_soon,
                           &care_goes_on,
                           &two_aims,
                           &chain_fits,
                           &own_words,
                           &more_than_use,
                           &steep_weeks,
                           &meeting_fits};

RuleFinding make(const GuardRule& rule, Answer answer, Severity severity, std::string text) {
  RuleFinding f;
  f.rule = &rule;
  f.answer = answer;
  f.severity = severity;
  f.text = std::move(text);
  return f;
}
RuleFinding warn(const GuardRule& rule, Severity severity, std::string text) {
  return make(rule, Answer::allowed_with_warning, severity, std::move(text));
}

std::string called(const Goal& goal) {
  return '"' + (goal.words.empty() ? goal.id : goal.words) + '"';
}

const Goal* find(const GoalPlanVersion& v, std::string_view id) {
  for (const Goal& g : v.goals) {
    if (g.id == id) return &g;
  }
  return nullptr;
}

bool serves(const Activity& a, const Goal& goal) {
  return a.goals.empty() || std::ranges::find(a.goals, goal.id) != a.goals.end();
}

bool stops_dangerously(std::string_view named) {
  const auto found = substance::find(named);
  if (!found) return false;
  TaperSubstance what;
  what.cls = found->cls;
  return detail::class_a(what);
}
bool opioid(std::string_view named) {
  const auto found = substance::find(named);
  return found && (found->cls == substance::Class::opioid);
}

void waits(const GoalPlanVersion& v, std::vector<RuleFinding>& out) {
  for (const Goal& goal : v.goals) {
    if (goal.aim != GoalAim::life && goal.aim != GoalAim::reduce_harm) continue;
    for (const GoalNeed& need : goal.needs) {
      const Goal* other = find(v, need.goal);
      if (other == nullptr || !other->about_use() || need.person_says_so) continue;
      out.push_back(make(life_does_not_wait, Answer::refused, Severity::warning,
                         called(goal) + " waits for " + called(*other) +
                             ". It can begin now, whatever becomes of use; if the person wants it "
                             "in this order, they can say so."));
    }
  }
  for (const Activity& a : v.activities) {
    for (const GoalNeed& need : a.after) {
      const Goal* other = find(v, need.goal);
      if (other == nullptr || !other->about_use() || need.person_says_so) continue;
      out.push_back(make(care_does_not_wait, Answer::refused, Severity::warning,
                         "\"" + (a.words.empty() ? a.id : a.words) + "\" waits for " +
                             called(*other) +
                             ". Help can begin now, beside whatever happens with "
                             "use."));
    }
  }
}

// What stands beside a goal to stop: a taper carries it; a stay or withdrawal at home does where
// somebody is named for it and a clinician or pharmacist is among those who made the plan.
enum class Beside : std::uint8_t { nothing, not_named, carried };
Beside beside(const GoalPlanVersion& v, const Goal& goal) {
  const bool team = std::ranges::any_of(v.made_by, [](const Actor& a) {
    return a.role == Role::clinician || a.role == Role::pharmacist || a.role == Role::team;
  });
  Beside out = Beside::nothing;
  for (const Activity& a : v.activities) {
    if (!serves(a, goal)) continue;
    if (a.kind == ActivityKind::taper) return Beside::carried;
    if (a.kind != ActivityKind::detox && a.kind != ActivityKind::detox_preparation) continue;
    if (team && !a.with.empty()) return Beside::carried;
    out = Beside::not_named;
  }
  return out;
}

// A substance that a goal brings to none, and how.
struct Zero {
  std::string substance;
  bool at_once = true;  // false: in steps, the last of them from a small amount
  std::optional<WeeklyGoal> limit{};
};
std::vector<Zero> zeros(const Goal& goal) {
  std::vector<Zero> out;
  const bool stops = goal.aim == GoalAim::abstain || goal.aim == GoalAim::abstain_some;
  if (stops) {
    for (const std::string& what : goal.substances) out.push_back({what, true, {}});
  }
  for (std::size_t k = 0; k < goal.weekly.size(); ++k) {
    const WeeklyGoal& now = goal.weekly[k];
    const bool said = std::ranges::find(out, now.substance, &Zero::substance) != out.end();
    if (now.amount > 0 || said) continue;
    const WeeklyGoal* first = nullptr;
    const WeeklyGoal* before = nullptr;
    for (std::size_t j = 0; j < k; ++j) {
      if (goal.weekly[j].substance != now.substance) continue;
      if (first == nullptr) first = &goal.weekly[j];
      before = &goal.weekly[j];
    }
    // A last step from a quarter of the first limit is still asked about, and is not "at once".
    const bool at_once = before == nullptr || before->amount > first->amount / 4;
    out.push_back({now.substance, at_once, now});
  }
  return out;
}

std::string means_none(const Goal& goal, const Zero& zero) {
  if (!zero.limit) return called(goal) + " means none of " + zero.substance;
  return called(goal) + " means none of " + zero.substance + " from " + zero.limit->from.iso() +
         " on";
}

void stops(const GoalPlanVersion& v, const Goal& goal, std::vector<RuleFinding>& out) {
  const Beside help = beside(v, goal);
  if (help == Beside::carried) return;
  const std::string_view not_named =
      " A withdrawal is in the plan; who watches over it is not: name them, and make the plan "
      "together with a clinician.";
  for (const Zero& zero : zeros(goal)) {
    const auto found = substance::find(zero.substance);
    if (!found) {
      out.push_back(warn(not_known, Severity::caution,
                         means_none(goal, zero) +
                             ". This name is not in the catalogue, so whether stopping it suddenly "
                             "is dangerous is not known: ask a clinician or pharmacist first."));
    } else if (stops_dangerously(zero.substance)) {
      std::string text = means_none(goal, zero) +
                         ". After regular use, do not stop from one day to the next: add a taper, "
                         "or withdrawal with medical help.";
      if (help == Beside::not_named) text += not_named;
      const bool danger = help == Beside::nothing && zero.at_once;
      out.push_back(
          warn(sudden_stop, danger ? Severity::danger : Severity::caution, std::move(text)));
    } else if (found->cls == substance::Class::gabapentinoid) {
      std::string text = means_none(goal, zero) +
                         ". After regular use, stopping from one day to the next can bring on "
                         "seizures: come down over a week at least, with the prescriber.";
      if (help == Beside::not_named) text += not_named;
      out.push_back(warn(
          gaba, zero.at_once && help == Beside::nothing ? Severity::warning : Severity::caution,
          std::move(text)));
    }
  }
  const bool of_all = goal.substances.empty() &&
                      (goal.aim == GoalAim::abstain || goal.aim == GoalAim::abstain_some);
  if (!of_all) return;
  out.push_back(warn(sudden_stop, help == Beside::nothing ? Severity::warning : Severity::caution,
                     called(goal) +
                         " means none, and names no substance. After regular use of alcohol, "
                         "benzodiazepines, Z-drugs, barbiturates, GHB or baclofen, do not stop "
                         "from one day to the next: add a taper, or withdrawal with medical "
                         "help." +
                         std::string{help == Beside::not_named ? not_named : ""}));
}

void dangers(const GoalPlanVersion& v, std::vector<RuleFinding>& out) {
  bool naloxone = v.facts.naloxone_at_hand.value_or(false);
  for (const SaferUsePlan& s : v.safer_use) naloxone |= s.naloxone_at_hand.value_or(false);
  for (const Goal& goal : v.goals) {
    if (goal.status != GoalStatus::open || !goal.about_use()) continue;
    stops(v, goal, out);
    const bool none = goal.aim == GoalAim::abstain || goal.aim == GoalAim::abstain_some;
    if (naloxone || (!none && goal.aim != GoalAim::reduce)) continue;
    std::vector<std::string> falls = goal.substances;
    for (const WeeklyGoal& w : goal.weekly) {
      if (std::ranges::find(falls, w.substance) == falls.end()) falls.push_back(w.substance);
    }
    for (const std::string& what : falls) {
      if (!opioid(what)) continue;
      out.push_back(warn(tolerance, Severity::danger,
                         called(goal) + ": with less " + what +
                             " the body takes less. A dose that used to be usual may be too "
                             "much, so naloxone at hand belongs to this goal."));
    }
    if (none && falls.empty()) {
      out.push_back(warn(tolerance, Severity::warning,
                         called(goal) +
                             ": if an opioid is among it, the body takes less after days without. "
                             "A dose that used to be usual may be too much, so naloxone at hand "
                             "belongs to this goal."));
    }
  }
}

// What is known about safety and stands in the plan itself.
void facts(const GoalPlanVersion& v, std::vector<RuleFinding>& out) {
  const SafetyFacts& f = v.facts;
  if (f.suicidal_now.value_or(false)) {
    out.push_back(
        warn(suicide_first, Severity::danger,
             "Thoughts of suicide are noted in this plan. Ask today, directly and kindly, "
             "whether there is a plan and whether the means are at hand; nobody in danger "
             "is left alone. Where life is in danger now, call the emergency number. The "
             "goals can wait."));
  }
  if (f.seizure_or_confusion_now.value_or(false)) {
    out.push_back(warn(suicide_first, Severity::danger,
                       "A seizure or confusion now is noted in this plan: call an ambulance."));
  }
  const auto less = [](const Goal& g) {
    return g.status == GoalStatus::open &&
           (g.aim == GoalAim::abstain || g.aim == GoalAim::abstain_some ||
            g.aim == GoalAim::reduce);
  };
  for (const Goal& goal : v.goals) {
    if (!f.pregnant.value_or(false) || !less(goal)) continue;
    std::vector<std::string> about = goal.substances;
    for (const WeeklyGoal& w : goal.weekly) {
      if (std::ranges::find(about, w.substance) == about.end()) about.push_back(w.substance);
    }
    for (const std::string& what : about) {
      if (opioid(what)) {
        out.push_back(warn(pregnancy, Severity::danger,
                           called(goal) + ": in pregnancy " + what +
                               " is not stopped or reduced alone. Methadone or buprenorphine is "
                               "the standard, with a specialist who cares for both."));
      } else if (stops_dangerously(what)) {
        out.push_back(warn(pregnancy, Severity::danger,
                           called(goal) + ": in pregnancy less " + what +
                               " is good, and a stop from one day to the next after regular use "
                               "is dangerous for both: it belongs in a hospital with specialist "
                               "care."));
      }
    }
    if (about.empty()) {
      out.push_back(warn(pregnancy, Severity::warning,
                         called(goal) + ": in pregnancy a specialist goes along before opioids, "
                                        "alcohol or sedatives are stopped or reduced."));
    }
  }
  const bool any_use = std::ranges::any_of(
      v.goals, [](const Goal& g) { return g.status == GoalStatus::open && g.about_use(); });
  if (f.age_years && *f.age_years < 18 && any_use) {
    out.push_back(warn(young, Severity::warning,
                       "Below 18: a service for young people looks at the whole picture first. "
                       "Withdrawal from alcohol belongs in a hospital at this age, and medicines "
                       "are chosen by a specialist."));
  }
}

void dates(const GoalPlanVersion& v, Date today, std::vector<RuleFinding>& out) {
  constexpr int most_days = 28;
  if (!v.next_review) {
    out.push_back(warn(review_soon, Severity::caution,
                       "No day is set on which the plan is looked at together."));
  } else if (const int in = (*v.next_review - today).count(); in > most_days || in < 0) {
    auto f = warn(review_soon, Severity::caution,
                  in < 0 ? "The day of the last review has passed; when is the next?"
                         : "The next review is " + std::to_string(in) + " days away.");
    f.measured = in;
    f.limit = most_days;
    f.unit = "days";
    f.on = v.next_review;
    out.push_back(std::move(f));
  }
  const auto graph = GoalGraph::from(v.goals);
  if (!graph) return;  // a circle is an error of its own
  for (std::size_t g = 0; g < v.goals.size(); ++g) {
    const Goal& goal = v.goals[g];
    if (!goal.wanted_by || goal.status != GoalStatus::open) continue;
    const auto chain = graph->longest_chain(g, today);
    if (!chain || chain->days == 0 || chain->ends <= *goal.wanted_by) continue;
    std::vector<std::string> path;
    for (const std::size_t i : chain->goals) path.push_back(called(v.goals[i]));
    auto f = warn(chain_fits, Severity::caution,
                  called(goal) + " is wished for by " + goal.wanted_by->iso() + "; " +
                      detail::listed(path) + " together take about " +
                      detail::counted(chain->days, "day") + ", until " + chain->ends.iso() +
                      ". A later date, or a first smaller piece?");
    f.measured = chain->days;
    f.limit = std::max(0, (*goal.wanted_by - today).count());
    f.unit = "days";
    f.on = goal.wanted_by;
    out.push_back(std::move(f));
  }
}

void aims(const GoalPlanVersion& v, std::vector<RuleFinding>& out) {
  bool any_use = false;
  bool any_life = false;
  for (std::size_t i = 0; i < v.goals.size(); ++i) {
    const Goal& goal = v.goals[i];
    any_use |= goal.about_use();
    any_life |= goal.aim == GoalAim::life;
    if (goal.words.empty()) {
      out.push_back(warn(own_words, Severity::caution,
                         "The goal \"" + goal.id + "\" has no words of the person yet."));
    }
    if (!goal.harm.empty() && !context::harm_called(goal.harm)) {
      std::vector<std::string> like;
      for (const context::Harm harm : context::harms_like(goal.harm)) {
        like.push_back(std::string{name(harm)} + " (" + std::string{words(harm)} + ")");
      }
      out.push_back(warn(harm_known, Severity::caution,
                         called(goal) + " is about \"" + goal.harm +
                             "\", which is not a harm of the list, so no option and no band is "
                             "about it. " +
                             (like.empty() ? std::string{"The list: ombre explain --kind harm."}
                                           : "Near to it: " + detail::listed(like) + ".") +
                             " Words of the person's own may stay."));
    }
    for (std::size_t k = 1; k < goal.weekly.size(); ++k) {
      const WeeklyGoal& now = goal.weekly[k];
      const WeeklyGoal* before = nullptr;
      for (std::size_t j = 0; j < k; ++j) {
        if (goal.weekly[j].substance == now.substance) before = &goal.weekly[j];
      }
      // A limit that was eased together names who agreed.
      if (before != nullptr && goal.aim == GoalAim::reduce && now.amount > before->amount &&
          now.agreed_by.empty()) {
        auto f =
            warn(less_is_less, Severity::caution,
                 called(goal) + ": the limit rises from " + detail::plain(before->amount) + " to " +
                     detail::plain(now.amount) + " " + now.unit + " a week on " + now.from.iso() +
                     ". It may be meant so, to ease it for a while; or is a number wrong?");
        f.measured = now.amount;
        f.limit = before->amount;
        f.unit = now.unit;
        f.on = now.from;
        out.push_back(std::move(f));
      }
      if (before == nullptr || !(now.amount < before->amount / 2)) continue;
      auto f = warn(steep_weeks, Severity::caution,
                    called(goal) + ": the limit falls from " + detail::plain(before->amount) +
                        " to " + detail::plain(now.amount) + " " + now.unit + " a week on " +
                        now.from.iso() + ". A step between would be gentler.");
      f.measured = 100 * (before->amount - now.amount) / before->amount;
      f.limit = 50;
      f.unit = "%";
      f.on = now.from;
      out.push_back(std::move(f));
    }
    if (goal.status != GoalStatus::open || !goal.about_use()) continue;
    for (std::size_t k = 0; k < i; ++k) {
      const Goal& other = v.goals[k];
      if (other.status != GoalStatus::open || !other.about_use() || other.aim == goal.aim) continue;
      if (other.aim == GoalAim::safer_use || goal.aim == GoalAim::safer_use) continue;
      for (const std::string& what : goal.substances) {
        if (std::ranges::find(other.substances, what) == other.substances.end()) continue;
        out.push_back(make(two_aims, Answer::allowed, Severity::note,
                           called(other) + " and " + called(goal) + " are both about " + what +
                               ". Both may stay; which one comes first?"));
      }
    }
  }
  if (any_use && !any_life) {
    out.push_back(make(more_than_use, Answer::allowed, Severity::note,
                       "All goals are about use. What else would make life better?"));
  }
  const bool wants_none = std::ranges::any_of(v.goals, [](const Goal& g) {
    return g.status == GoalStatus::open &&
           (g.aim == GoalAim::abstain || g.aim == GoalAim::abstain_some);
  });
  for (const Activity& a : v.activities) {
    if (!a.asks_for_wish_to_stop.value_or(false) || wants_none) continue;
    out.push_back(make(meeting_fits, Answer::allowed, Severity::note,
                       "\"" + (a.words.empty() ? a.id : a.words) +
                           "\" asks for a wish to stop, and no goal here is to stop. It may still "
                           "fit; there are also groups that ask for nothing."));
  }
}

void care(const GoalPlanVersion& v, std::vector<RuleFinding>& out) {
  const bool detox = std::ranges::any_of(
      v.activities, [](const Activity& a) { return a.kind == ActivityKind::detox; });
  const bool after = std::ranges::any_of(
      v.activities, [](const Activity& a) { return a.kind == ActivityKind::aftercare; });
  if (detox && !after) {
    out.push_back(warn(care_goes_on, Severity::warning,
                       "Detoxification is planned and nothing after it. Who is there on the day "
                       "after, and in the months that follow?"));
  }
}

}  // namespace

namespace detail {

// Findings that only a step from one version to the next can show.
std::vector<RuleFinding> step_findings(const GoalPlanVersion* before, const GoalPlanVersion& next,
                                       const Change& change) {
  std::vector<RuleFinding> out;
  const bool person = change.by.role == Role::person;
  const bool newly_accepted = next.status == PlanStatus::accepted &&
                              (before == nullptr || before->status == PlanStatus::draft);
  if (newly_accepted && !person) {
    out.push_back(make(person_says_yes, Answer::refused, Severity::warning,
                       "Only the person can say yes to this plan; " + change.by.name + " acts as " +
                           std::string{name(change.by.role)} + "."));
  }
  const bool author =
      std::ranges::any_of(next.made_by, [](const Actor& a) { return a.role == Role::person; });
  if (!author) {
    out.push_back(make(person_is_author,
                       newly_accepted ? Answer::refused : Answer::allowed_with_warning,
                       Severity::warning, "The person is not among those who made this plan."));
  }
  if (before == nullptr || person) return out;
  for (const Goal& old : before->goals) {
    const Goal* now = find(next, old.id);
    const bool gone =
        now == nullptr || (now->status == GoalStatus::let_go && old.status != GoalStatus::let_go);
    if (!gone) continue;
    out.push_back(make(person_lets_go, Answer::refused, Severity::warning,
                       called(old) + " is the person's goal; it can rest, and only they let it "
                                     "go."));
  }
  return out;
}

void worst_first(std::vector<RuleFinding>& findings) {
  std::ranges::stable_sort(findings, [](const RuleFinding& a, const RuleFinding& b) {
    if (a.answer != b.answer) return a.answer > b.answer;
    return a.severity > b.severity;
  });
}

}  // namespace detail

std::vector<RuleFinding> goal_plan_findings(const GoalPlanVersion& version, Date today) {
  std::vector<RuleFinding> out;
  waits(version, out);
  facts(version, out);
  dangers(version, out);
  dates(version, today, out);
  care(version, out);
  aims(version, out);
  for (const SaferUsePlan& s : version.safer_use) {
    auto some = safer_use_findings(s);
    out.insert(out.end(), std::make_move_iterator(some.begin()),
               std::make_move_iterator(some.end()));
  }
  detail::worst_first(out);
  return out;
}

std::vector<const GuardRule*> goal_plan_rules() { return {rules.begin(), rules.end()}; }

}  // namespace ombre::inline v0::plans
