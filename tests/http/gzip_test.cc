#include "http/gzip.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <random>
#include <string>

namespace accesslog {
namespace {

std::string Gunzip(std::string data, size_t size) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string out(size + 1, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(data.data());
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

TEST(Gzip, ComesBackAsItWas) {
  const std::string text = "accesslog_requests_total 1\n";
  EXPECT_EQ(Gunzip(Gzip(text), text.size()), text);
}

TEST(Gzip, TakesNothing) { EXPECT_EQ(Gunzip(Gzip(""), 0), ""); }

TEST(Gzip, TakesWhatCannotBeCompressed) {
  std::mt19937 random(1);
  std::string noise;
  for (int i = 0; i < 1000000; ++i) noise += static_cast<char>(random());
  EXPECT_EQ(Gunzip(Gzip(noise), noise.size()), noise);
}

TEST(Gzip, MakesAScrapeMuchShorter) {
  std::string scrape;
  for (int i = 0; i < 1000; ++i) {
    scrape += "accesslog_client_requests_total{site=\"shop\",client=\"192.0.2." +
              std::to_string(i % 256) + "\",status=\"200\"} " + std::to_string(i) + "\n";
  }
  EXPECT_LT(Gzip(scrape).size() * 8, scrape.size());
}

// RFC 9110, section 12.5.3.
TEST(AcceptsGzip, WhereItIsNamed) {
  EXPECT_TRUE(AcceptsGzip("gzip"));
  EXPECT_TRUE(AcceptsGzip("deflate, gzip"));
  EXPECT_TRUE(AcceptsGzip("deflate,gzip;q=0.5"));
  EXPECT_TRUE(AcceptsGzip("br;q=1.0, gzip ; q=0.001"));
  EXPECT_TRUE(AcceptsGzip("GZIP"));
  EXPECT_TRUE(AcceptsGzip("x-gzip"));
}

TEST(AcceptsGzip, WhereAnythingIs) {
  EXPECT_TRUE(AcceptsGzip("*"));
  EXPECT_TRUE(AcceptsGzip("br, *;q=0.1"));
}

TEST(AcceptsGzip, NotWhereItIsRefused) {
  EXPECT_FALSE(AcceptsGzip("gzip;q=0"));
  EXPECT_FALSE(AcceptsGzip("gzip;q=0.0"));
  EXPECT_FALSE(AcceptsGzip("gzip; q=0.000"));
  EXPECT_FALSE(AcceptsGzip("gzip;Q=0"));
  EXPECT_FALSE(AcceptsGzip("*;q=0"));
}

TEST(AcceptsGzip, NotWhereItIsRefusedAndAllElseAllowed) {
  EXPECT_FALSE(AcceptsGzip("*, gzip;q=0"));
  EXPECT_FALSE(AcceptsGzip("gzip;q=0, *"));
}

TEST(AcceptsGzip, WhereItIsNamedAndAllElseRefused) { EXPECT_TRUE(AcceptsGzip("*;q=0, gzip")); }

TEST(AcceptsGzip, NotWhereItIsNotNamed) {
  for (const char* header :
       {"", "identity", "br", "gzipped", "notgzip", ",", ";q=1", "deflate;q=1"}) {
    EXPECT_FALSE(AcceptsGzip(header)) << header;
  }
}

}  // namespace
}  // namespace accesslog
