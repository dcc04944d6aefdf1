// Tables of use and of windows on any bytes: no crash, every row accounted for, and a strict
// reading succeeds exactly when a lenient one has nothing to set aside or report.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "ombre/core/error.hpp"
#include "ombre/io/use_csv.hpp"

namespace {

using namespace ombre;

Result<io::UseTable> read(std::string_view text, io::OnDoubt on_doubt) {
  auto reader = io::CsvReader::from_text(text);
  if (!reader) return unexpected(reader.error());
  io::UseCsvOptions options;
  options.on_doubt = on_doubt;
  options.max_substances = 64;
  options.csv.chunk_bytes = 4096;
  return io::read_use_csv(*std::move(reader), options);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto lenient = read(text, io::OnDoubt::set_aside);
  const auto strict = read(text, io::OnDoubt::stop);
  if (strict && !lenient) std::abort();
  if (lenient) {
    if (lenient->rows !=
        lenient->records.size() + lenient->rows_set_aside + lenient->rows_without_record) {
      std::abort();
    }
    if (lenient->rows_set_aside + lenient->rows_not_read > 0 && strict) std::abort();
    for (const double amount : lenient->records.amount_column()) {
      if (!(amount >= 0 && amount <= timeline::largest_amount)) std::abort();
    }
  } else if (describe(lenient.error()).empty()) {
    std::abort();
  }
  auto reader = io::CsvReader::from_text(text);
  if (reader) {
    timeline::Records records;
    const auto windows = io::read_windows_csv(*std::move(reader), records);
    if (windows) {
      if (windows->rows != windows->windows.size() + windows->rows_set_aside) std::abort();
      for (const auto& window : windows->windows) {
        if (window.last_day < window.first_day) std::abort();
      }
      for (const auto& attribute : windows->attributes) {
        if (attribute.values.size() != windows->windows.size()) std::abort();
      }
    }
  }
  return 0;
}
