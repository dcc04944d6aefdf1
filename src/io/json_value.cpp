#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>

#include "ombre/io/csv.hpp"
#include "ombre/io/file.hpp"
#include "ombre/io/json.hpp"

namespace ombre::inline v0::io {

struct Json::Nested {
  bool is_object = false;
  std::vector<Json> items;
  std::vector<Member> members;
};

Json::Json() = default;
Json::Json(Json&&) noexcept = default;
Json& Json::operator=(Json&&) noexcept = default;
Json::~Json() = default;

Json::Json(const Json& other) { *this = other; }

Json& Json::operator=(const Json& other) {
  if (this == &other) return *this;
  switch (other.value_.index()) {
    case 0:
      value_ = std::monostate{};
      break;
    case 1:
      value_ = std::get<1>(other.value_);
      break;
    case 2:
      value_ = std::get<2>(other.value_);
      break;
    case 3:
      value_ = std::get<3>(other.value_);
      break;
    case 4:
      value_ = std::get<4>(other.value_);
      break;
    default:
      value_ = std::make_unique<Nested>(*std::get<5>(other.value_));
  }
  return *this;
}

Json Json::boolean(bool value) {
  Json json;
  json.value_ = value;
  return json;
}
Json Json::integer(std::int64_t value) {
  Json json;
  json.value_ = value;
  return json;
}
Json Json::number(double value) {
  Json json;
  json.value_ = value;
  return json;
}
Json Json::text(std::string_view value) {
  Json json;
  json.value_ = std::string{value};
  return json;
}
Json Json::list(std::vector<Json> items) {
  Json json;
  json.value_ = std::make_unique<Nested>(Nested{false, std::move(items), {}});
  return json;
}
Json Json::object(std::vector<Member> members) {
  Json json;
  json.value_ = std::make_unique<Nested>(Nested{true, {}, std::move(members)});
  return json;
}

Json::Kind Json::kind() const noexcept {
  switch (value_.index()) {
    case 1:
      return Kind::boolean;
    case 2:
      return Kind::integer;
    case 3:
      return Kind::number;
    case 4:
      return Kind::text;
    case 5:
      return std::get<5>(value_)->is_object ? Kind::object : Kind::list;
    default:
      return Kind::null;
  }
}

std::optional<bool> Json::as_boolean() const noexcept {
  if (const bool* b = std::get_if<bool>(&value_)) return *b;
  return std::nullopt;
}

namespace {
constexpr double exact_limit = 9007199254740992.0;  // 2^53: up to here doubles count by ones
}

std::optional<std::int64_t> Json::as_integer() const noexcept {
  if (const auto* i = std::get_if<std::int64_t>(&value_)) return *i;
  if (const double* d = std::get_if<double>(&value_)) {
    if (std::abs(*d) <= exact_limit && std::trunc(*d) == *d) return static_cast<std::int64_t>(*d);
  }
  return std::nullopt;
}

std::optional<double> Json::as_number() const noexcept {
  if (const double* d = std::get_if<double>(&value_)) return *d;
  if (const auto* i = std::get_if<std::int64_t>(&value_)) {
    const auto d = static_cast<double>(*i);
    if (std::abs(d) <= 9.2e18 && static_cast<std::int64_t>(d) == *i) return d;
  }
  return std::nullopt;
}

std::optional<std::string_view> Json::as_text() const noexcept {
  if (const auto* s = std::get_if<std::string>(&value_)) return *s;
  return std::nullopt;
}

std::span<const Json> Json::items() const noexcept {
  if (kind() != Kind::list) return {};
  return std::get<5>(value_)->items;
}

std::span<const Json::Member> Json::members() const noexcept {
  if (kind() != Kind::object) return {};
  return std::get<5>(value_)->members;
}

const Json* Json::find(std::string_view key) const noexcept {
  for (const Member& member : members()) {
    if (member.first == key) return &member.second;
  }
  return nullptr;
}

Json& Json::add(Json item) {
  if (kind() != Kind::list) *this = list();
  return std::get<5>(value_)->items.emplace_back(std::move(item));
}

Json& Json::set(std::string_view key, Json value) {
  if (kind() != Kind::object) *this = object();
  auto& all = std::get<5>(value_)->members;
  for (Member& member : all) {
    if (member.first == key) {
      member.second = std::move(value);
      return member.second;
    }
  }
  return all.emplace_back(std::string{key}, std::move(value)).second;
}

bool operator==(const Json& a, const Json& b) noexcept {
  if (a.value_.index() != b.value_.index()) return false;
  if (a.value_.index() != 5) return a.value_ == b.value_;
  const Json::Nested& x = *std::get<5>(a.value_);
  const Json::Nested& y = *std::get<5>(b.value_);
  return x.is_object == y.is_object && x.items == y.items && x.members == y.members;
}

namespace {

// Builds Json from the events of nlohmann's parser, which knows the grammar; what it lets through
// (a key twice, any depth) is refused here.
class Builder {
 public:
  Builder(std::string_view text, std::string_view name, const JsonOptions& options)
      : text_{text}, name_{name}, options_{options} {}

  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  bool null() { return put(Json{}); }
  bool boolean(bool value) { return put(Json::boolean(value)); }
  bool number_integer(number_integer_t value) { return put(Json::integer(value)); }
  bool number_unsigned(number_unsigned_t value) {
    if (value <= static_cast<number_unsigned_t>(INT64_MAX)) {
      return put(Json::integer(static_cast<std::int64_t>(value)));
    }
    return put(Json::number(static_cast<double>(value)));
  }
  bool number_float(number_float_t value, const string_t&) { return put(Json::number(value)); }
  bool string(string_t& value) { return put(Json::text(value)); }
  bool binary(binary_t&) { return false; }  // not in text JSON
  bool start_object(std::size_t) { return open(true); }
  bool start_array(std::size_t) { return open(false); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(string_t& value) {
    Level& level = open_.back();
    level.key = std::move(value);
    if (level.keys.insert(level.key).second) return true;
    Error error;
    error.code = Errc::duplicate;
    error.file = std::string{name_};
    error.field = path();
    error.rule = "stands twice in the same object";
    error_ = std::move(error);
    return false;
  }

  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::json::exception& why) {
    Error error;
    error.code = Errc::malformed;
    error.file = std::string{name_};
    position = std::min(position > 0 ? position - 1 : 0, text_.size());
    std::uint64_t line = 1;
    std::size_t line_start = 0;
    for (std::size_t i = 0; i < position; ++i) {
      if (text_[i] == '\n') {
        ++line;
        line_start = i + 1;
      }
    }
    error.row = line;
    std::string last;
    if (!first_invalid_utf8(token))
      last = shown(token.substr(token.size() > 40 ? token.size() - 40 : 0));
    // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while ..."
    std::string what = why.what();
    const bool range = what.find("out_of_range") != std::string::npos;
    const auto at = what.find("syntax error ");
    what = at == std::string::npos ? std::string{} : what.substr(at + 13);
    if (const auto cut = what.find("; last read"); cut != std::string::npos) what.resize(cut);
    if (const auto cut = what.find(" - "); cut != std::string::npos) what.erase(0, cut + 3);
    if (what.starts_with("unexpected end of input")) what = "it ends too early";
    error.rule = "is not valid JSON at column " + std::to_string(position - line_start + 1);
    if (range) {
      error.code = Errc::out_of_range;
      error.value = last;
      error.rule = "the number is too large";
    } else if (!what.empty() && !first_invalid_utf8(what)) {
      error.rule += ": " + what;
    }
    error_ = std::move(error);
    return false;
  }

