#include "parse/json_format.h"

#include <simdjson.h>

#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "base/text.h"
#include "parse/field_store.h"
#include "parse/fields.h"
#include "parse/parse_state.h"
#include "parse/text_arena.h"

namespace accesslog {

namespace od = simdjson::ondemand;

struct JsonScratch {
  od::parser parser;
  std::string padded;  // the line, and the bytes that simdjson may read behind it
};

void DeleteJsonScratch::operator()(JsonScratch* scratch) const { delete scratch; }

namespace {

constexpr int kMaxDepth = 5;
constexpr size_t kMaxPath = 96;
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

// Whose line it is decides the unit of "duration".
enum class Dialect : uint8_t { kOther, kTraefik, kEnvoy };

std::string_view Trimmed(std::string_view token) {
  const size_t end = token.find_last_not_of(" \t\r\n");
  return token.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

class Reader {
 public:
  Reader(const JsonKeys& keys, TextArena& texts) : keys_(keys), texts_(texts) {}

  // False if the text is no JSON object to its end; what came before the fault has been read.
  bool Read(JsonScratch& scratch, std::string_view text) {
    scratch.padded.assign(text);
    scratch.padded.resize(text.size() + simdjson::SIMDJSON_PADDING);
    copy_ = scratch.padded.data();
    original_ = text;
    od::document document;
    od::object object;
    const auto error =
        scratch.parser.iterate(scratch.padded.data(), text.size(), scratch.padded.size())
            .get(document);
    if (error != simdjson::SUCCESS) return false;
    if (document.get_object().get(object) != simdjson::SUCCESS) return false;
    if (!ReadObject(object, 0, 0)) return false;
    has_more_ = document.current_location().error() == simdjson::SUCCESS;
    return true;
  }

  const Values& values() const { return values_; }
  Dialect dialect() const { return dialect_; }
  bool has_more() const { return has_more_; }  // behind the object

 private:
  bool ReadObject(od::object& object, size_t prefix, int depth) {
    for (auto member : object) {
      std::string_view key;
      od::value value;
      if (member.unescaped_key().get(key) != simdjson::SUCCESS) return false;
      if (member.value().get(value) != simdjson::SUCCESS) return false;
      const size_t length = IsHeaderOfTraefik(key, depth) ? 0 : AppendToPath(prefix, key);
      if (!ReadValue(value, length, depth)) return false;
    }
    return true;
  }

  // Traefik writes the client's headers beside its own keys, as request_Any-Name: they must not pass
  // for request_method or request_time.
  static bool IsHeaderOfTraefik(std::string_view key, int depth) {
    constexpr std::string_view kPrefix = "request_";
    if (depth > 0 || key.size() <= kPrefix.size() || !key.starts_with(kPrefix)) return false;
    const std::string_view name = key.substr(kPrefix.size());
    return name[0] >= 'A' && name[0] <= 'Z' && name != "User-Agent" && name != "Referer";
  }

  // Returns the length of the path with `key`; 0 if it is too long to be one of ours.
  size_t AppendToPath(size_t prefix, std::string_view key) {
    size_t at = prefix;
    if (key.size() + prefix + 1 > kMaxPath) return 0;
    if (prefix > 0) path_[at++] = '.';
    for (char c : key) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
      path_[at++] = c == '-' ? '_' : c;
    }
    return at;
  }

  bool ReadValue(od::value& value, size_t length, int depth) {
    od::json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS) return false;
    const std::string_view path(path_.data(), length);
    if (type == od::json_type::object) {
      if (length == 0 || depth == kMaxDepth || !keys_.HasMembers(path)) return true;
      od::object object;
      return value.get_object().get(object) == simdjson::SUCCESS &&
             ReadObject(object, length, depth + 1);
    }
    const JsonKey* key = length == 0 ? nullptr : keys_.Find(path);
    if (key == nullptr) return true;
    if (type == od::json_type::array) return ReadFirst(value, *key);
    values_.Set(*key, TextOf(value.raw_json_token(), type));
    NoteDialect(*key);
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

  std::string_view TextOf(std::string_view token, od::json_type type) {
    if (type == od::json_type::null || type == od::json_type::boolean) return {};
    token = Trimmed(token);
    std::string_view text = original_.substr(static_cast<size_t>(token.data() - copy_), token.size());
    if (type != od::json_type::string || text.size() < 2) return text;
    text = text.substr(1);
    // The token reaches to the next structural character, so the quote is its last byte, or a byte of
    // garbage is.
    const size_t quote = text.rfind('"');
    return UnescapeJson(text.substr(0, quote), texts_);
  }

  void NoteDialect(const JsonKey& key) {
    if (key.path == "downstreamstatus" || key.path == "clienthost") dialect_ = Dialect::kTraefik;
    if (key.path == "response_code" || key.path == "downstream_remote_address") {
      dialect_ = Dialect::kEnvoy;
    }
  }

  const JsonKeys& keys_;
  TextArena& texts_;
  const char* copy_ = nullptr;
  std::string_view original_;
  std::array<char, kMaxPath> path_{};
  Values values_;
  Dialect dialect_ = Dialect::kOther;
  bool has_more_ = false;
};

Field DurationField(Field field, std::string_view text, Dialect dialect) {
  // A text with a unit needs no guess.
  if (field != Field::kDurationText || !IsDigit(text.back())) return field;
  if (dialect == Dialect::kTraefik) return Field::kDurationNs;
  if (dialect == Dialect::kEnvoy) return Field::kDurationMs;
  return field;
}

// False if the client is no client.
bool StoreAll(const Values& values, Dialect dialect, ParseState& state, Record& record) {
  const auto store = [&](Field field, std::string_view text) {
    StoreField(field, text, nullptr, state, record);
  };
  bool client_is_good = true;
  values.With(Field::kClient, [&](Field field, std::string_view text) {
    // The key says whose name it is, port or not.
    if (field == Field::kClientPort && text.find(':') == std::string_view::npos) {
      field = Field::kClient;
    }
    client_is_good = StoreField(field, text, nullptr, state, record);
  });
  for (const Field field :
       {Field::kUser, Field::kTimeAny, Field::kRequest, Field::kStatus, Field::kBytes,
        Field::kReferer, Field::kUserAgent, Field::kHostPort}) {
    values.With(field, store);
  }
  values.With(Field::kDurationS, [&](Field field, std::string_view text) {
    store(DurationField(field, text, dialect), text);
  });
  // A whole request line says it all; a "request" that is only a path says less than the others.
  if (record.method_text.empty()) {
    for (const Field field : {Field::kMethod, Field::kUrl, Field::kQuery, Field::kProtocol}) {
      values.With(field, store);
    }
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

// U+FFFD. Not '?', which begins a query.
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Writes into memory that is large enough; see kMostGrowth.
class Mender {
 public:
  Mender(std::string_view text, char* out) : text_(text), out_(out) {}

  MendedJson::End Run() {
    while (at_ < text_.size() && !ended_) in_string_ ? MendInString() : MendOutside();
    if (!ended_) CutBack();
    if (!ended_) return MendedJson::End::kCut;
    const bool more = text_.find_first_not_of(" \t\r\n", at_) != std::string_view::npos;
    return more ? MendedJson::End::kMore : MendedJson::End::kWhole;
  }

  const char* out() const { return out_; }

  static constexpr size_t kMostClosers = 64;

 private:
  // In front of the last member, and closes what is open there.
  void CutBack() {
    if (comma_ == nullptr || depth_at_comma_ > kMostClosers) return;
    out_ = comma_;
    for (size_t depth = depth_at_comma_; depth > 0; --depth) *out_++ = closers_[depth - 1];
  }

  void NoteStructure(char c) {
    if (c == '{' || c == '[') {
      if (depth_ < kMostClosers) closers_[depth_] = c == '{' ? '}' : ']';
      ++depth_;
    } else if ((c == '}' || c == ']') && depth_ > 0) {
      ended_ = --depth_ == 0;
    } else if (c == ',') {
      comma_ = out_;
      depth_at_comma_ = depth_;
    }
  }

  void Write(std::string_view text) {
    std::memcpy(out_, text.data(), text.size());
    out_ += text.size();
  }

  void MendOutside() {
    const char c = text_[at_];
    if (c == ':') {
      *out_++ = text_[at_++];
      MendValue();
      return;
    }
    in_string_ = c == '"';
    NoteStructure(c);
    *out_++ = text_[at_++];
  }

  // Nothing, or a "-" alone, where a value should stand.
  void MendValue() {
    size_t end = at_;
    while (end < text_.size() && (text_[end] == ' ' || text_[end] == '-')) ++end;
    if (end == text_.size() || (text_[end] != ',' && text_[end] != '}')) return;
    Write("null");
    at_ = end;
  }

  void MendInString() {
    const char c = text_[at_];
    if (c == '\\') return MendEscape();
    if (c == '"') in_string_ = false;
    const size_t valid = static_cast<uint8_t>(c) < 0x80
                             ? 1
                             : ValidUtf8Prefix(text_.substr(at_, 4));
    if (valid == 0 || static_cast<uint8_t>(c) < 0x20) {
      ++at_;
      Write(kReplacement);
      return;
    }
    const size_t length = static_cast<uint8_t>(c) < 0x80 ? 1 : CharLength(c);
    Write(text_.substr(at_, length));
    at_ += length;
  }

  static size_t CharLength(char lead) {
    const auto byte = static_cast<uint8_t>(lead);
    return byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
  }

  void MendEscape() {
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    const bool known = next != '\0' && std::string_view("\"\\/bfnrtu").find(next) !=
                                           std::string_view::npos;
    if (!known) {
      Write("\\\\");
      ++at_;
      return;
    }
    Write(text_.substr(at_, 2));
    at_ += 2;
  }

  std::string_view text_;
  char* out_;
  size_t at_ = 0;
  bool in_string_ = false;
  bool ended_ = false;  // with the object
  size_t depth_ = 0;
  std::array<char, kMostClosers> closers_{};  // of what is open
  char* comma_ = nullptr;                     // the last one outside of strings, as written
  size_t depth_at_comma_ = 0;
};

// ":," becomes ":null,", and a byte U+FFFD.
constexpr size_t kMostGrowth = 3;

}  // namespace

MendedJson MendJson(std::string_view line, TextArena& arena) {
  const size_t most = line.size() * kMostGrowth + Mender::kMostClosers;
  char* const begin = arena.Take(most);
  Mender mender(line, begin);
  const MendedJson::End end = mender.Run();
  const auto size = static_cast<size_t>(mender.out() - begin);
  arena.Return(most - size);
  return {{begin, size}, end};
}

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
  std::optional<Reader> reader(std::in_place, keys_, state.texts);
  bool whole = reader->Read(*state.json, line);
  bool more = reader->has_more();
  if (!whole) {
    reader.emplace(keys_, state.texts);
    const MendedJson mended = MendJson(line, state.texts);
    whole = reader->Read(*state.json, mended.text) && mended.end != MendedJson::End::kCut;
    more = mended.end == MendedJson::End::kMore;
  }
  const Values& values = reader->values();
  if (trace != nullptr) TraceAll(values, *trace);
  if (!values.Has(Field::kStatus) || !values.Has(Field::kClient)) {
    stopped(line, whole ? "the key of a client and that of a status" : "an object to its end");
    return ParseOutcome::kNoStatus;
  }
  if (!StoreAll(values, reader->dialect(), state, record)) {
    stopped(line, "an address or a host name as client");
    return ParseOutcome::kBadClient;
  }
  if (!whole) stopped(line, "an object to its end");
  if (!whole) return ParseOutcome::kIncomplete;
  return more ? ParseOutcome::kExtra : ParseOutcome::kComplete;
}

}  // namespace accesslog
