// Snapshots, stores and children for the tests of the state file.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "state/snapshot.h"
#include "state/state_store.h"
#include "support/manual_clock.h"

namespace accesslog {

bool operator==(const Snapshot& a, const Snapshot& b);
void PrintTo(const Snapshot& snapshot, std::ostream* out);

// Of two sites, all its parts made from `number`; `bytes` is the length of the longest.
Snapshot NumberedSnapshot(uint64_t number, size_t bytes = 3000);
// The number that all parts of a snapshot were made from; a test failure if they differ in any way.
uint64_t NumberOf(const Snapshot& snapshot, size_t bytes = 3000);

// Opens without an error; a test failure and an empty store otherwise.
OpenedState OpenGood(const std::string& path);
// Opens, writes and closes.
void WriteState(const std::string& path, const Snapshot& snapshot);
// Writes; "" or the error.
std::string WriteError(StateStore& store, const Snapshot& snapshot);

// Runs in a child, which ends without destructors: what it opened is closed by the kernel only, as
// by kill -9. The status that it returned.
int InChild(const std::function<int()>& run);
// Starts a child that may run for ever.
pid_t StartChild(const std::function<void()>& run);
void KillChild(pid_t child);

}  // namespace accesslog
