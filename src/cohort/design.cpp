// Terms such as `age`, `factor(site)` and `trt:age` to columns of numbers.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <set>

#include "cohort/cells.hpp"
#include "ombre/cohort/survival_rows.hpp"

namespace ombre::inline v0::cohort {
namespace {

struct Part {
  std::string text;    // as written, blanks removed: "factor(site)"
  std::string column;  // "site"
  bool factor = false;
};

std::string without_blanks(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' && c != '\t') out += c;
  }
  return out;
}

// Where a part of a term ends: at a colon that stands in no backticks.
std::size_t end_of_part(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '`') quoted = !quoted;
    if (text[i] == ':' && !quoted) return i;
  }
  return std::string_view::npos;
}

// The name in backticks, as R writes names that are no plain words.
std::optional<std::string> in_backticks(const std::string& text) {
  if (text.size() < 3 || !text.starts_with('`') || !text.ends_with('`')) return std::nullopt;
  return text.substr(1, text.size() - 2);
}

Result<std::vector<Part>> parts_of(std::string_view term) {
  std::vector<Part> parts;
  const auto refuse = [&](std::string_view rule) {
    return unexpected(error_at(Errc::malformed, "x", std::nullopt, term, rule));
  };
  std::string rest{term};
  while (true) {
    const std::size_t colon = end_of_part(rest);
    std::string one = rest.substr(0, colon);
    const auto first = one.find_first_not_of(" \t");
    const auto last = one.find_last_not_of(" \t");
    if (first == std::string::npos) return refuse("names no column");
    one = one.substr(first, last - first + 1);
    Part part{one, one, false};
    if (one.starts_with("factor(") || one.starts_with("as.factor(")) {
      if (!one.ends_with(')')) return refuse("must close the bracket of factor(");
      const std::size_t open = one.find('(') + 1;
      part.column = one.substr(open, one.size() - open - 1);
      const auto begin = part.column.find_first_not_of(' ');
      if (begin == std::string::npos) return refuse("names no column");
      part.column = part.column.substr(begin, part.column.find_last_not_of(' ') - begin + 1);
      part.factor = true;
      part.text = without_blanks(one);
    }
    if (auto name = in_backticks(part.column)) {
      part.column = *std::move(name);
    } else if (part.column.find_first_of("()*^+`") != std::string::npos) {
      return refuse(
          "must be a column, factor(column), or such joined by ':'; a name with brackets or such "
          "stands in backticks");
    }
    for (const Part& other : parts) {
      if (other.column == part.column) return refuse("must not join a column with itself");
    }
    parts.push_back(std::move(part));
    if (colon == std::string::npos) return parts;
    rest.erase(0, colon + 1);
  }
}

std::set<std::string> key_of(const std::vector<Part>& parts) {
  std::set<std::string> key;
  for (const Part& part : parts) key.insert(part.column);
  return key;
}

// A column of a term under construction: its name and values.
struct Build {
  std::string name;
  std::string label;
  std::vector<double> values;
};

// Words in a column of numbers are most often a slip of the hand, and as categories they would
// make a column of every number.
Result<void> no_stray_words(const Table& table, const Column& column,
                            std::span<const std::size_t> rows) {
  std::vector<std::uint8_t> is_number(column.levels.size(), 0);
  for (std::size_t l = 0; l < column.levels.size(); ++l) {
    const auto number = number_of(column.levels[l]);
    is_number[l] = number && std::isfinite(*number) ? 1 : 0;
  }
  std::size_t numbers = 0;
  std::optional<std::size_t> word;
  for (const std::size_t r : rows) {
    const bool number = is_number[static_cast<std::size_t>(column.values[r])] != 0;
    numbers += number ? 1 : 0;
    if (!number && !word) word = r;
  }
  if (!word || numbers * 2 <= rows.size()) return {};
  return unexpected(table.error(Errc::unsupported, column, *word,
                                "must be a number, as most of the column are; where categories are "
                                "meant, write factor(" +
                                    column.name + ")"));
}

// A reference is one of categories that are there.
Result<void> good_reference(const Column& column, bool factor, std::span<const std::size_t> rows) {
  if (!column.reference) return {};
  const auto refuse = [&](const std::string& rule) {
    return unexpected(error_at(Errc::contradiction, "reference", std::nullopt,
                               column.name + "=" + level_text(column, *column.reference), rule));
  };
  if (!factor) {
    return refuse(
        "compares categories, and the column is numbers; where categories are meant, "
        "write factor(" +
        column.name + ")");
  }
  if (std::ranges::none_of(rows,
                           [&](std::size_t r) { return column.values[r] == *column.reference; })) {
    return refuse("is in no row that is used");
  }
  return {};
}

