#include "ombre/io/taper_fhir.hpp"

#include <algorithm>
#include <array>

#include "taper_phrase.hpp"

namespace ombre::inline v0::io {

namespace {

using namespace detail;  // NOLINT: the private parts of this module
using namespace plans;   // NOLINT: this file speaks about nothing else

constexpr std::string_view ucum = "http://unitsofmeasure.org";
constexpr std::string_view identifier_system = "urn:ombre:plan";

// UCUM code of a unit; empty where there is none (money).
std::string_view ucum_code(DoseUnit unit) noexcept {
  constexpr std::array<std::string_view, 11> codes{
      "mg",           "ug",         "g",       "mL", "ug/h", "g{ethanol}", "{standard drink}",
      "{cigarettes}", "{THC unit}", "{times}", ""};
  return codes[static_cast<std::size_t>(unit)];
}

Json quantity(double value, std::string_view unit, std::string_view code) {
  Json out;
  out.set("value", Json::number(value));
  out.set("unit", Json::text(unit));
  if (!code.empty()) {
    out.set("system", Json::text(ucum));
    out.set("code", Json::text(code));
  }
  return out;
}

Json quantity(Amount amount) {
  return quantity(amount.value(), name(amount.unit()), ucum_code(amount.unit()));
}

Json text_only(std::string_view text) {
  Json out;
  out.set("text", Json::text(text));
  return out;
}

Json reference(std::string_view to) {
  Json out;
  out.set("reference", Json::text(to));
  return out;
}

Json period(Date first, std::optional<Date> last) {
  Json out;
  out.set("start", Json::text(first.iso()));
  if (last) out.set("end", Json::text(last->iso()));
  return out;
}

// FNV-1a, for names only; no secret depends on it.
std::uint64_t hash_of(std::string_view text, std::uint64_t seed) noexcept {
  std::uint64_t h = seed;
  for (const char c : text) {
    h ^= static_cast<unsigned char>(c);
    h *= 0x100000001b3ULL;
  }
  h ^= h >> 32U;
  h *= 0xd6e8feb86659fd93ULL;
  return h ^ (h >> 32U);
}

// A UUID made of a name (version 8 of RFC 9562): the same resource has the same one in every
// version of a plan.
std::string uuid_of(std::string_view name) {
  const std::uint64_t high =
      (hash_of(name, 0xcbf29ce484222325ULL) & 0xffffffffffff0fffULL) | 0x8000ULL;
  const std::uint64_t low =
      (hash_of(name, 0x9ae16a3b2f90404fULL) & 0x3fffffffffffffffULL) | 0x8000000000000000ULL;
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "urn:uuid:";
  for (int i = 0; i < 32; ++i) {
    if (i == 8 || i == 12 || i == 16 || i == 20) out += '-';
    const std::uint64_t half = i < 16 ? high : low;
    out += digits[(half >> static_cast<unsigned>(60 - 4 * (i % 16))) & 15U];
  }
  return out;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    }
  }
  return out;
}

// A medicine travels as a MedicationRequest, anything else as a Goal alone.
bool medicine(const TaperLine& line) { return line.what.prescribed || !line.products.empty(); }

class Writer {
 public:
  Writer(const TaperPlan& plan, const TaperFhirOptions& options)
      : plan_{plan},
        options_{options},
        words_{words_of(options.language)},
        catalogue_{options.catalogue != nullptr ? *options.catalogue : substance::builtin()} {}

  Result<Json> bundle() const {
    Json entries = Json::list();
    entries.add(entry("CarePlan", 0, care_plan()));
    const std::size_t lines = plan_.request().lines.size();
    for (std::size_t l = 0; l < lines; ++l) entries.add(entry("Goal", l, goal(l)));
    for (std::size_t l = 0; l < lines; ++l) {
      if (!medicine(plan_.request().lines[l])) continue;
      auto request = medication_request(l);
      if (!request) return unexpected(std::move(request).error());
      entries.add(entry("MedicationRequest", l, std::move(*request)));
    }
    Json out;
    out.set("resourceType", Json::text("Bundle"));
    out.set("type",
            Json::text(options_.bundle == FhirBundle::collection ? "collection" : "transaction"));
    out.set("entry", std::move(entries));
    return out;
  }

 private:
  std::string key(std::string_view type, std::size_t line) const {
    std::string out = one_line(plan_.request().plan_id) + "/" + std::string{type};
    return type == "CarePlan" ? out : out + "/" + std::to_string(line);
  }

