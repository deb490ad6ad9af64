// One SQLite file and the statements run on it; no other file includes sqlite3.h. After the first
// failure every call does nothing and says no, so that a caller looks at fault() once, at the end.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace accesslog {

enum class Fault : uint8_t {
  kNone,
  kDamaged,      // the content is not what it must be; another try will not help
  kBusy,         // another program holds a lock on it
  kUnavailable,  // disk full, no permission, I/O error: it may be better later
};

class Database {
 public:
  enum class Access : uint8_t {
    kReadWrite,
    kReadOnly,
    kImmutable,  // read where nothing at all may be written, not even a lock
  };

  // Opens an existing file. Where that fails, fault() says so.
  Database(const std::string& path, Access access);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  bool Execute(const char* sql);
  // First column of the first row; 0 or "" without one.
  int64_t Number(const char* sql);
  std::string Text(const char* sql);

  // Ends a transaction that is open, also after a fault.
  void Rollback();
  // Whether SQLite may only read it: the file system says so, or the file itself does.
  bool IsReadOnly() const;
  // Rows changed since it was opened.
  int64_t changes() const;

  // Says what SQLite cannot see.
  void MarkDamaged(std::string why);
  void MarkBusy();

  bool ok() const { return fault_ == Fault::kNone; }
  Fault fault() const { return fault_; }
  // Why, as in "disk I/O error: No space left on device".
  const std::string& what() const { return what_; }

 private:
  friend class Statement;
  struct Closer {
    void operator()(sqlite3* database) const;
  };

  // Takes note of a result code; true if it is a good one.
  bool Check(int code);

  std::unique_ptr<sqlite3, Closer> handle_;
  Fault fault_ = Fault::kNone;
  std::string what_;
};

class Statement {
 public:
  Statement(Database& database, std::string_view sql);

  // Values for the places marked ?, in order; texts and blobs must live until Step returned.
  Statement& Number(int64_t number);
  Statement& Text(std::string_view text);
  Statement& Blob(std::string_view bytes);

  // True: there is a row. False: there is none, or a fault.
  bool Step();
  // Runs to the end; the statement can then be given new values. False: a fault.
  bool Run();

  // Of the present row; views until the next Step.
  int64_t NumberAt(int column);
  std::string_view BytesAt(int column);

 private:
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };

  Database& database_;
  std::unique_ptr<sqlite3_stmt, Finalizer> handle_;
  int places_ = 0;
};

}  // namespace accesslog
