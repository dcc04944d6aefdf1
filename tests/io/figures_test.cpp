#include "ombre/io/figures.hpp"

#include <gtest/gtest.h>
#include <algorithm>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "ombre/core/error.hpp"
#include "ombre/io/csv.hpp"

namespace {

using namespace ombre;
using io::DayCell;

// Empty where every element that opens also closes and only the five known entities appear.
std::string xml_fault(std::string_view text) {
  std::vector<std::string> open;
  std::size_t i = 0;
  while (i < text.size()) {
    if (text[i] == '&') {
      const auto end = text.find(';', i);
      const auto entity = text.substr(i, end - i + 1);
      if (entity != "&amp;" && entity != "&lt;" && entity != "&gt;" && entity != "&quot;") {
        return "entity " + std::string{entity.substr(0, 10)};
      }
    }
    if (text[i] != '<') {
      ++i;
      continue;
    }
    const auto end = text.find('>', i);
    if (end == std::string_view::npos) return "tag without end";
    const std::string tag{text.substr(i + 1, end - i - 1)};
    if (tag.find('<') != std::string::npos) return "tag in tag: " + tag;
    if (std::count(tag.begin(), tag.end(), '"') % 2 != 0) return "odd quotes: " + tag;
    if (tag.starts_with('/')) {
      if (open.empty() || open.back() != tag.substr(1)) return "closes nothing: " + tag;
      open.pop_back();
    } else if (!tag.ends_with('/')) {
      open.push_back(tag.substr(0, tag.find(' ')));
    }
    i = end + 1;
  }
  if (!open.empty()) return "left open: " + open.back();
  if (io::first_invalid_utf8(text)) return "not UTF-8";
  if (text.find("nan") != std::string_view::npos || text.find("inf\"") != std::string_view::npos) {
    return "not a number";
  }
  return "";
}

// Path data of the first path with that fill.
std::string path_of(const std::string& svg, const std::string& fill) {
  const auto at = svg.find("\" fill=\"" + fill + "\" shape-rendering");
  if (at == std::string::npos) return "";
  const auto start = svg.rfind("d=\"", at) + 3;
  return svg.substr(start, at - start);
}

std::size_t runs_in(const std::string& path) {
  return static_cast<std::size_t>(std::count(path.begin(), path.end(), 'M'));
}

TEST(OmbrePicture, EqualDaysInARowAreOneShapeAndStatesStayApart) {
  using enum DayCell;
  const std::vector<DayCell> cells{none, none, amount, amount, unknown, unknown, used, none};
  const std::vector<double> amounts{0, 0, 10, 10, 0, 0, 0, 0};
  const std::vector<std::uint8_t> controlled{0, 0, 0, 0, 0, 0, 0, 1};
  const std::vector<io::OmbreRow> rows{{.label = "p1",
                                        .first_day = 1,
                                        .cells = cells,
                                        .amounts = amounts,
                                        .controlled = controlled}};
  const auto svg = io::ombre_picture(rows);
  ASSERT_TRUE(svg) << describe(svg.error());
  EXPECT_EQ(xml_fault(*svg), "");
  EXPECT_EQ(runs_in(path_of(*svg, "#f4f6f5")), 2U) << "known none, twice";
  EXPECT_EQ(runs_in(path_of(*svg, io::ombre_ramp(31.5 / 32).hex())), 1U) << "the darkest shade";
  EXPECT_EQ(runs_in(path_of(*svg, "url(#unknown)")), 1U);
  EXPECT_EQ(runs_in(path_of(*svg, "url(#used)")), 1U);
  EXPECT_EQ(runs_in(path_of(*svg, "#2f6f8f")), 1U) << "the mark of a controlled environment";
  EXPECT_NE(svg->find("<title>Use by day</title>"), std::string::npos);
  EXPECT_NE(svg->find("8 days: 3 with use, 3 without, 2 not known"), std::string::npos);
}

TEST(OmbrePicture, AKnownAmountOfZeroLooksLikeKnownNone) {
  const std::vector<DayCell> cells(5, DayCell::amount);
  const std::vector<double> amounts(5, 0.0);
  const std::vector<io::OmbreRow> rows{{.label = "p", .cells = cells, .amounts = amounts}};
  const auto svg = io::ombre_picture(rows);
  ASSERT_TRUE(svg);
  EXPECT_EQ(runs_in(path_of(*svg, "#f4f6f5")), 1U);
}

struct Cohort {
  std::vector<std::vector<DayCell>> cells;
  std::vector<std::vector<double>> amounts;
  std::vector<std::string> labels;

