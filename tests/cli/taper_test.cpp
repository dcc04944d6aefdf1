// `ombre taper`, as a person runs it.
#include <set>

#include "cli/program.hpp"

namespace {

using ombre::testing::Ran;

class Taper : public ombre::testing::ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    write("request.json", request);
  }

  [[nodiscard]] static bool says(const std::string& text, const std::string& what) {
    return text.find(what) != std::string::npos;
  }
  static std::string with(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
  }
  // The daily table of a plan without its last column, the version.
  [[nodiscard]] std::string days(const std::string& plan) const {
    const Ran ran = ombre("taper " + plan + " --format csv --rows days");
    EXPECT_EQ(ran.code, 0) << ran.err;
    std::istringstream lines{ran.out};
    std::string out;
    for (std::string line; std::getline(lines, line);)
      out += line.substr(0, line.rfind(',')) + '\n';
    return out;
  }
  void make_plan() const {
    const Ran ran = ombre("taper request.json --format json -o plan.json");
    ASSERT_EQ(ran.code, 0) << ran.err;
  }

  static constexpr const char* by = " --by 'Dr. Example' --role clinician --why 'a hard week' ";

  const std::string request = R"({
  "format": "ombre-taper-request-1", "plan_id": "d20", "made_on": "2024-01-01",
  "by": {"name": "Dr. Example", "role": "clinician"}, "why": "agreed together",
  "lines": [{
    "substance": {"from_tables": "diazepam", "prescribed": true},
    "per": "day",
    "today": [{"amount": "10 mg", "label": "morning", "time": "08:00"},
              {"amount": "10 mg", "label": "night", "time": "22:00"}],
    "goal": {"kind": "zero", "words": "to wake up clear"},
    "named_rule": "ashton-2-weeks",
    "products": [
      {"form": "tablet", "strength": "2 mg", "division": "halves"},
      {"form": "tablet", "strength": "5 mg", "division": "halves"},
      {"form": "liquid", "per_ml": "0.4 mg", "graduation": "0.25 mL", "largest": "10 mL"}]
  }],
  "calendar": {"start": "2024-01-08", "avoid_weekdays": ["friday", "saturday", "sunday"]},
  "facts": {"person_agrees": true, "supervision": "clinician", "next_contact": "2024-01-15",
            "seizure_history": false, "delirium_history": false, "used_for_epilepsy": false,
            "pregnant": false, "suicidal_now": false, "psychosis_or_mania_now": false}
})";
};

TEST_F(Taper, ARequestBecomesAPlanInEveryFormat) {
  const Ran table = ombre("taper request.json --format table");
  EXPECT_EQ(table.code, 0) << table.err;
  EXPECT_TRUE(says(table.out, "DRAFT")) << table.out;
  EXPECT_TRUE(says(table.out, "19 mg a day")) << table.out;
  const Ran csv = ombre("taper request.json --format csv");
  EXPECT_TRUE(csv.out.starts_with("plan_id,step,start,end,dose,unit,")) << csv.out;
  EXPECT_EQ(std::count(csv.out.begin(), csv.out.end(), '\n'), 25);  // 24 steps and the header
  const Ran text = ombre("taper request.json --format text");
  EXPECT_TRUE(says(text.out, "to wake up clear")) << text.out;
  const Ran pharmacy = ombre("taper request.json --format text --for pharmacy");
  EXPECT_EQ(pharmacy.code, 0) << pharmacy.err;
  EXPECT_NE(pharmacy.out, text.out);
  const Ran ics = ombre("taper request.json --format ics");
  EXPECT_TRUE(says(ics.out, "BEGIN:VCALENDAR")) << ics.out;
  EXPECT_FALSE(says(ics.out, "SUMMARY:diazepam"));  // calendars are shown on locked screens
  EXPECT_TRUE(says(ombre("taper request.json --format ics --privacy full").out, "diazepam"));
  const Ran intakes = ombre("taper request.json --format ics --each-intake --remind-at 09:00");
  EXPECT_TRUE(says(intakes.out, "RRULE:FREQ=DAILY")) << intakes.out.substr(0, 1000);
  const Ran fhir = ombre("taper request.json --format fhir --subject Patient/1");
  EXPECT_EQ(fhir.code, 0) << fhir.err;
  EXPECT_TRUE(says(fhir.out, "\"CarePlan\"")) << fhir.out.substr(0, 1000);
  const Ran svg = ombre("taper request.json --format svg --today 2024-03-01");
  EXPECT_EQ(svg.code, 0) << svg.err;
  EXPECT_TRUE(svg.out.starts_with("<svg") || says(svg.out.substr(0, 200), "<svg")) << svg.err;
  const Ran supply = ombre("taper request.json --format csv --rows supply");
  EXPECT_TRUE(says(supply.out, "d20,0,diazepam,2024-01-08,")) << supply.out.substr(0, 500);
}

