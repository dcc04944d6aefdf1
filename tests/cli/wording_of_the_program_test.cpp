// Everything the program says about people passes the wording rule: its help, every explanation,
// and menus, reviews, plans and networks of many made-up people. Lists of sources are titles of
// publications, which are quoted as they were printed, and are left out.
#include <gtest/gtest.h>

#include <sstream>

#include "cli/program.hpp"
#include "ombre/core/random.hpp"
#include "ombre/core/wording.hpp"

namespace {

using ombre::RandomStream;
using ombre::Seed;

// Explanations without the lines between "Sources" and the next empty one.
std::string without_titles(const std::string& text) {
  std::istringstream in{text};
  std::string out;
  bool in_sources = false;
  for (std::string line; std::getline(in, line);) {
    if (line == "  Sources") in_sources = true;
    if (line.empty()) in_sources = false;
    if (!in_sources) out += line + '\n';
  }
  return out;
}

void passes(const std::string& text, const std::string& what) {
  for (const auto& fault : ombre::check_wording(text)) {
    const std::size_t from = fault.offset > 60 ? fault.offset - 60 : 0;
    ADD_FAILURE() << what << ": " << describe(fault) << " in \"" << text.substr(from, 140) << '"';
  }
}

class WordingOfTheProgram : public ombre::testing::ProgramTest {
 protected:
  void says_well(const std::string& arguments, int code = 0) {
    const auto ran = ombre(arguments);
    EXPECT_EQ(ran.code, code) << arguments << "\n" << ran.err;
    passes(without_titles(ran.out), arguments);
    passes(ran.err, arguments + " (messages)");
  }
};

}  // namespace

TEST_F(WordingOfTheProgram, EveryHelpPage) {
  const auto all = ombre("--help");
  passes(all.out, "--help");
  std::istringstream in{all.out.substr(all.out.find("Subcommands:"))};
  std::string line;
  std::getline(in, line);
  int commands = 0;
  while (std::getline(in, line) && line.starts_with("  ")) {
    const std::string name = line.substr(2, line.find(' ', 2) - 2);
    if (name.empty()) continue;
    says_well(name + " --help");
    ++commands;
  }
  EXPECT_GE(commands, 20);
  for (const char* one :
       {"plan check", "plan next", "plan progress", "taper best", "taper check"}) {
    says_well(std::string{one} + " --help");
  }
}

TEST_F(WordingOfTheProgram, EveryExplanation) {
  const auto list = ombre("explain --format csv");
  ASSERT_EQ(list.code, 0) << list.err;
  std::istringstream in{list.out};
  std::string line;
  std::getline(in, line);  // header
  std::string kind;
  std::string names;
  std::size_t n = 0;
  const auto ask = [&] {
    // A source is nothing but a title.
    if (!names.empty() && kind != "source") {
      says_well("explain --kind '" + kind + "' --format table --" + names);
    }
    names.clear();
    n = 0;
  };
  int all = 0;
  while (std::getline(in, line)) {
    const std::size_t first = line.find(',');
    const std::size_t second = line.find(',', first + 1);
    if (line.substr(0, first) != kind || n == 60) ask();
    kind = line.substr(0, first);
    std::string name = line.substr(first + 1, second - first - 1);
    std::erase(name, '"');
    names += " '" + name + "'";
    ++n;
    ++all;
  }
  ask();
  EXPECT_GT(all, 500);
}

