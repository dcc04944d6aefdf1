#pragma once
/// @file
/// Result<T>: a value, or the Error that says why there is none.
///
/// The names are those of std::expected (C++23), so that it can become that type later.
/// It works with exceptions off: value() on an error is a bug of the caller and traps.

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "ombre/core/error.hpp"

namespace ombre::inline v0 {

/// Wraps an Error on its way into a Result: `return unexpected(error)`.
class Unexpected {
 public:
  explicit Unexpected(Error error) : error_{std::move(error)} {}
  [[nodiscard]] Error&& take() && noexcept { return std::move(error_); }

 private:
  Error error_;
};

[[nodiscard]] inline Unexpected unexpected(Error error) { return Unexpected{std::move(error)}; }

/// A value of type T, or an Error. T may not be a reference or Error itself.
template <class T>
class [[nodiscard]] Result {
  static_assert(!std::is_reference_v<T> && !std::is_same_v<std::remove_cv_t<T>, Error>);

 public:
  using value_type = T;
  using error_type = Error;

  Result(T value) : state_{std::in_place_index<0>, std::move(value)} {}  // NOLINT: as expected
  Result(Unexpected error)                                               // NOLINT: as expected
      : state_{std::in_place_index<1>, std::move(error).take()} {}

  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
  [[nodiscard]] explicit operator bool() const noexcept { return has_value(); }

  [[nodiscard]] T& value() & noexcept { return *checked(); }
  [[nodiscard]] const T& value() const& noexcept { return *checked(); }
  [[nodiscard]] T&& value() && noexcept { return std::move(*checked()); }
  [[nodiscard]] T& operator*() & noexcept { return *checked(); }
  [[nodiscard]] const T& operator*() const& noexcept { return *checked(); }
  [[nodiscard]] T&& operator*() && noexcept { return std::move(*checked()); }
  [[nodiscard]] T* operator->() noexcept { return checked(); }
  [[nodiscard]] const T* operator->() const noexcept { return checked(); }

  [[nodiscard]] const Error& error() const& noexcept {
    const Error* e = std::get_if<1>(&state_);
    if (e == nullptr) __builtin_trap();
    return *e;
  }
  [[nodiscard]] Error&& error() && noexcept {
    Error* e = std::get_if<1>(&state_);
    if (e == nullptr) __builtin_trap();
    return std::move(*e);
  }

  template <class U>
  [[nodiscard]] T value_or(U&& other) const& {
    return has_value() ? **this : static_cast<T>(std::forward<U>(other));
  }

 private:
  [[nodiscard]] T* checked() noexcept {
    T* v = std::get_if<0>(&state_);
    if (v == nullptr) __builtin_trap();
    return v;
  }
  [[nodiscard]] const T* checked() const noexcept {
    const T* v = std::get_if<0>(&state_);
    if (v == nullptr) __builtin_trap();
    return v;
  }

  std::variant<T, Error> state_;
};

/// Result of something done for its effect.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;
  using error_type = Error;

  // Not defaulted: `return {};` would then fill the room for an Error with zeros first, which is a
  // large part of the cost of functions called once a row.
  Result() noexcept {}  // NOLINT(modernize-use-equals-default)
  Result(Unexpected error) : error_{std::move(error).take()} {}  // NOLINT: as expected

  [[nodiscard]] bool has_value() const noexcept { return !error_.has_value(); }
  [[nodiscard]] explicit operator bool() const noexcept { return has_value(); }
  [[nodiscard]] const Error& error() const& noexcept {
    if (!error_) __builtin_trap();
    return *error_;
  }
  [[nodiscard]] Error&& error() && noexcept {
    if (!error_) __builtin_trap();
    return *std::move(error_);
  }

 private:
  std::optional<Error> error_;
};

}  // namespace ombre::inline v0
