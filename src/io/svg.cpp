#include "ombre/io/svg.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <string>
#include <utility>

#include "ombre/io/csv.hpp"
#include "ombre/io/table.hpp"

namespace ombre::inline v0::io {

namespace {

// Colours are mixed in Oklab, where equal steps look equally large.
// Source: B. Ottosson, "A perceptual color space for image processing" (2020).
struct Lab {
  double l;
  double a;
  double b;
};

double to_linear(std::uint8_t channel) noexcept {
  const double c = channel / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

std::uint8_t from_linear(double c) noexcept {
  c = std::clamp(c, 0.0, 1.0);
  const double s = c <= 0.0031308 ? 12.92 * c : 1.055 * std::pow(c, 1 / 2.4) - 0.055;
  return static_cast<std::uint8_t>(std::lround(s * 255));
}

Lab to_lab(Colour colour) noexcept {
  const double r = to_linear(colour.red);
  const double g = to_linear(colour.green);
  const double b = to_linear(colour.blue);
  const double l = std::cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const double m = std::cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const double s = std::cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
          1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
          0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

Colour from_lab(Lab lab) noexcept {
  const double l = std::pow(lab.l + 0.3963377774 * lab.a + 0.2158037573 * lab.b, 3);
  const double m = std::pow(lab.l - 0.1055613458 * lab.a - 0.0638541728 * lab.b, 3);
  const double s = std::pow(lab.l - 0.0894841775 * lab.a - 1.2914855480 * lab.b, 3);
  return {from_linear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
          from_linear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
          from_linear(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)};
}

Colour mixed(std::span<const Colour> stops, double t) noexcept {
  if (!(t > 0)) return stops.front();  // also NaN
  if (t >= 1) return stops.back();
  const double place = t * static_cast<double>(stops.size() - 1);
  const auto i = static_cast<std::size_t>(place);
  const double share = place - static_cast<double>(i);
  const Lab a = to_lab(stops[i]);
  const Lab b = to_lab(stops[i + 1]);
  return from_lab(
      {a.l + share * (b.l - a.l), a.a + share * (b.a - a.a), a.b + share * (b.b - a.b)});
}

constexpr Colour ramp_stops[] = {
    {253, 238, 222}, {248, 188, 142}, {228, 116, 94}, {166, 50, 98}, {66, 18, 74}};
constexpr Colour diverging_stops[] = {
    {0, 92, 98}, {98, 170, 168}, {247, 244, 240}, {205, 130, 150}, {110, 24, 88}};
// After Okabe & Ito, "Color Universal Design" (2008), in an order that keeps neighbours apart, with
// the two lightest darkened so that thin lines show on white.
constexpr Colour categories[] = {{0, 92, 150}, {200, 82, 0},  {0, 138, 106}, {176, 96, 148},
                                 {60, 60, 60}, {196, 144, 0}, {66, 160, 214}};

std::string escaped(std::string_view text) {
  std::string out;
  if (first_invalid_utf8(text)) text = {};
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
      case '\r':
      case '\t':
        out += ' ';
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) out += c;
    }
  }
  return out;
}

constexpr std::string_view fonts =
    "Helvetica Neue, Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif";

// Widths of DejaVu Sans in thousandths of the size, rounded up to a few classes: the widest of the
// usual fonts, so that nothing overlaps in the others.
int width_class(char c) noexcept {
  constexpr std::string_view narrow = "ijl'|.,:;!I ";
  constexpr std::string_view slim = "ft()[]{}/\\-\"r*`";
  constexpr std::string_view wide = "ABEKPSVXYCDHNRUwG&OQ";
  constexpr std::string_view widest = "mMW@%";
  if (narrow.find(c) != std::string_view::npos) return 320;
  if (slim.find(c) != std::string_view::npos) return 400;
  if (wide.find(c) != std::string_view::npos) return 770;
  if (widest.find(c) != std::string_view::npos) return 1000;
  return 636;
}

}  // namespace

std::string Colour::hex() const {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "#";
  for (const std::uint8_t channel : {red, green, blue}) {
    out += digits[channel >> 4U];
    out += digits[channel & 15U];
  }
  return out;
}

