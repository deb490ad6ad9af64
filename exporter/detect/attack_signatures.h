// Recognises requests that only attackers send, by what they ask for and by how the client calls
// itself. Used by the detector for each request whose target it does not remember; built once from
// the rules of attack_patterns.cc and the user's own.
//
// The text is matched as the server will understand it: see attack_text.h for what is undone. The
// work is linear in the length of the text; nothing is allocated but inside RE2, which only sees a
// text that holds a literal of its rule. Const and free of hidden state: any thread may match.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace accesslog {

enum class AttackFamily : uint8_t {
  kSensitiveFile,
  kAdminInterface,
  kWebShell,
  kPathTraversal,
  kSqlInjection,
  kXss,
  kCommandInjection,
  kLog4Shell,
  kSsrf,
  kScanner,
  kCustom,
};

inline constexpr size_t kAttackFamilyCount = 11;
// Indexed by AttackFamily; also what a rule of the configuration says.
inline constexpr std::array<std::string_view, kAttackFamilyCount> kAttackFamilyNames = {
    "sensitive_file",    "admin_interface", "web_shell", "path_traversal", "sql_injection", "xss",
    "command_injection", "log4shell",       "ssrf",      "scanner",        "custom"};

inline std::string_view AttackFamilyName(AttackFamily family) {
  return kAttackFamilyNames[static_cast<size_t>(family)];
}

constexpr uint16_t AttackFamilyBit(AttackFamily family) {
  return static_cast<uint16_t>(1U << static_cast<unsigned>(family));
}

// How to count an admin_interface: only where it was refused or is not there. An interface that
// answers serves its own administrators.
struct AttackMatch {
  uint16_t families = 0;  // AttackFamilyBit of each
  bool exploit = false;   // unmistakable: nobody sends this by mistake
  // Answered with a body it is a breach, unless the page is the usual one (PageSizes). Up to 5 bytes
  // are no body: nginx counts the end of an empty chunked answer, all that /wp-config.php gives.
  bool leaks = false;
  // `leaks` rests on the query alone. A page that ignores its arguments answers such a request too,
  // as it always does: compare with PageSizes::IsUsual before calling it a breach.
  bool leaks_by_query = false;

  bool Any() const { return families != 0; }
  bool Has(AttackFamily family) const { return (families & AttackFamilyBit(family)) != 0; }
  AttackMatch& operator|=(const AttackMatch& other);
  bool operator==(const AttackMatch&) const = default;
};

// A request for a host that this server is not: somebody tries it as a proxy.
inline constexpr AttackMatch kForeignHostMatch = {AttackFamilyBit(AttackFamily::kSsrf), true, false,
                                                  false};

// The host that the request line itself names: of "http://host:80/path", and for CONNECT of
// "host:443"; empty for any other target. Without port, brackets of IPv6 and user name; as written.
// Load balancers of AWS log every target in that form, so only a host that the server does not
// answer for is an attack.
std::string_view TargetHost(std::string_view method, std::string_view path);

// One rule, built in or of the user. At least one of `contains` and `pattern` is given; with both,
// `pattern` is asked only where `contains` is found, which is far quicker.
struct SignatureRule {
  std::string name;    // unique; how it is switched off
  std::string family;  // one of kAttackFamilyNames; "" is "custom"
  std::string
      where;  // "path", "query", "target" (both; the default), "user_agent", "referer", "any"
  std::string contains;  // literal, case-insensitive, on the decoded text
  std::string pattern;   // RE2, case-insensitive, on the decoded text
  bool leaks = false;
  bool exploit = false;
};

// No configuration needs more.
inline constexpr size_t kMaxUserSignatures = 1000;
inline constexpr size_t kMaxSignatureLength = 256;  // bytes of `contains`, and of `pattern`

class AttackSignatures {
 public:
  // Built-in rules named in `disabled` are left out; a name that no rule has is an error.
  static Result<std::shared_ptr<const AttackSignatures>> Create(
      std::span<const SignatureRule> user_rules = {}, std::span<const std::string> disabled = {});

  // What is wrong with a rule of the user by itself; far quicker than Create.
  static Result<void> Check(const SignatureRule& own);

  ~AttackSignatures();
  AttackSignatures(const AttackSignatures&) = delete;
  AttackSignatures& operator=(const AttackSignatures&) = delete;

  // Method, path and query of the request line as the log has them (Record::method_text, path,
  // query).
  AttackMatch MatchTarget(std::string_view method, std::string_view path,
                          std::string_view query) const;
  AttackMatch MatchHeaders(std::string_view user_agent, std::string_view referer) const;

  // The names of the rules that match, joined by ", ", as what switches them off.
  std::string NamesOfTarget(std::string_view method, std::string_view path,
                            std::string_view query) const;
  std::string NamesOfHeaders(std::string_view user_agent, std::string_view referer) const;

  size_t bytes() const;  // of memory, about

 private:
  class Rules;
  explicit AttackSignatures(std::unique_ptr<const Rules> rules);

  std::unique_ptr<const Rules> rules_;
};

}  // namespace accesslog
