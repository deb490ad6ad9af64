#include "app/process_signals.h"

#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

namespace accesslog {

ProcessSignals::ProcessSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  fd_ = UniqueFd(::signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC));
  // A scraper that hangs up must not end the process.
  std::signal(SIGPIPE, SIG_IGN);
}

void ProcessSignals::Look() {
  signalfd_siginfo info{};
  while (::read(fd_.get(), &info, sizeof(info)) == sizeof(info)) {
    (info.ssi_signo == SIGHUP ? reload_ : stopped_) = true;
  }
}

bool ProcessSignals::Stopped() {
  Look();
  return stopped_;
}

}  // namespace accesslog
