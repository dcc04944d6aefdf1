// Holds the sources against the table of rooms: who may use whom, and what stays inside.
#include <gtest/gtest.h>
#include <random>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "architecture/rules.hpp"

namespace fs = std::filesystem;
using namespace ombre_test::architecture;

namespace {

const fs::path root{OMBRE_SOURCE_DIR};

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

struct SourceFile {
  Place place;
  std::string text;
};

std::vector<SourceFile> sources() {
  std::vector<SourceFile> files;
  for (const auto& [tree, is_public] :
       {std::pair{fs::path("include/ombre"), true}, std::pair{fs::path("src"), false}}) {
    if (!fs::exists(root / tree)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / tree)) {
      const auto extension = entry.path().extension();
      if (!entry.is_regular_file() ||
          (extension != ".hpp" && extension != ".cpp" && extension != ".h")) {
        continue;
      }
      const fs::path relative = fs::relative(entry.path(), root);
      const fs::path below = fs::relative(entry.path(), root / tree);
      files.push_back({{below.begin()->string(), is_public, relative}, read(entry.path())});
    }
  }
  std::sort(files.begin(), files.end(), [](const SourceFile& a, const SourceFile& b) {
    return a.place.relative < b.place.relative;
  });
  return files;
}

std::set<std::string> folders_of(const fs::path& tree) {
  std::set<std::string> names;
  if (!fs::exists(root / tree)) return names;
  for (const auto& entry : fs::directory_iterator(root / tree)) {
    if (entry.is_directory()) names.insert(entry.path().filename().string());
  }
  return names;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

const Place a_public_outcomes_header{"outcomes", true, "include/ombre/outcomes/x.hpp"};
const Place a_timeline_source{"timeline", false, "src/timeline/x.cpp"};

}  // namespace

// ---- the real sources ----------------------------------------------------------------------

TEST(Rooms, NoIncludePointsUpwardOrShowsAnotherLibrary) {
  const auto files = sources();
  ASSERT_FALSE(files.empty()) << "no sources found under " << root;
  for (const auto& file : files) {
    const auto faults = include_faults(file.place, file.text);
    EXPECT_TRUE(faults.empty()) << joined(faults);
  }
}

TEST(Rooms, LibrarySourcesAreGoodGuests) {
  for (const auto& file : sources()) {
    if (file.place.module == "cli") continue;  // the program is the host
    const auto faults = guest_faults(file.place, file.text);
    EXPECT_TRUE(faults.empty()) << joined(faults);
  }
}

TEST(Rooms, EveryIncludeOfOmbreNamesAFileThatIsThere) {
  for (const auto& file : sources()) {
    for (const auto& include : includes_of(file.text)) {
      if (!include.name.starts_with("ombre/")) continue;
      EXPECT_TRUE(fs::exists(root / "include" / include.name))
          << file.place.relative << ":" << include.line << ": " << include.name;
    }
  }
}

TEST(Rooms, TheFourTreesUseTheSameModuleNames) {
  const std::set<std::string> beside_tests{"architecture", "install", "headers", "compile_fail",
                                           "fuzz",         "support", "data",    "reference"};
  const std::set<std::string> beside_benchmarks{"support", "results"};
  for (const fs::path tree : {"include/ombre", "src", "tests", "benchmarks"}) {
    for (const auto& name : folders_of(tree)) {
      const bool beside = (tree == "tests" && beside_tests.contains(name)) ||
                          (tree == "benchmarks" && beside_benchmarks.contains(name));
      EXPECT_TRUE(beside || rooms().contains(name))
          << tree << "/" << name << " is no module of the house";
    }
  }
}

TEST(Rooms, EveryModuleWithSourcesHasHeadersAndTests) {
  const auto headers = folders_of("include/ombre");
  const auto tests = folders_of("tests");
  for (const auto& name : folders_of("src")) {
    if (name != "cli") {
      EXPECT_TRUE(headers.contains(name)) << "include/ombre/" << name << " is missing";
    }
    EXPECT_TRUE(tests.contains(name)) << "tests/" << name << " is missing";
  }
}

TEST(Rooms, EveryHeaderIsGuardedAgainstASecondInclude) {
  for (const auto& file : sources()) {
    if (file.place.relative.extension() != ".hpp") continue;
    EXPECT_NE(file.text.find("#pragma once"), std::string::npos) << file.place.relative;
  }
}

