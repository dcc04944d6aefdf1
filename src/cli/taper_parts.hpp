#pragma once
/// @file
/// Parts of `ombre taper` that its subcommands share: reading a request or a plan, writing a plan
/// in every format, and saying what a rule refused.

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cli/command.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/taper_json.hpp"
#include "ombre/plans/taper.hpp"

namespace ombre::cli {

/// A file is read once and may be any of these.
using TaperDocument = std::variant<plans::TaperRequest, plans::TaperPlan, io::BestTaperAsked>;
[[nodiscard]] Result<TaperDocument> read_taper_document(const std::string& path);
[[nodiscard]] Result<plans::TaperPlan> read_plan_only(const std::string& path);

/// How a plan is written.
struct TaperOutput {
  std::string format = "auto";
  std::string path = "-";
  std::string rows = "steps";             ///< of tables and CSV: steps, days, supply
  std::string reader = "person";          ///< of text: person, pharmacy
  std::string privacy = "plain_summary";  ///< of calendars
  bool each_intake = false;
  std::string remind_at;
  std::string subject;  ///< of FHIR
  bool transaction = false;
  bool stop_line = false;
  std::string contact;
  std::string today;
  std::string language;  ///< file with a translation

  void add_to(CLI::App& app);
};

[[nodiscard]] Exit write_plan(const plans::TaperPlan& plan, const TaperOutput& output);

/// Prints warnings of an allowed answer, or what a refused one says instead, on standard error;
/// gives Exit::refused for those. With `answer_path` the whole answer is written there as JSON.
[[nodiscard]] Exit tell(const plans::TaperAnswer& answer, const std::string& answer_path,
                        bool notes, const std::string& language = {});

/// Subcommands that change a plan: accept, hold, resume, shift, slow, speed, back, re-anchor, goal,
/// stop. Each adds itself and what to do when it was chosen.
void add_taper_operations(CLI::App& app, std::vector<std::pair<CLI::App*, Command::Run>>& runs);
/// `best`: the front of time against the largest drop.
void add_taper_best(CLI::App& app, std::vector<std::pair<CLI::App*, Command::Run>>& runs);

/// `read-fhir`: the steps of MedicationRequests of another program.
void add_taper_fhir(CLI::App& app, std::vector<std::pair<CLI::App*, Command::Run>>& runs);

}  // namespace ombre::cli
