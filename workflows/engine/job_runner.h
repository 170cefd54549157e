// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/engine/job_handlers.h"

#include <random>

namespace counterfoil {

/// A request that is to be sent now, and the job that it belongs to (as claimed, with its epoch).
struct RemoteCall {
    Job job;
    GatewayRequest request;
};

struct RemoteAnswer {
    RemoteCall call;
    GatewayAnswer answer;
};

/// Counts since the start, for metrics and summaries.
struct RunnerStatistics {
    qint64 jobsRun = 0;
    qint64 jobsFailed = 0;
    qint64 jobsParked = 0;
    qint64 batches = 0;
    qint64 batchesSplit = 0;
    qint64 requestsPrepared = 0;
    qint64 answersApplied = 0;
    qint64 answersDropped = 0;
};

/// Runs due jobs in batches, each batch one unit of work (20-engine, Jobs). Pure of threads, sleeping and network: the caller decides when
/// to run, sends the requests that come out, and hands the answers back, so that a worker, a test and a simulation drive the same code.
/// Used on the connection's thread.
class JobRunner {
public:
    struct Options {
        QString owner = QStringLiteral("worker");
        int batch = 64;
        Duration lease = Duration::seconds(5);
        quint32 seed = 1;
        /// A job that has failed for this long has a case, while it goes on retrying.
        Duration escalateAfter = Duration::minutes(15);
    };

    JobRunner(Connection& connection, const Clock& clock, IdSource& ids, const JobHandlers& handlers, Options options);

    struct Round {
        int claimed = 0;
        std::vector<RemoteCall> calls;
    };

    /// Claims and runs one batch of due local jobs and up to `remoteCapacity` remote ones, as far as they go without the network.
    /// Errors: the database's; nothing was claimed then.
    Result<Round> runDue(int remoteCapacity);

    /// Applies answers in one unit of work. An answer whose lease was lost is dropped: whoever has the job now asks the gateway.
    /// Errors: the database's; the answers may be handed in again.
    Result<void> applyAnswers(std::span<const RemoteAnswer> answers);

    /// To be called every 1.5 s for jobs whose requests are under way.
    Result<void> renew(std::span<const JobId> jobs);

    const RunnerStatistics& statistics() const { return m_statistics; }

private:
    Result<std::vector<Job>> claim(UnitOfWork& work, int remoteCapacity);
    Result<Round> runTogether(const std::vector<Job>* claimed, int remoteCapacity, bool deep);
    Result<void> runOne(UnitOfWork& work, const Job& job, Round& round);
    Result<void> failAlone(const Job& claimed, const Error& error);
    Result<void> applyTogether(std::span<const RemoteAnswer> answers, bool deep);
    Result<void> applyOne(UnitOfWork& work, const RemoteAnswer& answer);
    void finish(UnitOfWork& work, const Job& claimed);
    void retryLater(UnitOfWork& work, JobId job, const Error& error, Duration atLeast);
    void park(UnitOfWork& work, JobId job, const Error& error);
    void fail(UnitOfWork& work, JobId job, const Error& error);

    Connection& m_connection;
    const Clock& m_clock;
    IdSource& m_ids;
    const JobHandlers& m_handlers;
    const Options m_options;
    RunnerStatistics m_statistics;
    std::mt19937 m_random;
};

} // namespace counterfoil