TEST(Sources, EveryIdIsDefinedOnceInTheWholeHouse) {
  // What several rooms cite stands in src/core/cited.hpp; two entries of one id could differ.
  const std::regex definition{R"((?:\bSource\s+\w+\s*\{|OMBRE_CITE\(\s*\w+\s*,)\s*"([^"]+)\")"};
  std::map<std::string, std::string> where;
  for (const auto& file : sources()) {
    auto at = std::sregex_iterator{file.text.begin(), file.text.end(), definition};
    for (; at != std::sregex_iterator{}; ++at) {
      const auto [first, fresh] = where.emplace((*at)[1], file.place.relative.string());
      EXPECT_TRUE(fresh) << (*at)[1] << " stands in " << first->second << " and in "
                         << file.place.relative;
    }
  }
  EXPECT_GT(where.size(), 150U);
}

TEST(Rooms, TheTableHasNoCircle) {
  // Each room lies on a level above everything it may use; a circle would leave rooms over.
  std::set<std::string> placed;
  bool moved = true;
  while (moved) {
    moved = false;
    for (const auto& [room, uses] : rooms()) {
      if (placed.contains(room)) continue;
      if (std::includes(placed.begin(), placed.end(), uses.begin(), uses.end())) {
        placed.insert(room);
        moved = true;
      }
    }
  }
  EXPECT_EQ(placed.size(), rooms().size());
}

TEST(Rooms, TheTableInTheDocsIsTheTableOfThisTest) {
  // Rows of docs/architecture.md: | `room` | what lives there | core, stats; a remark |
  const std::string text = read(root / "docs/architecture.md");
  std::size_t rows = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| `")) continue;
    const std::string room = line.substr(3, line.find('`', 3) - 3);
    if (!rooms().contains(room)) continue;
    const std::size_t end = line.rfind('|');
    const std::size_t begin = line.rfind('|', end - 1) + 1;
    std::string uses = line.substr(begin, end - begin);
    uses.resize(std::min(uses.size(), uses.find(';')));
    if (uses.find("all above") != std::string::npos || room == "core") continue;
    std::set<std::string> named;
    for (std::size_t at = 0; at < uses.size();) {
      const std::size_t after = std::min(uses.find(',', at), uses.size());
      const std::size_t first = uses.find_first_not_of(' ', at);
      const std::size_t last = uses.find_last_not_of(' ', after - 1);
      if (first < after) named.insert(uses.substr(first, last - first + 1));
      at = after + 1;
    }
    EXPECT_EQ(named, rooms().at(room)) << "docs/architecture.md, row " << room;
    ++rows;
  }
  EXPECT_GE(rows, 6u) << "the table of docs/architecture.md was not found";
}

// ---- the rules themselves, on examples -----------------------------------------------------

TEST(IncludeRules, ReadBothFormsAndSkipCommentsAndStrings) {
  const auto found = includes_of(
      "#include <vector>\n"
      "  #  include \"ombre/core/date.hpp\"\n"
      "// #include <boost/a.hpp>\n"
      "/* #include <boost/b.hpp>\n"
      "#include <boost/c.hpp> */\n"
      "const char* s = \"\\\"#include <boost/d.hpp>\";\n"
      "auto r = R\"x(\n#include <boost/e.hpp>\n)x\";\n"
      "int million = 1'000'000; char quote = '\"';\n"
      "#include <array>");
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].name, "vector");
  EXPECT_TRUE(found[0].angled);
  EXPECT_EQ(found[1].name, "ombre/core/date.hpp");
  EXPECT_FALSE(found[1].angled);
  EXPECT_EQ(found[1].line, 2u);
  EXPECT_EQ(found[2].name, "array");
  EXPECT_EQ(found[2].line, 11u);
}

TEST(IncludeRules, AnIncludeThatPointsUpwardIsAFault) {
  EXPECT_EQ(include_faults(a_timeline_source, "#include <ombre/outcomes/pda.hpp>\n").size(), 1u);
  EXPECT_EQ(include_faults(a_timeline_source, "#include \"ombre/io/csv.hpp\"\n").size(), 1u);
  EXPECT_EQ(include_faults(a_timeline_source, "#include \"../io/reader.hpp\"\n").size(), 1u);
  EXPECT_EQ(include_faults(a_timeline_source, "#include \"io/reader.hpp\"\n").size(), 1u);
  EXPECT_EQ(include_faults(a_timeline_source, "#include \"ombre/core/date.hpp\"\n").size(), 0u);
  EXPECT_EQ(include_faults(a_timeline_source, "#include \"grid_parts.hpp\"\n").size(), 0u);
}

