#pragma once
/// @file
/// The catalogue of factors, rules and options, built in and the caller's own.
///
/// A Catalogue is a value: adding to a copy leaves the original as it was. Conditions are checked
/// and compiled when they are added, so that asking it is fast and a misspelt factor is an error.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/context/factor.hpp"
#include "ombre/context/harm.hpp"
#include "ombre/context/option.hpp"
#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/core/source.hpp"

namespace ombre::inline v0::context {

/// A rule that gives a harm a band. It speaks when every condition holds: factors that raise must
/// be yes, factors that lower must be no. Bands of several rules are not added or multiplied: the
/// highest counts, because published risks have different comparators.
struct HarmRule {
  std::string_view id;
  Harm harm = Harm::overdose;
  RiskBand band = RiskBand::raised;
  std::string_view when;  ///< "uses_opioid uses_alone !naloxone_at_hand"
  std::string_view says;  ///< the reason in words
  const Source* source = nullptr;
  Confidence confidence = Confidence::known;
};

/// A layer of protection against a severe harm. Layers have holes; several behind each other have
/// fewer (the "swiss cheese" of accident research).
struct Layer {
  Harm harm = Harm::overdose;
  std::string_view when;  ///< one factor, "naloxone_at_hand" or "!uses_alone"
  std::string_view says;
};

/// A caller's own factor, rule and option. A source is asked for: nothing enters without one.
struct NewFactor {
  std::string id{};  ///< made of a-z, 0-9 and '_'
  std::string title{};
  Domains domains{};
  Direction direction = Direction::raises;
  bool modifiable = false;
  bool sensitive = false;
  std::string ask{};
  std::string note{};
  std::string source_id{};
  std::string citation{};
  std::string edition{};
  Confidence confidence = Confidence::known;
};
struct NewRule {
  std::string id{};
  Harm harm = Harm::overdose;
  RiskBand band = RiskBand::raised;
  std::string when{};
  std::string says{};
  std::string source_id{};
  std::string citation{};
  std::string edition{};
  Confidence confidence = Confidence::known;
};
struct NewOption {
  std::string id{};
  std::string title{};
  std::string plain{};
  Domains domains{};
  Harms harms{};
  std::string whom{};
  std::string when{};
  std::string not_when{};
  std::string not_because{};
  ChangesUse changes_use = ChangesUse::no;
  Evidence evidence = Evidence::none_found;
  std::string effect{};  ///< one finding in words; may be empty
  std::string cautions{};
  std::string moves{};
  int burden = 1;
  std::string source_id{};
  std::string citation{};
  std::string edition{};
  Confidence confidence = Confidence::known;
};

class OMBRE_EXPORT Catalogue {
 public:
  /// What is built in.
  Catalogue();

  [[nodiscard]] std::span<const Factor> factors() const noexcept { return factors_; }
  [[nodiscard]] std::span<const HarmRule> rules() const noexcept { return rules_; }
  [[nodiscard]] std::span<const Option> options() const noexcept { return options_; }
  [[nodiscard]] std::span<const Layer> layers() const noexcept { return layers_; }

  /// Place of a factor, or nothing. Cost: a binary search.
  [[nodiscard]] std::optional<std::size_t> find_factor(std::string_view id) const noexcept;
  [[nodiscard]] const Option* find_option(std::string_view id) const noexcept;
  [[nodiscard]] const HarmRule* find_rule(std::string_view id) const noexcept;

  /// @par Errors missing (id, title, source), malformed (id, condition), duplicate
  [[nodiscard]] Result<void> add(const NewFactor& entry);
  /// @par Errors the same; unknown_name (a factor of the condition); contradiction (a factor that
  /// lowers asked for as yes, or one that raises as no: such a rule could raise a band by help)
  [[nodiscard]] Result<void> add(const NewRule& entry);
  /// @par Errors the same; out_of_range (burden 0 to 3); contradiction (a move that makes something
  /// worse)
  [[nodiscard]] Result<void> add(const NewOption& entry);

  /// A factor and the answer a condition wants.
  struct Term {
    std::uint16_t factor = 0;
    Truth want = Truth::yes;
  };
  /// Terms of an *and*; an *or* is a list of them.
  using Terms = std::vector<Term>;
  /// Compiled forms, in the order of rules(), options() and layers(); for the functions of risk.hpp
  /// and menu.hpp.
  struct Compiled {
    std::vector<Terms> rules;
    std::vector<std::vector<Terms>> when;
    std::vector<std::vector<Terms>> not_when;
    std::vector<Terms> moves;
    std::vector<Term> layers;
    std::vector<std::vector<std::uint16_t>> rules_of_harm;
    std::vector<Harms> harms_of_factor;
  };
  [[nodiscard]] const Compiled& compiled() const noexcept { return compiled_; }

 private:
  struct Texts;
  struct Key {
    std::string_view id;
    std::uint16_t place;
  };

  [[nodiscard]] Result<Terms> compile_and(std::string_view field, std::string_view text) const;
  [[nodiscard]] Result<std::vector<Terms>> compile_or(std::string_view field,
                                                      std::string_view text) const;
  [[nodiscard]] Result<void> put(const Factor& factor);
  [[nodiscard]] Result<void> put(const HarmRule& rule);
  [[nodiscard]] Result<void> put(const Option& option);
  [[nodiscard]] Result<void> put(const Layer& layer);

  std::vector<Factor> factors_;
  std::vector<Key> keys_;  // sorted by id
  std::vector<HarmRule> rules_;
  std::vector<Option> options_;
  std::vector<Layer> layers_;
  Compiled compiled_;
  std::vector<std::shared_ptr<const Texts>> texts_;
};

/// What is built in, made once.
[[nodiscard]] OMBRE_EXPORT const Catalogue& builtin();

}  // namespace ombre::inline v0::context
