// Marketed forms and strengths: what a pharmacy can hand out. Labels change; these are common
// values of 2024-2025, to be checked again for each country.

#include <array>

#include "ombre/substance/rows.hpp"
#include "sources.hpp"

namespace ombre::inline v0::substance {
namespace {

using enum ProductKind;
using enum Release;
using enum Splitting;
using enum StrengthUnit;
constexpr auto known = Confidence::known;

struct Market {
  std::string_view code;
  const Source* source;
};
constexpr Market US{"US", &cite::us_labels};
constexpr Market UK{"UK", &cite::uk_labels};
constexpr Market EU{"EU", &cite::eu_labels};
constexpr Market CA{"CA", &cite::ca_labels};
constexpr Market US_EU{"US/EU", &cite::us_eu_labels};
constexpr Market US_UK{"US/UK", &cite::us_uk_labels};

constexpr std::string_view whole = "taken whole by label; some services divide it";

constexpr Product row(Market market, std::string_view substance, std::string_view form,
                      ProductKind kind, Release release, Splitting splitting,
                      std::string_view strengths, StrengthUnit unit, std::string_view note,
                      std::string_view partner = "") {
  return {substance, partner, form,        kind,          release, splitting,
          strengths, unit,    market.code, market.source, known,   note};
}
// Plain tablet of immediate release: divided only where it carries a score.
constexpr Product plain(Market market, std::string_view substance, std::string_view strengths,
                        std::string_view note = "", std::string_view form = "tablet") {
  return row(market, substance, form, tablet, immediate, if_scored, strengths, mg, note);
}
// Anything that must stay in one piece.
constexpr Product piece(Market market, std::string_view substance, std::string_view form,
                        ProductKind kind, std::string_view strengths, std::string_view note = "") {
  return row(market, substance, form, kind, immediate, never, strengths, mg, note);
}
constexpr Product slow(Market market, std::string_view substance, std::string_view form,
                       ProductKind kind, std::string_view strengths, std::string_view note = "") {
  return row(market, substance, form, kind, extended, never, strengths, mg, note);
}
constexpr Product liquid(Market market, std::string_view substance, std::string_view form,
                         std::string_view strengths, std::string_view note = "") {
  return row(market, substance, form, oral_liquid, immediate, measured, strengths, mg_per_ml, note);
}
constexpr Product skin(Market market, std::string_view substance, std::string_view form,
                       std::string_view strengths, std::string_view note = "") {
  return row(market, substance, form, patch, extended, never, strengths, mcg_per_hour, note);
}
constexpr Product with_naloxone(std::string_view form, ProductKind kind, std::string_view strengths,
                                std::string_view note) {
  return row(US, "buprenorphine", form, kind, immediate, never, strengths, mg, note, "naloxone");
}

constexpr std::array table{
    // Benzodiazepines.
    row(US_UK, "diazepam", "tablet", tablet, immediate, halves, "2 5 10", mg,
        "scored; lowest practical half 1 mg"),
    liquid(US, "diazepam", "oral solution", "1 5", "5 = concentrate"),
    liquid(UK, "diazepam", "oral solution", "0.4"),
    plain(US, "lorazepam", "0.5 1 2"),
    plain(UK, "lorazepam", "1 2.5"),
    liquid(US, "lorazepam", "oral concentrate", "2"),
    slow(US, "lorazepam", "extended-release capsule", capsule, "1 1.5 2 3"),
    plain(US, "clonazepam", "0.5 1 2"),
    plain(UK, "clonazepam", "0.5 2"),
    piece(US, "clonazepam", "orally disintegrating tablet", orally_disintegrating_tablet,
          "0.125 0.25 0.5 1 2"),
    plain(US, "alprazolam", "0.25 0.5 1 2"),
    piece(US, "alprazolam", "orally disintegrating tablet", orally_disintegrating_tablet,
          "0.25 0.5 1 2"),
    slow(US, "alprazolam", "extended-release tablet", tablet, "0.5 1 2 3", "do not split"),
    liquid(US, "alprazolam", "oral concentrate", "1"),
    piece(US, "chlordiazepoxide", "capsule", capsule, "5 10 25"),

    // Z-drugs.
    plain(US_EU, "zolpidem", "5 10"),
    slow(US, "zolpidem", "extended-release tablet", tablet, "6.25 12.5"),
    plain(EU, "zopiclone", "3.75 7.5"),
    plain(CA, "zopiclone", "5"),

    // Opioid agonist treatment.
    plain(US, "methadone", "5 10"),
    row(US, "methadone", "dispersible tablet", dispersible_tablet, immediate, if_scored, "40", mg,
        ""),
    liquid(US, "methadone", "oral solution", "1 2 10"),
    liquid(UK, "methadone", "oral solution", "1"),
    piece(US, "buprenorphine", "sublingual tablet", sublingual_tablet, "2 8", whole),
    piece(UK, "buprenorphine", "sublingual tablet", sublingual_tablet, "0.4", whole),
    with_naloxone("sublingual film", sublingual_film, "2/0.5 4/1 8/2 12/3", whole),
    with_naloxone("sublingual tablet", sublingual_tablet, "2/0.5 8/2", whole),
    with_naloxone("rapid sublingual tablet (Zubsolv)", sublingual_tablet,
                  "0.7/0.18 1.4/0.36 2.9/0.71 5.7/1.4 8.6/2.1 11.4/2.9",
                  "5.7 is about 8 mg of the standard tablet"),
    skin(US, "buprenorphine", "transdermal patch 7-day", "5 7.5 10 15 20"),
    slow(US, "buprenorphine", "monthly injection (Sublocade)", injection, "100 300"),
    slow(US, "buprenorphine", "weekly injection (Brixadi)", injection, "8 16 24 32"),
    slow(US, "buprenorphine", "monthly injection (Brixadi)", injection, "64 96 128"),

    // Opioids for pain.
    plain(US, "oxycodone", "5 10 15 20 30", "", "immediate-release tablet"),
    slow(US, "oxycodone", "extended-release tablet", tablet, "10 15 20 30 40 60 80",
         "do not split"),
    liquid(US, "oxycodone", "oral solution", "1 20", "20 = concentrate"),
    slow(US, "morphine", "extended-release tablet", tablet, "15 30 60 100 200", "do not split"),
    plain(US, "morphine", "15 30", "", "immediate-release tablet"),
    liquid(US, "morphine", "oral solution", "2 4 20"),
    row(US, "hydrocodone", "tablet", tablet, immediate, if_scored, "5 7.5 10", mg,
        "with 300 or 325 mg paracetamol; watch 4 g/day", "paracetamol"),
    slow(US, "hydrocodone", "extended-release tablet (24 h)", tablet, "20 30 40 60 80 100 120"),
    plain(US, "hydromorphone", "2 4 8"),
    plain(US, "tramadol", "50 100"),
    slow(US, "tramadol", "extended-release", tablet, "100 200 300"),
    plain(US, "tapentadol", "50 75 100"),
    plain(US, "codeine", "15 30 60"),
    skin(US, "fentanyl", "transdermal patch", "12 25 37.5 50 62.5 75 87.5 100", "12 delivers 12.5"),

    // Nicotine; a patch is named by what it gives off in its hours.
    row(US, "nicotine", "24 h patch", patch, extended, never, "7 14 21", mg, ""),
    row(EU, "nicotine", "16 h patch", patch, extended, never, "5 10 15 25", mg, ""),
    piece(US_EU, "nicotine", "gum", gum, "2 4"),
    piece(US_EU, "nicotine", "lozenge", lozenge, "1 1.5 2 4", "US 2, 4; EU also 1, 1.5"),

    // Gabapentinoids.
    piece(US_EU, "pregabalin", "capsule", capsule, "25 50 75 100 150 200 225 300"),
    liquid(US_EU, "pregabalin", "oral solution", "20"),
    piece(US_EU, "gabapentin", "capsule or tablet", capsule, "100 300 400 600 800"),
    liquid(US, "gabapentin", "oral solution", "50"),

    // Antidepressants.
    plain(US_EU, "citalopram", "10 20 40"),
    liquid(US, "citalopram", "oral solution", "2"),
    liquid(UK, "citalopram", "oral drops", "40", "8 mg as drops = 10 mg tablet"),
    plain(US_EU, "escitalopram", "5 10 20"),
    liquid(US, "escitalopram", "oral solution", "1"),
    liquid(UK, "escitalopram", "oral drops", "20"),
    plain(US, "sertraline", "25 50 100"),
    liquid(US, "sertraline", "oral concentrate", "20"),
    plain(US, "paroxetine", "10 20 30 40"),
    liquid(US_EU, "paroxetine", "oral suspension", "2"),
    piece(US, "fluoxetine", "capsule or tablet", capsule, "10 20 40 60"),
    liquid(US_EU, "fluoxetine", "oral solution", "4"),
    slow(US, "venlafaxine", "extended-release capsule", capsule, "37.5 75 150"),
};

}  // namespace

std::span<const Product> products() noexcept { return table; }

}  // namespace ombre::inline v0::substance
