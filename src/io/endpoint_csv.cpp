#include "ombre/io/endpoint_csv.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include "csv_row.hpp"
#include "ombre/io/csv_columns.hpp"

namespace ombre::inline v0::io {
namespace {

using outcomes::EndpointColumn;
using outcomes::EndpointPlan;
using outcomes::EndpointTable;
using outcomes::ResultType;
using outcomes::Word;
using outcomes::WordColumns;

constexpr std::array<std::string_view, 4> word_names{"word", "pattern", "use_pattern", "words"};

// ---- reading ------------------------------------------------------------------------------------

/// Where the person, the word (in one or several parts) and the arm stand.
struct Columns {
  std::size_t person = 0;
  std::vector<std::size_t> word;
  std::optional<std::size_t> arm;
};

Result<Columns> columns_of(const CsvReader& reader, const WordCsvOptions& options) {
  const std::span<const std::string> header = reader.header();
  Columns columns;
  std::vector<ColumnWish> wishes{
      {"person", person_column_names(), true, options.person, "--person"}};
  std::vector<std::string> parts;
  if (!options.word.empty() && std::ranges::find(header, options.word) == header.end()) {
    std::size_t from = 0;
    for (std::size_t plus = options.word.find('+'); plus != std::string::npos;
         plus = options.word.find('+', from)) {
      parts.push_back(options.word.substr(from, plus - from));
      from = plus + 1;
    }
    parts.push_back(options.word.substr(from));
  } else {
    parts.push_back(options.word);
  }
  for (const std::string& part : parts)
    wishes.push_back({"word", word_names, true, part, "--column"});
  if (!options.arm.empty()) wishes.push_back({"arm", {}, true, options.arm, "--compare-arms"});
  auto found = find_columns(header, wishes, reader.name());
  if (!found) return unexpected(std::move(found).error());
  columns.person = *(*found)[0];
  for (std::size_t i = 1; i <= parts.size(); ++i) columns.word.push_back(*(*found)[i]);
  if (!options.arm.empty()) columns.arm = *found->back();
  return columns;
}

/// Remembers people's ids by their hash, to find one that comes twice.
///
/// While ids ascend (shorter ones first, then by their bytes, as running numbers do) that alone
/// proves them different: hashes are only noted, and a sorted file of any length is checked. With
/// the first id out of order the notes become a table.
class SeenPeople {
 public:
  static constexpr std::size_t most = std::size_t{1} << 22U;

  /// Whether the id came before.
  bool again(std::string_view id) {
    const bool above =
        people_ == 0 || (id.size() != last_.size() ? id.size() > last_.size() : id > last_);
    ++people_;
    if (ascending_ && above) {
      last_.assign(id);
      if (people_ <= most) {
        noted_.push_back(hash(id));
      } else if (people_ == most + 1) {
        noted_ = {};
      }
      return false;
    }
    if (ascending_) {
      ascending_ = false;
      if (people_ <= most + 1) {
        for (const std::uint64_t h : noted_) insert(h);
      }
      noted_ = {};
    }
    if (people_ > most) {
      slots_ = {};
      unchecked_ = true;
      return false;
    }
    return insert(hash(id));
  }
  [[nodiscard]] bool unchecked() const { return unchecked_; }

 private:
  static std::uint64_t hash(std::string_view id) {
    std::uint64_t h = 0x9e3779b97f4a7c15ULL ^ id.size();
    std::size_t i = 0;
    const auto mix = [&](std::uint64_t block) {
      h = (h ^ block) * 0xff51afd7ed558ccdULL;
      h ^= h >> 32U;
    };
    for (; i + 8 <= id.size(); i += 8) {
      std::uint64_t block = 0;
      std::memcpy(&block, id.data() + i, 8);
      mix(block);
    }
    std::uint64_t rest = 0;
    std::memcpy(&rest, id.data() + i, id.size() - i);
    mix(rest);
    h *= 0xc4ceb9fe1a85ec53ULL;
    h ^= h >> 29U;
    return h == 0 ? 1 : h;
  }
  bool insert(std::uint64_t h) {
    if (2 * (kept_ + 1) > slots_.size()) grow();
    for (std::size_t at = h & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at] == h) return true;
      if (slots_[at] != 0) continue;
      slots_[at] = h;
      ++kept_;
      return false;
    }
  }
  void grow() {
    std::vector<std::uint64_t> old(std::max<std::size_t>(1024, 2 * slots_.size()), 0);
    old.swap(slots_);
    for (const std::uint64_t h : old) {
      if (h == 0) continue;
      std::size_t at = h & (slots_.size() - 1);
      while (slots_[at] != 0) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = h;
    }
  }

