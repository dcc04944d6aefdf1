#include "ombre/io/table_csv.hpp"

#include <algorithm>

#include "csv_cells.hpp"
#include "csv_doubt.hpp"
#include "ombre/core/assert.hpp"
#include "ombre/io/csv_columns.hpp"

namespace ombre::inline v0::io {

const TypedColumn& TypedTable::operator[](std::string_view role) const noexcept {
  const auto at = std::ranges::find(columns, role, &TypedColumn::role);
  OMBRE_ASSERT(at != columns.end());
  static const TypedColumn absent;
  return at != columns.end() ? *at : absent;
}

namespace {

using detail::CellFault;

class TableReader {
 public:
  TableReader(CsvReader reader, std::span<const ColumnRequest> requests,
              const TableCsvOptions& options)
      : reader_{std::move(reader)},
        requests_{requests},
        options_{options},
        doubts_{reader_.name(), options.on_doubt == OnDoubt::stop, options.keep_findings} {}

  Result<TypedTable> run() {
    if (auto found = find(); !found) return unexpected(found.error());
    CsvRows rows;
    for (;;) {
      const auto more = reader_.next(rows);
      if (!more) return unexpected(more.error());
      if (!*more) break;
      table_.rows += rows.size();
      for (std::size_t r = 0; r < rows.size(); ++r) {
        if (auto read = row(rows, r); !read) return unexpected(read.error());
      }
      if (options_.progress && !options_.progress(reader_.done().value_or(0))) {
        Error error = error_of(Errc::cancelled, {}, "reading was cancelled");
        error.file = doubts_.file();
        return unexpected(error);
      }
    }
    if (days_.kind() == detail::DayKind::date) table_.axis = timeline::DayAxis::calendar;
    if (days_.kind() == detail::DayKind::number) table_.axis = timeline::DayAxis::study_day;
    table_.findings = std::move(doubts_.findings());
    return std::move(table_);
  }

 private:
  Result<void> find() {
    std::vector<std::vector<std::string_view>> names;
    std::vector<ColumnWish> wishes;
    for (const ColumnRequest& request : requests_) {
      for (const ColumnWish& before : wishes) {
        if (before.role == request.role) {
          return unexpected(error_at(Errc::duplicate, "role", std::nullopt, request.role,
                                     "must be asked for once"));
        }
      }
      names.emplace_back(request.names.begin(), request.names.end());
      wishes.push_back({request.role, {}, request.required, request.given, request.option});
    }
    for (std::size_t i = 0; i < wishes.size(); ++i) wishes[i].names = names[i];
    const auto found = find_columns(reader_.header(), wishes, reader_.name());
    if (!found) return unexpected(found.error());
    for (std::size_t i = 0; i < requests_.size(); ++i) {
      TypedColumn& column = table_.columns.emplace_back();
      column.role = requests_[i].role;
      column.type = requests_[i].type;
      at_.push_back((*found)[i].value_or(0));
      column.present = (*found)[i].has_value();
      if (column.present) column.name = reader_.header()[at_.back()];
    }
    return {};
  }

  struct Cell {
    bool known = false;
    std::int64_t whole = 0;  // integer, day or flag
    double number = 0;
    std::string_view text;
  };

  Result<void> set_aside(const CellFault& fault, std::size_t c, const CsvRows& rows,
                         std::size_t r) {
    ++table_.rows_set_aside;
    return doubts_.note(Severity::caution, fault, table_.columns[c].name, rows.line(r),
                        rows.field(r, at_[c]), person_of(rows, r), "the row is set aside");
  }

  // What the column of role `person` says, for findings.
  std::string_view person_of(const CsvRows& rows, std::size_t r) const {
    for (std::size_t c = 0; c < table_.columns.size(); ++c) {
      const TypedColumn& column = table_.columns[c];
      if (column.role != "person" || !column.present) continue;
      return detail::present(rows.field(r, at_[c]), options_.na_is_missing);
    }
    return {};
  }

