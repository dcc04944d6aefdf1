// The readers of taper documents: any bytes give a request, a plan, an answer, a front or an
// error; what was accepted is written and read back in the same bytes; a request gives an answer
// and its plan passes its own check; a plan that was read can be worked with.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "ombre/io/taper_json.hpp"
#include "ombre/plans/taper_check.hpp"
#include "ombre/plans/taper_operations.hpp"

namespace {

namespace io = ombre::io;
namespace plans = ombre::plans;

std::string text_of(const io::Json& json) {
  auto text = io::json_text(json, {0});
  if (!text) std::abort();
  return *std::move(text);
}

// Written, read and written again: the same bytes.
template <class Read, class Write, class T>
void expect_same_bytes(const T& value, Read read, Write write) {
  const std::string text = text_of(write(value));
  const auto again = read(text);
  if (!again) std::abort();
  if (text_of(write(*again)) != text) std::abort();
}

void look_at_plan(const plans::TaperPlan& plan) {
  if (!plans::check_plan(plan)) std::abort();
  if (const auto guarded = plans::check_guards(plan);
      guarded && guarded->findings.size() > 100'000) {
    std::abort();
  }
  expect_same_bytes(
      plan, [](const std::string& text) { return io::parse_taper_plan(text); },
      [](const plans::TaperPlan& p) { return io::taper_plan_json(p); });
}

void use_plan(const plans::TaperPlan& plan) {
  look_at_plan(plan);
  const plans::TaperVersion& now = plan.now();
  for (std::size_t line = 0; line < plan.request().lines.size(); ++line) {
    (void)plans::supply_of(plan, line);
  }
  if (now.steps.empty()) return;
  plans::Decision decision{
      plan.history().change().on, {"somebody", plans::Role::clinician}, "fuzz", {}, std::nullopt};
  const ombre::Date from = now.steps.back().first;
  if (from < decision.on) return;
  const auto keep = [](const ombre::Result<plans::TaperAnswer>& answer) {
    if (!answer) {
      if (describe(answer.error()).empty()) std::abort();
    } else if (answer->plan) {
      look_at_plan(*answer->plan);
    }
  };
  keep(plans::hold(plan, from, from + ombre::Days{14}, decision));
  keep(plans::shift(plan, from, ombre::Days{3}, decision));
  keep(plans::change_pace(plan, from, {1, 2}, decision));
  keep(plans::resume(plan, from + ombre::Days{20}, true, decision));
  keep(plans::step_back(plan, from, now.steps.front().id, 0, decision));
}

void use_request(const plans::TaperRequest& request) {
  expect_same_bytes(
      request, [](const std::string& text) { return io::parse_taper_request(text); },
      [](const plans::TaperRequest& r) { return io::taper_request_json(r); });
  const auto answer = plans::make_taper(request);
  if (!answer) {
    if (describe(answer.error()).empty()) std::abort();
    return;
  }
  if (answer->plan) use_plan(*answer->plan);
  expect_same_bytes(
      *answer, [](const std::string& text) { return io::parse_taper_answer(text); },
      [](const plans::TaperAnswer& a) { return io::taper_answer_json(a); });
}

template <class T>
bool read_or_described(const ombre::Result<T>& read) {
  if (!read && describe(read.error()).empty()) std::abort();
  return read.has_value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto document = io::parse_json(text);
  if (!read_or_described(document)) return 0;
  const auto kind = io::taper_file_kind(*document);
  if (!read_or_described(kind)) return 0;
  switch (*kind) {
    case io::TaperFile::request:
      if (const auto read = io::parse_taper_request(text); read_or_described(read)) {
        use_request(*read);
      }
      break;
    case io::TaperFile::plan:
      if (const auto read = io::parse_taper_plan(text); read_or_described(read)) use_plan(*read);
      break;
    case io::TaperFile::answer:
      if (const auto read = io::parse_taper_answer(text); read_or_described(read)) {
        expect_same_bytes(
            *read, [](const std::string& t) { return io::parse_taper_answer(t); },
            [](const plans::TaperAnswer& a) { return io::taper_answer_json(a); });
      }
      break;
    case io::TaperFile::best_request:
      if (const auto read = io::parse_best_taper(text); read_or_described(read)) {
        expect_same_bytes(
            *read, [](const std::string& t) { return io::parse_best_taper(t); },
            [](const io::BestTaperAsked& a) { return io::best_taper_json(a); });
      }
      break;
    case io::TaperFile::front:
      if (const auto read = io::parse_best_taper_front(text); read_or_described(read)) {
        expect_same_bytes(
            *read, [](const std::string& t) { return io::parse_best_taper_front(t); },
            [](const plans::BestTaperFront& f) { return io::best_taper_front_json(f); });
      }
      break;
  }
  return 0;
}
