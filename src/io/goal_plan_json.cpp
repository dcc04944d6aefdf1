#include "ombre/io/goal_plan_json.hpp"

#include <utility>
#include <vector>

#include "both_ways.hpp"
#include "ombre/plans/taper.hpp"

namespace ombre::inline v0::io::both_ways {

using namespace plans;  // NOLINT: this file is about nothing else

// Enumerations shared with tapers have names, but no list.
template <class Way, class V, class E>
void old_choice(Way& way, std::string_view key, V& value, E last, E otherwise) {
  if constexpr (Way::reading) {
    value = taper_json::one_of(way.in(), key, last, otherwise);
  } else if (value != otherwise) {
    way.out().text(key, name(value));
  }
}

template <class Way, Is<Actor> V>
void fields(Way& way, V& v) {
  way.required_name("name", v.name);
  old_choice(way, "role", v.role, Role::team, Role::person);
}

template <class Way, Is<Override> V>
void fields(Way& way, V& v) {
  way.required_name("rule", v.rule);
  way.object("by", v.by);
  way.words("reason", v.reason);
}

template <class Way, Is<Change> V>
void fields(Way& way, V& v) {
  way.name("what", v.what);
  way.date("on", v.on);
  if constexpr (Way::reading) {
    v.from = taper_json::optional_date(way.in(), "from").value_or(v.on);
    if (v.what.empty()) v.what = "draft";
  } else if (v.from != v.on) {
    way.date("from", v.from);
  }
  way.object("by", v.by);
  way.words("why", v.why);
  way.list("overrides", v.overrides);
}

template <class Way, Is<WeeklyGoal> V>
void fields(Way& way, V& v) {
  way.required_name("substance", v.substance);
  way.date("from", v.from);
  way.number("amount", v.amount, 0, 1e9);
  way.name("unit", v.unit);
  way.number("most_on_a_day", v.most_on_a_day, 0, 1e9);
  way.integer("most_days", v.most_days, 0, 7);
  way.list("agreed_by", v.agreed_by);
  way.date("review", v.review);
}

template <class Way, Is<GoalMilestone> V>
void fields(Way& way, V& v) {
  way.required_name("id", v.id);
  way.words("words", v.words);
  way.name("axis", v.axis);
  way.number("threshold", v.threshold, -1e9, 1e9);
  way.flag_or("at_least", v.at_least, true);
  way.integer_or("sustained_days", v.sustained_days, 0, 36'525, 0);
  way.date("reached_on", v.reached_on);
  way.flag_or("acknowledged", v.acknowledged, false);
  way.number("confidence", v.confidence, 0, 10);
}

template <class Way, Is<StageEntry> V>
void fields(Way& way, V& v) {
  way.choice("stage", v.stage);
  way.date("on", v.on);
}

template <class Way, Is<Rating> V>
void fields(Way& way, V& v) {
  way.date("on", v.on);
  way.number("value", v.value, 0, 10);
}

template <class Way, Is<AttainmentScale::Score> V>
void fields(Way& way, V& v) {
  way.date("on", v.on);
  way.integer("level", v.level, -2, 2);
}

template <class Way, Is<AttainmentScale> V>
void fields(Way& way, V& v) {
  way.words("much_less", v.levels[0]);
  way.words("less", v.levels[1]);
  way.words("expected", v.levels[2]);
  way.words("better", v.levels[3]);
  way.words("much_better", v.levels[4]);
  way.number_or("weight", v.weight, 1e-6, 1e6, 1);
  way.integer_or("baseline", v.baseline, -2, 2, -1);
  way.list("scores", v.scores);
}

template <class Way, Is<GoalNeed> V>
void fields(Way& way, V& v) {
  way.required_name("goal", v.goal);
  way.words("why", v.why);
  way.flag_or("person_says_so", v.person_says_so, false);
}

template <class Way, Is<Goal> V>
void fields(Way& way, V& v) {
  way.required_name("id", v.id);
  way.words("words", v.words);
  way.choice("aim", v.aim);
  way.texts("substances", v.substances);
  way.name("domain", v.domain);
  way.name("harm", v.harm);
  way.choice_or("status", v.status, GoalStatus::open);
  way.date("opened", v.opened);
  way.date("wanted_by", v.wanted_by);
  way.integer("days_expected", v.days_expected, 0, 36'525);
  way.list("needs", v.needs);
  way.flag_or("may_evolve", v.may_evolve, true);
  way.name("grew_from", v.grew_from);
  way.list("weekly", v.weekly);
  way.list("milestones", v.milestones);
  way.list("stages", v.stages);
  way.list("readiness", v.readiness);
  way.list("confidence", v.confidence);
  way.list("importance", v.importance);
  way.object("scale", v.scale);
}

template <class Way, Is<WarmTurkey> V>
void fields(Way& way, V& v) {
  way.choice("way", v.way);
  way.required_name("substance", v.substance);
  way.date("first", v.first);
  way.date("last", v.last);
  way.integer_or("review_every_days", v.review_every_days, 1, 365, 7);
  way.number("low", v.low, 0, 1e9);
  way.number("high", v.high, 0, 1e9);
  way.name("unit", v.unit);
}

template <class Way, Is<Activity> V>
void fields(Way& way, V& v) {
  way.required_name("id", v.id);
  way.choice("kind", v.kind);
  way.words("words", v.words);
  way.texts("goals", v.goals);
  way.texts("with", v.with);
  way.date("first", v.first);
  way.date("last", v.last);
  way.list("after", v.after);
  way.object("phase", v.phase);
  if constexpr (Way::reading) {
    way.name("taper_plan", v.taper_plan);
  } else {
    // A taper that is only held in memory goes by its own id; its plan has a document of its own.
    way.name("taper_plan", v.taper_plan.empty() && v.taper != nullptr ? v.taper->request().plan_id
                                                                      : v.taper_plan);
  }
  way.flag("asks_for_wish_to_stop", v.asks_for_wish_to_stop);
}

template <class Way, Is<SaferUseSituation> V>
void fields(Way& way, V& v) {
  way.required_name("when", v.when);
  way.texts("signs", v.signs);
  way.texts("steps", v.steps);
}

template <class Way, Is<PlanContact> V>
void fields(Way& way, V& v) {
  way.required_name("name", v.name);
  way.name("how", v.how);
  way.flag_or("any_hour", v.any_hour, false);
  way.flag_or("whether_used", v.whether_used, true);
}

template <class Way, Is<SaferUsePlan> V>
void fields(Way& way, V& v) {
  way.required_name("id", v.id);
  way.texts("substances", v.substances);
  way.list("situations", v.situations);
  way.list("contacts", v.contacts);
  way.flag("naloxone_at_hand", v.naloxone_at_hand);
  way.name("naloxone_where", v.naloxone_where);
  way.flag("somebody_present", v.somebody_present);
  way.texts("safer_place", v.safer_place);
  way.texts("worked_on", v.worked_on);
  way.texts("reasons", v.reasons);
  way.date("review", v.review);
}

template <class Way, Is<ExperimentPeriod> V>
void fields(Way& way, V& v) {
  way.date("first", v.first);
  way.date("last", v.last);
  way.flag_or("trial", v.trial, false);
}

template <class Way, Is<Experiment> V>
void fields(Way& way, V& v) {
  way.required_name("id", v.id);
  way.name("goal", v.goal);
  way.words("hypothesis", v.hypothesis);
  way.required_name("measure", v.measure);
  way.name("substance", v.substance);
  way.choice_or("wanted", v.wanted, WantedChange::lower);
  way.list("periods", v.periods);
  way.flag_or("order_by_lot", v.order_by_lot, false);
  way.number("worthwhile", v.worthwhile, 0, 1e9);
  way.words("learned", v.learned);
}

template <class Way, Is<TriggerEntry> V>
void fields(Way& way, V& v) {
  way.date("on", v.on);
  way.choice("kind", v.kind);
  way.words("words", v.words);
  way.flag_or("used", v.used, true);
  way.name("need", v.need);
  way.name("what_helped", v.what_helped);
}

template <class Way, Is<NeedsEntry> V>
void fields(Way& way, V& v) {
  way.required_name("area", v.area);
  way.words("words", v.words);
  way.date("on", v.on);
}

// A version with the change that made it, as it stands in a file.
struct StoredVersion {
  Change change;
  GoalPlanVersion version;
};

template <class Way, Is<StoredVersion> V>
void fields(Way& way, V& stored) {
  auto& v = stored.version;
  way.object("change", stored.change);
  old_choice(way, "status", v.status, PlanStatus::care_goes_on, PlanStatus::draft);
  way.list("made_by", v.made_by);
  way.list("goals", v.goals);
  way.list("activities", v.activities);
  way.list("safer_use", v.safer_use);
  way.list("experiments", v.experiments);
  way.list("triggers", v.triggers);
  way.list("needs", v.needs);
  way.texts("reasons", v.reasons);
  way.texts("preferences", v.preferences);
  way.texts("barriers", v.barriers);
  way.date("next_review", v.next_review);
  if constexpr (Way::reading) {
    taper_json::optional_nested(way.in(), "facts", [&](const JsonView& view) {
      v.facts = taper_json::facts(way.read(), view);
    });
  } else if (!(v.facts == SafetyFacts{})) {
    way.out().put("facts", taper_json::facts_json(v.facts));
  }
}

struct StoredPlan {
  std::string id;
  std::vector<StoredVersion> versions;
};

template <class Way, Is<StoredPlan> V>
void fields(Way& way, V& v) {
  way.format("ombre-goal-plan-1");
  way.required_name("id", v.id);
  way.list("versions", v.versions);
}

static Result<GoalPlanAnswer> plan_of(const Json& document, std::string_view file) {
  auto stored = read_one<StoredPlan>(view_of(document, file));
  if (!stored) return unexpected(stored.error());
  if (stored->versions.empty()) {
    return taper_json::in_file(
        error_of(Errc::missing, "versions", "must hold at least one version"), file);
  }
  std::optional<GoalPlanAnswer> answer;
  for (std::size_t i = 0; i < stored->versions.size(); ++i) {
    StoredVersion& v = stored->versions[i];
    auto next = answer ? revise(*answer->plan, std::move(v.version), std::move(v.change))
                       : make_goal_plan(stored->id, std::move(v.version), std::move(v.change));
    if (!next) {
      Error error = std::move(next).error();
      if (error.field != "id") {
        error.field = "versions[" + std::to_string(i) + "]." + error.field;
      }
      return taper_json::in_file(std::move(error), file);
    }
    if (next->answer == Answer::refused) {
      if (answer) next->plan = std::move(answer->plan);
      return *std::move(next);
    }
    answer = *std::move(next);
  }
  return *std::move(answer);
}

}  // namespace ombre::inline v0::io::both_ways

namespace ombre::inline v0::io {

Result<plans::GoalPlanAnswer> parse_goal_plan(std::string_view json, std::string_view name) {
  const auto document =
      parse_json(json, name, {.max_depth = 32, .max_bytes = most_goal_plan_bytes});
  if (!document) return unexpected(document.error());
  return both_ways::plan_of(*document, name);
}

Result<plans::GoalPlanAnswer> read_goal_plan(const std::string& path) {
  const auto document = read_json(path, {.max_depth = 32, .max_bytes = most_goal_plan_bytes});
  if (!document) return unexpected(document.error());
  return both_ways::plan_of(*document, path);
}

Json goal_plan_json(const plans::GoalPlan& plan) {
  both_ways::StoredPlan stored;
  stored.id = plan.id();
  for (std::size_t v = 1; v <= plan.version(); ++v) {
    stored.versions.push_back({plan.history().change(v), plan.history().at(v)});
  }
  return both_ways::WriteWay::one(stored);
}

}  // namespace ombre::inline v0::io
