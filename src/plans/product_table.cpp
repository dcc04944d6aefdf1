#include "ombre/plans/product_table.hpp"

#include <algorithm>
#include <utility>

namespace ombre::inline v0::plans {

namespace {

using substance::ProductKind;
using substance::StrengthUnit;

Form form_for(const substance::Product& row) {
  const bool slow = row.release == substance::Release::extended;
  switch (row.kind) {
    case ProductKind::tablet:
      return slow ? Form::extended_release_tablet : Form::tablet;
    case ProductKind::dispersible_tablet:
      return Form::dispersible_tablet;
    case ProductKind::orally_disintegrating_tablet:
      return Form::orodispersible_tablet;
    case ProductKind::capsule:
      return slow ? Form::extended_release_capsule : Form::capsule;
    case ProductKind::sublingual_tablet:
      return Form::sublingual_tablet;
    case ProductKind::sublingual_film:
      return Form::film;
    case ProductKind::oral_liquid:
      return Form::liquid;
    case ProductKind::patch:
      return Form::patch;
    case ProductKind::injection:
      return Form::injection;
    case ProductKind::gum:
      return Form::gum;
    case ProductKind::lozenge:
      return Form::lozenge;
  }
  return Form::tablet;
}

/// "US" is part of "US/EU".
bool sold_in(std::string_view markets, std::string_view market) {
  while (!markets.empty()) {
    const std::size_t end = std::min(markets.find('/'), markets.size());
    if (markets.substr(0, end) == market) return true;
    markets.remove_prefix(std::min(end + 1, markets.size()));
  }
  return false;
}

/// Days a patch is worn: fentanyl 72 h and weekly buprenorphine by their US labels.
std::optional<std::int32_t> wear_days(const substance::Product& row) {
  if (row.form.find("7-day") != std::string_view::npos) return 7;
  if (row.form.find("24 h") != std::string_view::npos) return 1;
  if (row.form.find("16 h") != std::string_view::npos) return 1;
  if (row.substance == "fentanyl") return 3;
  return std::nullopt;
}

/// What one piece or millilitre counts as where that differs from the print.
double counts_as(const substance::Product& row, double printed) {
  if (row.substance == "fentanyl" && row.kind == ProductKind::patch && printed == 12) return 12.5;
  if (row.substance == "citalopram" && row.form == "oral drops") return printed * 10 / 8;
  return printed;
}

std::string_view why_not(const substance::Product& row, const ProductTableOptions& options) {
  if (row.kind == ProductKind::injection) {
    return "a depot injection lasts for weeks: it is no part of a daily dose";
  }
  if (row.form.find("Zubsolv") != std::string_view::npos) {
    return "its milligrams are on a scale of their own: 5.7 mg is about 8 mg of other tablets";
  }
  if (row.kind == ProductKind::patch) {
    if (row.unit == StrengthUnit::mg &&
        std::ranges::find(options.kinds, ProductKind::patch) == options.kinds.end()) {
      return "a patch gives off its amount over its hours: ask for patches by kind";
    }
    if (!wear_days(row)) return "how many days this patch is worn is not recorded";
  }
  return {};
}

Result<Product> made(const substance::Product& row, double printed, std::string label,
                     const ProductTableOptions& options) {
  const Result<Amount> strength = Amount::nearest(counts_as(row, printed), options.unit);
  if (!strength) return unexpected(strength.error());
  const Form form = form_for(row);
  if (form == Form::liquid) {
    return Product::liquid(*strength, options.graduation, options.largest_volume, std::move(label));
  }
  if (form == Form::patch) {
    return Product::patch(*strength, wear_days(row).value_or(1), std::move(label));
  }
  Division division = Division::whole;
  if (row.splitting == substance::Splitting::halves ||
      (row.splitting == substance::Splitting::if_scored && options.tablets_are_scored)) {
    division = Division::halves;
  }
  if (!may_be_divided(form)) division = Division::whole;
  return Product::piece(form, *strength, division, std::move(label));
}

}  // namespace

std::vector<Product> ProductTable::products() const {
  std::vector<Product> out;
  out.reserve(listed.size());
  for (const ListedProduct& entry : listed) out.push_back(entry.product);
  return out;
}

Result<ProductTable> product_table(std::string_view substance_name,
                                   const ProductTableOptions& options,
                                   const substance::Catalogue& catalogue) {
  if (options.unit != DoseUnit::mg && options.unit != DoseUnit::mcg_per_h) {
    return unexpected(error_at(Errc::unsupported, "unit", std::nullopt, name(options.unit),
                               "strengths are recorded in mg and mcg/h only"));
  }
  const Result<substance::Substance> found = catalogue.find(substance_name);
  if (!found) return unexpected(found.error());
  const std::vector<substance::Product> rows = catalogue.products(found->id);
  if (rows.empty()) {
    return unexpected(error_at(Errc::not_computable, "substance", std::nullopt, substance_name,
                               "has no recorded products: give them yourself"));
  }
  ProductTable table;
  for (const substance::Product& row : rows) {
    const bool by_rate = row.unit == StrengthUnit::mcg_per_hour;
    if (by_rate != (options.unit == DoseUnit::mcg_per_h)) continue;
    if (!options.market.empty() && !sold_in(row.market, options.market)) continue;
    if (options.release && row.release != *options.release) continue;
    if (!options.kinds.empty() &&
        std::ranges::find(options.kinds, row.kind) == options.kinds.end()) {
      continue;
    }
    std::string drug{row.substance};
    if (!row.partner.empty()) {
      drug += '/';
      drug += row.partner;
    }
    if (const std::string_view why = why_not(row, options); !why.empty()) {
      table.left_out.push_back(UnlistedProduct{drug + ' ' + std::string{row.form}, why});
      continue;
    }
    for (const substance::Strength& strength : row.strengths()) {
      std::string label = drug + ' ' + shortest(strength.amount) + ' ' +
                          std::string{name(row.unit)} + ' ' + std::string{row.form};
      Result<Product> product = made(row, strength.amount, std::move(label), options);
      if (!product) return unexpected(std::move(product).error());
      const bool known = std::ranges::any_of(
          table.listed, [&](const ListedProduct& entry) { return entry.product == *product; });
      if (known) continue;
      table.listed.push_back(
          ListedProduct{*std::move(product), row.market, row.source, row.confidence});
    }
  }
  return table;
}

}  // namespace ombre::inline v0::plans
