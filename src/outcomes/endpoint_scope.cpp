// Which periods a definition looks at: for the honesty numbers beside each result.
#include <algorithm>
#include <vector>

#include "ombre/outcomes/endpoint.hpp"
#include "outcomes/endpoint_tree.hpp"

namespace ombre::inline v0::outcomes {
namespace {

/// A word on its way through the definition, and where its symbols come from.
struct Traced {
  Word word;
  std::vector<std::size_t> origin;  // per symbol: position in the person's word from 1, or 0
  std::vector<char> scope;          // per period of the person's word: still looked at?
  enum class Order {
    kept,       // origins ascend and nothing lies between them but what was cut away
    shortened,  // missed periods were deleted
    moved       // positions no longer tell periods
  } order = Order::kept;
};

class Tracer {
 public:
  explicit Tracer(const Word& word) : person_{word}, looked_at_(word.size(), 0) {}

  void walk(const ExpressionNode& node) {
    switch (node.op) {
      case Op::count:
        look(traced(*node.parts[0]), std::get<CountDetail>(node.detail).weeks);
        return;
      case Op::contains:
        look(traced(*node.parts[0]), std::get<ContainsDetail>(node.detail).weeks);
        return;
      case Op::size:
      case Op::longest_run:
      case Op::weigh:
      case Op::one_of:
      case Op::first_window:
        look(traced(*node.parts[0]), Weeks{});
        return;
      case Op::last_seen:
        return;  // attendance is known, also where the visit was missed
      default:
        for (const NodePtr& part : node.parts) walk(*part);
    }
  }

  [[nodiscard]] const std::vector<char>& looked_at() const { return looked_at_; }

 private:
  Traced traced(const ExpressionNode& node) const {
    if (node.op == Op::word) {
      Traced t{person_, {}, std::vector<char>(person_.size(), 1)};
      for (std::size_t i = 1; i <= person_.size(); ++i) t.origin.push_back(i);
      return t;
    }
    Traced t = traced(*node.parts[0]);
    switch (node.op) {
      case Op::recode:
        recoded(t, std::get<RecodeDetail>(node.detail));
        break;
      case Op::window:
        windowed(t, std::get<WindowDetail>(node.detail).weeks);
        break;
      case Op::impute: {
        if (auto filled = impute(t.word, std::get<ImputeRule>(node.detail))) t.word = *filled;
        settle(t);
        break;
      }
      case Op::view:
        viewed(t, std::get<ViewDetail>(node.detail));
        break;
      default:
        break;
    }
    return t;
  }

  static void settle(Traced& t) {
    if (t.order == Traced::Order::shortened) t.order = Traced::Order::moved;
  }

  static void recoded(Traced& t, const RecodeDetail& r) {
    if (!r.to) {
      std::vector<std::size_t> kept;
      for (std::size_t i = 0; i < t.word.size(); ++i) {
        if (t.word[i] != r.from) kept.push_back(t.origin[i]);
      }
      t.origin = std::move(kept);
      if (t.order == Traced::Order::kept) t.order = Traced::Order::shortened;
    }
    t.word = recode(t.word, r.from, r.to);
  }

  static void windowed(Traced& t, const Weeks& weeks) {
    settle(t);
    const Clipped part = clip(detail::resolved(weeks, t.word), t.word.size());
    const auto first = static_cast<std::size_t>(part.first);
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < part.size(); ++i) kept.push_back(t.origin[first - 1 + i]);
    t.word = window(t.word, detail::resolved(weeks, t.word));
    t.origin = std::move(kept);
    if (t.order == Traced::Order::kept) keep_origins(t);
    // Counted from the end, positions stand for other periods in every word.
    if (weeks.start.kind == Position::Kind::last_seen || weeks.start.offset < 0) {
      t.order = Traced::Order::moved;
    }
  }

  static void viewed(Traced& t, const ViewDetail& v) {
    settle(t);
    t.word = view(t.word, v.plan, v.visit, v.no_visit);
    t.origin.resize(t.word.size(), 0);
    for (std::size_t i = 0; i < t.word.size(); ++i) {
      if (v.plan[i] == v.no_visit) t.origin[i] = 0;
    }
    if (t.order == Traced::Order::kept) keep_origins(t);
  }

  static void keep_origins(Traced& t) {
    std::vector<char> scope(t.scope.size(), 0);
    for (const std::size_t o : t.origin) {
      if (o > 0) scope[o - 1] = 1;
    }
    t.scope = std::move(scope);
  }

