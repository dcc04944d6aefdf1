#include "ombre/substance/catalogue.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <set>
#include <string>

#include "ombre/substance/kinetics.hpp"

namespace {

using namespace ombre;
using namespace ombre::substance;

TEST(Catalogue, FindsBySpellingAliasAndCodeInAnyCase) {
  for (const char* name : {"oxycodone", "OXYCODONE", "  OxyContin ", "n02aa05", "N02AA05"}) {
    const auto found = find(name);
    ASSERT_TRUE(found) << name;
    EXPECT_EQ(found->id, "oxycodone");
  }
  EXPECT_EQ(find("pethidine")->id, "meperidine");
  EXPECT_EQ(find("THC")->id, "cannabis");
  EXPECT_EQ(find("delta-9-THC")->id, "cannabis");
  EXPECT_EQ(find("buprenorphine/naloxone")->id, "buprenorphine");
  EXPECT_EQ(find("illicitly made fentanyl")->id, "illicit-fentanyl");
  EXPECT_EQ(find("Illicit_Fentanyl")->id, "illicit-fentanyl");
  EXPECT_EQ(find("1,4-butanediol")->id, "ghb");
  EXPECT_EQ(find("opioids")->id, "opioid");
}

// ATC codes as listed in the concept table (WHO Collaborating Centre for Drug Statistics
// Methodology, ATC index).
TEST(Catalogue, AtcCodesLeadToTheirSubstances) {
  const std::map<std::string, std::string> atc{
      {"N05BA01", "diazepam"},      {"N05BA06", "lorazepam"},  {"N05BA12", "alprazolam"},
      {"N05BA04", "oxazepam"},      {"N05BA08", "bromazepam"}, {"N05CD07", "temazepam"},
      {"N05CD02", "nitrazepam"},    {"N05CD01", "flurazepam"}, {"N05CD06", "lormetazepam"},
      {"N05CD11", "loprazolam"},    {"N05CF01", "zopiclone"},  {"N05CF02", "zolpidem"},
      {"N03AE01", "clonazepam"},    {"N07BC02", "methadone"},  {"N07BC01", "buprenorphine"},
      {"N07BC51", "buprenorphine"}, {"N07BA01", "nicotine"},   {"N02AA01", "morphine"},
      {"N02AA05", "oxycodone"},     {"N02AX02", "tramadol"},   {"N02BF02", "pregabalin"},
      {"N02BF01", "gabapentin"},    {"N06AB04", "citalopram"}, {"N06AB06", "sertraline"},
      {"N06AB05", "paroxetine"},    {"N06AB03", "fluoxetine"}, {"N06AB10", "escitalopram"},
      {"N06AX16", "venlafaxine"}};
  std::size_t codes = 0;
  for (const Substance& s : builtin().substances()) codes += s.codes().size();
  EXPECT_EQ(codes, atc.size());
  for (const auto& [code, id] : atc) {
    const auto found = find(code);
    ASSERT_TRUE(found) << code;
    EXPECT_EQ(found->id, id);
  }
}

TEST(Catalogue, AStreetNameOfTwoSubstancesIsAnsweredWithTheChoice) {
  const auto speed = find("speed");
  ASSERT_FALSE(speed);
  EXPECT_EQ(speed.error().code, Errc::contradiction);
  EXPECT_EQ(describe(speed.error()),
            "substance = speed: means more than one substance: say amphetamine or methamphetamine");
}

TEST(Catalogue, UnknownNamesAreRefusedWithAHintWhereOneIsNear) {
  const auto slip = find("oxycodon");
  ASSERT_FALSE(slip);
  EXPECT_EQ(slip.error().code, Errc::unknown_name);
  EXPECT_NE(slip.error().rule.find("did you mean oxycodone?"), std::string::npos);
  const auto nothing = find("aspirin");
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().rule.find("did you mean"), std::string::npos);
}

TEST(Catalogue, HostileNamesAreRefusedAndNeverFoundByAccident) {
  EXPECT_EQ(find("").error().code, Errc::missing);
  for (const std::string& name :
       {std::string{"   "}, std::string{"---"}, std::string(1'000'000, 'a'), std::string{"\0", 1},
        std::string{"\xff\xfe"}, std::string{"a"}, std::string{"oxycodone\n; drop"},
        std::string{"oxy codone"}}) {
    const auto found = find(name);
    EXPECT_FALSE(found) << name.substr(0, 20);
  }
}

