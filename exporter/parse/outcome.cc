#include "parse/outcome.h"

#include <cassert>

namespace accesslog {

UnparsedReason ReasonOf(ParseOutcome outcome) {
  assert(!HasRecord(outcome) && outcome != ParseOutcome::kFragment);
  switch (outcome) {
    case ParseOutcome::kEmpty:
      return UnparsedReason::kEmpty;
    case ParseOutcome::kComment:
      return UnparsedReason::kComment;
    case ParseOutcome::kBadClient:
      return UnparsedReason::kClient;
    default:
      return UnparsedReason::kStatus;
  }
}

}  // namespace accesslog
