#include "base/unique_fd.h"

#include <fcntl.h>
#include <gtest/gtest.h>

namespace accesslog {
namespace {

int OpenNull() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

bool IsOpen(int fd) { return ::fcntl(fd, F_GETFD) != -1; }

TEST(UniqueFd, OwnsNothingByDefault) {
  const UniqueFd fd;
  EXPECT_FALSE(static_cast<bool>(fd));
  EXPECT_EQ(fd.get(), -1);
}

TEST(UniqueFd, ClosesWhenItDies) {
  const int raw = OpenNull();
  {
    const UniqueFd fd(raw);
    EXPECT_TRUE(static_cast<bool>(fd));
    EXPECT_TRUE(IsOpen(raw));
  }
  EXPECT_FALSE(IsOpen(raw));
}

TEST(UniqueFd, ClosesOnReset) {
  const int raw = OpenNull();
  UniqueFd fd(raw);
  fd.Reset();
  EXPECT_FALSE(IsOpen(raw));
  EXPECT_EQ(fd.get(), -1);
}

TEST(UniqueFd, HandsOverWhenMoved) {
  const int raw = OpenNull();
  UniqueFd from(raw);
  const UniqueFd to(std::move(from));
  EXPECT_TRUE(IsOpen(raw));
  EXPECT_EQ(to.get(), raw);
  EXPECT_EQ(from.get(), -1);  // NOLINT(bugprone-use-after-move)
}

TEST(UniqueFd, ClosesItsOwnWhenAnotherIsMovedIn) {
  const int first = OpenNull();
  const int second = OpenNull();
  UniqueFd fd(first);
  fd = UniqueFd(second);
  EXPECT_FALSE(IsOpen(first));
  EXPECT_TRUE(IsOpen(second));
}

TEST(UniqueFd, SurvivesBeingMovedIntoItself) {
  const int raw = OpenNull();
  UniqueFd fd(raw);
  UniqueFd& same = fd;
  fd = std::move(same);
  EXPECT_EQ(fd.get(), raw);
  EXPECT_TRUE(IsOpen(raw));
}

}  // namespace
}  // namespace accesslog
