// Writes the log of the benchmarks: combined format, 20,000 clients whose popularity follows Zipf's
// law, 364 MB in 2,000,000 lines. The same seed gives the same bytes on every machine.
//
// Usage: generate_log [LINES] > FILE
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

constexpr int kClients = 20000;
constexpr double kZipfExponent = 0.9;

// SplitMix64 (Steele, Lea, Flood 2014): small, and the same everywhere, unlike <random>'s
// distributions.
class Random {
 public:
  uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15U;
    uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }
  uint32_t Below(uint32_t limit) { return static_cast<uint32_t>(Next() % limit); }
  double Unit() { return static_cast<double>(Next() >> 11U) * 0x1.0p-53; }

 private:
  uint64_t state_ = 20231108;
};

std::vector<std::string> MakeClients(Random& random) {
  std::vector<std::string> clients;
  for (int i = 0; i < kClients; ++i) {
    std::string client = std::to_string(1 + random.Below(223));
    client += "." + std::to_string(random.Below(256));
    client += "." + std::to_string(random.Below(256));
    client += "." + std::to_string(1 + random.Below(254));
    clients.push_back(client);
  }
  return clients;
}

std::vector<double> CumulativeZipf() {
  std::vector<double> sums;
  double sum = 0;
  for (int i = 1; i <= kClients; ++i) sums.push_back(sum += 1 / std::pow(i, kZipfExponent));
  for (double& s : sums) s /= sum;
  return sums;
}

constexpr std::array<const char*, 6> kAgents = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/124.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) Mobile/15E148",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "curl/8.7.1",
    "-"};
constexpr std::array<const char*, 8> kMethods = {"GET", "GET", "GET", "GET",
                                                 "GET", "GET", "POST", "HEAD"};

int Status(Random& random) {
  const uint32_t dice = random.Below(1000);
  if (dice < 850) return 200;
  if (dice < 910) return 304;
  if (dice < 940) return 301;
  if (dice < 985) return 404;
  if (dice < 993) return 403;
  return dice < 997 ? 401 : 500;
}

// Each number is drawn in a statement of its own: the order in which arguments are evaluated is the
// compiler's choice.
void PrintLine(Random& random, const std::string& client, long second) {
  const char* method = kMethods[random.Below(kMethods.size())];
  const uint32_t category = random.Below(100);
  const uint32_t item = random.Below(10000);
  const uint32_t page = random.Below(30);
  const int status = Status(random);
  const uint32_t bytes = random.Below(80000);
  const uint32_t from = random.Below(1000);
  const char* agent = kAgents[random.Below(kAgents.size())];
  std::printf(
      "%s - - [08/Nov/2023:%02ld:%02ld:%02ld +0000] \"%s /catalog/%u/item-%u?page=%u HTTP/1.1\" %d %u "
      "\"https://example.org/%u\" \"%s\"\n",
      client.c_str(), second / 3600 % 24, second / 60 % 60, second % 60, method, category, item, page,
      status, bytes, from, agent);
}

}  // namespace

int main(int argc, char** argv) {
  const long lines = argc > 1 ? std::atol(argv[1]) : 2000000;
  Random random;
  const std::vector<std::string> clients = MakeClients(random);
  const std::vector<double> zipf = CumulativeZipf();
  for (long i = 0; i < lines; ++i) {
    const auto client = std::lower_bound(zipf.begin(), zipf.end(), random.Unit()) - zipf.begin();
    PrintLine(random, clients[static_cast<size_t>(client)], i / 400);  // 400 lines a second
  }
  return 0;
}
