// Whatever is asked for: matching ends, reads nothing beyond the text, says the same twice, and no
// escape that a server undoes hides a literal. The first line is the path, the second the query,
// the third the user agent.
#include <string>

#include "detect/attack_signatures.h"
#include "fuzz/check.h"

namespace accesslog {
namespace {

const AttackSignatures& BuiltIn() {
  static const auto signatures = AttackSignatures::Create().value();
  return *signatures;
}

std::string PercentEncoded(std::string_view text) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    encoded += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
  }
  return encoded;
}

// On their heap, so that a read beyond the end is seen.
void Match(const std::string& path, const std::string& query, const std::string& user_agent) {
  const AttackMatch match = BuiltIn().MatchTarget("GET", path, query);
  Check(match == BuiltIn().MatchTarget("GET", path, query), "the same text matches the same");
  Check(match.Any() == !BuiltIn().NamesOfTarget("GET", path, query).empty(),
        "what matches has the name of a rule");
  Check(!match.leaks_by_query || match.leaks, "what leaks by query leaks");
  const AttackMatch headers = BuiltIn().MatchHeaders(user_agent, query);
  Check(!headers.leaks, "headers are not what is answered");
  Check(headers.Any() == !BuiltIn().NamesOfHeaders(user_agent, query).empty(),
        "what matches has the name of a rule");
  Check(BuiltIn().MatchTarget("GET", path + "/c99.php", query).Has(AttackFamily::kWebShell) ||
            !path.starts_with('/') || path.size() > 4000 ||
            path.find_first_of("\\%/*\xC0\xC1\xE0", 1) != std::string::npos,
        "a web shell is found behind any path");
  if (path.size() < 1000 && query.size() < 1000) {
    const std::string bare(TargetHost("GET", path));
    Check(path.find(bare) != std::string::npos, "a host is a part of the path");
    const AttackMatch encoded =
        BuiltIn().MatchTarget("GET", "/", "x=" + PercentEncoded("<script>" + query));
    Check(encoded.Has(AttackFamily::kXss), "percent-encoding hides nothing");
  }
}

}  // namespace
}  // namespace accesslog

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view rest = accesslog::AsText(data, size);
  const std::string path(accesslog::TakeLine(rest));
  const std::string query(accesslog::TakeLine(rest));
  accesslog::Match(path, query, std::string(rest));
  return 0;
}
