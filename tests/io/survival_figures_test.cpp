#include "ombre/io/survival_figures.hpp"

#include <gtest/gtest.h>

namespace {

using namespace ombre;

const std::vector<double> weeks{6, 6, 6, 7, 10, 13, 16, 22, 23, 35};
const std::vector<std::uint8_t> event{1, 1, 1, 1, 0, 1, 1, 0, 1, 0};

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST(SurvivalFigure, CarriesNumbersAtRiskUnderTheTicksAndSaysWhatItShows) {
  const auto curve = stats::survival_curve({weeks, event});
  const auto limits = stats::curve_intervals(*curve, stats::IntervalScale::log);
  const std::vector<io::SurvivalFigureCurve> curves{{"arm <a>", &*curve, *limits}};
  io::SurvivalFigureOptions how;
  how.x_ticks = {0, 10, 20, 30};
  how.note = "p = 0.5";
  const auto svg = io::survival_figure(curves, how);
  ASSERT_TRUE(svg) << describe(svg.error());
  EXPECT_NE(svg->find("No. at risk"), std::string::npos);
  EXPECT_NE(svg->find("arm &lt;a&gt;"), std::string::npos);
  for (const char* at_risk : {">10<", ">6<", ">3<", ">1<"}) {
    EXPECT_NE(svg->find(at_risk), std::string::npos) << at_risk;
  }
  EXPECT_NE(svg->find("10 people, 7 events, median 13"), std::string::npos);
  EXPECT_NE(svg->find("<polygon"), std::string::npos);  // the limits
  EXPECT_EQ(*io::survival_figure(curves, how), *svg);
  how.at_risk = false;
  EXPECT_EQ(io::survival_figure(curves, how)->find("No. at risk"), std::string::npos);
}

TEST(SurvivalFigure, MillionsOfStepsStayASmallFile) {
  std::vector<double> time;
  for (int i = 0; i < 400'000; ++i) time.push_back(1 + i * 0.37);
  const std::vector<std::uint8_t> all(time.size(), 1);
  const auto curve = stats::survival_curve({time, all});
  const auto limits = stats::curve_intervals(*curve, stats::IntervalScale::log);
  const auto svg =
      io::survival_figure(std::vector<io::SurvivalFigureCurve>{{"", &*curve, *limits}});
  ASSERT_TRUE(svg);
  EXPECT_LT(svg->size(), 300'000U);
  EXPECT_EQ(count(*svg, "<polyline"), 1U);
}

// Times in seconds of something that takes microseconds: every tick has a label of its own.
TEST(SurvivalFigure, TinyTimesHaveTicksThatDiffer) {
  const std::vector<double> tiny{1.1e-6, 2.4e-6, 3.2e-6, 5.9e-6};
  const std::vector<std::uint8_t> all{1, 1, 0, 1};
  const auto curve = stats::survival_curve({tiny, all, {}, {}, {}, {}}, {.tie_tolerance = 0});
  ASSERT_TRUE(curve) << describe(curve.error());
  const auto svg = io::survival_figure(std::vector<io::SurvivalFigureCurve>{{"", &*curve, {}}});
  ASSERT_TRUE(svg) << describe(svg.error());
  for (const char* tick : {">1e-06<", ">2e-06<", ">3e-06<", ">5e-06<"}) {
    EXPECT_NE(svg->find(tick), std::string::npos) << tick << '\n' << *svg;
  }
}

TEST(SurvivalFigure, OddInputIsDrawnOrRefused) {
  const std::vector<double> one{4};
  const auto censored = stats::survival_curve({one, std::vector<std::uint8_t>{0}});
  const auto curve = stats::survival_curve({weeks, event});
  EXPECT_TRUE(io::survival_figure(std::vector<io::SurvivalFigureCurve>{{"", &*censored, {}}}));
  EXPECT_FALSE(io::survival_figure({}));
  EXPECT_FALSE(io::survival_figure(std::vector<io::SurvivalFigureCurve>{{"", nullptr, {}}}));
  EXPECT_FALSE(io::survival_figure(std::vector<io::SurvivalFigureCurve>{
      {"", &*curve, std::vector<std::optional<stats::Interval>>(2)}}));
  EXPECT_FALSE(io::survival_figure(std::vector<io::SurvivalFigureCurve>(8, {"", &*curve, {}})));
  io::SurvivalFigureOptions small;
  small.height = 100;
  EXPECT_FALSE(io::survival_figure(std::vector<io::SurvivalFigureCurve>{{"", &*curve, {}}}, small));
  io::SurvivalFigureOptions never;
  never.horizon = -1;
  EXPECT_FALSE(io::survival_figure(std::vector<io::SurvivalFigureCurve>{{"", &*curve, {}}}, never));
}

}  // namespace
