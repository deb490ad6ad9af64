// Signatures and page sizes on real logs. They are no part of this project: the folder is
// $ACCESSLOG_SHARED_DATA, or ../shared/data beside the sources; without it these tests are skipped.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/text.h"
#include "detect/attack_signatures.h"
#include "detect/page_sizes.h"

namespace accesslog {
namespace {

namespace fs = std::filesystem;
using Family = AttackFamily;

fs::path DataFolder() {
  if (const char* folder = std::getenv("ACCESSLOG_SHARED_DATA")) return folder;
  return fs::path(ACCESSLOG_SOURCE_DIR).parent_path() / "shared" / "data";
}

struct Request {
  std::string method;
  std::string path;
  std::string query;
  std::string referer;
  std::string user_agent;
  uint64_t bytes = 0;  // of an answer 200, else 0
};

// "method target protocol" status bytes "referer" "user agent", as plainly as can be; good enough
// for these files.
Request Split(const std::string& line) {
  std::vector<std::string> quoted(1);
  std::vector<std::string> between(1);
  bool inside = false;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size()) {
      if (inside) quoted.back() += line.substr(i, 2);
      ++i;
    } else if (line[i] == '"') {
      inside = !inside;
      (inside ? quoted : between).emplace_back();
    } else {
      (inside ? quoted : between).back() += line[i];
    }
  }
  quoted.resize(4);
  between.resize(2);
  Request request;
  const std::string& text = quoted[1];
  const size_t first = text.find(' ');
  const size_t last = text.rfind(' ');
  if (first == std::string::npos || last <= first) return request;
  request.method = text.substr(0, first);
  const std::string target = text.substr(first + 1, last - first - 1);
  request.path = target.substr(0, target.find('?'));
  if (request.path.size() < target.size()) request.query = target.substr(request.path.size() + 1);
  request.referer = quoted[2];
  request.user_agent = quoted[3];
  if (between[1].starts_with(" 200 ")) {
    request.bytes = ParseUint(between[1].substr(5, between[1].find(' ', 5) - 5)).value_or(0);
  }
  return request;
}

std::vector<Request> RequestsOf(const fs::path& file) {
  std::vector<Request> requests;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) requests.push_back(Split(line));
  return requests;
}

const AttackSignatures& BuiltIn() {
  static const auto signatures = AttackSignatures::Create().value();
  return *signatures;
}

AttackMatch MatchOf(const Request& request) {
  AttackMatch match = BuiltIn().MatchTarget(request.method, request.path, request.query);
  match |= BuiltIn().MatchHeaders(request.user_agent, request.referer);
  return match;
}

class AttackLogsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(DataFolder())) GTEST_SKIP() << DataFolder() << " is not there";
  }
};

TEST_F(AttackLogsTest, AttacksHaveTheirFamily) {
  struct Case {
    const char* test;
    Family family;
    int at_least;
  };
  for (const auto& [test, family, at_least] : {
           Case{"CVE-2017-9841", Family::kWebShell, 1},
           Case{"CVE-2022-35914", Family::kCommandInjection, 2},
           Case{"CVE-2022-42889", Family::kCommandInjection, 4},
           Case{"CVE-2023-22515", Family::kCommandInjection, 2},
           Case{"CVE-2024-38475", Family::kPathTraversal, 5},
           Case{"apache2-http-sensitive-files", Family::kSensitiveFile, 13},
           Case{"apache_log4j2_cve-2021-44228", Family::kLog4Shell, 3},
           Case{"bunkerweb-bad-user-agent", Family::kScanner, 3},
           Case{"bunkerweb-http-sensitive-files", Family::kSensitiveFile, 9},
           Case{"cve_2022_37042", Family::kCommandInjection, 2},
           Case{"grafana_cve-2021-43798", Family::kPathTraversal, 2},
           Case{"http-admin-interface-probing", Family::kAdminInterface, 3},
           Case{"http-technology-probing", Family::kAdminInterface, 3},
           Case{"http-wordpress_wpconfig", Family::kSensitiveFile, 14},
           Case{"nginx-http-backdoor", Family::kWebShell, 2},
           Case{"nginx-http-open-proxy", Family::kSsrf, 1},
           Case{"nginx-http-sqli-probing", Family::kSqlInjection, 10},
           Case{"vmware-cve-2022-22954", Family::kCommandInjection, 2},
       }) {
    int found = 0;
    for (const auto& entry :
         fs::directory_iterator(DataFolder() / "crowdsec-hub-tests" / "tests" / test)) {
      if (entry.path().extension() != ".log") continue;
      for (const Request& request : RequestsOf(entry.path())) {
        found += MatchOf(request).Has(family) ? 1 : 0;
      }
    }
    EXPECT_GE(found, at_least) << test;
  }
}

TEST_F(AttackLogsTest, CleanLogsHaveNone) {
  std::vector<fs::path> files = {DataFolder() / "lnav-zanbil-1k" / "access.log",
                                 DataFolder() / "basjes-hackers-access" / "hackers-access.log"};
  for (const auto& entry :
       fs::recursive_directory_iterator(DataFolder() / "crowdsec-hub-tests" / "tests")) {
    if (entry.path().extension() == ".log" &&
        entry.path().parent_path().string().ends_with("-whitelist")) {
      files.push_back(entry.path());
    }
  }
  EXPECT_GT(files.size(), 6U);
  for (const fs::path& file : files) {
    for (const Request& request : RequestsOf(file)) {
      EXPECT_FALSE(MatchOf(request).Any())
          << file << ": " << request.path << "?" << request.query << ": "
          << BuiltIn().NamesOfTarget(request.method, request.path, request.query);
    }
  }
}

// Looked at by eye: six clients look for /administrator/, /admin.php and /wp-login.php, which the
// site has not. Those that only try to register on a WordPress (?action=register) are robots of
// spam.
TEST_F(AttackLogsTest, ABlogHasOnlyTheProbesThatAreThere) {
  int found = 0;
  for (const Request& request : RequestsOf(DataFolder() / "elastic-apache-10k" / "apache_logs")) {
    const AttackMatch match = MatchOf(request);
    found += match.Any() ? 1 : 0;
    EXPECT_TRUE(!match.Any() || request.path.starts_with("/admin") ||
                (request.path == "/wp-login.php" && request.query.empty()))
        << request.path;
    EXPECT_EQ(match.families & ~AttackFamilyBit(Family::kAdminInterface), 0) << request.path;
    EXPECT_FALSE(match.leaks || match.exploit) << request.path;
  }
  EXPECT_EQ(found, 16);
}

// The pages and files of a real site cover hardly any size that a leak may have. (Those that are
// covered are copies: one script or picture in several presentations.)
TEST_F(AttackLogsTest, PagesOfASiteCoverFewSizes) {
  PageSizes sizes;
  const Time now{std::chrono::hours{480000}};
  int answered = 0;
  for (const Request& request : RequestsOf(DataFolder() / "elastic-apache-10k" / "apache_logs")) {
    answered += request.bytes == 0 ? 0 : 1;
    sizes.Observe(std::hash<std::string>{}(request.path), request.bytes, now);
  }
  EXPECT_GT(answered, 8000);
  int covered = 0;
  for (uint64_t bytes = 1; bytes <= 20000; ++bytes) {
    covered += sizes.IsCatchAll(0, bytes, now) ? 1 : 0;
  }
  RecordProperty("covered", covered);
  EXPECT_LT(covered, 40) << "of 20,000 sizes";
}

}  // namespace
}  // namespace accesslog
