// One line on a terminal that says how far a long job is: bytes, lines a second, time left. Used by
// `analyze`. Nothing is written where nobody watches, nor in the first half second; whoever writes to
// the same terminal calls Erase first, so that the line never mixes with a result.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/terminal.h"
#include "base/clock.h"

namespace accesslog {

class Progress {
 public:
  struct Work {
    uint64_t bytes = 0;                   // done
    std::optional<uint64_t> total_bytes;  // nothing where nobody can know
    uint64_t lines = 0;                   // done
  };

  Progress(std::optional<Terminal> terminal, Time start)
      : terminal_(std::move(terminal)), start_(start) {}
  ~Progress() { Erase(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Somebody watches.
  bool shown_at_all() const { return terminal_.has_value(); }
  // Draws the line anew if it is time for that: at most eight times a second.
  void Update(const Work& work, Time now);
  // Takes the line off the terminal.
  void Erase();

 private:
  std::optional<Terminal> terminal_;
  Time start_;
  std::optional<Time> drawn_at_;
  bool visible_ = false;
};

// "12.3 MB of 364.0 MB, 3 %, 2,134,000 lines/s, 7 s left"; what is not known is left out.
std::string ProgressText(const Progress::Work& work, Duration elapsed);

}  // namespace accesslog
