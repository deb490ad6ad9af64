#include "parse/server_config.h"

#include <algorithm>

namespace accesslog {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

bool IsBlank(char c) { return kBlanks.find(c) != std::string_view::npos; }

char Unescaped(char letter) {
  switch (letter) {
    case 't':
      return '\t';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    default:
      return letter;
  }
}

// `text` begins with the quote; returns what is behind the closing one.
std::string_view TakeQuoted(std::string_view text, std::string& word) {
  const char quote = text[0];
  for (size_t i = 1; i < text.size(); ++i) {
    if (text[i] == quote) return text.substr(i + 1);
    if (text[i] == '\\' && i + 1 < text.size()) {
      // A line that goes on in the next, in Apache's configuration.
      if (text[++i] != '\n') word += Unescaped(text[i]);
    } else {
      word += text[i];
    }
  }
  return {};
}

}  // namespace

std::string WithoutEscapes(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '\\' && i + 1 < text.size();
    plain += escape ? Unescaped(text[++i]) : text[i];
  }
  return plain;
}

std::string_view TrimBlanks(std::string_view text) {
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string_view TrimComments(std::string_view text) {
  text = TrimBlanks(text);
  while (text.starts_with('#') && text.find('\n') != std::string_view::npos) {
    text = TrimBlanks(text.substr(text.find('\n')));
  }
  return text;
}

std::vector<std::string> ConfigWords(std::string_view text) {
  std::vector<std::string> words;
  for (text = TrimBlanks(text); !text.empty() && text[0] != ';'; text = TrimBlanks(text)) {
    if (text[0] == '#') {
      text.remove_prefix(std::min(text.find('\n'), text.size()));
      continue;
    }
    if (text.starts_with("\\\n")) {
      text.remove_prefix(2);
      continue;
    }
    std::string& word = words.emplace_back();
    if (text[0] == '"' || text[0] == '\'') {
      text = TakeQuoted(text, word);
      continue;
    }
    while (!text.empty() && !IsBlank(text[0]) && text[0] != ';') {
      word += text[0];
      text.remove_prefix(1);
    }
  }
  return words;
}

}  // namespace accesslog
