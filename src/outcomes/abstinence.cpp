// Taking measures from prepared records.
#include "ombre/outcomes/abstinence.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "abstinence_clean.hpp"

namespace ombre::inline v0::outcomes {
namespace {

using State = PreparedAbstinence::VisitState;

// A measure with its visits looked up.
struct Asked {
  const AbstinenceMeasure* measure = nullptr;
  std::size_t start = 0;
  std::size_t end = 0;
};

class Scorer {
 public:
  Scorer(const PreparedAbstinence& data, std::span<const Asked> asked, AbstinenceScores& out)
      : data_{data},
        asked_{asked},
        out_{out},
        responders_only_{data.rules.mode == AbstinenceMode::responders_only},
        cutoff_{data.rules.cutoff} {}

  void person(std::size_t p) {
    begin_ = data_.offset[p];
    end_ = data_.offset[p + 1];
    for (std::size_t m = 0; m < asked_.size(); ++m) score(m, p);
  }

 private:
  [[nodiscard]] bool visible(std::uint64_t row) const noexcept {
    return !responders_only_ || data_.origin[row] != Origin::imputed;
  }

  [[nodiscard]] State state(std::size_t p, std::size_t visit) const noexcept {
    const State state = data_.visit_state[p * data_.visits.size() + visit];
    const bool imputed = state == State::imputed || state == State::imputed_without_day;
    return responders_only_ && imputed ? State::absent : state;
  }

  [[nodiscard]] std::optional<std::int64_t> day(std::size_t p, std::size_t visit) const noexcept {
    const State here = state(p, visit);
    if (here != State::recorded && here != State::imputed) return std::nullopt;
    return data_.visit_day[p * data_.visits.size() + visit];
  }

  [[nodiscard]] std::uint64_t first_row_at(std::int64_t day) const noexcept {
    const auto from = data_.day.begin() + static_cast<std::ptrdiff_t>(begin_);
    const auto to = data_.day.begin() + static_cast<std::ptrdiff_t>(end_);
    const auto at =
        std::lower_bound(from, to, day, [](std::int32_t a, std::int64_t b) { return a < b; });
    return static_cast<std::uint64_t>(at - data_.day.begin());
  }

  [[nodiscard]] Lapse lapse_at(std::uint64_t row) const noexcept {
    return {data_.day[row], data_.amount[row]};
  }

  void score(std::size_t m, std::size_t p) {
    const Asked& asked = asked_[m];
    const AbstinenceMeasure& measure = *asked.measure;
    using Window = AbstinenceWindow::State;
    AbstinenceWindow window;
    const bool from_visit = measure.kind != AbstinenceKind::point_prevalence;
    window.start_filled = from_visit && state(p, asked.start) == State::imputed;
    window.end_filled = state(p, asked.end) == State::imputed;
    const std::optional<bool> no_value =
        responders_only_ ? std::optional<bool>{} : std::optional<bool>{false};
    if (state(p, asked.end) == State::absent) {
      window.state = Window::no_end_visit;
      out_.set(m, p, std::nullopt, std::nullopt);
      out_.set_window(m, p, window);
      return;
    }
    auto end = day(p, asked.end);
    if (end && data_.rules.including_end) ++*end;
    std::optional<std::int64_t> start;
    if (measure.kind == AbstinenceKind::point_prevalence) {
      if (end) start = *end - measure.days;
    } else {
      start = day(p, asked.start);
      if (start && measure.kind == AbstinenceKind::prolonged) *start += measure.grace_days;
    }
    if (!start || !end || *start >= *end) {
      window.state = !start || !end ? Window::no_day : Window::empty;
      if (start && end && from_visit && *day(p, asked.start) > *day(p, asked.end)) {
        window.state = Window::reversed;
      }
      out_.set(m, p, no_value, std::nullopt);
      out_.set_window(m, p, window);
      return;
    }
    const std::uint64_t low = first_row_at(*start);
    const std::uint64_t high = first_row_at(*end);
    std::array<std::uint32_t, 3> records{};
    for (std::uint64_t row = low; row < high; ++row) {
      if (visible(row)) ++records[static_cast<std::size_t>(data_.origin[row])];
    }
    window.days = static_cast<std::uint32_t>(std::min<std::int64_t>(*end - *start, UINT32_MAX));
    window.recorded = records[static_cast<std::size_t>(Origin::raw)];
    window.filled = records[static_cast<std::size_t>(Origin::imputed)];
    window.overridden = records[static_cast<std::size_t>(Origin::overridden)];
    out_.set_window(m, p, window);
    const bool complete =
        std::int64_t{window.recorded} + window.filled + window.overridden == *end - *start;

    if (measure.kind != AbstinenceKind::prolonged) {
      if (responders_only_ && !complete) {
        out_.set(m, p, std::nullopt, std::nullopt);
        return;
      }
      const auto lapse = first_above(low, high);
      out_.set(m, p, complete && !lapse, lapse);
      return;
    }
    const auto lapse = by_criterion(measure.lapse, low, high);
    if (measure.lapse.kind == LapseKind::any && responders_only_ && !complete) {
      out_.set(m, p, std::nullopt, std::nullopt);  // "no lapse" is scored as continuous
      return;
    }
    out_.set(m, p, complete ? std::optional<bool>{!lapse} : no_value, lapse);
  }

