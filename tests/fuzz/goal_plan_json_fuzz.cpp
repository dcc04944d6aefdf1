// The reader of goal plans: any bytes give a plan, a refusal or an error; what was accepted is
// written and read back as the same bytes, and can be asked everything.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ombre/io/goal_plan_json.hpp"
#include "ombre/io/plan_figures.hpp"
#include "ombre/plans/goal_graph.hpp"
#include "ombre/plans/progress.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ombre;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto read = io::parse_goal_plan(text);
  if (!read) {
    if (describe(read.error()).empty()) std::abort();
    return 0;
  }
  for (const auto& finding : read->findings) {
    if (describe(finding).empty()) std::abort();
  }
  if (!read->plan) return 0;
  const auto written = io::json_text(io::goal_plan_json(*read->plan));
  if (!written) std::abort();
  const auto again = io::parse_goal_plan(*written);
  if (!again || !again->plan) std::abort();
  if (io::json_text(io::goal_plan_json(*again->plan)).value_or("") != *written) std::abort();
  const auto& goals = read->plan->now().goals;
  const Date today = read->plan->history().change().on;
  const auto graph = plans::GoalGraph::from(goals);
  if (!graph) std::abort();
  (void)graph->longest_chain(today);
  if (!plans::goal_attainment(goals, today)) std::abort();
  for (const auto& goal : goals) {
    if (!plans::rating_trend(goal.confidence)) std::abort();
  }
  if (!goals.empty() && goals.size() < 100 && !io::goal_graph_figure(goals, {})) std::abort();
  return 0;
}
