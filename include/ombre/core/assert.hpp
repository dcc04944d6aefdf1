#pragma once
/// @file
/// OMBRE_ASSERT states what must hold if our own code is right. It is on in debug and sanitizer
/// builds (OMBRE_ENABLE_ASSERTS) and costs nothing elsewhere. Data from outside is never checked
/// with it: that is what Result is for.

#if defined(OMBRE_ENABLE_ASSERTS)
#include <cassert>
#undef OMBRE_ASSERT
#define OMBRE_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : __builtin_trap())  // NOLINT: stops where the bug is
#else
#define OMBRE_ASSERT(condition) static_cast<void>(0)
#endif
