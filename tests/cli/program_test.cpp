// The program as a whole: help, versions, explanations, the demonstration.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "cli/program.hpp"
#include "ombre/core/version.hpp"
#include "ombre/io/json.hpp"

namespace ombre::testing {
namespace {

using Program = ProgramTest;

TEST_F(Program, SaysWhatItIsAndWhichVersion) {
  const Ran help = ombre("--help");
  EXPECT_EQ(help.code, 0);
  for (const char* command : {"metrics", "explain", "demo", "equiv"}) {
    EXPECT_NE(help.out.find(command), std::string::npos) << command;
  }
  const Ran version = ombre("--version");
  EXPECT_EQ(version.out, "ombre " + std::string{library_version()} + "\n");
  EXPECT_EQ(library_version(), header_version);
}

TEST_F(Program, RefusesACommandNobodyDefined) {
  const Ran ran = ombre("metrix");
  EXPECT_EQ(ran.code, 2);
  EXPECT_NE(ran.err.find("metrix"), std::string::npos);
}

TEST_F(Program, ExplainsEveryNameItLists) {
  const Ran list = ombre("explain --format csv");
  ASSERT_EQ(list.code, 0);
  std::istringstream lines{list.out};
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line, "kind,name,title");
  std::size_t names = 0;
  while (std::getline(lines, line)) ++names;
  EXPECT_GT(names, 100U);
  const Ran pda = ombre("explain PDA");
  EXPECT_EQ(pda.code, 0);
  EXPECT_NE(pda.out.find("Sobell"), std::string::npos) << pda.out;
  const Ran near = ombre("explain pdaa");
  EXPECT_EQ(near.code, 1);
  EXPECT_NE(near.err.find("did you mean pda?"), std::string::npos) << near.err;
}

/// All words that lead to a page of `ombre explain`, in lower case and without hyphens.
std::set<std::string> explained_words(const io::Json& pages) {
  std::set<std::string> out;
  for (const io::Json& page : pages.items()) {
    out.insert(std::string{*page.find("name")->as_text()});
    for (const io::Json& alias : page.find("aliases")->items()) {
      out.insert(std::string{*alias.as_text()});
    }
  }
  return out;
}

/// The text of every source file under src/FOLDER.
std::map<std::string, std::string> sources_under(const std::string& folder) {
  std::map<std::string, std::string> out;
  const auto root = std::filesystem::path{OMBRE_SOURCE_DIR} / "src" / folder;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{root}) {
    const auto ending = entry.path().extension();
    if (ending != ".cpp" && ending != ".hpp") continue;
    std::ifstream file{entry.path(), std::ios::binary};
    out[entry.path().lexically_relative(root).string()] = {std::istreambuf_iterator<char>{file},
                                                           std::istreambuf_iterator<char>{}};
  }
  return out;
}

void each_match(const std::string& text, const std::regex& pattern,
                const std::function<void(const std::smatch&)>& found) {
  for (auto at = std::sregex_iterator{text.begin(), text.end(), pattern};
       at != std::sregex_iterator{}; ++at) {
    found(*at);
  }
}

// Reads the sources: whoever adds a finding adds its page to the catalogue.
TEST_F(Program, ExplainsEveryFindingTheSourcesCanMake) {
  const auto pages = io::parse_json(ombre("explain --full --format json").out);
  ASSERT_TRUE(pages);
  const std::set<std::string> explained = explained_words(*pages);
  const std::string id = R"x("([a-z0-9]+(?:_[a-z0-9]+)*)")x";
  std::vector<std::regex> makes_one;
  for (const std::string& before :
       {std::string{R"(\brule\s*=\s*)"}, std::string{R"(\.rule\s*=\s*std::string\{)"},
        std::string{R"(Severity::\w+\s*,\s*(?:\w+\s*,\s*)?)"}, std::string{R"(\bwants\()"},
        std::string{R"(\{Errc::\w+,\s*)"}, std::string{R"(\{(?:note|caution|warning|danger),\s*)"},
        std::string{R"(\b(?:note|tell|say|warn|about|noted|note_counted|rest|unused|keep_out)"
                    R"(|unknown|finding)\((?:[^;"()]{0,80},\s*)?)"}}) {
    makes_one.emplace_back(before + id);
  }
  // Words in such places that are no findings: names of columns, parts of a sentence, questions.
  const std::set<std::string> other{"amount",
                                    "header",
                                    "date",
                                    "decimal_mark",
                                    "time",
                                    "grams_a_day",
                                    "sadq",
                                    "pregnant",
                                    "delirium_history",
                                    "unknown",
                                    "no_home_or_carer",
                                    "seizure_history",
                                    "takes_benzodiazepine"};
  std::set<std::string> seen;
  for (const auto& [path, source] : sources_under("")) {
    const auto& file = path;  // clang 14 captures no structured binding
    for (const std::regex& pattern : makes_one) {
      each_match(source, pattern, [&](const std::smatch& match) {
        const std::string word = match[1];
        if (other.contains(word)) return;
        seen.insert(word);
        EXPECT_TRUE(explained.contains(word)) << file << ": no page for " << word;
      });
    }
  }
  EXPECT_GT(seen.size(), 130U);
  for (const char* known : {"not_a_day", "window_given_twice", "mme_methadone_band",
                            "unknown_symbol", "person_without_window", "visits_out_of_order"}) {
    EXPECT_TRUE(seen.contains(known) || explained.contains(known)) << known;
  }
}

