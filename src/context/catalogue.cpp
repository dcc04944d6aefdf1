#include "ombre/context/catalogue.hpp"

#include <algorithm>
#include <array>
#include <deque>

#include "ombre/core/assert.hpp"
#include "tables.hpp"

namespace ombre::inline v0::context {

// What a caller's entry is made of: rows hold views, so their texts live here, shared by copies.
struct Catalogue::Texts {
  std::deque<std::string> kept;
  Source source;
  std::array<Effect, 1> effect{};

  std::string_view keep(const std::string& text) { return kept.emplace_back(text); }
};

namespace {

Error wrong(Errc code, std::string_view field, std::string_view value, std::string_view rule) {
  return error_at(code, field, std::nullopt, value, rule);
}

Result<void> check_id(std::string_view field, std::string_view id) {
  if (id.empty()) return unexpected(error_of(Errc::missing, field, "must not be empty"));
  for (const char c : id) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_') continue;
    return unexpected(wrong(Errc::malformed, field, id, "may hold only a-z, 0-9 and '_'"));
  }
  return {};
}

Result<void> check_texts(std::string_view field,
                         std::initializer_list<std::pair<std::string_view, std::string_view>> all) {
  for (const auto& [what, text] : all) {
    if (text.empty()) {
      return unexpected(error_of(Errc::missing, std::string{field} + '.' + std::string{what},
                                 "must not be empty"));
    }
  }
  return {};
}

}  // namespace

Catalogue::Catalogue() {
  compiled_.rules_of_harm.resize(harm_count);
  for (const Factor& factor : detail::factor_table()) {
    [[maybe_unused]] const auto ok = put(factor);
    OMBRE_ASSERT(ok);
  }
  for (const HarmRule& rule : detail::rule_table()) {
    [[maybe_unused]] const auto ok = put(rule);
    OMBRE_ASSERT(ok);
  }
  for (const Option& option : detail::option_table()) {
    [[maybe_unused]] const auto ok = put(option);
    OMBRE_ASSERT(ok);
  }
  for (const Layer& layer : detail::layer_table()) {
    [[maybe_unused]] const auto ok = put(layer);
    OMBRE_ASSERT(ok);
  }
}

std::optional<std::size_t> Catalogue::find_factor(std::string_view id) const noexcept {
  const auto at = std::ranges::lower_bound(keys_, id, {}, &Key::id);
  if (at == keys_.end() || at->id != id) return std::nullopt;
  return at->place;
}

const Option* Catalogue::find_option(std::string_view id) const noexcept {
  const auto at = std::ranges::find(options_, id, &Option::id);
  return at == options_.end() ? nullptr : &*at;
}

const HarmRule* Catalogue::find_rule(std::string_view id) const noexcept {
  const auto at = std::ranges::find(rules_, id, &HarmRule::id);
  return at == rules_.end() ? nullptr : &*at;
}

Result<Catalogue::Terms> Catalogue::compile_and(std::string_view field,
                                                std::string_view text) const {
  Terms out;
  while (!text.empty()) {
    const std::size_t blank = std::min(text.find(' '), text.size());
    std::string_view word = text.substr(0, blank);
    text.remove_prefix(std::min(blank + 1, text.size()));
    if (word.empty()) continue;
    Term term;
    if (word.front() == '!') {
      term.want = Truth::no;
      word.remove_prefix(1);
    }
    const auto place = find_factor(word);
    if (!place) return unexpected(wrong(Errc::unknown_name, field, word, "is not a factor"));
    if (factors_[*place].kind != ValueKind::yes_no) {
      return unexpected(
          wrong(Errc::unsupported, field, word, "is a number; a condition asks for yes or no"));
    }
    term.factor = static_cast<std::uint16_t>(*place);
    out.push_back(term);
  }
  return out;
}

