#include "cli/output.hpp"

#include <utility>

#include "ombre/io/table.hpp"

namespace ombre::cli {

Result<RowSink> RowSink::create(const std::string& path, Format format,
                                std::vector<std::string> columns) {
  auto file = io::OutputFile::create(path.empty() ? "-" : path);
  if (!file) return unexpected(std::move(file).error());
  return RowSink{std::move(*file), format, std::move(columns)};
}

RowSink::RowSink(io::OutputFile file, Format format, std::vector<std::string> columns)
    : file_{std::move(file)},
      format_{format},
      columns_{std::move(columns)},
      csv_{columns_},
      is_number_(columns_.size()) {
  if (format_ == Format::json) json_.begin_list();
}

void RowSink::next_key() {
  if (cell_ == 0) json_.begin_object();
  if (cell_ < columns_.size()) json_.key(columns_[cell_]);
  ++cell_;
}

void RowSink::cell(std::string text, bool number) {
  if (number && row_.size() < is_number_.size()) is_number_[row_.size()] = true;
  row_.push_back(std::move(text));
}

RowSink& RowSink::text(std::string_view value) {
  switch (format_) {
    case Format::csv:
      csv_.text(value);
      break;
    case Format::json:
      next_key(), json_.text(value);
      break;
    case Format::table:
    case Format::markdown:
      cell(std::string{value}, false);
      break;
  }
  return *this;
}

RowSink& RowSink::number(std::optional<double> value) {
  switch (format_) {
    case Format::csv:
      csv_.number(value);
      break;
    case Format::json:
      next_key(), json_.number(value);
      break;
    case Format::table:
    case Format::markdown:
      cell(value ? io::readable(*value) : "", true);
      break;
  }
  return *this;
}

RowSink& RowSink::integer(std::int64_t value) {
  switch (format_) {
    case Format::csv:
      csv_.integer(value);
      break;
    case Format::json:
      next_key(), json_.integer(value);
      break;
    case Format::table:
    case Format::markdown:
      cell(std::to_string(value), true);
      break;
  }
  return *this;
}

Result<void> RowSink::end_row() {
  constexpr std::size_t piece = std::size_t{1} << 16U;
  switch (format_) {
    case Format::csv:
      csv_.end_row();
      return csv_.size() < piece ? Result<void>{} : file_.write(csv_.take_part());
    case Format::json:
      json_.end_object();
      cell_ = 0;
      return file_.write(json_.take_part());
    case Format::table:
    case Format::markdown:
      rows_.push_back(std::exchange(row_, {}));
      break;
  }
  return {};
}

Result<void> RowSink::commit() {
  std::string rest;
  if (format_ == Format::csv || format_ == Format::json) {
    if (format_ == Format::json) json_.end_list();
    auto text = format_ == Format::csv ? csv_.finish() : json_.finish();
    if (!text) return unexpected(std::move(text).error());
    rest = std::move(*text);
  } else {
    std::vector<io::TextTable::Column> columns;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      columns.push_back({columns_[c], is_number_[c] ? io::Align::right : io::Align::left});
    }
    io::TextTable table{std::move(columns)};
    for (auto& row : rows_) table.row(std::move(row));
    rest = format_ == Format::table ? table.terminal() : table.markdown();
  }
  if (auto written = file_.write(rest); !written) return written;
  return file_.commit();
}

Result<void> write_text(const std::string& path, std::string_view text) {
  return io::write_file(path.empty() ? "-" : path, text);
}

}  // namespace ombre::cli
