#include "app/crawler_files.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"

namespace accesslog {
namespace {

using Json = nlohmann::json;
using Prefixes = std::vector<IpPrefix>;

constexpr Duration kInterval = std::chrono::seconds{5};
constexpr off_t kMostBytes = off_t{4} * 1024 * 1024;
constexpr int kLeastIpv4Bits = 8;
constexpr int kLeastIpv6Bits = 16;
constexpr size_t kShownText = 60;

std::string_view TrimBlanks(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

std::optional<std::string> Add(std::string_view text, Prefixes& prefixes) {
  const auto prefix = IpPrefix::Parse(text);
  const std::string shown = "\"" + PrintableUpTo(text, kShownText) + "\"";
  if (!prefix) return shown + " is no address range";
  if (prefix->bits() < (prefix->base().is_v4() ? kLeastIpv4Bits : kLeastIpv6Bits)) {
    return shown + " is larger than any crawler's range";
  }
  prefixes.push_back(*prefix);
  return std::nullopt;
}

Result<Prefixes> ParseJson(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  const auto list = json.is_object() ? json.find("prefixes") : json.end();
  if (list == json.end() || !list->is_array()) return Error{"it has no list \"prefixes\""};
  Prefixes prefixes;
  for (const Json& item : *list) {
    if (!item.is_object()) return Error{"\"prefixes\" holds what is no object"};
    for (const char* key : {"ipv4Prefix", "ipv6Prefix", "ip_prefix", "ipv6_prefix"}) {
      const auto value = item.find(key);
      if (value == item.end()) continue;
      if (!value->is_string()) return Error{std::string(key) + " is no text"};
      if (const auto why = Add(value->get_ref<const std::string&>(), prefixes)) return Error{*why};
    }
  }
  return prefixes;
}

Result<Prefixes> ParseLines(std::string_view text) {
  Prefixes prefixes;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line = TrimBlanks(line.substr(0, line.find('#')));
    if (line.empty()) continue;
    if (const auto why = Add(line, prefixes)) return Error{*why};
  }
  return prefixes;
}

}  // namespace

Result<std::vector<IpPrefix>> ParseCrawlerRanges(std::string_view text) {
  const std::string_view begin = TrimBlanks(text);
  auto prefixes = begin.starts_with('{') ? ParseJson(begin) : ParseLines(begin);
  if (prefixes && prefixes->empty()) return Error{"it holds no address range"};
  return prefixes;
}

CrawlerFiles::CrawlerFiles(const std::vector<CrawlerOptions>& options, Say say)
    : say_(std::move(say)) {
  for (const CrawlerOptions& crawler : options) {
    Entry entry{crawler, {}};
    for (const std::string& path : crawler.files) entry.files.push_back({.path = path});
    entries_.push_back(std::move(entry));
  }
  Publish();
}

bool CrawlerFiles::UpdateIfDue(Time now) {
  if (entries_.empty() || (now - last_ < kInterval && now >= last_)) return false;
  last_ = now;
  return Update();
}

bool CrawlerFiles::Update() {
  bool changed = false;
  for (Entry& entry : entries_) {
    for (File& file : entry.files) changed = Refresh(entry.options.name, file) || changed;
  }
  if (changed) Publish();
  return changed;
}

void CrawlerFiles::TakeOver(const CrawlerFiles& before) {
  for (Entry& entry : entries_) {
    for (const Entry& other : before.entries_) {
      if (other.options.name != entry.options.name) continue;
      for (File& file : entry.files) {
        const auto same = std::find_if(other.files.begin(), other.files.end(),
                                       [&](const File& old) { return old.path == file.path; });
        if (!file.good && same != other.files.end()) file.prefixes = same->prefixes;
      }
    }
  }
  Publish();
}

std::optional<CrawlerFiles::Mark> CrawlerFiles::MarkOf(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  constexpr int64_t kNanoseconds = 1000000000;
  return Mark{status.st_dev, status.st_ino, status.st_size,
              status.st_mtim.tv_sec * kNanoseconds + status.st_mtim.tv_nsec};
}

Result<std::vector<IpPrefix>> CrawlerFiles::Read(const File& file) {
  // Opening a pipe would wait for whoever writes to it.
  struct stat status {};
  if (::stat(file.path.c_str(), &status) != 0) return Error{ErrnoText(errno)};
  if (!S_ISREG(status.st_mode)) return Error{"it is no regular file"};
  if (status.st_size > kMostBytes) return Error{"it is larger than 4 MiB"};
  errno = 0;
  std::ifstream stream(file.path, std::ios::binary);
  if (!stream) return Error{ErrnoText(errno)};
  std::string text(static_cast<size_t>(status.st_size), '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) return Error{ErrnoText(errno)};
  text.resize(static_cast<size_t>(stream.gcount()));
  return ParseCrawlerRanges(text);
}

// True if its ranges changed.
bool CrawlerFiles::Refresh(const std::string& crawler, File& file) const {
  const auto mark = MarkOf(file.path);
  if (file.looked && mark == file.mark) return false;
  const bool was_bad = file.looked && !file.good;
  file.looked = true;
  file.mark = mark;
  auto prefixes = Read(file);
  file.good = prefixes.ok();
  if (!file.good) {
    const std::string kept = file.prefixes.empty() ? "; nobody is taken for the crawler because of it"
                                                   : "; its ranges stay as they were";
    say_("the ranges of crawler " + crawler + " in " + Printable(file.path) +
         " cannot be used: " + prefixes.error().message + kept);
    return false;
  }
  if (was_bad) say_("the ranges of crawler " + crawler + " in " + Printable(file.path) + " are good again");
  file.prefixes = std::move(*prefixes);
  return true;
}

void CrawlerFiles::Publish() {
  auto crawlers = std::make_shared<Crawlers>();
  for (const Entry& entry : entries_) {
    Prefixes prefixes;
    for (const File& file : entry.files) {
      prefixes.insert(prefixes.end(), file.prefixes.begin(), file.prefixes.end());
    }
    crawlers->push_back({entry.options.name, entry.options.user_agents, IpRanges(prefixes)});
  }
  crawlers_ = std::move(crawlers);
}

std::vector<CrawlerView> CrawlerFiles::Views() const {
  std::vector<CrawlerView> views;
  for (size_t i = 0; i < entries_.size(); ++i) {
    CrawlerView view{.crawler = entries_[i].options.name, .ranges = (*crawlers_)[i].ranges.size()};
    for (const File& file : entries_[i].files) view.files.push_back({file.path, file.good});
    views.push_back(std::move(view));
  }
  return views;
}

}  // namespace accesslog