  [[nodiscard]] std::optional<Lapse> first_above(std::uint64_t low,
                                                 std::uint64_t high) const noexcept {
    for (std::uint64_t row = low; row < high; ++row) {
      if (visible(row) && data_.amount[row] > cutoff_) return lapse_at(row);
    }
    return std::nullopt;
  }

  // What one row adds to the running total.
  [[nodiscard]] double weight(const LapseCriterion& rule, std::uint64_t row) const noexcept {
    if (!visible(row)) return 0;
    if (rule.kind == LapseKind::amount) return data_.amount[row];
    return data_.amount[row] > cutoff_ ? 1 : 0;
  }

  [[nodiscard]] static bool reached(const LapseCriterion& rule, double total) noexcept {
    const bool strictly = rule.at == LapseAt::more_than ||
                          (rule.at == LapseAt::published && rule.window_days.has_value());
    return strictly ? total > rule.threshold : total >= rule.threshold;
  }

  [[nodiscard]] std::optional<Lapse> by_criterion(const LapseCriterion& rule, std::uint64_t low,
                                                  std::uint64_t high) const noexcept {
    if (rule.kind == LapseKind::any) return first_above(low, high);
    if (!rule.window_days) {
      double total = 0;
      for (std::uint64_t row = low; row < high; ++row) {
        if (!visible(row)) continue;
        total += weight(rule, row);
        if (reached(rule, total)) return lapse_at(row);
      }
      return std::nullopt;
    }
    const auto width = static_cast<std::uint64_t>(*rule.window_days);
    for (std::uint64_t first = low; first < high; ++first) {
      if (!visible(first) || !(data_.amount[first] > cutoff_)) continue;
      std::uint64_t stop = std::min(high, first + width);
      if (rule.window == LapseWindow::days) {
        stop = std::min(high, first_row_at(std::int64_t{data_.day[first]} + *rule.window_days));
      }
      double total = 0;
      for (std::uint64_t row = first; row < stop; ++row) {
        if (!visible(row)) continue;
        total += weight(rule, row);
        if (reached(rule, total)) return lapse_at(row);
      }
    }
    return std::nullopt;
  }

