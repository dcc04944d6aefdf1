#include "ombre/plans/score_change.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "plain_words.hpp"

namespace ombre::inline v0::plans {
namespace {

constexpr std::array<std::string_view, 5> class_names{"abstinent", "improved", "unchanged",
                                                      "deteriorated", "not_known"};

// What the items of the Treatment Outcomes Profile are.
enum class Kind { use_days, other_days, good_days, yes_is_worse, rating };
struct TopItem {
  Kind kind;
  bool life;  // about life rather than use and its harms
};
constexpr std::array top_items{
    TopItem{Kind::use_days, false},      // alcohol
    TopItem{Kind::use_days, false},      // opiates
    TopItem{Kind::use_days, false},      // crack
    TopItem{Kind::use_days, false},      // cocaine
    TopItem{Kind::use_days, false},      // amphetamines
    TopItem{Kind::use_days, false},      // cannabis
    TopItem{Kind::use_days, false},      // other substance
    TopItem{Kind::use_days, false},      // injecting
    TopItem{Kind::yes_is_worse, false},  // sharing
    TopItem{Kind::other_days, false},    // shoplifting
    TopItem{Kind::other_days, false},    // drug selling
    TopItem{Kind::yes_is_worse, false},  // theft
    TopItem{Kind::yes_is_worse, false},  // violence
    TopItem{Kind::rating, true},         // psychological health
    TopItem{Kind::rating, true},         // physical health
    TopItem{Kind::good_days, true},      // work
    TopItem{Kind::good_days, true},      // education
    TopItem{Kind::yes_is_worse, true},   // housing problem
    TopItem{Kind::yes_is_worse, true},   // risk of eviction
    TopItem{Kind::rating, true},         // quality of life
};
constexpr bool higher_is_better(Kind kind) noexcept {
  return kind == Kind::good_days || kind == Kind::rating;
}
bool is_top(const spectrum::Instrument& instrument) noexcept {
  return instrument.id == "top" && instrument.items == top_items.size();
}

// A score that may only be known to lie between two numbers.
struct Reach {
  double least = 0;
  double most = 0;
};

ScoreClass class_of(double change, const std::optional<Margin>& margin, bool up_is_good) {
  if (change == 0) return ScoreClass::unchanged;
  if (!margin) return ScoreClass::not_known;
  // A hair at the margin is the margin: sums of means are not exact in binary.
  const double size = std::abs(change);
  const bool counts = margin->kind == MarginKind::reliable ? size > margin->size * (1 + 1e-12)
                                                           : size >= margin->size * (1 - 1e-12);
  if (!counts) return ScoreClass::unchanged;
  return (change > 0) == up_is_good ? ScoreClass::improved : ScoreClass::deteriorated;
}

// The class that every pair of scores within the two reaches gives. The class is monotone in the
// change, so the two ends decide, unless no change lies between them.
ScoreClass class_of(Reach before, Reach after, const std::optional<Margin>& margin,
                    bool up_is_good) {
  const ScoreClass low = class_of(after.least - before.most, margin, up_is_good);
  const ScoreClass high = class_of(after.most - before.least, margin, up_is_good);
  return low == high ? low : ScoreClass::not_known;
}

Result<void> check_margins(const spectrum::Instrument& instrument,
                           std::span<const NamedMargin> margins) {
  for (std::size_t i = 0; i < margins.size(); ++i) {
    const NamedMargin& m = margins[i];
    const bool there = is_top(instrument) ? instrument.item_place(m.of).has_value()
                                          : instrument.scale(m.of) != nullptr;
    if (!there) {
      std::string rule = "is not " + std::string{is_top(instrument) ? "an item" : "a scale"} +
                         " of " + std::string{instrument.id} + "; there is";
      if (is_top(instrument)) {
        for (std::size_t p = 0; p < instrument.items; ++p) {
          (rule += ' ') += instrument.item_name(p);
        }
      } else {
        for (const spectrum::Scale& s : instrument.scales) (rule += ' ') += s.id;
      }
      return unexpected(error_at(Errc::unknown_name, "margins", i, m.of, rule));
    }
    if (!(m.margin.size >= 0 && m.margin.size <= 1e9)) {
      return unexpected(error_at(Errc::out_of_range, "margins", i, m.margin.size,
                                 "must be 0 or more, at most 1e9"));
    }
    const auto same = [&](const NamedMargin& other) {
      return other.of == m.of ||
             (is_top(instrument) && instrument.item_place(other.of) == instrument.item_place(m.of));
    };
    if (std::ranges::any_of(margins.first(i), same)) {
      return unexpected(
          error_at(Errc::duplicate, "margins", i, m.of, "has a margin already; give it once"));
    }
  }
  return {};
}

std::optional<Margin> margin_of_item(const spectrum::Instrument& instrument,
                                     std::span<const NamedMargin> margins, std::size_t place) {
  for (const NamedMargin& m : margins) {
    if (instrument.item_place(m.of) == place) return m.margin;
  }
  return std::nullopt;
}
std::optional<Margin> margin_of_scale(std::span<const NamedMargin> margins, std::string_view id) {
  const auto found = std::ranges::find(margins, id, &NamedMargin::of);
  return found == margins.end() ? std::nullopt : std::optional{found->margin};
}

Result<spectrum::ScoreReport> scored(const spectrum::Instrument& instrument,
                                     std::span<const std::optional<double>> answers,
                                     std::string_view which) {
  auto report = spectrum::score(instrument, answers);
  if (report || which.empty()) return report;
  Error error = std::move(report).error();
  error.field = std::string{which} + "." + error.field;
  return unexpected(std::move(error));
}

ScoreChange top_change(const spectrum::Instrument& instrument, std::size_t place,
                       const std::optional<double>& before, const std::optional<double>& after,
                       std::span<const NamedMargin> margins) {
  const Kind kind = top_items[place].kind;
  ScoreChange out;
  out.instrument = &instrument;
  out.of = instrument.item_name(place);
  out.before = before;
  out.after = after;
  out.yes_or_no = kind == Kind::yes_is_worse;
  out.higher_is_better = higher_is_better(kind);
  if (!out.yes_or_no) out.margin = margin_of_item(instrument, margins, place);
  if (!before || !after) return out;
  out.change = *after - *before;
  if (kind == Kind::use_days && *before > 0 && *after == 0) {
    out.cls = ScoreClass::abstinent;
  } else if (out.yes_or_no) {
    out.cls = class_of(*out.change, Margin{1, MarginKind::own}, false);
  } else {
    out.cls = class_of(*out.change, out.margin, *out.higher_is_better);
  }
  return out;
}

std::string called(std::string_view of) {
  std::string out{of};
  std::ranges::replace(out, '_', ' ');
  return out;
}

}  // namespace

template <>
std::span<const std::string_view> names_of<ScoreClass>() noexcept {
  return class_names;
}

Result<std::vector<ScoreChange>> score_changes(const spectrum::Instrument& instrument,
                                               std::span<const std::optional<double>> before,
                                               std::span<const std::optional<double>> after,
                                               std::span<const NamedMargin> margins) {
  if (auto ok = check_margins(instrument, margins); !ok) return unexpected(ok.error());
  const auto first = scored(instrument, before, "before");
  if (!first) return unexpected(first.error());
  const auto second = scored(instrument, after, "after");
  if (!second) return unexpected(second.error());
  std::vector<ScoreChange> out;
  if (is_top(instrument)) {
    for (std::size_t i = 0; i < top_items.size(); ++i) {
      out.push_back(top_change(instrument, i, before[i], after[i], margins));
    }
    return out;
  }
  for (std::size_t s = 0; s < first->scales.size(); ++s) {
    const spectrum::ScaleScore& then = first->scales[s];
    const spectrum::ScaleScore& now = second->scales[s];
    if (then.scale->higher == spectrum::Higher::neither) continue;
    ScoreChange c;
    c.instrument = &instrument;
    c.of = then.scale->id;
    c.before = then.value;
    c.after = now.value;
    c.margin = margin_of_scale(margins, c.of);
    c.higher_is_better = then.scale->higher == spectrum::Higher::better;
    if (then.value && now.value) c.change = *now.value - *then.value;
    const auto reach = [](const spectrum::ScaleScore& score) {
      return score.value ? Reach{*score.value, *score.value} : Reach{score.least, score.most};
    };
    c.cls = class_of(reach(then), reach(now), c.margin, *c.higher_is_better);
    out.push_back(c);
  }
  return out;
}

std::string describe(const ScoreChange& c) {
  std::string out = called(c.of);
  if (c.of == "total" && c.instrument != nullptr) out = std::string{c.instrument->title};
  const auto text = [&c](double value) {
    return c.yes_or_no ? std::string{value != 0 ? "yes" : "no"} : detail::plain(value);
  };
  if (c.before && c.after) {
    out += *c.before == *c.after ? ", " + text(*c.after) + " both times"
                                 : ", from " + text(*c.before) + " to " + text(*c.after);
  }
  switch (c.cls) {
    case ScoreClass::abstinent:
      return out + ": none now.";
    case ScoreClass::improved:
      return out + ": better.";
    case ScoreClass::deteriorated:
      return out + ": harder now.";
    case ScoreClass::unchanged:
      if (c.change == 0.0 || c.yes_or_no) return out + ": the same.";
      return out + (c.margin && c.margin->kind == MarginKind::reliable
                        ? ": no change beyond the error of measuring."
                        : ": less than the change that counts.");
    case ScoreClass::not_known:
      break;
  }
  if (c.before && c.after) return out + ": not known whether that is more than error.";
  return out + ": not known.";
}

Result<std::vector<DatedScore>> life_scores(const spectrum::Instrument& instrument,
                                            std::span<const std::optional<double>> answers, Date on,
                                            std::span<const NamedMargin> margins) {
  if (auto ok = check_margins(instrument, margins); !ok) return unexpected(ok.error());
  const auto report = scored(instrument, answers, "");
  if (!report) return unexpected(report.error());
  std::vector<DatedScore> out;
  const std::string prefix = std::string{instrument.id} + ": ";
  if (is_top(instrument)) {
    for (std::size_t i = 0; i < top_items.size(); ++i) {
      if (!top_items[i].life || !answers[i]) continue;
      DatedScore d{on, prefix + called(instrument.item_name(i)), *answers[i], {}, true};
      d.higher_is_better = higher_is_better(top_items[i].kind);
      d.yes_or_no = top_items[i].kind == Kind::yes_is_worse;
      d.margin = top_items[i].kind == Kind::yes_is_worse ? std::optional{Margin{1, MarginKind::own}}
                                                         : margin_of_item(instrument, margins, i);
      out.push_back(std::move(d));
    }
    return out;
  }
  for (const spectrum::ScaleScore& s : report->scales) {
    if (s.scale->higher == spectrum::Higher::neither || !s.value) continue;
    out.push_back({on, prefix + called(s.scale->id), *s.value,
                   margin_of_scale(margins, s.scale->id),
                   s.scale->higher == spectrum::Higher::better});
  }
  return out;
}

}  // namespace ombre::inline v0::plans
