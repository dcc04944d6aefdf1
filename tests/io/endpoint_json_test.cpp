#include "ombre/io/endpoint_json.hpp"

#include <gtest/gtest.h>

#include "ombre/outcomes/endpoint_builtin.hpp"
#include "outcomes/endpoint_support.hpp"
#include "outcomes/word_support.hpp"

namespace {

using namespace ombre;
using namespace ombre::outcomes;
using ombre_test::word;

Result<std::vector<Endpoint>> read(std::string_view text) {
  const auto document = io::parse_json(text, "own.json");
  if (!document) return unexpected(document.error());
  return io::endpoints_from_json(*document, builtin_endpoints(), "own.json");
}

TEST(EndpointJson, ReadsADefinitionOfTheCallersOwn) {
  const auto own = read(R"({"endpoints": [{
    "id": "late_clean", "sentence": "At least 80 % clean among attended weeks 5 to 12.",
    "result": "yes_no", "better": "higher", "horizon": 12,
    "value": {"op": "at_least", "of": [
      {"op": "count", "of": {"op": "present", "of": {"op": "window", "of": "word", "start": 5,
       "end": "horizon"}}, "pattern": "-", "mixed": "*", "per": "weeks"}, 0.8]}}]})");
  ASSERT_TRUE(own) << describe(own.error());
  ASSERT_EQ(own->size(), 1u);
  // Weeks 5-12: six attended, five of them clean.
  EXPECT_EQ(own->front().evaluate(word("++++--o--o-++++"))->value, 1);
  EXPECT_EQ(own->front().evaluate(word("++++-+o--o-++++"))->value, 0);
  EXPECT_EQ(own->front().spec().horizon, 12);
}

TEST(EndpointJson, ChangesHorizonAndMissingRuleOfAnOldOne) {
  const auto own = read(R"({"endpoints": [
    {"id": "krupitsky_24", "from": "abs_krupitsky_b_2011", "follow_weeks": 24},
    {"id": "fiellin_locf", "from": "red_fiellin_2006", "missing": "locf"},
    {"id": "both", "from": "fiellin_locf", "follow_weeks": 3}]})");
  ASSERT_TRUE(own) << describe(own.error());
  EXPECT_EQ((*own)[0].evaluate(word(std::string(30, '-')))->value, 20);
  EXPECT_EQ((*own)[1].evaluate(word("-oo+"))->value, 0.75);
  EXPECT_EQ((*own)[2].evaluate(word("-oo+"))->value, 1.0);
}

TEST(EndpointJson, BuiltinAndRandomDefinitionsComeBackTheSame) {
  std::mt19937_64 rng{17};
  ombre_test::RandomDefinition random{rng};
  std::vector<Endpoint> many;
  const Registry registry = builtin_endpoints();
  for (const Endpoint& e : registry.all()) many.push_back(e);
  for (int i = 0; i < 500; ++i) many.push_back(random.endpoint());
  many.push_back(registry.find("red_haight_2019")->with_missing(MissingRule::mode));
  many.push_back(*registry.find("red_haight_2019")->with_horizon(20));
  for (const Endpoint& e : many) {
    io::Json document = io::Json::object();
    document.set("endpoints", io::Json::list({io::to_json(e)}));
    const auto text = io::json_text(document);
    ASSERT_TRUE(text) << describe(text.error());
    const auto parsed = io::parse_json(*text);
    ASSERT_TRUE(parsed) << describe(parsed.error());
    const auto back = io::endpoints_from_json(*parsed, Registry{});
    ASSERT_TRUE(back) << describe(back.error()) << *text;
    EXPECT_EQ(back->front().formula(), e.formula());
    EXPECT_EQ(io::to_json(back->front()), io::to_json(e));
    for (int i = 0; i < 5; ++i) {
      const Word w = word(ombre_test::random_text(rng, rng() % 25, "+-*o_"));
      EXPECT_EQ(back->front().evaluate(w), e.evaluate(w));
    }
  }
}

TEST(EndpointJson, WhatIsWrongIsNamedWithItsPath) {
  const auto refused = [](std::string_view value, Errc code, std::string_view place,
                          std::string_view result = "share") {
    const auto got = read(R"({"endpoints": [{"id": "x", "sentence": "s", "result": ")" +
                          std::string{result} + R"(", "value": )" + std::string{value} + "}]}");
    ASSERT_FALSE(got) << value;
    EXPECT_EQ(got.error().code, code) << describe(got.error());
    EXPECT_NE(describe(got.error()).find(place), std::string::npos) << describe(got.error());
    EXPECT_NE(describe(got.error()).find("own.json"), std::string::npos) << describe(got.error());
  };
  refused(R"({"op": "cuont", "of": "word", "pattern": "-"})", Errc::unknown_name, "count");
  refused(R"({"op": "count", "of": "word", "pattern": "x"})", Errc::unknown_name,
          "endpoints[0].value.pattern");
  refused(R"({"op": "count", "of": "word", "pattern": ""})", Errc::empty_input, "endpoints[0]");
  refused(R"({"op": "count", "of": "word", "patern": "-"})", Errc::missing, "value.pattern");
  refused(R"({"op": "count", "of": "word", "pattern": "-", "weeks": 3})", Errc::unknown_name,
          "weeks");
  refused(R"({"op": "count", "of": {"op": "recode", "of": "word", "from": "q", "to": "+"},
              "pattern": "-"})",
          Errc::unknown_name, "endpoints[0].value.of.from");
  refused(R"({"op": "count", "of": "word", "pattern": "-", "end": "horizon-x"})", Errc::malformed,
          "value.end");
  refused(R"({"op": "count", "of": "word", "pattern": "-", "end": "horizon"})", Errc::missing,
          "horizon");
  refused(R"({"op": "count", "of": "word", "pattern": "-", "start": 9, "end": 3})",
          Errc::out_of_range, "count");
  refused(R"("word")", Errc::unknown_name, "gives a number");
  refused(R"(true)", Errc::malformed, "value");
  refused(R"({"of": "word"})", Errc::missing, "value");
  refused(R"({"op": "add", "of": [1]})", Errc::malformed, "value.of");
  refused(R"({"op": "first_window", "of": "word", "width": 2, "threshold": 3})", Errc::out_of_range,
          "threshold", "time_event");
  refused(R"({"op": "all_of", "of": []})", Errc::contradiction, "all_of", "yes_no");
  refused(R"({"op": "weigh", "of": "word", "weights": {"+": 1, "*": 1, "o": 1, "-": 0},
              "positive_penalty": [1, "two"]})",
          Errc::malformed, "positive_penalty[1]");
  refused("1", Errc::unknown_name, "result", "maybe");

  const auto twice = read(R"({"endpoints": [{"id": "red_comer_2006", "from": "red_comer_2006"}]})");
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().code, Errc::duplicate);
  const auto nobody = read(R"({"endpoints": [{"id": "a", "from": "nobody"}]})");
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().code, Errc::unknown_name);
  const auto window =
      read(R"({"endpoints": [{"id": "a", "from": "red_haight_2019", "follow_weeks": 4}]})");
  ASSERT_FALSE(window);
  EXPECT_EQ(window.error().code, Errc::out_of_range);
  EXPECT_FALSE(read(R"({"endpoint": []})"));
}

}  // namespace
