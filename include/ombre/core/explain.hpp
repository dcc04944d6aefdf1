#pragma once
/// @file
/// What `ombre explain NAME` shows: one entry of a table, a rule or a metric in words, with the
/// places it comes from. Every module that has something to explain offers a function that returns
/// a vector of these.

#include <string>
#include <vector>

#include "ombre/core/source.hpp"

namespace ombre::inline v0 {

/// A source and how sure we are of what was taken from it.
struct Citation {
  const Source* source = nullptr;  ///< never null in an Explanation that was handed out
  Confidence confidence = Confidence::known;
};

/// One thing a person may ask about.
struct Explanation {
  std::string name;   ///< the word to ask for, as the command line and the tables spell it
  std::string kind;   ///< "substance", "rule", "equivalence", "metric", ...
  std::string title;  ///< one line
  std::string text;   ///< one or more paragraphs; lines are not wrapped
  std::vector<Citation> sources{};
  std::vector<std::string> aliases{};  ///< other words that lead here
};

}  // namespace ombre::inline v0
