// Words from any bytes: the parser, the packed columns and the primitives.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ombre/outcomes/endpoint_builtin.hpp"
#include "ombre/outcomes/endpoint_plan.hpp"
#include "ombre/outcomes/word_primitives.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using namespace ombre;
using namespace ombre::outcomes;

void insist(bool condition) {
  if (!condition) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A few parameters, then lines of words.
  if (size < 4) return 0;
  const int a = static_cast<std::int8_t>(data[0]);
  const int b = static_cast<std::int8_t>(data[1]);
  const Symbol s = all_symbols[data[2] % all_symbols.size()];
  const int width = data[3] % 9 + 1;
  std::string_view text{reinterpret_cast<const char*>(data) + 4, size - 4};

  static const EndpointPlan plan = *EndpointPlan::compile(published_endpoints(), {true});
  WordColumns columns;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    const auto word = Word::parse(line);
    const auto appended = columns.append(line);
    insist(word.has_value() == appended.has_value());
    if (!word) continue;
    insist(columns.word(columns.size() - 1) == *word);
    insist(window(*word, {a, b}).size() == clip({a, b}, word->size()).size());
    insist(recode(*word, s, std::nullopt).size() <= word->size());
    insist(last_seen(*word, s) <= static_cast<int>(word->size()));
    const auto t = first_window(*word, {width, data[3] % (width + 1), {}, s});
    insist(t.has_value() && t->has_value() == (word->size() >= static_cast<std::size_t>(width)));
    for (const auto method :
         {ImputeMethod::locf, ImputeMethod::locfd, ImputeMethod::mode, ImputeMethod::knv}) {
      insist(impute(*word, {method, s})->size() == word->size());
    }
  }
  EndpointTable table;
  plan.evaluate(columns, 0, columns.size(), table);
  for (std::size_t r = 0; r < columns.size() && r < 4; ++r) {
    for (std::size_t e = 0; e < plan.endpoints().size(); ++e) {
      insist(table.columns[e].at(r) == plan.endpoints()[e].evaluate(columns.word(r)));
    }
  }
  return 0;
}
