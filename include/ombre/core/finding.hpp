#pragma once
/// @file
/// Findings: what a reader or a rule noticed without having to stop.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/source.hpp"

namespace ombre::inline v0 {

/// How much a finding matters to the person who reads it.
enum class Severity : std::uint8_t {
  note,     ///< worth knowing; the data were used as they are
  caution,  ///< a stated rule changed or set aside something
  warning,  ///< look at this before using the result
  danger    ///< a risk to somebody's health or life
};

[[nodiscard]] OMBRE_EXPORT std::string_view name(Severity severity) noexcept;

/// One observation about the data or a plan. `rule` is a stable id ("duplicate_day_agrees");
/// `text` is a sentence for a person. `row` is a line number counted from 1 for data from a
/// file, which `file` names where it is known, else an index counted from 0.
struct Finding {
  Severity severity = Severity::note;
  std::string rule;
  std::string text;
  std::string person{};
  std::string field{};
  std::optional<std::uint64_t> row{};
  std::string value{};
  const Source* source = nullptr;
  std::string file{};
};

/// `warning duplicate_day_disagrees, use.csv, line 17, person p3, amount = "4": text`.
[[nodiscard]] OMBRE_EXPORT std::string describe(const Finding& finding);

/// Collects findings. Every finding is counted under its rule; only the first `keep` of each
/// rule are stored in full, so that a million doubtful rows do not exhaust memory. The counts
/// are always exact.
class OMBRE_EXPORT Findings {
 public:
  explicit Findings(std::size_t keep_per_rule = 1000) : keep_{keep_per_rule} {}

  void add(Finding finding);
  /// Counts one more under `rule` and returns whether a full Finding would still be stored.
  /// Lets hot loops skip building the text.
  [[nodiscard]] bool wants(std::string_view rule) const noexcept;
  /// Counts a finding without storing it; use when wants() said no.
  void count_only(Severity severity, std::string_view rule, std::uint64_t times = 1);
  /// Names the file of stored findings that have a line and no file: whoever knows where the rows
  /// came from says so before the findings of several files are merged.
  void name_file(std::string_view file);
  /// Appends another collection; order is this one's findings, then `later`'s.
  void merge(const Findings& later);

  struct RuleCount {
    std::string rule;
    Severity severity = Severity::note;
    std::uint64_t count = 0;
    std::uint64_t stored = 0;
  };

  [[nodiscard]] std::span<const Finding> stored() const noexcept { return stored_; }
  /// Rules in order of first appearance.
  [[nodiscard]] std::span<const RuleCount> counts() const noexcept { return counts_; }
  [[nodiscard]] std::uint64_t count(std::string_view rule) const noexcept;
  [[nodiscard]] std::uint64_t total() const noexcept;
  [[nodiscard]] bool empty() const noexcept { return counts_.empty(); }

 private:
  RuleCount& entry(Severity severity, std::string_view rule);

  std::size_t keep_;
  std::vector<Finding> stored_;
  std::vector<RuleCount> counts_;
};

}  // namespace ombre::inline v0
