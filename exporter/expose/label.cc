#include "expose/label.h"

#include "base/text.h"

namespace accesslog {

std::string SafeLabel(std::string_view value) { return PrintableUpTo(value, kMaxLabelBytes); }

std::string SafePath(std::string_view path) { return PrintableUpTo(path, kMaxPathBytes); }

std::string StatusLabel(uint16_t status) {
  return status == 0 ? "invalid" : std::to_string(status);
}

}  // namespace accesslog
