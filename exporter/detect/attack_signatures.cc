#include "detect/attack_signatures.h"

#include <re2/re2.h>

#include <algorithm>
#include <bitset>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/text.h"
#include "detect/attack_patterns.h"
#include "detect/attack_text.h"
#include "detect/literal_automaton.h"

namespace accesslog {
namespace {

// Longer texts are read in pieces of kAttackPiece, each a little into the one before. Apache and
// nginx refuse request lines over 8 KiB, IIS over 16; of what is longer still, the end is read too.
constexpr size_t kPieces = 4;
constexpr size_t kOverlap = 256;
constexpr size_t kEnd = 1024;

constexpr size_t kMaxRules = 2048;
constexpr int64_t kPatternMemory = 1 << 20;  // of RE2, per pattern

// Literals after which a text must be decoded first, because it is written in an odd way.
constexpr std::array<std::string_view, 4> kOdd = {"//", "/./", "/*", "  "};

// Rules that are code; in this order behind all others.
constexpr std::array<std::pair<std::string_view, AttackFamily>, 2> kSpecial = {
    {{"connect", AttackFamily::kSsrf}, {"log4shell", AttackFamily::kLog4Shell}}};

bool IsLetter(char c) { return IsAlpha(c); }
bool IsWordChar(char c) { return IsAlpha(c) || IsDigit(c); }
// What a file name may go on with.
bool IsNameChar(char c) {
  return IsWordChar(c) || c == '_' || c == '-' || c == '.' || c == '~' || c == '@' || c == '%' ||
         static_cast<uint8_t>(c) >= 0x80;
}

struct Rule {
  std::string name;
  uint16_t family = 0;
  uint8_t places = 0;
  Fit fit = Fit::kAnywhere;
  uint8_t flags = 0;
  std::unique_ptr<const RE2> pattern;
  std::unique_ptr<const RE2> query;
};

struct LiteralUse {
  uint32_t rule = 0;
  uint32_t length = 0;
};

// One decoded text and what was found in it so far.
struct Search {
  std::string_view text;
  uint8_t place = 0;
  uint8_t lacking = 0;          // flags of rules that ask for what decoding did not meet
  std::bitset<kMaxRules> done;  // rules that matched, or whose pattern said no
};

uint8_t LackingIn(const DecodedText& decoded) {
  return static_cast<uint8_t>((decoded.hidden_dots ? 0 : kHiddenDots) |
                              (decoded.twice_hidden_dots ? 0 : kTwiceHiddenDots) |
                              (decoded.hidden_breaks ? 0 : kHiddenBreaks));
}

bool Matches(std::string_view text, const RE2& pattern) {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

// Few requests come so far that their query is asked for: those whose path matches already.
bool QueryFits(const Rule& rule, std::string_view query) {
  if (!rule.query) return true;
  AttackText decoder;
  return Matches(decoder.Decode(query, AttackPart::kQuery).text, *rule.query);
}

// The argument that begins there holds what somebody typed into a search field.
bool IsSearched(std::string_view text, size_t argument) {
  static constexpr std::array<std::string_view, 10> kNames = {
      "q", "s", "query", "search", "keyword", "keywords", "term", "wd", "searchterm", "text"};
  const std::string_view begin = text.substr(argument, 16);
  const size_t name = begin.find('=');
  return name != std::string_view::npos &&
         std::find(kNames.begin(), kNames.end(), begin.substr(0, name)) != kNames.end();
}

// Under WebDAV and in the views of git forges lie people's own files, ".gitignore" and all. Who
// climbs out of there is not one of them.
bool IsInTree(std::string_view path) {
  static constexpr std::array<std::string_view, 12> kTrees = {
      "/remote.php/", "/dav/files/",  "/webdav/",     "/-/blob/",  "/-/raw/",      "/-/tree/",
      "/-/blame/",    "/src/branch/", "/src/commit/", "/src/tag/", "/raw/branch/", "/raw/commit/"};
  if (path.find("/../") != std::string_view::npos) return false;
  return std::any_of(kTrees.begin(), kTrees.end(), [&](std::string_view tree) {
    return path.find(tree) != std::string_view::npos;
  });
}

// Where a literal stands. What lies before it is known from reading on, or a text full of literals
// would be searched again and again.
struct Hit {
  size_t begin = 0;
  size_t end = 0;
  size_t last_slash = std::string_view::npos;  // before `end`
  size_t argument = 0;                         // begin of the argument of a query
};

bool Fits(Fit fit, std::string_view text, const Hit& hit) {
  const auto [begin, end, last_slash, argument] = hit;
  const bool at_end = end == text.size();
  switch (fit) {
    case Fit::kAnywhere:
      return true;
    case Fit::kNotSearched:
      return !IsSearched(text, argument);
    case Fit::kName:
      return at_end || !IsLetter(text[end]);
    case Fit::kSegment:
      return at_end || !IsNameChar(text[end]);
    case Fit::kWord:
      return (at_end || !IsWordChar(text[end])) && (begin == 0 || !IsWordChar(text[begin - 1]));
    case Fit::kStart:
      return begin == 0;
    case Fit::kWhole:
      return begin == 0 && (at_end || text.substr(end) == "/");
    case Fit::kRootFile:
      return (at_end || !IsNameChar(text[end])) && last_slash == 0;
  }
  return false;
}

// Bytes that only decoding can read. '+' is one in queries, where it is a blank.
constexpr std::array<uint8_t, 256> MakeOddBytes() {
  std::array<uint8_t, 256> odd{};
  constexpr uint8_t kEverywhere = 0xFF;
  for (size_t i = 0; i < 32; ++i) odd[i] = kEverywhere;
  for (const size_t c : {size_t{'%'}, size_t{'\\'}, size_t{0xC0}, size_t{0xC1}, size_t{0xC2},
                         size_t{0xE0}, size_t{0xEF}}) {
    odd[c] = kEverywhere;
  }
  odd['+'] = kInQuery;
  return odd;
}

constexpr std::array<uint8_t, 256> kOddBytes = MakeOddBytes();

AttackPart PartOf(uint8_t place) {
  if (place == kInPath) return AttackPart::kPath;
  return place == kInQuery ? AttackPart::kQuery : AttackPart::kHeader;
}

std::vector<std::string_view> SplitLines(std::string_view lines) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t end = lines.find('\n');
    parts.push_back(lines.substr(0, end));
    if (end == std::string_view::npos) return parts;
    lines.remove_prefix(end + 1);
  }
}

// Behind "http://host"; the whole of any other path.
std::string_view WithoutHost(std::string_view path) {
  if (path.empty() || path.front() == '/') return path;
  const size_t colon = path.find("://");
  if (colon == std::string_view::npos || colon > 8) return path;
  const size_t slash = path.find('/', colon + 3);
  return slash == std::string_view::npos ? std::string_view{} : path.substr(slash);
}

std::optional<uint8_t> PlacesFrom(std::string_view where) {
  static constexpr std::array<std::pair<std::string_view, uint8_t>, 7> kNames = {
      {{"", kInTarget},
       {"path", kInPath},
       {"query", kInQuery},
       {"target", kInTarget},
       {"user_agent", kInUserAgent},
       {"referer", kInReferer},
       {"any", kInAny}}};
  for (const auto& [name, places] : kNames) {
    if (name == where) return places;
  }
  return std::nullopt;
}

std::optional<AttackFamily> FamilyFrom(std::string_view name) {
  if (name.empty()) return AttackFamily::kCustom;
  const auto* found = std::find(kAttackFamilyNames.begin(), kAttackFamilyNames.end(), name);
  if (found == kAttackFamilyNames.end()) return std::nullopt;
  return static_cast<AttackFamily>(found - kAttackFamilyNames.begin());
}

Result<std::unique_ptr<const RE2>> Compile(std::string_view pattern) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(false);
  options.set_encoding(RE2::Options::EncodingLatin1);  // bytes: a text need not be UTF-8
  options.set_never_capture(true);
  options.set_max_mem(kPatternMemory);
  auto compiled =
      std::make_unique<const RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (!compiled->ok()) return Error{"\"" + std::string(pattern) + "\": " + compiled->error()};
  return compiled;
}

}  // namespace

