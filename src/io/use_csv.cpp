#include "ombre/io/use_csv.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <set>
#include <unordered_map>

#include "csv_cells.hpp"
#include "csv_doubt.hpp"
#include "ombre/io/csv_columns.hpp"
#include "ombre/outcomes/ethanol_units.hpp"
#include "ombre/substance/catalogue.hpp"
#include "use_words.hpp"

namespace ombre::inline v0::io {

namespace {

using detail::CellFault;
using detail::has_outer_blank;
using detail::trimmed;
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

constexpr double first_missing_code = 777;

// Numbers that tables use for "not known" where a cell should be empty.
bool is_missing_code(double amount) noexcept {
  constexpr std::array<double, 13> codes{777,  888,  997,  998,   999,   7777, 8888,
                                         9997, 9998, 9999, 88888, 99998, 99999};
  return std::ranges::find(codes, amount) != codes.end();
}

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
    for (const std::uint32_t who : unplaced_) {
      if (auto marked = records_.mark_unplaced(who); !marked) return unexpected(marked.error());
    }
    count_the_rest();
    if (auto told = tell_about_names(); !told) return unexpected(told.error());
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
    used,
    columns
  };

  Result<void> find() {
    const auto chosen = [](std::string_view role, std::span<const std::string_view> names,
                           const std::string& given, bool required) {
      return ColumnWish{role, names, required, given, "--" + std::string{role}};
    };
    // Where every row is said to be about one substance or in one unit, a column that says so too
    // is read and held against it.
    const bool one_substance = !options_.only_substance.empty();
    std::array<ColumnWish, columns> wishes{
        chosen("person", person_column_names(), options_.person, true),
        chosen("day", day_column_names(), options_.day, true),
        chosen("substance", substance_column_names(), options_.substance, !one_substance),
        chosen("amount", amount_column_names(), options_.amount, false),
        chosen("unit", unit_column_names(), options_.unit, false),
        chosen("route", route_column_names(), options_.route, false),
        chosen("source", source_column_names(), options_.source, false),
        chosen("reported", reported_column_names(), options_.reported, false),
        chosen("controlled", controlled_column_names(), options_.controlled, false),
        chosen("used", used_column_names(), options_.used, false)};
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
    says_more_ = has_[reported] || has_[used];
    return tell_about_columns();
  }

  // Which columns were not read, and what follows where neither amounts nor yes and no are there.
  Result<void> tell_about_columns() {
    std::string unread;
    const auto& header = reader_.header();
    for (std::size_t i = 0; i < header.size(); ++i) {
      bool read = header[i].empty();
      for (std::size_t c = 0; c < columns; ++c) read = read || (has_[c] && at_[c] == i);
      if (!read) unread += (unread.empty() ? "" : ", ") + header[i];
    }
    const auto note = [&](std::string_view rule, std::string_view sentence, std::string_view then) {
      return doubts_.note(Severity::note, {Errc::missing, rule, sentence}, "header", 1, unread, {},
                          then);
    };
    if (!has_[amount] && !has_[used]) {
      return note("every_row_is_use",
                  unread.empty() ? "there is no column of amounts and none of yes and no"
                                 : "not read; there is no column of amounts and none of yes and no",
                  "each row counts as use, its amount as not known");
    }
    if (unread.empty()) return {};
    return note("columns_not_read", "not among the columns ombre knows", "not read");
  }

