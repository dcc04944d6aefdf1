// `ombre score`: item scores of an instrument to scale scores and bands.
#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "cli/rows.hpp"
#include "cli/score_parts.hpp"
#include "ombre/io/instrument_csv.hpp"
#include "ombre/plans/score_change.hpp"
#include "ombre/spectrum/instruments.hpp"

namespace ombre::cli {
namespace {

namespace sp = spectrum;

struct Options {
  std::string instrument;
  std::string file;
  std::string sex;
  std::string format;
  std::string output = "-";
  bool change = false;
  std::vector<std::string> margins;  // ITEM=SIZE
  std::vector<std::string> errors;   // ITEM=SD:RELIABILITY
};

// Rows of each person in the order of their dates; people in the order of the file.
Result<std::vector<std::vector<const io::AnswerRow*>>> occasions_of(const io::AnswerTable& table) {
  std::vector<std::vector<const io::AnswerRow*>> out;
  std::map<std::string, std::size_t> at;
  std::vector<std::vector<Date>> days;
  const bool dated = std::ranges::any_of(table.rows, [](const auto& r) { return !r.date.empty(); });
  for (const io::AnswerRow& row : table.rows) {
    const auto [place, fresh] = at.try_emplace(row.person, out.size());
    if (fresh) {
      out.emplace_back();
      days.emplace_back();
    }
    auto& rows = out[place->second];
    auto& when = days[place->second];
    if (!dated) {
      rows.push_back(&row);
      continue;
    }
    const auto day = Date::parse(row.date);
    if (!day) {
      return unexpected(error_at(Errc::malformed, "date", row.line, row.date,
                                 "must be a date such as 2026-01-31 in every row, because changes "
                                 "are from an earlier to a later one"));
    }
    const auto after = std::ranges::upper_bound(when, *day);
    if (after != when.begin() && *(after - 1) == *day) {
      return unexpected(
          error_at(Errc::duplicate, "date", row.line, row.date,
                   "has a row of this person already, so neither is the earlier one"));
    }
    rows.insert(rows.begin() + (after - when.begin()), &row);
    when.insert(after, *day);
  }
  return out;
}

// The scale of an instrument whose answers are about safety, or nothing.
std::string_view safety_scale(const sp::Instrument& instrument) {
  if (instrument.id == "phq_9") return "item_9";
  if (instrument.id == "c_ssrs") return "triage";
  return {};
}

// A question about suicide that was left out is asked; silence is no "no".
std::string_view advice_of(const sp::Instrument& instrument, const sp::ScaleScore& scale,
                           const sp::ScoreBand* band) {
  if (scale.scale->id == safety_scale(instrument) && scale.missing > 0 &&
      (band == nullptr || band->advice.empty())) {
    return "not answered: ask about safety today, directly";
  }
  return band != nullptr ? band->advice : std::string_view{};
}

// What one occasion says about safety: the score if there is one, what it lies between, the advice.
struct Safety {
  std::optional<double> value{};
  double least = 0;
  std::string_view advice{};
};

Result<Safety> safety_of(const sp::Instrument& instrument, const io::AnswerRow& row) {
  const auto report = sp::score(instrument, row.answers);
  if (!report) return unexpected(report.error());
  const sp::ScaleScore* scale = report->scale(safety_scale(instrument));
  if (scale == nullptr) return Safety{};
  const sp::ScoreBand* band = scale->bands.empty() ? nullptr : scale->bands.front().band;
  Safety out{scale->value, scale->least, advice_of(instrument, *scale, band)};
  // The highest level that is known is acted on, also where other questions were left out.
  if (band == nullptr && out.least > 0 && !scale->bands.empty()) {
    for (const sp::ScoreBand* possible : scale->bands.front().possible) {
      if (!possible->advice.empty()) {
        out.advice = possible->advice;
        break;
      }
    }
  }
  return out;
}

// The words beside a change of a safety item: what is asked for now, and what was named before.
std::string safety_words(const Safety& before, const Safety& now) {
  const bool named_before = before.least > 0;
  std::string out{now.advice};
  if (now.least > 0 && !named_before) {
    out = "named now, not before: " + out;
  } else if (now.least > 0 && now.least > before.least) {
    out = "higher than before: " + out;
  } else if (now.least <= 0 && named_before) {
    out += out.empty() ? "named before, not now: ask again, and keep the safety plan"
                       : "; it was named before";
  }
  return out;
}

void add_safety(Findings& out, const io::AnswerRow& row, std::string_view of, const Safety& now,
                std::string text) {
  if (text.empty()) return;
  out.add({.severity = now.least > 0 ? Severity::danger : Severity::warning,
           .rule = "safety_item",
           .text = std::move(text),
           .person = row.person,
           .field = std::string{of},
           .row = row.line,
           .value = now.value ? shortest(*now.value) : std::string{}});
}

Exit print_changes(const Options& o, const sp::Instrument& instrument,
                   const io::AnswerTable& table) {
  const auto margins = margins_of(o.margins, o.errors);
  if (!margins) return fail(margins.error());
  const auto people = occasions_of(table);
  if (!people) {
    Error error = people.error();
    error.file = o.file;
    return fail(error);
  }
  Rows out{.columns = {{"person_id"},
                       {"from_date"},
                       {"date"},
                       {"instrument", false},
                       {"of"},
                       {"before"},
                       {"after"},
                       {"change"},
                       {"margin", false},
                       {"margin_kind", false},
                       {"class"},
                       {"advice", true, 40},
                       {"says", false},
                       {"source", false}}};
  bool needs_margin = false;
  const std::string_view safety = safety_scale(instrument);
  Findings about_safety;
  for (const auto& rows : *people) {
    Safety first;
    if (!safety.empty()) {
      const auto asked = safety_of(instrument, *rows[0]);
      if (!asked) return fail(asked.error());
      first = *asked;
      if (rows.size() == 1) {
        add_safety(about_safety, *rows[0], safety, first, std::string{first.advice});
      }
    }
    for (std::size_t i = 1; i < rows.size(); ++i) {
      const auto changes =
          plans::score_changes(instrument, rows[0]->answers, rows[i]->answers, *margins);
      if (!changes) {
        Error error = changes.error();
        if (error.field == "margins") error.field = "--margin or --error-of";
        return fail(error);
      }
      std::string advice;
      if (!safety.empty()) {
        const auto now = safety_of(instrument, *rows[i]);
        if (!now) return fail(now.error());
        const auto before = safety_of(instrument, *rows[i - 1]);
        if (!before) return fail(before.error());
        Safety earlier = *before;
        earlier.least = std::max(earlier.least, first.least);
        advice = safety_words(now->least > before->least ? *before : earlier, *now);
        add_safety(about_safety, *rows[i], safety, *now, advice);
      }
      for (const plans::ScoreChange& c : *changes) {
        needs_margin =
            needs_margin || (c.cls == plans::ScoreClass::not_known && c.change && !c.margin);
        out.add(
            {rows[i]->person, rows[0]->date, rows[i]->date, instrument.id, c.of, Cell{c.before, 2},
             Cell{c.after, 2}, Cell{c.change, 2}, c.margin ? Cell{c.margin->size, 2} : Cell{},
             c.margin ? plans::name(c.margin->kind) : std::string_view{}, plans::name(c.cls),
             c.of == safety ? advice : std::string{}, plans::describe(c), instrument.source->id});
      }
    }
  }
  if (needs_margin) {
    out.below.emplace_back(
        "Which change counts depends on the group it was measured in, so none is built in: give\n"
        "--error-of ITEM=SD:RELIABILITY (Jacobson & Truax 1991) or --margin ITEM=CHANGE.");
  }
  if (out.rows.empty()) {
    out.below.emplace_back("Nobody has two rows, so there is no change to look at.");
  }
  for (const Finding& finding : about_safety.stored()) {
    out.above.push_back("! " + (finding.person.empty() ? "" : finding.person + ": ") +
                        std::string{instrument.id} + ' ' + finding.field + ", " + finding.text +
                        '.');
  }
  const Exit exit = print(out, choose_format(o.format, o.output), o.output);
  report(about_safety, about_safety.stored().size());
  return exit;
}

std::string possible_text(const sp::BandAnswer& answer) {
  std::string out;
  for (const sp::ScoreBand* band : answer.possible) {
    if (!out.empty()) out += " or ";
    out += band->name;
  }
  return out;
}

Exit run(const Options& options) {
  const NamedPath inputs[] = {{"FILE", options.file}};
  const NamedPath outputs[] = {{"--output", options.output}};
  if (auto fine = check_paths(inputs, outputs); !fine) return fail(fine.error());
  const auto instrument = sp::find_instrument(options.instrument);
  if (!instrument) return fail(instrument.error());
  std::optional<Sex> sex;
  if (!options.sex.empty()) {
    const auto read = sex_from(options.sex);
    if (!read) return fail(read.error());
    sex = *read;
  }
  const auto answers = io::read_answers_csv(options.file, **instrument);
  if (!answers) return fail(answers.error());
  if (options.change) {
    const Exit exit = print_changes(options, **instrument, *answers);
    report(answers->findings);
    return exit;
  }
  Rows out{.columns = {{"person_id"},
                       {"date"},
                       {"instrument", false},
                       {"scale"},
                       {"score"},
                       {"least", false},
                       {"most", false},
                       {"answered", false},
                       {"missing"},
                       {"scheme", false},
                       {"band"},
                       {"possible", false},
                       {"advice", true, 40},
                       {"source", false},
                       {"confidence", false}}};
  bool needs_sex = false;
  Findings disagree;
  for (const io::AnswerRow& row : answers->rows) {
    if (sex && row.sex && *row.sex != *sex) {
      disagree.add({.severity = Severity::warning,
                    .rule = "sex_disagrees",
                    .text = "the file says this and --sex " + options.sex +
                            "; the file's column is used for the row, --sex only where the column "
                            "is empty",
                    .person = row.person,
                    .field = "sex",
                    .row = row.line,
                    .value = std::string{name(*row.sex)}});
    }
    const auto report = sp::score(**instrument, row.answers, row.sex ? row.sex : sex);
    if (!report) return fail(report.error());
    for (const sp::ScaleScore& scale : report->scales) {
      const auto add = [&](const sp::BandAnswer* answer) {
        const sp::ScoreBand* band = answer != nullptr ? answer->band : nullptr;
        out.add({row.person, row.date, (*instrument)->id, scale.scale->id, Cell{scale.value, 2},
                 Cell{scale.least, 2}, Cell{scale.most, 2},
                 Cell{static_cast<double>(scale.answered), 0},
                 Cell{static_cast<double>(scale.missing), 0},
                 answer != nullptr ? answer->scheme->id : std::string_view{},
                 band != nullptr ? band->name : std::string_view{},
                 answer != nullptr ? possible_text(*answer) : std::string{},
                 advice_of(**instrument, scale, band),
                 answer != nullptr ? answer->scheme->source->id : (*instrument)->source->id,
                 name(answer != nullptr ? answer->scheme->confidence : (*instrument)->confidence)});
        if (answer != nullptr) needs_sex = needs_sex || answer->needs_sex;
      };
      if (scale.bands.empty()) {
        add(nullptr);
      } else {
        for (const sp::BandAnswer& answer : scale.bands) add(&answer);
      }
    }
  }
  if (needs_sex) {
    out.below.emplace_back("Some cut-offs differ by sex: give --sex, or a column sex in the file.");
  }
  const Exit exit = print(out, choose_format(options.format, options.output), options.output);
  report(answers->findings);
  report(disagree);
  return exit;
}

const Command command{
    "score", "Item scores of a questionnaire to scale scores and bands", 33,
    [](CLI::App& app) -> Command::Run {
      auto options = std::make_shared<Options>();
      app.add_option("INSTRUMENT", options->instrument,
                     "audit, audit_c, dast_10, phq_9, ...: ombre explain --kind instrument")
          ->required();
      app.add_option("FILE", options->file,
                     "CSV, a row an occasion and a column an item; - is "
                     "standard input")
          ->required();
      app.add_option("--sex", options->sex,
                     "female or male, where cut-offs differ; a column sex in the file goes first");
      auto* change = app.add_flag("--change", options->change,
                                  "What changed since each person's first row, and whether that "
                                  "is more than error");
      app.add_option("--error-of", options->errors,
                     "ITEM=SD:RELIABILITY, test-retest: the smallest reliable change is worked out")
          ->needs(change);
      app.add_option("--margin", options->margins,
                     "ITEM=CHANGE: the change that counts, agreed beforehand")
          ->needs(change);
      add_format_option(app, options->format, true);
      app.add_option("-o,--output", options->output, "File to write; - is standard output")
          ->capture_default_str();
      app.footer(
          "\nColumns are found by item number (1, q1, item1, audit_1) or name; items with names\n"
          "(TOP, ASI) are asked for by name where their numbers are not published or mean two\n"
          "items. person_id, date and sex are used where they are there. An empty cell is an item "
          "not answered: without a\n"
          "published rule for it there is no score, only the range it lies in.");
      return [options] { return run(*options); };
    }};

}  // namespace
}  // namespace ombre::cli
