#include "http/gzip.h"

#include <zlib.h>

#include <cassert>
#include <new>
#include <optional>

#include "base/header_list.h"

namespace accesslog {
namespace {

constexpr int kGzipWindowBits = 15 + 16;  // 16 asks zlib for a gzip header
constexpr size_t kOutBytes = size_t{32} << 10U;

}  // namespace

GzipStream::GzipStream(Sink sink) : sink_(std::move(sink)), out_(kOutBytes) {
  if (deflateInit2(&stream_, Z_BEST_SPEED, Z_DEFLATED, kGzipWindowBits, 8, Z_DEFAULT_STRATEGY) !=
      Z_OK) {
    throw std::bad_alloc();
  }
}

GzipStream::~GzipStream() { deflateEnd(&stream_); }

void GzipStream::Deflate(std::string_view text, int flush) {
  // zlib does not write through next_in; its interface is older than const.
  stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream_.avail_in = static_cast<uInt>(text.size());
  do {
    stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
    stream_.avail_out = static_cast<uInt>(out_.size());
    [[maybe_unused]] const int result = deflate(&stream_, flush);
    assert(result != Z_STREAM_ERROR);
    sink_({out_.data(), out_.size() - stream_.avail_out});
  } while (stream_.avail_out == 0);
}

std::string Gzip(std::string_view text) {
  std::string out;
  GzipStream stream([&](std::string_view piece) { out += piece; });
  stream.Add(text);
  stream.Finish();
  return out;
}

bool AcceptsGzip(std::string_view accept_encoding) {
  std::optional<bool> gzip;
  std::optional<bool> all_else;
  while (!accept_encoding.empty()) {
    std::string_view parameters = TakeItem(accept_encoding, ',');
    const std::string_view coding = TakeItem(parameters, ';');
    if (EqualsIgnoringCase(coding, "gzip") || EqualsIgnoringCase(coding, "x-gzip")) {
      gzip = QualityOf(parameters) > 0;
    } else if (coding == "*") {
      all_else = QualityOf(parameters) > 0;
    }
  }
  return gzip.value_or(all_else.value_or(false));
}

}  // namespace accesslog
