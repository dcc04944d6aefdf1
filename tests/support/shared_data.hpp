// Where reference data lies that is not part of the project: the folder `shared` beside the clone,
// or the folder named by the environment variable OMBRE_SHARED. Tests that need it skip without it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace ombre_test {

/// Path of a file or folder under the reference data, or nothing where it is not present.
inline std::optional<std::filesystem::path> shared_path(const std::string& relative) {
  const char* chosen = std::getenv("OMBRE_SHARED");
  const std::filesystem::path root{chosen != nullptr ? chosen : OMBRE_SHARED_DIR};
  std::error_code ignored;
  const auto path = root / relative;
  if (!std::filesystem::exists(path, ignored)) return std::nullopt;
  return path;
}

}  // namespace ombre_test

/// Declares `name` as the path of `relative` under the reference data, or skips the test.
#define OMBRE_SHARED_OR_SKIP(name, relative)                                       \
  const auto name##_found = ::ombre_test::shared_path(relative);                   \
  if (!name##_found) GTEST_SKIP() << "reference data not present: " << (relative); \
  const std::filesystem::path& name = *name##_found
