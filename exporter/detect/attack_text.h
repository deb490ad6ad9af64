// A request target or header as signatures see it: as the server, the script or the shell behind it
// will understand the bytes. Undone, up to three times while it changes anything: %41, %u0041, and
// the \x41 and \" of Apache's and nginx's logs. Then, once: '+' is a blank in queries, overlong and
// full-width '/', '.' and '\' are themselves, '\' is '/', letters are small, control characters but
// NUL are blanks, "//" and "/./" are "/", SQL comments and runs of blanks are one blank. Never
// longer than what was written.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace accesslog {

// How much of a text is looked at in one piece; longer ones are cut into pieces that overlap.
inline constexpr size_t kAttackPiece = 4096;

enum class AttackPart : uint8_t { kPath, kQuery, kHeader };

// What decoding met that no honest client writes.
struct DecodedText {
  std::string_view text;
  bool hidden_dots = false;        // a dot that was written as %2e, overlong, …
  bool twice_hidden_dots = false;  // … as %252e: what hides from one decoder only
  bool hidden_breaks = false;      // an end of line, as %0d or %0a
};

class AttackText {
 public:
  // At most kAttackPiece bytes of `raw` are taken. The view lives until the next call.
  DecodedText Decode(std::string_view raw, AttackPart part);

  // What Log4j would look up in the decoded text, which is overwritten: "${lower:j}" is "j",
  // "${x:-j}" is "j". True where a lookup for JNDI comes out.
  bool ResolvesToJndi(size_t size);

 private:
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): written before it is read
  std::array<char, kAttackPiece> buffer_;
};

// A literal as it looks in a decoded text.
std::string FoldedLiteral(std::string_view literal);

}  // namespace accesslog
