// Helpers for the tests of words and endpoints: words from text, random words, and the plain CSV
// tables (no quotes) that hold the reference values.
#pragma once

#include <gtest/gtest.h>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ombre/outcomes/word.hpp"

namespace ombre_test {

/// A word that is known to be well formed.
inline ombre::outcomes::Word word(std::string_view text) {
  return ombre::outcomes::Word::parse(text).value();
}

/// A random word over `alphabet`, with runs, so that stretches and dropouts occur.
inline std::string random_text(std::mt19937_64& rng, std::size_t length,
                               std::string_view alphabet) {
  std::string text;
  char current = alphabet[rng() % alphabet.size()];
  for (std::size_t i = 0; i < length; ++i) {
    if (rng() % 2 == 0) current = alphabet[rng() % alphabet.size()];
    text.push_back(current);
  }
  return text;
}

struct Table {
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> rows;
  std::unordered_map<std::string, std::size_t> column;

  const std::string& at(std::size_t row, const std::string& name) const {
    return rows[row][column.at(name)];
  }
};

inline std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  while (true) {
    const std::size_t to = text.find(separator, from);
    parts.emplace_back(text.substr(from, to == std::string_view::npos ? to : to - from));
    if (to == std::string_view::npos) return parts;
    from = to + 1;
  }
}

inline Table read_table(const std::filesystem::path& path) {
  std::ifstream in{path};
  Table table;
  std::string line;
  while (std::getline(in, line)) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    auto fields = split(line, ',');
    if (table.names.empty()) {
      for (std::size_t i = 0; i < fields.size(); ++i) table.column[fields[i]] = i;
      table.names = std::move(fields);
    } else {
      fields.resize(table.names.size());
      table.rows.push_back(std::move(fields));
    }
  }
  return table;
}

/// The double nearest to the printed value.
inline double number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  EXPECT_TRUE(error == std::errc{} && end == text.data() + text.size()) << text;
  return value;
}

inline int whole(std::string_view text) { return static_cast<int>(number(text)); }

}  // namespace ombre_test
