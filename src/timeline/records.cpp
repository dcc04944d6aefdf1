#include "ombre/timeline/records.hpp"

#include <algorithm>
#include <array>

namespace ombre::inline v0::timeline {
namespace {

constexpr std::array<std::string_view, 4> state_names{"none", "amount", "used", "unknown"};
constexpr std::array<std::string_view, report_source_count> source_names{
    "unstated", "self_report", "urine",     "breath",    "saliva",
    "blood",    "collateral",  "clinician", "dispensing"};
constexpr std::array<std::string_view, route_count> route_names{
    "unstated",   "oral",     "sublingual", "smoked",      "vaporised",
    "intranasal", "injected", "rectal",     "transdermal", "other"};

template <class Enum, std::size_t N>
Result<Enum> parse_in(const std::array<std::string_view, N>& names, std::string_view field,
                      std::string_view text) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == text) return static_cast<Enum>(i);
  }
  std::string rule = "must be one of";
  for (std::size_t i = 0; i < N; ++i) {
    rule += i == 0 ? " " : ", ";
    rule += names[i];
  }
  return unexpected(error_at(Errc::unknown_name, field, std::nullopt, text, rule));
}

template <std::size_t N>
std::string_view name_in(const std::array<std::string_view, N>& names, std::size_t i) noexcept {
  return i < N ? names[i] : std::string_view{"invalid"};
}

}  // namespace

std::string_view name(UseState state) noexcept {
  return name_in(state_names, static_cast<std::size_t>(state));
}
std::string_view name(ReportSource source) noexcept {
  return name_in(source_names, static_cast<std::size_t>(source));
}
std::string_view name(Route route) noexcept {
  return name_in(route_names, static_cast<std::size_t>(route));
}
Result<ReportSource> parse_report_source(std::string_view text) {
  return parse_in<ReportSource>(source_names, "source", text);
}
Result<Route> parse_route(std::string_view text) {
  return parse_in<Route>(route_names, "route", text);
}

Records::Records(DayAxis axis) : axis_{axis} {
  static_cast<void>(units_.intern(""));  // unit 0: none given
}

void Records::reserve(std::size_t rows) {
  person_.reserve(rows);
  day_.reserve(rows);
  substance_.reserve(rows);
  state_.reserve(rows);
  amount_.reserve(rows);
  unit_.reserve(rows);
  route_.reserve(rows);
  source_.reserve(rows);
  line_.reserve(rows);
}

Result<void> Records::refuse(const Record& record) const {
  const auto outside = [&](std::string_view field, std::size_t value, std::size_t limit) {
    return unexpected(error_at(Errc::out_of_range, field, record.line, std::to_string(value),
                               "must be below " + std::to_string(limit)));
  };
  if (record.person >= persons_.size()) return outside("person", record.person, persons_.size());
  if (record.substance >= substances_.size()) {
    return outside("substance", record.substance, substances_.size());
  }
  if (record.unit >= units_.size()) return outside("unit", record.unit, units_.size());
  if (static_cast<std::size_t>(record.state) > 3) {
    return outside("state", static_cast<std::size_t>(record.state), 4);
  }
  if (static_cast<std::size_t>(record.route) >= route_count) {
    return outside("route", static_cast<std::size_t>(record.route), route_count);
  }
  if (static_cast<std::size_t>(record.source) >= report_source_count) {
    return outside("source", static_cast<std::size_t>(record.source), report_source_count);
  }
  if (!std::isfinite(record.amount)) {
    return unexpected(error_at(Errc::not_finite, "amount", record.line, record.amount,
                               "must be a finite number"));
  }
  if (record.unreadable && (record.state == UseState::none || record.state == UseState::amount)) {
    return unexpected(error_at(Errc::contradiction, "state", record.line, name(record.state),
                               "must be used or unknown in a report that could not be read"));
  }
  return unexpected(error_at(Errc::out_of_range, "amount", record.line, record.amount,
                             "must be 0 or more, and at most " + shortest(largest_amount)));
}

Result<void> Records::mark_unplaced(std::uint32_t person) {
  if (person >= persons_.size()) {
    return unexpected(error_at(Errc::out_of_range, "person", std::nullopt, std::to_string(person),
                               "must be below " + std::to_string(persons_.size())));
  }
  if (unplaced_.size() <= person) unplaced_.resize(person + std::size_t{1});
  unplaced_[person] = true;
  return {};
}

bool Records::note_unreadable(UseState state) {
  if (state != UseState::unknown && state != UseState::used) return false;
  unreadable_.push_back(person_.size());
  return true;
}

bool Records::is_unreadable(std::size_t index) const noexcept {
  return std::binary_search(unreadable_.begin(), unreadable_.end(), index);
}

Result<void> Records::append(const ControlledStay& stay) {
  if (stay.person >= persons_.size()) {
    return unexpected(error_at(Errc::out_of_range, "person", stay.line, std::to_string(stay.person),
                               "must be below " + std::to_string(persons_.size())));
  }
  if (stay.last_day < stay.first_day) {
    return unexpected(
        error_at(Errc::out_of_range, "last_day", stay.line, std::to_string(stay.last_day),
                 "must not be before the first day " + std::to_string(stay.first_day)));
  }
  controlled_.push_back(stay);
  return {};
}

Record Records::operator[](std::size_t index) const noexcept {
  Record r;
  r.person = person_[index];
  r.day = day_[index];
  r.substance = substance_[index];
  r.state = state_[index];
  r.amount = amount_[index];
  r.unit = unit_[index];
  r.route = route_[index];
  r.source = source_[index];
  r.line = line_[index];
  r.unreadable = is_unreadable(index);
  return r;
}

}  // namespace ombre::inline v0::timeline
