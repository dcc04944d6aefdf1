#include "ombre/plans/trigger_log.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "goal_sources.hpp"

namespace ombre::inline v0::plans {
namespace {

constexpr std::array<std::string_view, 10> kind_names{
    "unpleasant_feeling", "physical_discomfort", "pleasant_feeling", "testing_control", "urge",
    "conflict",           "social_pressure",     "pleasant_company", "place_or_thing",  "other"};
constexpr std::array<std::string_view, 10> kind_words{"an unpleasant feeling",
                                                      "pain, withdrawal or lack of sleep",
                                                      "a pleasant feeling",
                                                      "wanting to see whether it can be controlled",
                                                      "an urge",
                                                      "a conflict",
                                                      "others who pressed",
                                                      "good company",
                                                      "a place or a thing",
                                                      "something else"};

using Tally = std::vector<std::pair<std::string, std::uint32_t>>;

void count(Tally& tally, const std::string& what) {
  if (what.empty()) return;
  for (auto& [text, n] : tally) {
    if (text == what) {
      ++n;
      return;
    }
  }
  tally.emplace_back(what, 1);
}

std::vector<std::string> most_frequent_first(Tally tally) {
  std::ranges::stable_sort(tally, std::greater<>{}, &Tally::value_type::second);
  std::vector<std::string> out;
  for (auto& entry : tally) out.push_back(std::move(entry.first));
  return out;
}

}  // namespace

template <>
std::span<const std::string_view> names_of<TriggerKind>() noexcept {
  return kind_names;
}

std::string_view in_words(TriggerKind kind) noexcept {
  const auto at = static_cast<std::size_t>(kind);
  return at < kind_words.size() ? kind_words[at] : kind_words.back();
}

const Source& trigger_kinds_source() noexcept { return sources::marlatt_1985; }

std::vector<TriggerCount> trigger_stats(std::span<const TriggerEntry> log, Date first, Date last) {
  struct Row {
    TriggerCount count;
    Tally needs;
    Tally helped;
  };
  std::array<Row, kind_names.size()> rows{};
  for (const TriggerEntry& entry : log) {
    const auto at = static_cast<std::size_t>(entry.kind);
    if (entry.on < first || last < entry.on || at >= rows.size()) continue;
    Row& row = rows[at];
    row.count.last = row.count.times == 0 ? entry.on : std::max(row.count.last, entry.on);
    ++row.count.times;
    row.count.passed += entry.used ? 0U : 1U;
    count(row.needs, entry.need);
    count(row.helped, entry.what_helped);
  }
  std::vector<TriggerCount> out;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].count.times == 0) continue;
    TriggerCount c = std::move(rows[i].count);
    c.kind = static_cast<TriggerKind>(i);
    c.needs = most_frequent_first(std::move(rows[i].needs));
    c.helped = most_frequent_first(std::move(rows[i].helped));
    out.push_back(std::move(c));
  }
  std::ranges::stable_sort(out, std::greater<>{}, &TriggerCount::times);
  return out;
}

}  // namespace ombre::inline v0::plans
