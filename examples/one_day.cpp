// One person's day, as they told it: what can be counted, what cannot, and what to look out for.
//
// The person takes oxycodone for pain and lorazepam to sleep, drank two cans of strong beer, and
// smoked some heroin. Nothing here is a judgement and nothing is a prescription: the answers are
// made for a talk between the person and someone they trust.

#include <cstdio>
#include <string>
#include <vector>

#include "ombre/spectrum/who_rdl.hpp"
#include "ombre/substance/alcohol.hpp"
#include "ombre/substance/diazepam.hpp"
#include "ombre/substance/kinetics.hpp"
#include "ombre/substance/mixtures.hpp"
#include "ombre/substance/opioid_mme.hpp"

using namespace ombre;

namespace {

void say(const std::string& line) { std::printf("%s\n", line.c_str()); }

std::string shown_1(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

}  // namespace

int main() {
  // Opioids. The heroin has no number, so the total has none: only a lower bound is honest.
  std::vector<substance::Dose> opioids;
  for (const char* told : {"oxycodone 10 mg x3", "heroin smoked"}) {
    const auto dose = substance::parse_dose(told);
    if (!dose) {
      say(describe(dose.error()));
      return 1;
    }
    opioids.push_back(*dose);
  }
  const auto mme = substance::risk_mme(opioids, substance::MmeEdition::cdc_2022);
  if (!mme) return 1;
  say("Opioids (CDC 2022)");
  for (const auto& part : mme->contributions) {
    say("  " + describe(opioids[part.dose]) + ": " +
        (part.mme ? shown_1(*part.mme) + " MME" : part.reason));
  }
  say("  Together: " + (mme->total ? shown_1(mme->total->mme()) + " MME"
                                   : "not known, at least " + shown_1(mme->at_least) + " MME"));
  say("  At or above 50 MME: " + std::string{name(mme->thresholds[0].reached)});

  // Lorazepam. The sources disagree by two times, and which end is cautious depends on the
  // question.
  const auto lorazepam = substance::find("lorazepam");
  const auto diazepam = substance::diazepam_equivalent(*lorazepam, DoseMg::of(2));
  const auto withdrawal = substance::withdrawal(*lorazepam);
  if (!diazepam || !withdrawal) return 1;
  say("\nLorazepam 2 mg");
  for (const auto& figure : diazepam->figures) {
    say("  " + std::string{figure.row.source->id} + ": " + shown_1(figure.value_mg) +
        " mg diazepam");
  }
  say("  Interval " + shown_1(diazepam->low_mg) + " to " + shown_1(diazepam->high_mg) + " mg" +
      (diazepam->disagreement ? ", the sources disagree" : ""));
  say("  Stopped suddenly, withdrawal begins after " + shown_1(withdrawal->onset_hours.low) +
      " to " + shown_1(withdrawal->onset_hours.high) + " hours; danger class " +
      letter(substance::stopping_danger(*lorazepam)->danger) + ": never abruptly");

  // Beer: grams first, then the drinks of whoever is reading.
  const auto can = substance::ethanol(500, 8.4);
  if (!can) return 1;
  const GramsEthanol beer = *can + *can;
  say("\nTwo cans of 500 mL at 8.4 %: " + shown_1(beer.grams()) + " g of ethanol");
  for (const char* country : {"US", "GB", "AU"}) {
    const auto size = substance::drink_size(country);
    if (!size) return 1;
    say("  " + shown_1(StandardDrinks::from(beer, *size).count()) + " drinks in " + country);
  }
  say("  Every day, for a man: WHO risk level " +
      std::string{name(spectrum::who_rdl(beer, Sex::male))} + "; half of it: " +
      std::string{
          name(spectrum::who_rdl(GramsEthanol::from(beer.grams() / 2).value(), Sex::male))});

  // Together.
  const std::vector<std::string_view> day{"oxycodone", "heroin", "lorazepam", "alcohol"};
  const auto mixed = substance::mixtures(std::span<const std::string_view>{day});
  if (!mixed) return 1;
  say("\nTaken together, most dangerous first");
  for (const auto& mixture : mixed->dangerous) {
    say("  " + std::string{name(mixture.rule->severity)} + ": " + std::string{mixture.first.name} +
        " and " + std::string{mixture.second.name} + ", " + std::string{name(mixture.rule->kind)} +
        " [" + std::string{mixture.rule->source->id} + "]");
  }
  say("  What helps: " + std::string{mixed->dangerous.front().rule->helps});
  return 0;
}
