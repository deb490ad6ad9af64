#include <fcntl.h>
#include <unistd.h>

#include <exception>
#include <iostream>

#include "app/cli.h"

namespace {

// Whoever starts us without them: the next file to be opened would be taken for standard input, and
// our words would be written into it.
void OpenMissingStandardFiles() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (::fcntl(fd, F_GETFD) == -1 && ::open("/dev/null", O_RDWR) != fd) return;
  }
}

}  // namespace

int main(int argc, char** argv) {
  OpenMissingStandardFiles();
  std::ios::sync_with_stdio(false);
  try {
    return accesslog::RunCli(argc, argv, std::cout, std::cerr);
  } catch (const std::exception& error) {
    std::cerr << "internal error: " << error.what() << "; please report this\n";
    return 2;
  }
}