Colour ombre_ramp(double t) noexcept { return mixed(ramp_stops, t); }
Colour diverging_ramp(double t) noexcept { return mixed(diverging_stops, (t + 1) / 2); }
Colour category_colour(std::size_t index) noexcept {
  return categories[index % std::size(categories)];
}

double luminance(Colour colour) noexcept {
  return 0.2126 * to_linear(colour.red) + 0.7152 * to_linear(colour.green) +
         0.0722 * to_linear(colour.blue);
}

Colour ink_on(Colour ground) noexcept {
  // Where the contrasts with black and with white are equal: sqrt(1.05 * 0.05) - 0.05.
  return luminance(ground) > 0.179 ? Colour{20, 20, 20} : Colour{255, 255, 255};
}

std::vector<double> nice_ticks(double low, double high, std::size_t wanted) {
  std::vector<double> ticks;
  if (!std::isfinite(low) || !std::isfinite(high) || !(low < high) || wanted == 0) return ticks;
  const double rough = (high - low) / static_cast<double>(wanted);
  if (!std::isfinite(rough) || rough <= 0) return ticks;
  const double exponent = std::floor(std::log10(rough));
  const double ratio = rough / std::pow(10.0, exponent);
  const double mantissa = ratio <= 1.0001   ? 1
                          : ratio <= 2.0001 ? 2
                          : ratio <= 2.5001 ? 2.5
                          : ratio <= 5.0001 ? 5
                                            : 10;
  // Dividing by a power of ten gives the decimal number itself, multiplying by its inverse not.
  const double scale = std::pow(10.0, std::abs(exponent));
  const auto at = [&](double k) {
    return exponent < 0 ? k * mantissa / scale : k * mantissa * scale;
  };
  const double step = at(1);
  // A range that small cannot be told apart at this size of numbers.
  if (step < 1e-12 * std::max(std::abs(low), std::abs(high))) return ticks;
  for (double k = std::ceil(low / step - 1e-9); at(k) <= high + step * 1e-9 && ticks.size() < 1000;
       ++k) {
    ticks.push_back(at(k));
  }
  for (double& tick : ticks) tick = tick == 0 ? 0 : tick;  // no minus zero
  return ticks;
}

std::vector<double> log_ticks(double low, double high) {
  std::vector<double> ticks;
  if (!(low > 0) || !std::isfinite(high) || !(low < high)) return ticks;
  const double decades = std::log10(high / low);
  for (int power = static_cast<int>(std::floor(std::log10(low)));
       power <= static_cast<int>(std::ceil(std::log10(high))); ++power) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      if (factor > 1 && decades > 3) continue;
      const double tick =
          power < 0 ? factor / std::pow(10.0, -power) : factor * std::pow(10.0, power);
      if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push_back(tick);
    }
  }
  return ticks;
}

std::vector<DateTick> date_ticks(Date first, Date last, std::size_t most) {
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::vector<DateTick> ticks;
  if (last < first || most == 0) return ticks;
  const std::int32_t days = (last - first).count();
  if (days < 60) {
    std::int32_t step = 1;
    for (const std::int32_t candidate : {1, 2, 7, 14, 28}) {
      step = candidate;
      if (static_cast<std::size_t>(days / candidate) + 1 <= most) break;
    }
    for (std::int32_t d = 0; d <= days; d += step) {
      const Date day = first + Days{d};
      ticks.push_back({day, day.iso()});
    }
    return ticks;
  }
  const auto start = first.ymd();
  const std::int32_t total_months = days / 30 + 2;
  std::int32_t step = 1;
  for (const std::int32_t candidate : {1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000, 12000}) {
    step = candidate;
    if (static_cast<std::size_t>(total_months / candidate) <= most) break;
  }
  // Months counted from year 0, so that steps fall on January.
  std::int32_t month = start.year * 12 + start.month - 1;
  month += (step - month % step) % step;
  for (;; month += step) {
    const auto day = Date::from_ymd(month / 12, month % 12 + 1, 1);
    if (!day || last < *day) break;
    if (*day < first) continue;
    const std::string year = std::to_string(month / 12);
    const std::string name{months[static_cast<std::size_t>(month % 12)]};
    const bool with_year = ticks.empty() || month % 12 == 0;
    std::string label = step >= 12 ? year : name;
    if (step < 12 && with_year) (label += ' ') += year;
    ticks.push_back({*day, std::move(label)});
  }
  return ticks;
}

