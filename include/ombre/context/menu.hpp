#pragma once
/// @file
/// The menu of options for one person: what could be offered now, in an order whose parts are
/// shown, each line in plain words.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/context/catalogue.hpp"
#include "ombre/context/risk.hpp"
#include "ombre/context/situation.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"

namespace ombre::inline v0::context {

/// Whether the person wants use itself to change now.
enum class WillChangeUse : std::uint8_t {
  not_said,
  no,
  some,  ///< a little, or only part of it
  yes
};
[[nodiscard]] OMBRE_EXPORT std::string_view name(WillChangeUse will) noexcept;
[[nodiscard]] OMBRE_EXPORT std::optional<WillChangeUse> find_will_change_use(
    std::string_view name) noexcept;

/// What the person wants. Nothing here closes a door: what is declined is listed as declined.
struct Wishes {
  WillChangeUse change_use = WillChangeUse::not_said;
  Domains prefers{};                    ///< where change is easiest now: drug, set, setting
  std::vector<Harm> worries{};          ///< what worries them most
  std::vector<std::string> likes{};     ///< ids of options they asked for
  std::vector<std::string> declines{};  ///< ids of options they do not want now
  std::optional<int> burden_at_most{};  ///< 0 to 3; options above come later, not never

  friend bool operator==(const Wishes&, const Wishes&) = default;
};

/// How a line came to its place. The total is the sum of the parts; a proposal of this project.
struct Points {
  int harm = 0;      ///< weight of the harm times its band
  int effect = 0;    ///< it would lower a band or add a layer of protection
  int evidence = 0;  ///< strength of evidence
  int fit = 0;       ///< with what the person wants
  int burden = 0;    ///< 0 or less
  [[nodiscard]] constexpr int total() const noexcept {
    return harm + effect + evidence + fit + burden;
  }
  friend constexpr bool operator==(const Points&, const Points&) = default;
};

/// One option on the menu.
struct MenuLine {
  std::size_t option = 0;  ///< place in the catalogue
  Points points{};
  Harm harm = Harm::overdose;  ///< the harm that weighs most among those it is for
  Harms lowers{};              ///< harms whose band would be lower with it
  Harms adds_layer{};          ///< severe harms it adds a layer of protection against
  bool perhaps = false;        ///< whether it applies depends on what is not known
  bool above_wish = false;     ///< asks for more change, or more effort, than the person wants now
};

/// An option that is not offered, and why.
struct Withheld {
  std::size_t option = 0;
  enum class Why : std::uint8_t {
    dangerous,    ///< `not_when` holds: the reason is the option's `not_because`
    not_for_this  ///< its condition does not hold
  } why = Why::not_for_this;
};

struct Menu {
  std::vector<MenuLine> lines{};        ///< best first; ties in the order of the catalogue
  std::vector<std::size_t> in_place{};  ///< options whose factors are already as they would be
  std::vector<std::size_t> declined{};
  std::vector<Withheld> withheld{};
  Bands now{};
};

/// The menu for a situation.
///
/// Order: harm addressed (weight times band), what the option would do (lower a band, add a layer),
/// strength of evidence, fit with the wishes, less burden. To somebody who does not want use to
/// change, options that ask for no change come first. Every option of the catalogue is in exactly
/// one of the four lists.
/// @par Errors unknown_name (an option id in the wishes), contradiction (liked and declined),
/// out_of_range (burden_at_most)
/// Cost: about options times rules of the harms they touch.
[[nodiscard]] OMBRE_EXPORT Result<Menu> menu(const Facts& facts, const Wishes& wishes = {});

/// The facts after an option.
[[nodiscard]] OMBRE_EXPORT Facts after(const Facts& facts, std::size_t option);

/// A line in plain words: what it is, which harm it is for, what it would change, what is known,
/// what to watch, and why it stands where it does.
[[nodiscard]] OMBRE_EXPORT std::string explain(const MenuLine& line, const Facts& facts);
/// Why an option is not offered.
[[nodiscard]] OMBRE_EXPORT std::string explain(const Withheld& withheld, const Facts& facts);

}  // namespace ombre::inline v0::context
