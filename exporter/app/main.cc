#include <exception>
#include <iostream>

#include "app/cli.h"

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  try {
    return accesslog::RunCli(argc, argv, std::cout, std::cerr);
  } catch (const std::exception& error) {
    std::cerr << "internal error: " << error.what() << "; please report this\n";
    return 2;
  }
}
