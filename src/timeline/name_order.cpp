#include "ombre/timeline/name_order.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>
#include <string_view>

namespace ombre::inline v0::timeline {
namespace {

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end.ec != std::errc{} || end.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::vector<std::uint32_t> natural_order(const NameTable& names, std::vector<std::uint32_t> which) {
  std::vector<std::int64_t> value(names.size(), 0);
  bool numbers = true;
  for (const std::uint32_t i : which) {
    const auto number = whole_number(names[i]);
    if (!number) {
      numbers = false;
      break;
    }
    value[i] = *number;
  }
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    if (numbers && value[a] != value[b]) return value[a] < value[b];
    return names[a] < names[b];
  };
  if (!std::ranges::is_sorted(which, before)) std::ranges::sort(which, before);
  return which;
}

std::vector<std::uint32_t> natural_order(const NameTable& names) {
  std::vector<std::uint32_t> all(names.size());
  std::iota(all.begin(), all.end(), 0U);
  return natural_order(names, std::move(all));
}

}  // namespace ombre::inline v0::timeline
