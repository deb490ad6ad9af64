#include "app/format_watch.h"

#include <utility>

#include "base/text.h"

namespace accesslog {
namespace {

constexpr Duration kPause = std::chrono::minutes{1};
// A format that fits fewer of the first lines may be the wrong one.
constexpr double kSureEnough = 0.9;

}  // namespace

bool IsSure(const LogParser& parser) { return parser.confidence() >= kSureEnough; }

std::string ConfidenceText(const LogParser& parser) {
  const uint32_t lines = parser.learned_lines();
  const uint32_t fitting = parser.fitting_lines();
  if (lines == 1) return fitting == 1 ? "the first line fits" : "the first line fits in part";
  if (fitting == lines) return "all of the first " + Plural(lines, "line") + " fit";
  return std::to_string(fitting) + " of the first " + Plural(lines, "line") + " fit";
}

std::optional<FormatWatch::Notice> FormatWatch::Look(const LogParser& parser, Time now) {
  const bool first = said_.empty();
  if (parser.learned_lines() == 0) return std::nullopt;
  if (!first) {
    if (parser.format_changes() == seen_changes_) return std::nullopt;
    if (now - last_notice_ < kPause && now >= last_notice_) return std::nullopt;
  }
  seen_changes_ = parser.format_changes();
  std::string name = parser.format_name();
  if (name == said_) return std::nullopt;
  const std::string before = std::exchange(said_, std::move(name));
  last_notice_ = now;
  const bool sure = IsSure(parser);
  const std::string fit = ConfidenceText(parser);
  if (first) return Notice{"read as " + said_ + "; " + fit, !sure};
  return Notice{"the format changed from " + before + " to " + said_ + "; " + fit, true};
}

}  // namespace accesslog
