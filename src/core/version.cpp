#include "ombre/core/version.hpp"

#define OMBRE_TEXT_OF(x) #x
#define OMBRE_TEXT(x) OMBRE_TEXT_OF(x)

namespace ombre::inline v0 {

std::string_view library_version() noexcept {
  return OMBRE_TEXT(OMBRE_VERSION_MAJOR) "." OMBRE_TEXT(OMBRE_VERSION_MINOR) "." OMBRE_TEXT(
      OMBRE_VERSION_PATCH);
}

}  // namespace ombre::inline v0