  std::string last_;
  std::vector<std::uint64_t> noted_;
  std::vector<std::uint64_t> slots_;
  std::size_t kept_ = 0;
  std::size_t people_ = 0;
  bool ascending_ = true;
  bool unchecked_ = false;
};

/// Takes rows apart, checks people and words, and keeps the findings.
class RowTaker {
 public:
  RowTaker(Columns columns, const WordCsvOptions& options, std::string file, Findings& findings)
      : columns_{std::move(columns)},
        options_{options},
        file_{std::move(file)},
        findings_{findings} {}

  struct Row {
    std::string_view person;
    std::string_view arm;
    bool usable = false;
  };

  /// Appends the row's word (an empty one where it cannot be used).
  Result<Row> take(const CsvRows& rows, std::size_t r, WordColumns& words) {
    Row row;
    row.person = rows.field(r, columns_.person);
    if (row.person.empty()) {
      note(Severity::warning, "no_person", "a row without a person's id", {}, rows.line(r), {});
    } else if (seen_.again(row.person)) {
      note(Severity::warning, "duplicate_person",
           "this person came before; both rows have their results", row.person, rows.line(r), {});
    }
    if (columns_.arm) {
      row.arm = rows.field(r, *columns_.arm);
      if (row.arm.empty()) {
        note(Severity::caution, "no_arm", "this person has no arm and is not compared", row.person,
             rows.line(r), {});
      }
    }
    std::string_view text = rows.field(r, columns_.word.front());
    if (columns_.word.size() > 1) {
      joined_.clear();
      for (const std::size_t c : columns_.word) joined_.append(rows.field(r, c));
      text = joined_;
    }
    auto added = words.append(text);
    row.usable = added.has_value();
    if (!added) {
      if (options_.on_doubt == OnDoubt::stop) {
        Error error = added.error();
        error.file = file_;
        error.row = rows.line(r);
        error.rule += " (person " + detail::printable(row.person) + ")";
        return unexpected(std::move(error));
      }
      note(Severity::warning, "unknown_symbol", "no results: the word " + added.error().rule,
           row.person, rows.line(r), text);
      words.push_back(Word{});
      return row;
    }
    if (text.empty()) {
      note(Severity::warning, "empty_word",
           "no results: there is no word (no visit was due, or none could be made)", row.person,
           rows.line(r), {});
      row.usable = false;
      return row;
    }
    if (text.size() >= lengths_.size()) lengths_.resize(text.size() + 1);
    Length& length = lengths_[text.size()];
    if (length.people++ == 0) {
      length.person.assign(row.person);
      length.line = rows.line(r);
    }
    return row;
  }

  /// Findings that need the whole file.
  void finish(const EndpointPlan* plan) {
    if (seen_.unchecked()) {
      note(Severity::note, "duplicates_not_checked",
           "ids are in no order and more than 4 million: people beyond were not compared", {}, {},
           {});
    }
    if (plan == nullptr) return;
    for (const outcomes::Endpoint& e : plan->endpoints()) {
      const auto reach = e.reach();
      for (std::size_t n = 1; n < lengths_.size(); ++n) {
        if (lengths_[n].people == 0) continue;
        const auto weeks = static_cast<int>(n);
        if (reach.first && *reach.first > weeks) {
          many(Severity::warning, "window_outside_word",
               e.id() + " looks from week " + std::to_string(*reach.first) +
                   " on, the word ends with week " + std::to_string(weeks),
               lengths_[n]);
        } else if (reach.last && *reach.last > weeks) {
          many(Severity::note, "window_cut",
               e.id() + " looks up to week " + std::to_string(*reach.last) +
                   ", the word ends with week " + std::to_string(weeks),
               lengths_[n]);
        }
      }
    }
  }
  [[nodiscard]] std::size_t shortest() const {
    std::size_t n = 0;
    while (n < lengths_.size() && lengths_[n].people == 0) ++n;
    return n < lengths_.size() ? n : 0;
  }
  [[nodiscard]] std::size_t longest() const { return lengths_.empty() ? 0 : lengths_.size() - 1; }

