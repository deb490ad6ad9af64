// Numbers and texts as bytes and back, for what is kept on disk. Small numbers take one byte; the
// result does not depend on the machine. A reader of damaged bytes says so and gives zeros, however
// they are damaged; it never reads past their end.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"

namespace accesslog {

class ByteWriter {
 public:
  void Number(uint64_t number);  // 1 to 10 bytes, 7 bits in each
  void Signed(int64_t number);   // near 0 in few bytes, whatever the sign
  void Fraction(double number);  // 8 bytes, exactly this number
  void Flag(bool flag) { Number(flag ? 1 : 0); }
  void Moment(Time time) { Signed(time.time_since_epoch().count()); }
  void Text(std::string_view text);  // with its length

  const std::string& bytes() const { return bytes_; }
  std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  uint64_t Number();
  // A number above `most` counts as damage.
  uint64_t NumberUpTo(uint64_t most);
  int64_t Signed();
  double Fraction();
  bool Flag() { return NumberUpTo(1) == 1; }
  Time Moment() { return Time(Duration(Signed())); }
  std::string_view Text();  // a view into the bytes
  // The count of a list whose items take at least one byte each.
  uint64_t Count();

  // For what is of no use any more.
  void SkipRest() { rest_ = {}; }

  // Says that what was read makes no sense.
  void Fail();

  // Nothing was damaged so far.
  bool ok() const { return ok_; }
  // Nothing was damaged, and nothing is left.
  bool IsDone() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace accesslog
