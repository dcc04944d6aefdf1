#pragma once
/// @file
/// Endpoints: named definitions over a person's word, and a registry to hold them.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/result.hpp"
#include "ombre/outcomes/endpoint_expression.hpp"

namespace ombre::inline v0::outcomes {

/// What a result is.
enum class ResultType : std::uint8_t {
  yes_no,
  count,      ///< periods, may be halves
  share,      ///< 0..1
  score,      ///< on a scale of its own
  time_event  ///< periods to the event, and whether it happened
};

/// What a definition is about.
enum class Family : std::uint8_t { abstinence, relapse, reduction, own };

/// Which reading of a published definition this is.
enum class Reading : std::uint8_t {
  published,  ///< what the published code computes; reproduces the published columns
  text,       ///< what the text beside that code says
  paper,      ///< what the trial's own paper reports
  corrected,  ///< with a fault of the method mended
  release,    ///< what an earlier release of the code computed
  own         ///< not published: the caller's
};

/// Which direction is better for the person.
enum class Better : std::uint8_t { higher, lower, neither };

/// What a missed period is taken for, before the definition sees the word.
enum class MissingRule : std::uint8_t {
  as_defined,  ///< the definition itself decides
  positive,
  negative,
  mixed,
  ignored,  ///< deleted: later periods move up
  locf,
  mode,
  knv
};

[[nodiscard]] OMBRE_EXPORT std::string_view name(ResultType type) noexcept;
[[nodiscard]] OMBRE_EXPORT std::string_view name(Family family) noexcept;
[[nodiscard]] OMBRE_EXPORT std::string_view name(Reading reading) noexcept;
[[nodiscard]] OMBRE_EXPORT std::string_view name(Better better) noexcept;
[[nodiscard]] OMBRE_EXPORT std::string_view name(MissingRule rule) noexcept;
/// The inverse of the names. @par Errors unknown_name (lists the names there are)
[[nodiscard]] OMBRE_EXPORT Result<ResultType> result_type_named(std::string_view text);
[[nodiscard]] OMBRE_EXPORT Result<Family> family_named(std::string_view text);
[[nodiscard]] OMBRE_EXPORT Result<Reading> reading_named(std::string_view text);
[[nodiscard]] OMBRE_EXPORT Result<Better> better_named(std::string_view text);
[[nodiscard]] OMBRE_EXPORT Result<MissingRule> missing_rule_named(std::string_view text);

/// Everything an endpoint is made of. Plain data: fill it in and hand it to Endpoint::make.
struct EndpointSpec {
  std::string id;  ///< letters, digits, `_`, `-` and `.`; unique in a registry
  Family family = Family::own;
  Reading reading = Reading::own;
  std::string study;     ///< where the definition comes from: "Krupitsky 2011"
  std::string sentence;  ///< the rule in plain words
  std::string note;      ///< what to know about this reading; may be empty
  ResultType type = ResultType::yes_no;
  Better better = Better::higher;
  /// The week the definition ends with where that is a choice of whoever fitted it to data;
  /// at_horizon() stands for it. Nothing: the whole word.
  std::optional<int> horizon{};
  /// A missed visit is itself what is measured (dropout): bounds then equal the value.
  bool about_attendance = false;
  AnyExpr value{NumberExpr{}};
};

/// One person's result. `value` is 0 or 1 for yes/no, the time for time_event.
struct EndpointValue {
  double value = 0;
  bool event = false;
  friend bool operator==(const EndpointValue&, const EndpointValue&) = default;
};

/// How much of a result rests on missed visits.
struct MissingShare {
  int weeks = 0;   ///< periods of the word the definition looks at
  int missed = 0;  ///< of these, how many were missed
};

/// A named, checked definition. A value: copies share their tree.
class OMBRE_EXPORT Endpoint {
 public:
  /// Checks the definition: names, types, rules, size (at most 10 000 steps, 200 deep).
  /// @par Errors malformed (id), contradiction (result type and tree), missing (horizon), and those
  /// of the rules inside; `field` says where in the tree
  [[nodiscard]] static Result<Endpoint> make(EndpointSpec spec);

