#include "architecture/rules.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace ombre_test::architecture {
namespace {

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> starts) {
  return std::any_of(starts.begin(), starts.end(),
                     [text](std::string_view s) { return text.starts_with(s); });
}

// <vector>, <cstdint>: one lower-case word. Everything else in angle brackets is someone's library.
bool is_standard_header(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string line_of(const Place& place, std::size_t line) {
  return place.relative.generic_string() + ":" + std::to_string(line) + ": ";
}

// The module an include of ours leads to, or nothing for headers that are not ours. A private
// header is named beside the file ("x.hpp"), or from src/ ("timeline/x.hpp").
std::string module_of_include(const Place& place, const Include& include) {
  const std::filesystem::path name{include.name};
  if (include.name.starts_with("ombre/")) return (++name.begin())->string();
  if (include.angled) return {};
  const auto resolved = (place.relative.parent_path() / name).lexically_normal();
  if (name.has_parent_path() && *name.begin() != "..") return name.begin()->string();
  auto part = resolved.begin();
  if (part == resolved.end() || *part != "src" || ++part == resolved.end()) return "?";
  return part->string();
}

// Whether a line of code uses a word: not as a part of a longer name (snprintf is no printf), and a
// function not as the member of an object (episode.exit() is no exit()).
bool uses_word(std::string_view line, std::string_view word) {
  const bool call = word.ends_with('(');
  if (call) word.remove_suffix(1);
  const auto in_name = [](char c) {
    return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0;
  };
  for (std::size_t at = line.find(word); at != std::string_view::npos;
       at = line.find(word, at + 1)) {
    const std::size_t after = line.find_first_not_of(' ', at + word.size());
    if (at > 0 && in_name(line[at - 1])) continue;
    if (!call) {
      if (at + word.size() < line.size() && in_name(line[at + word.size()])) continue;
      return true;
    }
    if (at > 0 && (line[at - 1] == '.' || line[at - 1] == '>')) continue;
    if (after != std::string_view::npos && line[after] == '(') return true;
  }
  return false;
}

}  // namespace

const std::map<std::string, std::set<std::string>>& rooms() {
  static const std::map<std::string, std::set<std::string>> table = [] {
    const std::set<std::string> outcomes_and_theirs{"core",    "stats",    "substance", "spectrum",
                                                    "context", "timeline", "plans"};
    std::map<std::string, std::set<std::string>> t{
        {"core", {}},
        {"stats", {"core"}},
        {"substance", {"core"}},
        {"spectrum", {"core", "substance"}},
        {"context", {"core", "substance"}},
        {"timeline", {"core", "substance", "spectrum"}},
        {"plans", {"core", "stats", "substance", "spectrum", "context"}},
        {"outcomes", outcomes_and_theirs},
        {"cohort", {"core", "stats", "timeline", "outcomes"}},
        {"simulation", {"core", "stats"}},
    };
    std::set<std::string> all;
    for (const auto& [room, uses] : t) all.insert(room);
    t["io"] = all;
    all.insert("io");
    t["c"] = all;
    t["cli"] = all;
    return t;
  }();
  return table;
}

std::string without_comments_and_strings(std::string_view text) {
  std::string out(text);
  enum class In { code, line_comment, comment, string, character, raw_string };
  In in = In::code;
  std::string raw_end;
  const auto blank = [&out](std::size_t i) {
    if (out[i] != '\n') out[i] = ' ';
  };
  for (std::size_t i = 0; i < out.size(); ++i) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    switch (in) {
      case In::code:
        if (c == '/' && next == '/') {
          in = In::line_comment;
          blank(i);
        } else if (c == '/' && next == '*') {
          in = In::comment;
          blank(i++);
          blank(i);
        } else if (c == 'R' && next == '"') {
          const std::size_t open = text.find('(', i);
          if (open == std::string_view::npos) break;
          raw_end.assign(1, ')').append(text.substr(i + 2, open - i - 2)).append(1, '"');
          for (; i < open; ++i) blank(i);
          blank(i);
          in = In::raw_string;
        } else if (c == '"') {
          in = In::string;
        } else if (c == '\'' &&
                   (i == 0 || std::isalnum(static_cast<unsigned char>(text[i - 1])) == 0)) {
          in = In::character;  // and not the separator in 1'000
        }
        break;
      case In::line_comment:
        if (c == '\n') {
          in = In::code;
        } else {
          blank(i);
        }
        break;
      case In::comment:
        blank(i);
        if (c == '*' && next == '/') {
          blank(++i);
          in = In::code;
        }
        break;
      case In::string:
      case In::character:
        if (c == (in == In::string ? '"' : '\'')) {
          in = In::code;
        } else {
          blank(i);
          if (c == '\\' && i + 1 < out.size()) blank(++i);
        }
        break;
      case In::raw_string:
        if (text.substr(i, raw_end.size()) == raw_end) {
          for (std::size_t k = 0; k < raw_end.size(); ++k) blank(i + k);
          i += raw_end.size() - 1;
          in = In::code;
        } else {
          blank(i);
        }
        break;
    }
  }
  return out;
}

