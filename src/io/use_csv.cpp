#include "ombre/io/use_csv.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <unordered_map>

#include "csv_cells.hpp"
#include "csv_doubt.hpp"
#include "ombre/io/csv_columns.hpp"
#include "ombre/outcomes/ethanol_units.hpp"
#include "use_words.hpp"

namespace ombre::inline v0::io {

namespace {

using detail::CellFault;
using timeline::Record;
using timeline::Records;
using timeline::UseState;

// Names come in runs and in small sets. A cache of a few entries in front of a table spares the
// table most look-ups: the key is the first eight bytes and the length, checked byte by byte.
template <class Value>
class RecentNames {
 public:
  [[nodiscard]] const Value* find(std::string_view text) const noexcept {
    const Entry& entry = entries_[slot(text)];
    return entry.used && entry.text == text ? &entry.value : nullptr;
  }
  void keep(std::string_view text, Value value) {
    Entry& entry = entries_[slot(text)];
    entry.text.assign(text);
    entry.value = value;
    entry.used = true;
  }

 private:
  struct Entry {
    std::string text;
    Value value{};
    bool used = false;
  };
  static std::size_t slot(std::string_view text) noexcept {
    std::uint64_t head = 0;
    if (text.size() >= 8) {
      std::memcpy(&head, text.data(), 8);
      std::uint64_t tail = 0;
      std::memcpy(&tail, text.data() + text.size() - 8, 8);
      head ^= tail * 31;
    } else {
      for (const char c : text) head = head * 256 + static_cast<unsigned char>(c);
    }
    return static_cast<std::size_t>(((head + text.size()) * 0x9E3779B97F4A7C15U) >> 58U);
  }

  std::array<Entry, 64> entries_;
};

struct UnitOfSubstance {
  std::uint32_t unit = 0;
  bool seen = false;
};

class UseReader {
 public:
  UseReader(CsvReader reader, const UseCsvOptions& options)
      : reader_{std::move(reader)},
        options_{options},
        doubts_{reader_.name(), options.on_doubt == OnDoubt::stop, options.keep_findings} {}

  Result<UseTable> run() {
    if (auto found = find(); !found) return unexpected(found.error());
    CsvRows rows;
    for (;;) {
      const auto more = reader_.next(rows);
      if (!more) return unexpected(more.error());
      if (!*more) break;
      if (auto start = start_records(rows); !start) return unexpected(start.error());
      reserve(rows.size());
      for (std::size_t r = 0; r < rows.size(); ++r) {
        if (auto read = row(rows, r); !read) return unexpected(read.error());
      }
      count_ += rows.size();
      if (options_.progress && !options_.progress(reader_.done().value_or(0))) {
        Error error = error_of(Errc::cancelled, {}, "reading was cancelled");
        error.file = doubts_.file();
        return unexpected(error);
      }
    }
    for (const timeline::ControlledStay& stay : stays_) {
      if (auto added = records_.append(stay); !added) return unexpected(added.error());
    }
    table_.rows = count_;
    table_.records = std::move(records_);
    table_.findings = std::move(doubts_.findings());
    return std::move(table_);
  }

 private:
  enum Column : std::size_t {
    person,
    day,
    substance,
    amount,
    unit,
    route,
    source,
    reported,
    controlled,
    columns
  };

  Result<void> find() {
    const auto chosen = [](std::string_view role, std::span<const std::string_view> names,
                           const std::string& given, bool required) {
      return ColumnWish{role, names, required, given, "--" + std::string{role}};
    };
    const bool one_substance = !options_.only_substance.empty();
    if (one_substance && !options_.substance.empty()) {
      return unexpected(error_of(Errc::contradiction, "only_substance",
                                 "cannot be given together with a substance column"));
    }
    std::array<ColumnWish, columns> wishes{
        chosen("person", person_column_names(), options_.person, true),
        chosen("day", day_column_names(), options_.day, true),
        chosen("substance", substance_column_names(), options_.substance, true),
        chosen("amount", amount_column_names(), options_.amount, false),
        chosen("unit", unit_column_names(), options_.unit, false),
        chosen("route", route_column_names(), options_.route, false),
        chosen("source", source_column_names(), options_.source, false),
        chosen("reported", reported_column_names(), options_.reported, false),
        chosen("controlled", controlled_column_names(), options_.controlled, false)};
    if (one_substance) {  // no column is looked for
      wishes[substance].names = {};
      wishes[substance].required = false;
    }
    if (!options_.only_unit.empty()) wishes[unit].names = {};
    const auto found = find_columns(reader_.header(), wishes, reader_.name());
    if (!found) return unexpected(found.error());
    for (std::size_t c = 0; c < columns; ++c) {
      has_[c] = (*found)[c].has_value();
      at_[c] = (*found)[c].value_or(0);
      if (has_[c]) {
        names_[c] = reader_.header()[at_[c]];
        table_.columns.emplace_back(std::string{wishes[c].role}, names_[c]);
      }
    }
    return {};
  }