TEST_F(Taper, TheFormatFollowsTheEndingOfTheFile) {
  for (const char* name : {"p.json", "p.csv", "p.ics", "p.txt", "p.md", "p.svg"}) {
    ASSERT_EQ(ombre("taper request.json -o " + std::string{name}).code, 0) << name;
  }
  EXPECT_TRUE(says(read("p.json"), "\"ombre-taper-plan-1\""));
  EXPECT_TRUE(says(read("p.csv"), "plan_id,"));
  EXPECT_TRUE(says(read("p.ics"), "VCALENDAR"));
  EXPECT_TRUE(says(read("p.txt"), "Your plan"));
  EXPECT_TRUE(says(read("p.md"), "| "));
}

TEST_F(Taper, APlanIsReadBackAndItsDaysAreThoseOfTheRequest) {
  make_plan();
  EXPECT_EQ(days("plan.json"), days("request.json"));
  const std::string before = read("plan.json");
  ASSERT_EQ(ombre("taper plan.json --format json -o again.json").code, 0);
  EXPECT_EQ(read("again.json"), before);
  const Ran piped = ombre("taper - --format json", before);
  EXPECT_EQ(piped.out, before);
}

TEST_F(Taper, HoldThenResumeEqualsShift) {
  make_plan();
  const std::string on = " --on 2024-03-04" + std::string{by};
  ASSERT_EQ(
      ombre("taper hold plan.json --from 2024-03-04 --review 2024-03-11" + on + "-o held.json")
          .code,
      0);
  ASSERT_EQ(ombre("taper resume held.json --first-day 2024-03-18" + on + "-o resumed.json").code,
            0);
  ASSERT_EQ(
      ombre("taper shift plan.json --from 2024-03-04 --days 14" + on + "-o shifted.json").code, 0);
  EXPECT_EQ(days("resumed.json"), days("shifted.json"));
  EXPECT_NE(days("resumed.json"), days("plan.json"));
  // Earlier versions stay in the file.
  const Ran first = ombre("taper resumed.json --as-of 1 --format json -o first.json");
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(days("first.json"), days("plan.json"));
  EXPECT_EQ(ombre("taper resumed.json --as-of 4").code, 1);
}

TEST_F(Taper, EveryOperationWritesTheNextVersionWithWhoWhenAndWhy) {
  make_plan();
  const std::string on = " --on 2024-03-06" + std::string{by};
  const std::pair<const char*, std::string> operations[] = {
      {"accept", "accept"},
      {"hold", "hold --from 2024-03-06 --review 2024-03-20"},
      {"shift", "shift --from 2024-03-06 --days -1"},
      {"slow_down", "slow --from 2024-03-06 --pace 1/2"},
      {"speed_up", "speed --from 2024-03-06 --pace 14/13"},
      {"step_back", "back --from 2024-03-06 --step 2 --missed-days 0"},
      {"re_anchor", "re-anchor --from 2024-03-06 --now '17 mg' --settle '1 week' --missed-days 0"},
      {"change_goal", "goal --from 2024-03-06 --kind lower_amount --amount '5 mg' --words enough"},
      {"stop_tapering", "stop --from 2024-03-06 --next-contact 2024-04-03"},
  };
  const std::string before = read("plan.json");
  for (const auto& [what, arguments] : operations) {
    const std::size_t blank = std::min(arguments.find(' '), arguments.size());
    const Ran ran = ombre("taper " + arguments.substr(0, blank) + " plan.json" +
                          arguments.substr(blank) + on + "-o next.json");
    ASSERT_EQ(ran.code, 0) << what << ran.err;
    const Ran history = ombre("taper check next.json --format csv");
    EXPECT_EQ(history.code, 0) << history.err;
    EXPECT_TRUE(says(history.out, "\n2," + std::string{what} +
                                      ",2024-03-06,2024-03-06,"
                                      "Dr. Example,clinician,a hard week,"))
        << history.out;
    EXPECT_EQ(read("plan.json"), before);
  }
}

