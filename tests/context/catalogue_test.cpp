#include "ombre/context/catalogue.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>

#include "ombre/core/wording.hpp"
#include "ombre/io/csv.hpp"
#include "people.hpp"
#include "support/shared_data.hpp"

using namespace ombre_test::context;

namespace {

void keeps_the_wording_rule(std::string_view where, std::string_view text) {
  for (const WordingFault& fault : check_wording(text)) {
    ADD_FAILURE() << where << ": " << describe(fault);
  }
}

NewRule a_rule(std::string when) {
  NewRule rule;
  rule.id = "mine";
  rule.harm = Harm::overdose;
  rule.band = RiskBand::high;
  rule.when = std::move(when);
  rule.says = "because";
  rule.source_id = "me";
  rule.citation = "My clinic";
  rule.edition = "2026";
  return rule;
}

NewOption an_option(std::string moves) {
  NewOption option;
  option.id = "mine";
  option.title = "Mine";
  option.plain = "It helps.";
  option.domains = Domain::setting;
  option.harms = Harms{} | Harm::overdose;
  option.moves = std::move(moves);
  option.source_id = "me";
  option.citation = "My clinic";
  option.edition = "2026";
  return option;
}

}  // namespace

TEST(Catalogue, HoldsEveryRowOfTheMenuInOrderWithEffectSourceAndMoves) {
  const auto options = builtin().options();
  ASSERT_EQ(options.size(), 64u);
  for (std::size_t i = 0; i < options.size(); ++i) {
    const Option& option = options[i];
    SCOPED_TRACE(option.id);
    EXPECT_EQ(option.number, static_cast<int>(i) + 1);
    EXPECT_FALSE(option.effects.empty());
    for (const Effect& effect : option.effects) {
      ASSERT_NE(effect.source, nullptr);
      EXPECT_FALSE(effect.says.empty());
    }
    EXPECT_TRUE(option.all_harms || !option.harms.empty());
    EXPECT_FALSE(builtin().compiled().moves[i].empty()) << "it has to move a factor";
    EXPECT_NE(option.domains.bits, 0);
    EXPECT_FALSE(option.plain.empty());
    EXPECT_EQ(option.not_when.empty(), option.not_because.empty());
  }
}

TEST(Catalogue, EveryFactorRuleAndOptionKeepsTheWordingRuleAndNamesASource) {
  for (const Factor& f : builtin().factors()) {
    keeps_the_wording_rule(
        f.id, std::string{f.title} + ". " + std::string{f.ask} + ". " + std::string{f.note});
    EXPECT_NE(f.source, nullptr) << f.id;
    EXPECT_EQ(f.derived || f.id == "staff_give_medicines", f.ask.empty()) << f.id;
  }
  for (const HarmRule& r : builtin().rules()) {
    keeps_the_wording_rule(r.id, r.says);
    EXPECT_NE(r.source, nullptr) << r.id;
    EXPECT_FALSE(r.says.empty());
  }
  for (const Option& o : builtin().options()) {
    keeps_the_wording_rule(o.id, std::string{o.title} + ". " + std::string{o.plain} + ". " +
                                     std::string{o.cautions} + ". " + std::string{o.whom});
    for (const Effect& e : o.effects) keeps_the_wording_rule(o.id, e.says);
  }
  for (const Layer& l : builtin().layers()) keeps_the_wording_rule(name(l.harm), l.says);
  for (const Harm harm : all_harms()) keeps_the_wording_rule(name(harm), words(harm));
}

TEST(Catalogue, EveryFactorMattersToARuleAnOptionALayerOrAnotherFactor) {
  const Catalogue& c = builtin();
  std::set<std::size_t> used;
  for (const auto& rule : c.compiled().rules) {
    for (const auto& term : rule) used.insert(term.factor);
  }
  for (const auto* lists : {&c.compiled().when, &c.compiled().not_when}) {
    for (const auto& parts : *lists) {
      for (const auto& terms : parts) {
        for (const auto& term : terms) used.insert(term.factor);
      }
    }
  }
  for (const auto& moves : c.compiled().moves) {
    for (const auto& term : moves) used.insert(term.factor);
  }
  for (const auto& term : c.compiled().layers) used.insert(term.factor);
  // Read elsewhere: numbers, and facts kept for the person's story.
  const std::set<std::string_view> elsewhere{"pregnant", "pair_serotonin", "under_18"};
  for (std::size_t i = 0; i < c.factors().size(); ++i) {
    if (c.factors()[i].kind == ValueKind::number || elsewhere.contains(c.factors()[i].id)) continue;
    EXPECT_TRUE(used.contains(i)) << c.factors()[i].id;
  }
}

