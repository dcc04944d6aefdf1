#include "ombre/core/sex.hpp"

#include <string>

#include "core/text.hpp"

namespace ombre::inline v0 {

std::string_view name(Sex sex) noexcept { return sex == Sex::female ? "female" : "male"; }

Result<Sex> sex_from(std::string_view text) {
  const std::string lower = ascii::lower(text);
  if (lower == "female" || lower == "woman" || lower == "women" || lower == "f") return Sex::female;
  if (lower == "male" || lower == "man" || lower == "men" || lower == "m") return Sex::male;
  return unexpected(error_at(Errc::unknown_name, "sex", std::nullopt, text,
                             "must be female or male: it chooses the column of the table"));
}

}  // namespace ombre::inline v0
