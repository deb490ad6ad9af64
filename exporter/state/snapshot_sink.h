// Where snapshots are written: StateStore, or what a test puts in its place.
#pragma once

#include <string>

#include "base/result.h"
#include "state/snapshot.h"

namespace accesslog {

class SnapshotSink {
 public:
  virtual ~SnapshotSink() = default;
  // All of it or, with an error, nothing. It may be called again whatever it said.
  virtual Result<void> Write(const Snapshot& snapshot) = 0;
  // What was set aside since the last call, in words; mostly "".
  virtual std::string TakeNotice() = 0;
};

}  // namespace accesslog