TEST(Catalogue, TableIsSound) {
  std::set<std::string_view> ids;
  for (const Substance& s : builtin().substances()) {
    SCOPED_TRACE(s.id);
    EXPECT_TRUE(ids.insert(s.id).second);
    EXPECT_EQ(folded(s.id), s.id);
    EXPECT_FALSE(s.name.empty());
    const auto found = find(s.id);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->id, s.id);
    std::set<std::string> names;
    for (const auto alias : s.aliases()) {
      EXPECT_TRUE(names.insert(folded(alias)).second) << alias << " twice";
      EXPECT_NE(folded(alias), s.id) << alias;
      const auto by_alias = find(alias);
      EXPECT_TRUE(by_alias || by_alias.error().code == Errc::contradiction) << alias;
    }
    for (const Code& code : s.codes()) {
      EXPECT_EQ(code.system, CodeSystem::atc);
      EXPECT_EQ(code.code.size(), 7U);
    }
  }
  EXPECT_GE(ids.size(), 100U);
}

TEST(Catalogue, EveryTableRowBelongsToASubstance) {
  for (const MmeFactor& row : mme_factors()) EXPECT_TRUE(find(row.substance)) << row.substance;
  for (const DiazepamFigure& row : diazepam_figures()) {
    const auto found = find(row.substance);
    ASSERT_TRUE(found) << row.substance;
    EXPECT_EQ(found->id, row.substance);
    EXPECT_TRUE(found->cls == Class::benzodiazepine || found->cls == Class::z_drug);
  }
  for (const HalfLifeRow& row : half_life_rows()) {
    ASSERT_TRUE(find(row.substance)) << row.substance;
    EXPECT_EQ(find(row.substance)->id, row.substance);
  }
  for (const Product& row : products()) EXPECT_EQ(find(row.substance)->id, row.substance);
}

// The proposal behind `acting`: mid-range half-life of the longest active species, 24 h.
TEST(Catalogue, ShortAndLongActingFollowTheLongestActiveSpecies) {
  int checked = 0;
  for (const Substance& s : builtin().substances()) {
    if (s.acting == Acting::not_stated) continue;
    const auto half = half_life(s);
    if (!half) continue;
    SCOPED_TRACE(s.id);
    ++checked;
    EXPECT_EQ(s.acting == Acting::long_acting, half->longest_active.hours.mid() >= 24);
  }
  EXPECT_GE(checked, 30);
}

TEST(Catalogue, ACopyTakesTheCallersSubstancesAndTheBuiltInOneStaysAsItWas) {
  Catalogue mine;
  ASSERT_TRUE(mine.add({.id = "nefopam",
                        .name = "Nefopam",
                        .cls = Class::other,
                        .aliases = {"Acupan"},
                        .atc = {"N02BG06"},
                        .rxnorm = {"7273"}}));
  for (const char* name : {"nefopam", "ACUPAN", "n02bg06", "7273"}) {
    ASSERT_TRUE(mine.find(name)) << name;
    EXPECT_EQ(mine.find(name)->id, "nefopam");
    EXPECT_FALSE(find(name)) << name;
  }
  EXPECT_EQ(mine.substances().size(), builtin().substances().size() + 1);
}

TEST(Catalogue, TextsOfARegisteredSubstanceOutliveTheCatalogueThatMadeThemWhileACopyLives) {
  Catalogue copy;
  Substance kept;
  {
    Catalogue first;
    ASSERT_TRUE(first.add({.id = "own-substance", .name = "A name longer than any small buffer"}));
    kept = first.find("own-substance").value();
    copy = first;
  }
  EXPECT_EQ(kept.name, "A name longer than any small buffer");
  EXPECT_EQ(copy.find("own-substance")->id, kept.id);
}

TEST(Catalogue, RegistrationRefusesWhatWouldConfuse) {
  Catalogue mine;
  EXPECT_EQ(mine.add(NewSubstance{}).error().code, Errc::missing);
  EXPECT_EQ(mine.add({.id = "Has Blank"}).error().code, Errc::malformed);
  EXPECT_EQ(mine.add({.id = "-x"}).error().code, Errc::malformed);
  EXPECT_EQ(mine.add({.id = "oxycodone"}).error().code, Errc::duplicate);
  EXPECT_EQ(mine.add({.id = "mine", .aliases = {"Valium"}}).error().code, Errc::duplicate);
  EXPECT_EQ(mine.add({.id = "mine", .aliases = {""}}).error().code, Errc::malformed);
  EXPECT_EQ(mine.add({.id = "mine", .aliases = {"a, b"}}).error().code, Errc::malformed);
  EXPECT_EQ(mine.add({.id = "mine", .atc = {"N02 AA"}}).error().code, Errc::malformed);
  EXPECT_EQ(mine.add({.id = "mine", .atc = {"N02AA01"}}).error().code, Errc::duplicate);
  EXPECT_FALSE(mine.find("mine")) << "a refused entry must leave nothing behind";
  EXPECT_EQ(mine.substances().size(), builtin().substances().size());
}

