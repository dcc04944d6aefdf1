#pragma once
// One description of a document's fields serves reading and writing, so that neither can forget
// what the other does. A type T is described by
//
//   template <class Way, Is<T> V>
//   void fields(Way& way, V& value) { way.required_name("id", value.id); ... }
//
// where Way is ReadWay (V is T) or WriteWay (V is const T). What is empty or has its default is not
// written, and reading an absent member gives just that.

#include <charconv>
#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/io/json.hpp"
#include "ombre/plans/names.hpp"
#include "taper_json_parts.hpp"

namespace ombre::inline v0::io::both_ways {

template <class V, class T>
concept Is = std::same_as<std::remove_const_t<V>, T>;

inline constexpr std::size_t most_items = 5000;

[[nodiscard]] inline std::string clock_text(int minute) {
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return two(minute / 60) + ":" + two(minute % 60);
}
// "08:30" or "24:00"; nothing for anything else.
[[nodiscard]] inline std::optional<int> minute_of(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t i : {0U, 1U, 3U, 4U}) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
  }
  const int hours = 10 * (text[0] - '0') + (text[1] - '0');
  const int minutes = 10 * (text[3] - '0') + (text[4] - '0');
  if (minutes > 59 || hours > 24 || (hours == 24 && minutes != 0)) return std::nullopt;
  return 60 * hours + minutes;
}

class ReadWay {
 public:
  static constexpr bool reading = true;
  ReadWay(taper_json::Reading& read, const JsonView& view) : read_{&read}, in_{view} {}
  ReadWay(const ReadWay&) = delete;
  ReadWay& operator=(const ReadWay&) = delete;
  void done() { read_->done(in_); }
  [[nodiscard]] JsonFields& in() noexcept { return in_; }
  [[nodiscard]] taper_json::Reading& read() noexcept { return *read_; }

  void format(std::string_view wanted) {
    const std::string text = in_.text("format");
    if (in_.ok() && text != wanted) {
      in_.refuse("format", Errc::unsupported, "must be \"" + std::string{wanted} + '"');
    }
  }
  void required_name(std::string_view key, std::string& to) {
    to = taper_json::name_text(in_, key);
  }
  void name(std::string_view key, std::string& to) {
    to = taper_json::optional_name_text(in_, key);
  }
  void words(std::string_view key, std::string& to) { to = taper_json::optional_words(in_, key); }
  void texts(std::string_view key, std::vector<std::string>& to) {
    to = taper_json::names_list(in_, key, most_items);
  }
  void date(std::string_view key, Date& to) { to = taper_json::date(in_, key); }
  void date(std::string_view key, std::optional<Date>& to) {
    to = taper_json::optional_date(in_, key);
  }
  void number(std::string_view key, double& to, double least, double most) {
    to = in_.number(key, least, most);
  }
  void number(std::string_view key, std::optional<double>& to, double least, double most) {
    to = in_.optional_number(key, least, most);
  }
  void number_or(std::string_view key, double& to, double least, double most, double otherwise) {
    to = in_.optional_number(key, least, most).value_or(otherwise);
  }
  void integer_or(std::string_view key, int& to, int least, int most, int otherwise) {
    to = static_cast<int>(in_.optional_integer(key, least, most).value_or(otherwise));
  }
  void integer(std::string_view key, int& to, int least, int most) {
    to = static_cast<int>(in_.integer(key, least, most));
  }
  void integer(std::string_view key, std::optional<int>& to, int least, int most) {
    const auto value = in_.optional_integer(key, least, most);
    to = value ? std::optional{static_cast<int>(*value)} : std::nullopt;
  }
  void flag_or(std::string_view key, bool& to, bool otherwise) {
    to = in_.optional_boolean(key).value_or(otherwise);
  }
  void flag(std::string_view key, std::optional<bool>& to) { to = in_.optional_boolean(key); }
  template <class E>
  void choice(std::string_view key, E& to) {
    to = static_cast<E>(in_.one_of(key, plans::names_of<E>()));
  }
  template <class E>
  void choice_or(std::string_view key, E& to, E otherwise) {
    const auto at = in_.optional_one_of(key, plans::names_of<E>());
    to = at ? static_cast<E>(*at) : otherwise;
  }
  template <class E>
  void choices(std::string_view key, std::vector<E>& to) {
    taper_json::each(in_, key, most_items, false, [&](const JsonView& item) {
      const auto found = plans::find_named<E>(item.value->as_text().value_or(""));
      if (!found) {
        std::string rule = "must be one of ";
        for (const auto one : plans::names_of<E>()) {
          rule += (one == plans::names_of<E>().front() ? "" : ", ") + std::string{one};
        }
        read_->refuse(item, Errc::unknown_name, rule);
        return;
      }
      to.push_back(*found);
    });
  }
  void clock(std::string_view key, int& to) {
    const std::string text = in_.text(key);
    if (!in_.ok()) return;
    if (const auto minute = minute_of(text)) {
      to = *minute;
    } else {
      in_.refuse(key, Errc::malformed, "must be a time such as \"08:30\"");
    }
  }
  void clock(std::string_view key, std::optional<int>& to) {
    if (!in_.has(key)) return;
    int minute = 0;
    clock(key, minute);
    to = minute;
  }
  template <class T>
  void object(std::string_view key, T& to) {
    taper_json::nested(in_, key, [&](const JsonView& view) { one(view, to); });
  }
  template <class T>
  void object_or(std::string_view key, T& to) {
    taper_json::optional_nested(in_, key, [&](const JsonView& view) { one(view, to); });
  }
  template <class T>
  void object(std::string_view key, std::optional<T>& to) {
    taper_json::optional_nested(in_, key, [&](const JsonView& view) {
      T value{};
      one(view, value);
      to = std::move(value);
    });
  }
  template <class T>
  void list(std::string_view key, std::vector<T>& to) {
    taper_json::each(in_, key, most_items, false, [&](const JsonView& item) {
      if (!read_->ok()) return;
      T value{};
      one(item, value);
      to.push_back(std::move(value));
    });
  }

