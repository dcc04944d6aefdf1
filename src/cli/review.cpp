// `ombre review`: a plan against a person's days, after a lapse or when it is time.
#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/output.hpp"
#include "cli/person_use.hpp"
#include "cli/plan_parts.hpp"
#include "cli/score_parts.hpp"
#include "ombre/core/wording.hpp"
#include "ombre/io/goal_plan_json.hpp"
#include "ombre/io/instrument_csv.hpp"
#include "ombre/io/network_json.hpp"
#include "ombre/io/plan_figures.hpp"
#include "ombre/io/review_json.hpp"
#include "ombre/io/situation_json.hpp"
#include "ombre/outcomes/situation_changes.hpp"
#include "ombre/spectrum/instruments.hpp"

namespace ombre::cli {
namespace {

struct Options {
  std::string plan, tlfb, person, absent, asked, network, today, since;
  std::string format, output = "-", svg;
  std::string by, role = "person", why, new_plan;
  std::vector<std::string> situations, scores, margins, errors;
  std::vector<std::int64_t> choose;
  std::int32_t gap = 7;
};

Result<void> paths_fit(const Options& o) {
  std::vector<NamedPath> inputs = {
      {"PLAN", o.plan}, {"--tlfb", o.tlfb}, {"--asked", o.asked}, {"--network", o.network}};
  for (const std::string& path : o.situations) inputs.push_back({"--situation", path});
  std::vector<std::string> score_files;
  score_files.reserve(o.scores.size());  // the names are looked into
  for (const std::string& text : o.scores) {
    const auto equals = text.find('=');
    if (equals == std::string::npos) continue;
    score_files.push_back(text.substr(equals + 1));
    inputs.push_back({"--scores", score_files.back()});
  }
  const NamedPath outputs[] = {
      {"--output", o.output}, {"--svg", o.svg}, {"--new-plan", o.new_plan}};
  return check_paths(inputs, outputs);
}

// What changed between situations, added to what somebody was asked.
Result<void> add_situations(const Options& o, io::ReviewQuestions& asked,
                            std::vector<context::Situation>& situations) {
  if (o.situations.empty()) return {};
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

// Questions about suicide that were left out are asked again; of those that were answered, one yes
// is enough.
Result<void> safety_answers(const spectrum::Instrument& instrument, const io::AnswerRow& row,
                            Date on, std::vector<plans::DatedScore>& scores,
                            std::vector<std::string>& to_ask) {
  const bool phq = instrument.id == "phq_9";
  if (!phq && instrument.id != "c_ssrs") return {};
  const auto report = spectrum::score(instrument, row.answers);
  if (!report) return unexpected(report.error());
  const spectrum::ScaleScore* scale = report->scale(phq ? "item_9" : "triage");
  if (scale == nullptr || scale->missing == 0) return {};
  to_ask.push_back(std::string{phq ? "Item 9 of the PHQ-9" : "Not every question of the C-SSRS"} +
                   (phq ? " was not answered on " : " was answered on ") + on.iso() +
                   ": ask about safety today, directly.");
  if (!phq && !scale->value && scale->least > 0) {
    scores.push_back({on, "c_ssrs: triage", scale->least, {}, false});
  }
  return {};
}

// Scores of life: --scores INSTRUMENT=FILE, with margins named INSTRUMENT.ITEM.
Result<std::vector<plans::DatedScore>> scores_of(const Options& o, const std::string& person,
                                                 std::vector<std::string>& to_ask) {
  const auto all = margins_of(o.margins, o.errors);
  if (!all) return unexpected(all.error());
  std::vector<bool> taken(all->size(), false);
  std::vector<plans::DatedScore> out;
  for (const std::string& text : o.scores) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
      return unexpected(error_at(Errc::malformed, "--scores", std::nullopt, text,
                                 "must be an instrument and its file: top=answers.csv"));
    }
    const auto instrument = spectrum::find_instrument(std::string_view{text}.substr(0, equals));
    if (!instrument) return unexpected(instrument.error());
    const std::string prefix = std::string{(*instrument)->id} + ".";
    std::vector<plans::NamedMargin> margins;
    for (std::size_t i = 0; i < all->size(); ++i) {
      if (!(*all)[i].of.starts_with(prefix)) continue;
      margins.push_back((*all)[i]);
      margins.back().of.erase(0, prefix.size());
      taken[i] = true;
    }
    const std::string file = text.substr(equals + 1);
    const auto answers = io::read_answers_csv(file, **instrument);
    if (!answers) return unexpected(answers.error());
    for (const io::AnswerRow& row : answers->rows) {
      if (!row.person.empty() && row.person != person) continue;
      const auto on = Date::parse(row.date);
      if (!on) {
        Error error =
            error_at(Errc::malformed, "date", row.line, row.date,
                     "must be a date such as 2026-01-31: a review sets days side by side");
        error.file = file;
        return unexpected(std::move(error));
      }
      auto scores = plans::life_scores(**instrument, row.answers, *on, margins);
      if (!scores) return unexpected(scores.error());
      std::ranges::move(*scores, std::back_inserter(out));
      if (auto ok = safety_answers(**instrument, row, *on, out, to_ask); !ok) {
        return unexpected(ok.error());
      }
    }
  }
  for (std::size_t i = 0; i < all->size(); ++i) {
    if (taken[i]) continue;
    return unexpected(error_at(Errc::unknown_name, "--margin or --error-of", std::nullopt,
                               (*all)[i].of,
                               "must name an instrument of --scores first: top.work=5"));
  }
  return out;
}

// Words that are not this library's, in a review that may have been changed since it was written.
Findings wording_of(const outcomes::Review& review, const std::string& file) {
  Findings out;
  const auto look = [&](std::string_view field, std::string_view text) {
    std::string plain;
    bool quoted = false;
    for (const char c : text) {
      quoted = quoted != (c == '"');
      if (!quoted) plain += c;
    }
    for (const WordingFault& fault : check_wording(plain)) {
      Finding f;
      f.severity = Severity::caution;
      f.rule = "wording_of_a_written_review";
      f.text = describe(fault);
      f.field = field;
      f.file = file;
      out.add(std::move(f));
    }
  };
  for (const auto& s : review.now) look("now", s.says);
  for (const auto& s : review.signals) look("signals", s.says);
  for (const auto& s : review.refocus) look("refocus", s.says);
  for (const auto& s : review.stands) look("stands", s);
  for (const auto& s : review.to_ask) look("to_ask", s);
  return out;
}

// A review that was written before, as a page again.
Exit show_again(const Options& o) {
  const auto review = io::read_review(o.plan);
  if (!review) {
    Error error = review.error();
    if (error.field == "format") {
      error.rule += "; to review a plan, give its days of use with --tlfb";
    }
    return fail(error);
  }
  report(wording_of(*review, o.plan));
  std::string text = outcomes::page(*review);
  if (o.format == "json") {
    const auto json = io::json_text(io::review_json(*review));
    if (!json) return fail(json.error());
    text = *json;
  }
  const auto written = write_text(o.output, text);
  return written ? Exit::ok : fail(written.error());
}

// Who decides, and how: everything of it that can be looked at before the review is made.
Result<plans::Change> change_of(const Options& o) {
  plans::Change change;
  change.by.name = o.by;
  change.why = o.why;
  const auto role = plans::find_role(o.role);
  if (!role) {
    return unexpected(error_at(Errc::unknown_name, "--role", std::nullopt, o.role,
                               "must be person, clinician, pharmacist, companion or team"));
  }
  change.by.role = *role;
  for (std::size_t i = 0; i < o.choose.size(); ++i) {
    const auto seen = o.choose.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(o.choose.begin(), seen, o.choose[i]) == seen) continue;
    return unexpected(error_at(Errc::duplicate, "--choose", std::nullopt,
                               static_cast<double>(o.choose[i]), "is chosen twice"));
  }
  return change;
}

