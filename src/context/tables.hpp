#pragma once
// The built-in tables; each is checked and compiled when the built-in catalogue is made.

#include <span>

#include "ombre/context/catalogue.hpp"

namespace ombre::inline v0::context::detail {

[[nodiscard]] std::span<const Factor> factor_table() noexcept;
[[nodiscard]] std::span<const HarmRule> rule_table() noexcept;
[[nodiscard]] std::span<const Option> option_table() noexcept;
[[nodiscard]] std::span<const Layer> layer_table() noexcept;

}  // namespace ombre::inline v0::context::detail
