// docs/tapers.md names every published rule, every guard, every ceiling and every set of bands,
// with the source each of them has in the library.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "ombre/io/taper_words.hpp"
#include "ombre/plans/taper_guard.hpp"
#include "ombre/plans/taper_rule.hpp"
#include "ombre/plans/withdrawal.hpp"

namespace {

using namespace ombre;         // NOLINT: tests
using namespace ombre::plans;  // NOLINT: tests

std::string page() {
  std::ifstream in(std::string{OMBRE_SOURCE_DIR} + "/docs/tapers.md", std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// The row of a table that begins with an id.
std::string row(const std::string& text, std::string_view id) {
  const std::size_t at = text.find("\n| `" + std::string{id} + "` |");
  if (at == std::string::npos) return {};
  return text.substr(at + 1, text.find('\n', at + 1) - at - 1);
}

void expect_row(const std::string& text, std::string_view id, const Source& source,
                Confidence sure) {
  const std::string here = row(text, id);
  ASSERT_FALSE(here.empty()) << id << " is not on the page";
  const std::string cited = std::string{source.id} + " (" + std::string{name(sure)} + ")";
  EXPECT_NE(here.find(cited), std::string::npos) << here << " lacks " << cited;
}

TEST(TaperPage, NamesEveryRuleGuardAndBandWithItsSource) {
  const std::string text = page();
  for (const NamedRule& rule : named_rules()) {
    expect_row(text, rule.id, *rule.source, rule.confidence);
  }
  for (const GuardRule& rule : taper_rules()) {
    expect_row(text, rule.id, *rule.source, rule.confidence);
  }
  for (const BandSet& set : band_sets()) expect_row(text, set.id, *set.source, set.confidence);
}

TEST(TaperPage, ShowsTheLimitsAsTheyAre) {
  const std::string text = page();
  for (const PaceLimit& limit : pace_limits()) {
    const std::string here = row(text, limit.rule->id);
    const std::string number = " " + io::TaperLanguage::english().number(limit.limit) + " ";
    EXPECT_NE(here.find("|" + number), std::string::npos) << here;
    if (limit.window_days > 1) {
      EXPECT_NE(here.find("in " + std::to_string(limit.window_days) + " days"), std::string::npos)
          << here;
    }
    EXPECT_NE(here.find("| " + std::string{name(limit.beyond)} + " |"), std::string::npos) << here;
  }
}

}  // namespace
