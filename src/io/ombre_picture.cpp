#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/text.hpp"
#include "figure_parts.hpp"
#include "ombre/io/figures.hpp"

namespace ombre::inline v0::io {

namespace {

using detail::put_heading;

constexpr const char* none_fill = "#f4f6f5";     // known none: the lightest, cooler than the ramp
constexpr const char* unknown_fill = "#e9e9e9";  // ground of the hatching
constexpr const char* unknown_line = "#b3b3b3";
constexpr const char* controlled_fill = "#2f6f8f";
constexpr std::size_t shades = 32;

// Colour classes of cells: blank, none, unknown, used, then the shades.
constexpr std::uint8_t blank_class = 0;
constexpr std::uint8_t none_class = 1;
constexpr std::uint8_t unknown_class = 2;
constexpr std::uint8_t used_class = 3;
constexpr std::uint8_t first_shade = 4;

struct Extent {
  std::int32_t first = 0;
  std::int32_t last = 0;
};

Result<void> check(std::span<const OmbreRow> rows) {
  if (rows.empty()) return unexpected(error_of(Errc::empty_input, "rows", "must not be empty"));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const OmbreRow& row = rows[i];
    if ((!row.amounts.empty() && row.amounts.size() != row.cells.size()) ||
        (!row.controlled.empty() && row.controlled.size() != row.cells.size())) {
      return unexpected(error_at(Errc::size_mismatch, "rows", i, row.label,
                                 "amounts and controlled must be empty or as long as cells"));
    }
    for (std::size_t d = 0; d < row.cells.size(); ++d) {
      if (static_cast<std::uint8_t>(row.cells[d]) > 4) {
        return unexpected(
            error_at(Errc::unknown_name, "cells", d, row.label, "must be one of the named states"));
      }
      if (row.cells[d] != DayCell::amount) continue;
      if (row.amounts.empty()) {
        return unexpected(error_at(Errc::missing, "amounts", d, row.label,
                                   "must be given where a cell is a known amount"));
      }
      if (!std::isfinite(row.amounts[d])) {
        return unexpected(
            error_at(Errc::not_finite, "amounts", d, row.amounts[d], "must be finite"));
      }
      if (row.amounts[d] < 0) {
        return unexpected(
            error_at(Errc::out_of_range, "amounts", d, row.amounts[d], "must be 0 or more"));
      }
    }
  }
  return {};
}

// The 98th percentile of the amounts above 0 (nearest rank), or 1 where there are none.
double high_amount(std::span<const OmbreRow> rows) {
  std::vector<double> amounts;
  for (const OmbreRow& row : rows) {
    for (std::size_t d = 0; d < row.cells.size(); ++d) {
      if (row.cells[d] == DayCell::amount && row.amounts[d] > 0) amounts.push_back(row.amounts[d]);
    }
  }
  if (amounts.empty()) return 1;
  const auto at =
      amounts.begin() + static_cast<std::ptrdiff_t>(static_cast<double>(amounts.size() - 1) * 0.98);
  std::nth_element(amounts.begin(), at, amounts.end());
  return *at;
}

std::vector<std::size_t> ordered(std::span<const OmbreRow> rows, OmbreOrder order) {
  std::vector<std::size_t> index(rows.size());
  std::iota(index.begin(), index.end(), std::size_t{0});
  if (order == OmbreOrder::as_given) return index;
  std::vector<double> mean(rows.size());
  std::vector<std::ptrdiff_t> last(rows.size(), -1);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    double sum = 0;
    std::size_t known = 0;
    for (std::size_t d = 0; d < rows[i].cells.size(); ++d) {
      const DayCell cell = rows[i].cells[d];
      if (cell == DayCell::amount) sum += rows[i].amounts[d];
      known += cell == DayCell::amount || cell == DayCell::none ? 1U : 0U;
      const bool use = cell == DayCell::used || (cell == DayCell::amount && rows[i].amounts[d] > 0);
      if (use) last[i] = static_cast<std::ptrdiff_t>(d);
    }
    mean[i] = known > 0 ? sum / static_cast<double>(known) : 0;
    // Whoever used in the last two weeks has not stopped: these stand together, by amount.
    const auto size = static_cast<std::ptrdiff_t>(rows[i].cells.size());
    if (last[i] >= 0 && last[i] >= size - 14) last[i] = std::numeric_limits<std::ptrdiff_t>::max();
  }
  std::ranges::stable_sort(index, [&](std::size_t a, std::size_t b) {
    if (order == OmbreOrder::by_last_use && last[a] != last[b]) return last[a] < last[b];
    return mean[a] < mean[b];
  });
  return index;
}

