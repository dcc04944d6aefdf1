// The program as a whole: help, versions, explanations, the demonstration.

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

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
