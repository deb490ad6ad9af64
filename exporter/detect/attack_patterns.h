// The built-in signatures: what scanners and exploits really ask for, by family. Read once by
// AttackSignatures::Create. Literals are written as a decoded text has them (attack_text.h): small
// letters, '/' for '\', never "//" and never two blanks.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "detect/attack_signatures.h"

namespace accesslog {

// Which texts a rule looks at; added up.
enum SignaturePlace : uint8_t {
  kInPath = 1,
  kInQuery = 2,
  kInUserAgent = 4,
  kInReferer = 8,
  kInTarget = kInPath | kInQuery,
  kInAny = 15,
};

// What must surround a literal that was found.
enum class Fit : uint8_t {
  kAnywhere,
  kNotSearched,  // not in what somebody searches for: "?q=rm -rf" asks for help, not for trouble
  kName,         // no letter behind it: "/.env" in "/.env.old", not in "/.envoy"
  kSegment,      // it ends a path segment, a value or the text
  kWord,         // neither letter nor digit on either side
  kStart,        // the path begins with it
  kWhole,        // it is all of the path, but for a '/' at the end
  kRootFile,     // it ends a path of one segment: "/backup.zip", not "/files/backup.zip"
};

struct BuiltInSignature {
  std::string_view name;
  AttackFamily family;
  uint8_t places;
  Fit fit;
  uint8_t flags;              // of those below
  std::string_view literals;  // separated by '\n'
  std::string_view pattern;   // asked where a literal fits; "" for none
  std::string_view query{};   // pattern that the query must match besides; only for kInPath
};

inline constexpr uint8_t kLeaks = 1;
inline constexpr uint8_t kExploit = 2;
inline constexpr uint8_t kHiddenDots = 4;  // only where dots of the text were hidden by escapes
inline constexpr uint8_t kNotInTrees =
    8;  // not where people keep files of their own: WebDAV, git forges
inline constexpr uint8_t kHiddenBreaks = 16;     // only where escapes hid an end of line
inline constexpr uint8_t kTwiceHiddenDots = 32;  // only where dots were hidden twice: %252e

std::span<const BuiltInSignature> BuiltInSignatures();

}  // namespace accesslog
