#include "ombre/timeline/attendance.hpp"

#include <utility>

#include "attendance_frame.hpp"

namespace ombre::inline v0::timeline {
namespace {

struct Piece {
  std::vector<std::uint64_t> rows;  // per person
  std::vector<std::int32_t> day;
  std::vector<Mark> mark;
  std::vector<std::uint8_t> computed;
  std::vector<detail::Note> notes;
};

void fill(const detail::Plan& plan, std::size_t begin, std::size_t end, Piece& piece) {
  detail::Frame frame{plan, piece.notes};
  for (std::size_t person = begin; person < end; ++person) {
    const bool good = frame.lay_out(person);
    const std::size_t before = piece.day.size();
    if (good) {
      frame.set_attendance(true);
      const auto flags = frame.flags();
      for (std::size_t i = 0; i < flags.size(); ++i) {
        if ((flags[i] & (detail::flag_present | detail::flag_missed)) == 0) continue;
        piece.day.push_back(
            static_cast<std::int32_t>(frame.first_day() + static_cast<std::int64_t>(i)));
        piece.mark.push_back((flags[i] & detail::flag_present) != 0 ? Mark::present : Mark::missed);
      }
    }
    piece.rows.push_back(piece.day.size() - before);
    piece.computed.push_back(good ? 1 : 0);
  }
}

}  // namespace

Result<Attendance> attendance(const TrialTable& records, const TrialSchedules& schedules,
                              Findings& findings, const Runner& runner, const Progress& progress) {
  const detail::Plan plan{records, schedules};
  plan.tell_unmentioned_visits(findings);
  const std::size_t people = records.size();
  std::vector<Piece> pieces((people + detail::people_per_piece - 1) / detail::people_per_piece);
  const auto done = detail::for_pieces(people, runner, progress,
                                       [&](std::size_t piece, std::size_t begin, std::size_t end) {
                                         fill(plan, begin, end, pieces[piece]);
                                       });
  if (!done) return unexpected(done.error());

  Attendance out;
  std::size_t rows = 0;
  for (const Piece& piece : pieces) rows += piece.day.size();
  out.offset.reserve(people + 1);
  out.offset.push_back(0);
  out.day.reserve(rows);
  out.mark.reserve(rows);
  out.computed.reserve(people);
  for (Piece& piece : pieces) {
    for (const std::uint64_t count : piece.rows) out.offset.push_back(out.offset.back() + count);
    out.day.insert(out.day.end(), piece.day.begin(), piece.day.end());
    out.mark.insert(out.mark.end(), piece.mark.begin(), piece.mark.end());
    out.computed.insert(out.computed.end(), piece.computed.begin(), piece.computed.end());
    detail::tell(plan, piece.notes, findings);
    piece = Piece{};
  }
  return out;
}

}  // namespace ombre::inline v0::timeline
