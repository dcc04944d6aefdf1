// Whatever is done to a plan, everything that is written of it says the same of every day: tables,
// CSV, text, calendar and FHIR are read back by parsers of their own and held against
// plans::day_table(). Plans and operations are random, over seeds, across leap days and the days on
// which clocks change.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "io/fhir_days.hpp"
#include "io/ical_parser.hpp"
#include "io/naive_csv.hpp"
#include "io/taper_seeds.hpp"
#include "ombre/io/taper_calendar.hpp"
#include "ombre/io/taper_fhir.hpp"
#include "ombre/io/taper_text.hpp"

namespace {

using namespace taper_test;                  // NOLINT: tests
using namespace ombre::io;                   // NOLINT: tests
using Days2 = std::map<Date, std::int64_t>;  // millionths by day

constexpr int seeds = 60;

Days2 days_of(const TaperVersion& version, std::size_t line) {
  const DayTable table = day_table(version, line);
  Days2 out;
  for (std::size_t k = 0; k < table.micro.size(); ++k) {
    out[table.first + Days{static_cast<int>(k)}] = table.micro[k];
  }
  return out;
}

std::int64_t micro(const std::string& decimal) {
  const auto amount = Amount::parse(decimal, DoseUnit::mg);
  EXPECT_TRUE(amount) << decimal;
  return amount ? amount->micro() : -1;
}

// A dose as it is told, over the days from first to last.
void spread(Days2& out, Date first, Date last, const std::string& told) {
  static const std::regex number{"([0-9.]+) .*"};
  static const std::regex every{"[0-9.]+ .* every (second|[0-9]+) days?.*"};
  std::smatch m;
  std::int64_t dose = 0;
  if (!told.starts_with("none")) {
    ASSERT_TRUE(std::regex_match(told, m, number)) << told;
    dose = micro(m[1]);
  }
  int n = 1;
  if (std::regex_match(told, m, every)) n = m[1] == "second" ? 2 : std::stoi(m[1]);
  for (int k = 0; k <= (last - first).count(); ++k) {
    out[first + Days{k}] = k % n == 0 ? dose : 0;
  }
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

Date told_date(const std::string& day, const std::string& month, const std::string& year) {
  static const std::vector<std::string> months{"January",   "February", "March",    "April",
                                               "May",       "June",     "July",     "August",
                                               "September", "October",  "November", "December"};
  const auto at = std::find(months.begin(), months.end(), month);
  EXPECT_NE(at, months.end()) << month;
  return *Date::from_ymd(std::stoi(year), static_cast<int>(at - months.begin()) + 1,
                         std::stoi(day));
}

Days2 from_person_text(const TaperPlan& plan, std::size_t line) {
  static const std::regex step{
      "Step [0-9]+: [A-Z][a-z]+, ([0-9]+) ([A-Z][a-z]+) ([0-9]+)"
      "(?: to [A-Z][a-z]+, ([0-9]+) ([A-Z][a-z]+) ([0-9]+) \\(.*\\))?"};
  const auto& request = plan.request();
  const bool several = request.lines.size() > 1;
  const std::string prefix = several ? "  " + request.lines[line].what.name + ": " : "  ";
  Days2 out;
  Date first;
  Date last;
  bool open = false;
  const auto written = taper_person_text(plan);
  EXPECT_TRUE(written);
  for (const std::string& row : lines_of(*written)) {
    std::smatch m;
    if (std::regex_match(row, m, step)) {
      // A line of which nothing is taken is left out beside others: that is a zero.
      if (open) spread(out, first, last, "none");
      first = told_date(m[1], m[2], m[3]);
      last = m[4].matched ? told_date(m[4], m[5], m[6]) : first;
      open = true;
    } else if (open && row.starts_with(prefix) && row[prefix.size()] != ' ' &&
               row[prefix.size()] != '*') {
      spread(out, first, last, row.substr(prefix.size()));
      open = false;
    } else if (row.empty() && open) {
      spread(out, first, last, "none");
      open = false;
    }
  }
  return out;
}

// Rows of a terminal table: number, first and last day, days, then (several lines) the substance in
// the first column that differs, and the dose.
Days2 from_step_table(const TaperPlan& plan, std::size_t line) {
  static const std::regex row{
      " *[0-9]+ +([0-9]{4}-[0-9]{2}-[0-9]{2}) +([0-9]{4}-[0-9]{2}-[0-9]{2}) +([0-9]+) +(.*)"};
  const auto& request = plan.request();
  const std::string& name = request.lines[line].what.name;
  Days2 out;
  Date first;
  Date last;
  const auto written = taper_step_table(plan);
  EXPECT_TRUE(written);
  for (const std::string& text : lines_of(*written)) {
    std::smatch m;
    std::string rest;
    if (std::regex_match(text, m, row)) {
      first = *Date::parse(std::string{m[1]});
      last = *Date::parse(std::string{m[2]});
      EXPECT_EQ((last - first).count() + 1, std::stoi(m[3]));
      rest = m[4];
    } else if (request.lines.size() > 1 && text.starts_with("    ")) {
      rest = text.substr(text.find_first_not_of(' '));
    } else {
      continue;
    }
    if (request.lines.size() > 1) {
      if (!rest.starts_with(name)) continue;
      rest = rest.substr(name.size());
      rest = rest.substr(rest.find_first_not_of(' '));
    }
    spread(out, first, last, rest);
  }
  return out;
}

Days2 from_day_table(const TaperPlan& plan, std::size_t line) {
  const auto& request = plan.request();
  const std::string& name = request.lines[line].what.name;
  static const std::regex row{"([0-9]{4}-[0-9]{2}-[0-9]{2}) +[0-9]+ +(.*)"};
  Days2 out;
  Date day;
  const auto written = taper_day_table(plan);
  EXPECT_TRUE(written);
  for (const std::string& text : lines_of(*written)) {
    std::smatch m;
    std::string rest;
    if (std::regex_match(text, m, row)) {
      day = *Date::parse(std::string{m[1]});
      rest = m[2];
    } else if (request.lines.size() > 1 && text.starts_with("    ")) {
      rest = text.substr(text.find_first_not_of(' '));
    } else {
      continue;
    }
    if (request.lines.size() > 1) {
      if (!rest.starts_with(name)) continue;
      rest = rest.substr(name.size());
      rest = rest.substr(rest.find_first_not_of(' '));
    }
    out[day] = rest.starts_with("none") ? 0 : micro(rest.substr(0, rest.find(' ')));
  }
  return out;
}

Days2 from_pharmacy_text(const TaperPlan& plan, std::size_t line) {
  static const std::regex row{
      " *[0-9]+ +([0-9]{4}-[0-9]{2}-[0-9]{2}) +([0-9]{4}-[0-9]{2}-[0-9]{2}) +[0-9]+ +(.*)"};
  Days2 out;
  bool here = false;
  const auto written = taper_pharmacy_text(plan);
  EXPECT_TRUE(written);
  for (const std::string& text : lines_of(*written)) {
    if (text.ends_with(": steps")) here = text == plan.request().lines[line].what.name + ": steps";
    std::smatch m;
    if (!here || !std::regex_match(text, m, row)) continue;
    const std::string told = m[3];
    spread(out, *Date::parse(std::string{m[1]}), *Date::parse(std::string{m[2]}),
           told.substr(0, told.find(':')));
  }
  return out;
}

Days2 from_steps_csv(const TaperPlan& plan, std::size_t line) {
  const auto written = taper_steps_csv(plan);
  EXPECT_TRUE(written);
  const auto table = ombre_test::naive_csv(*written);
  std::map<std::string, std::size_t> at;
  for (std::size_t c = 0; c < table[0].size(); ++c) at[table[0][c]] = c;
  Days2 out;
  for (std::size_t r = 1; r < table.size(); ++r) {
    const auto& row = table[r];
    EXPECT_EQ(row.size(), table[0].size());
    if (row[at["line"]] != std::to_string(line)) continue;
    const Date first = *Date::parse(row[at["start"]]);
    const Date last = *Date::parse(row[at["end"]]);
    const int n = std::stoi(row[at["every_n_days"]]);
    for (int k = 0; k <= (last - first).count(); ++k) {
      out[first + Days{k}] = k % n == 0 ? micro(row[at["dose"]]) : 0;
    }
  }
  return out;
}

Days2 from_days_csv(const TaperPlan& plan, std::size_t line) {
  const auto written = taper_days_csv(plan);
  EXPECT_TRUE(written);
  const auto table = ombre_test::naive_csv(*written);
  Days2 out;
  for (std::size_t r = 1; r < table.size(); ++r) {
    if (table[r][2] != std::to_string(line)) continue;
    EXPECT_TRUE(out.emplace(*Date::parse(table[r][1]), micro(table[r][4])).second);
  }
  return out;
}

// Days on which nothing is taken need no entry in a calendar or a prescription.
Days2 without_zeros(Days2 days) {
  std::erase_if(days, [](const auto& d) { return d.second == 0; });
  return days;
}

void expect_same(const Days2& want, const Days2& have, std::string_view where) {
  if (want == have) return;
  for (const auto& [day, dose] : want) {
    const auto at = have.find(day);
    if (at == have.end()) {
      ADD_FAILURE() << where << " says nothing of " << day.iso();
      return;
    }
    if (at->second != dose) {
      ADD_FAILURE() << where << " on " << day.iso() << ": " << at->second << ", not " << dose;
      return;
    }
  }
  ADD_FAILURE() << where << " has days that the plan does not have";
}

void everything_agrees(const TaperPlan& plan) {
  const TaperRequest& request = plan.request();
  TaperFhirOptions subject;
  subject.subject = "Patient/1";
  const auto fhir = taper_fhir(plan, subject);
  ASSERT_TRUE(fhir) << describe(fhir.error());
  const auto bundle = parse_json(*fhir);
  ASSERT_TRUE(bundle);
  const auto ics = taper_calendar(plan);
  ASSERT_TRUE(ics) << describe(ics.error());
  const auto calendar = ical_test::parse(*ics);
  for (std::size_t l = 0; l < request.lines.size(); ++l) {
    const Days2 want = days_of(plan.now(), l);
    expect_same(want, from_days_csv(plan, l), "days CSV");
    expect_same(want, from_steps_csv(plan, l), "steps CSV");
    expect_same(want, from_person_text(plan, l), "text for the person");
    expect_same(want, from_pharmacy_text(plan, l), "text for the pharmacy");
    expect_same(want, from_step_table(plan, l), "step table");
    expect_same(want, from_day_table(plan, l), "day table");
    Days2 in_calendar;
    for (const auto& [day, amount] : calendar.doses_by_day(l)) in_calendar[day] = amount.micro();
    expect_same(without_zeros(want), without_zeros(in_calendar), "calendar");
    Days2 in_fhir;
    bool medicine = false;
    for (const Json* r : fhir_test::resources(*bundle, "MedicationRequest")) {
      if (fhir_test::line_of(*r) != l) continue;
      medicine = true;
      in_fhir = fhir_test::doses_by_day(*r, plan.now().steps.back().last);
    }
    if (!medicine) {
      in_fhir = fhir_test::targets_by_day(*fhir_test::resources(*bundle, "Goal")[l]);
      if (plan.now().ends)
        in_fhir.erase(*plan.now().ends);  // what is to be reached, not a day of it
    }
    expect_same(without_zeros(want), without_zeros(in_fhir), "FHIR");
  }
}

// Every piece counted by hand: pieces make intakes, intakes make the day.
void pieces_add_up(const TaperPlan& plan) {
  for (std::size_t l = 0; l < plan.request().lines.size(); ++l) {
    const TaperLine& line = plan.request().lines[l];
    for (const TaperStep& step : plan.now().steps) {
      const LineDose& dose = step.doses[l];
      EXPECT_GE(dose.amount.micro(), 0);
      std::int64_t day = 0;
      for (const Amount& intake : dose.intakes) day += intake.micro();
      if (!dose.intakes.empty()) {
        EXPECT_EQ(day, dose.amount.micro());
      }
      for (std::size_t i = 0; i < dose.dispensed.size(); ++i) {
        std::int64_t made = 0;
        for (const Piece& piece : dose.dispensed[i].pieces) {
          const Product& p = line.products[piece.product];
          made += p.is_liquid()
                      ? piece.volume.micro() / p.graduation().micro() * p.per_graduation().micro()
                      : p.strength().micro() * piece.quarters / 4 * piece.count;
        }
        EXPECT_EQ(made, dose.intakes[i].micro());
      }
    }
    if (line.products.empty()) continue;
    // And the pharmacy's periods hold what the days need.
    std::map<std::size_t, std::int64_t> need;
    const DayTable table = day_table(plan.now(), l);
    for (std::size_t k = 0; k < table.micro.size(); ++k) {
      if (table.micro[k] == 0) continue;
      const auto here = on_day(plan.now(), l, table.first + Days{static_cast<int>(k)});
      for (const Dispensed& d : here->step->doses[l].dispensed) {
        for (const Piece& piece : d.pieces) {
          need[piece.product] += line.products[piece.product].is_liquid()
                                     ? piece.volume.micro()
                                     : std::int64_t{piece.quarters} * piece.count;
        }
      }
    }
    std::map<std::size_t, std::int64_t> handed;
    const auto periods = supply_of(plan, l);
    ASSERT_TRUE(periods);
    for (const SupplyPeriod& period : *periods) {
      for (const SupplyLine& s : period.lines) {
        handed[s.product] += line.products[s.product].is_liquid() ? s.volume.micro() : s.quarters;
        EXPECT_GE(s.pieces * 4, s.quarters);
      }
    }
    EXPECT_EQ(need, handed);
  }
}

void past_days_stay(const TaperPlan& plan) {
  for (std::size_t v = 2; v <= plan.version(); ++v) {
    const Change& change = plan.history().change(v);
    for (std::size_t l = 0; l < plan.request().lines.size(); ++l) {
      const Days2 before = days_of(plan.history().at(v - 1), l);
      const Days2 after = days_of(plan.history().at(v), l);
      for (const auto& [day, dose] : before) {
        if (day >= change.from) break;
        const auto at = after.find(day);
        ASSERT_NE(at, after.end()) << change.what << " lost " << day.iso();
        ASSERT_EQ(at->second, dose) << change.what << " changed " << day.iso();
      }
    }
    // No step's id ever means another step: a dose keeps the id it was first dated with.
    std::set<int> ids;
    for (const TaperStep& step : plan.history().at(v).steps) {
      EXPECT_TRUE(ids.insert(step.id).second) << "two steps with id " << step.id;
    }
  }
}

TEST(TaperAgreement, EveryOutputSaysTheSameOfEveryDayInEveryVersion) {
  int versions = 0;
  std::map<std::string, int> done_what;
  std::map<std::uint64_t, int> kinds;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    SCOPED_TRACE(seed);
    taper_seeds::Story story{seed};
    const auto plan = story.plan();
    if (!plan) continue;
    ++kinds[seed % 8];
    const TaperPlan last = story.live_through(*plan, 6);
    for (std::size_t v = 1; v <= last.version(); ++v) {
      SCOPED_TRACE("version " + std::to_string(v) + ": " + last.history().change(v).what);
      everything_agrees(last.as_of(v));
      pieces_add_up(last.as_of(v));
      ++versions;
      ++done_what[last.history().change(v).what];
      if (HasFailure()) return;
    }
    past_days_stay(last);
    if (HasFailure()) return;
  }
  EXPECT_GT(versions, 2 * seeds);
  EXPECT_EQ(kinds.size(), 8U) << "a kind of request never led to a plan";
  for (const char* what : {"draft", "accept", "hold", "resume", "shift", "slow_down", "step_back",
                           "re_anchor", "change_goal", "stop_tapering"}) {
    EXPECT_GT(done_what[what], 0) << what;
  }
}

TEST(TaperAgreement, TheOrderOfStrengthsChangesNothing) {
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    SCOPED_TRACE(seed);
    taper_seeds::Story story{seed};
    TaperRequest request = story.request();
    const auto before = make_taper(request);
    if (!before || !before->plan || request.lines[0].products.size() < 2) continue;
    for (TaperLine& line : request.lines) std::ranges::reverse(line.products);
    const auto after = make_taper(request);
    ASSERT_TRUE(after && after->plan);
    EXPECT_EQ(*taper_person_text(*before->plan), *taper_person_text(*after->plan));
    EXPECT_EQ(*taper_days_csv(*before->plan), *taper_days_csv(*after->plan));
    EXPECT_EQ(*taper_calendar(*before->plan), *taper_calendar(*after->plan));
  }
}

