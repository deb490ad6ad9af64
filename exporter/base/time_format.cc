#include "base/time_format.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace accesslog {
namespace {

std::string Strftime(const char* format, const std::tm& parts) {
  std::array<char, 64> text{};
  const size_t length = std::strftime(text.data(), text.size(), format, &parts);
  return {text.data(), length};
}

std::time_t WholeSeconds(Time time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}  // namespace

std::string FormatUtc(Time time, bool milliseconds) {
  const std::time_t seconds = WholeSeconds(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::string text = Strftime("%Y-%m-%dT%H:%M:%S", parts);
  if (milliseconds) {
    const auto rest = (time - std::chrono::floor<std::chrono::seconds>(time)).count();
    std::array<char, 8> fraction{};
    std::snprintf(fraction.data(), fraction.size(), ".%03d", static_cast<int>(rest));
    text += fraction.data();
  }
  return text + "Z";
}

std::string FormatLocal(Time time) {
  const std::time_t seconds = WholeSeconds(time);
  std::tm parts{};
  localtime_r(&seconds, &parts);
  return Strftime("%Y-%m-%d %H:%M:%S %z", parts);
}

}  // namespace accesslog
