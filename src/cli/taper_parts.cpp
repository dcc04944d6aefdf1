// What the subcommands of `ombre taper` share.
#include "cli/taper_parts.hpp"

#include <algorithm>
#include <charconv>
#include <iostream>

#include "cli/output.hpp"
#include "ombre/io/taper_calendar.hpp"
#include "ombre/io/taper_fhir.hpp"
#include "ombre/io/taper_figures.hpp"
#include "ombre/io/taper_text.hpp"
#include "ombre/plans/guard.hpp"

namespace ombre::cli {
namespace {

// The translation of a file, or nothing where none was asked for. Must outlive its uses.
Result<std::optional<io::TaperLanguage>> language_of(const std::string& path) {
  if (path.empty()) return std::optional<io::TaperLanguage>{};
  const auto document = io::read_json(path);
  if (!document) return unexpected(document.error());
  auto translation = io::taper_translation(io::view_of(*document, path));
  if (!translation) return unexpected(translation.error());
  auto language = io::TaperLanguage::from(std::move(*translation));
  if (!language) {
    Error error = language.error();
    error.file = path;
    return unexpected(std::move(error));
  }
  return std::optional<io::TaperLanguage>{std::move(*language)};
}

std::string format_of(const TaperOutput& output) {
  if (output.format != "auto") return output.format;
  const std::string_view path = output.path;
  const std::pair<std::string_view, std::string_view> endings[] = {
      {".fhir.json", "fhir"}, {".json", "json"}, {".ics", "ics"},    {".svg", "svg"},
      {".csv", "csv"},        {".txt", "text"},  {".md", "markdown"}};
  for (const auto& [ending, format] : endings) {
    if (path.ends_with(ending)) return std::string{format};
  }
  return (path.empty() || path == "-") && stdout_is_terminal() ? "table" : "csv";
}

Result<std::optional<int>> minute_of(const std::string& text) {
  if (text.empty()) return std::optional<int>{};
  int hour = -1;
  int minute = -1;
  const char* const end = text.data() + text.size();
  if (text.size() == 5 && text[2] == ':') {
    const auto h = std::from_chars(text.data(), text.data() + 2, hour);
    const auto m = std::from_chars(text.data() + 3, end, minute);
    if (h.ptr != text.data() + 2 || m.ptr != end) hour = -1;
  }
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) {
    return unexpected(error_at(Errc::malformed, "--remind-at", std::nullopt, text,
                               "must be a time of day such as 09:00"));
  }
  return std::optional<int>{60 * hour + minute};
}

Result<std::optional<Date>> today_of(const TaperOutput& output) {
  if (output.today.empty()) return std::optional<Date>{};
  const auto today = Date::parse(output.today);
  if (today) return std::optional<Date>{*today};
  return unexpected(
      error_at(Errc::malformed, "--today", std::nullopt, output.today, today.error().rule));
}

Result<std::string> as_text(const plans::TaperPlan& plan, const std::string& format,
                            const TaperOutput& output, const io::TaperLanguage* language) {
  // Names are typed by people and opened in spreadsheets: none runs as a formula.
  io::CsvStyle safe;
  safe.spreadsheet_safe = true;
  if (format == "json") return io::json_text(io::taper_plan_json(plan));
  if (format == "table" || format == "markdown") {
    io::TaperTableOptions options;
    options.form = format == "table" ? io::TableForm::terminal : io::TableForm::markdown;
    options.language = language;
    if (output.rows == "supply") return io::taper_supply_csv(plan, safe);
    return output.rows == "days" ? io::taper_day_table(plan, {}, {}, options)
                                 : io::taper_step_table(plan, options);
  }
  if (format == "csv") {
    if (output.rows == "days") return io::taper_days_csv(plan, safe);
    return output.rows == "supply" ? io::taper_supply_csv(plan, safe)
                                   : io::taper_steps_csv(plan, safe);
  }
  if (format == "text") {
    io::TaperTextOptions options;
    options.language = language;
    options.contact = output.contact;
    const auto today = today_of(output);
    if (!today) return unexpected(today.error());
    options.today = *today;
    return output.reader == "pharmacy" ? io::taper_pharmacy_text(plan, options)
                                       : io::taper_person_text(plan, options);
  }
  if (format == "svg") {
    io::TaperFigureOptions options;
    options.language = language;
    const auto today = today_of(output);
    if (!today) return unexpected(today.error());
    options.today = *today;
    return io::taper_figure(plan, options);
  }
  if (format == "ics") {
    io::TaperCalendarOptions options;
    options.language = language;
    options.privacy = *io::find_calendar_privacy(output.privacy);
    options.each_intake = output.each_intake;
    const auto minute = minute_of(output.remind_at);
    if (!minute) return unexpected(minute.error());
    options.remind_at = *minute;
    return io::taper_calendar(plan, options);
  }
  if (format == "fhir") {
    if (output.subject.empty()) {
      return unexpected(error_of(Errc::missing, "--subject",
                                 "is required for FHIR: a reference such as Patient/123"));
    }
    io::TaperFhirOptions options;
    options.language = language;
    options.subject = output.subject;
    options.bundle = output.transaction ? io::FhirBundle::transaction : io::FhirBundle::collection;
    options.stop_line = output.stop_line;
    return io::taper_fhir(plan, options);
  }
  return unexpected(error_at(Errc::unsupported, "--format", std::nullopt, format,
                             "is not a format of this command"));
}

}  // namespace