 private:
  struct Length {
    std::uint64_t people = 0;
    std::uint64_t line = 0;
    std::string person;
  };

  void note(Severity severity, std::string_view rule, std::string text, std::string_view person,
            std::optional<std::uint64_t> line, std::string_view value) {
    if (!findings_.wants(rule)) return findings_.count_only(severity, rule);
    Finding finding{severity, std::string{rule}, std::move(text)};
    finding.person = detail::printable(person);
    finding.field = "word";
    finding.row = line;
    finding.value = shown(value);
    findings_.add(std::move(finding));
  }
  void many(Severity severity, std::string_view rule, std::string text, const Length& length) {
    note(severity, rule, std::move(text), length.person, length.line, {});
    if (length.people > 1) findings_.count_only(severity, rule, length.people - 1);
  }

  Columns columns_;
  const WordCsvOptions& options_;
  std::string file_;
  Findings& findings_;
  SeenPeople seen_;
  std::vector<Length> lengths_;
  std::string joined_;
};

// ---- writing ------------------------------------------------------------------------------------

/// Text that grows without being cleared first.
class Buffer {
 public:
  /// Room for `bytes` more; write there and say how much with advance().
  char* room(std::size_t bytes) {
    if (size_ + bytes > capacity_) {
      capacity_ = std::max(2 * capacity_, size_ + bytes);
      auto larger = std::make_unique_for_overwrite<char[]>(capacity_);
      std::memcpy(larger.get(), data_.get(), size_);
      data_ = std::move(larger);
    }
    return data_.get() + size_;
  }
  void advance_to(const char* end) { size_ = static_cast<std::size_t>(end - data_.get()); }
  void clear() { size_ = 0; }
  [[nodiscard]] std::string_view text() const { return {data_.get(), size_}; }

 private:
  std::unique_ptr<char[]> data_ = std::make_unique_for_overwrite<char[]>(1);
  std::size_t size_ = 0;
  std::size_t capacity_ = 1;
};

constexpr std::size_t number_room = 32;

/// Numbers as text. Results of words repeat (shares of few weeks), so what was written before is
/// kept and copied.
class NumberText {
 public:
  NumberText() {
    for (std::size_t i = 0; i < small_.size(); ++i) {
      const auto [end, bad] = std::to_chars(small_[i].text, small_[i].text + 8, i);
      small_[i].length = static_cast<std::uint8_t>(end - small_[i].text);
    }
  }
  /// Writes at most number_room bytes; returns the new end.
  char* put(char* to, double value) {
    if (value >= 0 && value < static_cast<double>(small_.size())) {
      const auto whole = static_cast<std::size_t>(value);
      if (static_cast<double>(whole) == value) {
        std::memcpy(to, small_[whole].text, 8);
        return to + small_[whole].length;
      }
    }
    const auto bits = std::bit_cast<std::uint64_t>(value);
    Kept& kept = kept_[(bits * 0x9e3779b97f4a7c15ULL) >> 52U];
    if (kept.bits != bits) {
      const auto [end, bad] = std::to_chars(kept.text, kept.text + sizeof(kept.text), value);
      kept.length = static_cast<std::uint32_t>(end - kept.text);
      kept.bits = bits;
    }
    std::memcpy(to, kept.text, sizeof(kept.text));
    return to + kept.length;
  }

 private:
  struct Small {
    char text[8]{};
    std::uint8_t length = 0;
  };
  struct Kept {
    std::uint64_t bits = 0;  // 0.0 is a small whole number and never kept
    std::uint32_t length = 0;
    char text[28]{};
  };
  std::array<Small, 1000> small_{};
  std::vector<Kept> kept_ = std::vector<Kept>(4096);
};

