#include "ombre/io/taper_calendar.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "ombre/io/csv.hpp"
#include "taper_phrase.hpp"

namespace ombre::inline v0::io {

namespace {

using namespace detail;  // NOLINT: the private parts of this module
using namespace plans;   // NOLINT: this file speaks about nothing else

constexpr std::array<std::string_view, 3> privacy_names{"numbers_only", "plain_summary", "full"};
constexpr std::size_t most_octets = 75;

std::string digits(int value, std::size_t width) {
  std::string out = std::to_string(value);
  return out.size() < width ? std::string(width - out.size(), '0') + out : out;
}

// "20240108".
std::string basic(Date day) {
  const auto ymd = day.ymd();
  return digits(ymd.year, 4) + digits(ymd.month, 2) + digits(ymd.day, 2);
}

std::string basic_time(int minute_of_day) {
  return digits(minute_of_day / 60, 2) + digits(minute_of_day % 60, 2) + "00";
}

std::string stamp_text(const CalendarStamp& stamp) {
  return basic(stamp.day) + "T" + digits(stamp.hour, 2) + digits(stamp.minute, 2) +
         digits(stamp.second, 2) + "Z";
}

// RFC 5545, 3.3.11: backslash, semicolon, comma and line breaks are escaped.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == ';' || c == ',') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
    }
  }
  return out;
}

// RFC 5545, 3.1: at most 75 octets a line, never within a character; the blank that begins a
// continuation counts.
void put(std::string& out, std::string_view line) {
  std::size_t room = most_octets;
  while (line.size() > room) {
    std::size_t cut = room;
    while (cut > 0 && (static_cast<unsigned char>(line[cut]) & 0xC0U) == 0x80U) --cut;
    if (cut == 0) cut = room;  // not UTF-8: refused at the end
    out += line.substr(0, cut);
    out += "\r\n ";
    line.remove_prefix(cut);
    room = most_octets - 1;
  }
  out += line;
  out += "\r\n";
}

struct Event {
  Date first;
  Date last;
  std::vector<std::string> when;  // DTSTART, DTEND or DURATION, RRULE
  std::string summary;
  std::string description;
  std::vector<std::string> doses;  // X-OMBRE-DOSE lines
  std::string alarm;               // TRIGGER value, or empty
  bool draft = true;
  bool cancelled = false;

  // What the outside sees of it. Two equal events are one revision.
  friend bool operator==(const Event&, const Event&) = default;
};

struct Kept {
  Event event;
  int sequence = 0;
  Date changed;
};

class Writer {
 public:
  Writer(const TaperPlan& plan, const TaperCalendarOptions& options)
      : plan_{plan}, options_{options}, words_{words_of(options.language)} {}

  Result<std::map<std::string, Event>> events_of(std::size_t number) const {
    const TaperVersion& version = plan_.history().at(number);
    std::map<std::string, Event> out;
    const std::string base = one_line(plan_.request().plan_id);
    const std::size_t total = version.steps.size() + version.pending.size();
    for (std::size_t s = 0; s < version.steps.size(); ++s) {
      if (auto ok = put_step(version, s, total, base, out); !ok) return unexpected(ok.error());
    }
    const bool to_zero =
        version.ends && version.pending.empty() &&
        std::ranges::all_of(version.after, [](Amount after) { return after.is_zero(); });
    if (to_zero) {
      Event event = all_day(version, *version.ends, *version.ends);
      event.summary = words_.say("calendar.arrived");
      if (options_.privacy != CalendarPrivacy::numbers_only) {
        event.description = words_.say("calendar.first_day_after");
      }
      out.emplace(base + "/arrived@ombre", std::move(event));
    }
    if (options_.reviews) {
      for (const Date day : version.reviews) {
        Event event = all_day(version, day, day);
        event.summary = words_.say("calendar.review_summary");
        event.description = words_.say("calendar.review_text");
        out.emplace(base + "/review-" + day.iso() + "@ombre", std::move(event));
      }
    }
    return out;
  }