std::vector<Build> columns_of_part(const Column& column, const Part& part, bool factor,
                                   bool all_levels, std::span<const std::size_t> rows) {
  std::vector<Build> out;
  if (!factor) {
    Build build{part.text, part.column, {}};
    build.values.reserve(rows.size());
    for (const std::size_t r : rows) build.values.push_back(column.values[r]);
    out.push_back(std::move(build));
    return out;
  }
  std::map<double, std::size_t> level;
  for (const std::size_t r : rows) level.emplace(column.values[r], 0);
  const std::size_t skip = all_levels || level.empty() ? 0 : 1;
  // The reference has number 0, the others follow in their order.
  const double first = column.reference.value_or(level.empty() ? 0 : level.begin()->first);
  std::size_t position = 1;
  for (auto& [value, number] : level) number = value == first ? 0 : position++;
  std::vector<double> in_order(level.size());
  for (const auto& [value, number] : level) in_order[number] = value;
  for (std::size_t l = skip; l < in_order.size(); ++l) {
    out.push_back({part.text + level_text(column, in_order[l]),
                   part.column + " " + level_text(column, in_order[l]),
                   std::vector<double>(rows.size(), 0)});
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t number = level.find(column.values[rows[i]])->second;
    if (number >= skip) out[number - skip].values[i] = 1;
  }
  return out;
}

// The category that has no column, of a term that is one factor.
std::string reference_of(const Table& table, const std::vector<Part>& parts,
                         std::span<const std::size_t> rows) {
  const Column* column = table.find(parts.front().column);
  if (parts.size() != 1 || column == nullptr || rows.empty() ||
      !(parts.front().factor || column->is_factor())) {
    return {};
  }
  if (column->reference) return level_text(*column, *column->reference);
  double first = column->values[rows[0]];
  for (const std::size_t r : rows) first = std::min(first, column->values[r]);
  return level_text(*column, first);
}

}  // namespace

Result<std::vector<std::string>> columns_of_terms(std::span<const std::string> terms) {
  std::vector<std::string> names;
  for (const std::string& term : terms) {
    const auto parts = parts_of(term);
    if (!parts) return unexpected(parts.error());
    for (const Part& part : *parts) {
      if (std::ranges::find(names, part.column) == names.end()) names.push_back(part.column);
    }
  }
  return names;
}

