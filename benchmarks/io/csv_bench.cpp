// How fast tables are read, next to how fast the same bytes can be read from memory at all.
// Each benchmark first checks its answer against numbers known from making the table.
#include <benchmark/benchmark.h>

#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <random>
#include <string>

#include "ombre/core/date.hpp"
#include "ombre/io/csv.hpp"
#include "ombre/io/csv_writer.hpp"
#include "ombre/io/use_csv.hpp"

namespace {

using namespace ombre;

// A table of use: `people` people, 365 days each, two substances; what it must read as.
struct Made {
  std::string text;
  std::uint64_t rows = 0;
  double total_amount = 0;
  std::uint64_t empty_amounts = 0;
};

enum class Look { plain, quoted, minimal };

const Made& made(Look look) {
  const auto make = [](Look chosen) {
    Made out;
    std::mt19937_64 random{7};
    out.text =
        chosen == Look::minimal ? "who,what,when\n" : "person_id,date,substance,amount,unit\n";
    const Date start = *Date::from_ymd(2023, 1, 1);
    std::array<char, 10> day{};
    const char* const quote = chosen == Look::quoted ? "\"" : "";
    for (int person = 0; out.text.size() < (std::size_t{64} << 20U); ++person) {
      for (int d = 0; d < 365; ++d) {
        (start + Days{d}).write_iso(day);
        const bool alcohol = random() % 4 != 0;
        if (chosen == Look::minimal) {
          out.text += std::to_string(person) + (alcohol ? ",Alcohol," : ",Opioid,") +
                      std::to_string(d) + '\n';
          ++out.empty_amounts;
          ++out.rows;
          continue;
        }
        const std::uint64_t tenths = random() % 100;
        const bool empty = random() % 10 == 0;
        out.text += quote + ("P" + std::to_string(100'000 + person)) + quote + ',';
        out.text.append(day.data(), day.size());
        out.text += std::string{","} + quote + (alcohol ? "alcohol" : "cannabis") + quote + ',';
        if (!empty) {
          out.text += std::to_string(tenths / 10);
          if (tenths % 10 != 0) out.text += '.' + std::to_string(tenths % 10);
          out.total_amount += static_cast<double>(tenths) / 10;
        }
        out.text += alcohol ? ",drinks\n" : ",joints\n";
        out.empty_amounts += empty ? 1 : 0;
        ++out.rows;
      }
    }
    return out;
  };
  static const Made plain = make(Look::plain);
  static const Made quoted = make(Look::quoted);
  static const Made minimal = make(Look::minimal);
  return look == Look::plain ? plain : look == Look::quoted ? quoted : minimal;
}

void report(benchmark::State& state, const Made& table) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(table.text.size()));
  state.counters["rows/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(table.rows),
                         benchmark::Counter::kIsRate);
}

// The baseline: every byte of the same text read once, eight at a time.
void ReadMemory(benchmark::State& state) {
  const Made& table = made(Look::plain);
  for (auto _ : state) {
    std::uint64_t sum[4] = {};
    for (std::size_t i = 0; i + 32 <= table.text.size(); i += 32) {
      std::uint64_t word[4];
      std::memcpy(word, table.text.data() + i, 32);
      for (int k = 0; k < 4; ++k) sum[k] += word[k];
    }
    benchmark::DoNotOptimize(sum);
  }
  report(state, table);
}
BENCHMARK(ReadMemory)->Unit(benchmark::kMillisecond);

// Rows and fields found, every field looked at once (its length and first byte).
struct Split {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::uint64_t firsts = 0;
};

std::optional<Split> split(const Made& table) {
  Split out;
  auto reader = io::CsvReader::from_text(table.text);
  if (!reader) return std::nullopt;
  io::CsvRows rows;
  for (;;) {
    const auto more = reader->next(rows);
    if (!more) return std::nullopt;
    if (!*more) return out;
    out.rows += rows.size();
    for (std::size_t r = 0; r < rows.size(); ++r) {
      for (std::size_t c = 0; c < rows.columns(); ++c) {
        const auto field = rows.field(r, c);
        out.bytes += field.size();
        out.firsts += field.empty() ? 0U : static_cast<unsigned char>(field.front());
      }
    }
  }
}

void SplitFields(benchmark::State& state, Look look) {
  const Made& table = made(look);
  // Bytes of all fields = bytes of the text without header, delimiters, line ends and quotes.
  std::uint64_t expected = 0;
  for (const char c : std::string_view{table.text}.substr(table.text.find('\n') + 1)) {
    expected += c != ',' && c != '\n' && c != '"' ? 1U : 0U;
  }
  const auto answer = split(table);
  if (!answer || answer->rows != table.rows || answer->bytes != expected) {
    state.SkipWithError("wrong answer");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(split(table));
  report(state, table);
}
BENCHMARK_CAPTURE(SplitFields, plain, Look::plain)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(SplitFields, quoted, Look::quoted)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(SplitFields, minimal, Look::minimal)->Unit(benchmark::kMillisecond);

// Rows only: what the scan itself costs.
void FindRows(benchmark::State& state) {
  const Made& table = made(Look::plain);
  for (auto _ : state) {
    auto reader = io::CsvReader::from_text(table.text);
    io::CsvRows rows;
    std::uint64_t count = 0;
    while (*reader->next(rows)) count += rows.size();
    if (count != table.rows) {
      state.SkipWithError("wrong answer");
      return;
    }
  }
  report(state, table);
}
BENCHMARK(FindRows)->Unit(benchmark::kMillisecond);

void ReadUse(benchmark::State& state, Look look) {
  const Made& table = made(look);
  const auto read = [&] {
    auto reader = io::CsvReader::from_text(table.text);
    return io::read_use_csv(*std::move(reader));
  };
  {
    const auto answer = read();
    double total = 0;
    std::uint64_t used = 0;
    if (answer) {
      for (const double amount : answer->records.amount_column()) total += amount;
      for (const auto s : answer->records.state_column()) used += s == timeline::UseState::used;
    }
    if (!answer || answer->records.size() != table.rows || used != table.empty_amounts ||
        std::abs(total - table.total_amount) > 1e-6 * (1 + total) || !answer->findings.empty()) {
      state.SkipWithError("wrong answer");
      return;
    }
  }
  for (auto _ : state) benchmark::DoNotOptimize(read());
  report(state, table);
}
BENCHMARK_CAPTURE(ReadUse, plain, Look::plain)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ReadUse, quoted, Look::quoted)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ReadUse, minimal, Look::minimal)->Unit(benchmark::kMillisecond);

void WriteCsv(benchmark::State& state) {
  const auto write = [] {
    io::CsvWriter csv{{"person_id", "metric", "value", "n"}};
    for (int i = 0; i < 200'000; ++i) {
      csv.text("P100001").text("pda").number(i / 7.0).integer(i).end_row();
    }
    return csv.finish();
  };
  const auto answer = write();
  if (!answer || std::count(answer->begin(), answer->end(), '\n') != 200'001) {
    state.SkipWithError("wrong answer");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(write());
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(answer->size()));
}
BENCHMARK(WriteCsv)->Unit(benchmark::kMillisecond);

}  // namespace