  // Names of one substance that the catalogue knows under several names, and person ids that differ
  // in letter case only: read as they are, and told.
  Result<void> tell_about_names() {
    std::map<std::string_view, std::uint32_t> first;
    const auto& names = records_.substances();
    constexpr std::uint32_t most_looked_up = 300;  // beyond that they are free text
    for (std::uint32_t s = 0; s < names.size() && s < most_looked_up; ++s) {
      const auto known = substance::find(names[s]);
      if (!known) continue;
      const auto [at, fresh] = first.emplace(known->id, s);
      if (fresh) continue;
      const auto rows_of = records_.substance_column();
      const auto row = std::find(rows_of.begin(), rows_of.end(), s) - rows_of.begin();
      const std::string sentence = "is " + std::string{known->id} + " like \"" +
                                   detail::printable(names[at->second]) +
                                   "\" in the catalogue of substances";
      Finding finding;  // not through doubts_: no row is doubtful, so a strict reading goes on
      finding.severity = Severity::caution;
      finding.rule = "same_substance";
      finding.text =
          sentence +
          "; they are kept apart, as the file has them: give both one name to count them "
          "as one";
      finding.field = detail::printable(has_[substance] ? names_[substance] : "substance");
      finding.row = records_.line_column()[static_cast<std::size_t>(row)];
      finding.value = detail::printable(names[s]);
      finding.file = doubts_.file();
      doubts_.findings().add(std::move(finding));
    }
    return detail::tell_alike_persons(records_.persons(), 0, doubts_, names_[person]);
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

  [[gnu::noinline]] Result<void> set_aside(const CellFault& fault, Column c, const CsvRows& rows,
                                           std::size_t r) {
    ++table_.rows_set_aside;
    return doubts_.note(Severity::caution, fault, names_[c], rows.line(r), rows.field(r, at_[c]),
                        c == person ? std::string_view{} : rows.field(r, at_[person]),
                        "the row is set aside");
  }

  // A row that has a person, and a day or substance that cannot be read: it has no place.
  [[gnu::noinline]] Result<void> set_aside(const CellFault& fault, Column c, const CsvRows& rows,
                                           std::size_t r, std::uint32_t who) {
    if (auto marked = records_unplaced(who); !marked) return marked;
    return set_aside(fault, c, rows, r);
  }

  Result<void> records_unplaced(std::uint32_t who) {
    if (unplaced_.empty() || unplaced_.back() != who) unplaced_.push_back(who);
    return {};
  }

  // A row that has a place and says something that cannot be read. It stays, as a report of a day
  // of which as much is known as could be read.
  struct Trouble {
    CellFault fault;
    Column column;
  };

  Result<void> note_trouble(const Trouble& trouble, const Record& record, const CsvRows& rows,
                            std::size_t r) {
    ++table_.rows_not_read;
    const std::string_view then = record.state == UseState::amount ? "the row's amount is kept"
                                  : record.state == UseState::used
                                      ? "the day counts as use, its amount as not known"
                                      : "the day counts as not known";
    return doubts_.note(Severity::caution, trouble.fault, names_[trouble.column], rows.line(r),
                        rows.field(r, at_[trouble.column]), rows.field(r, at_[person]), then);
  }

  // What the row says of use, before units: known none, known amount, used, or not known. What is
  // wrong with it, if anything, is told.
  [[gnu::noinline]] Result<void> read_use(const CsvRows& rows, std::size_t r, Record& record) {
    std::optional<Trouble> trouble;
    const auto wrong = [&](const CellFault& fault, Column c) {
      if (!trouble) trouble = Trouble{fault, c};
    };
    bool observed = true;
    bool reported_unclear = false;
    if (has_[reported]) {
      const std::string_view text = cell(rows, r, reported);
      if (!text.empty()) {
        if (const auto fault = detail::read_flag(text, observed)) {
          wrong(*fault, reported);
          reported_unclear = true;
          observed = true;
        }
      }
    }
    using detail::UseWord;
    UseWord said = has_[used] ? UseWord::not_known : UseWord::yes;
    bool said_unclear = false;
    if (has_[used]) {
      const std::string_view text = trimmed(cell(rows, r, used));
      if (const UseWord* known = recent_used_.find(text)) {
        said = *known;
      } else if (const auto word = detail::use_word(text)) {
        said = *word;
        recent_used_.keep(text, said);
      } else {
        wrong({Errc::malformed, "not_yes_or_no",
               "must say yes or no (1 or 0, positive or negative, true or false), or be empty"},
              used);
        said_unclear = true;
      }
    }

    const std::string_view how_much = cell(rows, r, amount);
    bool has_amount = false;
    bool amount_unclear = false;
    if (!how_much.empty()) {
      if (const auto fault = detail::read_number(how_much, record.amount)) {
        wrong(*fault, amount);
        amount_unclear = true;
      } else if (record.amount < 0) {
        wrong({Errc::out_of_range, "negative_amount", "must be 0 or more"}, amount);
        amount_unclear = true;
      } else if (record.amount > timeline::largest_amount) {
        wrong({Errc::out_of_range, "amount_too_large", "must be at most 1e15, in whatever unit"},
              amount);
        amount_unclear = true;
      } else {
        has_amount = true;
        if (record.amount >= first_missing_code && is_missing_code(record.amount)) {
          if (auto noted =
                  doubts_.note(Severity::note,
                               {Errc::out_of_range, "looks_like_missing_code",
                                "is often a code for a missing amount"},
                               names_[amount], rows.line(r), how_much, rows.field(r, at_[person]),
                               "it was kept as an amount; leave the cell empty if it is a code");
              !noted) {
            return noted;
          }
        }
      }
    }

    const bool yes = has_[used] && said == UseWord::yes;
    if (!observed) {
      record.state = UseState::unknown;
      if (has_amount) {
        wrong({Errc::contradiction, "amount_though_not_reported",
               "cannot stand in a row that says the day was not reported"},
              amount);
      }
    } else if (amount_unclear) {
      record.state = yes ? UseState::used : UseState::unknown;
    } else if (has_amount && record.amount > 0) {
      record.state = UseState::amount;
      if (has_[used] && said == UseWord::no) {
        wrong({Errc::contradiction, "amount_though_no_use",
               "cannot stand in a row that says there was no use"},
              amount);
        record.state = UseState::used;
      } else if (reported_unclear) {
        record.state = UseState::used;
      }
    } else if (has_amount) {
      record.state = trouble ? UseState::unknown : UseState::amount;  // 0 is stored as none
      if (yes) {
        wrong({Errc::contradiction, "no_amount_though_use",
               "cannot stand in a row that says there was use"},
              amount);
        record.state = UseState::used;
      }
    } else if (reported_unclear || said_unclear) {
      record.state = yes ? UseState::used : UseState::unknown;
    } else {
      record.state = said == UseWord::yes  ? UseState::used
                     : said == UseWord::no ? UseState::none
                                           : UseState::unknown;
    }
    if (trouble) {
      record.unreadable = record.state != UseState::amount;
      return note_trouble(*trouble, record, rows, r);
    }
    if (has_[amount] && record.state == UseState::used) {
      return note_counted(without_amount_, "amount_not_given", "has no amount",
                          "the day counts as use, its amount as not known", amount, rows, r);
    }
    return {};
  }

  // Findings that may be as many as the rows: the first few in full, the rest as a number.
  Result<void> note_counted(std::uint64_t& count, std::string_view rule, std::string_view sentence,
                            std::string_view then, Column c, const CsvRows& rows, std::size_t r) {
    if (++count > 3) return {};
    return doubts_.note(Severity::note, {Errc::missing, rule, sentence}, names_[c], rows.line(r),
                        rows.field(r, at_[c]), rows.field(r, at_[person]), then);
  }
  void count_the_rest() {
    const auto rest = [&](std::uint64_t count, std::string_view rule) {
      if (count > 3) doubts_.findings().count_only(Severity::note, rule, count - 3);
    };
    rest(without_amount_, "amount_not_given");
    rest(trimmed_names_, "blanks_around_name");
  }

  // A name without the blanks around it, which are counted.
  Result<std::string_view> without_blanks(std::string_view text, Column c, const CsvRows& rows,
                                          std::size_t r) {
    if (!has_outer_blank(text)) return text;
    if (auto noted = note_counted(trimmed_names_, "blanks_around_name", "has blanks around it",
                                  "read without them", c, rows, r);
        !noted) {
      return unexpected(noted.error());
    }
    return trimmed(text);
  }

  // A person other than in the row before; false where there is none.
  [[gnu::noinline]] Result<bool> find_person(std::string_view raw, const CsvRows& rows,
                                             std::size_t r) {
    if (const std::uint32_t* known = recent_persons_.find(raw)) {
      person_ = *known;
      person_text_.assign(raw);
      return true;
    }
    const auto who = without_blanks(raw, person, rows, r);
    if (!who) return unexpected(who.error());
    if (who->empty()) return false;
    const auto number = records_.person(*who);
    if (!number) return unexpected(number.error());
    person_ = *number;
    person_text_.clear();  // so that every name with blanks is counted
    if (who->size() == raw.size()) {
      recent_persons_.keep(raw, *number);
      person_text_.assign(raw);
    }
    return true;
  }

  // A substance that is not among the recent ones; nothing where there is none.
  [[gnu::noinline]] Result<std::optional<std::uint32_t>> find_substance(std::string_view raw,
                                                                        const CsvRows& rows,
                                                                        std::size_t r) {
    const auto bare = without_blanks(raw, substance, rows, r);
    if (!bare) return unexpected(bare.error());
    const std::string_view what = bare->empty() ? std::string_view{options_.only_substance} : *bare;
    if (what.empty()) return std::optional<std::uint32_t>{};
    const auto number = substance_number(what, rows, r);
    if (!number) return unexpected(number.error());
    if (what.size() == raw.size()) recent_substances_.keep(raw, *number);
    return std::optional{*number};
  }

  Result<void> row(const CsvRows& rows, std::size_t r) {
    Record record;
    const std::string_view who = cell(rows, r, person);
    if (who != person_text_ || who.empty()) {  // rows of a person usually follow each other
      const auto found = find_person(who, rows, r);
      if (!found) return unexpected(found.error());
      if (!*found) {
        return set_aside({Errc::missing, "missing_person", "must name the person"}, person, rows,
                         r);
      }
    }
    record.person = person_;
    record.line = rows.line(r);
    const std::string_view when = cell(rows, r, day);
    if (when.empty()) {
      return set_aside({Errc::missing, "missing_day", "must hold the day"}, day, rows, r,
                       record.person);
    }
    if (auto fault = day_kind_.read(when, record.day)) {
      if (auto agreed = day_kind_.agree(when, rows.line(r), names_[day], doubts_.file()); !agreed) {
        return agreed;
      }
      return set_aside(*fault, day, rows, r, record.person);
    }
    bool in_control = false;
    if (has_[controlled]) {
      if (auto read = read_controlled(rows, r, in_control); !read) return read;
    }
    const std::string_view what =
        has_[substance] ? cell(rows, r, substance) : std::string_view{options_.only_substance};
    if (const std::uint32_t* known = recent_substances_.find(what)) {
      record.substance = *known;
    } else {
      const auto found = find_substance(what, rows, r);
      if (!found) return unexpected(found.error());
      if (!*found) {
        if (!in_control) {
          return set_aside({Errc::missing, "missing_substance", "must name the substance"},
                           substance, rows, r, record.person);
        }
        mark_controlled(record);
        ++table_.rows_without_record;
        return {};
      }
      record.substance = **found;
    }
    if (in_control) mark_controlled(record);
    // Most tables have an amount or nothing; what is not a plain number below any code for missing
    // takes the careful path.
    if (says_more_ ||
        (has_[amount] && !(detail::read_plain_decimal(rows.field(r, at_[amount]), record.amount) &&
                           record.amount < first_missing_code))) {
      Record careful = record;  // a copy, so that the others can stay in registers
      if (auto read = read_use(rows, r, careful); !read) return read;
      record = careful;
    } else {
      record.state = has_[amount] ? UseState::amount : UseState::used;
    }
    if (record.substance >= options_.max_substances) return too_many_substances(rows, r);
    if (auto read = words(rows, r, record); !read) return read;
    return records_.append(record);
  }

  [[gnu::noinline]] Result<void> read_controlled(const CsvRows& rows, std::size_t r,
                                                 bool& in_control) {
    const std::string_view text = cell(rows, r, controlled);
    if (text.empty()) return {};
    const auto fault = detail::read_flag(text, in_control);
    if (!fault) return {};
    in_control = false;
    return doubts_.note(Severity::caution, *fault, names_[controlled], rows.line(r), text,
                        rows.field(r, at_[person]), "the day is not marked");
  }

  // Names that differ in letter case, blanks, hyphens and underscores are one name, spelt as it
  // came first; each further spelling is told once.
  [[gnu::noinline]] Result<std::uint32_t> substance_number(std::string_view text,
                                                           const CsvRows& rows, std::size_t r) {
    if (has_[substance] && !options_.only_substance.empty() &&
        substance::folded(text) != substance::folded(options_.only_substance)) {
      return unexpected(cell_error(substance, rows, r,
                                   "differs from the substance \"" +
                                       detail::printable(options_.only_substance) +
                                       "\" that every row was said to be about"));
    }
    const auto number = one_spelling(
        substance_spellings_, text, [&](std::string_view name) { return records_.substance(name); },
        records_.substances(), has_[substance] ? names_[substance] : "substance", rows, r);
    return number;
  }

  template <class Intern>
  Result<std::uint32_t> one_spelling(std::unordered_map<std::string, std::uint32_t>& spellings,
                                     std::string_view text, const Intern& intern,
                                     const timeline::NameTable& names, std::string_view column,
                                     const CsvRows& rows, std::size_t r) {
    if (const auto exact = names.find(text)) return *exact;
    const auto known = spellings.find(substance::folded(text));
    if (known == spellings.end()) {
      const auto number = intern(text);
      if (number) spellings.emplace(substance::folded(text), *number);
      return number;
    }
    if (told_spellings_.insert(std::string{column} + '\n' + std::string{text}).second) {
      const std::string then = "read as \"" + detail::printable(names[known->second]) + '"';
      if (auto noted = doubts_.note(
              Severity::caution,
              {Errc::duplicate, "spelt_differently", "is another spelling of a name read before"},
              column, rows.line(r), text, rows.field(r, at_[person]), then);
          !noted) {
        return unexpected(noted.error());
      }
    }
    return known->second;
  }

  [[nodiscard]] Error cell_error(Column c, const CsvRows& rows, std::size_t r,
                                 std::string rule) const {
    Error error;
    error.code = Errc::contradiction;
    error.file = doubts_.file();
    error.row = rows.line(r);
    error.field = detail::printable(names_[c]);
    error.value = detail::printable(rows.field(r, at_[c]));
    error.rule = std::move(rule);
    return error;
  }

  // Unit, route and source: small sets of words, looked up through the caches.
  Result<void> words(const CsvRows& rows, std::size_t r, Record& record) {
    if (record.state == UseState::amount && (has_[unit] || !options_.only_unit.empty())) {
      const std::string_view text = cell(rows, r, unit);
      if (const std::uint32_t* known = recent_units_.find(text); known && !doubts_.stops()) {
        record.unit = *known;
      } else {
        Record careful = record;
        if (auto read = read_unit(text, careful, rows, r); !read) return read;
        record = careful;
      }
    }
    if (has_[route]) {
      const std::string_view text = cell(rows, r, route);
      if (!text.empty()) {
        const auto* const known = recent_routes_.find(text);
        if (known != nullptr) {
          record.route = *known;
        } else {
          Record careful = record;
          if (auto read = read_route(text, careful, rows, r); !read) return read;
          record = careful;
        }
      }
    }
    if (has_[source]) {
      const std::string_view text = cell(rows, r, source);
      if (!text.empty()) {
        const auto* const known = recent_sources_.find(text);
        if (known != nullptr) {
          record.source = *known;
        } else {
          Record careful = record;
          if (auto read = read_source(text, careful, rows, r); !read) return read;
          record = careful;
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

  [[gnu::noinline]] Result<void> read_unit(std::string_view raw, Record& record,
                                           const CsvRows& rows, std::size_t r) {
    std::string_view text = trimmed(raw);
    if (text.empty()) text = options_.only_unit;
    if (text.empty()) return {};
    if (has_[unit] && !options_.only_unit.empty() &&
        substance::folded(text) != substance::folded(options_.only_unit)) {
      return unexpected(cell_error(unit, rows, r,
                                   "differs from the unit \"" +
                                       detail::printable(options_.only_unit) +
                                       "\" that every amount was said to have"));
    }
    const auto number = one_spelling(
        unit_spellings_, text, [&](std::string_view name) { return records_.unit(name); },
        records_.units(), has_[unit] ? names_[unit] : "unit", rows, r);
    if (!number) return unexpected(number.error());
    recent_units_.keep(raw, *number);
    record.unit = *number;
    if (auto noted = check_unit(text, record, rows, r); !noted) return noted;
    return doubts_.stops() ? one_unit(text, record, rows, r) : Result<void>{};
  }

  [[gnu::noinline]] Result<void> read_route(std::string_view raw, Record& record,
                                            const CsvRows& rows, std::size_t r) {
    const std::string_view text = trimmed(raw);
    if (text.empty()) return {};
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

  [[gnu::noinline]] Result<void> read_source(std::string_view raw, Record& record,
                                             const CsvRows& rows, std::size_t r) {
    const std::string_view text = trimmed(raw);
    if (text.empty()) return {};
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

  [[gnu::noinline]] void mark_controlled(Record record) {
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

  [[gnu::noinline]] Result<void> too_many_substances(const CsvRows& rows, std::size_t r) {
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
  bool says_more_ = false;  // a column beside the amount speaks about use
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
  RecentNames<detail::UseWord> recent_used_;
  std::unordered_map<std::string, std::uint32_t> substance_spellings_;
  std::unordered_map<std::string, std::uint32_t> unit_spellings_;
  std::set<std::string> told_spellings_;
  std::vector<std::uint32_t> unplaced_;
  std::uint64_t without_amount_ = 0;
  std::uint64_t trimmed_names_ = 0;
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
