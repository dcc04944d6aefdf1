#include "taper_json_parts.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "ombre/io/file.hpp"
#include "ombre/plans/product_table.hpp"

namespace ombre::inline v0::io::taper_json {
namespace {

using namespace plans;  // NOLINT: this file is about nothing else

constexpr std::array<std::string_view, 3> liquid_uses{"when_needed", "never", "only"};
constexpr std::array<std::string_view, 11> product_kinds{"tablet",
                                                         "dispersible_tablet",
                                                         "orally_disintegrating_tablet",
                                                         "capsule",
                                                         "sublingual_tablet",
                                                         "sublingual_film",
                                                         "oral_liquid",
                                                         "patch",
                                                         "injection",
                                                         "gum",
                                                         "lozenge"};
constexpr std::array<std::string_view, 2> releases{"immediate", "extended"};

struct YesNo {
  std::string_view key;
  std::optional<bool> SafetyFacts::*fact;
};
// In the order of the header, which is the order in files.
constexpr std::array yes_no_facts{
    YesNo{"pregnant", &SafetyFacts::pregnant},
    YesNo{"specialist_involved", &SafetyFacts::specialist_involved},
    YesNo{"seizure_history", &SafetyFacts::seizure_history},
    YesNo{"delirium_history", &SafetyFacts::delirium_history},
    YesNo{"seizure_or_confusion_now", &SafetyFacts::seizure_or_confusion_now},
    YesNo{"suicidal_now", &SafetyFacts::suicidal_now},
    YesNo{"psychosis_or_mania_now", &SafetyFacts::psychosis_or_mania_now},
    YesNo{"agonist_treatment_working", &SafetyFacts::agonist_treatment_working},
    YesNo{"cancer_palliative_or_sickle_cell", &SafetyFacts::cancer_palliative_or_sickle_cell},
    YesNo{"used_for_epilepsy", &SafetyFacts::used_for_epilepsy},
    YesNo{"street_supply", &SafetyFacts::street_supply},
    YesNo{"recent_stressor", &SafetyFacts::recent_stressor},
    YesNo{"serious_illness", &SafetyFacts::serious_illness},
    YesNo{"no_home_or_carer", &SafetyFacts::no_home_or_carer},
    YesNo{"takes_opioid", &SafetyFacts::takes_opioid},
    YesNo{"takes_benzodiazepine", &SafetyFacts::takes_benzodiazepine},
    YesNo{"takes_alcohol", &SafetyFacts::takes_alcohol},
    YesNo{"naloxone_at_hand", &SafetyFacts::naloxone_at_hand},
    YesNo{"overdose_history", &SafetyFacts::overdose_history},
    YesNo{"substance_use_disorder", &SafetyFacts::substance_use_disorder},
    YesNo{"sleep_disordered_breathing", &SafetyFacts::sleep_disordered_breathing},
    YesNo{"copd", &SafetyFacts::copd},
    YesNo{"kidney_or_liver_failure", &SafetyFacts::kidney_or_liver_failure},
    YesNo{"heavy_alcohol", &SafetyFacts::heavy_alcohol},
    YesNo{"mental_health_disorder", &SafetyFacts::mental_health_disorder},
    YesNo{"illicit_use", &SafetyFacts::illicit_use},
    YesNo{"returning_after_tolerance_loss", &SafetyFacts::returning_after_tolerance_loss},
    YesNo{"discharge_near", &SafetyFacts::discharge_near},
    YesNo{"qt_risk", &SafetyFacts::qt_risk},
};

// Checks a text that was read; `one_line` refuses line breaks too.
std::string checked(JsonFields& in, std::string_view key, std::string text, bool one_line) {
  if (text.size() > most_text) {
    in.refuse(key, Errc::too_large, "must be at most " + std::to_string(most_text) + " bytes");
    return {};
  }
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7F) continue;
    if (!one_line && (c == '\n' || c == '\t')) continue;
    in.refuse(key, Errc::malformed,
              one_line ? "must be one line without control characters"
                       : "must not hold control characters");
    return {};
  }
  return text;
}

std::string_view words_of(const JsonView& view) { return view.value->as_text().value_or(""); }

std::optional<Error> bad_amount(std::string_view text, Amount& out) {
  auto read = Amount::parse(text);
  if (!read) return read.error();
  out = *read;
  return std::nullopt;
}

