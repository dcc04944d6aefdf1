#pragma once
/// @file
/// Rules of places: who may come in, what holds on site, and what follows when something is used.
/// A place may protect everybody in it; it does so by moving somebody to a safe place with care
/// that goes on, never by sending them away.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/plans/guard.hpp"
#include "ombre/plans/names.hpp"

namespace ombre::inline v0::plans {

/// How one enters a service, as it is written in its rules. Empty: not stated.
struct EntryRule {
  std::string service;
  std::optional<int> hours_without_use{};  ///< "24 hours before group"
  std::optional<int> abstinent_days{};
  std::optional<bool> negative_test{};
  std::optional<bool> wish_to_stop{};
  std::optional<bool> use_first_treated{};  ///< "sobriety before mental health care"
  std::optional<bool> out_after_use{};      ///< whoever uses has to leave
  std::optional<int> waiting_days{};
  std::optional<bool> drop_in{};
  /// A medical reason for a time without use, such as an anaesthetic: then it is about this one
  /// procedure, and it is written down.
  std::string medical_reason{};
  friend bool operator==(const EntryRule&, const EntryRule&) = default;
};

/// Conditions that keep people out, each with what to write instead. Entry that depends on use is
/// refused, by rules nobody overrides; a medical reason makes a time without use a warning.
/// @par Errors out_of_range (negative numbers), missing (the service)
[[nodiscard]] OMBRE_EXPORT Result<std::vector<RuleFinding>> entry_findings(const EntryRule& rule);

/// What holds on a site, for everybody.
struct CommunityPolicy {
  std::string site;
  bool use_on_site = false;  ///< a site may allow it (a consumption room)
  bool prescribed_medicine_only = true;
  bool medicine_by_qualified_staff = true;
  std::string safe_place{};  ///< where somebody moves to: "the flat next door, with Mira"
  friend bool operator==(const CommunityPolicy&, const CommunityPolicy&) = default;
};

/// A medicine on the site.
struct Medication {
  std::string name;
  std::optional<bool> prescribed{};
  std::string prescriber{};
  std::string administered_by{};
  std::optional<bool> qualified{};  ///< who administers it is qualified to
  friend bool operator==(const Medication&, const Medication&) = default;
};
/// What does not fit the policy, as something to put right. Never a reason to end care.
[[nodiscard]] OMBRE_EXPORT std::vector<RuleFinding> medication_findings(
    const CommunityPolicy& policy, std::span<const Medication> medications);

/// Something that happened on a site.
enum class SiteEventKind : std::uint8_t {
  told_an_urge,
  used_elsewhere,
  came_after_use,
  used_on_site,
  unprescribed_medicine_found
};

/// What a site does. The list is complete.
enum class SiteStep : std::uint8_t {
  thank_and_listen,
  look_after_health,       ///< breathing, mixtures, withdrawal
  move_to_safe_place,      ///< off the site for now, accompanied
  hand_medicine_to_staff,  ///< kept, checked with the prescriber, given by staff
  talk_about_the_plan,
  keep_the_place  ///< the person's place stays theirs
};

struct SiteAnswer {
  std::vector<SiteStep> steps;  ///< in order
  std::string says;             ///< for the person; always says that care goes on
};
[[nodiscard]] OMBRE_EXPORT SiteAnswer site_answer(const CommunityPolicy& policy,
                                                  SiteEventKind event);

/// Why a sample was looked at. Source: ASAM, appropriate use of drug testing (2017).
enum class TestPurpose : std::uint8_t {
  person_asked,
  safety,  ///< before a medicine, after an overdose
  treatment_planning,
  drug_checking  ///< of the substance, not of the person
};
struct ToxicologyResult {
  Date on;
  std::string assay;
  std::optional<bool> found{};
  TestPurpose purpose = TestPurpose::treatment_planning;
  friend bool operator==(const ToxicologyResult&, const ToxicologyResult&) = default;
};

template <>
inline constexpr bool has_names<SiteEventKind> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<SiteEventKind>() noexcept;
template <>
inline constexpr bool has_names<SiteStep> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<SiteStep>() noexcept;
template <>
inline constexpr bool has_names<TestPurpose> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<TestPurpose>() noexcept;

}  // namespace ombre::inline v0::plans
