#pragma once
// Conditions in three values: yes, no, not known (Kleene).

#include <algorithm>
#include <span>

#include "ombre/context/catalogue.hpp"
#include "ombre/context/risk.hpp"

namespace ombre::inline v0::context::detail {

[[nodiscard]] inline Truth holds(const Catalogue::Term& term, Truth value) noexcept {
  if (value == Truth::unknown) return Truth::unknown;
  return value == term.want ? Truth::yes : Truth::no;
}

// `look(factor)` gives the truth of a factor.
template <class Look>
[[nodiscard]] Truth all_of(std::span<const Catalogue::Term> terms, const Look& look) {
  Truth out = Truth::yes;
  for (const Catalogue::Term& term : terms) {
    const Truth one = holds(term, look(term.factor));
    if (one == Truth::no) return Truth::no;
    if (one == Truth::unknown) out = Truth::unknown;
  }
  return out;
}

template <class Look>
[[nodiscard]] Truth any_of(std::span<const Catalogue::Terms> parts, const Look& look) {
  Truth out = Truth::no;
  for (const Catalogue::Terms& part : parts) {
    const Truth one = all_of(part, look);
    if (one == Truth::yes) return Truth::yes;
    if (one == Truth::unknown) out = Truth::unknown;
  }
  return out;
}

struct Pair {
  RiskBand at_least = RiskBand::none_listed;
  RiskBand at_most = RiskBand::none_listed;
};

template <class Look>
[[nodiscard]] Pair band_of(const Catalogue& catalogue, Harm harm, const Look& look) {
  Pair out;
  const auto& compiled = catalogue.compiled();
  for (const std::uint16_t r : compiled.rules_of_harm[static_cast<std::size_t>(harm)]) {
    const RiskBand band = catalogue.rules()[r].band;
    if (band <= out.at_least) continue;  // can change neither end
    const Truth truth = all_of(compiled.rules[r], look);
    if (truth == Truth::no) continue;
    out.at_most = std::max(out.at_most, band);
    if (truth == Truth::yes) out.at_least = band;
  }
  out.at_most = std::max(out.at_most, out.at_least);
  return out;
}

}  // namespace ombre::inline v0::context::detail
