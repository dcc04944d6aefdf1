#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "csv_cells.hpp"
#include "csv_doubt.hpp"
#include "ombre/io/csv_columns.hpp"
#include "ombre/io/use_csv.hpp"
#include "use_words.hpp"

namespace ombre::inline v0::io {

const WindowAttribute* WindowTable::attribute(std::string_view name) const noexcept {
  const auto fold = [](char c) { return c == ' ' || c == '-' || c == '.' ? '_' : ascii::lower(c); };
  for (const WindowAttribute& candidate : attributes) {
    if (std::ranges::equal(candidate.name, name,
                           [&](char a, char b) { return fold(a) == fold(b); })) {
      return &candidate;
    }
  }
  return nullptr;
}

namespace {

using detail::CellFault;

class WindowReader {
 public:
  WindowReader(CsvReader reader, timeline::Records& records, const WindowCsvOptions& options)
      : reader_{std::move(reader)},
        records_{records},
        options_{options},
        doubts_{reader_.name(), options.on_doubt == OnDoubt::stop, options.keep_findings} {}

  Result<WindowTable> run() {
    const std::array<ColumnWish, 3> wishes{
        ColumnWish{"person", person_column_names(), true, options_.person, "--window-person"},
        ColumnWish{"start", start_column_names(), true, options_.start, "--window-start"},
        ColumnWish{"end", end_column_names(), true, options_.end, "--window-end"}};
    const auto found = find_columns(reader_.header(), wishes, reader_.name());
    if (!found) return unexpected(found.error());
    for (std::size_t c = 0; c < 3; ++c) at_[c] = *(*found)[c];
    const auto& header = reader_.header();
    for (std::size_t c = 0; c < header.size(); ++c) {
      if (std::ranges::find(at_, c) != at_.end() || header[c].empty()) continue;
      attribute_at_.push_back(c);
      table_.attributes.push_back({header[c], {}});
    }
    const auto people_before = static_cast<std::uint32_t>(records_.persons().size());
    CsvRows rows;
    for (;;) {
      const auto more = reader_.next(rows);
      if (!more) return unexpected(more.error());
      if (!*more) break;
      table_.rows += rows.size();
      for (std::size_t r = 0; r < rows.size(); ++r) {
        if (auto read = row(rows, r); !read) return unexpected(read.error());
      }
    }
    if (table_.windows.empty()) {
      Error error =
          error_of(Errc::empty_input, {},
                   table_.rows == 0 ? "holds a header and no window"
                                    : "holds no usable window: of " + std::to_string(table_.rows) +
                                          (table_.rows == 1 ? " row" : " rows") +
                                          " none was usable" + first_doubt());
      error.file = doubts_.file();
      return unexpected(error);
    }
    if (auto told = detail::tell_alike_persons(records_.persons(), people_before, doubts_,
                                               reader_.header()[at_[0]]);
        !told) {
      return unexpected(told.error());
    }
    table_.findings = std::move(doubts_.findings());
    return std::move(table_);
  }

 private:
  [[nodiscard]] std::string first_doubt() {
    const auto stored = doubts_.findings().stored();
    if (stored.empty()) return {};
    const Finding& first = stored.front();
    return " (line " + std::to_string(first.row.value_or(0)) + ", " + first.field +
           (first.value.empty() ? "" : " = \"" + first.value + '"') + ": " + first.text + ')';
  }

  Result<void> set_aside(const CellFault& fault, std::size_t c, const CsvRows& rows,
                         std::size_t r) {
    ++table_.rows_set_aside;
    return doubts_.note(Severity::caution, fault, reader_.header()[at_[c]], rows.line(r),
                        rows.field(r, at_[c]), c == 0 ? std::string_view{} : rows.field(r, at_[0]),
                        "the row is set aside");
  }

  // The days must be of the kind the records have; records that hold nothing yet follow the file.
  Result<void> fits_records(const CsvRows& rows, std::size_t r) {
    const auto wanted = days_.kind() == detail::DayKind::date ? timeline::DayAxis::calendar
                                                              : timeline::DayAxis::study_day;
    if (days_.kind() == detail::DayKind::undecided || wanted == records_.axis()) return {};
    if (records_.empty() && records_.persons().empty()) {
      records_ = timeline::Records{wanted};
      return {};
    }
    Error error;
    error.code = Errc::contradiction;
    error.file = doubts_.file();
    error.row = rows.line(r);
    error.field = detail::printable(reader_.header()[at_[1]]);
    error.value = detail::printable(rows.field(r, at_[1]));
    error.rule = wanted == timeline::DayAxis::calendar
                     ? "is a date, but the table of use counts days by numbers"
                     : "is a day number, but the table of use holds dates";
    return unexpected(error);
  }

  Result<void> row(const CsvRows& rows, std::size_t r) {
    std::array<std::string_view, 3> text;
    for (std::size_t c = 0; c < 3; ++c) {
      text[c] = detail::present(detail::trimmed(rows.field(r, at_[c])), options_.na_is_missing);
    }
    if (text[0].empty()) {
      return set_aside({Errc::missing, "missing_person", "must name the person"}, 0, rows, r);
    }
    std::array<std::int32_t, 2> day{};
    for (std::size_t c = 1; c < 3; ++c) {
      if (text[c].empty()) {
        return set_aside({Errc::missing, "missing_day", "must hold the day"}, c, rows, r);
      }
      if (auto agreed =
              days_.agree(text[c], rows.line(r), reader_.header()[at_[c]], doubts_.file());
          !agreed) {
        return agreed;
      }
      if (auto fits = fits_records(rows, r); !fits) return fits;
      if (const auto fault = days_.read(text[c], day[c - 1])) return set_aside(*fault, c, rows, r);
    }
    if (day[1] < day[0]) {
      return set_aside(
          {Errc::out_of_range, "end_before_start", "must not be before the start of the window"}, 2,
          rows, r);
    }
    const auto number = records_.person(text[0]);
    if (!number) return unexpected(number.error());
    if (seen_.size() <= *number) seen_.resize(*number + std::size_t{1});
    if (seen_[*number]) {
      return set_aside({Errc::duplicate, "window_given_twice",
                        "has a window in a row before; the first one stands"},
                       0, rows, r);
    }
    seen_[*number] = true;
    table_.windows.push_back({*number, day[0], day[1], rows.line(r)});
    for (std::size_t a = 0; a < attribute_at_.size(); ++a) {
      table_.attributes[a].values.emplace_back(detail::present(
          detail::trimmed(rows.field(r, attribute_at_[a])), options_.na_is_missing));
    }
    return {};
  }

  CsvReader reader_;
  timeline::Records& records_;
  const WindowCsvOptions& options_;
  detail::Doubts doubts_;
  detail::DayColumn days_;
  WindowTable table_;
  std::array<std::size_t, 3> at_{};
  std::vector<std::size_t> attribute_at_;
  std::vector<bool> seen_;
};

}  // namespace

Result<WindowTable> read_windows_csv(CsvReader reader, timeline::Records& records,
                                     const WindowCsvOptions& options) {
  return WindowReader{std::move(reader), records, options}.run();
}

Result<WindowTable> read_windows_csv(const std::string& path, timeline::Records& records,
                                     const WindowCsvOptions& options) {
  auto reader = CsvReader::open(path, options.csv);
  if (!reader) return unexpected(reader.error());
  return read_windows_csv(*std::move(reader), records, options);
}

}  // namespace ombre::inline v0::io
