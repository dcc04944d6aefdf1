#include "ombre/core/sex.hpp"

#include <string>

namespace ombre::inline v0 {

std::string_view name(Sex sex) noexcept { return sex == Sex::female ? "female" : "male"; }

Result<Sex> sex_from(std::string_view text) {
  std::string lower{text};
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (lower == "female" || lower == "woman" || lower == "women" || lower == "f") return Sex::female;
  if (lower == "male" || lower == "man" || lower == "men" || lower == "m") return Sex::male;
  return unexpected(error_at(Errc::unknown_name, "sex", std::nullopt, text,
                             "must be female or male: it chooses the column of the table"));
}

}  // namespace ombre::inline v0
