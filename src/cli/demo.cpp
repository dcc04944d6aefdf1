// `ombre demo`: one person and one cohort of made-up people, from records to figures.

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.hpp"
#include "cli/metric_rows.hpp"
#include "cli/output.hpp"
#include "ombre/core/date.hpp"
#include "ombre/io/figures.hpp"
#include "ombre/io/table.hpp"
#include "ombre/outcomes/daily_metrics.hpp"
#include "ombre/outcomes/ethanol_units.hpp"
#include "ombre/outcomes/metric_summary.hpp"
#include "ombre/spectrum/drinking.hpp"
#include "ombre/spectrum/who_rdl.hpp"
#include "ombre/timeline/build.hpp"
#include "ombre/timeline/synthetic.hpp"

namespace ombre::cli {
namespace {

using outcomes::Metric;
using outcomes::SeriesMetrics;
using timeline::DayView;
using timeline::UseState;

constexpr std::size_t month = 28;  // days at each end that are compared

struct Options {
  std::string folder = "ombre-demo";
  std::uint32_t people = 60;
  std::uint64_t seed = 7;
};

/// Everything the demonstration talks about.
struct Demo {
  timeline::SyntheticRecords made;
  timeline::Grid grid;
  Findings findings;
  outcomes::MetricOptions options{timeline::MissingRule::exclude};
  std::vector<double> grams;
  std::vector<std::optional<Sex>> sex;
  outcomes::MetricTable table;
  std::vector<SeriesMetrics> first, last;  // the first and the last four weeks of each person
};

Result<Demo> make(const Options& o) {
  const auto monday = Date::from_ymd(2026, 1, 5);
  if (!monday) return unexpected(monday.error());
  timeline::SyntheticCohort what;
  what.seed = Seed{o.seed};
  what.people = o.people;
  what.first_day = monday->day_number();
  auto made = timeline::synthetic_drinking(what);
  if (!made) return unexpected(made.error());
  Demo d;
  d.made = std::move(*made);

  timeline::BuildOptions build{timeline::AbsentDay::unknown};
  build.windows = d.made.windows;
  auto built = timeline::build_grid(d.made.records, build);
  if (!built) return unexpected(built.error());
  d.grid = std::move(built->grid);
  d.findings = std::move(built->findings);

  const auto rule = spectrum::heavy_rule("niaaa_heavy_day");
  if (!rule) return unexpected(rule.error());
  auto heavy = outcomes::HeavyDay::from(*rule);
  if (!heavy) return unexpected(heavy.error());
  d.options.heavy = std::move(*heavy);
  d.grams = outcomes::ethanol_per_unit(d.grid);
  d.sex.assign(d.made.sex.begin(), d.made.sex.end());
  outcomes::MetricOptions whole = d.options;
  whole.ethanol_g_per_unit = d.grams;
  whole.sex_of_person = d.sex;
  auto table = outcomes::compute_metrics(d.grid, whole);
  if (!table) return unexpected(table.error());
  d.table = std::move(*table);
  for (std::size_t s = 0; s < d.grid.size(); ++s) {
    const outcomes::SeriesContext context{d.grams[s], d.sex[d.grid.series()[s].person]};
    const DayView days = d.grid[s];
    auto first = outcomes::compute_metrics(days.part(0, month), d.options, context);
    auto last =
        outcomes::compute_metrics(days.part(days.size() - month, month), d.options, context);
    if (!first) return unexpected(first.error());
    if (!last) return unexpected(last.error());
    d.first.push_back(*first);
    d.last.push_back(*last);
  }
  return d;
}

std::string cell(const std::optional<double>& value, int decimals = 1) {
  return value ? io::readable(*value, decimals) : "-";
}

std::string level_name(const std::optional<double>& rank) {
  if (!rank) return "not known";
  return std::string{name(static_cast<spectrum::RiskDrinkingLevel>(static_cast<int>(*rank)))};
}

/// The person the page tells about: the first who wants to cut back and has come and gone twice.
std::size_t somebody(const Demo& d) {
  for (std::size_t s = 0; s < d.grid.size(); ++s) {
    const auto episodes = d.table.at(s, Metric::episodes).value;
    const auto goal = d.made.goal[d.grid.series()[s].person];
    if (goal == timeline::SyntheticGoal::cut_back && episodes && *episodes >= 3) return s;
  }
  return 0;
}

/// Weeks as lines, days as columns: what a calendar on the wall would show.
std::string calendar_page(const DayView& days) {
  std::string out = "                Mon  Tue  Wed  Thu  Fri  Sat  Sun\n";
  for (std::size_t from = 0; from < days.size(); from += 7) {
    const auto date = Date::from_day_number(days.first_day + static_cast<std::int64_t>(from));
    out += "  " + (date ? date->iso() : "") + "  ";
    for (std::size_t i = from; i < std::min(from + 7, days.size()); ++i) {
      std::string text;
      switch (days.state_at(i)) {
        case UseState::none:
          text = timeline::is_controlled(days.state[i]) ? "c" : ".";
          break;
        case UseState::amount:
          text = io::readable(days.amount_at(i), 1);
          break;
        case UseState::used:
          text = "x";
          break;
        case UseState::unknown:
          text = "?";
          break;
      }
      out += std::string(5 - std::min<std::size_t>(5, text.size()), ' ') + text;
    }
    out += '\n';
  }
  return out +
         "  Numbers: US standard drinks.  . none   x drank, amount not known   ? not known"
         "   c in hospital\n";
}

struct Shown {
  Metric metric;
  const char* words;
};
constexpr std::array shown_metrics{
    Shown{Metric::pda, "days without drinking, % of known days"},
    Shown{Metric::phdd, "heavy drinking days, %"}, Shown{Metric::ddd, "drinks on a drinking day"},
    Shown{Metric::dpd, "drinks a day"},
    Shown{Metric::longest_abstinent_run, "longest run of days without"}};

std::string person_page(const Demo& d, std::size_t s) {
  const auto& first = d.first[s];
  const auto& last = d.last[s];
  const DayView days = d.grid[s];
  std::string out =
      "ONE PERSON: " + std::string{d.grid.person_of(s)} + "\n\n" + calendar_page(days);
  io::TextTable table{{{"over four weeks", io::Align::left},
                       {"at first", io::Align::right},
                       {"it could be", io::Align::left},
                       {"at last", io::Align::right},
                       {"it could be", io::Align::left}}};
  // What the days that are not known could make of it; nothing where all are known.
  const auto could_be = [](const outcomes::Estimate& e) {
    if (!e.lower || !e.upper || *e.lower == *e.upper) return std::string{};
    return cell(e.lower) + " to " + cell(e.upper) + " (" + std::to_string(e.n_missing) +
           (e.n_missing == 1 ? " day" : " days") + " not known)";
  };
  for (const Shown& m : shown_metrics) {
    table.row({m.words, cell(first[m.metric].value), could_be(first[m.metric]),
               cell(last[m.metric].value), could_be(last[m.metric])});
  }
  table.row({"WHO risk drinking level", level_name(first[Metric::who_rdl].value), "",
             level_name(last[Metric::who_rdl].value), ""});
  out += '\n' + table.terminal() + '\n';

  const auto before = first[Metric::who_rdl].value;
  const auto now = last[Metric::who_rdl].value;
  if (before && now && *now < *before) {
    const int levels = static_cast<int>(*before - *now);
    out += "  " + std::to_string(levels) + (levels == 1 ? " level" : " levels") +
           " down. Any step toward health counts.\n";
  }
  const auto at = [&](Metric m) { return d.table.at(s, m).value; };
  out += "  Over all " + std::to_string(days.size()) + " days: " + cell(at(Metric::episodes), 0) +
         " episodes of drinking, on average " + cell(at(Metric::mean_episode_days)) +
         " days long and " + cell(at(Metric::mean_interval_days)) + " days apart.\n";
  if (const auto trend = at(Metric::duration_trend)) {
    out += *trend < 0 ? "  They are getting shorter.\n"
                      : "  They are not getting shorter: worth asking what has changed.\n";
  }
  return out;
}

std::string cohort_page(const Demo& d) {
  std::string out = "THE COHORT: " + std::to_string(d.grid.size()) +
                    " people, first four weeks against last four weeks (means)\n\n";
  io::TextTable table{{{"goal", io::Align::left},
                       {"n", io::Align::right},
                       {"% days without", io::Align::right},
                       {"% heavy days", io::Align::right},
                       {"drinks a day", io::Align::right},
                       {"1 level down", io::Align::right},
                       {"2 levels down", io::Align::right}}};
  using timeline::SyntheticGoal;
  for (const auto goal :
       {SyntheticGoal::abstain, SyntheticGoal::cut_back, SyntheticGoal::safer_use}) {
    std::size_t n = 0;
    std::array<int, 3> down{};
    const auto mean = [&](const std::vector<SeriesMetrics>& part, Metric m) {
      std::vector<double> values;
      for (std::size_t s = 0; s < d.grid.size(); ++s) {
        if (d.made.goal[d.grid.series()[s].person] != goal) continue;
        if (const auto v = part[s][m].value) values.push_back(*v);
      }
      return cell(outcomes::summarise(values).mean);
    };
    const auto pair = [&](Metric m) { return mean(d.first, m) + " → " + mean(d.last, m); };
    for (std::size_t s = 0; s < d.grid.size(); ++s) {
      if (d.made.goal[d.grid.series()[s].person] != goal) continue;
      ++n;
      const auto before = d.first[s][Metric::who_rdl].value;
      const auto now = d.last[s][Metric::who_rdl].value;
      // A missing follow-up counts as no response, as in the trials that use this endpoint.
      for (int levels = 1; levels <= 2; ++levels) {
        if (before && now && *before - *now >= levels) ++down[static_cast<std::size_t>(levels)];
      }
    }
    const auto share = [&](int count) {
      return std::to_string(count) + " of " + std::to_string(n);
    };
    table.row({std::string{name(goal)}, std::to_string(n), pair(Metric::pda), pair(Metric::phdd),
               pair(Metric::dpd), share(down[1]), share(down[2])});
  }
  return out + table.terminal() +
         "\n  Level: WHO risk drinking level, from grams a day and the sex each person named.\n"
         "  Somebody whose goal is safer use may drink as before and still be better off; that is\n"
         "  what harm measures are for.\n";
}

Result<void> write_tables(const Demo& d, const std::string& folder) {
  io::CsvWriter use{{"person_id", "date", "substance", "amount", "unit", "controlled_environment"}};
  for (std::size_t s = 0; s < d.grid.size(); ++s) {
    const DayView days = d.grid[s];
    for (std::size_t i = 0; i < days.size(); ++i) {
      const auto date = Date::from_day_number(days.first_day + static_cast<std::int64_t>(i));
      if (!date || days.state_at(i) == UseState::unknown) continue;
      use.text(d.grid.person_of(s)).date(*date).text(d.grid.substance_of(s));
      if (days.state_at(i) == UseState::used) {
        use.missing();
      } else {
        use.number(days.amount_at(i));
      }
      use.text(d.grid.unit_of(s)).integer(timeline::is_controlled(days.state[i]) ? 1 : 0).end_row();
    }
  }
  auto text = use.finish();
  if (!text) return unexpected(text.error());
  if (auto done = write_text(folder + "/use.csv", *text); !done) return done;

  io::CsvWriter windows{{"person_id", "start", "end", "sex", "goal"}};
  for (std::size_t k = 0; k < d.made.windows.size(); ++k) {
    const auto& w = d.made.windows[k];
    const auto start = Date::from_day_number(w.first_day);
    const auto end = Date::from_day_number(w.last_day);
    if (!start || !end) continue;
    windows.text(d.made.records.persons()[w.person]).date(*start).date(*end);
    windows.text(name(d.made.sex[k])).text(name(d.made.goal[k])).end_row();
  }
  text = windows.finish();
  if (!text) return unexpected(text.error());
  if (auto done = write_text(folder + "/windows.csv", *text); !done) return done;

  auto sink = RowSink::create(folder + "/metrics.csv", Format::csv, metric_columns(true));
  if (!sink) return unexpected(sink.error());
  std::vector<Metric> chosen;
  std::vector<std::string> definitions;
  for (const auto& info : outcomes::metric_infos()) {
    chosen.push_back(info.metric);
    definitions.push_back(outcomes::definition(info.metric, d.options));
  }
  if (auto rows = write_metric_rows(*sink, d.grid, d.table, chosen, definitions, true); !rows) {
    return rows;
  }
  return sink->commit();
}

/// One row a person, one cell a day: the picture the library is named after.
Result<void> write_ombre(const Demo& d, const std::string& folder) {
  std::vector<std::vector<io::DayCell>> cells(d.grid.size());
  std::vector<std::vector<std::uint8_t>> controlled(d.grid.size());
  std::vector<io::OmbreRow> rows;
  for (std::size_t s = 0; s < d.grid.size(); ++s) {
    const DayView days = d.grid[s];
    for (std::size_t i = 0; i < days.size(); ++i) {
      constexpr std::array cell_of{io::DayCell::none, io::DayCell::amount, io::DayCell::used,
                                   io::DayCell::unknown};
      cells[s].push_back(cell_of[static_cast<std::size_t>(days.state_at(i))]);
      controlled[s].push_back(timeline::is_controlled(days.state[i]) ? 1 : 0);
    }
    rows.push_back({d.grid.person_of(s), days.first_day, cells[s], days.amount, controlled[s]});
  }
  io::OmbrePictureOptions how;
  how.title = "Ombre: " + std::to_string(rows.size()) + " people, day by day";
  how.subtitle = "Made-up people. Each row is a person; darker means more drinks on that day.";
  how.unit = "US standard drinks";
  how.dates = true;
  auto picture = io::ombre_picture(rows, how);
  return picture ? write_text(folder + "/ombre.svg", *picture) : unexpected(picture.error());
}

/// Drinks a day, week by week, over the known days of each week.
Result<void> write_person(const Demo& d, const std::string& folder) {
  const std::size_t who = somebody(d);
  const DayView days = d.grid[who];
  io::CurveSeries drinks{"drinks a day", {}, {}, {}, {}, {}};
  for (std::size_t from = 0; from + 7 <= days.size(); from += 7) {
    auto week = outcomes::compute_metrics(days.part(from, 7), d.options);
    if (!week) return unexpected(week.error());
    const auto& mean = (*week)[Metric::dpd];
    if (!mean.value) continue;
    const std::size_t number = from / 7 + 1;
    drinks.x.push_back(static_cast<double>(number));
    drinks.y.push_back(*mean.value);
  }
  io::CurveOptions how;
  how.title = "Drinks a day, week by week: " + std::string{d.grid.person_of(who)};
  how.subtitle = "Made-up person. Means over the known days of each week.";
  how.x_label = "Week";
  how.y_label = "US standard drinks a day";
  how.y_low = 0;
  auto chart = io::curve_chart(std::span{&drinks, 1}, how);
  return chart ? write_text(folder + "/person.svg", *chart) : unexpected(chart.error());
}

/// How many people stand at each WHO level, in the first and in the last four weeks.
Result<void> write_levels(const Demo& d, const std::string& folder) {
  std::vector<io::IntervalRow> rows;
  for (int rank = 0; rank <= 4; ++rank) {
    rows.push_back({.label = level_name(rank), .heading = true});
    for (const auto& [words, part] :
         {std::pair{"first four weeks", &d.first}, std::pair{"last four weeks", &d.last}}) {
      double people = 0;
      for (const SeriesMetrics& m : *part) {
        const auto level = m[Metric::who_rdl].value;
        if (level && static_cast<int>(*level) == rank) people += 1;
      }
      rows.push_back({.label = words, .estimate = people, .note = io::readable(people, 0)});
    }
  }
  io::IntervalOptions how;
  how.title = "WHO risk drinking levels before and after";
  how.subtitle = "Made-up people, each counted under the column of the sex they named.";
  how.x_label = "People";
  how.bars = true;
  how.decimals = 0;
  auto chart = io::interval_chart(rows, how);
  return chart ? write_text(folder + "/levels.svg", *chart) : unexpected(chart.error());
}

Result<void> write_figures(const Demo& d, const std::string& folder) {
  for (auto step : {write_ombre, write_person, write_levels}) {
    if (auto done = step(d, folder); !done) return done;
  }
  return {};
}

/// A path as one types it in a shell.
std::string quoted(const std::string& path) {
  const bool plain = path.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "0123456789_./-") == std::string::npos;
  if (plain) return path;
  std::string out = "'";
  for (const char c : path) out += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return out + "'";
}

/// This program as one types it in a shell: by its name where that finds it, else by its path.
std::string this_program() {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return "ombre";
  const char* const path = std::getenv("PATH");
  std::string folders = path == nullptr ? "" : path;
  for (std::size_t at = 0; at < folders.size();) {
    const std::size_t end = std::min(folders.find(':', at), folders.size());
    const auto found = std::filesystem::path{folders.substr(at, end - at)} / "ombre";
    if (std::filesystem::equivalent(found, self, error)) return "ombre";
    at = end + 1;
  }
  return quoted(self.string());
}

Exit run(const Options& o) {
  std::error_code error;
  std::filesystem::create_directories(o.folder, error);
  if (error)
    return fail("the folder " + o.folder + " cannot be made: " + error.message(), Exit::io);
  auto made = make(o);
  if (!made) return fail(made.error());
  const Demo& d = *made;
  const std::size_t who = somebody(d);

  std::string page =
      "ombre, a demonstration on people who do not exist\n"
      "=================================================\n\n"
      "Their days were drawn by a seeded generator (seed " +
      std::to_string(o.seed) +
      "), so the numbers show what\nthe software does and say nothing about any treatment.\n\n";
  page += person_page(d, who) + '\n' + cohort_page(d);
  for (auto step : {write_tables, write_figures}) {
    if (auto done = step(d, o.folder); !done) return fail(done.error());
  }
  if (auto done = write_text(o.folder + "/page.txt", page); !done) return fail(done.error());
  std::cout << page << "\nIn " << o.folder
            << ":\n  page.txt      this page\n  ombre.svg     one row a person, one cell a day\n"
               "  person.svg    the person above, week by week\n  levels.svg    WHO levels before "
               "and after\n  use.csv       the records\n  windows.csv   the windows and goals\n"
               "  metrics.csv   every metric of every person\n\nNext: " +
                   this_program() + " metrics --tlfb "
            << quoted(o.folder + "/use.csv") << " --windows " << quoted(o.folder + "/windows.csv")
            << " \\\n        --heavy niaaa_heavy_day --summary\n";
  return Exit::ok;
}

const Command command{
    "demo", "The main job on made-up people: page, tables, figures", 90,
    [](CLI::App& app) -> Command::Run {
      auto o = std::make_shared<Options>();
      app.add_option("-o,--output", o->folder, "Folder for the results")->capture_default_str();
      app.add_option("--people", o->people, "Number of people")
          ->check(CLI::Range(2, 10'000))
          ->capture_default_str();
      app.add_option("--seed", o->seed, "Where randomness starts")->capture_default_str();
      return [o] { return run(*o); };
    }};

}  // namespace
}  // namespace ombre::cli
