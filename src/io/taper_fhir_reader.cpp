#include "ombre/io/taper_fhir_reader.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

#include "ombre/plans/step_calendar.hpp"

namespace ombre::inline v0::io {

namespace {

constexpr std::array<std::string_view, 8> statuses{"active",    "on-hold",          "cancelled",
                                                   "completed", "entered-in-error", "stopped",
                                                   "draft",     "unknown"};
constexpr std::array<std::string_view, 8> intents{"proposal",       "plan",         "order",
                                                  "original-order", "reflex-order", "filler-order",
                                                  "instance-order", "option"};
constexpr std::size_t most_steps = 20'000;

std::string below(const std::string& path, std::string_view key) {
  return path.empty() ? std::string{key} : path + "." + std::string{key};
}
std::string item(const std::string& path, std::size_t i) {
  return path + "[" + std::to_string(i) + "]";
}

// One element with the way to it. What is not there is null.
struct Element {
  const Json* value = nullptr;
  std::string path{};
  std::string_view file{};

  [[nodiscard]] bool there() const noexcept {
    return value != nullptr && value->kind() != Json::Kind::null;
  }
  [[nodiscard]] Element at(std::string_view key) const {
    return {value != nullptr ? value->find(key) : nullptr, below(path, key), file};
  }
  [[nodiscard]] std::vector<Element> items() const {
    std::vector<Element> out;
    if (value == nullptr) return out;
    const auto all = value->items();
    for (std::size_t i = 0; i < all.size(); ++i) out.push_back({&all[i], item(path, i), file});
    return out;
  }
  [[nodiscard]] Unexpected wrong(Errc code, std::string_view rule) const {
    static const Json nothing;
    return unexpected(JsonView{value != nullptr ? value : &nothing, path, file}.error(code, rule));
  }
};

Result<std::string> text_of(const Element& e, bool required) {
  if (!e.there()) {
    if (required) return e.wrong(Errc::missing, "is required");
    return std::string{};
  }
  const auto text = e.value->as_text();
  if (!text) return e.wrong(Errc::malformed, "must be a text");
  return std::string{*text};
}

Result<std::string> code_of(const Element& e, std::span<const std::string_view> known) {
  auto text = text_of(e, true);
  if (!text) return text;
  if (std::ranges::find(known, *text) == known.end()) {
    return e.wrong(Errc::unknown_name, "is not one of the codes of FHIR R4");
  }
  return text;
}

Result<std::optional<Date>> date_of(const Element& e) {
  if (!e.there()) return std::optional<Date>{};
  auto text = text_of(e, true);
  if (!text) return unexpected(text.error());
  // A dateTime may carry a time; the day is what a step needs.
  const auto day = Date::parse(std::string_view{*text}.substr(0, 10));
  const bool tail = text->size() == 10 || (text->size() > 10 && (*text)[10] == 'T');
  if (!day || !tail) return e.wrong(Errc::malformed, "must be a date such as 2024-03-01");
  return std::optional{*day};
}

Result<int> count_of(const Element& e, int otherwise) {
  if (!e.there()) return otherwise;
  const auto n = e.value->as_integer();
  if (!n || *n < 1 || *n > 366) {
    return e.wrong(n ? Errc::out_of_range : Errc::malformed, "must be a whole number of 1 to 366");
  }
  return static_cast<int>(*n);
}

// A FHIR Duration in whole days, weeks or months.
Result<plans::StepLength> duration_of(const Element& e) {
  const Element value = e.at("value");
  const auto n = value.there() ? value.value->as_integer() : std::nullopt;
  if (!n || *n < 1 || *n > 3660) {
    return value.wrong(!value.there() ? Errc::missing
                       : n            ? Errc::out_of_range
                                      : Errc::malformed,
                       "must be a whole number above 0");
  }
  const Element coded = e.at("code").there() ? e.at("code") : e.at("unit");
  auto unit = text_of(coded, true);
  if (!unit) return unexpected(unit.error());
  plans::StepLength out;
  out.count = static_cast<std::int32_t>(*n);
  if (*unit == "d" || *unit == "day" || *unit == "days") {
    out.unit = plans::LengthUnit::days;
  } else if (*unit == "wk" || *unit == "week" || *unit == "weeks") {
    out.unit = plans::LengthUnit::weeks;
  } else if (*unit == "mo" || *unit == "month" || *unit == "months") {
    out.unit = plans::LengthUnit::months;
  } else {
    return coded.wrong(Errc::unknown_name, "must be d, wk or mo");
  }
  if (auto ok = plans::check(out, "boundsDuration"); !ok) {
    return e.wrong(Errc::out_of_range, ok.error().rule);
  }
  return out;
}

Result<FhirPart> part_of(const Element& dosage) {
  FhirPart out;
  const Element repeat = dosage.at("timing").at("repeat");
  if (!repeat.there()) return repeat.wrong(Errc::missing, "is required: how often");
  if (const Element needed = dosage.at("asNeededBoolean");
      needed.there() && needed.value->as_boolean().value_or(true)) {
    return needed.wrong(Errc::unsupported, "says as needed, which has no amount for a day");
  }
  auto frequency = count_of(repeat.at("frequency"), 1);
  if (!frequency) return unexpected(frequency.error());
  auto period = count_of(repeat.at("period"), 1);
  if (!period) return unexpected(period.error());
  out.frequency = *frequency;
  out.period = *period;
  const Element unit = repeat.at("periodUnit");
  auto code = text_of(unit, repeat.at("period").there());
  if (!code) return unexpected(code.error());
  if (code->empty() || *code == "d") {
    out.period_unit = 'd';
  } else if (*code == "wk") {
    out.period_unit = 'w';
  } else {
    return unit.wrong(Errc::unsupported, "must be d or wk for the steps of a taper");
  }
  const Element times = repeat.at("timeOfDay");
  for (const Element& time : times.items()) {
    auto text = text_of(time, true);
    if (!text) return unexpected(text.error());
    out.times_of_day.push_back(std::move(*text));
  }
  // Times without a frequency are the frequency.
  if (!repeat.at("frequency").there() && !out.times_of_day.empty()) {
    out.frequency = static_cast<int>(out.times_of_day.size());
  }
  const Element rates = dosage.at("doseAndRate");
  const auto all = rates.items();
  if (all.size() != 1) {
    return rates.wrong(all.empty() ? Errc::missing : Errc::unsupported,
                       "must be a list of one: the dose");
  }
  const Element dose = all.front().at("doseQuantity");
  if (!dose.there()) {
    return dose.wrong(all.front().at("doseRange").there() ? Errc::unsupported : Errc::missing,
                      "is required: a range is no dose");
  }
  const Element value = dose.at("value");
  const auto number = value.there() ? value.value->as_number() : std::nullopt;
  if (!number || !std::isfinite(*number) || *number < 0 || *number > 1e9) {
    return value.wrong(!value.there() ? Errc::missing
                       : number       ? Errc::out_of_range
                                      : Errc::malformed,
                       "must be a number from 0 to 1000000000");
  }
  out.value = *number;
  auto shown = text_of(dose.at("unit"), false);
  if (!shown) return unexpected(shown.error());
  out.unit = std::move(*shown);
  auto ucum = text_of(dose.at("code"), false);
  if (!ucum) return unexpected(ucum.error());
  out.code = std::move(*ucum);
  if (out.unit.empty() && out.code.empty()) {
    return dose.wrong(Errc::missing, "needs a unit: a number alone is no dose");
  }
  return out;
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

// Lengths that a text names: "7 days", "for seven days", "2 weeks". In days.
std::vector<std::int64_t> lengths_in(std::string_view text) {
  constexpr std::array<std::string_view, 13> numbers{"zero", "one",    "two",   "three", "four",
                                                     "five", "six",    "seven", "eight", "nine",
                                                     "ten",  "eleven", "twelve"};
  std::vector<std::string> words;
  for (const char c : lower(text)) {
    const bool part = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    if (!part) {
      words.emplace_back();
    } else {
      if (words.empty()) words.emplace_back();
      words.back() += c;
    }
  }
  std::erase_if(words, [](const std::string& w) { return w.empty(); });
  std::vector<std::int64_t> out;
  for (std::size_t i = 1; i < words.size(); ++i) {
    std::string unit = words[i];
    while (!unit.empty() && (unit.back() == '.' || unit.back() == '-')) unit.pop_back();
    const std::int64_t days = unit == "day" || unit == "days"     ? 1
                              : unit == "week" || unit == "weeks" ? 7
                                                                  : 0;
    if (days == 0) continue;
    const std::string& word = words[i - 1];
    std::int64_t n = 0;
    const bool digits = !word.empty() && word.size() < 6 &&
                        std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
    if (digits) n = std::stoll(word);
    const auto named = std::ranges::find(numbers, word);
    if (named != numbers.end()) n = named - numbers.begin();
    // "every 2 days", "every 3 weeks" is how often and not how long.
    if (n > 0 && !(i >= 2 && words[i - 2] == "every")) out.push_back(n * days);
  }
  return out;
}

void look_at_text(const FhirStep& step, std::size_t row, FhirTaper& out) {
  if (!step.last) return;
  const auto lengths = lengths_in(step.text);
  const std::int64_t days = (*step.last - step.first).count() + 1;
  if (lengths.empty() || std::ranges::find(lengths, days) != lengths.end()) return;
  // Texts round months and weeks; a length given in the structure in months has no day count.
  Finding f;
  f.severity = Severity::warning;
  f.rule = "text_says_other_days";
  f.text = "The text names a length of " + std::to_string(lengths.front()) +
           " days, the structure one of " + std::to_string(days) +
           ": ask who wrote it which is meant";
  f.field = "dosageInstruction.text";
  f.row = row;
  f.value = step.text;
  out.findings.add(std::move(f));
}

Result<FhirTaper> taper_of(const Element& request, const FhirReadOptions& options) {
  FhirTaper out;
  auto status = code_of(request.at("status"), statuses);
  if (!status) return unexpected(status.error());
  out.status = std::move(*status);
  auto intent = code_of(request.at("intent"), intents);
  if (!intent) return unexpected(intent.error());
  out.intent = std::move(*intent);
  const Element concept_element = request.at("medicationCodeableConcept");
  if (!concept_element.there() && !request.at("medicationReference").there()) {
    return concept_element.wrong(Errc::missing, "is required: which medicine");
  }
  auto named = text_of(concept_element.at("text"), false);
  if (!named) return unexpected(named.error());
  out.medicine = std::move(*named);
  for (const Element& coding : concept_element.at("coding").items()) {
    auto system = text_of(coding.at("system"), false);
    if (!system) return unexpected(system.error());
    auto code = text_of(coding.at("code"), false);
    if (!code) return unexpected(code.error());
    out.codings.push_back({std::move(*system), std::move(*code)});
  }

  const Element list = request.at("dosageInstruction");
  if (list.there() && list.value->kind() != Json::Kind::list) {
    return list.wrong(Errc::malformed, "must be a list");
  }
  struct Read {
    std::int64_t sequence;
    std::size_t at;
    Element dosage;
  };
  std::vector<Read> read;
  const auto dosages = list.items();
  if (dosages.size() > most_steps) return list.wrong(Errc::too_large, "must be at most 20000");
  for (std::size_t i = 0; i < dosages.size(); ++i) {
    const Element sequence = dosages[i].at("sequence");
    std::int64_t number = 1;
    if (sequence.there()) {
      const auto n = sequence.value->as_integer();
      if (!n) return sequence.wrong(Errc::malformed, "must be a whole number");
      number = *n;
    } else if (dosages.size() > 1) {
      return sequence.wrong(Errc::missing,
                            "is required with several instructions: without it nothing says "
                            "whether they follow each other");
    }
    read.push_back({number, i, dosages[i]});
  }
  std::ranges::stable_sort(read, {}, &Read::sequence);

  std::optional<Date> next = options.start;  // for durations
  for (const Read& one : read) {
    const Element repeat = one.dosage.at("timing").at("repeat");
    const Element bounds = repeat.at("boundsPeriod");
    const Element length = repeat.at("boundsDuration");
    const bool same = !out.steps.empty() && out.steps.back().sequence == one.sequence;
    FhirStep step;
    step.sequence = one.sequence;
    auto text = text_of(one.dosage.at("text"), false);
    if (!text) return unexpected(text.error());
    step.text = std::move(*text);
    if (bounds.there()) {
      auto first = date_of(bounds.at("start"));
      if (!first) return unexpected(first.error());
      if (!*first) return bounds.at("start").wrong(Errc::missing, "is required");
      step.first = **first;
      auto last = date_of(bounds.at("end"));
      if (!last) return unexpected(last.error());
      step.last = *last;
      if (step.last && *step.last < step.first) {
        return bounds.at("end").wrong(Errc::contradiction, "must not lie before the start");
      }
    } else if (length.there()) {
      auto days = duration_of(length);
      if (!days) return unexpected(days.error());
      const std::optional<Date> first = same ? std::optional{out.steps.back().first} : next;
      if (!first) {
        return length.wrong(Errc::missing,
                            "needs the day on which the first step begins: give a start, or a "
                            "boundsPeriod");
      }
      const auto end = plans::add(*first, *days);
      if (!end) return length.wrong(Errc::out_of_range, end.error().rule);
      step.first = *first;
      step.last = *end - Days{1};
    } else {
      return repeat.wrong(Errc::missing, "needs boundsPeriod or boundsDuration: which days");
    }
    auto part = part_of(one.dosage);
    // A stop line has an amount of 0 and no frequency; it is read like any other.
    if (!part) return unexpected(part.error());
    if (part->code.empty() && out.findings.wants("unit_not_coded")) {
      Finding f;
      f.severity = Severity::note;
      f.rule = "unit_not_coded";
      f.text = "A unit is text only: it is taken for what it says";
      f.row = one.at;
      f.value = part->unit;
      out.findings.add(std::move(f));
    }
    if (same) {
      FhirStep& before = out.steps.back();
      if (before.first != step.first || before.last != step.last) {
        return one.dosage.at("sequence")
            .wrong(Errc::contradiction, "is equal to that of a part taken on other days");
      }
      before.parts.push_back(std::move(*part));
      continue;
    }
    if (!out.steps.empty()) {
      const FhirStep& before = out.steps.back();
      const bool overlap = !before.last || step.first <= *before.last;
      const bool gap =
          before.last && *before.last < Date::max() && step.first > *before.last + Days{1};
      if (overlap || gap) {
        Finding f;
        f.severity = Severity::warning;
        f.rule = overlap ? "steps_overlap" : "gap_between_steps";
        f.text = overlap ? "Two steps are asked for on the same days"
                         : "No dose is given for the days between two steps";
        f.row = one.at;
        f.value = step.first.iso();
        out.findings.add(std::move(f));
      }
    }
    step.parts.push_back(std::move(*part));
    look_at_text(step, one.at, out);
    next =
        step.last && *step.last < Date::max() ? std::optional{*step.last + Days{1}} : std::nullopt;
    out.steps.push_back(std::move(step));
  }
  return out;
}

}  // namespace

Result<std::vector<FhirTaper>> read_fhir_tapers(const Json& document,
                                                const FhirReadOptions& options,
                                                std::string_view file) {
  const Element root{&document, {}, file};
  auto type = text_of(root.at("resourceType"), true);
  if (!type) return unexpected(type.error());
  std::vector<FhirTaper> out;
  if (*type == "MedicationRequest") {
    auto one = taper_of(root, options);
    if (!one) return unexpected(one.error());
    out.push_back(std::move(*one));
    return out;
  }
  if (*type != "Bundle") {
    return root.at("resourceType")
        .wrong(Errc::unsupported, "must be a MedicationRequest or a Bundle of them");
  }
  for (const Element& entry : root.at("entry").items()) {
    const Element resource = entry.at("resource");
    if (!resource.there()) continue;
    auto kind = text_of(resource.at("resourceType"), true);
    if (!kind) return unexpected(kind.error());
    if (*kind != "MedicationRequest") continue;
    auto one = taper_of(resource, options);
    if (!one) return unexpected(one.error());
    out.push_back(std::move(*one));
  }
  return out;
}

std::optional<double> amount_on(const FhirTaper& taper, Date day) {
  std::optional<double> sum;
  const FhirPart* unit = nullptr;
  for (const FhirStep& step : taper.steps) {
    if (day < step.first || (step.last && day > *step.last)) continue;
    for (const FhirPart& part : step.parts) {
      if (unit != nullptr && (unit->unit != part.unit || unit->code != part.code)) {
        return std::nullopt;
      }
      unit = &part;
      const bool taken = part.period_unit == 'w' || (day - step.first).count() % part.period == 0;
      sum = sum.value_or(0) + (taken ? part.value * part.frequency : 0);
    }
  }
  return sum;
}

}  // namespace ombre::inline v0::io
