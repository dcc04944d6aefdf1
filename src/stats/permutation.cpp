#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "ombre/stats/proportion.hpp"
#include "ombre/stats/resample.hpp"
#include "stats/resample_design.hpp"

namespace ombre::inline v0::stats {

using detail::DesignTable;

namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::uint64_t most_arrangements = std::uint64_t{1} << 63U;

// Labels of units, stratum by stratum, as small numbers in the order of the labels.
struct UnitLabels {
  std::vector<std::uint32_t> distinct;  // ascending
  std::vector<std::uint32_t> code;      // by place in DesignTable::stratum_unit
};

Result<UnitLabels> unit_labels(const DesignTable& design, std::span<const std::uint32_t> label) {
  if (label.size() != design.rows) {
    return unexpected(error_at(Errc::size_mismatch, "label", std::nullopt,
                               static_cast<double>(label.size()),
                               "must have one entry for each row"));
  }
  UnitLabels result;
  result.distinct.assign(label.begin(), label.end());
  std::sort(result.distinct.begin(), result.distinct.end());
  result.distinct.erase(std::unique(result.distinct.begin(), result.distinct.end()),
                        result.distinct.end());
  const auto code = [&](std::uint32_t l) {
    return static_cast<std::uint32_t>(
        std::lower_bound(result.distinct.begin(), result.distinct.end(), l) -
        result.distinct.begin());
  };
  constexpr std::uint32_t unknown = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> by_unit(design.units(), unknown);
  for (std::size_t i = 0; i < label.size(); ++i) {
    std::uint32_t& at = by_unit[design.unit_of[i]];
    const std::uint32_t here = code(label[i]);
    if (at != unknown && at != here) {
      return unexpected(error_at(Errc::contradiction, "label", i, static_cast<double>(label[i]),
                                 "must be the same for all rows of a cluster"));
    }
    at = here;
  }
  result.code.resize(design.units());
  for (std::size_t k = 0; k < by_unit.size(); ++k) {
    result.code[k] = by_unit[design.stratum_unit[k]];
  }
  return result;
}

// Distinct arrangements of one stratum's codes; nothing above 2^63.
std::optional<std::uint64_t> arrangements_of(std::span<const std::uint32_t> code,
                                             std::size_t kinds) {
  std::vector<std::uint64_t> many(kinds, 0);
  for (const std::uint32_t c : code) ++many[c];
  Wide result = 1;
  std::uint64_t placed = 0;
  for (const std::uint64_t m : many) {
    // Times (placed + m choose m), step by step; each step divides evenly.
    Wide ways = 1;
    const std::uint64_t least = std::min(m, placed);
    const std::uint64_t total = placed + m;
    for (std::uint64_t i = 1; i <= least; ++i) {
      ways = ways * (total - least + i) / i;
      if (ways > most_arrangements) return std::nullopt;
    }
    result *= ways;
    if (result > most_arrangements) return std::nullopt;
    placed = total;
  }
  return static_cast<std::uint64_t>(result);
}

// The arrangement with a given number, in the order of std::next_permutation.
void unrank(std::uint64_t rank, std::uint64_t arrangements, std::size_t kinds,
            std::span<std::uint32_t> code) {
  std::vector<std::uint64_t> left(kinds, 0);
  for (const std::uint32_t c : code) ++left[c];
  Wide total = arrangements;
  for (std::size_t place = 0; place < code.size(); ++place) {
    const std::uint64_t remaining = code.size() - place;
    for (std::size_t c = 0; c < kinds; ++c) {
      if (left[c] == 0) continue;
      const Wide beginning_so = total * left[c] / remaining;
      if (rank < static_cast<std::uint64_t>(beginning_so)) {
        code[place] = static_cast<std::uint32_t>(c);
        --left[c];
        total = beginning_so;
        break;
      }
      rank -= static_cast<std::uint64_t>(beginning_so);
    }
  }
}

void to_rows(const DesignTable& design, const UnitLabels& labels,
             std::span<const std::uint32_t> code, std::span<std::uint32_t> by_unit,
             std::span<std::uint32_t> label) {
  for (std::size_t k = 0; k < code.size(); ++k) {
    by_unit[design.stratum_unit[k]] = labels.distinct[code[k]];
  }
  for (std::size_t i = 0; i < label.size(); ++i) label[i] = by_unit[design.unit_of[i]];
}

void shuffle(const DesignTable& design, Seed seed, std::uint64_t replicate,
             std::span<std::uint32_t> code) {
  detail::WordStream words{seed, replicate};
  for (std::size_t h = 0; h < design.strata(); ++h) {
    const std::size_t begin = design.stratum_begin[h];
    for (std::size_t m = design.stratum_begin[h + 1] - begin; m > 1; --m) {
      const auto m32 = static_cast<std::uint32_t>(m);
      const std::uint32_t k = words.below(m32, detail::WordStream::rejected(m32));
      std::swap(code[begin + m - 1], code[begin + k]);
    }
  }
}

std::optional<std::vector<std::uint64_t>> arrangements_by_stratum(const DesignTable& design,
                                                                  const UnitLabels& labels) {
  std::vector<std::uint64_t> result;
  Wide product = 1;
  for (std::size_t h = 0; h < design.strata(); ++h) {
    const auto many = arrangements_of(
        std::span{labels.code}.subspan(design.stratum_begin[h],
                                       design.stratum_begin[h + 1] - design.stratum_begin[h]),
        labels.distinct.size());
    if (!many) return std::nullopt;
    product *= *many;
    if (product > most_arrangements) return std::nullopt;
    result.push_back(*many);
  }
  return result;
}

struct Tally {
  std::uint64_t at_least = 0;
  std::uint64_t at_most = 0;
  std::optional<std::uint64_t> bad{};  // arrangement whose statistic was not finite
  double bad_value = 0;
};

Interval p_range(std::uint64_t hits, std::uint64_t trials) {
  const auto range = clopper_pearson_interval(Proportion{hits, trials}, 0.95);
  return range ? *range : Interval{0, 1};
}

}  // namespace

