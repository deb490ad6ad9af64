#include "expose/text.h"

#include <prometheus/text_serializer.h>

namespace accesslog {

void WriteText(const Cut& cut, const PieceWriter::Sink& sink) {
  PieceWriter out(sink);
  for (const Cut::Block& block : cut.blocks) {
    out.text() += prometheus::TextSerializer().Serialize(block.families);
    if (block.large != Large::kNone) WriteClientSeries(cut, block.large, false, out);
  }
  out.Flush();
}

}  // namespace accesslog