TEST(TaperAgreement, HoldThenResumeEqualsShift) {
  int compared = 0;
  for (std::uint64_t seed = 0; seed < 4 * seeds; ++seed) {
    SCOPED_TRACE(seed);
    taper_seeds::Story story{seed};
    const auto plan = story.plan();
    if (!plan || plan->now().steps.size() < 3) continue;
    const auto& steps = plan->now().steps;
    const TaperStep& now = steps[1 + story.below(steps.size() - 2)];
    const TaperStep& next = *(&now + 1);
    const Date from =
        now.first +
        Days{static_cast<int>(story.below(static_cast<std::uint64_t>(now.days().count())))};
    const Days longer{static_cast<int>(1 + story.below(40))};
    const Date until = next.nominal + longer;
    Decision decision = decided(from.iso());
    // The day on which something happens is the day after `from` at the earliest.
    const auto held = hold(*plan, from + Days{1}, until - Days{1}, decision);
    const auto moved = shift(*plan, from + Days{1}, longer, decision);
    if (!held || !held->plan || !moved || !moved->plan) continue;
    decision.on = until - Days{1};
    const auto resumed = resume(*held->plan, until, false, decision);
    ASSERT_TRUE(resumed) << describe(resumed.error());
    if (!resumed->plan) continue;
    for (std::size_t l = 0; l < plan->request().lines.size(); ++l) {
      EXPECT_EQ(days_of(resumed->plan->now(), l), days_of(moved->plan->now(), l));
    }
    ++compared;
    if (HasFailure()) return;
  }
  EXPECT_GT(compared, seeds);
}

