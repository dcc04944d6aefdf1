// `ombre taper hold` and its kin: one operation on a plan, written as the plan's next version.
#include <charconv>
#include <functional>
#include <iostream>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "cli/output.hpp"
#include "cli/taper_parts.hpp"
#include "ombre/plans/taper_operations.hpp"

namespace ombre::cli {
namespace {

using plans::Amount;
using plans::Decision;
using plans::TaperAnswer;
using plans::TaperPlan;

// What every operation asks for.
struct Common {
  std::string plan;
  std::string output = "-";
  std::string on;
  std::string by;
  std::string role;
  std::string why;
  std::vector<std::string> set_aside;
  std::vector<std::string> facts;
  std::string answer;
  bool notes = false;

  void add_to(CLI::App& app) {
    app.add_option("PLAN", plan, "Plan to change (- is standard input)")->required();
    app.add_option("-o,--output", output,
                   "Where the plan with its new version goes; may be PLAN itself")
        ->capture_default_str();
    app.add_option("--on", on, "Day of the decision, YYYY-MM-DD")->required();
    app.add_option("--by", by, "Who decides, as the history names them")->required();
    app.add_option("--role", role, "In which role")
        ->required()
        ->check(CLI::IsMember({"person", "clinician", "pharmacist", "companion", "team"}));
    app.add_option("--why", why, "The reason, in their own words")->required();
    app.add_option("--set-aside", set_aside,
                   "A rule that a clinician sets aside, with the reason: \"rule: reason\"")
        ->allow_extra_args(false);
    app.add_option("--fact", facts,
                   "What is known by now: seizure_history=no, next_contact=2024-03-01, "
                   "pregnant=unknown")
        ->allow_extra_args(false);
    app.add_option("--answer", answer, "Write the whole answer there too, as JSON");
    app.add_flag("--notes", notes, "Show notes besides warnings");
  }
};

Result<Date> date_of(std::string_view option, const std::string& text) {
  auto date = Date::parse(text);
  if (date) return date;
  return unexpected(error_at(Errc::malformed, option, std::nullopt, text, date.error().rule));
}

// "key=value" into facts that are known so far.
Result<plans::SafetyFacts> with_facts(const plans::SafetyFacts& known,
                                      const std::vector<std::string>& given) {
  std::vector<io::Json::Member> members;
  const io::Json before = io::safety_facts_json(known);
  for (const io::Json::Member& member : before.members()) members.push_back(member);
  for (const std::string& one : given) {
    const auto equals = one.find('=');
    if (equals == std::string::npos) {
      return unexpected(error_at(Errc::malformed, "--fact", std::nullopt, one,
                                 "must be name=value, such as seizure_history=no"));
    }
    const std::string key = one.substr(0, equals);
    const std::string value = one.substr(equals + 1);
    std::erase_if(members, [&key](const io::Json::Member& m) { return m.first == key; });
    double number = 0;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), number);
    io::Json json = io::Json::text(value);
    if (value == "yes" || value == "true") {
      json = io::Json::boolean(true);
    } else if (value == "no" || value == "false") {
      json = io::Json::boolean(false);
    } else if (value == "unknown") {
      json = io::Json{};  // null: not known
    } else if (read.ec == std::errc{} && read.ptr == value.data() + value.size()) {
      json = io::Json::number(number);
    }
    members.emplace_back(key, std::move(json));
  }
  auto out = io::safety_facts_of(io::Json::object(std::move(members)));
  if (!out) {
    Error error = out.error();
    error.field = "--fact " + error.field;
    return unexpected(std::move(error));
  }
  return out;
}

