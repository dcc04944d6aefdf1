// A plan as text: for the person, for the pharmacy, and what to say in place of a plan.
#include "ombre/io/taper_text.hpp"

#include <algorithm>

#include "ombre/io/table.hpp"
#include "ombre/plans/safety.hpp"
#include "taper_phrase.hpp"

namespace ombre::inline v0::io {

namespace {

using namespace detail;  // NOLINT: the private parts of this module
using namespace plans;   // NOLINT: this file speaks about nothing else
using C = substance::Class;

// Groups of substances that the texts tell apart.
std::string_view kind_of(C cls) noexcept {
  switch (cls) {
    case C::alcohol:
      return "alcohol";
    case C::opioid:
      return "opioid";
    case C::benzodiazepine:
    case C::z_drug:
    case C::barbiturate:
    case C::gabapentinoid:
    case C::ghb:
    case C::gaba_b_agonist:
      return "sedative";
    case C::ssri:
    case C::snri:
    case C::maoi:
    case C::other_antidepressant:
      return "antidepressant";
    case C::nicotine:
      return "nicotine";
    default:
      return "other";
  }
}

// Lines of text; a section is a title and what stands below it.
class Page {
 public:
  void line(std::string_view text, int indent = 0) {
    out_.append(static_cast<std::size_t>(indent), ' ');
    out_ += text;
    out_ += '\n';
  }
  void blank() { out_ += '\n'; }
  void title(std::string_view text) {
    blank();
    line(text);
    line(std::string(display_width(text), '-'));
  }
  void raw(std::string_view text) { out_ += text; }
  [[nodiscard]] std::string take() && { return std::move(out_); }

