// `ombre review`: a plan against a person's days, after a lapse or when it is time.
#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/output.hpp"
#include "cli/plan_parts.hpp"
#include "ombre/io/goal_plan_json.hpp"
#include "ombre/io/network_json.hpp"
#include "ombre/io/plan_figures.hpp"
#include "ombre/io/review_json.hpp"
#include "ombre/io/situation_json.hpp"
#include "ombre/io/use_csv.hpp"
#include "ombre/outcomes/situation_changes.hpp"
#include "ombre/timeline/build.hpp"

namespace ombre::cli {
namespace {

struct Options {
  std::string plan, tlfb, person, absent, asked, network, today, since;
  std::string format, output = "-", svg;
  std::string by, role = "person", why, new_plan;
  std::vector<std::string> situations;
  std::vector<std::size_t> choose;
  std::int32_t gap = 7;
};

Result<void> paths_fit(const Options& o) {
  std::vector<NamedPath> inputs = {
      {"PLAN", o.plan}, {"--tlfb", o.tlfb}, {"--asked", o.asked}, {"--network", o.network}};
  for (const std::string& path : o.situations) inputs.push_back({"--situation", path});
  const NamedPath outputs[] = {
      {"--output", o.output}, {"--svg", o.svg}, {"--new-plan", o.new_plan}};
  return check_paths(inputs, outputs);
}

// What changed between situations, added to what somebody was asked.
Result<void> add_situations(const Options& o, io::ReviewQuestions& asked) {
  if (o.situations.empty()) return {};
  std::vector<context::Situation> situations;
  for (const std::string& path : o.situations) {
    auto read = io::read_situation(path);
    if (!read) return unexpected(read.error());
    situations.push_back(std::move(read->situation));
  }
  auto changes = outcomes::factor_changes(situations, context::Catalogue{});
  if (!changes) {
    Error error = std::move(changes).error();
    error.field = "--situation: " + error.field;
    return unexpected(std::move(error));
  }
  asked.changes.insert(asked.changes.end(), std::make_move_iterator(changes->begin()),
                       std::make_move_iterator(changes->end()));
  asked.asked_for_changes = true;
  return {};
}

// The person's id in the records.
Result<std::string> person_in(const Options& o, const timeline::Records& records) {
  const auto& persons = records.persons();
  if (!o.person.empty()) {
    if (persons.find(o.person)) return o.person;
    return unexpected(error_at(Errc::unknown_name, "--person", std::nullopt, o.person,
                               "has no row in " + o.tlfb));
  }
  if (persons.size() == 1) return std::string{persons[0]};
  return unexpected(error_at(Errc::missing, "--person", std::nullopt,
                             static_cast<double>(persons.size()),
                             "must name one of the people of " + o.tlfb));
}

Exit write_new_plan(const Options& o, const plans::GoalPlan& plan, const outcomes::Review& review) {
  plans::Change change;
  change.on = review.today;
  change.from = review.today + Days{1};
  change.by.name = o.by;
  change.why = o.why;
  const auto role = plans::find_role(o.role);
  if (!role) {
    return fail(error_at(Errc::unknown_name, "--role", std::nullopt, o.role,
                         "must be person, clinician, pharmacist, companion or team"));
  }
  change.by.role = *role;
  std::vector<std::size_t> chosen;
  for (const std::size_t one : o.choose) {
    if (one == 0 || one > review.refocus.size()) {
      return fail(error_at(Errc::out_of_range, "--choose", std::nullopt, static_cast<double>(one),
                           "must be 1 to " + std::to_string(review.refocus.size())));
    }
    chosen.push_back(one - 1);
  }
  const auto next = outcomes::refocus(plan, review, chosen, std::move(change));
  if (!next) return fail(next.error());
  if (!next->plan) return print_findings("A rule refuses this.\n", next->findings, "text", "-");
  const auto text = io::json_text(io::goal_plan_json(*next->plan));
  if (!text) return fail(text.error());
  const auto written = write_text(o.new_plan, *text);
  return written ? Exit::ok : fail(written.error());
}

Exit run(const Options& o) {
  if (auto ok = paths_fit(o); !ok) return fail(ok.error());
  if (!o.new_plan.empty() && (o.choose.empty() || o.by.empty())) {
    return fail("--new-plan needs --choose (which proposals) and --by (who decides)", Exit::usage);
  }
  if (o.new_plan.empty() && !o.choose.empty()) {
    return fail("--choose needs --new-plan (where the next version goes)", Exit::usage);
  }
  const auto answer = io::read_goal_plan(o.plan);
  if (!answer) return fail(answer.error());
  if (answer->answer == plans::Answer::refused) {
    return print_findings("A rule refuses this plan.\n", answer->findings, "text", "-");
  }
  auto table = io::read_use_csv(o.tlfb);
  if (!table) return fail(table.error());
  if (table->records.axis() != timeline::DayAxis::calendar) {
    return fail(error_of(Errc::contradiction, o.tlfb, "must have dates: a review speaks of dates"));
  }
  const auto person = person_in(o, table->records);
  if (!person) return fail(person.error());
  const timeline::BuildOptions build{o.absent == "none" ? timeline::AbsentDay::none
                                                        : timeline::AbsentDay::unknown};
  const auto built = timeline::build_grid(table->records, build);
  if (!built) return fail(built.error());
  const auto use = outcomes::use_history(built->grid, *person);
  if (!use) return fail(use.error());

  io::ReviewQuestions asked;
  if (!o.asked.empty()) {
    auto read = io::read_review_questions(o.asked);
    if (!read) return fail(read.error());
    asked = *std::move(read);
  }
  if (auto added = add_situations(o, asked); !added) return fail(added.error());
  plans::SocialNetwork network;
  outcomes::ReviewInput input;
  if (!o.network.empty()) {
    auto read = io::read_network(o.network);
    if (!read) return fail(read.error());
    network = *std::move(read);
    input.network = &network;
  }
  input.since = asked.since;
  input.changes = asked.changes;
  input.asked_for_changes = asked.asked_for_changes;
  input.harms = asked.harms;
  input.crisis_line = asked.crisis_line;
  input.rule.gap_days = o.gap;
  Date last = Date::min();
  for (const auto& u : *use) {
    last = std::max(last,
                    Date{} + Days{u.days.first_day + static_cast<std::int32_t>(u.days.size()) - 1});
  }
  input.today = last;
  if (!o.today.empty()) {
    const auto today = day_of("--today", o.today);
    if (!today) return fail(today.error());
    input.today = *today;
  }
  if (!o.since.empty()) {
    const auto since = day_of("--since", o.since);
    if (!since) return fail(since.error());
    input.since = *since;
  }
  const auto review = outcomes::review(*answer->plan, *use, input);
  if (!review) return fail(review.error());

  if (!o.svg.empty()) {
    io::UseFigureOptions figure;
    figure.subtitle = "plan " + answer->plan->id() + ", reviewed on " + review->today.iso();
    figure.rule = input.rule;
    figure.goals = answer->plan->now().goals;
    const auto svg = io::use_and_intervals_figure(*use, figure);
    if (!svg) return fail(svg.error());
    if (auto written = write_text(o.svg, *svg); !written) return fail(written.error());
  }
  std::string text;
  if (o.format == "json") {
    const auto json = io::json_text(io::review_json(*review));
    if (!json) return fail(json.error());
    text = *json;
  } else {
    text = outcomes::page(*review);
    if (!review->refocus.empty()) {
      text += "\nTo make this the next version of the plan, choose by number (--choose 1,2):\n";
      for (std::size_t i = 0; i < review->refocus.size(); ++i) {
        std::string kind{plans::name(review->refocus[i].kind)};
        std::ranges::replace(kind, '_', ' ');
        text += "  " + std::to_string(i + 1) + " " + kind + '\n';
      }
    }
  }
  if (auto written = write_text(o.output, text); !written) return fail(written.error());
  report(table->findings);
  report(built->findings);
  return o.new_plan.empty() ? Exit::ok : write_new_plan(o, *answer->plan, *review);
}

const Command review_command{
    "review", "Review a goal plan against daily use, after a lapse or when it is time", 53,
    [](CLI::App& app) -> Command::Run {
      auto o = std::make_shared<Options>();
      app.add_option("PLAN", o->plan, "Goal plan as JSON (docs/goals.md)")->required();
      app.add_option("--tlfb", o->tlfb, "Table of use: CSV or gzip, as for ombre metrics")
          ->required();
      app.add_option("--person", o->person, "Whose rows, where the table holds several people");
      app.add_option("--absent", o->absent,
                     "What a day without a row means: none or unknown (the default)")
          ->check(CLI::IsMember({"none", "unknown"}));
      app.add_option("--today", o->today, "Review as of this day; without it, the last day known");
      app.add_option("--since", o->since, "The last review; without it, 28 days before");
      app.add_option("--asked", o->asked,
                     "What was asked: changes in drug, set and setting, harms (JSON)");
      app.add_option("--situation", o->situations,
                     "Situations at different times (JSON, as for ombre options), the option "
                     "repeated: what changed between them is looked at");
      app.add_option("--network", o->network, "Support network (JSON): contacts, ways back");
      app.add_option("--gap", o->gap, "Days without use that end an episode")
          ->check(CLI::Range(1, 3650))
          ->capture_default_str();
      app.add_option("--format", o->format, "text or json")->check(CLI::IsMember({"text", "json"}));
      app.add_option("-o,--output", o->output, "File to write; - is standard output")
          ->capture_default_str();
      app.add_option("--svg", o->svg, "Draw use and the time between there");
      app.add_option("--choose", o->choose, "Proposals to carry out, by number")->delimiter(',');
      app.add_option("--by", o->by, "Who decides");
      app.add_option("--role", o->role, "person, clinician, pharmacist, companion or team")
          ->capture_default_str();
      app.add_option("--why", o->why, "In their own words");
      app.add_option("--new-plan", o->new_plan, "Write the next version of the plan there");
      app.footer(
          "\nA lapse re-focuses a plan; what was reached stays reached. Safety comes first on the\n"
          "page.\n"
          "Example: ombre review PLAN.json --tlfb use.csv --absent none --network NETWORK.json\n"
          "         ombre review PLAN.json --tlfb use.csv --choose 1,2 --by Ada --new-plan "
          "PLAN2.json");
      return [o] { return run(*o); };
    }};

}  // namespace
}  // namespace ombre::cli