// Civil dates know no clock: 25-hour and 23-hour days and 29 February are days like others.
TEST(TaperAgreement, LeapDaysAndClockChangesAreDaysLikeOthers) {
  for (const char* start : {"2024-02-26", "2023-02-27", "2028-02-28", "2024-03-25", "2024-10-21",
                            "2024-03-04", "2024-10-28", "2096-02-27", "2100-02-27"}) {
    SCOPED_TRACE(start);
    TaperLine line = line_of("diazepam", {10, 10}, {});
    line.named_rule = "ashton-2-weeks";
    line.intakes[0].minute_of_day = 2 * 60 + 30;  // an hour that is lacking, or there twice
    line.intakes[1].minute_of_day = 22 * 60;
    TaperRequest request = request_of(line, weeks_of(2));
    request.calendar.start = day(start);
    request.made_on = day(start) - Days{3};
    request.facts.next_contact = day(start);
    const TaperPlan plan = plan_for(request);
    everything_agrees(plan);
    TaperCalendarOptions timed;
    timed.each_intake = true;
    const auto ics = taper_calendar(plan, timed);
    ASSERT_TRUE(ics);
    Days2 have;
    for (const auto& [d, amount] : ical_test::parse(*ics).doses_by_day(0)) have[d] = amount.micro();
    expect_same(days_of(plan.now(), 0), have, "calendar of intakes");
  }
}

}  // namespace
