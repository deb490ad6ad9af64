// What Detector keeps of one client that gave reason to. Most clients give one reason once, so what a
// suspect needs beyond that is allocated when there is need of it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "clients/network.h"
#include "detect/detection.h"
#include "detect/distinct_recent.h"
#include "detect/sliding_count.h"

namespace accesslog {

// A fine ring for the windows up to five minutes, others for longer ones. Each is longer than its window
// by what a window may be cut at its old end.
using FineCount = SlidingCount<10, 30>;
using TenMinuteCount = SlidingCount<20, 30>;
using HourCount = SlidingCount<60, 60>;

// An answer to an attempt to log in, as far as the log tells it.
struct LoginReply {
  uint16_t status = 0;
  uint32_t bytes = 0;

  bool operator==(const LoginReply&) const = default;
};

// An attempt whose answer did not say how it ended.
struct PendingLogin {
  Time at{};
  LoginReply reply;
  uint32_t user_hash = 0;
};

struct LoginCounts {
  FineCount fine;
  HourCount hour;
  LoginReply last_failure;
  bool followed_back = false;    // it was told by where the client was led
  uint64_t challenged_path = 0;  // of the last 401 to who gave no name
  Time challenged_at{};
  uint32_t challenges = 0;       // since the last success; all failures, if as many
  uint32_t failures = 0;         // since then
  uint32_t success_after = 0;    // failures before the last success
  Time success_at{};
  std::optional<PendingLogin> pending;
};

struct AttackCounts {
  DistinctRecent<16> requests;
  FineCount exploits;
  FineCount answered;
};

struct ErrorCounts {
  TenMinuteCount server;
  TenMinuteCount malformed;
};

struct UnusualVisit {
  Time at{};
  bool off_day = false;
};

// A line and for which detections it speaks.
struct SampleLine {
  uint32_t detections = 0;  // bits
  std::string text;         // escaped, cut
};

// The highest value of a threshold's signal in the last moments.
struct Held {
  uint32_t threshold = 0;  // index in the options
  uint32_t value = 0;
  Time at{};
};

struct OpenEpisode {
  Episode episode;
  std::vector<Held> held;
  int64_t noted_day = INT64_MIN;  // on which Offenders was last told of it
};

struct Suspect {
  Time last{};
  Time run_began{};  // first reason after an hour without any
  std::unique_ptr<LoginCounts> logins;
  std::unique_ptr<AttackCounts> attacks;
  std::unique_ptr<ErrorCounts> errors;
  std::unique_ptr<UnusualVisit> unusual;
  DistinctRecent<64> error_paths;
  FineCount failed;
  std::vector<OpenEpisode> open;
  std::vector<SampleLine> samples;
  // Of Offenders, when it was last noted.
  uint8_t offense_days = 0;
  uint8_t offense_kinds = 0;
  Time noted{};
  bool has_rate = false;  // RateTable is worth a look
  // Decided when the client's signals are first shown, or an episode opens, and then left: a label
  // that changes would end one series and begin another. What the client called itself then counts.
  std::optional<Network> network;
  bool visible = false;
  bool withheld = false;  // and counted as such
};

}  // namespace accesslog
