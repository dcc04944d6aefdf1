#pragma once
// How far a misspelt name is from one that is known.

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

namespace ombre::inline v0::context::detail {

// Letters to put in, take out or change to make one word of the other (Levenshtein).
[[nodiscard]] inline std::size_t letters_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace ombre::inline v0::context::detail
