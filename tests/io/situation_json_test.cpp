#include "ombre/io/situation_json.hpp"

#include <gtest/gtest.h>

#include "ombre/core/wording.hpp"
#include "ombre/io/context_figures.hpp"

using namespace ombre;
using namespace ombre::io;

namespace {

constexpr std::string_view full = R"({
  "format": "ombre-situation-1",
  "person": "p1",
  "on": "2024-06-01",
  "substances": [
    {"name": "heroin", "route": "injected", "prescribed": false, "street": true},
    {"name": "alcohol"}
  ],
  "nothing_else": true,
  "factors": [
    {"factor": "uses_alone", "value": true, "on": "2024-05-28", "from": "self_report",
     "note": "since the flat went"},
    {"factor": "age_years", "value": 66, "from": "record"},
    {"factor": "craving", "value": null}
  ],
  "wishes": {"change_use": "some", "prefers": ["set", "setting"], "worries": ["overdose"],
             "likes": ["peer_support"], "declines": ["check_ins"], "burden_at_most": 2}
})";

std::string refusal(std::string_view json) {
  const auto read = parse_situation(json, "s.json");
  return read ? "accepted" : describe(read.error());
}

std::string with(std::string_view member) {
  return R"({"format":"ombre-situation-1",)" + std::string{member} + "}";
}

}  // namespace

TEST(SituationJson, EveryMemberIsReadAndWrittenBackTheSame) {
  const auto read = parse_situation(full);
  ASSERT_TRUE(read) << describe(read.error());
  EXPECT_EQ(read->situation.substances.size(), 2u);
  EXPECT_EQ(read->situation.substances[0].route, context::Route::injected);
  EXPECT_FALSE(read->situation.substances[1].prescribed);
  EXPECT_EQ(read->situation.factors[0].note, "since the flat went");
  EXPECT_TRUE(std::holds_alternative<context::NotKnown>(read->situation.factors[2].value));
  EXPECT_EQ(read->wishes.change_use, context::WillChangeUse::some);
  EXPECT_EQ(read->wishes.burden_at_most, 2);
  const auto text = json_text(situation_json(*read));
  ASSERT_TRUE(text);
  const auto again = parse_situation(*text);
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, *read);
  EXPECT_EQ(*json_text(situation_json(*again)), *text) << "the bytes are stable";
}

TEST(SituationJson, AnEmptySituationIsASituation) {
  const auto read = parse_situation(R"({"format": "ombre-situation-1"})");
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, SituationDocument{});
}

TEST(SituationJson, WhatIsWrongIsNamedByItsPath) {
  EXPECT_NE(refusal("{}").find("format"), std::string::npos);
  EXPECT_NE(refusal(R"({"format": "x"})").find("ombre-situation-1"), std::string::npos);
  EXPECT_NE(refusal(with(R"("factor": [])")).find("factor"), std::string::npos);
  EXPECT_NE(refusal(with(R"("factors": [{"factor": "craving", "value": "yes"}])"))
                .find("factors[0].value"),
            std::string::npos);
  EXPECT_NE(refusal(with(R"("factors": [{"factor": "craving", "on": "2024-02-30"}])"))
                .find("factors[0].on"),
            std::string::npos);
  EXPECT_NE(refusal(with(R"("substances": [{"name": "x", "route": "sniffed"}])"))
                .find("substances[0].route"),
            std::string::npos);
  EXPECT_NE(refusal(with(R"("wishes": {"worries": ["hangover"]})")).find("wishes.worries"),
            std::string::npos);
  EXPECT_NE(refusal(with(R"("wishes": {"burden_at_most": 4})")).find("wishes.burden_at_most"),
            std::string::npos);
  EXPECT_NE(refusal(with(R"("factors": [{"factor": "craving", "from": "worked_out"}])"))
                .find("factors[0].from"),
            std::string::npos);
}

TEST(MenuJson, HoldsBandsWarningsOptionsAndSourcesInWords) {
  const auto read = parse_situation(full);
  ASSERT_TRUE(read);
  const auto facts = context::Facts::from(read->situation);
  ASSERT_TRUE(facts) << describe(facts.error());
  const auto menu = context::menu(*facts, read->wishes);
  ASSERT_TRUE(menu);
  const Json json = menu_json(*facts, *menu);
  const Json* options = json.find("options");
  ASSERT_NE(options, nullptr);
  EXPECT_EQ(options->items().size(), menu->lines.size());
  for (const Json& option : options->items()) {
    const auto words = option.find("words")->as_text();
    ASSERT_TRUE(words);
    EXPECT_TRUE(check_wording(*words).empty()) << *words;
    EXPECT_FALSE(option.find("effects")->items().empty());
  }
  EXPECT_FALSE(json.find("bands")->items().empty());
  EXPECT_FALSE(json.find("warnings")->items().empty());
  EXPECT_TRUE(json_text(json));
}

TEST(TriangleFigure, NamesTheOptionsItShowsAndRefusesOddSizes) {
  const auto read = parse_situation(full);
  const auto facts = context::Facts::from(read->situation);
  const auto menu = context::menu(*facts, read->wishes);
  const auto svg = triangle_figure(*facts, *menu);
  ASSERT_TRUE(svg);
  EXPECT_NE(svg->find("Take-home naloxone"), std::string::npos);
  EXPECT_NE(svg->find("SETTING"), std::string::npos);
  EXPECT_EQ(*svg, *triangle_figure(*facts, *menu)) << "the bytes are stable";
  TriangleOptions odd;
  odd.options = 0;
  EXPECT_EQ(triangle_figure(*facts, *menu, odd).error().field, "options");
  odd = {};
  odd.factors = 7;
  EXPECT_FALSE(triangle_figure(*facts, *menu, odd));
  odd = {};
  odd.width = 10;
  EXPECT_FALSE(triangle_figure(*facts, *menu, odd));
  const auto nobody = context::Facts::from({});
  EXPECT_TRUE(triangle_figure(*nobody, *context::menu(*nobody)));
}

TEST(TriangleFigure, DoesNotShowWhatIsSensitive) {
  context::Situation s;
  s.factors = {{"suicidal_thoughts", true, {}, context::KnownFrom::self_report, ""},
               {"violence_at_home", true, {}, context::KnownFrom::self_report, ""}};
  const auto facts = context::Facts::from(s);
  const auto svg = triangle_figure(*facts, *context::menu(*facts));
  ASSERT_TRUE(svg);
  EXPECT_EQ(svg->find("has thoughts of suicide"), std::string::npos);
  EXPECT_EQ(svg->find("violence or control by a partner"), std::string::npos);
}
