// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/benchmarks/throughput/timed_run.h"

#include <sys/resource.h>

#include <atomic>
#include <barrier>
#include <chrono>
#include <thread>

namespace counterfoil {

namespace {

using Steady = std::chrono::steady_clock;

double cpuSeconds()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

} // namespace

RunResult runTimed(const RunOptions& options, const std::function<std::unique_ptr<TimedWorker>(int)>& make)
{
    std::atomic<qint64> payments = 0;
    std::atomic<qint64> commits = 0;
    std::barrier start(options.workers + 1);
    std::vector<std::jthread> threads;
    for (int number = 0; number < options.workers; ++number) {
        threads.emplace_back([&, number] {
            const std::unique_ptr<TimedWorker> worker = make(number);
            start.arrive_and_wait();
            const auto end = Steady::now() + std::chrono::milliseconds(options.milliseconds);
            for (int i = 0; options.batches > 0 ? i < options.batches : Steady::now() < end; ++i) {
                worker->runBatch();
            }
            worker->drain();
            payments += worker->payments();
            commits += worker->commits();
        });
    }
    start.arrive_and_wait();
    const auto began = Steady::now();
    const double cpuBefore = cpuSeconds();
    threads.clear();
    RunResult result;
    result.seconds = std::chrono::duration<double>(Steady::now() - began).count();
    result.cpuSeconds = cpuSeconds() - cpuBefore;
    result.payments = payments;
    result.commits = commits;
    return result;
}

} // namespace counterfoil
