#pragma once
// Parts that all taper documents share: reading with one remembered error, and writing.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ombre/io/json.hpp"
#include "ombre/io/taper_json.hpp"
#include "ombre/plans/taper.hpp"

namespace ombre::inline v0::io::taper_json {

inline constexpr double most_number = 1e9;  // as plans::Amount

// How much of each kind a document may hold. Beyond any plan that people make, far below what
// exhausts a machine.
inline constexpr std::size_t most_text = 4000;
inline constexpr std::size_t most_products = 200;
inline constexpr std::size_t most_phases = 200;
inline constexpr std::size_t most_rows = 5000;
inline constexpr std::size_t most_days = 5000;
inline constexpr std::size_t most_few = 100;  // species, overrides, guidelines, figures
inline constexpr std::size_t most_steps = 20'000;
inline constexpr std::size_t most_versions = 10'000;
inline constexpr std::size_t most_findings = 1000;

// Remembers the first error of a document. Functions below return empty values after one.
class Reading {
 public:
  void fail(Error error) {
    if (!error_) error_ = std::move(error);
  }
  void refuse(const JsonView& at, Errc code, std::string_view rule) { fail(at.error(code, rule)); }
  // Ends reading an object.
  void done(JsonFields& in) {
    if (auto ok = in.finish(); !ok) fail(ok.error());
  }
  [[nodiscard]] bool ok() const noexcept { return !error_.has_value(); }
  [[nodiscard]] const Error& error() const noexcept { return *error_; }

