// Turns a Record into RequestFacts. What depends on the target or the user agent alone is remembered, as
// most requests are for what somebody asked for before; memory is fixed. One for each thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/text_hash.h"
#include "detect/attack_signatures.h"
#include "detect/login_rules.h"
#include "detect/options.h"
#include "detect/path_prefixes.h"
#include "detect/request_facts.h"
#include "record/record.h"

namespace accesslog {

class RequestClassifier {
 public:
  // `signatures` is never null. `secret` keys all hashes: those of two classifiers can be compared where
  // they have the same.
  RequestClassifier(const DetectOptions& options,
                    std::shared_ptr<const AttackSignatures> signatures, uint64_t secret);

  RequestFacts Classify(const Record& record);

  // RequestFacts::path_hash of such a path.
  uint64_t HashOfPath(std::string_view path) const { return HashText(path, secret_); }

 private:
  // What is known of a target.
  struct Target {
    uint64_t hash = 0;  // 0: none
    AttackMatch match;
    bool ignored = false;
    bool is_static = false;
    bool is_root = false;
    bool is_protected = false;
    bool names_host = false;  // "http://host/path", or CONNECT
  };
  struct Agent {
    uint64_t hash = 0;
    AttackMatch match;
  };

  const Target& TargetOf(const Record& record, uint64_t path_hash);
  Target LookAt(const Record& record, uint64_t hash) const;
  AttackMatch MatchHeaders(const Record& record);
  bool IsMethodIgnored(std::string_view method) const;
  LoginKind KindOf(const Record& record, std::string_view path) const;

  std::shared_ptr<const AttackSignatures> signatures_;
  LoginRules login_;
  bool judges_all_logins_ = false;  // somebody said which answers are failures
  PathPrefixes ignored_;
  PathPrefixes protected_;
  std::vector<std::string> ignored_methods_;
  uint64_t secret_;
  bool looks_at_referers_ = false;  // a rule of the user's does
  std::vector<Target> targets_;
  std::vector<Agent> agents_;
};

// The signatures of these options, which config has checked.
std::shared_ptr<const AttackSignatures> SignaturesOf(const DetectOptions& options);

}  // namespace accesslog
