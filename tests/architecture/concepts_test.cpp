// docs/concepts.md is a promise: every concept of harm-reduction treatment says where it is, and
// every symbol it names stands in the header it names.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

const fs::path root{OMBRE_SOURCE_DIR};

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

struct Row {
  std::string id, kind, where;
};

// Rows of the tables: | C01 | concept | from | kind | where |
std::vector<Row> rows() {
  std::vector<Row> out;
  std::istringstream lines(read(root / "docs/concepts.md"));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| C")) continue;
    std::vector<std::string> cells;
    for (std::size_t at = 2; at < line.size();) {
      const std::size_t bar = std::min(line.find(" |", at), line.size());
      cells.push_back(line.substr(at, bar - at));
      at = bar + 3;
    }
    EXPECT_EQ(cells.size(), 5u) << line;
    if (cells.size() == 5) out.push_back({cells[0], cells[3], cells[4]});
  }
  return out;
}

// `symbol` in `header`; several are separated by semicolons.
struct Named {
  std::string symbol, header;
};
std::vector<Named> named(const std::string& where) {
  std::vector<std::string> quoted;
  for (std::size_t at = where.find('`'); at != std::string::npos;) {
    const std::size_t end = where.find('`', at + 1);
    if (end == std::string::npos) break;
    quoted.push_back(where.substr(at + 1, end - at - 1));
    at = where.find('`', end + 1);
  }
  std::vector<Named> out;
  for (std::size_t i = 0; i + 1 < quoted.size(); i += 2) out.push_back({quoted[i], quoted[i + 1]});
  EXPECT_EQ(quoted.size() % 2, 0u) << where;
  return out;
}

bool has_word(const std::string& text, const std::string& word) {
  const auto in_name = [](char c) {
    return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0;
  };
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !in_name(text[at - 1])) && (end >= text.size() || !in_name(text[end]))) {
      return true;
    }
  }
  return false;
}

}  // namespace

TEST(Concepts, AllNinetySixAreThereOnceAndInOrder) {
  const auto all = rows();
  ASSERT_EQ(all.size(), 96u);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    EXPECT_EQ(all[i].id, "C" + std::string(2 - number.size(), '0') + number);
  }
}

TEST(Concepts, EveryNamedSymbolStandsInTheHeaderBesideIt) {
  for (const Row& row : rows()) {
    SCOPED_TRACE(row.id);
    for (const Named& place : named(row.where)) {
      const fs::path header = root / "include/ombre" / place.header;
      ASSERT_TRUE(fs::exists(header)) << place.header;
      // The last part of the name is looked up, and the module before it is the header's.
      const std::size_t colons = place.symbol.rfind("::");
      const std::string last =
          colons == std::string::npos ? place.symbol : place.symbol.substr(colons + 2);
      EXPECT_TRUE(has_word(read(header), last)) << place.symbol << " in " << place.header;
      const std::string module = place.header.substr(0, place.header.find('/'));
      if (module != "core") {
        EXPECT_TRUE(place.symbol.starts_with(module + "::")) << place.symbol;
      }
    }
  }
}

TEST(Concepts, ARowSaysWhatItIsAndAllButStancesNameASymbol) {
  const std::set<std::string> kinds{"type", "function", "data", "guard", "stance"};
  for (const Row& row : rows()) {
    SCOPED_TRACE(row.id);
    EXPECT_TRUE(kinds.contains(row.kind)) << row.kind;
    if (row.kind == "stance") {
      EXPECT_GT(row.where.size(), 10u) << "a stance is said in words";
    } else {
      EXPECT_FALSE(named(row.where).empty()) << row.where;
    }
  }
}
