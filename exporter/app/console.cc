#include "app/console.h"

#include <ostream>

#include "app/terminal.h"

namespace accesslog {

Console::Console(std::ostream& out, std::ostream& err, Time start)
    : out_(out), err_(err), progress_(TerminalOf(err), start) {}

void Console::ShowProgress(const Progress::Work& work, Time now) {
  const std::scoped_lock lock(mutex_);
  progress_.Update(work, now);
}

void Console::EndProgress() {
  const std::scoped_lock lock(mutex_);
  progress_.Erase();
}

void Console::Write(std::ostream& stream, std::string_view text) {
  const std::scoped_lock lock(mutex_);
  progress_.Erase();
  stream << text;
  // Of a line that waits in the stream, half could stand before the progress and half behind it.
  if (progress_.shown_at_all()) stream << std::flush;
}

}  // namespace accesslog
