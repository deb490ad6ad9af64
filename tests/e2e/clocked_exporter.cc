// The exporter with a clock that a test moves. Usage: clocked_exporter FILE NAME ARGUMENTS…, where
// NAME is what the program would be called. FILE holds the seconds by which the clock is ahead of
// the machine's; it is read whenever somebody asks for the time. All else is the program that users
// run.
#include <fstream>
#include <iostream>

#include "app/cli.h"

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: clocked_exporter FILE NAME ARGUMENTS\n";
    return 2;
  }
  const std::string file = argv[1];
  const accesslog::Clock clock = [system = accesslog::SystemClock(), file] {
    double ahead = 0;
    std::ifstream(file) >> ahead;
    return system() +
           std::chrono::duration_cast<accesslog::Duration>(std::chrono::duration<double>(ahead));
  };
  return accesslog::RunCli(argc - 2, argv + 2, std::cout, std::cerr, clock);
}
