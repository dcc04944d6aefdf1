#include "ombre/io/endpoint_report.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "ombre/io/csv_writer.hpp"
#include "ombre/io/svg.hpp"
#include "ombre/io/table.hpp"

namespace ombre::inline v0::io {
namespace {

using outcomes::ArmContrast;
using outcomes::ArmResult;
using outcomes::EndpointAgreement;
using outcomes::EndpointComparison;
using outcomes::ResultType;

constexpr double cluster_height = 0.5;

struct Estimate {
  std::optional<double> value;
  std::optional<double> low;
  std::optional<double> high;
};

Estimate estimate_of(const ArmResult& r) {
  if (r.events) {
    Estimate e;
    e.value = static_cast<double>(r.events->events) / static_cast<double>(r.events->n);
    if (r.wilson) {
      e.low = r.wilson->low;
      e.high = r.wilson->high;
    }
    return e;
  }
  if (r.mean) return {r.mean->mean, r.mean->low, r.mean->high};
  return {};
}

const ArmContrast* contrast_of(const EndpointComparison& c, std::size_t arm) {
  for (const ArmContrast& contrast : c.contrasts) {
    if (contrast.arm == arm) return &contrast;
  }
  return nullptr;
}

std::optional<double> p_of(const ArmContrast& c) {
  if (c.fisher) return c.fisher->p;
  if (c.log_rank) return c.log_rank->p;
  if (c.ranks) return c.ranks->p;
  return std::nullopt;
}

std::string_view test_of(const ArmContrast& c) {
  if (c.fisher) return "fisher";
  if (c.log_rank) return "log_rank";
  if (c.ranks) return "wilcoxon";
  return {};
}

void put_pooled(CsvWriter& csv, const std::optional<stats::Pooled>& pooled) {
  if (!pooled) {
    csv.missing().missing().missing();
    return;
  }
  csv.number(pooled->estimate).number(pooled->low).number(pooled->high);
}

void put_contrast(CsvWriter& csv, const ArmContrast* c, std::span<const std::string> arms) {
  if (c == nullptr) {
    for (int i = 0; i < 14; ++i) csv.missing();
    return;
  }
  csv.text(arms[c->reference]).number(c->difference);
  if (c->difference_interval) {
    csv.number(c->difference_interval->low).number(c->difference_interval->high);
  } else {
    csv.missing().missing();
  }
  if (c->ratio) {
    csv.number(c->ratio->value).number(c->ratio->low).number(c->ratio->high);
  } else {
    csv.missing().missing().missing();
  }
  if (c->fisher) {
    csv.number(c->fisher->odds_ratio).number(c->fisher->low).number(c->fisher->high);
  } else {
    csv.missing().missing().missing();
  }
  csv.text(test_of(*c)).number(p_of(*c));
  if (c->ranks) {
    csv.number(c->ranks->probability).number(c->ranks->median_difference);
  } else {
    csv.missing().missing();
  }
}

std::string with_interval(const Estimate& e, bool percent) {
  if (!e.value) return {};
  const double scale = percent ? 100 : 1;
  const int decimals = percent ? 1 : 2;
  std::string text = readable(scale * *e.value, decimals);
  if (percent) text += " %";
  if (e.low && e.high) {
    text += " (" + readable(scale * *e.low, decimals) + " to " +
            readable(scale * *e.high, decimals) + ")";
  }
  return text;
}

std::string p_text(std::optional<double> p) {
  if (!p) return {};
  return *p < 0.001 ? "<0.001" : readable(*p, 3);
}

}  // namespace

Result<std::string> arm_table_csv(std::span<const EndpointComparison> comparisons,
                                  std::span<const std::string> arms) {
  CsvWriter csv{{"endpoint",
                 "type",
                 "arm",
                 "people",
                 "without_value",
                 "events",
                 "estimate",
                 "low",
                 "high",
                 "exact_low",
                 "exact_high",
                 "sd",
                 "total_time",
                 "worst",
                 "best",
                 "missed_share",
                 "reference",
                 "difference",
                 "difference_low",
                 "difference_high",
                 "ratio",
                 "ratio_low",
                 "ratio_high",
                 "odds_ratio",
                 "odds_ratio_low",
                 "odds_ratio_high",
                 "test",
                 "p",
                 "chance_higher",
                 "median_difference",
                 "imputed",
                 "imputed_low",
                 "imputed_high",
                 "missing_information",
                 "imputed_difference",
                 "imputed_difference_low",
                 "imputed_difference_high"}};
  for (const EndpointComparison& c : comparisons) {
    for (const ArmResult& r : c.arms) {
      csv.text(c.id).text(name(c.type)).text(arms[r.arm]);
      csv.integer(static_cast<std::int64_t>(r.people));
      csv.integer(static_cast<std::int64_t>(r.without_value));
      if (r.events) {
        csv.integer(static_cast<std::int64_t>(r.events->events));
      } else {
        csv.missing();
      }
      const Estimate e = estimate_of(r);
      csv.number(e.value).number(e.low).number(e.high);
      if (r.exact) {
        csv.number(r.exact->low).number(r.exact->high);
      } else {
        csv.missing().missing();
      }
      csv.number(r.mean ? r.mean->sd : std::nullopt);
      csv.number(r.total_time).number(r.worst).number(r.best).number(r.missed_share);
      const ArmContrast* contrast = contrast_of(c, r.arm);
      put_contrast(csv, contrast, arms);
      put_pooled(csv, r.imputed);
      csv.number(r.imputed ? std::optional<double>{r.imputed->missing_information} : std::nullopt);
      put_pooled(csv, contrast != nullptr ? contrast->imputed_difference : std::nullopt);
      csv.end_row();
    }
  }
  return csv.finish();
}

std::string arm_table_text(std::span<const EndpointComparison> comparisons,
                           std::span<const std::string> arms, bool markdown) {
  std::vector<TextTable::Column> columns{{"endpoint"}};
  for (std::size_t a = 0; a < arms.size(); ++a) {
    std::uint64_t people = 0;
    if (!comparisons.empty()) {
      people = comparisons[0].arms[a].people + comparisons[0].arms[a].without_value;
    }
    columns.push_back({(arms[a].empty() ? "(no arm)" : arms[a]) + ", n=" + std::to_string(people)});
  }
  std::size_t reference = 0;
  if (!comparisons.empty() && !comparisons[0].contrasts.empty()) {
    reference = comparisons[0].contrasts[0].reference;
    for (const ArmContrast& c : comparisons[0].contrasts) {
      columns.push_back({arms[c.arm] + " - " + arms[reference]});
      columns.push_back({"p", Align::right});
    }
  }
  TextTable table{std::move(columns)};
  for (const EndpointComparison& c : comparisons) {
    const bool percent = c.type == ResultType::yes_no || c.type == ResultType::share ||
                         c.type == ResultType::time_event;
    std::vector<std::string> cells{c.id};
    bool imputed = false;
    for (const ArmResult& r : c.arms) {
      std::string cell = with_interval(estimate_of(r), percent);
      // The header counts everybody in the arm; who has no value is not in this estimate.
      if (r.without_value > 0 && !cell.empty()) cell += ", n=" + std::to_string(r.people);
      cells.push_back(std::move(cell));
      imputed = imputed || r.imputed.has_value();
    }
    for (const ArmContrast& contrast : c.contrasts) {
      Estimate e{contrast.difference, std::nullopt, std::nullopt};
      if (contrast.difference_interval) {
        e.low = contrast.difference_interval->low;
        e.high = contrast.difference_interval->high;
      }
      cells.push_back(c.type == ResultType::time_event ? "" : with_interval(e, percent));
      cells.push_back(p_text(p_of(contrast)));
    }
    table.row(std::move(cells));
    if (!imputed) continue;
    const auto pooled = [percent](const std::optional<stats::Pooled>& p) {
      return p ? with_interval({p->estimate, p->low, p->high}, percent) : std::string{};
    };
    std::vector<std::string> filled{"  missed weeks imputed"};
    for (const ArmResult& r : c.arms) filled.push_back(pooled(r.imputed));
    for (const ArmContrast& contrast : c.contrasts) {
      filled.push_back(pooled(contrast.imputed_difference));
      filled.emplace_back();
    }
    table.row(std::move(filled));
  }
  return markdown ? table.markdown() : table.terminal();
}

Result<std::string> agreement_csv(const EndpointAgreement& a) {
  CsvWriter csv{{"first", "second", "people", "agreement", "kappa", "correlation", "first_cluster",
                 "second_cluster"}};
  const auto cluster = a.clusters.cut(cluster_height);
  for (std::size_t i = 0; i < a.ids.size(); ++i) {
    for (std::size_t j = i + 1; j < a.ids.size(); ++j) {
      const std::size_t here = a.at(i, j);
      csv.text(a.ids[i]).text(a.ids[j]).integer(static_cast<std::int64_t>(a.n[here]));
      csv.number(a.agreement[here]).number(a.kappa[here]).number(a.correlation[here]);
      csv.integer(static_cast<std::int64_t>(cluster[i] + 1));
      csv.integer(static_cast<std::int64_t>(cluster[j] + 1));
      csv.end_row();
    }
  }
  return csv.finish();
}

std::string agreement_svg(const EndpointAgreement& a) {
  constexpr double cell = 13;
  constexpr double text_size = 9.5;
  const auto k = static_cast<double>(a.ids.size());
  double label = 0;
  for (const std::string& id : a.ids) label = std::max(label, text_width(id, text_size));
  const double left = label + 14;
  const double top = label + 44;
  const double width = left + k * cell + 20;
  const double height = top + k * cell + 60;
  Svg svg{
      width, height, "How the endpoint definitions agree",
      "Spearman correlation of every pair of definitions, each turned so that higher is better; "
      "definitions that belong together stand side by side."};
  svg.rect(0, 0, width, height, {.fill = "#ffffff"});
  svg.text(12, 22, "Agreement of endpoint definitions (Spearman correlation)",
           {.size = 14, .bold = true});
  const auto cluster = a.clusters.cut(cluster_height);
  for (std::size_t r = 0; r < a.ids.size(); ++r) {
    const std::size_t i = a.clusters.order[r];
    const double y = top + static_cast<double>(r) * cell;
    svg.text(left - 6, y + cell - 3.5, a.ids[i], {.size = text_size, .anchor = Anchor::end});
    svg.text(left + static_cast<double>(r) * cell + cell - 3.5, top - 6, a.ids[i],
             {.size = text_size, .rotate = -90});
    for (std::size_t c = 0; c < a.ids.size(); ++c) {
      const std::size_t j = a.clusters.order[c];
      const auto rho = a.correlation[a.at(i, j)];
      std::string tip = a.ids[i] + " and " + a.ids[j] + ": ";
      tip += rho ? "correlation " + readable(*rho, 2) : "no correlation (one does not vary)";
      if (const auto kappa = a.kappa[a.at(i, j)]) tip += ", kappa " + readable(*kappa, 2);
      svg.begin_group(tip);
      svg.rect(left + static_cast<double>(c) * cell, y, cell - 1, cell - 1,
               {.fill = rho ? diverging_ramp(*rho).hex() : std::string{"#e8e8e8"}});
      svg.end_group();
    }
    // A line where one group of definitions ends and the next begins.
    if (r > 0 && cluster[i] != cluster[a.clusters.order[r - 1]]) {
      const double at = static_cast<double>(r) * cell - 0.5;
      svg.line(left, top + at, left + k * cell, top + at,
               {.stroke = "#222222", .stroke_width = 0.7});
      svg.line(left + at, top, left + at, top + k * cell,
               {.stroke = "#222222", .stroke_width = 0.7});
    }
  }
  // Legend: -1 .. 1.
  const double legend_y = top + k * cell + 16;
  for (int s = 0; s <= 20; ++s) {
    const double rho = -1 + s / 10.0;
    svg.rect(left + s * 9.0, legend_y, 9, 10, {.fill = diverging_ramp(rho).hex()});
  }
  svg.text(left, legend_y + 24, "-1", {.size = 10});
  svg.text(left + 94, legend_y + 24, "0", {.size = 10, .anchor = Anchor::middle});
  svg.text(left + 189, legend_y + 24, "1", {.size = 10, .anchor = Anchor::end});
  return std::move(svg).finish();
}

}  // namespace ombre::inline v0::io
