#include "ombre/stats/log_rank.hpp"

#include <array>

namespace ombre::inline v0::stats {

Result<LogRank> log_rank_test(std::span<const double> time, std::span<const std::uint8_t> event,
                              std::span<const std::uint32_t> group, std::size_t groups,
                              const Runner& runner) {
  if (groups < 2) {
    return unexpected(error_at(Errc::out_of_range, "groups", std::nullopt,
                               static_cast<double>(groups), "must be 2 to 1000"));
  }
  constexpr std::array plain{RankWeight{}};
  auto tests = log_rank_family({time, event, group, groups}, plain, {}, runner);
  if (!tests) return unexpected(std::move(tests).error());
  WeightedLogRank& test = tests->front();
  return LogRank{std::move(test.n),
                 std::move(test.observed),
                 std::move(test.expected),
                 test.chi_square,
                 test.df,
                 test.p};
}

}  // namespace ombre::inline v0::stats
