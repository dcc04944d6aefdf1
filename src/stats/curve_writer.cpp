#include "stats/curve_writer.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <vector>

#include "stats/room.hpp"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define OMBRE_CURVE_AVX2
#endif

namespace ombre::inline v0::stats::detail {
namespace {

// Three quotients of each time. Where nobody has the event they are 0, 0 and 0, and S stays.
[[gnu::always_inline]] inline void quotients(CurveBlock& block, bool tsiatis) {
  const std::size_t count = block.count;
  for (std::size_t j = 0; j < count; ++j) {
    const double d = block.events[j];
    const double n = d > 0 ? block.at_risk[j] : 1;
    const double left = n - d;
    // Weights are sums, so that "all of them" is known up to rounding only.
    const bool all = left <= 1e-13 * n;
    block.survival[j] = all ? 0 : left / n;
    block.hazard[j] = d / n;
    block.hazard_error[j] = d / (n * n);
    block.error[j] = tsiatis ? d / (n * n) : all ? 0 : d / (n * (all ? 1 : left));
  }
}
[[gnu::always_inline]] inline void roots(CurveBlock& block) {
  const std::size_t count = block.count;
  for (std::size_t j = 0; j < count; ++j) {
    block.error[j] = std::sqrt(block.error[j]);
    block.hazard_error[j] = std::sqrt(block.hazard_error[j]);
  }
}

// Four numbers at once where the processor can; each quotient and root is the same either way.
#ifdef OMBRE_CURVE_AVX2
__attribute__((target("avx2"))) void quotients_avx2(CurveBlock& block, bool tsiatis) {
  tsiatis ? quotients(block, true) : quotients(block, false);
}
__attribute__((target("avx2"))) void roots_avx2(CurveBlock& block) { roots(block); }
bool wide() { return __builtin_cpu_supports("avx2"); }
#else
void quotients_avx2(CurveBlock& block, bool tsiatis) { quotients(block, tsiatis); }
void roots_avx2(CurveBlock& block) { roots(block); }
bool wide() { return false; }
#endif

}  // namespace

void CurveChain::prepare(CurveBlock& block) const noexcept {
  const bool tsiatis = options_.error == CurveError::tsiatis;
  if (wide()) {
    quotients_avx2(block, tsiatis);
  } else {
    tsiatis ? quotients(block, true) : quotients(block, false);
  }
}

void CurveChain::carry(CurveBlock& block, const std::uint32_t* event_rows) noexcept {
  double survival = survival_;
  double hazard = hazard_;
  double variance = variance_;
  double hazard_variance = hazard_variance_;
  if (options_.hazard == HazardForm::nelson_aalen) {
    for (std::size_t j = 0; j < block.count; ++j) {
      survival *= block.survival[j];
      hazard += block.hazard[j];
      variance += block.error[j];
      hazard_variance += block.hazard_error[j];
      block.survival[j] = survival;
      block.hazard[j] = hazard;
      block.error[j] = variance;
      block.hazard_error[j] = hazard_variance;
    }
  } else {
    for (std::size_t j = 0; j < block.count; ++j) {
      const double n = block.at_risk[j];
      const double d = block.events[j];
      if (d > 0) {
        const double count = event_rows == nullptr ? d : static_cast<double>(event_rows[j]);
        const double each = d / count;
        for (double k = 0; k < count; ++k) {
          const double left = n - k * each;
          hazard += each / left;
          hazard_variance += each / (left * left);
        }
      }
      survival *= block.survival[j];
      variance += block.error[j];
      block.survival[j] = survival;
      block.hazard[j] = hazard;
      block.error[j] = variance;
      block.hazard_error[j] = hazard_variance;
    }
  }
  survival_ = survival;
  hazard_ = hazard;
  variance_ = variance;
  hazard_variance_ = hazard_variance;
}

void CurveChain::finish(CurveBlock& block) const noexcept {
  if (wide()) {
    roots_avx2(block);
  } else {
    roots(block);
  }
  if (options_.survival != SurvivalForm::exponential) return;
  for (std::size_t j = 0; j < block.count; ++j) {
    block.survival[j] = std::exp(-block.hazard[j]);
    block.error[j] = block.hazard_error[j];
  }
}

SurvivalCurve curve_of(TimeTable table, const CurveOptions& options) {
  SurvivalCurve curve;
  curve.options = options;
  curve.rows = table.rows;
  const std::size_t times = table.time.size();
  for (auto* column :
       {&curve.survival, &curve.cumulative_hazard, &curve.error, &curve.hazard_error}) {
    column->reserve(times);
  }
  CurveChain chain{options};
  const auto room = std::make_unique_for_overwrite<CurveBlock>();
  for (std::size_t from = 0; from < times; from += CurveBlock::rows) {
    CurveBlock& block = *room;
    block.count = std::min(CurveBlock::rows, times - from);
    std::copy_n(table.at_risk.data() + from, block.count, block.at_risk.data());
    std::copy_n(table.events.data() + from, block.count, block.events.data());
    chain.prepare(block);
    chain.carry(block, table.event_rows.empty() ? nullptr : table.event_rows.data() + from);
    chain.finish(block);
    const auto append = [&](std::vector<double>& to, const CurveBlock::Column& column) {
      to.insert(to.end(), column.data(), column.data() + block.count);
    };
    append(curve.survival, block.survival);
    append(curve.cumulative_hazard, block.hazard);
    append(curve.error, block.error);
    append(curve.hazard_error, block.hazard_error);
  }
  curve.time = std::move(table.time);
  curve.at_risk = std::move(table.at_risk);
  curve.events = std::move(table.events);
  curve.censored = std::move(table.censored);
  return curve;
}

SurvivalCurve curve_of_sorted(const SortedTimes& sorted, std::size_t group,
                              const CurveOptions& options, const Runner& runner) {
  SurvivalCurve curve;
  curve.options = options;
  curve.rows = sorted.rows(group);
  struct Place {
    std::vector<double>* to;
    CurveBlock::Column CurveBlock::*from;
  };
  const std::array<Place, 8> places{{{&curve.time, &CurveBlock::time},
                                     {&curve.at_risk, &CurveBlock::at_risk},
                                     {&curve.events, &CurveBlock::events},
                                     {&curve.censored, &CurveBlock::censored},
                                     {&curve.survival, &CurveBlock::survival},
                                     {&curve.cumulative_hazard, &CurveBlock::hazard},
                                     {&curve.error, &CurveBlock::error},
                                     {&curve.hazard_error, &CurveBlock::hazard_error}}};
  for (const Place& place : places) {
    reserve_large(*place.to, sorted.distinct(group));
  }
  CurveChain chain{options};
  // Rounds of several blocks: their times side by side, what is carried in order, then the columns
  // side by side. One worker goes block by block.
  const bool shared = runner.workers() > 1 && curve.rows >= 200'000;
  const std::size_t round = shared ? std::min<std::size_t>(32 * runner.workers(), 128) : 1;
  const auto room = std::make_unique_for_overwrite<CurveBlock[]>(round);
  const std::span<CurveBlock> blocks{room.get(), round};
  for (std::size_t begin = 0; begin < curve.rows; begin += round * CurveBlock::rows) {
    const auto read = [&](std::size_t b) {
      CurveBlock& block = blocks[b];
      const std::size_t from = std::min(curve.rows, begin + b * CurveBlock::rows);
      const std::size_t to = std::min(curve.rows, from + CurveBlock::rows);
      block.count = sorted.read(group, from, to, block.time.data(), block.at_risk.data(),
                                block.events.data(), block.censored.data());
      chain.prepare(block);
    };
    const auto append = [&](std::size_t c) {
      std::vector<double>& to = *places[c].to;
      for (const CurveBlock& block : blocks) {
        const CurveBlock::Column& column = block.*places[c].from;
        to.insert(to.end(), column.data(), column.data() + block.count);
      }
    };
    if (shared) {
      runner.run(round, read);
    } else {
      read(0);
    }
    for (CurveBlock& block : blocks) {
      chain.carry(block, nullptr);
      if (!shared) chain.finish(block);
    }
    if (shared) {
      runner.run(round, [&](std::size_t b) { chain.finish(blocks[b]); });
      runner.run(places.size(), append);
    } else {
      for (std::size_t c = 0; c < places.size(); ++c) append(c);
    }
  }
  return curve;
}

}  // namespace ombre::inline v0::stats::detail