double text_width(std::string_view text, double size) noexcept {
  int thousandths = 0;
  std::string_view rest = text;
  while (!rest.empty()) {
    if (static_cast<unsigned char>(rest.front()) < 0x80) {
      thousandths += width_class(rest.front());
      rest.remove_prefix(1);
      continue;
    }
    std::size_t bytes = 1;
    while (bytes < rest.size() && (static_cast<unsigned char>(rest[bytes]) & 0xC0U) == 0x80U) {
      ++bytes;
    }
    thousandths += 600 * static_cast<int>(display_width(rest.substr(0, bytes)));
    rest.remove_prefix(bytes);
  }
  return thousandths * size / 1000;
}

std::string Svg::number(double value) {
  if (!std::isfinite(value)) return "0";
  const double hundredths = std::clamp(value, -1e7, 1e7) * 100;
  const auto rounded = std::llround(hundredths);
  const bool negative = rounded < 0;
  const auto size = static_cast<unsigned long long>(std::llabs(rounded));
  std::string out = (negative ? "-" : "") + std::to_string(size / 100);
  if (size % 100 != 0) {
    out += '.';
    out += static_cast<char>('0' + size % 100 / 10);
    if (size % 10 != 0) out += static_cast<char>('0' + size % 10);
  }
  return out;
}

Svg::Svg(double width, double height, std::string_view title, std::string_view description) {
  const std::string w = number(width);
  const std::string h = number(height);
  out_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + w + "\" height=\"" + h +
         "\" viewBox=\"0 0 " + w + ' ' + h + "\" role=\"img\" font-family=\"" + std::string{fonts} +
         "\">\n<title>" + escaped(title) + "</title>\n";
  if (!description.empty()) out_ += "<desc>" + escaped(description) + "</desc>\n";
  out_ += "<rect width=\"" + w + "\" height=\"" + h + "\" fill=\"#ffffff\"/>\n";
}

void Svg::put_paint(const Paint& paint) {
  out_ += " fill=\"" + (paint.fill.empty() ? "none" : escaped(paint.fill)) + '"';
  if (!paint.stroke.empty()) {
    out_ += " stroke=\"" + escaped(paint.stroke) + '"';
    if (paint.stroke_width != 1) out_ += " stroke-width=\"" + number(paint.stroke_width) + '"';
    if (!paint.dash.empty()) out_ += " stroke-dasharray=\"" + escaped(paint.dash) + '"';
  }
  if (paint.opacity < 1) out_ += " opacity=\"" + number(paint.opacity) + '"';
}

Svg& Svg::rect(double x, double y, double width, double height, const Paint& paint, double corner) {
  out_ += "<rect x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" + number(width) +
          "\" height=\"" + number(height) + '"';
  if (corner > 0) out_ += " rx=\"" + number(corner) + '"';
  put_paint(paint);
  out_ += "/>\n";
  return *this;
}

Svg& Svg::line(double x1, double y1, double x2, double y2, const Paint& paint) {
  out_ += "<line x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2) +
          "\" y2=\"" + number(y2) + '"';
  put_paint(paint);
  out_ += "/>\n";
  return *this;
}

Svg& Svg::circle(double x, double y, double radius, const Paint& paint) {
  out_ += "<circle cx=\"" + number(x) + "\" cy=\"" + number(y) + "\" r=\"" + number(radius) + '"';
  put_paint(paint);
  out_ += "/>\n";
  return *this;
}

