// The reader of situations: any bytes give a document or an error; what was accepted is written and
// read back unchanged, and asking it for a menu gives an answer or an error, never a crash.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ombre/io/context_figures.hpp"
#include "ombre/io/situation_json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace cx = ombre::context;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto read = ombre::io::parse_situation(text);
  if (!read) {
    if (describe(read.error()).empty()) std::abort();
    return 0;
  }
  const auto written = ombre::io::json_text(ombre::io::situation_json(*read));
  if (!written) std::abort();
  const auto again = ombre::io::parse_situation(*written);
  if (!again || !(*again == *read)) std::abort();
  const auto facts = cx::Facts::from(read->situation);
  if (!facts) {
    if (describe(facts.error()).empty()) std::abort();
    return 0;
  }
  const auto bands = cx::bands(*facts);
  for (std::size_t h = 0; h < cx::harm_count; ++h) {
    if (bands.at_least[h] > bands.at_most[h]) std::abort();
  }
  const auto menu = cx::menu(*facts, read->wishes);
  if (!menu) {
    if (describe(menu.error()).empty()) std::abort();
    return 0;
  }
  if (menu->lines.size() + menu->in_place.size() + menu->declined.size() + menu->withheld.size() !=
      facts->catalogue().options().size()) {
    std::abort();
  }
  if (!ombre::io::json_text(ombre::io::menu_json(*facts, *menu))) std::abort();
  if (!ombre::io::triangle_figure(*facts, *menu)) std::abort();
  return 0;
}