  void look(const Traced& t, const Weeks& weeks) {
    const Window w = detail::resolved(weeks, t.word);
    if (t.order == Traced::Order::kept) {
      const Clipped part = clip(w, t.word.size());
      for (std::size_t i = 0; i < part.size(); ++i) {
        const std::size_t o = t.origin[static_cast<std::size_t>(part.first) - 1 + i];
        if (o > 0) looked_at_[o - 1] = 1;
      }
      return;
    }
    // On a shortened word the deleted periods before the last one used were passed over, which is
    // a way of looking at them too.
    std::size_t until = person_.size();
    const bool first_few =
        t.order == Traced::Order::shortened && weeks.start.kind == Position::Kind::fixed &&
        (w.start == 1 || w.start == 0) && weeks.end.kind == Position::Kind::fixed && w.end > 0;
    if (first_few && static_cast<std::size_t>(w.end) <= t.word.size()) {
      until = t.origin[static_cast<std::size_t>(w.end) - 1];
    }
    for (std::size_t i = 0; i < until; ++i) {
      if (t.scope[i] != 0) looked_at_[i] = 1;
    }
  }

  const Word& person_;
  std::vector<char> looked_at_;
};

/// Fixed positions of a definition in terms of the person's word.
struct Reacher {
  Endpoint::Reach reach;

  struct Place {
    int shift = 0;
    bool kept = true;
    std::optional<int> last{};
  };

  static std::optional<int> smaller(std::optional<int> a, std::optional<int> b) {
    if (a && b) return std::min(*a, *b);
    return a ? a : b;
  }

  Place place(const ExpressionNode& node) {
    if (node.op == Op::word) return {};
    Place p = place(*node.parts[0]);
    if (const auto* r = std::get_if<RecodeDetail>(&node.detail)) p.kept = p.kept && r->to;
    if (const auto* v = std::get_if<ViewDetail>(&node.detail)) {
      if (p.kept) p.last = smaller(p.last, p.shift + static_cast<int>(v->plan.size()));
    }
    if (const auto* w = std::get_if<WindowDetail>(&node.detail)) {
      if (p.kept && fixed(w->weeks.end)) {
        p.last = smaller(p.last, p.shift + w->weeks.end.offset);
      }
      if (!fixed(w->weeks.start)) {
        p.kept = false;
      } else {
        p.shift += std::max(1, w->weeks.start.offset) - 1;
      }
    }
    return p;
  }

  static bool fixed(Position position) {
    return position.kind == Position::Kind::fixed && position.offset >= 0;
  }

  void look(const Place& p, const Weeks& weeks) {
    if (p.last) reach.last = std::max(reach.last.value_or(0), *p.last);
    if (!p.kept) return;
    if (fixed(weeks.start)) {
      const int first = p.shift + std::max(1, weeks.start.offset);
      if (weeks.start.offset > 1 || p.shift > 0 || fixed(weeks.end)) {
        reach.first = std::min(reach.first.value_or(first), first);
      }
    }
    if (fixed(weeks.end)) {
      const std::optional<int> last = smaller(p.last, p.shift + weeks.end.offset);
      reach.last = std::max(reach.last.value_or(0), *last);
    }
  }

  void walk(const ExpressionNode& node) {
    if (const auto* c = std::get_if<CountDetail>(&node.detail)) {
      look(place(*node.parts[0]), c->weeks);
    } else if (const auto* s = std::get_if<ContainsDetail>(&node.detail)) {
      look(place(*node.parts[0]), s->weeks);
    } else if (!node.parts.empty() && node.parts[0]->kind == ValueKind::word) {
      if (node.op != Op::last_seen) look(place(*node.parts[0]), Weeks{});
    } else {
      for (const NodePtr& part : node.parts) walk(*part);
    }
  }
};

}  // namespace

MissingShare Endpoint::missing_share(const Word& word) const {
  Tracer tracer{word};
  tracer.walk(*root_);
  MissingShare result;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (tracer.looked_at()[i] == 0) continue;
    ++result.weeks;
    if (word[i] == Symbol::missed && !spec_.about_attendance) ++result.missed;
  }
  return result;
}

Endpoint::Reach Endpoint::reach() const {
  Reacher reacher;
  reacher.walk(*root_);
  return reacher.reach;
}

}  // namespace ombre::inline v0::outcomes
