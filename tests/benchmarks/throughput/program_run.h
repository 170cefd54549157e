// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/benchmarks/throughput/timed_run.h"

namespace counterfoil {

/// Full payments through OrderPlacement, JobRunner and callback intake, from order to division, with a gateway that answers at once.
/// Every payment that was begun is ended; the time for it counts.
RunResult runProgram(const RunOptions& options);

} // namespace counterfoil
