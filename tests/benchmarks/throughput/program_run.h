// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/benchmarks/throughput/shop.h"

#include <chrono>

namespace counterfoil {

/// How a run is made, by the program and by the floor alike.
struct RunOptions {
    DatabaseUrl url;
    int workers = 1;
    Spread spread = Spread::ThreeMerchants;
    /// Order numbers begin with it.
    QString name;
    /// Node of the first worker's ids.
    int node = 10;
    /// Ends after this time, or after so many batches of each worker; one of them.
    qint64 milliseconds = 0;
    int batches = 0;
    static constexpr int batch = 64;
};

struct RunResult {
    qint64 payments = 0;
    qint64 commits = 0;
    double seconds = 0;
    /// Of this process: on PostgreSQL the server's isn't in it.
    double cpuSeconds = 0;
    double rate() const { return seconds > 0 ? static_cast<double>(payments) / seconds : 0; }
};

/// Times a run: what passed and what the process used since it was made.
class Stopwatch {
public:
    Stopwatch();
    void stop(RunResult& result) const;

private:
    std::chrono::steady_clock::time_point m_start;
    double m_cpuStart;
};

/// Full payments through OrderPlacement, JobRunner and callback intake, from order to division, with a gateway that answers at once.
/// Every payment that was begun is ended; the time for it counts.
RunResult runProgram(const RunOptions& options);

} // namespace counterfoil
