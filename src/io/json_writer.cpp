#include <cmath>
#include <utility>

#include "csv_row.hpp"
#include "ombre/io/csv.hpp"
#include "ombre/io/json.hpp"

namespace ombre::inline v0::io {

void JsonWriter::refuse(Errc code, std::string_view value, std::string_view rule) {
  if (!error_) error_ = error_at(code, "json", std::nullopt, detail::printable(value), rule);
}

void JsonWriter::new_line() {
  if (style_.indent == 0) return;
  out_ += '\n';
  out_.append(style_.indent * levels_.size(), ' ');
}

void JsonWriter::begin_value() {
  if (levels_.empty()) {
    if (complete_) refuse(Errc::malformed, {}, "a document holds one value only");
    complete_ = true;
    return;
  }
  if (levels_.back().object) {
    if (!after_key_) refuse(Errc::malformed, {}, "every value of an object needs its key");
    after_key_ = false;
    return;
  }
  if (!levels_.back().empty) out_ += ',';
  levels_.back().empty = false;
  new_line();
}

JsonWriter& JsonWriter::begin_object() {
  begin_value();
  out_ += '{';
  levels_.push_back({true, true});
  return *this;
}

JsonWriter& JsonWriter::begin_list() {
  begin_value();
  out_ += '[';
  levels_.push_back({false, true});
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  if (levels_.empty() || !levels_.back().object || after_key_) {
    refuse(Errc::malformed, {}, "an object ends that was not begun, or after a key without value");
    return *this;
  }
  const bool empty = levels_.back().empty;
  levels_.pop_back();
  if (!empty) new_line();
  out_ += '}';
  return *this;
}

JsonWriter& JsonWriter::end_list() {
  if (levels_.empty() || levels_.back().object) {
    refuse(Errc::malformed, {}, "a list ends that was not begun");
    return *this;
  }
  const bool empty = levels_.back().empty;
  levels_.pop_back();
  if (!empty) new_line();
  out_ += ']';
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  if (levels_.empty() || !levels_.back().object || after_key_) {
    refuse(Errc::malformed, name, "a key belongs into an object, before a value");
    return *this;
  }
  if (!levels_.back().empty) out_ += ',';
  levels_.back().empty = false;
  new_line();
  quoted(name);
  out_ += style_.indent > 0 ? ": " : ":";
  after_key_ = true;
  return *this;
}

void JsonWriter::quoted(std::string_view text) {
  constexpr std::string_view hex = "0123456789abcdef";
  if (first_invalid_utf8(text)) {
    refuse(Errc::malformed, text, "must be UTF-8");
    text = {};
  }
  out_ += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '"':
        out_ += "\\\"";
        break;
      case '\\':
        out_ += "\\\\";
        break;
      case '\n':
        out_ += "\\n";
        break;
      case '\r':
        out_ += "\\r";
        break;
      case '\t':
        out_ += "\\t";
        break;
      default:
        if (byte < 0x20 || byte == 0x7F) {
          out_ += "\\u00";
          out_ += hex[byte >> 4U];
          out_ += hex[byte & 15U];
        } else {
          out_ += c;
        }
    }
  }
  out_ += '"';
}

JsonWriter& JsonWriter::text(std::string_view value) {
  begin_value();
  quoted(value);
  return *this;
}

JsonWriter& JsonWriter::number(double value) {
  begin_value();
  if (std::isfinite(value)) {
    out_ += shortest(value);
    if (value == 0 && std::signbit(value)) out_ += ".0";  // "-0" would be read as the integer 0
  } else {
    refuse(Errc::not_finite, shortest(value), "JSON has no such number");
    out_ += "null";
  }
  return *this;
}

JsonWriter& JsonWriter::number(std::optional<double> value) {
  return value ? number(*value) : null();
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
  begin_value();
  out_ += std::to_string(value);
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  begin_value();
  out_ += value ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::null() {
  begin_value();
  out_ += "null";
  return *this;
}

JsonWriter& JsonWriter::value(const Json& value) {
  switch (value.kind()) {
    case Json::Kind::null:
      return null();
    case Json::Kind::boolean:
      return boolean(*value.as_boolean());
    case Json::Kind::integer:
      return integer(*value.as_integer());
    case Json::Kind::number:
      return number(*value.as_number());
    case Json::Kind::text:
      return text(*value.as_text());
    case Json::Kind::list:
      begin_list();
      for (const Json& item : value.items()) this->value(item);
      return end_list();
    case Json::Kind::object:
      begin_object();
      for (const Json::Member& member : value.members()) {
        key(member.first).value(member.second);
      }
      return end_object();
  }
  return *this;
}

std::string JsonWriter::take_part() { return std::exchange(out_, {}); }

Result<std::string> JsonWriter::finish() {
  if (!levels_.empty()) refuse(Errc::malformed, {}, "an object or list is still open");
  if (!complete_) refuse(Errc::malformed, {}, "nothing was written");
  if (error_) return unexpected(*error_);
  out_ += '\n';
  return take_part();
}

Result<std::string> json_text(const Json& value, JsonStyle style) {
  JsonWriter writer{style};
  writer.value(value);
  return writer.finish();
}

}  // namespace ombre::inline v0::io
