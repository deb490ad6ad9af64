// The input is a log as a container runtime or syslog carries it.
#include <functional>

#include "fuzz/check.h"
#include "parse/framing.h"

namespace accesslog {
namespace {

bool IsPartOf(std::string_view part, std::string_view whole) {
  const std::less_equal<const char*> not_after;
  return not_after(whole.data(), part.data()) &&
         not_after(part.data() + part.size(), whole.data() + whole.size());
}

void Unframe(Framing framing, std::string_view log) {
  Deframer deframer;
  TextArena texts;
  size_t pending = 0;
  while (!log.empty()) {
    texts.Clear();
    const std::string_view line = TakeLine(log);
    const bool clean = deframer.is_clean();
    std::string_view inner;
    const Frame frame = deframer.Unframe(framing, line, texts, inner);
    Check((frame != Frame::kNone) == LooksFramed(framing, line), "what looks framed is unframed");
    if (frame == Frame::kNone) Check(deframer.is_clean() == clean, "other lines change nothing");
    if (frame == Frame::kFragment) pending += line.size();
    if (frame != Frame::kWhole) continue;
    const std::string copy(inner);  // every byte can be read
    Check(copy.size() <= pending + line.size(), "a line is no longer than its parts");
    const bool moved = !clean || line.find('\\') != std::string_view::npos;
    Check(moved || IsPartOf(inner, line), "a plain line is a view");
  }
}

}  // namespace
}  // namespace accesslog

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  for (const accesslog::Framing framing : accesslog::kFramings) {
    accesslog::Unframe(framing, accesslog::AsText(data, size));
  }
  return 0;
}
