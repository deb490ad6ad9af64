// What of a client stands in the state, by the mode of privacy, and that nothing of one who was erased
// does.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "app/cli.h"
#include "app/engine.h"
#include "app/log_lines.h"
#include "expose/families.h"
#include "expose/text.h"
#include "input/posix_file_system.h"
#include "state/state_store.h"
#include "support/exposition.h"
#include "support/log_recorder.h"
#include "support/manual_clock.h"
#include "support/scrape_laws.h"
#include "support/temp_directory.h"

namespace accesslog {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::minutes;

// An exporter's life without its web server: it reads a log, keeps a state, is stopped.
class PrivacyTest : public ::testing::Test {
 protected:
  PrivacyTest() { log_file_ = directory_.Write("access.log", ""); }

  Config ConfigOf(const std::string& privacy) const {
    Config config = ParseConfig("[clients]\nprivacy = \"" + privacy +
                                "\"\nfirst_value_hold = \"0\"\n[[site]]\nname = \"shop\"\nfiles = "
                                "[\"" + log_file_ + "\"]\nstart = \"beginning\"\n"
                                "protected_paths = [\"/admin\"]\n[site.login]\npaths = [\"/login\"]\n")
                        .config;
    return config;
  }

  // The engine that reads on to the end of the log, behind the state.
  std::unique_ptr<Engine> Start(const std::string& privacy) {
    auto opened = StateStore::Open(state_file_, clock_.AsClock());
    EXPECT_TRUE(opened.ok());
    store_ = std::move(opened->store);
    auto engine = std::make_unique<Engine>(ConfigOf(privacy), files_, clock_.AsClock(), -1, mutex_,
                                           log_.logger());
    if (!opened->snapshot.parts.empty()) engine->Restore(opened->snapshot);
    EXPECT_TRUE(engine->Open().ok());
    engine->CatchUp([] { return false; });
    engine->GoLive();
    engine->Publish(clock_.now());
    return engine;
  }

  void Stop(std::unique_ptr<Engine> engine) {
    Write(*engine);
    engine.reset();
    store_.reset();
  }
  void Write(Engine& engine) {
    const auto written = store_->Write(engine.Save());
    EXPECT_TRUE(written.ok());
    engine.ForgetNews();
  }

  void WriteLines(int count, const std::string& network) {
    for (int i = 0; i < count; ++i) {
      directory_.Append("access.log",
                        Line({.client = network + std::to_string(i % 20),
                              .time = clock_.now(),
                              .request = i % 2 == 0 ? "GET /login HTTP/1.1" : "GET /admin/x HTTP/1.1",
                              .status = i % 3 == 0 ? 401 : 200}) +
                            "\n");
    }
  }

  std::string Scraped(Engine& engine) const {
    std::string text;
    WriteText(TakeCut(engine.SiteViews(), {}, SelfView{}, clock_.now(), false),
              [&](std::string_view piece) { text += piece; });
    EXPECT_EQ(BrokenScrapeLaw(ParseExposition(text)), "");
    return text;
  }
  static std::set<std::string> ClientsIn(const std::string& scrape) {
    std::set<std::string> clients;
    for (size_t at = scrape.find("client=\""); at != std::string::npos;
         at = scrape.find("client=\"", at + 1)) {
      const size_t begin = at + 8;
      clients.insert(scrape.substr(begin, scrape.find('"', begin) - begin));
    }
    return clients;
  }

  // Of all series of that name; of those with the scope, if one is given.
  static double Sum(const std::string& scrape, const std::string& name,
                    const std::string& scope = "") {
    double sum = 0;
    for (const Sample& sample : ParseExposition(scrape).samples) {
      if (sample.name != name) continue;
      if (scope.empty() || sample.labels.at("scope") == scope) sum += sample.value;
    }
    return sum;
  }

  // Whether a text, or the bytes of an address, stand in the state file or beside it.
  bool IsOnDisk(const std::string& bytes) const {
    for (const auto& entry : fs::directory_iterator(directory_.path())) {
      if (entry.path() == log_file_) continue;
      std::ifstream stream(entry.path(), std::ios::binary);
      const std::string content(std::istreambuf_iterator<char>(stream), {});
      if (content.find(bytes) != std::string::npos) return true;
    }
    return false;
  }
  // As ByteWriter writes an IPv4 address of the client table.
  static std::string Varint(uint64_t number) {
    ByteWriter writer;
    writer.Number(number);
    return writer.Take();
  }
  void ExpectNoAddressOnDisk() const {
    EXPECT_FALSE(IsOnDisk("203.0.113"));
    for (uint64_t i = 0; i < 20; ++i) EXPECT_FALSE(IsOnDisk(Varint(0xCB007100U + i))) << i;
  }

