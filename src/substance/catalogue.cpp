#include "ombre/substance/catalogue.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <set>

#include "core/text.hpp"
#include "ombre/core/error.hpp"
#include "tables.hpp"

namespace ombre::inline v0::substance {
namespace {

constexpr bool is_gap(char c) {
  return c == ' ' || c == '_' || c == '-' || c == '\t' || c == '\n' || c == '\r';
}

// Number of letters to insert, delete or replace to turn one word into the other; gives up and
// answers `limit` once it cannot be less.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() >= limit) return limit;
  std::vector<std::size_t> row(a.size() + 1);
  for (std::size_t i = 0; i <= a.size(); ++i) row[i] = i;
  for (std::size_t j = 1; j <= b.size(); ++j) {
    std::size_t diagonal = row[0];
    row[0] = j;
    std::size_t best = row[0];
    for (std::size_t i = 1; i <= a.size(); ++i) {
      const std::size_t keep = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[i];
      row[i] = std::min({keep, row[i] + 1, row[i - 1] + 1});
      best = std::min(best, row[i]);
    }
    if (best >= limit) return limit;
  }
  return std::min(row.back(), limit);
}

std::optional<Error> refuse_number(std::string_view field, double value) {
  if (!std::isfinite(value)) {
    return error_at(Errc::not_finite, field, std::nullopt, value, "must be a finite number");
  }
  if (!(value > 0)) {
    return error_at(Errc::out_of_range, field, std::nullopt, value, "must be above 0");
  }
  return std::nullopt;
}

std::optional<Error> refuse_source(const NewSource& source) {
  if (source.id.empty() || source.citation.empty() || source.edition.empty()) {
    return error_of(Errc::missing, "source",
                    "a figure needs the id, citation and edition of its source");
  }
  return std::nullopt;
}

// The keys that spell `text`. (std::ranges::equal_range does not compile with clang 14.)
template <class Keys>
auto rows_with(Keys& keys, const std::string& text) {
  const auto below = [](const auto& key, const std::string& t) { return key.text < t; };
  const auto above = [](const std::string& t, const auto& key) { return t < key.text; };
  const auto first = std::lower_bound(keys.begin(), keys.end(), text, below);
  return std::pair{first, std::upper_bound(first, keys.end(), text, above)};
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (!out.empty()) out += separator;
    out += part;
  }
  return out;
}

}  // namespace

std::string folded(std::string_view name) {
  std::string out;
  out.reserve(name.size());
  bool gap = false;
  for (const char c : name) {
    if (is_gap(c)) {
      gap = true;
      continue;
    }
    if (gap && !out.empty()) out += '-';
    gap = false;
    out += ascii::lower(c);
  }
  return out;
}

struct Catalogue::Texts {
  std::deque<std::string> strings;
  Source source{};

  std::string_view keep(std::string text) { return strings.emplace_back(std::move(text)); }
  const Source* keep(const NewSource& from) {
    source = {keep(from.id), keep(from.citation), keep(from.edition)};
    return &source;
  }
};

Catalogue::Catalogue() {
  const auto table = builtin_substances();
  substances_.assign(table.begin(), table.end());
  for (std::uint32_t i = 0; i < substances_.size(); ++i) {
    const Substance& s = substances_[i];
    index(s.id, i);
    index(s.name, i);
    for (const auto alias : s.aliases()) index(alias, i);
    for (const Code& code : s.codes()) index(code.code, i);
  }
}

void Catalogue::index(std::string_view key, std::uint32_t substance) {
  std::string text = folded(key);
  const auto [first, last] = rows_with(keys_, text);
  if (std::any_of(first, last, [&](const Key& k) { return k.index == substance; })) return;
  keys_.insert(last, Key{std::move(text), substance});
}

std::optional<std::uint32_t> Catalogue::index_of(std::string_view id) const {
  const auto at = std::ranges::find(substances_, id, &Substance::id);
  if (at == substances_.end()) return std::nullopt;
  return static_cast<std::uint32_t>(at - substances_.begin());
}

Result<Substance> Catalogue::find(std::string_view name_or_code) const {
  // Longer than any name: refused before it is copied.
  constexpr std::size_t longest_name = 200;
  const std::string text = name_or_code.size() <= longest_name ? folded(name_or_code) : "";
  if (text.empty()) {
    return unexpected(error_at(name_or_code.empty() ? Errc::missing : Errc::unknown_name,
                               "substance", std::nullopt, name_or_code,
                               "must be a name, an alias or a code of a substance"));
  }
  const auto [first, last] = rows_with(keys_, text);
  if (last - first == 1) return substances_[first->index];
  if (first != last) {
    std::string rule = "means more than one substance: say";
    for (auto at = first; at != last; ++at) {
      rule += at == first ? " " : " or ";
      rule += substances_[at->index].name;
    }
    return unexpected(error_at(Errc::contradiction, "substance", std::nullopt, name_or_code, rule));
  }
  // A slip of one or two letters is worth a hint; short words are too much alike for it.
  const std::size_t limit = text.size() >= 8 ? 3 : text.size() >= 5 ? 2 : 1;
  std::size_t best = limit;
  const Key* nearest = nullptr;
  for (const Key& key : keys_) {
    if (const std::size_t d = edit_distance(text, key.text, best); d < best) {
      best = d;
      nearest = &key;
    }
  }
  std::string rule = "is not a substance in the catalogue";
  if (nearest != nullptr) {
    rule += "; did you mean ";
    rule += nearest->text;
    rule += '?';
  }
  return unexpected(error_at(Errc::unknown_name, "substance", std::nullopt, name_or_code, rule));
}

