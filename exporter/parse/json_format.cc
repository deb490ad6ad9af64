#include "parse/json_format.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "parse/field_store.h"
#include "parse/fields.h"
#include "parse/mend_json.h"
#include "parse/parse_state.h"
#include "parse/text_arena.h"

namespace accesslog {

namespace od = simdjson::ondemand;

constexpr size_t kMaxPath = 96;

struct JsonScratch {
  // What became of a key. The keys of a log stand in the same order in each line, so what the n-th key
  // was is remembered: that spares two thirds of the look-ups' time.
  struct Known {
    std::array<char, kMaxPath> text;
    size_t length = 0;
    const JsonKey* key = nullptr;
    bool has_members = false;

    // As written, members of objects behind a '.'.
    std::string_view path() const { return {text.data(), length}; }
  };

  od::parser parser;
  std::string padded;  // the line, and the bytes that simdjson may read behind it
  const JsonKeys* keys = nullptr;  // whose `known` are
  std::vector<Known> known;
};

void DeleteJsonScratch::operator()(JsonScratch* scratch) const { delete scratch; }

namespace {

constexpr int kMaxDepth = 5;
constexpr size_t kMaxKnown = 128;
constexpr uint8_t kNoRank = 255;

// What the line says, before any of it is stored: keys come in any order, fields do not.
class Values {
 public:
  void Set(const JsonKey& key, std::string_view text) {
    if (text.empty() || text == "-") return;
    // {"status": "active"} is no request.
    if (key.field == Field::kStatus && !ParseUint(text)) return;
    Value& value = values_[static_cast<size_t>(Group(key.field))];
    if (key.rank >= value.rank) return;
    value = {text, key.field, key.rank};
  }

  bool Has(Field group) const { return values_[static_cast<size_t>(group)].rank != kNoRank; }

  // The field as the line writes it, and its text.
  template <typename Use>
  void With(Field group, Use&& use) const {
    const Value& value = values_[static_cast<size_t>(group)];
    if (value.rank != kNoRank) use(value.field, value.text);
  }

 private:
  struct Value {
    std::string_view text;
    Field field = Field::kIgnored;
    uint8_t rank = kNoRank;
  };

  // One field stands for all that tell the same.
  static Field Group(Field field) {
    if (IsClient(field)) return Field::kClient;
    if (IsDuration(field)) return Field::kDurationS;
    switch (field) {
      case Field::kPath:
      case Field::kTarget:
        return Field::kUrl;
      case Field::kTime:
      case Field::kTimeIso:
      case Field::kTimeEpoch:
      case Field::kTimeEpochMs:
      case Field::kTimeEpochUs:
        return Field::kTimeAny;
      default:
        return field;
    }
  }

