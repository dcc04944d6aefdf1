// Day-level abstinence: was somebody abstinent from the quit visit to the end, and if not, since
// when? One person, thirty days, one missed day of records.
#include <cstdio>
#include <string>
#include <vector>

#include "ombre/outcomes/abstinence.hpp"

namespace oc = ombre::outcomes;

int main() {
  oc::AbstinenceRecords records;
  const auto tlfb = oc::AbstinenceRecords::Table::tlfb;
  for (std::int32_t day = 0; day < 30; ++day) {
    if (day == 12) continue;  // not asked
    const double cigarettes = day < 5 ? 8 : (day == 20 ? 3 : 0);
    if (!records.add_amount(tlfb, "ada", day, cigarettes)) return 1;
  }
  if (!records.add_visit("ada", "quit", 5) || !records.add_visit("ada", "end", 30)) return 1;

  std::vector<oc::AbstinenceMeasure> measures(3);
  measures[0].kind = oc::AbstinenceKind::continuous;
  measures[0].start_visit = "quit";
  measures[1].kind = oc::AbstinenceKind::point_prevalence;
  measures[1].days = 7;
  measures[2].kind = oc::AbstinenceKind::prolonged;
  measures[2].start_visit = "quit";
  measures[2].grace_days = 7;
  measures[2].lapse = *oc::parse_lapse("5 cigs/7 days");
  for (auto& measure : measures) {
    measure.end_visit = "end";
    measure.id = oc::default_id(measure);
  }

  ombre::Findings findings;
  const auto tables = oc::AbstinenceTables::from(records, findings);
  if (!tables) return 1;
  for (const auto mode :
       {oc::AbstinenceMode::intention_to_treat, oc::AbstinenceMode::responders_only}) {
    oc::AbstinenceRules rules;
    rules.mode = mode;
    const auto data = oc::prepare_abstinence(*tables, rules, findings);
    if (!data) return 1;
    const auto scores = oc::score_abstinence(*data, measures);
    if (!scores) return 1;
    std::printf("%s\n", std::string{oc::name(mode)}.c_str());
    for (std::size_t m = 0; m < measures.size(); ++m) {
      const auto result = scores->result(m, 0);
      std::printf("  %-40s %s", measures[m].id.c_str(),
                  !result ? "no value" : (*result ? "yes" : "no"));
      if (const auto lapse = scores->lapse(m, 0)) {
        std::printf(", lapse on day %d (%g)", lapse->day, lapse->amount);
      }
      std::printf("\n");
    }
  }
  return 0;
}
