#include "http/batch.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

#include "http/served.h"

namespace accesslog {
namespace {

using std::chrono::milliseconds;

using Numbers = Batch<int>;

TEST(Batch, MakesOneForEachWhoComesAlone) {
  Numbers batch(0, milliseconds{0});
  int made = 0;
  const auto make = [&] { return std::make_shared<const int>(++made); };
  EXPECT_EQ(*batch.Get(make), 1);
  EXPECT_EQ(*batch.Get(make), 2);
}

TEST(Batch, KeepsNothing) {
  Numbers batch(0, milliseconds{0});
  const std::weak_ptr<const int> gone = batch.Get([] { return std::make_shared<const int>(1); });
  EXPECT_TRUE(gone.expired());
}

// While the first is made, many come: they get the second, not the first, which began before them,
// and there is no third.
TEST(Batch, GivesOneToAllWhoComeWhileTheOneBeforeIsMade) {
  Numbers batch(0, milliseconds{0});
  std::atomic<int> made = 0;
  std::promise<void> go_on;
  std::shared_future<void> may_go_on = go_on.get_future().share();
  std::promise<void> begun;
  std::thread first([&] {
    EXPECT_EQ(*batch.Get([&] {
      begun.set_value();
      may_go_on.wait();
      return std::make_shared<const int>(++made);
    }), 1);
  });
  begun.get_future().wait();
  std::vector<std::thread> others;
  std::atomic<int> came = 0;
  for (int i = 0; i < 8; ++i) {
    others.emplace_back([&] {
      ++came;
      EXPECT_EQ(*batch.Get([&] { return std::make_shared<const int>(++made); }), 2);
    });
  }
  while (came < 8) std::this_thread::yield();
  // Those who have come wait by now; and if one of them has not called Get yet, it gets a third.
  std::this_thread::sleep_for(milliseconds{100});
  go_on.set_value();
  first.join();
  for (std::thread& other : others) other.join();
  EXPECT_EQ(made, 2);
}

Numbers::Made MakeSlowly() {
  std::this_thread::sleep_for(milliseconds{20});
  return std::make_shared<const int>(1);
}

TEST(Batch, PausesBetweenTwo) {
  Numbers batch(4, milliseconds{0});
  const Stopwatch watch;
  batch.Get(MakeSlowly);
  EXPECT_LT(watch.elapsed(), milliseconds{80});
  batch.Get(MakeSlowly);
  EXPECT_GE(watch.elapsed(), milliseconds{120});
}

TEST(Batch, PutsPausesOffForAWhile) {
  Numbers batch(4, milliseconds{10000});
  const Stopwatch watch;
  for (int i = 0; i < 4; ++i) batch.Get(MakeSlowly);
  // With pauses it were 320.
  EXPECT_LT(watch.elapsed(), milliseconds{300});
}

TEST(Batch, PausesAllTheSameInALongRow) {
  Numbers batch(4, milliseconds{100});
  const Stopwatch watch;
  for (int i = 0; i < 4; ++i) batch.Get(MakeSlowly);
  EXPECT_GE(watch.elapsed(), milliseconds{220});
}

TEST(Batch, ThrowsWhatWasThrownAndGoesOn) {
  Numbers batch(0, milliseconds{0});
  EXPECT_THROW(batch.Get([]() -> Numbers::Made { throw std::runtime_error("no luck"); }),
               std::runtime_error);
  EXPECT_EQ(*batch.Get([] { return std::make_shared<const int>(7); }), 7);
}

}  // namespace
}  // namespace accesslog
