// Figures of a plan: what must be drawn is there, the coordinates agree with the doses, and text
// from people cannot break out of the SVG.
#include "ombre/io/taper_figures.hpp"

#include <gtest/gtest.h>

#include "ombre/io/svg.hpp"
#include "plans/taper_builder.hpp"

namespace {

using namespace taper_test;  // NOLINT: tests
using namespace ombre::io;   // NOLINT: tests

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}
std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}
std::string figure_of(const TaperPlan& plan, TaperFigureOptions options = {}) {
  const auto svg = taper_figure(plan, options);
  EXPECT_TRUE(svg) << (svg ? "" : describe(svg.error()));
  return svg ? *svg : std::string{};
}

TaperPlan diazepam() {
  TaperLine line = line_of("diazepam", {20}, {});
  line.named_rule = "ashton-2-weeks";
  line.products = {tablet(10, Division::halves), tablet(5, Division::halves),
                   tablet(2, Division::halves), liquid(0.4, 0.25)};
  return plan_for(request_of(line, weeks_of(2)));
}

TEST(TaperFigures, TheStaircaseFadesAndCarriesItsMilestones) {
  const std::string svg = figure_of(diazepam());
  EXPECT_TRUE(holds(svg, "<linearGradient id=\"fade0\""));
  EXPECT_TRUE(holds(svg, "fill=\"url(#fade0)\""));
  // From dark at 20 mg to light at zero.
  EXPECT_GT(luminance(ombre_ramp(0.04)), luminance(ombre_ramp(0.9)));
  EXPECT_TRUE(holds(svg, ombre_ramp(0.04).hex()));
  for (const char* mark : {">first step<", ">half<", ">1/4<", ">arrived<"}) {
    EXPECT_TRUE(holds(svg, mark)) << mark;
  }
  EXPECT_TRUE(holds(svg, "Draft, not accepted"));
  EXPECT_TRUE(holds(svg, "<desc>diazepam from 20 mg on 8 January 2024 to 0.5 mg"));
  EXPECT_EQ(count_of(svg, "<svg"), 1U);
  EXPECT_FALSE(holds(svg, "nan"));
  EXPECT_FALSE(holds(svg, "inf"));
}

TEST(TaperFigures, ThePathGoesThroughEveryDose) {
  TaperLine line = line_of("diazepam", {10}, {});
  line.rule = {TaperPhase{PercentRule{20, Basis::original}}};
  line.goal = {GoalKind::lower_amount, mg(6), ""};
  const TaperPlan plan = plan_for(request_of(line, weeks_of(2)));
  TaperFigureOptions options;
  options.level = false;
  options.panel_height = 216;  // 20 pixels a milligram: the axis ends 8 % above the first dose
  const std::string svg = figure_of(plan, options);
  const std::size_t at = svg.find("stroke=\"#2b2b2b\" stroke-width=\"2.4\" stroke-linejoin");
  ASSERT_NE(at, std::string::npos);
  const std::size_t from = svg.rfind("points=\"", at) + 8;
  std::vector<double> y;
  const std::string points = svg.substr(from, svg.find('"', from) - from);
  for (std::size_t c = points.find(','); c != std::string::npos; c = points.find(',', c + 1)) {
    y.push_back(std::stod(points.substr(c + 1)));
  }
  // 10, then 8 and 6: pairs of before and after at each step, and the end.
  ASSERT_EQ(y.size(), 8U);
  EXPECT_NEAR(y[2] - y[0], 40, 0.02);
  EXPECT_NEAR(y[4] - y[2], 40, 0.02);
  EXPECT_NEAR(y.back(), y[4], 0.02);
}

TEST(TaperFigures, AHoldIsHatchedAndTheEarlierPlanDashed) {
  const TaperPlan yes = done(accept(diazepam(), decided("2024-01-02")));
  EXPECT_FALSE(holds(figure_of(yes), "Stay on the step"));
  const TaperPlan held =
      done(hold(yes, day("2024-03-20"), day("2024-04-10"), decided("2024-03-20")));
  std::string svg = figure_of(held);
  EXPECT_TRUE(holds(svg, "Stay on the step"));
  EXPECT_TRUE(holds(svg, "As planned before"));
  EXPECT_TRUE(holds(svg, "Waiting, no dates yet"));
  EXPECT_TRUE(holds(svg, "fill=\"url(#held)\""));
  const TaperPlan on = done(resume(held, day("2024-04-11"), false, decided("2024-04-10")));
  svg = figure_of(on);
  EXPECT_TRUE(holds(svg, "Stay on the step"));
  EXPECT_FALSE(holds(svg, "Waiting, no dates yet"));
}

TEST(TaperFigures, EffectAndLevelStandBelowWhereTheyAreKnown) {
  TaperSubstanceOptions quoted;
  quoted.quoted_curve = true;
  TaperLine line = line_of("citalopram", {20}, {}, quoted);
  line.rule = {TaperPhase{EffectRule{*line.what.curve, 8}}};
  TaperRequest request = request_of(line, weeks_of(4));
  request.accept_uncertain = {"citalopram-curve"};
  const TaperPlan plan = plan_for(request);
  const std::string svg = figure_of(plan);
  EXPECT_TRUE(holds(svg, "Effect, % of the most possible"));
  EXPECT_TRUE(holds(svg, "Level, % of the first"));
  const auto stairs = taper_staircase(plan, 0);
  ASSERT_TRUE(stairs);
  EXPECT_FALSE(holds(*stairs, "Effect"));
  EXPECT_FALSE(holds(*stairs, "Level"));
  EXPECT_LT(stairs->size(), svg.size());
}

TEST(TaperFigures, TextFromPeopleIsEscapedAndOptionsAreChecked) {
  TaperLine line = line_of("diazepam", {10}, {});
  line.named_rule = "ashton-2-weeks";
  line.what.name = "</svg><script>";
  const TaperPlan plan = plan_for(request_of(line, weeks_of(2)));
  EXPECT_FALSE(holds(figure_of(plan), "<script>"));
  TaperFigureOptions options;
  options.width = 10;
  EXPECT_FALSE(taper_figure(plan, options));
  EXPECT_FALSE(taper_staircase(plan, 1));
  options = {};
  EXPECT_EQ(figure_of(plan, options), figure_of(plan, options));
}

}  // namespace