Result<Decision> decision_of(const Common& common, const TaperPlan& plan) {
  Decision out;
  const auto on = date_of("--on", common.on);
  if (!on) return unexpected(on.error());
  out.on = *on;
  out.by = {common.by, *plans::find_role(common.role)};
  if (common.why.find_first_not_of(" \t\n") == std::string::npos) {
    return unexpected(error_of(Errc::missing, "--why", "is required: the reason stays with it"));
  }
  out.why = common.why;
  for (const std::string& one : common.set_aside) {
    const auto colon = one.find(':');
    if (colon == std::string::npos) {
      return unexpected(error_at(Errc::malformed, "--set-aside", std::nullopt, one,
                                 "must be a rule and the reason: \"rule: reason\""));
    }
    const auto begin = one.find_first_not_of(' ', colon + 1);
    out.overrides.push_back(
        {one.substr(0, colon), out.by, begin == std::string::npos ? "" : one.substr(begin)});
  }
  if (!common.facts.empty()) {
    auto facts = with_facts(plan.now().facts, common.facts);
    if (!facts) return unexpected(facts.error());
    out.facts = *std::move(facts);
  }
  return out;
}

using Operation = std::function<Result<TaperAnswer>(const TaperPlan&, const Decision&)>;

Exit run(const Common& common, const Operation& operation) {
  // The plan itself may be the output: it holds all its earlier versions.
  const NamedPath input[] = {{"PLAN", common.plan}};
  const NamedPath outputs[] = {{"--output", common.output}, {"--answer", common.answer}};
  if (auto ok = check_paths({}, outputs); !ok) return fail(ok.error());
  if (auto ok = check_paths(input, std::span{outputs}.subspan(1)); !ok) return fail(ok.error());
  const auto plan = read_plan_only(common.plan);
  if (!plan) return fail(plan.error());
  const auto decision = decision_of(common, *plan);
  if (!decision) return fail(decision.error());
  const auto answer = operation(*plan, *decision);
  if (!answer) return fail(answer.error());
  if (const Exit told = tell(*answer, common.answer, common.notes); told != Exit::ok) return told;
  const auto text = io::json_text(io::taper_plan_json(*answer->plan));
  if (!text) return fail(text.error());
  if (auto written = write_text(common.output, *text); !written) return fail(written.error());
  return Exit::ok;
}

// ---- parts of single operations ----------------------------------------------------------------

struct Details {
  std::string from;
  std::string until;  // review, next contact
  int days = 0;
  std::string pace;
  int step = 0;
  int missed_days = 0;
  std::string amount;
  std::string settle;
  std::string kind;
  std::string words;
  std::string substance;
  bool half = false;
};

Result<plans::Pace> pace_of(const std::string& text, bool slower) {
  const auto refuse = [&](std::string_view rule) {
    return unexpected(error_at(Errc::malformed, "--pace", std::nullopt, text, rule));
  };
  plans::Pace out;
  const char* const end = text.data() + text.size();
  const auto slash = text.find('/');
  const auto first = std::from_chars(text.data(), end, out.numerator);
  if (slash == std::string::npos || first.ec != std::errc{} || first.ptr != text.data() + slash) {
    return refuse("must be a ratio to the present pace, such as 1/2 or 3/2");
  }
  const auto second = std::from_chars(text.data() + slash + 1, end, out.denominator);
  if (second.ec != std::errc{} || second.ptr != end) {
    return refuse("must be a ratio to the present pace, such as 1/2 or 3/2");
  }
  if (slower && out.numerator >= out.denominator) return refuse("must be below 1 to go slower");
  if (!slower && out.numerator <= out.denominator) return refuse("must be above 1 to go faster");
  return out;
}

// The line that is meant: the only one, or the one named.
Result<std::size_t> line_of(const TaperPlan& plan, const std::string& substance) {
  const auto& lines = plan.request().lines;
  if (substance.empty() && lines.size() == 1) return std::size_t{0};
  std::string names;
  for (std::size_t l = 0; l < lines.size(); ++l) {
    if (lines[l].what.id == substance || lines[l].what.name == substance) return l;
    names += (names.empty() ? "" : ", ") + lines[l].what.id;
  }
  return unexpected(error_at(substance.empty() ? Errc::missing : Errc::unknown_name, "--substance",
                             std::nullopt, substance, "must be one of the plan's: " + names));
}

Result<Amount> amount_of(const std::string& text, std::string_view option) {
  auto amount = Amount::parse(text);
  if (amount) return amount;
  return unexpected(error_at(amount.error().code, option, std::nullopt, text,
                             amount.error().rule + ", such as \"12.5 mg\""));
}

