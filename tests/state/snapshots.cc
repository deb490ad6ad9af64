#include "state/snapshots.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

namespace accesslog {

bool operator==(const Snapshot& a, const Snapshot& b) {
  return a.taken == b.taken && a.clean == b.clean && a.parts == b.parts;
}

void PrintTo(const Snapshot& snapshot, std::ostream* out) {
  *out << "taken " << snapshot.taken.time_since_epoch().count() << (snapshot.clean ? " clean" : "");
  for (const auto& [key, bytes] : snapshot.parts) {
    *out << ", " << key.site << "/" << key.kind << "/" << key.name << ": " << bytes.size();
  }
}

Snapshot NumberedSnapshot(uint64_t number, size_t bytes) {
  Snapshot snapshot;
  snapshot.taken = ManualClock::kStart + Duration(number);
  const std::string text = std::to_string(number) + " ";
  std::string long_text;
  while (long_text.size() < bytes) long_text += text;
  long_text.resize(bytes);
  snapshot.parts[{"shop", "traffic", ""}] = text;
  snapshot.parts[{"shop", "clients", ""}] = long_text;
  snapshot.parts[{"shop", "file", "/var/log/shop.log"}] = text;
  snapshot.parts[{"intranet", "detect", ""}] = long_text;
  return snapshot;
}

uint64_t NumberOf(const Snapshot& snapshot, size_t bytes) {
  const auto part = snapshot.parts.find({"shop", "traffic", ""});
  if (part == snapshot.parts.end()) {
    ADD_FAILURE() << "no snapshot: " << testing::PrintToString(snapshot);
    return 0;
  }
  const uint64_t number = std::strtoull(part->second.c_str(), nullptr, 10);
  EXPECT_EQ(snapshot, NumberedSnapshot(number, bytes));
  return number;
}

OpenedState OpenGood(const std::string& path) {
  auto opened = StateStore::Open(path);
  if (opened) return std::move(*opened);
  ADD_FAILURE() << opened.error().message;
  return {};
}

void WriteState(const std::string& path, const Snapshot& snapshot) {
  const OpenedState opened = OpenGood(path);
  ASSERT_EQ(opened.notice, "");
  ASSERT_EQ(WriteError(*opened.store, snapshot), "");
}

std::string WriteError(StateStore& store, const Snapshot& snapshot) {
  const auto written = store.Write(snapshot);
  return written ? "" : written.error().message;
}

int InChild(const std::function<int()>& run) {
  int status = -1;
  const pid_t child = ::fork();
  if (child == 0) ::_exit(run());
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status)) << "the child was ended by signal " << WTERMSIG(status);
  return WEXITSTATUS(status);
}

pid_t StartChild(const std::function<void()>& run) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  run();
  ::_exit(0);
}

void KillChild(pid_t child) {
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

}  // namespace accesslog