TEST(Catalogue, EveryHarmHasARuleAndAnOption) {
  for (const Harm harm : all_harms()) {
    SCOPED_TRACE(name(harm));
    EXPECT_FALSE(builtin().compiled().rules_of_harm[static_cast<std::size_t>(harm)].empty());
    if (harm == Harm::violence) continue;  // no row of the collection is for it alone
    EXPECT_TRUE(std::ranges::any_of(builtin().options(),
                                    [&](const Option& o) { return o.harms.has(harm); }));
    EXPECT_EQ(find_harm(name(harm)), harm);
    EXPECT_GE(weight(harm), 1);
    EXPECT_LE(weight(harm), 3);
  }
  EXPECT_FALSE(find_harm("hangover"));
}

// The collection's own table: numbers, domains and evidence agree row by row.
TEST(Catalogue, AgreesWithTheCollectionOfOptionsWhereItIsAtHand) {
  const auto path = ombre_test::shared_path("clinical/interventions.csv");
  if (!path) GTEST_SKIP() << "the collection is not here";
  auto reader = io::CsvReader::open(path->string());
  ASSERT_TRUE(reader) << describe(reader.error());
  const std::map<std::string, int> strength{
      {"no trial found", 0}, {"expert", 1},          {"low", 2},   {"low-moderate", 3},
      {"moderate", 4},       {"moderate-strong", 5}, {"strong", 6}};
  std::size_t row = 0;
  io::CsvRows rows;
  for (;;) {
    const auto more = reader->next(rows);
    ASSERT_TRUE(more);
    if (!*more) break;
    for (std::size_t r = 0; r < rows.size(); ++r, ++row) {
      ASSERT_LT(row, 64u);
      const Option& option = builtin().options()[row];
      SCOPED_TRACE(option.id);
      EXPECT_EQ(std::to_string(option.number), rows.field(r, 0));
      const std::string_view domain = rows.field(r, 2);
      for (const Domain d : {Domain::drug, Domain::setting}) {
        const bool named = d == Domain::setting ? domain.find("setting") != std::string_view::npos
                                                : domain.find(name(d)) != std::string_view::npos;
        EXPECT_EQ(option.domains.has(d), named);
      }
      const bool set = domain == "set" || domain.ends_with("/set");
      EXPECT_EQ(option.domains.has(Domain::set), set);
      const std::string_view changes = rows.field(r, 5);
      EXPECT_EQ(name(option.changes_use), changes == "no amount fixed" ? "no" : changes);
      const std::string evidence{rows.field(r, 6)};
      std::string first = evidence.substr(0, evidence.find_first_of(" ,;("));
      if (evidence.starts_with("no trial")) first = "no trial found";
      const auto at = strength.find(first);
      ASSERT_NE(at, strength.end()) << evidence;
      EXPECT_NEAR(static_cast<int>(option.evidence), at->second, 0) << evidence;
    }
  }
  EXPECT_EQ(row, 64u);
}

