#include "ombre/substance/diazepam.hpp"

#include <algorithm>
#include <cmath>

#include "ombre/core/error.hpp"

namespace ombre::inline v0::substance {

Result<DiazepamEquivalent> diazepam_equivalent(const Substance& substance, DoseMg dose,
                                               const DiazepamOptions& options,
                                               const Catalogue& catalogue) {
  if (substance.cls != Class::benzodiazepine && substance.cls != Class::z_drug) {
    return unexpected(error_at(Errc::unsupported, "substance", std::nullopt, substance.name,
                               "only benzodiazepines and z-drugs have a diazepam equivalent"));
  }
  if (substance.is(Trait::unknown_potency) && substance.id != "street-benzodiazepine") {
    return unexpected(error_at(
        Errc::not_computable, "substance", std::nullopt, substance.name,
        "no source has an equivalent, and what is sold under this name varies in strength"));
  }
  if (substance.is(Trait::unknown_potency) || substance.is(Trait::unspecified)) {
    return unexpected(error_at(Errc::not_computable, "substance", std::nullopt, substance.name,
                               "which drug and how much of it is not known: no equivalent exists"));
  }
  std::vector<DiazepamFigure> rows = catalogue.diazepam_figures(substance.id);
  if (options.accept == Accept::established) {
    std::erase_if(
        rows, [](const DiazepamFigure& row) { return row.confidence == Confidence::uncertain; });
  }
  if (rows.empty()) {
    return unexpected(error_at(Errc::not_computable, "substance", std::nullopt, substance.name,
                               "no source in the catalogue has an equivalent for it"));
  }
  if (!options.source.empty()) {
    std::string have;
    for (const DiazepamFigure& row : rows) (have += ' ') += row.source->id;
    std::erase_if(rows,
                  [&](const DiazepamFigure& row) { return row.source->id != options.source; });
    if (rows.empty()) {
      return unexpected(
          error_at(Errc::unknown_name, "source", std::nullopt, options.source,
                   "has no figure for " + std::string{substance.name} + "; these have:" + have));
    }
  }

  // Divided rather than multiplied by a reciprocal: 4 mg at 2 mg per 10 is exactly 20.
  const auto diazepam_mg = [&](double mg_per_10) { return dose.mg() * 10 / mg_per_10; };
  DiazepamEquivalent out;
  double smallest = 0;  // of the figures themselves, so that the ratio does not hang on the dose
  double largest = 0;
  for (const DiazepamFigure& row : rows) {
    const bool with_range =
        row.low_mg && (!row.compilation || options.compilation_ranges || !options.source.empty());
    SourceFigure figure{row, diazepam_mg(row.mg), diazepam_mg(row.high_mg.value_or(row.mg)),
                        diazepam_mg(row.low_mg.value_or(row.mg)), with_range || !row.low_mg};
    const double from = with_range ? *row.low_mg : row.mg;
    const double to = with_range ? *row.high_mg : row.mg;
    smallest = out.figures.empty() ? from : std::min(smallest, from);
    largest = out.figures.empty() ? to : std::max(largest, to);
    out.figures.push_back(figure);
  }
  out.low_mg = diazepam_mg(largest);
  out.high_mg = diazepam_mg(smallest);
  out.ratio = largest / smallest;
  out.disagreement = out.ratio > disagreement_ratio;
  if (!std::isfinite(out.high_mg)) {
    return unexpected(
        error_at(Errc::too_large, "dose_mg", std::nullopt, dose.mg(), "is too large to be a dose"));
  }

  if (out.disagreement) {
    out.findings.add({.severity = Severity::caution,
                      .rule = "diazepam_sources_disagree",
                      .text = "the figures differ by a factor of " +
                              shortest(std::round(out.ratio * 100) / 100) +
                              ": start a substitution from the low end, judge withdrawal risk by "
                              "the high end, and adjust to the person"});
  }
  for (const SourceFigure& figure : out.figures) {
    if (!figure.range_in_envelope) {
      out.findings.add(
          {.severity = Severity::note,
           .rule = "diazepam_compilation_range",
           .text = "the range of a compilation is listed but not part of the interval: " +
                   shortest(figure.low_mg) + " to " + shortest(figure.high_mg) + " mg",
           .source = figure.row.source});
    }
  }
  return out;
}

}  // namespace ombre::inline v0::substance
