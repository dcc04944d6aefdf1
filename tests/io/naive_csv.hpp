#pragma once
// An independent reader of valid CSV, as plain as can be: what the fast one is compared with.

#include <string>
#include <string_view>
#include <vector>

namespace ombre_test {

using Table = std::vector<std::vector<std::string>>;

/// RFC 4180 section 2, one character after the other. Only for valid text.
inline Table naive_csv(std::string_view text) {
  Table table;
  std::vector<std::string> row;
  std::string field;
  std::size_t i = 0;
  bool row_open = false;
  while (i < text.size()) {
    row_open = true;
    if (text[i] == '"') {
      ++i;
      while (!(text[i] == '"' && (i + 1 >= text.size() || text[i + 1] != '"'))) {
        field += text[i];
        i += text[i] == '"' ? 2U : 1U;
      }
      ++i;
    } else {
      while (i < text.size() && text[i] != ',' && text[i] != '\n' && text[i] != '\r') {
        field += text[i++];
      }
    }
    row.push_back(field);
    field.clear();
    if (i >= text.size()) break;
    if (text[i] == ',') {
      ++i;
      if (i == text.size()) row.emplace_back();  // "a," at the very end
      continue;
    }
    i += text[i] == '\r' ? 2U : 1U;
    table.push_back(row);
    row.clear();
    row_open = false;
  }
  if (row_open) table.push_back(row);
  return table;
}

}  // namespace ombre_test
