#pragma once
// Data sets shared by the tests of Cox models.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "ombre/core/random.hpp"
#include "ombre/stats/cox.hpp"

namespace ombre::test {

struct CoxRows {
  std::vector<double> time{};
  std::vector<std::uint8_t> event{};
  std::vector<double> x{};  // column by column
  std::size_t columns = 0;
  std::vector<double> entry{};
  std::vector<double> weight{};
  std::vector<double> offset{};
  std::vector<std::uint32_t> stratum{};
  std::vector<std::uint32_t> cluster{};

  [[nodiscard]] std::size_t size() const { return time.size(); }
  [[nodiscard]] stats::CoxInput input() const {
    return {time, event, x, columns, entry, weight, offset, stratum, cluster};
  }
};

// Freireich et al., Blood 21:699 (1963): weeks of remission, 21 people on 6-mercaptopurine (x = 0)
// and 21 on placebo (x = 1).
inline CoxRows freireich() {
  CoxRows rows;
  rows.time = {6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35,
               1, 1, 2, 2, 3, 4, 4,  5,  5,  8,  8,  8,  8,  11, 11, 12, 12, 15, 17, 22, 23};
  rows.event = {1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0};
  rows.event.resize(42, 1);
  rows.x.assign(21, 0.0);
  rows.x.resize(42, 1.0);
  rows.columns = 1;
  return rows;
}

struct Shape {
  std::size_t n = 100;
  std::size_t p = 3;
  bool days = true;  // whole days: many ties
  bool late = false;
  bool weights = false;
  std::uint32_t strata = 1;
  std::uint32_t clusters = 0;
};

// Proportional hazards with coefficients 0.5, -0.5, 0.5 ...; a third or so is censored.
inline CoxRows random_rows(std::uint64_t seed, const Shape& shape) {
  RandomStream random{Seed{seed}, 77};
  CoxRows rows;
  rows.columns = shape.p;
  rows.x.resize(shape.n * shape.p);
  for (std::size_t i = 0; i < shape.n; ++i) {
    double eta = 0;
    for (std::size_t j = 0; j < shape.p; ++j) {
      const double v = j % 3 == 2 ? (random.uniform() < 0.4 ? 1.0 : 0.0) : random.normal();
      rows.x[j * shape.n + i] = v;
      eta += (j % 2 == 0 ? 0.5 : -0.5) * v;
    }
    double time = -std::log(1 - random.uniform()) * std::exp(-eta) * 20;
    const double censored = random.uniform() * 60 + 1;
    const bool event = time <= censored;
    time = event ? time : censored;
    if (shape.days) time = std::floor(time) + 1;
    rows.time.push_back(time);
    rows.event.push_back(event ? 1 : 0);
    if (shape.late) {
      const double share = random.uniform() < 0.5 ? 0.0 : random.uniform() * 0.9;
      rows.entry.push_back(shape.days ? std::floor(time * share) : time * share);
    }
    if (shape.weights) rows.weight.push_back(0.5 + std::floor(random.uniform() * 6) / 2);
    if (shape.strata > 1) {
      rows.stratum.push_back(static_cast<std::uint32_t>(random.below(shape.strata)));
    }
    if (shape.clusters > 0) {
      rows.cluster.push_back(static_cast<std::uint32_t>(random.below(shape.clusters)));
    }
  }
  return rows;
}

inline CoxRows picked(const CoxRows& rows, const std::vector<std::size_t>& which) {
  CoxRows out;
  out.columns = rows.columns;
  const auto pick = [&](const auto& from, auto& to) {
    if (from.empty()) return;
    for (const std::size_t i : which) to.push_back(from[i]);
  };
  pick(rows.time, out.time);
  pick(rows.event, out.event);
  pick(rows.entry, out.entry);
  pick(rows.weight, out.weight);
  pick(rows.offset, out.offset);
  pick(rows.stratum, out.stratum);
  pick(rows.cluster, out.cluster);
  for (std::size_t j = 0; j < rows.columns; ++j) {
    for (const std::size_t i : which) out.x.push_back(rows.x[j * rows.size() + i]);
  }
  return out;
}

}  // namespace ombre::test
