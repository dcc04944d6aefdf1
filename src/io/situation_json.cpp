#include "ombre/io/situation_json.hpp"

#include <utility>
#include <vector>

namespace ombre::inline v0::io {
namespace {

using namespace context;

constexpr std::string_view format_name = "ombre-situation-1";
constexpr std::size_t most_factors = 10'000;
constexpr std::size_t most_substances = 1'000;

// Reads a name with the function that finds it; the first thing wrong is remembered in `in`.
template <class T>
std::optional<T> named(JsonFields& in, std::string_view key,
                       std::optional<T> (*find)(std::string_view) noexcept) {
  const auto text = in.optional_text(key);
  if (!text) return std::nullopt;
  const auto found = find(*text);
  if (!found) in.refuse(key, Errc::unknown_name, "is not a name that is used here");
  return found;
}

std::optional<Date> date(JsonFields& in, std::string_view key) {
  const auto text = in.optional_text(key);
  if (!text) return std::nullopt;
  const auto day = Date::parse(*text);
  if (day) return *day;
  in.refuse(key, day.error().code, day.error().rule);
  return std::nullopt;
}

Result<UsedSubstance> substance_of(const JsonView& view) {
  UsedSubstance out;
  JsonFields in{view};
  out.name = in.text("name");
  out.route = named<Route>(in, "route", find_route).value_or(Route::not_stated);
  out.prescribed = in.optional_boolean("prescribed");
  out.street = in.optional_boolean("street");
  if (auto read = in.finish(); !read) return unexpected(read.error());
  return out;
}

Result<FactorEntry> factor_of(const JsonView& view) {
  FactorEntry out;
  JsonFields in{view};
  out.factor = in.text("factor");
  if (const auto value = in.optional_any("value")) {
    if (const auto yes = value->value->as_boolean()) {
      out.value = *yes;
    } else if (const auto number = value->value->as_number()) {
      out.value = *number;
    } else {
      return unexpected(
          value->error(Errc::malformed, "must be true, false, a number, or null for not known"));
    }
  }
  out.on = date(in, "on");
  out.from = named<KnownFrom>(in, "from", find_known_from).value_or(KnownFrom::not_stated);
  if (in.ok() && out.from == KnownFrom::worked_out) {
    in.refuse("from", Errc::unsupported, "is for the library: say who said it");
  }
  out.note = in.optional_text("note").value_or("");
  if (auto read = in.finish(); !read) return unexpected(read.error());
  return out;
}

Result<Wishes> wishes_of(const JsonView& view) {
  Wishes out;
  JsonFields in{view};
  out.change_use = named<WillChangeUse>(in, "change_use", find_will_change_use)
                       .value_or(WillChangeUse::not_said);
  for (const std::string& text : in.optional_texts("prefers")) {
    const auto domain = find_domain(text);
    if (!domain) {
      in.refuse("prefers", Errc::unknown_name, "must be drug, set or setting");
      break;
    }
    out.prefers = out.prefers | *domain;
  }
  for (const std::string& text : in.optional_texts("worries")) {
    const auto harm = find_harm(text);
    if (!harm) {
      in.refuse("worries", Errc::unknown_name, "names a harm that is not in the list");
      break;
    }
    out.worries.push_back(*harm);
  }
  out.likes = in.optional_texts("likes");
  out.declines = in.optional_texts("declines");
  if (const auto burden = in.optional_integer("burden_at_most", 0, 3)) {
    out.burden_at_most = static_cast<int>(*burden);
  }
  if (auto read = in.finish(); !read) return unexpected(read.error());
  return out;
}

Json texts(const std::vector<std::string>& all) {
  Json out = Json::list();
  for (const std::string& text : all) out.add(Json::text(text));
  return out;
}

Json harms_json(Harms harms) {
  Json out = Json::list();
  for (const Harm harm : all_harms()) {
    if (harms.has(harm)) out.add(Json::text(name(harm)));
  }
  return out;
}

Json source_json(const Source* source, Confidence confidence) {
  Json out = Json::object();
  out.set("id", Json::text(source->id));
  out.set("citation", Json::text(source->citation));
  out.set("edition", Json::text(source->edition));
  out.set("confidence", Json::text(ombre::name(confidence)));
  return out;
}

Json rules_json(const std::vector<const HarmRule*>& rules) {
  Json out = Json::list();
  for (const HarmRule* rule : rules) {
    Json one = Json::object();
    one.set("rule", Json::text(rule->id));
    one.set("band", Json::text(name(rule->band)));
    one.set("says", Json::text(rule->says));
    one.set("when", Json::text(rule->when));
    one.set("source", source_json(rule->source, rule->confidence));
    out.add(std::move(one));
  }
  return out;
}

}  // namespace

Result<SituationDocument> situation_from(const JsonView& view) {
  SituationDocument out;
  JsonFields in{view};
  const std::string format = in.text("format");
  if (in.ok() && format != format_name) {
    in.refuse("format", Errc::unsupported, "must be \"ombre-situation-1\"");
  }
  out.situation.person = in.optional_text("person").value_or("");
  out.situation.on = date(in, "on");
  out.situation.nothing_else = in.optional_boolean("nothing_else");
  const auto substances = in.optional_list("substances");
  if (substances.size() > most_substances) {
    in.refuse("substances", Errc::too_large, "must be at most 1000");
  }
  const auto factors = in.optional_list("factors");
  if (factors.size() > most_factors) {
    in.refuse("factors", Errc::too_large, "must be at most 10000");
  }
  const auto wishes = in.optional_any("wishes");
  if (auto read = in.finish(); !read) return unexpected(read.error());
  for (const JsonView& item : substances) {
    auto one = substance_of(item);
    if (!one) return unexpected(one.error());
    out.situation.substances.push_back(*std::move(one));
  }
  for (const JsonView& item : factors) {
    auto one = factor_of(item);
    if (!one) return unexpected(one.error());
    out.situation.factors.push_back(*std::move(one));
  }
  if (wishes) {
    auto one = wishes_of(*wishes);
    if (!one) return unexpected(one.error());
    out.wishes = *std::move(one);
  }
  return out;
}

Result<SituationDocument> parse_situation(std::string_view json, std::string_view name) {
  const auto document = parse_json(json, name);
  if (!document) return unexpected(document.error());
  return situation_from(view_of(*document, name));
}

Result<SituationDocument> read_situation(const std::string& path) {
  const auto document = read_json(path);
  if (!document) return unexpected(document.error());
  return situation_from(view_of(*document, path));
}

Json situation_json(const SituationDocument& document) {
  const Situation& s = document.situation;
  Json out = Json::object();
  out.set("format", Json::text(format_name));
  if (!s.person.empty()) out.set("person", Json::text(s.person));
  if (s.on) out.set("on", Json::text(s.on->iso()));
  Json substances = Json::list();
  for (const UsedSubstance& used : s.substances) {
    Json one = Json::object();
    one.set("name", Json::text(used.name));
    if (used.route != Route::not_stated) one.set("route", Json::text(name(used.route)));
    if (used.prescribed) one.set("prescribed", Json::boolean(*used.prescribed));
    if (used.street) one.set("street", Json::boolean(*used.street));
    substances.add(std::move(one));
  }
  out.set("substances", std::move(substances));
  if (s.nothing_else) out.set("nothing_else", Json::boolean(*s.nothing_else));
  Json factors = Json::list();
  for (const FactorEntry& entry : s.factors) {
    Json one = Json::object();
    one.set("factor", Json::text(entry.factor));
    if (const bool* yes = std::get_if<bool>(&entry.value)) {
      one.set("value", Json::boolean(*yes));
    } else if (const double* number = std::get_if<double>(&entry.value)) {
      one.set("value", Json::number(*number));
    } else {
      one.set("value", Json{});
    }
    if (entry.on) one.set("on", Json::text(entry.on->iso()));
    if (entry.from != KnownFrom::not_stated) one.set("from", Json::text(name(entry.from)));
    if (!entry.note.empty()) one.set("note", Json::text(entry.note));
    factors.add(std::move(one));
  }
  out.set("factors", std::move(factors));
  const Wishes& w = document.wishes;
  if (!(w == Wishes{})) {
    Json wishes = Json::object();
    wishes.set("change_use", Json::text(name(w.change_use)));
    if (w.prefers.bits != 0) {
      Json domains = Json::list();
      for (const Domain d : {Domain::drug, Domain::set, Domain::setting}) {
        if (w.prefers.has(d)) domains.add(Json::text(name(d)));
      }
      wishes.set("prefers", std::move(domains));
    }
    if (!w.worries.empty()) {
      Json worries = Json::list();
      for (const Harm harm : w.worries) worries.add(Json::text(name(harm)));
      wishes.set("worries", std::move(worries));
    }
    if (!w.likes.empty()) wishes.set("likes", texts(w.likes));
    if (!w.declines.empty()) wishes.set("declines", texts(w.declines));
    if (w.burden_at_most) wishes.set("burden_at_most", Json::integer(*w.burden_at_most));
    out.set("wishes", std::move(wishes));
  }
  return out;
}

Json menu_json(const Facts& facts, const Menu& menu, const Findings& also) {
  const Catalogue& catalogue = facts.catalogue();
  Json out = Json::object();
  out.set("format", Json::text("ombre-menu-1"));
  Json bands = Json::list();
  for (const HarmBand& band : risks(facts).harms) {
    if (band.at_most == RiskBand::none_listed) continue;
    Json one = Json::object();
    one.set("harm", Json::text(name(band.harm)));
    one.set("at_least", Json::text(name(band.at_least)));
    one.set("at_most", Json::text(name(band.at_most)));
    one.set("words", Json::text(explain(band, facts)));
    one.set("reasons", rules_json(band.reasons));
    one.set("open", rules_json(band.open));
    Json changes = Json::list();
    for (const WouldChange& change : what_would_change(facts, band.harm)) {
      Json c = Json::object();
      c.set("factor", Json::text(catalogue.factors()[change.factor].id));
      c.set("to", Json::text(name(change.to)));
      c.set("at_least", Json::text(name(change.at_least)));
      c.set("at_most", Json::text(name(change.at_most)));
      c.set("by_asking", Json::boolean(change.by_asking));
      changes.add(std::move(c));
    }
    one.set("would_change", std::move(changes));
    bands.add(std::move(one));
  }
  out.set("bands", std::move(bands));
  Json warned = Json::list();
  Findings found = warnings(facts);  // must outlive the view of it
  found.merge(also);
  for (const Finding& finding : found.stored()) {
    Json one = Json::object();
    one.set("severity", Json::text(ombre::name(finding.severity)));
    one.set("rule", Json::text(finding.rule));
    one.set("text", Json::text(finding.text));
    warned.add(std::move(one));
  }
  out.set("warnings", std::move(warned));
  Json lines = Json::list();
  for (const MenuLine& line : menu.lines) {
    const Option& option = catalogue.options()[line.option];
    Json one = Json::object();
    one.set("option", Json::text(option.id));
    one.set("title", Json::text(option.title));
    one.set("plain", Json::text(option.plain));
    one.set("harm", Json::text(name(line.harm)));
    one.set("changes_use", Json::text(name(option.changes_use)));
    one.set("evidence", Json::text(name(option.evidence)));
    Json domains = Json::list();
    for (const Domain d : {Domain::drug, Domain::set, Domain::setting}) {
      if (option.domains.has(d)) domains.add(Json::text(name(d)));
    }
    one.set("domains", std::move(domains));
    Json moves = Json::list();
    for (const Catalogue::Term& move : catalogue.compiled().moves[line.option]) {
      Json m = Json::object();
      m.set("factor", Json::text(catalogue.factors()[move.factor].id));
      m.set("to", Json::text(name(move.want)));
      m.set("now", Json::text(name(facts.truth(move.factor))));
      moves.add(std::move(m));
    }
    one.set("moves", std::move(moves));
    one.set("lowers", harms_json(line.lowers));
    one.set("adds_layer", harms_json(line.adds_layer));
    one.set("perhaps", Json::boolean(line.perhaps));
    one.set("above_wish", Json::boolean(line.above_wish));
    Json points = Json::object();
    points.set("harm", Json::integer(line.points.harm));
    points.set("effect", Json::integer(line.points.effect));
    points.set("evidence", Json::integer(line.points.evidence));
    points.set("fit", Json::integer(line.points.fit));
    points.set("burden", Json::integer(line.points.burden));
    points.set("total", Json::integer(line.points.total()));
    one.set("points", std::move(points));
    one.set("words", Json::text(explain(line, facts)));
    one.set("cautions", Json::text(option.cautions));
    Json effects = Json::list();
    for (const Effect& effect : option.effects) {
      Json e = Json::object();
      e.set("says", Json::text(effect.says));
      e.set("source", source_json(effect.source, effect.confidence));
      effects.add(std::move(e));
    }
    one.set("effects", std::move(effects));
    lines.add(std::move(one));
  }
  out.set("options", std::move(lines));
  const auto ids = [&](const std::vector<std::size_t>& places) {
    Json list = Json::list();
    for (const std::size_t i : places) list.add(Json::text(catalogue.options()[i].id));
    return list;
  };
  out.set("in_place", ids(menu.in_place));
  out.set("declined", ids(menu.declined));
  Json withheld = Json::list();
  for (const Withheld& w : menu.withheld) {
    if (w.why != Withheld::Why::dangerous) continue;
    Json one = Json::object();
    one.set("option", Json::text(catalogue.options()[w.option].id));
    one.set("words", Json::text(explain(w, facts)));
    withheld.add(std::move(one));
  }
  out.set("held_back", std::move(withheld));
  return out;
}

}  // namespace ombre::inline v0::io
