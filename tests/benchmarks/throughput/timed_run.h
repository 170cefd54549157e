// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/benchmarks/throughput/shop.h"

#include <functional>
#include <memory>

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

/// What one worker does, on a thread of its own. What its constructor does isn't timed.
class TimedWorker {
public:
    virtual ~TimedWorker() = default;
    virtual void runBatch() = 0;
    /// Brings what was begun to its end.
    virtual void drain() {}
    virtual qint64 payments() const = 0;
    virtual qint64 commits() const = 0;
};

/// Runs so many workers, all from the same moment on; `make` is called on the thread of each with its number from 0.
RunResult runTimed(const RunOptions& options, const std::function<std::unique_ptr<TimedWorker>(int)>& make);

} // namespace counterfoil