  [[nodiscard]] Result<Json> take() && {
    if (error_) return unexpected(*std::move(error_));
    return std::move(result_);
  }

 private:
  struct Level {
    bool object;
    std::vector<Json> items{};
    std::vector<Json::Member> members{};
    std::string key{};  // of the member that comes next
    std::set<std::string, std::less<>> keys{};
  };

  std::string path() const {
    std::string path;
    for (const Level& level : open_) {
      if (level.object) {
        path += (path.empty() ? "" : ".") + shown(level.key);
      } else {
        path += '[' + std::to_string(level.items.size()) + ']';
      }
    }
    return path;
  }

  bool open(bool object) {
    if (open_.size() >= options_.max_depth) {
      Error error;
      error.code = Errc::too_large;
      error.file = std::string{name_};
      error.rule = "is nested deeper than " + std::to_string(options_.max_depth) + " levels";
      error_ = std::move(error);
      return false;
    }
    open_.push_back({object});
    return true;
  }

  bool close() {
    Level done = std::move(open_.back());
    open_.pop_back();
    return put(done.object ? Json::object(std::move(done.members))
                           : Json::list(std::move(done.items)));
  }

  bool put(Json value) {
    if (open_.empty()) {
      result_ = std::move(value);
    } else if (open_.back().object) {
      open_.back().members.emplace_back(std::move(open_.back().key), std::move(value));
    } else {
      open_.back().items.push_back(std::move(value));
    }
    return true;
  }

  std::string_view text_;
  std::string_view name_;
  const JsonOptions& options_;
  std::vector<Level> open_;
  Json result_;
  std::optional<Error> error_;
};

}  // namespace

Result<Json> parse_json(std::string_view text, std::string_view name, JsonOptions options) {
  if (text.size() > options.max_bytes) {
    Error error;
    error.code = Errc::too_large;
    error.file = std::string{name};
    error.rule = "holds more than " + std::to_string(options.max_bytes) + " bytes";
    return unexpected(error);
  }
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    Error error;
    error.code = Errc::empty_input;
    error.file = std::string{name};
    error.rule = "is empty";
    return unexpected(error);
  }
  Builder builder{text, name, options};
  static_cast<void>(nlohmann::json::sax_parse(text, &builder));
  return std::move(builder).take();
}

Result<Json> read_json(const std::string& path, JsonOptions options) {
  const auto text = read_file(path, options.max_bytes);
  if (!text) return unexpected(text.error());
  return parse_json(*text, path == "-" ? "standard input" : path, options);
}

}  // namespace ombre::inline v0::io
