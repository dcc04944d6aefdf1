#include "ombre/timeline/weekly_words.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "attendance_frame.hpp"

namespace ombre::inline v0::timeline {
namespace {

using detail::floor_div;

struct WeekCounts {
  std::int32_t days = 0;
  std::int32_t urine_positive = 0;
  std::int32_t urine_clean = 0;
  std::int32_t report_positive = 0;
  std::int32_t report_known = 0;
  bool missed = false;
};

bool clean_by_urine(std::uint8_t flags, CleanDay rule) noexcept {
  const bool attended = (flags & detail::flag_present) != 0;
  const bool tested = (flags & detail::flag_urine_clean) != 0;
  switch (rule) {
    case CleanDay::attended:
      return attended;
    case CleanDay::tested:
      return tested;
    case CleanDay::attended_or_tested:
      return attended || tested;
  }
  return attended;
}

char urine_symbol(const WeekCounts& week, std::int64_t number, WeekSymbols rule) noexcept {
  if (rule == WeekSymbols::positive_or_missed) {
    if (week.urine_positive > 0) return '+';
    return number >= 1 ? 'o' : '_';
  }
  if (week.urine_positive > 0) return week.urine_clean > 0 ? '*' : '+';
  if (week.urine_clean > 0) return '-';
  return number >= 1 || week.missed ? 'o' : '_';
}

char report_symbol(const WeekCounts& week, std::int64_t number, WeekSymbols rule,
                   const SelfReportRule& report) noexcept {
  const std::int32_t positive = week.report_positive;
  if (rule == WeekSymbols::positive_or_missed) {
    if (positive > 0) return '+';
    return number >= 1 ? 'o' : '_';
  }
  const std::int32_t known = report.absent_day == AbsentDay::none ? week.days : week.report_known;
  if (known == 0) return number >= 1 ? 'o' : '_';
  if (positive == 0) return '-';
  if (positive > report.mixed_days) return '+';
  return known > positive ? '*' : '_';
}

// `o` and `_` are "not observed". The order below is that of the text in weekly_words.hpp.
char together(char urine, char report, WordSource source) noexcept {
  const auto rank = [](char symbol) {
    switch (symbol) {
      case '+':
        return 3;
      case '*':
        return 2;
      case '-':
        return 1;
      default:
        return 0;
    }
  };
  const int u = rank(urine);
  const int r = rank(report);
  const char unobserved = urine == 'o' || report == 'o' ? 'o' : '_';
  if (u == 0 && r == 0) return unobserved;
  const char worse = u >= r ? urine : report;
  if (source == WordSource::either) return worse;
  if (source == WordSource::both) {
    if (u == 0 || r == 0) return unobserved;
    return u <= r ? urine : report;
  }
  if ((u == 0 || r == 0) && worse == '-') return unobserved;
  return worse;
}

struct Piece {
  std::vector<char> symbols;
  std::vector<std::uint64_t> part_end;  // within this piece
  std::vector<std::int32_t> start_week;
  std::vector<std::int32_t> end_week;
  std::vector<std::uint8_t> computed;
  std::vector<std::uint8_t> randomizations;
  std::vector<std::int32_t> randomization_week;
  std::vector<detail::Note> notes;
};

class Writer {
 public:
  Writer(const detail::Plan& plan, WordSource source, std::size_t phases, Piece& piece)
      : frame_{plan, piece.notes}, source_{source}, phases_{phases}, piece_{piece} {}

  void add(std::size_t person) {
    std::array<std::int32_t, WeeklyWords::max_randomizations> drawn{};
    std::size_t count = 0;
    if (!prepare(person)) {
      piece_.part_end.insert(piece_.part_end.end(), phases_ + 1, piece_.symbols.size());
      piece_.start_week.push_back(0);
      piece_.end_week.push_back(0);
      piece_.computed.push_back(0);
    } else {
      week_one_ =
          frame_.resolve(source_ == WordSource::self_report ? frame_.stage().self_report_week_one
                                                            : frame_.stage().urine_week_one);
      period_ = frame_.schedule().period_days;
      count = frame_.randomizations();
      for (std::size_t k = 0; k < count; ++k) {
        drawn[k] = static_cast<std::int32_t>(week_of(frame_.randomization_day(k)));
      }
      write();
      piece_.computed.push_back(1);
    }
    piece_.randomizations.push_back(static_cast<std::uint8_t>(count));
    piece_.randomization_week.insert(piece_.randomization_week.end(), drawn.begin(), drawn.end());
  }

 private:
  bool prepare(std::size_t person) {
    if (!frame_.lay_out(person)) return false;
    if (source_ != WordSource::self_report) {
      frame_.set_attendance(true);
      if (!frame_.set_screens()) return false;
    }
    return source_ == WordSource::urine || frame_.set_self_reports();
  }

