#include "ombre/core/finding.hpp"

#include <algorithm>

#include "ombre/core/error.hpp"

namespace ombre::inline v0 {

std::string_view name(Confidence confidence) noexcept {
  switch (confidence) {
    case Confidence::verified:
      return "verified";
    case Confidence::known:
      return "known";
    case Confidence::uncertain:
      return "uncertain";
    case Confidence::proposal:
      return "proposal";
  }
  return "uncertain";
}

std::string_view name(Severity severity) noexcept {
  switch (severity) {
    case Severity::note:
      return "note";
    case Severity::caution:
      return "caution";
    case Severity::warning:
      return "warning";
    case Severity::danger:
      return "danger";
  }
  return "warning";
}

std::string describe(const Finding& finding) {
  std::string out{name(finding.severity)};
  out += ' ';
  out += finding.rule;
  if (!finding.file.empty()) out += ", " + shown(finding.file);
  if (finding.row) out += ", line " + std::to_string(*finding.row);
  if (!finding.person.empty()) out += ", person " + shown(finding.person);
  if (!finding.field.empty()) out += ", " + finding.field;
  if (!finding.value.empty()) {
    out += (finding.field.empty() ? ", \"" : " = \"") + shown(finding.value) + '"';
  }
  out += ": ";
  out += finding.text;
  return out;
}

Findings::RuleCount& Findings::entry(Severity severity, std::string_view rule) {
  const auto at = std::ranges::find(counts_, rule, &RuleCount::rule);
  if (at != counts_.end()) {
    at->severity = std::max(at->severity, severity);
    return *at;
  }
  return counts_.emplace_back(RuleCount{std::string{rule}, severity, 0, 0});
}

void Findings::add(Finding finding) {
  RuleCount& rule = entry(finding.severity, finding.rule);
  ++rule.count;
  if (rule.stored < keep_) {
    ++rule.stored;
    stored_.push_back(std::move(finding));
  }
}

bool Findings::wants(std::string_view rule) const noexcept {
  const auto at = std::ranges::find(counts_, rule, &RuleCount::rule);
  return at == counts_.end() ? keep_ > 0 : at->stored < keep_;
}

void Findings::count_only(Severity severity, std::string_view rule, std::uint64_t times) {
  if (times > 0) entry(severity, rule).count += times;
}

void Findings::name_file(std::string_view file) {
  for (Finding& finding : stored_) {
    if (finding.row && finding.file.empty()) finding.file = file;
  }
}

void Findings::merge(const Findings& later) {
  for (const Finding& finding : later.stored_) add(finding);
  for (const RuleCount& rule : later.counts_) {
    count_only(rule.severity, rule.rule, rule.count - rule.stored);
  }
}

std::uint64_t Findings::count(std::string_view rule) const noexcept {
  const auto at = std::ranges::find(counts_, rule, &RuleCount::rule);
  return at == counts_.end() ? 0 : at->count;
}

std::uint64_t Findings::total() const noexcept {
  std::uint64_t sum = 0;
  for (const RuleCount& rule : counts_) sum += rule.count;
  return sum;
}

}  // namespace ombre::inline v0
