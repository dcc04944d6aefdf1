// Endpoints of a few people: published ones, a changed one and one of our own, with what rests on
// missed visits.
#include <cstdio>
#include <string>
#include <vector>

#include "ombre/outcomes/endpoint_bounds.hpp"
#include "ombre/outcomes/endpoint_builtin.hpp"
#include "ombre/outcomes/endpoint_plan.hpp"

int main() {
  using namespace ombre;
  using namespace ombre::outcomes;

  // One word a person: + positive, - clean, * mixed, o missed.
  WordColumns people;
  for (const char* word : {"---------------", "--o--*-oo-----+", "++++-+-oooooooo"}) {
    if (auto added = people.append(word); !added) {
      std::printf("%s\n", describe(added.error()).c_str());
      return 1;
    }
  }

  // Two published definitions, one of them followed for 12 weeks instead of 15.
  const Registry published = builtin_endpoints();
  std::vector<Endpoint> chosen{*published.find("rel_ctn0094_2023.corrected"),
                               *published.find("abs_krupitsky_b_2011")->with_horizon(12)};

  // One of our own: at least 80 % clean among the attended weeks from week 5 on.
  EndpointSpec spec;
  spec.id = "late_clean";
  spec.sentence = "At least 80 % clean among the attended weeks from week 5 on.";
  spec.type = ResultType::yes_no;
  const WordExpr late = expr::present(expr::window(expr::word(), {5, -1}));
  spec.value = expr::share(late, Symbol::negative) >= 0.8;
  auto own = Endpoint::make(spec);
  if (!own) {
    std::printf("%s\n", describe(own.error()).c_str());
    return 1;
  }
  chosen.push_back(*own);

  const auto plan = EndpointPlan::compile(chosen, {.honesty = true});
  if (!plan) return 1;
  const auto table = plan->evaluate(people);
  if (!table) return 1;
  for (std::size_t person = 0; person < people.size(); ++person) {
    std::printf("%s\n", people.word(person).text().c_str());
    for (std::size_t e = 0; e < chosen.size(); ++e) {
      const auto value = table->columns[e].at(person);
      const EndpointHonesty& honesty = table->honesty[e];
      std::printf("  %-28s", chosen[e].id().c_str());
      if (!value) {
        std::printf(" no value\n");
        continue;
      }
      std::printf(" %g%s", value->value, value->event ? " (event)" : "");
      std::printf(", worst %g, best %g", honesty.worst.at(person)->value,
                  honesty.best.at(person)->value);
      std::printf("; %u of %u weeks missed\n", honesty.missed[person], honesty.weeks[person]);
    }
  }
  return 0;
}