TEST_F(WordingOfTheProgram, MenusOfMadeUpPeople) {
  const auto list = ombre("explain --kind factor --format csv");
  std::istringstream in{list.out};
  std::vector<std::string> factors;
  for (std::string line; std::getline(in, line);) {
    const std::size_t first = line.find(',');
    factors.push_back(line.substr(first + 1, line.find(',', first + 1) - first - 1));
  }
  factors.erase(factors.begin());
  const char* names[] = {"heroin", "alcohol",  "alprazolam", "cocaine", "ghb",
                         "mdma",   "fentanyl", "cannabis",   "nicotine"};
  const char* routes[] = {"injected", "smoked", "swallowed", "snorted"};
  const char* wishes[] = {"no", "some", "yes", "not_said"};
  int taken = 0;
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random{Seed{seed}, 3};
    std::string text = R"({"format":"ombre-situation-1","nothing_else":true,"substances":[)";
    for (std::uint64_t i = 0; i < 1 + seed % 3; ++i) {
      text += std::string{i == 0 ? "" : ","} + R"({"name":")" + names[random.below(9)] +
              R"(","route":")" + routes[random.below(4)] + R"(","street":true})";
    }
    text += R"(],"factors":[)";
    bool first = true;
    for (const std::string& factor : factors) {
      if (random.below(4) != 0) continue;
      const bool number =
          factor.starts_with("days_since") || factor == "mme_a_day" || factor == "age_years";
      text += std::string{first ? "" : ","} + R"({"factor":")" + factor + R"(","value":)" +
              (number            ? std::to_string(20 + random.below(60))
               : random.below(2) ? "true"
                                 : "false") +
              "}";
      first = false;
    }
    text += R"(],"wishes":{"change_use":")" + std::string{wishes[seed % 4]} + R"("}})";
    const auto ran = ombre("options - --all --format table --figure t.svg", text);
    if (ran.code != 0) continue;  // some factors are worked out and may not be said
    ++taken;
    passes(ran.out, "options");
    passes(ran.err, "options (messages)");
    passes(read("t.svg"), "figure");
    passes(ombre("options - --all --format csv", text).out, "options as rows");
  }
  EXPECT_GT(taken, 20);
}

TEST_F(WordingOfTheProgram, ReviewsPlansAndProgressOfMadeUpPeople) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    SCOPED_TRACE(seed);
    RandomStream random{Seed{seed}, 4};
    write("plan.json", R"({"format":"ombre-goal-plan-1","id":"ada","versions":[
 {"change":{"on":"2026-01-05","by":{"name":"Ada","role":"person"}},"made_by":[{"name":"Ada"}],
  "goals":[{"id":"a","aim":")" +
                           std::string{seed % 2 == 0 ? "abstain_some" : "safer_use"} +
                           R"(","substances":["heroin"],"opened":"2026-02-02"},
           {"id":"b","words":"less","aim":"reduce","substances":["alcohol"],"opened":"2026-02-02",
            "confidence":[{"on":"2026-02-02","value":)" +
                           std::to_string(random.below(11)) + R"(}],
            "weekly":[{"substance":"alcohol","from":"2026-02-02","amount":20,"unit":"drink_us"},
                      {"substance":"alcohol","from":"2026-02-09","amount":12,"unit":"drink_us"},
                      {"substance":"alcohol","from":"2026-02-16","amount":8,"unit":"drink_us"}]},
           {"id":"c","words":"work","aim":"life","domain":"occupational","opened":"2026-02-02"}]}]})");
    std::string use = "person_id,date,substance,amount,unit\n";
    std::string life = "date,work\n";
    for (int m = 1; m <= 3; ++m) {
      for (int d = 1; d <= 28; ++d) {
        const std::string day =
            "2026-0" + std::to_string(m) + (d < 10 ? "-0" : "-") + std::to_string(d);
        use += "ada," + day + ",alcohol," + std::to_string(random.below(seed % 3 == 0 ? 2 : 9)) +
               ",drink_us\n";
        if (random.below(6) == 0) use += "ada," + day + ",heroin,0.2,g\n";
        if (random.below(9) == 0) use += "ada," + day + ",diazepam,10,mg\n";
        if (d % 7 == 0) life += day + "," + std::to_string(random.below(6)) + "\n";
      }
    }
    write("use.csv", use);
    write("life.csv", life);
    const std::string days = " --tlfb use.csv --absent none";
    says_well("review plan.json" + days + " --svg use.svg");
    passes(read("use.svg"), "figure");
    says_well("plan check plan.json");
    says_well("plan next plan.json --today 2026-03-01 --svg goals.svg");
    passes(read("goals.svg"), "figure");
    says_well("plan progress plan.json --today 2026-03-28 --life life.csv" + days);
    if (seed > 0) continue;
    says_well("review plan.json" + days + " --format json");
  }
}