  [[nodiscard]] std::int64_t week_of(std::int64_t day) const noexcept {
    return floor_div(day - week_one_, period_) + 1;
  }

  [[nodiscard]] char symbol(const WeekCounts& week, std::int64_t number) const noexcept {
    const WeekSymbols rule = frame_.stage().symbols;
    if (source_ == WordSource::urine) return urine_symbol(week, number, rule);
    const char report = report_symbol(week, number, rule, frame_.schedule().self_report);
    if (source_ == WordSource::self_report) return report;
    return together(urine_symbol(week, number, rule), report, source_);
  }

  void write() {
    const auto flags = frame_.flags();
    const CleanDay clean = frame_.schedule().urine.clean_day;
    const std::int64_t first = frame_.first_day();
    const auto size = static_cast<std::int64_t>(flags.size());
    const std::int64_t start = week_of(first);
    const std::size_t base = piece_.symbols.size();
    std::int64_t number = start;
    for (std::int64_t at = 0; at < size; ++number) {
      const std::int64_t end = std::min(size, week_one_ + number * period_ - first);
      WeekCounts week;
      week.days = static_cast<std::int32_t>(end - at);
      for (; at < end; ++at) {
        const std::uint8_t day = flags[static_cast<std::size_t>(at)];
        if (day == 0) continue;
        if ((day & detail::flag_urine_positive) != 0) {
          ++week.urine_positive;
        } else if (clean_by_urine(day, clean)) {
          ++week.urine_clean;
        }
        week.report_positive += (day & detail::flag_report_positive) != 0 ? 1 : 0;
        week.report_known += (day & detail::flag_report_known) != 0 ? 1 : 0;
        week.missed = week.missed || (day & detail::flag_missed) != 0;
      }
      piece_.symbols.push_back(symbol(week, number));
    }
    piece_.start_week.push_back(static_cast<std::int32_t>(start));
    piece_.end_week.push_back(static_cast<std::int32_t>(number - 1));

    // Parts end where the next phase begins; a phase never begins before the one before it.
    const auto bound = [&](std::int64_t week) {
      return base +
             static_cast<std::size_t>(std::clamp<std::int64_t>(week - start, 0, number - start));
    };
    std::int64_t from = 1;
    piece_.part_end.push_back(bound(from));
    const auto& later = frame_.stage().later_phases;
    for (std::size_t phase = 0; phase < phases_; ++phase) {
      if (phase < later.size()) {
        from = std::max(from, week_of(frame_.resolve(later[phase])));
        piece_.part_end.push_back(bound(from));
      } else {
        piece_.part_end.push_back(piece_.symbols.size());
      }
    }
  }

  detail::Frame frame_;
  WordSource source_;
  std::size_t phases_;
  Piece& piece_;
  std::int64_t week_one_ = 0;
  std::int64_t period_ = 7;
};

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

std::string_view name(WordSource source) noexcept {
  switch (source) {
    case WordSource::urine:
      return "urine";
    case WordSource::self_report:
      return "self_report";
    case WordSource::either:
      return "either";
    case WordSource::both:
      return "both";
    case WordSource::confirmed:
      return "confirmed";
  }
  return "urine";
}

Result<WeeklyWords> weekly_words(const TrialTable& records, const TrialSchedules& schedules,
                                 WordSource source, Findings& findings, const Runner& runner,
                                 const Progress& progress) {
  const detail::Plan plan{records, schedules};
  plan.tell_unmentioned_visits(findings);
  if (source != WordSource::self_report) plan.tell_unmentioned_screens(findings);
  if (source != WordSource::urine) plan.tell_unmentioned_reports(findings);
  const std::size_t people = records.size();
  WeeklyWords out;
  out.phases = schedules.phases();
  std::vector<Piece> pieces((people + detail::people_per_piece - 1) / detail::people_per_piece);
  const auto done = detail::for_pieces(people, runner, progress,
                                       [&](std::size_t piece, std::size_t begin, std::size_t end) {
                                         Writer writer{plan, source, out.phases, pieces[piece]};
                                         for (std::size_t person = begin; person < end; ++person)
                                           writer.add(person);
                                       });
  if (!done) return unexpected(done.error());

  out.part_offset.reserve(people * (out.phases + 1) + 1);
  out.part_offset.push_back(0);
  for (Piece& piece : pieces) {
    const std::uint64_t base = out.symbols.size();
    append(out.symbols, piece.symbols);
    for (const std::uint64_t end : piece.part_end) out.part_offset.push_back(base + end);
    append(out.start_week, piece.start_week);
    append(out.end_week, piece.end_week);
    append(out.computed, piece.computed);
    append(out.randomizations, piece.randomizations);
    append(out.randomization_week, piece.randomization_week);
    detail::tell(plan, piece.notes, findings);
    piece = Piece{};
  }
  return out;
}

}  // namespace ombre::inline v0::timeline