std::vector<Include> includes_of(std::string_view text) {
  // Comments are judged on the blanked text, names are taken from the text as it was written.
  const std::string code = without_comments_and_strings(text);
  std::vector<Include> found;
  std::size_t line = 1;
  for (std::size_t begin = 0; begin < code.size(); ++line) {
    const std::size_t newline = code.find('\n', begin);
    const std::size_t end = newline == std::string::npos ? code.size() : newline;
    std::size_t at = code.find_first_not_of(" \t", begin);
    if (at < end && code[at] == '#') {
      at = code.find_first_not_of(" \t", at + 1);
      if (at < end && code.compare(at, 7, "include") == 0) {
        const std::size_t open = code.find_first_of("<\"", at + 7);
        if (open < end) {
          const char close_mark = code[open] == '<' ? '>' : '"';
          const std::size_t close = code.find(close_mark, open + 1);
          if (close < end) {
            found.push_back(
                {line, std::string(text.substr(open + 1, close - open - 1)), close_mark == '>'});
          }
        }
      }
    }
    begin = end + 1;
  }
  return found;
}

std::vector<std::string> include_faults(const Place& place, std::string_view text) {
  std::vector<std::string> faults;
  const auto fault = [&](const Include& include, const std::string& what) {
    faults.push_back(line_of(place, include.line) + "\"" + include.name + "\" " + what);
  };

  const auto room = rooms().find(place.module);
  if (room == rooms().end()) {
    faults.push_back(place.relative.generic_string() + ": no room is called " + place.module);
    return faults;
  }
  const std::string stem = place.relative.stem().string();
  const bool interop_boost = stem.ends_with("_boost");
  const bool interop_eigen = stem.ends_with("_eigen");

  for (const Include& include : includes_of(text)) {
    const std::string& name = include.name;

    if (place.is_public && !include.angled && !name.starts_with("ombre/")) {
      fault(include, "is private, and a public header shows it");
      continue;
    }
    const std::string module = module_of_include(place, include);
    if (!module.empty()) {
      if (!rooms().contains(module)) {
        fault(include, "leads to no room of the house");
      } else if (module != place.module && !room->second.contains(module)) {
        fault(include, "points upward or sideways: " + place.module + " may not use " + module);
      }
      continue;
    }

    // Not ours: the standard library, or a library kept inside .cpp files and private headers.
    if (is_standard_header(name)) continue;
    if (place.is_public) {
      const bool allowed = (interop_boost && name.starts_with("boost/")) ||
                           (interop_eigen && name.starts_with("Eigen/")) ||
                           (place.module == "c" && starts_with_any(name, {"std", "stdint.h"}));
      if (!allowed)
        fault(include, "is no part of the standard library, and a public header shows it");
      continue;
    }
    if (place.module == "core" && !name.starts_with("boost/date_time/")) {
      fault(include, "is used in core, which has the standard library and Boost.Date_Time alone");
    }
    if (place.module != "io" && place.module != "cli" &&
        starts_with_any(name, {"nlohmann/", "zlib.h"})) {
      fault(include, "belongs to io: bytes and formats stay there");
    }
    if (place.module != "cli" && name.starts_with("CLI/")) {
      fault(include, "belongs to the program");
    }
  }
  return faults;
}

std::vector<std::string> guest_faults(const Place& place, std::string_view text) {
  struct Habit {
    std::string_view word;  // "name(": a call of a function that belongs to no object
    std::string_view what;
  };
  static constexpr auto habits = std::to_array<Habit>({
      {"std::cout", "prints"},
      {"std::cerr", "prints"},
      {"std::clog", "prints"},
      {"stdout", "prints"},
      {"stderr", "prints"},
      {"printf(", "prints"},
      {"puts(", "prints"},
      {"abort(", "ends the program"},
      {"exit(", "ends the program"},
      {"_Exit(", "ends the program"},
      {"quick_exit(", "ends the program"},
      {"terminate(", "ends the program"},
      {"system_clock", "reads the clock"},
      {"steady_clock", "reads the clock"},
      {"high_resolution_clock", "reads the clock"},
      {"std::time(", "reads the clock"},
      {"clock_gettime(", "reads the clock"},
      {"gettimeofday(", "reads the clock"},
      {"localtime", "reads the clock"},
      {"setlocale(", "reads or changes the surroundings"},
      {"locale::global", "reads or changes the surroundings"},
      {"getenv(", "reads or changes the surroundings"},
      {"setenv(", "reads or changes the surroundings"},
      {"rand(", "takes randomness that no seed gave"},
      {"srand(", "takes randomness that no seed gave"},
      {"random_device", "takes randomness that no seed gave"},
  });

  std::vector<std::string> faults;
  const std::string code = without_comments_and_strings(text);
  std::size_t line = 1;
  for (std::size_t begin = 0; begin < code.size(); ++line) {
    const std::size_t newline = code.find('\n', begin);
    const std::size_t end = newline == std::string::npos ? code.size() : newline;
    const std::string_view content = std::string_view(code).substr(begin, end - begin);
    for (const Habit& habit : habits) {
      if (uses_word(content, habit.word)) {
        faults.push_back(line_of(place, line) + "`" + std::string(habit.word) + "` " +
                         std::string(habit.what) +
                         ", and a library is a guest in someone's program");
      }
    }
    begin = end + 1;
  }
  for (const Include& include : includes_of(text)) {
    if (include.name == "iostream") {
      faults.push_back(line_of(place, include.line) + "<iostream> brings the global streams along");
    }
  }
  return faults;
}

}  // namespace ombre_test::architecture
