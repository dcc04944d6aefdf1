#include "ombre/spectrum/instrument.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

#include "core/text.hpp"

namespace ombre::inline v0::spectrum {
namespace {

constexpr bool has(PlaceSet set, std::size_t place) noexcept {
  return place < 64 && ((set >> place) & 1U) != 0;
}

std::string item_field(const Instrument& instrument, std::size_t place) {
  return std::string{instrument.id} + ".item " + std::string{instrument.item_name(place)};
}

std::string values_of(const ItemKind& kind) {
  if (kind.only == 0) {
    return std::string{kind.whole ? "must be a whole number from " : "must be from "} +
           shortest(kind.low) + " to " + shortest(kind.high);
  }
  std::string out = "must be one of";
  for (int v = 0; v < 64; ++v) {
    if (((kind.only >> static_cast<unsigned>(v)) & 1U) != 0) (out += ' ') += std::to_string(v);
  }
  return out;
}

Result<void> check(const Instrument& instrument, std::size_t place, double value) {
  const ItemKind* kind = instrument.kind_of(place);
  const auto refuse = [&](Errc code, std::string_view rule) -> Result<void> {
    return unexpected(error_at(code, item_field(instrument, place), place, value, rule));
  };
  if (!std::isfinite(value)) return refuse(Errc::not_finite, "must be a number");
  if (kind == nullptr) return {};  // asked, not scored: any answer will do
  bool good = value >= kind->low && value <= kind->high;
  if (good && kind->whole) good = value == std::floor(value);
  if (good && kind->only != 0) {
    good = ((kind->only >> static_cast<unsigned>(value)) & 1U) != 0;  // whole and 0..63 by now
  }
  if (!good) return refuse(Errc::out_of_range, values_of(*kind));
  return {};
}

struct Bounds {
  double least = 0;
  double most = 0;
};

// What an item adds for an answer, and the least and most it can add.
double counted(const ItemKind& kind, double answer) noexcept {
  return kind.weight * (kind.reversed ? kind.low + kind.high - answer : answer);
}
Bounds reach(const ItemKind& kind) noexcept {
  return {kind.weight * kind.low, kind.weight * kind.high};
}

ScaleScore score_items(const Instrument& instrument, const Scale& scale,
                       std::span<const std::optional<double>> answers) {
  ScaleScore out;
  out.scale = &scale;
  double sum = 0;
  double top = 0;
  Bounds sums;
  Bounds tops;
  bool any = false;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!has(scale.items, i)) continue;
    const ItemKind& kind = *instrument.kind_of(i);
    Bounds of = reach(kind);
    if (answers[i]) {
      const double value = counted(kind, *answers[i]);
      of = {value, value};
      sum += value;
      top = out.answered == 0 ? value : std::max(top, value);
      ++out.answered;
    } else {
      ++out.missing;
    }
    sums.least += of.least;
    sums.most += of.most;
    tops.least = any ? std::max(tops.least, of.least) : of.least;
    tops.most = any ? std::max(tops.most, of.most) : of.most;
    any = true;
  }
  const auto n = static_cast<double>(out.answered + out.missing);
  const auto answered = static_cast<double>(out.answered);
  std::optional<double> raw;
  Bounds range = sums;
  switch (scale.formula) {
    case Formula::sum:
    case Formula::mean: {
      const double by = scale.formula == Formula::mean ? n : 1;
      range = {sums.least / by, sums.most / by};
      if (out.missing == 0) {
        raw = sum / by;
      } else if (out.missing <= scale.may_miss && out.answered > 0) {
        raw = sum / answered * n / by;
        out.replaced = true;
      }
      break;
    }
    case Formula::highest:
      range = tops;
      // Once an answer reaches the top, the others cannot change it.
      if (out.missing == 0 || (out.answered > 0 && top >= tops.most)) raw = top;
      break;
    case Formula::scales:
      break;
  }
  const auto put = [&scale](double v) { return scale.offset + scale.factor * v; };
  if (raw) out.value = put(*raw);
  out.least = std::min(put(range.least), put(range.most));
  out.most = std::max(put(range.least), put(range.most));
  return out;
}

