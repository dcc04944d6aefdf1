#include "ombre/plans/product.hpp"

#include <array>
#include <optional>
#include <utility>

namespace ombre::inline v0::plans {

namespace {

constexpr std::array<std::pair<std::string_view, Form>, 14> form_names{{
    {"tablet", Form::tablet},
    {"orodispersible tablet", Form::orodispersible_tablet},
    {"dispersible tablet", Form::dispersible_tablet},
    {"sublingual tablet", Form::sublingual_tablet},
    {"film", Form::film},
    {"capsule", Form::capsule},
    {"extended-release tablet", Form::extended_release_tablet},
    {"extended-release capsule", Form::extended_release_capsule},
    {"lozenge", Form::lozenge},
    {"gum", Form::gum},
    {"suppository", Form::suppository},
    {"patch", Form::patch},
    {"injection", Form::injection},
    {"liquid", Form::liquid},
}};

constexpr char plain(char c) noexcept { return c == '_' || c == '-' ? ' ' : c; }

bool same_words(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (plain(a[i]) != plain(b[i])) return false;
  }
  return true;
}

Unexpected refuse(Errc code, std::string_view field, const std::string& value,
                  std::string_view rule) {
  return unexpected(error_at(code, field, std::nullopt, value, rule));
}

}  // namespace

std::string_view name(Form form) noexcept {
  for (const auto& [text, value] : form_names) {
    if (value == form) return text;
  }
  return "unknown form";
}

Result<Form> form_of(std::string_view text) {
  for (const auto& [known, form] : form_names) {
    if (same_words(known, text)) return form;
  }
  return refuse(Errc::unknown_name, "form", std::string{text},
                "must be tablet, orodispersible tablet, dispersible tablet, sublingual tablet, "
                "film, capsule, extended-release tablet, extended-release capsule, lozenge, gum, "
                "suppository, patch, injection or liquid");
}

bool may_be_divided(Form form) noexcept {
  switch (form) {
    case Form::tablet:
    case Form::orodispersible_tablet:
    case Form::dispersible_tablet:
    case Form::sublingual_tablet:
    case Form::film:
      return true;
    case Form::capsule:
    case Form::extended_release_tablet:
    case Form::extended_release_capsule:
    case Form::lozenge:
    case Form::gum:
    case Form::suppository:
    case Form::patch:
    case Form::injection:
    case Form::liquid:
      return false;
  }
  return false;
}

std::string_view name(Division division) noexcept {
  switch (division) {
    case Division::whole:
      return "whole";
    case Division::halves:
      return "halves";
    case Division::quarters:
      return "quarters";
  }
  return "unknown division";
}

Result<Division> division_of(std::string_view text) {
  for (const Division division : {Division::whole, Division::halves, Division::quarters}) {
    if (name(division) == text) return division;
  }
  return refuse(Errc::unknown_name, "division", std::string{text},
                "must be whole, halves or quarters");
}

Result<Product> Product::piece(Form form, Amount strength, Division division, std::string label) {
  if (form == Form::liquid || form == Form::patch) {
    return refuse(Errc::contradiction, "form", std::string{name(form)},
                  "must be a piece: liquids and patches are made with their own functions");
  }
  if (name(form) == "unknown form") {
    return refuse(Errc::unknown_name, "form", std::to_string(static_cast<int>(form)),
                  "must be a known form");
  }
  if (strength.is_zero()) {
    return refuse(Errc::out_of_range, "strength", text(strength), "must be above 0");
  }
  if (division != Division::whole && division != Division::halves &&
      division != Division::quarters) {
    return refuse(Errc::unknown_name, "division", std::to_string(static_cast<int>(division)),
                  "must be whole, halves or quarters");
  }
  if (division != Division::whole && !may_be_divided(form)) {
    return refuse(Errc::contradiction, "division", std::string{name(division)},
                  "must be whole: a " + std::string{name(form)} + " is never divided");
  }
  if (strength.micro() * static_cast<int>(division) % 4 != 0) {
    return refuse(Errc::not_computable, "strength", text(strength),
                  "must divide into parts of whole millionths");
  }
  Product out;
  out.form_ = form;
  out.strength_ = strength;
  out.division_ = division;
  out.per_graduation_ = Amount{strength.unit()};
  out.label_ = label.empty() ? text(strength) + ' ' + std::string{name(form)} : std::move(label);
  return out;
}

Result<Product> Product::patch(Amount strength, std::int32_t wear_days, std::string label) {
  if (strength.is_zero()) {
    return refuse(Errc::out_of_range, "strength", text(strength), "must be above 0");
  }
  if (wear_days < 1 || wear_days > 31) {
    return refuse(Errc::out_of_range, "wear_days", std::to_string(wear_days), "must be 1 to 31");
  }
  Product out;
  out.form_ = Form::patch;
  out.strength_ = strength;
  out.wear_days_ = wear_days;
  out.per_graduation_ = Amount{strength.unit()};
  out.label_ = label.empty() ? text(strength) + " patch" : std::move(label);
  return out;
}

Result<Product> Product::liquid(Amount per_ml, Amount graduation, Amount largest,
                                std::string label) {
  if (per_ml.is_zero()) {
    return refuse(Errc::out_of_range, "per_ml", text(per_ml), "must be above 0");
  }
  if (graduation.unit() != DoseUnit::ml || largest.unit() != DoseUnit::ml) {
    return refuse(Errc::contradiction, "graduation",
                  text(graduation.unit() != DoseUnit::ml ? graduation : largest), "must be in mL");
  }
  if (graduation.is_zero()) {
    return refuse(Errc::out_of_range, "graduation", text(graduation), "must be above 0 mL");
  }
  if (largest < graduation) {
    return refuse(Errc::out_of_range, "largest", text(largest),
                  "must hold at least one graduation of " + text(graduation));
  }
  // per_ml is below 10^15 and so is the graduation: 128 bits hold the product.
  __extension__ using Wide = __int128;
  const Wide product = static_cast<Wide>(per_ml.micro()) * graduation.micro();
  if (product % 1'000'000 != 0 || product / 1'000'000 == 0) {
    return refuse(Errc::not_computable, "graduation", text(graduation),
                  "must hold a whole number of millionths at " + text(per_ml) + " per mL");
  }
  if (product / 1'000'000 > Amount::max_micro) {
    return refuse(Errc::out_of_range, "per_ml", text(per_ml),
                  "must keep one graduation below 1000000000");
  }
  const Result<Amount> one =
      Amount::from_micro(static_cast<std::int64_t>(product / 1'000'000), per_ml.unit());
  if (!one) return unexpected(one.error());
  Product out;
  out.form_ = Form::liquid;
  out.strength_ = per_ml;
  out.graduation_ = graduation;
  out.largest_ = largest;
  out.per_graduation_ = *one;
  out.label_ = label.empty() ? text(per_ml) + "/mL liquid" : std::move(label);
  return out;
}

Product Product::out_of_stock() const { return with_stock(false); }

Product Product::with_stock(bool in_stock) const {
  Product out = *this;
  out.in_stock_ = in_stock;
  return out;
}

}  // namespace ombre::inline v0::plans