// The next version of the plan as text; or its findings, where a rule refuses it.
struct NextPlan {
  std::string text;
  std::vector<plans::RuleFinding> refused;
};
Result<NextPlan> next_plan(const Options& o, plans::Change change, const plans::GoalPlan& plan,
                           const outcomes::Review& review) {
  change.on = review.today;
  change.from = review.today + Days{1};
  std::vector<std::size_t> chosen;
  for (const std::int64_t one : o.choose) {
    if (one < 1 || one > static_cast<std::int64_t>(review.refocus.size())) {
      return unexpected(error_at(Errc::out_of_range, "--choose", std::nullopt,
                                 static_cast<double>(one),
                                 "must be 1 to " + std::to_string(review.refocus.size())));
    }
    chosen.push_back(static_cast<std::size_t>(one - 1));
  }
  const auto next = outcomes::refocus(plan, review, chosen, std::move(change));
  if (!next) return unexpected(next.error());
  if (!next->plan) return NextPlan{{}, next->findings};
  auto text = io::json_text(io::goal_plan_json(*next->plan));
  if (!text) return unexpected(text.error());
  return NextPlan{*std::move(text), {}};
}

// Rows that could not be read are days of which nothing is known, and the page says so.
std::string set_aside(const PersonUse& person) {
  std::uint64_t rows = 0;
  for (const Findings::RuleCount& rule : person.read.counts()) {
    if (rule.severity >= Severity::caution) rows += rule.count;
  }
  if (rows == 0) return {};
  return "Of the table of use " + std::to_string(rows) + (rows == 1 ? " row" : " rows") +
         " could not be taken as written and " + (rows == 1 ? "was" : "were") +
         " set aside or changed; the days of them may be missing here.";
}