ScaleScore score_scales(const Scale& scale, std::span<const ScaleScore> others) {
  ScaleScore out;
  out.scale = &scale;
  double sum = 0;
  Bounds range;
  bool all = true;
  for (std::size_t i = 0; i < others.size(); ++i) {
    const bool add = has(scale.plus, i);
    if (!add && !has(scale.minus, i)) continue;
    const ScaleScore& other = others[i];
    out.answered += other.answered;
    out.missing += other.missing;
    out.replaced = out.replaced || other.replaced;
    all = all && other.value.has_value();
    if (other.value) sum += add ? *other.value : -*other.value;
    range.least += add ? other.least : -other.most;
    range.most += add ? other.most : -other.least;
  }
  if (all) out.value = scale.offset + scale.factor * sum;
  out.least = scale.offset + scale.factor * range.least;
  out.most = scale.offset + scale.factor * range.most;
  return out;
}

// Sums of thirds and sevenths end a hair beside the cut-off they mean.
constexpr double same_score = 1e-9;

std::size_t place_of(std::span<const ScoreBand> bands, double score) noexcept {
  for (std::size_t i = 0; i < bands.size(); ++i) {
    if (score <= bands[i].up_to + same_score) return i;
  }
  return bands.size() - 1;
}

void add_bands(std::span<const ScoreBand> bands, double least, double most,
               std::vector<const ScoreBand*>& out) {
  const std::size_t to = place_of(bands, most);
  for (std::size_t i = place_of(bands, least); i <= to; ++i) out.push_back(&bands[i]);
}

BandAnswer answer_of(const BandScheme& scheme, std::optional<double> value, double least,
                     double most, std::optional<Sex> sex) {
  BandAnswer out;
  out.scheme = &scheme;
  const double from = value.value_or(least);
  const double to = value.value_or(most);
  if (scheme.for_women.empty() || sex) {
    const auto bands =
        !scheme.for_women.empty() && *sex == Sex::female ? scheme.for_women : scheme.bands;
    add_bands(bands, from, to, out.possible);
  } else {
    std::vector<const ScoreBand*> women;
    add_bands(scheme.bands, from, to, out.possible);
    add_bands(scheme.for_women, from, to, women);
    const auto same = [](const ScoreBand* a, const ScoreBand* b) { return a->name == b->name; };
    out.needs_sex = !std::ranges::equal(out.possible, women, same);
    for (const ScoreBand* band : women) {
      if (std::ranges::none_of(out.possible, [&](const ScoreBand* b) { return same(b, band); })) {
        out.possible.push_back(band);
      }
    }
  }
  if (out.possible.size() == 1 && !out.needs_sex) out.band = out.possible.front();
  return out;
}

// The word at a place of a text of words separated by blanks; "" beyond the last.
std::string_view word_at(std::string_view words, std::size_t place) noexcept {
  for (std::size_t i = 0; i < place; ++i) {
    const std::size_t blank = words.find(' ');
    if (blank == std::string_view::npos) return {};
    words.remove_prefix(blank + 1);
  }
  return words.substr(0, words.find(' '));
}

}  // namespace

std::string_view Instrument::item_name(std::size_t place) const noexcept {
  if (place >= items) return {};
  if (item_names.empty()) {
    // "1 2 3 ... 64": the names of numbered items, cut out of one text.
    constexpr std::string_view numbers =
        " 1 2 3 4 5 6 7 8 910111213141516171819202122232425262728293031323334353637383940414243444"
        "5464748495051525354555657585960616263"
        "64";
    std::string_view two = numbers.substr(2 * place, 2);
    if (two.front() == ' ') two.remove_prefix(1);
    return two;
  }
  return word_at(item_names, place);
}

