// The OpenMetrics text format 1.0: what Prometheus asks for first. The series are those of the text
// format, with the same labels and values.
// Source: the OpenMetrics specification 1.0.0, section "Text format".
#pragma once

#include "expose/client_series.h"
#include "expose/cut.h"

namespace accesslog {

// Where the cut has births, each counter of a client has its _created; the other counters have none,
// because they go on where the process before left them and nobody wrote down when that began.
void WriteOpenMetrics(const Cut& cut, const PieceWriter::Sink& sink);

}  // namespace accesslog
