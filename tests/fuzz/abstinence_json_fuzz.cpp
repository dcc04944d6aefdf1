// The reader of abstinence measures: any bytes give a plan or an error, and a plan that was
// accepted is written and read back unchanged and can be computed or is refused with a sentence.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "ombre/io/abstinence_json.hpp"
#include "ombre/outcomes/abstinence.hpp"

namespace {

void use(const ombre::io::AbstinencePlan& plan) {
  namespace oc = ombre::outcomes;
  oc::AbstinenceRecords records;
  for (std::int32_t day = 0; day < 40; day += 1 + day % 3) {
    const double amount = day % 5 == 0 ? day : 0;
    (void)records.add_amount(oc::AbstinenceRecords::Table::tlfb, "1", day, amount);
    (void)records.add_amount(oc::AbstinenceRecords::Table::tlfb, "2", 50 - day, amount);
    (void)records.add_amount(oc::AbstinenceRecords::Table::biochemical, "1", day, amount);
  }
  for (std::int32_t visit = 0; visit < 5; ++visit) {
    (void)records.add_visit("1", std::to_string(visit), visit * 9);
    if (visit % 2 == 0) (void)records.add_visit("2", std::to_string(visit), visit * 8);
  }
  ombre::Findings findings;
  const auto tables = oc::AbstinenceTables::from(records, findings);
  if (!tables) std::abort();
  for (const auto& rules : plan.configurations) {
    const auto data = oc::prepare_abstinence(*tables, rules, findings);
    if (!data) {
      if (describe(data.error()).empty()) std::abort();
      continue;
    }
    const auto scores = oc::score_abstinence(*data, plan.measures);
    if (!scores && describe(scores.error()).empty()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto read = ombre::io::parse_abstinence_plan(text);
  if (!read) {
    if (describe(read.error()).empty()) std::abort();
    return 0;
  }
  const auto written = ombre::io::json_text(ombre::io::abstinence_plan_json(*read));
  if (!written) std::abort();
  const auto again = ombre::io::parse_abstinence_plan(*written);
  if (!again || !(*again == *read)) std::abort();
  if (read->configurations.size() * read->measures.size() < 1000) use(*read);
  return 0;
}