// The cells as they are drawn: people and days in bands of equal size.
class Bands {
 public:
  Bands(std::span<const OmbreRow> rows, std::span<const std::size_t> order, Extent days,
        bool align_starts, std::size_t people_each, std::size_t days_each, double darkest)
      : people_each_{people_each},
        days_each_{days_each},
        height_{(order.size() + people_each - 1) / people_each},
        width_{(static_cast<std::size_t>(days.last - days.first) + days_each) / days_each},
        class_(height_ * width_, blank_class),
        controlled_(height_ * width_, 0) {
    struct Tally {
      double sum = 0;
      std::uint32_t amounts = 0;  // known none or known amount
      std::uint32_t used = 0;
      std::uint32_t unknown = 0;
      std::uint32_t controlled = 0;
    };
    std::vector<Tally> line(width_);
    for (std::size_t y = 0; y < height_; ++y) {
      std::ranges::fill(line, Tally{});
      const std::size_t end = std::min(order.size(), (y + 1) * people_each);
      for (std::size_t p = y * people_each; p < end; ++p) {
        const OmbreRow& row = rows[order[p]];
        const std::int64_t start = align_starts ? 0 : std::int64_t{row.first_day} - days.first;
        for (std::size_t d = 0; d < row.cells.size(); ++d) {
          Tally& tally = line[(static_cast<std::size_t>(start) + d) / days_each];
          switch (row.cells[d]) {
            case DayCell::outside:
              continue;
            case DayCell::none:
              ++tally.amounts;
              break;
            case DayCell::amount:
              tally.sum += row.amounts[d];
              ++tally.amounts;
              break;
            case DayCell::used:
              ++tally.used;
              break;
            case DayCell::unknown:
              ++tally.unknown;
              break;
          }
          if (!row.controlled.empty() && row.controlled[d] != 0) ++tally.controlled;
        }
      }
      for (std::size_t x = 0; x < width_; ++x) {
        const Tally& tally = line[x];
        const std::uint32_t known = tally.amounts + tally.used;
        if (known + tally.unknown == 0) continue;
        std::uint8_t& kind = class_[y * width_ + x];
        if (tally.unknown > known) {
          kind = unknown_class;
        } else if (tally.used > tally.amounts) {
          kind = used_class;
        } else {
          kind = shade(tally.amounts > 0 ? tally.sum / tally.amounts : 0, darkest);
        }
        controlled_[y * width_ + x] = 2 * tally.controlled > known + tally.unknown ? 1 : 0;
      }
    }
  }

  [[nodiscard]] std::size_t height() const noexcept { return height_; }
  [[nodiscard]] std::size_t width() const noexcept { return width_; }
  [[nodiscard]] std::size_t people_each() const noexcept { return people_each_; }
  [[nodiscard]] std::size_t days_each() const noexcept { return days_each_; }
  [[nodiscard]] std::span<const std::uint8_t> row(std::size_t y) const noexcept {
    return std::span{class_}.subspan(y * width_, width_);
  }
  [[nodiscard]] std::span<const std::uint8_t> controlled(std::size_t y) const noexcept {
    return std::span{controlled_}.subspan(y * width_, width_);
  }

 private:
  static std::uint8_t shade(double amount, double darkest) noexcept {
    if (!(amount > 0)) return none_class;
    const double share = std::min(1.0, amount / darkest);
    const auto step = static_cast<std::size_t>(std::ceil(share * shades)) - 1;
    return static_cast<std::uint8_t>(first_shade + std::min(step, shades - 1));
  }

  std::size_t people_each_;
  std::size_t days_each_;
  std::size_t height_;
  std::size_t width_;
  std::vector<std::uint8_t> class_;
  std::vector<std::uint8_t> controlled_;
};

Colour shade_colour(std::size_t step) noexcept {
  return ombre_ramp((static_cast<double>(step) + 0.5) / shades);
}

// Runs of equal cells as path data, one path per colour class: "M12 3h4v2h-4z".
struct Paths {
  std::vector<std::string> by_class = std::vector<std::string>(first_shade + shades);
  std::string controlled;
  std::size_t bytes = 0;
};

