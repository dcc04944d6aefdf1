#include "ombre/plans/guard.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace ombre::inline v0::plans {

std::string_view name(Answer answer) noexcept {
  switch (answer) {
    case Answer::allowed:
      return "allowed";
    case Answer::allowed_with_warning:
      return "allowed with warning";
    case Answer::refused:
      return "refused";
  }
  return "unknown_answer";
}

// Six digits: enough to see a limit crossed, and no last bits of a quotient.
static std::string rounded(double value) {
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 6)
          .ptr;
  return {text.data(), end};
}

std::string describe(const RuleFinding& finding) {
  std::string out;
  if (finding.overridden) {
    out += "overridden";
  } else {
    out += name(finding.answer);
  }
  out += ' ';
  out += finding.rule->id;
  if (finding.on) {
    out += ", ";
    out += finding.on->iso();
  }
  out += ": ";
  out += finding.text;
  std::string inside;
  const auto part = [&inside](std::string text) {
    if (!inside.empty()) inside += "; ";
    inside += text;
  };
  if (finding.measured && finding.limit) {
    part("measured " + rounded(*finding.measured) + ", limit " + rounded(*finding.limit) +
         (finding.unit.empty() ? "" : " " + finding.unit));
  } else if (finding.measured) {
    part("measured " + rounded(*finding.measured) +
         (finding.unit.empty() ? "" : " " + finding.unit));
  }
  if (finding.rule->source != nullptr) part(std::string{finding.rule->source->citation});
  if (finding.rule->confidence == Confidence::uncertain ||
      finding.rule->confidence == Confidence::proposal) {
    part(std::string{name(finding.rule->confidence)});
  }
  if (finding.overridden) {
    part("set aside by " + finding.overridden->by.name + " (" +
         std::string{name(finding.overridden->by.role)} + "): " + finding.overridden->reason);
  }
  if (!inside.empty()) out += " (" + inside + ")";
  return out;
}

Finding to_finding(const RuleFinding& finding) {
  Finding out;
  out.severity = finding.severity;
  out.rule = finding.rule->id;
  out.text = finding.text;
  if (finding.measured) {
    out.field = finding.unit;
    out.value = shortest(*finding.measured);
  }
  if (finding.step) out.row = static_cast<std::uint64_t>(*finding.step);
  out.source = finding.rule->source;
  return out;
}

Answer overall(std::span<const RuleFinding> findings) noexcept {
  Answer worst = Answer::allowed;
  for (const RuleFinding& finding : findings) {
    Answer answer = finding.answer;
    if (answer == Answer::refused && finding.overridden) answer = Answer::allowed_with_warning;
    worst = std::max(worst, answer);
  }
  return worst;
}

Result<void> apply_overrides(std::vector<RuleFinding>& findings,
                             std::span<const Override> overrides) {
  for (std::size_t i = 0; i < overrides.size(); ++i) {
    const Override& o = overrides[i];
    if (o.reason.find_first_not_of(" \t\r\n") == std::string::npos) {
      return unexpected(error_at(Errc::missing, "overrides", i, o.rule,
                                 "needs a reason, which stays in the plan's history"));
    }
    bool refused_here = false;
    for (RuleFinding& finding : findings) {
      if (finding.answer != Answer::refused || finding.rule->id != o.rule) continue;
      refused_here = true;
      if (finding.rule->overridable_by == OverridableBy::nobody) {
        return unexpected(error_at(Errc::contradiction, "overrides", i, o.rule,
                                   "is a rule that nobody can set aside"));
      }
      if (o.by.role != Role::clinician || o.by.name.empty()) {
        return unexpected(error_at(Errc::contradiction, "overrides", i, o.rule,
                                   "can only be set aside by a named clinician"));
      }
      finding.overridden = o;
      finding.severity = Severity::warning;
    }
    if (!refused_here) {
      return unexpected(error_at(Errc::unknown_name, "overrides", i, o.rule,
                                 "is not a rule that refused this plan"));
    }
  }
  return {};
}

}  // namespace ombre::inline v0::plans
