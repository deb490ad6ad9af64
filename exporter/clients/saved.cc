#include "clients/saved.h"

#include <algorithm>

#include "base/text.h"

namespace accesslog {
namespace {

constexpr uint64_t kIpv4 = 0;
constexpr uint64_t kIpv6 = 1;
constexpr uint64_t kHostName = 2;
constexpr uint64_t kHashedClient = 3;
constexpr uint64_t kIpv4Mapped = 0xFFFF00000000U;

std::string_view PrivacyName(Privacy privacy) {
  switch (privacy) {
    case Privacy::kFull:
      return "full";
    case Privacy::kMasked:
      return "masked";
    case Privacy::kOff:
      return "off";
    case Privacy::kHashed:
      return "hashed";
  }
  return "";
}

// A hashed key tells the client's network, so it is another where the networks are.
std::string RuleName(const ClientOptions& options) {
  std::string name(PrivacyName(options.privacy));
  if (options.privacy != Privacy::kHashed) return name;
  for (const IpPrefix& prefix : options.internal) name += " " + prefix.ToString();
  return name;
}

bool IsIpv4(const ClientKey& key) { return key.high == 0 && key.low >> 32U == 0xFFFFU; }

Client LoadIpv6(ByteReader& reader) {
  Client client;
  client.key.high = reader.Number();
  client.key.low = reader.Number();
  if (IsIpv4(client.key)) reader.Fail();
  return client;
}

Client LoadHashed(ByteReader& reader) {
  Client client;
  client.key.high = reader.Number();
  client.key.low = reader.Number();
  client.key.hashed = true;
  return client;
}

Client LoadHostName(ByteReader& reader) {
  Client client;
  client.host_name = reader.Text();
  const bool named = IsNameOfClient(client.host_name) && IsValidUtf8(client.host_name);
  if (!named) reader.Fail();
  client.key = KeyOfHostName(client.host_name);
  return client;
}

}  // namespace

Time LoadTime(ByteReader& reader) {
  const Time time = reader.Moment();
  if (IsInRange(time)) return time;
  reader.Fail();
  return {};
}

void SaveNear(ByteWriter& writer, Time time, Time base) { writer.Signed((base - time).count()); }

Time LoadNear(ByteReader& reader, Time base) {
  const Duration distance{reader.Signed()};
  if (distance >= -2 * kFarthest && distance <= 2 * kFarthest && IsInRange(base - distance)) {
    return base - distance;
  }
  reader.Fail();
  return {};
}

void SaveKeyRule(ByteWriter& writer, const ClientOptions& options) {
  writer.Text(RuleName(options));
  writer.Signed(options.ipv4_prefix);
  writer.Signed(options.ipv6_prefix);
}

bool LoadKeyRule(ByteReader& reader, const ClientOptions& options) {
  const std::string_view rule = reader.Text();
  const int64_t ipv4_prefix = reader.Signed();
  const int64_t ipv6_prefix = reader.Signed();
  return rule == RuleName(options) && ipv4_prefix == options.ipv4_prefix &&
         ipv6_prefix == options.ipv6_prefix;
}

ClientOptions LoadOptionsOfRule(ByteReader& reader) {
  ClientOptions options = Unbounded({});
  std::string_view rule = reader.Text();
  const std::string_view name = rule.substr(0, rule.find(' '));
  bool known = false;
  for (const Privacy privacy :
       {Privacy::kFull, Privacy::kMasked, Privacy::kOff, Privacy::kHashed}) {
    if (PrivacyName(privacy) != name) continue;
    options.privacy = privacy;
    known = true;
  }
  rule.remove_prefix(name.size());
  while (known && !rule.empty()) {
    rule.remove_prefix(1);
    const auto prefix = IpPrefix::Parse(rule.substr(0, rule.find(' ')));
    known = prefix.has_value();
    if (prefix) options.internal.push_back(*prefix);
    rule.remove_prefix(std::min(rule.find(' '), rule.size()));
  }
  const int64_t ipv4_prefix = reader.Signed();
  const int64_t ipv6_prefix = reader.Signed();
  if (!known || ipv4_prefix < 1 || ipv4_prefix > 32 || ipv6_prefix < 1 || ipv6_prefix > 128) {
    reader.Fail();
    return options;
  }
  options.ipv4_prefix = static_cast<int>(ipv4_prefix);
  options.ipv6_prefix = static_cast<int>(ipv6_prefix);
  return options;
}

void SaveClient(ByteWriter& writer, const ClientKey& key, std::string_view host_name) {
  if (key.hashed) {
    writer.Number(kHashedClient);
    writer.Number(key.high);
    writer.Number(key.low);
  } else if (key.named) {
    writer.Number(kHostName);
    writer.Text(host_name);
  } else if (IsIpv4(key)) {
    writer.Number(kIpv4);
    writer.Number(key.low & 0xFFFFFFFFU);
  } else {
    writer.Number(kIpv6);
    writer.Number(key.high);
    writer.Number(key.low);
  }
}

Client LoadClient(ByteReader& reader) {
  switch (reader.NumberUpTo(kHashedClient)) {
    case kHashedClient:
      return LoadHashed(reader);
    case kHostName:
      return LoadHostName(reader);
    case kIpv6:
      return LoadIpv6(reader);
    default:
      return {{0, kIpv4Mapped | reader.NumberUpTo(0xFFFFFFFFU), false}, "", false};
  }
}

void AddChecked(ByteReader& reader, uint64_t count, uint64_t& sum) {
  if (count > kMostCounted - sum) {
    reader.Fail();
  } else {
    sum += count;
  }
}

}  // namespace accesslog
