#include "ombre/io/trial_csv.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

#include "core/text.hpp"
#include "ombre/io/csv_columns.hpp"
#include "ombre/io/table_csv.hpp"
#include "ombre/timeline/name_order.hpp"

namespace ombre::inline v0::io {
namespace {

using timeline::NameTable;
using timeline::RowAnswer;
using Names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 5> table_names = {"people", "randomization", "visits",
                                                         "screens", "self_report"};
constexpr std::array<std::string_view, 6> trial_columns = {"trial",    "project",  "study",
                                                           "protocol", "study_id", "trial_id"};
constexpr std::array<std::string_view, 6> consent_columns = {
    "consent", "consent_date", "consent_day", "day_zero", "enrolled", "enrolment_date"};
constexpr std::array<std::string_view, 8> arm_columns = {
    "arm", "treatment", "group", "trt", "arm_name", "treatment_arm", "allocation", "condition"};
constexpr std::array<std::string_view, 5> which_columns = {"which", "randomization_number",
                                                           "randomization", "sequence", "stage"};
constexpr std::array<std::string_view, 6> kind_columns = {"kind",       "what",       "visit_kind",
                                                          "visit_type", "attendance", "status"};
constexpr std::array<std::string_view, 4> attended_columns = {"attended", "present", "came",
                                                              "is_attended"};
constexpr std::array<std::string_view, 6> result_columns = {
    "result", "test_result", "finding", "outcome", "positive", "is_positive"};
constexpr std::array<std::string_view, 4> screen_substances = {"analyte", "test", "assay",
                                                               "drug_group"};

ColumnRequest want(std::string role, Names names, ColumnType type, bool required,
                   bool may_be_missing) {
  ColumnRequest out;
  out.role = std::move(role);
  out.names.assign(names.begin(), names.end());
  out.type = type;
  out.required = required;
  out.may_be_missing = may_be_missing;
  return out;
}

std::optional<RowAnswer> answer_of(std::string_view text) {
  constexpr std::array<std::string_view, 9> yes = {"positive", "pos", "+",        "1",    "true",
                                                   "yes",      "y",   "detected", "found"};
  constexpr std::array<std::string_view, 10> no = {
      "negative", "neg", "-", "0", "false", "no", "n", "not detected", "not found", "clean"};
  const std::string word = ascii::lower(text);
  if (std::ranges::find(yes, word) != yes.end()) return RowAnswer::yes;
  if (std::ranges::find(no, word) != no.end()) return RowAnswer::no;
  return std::nullopt;
}

class Reader {
 public:
  Reader(const TrialFiles& files, const TrialCsvOptions& options)
      : files_{files}, options_{options}, out_{{}, Findings{options.keep_findings}, 0} {}

  Result<TrialCsv> run() {
    if (auto checked = check_overrides(); !checked) return unexpected(checked.error());
    if (auto opened = open_all(); !opened) return unexpected(opened.error());
    if (auto agreed = agree_on_days(); !agreed) return unexpected(agreed.error());
    if (auto made = make_people(); !made) return unexpected(made.error());
    if (auto made = make_randomizations(); !made) return unexpected(made.error());
    timeline::TrialRecords& records = out_.records;
    if (auto made = make_rows(visits, records.visits); !made) return unexpected(made.error());
    if (auto made = make_rows(screens, records.screens); !made) return unexpected(made.error());
    if (auto made = make_rows(self_report, records.self_reports); !made) {
      return unexpected(made.error());
    }
    return std::move(out_);
  }

 private:
  enum Which : std::size_t { people, randomization, visits, screens, self_report, tables };