Result<plans::StepLength> length_of(const std::string& text) {
  const auto blank = text.find(' ');
  plans::StepLength out;
  const char* const end = text.data() + std::min(blank, text.size());
  const auto read = std::from_chars(text.data(), end, out.count);
  std::string unit = blank == std::string::npos ? "" : text.substr(blank + 1);
  if (!unit.empty() && unit.back() != 's') unit += 's';
  const auto known = plans::find_length_unit(unit);
  if (read.ec != std::errc{} || read.ptr != end || !known) {
    return unexpected(error_at(Errc::malformed, "--settle", std::nullopt, text,
                               "must be a number of days, weeks or months, such as \"1 week\""));
  }
  out.unit = *known;
  return out;
}

// Adds one operation: its own options, then the common ones.
void add(CLI::App& app, std::vector<std::pair<CLI::App*, Command::Run>>& runs, const char* name,
         const char* summary, const std::function<void(CLI::App&, Details&)>& options,
         std::function<Result<TaperAnswer>(const TaperPlan&, const Decision&, const Details&)>
             operation) {
  CLI::App* sub = app.add_subcommand(name, summary);
  auto common = std::make_shared<Common>();
  auto details = std::make_shared<Details>();
  options(*sub, *details);
  common->add_to(*sub);
  runs.emplace_back(sub, [common, details, operation = std::move(operation)] {
    return run(*common, [&](const TaperPlan& plan, const Decision& decision) {
      return operation(plan, decision, *details);
    });
  });
}

