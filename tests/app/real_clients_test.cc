// The client table on real logs, in a table far too small for them, beside an exact account. The logs are
// no part of this project: the folder is $ACCESSLOG_SHARED_DATA, or ../shared/data beside the sources;
// without it these tests are skipped.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "app/site_engine.h"

namespace accesslog {
namespace {

namespace fs = std::filesystem;

fs::path DataFolder() {
  if (const char* folder = std::getenv("ACCESSLOG_SHARED_DATA")) return folder;
  return fs::path(ACCESSLOG_TEST_DATA).parent_path().parent_path().parent_path() / "shared" / "data";
}

struct Served {
  uint64_t requests = 0;
  uint64_t named = 0;  // counted for the client itself, not for `other`
};

// The log by its own clock, through an engine whose table has so many series.
class RealSite {
 public:
  explicit RealSite(uint32_t max_series) : engine_("real", Options(max_series), {}, 42) {}

  void Read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    for (std::string line; std::getline(in, line);) Count(line);
  }

  // The clients with most requests, the first of them first.
  std::vector<Served> Busiest(size_t count) const {
    std::vector<Served> all;
    for (const auto& [key, served] : clients_) all.push_back(served);
    std::sort(all.begin(), all.end(),
              [](const Served& a, const Served& b) { return a.requests > b.requests; });
    all.resize(std::min(count, all.size()));
    return all;
  }
  // Law 2, summed over all statuses.
  bool SumsAgree() const {
    uint64_t charged = 0;
    engine_.clients().Visit(
        now_, [](const ClientTable::ClientView&) {},
        [&](const ClientTable::SeriesView& series) { charged += series.shown + series.pending; });
    for (uint16_t status = 0; status < 600; ++status) charged += engine_.clients().Evicted(status);
    return charged == engine_.traffic().total();
  }
  size_t clients() const { return clients_.size(); }

 private:
  static ClientOptions Options(uint32_t max_series) {
    ClientOptions options;
    options.max_series = max_series;
    options.new_series_per_hour = 2 * max_series;
    return options;
  }

  void Count(std::string_view line) {
    Record record;
    if (!HasRecord(clock_.Parse(line, record)) || !record.time) return;
    now_ = std::max(now_, *record.time);
    engine_.Advance(now_);
    const uint64_t rejected = engine_.clients().rejections();
    const SiteEngine::Counted counted = engine_.Count(line, parser_, now_);
    if (counted.record == nullptr) return;
    Served& served = clients_[counted.client.key];
    ++served.requests;
    served.named += engine_.clients().rejections() == rejected ? 1 : 0;
  }

  LogParser clock_ = *LogParser::Create("auto");
  LogParser parser_ = *LogParser::Create("auto");
  SiteEngine engine_;
  Time now_{};
  std::map<ClientKey, Served> clients_;
};

class RealClients : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::is_directory(DataFolder())) GTEST_SKIP() << "no folder " << DataFolder();
  }
};

TEST_F(RealClients, AreCountedBeginningWithTheBusiestWhereThereAreTwentyPlaces) {
  RealSite site(20);
  site.Read(DataFolder() / "elastic-apache-10k" / "apache_logs");
  ASSERT_EQ(site.clients(), 1753U);
  EXPECT_TRUE(site.SumsAgree());
  for (const Served& served : site.Busiest(10)) {
    EXPECT_GT(static_cast<double>(served.named), 0.5 * static_cast<double>(served.requests))
        << served.named << " of " << served.requests;
  }
}

TEST_F(RealClients, AreAllCountedWhereThereIsRoomForThoseOfAnHour) {
  RealSite site(200);
  site.Read(DataFolder() / "elastic-apache-10k" / "apache_logs");
  EXPECT_TRUE(site.SumsAgree());
  for (const Served& served : site.Busiest(1753)) EXPECT_EQ(served.named, served.requests);
}

// 439 addresses that try to log in now and then, none of them often.
TEST_F(RealClients, KeepTheSumsInADistributedAttack) {
  RealSite site(60);
  site.Read(DataFolder() / "basjes-hackers-access" / "hackers-access.log");
  ASSERT_GT(site.clients(), 400U);
  EXPECT_TRUE(site.SumsAgree());
}

}  // namespace
}  // namespace accesslog
