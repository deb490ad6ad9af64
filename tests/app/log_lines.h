// Lines of the combined format, made from what they say.
#pragma once

#include <array>
#include <cstdio>
#include <ctime>
#include <string>

#include "support/manual_clock.h"

namespace accesslog {

inline constexpr Time kStart = ManualClock::kStart;

inline std::string ClfTime(Time time) {
  const std::time_t seconds =
      std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  std::strftime(text.data(), text.size(), "%d/%b/%Y:%H:%M:%S +0000", &parts);
  return text.data();
}

struct Said {
  std::string client = "192.0.2.1";
  Time time = kStart;
  std::string request = "GET / HTTP/1.1";
  int status = 200;
  int bytes = 100;
};

inline std::string Line(const Said& said) {
  return said.client + " - - [" + ClfTime(said.time) + "] \"" + said.request + "\" " +
         std::to_string(said.status) + " " + std::to_string(said.bytes) + " \"-\" \"curl/7.88\"";
}

// `count` such lines, each with its '\n'.
inline std::string Lines(int count, const Said& said) {
  std::string text;
  for (int i = 0; i < count; ++i) text += Line(said) + "\n";
  return text;
}

}  // namespace accesslog
