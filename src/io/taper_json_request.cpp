// Requests for tapers as JSON.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "ombre/plans/cross_taper.hpp"
#include "ombre/plans/taper_check.hpp"
#include "ombre/plans/taper_substance.hpp"
#include "ombre/substance/opioid_mme.hpp"
#include "taper_json_parts.hpp"

namespace ombre::inline v0::io {
namespace taper_json {
namespace {

using namespace plans;  // NOLINT: this file is about nothing else
using substance::Catalogue;

constexpr std::array<std::string_view, 2> roundings{"nearest", "never_above_ideal"};
constexpr std::array<std::string_view, 5> formats{
    "ombre-taper-request-1", "ombre-taper-plan-1", "ombre-taper-answer-1",
    "ombre-taper-best-request-1", "ombre-taper-front-1"};

// ---- reading -----------------------------------------------------------------------------------

void curve_of_substance(Reading& read, JsonFields& in, TaperSubstance& out) {
  optional_nested(in, "curve", [&](const JsonView& view) {
    JsonFields part{view};
    out.curve = curve(read, part);
    out.curve_source = words(part, "source");
    out.curve_uncertain = part.boolean("uncertain");
    read.done(part);
  });
}

TaperSubstance from_tables(Reading& read, const JsonView& view, DoseUnit unit,
                           const Catalogue& catalogue) {
  JsonFields in{view};
  TaperSubstanceOptions options;
  const std::string what = name_text(in, "from_tables");
  options.prescribed = in.boolean("prescribed");
  const auto known = in.ok() ? catalogue.find(what) : Result<substance::Substance>{{}};
  if (!known) in.refuse("from_tables", known.error().code, known.error().rule);
  const auto agonist = in.optional_boolean("agonist_treatment");
  if (in.ok() && known->cls == substance::Class::opioid && !agonist) {
    in.refuse("agonist_treatment", Errc::missing,
              "is required for opioids: true as treatment of dependence, false for pain");
  }
  options.agonist_treatment = agonist.value_or(false);
  options.form = one_of(in, "form", substance::DoseForm::unspecified, substance::DoseForm::oral);
  const std::string edition = optional_name_text(in, "mme_edition");
  if (in.ok() && !edition.empty()) {
    const auto one = substance::mme_edition(edition);
    if (one) {
      options.mme_edition = *one;
    } else {
      in.refuse("mme_edition", one.error().code, one.error().rule);
    }
  }
  const std::string country = optional_name_text(in, "drink_country");
  options.drink_country = country;
  options.quoted_curve = in.optional_boolean("published_curve").value_or(false);
  if (options.quoted_curve && in.has("curve")) {
    in.refuse("curve", Errc::contradiction,
              "must be left out where the published one is asked for");
  }
  TaperSubstance out;
  if (in.ok()) {
    auto made = taper_substance(what, unit, options, catalogue);
    if (made) {
      out = *std::move(made);
    } else {
      const std::string_view field = made.error().field;
      std::string_view key = "from_tables";
      if (field == "drink_country" || field == "country") key = "drink_country";
      if (field == "drug") key = "published_curve";
      in.refuse(key, made.error().code, made.error().rule);
    }
  }
  curve_of_substance(read, in, out);
  read.done(in);
  return out;
}

TaperSubstance written_out(Reading& read, const JsonView& view) {
  JsonFields in{view};
  TaperSubstance out;
  out.id = name_text(in, "id");
  if (in.ok() && out.id.empty()) in.refuse("id", Errc::missing, "is required");
  out.name = name_text(in, "name");
  out.cls = one_of(in, "class", substance::Class::other);
  out.prescribed = in.boolean("prescribed");
  out.agonist_treatment = in.boolean("agonist_treatment");
  each(in, "species", most_few, false, [&](const JsonView& item) {
    JsonFields part{item};
    std::string species = name_text(part, "name");
    const double low = positive(part, "half_life_low_hours", 1e6);
    const double high = positive(part, "half_life_high_hours", 1e6);
    if (part.ok()) {
      auto made = HalfLife::from_hours(low, high);
      if (made) {
        out.species.push_back({std::move(species), *made});
      } else {
        part.refuse("half_life_low_hours", made.error().code, made.error().rule);
      }
    }
    read.done(part);
  });
  out.diazepam_mg_low = optional_positive(in, "diazepam_mg_low");
  out.diazepam_mg_high = optional_positive(in, "diazepam_mg_high");
  if (in.ok() && out.diazepam_mg_low.has_value() != out.diazepam_mg_high.has_value()) {
    in.refuse(out.diazepam_mg_low ? "diazepam_mg_high" : "diazepam_mg_low", Errc::missing,
              "is required beside the other end of the interval");
  }
  if (in.ok() && out.diazepam_mg_low && *out.diazepam_mg_low > *out.diazepam_mg_high) {
    in.refuse("diazepam_mg_low", Errc::contradiction, "must not be above diazepam_mg_high");
  }
  out.mme_per_unit = in.optional_number("mme_per_unit", 0, most_number);
  out.ethanol_g_per_unit = optional_positive(in, "ethanol_g_per_unit");
  curve_of_substance(read, in, out);
  read.done(in);
  return out;
}

// "08:30" as minutes of the day.
std::optional<int> time_of_day(JsonFields& in, std::string_view key) {
  if (!in.has(key)) return std::nullopt;
  const std::string text = in.text(key);
  if (!in.ok()) return std::nullopt;
  const auto two = [&text](std::size_t at) {
    int value = 0;
    const auto got = std::from_chars(text.data() + at, text.data() + at + 2, value);
    return got.ec == std::errc{} && got.ptr == text.data() + at + 2 && text[at] != '-' ? value : -1;
  };
  if (text.size() == 5 && text[2] == ':') {
    const int hour = two(0);
    const int minute = two(3);
    if (hour >= 0 && hour < 24 && minute >= 0 && minute < 60) return 60 * hour + minute;
  }
  in.refuse(key, Errc::malformed, "must be a time of day such as \"08:30\"");
  return std::nullopt;
}

TaperLine line(Reading& read, const JsonView& view, const Catalogue& catalogue,
               bool rule_comes_later) {
  JsonFields in{view};
  TaperLine out;
  each(in, "today", 12, true, [&](const JsonView& item) {
    JsonFields part{item};
    IntakeNow intake;
    intake.amount = amount(part, "amount");
    intake.label = optional_name_text(part, "label");
    intake.minute_of_day = time_of_day(part, "time");
    read.done(part);
    out.intakes.push_back(std::move(intake));
  });
  if (in.ok() && out.intakes.empty()) {
    in.refuse("today", Errc::missing, "is required: what is taken today, one amount per intake");
  }
  if (!in.ok() || !read.ok()) {
    read.done(in);
    return out;
  }
  const DoseUnit unit = out.intakes.front().amount.unit();
  nested(in, "substance", [&](const JsonView& what) {
    out.what = what.value->find("id") != nullptr ? written_out(read, what)
                                                 : from_tables(read, what, unit, catalogue);
  });
  out.per = one_of(in, "per", Per::week);
  if (rule_comes_later) {
    if (in.has("goal")) {
      in.refuse("goal", Errc::contradiction, "must be left out: the new medicine has the goal");
    }
    if (in.has("rule") || in.has("named_rule")) {
      in.refuse(in.has("rule") ? "rule" : "named_rule", Errc::contradiction,
                "must be left out: the change to the new medicine decides it");
    }
  } else {
    nested(in, "goal", [&](const JsonView& g) { out.goal = goal(read, g); });
    out.named_rule = optional_name_text(in, "named_rule");
    if (in.has("rule")) {
      out.rule = phases(read, in, "rule", out.what.curve);
    } else if (in.ok() && out.named_rule.empty()) {
      in.refuse("rule", Errc::missing,
                "is required, or the name of a published rule as \"named_rule\"");
    }
  }
  out.smallest = optional_amount(in, "smallest");
  out.original = optional_amount(in, "original");
  each(in, "shares", 12, false, [&](const JsonView& item) {
    const auto share = item.value->as_integer();
    if (!share || *share < 0 || *share > 10'000) {
      read.refuse(item, share ? Errc::out_of_range : Errc::malformed,
                  "must be a whole number from 0 to 10000");
      return;
    }
    out.shares.push_back(static_cast<std::uint32_t>(*share));
  });
  if (read.ok()) {
    out.products = products(read, in, "products", out.what.id, unit, &catalogue);
    out.candidates = products(read, in, "candidates", out.what.id, unit, &catalogue);
  }
  optional_nested(in, "limits", [&](const JsonView& l) { out.limits = limits(read, l); });
  if (const auto rounding = in.optional_one_of("rounding", roundings)) {
    out.rounding = static_cast<Rounding>(*rounding);
  }
  out.largest_error = optional_amount(in, "largest_error");
  read.done(in);
  return out;
}

TaperCalendar calendar(Reading& read, const JsonView& view, bool length_from_rule) {
  JsonFields in{view};
  TaperCalendar out;
  out.start = date(in, "start");
  if (const auto step = optional_length(in, "step_length")) {
    out.step_length = *step;
    out.step_length_given = true;
  } else if (!length_from_rule) {
    in.refuse("step_length", Errc::missing,
              "is required: how long each step lasts, such as \"2 weeks\"");
  }
  const auto weekdays = [] {
    std::vector<std::string_view> names;
    for (int d = 1; d <= 7; ++d) names.push_back(name(static_cast<Weekday>(d)));
    return names;
  }();
  each(in, "avoid_weekdays", 7, false, [&](const JsonView& item) {
    const auto text = item.value->as_text().value_or("");
    const auto at = std::ranges::find(weekdays, text);
    if (at == weekdays.end()) {
      read.refuse(item, Errc::unknown_name, "must be a weekday, \"monday\" to \"sunday\"");
      return;
    }
    const auto day = static_cast<Weekday>(at - weekdays.begin() + 1);
    if (out.avoid.contains(day)) {
      read.refuse(item, Errc::duplicate, "stands twice");
      return;
    }
    out.avoid.insert(day);
  });
  out.free_days = dates(read, in, "free_days");
  out.stay_first = optional_length(in, "stay_first");
  if (const auto every = optional_length(in, "review_every")) out.review_every = *every;
  out.reviews = dates(read, in, "reviews");
  out.prescription_days = whole_or(in, "prescription_days", 1, 366, out.prescription_days);
  if (const auto stay = optional_length(in, "stay_at_goal")) out.stay_at_goal = *stay;
  read.done(in);
  return out;
}

Substitution substitution(Reading& read, const JsonView& view) {
  JsonFields in{view};
  Substitution out;
  each(in, "figures", most_few, true, [&](const JsonView& item) {
    JsonFields part{item};
    SubstitutionFigure figure;
    figure.source = name_text(part, "source");
    figure.citation = optional_words(part, "citation");
    figure.per_unit = positive(part, "per_unit", 1e6);
    figure.callers = part.optional_boolean("callers").value_or(false);
    read.done(part);
    out.figures.push_back(std::move(figure));
  });
  out.used = static_cast<std::size_t>(whole(in, "used", 0, static_cast<std::int64_t>(most_few)));
  read.done(in);
  return out;
}

CrossTaper cross(Reading& read, const JsonView& view, const Catalogue& catalogue) {
  JsonFields in{view};
  CrossTaper out;
  out.to = optional_name_text(in, "to");
  optional_nested(in, "substance", [&](const JsonView& s) {
    out.to_substance = s.value->find("id") != nullptr
                           ? written_out(read, s)
                           : from_tables(read, s, DoseUnit::mg, catalogue);
  });
  if (in.ok() && out.to.empty() == !out.to_substance) {
    in.refuse("to", out.to.empty() ? Errc::missing : Errc::contradiction,
              "needs either a name that the tables know or, as \"substance\", one written out");
  }
  each(in, "figures", most_few, false, [&](const JsonView& item) {
    JsonFields part{item};
    SubstitutionFigure figure;
    figure.source = name_text(part, "source");
    figure.citation = optional_words(part, "citation");
    figure.per_unit = positive(part, "per_unit", 1e6);
    read.done(part);
    out.figures.push_back(std::move(figure));
  });
  if (in.ok() && !out.to_substance) {
    const auto known = catalogue.find(out.to);
    if (!known) in.refuse("to", known.error().code, known.error().rule);
    if (known) out.to = known->id;
  }
  out.source = optional_name_text(in, "source");
  out.stage = length(in, "stage");
  each(in, "order", 12, false, [&](const JsonView& item) {
    const auto at = item.value->as_integer();
    if (!at || *at < 0 || *at > 11) {
      read.refuse(item, at ? Errc::out_of_range : Errc::malformed,
                  "must be the place of one of today's intakes, counted from 0");
      return;
    }
    out.order.push_back(static_cast<std::size_t>(*at));
  });
  const std::string of = out.to_substance ? out.to_substance->id : out.to;
  out.products = products(read, in, "products", of, DoseUnit::mg, &catalogue);
  out.candidates = products(read, in, "candidates", of, DoseUnit::mg, &catalogue);
  optional_nested(in, "limits", [&](const JsonView& l) { out.limits = limits(read, l); });
  if (in.has("then")) out.then = phases(read, in, "then", std::nullopt);
  out.then_named = optional_name_text(in, "then_named");
  nested(in, "goal", [&](const JsonView& g) { out.goal = goal(read, g); });
  read.done(in);
  return out;
}

LowDoseStart low_dose_start(Reading& read, const JsonView& view, const Catalogue& catalogue) {
  JsonFields in{view};
  LowDoseStart out;
  out.rule = name_text(in, "rule");
  out.products = products(read, in, "products", "buprenorphine", DoseUnit::mg, &catalogue);
  out.agonist_percent_a_week = positive(in, "agonist_percent_a_week", 100);
  out.agonist_basis = one_of(in, "agonist_basis", Basis::current);
  out.agonist_smallest = optional_amount(in, "agonist_smallest");
  if (const auto stay = optional_length(in, "then_stay")) out.then_stay = *stay;
  read.done(in);
  return out;
}

// Works out what the request only describes.
void expand(Reading& read, const JsonView& at, Result<TaperRequest> made, TaperRequest& out) {
  if (!made) {
    Error error = std::move(made).error();
    if (error.row) error.field += '[' + std::to_string(*error.row) + ']';
    error.row.reset();
    error.file = std::string{at.file};
    read.fail(std::move(error));
    return;
  }
  out = *std::move(made);
}

// ---- writing -----------------------------------------------------------------------------------

Json substance_json(const TaperSubstance& what) {
  Members out;
  out.text("id", what.id).text("name", what.name).text("class", name(what.cls));
  out.boolean("prescribed", what.prescribed);
  out.boolean("agonist_treatment", what.agonist_treatment);
  if (!what.species.empty()) {
    out.put("species", list_of(what.species, [](const ActiveSpecies& species) {
              return Members{}
                  .text("name", species.name)
                  .number("half_life_low_hours", species.half_life.low_hours())
                  .number("half_life_high_hours", species.half_life.high_hours())
                  .object();
            }));
  }
  out.number_if("diazepam_mg_low", what.diazepam_mg_low);
  out.number_if("diazepam_mg_high", what.diazepam_mg_high);
  out.number_if("mme_per_unit", what.mme_per_unit);
  out.number_if("ethanol_g_per_unit", what.ethanol_g_per_unit);
  if (what.curve) {
    out.put("curve", Members{}
                         .number("emax", what.curve->emax())
                         .number("ed50", what.curve->ed50())
                         .text("source", what.curve_source)
                         .boolean("uncertain", what.curve_uncertain)
                         .object());
  }
  return out.object();
}

std::string clock_text(int minute_of_day) {
  std::string out = "00:00";
  const int hour = minute_of_day / 60;
  const int minute = minute_of_day % 60;
  out[0] = static_cast<char>('0' + hour / 10);
  out[1] = static_cast<char>('0' + hour % 10);
  out[3] = static_cast<char>('0' + minute / 10);
  out[4] = static_cast<char>('0' + minute % 10);
  return out;
}

Json line_json(const TaperLine& line) {
  Members out;
  out.put("substance", substance_json(line.what));
  out.text("per", name(line.per));
  out.put(
      "today", list_of(line.intakes, [](const IntakeNow& intake) {
        Members part;
        part.put("amount", amount_json(intake.amount));
        part.text_if("label", intake.label);
        if (intake.minute_of_day && *intake.minute_of_day >= 0 && *intake.minute_of_day < 1440) {
          part.text("time", clock_text(*intake.minute_of_day));
        }
        return part.object();
      }));
  out.put("goal", goal_json(line.goal));
  if (!line.rule.empty()) out.put("rule", list_of(line.rule, phase_json));
  out.text_if("named_rule", line.named_rule);
  out.amount_if("smallest", line.smallest);
  out.amount_if("original", line.original);
  if (!line.shares.empty()) {
    out.put("shares",
            list_of(line.shares, [](std::uint32_t share) { return Json::integer(share); }));
  }
  if (!line.products.empty()) out.put("products", list_of(line.products, product_json));
  if (!line.candidates.empty()) out.put("candidates", list_of(line.candidates, product_json));
  out.put("limits", limits_json(line.limits));
  out.text("rounding", roundings[static_cast<std::size_t>(line.rounding)]);
  out.amount_if("largest_error", line.largest_error);
  return out.object();
}

// A published rule brings its own step length, where one line asks for one.
bool length_from_rule(const TaperRequest& request) {
  return request.lines.size() == 1 && !request.lines.front().named_rule.empty();
}

Json calendar_json(const TaperRequest& request) {
  const TaperCalendar& calendar = request.calendar;
  Members out;
  out.text("start", calendar.start.iso());
  if (calendar.step_length_given || !length_from_rule(request)) {
    out.text("step_length", describe(calendar.step_length));
  }
  std::vector<Json> avoid;
  for (int d = 1; d <= 7; ++d) {
    const auto day = static_cast<Weekday>(d);
    if (calendar.avoid.contains(day)) avoid.push_back(Json::text(name(day)));
  }
  if (!avoid.empty()) out.put("avoid_weekdays", Json::list(std::move(avoid)));
  if (!calendar.free_days.empty()) out.put("free_days", dates_json(calendar.free_days));
  if (calendar.stay_first) out.text("stay_first", describe(*calendar.stay_first));
  out.text("review_every", describe(calendar.review_every));
  if (!calendar.reviews.empty()) out.put("reviews", dates_json(calendar.reviews));
  out.integer("prescription_days", calendar.prescription_days);
  out.text("stay_at_goal", describe(calendar.stay_at_goal));
  return out.object();
}

Json substitution_json(const Substitution& substitution) {
  return Members{}
      .put("figures", list_of(substitution.figures,
                              [](const SubstitutionFigure& figure) {
                                Members part;
                                part.text("source", figure.source)
                                    .text_if("citation", figure.citation)
                                    .number("per_unit", figure.per_unit);
                                if (figure.callers) part.boolean("callers", true);
                                return part.object();
                              }))
      .integer("used", static_cast<std::int64_t>(substitution.used))
      .object();
}

}  // namespace

plans::TaperRequest request(Reading& read, const JsonView& view, const Catalogue& catalogue,
                            bool whole_document) {
  JsonFields in{view};
  TaperRequest out;
  if (whole_document) check_format(in, TaperFile::request);
  out.plan_id = name_text(in, "plan_id");
  out.made_on = date(in, "made_on");
  nested(in, "by", [&](const JsonView& by) { out.by = actor(read, by); });
  out.why = optional_words(in, "why");
  const bool cross_taper = whole_document && in.has("substitute");
  const bool low_dose = whole_document && in.has("low_dose_start");
  if (cross_taper && low_dose) {
    in.refuse("low_dose_start", Errc::contradiction, "must not stand beside \"substitute\"");
  }
  each(in, "lines", 4, true, [&](const JsonView& item) {
    if (read.ok()) out.lines.push_back(line(read, item, catalogue, cross_taper || low_dose));
  });
  CrossTaper change;
  LowDoseStart start;
  if (read.ok() && cross_taper) {
    nested(in, "substitute", [&](const JsonView& s) { change = cross(read, s, catalogue); });
  }
  if (read.ok() && low_dose) {
    nested(in, "low_dose_start",
           [&](const JsonView& s) { start = low_dose_start(read, s, catalogue); });
  }
  nested(in, "calendar", [&](const JsonView& c) {
    const bool by_rule = length_from_rule(out) || !change.then_named.empty() || low_dose;
    out.calendar = calendar(read, c, by_rule);
  });
  optional_nested(in, "facts", [&](const JsonView& f) { out.facts = facts(read, f); });
  out.guidelines = names_list(in, "guidelines", most_few);
  out.accept_uncertain = names_list(in, "accept_uncertain", most_few);
  each(in, "overrides", most_few, false,
       [&](const JsonView& item) { out.overrides.push_back(an_override(read, item)); });
  optional_nested(in, "substitution",
                  [&](const JsonView& s) { out.substitution = substitution(read, s); });
  if ((cross_taper || low_dose) && out.substitution) {
    in.refuse("substitution", Errc::contradiction, "is worked out: it must be left out");
  }
  read.done(in);
  if (read.ok() && cross_taper)
    expand(read, view, cross_taper_request(out, change, catalogue), out);
  if (read.ok() && low_dose) {
    expand(read, view, low_dose_start_request(out, start, catalogue), out);
  }
  return out;
}

Json request_json(const plans::TaperRequest& request, bool whole_document) {
  Members out;
  if (whole_document) out.text("format", format_name(TaperFile::request));
  out.text("plan_id", request.plan_id);
  out.text("made_on", request.made_on.iso());
  out.put("by", actor_json(request.by));
  out.text_if("why", request.why);
  out.put("lines", list_of(request.lines, line_json));
  out.put("calendar", calendar_json(request));
  out.put("facts", facts_json(request.facts));
  if (!request.guidelines.empty()) out.put("guidelines", texts_json(request.guidelines));
  if (!request.accept_uncertain.empty()) {
    out.put("accept_uncertain", texts_json(request.accept_uncertain));
  }
  if (!request.overrides.empty()) out.put("overrides", list_of(request.overrides, override_json));
  if (request.substitution) out.put("substitution", substitution_json(*request.substitution));
  return out.object();
}

}  // namespace taper_json

std::string_view format_name(TaperFile kind) noexcept {
  return taper_json::formats[static_cast<std::size_t>(kind)];
}

Result<TaperFile> taper_file_kind(const Json& document, std::string_view file) {
  const JsonView whole = view_of(document, file);
  if (document.kind() != Json::Kind::object) {
    return unexpected(whole.error(Errc::malformed, "must be an object with a \"format\""));
  }
  const Json* format = document.find("format");
  const JsonView at{format, "format", file};
  if (format == nullptr) {
    return unexpected(at.error(Errc::missing, "is required, such as \"ombre-taper-request-1\""));
  }
  const auto text = format->as_text();
  for (std::size_t i = 0; text && i < taper_json::formats.size(); ++i) {
    if (taper_json::formats[i] == *text) return static_cast<TaperFile>(i);
  }
  return unexpected(at.error(text ? Errc::unknown_name : Errc::malformed,
                             "must be the name of a taper document: \"ombre-taper-request-1\", "
                             "\"ombre-taper-plan-1\", \"ombre-taper-best-request-1\""));
}

std::size_t largest_taper_file(TaperFile kind) noexcept {
  const bool request = kind == TaperFile::request || kind == TaperFile::best_request;
  return std::size_t{request ? 4U : 32U} << 20U;
}

Result<plans::TaperRequest> taper_request_of(const Json& document, std::string_view file,
                                             const substance::Catalogue& catalogue) {
  taper_json::Reading read;
  plans::TaperRequest out = taper_json::request(read, view_of(document, file), catalogue, true);
  if (!read.ok()) return unexpected(read.error());
  if (auto ok = plans::check_request(out); !ok) return taper_json::in_file(ok.error(), file);
  return out;
}

Result<plans::TaperRequest> parse_taper_request(std::string_view json, std::string_view name,
                                                const substance::Catalogue& catalogue) {
  const auto document = taper_json::parse(json, name, TaperFile::request);
  if (!document) return unexpected(document.error());
  return taper_request_of(*document, name, catalogue);
}

Result<plans::TaperRequest> read_taper_request(const std::string& path,
                                               const substance::Catalogue& catalogue) {
  const auto document = taper_json::read_document(path, TaperFile::request);
  if (!document) return unexpected(document.error());
  return taper_request_of(*document, path, catalogue);
}

Result<plans::SafetyFacts> safety_facts_of(const Json& document, std::string_view file) {
  taper_json::Reading read;
  plans::SafetyFacts out = taper_json::facts(read, view_of(document, file));
  if (!read.ok()) return unexpected(read.error());
  return out;
}

Json safety_facts_json(const plans::SafetyFacts& facts) { return taper_json::facts_json(facts); }

Json taper_request_json(const plans::TaperRequest& request) {
  return taper_json::request_json(request, true);
}

}  // namespace ombre::inline v0::io
