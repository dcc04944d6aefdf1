// The rules of the house, as functions over the text of a file, so that the rules themselves can
// be tested on small examples before they judge the real sources.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ombre_test::architecture {

/// One `#include` of a file.
struct Include {
  std::size_t line = 0;
  std::string name;
  bool angled = false;  // <name> rather than "name"
};

/// Every `#include` of a text that is not inside a comment.
std::vector<Include> includes_of(std::string_view text);

/// The text with comments and the contents of string and character literals blanked out; lines
/// stay where they were.
std::string without_comments_and_strings(std::string_view text);

/// Which rooms a room may use, itself not counted. Rooms not named here do not exist.
const std::map<std::string, std::set<std::string>>& rooms();

/// Where a file stands: include/ombre/<module>/... or src/<module>/...
struct Place {
  std::string module;
  bool is_public = false;          // under include/
  std::filesystem::path relative;  // from the project's root, '/' separated
};

/// What is wrong with the includes of one file, one sentence each; empty when nothing is.
std::vector<std::string> include_faults(const Place& place, std::string_view text);

/// What a good guest does not do (print, abort, read the clock or the locale), found in one source
/// file of the library; empty when nothing is.
std::vector<std::string> guest_faults(const Place& place, std::string_view text);

}  // namespace ombre_test::architecture
