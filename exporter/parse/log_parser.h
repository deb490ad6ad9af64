// The parser of one file: the carrier's framing is taken off, then a format reads the line. The format
// is named, or `auto` watches the lines and picks the built-in format that reads them best. Owned by the
// engine, one for each file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_codec.h"
#include "base/result.h"
#include "parse/builtin_formats.h"
#include "parse/framing.h"
#include "parse/log_format.h"
#include "parse/outcome.h"
#include "parse/parse_state.h"

namespace accesslog {

class LogParser {
 public:
  // `format` is "auto" or what CompileFormat takes.
  static Result<LogParser> Create(std::string_view format);

  // As LogFormat::Parse. The record lives until the next call, or until ReleaseTexts where texts are
  // held. kFragment is no line yet: it belongs to the line that a later call gives whole.
  ParseOutcome Parse(std::string_view line, Record& record, ParseTrace* trace = nullptr);

  // A directive (#Fields …) that stands in the file before the lines to come; it counts as no line.
  void Prime(std::string_view directive);

  // The lines come in `framing`, as those of a syslog socket do. No other is looked for, and no format, however
  // lenient, reads a frame as a part of the line. A line without frame is read as it is.
  void ExpectFraming(Framing framing) {
    current_.framing = framing;
    framing_known_ = true;
  }

  // Records of many lines stay valid side by side until ReleaseTexts, if their lines do.
  void HoldTexts() { hold_texts_ = true; }
  void ReleaseTexts() { state_.texts.Clear(); }

  // The format in use, with the carrier's framing ("combined in docker"): under `auto` the one chosen
  // last, or "auto" before the first line that any format could read.
  std::string format_name() const;

  // Whether a line that Parse refused for its client is a request of somebody without a name: it was
  // read to its end otherwise, in a format that is named or was chosen already.
  bool IsUnnamedRequest(ParseOutcome outcome, const Record& record) const;

  // Of the lines since the format was chosen, at most a hundred, the share that it read completely;
  // 0…1, and 0 before there was one.
  double confidence() const;
  uint32_t learned_lines() const { return learned_; }
  uint32_t fitting_lines() const { return fitting_; }

  // How often a format that had been chosen was given up for another.
  uint64_t format_changes() const { return format_changes_; }

  // Whether this parser and `other`, a copy of it or of its original, will read all lines to come
  // alike; so that lines which one of them has read need not be read by the other.
  bool SameStateAs(const LogParser& other) const;

  void Save(ByteWriter& writer) const;
  // For a parser that Create just made; false, and it is to be thrown away, where the bytes are
  // damaged. If it was made for another format, or does not know the one that was chosen, it starts
  // anew, except that it knows what the file declared (#Fields, #Date): that is true in any format.
  bool Load(ByteReader& reader);

 private:
  struct Choice {
    size_t format = 0;
    Framing framing = Framing::kNone;
    bool operator==(const Choice&) const = default;
  };

  // What was learned of the lines so far.
  struct Learned;

  LogParser() = default;
  // The line as the present framing gives it.
  struct Text {
    Frame frame = Frame::kNone;
    std::string_view inner;  // the line itself where it is not framed
  };

  Text Unframe(std::string_view line);
  bool IsTimeToChoose(ParseOutcome outcome);
  // What reads `line` best, and what it sees of it. `read` says how well the present choice reads it.
  Choice Best(std::string_view line, const Text& text, int read, std::string_view& inner);
  bool ImproveOn(int& score, Framing framing, std::string_view text, Choice& best);
  void TraceNearest(std::string_view text, ParseTrace& trace);
  void Settle(const Choice& best, ParseOutcome before, ParseOutcome outcome);
  Learned LoadLearned(ByteReader& reader) const;
  void LoadDeclared(ByteReader& reader);

  std::string description_;             // what Create was given
  std::vector<BuiltinFormat> formats_;  // one, unless the format is auto
  bool automatic_ = false;
  Choice current_;
  bool framing_known_ = false;
  bool chosen_ = false;       // by a line, not only by name
  uint32_t learned_ = 0;      // lines since the choice, at most kLearningLines
  uint32_t fitting_ = 0;      // of them, read completely
  uint32_t misfits_ = 0;      // in a row
  // The worst outcome of a line that is no cause to look for another format, once none was found.
  ParseOutcome tolerated_ = ParseOutcome::kComplete;
  uint64_t format_changes_ = 0;
  bool hold_texts_ = false;
  Deframer deframer_;
  ParseState state_;
};

}  // namespace accesslog
