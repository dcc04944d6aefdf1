#pragma once
// Guards that look at what a request claims: its substances, its equivalents, and what goes up.

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ombre/plans/taper.hpp"
#include "ombre/substance/substance.hpp"

namespace ombre::inline v0::substance {
class Catalogue;
}

namespace ombre::inline v0::plans::detail {

// What each source says that 1 mg of `from` equals in mg of `to`, lowest first.
Result<std::vector<SubstitutionFigure>> table_figures(const substance::Substance& from,
                                                      const substance::Substance& to,
                                                      const substance::Catalogue& catalogue);

// The figures of this library's own tables for a pair; empty where they hold none.
std::optional<std::vector<SubstitutionFigure>> builtin_figures(std::string_view from,
                                                               std::string_view to);

// Whether a figure is one of those, with its source.
bool among(std::span<const SubstitutionFigure> known, const SubstitutionFigure& figure);

// A request may write its substances out; what the tables know of them cannot be written away.
void known_substances(const TaperRequest& request, std::vector<RuleFinding>& out);

// A substitution switches guards off: it must be one that the tables know, with their figures.
void known_substitution(const TaperRequest& request, std::vector<RuleFinding>& out);

// What rests on the word that an opioid is a treatment of dependence.
void agonist_treatment(const TaperRequest& request, std::vector<RuleFinding>& out);

// What rises in a plan as it is asked for.
void going_up(const TaperRequest& request, const TaperVersion& version,
              std::vector<RuleFinding>& out);

}  // namespace ombre::inline v0::plans::detail
