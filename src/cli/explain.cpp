// `ombre explain`: what a word means, and where it comes from.

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/explanations.hpp"
#include "cli/output.hpp"
#include "core/text.hpp"
#include "ombre/io/json.hpp"
#include "ombre/outcomes/endpoint_builtin.hpp"

namespace ombre::cli {
namespace {

struct Options {
  std::vector<std::string> words;
  std::string kind, format, output;
  bool full = false;
};

/// Letter case, blanks, hyphens and underscores do not matter when one asks.
using ascii::squeezed;

/// Breaks a paragraph into lines of at most 78 columns under an indent.
std::string wrapped(std::string_view text, std::string_view indent) {
  std::string out;
  std::size_t start = 0;
  while (start <= text.size()) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    std::string_view line = text.substr(start, end - start);
    start = end + 1;
    std::string current{indent};
    while (!line.empty()) {
      const std::size_t space = std::min(line.find(' '), line.size());
      const std::string_view word = line.substr(0, space);
      line.remove_prefix(std::min(space + 1, line.size()));
      if (current.size() > indent.size() && current.size() + 1 + word.size() > 78) {
        out += current + '\n';
        current = indent;
      }
      if (current.size() > indent.size()) current += ' ';
      current += word;
    }
    out += current + '\n';
  }
  return out;
}

std::string page_of(const Explanation& e) {
  std::string out = e.name + "  (" + e.kind + ")\n";
  out += wrapped(e.title, "  ");
  if (!e.text.empty()) out += '\n' + wrapped(e.text, "  ");
  if (!e.aliases.empty()) {
    std::string also = "Also called: ";
    for (std::size_t i = 0; i < e.aliases.size(); ++i) also += (i == 0 ? "" : ", ") + e.aliases[i];
    out += '\n' + wrapped(also, "  ");
  }
  if (!e.sources.empty()) out += "\n  Sources\n";
  for (const Citation& c : e.sources) {
    std::string line{c.source->citation};
    if (!c.source->edition.empty()) line += " (" + std::string{c.source->edition} + ")";
    line += " [" + std::string{name(c.confidence)} + "]";
    out += wrapped(line, "    ");
  }
  return out;
}

void write_json(io::JsonWriter& json, const Explanation& e) {
  json.begin_object();
  json.key("name").text(e.name).key("kind").text(e.kind).key("title").text(e.title);
  json.key("text").text(e.text).key("aliases").begin_list();
  for (const std::string& alias : e.aliases) json.text(alias);
  json.end_list().key("sources").begin_list();
  for (const Citation& c : e.sources) {
    json.begin_object().key("id").text(c.source->id).key("citation").text(c.source->citation);
    json.key("edition").text(c.source->edition);
    json.key("confidence").text(name(c.confidence)).end_object();
  }
  json.end_list().end_object();
}

Exit list_all(const Options& o, const std::vector<Explanation>& all) {
  auto sink =
      RowSink::create(o.output, choose_format(o.format, o.output), {"kind", "name", "title"});
  if (!sink) return fail(sink.error());
  for (const Explanation& e : all) {
    if (!o.kind.empty() && e.kind != o.kind) continue;
    sink->text(e.kind).text(e.name).text(e.title);
    if (auto row = sink->end_row(); !row) return fail(row.error());
  }
  auto done = sink->commit();
  return done ? Exit::ok : fail(done.error());
}

/// Names that share letters with what was asked, best first.
std::string suggestions(const std::vector<Explanation>& all, const std::string& asked) {
  const std::string key = squeezed(asked);
  std::vector<std::string_view> names;
  std::string out;
  int found = 0;
  for (const Explanation& e : all) {
    names.emplace_back(e.name);
    if (found < 8 && !key.empty() &&
        squeezed(e.name + ' ' + e.title).find(key) != std::string::npos) {
      out += (found++ == 0 ? "" : ", ") + e.name;
    }
  }
  if (found > 0) return "did you mean " + out + "?";
  if (const auto near = io::nearest_word(asked, names)) {
    return "did you mean " + std::string{*near} + "?";
  }
  return "`ombre explain` alone lists every name";
}

std::vector<const Explanation*> called(const std::vector<Explanation>& all,
                                       const std::string& asked, const std::string& kind) {
  const std::string key = squeezed(asked);
  std::vector<const Explanation*> found;
  for (const Explanation& e : all) {
    const bool hit =
        squeezed(e.name) == key ||
        std::ranges::any_of(e.aliases, [&](const auto& alias) { return squeezed(alias) == key; });
    if (hit && (kind.empty() || e.kind == kind)) found.push_back(&e);
  }
  return found;
}

/// A page for an endpoint under another horizon or missing rule, as `ombre endpoints` names it.
std::optional<Explanation> changed_endpoint(const std::string& asked) {
  const outcomes::ChangedId id = outcomes::read_changed_id(asked);
  if (!id.weeks && !id.missing) return std::nullopt;
  const outcomes::Registry registry = outcomes::builtin_endpoints();
  const outcomes::Endpoint* original = registry.find(id.base);
  if (original == nullptr) return std::nullopt;
  outcomes::Endpoint changed = *original;
  if (id.weeks) {
    auto followed = changed.with_horizon(*id.weeks);
    if (!followed) return std::nullopt;
    changed = *std::move(followed);
  }
  if (id.missing) changed = changed.with_missing(*id.missing);
  Explanation page = outcomes::explain(changed);
  page.name = asked;
  std::string how = "Not the published definition:";
  if (id.weeks) how += " everybody is followed for " + std::to_string(*id.weeks) + " weeks";
  if (id.weeks && id.missing) how += ", and";
  if (id.missing) {
    how +=
        " missed weeks are treated as \"" + std::string{name(*id.missing)} + "\" before it looks";
  }
  page.text = how + ".\n" + page.text;
  return page;
}

Exit run(const Options& o) {
  std::vector<Explanation> all = all_explanations();
  for (const std::string& word : o.words) {
    if (auto page = changed_endpoint(word)) all.push_back(*std::move(page));
  }
  if (!o.kind.empty() &&
      std::ranges::none_of(all, [&](const Explanation& e) { return e.kind == o.kind; })) {
    std::vector<std::string> kinds;
    for (const Explanation& e : all) {
      if (std::ranges::find(kinds, e.kind) == kinds.end()) kinds.push_back(e.kind);
    }
    std::string text = "no kind is called \"" + o.kind + "\"; there are";
    for (std::size_t i = 0; i < kinds.size(); ++i) text += (i == 0 ? " " : ", ") + kinds[i];
    return fail(text);
  }
  if (o.words.empty() && !o.full) return list_all(o, all);

  std::string asked;
  for (const std::string& word : o.words) asked += (asked.empty() ? "" : " ") + word;
  // One name of several words, or several names.
  std::vector<const Explanation*> found;
  if (o.words.empty()) {
    for (const Explanation& e : all) {
      if (o.kind.empty() || e.kind == o.kind) found.push_back(&e);
    }
  } else {
    found = called(all, asked, o.kind);
  }
  if (found.empty()) {
    for (const std::string& word : o.words) {
      const auto some = called(all, word, o.kind);
      if (some.empty()) {
        return fail("nothing is called \"" + shown(o.words.size() > 1 ? word : asked) + "\"; " +
                    suggestions(all, word));
      }
      found.insert(found.end(), some.begin(), some.end());
    }
  }
  std::string out;
  if (choose_format(o.format, o.output) == Format::json) {
    io::JsonWriter json;
    json.begin_list();
    for (const Explanation* e : found) write_json(json, *e);
    auto text = json.end_list().finish();
    if (!text) return fail(text.error());
    out = std::move(*text);
  } else {
    for (const Explanation* e : found) out += (out.empty() ? "" : "\n") + page_of(*e);
  }
  auto written = write_text(o.output, out);
  return written ? Exit::ok : fail(written.error());
}

const Command command{
    "explain", "What a metric, substance, rule or endpoint is, and its sources", 30,
    [](CLI::App& app) -> Command::Run {
      auto o = std::make_shared<Options>();
      app.footer(
          "\nWithout a name: the list of everything that can be explained.\n\n"
          "  ombre explain pda\n  ombre explain lorazepam\n  ombre explain --kind metric");
      app.add_option("NAME", o->words, "Name or alias; case, blanks, hyphens do not matter");
      app.add_option("--kind", o->kind, "Only this kind, such as metric or substance");
      app.add_flag("--full", o->full, "Without a name: every page in full, not the list");
      add_format_option(app, o->format);
      app.add_option("-o,--output", o->output, "File to write; appears whole or not at all");
      return [o] { return run(*o); };
    }};

}  // namespace
}  // namespace ombre::cli
