// Which key of a JSON log line tells which field. The defaults are those of nginx templates, Caddy,
// Traefik, Envoy, Apache templates, Google Cloud, pino and the Elastic Common Schema, all at once, for
// they do not contradict each other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "parse/format_spec.h"

namespace accesslog {

// Whose line it is decides the unit of "duration".
enum class JsonDialect : uint8_t { kOther, kTraefik, kEnvoy };

struct JsonKey {
  std::string path;  // lower case, '_' for '-'; members of objects behind a '.'
  Field field = Field::kIgnored;
  // Where a line has several keys for one field, the lowest rank is read, and of equals the first.
  uint8_t rank = 0;
  JsonDialect dialect = JsonDialect::kOther;  // whose lines have this key
};

// `path` as JsonKey::path has it, written to `out`, which has room for path.size() bytes.
std::string_view NormalizeKey(std::string_view path, char* out);

class JsonKeys {
 public:
  // `mapping` adds keys of the user's, before all others: "client=ip status=resp.code
  // duration_ms=took"; fields as in descriptions. Error: an unknown field, a missing '='.
  static Result<JsonKeys> Create(std::string_view mapping);

  // `path` as JsonKey has it; null if nobody asks for that key.
  const JsonKey* Find(std::string_view path) const;

  // Whether a key begins with `path` and a '.', so that the object there is worth a look.
  bool HasMembers(std::string_view path) const;

 private:
  struct Slot {
    uint32_t hash = 0;
    int16_t key = -1;
    bool has_members = false;
    std::string path;
  };

  void Add(std::string_view path, Field field, uint8_t rank);
  const Slot* FindSlot(std::string_view path) const;
  Slot& SlotOf(std::string_view path);
  void Index();

  std::vector<JsonKey> keys_;
  std::vector<Slot> slots_;  // open addressing; size is a power of two
};

}  // namespace accesslog
