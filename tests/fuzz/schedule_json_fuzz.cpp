// The reader of trial schedules: any bytes give a schedule or an error, and a schedule that was
// accepted is written and read back unchanged and can be used.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ombre/io/schedule_json.hpp"
#include "ombre/timeline/attendance.hpp"
#include "ombre/timeline/weekly_words.hpp"

namespace {

void use(const ombre::timeline::TrialSchedules& schedules) {
  namespace tl = ombre::timeline;
  tl::TrialRecords records;
  for (const char* id : {"a", "b", "c"}) (void)records.people.id.intern(id);
  for (std::uint32_t which = 1; which <= 2; ++which) {
    for (std::uint32_t person = 0; person < which; ++person) {
      records.randomizations.person.push_back(person);
      records.randomizations.day.push_back(static_cast<std::int32_t>(7 * which));
      records.randomizations.which.push_back(which);
      records.randomizations.arm.push_back(0);
    }
  }
  (void)records.randomizations.arms.intern("BUP");
  (void)records.visits.names.intern("visit");
  for (std::int32_t day = 0; day < 40; day += 5) {
    records.visits.person.push_back(static_cast<std::uint32_t>(day % 3));
    records.visits.day.push_back(day);
    records.visits.what.push_back(0);
  }
  ombre::Findings findings;
  const auto table = tl::TrialTable::from(std::move(records), findings);
  if (!table) std::abort();
  const auto words = tl::weekly_words(*table, schedules, tl::WordSource::either, findings);
  if (!words || words->people() != 3) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto read = ombre::io::parse_trial_schedules(text);
  if (!read) {
    if (describe(read.error()).empty()) std::abort();
    return 0;
  }
  const auto written = ombre::io::json_text(ombre::io::trial_schedules_json(*read));
  if (!written) std::abort();
  const auto again = ombre::io::parse_trial_schedules(*written);
  if (!again || !(*again == *read)) std::abort();
  use(*read);
  return 0;
}
