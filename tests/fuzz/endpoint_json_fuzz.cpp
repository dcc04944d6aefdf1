// Endpoint definitions from any bytes: what is accepted must evaluate and come back the same.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ombre/io/endpoint_json.hpp"
#include "ombre/outcomes/endpoint_bounds.hpp"
#include "ombre/outcomes/endpoint_builtin.hpp"
#include "ombre/outcomes/endpoint_plan.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using namespace ombre;
using namespace ombre::outcomes;

void insist(bool condition) {
  if (!condition) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Registry known = builtin_endpoints();
  const auto document =
      io::parse_json({reinterpret_cast<const char*>(data), size}, "fuzz", {64, 1U << 16U});
  if (!document) return 0;
  const auto endpoints = io::endpoints_from_json(*document, known);
  if (!endpoints || endpoints->empty()) return 0;
  WordColumns words;
  for (const char* text :
       {"", "-", "o", "++--**oo__", "-o-o-o-+++*---oo", "ooooooooooooooooooooooooo",
        "-------------------------------------------+++"}) {
    insist(words.append(text).has_value());
  }
  const auto plan = EndpointPlan::compile(*endpoints);
  insist(plan.has_value());
  const auto table = plan->evaluate(words);
  insist(table.has_value());
  for (std::size_t e = 0; e < endpoints->size(); ++e) {
    const Endpoint& endpoint = (*endpoints)[e];
    static_cast<void>(direction_of(endpoint));
    static_cast<void>(endpoint.reach());
    io::Json again = io::Json::object();
    again.set("endpoints", io::Json::list({io::to_json(endpoint)}));
    const auto back = io::endpoints_from_json(again, Registry{});
    insist(back.has_value() && back->front().formula() == endpoint.formula());
    for (std::size_t r = 0; r < words.size(); ++r) {
      insist(table->columns[e].at(r) == endpoint.evaluate(words.word(r)));
      static_cast<void>(endpoint.missing_share(words.word(r)));
    }
  }
  return 0;
}
