#include "app/check_config.h"

#include <gtest/gtest.h>

#include <sstream>

#include "support/temp_directory.h"

namespace accesslog {
namespace {

class CheckConfigTest : public ::testing::Test {
 protected:
  int Check(const std::string& toml) { return CheckPath(directory_.Write("config.toml", toml)); }
  int CheckPath(const std::string& path) {
    path_ = path;
    return CheckConfig(path, out_, err_);
  }

  TempDirectory directory_;
  std::string path_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(CheckConfigTest, SaysThatAFileIsGood) {
  EXPECT_EQ(Check("[[site]]\nname = \"shop\"\nfiles = [\"x.log\"]\n"), 0);
  EXPECT_EQ(out_.str(), path_ + ": good, 1 site\n");
  EXPECT_EQ(err_.str(), "");
}

TEST_F(CheckConfigTest, NamesAllErrors) {
  EXPECT_EQ(Check("[clients]\nidle = 1\nmax_series = 0\n"), 2);
  EXPECT_EQ(out_.str(), "");
  EXPECT_EQ(
      err_.str(),
      path_ + ":2:8: idle in [clients] must be a duration from 1s to 31536000s, as in \"1h\"\n" +
          path_ + ":3:14: max_series in [clients] must be a whole number from 1 to 10000000\n");
}

TEST_F(CheckConfigTest, CallsAWarningOne) {
  EXPECT_EQ(Check("[clients]\nclient_headers = [\"X-Real-IP\"]\n"), 0);
  EXPECT_EQ(err_.str(),
            path_ + ":2:18: warning: client_headers has no effect without trusted_proxies\n");
}

TEST_F(CheckConfigTest, NamesAFileThatIsMissing) {
  EXPECT_EQ(CheckPath(directory_.PathOf("missing.toml")), 2);
  EXPECT_EQ(err_.str(), "cannot open " + path_ + ": No such file or directory\n");
}

TEST_F(CheckConfigTest, TakesWhatIsNoText) {
  EXPECT_EQ(Check(std::string("\xff\xfe\0\x01", 4)), 2);
  EXPECT_NE(err_.str(), "");
}

}  // namespace
}  // namespace accesslog