Svg& Svg::put_points(std::string_view element, std::span<const double> points, const Paint& paint) {
  out_ += '<';
  out_ += element;
  out_ += " points=\"";
  for (std::size_t i = 0; i + 1 < points.size(); i += 2) {
    if (i > 0) out_ += ' ';
    out_ += number(points[i]) + ',' + number(points[i + 1]);
  }
  out_ += '"';
  put_paint(paint);
  out_ += " stroke-linejoin=\"round\"/>\n";
  return *this;
}

Svg& Svg::polyline(std::span<const double> points, const Paint& paint) {
  return put_points("polyline", points, paint);
}
Svg& Svg::polygon(std::span<const double> points, const Paint& paint) {
  return put_points("polygon", points, paint);
}

Svg& Svg::path(std::string_view data, const Paint& paint, bool crisp) {
  out_ += "<path d=\"";
  out_ += data;
  out_ += '"';
  put_paint(paint);
  if (crisp) out_ += " shape-rendering=\"crispEdges\"";
  out_ += "/>\n";
  return *this;
}

Svg& Svg::text(double x, double y, std::string_view words, const TextPaint& paint) {
  out_ += "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" font-size=\"" +
          number(paint.size) + "\" fill=\"" + escaped(paint.fill) + '"';
  if (paint.anchor == Anchor::middle) out_ += " text-anchor=\"middle\"";
  if (paint.anchor == Anchor::end) out_ += " text-anchor=\"end\"";
  if (paint.bold) out_ += " font-weight=\"600\"";
  if (paint.rotate != 0) {
    out_ +=
        " transform=\"rotate(" + number(paint.rotate) + ' ' + number(x) + ' ' + number(y) + ")\"";
  }
  out_ += '>' + escaped(words) + "</text>\n";
  return *this;
}

Svg& Svg::begin_group(std::string_view tooltip) {
  out_ += "<g>\n";
  if (!tooltip.empty()) out_ += "<title>" + escaped(tooltip) + "</title>\n";
  return *this;
}

Svg& Svg::end_group() {
  out_ += "</g>\n";
  return *this;
}

Svg& Svg::hatch(std::string_view id, std::string_view ground, std::string_view line,
                double distance, double width) {
  const std::string d = number(distance);
  out_ += "<defs><pattern id=\"" + escaped(id) + "\" width=\"" + d + "\" height=\"" + d +
          "\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"" + d +
          "\" height=\"" + d + "\" fill=\"" + escaped(ground) +
          "\"/><line x1=\"0\" y1=\"0\" "
          "x2=\"0\" y2=\"" +
          d + "\" stroke=\"" + escaped(line) + "\" stroke-width=\"" + number(2 * width) +
          "\"/></pattern></defs>\n";
  return *this;
}

Svg& Svg::dots(std::string_view id, std::string_view ground, std::string_view dot, double distance,
               double radius) {
  const std::string d = number(distance);
  out_ += "<defs><pattern id=\"" + escaped(id) + "\" width=\"" + d + "\" height=\"" + d +
          "\" patternUnits=\"userSpaceOnUse\"><rect width=\"" + d + "\" height=\"" + d +
          "\" fill=\"" + escaped(ground) + "\"/><circle cx=\"" + number(distance / 2) + "\" cy=\"" +
          number(distance / 2) + "\" r=\"" + number(radius) + "\" fill=\"" + escaped(dot) +
          "\"/></pattern></defs>\n";
  return *this;
}

Svg& Svg::fade(std::string_view id, double x1, double x2, std::span<const Stop> stops) {
  out_ += "<defs><linearGradient id=\"" + escaped(id) +
          "\" gradientUnits=\"userSpaceOnUse\" x1=\"" + number(x1) + "\" y1=\"0\" x2=\"" +
          number(x2) + "\" y2=\"0\">";
  for (const Stop& stop : stops) {
    out_ += "<stop offset=\"" + number(100 * std::clamp(stop.at, 0.0, 1.0)) + "%\" stop-color=\"" +
            stop.colour.hex() + "\"/>";
  }
  out_ += "</linearGradient></defs>\n";
  return *this;
}

std::string Svg::finish() && {
  out_ += "</svg>\n";
  return std::move(out_);
}

}  // namespace ombre::inline v0::io
