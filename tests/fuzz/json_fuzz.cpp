// JSON on any bytes: no crash; what is read, written and read again is the same value.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ombre/core/error.hpp"
#include "ombre/io/json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ombre;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto json = io::parse_json(text, "fuzz");
  if (!json) {
    if (describe(json.error()).empty()) std::abort();
    return 0;
  }
  for (const unsigned indent : {0U, 2U}) {
    const auto written = io::json_text(*json, {.indent = indent});
    if (!written) std::abort();
    const auto again = io::parse_json(*written, "again");
    if (!again) std::abort();
    // A number such as 1.0 comes back as an integer; its text is then the same.
    const auto second = io::json_text(*again, {.indent = indent});
    if (!second || *second != *written) std::abort();
  }
  io::JsonFields fields{io::view_of(*json, "fuzz")};
  static_cast<void>(fields.optional_text("name"));
  static_cast<void>(fields.optional_number("dose", 0, 100));
  static_cast<void>(fields.optional_integer("weeks", 1, 52));
  static_cast<void>(fields.optional_texts("substances"));
  static_cast<void>(fields.finish().has_value());
  return 0;
}
