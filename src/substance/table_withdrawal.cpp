// When withdrawal begins, peaks and ends, and how dangerous it is to stop suddenly, by group.

#include <array>

#include "groups.hpp"
#include "ombre/substance/rows.hpp"
#include "sources.hpp"

namespace ombre::inline v0::substance {
namespace {

using enum WithdrawalPhase;
constexpr auto known = Confidence::known;
constexpr auto uncertain = Confidence::uncertain;

constexpr std::array<WithdrawalRow, 45> timings{{
    {group::alcohol,
     onset,
     {6, 24},
     &cite::dsm_5_tr_asam,
     known,
     "seizures 6-48 h, hallucinosis 12-48 h, delirium tremens 48-96 h"},
    {group::alcohol, peak, {24, 72}, &cite::dsm_5_tr_asam, known, ""},
    {group::alcohol, duration, {5, 7}, &cite::dsm_5_tr_asam, known, ""},

    {group::short_benzodiazepine,
     onset,
     {12, 48},
     &cite::who_2009_ashton,
     known,
     "protracted symptoms possible"},
    {group::short_benzodiazepine, peak, {48, 168}, &cite::who_2009_ashton, known, ""},
    {group::short_benzodiazepine, duration, {14, 28}, &cite::who_2009_ashton, known, ""},

    {group::long_benzodiazepine, onset, {48, 168}, &cite::who_2009_ashton, known, ""},
    {group::long_benzodiazepine, peak, {168, 336}, &cite::who_2009_ashton, known, ""},
    {group::long_benzodiazepine, duration, {14, 56}, &cite::who_2009_ashton, known, ""},

    {group::barbiturate, onset, {12, 72}, &cite::texts, known, "seizures and delirium, days 2-8"},
    {group::barbiturate, peak, {24, 96}, &cite::texts, known, ""},
    {group::barbiturate, duration, {7, 14}, &cite::texts, known, ""},

    {group::short_opioid, onset, {8, 24}, &cite::who_2009, known, ""},
    {group::short_opioid, peak, {36, 72}, &cite::who_2009, known, ""},
    {group::short_opioid, duration, {4, 10}, &cite::who_2009, known, ""},

    {group::methadone, onset, {12, 48}, &cite::who_2009, known, ""},
    {group::methadone, peak, {72, 144}, &cite::who_2009, known, ""},
    {group::methadone, duration, {10, 20}, &cite::who_2009, known, ""},

    {group::buprenorphine, onset, {24, 72}, &cite::texts, uncertain, ""},
    {group::buprenorphine, peak, {72, 120}, &cite::texts, uncertain, ""},
    {group::buprenorphine, duration, {7, 21}, &cite::texts, uncertain, ""},

    {group::illicit_fentanyl,
     onset,
     {8, 24},
     &cite::clinical_reports,
     uncertain,
     "lipophilic; late precipitated withdrawal risk"},
    {group::illicit_fentanyl, peak, {36, 72}, &cite::clinical_reports, uncertain, ""},
    {group::illicit_fentanyl, duration, {7, 14}, &cite::clinical_reports, uncertain, ""},

    {group::stimulant,
     onset,
     {12, 24},
     &cite::who_2009_dsm_5,
     known,
     "crash then low mood: suicide risk, cardiovascular normalisation"},
    {group::stimulant, peak, {24, 96}, &cite::who_2009_dsm_5, known, ""},
    {group::stimulant, duration, {3, 21}, &cite::who_2009_dsm_5, known, ""},

    {group::cannabis, onset, {24, 72}, &cite::dsm_5, known, ""},
    {group::cannabis, peak, {48, 168}, &cite::dsm_5, known, ""},
    {group::cannabis, duration, {7, 21}, &cite::dsm_5, known, ""},

    {group::nicotine, onset, {4, 24}, &cite::dsm_5, known, ""},
    {group::nicotine, peak, {48, 72}, &cite::dsm_5, known, ""},
    {group::nicotine, duration, {14, 28}, &cite::dsm_5, known, ""},

    {group::caffeine, onset, {12, 24}, &cite::juliano_2004, known, ""},
    {group::caffeine, peak, {20, 51}, &cite::juliano_2004, known, ""},
    {group::caffeine, duration, {2, 9}, &cite::juliano_2004, known, ""},

    {group::ghb,
     onset,
     {1, 6},
     &cite::case_series,
     known,
     "fast delirium, rhabdomyolysis: medical emergency when round-the-clock use"},
    {group::ghb, peak, {24, 72}, &cite::case_series, known, ""},
    {group::ghb, duration, {5, 15}, &cite::case_series, known, ""},

    {group::gabapentinoid, onset, {12, 168}, &cite::case_series, known, "seizures reported"},
    {group::gabapentinoid, peak, {24, 96}, &cite::case_series, known, ""},
    {group::gabapentinoid, duration, {2, 10}, &cite::case_series, known, ""},

    {group::ssri_or_snri, onset, {24, 96}, &cite::nice_rcpsych, known, "weeks to months in some"},
    {group::ssri_or_snri, peak, {96, 240}, &cite::nice_rcpsych, known, ""},
    {group::ssri_or_snri, duration, {7, 90}, &cite::nice_rcpsych, known, ""},
}};

using enum DangerClass;

constexpr std::array<DangerRow, 15> dangers{{
    {group::alcohol, life_threatening, "seizure, delirium tremens, Wernicke", &cite::texts_asam,
     known, ""},
    {group::benzodiazepine, life_threatening, "seizure, delirium, psychosis", &cite::texts_asam,
     known, ""},
    {group::barbiturate, life_threatening, "seizure, delirium, hyperthermia", &cite::texts_asam,
     known, ""},
    {group::ghb, life_threatening, "delirium, rhabdomyolysis", &cite::texts_asam, known, ""},
    {group::z_drug_high_dose, life_threatening, "seizure", &cite::texts_asam, known, ""},
    {group::baclofen, life_threatening, "seizure, hyperthermia", &cite::texts_asam, known, ""},
    {group::phenibut, life_threatening, "severe agitation, delirium, hallucinations",
     &cite::hardman_2019, known,
     "22 published cases, many with intensive care; the class is baclofen's, a proposal"},
    {group::opioid, severe_then_tolerance_loss,
     "rarely lethal itself; dehydration, suicide; relapse overdose after tolerance loss; fetal "
     "risk",
     &cite::texts_asam, known, ""},
    {group::clonidine, severe, "rebound hypertension", &cite::texts_asam, known, ""},
    {group::gabapentinoid, severe, "seizure risk in some; psychiatric", &cite::texts_asam, known,
     ""},
    {group::ssri_or_snri, distress, "discontinuation symptoms, mood, suicidality",
     &cite::texts_asam, known, ""},
    {group::stimulant, distress, "low mood, suicidality, hypersomnia", &cite::texts_asam, known,
     ""},
    {group::cannabis, mild, "sleep, irritability; psychosis recurrence possible", &cite::texts_asam,
     known, ""},
    {group::nicotine, mild, "craving; raises clozapine/olanzapine levels when smoking stops",
     &cite::texts_asam, known, ""},
    {group::caffeine, mild, "headache", &cite::texts_asam, known, ""},
}};

}  // namespace

std::span<const WithdrawalRow> withdrawal_rows() noexcept { return timings; }
std::span<const DangerRow> danger_rows() noexcept { return dangers; }

}  // namespace ombre::inline v0::substance
