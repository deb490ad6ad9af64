#include "detect/path_shape.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "base/text_hash.h"

namespace accesslog {
namespace {

// Longer ones look alike from here on.
constexpr size_t kMostOfPath = 1024;
// A made-up name has at least so many characters, digits among them.
constexpr size_t kLongHex = 8;
constexpr size_t kLongMixed = 16;

// Sorted, for the search.
constexpr std::array<std::string_view, 52> kStaticExtensions = {
    "aac",  "avif", "bmp",  "css",  "eot",  "flac", "flv",  "gif",   "heic", "ico",  "jpeg",
    "jpg",  "js",   "jxl",  "less", "m3u8", "m4a",  "m4s",  "m4v",   "map",  "mid",  "mjs",
    "mkv",  "mov",  "mp3",  "mp4",  "mpd",  "mpeg", "mpg",  "ogg",   "ogv",  "opus", "otf",
    "pdf",  "png",  "scss", "svg",  "svgz", "swf",  "tif",  "tiff",  "ts",   "ttf",  "vtt",
    "wasm", "wav",  "weba", "webm", "webmanifest", "webp", "woff", "woff2"};
static_assert(std::is_sorted(kStaticExtensions.begin(), kStaticExtensions.end()));

constexpr std::array<std::string_view, 18> kFurniture = {
    "ads.txt",           "app-ads.txt",  "apple-app-site-association", "browserconfig.xml",
    "clientaccesspolicy.xml", "crossdomain.xml", "favicon", "humans.txt", "manifest.json",
    "opensearch.xml",    "osd.xml",      "robots.txt",  "security.txt", "sellers.json",
    "service-worker.js", "site.webmanifest", "sw.js",   "wpad.dat"};

constexpr std::array<std::string_view, 12> kPictures = {
    "avatar", "avatars", "cover", "covers", "favicon", "icon",
    "icons",  "image",   "images", "preview", "thumb", "thumbnail"};

template <typename List>
bool Holds(const List& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

char LowerOf(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// In whatever case; `word` is in small letters.
bool IsSameWord(std::string_view text, std::string_view word) {
  return text.size() == word.size() &&
         std::equal(text.begin(), text.end(), word.begin(),
                    [](char a, char b) { return LowerOf(a) == b; });
}

bool IsFurniture(std::string_view name) {
  return Holds(kFurniture, name) || name.starts_with("apple-touch-icon") ||
         name.starts_with("favicon") || name.starts_with("sitemap") ||
         name.starts_with("mstile-") || name.starts_with("android-chrome-");
}

bool HasStaticExtension(std::string_view name) {
  const size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  return std::binary_search(kStaticExtensions.begin(), kStaticExtensions.end(),
                            name.substr(dot + 1));
}

bool IsHex(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); }

// As a mail address does.
bool HoldsAt(std::string_view segment) {
  return segment.find('@') != std::string_view::npos ||
         segment.find("%40") != std::string_view::npos;
}

// Whether a segment is a name that a program made: a number, a hash, a UUID, an address. Behind "sha256:"
// it says only what kind of one.
bool IsMadeUp(std::string_view segment) {
  segment = segment.substr(segment.find_last_of(":=") + 1);
  const auto digits = static_cast<size_t>(std::count_if(segment.begin(), segment.end(), IsDigit));
  if (HoldsAt(segment)) return true;
  if (digits == 0) return false;
  if (digits == segment.size()) return true;
  const auto plain = static_cast<size_t>(std::count_if(
      segment.begin(), segment.end(), [](char c) { return IsHex(c) || c == '-'; }));
  if (plain == segment.size() && segment.size() >= kLongHex && digits >= 2) return true;
  const auto known = static_cast<size_t>(
      std::count_if(segment.begin(), segment.end(),
                    [](char c) { return IsDigit(c) || IsAlpha(c) || c == '-' || c == '_'; }));
  return known == segment.size() && segment.size() >= kLongMixed && digits >= 3;
}

}  // namespace

bool IsStaticPath(std::string_view path) {
  path = path.substr(0, kMostOfPath);
  if (path.starts_with("/.well-known/")) return true;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (name.find('.') != std::string_view::npos) {
    // Asked for each new path, so without an allocation. No furniture has a longer name.
    std::array<char, 64> buffer{};
    const std::string_view end = name.substr(name.size() - std::min(name.size(), buffer.size()));
    std::transform(end.begin(), end.end(), buffer.begin(), LowerOf);
    const std::string_view lower(buffer.data(), end.size());
    return HasStaticExtension(lower) || IsFurniture(lower);
  }
  if (IsSameWord(name, "favicon")) return true;
  for (std::string_view rest = path; !rest.empty();) {
    const size_t slash = rest.find('/');
    const std::string_view segment = rest.substr(0, slash);
    const auto is_same = [&](std::string_view word) { return IsSameWord(segment, word); };
    if (std::any_of(kPictures.begin(), kPictures.end(), is_same)) return true;
    rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
  }
  return IsFurniture(name);
}

uint32_t ShapeOf(std::string_view path, uint64_t secret) {
  const std::string lower = ToLower(path.substr(0, kMostOfPath));
  std::string shape;
  for (std::string_view rest = lower; !rest.empty();) {
    const size_t slash = std::min(rest.find('/'), rest.size());
    const std::string_view segment = rest.substr(0, slash);
    // What is made up may have an extension, and scanners try many of those; a domain is none.
    const size_t dot = segment.rfind('.');
    const std::string_view stem = segment.substr(0, dot);
    if (IsMadeUp(stem)) {
      shape += '#';
      if (dot != std::string_view::npos && !HoldsAt(stem)) shape += segment.substr(dot);
    } else {
      shape += segment;
    }
    shape += '/';
    rest.remove_prefix(std::min(slash + 1, rest.size()));
  }
  return static_cast<uint32_t>(HashText(shape, secret));
}

}  // namespace accesslog
