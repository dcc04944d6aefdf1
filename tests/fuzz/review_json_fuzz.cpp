// The reader of written reviews: any bytes give a review or an error; what was accepted is written
// and read back to the same bytes, and can be shown as a page.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ombre/io/review_json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ombre;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto read = io::parse_review(text);
  if (!read) {
    if (describe(read.error()).empty()) std::abort();
    return 0;
  }
  const auto written = io::json_text(io::review_json(*read));
  if (!written) std::abort();
  const auto again = io::parse_review(*written);
  if (!again) std::abort();
  const auto twice = io::json_text(io::review_json(*again));
  if (!twice || *twice != *written) std::abort();
  if (outcomes::page(*read) != outcomes::page(*again)) std::abort();
  return 0;
}