/// A person's id as a cell; at most 2 |id| + 2 bytes.
char* put_id(char* to, std::string_view id) {
  const bool plain =
      id.find_first_of(",\"\r\n") == std::string_view::npos &&
      (id.empty() || std::string_view{"=+-@\t"}.find(id[0]) == std::string_view::npos);
  if (plain) {
    std::memcpy(to, id.data(), id.size());
    return to + id.size();
  }
  *to++ = '"';
  for (const char c : id) {
    if (c == '"') *to++ = '"';
    *to++ = c;
  }
  *to++ = '"';
  return to;
}

/// Turns rows of a result table into CSV.
class RowWriter {
 public:
  RowWriter(const EndpointPlan& plan, EndpointLayout layout)
      : honesty_{plan.honesty()}, layout_{layout} {
    for (const outcomes::Endpoint& e : plan.endpoints()) {
      types_.push_back(e.type());
      ids_.push_back(e.id());
      longest_id_ = std::max(longest_id_, e.id().size());
    }
  }

  void put(const EndpointTable& table, std::size_t row, std::string_view person, bool usable,
           Buffer& out) {
    const std::size_t cells = table.columns.size() * (honesty_ ? 8 : 2);
    const std::size_t id_room = 2 * person.size() + 3;
    if (layout_ == EndpointLayout::wide) {
      char* to = out.room(id_room + cells * (number_room + 1) + 1);
      to = put_id(to, person);
      for (std::size_t e = 0; e < table.columns.size(); ++e) to = result(to, table, e, row, usable);
      *to++ = '\n';
      out.advance_to(to);
      return;
    }
    for (std::size_t e = 0; e < table.columns.size(); ++e) {
      const std::string& id = ids_[e];
      char* to = out.room(id_room + longest_id_ + 9 * (number_room + 1) + 2);
      to = put_id(to, person);
      *to++ = ',';
      std::memcpy(to, id.data(), id.size());
      to = result(to + id.size(), table, e, row, usable);
      *to++ = '\n';
      out.advance_to(to);
    }
  }

 private:
  /// `,value` or `,time,event`, and what honesty adds.
  char* result(char* to, const EndpointTable& table, std::size_t e, std::size_t row, bool usable) {
    const ResultType type = types_[e];
    to = cell(to, table.columns[e], type, row, usable);
    if (!honesty_) return to;
    const outcomes::EndpointHonesty& honesty = table.honesty[e];
    to = cell(to, honesty.worst, type, row, usable);
    to = cell(to, honesty.best, type, row, usable);
    for (const auto* count : {&honesty.weeks, &honesty.missed}) {
      *to++ = ',';
      if (usable) to = numbers_.put(to, static_cast<double>((*count)[row]));
    }
    return to;
  }

  char* cell(char* to, const EndpointColumn& column, ResultType type, std::size_t row,
             bool usable) {
    *to++ = ',';
    const bool has = usable && column.has_value[row] != 0;
    if (type == ResultType::yes_no) {
      if (has) {
        const bool yes = column.value[row] != 0;
        std::memcpy(to, yes ? "true " : "false", 5);
        to += yes ? 4 : 5;
      }
    } else if (has) {
      to = numbers_.put(to, column.value[row]);
    }
    if (type == ResultType::time_event) {
      *to++ = ',';
      if (has) *to++ = column.event[row] != 0 ? '1' : '0';
    } else if (layout_ == EndpointLayout::tidy) {
      *to++ = ',';
    }
    return to;
  }

  bool honesty_;
  EndpointLayout layout_;
  std::vector<ResultType> types_;
  std::vector<std::string> ids_;
  std::size_t longest_id_ = 0;
  NumberText numbers_;
};

// ---- the pipeline -------------------------------------------------------------------------------

constexpr std::size_t chunk_rows = 4096;
constexpr std::size_t slice_rows = 512;  // results of a slice stay in the cache until written

/// A piece of the file on its way through reading, evaluating and writing.
struct Chunk {
  WordColumns words;
  std::string ids;
  std::vector<std::size_t> id_end;
  std::vector<std::uint8_t> usable;
  Buffer out;

