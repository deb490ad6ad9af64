// The request methods that get a label of their own. All others are `other`, so that no client can
// invent label values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace accesslog {

enum class Method : uint8_t {
  kGet,
  kHead,
  kPost,
  kPut,
  kDelete,
  kConnect,
  kOptions,
  kTrace,
  kPatch,
  kOther,
};

inline constexpr size_t kMethodCount = 10;
// Indexed by Method. RFC 9110 section 9.3 and RFC 5789.
inline constexpr std::array<std::string_view, kMethodCount> kMethodNames = {
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "other"};

inline std::string_view MethodName(Method method) {
  return kMethodNames[static_cast<size_t>(method)];
}

// Case matters (RFC 9110 section 9.1): "get" is `other`.
Method MethodFromText(std::string_view text);

}  // namespace accesslog
