#include "ombre/substance/facts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ombre/substance/mixtures.hpp"
#include "ombre/substance/rows.hpp"
#include "support/shared_data.hpp"

namespace {

using namespace ombre;
using substance::Fact;
using substance::FactKind;

// A reader of its own, so that the check does not lean on the project's CSV code.
std::vector<std::map<std::string, std::string>> read_csv(const std::filesystem::path& path) {
  std::ifstream in{path};
  std::vector<std::vector<std::string>> rows(1);
  std::string cell;
  bool quoted = false;
  for (char c = 0; in.get(c);) {
    if (quoted) {
      if (c == '"' && in.peek() == '"') {
        cell += '"';
        in.get(c);
      } else if (c == '"') {
        quoted = false;
      } else {
        cell += c;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',' || c == '\n') {
      rows.back().push_back(cell);
      cell.clear();
      if (c == '\n') rows.emplace_back();
    } else if (c != '\r') {
      cell += c;
    }
  }
  std::vector<std::map<std::string, std::string>> out;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (rows[i].size() < 2) continue;
    std::map<std::string, std::string>& row = out.emplace_back();
    for (std::size_t c = 0; c < rows[0].size(); ++c) row[rows[0][c]] = rows[i].at(c);
  }
  return out;
}

std::optional<double> number(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return std::stod(text);
}

// The reference names its sources in sentences, the project by id.
const std::vector<std::pair<std::string, std::string>>& source_ids() {
  static const std::vector<std::pair<std::string, std::string>> ids{
      {"CDC Clinical Practice Guideline", "cdc-2022"},
      {"CDC Guideline for Prescribing", "cdc-2016"},
      {"CDC opioid file", "cdc-file-later"},
      {"NIH HEAL", "nih-heal"},
      {"no accepted factor", "no-accepted-factor"},
      {"no accepted equivalence", "no-accepted-equivalence"},
      {"Ashton", "ashton-2002"},
      {"VA/DoD", "va-dod-2021"},
      {"BNF", "bnf"},
      {"WHO 2009; Ashton", "who-2009-ashton"},
      {"WHO 2009; DSM-5", "who-2009-dsm-5"},
      {"WHO 2009", "who-2009"},
      {"NSW", "nsw-2022"},
      {"ClinCalc", "clincalc"},
      {"US product label / standard", "us-label-texts"},
      {"product labels US/EU", "us-eu-labels"},
      {"product labels US/UK", "us-uk-labels"},
      {"product labels US 2,4; EU", "us-eu-labels"},
      {"product labels US", "us-labels"},
      {"product labels EU", "eu-labels"},
      {"texts; ASAM", "texts-asam"},
      {"texts", "texts"},
      {"DSM-5-TR", "dsm-5-tr-asam-2020"},
      {"DSM-5", "dsm-5"},
      {"case series", "case-series"},
      {"clinical reports", "clinical-reports"},
      {"Juliano", "juliano-griffiths-2004"},
      {"NICE", "nice-rcpsych"},
      {"physical constant", "physical-constant"},
      {"UK unit", "uk-unit"},
      {"forensic", "forensic-texts"},
      {"Widmark", "widmark-1932"},
      {"NIH NOT-DA", "nih-not-da-21-049"},
      {"Ridgeway", "ridgeway-kilmer-2016"},
      {"Benowitz", "benowitz"},
      {"US label", "us-nicotine-label"}};
  return ids;
}
std::string source_id(const std::string& printed) {
  for (const auto& [start, id] : source_ids()) {
    if (printed.starts_with(start)) return id;
  }
  return "no id for: " + printed;
}

// The reference marks some rows of one source as read and others as not, and calls second-hand
// copies read. Here a source has one mark, the more cautious one; of the CDC guidelines, whose
// tables were read, the remaining text is a source of its own.
std::string source_of(const std::map<std::string, std::string>& row) {
  const std::string id = source_id(row.at("source"));
  return id.starts_with("cdc-20") && row.at("confidence") == "known" ? id + "-text" : id;
}
std::string mark_of(const std::map<std::string, std::string>& row) {
  static const std::set<std::string> not_read_whole{"ashton-2002", "bnf", "clincalc", "nsw-2022",
                                                    "who-2009"};
  const std::string& mark = row.at("confidence");
  return mark == "verified" && not_read_whole.contains(source_of(row)) ? "known" : mark;
}

// How a row of the reference is spelt here: kind, substance, form, what, text, unit.
struct Expected {
  FactKind kind;
  std::string substance;
  std::string form;
  std::string what;
  std::string text;
  std::string unit;
  bool numbers = true;
};

std::string substance_id(const std::string& printed) {
  static const std::map<std::string, std::string> renamed{
      {"meperidine (pethidine)", "meperidine"},
      {"levomethadyl acetate", "levomethadyl-acetate"},
      {"MDMA", "mdma"},
      {"GHB", "ghb"},
      {"THC occasional use", "cannabis"},
      {"THC daily use", "cannabis"},
      {"buprenorphine sublingual", "buprenorphine"},
      {"fentanyl transdermal", "fentanyl"},
      {"hydrocodone/paracetamol", "hydrocodone/paracetamol"},
      {"ethanol", "alcohol"},
      {"delta-9-THC", "cannabis"},
      {"cannabis flower", "cannabis"},
      {"cigarette", "nicotine"},
      {"nicotine patch", "nicotine"},
      {"nicotine gum or lozenge", "nicotine"}};
  const auto at = renamed.find(printed);
  return at == renamed.end() ? printed : at->second;
}

Expected expected(const std::map<std::string, std::string>& row) {
  const std::string& kind = row.at("kind");
  const std::string& param = row.at("param");
  Expected out;
  out.substance = substance_id(row.at("substance"));
  out.form = row.at("form");
  out.what = param;
  out.unit = row.at("unit");
  if (kind.starts_with("mme_factor")) {
    out.kind = FactKind::mme_factor;
    out.what = kind == "mme_factor"         ? "CDC 2022"
               : kind == "mme_factor_2016"  ? "CDC 2016"
               : kind == "mme_factor_other" ? "CDC file, later revisions"
                                            : "NIH HEAL (research)";
    out.unit = param == "mme_per_mcg_h" ? "MME per mcg/h"
               : param == "mme_per_mcg" ? "MME per mcg"
                                        : "MME per mg";
    if (param == "mme_per_mg_band") {
      out.unit += "; band is total mg a day, lower bound exclusive, upper inclusive";
    }
  } else if (kind == "mme_rule") {
    out.kind = FactKind::mme_rule;
    out.text = row.at("value");
    out.unit = "";
    out.numbers = false;
  } else if (kind == "mme_threshold") {
    out.kind = FactKind::mme_threshold;
  } else if (kind == "bzd_equiv") {
    out.kind = FactKind::diazepam_equivalent;
    out.what = "equal to 10 mg diazepam";
  } else if (kind == "half_life" || kind == "metabolite_half_life") {
    out.kind = FactKind::half_life;
    if (kind == "half_life") out.what = "parent";
    const std::string& printed = row.at("substance");
    if (printed.starts_with("THC ")) out.form = printed.substr(4);
    if (printed == "buprenorphine sublingual") out.form = "sublingual";
    if (printed == "fentanyl transdermal") out.form = "transdermal";
  } else if (kind.starts_with("withdrawal_")) {
    out.kind = FactKind::withdrawal;
    out.substance = row.at("substance");
    out.what = kind.substr(11);
  } else if (kind == "cessation_danger") {
    out.kind = FactKind::stopping_danger;
    out.substance = row.at("substance");
    static const std::map<std::string, std::string> classes{
        {"A_life_threatening", "A: life-threatening"},
        {"B_severe_then_tolerance_loss", "B: severe, then loss of tolerance"},
        {"B_severe", "B: severe"},
        {"C_distress", "C: distress"},
        {"D_mild", "D: mild"}};
    out.what = classes.at(param);
    out.text = row.at("value");
    out.unit = "";
    out.numbers = false;
  } else if (kind == "strength") {
    out.kind = FactKind::strength;
    out.what = "";  // market and splitting are told apart below
    out.text = row.at("value");
    if (out.unit.starts_with("mg/mg") || out.unit == "mg hydrocodone") out.unit = "mg";
    out.numbers = false;
  } else {
    out.kind = FactKind::constant;
    if (kind == "stimulant") {
      out.text = row.at("value");
      out.numbers = false;
    }
  }
  return out;
}

bool matches(const Fact& fact, const Expected& e, const std::map<std::string, std::string>& row) {
  return fact.kind == e.kind && fact.substance == e.substance && fact.form == e.form &&
         (e.kind == FactKind::strength || fact.what == e.what) && fact.text == e.text &&
         fact.unit == e.unit &&
         (!e.numbers ||
          (fact.value == number(row.at("value")) && fact.low == number(row.at("low")) &&
           fact.high == number(row.at("high")))) &&
         fact.source->id == source_of(row) && name(fact.confidence) == mark_of(row);
}

TEST(Facts, EveryRowOfTheReferenceCollectionIsHereWithItsNumbersSourceAndMark) {
  OMBRE_SHARED_OR_SKIP(path, "clinical/conversions.csv");
  const auto rows = read_csv(path);
  EXPECT_EQ(rows.size(), 319U);
  const std::vector<Fact> all = substance::facts();
  std::set<const Fact*> used;
  for (const auto& row : rows) {
    const Expected e = expected(row);
    const Fact* found = nullptr;
    for (const Fact& fact : all) {
      if (!used.contains(&fact) && matches(fact, e, row)) {
        found = &fact;
        break;
      }
    }
    EXPECT_NE(found, nullptr) << row.at("kind") << ' ' << row.at("substance") << ' '
                              << row.at("form") << ' ' << row.at("param") << ' ' << row.at("value")
                              << ' ' << row.at("source");
    if (found == nullptr) continue;
    used.insert(found);
    EXPECT_NE(found->note.find(row.at("note")), std::string::npos)
        << row.at("substance") << ": " << row.at("note") << " / " << found->note;
  }
  EXPECT_EQ(used.size(), 319U);
  // Beside them: 8 strengths of other markets that the reference mentions within its source texts,
  // and 43 standard drinks from the notes on the spectrum of use.
  // And three of our own: half-lives of baclofen and phenibut, the danger of stopping phenibut.
  EXPECT_EQ(all.size(), 319U + 8U + 43U + 3U);
}

TEST(Facts, OneSourceIsEitherReadOrNotInEveryTable) {
  std::map<std::string_view, std::set<std::string_view>> marks;
  for (const Fact& fact : substance::facts()) {
    if (fact.confidence <= Confidence::known) {
      marks[fact.source->id].insert(name(fact.confidence));
    }
    // A copy that somebody else made is not the source.
    if (fact.note.find("second-hand") != std::string::npos) {
      EXPECT_NE(fact.confidence, Confidence::verified) << fact.source->id << ' ' << fact.substance;
    }
  }
  for (const auto& [id, seen] : marks) EXPECT_EQ(seen.size(), 1U) << id;
}

TEST(Facts, EveryFactHasAListedSourceAndARangeAroundItsValue) {
  std::set<const Source*> listed(substance::sources().begin(), substance::sources().end());
  for (const Fact& fact : substance::facts()) {
    SCOPED_TRACE(std::string{name(fact.kind)} + ' ' + fact.substance + ' ' + fact.what);
    ASSERT_NE(fact.source, nullptr);
    EXPECT_TRUE(listed.contains(fact.source)) << fact.source->id;
    EXPECT_FALSE(fact.substance.empty());
    EXPECT_FALSE(fact.what.empty());
    EXPECT_TRUE(fact.value || fact.low || !fact.text.empty());
    for (const auto& n : {fact.value, fact.low, fact.high}) {
      if (n) {
        EXPECT_TRUE(std::isfinite(*n));
        EXPECT_GE(*n, 0);
      }
    }
    if (fact.low && fact.high) {
      EXPECT_LE(*fact.low, *fact.high);
    }
    // The band of a methadone factor is about the dose, not about the factor.
    if (fact.kind != FactKind::mme_factor && fact.value && fact.low) {
      EXPECT_GE(*fact.value, *fact.low);
      EXPECT_LE(*fact.value, *fact.high);
    }
  }
}

TEST(Facts, SourcesAreUniqueCompleteInOrderAndAllCited) {
  std::set<const Source*> cited;
  for (const Fact& fact : substance::facts()) cited.insert(fact.source);
  for (const auto& rule : substance::mixture_rules()) cited.insert(rule.source);
  std::string_view last;
  for (const Source* source : substance::sources()) {
    SCOPED_TRACE(source->id);
    EXPECT_GT(source->id, last);
    last = source->id;
    EXPECT_FALSE(source->citation.empty());
    EXPECT_FALSE(source->edition.empty());
    EXPECT_TRUE(cited.contains(source)) << "nobody cites it";
  }
  for (const Source* source : cited) {
    EXPECT_NE(std::ranges::find(substance::sources(), source), substance::sources().end());
  }
}

TEST(Facts, FactsOfASubstanceAreThoseThatNameIt) {
  const auto methadone = substance::find("methadone").value();
  const auto rows = substance::facts_of(methadone);
  // 1 factor of 2022, 4 bands of 2016, 1 rule, 1 half-life, 4 products (3 US, 1 UK).
  EXPECT_EQ(rows.size(), 11U);
  for (const Fact& fact : rows) EXPECT_EQ(fact.substance, "methadone");
}

TEST(Facts, RowsOfTheCallerStandWithTheBuiltInOnes) {
  substance::Catalogue mine;
  ASSERT_TRUE(mine.add(substance::NewHalfLife{.substance = "lorazepam",
                                              .low_h = 9,
                                              .high_h = 19,
                                              .source = {"own", "Own measurement", "2025"}}));
  EXPECT_EQ(substance::facts(mine).size(), substance::facts().size() + 1);
}

}  // namespace