TEST(Catalogue, ACallersFactorRuleAndOptionTakePart) {
  Catalogue c;
  NewFactor factor;
  factor.id = "cold_night";
  factor.title = "sleeps outside in frost";
  factor.domains = Domain::setting;
  factor.modifiable = true;
  factor.source_id = "me";
  factor.citation = "My clinic";
  factor.edition = "2026";
  ASSERT_TRUE(c.add(factor));
  NewRule rule = a_rule("cold_night uses_alcohol");
  rule.harm = Harm::housing;
  ASSERT_TRUE(c.add(rule));
  NewOption option = an_option("!cold_night");
  option.harms = Harms{} | Harm::housing;
  ASSERT_TRUE(c.add(option));

  Situation s;
  s.substances = {{"wine", Route::swallowed, {}, {}}};
  says(s, {{"cold_night", true}});
  const Facts facts = facts_of(s, c);
  EXPECT_EQ(least(facts, Harm::housing), RiskBand::high);
  const auto m = menu(facts);
  ASSERT_TRUE(m);
  EXPECT_TRUE(among(*m, facts, "mine", 10));
  // The built-in catalogue knows nothing of it.
  EXPECT_FALSE(builtin().find_factor("cold_night"));
  // A copy keeps what the original has.
  const Catalogue copy = c;
  EXPECT_EQ(copy.factors().back().id, "cold_night");
}

TEST(Catalogue, ARuleThatWouldLetHelpRaiseABandIsRefused) {
  Catalogue c;
  const auto result = c.add(a_rule("naloxone_at_hand"));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::contradiction);
  EXPECT_FALSE(c.add(a_rule("!uses_alone")));
}

TEST(Catalogue, AnOptionThatMovesAFactorTowardsHarmIsRefused) {
  Catalogue c;
  EXPECT_EQ(c.add(an_option("uses_alone")).error().code, Errc::contradiction);
  EXPECT_EQ(c.add(an_option("!naloxone_at_hand")).error().code, Errc::contradiction);
}

TEST(Catalogue, MisspeltAndMissingThingsAreRefusedByName) {
  Catalogue c;
  EXPECT_EQ(c.add(a_rule("uses_alonee")).error().code, Errc::unknown_name);
  EXPECT_EQ(c.add(a_rule("")).error().code, Errc::missing);
  EXPECT_EQ(c.add(a_rule("age_years")).error().code, Errc::unsupported);
  NewRule no_source = a_rule("uses_alone");
  no_source.citation.clear();
  EXPECT_EQ(c.add(no_source).error().field, "rule.citation");
  NewRule twice = a_rule("uses_alone");
  twice.id = "od_alone";
  EXPECT_EQ(c.add(twice).error().code, Errc::duplicate);
  NewOption heavy = an_option("naloxone_at_hand");
  heavy.burden = 4;
  EXPECT_EQ(c.add(heavy).error().code, Errc::out_of_range);
  NewOption held = an_option("naloxone_at_hand");
  held.not_when = "uses_opioid";
  EXPECT_EQ(c.add(held).error().field, "option.not_because");
  NewFactor factor;
  factor.id = "Bad Id";
  EXPECT_EQ(c.add(factor).error().code, Errc::malformed);
}

TEST(Harm, IsFoundByItsIdOrItsWordsAndAMisspeltOneHasNeighbours) {
  for (const Harm harm : all_harms()) {
    EXPECT_EQ(harm_called(name(harm)), harm);
    EXPECT_EQ(harm_called(words(harm)), harm);
  }
  EXPECT_EQ(harm_called("Skin and vein"), Harm::skin_and_vein);
  EXPECT_EQ(harm_called("hiv AND hepatitis"), Harm::blood_borne_virus);
  for (const char* none : {"", "injury", "overdoes", "waking up ill"}) {
    EXPECT_FALSE(harm_called(none)) << none;
  }
  const auto first = [](const char* text) {
    const auto like = harms_like(text);
    EXPECT_LE(like.size(), 3U);
    return like.empty() ? std::string_view{} : name(like.front());
  };
  EXPECT_EQ(first("injury"), "injury_and_driving");
  EXPECT_EQ(first("overdoes"), "overdose");
  EXPECT_EQ(first("over-dose"), "overdose");
  EXPECT_EQ(first("drink driving"), "injury_and_driving");
  EXPECT_EQ(first("HIV"), "blood_borne_virus");
  EXPECT_EQ(first("sezure"), "seizure");
  EXPECT_EQ(first("xyzzy"), "");
  EXPECT_EQ(first(""), "");
  EXPECT_EQ(first(std::string(10'000'000, 'o').c_str()), "");  // no page of text is compared
}
