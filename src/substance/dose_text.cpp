// Reads a dose as people write it.

#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include "core/text.hpp"
#include "ombre/core/error.hpp"
#include "ombre/substance/dose.hpp"

namespace ombre::inline v0::substance {
namespace {

enum class Unit { none, mg, g, mcg, mcg_per_hour };

Error refused(std::string_view text, std::string rule, Errc code = Errc::malformed) {
  return error_at(code, "dose", std::nullopt, text, rule);
}

using ascii::lower;

std::vector<std::string_view> words_of(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  std::vector<std::string_view> out;
  while (true) {
    const std::size_t begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return out;
    const std::size_t end = text.find_first_of(blanks, begin);
    out.push_back(text.substr(begin, end == std::string_view::npos ? end : end - begin));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end);
  }
}

std::optional<Unit> unit_of(std::string_view word) {
  std::string text = lower(word);
  for (const std::string_view per_day : {"/day", "/d", "/24h"}) {
    if (text.size() > per_day.size() && text.ends_with(per_day)) {
      text.resize(text.size() - per_day.size());
      break;
    }
  }
  if (text == "mg" || text == "milligram" || text == "milligrams") return Unit::mg;
  if (text == "g" || text == "gram" || text == "grams") return Unit::g;
  if (text == "mcg" || text == "ug" || text == "\xC2\xB5g" || text == "\xCE\xBCg" ||
      text == "microgram" || text == "micrograms") {
    return Unit::mcg;
  }
  if (text == "mcg/h" || text == "mcg/hr" || text == "mcg/hour" || text == "ug/h" ||
      text == "\xC2\xB5g/h" || text == "\xCE\xBCg/h") {
    return Unit::mcg_per_hour;
  }
  return std::nullopt;
}

// A plain decimal number at the start of a word and what follows it.
struct Number {
  double value;
  std::string_view rest;
};
std::optional<Number> number_at_start(std::string_view word) {
  if (word.empty() || ((word[0] < '0' || word[0] > '9') && word[0] != '.')) return std::nullopt;
  double value = 0;
  const char* const end = word.data() + word.size();
  const auto read = std::from_chars(word.data(), end, value, std::chars_format::fixed);
  if (read.ec != std::errc{}) return std::nullopt;
  return Number{value, word.substr(static_cast<std::size_t>(read.ptr - word.data()))};
}

struct Reading {
  std::string name;
  std::optional<double> amount;
  Unit unit = Unit::none;
  double times = 1;
  std::optional<DoseForm> form;
  bool film = false;
  bool oral_word = false;
  bool spray = false;
  Purpose purpose = Purpose::not_stated;
};

// Takes a word about the form; false where it is none.
bool take_form(std::string_view word, Reading& out) {
  struct Entry {
    std::string_view word;
    DoseForm form;
  };
  static constexpr std::array entries{Entry{"patch", DoseForm::transdermal_patch},
                                      Entry{"transdermal", DoseForm::transdermal_patch},
                                      Entry{"sublingual", DoseForm::sublingual_tablet},
                                      Entry{"sl", DoseForm::sublingual_tablet},
                                      Entry{"buccal", DoseForm::buccal_tablet},
                                      Entry{"lozenge", DoseForm::lozenge},
                                      Entry{"nasal", DoseForm::nasal_spray},
                                      Entry{"injected", DoseForm::injection},
                                      Entry{"injection", DoseForm::injection},
                                      Entry{"iv", DoseForm::injection},
                                      Entry{"im", DoseForm::injection},
                                      Entry{"sc", DoseForm::injection},
                                      Entry{"smoked", DoseForm::smoked},
                                      Entry{"inhaled", DoseForm::smoked},
                                      Entry{"snorted", DoseForm::snorted},
                                      Entry{"rectal", DoseForm::rectal}};
  const std::string text = lower(word);
  if (text == "oral" || text == "orally") return out.oral_word = true;
  if (text == "film") return out.film = true;
  if (text == "spray") return out.spray = true;
  for (const Entry& entry : entries) {
    if (text == entry.word) {
      out.form = entry.form;
      return true;
    }
  }
  return false;
}

DoseForm form_of(const Reading& reading, const Substance& substance) {
  if (reading.unit == Unit::mcg_per_hour) return DoseForm::transdermal_patch;
  if (reading.spray) {
    return reading.form == DoseForm::nasal_spray ? DoseForm::nasal_spray : DoseForm::oral_spray;
  }
  if (reading.film) {
    return reading.form == DoseForm::buccal_tablet ? DoseForm::buccal_film
                                                   : DoseForm::sublingual_film;
  }
  if (reading.form) return *reading.form;
  if (reading.oral_word) return DoseForm::oral;
  return substance.is(Trait::unknown_potency) ? DoseForm::unspecified : DoseForm::oral;
}

// The words after the amount: how often, in which form, what for.
std::optional<Error> take_rest(std::span<const std::string_view> words, std::string_view all,
                               Reading& out) {
  bool times_given = false;
  const auto often = [&](double times) -> std::optional<Error> {
    if (times_given) return refused(all, "says twice how often the dose is taken");
    times_given = true;
    out.times = times;
    return std::nullopt;
  };
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string word = lower(words[i]);
    const auto next = [&]() { return i + 1 < words.size() ? lower(words[i + 1]) : std::string{}; };
    if (word == "a" || word == "per" || word == "by" || word == "day" || word == "daily" ||
        word == "mouth" || word == "times" || word == "tablet" || word == "tablets" ||
        word == "/day") {
      if (word == "mouth") out.oral_word = true;
      continue;
    }
    if (word == "once" || word == "twice") {
      if (auto error = often(word == "once" ? 1 : 2)) return error;
      continue;
    }
    if (word == "for") {
      const std::string what = next();
      if (what == "oud") {
        out.purpose = Purpose::opioid_use_disorder;
      } else if (what == "pain") {
        out.purpose = Purpose::pain;
      } else {
        return refused(all, "after 'for' says neither 'pain' nor 'oud'");
      }
      ++i;
      continue;
    }
    if (word == "x" || word == "\xC3\x97" || word == "every") {
      const std::string text = next();
      const auto number = number_at_start(text);
      const bool hours = word == "every";
      std::string_view rest = number ? number->rest : std::string_view{};
      if (!number || !(hours || rest.empty())) {
        return refused(all, "has no number after '" + shown(words[i]) + "'");
      }
      ++i;
      if (hours) {
        std::string unit{rest};
        if (unit.empty()) {
          unit = next();
          ++i;
        }
        if (unit != "h" && unit != "hours" && unit != "hour") {
          return refused(all, "after 'every' needs a number of hours, as in 'every 8 h'");
        }
        if (!(number->value > 0)) return refused(all, "every 0 hours is not a frequency");
      }
      if (auto error = often(hours ? 24 / number->value : number->value)) return error;
      continue;
    }
    if (word.size() > 1 && word[0] == 'x') {
      if (const auto number = number_at_start(std::string_view{word}.substr(1));
          number && number->rest.empty()) {
        if (auto error = often(number->value)) return error;
        continue;
      }
    }
    if (const auto number = number_at_start(word); number &&
                                                   (number->rest.empty() || number->rest == "x") &&
                                                   (number->rest == "x" || next() == "times")) {
      if (auto error = often(number->value)) return error;
      continue;
    }
    if (take_form(word, out)) continue;
    return refused(all, "has a word that is not understood: '" + shown(words[i]) + "'");
  }
  return std::nullopt;
}

}  // namespace