  Cohort(std::size_t people, std::size_t days, std::uint64_t seed) {
    std::mt19937_64 random{seed};
    for (std::size_t p = 0; p < people; ++p) {
      auto& row = cells.emplace_back();
      auto& amount = amounts.emplace_back();
      for (std::size_t d = 0; d < days; ++d) {
        row.push_back(static_cast<DayCell>(1 + random() % 4));
        amount.push_back(static_cast<double>(random() % 20));
      }
      labels.push_back("person " + std::to_string(p));
    }
  }
  [[nodiscard]] std::vector<io::OmbreRow> rows() const {
    std::vector<io::OmbreRow> out;
    for (std::size_t p = 0; p < cells.size(); ++p) {
      out.push_back({.label = labels[p],
                     .first_day = static_cast<std::int32_t>(p % 7),
                     .cells = cells[p],
                     .amounts = amounts[p]});
    }
    return out;
  }
};

TEST(OmbrePicture, ThousandsOfRestlessPeopleStayWithinTheSizeLimit) {
  const Cohort cohort{5000, 365, 1};  // noise: hardly two equal days in a row
  for (const std::size_t limit : {2'000'000U, 200'000U}) {
    io::OmbrePictureOptions options;
    options.max_bytes = limit;
    const auto svg = io::ombre_picture(cohort.rows(), options);
    ASSERT_TRUE(svg) << describe(svg.error());
    EXPECT_LE(svg->size(), limit);
    EXPECT_NE(svg->find("each cell: mean of"), std::string::npos) << "the picture says so";
    EXPECT_EQ(xml_fault(*svg), "");
  }
}

TEST(OmbrePicture, TheSameInputGivesTheSameBytesAndEverySizeWorks) {
  for (const std::size_t people : {1U, 2U, 60U, 61U, 700U}) {
    for (const std::size_t days : {1U, 7U, 30U, 365U, 3000U}) {
      if (people * days > 400'000) continue;
      const Cohort cohort{people, days, people + days};
      for (const bool dates : {false, true}) {
        io::OmbrePictureOptions options;
        options.dates = dates;
        options.title = "a < b & \"c\"";
        const auto a = io::ombre_picture(cohort.rows(), options);
        const auto b = io::ombre_picture(cohort.rows(), options);
        ASSERT_TRUE(a);
        EXPECT_EQ(*a, *b);
        EXPECT_EQ(xml_fault(*a), "");
      }
    }
  }
}

TEST(OmbrePicture, PeopleWhoStoppedEarliestStandOnTop) {
  std::vector<std::vector<DayCell>> cells(3, std::vector<DayCell>(100, DayCell::none));
  for (std::size_t d = 0; d < 60; ++d) cells[0][d] = DayCell::used;
  for (std::size_t d = 0; d < 10; ++d) cells[1][d] = DayCell::used;
  for (std::size_t d = 0; d < 98; ++d) cells[2][d] = DayCell::used;
  const std::vector<io::OmbreRow> rows{{.label = "middle", .cells = cells[0]},
                                       {.label = "early", .cells = cells[1]},
                                       {.label = "still", .cells = cells[2]}};
  const auto svg = io::ombre_picture(rows);
  ASSERT_TRUE(svg);
  EXPECT_LT(svg->find(">early<"), svg->find(">middle<"));
  EXPECT_LT(svg->find(">middle<"), svg->find(">still<"));
}

TEST(OmbrePicture, WhatCannotBeDrawnIsRefused) {
  EXPECT_EQ(io::ombre_picture({}).error().code, Errc::empty_input);
  const std::vector<io::OmbreRow> no_days{{.label = "p"}};
  EXPECT_EQ(io::ombre_picture(no_days).error().code, Errc::empty_input);
  const std::vector<DayCell> cells(3, DayCell::amount);
  const std::vector<double> two(2, 1.0);
  const std::vector<io::OmbreRow> short_row{{.label = "p", .cells = cells, .amounts = two}};
  EXPECT_EQ(io::ombre_picture(short_row).error().code, Errc::size_mismatch);
  const std::vector<double> bad{1, std::nan(""), 1};
  const std::vector<io::OmbreRow> nan_row{{.label = "p", .cells = cells, .amounts = bad}};
  EXPECT_EQ(io::ombre_picture(nan_row).error().code, Errc::not_finite);
  const std::vector<double> negative{1, -1, 1};
  const std::vector<io::OmbreRow> negative_row{{.label = "p", .cells = cells, .amounts = negative}};
  EXPECT_EQ(io::ombre_picture(negative_row).error().code, Errc::out_of_range);
  const std::vector<io::OmbreRow> no_amounts{{.label = "p", .cells = cells}};
  EXPECT_EQ(io::ombre_picture(no_amounts).error().code, Errc::missing);
  io::OmbrePictureOptions narrow;
  narrow.width = 10;
  const std::vector<double> good(3, 1.0);
  const std::vector<io::OmbreRow> row{{.label = "p", .cells = cells, .amounts = good}};
  EXPECT_EQ(io::ombre_picture(row, narrow).error().code, Errc::out_of_range);
}

TEST(CurveChart, DrawsStepsBandsMarksAndATable) {
  const std::vector<io::CurveSeries> series{
      {.name = "A & B",
       .x = {0, 10, 20},
       .y = {1, 0.8, 0.5},
       .lower = {1, 0.7, 0.4},
       .upper = {1, 0.9, 0.6},
       .ticks = {15}},
      {.name = "C", .x = {0, 20}, .y = {1, 0.9}, .lower = {}, .upper = {}, .ticks = {}}};
  io::CurveOptions options;
  options.title = "T";
  options.steps = true;
  options.percent = true;
  options.x_ticks = {0, 10, 20};
  options.table_title = "At risk";
  options.table = {{"A & B", {"12", "9", "4"}}, {"C", {"11", "11", "10"}}};
  const auto svg = io::curve_chart(series, options);
  ASSERT_TRUE(svg) << describe(svg.error());
  EXPECT_EQ(xml_fault(*svg), "");
  EXPECT_NE(svg->find("A &amp; B"), std::string::npos);
  EXPECT_NE(svg->find(">100%<"), std::string::npos);
  EXPECT_NE(svg->find(">At risk<"), std::string::npos);
  // A step curve of 3 points has 5 corners.
  const auto start = svg->find("<polyline points=\"") + 18;
  const std::string points = svg->substr(start, svg->find('"', start) - start);
  EXPECT_EQ(std::count(points.begin(), points.end(), ','), 5);
  options.table[0].values.pop_back();
  EXPECT_EQ(io::curve_chart(series, options).error().code, Errc::size_mismatch);
}

TEST(CurveChart, WhatCannotBeDrawnIsRefused) {
  const auto code = [](io::CurveSeries curve) {
    const std::vector<io::CurveSeries> series{std::move(curve)};
    const auto svg = io::curve_chart(series, {.title = "T"});
    return svg ? std::optional<Errc>{} : svg.error().code;
  };
  EXPECT_EQ(io::curve_chart({}, {.title = "T"}).error().code, Errc::empty_input);
  EXPECT_EQ(code({}), Errc::empty_input);
  EXPECT_EQ(code({"a", {0, 1}, {1}, {}, {}, {}}), Errc::size_mismatch);
  EXPECT_EQ(code({"a", {0, 1}, {1, std::nan("")}, {}, {}, {}}), Errc::not_finite);
  EXPECT_EQ(code({"a", {1, 0}, {1, 1}, {}, {}, {}}), Errc::out_of_range);
  EXPECT_EQ(code({"a", {5}, {5}, {}, {}, {}}), std::nullopt) << "one point is drawn as a point";
}

TEST(IntervalChart, ShowsWhatIsNotEstimableAsSuch) {
  const std::vector<io::IntervalRow> rows{
      {.label = "group", .heading = true},
      {.label = "one", .estimate = 0.7, .lower = 0.5, .upper = 0.98},
      {.label = "none"}};
  io::IntervalOptions options;
  options.title = "T";
  options.reference = 1;
  options.log_scale = true;
  const auto svg = io::interval_chart(rows, options);
  ASSERT_TRUE(svg) << describe(svg.error());
  EXPECT_EQ(xml_fault(*svg), "");
  EXPECT_NE(svg->find(">0.70 (0.50 to 0.98)<"), std::string::npos);
  EXPECT_NE(svg->find(">not estimable<"), std::string::npos);
  const std::vector<io::IntervalRow> zero{{.label = "a", .estimate = 0.0}};
  EXPECT_EQ(io::interval_chart(zero, options).error().code, Errc::out_of_range);
  const std::vector<io::IntervalRow> crossed{{.label = "a", .estimate = 1, .lower = 2, .upper = 1}};
  EXPECT_EQ(io::interval_chart(crossed, options).error().code, Errc::out_of_range);
  const std::vector<io::IntervalRow> only_none{{.label = "a"}};
  EXPECT_TRUE(io::interval_chart(only_none, options));
  EXPECT_FALSE(io::interval_chart({}, options));
}

TEST(MatrixChart, WritesNumbersThatReadOnTheirGround) {
  const std::vector<std::string> names{"a", "b"};
  const std::vector<std::optional<double>> values{1.0, 0.0, std::nullopt, 0.5};
  const auto svg = io::matrix_chart(names, names, values, {.title = "T"});
  ASSERT_TRUE(svg) << describe(svg.error());
  EXPECT_EQ(xml_fault(*svg), "");
  EXPECT_NE(svg->find(">0.50<"), std::string::npos);
  EXPECT_NE(svg->find("url(#empty)"), std::string::npos);
  EXPECT_FALSE(
      io::matrix_chart(names, names, std::vector<std::optional<double>>(3), {.title = "T"}));
}

TEST(Svg, EscapesTextAndRoundsNumbers) {
  EXPECT_EQ(io::Svg::number(1), "1");
  EXPECT_EQ(io::Svg::number(1.5), "1.5");
  EXPECT_EQ(io::Svg::number(-0.004), "0");
  EXPECT_EQ(io::Svg::number(-1.234), "-1.23");
  EXPECT_EQ(io::Svg::number(0.05), "0.05");
  EXPECT_EQ(io::Svg::number(std::nan("")), "0");
  io::Svg svg{10, 10, "<&>", "\"quoted\"\x01"};
  svg.text(1, 1, "a<b", {}).begin_group("tip").end_group();
  const std::string text = std::move(svg).finish();
  EXPECT_EQ(xml_fault(text), "");
  EXPECT_NE(text.find("<title>&lt;&amp;&gt;</title>"), std::string::npos);
}

TEST(Ticks, AreRoundNumbersWithinTheRange) {
  EXPECT_EQ(io::nice_ticks(0, 1, 5), (std::vector<double>{0, 0.2, 0.4, 0.6, 0.8, 1}));
  EXPECT_EQ(io::nice_ticks(0, 100, 4), (std::vector<double>{0, 25, 50, 75, 100}));
  EXPECT_EQ(io::nice_ticks(-3, 3, 3), (std::vector<double>{-2, 0, 2}));
  EXPECT_EQ(io::nice_ticks(0.1, 0.35, 5), (std::vector<double>{0.1, 0.15, 0.2, 0.25, 0.3, 0.35}));
  EXPECT_TRUE(io::nice_ticks(1, 1).empty());
  EXPECT_TRUE(io::nice_ticks(0, std::numeric_limits<double>::infinity()).empty());
  EXPECT_EQ(io::log_ticks(0.4, 11), (std::vector<double>{0.5, 1, 2, 5, 10}));
  EXPECT_TRUE(io::log_ticks(0, 1).empty());
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    std::mt19937_64 random{seed};
    const double low = std::ldexp(static_cast<double>(random() % 2000) - 1000,
                                  static_cast<int>(random() % 60) - 30);
    const double high = low + std::ldexp(1 + static_cast<double>(random() % 1000),
                                         static_cast<int>(random() % 60) - 30);
    const auto ticks = io::nice_ticks(low, high, 5);
    ASSERT_LE(ticks.size(), 12U);
    for (std::size_t i = 0; i < ticks.size(); ++i) {
      ASSERT_GE(ticks[i], low - (high - low) * 1e-6);
      ASSERT_LE(ticks[i], high + (high - low) * 1e-6);
      if (i == 0) continue;
      ASSERT_GT(ticks[i], ticks[i - 1]);
    }
  }
}

TEST(Ticks, OfDatesFallOnTheFirstOfMonthsAndYears) {
  const auto labels = [](const char* first, const char* last, std::size_t most) {
    std::string out;
    for (const auto& tick : io::date_ticks(*Date::parse(first), *Date::parse(last), most)) {
      out += tick.day.iso() + ' ' + tick.label + '|';
    }
    return out;
  };
  EXPECT_EQ(labels("2023-12-15", "2024-03-20", 10),
            "2024-01-01 Jan 2024|2024-02-01 Feb|2024-03-01 Mar|");
  EXPECT_EQ(labels("2020-05-05", "2024-05-05", 5),
            "2021-01-01 2021|2022-01-01 2022|"
            "2023-01-01 2023|2024-01-01 2024|");
  EXPECT_EQ(labels("2024-02-20", "2024-03-05", 3),
            "2024-02-20 2024-02-20|2024-02-27 2024-02-27|"
            "2024-03-05 2024-03-05|");
  EXPECT_EQ(labels("2024-02-20", "2024-02-19", 3), "");
  EXPECT_LE(io::date_ticks(Date::min(), Date::max(), 10).size(), 10U);
}

// Someone who sees no hues, or prints in grey, still sees more as darker.
TEST(Colours, TheRampGetsDarkerAtEveryStep) {
  double before = 2;
  for (int i = 0; i <= 64; ++i) {
    const double now = io::luminance(io::ombre_ramp(i / 64.0));
    EXPECT_LT(now, before) << i;
    before = now;
  }
  EXPECT_EQ(io::ombre_ramp(-1), io::ombre_ramp(0));
  EXPECT_EQ(io::ombre_ramp(std::nan("")), io::ombre_ramp(0));
  EXPECT_EQ(io::ombre_ramp(2), io::ombre_ramp(1));
  EXPECT_EQ(io::ombre_ramp(1).hex(), "#42124a");
}

// WCAG 2 contrast of at least 4.5 for the numbers in cells, at least 3 for lines on white.
TEST(Colours, InkReadsOnEveryGroundAndLinesShowOnWhite) {
  const auto contrast = [](io::Colour a, io::Colour b) {
    const double x = io::luminance(a) + 0.05;
    const double y = io::luminance(b) + 0.05;
    return std::max(x, y) / std::min(x, y);
  };
  for (int i = 0; i <= 64; ++i) {
    const io::Colour ground = io::ombre_ramp(i / 64.0);
    EXPECT_GE(contrast(ground, io::ink_on(ground)), 4.0) << i;
  }
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_GE(contrast(io::category_colour(i), {255, 255, 255}), 2.5) << i;
  }
}

}  // namespace
