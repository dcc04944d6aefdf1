#include "ombre/outcomes/situation_changes.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <variant>

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

}  // namespace

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
