#include "cli/output.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <utility>

#include "ombre/io/table.hpp"

namespace ombre::cli {
namespace {

/// The path a name leads to: absolute, with links and ".." resolved as far as it exists.
std::string resolved(std::string_view path) {
  std::error_code ignored;
  const std::filesystem::path absolute = std::filesystem::absolute(path, ignored);
  const std::filesystem::path real = std::filesystem::weakly_canonical(absolute, ignored);
  return ignored ? absolute.lexically_normal().string() : real.string();
}

bool same_file(std::string_view a, std::string_view b) {
  if (a == "-" || b == "-") return a == b;
  struct stat one {};
  struct stat two {};
  const bool first = ::stat(std::string{a}.c_str(), &one) == 0;
  const bool second = ::stat(std::string{b}.c_str(), &two) == 0;
  if (first && second) {
    // Several may write to a device or a pipe such as /dev/null.
    return one.st_dev == two.st_dev && one.st_ino == two.st_ino && S_ISREG(one.st_mode);
  }
  return resolved(a) == resolved(b);
}

Result<void> apart(const NamedPath& output, const NamedPath& other, std::string_view does) {
  if (other.path.empty() || !same_file(output.path, other.path)) return {};
  return unexpected(error_at(Errc::contradiction, output.option, std::nullopt, output.path,
                             "is the same file as " + std::string{other.option} + " " +
                                 std::string{other.path} + std::string{does}));
}

// Of the numbers and what is beside them all is on the disk before the first has its name.
Result<void> commit_both(io::OutputFile& numbers, Beside* beside) {
  if (beside == nullptr) return numbers.commit();
  if (!numbers.direct()) {
    if (auto ready = numbers.prepare(); !ready) return ready;
  }
  if (auto written = beside->write_direct(); !written) return written;
  if (auto done = numbers.commit(); !done) return done;
  return beside->commit();
}

}  // namespace

Result<void> check_paths(std::span<const NamedPath> inputs, std::span<const NamedPath> outputs) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i].path.empty()) continue;
    if (outputs[i].path.ends_with(".gz")) {
      return unexpected(error_at(Errc::unsupported, outputs[i].option, std::nullopt,
                                 outputs[i].path,
                                 "is a name of compressed files, and what is written is not "
                                 "compressed; leave off .gz"));
    }
    for (const NamedPath& input : inputs) {
      if (outputs[i].path == "-") break;  // from standard input to standard output is a pipe
      if (auto fine = apart(outputs[i], input, ", which would be lost; name another file"); !fine) {
        return fine;
      }
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (outputs[i].path == "-" && outputs[j].path == "-") {
        return unexpected(error_at(Errc::contradiction, outputs[i].option, std::nullopt, "-",
                                   "goes to standard output like " +
                                       std::string{outputs[j].option} +
                                       ", and two tables in one stream cannot be told apart; name "
                                       "a file for one of them"));
      }
      if (auto fine = apart(outputs[i], outputs[j], "; name another file for one of them"); !fine) {
        return fine;
      }
    }
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (inputs[i].path != "-" || inputs[j].path != "-") continue;
      return unexpected(
          error_at(Errc::contradiction, inputs[i].option, std::nullopt, "-",
                   "is standard input, which " + std::string{inputs[j].option} + " reads already"));
    }
  }
  return {};
}

Result<void> Beside::add(const std::string& path, std::string text) {
  if (path.empty()) return {};
  auto made = io::OutputFile::create(path);
  if (!made) return unexpected(std::move(made).error());
  One one{*std::move(made), {}};
  if (one.file.direct()) {
    one.text = std::move(text);
  } else {
    if (auto written = one.file.write(text); !written) return written;
    if (auto ready = one.file.prepare(); !ready) return ready;
  }
  files_.push_back(std::move(one));
  return {};
}

Result<void> Beside::write_direct() {
  for (One& one : files_) {
    if (!one.file.direct()) continue;
    if (auto written = one.file.write(one.text); !written) return written;
    if (auto done = one.file.commit(); !done) return done;
  }
  return {};
}

Result<void> Beside::commit() {
  for (One& one : files_) {
    if (one.file.direct()) continue;
    if (auto done = one.file.commit(); !done) return done;
  }
  return {};
}

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

Result<void> RowSink::commit(Beside* beside) {
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
  return commit_both(file_, beside);
}

Result<void> write_text(const std::string& path, std::string_view text) {
  return io::write_file(path.empty() ? "-" : path, text);
}

Result<void> write_text(const std::string& path, std::string_view text, Beside& beside) {
  auto file = io::OutputFile::create(path.empty() ? "-" : path);
  if (!file) return unexpected(std::move(file).error());
  if (auto written = file->write(text); !written) return written;
  return commit_both(*file, &beside);
}

}  // namespace ombre::cli
