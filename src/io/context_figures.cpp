#include "ombre/io/context_figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "figure_parts.hpp"
#include "ombre/io/svg.hpp"

namespace ombre::inline v0::io {
namespace {

using namespace detail;
using namespace context;

struct Point {
  double x = 0;
  double y = 0;
};

// A text broken into lines that fit, at most `most` of them.
std::vector<std::string> broken(std::string_view text, double size, double room, std::size_t most) {
  std::vector<std::string> out;
  std::string line;
  while (!text.empty()) {
    const std::size_t blank = std::min(text.find(' '), text.size());
    const std::string word{text.substr(0, blank)};
    text.remove_prefix(std::min(blank + 1, text.size()));
    const std::string longer = line.empty() ? word : line + ' ' + word;
    if (line.empty() || text_width(longer, size) <= room) {
      line = longer;
      continue;
    }
    out.push_back(line);
    line = word;
    if (out.size() == most) break;
  }
  if (out.size() < most && !line.empty()) {
    out.push_back(line);
  } else if (out.size() == most && !line.empty() && !out.empty()) {
    out.back() = fitted(out.back() + " " + line + " ", size, room);
  }
  return out;
}

struct Look {
  const char* fill;
  const char* says;
};
Look look_of(ChangesUse changes) {
  switch (changes) {
    case ChangesUse::no:
      return {"#1b7f79", "asks for no change in use"};
    case ChangesUse::possible:
      return {"#b8860b", "use may change, and need not"};
    case ChangesUse::yes:
      return {"#7b3f61", "is for changing use"};
  }
  return {"#7b3f61", ""};
}

// Where discs of these domains gather.
Point anchor_of(Domains domains, const std::array<Point, 3>& corner, Point middle) {
  Point sum;
  int n = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    if (!domains.has(static_cast<Domain>(1U << i))) continue;
    sum.x += corner[i].x;
    sum.y += corner[i].y;
    ++n;
  }
  if (n == 0) return middle;
  // Inside the triangle, towards the corner or the middle of a side.
  const Point at{sum.x / n, sum.y / n};
  const double pull = n == 1 ? 0.66 : 0.86;
  return {middle.x + pull * (at.x - middle.x), middle.y + pull * (at.y - middle.y)};
}

}  // namespace

