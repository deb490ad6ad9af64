#include "base/sip_hash.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace accesslog {
namespace {

SipKey CountingKey() {
  SipKey key{};
  for (size_t i = 0; i < key.size(); ++i) key[i] = static_cast<uint8_t>(i);
  return key;
}

std::string CountingText(size_t size) {
  std::string text;
  for (size_t i = 0; i < size; ++i) text += static_cast<char>(i);
  return text;
}

// From the authors' reference implementation (vectors.h), as little-endian numbers, and the one of
// appendix A of the paper, of 15 bytes.
TEST(SipHash, GivesThePublishedVectors) {
  const std::vector<uint64_t> expected = {
      0x726FDB47DD0E0E31, 0x74F839C593DC67FD, 0x0D6C8009D9A94F5A, 0x85676696D7FB7E2D,
      0xCF2794E0277187B7, 0x18765564CD99A68D, 0xCBC9466E58FEE3CE, 0xAB0200F58B01D137,
      0x93F5F5799A932462};
  for (size_t size = 0; size < expected.size(); ++size) {
    EXPECT_EQ(SipHash(CountingKey(), CountingText(size)), expected[size]) << size;
  }
  EXPECT_EQ(SipHash(CountingKey(), CountingText(15)), 0xA129CA6149BE45E5);
}

TEST(SipHash, DependsOnEachByteOfTheKey) {
  for (size_t i = 0; i < 16; ++i) {
    SipKey other = CountingKey();
    other[i] ^= 0x80U;
    EXPECT_NE(SipHash(other, "192.0.2.1"), SipHash(CountingKey(), "192.0.2.1")) << i;
  }
}

}  // namespace
}  // namespace accesslog
