#pragma once
/// @file
/// A plan is a value with a history. Tapers and goal plans share this part: who changed what,
/// when, why, and which rule a clinician overrode. A change makes a new version; no version is
/// ever altered or removed, and there is no way to say that a plan "failed".

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"

namespace ombre::inline v0::plans {

/// In which role somebody acts on a plan.
enum class Role : std::uint8_t {
  person,      ///< the person whose plan it is
  clinician,   ///< may accept a plan of prescribed medicines and override what may be overridden
  pharmacist,  ///< may note and change how doses are dispensed
  companion,   ///< family, friend or peer whom the person has asked to help
  team         ///< any other member of the care team
};

/// "person", "clinician", "pharmacist", "companion" or "team".
[[nodiscard]] OMBRE_EXPORT std::string_view name(Role role) noexcept;
/// The role of that name, or nothing.
[[nodiscard]] OMBRE_EXPORT std::optional<Role> find_role(std::string_view name) noexcept;

/// Somebody who acts on a plan. The name is how the record shows them; it may be initials.
struct Actor {
  std::string name;
  Role role = Role::person;
  friend bool operator==(const Actor&, const Actor&) = default;
};

/// A rule that somebody entitled to it set aside, with the reason. Kept for good.
struct Override {
  std::string rule;  ///< id of the rule, as in its finding
  Actor by;
  std::string reason;  ///< required: an override without a reason is not accepted
  friend bool operator==(const Override&, const Override&) = default;
};

/// How a version came to be.
struct Change {
  std::string what;  ///< the operation: "draft", "accept", "hold", "resume", ...
  Date on;           ///< the day the decision was made
  Date from;         ///< first day of the plan it may alter; days before stay as they were
  Actor by;
  std::string why;                  ///< in the actor's own words
  std::vector<Override> overrides;  ///< rules set aside with this change
  friend bool operator==(const Change&, const Change&) = default;
};

/// All versions of a value, the newest last. Copies share the versions they have in common, so a
/// history is cheap to pass and to extend. Version numbers start at 1.
template <class T>
class History {
 public:
  History(T first, Change change) {
    versions_.push_back(std::make_shared<const Version>(std::move(first), std::move(change)));
  }

  /// The same history and one more version. This object stays as it is.
  [[nodiscard]] History with(T next, Change change) const {
    History longer = *this;
    longer.versions_.push_back(std::make_shared<const Version>(std::move(next), std::move(change)));
    return longer;
  }

  /// One more version of this object itself, for readers of long histories.
  void add(T next, Change change) {
    versions_.push_back(std::make_shared<const Version>(std::move(next), std::move(change)));
  }

  /// Number of the newest version; at least 1.
  [[nodiscard]] std::size_t version() const noexcept { return versions_.size(); }
  [[nodiscard]] const T& current() const noexcept { return versions_.back()->value; }
  [[nodiscard]] const Change& change() const noexcept { return versions_.back()->change; }
  /// `number` must be 1 .. version(); the caller checks.
  [[nodiscard]] const T& at(std::size_t number) const noexcept {
    return versions_[number - 1]->value;
  }
  [[nodiscard]] const Change& change(std::size_t number) const noexcept {
    return versions_[number - 1]->change;
  }
  /// The history as it was when `number` was the newest version.
  [[nodiscard]] History as_of(std::size_t number) const {
    History shorter = *this;
    shorter.versions_.resize(number, versions_.front());
    return shorter;
  }

 private:
  struct Version {
    Version(T v, Change c) : value{std::move(v)}, change{std::move(c)} {}
    T value;
    Change change;
  };
  std::vector<std::shared_ptr<const Version>> versions_;  // never empty
};

}  // namespace ombre::inline v0::plans
