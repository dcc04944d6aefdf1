#pragma once
/// @file
/// The support network of a person: who is there, who knows whom, who can be reached when, and what
/// may be told to whom. And the two ledgers that matter for staying connected: contacts, and what
/// the person told. Contact is welcome whether or not something was used.
///
/// Nothing here can be turned against the person: what they tell leads to listening, more contact,
/// safety or a better plan, and no other answer exists.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/plans/care.hpp"
#include "ombre/plans/guard.hpp"
#include "ombre/plans/names.hpp"
#include "ombre/plans/step_calendar.hpp"

namespace ombre::inline v0::plans {

/// What somebody is to the person.
enum class TieKind : std::uint8_t {
  team,       ///< of the care team
  companion,  ///< trained, paid or volunteer, comes and stays
  family,
  friendly,  ///< friends, neighbours, colleagues
  peer,      ///< people with experience of their own: sponsor, peer worker, group
  service    ///< a line, a drop-in, an emergency service
};

/// What a companion carries.
struct Kit {
  std::optional<bool> naloxone{};
  std::optional<bool> knows_how{};  ///< trained to use it
  std::vector<std::string> items{};
  friend bool operator==(const Kit&, const Kit&) = default;
};

/// One person (or line, or place) of the network. The id "person" is the person themself.
struct NetworkMember {
  std::string id;
  std::string name;
  TieKind kind = TieKind::friendly;
  std::string role{};                   ///< "nurse", "sister", "sponsor"
  std::vector<std::string> channels{};  ///< how to reach them, best first
  std::optional<bool> certified{};      ///< companions
  Kit kit{};
  /// Welcome to call or come whether or not something was used. Empty: not asked.
  std::optional<bool> unconditional{};
  friend bool operator==(const NetworkMember&, const NetworkMember&) = default;
};

/// Two who reach each other. Either may be "person".
struct Tie {
  std::string a;
  std::string b;
  std::string how{};
  friend bool operator==(const Tie&, const Tie&) = default;
};

/// Hours in which somebody can be reached, each week. `to` at or before `from` runs past midnight
/// into the next day; 0 to 1440 is the whole day.
struct Shift {
  std::string member;
  WeekdaySet days{};
  int from_minute = 0;   ///< 0 .. 1439
  int to_minute = 1440;  ///< 1 .. 1440
  std::optional<Date> first{};
  std::optional<Date> last{};
  friend bool operator==(const Shift&, const Shift&) = default;
};

// ---- consent -----------------------------------------------------------------------------------

/// What may be told.
enum class SharingScope : std::uint8_t {
  that_i_am_in_care,
  appointments,
  wellbeing,
  goals,
  use,
  medicines,
  crisis  ///< what to do in one
};

/// The person allows that something is told to somebody. Withdrawn at any time, without a reason.
/// Source: 42 CFR Part 2; GDPR articles 7 and 9.
struct Consent {
  std::string to;  ///< id of a member
  std::vector<SharingScope> scopes{};
  Date given;
  std::optional<Date> until{};      ///< last day
  std::optional<Date> withdrawn{};  ///< from this day on nothing more is told
  friend bool operator==(const Consent&, const Consent&) = default;
};

// ---- ledgers -----------------------------------------------------------------------------------

enum class ContactMode : std::uint8_t { in_person, call, video, message, outreach, group };

/// Somebody was in touch. There is no field for a condition: contact has none.
struct Contact {
  Date on;
  std::optional<int> minute{};  ///< 0 .. 1439
  std::string with{};           ///< id of a member
  ContactMode mode = ContactMode::call;
  bool person_reached_out = false;
  friend bool operator==(const Contact&, const Contact&) = default;
};
using ConnectionLedger = std::vector<Contact>;

/// What was told.
enum class DisclosureKind : std::uint8_t { urge, use, overdose, something_else };

/// What followed when it was told. The list is complete: there is no answer that takes something
/// away from the person.
enum class DisclosureAnswer : std::uint8_t {
  listened,
  more_contact,
  safety_step,
  plan_changed,
  asked_what_is_needed
};

/// An urge, a use or something else, and how the team came to know.
struct DisclosureEntry {
  DisclosureKind kind = DisclosureKind::use;
  Date happened;
  Date known;                           ///< not before `happened`
  std::optional<bool> self_reported{};  ///< false: found otherwise; empty: not known how
  std::string to{};                     ///< id of a member
  DisclosureAnswer answer = DisclosureAnswer::listened;
  friend bool operator==(const DisclosureEntry&, const DisclosureEntry&) = default;
};

// ---- the way back ------------------------------------------------------------------------------

/// How somebody comes back to a place after leaving it, for whatever reason.
struct ReturnPath {
  std::string place;
  bool held = false;  ///< the place is kept
  std::optional<Date> held_until{};
  std::optional<bool> new_intake{};  ///< has to go through intake again; empty: not known
  std::optional<double> hours{};     ///< from the call to the door
  std::string call{};                ///< whom or which number
  std::optional<bool> any_hour{};
  friend bool operator==(const ReturnPath&, const ReturnPath&) = default;
};

/// Everything about connection.
struct SocialNetwork {
  std::string person{};  ///< how the person is called in texts; may be empty
  std::vector<NetworkMember> members;
  std::vector<Tie> ties{};
  std::vector<Shift> shifts{};
  std::vector<Consent> consents{};
  ConnectionLedger contacts{};                 ///< ascending by day
  std::vector<DisclosureEntry> disclosures{};  ///< ascending by `known`
  std::vector<ReturnPath> ways_back{};
  /// A discharge, release or move, around which holes matter most.
  std::optional<Date> leaving{};
  CareRecord care{};
  friend bool operator==(const SocialNetwork&, const SocialNetwork&) = default;
};

/// More members than this are refused; nobody keeps up with so many.
inline constexpr std::size_t most_members = 500;

/// Checks ids, ranges and order.
/// @par Errors too_large, malformed, duplicate, unknown_name, out_of_range, contradiction, with the
/// path
[[nodiscard]] OMBRE_EXPORT Result<void> check_network(const SocialNetwork& network);

// ---- questions ---------------------------------------------------------------------------------

/// A minute of a day.
struct Moment {
  Date on;
  int minute = 0;  ///< 0 .. 1439
  friend auto operator<=>(const Moment&, const Moment&) = default;
};

/// Who counts as there. Nobody does without a channel to them, or without a way to them from the
/// person (network_shape()).
struct CoverageNeed {
  std::vector<TieKind> kinds{};  ///< empty: anybody with a shift
  bool with_naloxone = false;    ///< only who carries it and knows how
};

/// Time without anybody: `minutes` from `from` on.
struct CoverageHole {
  Moment from;
  std::int64_t minutes = 0;
};

struct Coverage {
  std::int64_t minutes = 0;  ///< of the range
  std::int64_t covered = 0;
  std::int64_t by_one_only = 0;       ///< covered by a single person
  std::vector<CoverageHole> holes{};  ///< in order of time
  [[nodiscard]] OMBRE_EXPORT const CoverageHole* longest_hole() const noexcept;
};

/// Who is there when, over whole days. Cost: O(days * shifts).
/// @par Errors those of check_network; too_large (more than 3660 days)
[[nodiscard]] OMBRE_EXPORT Result<Coverage> coverage(const SocialNetwork& network, DateRange days,
                                                     const CoverageNeed& need = {});

/// Members who can be reached at a moment, in the order of members. @par Errors of check_network,
/// out_of_range (minute)
[[nodiscard]] OMBRE_EXPORT Result<std::vector<std::size_t>> reached_at(
    const SocialNetwork& network, Moment when, const CoverageNeed& need = {});

/// Somebody on whom the connection of others rests.
struct SinglePoint {
  std::size_t member = 0;
  std::vector<std::size_t> lost{};  ///< members the person would no longer reach
};

struct NetworkShape {
  std::vector<std::size_t> direct{};         ///< members with a tie to the person
  std::vector<std::size_t> not_connected{};  ///< members without any way to the person
  /// Articulation points other than the person: where one of them falls away, others are lost.
  std::vector<SinglePoint> single_points{};
  /// All direct ties go to one member.
  bool rests_on_one = false;
};
/// Ties as a graph. A network without any tie counts every member as tied to the person.
/// @par Errors of check_network
[[nodiscard]] OMBRE_EXPORT Result<NetworkShape> network_shape(const SocialNetwork& network);

/// Most days from one contact to the next between two days; their ends count as contacts. Nothing
/// where last is before first.
[[nodiscard]] OMBRE_EXPORT std::optional<int> max_gap(std::span<const Contact> contacts, Date first,
                                                      Date last) noexcept;
/// A contact within the last `days` days, the day itself included. Defaults, ours: 7; 1 after a
/// lapse.
[[nodiscard]] OMBRE_EXPORT bool connected_at(std::span<const Contact> contacts, Date day,
                                             int days = 7) noexcept;

/// Share of events the person told themself, between two days (of `happened`); nothing without one.
[[nodiscard]] OMBRE_EXPORT std::optional<double> disclosure_rate(
    std::span<const DisclosureEntry> disclosures, Date first, Date last) noexcept;

/// Something that may be told. It cannot be made without consent in force, so a function that takes
/// one needs no further check.
class OMBRE_EXPORT Sharing {
 public:
  /// @par Errors unknown_name (no such member), missing (no consent for this scope on this day; the
  /// rule says whether it was never given, ran out or was withdrawn)
  [[nodiscard]] static Result<Sharing> with_consent(const SocialNetwork& network,
                                                    std::string_view to, SharingScope scope,
                                                    Date on, std::string text);
  [[nodiscard]] const std::string& to() const noexcept { return to_; }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] SharingScope scope() const noexcept { return scope_; }
  [[nodiscard]] Date on() const noexcept { return on_; }

