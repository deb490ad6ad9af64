#include "state/state_writer.h"

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <optional>
#include <utility>

namespace accesslog {

struct StateWriter::Core {
  explicit Core(std::unique_ptr<SnapshotSink> to, Notify tell, Clock now)
      : sink(std::move(to)), clock(std::move(now)), notify(std::move(tell)) {}

  void Run();
  void WriteOne(const Snapshot& snapshot);
  std::string Record(const Result<void>& written, double seconds);
  void Tell(Severity severity, const std::string& text);

  // Used by the thread alone.
  std::unique_ptr<SnapshotSink> sink;
  const Clock clock;

  // Its holder may call notify; so whoever has it knows that no call is under way.
  std::mutex notify_mutex;
  Notify notify;

  mutable std::mutex mutex;
  std::condition_variable changed;
  std::optional<Snapshot> waiting;
  bool busy = false;  // `waiting` is set, or its write is under way
  bool ending = false;
  bool ended = false;
  StateWriterStats stats;
};

namespace {

constexpr Duration kDestructorWaits = std::chrono::seconds{5};

// Signals are for the thread that waits for them.
std::thread StartWithoutSignals(std::function<void()> run) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread(std::move(run));
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

}  // namespace

void StateWriter::Core::Run() {
  std::unique_lock lock(mutex);
  while (true) {
    changed.wait(lock, [this] { return waiting || ending; });
    if (!waiting) break;
    const Snapshot snapshot = std::move(*waiting);
    waiting.reset();
    lock.unlock();
    WriteOne(snapshot);
    lock.lock();
    busy = waiting.has_value();
    changed.notify_all();
  }
  lock.unlock();
  sink.reset();  // closes the file, which may take a while
  lock.lock();
  ended = true;
  changed.notify_all();
}

void StateWriter::Core::WriteOne(const Snapshot& snapshot) {
  const auto start = std::chrono::steady_clock::now();
  const Result<void> written = sink->Write(snapshot);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  if (const std::string notice = sink->TakeNotice(); !notice.empty()) {
    {
      const std::lock_guard lock(mutex);
      ++stats.set_aside;
    }
    Tell(Severity::kWarning, notice);
  }
  const std::string change = Record(written, took.count());
  if (!change.empty()) Tell(written ? Severity::kInfo : Severity::kWarning, change);
}

// What to tell where writing begins to fail, or works again; else "".
std::string StateWriter::Core::Record(const Result<void>& written, double seconds) {
  const std::lock_guard lock(mutex);
  const bool was_failing = std::exchange(stats.failing, !written.ok());
  stats.last_write_seconds = seconds;
  if (written) {
    ++stats.writes;
    stats.last_success = clock();
    return was_failing ? "the state is written again" : "";
  }
  ++stats.errors;
  stats.last_error = written.error().message;
  if (was_failing) return "";
  return stats.last_error + "; counting goes on, and it is tried again each time";
}

void StateWriter::Core::Tell(Severity severity, const std::string& text) {
  const std::lock_guard lock(notify_mutex);
  if (notify) notify(severity, text);
}

StateWriter::StateWriter(std::unique_ptr<SnapshotSink> sink, Notify notify, Clock clock)
    : core_(std::make_shared<Core>(std::move(sink), std::move(notify), std::move(clock))),
      thread_(StartWithoutSignals([core = core_] { core->Run(); })) {}

StateWriter::~StateWriter() { End(kDestructorWaits); }

bool StateWriter::Offer(Snapshot snapshot) {
  const std::lock_guard lock(core_->mutex);
  if (core_->busy || core_->ending) return false;
  core_->busy = true;
  core_->waiting = std::move(snapshot);
  core_->changed.notify_all();
  return true;
}

bool StateWriter::Finish(Snapshot snapshot, Duration at_most) {
  snapshot.clean = true;
  {
    const std::lock_guard lock(core_->mutex);
    if (core_->ending) return false;
    // One that waits still is older than this.
    snapshot.purge = snapshot.purge || (core_->waiting && core_->waiting->purge);
    core_->waiting = std::move(snapshot);
    core_->busy = true;
    core_->ending = true;
    core_->changed.notify_all();
  }
  if (!End(at_most)) return false;
  return !stats().failing;
}

bool StateWriter::End(Duration at_most) {
  if (!thread_.joinable()) return true;
  std::unique_lock lock(core_->mutex);
  core_->ending = true;
  core_->changed.notify_all();
  const bool ended = core_->changed.wait_for(lock, at_most, [this] { return core_->ended; });
  if (!ended) core_->waiting.reset();
  lock.unlock();
  if (ended) {
    thread_.join();
    return true;
  }
  thread_.detach();
  const std::lock_guard silent(core_->notify_mutex);
  core_->notify = nullptr;
  return false;
}

StateWriterStats StateWriter::stats() const {
  const std::lock_guard lock(core_->mutex);
  return core_->stats;
}

}  // namespace accesslog
