#include "ombre/plans/history.hpp"

#include <array>

namespace ombre::inline v0::plans {
namespace {
struct Named {
  Role role;
  std::string_view name;
};
constexpr std::array roles{Named{Role::person, "person"}, Named{Role::clinician, "clinician"},
                           Named{Role::pharmacist, "pharmacist"},
                           Named{Role::companion, "companion"}, Named{Role::team, "team"}};
}  // namespace

std::string_view name(Role role) noexcept {
  for (const Named& r : roles) {
    if (r.role == role) return r.name;
  }
  return "unknown_role";
}

std::optional<Role> find_role(std::string_view text) noexcept {
  for (const Named& r : roles) {
    if (r.name == text) return r.role;
  }
  return std::nullopt;
}

}  // namespace ombre::inline v0::plans
