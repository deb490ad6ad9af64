#include "app/crawler_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/temp_directory.h"

namespace accesslog {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The ranges, or the error behind "!".
std::string Read(std::string_view text) {
  const auto prefixes = ParseCrawlerRanges(text);
  if (!prefixes) return "!" + prefixes.error().message;
  std::string all;
  for (const IpPrefix& prefix : *prefixes) all += prefix.ToString() + " ";
  return all;
}

TEST(ParseCrawlerRanges, ReadsWhatGoogleAndBingPublish) {
  EXPECT_EQ(Read(R"({"creationTime": "2026-01-01T00:00:00", "prefixes": [
              {"ipv6Prefix": "2001:4860:4801:10::/64"}, {"ipv4Prefix": "66.249.64.0/27"}]})"),
            "2001:4860:4801:10::/64 66.249.64.0/27 ");
}

TEST(ParseCrawlerRanges, ReadsWhatAwsPublishes) {
  EXPECT_EQ(Read(R"({"syncToken": "1", "prefixes": [{"ip_prefix": "192.0.2.0/24", "region": "x"}]})"),
            "192.0.2.0/24 ");
}

TEST(ParseCrawlerRanges, ReadsPlainText) {
  EXPECT_EQ(Read("# Crawlers\n192.0.2.0/24\r\n\n  2001:db8::/32  # v6\n198.51.100.7"),
            "192.0.2.0/24 2001:db8::/32 198.51.100.7/32 ");
}

TEST(ParseCrawlerRanges, RefusesAllOfAFileWithOneFault) {
  EXPECT_EQ(Read("192.0.2.0/24\nnonsense\n"), "!\"nonsense\" is no address range");
  EXPECT_EQ(Read(R"({"prefixes": [{"ipv4Prefix": "192.0.2.0/33"}]})"),
            "!\"192.0.2.0/33\" is no address range");
  EXPECT_EQ(Read(R"({"prefixes": [{"ipv4Prefix": 7}]})"), "!ipv4Prefix is no text");
  EXPECT_EQ(Read(R"({"prefixes": ["192.0.2.0/24"]})"), "!\"prefixes\" holds what is no object");
  EXPECT_EQ(Read(R"({"prefixes": {}})"), "!it has no list \"prefixes\"");
  EXPECT_EQ(Read(R"({"prefixes": [{"ipv4Prefix": "192.0.2.0/24"})"),
            "!it has no list \"prefixes\"");
  EXPECT_EQ(Read("{"), "!it has no list \"prefixes\"");
  EXPECT_EQ(Read("<html>404</html>"), "!\"<html>404</html>\" is no address range");
}

TEST(ParseCrawlerRanges, RefusesAFileWithoutRanges) {
  for (const char* text : {"", "\n\n", "# nothing", R"({"prefixes": []})", R"({"prefixes": [{}]})"}) {
    EXPECT_EQ(Read(text), "!it holds no address range") << text;
  }
}

// One such range would exempt everybody from the alerts.
TEST(ParseCrawlerRanges, RefusesRangesThatHoldNearlyEverybody) {
  for (const char* text : {"0.0.0.0/0", "::/0", "64.0.0.0/7", "2000::/3"}) {
    EXPECT_THAT(Read(text), HasSubstr("is larger than any crawler's range")) << text;
  }
}

TEST(ParseCrawlerRanges, BearsDeepNesting) {
  EXPECT_EQ(Read("{\"prefixes\":" + std::string(100000, '[')), "!it has no list \"prefixes\"");
}

class CrawlerFilesTest : public ::testing::Test {
 protected:
  // As an updater does it that exchanges the file.
  void Put(const std::string& text) {
    std::ofstream(path_ + ".new") << text;
    std::filesystem::rename(path_ + ".new", path_);
  }

  CrawlerFiles Files() {
    return CrawlerFiles({{"googlebot", {path_}, {"Googlebot"}}},
                        [this](const std::string& text) { said_.push_back(text); });
  }

  static bool Has(const CrawlerFiles& files, const char* address) {
    return files.crawlers()->at(0).ranges.Contains(*IpAddress::Parse(address));
  }

