#include "ombre/timeline/records.hpp"
#include <gtest/gtest.h>

namespace {

using namespace ombre;
using namespace ombre::timeline;

Records two_people() {
  Records r{DayAxis::study_day};
  EXPECT_EQ(*r.person("p1"), 0u);
  EXPECT_EQ(*r.person("p2"), 1u);
  EXPECT_EQ(*r.substance("alcohol"), 0u);
  EXPECT_EQ(*r.unit("drinks"), 1u);
  return r;
}

TEST(NameTable, NumbersNamesInOrderOfFirstAppearance) {
  NameTable t;
  EXPECT_FALSE(t.find("a"));
  EXPECT_EQ(*t.intern("b"), 0u);
  EXPECT_EQ(*t.intern(""), 1u);
  EXPECT_EQ(*t.intern("b"), 0u);
  EXPECT_EQ(t[0], "b");
  EXPECT_EQ(t[1], "");
  EXPECT_EQ(t.find(""), 1u);
  EXPECT_EQ(t.size(), 2u);
}

TEST(NameTable, KeepsAMillionNamesApart) {
  NameTable t;
  for (std::uint32_t i = 0; i < 1'000'000; ++i) ASSERT_EQ(*t.intern(std::to_string(i)), i);
  for (std::uint32_t i = 0; i < 1'000'000; i += 997) {
    ASSERT_EQ(t.find(std::to_string(i)), i);
    ASSERT_EQ(t[i], std::to_string(i));
  }
  EXPECT_FALSE(t.find("x"));
}

TEST(Records, UnitZeroIsAlwaysNoUnitGiven) {
  const Records r;
  ASSERT_EQ(r.units().size(), 1u);
  EXPECT_EQ(r.units()[0], "");
}

TEST(Records, AppendKeepsTheRow) {
  Records r = two_people();
  Record row;
  row.person = 1;
  row.day = -3;
  row.state = UseState::amount;
  row.amount = 2.5;
  row.unit = 1;
  row.route = Route::oral;
  row.source = ReportSource::self_report;
  row.line = 17;
  ASSERT_TRUE(r.append(row));
  ASSERT_EQ(r.size(), 1u);
  EXPECT_EQ(r[0].person, 1u);
  EXPECT_EQ(r[0].day, -3);
  EXPECT_EQ(r[0].state, UseState::amount);
  EXPECT_EQ(r[0].amount, 2.5);
  EXPECT_EQ(r[0].route, Route::oral);
  EXPECT_EQ(r[0].source, ReportSource::self_report);
  EXPECT_EQ(r[0].line, 17u);
}

TEST(Records, AnAmountOfZeroIsAKnownNone) {
  Records r = two_people();
  ASSERT_TRUE(r.append({.state = UseState::amount, .amount = 0}));
  EXPECT_EQ(r[0].state, UseState::none);
}

TEST(Records, AmountsThatAreNoAmountsAreRefusedAndTheRowIsNamed) {
  Records r = two_people();
  const double inf = std::numeric_limits<double>::infinity();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto try_amount = [&](double a) {
    return r.append({.state = UseState::amount, .amount = a, .line = 9});
  };
  EXPECT_EQ(try_amount(-1).error().code, Errc::out_of_range);
  EXPECT_EQ(try_amount(inf).error().code, Errc::not_finite);
  EXPECT_EQ(try_amount(nan).error().code, Errc::not_finite);
  EXPECT_EQ(try_amount(nan).error().row, 9u);
  EXPECT_EQ(try_amount(-1).error().field, "amount");
  EXPECT_TRUE(r.empty());
}

TEST(Records, IndicesOutsideTheirTablesAreRefused) {
  Records r = two_people();
  EXPECT_EQ(r.append(Record{.person = 2}).error().field, "person");
  EXPECT_EQ(r.append(Record{.substance = 1}).error().field, "substance");
  EXPECT_EQ(r.append(Record{.unit = 2}).error().field, "unit");
  EXPECT_EQ(r.append(Record{.state = static_cast<UseState>(4)}).error().field, "state");
  EXPECT_EQ(r.append(Record{.route = static_cast<Route>(99)}).error().field, "route");
  EXPECT_EQ(r.append(Record{.source = static_cast<ReportSource>(99)}).error().field, "source");
  EXPECT_TRUE(r.empty());
}

TEST(Records, AStayThatEndsBeforeItStartsIsRefused) {
  Records r = two_people();
  EXPECT_TRUE(r.append(ControlledStay{.person = 0, .first_day = 4, .last_day = 4}));
  EXPECT_EQ(r.append(ControlledStay{.person = 0, .first_day = 4, .last_day = 3}).error().field,
            "last_day");
  EXPECT_EQ(r.append(ControlledStay{.person = 7}).error().field, "person");
  EXPECT_EQ(r.controlled_stays().size(), 1u);
}

TEST(Records, NamesOfEnumeratorsReadBack) {
  for (std::size_t i = 0; i < report_source_count; ++i) {
    const auto s = static_cast<ReportSource>(i);
    EXPECT_EQ(*parse_report_source(name(s)), s);
  }
  for (std::size_t i = 0; i < route_count; ++i) {
    const auto s = static_cast<Route>(i);
    EXPECT_EQ(*parse_route(name(s)), s);
  }
  EXPECT_EQ(parse_route("by air").error().code, Errc::unknown_name);
  EXPECT_EQ(parse_report_source("Urine").error().code, Errc::unknown_name);
}

}  // namespace
