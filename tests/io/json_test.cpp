#include "ombre/io/json.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <string_view>

#include "ombre/core/error.hpp"
#include "temporary_folder.hpp"

namespace {

using namespace ombre;
using io::Json;

std::string parse_error(std::string_view text) {
  const auto json = io::parse_json(text, "s.json");
  return json ? "" : describe(json.error());
}

TEST(Json, ReadsEveryKindOfValueAndKeepsTheOrderOfMembers) {
  const auto json = io::parse_json(
      R"({"z": null, "a": true, "n": -12, "x": 0.5, "t": "gr\u00fcn \"q\"", "l": [1, [], {}]})");
  ASSERT_TRUE(json);
  ASSERT_EQ(json->members().size(), 6U);
  EXPECT_EQ(json->members()[0].first, "z");
  EXPECT_EQ(json->members()[1].first, "a");
  EXPECT_EQ(json->find("z")->kind(), Json::Kind::null);
  EXPECT_EQ(json->find("a")->as_boolean(), true);
  EXPECT_EQ(json->find("n")->as_integer(), -12);
  EXPECT_EQ(json->find("n")->as_number(), -12.0);
  EXPECT_EQ(json->find("x")->as_number(), 0.5);
  EXPECT_EQ(json->find("x")->as_integer(), std::nullopt);
  EXPECT_EQ(json->find("t")->as_text(), "gr\xC3\xBCn \"q\"");
  EXPECT_EQ(json->find("l")->items().size(), 3U);
  EXPECT_EQ(json->find("no"), nullptr);
}

TEST(Json, WhatIsNotJsonIsRefusedWithItsPlace) {
  EXPECT_EQ(parse_error(""), "s.json: is empty");
  EXPECT_EQ(parse_error(" \n"), "s.json: is empty");
  EXPECT_NE(
      parse_error("{\"a\": 1,\n \"b\" 2}").find("s.json, line 2: is not valid JSON at column"),
      std::string::npos);
  for (const std::string_view text :
       {"{", "[1,]", "{\"a\":1,}", "// c\n1", "NaN", "[01]", "'a'", "1 2", "{\"a\":1}x", "\"\xFF\"",
        "[1e999]", "\"\\ud800\"", "tru", "\"a\nb\""}) {
    EXPECT_NE(parse_error(text), "") << text;
  }
  EXPECT_EQ(io::parse_json("[1e999]").error().code, Errc::out_of_range);
}

TEST(Json, AKeyThatStandsTwiceIsRefusedWithItsPath) {
  EXPECT_EQ(parse_error(R"({"goals": [{"a": 1}, {"b": {"c": 1, "c": 2}}]})"),
            "s.json, goals[1].b.c: stands twice in the same object");
  EXPECT_EQ(parse_error(R"({"": 1, "": 2})"), "s.json: stands twice in the same object");
}

TEST(Json, DepthIsLimited) {
  const std::string deep = std::string(64, '[') + std::string(64, ']');
  EXPECT_EQ(parse_error(deep), "");
  EXPECT_EQ(parse_error('[' + deep + ']'), "s.json: is nested deeper than 64 levels");
  EXPECT_EQ(parse_error(std::string(1'000'000, '[')), "s.json: is nested deeper than 64 levels");
}

TEST(Json, WritesBackWhatItRead) {
  const std::string text =
      "{\n  \"b\": [\n    1,\n    2.5,\n    -1e+300\n  ],\n  \"a\": {},\n  \"c\": [],\n"
      "  \"t\": \"\\\"\\\\\\n\\u0001\xC3\xA9\",\n  \"n\": null,\n  \"f\": false\n}\n";
  const auto json = io::parse_json(text);
  ASSERT_TRUE(json);
  EXPECT_EQ(*io::json_text(*json), text);
  EXPECT_EQ(*io::json_text(*json, {.indent = 0}),
            "{\"b\":[1,2.5,-1e+300],\"a\":{},\"c\":[],\"t\":\"\\\"\\\\\\n\\u0001\xC3\xA9\",\"n\":"
            "null,\"f\":false}\n");
}

