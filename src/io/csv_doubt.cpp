#include "csv_doubt.hpp"

#include <unordered_map>

#include "ombre/substance/catalogue.hpp"

namespace ombre::inline v0::io::detail {

Result<void> tell_alike_persons(const timeline::NameTable& persons, std::uint32_t first,
                                Doubts& doubts, std::string_view column) {
  if (first >= persons.size()) return {};
  // Most tables number people, or spell all ids in one case: then there is nothing to compare.
  bool upper = false;
  bool lower = false;
  bool blank = false;
  for (std::uint32_t p = 0; p < persons.size(); ++p) {
    for (const char c : persons[p]) {
      upper = upper || (c >= 'A' && c <= 'Z');
      lower = lower || (c >= 'a' && c <= 'z');
      blank = blank || c == ' ' || c == '-' || c == '_';
    }
  }
  if (!(upper && lower) && !blank) return {};
  std::unordered_map<std::string, std::uint32_t> seen;
  for (std::uint32_t p = 0; p < persons.size(); ++p) {
    const auto [at, fresh] = seen.emplace(substance::folded(persons[p]), p);
    if (fresh || p < first) continue;
    const std::string sentence =
        "differs from \"" + printable(persons[at->second]) + "\" only in letter case or blanks";
    if (auto noted =
            doubts.note(Severity::warning, {Errc::duplicate, "alike_persons", sentence}, column,
                        std::nullopt, persons[p], persons[p], "they count as two people");
        !noted) {
      return noted;
    }
  }
  return {};
}

}  // namespace ombre::inline v0::io::detail
