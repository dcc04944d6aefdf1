// Stands in for libFuzzer where clang is missing: feeds every file of the folders and files named
// on the command line to the fuzz target, and a set of small built-in inputs besides, so that each
// target also runs in the ordinary tests and under every sanitizer.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Bytes = std::vector<std::uint8_t>;

void run(const Bytes& bytes) { LLVMFuzzerTestOneInput(bytes.data(), bytes.size()); }

Bytes read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

// The input itself, each of its first prefixes, and copies with a few bytes changed (same seed,
// same changes), which reaches the error paths that lie one byte beside a valid file.
std::size_t run_with_neighbours(const Bytes& bytes, std::mt19937_64& random) {
  run(bytes);
  std::size_t runs = 1;
  const std::size_t prefixes = std::min<std::size_t>(bytes.size(), 64);
  for (std::size_t size = 0; size < prefixes; ++size, ++runs) {
    run(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)));
  }
  if (bytes.empty()) return runs;
  for (int copy = 0; copy < 64; ++copy, ++runs) {
    Bytes changed = bytes;
    const std::size_t changes = 1 + random() % 4;
    for (std::size_t i = 0; i < changes; ++i) {
      changed[random() % changed.size()] = static_cast<std::uint8_t>(random());
    }
    run(changed);
  }
  return runs;
}

}  // namespace

int main(int argc, char** argv) {
  std::mt19937_64 random{20240229};
  std::size_t runs = 0;

  const std::string built_in[] = {"",
                                  "\n",
                                  "\r\n",
                                  "\xEF\xBB\xBF",
                                  "\"",
                                  ",",
                                  "{}",
                                  "[",
                                  std::string(3, '\0'),
                                  std::string(4096, 'a'),
                                  std::string(4096, ','),
                                  std::string(4096, '"')};
  for (const std::string& text : built_in) {
    runs += run_with_neighbours(Bytes(text.begin(), text.end()), random);
  }

  std::vector<std::filesystem::path> files;
  for (int i = 1; i < argc; ++i) {
    const std::filesystem::path path{argv[i]};
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) {
      for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
        if (entry.is_regular_file()) files.push_back(entry.path());
      }
    } else if (std::filesystem::exists(path, error)) {
      files.push_back(path);
    }
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) runs += run_with_neighbours(read_file(file), random);

  std::printf("%zu files, %zu inputs: none of them crashed the target\n", files.size(), runs);
  return 0;
}
