// One person's 28 days of drinking, and what they say.
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "ombre/outcomes/daily_metrics.hpp"

using namespace ombre;

int main() {
  // US drinks a day. Amounts of 0 are days known to be without a drink.
  const std::vector<double> drinks{0, 0, 6, 5, 0, 2, 0, 0, 4, 0, 0, 7, 3, 0,
                                   0, 0, 0, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0};
  std::vector<std::uint8_t> state;
  state.reserve(drinks.size());
  for (const double d : drinks) {
    state.push_back(
        timeline::day_byte(d > 0 ? timeline::UseState::amount : timeline::UseState::none));
  }

  outcomes::MetricOptions options{timeline::MissingRule::exclude};
  options.heavy = *outcomes::HeavyDay::from(*spectrum::heavy_rule("niaaa_heavy_day"));
  const auto metrics = outcomes::compute_metrics({state, drinks, 0}, options,
                                                 {.ethanol_g_per_unit = 14, .sex = Sex::male});
  if (!metrics) {
    std::puts(describe(metrics.error()).c_str());
    return 1;
  }
  using outcomes::Metric;
  for (const Metric m : {Metric::pda, Metric::phdd, Metric::ddd, Metric::ethanol_g_per_day,
                         Metric::longest_abstinent_run, Metric::current_abstinent_run}) {
    const auto& e = (*metrics)[m];
    if (e.value) {
      std::printf("%-22s %6.2f   %s\n", std::string{outcomes::name(m)}.c_str(), *e.value,
                  outcomes::definition(m, options).c_str());
    } else {
      std::printf("%-22s no answer: %s\n", std::string{outcomes::name(m)}.c_str(),
                  std::string{outcomes::describe(e.status)}.c_str());
    }
  }
}
