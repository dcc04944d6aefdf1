#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/text.hpp"
#include "csv_row.hpp"
#include "ombre/io/json.hpp"

namespace ombre::inline v0::io {

namespace {

const Json& null_value() noexcept {
  static const Json value;
  return value;
}

std::string_view kind_name(Json::Kind kind) noexcept {
  switch (kind) {
    case Json::Kind::null:
      return "null";
    case Json::Kind::boolean:
      return "true or false";
    case Json::Kind::integer:
      return "a whole number";
    case Json::Kind::number:
      return "a number";
    case Json::Kind::text:
      return "a text";
    case Json::Kind::list:
      return "a list";
    case Json::Kind::object:
      return "an object";
  }
  return "a value";
}

std::string must_be(std::string_view wanted, Json::Kind found) {
  std::string rule{"must be "};
  rule += wanted;
  rule += ", and is ";
  rule += kind_name(found);
  return rule;
}

std::string joined(const std::string& path, std::string_view key) {
  std::string out = path;
  if (!out.empty()) out += '.';
  out += detail::printable(key);
  return out;
}

std::string value_text(const Json& value) {
  switch (value.kind()) {
    case Json::Kind::boolean:
      return *value.as_boolean() ? "true" : "false";
    case Json::Kind::integer:
      return std::to_string(*value.as_integer());
    case Json::Kind::number:
      return shortest(*value.as_number());
    case Json::Kind::text:
      return detail::printable(*value.as_text());
    default:
      return {};
  }
}

}  // namespace

// Levenshtein distance with neighbours swapped counted as one (optimal string alignment).
std::optional<std::string_view> nearest_word(std::string_view word,
                                             std::span<const std::string_view> candidates) {
  using ascii::lower;
  std::optional<std::string_view> best;
  std::size_t best_distance = word.size() < 4 ? 2 : 3;  // must be below this
  for (const std::string_view candidate : candidates) {
    if (word.size() > 64 || candidate.size() > 64) continue;
    const std::size_t width = candidate.size() + 1;
    std::vector<std::size_t> before(width);
    std::vector<std::size_t> row(width);
    std::iota(row.begin(), row.end(), 0);
    std::vector<std::size_t> two_before(width);
    for (std::size_t i = 1; i <= word.size(); ++i) {
      std::swap(two_before, before);
      std::swap(before, row);
      row[0] = i;
      for (std::size_t j = 1; j < width; ++j) {
        const bool same = lower(word[i - 1]) == lower(candidate[j - 1]);
        row[j] = std::min({before[j] + 1, row[j - 1] + 1, before[j - 1] + (same ? 0U : 1U)});
        if (i > 1 && j > 1 && lower(word[i - 1]) == lower(candidate[j - 2]) &&
            lower(word[i - 2]) == lower(candidate[j - 1])) {
          row[j] = std::min(row[j], two_before[j - 2] + 1);
        }
      }
    }
    if (row[width - 1] < best_distance) {
      best_distance = row[width - 1];
      best = candidate;
    }
  }
  return best;
}

Error JsonView::error(Errc code, std::string_view rule) const {
  Error e;
  e.code = code;
  e.field = path;
  e.file = std::string{file};
  e.rule = std::string{rule};
  if (value != nullptr) e.value = value_text(*value);
  return e;
}

JsonFields::JsonFields(JsonView object) : object_{std::move(object)} {
  if (object_.value->kind() != Json::Kind::object) {
    refuse(object_, Errc::malformed, must_be("an object", object_.value->kind()));
  }
}

void JsonFields::refuse(const JsonView& at, Errc code, std::string_view rule) {
  if (!error_) error_ = at.error(code, rule);
}

void JsonFields::refuse(std::string_view key, Errc code, std::string_view rule) {
  refuse(member(key), code, rule);
}

JsonView JsonFields::member(std::string_view key) {
  if (std::ranges::find(asked_, key) == asked_.end()) asked_.emplace_back(key);
  const Json* found = object_.value->find(key);
  return {found != nullptr ? found : &null_value(), joined(object_.path, key), object_.file};
}

JsonView JsonFields::required(std::string_view key) {
  JsonView view = member(key);
  if (view.value->kind() == Json::Kind::null) {
    refuse(view, Errc::missing, "is required");
  }
  return view;
}

bool JsonFields::has(std::string_view key) { return member(key).value->kind() != Json::Kind::null; }

JsonView JsonFields::any(std::string_view key) { return required(key); }

std::optional<JsonView> JsonFields::optional_any(std::string_view key) {
  if (!has(key)) return std::nullopt;
  return member(key);
}

std::string JsonFields::text(std::string_view key) {
  const JsonView view = required(key);
  if (!ok()) return {};
  const auto value = view.value->as_text();
  if (!value) {
    refuse(view, Errc::malformed, must_be("a text", view.value->kind()));
    return {};
  }
  return std::string{*value};
}

double JsonFields::number(std::string_view key, double least, double most) {
  const JsonView view = required(key);
  if (!ok()) return 0;
  const auto value = view.value->as_number();
  if (!value) {
    refuse(view, Errc::malformed, must_be("a number", view.value->kind()));
    return 0;
  }
  if (!(*value >= least && *value <= most)) {
    std::string rule = "must be ";
    if (std::isinf(most)) {
      rule += shortest(least) + " or more";
    } else if (std::isinf(least)) {
      rule += shortest(most) + " or less";
    } else {
      rule += "from " + shortest(least) + " to " + shortest(most);
    }
    refuse(view, Errc::out_of_range, rule);
    return 0;
  }
  return *value;
}

std::int64_t JsonFields::integer(std::string_view key, std::int64_t least, std::int64_t most) {
  const JsonView view = required(key);
  if (!ok()) return 0;
  const auto value = view.value->as_integer();
  if (!value) {
    refuse(view, Errc::malformed,
           view.value->kind() == Json::Kind::number
               ? "must be a whole number"
               : must_be("a whole number", view.value->kind()));
    return 0;
  }
  if (*value < least || *value > most) {
    refuse(view, Errc::out_of_range,
           "must be from " + std::to_string(least) + " to " + std::to_string(most));
    return 0;
  }
  return *value;
}

bool JsonFields::boolean(std::string_view key) {
  const JsonView view = required(key);
  if (!ok()) return false;
  const auto value = view.value->as_boolean();
  if (!value) refuse(view, Errc::malformed, must_be("true or false", view.value->kind()));
  return value.value_or(false);
}

std::size_t JsonFields::one_of(std::string_view key, std::span<const std::string_view> names) {
  const std::string value = text(key);
  if (!ok()) return 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == value) return i;
  }
  std::string rule = "must be one of";
  for (std::size_t i = 0; i < names.size(); ++i) {
    rule += i == 0 ? " " : ", ";
    rule += names[i];
  }
  if (const auto near = nearest_word(value, names)) {
    rule += " (did you mean \"" + std::string{*near} + "\"?)";
  }
  refuse(key, Errc::unknown_name, rule);
  return 0;
}

