#pragma once
/// @file
/// From a file of words to a file of endpoint results, in one pass and in bounded memory.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ombre/core/export.hpp"
#include "ombre/core/finding.hpp"
#include "ombre/core/progress.hpp"
#include "ombre/core/result.hpp"
#include "ombre/io/csv.hpp"
#include "ombre/io/use_csv.hpp"
#include "ombre/outcomes/endpoint_plan.hpp"
#include "ombre/outcomes/word_columns.hpp"

namespace ombre::inline v0::io {

/// How a table of words is read.
struct WordCsvOptions {
  std::string person{};  ///< column of the person's id; empty = found by itself
  /// Column of the word; empty = found by itself. `a+b` puts the words of columns a and b one
  /// after the other, such as the phases of a trial (unless a column is really called that).
  std::string word{};
  std::string arm{};  ///< column of the trial arm; empty = none (read_words only)
  /// A word with an unknown symbol: keep the person without results, or stop.
  OnDoubt on_doubt = OnDoubt::set_aside;
  CsvOptions csv{};
};

/// A table of words in memory.
struct WordTable {
  std::vector<std::string> person;
  outcomes::WordColumns words;
  std::vector<std::uint8_t> usable;  ///< 0: there is no word, or it could not be read
  std::vector<std::string> arms;     ///< names of the arms, in order of first appearance
  std::vector<std::uint32_t> arm;    ///< index into arms; empty without an arm column
};

/// Reads all words. Findings: `unknown_symbol` (warning; the person is kept, unusable),
/// `empty_word` (warning; no word, no results), `duplicate_person` (warning; both rows are kept),
/// `no_person` (warning), `no_arm` (caution; such a person belongs to an arm without name, which
/// `ombre endpoints` leaves out of comparisons).
/// @par Errors those of CsvReader and find_columns; with OnDoubt::stop also the first bad word
[[nodiscard]] OMBRE_EXPORT Result<WordTable> read_words(const std::string& path,
                                                        const WordCsvOptions& options,
                                                        Findings& findings);

enum class EndpointLayout : std::uint8_t {
  wide,  ///< one row a person: `who`, then one column an endpoint (`_time` and `_event` for times)
  tidy   ///< one row a person and endpoint: `who,endpoint,value,event`
};

/// What write_endpoints did.
struct EndpointRun {
  std::uint64_t people = 0;
  std::uint64_t without_results = 0;  ///< they have no word, or it could not be read
  std::size_t shortest_word = 0;
  std::size_t longest_word = 0;
};

/// Column names of a result table.
[[nodiscard]] OMBRE_EXPORT std::vector<std::string> endpoint_columns(
    const outcomes::EndpointPlan& plan, EndpointLayout layout);

/// Reads words from `reader`, evaluates the plan and hands CSV text to `write`, piece by piece in
/// row order, the header first. Booleans are `true` and `false`, events 1 and 0, what has no value
/// is empty. Where the plan was compiled with honesty, each endpoint is followed by its worst and
/// best case and by the weeks it looks at and how many of them were missed.
///
/// The bytes do not depend on the runner. Memory: about 25 MB a worker, and up to 70 MB to find an
/// id that comes twice. Of files with ids in no order only the first 4 million people are compared,
/// and a finding says so; ids that ascend (shorter ones first) are always all compared.
///
/// Findings: as read_words, and `window_outside_word` (warning: an endpoint looks only at weeks the
/// word does not have) and `window_cut` (note: the word ends within the weeks it looks at), one
/// count for each person and endpoint, with the first person as example.
/// @par Errors those of the reader, of `write`, cancelled; with OnDoubt::stop the first bad word
[[nodiscard]] OMBRE_EXPORT Result<EndpointRun> write_endpoints(
    CsvReader& reader, const outcomes::EndpointPlan& plan, EndpointLayout layout,
    const WordCsvOptions& options, const std::function<Result<void>(std::string_view)>& write,
    Findings& findings, const Runner& runner = serial(), const Progress& progress = {});

}  // namespace ombre::inline v0::io