  void clear() {
    words.clear();
    ids.clear();
    id_end.clear();
    usable.clear();
    out.clear();
  }
  [[nodiscard]] std::string_view id(std::size_t row) const {
    const std::size_t from = row == 0 ? 0 : id_end[row - 1];
    return std::string_view{ids}.substr(from, id_end[row] - from);
  }
};

struct Bench {
  Bench(const EndpointPlan& plan, EndpointLayout layout) : writer{plan, layout} {}
  RowWriter writer;
  EndpointTable table;
};

class Pipeline {
 public:
  Pipeline(CsvReader& reader, RowTaker& taker, const EndpointPlan& plan, EndpointLayout layout,
           const std::function<Result<void>(std::string_view)>& write, const Runner& runner)
      : reader_{reader}, taker_{taker}, plan_{plan}, write_{write}, runner_{runner} {
    const std::size_t chunks = 2 * std::max<std::size_t>(1, runner.workers());
    for (auto& batch : batches_) batch = std::vector<Chunk>(chunks);
    for (std::size_t i = 0; i < chunks; ++i) {
      benches_.push_back(std::make_unique<Bench>(plan, layout));
    }
  }

  Result<EndpointRun> run(const Progress& progress) {
    read(0);
    // While one batch is evaluated the next is read and the one before is written.
    for (std::size_t turn = 0; !failed_; ++turn) {
      const std::size_t now = turn % 3;
      const bool more = !batches_[now].front().id_end.empty();
      const bool pending = turn > 0 && !batches_[(turn + 2) % 3].front().id_end.empty();
      if (!more && !pending) break;
      std::optional<Error> read_error;
      std::optional<Error> write_error;
      runner_.run(2 + batches_[now].size(), [&](std::size_t task) {
        if (task == 0) {
          if (more) read((turn + 1) % 3);
        } else if (task == 1) {
          if (pending) write_error = write((turn + 2) % 3);
        } else {
          evaluate(batches_[now][task - 2], *benches_[task - 2]);
        }
      });
      if (!more) clear((turn + 1) % 3);
      if (write_error) return unexpected(*std::move(write_error));
      if (progress && !progress(std::min(1.0, reader_.done().value_or(0)))) {
        return unexpected(error_of(Errc::cancelled, "endpoints", "was stopped by the caller"));
      }
    }
    if (failed_) return unexpected(*failed_);
    run_.shortest_word = taker_.shortest();
    run_.longest_word = taker_.longest();
    return run_;
  }

 private:
  void clear(std::size_t batch) {
    for (Chunk& chunk : batches_[batch]) chunk.clear();
  }

  /// Fills a batch; leaves chunks empty at the end of the file or after an error.
  void read(std::size_t batch) {
    clear(batch);
    for (Chunk& chunk : batches_[batch]) {
      while (chunk.id_end.size() < chunk_rows) {
        if (at_ == rows_.size()) {
          if (ended_ || failed_) return;
          const auto more = reader_.next(rows_);
          if (!more) {
            failed_ = more.error();
            return;
          }
          at_ = 0;
          if (!*more) {
            ended_ = true;
            rows_ = CsvRows{};
            return;
          }
        }
        const auto row = taker_.take(rows_, at_, chunk.words);
        if (!row) {
          failed_ = row.error();
          return;
        }
        ++at_;
        ++run_.people;
        if (!row->usable) ++run_.without_results;
        chunk.ids.append(row->person);
        chunk.id_end.push_back(chunk.ids.size());
        chunk.usable.push_back(row->usable ? 1 : 0);
      }
    }
  }

  void evaluate(Chunk& chunk, Bench& bench) const {
    for (std::size_t first = 0; first < chunk.id_end.size(); first += slice_rows) {
      const std::size_t count = std::min(slice_rows, chunk.id_end.size() - first);
      plan_.evaluate(chunk.words, first, count, bench.table);
      for (std::size_t r = 0; r < count; ++r) {
        bench.writer.put(bench.table, r, chunk.id(first + r), chunk.usable[first + r] != 0,
                         chunk.out);
      }
    }
  }