  static std::vector<ColumnRequest> requests(Which which) {
    std::vector<ColumnRequest> out;
    out.push_back(want("person", person_column_names(), ColumnType::text, true, false));
    if (which == people) {
      out.push_back(want("trial", trial_columns, ColumnType::text, false, true));
      out.push_back(want("consent", consent_columns, ColumnType::day, false, true));
      return out;
    }
    out.push_back(want("day", day_column_names(), ColumnType::day, true, true));
    switch (which) {
      case randomization:
        out.push_back(want("arm", arm_columns, ColumnType::text, false, true));
        out.push_back(want("which", which_columns, ColumnType::integer, false, true));
        break;
      case visits:
        out.push_back(want("kind", kind_columns, ColumnType::text, false, true));
        out.push_back(want("attended", attended_columns, ColumnType::flag, false, true));
        break;
      case screens: {
        auto substance = want("substance", substance_column_names(), ColumnType::text, true, true);
        substance.names.insert(substance.names.end(), screen_substances.begin(),
                               screen_substances.end());
        out.push_back(std::move(substance));
        out.push_back(want("result", result_columns, ColumnType::text, false, true));
        break;
      }
      case self_report:
        out.push_back(want("substance", substance_column_names(), ColumnType::text, true, true));
        out.push_back(want("amount", amount_column_names(), ColumnType::number, false, true));
        break;
      case people:
      case tables:
        break;
    }
    return out;
  }

  [[nodiscard]] const std::string& path(Which which) const {
    switch (which) {
      case people:
        return files_.people;
      case randomization:
        return files_.randomizations;
      case visits:
        return files_.visits;
      case screens:
        return files_.screens;
      case self_report:
      case tables:
        break;
    }
    return files_.self_reports;
  }

  // Every override must name a table and one of its roles.
  Result<void> check_overrides() {
    for (const auto& [place, column] : options_.columns) {
      const std::size_t dot = place.find('.');
      const std::string_view table = std::string_view{place}.substr(0, dot);
      const std::string_view role =
          dot == std::string::npos ? std::string_view{} : std::string_view{place}.substr(dot + 1);
      std::string known;
      bool found = false;
      for (std::size_t t = 0; t < tables; ++t) {
        for (const ColumnRequest& request : requests(static_cast<Which>(t))) {
          found = found || (table == table_names[t] && role == request.role);
          known += (known.empty() ? "" : ", ") + std::string{table_names[t]} + '.' + request.role;
        }
      }
      if (!found) {
        return unexpected(
            error_at(Errc::unknown_name, "column", std::nullopt, place, "must be one of " + known));
      }
    }
    return {};
  }

  Result<void> open_all() {
    for (std::size_t t = 0; t < tables; ++t) {
      const auto which = static_cast<Which>(t);
      if (path(which).empty()) continue;
      auto wanted = requests(which);
      for (ColumnRequest& request : wanted) {
        const std::string place = std::string{table_names[t]} + '.' + request.role;
        request.option = "--column " + place + "=NAME";
        for (const auto& [key, column] : options_.columns) {
          if (key == place) request.given = column;
        }
      }
      TableCsvOptions read;
      read.keep_findings = options_.keep_findings;
      read.csv = options_.csv;
      read.progress = options_.progress;
      auto table = read_table_csv(path(which), wanted, read);
      if (!table) return unexpected(table.error());
      out_.rows += table->rows;
      out_.findings.merge(table->findings);
      table_[t] = *std::move(table);
    }
    return {};
  }

  Result<void> agree_on_days() {
    std::optional<std::size_t> first;
    for (std::size_t t = 0; t < tables; ++t) {
      if (!table_[t] || !table_[t]->axis) continue;
      if (!first) {
        first = t;
        continue;
      }
      if (*table_[t]->axis == *table_[*first]->axis) continue;
      const auto kind = [&](std::size_t i) {
        return *table_[i]->axis == timeline::DayAxis::calendar ? "dates" : "day numbers";
      };
      Error error;
      error.code = Errc::contradiction;
      error.file = path(static_cast<Which>(t));
      error.field = "day";
      error.rule = std::string{"holds "} + kind(t) + ", but " + path(static_cast<Which>(*first)) +
                   " holds " + kind(*first) + ": all tables must use one of the two";
      return unexpected(std::move(error));
    }
    out_.records.days_are_dates = first && *table_[*first]->axis == timeline::DayAxis::calendar;
    return {};
  }