Result<std::string> triangle_figure(const Facts& facts, const Menu& menu,
                                    const TriangleOptions& options) {
  if (auto good = finite_in(options.width, 860, 4000, "width"); !good) {
    return unexpected(good.error());
  }
  if (options.options < 1 || options.options > 16) {
    return unexpected(error_at(Errc::out_of_range, "options", std::nullopt,
                               static_cast<double>(options.options), "must be 1 to 16"));
  }
  if (options.factors > 6) {
    return unexpected(error_at(Errc::out_of_range, "factors", std::nullopt,
                               static_cast<double>(options.factors), "must be 0 to 6"));
  }
  const Catalogue& catalogue = facts.catalogue();
  const std::size_t n = std::min(options.options, menu.lines.size());
  constexpr double row = 58;
  const double list_height = 40 + row * static_cast<double>(std::max<std::size_t>(n, 1));
  const double top = 86;
  const double body = std::max(470.0, list_height);
  const double height = top + body + 56;
  const double left_width = options.width * 0.46;

  std::string description =
      "Options of the menu and the corner of drug, set and setting each works "
      "on:";
  for (std::size_t i = 0; i < n; ++i) {
    description += ' ' + std::to_string(i + 1) + ' ' +
                   std::string{catalogue.options()[menu.lines[i].option].title} + ';';
  }
  Svg svg{options.width, height, options.title, description};
  put_heading(svg, 24, options.width, options.title, options.subtitle);

  // ---- the triangle
  const double cx = left_width / 2 + 6;
  const double side = std::min(left_width - 150, 330.0);
  const double tall = side * std::sqrt(3.0) / 2;
  const double apex_y = top + 96;
  const std::array<Point, 3> corner{Point{cx, apex_y}, Point{cx - side / 2, apex_y + tall},
                                    Point{cx + side / 2, apex_y + tall}};
  const Point middle{cx, apex_y + tall * 2 / 3};
  const std::array<double, 6> points{corner[0].x, corner[0].y, corner[1].x,
                                     corner[1].y, corner[2].x, corner[2].y};
  svg.polygon(points, {.fill = "#f7f1ea", .stroke = "#c9b8a8", .stroke_width = 1.4});

  const auto known_in = [&](Domain domain) {
    std::vector<std::string_view> out;
    for (std::size_t f = 0; f < catalogue.factors().size() && out.size() < options.factors; ++f) {
      const Factor& factor = catalogue.factors()[f];
      if (!factor.domains.has(domain) || factor.direction != Direction::raises ||
          factor.sensitive || facts.truth(f) != Truth::yes ||
          catalogue.compiled().harms_of_factor[f].empty()) {
        continue;
      }
      // A factor of two domains stands in the first of them.
      bool first = true;
      for (const Domain d : {Domain::drug, Domain::set, Domain::setting}) {
        if (d == domain) break;
        if (factor.domains.has(d)) first = false;
      }
      if (first) out.push_back(factor.title);
    }
    return out;
  };
  const std::array<const char*, 3> names{"DRUG", "SET", "SETTING"};
  const std::array<const char*, 3> what{"what, how much, how", "the person", "place and people"};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto domain = static_cast<Domain>(1U << i);
    const auto known = known_in(domain);
    const Anchor anchor = i == 0 ? Anchor::middle : i == 1 ? Anchor::start : Anchor::end;
    const double x = i == 0 ? corner[0].x : i == 1 ? 24 : left_width - 12;
    double y = i == 0 ? apex_y - 18 - 15 * static_cast<double>(known.size()) : corner[i].y + 30;
    svg.text(x, y, std::string{names[i]} + " \xC2\xB7 " + what[i],
             {.size = 13, .fill = ink, .anchor = anchor, .bold = true});
    for (const std::string_view title : known) {
      y += 15;
      svg.text(x, y, fitted(title, small_size, left_width / 2 - 26),
               {.size = small_size, .fill = soft_ink, .anchor = anchor});
    }
  }

  // ---- discs, gathered in rows around their place
  std::vector<Point> at(n);
  std::vector<bool> placed(n, false);
  for (std::size_t i = 0; i < n; ++i) {
    if (placed[i]) continue;
    const Domains domains = catalogue.options()[menu.lines[i].option].domains;
    std::vector<std::size_t> here;
    for (std::size_t j = i; j < n; ++j) {
      if (catalogue.options()[menu.lines[j].option].domains == domains) here.push_back(j);
    }
    const Point home = anchor_of(domains, corner, middle);
    const std::size_t columns = here.size() <= 2 ? here.size() : here.size() <= 6 ? 3 : 4;
    const std::size_t rows = (here.size() + columns - 1) / columns;
    constexpr double step = 29;
    for (std::size_t k = 0; k < here.size(); ++k) {
      const std::size_t r = k / columns;
      const std::size_t in_row = std::min(columns, here.size() - r * columns);
      const double x = home.x + step * (static_cast<double>(k % columns) -
                                        (static_cast<double>(in_row) - 1) / 2);
      const double y =
          home.y + step * (static_cast<double>(r) - (static_cast<double>(rows) - 1) / 2);
      at[here[k]] = {x, y};
      placed[here[k]] = true;
    }
  }
  const auto disc = [&](Point where, std::size_t i) {
    const Option& option = catalogue.options()[menu.lines[i].option];
    svg.begin_group(option.title);
    svg.circle(
        where.x, where.y, 12.5,
        {.fill = look_of(option.changes_use).fill, .stroke = "#ffffff", .stroke_width = 1.5});
    svg.text(where.x, where.y + 4, std::to_string(i + 1),
             {.size = 12, .fill = "#ffffff", .anchor = Anchor::middle, .bold = true});
    svg.end_group();
  };
  for (std::size_t i = 0; i < n; ++i) disc(at[i], i);

  // ---- the list
  const double list_x = left_width + 34;
  const double room = options.width - list_x - 24 - 26;
  double y = top + 14;
  for (std::size_t i = 0; i < n; ++i) {
    const MenuLine& line = menu.lines[i];
    const Option& option = catalogue.options()[line.option];
    disc({list_x, y}, i);
    svg.text(list_x + 24, y + 1, fitted(option.title, label_size + 0.5, room),
             {.size = label_size + 0.5, .fill = ink, .bold = true});
    std::string moves = "moves: ";
    bool first = true;
    for (const Catalogue::Term& move : catalogue.compiled().moves[line.option]) {
      if (facts.truth(move.factor) == move.want) continue;
      if (!first) moves += "; ";
      first = false;
      moves += (move.want == Truth::no ? "no longer " : "") +
               std::string{catalogue.factors()[move.factor].title};
    }
    double below = y + 1;
    for (const std::string& part : broken(moves, small_size, room, 1)) {
      below += 15;
      svg.text(list_x + 24, below, part, {.size = small_size, .fill = soft_ink});
    }
    std::string harm = "for " + std::string{words(line.harm)};
    if (!line.lowers.empty()) {
      harm += "; would lower the band of ";
      bool one = true;
      for (const Harm h : all_harms()) {
        if (!line.lowers.has(h)) continue;
        harm += (one ? "" : ", ") + std::string{words(h)};
        one = false;
      }
    }
    if (!line.adds_layer.empty()) harm += "; adds a layer of protection";
    if (line.perhaps) harm += "; if it applies";
    svg.text(list_x + 24, below + 15, fitted(harm, small_size, room),
             {.size = small_size, .fill = soft_ink});
    y += row;
  }
  if (n == 0) {
    svg.text(list_x, y, "No option of the menu applies.", {.size = label_size, .fill = soft_ink});
  }

  // ---- key
  double x = 24;
  const double key_y = height - 22;
  for (const ChangesUse changes : {ChangesUse::no, ChangesUse::possible, ChangesUse::yes}) {
    const Look look = look_of(changes);
    svg.circle(x + 6, key_y - 4, 6, {.fill = look.fill});
    svg.text(x + 18, key_y, look.says, {.size = small_size, .fill = soft_ink});
    x += 18 + text_width(look.says, small_size) + 26;
  }
  return std::move(svg).finish();
}

}  // namespace ombre::inline v0::io
