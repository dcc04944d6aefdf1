// Written reviews are read back to the same bytes, and what cannot be is refused with its path.
#include "ombre/io/review_json.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <deque>
#include <fstream>
#include <iterator>

#include "ombre/core/random.hpp"
#include "ombre/core/wording.hpp"

namespace ombre::io {
namespace {

using timeline::UseState;

Date day(std::string_view iso) { return *Date::parse(iso); }

std::string corpus(const std::string& name) {
  std::ifstream in{OMBRE_SOURCE_DIR "/tests/fuzz/corpus/review_json/" + name, std::ios::binary};
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

struct Series {
  std::vector<std::uint8_t> state;
  std::vector<double> amount;
};

// A review of made-up days, contacts, situations, harms and scores.
outcomes::Review some_review(std::uint64_t seed) {
  RandomStream random{Seed{seed}, 7};
  std::deque<Series> all;
  std::vector<outcomes::UseHistory> use;
  for (const char* what : {"alcohol", "heroin", "diazepam", "something \"new\""}) {
    if (random.uniform() < 0.3) continue;
    Series s;
    const double share = random.uniform();
    for (int i = 0; i < 200; ++i) {
      const double x = random.uniform();
      const bool used = random.uniform() < share;
      s.state.push_back(timeline::day_byte(x < 0.05   ? UseState::unknown
                                           : !used    ? UseState::none
                                           : x < 0.15 ? UseState::used
                                                      : UseState::amount));
      s.amount.push_back(used && x >= 0.15 ? 0.1 * static_cast<double>(1 + random.below(90)) : 0);
    }
    all.push_back(std::move(s));
    use.push_back(
        {what, "u", {all.back().state, all.back().amount, day("2025-06-01").day_number()}});
  }
  plans::Goal g;
  g.id = "g";
  g.words = "my goal";
  g.aim = random.uniform() < 0.5 ? plans::GoalAim::abstain : plans::GoalAim::reduce;
  g.substances = {"alcohol"};
  g.opened = day("2025-07-01");
  for (int w = 0; w < 20; ++w) {
    g.weekly.push_back({"alcohol", day("2025-07-07") + Days{7 * w}, 60.0 - 2 * w, "u"});
  }
  g.confidence = {{day("2025-07-01"), static_cast<double>(random.below(11))},
                  {day("2025-09-01"), static_cast<double>(random.below(11))}};
  plans::GoalPlanVersion v;
  v.made_by = {{"Ada", plans::Role::person}};
  v.goals = {g};
  plans::Change change;
  change.what = "draft";
  change.on = change.from = day("2025-07-01");
  change.by = {"Ada", plans::Role::person};
  const auto plan = plans::make_goal_plan("ada", std::move(v), change);
  EXPECT_TRUE(plan && plan->plan);

  std::vector<context::Situation> situations(2);
  situations[0].on = day("2025-06-20");
  situations[0].substances = {{"heroin", static_cast<context::Route>(random.below(10)), {}, {}}};
  situations[1].on = day("2025-09-20");
  situations[1].substances = {{"heroin", static_cast<context::Route>(random.below(10)), {}, {}}};
  situations[1].factors.push_back({"uses_alone", random.uniform() < 0.5, {}, {}, {}});
  const std::vector<plans::DatedScore> scores{
      {day("2025-06-10"), "top: work", static_cast<double>(random.below(29)),
       plans::Margin{5, plans::MarginKind::own}},
      {day("2025-09-10"), "top: work", static_cast<double>(random.below(29)),
       plans::Margin{5, plans::MarginKind::own}}};
  const std::vector<plans::HarmEntry> harms{{day("2025-09-15"), "injury", "fell"}};
  plans::SocialNetwork network;
  for (int i = 0; i < 100; ++i) {
    if (random.uniform() < 0.3) {
      network.contacts.push_back(
          {day("2025-06-01") + Days{i}, {}, "", plans::ContactMode::call, false});
    }
  }
  outcomes::ReviewInput in;
  in.today = day("2025-06-01") + Days{100 + static_cast<int>(random.below(100))};
  in.situations = situations;
  in.scores = scores;
  in.harms = harms;
  if (random.uniform() < 0.7) in.network = &network;
  in.crisis_line = random.uniform() < 0.5 ? "" : "988";
  in.missing = timeline::missing_rules[random.below(4)];
  const auto r = outcomes::review(*plan->plan, use, in);
  EXPECT_TRUE(r) << describe(r.error());
  return *r;
}

TEST(ReviewJson, WhatWasWrittenIsReadBackToTheSameBytes) {
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    SCOPED_TRACE(seed);
    const outcomes::Review review = some_review(seed);
    const auto text = json_text(review_json(review));
    ASSERT_TRUE(text) << describe(text.error());
    const auto read = parse_review(*text);
    ASSERT_TRUE(read) << describe(read.error()) << *text;
    EXPECT_EQ(*json_text(review_json(*read)), *text);
    EXPECT_EQ(outcomes::page(*read), outcomes::page(review));
    EXPECT_EQ(read->change, review.change);
    EXPECT_TRUE(check_wording(*text).empty());
  }
}

TEST(ReviewJson, AReviewOnFileKeepsItsBytes) {
  // Written by `ombre review --format json` and kept: what was written once stays readable.
  const std::string text = corpus("full.json");
  ASSERT_FALSE(text.empty());
  const auto read = parse_review(text);
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_EQ(*json_text(review_json(*read)), text);
}

TEST(ReviewJson, ASourceIsKeptAsItWasCitedOnTheDay) {
  std::string text = corpus("full.json");
  const auto at = text.find("\"source\": \"") + 11;
  text.replace(at, text.find('"', at) - at, "An older way to cite it");
  const auto read = parse_review(text);
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_EQ(read->now[0].cited, "An older way to cite it");
  EXPECT_NE(read->now[0].source, nullptr);
  EXPECT_EQ(*json_text(review_json(*read)), text);
}

TEST(ReviewJson, WhatCannotBeIsRefusedWithItsPath) {
  const std::string good = corpus("full.json");
  const auto refused = [&good](const std::string& from, const std::string& to, Errc code,
                               const std::string& field) {
    SCOPED_TRACE(to);
    std::string text = good;
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    const auto read = parse_review(text, "review.json");
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, code) << describe(read.error());
    EXPECT_EQ(read.error().field, field) << describe(read.error());
  };
  refused("ombre-review-1", "ombre-review-2", Errc::unsupported, "format");
  refused("\"plan\"", "\"plans\"", Errc::missing, "plan");
  refused("\"gap_days\": 7", "\"gap_days\": 0", Errc::out_of_range, "gap_days");
  refused("\"gap_days\": 7", "\"gap_days\": 7, \"failed\": true", Errc::unknown_name, "failed");
  refused("\"urgency\": \"now\"", "\"urgency\": \"someday\"", Errc::unknown_name, "now[0].urgency");
  refused("\"id\": \"naloxone\"", "\"id\": \"discharge\"", Errc::unknown_name, "now[0].id");
  refused("\"direction\": \"improved\"", "\"direction\": \"worse\"", Errc::contradiction,
          "change[0].direction");
  refused("\"use_days\": 2", "\"use_days\": 4000", Errc::contradiction, "episodes[1].use_days");
  refused("\"length\": \"", "\"length\": \"x", Errc::unknown_name, "episodes[0].length");
  refused("\"compared_with_first\"", "\"compared_with_start\"", Errc::missing,
          "compared_with_last");
  EXPECT_FALSE(parse_review(""));
  EXPECT_FALSE(parse_review("[]"));
  EXPECT_FALSE(parse_review("{}"));
  EXPECT_FALSE(read_review("/nowhere/review.json"));
}

}  // namespace
}  // namespace ombre::io
