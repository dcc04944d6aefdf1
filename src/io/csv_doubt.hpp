#pragma once
// One place for "this row cannot be used": a finding where doubts are collected, an error where
// the first one stops the reading.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "csv_cells.hpp"
#include "csv_row.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/result.hpp"
#include "ombre/timeline/name_table.hpp"

namespace ombre::inline v0::io::detail {

class Doubts {
 public:
  Doubts(std::string file, bool stop, std::size_t keep)
      : file_{std::move(file)}, stop_{stop}, findings_{keep} {}

  // Notes a doubt about one cell; `then` says what becomes of it ("the row is set aside").
  // Fails where doubts stop the reading.
  [[nodiscard]] Result<void> note(Severity severity, const CellFault& fault,
                                  std::string_view column, std::optional<std::uint64_t> line,
                                  std::string_view value, std::string_view person,
                                  std::string_view then) {
    if (stop_ && severity >= Severity::caution) {
      Error error;
      error.code = fault.code;
      error.field = printable(column);
      error.row = line;
      error.value = printable(value);
      error.rule = std::string{fault.sentence};
      error.file = file_;
      return unexpected(error);
    }
    if (!findings_.wants(fault.rule)) {
      findings_.count_only(severity, fault.rule);
      return {};
    }
    Finding finding;
    finding.severity = severity;
    finding.rule = std::string{fault.rule};
    finding.text = std::string{fault.sentence} + "; " + std::string{then};
    finding.person = printable(person);
    finding.field = printable(column);
    finding.row = line;
    finding.value = printable(value);
    finding.file = file_;
    findings_.add(std::move(finding));
    return {};
  }

  [[nodiscard]] bool stops() const noexcept { return stop_; }
  [[nodiscard]] const std::string& file() const noexcept { return file_; }
  [[nodiscard]] Findings& findings() noexcept { return findings_; }

 private:
  std::string file_;
  bool stop_;
  Findings findings_;
};

// Dates and day numbers do not mix in one table: remembers which it is and since which line.
class DayColumn {
 public:
  // Decides on the first cell that looks like either; fails at the first that differs.
  [[nodiscard]] Result<void> agree(std::string_view text, std::uint64_t line,
                                   std::string_view column, std::string_view file) {
    const DayKind kind = looks_like(text);
    if (kind == DayKind::undecided || kind == kind_) return {};
    if (kind_ == DayKind::undecided) {
      kind_ = kind;
      line_ = line;
      return {};
    }
    Error error;
    error.code = Errc::contradiction;
    error.file = std::string{file};
    error.row = line;
    error.field = printable(column);
    error.value = printable(text);
    error.rule = (kind == DayKind::number ? "is a day number, but line " : "is a date, but line ") +
                 std::to_string(line_) +
                 (kind == DayKind::number ? " holds a date" : " holds a day number") +
                 ": one table must hold only dates or only day numbers";
    return unexpected(error);
  }
  [[nodiscard]] DayKind kind() const noexcept { return kind_; }

  // The value of a cell, once agree() has seen it.
  [[nodiscard]] std::optional<CellFault> read(std::string_view text,
                                              std::int32_t& day) const noexcept {
    if (kind_ == DayKind::date) {
      const auto fault = read_date(text, day);
      if (!fault || looks_like(text) != DayKind::undecided) return fault;
    } else if (kind_ == DayKind::number) {
      const auto fault = read_day_number(text, day);
      if (!fault || looks_like(text) != DayKind::undecided) return fault;
    }
    return CellFault{Errc::malformed, "not_a_day",
                     "must be a date written as YYYY-MM-DD, or a whole number of days"};
  }

 private:
  DayKind kind_ = DayKind::undecided;
  std::uint64_t line_ = 0;
};

// The text of a cell, empty where it is missing.
[[nodiscard]] inline std::string_view present(std::string_view text, bool na_is_missing) noexcept {
  if (na_is_missing && text == "NA") return {};
  return text;
}

// Whether text begins or ends with a blank or tab.
[[nodiscard]] inline bool has_outer_blank(std::string_view text) noexcept {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  return !text.empty() && (blank(text.front()) || blank(text.back()));
}

// The text without outer blanks and tabs.
[[nodiscard]] inline std::string_view trimmed(std::string_view text) noexcept {
  while (has_outer_blank(text)) {
    if (text.front() == ' ' || text.front() == '\t') {
      text.remove_prefix(1);
    } else {
      text.remove_suffix(1);
    }
  }
  return text;
}

// A finding for person ids, from `first` on, that differ from another one only in letter case,
// blanks, hyphens or underscores. They stay different people: ids may be case-sensitive.
[[nodiscard]] Result<void> tell_alike_persons(const timeline::NameTable& persons,
                                              std::uint32_t first, Doubts& doubts,
                                              std::string_view column);

}  // namespace ombre::inline v0::io::detail