void from_option(CLI::App& app, Details& d) {
  app.add_option("--from", d.from, "First day that may change, YYYY-MM-DD")->required();
}
void missed_option(CLI::App& app, Details& d) {
  app.add_option("--missed-days", d.missed_days,
                 "Days without any dose just before; 0 where none were missed")
      ->required()
      ->check(CLI::Range(0, 36'500));
}
void substance_option(CLI::App& app, Details& d) {
  app.add_option("--substance", d.substance, "Which one, where the plan has several");
}

}  // namespace

void add_taper_operations(CLI::App& app, std::vector<std::pair<CLI::App*, Command::Run>>& runs) {
  add(
      app, runs, "accept", "Take the draft as the plan", [](CLI::App&, Details&) {},
      [](const TaperPlan& plan, const Decision& decision, const Details&) {
        return plans::accept(plan, decision);
      });
  add(
      app, runs, "hold", "Stay at the present dose until a review",
      [](CLI::App& sub, Details& d) {
        from_option(sub, d);
        sub.add_option("--review", d.until, "When to look at it again")->required();
      },
      [](const TaperPlan& plan, const Decision& decision, const Details& d) -> Result<TaperAnswer> {
        const auto from = date_of("--from", d.from);
        if (!from) return unexpected(from.error());
        const auto review = date_of("--review", d.until);
        if (!review) return unexpected(review.error());
        return plans::hold(plan, *from, *review, decision);
      });
  add(
      app, runs, "resume", "Go on after a hold or a stop",
      [](CLI::App& sub, Details& d) {
        sub.add_option("--first-day", d.from, "First day of the next step")->required();
        sub.add_flag("--half-next-step", d.half, "A step half way to the next dose comes first");
      },
      [](const TaperPlan& plan, const Decision& decision, const Details& d) -> Result<TaperAnswer> {
        const auto first = date_of("--first-day", d.from);
        if (!first) return unexpected(first.error());
        return plans::resume(plan, *first, d.half, decision);
      });
  add(
      app, runs, "shift", "Move the steps to come by some days",
      [](CLI::App& sub, Details& d) {
        from_option(sub, d);
        sub.add_option("--days", d.days, "Later; below 0 earlier")
            ->required()
            ->check(CLI::Range(-36'500, 36'500));
      },
      [](const TaperPlan& plan, const Decision& decision, const Details& d) -> Result<TaperAnswer> {
        const auto from = date_of("--from", d.from);
        if (!from) return unexpected(from.error());
        return plans::shift(plan, *from, Days{d.days}, decision);
      });
  for (const bool slower : {true, false}) {
    add(
        app, runs, slower ? "slow" : "speed",
        slower ? "Make every step to come longer" : "Make every step to come shorter",
        [](CLI::App& sub, Details& d) {
          from_option(sub, d);
          sub.add_option("--pace", d.pace, "Against the present pace: 1/2 is half as fast")
              ->required();
        },
        [slower](const TaperPlan& plan, const Decision& decision,
                 const Details& d) -> Result<TaperAnswer> {
          const auto from = date_of("--from", d.from);
          if (!from) return unexpected(from.error());
          const auto pace = pace_of(d.pace, slower);
          if (!pace) return unexpected(pace.error());
          return plans::change_pace(plan, *from, *pace, decision);
        });
  }
  add(
      app, runs, "back", "Back to the dose of an earlier step",
      [](CLI::App& sub, Details& d) {
        from_option(sub, d);
        sub.add_option("--step", d.step, "Id of that step (step_id in the CSV)")->required();
        missed_option(sub, d);
      },
      [](const TaperPlan& plan, const Decision& decision, const Details& d) -> Result<TaperAnswer> {
        const auto from = date_of("--from", d.from);
        if (!from) return unexpected(from.error());
        return plans::step_back(plan, *from, d.step, d.missed_days, decision);
      });
  add(
      app, runs, "re-anchor", "Begin again from what is taken now",
      [](CLI::App& sub, Details& d) {
        from_option(sub, d);
        sub.add_option("--now", d.amount, "What is taken now: \"30 drinks\"")->required();
        sub.add_option("--settle", d.settle, "How long to stay there: \"1 week\"")->required();
        missed_option(sub, d);
        substance_option(sub, d);
      },
      [](const TaperPlan& plan, const Decision& decision, const Details& d) -> Result<TaperAnswer> {
        const auto from = date_of("--from", d.from);
        if (!from) return unexpected(from.error());
        const auto line = line_of(plan, d.substance);
        if (!line) return unexpected(line.error());
        const auto now = amount_of(d.amount, "--now");
        if (!now) return unexpected(now.error());
        const auto settle = length_of(d.settle);
        if (!settle) return unexpected(settle.error());
        return plans::re_anchor(plan, *from, *line, *now, *settle, d.missed_days, decision);
      });
  add(
      app, runs, "goal", "Another place to arrive at",
      [](CLI::App& sub, Details& d) {
        from_option(sub, d);
        sub.add_option("--kind", d.kind, "What kind of goal")
            ->required()
            ->check(CLI::IsMember({"zero", "lower_amount", "safer_pattern", "undecided"}));
        sub.add_option("--amount", d.amount, "For a lower amount or a safer pattern: \"40 mg\"");
        sub.add_option("--words", d.words, "The goal in the person's own words");
        substance_option(sub, d);
      },
      [](const TaperPlan& plan, const Decision& decision, const Details& d) -> Result<TaperAnswer> {
        const auto from = date_of("--from", d.from);
        if (!from) return unexpected(from.error());
        const auto line = line_of(plan, d.substance);
        if (!line) return unexpected(line.error());
        plans::TaperGoal goal;
        goal.kind = *plans::find_goal_kind(d.kind);
        goal.words = d.words;
        if (!d.amount.empty()) {
          const auto amount = amount_of(d.amount, "--amount");
          if (!amount) return unexpected(amount.error());
          goal.amount = *amount;
        }
        return plans::change_goal(plan, *from, *line, goal, decision);
      });
  add(
      app, runs, "stop", "Stop reducing and keep the care",
      [](CLI::App& sub, Details& d) {
        from_option(sub, d);
        sub.add_option("--next-contact", d.until, "When to be in touch again")->required();
      },
      [](const TaperPlan& plan, const Decision& decision, const Details& d) -> Result<TaperAnswer> {
        const auto from = date_of("--from", d.from);
        if (!from) return unexpected(from.error());
        const auto contact = date_of("--next-contact", d.until);
        if (!contact) return unexpected(contact.error());
        return plans::stop_tapering(plan, *from, *contact, decision);
      });
}

}  // namespace ombre::cli
