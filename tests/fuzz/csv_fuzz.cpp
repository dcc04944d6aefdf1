// The CSV reader on any bytes: it never crashes, and how the bytes are cut into chunks changes
// neither rows nor errors. The first byte chooses the chunk size, the rest is the file.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "ombre/core/error.hpp"
#include "ombre/io/csv.hpp"

namespace {

using namespace ombre;

// Everything a reader says about a text.
std::string told(std::string_view text, std::size_t chunk, std::size_t piece) {
  io::CsvOptions options;
  options.chunk_bytes = chunk;
  options.max_field_bytes = 4096;
  options.max_row_bytes = 16384;
  options.max_columns = 64;
  auto reader = io::CsvReader::from(std::make_unique<io::TextSource>(text, "fuzz", piece), options);
  if (!reader) return describe(reader.error());
  std::string rows_told;
  for (const std::string& name : reader->header()) rows_told += name + '\x1F';
  io::CsvRows rows;
  for (;;) {
    const auto more = reader->next(rows);
    if (!more) return describe(more.error());  // rows before an error may differ
    if (!*more) return rows_told;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      rows_told += std::to_string(rows.line(r)) + '\x1E';
      for (std::size_t c = 0; c < rows.columns(); ++c) {
        rows_told += rows.field(r, c);
        rows_told += '\x1F';
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
  const std::size_t chunk = 1 + data[0];
  const std::string whole = told(text, std::size_t{1} << 13U, 0);
  if (told(text, chunk, 0) != whole) std::abort();
  if (told(text, 64, chunk) != whole) std::abort();
  return 0;
}
