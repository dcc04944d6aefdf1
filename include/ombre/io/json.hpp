#pragma once
/// @file
/// JSON in and out: a small value type, a strict reader that names the path of what is wrong, and
/// a writer with a fixed order of keys.
///
/// Strict means: RFC 8259 without extensions (no comments, no NaN, no trailing commas), UTF-8, no
/// key twice in one object, and no object deeper than a limit. Readers of documents use JsonFields,
/// which also refuses keys nobody asked for, so that a misspelt key is an error and not a silent
/// default.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::io {

/// A JSON value. Objects keep their members in the order they were added.
class OMBRE_EXPORT Json {
 public:
  enum class Kind : std::uint8_t { null, boolean, integer, number, text, list, object };
  using Member = std::pair<std::string, Json>;

  Json();  ///< null
  Json(const Json&);
  Json(Json&&) noexcept;
  Json& operator=(const Json&);
  Json& operator=(Json&&) noexcept;
  ~Json();

  [[nodiscard]] static Json boolean(bool value);
  [[nodiscard]] static Json integer(std::int64_t value);
  [[nodiscard]] static Json number(double value);  ///< must be finite to be written
  [[nodiscard]] static Json text(std::string_view value);
  [[nodiscard]] static Json list(std::vector<Json> items = {});
  [[nodiscard]] static Json object(std::vector<Member> members = {});

  [[nodiscard]] Kind kind() const noexcept;
  /// The value where it is of that kind, else nothing. A number is also an integer where it is
  /// whole and at most 2^53 in size; an integer is also a number where a double holds it exactly.
  [[nodiscard]] std::optional<bool> as_boolean() const noexcept;
  [[nodiscard]] std::optional<std::int64_t> as_integer() const noexcept;
  [[nodiscard]] std::optional<double> as_number() const noexcept;
  [[nodiscard]] std::optional<std::string_view> as_text() const noexcept;
  /// Items of a list, members of an object; empty for every other kind.
  [[nodiscard]] std::span<const Json> items() const noexcept;
  [[nodiscard]] std::span<const Member> members() const noexcept;
  /// Member of an object, or null pointer.
  [[nodiscard]] const Json* find(std::string_view key) const noexcept;

  /// Adds to a list. On any other kind: replaces the value by a list first.
  Json& add(Json item);
  /// Adds a member to an object, or replaces the one of that key. On any other kind: replaces the
  /// value by an object first.
  Json& set(std::string_view key, Json value);

  friend OMBRE_EXPORT bool operator==(const Json& a, const Json& b) noexcept;

 private:
  struct Nested;  // lists and objects, out of line because they hold Json
  std::variant<std::monostate, bool, std::int64_t, double, std::string, std::unique_ptr<Nested>>
      value_;
};

/// Limits of the JSON reader.
struct JsonOptions {
  std::size_t max_depth = 64;
  std::size_t max_bytes = std::size_t{256} << 20U;
};

/// Reads one JSON document. `name` stands for the file in messages.
/// @par Errors malformed (with line and column), duplicate (a key twice, with its path), too_large
[[nodiscard]] OMBRE_EXPORT Result<Json> parse_json(std::string_view text,
                                                   std::string_view name = "json",
                                                   JsonOptions options = {});
/// Reads a file ("-" = standard input, gzip is unpacked).
[[nodiscard]] OMBRE_EXPORT Result<Json> read_json(const std::string& path,
                                                  JsonOptions options = {});

/// A value of a document together with the way to it, such as `goals[2].dose`.
/// The document and the name must outlive the view.
struct JsonView {
  const Json* value = nullptr;
  std::string path{};
  std::string_view file{};

  /// An Error that names file, path and value.
  [[nodiscard]] OMBRE_EXPORT Error error(Errc code, std::string_view rule) const;
};

/// Starts reading a document.
[[nodiscard]] inline JsonView view_of(const Json& document, std::string_view file = {}) {
  return {&document, {}, file};
}

/// Takes the members of one object one by one. The first thing that is wrong is remembered and
/// handed out by finish(), so that a reader is a list of fields:
///
/// @code
///   io::JsonFields in{view};
///   schedule.name = in.text("name");
///   schedule.weeks = in.integer("weeks", 1, 520);
///   schedule.grace = in.optional_integer("grace_days", 0, 60).value_or(0);
///   const auto missed = in.one_of("missed_visit", missed_names);   // index
///   if (auto read = in.finish(); !read) return unexpected(read.error());
/// @endcode
///
/// After an error the functions return empty values; they never fail halfway. For the optional
/// ones an absent member and null are the same: nothing.
class OMBRE_EXPORT JsonFields {
 public:
  explicit JsonFields(JsonView object);