// What is dated after the review's day is not looked at, and the page says so.
std::vector<std::string> dated_after(const PersonUse& person, const outcomes::ReviewInput& input) {
  std::vector<std::string> out;
  const std::string today = input.today.iso();
  const std::string check = "; is the day of the review right?";
  if (person.last_day() > input.today) {
    out.push_back("The table of use goes on until " + person.last_day().iso() + "; days after " +
                  today + " were not looked at" + check);
  }
  std::size_t harms = 0;
  for (const plans::HarmEntry& harm : input.harms) harms += harm.on > input.today ? 1U : 0U;
  if (harms > 0) {
    out.push_back(std::to_string(harms) + (harms == 1 ? " harm is" : " harms are") +
                  " dated after " + today + " and " + (harms == 1 ? "was" : "were") +
                  " not looked at" + check);
  }
  return out;
}

Exit run(const Options& o) {
  if (auto ok = paths_fit(o); !ok) return fail(ok.error());
  if (o.tlfb.empty()) {
    if (!o.choose.empty() || !o.new_plan.empty()) {
      return fail(
          "--choose and --new-plan need the plan and its days (PLAN.json --tlfb use.csv): from a "
          "review that was written before no plan can be made",
          Exit::usage);
    }
    return show_again(o);
  }
  if (!o.new_plan.empty() && (o.choose.empty() || o.by.empty())) {
    return fail("--new-plan needs --choose (which proposals) and --by (who decides)", Exit::usage);
  }
  if (o.new_plan.empty() && !o.choose.empty()) {
    return fail("--choose needs --new-plan (where the next version goes)", Exit::usage);
  }
  auto change = change_of(o);
  if (!change) return fail(change.error());
  const auto answer = io::read_goal_plan(o.plan);
  if (!answer) return fail(answer.error());
  if (answer->answer == plans::Answer::refused) {
    return print_findings("A rule refuses this plan.\n", answer->findings, "text", "-");
  }
  const auto person = use_of(o.tlfb, o.person, o.absent);
  if (!person) return fail(person.error());
  const auto* use = &person->use;

  io::ReviewQuestions asked;
  if (!o.asked.empty()) {
    auto read = io::read_review_questions(o.asked);
    if (!read) return fail(read.error());
    asked = *std::move(read);
  }
  std::vector<context::Situation> situations;
  if (auto added = add_situations(o, asked, situations); !added) return fail(added.error());
  std::vector<std::string> to_ask;
  const auto scores = scores_of(o, person->person, to_ask);
  if (!scores) return fail(scores.error());
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
  input.situations = situations;
  input.scores = *scores;
  input.today = person->last_day();
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
  auto review = outcomes::review(*answer->plan, *use, input);
  if (!review) return fail(review.error());
  const std::string aside = set_aside(*person);
  if (!aside.empty()) to_ask.push_back(aside);
  for (const std::string& late : dated_after(*person, input)) to_ask.push_back(late);
  review->to_ask.insert(review->to_ask.begin(), to_ask.begin(), to_ask.end());

  // What may still be refused comes before anything is written, and all files appear or none.
  std::vector<io::FileText> files;
  std::string plan_text;
  std::string svg_text;
  if (!o.new_plan.empty()) {
    auto next = next_plan(o, *std::move(change), *answer->plan, *review);
    if (!next) return fail(next.error());
    if (!next->refused.empty()) {
      return print_findings("A rule refuses this.\n", next->refused, "text", "-");
    }
    plan_text = std::move(next->text);
    files.push_back({o.new_plan, plan_text});
  }
  if (!o.svg.empty()) {
    io::UseFigureOptions figure;
    figure.subtitle = "plan " + answer->plan->id() + ", reviewed on " + review->today.iso();
    figure.rule = input.rule;
    figure.goals = answer->plan->now().goals;
    auto svg = io::use_and_intervals_figure(*use, figure);
    if (!svg) return fail(svg.error());
    svg_text = *std::move(svg);
    files.push_back({o.svg, svg_text});
  }
  std::string text;
  if (o.format == "json") {
    const auto json = io::json_text(io::review_json(*review));
    if (!json) return fail(json.error());
    text = *json;
  } else {
    text = outcomes::page(*review);
    if (!aside.empty()) {
      const std::string none = "No use is known in this time.";
      if (const auto at = text.find(none); at != std::string::npos) {
        text.insert(at + none.size(), " Not every row could be read: see \"To ask\".");
      }
    }
    if (!review->refocus.empty()) {
      text += "\nTo make this the next version of the plan, choose by number (--choose 1,2):\n";
      for (std::size_t i = 0; i < review->refocus.size(); ++i) {
        std::string kind{plans::name(review->refocus[i].kind)};
        std::ranges::replace(kind, '_', ' ');
        text += "  " + std::to_string(i + 1) + " " + kind + '\n';
      }
    }
  }
  files.push_back({o.output.empty() ? "-" : o.output, text});
  if (auto written = io::write_files(files); !written) return fail(written.error());
  report(person->read);
  report(person->built);
  return Exit::ok;
}