  const PreparedAbstinence& data_;
  std::span<const Asked> asked_;
  AbstinenceScores& out_;
  bool responders_only_;
  double cutoff_;
  std::uint64_t begin_ = 0;
  std::uint64_t end_ = 0;
};

}  // namespace

void AbstinenceScores::set(std::size_t measure, std::size_t person, std::optional<bool> result,
                           std::optional<Lapse> lapse) noexcept {
  const std::size_t at = measure * people_ + person;
  result_[at] = result ? static_cast<std::uint8_t>(*result ? 1 : 0) : missing;
  has_lapse_[at] = lapse ? 1 : 0;
  lapse_day_[at] = lapse ? lapse->day : 0;
  lapse_amount_[at] = lapse ? lapse->amount : 0;
}

void AbstinenceScores::set_window(std::size_t measure, std::size_t person,
                                  const AbstinenceWindow& window) noexcept {
  window_[measure * people_ + person] = window;
}

Result<AbstinenceScores> score_abstinence(const PreparedAbstinence& data,
                                          std::span<const AbstinenceMeasure> measures,
                                          const Runner& runner, const Progress& progress) {
  std::vector<Asked> asked;
  asked.reserve(measures.size());
  std::unordered_set<std::string_view> ids;
  for (std::size_t m = 0; m < measures.size(); ++m) {
    const AbstinenceMeasure& measure = measures[m];
    const std::string here = "measures[" + std::to_string(m) + "].";
    if (auto good = validate(measure); !good) {
      Error error = good.error();
      error.field.insert(0, here);
      return unexpected(std::move(error));
    }
    if (!ids.insert(measure.id).second) {
      return unexpected(
          error_at(Errc::duplicate, here + "id", std::nullopt, measure.id, "is used twice"));
    }
    const auto look_up = [&](const std::string& visit) -> std::optional<std::size_t> {
      const auto at = std::ranges::find(data.visits, visit);
      if (at == data.visits.end()) return std::nullopt;
      return static_cast<std::size_t>(at - data.visits.begin());
    };
    const auto refuse = [&](std::string_view field, const std::string& visit) {
      std::string known;
      for (const std::string& one : data.visits) {
        if (known.size() > 60) {
          known += ", ...";
          break;
        }
        known += (known.empty() ? "" : ", ") + one;
      }
      return unexpected(error_at(Errc::unknown_name, here + std::string{field}, std::nullopt, visit,
                                 "is a visit nobody has; there are " + known));
    };
    Asked one;
    one.measure = &measure;
    const auto end = look_up(measure.end_visit);
    if (!end) return refuse("end_visit", measure.end_visit);
    one.end = *end;
    if (measure.kind != AbstinenceKind::point_prevalence) {
      const auto start = look_up(measure.start_visit);
      if (!start) {
        return refuse(measure.kind == AbstinenceKind::prolonged ? "quit_visit" : "start_visit",
                      measure.start_visit);
      }
      one.start = *start;
    }
    asked.push_back(one);
  }
  AbstinenceScores out{measures.size(), data.people()};
  const auto done = detail::for_pieces(data.people(), runner, progress,
                                       [&](std::size_t, std::size_t begin, std::size_t end) {
                                         Scorer scorer{data, asked, out};
                                         for (std::size_t p = begin; p < end; ++p) scorer.person(p);
                                       });
  if (!done) return unexpected(done.error());
  return out;
}

void note_windows(const AbstinenceTables& tables, const PreparedAbstinence& data,
                  std::span<const AbstinenceMeasure> measures, const AbstinenceScores& scores,
                  Findings& findings) {
  using Window = AbstinenceWindow::State;
  const bool treats_all = data.rules.mode == AbstinenceMode::intention_to_treat;
  const std::string_view result = treats_all ? "the result is 0" : "there is no result";
  const auto place = [&](const std::string& visit) {
    return static_cast<std::size_t>(std::ranges::find(data.visits, visit) - data.visits.begin());
  };
  // `visit 2 (day 14, filled in)`
  const auto visit_text = [&](std::size_t p, const std::string& visit) {
    const std::size_t at = p * data.visits.size() + place(visit);
    std::string text = "visit " + visit;
    const State state = data.visit_state[at];
    const bool filled = state == State::imputed || state == State::imputed_without_day;
    if (state != State::recorded && (state != State::imputed || !treats_all)) {
      return text + " (no day)";
    }
    text += tables.days_are_dates() ? " (" : " (day ";
    return text + tables.day_text(data.visit_day[at]) + (filled ? ", filled in)" : ")");
  };
  const auto add = [&](Severity severity, std::string_view rule, std::size_t m, std::size_t p,
                       const auto& text) {
    if (!findings.wants(rule)) return findings.count_only(severity, rule);
    Finding finding;
    finding.severity = severity;
    finding.rule = std::string{rule};
    finding.text = text() + " (configuration " + data.rules.name + ")";
    finding.person = data.ids[p];
    finding.field = "measure";
    finding.value = measures[m].id;
    findings.add(std::move(finding));
  };
  std::uint64_t days = 0;
  std::uint64_t filled = 0;
  std::uint64_t visits_filled = 0;
  for (std::size_t m = 0; m < measures.size(); ++m) {
    const AbstinenceMeasure& measure = measures[m];
    const std::string start_word =
        measure.kind == AbstinenceKind::prolonged ? "the quit " : "the start ";
    for (std::size_t p = 0; p < data.people(); ++p) {
      const AbstinenceWindow& window = scores.window(m, p);
      days += window.days;
      filled += window.filled;
      visits_filled += (window.start_filled ? 1U : 0U) + (window.end_filled ? 1U : 0U);
      switch (window.state) {
        case Window::whole:
        case Window::no_end_visit:
          break;
        case Window::reversed:
          add(Severity::warning, "visits_out_of_order", m, p, [&] {
            return start_word + visit_text(p, measure.start_visit) + " lies after the end " +
                   visit_text(p, measure.end_visit) + ": no window, and " + std::string{result};
          });
          break;
        case Window::empty:
          add(Severity::caution, "window_empty", m, p, [&] {
            std::string text = "no day lies between " + start_word;
            text += visit_text(p, measure.start_visit);
            if (measure.grace_days > 0) {
              text += " with " + std::to_string(measure.grace_days) + " days of grace";
            }
            return text + " and the end " + visit_text(p, measure.end_visit) + "; " +
                   std::string{result};
          });
          break;
        case Window::no_day:
          if (!treats_all) break;
          add(Severity::caution, "visit_without_day", m, p, [&] {
            std::string text = "no window: ";
            if (measure.kind != AbstinenceKind::point_prevalence) {
              text += visit_text(p, measure.start_visit) + ", ";
            }
            return text + visit_text(p, measure.end_visit) + "; " + std::string{result};
          });
          break;
      }
    }
  }
  if (filled == 0 && visits_filled == 0) return;
  Finding finding;
  finding.rule = "days_filled";
  finding.text = "configuration " + data.rules.name + ": of " + std::to_string(days) +
                 " days under all results " + std::to_string(filled) + " were filled in, and " +
                 std::to_string(visits_filled) +
                 " times the day of a visit; the tidy layout counts them for each result";
  findings.add(std::move(finding));
}

AbstinenceRate abstinence_rate(const AbstinenceScores& scores, std::size_t measure) noexcept {
  AbstinenceRate out;
  out.people = scores.people();
  for (std::size_t p = 0; p < scores.people(); ++p) {
    const auto value = scores.result(measure, p);
    if (!value) continue;
    ++out.with_value;
    out.abstinent += *value ? 1U : 0U;
  }
  return out;
}

}  // namespace ombre::inline v0::outcomes
