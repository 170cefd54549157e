// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulation/simulation.h"

#include "app/common/engine_parts.h"
#include "app/simulation/simulated_shop.h"
#include "app/simulation/simulation_oracle.h"
#include "models/store/administration.h"
#include "models/store/job_queue.h"
#include "models/store/migrator.h"
#include "resources/resources.h"
#include "workflows/services/verification.h"

#include <QFile>

#include <atomic>

namespace counterfoil {

namespace {

using Stream = FaultPlan::Stream;

constexpr Duration faultPhase = Duration::minutes(24);
constexpr Duration healPhase = Duration::hours(24);
constexpr Duration polling = Duration::milliseconds(250);
constexpr int catalogueNode = 1000;
/// Far more than any run needs: one that doesn't come to rest is a violation.
constexpr int roundsMax = 20'000;

EngineOptions engineOptions()
{
    EngineOptions options;
    options.settlementDelay = settlementDelay;
    return options;
}

Result<std::unique_ptr<Connection>> openDatabase()
{
    static std::atomic<int> counter{0};
    DatabaseUrl url;
    url.path = QStringLiteral("file:/simulation-%1?vfs=memdb").arg(++counter);
    CF_ASSIGN(std::unique_ptr<Connection> connection, Connection::open(url, ConnectionRole::Writer));
    CF_TRY(Migrator(*connection, SystemClock()).migrate());
    initResources();
    QFile workflow(QStringLiteral(":/counterfoil/workflows/order.scxml"));
    require(workflow.open(QFile::ReadOnly), "the order workflow is built in");
    CF_ASSIGN(DatabaseTransaction transaction, DatabaseTransaction::begin(*connection));
    CF_TRY(publishWorkflow(*connection, QStringLiteral("order"), QString::fromUtf8(workflow.readAll()), QStringLiteral("system"), SystemClock().now()));
    CF_TRY(transaction.commit());
    return connection;
}

/// One run.
class Run {
public:
    Run(const SimulationOptions& options, Connection& connection, std::unique_ptr<EngineParts> parts, std::vector<FinalState> ends)
        : m_options(options), m_connection(connection), m_world(options.seed, options.only), m_parts(std::move(parts)), m_ids(m_world.clock, catalogueNode),
          m_shop(m_world, [this] { return anyWorker(); }), m_oracle(m_connection, std::move(ends)),
          m_network(m_world, {[this] { committed(); }, [this](const QString& violation) { m_oracle.add(violation); }, [this] { return anyWorker(); },
                            [this](const QString& ref) { return isCancelled(ref); }, [this](const QString& ref) { confirming(ref); }})
    {
        FaultPlan& faults = m_world.faults;
        const int workers = !faults.fires(FaultKind::TwoWorkers) ? 1 : faults.fires(FaultKind::ThreeWorkers) ? 3 : 2;
        for (int i = 0; i < workers; ++i) {
            m_workers.push_back(std::make_unique<SimulatedWorker>(m_world, m_connection, *m_parts, i + 1));
            m_workers.back()->setNetwork(m_network);
        }
    }

    Result<SimulationOutcome> run()
    {
        m_world.setSink(m_options.trace);
        CF_TRY(m_shop.open(m_connection, m_ids));
        m_shop.openDoors(m_options.payments);
        runUntil(m_world.now() + faultPhase);
        heal();
        runUntil(m_world.now() + healPhase);
        m_oracle.judge(m_network.gateway(), m_shop);
        return outcome();
    }

private:
    void committed()
    {
        ++m_commits;
        m_due.reset();
        m_oracle.committed();
    }

    SimulatedWorker* anyWorker()
    {
        std::vector<SimulatedWorker*> running;
        for (const auto& worker : m_workers) {
            if (worker->isRunning()) {
                running.push_back(worker.get());
            }
        }
        return running.empty() ? nullptr : running[static_cast<std::size_t>(m_world.faults.draw(Stream::Choice, static_cast<qint64>(running.size())))];
    }

    bool isCancelled(const QString& transactionRef)
    {
        const auto tccs = selectRows<TccTransaction>(m_connection, QStringLiteral("WHERE transaction_id = ?"), {bound(TransactionId::parse(transactionRef).value_or(TransactionId()))});
        return tccs && !tccs->empty() && tccs->front().decision == TccDecision::Cancelled;
    }

    void confirming(const QString& transactionRef)
    {
        const auto payments = selectRows<PaymentTransaction>(m_connection, QStringLiteral("WHERE id = ?"), {bound(TransactionId::parse(transactionRef).value_or(TransactionId()))});
        if (payments && !payments->empty()) {
            m_shop.confirming(payments->front().order);
        }
    }

    /// The next moment at which a worker looks for work: when something is due, or after a polling period when nobody could take it.
    UtcTime nextLook(bool wasIdle)
    {
        if (!m_due) {
            m_due = nextJobDue(m_connection).value_or(UtcTime());
        }
        const UtcTime soonest = wasIdle ? m_world.now() + polling : m_world.now();
        return m_due->isNone() ? UtcTime() : std::max(*m_due, soonest);
    }

