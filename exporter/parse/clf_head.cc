#include "parse/clf_head.h"

#include "base/text.h"
#include "parse/client_field.h"
#include "parse/find_byte.h"
#include "parse/request_field.h"

namespace accesslog {
namespace {

constexpr std::string_view kBeforeTime = " - - [";
constexpr std::string_view kBehindTime = "] \"";

bool IsHere(const char* at, const char* end, std::string_view text) {
  return static_cast<size_t>(end - at) >= text.size() &&
         std::memcmp(at, text.data(), text.size()) == 0;
}

// Up to 19 digits, which no number of 64 bits overflows; null if there are none or more.
const char* ReadBytes(const char* at, const char* end, uint64_t& bytes) {
  const char* const begin = at;
  for (; at != end && IsDigit(*at); ++at) bytes = bytes * 10 + static_cast<uint64_t>(*at - '0');
  return at == begin || at - begin > 19 ? nullptr : at;
}

// Whether the bytes may end here; an ending that is not known is a blank or the end of the line.
bool EndsHere(const char* at, const char* end, std::string_view ending) {
  if (ending.empty()) return at == end || *at == ' ';
  return IsHere(at, end, ending);
}

}  // namespace

size_t ReadClfHead(std::string_view line, std::string_view ending, ParseState& state,
                   Record& record) {
  const char* const begin = line.data();
  const char* const end = begin + line.size();
  const char* at = FindByte(begin, end, ' ');
  if (at == nullptr || !IsHere(at, end, kBeforeTime)) return 0;
  const std::string_view client(begin, static_cast<size_t>(at - begin));

  const char* const time = at + kBeforeTime.size();
  if (end - time < static_cast<ptrdiff_t>(kClfTimeLength)) return 0;
  at = time + kClfTimeLength;
  if (!IsHere(at, end, kBehindTime)) return 0;

  const char* const request = at + kBehindTime.size();
  at = FindByte(request, end, '"');
  // `" 200 `: with all of it, an unescaped quote is the one that ends the request.
  if (at == nullptr || end - at < 7 || at[1] != ' ' || at[5] != ' ' || at[-1] == '\\') return 0;
  const char* const status = at + 2;
  if (*status < '1' || *status > '5' || !IsDigit(status[1]) || !IsDigit(status[2])) return 0;
  uint64_t bytes = 0;
  const char* const bytes_end = ReadBytes(status + 4, end, bytes);
  if (bytes_end == nullptr || !EndsHere(bytes_end, end, ending)) return 0;
  std::optional<IpAddress> address;
  if (!ParseClientField(client, address)) return 0;

  // Nothing is stored before all of it was found: the steps may stop in front of a field that was.
  record.client = client;
  record.address = address;
  record.time = state.clf_times.Parse({time, kClfTimeLength});
  const std::string_view text(request, static_cast<size_t>(at - request));
  if (text != "-") SplitRequest(text, record);
  record.status = static_cast<uint16_t>((status[0] - '0') * 100 + (status[1] - '0') * 10 +
                                        (status[2] - '0'));
  record.bytes = bytes;
  return static_cast<size_t>(bytes_end - begin) + ending.size();
}

}  // namespace accesslog
