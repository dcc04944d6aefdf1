#pragma once
/// @file
/// The ten primitives every word endpoint is made of, one word at a time, plus `window`.
///
/// Positions count from 1; |w| is the length of word w. All are pure functions, O(|w|) unless
/// said otherwise. Source of every rule: R package CTNote 0.1.3, whose code these
/// reproduce; where it and its own text disagree, docs/endpoints.md says so.

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/outcomes/word.hpp"

namespace ombre::inline v0::outcomes {

/// Part of a word, inclusive at both ends. Negative positions count from the end: -1 is the last
/// symbol. A start of 0 is the same as 1, an end of 0 means nothing.
struct Window {
  int start = 1;
  int end = -1;
  friend bool operator==(const Window&, const Window&) = default;
};

/// A window laid on a word of a given length: positions first..last counted from 1, clipped to
/// the word. Empty when last < first.
struct Clipped {
  std::ptrdiff_t first = 1;
  std::ptrdiff_t last = 0;
  [[nodiscard]] constexpr std::size_t size() const noexcept {
    return last < first ? 0 : static_cast<std::size_t>(last - first + 1);
  }
};
[[nodiscard]] OMBRE_EXPORT Clipped clip(Window window, std::size_t length) noexcept;

/// The symbols of `word` inside the window; an inverted window or one wholly outside is empty.
[[nodiscard]] OMBRE_EXPORT Word window(const Word& word, Window window);

/// Every `from` becomes `to`; with no `to` those periods are deleted and later ones move up.
[[nodiscard]] OMBRE_EXPORT Word recode(const Word& word, Symbol from, std::optional<Symbol> to);

/// What a count is divided by.
enum class Per : std::uint8_t {
  none,   ///< nothing: a plain count
  weeks,  ///< the length of the clipped window (the published rule, also for longer patterns)
  places  ///< the number of places where the pattern could start (same for single symbols)
};

struct CountRule {
  Window window{};
  std::optional<Symbol> mixed{};  ///< a symbol that counts for mixed_weight
  double mixed_weight = 0.5;
  Per per = Per::none;
};

/// (occurrences of `symbol` + mixed_weight * occurrences of rule.mixed) [/ divisor].
/// Nothing in the window, or no place: 0, also for shares. Sums first and divides once, so that
/// shares are reproduced to the last bit.
[[nodiscard]] OMBRE_EXPORT double count(const Word& word, Symbol symbol,
                                        const CountRule& rule = {});
/// The same for a pattern of several symbols, counted left to right without overlap.
/// An empty pattern occurs 0 times.
[[nodiscard]] OMBRE_EXPORT double count(const Word& word, const Word& pattern,
                                        const CountRule& rule = {});

/// Whether `pattern` stands in the window as consecutive symbols. Cost O(|w| |pattern|).
/// An empty pattern, or an empty window: false.
[[nodiscard]] OMBRE_EXPORT bool contains(const Word& word, const Word& pattern, Window window = {});

/// A time in periods, and whether the event happened there (else the follow-up was cut off there).
struct TimeToEvent {
  int time = 0;
  bool event = false;
  friend bool operator==(const TimeToEvent&, const TimeToEvent&) = default;
};

/// Where a person without the event is cut off.
enum class Censoring : std::uint8_t {
  /// Published: after the last possible window, that is |w| - width + 1 + offset. With the usual
  /// offset this is threshold - 1 periods before the follow-up ends.
  last_window,
  follow_up_end  ///< corrected: at |w|, where the follow-up really ends
};

/// When an event is said to have happened.
enum class Dating : std::uint8_t {
  window_start,  ///< published: start of the first qualifying window + offset
  criterion_met  ///< the period whose symbol fulfilled the rule, after which it is known
};

struct FirstWindowRule {
  int width = 1;                ///< 1 or more periods
  int threshold = 1;            ///< 0..width of them must be `symbol`
  std::optional<int> offset{};  ///< nothing means width - threshold
  Symbol symbol = Symbol::positive;
  Censoring censoring = Censoring::last_window;
  Dating dating = Dating::window_start;
  friend bool operator==(const FirstWindowRule&, const FirstWindowRule&) = default;
};

/// First window of `width` periods holding at least `threshold` times `symbol`; the first one
/// wins. A word shorter than `width` has no window, hence no time. Mixed never counts as positive.
/// Cost O(|w|). @par Errors out_of_range (width < 1, threshold outside 0..width)
[[nodiscard]] OMBRE_EXPORT Result<std::optional<TimeToEvent>> first_window(
    const Word& word, const FirstWindowRule& rule);

/// Longest stretch without `use`. Every other symbol counts as abstinent, so recode missed and
/// mixed weeks before. Empty word: 0.
[[nodiscard]] OMBRE_EXPORT int longest_run(const Word& word, Symbol use = Symbol::positive);

/// Position of the last symbol other than `missing`; 0 if there is none.
[[nodiscard]] OMBRE_EXPORT int last_seen(const Word& word, Symbol missing = Symbol::missed);

enum class ImputeMethod : std::uint8_t {
  locf,   ///< last observation carried forward; leading missing periods stay
  locfd,  ///< the same, but only up to the last observed period (dropout stays missing)
  mode,   ///< the person's most frequent observed symbol, everywhere
  knv     ///< mean of the k nearest visits on either side
};

/// "locf", "locfD", "mode" or "kNV".
[[nodiscard]] OMBRE_EXPORT std::string_view name(ImputeMethod method) noexcept;

struct ImputeRule {
  ImputeMethod method = ImputeMethod::locf;
  Symbol missing = Symbol::missed;
  Symbol mixed = Symbol::mixed;          ///< mode: counted as the tiebreaker
  Symbol tiebreaker = Symbol::positive;  ///< mode: wins where it is among the most frequent
  int k = 1;                             ///< kNV: visits on each side, 1 or more
  /// kNV: numbers for symbols; a symbol not listed is missing. Finite, no symbol twice.
  std::vector<std::pair<Symbol, double>> weights{
      {Symbol::positive, 1.0}, {Symbol::mixed, 0.5}, {Symbol::negative, 0.0}};
  /// kNV: leave `_` as it is. The published rule treats it as a missed visit.
  bool keep_not_due = false;
  friend bool operator==(const ImputeRule&, const ImputeRule&) = default;
};

/// Fills missing periods. A word without any observed symbol stays as it is.
///
/// mode: ties go to the tiebreaker if it is among the most frequent, else to the first of
/// `*` `+` `-` `_` `o`. kNV: position i is filled if 1+k <= i <= |w|-k and all 2k original
/// neighbours are observed; their mean becomes the symbol with the nearest weight, the one listed
/// first on equal distance; what stays missing is written `o`.
/// @par Errors out_of_range (k < 1), empty_input, not_finite, duplicate (weights)
[[nodiscard]] OMBRE_EXPORT Result<Word> impute(const Word& word, const ImputeRule& rule);

/// Checks a rule without a word.
[[nodiscard]] OMBRE_EXPORT Result<void> check(const ImputeRule& rule);
[[nodiscard]] OMBRE_EXPORT Result<void> check(const FirstWindowRule& rule);

/// Concatenates parts[j] repeated times[j] times: a visit plan.
/// @par Errors size_mismatch, out_of_range (negative times), too_large
[[nodiscard]] OMBRE_EXPORT Result<Word> lattice(std::span<const Word> parts,
                                                std::span<const int> times);

/// The word as seen through a visit plan: cut or padded with `visit` to the plan's length, then
/// `no_visit` wherever the plan has it. Other symbols of the plan change nothing.
[[nodiscard]] OMBRE_EXPORT Word view(const Word& word, const Word& plan,
                                     Symbol visit = Symbol::missed,
                                     Symbol no_visit = Symbol::not_due);

/// How much each position weighs in `weigh`.
struct Penalty {
  enum class Kind : std::uint8_t {
    none,  ///< 1 everywhere
    each,  ///< values[i] for position i + 1
    line   ///< a straight line from `first` at position 1 to `last` at position |w|
  };
  Kind kind = Kind::none;
  std::vector<double> values{};
  double first = 1;
  double last = 1;
  /// `each` only: a word shorter than the list uses its beginning. Without it such a word has no
  /// score. (The original starts the list again instead, which has no meaning.)
  bool cut = false;
  friend bool operator==(const Penalty&, const Penalty&) = default;
};

struct WeighRule {
  double positive = 1;
  double mixed = 0.5;
  double missed = 0.22;
  double negative = 0;
  Penalty positive_penalty{};  ///< multiplies positive and mixed periods
  Penalty missed_penalty{};    ///< multiplies missed periods
  double scale = 120;
  friend bool operator==(const WeighRule&, const WeighRule&) = default;
};

/// scale * s / worst, where s adds the weighted periods and `worst` is the sum of the larger of a
/// positive and a missed period at each position. Higher is worse.
///
/// Sums go symbol by symbol and within a symbol by groups of eight positions; a straight line is
/// summed in closed form. Relative error below 1e-13.
/// @par Errors empty_input (no symbol, or worst is 0), unknown_name (`_` has no weight),
/// size_mismatch (penalty list and word), not_finite (a weight)
[[nodiscard]] OMBRE_EXPORT Result<double> weigh(const Word& word, const WeighRule& rule);

/// Missed and mixed periods are positive: the strictest reading.
[[nodiscard]] OMBRE_EXPORT Word bad(const Word& word);
/// Missed periods are deleted: only what was seen.
[[nodiscard]] OMBRE_EXPORT Word present(const Word& word);

}  // namespace ombre::inline v0::outcomes
