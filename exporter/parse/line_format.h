// A format whose fields follow each other with text between them, compiled to steps; turns lines of it
// into Records without allocating. Most formats are such.
//
// Lenient where a scanner or an old server writes oddly (quotes inside quotes, a user with spaces,
// a line cut short), strict in what becomes a client or a status. A field ends at the first place
// where the text behind it stands *and* what follows looks like the next field; so a user name such
// as `x [1/Jan…] ` forges no field behind it. Nor does a quote, if the server escapes quotes
// (nginx, Apache); where it does not, a quote is only read past, and `" 200 5` in a request is
// believed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "parse/format_spec.h"
#include "parse/log_format.h"
#include "parse/time_pattern.h"

namespace accesslog {

class LineFormat final : public LogFormat {
 public:
  // Errors: no client or no status; two fields with nothing between them; a time pattern that cannot
  // be read back.
  static Result<FormatPtr> Compile(const FormatSpec& spec);

  ParseOutcome Parse(std::string_view line, ParseState& state, Record& record,
                     ParseTrace* trace) const override;

 private:
  enum class Shape : uint8_t { kAny, kNumber, kTime, kProtocol, kClient };
  struct Step {
    Field field = Field::kIgnored;
    std::string ending;         // text behind the field
    bool to_slash = false;      // no ending: the field ends where a '/' stands
    bool to_line_end = false;   // no ending: all that is left
    bool clf_head = false;      // with the steps behind it, what ReadClfHead reads
    bool time = false;          // ends where it has been read
    bool list = false;          // ", " and " : " do not end it
    bool quoted = false;        // backslash escapes the ending's quote
    Shape next = Shape::kAny;   // what the field behind must look like
    Field next_field = Field::kIgnored;
    std::string ending_of_next;  // for Shape::kTime, kProtocol and kClient
    std::string missing_next;    // for to_slash: what stands there if the server has no target
  };

  explicit LineFormat(const FormatSpec& spec);

  static std::string ExpectedEnd(const Step& step);
  bool LooksLike(const Step& step, std::string_view rest) const;
  size_t FindEnd(const Step& step, std::string_view rest) const;
  static bool EndsAt(const Step& step, std::string_view rest, size_t at);
  static bool IsInside(const Step& step, std::string_view rest, size_t at);
  size_t FindWithoutEnding(const Step& step, std::string_view rest) const;
  size_t FindTimeEnd(const Step& step, std::string_view rest) const;
  size_t TimeLength(Field field, std::string_view rest) const;
  bool IsReadableWhenCutAt(size_t step, const Record& record) const;

  std::string before_;
  std::vector<Step> steps_;
  size_t last_needed_ = 0;  // the step of client or status, whichever comes later
  Escape escape_;
  std::optional<TimePattern> time_pattern_;
};

}  // namespace accesslog
