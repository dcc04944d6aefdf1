// Milligrams equal to 10 mg of oral diazepam, one block per source.
//
// The sources disagree by up to 2.7 times (8 times with the ranges of the compilation), so none of
// them is the truth: answers come as an interval over them.

#include <array>

#include "ombre/substance/rows.hpp"
#include "sources.hpp"

namespace ombre::inline v0::substance {
namespace {

constexpr std::string_view printed_as_range =
    "source prints a range; value is the midpoint: prefer the range";
constexpr std::string_view second_hand = "second-hand copy seen";
constexpr auto verified = Confidence::verified;
constexpr auto known = Confidence::known;

constexpr DiazepamFigure one(const Source& source, Confidence confidence,
                             std::string_view substance, double mg, std::string_view note = "") {
  return {substance, mg, std::nullopt, std::nullopt, false, &source, confidence, note};
}
constexpr DiazepamFigure range(const Source& source, Confidence confidence,
                               std::string_view substance, double low_mg, double high_mg) {
  return {substance,  (low_mg + high_mg) / 2, low_mg, high_mg, false, &source,
          confidence, printed_as_range};
}
constexpr DiazepamFigure ashton(std::string_view substance, double mg) {
  return one(cite::ashton_2002, known, substance, mg);
}
constexpr DiazepamFigure ashton(std::string_view substance, double low_mg, double high_mg) {
  return range(cite::ashton_2002, known, substance, low_mg, high_mg);
}
constexpr DiazepamFigure va_dod(std::string_view substance, double mg) {
  return one(cite::va_dod_2021, verified, substance, mg);
}
constexpr DiazepamFigure bnf(std::string_view substance, double mg) {
  return one(cite::bnf, known, substance, mg);
}
constexpr DiazepamFigure who(std::string_view substance, double mg) {
  return one(cite::who_2009, known, substance, mg);
}
constexpr DiazepamFigure nsw(std::string_view substance, double mg) {
  return one(cite::nsw_2022, known, substance, mg, second_hand);
}
constexpr DiazepamFigure clincalc(std::string_view substance, double mg, double low_mg,
                                  double high_mg) {
  return {substance, mg, low_mg, high_mg, true, &cite::clincalc, known, second_hand};
}

constexpr std::array figures{
    // Ashton 2002, table of 2007.
    ashton("alprazolam", 0.5),
    ashton("bromazepam", 5, 6),
    ashton("chlordiazepoxide", 25),
    ashton("clobazam", 20),
    ashton("clonazepam", 0.5),
    ashton("clorazepate", 15),
    ashton("diazepam", 10),
    ashton("estazolam", 1, 2),
    ashton("flunitrazepam", 1),
    ashton("flurazepam", 15, 30),
    ashton("loprazolam", 1, 2),
    ashton("lorazepam", 1),
    ashton("lormetazepam", 1, 2),
    ashton("nitrazepam", 10),
    ashton("oxazepam", 20),
    ashton("prazepam", 10, 20),
    ashton("quazepam", 20),
    ashton("temazepam", 20),
    ashton("triazolam", 0.5),
    ashton("zaleplon", 20),
    ashton("zolpidem", 20),
    ashton("zopiclone", 15),
    ashton("eszopiclone", 3),

    // VA/DoD 2021.
    va_dod("alprazolam", 1),
    va_dod("chlordiazepoxide", 25),
    va_dod("clonazepam", 1),
    va_dod("clorazepate", 15),
    va_dod("diazepam", 10),
    va_dod("estazolam", 1),
    va_dod("flurazepam", 15),
    va_dod("lorazepam", 2),
    va_dod("oxazepam", 30),
    va_dod("quazepam", 10),
    va_dod("temazepam", 15),
    va_dod("triazolam", 0.25),

    // BNF and the UK services that print it, per 5 mg there.
    bnf("alprazolam", 0.5),
    bnf("chlordiazepoxide", 25),
    bnf("clobazam", 20),
    bnf("clonazepam", 0.5),
    bnf("diazepam", 10),
    range(cite::bnf, known, "flurazepam", 15, 30),
    range(cite::bnf, known, "loprazolam", 1, 2),
    bnf("lorazepam", 1),
    range(cite::bnf, known, "lormetazepam", 1, 2),
    bnf("nitrazepam", 10),
    bnf("oxazepam", 20),
    bnf("temazepam", 20),
    bnf("zolpidem", 20),
    bnf("zopiclone", 15),

    // WHO 2009, per 5 mg there.
    who("alprazolam", 1),
    who("bromazepam", 6),
    who("clobazam", 20),
    who("flunitrazepam", 2),
    who("lorazepam", 1),
    who("lormetazepam", 1.5),
    who("midazolam", 5),
    who("nitrazepam", 10),
    who("oxazepam", 30),
    who("temazepam", 20),
    who("triazolam", 0.5),

    // NSW 2022, per 5 mg there.
    nsw("alprazolam", 1),
    nsw("bromazepam", 6),
    nsw("clobazam", 20),
    nsw("clonazepam", 0.5),
    nsw("flunitrazepam", 1),
    nsw("lorazepam", 2),
    nsw("nitrazepam", 10),

    // ClinCalc: a figure and the spread of what it collected.
    clincalc("alprazolam", 0.75, 0.5, 2),
    clincalc("chlordiazepoxide", 33, 12, 50),
    clincalc("clonazepam", 0.75, 0.5, 4),
    clincalc("clorazepate", 13, 8, 30),
    clincalc("flurazepam", 20, 8, 30),
    clincalc("lorazepam", 1.3, 1, 4),
    clincalc("midazolam", 7, 5, 10),
    clincalc("oxazepam", 20, 5, 40),
    clincalc("quazepam", 27, 15, 40),
    clincalc("temazepam", 20, 5, 40),
    clincalc("triazolam", 0.25, 0.25, 1),
};

}  // namespace

std::span<const DiazepamFigure> diazepam_figures() noexcept { return figures; }

}  // namespace ombre::inline v0::substance
