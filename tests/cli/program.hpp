#pragma once
/// @file
/// Runs the program `ombre` as a person would, in a folder of its own.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace ombre::testing {

struct Ran {
  int code = -1;
  std::string out;
  std::string err;
};

/// A folder that is empty at the start of each test and gone at its end.
class ProgramTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    std::string name = std::string{info->test_suite_name()} + "-" + info->name();
    std::ranges::replace(name, '/', '-');  // as parameterised tests are called
    folder_ =
        std::filesystem::temp_directory_path() / ("ombre-" + name + "-" + std::to_string(getpid()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_ / name).string();
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream{folder_ / name, std::ios::binary} << text;
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream file{folder_ / name, std::ios::binary};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
  [[nodiscard]] bool exists(const std::string& name) const {
    return std::filesystem::exists(folder_ / name);
  }

  /// Runs `ombre ARGUMENTS` with the folder as the current one. `input` becomes standard input.
  [[nodiscard]] Ran ombre(const std::string& arguments, const std::string& input = "") const {
    write(".in", input);
    const std::string command =
        "cd '" + folder_.string() + "' && '" OMBRE_PROGRAM "' " + arguments + " <.in >.out 2>.err";
    const int status = std::system(command.c_str());
    Ran ran{WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(".out"), read(".err")};
    return ran;
  }

 private:
  std::filesystem::path folder_;
};

/// The value of one metric in a tidy CSV, as text; "(no row)" where there is none.
inline std::string value_of(const std::string& csv, const std::string& person,
                            const std::string& metric) {
  std::istringstream lines{csv};
  std::string line;
  while (std::getline(lines, line)) {
    std::istringstream cells{line};
    std::string who, substance, id, definition, value;
    std::getline(cells, who, ',');
    std::getline(cells, substance, ',');
    std::getline(cells, id, ',');
    std::getline(cells, definition, ',');
    std::getline(cells, value, ',');
    if (who == person && id == metric) return value;
  }
  return "(no row)";
}

}  // namespace ombre::testing