Result<StepLength> parse_length(std::string_view text) {
  const auto refuse = [&](Errc code, std::string_view rule) {
    return unexpected(error_at(code, "length", std::nullopt, text, rule));
  };
  constexpr std::string_view form =
      "must be a number of days, weeks or months, such as \"2 weeks\"";
  std::int32_t count = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, count);
  if (read.ec != std::errc{} || read.ptr == end || *read.ptr != ' ') {
    return refuse(Errc::malformed, form);
  }
  std::string unit{read.ptr + 1, end};
  if (unit == "day" || unit == "week" || unit == "month") unit += 's';
  const auto known = find_length_unit(unit);
  if (!known) return refuse(Errc::malformed, form);
  const StepLength out{count, *known};
  if (auto ok = check(out, "length"); !ok) return unexpected(ok.error());
  return out;
}

std::vector<int> small_numbers(Reading& read, JsonFields& in, std::string_view key, int most) {
  std::vector<int> out;
  each(in, key, most_few, false, [&](const JsonView& item) {
    const auto value = item.value->as_integer();
    if (!value || *value < 1 || *value > most) {
      read.refuse(item, value ? Errc::out_of_range : Errc::malformed,
                  "must be a whole number from 1 to " + std::to_string(most));
      return;
    }
    out.push_back(static_cast<int>(*value));
  });
  return out;
}

std::optional<Terminal> terminal(Reading& read, JsonFields& in) {
  std::optional<Terminal> out;
  optional_nested(in, "terminal", [&](const JsonView& view) {
    JsonFields part{view};
    Terminal t;
    t.smallest = part.optional_number("smallest", 0, most_number).value_or(0);
    t.down_to_once_a_day = part.optional_boolean("down_to_once_a_day").value_or(false);
    t.intakes_a_day = small_numbers(read, part, "intakes_a_day", 12);
    t.every_n_days = small_numbers(read, part, "every_n_days", 366);
    read.done(part);
    out = std::move(t);
  });
  return out;
}

RowsRule rows_rule(Reading& read, JsonFields& in) {
  RowsRule out;
  each(in, "rows", most_rows, true, [&](const JsonView& view) {
    JsonFields part{view};
    RowsRule::Row row{};
    row.amount = part.number("amount", 0, most_number);
    row.length = optional_length(part, "length");
    each(part, "intakes", 12, false, [&](const JsonView& item) {
      const auto value = item.value->as_number();
      if (!value || !(*value >= 0 && *value <= most_number)) {
        read.refuse(item, value ? Errc::out_of_range : Errc::malformed,
                    "must be a number from 0 to 1000000000");
        return;
      }
      row.intakes.push_back(*value);
    });
    read.done(part);
    out.rows.push_back(std::move(row));
  });
  out.may_rise = in.optional_boolean("may_rise").value_or(false);
  return out;
}

constexpr std::array<std::string_view, 7> rule_kinds{
    "percent", "bands", "equal_effect", "two_phase", "rows", "fade", "stay"};

std::optional<ReductionRule> rule(Reading& read, JsonFields& in,
                                  const std::optional<EffectCurve>& of_substance) {
  const std::size_t kind = in.one_of("kind", rule_kinds);
  if (!in.ok()) return std::nullopt;
  switch (kind) {
    case 0: {
      const double percent = positive(in, "percent", 100);
      const Basis basis = one_of(in, "basis", Basis::current);
      return PercentRule{percent, basis, terminal(read, in)};
    }
    case 1: {
      BandRule out;
      each(in, "bands", most_few, true, [&](const JsonView& view) {
        JsonFields part{view};
        const double above = part.number("above", 0, most_number);
        const double step = positive(part, "step");
        read.done(part);
        out.bands.push_back({above, step});
      });
      return out;
    }
    case 2: {
      EffectRule out;
      out.steps = whole(in, "steps", 1, most_rows);
      if (in.has("curve")) {
        nested(in, "curve", [&](const JsonView& view) {
          JsonFields part{view};
          out.curve = curve(read, part);
          read.done(part);
        });
      } else if (of_substance) {
        out.curve = *of_substance;
      } else {
        in.refuse("curve", Errc::missing,
                  "is required: the substance names no curve of dose and effect");
      }
      return out;
    }
    case 3: {
      TwoPhaseRule out;
      out.percent = positive(in, "percent", 100);
      out.until_percent = positive(in, "until_percent", 100);
      out.terminal = terminal(read, in);
      return out;
    }
    case 4:
      return rows_rule(read, in);
    case 5: {
      FadeRule out;
      out.steps = whole(in, "steps", 1, most_rows);
      out.shape = one_of(in, "shape", FadeRule::Shape::percent);
      out.grid = optional_positive(in, "grid");
      return out;
    }
    default: {
      StayRule out;
      out.length = length(in, "length");
      out.warm_turkey = in.optional_boolean("warm_turkey").value_or(false);
      return out;
    }
  }
}

