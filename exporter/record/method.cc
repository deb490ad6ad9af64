#include "record/method.h"

namespace accesslog {

Method MethodFromText(std::string_view text) {
  if (text == "GET") return Method::kGet;  // nearly always
  for (size_t i = 0; i + 1 < kMethodCount; ++i) {
    if (text == kMethodNames[i]) return static_cast<Method>(i);
  }
  return Method::kOther;
}

}  // namespace accesslog
