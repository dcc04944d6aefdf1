// The reader of what a review is told: any bytes give it or an error, and it comes back unchanged.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ombre/io/review_json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ombre;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto read = io::parse_review_questions(text);
  if (!read) {
    if (describe(read.error()).empty()) std::abort();
    return 0;
  }
  const auto written = io::json_text(io::review_questions_json(*read));
  if (!written) std::abort();
  const auto again = io::parse_review_questions(*written);
  if (!again || !(*again == *read)) std::abort();
  return 0;
}