Result<std::vector<Catalogue::Terms>> Catalogue::compile_or(std::string_view field,
                                                            std::string_view text) const {
  std::vector<Terms> out;
  while (!text.empty()) {
    const std::size_t bar = std::min(text.find('|'), text.size());
    auto terms = compile_and(field, text.substr(0, bar));
    if (!terms) return unexpected(terms.error());
    if (terms->empty()) {
      return unexpected(wrong(Errc::malformed, field, text, "has an empty part beside '|'"));
    }
    out.push_back(*std::move(terms));
    text.remove_prefix(std::min(bar + 1, text.size()));
  }
  return out;
}

Result<void> Catalogue::put(const Factor& factor) {
  if (find_factor(factor.id)) {
    return unexpected(wrong(Errc::duplicate, "factor.id", factor.id, "is a factor already"));
  }
  if (factors_.size() >= 60'000) {
    return unexpected(error_of(Errc::too_large, "factors", "must be fewer than 60000"));
  }
  const Key key{factor.id, static_cast<std::uint16_t>(factors_.size())};
  keys_.insert(std::ranges::lower_bound(keys_, key.id, {}, &Key::id), key);
  factors_.push_back(factor);
  compiled_.harms_of_factor.emplace_back();
  return {};
}

Result<void> Catalogue::put(const HarmRule& rule) {
  if (find_rule(rule.id) != nullptr) {
    return unexpected(wrong(Errc::duplicate, "rule.id", rule.id, "is a rule already"));
  }
  if (rules_.size() >= 60'000) {
    return unexpected(error_of(Errc::too_large, "rules", "must be fewer than 60000"));
  }
  auto terms = compile_and("rule.when", rule.when);
  if (!terms) return unexpected(terms.error());
  if (terms->empty()) {
    return unexpected(error_of(Errc::missing, "rule.when", "must name at least one factor"));
  }
  for (const Term& term : *terms) {
    // So that help can never raise a band, nor harm lower one.
    const bool raises = factors_[term.factor].direction == Direction::raises;
    if (raises != (term.want == Truth::yes)) {
      return unexpected(wrong(Errc::contradiction, "rule.when", factors_[term.factor].id,
                              raises ? "raises harm and may only be asked for as yes"
                                     : "lowers harm and may only be asked for as '!'"));
    }
  }
  for (const Term& term : *terms) compiled_.harms_of_factor[term.factor].add(rule.harm);
  compiled_.rules_of_harm[static_cast<std::size_t>(rule.harm)].push_back(
      static_cast<std::uint16_t>(rules_.size()));
  compiled_.rules.push_back(*std::move(terms));
  rules_.push_back(rule);
  return {};
}

Result<void> Catalogue::put(const Option& option) {
  if (find_option(option.id) != nullptr) {
    return unexpected(wrong(Errc::duplicate, "option.id", option.id, "is an option already"));
  }
  if (option.burden < 0 || option.burden > 3) {
    return unexpected(error_at(Errc::out_of_range, "option.burden", std::nullopt,
                               static_cast<double>(option.burden), "must be 0 to 3"));
  }
  auto when = compile_or("option.when", option.when);
  if (!when) return unexpected(when.error());
  auto not_when = compile_or("option.not_when", option.not_when);
  if (!not_when) return unexpected(not_when.error());
  auto moves = compile_and("option.moves", option.moves);
  if (!moves) return unexpected(moves.error());
  for (const Term& move : *moves) {
    const Factor& factor = factors_[move.factor];
    if ((factor.direction == Direction::raises) == (move.want == Truth::yes)) {
      return unexpected(wrong(Errc::contradiction, "option.moves", factor.id,
                              "would be moved in the direction of harm"));
    }
  }
  compiled_.when.push_back(*std::move(when));
  compiled_.not_when.push_back(*std::move(not_when));
  compiled_.moves.push_back(*std::move(moves));
  options_.push_back(option);
  return {};
}

Result<void> Catalogue::put(const Layer& layer) {
  auto terms = compile_and("layer.when", layer.when);
  if (!terms) return unexpected(terms.error());
  if (terms->size() != 1) {
    return unexpected(wrong(Errc::malformed, "layer.when", layer.when, "must be one factor"));
  }
  compiled_.layers.push_back(terms->front());
  layers_.push_back(layer);
  return {};
}

