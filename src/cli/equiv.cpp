// `ombre equiv`: morphine equivalents, diazepam equivalents, drinks.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/rows.hpp"
#include "core/text.hpp"
#include "ombre/substance/alcohol.hpp"
#include "ombre/substance/diazepam.hpp"
#include "ombre/substance/opioid_mme.hpp"

namespace ombre::cli {
namespace {

namespace sub = substance;

struct Output {
  std::string format;
  std::string path = "-";

  void add_to(CLI::App& app) {
    add_format_option(app, format, true);
    app.add_option("-o,--output", path, "File to write; - is standard output")
        ->capture_default_str();
  }
  [[nodiscard]] Format chosen() const { return choose_format(format, path); }
  [[nodiscard]] Exit show(const Rows& rows) const { return print(rows, chosen(), path); }
};

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::string shown_2(double value) { return shortest(std::round(value * 100) / 100); }

// ---- morphine equivalents ----------------------------------------------------------------------

struct MmeOptions {
  std::vector<std::string> doses;
  std::string edition = "cdc-2022";
  Output output;
};

std::string_view word(sub::Counted counted) {
  switch (counted) {
    case sub::Counted::yes:
      return "counted";
    case sub::Counted::kept_out:
      return "kept out";
    case sub::Counted::unknown:
      return "unknown";
  }
  return "unknown";
}

Exit run_mme(const MmeOptions& options) {
  const auto edition = sub::mme_edition(options.edition);
  if (!edition) return fail(edition.error());
  std::vector<sub::Dose> doses;
  for (const std::string& text : options.doses) {
    auto dose = sub::parse_dose(text);
    if (!dose) return fail(dose.error());
    doses.push_back(*std::move(dose));
  }
  const auto result = sub::risk_mme(doses, *edition);
  if (!result) return fail(result.error());

  Rows out{.columns = {{"dose"},
                       {"edition", false},
                       {"status"},
                       {"mme_per_day"},
                       {"factor"},
                       {"source"},
                       {"confidence"},
                       {"reason"}}};
  for (const sub::MmeContribution& part : result->contributions) {
    Cell factor;
    std::string_view source;
    std::string_view confidence;
    if (part.factor != nullptr) {
      factor = {part.factor->factor, 3};
      source = part.factor->source->id;
      confidence = name(part.factor->confidence);
    }
    out.add({describe(doses[part.dose]), name(*edition), word(part.counted), part.mme, factor,
             source, confidence, part.reason});
  }
  out.add({"total",
           name(*edition),
           name(result->status),
           result->total ? std::optional{result->total->mme()} : std::nullopt,
           {},
           "",
           "",
           result->status == sub::MmeStatus::unknown
               ? "at least " + shown_2(result->at_least) + " from what has a number"
               : std::string{}});
  const Format format = options.output.chosen();
  for (const auto& answer : result->thresholds) {
    if (format == Format::csv || format == Format::json) {
      out.add({"at or above " + shortest(answer.threshold->mme_per_day) + " MME a day",
               name(*edition),
               name(answer.reached),
               answer.threshold->mme_per_day,
               {},
               answer.threshold->source->id,
               "",
               "a threshold of the source, judged on the total"});
      continue;
    }
    out.below.push_back("At or above " + shortest(answer.threshold->mme_per_day) +
                        " MME a day: " + std::string{name(answer.reached)} + " [" +
                        std::string{answer.threshold->source->id} + "]");
  }
  out.below.emplace_back(
      "MME count risk; they are never a dose to switch to. Buprenorphine is not counted.");
  const Exit exit = options.output.show(out);
  report(result->findings);
  return exit;
}

void set_up_mme(CLI::App& app, std::vector<std::pair<CLI::App*, Command::Run>>& runs) {
  CLI::App* mme = app.add_subcommand("mme", "Morphine milligram equivalents a day");
  auto options = std::make_shared<MmeOptions>();
  mme->add_option("DOSE", options->doses,
                  "One argument per dose of a day: \"oxycodone 10 mg x2\", \"fentanyl patch 25 "
                  "mcg/h\", \"methadone 60 mg for oud\", heroin")
      ->required();
  mme->add_option("--edition", options->edition, "cdc-2022 or cdc-2016; they are never mixed")
      ->capture_default_str();
  options->output.add_to(*mme);
  mme->footer(
      "\nAll doses of one day go into one call. An unknown dose makes the total unknown, never 0.\n"
      "Example: ombre equiv mme --edition cdc-2016 \"methadone 30 mg\" \"oxycodone 5 mg x3\"");
  runs.emplace_back(mme, [options] { return run_mme(*options); });
}

// ---- diazepam equivalents ----------------------------------------------------------------------

struct DiazepamCliOptions {
  std::vector<std::string> words;
  std::string source;
  bool ranges = false;
  Output output;
};

Exit run_diazepam(const DiazepamCliOptions& options) {
  const auto dose = sub::parse_dose(joined(options.words));
  if (!dose) return fail(dose.error());
  if (!dose->mg_per_day()) {
    return fail("an amount in milligrams is needed, such as: ombre equiv diazepam lorazepam 4 mg");
  }
  const auto result =
      sub::diazepam_equivalent(dose->substance(), *dose->mg_per_day(),
                               {.source = options.source, .compilation_ranges = options.ranges});
  if (!result) return fail(result.error());

  Rows out{.columns = {{"drug", false},
                       {"dose_mg", false},
                       {"source"},
                       {"edition"},
                       {"diazepam_mg"},
                       {"low_mg"},
                       {"high_mg"},
                       {"confidence"},
                       {"note"}}};
  const std::string_view drug = dose->substance().name;
  const double mg = dose->mg_per_day()->mg();
  for (const sub::SourceFigure& figure : result->figures) {
    std::string note{figure.row.note};
    if (!figure.range_in_envelope) {
      note += (note.empty() ? "" : "; ") + std::string{"range not in the interval"};
    }
    out.add({drug, mg, figure.row.source->id, figure.row.source->edition, figure.value_mg,
             figure.low_mg, figure.high_mg, name(figure.row.confidence), note});
  }
  out.add({drug,
           mg,
           options.source.empty() ? "all" : "interval",
           "",
           {},
           result->low_mg,
           result->high_mg,
           "",
           result->disagreement ? "sources disagree" : ""});
  out.above.push_back(std::string{drug} + ' ' + shortest(mg) +
                      " mg a day = " + shown_2(result->low_mg) +
                      (result->high_mg > result->low_mg ? " to " + shown_2(result->high_mg) : "") +
                      " mg of diazepam");
  out.below.emplace_back(
      "To start a substitution take the low end; to judge the risk of withdrawal, the high end.");
  out.below.emplace_back("A guide for planning with a clinician, to be adjusted to the person.");
  const Exit exit = options.output.show(out);
  report(result->findings);
  return exit;
}

void set_up_diazepam(CLI::App& app, std::vector<std::pair<CLI::App*, Command::Run>>& runs) {
  CLI::App* diazepam =
      app.add_subcommand("diazepam", "Diazepam equivalents of benzodiazepines and z-drugs");
  auto options = std::make_shared<DiazepamCliOptions>();
  diazepam->add_option("DRUG AMOUNT", options->words, "Such as: lorazepam 4 mg")->required();
  diazepam->add_option("--source", options->source,
                       "One source: ashton-2002, va-dod-2021, bnf, who-2009, nsw-2022, clincalc; "
                       "without it the interval over all");
  diazepam->add_flag("--ranges", options->ranges,
                     "Put the wide ranges of the compilation into the interval too");
  options->output.add_to(*diazepam);
  diazepam->footer("\nExample: ombre equiv diazepam lorazepam 4 mg --source ashton-2002");
  runs.emplace_back(diazepam, [options] { return run_diazepam(*options); });
}

// ---- drinks ------------------------------------------------------------------------------------

struct DrinkOptions {
  std::vector<std::string> words;
  std::vector<std::string> countries{"AUDIT", "AU", "CA", "GB", "US"};
  bool all = false;
  bool uncertain = false;
  Output output;
};

struct Glass {
  double grams = 0;
  std::optional<double> ml{};
  std::optional<double> percent{};
};

Result<Glass> read_glass(const std::vector<std::string>& given) {
  const std::string text = joined(given);
  const auto malformed = [&] {
    return unexpected(error_at(Errc::malformed, "drink", std::nullopt, text,
                               "must be a volume and a strength, such as 500 ml 5 %, or grams, "
                               "such as 20 g; units: ml, cl, l, fl oz (US), %, proof, g"));
  };
  std::optional<double> ml;
  std::optional<double> percent;
  std::optional<double> grams;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    if (*at == ' ') {
      ++at;
      continue;
    }
    double number = 0;
    const auto read = std::from_chars(at, end, number, std::chars_format::fixed);
    if (read.ec != std::errc{}) return malformed();
    at = read.ptr;
    while (at != end && *at == ' ') ++at;
    std::string unit;
    while (at != end && *at != ' ' && (*at < '0' || *at > '9')) unit += *at++;
    if (unit == "fl") {  // "12 fl oz"
      while (at != end && *at == ' ') ++at;
      while (at != end && *at != ' ' && (*at < '0' || *at > '9')) unit += *at++;
    }
    unit = ascii::lower(unit);
    std::optional<double>* target = nullptr;
    double factor = 1;
    if (unit == "ml") {
      target = &ml;
    } else if (unit == "cl") {
      target = &ml;
      factor = 10;
    } else if (unit == "l") {
      target = &ml;
      factor = 1000;
    } else if (unit == "floz" || unit == "oz") {
      target = &ml;
      factor = 29.5735295625;  // US fluid ounce
    } else if (unit == "%" || unit == "percent" || unit == "abv" || unit == "%abv") {
      target = &percent;
    } else if (unit == "proof") {
      target = &percent;
      factor = 0.5;
    } else if (unit == "g") {
      target = &grams;
    }
    if (target == nullptr || target->has_value()) return malformed();
    *target = number * factor;
  }
  if (grams && !ml && !percent) {
    const auto amount = GramsEthanol::from(*grams);
    if (!amount) return unexpected(amount.error());
    return Glass{amount->grams(), std::nullopt, std::nullopt};
  }
  if (grams || !ml || !percent) return malformed();
  const auto amount = sub::ethanol(*ml, *percent);
  if (!amount) return unexpected(amount.error());
  return Glass{amount->grams(), ml, percent};
}

Exit run_drinks(const DrinkOptions& options) {
  const auto glass = read_glass(options.words);
  if (!glass) return fail(glass.error());
  std::vector<sub::StandardDrink> rows;
  if (options.all) {
    // Shown with their mark, so that uncertain ones are not hidden and not silent either.
    const auto table = sub::standard_drinks();
    rows.assign(table.begin(), table.end());
  } else {
    for (const std::string& country : options.countries) {
      const auto row = sub::standard_drink(
          country, options.uncertain ? sub::Accept::uncertain_too : sub::Accept::established);
      if (!row) {
        if (row.error().code == Errc::unsupported) {
          return fail(describe(row.error()) + " (--uncertain)");
        }
        return fail(row.error());
      }
      rows.push_back(*row);
    }
  }
  Rows out{.columns = {{"code"},
                       {"country"},
                       {"ethanol_g", false},
                       {"g_per_drink"},
                       {"g_per_drink_high"},
                       {"drinks"},
                       {"drinks_high"},
                       {"confidence"},
                       {"source", false},
                       {"note"}}};
  for (const sub::StandardDrink& row : rows) {
    const auto if_range = [&](double value) {
      return row.single ? std::nullopt : std::optional{value};
    };
    double drinks = glass->grams / row.grams.high;
    std::string note{row.note};
    // A UK unit is a volume, 10 mL of ethanol; 8 g is its rounded mass.
    if (row.code == "GB" && glass->ml) {
      if (const auto units = sub::uk_units(*glass->ml, *glass->percent)) {
        drinks = *units;
        note +=
            (note.empty() ? "" : "; ") + std::string{"counted by volume, 10 mL of ethanol each"};
      }
    }
    out.add({row.code, row.country, glass->grams, row.grams.low, if_range(row.grams.high), drinks,
             if_range(glass->grams / row.grams.low), name(row.confidence), row.source->id, note});
  }
  std::string line;
  if (glass->ml) {
    line = shown_2(*glass->ml) + " mL of " + shown_2(*glass->percent) + " % (" +
           shown_2(2 * *glass->percent) + " US proof): ";
  }
  line += shown_2(glass->grams) + " g of ethanol";
  if (glass->ml) {
    if (const auto units = sub::uk_units(*glass->ml, *glass->percent)) {
      line += ", " + shown_2(*units) + " UK units by volume";
    }
  }
  out.above.push_back(std::move(line));
  out.below.emplace_back(
      "UK units are 10 mL of ethanol by definition; the table uses the 8 g of the "
      "convention.");
  if (!options.all) out.below.emplace_back("--all lists all countries.");
  return options.output.show(out);
}

void set_up_drinks(CLI::App& app, std::vector<std::pair<CLI::App*, Command::Run>>& runs) {
  CLI::App* drinks = app.add_subcommand("drinks", "Grams of ethanol, units, standard drinks");
  auto options = std::make_shared<DrinkOptions>();
  drinks
      ->add_option("AMOUNT", options->words,
                   "A volume and a strength: 500 ml 5 %, 1.5 oz 80 proof; or grams: 20 g")
      ->required();
  drinks
      ->add_option("--country", options->countries,
                   "Two-letter code or English name; may be given several times")
      ->allow_extra_args(false)
      ->capture_default_str();
  drinks->add_flag("--all", options->all, "All countries, uncertain ones marked as such");
  drinks->add_flag("--uncertain", options->uncertain, "Accept a country whose value is uncertain");
  options->output.add_to(*drinks);
  drinks->footer("\nExample: ombre equiv drinks 500 ml 5 % --country GB --country US");
  runs.emplace_back(drinks, [options] { return run_drinks(*options); });
}

const Command equiv{
    "equiv", "Morphine and diazepam equivalents, drinks of a country", 30,
    [](CLI::App& app) -> Command::Run {
      app.require_subcommand(1);
      app.footer(
          "\n`ombre explain mme`, `diazepam-equivalent`, `standard-drink` tell the method and "
          "its sources.\nStimulants, hallucinogens, GHB, ketamine and street drugs have no "
          "equivalence, and none is invented.");
      auto runs = std::make_shared<std::vector<std::pair<CLI::App*, Command::Run>>>();
      set_up_mme(app, *runs);
      set_up_diazepam(app, *runs);
      set_up_drinks(app, *runs);
      return [runs] {
        for (const auto& [chosen, run] : *runs) {
          if (chosen->parsed()) return run();
        }
        return fail("say what to convert: mme, diazepam or drinks", Exit::usage);
      };
    }};

}  // namespace
}  // namespace ombre::cli
