#pragma once
/// @file
/// A small builder of SVG 1.1 text, and what figures need besides: ticks, text widths, colours.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/date.hpp"
#include "ombre/core/export.hpp"

namespace ombre::inline v0::io {

/// A colour, 8 bits a channel.
struct Colour {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;
  friend constexpr bool operator==(Colour, Colour) = default;
  /// "#rrggbb".
  [[nodiscard]] OMBRE_EXPORT std::string hex() const;
};

/// A sequential ramp from light (0) to dark (1): cream, peach, coral, mulberry, aubergine. Its
/// lightness falls evenly, so it reads the same in grey print and with every kind of colour vision.
/// Values outside 0..1 take the nearer end.
[[nodiscard]] OMBRE_EXPORT Colour ombre_ramp(double t) noexcept;
/// A diverging ramp: teal (-1), near white (0), aubergine (1).
[[nodiscard]] OMBRE_EXPORT Colour diverging_ramp(double t) noexcept;
/// Colours for categories, told apart also without red-green vision and in grey; repeats after 7.
[[nodiscard]] OMBRE_EXPORT Colour category_colour(std::size_t index) noexcept;
/// Black or white, whichever reads better on a ground.
[[nodiscard]] OMBRE_EXPORT Colour ink_on(Colour ground) noexcept;
/// Relative luminance 0..1 as WCAG 2 defines it.
[[nodiscard]] OMBRE_EXPORT double luminance(Colour colour) noexcept;

/// Round numbers (1, 2, 2.5 or 5 times a power of ten apart) within [low, high], about `wanted` of
/// them, ascending. Empty unless low < high, both are finite, and the range is wide enough for
/// doubles of that size.
[[nodiscard]] OMBRE_EXPORT std::vector<double> nice_ticks(double low, double high,
                                                          std::size_t wanted = 5);
/// Powers of ten and, where few fit, 2 and 5 times them, within [low, high]; low > 0.
[[nodiscard]] OMBRE_EXPORT std::vector<double> log_ticks(double low, double high);

/// A tick on an axis of dates.
struct DateTick {
  Date day;
  std::string label;  ///< "2024", "Mar", "Mar 2024" or "2024-03-05", as the range asks for
};
/// Days where months or years begin (or every few days in short ranges), at most `most` of them.
[[nodiscard]] OMBRE_EXPORT std::vector<DateTick> date_ticks(Date first, Date last,
                                                            std::size_t most = 10);

/// Width of a text in a sans-serif font, in the unit of `size`; an estimate a little on the wide
/// side, because the font is the viewer's.
[[nodiscard]] OMBRE_EXPORT double text_width(std::string_view text, double size) noexcept;

/// How a shape is drawn. Empty fill or stroke: none.
struct Paint {
  std::string fill{};
  std::string stroke{};
  double stroke_width = 1;
  double opacity = 1;
  std::string dash{};  ///< "4 3"
};

enum class Anchor : std::uint8_t { start, middle, end };

struct TextPaint {
  double size = 12;
  std::string fill = "#333333";
  Anchor anchor = Anchor::start;
  bool bold = false;
  double rotate = 0;  ///< degrees, about the anchor point
};

/// Builds an SVG document. Coordinates are in pixels from the top left, written with at most two
/// decimals. Text is escaped; control characters are left out.
class OMBRE_EXPORT Svg {
 public:
  /// `title` and `description` are what a screen reader says; the latter may be empty.
  Svg(double width, double height, std::string_view title, std::string_view description);

  Svg& rect(double x, double y, double width, double height, const Paint& paint, double corner = 0);
  Svg& line(double x1, double y1, double x2, double y2, const Paint& paint);
  Svg& circle(double x, double y, double radius, const Paint& paint);
  /// Points as x, y, x, y, ...
  Svg& polyline(std::span<const double> points, const Paint& paint);
  Svg& polygon(std::span<const double> points, const Paint& paint);
  /// `data` is path data, as made by path_number() and letters; not checked. `crisp` asks for
  /// edges without smoothing.
  Svg& path(std::string_view data, const Paint& paint, bool crisp = false);
  Svg& text(double x, double y, std::string_view words, const TextPaint& paint);
  /// What a pointer over the next shapes shows; closed by end_group().
  Svg& begin_group(std::string_view tooltip = {});
  Svg& end_group();
  /// A pattern of slanted lines to fill shapes with, as "url(#id)". `id`: letters and digits.
  Svg& hatch(std::string_view id, std::string_view ground, std::string_view line, double distance,
             double width);
  /// A pattern of dots.
  Svg& dots(std::string_view id, std::string_view ground, std::string_view dot, double distance,
            double radius);

  /// A gradient from left to right between the columns x1 < x2, to fill shapes with, as "url(#id)".
  /// Stops ascend from 0 to 1.
  struct Stop {
    double at = 0;
    Colour colour;
  };
  Svg& fade(std::string_view id, double x1, double x2, std::span<const Stop> stops);

  /// The whole document, with a line end.
  [[nodiscard]] std::string finish() &&;
  /// A coordinate as SVG wants it: at most two decimals, no exponent; 0 for what is not finite.
  [[nodiscard]] static std::string number(double value);

 private:
  Svg& put_points(std::string_view element, std::span<const double> points, const Paint& paint);
  void put_paint(const Paint& paint);

  std::string out_;
};

}  // namespace ombre::inline v0::io