void put_terminal(Members& out, const std::optional<Terminal>& terminal) {
  if (!terminal) return;
  const auto numbers = [](const std::vector<int>& all) {
    return list_of(all, [](int n) { return Json::integer(n); });
  };
  Members part;
  part.number("smallest", terminal->smallest);
  part.boolean("down_to_once_a_day", terminal->down_to_once_a_day);
  if (!terminal->intakes_a_day.empty()) part.put("intakes_a_day", numbers(terminal->intakes_a_day));
  if (!terminal->every_n_days.empty()) part.put("every_n_days", numbers(terminal->every_n_days));
  out.put("terminal", part.object());
}

struct PutRule {
  Members& out;

  void operator()(const PercentRule& rule) const {
    out.number("percent", rule.percent).text("basis", name(rule.basis));
    put_terminal(out, rule.terminal);
  }
  void operator()(const BandRule& rule) const {
    out.put("bands", list_of(rule.bands, [](const BandRule::Band& band) {
              return Members{}.number("above", band.above).number("step", band.step).object();
            }));
  }
  void operator()(const EffectRule& rule) const {
    out.integer("steps", rule.steps);
    out.put("curve",
            Members{}.number("emax", rule.curve.emax()).number("ed50", rule.curve.ed50()).object());
  }
  void operator()(const TwoPhaseRule& rule) const {
    out.number("percent", rule.percent).number("until_percent", rule.until_percent);
    put_terminal(out, rule.terminal);
  }
  void operator()(const RowsRule& rule) const {
    out.put("rows", list_of(rule.rows, [](const RowsRule::Row& row) {
              Members part;
              part.number("amount", row.amount);
              if (row.length) part.text("length", describe(*row.length));
              if (!row.intakes.empty()) {
                part.put("intakes", list_of(row.intakes, [](double d) { return Json::number(d); }));
              }
              return part.object();
            }));
    out.boolean("may_rise", rule.may_rise);
  }
  void operator()(const FadeRule& rule) const {
    out.integer("steps", rule.steps).text("shape", name(rule.shape));
    out.number_if("grid", rule.grid);
  }
  void operator()(const StayRule& rule) const {
    out.text("length", describe(rule.length)).boolean("warm_turkey", rule.warm_turkey);
  }
};

}  // namespace

// ---- texts, dates, amounts ---------------------------------------------------------------------

std::string words(JsonFields& in, std::string_view key) {
  return checked(in, key, in.text(key), false);
}
std::string optional_words(JsonFields& in, std::string_view key) {
  return in.has(key) ? words(in, key) : std::string{};
}
std::string name_text(JsonFields& in, std::string_view key) {
  return checked(in, key, in.text(key), true);
}
std::string optional_name_text(JsonFields& in, std::string_view key) {
  return in.has(key) ? name_text(in, key) : std::string{};
}

std::vector<std::string> names_list(JsonFields& in, std::string_view key, std::size_t most) {
  std::vector<std::string> out;
  if (!in.has(key)) return out;
  const JsonView whole_list = in.any(key);
  if (!in.ok()) return out;
  if (whole_list.value->items().size() > most) {
    in.refuse(key, Errc::too_large, "must be a list of at most " + std::to_string(most));
    return out;
  }
  out = in.texts(key);
  for (std::string& one : out) one = checked(in, key, std::move(one), true);
  for (std::size_t i = 1; i < out.size() && in.ok(); ++i) {
    if (std::find(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(i), out[i]) !=
        out.begin() + static_cast<std::ptrdiff_t>(i)) {
      in.refuse(key, Errc::duplicate, "names \"" + shown(out[i]) + "\" twice");
    }
  }
  return out;
}

