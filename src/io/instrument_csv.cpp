#include "ombre/io/instrument_csv.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "csv_row.hpp"
#include "ombre/io/csv_columns.hpp"

namespace ombre::inline v0::io {
namespace {

constexpr std::array<std::string_view, 3> sex_names{"sex", "gender", "sex_at_birth"};

Result<AnswerTable> read(CsvReader reader, const spectrum::Instrument& instrument) {
  AnswerTable out;
  const std::vector<std::string>& header = reader.header();
  const auto refuse = [&](Errc code, std::string_view column, std::optional<std::uint64_t> line,
                          std::string_view value, std::string_view rule) {
    Error error = error_at(code, column, line, value, rule);
    error.file = reader.name();
    return unexpected(std::move(error));
  };
  // Items first: a column "1" is an item whatever else could be read into it.
  std::vector<std::optional<std::size_t>> item_of(header.size());
  std::vector<std::optional<std::size_t>> column_of(instrument.items);
  for (std::size_t c = 0; c < header.size(); ++c) {
    const auto place = header[c].empty() ? std::nullopt : instrument.item_place(header[c]);
    if (!place) {
      if (!instrument.item_unclear(header[c])) continue;
      return refuse(Errc::unknown_name, header[c], 1, detail::printable(header[c]),
                    "is a number, and which item of " + std::string{instrument.id} +
                        " it means is not clear; name the columns " + instrument.item_list());
    }
    if (column_of[*place]) {
      return refuse(Errc::duplicate, header[c], 1, header[c],
                    "is a second column for item " + std::string{instrument.item_name(*place)} +
                        "; the first is " + detail::printable(header[*column_of[*place]]));
    }
    column_of[*place] = c;
    item_of[c] = place;
  }
  if (std::ranges::none_of(column_of, [](const auto& c) { return c.has_value(); })) {
    return refuse(Errc::missing, "header", 1, "",
                  "has no column for an item of " + std::string{instrument.id} +
                      "; its items are " + instrument.item_list());
  }
  const auto column = [&](std::span<const std::string_view> names) -> std::optional<std::size_t> {
    std::vector<std::string> left = header;
    for (std::size_t c = 0; c < header.size(); ++c) {
      if (item_of[c]) left[c].clear();
    }
    const std::array<ColumnWish, 1> wish{ColumnWish{"", names, false, {}, {}}};
    const auto found = find_columns(left, wish, reader.name());
    return found ? (*found)[0] : std::nullopt;
  };
  const auto person_at = column(person_column_names());
  const auto date_at = column(day_column_names());
  const auto sex_at = column(sex_names);
  for (std::size_t c = 0; c < header.size(); ++c) {
    if (item_of[c] || person_at == c || date_at == c || sex_at == c) continue;
    out.findings.add({.severity = Severity::note,
                      .rule = "column_not_used",
                      .text = "This column is not part of the instrument",
                      .field = detail::printable(header[c])});
  }
  for (std::size_t i = 0; i < instrument.items; ++i) {
    if (column_of[i] || instrument.kind_of(i) == nullptr) continue;
    out.findings.add({.severity = Severity::caution,
                      .rule = "item_without_column",
                      .text = "No column holds this item, so it counts as not answered",
                      .field = std::string{instrument.item_name(i)}});
  }

  CsvRows rows;
  for (;;) {
    const auto more = reader.next(rows);
    if (!more) return unexpected(more.error());
    if (!*more) break;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      AnswerRow row;
      row.line = rows.line(r);
      row.answers.resize(instrument.items);
      if (person_at) row.person = rows.field(r, *person_at);
      if (date_at) row.date = rows.field(r, *date_at);
      if (sex_at && !rows.field(r, *sex_at).empty()) {
        const auto sex = sex_from(rows.field(r, *sex_at));
        if (!sex) {
          return refuse(Errc::unknown_name, header[*sex_at], row.line,
                        detail::printable(rows.field(r, *sex_at)), sex.error().rule);
        }
        row.sex = *sex;
      }
      for (std::size_t i = 0; i < instrument.items; ++i) {
        if (!column_of[i]) continue;
        std::string_view cell = rows.field(r, *column_of[i]);
        while (!cell.empty() && cell.front() == ' ') cell.remove_prefix(1);
        while (!cell.empty() && cell.back() == ' ') cell.remove_suffix(1);
        if (cell.empty() || cell == "NA" || cell == ".") continue;
        double value = 0;
        const auto read_number = std::from_chars(cell.data(), cell.data() + cell.size(), value);
        if (read_number.ec != std::errc{} || read_number.ptr != cell.data() + cell.size() ||
            !std::isfinite(value)) {
          return refuse(Errc::malformed, header[*column_of[i]], row.line, detail::printable(cell),
                        "must be a number, or empty where the item was not answered");
        }
        row.answers[i] = value;
      }
      // The engine knows the ranges; its error gets the place in the file.
      if (const auto scored = spectrum::score(instrument, row.answers); !scored) {
        const std::size_t place = static_cast<std::size_t>(scored.error().row.value_or(0));
        const std::size_t at = place < column_of.size() ? column_of[place].value_or(0) : 0;
        return refuse(scored.error().code, header[at], row.line, scored.error().value,
                      scored.error().rule);
      }
      out.rows.push_back(std::move(row));
    }
  }
  return out;
}

}  // namespace

Result<AnswerTable> read_answers_csv(const std::string& path,
                                     const spectrum::Instrument& instrument, CsvOptions options) {
  auto reader = CsvReader::open(path, options);
  if (!reader) return unexpected(reader.error());
  return read(*std::move(reader), instrument);
}

Result<AnswerTable> parse_answers_csv(std::string_view text, const spectrum::Instrument& instrument,
                                      CsvOptions options) {
  auto reader = CsvReader::from_text(text, options, "answers");
  if (!reader) return unexpected(reader.error());
  return read(*std::move(reader), instrument);
}

}  // namespace ombre::inline v0::io