 private:
  Event all_day(const TaperVersion& version, Date first, Date last) const {
    Event event;
    event.first = first;
    event.last = last;
    event.draft = !version.accepted;
    event.when = {"DTSTART;VALUE=DATE:" + basic(first),
                  "DTEND;VALUE=DATE:" + basic(last + Days{1})};
    // A duration from the day's beginning, in minutes of the clock of that day.
    if (options_.remind_at) event.alarm = "PT" + std::to_string(*options_.remind_at) + "M";
    return event;
  }

  std::string summary(const TaperVersion& version, std::size_t s, std::size_t total) const {
    const std::string number = std::to_string(s + 1);
    if (!version.pending.empty()) {
      return words_.say("calendar.step_summary_open", {{"number", number}});
    }
    return words_.say("calendar.step_summary",
                      {{"number", number}, {"total", std::to_string(total)}});
  }

  // The texts of an event about some lines of a step.
  void tell(const TaperVersion& version, std::size_t s, std::size_t total,
            const std::vector<std::size_t>& lines, Event& event) const {
    const TaperStep& step = version.steps[s];
    const TaperRequest& request = plan_.request();
    event.summary = summary(version, s, total);
    if (options_.privacy == CalendarPrivacy::numbers_only) {
      event.description = words_.say("calendar.private");
      return;
    }
    std::string told;
    std::string full;
    for (const std::size_t l : lines) {
      const LineDose& dose = step.doses[l];
      const TaperLine& line = request.lines[l];
      event.doses.push_back("X-OMBRE-DOSE;X-OMBRE-LINE=" + std::to_string(l) + ":" +
                            escaped(text(dose.amount)));
      if (dose.amount.is_zero() && lines.size() > 1) continue;
      const std::string name = one_line(line.what.name);
      if (!told.empty()) told += "\n";
      told +=
          (request.lines.size() > 1 ? name + ": " : std::string{}) + full_dose(words_, line, dose);
      if (!full.empty()) full += "; ";
      full += words_.say("calendar.step_full",
                         {{"substance", name}, {"dose", dose_phrase(words_, dose, line.per)}});
    }
    if (&version == &plan_.now() && s + 1 == version.steps.size()) {
      for (const std::string& line : goes_on_lines(words_, plan_)) told += "\n" + line;
    }
    event.description = event.draft ? words_.say("calendar.draft") + "\n" + told : told;
    if (options_.privacy == CalendarPrivacy::full && !full.empty()) event.summary = full;
  }

  Result<void> put_step(const TaperVersion& version, std::size_t s, std::size_t total,
                        const std::string& base, std::map<std::string, Event>& out) const {
    const TaperStep& step = version.steps[s];
    const TaperRequest& request = plan_.request();
    const std::string uid = base + "/step-" + std::to_string(step.id);
    std::map<int, std::vector<std::size_t>> by_interval;
    for (std::size_t l = 0; l < step.doses.size(); ++l) {
      const LineDose& dose = step.doses[l];
      if (options_.each_intake && request.lines[l].per == Per::day && !dose.amount.is_zero()) {
        if (auto ok = put_intakes(version, s, l, uid, out); !ok) return ok;
        continue;
      }
      by_interval[dose.every_n_days].push_back(l);
    }
    for (const auto& [interval, lines] : by_interval) {
      // Lines that take nothing need no event of their own beside timed ones.
      const bool nothing = std::ranges::all_of(
          lines, [&step](std::size_t l) { return step.doses[l].amount.is_zero(); });
      if (nothing && lines.size() < step.doses.size()) continue;
      if (interval == 1) {
        Event event = all_day(version, step.first, step.last);
        tell(version, s, total, lines, event);
        out.emplace(uid + "@ombre", std::move(event));
        continue;
      }
      Event event = all_day(version, step.first, step.first);
      event.last = step.last;
      event.when.push_back("RRULE:FREQ=DAILY;INTERVAL=" + std::to_string(interval) +
                           ";UNTIL=" + basic(step.last));
      tell(version, s, total, lines, event);
      out.emplace(uid + "/every-" + std::to_string(interval) + "@ombre", std::move(event));
    }
    return {};
  }