Result<void> Catalogue::must_be_new(std::string_view field, std::string_view key) const {
  const std::string text = folded(key);
  if (text.empty() || key.find(", ") != std::string_view::npos || key.size() > 200) {
    return unexpected(error_at(Errc::malformed, field, std::nullopt, key,
                               "must be one name of 1 to 200 characters"));
  }
  const auto [first, last] = rows_with(keys_, text);
  if (first != last) {
    std::string rule = "already leads to ";
    rule += substances_[first->index].name;
    return unexpected(error_at(Errc::duplicate, field, std::nullopt, key, rule));
  }
  return {};
}

Result<void> Catalogue::add(const NewSubstance& entry) {
  if (entry.id.empty()) {
    return unexpected(error_of(Errc::missing, "id", "a substance needs an id"));
  }
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  if (!std::ranges::all_of(entry.id, allowed) || folded(entry.id) != entry.id) {
    return unexpected(error_at(Errc::malformed, "id", std::nullopt, entry.id,
                               "must be made of a-z, 0-9 and single '-' between them"));
  }
  std::set<std::string> keys;  // names of this entry may repeat its own id, not each other's rows
  const auto check = [&](std::string_view field, const std::string& key) -> Result<void> {
    if (keys.insert(folded(key)).second) return must_be_new(field, key);
    return {};
  };
  if (auto ok = check("id", entry.id); !ok) return ok;
  if (!entry.name.empty()) {
    if (auto ok = check("name", entry.name); !ok) return ok;
  }
  for (const std::string& alias : entry.aliases) {
    if (auto ok = check("alias", alias); !ok) return ok;
  }
  for (const auto* codes : {&entry.atc, &entry.rxnorm}) {
    for (const std::string& code : *codes) {
      if (code.find(' ') != std::string::npos) {
        return unexpected(
            error_at(Errc::malformed, "code", std::nullopt, code, "must not contain a blank"));
      }
      if (auto ok = check("code", code); !ok) return ok;
    }
  }

  auto texts = std::make_shared<Texts>();
  Substance s;
  s.id = texts->keep(entry.id);
  s.name = entry.name.empty() ? s.id : texts->keep(entry.name);
  s.cls = entry.cls;
  s.traits = entry.traits;
  s.acting = entry.acting;
  s.alias_list = texts->keep(joined(entry.aliases, ", "));
  s.atc_list = texts->keep(joined(entry.atc, " "));
  s.rxnorm_list = texts->keep(joined(entry.rxnorm, " "));
  const auto at = static_cast<std::uint32_t>(substances_.size());
  substances_.push_back(s);
  texts_.push_back(std::move(texts));
  index(s.id, at);
  index(s.name, at);
  for (const auto alias : s.aliases()) index(alias, at);
  for (const Code& code : s.codes()) index(code.code, at);
  return {};
}

Result<void> Catalogue::add_alias(std::string_view substance, std::string_view alias) {
  const auto found = find(substance);
  if (!found) return unexpected(found.error());
  if (auto ok = must_be_new("alias", alias); !ok) return ok;
  const std::uint32_t at = *index_of(found->id);
  Substance& s = substances_[at];
  auto texts = std::make_shared<Texts>();
  std::string list{s.alias_list};
  if (!list.empty()) list += ", ";
  s.alias_list = texts->keep(list.append(alias));
  texts_.push_back(std::move(texts));
  index(alias, at);
  return {};
}

Result<void> Catalogue::add_code(std::string_view substance, CodeSystem system,
                                 std::string_view code) {
  const auto found = find(substance);
  if (!found) return unexpected(found.error());
  if (code.find(' ') != std::string_view::npos) {
    return unexpected(
        error_at(Errc::malformed, "code", std::nullopt, code, "must not contain a blank"));
  }
  if (auto ok = must_be_new("code", code); !ok) return ok;
  const std::uint32_t at = *index_of(found->id);
  Substance& s = substances_[at];
  std::string_view& codes = system == CodeSystem::atc ? s.atc_list : s.rxnorm_list;
  auto texts = std::make_shared<Texts>();
  std::string list{codes};
  if (!list.empty()) list += ' ';
  codes = texts->keep(list.append(code));
  texts_.push_back(std::move(texts));
  index(code, at);
  return {};
}