  // Whether the column holds dates or numbers must be known before the first record is stored:
  // looked for once, in the first rows that say so.
  Result<void> start_records(const CsvRows& rows) {
    if (started_) return {};
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const std::string_view text = rows.field(r, at_[day]);
      if (auto agreed = day_kind_.agree(text, rows.line(r), names_[day], doubts_.file()); !agreed) {
        return agreed;
      }
      if (day_kind_.kind() == detail::DayKind::undecided) continue;
      started_ = true;
      if (day_kind_.kind() == detail::DayKind::number) {
        // Nothing was stored yet but perhaps names; they are found again in the same order.
        Records other{timeline::DayAxis::study_day};
        for (std::uint32_t i = 0; i < records_.persons().size(); ++i) {
          if (auto added = other.person(records_.persons()[i]); !added) {
            return unexpected(added.error());
          }
        }
        records_ = std::move(other);
      }
      break;
    }
    return {};
  }

  void reserve(std::size_t rows_in_batch) {
    if (count_ > 0) return;
    const auto done = reader_.done();
    if (!done || *done <= 0 || *done >= 1) return;
    // Generous, because later rows may be shorter: memory that is never touched costs nothing.
    const double expected = static_cast<double>(rows_in_batch) / *done * 1.5;
    records_.reserve(static_cast<std::size_t>(std::min(expected, 5e7)));
  }

  [[nodiscard]] std::string_view cell(const CsvRows& rows, std::size_t r, Column c) const {
    if (!has_[c]) return {};
    return detail::present(rows.field(r, at_[c]), options_.na_is_missing);
  }

  Result<void> set_aside(const CellFault& fault, Column c, const CsvRows& rows, std::size_t r) {
    ++table_.rows_set_aside;
    return doubts_.note(Severity::caution, fault, names_[c], rows.line(r), rows.field(r, at_[c]),
                        c == person ? std::string_view{} : rows.field(r, at_[person]),
                        "the row is set aside");
  }