  Result<void> put_intakes(const TaperVersion& version, std::size_t s, std::size_t l,
                           const std::string& uid, std::map<std::string, Event>& out) const {
    const TaperStep& step = version.steps[s];
    const TaperLine& line = plan_.request().lines[l];
    const LineDose& dose = step.doses[l];
    for (std::size_t i = 0; i < dose.intakes.size(); ++i) {
      if (dose.intakes[i].is_zero()) continue;
      if (i >= line.intakes.size() || !line.intakes[i].minute_of_day) {
        return unexpected(error_of(
            Errc::missing, "lines[" + std::to_string(l) + "].intakes[" + std::to_string(i) + "]",
            "has no time of day: a calendar of intakes needs one"));
      }
      const int minute = *line.intakes[i].minute_of_day;
      // Patches that are all worn equally long are an event on the days they are changed.
      int interval = dose.every_n_days;
      if (i < dose.dispensed.size()) {
        const auto worn = worn_parts(dose.dispensed[i], line.products);
        if (worn.size() == 1) interval = worn.front().days;
      }
      Event event;
      event.first = step.first;
      event.last = step.last;
      event.draft = !version.accepted;
      event.when = {"DTSTART:" + basic(step.first) + "T" + basic_time(minute), "DURATION:PT15M",
                    "RRULE:FREQ=DAILY;INTERVAL=" + std::to_string(interval) +
                        ";UNTIL=" + basic(step.last) + "T" + basic_time(minute)};
      if (options_.remind_at) event.alarm = "-PT0M";
      event.summary = words_.say("calendar.intake_summary", {{"number", std::to_string(s + 1)}});
      if (options_.privacy == CalendarPrivacy::numbers_only) {
        event.description = words_.say("calendar.private");
      } else {
        const std::string name = one_line(line.what.name);
        const std::string amount = words_.amount(dose.intakes[i]);
        std::string told = amount;
        if (i < dose.dispensed.size()) {
          const std::string made = made_phrase(words_, dose.dispensed[i], line.products);
          if (!made.empty()) told += " = " + made;
        }
        if (plan_.request().lines.size() > 1) told = name + ": " + told;
        if (&version == &plan_.now() && s + 1 == version.steps.size()) {
          for (const std::string& more : goes_on_lines(words_, plan_)) told += "\n" + more;
        }
        event.description = event.draft ? words_.say("calendar.draft") + "\n" + told : told;
        event.doses.push_back("X-OMBRE-DOSE;X-OMBRE-LINE=" + std::to_string(l) + ":" +
                              escaped(text(dose.intakes[i])));
        if (options_.privacy == CalendarPrivacy::full) {
          event.summary = words_.say("calendar.step_full", {{"substance", name}, {"dose", amount}});
        }
      }
      out.emplace(uid + "/line-" + std::to_string(l) + "/intake-" + std::to_string(i) + "@ombre",
                  std::move(event));
    }
    return {};
  }

  const TaperPlan& plan_;
  const TaperCalendarOptions& options_;
  const TaperLanguage& words_;
};

Result<void> check(const TaperCalendarOptions& options) {
  const auto within = [](int value, int most, std::string_view field) -> Result<void> {
    if (value >= 0 && value <= most) return {};
    return unexpected(error_at(Errc::out_of_range, field, std::nullopt, static_cast<double>(value),
                               "must be 0 to " + std::to_string(most)));
  };
  if (options.remind_at) {
    if (auto ok = within(*options.remind_at, 1439, "remind_at"); !ok) return ok;
  }
  if (options.now) {
    if (auto ok = within(options.now->hour, 23, "now.hour"); !ok) return ok;
    if (auto ok = within(options.now->minute, 59, "now.minute"); !ok) return ok;
    if (auto ok = within(options.now->second, 59, "now.second"); !ok) return ok;
  }
  return {};
}

}  // namespace

std::string_view name(CalendarPrivacy privacy) noexcept {
  return privacy_names[static_cast<std::size_t>(privacy)];
}

