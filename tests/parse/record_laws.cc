#include "parse/record_laws.h"

#include <array>
#include <cmath>
#include <functional>

#include "base/text.h"
#include "parse/client_field.h"

namespace accesslog {
namespace {

// A view may be empty and point nowhere; all else must be a part of `whole`.
bool IsPartOf(std::string_view part, std::string_view whole) {
  const std::less_equal<const char*> not_after;
  return part.empty() || (not_after(whole.data(), part.data()) &&
                          not_after(part.data() + part.size(), whole.data() + whole.size()));
}

bool IsStatus(uint16_t status) {
  return status == kInvalidStatus || (status >= 100 && status <= 599);
}

std::string BrokenLawOfRequest(const Record& record, Texts texts) {
  if (record.method != MethodFromText(record.method_text)) return "the method is not its text";
  // Some formats have no request line, but its parts, and JSON may have both.
  if (record.request.empty() || texts == Texts::kAnywhere) return "";
  // A URL without a path asks for "/".
  const std::string_view path = record.path == "/" ? std::string_view() : record.path;
  for (const std::string_view part : {record.method_text, path, record.query, record.protocol}) {
    if (!IsPartOf(part, record.request)) return "a part of the request lies outside of it";
  }
  if (!record.method_text.empty() && record.path.find('?') != std::string_view::npos) {
    return "the path holds a query";
  }
  if (!record.protocol.empty() && !record.protocol.starts_with("HTTP/")) {
    return "the protocol is not HTTP";
  }
  if (record.method_text.empty() && !record.query.empty()) {
    return "what is no request line has a query";
  }
  return "";
}

std::string BrokenLawOfClient(const Record& record) {
  if (record.client.empty()) return "the client is empty";
  if (record.client.size() > 253) return "the client is longer than a host name";
  if (Printable(record.client) != record.client) return "the client is not printable";
  if (record.address) {
    if (IpAddress::Parse(record.client) != record.address) return "the address is another one";
  } else if (!IsHostName(record.client)) {
    return "the client is neither address nor host name";
  }
  return "";
}

}  // namespace

std::string BrokenLaw(std::string_view line, ParseOutcome outcome, const Record& record,
                      Texts texts) {
  if (texts == Texts::kOfTheLine) {
    if (!IsPartOf(record.line, line)) return "the record's line lies outside of the line";
    for (const std::string_view field : {record.client, record.user, record.request, record.referer,
                                         record.user_agent, record.host}) {
      if (!IsPartOf(field, record.line)) return "a field lies outside of the line";
    }
  }
  for (const std::string_view field :
       {record.user, record.request, record.referer, record.user_agent, record.host}) {
    if (field == "-") return "a missing field is not empty";
  }
  if (!IsStatus(record.status)) return "the status is out of range";
  if (record.duration && !(*record.duration >= 0)) return "a duration below zero";
  if (record.duration && !std::isfinite(*record.duration)) return "a duration without end";
  if (!HasRecord(outcome)) {
    ReasonOf(outcome);
    return "";
  }
  if (std::string law = BrokenLawOfClient(record); !law.empty()) return law;
  return BrokenLawOfRequest(record, texts);
}

}  // namespace accesslog
