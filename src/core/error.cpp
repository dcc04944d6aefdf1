#include "ombre/core/error.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace ombre::inline v0 {

std::string_view name(Errc code) noexcept {
  switch (code) {
    case Errc::empty_input:
      return "empty_input";
    case Errc::size_mismatch:
      return "size_mismatch";
    case Errc::out_of_range:
      return "out_of_range";
    case Errc::not_finite:
      return "not_finite";
    case Errc::malformed:
      return "malformed";
    case Errc::unknown_name:
      return "unknown_name";
    case Errc::missing:
      return "missing";
    case Errc::duplicate:
      return "duplicate";
    case Errc::contradiction:
      return "contradiction";
    case Errc::unsupported:
      return "unsupported";
    case Errc::not_computable:
      return "not_computable";
    case Errc::too_large:
      return "too_large";
    case Errc::io_failure:
      return "io_failure";
    case Errc::cancelled:
      return "cancelled";
  }
  return "unknown_code";
}

std::string shortest(double value) {
  if (std::isnan(value)) return "nan";
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return {text.data(), end};
}

std::string shown(std::string_view raw) {
  constexpr std::size_t limit = 80;
  constexpr std::string_view hex = "0123456789abcdef";
  // A cut must not split a UTF-8 sequence: step back over continuation bytes.
  std::size_t keep = raw.size();
  if (keep > limit) {
    keep = limit;
    while (keep > 0 && (static_cast<unsigned char>(raw[keep]) & 0xC0U) == 0x80U) --keep;
  }
  std::string out;
  out.reserve(keep + 3);
  for (const char c : raw.substr(0, keep)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      out += "\\x";
      out += hex[byte >> 4U];
      out += hex[byte & 15U];
    } else {
      out += c;
    }
  }
  if (keep < raw.size()) out += "...";
  return out;
}

Error error_at(Errc code, std::string_view field, std::optional<std::uint64_t> row, double value,
               std::string_view rule) {
  return Error{code, std::string{field}, row, shortest(value), std::string{rule}, {}};
}

Error error_at(Errc code, std::string_view field, std::optional<std::uint64_t> row,
               std::string_view value, std::string_view rule) {
  return Error{code, std::string{field}, row, shown(value), std::string{rule}, {}};
}

Error error_of(Errc code, std::string_view field, std::string_view rule) {
  return Error{code, std::string{field}, std::nullopt, {}, std::string{rule}, {}};
}

std::string describe(const Error& error) {
  std::string out;
  if (!error.file.empty()) {
    out += error.file;
    if (error.row) out += ", line " + std::to_string(*error.row);
    if (!error.field.empty()) out += ", " + error.field;
    if (!error.value.empty()) out += " = \"" + error.value + '"';
  } else {
    out += error.field;
    if (error.row) out += '[' + std::to_string(*error.row) + ']';
    if (!error.value.empty()) out += out.empty() ? error.value : " = " + error.value;
  }
  const std::string_view rule =
      error.rule.empty() ? name(error.code) : std::string_view{error.rule};
  if (!out.empty()) out += ": ";
  out += rule;
  return out;
}

}  // namespace ombre::inline v0