std::optional<CalendarPrivacy> find_calendar_privacy(std::string_view text) noexcept {
  for (std::size_t i = 0; i < privacy_names.size(); ++i) {
    if (privacy_names[i] == text) return static_cast<CalendarPrivacy>(i);
  }
  return std::nullopt;
}

Result<std::string> taper_calendar(const TaperPlan& plan, const TaperCalendarOptions& options) {
  if (auto ok = check_tellable(plan); !ok) return unexpected(ok.error());
  if (auto ok = check(options); !ok) return unexpected(ok.error());
  const TaperLanguage& words = words_of(options.language);
  const Writer writer{plan, options};

  // The events of every version in turn: what changed, what went, what came back.
  std::map<std::string, Kept> kept;
  for (std::size_t v = 1; v <= plan.version(); ++v) {
    auto events = writer.events_of(v);
    if (!events) return unexpected(std::move(events).error());
    const Change& change = plan.history().change(v);
    for (auto& [uid, old] : kept) {
      const auto same = events->find(uid);
      if (same == events->end()) {
        if (old.event.cancelled) continue;
        if (old.event.last < change.from) continue;  // has passed: stays as it was
        old.event.cancelled = true;
        ++old.sequence;
        old.changed = change.on;
        continue;
      }
      const bool passed = old.event.last < change.from && old.event.first == same->second.first &&
                          old.event.last == same->second.last;
      if (!passed && !(old.event == same->second)) {
        old.event = std::move(same->second);
        ++old.sequence;
        old.changed = change.on;
      }
      events->erase(same);
    }
    for (auto& [uid, event] : *events) kept.emplace(uid, Kept{std::move(event), 0, change.on});
  }

  std::vector<const std::pair<const std::string, Kept>*> order;
  order.reserve(kept.size());
  for (const auto& entry : kept) order.push_back(&entry);
  std::ranges::stable_sort(order, [](const auto* a, const auto* b) {
    return a->second.event.first < b->second.event.first;
  });

  std::string out;
  put(out, "BEGIN:VCALENDAR");
  put(out, "VERSION:2.0");
  put(out, "PRODID:-//ombre//taper//" + std::string{words.tag() == "en" ? "EN" : words.tag()});
  put(out, "CALSCALE:GREGORIAN");
  put(out, "METHOD:PUBLISH");
  put(out, "X-WR-CALNAME:" + escaped(words.say("calendar.name")));
  for (const auto* entry : order) {
    const Kept& k = entry->second;
    const Event& event = k.event;
    put(out, "BEGIN:VEVENT");
    put(out, "UID:" + escaped(entry->first));
    put(out, "DTSTAMP:" + stamp_text(options.now.value_or(CalendarStamp{k.changed})));
    put(out, "SEQUENCE:" + std::to_string(k.sequence));
    for (const std::string& line : event.when) put(out, line);
    put(out, "SUMMARY:" + escaped(event.summary));
    const std::string description =
        event.cancelled ? words.say("calendar.cancelled") : event.description;
    if (!description.empty()) put(out, "DESCRIPTION:" + escaped(description));
    put(out, event.cancelled ? "STATUS:CANCELLED"
             : event.draft   ? "STATUS:TENTATIVE"
                             : "STATUS:CONFIRMED");
    put(out, "CLASS:PRIVATE");
    put(out, "TRANSP:TRANSPARENT");
    if (!event.cancelled) {
      for (const std::string& line : event.doses) put(out, line);
      if (!event.alarm.empty()) {
        put(out, "BEGIN:VALARM");
        put(out, "ACTION:DISPLAY");
        put(out, "TRIGGER:" + event.alarm);
        put(out, "DESCRIPTION:" + escaped(event.summary));
        put(out, "END:VALARM");
      }
    }
    put(out, "END:VEVENT");
  }
  put(out, "END:VCALENDAR");
  if (first_invalid_utf8(out)) {
    return unexpected(error_of(Errc::malformed, "plan", "holds text that is not UTF-8"));
  }
  return out;
}

}  // namespace ombre::inline v0::io
