// Usage: make_restore_seeds DIRECTORY
// Writes the seeds of fuzz_restore: what a small site saves, once it saw a little of everything.
// The same bytes each time, so run it again after a change of what is saved.
#include <fstream>
#include <iostream>
#include <string>

#include "app/site_engine.h"
#include "fuzz/restored.h"
#include "input/tail_state.h"

namespace accesslog {
namespace {

std::string LineOf(int client, int second, int status) {
  const std::string two = std::to_string(second % 50 + 10);
  return "192.0.2." + std::to_string(client) + " - - [02/Mar/2026:09:59:" + two +
         R"( +0000] "POST /login HTTP/1.1" )" + std::to_string(status) + R"( 7 "-" "curl")";
}

class SeedWriter {
 public:
  explicit SeedWriter(std::string directory) : directory_(std::move(directory)) {}

  void Write(const std::string& name, Restored what, uint8_t how, const std::string& bytes) {
    std::ofstream file(directory_ + "/" + name, std::ios::binary);
    file << static_cast<char>(what) << static_cast<char>(how) << bytes;
    good_ = good_ && file.flush().good();
  }
  bool good() const { return good_; }

 private:
  std::string directory_;
  bool good_ = true;
};

// More clients than have room, one of them over a threshold.
void Fill(SiteEngine& site, LogParser& parser) {
  const Time began = kTaken - std::chrono::minutes{1};
  for (int i = 0; i < 12; ++i) {
    site.Count(LineOf(1, i, 401), parser, began + std::chrono::seconds{2 * i});
  }
  site.GoLive(began, began + std::chrono::seconds{30});
  for (int i = 0; i < 9; ++i) {
    site.Count(LineOf(i, 30 + i, i % 2 == 0 ? 404 : 200), parser,
               kTaken - std::chrono::seconds{9 - i});
  }
  site.Count(R"(crawler.example.com - - [02/Mar/2026:09:59:59 +0000] "GET / HTTP/1.1" 200 9)",
             parser, kTaken);
  site.Count(R"(2001:db8::1 - - [02/Mar/2026:09:59:59 +0000] "GET / HTTP/1.1" 403 9)", parser,
             kTaken);
  site.Count("", parser, kTaken);
}

std::string TailBytes() {
  SavedTail tail;
  tail.stats.rotations = 2;
  SavedGeneration old;
  old.id = {1, 2, 3};
  old.mark = MarkOf(300, std::string(300, 'x'));
  old.head = HeadOf(std::string(256, 'y'));
  old.half_line = 10;
  old.known_size = 400;
  tail.finished.push_back(old);
  old.live = true;
  tail.generations = {old, old};
  tail.modified = 1772445600000000000;
  ByteWriter writer;
  Save(tail, writer);
  return writer.Take();
}

std::string ParserBytes(const char* format, std::initializer_list<std::string> lines) {
  LogParser parser = *LogParser::Create(format);
  Record record;
  for (const std::string& line : lines) parser.Parse(line, record);
  ByteWriter writer;
  parser.Save(writer);
  return writer.Take();
}

bool WriteSeeds(const std::string& directory) {
  SeedWriter seeds(directory);
  SiteEngine site("", FewClients(0), FewSuspects(), kFuzzSecret);
  site.KeepDays(TimeZone());
  LogParser parser = *LogParser::Create("auto");
  Fill(site, parser);
  const SiteEngine::Parts parts = site.SaveParts();
  seeds.Write("traffic", Restored::kTraffic, 0, parts.at("traffic"));
  seeds.Write("table", Restored::kTable, 0, parts.at("clients"));
  seeds.Write("table_continued", Restored::kTable, kContinued, parts.at("clients"));
  seeds.Write("table_evicted", Restored::kTable, kMasked | kClockSetBack, parts.at("clients"));
  seeds.Write("detector", Restored::kDetector, 0, parts.at("detect"));
  seeds.Write("detector_continued", Restored::kDetector, kContinued, parts.at("detect"));
  seeds.Write("site", Restored::kSite, 0, TogetherIn(parts));
  Visitors visitors(FewClients(0), {"", "/login\n", ""}, kFuzzSecret);
  for (uint64_t i = 0; i < 60; ++i) {
    const Time at = kTaken - std::chrono::minutes{60 - i};
    visitors.Add({{0, 0xFFFF00000000U | i % 40}, "", false}, i % 3 == 0 ? kVisitsLogin : 0, at, at);
  }
  SiteEngine::Parts visits;
  visitors.Save(visits);
  seeds.Write("visitors", Restored::kVisitors, 0, TogetherIn(visits));
  seeds.Write("tail", Restored::kTail, 0, TailBytes());
  seeds.Write("parser_named", Restored::kNamedParser, 0,
              ParserBytes("combined", {LineOf(1, 0, 200)}));
  seeds.Write("parser_cri", Restored::kAutoParser, 0,
              ParserBytes("auto", {"2026-03-02T10:00:00.000000000Z stdout F " + LineOf(1, 0, 200),
                                   "2026-03-02T10:00:00.000000000Z stdout P 192.0.2.1 - -"}));
  seeds.Write("parser_w3c", Restored::kAutoParser, 0,
              ParserBytes("auto", {"#Date: 2026-03-02 10:00:00",
                                   "#Fields: time c-ip cs-method cs-uri-stem sc-status",
                                   "10:00:00 192.0.2.1 GET / 200"}));
  return seeds.good();
}

}  // namespace
}  // namespace accesslog

int main(int argc, char** argv) {
  if (argc == 2 && accesslog::WriteSeeds(argv[1])) return 0;
  std::cerr << "usage: make_restore_seeds DIRECTORY, one that can be written\n";
  return 1;
}
