#include "../../src/core/big_buffer.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <numeric>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using ombre::detail::BigBuffer;
using ombre::detail::huge_page;

static_assert(!std::is_copy_constructible_v<BigBuffer<double>>);
static_assert(std::is_nothrow_move_constructible_v<BigBuffer<double>>);

TEST(BigBuffer, AllThatIsWrittenCanBeReadAtAnySize) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{7}, huge_page / 8 - 1, huge_page / 8,
                                 huge_page / 8 + 1, 3 * huge_page / 8 + 5}) {
    SCOPED_TRACE(size);
    BigBuffer<std::uint64_t> room{size};
    ASSERT_EQ(room.size(), size);
    std::iota(room.begin(), room.end(), std::uint64_t{1});
    EXPECT_EQ(room[0], 1U);
    EXPECT_EQ(room[size - 1], size);
    EXPECT_EQ(std::accumulate(room.begin(), room.end(), std::uint64_t{0}),
              std::uint64_t{size} * (size + 1) / 2);
  }
}

TEST(BigBuffer, LargeOnesBeginAtALargePageAndSmallOnesAtALineOfTheCache) {
  const BigBuffer<double> large{huge_page / sizeof(double)};
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(large.data()) % huge_page, 0U);
  const BigBuffer<char> small{3};
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(small.data()) % 64, 0U);
}

TEST(BigBuffer, NothingAtAllIsFine) {
  const BigBuffer<double> none;
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(none.begin(), none.end());
  const BigBuffer<double> zero{0};
  EXPECT_TRUE(zero.span().empty());
}

TEST(BigBuffer, MovingHandsTheRoomOver) {
  BigBuffer<int> a{10};
  a[9] = 4;
  BigBuffer<int> b{std::move(a)};
  EXPECT_EQ(b[9], 4);
  BigBuffer<int> c;
  c = std::move(b);
  EXPECT_EQ(c.size(), 10U);
  EXPECT_EQ(c[9], 4);
}

TEST(BigBuffer, MoreThanThereCanBeIsRefused) {
  EXPECT_THROW(BigBuffer<double>{static_cast<std::size_t>(-1) / 8}, std::bad_alloc);
}

TEST(BigBuffer, AVectorKeepsWhatItHoldsWhenRoomIsReserved) {
  std::vector<double> v{1, 2, 3};
  ombre::detail::reserve_big(v, huge_page);
  EXPECT_GE(v.capacity(), huge_page);
  EXPECT_EQ(v, (std::vector<double>{1, 2, 3}));
  for (std::size_t i = 3; i < huge_page; ++i) v.push_back(static_cast<double>(i));
  EXPECT_EQ(v.back(), static_cast<double>(huge_page - 1));
}

}  // namespace
