#pragma once
// G += X' diag(w) X, the one place of a Cox fit that costs O(n p^2).

#include <cstddef>
#include <span>
#include <vector>

namespace ombre::inline v0::stats::detail {

// Adds the upper triangle (row by row, p x p) of the sum over rows of w[i] x_i x_i'. Weights may be
// negative. `columns` are p pointers to `rows` numbers each; `scratch` is room that is reused.
// Uses the widest vectors the processor has (512, 256 or 128 bits), chosen at run time.
void add_weighted_gram(std::span<const double* const> columns, const double* weight,
                       std::size_t rows, double* gram, std::vector<double>& scratch);

}  // namespace ombre::inline v0::stats::detail