  // All cells are read before any is stored, so that a row that is set aside leaves nothing.
  Result<void> row(const CsvRows& rows, std::size_t r) {
    cells_.assign(table_.columns.size(), {});
    for (std::size_t c = 0; c < cells_.size(); ++c) {
      if (!table_.columns[c].present) continue;
      Cell& cell = cells_[c];
      cell.text = detail::present(rows.field(r, at_[c]), options_.na_is_missing);
      cell.known = !cell.text.empty();
      std::optional<CellFault> fault;
      if (!cell.known) {
        if (!requests_[c].may_be_missing) {
          fault = CellFault{Errc::missing, "missing_value", "must not be empty"};
        }
      } else if (table_.columns[c].type == ColumnType::day) {
        if (auto agreed =
                days_.agree(cell.text, rows.line(r), table_.columns[c].name, doubts_.file());
            !agreed) {
          return agreed;
        }
        std::int32_t day = 0;
        fault = days_.read(cell.text, day);
        cell.whole = day;
      } else {
        fault = read_value(table_.columns[c].type, cell);
      }
      if (fault) return set_aside(*fault, c, rows, r);
    }
    for (std::size_t c = 0; c < cells_.size(); ++c) {
      if (!table_.columns[c].present) continue;
      if (auto stored = store(table_.columns[c], cells_[c]); !stored) return stored;
    }
    table_.line.push_back(rows.line(r));
    ++table_.size;
    return {};
  }

  static std::optional<CellFault> read_value(ColumnType type, Cell& cell) {
    switch (type) {
      case ColumnType::integer:
        return detail::read_integer(cell.text, cell.whole);
      case ColumnType::number:
        return detail::read_number(cell.text, cell.number);
      case ColumnType::flag: {
        bool value = false;
        const auto fault = detail::read_flag(cell.text, value);
        cell.whole = value ? 1 : 0;
        return fault;
      }
      case ColumnType::text:
      case ColumnType::day:
        break;
    }
    return std::nullopt;
  }

  static Result<void> store(TypedColumn& column, const Cell& cell) {
    column.known.push_back(cell.known ? 1 : 0);
    switch (column.type) {
      case ColumnType::integer:
        column.integer.push_back(cell.whole);
        break;
      case ColumnType::number:
        column.number.push_back(cell.number);
        break;
      case ColumnType::flag:
        column.flag.push_back(static_cast<std::uint8_t>(cell.whole));
        break;
      case ColumnType::day:
        column.day.push_back(static_cast<std::int32_t>(cell.whole));
        break;
      case ColumnType::text: {
        // Tables are often sorted: the text of the row before is the likeliest.
        if (!column.text.empty() && column.text_at(column.text.size() - 1) == cell.text) {
          column.text.push_back(column.text.back());
          break;
        }
        const auto number = column.words.intern(cell.text);
        if (!number) return unexpected(number.error());
        column.text.push_back(*number);
        break;
      }
    }
    return {};
  }

  CsvReader reader_;
  std::span<const ColumnRequest> requests_;
  const TableCsvOptions& options_;
  detail::Doubts doubts_;
  detail::DayColumn days_;
  TypedTable table_;
  std::vector<std::size_t> at_;
  std::vector<Cell> cells_;
};

}  // namespace

Result<TypedTable> read_table_csv(CsvReader reader, std::span<const ColumnRequest> requests,
                                  const TableCsvOptions& options) {
  return TableReader{std::move(reader), requests, options}.run();
}

Result<TypedTable> read_table_csv(const std::string& path, std::span<const ColumnRequest> requests,
                                  const TableCsvOptions& options) {
  auto reader = CsvReader::open(path, options.csv);
  if (!reader) return unexpected(reader.error());
  return read_table_csv(*std::move(reader), requests, options);
}

}  // namespace ombre::inline v0::io
