#include "ombre/io/life_csv.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "csv_row.hpp"
#include "ombre/io/csv_columns.hpp"

namespace ombre::inline v0::io {
namespace {

std::string_view trimmed(std::string_view cell) {
  while (!cell.empty() && cell.front() == ' ') cell.remove_prefix(1);
  while (!cell.empty() && cell.back() == ' ') cell.remove_suffix(1);
  return cell;
}

Result<std::vector<outcomes::LifeSeries>> read(CsvReader reader, std::string_view person) {
  const std::vector<std::string>& header = reader.header();
  const auto refuse = [&](Errc code, std::string_view column, std::optional<std::uint64_t> line,
                          std::string_view value, std::string_view rule) {
    Error error = error_at(code, column, line, value, rule);
    error.file = reader.name();
    return unexpected(std::move(error));
  };
  const std::array<ColumnWish, 2> wishes{
      ColumnWish{"date", day_column_names(), true, {}, {}},
      ColumnWish{"person", person_column_names(), false, {}, {}}};
  const auto found = find_columns(header, wishes, reader.name());
  if (!found) return unexpected(found.error());
  const std::size_t date_at = *(*found)[0];
  const std::optional<std::size_t> person_at = (*found)[1];
  std::vector<outcomes::LifeSeries> out;
  std::vector<std::size_t> column;
  for (std::size_t c = 0; c < header.size(); ++c) {
    if (c == date_at || person_at == c) continue;
    if (header[c].empty())
      return refuse(Errc::missing, "header", 1, "", "has a column without a name");
    if (std::ranges::find(out, header[c], &outcomes::LifeSeries::called) != out.end()) {
      return refuse(Errc::duplicate, "header", 1, detail::printable(header[c]),
                    "is there twice; every series needs a name of its own");
    }
    out.push_back({header[c], {}});
    column.push_back(c);
  }
  if (out.empty()) {
    return refuse(Errc::missing, "header", 1, "", "has no column besides date and person");
  }
  std::string seen;
  bool any = false;
  CsvRows rows;
  for (;;) {
    const auto more = reader.next(rows);
    if (!more) return unexpected(more.error());
    if (!*more) break;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const std::uint64_t line = rows.line(r);
      if (person_at) {
        const std::string_view who = trimmed(rows.field(r, *person_at));
        if (!person.empty() && who != person) continue;
        if (person.empty() && any && who != seen) {
          return refuse(Errc::missing, header[*person_at], line, detail::printable(who),
                        "is a second person; say whose rows are meant");
        }
        seen = who;
      }
      any = true;
      const std::string_view date = trimmed(rows.field(r, date_at));
      const auto on = Date::parse(date);
      if (!on) {
        return refuse(Errc::malformed, header[date_at], line, detail::printable(date),
                      "must be a date such as 2026-01-31");
      }
      for (std::size_t s = 0; s < out.size(); ++s) {
        const std::string_view cell = trimmed(rows.field(r, column[s]));
        if (cell.empty() || cell == "NA" || cell == ".") continue;
        double value = 0;
        const auto number = std::from_chars(cell.data(), cell.data() + cell.size(), value);
        if (number.ec != std::errc{} || number.ptr != cell.data() + cell.size() ||
            !std::isfinite(value)) {
          return refuse(Errc::malformed, header[column[s]], line, detail::printable(cell),
                        "must be a number, or empty where nothing was written down");
        }
        out[s].values.push_back({*on, value});
      }
    }
  }
  if (!any && !person.empty()) {
    return refuse(Errc::missing, "person", std::nullopt, detail::printable(person), "has no row");
  }
  return out;
}

}  // namespace

Result<std::vector<outcomes::LifeSeries>> read_life_csv(const std::string& path,
                                                        std::string_view person,
                                                        CsvOptions options) {
  auto reader = CsvReader::open(path, options);
  if (!reader) return unexpected(reader.error());
  return read(*std::move(reader), person);
}

Result<std::vector<outcomes::LifeSeries>> parse_life_csv(std::string_view text,
                                                         std::string_view person,
                                                         CsvOptions options) {
  auto reader = CsvReader::from_text(text, options, "life");
  if (!reader) return unexpected(reader.error());
  return read(*std::move(reader), person);
}

}  // namespace ombre::inline v0::io
