// Analyses from any bytes. The table is one of our own, so that a spec gets as far as the methods.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "ombre/io/analysis_json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using namespace ombre;

// Made once, so that no spec reads anything else: any other name is refused below.
const std::string& folder() {
  static const std::string made = [] {
    const auto path = std::filesystem::temp_directory_path() / "ombre-analysis-fuzz";
    std::filesystem::create_directories(path);
    std::ofstream{path / "t.csv"} << "a,b,c,d,e\n5,1,0,x,2\n8,0,1,y,\n2,1,0,x,0.5\n9,1,2,y,1\n";
    return path.string();
  }();
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto spec =
      io::parse_json({reinterpret_cast<const char*>(data), size}, "fuzz", {64, 1U << 16U});
  if (!spec) return 0;
  const io::Json* file = spec->find("data");
  if (file != nullptr && file->as_text() != std::string_view{"t.csv"}) return 0;
  // Large counts of random relabellings or replicates take time, not thought.
  for (const char* slow : {"relabellings", "replicates", "iterations"}) {
    const io::Json* options = spec->find("options");
    if (options != nullptr && options->find(slow) != nullptr) return 0;
  }
  io::AnalysisOptions options;
  options.data_dir = folder();
  const auto done = io::analyse(*spec, options, "fuzz");
  if (done && !io::json_text(done->result)) __builtin_trap();  // what comes back can be written
  return 0;
}
