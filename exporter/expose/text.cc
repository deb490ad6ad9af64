#include "expose/text.h"

#include <prometheus/text_serializer.h>

namespace accesslog {

std::string SerializeText(const prometheus::Collectable& collectable) {
  return prometheus::TextSerializer().Serialize(collectable.Collect());
}

}  // namespace accesslog
