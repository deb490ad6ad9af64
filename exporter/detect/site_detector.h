// The signals of a site as a whole, and the episodes in which they were too high: errors among its
// answers, failed logins of many clients, members who come on other days than they should. One a site,
// single-threaded, in fixed memory; times are event times. Each client by itself is Detector's.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/byte_codec.h"
#include "base/clock.h"
#include "base/time_zone.h"
#include "detect/detection.h"
#include "detect/login_event.h"
#include "detect/options.h"
#include "detect/sliding_count.h"

namespace accesslog {

class SiteDetector {
 public:
  explicit SiteDetector(const DetectOptions& options);

  // Some requests of about the same time.
  struct Answers {
    Time at;
    uint32_t requests = 1;
    uint32_t server_errors = 0;
    uint32_t bad_requests = 0;
    std::string_view line;  // of an error among them
  };
  void Count(const Answers& answers);
  void Count(const LoginEvent& event);

  // What is due with time. A day that is over is judged.
  void Advance(Time event_now);

  struct Shown {
    std::string_view signal;
    Window window;
    double value = 0;
    std::optional<double> threshold;  // none where another signal has it
  };
  std::vector<Shown> Signals(Time event_now) const;

  // By result and weekday, Monday first.
  uint64_t LoginAttempts(LoginResult result, int weekday) const {
    return attempts_[static_cast<size_t>(result)][static_cast<size_t>(weekday)];
  }
  uint64_t Episodes(Detection detection) const { return begun_[static_cast<size_t>(detection)]; }

  // Closes the episodes still open.
  void Finish();
  // Closed ones in the order of their end; the oldest are forgotten.
  const std::deque<Episode>& episodes() const { return episodes_; }
  std::vector<Episode> OpenEpisodes() const;
  // The clients have other keys from now on.
  void ForgetClients();
  void Forget(const ClientKey& client);

  void Save(ByteWriter& writer) const;
  // For an object that was just made; false, and it is to be thrown away, where the bytes are damaged.
  bool Load(ByteReader& reader);

 private:
  static constexpr size_t kDetections = 4;
  static constexpr int64_t kClientBuckets = 144;  // of ten minutes
  using ShortCount = SlidingCount<10, 60>;

  // A day that is over.
  struct Day {
    int64_t day = 0;
    uint32_t members = 0;
    uint32_t failures = 0;
    bool is_known = false;  // the log tells of it
  };
  // What a signal is, at its peak, and what it is held against.
  struct Excess {
    std::string_view signal;
    Window window;
    double value = 0;
    double threshold = 0;
  };

  void JudgeAnswers(const Answers& answers);
  void JudgeFailures(Time at);
  void JudgeOffDay(Time at);
  void JudgeLoginDay(Time at);
  void TurnDay(int64_t day);
  void Update(Detection detection, Severity severity, const Excess& excess, Time at,
              std::string_view line);
  void CloseQuiet(Time at);
  void Close(std::optional<Episode>& episode);
  std::optional<Episode>& OpenOf(Detection detection);

  bool IsLoginDay(int64_t day) const;
  double MedianFailures(int64_t day) const;
  double MedianMembers(bool login_days) const;
  bool KnowsLoginDays() const;
  double FailuresThreshold() const;
  uint32_t Present(Time at) const;
  struct Failures;
  void NoteFailingClient(uint64_t client, int64_t bucket, uint32_t failures = 1);
  void TakeBack(uint64_t client);
  void AdvanceClients(int64_t bucket);
  bool IsRecent(int64_t bucket) const { return bucket > newest_bucket_ - kClientBuckets; }
  Failures& FailingIn(int64_t bucket);
  Failures FailingAt(Time at) const;

  DetectOptions options_;
  mutable ZoneCursor zone_;
  ShortCount requests_;
  ShortCount server_errors_;
  ShortCount bad_requests_;
  // Clients whose last failure is in a sub-bucket, and their failures: few of each, so that one who
  // guesses alone is no distributed attack, and none of whom succeeded since.
  struct Failing {
    int64_t bucket = 0;
    uint32_t failures = 0;
  };
  struct Failures {
    uint32_t clients = 0;
    uint32_t failures = 0;
  };
  std::unordered_map<uint64_t, Failing> failing_clients_;
  std::array<Failures, kClientBuckets> failing_in_{};
  int64_t newest_bucket_ = 0;
  std::deque<Day> days_;     // at most 56, the newest last
  int64_t today_ = INT64_MIN;
  Time day_ends_{};          // of today_
  double usual_failures_ = 0;  // on this weekday
  uint32_t today_failures_ = 0;
  bool today_seen_ = false;
  std::unordered_set<uint64_t> members_;  // who logged in today
  std::array<std::array<uint64_t, 7>, kLoginResultCount> attempts_{};
  std::array<std::optional<Episode>, kDetections> open_;
  std::deque<Episode> episodes_;
  std::array<uint64_t, kDetectionCount> begun_{};
};

}  // namespace accesslog
