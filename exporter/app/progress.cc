#include "app/progress.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <ostream>

#include "base/text.h"

namespace accesslog {
namespace {

constexpr Duration kQuiet{500};
constexpr Duration kBetweenDrawings{125};
// To the first column; from there to the end of the line everything is erased.
constexpr std::string_view kErase = "\r\x1b[K";

std::string Bytes(uint64_t bytes) {
  static constexpr std::array<const char*, 5> kUnits = {"kB", "MB", "GB", "TB", "PB"};
  double amount = static_cast<double>(bytes) / 1000;
  size_t unit = 0;
  for (; amount >= 999.95 && unit + 1 < kUnits.size(); ++unit) amount /= 1000;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f %s", amount, kUnits[unit]);
  return text.data();
}

// "7 s", "2 min 5 s", "3 h 20 min"
std::string Span(double seconds) {
  // Nobody waits for longer, and the number must fit.
  const auto whole = static_cast<uint64_t>(std::ceil(std::clamp(seconds, 0.0, 3.6e8)));
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) {
    return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  }
  return WithThousands(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
}

}  // namespace

std::string ProgressText(const Progress::Work& work, Duration elapsed) {
  const double seconds = ToSeconds(elapsed);
  std::string text = Bytes(work.bytes);
  const uint64_t total = work.total_bytes.value_or(0);
  // A file may grow while it is read.
  const uint64_t done = std::min(work.bytes, total);
  if (total > 0) {
    const double part = static_cast<double>(done) / static_cast<double>(total);
    text += " of " + Bytes(total) + ", " + std::to_string(static_cast<int>(part * 100)) + " %";
  }
  if (seconds > 0) {
    const double rate = static_cast<double>(work.lines) / seconds;
    // Three digits are what can be read while they change.
    const double step = std::pow(10, std::max(0.0, std::floor(std::log10(std::max(rate, 1.0))) - 2));
    text += ", " + WithThousands(static_cast<uint64_t>(std::round(rate / step) * step)) + " lines/s";
  }
  if (seconds > 0 && done > 0) {
    const double left = static_cast<double>(total - done) / static_cast<double>(done) * seconds;
    text += ", " + Span(left) + " left";
  }
  return text;
}

void Progress::Update(const Work& work, Time now) {
  if (!terminal_ || now - start_ <= kQuiet) return;
  // A clock that was set back must not silence the line until it has caught up.
  if (drawn_at_ && now >= *drawn_at_ && now - *drawn_at_ < kBetweenDrawings) return;
  drawn_at_ = now;
  visible_ = true;
  // A terminal breaks the line when its last column is written.
  const size_t room = terminal_->columns() - 1;
  terminal_->out << kErase << ProgressText(work, now - start_).substr(0, room) << std::flush;
}

void Progress::Erase() {
  if (!visible_) return;
  visible_ = false;
  terminal_->out << kErase << std::flush;
}

}  // namespace accesslog
