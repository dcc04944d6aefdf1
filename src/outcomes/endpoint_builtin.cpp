// The 54 published definitions and the readings beside them, as data. Nothing here loops over
// weeks: every definition is a composition of the primitives.
#include "ombre/outcomes/endpoint_builtin.hpp"

#include <array>
#include <string>
#include <utility>

#include "ombre/core/source.hpp"

namespace ombre::inline v0::outcomes {
namespace {

using expr::bad;
using expr::contains;
using expr::count;
using expr::count_half;
using expr::equal;
using expr::first_window;
using expr::horizon;
using expr::if_else;
using expr::impute;
using expr::last_seen;
using expr::later;
using expr::longest_run;
using expr::number;
using expr::only_if;
using expr::present;
using expr::recode;
using expr::share;
using expr::size;
using expr::view;
using expr::weigh;
using expr::window;

constexpr Symbol pos = Symbol::positive;
constexpr Symbol neg = Symbol::negative;
constexpr Symbol mix = Symbol::mixed;
constexpr Symbol mis = Symbol::missed;

// 15 weeks were guaranteed to everybody in the data the published code was fitted to.
constexpr int fitted_weeks = 15;

Word pattern(std::string_view text) { return Word::parse(text).value_or(Word{}); }

/// Share of clean weeks, a mixed week being half.
NumberExpr clean_share(WordExpr w, Weeks weeks = {}) { return share(std::move(w), neg, weeks); }
/// One minus the share of positive weeks, a mixed week being half.
NumberExpr not_positive(WordExpr w, Weeks weeks = {}) {
  return 1.0 - share(std::move(w), pos, weeks);
}

FirstWindowRule rule(int width, int threshold, Symbol symbol = pos) {
  FirstWindowRule r;
  r.width = width;
  r.threshold = threshold;
  r.symbol = symbol;
  return r;
}
FirstWindowRule corrected(FirstWindowRule r) {
  r.censoring = Censoring::follow_up_end;
  return r;
}

/// Lofwall 2018: weekly visits, then every second week; weeks without a planned visit repeat the
/// week before.
WordExpr lofwall_plan(WordExpr w) {
  ImputeRule carry{ImputeMethod::locf};
  carry.missing = Symbol::not_due;
  return impute(view(std::move(w), pattern("ooooooo_o_o_o_o")), carry);
}

/// Woody 2008: only weeks 4, 8 and 12.
WordExpr woody_plan(WordExpr w) {
  return recode(recode(view(std::move(w), pattern("___o___o___o")), Symbol::not_due, std::nullopt),
                mis, pos);
}

/// The published tables leave the index blank for words that hold `_` anywhere.
NumberExpr where_always_due(NumberExpr value) {
  const auto not_due = expr::count(expr::word(), Symbol::not_due);
  return only_if(equal(not_due, number(0)), std::move(value));
}

/// Ling 1976: 120 minus a weighted index of the first 15 weeks; 0 without a visit after week 3.
NumberExpr ling_1976(WordExpr w, Weeks weeks, WeighRule weights) {
  return if_else(last_seen(w) <= 3, number(0), 120.0 - weigh(window(w, weeks), std::move(weights)));
}
WeighRule ling_a_weights() {
  WeighRule r;
  r.positive = 1;
  r.mixed = 0.5;
  r.missed = 0.22;
  r.negative = 0;
  r.positive_penalty = {Penalty::Kind::each, {1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5}};
  return r;
}
WeighRule ling_b_weights() {
  WeighRule r;
  r.positive = 0.8;
  r.mixed = 0.4;
  r.missed = 1.0;
  r.negative = 0;
  r.positive_penalty = {Penalty::Kind::line, {}, 1, 5};
  return r;
}

/// Collects specs with few words.
class Catalogue {
 public:
  EndpointSpec& add(std::string id, Family family, std::string study, ResultType type,
                    AnyExpr value, std::string sentence) {
    EndpointSpec spec;
    spec.id = std::move(id);
    spec.family = family;
    spec.reading = Reading::published;
    spec.study = std::move(study);
    spec.type = type;
    spec.value = std::move(value);
    spec.sentence = std::move(sentence);
    spec.better = Better::higher;
    if (family == Family::relapse && type == ResultType::yes_no) spec.better = Better::lower;
    specs_.push_back(std::move(spec));
    return specs_.back();
  }

