#include "state/database.h"

#include <sqlite3.h>

#include "base/text.h"

namespace accesslog {
namespace {

// How long a lock of another program, such as a backup, is waited for.
constexpr int kBusyMilliseconds = 2000;

// The checksums of what is read are ours; these let SQLite itself trust nothing it finds in a file.
// The page cache needs no more than a few pages, for each part is written once and not read again.
constexpr const char* kSettings =
    "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA cache_size=-512;";

Fault FaultOf(int code) {
  switch (code & 0xFF) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
      return Fault::kNone;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Fault::kBusy;
    case SQLITE_ABORT:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
    case SQLITE_FULL:
    case SQLITE_INTERRUPT:
    case SQLITE_IOERR:
    case SQLITE_NOLFS:
    case SQLITE_NOMEM:
    case SQLITE_PERM:
    case SQLITE_PROTOCOL:
    case SQLITE_READONLY:
    case SQLITE_TOOBIG:
      return Fault::kUnavailable;
    // Also SQLITE_ERROR: our statements are right for our tables, so the tables are not ours.
    default:
      return Fault::kDamaged;
  }
}

int FlagsOf(Database::Access access) {
  const int common = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  if (access == Database::Access::kReadWrite) return common | SQLITE_OPEN_READWRITE;
  if (access == Database::Access::kReadOnly) return common | SQLITE_OPEN_READONLY;
  return common | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
}

// Every byte that might mean something in a URI as %HH.
std::string ImmutableUri(const std::string& path) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string uri = "file:";
  for (const char c : path) {
    const auto byte = static_cast<uint8_t>(c);
    if (IsDigit(c) || IsAlpha(c) || c == '/') {
      uri += c;
    } else {
      uri += {'%', kHex[byte >> 4U], kHex[byte & 0xFU]};
    }
  }
  return uri + "?immutable=1";
}

}  // namespace

void Database::Closer::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Database::Database(const std::string& path, Access access) {
  const std::string name = access == Access::kImmutable ? ImmutableUri(path) : path;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &handle, FlagsOf(access), nullptr);
  handle_.reset(handle);
  if (!Check(code)) return;
  sqlite3_busy_timeout(handle, kBusyMilliseconds);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  Execute(kSettings);
}

bool Database::Check(int code) {
  const Fault fault = FaultOf(code);
  if (fault == Fault::kNone) return true;
  if (!ok()) return false;
  fault_ = fault;
  what_ = sqlite3_errstr(code);
  if (handle_ == nullptr) return false;
  // "database disk image is malformed" once is enough.
  const std::string more = sqlite3_errmsg(handle_.get());
  if (more != what_) what_ += ": " + more;
  const int error_number = sqlite3_system_errno(handle_.get());
  if (fault == Fault::kUnavailable && error_number != 0) what_ += ": " + ErrnoText(error_number);
  return false;
}

bool Database::Execute(const char* sql) {
  return ok() && Check(sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr));
}

int64_t Database::Number(const char* sql) {
  Statement statement(*this, sql);
  return statement.Step() ? statement.NumberAt(0) : 0;
}

std::string Database::Text(const char* sql) {
  Statement statement(*this, sql);
  return statement.Step() ? std::string(statement.BytesAt(0)) : "";
}

void Database::Rollback() {
  if (handle_ == nullptr || sqlite3_get_autocommit(handle_.get()) != 0) return;
  sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

bool Database::IsReadOnly() const {
  return handle_ != nullptr && sqlite3_db_readonly(handle_.get(), "main") == 1;
}

int64_t Database::changes() const {
  return handle_ == nullptr ? 0 : sqlite3_total_changes64(handle_.get());
}

void Database::MarkBusy() {
  if (!ok()) return;
  fault_ = Fault::kBusy;
  what_ = "database is locked";
}

void Database::MarkDamaged(std::string why) {
  if (!ok()) return;
  fault_ = Fault::kDamaged;
  what_ = std::move(why);
}

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Statement::Statement(Database& database, std::string_view sql) : database_(database) {
  if (!database_.ok()) return;
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v2(database_.handle_.get(), sql.data(),
                                      static_cast<int>(sql.size()), &handle, nullptr);
  handle_.reset(handle);
  database_.Check(code);
}

Statement& Statement::Number(int64_t number) {
  if (database_.ok()) database_.Check(sqlite3_bind_int64(handle_.get(), ++places_, number));
  return *this;
}

Statement& Statement::Text(std::string_view text) {
  if (!database_.ok()) return *this;
  // A null pointer would bind NULL.
  const char* data = text.empty() ? "" : text.data();
  database_.Check(
      sqlite3_bind_text64(handle_.get(), ++places_, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

Statement& Statement::Blob(std::string_view bytes) {
  if (!database_.ok()) return *this;
  const char* data = bytes.empty() ? "" : bytes.data();
  database_.Check(sqlite3_bind_blob64(handle_.get(), ++places_, data, bytes.size(), SQLITE_STATIC));
  return *this;
}

bool Statement::Step() {
  if (!database_.ok()) return false;
  const int code = sqlite3_step(handle_.get());
  return database_.Check(code) && code == SQLITE_ROW;
}

bool Statement::Run() {
  while (Step()) {
  }
  if (handle_ != nullptr) sqlite3_reset(handle_.get());
  places_ = 0;
  return database_.ok();
}

int64_t Statement::NumberAt(int column) { return sqlite3_column_int64(handle_.get(), column); }

std::string_view Statement::BytesAt(int column) {
  const void* data = sqlite3_column_blob(handle_.get(), column);
  const int size = sqlite3_column_bytes(handle_.get(), column);
  return data == nullptr
             ? std::string_view()
             : std::string_view(static_cast<const char*>(data), static_cast<size_t>(size));
}

}  // namespace accesslog