  int Run(std::vector<const char*> arguments) {
    out_.str("");
    err_.str("");
    arguments.insert(arguments.begin(), "accesslog_exporter");
    return RunCli(static_cast<int>(arguments.size()), arguments.data(), out_, err_);
  }
  int EraseOf(const char* client) {
    return Run({"erase", "--state.file", state_file_.c_str(), client});
  }

  const TempDirectory directory_;
  std::string log_file_;
  const std::string state_file_ = directory_.PathOf("state.db");
  ManualClock clock_;
  PosixFileSystem files_;
  std::mutex mutex_;
  LogRecorder log_;
  std::unique_ptr<StateStore> store_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(PrivacyTest, FullKeepsAddresses) {
  WriteLines(200, "203.0.113.");
  auto engine = Start("full");
  EXPECT_TRUE(ClientsIn(Scraped(*engine)).contains("203.0.113.7"));
  Stop(std::move(engine));
  EXPECT_TRUE(IsOnDisk("203.0.113.7")) << "in sample lines";
  EXPECT_TRUE(IsOnDisk(Varint(0xCB007107U))) << "in the client table";
}

TEST_F(PrivacyTest, OtherModesKeepNone) {
  WriteLines(200, "203.0.113.");
  for (const char* privacy : {"hashed", "off"}) {
    auto engine = Start(privacy);
    Write(*engine);
    ExpectNoAddressOnDisk();
    Stop(std::move(engine));
    ExpectNoAddressOnDisk();
    fs::remove(state_file_);
  }
}

TEST_F(PrivacyTest, MaskedKeepsNetworksOnly) {
  WriteLines(200, "203.0.113.");
  auto engine = Start("masked");
  EXPECT_EQ(ClientsIn(Scraped(*engine)), std::set<std::string>{"203.0.113.0/24"});
  Stop(std::move(engine));
  for (int i = 1; i < 20; ++i) {
    EXPECT_FALSE(IsOnDisk("203.0.113." + std::to_string(i))) << i;
    EXPECT_FALSE(IsOnDisk(Varint(0xCB007100U + static_cast<uint64_t>(i)))) << i;
  }
}

// Nothing of what the mode before wrote stays, neither in episodes nor in a corner of the file.
TEST_F(PrivacyTest, SwitchingFromFullLeavesNoAddress) {
  for (const char* privacy : {"hashed", "off", "masked"}) {
    directory_.Write("access.log", "");
    WriteLines(300, "203.0.113.");
    Stop(Start("full"));
    EXPECT_TRUE(IsOnDisk("203.0.113.7"));
    Stop(Start(privacy));
    EXPECT_FALSE(IsOnDisk("203.0.113.7")) << privacy;
    EXPECT_FALSE(IsOnDisk(Varint(0xCB007107U))) << privacy;
    fs::remove(state_file_);
  }
}

TEST_F(PrivacyTest, HashedNamesLastAsLongAsTheirKey) {
  WriteLines(200, "203.0.113.");
  auto engine = Start("hashed");
  const std::set<std::string> first = ClientsIn(Scraped(*engine));
  EXPECT_EQ(first.size(), 20U);
  for (const std::string& client : first) {
    EXPECT_EQ(client.size(), 18U);
    EXPECT_TRUE(client.starts_with("h-")) << client;
  }
  Stop(std::move(engine));

  clock_.Advance(hours{5});
  WriteLines(20, "203.0.113.");
  engine = Start("hashed");
  EXPECT_EQ(ClientsIn(Scraped(*engine)), first) << "over a restart";
  Write(*engine);
  const std::string key = StateStore::Read(state_file_)->parts.at({"shop", "key", ""}).substr(1, 16);
  EXPECT_TRUE(IsOnDisk(key));

  clock_.Advance(hours{19});
  engine->Publish(clock_.now());
  EXPECT_TRUE(engine->has_news(clock_.now()));
  EXPECT_TRUE(ClientsIn(Scraped(*engine)).empty());
  Write(*engine);
  EXPECT_FALSE(IsOnDisk(key)) << "neither in the file nor in its log";
  for (const std::string& client : first) EXPECT_FALSE(IsOnDisk(client)) << client;

  WriteLines(20, "203.0.113.");
  engine->CatchUp([] { return false; });
  const std::set<std::string> second = ClientsIn(Scraped(*engine));
  EXPECT_EQ(second.size(), 20U);
  for (const std::string& client : second) EXPECT_FALSE(first.contains(client)) << client;
}

TEST_F(PrivacyTest, LeavingHashedDestroysTheKey) {
  WriteLines(200, "203.0.113.");
  auto engine = Start("hashed");
  Write(*engine);
  const std::string key = StateStore::Read(state_file_)->parts.at({"shop", "key", ""}).substr(1, 16);
  Stop(std::move(engine));
  EXPECT_TRUE(IsOnDisk(key));
  Stop(Start("full"));
  EXPECT_FALSE(IsOnDisk(key));
}

// --- erase ---

TEST_F(PrivacyTest, EraseLeavesNoTrace) {
  WriteLines(300, "203.0.113.");
  Stop(Start("full"));
  EXPECT_TRUE(IsOnDisk("203.0.113.7"));
  EXPECT_EQ(EraseOf("203.0.113.7"), 0) << err_.str();
  EXPECT_EQ(out_.str(), "203.0.113.7 was erased from shop\n");
  EXPECT_EQ(err_.str(), "");
  EXPECT_FALSE(IsOnDisk("203.0.113.7"));
  EXPECT_FALSE(IsOnDisk(Varint(0xCB007107U)));
  EXPECT_TRUE(IsOnDisk("203.0.113.8"));

  // Whose requests he made is forgotten, not that they were made.
  auto engine = Start("full");
  const std::string scrape = Scraped(*engine);
  const std::set<std::string> clients = ClientsIn(scrape);
  EXPECT_EQ(clients.size(), 19U);
  EXPECT_FALSE(clients.contains("203.0.113.7"));
  EXPECT_EQ(Sum(scrape, "accesslog_requests_total"), 300);
  EXPECT_EQ(Sum(scrape, "accesslog_client_evicted_requests_total"), 15);
  EXPECT_EQ(Sum(scrape, "accesslog_known_clients", "any"), 19);
  // He is new again, and nobody else is.
  EXPECT_EQ(Sum(scrape, "accesslog_new_clients_total", "any"), 20);
  WriteLines(20, "203.0.113.");
  engine->CatchUp([] { return false; });
  EXPECT_EQ(Sum(Scraped(*engine), "accesslog_new_clients_total", "any"), 21);
}

// All but the client is as it was, in every byte.
TEST_F(PrivacyTest, EraseChangesNothingElse) {
  WriteLines(300, "203.0.113.");
  Stop(Start("full"));
  const Snapshot before = *StateStore::Read(state_file_);
  EXPECT_EQ(EraseOf("192.0.2.99"), 1);
  EXPECT_EQ(err_.str(), "192.0.2.99 is not in the state\n");
  const Snapshot after = *StateStore::Read(state_file_);
  EXPECT_EQ(after.parts, before.parts);
  EXPECT_EQ(after.taken, before.taken);
  EXPECT_EQ(after.clean, before.clean);
}

TEST_F(PrivacyTest, EraseKnowsTheLabelsOfEachMode) {
  WriteLines(200, "203.0.113.");
  Stop(Start("masked"));
  EXPECT_EQ(EraseOf("203.0.113.0/24"), 0) << err_.str();
  EXPECT_EQ(EraseOf("203.0.113.0/24"), 1);
  fs::remove(state_file_);
  auto engine = Start("hashed");
  const std::string label = *ClientsIn(Scraped(*engine)).begin();
  Stop(std::move(engine));
  EXPECT_EQ(EraseOf(label.c_str()), 0) << err_.str();
  EXPECT_EQ(EraseOf(label.c_str()), 1);
  int left = 0;
  for (int i = 0; i < 20; ++i) {
    left += EraseOf(("203.0.113." + std::to_string(i)).c_str()) == 0 ? 1 : 0;
  }
  EXPECT_EQ(left, 19);
}

TEST_F(PrivacyTest, EraseRefusesAStateThatIsInUse) {
  WriteLines(200, "203.0.113.");
  auto engine = Start("full");
  Write(*engine);
  EXPECT_EQ(EraseOf("203.0.113.7"), 2);
  EXPECT_NE(err_.str().find("is in use by another process"), std::string::npos) << err_.str();
}

TEST_F(PrivacyTest, EraseSaysWhatItCannotDo) {
  EXPECT_EQ(EraseOf("192.0.2.1"), 2);
  EXPECT_EQ(err_.str(), "there is no state file " + state_file_ + "\n");
  EXPECT_FALSE(fs::exists(state_file_));
  EXPECT_EQ(Run({"erase", "192.0.2.1"}), 2);
  EXPECT_NE(err_.str().find("no state file to erase from"), std::string::npos);
  EXPECT_EQ(Run({"erase", "--state.file", state_file_.c_str()}), 2);
}

}  // namespace
}  // namespace accesslog