  static bool IsGood(const CrawlerFiles& files) { return files.Views().at(0).files.at(0).good; }

  TempDirectory directory_;
  std::string path_ = directory_.PathOf("googlebot.json");
  std::vector<std::string> said_;
};

TEST_F(CrawlerFilesTest, AreReadAgainWhenTheyChange) {
  Put("192.0.2.0/24\n");
  CrawlerFiles files = Files();
  EXPECT_TRUE(files.Update());
  EXPECT_TRUE(Has(files, "192.0.2.7"));
  EXPECT_FALSE(files.Update());
  Put("192.0.2.0/24\n198.51.100.0/24\n");
  EXPECT_TRUE(files.Update());
  EXPECT_TRUE(Has(files, "198.51.100.7"));
  EXPECT_EQ(files.Views().at(0).ranges, 2U);
  EXPECT_THAT(said_, IsEmpty());
}

TEST_F(CrawlerFilesTest, StayAsTheyWereWhereAFileIsBrokenOrGone) {
  Put("192.0.2.0/24\n");
  CrawlerFiles files = Files();
  files.Update();
  Put("{half");
  EXPECT_FALSE(files.Update());
  EXPECT_TRUE(Has(files, "192.0.2.7"));
  EXPECT_FALSE(IsGood(files));
  EXPECT_FALSE(files.Update());
  std::filesystem::remove(path_);
  EXPECT_FALSE(files.Update());
  EXPECT_FALSE(files.Update());
  EXPECT_TRUE(Has(files, "192.0.2.7"));
  Put("198.51.100.0/24\n");
  EXPECT_TRUE(files.Update());
  EXPECT_TRUE(IsGood(files));
  EXPECT_FALSE(Has(files, "192.0.2.7"));
  EXPECT_THAT(said_,
              ElementsAre("the ranges of crawler googlebot in " + path_ +
                              " cannot be used: it has no list \"prefixes\"; its ranges stay as they were",
                          "the ranges of crawler googlebot in " + path_ +
                              " cannot be used: No such file or directory; its ranges stay as they were",
                          "the ranges of crawler googlebot in " + path_ + " are good again"));
}

TEST_F(CrawlerFilesTest, MayBeMissingAtFirst) {
  CrawlerFiles files = Files();
  EXPECT_FALSE(files.Update());
  EXPECT_FALSE(IsGood(files));
  EXPECT_EQ(files.Views().at(0).ranges, 0U);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("nobody is taken for the crawler because of it")));
}

TEST_F(CrawlerFilesTest, AreNoDirectoriesAndNotTooLarge) {
  std::filesystem::create_directory(path_);
  CrawlerFiles files = Files();
  files.Update();
  EXPECT_THAT(said_, ElementsAre(HasSubstr("it is no regular file")));
  std::filesystem::remove(path_);
  Put("192.0.2.0/24\n" + std::string(5 * 1024 * 1024, '\n'));
  files.Update();
  EXPECT_THAT(said_.back(), HasSubstr("it is larger than 4 MiB"));
}

TEST_F(CrawlerFilesTest, AreLookedAtEachFewSeconds) {
  const Time start{std::chrono::hours{1}};
  Put("192.0.2.0/24\n");
  CrawlerFiles files = Files();
  EXPECT_TRUE(files.UpdateIfDue(start));
  Put("198.51.100.0/24\n");
  EXPECT_FALSE(files.UpdateIfDue(start + std::chrono::seconds{4}));
  EXPECT_TRUE(files.UpdateIfDue(start + std::chrono::seconds{5}));
  Put("192.0.2.0/24\n");
  // The clock was set back.
  EXPECT_TRUE(files.UpdateIfDue(start));
}

TEST_F(CrawlerFilesTest, AreKeptThroughAReloadWhereTheFileIsBroken) {
  Put("192.0.2.0/24\n");
  CrawlerFiles before = Files();
  before.Update();
  Put("broken");
  CrawlerFiles after = Files();
  after.Update();
  EXPECT_FALSE(Has(after, "192.0.2.7"));
  after.TakeOver(before);
  EXPECT_TRUE(Has(after, "192.0.2.7"));
}

}  // namespace
}  // namespace accesslog