TEST_F(Taper, ARuleIsSetAsideWithItsReason) {
  make_plan();
  const std::string speed =
      "taper speed plan.json --from 2024-03-06 --pace 2/1 --on 2024-03-06" + std::string{by};
  const Ran refused = ombre(speed + "-o next.json");
  EXPECT_EQ(refused.code, 4);
  EXPECT_TRUE(says(refused.err, "28.57 % of the dose before within 14 days (up to 25)"))
      << refused.err;
  EXPECT_FALSE(exists("next.json"));
  const Ran set_aside =
      ombre(speed + "--set-aside 'bzd_25_percent_14_days: seen every week' -o next.json");
  EXPECT_EQ(set_aside.code, 0) << set_aside.err;
  EXPECT_TRUE(says(set_aside.err, "overridden bzd_25_percent_14_days")) << set_aside.err;
  EXPECT_TRUE(says(ombre("taper check next.json --format csv").out,
                   "bzd_25_percent_14_days: seen every week"));
  // A rule that refused nothing is no consent to anything.
  EXPECT_EQ(ombre(speed + "--set-aside 'no_such_rule: x' -o next.json").code, 1);
  EXPECT_EQ(ombre(speed + "--set-aside bzd_25_percent_14_days -o next.json").code, 2);
}

TEST_F(Taper, WhatIsKnownByNowChangesTheAnswer) {
  make_plan();
  const std::string accept = "taper accept plan.json --on 2024-01-03" + std::string{by};
  const Ran now = ombre(accept + "--fact suicidal_now=yes -o next.json");
  EXPECT_EQ(now.code, 4) << now.err;
  EXPECT_TRUE(says(now.err, "come first")) << now.err;
  EXPECT_FALSE(exists("next.json"));
  EXPECT_EQ(
      ombre(accept + "--fact next_contact=2024-01-20 --fact age_years=44.5 -o next.json").code, 0);
  EXPECT_TRUE(says(read("next.json"), "\"age_years\": 44.5"));
  const Ran misspelt = ombre(accept + "--fact suicidal_nov=no");
  EXPECT_EQ(misspelt.code, 2);
  EXPECT_TRUE(says(misspelt.err, "did you mean \"suicidal_now\"")) << misspelt.err;
}

TEST_F(Taper, ThePlanItselfMayTakeItsNextVersionAndStaysWholeWhenRefused) {
  make_plan();
  const std::string before = read("plan.json");
  const std::string hold =
      "taper hold plan.json --from 2024-03-04 --review 2024-03-11 --on "
      "2024-03-04" +
      std::string{by};
  EXPECT_EQ(ombre("taper back plan.json --from 2024-03-04 --step 1 --missed-days 0 --on 2024-03-04 "
                  "--by A --role person --why x -o plan.json")
                .code,
            4);
  EXPECT_EQ(read("plan.json"), before);
  EXPECT_EQ(ombre(hold + "-o plan.json").code, 0);
  EXPECT_NE(read("plan.json"), before);
  EXPECT_EQ(ombre(hold + "-o a.json --answer plan.json").code, 2);  // an answer is no plan
  EXPECT_EQ(ombre("taper request.json --format json -o request.json").code, 2);
}

TEST_F(Taper, ARefusedRequestSaysWhatCanBeDoneInsteadAndWritesNothing) {
  write("alone.json", with(request, "\"supervision\": \"clinician\"", "\"supervision\": \"none\""));
  const Ran ran = ombre("taper alone.json --format json -o plan.json --answer answer.json");
  EXPECT_EQ(ran.code, 4);
  EXPECT_TRUE(ran.out.empty());
  EXPECT_TRUE(says(ran.err, "Please do not stop alone")) << ran.err;
  EXPECT_TRUE(says(ran.err, "J Gen Intern Med 2025")) << ran.err;
  EXPECT_FALSE(exists("plan.json"));
  EXPECT_TRUE(says(read("answer.json"), "\"class_a_unsupervised\""));
  // A rule that measures says how much and how much at most.
  write("fast.json",
        with(request, "\"named_rule\": \"ashton-2-weeks\"", "\"named_rule\": \"ashton-1-week\""));
  const Ran fast = ombre("taper fast.json");
  EXPECT_EQ(fast.code, 4);
  EXPECT_TRUE(says(fast.err, "25")) << fast.err;
}

