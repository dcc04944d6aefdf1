#include "cli/explanations.hpp"

#include <iterator>
#include <utility>

#include "cli/choices.hpp"
#include "ombre/context/explain.hpp"
#include "ombre/io/finding_catalogue.hpp"
#include "ombre/outcomes/abstinence_rules.hpp"
#include "ombre/outcomes/endpoint_builtin.hpp"
#include "ombre/outcomes/metric.hpp"
#include "ombre/outcomes/use_events.hpp"
#include "ombre/plans/explain.hpp"
#include "ombre/spectrum/explain.hpp"
#include "ombre/spectrum/instruments.hpp"
#include "ombre/substance/explain.hpp"
#include "ombre/timeline/build.hpp"
#include "ombre/timeline/schedule.hpp"

namespace ombre::cli {

std::vector<Explanation> all_explanations() {
  std::vector<Explanation> all;
  const auto add = [&all](std::vector<Explanation> more) {
    all.insert(all.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
  };
  add(outcomes::explain_metrics());
  add(outcomes::explain_endpoints());
  add(outcomes::explain_use_events());
  add(outcomes::explain_abstinence());
  add(timeline::explain_build_rules());
  add(timeline::explain_schedules());
  add(spectrum::explain_drinking());
  add(spectrum::explain_instruments());
  add(context::explain_context());
  add(substance::explain_substances());
  add(plans::explain_plans());
  add(io::explain_findings());
  add(explain_choices());
  return all;
}

}  // namespace ombre::cli
