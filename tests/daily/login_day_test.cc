#include "daily/login_day.h"

#include <gtest/gtest.h>

#include <string>

namespace accesslog {
namespace {

TEST(LoginDay, CountsAMemberOnce) {
  LoginDay day;
  day.AddMember(1);
  day.AddMember(1);
  day.AddMember(2);
  EXPECT_EQ(day.member_count(), 2u);
}

TEST(LoginDay, IsBounded) {
  LoginDay day;
  for (uint64_t i = 0; i < 3000; ++i) {
    day.AddMember(i);
    day.AddNewcomer(std::to_string(i));
  }
  day.AddNewcomer(std::string(10'000, 'x'));
  EXPECT_EQ(day.members.size(), LoginDay::kMostMembers);
  EXPECT_EQ(day.member_count(), 3000u);
  EXPECT_EQ(day.newcomers.size(), LoginDay::kMostNewcomers);
  EXPECT_EQ(day.newcomer_count(), 3001u);
}

TEST(LoginDay, ErasesOne) {
  LoginDay day;
  day.AddMember(1);
  day.AddMember(2);
  day.AddNewcomer("a");
  EXPECT_TRUE(day.Erase("a", 1));
  EXPECT_FALSE(day.Erase("a", 1));
  EXPECT_EQ(day.members.size(), 1u);
  EXPECT_EQ(day.member_count(), 2u);
  EXPECT_EQ(day.newcomer_count(), 1u);
}

}  // namespace
}  // namespace accesslog
