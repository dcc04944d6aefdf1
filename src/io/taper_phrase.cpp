#include "taper_phrase.hpp"

#include <algorithm>

namespace ombre::inline v0::io::detail {

namespace {

using namespace plans;  // NOLINT: this file speaks about nothing else

// The product's own name where the caller gave one; empty where it is made of strength and form.
std::string own_label(const Product& product) {
  Result<Product> plain =
      product.is_liquid()
          ? Product::liquid(product.strength(), product.graduation(), product.largest_volume())
      : product.form() == Form::patch
          ? Product::patch(product.strength(), product.wear_days())
          : Product::piece(product.form(), product.strength(), product.division());
  return plain && plain->label() == product.label() ? std::string{} : product.label();
}

std::string form_key(Form form) {
  std::string key = "form." + std::string{name(form)};
  for (char& c : key) {
    if (c == ' ' || c == '-') c = '_';
  }
  return key;
}

std::string plain_piece(const TaperLanguage& words, const Piece& piece, const Product& product) {
  const std::string label = own_label(product);
  const std::string strength = words.amount(product.strength());
  if (product.is_liquid()) {
    const std::string volume = words.amount(piece.volume);
    return label.empty()
               ? words.say("piece.volume", {{"volume", volume}, {"strength", strength}})
               : words.say("piece.volume_labelled", {{"volume", volume}, {"label", label}});
  }
  const auto n = static_cast<std::int64_t>(piece.count);
  std::string id = piece.quarters == 4   ? "piece.whole"
                   : piece.quarters == 2 ? "piece.half"
                                         : "piece.quarter";
  if (!label.empty()) return words.count(id + "_labelled", n, {{"label", label}});
  const std::string form = words.count(form_key(product.form()), n);
  return words.count(id, n, {{"form", form}, {"strength", strength}});
}

// A piece that lasts several days says so, or what is done with it on one day of its step.
std::string piece_phrase(const TaperLanguage& words, const Piece& piece, const Product& product,
                         std::optional<int> day_of_step) {
  std::string out = plain_piece(words, piece, product);
  const std::int32_t wear = product.wear_days();
  if (wear <= 1) return out;
  if (day_of_step) {
    return words.say(*day_of_step % wear == 0 ? "piece.put_on" : "piece.stays_on",
                     {{"piece", out}});
  }
  return words.count("piece.worn", wear, {{"piece", out}});
}

}  // namespace

Result<void> check_tellable(const TaperPlan& plan) {
  if (!plan.now().steps.empty()) return {};
  return unexpected(error_of(Errc::contradiction, "plan", "has no steps"));
}

bool prescribed(const TaperPlan& plan) {
  return std::ranges::any_of(plan.request().lines,
                             [](const TaperLine& line) { return line.what.prescribed; });
}

std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  }
  return out;
}

std::string substances(const TaperLanguage& words, const TaperPlan& plan) {
  std::string out;
  for (const TaperLine& line : plan.request().lines) {
    const std::string name = one_line(line.what.name);
    out = out.empty() ? name : words.say("list.and", {{"first", out}, {"last", name}});
  }
  return out;
}

std::string dose_phrase(const TaperLanguage& words, const LineDose& dose, Per per) {
  if (dose.amount.is_zero()) return words.say("dose.none");
  const std::string amount = words.amount(dose.amount);
  if (per == Per::week) return words.say("dose.per_week", {{"amount", amount}});
  if (dose.every_n_days == 2) return words.say("dose.every_second_day", {{"amount", amount}});
  if (dose.every_n_days > 2) {
    return words.say("dose.every_n_days",
                     {{"amount", amount}, {"count", std::to_string(dose.every_n_days)}});
  }
  // A rate holds at every hour: "a day" beside it would be another amount.
  if (dose.amount.unit() == DoseUnit::mcg_per_h) return amount;
  return words.say("dose.per_day", {{"amount", amount}});
}

std::string goal_phrase(const TaperLanguage& words, const TaperGoal& goal, Per per) {
  LineDose arrived;
  if (goal.amount) arrived.amount = *goal.amount;
  const std::string amount = dose_phrase(words, arrived, per);
  switch (goal.kind) {
    case GoalKind::zero:
      break;
    case GoalKind::lower_amount:
      return words.say("goal.lower_amount", {{"amount", amount}});
    case GoalKind::safer_pattern:
      return words.say("goal.safer_pattern", {{"amount", amount}});
    case GoalKind::undecided:
      return words.say("goal.undecided");
  }
  return words.say("goal.zero");
}

std::string made_phrase(const TaperLanguage& words, const Dispensed& intake,
                        std::span<const Product> products, std::optional<int> day_of_step) {
  std::string out;
  for (const Piece& piece : intake.pieces) {
    if (piece.product >= products.size()) continue;
    if (!out.empty()) out += " + ";
    out += piece_phrase(words, piece, products[piece.product], day_of_step);
  }
  return out;
}

std::string label_of(const TaperLanguage& words, const Product& product) {
  std::string own = own_label(product);
  if (!own.empty() || words.tag() == "en") return product.label();
  const std::string strength = words.amount(product.strength());
  return words.count(form_key(product.form()), 1) + " " + strength;
}

std::string clock_time(const TaperLanguage& words, int minute_of_day) {
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return words.say("time",
                   {{"hour", two(minute_of_day / 60)}, {"minute", two(minute_of_day % 60)}});
}