  Result<void> row(const CsvRows& rows, std::size_t r) {
    Record record;
    const std::string_view who = cell(rows, r, person);
    if (who.empty()) {
      return set_aside({Errc::missing, "missing_person", "must name the person"}, person, rows, r);
    }
    const std::string_view when = cell(rows, r, day);
    if (when.empty()) {
      return set_aside({Errc::missing, "missing_day", "must hold the day"}, day, rows, r);
    }
    if (auto fault = day_kind_.read(when, record.day)) {
      if (auto agreed = day_kind_.agree(when, rows.line(r), names_[day], doubts_.file()); !agreed) {
        return agreed;
      }
      return set_aside(*fault, day, rows, r);
    }
    bool observed = true;
    if (has_[reported]) {
      const std::string_view text = cell(rows, r, reported);
      if (!text.empty()) {
        if (const auto fault = detail::read_flag(text, observed)) {
          return set_aside(*fault, reported, rows, r);
        }
      }
    }
    bool in_control = false;
    if (has_[controlled]) {
      const std::string_view text = cell(rows, r, controlled);
      if (!text.empty()) {
        if (const auto fault = detail::read_flag(text, in_control)) {
          return set_aside(*fault, controlled, rows, r);
        }
      }
    }
    const std::string_view what =
        has_[substance] ? cell(rows, r, substance) : std::string_view{options_.only_substance};
    if (what.empty() && !in_control) {
      return set_aside({Errc::missing, "missing_substance", "must name the substance"}, substance,
                       rows, r);
    }
    const std::string_view how_much = cell(rows, r, amount);
    record.state = observed ? UseState::used : UseState::unknown;
    if (!how_much.empty()) {
      if (const auto fault = detail::read_number(how_much, record.amount)) {
        return set_aside(*fault, amount, rows, r);
      }
      if (record.amount < 0) {
        return set_aside({Errc::out_of_range, "negative_amount", "must be 0 or more"}, amount, rows,
                         r);
      }
      if (!observed) {
        return set_aside({Errc::contradiction, "amount_though_not_reported",
                          "cannot stand in a row that says the day was not reported"},
                         amount, rows, r);
      }
      record.state = UseState::amount;
    }

    if (who != person_text_) {  // rows of a person usually follow each other
      if (const std::uint32_t* known = recent_persons_.find(who)) {
        person_ = *known;
      } else {
        const auto number = records_.person(who);
        if (!number) return unexpected(number.error());
        recent_persons_.keep(who, *number);
        person_ = *number;
      }
      person_text_.assign(who);
    }
    record.person = person_;
    record.line = rows.line(r);
    if (in_control) mark_controlled(record);
    if (what.empty()) {
      ++table_.rows_without_record;
      return {};
    }
    if (const std::uint32_t* known = recent_substances_.find(what)) {
      record.substance = *known;
    } else {
      const auto number = records_.substance(what);
      if (!number) return unexpected(number.error());
      recent_substances_.keep(what, *number);
      record.substance = *number;
    }
    if (record.substance >= options_.max_substances) return too_many_substances(rows, r);
    if (auto read = words(rows, r, record); !read) return read;
    return records_.append(record);
  }

  // Unit, route and source: small sets of words, looked up through the caches.
  Result<void> words(const CsvRows& rows, std::size_t r, Record& record) {
    const std::string_view unit_text =
        has_[unit] ? cell(rows, r, unit) : std::string_view{options_.only_unit};
    if (!unit_text.empty() && record.state == UseState::amount) {
      const std::uint32_t* known = recent_units_.find(unit_text);
      if (known == nullptr) {
        const auto number = records_.unit(unit_text);
        if (!number) return unexpected(number.error());
        recent_units_.keep(unit_text, *number);
        record.unit = *number;
        if (auto noted = check_unit(unit_text, record, rows, r); !noted) return noted;
      } else {
        record.unit = *known;
      }
      if (doubts_.stops()) {
        if (auto same = one_unit(unit_text, record, rows, r); !same) return same;
      }
    }
    if (has_[route]) {
      const std::string_view text = cell(rows, r, route);
      if (!text.empty()) {
        const auto* const known = recent_routes_.find(text);
        if (known != nullptr) {
          record.route = *known;
        } else if (auto read = read_route(text, record, rows, r); !read) {
          return read;
        }
      }
    }
    if (has_[source]) {
      const std::string_view text = cell(rows, r, source);
      if (!text.empty()) {
        const auto* const known = recent_sources_.find(text);
        if (known != nullptr) {
          record.source = *known;
        } else if (auto read = read_source(text, record, rows, r); !read) {
          return read;
        }
      }
    }
    return {};
  }

  // Once per unit: findings for a word nobody knows.
  Result<void> check_unit(std::string_view text, const Record& record, const CsvRows& rows,
                          std::size_t r) {
    if (checked_units_.size() <= record.unit) checked_units_.resize(record.unit + std::size_t{1});
    if (checked_units_[record.unit]) return {};
    checked_units_[record.unit] = true;
    const bool known = detail::is_known_unit(text) || outcomes::ethanol_g_of_unit(text) ||
                       std::ranges::any_of(options_.more_units,
                                           [&](const std::string& more) { return more == text; });
    if (known) return {};
    return doubts_.note(Severity::caution,
                        {Errc::unknown_name, "unknown_unit", "is not a unit ombre knows"},
                        has_[unit] ? names_[unit] : "unit", rows.line(r), text, {},
                        "amounts are kept in it as they are");
  }