  [[nodiscard]] const EndpointSpec& spec() const noexcept { return spec_; }
  [[nodiscard]] const std::string& id() const noexcept { return spec_.id; }
  [[nodiscard]] ResultType type() const noexcept { return spec_.type; }
  [[nodiscard]] MissingRule missing_rule() const noexcept { return missing_; }
  /// The horizon chosen with with_horizon(), where there is one.
  [[nodiscard]] std::optional<int> chosen_horizon() const noexcept { return chosen_horizon_; }

  /// The same rule followed for `weeks` periods: what lies beyond is cut off the word, and what the
  /// definition says of its horizon moves there. The id stays.
  /// @par Errors out_of_range (weeks < 1, or a window of the definition then starts after its end)
  [[nodiscard]] Result<Endpoint> with_horizon(int weeks) const;
  /// The same rule with missed periods treated as `rule` says before it looks. The id stays.
  [[nodiscard]] Endpoint with_missing(MissingRule rule) const;
  /// The same definition under another id.
  /// @par Errors malformed (id)
  [[nodiscard]] Result<Endpoint> with_id(std::string id) const;

  /// The id with what differs from `original` behind it: `.weeks_24` for another chosen horizon,
  /// `.missing_locf` for another missing rule, both in this order; id() where neither differs. A
  /// table that carries this name cannot be taken for one of the unchanged definition.
  [[nodiscard]] std::string changed_id(const Endpoint& original) const;

  /// The definition with horizon and missing rule written into it: what is computed.
  [[nodiscard]] const ExpressionNode& root() const noexcept { return *root_; }
  [[nodiscard]] NodePtr root_pointer() const noexcept { return root_; }
  /// root() as one line.
  [[nodiscard]] std::string formula() const { return outcomes::formula(*root_); }

  /// The result for one person; nothing where the definition has no meaningful value.
  /// For many people compile an EndpointPlan.
  [[nodiscard]] std::optional<EndpointValue> evaluate(const Word& word) const;

  /// Which periods the definition looks at, and how many of them were missed. For definitions about
  /// attendance none counts as missed. On a shortened word (missed periods deleted, or counted from
  /// the end) every period up to the last one used counts as looked at.
  [[nodiscard]] MissingShare missing_share(const Word& word) const;

  /// First and last period named by fixed positions of the definition, counted from the start of
  /// the word; nothing where it takes the word as it comes. A word that ends before `first` leaves
  /// nothing to look at, one that ends before `last` only a part.
  struct Reach {
    std::optional<int> first{};
    std::optional<int> last{};
  };
  [[nodiscard]] Reach reach() const;

 private:
  Endpoint() = default;
  Result<void> resolve();

  EndpointSpec spec_;
  std::optional<int> chosen_horizon_{};
  MissingRule missing_ = MissingRule::as_defined;
  NodePtr root_;
};

/// What changed_id() wrote behind a definition's id.
struct ChangedId {
  std::string_view base{};               ///< the definition's own id
  std::optional<int> weeks{};            ///< of `.weeks_N`
  std::optional<MissingRule> missing{};  ///< of `.missing_RULE`
};

/// Takes an id of changed_id() apart; an id without such endings is its own base. The views point
/// into `id`.
[[nodiscard]] OMBRE_EXPORT ChangedId read_changed_id(std::string_view id) noexcept;

/// A set of endpoints with unique ids, in order of registration. A value: there is no global one.
class OMBRE_EXPORT Registry {
 public:
  /// @par Errors duplicate (the id is taken)
  Result<void> add(Endpoint endpoint);
  /// The endpoint of this id, or null.
  [[nodiscard]] const Endpoint* find(std::string_view id) const noexcept;
  [[nodiscard]] std::span<const Endpoint> all() const noexcept { return endpoints_; }
  [[nodiscard]] std::size_t size() const noexcept { return endpoints_.size(); }

  /// The endpoint of a base id in the wished reading: `text` takes ID.text, else ID.paper, else ID;
  /// `corrected` takes ID.corrected, else ID; `published` ID itself. Null for an unknown id.
  [[nodiscard]] const Endpoint* find(std::string_view base_id, Reading reading) const;

 private:
  std::vector<Endpoint> endpoints_;
  std::unordered_map<std::string, std::size_t> index_;
};

}  // namespace ombre::inline v0::outcomes
