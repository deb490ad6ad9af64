#include "input/rotated_name.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/text.h"

namespace accesslog {
namespace {

// Fewer digits behind a '-' number servers ("app-2.log"), not days.
constexpr size_t kDateDigits = 6;

constexpr std::array<std::string_view, 7> kCompressed = {".gz",  ".bz2", ".xz", ".zst",
                                                         ".lz4", ".Z",   ".zip"};

std::string_view WithoutCompression(std::string_view path) {
  for (const std::string_view ending : kCompressed) {
    if (path.ends_with(ending)) return path.substr(0, path.size() - ending.size());
  }
  return path;
}

// Where the digits at the end of `text` begin.
size_t DigitsStart(std::string_view text) {
  size_t start = text.size();
  while (start > 0 && IsDigit(text[start - 1])) --start;
  return start;
}

// "access.log.1" and "access.log-20231108" to "access.log".
std::optional<std::string_view> WithoutNumber(std::string_view text) {
  const size_t start = DigitsStart(text);
  const size_t digits = text.size() - start;
  if (digits == 0 || start < 2) return std::nullopt;
  const char separator = text[start - 1];
  if (separator != '.' && !(separator == '-' && digits >= kDateDigits)) return std::nullopt;
  return text.substr(0, start - 1);
}

// ".1", "-20231108", "_2023-11-08T03:00:00", ".old": what a rotation puts behind or into a name.
bool IsStamp(std::string_view text) {
  if (text == ".old" || text == ".0") return true;
  if (text.size() < 2 || std::string_view(".-_").find(text[0]) == std::string_view::npos)
    return false;
  const auto digits = static_cast<size_t>(std::count_if(text.begin(), text.end(), IsDigit));
  if (digits < (text[0] == '.' ? 1 : kDateDigits)) return false;
  return std::all_of(text.begin() + 1, text.end(), [](char c) {
    return IsDigit(c) || std::string_view(".-_:+TZ").find(c) != std::string_view::npos;
  });
}

}  // namespace

bool IsRotationOf(std::string_view live, std::string_view name) {
  name = WithoutCompression(name);
  if (name.starts_with(live) && IsStamp(name.substr(live.size()))) return true;
  const size_t dot = live.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  const std::string_view stem = live.substr(0, dot);
  const std::string_view ending = live.substr(dot);
  if (name.size() <= live.size() || !name.starts_with(stem) || !name.ends_with(ending))
    return false;
  const std::string_view stamp = name.substr(stem.size(), name.size() - live.size());
  // "app.2.log" is as likely the second of two logs.
  return IsStamp(stamp) &&
         std::count_if(stamp.begin(), stamp.end(), IsDigit) >= static_cast<ptrdiff_t>(kDateDigits);
}

namespace {

// What rotation put into the name.
std::string_view StampOf(std::string_view live, std::string_view name) {
  name = WithoutCompression(name);
  if (name.starts_with(live)) return name.substr(live.size());
  const size_t stem = live.rfind('.');
  if (stem == std::string_view::npos || name.size() < live.size()) return {};
  return name.substr(stem, name.size() - live.size());
}

std::string DigitsOf(std::string_view text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), IsDigit);
  return digits;
}

}  // namespace

bool IsOlderRotation(std::string_view live, std::string_view a, std::string_view b) {
  const std::string first = DigitsOf(StampOf(live, a));
  const std::string second = DigitsOf(StampOf(live, b));
  if (first.empty() || second.empty()) return false;
  const bool numbers = first.size() < kDateDigits && second.size() < kDateDigits;
  if (!numbers) return first.size() == second.size() && first < second;
  return *ParseUint(first) > *ParseUint(second);
}

bool IsCompressedName(std::string_view path) { return WithoutCompression(path) != path; }

std::optional<std::string> LiveNameOf(std::string_view path) {
  path = WithoutCompression(path);
  if (const auto live = WithoutNumber(path)) return std::string(*live);
  const size_t dot = path.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto live = WithoutNumber(path.substr(0, dot));
  if (!live || path[live->size()] != '-') return std::nullopt;
  return std::string(*live) + std::string(path.substr(dot));
}

}  // namespace accesslog
