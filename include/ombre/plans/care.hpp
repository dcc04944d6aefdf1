#pragma once
/// @file
/// What stands around a plan: housing, referrals, groups, education, skills, check-ins, supplies,
/// aftercare, and the preparation of a withdrawal. Attendance is what is measured; no effect is
/// claimed from it.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/plans/guard.hpp"
#include "ombre/plans/names.hpp"
#include "ombre/plans/site.hpp"
#include "ombre/substance/substance.hpp"

namespace ombre::inline v0::plans {

enum class HousingKind : std::uint8_t {
  own,
  family_or_friends,
  supportive,  ///< permanent, with support
  respite,     ///< safe and temporary, off the site
  shelter,
  residential,  ///< treatment
  institution,  ///< hospital, prison
  street,
  other
};

/// Where somebody lives.
struct Housing {
  HousingKind kind = HousingKind::other;
  Date from;
  std::optional<Date> until{};  ///< last day; empty: no end is set
  std::optional<bool> safe{};
  std::optional<bool> conditional_on_abstinence{};
  friend bool operator==(const Housing&, const Housing&) = default;
};
/// Days with a roof of one's own or a supported one, of `days` from `first` on; days nobody knows
/// of are counted apart. Source: Tsemberis et al., Am J Public Health 94:651 (2004).
struct HousingDays {
  int housed = 0;
  int not_housed = 0;
  int not_known = 0;
};
/// @par Errors out_of_range (days below 1 or above 36 525)
[[nodiscard]] OMBRE_EXPORT Result<HousingDays> housing_days(std::span<const Housing> housing,
                                                            Date first, int days);

enum class ReferralStatus : std::uint8_t { offered, agreed, sent, arrived, not_wanted };
struct Referral {
  std::string to;
  std::string for_what{};
  ReferralStatus status = ReferralStatus::offered;
  Date since;
  std::optional<bool> warm_handover{};  ///< somebody went along or introduced them
  friend bool operator==(const Referral&, const Referral&) = default;
};

/// A meeting one may come to and leave.
struct GroupSession {
  Date on;
  std::string group;
  bool drop_in = true;
  std::optional<bool> attended{};  ///< empty: not written down
  friend bool operator==(const GroupSession&, const GroupSession&) = default;
};
struct Attendance {
  std::size_t offered = 0;
  std::size_t attended = 0;
  std::size_t not_known = 0;
  std::string says;
};
/// Attendance of the sessions between two days. It is what can be measured here, and it is no proof
/// of an effect; the sentence says so.
[[nodiscard]] OMBRE_EXPORT Attendance attendance(std::span<const GroupSession> sessions, Date first,
                                                 Date last);

enum class Learner : std::uint8_t { person, family, companion };
struct EducationItem {
  std::string topic;  ///< "overdose signs", "what fentanyl changes"
  Learner learner = Learner::person;
  std::optional<Date> delivered{};
  friend bool operator==(const EducationItem&, const EducationItem&) = default;
};
struct SkillModule {
  std::string skill;  ///< "naloxone", "refusing a drink", "sleeping without"
  Learner learner = Learner::person;
  std::optional<Date> practised{};
  friend bool operator==(const SkillModule&, const SkillModule&) = default;
};

/// How somebody is, on three rulers from 0 to 10.
struct Checkin {
  Date on;
  std::optional<double> body{};
  std::optional<double> mood{};
  std::optional<double> craving{};
  friend bool operator==(const Checkin&, const Checkin&) = default;
};

struct SupplyRequest {
  std::string what;  ///< "needles 1 ml", "condoms", "naloxone"
  Date asked;
  std::optional<Date> given{};
  friend bool operator==(const SupplyRequest&, const SupplyRequest&) = default;
};

/// What goes on after a goal is reached or a stay has ended.
struct AftercarePlan {
  Date from;
  std::vector<std::string> with{};  ///< ids of the network
  int contact_every_days = 7;       ///< >= 1
  std::vector<std::string> what{};
  std::optional<Date> looked_at{};  ///< next day it is looked at; care has no last day
  friend bool operator==(const AftercarePlan&, const AftercarePlan&) = default;
};

// ---- preparing a withdrawal --------------------------------------------------------------------

/// One thing to have in place before a detoxification.
struct PreparationItem {
  std::string_view id;
  std::string_view says;
  bool safety = false;  ///< without it the start waits
  const Source* source = nullptr;
  Confidence confidence = Confidence::proposal;
};
/// The checklist for a class of substances: body, mind, home, people, the time after. Withdrawal is
/// made easier by preparing, not abolished.
[[nodiscard]] OMBRE_EXPORT std::vector<PreparationItem> detox_checklist(substance::Class cls);

struct DetoxPreparation {
  std::string substance;
  std::optional<Date> start{};
  std::vector<std::string> done{};        ///< ids of the checklist
  std::vector<std::string> not_needed{};  ///< ids that do not apply here
  friend bool operator==(const DetoxPreparation&, const DetoxPreparation&) = default;
};
struct PreparationState {
  std::vector<PreparationItem> open_safety;  ///< must be in place first
  std::vector<PreparationItem> open;         ///< the rest that is open
  std::size_t done = 0;
  [[nodiscard]] bool safe_to_start() const noexcept { return open_safety.empty(); }
};
/// A safety item cannot be set aside as not needed.
/// @par Errors unknown_name (substance, an id that is not on the list), contradiction
[[nodiscard]] OMBRE_EXPORT Result<PreparationState> preparation_state(
    const DetoxPreparation& preparation);

// ---- all of it ---------------------------------------------------------------------------------

struct CareRecord {
  std::vector<Housing> housing{};
  std::vector<Referral> referrals{};
  std::vector<GroupSession> groups{};
  std::vector<EducationItem> education{};
  std::vector<SkillModule> skills{};
  std::vector<Checkin> checkins{};
  std::vector<SupplyRequest> supplies{};
  std::vector<ToxicologyResult> tests{};
  std::vector<Medication> medications{};
  std::vector<EntryRule> entry_rules{};
  std::optional<CommunityPolicy> site{};
  std::optional<AftercarePlan> aftercare{};
  std::optional<DetoxPreparation> preparation{};
  friend bool operator==(const CareRecord&, const CareRecord&) = default;
};
/// @par Errors out_of_range, contradiction, missing, unknown_name, with the path
[[nodiscard]] OMBRE_EXPORT Result<void> check_care(const CareRecord& care);
/// Housing that hangs on abstinence, ends soon or is not safe; referrals that did not arrive;
/// supplies not given; a stay without aftercare; open preparation; entry rules. Worst first.
/// @par Errors of check_care
[[nodiscard]] OMBRE_EXPORT Result<std::vector<RuleFinding>> care_findings(const CareRecord& care,
                                                                          Date today);

template <>
inline constexpr bool has_names<HousingKind> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<HousingKind>() noexcept;
template <>
inline constexpr bool has_names<ReferralStatus> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<ReferralStatus>() noexcept;
template <>
inline constexpr bool has_names<Learner> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<Learner>() noexcept;

}  // namespace ombre::inline v0::plans
