#include "cli/rows.hpp"

#include <algorithm>

#include "ombre/io/csv_writer.hpp"
#include "ombre/io/file.hpp"
#include "ombre/io/json.hpp"
#include "ombre/io/table.hpp"

namespace ombre::cli {
namespace {

// Lines of at most `limit` columns, broken at blanks.
std::vector<std::string> wrapped(std::string_view text, std::size_t limit) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    const auto word = text.substr(0, end);
    std::string& line = lines.back();
    if (!line.empty() && io::display_width(line) + 1 + io::display_width(word) > limit) {
      lines.emplace_back(word);
    } else {
      line += (line.empty() ? "" : " ") + std::string{word};
    }
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

std::vector<std::string> lines_of(const Cell& cell, std::size_t limit) {
  if (const auto* number = std::get_if<double>(&cell.value)) {
    return {io::readable(*number, cell.decimals)};
  }
  if (const auto* text = std::get_if<std::string>(&cell.value)) return wrapped(*text, limit);
  return {"-"};
}

bool has_text(const Cell& cell) {
  const auto* text = std::get_if<std::string>(&cell.value);
  return text != nullptr && !text->empty();
}

// The columns a table shows. One without anything in it says nothing, and tables have little room.
std::vector<std::size_t> columns_in_use(const Rows& rows) {
  std::vector<std::size_t> used;
  for (std::size_t c = 0; c < rows.columns.size(); ++c) {
    const bool filled = std::ranges::any_of(rows.rows, [c](const std::vector<Cell>& row) {
      return has_text(row[c]) || std::holds_alternative<double>(row[c].value);
    });
    if (rows.columns[c].table && (filled || !rows.columns[c].says_nothing)) used.push_back(c);
  }
  return used;
}

io::TextTable text_table(const Rows& rows, bool wrap) {
  const std::vector<std::size_t> used = columns_in_use(rows);
  std::vector<io::TextTable::Column> columns;
  for (const std::size_t c : used) {
    std::string header = rows.columns[c].name;
    std::ranges::replace(header, '_', ' ');
    const bool numbers =
        std::ranges::none_of(rows.rows, [c](const auto& row) { return has_text(row[c]); });
    columns.push_back({std::move(header), numbers ? io::Align::right : io::Align::left});
  }
  io::TextTable table{std::move(columns)};
  for (const auto& row : rows.rows) {
    std::vector<std::vector<std::string>> cells;
    std::size_t height = 0;
    for (const std::size_t c : used) {
      cells.push_back(lines_of(row[c], wrap ? rows.columns[c].at_most : std::string::npos / 2));
      height = std::max(height, cells.back().size());
    }
    for (std::size_t h = 0; h < height; ++h) {
      std::vector<std::string> line;
      line.reserve(cells.size());
      for (const auto& lines : cells) line.push_back(h < lines.size() ? lines[h] : std::string{});
      table.row(std::move(line));
    }
  }
  return table;
}

std::string with_sentences(const Rows& rows, const std::string& table) {
  std::string out;
  for (const std::string& line : rows.above) out += line + '\n';
  if (!rows.above.empty()) out += '\n';
  out += table;
  if (!rows.below.empty()) out += '\n';
  for (const std::string& line : rows.below) out += line + '\n';
  return out;
}

Result<std::string> as_csv(const Rows& rows) {
  std::vector<std::string> names;
  for (const Column& column : rows.columns) names.push_back(column.name);
  io::CsvWriter csv{std::move(names)};
  for (const auto& row : rows.rows) {
    for (const Cell& cell : row) {
      if (const auto* number = std::get_if<double>(&cell.value)) {
        csv.number(*number);
      } else if (const auto* text = std::get_if<std::string>(&cell.value)) {
        csv.text(*text);
      } else {
        csv.missing();
      }
    }
    csv.end_row();
  }
  return csv.finish();
}

Result<std::string> as_json(const Rows& rows) {
  io::Json list = io::Json::list();
  for (const auto& row : rows.rows) {
    io::Json object = io::Json::object();
    for (std::size_t c = 0; c < row.size(); ++c) {
      io::Json value;
      if (const auto* number = std::get_if<double>(&row[c].value)) {
        value = io::Json::number(*number);
      } else if (const auto* text = std::get_if<std::string>(&row[c].value);
                 text != nullptr && !text->empty()) {
        value = io::Json::text(*text);
      }
      object.set(rows.columns[c].name, std::move(value));
    }
    list.add(std::move(object));
  }
  if (rows.json_key.empty()) return io::json_text(list);
  io::Json whole = rows.json_beside;
  whole.set(rows.json_key, std::move(list));
  return io::json_text(whole);
}

}  // namespace

Result<std::string> text_of(const Rows& rows, Format format) {
  switch (format) {
    case Format::csv:
      return as_csv(rows);
    case Format::json:
      return as_json(rows);
    case Format::markdown:
      return with_sentences(rows, text_table(rows, false).markdown());
    case Format::table:
      break;
  }
  return with_sentences(rows, text_table(rows, true).terminal());
}

Exit print(const Rows& rows, Format format, const std::string& path) {
  const auto text = text_of(rows, format);
  if (!text) return fail(text.error());
  if (const auto written = io::write_file(path, *text); !written) {
    return fail(describe(written.error()), Exit::io);
  }
  return Exit::ok;
}

Exit print(const Rows& rows, Format format, const std::string& path, Beside& beside) {
  const auto text = text_of(rows, format);
  if (!text) return fail(text.error());
  if (const auto written = write_text(path, *text, beside); !written) {
    return fail(describe(written.error()), Exit::io);
  }
  return Exit::ok;
}

}  // namespace ombre::cli