  [[nodiscard]] bool has(std::string_view key);
  [[nodiscard]] std::string text(std::string_view key);
  [[nodiscard]] double number(std::string_view key, double least, double most);
  [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t least, std::int64_t most);
  [[nodiscard]] bool boolean(std::string_view key);
  /// Position of the member's text among `names`; 0 after an error.
  [[nodiscard]] std::size_t one_of(std::string_view key, std::span<const std::string_view> names);
  [[nodiscard]] std::vector<JsonView> list(std::string_view key);
  [[nodiscard]] std::vector<std::string> texts(std::string_view key);
  /// The member itself, of whatever kind. Its value is null (the JSON one) after an error.
  [[nodiscard]] JsonView any(std::string_view key);

  [[nodiscard]] std::optional<std::string> optional_text(std::string_view key);
  [[nodiscard]] std::optional<double> optional_number(std::string_view key, double least,
                                                      double most);
  [[nodiscard]] std::optional<std::int64_t> optional_integer(std::string_view key,
                                                             std::int64_t least, std::int64_t most);
  [[nodiscard]] std::optional<bool> optional_boolean(std::string_view key);
  [[nodiscard]] std::optional<std::size_t> optional_one_of(std::string_view key,
                                                           std::span<const std::string_view> names);
  [[nodiscard]] std::vector<JsonView> optional_list(std::string_view key);
  [[nodiscard]] std::vector<std::string> optional_texts(std::string_view key);
  [[nodiscard]] std::optional<JsonView> optional_any(std::string_view key);

  /// Remembers an error of the caller's own about one member, unless there is one already.
  void refuse(std::string_view key, Errc code, std::string_view rule);
  [[nodiscard]] bool ok() const noexcept { return !error_.has_value(); }
  /// The first error; or, where there was none, an error for a member nobody asked for (with the
  /// nearest key that was asked for, where one is near).
  [[nodiscard]] Result<void> finish();

 private:
  [[nodiscard]] JsonView member(std::string_view key);
  [[nodiscard]] JsonView required(std::string_view key);
  void refuse(const JsonView& at, Errc code, std::string_view rule);

  JsonView object_;
  std::vector<std::string> asked_;
  std::optional<Error> error_;
};

/// Reads a list of texts such as ["alcohol", "opioid"].
[[nodiscard]] OMBRE_EXPORT Result<std::vector<std::string>> texts_of(const JsonView& list);

/// How JSON is laid out.
struct JsonStyle {
  unsigned indent = 2;  ///< blanks a level; 0 = everything on one line
};

/// Writes JSON piece by piece, for output too large to hold as values. Keys appear in the order
/// they are written; numbers in the shortest form that reads back the same.
class OMBRE_EXPORT JsonWriter {
 public:
  explicit JsonWriter(JsonStyle style = {}) : style_{style} {}

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_list();
  JsonWriter& end_list();
  JsonWriter& key(std::string_view name);
  JsonWriter& text(std::string_view value);  ///< must be UTF-8
  JsonWriter& number(double value);          ///< must be finite
  JsonWriter& integer(std::int64_t value);
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  /// A number, or null where there is none.
  JsonWriter& number(std::optional<double> value);
  JsonWriter& value(const Json& value);

  /// What was written since the last call, for a caller who writes in pieces.
  [[nodiscard]] std::string take_part();
  /// The rest, with a line end; fails with not_finite or malformed (text that is not UTF-8, an
  /// object or list left open, a key without value) if anything on the way was wrong.
  [[nodiscard]] Result<std::string> finish();

 private:
  struct Level {
    bool object;
    bool empty;
  };
  void begin_value();
  void new_line();
  void quoted(std::string_view text);
  void refuse(Errc code, std::string_view value, std::string_view rule);

  JsonStyle style_;
  std::string out_;
  std::vector<Level> levels_;
  bool after_key_ = false;
  bool complete_ = false;
  std::optional<Error> error_;
};

/// A value as text, with a line end.
[[nodiscard]] OMBRE_EXPORT Result<std::string> json_text(const Json& value, JsonStyle style = {});

/// The candidate nearest to a misspelt word (at most two letters off, fewer for short words), or
/// nothing. Shared by all readers that say "did you mean".
[[nodiscard]] OMBRE_EXPORT std::optional<std::string_view> nearest_word(
    std::string_view word, std::span<const std::string_view> candidates);

}  // namespace ombre::inline v0::io
