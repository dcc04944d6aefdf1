// `ombre taper best`: the front of time against the largest drop.
#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/output.hpp"
#include "cli/rows.hpp"
#include "cli/taper_parts.hpp"
#include "ombre/plans/best_taper.hpp"
#include "ombre/plans/taper_guard.hpp"

namespace ombre::cli {
namespace {

struct Options {
  std::string file;
  std::string format = "auto";
  std::string output = "-";
  int max_days = 364;
  int within = 0;
};

Unexpected wrong(Errc code, std::string field, std::string_view rule) {
  return unexpected(error_of(code, field, rule));
}

// The question that a request for one medicine asks, on its own products, pace and ceilings.
Result<io::BestTaperAsked> from_request(const plans::TaperRequest& request, int max_days) {
  if (request.lines.size() != 1) {
    return wrong(Errc::size_mismatch, "lines", "must be one: the best taper is of one substance");
  }
  const plans::TaperLine& line = request.lines.front();
  if (line.per != plans::Per::day || line.products.empty()) {
    return wrong(Errc::missing, "lines[0].products",
                 "is required: the best taper is searched among doses that can be dispensed");
  }
  io::BestTaperAsked out;
  out.substance = line.what.name;
  out.products = line.products;
  plans::BestTaperRequest& ask = out.ask;
  const auto present = plans::present_amount(line);
  if (!present) return unexpected(present.error());
  ask.start = *present;
  const plans::DoseUnit unit = present->unit();
  if (line.goal.kind == plans::GoalKind::undecided) {
    return wrong(Errc::missing, "lines[0].goal", "must say where the taper leads");
  }
  ask.goal = line.goal.amount.value_or(plans::Amount{unit});
  ask.limits = line.limits;
  ask.shares.weights.assign(line.intakes.size(), 1);
  if (line.shares.size() == line.intakes.size()) ask.shares.weights = line.shares;
  ask.step_days = request.calendar.step_length.shortest_days();
  if (!request.calendar.step_length_given && !line.named_rule.empty()) {
    ask.step_days = plans::find_named_rule(line.named_rule)->step_length.shortest_days();
  }
  ask.max_days = max_days;
  ask.measure = plans::DropMeasure::percent_of_current;
  if (line.what.curve) {
    ask.measure = plans::DropMeasure::effect;
    ask.curve = line.what.curve;
  }
  // The strictest ceiling in percent of the current dose holds; none is left out in silence.
  const plans::PaceLimit* strictest = nullptr;
  for (const plans::PaceLimit* limit : plans::limits_for(request, request.facts, 0)) {
    if (limit->beyond != plans::Answer::refused || limit->first_step_only ||
        limit->measure != plans::PaceMeasure::percent_of_current) {
      continue;
    }
    if (strictest == nullptr || limit->limit < strictest->limit) strictest = limit;
  }
  if (strictest != nullptr) {
    const auto share =
        plans::Share::from_millionths(static_cast<std::int64_t>(strictest->limit * 1e4));
    if (!share) return unexpected(share.error());
    ask.ceiling.of_current = *share;
    ask.ceiling.window_days = strictest->window_days;
    if (strictest->exempt_amount > 0) {
      const auto cut = plans::Amount::nearest(strictest->exempt_amount, unit);
      if (!cut) return unexpected(cut.error());
      ask.ceiling.exempt_cut = *cut;
    }
    if (strictest->exempt_diazepam_mg > 0 && line.what.diazepam_mg_high.value_or(0) > 0) {
      const auto cut =
          plans::Amount::nearest(strictest->exempt_diazepam_mg / *line.what.diazepam_mg_high, unit);
      if (!cut) return unexpected(cut.error());
      ask.ceiling.exempt_cut = *cut;
    }
  }
  // Where a dose may go to zero from: what the request calls the smallest worth taking.
  if (line.smallest) ask.ceiling.stop_from = *line.smallest;
  return out;
}

// A share as a percentage, without the last digits that only the multiplication brought.
double percent_of(double share) { return std::round(share * 1e12) / 1e10; }

std::string doses_of(const plans::BestTaper& plan) {
  std::string out;
  for (const plans::BestStep& step : plan.steps) {
    out += (out.empty() ? "" : ", ") + plans::number_text(step.dose);
  }
  return out;
}

// The chosen plan as a request: its doses as rows, everything else as it was asked.
plans::TaperRequest chosen_request(plans::TaperRequest request, const plans::BestTaper& chosen) {
  plans::TaperLine& line = request.lines.front();
  plans::RowsRule rows;
  for (std::size_t i = 0; i < chosen.steps.size(); ++i) {
    const plans::BestStep& step = chosen.steps[i];
    if (step.dose.is_zero()) break;
    const std::int32_t until = i + 1 < chosen.steps.size() ? chosen.steps[i + 1].day : chosen.days;
    rows.rows.push_back({step.dose.value(),
                         plans::StepLength{std::max(1, until - step.day), plans::LengthUnit::days},
                         {}});
  }
  line.rule.clear();
  line.named_rule.clear();
  if (rows.rows.empty()) {
    line.rule.push_back({plans::PercentRule{100, plans::Basis::original}});
  } else {
    line.rule.push_back({std::move(rows), "chosen from the front"});
  }
  request.calendar.step_length_given = true;
  return request;
}

Exit write_json(const io::Json& json, const std::string& path) {
  const auto text = io::json_text(json);
  if (!text) return fail(text.error());
  if (auto written = write_text(path, *text); !written) return fail(written.error());
  return Exit::ok;
}

Exit run(const Options& options) {
  const NamedPath inputs[] = {{"FILE", options.file}};
  const NamedPath outputs[] = {{"--output", options.output}};
  if (auto ok = check_paths(inputs, outputs); !ok) return fail(ok.error());
  auto document = read_taper_document(options.file);
  if (!document) return fail(document.error());
  const auto* request = std::get_if<plans::TaperRequest>(&*document);
  io::BestTaperAsked asked;
  if (auto* best = std::get_if<io::BestTaperAsked>(&*document)) {
    asked = std::move(*best);
  } else if (request != nullptr) {
    auto made = from_request(*request, options.max_days);
    if (!made) {
      Error error = made.error();
      error.file = options.file;
      return fail(error);
    }
    asked = *std::move(made);
  } else {
    return fail(options.file + " is a plan: the front is searched for a request");
  }
  const bool as_request = options.format == "request";
  if (as_request && (request == nullptr || options.within == 0)) {
    return fail("--format request needs --within DAYS and a taper request", Exit::usage);
  }
  const auto front = plans::best_taper_front(asked.request(), progress_bar("searching"));
  if (!front) {
    Error error = front.error();
    error.file = options.file;
    return fail(error);
  }
  if (front->plans.empty()) {
    return fail("no way leads from " + plans::text(asked.ask.start) + " to " +
                    plans::text(asked.ask.goal) + " within " + std::to_string(asked.ask.max_days) +
                    " days under the ceiling with these products: allow more days, or name a "
                    "smaller strength or a liquid",
                Exit::refused);
  }
  const plans::BestTaper* chosen = nullptr;
  if (options.within > 0) {
    chosen = plans::gentlest_within(*front, options.within);
    if (chosen == nullptr) {
      return fail("the shortest way takes " + std::to_string(front->plans.front().days) +
                      " days, more than --within " + std::to_string(options.within),
                  Exit::refused);
    }
  }
  if (as_request) {
    return write_json(io::taper_request_json(chosen_request(*request, *chosen)), options.output);
  }
  const Format format = choose_format(options.format, options.output);
  if (format == Format::json) {
    plans::BestTaperFront out;
    out.grid_points = front->grid_points;
    out.plans = chosen != nullptr ? std::vector<plans::BestTaper>{*chosen} : front->plans;
    return write_json(io::best_taper_front_json(out), options.output);
  }
  const bool amount = asked.ask.measure == plans::DropMeasure::amount;
  const auto shown_drop = [amount](double drop_found) {
    return amount ? drop_found : percent_of(drop_found);
  };
  const std::string drop = amount ? "largest_drop"
                           : asked.ask.measure == plans::DropMeasure::effect
                               ? "largest_drop_points_of_effect"
                               : "largest_drop_percent_of_current";
  if (chosen != nullptr) {
    Rows rows{.columns = {{"day"}, {"dose"}, {"unit", false}, {"drop"}}};
    for (const plans::BestStep& step : chosen->steps) {
      rows.add({Cell{static_cast<double>(step.day), 0}, Cell{step.dose.value(), 6},
                plans::name(step.dose.unit()), Cell{shown_drop(step.drop), 2}});
    }
    const std::string unit = amount ? ' ' + std::string{plans::name(asked.ask.start.unit())}
                             : asked.ask.measure == plans::DropMeasure::effect
                                 ? " points of effect"
                                 : " % of the dose before";
    rows.above.push_back(asked.substance + ", " + plans::text(asked.ask.start) + " to " +
                         plans::text(asked.ask.goal) + " in " + std::to_string(chosen->days) +
                         " days; the largest drop is " +
                         shortest(std::round(shown_drop(chosen->largest_drop) * 100) / 100) + unit);
    return print(rows, format, options.output);
  }
  Rows rows{.columns = {{"days"}, {"weeks"}, {drop}, {"steps"}, {"piece_days"}, {"doses"}}};
  for (const plans::BestTaper& plan : front->plans) {
    rows.add({Cell{static_cast<double>(plan.days), 0}, Cell{plan.days / 7.0, 1},
              Cell{shown_drop(plan.largest_drop), 2},
              Cell{static_cast<double>(plan.steps.size()), 0},
              Cell{static_cast<double>(plan.piece_days), 0}, doses_of(plan)});
  }
  rows.above.push_back(asked.substance + ", " + plans::text(asked.ask.start) + " to " +
                       plans::text(asked.ask.goal) + " in steps of " +
                       std::to_string(asked.ask.step_days) +
                       " days: of these ways none is both shorter and gentler than another");
  rows.below.emplace_back(
      "--within DAYS shows the gentlest way that takes no longer; with --format request it "
      "becomes a request.");
  return print(rows, format, options.output);
}

}  // namespace

void add_taper_best(CLI::App& app, std::vector<std::pair<CLI::App*, Command::Run>>& runs) {
  CLI::App* best = app.add_subcommand("best", "All best trade-offs of time and largest drop");
  auto options = std::make_shared<Options>();
  best->add_option("FILE", options->file,
                   "A request of one substance with products, or a request "
                   "for the best taper (- is standard input)")
      ->required();
  best->add_option("--max-days", options->max_days, "Longest time, where FILE is a taper request")
      ->check(CLI::Range(1, 36'600))
      ->capture_default_str();
  best->add_option("--within", options->within, "Only the gentlest way within so many days")
      ->check(CLI::Range(1, 36'600));
  best->add_option("--format", options->format,
                   "auto: a table on a terminal, CSV in a pipe or file; request: the chosen way "
                   "as a request")
      ->check(CLI::IsMember({"auto", "table", "csv", "json", "markdown", "request"}))
      ->capture_default_str();
  best->add_option("-o,--output", options->output, "File to write; - is standard output")
      ->capture_default_str();
  runs.emplace_back(best, [options] { return run(*options); });
}

}  // namespace ombre::cli