  std::optional<Error> write(std::size_t batch) {
    for (const Chunk& chunk : batches_[batch]) {
      if (chunk.out.text().empty()) continue;
      if (auto written = write_(chunk.out.text()); !written) return written.error();
    }
    return std::nullopt;
  }

  CsvReader& reader_;
  RowTaker& taker_;
  const EndpointPlan& plan_;
  const std::function<Result<void>(std::string_view)>& write_;
  const Runner& runner_;
  std::array<std::vector<Chunk>, 3> batches_;
  std::vector<std::unique_ptr<Bench>> benches_;
  CsvRows rows_;
  std::size_t at_ = 0;
  bool ended_ = false;
  std::optional<Error> failed_;
  EndpointRun run_;
};

}  // namespace

Result<WordTable> read_words(const std::string& path, const WordCsvOptions& options,
                             Findings& findings) {
  auto reader = CsvReader::open(path, options.csv);
  if (!reader) return unexpected(std::move(reader).error());
  auto columns = columns_of(*reader, options);
  if (!columns) return unexpected(std::move(columns).error());
  const bool with_arms = columns->arm.has_value();
  RowTaker taker{*std::move(columns), options, reader->name(), findings};
  WordTable table;
  CsvRows rows;
  while (true) {
    const auto more = reader->next(rows);
    if (!more) return unexpected(more.error());
    if (!*more) break;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const auto row = taker.take(rows, r, table.words);
      if (!row) return unexpected(row.error());
      table.person.emplace_back(row->person);
      table.usable.push_back(row->usable ? 1 : 0);
      if (!with_arms) continue;
      const auto at = std::ranges::find(table.arms, row->arm);
      table.arm.push_back(static_cast<std::uint32_t>(at - table.arms.begin()));
      if (at == table.arms.end()) table.arms.emplace_back(row->arm);
      if (table.arms.size() > 1000) {
        return unexpected(error_at(Errc::too_large, options.arm, rows.line(r),
                                   static_cast<double>(table.arms.size()),
                                   "must name at most 1000 arms: is this the arm column?"));
      }
    }
  }
  taker.finish(nullptr);
  return table;
}

std::vector<std::string> endpoint_columns(const EndpointPlan& plan, EndpointLayout layout) {
  if (layout == EndpointLayout::tidy) {
    std::vector<std::string> names{"who", "endpoint", "value", "event"};
    if (plan.honesty()) {
      for (const char* more :
           {"worst", "worst_event", "best", "best_event", "weeks", "weeks_missed"}) {
        names.emplace_back(more);
      }
    }
    return names;
  }
  std::vector<std::string> names{"who"};
  for (const outcomes::Endpoint& e : plan.endpoints()) {
    const bool timed = e.type() == ResultType::time_event;
    const auto add = [&](const std::string& ending) {
      if (timed) {
        names.push_back(e.id() + "_time" + ending);
        names.push_back(e.id() + "_event" + ending);
      } else {
        names.push_back(e.id() + ending);
      }
    };
    add("");
    if (!plan.honesty()) continue;
    add("_worst");
    add("_best");
    names.push_back(e.id() + "_weeks");
    names.push_back(e.id() + "_weeks_missed");
  }
  return names;
}

Result<EndpointRun> write_endpoints(CsvReader& reader, const EndpointPlan& plan,
                                    EndpointLayout layout, const WordCsvOptions& options,
                                    const std::function<Result<void>(std::string_view)>& write,
                                    Findings& findings, const Runner& runner,
                                    const Progress& progress) {
  auto columns = columns_of(reader, options);
  if (!columns) return unexpected(std::move(columns).error());
  std::string header;
  for (const std::string& name : endpoint_columns(plan, layout)) {
    if (!header.empty()) header += ',';
    header += name;
  }
  header += '\n';
  if (auto written = write(header); !written) return unexpected(written.error());
  RowTaker taker{*std::move(columns), options, reader.name(), findings};
  Pipeline pipeline{reader, taker, plan, layout, write, runner};
  auto run = pipeline.run(progress);
  if (run) taker.finish(&plan);
  return run;
}

}  // namespace ombre::inline v0::io
