// `ombre network`: who is there, who can be reached when, on whom it rests, and what is missing.
#include <memory>
#include <string>
#include <vector>

#include "cli/output.hpp"
#include "cli/plan_parts.hpp"
#include "ombre/io/network_json.hpp"

namespace ombre::cli {
namespace {

struct Options {
  std::string file;
  std::string today;
  std::string at;
  std::string format;
  std::string output = "-";
  int days = 14;
};

std::string called(const plans::NetworkMember& m) {
  std::string out = m.name.empty() ? m.id : m.name;
  if (!m.role.empty()) out += " (" + m.role + ")";
  return out;
}

std::string names(const plans::SocialNetwork& n, const std::vector<std::size_t>& members) {
  std::string out;
  for (std::size_t i = 0; i < members.size(); ++i) {
    out += (i == 0 ? "" : i + 1 == members.size() ? " and " : ", ") + called(n.members[members[i]]);
  }
  return out.empty() ? "nobody" : out;
}

Result<std::string> summary(const plans::SocialNetwork& n, Date today, int days) {
  const auto shape = plans::network_shape(n);
  if (!shape) return unexpected(shape.error());
  std::string out = std::string{n.person.empty() ? "The network" : "The network of " + n.person} +
                    " on " + today.iso() + ": " + std::to_string(n.members.size()) +
                    (n.members.size() == 1 ? " member.\n" : " members.\n");
  out += "Directly tied: " + names(n, shape->direct) + ".\n";
  if (!n.shifts.empty()) {
    const Date first = n.leaving && *n.leaving > today ? *n.leaving : today;
    const auto range = DateRange::from(first, first + Days{days - 1});
    if (!range) return unexpected(range.error());
    const auto c = plans::coverage(n, *range);
    if (!c) return unexpected(c.error());
    const auto percent = [&c](std::int64_t part) {
      return std::to_string(part * 100 / c->minutes) + " %";
    };
    out += "Somebody can be reached " + percent(c->covered) + " of the time from " +
           range->first().iso() + " to " + range->last().iso();
    if (c->by_one_only > 0) {
      out += "; " + percent(c->by_one_only) + " of the time it is one person only";
    }
    out += ".\n";
  }
  std::optional<Date> first_contact;
  for (const auto& contact : n.contacts) {
    if (!first_contact) first_contact = contact.on;
  }
  if (first_contact && *first_contact <= today) {
    if (const auto gap = plans::max_gap(n.contacts, *first_contact, today)) {
      out += "Longest time without contact since " + first_contact->iso() + ": " +
             std::to_string(*gap) + (*gap == 1 ? " day.\n" : " days.\n");
    }
  }
  if (const auto rate = plans::disclosure_rate(n.disclosures, Date::min(), today)) {
    out += "Told by the person themself: " + std::to_string(static_cast<int>(*rate * 100 + 0.5)) +
           " % of what is known.\n";
  }
  if (!n.care.groups.empty()) {
    out += plans::attendance(n.care.groups, Date::min(), today).says + '\n';
  }
  return out;
}

Exit who_is_there(const Options& o, const plans::SocialNetwork& n) {
  // "2026-02-01 23:30" or "2026-02-01T23:30".
  const std::string_view at = o.at;
  const auto day = Date::parse(at.substr(0, std::min<std::size_t>(10, at.size())));
  int minute = -1;
  if (at.size() == 16 && (at[10] == ' ' || at[10] == 'T') && at[13] == ':') {
    const auto digit = [&at](std::size_t i) {
      return at[i] >= '0' && at[i] <= '9' ? at[i] - '0' : -100'000;
    };
    const int hours = 10 * digit(11) + digit(12);
    const int minutes = 10 * digit(14) + digit(15);
    if (hours >= 0 && hours <= 23 && minutes >= 0 && minutes <= 59) minute = 60 * hours + minutes;
  }
  if (!day || minute < 0) {
    return fail(error_at(Errc::malformed, "--at", std::nullopt, o.at,
                         "must be a day and a time such as \"2026-02-01 23:30\""));
  }
  const auto there = plans::reached_at(n, {*day, minute});
  if (!there) return fail(there.error());
  std::string out;
  for (const std::size_t m : *there) {
    const plans::NetworkMember& who = n.members[m];
    out += called(who);
    for (const std::string& channel : who.channels) out += ", " + channel;
    if (who.kit.naloxone.value_or(false)) out += ", carries naloxone";
    if (who.unconditional.value_or(false)) out += ", whether or not something was used";
    out += '\n';
  }
  if (there->empty()) out = "Nobody is on duty then.\n";
  const auto written = write_text(o.output, out);
  return written ? Exit::ok : fail(written.error());
}

Exit run(const Options& o) {
  const NamedPath inputs[] = {{"NETWORK", o.file}};
  const NamedPath outputs[] = {{"--output", o.output}};
  if (auto ok = check_paths(inputs, outputs); !ok) return fail(ok.error());
  const auto network = io::read_network(o.file);
  if (!network) return fail(network.error());
  if (!o.at.empty()) return who_is_there(o, *network);
  const auto today = day_of("--today", o.today);
  if (!today) return fail(today.error());
  const auto findings = plans::network_findings(*network, *today, o.days);
  if (!findings) return fail(findings.error());
  const auto above = summary(*network, *today, o.days);
  if (!above) return fail(above.error());
  return print_findings(*above, *findings, o.format, o.output);
}

const Command network{
    "network", "A support network: who is reached when, and what is missing", 54,
    [](CLI::App& app) -> Command::Run {
      auto o = std::make_shared<Options>();
      app.add_option("NETWORK", o->file,
                     "Network as JSON (docs/connection.md; - is standard input)")
          ->required();
      app.add_option("--today", o->today, "As of this day; without it, the machine's date");
      app.add_option("--days", o->days, "Days ahead in which everybody's hours are looked at")
          ->check(CLI::Range(1, 366))
          ->capture_default_str();
      app.add_option("--at", o->at, "Only say who can be reached then: \"2026-02-01 23:30\"");
      add_text_format(app, o->format);
      app.add_option("-o,--output", o->output, "File to write; - is standard output")
          ->capture_default_str();
      app.footer(
          "\nRules of entry that depend on use are refused, with exit code 4; everything else is\n"
          "named so that it can be mended.\n"
          "Example: ombre network NETWORK.json --today 2026-01-30");
      return [o] { return run(*o); };
    }};

}  // namespace
}  // namespace ombre::cli
