#include "clients/options.h"

#include <gtest/gtest.h>

namespace accesslog {
namespace {

TEST(UnboundedClientOptions, HasRoomForEveryClientOfAFile) {
  EXPECT_GE(Unbounded({}).max_series, 2000000000U);
  EXPECT_GE(Unbounded({}).new_series_per_hour, 2000000000U);
}

TEST(UnboundedClientOptions, ShowsAtOnceAndForgetsNobody) {
  EXPECT_EQ(Unbounded({}).first_value_hold, Duration{0});
  EXPECT_EQ(Unbounded({}).idle, Duration::max());
}

TEST(UnboundedClientOptions, KeepsHowClientsAreNamed) {
  ClientOptions options;
  options.privacy = Privacy::kMasked;
  options.ipv4_prefix = 20;
  options.ipv6_prefix = 56;
  EXPECT_EQ(Unbounded(options).privacy, Privacy::kMasked);
  EXPECT_EQ(Unbounded(options).ipv4_prefix, 20);
  EXPECT_EQ(Unbounded(options).ipv6_prefix, 56);
}

}  // namespace
}  // namespace accesslog