Result<void> Catalogue::add(const NewFactor& entry) {
  if (auto ok = check_id("factor.id", entry.id); !ok) return ok;
  if (auto ok = check_texts("factor", {{"title", entry.title},
                                       {"source_id", entry.source_id},
                                       {"citation", entry.citation},
                                       {"edition", entry.edition}});
      !ok) {
    return ok;
  }
  if (entry.domains.bits == 0 || entry.domains.bits > 7) {
    return unexpected(error_of(Errc::missing, "factor.domains", "must be drug, set or setting"));
  }
  auto texts = std::make_shared<Texts>();
  texts->source = {texts->keep(entry.source_id), texts->keep(entry.citation),
                   texts->keep(entry.edition)};
  Factor row;
  row.id = texts->keep(entry.id);
  row.title = texts->keep(entry.title);
  row.domains = entry.domains;
  row.direction = entry.direction;
  row.modifiable = entry.modifiable;
  row.sensitive = entry.sensitive;
  row.ask = texts->keep(entry.ask);
  row.note = texts->keep(entry.note);
  row.source = &texts->source;
  row.confidence = entry.confidence;
  if (auto ok = put(row); !ok) return ok;
  texts_.push_back(std::move(texts));
  return {};
}

Result<void> Catalogue::add(const NewRule& entry) {
  if (auto ok = check_id("rule.id", entry.id); !ok) return ok;
  if (auto ok = check_texts("rule", {{"says", entry.says},
                                     {"source_id", entry.source_id},
                                     {"citation", entry.citation},
                                     {"edition", entry.edition}});
      !ok) {
    return ok;
  }
  if (entry.band == RiskBand::none_listed) {
    return unexpected(
        error_of(Errc::out_of_range, "rule.band", "must be raised, high or very_high"));
  }
  auto texts = std::make_shared<Texts>();
  texts->source = {texts->keep(entry.source_id), texts->keep(entry.citation),
                   texts->keep(entry.edition)};
  const HarmRule row{
      texts->keep(entry.id),   entry.harm,     entry.band,      texts->keep(entry.when),
      texts->keep(entry.says), &texts->source, entry.confidence};
  if (auto ok = put(row); !ok) return ok;
  texts_.push_back(std::move(texts));
  return {};
}

Result<void> Catalogue::add(const NewOption& entry) {
  if (auto ok = check_id("option.id", entry.id); !ok) return ok;
  if (auto ok = check_texts("option", {{"title", entry.title},
                                       {"plain", entry.plain},
                                       {"source_id", entry.source_id},
                                       {"citation", entry.citation},
                                       {"edition", entry.edition}});
      !ok) {
    return ok;
  }
  if (!entry.not_when.empty() && entry.not_because.empty()) {
    return unexpected(
        error_of(Errc::missing, "option.not_because", "must say why it is held back"));
  }
  auto texts = std::make_shared<Texts>();
  texts->source = {texts->keep(entry.source_id), texts->keep(entry.citation),
                   texts->keep(entry.edition)};
  Option row;
  row.number = static_cast<int>(options_.size()) + 1;
  row.id = texts->keep(entry.id);
  row.title = texts->keep(entry.title);
  row.plain = texts->keep(entry.plain);
  row.domains = entry.domains;
  row.harms = entry.harms;
  row.all_harms = entry.harms.empty();
  row.whom = texts->keep(entry.whom);
  row.when = texts->keep(entry.when);
  row.not_when = texts->keep(entry.not_when);
  row.not_because = texts->keep(entry.not_because);
  row.changes_use = entry.changes_use;
  row.evidence = entry.evidence;
  row.evidence_words = name(entry.evidence);
  row.cautions = texts->keep(entry.cautions);
  row.moves = texts->keep(entry.moves);
  row.burden = entry.burden;
  texts->effect[0] = {texts->keep(entry.effect), &texts->source, entry.confidence};
  row.effects = texts->effect;
  if (auto ok = put(row); !ok) return ok;
  texts_.push_back(std::move(texts));
  return {};
}

const Catalogue& builtin() {
  static const Catalogue catalogue;
  return catalogue;
}

}  // namespace ombre::inline v0::context