Date date(JsonFields& in, std::string_view key) {
  const std::string text = in.text(key);
  if (!in.ok()) return {};
  const auto read = Date::parse(text);
  if (read) return *read;
  in.refuse(key, read.error().code, read.error().rule);
  return {};
}

std::optional<Date> optional_date(JsonFields& in, std::string_view key) {
  if (!in.has(key)) return std::nullopt;
  return date(in, key);
}

std::vector<Date> dates(Reading& read, JsonFields& in, std::string_view key) {
  std::vector<Date> out;
  each(in, key, most_days, false, [&](const JsonView& item) {
    if (item.value->kind() != Json::Kind::text) {
      read.refuse(item, Errc::malformed, "must be a date such as \"2024-01-31\"");
      return;
    }
    const auto day = Date::parse(words_of(item));
    if (!day) {
      read.refuse(item, day.error().code, day.error().rule);
      return;
    }
    out.push_back(*day);
  });
  return out;
}

plans::Amount amount(JsonFields& in, std::string_view key) {
  const JsonView view = in.any(key);
  Amount out;
  if (!in.ok()) return out;
  if (view.value->kind() != Json::Kind::text) {
    in.refuse(key, Errc::malformed, "must be a text with a unit, such as \"12.5 mg\"");
    return out;
  }
  if (const auto bad = bad_amount(words_of(view), out)) in.refuse(key, bad->code, bad->rule);
  return out;
}

std::optional<plans::Amount> optional_amount(JsonFields& in, std::string_view key) {
  if (!in.has(key)) return std::nullopt;
  return amount(in, key);
}

plans::Amount amount_of(Reading& read, const JsonView& view) {
  Amount out;
  if (view.value->kind() != Json::Kind::text) {
    read.refuse(view, Errc::malformed, "must be a text with a unit, such as \"12.5 mg\"");
    return out;
  }
  if (const auto bad = bad_amount(words_of(view), out)) read.refuse(view, bad->code, bad->rule);
  return out;
}

plans::AmountStep amount_step(JsonFields& in, std::string_view key) {
  const std::string text = in.text(key);
  if (!in.ok()) return {};
  const bool negative = text.starts_with('-');
  Amount size;
  if (const auto bad = bad_amount(std::string_view{text}.substr(negative ? 1 : 0), size)) {
    in.refuse(key, bad->code, bad->rule);
    return {};
  }
  return {negative ? -size.micro() : size.micro(), size.unit()};
}

plans::StepLength length(JsonFields& in, std::string_view key) {
  const std::string text = in.text(key);
  if (!in.ok()) return {};
  const auto read = parse_length(text);
  if (read) return *read;
  in.refuse(key, read.error().code, read.error().rule);
  return {};
}

std::optional<plans::StepLength> optional_length(JsonFields& in, std::string_view key) {
  if (!in.has(key)) return std::nullopt;
  return length(in, key);
}

std::int32_t whole(JsonFields& in, std::string_view key, std::int64_t least, std::int64_t most) {
  return static_cast<std::int32_t>(in.integer(key, least, most));
}

std::int32_t whole_or(JsonFields& in, std::string_view key, std::int64_t least, std::int64_t most,
                      std::int32_t otherwise) {
  const auto value = in.optional_integer(key, least, most);
  return value ? static_cast<std::int32_t>(*value) : otherwise;
}

double positive(JsonFields& in, std::string_view key, double most) {
  const double value = in.number(key, 0, most);
  if (in.ok() && value == 0) {
    in.refuse(key, Errc::out_of_range,
              "must be above 0 and at most " + std::to_string(static_cast<std::int64_t>(most)));
  }
  return value;
}

std::optional<double> optional_positive(JsonFields& in, std::string_view key, double most) {
  if (!in.has(key)) return std::nullopt;
  return positive(in, key, most);
}

// ---- parts of requests -------------------------------------------------------------------------

plans::Actor actor(Reading& read, const JsonView& view) {
  JsonFields in{view};
  Actor out;
  out.name = name_text(in, "name");
  if (in.ok() && out.name.empty()) in.refuse("name", Errc::missing, "is required");
  out.role = one_of(in, "role", Role::team);
  read.done(in);
  return out;
}

