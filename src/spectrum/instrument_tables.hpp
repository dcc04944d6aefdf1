#pragma once
// How the tables of instruments are written: sets of places as text, "1-6 9".

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "ombre/spectrum/instrument.hpp"

namespace ombre::inline v0::spectrum::detail {

// Places from text: numbers and ranges counted from 1, separated by blanks. A constant that is not
// of that form does not compile.
consteval PlaceSet places(std::string_view text) {
  PlaceSet out = 0;
  unsigned from = 0;
  unsigned number = 0;
  bool range = false;
  const auto put = [&] {
    if (number < 1 || number > 64) throw "a place is out of range";
    for (unsigned i = range ? from : number; i <= number; ++i) out |= PlaceSet{1} << (i - 1);
    number = 0;
    range = false;
  };
  for (const char c : text) {
    if (c == ' ') {
      put();
    } else if (c == '-') {
      from = number;
      number = 0;
      range = true;
    } else {
      number = 10 * number + static_cast<unsigned>(c - '0');
    }
  }
  put();
  return out;
}

// Allowed whole numbers as bits.
consteval std::uint64_t only(std::initializer_list<unsigned> values) {
  std::uint64_t out = 0;
  for (const unsigned v : values) out |= std::uint64_t{1} << v;
  return out;
}

}  // namespace ombre::inline v0::spectrum::detail