TEST(Json, NumbersReadBackAsTheSameDouble) {
  std::mt19937_64 random{11};
  for (int i = 0; i < 2000; ++i) {
    const auto bits = random();
    double value = 0;
    static_assert(sizeof bits == sizeof value);
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) continue;
    const auto text = io::json_text(Json::number(value));
    ASSERT_TRUE(text);
    const auto back = io::parse_json(*text);
    ASSERT_TRUE(back) << *text;
    ASSERT_EQ(back->as_number(), value) << *text;
  }
}

TEST(Json, MinusZeroStaysMinusZero) {
  const auto back = io::parse_json(*io::json_text(Json::number(-0.0)));
  EXPECT_TRUE(std::signbit(back->as_number().value()));
}

TEST(Json, WhatCannotBeWrittenIsAnError) {
  EXPECT_EQ(io::json_text(Json::number(std::nan(""))).error().code, Errc::not_finite);
  EXPECT_EQ(io::json_text(Json::text("\xFF")).error().code, Errc::malformed);
  io::JsonWriter open;
  open.begin_object();
  EXPECT_FALSE(open.finish());
  io::JsonWriter no_key;
  no_key.begin_object().integer(1).end_object();
  EXPECT_FALSE(no_key.finish());
  io::JsonWriter two;
  two.integer(1).integer(2);
  EXPECT_FALSE(two.finish());
  io::JsonWriter nothing;
  EXPECT_FALSE(nothing.finish());
}

TEST(Json, CopiesAreDeep) {
  Json a = Json::object();
  a.set("list", Json::list({Json::integer(1)}));
  const Json b = a;
  a.set("list", Json::text("changed"));
  EXPECT_EQ(b.find("list")->items().size(), 1U);
  EXPECT_FALSE(a == b);
  EXPECT_TRUE(b == Json(b));
}

constexpr std::array<std::string_view, 3> rules{"exclude", "worst", "best"};

std::string read_example(std::string_view text) {
  const auto json = io::parse_json(text, "s.json");
  if (!json) return describe(json.error());
  io::JsonFields in{io::view_of(*json, "s.json")};
  const auto goals = in.list("goals");
  const auto missing = in.optional_one_of("missing", rules);
  EXPECT_TRUE(!missing || *missing < 3);
  if (auto read = in.finish(); !read) return describe(read.error());
  for (const auto& goal : goals) {
    io::JsonFields g{goal};
    static_cast<void>(g.text("name"));
    static_cast<void>(g.number("dose", 0, 100));
    static_cast<void>(g.optional_integer("weeks", 1, 52));
    static_cast<void>(g.optional_boolean("open"));
    static_cast<void>(g.optional_texts("substances"));
    if (auto read = g.finish(); !read) return describe(read.error());
  }
  return "good";
}