void add_run(std::string& path, long x, long y, long width, long height) {
  path += 'M' + std::to_string(x) + ' ' + std::to_string(y) + 'h' + std::to_string(width) + 'v' +
          std::to_string(height) + 'h' + std::to_string(-width) + 'z';
}

struct Frame {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
};

long snapped(double origin, double size, std::size_t part, std::size_t parts) {
  return std::lround(origin + size * static_cast<double>(part) / static_cast<double>(parts));
}

Paths make_paths(const Bands& bands, const Frame& frame) {
  Paths paths;
  for (std::size_t y = 0; y < bands.height(); ++y) {
    const long top = snapped(frame.top, frame.height, y, bands.height());
    const long full = snapped(frame.top, frame.height, y + 1, bands.height()) - top;
    const long gap = full >= 12 ? 2 : full >= 5 ? 1 : 0;  // people apart where there is room
    const long height = std::max(1L, full - gap);
    const auto row = bands.row(y);
    const auto controlled = bands.controlled(y);
    const auto runs = [&](std::span<const std::uint8_t> values, auto put) {
      for (std::size_t x = 0; x < values.size();) {
        std::size_t end = x + 1;
        while (end < values.size() && values[end] == values[x]) ++end;
        put(values[x], snapped(frame.left, frame.width, x, values.size()),
            snapped(frame.left, frame.width, end, values.size()));
        x = end;
      }
    };
    runs(row, [&](std::uint8_t kind, long from, long to) {
      if (kind != blank_class && to > from) {
        add_run(paths.by_class[kind], from, top, to - from, height);
      }
    });
    const long mark = std::max(1L, height / 4);
    runs(controlled, [&](std::uint8_t marked, long from, long to) {
      if (marked != 0 && to > from) {
        add_run(paths.controlled, from, top + height - mark, to - from, mark);
      }
    });
  }
  for (const std::string& path : paths.by_class) paths.bytes += path.size();
  paths.bytes += paths.controlled.size();
  return paths;
}

using ascii::plural;

struct Facts {
  std::size_t people = 0;
  std::uint64_t days = 0;
  std::uint64_t none = 0;
  std::uint64_t use = 0;
  std::uint64_t used = 0;
  std::uint64_t unknown = 0;
  bool controlled = false;
};

Facts facts_of(std::span<const OmbreRow> rows) {
  Facts facts;
  facts.people = rows.size();
  for (const OmbreRow& row : rows) {
    for (std::size_t d = 0; d < row.cells.size(); ++d) {
      const DayCell cell = row.cells[d];
      if (cell == DayCell::outside) continue;
      ++facts.days;
      const bool zero = cell == DayCell::amount && row.amounts[d] == 0;
      facts.none += cell == DayCell::none || zero ? 1U : 0U;
      facts.use += cell == DayCell::used || (cell == DayCell::amount && !zero) ? 1U : 0U;
      facts.used += cell == DayCell::used ? 1U : 0U;
      facts.unknown += cell == DayCell::unknown ? 1U : 0U;
      facts.controlled = facts.controlled || (!row.controlled.empty() && row.controlled[d] != 0);
    }
  }
  return facts;
}

void put_legend(Svg& svg, double x, double y, const Facts& facts, double darkest,
                const OmbrePictureOptions& options) {
  constexpr double size = 12;
  const TextPaint words{.size = detail::small_size, .fill = detail::soft_ink};
  const auto swatch = [&](const std::string& fill, std::string_view name) {
    svg.rect(x, y - size + 2, size, size, {.fill = fill, .stroke = "#c8c8c8", .stroke_width = 0.5});
    svg.text(x + size + 6, y, name, words);
    x += size + 6 + text_width(name, detail::small_size) + 18;
  };
  swatch(none_fill, "no use");
  if (facts.use > facts.used) {
    constexpr double bar = 4.0 * shades;  // whole pixels, so that no seams show
    svg.text(x, y, "0", words);
    x = std::round(x + text_width("0", detail::small_size) + 6);
    for (std::size_t s = 0; s < shades; ++s) {
      const double from = x + bar * static_cast<double>(s) / shades;
      svg.rect(from, y - size + 2, bar / shades, size, {.fill = shade_colour(s).hex()});
    }
    x += bar + 6;
    const std::string unit =
        options.unit.empty() ? "" : ' ' + detail::fitted(options.unit, 11, 160);
    const std::string most = detail::figure_number(darkest, 2) + " or more" + unit + " a day";
    svg.text(x, y, most, words);
    x += text_width(most, detail::small_size) + 18;
  }
  if (facts.used > 0) swatch("url(#used)", "used, amount not known");
  if (facts.unknown > 0) swatch("url(#unknown)", "not known");
  if (facts.controlled) {
    svg.rect(x, y - 3, 16, 4, {.fill = controlled_fill});
    svg.text(x + 22, y, "controlled environment", words);
  }
}

}  // namespace