  /// Another reading of an endpoint added before: same study, family and direction unless changed.
  EndpointSpec& other(const std::string& base, Reading reading, AnyExpr value, std::string sentence,
                      std::string note) {
    EndpointSpec spec;
    for (const EndpointSpec& s : specs_) {
      if (s.id == base) spec = s;
    }
    spec.id = base + ending(reading);
    spec.reading = reading;
    spec.value = std::move(value);
    spec.sentence = std::move(sentence);
    spec.note = std::move(note);
    specs_.push_back(std::move(spec));
    return specs_.back();
  }

  [[nodiscard]] std::vector<EndpointSpec> take() && { return std::move(specs_); }

 private:
  static std::string ending(Reading reading) {
    switch (reading) {
      case Reading::text:
        return ".text";
      case Reading::paper:
        return ".paper";
      case Reading::corrected:
        return ".corrected";
      case Reading::release:
        return ".release_0_1_0";
      case Reading::published:
      case Reading::own:
        return "";
    }
    return "";
  }
  std::vector<EndpointSpec> specs_;
};

// What the time of a time-to-event endpoint says; a test computes each.
std::string to_that_week() {
  return " The time is the number of that week, without the event the number of weeks.";
}
std::string to_run_of(int weeks) {
  return " The time is the first week of the row, without the event the number of weeks less " +
         std::to_string(weeks - 1) + ".";
}

void add_abstinence(Catalogue& c) {
  const WordExpr w = expr::word();
  const auto f = Family::abstinence;
  const auto fitted = [](EndpointSpec& s, std::string note = {}) {
    s.horizon = fitted_weeks;
    if (!note.empty()) s.note = std::move(note);
  };
  fitted(c.add("abs_ctn0094_2023", f, "CTN-0094 group 2023", ResultType::yes_no,
               expr::one_of(window(recode(w, mix, pos), {at_horizon(-3), at_horizon()}),
                            {pattern("----"), pattern("o---"), pattern("-o--"), pattern("--o-"),
                             pattern("---o")}),
               "Weeks 12 to 15 hold nothing positive or mixed and at most one missed week."));
  c.add("abs_fiellin_2006", f, "Fiellin 2006", ResultType::count, count(bad(w), neg),
        "Number of negative weeks; missed and mixed weeks are positive.");
  c.add("abs_kosten_1993", f, "Kosten 1993", ResultType::yes_no, contains(w, pattern("---")),
        "Ever 3 negative weeks in a row; missed or mixed weeks break the row.");
  fitted(c.add("abs_krupitsky_a_2011", f, "Krupitsky 2011", ResultType::yes_no,
               equal(expr::count(bad(w), {pattern("+"), {5, at_horizon()}, {}, 0.5, Per::weeks}),
                     number(0)),
               "Completely negative in weeks 5 to 15; missed and mixed weeks are positive."),
         "The trial used weeks 5 to 24.");
  fitted(c.add("abs_krupitsky_b_2011", f, "Krupitsky 2011", ResultType::count,
               count(bad(w), neg, {5, at_horizon()}),
               "Number of negative weeks in weeks 5 to 15; missed and mixed weeks are positive."),
         "The trial used weeks 5 to 24.");
  c.add("abs_ling_1998", f, "Ling 1998", ResultType::yes_no, contains(w, pattern("----")),
        "Ever 4 negative weeks in a row; missed or mixed weeks break the row.")
      .note = "The trial asked for 13 negative screens in a row at 3 a week.";
  const WordExpr planned = lofwall_plan(bad(w));
  c.add("abs_lofwall_2018", f, "Lofwall 2018", ResultType::yes_no,
        expr::all_of(
            {expr::count(planned, {pattern("-"), {5, 7}, {}, 0.5, Per::weeks}) >= 2.0 / 3.0,
             contains(planned, pattern("-"), {8, 8}),
             expr::count(planned, {pattern("-"), {9, 15}, {}, 0.5, Per::weeks}) >= 5.0 / 6.0}),
        "Seen through the visit plan (weekly to week 7, then every second week, the weeks between "
        "repeating the one before): negative in 2 of weeks 5 to 7, in week 8 (that is week 7), and "
        "in "
        "6 of weeks 9 to 15; missed and mixed weeks are positive.");
  c.add("abs_mokri_2016", f, "Mokri 2016", ResultType::time_event, first_window(bad(w), rule(1, 1)),
        "Weeks to the first positive week; missed and mixed weeks are positive." + to_that_week());
  c.add("abs_schottenfeld_2005", f, "Schottenfeld 2005", ResultType::count,
        longest_run(recode(present(w), mix, pos)),
        "Longest negative stretch; missed weeks are deleted, so stretches join across them, and "
        "mixed "
        "weeks are positive.");
  c.add("abs_schottenfeld_a_2008", f, "Schottenfeld 2008", ResultType::time_event,
        first_window(bad(w), rule(1, 1)),
        "Weeks to the first positive week; missed and mixed weeks are positive." + to_that_week());
  c.add("abs_schottenfeld_b_2008", f, "Schottenfeld 2008", ResultType::count, longest_run(bad(w)),
        "Longest negative stretch; missed and mixed weeks are positive.");
  c.add(
      "abs_shufman_1994", f, "Shufman 1994", ResultType::time_event,
      first_window(recode(recode(w, mis, neg), mix, pos), rule(1, 1)),
      "Weeks to the first positive week; missed weeks count as negative, mixed ones as positive." +
          to_that_week());
  c.add("abs_ctn0030_2011", f, "Weiss 2011 (CTN-0030)", ResultType::yes_no,
        contains(bad(w), pattern("-"), {-1, -1}) && (count(bad(w), pos, {-4, -2}) <= 1),
        "The last week is negative and at most one of the three before it is positive; missed and "
        "mixed weeks are positive.");
}

void add_relapse(Catalogue& c) {
  const WordExpr w = expr::word();
  const auto f = Family::relapse;
  c.add("rel_ctn0094_2023", f, "CTN-0094 group 2023", ResultType::time_event,
        first_window(bad(w), rule(4, 4)),
        "Weeks to 4 positive weeks in a row; missed and mixed weeks are positive." + to_run_of(4));
  c.add("drop_ctn0094_2023", f, "CTN-0094 group 2023", ResultType::time_event,
        first_window(w, rule(4, 4, mis)),
        "Weeks to 4 missed weeks in a row (dropout)." + to_run_of(4))
      .about_attendance = true;
  c.add("rel_johnson_1992", f, "Johnson 1992", ResultType::yes_no,
        contains(bad(w), pattern("++"), {4, -1}),
        "2 positive weeks in a row from week 4 on; missed and mixed weeks are positive.");
  c.add("rel_krupitsky_2004", f, "Krupitsky 2004 and 2006", ResultType::yes_no,
        contains(bad(w), pattern("+++")),
        "Ever 3 positive weeks in a row; missed and mixed weeks are positive.");
  c.add("rel_lee_2016", f, "Lee 2016", ResultType::time_event, first_window(bad(w), rule(4, 2)),
        "Weeks to 2 positive weeks within 4; missed and mixed weeks are positive. The published "
        "code dates the event two weeks after the first week of that window (an offset of two "
        "weeks), which may lie after both positive weeks; without the event the time is the number "
        "of weeks less 1.")
      .note = "The trial counted 10 days of use within 28, a positive screen being 5 days.";
  c.add("rel_ctn0051_2018", f, "Lee 2018 (CTN-0051)", ResultType::time_event,
        later(first_window(window(bad(w), {3, -1}), rule(4, 4)), 2),
        "Weeks to 4 positive weeks in a row, looked for from week 3 on; missed and mixed weeks are "
        "positive. Two weeks are added, so that weeks count from week 1." +
            to_run_of(4));
  c.add("rel_schottenfeld_2008", f, "Schottenfeld 2008", ResultType::time_event,
        first_window(bad(w), rule(3, 3)),
        "Weeks to 3 positive weeks in a row; missed and mixed weeks are positive." + to_run_of(3));
}

void add_reduction(Catalogue& c) {
  const WordExpr w = expr::word();
  const auto f = Family::reduction;
  const auto share_of = [&](std::string id, std::string study, NumberExpr value,
                            std::string sentence) -> EndpointSpec& {
    return c.add(std::move(id), f, std::move(study), ResultType::share, std::move(value),
                 std::move(sentence));
  };
  const std::string half = " A mixed week counts half.";
  const std::string diluted = " Missed weeks stay in the divisor." + half;
  const std::string attended = " Only attended weeks count." + half;

  share_of("red_comer_2006", "Comer 2006", clean_share(w, {1, 8}),
           "Share of negative weeks in weeks 1 to 8." + diluted);
  auto& eissenberg = c.add(
      "red_eissenberg_1997", f, "Eissenberg 1997", ResultType::yes_no,
      expr::all_of({expr::at_least(last_seen(w), horizon()),
                    contains(impute(w, {ImputeMethod::knv}), pattern("----"), {1, at_horizon()})}),
      "Seen in week 15 or later, and 4 negative weeks in a row within weeks 1 to 15 after lone "
      "missed "
      "weeks took the mean of their neighbours.");
  eissenberg.horizon = fitted_weeks;
  eissenberg.note = "The trial used 17 weeks.";
  share_of("red_fiellin_2006", "Fiellin 2006", clean_share(w),
           "Share of negative weeks among all weeks." + diluted);
  share_of("red_fudala_2003", "Fudala 2003", clean_share(present(w)),
           "Share of negative weeks." + attended);
  auto& haight = share_of("red_haight_2019", "Haight 2019", clean_share(w, {5, at_horizon()}),
                          "Share of negative weeks in weeks 5 to 15." + diluted);
  haight.horizon = fitted_weeks;
  haight.note = "The trial used weeks 5 to 24.";
  share_of(
      "red_jaffe_1972", "Jaffe 1972",
      if_else(last_seen(w) >= 8, clean_share(impute(w, {ImputeMethod::mode})), number(0)),
      "0 unless seen in week 8 or later; else the share of negative weeks among all weeks, missed "
      "weeks being the person's most frequent result." +
          half);
  share_of("red_johnson_1992", "Johnson 1992", clean_share(w),
           "Share of negative weeks among all weeks." + diluted);
  auto& kosten = c.add("red_kosten_b_1993", f, "Kosten 1993", ResultType::yes_no,
                       clean_share(present(w), {1, at_horizon()}) >= 0.7,
                       "At least 70 % negative among the first 15 attended weeks." + half);
  kosten.horizon = fitted_weeks;
  kosten.note = "The trial used 24 weeks.";
  share_of("red_ling_a_1998", "Ling 1998", clean_share(present(w), {1, at_horizon()}),
           "Share of negative weeks among the first 15 attended weeks." + half)
      .horizon = fitted_weeks;
  c.add("red_ling_c_1998", f, "Ling 1998", ResultType::count, count_half(w, neg, {1, at_horizon()}),
        "Number of negative weeks in weeks 1 to 15." + half)
      .horizon = fitted_weeks;
  auto& ling_2010 = share_of("red_ling_2010", "Ling 2010", clean_share(w, {1, at_horizon()}),
                             "Share of negative weeks in weeks 1 to 15." + diluted);
  ling_2010.horizon = fitted_weeks;
  ling_2010.note = "The trial used weeks 1 to 16.";
  auto& ling_a = c.add(
      "red_ling_a_1976", f, "Ling 1976", ResultType::score,
      where_always_due(ling_1976(w, {1, fitted_weeks}, ling_a_weights())),
      "120 minus a weighted index of weeks 1 to 15, in which use weighs more the later it comes (1 "
      "to 5 by groups of three weeks), a mixed week half and a missed week 0.22; 0 without a visit "
      "after week 3. 120 is best.");
  ling_a.note =
      "A word shorter than 15 weeks has no score (the original reads the list of weights from its "
      "beginning again), nor has one with weeks in which no visit was due.";
  auto& ling_b = c.add(
      "red_ling_b_1976", f, "Ling 1976, variant", ResultType::score,
      where_always_due(ling_1976(w, {1, at_horizon()}, ling_b_weights())),
      "120 minus a weighted index of weeks 1 to 15, in which a positive week weighs 0.8 and a "
      "mixed "
      "one 0.4, times 1 to 5 on a straight line over the weeks, and a missed week 1; 0 without a "
      "visit after week 3. 120 is best.");
  ling_b.horizon = fitted_weeks;
  ling_b.note = "A word with weeks in which no visit was due has no score.";
  share_of("red_lofwall_2018", "Lofwall 2018",
           clean_share(lofwall_plan(recode(w, mis, pos)), {1, 15}),
           "Share of negative weeks in weeks 1 to 15 seen through the visit plan (weekly to week "
           "7, then "
           "every second week, the weeks between repeating the one before); missed weeks are "
           "positive." +
               half);
  share_of("red_mattick_a_2003", "Mattick 2003", clean_share(w, {1, at_last_seen()}),
           "Share of negative weeks up to the last attended one; 0 if never seen." + diluted);
  share_of("red_mattick_b_2003", "Mattick 2003", clean_share(w, {1, 13}),
           "Share of negative weeks in weeks 1 to 13." + diluted);
  share_of("red_pani_a_2000", "Pani 2000", clean_share(present(w)),
           "Share of negative weeks." + attended);
  share_of("red_pani_b_2000", "Pani 2000", clean_share(w),
           "Share of negative weeks among all weeks." + diluted);
  share_of("red_petitjean_2001", "Petitjean 2001", not_positive(recode(w, mis, pos)),
           "One minus the share of positive weeks; missed weeks are positive." + half);
  share_of("red_preston_2000", "Preston 2000", clean_share(w, {1, 13}),
           "Share of negative weeks in weeks 1 to 13." + diluted);
  share_of("red_schottenfeld_2005", "Schottenfeld 2005", clean_share(present(w)),
           "Share of negative weeks." + attended);
  auto& schwartz = c.add("abs_schwartz_2006", f, "Schwartz 2006", ResultType::yes_no,
                         equal(count_half(w, neg, {at_horizon(), at_horizon()}), number(1)),
                         "Negative in week 15.");
  schwartz.horizon = fitted_weeks;
  schwartz.note = "The trial looked at day 120.";
  share_of("red_shufman_1994", "Shufman 1994", not_positive(w),
           "One minus the share of positive weeks among all weeks." + diluted);
  share_of("red_soyka_2008", "Soyka 2008", not_positive(present(w)),
           "One minus the share of positive weeks." + attended);
  share_of("red_strain_1993", "Strain 1993", not_positive(w, {6, at_horizon()}),
           "One minus the share of positive weeks in weeks 6 to 15." + diluted)
      .horizon = fitted_weeks;
  share_of("red_strain_1994", "Strain 1994", not_positive(w),
           "One minus the share of positive weeks among all weeks." + diluted);
  share_of("red_strain_1996", "Strain 1996", not_positive(present(w)),
           "One minus the share of positive weeks." + attended);
  share_of("red_strain_1999", "Strain 1999", not_positive(w),
           "One minus the share of positive weeks among all weeks." + diluted);
  c.add("red_strang_2010", f, "Strang 2010", ResultType::yes_no, clean_share(w, {-12, -1}) >= 0.5,
        "At least half of the last 12 weeks negative." + diluted)
      .note = "The trial used weeks 14 to 26.";
  share_of("red_strang_2019", "Strang 2019", clean_share(w, {1, 12}),
           "Share of negative weeks in weeks 1 to 12." + diluted);
  share_of("red_tanum_2017", "Tanum 2017", clean_share(w, {1, at_last_seen()}),
           "Share of negative weeks up to the last attended one; 0 if never seen." + diluted);
  share_of("red_wolstein_2009", "Wolstein 2009", clean_share(present(w)),
           "Share of negative weeks." + attended);
  share_of("red_woody_2008", "Woody 2008", not_positive(woody_plan(w)),
           "One minus the share of positive weeks among weeks 4, 8 and 12; missed weeks are "
           "positive." +
               half);
  c.add("red_zaks_1972", f, "Zaks 1972", ResultType::count,
        size(present(w)) - count_half(present(w), pos),
        "Attended weeks minus positive weeks." + half);
}

/// The readings where the published code, the text beside it, the papers and good method differ.
/// The numbers are those of the list in docs/endpoints.md.
void add_other_readings(Catalogue& c) {
  const WordExpr w = expr::word();
  const std::string half = " A mixed week counts half.";

  // 1, 2: said to ignore missed weeks; the code counts on the full word.
  for (const char* id : {"red_strain_1994", "red_strain_1999", "red_shufman_1994"}) {
    c.other(id, Reading::text, not_positive(present(w)),
            "One minus the share of positive weeks. Only attended weeks count." + half,
            "The text says that missed weeks are ignored; the published code leaves them in the "
            "divisor.");
  }
  // 3
  for (const char* id : {"red_tanum_2017", "red_mattick_a_2003"}) {
    c.other(
        id, Reading::text, clean_share(present(w)),
        "Share of negative weeks. Only attended weeks count." + half,
        std::string{id} == "red_tanum_2017"
            ? "The text divides by attended tests; the published code divides by the weeks up to "
              "the last attended one, missed ones included."
            : "The text says that missed weeks are not imputed, read here as left out; the "
              "published code keeps those before the last attended week in the divisor.");
  }
  // 4
  c.other(
      "red_kosten_b_1993", Reading::text, clean_share(present(window(w, {1, at_horizon()}))) >= 0.7,
      "At least 70 % negative among the attended weeks of weeks 1 to 15." + half,
      "The text says weeks 1 to 15; the published code takes the first 15 attended weeks, which "
      "may lie beyond.");
  c.other(
      "red_ling_a_1998", Reading::text, clean_share(present(window(w, {1, at_horizon()}))),
      "Share of negative weeks among the attended weeks of weeks 1 to 15." + half,
      "The text says weeks 1 to 15; the published code takes the first 15 attended weeks, which "
      "may lie beyond.");
  // 5: day 21 is the last day of week 3, so the first whole week after it is week 4.
  c.other(
      "rel_ctn0051_2018", Reading::text,
      later(first_window(window(bad(w), {4, -1}), rule(4, 4)), 3),
      "Weeks to 4 positive weeks in a row, looked for from week 4 on; missed and mixed weeks are "
      "positive.",
      "The text says from day 21; the published code starts at week 3 (day 15).");
  // 6
  c.other("rel_johnson_1992", Reading::text, contains(bad(w), pattern("++"), {5, -1}),
          "2 positive weeks in a row after week 4; missed and mixed weeks are positive.",
          "The text says after 4 weeks; the published code includes week 4.");
  // 7
  c.other("abs_ctn0094_2023", Reading::text,
          expr::one_of(window(recode(w, mix, pos), {-4, -1}),
                       {pattern("----"), pattern("o---"), pattern("-o--"), pattern("--o-"),
                        pattern("---o")}),
          "The last four weeks hold nothing positive or mixed and at most one missed week.",
          "The text says the last four weeks of treatment; the published code takes weeks 12 to 15 "
          "for everybody.")
      .horizon.reset();
  // 8: the papers count positives; the code gives the complement.
  const std::string complement =
      "The paper counts positive weeks; the published code gives the complement.";
  auto& zaks = c.other("red_zaks_1972", Reading::paper, count_half(present(w), pos),
                       "Number of positive weeks among those attended." + half, complement);
  zaks.better = Better::lower;
  auto& schwartz =
      c.other("abs_schwartz_2006", Reading::paper, count_half(w, pos, {at_horizon(), at_horizon()}),
              "Positive in week 15: 1, or a half where mixed.",
              "The paper counts positives; the published code says whether week 15 is negative.");
  schwartz.better = Better::lower;
  schwartz.type = ResultType::count;
  const auto positives = [&](const char* id, WordExpr of, Weeks weeks, const std::string& which) {
    c.other(id, Reading::paper, share(std::move(of), pos, weeks),
            "Share of positive weeks" + which + half, complement)
        .better = Better::lower;
  };
  positives("red_petitjean_2001", recode(w, mis, pos), {}, "; missed weeks are positive.");
  positives("red_shufman_1994", w, {}, " among all weeks. Missed weeks stay in the divisor.");
  positives("red_soyka_2008", present(w), {}, ". Only attended weeks count.");
  positives("red_strain_1993", w, {6, at_horizon()},
            " in weeks 6 to 15. Missed weeks stay in the divisor.");
  positives("red_strain_1994", w, {}, " among all weeks. Missed weeks stay in the divisor.");
  positives("red_strain_1996", present(w), {}, ". Only attended weeks count.");
  positives("red_strain_1999", w, {}, " among all weeks. Missed weeks stay in the divisor.");
  positives("red_woody_2008", woody_plan(w), {},
            " among weeks 4, 8 and 12; missed weeks are "
            "positive.");
  // 9
  WeighRule missed_is_positive = ling_a_weights();
  missed_is_positive.missed = missed_is_positive.positive;
  missed_is_positive.missed_penalty = missed_is_positive.positive_penalty;
  c.other("red_ling_a_1976", Reading::text,
          where_always_due(ling_1976(w, {1, fitted_weeks}, missed_is_positive)),
          "As the published index, but a missed week weighs as much as a positive one.",
          "The table says that missed weeks are positive; the published code weighs them 0.22.");
  // 10
  auto& ratio =
      c.other("red_eissenberg_1997", Reading::text,
              clean_share(impute(w, {ImputeMethod::knv}), {1, at_horizon()}),
              "Share of negative weeks in weeks 1 to 15 after lone missed weeks took the mean "
              "of their neighbours." +
                  half,
              "The table says ratio; the published code answers yes or no.");
  ratio.type = ResultType::share;
  // 11
  c.other("red_strang_2010", Reading::paper, clean_share(w, {14, 26}) >= 0.5,
          "At least half of weeks 14 to 26 negative. Missed weeks stay in the divisor." + half,
          "The paper's 13 weeks; the published code takes the last 12 of whatever word there is.");
  // 13
  c.other("red_strain_1993", Reading::release, 1.0 - count_half(w, pos, {6, at_horizon()}),
          "One minus the number of positive weeks in weeks 6 to 15." + half,
          "What release 0.1.0 of the published code computed: a count where a share was meant.")
      .type = ResultType::score;
  // 15: the censoring time falls short of the follow-up by threshold - 1 weeks.
  const std::string censored =
      "Without the event the person is followed to the end of the word; the published code stops "
      "short of it by the threshold minus one week.";
  const auto mended = [&](const char* id, AnyExpr value, const char* sentence) {
    c.other(id, Reading::corrected, std::move(value), sentence, censored);
  };
  mended(
      "rel_ctn0094_2023", first_window(bad(w), corrected(rule(4, 4))),
      "Weeks to 4 positive weeks in a row, or to the end of follow-up; missed and mixed weeks are "
      "positive.");
  mended("drop_ctn0094_2023", first_window(w, corrected(rule(4, 4, mis))),
         "Weeks to 4 missed weeks in a row (dropout), or to the end of follow-up.");
  mended(
      "rel_lee_2016", first_window(bad(w), corrected(rule(4, 2))),
      "Weeks to 2 positive weeks within 4, or to the end of follow-up; missed and mixed weeks are "
      "positive. The event is dated two weeks after the first week of that window, as in the "
      "published code.");
  mended(
      "rel_ctn0051_2018", later(first_window(window(bad(w), {3, -1}), corrected(rule(4, 4))), 2),
      "Weeks to 4 positive weeks in a row, looked for from week 3 on, or to the end of follow-up; "
      "missed and mixed weeks are positive.");
  mended(
      "rel_schottenfeld_2008", first_window(bad(w), corrected(rule(3, 3))),
      "Weeks to 3 positive weeks in a row, or to the end of follow-up; missed and mixed weeks are "
      "positive.");
  // 16
  WeighRule cut = ling_a_weights();
  cut.positive_penalty.cut = true;
  c.other(
      "red_ling_a_1976", Reading::corrected, ling_1976(w, {1, fitted_weeks}, cut),
      "As the published index; a word shorter than 15 weeks uses the first weights of the list.",
      "The original starts the list again for short words, which has no meaning, and the "
      "published tables leave out words with weeks in which no visit was due even beyond week "
      "15.");
  c.other("red_ling_b_1976", Reading::corrected, ling_1976(w, {1, at_horizon()}, ling_b_weights()),
          "As the published index; only weeks 1 to 15 decide whether there is a score.",
          "The published tables leave out words with weeks in which no visit was due even beyond "
          "week 15.");
  // 19: nobody ever seen is not the best result.
  const auto seen = [&](const char* id, WordExpr of, Weeks weeks, WordExpr looked_at,
                        const std::string& sentence) {
    c.other(id, Reading::corrected,
            only_if(size(present(std::move(looked_at))) >= 1, not_positive(std::move(of), weeks)),
            sentence + half + " No value without any attended week there.",
            "A person never seen has the best value, 1, in the published code.");
  };
  const std::string all_weeks =
      "One minus the share of positive weeks among all weeks. Missed weeks stay in the divisor.";
  const std::string attended_weeks =
      "One minus the share of positive weeks. Only attended weeks count.";
  seen("red_shufman_1994", w, {}, w, all_weeks);
  seen("red_soyka_2008", present(w), {}, w, attended_weeks);
  seen("red_strain_1993", w, {6, at_horizon()}, window(w, {6, at_horizon()}),
       "One minus the share of positive weeks in weeks 6 to 15. Missed weeks stay in the divisor.");
  seen("red_strain_1994", w, {}, w, all_weeks);
  seen("red_strain_1996", present(w), {}, w, attended_weeks);
  seen("red_strain_1999", w, {}, w, all_weeks);
}

constexpr Source ctnote{
    "ctnote-0.1.3",
    "CTNote: CTN Outcomes, Treatments, and Endpoints. R package, release 0.1.3 (definitions of "
    "opioid-use-disorder trials, code and vignettes).",
    "0.1.3"};
constexpr Source own_work{"ombre-endpoints",
                          "ombre, docs/endpoints.md: readings beside the published code.", "1"};

}  // namespace

Registry builtin_endpoints() {
  Catalogue catalogue;
  add_abstinence(catalogue);
  add_relapse(catalogue);
  add_reduction(catalogue);
  add_other_readings(catalogue);
  Registry registry;
  for (EndpointSpec& spec : std::move(catalogue).take()) {
    auto endpoint = Endpoint::make(std::move(spec));
    // A definition of ours that does not check out is a bug; a test counts all of them.
    if (endpoint) static_cast<void>(registry.add(*std::move(endpoint)));
  }
  return registry;
}

std::vector<Endpoint> published_endpoints(Reading reading, std::optional<Family> family) {
  const Registry registry = builtin_endpoints();
  std::vector<Endpoint> chosen;
  for (const Endpoint& endpoint : registry.all()) {
    if (endpoint.spec().reading != Reading::published) continue;
    if (family && endpoint.spec().family != *family) continue;
    chosen.push_back(*registry.find(endpoint.id(), reading));
  }
  return chosen;
}

Explanation explain(const Endpoint& endpoint) {
  const EndpointSpec& spec = endpoint.spec();
  Explanation entry;
  entry.name = spec.id;
  entry.kind = "endpoint";
  entry.title = spec.study.empty() ? spec.sentence : spec.study + ": " + spec.sentence;
  entry.text = spec.sentence;
  entry.text += "\nComposition: " + endpoint.formula();
  entry.text += "\nFamily: " + std::string{name(spec.family)} +
                ". Result: " + std::string{name(spec.type)} +
                ". Reading: " + std::string{name(spec.reading)} + ".";
  if (spec.better != Better::neither) {
    entry.text += " Better for the person: " + std::string{name(spec.better)} + ".";
  }
  if (spec.horizon) {
    entry.text +=
        "\nHorizon: week " + std::to_string(*spec.horizon) + " unless another is asked for.";
  }
  if (!spec.note.empty()) entry.text += "\n" + spec.note;
  if (spec.reading != Reading::own) entry.sources.push_back({&ctnote, Confidence::verified});
  if (spec.reading == Reading::corrected || spec.reading == Reading::text) {
    entry.sources.push_back({&own_work, Confidence::proposal});
  }
  return entry;
}

std::vector<Explanation> explain_endpoints() {
  std::vector<Explanation> entries;
  const Registry registry = builtin_endpoints();
  for (const Endpoint& endpoint : registry.all()) entries.push_back(explain(endpoint));
  return entries;
}

}  // namespace ombre::inline v0::outcomes
