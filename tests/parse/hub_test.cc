// What another project's parsers found in its test logs, line by line, against what `auto` finds:
// the status, client, method, path and user agent of every access log line in the parser.assert
// files of crowdsec's hub. They are no part of this project; see real_logs_test.cc.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <vector>

#include "base/text.h"
#include "parse/log_parser.h"
#include "parse/parsed_line.h"

namespace accesslog {
namespace {

namespace fs = std::filesystem;

fs::path HubFolder() {
  const char* data = std::getenv("ACCESSLOG_SHARED_DATA");
  const fs::path folder = data != nullptr
                              ? fs::path(data)
                              : fs::path(ACCESSLOG_SOURCE_DIR).parent_path() / "shared" / "data";
  return folder / "crowdsec-hub-tests" / "tests";
}

// Tests whose entries tell of no request that was answered: they are read from error logs.
const std::map<std::string, std::string> kNoAccessLogs = {
    {"caddy-coraza", "warnings of Caddy's web application firewall"},
    {"modsecurity-logs-nginx", "nginx's error log, of ModSecurity"},
    {"nginx_req_limit_exceeded", "nginx's error log, of limit_req"},
};

using Fields = std::map<std::string, std::string>;

// A string in the quotes of Go, which begins at `text`.
std::string Unquoted(std::string_view text) {
  std::string value;
  for (size_t i = 1; i < text.size() && text[i] != '"'; ++i) {
    if (text[i] != '\\') {
      value += text[i];
    } else if (text[++i] == 'n' || text[i] == 't') {
      value += text[i] == 'n' ? '\n' : '\t';
    } else if (text[i] == 'x') {
      value += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      value += text[i];
    }
  }
  return value;
}

// The text between the first `before` in `text` and the `after` behind it.
std::string_view Between(std::string_view text, std::string_view before, std::string_view after) {
  const size_t begin = text.find(before);
  if (begin == std::string_view::npos) return {};
  text.remove_prefix(begin + before.size());
  return text.substr(0, text.find(after));
}

// The entries of one parser.assert, by parser and number, in the order of their lines:
// results["s01-parse"]["crowdsecurity/nginx-logs"][1].Evt.Meta["http_status"] == "401"
std::map<std::pair<std::string, int>, Fields> EntriesOf(const fs::path& file) {
  std::map<std::pair<std::string, int>, Fields> entries;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    constexpr std::string_view kStage = R"(results["s01-parse"][")";
    if (!line.starts_with(kStage) || line.find(".Evt.") == std::string::npos) continue;
    const std::string parser(Between(line, kStage, "\""));
    const int number = std::stoi(std::string(Between(line, parser + "\"][", "]")));
    const std::string_view name = Between(line, ".Evt.", "\"] ==");
    const size_t value = line.find(" == \"");
    if (value == std::string::npos || name.find("[\"") == std::string_view::npos) continue;
    const std::string key = std::string(name).replace(name.find("[\""), 2, ".");
    entries[{parser, number}][key] = Unquoted(std::string_view(line).substr(value + 4));
  }
  return entries;
}

struct ReadLine {
  std::string text;
  ParsedLine parsed;
  bool matched = false;
};

std::vector<ReadLine> ReadLog(const fs::path& folder) {
  std::vector<ReadLine> lines;
  LogParser parser = *LogParser::Create("auto");
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".log") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    for (std::string line; std::getline(in, line);) {
      Record record;
      const ParseOutcome outcome = parser.Parse(line, record);
      lines.push_back({line, ToParsedLine(outcome, record)});
    }
  }
  return lines;
}

// The line that an entry is about: it ends with the message, in front of which a frame may stand.
const ReadLine* Match(std::vector<ReadLine>& lines, const std::string& message) {
  for (ReadLine& line : lines) {
    if (line.matched || message.empty() || !std::string_view(line.text).ends_with(message))
      continue;
    line.matched = true;
    return &line;
  }
  return nullptr;
}

std::string Missing(const std::string& text) { return text == "-" ? "" : text; }

void ExpectAgreement(Fields& entry, const ParsedLine& parsed) {
  EXPECT_EQ(parsed.address, entry["Meta.source_ip"]);
  EXPECT_EQ(std::to_string(parsed.status), entry["Meta.http_status"]);
  // Where they find no request line, they tell neither.
  if (entry.count("Meta.http_verb") > 0) {
    EXPECT_EQ(parsed.method_text, entry["Meta.http_verb"]);
  }
  if (entry.count("Meta.http_path") > 0) {
    const std::string target =
        parsed.query.empty() ? parsed.path : parsed.path + "?" + parsed.query;
    const std::string path = Missing(entry["Meta.http_path"]);
    EXPECT_TRUE(path == target || path == parsed.path) << path << " and " << target;
  }
  if (entry.count("Meta.http_user_agent") > 0) {
    EXPECT_EQ(parsed.user_agent, Missing(entry["Meta.http_user_agent"]));
  }
}

class Hub : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::is_directory(HubFolder())) GTEST_SKIP() << "no folder " << HubFolder();
  }
};

// How many entries of `folder` tell of an answered request; each of them is compared.
size_t Compare(const fs::path& folder) {
  size_t compared = 0;
  std::vector<ReadLine> lines = ReadLog(folder);
  for (auto& [key, entry] : EntriesOf(folder / "parser.assert")) {
    if (entry["Meta.http_status"].empty() || entry["Meta.source_ip"].empty()) continue;
    SCOPED_TRACE(folder.filename().string() + ": " + Printable(entry["Parsed.message"]));
    const ReadLine* line = Match(lines, entry["Parsed.message"]);
    EXPECT_NE(line, nullptr);
    if (line != nullptr) ExpectAgreement(entry, line->parsed);
    ++compared;
  }
  return compared;
}

TEST_F(Hub, AgreesOnEveryAccessLogLine) {
  size_t compared = 0;
  for (const auto& folder : fs::directory_iterator(HubFolder())) {
    const fs::path entries = folder.path() / "parser.assert";
    if (!fs::exists(entries) || fs::file_size(entries) == 0) continue;
    const size_t here = Compare(folder.path());
    EXPECT_EQ(here == 0, kNoAccessLogs.count(folder.path().filename()) > 0) << folder;
    compared += here;
  }
  EXPECT_EQ(compared, 107U);
}

// An error log of the same server is no access log, whatever its lines look like.
TEST_F(Hub, FindsNoRequestsInErrorLogs) {
  for (const auto& [name, reason] : kNoAccessLogs) {
    for (const ReadLine& line : ReadLog(HubFolder() / name)) {
      EXPECT_FALSE(HasRecord(line.parsed.outcome)) << reason << ": " << Printable(line.text);
    }
  }
}

}  // namespace
}  // namespace accesslog
