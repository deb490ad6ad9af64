// Makes something large for several who ask for it at about the same time: each gets one that was
// begun after he asked, so nobody is told of yesterday, and all who asked before it was begun share
// it. One is made at a time, and after a burst not without pauses, so that a flood of requests takes at
// most a part of a core.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>

namespace accesslog {

template <typename Product>
class Batch {
 public:
  using Made = std::shared_ptr<const Product>;
  using Make = std::function<Made()>;
  using Duration = std::chrono::steady_clock::duration;

  // For each one that is made, `pause` times as long nothing is; but up to `burst` of it may be put
  // off, so that a few who come one after the other do not wait.
  Batch(int pause, Duration burst) : pause_(pause), burst_(burst) {}

  // One of those who wait calls his own `make`. What it throws, all of them throw.
  Made Get(const Make& make);

 private:
  using Clock = std::chrono::steady_clock;

  struct Round {
    bool done = false;
    Made made;
    std::exception_ptr error;
  };

  void Run(Round& round, const Make& make, std::unique_lock<std::mutex>& lock);

  const int pause_;
  const Duration burst_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<Round> next_;  // that nobody makes yet
  bool making_ = false;
  Clock::time_point rested_{};  // by when all pauses are made up for
};

template <typename Product>
typename Batch<Product>::Made Batch<Product>::Get(const Make& make) {
  std::unique_lock lock(mutex_);
  std::shared_ptr<Round> round = next_;
  if (round) {
    changed_.wait(lock, [&] { return round->done; });
  } else {
    round = next_ = std::make_shared<Round>();
    changed_.wait(lock, [&] { return !making_; });
    changed_.wait_until(lock, rested_ - burst_, [] { return false; });
    next_.reset();
    Run(*round, make, lock);
  }
  if (round->error) std::rethrow_exception(round->error);
  return round->made;
}

template <typename Product>
void Batch<Product>::Run(Round& round, const Make& make, std::unique_lock<std::mutex>& lock) {
  making_ = true;
  lock.unlock();
  const Clock::time_point start = Clock::now();
  try {
    round.made = make();
  } catch (...) {
    round.error = std::current_exception();
  }
  lock.lock();
  rested_ = std::max(rested_, start) + (pause_ + 1) * (Clock::now() - start);
  round.done = true;
  making_ = false;
  changed_.notify_all();
}

}  // namespace accesslog