class AttackSignatures::Rules {
 public:
  Result<void> AddBuiltIn(const BuiltInSignature& signature);
  Result<void> AddOwn(const SignatureRule& own);
  Result<void> Finish(const std::set<std::string, std::less<>>& off);

  // Calls `found` with each rule that matches `text`.
  template <typename Found>
  void Look(std::string_view text, uint8_t place, const Found& found) const;
  template <typename Found>
  void LookAtTarget(std::string_view method, std::string_view path, std::string_view query,
                    const Found& found) const;
  template <typename Found>
  void LookAtHeaders(std::string_view user_agent, std::string_view referer,
                     const Found& found) const;

  size_t bytes() const { return automaton_.bytes() + rules_.size() * sizeof(Rule); }

 private:
  bool IsPlain(std::string_view text, uint8_t place) const;
  template <typename Found>
  void LookAtPiece(std::string_view raw, uint8_t place, const Found& found) const;
  template <typename Found>
  void Try(uint32_t number, Search& search, const Found& found) const;
  Result<void> Add(Rule rule, std::string_view pattern, std::span<const std::string> literals);

  std::vector<Rule> rules_;
  std::vector<std::string> literals_;
  std::vector<LiteralUse> uses_;           // by literal
  std::vector<uint32_t> without_literal_;  // rules of the user with a pattern only
  uint8_t without_literal_places_ = 0;
  uint32_t log4shell_ = 0;
  uint32_t connect_ = 0;
  LiteralAutomaton automaton_;
  std::vector<uint8_t> row_places_;  // where the literals of a row of the automaton matter
};

