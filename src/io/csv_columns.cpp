#include "ombre/io/csv_columns.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.hpp"
#include "csv_row.hpp"
#include "ombre/io/json.hpp"

namespace ombre::inline v0::io {

namespace detail {

std::optional<std::string> hint_at_delimiter(std::span<const std::string> header) {
  constexpr std::array<std::pair<char, std::string_view>, 3> others{
      {{';',
        "semicolons: save the table with commas, or say --delimiter ';' where a command has that "
        "option"},
       {'\t',
        "tabs: save the table with commas, or say --delimiter tab where a command has that option"},
       {'|',
        "vertical bars: save the table with commas, or say --delimiter '|' where a command has "
        "that option"}}};
  for (const auto& [delimiter, words] : others) {
    for (const std::string& name : header) {
      if (name.find(delimiter) != std::string::npos) {
        return "; the header holds " + std::string{words};
      }
    }
  }
  if (header.size() == 1 && header.front().find(',') != std::string::npos) {
    return "; the header holds commas: leave --delimiter out";
  }
  return std::nullopt;
}

}  // namespace detail

namespace {

std::string folded(std::string_view name) {
  std::string out = ascii::lower(name);
  for (char& c : out) {
    if (c == ' ' || c == '-' || c == '.') c = '_';
  }
  return out;
}

std::string listed(std::span<const std::string> header) {
  constexpr std::size_t most = 40;
  std::string out;
  for (std::size_t i = 0; i < header.size() && i < most; ++i) {
    out += (i > 0 ? ", " : "") +
           (header[i].empty() ? std::string{"(no name)"} : detail::printable(header[i]));
  }
  if (header.size() > most) out += ", and " + std::to_string(header.size() - most) + " more";
  return out;
}

Error column_error(Errc code, std::string_view file, std::string rule) {
  Error error;
  error.code = code;
  error.file = std::string{file};
  error.row = 1;
  error.field = "header";
  error.rule = std::move(rule);
  return error;
}

std::string choose_by(const ColumnWish& wish) {
  return wish.option.empty() ? "" : ": choose one with " + wish.option;
}

class Finder {
 public:
  Finder(std::span<const std::string> header, std::string_view file)
      : header_{header}, file_{file} {
    for (const std::string& name : header) folded_.push_back(folded(name));
  }

  Result<std::size_t> given(const ColumnWish& wish) const {
    const auto exact = std::ranges::find(header_, wish.given);
    if (exact != header_.end()) return static_cast<std::size_t>(exact - header_.begin());
    const std::vector<std::size_t> alike = called(folded(wish.given));
    if (alike.size() == 1) return alike.front();
    std::string rule = "no column is called \"" + detail::printable(wish.given) + "\" (asked for " +
                       "as the " + std::string{wish.role} + " column)";
    const std::vector<std::string_view> names{header_.begin(), header_.end()};
    if (const auto near = nearest_word(wish.given, names)) {
      rule += "; did you mean \"" + std::string{*near} + "\"?";
    }
    rule += "; the columns are " + listed(header_);
    return unexpected(column_error(Errc::missing, file_, std::move(rule)));
  }

  Result<std::optional<std::size_t>> known(const ColumnWish& wish,
                                           const std::vector<bool>& taken) const {
    std::vector<std::size_t> found;
    for (std::size_t n = 0; n < wish.names.size(); ++n) {
      for (const std::size_t i : called(wish.names[n])) {
        if (!taken[i]) found.push_back(i);
      }
      if (n == 0 && !found.empty()) break;  // our own name wins over the others
    }
    if (found.size() == 1) return std::optional{found.front()};
    if (found.size() > 1) {
      std::string rule = "several columns could be the " + std::string{wish.role} + ": ";
      for (std::size_t i = 0; i < found.size(); ++i) {
        rule += (i > 0 ? ", " : "") + detail::printable(header_[found[i]]);
      }
      return unexpected(column_error(Errc::contradiction, file_, rule + choose_by(wish)));
    }
    if (!wish.required) return std::optional<std::size_t>{};
    std::string rule = "no column for the " + std::string{wish.role} + " was found (known names: ";
    for (std::size_t n = 0; n < wish.names.size(); ++n) {
      rule += (n > 0 ? ", " : "") + std::string{wish.names[n]};
    }
    rule += "); the columns are " + listed(header_);
    rule += detail::hint_at_delimiter(header_).value_or(choose_by(wish));
    return unexpected(column_error(Errc::missing, file_, std::move(rule)));
  }