  std::array<Value, kFieldCount> values_{};
};

std::string_view Trimmed(std::string_view token) {
  const size_t end = token.find_last_not_of(" \t\r\n");
  return token.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

class Reader {
 public:
  Reader(const JsonKeys& keys, JsonScratch& scratch, TextArena& texts)
      : keys_(keys), scratch_(scratch), texts_(texts) {
    if (scratch_.keys == &keys) return;
    scratch_.keys = &keys;
    scratch_.known.clear();
    scratch_.known.reserve(kMaxKnown + 1);  // so that none of them moves
  }

  // False if the text is no JSON object to its end; what came before the fault has been read.
  bool Read(std::string_view text) {
    scratch_.padded.assign(text);
    scratch_.padded.resize(text.size() + simdjson::SIMDJSON_PADDING);
    copy_ = scratch_.padded.data();
    original_ = text;
    od::document document;
    od::object object;
    const auto error =
        scratch_.parser.iterate(scratch_.padded.data(), text.size(), scratch_.padded.size())
            .get(document);
    if (error != simdjson::SUCCESS || document.get_object().get(object) != simdjson::SUCCESS) {
      return false;
    }
    if (!ReadObject(object, 0, 0)) return false;
    has_more_ = document.current_location().error() == simdjson::SUCCESS;
    return true;
  }

  const Values& values() const { return values_; }
  JsonDialect dialect() const { return dialect_; }
  bool has_more() const { return has_more_; }  // behind the object

 private:
  using Known = JsonScratch::Known;

  bool ReadObject(od::object& object, size_t prefix, int depth) {
    for (auto member : object) {
      std::string_view key;
      od::value value;
      if (member.unescaped_key().get(key) != simdjson::SUCCESS) return false;
      if (member.value().get(value) != simdjson::SUCCESS) return false;
      const size_t length = AppendToPath(prefix, key);
      if (length > 0 && !ReadValue(value, LookUp({path_.data(), length}), length, depth)) return false;
    }
    return true;
  }

  // Returns the length of the path with `key`; 0 if it is too long to be one of ours.
  size_t AppendToPath(size_t prefix, std::string_view key) {
    size_t at = prefix;
    if (key.empty() || key.size() + prefix + 1 > kMaxPath) return 0;
    if (prefix > 0) path_[at++] = '.';
    std::memcpy(path_.data() + at, key.data(), key.size());
    return at + key.size();
  }

  void LookUpAnew(std::string_view path, Known& known) const {
    std::memcpy(known.text.data(), path.data(), path.size());
    known.length = path.size();
    std::array<char, kMaxPath> text;
    const bool ours = !IsHeaderOfTraefik(path);
    const std::string_view normalized = NormalizeKey(path, text.data());
    known.key = ours ? keys_.Find(normalized) : nullptr;
    known.has_members = ours && keys_.HasMembers(normalized);
  }

  const Known& LookUp(std::string_view path) {
    const size_t number = std::min(next_++, kMaxKnown);
    std::vector<Known>& known = scratch_.known;
    if (number == known.size()) known.emplace_back();
    if (known[number].path() != path) LookUpAnew(path, known[number]);
    return known[number];
  }

  // Traefik writes the client's headers beside its own keys, as request_Any-Name: they must not pass
  // for request_method or request_time.
  static bool IsHeaderOfTraefik(std::string_view path) {
    constexpr std::string_view kPrefix = "request_";
    if (path.size() <= kPrefix.size() || !path.starts_with(kPrefix)) return false;
    const std::string_view name = path.substr(kPrefix.size());
    return name[0] >= 'A' && name[0] <= 'Z' && name != "User-Agent" && name != "Referer";
  }

  bool ReadValue(od::value& value, const Known& known, size_t length, int depth) {
    od::json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS) return false;
    if (type == od::json_type::object) {
      if (depth == kMaxDepth || !known.has_members) return true;
      od::object object;
      return value.get_object().get(object) == simdjson::SUCCESS &&
             ReadObject(object, length, depth + 1);
    }
    const JsonKey* const key = known.key;
    if (key == nullptr) return true;
    if (type == od::json_type::array) {
      return IsHopHeader(key->field) ? ReadLast(value, *key) : ReadFirst(value, *key);
    }
    values_.Set(*key, TextOf(value.raw_json_token(), type));
    if (key->dialect != JsonDialect::kOther) dialect_ = key->dialect;
    return true;
  }

  // Caddy writes each header as a list.
  bool ReadFirst(od::value& value, const JsonKey& key) {
    od::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) return false;
    for (auto item : array) {
      od::value first;
      od::json_type type{};
      if (item.get(first) != simdjson::SUCCESS) return false;
      if (first.type().get(type) != simdjson::SUCCESS) return false;
      if (type != od::json_type::array && type != od::json_type::object) {
        values_.Set(key, TextOf(first.raw_json_token(), type));
      }
      break;
    }
    return true;
  }

  // Of a header that came more than once, the proxy nearest to the server wrote the last.
  bool ReadLast(od::value& value, const JsonKey& key) {
    od::array array;
    if (value.get_array().get(array) != simdjson::SUCCESS) return false;
    std::string_view last;
    for (auto item : array) {
      od::value one;
      od::json_type type{};
      if (item.get(one) != simdjson::SUCCESS) return false;
      if (one.type().get(type) != simdjson::SUCCESS) return false;
      const bool plain = type != od::json_type::array && type != od::json_type::object;
      last = plain ? TextOf(one.raw_json_token(), type) : std::string_view("{}");
    }
    values_.Set(key, last);
    return true;
  }

  std::string_view TextOf(std::string_view token, od::json_type type) {
    if (type == od::json_type::null || type == od::json_type::boolean) return {};
    token = Trimmed(token);
    std::string_view text =
        original_.substr(static_cast<size_t>(token.data() - copy_), token.size());
    if (type != od::json_type::string || text.size() < 2) return text;
    text = text.substr(1);
    // The token reaches to the next structural character, so the quote is its last byte, or a byte
    // of garbage is.
    const size_t quote = text.rfind('"');
    return UnescapeJson(text.substr(0, quote), texts_);
  }

