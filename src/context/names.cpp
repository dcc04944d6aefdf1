#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/text.hpp"
#include "ombre/context/factor.hpp"
#include "ombre/context/harm.hpp"
#include "ombre/context/menu.hpp"
#include "ombre/context/option.hpp"
#include "ombre/context/situation.hpp"
#include "spelling.hpp"

namespace ombre::inline v0::context {
namespace {

struct HarmRow {
  std::string_view id;
  std::string_view words;
  int weight;
};
constexpr std::array<HarmRow, harm_count> harms{{
    {"overdose", "overdose", 3},
    {"blood_borne_virus", "HIV and hepatitis", 2},
    {"skin_and_vein", "wounds and infections of skin and veins", 2},
    {"withdrawal", "withdrawal", 1},
    {"seizure", "seizure or delirium", 3},
    {"heat_and_water", "overheating and loss of water or salt", 2},
    {"injury_and_driving", "injury and driving", 2},
    {"dependence", "dependence", 1},
    {"mental_health", "mental health", 2},
    {"suicide", "suicide", 3},
    {"legal", "trouble with the law", 1},
    {"housing", "losing or lacking a home", 2},
    {"violence", "violence", 2},
    {"return_to_use", "using when you do not want to", 1},
    {"disconnection", "losing contact with people and care", 2},
    {"heart", "the heart", 2},
    {"lungs", "the lungs", 2},
    {"alcohol_body", "what alcohol does to the body", 2},
    {"sexual_health", "sexual health", 1},
    {"children_and_others", "poisoning of children or others", 3},
    {"family", "the family", 1},
    {"money", "money", 1},
}};

template <class E, std::size_t N>
std::optional<E> find_in(const std::array<std::string_view, N>& names,
                         std::string_view text) noexcept {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == text) return static_cast<E>(i);
  }
  return std::nullopt;
}

constexpr std::array<std::string_view, 4> band_names{"none_listed", "raised", "high", "very_high"};
constexpr std::array<std::string_view, 3> domains{"drug", "set", "setting"};
constexpr std::array<std::string_view, 3> truths{"unknown", "no", "yes"};
constexpr std::array<std::string_view, 7> sources{
    "not_stated", "self_report", "family", "clinician", "test", "record", "worked_out"};
constexpr std::array<std::string_view, 10> routes{"not_stated", "swallowed", "sublingual", "smoked",
                                                  "vaporised",  "snorted",   "injected",   "rectal",
                                                  "patch",      "other"};
constexpr std::array<std::string_view, 3> changes{"no", "possible", "yes"};
constexpr std::array<std::string_view, 7> evidence{
    "none_found", "expert", "low", "low_to_moderate", "moderate", "moderate_to_strong", "strong"};
constexpr std::array<std::string_view, 4> wills{"not_said", "no", "some", "yes"};

}  // namespace

std::string_view name(Harm harm) noexcept { return harms[static_cast<std::size_t>(harm)].id; }
std::string_view words(Harm harm) noexcept { return harms[static_cast<std::size_t>(harm)].words; }
int weight(Harm harm) noexcept { return harms[static_cast<std::size_t>(harm)].weight; }
std::optional<Harm> find_harm(std::string_view text) noexcept {
  for (std::size_t i = 0; i < harm_count; ++i) {
    if (harms[i].id == text) return static_cast<Harm>(i);
  }
  return std::nullopt;
}
std::optional<Harm> harm_called(std::string_view text) {
  const std::string asked = ascii::squeezed(text);
  for (std::size_t i = 0; i < harm_count; ++i) {
    if (ascii::squeezed(harms[i].id) == asked || ascii::squeezed(harms[i].words) == asked) {
      return static_cast<Harm>(i);
    }
  }
  return std::nullopt;
}

std::vector<Harm> harms_like(std::string_view text) {
  // A page of text is no misspelt name, and would be long to compare.
  if (text.size() > 200) return {};
  const auto words_in = [](std::string_view from) {
    std::vector<std::string> out(1);
    for (const char c : from) {
      if (c == ' ' || c == '-' || c == '_' || c == ',') {
        if (!out.back().empty()) out.emplace_back();
      } else {
        out.back() += ascii::lower(c);
      }
    }
    // Short words say too little: "of", "and", "the", "not".
    std::erase_if(out, [](const std::string& word) { return word.size() < 4 && word != "hiv"; });
    return out;
  };
  constexpr std::size_t unlike = 1000;
  const std::string asked = ascii::squeezed(text);
  const auto asked_words = words_in(text);
  std::vector<std::pair<std::size_t, Harm>> found;  // how far, and which
  for (std::size_t i = 0; i < harm_count; ++i) {
    std::size_t far = unlike;
    for (const std::string_view row : {harms[i].id, harms[i].words}) {
      for (const std::string& word : words_in(row)) {
        for (const std::string& a : asked_words) {
          if (a == word) {
            far = 0;
          } else if (detail::letters_between(a, word) <= (a.size() > 5 ? 2U : 1U)) {
            far = std::min<std::size_t>(far, 1);
          }
        }
      }
      const std::size_t whole = detail::letters_between(asked, ascii::squeezed(row));
      if (whole <= 2 && asked.size() > 3) far = std::min(far, whole);
    }
    if (far < unlike) found.emplace_back(far, static_cast<Harm>(i));
  }
  std::ranges::stable_sort(found, {}, &std::pair<std::size_t, Harm>::first);
  std::vector<Harm> out;
  for (const auto& [far, harm] : found) {
    if (out.size() < 3) out.push_back(harm);
  }
  return out;
}

std::string_view name(RiskBand band) noexcept { return band_names[static_cast<std::size_t>(band)]; }

std::string_view name(Domain domain) noexcept {
  return domain == Domain::drug ? domains[0] : domain == Domain::set ? domains[1] : domains[2];
}
std::optional<Domain> find_domain(std::string_view text) noexcept {
  for (std::size_t i = 0; i < domains.size(); ++i) {
    if (domains[i] == text) return static_cast<Domain>(1U << i);
  }
  return std::nullopt;
}
std::string_view name(Direction direction) noexcept {
  return direction == Direction::raises ? "raises" : "lowers";
}
std::string_view name(ValueKind kind) noexcept {
  return kind == ValueKind::yes_no ? "yes_no" : "number";
}
std::string_view name(Truth truth) noexcept { return truths[static_cast<std::size_t>(truth)]; }
std::string_view name(KnownFrom from) noexcept { return sources[static_cast<std::size_t>(from)]; }
std::optional<KnownFrom> find_known_from(std::string_view text) noexcept {
  return find_in<KnownFrom>(sources, text);
}
std::string_view name(Route route) noexcept { return routes[static_cast<std::size_t>(route)]; }
std::optional<Route> find_route(std::string_view text) noexcept {
  return find_in<Route>(routes, text);
}
std::string_view name(ChangesUse value) noexcept {
  return changes[static_cast<std::size_t>(value)];
}
std::optional<ChangesUse> find_changes_use(std::string_view text) noexcept {
  return find_in<ChangesUse>(changes, text);
}
std::string_view name(Evidence value) noexcept { return evidence[static_cast<std::size_t>(value)]; }
std::string_view name(WillChangeUse will) noexcept { return wills[static_cast<std::size_t>(will)]; }
std::optional<WillChangeUse> find_will_change_use(std::string_view text) noexcept {
  return find_in<WillChangeUse>(wills, text);
}

}  // namespace ombre::inline v0::context