 private:
  std::vector<std::size_t> called(std::string_view name) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < folded_.size(); ++i) {
      if (!folded_[i].empty() && folded_[i] == name) found.push_back(i);
    }
    return found;
  }

  std::span<const std::string> header_;
  std::string_view file_;
  std::vector<std::string> folded_;
};

}  // namespace

Result<std::vector<std::optional<std::size_t>>> find_columns(std::span<const std::string> header,
                                                             std::span<const ColumnWish> wishes,
                                                             std::string_view file) {
  const Finder finder{header, file};
  std::vector<std::optional<std::size_t>> columns(wishes.size());
  std::vector<bool> taken(header.size());
  const auto take = [&](std::size_t wish, std::size_t column) -> Result<void> {
    if (taken[column]) {
      return unexpected(column_error(Errc::contradiction, file,
                                     "the column \"" + detail::printable(header[column]) +
                                         "\" cannot also be the " + std::string{wishes[wish].role} +
                                         ": it is used already"));
    }
    taken[column] = true;
    columns[wish] = column;
    return {};
  };
  for (std::size_t w = 0; w < wishes.size(); ++w) {
    if (wishes[w].given.empty()) continue;
    const auto column = finder.given(wishes[w]);
    if (!column) return unexpected(column.error());
    if (auto taking = take(w, *column); !taking) return unexpected(taking.error());
  }
  for (std::size_t w = 0; w < wishes.size(); ++w) {
    if (!wishes[w].given.empty()) continue;
    const auto column = finder.known(wishes[w], taken);
    if (!column) return unexpected(column.error());
    if (!*column) continue;
    if (auto taking = take(w, **column); !taking) return unexpected(taking.error());
  }
  return columns;
}

namespace {
using Names = std::span<const std::string_view>;
constexpr std::array<std::string_view, 19> person_names{
    "person_id",      "person",  "who",        "id",          "subject",
    "subject_id",     "subjid",  "usubjid",    "participant", "pid",
    "participant_id", "patient", "patient_id", "patdeid",     "individual",
    "individual_id",  "case_id", "client_id",  "record_id"};
constexpr std::array<std::string_view, 14> day_names{"date",
                                                     "day",
                                                     "when",
                                                     "day_number",
                                                     "study_day",
                                                     "use_date",
                                                     "use_day",
                                                     "dt",
                                                     "calendar_date",
                                                     "visit_date",
                                                     "visit_day",
                                                     "tlfb_date",
                                                     "assessment_date",
                                                     "event_date"};
constexpr std::array<std::string_view, 8> substance_names{
    "substance", "drug", "what", "substance_name", "drug_name", "substance_id", "agent", "product"};
constexpr std::array<std::string_view, 10> amount_names{
    "amount", "quantity",        "drinks",           "value",    "qty",
    "dose",   "standard_drinks", "number_of_drinks", "n_drinks", "cigarettes"};
constexpr std::array<std::string_view, 4> unit_names{"unit", "units", "amount_unit", "uom"};
constexpr std::array<std::string_view, 4> route_names{"route", "route_of_use", "roa",
                                                      "administration_route"};
constexpr std::array<std::string_view, 4> source_names{"source", "report_source", "reported_by",
                                                       "data_source"};
constexpr std::array<std::string_view, 4> reported_names{"reported", "observed", "is_reported",
                                                         "is_observed"};
constexpr std::array<std::string_view, 4> controlled_names{
    "controlled_environment", "controlled", "in_controlled_environment", "setting_controlled"};
constexpr std::array<std::string_view, 9> used_names{"used",       "use",         "any_use",
                                                     "used_today", "result",      "use_result",
                                                     "positive",   "test_result", "uds_result"};
constexpr std::array<std::string_view, 8> start_names{
    "start", "start_date", "start_day", "first_day", "from", "begin", "window_start", "first"};
constexpr std::array<std::string_view, 9> end_names{
    "end", "end_date", "end_day", "last_day", "to", "until", "window_end", "last", "stop"};
}  // namespace

Names person_column_names() noexcept { return person_names; }
Names day_column_names() noexcept { return day_names; }
Names substance_column_names() noexcept { return substance_names; }
Names amount_column_names() noexcept { return amount_names; }
Names unit_column_names() noexcept { return unit_names; }
Names route_column_names() noexcept { return route_names; }
Names source_column_names() noexcept { return source_names; }
Names reported_column_names() noexcept { return reported_names; }
Names controlled_column_names() noexcept { return controlled_names; }
Names used_column_names() noexcept { return used_names; }
Names start_column_names() noexcept { return start_names; }
Names end_column_names() noexcept { return end_names; }

}  // namespace ombre::inline v0::io
