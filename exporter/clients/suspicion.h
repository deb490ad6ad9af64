// What a request says about its client, as detect sees it. Decides which budget of the client table it
// counts for, and how much.
#pragma once

#include <cstdint>

namespace accesslog {

enum class Suspicion : uint8_t {
  kNone,
  kFailed,  // answered as what scanners ask for is: 404 and the like
  kGrave,   // a failed login: rare from one client, and worth more than any number of broken links
};

// What a request adds to the client's standing in the suspicion budget. A spray of 404s has to send so
// many from each address to weigh as much as one failed login.
constexpr uint32_t WeightOf(Suspicion suspicion) {
  switch (suspicion) {
    case Suspicion::kNone:
      return 0;
    case Suspicion::kFailed:
      return 1;
    case Suspicion::kGrave:
      return 64;
  }
  return 0;
}

}  // namespace accesslog