plans::Override an_override(Reading& read, const JsonView& view) {
  JsonFields in{view};
  Override out;
  out.rule = name_text(in, "rule");
  nested(in, "by", [&](const JsonView& by) { out.by = actor(read, by); });
  out.reason = words(in, "reason");
  read.done(in);
  return out;
}

plans::TaperGoal goal(Reading& read, const JsonView& view) {
  JsonFields in{view};
  TaperGoal out;
  out.kind = one_of(in, "kind", GoalKind::undecided);
  out.amount = optional_amount(in, "amount");
  out.words = optional_words(in, "words");
  read.done(in);
  return out;
}

plans::IntakeLimits limits(Reading& read, const JsonView& view) {
  JsonFields in{view};
  IntakeLimits out;
  out.max_pieces = whole_or(in, "max_pieces", 1, 200, out.max_pieces);
  if (const auto finest = in.optional_text("finest"); finest && in.ok()) {
    const auto division = division_of(*finest);
    if (division) {
      out.finest = *division;
    } else {
      in.refuse("finest", division.error().code, division.error().rule);
    }
  }
  if (const auto liquid = in.optional_one_of("liquid", liquid_uses)) {
    out.liquid = static_cast<LiquidUse>(*liquid);
  }
  read.done(in);
  return out;
}