Result<void> Catalogue::add(const NewHalfLife& entry) {
  const auto found = find(entry.substance);
  if (!found) return unexpected(found.error());
  if (auto error = refuse_source(entry.source)) return unexpected(*std::move(error));
  if (auto error = refuse_number("low_h", entry.low_h)) return unexpected(*std::move(error));
  if (auto error = refuse_number("high_h", entry.high_h)) return unexpected(*std::move(error));
  if (entry.high_h < entry.low_h) {
    return unexpected(error_at(Errc::out_of_range, "high_h", std::nullopt, entry.high_h,
                               "must not be below low_h"));
  }
  auto texts = std::make_shared<Texts>();
  const Source* source = texts->keep(entry.source);
  own_half_lives_.push_back({found->id,
                             texts->keep(entry.species),
                             "",
                             {entry.low_h, entry.high_h},
                             entry.activity,
                             source,
                             entry.confidence,
                             ""});
  texts_.push_back(std::move(texts));
  return {};
}

Result<void> Catalogue::add(const NewDiazepamFigure& entry) {
  const auto found = find(entry.substance);
  if (!found) return unexpected(found.error());
  if (found->cls != Class::benzodiazepine && found->cls != Class::z_drug) {
    return unexpected(error_at(Errc::unsupported, "substance", std::nullopt, found->name,
                               "only benzodiazepines and z-drugs have a diazepam equivalent"));
  }
  if (auto error = refuse_source(entry.source)) return unexpected(*std::move(error));
  if (auto error = refuse_number("mg", entry.mg)) return unexpected(*std::move(error));
  if (entry.low_mg.has_value() != entry.high_mg.has_value()) {
    return unexpected(error_of(Errc::missing, entry.low_mg ? "high_mg" : "low_mg",
                               "a range needs both of its ends"));
  }
  if (entry.low_mg) {
    if (auto error = refuse_number("low_mg", *entry.low_mg)) return unexpected(*std::move(error));
    if (auto error = refuse_number("high_mg", *entry.high_mg)) return unexpected(*std::move(error));
    if (entry.mg < *entry.low_mg || entry.mg > *entry.high_mg) {
      return unexpected(error_at(Errc::out_of_range, "mg", std::nullopt, entry.mg,
                                 "must lie between low_mg and high_mg"));
    }
  }
  auto texts = std::make_shared<Texts>();
  const Source* source = texts->keep(entry.source);
  own_figures_.push_back(
      {found->id, entry.mg, entry.low_mg, entry.high_mg, false, source, entry.confidence, ""});
  texts_.push_back(std::move(texts));
  return {};
}

Result<void> Catalogue::add(const NewProduct& entry) {
  const auto found = find(entry.substance);
  if (!found) return unexpected(found.error());
  if (auto error = refuse_source(entry.source)) return unexpected(*std::move(error));
  if (entry.strengths.empty()) {
    return unexpected(error_of(Errc::empty_input, "strengths", "at least one strength is needed"));
  }
  std::string list;
  for (std::size_t i = 0; i < entry.strengths.size(); ++i) {
    if (auto error = refuse_number("strengths", entry.strengths[i])) {
      error->row = i;
      return unexpected(*std::move(error));
    }
    if (!list.empty()) list += ' ';
    list += shortest(entry.strengths[i]);
  }
  auto texts = std::make_shared<Texts>();
  const Source* source = texts->keep(entry.source);
  own_products_.push_back({found->id, "", texts->keep(entry.form), entry.kind, entry.release,
                           entry.splitting, texts->keep(std::move(list)), entry.unit,
                           texts->keep(entry.market), source, entry.confidence, ""});
  texts_.push_back(std::move(texts));
  return {};
}

namespace {

template <class Row>
std::vector<Row> rows_of(std::string_view id, std::span<const Row> builtin_rows,
                         const std::vector<Row>& own) {
  std::vector<Row> out;
  const auto take = [&](const Row& row) {
    if (row.substance == id) out.push_back(row);
  };
  std::ranges::for_each(builtin_rows, take);
  std::ranges::for_each(own, take);
  return out;
}

}  // namespace

std::vector<DiazepamFigure> Catalogue::diazepam_figures(std::string_view id) const {
  return rows_of(id, substance::diazepam_figures(), own_figures_);
}
std::vector<HalfLifeRow> Catalogue::half_lives(std::string_view id) const {
  return rows_of(id, half_life_rows(), own_half_lives_);
}
std::vector<Product> Catalogue::products(std::string_view id) const {
  return rows_of(id, substance::products(), own_products_);
}

const Catalogue& builtin() noexcept {
  static const Catalogue catalogue;
  return catalogue;
}

Result<Substance> find(std::string_view name_or_code) { return builtin().find(name_or_code); }

}  // namespace ombre::inline v0::substance
