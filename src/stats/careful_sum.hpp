#pragma once
// A sum with its rounding errors beside it (Knuth's two-sum), so that taking away what was added
// leaves (nearly) nothing.

namespace ombre::inline v0::stats::detail {

struct CarefulSum {
  double high = 0;
  double low = 0;
  void add(double value) noexcept {
    const double sum = high + value;
    const double back = sum - high;
    low += (high - (sum - back)) + (value - back);
    high = sum;
  }
  void add(const CarefulSum& other) noexcept {
    add(other.high);
    add(other.low);
  }
  void subtract(const CarefulSum& other) noexcept {
    add(-other.high);
    add(-other.low);
  }
  [[nodiscard]] double value() const noexcept { return high + low; }
};

}  // namespace ombre::inline v0::stats::detail
