// A plan as tables for people and as CSV.
#include <algorithm>

#include "ombre/io/table.hpp"
#include "ombre/io/taper_text.hpp"
#include "taper_phrase.hpp"

namespace ombre::inline v0::io {

namespace {

using namespace detail;  // NOLINT: the private parts of this module
using namespace plans;   // NOLINT: this file speaks about nothing else

// How each intake is made, first to last of the day, in the library's own words. Patches of several
// days say how long they are worn or, of one day of the step, whether they are new or stay on.
std::string forms_of(const TaperLine& line, const LineDose& dose, std::optional<int> day = {}) {
  std::string out;
  for (std::size_t i = 0; i < dose.dispensed.size(); ++i) {
    if (i > 0) out += "; ";
    const Dispensed& intake = dose.dispensed[i];
    if (worn_parts(intake, line.products).empty()) {
      out += plans::text(intake, line.products);
      continue;
    }
    bool first = true;
    for (const Piece& piece : intake.pieces) {
      Dispensed one = intake;
      one.pieces = {piece};
      const int wear = line.products[piece.product].wear_days();
      if (!first) out += " + ";
      first = false;
      out += plans::text(one, line.products);
      if (wear == 1) continue;
      out += !day               ? ", worn " + std::to_string(wear) + " days"
             : *day % wear == 0 ? ", new, worn " + std::to_string(wear) + " days"
                                : ", stays on";
    }
  }
  return out;
}

std::string intakes_of(const LineDose& dose) {
  std::string out;
  for (std::size_t i = 0; i < dose.intakes.size(); ++i) {
    if (i > 0) out += "; ";
    out += number_text(dose.intakes[i]);
  }
  return out;
}

std::string percent(const TaperLanguage& words, const std::optional<double>& value) {
  return value ? words.number(*value, 1) + " %" : std::string{};
}

std::string heading(const TaperLanguage& words, const TaperPlan& plan) {
  const std::string version = std::to_string(plan.version());
  return words.say(plan.now().accepted ? "table.accepted" : "table.draft",
                   {{"plan", plan.request().plan_id}, {"version", version}});
}

std::string shown(const TextTable& table, const TaperTableOptions& options) {
  return options.form == TableForm::markdown ? table.markdown() : table.terminal(options.max_width);
}

// How the day is made, without the day's amount (which has a column of its own).
std::string made_of(const TaperLanguage& words, const TaperLine& line, const LineDose& dose,
                    std::optional<int> day = {}) {
  std::string full = full_dose(words, line, dose, day);
  const std::string amount = dose_phrase(words, dose, line.per);
  if (full.size() <= amount.size() + 2) return {};
  return full.substr(amount.size() + 2);
}

std::size_t intakes_a_day(const LineDose& dose) {
  return static_cast<std::size_t>(
      std::ranges::count_if(dose.intakes, [](Amount a) { return !a.is_zero(); }));
}

}  // namespace

Result<std::string> taper_step_table(const TaperPlan& plan, const TaperTableOptions& options) {
  if (auto ok = check_tellable(plan); !ok) return unexpected(ok.error());
  const TaperLanguage& words = words_of(options.language);
  const TaperRequest& request = plan.request();
  const TaperVersion& now = plan.now();
  const bool several = request.lines.size() > 1;
  bool effect = false;
  bool made = false;
  for (const TaperLine& line : request.lines) {
    effect = effect || line.what.curve.has_value();
    made = made || !line.products.empty() || line.intakes.size() > 1;
  }
  std::vector<TextTable::Column> columns{{words.say("table.step"), Align::right},
                                         {words.say("table.first"), Align::left},
                                         {words.say("table.last"), Align::left},
                                         {words.say("table.days"), Align::right}};
  if (several) columns.push_back({words.say("table.substance"), Align::left});
  columns.push_back({words.say("table.amount"), Align::right});
  columns.push_back({words.say("table.of_first"), Align::right});
  columns.push_back({words.say("table.change"), Align::right});
  if (effect) columns.push_back({words.say("table.effect"), Align::right});
  if (made) columns.push_back({words.say("table.made"), Align::left});
  TextTable table{std::move(columns)};
  for (std::size_t s = 0; s < now.steps.size(); ++s) {
    const TaperStep& step = now.steps[s];
    for (std::size_t l = 0; l < step.doses.size(); ++l) {
      const LineDose& dose = step.doses[l];
      const TaperLine& line = request.lines[l];
      std::vector<std::string> cells(4);
      if (l == 0) {
        cells = {std::to_string(s + 1), step.first.iso(), step.last.iso(),
                 std::to_string(step.days().count())};
      }
      if (several) cells.push_back(one_line(line.what.name));
      cells.push_back(dose_phrase(words, dose, line.per));
      cells.push_back(percent(words, dose.percent_of_original));
      const bool changes = dose.cut_percent_of_current.value_or(0) != 0;
      std::string change;
      if (changes) {
        const double percent_up = -*dose.cut_percent_of_current;
        change = (percent_up > 0 ? "+" : "") + percent(words, percent_up);
      }
      cells.push_back(std::move(change));
      if (effect) {
        cells.push_back(dose.effect ? words.number(100 * *dose.effect, 1) + " %" : std::string{});
      }
      if (made) cells.push_back(made_of(words, line, dose));
      table.row(std::move(cells));
    }
  }
  return heading(words, plan) + "\n\n" + shown(table, options);
}

Result<std::string> taper_day_table(const TaperPlan& plan, std::optional<Date> first,
                                    std::optional<Date> last, const TaperTableOptions& options) {
  if (auto ok = check_tellable(plan); !ok) return unexpected(ok.error());
  const TaperLanguage& words = words_of(options.language);
  const TaperRequest& request = plan.request();
  const TaperVersion& now = plan.now();
  const Date from = std::max(first.value_or(now.steps.front().first), now.steps.front().first);
  const Date to = std::min(last.value_or(now.steps.back().last), now.steps.back().last);
  if (first && last && *last < *first) {
    return unexpected(error_at(Errc::out_of_range, "last", std::nullopt, last->iso(),
                               "must not lie before the first day"));
  }
  const bool several = request.lines.size() > 1;
  bool made = false;
  for (const TaperLine& line : request.lines) {
    made = made || !line.products.empty() || line.intakes.size() > 1;
  }
  std::vector<TextTable::Column> columns{{words.say("table.date"), Align::left},
                                         {words.say("table.step"), Align::right}};
  if (several) columns.push_back({words.say("table.substance"), Align::left});
  columns.push_back({words.say("table.amount"), Align::right});
  if (made) columns.push_back({words.say("table.made"), Align::left});
  TextTable table{std::move(columns)};
  for (Date day = from; day <= to; day = day + Days{1}) {
    for (std::size_t l = 0; l < request.lines.size(); ++l) {
      const auto here = on_day(now, l, day);
      if (!here) continue;
      const LineDose& dose = here->step->doses[l];
      const TaperLine& line = request.lines[l];
      const auto number = static_cast<std::size_t>(here->step - now.steps.data()) + 1;
      std::vector<std::string> cells(2);
      if (l == 0) cells = {day.iso(), std::to_string(number)};
      if (several) cells.push_back(one_line(line.what.name));
      if (line.per == Per::week) {
        cells.push_back(dose_phrase(words, dose, line.per));
      } else {
        cells.push_back(here->taken ? words.amount(dose.amount) : words.say("dose.none"));
      }
      const int k = (day - here->step->first).count();
      if (made) cells.push_back(here->taken ? made_of(words, line, dose, k) : std::string{});
      table.row(std::move(cells));
    }
    if (day == Date::max()) break;
  }
  return heading(words, plan) + "\n\n" + shown(table, options);
}

Result<std::string> taper_steps_csv(const TaperPlan& plan, CsvStyle style) {
  if (auto ok = check_tellable(plan); !ok) return unexpected(ok.error());
  const TaperRequest& request = plan.request();
  const TaperVersion& now = plan.now();
  CsvWriter csv{{"plan_id",
                 "step",
                 "start",
                 "end",
                 "dose",
                 "unit",
                 "per_day",
                 "forms",
                 "version",
                 "status",
                 "step_id",
                 "kind",
                 "line",
                 "substance",
                 "per",
                 "every_n_days",
                 "intakes",
                 "ideal",
                 "rounding",
                 "percent_of_original",
                 "cut_percent_of_current",
                 "effect",
                 "effect_drop"},
                style};
  for (std::size_t s = 0; s < now.steps.size(); ++s) {
    const TaperStep& step = now.steps[s];
    for (std::size_t l = 0; l < step.doses.size(); ++l) {
      const LineDose& dose = step.doses[l];
      const TaperLine& line = request.lines[l];
      csv.text(request.plan_id)
          .integer(static_cast<std::int64_t>(s + 1))
          .date(step.first)
          .date(step.last)
          .number(dose.amount.value())
          .text(name(dose.amount.unit()));
      if (line.per == Per::week) {
        csv.missing();
      } else {
        csv.integer(static_cast<std::int64_t>(intakes_a_day(dose)));
      }
      csv.text(forms_of(line, dose))
          .integer(static_cast<std::int64_t>(plan.version()))
          .text(name(now.status))
          .integer(step.id)
          .text(name(step.kind))
          .integer(static_cast<std::int64_t>(l))
          .text(line.what.id)
          .text(name(line.per))
          .integer(dose.every_n_days)
          .text(intakes_of(dose))
          .number(dose.ideal)
          .number(dose.rounding.value())
          .number(dose.percent_of_original)
          .number(dose.cut_percent_of_current)
          .number(dose.effect)
          .number(dose.effect_drop)
          .end_row();
    }
  }
  return csv.finish();
}

Result<std::string> taper_days_csv(const TaperPlan& plan, CsvStyle style) {
  if (auto ok = check_tellable(plan); !ok) return unexpected(ok.error());
  const TaperRequest& request = plan.request();
  const TaperVersion& now = plan.now();
  CsvWriter csv{{"plan_id", "date", "line", "substance", "dose", "unit", "per", "step_id", "forms",
                 "version"},
                style};
  for (const TaperStep& step : now.steps) {
    std::vector<std::string> forms;
    std::vector<bool> worn;  // patches of several days: each day tells its own
    for (std::size_t l = 0; l < step.doses.size(); ++l) {
      const TaperLine& line = request.lines[l];
      forms.push_back(forms_of(line, step.doses[l]));
      worn.push_back(std::ranges::any_of(step.doses[l].dispensed, [&line](const Dispensed& d) {
        return !worn_parts(d, line.products).empty();
      }));
    }
    for (int k = 0; k < step.days().count(); ++k) {
      for (std::size_t l = 0; l < step.doses.size(); ++l) {
        const LineDose& dose = step.doses[l];
        const TaperLine& line = request.lines[l];
        const bool taken = k % dose.every_n_days == 0;
        if (worn[l]) forms[l] = forms_of(line, dose, k);
        csv.text(request.plan_id)
            .date(step.first + Days{k})
            .integer(static_cast<std::int64_t>(l))
            .text(line.what.id)
            .number(taken ? dose.amount.value() : 0)
            .text(name(dose.amount.unit()))
            .text(name(line.per))
            .integer(step.id)
            .text(taken ? std::string_view{forms[l]} : std::string_view{})
            .integer(static_cast<std::int64_t>(plan.version()))
            .end_row();
      }
    }
  }
  return csv.finish();
}

Result<std::string> taper_supply_csv(const TaperPlan& plan, CsvStyle style) {
  if (auto ok = check_tellable(plan); !ok) return unexpected(ok.error());
  const TaperRequest& request = plan.request();
  const Date start = plan.now().steps.front().first;
  CsvWriter csv{{"plan_id", "line", "substance", "start", "end", "product", "pieces", "quarters",
                 "volume_ml", "version"},
                style};
  for (std::size_t l = 0; l < request.lines.size(); ++l) {
    const TaperLine& line = request.lines[l];
    const auto periods = supply_of(plan, l);
    if (!periods) return unexpected(periods.error());
    for (const SupplyPeriod& period : *periods) {
      for (const SupplyLine& need : period.lines) {
        const Product& product = line.products[need.product];
        csv.text(request.plan_id)
            .integer(static_cast<std::int64_t>(l))
            .text(line.what.id)
            .date(start + Days{period.first_day})
            .date(start + Days{period.first_day + period.days - 1})
            .text(product.label());
        if (product.is_liquid()) {
          csv.missing().missing().number(need.volume.value());
        } else {
          csv.integer(need.pieces).integer(need.quarters).missing();
        }
        csv.integer(static_cast<std::int64_t>(plan.version())).end_row();
      }
    }
  }
  return csv.finish();
}

}  // namespace ombre::inline v0::io