Result<void> AttackSignatures::Rules::Add(Rule rule, std::string_view pattern,
                                          std::span<const std::string> literals) {
  if (rules_.size() == kMaxRules) return Error{"there are too many signatures"};
  if (!pattern.empty()) {
    auto compiled = Compile(pattern);
    if (!compiled)
      return Error{"the pattern of signature \"" + rule.name +
                   "\" is wrong: " + compiled.error().message};
    rule.pattern = std::move(*compiled);
  }
  const auto number = static_cast<uint32_t>(rules_.size());
  for (const std::string& literal : literals) {
    literals_.push_back(literal);
    uses_.push_back({number, static_cast<uint32_t>(literal.size())});
  }
  if (literals.empty() && rule.pattern) {
    without_literal_.push_back(number);
    without_literal_places_ |= rule.places;
  }
  rules_.push_back(std::move(rule));
  return {};
}

Result<void> AttackSignatures::Rules::AddBuiltIn(const BuiltInSignature& signature) {
  Rule rule;
  rule.name = signature.name;
  rule.family = AttackFamilyBit(signature.family);
  rule.places = signature.places;
  rule.fit = signature.fit;
  rule.flags = signature.flags;
  std::vector<std::string> literals;
  for (const std::string_view literal : SplitLines(signature.literals)) {
    literals.emplace_back(literal);
  }
  if (!signature.query.empty()) {
    auto query = Compile(signature.query);
    if (!query) return query.error();
    rule.query = std::move(*query);
  }
  return Add(std::move(rule), signature.pattern, literals);
}

