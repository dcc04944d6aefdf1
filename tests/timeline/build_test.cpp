#include "ombre/timeline/build.hpp"
#include <gtest/gtest.h>
#include <algorithm>
#include <cmath>
#include <random>

#include "ombre/core/date.hpp"

namespace {

using namespace ombre;
using namespace ombre::timeline;

// Rows in words: person, substance, day, amount or state.
class Sheet {
 public:
  explicit Sheet(DayAxis axis = DayAxis::study_day) : records{axis} {}
  Sheet& row(std::string_view person, std::string_view substance, std::int32_t day, double amount,
             std::string_view unit = "drinks", ReportSource source = ReportSource::self_report) {
    return add(person, substance, day, UseState::amount, amount, unit, source);
  }
  Sheet& state(std::string_view person, std::string_view substance, std::int32_t day, UseState s,
               ReportSource source = ReportSource::self_report) {
    return add(person, substance, day, s, 0, "", source);
  }
  Sheet& add(std::string_view person, std::string_view substance, std::int32_t day, UseState s,
             double amount, std::string_view unit, ReportSource source) {
    Record r;
    r.person = *records.person(person);
    r.substance = *records.substance(substance);
    r.unit = *records.unit(unit);
    r.day = day;
    r.state = s;
    r.amount = amount;
    r.source = source;
    r.line = ++line;
    EXPECT_TRUE(records.append(r));
    return *this;
  }
  Sheet& stay(std::string_view person, std::int32_t first, std::int32_t last) {
    EXPECT_TRUE(records.append(ControlledStay{*records.person(person), first, last, ++line}));
    return *this;
  }
  Records records;
  std::uint64_t line = 1;  // the header
};

// "0": known none, "?": not known, "u": used, amount not known, else the amount; "!" = controlled.
std::string shown_days(const DayView& days) {
  std::string out;
  for (std::size_t i = 0; i < days.size(); ++i) {
    if (i > 0) out += ' ';
    switch (days.state_at(i)) {
      case UseState::none:
        out += '0';
        break;
      case UseState::unknown:
        out += '?';
        break;
      case UseState::used:
        out += 'u';
        break;
      case UseState::amount:
        out += shortest(days.amount_at(i));
        break;
    }
    if (is_controlled(days.state[i])) out += '!';
  }
  return out;
}

BuiltGrid built(const Sheet& sheet, const BuildOptions& options) {
  auto g = build_grid(sheet.records, options);
  if (!g) {
    ADD_FAILURE() << describe(g.error());
    return {Grid{}, Findings{}};
  }
  for (std::size_t i = 0; i < g->grid.size(); ++i) EXPECT_TRUE(check(g->grid[i]));
  return std::move(*g);
}

const BuildOptions absent_none{AbsentDay::none};
const BuildOptions absent_unknown{AbsentDay::unknown};

TEST(BuildGrid, KeepsTheFourKindsOfDayApart) {
  Sheet s;
  s.row("p", "alcohol", 0, 2).state("p", "alcohol", 1, UseState::used);
  s.state("p", "alcohol", 2, UseState::unknown).state("p", "alcohol", 3, UseState::none);
  s.row("p", "alcohol", 5, 1);
  EXPECT_EQ(shown_days(built(s, absent_none).grid[0]), "2 u ? 0 0 1");
  EXPECT_EQ(shown_days(built(s, absent_unknown).grid[0]), "2 u ? 0 ? 1");
}

TEST(BuildGrid, AReportThatCouldNotBeReadIsNeverADayWithoutUse) {
  const auto unreadable = [](Sheet& s, std::int32_t day, UseState state = UseState::unknown) {
    Record r;
    r.person = *s.records.person("p");
    r.substance = *s.records.substance("alcohol");
    r.day = day;
    r.state = state;
    r.line = ++s.line;
    r.unreadable = true;
    EXPECT_TRUE(s.records.append(r));
  };
  Sheet s;
  s.row("p", "alcohol", 0, 2);
  unreadable(s, 1);
  unreadable(s, 2, UseState::used);
  s.state("p", "alcohol", 3, UseState::none);  // one says none, the other could not be read
  unreadable(s, 3);
  s.state("p", "alcohol", 4, UseState::none);  // "reported as missing" is outweighed, as ever
  s.state("p", "alcohol", 4, UseState::unknown);
  s.row("p", "alcohol", 5, 3);
  unreadable(s, 5);
  s.state("p", "alcohol", 7, UseState::none);
  const auto b = built(s, absent_none);
  EXPECT_EQ(shown_days(b.grid[0]), "2 ? u ? 0 3 0 0");
  EXPECT_EQ(b.findings.count("none_beside_unreadable"), 1u);
  EXPECT_EQ(b.findings.count("amount_incomplete"), 1u);
  EXPECT_EQ(b.findings.count("identical_rows"), 0u);
  Record none;
  none.state = UseState::none;
  none.unreadable = true;
  EXPECT_EQ(s.records.append(none).error().code, Errc::contradiction);
}

TEST(BuildGrid, SomebodyWhoseRowsWereAllSetAsideWasNotSeenToBeWithoutUse) {
  Sheet s;
  s.row("a", "alcohol", 0, 2);
  EXPECT_TRUE(s.records.mark_unplaced(*s.records.person("b")));
  EXPECT_TRUE(s.records.mark_unplaced(0));
  BuildOptions o{AbsentDay::none};
  o.global = GlobalWindow{0, 3};
  o.series = SeriesRule::every_substance;
  const auto b = built(s, o);
  EXPECT_EQ(shown_days(b.grid[0]), "2 0 0 0") << "somebody with usable rows has a calendar";
  EXPECT_EQ(shown_days(b.grid[1]), "? ? ? ?");
  EXPECT_EQ(b.findings.count("person_without_usable_row"), 1u);
  EXPECT_FALSE(s.records.mark_unplaced(2));
}

TEST(BuildGrid, AmountsBeyondTheRangeBecomeUseOfUnknownAmountAndAreTold) {
  Sheet s;
  s.row("p", "alcohol", 0, 1e15).row("p", "alcohol", 0, 1e15).row("p", "alcohol", 1, 1e15);
  const auto b = built(s, absent_none);
  EXPECT_EQ(shown_days(b.grid[0]), "u 1e+15");
  EXPECT_EQ(b.findings.count("amount_too_large"), 1u);
  Record r;
  r.state = UseState::amount;
  r.amount = 1.1e15;
  EXPECT_EQ(s.records.append(r).error().code, Errc::out_of_range);
  const std::vector<std::uint8_t> state{1};
  const std::vector<double> amount{1e16};
  EXPECT_FALSE(check(DayView{state, amount}));
}

TEST(BuildGrid, WithoutAmountsThereIsNoAmountColumn) {
  Sheet s;
  s.state("p", "heroin", -2, UseState::used).state("p", "heroin", 1, UseState::used);
  const auto b = built(s, absent_none);
  EXPECT_TRUE(b.grid.amount_column().empty());
  EXPECT_EQ(b.grid.bytes(), 4u);
  EXPECT_EQ(shown_days(b.grid[0]), "u 0 0 u");
  EXPECT_EQ(b.grid.series()[0].first_day, -2);
}

TEST(BuildGrid, ThePersonsSpanIsSharedByTheirSubstances) {
  Sheet s;
  s.row("a", "alcohol", 3, 1).state("a", "heroin", 5, UseState::used).row("b", "alcohol", 0, 4);
  const auto b = built(s, absent_none);
  ASSERT_EQ(b.grid.size(), 3u);
  EXPECT_EQ(shown_days(b.grid[0]), "1 0 0");
  EXPECT_EQ(shown_days(b.grid[1]), "0 0 u");
  EXPECT_EQ(shown_days(b.grid[2]), "4");
  EXPECT_EQ(b.grid.person_of(2), "b");
  EXPECT_EQ(b.grid.substance_of(1), "heroin");
  EXPECT_EQ(b.grid.unit_of(0), "drinks");
  EXPECT_EQ(b.grid.find("a", "heroin"), 1u);
  EXPECT_FALSE(b.grid.find("b", "heroin"));
}

TEST(BuildGrid, WindowsAreInclusiveAndRowsOutsideAreCounted) {
  Sheet s;
  s.row("p", "alcohol", -1, 9).row("p", "alcohol", 0, 1).row("p", "alcohol", 2, 2);
  s.row("p", "alcohol", 3, 9);
  BuildOptions o{AbsentDay::none};
  o.global = GlobalWindow{0, 2};
  const auto b = built(s, o);
  EXPECT_EQ(shown_days(b.grid[0]), "1 0 2");
  EXPECT_EQ(b.findings.count("day_outside_window"), 2u);
  EXPECT_EQ(b.findings.stored()[0].row, 2u);
  EXPECT_EQ(b.findings.stored()[0].person, "p");
}

TEST(BuildGrid, AWindowOfOneDayIsAWindow) {
  Sheet s;
  s.row("p", "alcohol", 7, 1);
  BuildOptions o{AbsentDay::unknown};
  o.global = GlobalWindow{8, 8};
  EXPECT_EQ(shown_days(built(s, o).grid[0]), "?");
}

TEST(BuildGrid, PersonsWindowsComeBeforeTheGlobalOne) {
  Sheet s;
  s.row("a", "alcohol", 1, 1).row("b", "alcohol", 1, 2);
  const std::vector<PersonWindow> windows{{0, 0, 2, 2}};
  BuildOptions o{AbsentDay::none};
  o.windows = windows;
  o.global = GlobalWindow{1, 1};
  auto b = built(s, o);
  ASSERT_EQ(b.grid.size(), 1u);
  EXPECT_EQ(shown_days(b.grid[0]), "0 1 0");
  EXPECT_EQ(b.findings.count("person_without_window"), 1u);
  o.people_without_window = true;
  b = built(s, o);
  ASSERT_EQ(b.grid.size(), 2u);
  EXPECT_EQ(shown_days(b.grid[1]), "2");
}

TEST(BuildGrid, SomebodyWithAWindowAndNoRowIsNamedAndMayBeCounted) {
  Sheet s;
  s.row("a", "alcohol", 1, 1);
  const std::uint32_t b_index = *s.records.person("b");
  const std::vector<PersonWindow> windows{{0, 0, 1, 2}, {b_index, 0, 1, 3}};
  BuildOptions o{AbsentDay::none};
  o.windows = windows;
  auto b = built(s, o);
  EXPECT_EQ(b.grid.size(), 1u);
  EXPECT_EQ(b.findings.count("person_without_rows"), 1u);
  o.series = SeriesRule::every_substance;
  b = built(s, o);
  ASSERT_EQ(b.grid.size(), 2u);
  EXPECT_EQ(shown_days(b.grid[1]), "0 0");
}

TEST(BuildGrid, LeapDaysAreDays) {
  Sheet s{DayAxis::calendar};
  const auto day = [](int y, int m, int d) { return Date::from_ymd(y, m, d)->day_number(); };
  s.row("p", "alcohol", day(2024, 2, 28), 1).row("p", "alcohol", day(2024, 3, 1), 1);
  EXPECT_EQ(shown_days(built(s, absent_none).grid[0]), "1 0 1");
  Sheet t{DayAxis::calendar};
  t.row("p", "alcohol", day(2023, 2, 28), 1).row("p", "alcohol", day(2023, 3, 1), 1);
  EXPECT_EQ(shown_days(built(t, absent_none).grid[0]), "1 1");
}

TEST(BuildGrid, DaysOutsideTheCalendarAreSetAside) {
  Sheet s{DayAxis::calendar};
  s.row("p", "alcohol", 0, 1).row("p", "alcohol", 2'147'483'647, 1);
  const auto b = built(s, absent_none);
  EXPECT_EQ(shown_days(b.grid[0]), "1");
  EXPECT_EQ(b.findings.count("impossible_day"), 1u);
  Sheet only{DayAxis::calendar};
  only.row("p", "alcohol", -2'147'483'647, 1);
  const auto none = built(only, absent_none);
  EXPECT_EQ(none.grid.size(), 0u);
  EXPECT_EQ(none.findings.count("person_without_days"), 1u);
}

TEST(BuildGrid, OccasionsOfOneDayAdd) {
  Sheet s;
  s.row("p", "alcohol", 0, 2).row("p", "alcohol", 0, 3).row("p", "alcohol", 0, 0.5);
  BuildOptions o{AbsentDay::none};
  const auto amount = [&](SameDay rule) {
    o.same_day = rule;
    return built(s, o).grid[0].amount_at(0);
  };
  EXPECT_EQ(amount(SameDay::sum), 5.5);
  EXPECT_EQ(amount(SameDay::max), 3);
  EXPECT_EQ(amount(SameDay::min), 0.5);
  EXPECT_NEAR(amount(SameDay::mean), 5.5 / 3, 1e-15);
  EXPECT_EQ(amount(SameDay::first), 2);
  EXPECT_EQ(built(s, absent_none).findings.count("several_amounts_same_day"), 1u);
  o.same_day = SameDay::refuse;
  const auto refused = build_grid(s.records, o);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::duplicate);
  EXPECT_EQ(refused.error().row, 2u);
}

TEST(BuildGrid, IdenticalRowsAreTwoOccasionsUnlessToldOtherwise) {
  Sheet s;
  s.row("p", "alcohol", 0, 2).row("p", "alcohol", 0, 2);
  BuildOptions o{AbsentDay::none};
  EXPECT_EQ(built(s, o).grid[0].amount_at(0), 4);
  EXPECT_EQ(built(s, o).findings.count("identical_rows"), 1u);
  o.identical = IdenticalRows::once;
  EXPECT_EQ(built(s, o).grid[0].amount_at(0), 2);
  EXPECT_EQ(built(s, o).findings.count("identical_rows"), 1u);
}

TEST(BuildGrid, AUrinePositiveBesideAnAmountKeepsTheAmount) {
  Sheet s;
  s.state("p", "alcohol", 0, UseState::used, ReportSource::urine).row("p", "alcohol", 0, 3);
  const auto b = built(s, absent_none);
  EXPECT_EQ(shown_days(b.grid[0]), "3");
  EXPECT_TRUE(b.findings.empty());
}

TEST(BuildGrid, UseWinsOverNoneAndSaysSo) {
  Sheet s;
  s.state("p", "cocaine", 0, UseState::none);
  s.state("p", "cocaine", 0, UseState::used, ReportSource::urine);
  const auto b = built(s, absent_none);
  EXPECT_EQ(shown_days(b.grid[0]), "u");
  ASSERT_EQ(b.findings.count("none_contradicted_by_use"), 1u);
  EXPECT_EQ(b.findings.stored()[0].row, 2u);  // the row that said none
}

TEST(BuildGrid, WhatIsKnownWinsOverReportedMissing) {
  Sheet s;
  s.state("p", "x", 0, UseState::unknown).state("p", "x", 0, UseState::none);
  s.state("p", "x", 1, UseState::used).state("p", "x", 1, UseState::unknown);
  s.state("p", "x", 2, UseState::unknown).state("p", "x", 2, UseState::unknown);
  EXPECT_EQ(shown_days(built(s, absent_none).grid[0]), "0 u ?");
}

TEST(BuildGrid, SourcesDoNotAddAndTheOneClosestToThePersonCounts) {
  Sheet s;
  s.row("p", "alcohol", 0, 9, "drinks", ReportSource::collateral);
  s.row("p", "alcohol", 0, 2).row("p", "alcohol", 0, 3);
  s.row("p", "alcohol", 1, 9, "drinks", ReportSource::collateral);
  const auto b = built(s, absent_none);
  EXPECT_EQ(shown_days(b.grid[0]), "5 9");
  EXPECT_EQ(b.findings.count("sources_disagree"), 1u);
}

TEST(BuildGrid, AUseOfUnknownAmountBesideAmountsIsNamed) {
  Sheet s;
  s.row("p", "alcohol", 0, 2).state("p", "alcohol", 0, UseState::used);
  const auto b = built(s, absent_none);
  EXPECT_EQ(shown_days(b.grid[0]), "2");
  EXPECT_EQ(b.findings.count("amount_incomplete"), 1u);
}

TEST(BuildGrid, OutliersFollowTheChosenRule) {
  Sheet s;
  s.row("p", "alcohol", 0, 2).row("p", "alcohol", 1, 500);
  BuildOptions o{AbsentDay::none};
  o.bounds = {{"alcohol", "drinks", 0, 60}};
  const auto days = [&](OutlierAction action) {
    o.outlier = action;
    const auto b = built(s, o);
    EXPECT_EQ(b.findings.count("amount_outlier"), 1u);
    EXPECT_EQ(b.findings.stored()[0].row, 3u);
    return shown_days(b.grid[0]);
  };
  EXPECT_EQ(days(OutlierAction::report), "2 500");
  EXPECT_EQ(days(OutlierAction::clamp), "2 60");
  EXPECT_EQ(days(OutlierAction::amount_unknown), "2 u");
  EXPECT_EQ(days(OutlierAction::drop), "2 0");
  o.bounds = {{"heroin", "", 0, 60}};
  EXPECT_EQ(built(s, o).findings.count("amount_bounds_unused"), 1u);
  o.bounds = {{"", "", 5, 3}};
  EXPECT_EQ(build_grid(s.records, o).error().code, Errc::out_of_range);
  o.bounds = {{"", "", std::nan(""), 3}};
  EXPECT_EQ(build_grid(s.records, o).error().code, Errc::out_of_range);
}

TEST(BuildGrid, MixedUnitsNeedAFactorOrLoseTheirAmount) {
  Sheet s;
  s.row("p", "alcohol", 0, 28, "g").row("p", "alcohol", 1, 42, "g").row("p", "alcohol", 2, 2);
  auto b = built(s, absent_none);
  EXPECT_EQ(shown_days(b.grid[0]), "28 42 u");
  EXPECT_EQ(b.grid.unit_of(0), "g");
  EXPECT_EQ(b.findings.count("mixed_units"), 1u);
  EXPECT_EQ(b.findings.stored()[0].row, 4u);
  BuildOptions o{AbsentDay::none};
  o.units = {{"alcohol", "drinks", "g", 14}};
  EXPECT_EQ(shown_days(built(s, o).grid[0]), "28 42 28");
  o.units = {{"", "g", "US drinks", 1. / 14}, {"", "drinks", "US drinks", 1}};
  b = built(s, o);
  EXPECT_EQ(shown_days(b.grid[0]), "2 3 2");
  EXPECT_EQ(b.grid.unit_of(0), "US drinks");
  o.units = {};
  o.mixed_units = MixedUnits::refuse;
  EXPECT_EQ(build_grid(s.records, o).error().code, Errc::contradiction);
  o.units = {{"alcohol", "drinks", "g", 0}};
  EXPECT_EQ(build_grid(s.records, o).error().field, "units.factor");
}

TEST(BuildGrid, ControlledStaysMarkEverySubstanceAndKeepUse) {
  Sheet s;
  s.row("p", "alcohol", 0, 1).row("p", "alcohol", 3, 2).state("p", "x", 1, UseState::used);
  s.stay("p", 2, 9).stay("p", 3, 3);
  const auto b = built(s, absent_none);
  EXPECT_EQ(shown_days(b.grid[0]), "1 0 0! 2!");
  EXPECT_EQ(shown_days(b.grid[1]), "0 u 0! 0!");
  EXPECT_EQ(b.findings.count("use_on_controlled_day"), 1u);
  EXPECT_EQ(b.findings.count("controlled_day_outside_window"), 1u);
}

TEST(BuildGrid, AHugeWindowIsRefusedAndTheRowIsNamed) {
  Sheet s;
  s.row("p", "alcohol", 0, 1).row("p", "alcohol", 800'000, 1);
  const auto refused = build_grid(s.records, absent_none);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::too_large);
  EXPECT_EQ(refused.error().row, 3u);
  BuildOptions o{AbsentDay::none};
  o.global = GlobalWindow{0, 2'000'000'000};
  EXPECT_EQ(build_grid(s.records, o).error().code, Errc::too_large);
  o.most_days_per_window = 2'000'000'001;
  o.most_days = 1'000'000;
  EXPECT_EQ(build_grid(s.records, o).error().field, "grid");
}

TEST(BuildGrid, RefusesWhatCannotBeUsed) {
  EXPECT_EQ(build_grid(Records{}, absent_none).error().code, Errc::empty_input);
  Sheet s;
  s.row("p", "alcohol", 0, 1);
  BuildOptions o{AbsentDay::none};
  o.global = GlobalWindow{2, 1};
  EXPECT_EQ(build_grid(s.records, o).error().code, Errc::out_of_range);
  o.global.reset();
  const std::vector<PersonWindow> backwards{{0, 5, 4, 7}};
  o.windows = backwards;
  EXPECT_EQ(build_grid(s.records, o).error().row, 7u);
  const std::vector<PersonWindow> stranger{{3, 5, 6, 7}};
  o.windows = stranger;
  EXPECT_EQ(build_grid(s.records, o).error().field, "person");
  const std::vector<PersonWindow> twice{{0, 5, 6, 7}, {0, 5, 6, 8}};
  o.windows = twice;
  EXPECT_EQ(built(s, o).findings.count("window_repeated"), 1u);
  const std::vector<PersonWindow> differ{{0, 5, 6, 7}, {0, 5, 7, 8}};
  o.windows = differ;
  EXPECT_EQ(build_grid(s.records, o).error().code, Errc::duplicate);
}

TEST(BuildGrid, StopsWhenTheCallerSaysSo) {
  Sheet s;
  s.row("p", "alcohol", 0, 1);
  const auto r = build_grid(s.records, absent_none, [](double) { return false; });
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().code, Errc::cancelled);
}

struct RandomSheet {
  std::vector<Record> rows;
  std::vector<std::string> persons, substances, units;
};

RandomSheet random_sheet(std::uint32_t seed) {
  std::mt19937 random{seed};
  RandomSheet out;
  const int people = 1 + static_cast<int>(random() % 9);
  for (int i = 0; i < 300; ++i) {
    Record r;
    r.person = static_cast<std::uint32_t>(random() % static_cast<unsigned>(people));
    r.substance = static_cast<std::uint32_t>(random() % 3);
    r.day = static_cast<std::int32_t>(random() % 40) - 10;
    r.state = static_cast<UseState>(random() % 4);
    r.amount = 0.1 * (1 + static_cast<double>(random() % 50));
    r.unit = r.substance;  // one unit a substance
    r.source = static_cast<ReportSource>(random() % 4);
    r.line = static_cast<std::uint64_t>(i) + 2;
    out.rows.push_back(r);
  }
  return out;
}

Records as_records(const std::vector<Record>& rows) {
  Records r{DayAxis::study_day};
  for (int p = 0; p < 9; ++p) EXPECT_TRUE(r.person("p" + std::to_string(p)));
  for (int s = 0; s < 3; ++s) EXPECT_TRUE(r.substance("s" + std::to_string(s)));
  EXPECT_TRUE(r.unit("mg"));
  EXPECT_TRUE(r.unit("g"));
  for (const Record& row : rows) EXPECT_TRUE(r.append(row));
  return r;
}

std::map<std::string, std::string> days_by_series(const Grid& grid) {
  std::map<std::string, std::string> out;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    out[std::string{grid.person_of(i)} + "/" + std::string{grid.substance_of(i)}] =
        std::to_string(grid.series()[i].first_day) + ": " + shown_days(grid[i]);
  }
  return out;
}

TEST(BuildGrid, TheOrderOfRowsDoesNotMatter) {
  for (std::uint32_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(seed);
    RandomSheet sheet = random_sheet(seed);
    const auto before = build_grid(as_records(sheet.rows), absent_unknown);
    std::shuffle(sheet.rows.begin(), sheet.rows.end(), std::mt19937{seed + 1});
    const auto after = build_grid(as_records(sheet.rows), absent_unknown);
    ASSERT_TRUE(before && after);
    ASSERT_EQ(days_by_series(before->grid), days_by_series(after->grid));
    ASSERT_EQ(before->findings.total(), after->findings.total());
  }
}

TEST(BuildGrid, BlocksOfPeoplePutTogetherAreTheWhole) {
  for (std::uint32_t seed = 0; seed < 30; ++seed) {
    SCOPED_TRACE(seed);
    const Records records = as_records(random_sheet(seed).rows);
    const auto whole = build_grid(records, absent_none);
    const auto builder = GridBuilder::from(records, absent_none);
    ASSERT_TRUE(whole && builder);
    std::vector<std::uint8_t> state;
    std::vector<double> amount;
    std::uint64_t findings = builder->findings().total();
    for (std::uint32_t p = 0; p < builder->persons(); p += 2) {
      const auto part = builder->block(p, std::min(p + 2, builder->persons()));
      ASSERT_TRUE(part);
      const auto s = part->grid.state_column();
      const auto a = part->grid.amount_column();
      state.insert(state.end(), s.begin(), s.end());
      amount.insert(amount.end(), a.begin(), a.end());
      findings += part->findings.total();
    }
    EXPECT_TRUE(std::ranges::equal(state, whole->grid.state_column()));
    EXPECT_TRUE(std::ranges::equal(amount, whole->grid.amount_column()));
    EXPECT_EQ(findings, whole->findings.total());
  }
}

TEST(Grid, AppendChecksTheDays) {
  Grid g;
  const std::vector<std::uint8_t> state{0, 1, 2, 3, 7};
  const std::vector<double> amount{0, 2.5, 0, 0, 0};
  ASSERT_TRUE(g.append("p", "alcohol", "drinks", {state, {}, 0}).error().field == "amount");
  ASSERT_TRUE(g.append("p", "alcohol", "drinks", {state, amount, 10}));
  const std::vector<std::uint8_t> yes_no{0, 2, 3};
  ASSERT_TRUE(g.append("p", "heroin", "", {yes_no, {}, 10}));
  EXPECT_EQ(shown_days(g[0]), "0 2.5 u ? ?!");
  EXPECT_EQ(shown_days(g[1]), "0 u ?");
  EXPECT_EQ(g.amount_column().size(), 8u);
  EXPECT_EQ(shown_days(g[0].part(1, 2)), "2.5 u");
  EXPECT_EQ(g[0].part(1, 2).first_day, 11);
  EXPECT_EQ(g[0].part(4, 9).size(), 1u);
  EXPECT_EQ(g.append("p", "x", "", {{}, {}, 0}).error().code, Errc::empty_input);
  const std::vector<std::uint8_t> bad{9};
  EXPECT_EQ(g.append("p", "x", "", {bad, {}, 0}).error().field, "state");
  const std::vector<double> two{1, 2};
  EXPECT_EQ(g.append("p", "x", "", {yes_no, two, 0}).error().code, Errc::size_mismatch);
  const std::vector<double> nan{0, 0, std::nan("")};
  EXPECT_EQ(g.append("p", "x", "", {yes_no, nan, 0}).error().code, Errc::not_finite);
}

TEST(BuildRules, EveryRuleHasAnExplanationWithASource) {
  const auto all = explain_build_rules();
  std::set<std::string> names;
  for (const auto& e : all) {
    EXPECT_TRUE(names.insert(e.name).second) << e.name;
    EXPECT_FALSE(e.text.empty());
    ASSERT_FALSE(e.sources.empty());
    EXPECT_NE(e.sources[0].source, nullptr);
  }
}

}  // namespace
