// No command writes over what it reads.

#include <gtest/gtest.h>

#include "cli/program.hpp"

namespace ombre::testing {
namespace {

struct Paths {
  const char* arguments;
  const char* sentence;
};

class SamePath : public ProgramTest, public ::testing::WithParamInterface<Paths> {};

TEST_P(SamePath, IsRefusedAndTheFileStays) {
  for (const char* file : {"in.json", "in.csv"}) write(file, "kept");
  write("spec.json", R"({"method": "kaplan_meier", "data": "in.csv"})");
  const Ran ran = ombre(GetParam().arguments);
  EXPECT_EQ(ran.code, 2) << ran.err;
  EXPECT_NE(ran.err.find(GetParam().sentence), std::string::npos) << ran.err;
  EXPECT_EQ(read("in.json"), "kept");
  EXPECT_EQ(read("in.csv"), "kept");
}

INSTANTIATE_TEST_SUITE_P(
    Commands, SamePath,
    ::testing::Values(Paths{"options in.json -o in.json", "same file as SITUATION"},
                      Paths{"options in.json --figure in.json", "same file as SITUATION"},
                      Paths{"options in.json -o a --figure ./a", "same file as --output"},
                      Paths{"score audit in.csv -o in.csv", "same file as FILE"},
                      Paths{"analyse in.json -o in.json", "same file as SPEC"},
                      Paths{"analyse spec.json -o in.csv", "same file as the spec's data"}));

}  // namespace
}  // namespace ombre::testing
