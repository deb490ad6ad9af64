#include "http/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <cassert>
#include <cctype>
#include <new>
#include <optional>

namespace accesslog {
namespace {

constexpr int kGzipWindowBits = 15 + 16;  // 16 asks zlib for a gzip header

std::string_view Trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

// The text up to `separator`, trimmed; `text` keeps what is behind it.
std::string_view TakeItem(std::string_view& text, char separator) {
  const size_t end = std::min(text.find(separator), text.size());
  const std::string_view item = Trim(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return item;
}

// "q=0", "q=0.0" …
bool IsRefused(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view parameter = TakeItem(parameters, ';');
    if (!EqualsIgnoringCase(parameter.substr(0, 2), "q=")) continue;
    return parameter.find_first_not_of("0.", 2) == std::string_view::npos;
  }
  return false;
}

}  // namespace

std::string Gzip(std::string_view text) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzipWindowBits, 8, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    throw std::bad_alloc();
  }
  std::string out(deflateBound(&stream, text.size()), '\0');
  // zlib does not write through next_in; its interface is older than const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  [[maybe_unused]] const int result = deflate(&stream, Z_FINISH);
  assert(result == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

bool AcceptsGzip(std::string_view accept_encoding) {
  std::optional<bool> gzip;
  std::optional<bool> all_else;
  while (!accept_encoding.empty()) {
    std::string_view parameters = TakeItem(accept_encoding, ',');
    const std::string_view coding = TakeItem(parameters, ';');
    if (EqualsIgnoringCase(coding, "gzip") || EqualsIgnoringCase(coding, "x-gzip")) {
      gzip = !IsRefused(parameters);
    } else if (coding == "*") {
      all_else = !IsRefused(parameters);
    }
  }
  return gzip.value_or(all_else.value_or(false));
}

}  // namespace accesslog