 private:
  template <class T>
  void one(const JsonView& view, T& to) {
    ReadWay way{*read_, view};
    fields(way, to);
    way.done();
  }

  taper_json::Reading* read_;
  JsonFields in_;
};

class WriteWay {
 public:
  static constexpr bool reading = false;
  [[nodiscard]] Json object() { return out_.object(); }
  [[nodiscard]] taper_json::Members& out() noexcept { return out_; }

  void format(std::string_view name) { out_.text("format", name); }
  void required_name(std::string_view key, const std::string& value) { out_.text(key, value); }
  void name(std::string_view key, const std::string& value) { out_.text_if(key, value); }
  void words(std::string_view key, const std::string& value) { out_.text_if(key, value); }
  void texts(std::string_view key, const std::vector<std::string>& value) {
    if (!value.empty()) out_.put(key, taper_json::texts_json(value));
  }
  void date(std::string_view key, const Date& value) { out_.text(key, value.iso()); }
  void date(std::string_view key, const std::optional<Date>& value) { out_.date_if(key, value); }
  void number(std::string_view key, const double& value, double, double) {
    out_.number(key, value);
  }
  void number(std::string_view key, const std::optional<double>& value, double, double) {
    out_.number_if(key, value);
  }
  void number_or(std::string_view key, const double& value, double, double, double otherwise) {
    if (value != otherwise) out_.number(key, value);
  }
  void integer_or(std::string_view key, const int& value, int, int, int otherwise) {
    if (value != otherwise) out_.integer(key, value);
  }
  void integer(std::string_view key, const int& value, int, int) { out_.integer(key, value); }
  void integer(std::string_view key, const std::optional<int>& value, int, int) {
    if (value) out_.integer(key, *value);
  }
  void flag_or(std::string_view key, const bool& value, bool otherwise) {
    if (value != otherwise) out_.boolean(key, value);
  }
  void flag(std::string_view key, const std::optional<bool>& value) {
    if (value) out_.boolean(key, *value);
  }
  template <class E>
  void choice(std::string_view key, const E& value) {
    out_.text(key, plans::name(value));
  }
  template <class E>
  void choice_or(std::string_view key, const E& value, E otherwise) {
    if (value != otherwise) out_.text(key, plans::name(value));
  }
  template <class E>
  void choices(std::string_view key, const std::vector<E>& value) {
    if (value.empty()) return;
    out_.put(key, taper_json::list_of(value, [](E e) { return Json::text(plans::name(e)); }));
  }
  void clock(std::string_view key, const int& value) { out_.text(key, clock_text(value)); }
  void clock(std::string_view key, const std::optional<int>& value) {
    if (value) out_.text(key, clock_text(*value));
  }
  template <class T>
  void object(std::string_view key, const T& value) {
    out_.put(key, one(value));
  }
  template <class T>
  void object_or(std::string_view key, const T& value) {
    if (!(value == T{})) out_.put(key, one(value));
  }
  template <class T>
  void object(std::string_view key, const std::optional<T>& value) {
    if (value) out_.put(key, one(*value));
  }
  template <class T>
  void list(std::string_view key, const std::vector<T>& value) {
    if (value.empty()) return;
    out_.put(key, taper_json::list_of(value, [](const T& item) { return one(item); }));
  }
  template <class T>
  [[nodiscard]] static Json one(const T& value) {
    WriteWay way;
    fields(way, value);
    return way.object();
  }

 private:
  taper_json::Members out_;
};

// Reads a whole document; an error names file and path.
template <class T>
Result<T> read_one(const JsonView& view) {
  taper_json::Reading read;
  T out{};
  {
    ReadWay way{read, view};
    fields(way, out);
    way.done();
  }
  if (!read.ok()) return unexpected(read.error());
  return out;
}

}  // namespace ombre::inline v0::io::both_ways