namespace {

// Why a text whose name is not known may rather have a number that is not understood.
std::optional<std::string> strange_number(std::span<const std::string_view> words) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (digit(words.front().front()) && number_at_start(words.front()) &&
      (unit_of(number_at_start(words.front())->rest) ||
       number_at_start(words.front())->rest.empty())) {
    return "begins with the amount: the name comes first, as in \"oxycodone 10 mg x2\"";
  }
  for (const std::string_view word : words.subspan(1)) {
    const std::string_view rest = word.substr(1);
    if ((word[0] == '-' || word[0] == '+') && !rest.empty() && digit(rest[0])) {
      return "has '" + shown(word) + "': an amount is a number of 0 or more, without a sign";
    }
    if (!digit(word[0])) continue;
    if (word.find(',') != std::string_view::npos) {
      return "has '" + shown(word) + "': write a decimal point and no thousands, as in 10.5";
    }
    return "has '" + shown(word) + "', which is not a plain number such as 10.5, or 10.5 mg";
  }
  return std::nullopt;
}

}  // namespace

Result<Dose> parse_dose(std::string_view text, const Catalogue& catalogue) {
  if (text.size() > 500)
    return unexpected(refused(text, "is too long to be a dose", Errc::too_large));
  const std::vector<std::string_view> words = words_of(text);
  if (words.empty()) {
    return unexpected(error_of(Errc::missing, "dose",
                               "must be a name and an amount, such as \"oxycodone 10 mg x2\""));
  }
  Reading reading;
  // The amount is the first number with a unit after at least one word of the name; names may hold
  // numbers of their own ("1,4-butanediol").
  std::size_t at = 1;
  std::size_t after = words.size();
  for (; at < words.size(); ++at) {
    const auto number = number_at_start(words[at]);
    if (!number) continue;
    const bool attached = !number->rest.empty();
    const auto unit = attached                ? unit_of(number->rest)
                      : at + 1 < words.size() ? unit_of(words[at + 1])
                                              : std::nullopt;
    if (unit) {
      reading.amount = number->value;
      reading.unit = *unit;
      after = at + (attached ? 1 : 2);
      break;
    }
    if (!attached) {
      std::string why = "has a number without a unit of mass: write mg, g, mcg or mcg/h";
      if (at + 1 < words.size()) why += ", not '" + shown(words[at + 1]) + "'";
      return unexpected(refused(text, std::move(why)));
    }
  }
  const std::size_t name_end = std::min(at, words.size());
  for (std::size_t i = 0; i < name_end; ++i) {
    if (i > 0 && take_form(words[i], reading)) continue;
    if (!reading.name.empty()) reading.name += ' ';
    reading.name += words[i];
  }
  if (after < words.size()) {
    if (auto error = take_rest(std::span{words}.subspan(after), text, reading)) {
      return unexpected(*std::move(error));
    }
  }
  const auto substance = catalogue.find(reading.name);
  if (!substance) {
    if (!reading.amount) {
      if (const auto why = strange_number(words)) return unexpected(refused(text, *why));
    }
    return unexpected(substance.error());
  }
  const DoseForm form = form_of(reading, *substance);
  if (!reading.amount) return Dose::amount_not_known(*substance, form, reading.purpose);
  if (reading.unit == Unit::mcg_per_hour) {
    if (reading.times != 1) {
      return unexpected(refused(text, "gives a rate in mcg/h and how often: a rate holds all day"));
    }
    return Dose::patch(*substance, *reading.amount, reading.purpose);
  }
  if (form == DoseForm::transdermal_patch) {
    return unexpected(refused(text, "a patch is given by its rate in mcg/h"));
  }
  double mg = *reading.amount;
  if (reading.unit == Unit::g) mg *= 1000;
  if (reading.unit == Unit::mcg) mg /= 1000;
  const auto each = DoseMg::from(mg);
  if (!each) return unexpected(each.error());
  return Dose::times_a_day(*substance, form, *each, reading.times, reading.purpose);
}

}  // namespace ombre::inline v0::substance
