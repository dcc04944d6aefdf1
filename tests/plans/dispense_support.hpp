#pragma once
// Small products and random shelves shared by the dispensing tests.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "ombre/core/random.hpp"
#include "ombre/plans/dispense.hpp"

namespace dispense_test {

namespace plans = ombre::plans;
using plans::Amount;
using plans::Division;
using plans::DoseUnit;
using plans::Form;
using plans::Product;

inline Amount mg(std::int64_t micro) { return *Amount::from_micro(micro, DoseUnit::mg); }
inline Product tablet(Amount strength, Division division = Division::whole) {
  return *Product::piece(Form::tablet, strength, division);
}
inline Product er(Amount strength) {
  return *Product::piece(Form::extended_release_tablet, strength);
}
inline Product liquid(Amount per_ml, Amount graduation, Amount largest) {
  return *Product::liquid(per_ml, graduation, largest);
}

/// pieces x strength, exactly.
inline std::int64_t sum_of(const plans::Dispensed& intake, const std::vector<Product>& products) {
  std::int64_t micro = 0;
  for (const plans::Piece& piece : intake.pieces) {
    const Product& product = products[piece.product];
    if (piece.quarters == 0) {
      EXPECT_EQ(piece.volume.micro() % product.graduation().micro(), 0);
      EXPECT_LE(piece.volume.micro(), product.largest_volume().micro());
      micro +=
          piece.volume.micro() / product.graduation().micro() * product.per_graduation().micro();
    } else {
      EXPECT_GE(piece.quarters, static_cast<int>(product.division()));
      EXPECT_GE(piece.count, 1U);
      micro += product.strength().micro() * piece.quarters / 4 * piece.count;
    }
  }
  return micro;
}

/// "2xw10 + 1xh2" in a form that does not depend on indices.
inline std::string recipe(const plans::Dispensed& intake, const std::vector<Product>& products) {
  return plans::text(intake, products);
}

/// One to four products with small strengths; sometimes a liquid, sometimes none in stock.
inline std::vector<Product> random_shelf(ombre::RandomStream& random, bool with_liquids = true) {
  std::vector<Product> shelf;
  const std::size_t count = 1 + random.below(4);
  while (shelf.size() < count) {
    const auto strength = mg(static_cast<std::int64_t>(1 + random.below(12)) * 1'000'000);
    const std::uint64_t kind = random.below(with_liquids ? 6 : 5);
    Product made = kind == 5 ? liquid(mg(500'000 * static_cast<std::int64_t>(1 + random.below(3))),
                                      *Amount::parse("0.5 mL"), *Amount::parse("3 mL"))
                   : kind >= 3 ? er(strength)
                               : tablet(strength, kind == 0   ? Division::whole
                                                  : kind == 1 ? Division::halves
                                                              : Division::quarters);
    bool twice = false;
    for (const Product& other : shelf) twice = twice || other == made;
    if (!twice) shelf.push_back(made);
  }
  return shelf;
}

}  // namespace dispense_test