  Result<void> one_unit(std::string_view text, const Record& record, const CsvRows& rows,
                        std::size_t r) {
    if (unit_of_.size() <= record.substance) unit_of_.resize(record.substance + std::size_t{1});
    UnitOfSubstance& first = unit_of_[record.substance];
    if (!first.seen) {
      first = {record.unit, true};
      return {};
    }
    if (first.unit == record.unit) return {};
    const std::string sentence = "differs from the unit \"" +
                                 std::string{records_.units()[first.unit]} +
                                 "\" that the same substance has in rows before";
    return doubts_.note(Severity::caution, {Errc::contradiction, "mixed_units", sentence},
                        has_[unit] ? names_[unit] : "unit", rows.line(r), text, {}, {});
  }

  Result<void> read_route(std::string_view text, Record& record, const CsvRows& rows,
                          std::size_t r) {
    for (const auto& [word, meaning] : options_.route_words) {
      if (word == text) {
        record.route = meaning;
        recent_routes_.keep(text, meaning);
        return {};
      }
    }
    if (const auto known = detail::known_route(text)) {
      record.route = *known;
      recent_routes_.keep(text, *known);
      return {};
    }
    return doubts_.note(
        Severity::caution, {Errc::unknown_name, "unknown_route", "is not a route ombre knows"},
        names_[route], rows.line(r), text, rows.field(r, at_[person]), "read as not stated");
  }

  Result<void> read_source(std::string_view text, Record& record, const CsvRows& rows,
                           std::size_t r) {
    for (const auto& [word, meaning] : options_.source_words) {
      if (word == text) {
        record.source = meaning;
        recent_sources_.keep(text, meaning);
        return {};
      }
    }
    if (const auto known = detail::known_source(text)) {
      record.source = known->source;
      if (!known->open) {
        recent_sources_.keep(text, known->source);
        return {};
      }
      return doubts_.note(
          Severity::note,
          {Errc::contradiction, "urine_or_breath", "does not say whether it was urine or breath"},
          names_[source], rows.line(r), text, rows.field(r, at_[person]), "read as urine");
    }
    return doubts_.note(
        Severity::caution, {Errc::unknown_name, "unknown_source", "is not a source ombre knows"},
        names_[source], rows.line(r), text, rows.field(r, at_[person]), "read as not stated");
  }

  void mark_controlled(const Record& record) {
    if (!stays_.empty()) {
      timeline::ControlledStay& last = stays_.back();
      if (last.person == record.person && record.day >= last.first_day &&
          record.day <= last.last_day + 1) {
        last.last_day = std::max(last.last_day, record.day);
        return;
      }
    }
    stays_.push_back({record.person, record.day, record.day, record.line});
  }

  Result<void> too_many_substances(const CsvRows& rows, std::size_t r) {
    Error error;
    error.code = Errc::too_large;
    error.file = doubts_.file();
    error.row = rows.line(r);
    error.field = detail::printable(names_[substance]);
    error.value = detail::printable(rows.field(r, at_[substance]));
    error.rule = "is one more than " + std::to_string(options_.max_substances) +
                 " different substances: is this the right column?";
    return unexpected(error);
  }

  CsvReader reader_;
  const UseCsvOptions& options_;
  detail::Doubts doubts_;
  detail::DayColumn day_kind_;
  Records records_;
  UseTable table_;
  bool started_ = false;
  std::uint64_t count_ = 0;
  std::array<bool, columns> has_{};
  std::array<std::size_t, columns> at_{};
  std::array<std::string, columns> names_;

  std::uint32_t person_ = 0;
  std::string person_text_;
  RecentNames<std::uint32_t> recent_persons_;
  RecentNames<std::uint32_t> recent_substances_;
  RecentNames<std::uint32_t> recent_units_;
  RecentNames<timeline::Route> recent_routes_;
  RecentNames<timeline::ReportSource> recent_sources_;
  std::vector<bool> checked_units_;
  std::vector<UnitOfSubstance> unit_of_;
  std::vector<timeline::ControlledStay> stays_;
};

}  // namespace

Result<UseTable> read_use_csv(CsvReader reader, const UseCsvOptions& options) {
  return UseReader{std::move(reader), options}.run();
}

Result<UseTable> read_use_csv(const std::string& path, const UseCsvOptions& options) {
  auto reader = CsvReader::open(path, options.csv);
  if (!reader) return unexpected(reader.error());
  return read_use_csv(*std::move(reader), options);
}

}  // namespace ombre::inline v0::io