TEST(Catalogue, AliasesAndCodesCanBeAddedToBuiltInSubstances) {
  Catalogue mine;
  ASSERT_TRUE(mine.add_code("oxycodone", CodeSystem::rxnorm, "7804"));
  ASSERT_TRUE(mine.add_alias("oxycodone", "hillbilly heroin"));
  EXPECT_EQ(mine.find("7804")->id, "oxycodone");
  EXPECT_EQ(mine.find("Hillbilly Heroin")->id, "oxycodone");
  EXPECT_EQ(mine.find("oxycodone")->codes().size(), 2U);
  EXPECT_EQ(mine.add_alias("oxycodone", "heroin").error().code, Errc::duplicate);
  EXPECT_EQ(mine.add_alias("nothing", "x").error().code, Errc::unknown_name);
  EXPECT_EQ(mine.add_code("oxycodone", CodeSystem::rxnorm, "").error().code, Errc::malformed);
}

TEST(Catalogue, OwnFiguresNeedASourceAndSoundNumbers) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const NewSource source{"own", "Own table", "2025"};
  Catalogue mine;
  EXPECT_EQ(mine.add(NewHalfLife{.substance = "lorazepam", .low_h = 1, .high_h = 2}).error().code,
            Errc::missing);
  EXPECT_EQ(mine.add(NewHalfLife{.substance = "x", .low_h = 1, .high_h = 2, .source = source})
                .error()
                .code,
            Errc::unknown_name);
  EXPECT_EQ(
      mine.add(NewHalfLife{.substance = "lorazepam", .low_h = nan, .high_h = 2, .source = source})
          .error()
          .code,
      Errc::not_finite);
  EXPECT_EQ(
      mine.add(NewHalfLife{.substance = "lorazepam", .low_h = 3, .high_h = 2, .source = source})
          .error()
          .field,
      "high_h");
  EXPECT_EQ(
      mine.add(NewDiazepamFigure{.substance = "oxycodone", .mg = 1, .source = source}).error().code,
      Errc::unsupported);
  EXPECT_EQ(
      mine.add(NewDiazepamFigure{.substance = "lorazepam", .mg = 0, .source = source}).error().code,
      Errc::out_of_range);
  EXPECT_EQ(
      mine.add(NewDiazepamFigure{
                   .substance = "lorazepam", .mg = 1, .low_mg = 2, .high_mg = 3, .source = source})
          .error()
          .field,
      "mg");
  EXPECT_EQ(
      mine.add(NewDiazepamFigure{.substance = "lorazepam", .mg = 1, .low_mg = 1, .source = source})
          .error()
          .field,
      "high_mg");
  EXPECT_EQ(mine.add(NewProduct{.substance = "lorazepam", .form = "tablet", .source = source})
                .error()
                .code,
            Errc::empty_input);
  EXPECT_EQ(
      mine
          .add(NewProduct{
              .substance = "lorazepam", .form = "tablet", .strengths = {1, -1}, .source = source})
          .error()
          .row,
      1U);
  ASSERT_TRUE(mine.add(NewProduct{.substance = "lorazepam",
                                  .form = "tablet",
                                  .strengths = {1, 2.5},
                                  .market = "DE",
                                  .source = source}));
  const auto products = mine.products("lorazepam");
  const auto strengths = products.back().strengths();
  ASSERT_EQ(strengths.size(), 2U);
  EXPECT_EQ(strengths[1].amount, 2.5);
  EXPECT_EQ(products.back().market, "DE");
}

TEST(Products, StrengthsReadAsPrinted) {
  for (const Product& row : products()) {
    SCOPED_TRACE(std::string{row.substance} + ' ' + std::string{row.form});
    const auto strengths = row.strengths();
    ASSERT_FALSE(strengths.empty());
    double last = 0;
    for (const Strength& strength : strengths) {
      EXPECT_GT(strength.amount, last);
      last = strength.amount;
      EXPECT_EQ(strength.partner.has_value(), row.partner == "naloxone");
    }
  }
}

// Rounding notes: never split extended release, patch or capsule; halves only of scored immediate
// tablets; a liquid is measured.
TEST(Products, OnlyImmediateTabletsMayBeDivided) {
  for (const Product& row : products()) {
    SCOPED_TRACE(std::string{row.substance} + ' ' + std::string{row.form});
    switch (row.splitting) {
      case Splitting::halves:
        EXPECT_EQ(row.substance, "diazepam");
        [[fallthrough]];
      case Splitting::if_scored:
        EXPECT_EQ(row.release, Release::immediate);
        EXPECT_TRUE(row.kind == ProductKind::tablet || row.kind == ProductKind::dispersible_tablet);
        break;
      case Splitting::measured:
        EXPECT_EQ(row.kind, ProductKind::oral_liquid);
        EXPECT_EQ(row.unit, StrengthUnit::mg_per_ml);
        break;
      case Splitting::never:
        EXPECT_TRUE(row.release == Release::extended || row.kind != ProductKind::tablet);
        break;
    }
    if (row.form.find("extended") != std::string_view::npos || row.kind == ProductKind::capsule ||
        row.kind == ProductKind::patch) {
      EXPECT_EQ(row.splitting, Splitting::never);
    }
  }
}

}  // namespace
