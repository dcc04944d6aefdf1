#include "ombre/outcomes/situation_changes.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <variant>

#include "review_parts.hpp"

namespace ombre::inline v0::outcomes {
namespace {

struct Answer {
  std::size_t factor = 0;
  Date on;
  bool yes = false;
};

FactorDomain domain_of(const context::Factor& factor) {
  if (factor.domains.has(context::Domain::drug)) return FactorDomain::drug;
  return factor.domains.has(context::Domain::set) ? FactorDomain::set : FactorDomain::setting;
}

// One side of a comparison: when it was so, a number for it, and the words.
struct Seen {
  Date on;
  double value = 0;
  std::string says;
};

// The last one up to `until`, or the first of all; then the last one after it, up to `today`.
struct Pair {
  const Seen* before = nullptr;
  const Seen* after = nullptr;
};
Pair pair_of(const std::vector<Seen>& all, Date until, Date today) {
  const Seen* first = nullptr;
  Pair out;
  for (const Seen& k : all) {
    if (today < k.on) continue;
    if (k.on <= until && (out.before == nullptr || out.before->on <= k.on)) out.before = &k;
    if (first == nullptr || k.on < first->on) first = &k;
  }
  if (out.before == nullptr) out.before = first;
  if (out.before == nullptr) return out;
  for (const Seen& k : all) {
    if (today < k.on || k.on <= out.before->on) continue;
    if (out.after == nullptr || out.after->on <= k.on) out.after = &k;
  }
  return out;
}

void add_measure(std::vector<plans::AxisMeasure>& out, plans::ChangeAxis axis, std::string of,
                 std::string what, const Pair& pair) {
  plans::AxisMeasure m;
  m.axis = axis;
  m.of = std::move(of);
  m.margin = plans::Margin{1, plans::MarginKind::own};
  m.words = plans::MeasureWords{std::move(what), {}, {}};
  if (pair.before != nullptr) {
    m.before = pair.before->value;
    m.words->before = pair.before->says + " (" + pair.before->on.iso() + ")";
  }
  if (pair.after != nullptr) {
    m.after = pair.after->value;
    m.words->after = pair.after->says + " (" + pair.after->on.iso() + ")";
  }
  out.push_back(std::move(m));
}

std::string route_words(context::Route route) {
  std::string out{context::name(route)};
  std::ranges::replace(out, '_', ' ');
  return out;
}

// How one situation says a substance is taken: nothing where it is not clear.
std::optional<Seen> route_in(const context::Situation& s, const std::string& id) {
  Seen out;
  out.on = *s.on;
  bool listed = false;
  bool unclear = false;
  int highest = 0;
  for (const context::UsedSubstance& used : s.substances) {
    if (detail::substance_id(used.name) != id) continue;
    listed = true;
    const auto rank = route_rank(used.route);
    if (!rank) {
      unclear = true;
    } else if (*rank > highest) {
      highest = *rank;
      out.says = route_words(used.route);
    }
  }
  if (!listed) {
    if (!s.nothing_else.value_or(false)) return std::nullopt;
    out.says = "not used";
    return out;
  }
  // Nothing is riskier than injecting, so an unclear second way cannot change that.
  if (highest == 0 || (unclear && highest < 4)) return std::nullopt;
  out.value = highest;
  return out;
}

}  // namespace

std::optional<int> route_rank(context::Route route) noexcept {
  using context::Route;
  switch (route) {
    case Route::injected:
      return 4;
    case Route::smoked:
    case Route::vaporised:
      return 3;
    case Route::snorted:
      return 2;
    case Route::swallowed:
    case Route::sublingual:
    case Route::rectal:
    case Route::patch:
      return 1;
    case Route::not_stated:
    case Route::other:
      break;
  }
  return std::nullopt;
}

std::vector<plans::AxisMeasure> situation_measures(std::span<const context::Situation> situations,
                                                   Date before_until, Date today) {
  std::vector<plans::AxisMeasure> out;
  std::vector<std::pair<std::string, std::string>> names;  // id, as it was written first
  std::vector<Seen> alone;
  for (const context::Situation& s : situations) {
    for (const context::UsedSubstance& used : s.substances) {
      const std::string id = detail::substance_id(used.name);
      if (std::ranges::find(names, id, &std::pair<std::string, std::string>::first) ==
          names.end()) {
        names.emplace_back(id, used.name);
      }
    }
    for (const context::FactorEntry& entry : s.factors) {
      if (entry.factor != "uses_alone") continue;
      const std::optional<Date> on = entry.on ? entry.on : s.on;
      const bool* yes = std::get_if<bool>(&entry.value);
      if (on && yes != nullptr) alone.push_back({*on, *yes ? 1.0 : 0.0, *yes ? "yes" : "no"});
    }
  }
  for (const auto& [id, name] : names) {
    std::vector<Seen> known;
    for (const context::Situation& s : situations) {
      if (!s.on) continue;
      if (auto one = route_in(s, id)) known.push_back(*std::move(one));
    }
    if (known.empty()) continue;
    add_measure(out, plans::ChangeAxis::route_risk, name, "how " + name + " is taken",
                pair_of(known, before_until, today));
  }
  if (!alone.empty()) {
    add_measure(out, plans::ChangeAxis::use_alone, "", "using alone",
                pair_of(alone, before_until, today));
  }
  std::erase_if(out, [](const plans::AxisMeasure& m) { return !m.before && !m.after; });
  return out;
}

Result<std::vector<FactorChange>> factor_changes(std::span<const context::Situation> situations,
                                                 const context::Catalogue& catalogue) {
  std::vector<Answer> answers;
  for (const context::Situation& situation : situations) {
    for (std::size_t i = 0; i < situation.factors.size(); ++i) {
      const context::FactorEntry& entry = situation.factors[i];
      const auto at = catalogue.find_factor(entry.factor);
      if (!at) {
        return unexpected(error_at(Errc::unknown_name, "factors", i, entry.factor,
                                   "is not a factor of the catalogue"));
      }
      const std::optional<Date> on = entry.on ? entry.on : situation.on;
      const bool* yes = std::get_if<bool>(&entry.value);
      if (on && yes != nullptr) answers.push_back({*at, *on, *yes});
    }
  }
  std::ranges::stable_sort(answers, [](const Answer& a, const Answer& b) {
    return a.factor != b.factor ? a.factor < b.factor : a.on < b.on;
  });
  std::vector<FactorChange> out;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const Answer& now = answers[i];
    const bool first = i == 0 || answers[i - 1].factor != now.factor;
    if (first ? !now.yes : answers[i - 1].yes == now.yes) continue;
    const context::Factor& factor = catalogue.factors()[now.factor];
    FactorChange change;
    change.on = now.on;
    change.domain = domain_of(factor);
    change.what = (now.yes ? "" : "no longer: ") + std::string{factor.title} +
                  (first ? ", first heard of" : "");
    change.burden = now.yes == (factor.direction == context::Direction::raises);
    out.push_back(std::move(change));
  }
  std::ranges::stable_sort(out, {}, &FactorChange::on);
  return out;
}

}  // namespace ombre::inline v0::outcomes