TEST(IncludeRules, ASidewaysIncludeIsAFault) {
  const Place context{"context", true, "include/ombre/context/x.hpp"};
  EXPECT_EQ(include_faults(context, "#include \"ombre/spectrum/x.hpp\"\n").size(), 1u);
  const Place stats{"stats", true, "include/ombre/stats/x.hpp"};
  EXPECT_EQ(include_faults(stats, "#include \"ombre/substance/x.hpp\"\n").size(), 1u);
}

TEST(IncludeRules, AnUnknownRoomIsAFault) {
  EXPECT_EQ(include_faults(a_timeline_source, "#include \"ombre/kitchen/x.hpp\"\n").size(), 1u);
  EXPECT_EQ(include_faults({"kitchen", false, "src/kitchen/x.cpp"}, "").size(), 1u);
}

TEST(IncludeRules, APublicHeaderShowsOnlyTheStandardLibraryAndOmbre) {
  for (const char* name : {"boost/graph/adjacency_list.hpp", "Eigen/Dense", "nlohmann/json.hpp",
                           "zlib.h", "tbb/parallel_for.h", "unsupported/Eigen/MatrixFunctions"}) {
    const std::string text = std::string("#include <") + name + ">\n";
    EXPECT_EQ(include_faults(a_public_outcomes_header, text).size(), 1u) << name;
  }
  EXPECT_EQ(include_faults(a_public_outcomes_header, "#include \"private.hpp\"\n").size(), 1u);
  EXPECT_EQ(include_faults(a_public_outcomes_header, "#include <vector>\n").size(), 0u);
}

TEST(IncludeRules, AnInteropHeaderMayShowItsOneLibrary) {
  const Place boost{"core", true, "include/ombre/core/date_boost.hpp"};
  EXPECT_EQ(include_faults(boost, "#include <boost/date_time/gregorian/gregorian.hpp>\n").size(),
            0u);
  EXPECT_EQ(include_faults(boost, "#include <Eigen/Dense>\n").size(), 1u);
}

TEST(IncludeRules, CoreHasBoostDateTimeAndNothingElse) {
  const Place core{"core", false, "src/core/date.cpp"};
  EXPECT_EQ(include_faults(core, "#include <boost/date_time/gregorian/greg_date.hpp>\n").size(),
            0u);
  EXPECT_EQ(include_faults(core, "#include <boost/graph/adjacency_list.hpp>\n").size(), 1u);
}

TEST(IncludeRules, FormatsStayInIo) {
  EXPECT_EQ(include_faults(a_timeline_source, "#include <nlohmann/json.hpp>\n").size(), 1u);
  const Place io{"io", false, "src/io/json.cpp"};
  EXPECT_EQ(include_faults(io, "#include <nlohmann/json.hpp>\n").size(), 0u);
}

TEST(GuestRules, PrintingEndingAndReadingTheClockAreFaults) {
  for (const char* line :
       {"std::cout << 1;", "printf(\"%d\", 1);", "std::fprintf(stderr, \"\");", "std::abort();",
        "exit(1);", "auto t = std::chrono::system_clock::now();", "std::time(nullptr);",
        "std::setlocale(LC_ALL, \"\");", "printf (1);", "std::getenv(\"HOME\");", "int x = rand();",
        "std::random_device d;", "#include <iostream>"}) {
    EXPECT_FALSE(guest_faults(a_timeline_source, line).empty()) << line;
  }
}

TEST(GuestRules, LookAlikesAreNoFaults) {
  for (const char* line : {"std::snprintf(b, n, \"%d\", 1);", "// std::cout is not used",
                           "s = \"exit(1)\";", "on_exit(1);", "episode.exit();",
                           "row.printf_like = 1;", "strand();", "std::chrono::sys_days d;"}) {
    EXPECT_TRUE(guest_faults(a_timeline_source, line).empty()) << line;
  }
}
