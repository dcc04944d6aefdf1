#include "cli/delimiter.hpp"

#include <map>

namespace ombre::cli {

void add_delimiter_option(CLI::App& app, std::string& target, const std::string& option,
                          const std::string& help) {
  app.add_option(option, target, help)->capture_default_str();
}

Result<char> delimiter_of(const std::string& text, const std::string& option) {
  const std::map<std::string, char> words{
      {"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"\\t", '\t'}, {"pipe", '|'}};
  const auto word = words.find(text);
  if (word != words.end()) return word->second;
  const bool between =
      text.size() == 1 && text != "\"" && text != "\n" && text != "\r" && text[0] > 0;
  if (!between) {
    return unexpected(error_at(Errc::malformed, option, std::nullopt, text,
                               "must be one character other than a quote, or comma, semicolon, tab "
                               "or pipe"));
  }
  return text.front();
}

}  // namespace ombre::cli
