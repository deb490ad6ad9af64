#include "state/state_store.h"

#include <utility>

#include "base/text.h"
#include "state/schema.h"

namespace accesslog {
namespace {

// WAL: one sequential write for a transaction, and readers beside it. NORMAL: the log is synced
// when it is copied into the file, not at each transaction. What a power cut may cost is the last
// snapshots, whole ones; since counters and offsets are in one transaction, lines are then read
// again and no count is wrong. The log keeps at most 4 MiB after a large transaction. FAST: what is
// deleted is overwritten where that costs no writing of its own.
constexpr const char* kWriteSettings =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA journal_size_limit=4194304;"
    "PRAGMA secure_delete=FAST";

constexpr uint64_t kLeastPage = 512;  // bytes; the smallest page of SQLite's format

Result<Snapshot> ReadAs(const std::string& path, Database::Access access) {
  Database database(path, access);
  const Form form = InspectForm(database, SchemaSteps());
  const std::string file = "the state file " + Printable(path);
  if (form == Form::kNewer) {
    return Error{file + " was written by a newer version of this program; use that version"};
  }
  if (form == Form::kOlder) return Error{file + " holds nothing yet, or is of an older version"};
  StoredParts parts;
  Snapshot snapshot;
  if (form == Form::kCurrent && parts.Load(database, &snapshot)) return snapshot;
  return Error{"cannot read " + file + ": " + database.what()};
}

}  // namespace

StateStore::StateStore(std::string path, Clock clock)
    : path_(std::move(path)), clock_(std::move(clock)), lock_(path_) {}

Result<OpenedState> StateStore::Open(const std::string& path, Clock clock) {
  OpenedState opened;
  opened.store.reset(new StateStore(ResolveStatePath(path), std::move(clock)));
  StateStore& store = *opened.store;
  // Before the lock, which stands in the same directory.
  const auto prepared = PrepareStateFile(store.path_);
  if (const auto locked = store.lock_.Take(); !locked) return locked.error();
  Attempt attempt = prepared ? store.Attach(&opened.snapshot)
                             : Attempt{Attempt::Kind::kUnavailable, prepared.error().message};
  if (attempt.kind == Attempt::Kind::kDamaged) {
    attempt = store.SetAside(attempt.why, &opened.snapshot);
  }
  if (attempt.kind == Attempt::Kind::kNewer || attempt.kind == Attempt::Kind::kBusy) {
    return store.Complaint(attempt);
  }
  if (attempt.kind != Attempt::Kind::kReady) {
    store.Say("no state is kept for now: " + store.Complaint(attempt).message);
  }
  opened.set_aside = store.set_aside_;
  opened.notice = store.TakeNotice();
  return opened;
}

Result<Snapshot> StateStore::Read(const std::string& path) {
  const std::string file = ResolveStatePath(path);
  auto read = ReadAs(file, Database::Access::kReadOnly);
  // Who may not write beside the file cannot take part in SQLite's locking.
  if (read || MayWriteStateFile(file) || HasWriteAheadLog(file)) return read;
  return ReadAs(file, Database::Access::kImmutable);
}

StateStore::Attempt StateStore::Attach(Snapshot* held) {
  Snapshot snapshot;
  Snapshot* const wanted = held == nullptr ? nullptr : &snapshot;
  Attempt attempt = AttachAnew(wanted);
  if (attempt.kind == Attempt::Kind::kUnavailable && !MayWriteStateFile(path_)) {
    attempt = AttachReadOnly(wanted, attempt.why);
  }
  const bool is_read =
      attempt.kind == Attempt::Kind::kReady || attempt.kind == Attempt::Kind::kReadOnly;
  known_ = is_read ? StatusOfStateFile(path_) : std::nullopt;
  if (is_read && held != nullptr) *held = std::move(snapshot);
  return attempt;
}

StateStore::Attempt StateStore::AttachAnew(Snapshot* held) {
  // SQLite would write over what it finds too short for a file of its own.
  const auto status = StatusOfStateFile(path_);
  if (status && status->size > 0 && status->size < kLeastPage) {
    return {Attempt::Kind::kDamaged, "file is not a database"};
  }
  auto database = std::make_unique<Database>(path_, Database::Access::kReadWrite);
  Attempt attempt = Inspect(*database, held);
  if (attempt.kind == Attempt::Kind::kReady) database_ = std::move(database);
  return attempt;
}

StateStore::Attempt StateStore::AttachReadOnly(Snapshot* held, std::string why) {
  // Without its log the file may be a mixture of two transactions.
  if (HasWriteAheadLog(path_)) return {Attempt::Kind::kUnavailable, std::move(why)};
  if (held != nullptr) *held = {};
  Database database(path_, Database::Access::kImmutable);
  const bool is_read =
      InspectForm(database, SchemaSteps()) == Form::kCurrent && parts_.Load(database, held);
  return {is_read ? Attempt::Kind::kReadOnly : Attempt::Kind::kUnavailable, std::move(why)};
}

StateStore::Attempt StateStore::FailureOf(const Database& database) const {
  switch (database.fault()) {
    case Fault::kDamaged:
      return {Attempt::Kind::kDamaged, database.what()};
    case Fault::kBusy:
      return {Attempt::Kind::kBusy, database.what()};
    default:
      return {Attempt::Kind::kUnavailable, database.what()};
  }
}

StateStore::Attempt StateStore::Inspect(Database& database, Snapshot* held) {
  const Form form = InspectForm(database, SchemaSteps());
  if (form == Form::kForeign) return FailureOf(database);
  if (form == Form::kNewer) return {Attempt::Kind::kNewer, ""};
  database.Execute(kWriteSettings);
  if (form == Form::kOlder) Migrate(database, SchemaSteps());
  parts_.Load(database, held);
  // The checksums say that what was read is right; this, that writing will not find damage. 10 MiB
  // take 4 ms.
  if (const std::string said = database.Text("PRAGMA quick_check(1)"); said != "ok") {
    database.MarkDamaged(said);
  }
  if (!database.ok()) return FailureOf(database);
  if (!database.IsReadOnly()) return {};
  // The file itself may say that it is not to be written: one byte of its head.
  if (MayWriteStateFile(path_)) return {Attempt::Kind::kDamaged, "it is marked as read-only"};
  return {Attempt::Kind::kReadOnly, "no permission to write it"};
}

StateStore::Attempt StateStore::SetAside(const std::string& why, Snapshot* held) {
  database_.reset();
  known_.reset();
  const auto target = SetStateFileAside(path_, clock_());
  if (!target) {
    return {Attempt::Kind::kUnavailable,
            "it cannot be used (" + why + "), nor set aside: " + target.error().message};
  }
  set_aside_ = true;
  Say("the state file " + Printable(path_) + " could not be used (" + why + "); it is now " +
      Printable(*target) + ", and a new one was begun" +
      (held == nullptr ? ", into which everything is written again" : ": counters begin at 0"));
  if (const auto prepared = PrepareStateFile(path_); !prepared) {
    return {Attempt::Kind::kUnavailable, prepared.error().message};
  }
  return Attach(held);
}

bool StateStore::IsStillTheFile() const {
  const auto status = StatusOfStateFile(path_);
  return status && known_ && status->Continues(*known_);
}

Result<void> StateStore::Reattach() {
  // First, for its end removes files by their names.
  database_.reset();
  const auto prepared = PrepareStateFile(path_);
  if (!prepared) return prepared.error();
  if (auto locked = lock_.Take(); !locked) return locked;
  const bool is_ours = prepared->size == 0 || IsStillTheFile();
  const Attempt attempt =
      is_ours ? Attach(nullptr) : Attempt{Attempt::Kind::kDamaged, "its content was never read"};
  const Attempt last =
      attempt.kind == Attempt::Kind::kDamaged ? SetAside(attempt.why, nullptr) : attempt;
  if (last.kind == Attempt::Kind::kReady) return {};
  return Complaint(last);
}

bool StateStore::WriteOnce(const Snapshot& snapshot) {
  purge_due_ = purge_due_ || snapshot.purge;
  if (!parts_.Write(*database_, snapshot)) return false;
  if (purge_due_ && !Purge()) return false;
  // A large part filled the page cache, which is of no use until the next.
  return database_->Execute("PRAGMA shrink_memory");
}

// Writes the whole file anew, which leaves no free page with old content, and empties the log of
// changes. A few MiB; in memory, for nothing of it may come to stand in a temporary file.
bool StateStore::Purge() {
  database_->Execute("PRAGMA temp_store=MEMORY; VACUUM; PRAGMA temp_store=DEFAULT");
  if (database_->Number("PRAGMA wal_checkpoint(TRUNCATE)") != 0) database_->MarkBusy();
  if (!database_->ok()) return false;
  purge_due_ = false;
  known_ = StatusOfStateFile(path_);
  return true;
}

Result<void> StateStore::Write(const Snapshot& snapshot) {
  if (database_ == nullptr || !IsStillTheFile()) {
    if (auto attached = Reattach(); !attached) return attached;
  }
  if (WriteOnce(snapshot)) return {};
  Attempt failure = FailureOf(*database_);
  if (failure.kind == Attempt::Kind::kDamaged) {
    failure = SetAside(failure.why, nullptr);
    if (failure.kind == Attempt::Kind::kReady) {
      if (WriteOnce(snapshot)) return {};
      failure = FailureOf(*database_);
    }
  }
  // Whether the last transaction counts is seen when the file is opened again.
  database_.reset();
  return Complaint(failure);
}

Error StateStore::Complaint(const Attempt& attempt) const {
  const std::string file = "the state file " + Printable(path_);
  switch (attempt.kind) {
    case Attempt::Kind::kNewer:
      return Error{file +
                   " was written by a newer version of this program; use that version, or "
                   "name another file"};
    case Attempt::Kind::kBusy:
      return Error{file + " is locked by another program; end that one, or name another file"};
    default:
      return Error{"cannot write " + file + ": " + attempt.why};
  }
}

void StateStore::Say(const std::string& notice) {
  if (!notice_.empty()) notice_ += "; ";
  notice_ += notice;
}

std::string StateStore::TakeNotice() { return std::exchange(notice_, ""); }

}  // namespace accesslog
