#include "support/exposition.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace accesslog {
namespace {

// Throws what is wrong; ParseExposition adds where.
using Wrong = std::runtime_error;

// Decodes code point by code point, as RFC 3629 says, and checks each.
void CheckUtf8(const std::string& text) {
  for (size_t i = 0; i < text.size();) {
    const auto first = static_cast<uint8_t>(text[i]);
    size_t length = 1;
    uint32_t code = first;
    if (first >= 0x80) {
      length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
      if (first < 0xC0 || first > 0xF7) throw Wrong("a byte that begins no character");
      code = first & (0x7FU >> length);
    }
    for (size_t k = 1; k < length; ++k) {
      const uint8_t next = i + k < text.size() ? static_cast<uint8_t>(text[i + k]) : 0;
      if ((next & 0xC0U) != 0x80) throw Wrong("a character cut short");
      code = code << 6U | (next & 0x3FU);
    }
    const uint32_t least = length == 1 ? 0 : length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
    if (code < least) throw Wrong("an overlong character");
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) throw Wrong("no Unicode character");
    i += length;
  }
}

class LineReader {
 public:
  explicit LineReader(std::string line) : line_(std::move(line)) {}

  bool AtEnd() const { return at_ == line_.size(); }
  std::string Rest() { return line_.substr(std::exchange(at_, line_.size())); }

  bool TakeIf(char c) {
    if (AtEnd() || line_[at_] != c) return false;
    ++at_;
    return true;
  }
  void Take(char c) {
    if (!TakeIf(c)) throw Wrong(std::string("'") + c + "' is missing before \"" + Rest() + "\"");
  }

  // [a-zA-Z_:][a-zA-Z0-9_:]*, the colon in metric names only.
  std::string TakeName(bool colon) {
    std::string name;
    while (!AtEnd()) {
      const auto c = static_cast<unsigned char>(line_[at_]);
      const bool digit = std::isdigit(c) != 0 && !name.empty();
      if (c >= 0x80 || (std::isalpha(c) == 0 && c != '_' && !digit && !(colon && c == ':'))) break;
      name += line_[at_++];
    }
    if (name.empty()) throw Wrong("a name is missing before \"" + Rest() + "\"");
    return name;
  }

  std::string TakeQuoted() {
    Take('"');
    std::string value;
    while (!TakeIf('"')) {
      if (AtEnd()) throw Wrong("a label value without end");
      char c = line_[at_++];
      if (c == '\\') {
        if (AtEnd()) throw Wrong("a label value without end");
        c = line_[at_++];
        if (c == 'n') {
          c = '\n';
        } else if (c != '\\' && c != '"') {
          throw Wrong(std::string("unknown escape \\") + c);
        }
      }
      value += c;
    }
    CheckUtf8(value);
    return value;
  }

  double TakeNumber() {
    const std::string text = Rest();
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    if (text.empty() || std::isspace(static_cast<unsigned char>(text[0])) != 0 || *end != '\0') {
      throw Wrong("no number: \"" + text + "\"");
    }
    return number;
  }

 private:
  std::string line_;
  size_t at_ = 0;
};

std::string FamilyOf(const std::string& name, const std::map<std::string, std::string>& types) {
  for (const char* suffix : {"_bucket", "_sum", "_count"}) {
    const std::string_view end = suffix;
    if (!name.ends_with(end)) continue;
    const std::string family = name.substr(0, name.size() - end.size());
    const auto type = types.find(family);
    if (type != types.end() && type->second == "histogram") return family;
  }
  return name;
}

class Parser {
 public:
  void TakeLine(const std::string& line) {
    if (line.empty()) throw Wrong("an empty line");
    if (line.starts_with("# HELP ")) {
      TakeComment(line.substr(7), result_.help);
    } else if (line.starts_with("# TYPE ")) {
      TakeComment(line.substr(7), result_.types);
    } else if (line[0] == '#') {
      throw Wrong("a comment that nobody asked for");
    } else {
      TakeSample(line);
    }
  }
  Exposition& result() { return result_; }

 private:
  void TakeComment(const std::string& text, std::map<std::string, std::string>& kept) {
    LineReader reader(text);
    const std::string name = reader.TakeName(true);
    reader.Take(' ');
    const std::string rest = reader.Rest();
    CheckUtf8(rest);
    if (!kept.emplace(name, rest).second) throw Wrong(name + " is described twice");
  }

  void TakeSample(const std::string& line) {
    LineReader reader(line);
    Sample sample;
    sample.name = reader.TakeName(true);
    if (reader.TakeIf('{')) {
      while (!reader.TakeIf('}')) {
        const std::string label = reader.TakeName(false);
        reader.Take('=');
        if (!sample.labels.emplace(label, reader.TakeQuoted()).second) {
          throw Wrong("the label " + label + " twice");
        }
        if (!reader.TakeIf(',')) {
          reader.Take('}');
          break;
        }
      }
    }
    reader.Take(' ');
    sample.value = reader.TakeNumber();
    Check(sample);
    result_.samples.push_back(std::move(sample));
  }

  // Each family in one block behind its HELP and TYPE, no series twice.
  void Check(const Sample& sample) {
    const std::string family = FamilyOf(sample.name, result_.types);
    if (!result_.types.contains(family)) throw Wrong(family + " has no TYPE before it");
    if (!result_.help.contains(family)) throw Wrong(family + " has no HELP before it");
    if (family != family_ && !seen_families_.insert(family).second) {
      throw Wrong(family + " in two places");
    }
    family_ = family;
    std::string key = sample.name;
    for (const auto& [label, value] : sample.labels) key += '\0' + label + '\0' + value;
    if (!seen_series_.insert(key).second) throw Wrong("the same series twice");
  }

  Exposition result_;
  std::string family_;
  std::set<std::string> seen_families_;
  std::set<std::string> seen_series_;
};

}  // namespace

Exposition ParseExposition(const std::string& text) {
  Parser parser;
  std::istringstream lines(text);
  size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    try {
      parser.TakeLine(line);
    } catch (const Wrong& wrong) {
      parser.result().error = std::to_string(number) + ": " + wrong.what() + " in: " + line;
      return parser.result();
    }
  }
  if (!text.empty() && text.back() != '\n') parser.result().error = "no newline at the end";
  return parser.result();
}

std::vector<std::string> SamplesOf(const Exposition& exposition, std::string_view name) {
  std::vector<std::string> found;
  for (const Sample& sample : exposition.samples) {
    if (sample.name != name) continue;
    std::ostringstream out;
    const char* separator = "";
    for (const auto& [label, value] : sample.labels) {
      out << separator << label << "=\"" << value << '"';
      separator = ",";
    }
    out << (sample.labels.empty() ? "" : " ") << sample.value;
    found.push_back(out.str());
  }
  return found;
}

std::vector<std::string> SamplesOf(const std::string& text, std::string_view name) {
  const Exposition exposition = ParseExposition(text);
  if (!exposition.error.empty()) return {exposition.error};
  return SamplesOf(exposition, name);
}

}  // namespace accesslog
