#include "ombre/io/endpoint_csv.hpp"

#include <gtest/gtest.h>
#include <sstream>

#include <thread>

#include "io/temporary_folder.hpp"
#include "ombre/io/file.hpp"
#include "ombre/outcomes/endpoint_builtin.hpp"
#include "outcomes/word_support.hpp"

namespace {

using namespace ombre;
using namespace ombre::outcomes;

class Threads final : public Runner {
 public:
  explicit Threads(std::size_t n) : n_{n} {}
  void run(std::size_t count, const std::function<void(std::size_t)>& task) const override {
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < n_; ++t) {
      threads.emplace_back([&, t] {
        for (std::size_t i = t; i < count; i += n_) task(i);
      });
    }
    for (auto& thread : threads) thread.join();
  }
  [[nodiscard]] std::size_t workers() const noexcept override { return n_; }

 private:
  std::size_t n_;
};

struct Answer {
  std::string text;
  io::EndpointRun run;
  Findings findings;
};

Result<Answer> answer(std::string_view csv, const std::vector<Endpoint>& endpoints,
                      io::EndpointLayout layout = io::EndpointLayout::wide, bool honesty = false,
                      io::WordCsvOptions options = {}, const Runner& runner = serial()) {
  auto plan = EndpointPlan::compile(endpoints, {honesty});
  if (!plan) return unexpected(plan.error());
  auto reader = io::CsvReader::from_text(csv, options.csv, "words.csv");
  if (!reader) return unexpected(reader.error());
  Answer a;
  auto run = io::write_endpoints(
      *reader, *plan, layout, options,
      [&](std::string_view bytes) -> Result<void> {
        a.text += bytes;
        return {};
      },
      a.findings, runner);
  if (!run) return unexpected(run.error());
  a.run = *run;
  return a;
}

std::vector<Endpoint> some(std::initializer_list<const char*> ids) {
  const Registry registry = builtin_endpoints();
  std::vector<Endpoint> list;
  for (const char* id : ids) list.push_back(*registry.find(id));
  return list;
}

TEST(EndpointCsv, WideHasOneRowAPerson) {
  const auto a = answer("who,word\np1,--++\n\"p,2\",oooo\n",
                        some({"abs_kosten_1993", "rel_lee_2016", "red_fiellin_2006"}));
  ASSERT_TRUE(a) << describe(a.error());
  EXPECT_EQ(a->text,
            "who,abs_kosten_1993,rel_lee_2016_time,rel_lee_2016_event,red_fiellin_2006\n"
            "p1,false,3,1,0.5\n"
            "\"p,2\",false,3,1,0\n");
  EXPECT_EQ(a->run.people, 2u);
}

TEST(EndpointCsv, TidyHasOneRowAPersonAndEndpointAndBoundsWhereAsked) {
  const auto a = answer("person_id,word\np1,-o\n", some({"rel_lee_2016", "red_fiellin_2006"}),
                        io::EndpointLayout::tidy, true);
  ASSERT_TRUE(a) << describe(a.error());
  // Two weeks have no window of four: no value. Clean share: 1/2, between 1/2 and 1.
  EXPECT_EQ(a->text,
            "who,endpoint,value,event,worst,worst_event,best,best_event,weeks,weeks_missed\n"
            "p1,rel_lee_2016,,,,,,,2,1\n"
            "p1,red_fiellin_2006,0.5,,0.5,,1,,2,1\n");
}

TEST(EndpointCsv, WideWithBoundsNamesItsColumns) {
  const auto a = answer("who,word\n1,+ooo\n", some({"rel_ctn0094_2023", "abs_kosten_1993"}),
                        io::EndpointLayout::wide, true);
  ASSERT_TRUE(a);
  EXPECT_EQ(a->text,
            "who,rel_ctn0094_2023_time,rel_ctn0094_2023_event,rel_ctn0094_2023_time_worst,"
            "rel_ctn0094_2023_event_worst,rel_ctn0094_2023_time_best,rel_ctn0094_2023_event_best,"
            "rel_ctn0094_2023_weeks,rel_ctn0094_2023_weeks_missed,abs_kosten_1993,"
            "abs_kosten_1993_worst,abs_kosten_1993_best,abs_kosten_1993_weeks,"
            "abs_kosten_1993_weeks_missed\n"
            "1,1,1,1,1,1,0,4,3,false,false,true,4,3\n");
}

