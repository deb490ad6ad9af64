// Whether what must not be given away was given away: an attack answered with a page that the site does
// not give to everybody.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "detect/page_sizes.h"
#include "detect/request_facts.h"

namespace accesslog {

// Sets `facts.answered`. `root_hash` is that of the path "/". Asks only; call before Learn.
void JudgeAnswer(RequestFacts& facts, uint64_t root_hash, Time at, const PageSizes& pages);

// For every request, attacks too.
inline void LearnAnswer(const RequestFacts& facts, Time at, PageSizes& pages) {
  if (facts.has_body && facts.has_bytes) pages.Observe(facts.path_hash, facts.bytes, at);
}

}  // namespace accesslog
