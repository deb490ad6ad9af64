#include "base/byte_codec.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace accesslog {
namespace {

using namespace std::string_literals;

TEST(ByteCodec, GivesNumbersBack) {
  ByteWriter writer;
  const auto numbers = {uint64_t{0},
                        uint64_t{1},
                        uint64_t{127},
                        uint64_t{128},
                        uint64_t{300},
                        uint64_t{1} << 63,
                        std::numeric_limits<uint64_t>::max()};
  for (const uint64_t number : numbers) writer.Number(number);
  ByteReader reader(writer.bytes());
  for (const uint64_t number : numbers) EXPECT_EQ(reader.Number(), number);
  EXPECT_TRUE(reader.IsDone());
}

TEST(ByteCodec, GivesSignedNumbersBack) {
  ByteWriter writer;
  const auto numbers = {int64_t{0}, int64_t{-1}, int64_t{1}, std::numeric_limits<int64_t>::min(),
                        std::numeric_limits<int64_t>::max()};
  for (const int64_t number : numbers) writer.Signed(number);
  ByteReader reader(writer.bytes());
  for (const int64_t number : numbers) EXPECT_EQ(reader.Signed(), number);
  EXPECT_TRUE(reader.IsDone());
}

TEST(ByteCodec, WritesSmallNumbersInOneByte) {
  ByteWriter writer;
  writer.Number(127);
  writer.Signed(-64);
  EXPECT_EQ(writer.bytes().size(), 2);
}

TEST(ByteCodec, GivesFractionsBackExactly) {
  ByteWriter writer;
  for (const double number : {0.1, -0.0, 1e308, std::numeric_limits<double>::infinity()}) {
    writer.Fraction(number);
  }
  ByteReader reader(writer.bytes());
  EXPECT_EQ(reader.Fraction(), 0.1);
  EXPECT_TRUE(std::signbit(reader.Fraction()));
  EXPECT_EQ(reader.Fraction(), 1e308);
  EXPECT_EQ(reader.Fraction(), std::numeric_limits<double>::infinity());
  EXPECT_TRUE(reader.IsDone());
}

TEST(ByteCodec, GivesTextsFlagsAndMomentsBack) {
  const Time time{std::chrono::milliseconds{-5}};
  ByteWriter writer;
  writer.Text("a\0b"s);
  writer.Text("");
  writer.Flag(true);
  writer.Flag(false);
  writer.Moment(time);
  ByteReader reader(writer.bytes());
  EXPECT_EQ(reader.Text(), "a\0b"s);
  EXPECT_EQ(reader.Text(), "");
  EXPECT_TRUE(reader.Flag());
  EXPECT_FALSE(reader.Flag());
  EXPECT_EQ(reader.Moment(), time);
  EXPECT_TRUE(reader.IsDone());
}

TEST(ByteCodec, KnowsWhatIsLeftOver) {
  ByteReader reader("\1\2");
  EXPECT_EQ(reader.Number(), 1);
  EXPECT_TRUE(reader.ok());
  EXPECT_FALSE(reader.IsDone());
}

TEST(ByteCodec, GivesZerosBehindDamage) {
  for (const std::string& bytes : {""s, "\xFF"s, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02"s,
                                   "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"s}) {
    ByteReader reader(bytes);
    EXPECT_EQ(reader.Number(), 0);
    EXPECT_FALSE(reader.ok());
    EXPECT_EQ(reader.Text(), "");
    EXPECT_EQ(reader.Fraction(), 0);
    EXPECT_FALSE(reader.IsDone());
  }
}

TEST(ByteCodec, RefusesMoreThanThereCanBe) {
  ByteReader text("\5abc");
  EXPECT_EQ(text.Text(), "");
  EXPECT_FALSE(text.ok());
  ByteReader count("\3ab");
  EXPECT_EQ(count.Count(), 0);
  EXPECT_FALSE(count.ok());
  ByteReader flag("\2");
  EXPECT_FALSE(flag.Flag());
  EXPECT_FALSE(flag.ok());
}

TEST(ByteCodec, SurvivesRandomBytes) {
  std::mt19937 random(1);
  for (int i = 0; i < 10000; ++i) {
    std::string bytes(random() % 20, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    ByteReader reader(bytes);
    for (int read = 0; read < 20; ++read) {
      reader.Number();
      reader.Text();
      reader.Signed();
      reader.Fraction();
    }
    EXPECT_FALSE(reader.ok());
  }
}

}  // namespace
}  // namespace accesslog