Result<void> AttackSignatures::Rules::AddOwn(const SignatureRule& own) {
  const std::string title = "signature \"" + own.name + "\"";
  if (own.name.empty()) return Error{"a signature has no name"};
  const auto places = PlacesFrom(own.where);
  if (!places) {
    return Error{title + ": where is \"" + own.where +
                 "\"; it is path, query, target, user_agent, referer or any"};
  }
  const auto family = FamilyFrom(own.family);
  if (!family) return Error{title + ": there is no attack family \"" + own.family + "\""};
  if (own.contains.empty() && own.pattern.empty()) {
    return Error{title + " says neither contains nor pattern"};
  }
  if (own.contains.size() > kMaxSignatureLength || own.pattern.size() > kMaxSignatureLength) {
    return Error{title + " is longer than " + std::to_string(kMaxSignatureLength) + " bytes"};
  }
  Rule rule;
  rule.name = own.name;
  rule.family = AttackFamilyBit(*family);
  rule.places = *places;
  rule.flags = static_cast<uint8_t>((own.leaks ? kLeaks : 0) | (own.exploit ? kExploit : 0));
  std::vector<std::string> literals;
  if (!own.contains.empty()) literals.push_back(FoldedLiteral(own.contains));
  return Add(std::move(rule), own.pattern, literals);
}

// The two rules that no literal alone can tell.
Result<void> AttackSignatures::Rules::Finish(const std::set<std::string, std::less<>>& off) {
  connect_ = static_cast<uint32_t>(rules_.size());
  log4shell_ = connect_ + 1;
  for (const auto& [name, family] : kSpecial) {
    Rule rule;
    rule.name = name;
    rule.family = off.contains(name) ? uint16_t{0} : AttackFamilyBit(family);
    rule.flags = kExploit;
    rules_.push_back(std::move(rule));
  }
  for (const std::string_view lookup : {"${", "jndi:"}) {
    literals_.emplace_back(lookup);
    uses_.push_back({log4shell_, 0});
  }
  for (const std::string_view odd : kOdd) literals_.emplace_back(odd);
  if (!automaton_.Build(literals_)) return Error{"the signatures are too long together"};
  literals_ = {};
  row_places_.resize(automaton_.rows());
  for (size_t row = 0; row < row_places_.size(); ++row) {
    for (const uint32_t literal : automaton_.Found(row)) {
      const bool special = literal >= uses_.size() || uses_[literal].rule == log4shell_;
      row_places_[row] |= special ? uint8_t{kInAny} : rules_[uses_[literal].rule].places;
    }
  }
  return {};
}

// Nothing to find, and nothing that hides something: most requests.
bool AttackSignatures::Rules::IsPlain(std::string_view text, uint8_t place) const {
  if ((without_literal_places_ & place) != 0) return false;
  LiteralAutomaton::State state = LiteralAutomaton::kStart;
  for (const char c : text) {
    if ((kOddBytes[static_cast<uint8_t>(c)] & place) != 0) return false;
    state = automaton_.NextFolded(state, c);
    if (automaton_.Finds(state) && (row_places_[automaton_.Row(state)] & place) != 0) return false;
  }
  return true;
}

template <typename Found>
void AttackSignatures::Rules::Try(uint32_t number, Search& search, const Found& found) const {
  const Rule& rule = rules_[number];
  search.done.set(number);
  if (!rule.pattern || Matches(search.text, *rule.pattern)) found(rule, search.place);
}