 private:
  std::optional<Error> error_;
};

// Texts of an enumeration whose values count from 0.
template <class Enum>
std::vector<std::string_view> names_up_to(Enum last) {
  std::vector<std::string_view> out;
  for (int i = 0; i <= static_cast<int>(last); ++i) out.push_back(name(static_cast<Enum>(i)));
  return out;
}
template <class Enum>
Enum one_of(JsonFields& in, std::string_view key, Enum last) {
  return static_cast<Enum>(in.one_of(key, names_up_to(last)));
}
template <class Enum>
Enum one_of(JsonFields& in, std::string_view key, Enum last, Enum otherwise) {
  const auto at = in.optional_one_of(key, names_up_to(last));
  return at ? static_cast<Enum>(*at) : otherwise;
}

// Calls `read(view)` for a member, where it is there and nothing went wrong before.
template <class Read>
void nested(JsonFields& in, std::string_view key, Read read) {
  const JsonView view = in.any(key);
  if (in.ok()) read(view);
}
template <class Read>
void optional_nested(JsonFields& in, std::string_view key, Read read) {
  const auto view = in.optional_any(key);
  if (view && in.ok()) read(*view);
}
// Calls `read(view)` for each item of a list of at most `most` items.
template <class Read>
void each(JsonFields& in, std::string_view key, std::size_t most, bool required, Read read) {
  if (!required && !in.has(key)) return;
  const JsonView whole = in.any(key);
  if (!in.ok()) return;
  if (whole.value->items().size() > most) {
    in.refuse(key, Errc::too_large, "must be a list of at most " + std::to_string(most));
    return;
  }
  for (const JsonView& item : in.list(key)) read(item);
}

// Texts: UTF-8 (the parser sees to it), not too long, no control characters but line breaks and
// tabs, which names and ids do not hold either.
std::string words(JsonFields& in, std::string_view key);
std::string optional_words(JsonFields& in, std::string_view key);
std::string name_text(JsonFields& in, std::string_view key);
std::string optional_name_text(JsonFields& in, std::string_view key);
std::vector<std::string> names_list(JsonFields& in, std::string_view key, std::size_t most);

Date date(JsonFields& in, std::string_view key);
std::optional<Date> optional_date(JsonFields& in, std::string_view key);
std::vector<Date> dates(Reading& read, JsonFields& in, std::string_view key);

// "12.5 mg".
plans::Amount amount(JsonFields& in, std::string_view key);
std::optional<plans::Amount> optional_amount(JsonFields& in, std::string_view key);
plans::Amount amount_of(Reading& read, const JsonView& view);
plans::AmountStep amount_step(JsonFields& in, std::string_view key);

// "2 weeks", "1 day", "3 months".
plans::StepLength length(JsonFields& in, std::string_view key);
std::optional<plans::StepLength> optional_length(JsonFields& in, std::string_view key);

std::int32_t whole(JsonFields& in, std::string_view key, std::int64_t least, std::int64_t most);
std::int32_t whole_or(JsonFields& in, std::string_view key, std::int64_t least, std::int64_t most,
                      std::int32_t otherwise);
// A number above 0.
double positive(JsonFields& in, std::string_view key, double most = most_number);
std::optional<double> optional_positive(JsonFields& in, std::string_view key,
                                        double most = most_number);

plans::Actor actor(Reading& read, const JsonView& view);
plans::Override an_override(Reading& read, const JsonView& view);
plans::TaperGoal goal(Reading& read, const JsonView& view);
plans::IntakeLimits limits(Reading& read, const JsonView& view);
plans::SafetyFacts facts(Reading& read, const JsonView& view);
std::optional<plans::Product> product(Reading& read, const JsonView& view);
// A list, or {"market": "UK", ...} for what the tables know to exist there.
std::vector<plans::Product> products(Reading& read, JsonFields& in, std::string_view key,
                                     std::string_view substance, plans::DoseUnit unit,
                                     const substance::Catalogue* catalogue);
// Emax and ED50, or two points.
plans::EffectCurve curve(Reading& read, JsonFields& in);
std::vector<plans::TaperPhase> phases(Reading& read, JsonFields& in, std::string_view key,
                                      const std::optional<plans::EffectCurve>& of_substance);
// The format of the document must be `kind`.
void check_format(JsonFields& in, TaperFile kind);
// Parses a document within the limit of its kind.
Result<Json> parse(std::string_view text, std::string_view name, TaperFile kind);
Result<Json> read_document(const std::string& path, TaperFile kind);
// An error of the library about a part of the document, with the file it came from.
Unexpected in_file(Error error, std::string_view file);

// ---- writing -----------------------------------------------------------------------------------

class Members {
 public:
  Members& put(std::string_view key, Json value) {
    all_.emplace_back(std::string{key}, std::move(value));
    return *this;
  }
  Members& text(std::string_view key, std::string_view value) {
    return put(key, Json::text(value));
  }
  Members& text_if(std::string_view key, std::string_view value) {
    return value.empty() ? *this : text(key, value);
  }
  Members& integer(std::string_view key, std::int64_t value) {
    return put(key, Json::integer(value));
  }
  Members& number(std::string_view key, double value) { return put(key, Json::number(value)); }
  Members& number_if(std::string_view key, const std::optional<double>& value) {
    return value ? number(key, *value) : *this;
  }
  Members& boolean(std::string_view key, bool value) { return put(key, Json::boolean(value)); }
  Members& date_if(std::string_view key, const std::optional<Date>& value) {
    return value ? text(key, value->iso()) : *this;
  }
  Members& amount_if(std::string_view key, const std::optional<plans::Amount>& value) {
    return value ? text(key, plans::text(*value)) : *this;
  }
  [[nodiscard]] Json object() { return Json::object(std::move(all_)); }

 private:
  std::vector<Json::Member> all_;
};

template <class T, class Write>
Json list_of(const std::vector<T>& all, Write write) {
  std::vector<Json> out;
  out.reserve(all.size());
  for (const T& one : all) out.push_back(write(one));
  return Json::list(std::move(out));
}

Json texts_json(const std::vector<std::string>& all);
Json dates_json(const std::vector<Date>& all);
Json amount_json(plans::Amount value);
Json actor_json(const plans::Actor& actor);
Json override_json(const plans::Override& one);
Json goal_json(const plans::TaperGoal& goal);
Json limits_json(const plans::IntakeLimits& limits);
Json facts_json(const plans::SafetyFacts& facts);
Json product_json(const plans::Product& product);
Json phase_json(const plans::TaperPhase& phase);
Json finding_json(const plans::RuleFinding& finding);
plans::RuleFinding finding(Reading& read, const JsonView& view);

// The whole of a request or a plan inside another document.
plans::TaperRequest request(Reading& read, const JsonView& view,
                            const substance::Catalogue& catalogue, bool whole_document);
Json request_json(const plans::TaperRequest& request, bool whole_document);

}  // namespace ombre::inline v0::io::taper_json
