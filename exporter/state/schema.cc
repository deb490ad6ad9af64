#include "state/schema.h"

#include <array>
#include <string>

namespace accesslog {
namespace {

// Parts are found by `id`, which the writer remembers: without an index by name there is none that
// could be damaged unnoticed. `written` and `taken` are milliseconds since the epoch. What each
// checksum covers stands in stored_parts.cc.
bool CreateVersion1(Database& database) {
  return database.Execute(
      "CREATE TABLE format(version INTEGER NOT NULL);"
      "INSERT INTO format VALUES(0);"
      "CREATE TABLE snapshot(id INTEGER PRIMARY KEY, taken INTEGER NOT NULL,"
      " clean INTEGER NOT NULL, checksum INTEGER NOT NULL);"
      "CREATE TABLE part(id INTEGER PRIMARY KEY, site TEXT NOT NULL, kind TEXT NOT NULL,"
      " name TEXT NOT NULL, written INTEGER NOT NULL, checksum INTEGER NOT NULL,"
      " bytes BLOB NOT NULL);");
}

constexpr std::array<SchemaStep, 1> kSteps = {CreateVersion1};

bool SetVersion(Database& database, size_t version) {
  const std::string number = std::to_string(version);
  return database.Execute(("PRAGMA application_id=" + std::to_string(kApplicationId) + ";" +
                           "PRAGMA user_version=" + number + ";" +
                           "UPDATE format SET version=" + number + ";")
                              .c_str());
}

}  // namespace

std::span<const SchemaStep> SchemaSteps() { return kSteps; }

Form InspectForm(Database& database, std::span<const SchemaStep> steps) {
  const int64_t application = database.Number("PRAGMA application_id");
  const int64_t version = database.Number("PRAGMA user_version");
  const int64_t tables = database.Number("SELECT count(*) FROM sqlite_schema");
  if (!database.ok()) return Form::kForeign;
  // What a process leaves that ended between creating the file and the first transaction.
  if (application == 0 && version == 0 && tables == 0) return Form::kOlder;
  if (application != kApplicationId) {
    database.MarkDamaged("it is the database of another program");
    return Form::kForeign;
  }
  const int64_t said = database.Number("SELECT version FROM format");
  if (database.ok() && (version < 1 || said != version)) {
    database.MarkDamaged("its two version numbers differ");
  }
  if (!database.ok()) return Form::kForeign;
  const auto current = static_cast<int64_t>(steps.size());
  if (version > current) return Form::kNewer;
  return version == current ? Form::kCurrent : Form::kOlder;
}

bool Migrate(Database& database, std::span<const SchemaStep> steps) {
  database.Execute("BEGIN IMMEDIATE");
  const auto version = static_cast<size_t>(database.Number("PRAGMA user_version"));
  for (size_t i = version; i < steps.size() && database.ok(); ++i) steps[i](database);
  SetVersion(database, steps.size());
  database.Execute("COMMIT");
  database.Rollback();
  return database.ok();
}

}  // namespace accesslog
