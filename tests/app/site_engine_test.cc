#include "app/site_engine.h"

#include <gtest/gtest.h>

#include "app/log_lines.h"

namespace accesslog {
namespace {

class SiteEngineTest : public ::testing::Test {
 protected:
  SiteEngine::Counted Count(std::string_view line) { return engine_.Count(line, parser_, kStart); }

  SiteEngine engine_{"shop", ClientOptions{}, DetectOptions{}, 42};
  LogParser parser_ = *LogParser::Create("auto");
};

TEST_F(SiteEngineTest, CountsARequest) {
  const std::string line = Line({.status = 404, .bytes = 7});
  const SiteEngine::Counted counted = Count(line);
  ASSERT_NE(counted.record, nullptr);
  EXPECT_EQ(counted.record->status, 404);
  EXPECT_EQ(engine_.namer().Label(counted.client.key, ""), "192.0.2.1");
  EXPECT_EQ(engine_.lines_read(), 1U);
  EXPECT_EQ(engine_.traffic().Requests(404), 1U);
  EXPECT_EQ(engine_.traffic().response_bytes(), 7U);
  EXPECT_EQ(engine_.clients().clients(), 1U);
}

TEST_F(SiteEngineTest, CountsALineThatGaveNone) {
  EXPECT_EQ(Count("no request at all").record, nullptr);
  EXPECT_EQ(Count("").record, nullptr);
  EXPECT_EQ(engine_.lines_read(), 2U);
  EXPECT_EQ(engine_.traffic().total(), 0U);
  EXPECT_EQ(engine_.Unparsed(UnparsedReason::kStatus), 1U);
  EXPECT_EQ(engine_.Unparsed(UnparsedReason::kEmpty), 1U);
}

std::string From(const std::string& client) {
  return client + R"( - - [08/Sep/2023:12:26:56 -0400] "GET / HTTP/1.1" 404 7 "-" "x")";
}

// A name server answers whatever its owner likes; it must not make his requests invisible.
TEST_F(SiteEngineTest, ChargesARequestWithoutASaneClientToOther) {
  Count(From("192.0.2.1"));
  for (const char* client : {"a(b).example.com", "-", "unix:", "<script>", "192.0.2.256"}) {
    const SiteEngine::Counted counted = Count(From(client));
    ASSERT_NE(counted.record, nullptr) << client;
    EXPECT_TRUE(counted.client.other) << client;
  }
  EXPECT_EQ(engine_.View().names_refused, 5U);
  EXPECT_EQ(engine_.traffic().Requests(404), 6U);
  EXPECT_EQ(engine_.clients().clients(), 1U);
  EXPECT_EQ(engine_.Unparsed(UnparsedReason::kClient), 0U);
}

TEST_F(SiteEngineTest, ChargesNoLineThatOnlyFailedAtItsFirstField) {
  EXPECT_EQ(Count(From("a(b).example.com")).record, nullptr);  // no format is known yet
  Count(From("192.0.2.1"));
  EXPECT_EQ(Count(R"(a/b - - [08/Sep/2023:12:26:56 -0400] "GET /" 200)").record, nullptr);
  EXPECT_EQ(Count(R"(a/b - - [no time] "GET / HTTP/1.1" 200 7 "-" "x")").record, nullptr);
  EXPECT_EQ(Count(R"(a/b - - [08/Sep/2023:12:26:56 -0400] "GET / HTTP/1.1" 999 7 "-" "x")").record,
            nullptr);
  EXPECT_EQ(engine_.View().names_refused, 0U);
  EXPECT_EQ(engine_.Unparsed(UnparsedReason::kClient), 4U);
}

TEST_F(SiteEngineTest, ChargesAJsonLineWithoutASaneClientToOther) {
  LogParser parser = *LogParser::Create("json");
  const char* line =
      R"({"remote_addr":"a b","time":"2023-09-08T12:26:56Z","request":"GET / HTTP/1.1","status":404})";
  const SiteEngine::Counted counted = engine_.Count(line, parser, kStart);
  ASSERT_NE(counted.record, nullptr);
  EXPECT_TRUE(counted.client.refused);
}

std::string Behind(const std::string& peer, const std::string& hops) {
  return From(peer) + " \"" + hops + "\"";
}

TEST_F(SiteEngineTest, BelievesTrustedProxiesOnly) {
  ClientOptions options;
  options.trusted_proxies = {*IpPrefix::Parse("10.0.0.0/8")};
  SiteEngine site("shop", options, DetectOptions{}, 42);
  LogParser parser = *LogParser::Create("auto");
  const auto charged = [&](const std::string& line) {
    const SiteEngine::Counted counted = site.Count(line, parser, kStart);
    return counted.record == nullptr ? "" : site.namer().Label(counted.client.key, "");
  };
  EXPECT_EQ(charged(Behind("10.0.0.1", "198.51.100.7, 203.0.113.9")), "203.0.113.9");
  EXPECT_EQ(charged(Behind("203.0.113.9", "198.51.100.7")), "203.0.113.9");
  EXPECT_EQ(charged(Behind("10.0.0.1", "-")), "10.0.0.1");
  EXPECT_EQ(charged(Behind("10.0.0.1", "198.51.100.7, evil")), "10.0.0.1");
}

// The text of each format that tells a peer and a header, and a line of it from 10.0.0.1.
TEST_F(SiteEngineTest, FindsHeadersInEachFormat) {
  ClientOptions options;
  options.trusted_proxies = {*IpPrefix::Parse("10.0.0.0/8")};
  const auto charged = [&](const char* format, const std::vector<std::string>& lines) {
    SiteEngine site("shop", options, DetectOptions{}, 42);
    LogParser parser = *LogParser::Create(format);
    std::string client;
    for (const std::string& line : lines) {
      const SiteEngine::Counted counted = site.Count(line, parser, kStart);
      if (counted.record != nullptr) client = site.namer().Label(counted.client.key, "");
    }
    return client;
  };
  const std::string time = R"("time":"2023-09-08T12:26:56Z","status":404,)";
  EXPECT_EQ(charged("json", {"{" + time + R"("remote_addr":"10.0.0.1","x_forwarded_for":"198.51.100.7, 203.0.113.9"})"}),
            "203.0.113.9");
  // Caddy lists each header; the last of two was written nearest to the server.
  EXPECT_EQ(charged("json", {"{" + time + R"("request":{"remote_ip":"10.0.0.1","headers":{"X-Forwarded-For":["198.51.100.7","203.0.113.9"]}}})"}),
            "203.0.113.9");
  EXPECT_EQ(charged("json", {"{" + time + R"("remote_addr":"10.0.0.1","http_forwarded":"for=\"[2001:db8:1::9]:80\";proto=https"})"}),
            "2001:db8:1::/64");
  EXPECT_EQ(charged("iis", {"#Fields: date time c-ip sc-status X-Forwarded-For",
                            "2023-09-08 12:26:56 10.0.0.1 404 198.51.100.7,+203.0.113.9"}),
            "203.0.113.9");
  EXPECT_EQ(charged(R"(apache: %h %l %u %t "%r" %>s "%{Forwarded}i")",
                    {R"(10.0.0.1 - - [08/Sep/2023:12:26:56 -0400] "GET /" 404 "for=\"203.0.113.9:80\"")"}),
            "203.0.113.9");
  EXPECT_EQ(charged(R"(nginx: $remote_addr [$time_local] "$request" $status "$http_forwarded")",
                    {R"(10.0.0.1 [08/Sep/2023:12:26:56 -0400] "GET /" 404 "for=\x22203.0.113.9:80\x22")"}),
            "203.0.113.9");
}

TEST_F(SiteEngineTest, CountsLinesThatWereTooLong) {
  engine_.CountOversized(3);
  EXPECT_EQ(engine_.lines_read(), 3U);
  EXPECT_EQ(engine_.Unparsed(UnparsedReason::kTooLong), 3U);
}

TEST_F(SiteEngineTest, ForgetsIdleClientsWithTime) {
  Count(Line({}));
  engine_.Advance(kStart + std::chrono::hours{1});
  EXPECT_EQ(engine_.clients().clients(), 0U);
}

TEST_F(SiteEngineTest, ShowsEveryReasonAlsoAtZero) {
  const SiteView view = engine_.View();
  EXPECT_EQ(view.name, "shop");
  const std::vector<std::pair<std::string_view, uint64_t>> expected = {
      {"empty", 0}, {"too_long", 0}, {"client", 0}, {"status", 0}, {"comment", 0}};
  EXPECT_EQ(view.unparsed, expected);
}

// --- Saving ---

TEST_F(SiteEngineTest, LoadsLinesOfAVersionThatKnewOfNoRefusedNames) {
  Count(Line({}));
  SiteEngine::Parts parts = engine_.SaveParts();
  std::string& lines = parts["lines"];
  lines[0] = 1;
  lines.pop_back();
  SiteEngine loaded("shop", ClientOptions{}, DetectOptions{}, 7);
  const RestoreTimes times{.taken = kStart, .now = kStart, .grace = {}, .continued = true};
  ASSERT_TRUE(loaded.LoadParts(parts, times));
  EXPECT_EQ(loaded.lines_read(), 1U);
  EXPECT_EQ(loaded.View().names_refused, 0U);
}

TEST_F(SiteEngineTest, KeepsHowManyNamesWereRefused) {
  Count(From("192.0.2.1"));
  Count(From("a(b)"));
  SiteEngine loaded("shop", ClientOptions{}, DetectOptions{}, 7);
  const RestoreTimes times{.taken = kStart, .now = kStart, .grace = {}, .continued = true};
  ASSERT_TRUE(loaded.LoadParts(engine_.SaveParts(), times));
  EXPECT_EQ(loaded.View().names_refused, 1U);
}

constexpr RestoreTimes kAtOnce = {.taken = kStart, .now = kStart, .grace = {}, .continued = true};

// A site that saw something of each kind, as parts and as an engine.
class SavedSite : public ::testing::Test {
 protected:
  SavedSite() {
    Fill(site_, 0);
    parts_ = site_.SaveParts();
  }

  static SiteEngine Make() { return {"shop", ClientOptions{}, DetectOptions{}, 42}; }

  static void Fill(SiteEngine& site, int first) {
    LogParser parser = *LogParser::Create("combined");
    for (int i = first; i < first + 60; ++i) {
      site.Count(Line({.client = "192.0.2." + std::to_string(i % 7),
                       .status = i % 3 == 0 ? 401 : 200 + i % 5,
                       .bytes = i}),
                 parser, kStart);
    }
    site.Count("no request at all", parser, kStart);
    site.Count("", parser, kStart);
    site.CountOversized(2);
  }

  static bool Loads(const SiteEngine::Parts& parts) {
    SiteEngine site = Make();
    return site.LoadParts(parts, kAtOnce);
  }

  SiteEngine site_ = Make();
  SiteEngine::Parts parts_;
};

TEST_F(SavedSite, IsTheSame) {
  SiteEngine loaded = Make();
  ASSERT_TRUE(loaded.LoadParts(parts_, kAtOnce));
  EXPECT_EQ(loaded.SaveParts(), parts_);
  EXPECT_EQ(loaded.lines_read(), 64U);
  EXPECT_EQ(loaded.View().unparsed, site_.View().unparsed);
}

TEST_F(SavedSite, GoesOn) {
  SiteEngine loaded = Make();
  ASSERT_TRUE(loaded.LoadParts(parts_, kAtOnce));
  Fill(loaded, 60);
  Fill(site_, 60);
  EXPECT_EQ(loaded.SaveParts(), site_.SaveParts());
}

TEST_F(SavedSite, IsLoadedWhereItIsEmpty) { EXPECT_TRUE(Loads(Make().SaveParts())); }

// Some of it would contradict the rest.
TEST_F(SavedSite, IsRefusedWhereAPartIsMissing) {
  for (const auto& [kind, bytes] : site_.SaveParts()) {
    SiteEngine::Parts parts = parts_;
    parts.erase(kind);
    EXPECT_FALSE(Loads(parts)) << kind;
  }
}

TEST_F(SavedSite, IsRefusedWhereAPartIsDamaged) {
  for (const auto& [kind, bytes] : site_.SaveParts()) {
    SiteEngine::Parts parts = parts_;
    for (size_t size = 0; size < bytes.size(); ++size) {
      parts[kind] = bytes.substr(0, size);
      ASSERT_FALSE(Loads(parts)) << kind << ' ' << size;
    }
    parts[kind] = bytes + 'x';
    EXPECT_FALSE(Loads(parts)) << kind;
  }
}

// Each line is a request or unparsed, each request is somebody's: parts of different moments do not
// go together.
TEST_F(SavedSite, IsRefusedWherePartsContradictEachOther) {
  Fill(site_, 60);
  const SiteEngine::Parts later = site_.SaveParts();
  for (const char* kind : {"lines", "traffic", "clients"}) {
    SiteEngine::Parts parts = parts_;
    parts[kind] = later.at(kind);
    EXPECT_FALSE(Loads(parts)) << kind;
  }
}

// As many requests, but of other statuses.
TEST_F(SavedSite, IsRefusedWhereStatusesContradictEachOther) {
  const auto parts_with = [](int status) {
    SiteEngine site = Make();
    LogParser parser = *LogParser::Create("combined");
    site.Count(Line({.status = status}), parser, kStart);
    return site.SaveParts();
  };
  SiteEngine::Parts parts = parts_with(200);
  EXPECT_TRUE(Loads(parts));
  parts["clients"] = parts_with(404).at("clients");
  EXPECT_FALSE(Loads(parts));
}

// The lines written meanwhile have not been read yet, so nobody is known to be idle.
TEST_F(SavedSite, ForgetsNobodyBeforeItCaughtUp) {
  const Time now = kStart + std::chrono::hours{3};
  SiteEngine loaded = Make();
  ASSERT_TRUE(loaded.LoadParts(parts_, {kStart, now, std::chrono::seconds{2}, false}));
  loaded.Advance(now);
  EXPECT_EQ(loaded.clients().clients(), 7U);
  loaded.GoLive(now, now);
  loaded.Advance(now);
  EXPECT_EQ(loaded.clients().clients(), 0U);
}

}  // namespace
}  // namespace accesslog