const Command review_command{
    "review", "Review a goal plan against daily use, after a lapse or when it is time", 53,
    [](CLI::App& app) -> Command::Run {
      auto o = std::make_shared<Options>();
      app.add_option("PLAN", o->plan,
                     "Goal plan as JSON (docs/goals.md); or, without --tlfb, a review that was "
                     "written as JSON, to read it again")
          ->required();
      app.add_option("--tlfb", o->tlfb, "Table of use: CSV or gzip, as for ombre metrics");
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
                     "repeated: what changed between them is looked at, and how "
                     "substances are taken and whether alone");
      auto* scores =
          app.add_option("--scores", o->scores,
                         "INSTRUMENT=FILE: answers on different days as for ombre score; "
                         "what they say of life is set side by side");
      app.add_option("--error-of", o->errors,
                     "INSTRUMENT.ITEM=SD:RELIABILITY, test-retest: the smallest reliable change is "
                     "worked out")
          ->needs(scores);
      app.add_option("--margin", o->margins,
                     "INSTRUMENT.ITEM=CHANGE: the change that counts, agreed beforehand")
          ->needs(scores);
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
          "PLAN2.json\n"
          "         ombre review REVIEW.json");
      return [o] { return run(*o); };
    }};

}  // namespace
}  // namespace ombre::cli
