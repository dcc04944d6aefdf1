#include "ombre/plans/withdrawal.hpp"

#include <algorithm>
#include <array>

#include "taper_sources.hpp"

namespace ombre::inline v0::plans {
namespace {

constexpr std::array<std::string_view, 4> scale_names{"cows", "sows", "ciwa_ar", "ciwa_b"};

constexpr std::array cows_bands{
    ScoreBand{"none", 0, 4, 0}, ScoreBand{"mild", 5, 12, 1}, ScoreBand{"moderate", 13, 24, 2},
    ScoreBand{"moderately severe", 25, 36, 3}, ScoreBand{"severe", 37, 48, 4}};
constexpr std::array sows_bands{ScoreBand{"none", 0, 0, 0}, ScoreBand{"mild", 1, 10, 1},
                                ScoreBand{"moderate", 11, 20, 2}, ScoreBand{"severe", 21, 64, 3}};
constexpr std::array ciwa_ar_asam{ScoreBand{"mild", 0, 9, 0}, ScoreBand{"moderate", 10, 18, 1},
                                  ScoreBand{"severe", 19, 67, 2}};
constexpr std::array ciwa_ar_older{ScoreBand{"mild", 0, 7, 0}, ScoreBand{"moderate", 8, 15, 1},
                                   ScoreBand{"severe", 16, 67, 2}};
constexpr std::array ciwa_b_bands{ScoreBand{"none", 0, 0, 0}, ScoreBand{"mild", 1, 20, 1},
                                  ScoreBand{"moderate", 21, 40, 2}, ScoreBand{"severe", 41, 60, 3},
                                  ScoreBand{"very severe", 61, 80, 4}};

constexpr std::array sets{
    BandSet{"cows-2003", WithdrawalScale::cows, cows_bands, 2, &sources::cows_2003,
            Confidence::verified},
    BandSet{"sows-common-use", WithdrawalScale::sows, sows_bands, 2, &sources::sows_1987,
            Confidence::uncertain,
            "Bands in common use; not printed with the scale. Scores above 30 are read as severe"},
    BandSet{"ciwa-ar-asam-2020", WithdrawalScale::ciwa_ar, ciwa_ar_asam, 1,
            &sources::asam_alcohol_2020, Confidence::known,
            "The guideline itself says that ranges vary"},
    BandSet{"ciwa-ar-older", WithdrawalScale::ciwa_ar, ciwa_ar_older, 1, &sources::ciwa_ar_older,
            Confidence::verified, "Older cut-offs, below 8, 8 to 15 and above 15"},
    BandSet{"ciwa-b-1989", WithdrawalScale::ciwa_b, ciwa_b_bands, 2, &sources::ciwa_b_1989,
            Confidence::known}};

constexpr Days calm_days{3};

}  // namespace

std::string_view name(WithdrawalScale scale) noexcept {
  return scale_names[static_cast<std::size_t>(scale)];
}

std::optional<WithdrawalScale> find_withdrawal_scale(std::string_view text) noexcept {
  for (std::size_t i = 0; i < scale_names.size(); ++i) {
    if (scale_names[i] == text) return static_cast<WithdrawalScale>(i);
  }
  return std::nullopt;
}

std::span<const BandSet> band_sets() noexcept { return sets; }

const BandSet* find_band_set(std::string_view id) noexcept {
  for (const BandSet& set : sets) {
    if (set.id == id) return &set;
  }
  return nullptr;
}

const BandSet* usual_band_set(WithdrawalScale scale) noexcept {
  for (const BandSet& set : sets) {
    if (set.scale == scale && set.confidence != Confidence::uncertain) return &set;
  }
  return nullptr;
}

Result<ScoreBand> band_of(const BandSet& set, int score) {
  for (const ScoreBand& band : set.bands) {
    if (band.low <= score && score <= band.high) return band;
  }
  return unexpected(error_at(Errc::out_of_range, name(set.scale), std::nullopt,
                             static_cast<double>(score),
                             "must be 0 to " + std::to_string(set.bands.back().high)));
}

Result<ScoreGate> score_gate(const BandSet& set, std::span<const WithdrawalScore> scores) {
  if (scores.empty()) {
    return unexpected(error_of(Errc::empty_input, "scores", "needs one score or more"));
  }
  ScoreGate gate;
  gate.set = &set;
  std::optional<Date> calm_since;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (i > 0 && scores[i].on < scores[i - 1].on) {
      return unexpected(error_at(Errc::contradiction, "scores", i, scores[i].on.iso(),
                                 "must not lie before the score in front of it"));
    }
    auto band = band_of(set, scores[i].total);
    if (!band) {
      return unexpected(error_at(Errc::out_of_range, "scores", i,
                                 static_cast<double>(scores[i].total), band.error().rule));
    }
    gate.rose = i > 0 && band->rank > gate.band.rank;
    gate.band = *band;
    if (band->rank >= set.hold_rank) {
      gate.hold = true;
      gate.next_step_half = false;
      gate.may_go_on.reset();
      calm_since.reset();
    } else if (gate.hold) {
      if (!calm_since) calm_since = scores[i].on;
      if (scores[i].on - *calm_since >= calm_days) {
        gate.hold = false;
        gate.next_step_half = true;
        gate.may_go_on = scores[i].on;
      }
    }
  }
  gate.calm_since = gate.hold ? calm_since : std::nullopt;
  return gate;
}

}  // namespace ombre::inline v0::plans
