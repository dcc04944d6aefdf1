// Cleaning and filling by one set of rules: visits for all people together, amounts person by
// person.
#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "abstinence_clean.hpp"
#include "ombre/outcomes/abstinence.hpp"

namespace ombre::inline v0::outcomes {
namespace {

using detail::AmountRow;

constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) noexcept {
  // b counts the rows of a group, which has one at least.
  const std::int64_t q = a / b;  // NOLINT(clang-analyzer-core.DivideZero)
  return (a % b != 0 && (a < 0) != (b < 0)) ? q - 1 : q;
}

struct VisitRow {
  std::uint32_t visit = 0;
  std::int32_t day = 0;
};

// Visits of everybody after cleaning, by block of AbstinenceTables::visit_rows().
struct CleanVisits {
  std::vector<std::size_t> offset{0};
  std::vector<VisitRow> row;  // of a block: by visit, then day
  [[nodiscard]] std::size_t blocks() const { return offset.size() - 1; }
  [[nodiscard]] std::span<const VisitRow> block(std::size_t b) const {
    return std::span{row}.subspan(offset[b], offset[b + 1] - offset[b]);
  }
  // Day of a visit; the earliest where duplicates were kept.
  [[nodiscard]] std::optional<std::int32_t> day(std::size_t b, std::size_t visit) const {
    for (const VisitRow& one : block(b)) {
      if (one.visit == visit) return one.day;
    }
    return std::nullopt;
  }
};

Finding about(const AbstinenceTables& tables, std::optional<std::size_t> person, Severity severity,
              std::string_view rule, std::string_view field, std::optional<std::uint64_t> line,
              std::string value, std::string text) {
  Finding finding;
  finding.severity = severity;
  finding.rule = rule;
  finding.text = std::move(text);
  if (person) finding.person = tables.id(*person);
  finding.field = field;
  finding.row = line;
  if (line) finding.file = field == "visit" ? tables.visits_file() : tables.tlfb_file();
  finding.value = std::move(value);
  return finding;
}

CleanVisits clean_visits(const AbstinenceTables& tables, DuplicateRule rule, Findings& findings) {
  const AbstinenceTables::Visits& raw = tables.visit_rows();
  CleanVisits out;
  const std::size_t blocks = raw.offset.size() - 1;
  std::vector<std::optional<std::size_t>> person(blocks);
  for (std::size_t p = 0; p < raw.block_of.size(); ++p) person[raw.block_of[p]] = p;
  for (std::size_t b = 0; b < blocks; ++b) {
    for (std::uint64_t i = raw.offset[b]; i < raw.offset[b + 1];) {
      std::uint64_t end = i + 1;
      while (end < raw.offset[b + 1] && raw.visit[end] == raw.visit[i]) ++end;
      const std::uint32_t visit = raw.visit[i];
      const auto n = static_cast<std::int64_t>(end - i);
      if (n > 1 && person[b]) {
        findings.add(
            about(tables, person[b], Severity::caution, "visit_duplicate", "visit", raw.line[i + 1],
                  tables.visits()[visit],
                  std::to_string(n) + " rows for this visit; rule: " + std::string{name(rule)}));
      }
      if (n == 1 || rule == DuplicateRule::keep) {
        for (; i < end; ++i) out.row.push_back({visit, raw.day[i]});
        continue;
      }
      switch (rule) {
        case DuplicateRule::keep:
        case DuplicateRule::drop_all:
          break;
        case DuplicateRule::min:
          out.row.push_back({visit, raw.day[i]});
          break;
        case DuplicateRule::max:
          out.row.push_back({visit, raw.day[end - 1]});
          break;
        case DuplicateRule::mean: {
          std::int64_t sum = 0;
          for (std::uint64_t k = i; k < end; ++k) sum += raw.day[k];
          const auto mean = static_cast<std::int32_t>(floor_div(sum, n));
          out.row.push_back({visit, mean});
          if (sum % n != 0 && person[b]) {
            findings.add(about(
                tables, person[b], Severity::note, "visit_mean_rounded", "visit", raw.line[i + 1],
                tables.visits()[visit],
                "the mean of its days falls between two days; taken as " + tables.day_text(mean)));
          }
          break;
        }
      }
      i = end;
    }
    out.offset.push_back(out.row.size());
  }
  return out;
}

// The visit that is most often the earliest one of a person. Equal days: the lower visit.
std::optional<std::size_t> usual_first_visit(const CleanVisits& visits, std::size_t count) {
  std::vector<std::size_t> times(count, 0);
  for (std::size_t b = 0; b < visits.blocks(); ++b) {
    const auto rows = visits.block(b);
    if (rows.empty()) continue;
    const auto first = std::ranges::min_element(
        rows, [](const VisitRow& x, const VisitRow& y) { return x.day < y.day; });
    ++times[first->visit];
  }
  const auto most = std::ranges::max_element(times);  // the first of equals
  if (most == times.end() || *most == 0) return std::nullopt;
  return static_cast<std::size_t>(most - times.begin());
}

std::vector<std::optional<std::int32_t>> shifts(const CleanVisits& visits, std::size_t count,
                                                std::size_t anchor, VisitFill how) {
  struct Seen {
    std::size_t times = 0;
    std::size_t first = 0;  // rank in order of person
  };
  std::vector<std::map<std::int64_t, Seen>> distances(count);
  std::vector<std::int64_t> sum(count, 0);
  std::vector<std::int64_t> n(count, 0);
  for (std::size_t b = 0; b < visits.blocks(); ++b) {
    const auto from = visits.day(b, anchor);
    if (!from) continue;
    std::optional<std::uint32_t> done;
    for (const VisitRow& row : visits.block(b)) {
      if (done == row.visit) continue;  // the earliest of kept duplicates
      done = row.visit;
      const std::int64_t distance = std::int64_t{row.day} - *from;
      sum[row.visit] += distance;
      ++n[row.visit];
      if (how == VisitFill::most_frequent) {
        Seen& seen = distances[row.visit].try_emplace(distance, Seen{0, b}).first->second;
        ++seen.times;
      }
    }
  }
  std::vector<std::optional<std::int32_t>> out(count);
  for (std::size_t v = 0; v < count; ++v) {
    if (n[v] == 0) continue;
    std::int64_t shift = sum[v] / n[v];  // towards 0
    if (how == VisitFill::most_frequent) {
      const auto best = std::ranges::max_element(distances[v], [](const auto& x, const auto& y) {
        return x.second.times != y.second.times ? x.second.times < y.second.times
                                                : x.second.first > y.second.first;
      });
      shift = best->first;
    }
    if (shift >= INT32_MIN && shift <= INT32_MAX) out[v] = static_cast<std::int32_t>(shift);
  }
  return out;
}

std::vector<RetentionRow> retention(const CleanVisits& visits, std::span<const std::string> names) {
  const std::size_t count = names.size();
  std::vector<RetentionRow> out(count);
  std::vector<std::uint64_t> last(count, 0);
  for (std::size_t b = 0; b < visits.blocks(); ++b) {
    const auto rows = visits.block(b);
    const VisitRow* latest = nullptr;
    for (const VisitRow& row : rows) {
      ++out[row.visit].attended;
      if (latest == nullptr || row.day > latest->day) latest = &row;
    }
    if (latest != nullptr) ++last[latest->visit];
  }
  const std::uint64_t people = visits.blocks();
  std::uint64_t gone = 0;
  for (std::size_t v = 0; v < count; ++v) {
    out[v].visit = names[v];
    out[v].people = people;
    out[v].retained = people - gone;
    gone += last[v];
  }
  return out;
}

Result<void> place_visits(const AbstinenceTables& tables, const AbstinenceRules& rules,
                          const CleanVisits& clean, PreparedAbstinence& out, Findings& findings) {
  using State = PreparedAbstinence::VisitState;
  const std::size_t count = tables.visits().size();
  const std::size_t people = tables.people();
  out.visit_state.assign(people * count, State::absent);
  out.visit_day.assign(people * count, 0);
  out.shift.assign(count, std::nullopt);
  if (rules.visits != VisitFill::none) {
    if (rules.anchor_visit) {
      out.anchor = tables.find_visit(*rules.anchor_visit);
      if (!out.anchor) {
        return unexpected(error_at(Errc::unknown_name, "anchor_visit", std::nullopt,
                                   *rules.anchor_visit, "is a visit nobody has"));
      }
    } else {
      out.anchor = usual_first_visit(clean, count);
    }
    if (rules.visits == VisitFill::table) {
      for (std::size_t i = 0; i < rules.visit_table.size(); ++i) {
        const auto visit = tables.find_visit(rules.visit_table[i].first);
        if (!visit) {
          return unexpected(error_at(Errc::unknown_name, "visit_table[" + std::to_string(i) + "]",
                                     std::nullopt, rules.visit_table[i].first,
                                     "is a visit nobody has"));
        }
        out.shift[*visit] = rules.visit_table[i].second;
      }
    } else if (out.anchor) {
      out.shift = shifts(clean, count, *out.anchor, rules.visits);
    }
    for (std::size_t v = 0; v < count; ++v) {
      if (out.shift[v]) continue;
      findings.add(about(tables, std::nullopt, Severity::caution, "visit_without_shift", "visit",
                         std::nullopt, tables.visits()[v],
                         "nothing says how far this visit lies from the anchor visit; where it is "
                         "missing it stays without a day"));
    }
  }
  const AbstinenceTables::Visits& raw = tables.visit_rows();
  for (std::size_t p = 0; p < people; ++p) {
    const std::size_t b = raw.block_of[p];
    const std::size_t at = p * count;
    for (const VisitRow& row : clean.block(b)) {
      if (out.visit_state[at + row.visit] == State::recorded) continue;
      out.visit_state[at + row.visit] = State::recorded;
      out.visit_day[at + row.visit] = row.day;
    }
    if (rules.visits == VisitFill::none) continue;
    const auto from = out.anchor ? clean.day(b, *out.anchor) : std::nullopt;
    for (std::size_t v = 0; v < count; ++v) {
      if (out.visit_state[at + v] == State::recorded) continue;
      out.visit_state[at + v] = State::imputed_without_day;
      if (!from || !out.shift[v]) continue;
      const std::int64_t day = std::int64_t{*from} + *out.shift[v];
      if (day < INT32_MIN || day > INT32_MAX) continue;
      out.visit_state[at + v] = State::imputed;
      out.visit_day[at + v] = static_cast<std::int32_t>(day);
    }
  }
  return {};
}

struct Piece {
  std::vector<std::uint64_t> rows;
  std::vector<std::int32_t> day;
  std::vector<double> amount;
  std::vector<Origin> origin;
  Findings findings = Findings{};
};

void load(const AbstinenceTables::Amounts& from, std::size_t person, std::vector<AmountRow>& to) {
  to.clear();
  for (std::uint64_t i = from.offset[person]; i < from.offset[person + 1]; ++i) {
    to.push_back({from.day[i], from.amount[i], Origin::raw});
  }
}

void work(const AbstinenceTables& tables, const AbstinenceRules& rules, std::size_t begin,
          std::size_t end, Piece& piece) {
  std::vector<AmountRow> rows;
  std::vector<AmountRow> biochemical;
  for (std::size_t p = begin; p < end; ++p) {
    const AbstinenceTables::Amounts& from = tables.tlfb();
    // `wrong(i)` says whether recorded row i is one the finding is about.
    const auto note = [&](std::size_t count, Severity severity, std::string_view rule,
                          std::string_view text, const auto& wrong) {
      if (count == 0) return;
      std::uint64_t row = from.offset[p];
      while (row + 1 < from.offset[p + 1] && !wrong(row)) ++row;
      piece.findings.add(about(tables, p, severity, rule, "amount", from.line[row],
                               shortest(from.amount[row]),
                               std::to_string(count) + std::string{text}));
    };
    load(from, p, rows);
    note(detail::merge_days(rows, rules.duplicates), Severity::caution, "amount_duplicate",
         " day(s) with several records; rule: " + std::string{name(rules.duplicates)},
         [&](std::uint64_t i) { return i > from.offset[p] && from.day[i] == from.day[i - 1]; });
    if (rules.outliers) {
      const OutlierRule& bounds = *rules.outliers;
      note(detail::apply_outliers(rows, bounds), Severity::caution, "amount_outlier",
           bounds.drop ? " amount(s) outside the bounds; dropped"
                       : " amount(s) outside the bounds; moved to the bound",
           [&](std::uint64_t i) {
             return from.amount[i] < bounds.lowest || from.amount[i] > bounds.highest;
           });
    }
    const auto below_zero =
        std::ranges::count_if(rows, [](const AmountRow& row) { return row.amount < 0; });
    note(static_cast<std::size_t>(below_zero), Severity::warning, "amount_negative",
         " amount(s) below 0; they count as abstinent",
         [&](std::uint64_t i) { return from.amount[i] < 0; });
    biochemical.clear();
    if (rules.biochemical && rules.gaps != GapFill::none) {
      load(tables.biochemical(), p, biochemical);
      detail::extend_back(biochemical, *rules.biochemical);
      (void)detail::merge_days(biochemical, rules.biochemical->duplicates);
      if (rules.biochemical->outliers) {
        (void)detail::apply_outliers(biochemical, *rules.biochemical->outliers);
      }
    }
    note(detail::fill(rows, rules, biochemical) ? 0 : 1, Severity::warning, "span_too_long",
         " person with records more than 73000 days apart; gaps are left open",
         [&](std::uint64_t i) { return i > from.offset[p]; });
    for (const AmountRow& row : rows) {
      piece.day.push_back(row.day);
      piece.amount.push_back(row.amount);
      piece.origin.push_back(row.origin);
    }
    piece.rows.push_back(rows.size());
  }
}

}  // namespace

