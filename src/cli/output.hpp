#pragma once
/// @file
/// One way to write rows: CSV, a table for a terminal, Markdown or JSON, whole or not at all.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/csv_writer.hpp"
#include "ombre/io/file.hpp"
#include "ombre/io/json.hpp"

namespace ombre::cli {

/// A path as the command line gave it, and the option that gave it, for messages.
struct NamedPath {
  std::string_view option;
  std::string_view path;  ///< "-": standard input or output; empty: not asked for
};

/// Refuses paths that would destroy or mix something: an output that is the same file as an input
/// or as another output, two outputs on standard output, two inputs on standard input. Files are
/// the same by device and inode (links are followed) or, where one does not exist yet, by name.
/// Call it before anything is read or written. The error's field is the option, so fail() answers
/// with Exit::usage.
[[nodiscard]] Result<void> check_paths(std::span<const NamedPath> inputs,
                                       std::span<const NamedPath> outputs);

/// Figures and tables beside the numbers: all outputs of a command appear together or not at all.
///
/// add() writes a file under no name yet, so a folder that is missing or a full disk stops the
/// command before anything appears. Then the numbers are written, and commit() gives the names.
class Beside {
 public:
  /// `path` empty: nothing was asked for. What goes to a pipe or standard output waits.
  Result<void> add(const std::string& path, std::string text);
  /// What cannot be renamed is written now, while the numbers still can be left out.
  Result<void> write_direct();
  Result<void> commit();

 private:
  struct One {
    io::OutputFile file;
    std::string text;  ///< of a direct one
  };
  std::vector<One> files_;
};

/// Takes rows cell by cell. CSV and JSON are written as they come; tables need all rows first.
class RowSink {
 public:
  /// `path` empty or "-" is standard output.
  static Result<RowSink> create(const std::string& path, Format format,
                                std::vector<std::string> columns);

  RowSink& text(std::string_view value);
  RowSink& number(std::optional<double> value);
  RowSink& integer(std::int64_t value);
  Result<void> end_row();
  /// Writes the rest and makes the file appear, and with it what is `beside`.
  Result<void> commit(Beside* beside = nullptr);

 private:
  RowSink(io::OutputFile file, Format format, std::vector<std::string> columns);
  void next_key();
  void cell(std::string text, bool number);

  io::OutputFile file_;
  Format format_;
  std::vector<std::string> columns_;
  std::size_t cell_ = 0;
  io::CsvWriter csv_;
  io::JsonWriter json_{io::JsonStyle{0}};
  std::vector<std::vector<std::string>> rows_;  // for tables
  std::vector<std::string> row_;
  std::vector<bool> is_number_;
};

/// Writes `text` to `path` (empty or "-": standard output), whole or not at all.
Result<void> write_text(const std::string& path, std::string_view text);
/// The same, and what is `beside` with it.
Result<void> write_text(const std::string& path, std::string_view text, Beside& beside);

}  // namespace ombre::cli