TEST_F(Program, ExplainsEveryWordAnOptionTakes) {
  const auto pages = io::parse_json(ombre("explain --full --format json").out);
  ASSERT_TRUE(pages);
  const std::set<std::string> explained = explained_words(*pages);
  const std::regex list{R"(IsMember\(\s*\{([^}]*)\})"};
  const std::regex names{R"(std::vector<std::string> names\{([^}]*)\})"};
  const std::regex word{R"x("([^"]+)")x"};
  std::set<std::string> seen;
  for (const auto& [path, source] : sources_under("cli")) {
    const auto& file = path;  // clang 14 captures no structured binding
    for (const std::regex& pattern : {list, names}) {
      each_match(source, pattern, [&](const std::smatch& words) {
        const std::string inside = words[1];
        each_match(inside, word, [&](const std::smatch& one) {
          seen.insert(one[1]);
          EXPECT_TRUE(explained.contains(one[1])) << file << ": no page for " << one[1];
        });
      });
    }
  }
  EXPECT_GT(seen.size(), 70U);
  // Lists that are made from tables of the library, and words of files and tables.
  for (const char* other :
       {"log-log", "logit", "arcsine", "self_report", "confirmed", "linear", "carry_forward",
        "intention_to_treat", "no_use_day", "all_tied", "PSNHDD", "russell_standard", "knn"}) {
    EXPECT_TRUE(explained.contains(other)) << other;
  }
  // As a person asks.
  for (const char* asked :
       {"locf", "KNN", "mode", "'russell standard'", "not-a-day", "multiple-use"}) {
    const Ran ran = ombre(std::string{"explain "} + asked);
    EXPECT_EQ(ran.code, std::string{asked} == "multiple-use" ? 1 : 0) << asked << ran.err;
  }
  const Ran changed = ombre("explain red_fiellin_2006.weeks_24.missing_locf");
  EXPECT_NE(changed.out.find("Not the published definition"), std::string::npos) << changed.err;
  EXPECT_EQ(ombre("explain nothing_2006.missing_locf").code, 1);
}

TEST_F(Program, ASourceHasOneCitationAndIsEitherReadOrNotOnEveryPage) {
  const Ran ran = ombre("explain --full --format json");
  ASSERT_EQ(ran.code, 0) << ran.err;
  const auto pages = io::parse_json(ran.out);
  ASSERT_TRUE(pages);
  struct Seen {
    std::set<std::string> citations;
    std::set<std::string> marks;
    std::string example;
  };
  std::map<std::string, Seen> sources;
  for (const io::Json& page : pages->items()) {
    for (const io::Json& source : page.find("sources")->items()) {
      Seen& seen = sources[std::string{*source.find("id")->as_text()}];
      seen.citations.insert(std::string{*source.find("citation")->as_text()} + " " +
                            std::string{*source.find("edition")->as_text()});
      const std::string mark{*source.find("confidence")->as_text()};
      // "uncertain" and "proposal" say how a value was taken from it, not whether it was read.
      if (mark == "verified" || mark == "known") seen.marks.insert(mark);
      seen.example += " " + std::string{*page.find("name")->as_text()} + "=" + mark;
    }
  }
  EXPECT_GT(sources.size(), 150U);
  for (const auto& [id, seen] : sources) {
    EXPECT_EQ(seen.citations.size(), 1U) << id;
    EXPECT_LE(seen.marks.size(), 1U) << id << ":" << seen.example;
  }
}

TEST_F(Program, DemoLeavesTheSameFilesEachTime) {
  const Ran first = ombre("demo -o a --people 12");
  ASSERT_EQ(first.code, 0) << first.err;
  const Ran second = ombre("demo -o b --people 12");
  for (const char* name : {"page.txt", "ombre.svg", "person.svg", "levels.svg", "use.csv",
                           "windows.csv", "metrics.csv"}) {
    const std::string text = read(std::string{"a/"} + name);
    EXPECT_FALSE(text.empty()) << name;
    EXPECT_EQ(text, read(std::string{"b/"} + name)) << name;
  }
  EXPECT_NE(first.out.find("people who do not exist"), std::string::npos);
  // What it wrote can be read back by the command it recommends, and gives the same numbers.
  const Ran metrics = ombre(
      "metrics --tlfb a/use.csv --windows a/windows.csv --heavy niaaa_heavy_day --status --quiet");
  EXPECT_EQ(metrics.code, 0) << metrics.err;
  EXPECT_EQ(metrics.out, read("a/metrics.csv"));
}

TEST_F(Program, DemoNamesAFolderThatCannotBeMade) {
  write("file", "x");
  const Ran ran = ombre("demo -o file/inside");
  EXPECT_EQ(ran.code, 3);
  EXPECT_NE(ran.err.find("file/inside"), std::string::npos);
}

}  // namespace
}  // namespace ombre::testing
