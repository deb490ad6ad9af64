// Gzip for answers that a client asked to be compressed.
#pragma once

#include <zlib.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace accesslog {

// The same for a text that comes in pieces. Throws std::bad_alloc where there is no memory.
class GzipStream {
 public:
  using Sink = std::function<void(std::string_view)>;
  explicit GzipStream(Sink sink);
  ~GzipStream();
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

  void Add(std::string_view text) { Deflate(text, Z_NO_FLUSH); }
  void Finish() { Deflate("", Z_FINISH); }

 private:
  void Deflate(std::string_view text, int flush);

  Sink sink_;
  z_stream stream_{};
  std::vector<char> out_;
};

// The fastest level: scrapes are frequent and text with many like lines shrinks tenfold anyway.
std::string Gzip(std::string_view text);

// Whether an Accept-Encoding header allows gzip (RFC 9110 section 12.5.3): not where it
// says "gzip;q=0", nor where it names only others.
bool AcceptsGzip(std::string_view accept_encoding);

}  // namespace accesslog
