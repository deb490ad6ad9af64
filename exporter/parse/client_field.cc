#include "parse/client_field.h"

#include <algorithm>

#include "base/text.h"

namespace accesslog {
namespace {

constexpr size_t kMaxHostName = 253;

bool IsHostChar(char c) {
  return IsAlpha(c) || IsDigit(c) || c == '-' || c == '_' || c == '.';
}

}  // namespace

bool IsHostName(std::string_view text) {
  return !text.empty() && text.size() <= kMaxHostName &&
         std::all_of(text.begin(), text.end(), IsHostChar) &&
         std::any_of(text.begin(), text.end(), IsAlpha);
}

bool ParseClientField(std::string_view text, std::optional<IpAddress>& address) {
  address = ParseIpv4(text);
  if (address) return true;
  if (IsHostName(text)) return true;
  address = IpAddress::Parse(text);
  return address.has_value();
}

}  // namespace accesslog
