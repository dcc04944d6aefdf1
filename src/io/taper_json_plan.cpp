// Plans with their history, and answers, as JSON.
#include <algorithm>
#include <array>
#include <memory>

#include "ombre/plans/taper_check.hpp"
#include "ombre/plans/taper_guard.hpp"
#include "taper_json_parts.hpp"

namespace ombre::inline v0::io {
namespace taper_json {
namespace {

using namespace plans;  // NOLINT: this file is about nothing else

constexpr std::array<std::string_view, 3> parts{"whole", "half", "quarter"};
constexpr std::array<std::uint8_t, 3> quarters_of{4, 2, 1};

// ---- reading -----------------------------------------------------------------------------------

Piece piece(Reading& read, const JsonView& view) {
  JsonFields in{view};
  Piece out;
  out.product = static_cast<std::uint32_t>(whole(in, "product", 0, most_products));
  if (in.has("volume")) {
    out.quarters = 0;
    out.count = 1;
    out.volume = amount(in, "volume");
    if (in.ok() && out.volume.unit() != DoseUnit::ml) {
      in.refuse("volume", Errc::contradiction, "must be in mL");
    }
    if (in.has("count") || in.has("part")) {
      in.refuse(in.has("count") ? "count" : "part", Errc::contradiction,
                "does not belong to a measured volume");
    }
  } else {
    out.count = static_cast<std::uint32_t>(whole(in, "count", 1, 100'000));
    out.quarters = quarters_of[in.one_of("part", parts)];
  }
  read.done(in);
  return out;
}

// Counts that follow from the pieces.
void count_pieces(Dispensed& made) {
  made.piece_count = 0;
  made.broken = 0;
  for (const Piece& piece : made.pieces) {
    made.piece_count += static_cast<std::int32_t>(piece.count);
    const bool broken = piece.quarters == 1 || piece.quarters == 2;
    if (broken) made.broken += static_cast<std::int32_t>(piece.count);
  }
  made.kinds = static_cast<std::int32_t>(made.pieces.size());
}

LineDose dose(Reading& read, const JsonView& view) {
  JsonFields in{view};
  LineDose out;
  out.amount = amount(in, "amount");
  out.ideal = in.number("ideal", 0, most_number);
  out.rounding = amount_step(in, "rounding");
  out.every_n_days = whole_or(in, "every_n_days", 1, 366, 1);
  each(in, "intakes", 12, false,
       [&](const JsonView& item) { out.intakes.push_back(amount_of(read, item)); });
  each(in, "dispensed", 12, false, [&](const JsonView& item) {
    Dispensed made;
    const JsonView pieces = item;
    if (pieces.value->kind() != Json::Kind::list || pieces.value->items().size() > most_few) {
      read.refuse(pieces, Errc::malformed, "must be a list of at most 100 pieces");
      return;
    }
    const auto items = pieces.value->items();
    for (std::size_t i = 0; i < items.size(); ++i) {
      made.pieces.push_back(
          piece(read, {&items[i], pieces.path + '[' + std::to_string(i) + ']', pieces.file}));
    }
    count_pieces(made);
    if (out.dispensed.size() < out.intakes.size()) made.amount = out.intakes[out.dispensed.size()];
    out.dispensed.push_back(std::move(made));
  });
  constexpr double far = 1e15;
  out.percent_of_original = in.optional_number("percent_of_original", 0, far);
  out.cut_percent_of_current = in.optional_number("cut_percent_of_current", -far, 100);
  out.effect = in.optional_number("effect", 0, 1);
  out.effect_drop = in.optional_number("effect_drop", -1, 1);
  read.done(in);
  return out;
}

void content(Reading& read, JsonFields& in, StepContent& out) {
  out.id = whole(in, "id", 1, 1'000'000'000);
  out.kind = one_of(in, "kind", StepKind::arrive);
  // A step may have been stretched by days to avoid, so that it is read more freely than asked for.
  const std::string text = in.text("length");
  if (in.ok()) {
    const auto blank = text.find(' ');
    const auto count = Amount::parse(std::string_view{text}.substr(0, blank), DoseUnit::occasions);
    std::string unit = blank == std::string::npos ? "" : text.substr(blank + 1);
    if (unit == "day" || unit == "week" || unit == "month") unit += 's';
    const auto known = find_length_unit(unit);
    if (!count || !known || count->micro() % 1'000'000 != 0 || count->micro() > 4'000'000'000) {
      in.refuse("length", Errc::malformed,
                "must be a number of days, weeks or months, such as \"2 weeks\"");
    } else {
      out.length = {static_cast<std::int32_t>(count->micro() / 1'000'000), *known};
    }
  }
  out.phase = whole(in, "phase", -1, most_phases);
  each(in, "doses", 4, true, [&](const JsonView& item) { out.doses.push_back(dose(read, item)); });
}

TaperStep step(Reading& read, const JsonView& view) {
  JsonFields in{view};
  TaperStep out;
  content(read, in, out);
  out.first = date(in, "first");
  out.last = date(in, "last");
  out.nominal = date(in, "nominal");
  read.done(in);
  return out;
}

Change change(Reading& read, const JsonView& view) {
  JsonFields in{view};
  Change out;
  out.what = name_text(in, "what");
  out.on = date(in, "on");
  out.from = date(in, "from");
  nested(in, "by", [&](const JsonView& by) { out.by = actor(read, by); });
  out.why = optional_words(in, "why");
  each(in, "overrides", most_few, false,
       [&](const JsonView& item) { out.overrides.push_back(an_override(read, item)); });
  read.done(in);
  return out;
}

Milestone milestone(Reading& read, const JsonView& view) {
  JsonFields in{view};
  Milestone out;
  out.id = name_text(in, "id");
  out.line = whole(in, "line", 0, 3);
  out.on = date(in, "on");
  out.amount = amount(in, "amount");
  read.done(in);
  return out;
}

struct ReadVersion {
  Change change;
  TaperVersion version;
};

ReadVersion version(Reading& read, const JsonView& view) {
  JsonFields in{view};
  ReadVersion out;
  TaperVersion& v = out.version;
  nested(in, "change", [&](const JsonView& c) { out.change = change(read, c); });
  v.status = one_of(in, "status", PlanStatus::care_goes_on);
  v.accepted = in.boolean("accepted");
  each(in, "steps", most_steps, true, [&](const JsonView& item) {
    if (read.ok()) v.steps.push_back(step(read, item));
  });
  each(in, "pending", most_steps, false, [&](const JsonView& item) {
    if (!read.ok()) return;
    JsonFields part{item};
    StepContent waiting;
    content(read, part, waiting);
    read.done(part);
    v.pending.push_back(std::move(waiting));
  });
  v.review = optional_date(in, "review");
  v.reviews = dates(read, in, "reviews");
  each(in, "milestones", most_days, false,
       [&](const JsonView& item) { v.milestones.push_back(milestone(read, item)); });
  v.ends = optional_date(in, "ends");
  each(in, "after", 4, true,
       [&](const JsonView& item) { v.after.push_back(amount_of(read, item)); });
  each(in, "goals", 4, true, [&](const JsonView& item) { v.goals.push_back(goal(read, item)); });
  each(in, "findings", most_findings, false,
       [&](const JsonView& item) { v.findings.push_back(finding(read, item)); });
  nested(in, "facts", [&](const JsonView& f) { v.facts = facts(read, f); });
  nested(in, "pace", [&](const JsonView& p) {
    JsonFields part{p};
    v.pace_numerator = whole(part, "numerator", 1, 10'000);
    v.pace_denominator = whole(part, "denominator", 1, 10'000);
    read.done(part);
  });
  v.next_id = whole(in, "next_id", 1, 1'000'000'000);
  read.done(in);
  return out;
}

std::optional<TaperPlan> plan(Reading& read, const JsonView& view) {
  JsonFields in{view};
  check_format(in, TaperFile::plan);
  std::shared_ptr<const TaperRequest> asked;
  nested(in, "request", [&](const JsonView& r) {
    asked = std::make_shared<const TaperRequest>(request(read, r, substance::builtin(), false));
  });
  std::optional<History<TaperVersion>> history;
  each(in, "versions", most_versions, true, [&](const JsonView& item) {
    if (!read.ok()) return;
    ReadVersion one = version(read, item);
    if (!read.ok()) return;
    if (history) {
      history->add(std::move(one.version), std::move(one.change));
    } else {
      history.emplace(std::move(one.version), std::move(one.change));
    }
  });
  if (in.ok() && read.ok() && !history) {
    in.refuse("versions", Errc::empty_input, "needs one or more");
  }
  read.done(in);
  if (!read.ok() || !asked || !history) return std::nullopt;
  TaperPlan out{std::move(asked), *std::move(history)};
  if (auto ok = check_plan(out); !ok) {
    Error error = ok.error();
    if (!view.path.empty()) error.field = view.path + '.' + error.field;
    if (error.row) error.field += '[' + std::to_string(*error.row) + ']';
    error.row.reset();
    error.file = std::string{view.file};
    read.fail(std::move(error));
    return std::nullopt;
  }
  return out;
}

const Source* source_of(std::string_view id) {
  for (const GuardRule& rule : taper_rules()) {
    if (rule.source != nullptr && rule.source->id == id) return rule.source;
  }
  return nullptr;
}

// ---- writing -----------------------------------------------------------------------------------

Json piece_json(const Piece& piece) {
  Members out;
  out.integer("product", piece.product);
  if (piece.quarters == 0) {
    out.put("volume", amount_json(piece.volume));
  } else {
    out.integer("count", piece.count);
    out.text("part", parts[piece.quarters == 4 ? 0 : piece.quarters == 2 ? 1 : 2]);
  }
  return out.object();
}

Json dose_json(const LineDose& dose) {
  Members out;
  out.put("amount", amount_json(dose.amount));
  out.number("ideal", dose.ideal);
  out.text("rounding", text(dose.rounding));
  if (dose.every_n_days != 1) out.integer("every_n_days", dose.every_n_days);
  if (!dose.intakes.empty()) out.put("intakes", list_of(dose.intakes, amount_json));
  if (!dose.dispensed.empty()) {
    out.put("dispensed", list_of(dose.dispensed, [](const Dispensed& made) {
              return list_of(made.pieces, piece_json);
            }));
  }
  out.number_if("percent_of_original", dose.percent_of_original);
  out.number_if("cut_percent_of_current", dose.cut_percent_of_current);
  out.number_if("effect", dose.effect);
  out.number_if("effect_drop", dose.effect_drop);
  return out.object();
}

Members content_members(const StepContent& content) {
  Members out;
  out.integer("id", content.id).text("kind", name(content.kind));
  out.text("length", describe(content.length)).integer("phase", content.phase);
  out.put("doses", list_of(content.doses, dose_json));
  return out;
}

Json step_json(const TaperStep& step) {
  Members out = content_members(step);
  out.text("first", step.first.iso()).text("last", step.last.iso());
  out.text("nominal", step.nominal.iso());
  return out.object();
}

Json change_json(const Change& change) {
  Members out;
  out.text("what", change.what).text("on", change.on.iso()).text("from", change.from.iso());
  out.put("by", actor_json(change.by)).text_if("why", change.why);
  if (!change.overrides.empty()) out.put("overrides", list_of(change.overrides, override_json));
  return out.object();
}

Json version_json(const TaperVersion& v, const Change& change) {
  Members out;
  out.put("change", change_json(change));
  out.text("status", name(v.status)).boolean("accepted", v.accepted);
  out.put("steps", list_of(v.steps, step_json));
  if (!v.pending.empty()) {
    out.put("pending", list_of(v.pending, [](const StepContent& waiting) {
              return content_members(waiting).object();
            }));
  }
  out.date_if("review", v.review);
  if (!v.reviews.empty()) out.put("reviews", dates_json(v.reviews));
  if (!v.milestones.empty()) {
    out.put("milestones", list_of(v.milestones, [](const Milestone& one) {
              return Members{}
                  .text("id", one.id)
                  .integer("line", one.line)
                  .text("on", one.on.iso())
                  .put("amount", amount_json(one.amount))
                  .object();
            }));
  }
  out.date_if("ends", v.ends);
  out.put("after", list_of(v.after, amount_json));
  out.put("goals", list_of(v.goals, goal_json));
  if (!v.findings.empty()) out.put("findings", list_of(v.findings, finding_json));
  out.put("facts", facts_json(v.facts));
  out.put("pace", Members{}
                      .integer("numerator", v.pace_numerator)
                      .integer("denominator", v.pace_denominator)
                      .object());
  out.integer("next_id", v.next_id);
  return out.object();
}

Json plan_json(const TaperPlan& plan) {
  std::vector<Json> versions;
  versions.reserve(plan.version());
  for (std::size_t v = 1; v <= plan.version(); ++v) {
    versions.push_back(version_json(plan.history().at(v), plan.history().change(v)));
  }
  return Members{}
      .text("format", format_name(TaperFile::plan))
      .put("request", request_json(plan.request(), false))
      .put("versions", Json::list(std::move(versions)))
      .object();
}

}  // namespace

plans::RuleFinding finding(Reading& read, const JsonView& view) {
  JsonFields in{view};
  RuleFinding out;
  const std::string rule = name_text(in, "rule");
  if (in.ok()) {
    out.rule = find_taper_rule(rule);
    if (out.rule == nullptr) {
      std::vector<std::string_view> known;
      for (const GuardRule& one : taper_rules()) known.push_back(one.id);
      std::string says = "is not a rule of tapers";
      if (const auto near = nearest_word(rule, known)) {
        says += " (did you mean \"" + std::string{*near} + "\"?)";
      }
      in.refuse("rule", Errc::unknown_name, says);
    }
  }
  const std::string source = optional_name_text(in, "source");
  if (in.ok() && (out.rule->source != nullptr ? out.rule->source->id : "") != source) {
    in.refuse("source", Errc::contradiction, "is not the source of that rule");
  }
  out.answer = one_of(in, "answer", Answer::refused);
  out.severity = one_of(in, "severity", Severity::danger);
  out.text = words(in, "text");
  constexpr double far = 1e15;
  out.measured = in.optional_number("measured", -far, far);
  out.limit = in.optional_number("limit", -far, far);
  out.unit = optional_name_text(in, "unit");
  out.on = optional_date(in, "on");
  if (in.has("step")) out.step = whole(in, "step", 1, 1'000'000'000);
  optional_nested(in, "overridden",
                  [&](const JsonView& o) { out.overridden = an_override(read, o); });
  read.done(in);
  return out;
}

Json finding_json(const plans::RuleFinding& finding) {
  Members out;
  out.text("rule", finding.rule->id);
  if (finding.rule->source != nullptr) out.text("source", finding.rule->source->id);
  out.text("answer", name(finding.answer)).text("severity", name(finding.severity));
  out.text("text", finding.text);
  out.number_if("measured", finding.measured).number_if("limit", finding.limit);
  out.text_if("unit", finding.unit).date_if("on", finding.on);
  if (finding.step) out.integer("step", *finding.step);
  if (finding.overridden) out.put("overridden", override_json(*finding.overridden));
  return out.object();
}

}  // namespace taper_json

Result<plans::TaperPlan> taper_plan_of(const Json& document, std::string_view file) {
  taper_json::Reading read;
  auto out = taper_json::plan(read, view_of(document, file));
  if (!read.ok()) return unexpected(read.error());
  return *std::move(out);
}

Result<plans::TaperPlan> parse_taper_plan(std::string_view json, std::string_view name) {
  const auto document = taper_json::parse(json, name, TaperFile::plan);
  if (!document) return unexpected(document.error());
  return taper_plan_of(*document, name);
}

Result<plans::TaperPlan> read_taper_plan(const std::string& path) {
  const auto document = taper_json::read_document(path, TaperFile::plan);
  if (!document) return unexpected(document.error());
  return taper_plan_of(*document, path);
}

Json taper_plan_json(const plans::TaperPlan& plan) { return taper_json::plan_json(plan); }

Result<plans::TaperAnswer> parse_taper_answer(std::string_view json, std::string_view name) {
  using namespace taper_json;  // NOLINT: this function is about nothing else
  const auto document = parse(json, name, TaperFile::answer);
  if (!document) return unexpected(document.error());
  Reading read;
  JsonFields in{view_of(*document, name)};
  plans::TaperAnswer out;
  check_format(in, TaperFile::answer);
  out.answer = one_of(in, "answer", plans::Answer::refused);
  each(in, "findings", most_findings, true,
       [&](const JsonView& item) { out.findings.push_back(finding(read, item)); });
  each(in, "instead", most_few, false, [&](const JsonView& item) {
    JsonFields part{item};
    plans::Instead one;
    one.id = name_text(part, "id");
    one.text = words(part, "text");
    const std::string source = optional_name_text(part, "source");
    if (part.ok() && !source.empty()) {
      one.source = source_of(source);
      if (one.source == nullptr) part.refuse("source", Errc::unknown_name, "is not a known source");
    }
    read.done(part);
    out.instead.push_back(std::move(one));
  });
  // Citations for readers of the file; the library has its own.
  optional_nested(in, "sources", [&](const JsonView& view) {
    JsonFields part{view};
    for (const Json::Member& member : view.value->members()) {
      (void)words(part, member.first);
      if (part.ok() && source_of(member.first) == nullptr) {
        part.refuse(member.first, Errc::unknown_name, "is not a known source");
      }
    }
    read.done(part);
  });
  optional_nested(in, "plan", [&](const JsonView& p) { out.plan = plan(read, p); });
  if (in.ok() && read.ok()) {
    if (out.answer != plans::overall(out.findings)) {
      in.refuse("answer", Errc::contradiction, "must be the worst of its findings");
    } else if ((out.answer == plans::Answer::refused) == out.plan.has_value()) {
      in.refuse("plan", Errc::contradiction,
                out.plan ? "must be left out where the answer is refused" : "is required");
    }
  }
  read.done(in);
  if (!read.ok()) return unexpected(read.error());
  return out;
}

Json taper_answer_json(const plans::TaperAnswer& answer) {
  using namespace taper_json;  // NOLINT: this function is about nothing else
  Members out;
  out.text("format", format_name(TaperFile::answer)).text("answer", name(answer.answer));
  out.put("findings", list_of(answer.findings, finding_json));
  std::vector<const Source*> used;
  const auto use = [&used](const Source* source) {
    if (source != nullptr && std::ranges::find(used, source->id, &Source::id) == used.end()) {
      used.push_back(source);
    }
  };
  for (const plans::RuleFinding& f : answer.findings) use(f.rule->source);
  if (!answer.instead.empty()) {
    for (const plans::Instead& one : answer.instead) use(one.source);
    out.put("instead", list_of(answer.instead, [](const plans::Instead& one) {
              Members part;
              part.text("id", one.id).text("text", one.text);
              if (one.source != nullptr) part.text("source", one.source->id);
              return part.object();
            }));
  }
  std::ranges::sort(used, {}, [](const Source* source) { return source->id; });
  Members citations;
  for (const Source* source : used) citations.text(source->id, source->citation);
  if (!used.empty()) out.put("sources", citations.object());
  if (answer.plan) out.put("plan", plan_json(*answer.plan));
  return out.object();
}

}  // namespace ombre::inline v0::io