template <typename Found>
void AttackSignatures::Rules::LookAtPiece(std::string_view raw, uint8_t place,
                                          const Found& found) const {
  AttackText decoder;
  const DecodedText decoded = decoder.Decode(raw, PartOf(place));
  Search search{decoded.text, place, LackingIn(decoded), {}};
  bool has_lookup = false;
  std::optional<bool> in_tree;
  Hit hit;
  LiteralAutomaton::State state = LiteralAutomaton::kStart;
  for (size_t i = 0; i < decoded.text.size(); ++i) {
    const char c = decoded.text[i];
    if (c == '/') hit.last_slash = i;
    if (c == '&') hit.argument = i + 1;
    state = automaton_.Next(state, c);
    if (!automaton_.Finds(state)) continue;
    for (const uint32_t literal : automaton_.Found(automaton_.Row(state))) {
      if (literal >= uses_.size()) continue;  // of kOdd
      const auto [number, length] = uses_[literal];
      if (number == log4shell_) has_lookup = true;
      const Rule& rule = rules_[number];
      if ((rule.places & place) == 0 || search.done.test(number)) continue;
      if ((rule.flags & search.lacking) != 0) continue;
      if ((rule.flags & kNotInTrees) != 0) {
        if (!in_tree) in_tree = IsInTree(decoded.text);
        if (*in_tree) continue;
      }
      hit.begin = i + 1 - length;
      hit.end = i + 1;
      if (Fits(rule.fit, decoded.text, hit)) Try(number, search, found);
    }
  }
  for (const uint32_t number : without_literal_) {
    if ((rules_[number].places & place) != 0) Try(number, search, found);
  }
  if (has_lookup && rules_[log4shell_].family != 0 && decoder.ResolvesToJndi(decoded.text.size()))
    found(rules_[log4shell_], place);
}

template <typename Found>
void AttackSignatures::Rules::Look(std::string_view text, uint8_t place, const Found& found) const {
  if (text.size() <= kAttackPiece) {
    if (!IsPlain(text, place)) LookAtPiece(text, place, found);
    return;
  }
  constexpr size_t kStep = kAttackPiece - kOverlap;
  size_t at = 0;
  for (size_t i = 0; i < kPieces && at < text.size(); ++i, at += kStep) {
    LookAtPiece(text.substr(at, kAttackPiece), place, found);
  }
  if (at + kOverlap < text.size()) LookAtPiece(text.substr(text.size() - kEnd), place, found);
}

template <typename Found>
void AttackSignatures::Rules::LookAtTarget(std::string_view method, std::string_view path,
                                           std::string_view query, const Found& found) const {
  // Behind "CONNECT /" is a web socket of HTTP/2 (RFC 8441), not a proxy.
  if (method == "CONNECT" && !path.starts_with('/') && rules_[connect_].family != 0) {
    found(rules_[connect_], kInPath);
  }
  Look(WithoutHost(path), kInPath, [&](const Rule& rule, uint8_t place) {
    if (QueryFits(rule, query)) found(rule, place);
  });
  if (!query.empty()) Look(query, kInQuery, found);
}

template <typename Found>
void AttackSignatures::Rules::LookAtHeaders(std::string_view user_agent, std::string_view referer,
                                            const Found& found) const {
  if (!user_agent.empty()) Look(user_agent, kInUserAgent, found);
  // The "//" of a usual address would have it decoded for nothing.
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (referer.starts_with(scheme)) referer.remove_prefix(scheme.size());
  }
  if (!referer.empty()) Look(referer, kInReferer, found);
}

namespace {

// Joins the names of rules, each once.
class Names {
 public:
  void Add(const std::string& name) {
    if (names_.insert(name).second) text_ += (text_.empty() ? "" : ", ") + name;
  }
  std::string Take() { return std::move(text_); }

 private:
  std::set<std::string> names_;
  std::string text_;
};

Error NoSuchSignature(const std::string& name, const std::set<std::string, std::less<>>& names) {
  const auto nearest = NearestWord(name, {names.begin(), names.end()});
  return Error{"there is no built-in signature \"" + name + "\"" +
               (nearest ? "; did you mean \"" + *nearest + "\"?" : "")};
}

AttackMatch MatchOf(const Rule& rule, uint8_t place) {
  const bool leaks = (rule.flags & kLeaks) != 0;
  return {rule.family, (rule.flags & kExploit) != 0, leaks, leaks && place != kInPath};
}

}  // namespace

AttackMatch& AttackMatch::operator|=(const AttackMatch& other) {
  const bool by_path = (leaks && !leaks_by_query) || (other.leaks && !other.leaks_by_query);
  families |= other.families;
  exploit |= other.exploit;
  leaks |= other.leaks;
  leaks_by_query = leaks && !by_path;
  return *this;
}