namespace {

Result<Design> coded(const Table& table, std::span<const std::string> terms,
                     std::span<const std::size_t> rows, bool check_words) {
  struct Term {
    std::vector<Part> parts;
    std::set<std::string> key;
  };
  std::vector<Term> read;
  for (const std::string& text : terms) {
    auto parts = parts_of(text);
    if (!parts) return unexpected(parts.error());
    Term term{*std::move(parts), {}};
    term.key = key_of(term.parts);
    for (const Term& other : read) {
      if (other.key == term.key) {
        return unexpected(error_at(Errc::duplicate, "x", std::nullopt, text,
                                   "must not say the same as an earlier term"));
      }
    }
    read.push_back(std::move(term));
  }
  std::ranges::stable_sort(
      read, [](const Term& a, const Term& b) { return a.parts.size() < b.parts.size(); });

  Design out;
  for (const Term& term : read) {
    std::vector<Build> built;
    std::string name;
    for (const Part& part : term.parts) {
      const auto column = table.column(part.column, "x");
      if (!column) return unexpected(column.error());
      const bool factor = part.factor || (*column)->is_factor();
      if (auto good = good_reference(**column, factor, rows); !good) {
        return unexpected(good.error());
      }
      if (check_words && factor && !part.factor) {
        if (auto good = no_stray_words(table, **column, rows); !good) {
          return unexpected(good.error());
        }
      }
      // Every level gets a column unless the rest of the term stands in the model by itself (the
      // empty rest always does: a baseline takes the place of the intercept).
      std::set<std::string> rest = term.key;
      rest.erase(part.column);
      const bool rest_there =
          rest.empty() || std::ranges::any_of(read, [&](const Term& t) { return t.key == rest; });
      auto columns = columns_of_part(**column, part, factor, !rest_there, rows);
      name += (name.empty() ? "" : ":") + part.text;
      if (&part == &term.parts.front()) {
        built = std::move(columns);
        continue;
      }
      std::vector<Build> products;  // the first part varies fastest, as in R
      for (const Build& b : columns) {
        for (const Build& a : built) {
          Build product{a.name + ":" + b.name, a.label + " \xC3\x97 " + b.label, a.values};
          for (std::size_t i = 0; i < rows.size(); ++i) product.values[i] *= b.values[i];
          products.push_back(std::move(product));
        }
      }
      built = std::move(products);
    }
    out.references.push_back(reference_of(table, term.parts, rows));
    for (Build& b : built) {
      out.columns.push_back(std::move(b.name));
      out.labels.push_back(std::move(b.label));
      out.term.push_back(static_cast<std::uint32_t>(out.terms.size()));
      out.values.insert(out.values.end(), b.values.begin(), b.values.end());
    }
    out.terms.push_back(std::move(name));
  }
  return out;
}

// The columns that are categories in some term.
Result<std::set<std::string>> factors_of(const Table& table, std::span<const std::string> terms) {
  std::set<std::string> out;
  for (const std::string& term : terms) {
    const auto parts = parts_of(term);
    if (!parts) return unexpected(parts.error());
    for (const Part& part : *parts) {
      const auto column = table.column(part.column, "x");
      if (!column) return unexpected(column.error());
      if (part.factor || (*column)->is_factor()) out.insert(part.column);
    }
  }
  return out;
}

// A value of the people as the model's column writes it.
Result<double> as_in_model(const Table& people, const Column& theirs, std::size_t row,
                           const Column& model, const std::set<double>* levels) {
  if (theirs.is_missing(row)) {
    return unexpected(people.error(Errc::missing, theirs, row, "must have a value"));
  }
  const std::string text = theirs.text(row);
  std::optional<double> value;
  if (model.is_factor()) {
    const auto at = std::ranges::find(model.levels, text);
    if (at != model.levels.end()) value = static_cast<double>(at - model.levels.begin());
  } else {
    value = theirs.is_factor() ? number_of(text) : theirs.values[row];
  }
  if (value && (levels == nullptr || levels->count(*value) != 0)) return *value;
  if (levels == nullptr) {
    return unexpected(people.error(Errc::unsupported, theirs, row, "must be a number"));
  }
  return unexpected(people.error(Errc::unknown_name, theirs, row,
                                 "is in no row of the model; there are " + listed(model, *levels)));
}

}  // namespace

Result<Design> design(const Table& table, std::span<const std::string> terms,
                      std::span<const std::size_t> rows) {
  return coded(table, terms, rows, true);
}

Result<std::vector<double>> design_of_people(const Table& table, std::span<const std::string> terms,
                                             std::span<const std::size_t> rows,
                                             const Table& people) {
  const auto names = columns_of_terms(terms);
  if (!names) return unexpected(names.error());
  const auto factors = factors_of(table, terms);
  if (!factors) return unexpected(factors.error());
  // Some rows of the model, so that every category is there, and the people after them.
  std::set<std::size_t> chosen;
  std::map<std::string, std::set<double>> levels;
  for (const std::string& name : *factors) {
    const Column& column = *table.find(name);
    for (const std::size_t r : rows) {
      if (levels[name].insert(column.values[r]).second) chosen.insert(r);
    }
  }
  Table both{people.file()};
  for (const std::string& name : *names) {
    const Column& model = *table.find(name);
    const auto theirs = people.column(name, "x");
    if (!theirs) return unexpected(theirs.error());
    Column column{name, {}, {}, model.levels, model.reference};
    for (const std::size_t r : chosen) column.values.push_back(model.values[r]);
    const auto known = levels.find(name);
    for (std::size_t r = 0; r < people.rows(); ++r) {
      const auto value =
          as_in_model(people, **theirs, r, model, known == levels.end() ? nullptr : &known->second);
      if (!value) return unexpected(value.error());
      column.values.push_back(*value);
    }
    if (auto added = both.add(std::move(column)); !added) return unexpected(added.error());
  }
  std::vector<std::size_t> all(both.rows());
  std::iota(all.begin(), all.end(), std::size_t{0});
  const auto x = coded(both, terms, all, false);
  if (!x) return unexpected(x.error());
  std::vector<double> out;
  out.reserve(people.rows() * x->columns.size());
  for (std::size_t i = chosen.size(); i < all.size(); ++i) {
    for (std::size_t j = 0; j < x->columns.size(); ++j) {
      out.push_back(x->values[j * all.size() + i]);
    }
  }
  return out;
}

}  // namespace ombre::inline v0::cohort
