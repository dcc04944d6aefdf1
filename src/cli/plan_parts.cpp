#include "cli/plan_parts.hpp"

#include <algorithm>
#include <ctime>

#include "cli/output.hpp"

namespace ombre::cli {

Result<Date> day_of(const std::string& option, const std::string& text) {
  if (text.empty()) {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    if (localtime_r(&now, &local) == nullptr) {
      return unexpected(error_of(Errc::missing, option, "is required on this machine"));
    }
    return Date::from_ymd(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
  }
  auto day = Date::parse(text);
  if (day) return day;
  return unexpected(error_at(Errc::malformed, option, std::nullopt, text, day.error().rule));
}

std::string finding_lines(std::span<const plans::RuleFinding> findings) {
  std::string refused;
  std::string look;
  std::string notes;
  for (const plans::RuleFinding& f : findings) {
    const bool danger = f.severity == Severity::danger;
    const std::string line = "  - " + std::string{danger ? "Important: " : ""} + f.text + '\n';
    if (f.answer == plans::Answer::refused && !f.overridden) {
      refused += line;
    } else if (f.severity == Severity::note) {
      notes += line;
    } else {
      look += line;
    }
  }
  std::string out;
  if (!refused.empty()) out += "\nThis cannot stay as it is\n" + refused;
  if (!look.empty()) out += "\nPlease look at\n" + look;
  if (!notes.empty()) out += "\nWorth knowing\n" + notes;
  if (out.empty()) out = "\nNothing is in the way.\n";
  return out;
}

Rows finding_rows(std::span<const plans::RuleFinding> findings) {
  Rows rows{.columns = {{"rule"},
                        {"answer"},
                        {"severity"},
                        {"on"},
                        {"measured"},
                        {"limit"},
                        {"unit"},
                        {"text"},
                        {"source", false}}};
  for (const plans::RuleFinding& f : findings) {
    rows.add({f.rule->id, plans::name(f.answer), name(f.severity), f.on ? f.on->iso() : "",
              f.measured, f.limit, f.unit, f.text,
              f.rule->source != nullptr ? f.rule->source->citation : std::string_view{}});
  }
  return rows;
}

Exit print_findings(const std::string& above, std::span<const plans::RuleFinding> findings,
                    const std::string& format, const std::string& path) {
  const bool refused = plans::overall(findings) == plans::Answer::refused;
  if (format.empty() || format == "text") {
    if (auto written = write_text(path, above + finding_lines(findings)); !written) {
      return fail(written.error());
    }
  } else if (const Exit printed = print(finding_rows(findings), choose_format(format, path), path);
             printed != Exit::ok) {
    return printed;
  }
  return refused ? Exit::refused : Exit::ok;
}

void add_text_format(CLI::App& app, std::string& target) {
  app.add_option("--format", target, "text, table, csv, json or markdown")
      ->check(CLI::IsMember({"text", "table", "csv", "json", "markdown"}));
}

}  // namespace ombre::cli