    void runUntil(UtcTime end)
    {
        bool wasIdle = false;
        for (int round = 0; round < roundsMax; ++round) {
            const UtcTime event = m_world.nextEvent();
            const bool haveAnswers = std::ranges::any_of(m_workers, [](const auto& worker) { return worker->hasAnswers() && worker->isRunning(); });
            const UtcTime look = haveAnswers ? m_world.now() : nextLook(wasIdle);
            const bool isEventFirst = !event.isNone() && (look.isNone() || event <= look);
            const UtcTime next = isEventFirst ? event : look;
            if (next.isNone() || next > end) {
                m_world.clock.set(end);
                return;
            }
            if (isEventFirst) {
                m_world.runNext();
                wasIdle = false;
                continue;
            }
            m_world.clock.set(std::max(m_world.now(), next));
            SimulatedWorker* const worker = anyWorker();
            wasIdle = !worker || !worker->work();
        }
        m_restless = true;
    }

    void heal()
    {
        m_world.faults.heal();
        m_world.note(QStringLiteral("heals"));
        for (const auto& worker : m_workers) {
            worker->heal();
        }
        m_network.settleAll();
    }

    SimulationOutcome outcome()
    {
        SimulationOutcome outcome;
        outcome.violations = m_oracle.violations();
        if (m_restless) {
            outcome.violations << QStringLiteral("rest: it doesn't come to an end");
        }
        outcome.faults = m_world.faults.fired();
        outcome.commits = m_commits;
        outcome.checks = m_oracle.checks();
        if (const auto orders = selectRows<Order>(m_connection, QStringLiteral("ORDER BY 1"), {})) {
            for (const Order& order : *orders) {
                ++outcome.ordersPlaced;
                outcome.ordersPaid += order.paid.isPositive() ? 1 : 0;
                m_world.note(QStringLiteral("end %1 %2 %3").arg(order.id.toText(), order.state).arg(order.rowVersion));
            }
        }
        outcome.traceHash = m_world.traceHash();
        return outcome;
    }

    const SimulationOptions& m_options;
    Connection& m_connection;
    SimulatedWorld m_world;
    std::unique_ptr<EngineParts> m_parts;
    IdSource m_ids;
    SimulatedShop m_shop;
    SimulationOracle m_oracle;
    SimulatedNetwork m_network;
    std::vector<std::unique_ptr<SimulatedWorker>> m_workers;
    qint64 m_commits = 0;
    /// When the next job is due, if nothing was committed since it was looked up.
    std::optional<UtcTime> m_due;
    bool m_restless = false;
};

QString kindOf(const QString& violation)
{
    return violation.section(u':', 0, 0);
}

bool hasKind(const SimulationOutcome& outcome, const QString& kind)
{
    return std::ranges::any_of(outcome.violations, [&kind](const QString& violation) { return kindOf(violation) == kind; });
}

} // namespace

Result<SimulationOutcome> simulate(const SimulationOptions& options)
{
    CF_ASSIGN(const std::unique_ptr<Connection> connection, openDatabase());
    return simulateOn(*connection, options);
}

Result<SimulationOutcome> simulateOn(Connection& connection, const SimulationOptions& options)
{
    CF_ASSIGN(std::unique_ptr<EngineParts> parts, EngineParts::load(connection, engineOptions()));
    CF_ASSIGN(std::vector<FinalState> ends, finalStates(connection));
    return Run(options, connection, std::move(parts), std::move(ends)).run();
}

Result<SimulationOutcome> shrink(const SimulationOptions& failing, const SimulationOutcome& outcome, int runsMax)
{
    require(!outcome.violations.isEmpty(), "only a failing run is shrunk");
    const QString kind = kindOf(outcome.violations.front());
    SimulationOutcome best = outcome;
    int runs = 0;
    for (std::size_t chunk = std::max<std::size_t>(1, best.faults.size() / 2); runs < runsMax;) {
        bool wasSmaller = false;
        for (std::size_t from = 0; from < best.faults.size() && runs < runsMax; ++runs) {
            SimulationOptions tried = failing;
            tried.trace = {};
            const auto begin = std::next(best.faults.begin(), static_cast<std::ptrdiff_t>(from));
            const auto end = std::next(begin, static_cast<std::ptrdiff_t>(std::min(chunk, best.faults.size() - from)));
            tried.only = FaultSet(best.faults.begin(), begin);
            tried.only->insert(end, best.faults.end());
            CF_ASSIGN(SimulationOutcome less, simulate(tried));
            if (hasKind(less, kind) && less.faults.size() < best.faults.size()) {
                best = std::move(less);
                wasSmaller = true;
            } else {
                from += chunk;
            }
        }
        if (chunk == 1 && !wasSmaller) {
            break;
        }
        chunk = std::max<std::size_t>(1, chunk / 2);
    }
    return best;
}

} // namespace counterfoil