TEST(EndpointCsv, SeveralColumnsMakeOneWord) {
  const std::string csv = "who,phase1,phase2\n1,--,-+\n2,--,\n";
  io::WordCsvOptions options;
  options.word = "phase1+phase2";
  const auto a = answer(csv, some({"abs_kosten_1993", "abs_fiellin_2006"}),
                        io::EndpointLayout::wide, false, options);
  ASSERT_TRUE(a) << describe(a.error());
  EXPECT_EQ(a->text, "who,abs_kosten_1993,abs_fiellin_2006\n1,true,3\n2,false,2\n");
}

TEST(EndpointCsv, DoubtfulRowsAreNamedAndKept) {
  const auto a = answer("who,word\n7,--x-\n8,\n7,----\n,--\n", some({"abs_fiellin_2006"}));
  ASSERT_TRUE(a) << describe(a.error());
  EXPECT_EQ(a->text, "who,abs_fiellin_2006\n7,\n8,\n7,4\n,2\n");
  EXPECT_EQ(a->run.without_results, 2u);
  EXPECT_EQ(a->findings.count("unknown_symbol"), 1u);
  EXPECT_EQ(a->findings.count("empty_word"), 1u);
  EXPECT_EQ(a->findings.count("duplicate_person"), 1u);
  EXPECT_EQ(a->findings.count("no_person"), 1u);
  const std::string first = describe(a->findings.stored()[0]);
  EXPECT_NE(first.find("position 3"), std::string::npos) << first;
  EXPECT_NE(first.find("line 2"), std::string::npos) << first;
  EXPECT_NE(first.find("person 7"), std::string::npos) << first;
}

TEST(EndpointCsv, StopsAtTheFirstBadWordWhereAsked) {
  io::WordCsvOptions options;
  options.on_doubt = io::OnDoubt::stop;
  const auto a = answer("who,word\n1,--\n2,-x\n", some({"abs_fiellin_2006"}),
                        io::EndpointLayout::wide, false, options);
  ASSERT_FALSE(a);
  const std::string sentence = describe(a.error());
  EXPECT_NE(sentence.find("line 3"), std::string::npos) << sentence;
  EXPECT_NE(sentence.find("person 2"), std::string::npos) << sentence;
}

TEST(EndpointCsv, WindowsOutsideTheWordAreReported) {
  const auto a = answer("who,word\na,----\nb,----\nc,--------\nd,---------------\n",
                        some({"abs_krupitsky_b_2011", "red_fiellin_2006"}));
  ASSERT_TRUE(a);
  EXPECT_EQ(a->findings.count("window_outside_word"), 2u);  // a and b end before week 5
  EXPECT_EQ(a->findings.count("window_cut"), 1u);           // c ends within weeks 5-15
  EXPECT_EQ(a->findings.stored()[0].person, "a");
  EXPECT_EQ(a->run.shortest_word, 4u);
  EXPECT_EQ(a->run.longest_word, 15u);
}

TEST(EndpointCsv, SortedAndUnsortedIdsThatComeTwiceAreFound) {
  const auto count = [](std::string_view rows) {
    const auto a = answer("who,word\n" + std::string{rows}, some({"abs_fiellin_2006"}));
    return a ? a->findings.count("duplicate_person") : 99;
  };
  EXPECT_EQ(count("1,-\n2,-\n10,-\n"), 0u);
  EXPECT_EQ(count("1,-\n2,-\n2,-\n"), 1u);
  EXPECT_EQ(count("1,-\n2,-\n10,-\n1,-\n"), 1u);
  EXPECT_EQ(count("b,-\na,-\nc,-\nb,-\nb,-\n"), 2u);
}

