#include "ombre/spectrum/instruments.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "core/cited.hpp"
#include "core/text.hpp"
#include "instrument_tables.hpp"
#include "ombre/core/error.hpp"

namespace ombre::inline v0::spectrum {
namespace {

constexpr const Source& assist_source = cited::who_assist_2010;

std::string bands_text(std::span<const ScoreBand> bands, double low) {
  std::string out;
  double from = low;
  bool first = true;
  for (const ScoreBand& band : bands) {
    if (!out.empty()) out += "; ";
    out += std::string{band.name} + ' ' +
           (first ? shortest(from) + " to " : std::string{"up to "}) + shortest(band.up_to);
    if (!band.advice.empty()) out += " (" + std::string{band.advice} + ')';
    first = false;
  }
  return out;
}

// The answers an item takes: "0 to 4", "0, 2 or 4", "0 or 1".
std::string values_text(const ItemKind& kind) {
  if (kind.only == 0) {
    if (kind.whole && kind.high - kind.low == 1) {
      return shortest(kind.low) + " or " + shortest(kind.high);
    }
    return shortest(kind.low) + " to " + shortest(kind.high) +
           (kind.whole ? "" : ", fractions too");
  }
  std::vector<std::string> values;
  for (int v = 0; v < 64; ++v) {
    if ((kind.only >> static_cast<unsigned>(v) & 1U) != 0) values.push_back(std::to_string(v));
  }
  std::string out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    out += (i == 0 ? "" : i + 1 == values.size() ? " or " : ", ") + values[i];
  }
  return out;
}

// What a file for `ombre score` calls the items, and what each may hold. Neighbours that take the
// same answers stand together.
std::string items_text(const Instrument& instrument) {
  std::string out;
  const auto name = [&instrument](std::size_t i) {
    const std::string_view own = instrument.item_name(i);
    return instrument.item_names.empty() ? "q" + std::string{own} : std::string{own};
  };
  for (std::size_t i = 0; i < instrument.items;) {
    const ItemKind* kind = instrument.kind_of(i);
    std::size_t end = i + 1;
    while (end < instrument.items && instrument.kind_of(end) == kind) ++end;
    if (!out.empty()) out += "; ";
    if (instrument.item_names.empty() && end - i > 1) {
      out += name(i) + " to " + name(end - 1);
    } else {
      for (std::size_t k = i; k < end; ++k) out += (k == i ? "" : ", ") + name(k);
    }
    if (kind != nullptr) {
      out += ": " + values_text(*kind);
      if (kind->reversed) out += " (counted the other way round)";
    }
    i = end;
  }
  return out;
}

Explanation explain(const Instrument& instrument) {
  Explanation page;
  page.name = instrument.id;
  page.kind = "instrument";
  page.title = instrument.title;
  page.text = std::to_string(instrument.items) + " items";
  if (!instrument.window.empty()) page.text += ", about " + std::string{instrument.window};
  page.text += ". Only scores go in; the questions belong to their authors.";
  page.text += "\nItems and their values: " + items_text(instrument) + '.';
  for (const Scale& scale : instrument.scales) {
    page.text += '\n' + std::string{scale.id} + ": " + std::string{scale.title} + ", " +
                 shortest(scale.low) + " to " + shortest(scale.high);
    if (scale.higher == Higher::better) page.text += ", higher is better";
    if (scale.may_miss > 0) {
      page.text += "; " + std::to_string(scale.may_miss) +
                   " missing at most, each counted as the mean of the others";
    }
    page.text += '.';
  }
  for (const BandScheme& scheme : instrument.schemes) {
    const Scale& scale = *instrument.scale(scheme.scale);
    page.text += '\n' + std::string{scheme.title} + " [" + std::string{scheme.id} + "]: ";
    if (scheme.for_women.empty()) {
      page.text += bands_text(scheme.bands, scale.low) + '.';
    } else {
      page.text += "men: " + bands_text(scheme.bands, scale.low) +
                   "; women: " + bands_text(scheme.for_women, scale.low) + '.';
    }
    if (!scheme.note.empty()) page.text += " Note: " + std::string{scheme.note} + '.';
    if (scheme.source != nullptr && scheme.source != instrument.source) {
      page.sources.push_back({scheme.source, scheme.confidence});
    }
  }
  if (!instrument.note.empty()) page.text += "\nNote: " + std::string{instrument.note} + '.';
  if (!instrument.loinc_total.empty()) {
    page.text += "\nLOINC code of the total: " + std::string{instrument.loinc_total} + '.';
  }
  page.sources.insert(page.sources.begin(), {instrument.source, instrument.confidence});
  std::vector<Citation> once;
  for (const Citation& cited : page.sources) {
    if (std::ranges::none_of(once, [&](const Citation& c) { return c.source == cited.source; })) {
      once.push_back(cited);
    }
  }
  page.sources = std::move(once);
  return page;
}

}  // namespace

Result<const Instrument*> find_instrument(std::string_view name) {
  const std::string key = ascii::squeezed(name);
  for (const Instrument& instrument : instruments()) {
    if (ascii::squeezed(instrument.id) == key) return &instrument;
  }
  std::string rule = "is not an instrument; the instruments are";
  for (const Instrument& instrument : instruments()) (rule += ' ') += instrument.id;
  return unexpected(error_at(Errc::unknown_name, "instrument", std::nullopt, name, rule));
}

std::string_view name(AssistInjecting injecting) noexcept {
  constexpr std::array<std::string_view, 4> names{"never", "not_recent", "up_to_weekly",
                                                  "weekly_or_in_runs"};
  return names[static_cast<std::size_t>(injecting)];
}

Sourced<std::string_view> assist_injecting_advice(AssistInjecting injecting) noexcept {
  std::string_view says = "nothing to add to the scores";
  if (injecting == AssistInjecting::not_recent || injecting == AssistInjecting::up_to_weekly) {
    says = "brief intervention with the card on the risks of injecting";
  } else if (injecting == AssistInjecting::weekly_or_in_runs) {
    says = "further assessment and more intensive treatment";
  }
  return {says, &assist_source, Confidence::known, {}};
}

std::vector<Explanation> explain_instruments() {
  std::vector<Explanation> out;
  for (const Instrument& instrument : instruments()) out.push_back(explain(instrument));
  return out;
}

}  // namespace ombre::inline v0::spectrum
