#include "abstinence_clean.hpp"

#include <algorithm>
#include <cmath>

namespace ombre::inline v0::outcomes::detail {
namespace {

// Beyond two centuries a day is misread, and filling gaps would only eat memory.
constexpr std::int64_t max_span = 73'000;

bool by_day(const AmountRow& a, const AmountRow& b) {
  return a.day != b.day ? a.day < b.day : a.amount < b.amount;
}

}  // namespace

std::size_t merge_days(std::vector<AmountRow>& rows, DuplicateRule rule) {
  std::size_t merged = 0;
  std::size_t out = 0;
  for (std::size_t i = 0; i < rows.size();) {
    std::size_t end = i + 1;
    while (end < rows.size() && rows[end].day == rows[i].day) ++end;
    const std::size_t n = end - i;
    if (n > 1) ++merged;
    if (n == 1 || rule == DuplicateRule::keep) {
      for (; i < end; ++i) rows[out++] = rows[i];
      continue;
    }
    AmountRow one = rows[i];
    switch (rule) {
      case DuplicateRule::max:
        one.amount = rows[end - 1].amount;
        break;
      case DuplicateRule::mean: {
        double sum = 0;
        for (std::size_t k = i; k < end; ++k) sum += rows[k].amount;
        one.amount = sum / static_cast<double>(n);
        break;
      }
      case DuplicateRule::keep:
      case DuplicateRule::min:  // the first one
      case DuplicateRule::drop_all:
        break;
    }
    if (rule != DuplicateRule::drop_all) rows[out++] = one;
    i = end;
  }
  rows.resize(out);
  return merged;
}

std::size_t apply_outliers(std::vector<AmountRow>& rows, const OutlierRule& rule) {
  std::size_t outside = 0;
  const auto is_outside = [&](const AmountRow& row) {
    return row.amount < rule.lowest || row.amount > rule.highest;
  };
  if (rule.drop) {
    outside = std::erase_if(rows, is_outside);
  } else {
    for (AmountRow& row : rows) {
      if (!is_outside(row)) continue;
      ++outside;
      row.amount = row.amount < rule.lowest ? rule.lowest : rule.highest;
    }
  }
  return outside;
}

void extend_back(std::vector<AmountRow>& rows, const BiochemicalRule& rule) {
  if (rule.max_days == 0) return;
  const std::size_t measured = rows.size();
  std::vector<std::int32_t> taken;  // days that got a value
  for (std::size_t i = 0; i < measured; ++i) {
    if (!(rows[i].amount > rule.cutoff)) continue;
    for (std::int32_t k = 1; k <= rule.max_days; ++k) {
      const std::int64_t day = std::int64_t{rows[i].day} - k;
      if (day < INT32_MIN) break;
      const auto at = static_cast<std::int32_t>(day);
      // Records come by day, so a taken day lies at most max_days before the newest one.
      const auto from = taken.size() > 2 * static_cast<std::size_t>(rule.max_days)
                            ? taken.end() - 2 * std::ptrdiff_t{rule.max_days}
                            : taken.begin();
      if (std::find(from, taken.end(), at) != taken.end()) continue;
      taken.push_back(at);
      rows.push_back({at, rows[i].amount * std::exp2(k / rule.half_life_days), Origin::imputed});
    }
  }
  std::ranges::sort(rows, by_day);
}

bool fill(std::vector<AmountRow>& rows, const AbstinenceRules& rules,
          std::span<const AmountRow> biochemical) {
  if (rules.gaps == GapFill::none || rows.empty()) return true;

  std::optional<AmountRow> last;
  if (rules.last_record != LastRecord::none && rows.back().day < INT32_MAX) {
    last =
        AmountRow{rows.back().day + 1,
                  rules.last_record == LastRecord::fixed ? rules.last_amount : rows.back().amount,
                  Origin::imputed};
  }

  if (rules.biochemical) {
    const double instead = rules.biochemical->overridden_amount.value_or(rules.cutoff + 1);
    std::size_t b = 0;
    for (AmountRow& row : rows) {
      while (b < biochemical.size() && biochemical[b].day < row.day) ++b;
      bool contradicted = false;
      for (std::size_t k = b; k < biochemical.size() && biochemical[k].day == row.day; ++k) {
        contradicted = contradicted || biochemical[k].amount > rules.biochemical->cutoff;
      }
      if (contradicted && row.amount <= rules.cutoff) {
        row.amount = instead;
        row.origin = Origin::overridden;
      }
    }
  }

  const std::int64_t span = std::int64_t{rows.back().day} - rows.front().day;
  const bool fits = span <= max_span;
  const bool holes = std::ranges::adjacent_find(rows, [](const AmountRow& a, const AmountRow& b) {
                       return std::int64_t{b.day} - a.day > 1;
                     }) != rows.end();
  if (fits && holes) {
    const bool limited = rules.gap_limit && (rules.gap_limit_rule == GapLimitRule::documented ||
                                             *rules.gap_limit == 0);
    std::vector<AmountRow> full;
    full.reserve(static_cast<std::size_t>(span) + rows.size() + 2);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i > 0) {
        const AmountRow& before = rows[i - 1];
        const AmountRow& after = rows[i];
        const std::int32_t apart = after.day - before.day;
        const bool too_long = limited && apart > *rules.gap_limit;
        const double step = apart > 0 ? (after.amount - before.amount) / apart : 0;
        const double middle = (before.amount + after.amount) / 2;
        for (std::int32_t k = 1; k < apart; ++k) {
          double amount = 0;
          if (too_long) {
            amount = rules.cutoff + 1;
          } else if (rules.gaps == GapFill::linear) {
            amount = before.amount + step * k;
          } else if (rules.gaps == GapFill::uniform) {
            amount = middle;
          } else {
            amount = rules.gap_amount;
          }
          full.push_back({before.day + k, amount, Origin::imputed});
        }
      }
      full.push_back(rows[i]);
    }
    rows.swap(full);
  }
  if (last) rows.push_back(*last);
  return fits;
}

Result<void> for_pieces(std::size_t people, const Runner& runner, const Progress& progress,
                        const std::function<void(std::size_t, std::size_t, std::size_t)>& work) {
  const std::size_t pieces = (people + people_per_piece - 1) / people_per_piece;
  const std::size_t group = std::max<std::size_t>(runner.workers() * 8, 1);
  for (std::size_t done = 0; done < pieces; done += group) {
    const std::size_t now = std::min(group, pieces - done);
    runner.run(now, [&](std::size_t i) {
      const std::size_t piece = done + i;
      const std::size_t begin = piece * people_per_piece;
      work(piece, begin, std::min(begin + people_per_piece, people));
    });
    if (progress && !progress(static_cast<double>(done + now) / static_cast<double>(pieces))) {
      return unexpected(error_of(Errc::cancelled, "progress", "the caller asked to stop"));
    }
  }
  return {};
}

}  // namespace ombre::inline v0::outcomes::detail
