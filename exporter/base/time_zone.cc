#include "base/time_zone.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>

#include "base/text.h"
#include "base/zone_file.h"

namespace accesslog {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kForever = std::numeric_limits<int64_t>::max();
constexpr int64_t kDay = 86400;
constexpr const char* kUnnamed = "local";
// No zone file is longer than 4 KiB.
constexpr size_t kMostBytes = size_t{64} * 1024;
// Midnight of 0000-01-01 and of 10000-01-01, in UTC: what four digits of a year can say.
constexpr int64_t kFirstSecond = -62'167'219'200;
constexpr int64_t kLastSecond = 253'402'300'800 - 1;

int64_t WholeSeconds(Time time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

// Names stay below the database: letters, digits and the few signs that its names have.
bool IsPlainName(std::string_view name) {
  if (name.empty() || name.size() > 64 || !IsAlpha(name.front())) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return IsAlpha(c) || IsDigit(c) || c == '/' || c == '_' || c == '-' || c == '+';
  });
}

bool IsUtc(std::string_view name) {
  return name == "UTC" || name == "Etc/UTC" || name == "GMT" || name == "Etc/GMT";
}

// "Europe/Berlin" of "/usr/share/zoneinfo/Europe/Berlin".
std::string NameInPath(std::string_view path) {
  constexpr std::string_view kMark = "zoneinfo/";
  const size_t at = path.rfind(kMark);
  return at == std::string_view::npos ? kUnnamed : std::string(path.substr(at + kMark.size()));
}

OffsetSpan SpanInFile(const ZoneFile& file, int64_t second) {
  const auto next =
      std::upper_bound(file.changes.begin(), file.changes.end(), second,
                       [](int64_t s, const ZoneFile::Change& change) { return s < change.at; });
  const bool is_first = next == file.changes.begin();
  const int64_t begin = is_first ? -kForever : std::prev(next)->at;
  if (next == file.changes.end() && file.rule) {
    OffsetSpan span = file.rule->At(second);
    span.begin = std::max(span.begin, begin);
    return span;
  }
  return {begin, next == file.changes.end() ? kForever : next->at,
          is_first ? file.first_offset : std::prev(next)->offset};
}

}  // namespace

int WeekdayOf(int64_t day) {
  const int64_t rest = (day + 3) % 7;  // 1970-01-01 was a Thursday
  return static_cast<int>(rest < 0 ? rest + 7 : rest);
}

std::string FormatDay(int64_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days(
      std::chrono::days(std::clamp(day, kFirstSecond / kDay, kLastSecond / kDay)))};
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

std::optional<int64_t> ParseDay(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = ParseUint(text.substr(0, 4));
  const auto month = ParseUint(text.substr(5, 2));
  const auto day = ParseUint(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

std::optional<TimeZone> TimeZone::FromFile(const std::string& path, std::string name) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  std::string bytes(kMostBytes, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<size_t>(file.gcount()));
  std::optional<ZoneFile> parsed = ZoneFile::Parse(bytes);
  if (!parsed) return std::nullopt;
  TimeZone zone;
  zone.name_ = std::move(name);
  zone.file_ = std::make_shared<const ZoneFile>(*std::move(parsed));
  return zone;
}

Result<TimeZone> TimeZone::Named(std::string_view name, const std::string& database) {
  const std::string quoted = "time zone \"" + PrintableUpTo(name, 64) + "\"";
  if (IsUtc(name)) return TimeZone();
  if (!IsPlainName(name)) {
    return Error{quoted + " is not a name such as \"Europe/Istanbul\" or \"UTC\""};
  }
  const std::string path = database + "/" + std::string(name);
  if (std::optional<TimeZone> zone = FromFile(path, std::string(name))) return *std::move(zone);
  std::error_code error;
  if (!fs::is_directory(database, error)) {
    return Error{quoted + " cannot be looked up, since " + database +
                 " is missing; install the package tzdata, or use \"UTC\""};
  }
  if (!fs::is_regular_file(path, error)) {
    return Error{quoted +
                 " is not known; it is a name such as \"Europe/Istanbul\", as the files in " +
                 database + " are called"};
  }
  return Error{quoted + " cannot be read: " + path + " is not a time zone file"};
}

std::optional<TimeZone> TimeZone::FromVariable(std::string_view value) {
  if (value.starts_with(':')) value.remove_prefix(1);
  if (value.empty()) return TimeZone();
  if (value.starts_with('/')) return FromFile(std::string(value), NameInPath(value));
  if (Result<TimeZone> named = Named(value)) return *std::move(named);
  std::optional<ZoneRule> rule = ZoneRule::Parse(value);
  if (!rule) return std::nullopt;
  TimeZone zone;
  zone.name_ = std::string(value);
  auto file = std::make_shared<ZoneFile>();
  file->first_offset = rule->At(0).offset;
  // As if it had held since long ago: the rule speaks behind the last change.
  file->changes = {{kFirstSecond, file->first_offset}};
  file->rule = rule;
  zone.file_ = std::move(file);
  return zone;
}

TimeZone TimeZone::Local() {
  // Nobody sets it while the program runs.
  if (const char* variable = std::getenv("TZ")) {  // NOLINT(concurrency-mt-unsafe)
    return FromVariable(variable).value_or(TimeZone());
  }
  std::error_code error;
  const fs::path target = fs::read_symlink("/etc/localtime", error);
  const std::string name = error ? kUnnamed : NameInPath(target.native());
  if (IsUtc(name)) return {};
  return FromFile("/etc/localtime", name).value_or(TimeZone());
}

TimeZone TimeZone::Of(const std::string& name) {
  if (name == kUnnamed) return Local();
  return FromVariable(name).value_or(TimeZone());
}

OffsetSpan TimeZone::OffsetAt(Time time) const {
  if (!file_) return {-kForever, kForever, 0};
  const int64_t second = WholeSeconds(time);
  OffsetSpan span = SpanInFile(*file_, std::clamp(second, kFirstSecond, kLastSecond));
  if (second < kFirstSecond) return {-kForever, kFirstSecond, span.offset};
  if (second > kLastSecond) return {kLastSecond + 1, kForever, span.offset};
  span.end = std::min(span.end, kLastSecond + 1);
  return span;
}

LocalTime TimeZone::At(Time time) const {
  return ZoneCursor::Shown(WholeSeconds(time) + OffsetAt(time).offset);
}

Time TimeZone::TimeOf(int64_t day, int32_t second) const {
  // Within what a Time can hold.
  day = std::clamp(day, 2 * kFirstSecond / kDay, 2 * kLastSecond / kDay);
  const int64_t shown = day * kDay + second;
  // No offset is longer than this, so the stretch that holds it lies ahead.
  constexpr int64_t kMostOffset = int64_t{26} * 3600;
  const auto moment = [](int64_t at) { return Time(std::chrono::seconds(at)); };
  OffsetSpan span = OffsetAt(moment(shown - kMostOffset));
  while (span.end != kForever && shown - span.offset >= span.end) {
    span = OffsetAt(moment(span.end));
  }
  return moment(std::max(shown - span.offset, span.begin));
}

}  // namespace accesslog
