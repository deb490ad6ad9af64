// Where `analyze` writes while it works, from any thread. The line of progress is erased for
// whatever else there is to say.
#pragma once

#include <iosfwd>
#include <mutex>
#include <string_view>

#include "app/progress.h"

namespace accesslog {

class Console {
 public:
  // Progress is shown if `err` is a terminal.
  Console(std::ostream& out, std::ostream& err, Time start);

  void Print(std::string_view text) { Write(out_, text); }
  void Complain(std::string_view text) { Write(err_, text); }
  void ShowProgress(const Progress::Work& work, Time now);
  void EndProgress();

 private:
  void Write(std::ostream& stream, std::string_view text);

  std::mutex mutex_;
  std::ostream& out_;
  std::ostream& err_;
  Progress progress_;
};

}  // namespace accesslog
