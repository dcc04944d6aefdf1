#include "ombre/plans/harm_course.hpp"

#include <algorithm>
#include <map>

#include "plain_words.hpp"

namespace ombre::inline v0::plans {

std::vector<HarmCourse> harm_courses(std::span<const HarmEntry> ledger, Date today) {
  std::map<std::string, std::vector<Date>> days;
  for (const HarmEntry& entry : ledger) {
    if (!(today < entry.on)) days[entry.harm].push_back(entry.on);
  }
  std::vector<HarmCourse> out;
  for (auto& [harm, on] : days) {
    std::ranges::sort(on);
    on.erase(std::unique(on.begin(), on.end()), on.end());
    HarmCourse c;
    c.harm = harm;
    c.times = on.size();
    c.first = on.front();
    c.last = on.back();
    c.again = on.size() > 1;
    c.since_last = (today - c.last).count();
    std::vector<int> between;
    for (std::size_t i = 1; i < on.size(); ++i) between.push_back((on[i] - on[i - 1]).count());
    std::ranges::sort(between);
    if (!between.empty()) {
      const std::size_t n = between.size();
      c.usual_between = (between[(n - 1) / 2] + between[n / 2]) / 2.0;
      c.longest_without = c.since_last > between.back();
    }
    out.push_back(std::move(c));
  }
  return out;
}

std::string describe(const HarmCourse& c) {
  std::string out =
      c.harm + ": " +
      (c.times == 1 ? "once" : detail::counted(static_cast<std::int64_t>(c.times), "time"));
  out += c.since_last == 0 ? ", today"
                           : (c.times == 1 ? ", " : ", the last ") +
                                 detail::counted(c.since_last, "day") + " ago";
  if (c.usual_between) out += "; usually " + detail::plain(*c.usual_between) + " days between";
  out += '.';
  if (c.longest_without) out += " The longest time without so far.";
  return out;
}

}  // namespace ombre::inline v0::plans
