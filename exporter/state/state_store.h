// The state file: opened once, then written snapshot by snapshot, each in one transaction. Whatever
// the disk does costs only durability: what cannot be used is put aside, what cannot be written is
// said, and each Write tries again. One thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "state/database.h"
#include "state/file_lock.h"
#include "state/snapshot.h"
#include "state/snapshot_sink.h"
#include "state/state_file.h"
#include "state/stored_parts.h"

namespace accesslog {

struct OpenedState;

class StateStore final : public SnapshotSink {
 public:
  // Opens or makes the file. Error only where going on would harm somebody else's state: another
  // process writes this file, or it is of a newer version.
  static Result<OpenedState> Open(const std::string& path, Clock clock = SystemClock());

  // What the file holds, also while another process writes it.
  static Result<Snapshot> Read(const std::string& path);

  // Parts of sites that `snapshot` does not name stay; see StoredParts.
  Result<void> Write(const Snapshot& snapshot) override;
  std::string TakeNotice() override;

  // Rows written since the file was opened last, for tests.
  int64_t rows_written() const { return database_ == nullptr ? 0 : database_->changes(); }

 private:
  // What became of an attempt to open the file.
  struct Attempt {
    enum class Kind : uint8_t { kReady, kReadOnly, kNewer, kBusy, kDamaged, kUnavailable };
    Kind kind = Kind::kReady;
    std::string why;
  };

  StateStore(std::string path, Clock clock);

  Attempt Attach(Snapshot* held);
  Attempt AttachAnew(Snapshot* held);
  Attempt AttachReadOnly(Snapshot* held, std::string why);
  Attempt Inspect(Database& database, Snapshot* held);
  Attempt FailureOf(const Database& database) const;
  Attempt SetAside(const std::string& why, Snapshot* held);
  Result<void> Reattach();
  bool WriteOnce(const Snapshot& snapshot);
  bool Purge();
  bool IsStillTheFile() const;
  Error Complaint(const Attempt& attempt) const;
  void Say(const std::string& notice);

  std::string path_;
  Clock clock_;
  FileLock lock_;
  std::unique_ptr<Database> database_;  // null: the next Write opens it again
  StoredParts parts_;
  // The file whose content was read or written here; another one's is not written over.
  std::optional<StateFileStatus> known_;
  std::string notice_;
  bool set_aside_ = false;
  bool purge_due_ = false;  // asked for, and not yet done
};

struct OpenedState {
  std::unique_ptr<StateStore> store;
  Snapshot snapshot;       // what the file held; empty if it is new
  std::string notice;      // what a person should know; mostly ""
  bool set_aside = false;  // an unusable file was put aside
};

}  // namespace accesslog