Result<PreparedAbstinence> prepare_abstinence(const AbstinenceTables& tables,
                                              const AbstinenceRules& rules, Findings& findings,
                                              const Runner& runner, const Progress& progress) {
  if (auto good = validate(rules); !good) return unexpected(good.error());
  if (rules.biochemical && !tables.has_biochemical()) {
    return unexpected(error_of(Errc::missing, "biochemical",
                               "the rules verify by a biochemical measure, but there is none"));
  }
  PreparedAbstinence out;
  out.rules = rules;
  out.visits.assign(tables.visits().begin(), tables.visits().end());
  const std::size_t people = tables.people();
  out.ids.reserve(people);
  for (std::size_t p = 0; p < people; ++p) out.ids.emplace_back(tables.id(p));

  const CleanVisits clean = clean_visits(tables, rules.visit_duplicates, findings);
  out.retention = retention(clean, tables.visits());
  if (auto placed = place_visits(tables, rules, clean, out, findings); !placed) {
    return unexpected(placed.error());
  }

  std::vector<Piece> pieces((people + detail::people_per_piece - 1) / detail::people_per_piece);
  const auto done = detail::for_pieces(people, runner, progress,
                                       [&](std::size_t piece, std::size_t begin, std::size_t end) {
                                         work(tables, rules, begin, end, pieces[piece]);
                                       });
  if (!done) return unexpected(done.error());
  out.offset.reserve(people + 1);
  out.offset.push_back(0);
  for (Piece& piece : pieces) {
    for (const std::uint64_t count : piece.rows) out.offset.push_back(out.offset.back() + count);
    out.day.insert(out.day.end(), piece.day.begin(), piece.day.end());
    out.amount.insert(out.amount.end(), piece.amount.begin(), piece.amount.end());
    out.origin.insert(out.origin.end(), piece.origin.begin(), piece.origin.end());
    findings.merge(piece.findings);
    piece = Piece{};
  }
  return out;
}

}  // namespace ombre::inline v0::outcomes
