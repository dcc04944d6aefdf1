// The methods of `ombre analyse`, one row each.
#include <array>

#include "io/analysis_method.hpp"

namespace ombre::inline v0::io::detail {

Result<Json> analyse_bootstrap_survival(const AnalysisInput& input);
Result<Json> analyse_cox(const AnalysisInput& input);
Result<Json> analyse_cox_path(const AnalysisInput& input);
Result<Json> analyse_kaplan_meier(const AnalysisInput& input);
Result<Json> analyse_logrank(const AnalysisInput& input);
Result<Json> analyse_parametric_survival(const AnalysisInput& input);
Result<Json> analyse_rmst_two_sample(const AnalysisInput& input);

namespace {

constexpr std::array methods = {
    AnalysisMethod{"bootstrap_survival", analyse_bootstrap_survival},
    AnalysisMethod{"cox", analyse_cox},
    AnalysisMethod{"cox_path", analyse_cox_path},
    AnalysisMethod{"kaplan_meier", analyse_kaplan_meier},
    AnalysisMethod{"logrank", analyse_logrank},
    AnalysisMethod{"parametric_survival", analyse_parametric_survival},
    AnalysisMethod{"rmst_two_sample", analyse_rmst_two_sample},
};

}  // namespace

std::span<const AnalysisMethod> analysis_methods() noexcept { return methods; }

}  // namespace ombre::inline v0::io::detail
