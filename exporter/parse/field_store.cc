#include "parse/field_store.h"

#include <memory>
#include <new>

#include "base/text.h"
#include "parse/civil_time.h"
#include "parse/client_field.h"
#include "parse/fields.h"
#include "parse/number.h"
#include "parse/request_field.h"
#include "parse/time_reader.h"

namespace accesslog {
namespace {

uint16_t ParseStatus(std::string_view text) {
  if (text.size() != 3 || !IsDigit(text[0]) || !IsDigit(text[1]) || !IsDigit(text[2])) {
    return kInvalidStatus;
  }
  const int status = (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');
  return status >= 100 && status <= 599 ? static_cast<uint16_t>(status) : kInvalidStatus;
}

bool StoreClient(std::string_view value, Record& record) {
  record.client = value;
  return ParseClientField(value, record.address);
}

// Without a port, a word is no client: it may be any word.
bool StoreClientPort(std::string_view value, Record& record) {
  const std::string_view client = WithoutPort(value);
  return StoreClient(client, record) && (record.address || client.size() < value.size());
}

// Hardly any line has them, so they are made where one does: each byte of a Record is cleared for
// each line.
HopHeaders& HopsOf(Record& record, TextArena& texts) {
  if (record.hops == nullptr) {
    void* place = texts.Take(sizeof(HopHeaders) + alignof(HopHeaders));
    size_t space = sizeof(HopHeaders) + alignof(HopHeaders);
    record.hops = new (std::align(alignof(HopHeaders), sizeof(HopHeaders), place, space)) HopHeaders{};
  }
  return *record.hops;
}

// A word in a header is no name of a host: anybody may have sent it.
bool StoreClientOfHops(std::string_view value, ParseState& state, Record& record) {
  HopsOf(record, state.texts).client_list = value;
  return StoreClient(ClientOfHops(value), record) && record.address;
}

// Only a time that is the whole value.
std::optional<Time> Whole(const TimeMatch& match, std::string_view value) {
  return match.length == value.size() ? match.time : std::nullopt;
}

std::optional<std::chrono::sys_days> ReadDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  CivilTime civil;
  civil.year = ReadDigits(text, 4);
  civil.month = ReadDigits(text.substr(5), 2);
  civil.day = ReadDigits(text.substr(8), 2);
  const auto midnight = ToTime(civil);
  if (!midnight) return std::nullopt;
  return std::chrono::floor<std::chrono::days>(*midnight);
}

void StoreTimeOfDay(std::string_view text, const ParseState& state, Record& record) {
  const auto day = state.date ? state.date : state.w3c_date;
  if (!day || text.size() < 8 || text[2] != ':' || text[5] != ':') return;
  CivilTime civil;
  civil.hour = ReadDigits(text, 2);
  civil.minute = ReadDigits(text.substr(3), 2);
  civil.second = ReadDigits(text.substr(6), 2);
  const auto time = ToTime(civil);
  if (time) record.time = *day + time->time_since_epoch();
}

void StoreTime(Field field, std::string_view value, const TimePattern* pattern, ParseState& state,
               Record& record) {
  switch (field) {
    case Field::kTime:
      record.time = state.clf_times.Parse(value);
      // Many a combined log has $time_iso8601 in the place of $time_local.
      if (!record.time && value.size() != kClfTimeLength) record.time = Whole(ReadIsoTime(value), value);
      break;
    case Field::kTimeIso:
      record.time = Whole(ReadIsoTime(value), value);
      break;
    case Field::kTimeEpoch:
      record.time = ReadEpoch(value, 1);
      break;
    case Field::kTimeEpochMs:
      record.time = ReadEpoch(value, 1e3);
      break;
    case Field::kTimeEpochUs:
      record.time = ReadEpoch(value, 1e6);
      break;
    case Field::kTimePattern:
      record.time = Whole(pattern->Read(value), value);
      break;
    case Field::kDate:
      state.date = ReadDate(value);
      break;
    case Field::kTimeOfDay:
      StoreTimeOfDay(value, state, record);
      break;
    default:
      record.time = ReadAnyTime(value);
  }
}

constexpr double kLongestDuration = 1e9;  // seconds; sums of more would lose their fractions

void AddDuration(std::optional<double> number, double seconds, Record& record) {
  // AWS writes -1 for a time that never was.
  if (!number || *number < 0 || *number * seconds > kLongestDuration) return;
  record.duration = record.duration.value_or(0) + *number * seconds;
}

void StoreHost(std::string_view value, Record& record) {
  const std::string_view host = OrMissing(WithoutPort(value));
  if (!host.empty()) record.host = host;
}

// As nginx writes an unset $args.
std::string_view WithoutDash(std::string_view target) {
  const bool dash = target.ends_with('-') && target.find('?') == std::string_view::npos;
  return target.substr(0, target.size() - (dash ? 1 : 0));
}

void StoreMethod(std::string_view value, Record& record) {
  record.method_text = OrMissing(value);
  record.method = MethodFromText(record.method_text);
}

}  // namespace

bool StoreField(Field field, std::string_view value, const TimePattern* pattern, ParseState& state,
                Record& record) {
  switch (field) {
    case Field::kIgnored:
    case Field::kIgnoredList:
      break;
    case Field::kIgnoredNumber:
      return value == "-" || ParseDecimal(value).has_value();
    case Field::kTimeIsoOnly:
      StoreTime(Field::kTimeIso, value, pattern, state, record);
      return record.time.has_value();
    case Field::kIdent:
      // An address here is the client, behind a virtual host that only looks like one.
      return value == "-" || !IpAddress::Parse(value);
    case Field::kClient:
      return StoreClient(value, record);
    case Field::kClientPort:
      return StoreClientPort(value, record);
    case Field::kForwardedFor:
      return StoreClientOfHops(value, state, record);
    case Field::kXForwardedFor:
    case Field::kForwarded:
    case Field::kCfConnectingIp:
    case Field::kXRealIp:
      HopsOf(record, state.texts).texts[static_cast<size_t>(HopHeaderOf(field))] = OrMissing(value);
      break;
    case Field::kUser:
      record.user = OrMissing(value);
      break;
    case Field::kRequest:
      SplitRequest(OrMissing(value), record);
      break;
    case Field::kRequestUrl:
      SplitRequest(OrMissing(value), record);
      SplitUrl(record);
      break;
    case Field::kMethod:
      StoreMethod(value, record);
      break;
    case Field::kTarget:
      SplitTarget(OrMissing(value), record);
      break;
    case Field::kTargetOrDash:
      SplitTarget(OrMissing(WithoutDash(value)), record);
      break;
    case Field::kUrl:
      SplitTarget(OrMissing(value), record);
      SplitUrl(record);
      break;
    case Field::kPath:
      record.path = OrMissing(value);
      break;
    case Field::kQuery:
      if (value.starts_with('?')) value.remove_prefix(1);
      record.query = OrMissing(value);
      break;
    case Field::kProtocol:
      record.protocol = OrMissing(value);
      break;
    case Field::kStatus:
      record.status = ParseStatus(value);
      break;
    case Field::kBytes:
      record.bytes = ParseUint(value);
      break;
    case Field::kReferer:
      record.referer = OrMissing(value);
      break;
    case Field::kUserAgent:
      record.user_agent = OrMissing(value);
      break;
    case Field::kHostPort:
      StoreHost(value, record);
      break;
    case Field::kDurationS:
      AddDuration(ParseDecimal(value), 1, record);
      break;
    case Field::kDurationMs:
      AddDuration(ParseDecimal(value), 1e-3, record);
      break;
    case Field::kDurationUs:
      AddDuration(ParseDecimal(value), 1e-6, record);
      break;
    case Field::kDurationNs:
      AddDuration(ParseDecimal(value), 1e-9, record);
      break;
    case Field::kDurationText:
      AddDuration(ParseDurationText(value), 1, record);
      break;
    default:
      StoreTime(field, value, pattern, state, record);
  }
  return true;
}

}  // namespace accesslog
