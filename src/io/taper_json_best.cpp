// Requests for the best taper, and its front, as JSON.
#include <array>
#include <cmath>

#include "taper_json_parts.hpp"

namespace ombre::inline v0::io {
namespace {

using namespace plans;       // NOLINT: this file is about nothing else
using namespace taper_json;  // NOLINT

constexpr std::array<std::string_view, 3> measures{"effect", "percent_of_current", "amount"};
constexpr std::int64_t most_total_days = 36'600;  // a hundred years
constexpr std::size_t most_points = 40'000;

// A percentage as a share in whole millionths; finer ones are refused, not rounded.
std::optional<Share> share(JsonFields& in, std::string_view key) {
  const auto percent = in.optional_number(key, 0, 100);
  if (!percent || !in.ok()) return std::nullopt;
  const double scaled = *percent * 1e4;
  const auto millionths = std::llround(scaled);
  if (std::abs(scaled - static_cast<double>(millionths)) > 1e-6) {
    in.refuse(key, Errc::out_of_range, "must have no more than four decimals");
    return std::nullopt;
  }
  const auto out = Share::from_millionths(millionths);
  if (!out) return std::nullopt;
  return *out;
}

CutCeiling ceiling(Reading& read, const JsonView& view) {
  JsonFields in{view};
  CutCeiling out;
  out.of_current = share(in, "percent_of_current");
  out.of_original = share(in, "percent_of_original");
  out.absolute = optional_amount(in, "absolute");
  out.exempt_cut = optional_amount(in, "exempt_cut");
  out.stop_from = optional_amount(in, "stop_from");
  out.window_days = whole_or(in, "window_days", 0, most_total_days, 0);
  read.done(in);
  return out;
}

Json ceiling_json(const CutCeiling& ceiling) {
  Members out;
  if (ceiling.of_current) out.number("percent_of_current", ceiling.of_current->percent());
  if (ceiling.of_original) out.number("percent_of_original", ceiling.of_original->percent());
  out.amount_if("absolute", ceiling.absolute);
  out.amount_if("exempt_cut", ceiling.exempt_cut);
  out.amount_if("stop_from", ceiling.stop_from);
  out.integer("window_days", ceiling.window_days);
  return out.object();
}

BestTaper front_plan(Reading& read, const JsonView& view) {
  JsonFields in{view};
  BestTaper out;
  out.days = whole(in, "days", 0, most_total_days);
  out.largest_drop = in.number("largest_drop", 0, most_number);
  out.piece_days = in.integer("piece_days", 0, std::int64_t{1} << 40U);
  each(in, "steps", most_points, true, [&](const JsonView& item) {
    JsonFields part{item};
    BestStep step;
    step.dose = amount(part, "dose");
    step.day = whole(part, "day", 0, most_total_days);
    step.drop = part.number("drop", 0, most_number);
    if (part.ok() && !out.steps.empty()) {
      const BestStep& before = out.steps.back();
      if (!(step.dose < before.dose)) {
        part.refuse("dose", Errc::contradiction, "must be below the dose before it");
      } else if (step.day <= before.day) {
        part.refuse("day", Errc::contradiction, "must be later than the step before it");
      }
    }
    if (part.ok() && step.drop > out.largest_drop * (1 + 1e-12)) {
      part.refuse("drop", Errc::contradiction, "must not be above largest_drop");
    }
    read.done(part);
    out.steps.push_back(step);
  });
  read.done(in);
  return out;
}

}  // namespace

plans::BestTaperRequest BestTaperAsked::request() const {
  BestTaperRequest out = ask;
  out.products = products;
  out.slower_below = slower_below;
  return out;
}

Result<BestTaperAsked> best_taper_of(const Json& document, std::string_view file) {
  Reading read;
  JsonFields in{view_of(document, file)};
  BestTaperAsked out;
  BestTaperRequest& ask = out.ask;
  check_format(in, TaperFile::best_request);
  out.substance = name_text(in, "substance");
  ask.start = amount(in, "start");
  ask.goal = amount(in, "goal");
  if (in.ok() && ask.goal.unit() != ask.start.unit()) {
    in.refuse("goal", Errc::contradiction, "must have the unit of the start");
  }
  out.products =
      products(read, in, "products", out.substance, ask.start.unit(), &substance::builtin());
  if (in.ok() && read.ok() && out.products.empty()) {
    in.refuse("products", Errc::missing, "is required: the doses that can be dispensed");
  }
  optional_nested(in, "limits", [&](const JsonView& l) { ask.limits = limits(read, l); });
  if (in.has("shares")) {
    ask.shares.weights.clear();
    each(in, "shares", 12, true, [&](const JsonView& item) {
      const auto weight = item.value->as_integer();
      if (!weight || *weight < 0 || *weight > 10'000) {
        read.refuse(item, weight ? Errc::out_of_range : Errc::malformed,
                    "must be a whole number from 0 to 10000");
        return;
      }
      ask.shares.weights.push_back(static_cast<std::uint32_t>(*weight));
    });
  }
  ask.measure = static_cast<DropMeasure>(in.one_of("measure", measures));
  optional_nested(in, "curve", [&](const JsonView& view) {
    JsonFields part{view};
    ask.curve = curve(read, part);
    read.done(part);
  });
  optional_nested(in, "ceiling", [&](const JsonView& c) { ask.ceiling = ceiling(read, c); });
  ask.step_days = whole(in, "step_days", 1, 3660);
  each(in, "slower_below", most_few, false, [&](const JsonView& item) {
    JsonFields part{item};
    HoldBand band;
    band.at_or_below = amount(part, "at_or_below");
    band.days = whole(part, "days", 1, 3660);
    read.done(part);
    out.slower_below.push_back(band);
  });
  ask.max_days = whole(in, "max_days", 1, most_total_days);
  ask.max_grid = static_cast<std::size_t>(
      whole_or(in, "max_grid", 1, 1'000'000, static_cast<std::int32_t>(ask.max_grid)));
  read.done(in);
  if (!read.ok()) return unexpected(read.error());
  return out;
}

Result<BestTaperAsked> parse_best_taper(std::string_view json, std::string_view name) {
  const auto document = parse(json, name, TaperFile::best_request);
  if (!document) return unexpected(document.error());
  return best_taper_of(*document, name);
}

Json best_taper_json(const BestTaperAsked& asked) {
  const BestTaperRequest& ask = asked.ask;
  Members out;
  out.text("format", format_name(TaperFile::best_request)).text("substance", asked.substance);
  out.put("start", amount_json(ask.start)).put("goal", amount_json(ask.goal));
  out.put("products", list_of(asked.products, product_json));
  out.put("limits", limits_json(ask.limits));
  out.put("shares",
          list_of(ask.shares.weights, [](std::uint32_t weight) { return Json::integer(weight); }));
  out.text("measure", measures[static_cast<std::size_t>(ask.measure)]);
  if (ask.curve) {
    out.put("curve",
            Members{}.number("emax", ask.curve->emax()).number("ed50", ask.curve->ed50()).object());
  }
  out.put("ceiling", ceiling_json(ask.ceiling)).integer("step_days", ask.step_days);
  if (!asked.slower_below.empty()) {
    out.put("slower_below", list_of(asked.slower_below, [](const HoldBand& band) {
              return Members{}
                  .put("at_or_below", amount_json(band.at_or_below))
                  .integer("days", band.days)
                  .object();
            }));
  }
  out.integer("max_days", ask.max_days);
  out.integer("max_grid", static_cast<std::int64_t>(ask.max_grid));
  return out.object();
}

Result<plans::BestTaperFront> parse_best_taper_front(std::string_view json, std::string_view name) {
  const auto document = parse(json, name, TaperFile::front);
  if (!document) return unexpected(document.error());
  Reading read;
  JsonFields in{view_of(*document, name)};
  BestTaperFront out;
  check_format(in, TaperFile::front);
  out.grid_points = static_cast<std::size_t>(in.integer("grid_points", 0, 100'000'000));
  each(in, "plans", most_points, true, [&](const JsonView& item) {
    if (!read.ok()) return;
    BestTaper one = front_plan(read, item);
    if (read.ok() && !out.plans.empty()) {
      const BestTaper& before = out.plans.back();
      if (one.days <= before.days || !(one.largest_drop < before.largest_drop)) {
        read.refuse(item, Errc::contradiction,
                    "must be longer than the plan before it, with a smaller largest drop");
      }
    }
    out.plans.push_back(std::move(one));
  });
  read.done(in);
  if (!read.ok()) return unexpected(read.error());
  return out;
}

Json best_taper_front_json(const plans::BestTaperFront& front) {
  return Members{}
      .text("format", format_name(TaperFile::front))
      .integer("grid_points", static_cast<std::int64_t>(front.grid_points))
      .put("plans", list_of(front.plans,
                            [](const BestTaper& plan) {
                              return Members{}
                                  .integer("days", plan.days)
                                  .number("largest_drop", plan.largest_drop)
                                  .integer("piece_days", plan.piece_days)
                                  .put("steps", list_of(plan.steps,
                                                        [](const BestStep& step) {
                                                          return Members{}
                                                              .integer("day", step.day)
                                                              .put("dose", amount_json(step.dose))
                                                              .number("drop", step.drop)
                                                              .object();
                                                        }))
                                  .object();
                            }))
      .object();
}

}  // namespace ombre::inline v0::io