TEST(EndpointCsv, BytesDoNotDependOnThreadsOrPieces) {
  std::mt19937_64 rng{5};
  std::string csv = "who,word\r\n";
  for (int i = 0; i < 30'000; ++i) {
    csv += std::to_string(i) + ",\"" + ombre_test::random_text(rng, rng() % 45, "+-*o") + "\"\r\n";
  }
  const auto endpoints = published_endpoints();
  const auto one = answer(csv, endpoints, io::EndpointLayout::wide, true);
  ASSERT_TRUE(one);
  EXPECT_EQ(one->run.people, 30'000u);
  for (const std::size_t threads : {2u, 3u, 7u}) {
    for (const std::size_t piece : {64u, 100'000u}) {
      io::WordCsvOptions options;
      options.csv.chunk_bytes = piece;
      const auto other =
          answer(csv, endpoints, io::EndpointLayout::wide, true, options, Threads{threads});
      ASSERT_TRUE(other);
      EXPECT_TRUE(other->text == one->text) << threads << ' ' << piece;
    }
  }
}

TEST(EndpointCsv, NumbersReadBackAsTheSameDoubles) {
  std::mt19937_64 rng{8};
  std::string csv = "who,word\n";
  std::vector<std::string> words;
  for (int i = 0; i < 3000; ++i) {
    words.push_back(ombre_test::random_text(rng, 15 + rng() % 20, "+-*o"));
    csv += std::to_string(i) + ',' + words.back() + '\n';
  }
  const auto endpoints = some({"red_ling_a_1976", "red_ling_b_1976", "red_fudala_2003"});
  const auto a = answer(csv, endpoints);
  ASSERT_TRUE(a);
  std::istringstream lines{a->text};
  std::string line;
  std::getline(lines, line);
  for (const std::string& w : words) {
    std::getline(lines, line);
    const auto cells = ombre_test::split(line, ',');
    for (std::size_t e = 0; e < 3; ++e) {
      EXPECT_EQ(ombre_test::number(cells[e + 1]),
                endpoints[e].evaluate(ombre_test::word(w))->value);
    }
  }
}

TEST(EndpointCsv, FaultyFilesAreRefused) {
  const auto endpoints = some({"abs_fiellin_2006"});
  EXPECT_EQ(answer("", endpoints).error().code, Errc::empty_input);
  EXPECT_EQ(answer("who,urine\n1,-\n", endpoints).error().code, Errc::missing);
  EXPECT_EQ(answer("who,word\n1,-,3\n", endpoints).error().code, Errc::malformed);
  const auto none = answer("who,word\n", endpoints);
  ASSERT_TRUE(none);
  EXPECT_EQ(none->text, "who,abs_fiellin_2006\n");
  io::WordCsvOptions options;
  options.word = "urin";
  const auto wrong =
      answer("who,urine\n1,-\n", endpoints, io::EndpointLayout::wide, false, options);
  ASSERT_FALSE(wrong);
  EXPECT_NE(describe(wrong.error()).find("urine"), std::string::npos);
}

TEST(EndpointCsv, ReadsWordsIntoMemoryWithTheirArms) {
  const ombre_test::TemporaryFolder folder;
  const std::string path = (folder.path() / "w.csv").string();
  ASSERT_TRUE(io::write_file(path, "who,arm,word\n1,B,--\n2,A,+\n3,,o\n4,B,zz\n"));
  Findings findings;
  io::WordCsvOptions options;
  options.arm = "arm";
  const auto table = io::read_words(path, options, findings);
  ASSERT_TRUE(table) << describe(table.error());
  EXPECT_EQ(table->arms, (std::vector<std::string>{"B", "A", ""}));
  EXPECT_EQ(table->arm, (std::vector<std::uint32_t>{0, 1, 2, 0}));
  EXPECT_EQ(table->usable, (std::vector<std::uint8_t>{1, 1, 1, 0}));
  EXPECT_EQ(table->person[1], "2");
  EXPECT_EQ(table->words.word(0).text(), "--");
  EXPECT_EQ(findings.count("no_arm"), 1u);
  EXPECT_EQ(findings.count("unknown_symbol"), 1u);
}

}  // namespace
