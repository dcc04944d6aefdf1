// Elimination half-lives in hours, of the substances and of their metabolites.

#include <array>

#include "ombre/substance/rows.hpp"
#include "sources.hpp"

namespace ombre::inline v0::substance {
namespace {

using enum Activity;
constexpr auto known = Confidence::known;

// Benzodiazepines and z-drugs, from Ashton's table.
constexpr HalfLifeRow ashton(std::string_view substance, Range hours) {
  return {substance, "", "", hours, active, &cite::ashton_2002, known, ""};
}
constexpr HalfLifeRow ashton_metabolite(std::string_view substance, std::string_view species,
                                        Range hours) {
  return {substance, species, "", hours, active, &cite::ashton_2002, known, ""};
}
// Everything else, from labels and standard texts.
constexpr HalfLifeRow label(std::string_view substance, Range hours, std::string_view note = "",
                            std::string_view condition = "") {
  return {substance, "", condition, hours, active, &cite::us_label_texts, known, note};
}
constexpr HalfLifeRow metabolite(std::string_view substance, std::string_view species, Range hours,
                                 Activity activity) {
  return {substance, species, "", hours, activity, &cite::us_label_texts, known, ""};
}

constexpr std::array rows{
    ashton("alprazolam", {6, 12}),
    ashton("bromazepam", {10, 20}),
    ashton("chlordiazepoxide", {5, 30}),
    ashton_metabolite("chlordiazepoxide", "desmethyldiazepam and others", {36, 200}),
    ashton("clobazam", {12, 60}),
    ashton("clonazepam", {18, 50}),
    ashton_metabolite("clorazepate", "desmethyldiazepam", {36, 200}),
    ashton("diazepam", {20, 100}),
    ashton_metabolite("diazepam", "desmethyldiazepam (nordazepam)", {36, 200}),
    ashton("estazolam", {10, 24}),
    ashton("eszopiclone", {6, 6}),
    ashton("flunitrazepam", {18, 26}),
    ashton_metabolite("flunitrazepam", "desmethylflunitrazepam", {36, 200}),
    ashton_metabolite("flurazepam", "desalkylflurazepam", {40, 250}),
    ashton("loprazolam", {6, 12}),
    ashton("lorazepam", {10, 20}),
    ashton("lormetazepam", {10, 12}),
    ashton("nitrazepam", {15, 38}),
    ashton("oxazepam", {4, 15}),
    ashton("quazepam", {25, 100}),
    ashton("temazepam", {8, 22}),
    ashton("triazolam", {2, 2}),
    ashton("zolpidem", {2, 2}),
    ashton("zopiclone", {5, 6}),

    // Opioids.
    label("buprenorphine", {24, 42}, "mean about 37", "sublingual"),
    label("codeine", {2.5, 3.5}, "prodrug -> morphine (CYP2D6; ultra-rapid metabolisers at risk)"),
    label("fentanyl", {20, 27}, "apparent, after patch removal", "transdermal"),
    label("heroin", {0.05, 0.1}, "minutes"),
    metabolite("heroin", "6-monoacetylmorphine", {0.1, 0.5}, active),
    label("hydrocodone", {3.3, 4.4}, "-> hydromorphone (CYP2D6)"),
    label("hydromorphone", {2, 3}),
    label("levorphanol", {11, 16}),
    metabolite("meperidine", "normeperidine", {15, 40}, active),
    label("methadone", {8, 59}, "usually 24-36; accumulates 4-7 days; QT"),
    label("morphine", {2, 4}, "M6G active, accumulates in renal failure"),
    label("oxycodone", {3, 4.5}, "-> oxymorphone (CYP2D6); ER about 4.5"),
    label("oxymorphone", {7, 9}),
    label("tapentadol", {4, 5}),
    label("tramadol", {6, 8}),
    metabolite("tramadol", "O-desmethyltramadol (M1)", {7, 9}, active),

    // Other sedatives.
    label("phenobarbital", {53, 118}),
    label("gabapentin", {5, 7}),
    label("pregabalin", {5.5, 6.7}),
    label("ghb", {0.33, 1}),
    HalfLifeRow{"baclofen", "", "", {3, 4}, active, &cite::uk_labels, known, "by mouth"},
    HalfLifeRow{"phenibut",
                "",
                "",
                {5.3, 5.3},
                active,
                &cite::lapin_2001,
                Confidence::uncertain,
                "one dose of 250 mg"},
    label("ketamine", {2, 3}),

    // Stimulants, nicotine, caffeine, cannabis.
    label("amphetamine", {9, 14}, "urine pH"),
    label("caffeine", {3, 7}),
    label("cannabis", {24, 72}, "terminal", "occasional use"),
    label("cannabis", {120, 312}, "terminal", "daily use"),
    label("cocaine", {0.5, 1.5}),
    metabolite("cocaine", "cocaethylene (with alcohol)", {2, 2.5}, only_with_alcohol),
    label("mdma", {7, 9}),
    label("methamphetamine", {6, 15}, "mean 10-12"),
    label("nicotine", {1, 4}, "about 2"),
    metabolite("nicotine", "cotinine", {16, 20}, marker),

    // Antidepressants.
    label("citalopram", {33, 37}),
    label("duloxetine", {8, 17}),
    label("escitalopram", {27, 32}),
    label("fluoxetine", {96, 144}, "chronic use (24-72 acute)"),
    metabolite("fluoxetine", "norfluoxetine", {96, 384}, active),
    label("fluvoxamine", {14, 22}),
    label("paroxetine", {15, 22}, "non-linear"),
    label("sertraline", {22, 36}),
    metabolite("sertraline", "desmethylsertraline", {62, 104}, weak),
    label("venlafaxine", {3, 7}),
    metabolite("venlafaxine", "O-desmethylvenlafaxine", {9, 13}, active),
};

}  // namespace

std::span<const HalfLifeRow> half_life_rows() noexcept { return rows; }

}  // namespace ombre::inline v0::substance
