// The text of the large families. prometheus-cpp's TextSerializer writes each series through an
// ostream, which takes several times as long; see docs/performance.md.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "expose/cut.h"

namespace accesslog {

// Text on its way to where it is needed, so that no more than a piece of it is in memory.
class PieceWriter {
 public:
  using Sink = std::function<void(std::string_view)>;
  explicit PieceWriter(const Sink& sink) : sink_(sink) { text_.reserve(kPiece + kMargin); }

  // To add to; call Pass now and then.
  std::string& text() { return text_; }
  void Pass() {
    if (text_.size() >= kPiece) Flush();
  }
  void Flush() {
    sink_(text_);
    text_.clear();
  }

 private:
  static constexpr size_t kPiece = size_t{64} << 10U;
  static constexpr size_t kMargin = 4096;
  const Sink& sink_;
  std::string text_;
};

// Whether the family has any series.
bool HasSeries(const Cut& cut, Large large);

// The samples of the family, in the order of the sites. `with_created`: each counter is followed by
// its _created, as OpenMetrics has it.
void WriteClientSeries(const Cut& cut, Large large, bool with_created, PieceWriter& out);

// `value` as it stands between the quotes of a label value.
void AppendEscaped(std::string_view value, std::string& out);

}  // namespace accesslog