std::string_view TargetHost(std::string_view method, std::string_view path) {
  if (path.empty() || path.front() == '/') return {};
  std::string_view host = path;
  if (method != "CONNECT") {
    const size_t colon = path.find("://");
    if (colon == std::string_view::npos || colon > 8) return {};
    host = path.substr(colon + 3);
  }
  host = host.substr(0, host.find_first_of("/?#"));
  if (const size_t at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

AttackSignatures::AttackSignatures(std::unique_ptr<const Rules> rules) : rules_(std::move(rules)) {}
AttackSignatures::~AttackSignatures() = default;

Result<std::shared_ptr<const AttackSignatures>> AttackSignatures::Create(
    std::span<const SignatureRule> user_rules, std::span<const std::string> disabled) {
  if (user_rules.size() > kMaxUserSignatures) {
    return Error{"there are more than " + std::to_string(kMaxUserSignatures) + " signatures"};
  }
  const std::set<std::string, std::less<>> off(disabled.begin(), disabled.end());
  std::set<std::string, std::less<>> names;
  auto rules = std::make_unique<Rules>();
  for (const BuiltInSignature& signature : BuiltInSignatures()) {
    names.emplace(signature.name);
    if (off.contains(signature.name)) continue;
    if (auto added = rules->AddBuiltIn(signature); !added) return added.error();
  }
  for (const auto& [name, family] : kSpecial) names.emplace(name);
  for (const std::string& name : off) {
    if (!names.contains(name)) return NoSuchSignature(name, names);
  }
  for (const SignatureRule& own : user_rules) {
    if (!names.insert(own.name).second) {
      return Error{"there are two signatures \"" + own.name + "\""};
    }
    if (auto added = rules->AddOwn(own); !added) return added.error();
  }
  if (auto finished = rules->Finish(off); !finished) return finished.error();
  return std::shared_ptr<const AttackSignatures>(new AttackSignatures(std::move(rules)));
}

Result<void> AttackSignatures::Check(const SignatureRule& own) {
  const auto is_own = [&](const auto& signature) { return signature.name == own.name; };
  const auto built_in = BuiltInSignatures();
  const bool taken =
      std::any_of(built_in.begin(), built_in.end(), is_own) ||
      std::any_of(std::begin(kSpecial), std::end(kSpecial),
                  [&](const auto& special) { return special.first == own.name; });
  if (taken) return Error{"there is a built-in signature \"" + own.name + "\""};
  return Rules().AddOwn(own);
}

AttackMatch AttackSignatures::MatchTarget(std::string_view method, std::string_view path,
                                          std::string_view query) const {
  AttackMatch match;
  rules_->LookAtTarget(method, path, query,
                       [&](const Rule& rule, uint8_t place) { match |= MatchOf(rule, place); });
  return match;
}

AttackMatch AttackSignatures::MatchHeaders(std::string_view user_agent,
                                           std::string_view referer) const {
  AttackMatch match;
  rules_->LookAtHeaders(user_agent, referer,
                        [&](const Rule& rule, uint8_t place) { match |= MatchOf(rule, place); });
  match.leaks = match.leaks_by_query = false;  // what is answered is the target
  return match;
}

std::string AttackSignatures::NamesOfTarget(std::string_view method, std::string_view path,
                                            std::string_view query) const {
  Names names;
  rules_->LookAtTarget(method, path, query,
                       [&](const Rule& rule, uint8_t) { names.Add(rule.name); });
  return names.Take();
}

std::string AttackSignatures::NamesOfHeaders(std::string_view user_agent,
                                             std::string_view referer) const {
  Names names;
  rules_->LookAtHeaders(user_agent, referer,
                        [&](const Rule& rule, uint8_t) { names.Add(rule.name); });
  return names.Take();
}

size_t AttackSignatures::bytes() const { return rules_->bytes(); }

}  // namespace accesslog
