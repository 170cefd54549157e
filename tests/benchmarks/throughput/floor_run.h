// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/benchmarks/throughput/timed_run.h"

namespace counterfoil {

/// The same payments as runProgram() through the C API alone: on PostgreSQL as many connections as the program has workers.
RunResult runFloor(const RunOptions& options);

} // namespace counterfoil
