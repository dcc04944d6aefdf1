#pragma once
// The day metrics of one series, computed on bit planes. Not installed.

#include <cstdint>
#include <span>
#include <vector>

#include "ombre/outcomes/daily_metrics.hpp"
#include "timeline/day_bits.hpp"

namespace ombre::inline v0::outcomes {

// Options that are the same for all series, checked once.
struct KernelOptions {
  std::size_t rule = 0;  // index of the missing rule whose value is reported
  std::size_t gap = 7;
  std::size_t prolonged_grace = 14;
  std::size_t heavy_grace = 0;
  std::size_t lapse_gap = 1;
  bool exclude_controlled = false;
};

// What differs between series.
struct SeriesLimits {
  MetricStatus heavy_status = MetricStatus::no_heavy_rule;
  double heavy_at = 0;  // amounts at or above it are heavy
  double ethanol_g = 0;
  MetricStatus ethanol_status = MetricStatus::not_ethanol;
  MetricStatus rdl_status = MetricStatus::not_ethanol;
  Sex sex = Sex::female;
};

// Holds the scratch space, so that one kernel serves many series without allocating.
class DayKernel {
 public:
  void compute(const timeline::DayView& days, const KernelOptions& options,
               const SeriesLimits& limits, MetricTable::Cell* out);

 private:
  // One number under each missing rule.
  struct Four {
    double v[4] = {0, 0, 0, 0};
    bool has[4] = {false, false, false, false};
    void set(std::size_t i, double x) noexcept {
      v[i] = x;
      has[i] = true;
    }
  };
  struct Trend {
    double slope = 0;
    double tau = 0;
    bool has_slope = false;
    bool has_tau = false;
  };
  struct Use {
    std::uint32_t known = 0;
    std::uint32_t use_days = 0;
    std::int64_t first_use = -1;
    std::int64_t lapse = -1;
    std::uint32_t longest_run = 0;
    std::int64_t current_run = -1;
    std::uint32_t episodes = 0;
    std::uint32_t episodes_with_known_use = 0;
    std::uint32_t episode_days = 0;
    std::uint32_t longest_episode = 0;
    std::uint32_t interval_days = 0;
    Trend duration;
    Trend interval;
    double open_slope = 0;
    bool has_open = false;
  };

  void compact(const timeline::DayView& days);
  // These two fill `out` and return one past the last day of use, or 0.
  std::size_t read_complete(const timeline::bits::Word* use, Use& out);
  std::size_t read_runs(const timeline::bits::UsePlanes& planes, Use& out);
  void read_use(const timeline::bits::UsePlanes& planes, Use& out);
  [[nodiscard]] Trend trend_of(std::vector<double>& y);
  [[nodiscard]] double slope_with(std::span<const double> y, double next);
  void write_use();
  void write_events();
  void write_abstinence();
  void write_episodes();
  void read_amounts();
  void carry_amounts();
  void sort_amounts(std::vector<double>& values) const;
  template <bool whole>
  bool counted(std::vector<double>& values) const;
  [[nodiscard]] double quantile(std::size_t zeros, std::size_t lows, std::span<const double> sorted,
                                std::size_t highs, double p) const noexcept;
  void write_amounts();
  void write_heavy();
  [[nodiscard]] std::uint32_t most_episodes() const noexcept;

  MetricTable::Cell& cell(Metric m) noexcept { return out_[static_cast<std::size_t>(m)]; }
  void put(Metric m, const Four& four, MetricStatus otherwise, std::uint32_t observed,
           std::uint32_t missing) noexcept;
  void widen(Metric m, double low, double high) noexcept;
  void absent(Metric m, MetricStatus status, std::uint32_t observed,
              std::uint32_t missing) noexcept;
  void put_event(Metric m, const std::int64_t (&day)[4], std::int64_t earliest, std::int64_t surely,
                 std::uint32_t observed, std::uint32_t missing) noexcept;

  const KernelOptions* options_ = nullptr;
  const SeriesLimits* limits_ = nullptr;
  MetricTable::Cell* out_ = nullptr;
  std::span<const double> amount_;
  std::size_t n_ = 0;
  std::uint32_t n_missing_ = 0;
  timeline::bits::DayBits bits_;
  Use use_[4];
  std::size_t use_of_[4] = {0, 0, 0, 0};  // which of use_ belongs to a rule
  std::int64_t last_known_ = -1;

  // Amounts: zeros (days without use), known amounts > 0, and what is missing of them.
  std::uint32_t zeros_ = 0;
  std::uint32_t amount_missing_ = 0;
  std::uint32_t no_amount_ = 0;  // of these, days of use
  double sum_ = 0;
  double least_ = 0;
  double most_ = 0;
  std::uint32_t heavy_ = 0;
  std::int64_t first_heavy_ = -1;
  std::int64_t first_heavy_after_grace_ = -1;
  std::vector<double> amounts_;
  // The same after carrying the last observation forward.
  std::uint32_t carried_zeros_ = 0;
  double carried_sum_ = 0;
  std::uint32_t carried_heavy_ = 0;
  std::int64_t carried_first_heavy_ = -1;
  std::int64_t carried_first_heavy_after_grace_ = -1;
  bool carried_late_ = false;    // some day after the heavy grace was filled
  std::vector<double> carried_;  // amounts put into days without one
  std::vector<double> merged_;   // known and carried amounts, sorted

  std::vector<timeline::bits::Word> stretched_;
  std::vector<double> durations_;
  std::vector<double> intervals_;
  std::vector<double> slopes_;
  std::vector<std::uint8_t> compact_state_;
  std::vector<double> compact_amount_;
};

}  // namespace ombre::inline v0::outcomes