std::vector<JsonView> JsonFields::list(std::string_view key) {
  const JsonView view = required(key);
  std::vector<JsonView> views;
  if (!ok()) return views;
  if (view.value->kind() != Json::Kind::list) {
    refuse(view, Errc::malformed, must_be("a list", view.value->kind()));
    return views;
  }
  const auto items = view.value->items();
  views.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    views.push_back({&items[i], view.path + '[' + std::to_string(i) + ']', view.file});
  }
  return views;
}

std::vector<std::string> JsonFields::texts(std::string_view key) {
  const JsonView view = required(key);
  if (!ok()) return {};
  auto read = texts_of(view);
  if (!read) {
    error_ = read.error();
    return {};
  }
  return *std::move(read);
}

std::optional<std::string> JsonFields::optional_text(std::string_view key) {
  if (!has(key)) return std::nullopt;
  return text(key);
}
std::optional<double> JsonFields::optional_number(std::string_view key, double least, double most) {
  if (!has(key)) return std::nullopt;
  return number(key, least, most);
}
std::optional<std::int64_t> JsonFields::optional_integer(std::string_view key, std::int64_t least,
                                                         std::int64_t most) {
  if (!has(key)) return std::nullopt;
  return integer(key, least, most);
}
std::optional<bool> JsonFields::optional_boolean(std::string_view key) {
  if (!has(key)) return std::nullopt;
  return boolean(key);
}
std::optional<std::size_t> JsonFields::optional_one_of(std::string_view key,
                                                       std::span<const std::string_view> names) {
  if (!has(key)) return std::nullopt;
  return one_of(key, names);
}
std::vector<JsonView> JsonFields::optional_list(std::string_view key) {
  if (!has(key)) return {};
  return list(key);
}
std::vector<std::string> JsonFields::optional_texts(std::string_view key) {
  if (!has(key)) return {};
  return texts(key);
}

Result<void> JsonFields::finish() {
  if (error_) return unexpected(*error_);
  for (const Json::Member& member : object_.value->members()) {
    if (std::ranges::find(asked_, member.first) != asked_.end()) continue;
    const std::vector<std::string_view> known{asked_.begin(), asked_.end()};
    std::string rule = "is not a known key here";
    if (const auto near = nearest_word(member.first, known)) {
      rule += " (did you mean \"" + std::string{*near} + "\"?)";
    }
    Error error;
    error.code = Errc::unknown_name;
    error.field = joined(object_.path, member.first);
    error.file = std::string{object_.file};
    error.rule = rule;
    return unexpected(error);
  }
  return {};
}

Result<std::vector<std::string>> texts_of(const JsonView& list) {
  if (list.value->kind() != Json::Kind::list) {
    return unexpected(list.error(Errc::malformed, must_be("a list of texts", list.value->kind())));
  }
  std::vector<std::string> texts;
  const auto items = list.value->items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto text = items[i].as_text();
    if (!text) {
      const JsonView view{&items[i], list.path + '[' + std::to_string(i) + ']', list.file};
      return unexpected(view.error(Errc::malformed, must_be("a text", items[i].kind())));
    }
    texts.emplace_back(*text);
  }
  return texts;
}

}  // namespace ombre::inline v0::io
