#include "parse/request_field.h"

#include <algorithm>

#include "base/text.h"
#include "parse/client_field.h"
#include "parse/find_byte.h"

namespace accesslog {
namespace {

constexpr size_t kMaxMethod = 32;
constexpr std::string_view kHttp = "HTTP/";

// Real methods are letters, with '-' and '_' in extensions (VERSION-CONTROL, BREW_COFFEE).
bool IsMethodToken(std::string_view text) {
  return !text.empty() && text.size() <= kMaxMethod && IsAlpha(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return IsAlpha(c) || c == '-' || c == '_'; });
}

// How long the protocol at the end of "/a HTTP/1.1" is, without the blank before it; 0 if there is
// none. It is what follows the last blank; a target may hold blanks that nobody encoded.
size_t ProtocolLength(std::string_view target) {
  constexpr size_t kUsual = 8;  // HTTP/1.1
  if (target.size() > kUsual) {
    const std::string_view end = target.substr(target.size() - kUsual);
    if (target[target.size() - kUsual - 1] == ' ' && end.starts_with(kHttp) && IsDigit(end[5]) &&
        end[6] == '.' && IsDigit(end[7])) {
      return kUsual;
    }
  }
  const size_t last_space = target.rfind(' ');
  if (last_space == std::string_view::npos) return 0;
  const std::string_view end = target.substr(last_space + 1);
  return end.starts_with(kHttp) ? end.size() : 0;
}

}  // namespace

void SplitTarget(std::string_view target, Record& record) {
  const char* const begin = target.data();
  const char* const question = FindByte(begin, begin + target.size(), '?');
  if (question == nullptr) {
    record.path = target;
    return;
  }
  const auto length = static_cast<size_t>(question - begin);
  record.path = target.substr(0, length);
  record.query = target.substr(length + 1);
}

void SplitUrl(Record& record) {
  constexpr std::string_view kSchemeEnd = "://";
  const auto* end = std::find_if_not(record.path.begin(), record.path.end(), IsAlpha);
  const auto scheme = static_cast<size_t>(end - record.path.begin());
  if (scheme == 0 || !record.path.substr(scheme).starts_with(kSchemeEnd)) return;
  const std::string_view rest = record.path.substr(scheme + kSchemeEnd.size());
  const size_t slash = std::min(rest.find('/'), rest.size());
  record.host = WithoutPort(rest.substr(0, slash));
  if (record.host == "-") record.host = {};
  record.path = slash == rest.size() ? std::string_view("/") : rest.substr(slash);
}

void SplitRequest(std::string_view request, Record& record) {
  record.request = request;
  record.path = request;
  const char* const begin = request.data();
  const char* const method_end = FindByte(begin, begin + request.size(), ' ');
  if (method_end == nullptr) return;
  const std::string_view method(begin, static_cast<size_t>(method_end - begin));
  const Method known = MethodFromText(method);
  if (known == Method::kOther && !IsMethodToken(method)) return;
  record.method_text = method;
  record.method = known;

  std::string_view target = request.substr(method.size() + 1);
  const size_t protocol = ProtocolLength(target);
  if (protocol > 0) {
    record.protocol = target.substr(target.size() - protocol);
    target.remove_suffix(protocol + 1);
  }
  SplitTarget(target, record);
}

}  // namespace accesslog
