#include "ombre/substance/facts.hpp"

#include <algorithm>

#include "ombre/substance/rows.hpp"

namespace ombre::inline v0::substance {
namespace {

std::string_view unit_text(FactorUnit unit) {
  switch (unit) {
    case FactorUnit::per_mg:
      return "MME per mg";
    case FactorUnit::per_mcg:
      return "MME per mcg";
    case FactorUnit::per_mcg_per_hour:
      return "MME per mcg/h";
  }
  return "MME per mg";
}

std::string_view phase_text(WithdrawalPhase phase) {
  switch (phase) {
    case WithdrawalPhase::onset:
      return "onset";
    case WithdrawalPhase::peak:
      return "peak";
    case WithdrawalPhase::duration:
      return "duration";
  }
  return "onset";
}

// Builds rows with what every kind has in common.
template <class Row>
Fact start(FactKind kind, const Row& row) {
  Fact fact;
  fact.kind = kind;
  fact.source = row.source;
  fact.confidence = row.confidence;
  fact.note = std::string{row.note};
  return fact;
}

Fact fact_of(const MmeFactor& row) {
  Fact fact = start(FactKind::mme_factor, row);
  fact.substance = row.substance;
  fact.form = row.form;
  fact.what = name(row.set);
  fact.value = row.factor;
  fact.low = row.over_mg;
  fact.high = row.up_to_mg;
  fact.unit = unit_text(row.unit);
  if (row.over_mg) fact.unit += "; band is total mg a day, lower bound exclusive, upper inclusive";
  return fact;
}

Fact fact_of(const MmeRule& row) {
  Fact fact = start(FactKind::mme_rule, row);
  fact.substance = row.substance;
  fact.form = row.context;
  fact.what = row.what;
  fact.text = row.value ? "true" : "false";
  return fact;
}

Fact fact_of(const MmeThreshold& row) {
  Fact fact = start(FactKind::mme_threshold, row);
  fact.substance = "any opioid";
  fact.form = "any";
  fact.what = row.id;
  fact.value = row.mme_per_day;
  fact.unit = "MME/day";
  return fact;
}

Fact fact_of(const DiazepamFigure& row) {
  Fact fact = start(FactKind::diazepam_equivalent, row);
  fact.substance = row.substance;
  fact.form = "oral";
  fact.what = "equal to 10 mg diazepam";
  fact.value = row.mg;
  fact.low = row.low_mg;
  fact.high = row.high_mg;
  fact.unit = "mg";
  return fact;
}

Fact fact_of(const HalfLifeRow& row) {
  Fact fact = start(FactKind::half_life, row);
  fact.substance = row.substance;
  fact.form = row.condition;
  fact.what = row.species.empty() ? "parent" : row.species;
  fact.low = row.hours.low;
  fact.high = row.hours.high;
  fact.unit = "h";
  return fact;
}

Fact fact_of(const WithdrawalRow& row) {
  Fact fact = start(FactKind::withdrawal, row);
  fact.substance = row.group;
  fact.what = phase_text(row.phase);
  fact.low = row.range.low;
  fact.high = row.range.high;
  fact.unit = row.phase == WithdrawalPhase::duration ? "d" : "h";
  return fact;
}

Fact fact_of(const DangerRow& row) {
  Fact fact = start(FactKind::stopping_danger, row);
  fact.substance = row.group;
  fact.what = std::string{letter(row.danger)} + ": " + std::string{name(row.danger)};
  fact.text = row.features;
  return fact;
}

Fact fact_of(const Product& row) {
  Fact fact = start(FactKind::strength, row);
  fact.substance = row.substance;
  if (!row.partner.empty()) (fact.substance += '/') += row.partner;
  fact.form = row.form;
  fact.what = std::string{row.market} + ", " + std::string{name(row.splitting)};
  fact.text = row.strengths_text;
  fact.unit = name(row.unit);
  return fact;
}

Fact fact_of(const Constant& row) {
  Fact fact = start(FactKind::constant, row);
  fact.substance = row.substance;
  fact.form = row.form;
  fact.what = row.what;
  fact.value = row.value;
  fact.low = row.low;
  fact.high = row.high;
  fact.unit = row.unit;
  if (!row.value) fact.text = "none";
  return fact;
}

Fact fact_of(const StandardDrink& row) {
  Fact fact = start(FactKind::standard_drink, row);
  fact.substance = row.code;
  fact.form = row.country;
  fact.what = "standard drink";
  if (row.single) {
    fact.value = row.grams.low;
  } else {
    fact.low = row.grams.low;
    fact.high = row.grams.high;
  }
  fact.unit = "g";
  return fact;
}

template <class Rows>
void append(std::vector<Fact>& out, const Rows& rows) {
  for (const auto& row : rows) out.push_back(fact_of(row));
}

}  // namespace

std::string_view name(FactKind kind) noexcept {
  switch (kind) {
    case FactKind::mme_factor:
      return "mme factor";
    case FactKind::mme_rule:
      return "mme rule";
    case FactKind::mme_threshold:
      return "mme threshold";
    case FactKind::diazepam_equivalent:
      return "diazepam equivalent";
    case FactKind::half_life:
      return "half-life";
    case FactKind::withdrawal:
      return "withdrawal";
    case FactKind::stopping_danger:
      return "danger of stopping";
    case FactKind::strength:
      return "strength";
    case FactKind::constant:
      return "constant";
    case FactKind::standard_drink:
      return "standard drink";
  }
  return "constant";
}

std::vector<Fact> facts(const Catalogue& catalogue) {
  std::vector<Fact> out;
  append(out, mme_factors());
  append(out, mme_rules());
  append(out, mme_thresholds());
  for (const Substance& s : catalogue.substances()) append(out, catalogue.diazepam_figures(s.id));
  for (const Substance& s : catalogue.substances()) append(out, catalogue.half_lives(s.id));
  append(out, withdrawal_rows());
  append(out, danger_rows());
  for (const Substance& s : catalogue.substances()) append(out, catalogue.products(s.id));
  append(out, constants());
  append(out, standard_drinks());
  return out;
}

std::vector<Fact> facts_of(const Substance& substance, const Catalogue& catalogue) {
  std::vector<Fact> out;
  for (const MmeFactor& row : mme_factors()) {
    if (row.substance == substance.id) out.push_back(fact_of(row));
  }
  for (const MmeRule& row : mme_rules()) {
    if (row.substance == substance.id) out.push_back(fact_of(row));
  }
  append(out, catalogue.diazepam_figures(substance.id));
  append(out, catalogue.half_lives(substance.id));
  append(out, catalogue.products(substance.id));
  for (const Constant& row : constants()) {
    if (row.substance == substance.id) out.push_back(fact_of(row));
  }
  return out;
}

}  // namespace ombre::inline v0::substance