  Json entry(std::string_view type, std::size_t line, Json resource) const {
    Json out;
    out.set("fullUrl", Json::text(uuid_of(key(type, line))));
    out.set("resource", std::move(resource));
    if (options_.bundle == FhirBundle::transaction) {
      Json request;
      request.set("method", Json::text("PUT"));
      request.set("url", Json::text(std::string{type} +
                                    "?identifier=" + percent_encoded(identifier_system) + "%7C" +
                                    percent_encoded(key(type, line))));
      out.set("request", std::move(request));
    }
    return out;
  }

  Json start(std::string_view type, std::size_t line) const {
    Json identifier;
    identifier.set("system", Json::text(identifier_system));
    identifier.set("value", Json::text(key(type, line)));
    Json out;
    out.set("resourceType", Json::text(type));
    out.set("identifier", Json::list({std::move(identifier)}));
    return out;
  }

  // on_hold only means something once a plan has been accepted.
  std::string_view status(std::string_view draft, std::string_view active,
                          std::string_view on_hold) const {
    const TaperVersion& now = plan_.now();
    if (!now.accepted) return draft;
    return now.status == PlanStatus::on_hold ? on_hold : active;
  }

  Json care_plan() const {
    const TaperRequest& request = plan_.request();
    const TaperVersion& now = plan_.now();
    Json out = start("CarePlan", 0);
    out.set("status", Json::text(status("draft", "active", "on-hold")));
    out.set("intent", Json::text("plan"));
    out.set("title",
            Json::text(words_.say("person.title", {{"substance", substances(words_, plan_)}})));
    out.set("subject", reference(options_.subject));
    out.set("period", period(now.steps.front().first, now.steps.back().last));
    out.set("created", Json::text(request.made_on.iso()));
    Json goals = Json::list();
    Json activities = Json::list();
    for (std::size_t l = 0; l < request.lines.size(); ++l) {
      goals.add(reference(uuid_of(key("Goal", l))));
      if (!medicine(request.lines[l])) continue;
      Json activity;
      activity.set("reference", reference(uuid_of(key("MedicationRequest", l))));
      activities.add(std::move(activity));
    }
    out.set("goal", std::move(goals));
    if (!activities.items().empty()) out.set("activity", std::move(activities));
    Json notes = Json::list();
    for (const std::string& line : status_lines(words_, plan_)) notes.add(text_only(line));
    for (std::size_t v = 2; v <= plan_.version(); ++v) {
      const Change& change = plan_.history().change(v);
      std::string text = words_.say("change.last", {{"date", words_.date(change.on)},
                                                    {"what", words_.say("what." + change.what)}});
      if (!change.why.empty()) text += " " + words_.say("change.why", {{"why", change.why}});
      notes.add(text_only(text));
    }
    out.set("note", std::move(notes));
    return out;
  }

  Json goal(std::size_t l) const {
    const TaperLine& line = plan_.request().lines[l];
    const TaperVersion& now = plan_.now();
    const TaperGoal& wanted = now.goals[l];
    Json out = start("Goal", l);
    out.set("lifecycleStatus", Json::text(status("proposed", "active", "on-hold")));
    std::string said = one_line(wanted.words);
    if (said.empty() && plan_.request().substitution && l == 0) {
      said = words_.say("goal.replaced", {{"substance", one_line(line.what.name)},
                                          {"other", one_line(plan_.request().lines[1].what.name)}});
    }
    if (said.empty()) said = goal_phrase(words_, wanted, line.per);
    out.set("description", text_only(said));
    out.set("subject", reference(options_.subject));
    out.set("startDate", Json::text(now.steps.front().first.iso()));
    out.set("statusDate", Json::text(plan_.history().change().on.iso()));
    Json targets = Json::list();
    const std::string measure =
        one_line(line.what.name) + (line.per == Per::week ? ", a week" : ", a day");
    const auto target = [&](Amount amount, Date due) {
      Json t;
      t.set("measure", text_only(measure));
      t.set("detailQuantity", quantity(amount));
      t.set("dueDate", Json::text(due.iso()));
      targets.add(std::move(t));
    };
    if (!medicine(line)) {
      for (const TaperStep& step : now.steps) target(step.doses[l].amount, step.last);
    }
    if (now.ends && l < now.after.size()) target(now.after[l], *now.ends);
    if (!targets.items().empty()) out.set("target", std::move(targets));
    return out;
  }

