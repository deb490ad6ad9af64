// Writes snapshots on a thread of its own, so that no disk, however slow, delays the reading of
// logs. It holds at most one snapshot; whoever offers another meanwhile is told no, and comes again
// with a newer one. Problems are told once, and once more when they are over.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "base/clock.h"
#include "state/snapshot.h"
#include "state/snapshot_sink.h"

namespace accesslog {

struct StateWriterStats {
  double last_write_seconds = 0;  // of the last try, good or not
  Time last_success{};            // wall clock; the epoch before the first
  uint64_t writes = 0;            // that succeeded
  uint64_t errors = 0;            // that did not
  uint64_t set_aside = 0;         // unusable files put aside by these tries
  std::string last_error;         // stays when writing works again
  bool failing = false;           // the last try failed
};

class StateWriter {
 public:
  enum class Severity : uint8_t { kInfo, kWarning };
  // Called on the writer's thread, never after Finish returned.
  using Notify = std::function<void(Severity, const std::string& text)>;

  StateWriter(std::unique_ptr<SnapshotSink> sink, Notify notify, Clock clock = SystemClock());
  // Finishes the write that is under way, waiting 5 s at most.
  ~StateWriter();
  StateWriter(const StateWriter&) = delete;
  StateWriter& operator=(const StateWriter&) = delete;

  // Never waits. False: the one before is not yet written, or Finish was called; nothing is kept.
  bool Offer(Snapshot snapshot);

  // Writes `snapshot` as a clean one behind what is under way, closes the file and ends the thread.
  // False if it was not written, or not within `at_most`; a thread that hangs in the disk is then
  // left to itself. To be called once.
  bool Finish(Snapshot snapshot, Duration at_most);

  StateWriterStats stats() const;

 private:
  struct Core;

  bool End(Duration at_most);

  std::shared_ptr<Core> core_;  // shared with the thread, which may outlive this object
  std::thread thread_;
};

}  // namespace accesslog
