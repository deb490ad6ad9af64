// What detect wants to know of one request, taken out of its Record: plain numbers and two views, so
// that `analyze` can hand it from the thread that parses to the one that counts. Made by
// RequestClassifier.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "detect/login_rules.h"

namespace accesslog {

struct RequestFacts {
  std::string_view line;        // die with it
  std::string_view user_agent;
  std::string_view path;        // without scheme and host
  std::optional<Time> time;
  uint64_t path_hash = 0;    // of the path as written; keyed
  uint64_t target_hash = 0;  // of path, query and what identifies an attack
  uint32_t shape_hash = 0;   // of the path with its numbers and identifiers left out; of probes only
  uint32_t user_hash = 0;    // 0: no user name
  uint32_t bytes = 0;        // of the response, at most 2^32 - 1
  uint16_t status = 0;
  uint16_t families = 0;     // bits, by AttackFamily
  LoginAnswer login = LoginAnswer::kNone;
  bool has_bytes : 1 = false;
  bool ignored : 1 = false;     // by configuration: no signal counts it
  bool is_static : 1 = false;   // files and furniture of browsers: styles, icons, robots.txt
  bool is_root : 1 = false;     // "/"
  bool is_protected : 1 = false;
  bool is_form : 1 = false;     // LoginKind::kForm
  bool is_probe : 1 = false;    // where it fails, it may look for what is there
  bool malformed : 1 = false;
  bool exploit : 1 = false;
  bool leaks : 1 = false;       // a breach if it is answered
  bool leaks_by_query : 1 = false;  // unless the page answers so whatever the query
  bool has_body : 1 = false;    // 200 or 206 with one
  bool answered : 1 = false;    // leaks, has_body, and no page that answers everything; set by PageSizes' owner
};

}  // namespace accesslog