std::optional<std::uint64_t> count_arrangements(const ResampleDesign& design,
                                                std::span<const std::uint32_t> label) {
  const auto labels = unit_labels(design.table(), label);
  if (!labels) return std::nullopt;
  const auto many = arrangements_by_stratum(design.table(), *labels);
  if (!many) return std::nullopt;
  std::uint64_t product = 1;
  for (const std::uint64_t m : *many) product *= m;
  return product;
}

std::vector<std::uint32_t> permuted_labels(const ResampleDesign& design,
                                           std::span<const std::uint32_t> label, Seed seed,
                                           std::uint64_t replicate) {
  auto labels = unit_labels(design.table(), label);
  if (!labels) return {};
  std::vector<std::uint32_t> code = labels->code;
  shuffle(design.table(), seed, replicate, code);
  std::vector<std::uint32_t> by_unit(design.units());
  std::vector<std::uint32_t> rows(design.rows());
  to_rows(design.table(), *labels, code, by_unit, rows);
  return rows;
}

Result<LabelPermutationTest> permutation_test(const ResampleDesign& design,
                                              std::span<const std::uint32_t> label,
                                              const LabelStatistic& statistic,
                                              const LabelPermutationOptions& options) {
  if (options.replicates == 0 || options.replicates > 1'000'000'000) {
    return unexpected(error_at(Errc::out_of_range, "replicates", std::nullopt,
                               static_cast<double>(options.replicates), "must be 1 to 10^9"));
  }
  if (options.exact_limit > 1'000'000'000) {
    return unexpected(error_at(Errc::out_of_range, "exact_limit", std::nullopt,
                               static_cast<double>(options.exact_limit), "must be at most 10^9"));
  }
  if (!(options.tie_tolerance >= 0 && options.tie_tolerance < 1)) {
    return unexpected(error_at(Errc::out_of_range, "tie_tolerance", std::nullopt,
                               options.tie_tolerance, "must be 0 or more and below 1"));
  }
  const DesignTable& table = design.table();
  auto labels = unit_labels(table, label);
  if (!labels) return unexpected(labels.error());

  LabelPermutationTest result;
  result.observed = statistic(label);
  if (!std::isfinite(result.observed)) {
    return unexpected(error_at(Errc::not_finite, "statistic", std::nullopt, result.observed,
                               "must be finite for the labels as they are"));
  }
  const double observed = result.observed;
  const auto judge = [&](double value, std::uint64_t arrangement, Tally& tally) {
    if (!std::isfinite(value)) {
      tally.bad = arrangement;
      tally.bad_value = value;
      return false;
    }
    const double slack = options.tie_tolerance * std::max(std::abs(value), std::abs(observed));
    if (value >= observed - slack) ++tally.at_least;
    if (value <= observed + slack) ++tally.at_most;
    return true;
  };

  std::uint64_t arrangements = 0;
  const auto by_stratum = arrangements_by_stratum(table, *labels);
  if (by_stratum) {
    arrangements = 1;
    for (const std::uint64_t m : *by_stratum) arrangements *= m;
  }
  result.exact = by_stratum && arrangements <= options.exact_limit;
  const std::uint64_t count = result.exact ? arrangements : options.replicates;
  const auto piece = static_cast<std::size_t>(std::clamp<std::uint64_t>(count / 64, 1, 4096));
  std::vector<Tally> tallies((count + piece - 1) / piece);
  const std::size_t kinds = labels->distinct.size();
  auto done = detail::run_in_pieces(
      static_cast<std::size_t>(count), piece, options.progress, options.runner,
      [&](std::size_t first, std::size_t last) {
        Tally& tally = tallies[first / piece];
        std::vector<std::uint32_t> code = labels->code;
        std::vector<std::uint32_t> by_unit(table.units());
        std::vector<std::uint32_t> rows(table.rows);
        const auto stratum = [&](std::size_t h) {
          return std::span{code}.subspan(table.stratum_begin[h],
                                         table.stratum_begin[h + 1] - table.stratum_begin[h]);
        };
        if (result.exact) {
          std::uint64_t rank = first;
          for (std::size_t h = table.strata(); h-- > 0;) {
            unrank(rank % (*by_stratum)[h], (*by_stratum)[h], kinds, stratum(h));
            rank /= (*by_stratum)[h];
          }
        }
        for (std::size_t i = first; i < last; ++i) {
          if (!result.exact) {
            code = labels->code;
            shuffle(table, options.seed, i, code);
          }
          to_rows(table, *labels, code, by_unit, rows);
          if (!judge(statistic(rows), i, tally)) return;
          if (result.exact) {
            // Like a counter: a stratum that has come round moves the one before it.
            for (std::size_t h = table.strata(); h-- > 0;) {
              const auto part = stratum(h);
              if (std::next_permutation(part.begin(), part.end())) break;
            }
          }
        }
      });
  if (!done) return unexpected(done.error());
  for (const Tally& tally : tallies) {
    if (tally.bad) {
      return unexpected(error_at(Errc::not_finite, "statistic", *tally.bad, tally.bad_value,
                                 "must be finite for every arrangement"));
    }
    result.at_least += tally.at_least;
    result.at_most += tally.at_most;
  }
  result.arrangements = count;
  const auto share = [&](std::uint64_t hits) {
    return result.exact ? static_cast<double>(hits) / static_cast<double>(count)
                        : static_cast<double>(hits + 1) / static_cast<double>(count + 1);
  };
  std::uint64_t hits = result.at_least;
  if (options.tail == PermutationTail::less) hits = result.at_most;
  if (options.tail == PermutationTail::two_sided) hits = std::min(result.at_least, result.at_most);
  const double factor = options.tail == PermutationTail::two_sided ? 2 : 1;
  result.p = std::min(1.0, factor * share(hits));
  if (result.exact) {
    result.p_interval = {result.p, result.p};
  } else {
    const Interval range = p_range(hits, count);
    result.p_interval = {std::min(1.0, factor * range.low), std::min(1.0, factor * range.high)};
  }
  return result;
}

}  // namespace ombre::inline v0::stats