 private:
  Sharing(std::string to, SharingScope scope, Date on, std::string text)
      : to_{std::move(to)}, scope_{scope}, on_{on}, text_{std::move(text)} {}
  std::string to_;
  SharingScope scope_;
  Date on_;
  std::string text_;
};

/// Holes, single points, missing naloxone, missing consent, a way back that takes too long, nobody
/// who is there unconditionally, a long silence. Worst first; nothing refuses.
/// @param today  contacts after it are not looked at
/// @param days   days ahead that coverage is asked for, 1 to 366; from `leaving` where that is
/// later
/// @par Errors of check_network
[[nodiscard]] OMBRE_EXPORT Result<std::vector<RuleFinding>> network_findings(
    const SocialNetwork& network, Date today, int days = 14);

template <>
inline constexpr bool has_names<TieKind> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<TieKind>() noexcept;
template <>
inline constexpr bool has_names<SharingScope> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<SharingScope>() noexcept;
template <>
inline constexpr bool has_names<ContactMode> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<ContactMode>() noexcept;
template <>
inline constexpr bool has_names<DisclosureKind> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<DisclosureKind>() noexcept;
template <>
inline constexpr bool has_names<DisclosureAnswer> = true;
template <>
OMBRE_EXPORT std::span<const std::string_view> names_of<DisclosureAnswer>() noexcept;

}  // namespace ombre::inline v0::plans
