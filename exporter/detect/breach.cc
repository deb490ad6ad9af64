#include "detect/breach.h"

namespace accesslog {

void JudgeAnswer(RequestFacts& facts, uint64_t root_hash, Time at, const PageSizes& pages) {
  facts.answered = false;
  if (!facts.leaks || !facts.has_body) return;
  if (!facts.has_bytes) {
    facts.answered = true;
    return;
  }
  // Applications of one page answer with it whatever they are asked for.
  const bool is_usual = facts.leaks_by_query
                            ? pages.IsUsual(facts.path_hash, facts.bytes, at)
                            : pages.IsCatchAll(facts.path_hash, facts.bytes, at) ||
                                  (!facts.is_root && pages.IsUsual(root_hash, facts.bytes, at));
  facts.answered = !is_usual;
}

}  // namespace accesslog
