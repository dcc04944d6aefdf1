// The reader of FHIR MedicationRequests: any bytes give tapers or an error with a text; what was
// read has steps in order and finite amounts on every day.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ombre/io/taper_fhir_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace io = ombre::io;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto json = io::parse_json(text, "fuzz", {.max_depth = 32, .max_bytes = 1U << 20U});
  if (!json) return 0;
  const auto start = ombre::Date::parse("2024-01-01");
  const auto tapers = io::read_fhir_tapers(*json, {*start}, "fuzz");
  if (!tapers) {
    if (describe(tapers.error()).empty()) std::abort();
    return 0;
  }
  for (const io::FhirTaper& taper : *tapers) {
    std::int64_t sequence = taper.steps.empty() ? 0 : taper.steps.front().sequence;
    for (const io::FhirStep& step : taper.steps) {
      if (step.sequence < sequence || step.parts.empty()) std::abort();
      if (step.last && *step.last < step.first) std::abort();
      sequence = step.sequence;
      const auto amount = io::amount_on(taper, step.first);
      if (amount && !std::isfinite(*amount)) std::abort();
    }
  }
  return 0;
}
