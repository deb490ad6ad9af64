#include "detect/request_classifier.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "base/text.h"
#include "base/text_hash.h"
#include "detect/path_shape.h"

namespace accesslog {
namespace {

// Powers of two. A site has some thousand pages in use; who asks for more pays for the look at each.
constexpr size_t kTargets = 4096;
constexpr size_t kAgents = 1024;

// The same in each process: who is a member today is kept over a restart.
constexpr uint64_t kUsers = 0x7C3A5E1D;

// "http://host:80/path" as "/path"; most targets begin with it.
std::string_view WithoutHost(std::string_view path) {
  if (path.starts_with('/')) [[likely]] return path;
  const size_t scheme = path.find("://");
  if (scheme == std::string_view::npos) return path;
  const size_t slash = path.find('/', scheme + 3);
  return slash == std::string_view::npos ? "/" : path.substr(slash);
}

bool IsMalformed(const Record& record) {
  if (record.status == 400) return true;
  // A connection on which nothing was asked is told as "-".
  return record.method_text.empty() && !record.request.empty();
}

// The host of a referer, as in "https://host:8080/page".
std::string_view HostOfUrl(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  return url.substr(0, url.rfind(':'));
}

// Whether the request line names a host that this site does not seem to be. Balancers log every target
// so; a page's own links name it, too.
bool AsksForForeignHost(const Record& record) {
  if (record.method_text == "CONNECT") return true;
  const std::string_view host = TargetHost(record.method_text, record.path);
  if (host.empty() || record.status < 400 || record.status >= 500) return false;
  const std::string wanted = ToLower(host);
  const std::string own = ToLower(record.host.substr(0, record.host.rfind(':')));
  return wanted != own && wanted != ToLower(HostOfUrl(record.referer));
}

uint32_t Saturated(uint64_t number) {
  return static_cast<uint32_t>(std::min<uint64_t>(number, std::numeric_limits<uint32_t>::max()));
}

bool HasBody(const Record& record) {
  return (record.status == 200 || record.status == 206) && record.method_text != "HEAD" &&
         record.bytes.value_or(1) > 0;
}

}  // namespace

RequestClassifier::RequestClassifier(const DetectOptions& options,
                                     std::shared_ptr<const AttackSignatures> signatures,
                                     uint64_t secret)
    : signatures_(std::move(signatures)),
      login_(options.login),
      ignored_(options.ignore_paths),
      protected_(options.protected_paths),
      ignored_methods_(options.ignore_methods),
      secret_(MixWords(secret, 0xD6E8FEB86659FD93U) ^ secret),
      targets_(kTargets),
      agents_(kAgents) {
  judges_all_logins_ = options.login.answers_given() || !options.login.methods.empty();
  looks_at_referers_ =
      std::any_of(options.signatures.begin(), options.signatures.end(), [](const auto& rule) {
        return rule.where == "referer" || rule.where == "any";
      });
}

RequestFacts RequestClassifier::Classify(const Record& record) {
  const bool connects = record.method_text == "CONNECT";
  const uint64_t path_hash = HashText(record.path, connects ? secret_ + 1 : secret_);
  const Target& target = TargetOf(record, path_hash);
  RequestFacts facts;
  facts.line = record.line;
  facts.user_agent = record.user_agent;
  facts.time = record.time;
  facts.path_hash = path_hash;
  facts.path = WithoutHost(record.path);
  facts.user_hash =
      record.user.empty() ? 0 : std::max(1U, static_cast<uint32_t>(HashText(record.user, kUsers)));
  facts.bytes = Saturated(record.bytes.value_or(0));
  facts.has_bytes = record.bytes.has_value();
  facts.status = record.status;
  facts.ignored = target.ignored || IsMethodIgnored(record.method_text);
  facts.is_static = target.is_static;
  facts.is_root = target.is_root;
  facts.is_protected = target.is_protected;
  const LoginKind login = KindOf(record, facts.path);
  facts.is_form = login == LoginKind::kForm;
  facts.is_probe = !target.is_static && !record.path.empty() && !IsWebDav(record.method_text);
  // Nobody else asks for it, and it costs more than all the rest.
  if (facts.is_probe && record.status >= 400) facts.shape_hash = ShapeOf(facts.path, secret_);
  facts.malformed = IsMalformed(record);
  facts.login = login_.Judge(login, record.method_text, record.status, !record.user.empty());
  AttackMatch match = MatchHeaders(record);
  const bool by_agent = match.Any();
  match |= target.match;
  if (target.names_host && AsksForForeignHost(record)) match |= kForeignHostMatch;
  // An administrator's own pages are no attack on them.
  if (record.status < 400) match.families &= ~AttackFamilyBit(AttackFamily::kAdminInterface);
  facts.families = match.families;
  facts.exploit = match.exploit && match.Any();
  facts.leaks = match.leaks;
  facts.leaks_by_query = match.leaks_by_query;
  facts.has_body = HasBody(record);
  // A scanner that changes what it says of itself with each request asks for something else each time.
  facts.target_hash = by_agent ? HashText(record.user_agent, target.hash) : target.hash;
  return facts;
}

// Of what may be an attempt: most requests are not, and need no look at their paths.
LoginKind RequestClassifier::KindOf(const Record& record, std::string_view path) const {
  const bool sends = record.method_text == "POST" || record.method_text == "PUT";
  if (!sends && record.status != 401 && !judges_all_logins_) return LoginKind::kNone;
  return login_.KindOf(path, record.query);
}

const RequestClassifier::Target& RequestClassifier::TargetOf(const Record& record,
                                                                 uint64_t path_hash) {
  const uint64_t hash =
      std::max<uint64_t>(1, record.query.empty() ? path_hash : HashText(record.query, path_hash));
  Target& target = targets_[hash % kTargets];
  if (target.hash != hash) target = LookAt(record, hash);
  return target;
}

RequestClassifier::Target RequestClassifier::LookAt(const Record& record, uint64_t hash) const {
  const std::string_view path = WithoutHost(record.path);
  Target target;
  target.hash = hash;
  target.match = signatures_->MatchTarget(record.method_text, path, record.query);
  target.ignored = ignored_.Hold(path);
  target.is_static = IsStaticPath(path);
  target.is_root = path == "/" || path.empty();
  target.is_protected = protected_.Hold(path);
  target.names_host = !record.path.starts_with('/') && !record.path.empty();
  return target;
}

AttackMatch RequestClassifier::MatchHeaders(const Record& record) {
  const uint64_t hash = std::max<uint64_t>(1, HashText(record.user_agent, secret_));
  Agent& agent = agents_[hash % kAgents];
  if (agent.hash != hash) agent = {hash, signatures_->MatchHeaders(record.user_agent, "")};
  AttackMatch match = agent.match;
  // All that anybody hides in a referer begins so, plain or encoded.
  const std::string_view referer = record.referer;
  if (looks_at_referers_ || referer.find('$') != std::string_view::npos ||
      referer.find("%24") != std::string_view::npos) {
    match |= signatures_->MatchHeaders("", referer);
  }
  return match;
}

bool RequestClassifier::IsMethodIgnored(std::string_view method) const {
  return std::find(ignored_methods_.begin(), ignored_methods_.end(), method) !=
         ignored_methods_.end();
}

std::shared_ptr<const AttackSignatures> SignaturesOf(const DetectOptions& options) {
  // Most sites have no rules of their own, and share the tables.
  static const auto kBuiltIn = *AttackSignatures::Create();
  if (options.signatures.empty() && options.signatures_off.empty()) return kBuiltIn;
  return *AttackSignatures::Create(options.signatures, options.signatures_off);
}

}  // namespace accesslog