Result<TaperDocument> read_taper_document(const std::string& path) {
  io::JsonOptions options;
  options.max_depth = 32;
  options.max_bytes = io::largest_taper_file(io::TaperFile::plan);
  const auto document = io::read_json(path, options);
  if (!document) return unexpected(document.error());
  const std::string name = path == "-" ? "standard input" : path;
  const auto kind = io::taper_file_kind(*document, name);
  if (!kind) return unexpected(kind.error());
  switch (*kind) {
    case io::TaperFile::request: {
      auto request = io::taper_request_of(*document, name);
      if (!request) return unexpected(request.error());
      return TaperDocument{*std::move(request)};
    }
    case io::TaperFile::plan: {
      auto plan = io::taper_plan_of(*document, name);
      if (!plan) return unexpected(plan.error());
      return TaperDocument{*std::move(plan)};
    }
    case io::TaperFile::best_request: {
      auto asked = io::best_taper_of(*document, name);
      if (!asked) return unexpected(asked.error());
      return TaperDocument{*std::move(asked)};
    }
    case io::TaperFile::answer:
    case io::TaperFile::front:
      break;
  }
  Error error = error_at(Errc::unsupported, "format", std::nullopt, io::format_name(*kind),
                         "is a result: a request or a plan is needed here");
  error.file = name;
  return unexpected(std::move(error));
}

Result<plans::TaperPlan> read_plan_only(const std::string& path) {
  auto document = read_taper_document(path);
  if (!document) return unexpected(document.error());
  if (auto* plan = std::get_if<plans::TaperPlan>(&*document)) return std::move(*plan);
  Error error = error_of(Errc::unsupported, "format",
                         "is a request: make a plan of it first, `ombre taper REQUEST.json "
                         "--format json -o PLAN.json`");
  error.file = path;
  return unexpected(std::move(error));
}

void TaperOutput::add_to(CLI::App& app) {
  app.add_option("--format", format,
                 "auto goes by the ending of the output file; else a table on a terminal, CSV in "
                 "a pipe")
      ->check(
          CLI::IsMember({"auto", "table", "csv", "json", "ics", "fhir", "text", "svg", "markdown"}))
      ->capture_default_str();
  app.add_option("-o,--output", path, "File to write; - is standard output")->capture_default_str();
  app.add_option("--rows", rows, "Rows of tables and CSV")
      ->check(CLI::IsMember({"steps", "days", "supply"}))
      ->capture_default_str();
  app.add_option("--for", reader, "Whom a text is for")
      ->check(CLI::IsMember({"person", "pharmacy"}))
      ->capture_default_str();
  app.add_option("--contact", contact, "Whom to call, as a text names them");
  app.add_option("--today", today, "Texts then tell past steps in one line, figures mark the day");
  app.add_option("--privacy", privacy, "What calendar events tell")
      ->check(CLI::IsMember({"numbers_only", "plain_summary", "full"}))
      ->capture_default_str();
  app.add_flag("--each-intake", each_intake, "Calendars: one repeating event for each intake");
  app.add_option("--remind-at", remind_at, "Calendars: a reminder at this time, such as 09:00");
  app.add_option("--subject", subject, "FHIR: whose plan it is, such as Patient/123");
  app.add_flag("--transaction", transaction, "FHIR: a transaction that replaces what was sent");
  app.add_flag("--stop-line", stop_line, "FHIR: one more dosage line of 0 after the last dose");
  app.add_option("--language", language, "File with a translation of the texts");
}

Exit write_plan(const plans::TaperPlan& plan, const TaperOutput& output) {
  const auto language = language_of(output.language);
  if (!language) return fail(language.error());
  const io::TaperLanguage* const spoken = *language ? &**language : nullptr;
  const std::string format = format_of(output);
  const auto text = as_text(plan, format, output, spoken);
  if (!text) return fail(text.error());
  if (auto written = write_text(output.path, *text); !written) return fail(written.error());
  return Exit::ok;
}

Exit tell(const plans::TaperAnswer& answer, const std::string& answer_path, bool notes,
          const std::string& language_path) {
  const auto language = language_of(language_path);
  if (!language) return fail(language.error());
  if (!answer_path.empty()) {
    const auto text = io::json_text(io::taper_answer_json(answer));
    if (!text) return fail(text.error());
    if (auto written = write_text(answer_path, *text); !written) return fail(written.error());
  }
  if (answer.answer == plans::Answer::refused) {
    io::TaperTextOptions options;
    if (*language) options.language = &**language;
    const auto text = io::taper_refusal_text(answer, options);
    if (!text) return fail(text.error());
    std::cerr << *text;
    return Exit::refused;
  }
  std::size_t kept_back = 0;
  for (const plans::RuleFinding& finding : answer.findings) {
    if (finding.answer == plans::Answer::allowed && !notes) {
      ++kept_back;
      continue;
    }
    std::cerr << describe(finding) << '\n';
  }
  if (kept_back > 0) {
    std::cerr << kept_back << (kept_back == 1 ? " note" : " notes") << " (--notes shows them)\n";
  }
  return Exit::ok;
}

}  // namespace ombre::cli