 private:
  std::string out_;
};

std::vector<std::string_view> kinds_in(const TaperPlan& plan) {
  std::vector<std::string_view> out;
  for (const TaperLine& line : plan.request().lines) {
    const std::string_view kind = kind_of(line.what.cls);
    if (std::ranges::find(out, kind) == out.end()) out.push_back(kind);
  }
  return out;
}

bool has(const std::vector<std::string_view>& kinds, std::string_view kind) {
  return std::ranges::find(kinds, kind) != kinds.end();
}

bool any_product(const TaperPlan& plan, const auto& test) {
  for (const TaperLine& line : plan.request().lines) {
    if (std::ranges::any_of(line.products, test)) return true;
  }
  return false;
}

bool any_broken(const TaperPlan& plan) {
  for (const TaperStep& step : plan.now().steps) {
    for (const LineDose& dose : step.doses) {
      if (std::ranges::any_of(dose.dispensed, [](const Dispensed& d) { return d.broken > 0; })) {
        return true;
      }
    }
  }
  return false;
}

// Whether the plan itself leaves days between doses of a sedative.
bool skips_days(const TaperPlan& plan) {
  return std::ranges::any_of(plan.now().steps, [&plan](const TaperStep& step) {
    for (std::size_t l = 0; l < step.doses.size(); ++l) {
      const bool sedative = kind_of(plan.request().lines[l].what.cls) == "sedative";
      if (sedative && step.doses[l].every_n_days > 1) return true;
    }
    return false;
  });
}

// An opioid in the plan, or one taken besides it with a reason of its own.
bool naloxone_belongs(const TaperPlan& plan) {
  const SafetyFacts& facts = plan.now().facts;
  const bool opioid = has(kinds_in(plan), "opioid");
  if (opioid) return true;
  const bool near = facts.takes_opioid.value_or(false) || facts.mme_a_day.value_or(0) > 0 ||
                    facts.illicit_use.value_or(false) || facts.overdose_history.value_or(false) ||
                    facts.opioid_free_days.has_value();
  return near && !naloxone_reasons(facts).empty();
}

void put_goal(const TaperLanguage& words, const TaperPlan& plan, std::size_t l, Page& page) {
  const TaperLine& line = plan.request().lines[l];
  const TaperGoal& goal = plan.now().goals[l];
  const std::string name = one_line(line.what.name);
  const Amount present = present_amount(line).value_or(Amount{});
  if (present.is_zero()) {
    page.line(words.say("goal.introduce", {{"substance", name}}));
  } else {
    LineDose now;
    now.amount = present;
    page.line(
        words.say("goal.from", {{"substance", name}, {"dose", dose_phrase(words, now, line.per)}}));
  }
  if (plan.request().substitution && l == 0) {
    const std::string other = one_line(plan.request().lines[1].what.name);
    page.line(words.say("goal.replaced", {{"substance", name}, {"other", other}}));
    return;
  }
  page.line(goal_phrase(words, goal, line.per));
  if (!goal.words.empty()) page.line(words.say("goal.words", {{"words", goal.words}}));
}

// An even spread of a week, as an example.
std::string week_example(const TaperLanguage& words, Amount week) {
  const bool countable = week.unit() == DoseUnit::drinks || week.unit() == DoseUnit::cigarettes ||
                         week.unit() == DoseUnit::occasions;
  if (!countable || week.is_zero()) return {};
  const auto one = Amount::from_micro(1'000'000, week.unit());
  const auto days = spread_over_week(week, *one);
  if (!days) return {};
  std::string list;
  for (const Amount day : *days) {
    if (!list.empty()) list += ", ";
    list += words.number(day.value());
  }
  return words.say("week.spread", {{"days", list}});
}

void put_line_of_step(const TaperLanguage& words, const TaperPlan& plan, std::size_t s,
                      std::size_t l, Page& page) {
  const TaperRequest& request = plan.request();
  const TaperStep& step = plan.now().steps[s];
  const TaperLine& line = request.lines[l];
  const LineDose& dose = step.doses[l];
  const bool several = request.lines.size() > 1;
  const Amount before =
      s > 0 ? plan.now().steps[s - 1].doses[l].amount : present_amount(line).value_or(Amount{});
  if (several && dose.amount.is_zero() && before.is_zero()) return;

  std::string what =
      dose.amount.is_zero() ? words.say("step.nothing") : dose_phrase(words, dose, line.per);
  if (step.kind == StepKind::arrive && !several) {
    what = words.say("step.arrive", {{"dose", what}});
  } else if (dose.amount == before && dose.every_n_days == 1 &&
             (s > 0 || request.calendar.stay_first)) {
    what = words.say("step.stay", {{"dose", what}});
  } else if (dose.amount < before || dose.amount > before) {
    const bool less = dose.amount < before;
    const std::int64_t micro =
        less ? before.micro() - dose.amount.micro() : dose.amount.micro() - before.micro();
    const std::string by = words.amount(*Amount::from_micro(micro, before.unit()));
    what +=
        " (" + words.say(less ? "step.less" : "step.more", {{less ? "less" : "more", by}}) + ")";
  }
  page.line(several ? one_line(line.what.name) + ": " + what : what, 2);
  if (dose.amount.is_zero()) return;
  if (line.per == Per::week) {
    if (const std::string example = week_example(words, dose.amount); !example.empty()) {
      page.line(example, 4);
    }
    return;
  }
  const auto groups = intake_groups(line, dose);
  for (const IntakeGroup& group : groups) {
    const std::size_t i = group.first;
    std::string made;
    if (i < dose.dispensed.size()) made = made_phrase(words, dose.dispensed[i], line.products);
    const bool named = i < line.intakes.size() &&
                       (!line.intakes[i].label.empty() || line.intakes[i].minute_of_day);
    if (dose.intakes.size() == 1 && !named) {
      if (!made.empty()) page.line("= " + made, 4);
      continue;
    }
    std::string text =
        named             ? intake_label(words, line.intakes[i], i)
        : group.count > 1 ? words.count("intake.every_time", static_cast<std::int64_t>(group.count))
                          : intake_label(words, IntakeNow{}, i);
    text += ": " + words.amount(dose.intakes[i]);
    if (!made.empty()) text += " = " + made;
    page.line(text, 4);
  }
}

void put_steps(const TaperLanguage& words, const TaperPlan& plan, std::optional<Date> today,
               Page& page) {
  const TaperVersion& now = plan.now();
  page.title(words.say("steps.title"));
  std::size_t passed = 0;
  if (today) {
    while (passed < now.steps.size() && now.steps[passed].last < *today) ++passed;
  }
  if (passed > 0 && passed < now.steps.size()) {
    page.line(words.count("person.passed", static_cast<std::int64_t>(passed),
                          {{"now", std::to_string(passed + 1)}}));
    page.blank();
  } else if (passed == now.steps.size()) {
    passed = 0;  // all of it lies behind: told in full
  }
  for (std::size_t s = passed; s < now.steps.size(); ++s) {
    const TaperStep& step = now.steps[s];
    const std::string number = std::to_string(s + 1);
    const std::string first = words.long_date(step.first);
    if (step.first == step.last) {
      page.line(words.say("step.heading_one_day", {{"number", number}, {"first", first}}));
    } else {
      const std::string last = words.long_date(step.last);
      const std::string length = words.days(step.days());
      page.line(
          words.say("step.heading",
                    {{"number", number}, {"first", first}, {"last", last}, {"length", length}}));
    }
    for (std::size_t l = 0; l < step.doses.size(); ++l) put_line_of_step(words, plan, s, l, page);
    for (const Milestone& mark : now.milestones) {
      // An arrival at a step says so itself; one of zero belongs behind the last step.
      if (mark.on != step.first || mark.id == "goal") continue;
      // What another medicine takes over is no less taken.
      if (plan.request().substitution && mark.line == 0) continue;
      page.line("* " + words.say("milestone." + mark.id), 2);
    }
  }
  page.blank();
  if (!now.pending.empty() || !now.ends) {
    for (const std::string& line : goes_on_lines(words, plan)) page.line(line);
    page.line(words.say("after.waiting"));
    return;
  }
  for (std::size_t l = 0; l < now.after.size(); ++l) {
    if (plan.request().substitution && l == 0) continue;
    const TaperLine& line = plan.request().lines[l];
    const std::string date = words.long_date(*now.ends);
    if (now.after[l].is_zero()) {
      page.line(words.say("after.zero", {{"date", date}}));
      page.line("* " + words.say("milestone.goal"));
    } else {
      LineDose after;
      after.amount = now.after[l];
      page.line(words.say("after.amount",
                          {{"date", date}, {"amount", dose_phrase(words, after, line.per)}}));
    }
  }
}

void put_advice(const TaperLanguage& words, const TaperPlan& plan, std::string_view contact,
                Page& page) {
  const auto kinds = kinds_in(plan);
  const SafetyFacts& facts = plan.now().facts;

  page.title(words.say("too_fast.title"));
  for (const std::string_view kind : kinds) {
    page.line(words.say("too_fast.signs", {{"signs", words.say("signs." + std::string{kind})}}));
  }
  page.line(
      words.say(prescribed(plan) ? "too_fast.prescribed" : "too_fast.own", {{"contact", contact}}));

  page.title(words.say("more.title"));
  page.line(words.say("more.text", {{"contact", contact}}));

  constexpr std::string_view stop[] = {"alcohol", "sedative", "antidepressant", "opioid"};
  bool titled = false;
  for (const std::string_view kind : stop) {
    if (!has(kinds, kind)) continue;
    if (!titled) page.title(words.say("sudden.title"));
    titled = true;
    const bool days_between = kind == "sedative" && skips_days(plan);
    page.line(words.say(days_between ? "sudden.sedative_days" : "sudden." + std::string{kind}));
  }

  const bool medicine = std::ranges::any_of(plan.request().lines, [](const TaperLine& line) {
    return line.per == Per::day && (line.what.prescribed || !line.products.empty());
  });
  const bool patches = any_product(plan, [](const Product& p) { return p.form() == Form::patch; });
  if (medicine && !patches) {
    page.title(words.say("missed.title"));
    page.line(words.say("missed.usual"));
    for (const TaperLine& line : plan.request().lines) {
      if (!line.what.agonist_treatment) continue;
      // As after_missed_days(): methadone from 3 days on, buprenorphine above 5.
      const std::string days = line.what.id == "buprenorphine" ? "6" : "3";
      page.line(words.say("missed.opioid_treatment", {{"count", days}, {"contact", contact}}));
    }
  }

  constexpr std::string_view tolerance[] = {"opioid", "sedative", "alcohol"};
  titled = false;
  for (const std::string_view kind : tolerance) {
    if (!has(kinds, kind)) continue;
    if (!titled) page.title(words.say("tolerance.title"));
    titled = true;
    page.line(words.say("tolerance." + std::string{kind}));
  }

  if (naloxone_belongs(plan)) {
    page.title(words.say("naloxone.title"));
    if (facts.naloxone_at_hand.value_or(false)) {
      page.line(words.say("naloxone.at_hand"));
    } else {
      page.line(words.say("naloxone.get", {{"contact", contact}}));
    }
  }

  std::vector<std::string_view> handling;
  if (any_broken(plan)) handling.push_back("advice.split");
  const auto extended = [](const Product& p) {
    return p.form() == Form::extended_release_tablet || p.form() == Form::extended_release_capsule;
  };
  if (any_product(plan, extended)) handling.push_back("advice.extended_release");
  if (any_product(plan, [](const Product& p) { return p.is_liquid(); })) {
    handling.push_back("advice.liquid");
  }
  if (patches) handling.push_back("advice.patch");
  if (!handling.empty()) page.blank();
  for (const std::string_view id : handling) page.line(words.say(id));

  page.title(words.say("emergency.title"));
  if (has(kinds, "alcohol") || has(kinds, "sedative")) page.line(words.say("emergency.seizure"));
  if (naloxone_belongs(plan)) page.line(words.say("emergency.opioid"));
  const bool heart = std::ranges::any_of(plan.request().lines, [](const TaperLine& line) {
    return line.what.cls == C::stimulant || line.what.id == "methadone";
  });
  if (heart) page.line(words.say("emergency.heart"));
  page.line(words.say("emergency.mind"));
}

}  // namespace

Result<std::string> taper_person_text(const TaperPlan& plan, const TaperTextOptions& options) {
  if (auto ok = check_tellable(plan); !ok) return unexpected(ok.error());
  const TaperLanguage& words = words_of(options.language);
  const std::string contact =
      options.contact.empty() ? words.say("contact.default") : one_line(options.contact);
  Page page;
  for (const std::string& status : status_lines(words, plan)) page.line(status);
  page.blank();
  page.line(words.say("person.title", {{"substance", substances(words, plan)}}));
  page.line(words.say("person.made", {{"plan", plan.request().plan_id},
                                      {"version", std::to_string(plan.version())},
                                      {"date", words.date(plan.request().made_on)}}));
  const Change& last = plan.history().change();
  if (plan.version() > 1 && last.what != "accept") {
    page.line(words.say("change.last",
                        {{"date", words.date(last.on)}, {"what", words.say("what." + last.what)}}));
    if (!last.why.empty()) page.line(words.say("change.why", {{"why", last.why}}));
  }
  page.blank();
  for (std::size_t l = 0; l < plan.request().lines.size(); ++l) put_goal(words, plan, l, page);
  page.line(words.say("always.any_lower"));

  put_steps(words, plan, options.today, page);
  put_advice(words, plan, contact, page);

  const TaperVersion& now = plan.now();
  std::vector<Date> reviews;
  for (const Date day : now.reviews) {
    if (!options.today || day >= *options.today) reviews.push_back(day);
  }
  if (!reviews.empty()) {
    page.title(words.say("review.title"));
    for (const Date day : reviews) {
      page.line(words.say("review.line", {{"date", words.long_date(day)}}));
    }
  }
  return std::move(page).take();
}

Result<std::string> taper_pharmacy_text(const TaperPlan& plan, const TaperTextOptions& options) {
  if (auto ok = check_tellable(plan); !ok) return unexpected(ok.error());
  const TaperLanguage& words = words_of(options.language);
  const TaperRequest& request = plan.request();
  const TaperVersion& now = plan.now();
  const std::string version = std::to_string(plan.version());
  Page page;
  const Change* accepted = acceptance(plan);
  if (now.accepted && accepted != nullptr) {
    page.line(words.say("pharmacy.accepted", {{"plan", request.plan_id},
                                              {"version", version},
                                              {"name", accepted->by.name},
                                              {"date", words.date(accepted->on)}}));
  } else {
    page.line(words.say("pharmacy.draft", {{"plan", request.plan_id}, {"version", version}}));
  }
  page.line(words.say("pharmacy.made", {{"name", request.by.name},
                                        {"date", words.date(request.made_on)},
                                        {"substance", substances(words, plan)}}));
  if (now.review && now.status != PlanStatus::draft && now.status != PlanStatus::accepted) {
    page.line(words.say("pharmacy.hold", {{"date", words.date(*now.review)}}));
    for (const std::string& line : goes_on_lines(words, plan)) page.line(line);
  }

  for (std::size_t l = 0; l < request.lines.size(); ++l) {
    const TaperLine& line = request.lines[l];
    const std::string name = one_line(line.what.name);
    page.title(words.say("pharmacy.title", {{"substance", name}}));
    TextTable steps{{{words.say("table.step"), Align::right},
                     {words.say("table.first"), Align::left},
                     {words.say("table.last"), Align::left},
                     {words.say("table.days"), Align::right},
                     {words.say("table.made"), Align::left}}};
    std::int64_t furthest = 0;
    std::size_t where = 0;
    for (std::size_t s = 0; s < now.steps.size(); ++s) {
      const TaperStep& step = now.steps[s];
      const LineDose& dose = step.doses[l];
      steps.row({std::to_string(s + 1), step.first.iso(), step.last.iso(),
                 std::to_string(step.days().count()), full_dose(words, line, dose)});
      const std::int64_t error =
          dose.rounding.micro < 0 ? -dose.rounding.micro : dose.rounding.micro;
      if (error > furthest) {
        furthest = error;
        where = s + 1;
      }
    }
    page.raw(steps.terminal());
    if (line.products.empty()) {
      page.line(words.say("pharmacy.no_products", {{"substance", name}}));
      continue;
    }
    if (furthest > 50) {  // less than that is invisible at four decimals
      const auto error = Amount::nearest(static_cast<double>(furthest / 100) / 1e4,
                                         now.steps.front().doses[l].amount.unit());
      if (error) {
        page.line(words.say("pharmacy.rounded",
                            {{"amount", words.amount(*error)}, {"step", std::to_string(where)}}));
      }
    }
    const auto periods = supply_of(plan, l);
    if (!periods) return unexpected(periods.error());
    page.blank();
    page.line(words.say("pharmacy.supply"));
    TextTable supply{
        {{words.say("table.period"), Align::left}, {words.say("table.supply"), Align::left}}};
    const Date start = now.steps.front().first;
    for (const SupplyPeriod& period : *periods) {
      std::string needs;
      for (const SupplyLine& need : period.lines) {
        const Product& product = line.products[need.product];
        if (!needs.empty()) needs += ", ";
        const std::string label = label_of(words, product);
        needs += product.is_liquid()
                     ? words.say("supply.volume",
                                 {{"volume", words.amount(need.volume)}, {"label", label}})
                     : words.say("supply.pieces",
                                 {{"count", std::to_string(need.pieces)}, {"label", label}});
      }
      const Date first = start + Days{period.first_day};
      const Date last = first + Days{period.days - 1};
      supply.row({words.say("pharmacy.period", {{"first", first.iso()}, {"last", last.iso()}}),
                  needs.empty() ? words.say("dose.none") : needs});
    }
    page.raw(supply.terminal());
  }

  std::vector<std::string> watch;
  if (naloxone_belongs(plan) && !now.facts.naloxone_at_hand.value_or(false)) {
    watch.push_back(words.say("pharmacy.naloxone"));
  }
  if (any_broken(plan)) watch.push_back(words.say("pharmacy.split"));
  if (!watch.empty()) {
    page.title(words.say("pharmacy.watch"));
    for (const std::string& text : watch) page.line(text);
  }
  std::vector<std::string> set_aside;
  for (std::size_t v = 1; v <= plan.version(); ++v) {
    for (const Override& o : plan.history().change(v).overrides) {
      set_aside.push_back(words.say("pharmacy.override",
                                    {{"name", o.by.name}, {"rule", o.rule}, {"reason", o.reason}}));
    }
  }
  if (!set_aside.empty()) {
    page.title(words.say("pharmacy.overrides"));
    for (const std::string& text : set_aside) page.line(text);
  }
  return std::move(page).take();
}

Result<std::string> taper_refusal_text(const TaperAnswer& answer, const TaperTextOptions& options) {
  if (answer.answer != Answer::refused) {
    return unexpected(error_of(Errc::contradiction, "answer", "was not a refusal"));
  }
  const TaperLanguage& words = words_of(options.language);
  Page page;
  page.line(words.say("refusal.title"));
  // What the products cannot make is the cause of steep steps behind it: it comes first.
  const auto cause = [](const RuleFinding& f) {
    return f.rule->id == "step_not_dispensable" && !f.overridden;
  };
  const bool by_products = std::ranges::any_of(answer.findings, cause);
  if (!answer.instead.empty() || by_products) {
    page.title(words.say("refusal.instead"));
    if (by_products) page.line(words.say("refusal.products"));
    for (const Instead& instead : answer.instead) {
      if (by_products && instead.id == "other_products") continue;  // said by the line above
      const std::string* translated = words.find("instead." + std::string{instead.id});
      page.line(translated != nullptr ? *translated : one_line(instead.text));
    }
  }
  page.title(words.say("refusal.because"));
  for (const RuleFinding& f : answer.findings) {
    if (!cause(f) || f.answer == Answer::refused) continue;
    const std::string* translated = words.find("rule." + std::string{f.rule->id});
    page.line("- " + (translated != nullptr ? *translated + " " : std::string{}) +
              one_line(f.text));
  }
  for (const RuleFinding& f : answer.findings) {
    if (f.answer != Answer::refused || f.overridden) continue;
    // The library's own sentence holds what was measured; a translated rule does not.
    const std::string* translated = words.find("rule." + std::string{f.rule->id});
    page.line("- " + (translated != nullptr ? *translated : one_line(f.text)));
    if (translated != nullptr && f.measured && f.limit) {
      page.line(words.say("refusal.measured", {{"measured", words.number(*f.measured, 2)},
                                               {"limit", words.number(*f.limit, 2)},
                                               {"unit", f.unit}}),
                2);
    }
    if (f.rule->source != nullptr) {
      page.line(words.say("refusal.source", {{"source", f.rule->source->citation}}), 2);
    }
    if (f.rule->overridable_by == OverridableBy::clinician) {
      page.line(words.say("refusal.clinician"), 2);
    }
  }
  return std::move(page).take();
}

}  // namespace ombre::inline v0::io