  Json concept_of(const TaperLine& line) const {
    Json out;
    Json codings = Json::list();
    if (const auto known = catalogue_.find(line.what.id)) {
      std::vector<std::string_view> atc;
      for (const substance::Code& code : known->codes()) {
        if (code.system == substance::CodeSystem::rxnorm) {
          codings.add(coding("http://www.nlm.nih.gov/research/umls/rxnorm", code.code));
          continue;
        }
        // Methadone and buprenorphine have a code against pain and one for dependence (N07B).
        const bool dependence = code.code.starts_with("N07B");
        const bool opioid = line.what.cls == substance::Class::opioid;
        if (opioid && dependence != line.what.agonist_treatment) continue;
        // Codes whose last two digits are 50 and more are combinations with something else.
        if (code.code.size() == 7 && code.code[5] >= '5') continue;
        atc.push_back(code.code);
      }
      if (atc.size() == 1) codings.add(coding("http://www.whocc.no/atc", atc.front()));
    }
    if (!codings.items().empty()) out.set("coding", std::move(codings));
    out.set("text", Json::text(one_line(line.what.name)));
    return out;
  }

  static Json coding(std::string_view system, std::string_view code) {
    Json out;
    out.set("system", Json::text(system));
    out.set("code", Json::text(code));
    return out;
  }

  void put_dosages(std::size_t l, Json& out) const {
    const TaperLine& line = plan_.request().lines[l];
    const TaperVersion& now = plan_.now();
    std::size_t begin = 0;
    std::size_t end = now.steps.size();
    while (begin < end && now.steps[begin].doses[l].amount.is_zero()) ++begin;
    while (end > begin && now.steps[end - 1].doses[l].amount.is_zero()) --end;
    int sequence = 0;
    for (std::size_t s = begin; s < end; ++s) {
      const TaperStep& step = now.steps[s];
      // The dose in force while a review is awaited has no end: none is decided.
      const bool open = goes_on(plan_) && s + 1 == now.steps.size();
      const LineDose& dose = step.doses[l];
      ++sequence;
      const std::string text =
          words_.say("step.heading", {{"number", std::to_string(s + 1)},
                                      {"first", words_.date(step.first)},
                                      {"last", words_.date(step.last)},
                                      {"length", words_.days(step.days())}}) +
          ". " + one_line(line.what.name) + ", " + full_dose(words_, line, dose) +
          (open ? ". " + words_.say("hold.goes_on", {{"substance", one_line(line.what.name)},
                                                     {"date", words_.date(step.last)},
                                                     {"dose", dose_phrase(words_, dose, line.per)}})
                : std::string{});
      const Json bounds = period(step.first, open ? std::nullopt : std::optional{step.last});
      std::vector<IntakeGroup> groups;
      if (line.per == Per::day) groups = intake_groups(line, dose);
      if (groups.empty()) {  // a week's amount, or nothing in this time
        out.add(dosage(sequence, text, bounds, dose.amount, 1, dose.every_n_days,
                       line.per == Per::week ? "wk" : "d", {}));
        continue;
      }
      for (const IntakeGroup& group : groups) {
        std::optional<int> minute;
        if (group.first < line.intakes.size()) minute = line.intakes[group.first].minute_of_day;
        std::vector<WornPart> worn;
        if (group.first < dose.dispensed.size()) {
          worn = worn_parts(dose.dispensed[group.first], line.products);
        }
        for (const WornPart& part : worn) {
          out.add(dosage(sequence, text, bounds, part.amount, group.count, part.days, "d", minute));
        }
        if (!worn.empty()) continue;
        out.add(dosage(sequence, text, bounds, dose.intakes[group.first], group.count,
                       dose.every_n_days, "d", minute));
      }
    }
    const Amount last =
        now.after.size() > l ? now.after[l] : Amount{line.intakes.front().amount.unit()};
    if (options_.stop_line && now.ends && last.is_zero() && end > begin) {
      const Date from = now.steps[end - 1].last + Days{1};
      Json repeat;
      repeat.set("boundsPeriod", period(from, std::nullopt));
      Json stop;
      stop.set("sequence", Json::integer(sequence + 1));
      stop.set("text", Json::text(words_.say("after.zero", {{"date", words_.date(from)}})));
      stop.set("timing", wrapped("repeat", std::move(repeat)));
      stop.set("doseAndRate",
               Json::list({wrapped("doseQuantity",
                                   quantity(Amount{line.intakes.front().amount.unit()}))}));
      out.add(std::move(stop));
    }
  }

  static Json wrapped(std::string_view key, Json value) {
    Json out;
    out.set(key, std::move(value));
    return out;
  }