Result<std::string> ombre_picture(std::span<const OmbreRow> rows,
                                  const OmbrePictureOptions& options) {
  if (auto good = detail::finite_in(options.width, 480, 4000, "width"); !good) {
    return unexpected(good.error());
  }
  if (auto good = detail::finite_in(options.max_height, 240, 8000, "max_height"); !good) {
    return unexpected(good.error());
  }
  if (options.darkest && !(*options.darkest > 0 && std::isfinite(*options.darkest))) {
    return unexpected(
        error_at(Errc::out_of_range, "darkest", std::nullopt, *options.darkest, "must be above 0"));
  }
  if (auto good = check(rows); !good) return unexpected(good.error());

  Extent days;
  bool any = false;
  for (const OmbreRow& row : rows) {
    if (row.cells.empty()) continue;
    const std::int32_t first = options.align_starts ? 0 : row.first_day;
    const std::int64_t last = std::int64_t{first} + static_cast<std::int64_t>(row.cells.size()) - 1;
    if (last > 1'000'000'000 || first < -1'000'000'000) {
      return unexpected(error_at(Errc::out_of_range, "first_day", std::nullopt,
                                 std::to_string(first), "lies too far out"));
    }
    days.first = any ? std::min(days.first, first) : first;
    days.last = any ? std::max(days.last, static_cast<std::int32_t>(last))
                    : static_cast<std::int32_t>(last);
    any = true;
  }
  if (!any) return unexpected(error_of(Errc::empty_input, "cells", "must hold at least one day"));
  const std::size_t day_count = static_cast<std::size_t>(days.last - days.first) + 1;
  if (day_count > 200'000) {
    return unexpected(error_at(Errc::too_large, "days", std::nullopt, std::to_string(day_count),
                               "must be at most 200000"));
  }

  const Facts facts = facts_of(rows);
  const double darkest = options.darkest.value_or(high_amount(rows));
  const std::vector<std::size_t> order = ordered(rows, options.order);

  // Labels only where each has a line of its own.
  double label_room = 0;
  const bool labels = rows.size() <= 60;
  if (labels) {
    for (const OmbreRow& row : rows) {
      label_room = std::max(label_room, text_width(row.label, detail::small_size));
    }
    label_room = std::min(label_room, 150.0);
  }
  Frame frame;
  frame.left = std::round(24 + (label_room > 0 ? label_room + 10 : 0));
  frame.width = std::floor(options.width - frame.left - 24);
  const double heading =
      (options.title.empty() ? 0 : 20) + (options.subtitle.empty() ? 0 : 20) + 32;
  frame.top = std::round(heading + 24);
  const double room = std::floor(options.max_height - frame.top - 66);
  const double each = labels ? 18 : room / static_cast<double>(rows.size()) >= 6 ? 6 : 3;
  frame.height = std::min(room, std::max(24.0, each * static_cast<double>(rows.size())));

  const auto per = [](double count, double pixels) {
    return static_cast<std::size_t>(std::max(1.0, std::ceil(count / pixels)));
  };
  std::size_t people_each = per(static_cast<double>(rows.size()), frame.height);
  std::size_t days_each = per(static_cast<double>(day_count), frame.width);
  const auto banded = [&] {
    return Bands{rows, order, days, options.align_starts, people_each, days_each, darkest};
  };
  Bands bands = banded();
  Paths paths = make_paths(bands, frame);
  while (paths.bytes + 20'000 > options.max_bytes && (bands.height() > 24 || bands.width() > 24)) {
    if (bands.height() > 24) people_each += (people_each + 1) / 2;
    if (bands.height() <= 24 || bands.width() > 2 * bands.height()) {
      days_each += (days_each + 1) / 2;
    }
    bands = banded();
    paths = make_paths(bands, frame);
  }

  std::string subtitle = options.subtitle;
  if (people_each > 1 || days_each > 1) {
    std::string note = "each cell: mean of ";
    if (people_each > 1) note += plural(people_each, "person", "people");
    if (people_each > 1 && days_each > 1) note += " and ";
    if (days_each > 1) note += plural(days_each, "day", "days");
    subtitle += (subtitle.empty() ? "" : " \xC2\xB7 ") + note;
  }
  std::string description = options.description;
  if (description.empty()) {
    description = "One row for each of " + plural(facts.people, "person", "people") + ", " +
                  std::to_string(facts.days) + " days: " + std::to_string(facts.use) +
                  " with use, " + std::to_string(facts.none) + " without, " +
                  std::to_string(facts.unknown) + " not known. Darker means more.";
  }

  const bool calendar = options.dates && !options.align_starts;
  const double height = frame.top + frame.height + (calendar ? 42 : 64);
  Svg svg{options.width, height, options.title, description};
  svg.hatch("unknown", unknown_fill, unknown_line, 4, 0.5);
  svg.dots("used", ombre_ramp(0.42).hex(), "#ffffff", 4, 0.9);
  put_heading(svg, 24, options.width, options.title, subtitle);
  put_legend(svg, 24, heading + 6, facts, darkest, options);

  // Cells.
  const std::string fills[] = {"", none_fill, "url(#unknown)", "url(#used)"};
  for (std::size_t kind = 1; kind < paths.by_class.size(); ++kind) {
    if (paths.by_class[kind].empty()) continue;
    const std::string fill =
        kind < first_shade ? fills[kind] : shade_colour(kind - first_shade).hex();
    svg.path(paths.by_class[kind], {.fill = fill}, true);
  }
  if (!paths.controlled.empty()) svg.path(paths.controlled, {.fill = controlled_fill}, true);

  if (labels) {
    const double line = frame.height / static_cast<double>(rows.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      svg.text(frame.left - 10, frame.top + line * (static_cast<double>(i) + 0.5) + 3,
               detail::fitted(rows[order[i]].label, detail::small_size, label_room + 1),
               {.size = detail::small_size, .fill = detail::soft_ink, .anchor = Anchor::end});
    }
  }

  // Axis of days, below.
  const double base = frame.top + frame.height + 6;
  svg.line(frame.left, base, frame.left + frame.width, base, {.stroke = detail::axis_ink});
  const auto x_of = [&](double day) {
    return frame.left +
           frame.width * (day - days.first) / static_cast<double>(bands.width() * days_each);
  };
  double label_end = -1;
  const auto put_tick = [&](double day, const std::string& text) {
    const double x = x_of(day);
    svg.line(x, base, x, base + 5, {.stroke = detail::axis_ink});
    const double half = text_width(text, detail::small_size) / 2;
    const double centre =
        std::clamp(x, frame.left + half - 6, std::max(frame.left, options.width - half - 6));
    if (centre - half < label_end) return;
    label_end = centre + half + 8;
    svg.text(centre, base + 19, text,
             {.size = detail::small_size, .fill = detail::soft_ink, .anchor = Anchor::middle});
  };
  const auto first_date = Date::from_day_number(days.first);
  const auto last_date = Date::from_day_number(days.last);
  if (calendar && first_date && last_date) {
    for (const DateTick& tick : date_ticks(*first_date, *last_date, 12)) {
      put_tick(tick.day.day_number(), tick.label);
    }
  } else {
    // Weeks where the range is a matter of weeks, else round numbers.
    const auto span = static_cast<double>(day_count);
    std::vector<double> ticks;
    if (span <= 200 && span >= 14) {
      const std::int32_t step = span <= 70 ? 7 : span <= 140 ? 14 : 28;
      for (std::int32_t d = (days.first / step) * step; d <= days.last; d += step) {
        if (d >= days.first) ticks.push_back(d);
      }
    } else {
      for (const double tick : nice_ticks(days.first, days.last, 8)) {
        if (std::floor(tick) == tick) ticks.push_back(tick);
      }
    }
    for (const double tick : ticks) put_tick(tick, detail::figure_number(tick, 0));
  }
  if (!calendar) {
    svg.text(frame.left + frame.width / 2, base + 42,
             options.align_starts && options.day_label == "Day" ? "Days since the start"
                                                                : options.day_label,
             {.size = detail::label_size, .fill = detail::ink, .anchor = Anchor::middle});
  }
  return std::move(svg).finish();
}

}  // namespace ombre::inline v0::io