TEST_F(Taper, ErrorsNameFilePathAndValue) {
  write("bad.json", with(request, "\"10 mg\"", "\"10\""));
  const Ran bad = ombre("taper bad.json");
  EXPECT_EQ(bad.code, 1);
  EXPECT_EQ(bad.err,
            "ombre: bad.json, lines[0].today[0].amount = \"10\": must name its unit, as in 12.5 "
            "mg\n");
  make_plan();
  write("tampered.json", with(read("plan.json"), "\"amount\": \"19 mg\"", "\"amount\": \"29 mg\""));
  const Ran tampered = ombre("taper check tampered.json");
  EXPECT_EQ(tampered.code, 1);
  EXPECT_TRUE(says(tampered.err, "tampered.json, versions[0].steps[0].doses[0].")) << tampered.err;
  EXPECT_EQ(ombre("taper hold request.json --from 2024-03-04 --review 2024-03-11 --on 2024-03-04" +
                  std::string{by})
                .code,
            1);
  EXPECT_EQ(ombre("taper none.json").code, 3);
  EXPECT_EQ(ombre("taper").code, 2);
  EXPECT_EQ(ombre("taper request.json --format fhir").code, 2);
  EXPECT_EQ(ombre("taper request.json --format ics --remind-at 9").code, 2);
  EXPECT_EQ(ombre("taper hold plan.json --from 2024-03-04 --review 2024-03-11").code, 2);
  EXPECT_EQ(
      ombre("taper shift plan.json --from 4.3.2024 --days 3 --on 2024-03-04" + std::string{by})
          .code,
      2);
  EXPECT_EQ(
      ombre("taper slow plan.json --from 2024-03-04 --pace 3/2 --on 2024-03-04" + std::string{by})
          .code,
      2);
  // Days that have passed stay as they were.
  EXPECT_EQ(
      ombre("taper shift plan.json --from 2024-03-01 --days 3 --on 2024-03-04" + std::string{by})
          .code,
      1);
}

TEST_F(Taper, TheFrontTradesTimeForTheLargestDrop) {
  const Ran front = ombre("taper best request.json --max-days 266 --format csv");
  ASSERT_EQ(front.code, 0) << front.err;
  std::istringstream lines{front.out};
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "days,weeks,largest_drop_percent_of_current,steps,piece_days,doses");
  double days_before = 0;
  double drop_before = 100;
  int rows = 0;
  for (; std::getline(lines, line); ++rows) {
    std::istringstream cells{line};
    std::string days_cell, weeks, drop;
    std::getline(cells, days_cell, ',');
    std::getline(cells, weeks, ',');
    std::getline(cells, drop, ',');
    EXPECT_GT(std::stod(days_cell), days_before);
    EXPECT_LT(std::stod(drop), drop_before);
    EXPECT_LE(std::stod(drop), 25);  // the ceiling of the joint guideline
    days_before = std::stod(days_cell);
    drop_before = std::stod(drop);
  }
  EXPECT_GT(rows, 3);
  const Ran json = ombre("taper best request.json --max-days 266 --within 210 --format json");
  EXPECT_TRUE(says(json.out, "\"ombre-taper-front-1\"")) << json.err;

  // The chosen way becomes a request, and that a plan.
  const Ran chosen =
      ombre("taper best request.json --max-days 266 --within 210 --format request -o chosen.json");
  ASSERT_EQ(chosen.code, 0) << chosen.err;
  const Ran plan = ombre("taper chosen.json --format csv");
  EXPECT_EQ(plan.code, 0) << plan.err;
  EXPECT_EQ(ombre("taper best request.json --within 20").code, 4);
  EXPECT_EQ(ombre("taper best request.json --format request").code, 2);
  // A ceiling over more days than a step lasts holds as well: 25 % in 14 days, by weekly steps.
  write("weekly.json",
        with(request, "\"calendar\": {", "\"calendar\": {\"step_length\": \"1 week\", "));
  const Ran weekly = ombre("taper best weekly.json");
  EXPECT_EQ(weekly.code, 0) << weekly.err;
  EXPECT_TRUE(weekly.out.starts_with("days,weeks,")) << weekly.out.substr(0, 200);
  const Ran gentle = ombre(
      "taper best weekly.json --max-days 266 --within 210 --format request "
      "-o weekly-chosen.json");
  ASSERT_EQ(gentle.code, 0) << gentle.err;
  const Ran kept = ombre("taper weekly-chosen.json --format csv");  // and the guards agree
  EXPECT_EQ(kept.code, 0) << kept.err;
}

TEST_F(Taper, TablesForSpreadsheetsRunNoFormula) {
  write("live.json", with(request, "\"d20\"", "\"=HYPERLINK(1)\""));
  for (const char* rows : {"steps", "days", "supply"}) {
    const Ran ran = ombre(std::string{"taper live.json --format csv --rows "} + rows);
    ASSERT_EQ(ran.code, 0) << ran.err;
    EXPECT_TRUE(says(ran.out, "'=HYPERLINK(1)")) << ran.out;
    EXPECT_FALSE(says(ran.out, "\n=")) << ran.out;
    EXPECT_FALSE(says(ran.out, "\"=")) << ran.out;
  }
}

