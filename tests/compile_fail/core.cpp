// Core types: what must not compile, each beside what should be written instead.
#include "ombre/core/date.hpp"
#include "ombre/core/error.hpp"
#include "ombre/core/quantities.hpp"
#include "ombre/core/result.hpp"

using ombre::Date;
using ombre::Days;
using ombre::DoseMg;
using ombre::DoseStepMg;
using ombre::Fraction;
using ombre::GramsEthanol;
using ombre::Result;
using ombre::StandardDrinks;

[[maybe_unused]] static void dates(Date day, Date later) {
#ifdef CASE_two_dates_do_not_add  // says: no match for|invalid operands
  [[maybe_unused]] auto x = day + later;
#else
  [[maybe_unused]] auto x = day + Days{1};
#endif

#ifdef CASE_the_difference_of_two_dates_is_not_a_date  // says: conversion|no viable
  [[maybe_unused]] Date y = later - day;
#else
  [[maybe_unused]] Days y = later - day;
#endif

#ifdef CASE_days_do_not_become_a_date  // says: conversion|no viable
  [[maybe_unused]] Date z = Days{3};
#else
  [[maybe_unused]] Date z = Date{} + Days{3};
#endif

#ifdef CASE_a_number_does_not_become_days  // says: conversion|no viable
  [[maybe_unused]] Days week = 7;
#else
  [[maybe_unused]] Days week{7};
#endif

#ifdef CASE_a_number_does_not_become_a_date  // says: conversion|no viable|private
  [[maybe_unused]] Date number = 19000;
#else
  [[maybe_unused]] Result<Date> number = Date::from_day_number(19000);
#endif

#ifdef CASE_a_plain_number_is_not_added_to_a_date  // says: no match for|invalid operands
  [[maybe_unused]] auto tomorrow = day + 1;
#else
  [[maybe_unused]] auto tomorrow = day + Days{1};
#endif

#ifdef CASE_a_date_is_not_compared_with_days  // says: no match for|invalid operands
  [[maybe_unused]] bool before = day < Days{5};
#else
  [[maybe_unused]] bool before = day < later;
#endif
}

[[maybe_unused]] static void doses(DoseMg dose, DoseMg other) {
#ifdef CASE_two_doses_do_not_add  // says: no match for|invalid operands
  [[maybe_unused]] auto x = dose + other;
#else
  [[maybe_unused]] DoseStepMg x = dose - other;
#endif

#ifdef CASE_a_number_does_not_become_a_dose  // says: conversion|no viable
  [[maybe_unused]] DoseMg y = 2.5;
#else
  [[maybe_unused]] Result<DoseMg> y = DoseMg::from(2.5);
#endif

#ifdef CASE_a_number_is_no_dose_in_braces_either  // says: private|no matching
  [[maybe_unused]] DoseMg z{2.5};
#else
  [[maybe_unused]] DoseMg z = DoseMg::of(2.5);
#endif

#ifdef CASE_a_step_is_not_a_dose  // says: conversion|no viable
  [[maybe_unused]] DoseMg after = dose - other;
#else
  [[maybe_unused]] Result<DoseMg> after = dose.after(dose - other);
#endif

#ifdef CASE_a_negative_literal_is_no_dose  // says: a_constant_must_be_in_range
  [[maybe_unused]] DoseMg negative = DoseMg::of(-1);
#else
  [[maybe_unused]] DoseMg negative = DoseMg::of(1);
#endif

#ifdef CASE_a_dose_does_not_become_a_number  // says: cannot convert|no viable
  [[maybe_unused]] double mg = dose;
#else
  [[maybe_unused]] double mg = dose.mg();
#endif
}

[[maybe_unused]] static void shares_and_drinks(StandardDrinks a, StandardDrinks b) {
#ifdef CASE_a_percentage_literal_is_no_fraction  // says: a_constant_must_be_in_range
  [[maybe_unused]] Fraction x = Fraction::of(12.5);
#else
  [[maybe_unused]] Result<Fraction> x = Fraction::from_percent(12.5);
#endif

#ifdef CASE_drinks_of_unnamed_countries_do_not_add  // says: no match for|invalid operands
  [[maybe_unused]] auto y = a + b;
#else
  [[maybe_unused]] auto y = a.grams() + b.grams();
#endif

#ifdef CASE_drinks_do_not_compare_without_grams  // says: no match for|invalid operands
  [[maybe_unused]] bool more = a < b;
#else
  [[maybe_unused]] bool more = a.grams() < b.grams();
#endif

#ifdef CASE_ethanol_and_dose_do_not_add  // says: no match for|invalid operands
  [[maybe_unused]] auto z = a.grams() + DoseMg::of(1);
#else
  [[maybe_unused]] GramsEthanol z = a.grams() + GramsEthanol{};
#endif
}

[[maybe_unused]] static void results(Result<Days> result) {
#ifdef CASE_a_result_is_not_its_value  // says: conversion|no viable
  [[maybe_unused]] Days x = result;
#else
  [[maybe_unused]] Days x = result ? *result : Days{0};
#endif

#ifdef CASE_a_result_of_an_error_is_not_a_result  // says: static assertion|static_assert
  [[maybe_unused]] Result<ombre::Error>* y = nullptr;
  [[maybe_unused]] bool z = y->has_value();
#endif
}
