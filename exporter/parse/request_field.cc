#include "parse/request_field.h"

#include <algorithm>

#include "base/text.h"
#include "parse/client_field.h"

namespace accesslog {
namespace {

constexpr size_t kMaxMethod = 32;

// Real methods are letters, with '-' and '_' in extensions (VERSION-CONTROL, BREW_COFFEE).
bool IsMethodToken(std::string_view text) {
  return !text.empty() && text.size() <= kMaxMethod && IsAlpha(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return IsAlpha(c) || c == '-' || c == '_'; });
}

}  // namespace

void SplitTarget(std::string_view target, Record& record) {
  const size_t question = target.find('?');
  record.path = target.substr(0, question);
  if (question != std::string_view::npos) record.query = target.substr(question + 1);
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
  const size_t method_end = request.find(' ');
  if (method_end == std::string_view::npos) return;
  const std::string_view method = request.substr(0, method_end);
  if (!IsMethodToken(method)) return;
  record.method_text = method;
  record.method = MethodFromText(method);

  std::string_view target = request.substr(method_end + 1);
  // The protocol is what follows the last space; a target may hold spaces that nobody encoded.
  const size_t last_space = target.rfind(' ');
  if (last_space != std::string_view::npos && target.substr(last_space + 1).starts_with("HTTP/")) {
    record.protocol = target.substr(last_space + 1);
    target = target.substr(0, last_space);
  }
  SplitTarget(target, record);
}

}  // namespace accesslog