TEST(JsonFields, NameThePathOfWhatIsWrong) {
  EXPECT_EQ(read_example(R"({"goals": [{"name": "a", "dose": 5.5, "weeks": 4.0, "open": null,
                                        "substances": ["x"]}], "missing": "worst"})"),
            "good");
  EXPECT_EQ(read_example(R"({"goals": []})"), "good");
  EXPECT_EQ(read_example("[]"), "s.json: must be an object, and is a list");
  EXPECT_EQ(read_example("{}"), "s.json, goals: is required");
  EXPECT_EQ(read_example(R"({"goals": null})"), "s.json, goals: is required");
  EXPECT_EQ(read_example(R"({"goals": {}})"), "s.json, goals: must be a list, and is an object");
  EXPECT_EQ(read_example(R"({"goals": [], "mising": "best"})"),
            "s.json, mising: is not a known key here (did you mean \"missing\"?)");
  EXPECT_EQ(read_example(R"({"goals": [], "x": 1})"), "s.json, x: is not a known key here");
  EXPECT_EQ(read_example(R"({"goals": [], "missing": "wrst"})"),
            "s.json, missing = \"wrst\": must be one of exclude, worst, best (did you mean "
            "\"worst\"?)");
  EXPECT_EQ(read_example(R"({"goals": [{"name": "a", "dose": 1}, {"name": 7, "dose": 1}]})"),
            "s.json, goals[1].name = \"7\": must be a text, and is a whole number");
  EXPECT_EQ(read_example(R"({"goals": [{"name": "a", "dose": -2.5}]})"),
            "s.json, goals[0].dose = \"-2.5\": must be from 0 to 100");
  EXPECT_EQ(read_example(R"({"goals": [{"name": "a", "dose": "5"}]})"),
            "s.json, goals[0].dose = \"5\": must be a number, and is a text");
  EXPECT_EQ(read_example(R"({"goals": [{"name": "a", "dose": 5, "weeks": 1.5}]})"),
            "s.json, goals[0].weeks = \"1.5\": must be a whole number");
  EXPECT_EQ(read_example(R"({"goals": [{"name": "a", "dose": 5, "weeks": 53}]})"),
            "s.json, goals[0].weeks = \"53\": must be from 1 to 52");
  EXPECT_EQ(read_example(R"({"goals": [{"name": "a", "dose": 5, "open": 1}]})"),
            "s.json, goals[0].open = \"1\": must be true or false, and is a whole number");
  EXPECT_EQ(read_example(R"({"goals": [{"name": "a", "dose": 5, "substances": ["x", 1]}]})"),
            "s.json, goals[0].substances[1] = \"1\": must be a text, and is a whole number");
  EXPECT_EQ(read_example(R"({"goals": ["a"]})"),
            "s.json, goals[0] = \"a\": must be an object, and is a text");
}

TEST(JsonFields, TheFirstErrorStands) {
  const auto json = io::parse_json(R"({"b": 1})");
  io::JsonFields in{io::view_of(*json)};
  EXPECT_EQ(in.text("a"), "");
  EXPECT_EQ(in.text("b"), "");
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(describe(in.finish().error()), "a: is required");
}

TEST(JsonFields, ACallersOwnRuleIsAnErrorLikeTheOthers) {
  const auto json = io::parse_json(R"({"weeks": 3, "days": 4})", "s.json");
  io::JsonFields in{io::view_of(*json, "s.json")};
  const auto weeks = in.integer("weeks", 0, 100);
  const auto days = in.integer("days", 0, 100);
  if (days != weeks * 7) in.refuse("days", Errc::contradiction, "must be 7 times weeks");
  EXPECT_EQ(describe(in.finish().error()), "s.json, days = \"4\": must be 7 times weeks");
}

TEST(NearestWord, FindsASlipOfThePenAndNothingFurther) {
  constexpr std::array<std::string_view, 3> words{"alcohol", "opioid", "day"};
  EXPECT_EQ(io::nearest_word("alcohl", words), "alcohol");
  EXPECT_EQ(io::nearest_word("Opiod", words), "opioid");
  EXPECT_EQ(io::nearest_word("dya", words), "day");
  EXPECT_EQ(io::nearest_word("cocaine", words), std::nullopt);
  EXPECT_EQ(io::nearest_word("", words), std::nullopt);
}

TEST(Json, ReadsAFileAndSaysWhenThereIsNone) {
  const ombre_test::TemporaryFolder folder;
  const auto json = io::read_json(folder.file("a.json", "\xEF\xBB\xBF{\"a\": 1}"));
  ASSERT_TRUE(json);
  EXPECT_EQ(json->find("a")->as_integer(), 1);
  EXPECT_EQ(io::read_json(folder / "no.json").error().code, Errc::missing);
}

}  // namespace
