#include "ombre/substance/mixtures.hpp"

#include <gtest/gtest.h>
#include <span>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace {

using namespace ombre;
using namespace ombre::substance;

MixtureReport report(std::vector<std::string_view> names, Accept accept = Accept::established) {
  const auto out = mixtures(std::span<const std::string_view>{names}, accept);
  EXPECT_TRUE(out);
  return *out;
}
std::vector<std::string_view> rules(const MixtureReport& report) {
  std::vector<std::string_view> out;
  for (const Mixture& m : report.dangerous) out.push_back(m.rule->id);
  return out;
}
bool has(const MixtureReport& report, std::string_view rule) {
  return std::ranges::find(report.dangerous, rule, [](const Mixture& m) { return m.rule->id; }) !=
         report.dangerous.end();
}

TEST(Mixtures, WellKnownDangersAreFoundInEitherOrder) {
  struct Row {
    std::string_view a, b, rule;
    Severity severity;
  };
  for (const Row& row :
       {Row{"oxycodone", "alprazolam", "opioid_benzodiazepine", Severity::danger},
        Row{"heroin", "zopiclone", "opioid_z_drug", Severity::danger},
        Row{"methadone", "diazepam", "oat_benzodiazepine", Severity::danger},
        Row{"buprenorphine", "zolpidem", "oat_z_drug", Severity::danger},
        Row{"heroin", "alcohol", "opioid_alcohol", Severity::danger},
        Row{"heroin", "pregabalin", "opioid_gabapentinoid", Severity::danger},
        Row{"illicit-fentanyl", "xylazine", "opioid_sedating_adulterant", Severity::danger},
        Row{"alcohol", "lorazepam", "alcohol_benzodiazepine", Severity::danger},
        Row{"alcohol", "GBL", "alcohol_ghb", Severity::danger},
        Row{"ketamine", "GHB", "ghb_other_sedative", Severity::danger},
        Row{"pregabalin", "alcohol", "gabapentinoid_sedative", Severity::warning},
        Row{"cocaine", "alcohol", "cocaine_alcohol", Severity::warning},
        Row{"cocaine", "heroin", "stimulant_opioid", Severity::danger},
        Row{"moclobemide", "mdma", "maoi_serotonergic", Severity::danger},
        Row{"phenelzine", "tramadol", "maoi_serotonergic", Severity::danger},
        Row{"tramadol", "sertraline", "serotonergic_antidepressant", Severity::warning},
        Row{"tramadol", "venlafaxine", "serotonergic_snri", Severity::warning},
        Row{"methadone", "citalopram", "methadone_qt", Severity::danger},
        Row{"poppers", "viagra", "nitrite_pde5", Severity::danger},
        Row{"disulfiram", "alcohol", "disulfiram_alcohol", Severity::danger},
        Row{"ritonavir", "ecstasy", "booster_mdma", Severity::danger},
        Row{"lithium", "lsd", "lithium_psychedelic", Severity::danger},
        Row{"naltrexone", "heroin", "antagonist_opioid", Severity::warning},
        Row{"buprenorphine", "illicit-fentanyl", "buprenorphine_agonist", Severity::caution},
        Row{"cigarettes", "clozapine", "stopping_smoking_antipsychotic", Severity::warning},
        Row{"cigarettes", "coffee", "stopping_smoking_other", Severity::caution},
        Row{"tramadol", "bupropion", "seizure_threshold", Severity::warning}}) {
    SCOPED_TRACE(std::string{row.a} + " + " + std::string{row.b});
    for (const auto& names : {std::vector{row.a, row.b}, std::vector{row.b, row.a}}) {
      const MixtureReport found = report(names);
      ASSERT_TRUE(has(found, row.rule));
      const auto at =
          std::ranges::find(found.dangerous, row.rule, [](const Mixture& m) { return m.rule->id; });
      EXPECT_EQ(at->rule->severity, row.severity);
      EXPECT_TRUE(at->rule->first.matches(at->first));
      EXPECT_TRUE(at->rule->second.matches(at->second));
    }
  }
}

TEST(Mixtures, OneKindOfHarmIsNamedOncePerPairByItsMostSpecificRule) {
  EXPECT_EQ(rules(report({"methadone", "diazepam"})),
            (std::vector<std::string_view>{"oat_benzodiazepine"}));
  // Two kinds of harm of one pair are two lines: the rhythm and serotonin.
  EXPECT_EQ(rules(report({"methadone", "escitalopram"})),
            (std::vector<std::string_view>{"methadone_qt", "serotonergic_serotonergic"}));
}

TEST(Mixtures, ThreeSubstancesGiveThreePairsMostSevereFirst) {
  const MixtureReport all = report({"cannabis", "cocaine", "alcohol", "heroin", "alprazolam"});
  ASSERT_FALSE(all.dangerous.empty());
  EXPECT_EQ(all.worst(), Severity::danger);
  EXPECT_TRUE(std::ranges::is_sorted(all.dangerous, [](const Mixture& a, const Mixture& b) {
    return a.rule->severity > b.rule->severity;
  }));
  EXPECT_TRUE(has(all, "opioid_alcohol") && has(all, "opioid_benzodiazepine") &&
              has(all, "alcohol_benzodiazepine") && has(all, "cocaine_alcohol") &&
              has(all, "stimulant_opioid"));
  EXPECT_EQ(all.not_listed.size(), 5U);  // cannabis with each, cocaine with alprazolam
}