namespace {

// What is left of "AUDIT_C_1", "auditc1", "item-1", "q1" without what stands before the number.
struct Bare {
  std::string_view name;
  bool stripped = false;
  bool by_q = false;
};

Bare bare_of(const Instrument& instrument, std::string_view name, bool q_too) {
  Bare out{name};
  const auto strip = [&out](std::string_view prefix) {
    if (out.name.size() > prefix.size() &&
        ascii::same_word(out.name.substr(0, prefix.size()), prefix)) {
      out.name.remove_prefix(prefix.size());
      while (!out.name.empty() && (out.name.front() == '_' || out.name.front() == '-')) {
        out.name.remove_prefix(1);
      }
      out.stripped = true;
      return true;
    }
    return false;
  };
  // "AUDIT_C_1" and "auditc1" both begin with the instrument's name.
  std::string squeezed;
  for (const char c : instrument.id) {
    if (c != '_') squeezed += c;
  }
  if (!strip(instrument.id)) strip(squeezed);
  if (!strip("item")) strip("question");
  if (q_too) out.by_q = strip("q");
  return out;
}

// A whole number from 1 to 99 in digits.
std::optional<int> number_in(std::string_view text) {
  if (text.empty() || text.size() > 2) return std::nullopt;
  int out = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    out = 10 * out + (c - '0');
  }
  return out;
}

}  // namespace

std::optional<std::size_t> Instrument::item_place(std::string_view name) const {
  const auto named = [this](std::string_view text) -> std::optional<std::size_t> {
    for (std::size_t i = 0; i < items; ++i) {
      if (ascii::same_word(item_name(i), text)) return i;
    }
    return std::nullopt;
  };
  if (const auto place = named(name)) return place;
  const Bare bare = bare_of(*this, name, item_names.empty());
  if (bare.stripped) {
    if (const auto place = named(bare.name)) return place;
  }
  if (item_numbers.empty()) return std::nullopt;
  const std::string_view number = bare_of(*this, name, true).name;
  if (number == "-") return std::nullopt;
  for (std::size_t i = 0; i < items; ++i) {
    if (word_at(item_numbers, i) == number) return i;
  }
  return std::nullopt;
}

bool Instrument::item_unclear(std::string_view name) const {
  if (item_names.empty() || item_place(name)) return false;
  const Bare bare = bare_of(*this, name, true);
  const auto number = number_in(bare.name);
  if (!number || *number == 0) return false;
  // "q6" where the items are "q6_lifetime" and "q6_three_months".
  const std::string as_item = "q" + std::to_string(*number) + "_";
  for (std::size_t i = 0; i < items; ++i) {
    if (item_name(i).starts_with(as_item)) return true;
  }
  if (*number > items) return false;
  // With published numbers, "q1" is the published question 1, which may not be part of the score;
  // a bare "1" may as well mean the first of those that are.
  return item_numbers.empty() || !bare.by_q;
}

std::string Instrument::item_list() const {
  std::string out;
  for (std::size_t i = 0; i < items; ++i) {
    if (i > 0) out += ' ';
    out += item_name(i);
  }
  return out;
}

const ItemKind* Instrument::kind_of(std::size_t place) const noexcept {
  for (const ItemKind& kind : kinds) {
    if (has(kind.which, place)) return &kind;
  }
  return nullptr;
}

const Scale* Instrument::scale(std::string_view scale_id) const noexcept {
  const auto at = std::ranges::find(scales, scale_id, &Scale::id);
  return at == scales.end() ? nullptr : &*at;
}

const ScaleScore* ScoreReport::scale(std::string_view id) const noexcept {
  for (const ScaleScore& score : scales) {
    if (score.scale->id == id) return &score;
  }
  return nullptr;
}

const BandAnswer* ScoreReport::scheme(std::string_view id) const noexcept {
  for (const ScaleScore& score : scales) {
    for (const BandAnswer& answer : score.bands) {
      if (answer.scheme->id == id) return &answer;
    }
  }
  return nullptr;
}

