// Finds all of many literals in one pass over a text (Aho and Corasick, "Efficient string
// matching", 1975), as a dense table over classes of bytes. Used by AttackSignatures; const after
// Build.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace accesslog {

class LiteralAutomaton {
 public:
  using State = uint32_t;
  static constexpr State kStart = 0;
  static constexpr size_t kMaxStates = size_t{1} << 16U;

  // The literals are numbered from 0; empty ones are never found. False where they are too many.
  bool Build(std::span<const std::string> literals);

  State Next(State state, char c) const {
    return next_[(state << shift_) + class_of_[static_cast<uint8_t>(c)]];
  }
  // The same, with capital letters as small ones.
  State NextFolded(State state, char c) const {
    return next_[(state << shift_) + folded_class_of_[static_cast<uint8_t>(c)]];
  }
  // A literal ends here.
  bool Finds(State state) const { return state >= first_finding_; }
  // A number from 0 for each state that finds.
  size_t Row(State state) const { return state - first_finding_; }
  size_t rows() const { return found_from_.size() - 1; }
  // The literals that end there.
  std::span<const uint32_t> Found(size_t row) const {
    return std::span(found_).subspan(found_from_[row], found_from_[row + 1] - found_from_[row]);
  }
  size_t bytes() const { return next_.size() * sizeof(uint16_t); }

 private:
  std::array<uint8_t, 256> class_of_{};  // 0: in no literal
  std::array<uint8_t, 256> folded_class_of_{};
  unsigned shift_ = 0;  // a state has 2^shift places in the table
  State first_finding_ = 0;
  std::vector<uint16_t> next_;
  std::vector<uint32_t> found_;
  std::vector<uint32_t> found_from_;
};

}  // namespace accesslog
