// All 54 endpoints against the published tables: three word sets, every participant that is
// present. Skips where the reference data are not.
#include <gtest/gtest.h>

#include <cmath>

#include "ombre/outcomes/endpoint_builtin.hpp"
#include "outcomes/word_support.hpp"
#include "support/shared_data.hpp"

namespace {

using namespace ombre;
using namespace ombre::outcomes;
using ombre_test::number;
using ombre_test::read_table;
using ombre_test::split;
using ombre_test::Table;
using ombre_test::word;

const std::string folder = "outcomes/data/ctnote/";

std::map<std::string, Word> words_of(const Table& patterns, const std::string& set) {
  std::map<std::string, Word> words;
  for (std::size_t r = 0; r < patterns.rows.size(); ++r) {
    words[patterns.at(r, "who")] =
        set == "uds_2022" ? word(patterns.at(r, set))
                          : word(patterns.at(r, set + "_phase1") + patterns.at(r, set + "_phase2"));
  }
  return words;
}

TEST(EndpointReference, IndexNamesTheSame54InTheSameOrder) {
  OMBRE_SHARED_OR_SKIP(path, folder + "outcome_index.csv");
  const Table index = read_table(path);
  const auto endpoints = published_endpoints();
  ASSERT_EQ(endpoints.size(), 54u);
  ASSERT_EQ(index.rows.size(), 54u);
  const std::map<std::string, ResultType> types{{"bool", ResultType::yes_no},
                                                {"count", ResultType::count},
                                                {"proportion", ResultType::share},
                                                {"score", ResultType::score},
                                                {"time_event", ResultType::time_event}};
  for (std::size_t i = 0; i < 54; ++i) {
    EXPECT_EQ(endpoints[i].id(), index.at(i, "id"));
    EXPECT_EQ(name(endpoints[i].spec().family), index.at(i, "family"));
    EXPECT_EQ(endpoints[i].type(), types.at(index.at(i, "type")));
  }
}

TEST(EndpointReference, EveryColumnOfEveryTable) {
  OMBRE_SHARED_OR_SKIP(path, folder + "patterns.csv");
  const Table patterns = read_table(path);
  std::size_t compared = 0;
  for (const std::string set : {"uds_2022", "uds_2023", "tlfb_2023"}) {
    const auto words = words_of(patterns, set);
    for (const auto family : {Family::abstinence, Family::relapse, Family::reduction}) {
      const Table table =
          read_table(path.parent_path() / (set + "_" + std::string{name(family)} + ".csv"));
      ASSERT_GT(table.rows.size(), 100u);
      for (const Endpoint& endpoint : published_endpoints(Reading::published, family)) {
        SCOPED_TRACE(set + " " + endpoint.id());
        const bool timed = endpoint.type() == ResultType::time_event;
        for (std::size_t r = 0; r < table.rows.size(); ++r) {
          const Word& w = words.at(table.at(r, "who"));
          const auto got = endpoint.evaluate(w);
          const std::string& want = table.at(r, endpoint.id() + (timed ? "_time" : ""));
          ++compared;
          if (want == "NA") {
            ASSERT_FALSE(got) << w.text();
            continue;
          }
          ASSERT_TRUE(got) << w.text();
          switch (endpoint.type()) {
            case ResultType::yes_no:
              ASSERT_EQ(got->value == 1, want == "true") << w.text();
              break;
            case ResultType::score:
              ASSERT_LE(std::abs(got->value - number(want)), 1e-9 * std::abs(number(want)))
                  << w.text();
              break;
            case ResultType::time_event:
              ASSERT_EQ(got->event, table.at(r, endpoint.id() + "_event") == "1") << w.text();
              [[fallthrough]];
            default:
              ASSERT_EQ(got->value, number(want)) << w.text();
          }
        }
      }
    }
  }
  EXPECT_GE(compared, 54u * 3 * 1780);
}

}  // namespace
