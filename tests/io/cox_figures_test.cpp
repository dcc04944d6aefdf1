#include "ombre/io/cox_figures.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace {

using namespace ombre;

TEST(CoxForestFigure, SaysRatiosAndWhatIsInfiniteOrNotEstimable) {
  std::vector<std::optional<stats::HazardRatio>> ratios(4);
  ratios[0] = stats::HazardRatio{2.328, 1.273, 4.26, 2.74, 0.0061, false};
  ratios[1] = stats::HazardRatio{0.5, 0.4, 0.6, -5, 1e-7, false};
  ratios[2] = stats::HazardRatio{std::numeric_limits<double>::infinity(),
                                 0,
                                 std::numeric_limits<double>::infinity(),
                                 0,
                                 1,
                                 true};
  const std::vector<std::string> names{"factor(site)2", "factor(site)3", "arm", "dose"};
  const std::vector<std::string> terms{"factor(site)", "arm", "dose"};
  const std::vector<std::uint32_t> term{0, 0, 1, 2};
  const auto svg = io::cox_forest_figure(ratios, names, terms, term);
  ASSERT_TRUE(svg) << describe(svg.error());
  for (const char* wanted : {"factor(site)", "2.33 (1.27", "p = 0.006", "p &lt; 0.001",
                             "infinite: separation", "not estimable"}) {
    EXPECT_NE(svg->find(wanted), std::string::npos) << wanted;
  }
  EXPECT_FALSE(io::cox_forest_figure({}, names, terms, term));
  EXPECT_FALSE(io::cox_forest_figure(ratios, names, terms, std::vector<std::uint32_t>{0, 0, 1, 9}));
}

TEST(CoxForestFigure, ShowsReferencesProductsAndExtremeRatiosPlainly) {
  std::vector<std::optional<stats::HazardRatio>> ratios(3);
  ratios[0] = stats::HazardRatio{0.09, 0.0049, 1.8, -1, 0.1, false};
  ratios[1] = stats::HazardRatio{37.6, 5.1, 4792.6, 2, 0.01, false};
  ratios[2] = stats::HazardRatio{1.02, 0.97, 1.08, 0.8, 0.4, false};
  const std::vector<std::string> names{"armb", "factor(site)2", "armb:age"};
  const std::vector<std::string> terms{"arm", "factor(site)", "arm:age"};
  const std::vector<std::uint32_t> term{0, 1, 2};
  io::CoxForestOptions how;
  how.references = {"a", "1", ""};
  how.labels = {"arm b", "site 2", "arm b \xC3\x97 age"};
  const auto svg = io::cox_forest_figure(ratios, names, terms, term, how);
  ASSERT_TRUE(svg) << describe(svg.error());
  for (const char* wanted : {">arm<", ">a<", ">b<", ">site<", "1 (reference)", "(&lt;0.01",
                             "37.60 (5.10\xE2\x80\x93"
                             "4793)",
                             ">arm b \xC3\x97 age<"}) {
    EXPECT_NE(svg->find(wanted), std::string::npos) << wanted;
  }
  how.p_values = false;
  EXPECT_EQ(io::cox_forest_figure(ratios, names, terms, term, how)->find("p = "),
            std::string::npos);
  how.references = {"a"};
  EXPECT_EQ(io::cox_forest_figure(ratios, names, terms, term, how).error().code,
            Errc::size_mismatch);
  how.references.clear();
  how.labels = {"x"};
  EXPECT_EQ(io::cox_forest_figure(ratios, names, terms, term, how).error().field, "labels");
}

TEST(SchoenfeldFigure, DrawsOnePanelACoefficientAndRefusesWhatIsNotFinite) {
  io::SchoenfeldPanel panel;
  panel.name = "age <years>";
  for (int i = 0; i < 30; ++i) {
    panel.time.push_back(i);
    panel.residual.push_back(std::sin(i));
  }
  panel.variance = 0.01;
  panel.p = 0.25;
  const std::vector<io::SchoenfeldPanel> panels{panel, panel, panel};
  const auto svg = io::schoenfeld_figure(panels);
  ASSERT_TRUE(svg) << describe(svg.error());
  EXPECT_NE(svg->find("age &lt;years&gt;"), std::string::npos);
  EXPECT_NE(svg->find("p = 0.25"), std::string::npos);
  std::size_t curves = 0;
  for (auto at = svg->find("<polyline"); at != std::string::npos;
       at = svg->find("<polyline", at + 1)) {
    ++curves;
  }
  EXPECT_EQ(curves, 3U);
  panel.residual[3] = std::nan("");
  EXPECT_FALSE(io::schoenfeld_figure(std::vector{panel}));
  EXPECT_FALSE(io::schoenfeld_figure({}));
}

TEST(SchoenfeldFigure, FewEventsHaveNoCurve) {
  io::SchoenfeldPanel panel;
  panel.name = "x";
  panel.time = {1, 1, 1};
  panel.residual = {0, 1, 2};
  const auto svg = io::schoenfeld_figure(std::vector{panel});
  ASSERT_TRUE(svg);
  EXPECT_EQ(svg->find("<polyline"), std::string::npos);
}

}  // namespace