plans::SafetyFacts facts(Reading& read, const JsonView& view) {
  JsonFields in{view};
  SafetyFacts out;
  out.person_agrees = in.optional_boolean("person_agrees");
  out.supervision = one_of(in, "supervision", Supervision::inpatient, Supervision::not_stated);
  out.next_contact = optional_date(in, "next_contact");
  out.months_of_use = in.optional_number("months_of_use", 0, 1500);
  out.age_years = in.optional_number("age_years", 0, 150);
  for (const YesNo& one : yes_no_facts) out.*one.fact = in.optional_boolean(one.key);
  const auto count = [&in](std::string_view key, std::int64_t most) -> std::optional<int> {
    const auto value = in.optional_integer(key, 0, most);
    if (!value) return std::nullopt;
    return static_cast<int>(*value);
  };
  out.opioid_free_days = count("opioid_free_days", 100'000);
  out.mme_a_day = in.optional_number("mme_a_day", 0, 1e6);
  out.sadq = count("sadq", 60);
  out.pawss = count("pawss", 10);
  read.done(in);
  return out;
}

std::optional<plans::Product> product(Reading& read, const JsonView& view) {
  JsonFields in{view};
  Form form = Form::tablet;
  const std::string form_text = in.text("form");
  if (in.ok()) {
    const auto known = form_of(form_text);
    if (known) {
      form = *known;
    } else {
      in.refuse("form", known.error().code, known.error().rule);
    }
  }
  const std::string label = optional_name_text(in, "label");
  const bool in_stock = in.optional_boolean("in_stock").value_or(true);
  Result<Product> made = unexpected(error_of(Errc::missing, "form", "is required"));
  if (form == Form::liquid) {
    const Amount per_ml = amount(in, "per_ml");
    const Amount graduation = amount(in, "graduation");
    const Amount largest = amount(in, "largest");
    if (in.ok()) made = Product::liquid(per_ml, graduation, largest, label);
  } else if (form == Form::patch) {
    const Amount strength = amount(in, "strength");
    const std::int32_t days = whole(in, "wear_days", 1, 31);
    if (in.ok()) made = Product::patch(strength, days, label);
  } else {
    const Amount strength = amount(in, "strength");
    Division division = Division::whole;
    if (const auto text = in.optional_text("division"); text && in.ok()) {
      const auto known = division_of(*text);
      if (known) {
        division = *known;
      } else {
        in.refuse("division", known.error().code, known.error().rule);
      }
    }
    if (in.ok()) made = Product::piece(form, strength, division, label);
  }
  if (in.ok() && !made) in.refuse(made.error().field, made.error().code, made.error().rule);
  read.done(in);
  if (!made || !read.ok()) return std::nullopt;
  return made->with_stock(in_stock);
}

std::vector<plans::Product> products(Reading& read, JsonFields& in, std::string_view key,
                                     std::string_view substance, plans::DoseUnit unit,
                                     const substance::Catalogue* catalogue) {
  std::vector<Product> out;
  if (!in.has(key)) return out;
  const JsonView view = in.any(key);
  if (!in.ok()) return out;
  if (catalogue == nullptr || view.value->kind() != Json::Kind::object) {
    each(in, key, most_products, true, [&](const JsonView& item) {
      if (auto one = product(read, item)) out.push_back(*std::move(one));
    });
    return out;
  }
  JsonFields part{view};
  ProductTableOptions options;
  options.unit = unit;
  options.market = name_text(part, "market");
  if (options.market == "any") options.market.clear();
  each(part, "kinds", most_few, false, [&](const JsonView& item) {
    const auto at = std::ranges::find(product_kinds, words_of(item));
    if (at == product_kinds.end()) {
      read.refuse(item, Errc::unknown_name,
                  "must be one of tablet, dispersible_tablet, orally_disintegrating_tablet, "
                  "capsule, sublingual_tablet, sublingual_film, oral_liquid, patch, injection, "
                  "gum, lozenge");
      return;
    }
    options.kinds.push_back(static_cast<substance::ProductKind>(at - product_kinds.begin()));
  });
  if (const auto release = part.optional_one_of("release", releases)) {
    options.release = static_cast<substance::Release>(*release);
  }
  options.tablets_are_scored = part.optional_boolean("tablets_are_scored").value_or(false);
  if (const auto graduation = optional_amount(part, "graduation")) {
    options.graduation = *graduation;
  }
  if (const auto largest = optional_amount(part, "largest_volume")) {
    options.largest_volume = *largest;
  }
  read.done(part);
  if (!read.ok() || !in.ok()) return out;
  const auto table = product_table(substance, options, *catalogue);
  if (!table) {
    in.refuse(key, table.error().code, table.error().rule);
    return out;
  }
  if (table->listed.empty()) {
    in.refuse(key, Errc::not_computable,
              "holds nothing of " + std::string{substance} + " that can be counted in " +
                  std::string{name(unit)});
  }
  return table->products();
}

plans::EffectCurve curve(Reading& read, JsonFields& in) {
  if (in.has("points")) {
    std::vector<std::pair<double, double>> points;
    each(in, "points", 2, true, [&](const JsonView& view) {
      JsonFields part{view};
      const double dose = part.number("dose", 0, most_number);
      const double effect = part.number("effect", 0, 1);
      read.done(part);
      points.emplace_back(dose, effect);
    });
    if (!in.ok() || !read.ok()) return {};
    if (points.size() != 2) {
      in.refuse("points", Errc::size_mismatch, "must be two points of dose and effect");
      return {};
    }
    const auto made =
        EffectCurve::through(points[0].first, points[0].second, points[1].first, points[1].second);
    if (made) return *made;
    in.refuse("points", made.error().code, made.error().rule);
    return {};
  }
  const double emax = in.number("emax", 0, 1);
  const double ed50 = in.number("ed50", 0, most_number);
  if (!in.ok()) return {};
  const auto made = EffectCurve::from(emax, ed50);
  if (made) return *made;
  in.refuse(made.error().field, made.error().code, made.error().rule);
  return {};
}

std::vector<plans::TaperPhase> phases(Reading& read, JsonFields& in, std::string_view key,
                                      const std::optional<plans::EffectCurve>& of_substance) {
  std::vector<TaperPhase> out;
  each(in, key, most_phases, true, [&](const JsonView& view) {
    JsonFields part{view};
    auto made = rule(read, part, of_substance);
    std::string phase_name = optional_name_text(part, "name");
    const auto until = part.optional_number("until_amount", 0, most_number);
    const auto most = part.optional_integer("at_most_steps", 1, most_rows);
    const auto step_length = optional_length(part, "step_length");
    read.done(part);
    if (!made || !read.ok()) return;
    TaperPhase phase{*std::move(made)};
    phase.name = std::move(phase_name);
    phase.until_amount = until;
    if (most) phase.at_most_steps = static_cast<int>(*most);
    phase.step_length = step_length;
    out.push_back(std::move(phase));
  });
  return out;
}

void check_format(JsonFields& in, TaperFile kind) {
  const std::string text = in.text("format");
  if (!in.ok() || text == format_name(kind)) return;
  std::string rule = "must be \"" + std::string{format_name(kind)} + '"';
  in.refuse("format", Errc::unsupported, rule);
}

Result<Json> parse(std::string_view text, std::string_view name, TaperFile kind) {
  JsonOptions options;
  options.max_depth = 32;
  options.max_bytes = largest_taper_file(kind);
  return parse_json(text, name, options);
}

Result<Json> read_document(const std::string& path, TaperFile kind) {
  JsonOptions options;
  options.max_depth = 32;
  options.max_bytes = largest_taper_file(kind);
  return read_json(path, options);
}

Unexpected in_file(Error error, std::string_view file) {
  // With a file a row would be a line number; here it is a place in a list.
  if (error.row && error.file.empty()) {
    error.field += '[' + std::to_string(*error.row) + ']';
    error.row.reset();
  }
  error.file = std::string{file};
  return unexpected(std::move(error));
}

// ---- writing -----------------------------------------------------------------------------------

Json texts_json(const std::vector<std::string>& all) {
  return list_of(all, [](const std::string& one) { return Json::text(one); });
}
Json dates_json(const std::vector<Date>& all) {
  return list_of(all, [](Date one) { return Json::text(one.iso()); });
}
Json amount_json(plans::Amount value) { return Json::text(plans::text(value)); }

Json actor_json(const plans::Actor& actor) {
  return Members{}.text("name", actor.name).text("role", name(actor.role)).object();
}

Json override_json(const plans::Override& one) {
  return Members{}
      .text("rule", one.rule)
      .put("by", actor_json(one.by))
      .text("reason", one.reason)
      .object();
}

Json goal_json(const plans::TaperGoal& goal) {
  return Members{}
      .text("kind", name(goal.kind))
      .amount_if("amount", goal.amount)
      .text_if("words", goal.words)
      .object();
}

Json limits_json(const plans::IntakeLimits& limits) {
  return Members{}
      .integer("max_pieces", limits.max_pieces)
      .text("finest", name(limits.finest))
      .text("liquid", liquid_uses[static_cast<std::size_t>(limits.liquid)])
      .object();
}

Json facts_json(const plans::SafetyFacts& facts) {
  Members out;
  const auto yes_no = [&out](std::string_view key, const std::optional<bool>& fact) {
    if (fact) out.boolean(key, *fact);
  };
  const auto count = [&out](std::string_view key, const std::optional<int>& fact) {
    if (fact) out.integer(key, *fact);
  };
  yes_no("person_agrees", facts.person_agrees);
  out.text("supervision", name(facts.supervision));
  out.date_if("next_contact", facts.next_contact);
  out.number_if("months_of_use", facts.months_of_use);
  out.number_if("age_years", facts.age_years);
  for (const YesNo& one : yes_no_facts) yes_no(one.key, facts.*one.fact);
  count("opioid_free_days", facts.opioid_free_days);
  out.number_if("mme_a_day", facts.mme_a_day);
  count("sadq", facts.sadq);
  count("pawss", facts.pawss);
  return out.object();
}

Json product_json(const plans::Product& product) {
  Members out;
  out.text("form", name(product.form()));
  if (product.is_liquid()) {
    out.put("per_ml", amount_json(product.strength()));
    out.put("graduation", amount_json(product.graduation()));
    out.put("largest", amount_json(product.largest_volume()));
  } else {
    out.put("strength", amount_json(product.strength()));
    if (product.form() == Form::patch) {
      out.integer("wear_days", product.wear_days());
    } else {
      out.text("division", name(product.division()));
    }
  }
  out.text("label", product.label());
  out.boolean("in_stock", product.in_stock());
  return out.object();
}

Json phase_json(const plans::TaperPhase& phase) {
  Members out;
  out.text("kind", kind(phase.rule));
  std::visit(PutRule{out}, phase.rule);
  out.text_if("name", phase.name);
  out.number_if("until_amount", phase.until_amount);
  if (phase.at_most_steps) out.integer("at_most_steps", *phase.at_most_steps);
  if (phase.step_length) out.text("step_length", describe(*phase.step_length));
  return out.object();
}

}  // namespace ombre::inline v0::io::taper_json