Result<ScoreReport> score(const Instrument& instrument,
                          std::span<const std::optional<double>> answers, std::optional<Sex> sex) {
  if (answers.size() != instrument.items) {
    return unexpected(error_at(
        Errc::size_mismatch, instrument.id, std::nullopt, static_cast<double>(answers.size()),
        "must be one answer for each of its " + std::to_string(instrument.items) + " items"));
  }
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i]) continue;
    if (auto good = check(instrument, i, *answers[i]); !good) return unexpected(good.error());
  }
  ScoreReport out;
  out.instrument = &instrument;
  out.scales.reserve(instrument.scales.size());
  for (const Scale& scale : instrument.scales) {
    out.scales.push_back(scale.formula == Formula::scales
                             ? score_scales(scale, out.scales)
                             : score_items(instrument, scale, answers));
  }
  for (const BandScheme& scheme : instrument.schemes) {
    for (ScaleScore& s : out.scales) {
      if (s.scale->id != scheme.scale) continue;
      s.bands.push_back(answer_of(scheme, s.value, s.least, s.most, sex));
    }
  }
  return out;
}

Result<ScoreReport> score(const Instrument& instrument, std::span<const NamedAnswer> answers,
                          std::optional<Sex> sex) {
  std::vector<std::optional<double>> row(instrument.items);
  PlaceSet seen = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto place = instrument.item_place(answers[i].item);
    if (!place) {
      const std::string rule = "is not an item of " + std::string{instrument.id} +
                               "; its items are " + instrument.item_list();
      return unexpected(error_at(Errc::unknown_name, "item", i, answers[i].item, rule));
    }
    if (has(seen, *place)) {
      return unexpected(error_at(Errc::duplicate, "item", i, answers[i].item,
                                 "stands for an item that was answered before"));
    }
    seen |= PlaceSet{1} << *place;
    row[*place] = answers[i].value;
  }
  return score(instrument, row, sex);
}

Result<BandAnswer> band_of(const Instrument& instrument, std::string_view scheme_id, double value,
                           std::optional<Sex> sex) {
  const auto at = std::ranges::find(instrument.schemes, scheme_id, &BandScheme::id);
  if (at == instrument.schemes.end()) {
    std::string rule = "is not a way to read " + std::string{instrument.id} + "; there are";
    for (const BandScheme& scheme : instrument.schemes) (rule += ' ') += scheme.id;
    return unexpected(error_at(Errc::unknown_name, "scheme", std::nullopt, scheme_id, rule));
  }
  const Scale& scale = *instrument.scale(at->scale);
  if (!std::isfinite(value)) {
    return unexpected(
        error_at(Errc::not_finite, instrument.id, std::nullopt, value, "must be a number"));
  }
  if (value < scale.low || value > scale.high) {
    return unexpected(
        error_at(Errc::out_of_range, instrument.id, std::nullopt, value,
                 "must be from " + shortest(scale.low) + " to " + shortest(scale.high)));
  }
  return answer_of(*at, value, value, value, sex);
}

Result<double> quality_adjusted_years(std::span<const double> years,
                                      std::span<const double> utility) {
  if (years.size() < 2) {
    return unexpected(error_of(Errc::empty_input, "years", "must hold at least two times"));
  }
  if (years.size() != utility.size()) {
    return unexpected(error_at(Errc::size_mismatch, "utility", std::nullopt,
                               static_cast<double>(utility.size()),
                               "must be one value for each time"));
  }
  double sum = 0;
  for (std::size_t i = 0; i < years.size(); ++i) {
    if (!std::isfinite(years[i])) {
      return unexpected(error_at(Errc::not_finite, "years", i, years[i], "must be a number"));
    }
    if (!std::isfinite(utility[i])) {
      return unexpected(error_at(Errc::not_finite, "utility", i, utility[i], "must be a number"));
    }
    if (utility[i] > 1 || utility[i] < -2) {
      return unexpected(
          error_at(Errc::out_of_range, "utility", i, utility[i], "must be from -2 to 1"));
    }
    if (i == 0) continue;
    if (!(years[i] > years[i - 1])) {
      return unexpected(
          error_at(Errc::out_of_range, "years", i, years[i], "must be later than the one before"));
    }
    sum += (years[i] - years[i - 1]) * (utility[i - 1] + utility[i]) / 2;
  }
  return sum;
}

}  // namespace ombre::inline v0::spectrum