  const JsonKeys& keys_;
  JsonScratch& scratch_;
  TextArena& texts_;
  size_t next_ = 0;  // number of the next key
  const char* copy_ = nullptr;
  std::string_view original_;
  std::array<char, kMaxPath> path_{};
  Values values_;
  JsonDialect dialect_ = JsonDialect::kOther;
  bool has_more_ = false;
};

Field DurationField(Field field, std::string_view text, JsonDialect dialect) {
  // A text with a unit needs no guess.
  if (field != Field::kDurationText || !IsDigit(text.back())) return field;
  if (dialect == JsonDialect::kTraefik) return Field::kDurationNs;
  if (dialect == JsonDialect::kEnvoy) return Field::kDurationMs;
  return field;
}

// The client field, or the best header where the line tells no more; nothing if it tells neither.
std::optional<Field> ClientGroup(const Values& values) {
  for (const Field group : {Field::kClient, Field::kXForwardedFor, Field::kForwarded,
                            Field::kCfConnectingIp, Field::kXRealIp}) {
    if (values.Has(group)) return group;
  }
  return std::nullopt;
}

// False if the client is no client.
bool StoreAll(const Values& values, JsonDialect dialect, ParseState& state, Record& record) {
  const auto store = [&](Field field, std::string_view text) {
    StoreField(field, text, nullptr, state, record);
  };
  bool client_is_good = true;
  values.With(*ClientGroup(values), [&](Field field, std::string_view text) {
    // The key says whose name it is, port or not.
    if (field == Field::kClientPort && text.find(':') == std::string_view::npos) {
      field = Field::kClient;
    }
    if (IsHopHeader(field)) field = Field::kForwardedFor;
    client_is_good = StoreField(field, text, nullptr, state, record);
  });
  for (const Field field : {Field::kUser, Field::kTimeAny, Field::kRequest, Field::kStatus,
                            Field::kBytes, Field::kReferer, Field::kUserAgent, Field::kHostPort,
                            Field::kXForwardedFor, Field::kForwarded, Field::kCfConnectingIp,
                            Field::kXRealIp}) {
    values.With(field, store);
  }
  values.With(Field::kDurationS, [&](Field field, std::string_view text) {
    store(DurationField(field, text, dialect), text);
  });
  // A whole request line says it all; a "request" that is only a path says less than the others.
  if (record.method_text.empty()) {
    for (const Field field : {Field::kMethod, Field::kUrl, Field::kProtocol}) {
      values.With(field, store);
    }
    if (record.query.empty()) values.With(Field::kQuery, store);
  }
  return client_is_good;
}

void TraceAll(const Values& values, ParseTrace& trace) {
  for (size_t i = 0; i < kFieldCount; ++i) {
    values.With(static_cast<Field>(i), [&](Field field, std::string_view text) {
      trace.parts.push_back({field, text});
    });
  }
}

}  // namespace

Result<FormatPtr> JsonFormat::Compile(std::string_view mapping) {
  auto keys = JsonKeys::Create(mapping);
  if (!keys) return keys.error();
  return FormatPtr(new JsonFormat(std::move(*keys)));
}

ParseOutcome JsonFormat::Parse(std::string_view line, ParseState& state, Record& record,
                               ParseTrace* trace) const {
  record = Record{};
  record.line = line;
  if (line.empty()) return ParseOutcome::kEmpty;
  const auto stopped = [&](std::string_view rest, const char* expected) {
    if (trace != nullptr) trace->Stop(rest, expected);
  };
  if (line.front() != '{') {
    stopped(line, "'{'");
    return ParseOutcome::kNoStatus;
  }
  if (!state.json) state.json.reset(new JsonScratch);
  std::optional<Reader> reader(std::in_place, keys_, *state.json, state.texts);
  bool whole = reader->Read(line);
  bool more = reader->has_more();
  if (!whole) {
    reader.emplace(keys_, *state.json, state.texts);
    const MendedJson mended = MendJson(line, state.texts);
    whole = reader->Read(mended.text) && mended.end != MendedJson::End::kCut;
    more = mended.end == MendedJson::End::kMore;
  }
  const Values& values = reader->values();
  if (trace != nullptr) TraceAll(values, *trace);
  if (!values.Has(Field::kStatus) || !ClientGroup(values)) {
    if (whole) {
      stopped(line, "a key for the client and one for the status");
    } else {
      stopped(line.substr(line.size()), "the rest of an object, with client and status");
    }
    return ParseOutcome::kNoStatus;
  }
  if (!StoreAll(values, reader->dialect(), state, record)) {
    stopped(line, "an address or a host name as client");
    ForgetClient(record);
    record.unnamed = whole && !more && IsRequestOfNobody(record);
    return ParseOutcome::kBadClient;
  }
  if (!whole) stopped(line.substr(line.size()), "the end of the object");
  if (!whole) return ParseOutcome::kIncomplete;
  return more ? ParseOutcome::kExtra : ParseOutcome::kComplete;
}

}  // namespace accesslog
