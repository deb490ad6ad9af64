// The format of the state file: whose it is, which version, and how older versions are brought
// forward. SQLite's application_id says that a file is ours; its user_version and the table
// `format` both say the version, so that a flipped bit is not taken for a newer one.
#pragma once

#include <span>

#include "state/database.h"

namespace accesslog {

// "ALog" as SQLite keeps it. Every version has the table format(version), which holds one row.
inline constexpr int kApplicationId = 0x414C6F67;

// Step number i brings version i to version i + 1; version 0 is a file without content.
using SchemaStep = bool (*)(Database& database);
std::span<const SchemaStep> SchemaSteps();

enum class Form : uint8_t {
  kCurrent,
  kOlder,  // version 0 included
  kNewer,
  kForeign,  // or damaged; or a fault
};

// What stands in the file, for a program that knows `steps`. It changes nothing.
Form InspectForm(Database& database, std::span<const SchemaStep> steps);

// Brings an older file to the last version in one transaction. False: a fault, nothing was changed.
bool Migrate(Database& database, std::span<const SchemaStep> steps);

}  // namespace accesslog
