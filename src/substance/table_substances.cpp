// The built-in substances: id, name, class, traits, other names, codes.
//
// ATC codes stand only where they were checked; RxNorm ids are left to the caller, who has a
// licensed and current copy. Street names differ by place and time, so only widespread ones are
// here, and one that means two substances ("speed") is listed under both: asking for it is
// answered with the choice.

#include <array>

#include "tables.hpp"

namespace ombre::inline v0::substance {
namespace {

using enum Trait;
constexpr Traits plain{};
constexpr Traits slows = plain | depressant;
constexpr Traits opioid = slows | full_agonist;
constexpr Traits street_opioid = opioid | unknown_potency;
constexpr Traits drives = plain | sympathomimetic;

constexpr Substance row(std::string_view id, std::string_view name, Class cls, Traits traits,
                        std::string_view aliases = "", std::string_view atc = "",
                        Acting acting = Acting::not_stated) {
  return {id, name, cls, traits, acting, aliases, atc, ""};
}
constexpr auto SHORT = Acting::short_acting;
constexpr auto LONG = Acting::long_acting;

constexpr Substance benzodiazepine(std::string_view id, Acting acting, std::string_view aliases,
                                   std::string_view atc = "") {
  return row(id, id, Class::benzodiazepine, slows, aliases, atc, acting);
}
constexpr Substance designer(std::string_view id) {
  return row(id, id, Class::benzodiazepine, slows | unknown_potency);
}
constexpr Substance z_drug(std::string_view id, std::string_view aliases,
                           std::string_view atc = "") {
  return row(id, id, Class::z_drug, slows, aliases, atc, SHORT);
}

constexpr std::array table{
    row("alcohol", "alcohol", Class::alcohol, slows,
        "ethanol, ethyl alcohol, beer, wine, spirits, liquor"),

    // ---- opioids
    row("morphine", "morphine", Class::opioid, opioid, "MS Contin", "N02AA01", SHORT),
    row("codeine", "codeine", Class::opioid, opioid, "", "", SHORT),
    row("dihydrocodeine", "dihydrocodeine", Class::opioid, opioid, "DHC", "", SHORT),
    row("hydrocodone", "hydrocodone", Class::opioid, opioid,
        "hydrocodone/paracetamol, hydrocodone/acetaminophen, Vicodin, Norco", "", SHORT),
    row("benzhydrocodone", "benzhydrocodone", Class::opioid, opioid),
    row("hydromorphone", "hydromorphone", Class::opioid, opioid, "Dilaudid", "", SHORT),
    row("oxycodone", "oxycodone", Class::opioid, opioid, "OxyContin, Percocet", "N02AA05", SHORT),
    row("oxymorphone", "oxymorphone", Class::opioid, opioid, "Opana", "", SHORT),
    row("tapentadol", "tapentadol", Class::opioid, opioid | serotonergic, "Nucynta", "", SHORT),
    row("tramadol", "tramadol", Class::opioid, opioid | serotonergic | lowers_seizure_threshold,
        "Ultram, tramal", "N02AX02", SHORT),
    row("fentanyl", "fentanyl", Class::opioid, opioid | serotonergic, "Duragesic"),
    row("methadone", "methadone", Class::opioid, opioid | qt_prolonging | serotonergic,
        "Methadose, Dolophine", "N07BC02", LONG),
    row("levomethadyl-acetate", "levomethadyl acetate", Class::opioid, opioid | qt_prolonging,
        "LAAM, levacetylmethadol", "", LONG),
    row("levorphanol", "levorphanol", Class::opioid, opioid),
    // Its long-lived metabolite is toxic rather than an opioid, so neither word fits.
    row("meperidine", "meperidine", Class::opioid, opioid | serotonergic | lowers_seizure_threshold,
        "pethidine, Demerol"),
    row("opium", "opium", Class::opioid, opioid),
    row("pentazocine", "pentazocine", Class::opioid, slows),
    row("butorphanol", "butorphanol", Class::opioid, slows),
    row("buprenorphine", "buprenorphine", Class::opioid, slows,
        "buprenorphine/naloxone, Subutex, Suboxone, Zubsolv, Sublocade, Brixadi, Buvidal",
        "N07BC01 N07BC51", LONG),
    row("heroin", "heroin", Class::opioid, street_opioid, "diamorphine, diacetylmorphine, smack",
        "", SHORT),
    row("illicit-fentanyl", "illicitly made fentanyl", Class::opioid, street_opioid,
        "street fentanyl, IMF, fentanyl analogue, fentanyl analogues"),
    row("nitazenes", "nitazenes", Class::opioid, street_opioid,
        "nitazene, isotonitazene, metonitazene, protonitazene, etonitazene"),
    row("kratom", "kratom", Class::opioid, slows | unknown_potency, "mitragynine"),
    row("opioid", "opioid, not specified", Class::opioid, street_opioid | unspecified,
        "opioids, opiate, opiates, unspecified opioid"),

    row("naloxone", "naloxone", Class::opioid_antagonist, plain, "Narcan, Nyxoid"),
    row("naltrexone", "naltrexone", Class::opioid_antagonist, plain, "Vivitrol, Revia"),
    row("nalmefene", "nalmefene", Class::opioid_antagonist, plain, "Selincro"),

    // ---- benzodiazepines, z-drugs, barbiturates
    benzodiazepine("alprazolam", SHORT, "Xanax", "N05BA12"),
    benzodiazepine("bromazepam", SHORT, "Lexotan, Lexomil", "N05BA08"),
    benzodiazepine("chlordiazepoxide", LONG, "Librium"),
    benzodiazepine("clobazam", LONG, "Frisium, Onfi"),
    benzodiazepine("clonazepam", LONG, "Klonopin, Rivotril", "N03AE01"),
    benzodiazepine("clorazepate", LONG, "clorazepate dipotassium, Tranxene"),
    benzodiazepine("diazepam", LONG, "Valium", "N05BA01"),
    benzodiazepine("estazolam", SHORT, ""),
    benzodiazepine("flunitrazepam", LONG, "Rohypnol"),
    benzodiazepine("flurazepam", LONG, "Dalmane, Dalmadorm", "N05CD01"),
    benzodiazepine("loprazolam", SHORT, "", "N05CD11"),
    benzodiazepine("lorazepam", SHORT, "Ativan, Tavor, Temesta", "N05BA06"),
    benzodiazepine("lormetazepam", SHORT, "Noctamid", "N05CD06"),
    benzodiazepine("midazolam", SHORT, "Dormicum"),
    benzodiazepine("nitrazepam", LONG, "Mogadon", "N05CD02"),
    benzodiazepine("oxazepam", SHORT, "Serax, Seresta", "N05BA04"),
    benzodiazepine("prazepam", LONG, "Lysanxia"),
    benzodiazepine("quazepam", LONG, "Doral"),
    benzodiazepine("temazepam", SHORT, "Restoril, Normison", "N05CD07"),
    benzodiazepine("triazolam", SHORT, "Halcion"),
    row("street-benzodiazepine", "street benzodiazepine", Class::benzodiazepine,
        slows | unknown_potency, "street benzos, street Valium, street Xanax, fake Xanax"),
    // Sold under their own names and not by any pharmacy in most countries. Nothing but the class
    // is recorded: what is in a pill varies.
    designer("bromazolam"),
    designer("clonazolam"),
    designer("deschloroetizolam"),
    designer("diclazepam"),
    designer("etizolam"),
    designer("flualprazolam"),
    designer("flubromazepam"),
    designer("flubromazolam"),
    designer("phenazepam"),
    designer("pyrazolam"),
    row("benzodiazepine", "benzodiazepine, not specified", Class::benzodiazepine,
        slows | unspecified, "benzodiazepines, benzo, benzos"),
    z_drug("zolpidem", "Ambien, Stilnox", "N05CF02"),
    z_drug("zopiclone", "Imovane, Zimovane", "N05CF01"),
    z_drug("zaleplon", "Sonata"),
    z_drug("eszopiclone", "Lunesta"),
    row("z-drug", "z-drug, not specified", Class::z_drug, slows | unspecified, "z-drugs", "",
        SHORT),
    row("phenobarbital", "phenobarbital", Class::barbiturate, slows, "phenobarbitone", "", LONG),
    row("barbiturate", "barbiturate, not specified", Class::barbiturate, slows | unspecified,
        "barbiturates"),

    // ---- other sedatives
    row("gabapentin", "gabapentin", Class::gabapentinoid, slows, "Neurontin", "N02BF01", SHORT),
    row("pregabalin", "pregabalin", Class::gabapentinoid, slows, "Lyrica", "N02BF02", SHORT),
    row("ghb", "GHB", Class::ghb, slows,
        "GBL, GHB/GBL, gamma-hydroxybutyrate, gamma-butyrolactone, 1,4-butanediol, sodium oxybate",
        "", SHORT),
    row("baclofen", "baclofen", Class::gaba_b_agonist, slows, "Lioresal"),
    row("phenibut", "phenibut", Class::gaba_b_agonist, slows,
        "Anvifen, Noofen, phenyl-GABA, beta-phenyl-GABA"),
    row("clonidine", "clonidine", Class::alpha2_agonist, slows, "Catapres"),
    row("xylazine", "xylazine", Class::alpha2_agonist, slows | unknown_potency, "tranq dope"),
    row("medetomidine", "medetomidine", Class::alpha2_agonist, slows | unknown_potency,
        "dexmedetomidine"),

    // ---- stimulants, empathogens, hallucinogens, dissociatives
    row("cocaine", "cocaine", Class::stimulant, drives | qt_prolonging,
        "crack, crack cocaine, coke"),
    row("amphetamine", "amphetamine", Class::stimulant, drives,
        "dexamphetamine, dextroamphetamine, lisdexamfetamine, Adderall, speed"),
    row("methamphetamine", "methamphetamine", Class::stimulant, drives,
        "crystal meth, meth, ice, tina, speed"),
    row("methylphenidate", "methylphenidate", Class::stimulant, drives, "Ritalin, Concerta"),
    row("synthetic-cathinones", "synthetic cathinones", Class::stimulant,
        drives | serotonergic | unknown_potency,
        "cathinones, mephedrone, MDPV, alpha-PVP, bath salts, 3-MMC"),
    row("stimulant", "stimulant, not specified", Class::stimulant, drives | unspecified,
        "stimulants"),
    row("mdma", "MDMA", Class::empathogen, drives | serotonergic, "ecstasy, molly"),
    row("lsd", "LSD", Class::hallucinogen, plain, "acid"),
    row("psilocybin", "psilocybin", Class::hallucinogen, plain, "magic mushrooms, psilocin"),
    row("hallucinogen", "hallucinogen, not specified", Class::hallucinogen, plain | unspecified,
        "hallucinogens, psychedelics"),
    row("ketamine", "ketamine", Class::dissociative, slows, "esketamine"),
    row("pcp", "PCP", Class::dissociative, slows, "phencyclidine, angel dust"),
    row("dextromethorphan", "dextromethorphan", Class::dissociative, slows | serotonergic, "DXM"),
    row("inhalants", "inhalants", Class::inhalant, slows | unknown_potency,
        "volatile solvents, solvents, glue, butane, petrol"),
    row("nitrous-oxide", "nitrous oxide", Class::inhalant, slows, "laughing gas, N2O"),
    row("alkyl-nitrites", "alkyl nitrites", Class::nitrite, plain,
        "poppers, amyl nitrite, isobutyl nitrite"),

    // ---- cannabis, nicotine, caffeine
    row("cannabis", "cannabis", Class::cannabis, plain,
        "THC, delta-9-THC, marijuana, marihuana, weed, hashish, cannabis flower"),
    row("synthetic-cannabinoids", "synthetic cannabinoids", Class::synthetic_cannabinoid,
        plain | unknown_potency, "synthetic cannabinoid, spice, K2"),
    row("nicotine", "nicotine", Class::nicotine, plain,
        "nicotine patch, nicotine gum, nicotine lozenge, NRT, e-cigarette, e-cigarettes, vape",
        "N07BA01", SHORT),
    row("tobacco", "tobacco", Class::nicotine, plain | tobacco_smoke,
        "cigarette, cigarettes, smoking, cigars", "", SHORT),
    row("caffeine", "caffeine", Class::xanthine, plain | cyp1a2_substrate, "coffee, energy drinks",
        "", SHORT),
    row("theophylline", "theophylline", Class::xanthine, plain | cyp1a2_substrate),

    // ---- medicines that matter for tapers and mixtures
    row("citalopram", "citalopram", Class::ssri, serotonergic | qt_prolonging, "Celexa, Cipramil",
        "N06AB04"),
    row("escitalopram", "escitalopram", Class::ssri, serotonergic | qt_prolonging,
        "Lexapro, Cipralex", "N06AB10"),
    row("sertraline", "sertraline", Class::ssri, plain | serotonergic, "Zoloft, Lustral",
        "N06AB06"),
    row("paroxetine", "paroxetine", Class::ssri, plain | serotonergic, "Paxil, Seroxat", "N06AB05"),
    row("fluoxetine", "fluoxetine", Class::ssri, plain | serotonergic, "Prozac", "N06AB03"),
    row("fluvoxamine", "fluvoxamine", Class::ssri, plain | serotonergic, "Luvox"),
    row("venlafaxine", "venlafaxine", Class::snri, plain | serotonergic, "Effexor", "N06AX16"),
    row("duloxetine", "duloxetine", Class::snri, serotonergic | cyp1a2_substrate, "Cymbalta"),
    row("maoi", "MAO inhibitor", Class::maoi, plain | serotonergic,
        "MAO inhibitors, MAOIs, phenelzine, tranylcypromine, isocarboxazid, moclobemide, "
        "ayahuasca, harmine, linezolid"),
    row("bupropion", "bupropion", Class::other_antidepressant, plain | lowers_seizure_threshold,
        "Wellbutrin, Zyban"),
    row("lithium", "lithium", Class::mood_stabiliser, plain, "lithium carbonate"),
    row("clozapine", "clozapine", Class::antipsychotic,
        slows | cyp1a2_substrate | lowers_seizure_threshold, "Clozaril, Leponex"),
    row("olanzapine", "olanzapine", Class::antipsychotic, slows | cyp1a2_substrate, "Zyprexa"),
    row("sildenafil", "sildenafil", Class::pde5_inhibitor, plain, "Viagra"),
    row("tadalafil", "tadalafil", Class::pde5_inhibitor, plain, "Cialis"),
    row("vardenafil", "vardenafil", Class::pde5_inhibitor, plain, "Levitra"),
    row("ritonavir", "ritonavir", Class::cyp3a4_inhibitor, plain, "Norvir, Kaletra, Paxlovid"),
    row("cobicistat", "cobicistat", Class::cyp3a4_inhibitor, plain, "Tybost, Genvoya"),
    row("disulfiram", "disulfiram", Class::aldehyde_blocker, plain, "Antabuse"),

    row("unknown-pill", "unknown pill", Class::unknown, plain | unknown_potency,
        "unknown pills, unknown tablet, unknown tablets, pressed pill, pressed pills, "
        "counterfeit pill, counterfeit pills"),
};

}  // namespace

std::span<const Substance> builtin_substances() noexcept { return table; }

}  // namespace ombre::inline v0::substance
