#include "cli/score_parts.hpp"

#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

namespace ombre::cli {
namespace {

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

Result<std::vector<plans::NamedMargin>> margins_of(std::span<const std::string> margins,
                                                   std::span<const std::string> errors) {
  std::vector<plans::NamedMargin> out;
  for (const std::string& text : margins) {
    const auto equals = text.find('=');
    const auto size = equals == std::string::npos
                          ? std::nullopt
                          : number_of(std::string_view{text}.substr(equals + 1));
    if (!size || *size < 0) {
      return unexpected(error_at(Errc::malformed, "--margin", std::nullopt, text,
                                 "must be an item or scale and a change: alcohol=8"));
    }
    out.push_back({text.substr(0, equals), {*size, plans::MarginKind::own}});
  }
  for (const std::string& text : errors) {
    const auto equals = text.find('=');
    const auto colon = text.find(':', equals == std::string::npos ? 0 : equals);
    std::optional<double> sd;
    std::optional<double> r;
    if (equals != std::string::npos && colon != std::string::npos) {
      sd = number_of(std::string_view{text}.substr(equals + 1, colon - equals - 1));
      r = number_of(std::string_view{text}.substr(colon + 1));
    }
    std::optional<plans::Margin> margin;
    if (sd && r) {
      if (const auto worked = plans::reliable_margin(*sd, *r)) margin = *worked;
    }
    if (!margin) {
      return unexpected(error_at(Errc::malformed, "--error-of", std::nullopt, text,
                                 "must be an item or scale, its standard deviation above 0 and its "
                                 "test-retest reliability from 0 to below 1: alcohol=8.2:0.91"));
    }
    out.push_back({text.substr(0, equals), *margin});
  }
  return out;
}

}  // namespace ombre::cli
