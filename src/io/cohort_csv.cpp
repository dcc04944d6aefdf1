#include "ombre/io/cohort_csv.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <optional>
#include <vector>

#include "core/text.hpp"
#include "csv_row.hpp"
#include "ombre/io/file.hpp"
#include "ombre/io/json.hpp"

namespace ombre::inline v0::io {
namespace {

struct Wanted {
  std::size_t at;  // in the file
  cohort::Column column{};
  bool words = false;
};

bool is_missing(std::string_view cell) { return cell.empty() || cell == "NA"; }

// The number a cell holds, if all of it is one.
std::optional<double> number_of(std::string_view cell) {
  if (cell.starts_with('+')) cell.remove_prefix(1);
  double value = 0;
  const auto [end, problem] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (end != cell.data() + cell.size()) return std::nullopt;
  if (problem == std::errc::result_out_of_range) return std::nullopt;
  if (problem != std::errc{}) return std::nullopt;
  return value;
}

void mark_missing(cohort::Column& column, std::size_t row) {
  // Grown only as far as the first hole needs; padded at the end.
  if (column.missing.size() < row) column.missing.resize(row, 0);
  column.missing.push_back(1);
}

// A column whose name differs in capitals, outer blanks or a letter.
std::optional<std::string> meant(std::string_view name, const std::vector<std::string>& header) {
  const auto plain = [](std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
    return ascii::lower(text);
  };
  for (const std::string& one : header) {
    if (plain(one) == plain(name)) return '"' + detail::printable(one) + '"';
  }
  if (name.size() < 4) return std::nullopt;
  const std::vector<std::string_view> all{header.begin(), header.end()};
  const auto near = nearest_word(name, all);
  return near ? std::optional{'"' + detail::printable(*near) + '"'} : std::nullopt;
}

// `open` is called twice where a column turns out to be words.
Result<cohort::Table> read_table(const std::function<Result<CsvReader>()>& open,
                                 std::span<const std::string> columns) {
  auto reader = open();
  if (!reader) return unexpected(reader.error());

  const std::vector<std::string>& header = reader->header();
  std::vector<Wanted> wanted;
  if (columns.empty()) {
    for (std::size_t c = 0; c < header.size(); ++c) {
      if (!header[c].empty()) wanted.push_back({c, {header[c]}});
    }
  }
  for (const std::string& name : columns) {
    const auto at = std::ranges::find(header, name);
    if (at == header.end()) {
      std::string rule = "no such column; there are ";
      for (std::size_t c = 0; c < header.size() && c < 40; ++c) {
        rule += (c > 0 ? ", " : "") + detail::printable(header[c]);
      }
      if (header.size() > 40) rule += ", and " + std::to_string(header.size() - 40) + " more";
      rule += detail::hint_at_delimiter(header).value_or("");
      if (const auto near = meant(name, header)) rule += "; did you mean " + *near + "?";
      Error error = error_at(Errc::missing, "column", std::nullopt, name, rule);
      error.file = reader->name();
      return unexpected(std::move(error));
    }
    const auto position = static_cast<std::size_t>(at - header.begin());
    if (std::ranges::find(wanted, position, &Wanted::at) == wanted.end()) {
      wanted.push_back({position, {name}});
    }
  }

  std::vector<std::uint64_t> lines;  // filled once a line is not where it would plainly be
  std::size_t size = 0;
  CsvRows rows;
  while (true) {
    const auto more = reader->next(rows);
    if (!more) return unexpected(more.error());
    if (!*more) break;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const std::size_t row = size + r;
      if (lines.empty() && rows.line(r) != row + 2) {
        for (std::size_t before = 0; before < row; ++before) lines.push_back(before + 2);
        lines.push_back(rows.line(r));
      } else if (!lines.empty()) {
        lines.push_back(rows.line(r));
      }
    }
    for (Wanted& w : wanted) {
      if (w.words) continue;
      for (std::size_t r = 0; r < rows.size(); ++r) {
        const std::string_view cell = rows.field(r, w.at);
        if (is_missing(cell)) {
          mark_missing(w.column, size + r);
          w.column.values.push_back(0);
          continue;
        }
        const auto value = number_of(cell);
        if (!value) {
          w.words = true;
          break;
        }
        if (!std::isfinite(*value)) {
          Error error = error_at(Errc::not_finite, w.column.name, rows.line(r), cell,
                                 "must be a finite number, or empty where it is missing");
          error.file = reader->name();
          return unexpected(std::move(error));
        }
        w.column.values.push_back(*value);
      }
    }
    size += rows.size();
  }
  for (Wanted& w : wanted) {
    if (!w.words && !w.column.missing.empty()) w.column.missing.resize(size, 0);
  }
  if (std::ranges::any_of(wanted, &Wanted::words)) {
    std::vector<std::vector<std::string>> texts(wanted.size());
    auto again = open();
    if (!again) return unexpected(again.error());
    while (true) {
      const auto more = again->next(rows);
      if (!more) return unexpected(more.error());
      if (!*more) break;
      for (std::size_t c = 0; c < wanted.size(); ++c) {
        if (!wanted[c].words) continue;
        for (std::size_t r = 0; r < rows.size(); ++r) {
          const std::string_view cell = rows.field(r, wanted[c].at);
          texts[c].emplace_back(cell == "NA" ? std::string_view{} : cell);
        }
      }
    }
    for (std::size_t c = 0; c < wanted.size(); ++c) {
      if (wanted[c].words) {
        wanted[c].column = cohort::factor_column(wanted[c].column.name, texts[c]);
      }
    }
  }
  cohort::Table table{reader->name()};
  for (Wanted& w : wanted) {
    if (auto added = table.add(std::move(w.column)); !added) return unexpected(added.error());
  }
  if (!lines.empty()) {
    if (auto set = table.set_lines(std::move(lines)); !set) return unexpected(set.error());
  }
  return table;
}

}  // namespace

Result<cohort::Table> read_cohort_csv(const std::string& path, std::span<const std::string> columns,
                                      const CohortCsvOptions& options) {
  if (path == "-") {  // may be needed twice
    const auto whole = read_file(path, options.max_bytes);
    if (!whole) return unexpected(whole.error());
    return read_cohort_csv_text(*whole, "standard input", columns, options);
  }
  return read_table([&] { return CsvReader::open(path, options.csv); }, columns);
}

Result<cohort::Table> read_cohort_csv_text(std::string_view text, const std::string& name,
                                           std::span<const std::string> columns,
                                           const CohortCsvOptions& options) {
  return read_table([&] { return CsvReader::from_text(text, options.csv, name); }, columns);
}

}  // namespace ombre::inline v0::io
