#include "sources.hpp"

#include <array>

#include "ombre/substance/rows.hpp"

namespace ombre::inline v0::substance {
namespace {

constexpr std::array all{
    &cite::ashton_2002,
    &cite::benowitz,
    &cite::bnf,
    &cite::boyer_2005,
    &cite::ca_labels,
    &cite::case_series,
    &cite::ccsa_2023,
    &cite::cdc_2016,
    &cite::cdc_2016_text,
    &cite::cdc_2022,
    &cite::cdc_2022_bzd,
    &cite::cdc_2022_text,
    &cite::cdc_file_later,
    &cite::clincalc,
    &cite::clinical_reports,
    &cite::community_tables,
    &cite::cprd_cohort,
    &cite::dasgupta_park,
    &cite::dsm_5,
    &cite::dsm_5_tr_asam,
    &cite::eu_labels,
    &cite::fda_2012_citalopram,
    &cite::fda_2016_boxed,
    &cite::fda_2019_gabapentinoids,
    &cite::forensic_texts,
    &cite::gomes_2017,
    &cite::hardman_2019,
    &cite::henry_1998,
    &cite::juliano_2004,
    &cite::label_warnings,
    &cite::lapin_2001,
    &cite::nayak_2021,
    &cite::nhmrc_2020,
    &cite::niaaa_drink,
    &cite::nice_rcpsych,
    &cite::nih_heal,
    &cite::nih_thc_2021,
    &cite::no_equivalence,
    &cite::no_factor,
    &cite::nsw_2022,
    &cite::physical_constant,
    &cite::ridgeway_2016,
    &cite::drinks_unread,
    &cite::drinks_survey,
    &cite::surveillance,
    &cite::texts,
    &cite::texts_asam,
    &cite::texts_toxicology,
    &cite::uk_labels,
    &cite::uk_unit,
    &cite::us_eu_labels,
    &cite::us_label_texts,
    &cite::us_labels,
    &cite::us_nicotine_label,
    &cite::us_uk_labels,
    &cite::va_dod_2021,
    &cite::who_2009,
    &cite::who_2009_ashton,
    &cite::who_2009_dsm_5,
    &cite::who_audit,
    &cite::widmark_1932,
};

}  // namespace

std::span<const Source* const> sources() noexcept { return all; }

}  // namespace ombre::inline v0::substance
