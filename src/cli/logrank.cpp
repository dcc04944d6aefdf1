// `ombre logrank`: are groups alike in how long they stay event-free?
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "cli/rows.hpp"
#include "cli/survival_input.hpp"
#include "ombre/io/table.hpp"
#include "ombre/stats/log_rank.hpp"

namespace ombre::cli {
namespace {

namespace st = stats;

struct Options {
  SurvivalInput input;
  std::vector<double> rho{0};
  std::vector<double> gamma;
  std::vector<double> scores;
  bool trend = false;
  bool permutation = false;
  bool max_combo = false;
  std::size_t relabellings = 100'000;
  std::uint64_t seed = 1;
  std::string output = "-";
  std::string format;
};

// A p value as people read it.
std::string readable_p(double p) { return p < 0.0001 ? "< 0.0001" : io::readable(p, 4); }

Exit run(const Options& o) {
  if (o.input.group.empty()) return fail("--group is required: what is compared", Exit::usage);
  if (!o.gamma.empty() && o.gamma.size() != 1 && o.gamma.size() != o.rho.size()) {
    return fail("--gamma must be one number, or one for each of --rho", Exit::usage);
  }
  const std::array inputs{NamedPath{"--data", o.input.data}, NamedPath{"--join", o.input.join}};
  const std::array outputs{NamedPath{"--output", o.output}};
  if (auto good = check_paths(inputs, outputs); !good) return fail(good.error());
  Findings findings;
  const auto rows = read_survival_rows(o.input, findings);
  if (!rows) return fail(by_option(rows.error()));
  st::GroupedTimes data{rows->time, rows->event, rows->group.code, rows->group.size()};
  if (rows->strata.used()) {
    data.stratum = rows->strata.code;
    data.strata = rows->strata.size();
  }
  data.entry = rows->entry;
  data.weight = rows->weight;
  const bool weighted = !rows->weight.empty();
  if (std::ranges::any_of(rows->weight, [](double w) { return w != std::floor(w); })) {
    Finding finding;
    finding.severity = Severity::caution;
    finding.rule = "weights_taken_as_counts";
    finding.field = o.input.weight;
    finding.text = "the variance takes weights as numbers of people, and not all are whole";
    findings.add(std::move(finding));
  }
  std::vector<st::RankWeight> weights;
  for (std::size_t i = 0; i < o.rho.size(); ++i) {
    weights.push_back({o.rho[i], o.gamma.empty()       ? 0
                                 : o.gamma.size() == 1 ? o.gamma[0]
                                                       : o.gamma[i]});
  }
  const auto tests = st::log_rank_family(data, weights);
  if (!tests) return fail(by_line(o.input, *rows, tests.error()));

  Rows out;
  out.columns = {{"test"}, {"rho"}, {"gamma"}, {"group"}, {"n"}};
  // Beside weights, rows and what they stand for are two numbers.
  std::vector<double> weight_of(weighted ? data.groups : 0, 0.0);
  for (std::size_t i = 0; i < rows->weight.size(); ++i) {
    weight_of[rows->group.code[i]] += rows->weight[i];
  }
  if (weighted) out.columns.push_back({"sum_of_weights"});
  for (const char* name : {"observed", "expected", "statistic", "df", "p"}) {
    out.columns.push_back({name});
  }
  if (weighted) {
    out.above.push_back(
        "n counts rows; observed and expected are sums of weights, which count as people.");
  }
  const auto line = [&](std::string test, std::optional<st::RankWeight> weight) {
    std::vector<Cell> cells{std::move(test)};
    cells.emplace_back(weight ? std::optional{weight->rho} : std::nullopt);
    cells.emplace_back(weight ? std::optional{weight->gamma} : std::nullopt);
    return cells;
  };
  const auto close = [&](std::vector<Cell> cells, std::optional<double> statistic,
                         std::optional<double> df, std::optional<double> p) {
    while (cells.size() + 3 < out.columns.size()) cells.emplace_back();
    cells.emplace_back(statistic, 4);
    cells.emplace_back(df, 0);
    cells.emplace_back(p, 6);
    out.add(std::move(cells));
  };
  const auto no_answer = [&findings](const char* what, const char* why) {
    Finding finding;
    finding.severity = Severity::caution;
    finding.rule = "no_test";
    finding.field = "--group";
    finding.text = std::string{"there is no test of "} + what + ": " + why;
    findings.add(std::move(finding));
  };
  const std::string first = group_label(o.input, rows->group, 0);
  const auto explain = [&out](std::string sentence) {
    if (std::ranges::find(out.below, sentence) == out.below.end()) {
      out.below.push_back(std::move(sentence));
    }
  };
  for (const st::WeightedLogRank& test : *tests) {
    for (std::size_t g = 0; g < data.groups; ++g) {
      auto cells = line("groups", test.weight);
      cells.emplace_back(group_label(o.input, rows->group, g));
      cells.emplace_back(static_cast<double>(test.n[g]), 0);
      if (weighted) cells.emplace_back(weight_of[g]);
      cells.emplace_back(test.observed[g]);
      cells.emplace_back(test.expected[g]);
      close(std::move(cells), std::nullopt, std::nullopt, std::nullopt);
    }
    close(line("chi_square", test.weight), test.chi_square, test.df, test.p);
    std::string name =
        test.weight == st::RankWeight{}
            ? "Log-rank test"
            : "G(" + io::readable(test.weight.rho) + ", " + io::readable(test.weight.gamma) + ")";
    if (test.p) {
      out.below.push_back(name + ": chi-square " + io::readable(*test.chi_square, 3) + " on " +
                          std::to_string(test.df) + " df, p " + (*test.p < 0.0001 ? "" : "= ") +
                          readable_p(*test.p));
    } else {
      out.below.push_back(name + (data.groups < 2 ? ": there is only one group."
                                                  : ": no event tells the groups apart."));
      if (findings.count("no_test") == 0) {
        Finding finding;
        finding.severity = Severity::caution;
        finding.rule = "no_test";
        finding.field = "--group";
        finding.text = data.groups < 2
                           ? "there is only one group, so nothing can be compared"
                           : "no event tells the groups apart, so there is no chi-square";
        findings.add(std::move(finding));
      }
    }
    if (o.trend || !o.scores.empty()) {
      std::vector<double> scores = o.scores;
      if (scores.empty()) {
        scores.resize(data.groups);
        std::iota(scores.begin(), scores.end(), 1.0);
      }
      const auto trend = st::log_rank_trend(test, scores);
      if (!trend) return fail(by_option(trend.error()));
      if (!*trend) no_answer("the trend", "the scores, or the groups that meet, do not differ");
      if (*trend) {
        close(line("trend_z", test.weight), (*trend)->z, std::nullopt, (*trend)->p);
        explain(
            "trend_z: positive where groups with higher scores (without --scores: later in the "
            "list) have more events.");
      }
    }
    if (o.permutation) {
      st::LogRankPermutationOptions how;
      how.weight = test.weight;
      how.random_relabellings = o.relabellings;
      how.seed = o.seed;
      const auto exact = st::log_rank_permutation(data, how, progress_bar("relabelling"));
      if (!exact) return fail(by_option(exact.error()));
      close(line(exact->exact ? "permutation_exact" : "permutation_random", test.weight),
            exact->statistic, std::nullopt, exact->p);
      explain(std::string{exact->exact ? "permutation_exact" : "permutation_random"} +
              ": observed - expected of " + first + "; p from " + (exact->exact ? "all " : "") +
              io::readable(exact->relabellings) + (exact->exact ? "" : " random") +
              " relabellings.");
    }
  }
  if (o.max_combo) {
    constexpr std::array usual{st::RankWeight{0, 0}, st::RankWeight{0, 1}, st::RankWeight{1, 0},
                               st::RankWeight{1, 1}};
    const auto most =
        st::max_combo(data, weights.size() > 1 ? std::span<const st::RankWeight>{weights}
                                               : std::span<const st::RankWeight>{usual});
    if (!most) return fail(by_option(most.error()));
    if (!*most) no_answer("the maximum", "one of its weightings has no variance");
    if (*most) {
      for (std::size_t i = 0; i < (*most)->z.size(); ++i) {
        close(line("max_combo_z", (*most)->weights[i]), (*most)->z[i], std::nullopt, std::nullopt);
      }
      close(line("max_combo", std::nullopt), (*most)->largest, std::nullopt, (*most)->p);
      explain("max_combo_z: positive where " + first +
              " has more events; max_combo: the largest, "
              "without its sign.");
    }
  }
  report(findings);
  return print(out, choose_format(o.format, o.output), o.output);
}

Command::Run set_up(CLI::App& app) {
  auto o = std::make_shared<Options>();
  app.footer(
      "\nWeights S(t-)^rho (1 - S(t-))^gamma: rho > 0 looks at early differences, gamma > 0 at "
      "late\n"
      "ones. --max-combo takes the largest of (0,0), (0,1), (1,0), (1,1), or of those given, and\n"
      "allows for having looked several times. Output: test, rho, gamma, group, n, observed,\n"
      "expected, statistic, df, p; n counts rows, with --weight there is sum_of_weights beside "
      "it.\n"
      "Example\n"
      "  ombre logrank trial.csv --time days --event relapse --group arm --strata site --rho 0,1\n"
      "More: docs/survival.md.");
  add_survival_options(app, o->input, true, false);
  add_numbers(app, "--rho", o->rho, "weight for early differences; several make several tests");
  add_numbers(app, "--gamma", o->gamma, "weight for late differences, one for each --rho");
  app.add_flag("--trend", o->trend, "also a trend over the groups in their order");
  add_numbers(app, "--scores", o->scores, "of the groups, for the trend");
  app.add_flag("--permutation", o->permutation,
               "also the permutation distribution: exact in small samples (two groups)");
  app.add_option("--relabellings", o->relabellings, "random ones where there are too many")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000'000}))
      ->capture_default_str();
  app.add_option("--seed", o->seed, "of the random ones")->capture_default_str();
  app.add_flag("--max-combo", o->max_combo, "also the largest of several weightings (two groups)");
  app.add_option("-o,--output", o->output, "where the result goes")->capture_default_str();
  add_format_option(app, o->format, true);
  return [o] { return run(*o); };
}

const Command logrank{"logrank", "Compare groups: log-rank and its family", 24, set_up};

}  // namespace
}  // namespace ombre::cli
