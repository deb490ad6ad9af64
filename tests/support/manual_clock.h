// A clock that a test turns by hand.
#pragma once

#include "base/clock.h"

namespace accesslog {

class ManualClock {
 public:
  // 2026-03-02T10:00:00Z, a Monday; any fixed moment would do.
  static constexpr Time kStart{std::chrono::seconds{1772445600}};

  Time now() const { return now_; }
  void Advance(Duration by) { now_ += by; }
  void Set(Time now) { now_ = now; }

  // For code that takes a Clock; this object must outlive it.
  Clock AsClock() const {
    return [this] { return now_; };
  }

 private:
  Time now_ = kStart;
};

}  // namespace accesslog
