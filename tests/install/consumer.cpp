// What an outside program does first: read a date, take a wrong one apart, name the version.
// It is compiled by the outside projects of this folder, with and without exceptions.
#include <ombre/core/date.hpp>
#include <ombre/core/error.hpp>
#include <ombre/core/version.hpp>

#include <cstdio>
#include <string>

int main() {
  if (ombre::library_version() != ombre::header_version) return 1;

  const auto day = ombre::Date::parse("2024-02-28");
  if (!day || (*day + ombre::Days{2}).iso() != "2024-03-01") return 2;

  const auto wrong = ombre::Date::parse("2023-02-30");
  if (wrong) return 3;
  const std::string sentence = ombre::describe(wrong.error());
  if (sentence.find("2023-02-30") == std::string::npos) return 4;

  std::printf("ombre %s: %s\n", std::string(ombre::library_version()).c_str(), sentence.c_str());
  return 0;
}