TEST_F(Taper, AWrongNumberIsNamedAndNotItsUnit) {
  for (const char* amount : {"2,5 mg", "-20 mg", "1e3 mg"}) {
    write("number.json", with(request, "\"10 mg\"", "\"" + std::string{amount} + "\""));
    const Ran ran = ombre("taper number.json --format csv");
    EXPECT_EQ(ran.code, 1);
    EXPECT_TRUE(says(ran.err, "must begin with a plain decimal number")) << ran.err;
    EXPECT_FALSE(says(ran.err, "must be one of mg")) << ran.err;
  }
  write("unit.json", with(request, "\"10 mg\"", "\"10 mgg\""));
  EXPECT_TRUE(says(ombre("taper unit.json").err, "must be one of mg"));
}

TEST_F(Taper, CheckRunsTheGuardsAgainAndEndsWithFourWhereTheyRefuse) {
  make_plan();
  EXPECT_EQ(ombre("taper check plan.json").code, 0);
  const Ran fine = ombre("taper check plan.json --rows findings --format csv");
  EXPECT_EQ(fine.code, 0) << fine.err;
  EXPECT_TRUE(fine.out.starts_with("rule,answer,severity,on,step,measured,limit,unit,text,source"))
      << fine.out.substr(0, 200);

  // The same plan for somebody who is pregnant, its findings emptied.
  std::string forged = read("plan.json");
  for (auto at = forged.find("\"pregnant\": false"); at != std::string::npos;
       at = forged.find("\"pregnant\": false")) {
    forged.replace(at, 17, "\"pregnant\": true");
  }
  const auto begin = forged.find("\"findings\": [");
  ASSERT_NE(begin, std::string::npos);
  std::size_t end = begin + 12;
  for (int depth = 0; end < forged.size(); ++end) {
    depth += forged[end] == '[' ? 1 : forged[end] == ']' ? -1 : 0;
    if (depth == 0) break;
  }
  forged.replace(begin, end + 1 - begin, "\"findings\": []");
  write("forged.json", forged);
  const Ran check = ombre("taper check forged.json --rows findings --format csv");
  EXPECT_EQ(check.code, 4) << check.err;
  EXPECT_TRUE(says(check.out, "pregnant,refused,danger")) << check.out;
  EXPECT_TRUE(says(check.out, "asam-oud-2020")) << check.out;
  EXPECT_TRUE(says(check.err, "see a specialist")) << check.err;
  // It can still be read, and who reads it is told.
  const Ran shown = ombre("taper forged.json --format text");
  EXPECT_EQ(shown.code, 0);
  EXPECT_TRUE(says(shown.err, "does not pass its guards")) << shown.err;
  EXPECT_EQ(ombre("taper check plan.json --from yesterday").code, 2);
}

TEST_F(Taper, FhirIsReadBackAsRows) {
  ASSERT_EQ(ombre("taper request.json --format fhir --subject Patient/1 -o plan.fhir.json").code,
            0);
  const Ran rows = ombre("taper read-fhir plan.fhir.json --format csv");
  EXPECT_EQ(rows.code, 0) << rows.err;
  EXPECT_TRUE(rows.out.starts_with("medicine,status,sequence,from,to,amount,unit,")) << rows.out;
  EXPECT_TRUE(says(rows.out, "diazepam,draft,1,2024-01-08,")) << rows.out.substr(0, 300);
  EXPECT_EQ(rows.err, "");
  const Ran other = ombre("taper read-fhir request.json");
  EXPECT_EQ(other.code, 1);
  EXPECT_TRUE(says(other.err, "resourceType")) << other.err;
}

TEST_F(Taper, ProductsThatMakeNoDoseAreARefusalAndNoCrash) {
  write("no.json", with(request, R"("form": "tablet", "strength": "2 mg", "division": "halves")",
                        R"("form": "capsule", "strength": "70 mg")"));
  std::string only = read("no.json");
  const auto more = only.find(R"(,
      {"form": "tablet", "strength": "5 mg")");
  ASSERT_NE(more, std::string::npos);
  only.replace(more, only.find(']', more) - more, "");
  write("no.json", only);
  const Ran ran = ombre("taper no.json --format text");
  EXPECT_EQ(ran.code, 4) << ran.err;
  EXPECT_TRUE(says(ran.err, "can be made of these products")) << ran.err;
}

TEST_F(Taper, AnErrorOfARequestFromStandardInputNamesIt) {
  const Ran ran = ombre("taper -", with(request, "\"kind\": \"zero\"",
                                        "\"kind\": \"lower_amount\", \"amount\": \"40 mg\""));
  EXPECT_EQ(ran.code, 1);
  EXPECT_TRUE(says(ran.err, "standard input, lines[0].goal.amount")) << ran.err;
}

}  // namespace
