// A review as a page, and as the next version of the plan.
#include <algorithm>

#include "ombre/outcomes/review.hpp"
#include "plans/plain_words.hpp"
#include "review_parts.hpp"
#include "review_words.hpp"

namespace ombre::inline v0::outcomes {
namespace {

using plans::detail::counted;
using plans::detail::listed;
using plans::detail::plain;

std::string episode_text(const ReviewEpisode& e) {
  std::string out = e.substance + ": ";
  out += e.days == 1 ? "one day, " + e.first.iso()
                     : counted(e.days, "day") + ", " + e.first.iso() + " to " + e.last.iso();
  if (e.days_at_least) {
    out += " at most (" + counted(e.use_days, "day") +
           " with use; of days between them nothing is known, so it may have been several times, "
           "the last one at least " +
           counted(*e.days_at_least, "day") + " long)";
  } else if (e.use_days != e.days) {
    out += " (" + counted(e.use_days, "day") + " with use)";
  }
  if (e.mean) {
    out += ", about " + plain(*e.mean) + (e.unit.empty() ? "" : " " + e.unit) + " a day";
  }
  out += e.goes_on ? "; it may still be going on." : "; it has ended.";
  if (e.days_before) {
    out += std::string{e.days_at_least ? " Before the first of these days " : " Before it "} +
           (e.at_least ? "at least " : "") + counted(*e.days_before, "day") + " without";
    if (e.usual_before) out += " (usual before: " + plain(*e.usual_before) + ")";
    out += ".";
  }
  if (e.usual_days) {
    out += " Earlier times lasted " + plain(*e.usual_days) + " days as a rule.";
  }
  if (e.length_trend && *e.length_trend < 0) out += " They are getting shorter.";
  if (e.length_trend && *e.length_trend > 0) out += " They are getting longer.";
  if (e.interval_trend && *e.interval_trend > 0) out += " The time between them is growing.";
  if (e.interval_trend && *e.interval_trend < 0) out += " The time between them is shrinking.";
  return out;
}

std::string weeks_text(const ReviewWeeks& w) {
  std::string out = w.substance + ": ";
  if (!w.last_week) return out + "of the last whole week not every day is known.";
  out += "last week " + plain(*w.last_week) + " " + w.unit;
  if (w.limit) out += ", limit " + plain(*w.limit);
  if (w.course.weeks > 0) {
    out += "; " + std::to_string(w.course.within) + " of " +
           counted(static_cast<std::int64_t>(w.course.weeks), "week") + " within it";
  }
  return out + ".";
}

void section(std::string& out, std::string_view title, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  out += '\n';
  out += title;
  out += '\n';
  for (const std::string& line : lines) out += "  - " + line + '\n';
}

}  // namespace

std::string page(const Review& r) {
  std::string out = "Review of " + r.today.iso() + ", looking back to " + r.since.iso() + "\n";
  std::vector<std::string> lines;
  for (const SafetyStep& s : r.now) {
    lines.push_back(std::string{s.urgency == Urgency::now     ? "Now: "
                                : s.urgency == Urgency::today ? "Today: "
                                                              : "This week: "} +
                    s.says +
                    (s.cited.starts_with(detail::other_words)
                         ? " (This sentence is not in the words of this library.)"
                         : ""));
  }
  section(out, "First, safety", lines);

  lines.clear();
  for (const ReviewEpisode& e : r.episodes) lines.push_back(episode_text(e));
  for (const ReviewWeeks& w : r.weeks) lines.push_back(weeks_text(w));
  if (lines.empty()) lines.emplace_back("No use is known in this time.");
  section(out, "What happened", lines);
  if (!r.episodes.empty()) {
    out += "    (" + counted(r.gap_days, "day") + " without use end an episode.)\n";
  }

  section(out, "What stays achieved", r.stands);
  if (r.compared_with) {
    section(out,
            "What changed, last 28 days against " + r.compared_with->first().iso() + " to " +
                r.compared_with->last().iso(),
            plans::describe(r.change));
  } else {
    section(out, "What changed", plans::describe(r.change));
  }

  lines.clear();
  for (const Signal& s : r.signals) {
    if (s.strength == SignalStrength::present) lines.push_back(s.says);
    if (s.strength == SignalStrength::possible) lines.push_back("Maybe: " + s.says);
  }
  section(out, "What it may mean", lines);

  lines.clear();
  for (const Refocus& f : r.refocus) lines.push_back(f.says);
  section(out, "What to focus on", lines);
  section(out, "To ask", r.to_ask);
  return out;
}

Result<plans::GoalPlanAnswer> refocus(const plans::GoalPlan& plan, const Review& review,
                                      std::span<const std::size_t> chosen, plans::Change change) {
  plans::GoalPlanVersion next = plan.now();
  const auto free_id = [&next](std::string wanted) {
    const auto taken = [&next](const std::string& id) {
      return std::ranges::any_of(next.activities,
                                 [&id](const plans::Activity& a) { return a.id == id; });
    };
    std::string id = wanted;
    for (int n = 2; taken(id); ++n) id = wanted + "-" + std::to_string(n);
    return id;
  };
  const auto add_activity = [&](plans::ActivityKind kind, const std::string& id,
                                const Refocus& what, std::optional<Date> last) {
    plans::Activity a;
    a.id = free_id(id);
    a.kind = kind;
    a.words = what.says;
    a.first = change.from;
    a.last = last;
    next.activities.push_back(std::move(a));
  };
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (chosen[i] >= review.refocus.size()) {
      return unexpected(error_at(Errc::out_of_range, "chosen", i, static_cast<double>(chosen[i]),
                                 "must be a place in the review's proposals"));
    }
    const Refocus& what = review.refocus[chosen[i]];
    const auto goal = std::ranges::find(next.goals, what.goal, &plans::Goal::id);
    const bool limits = what.kind == RefocusKind::ease || what.kind == RefocusKind::hold;
    if (limits && goal != next.goals.end() && !what.substance.empty()) {
      const plans::WeeklyGoal* in_force =
          plans::weekly_goal_on(*goal, what.substance, change.from - Days{1});
      std::optional<plans::WeeklyGoal> limit;
      if (in_force != nullptr) limit = *in_force;
      // Limits that were still to come wait; those that were kept stay on record.
      std::erase_if(goal->weekly, [&](const plans::WeeklyGoal& w) {
        return w.substance == what.substance && w.from >= change.from;
      });
      if (what.kind == RefocusKind::ease && what.weekly_limit) {
        plans::WeeklyGoal eased;
        if (limit) eased = *limit;
        eased.substance = what.substance;
        eased.unit = what.unit;
        eased.amount = *what.weekly_limit;
        eased.from = change.from;
        eased.agreed_by = {change.by};
        eased.review = change.on + Days{14};
        goal->weekly.push_back(std::move(eased));
      }
      continue;
    }
    switch (what.kind) {
      case RefocusKind::raise_contact:
        add_activity(plans::ActivityKind::contact, "daily-call", what, change.from + Days{6});
        break;
      case RefocusKind::add_support:
        add_activity(plans::ActivityKind::peer_support, "support", what, std::nullopt);
        break;
      case RefocusKind::learn:
        add_activity(plans::ActivityKind::skills, "what-came-before", what, std::nullopt);
        break;
      case RefocusKind::prepare_way_back:
        add_activity(plans::ActivityKind::contact, "way-back", what, std::nullopt);
        break;
      case RefocusKind::ease:
        add_activity(plans::ActivityKind::counselling, "smaller-piece", what, std::nullopt);
        break;
      case RefocusKind::hold:
      case RefocusKind::keep_going:
        break;
    }
  }
  next.next_review = change.on + Days{7};
  // What the person said yes to was the version before: only they say yes to this one.
  if (change.by.role != plans::Role::person && next.status == plans::PlanStatus::accepted) {
    next.status = plans::PlanStatus::draft;
  }
  change.what = "refocus";
  return plans::revise(plan, std::move(next), std::move(change));
}

}  // namespace ombre::inline v0::outcomes