  Result<void> make_people() {
    timeline::TrialPeople& made = out_.records.people;
    NameTable found;
    for (std::size_t t = 0; t < tables; ++t) {
      if (!table_[t] || (table_[people] && t != people)) continue;
      const NameTable& words = (*table_[t])["person"].words;
      // The words of a column may hold the empty text, which is nobody.
      for (std::uint32_t i = 0; i < words.size(); ++i) {
        if (words[i].empty()) continue;
        if (auto added = found.intern(words[i]); !added) return unexpected(added.error());
      }
    }
    if (found.empty()) {
      return unexpected(error_of(Errc::empty_input, "person", "no table names anybody"));
    }
    for (const std::uint32_t i : timeline::natural_order(found)) {
      if (auto added = made.id.intern(found[i]); !added) return unexpected(added.error());
    }
    for (std::size_t t = 0; t < tables; ++t) {
      if (table_[t]) index_people(static_cast<Which>(t));
    }
    if (!table_[people]) {
      if (out_.records.days_are_dates) made.day_zero.assign(made.size(), std::nullopt);
      return {};
    }
    const TypedTable& table = *table_[people];
    const TypedColumn& trial = table["trial"];
    const TypedColumn& consent = table["consent"];
    if (trial.present) made.trial.resize(made.size());
    if (consent.present || out_.records.days_are_dates) {
      made.day_zero.assign(made.size(), std::nullopt);
    }
    std::vector<std::uint8_t> seen(made.size(), 0);
    for (std::size_t row = 0; row < table.size; ++row) {
      const std::uint32_t person = person_of_[people][table["person"].text[row]];
      if (seen[person] != 0) {
        note(people, Severity::caution, "person_listed_twice", row, person,
             "is listed again; the first row holds");
        continue;
      }
      seen[person] = 1;
      if (trial.present) made.trial[person] = trial.text_at(row);
      if (consent.present && consent.known[row] != 0) made.day_zero[person] = consent.day[row];
    }
    return {};
  }

  // Number of each word of a table's person column among the people.
  void index_people(Which which) {
    const NameTable& words = (*table_[which])["person"].words;
    std::vector<std::uint32_t>& index = person_of_[which];
    index.resize(words.size());
    for (std::uint32_t i = 0; i < words.size(); ++i) {
      index[i] = out_.records.people.id.find(words[i]).value_or(nobody);
    }
  }

  void note(Which which, Severity severity, std::string_view rule, std::size_t row,
            std::uint32_t person, std::string text) {
    if (!out_.findings.wants(rule)) {
      out_.findings.count_only(severity, rule);
      return;
    }
    Finding finding;
    finding.severity = severity;
    finding.rule = rule;
    finding.text = path(which) + ": " + std::move(text);
    const TypedTable& table = *table_[which];
    finding.person = person == nobody ? std::string{table["person"].text_at(row)}
                                      : std::string{out_.records.people.id[person]};
    finding.row = table.line[row];
    out_.findings.add(std::move(finding));
  }

  // The person of a row; nobody is reported once per person and table.
  std::uint32_t person_at(Which which, std::size_t row, std::vector<std::uint8_t>& reported) {
    const std::uint32_t word = (*table_[which])["person"].text[row];
    const std::uint32_t person = person_of_[which][word];
    if (person != nobody && (*table_[which])["day"].known[row] != 0) return person;
    if (person == nobody) {
      reported.resize((*table_[which])["person"].words.size(), 0);
      if (reported[word] == 0) {
        reported[word] = 1;
        note(which, Severity::caution, "person_unknown", row, nobody,
             "is not in the table of people; the rows are set aside");
      }
    } else {
      note(which, Severity::note, "row_without_day", row, person, "row without a day; set aside");
    }
    return nobody;
  }

