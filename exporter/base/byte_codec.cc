#include "base/byte_codec.h"

#include <bit>

namespace accesslog {
namespace {

constexpr unsigned kBits = 7;
constexpr uint64_t kMore = 1U << kBits;
constexpr unsigned kFractionBytes = 8;

}  // namespace

void ByteWriter::Number(uint64_t number) {
  for (; number >= kMore; number >>= kBits) {
    bytes_ += static_cast<char>(static_cast<uint8_t>(number | kMore));
  }
  bytes_ += static_cast<char>(static_cast<uint8_t>(number));
}

void ByteWriter::Signed(int64_t number) {
  const auto bits = static_cast<uint64_t>(number);
  Number(number < 0 ? ~bits << 1U | 1U : bits << 1U);
}

void ByteWriter::Fraction(double number) {
  const auto bits = std::bit_cast<uint64_t>(number);
  for (unsigned i = 0; i < kFractionBytes; ++i) {
    bytes_ += static_cast<char>(static_cast<uint8_t>(bits >> (8 * i)));
  }
}

void ByteWriter::Text(std::string_view text) {
  Number(text.size());
  bytes_ += text;
}

void ByteReader::Fail() {
  ok_ = false;
  rest_ = {};
}

uint64_t ByteReader::Number() {
  uint64_t number = 0;
  for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += kBits) {
    const auto byte = static_cast<uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    // The tenth byte has room for one bit.
    if (shift == 63 && byte > 1) break;
    number |= (byte & (kMore - 1)) << shift;
    if (byte < kMore) return number;
  }
  Fail();
  return 0;
}

uint64_t ByteReader::NumberUpTo(uint64_t most) {
  const uint64_t number = Number();
  if (number <= most) return number;
  Fail();
  return 0;
}

int64_t ByteReader::Signed() {
  const uint64_t number = Number();
  const uint64_t bits = number >> 1U;
  return static_cast<int64_t>((number & 1U) != 0 ? ~bits : bits);
}

double ByteReader::Fraction() {
  if (rest_.size() < kFractionBytes) {
    Fail();
    return 0;
  }
  uint64_t bits = 0;
  for (unsigned i = 0; i < kFractionBytes; ++i) {
    bits |= uint64_t{static_cast<uint8_t>(rest_[i])} << (8 * i);
  }
  rest_.remove_prefix(kFractionBytes);
  return std::bit_cast<double>(bits);
}

uint64_t ByteReader::Count() {
  const uint64_t count = Number();
  if (count <= rest_.size()) return count;
  Fail();
  return 0;
}

std::string_view ByteReader::Text() {
  const uint64_t size = Count();
  const std::string_view text = rest_.substr(0, size);
  rest_.remove_prefix(text.size());
  return text;
}

}  // namespace accesslog
