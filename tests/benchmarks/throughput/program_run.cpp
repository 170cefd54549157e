// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/benchmarks/throughput/program_run.h"

#include "app/common/engine_parts.h"
#include "tests/benchmarks/throughput/instant_gateway.h"
#include "workflows/engine/job_runner.h"
#include "workflows/services/callback_intake.h"
#include "workflows/services/order_placement.h"

namespace counterfoil {

namespace {

/// A lock that somebody holds for long is waited for again, as the worker does.
template<class Function>
auto patiently(Function function)
{
    auto outcome = function();
    while (!outcome && (outcome.error().code == ErrorCode::DatabaseBusy || outcome.error().code == ErrorCode::SerializationFailure)) {
        outcome = function();
    }
    return orAbort(std::move(outcome));
}

/// One worker: what the worker program does in its loop, without network and waiting.
class Worker final : public TimedWorker {
public:
    Worker(const RunOptions& options, int number)
        : m_options(options), m_number(number), m_connection(orAbort(Connection::open(options.url, ConnectionRole::Writer))), m_ids(m_clock, options.node + number),
          m_parts(orAbort(EngineParts::load(*m_connection, {}))),
          m_placement(*m_connection, {m_parts->engine(), m_parts->coordinator(), m_clock, m_ids}, {}),
          m_runner(*m_connection, m_clock, m_ids, m_parts->handlers(), runnerOptions()), m_gateway(m_clock)
    {
    }

    /// One batch from order to division. Other workers may take our jobs, and we theirs.
    void runBatch() override
    {
        std::vector<NewOrder> orders;
        for (int i = 0; i < RunOptions::batch; ++i) {
            orders.push_back(Shop::order(m_options.name, m_next + m_number, m_options.spread));
            m_next += m_options.workers;
        }
        for (const Result<PlacedOrder>& placed : patiently([&] { return m_placement.place(orders, {QStringLiteral("api:shop"), false, nullptr}); })) {
            require(orAbort(placed).existed == false, "a measured order is new");
        }
        m_placed += RunOptions::batch;
        ++m_commits;
        runRound();
        runRound();
        takeCallbacks();
        runRound();
    }

    /// Runs what is left, ours or another's.
    void drain() override
    {
        do {
            takeCallbacks();
        } while (runRound() > 0 || m_gateway.hasCallbacks());
    }

    qint64 payments() const override { return m_placed; }
    qint64 commits() const override { return m_commits; }

private:
    JobRunner::Options runnerOptions() const
    {
        JobRunner::Options options;
        options.owner = QStringLiteral("worker-%1").arg(m_number);
        options.batch = RunOptions::batch;
        options.lease = Duration::minutes(10);
        return options;
    }

    int runRound()
    {
        const JobRunner::Round round = patiently([this] { return m_runner.runDue(RunOptions::batch); });
        m_commits += round.claimed > 0 ? (m_connection->kind() == DatabaseKind::Postgresql ? 2 : 1) : 0;
        std::vector<RemoteAnswer> answers;
        for (const RemoteCall& call : round.calls) {
            answers.push_back({call, m_gateway.answer(call.request)});
        }
        patiently([&] { return m_runner.applyAnswers(answers); });
        m_commits += answers.empty() ? 0 : 1;
        return round.claimed;
    }

    void takeCallbacks()
    {
        std::vector<VerifiedCallback> callbacks;
        for (const QByteArray& body : m_gateway.takeCallbacks()) {
            callbacks.push_back({orAbort(parseCallback(body)), body});
        }
        if (!callbacks.empty()) {
            (void)patiently([&] { return storeCallbacks(*m_connection, m_clock, m_ids, callbacks); });
            ++m_commits;
        }
    }

    const RunOptions& m_options;
    const int m_number;
    const SystemClock m_clock;
    std::unique_ptr<Connection> m_connection;
    IdSource m_ids;
    std::unique_ptr<EngineParts> m_parts;
    OrderPlacement m_placement;
    JobRunner m_runner;
    InstantGateway m_gateway;
    qint64 m_next = 0;
    qint64 m_placed = 0;
    qint64 m_commits = 0;
};

} // namespace

RunResult runProgram(const RunOptions& options)
{
    return runTimed(options, [&options](int number) { return std::make_unique<Worker>(options, number); });
}

} // namespace counterfoil