TEST(Mixtures, NotListedIsNotCalledSafe) {
  const MixtureReport quiet = report({"cannabis", "caffeine"});
  EXPECT_TRUE(quiet.dangerous.empty());
  EXPECT_FALSE(quiet.worst());
  ASSERT_EQ(quiet.not_listed.size(), 1U);
  for (const MixtureRule& rule : mixture_rules()) {
    for (const std::string_view text : {rule.mechanism, rule.effect}) {
      EXPECT_EQ(text.find("harmless"), std::string_view::npos);
    }
  }
}

TEST(Mixtures, AnUnknownNameMakesTheReportIncompleteAndTheOthersAreStillLookedAt) {
  const MixtureReport found = report({"heroin", "blue-thing", "alcohol"});
  EXPECT_FALSE(found.complete);
  EXPECT_EQ(found.findings.count("mixture_name_not_recognised"), 1U);
  EXPECT_TRUE(has(found, "opioid_alcohol"));
  EXPECT_FALSE(report({"no", "idea"}).complete);
  EXPECT_FALSE(report({"speed", "alcohol"}).complete) << "two substances are called speed";
}

TEST(Mixtures, AnUnknownPillIsNeverCleared) {
  const MixtureReport found = report({"unknown pill", "alcohol"});
  EXPECT_FALSE(found.complete);
  EXPECT_EQ(found.findings.count("mixture_unknown_substance"), 1U);
}

TEST(Mixtures, StreetSubstancesCarryAWordOnTheirStrength) {
  const MixtureReport found = report({"heroin", "alcohol"});
  EXPECT_TRUE(found.complete);
  EXPECT_EQ(found.findings.count("mixture_unknown_potency"), 1U);
}

TEST(Mixtures, NaloxoneIsNotADangerousMixture) {
  EXPECT_TRUE(report({"naloxone", "heroin"}).dangerous.empty());
}

TEST(Mixtures, NicotineWithoutSmokeDoesNotMoveClozapine) {
  EXPECT_TRUE(report({"nicotine patch", "clozapine"}).dangerous.empty());
}

TEST(Mixtures, UncertainRowsNeedConsent) {
  EXPECT_TRUE(report({"cannabis", "alcohol"}).dangerous.empty());
  EXPECT_TRUE(has(report({"cannabis", "alcohol"}, Accept::uncertain_too), "cannabis_alcohol"));
}

TEST(Mixtures, TheSameSubstanceTwiceIsOne) {
  const MixtureReport found = report({"heroin", "smack", "diamorphine"});
  EXPECT_TRUE(found.dangerous.empty());
  EXPECT_TRUE(found.not_listed.empty());
}

TEST(Mixtures, OrderOfSubstancesDoesNotMatter) {
  std::vector<std::string_view> names{"heroin", "alcohol", "cocaine", "diazepam", "citalopram"};
  const auto first = rules(report(names));
  std::ranges::sort(names);
  do {
    ASSERT_EQ(rules(report(names)), first);
  } while (std::ranges::next_permutation(names).found);
}

TEST(Mixtures, MoreSubstancesNeverTakeADangerAway) {
  std::vector<std::string_view> names{"heroin", "alcohol"};
  const auto before = rules(report(names));
  for (const Substance& s : builtin().substances()) {
    const auto after = rules(report({"heroin", "alcohol", s.id}));
    for (const auto rule : before) {
      EXPECT_NE(std::ranges::find(after, rule), after.end()) << s.id;
    }
  }
}

TEST(Mixtures, EmptyAndHugeListsAreRefused) {
  EXPECT_EQ(mixtures(std::span<const Substance>{}).error().code, Errc::empty_input);
  EXPECT_EQ(mixtures(std::span<const std::string_view>{}).error().code, Errc::empty_input);
  const std::vector<Substance> many(201, find("alcohol").value());
  EXPECT_EQ(mixtures(std::span<const Substance>{many}).error().code, Errc::too_large);
}

TEST(Mixtures, TableIsSoundAndEveryRuleCanBeReached) {
  std::set<std::string_view> ids, reached;
  const auto all = builtin().substances();
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      const std::vector pair{all[i], all[j]};
      for (const auto rule :
           rules(mixtures(std::span<const Substance>{pair}, Accept::uncertain_too).value())) {
        reached.insert(rule);
      }
    }
  }
  for (const MixtureRule& rule : mixture_rules()) {
    SCOPED_TRACE(rule.id);
    EXPECT_TRUE(ids.insert(rule.id).second);
    EXPECT_TRUE(reached.contains(rule.id));
    EXPECT_FALSE(rule.mechanism.empty());
    EXPECT_FALSE(rule.helps.empty());
    ASSERT_NE(rule.source, nullptr);
    EXPECT_FALSE(rule.first.text().empty());
    for (std::string_view ids_of_side : {rule.first.ids, rule.second.ids}) {
      while (!ids_of_side.empty()) {
        const std::size_t end = ids_of_side.find(' ');
        const auto found = find(ids_of_side.substr(0, end));
        EXPECT_TRUE(found && found->id == ids_of_side.substr(0, end)) << ids_of_side.substr(0, end);
        ids_of_side.remove_prefix(end == std::string_view::npos ? ids_of_side.size() : end + 1);
      }
    }
  }
}

}  // namespace
