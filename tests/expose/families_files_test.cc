#include <gmock/gmock.h>

#include "expose/exposed_site.h"

namespace accesslog {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

FileView OpenFile() {
  return {.site = "shop",
          .path = "/var/log/access.log",
          .open = true,
          .open_errors = 1,
          .bytes_behind = 2,
          .rotations = 3,
          .truncations = 4,
          .lost_bytes = 5,
          .last_line = kStart};
}

std::vector<std::string> Samples(const std::vector<FileView>& files, const std::string& name) {
  return SamplesOf(Scrape({}, files), name);
}

TEST(FileFamilies, TellAllThatIsKnownOfAFile) {
  const std::string labels = "file=\"/var/log/access.log\",site=\"shop\" ";
  EXPECT_THAT(Samples({OpenFile()}, "accesslog_tail_file_open"), ElementsAre(labels + "1"));
  EXPECT_THAT(Samples({OpenFile()}, "accesslog_tail_open_errors_total"), ElementsAre(labels + "1"));
  EXPECT_THAT(Samples({OpenFile()}, "accesslog_tail_bytes_behind"), ElementsAre(labels + "2"));
  EXPECT_THAT(Samples({OpenFile()}, "accesslog_tail_rotations_total"), ElementsAre(labels + "3"));
  EXPECT_THAT(Samples({OpenFile()}, "accesslog_tail_truncations_total"), ElementsAre(labels + "4"));
  EXPECT_THAT(Samples({OpenFile()}, "accesslog_tail_lost_bytes_total"), ElementsAre(labels + "5"));
}

TEST(FileFamilies, TellTheTimeOfTheNewestLine) {
  const Exposition scrape = ParseExposition(Scrape({}, {OpenFile()}));
  for (const Sample& sample : scrape.samples) {
    if (sample.name == "accesslog_tail_last_line_timestamp_seconds") {
      EXPECT_EQ(sample.value, ToSeconds(kStart));
      return;
    }
  }
  FAIL() << "no such sample";
}

TEST(FileFamilies, HaveNoTimeWhereNoLineHadOne) {
  FileView file = OpenFile();
  file.last_line.reset();
  EXPECT_THAT(Samples({file}, "accesslog_tail_last_line_timestamp_seconds"), IsEmpty());
}

TEST(FileFamilies, TellThatAFileIsNotOpen) {
  FileView file = OpenFile();
  file.open = false;
  EXPECT_THAT(Samples({file}, "accesslog_tail_file_open"),
              ElementsAre("file=\"/var/log/access.log\",site=\"shop\" 0"));
}

// Names of log files in containers end with the id.
TEST(FileFamilies, TellLongPathsApart) {
  FileView first = OpenFile();
  FileView second = OpenFile();
  const std::string directory = "/var/log/containers/" + std::string(250, 'x');
  const std::string first_path = directory + "-1.log";
  const std::string second_path = directory + "-2.log";
  first.path = first_path;
  second.path = second_path;
  EXPECT_THAT(Samples({first, second}, "accesslog_tail_file_open"), SizeIs(2));
}

TEST(FileFamilies, AreLeftOutWhereThereIsNoFile) {
  EXPECT_THAT(Samples({}, "accesslog_tail_file_open"), IsEmpty());
}

}  // namespace
}  // namespace accesslog