std::string intake_label(const TaperLanguage& words, const IntakeNow& intake, std::size_t index) {
  const std::string label =
      intake.label.empty() ? words.say("intake.numbered", {{"number", std::to_string(index + 1)}})
                           : one_line(intake.label);
  if (!intake.minute_of_day) return label;
  const std::string time = clock_time(words, *intake.minute_of_day);
  return words.say("intake.timed", {{"label", label}, {"time", time}});
}

std::vector<IntakeGroup> intake_groups(const TaperLine& line, const LineDose& dose) {
  std::vector<IntakeGroup> out;
  const std::size_t n = dose.intakes.size();
  // Told as one only where every intake of the day is the same: "2 times a day" of three would
  // leave open which.
  bool alike = n > 1;
  for (std::size_t i = 0; alike && i < n; ++i) {
    const bool plain = i >= line.intakes.size() ||
                       (line.intakes[i].label.empty() && !line.intakes[i].minute_of_day);
    alike = plain && dose.intakes[i] == dose.intakes[0] &&
            (dose.dispensed.size() < n || dose.dispensed[i].pieces == dose.dispensed[0].pieces);
  }
  if (alike && !dose.intakes[0].is_zero()) return {{0, n}};
  for (std::size_t i = 0; i < n; ++i) {
    if (!dose.intakes[i].is_zero()) out.push_back({i, 1});
  }
  return out;
}

std::vector<WornPart> worn_parts(const Dispensed& intake, std::span<const Product> products) {
  std::vector<WornPart> out;
  for (const Piece& piece : intake.pieces) {
    if (piece.product >= products.size()) return {};
    const Product& product = products[piece.product];
    if (product.form() != Form::patch) return {};
    const auto amount = Amount::from_micro(
        product.strength().micro() * static_cast<std::int64_t>(piece.count), product.unit());
    if (!amount) return {};
    const auto same = std::ranges::find(out, product.wear_days(), &WornPart::days);
    if (same == out.end()) {
      out.push_back({product.wear_days(), *amount});
    } else if (const auto sum = same->amount.plus(*amount)) {
      same->amount = *sum;
    }
  }
  const bool daily = std::ranges::all_of(out, [](const WornPart& p) { return p.days == 1; });
  return daily ? std::vector<WornPart>{} : out;
}

std::string full_dose(const TaperLanguage& words, const TaperLine& line, const LineDose& dose,
                      std::optional<int> day_of_step) {
  std::string out = dose_phrase(words, dose, line.per);
  if (dose.amount.is_zero() || line.per == Per::week) return out;
  const auto groups = intake_groups(line, dose);
  std::string parts;
  for (const IntakeGroup& group : groups) {
    const std::size_t i = group.first;
    std::string made;
    if (i < dose.dispensed.size()) {
      made = made_phrase(words, dose.dispensed[i], line.products, day_of_step);
    }
    const bool named = i < line.intakes.size() &&
                       (!line.intakes[i].label.empty() || line.intakes[i].minute_of_day);
    if (dose.intakes.size() == 1 && !named) {
      parts = made;
      break;
    }
    if (!parts.empty()) parts += "; ";
    parts += group.count > 1 || !named
                 ? group.count > 1
                       ? words.count("intake.every_time", static_cast<std::int64_t>(group.count))
                       : intake_label(words, IntakeNow{}, i)
                 : intake_label(words, line.intakes[i], i);
    parts += ": " + words.amount(dose.intakes[i]);
    if (!made.empty()) parts += " = " + made;
  }
  return parts.empty() ? out : out + ": " + parts;
}

const Change* acceptance(const TaperPlan& plan) {
  const Change* found = nullptr;
  for (std::size_t v = 1; v <= plan.version(); ++v) {
    const Change& change = plan.history().change(v);
    if (change.what == "accept") found = &change;
  }
  return found;
}

bool goes_on(const TaperPlan& plan) {
  const TaperVersion& now = plan.now();
  return !now.ends && now.review && !now.steps.empty() &&
         (now.status == PlanStatus::on_hold || now.status == PlanStatus::care_goes_on);
}

std::vector<std::string> goes_on_lines(const TaperLanguage& words, const TaperPlan& plan) {
  std::vector<std::string> out;
  if (!goes_on(plan)) return out;
  const TaperStep& last = plan.now().steps.back();
  for (std::size_t l = 0; l < last.doses.size(); ++l) {
    if (last.doses[l].amount.is_zero()) continue;
    const TaperLine& line = plan.request().lines[l];
    out.push_back(
        words.say("hold.goes_on", {{"substance", one_line(line.what.name)},
                                   {"date", words.date(last.last)},
                                   {"dose", dose_phrase(words, last.doses[l], line.per)}}));
  }
  return out;
}

std::vector<std::string> status_lines(const TaperLanguage& words, const TaperPlan& plan) {
  std::vector<std::string> out;
  const TaperVersion& now = plan.now();
  if (!now.accepted) {
    out.push_back(words.say(prescribed(plan) ? "status.draft_prescribed" : "status.draft_own"));
  } else if (const Change* accepted = acceptance(plan)) {
    out.push_back(words.say("accepted.by",
                            {{"name", accepted->by.name}, {"date", words.date(accepted->on)}}));
  }
  if (now.review && now.status == PlanStatus::on_hold) {
    out.push_back(words.say("status.on_hold", {{"date", words.long_date(*now.review)}}));
  } else if (now.review && now.status == PlanStatus::care_goes_on) {
    out.push_back(words.say("status.care_goes_on", {{"date", words.long_date(*now.review)}}));
  }
  return out;
}

}  // namespace ombre::inline v0::io::detail