  Result<void> make_randomizations() {
    if (!table_[randomization]) return {};
    const TypedTable& table = *table_[randomization];
    timeline::RandomizationRows& made = out_.records.randomizations;
    const TypedColumn& day = table["day"];
    const TypedColumn& arm = table["arm"];
    const TypedColumn& which = table["which"];
    std::vector<std::uint8_t> reported;
    made.arms = arm.words;
    if (made.arms.empty()) {
      if (auto added = made.arms.intern(""); !added) return unexpected(added.error());
    }
    for (std::size_t row = 0; row < table.size; ++row) {
      const std::uint32_t person = person_at(randomization, row, reported);
      if (person == nobody) continue;
      const std::int64_t number = which.present && which.known[row] != 0 ? which.integer[row] : 1;
      if (number < 1 || number > 8) {
        Error error;
        error.code = Errc::out_of_range;
        error.file = path(randomization);
        error.row = table.line[row];
        error.field = which.name;
        error.value = std::to_string(number);
        error.rule = "must be from 1 to 8";
        return unexpected(std::move(error));
      }
      made.person.push_back(person);
      made.day.push_back(day.day[row]);
      made.which.push_back(static_cast<std::uint32_t>(number));
      made.arm.push_back(arm.present ? arm.text[row] : 0);
      made.line.push_back(table.line[row]);
    }
    return {};
  }

  Result<void> make_rows(Which which, timeline::DayRows& made) {
    if (!table_[which]) return {};
    TypedTable& table = *table_[which];
    const TypedColumn& day = table["day"];
    const TypedColumn& what = table[which == visits ? "kind" : "substance"];
    made.names = what.words;
    if (!what.present) {  // visits only: every row took place
      if (auto added = made.names.intern("visit"); !added) return unexpected(added.error());
    }
    std::vector<std::uint8_t> reported;
    made.person.reserve(table.size);
    made.day.reserve(table.size);
    made.what.reserve(table.size);
    made.line.reserve(table.size);
    for (std::size_t row = 0; row < table.size; ++row) {
      const std::uint32_t person = person_at(which, row, reported);
      if (person == nobody) continue;
      made.person.push_back(person);
      made.day.push_back(day.day[row]);
      made.what.push_back(what.present ? what.text[row] : 0);
      made.line.push_back(table.line[row]);
      if (const auto answer = answer_at(which, table, row, person)) {
        made.answer.push_back(*answer);
      }
    }
    return {};
  }

  // What the row says, if the table has a column for that.
  std::optional<RowAnswer> answer_at(Which which, const TypedTable& table, std::size_t row,
                                     std::uint32_t person) {
    if (which == visits) {
      const TypedColumn& attended = table["attended"];
      if (!attended.present) return std::nullopt;
      if (attended.known[row] == 0) return RowAnswer::unknown;
      return attended.flag[row] != 0 ? RowAnswer::yes : RowAnswer::no;
    }
    if (which == self_report) {
      const TypedColumn& amount = table["amount"];
      if (!amount.present) return std::nullopt;
      if (amount.known[row] != 0 && amount.number[row] <= 0) {
        if (amount.number[row] == 0) return RowAnswer::no;
        note(which, Severity::caution, "amount_below_zero", row, person,
             "an amount below 0 says nothing; read as not known");
        return RowAnswer::unknown;
      }
      return RowAnswer::yes;
    }
    const TypedColumn& result = table["result"];
    if (!result.present) return std::nullopt;
    if (result.known[row] == 0) return RowAnswer::unknown;
    const auto answer = answer_of(result.text_at(row));
    if (answer) return answer;
    note(which, Severity::caution, "result_unknown", row, person,
         "the result \"" + shown(result.text_at(row)) +
             "\" is neither positive nor negative; it counts as no result");
    return RowAnswer::unknown;
  }

  static constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();

  const TrialFiles& files_;
  const TrialCsvOptions& options_;
  TrialCsv out_;
  std::array<std::optional<TypedTable>, tables> table_;
  std::array<std::vector<std::uint32_t>, tables> person_of_;
};

}  // namespace

Result<TrialCsv> read_trial_csv(const TrialFiles& files, const TrialCsvOptions& options) {
  return Reader{files, options}.run();
}

}  // namespace ombre::inline v0::io
