// `logrank`: the G(rho, gamma) family, trend, and on request permutation and maximum tests.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "io/analysis_method.hpp"
#include "ombre/stats/log_rank.hpp"

namespace ombre::inline v0::io::detail {
namespace {

namespace st = stats;

struct LogRankSpec {
  std::vector<double> rho{0, 0.5, 1};
  std::vector<double> gamma{};  // empty: 0 with every rho
  std::optional<std::vector<double>> scores{};
  st::LogRankOptions how{};
  bool max_combo = false;
  bool permutation = false;
  st::LogRankPermutationOptions permute{};
  cohort::RowPolicy policy{};
};

Result<LogRankSpec> read_options(const JsonView& view) {
  LogRankSpec out;
  JsonFields fields{view};
  if (auto rho = optional_numbers(fields, "rho", 0, 100)) out.rho = *std::move(rho);
  if (auto gamma = optional_numbers(fields, "gamma", 0, 100)) out.gamma = *std::move(gamma);
  if (out.gamma.size() == 1) out.gamma.assign(out.rho.size(), out.gamma[0]);
  if (!out.gamma.empty() && out.gamma.size() != out.rho.size()) {
    fields.refuse("gamma", Errc::size_mismatch, "must be one number, or one for each rho");
  }
  if (out.rho.empty()) fields.refuse("rho", Errc::empty_input, "must name at least one number");
  out.scores = optional_numbers(fields, "trend_scores", -1e300, 1e300);
  if (const auto fix = fields.optional_boolean("timefix"); fix && !*fix) out.how.tie_tolerance = 0;
  out.max_combo = fields.optional_boolean("max_combo").value_or(false);
  out.permutation = fields.optional_boolean("permutation").value_or(false);
  out.permute.random_relabellings = static_cast<std::size_t>(
      fields.optional_integer("relabellings", 1, 1'000'000'000).value_or(100'000));
  out.permute.seed = static_cast<std::uint64_t>(
      fields.optional_integer("seed", 0, std::int64_t{1} << 53U).value_or(1));
  out.permute.tie_tolerance = out.how.tie_tolerance;
  out.policy.event_code = event_code_of(fields);
  if (auto read = fields.finish(); !read) return unexpected(read.error());
  return out;
}

Json trend_json(const st::LogRankTrend& trend, std::span<const double> scores) {
  Json out = Json::object();
  out.set("scores", json_list(scores));
  out.set("chisq", json_of(trend.chi_square));
  out.set("z", json_of(trend.z));
  out.set("p", json_of(trend.p));
  return out;
}

}  // namespace

Result<Json> analyse_logrank(const AnalysisInput& input) {
  if (auto good =
          input.columns.only({"time", "status", "entry", "weight", "group", "strata", "id"});
      !good) {
    return unexpected(good.error());
  }
  if (!input.columns.has("group")) {
    return unexpected(
        error_of(Errc::missing, "$.columns.group", "a log-rank test compares groups"));
  }
  const auto options = read_options(input.options);
  if (!options) return unexpected(options.error());
  const auto roles = roles_of(input.columns);
  if (!roles) return unexpected(roles.error());
  const auto rows = cohort::survival_rows(input.table, *roles, options->policy, input.findings);
  if (!rows) return unexpected(rows.error());

  st::GroupedTimes data{rows->time, rows->event, rows->group.code, rows->group.size()};
  if (rows->strata.used()) {
    data.stratum = rows->strata.code;
    data.strata = rows->strata.size();
  }
  data.entry = rows->entry;
  data.weight = rows->weight;
  if (std::ranges::any_of(rows->weight, [](double w) { return w != std::floor(w); })) {
    Finding finding;
    finding.severity = Severity::caution;
    finding.rule = "weights_taken_as_counts";
    finding.field = roles->weight;
    finding.text = "the variance takes weights as numbers of people, and not all are whole";
    input.findings.add(std::move(finding));
  }
  std::vector<st::RankWeight> weights;
  for (std::size_t i = 0; i < options->rho.size(); ++i) {
    weights.push_back({options->rho[i], options->gamma.empty() ? 0 : options->gamma[i]});
  }
  const auto tests = st::log_rank_family(data, weights, options->how, input.runner);
  if (!tests) {
    return unexpected(cohort::error_in_table(tests.error(), input.table, *roles, *rows));
  }

  const std::size_t groups = data.groups;
  std::vector<double> weight_of(groups, 0.0);
  for (std::size_t i = 0; i < rows->weight.size(); ++i) {
    weight_of[rows->group.code[i]] += rows->weight[i];
  }
  std::vector<double> scores(groups);
  std::iota(scores.begin(), scores.end(), 1.0);
  if (options->scores) scores = *options->scores;
  if (scores.size() != groups) {
    return unexpected(error_at(Errc::size_mismatch, "$.options.trend_scores", std::nullopt,
                               static_cast<double>(scores.size()),
                               "must be one for each of " + std::to_string(groups) + " groups"));
  }
  const auto no_answer = [&](const char* what, const char* why) {
    Finding finding;
    finding.severity = Severity::caution;
    finding.rule = "no_test";
    finding.field = roles->group.front();
    finding.text = std::string{"there is no test of "} + what + ": " + why;
    input.findings.add(std::move(finding));
  };
  Json out = Json::object();
  out.set("groups", rows->group.values.empty() ? json_list(rows->group.levels)
                                               : json_list(rows->group.values));
  for (const st::WeightedLogRank& test : *tests) {
    Json one = Json::object();
    one.set("rho", json_of(test.weight.rho));
    if (!options->gamma.empty()) one.set("gamma", json_of(test.weight.gamma));
    Json n = Json::list();
    for (const std::uint64_t count : test.n) n.add(Json::integer(static_cast<std::int64_t>(count)));
    one.set("n", std::move(n));
    if (!rows->weight.empty()) one.set("sum_of_weights", json_list(weight_of));
    one.set("observed", json_list(test.observed));
    one.set("expected", json_list(test.expected));
    one.set("var", json_matrix(test.covariance, groups, groups));
    one.set("chisq", json_of(test.chi_square));
    one.set("df", Json::integer(test.df));
    one.set("p", json_of(test.p));
    if (groups > 2 || options->scores) {
      const auto trend = st::log_rank_trend(test, scores);
      if (!trend) return unexpected(trend.error());
      if (!*trend) no_answer("the trend", "the scores, or the groups that meet, do not differ");
      one.set("trend", *trend ? trend_json(**trend, scores) : Json{});
    }
    std::string key = key_of("rho_", test.weight.rho);
    if (!options->gamma.empty()) key += key_of("_gamma_", test.weight.gamma);
    out.set(key, std::move(one));
    if (!test.chi_square && input.findings.count("no_test") == 0) {
      Finding finding;
      finding.severity = Severity::caution;
      finding.rule = "no_test";
      finding.field = roles->group.front();
      finding.text = groups < 2 ? "there is only one group, so nothing can be compared"
                                : "no event tells the groups apart, so there is no chi-square";
      input.findings.add(std::move(finding));
    }
  }
  if (options->max_combo) {
    constexpr st::RankWeight usual[] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    const auto most = st::max_combo(
        data, options->gamma.empty() ? std::span<const st::RankWeight>{usual} : weights,
        options->how);
    if (!most) return unexpected(most.error());
    Json one;
    if (!*most) no_answer("the maximum", "one of its weightings has no variance");
    if (*most) {
      const st::MaxCombo& m = **most;
      std::vector<double> rho;
      std::vector<double> gamma;
      for (const st::RankWeight& w : m.weights) {
        rho.push_back(w.rho);
        gamma.push_back(w.gamma);
      }
      one.set("rho", json_list(rho));
      one.set("gamma", json_list(gamma));
      one.set("z", json_list(m.z));
      one.set("correlation", json_matrix(m.correlation, m.z.size(), m.z.size()));
      one.set("largest", json_of(m.largest));
      one.set("p", json_of(m.p));
    }
    out.set("max_combo", std::move(one));
  }
  if (options->permutation) {
    Json list = Json::object();
    for (const st::RankWeight& weight : weights) {
      st::LogRankPermutationOptions how = options->permute;
      how.weight = weight;
      const auto test = st::log_rank_permutation(data, how, input.progress);
      if (!test) return unexpected(test.error());
      Json one = Json::object();
      one.set("statistic", json_of(test->statistic));
      one.set("p", json_of(test->p));
      one.set("exact", Json::boolean(test->exact));
      one.set("relabellings", json_of(test->relabellings));
      std::string key = key_of("rho_", weight.rho);
      if (!options->gamma.empty()) key += key_of("_gamma_", weight.gamma);
      list.set(key, std::move(one));
    }
    out.set("permutation", std::move(list));
  }
  return out;
}

}  // namespace ombre::inline v0::io::detail