  static Json dosage(int sequence, std::string_view text, const Json& bounds, Amount amount,
                     std::size_t frequency, int every, std::string_view unit,
                     std::optional<int> minute) {
    Json repeat;
    repeat.set("boundsPeriod", bounds);
    repeat.set("frequency", Json::integer(static_cast<std::int64_t>(frequency)));
    repeat.set("period", Json::integer(every));
    repeat.set("periodUnit", Json::text(unit));
    if (minute) {
      const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
      repeat.set("timeOfDay",
                 Json::list({Json::text(two(*minute / 60) + ":" + two(*minute % 60) + ":00")}));
    }
    Json out;
    out.set("sequence", Json::integer(sequence));
    out.set("text", Json::text(text));
    out.set("timing", wrapped("repeat", std::move(repeat)));
    out.set("doseAndRate", Json::list({wrapped("doseQuantity", quantity(amount))}));
    return out;
  }

  Result<Json> medication_request(std::size_t l) const {
    const TaperRequest& request = plan_.request();
    const TaperLine& line = request.lines[l];
    const TaperVersion& now = plan_.now();
    Json out = start("MedicationRequest", l);
    out.set("status", Json::text(status("draft", "active", "on-hold")));
    if (now.accepted && now.status == PlanStatus::on_hold) {
      std::string why = one_line(plan_.history().change().why);
      if (why.empty()) why = words_.say("what.hold");
      out.set("statusReason", text_only(why));
    }
    out.set("intent", Json::text("plan"));
    out.set("medicationCodeableConcept", concept_of(line));
    out.set("subject", reference(options_.subject));
    out.set("authoredOn", Json::text(request.made_on.iso()));
    const Change* accepted = acceptance(plan_);
    const Actor& by = now.accepted && accepted != nullptr ? accepted->by : request.by;
    Json requester;
    requester.set("display", Json::text(one_line(by.name)));
    out.set("requester", std::move(requester));
    Json group;
    group.set("system", Json::text(identifier_system));
    group.set("value", Json::text(one_line(request.plan_id)));
    out.set("groupIdentifier", std::move(group));

    // What to hand out: one quantity where there is one product, else as text.
    const auto periods = supply_of(plan_, l);
    if (!periods) return unexpected(periods.error());
    std::vector<std::int64_t> pieces(line.products.size(), 0);
    std::vector<std::int64_t> volumes(line.products.size(), 0);
    std::int64_t days = 0;
    for (const SupplyPeriod& p : *periods) {
      days += p.days;
      for (const SupplyLine& need : p.lines) {
        pieces[need.product] += need.pieces;
        volumes[need.product] += need.volume.micro();
      }
    }
    std::string needs;
    std::size_t kinds = 0;
    Json only;
    for (std::size_t p = 0; p < line.products.size(); ++p) {
      if (pieces[p] == 0 && volumes[p] == 0) continue;
      ++kinds;
      const Product& product = line.products[p];
      const std::string label = label_of(words_, product);
      if (!needs.empty()) needs += ", ";
      if (product.is_liquid()) {
        const double ml = static_cast<double>(volumes[p]) / 1e6;
        needs +=
            words_.say("supply.volume", {{"volume", words_.number(ml) + " mL"}, {"label", label}});
        only = quantity(ml, "mL", "mL");
      } else {
        needs +=
            words_.say("supply.pieces", {{"count", std::to_string(pieces[p])}, {"label", label}});
        const bool tablet = name(product.form()).ends_with("tablet");
        only = quantity(static_cast<double>(pieces[p]), name(product.form()),
                        tablet ? "{tbl}" : "{piece}");
      }
    }
    if (!needs.empty()) {
      out.set("note", Json::list({text_only(words_.say("pharmacy.supply") + ": " + needs)}));
    }
    Json dosages = Json::list();
    put_dosages(l, dosages);
    if (!dosages.items().empty()) out.set("dosageInstruction", std::move(dosages));
    if (kinds > 0) {
      Json dispense;
      dispense.set("validityPeriod", period(now.steps.front().first, now.steps.back().last));
      if (kinds == 1) dispense.set("quantity", std::move(only));
      dispense.set("expectedSupplyDuration", quantity(static_cast<double>(days), "days", "d"));
      out.set("dispenseRequest", std::move(dispense));
    }
    return out;
  }

  const TaperPlan& plan_;
  const TaperFhirOptions& options_;
  const TaperLanguage& words_;
  const substance::Catalogue& catalogue_;
};

}  // namespace

Result<std::string> taper_fhir(const TaperPlan& plan, const TaperFhirOptions& options) {
  if (auto ok = check_tellable(plan); !ok) return unexpected(ok.error());
  if (options.subject.empty()) {
    return unexpected(
        error_of(Errc::missing, "subject", "is required: a reference such as Patient/123"));
  }
  const auto bundle = Writer{plan, options}.bundle();
  if (!bundle) return unexpected(bundle.error());
  return json_text(*bundle, options.style);
}

}  // namespace ombre::inline v0::io
