// The reader of networks: any bytes give a network or an error; what was accepted is written and
// read back unchanged, and every question about it has an answer.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ombre/io/network_json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ombre;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto read = io::parse_network(text);
  if (!read) {
    if (describe(read.error()).empty()) std::abort();
    return 0;
  }
  const auto written = io::json_text(io::network_json(*read));
  if (!written) std::abort();
  const auto again = io::parse_network(*written);
  if (!again || !(*again == *read)) std::abort();
  const auto today = Date::parse("2026-01-15");
  const auto findings = plans::network_findings(*read, *today, 3);
  if (!findings) std::abort();
  for (const auto& finding : *findings) {
    if (describe(finding).empty()) std::abort();
  }
  if (!plans::network_shape(*read)) std::abort();
  if (!plans::reached_at(*read, {*today, 61})) std::abort();
  return 0;
}
