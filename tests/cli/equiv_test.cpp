// The commands `equiv` and `mix`, run as a person runs them.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

namespace {

struct Ran {
  int exit = -1;
  std::string out;  // standard output and standard error, as a terminal shows them
};

Ran run(const std::string& arguments) {
  Ran ran;
  const std::string command = std::string{OMBRE_PROGRAM} + ' ' + arguments + " 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return ran;
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    ran.out.append(buffer.data(), n);
  }
  const int status = pclose(pipe);
  ran.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

bool says(const Ran& ran, const std::string& text) {
  return ran.out.find(text) != std::string::npos;
}

// CDC's worked numbers: oxycodone 10 mg twice is 30 MME; fentanyl 25 mcg/h is 60.
TEST(EquivMme, PrintsTheTotalOfADay) {
  const Ran ran = run("equiv mme 'oxycodone 10 mg x2' 'fentanyl patch 25 mcg/h' --format csv");
  EXPECT_EQ(ran.exit, 0) << ran.out;
  EXPECT_TRUE(
      says(ran, "\"oxycodone 20 mg a day, oral\",cdc-2022,counted,30,1.5,cdc-2022,verified,"))
      << ran.out;
  EXPECT_TRUE(says(ran, "total,cdc-2022,computed,90,")) << ran.out;
}

TEST(EquivMme, AnUnknownDoseLeavesTheTotalEmptyAndSaysWhy) {
  const Ran ran = run("equiv mme --edition cdc-2016 heroin 'methadone 45 mg' --format csv");
  EXPECT_EQ(ran.exit, 0);
  EXPECT_TRUE(says(ran, "total,cdc-2016,unknown,,")) << ran.out;
  EXPECT_TRUE(says(ran, "at least 450")) << ran.out;
  EXPECT_TRUE(says(ran, "mme_unknown_potency")) << ran.out;
}

TEST(EquivDiazepam, PrintsEverySourceAndTheInterval) {
  const Ran ran = run("equiv diazepam lorazepam 4 mg --format table");
  EXPECT_EQ(ran.exit, 0);
  EXPECT_TRUE(says(ran, "lorazepam 4 mg a day = 20 to 40 mg of diazepam")) << ran.out;
  EXPECT_TRUE(says(ran, "ashton-2002")) << ran.out;
  EXPECT_TRUE(says(ran, "sources disagree")) << ran.out;
  const Ran one = run("equiv diazepam 'lorazepam 4 mg' --source ashton-2002 --format csv");
  EXPECT_TRUE(says(one, "lorazepam,4,ashton-2002,\"2002, table 2007\",40,40,40,known,")) << one.out;
}

// 500 mL of 5 %: 19.73 g, 2.5 units (notes on the spectrum of use, 1.4).
TEST(EquivDrinks, PrintsGramsAndDrinks) {
  const Ran ran = run("equiv drinks 500 ml 5 % --country US --format table");
  EXPECT_EQ(ran.exit, 0);
  EXPECT_TRUE(says(ran, "19.73 g of ethanol, 2.5 UK units")) << ran.out;
  EXPECT_TRUE(says(ran, "1.41")) << ran.out;
  for (const char* same :
       {"500ml 5%", "50 cl 5 %", "0.5 L 5%", "'500 ml' '5 %'", "500 ml 10 proof"}) {
    EXPECT_TRUE(says(run("equiv drinks " + std::string{same} + " --format table"), "19.73 g"))
        << same;
  }
}

TEST(EquivDrinks, AllListsFortyTwoCountriesAndTheReference) {
  const Ran ran = run("equiv drinks 20 g --all --format csv");
  EXPECT_EQ(std::count(ran.out.begin(), ran.out.end(), '\n'), 44) << ran.out;
  EXPECT_TRUE(says(ran, "HU,Hungary,20,10,,2,,uncertain,")) << ran.out;
}

TEST(EquivDrinks, JsonHoldsNumbersAndNulls) {
  const Ran ran = run("equiv drinks 14 g --country US --format json");
  EXPECT_TRUE(says(ran, "\"drinks\": 1")) << ran.out;
  EXPECT_TRUE(says(ran, "\"drinks_high\": null")) << ran.out;
}

TEST(Equiv, BadInputGetsASentenceAndItsExitCode) {
  struct Row {
    const char* arguments;
    const char* sentence;
    int exit;
  };
  for (const Row& row :
       {Row{"equiv mme 'oxycodon 10 mg'", "did you mean oxycodone?", 1},
        Row{"equiv mme 'diazepam 10 mg'", "MME are for opioids", 1},
        Row{"equiv mme 'oxycodone 10'", "a number without a unit", 1},
        Row{"equiv mme 'oxycodone 10 mg' --edition 1999", "must be cdc-2022 or cdc-2016", 1},
        Row{"equiv mme", "DOSE", 2}, Row{"equiv", "subcommand", 2},
        Row{"equiv diazepam cocaine 1 g", "only benzodiazepines and z-drugs", 1},
        Row{"equiv diazepam lorazepam", "amount in milligrams", 1},
        Row{"equiv diazepam zaleplon 10 mg --source bnf", "these have: ashton-2002", 1},
        Row{"equiv drinks lots", "a volume and a strength", 1},
        Row{"equiv drinks 500 ml", "a volume and a strength", 1},
        Row{"equiv drinks 500 ml 500 ml 5 %", "a volume and a strength", 1},
        Row{"equiv drinks 500 ml 105 %", "0 to 100 percent", 1},
        Row{"equiv drinks 20 g --country Atlantis", "no standard drink", 1},
        Row{"equiv drinks 20 g --country HU", "--uncertain", 1},
        Row{"equiv drinks 20 g --format pdf", "--format", 2},
        Row{"equiv drinks 20 g -o /nowhere/at/all.csv", "/nowhere/at/all.csv", 3}}) {
    const Ran ran = run(row.arguments);
    EXPECT_EQ(ran.exit, row.exit) << row.arguments << '\n' << ran.out;
    EXPECT_TRUE(says(ran, row.sentence)) << row.arguments << '\n' << ran.out;
  }
}

TEST(Equiv, NumbersThatAreNotUnderstoodAreNamed) {
  struct Row {
    std::string arguments;
    std::string sentence;
  };
  for (const Row& row : {Row{"equiv mme \"morphine -5 mg\"", "without a sign"},
                         Row{"equiv mme \"methadone 10,5 mg\"", "write a decimal point"},
                         Row{"equiv mme \"10 mg oxycodone\"", "the name comes first"},
                         Row{"equiv mme \"morphine 1e3 mg\"", "not a plain number"},
                         Row{"equiv mme \"morphine 10 ml\"", "not 'ml'"},
                         Row{"equiv drinks 12 buckets 5%", "fl oz (US)"}}) {
    const Ran ran = run(row.arguments);
    EXPECT_EQ(ran.exit, 1) << row.arguments << '\n' << ran.out;
    EXPECT_TRUE(says(ran, row.sentence)) << row.arguments << '\n' << ran.out;
  }
  EXPECT_TRUE(says(run("equiv mme \"morphine 0.1 mg x3\" --format csv"), "morphine 0.3 mg a day"));
  EXPECT_EQ(run("equiv drinks 12 fl oz 5% --format csv").exit, 0);
}

TEST(Equiv, ThresholdsAndUnitsAreInTheFilesToo) {
  const Ran mme = run("equiv mme \"oxycodone 20 mg x3\" --format csv");  // 90 MME
  EXPECT_TRUE(says(mme, "at or above 50 MME a day,cdc-2022,yes,50")) << mme.out;
  // 500 mL x 5 % / 1000 = 2.5 UK units.
  const Ran units = run("equiv drinks 500 ml 5 % --country GB --format csv");
  EXPECT_TRUE(says(units, ",2.5,")) << units.out;
}

TEST(Mix, ListsDangersAndDoesNotClearTheRest) {
  const Ran ran = run("mix heroin alcohol cannabis --format table");
  EXPECT_EQ(ran.exit, 0);
  EXPECT_TRUE(says(ran, "danger")) << ran.out;
  EXPECT_TRUE(says(ran, "naloxone")) << ran.out;
  EXPECT_TRUE(says(ran, "Not listed, which does not mean safe: heroin and cannabis")) << ran.out;
  const Ran unknown = run("mix heroin bluething --format csv");
  EXPECT_EQ(unknown.exit, 0);
  EXPECT_TRUE(says(unknown, "nothing can be said about mixing it")) << unknown.out;
  EXPECT_TRUE(says(unknown, "bluething,,not known,unknown")) << unknown.out;
}

TEST(Mix, ProgramsAreToldOfPairsWithoutARule) {
  const Ran ran = run("mix alcohol cannabis --format json");
  EXPECT_EQ(ran.exit, 0);
  EXPECT_TRUE(says(ran, "\"severity\": \"not listed\"") || says(ran, "\"severity\":\"not listed\""))
      << ran.out;
  EXPECT_TRUE(says(ran, "does not mean that it is safe")) << ran.out;
}

TEST(Equiv, HelpExplainsAndShowsAnExample) {
  EXPECT_TRUE(says(run("equiv --help"), "none is invented"));
  EXPECT_TRUE(says(run("equiv mme --help"), "Example: ombre equiv mme"));
  EXPECT_TRUE(says(run("equiv drinks --help"), "Example: ombre equiv drinks"));
}

}  // namespace
