// The network of a client: decided once, kept over restarts, and never better than what is proven.
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

#include "detect/watched_site.h"

namespace accesslog {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr const char* kGoogle = "66.249.64.5";
constexpr const char* kClaim = "Mozilla/5.0 (compatible; Googlebot/2.1)";

std::shared_ptr<const Crawlers> Googlebot(const char* range) {
  return std::make_shared<const Crawlers>(
      Crawlers{{"googlebot", {"Googlebot"}, IpRanges({*IpPrefix::Parse(range)})}});
}

DetectOptions Knowing(const char* range = "66.249.64.0/27") {
  DetectOptions options;
  options.preallocate = false;
  options.internal = {*IpPrefix::Parse("10.0.0.0/8")};
  options.crawlers = Googlebot(range);
  return options;
}

std::map<std::string, std::string> Networks(const Detector& detector, Time now) {
  std::map<std::string, std::string> networks;
  for (const ShownSignal& signal : ShownBy(detector, now)) {
    networks[signal.client] = NetworkName(signal.network);
  }
  return networks;
}

using Shown = std::map<std::string, std::string>;

Attempt From(const std::string& client, const std::string& user_agent = "") {
  Attempt attempt;
  attempt.client = client;
  attempt.user_agent = user_agent;
  return attempt;
}

std::string Saved(const Detector& detector) {
  ByteWriter writer;
  detector.Save(writer);
  return writer.Take();
}

const ClientNamer& Namer() {
  static const ClientNamer namer{ClientOptions{}};
  return namer;
}

std::unique_ptr<Detector> Loaded(std::string_view bytes, const DetectOptions& options, Time now) {
  auto detector = std::make_unique<Detector>(options, Namer(), 7);
  ByteReader reader(bytes);
  const RestoreTimes times{.taken = now, .now = now, .grace = {}, .continued = true};
  if (!detector->Load(reader, times) || !reader.IsDone()) return nullptr;
  return detector;
}

TEST(DetectorNetwork, TellsCrawlersFromThoseWhoOnlySaySo) {
  WatchedSite site(Knowing());
  site.See(From(kGoogle, kClaim), kStart);
  site.See(From("203.0.113.9", kClaim), kStart);
  site.See(From("203.0.113.10", "curl/8.0"), kStart);
  site.See(From("10.0.0.9", kClaim), kStart);
  EXPECT_EQ(Networks(site.detector(), kStart), (Shown{{kGoogle, "crawler"},
                                                      {"203.0.113.9", "crawler_unverified"},
                                                      {"203.0.113.10", "external"},
                                                      {"10.0.0.9", "internal"}}));
}

TEST(DetectorNetwork, StaysWhatItWas) {
  WatchedSite site(Knowing());
  site.See(From("203.0.113.9", "curl/8.0"), kStart);
  site.See(From("203.0.113.10", kClaim), kStart);
  site.See(From(kGoogle), kStart);
  site.detector().SetCrawlers(Googlebot("203.0.113.0/24"));
  site.See(From("203.0.113.9", kClaim), kStart + seconds{1});
  site.See(From("203.0.113.10", "curl/8.0"), kStart + seconds{1});
  EXPECT_EQ(Networks(site.detector(), kStart), (Shown{{"203.0.113.9", "external"},
                                                      {"203.0.113.10", "crawler_unverified"},
                                                      {kGoogle, "crawler"}}));
  // Who is new is judged by what is known now.
  site.See(From("203.0.113.11"), kStart + seconds{1});
  EXPECT_EQ(Networks(site.detector(), kStart + seconds{1})["203.0.113.11"], "crawler");
}

TEST(DetectorNetwork, IsThatOfTheEpisode) {
  WatchedSite site(Knowing());
  site.SeeMany(From(kGoogle, kClaim), 6, kStart);
  site.SeeMany(From("203.0.113.9", kClaim), 6, kStart);
  for (const Episode& episode : site.Finish()) {
    EXPECT_EQ(NetworkName(episode.network),
              episode.client == kGoogle ? "crawler" : "crawler_unverified");
  }
}

TEST(DetectorNetwork, IsKept) {
  WatchedSite site(Knowing());
  site.SeeMany(From(kGoogle, kClaim), 7, kStart);
  site.SeeMany(From("203.0.113.9", kClaim), 7, kStart);
  site.SeeMany(From("203.0.113.10", "curl/8.0"), 7, kStart);
  const auto detector = Loaded(Saved(site.detector()), Knowing(), kStart);
  ASSERT_NE(detector, nullptr);
  EXPECT_EQ(Networks(*detector, kStart), Networks(site.detector(), kStart));
  EXPECT_EQ(Saved(*detector), Saved(site.detector()));
}

// A file that is gone after a restart proves nothing any more.
TEST(DetectorNetwork, IsNoCrawlersThatIsNotProvenNow) {
  WatchedSite site(Knowing());
  site.SeeMany(From(kGoogle, kClaim), 7, kStart);
  DetectOptions options = Knowing();
  options.crawlers = std::make_shared<const Crawlers>();
  const auto detector = Loaded(Saved(site.detector()), options, kStart);
  ASSERT_NE(detector, nullptr);
  EXPECT_EQ(Networks(*detector, kStart), (Shown{{kGoogle, "external"}}));
}

// `erase` loads and saves, and proves nothing.
TEST(DetectorNetwork, IsKeptByWhomNobodyToldOfCrawlers) {
  WatchedSite site(Knowing());
  site.SeeMany(From(kGoogle, kClaim), 7, kStart);
  DetectOptions options = Knowing();
  options.crawlers = nullptr;
  const auto detector = Loaded(Saved(site.detector()), options, kStart);
  ASSERT_NE(detector, nullptr);
  EXPECT_EQ(Saved(*detector), Saved(site.detector()));
}

// What version 1 of the bytes held: three clients with seven failed logins each.
std::string VersionOne() {
  const std::string hex =
      "010466756c6c40800100000095aac10d03000000000000000000000000000000000000000000000000000000"
      "0000000000000000000000000000000000000000000000000000000000000000000000000000000000030087"
      "e281d80ce0fdabfef962e05d010080fd87510100070180fd875101000795aac10d010007010f4c6f67696e42"
      "72757465466f7263650b3230332e302e3131332e370865787465726e616c80a0abfef962e0fdabfef9620231"
      "6d0706030661206c696e650661206c696e650661206c696e65010e4661696c656452657175657374730b3230"
      "332e302e3131332e370865787465726e616c80a0abfef962e0fdabfef96202356d0705030661206c696e6506"
      "61206c696e650661206c696e651561206c696e650a61206c696e650a61206c696e650a0089808050e0fdabfe"
      "f962e05d010080fd87510100070180fd875101000795aac10d010007010f4c6f67696e4272757465466f7263"
      "650831302e302e302e390865787465726e616c80a0abfef962e0fdabfef96202316d0706030661206c696e65"
      "0661206c696e650661206c696e65010e4661696c656452657175657374730831302e302e302e390865787465"
      "726e616c80a0abfef962e0fdabfef96202356d0705030661206c696e650661206c696e650661206c696e6515"
      "61206c696e650a61206c696e650a61206c696e650a008580e59704e0fdabfef962e05d010080fd8751010007"
      "0180fd875101000795aac10d010007010f4c6f67696e4272757465466f7263650b36362e3234392e36342e35"
      "0865787465726e616c80a0abfef962e0fdabfef96202316d0706030661206c696e650661206c696e65066120"
      "6c696e65010e4661696c656452657175657374730b36362e3234392e36342e350865787465726e616c80a0ab"
      "fef962e0fdabfef96202356d0705030661206c696e650661206c696e650661206c696e651561206c696e650a"
      "61206c696e650a61206c696e650a";
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

// They were never released; what they tell is not worth the code to read it.
TEST(DetectorNetwork, BeginsAnewWithOldBytes) {
  const Time now{seconds{1700000010}};
  const auto detector = Loaded(VersionOne(), Knowing(), now);
  ASSERT_NE(detector, nullptr);
  EXPECT_EQ(Networks(*detector, now), Shown{});
  EXPECT_NE(Loaded(Saved(*detector), Knowing(), now), nullptr);
}

TEST(DetectorNetwork, IsRefusedInBytesOfALaterVersion) {
  std::string bytes = VersionOne();
  bytes[0] = 4;
  EXPECT_EQ(Loaded(bytes, Knowing(), Time{seconds{1700000010}}), nullptr);
}

}  // namespace
}  // namespace accesslog
