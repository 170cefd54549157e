// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/worker/worker_loop.h"

#include "models/store/job_queue.h"
#include "models/store/migrator.h"

#include <QLoggingCategory>

namespace counterfoil {

namespace {

Q_LOGGING_CATEGORY(logWorker, "counterfoil.worker")

/// Polling makes wake-ups unnecessary for correctness: other workers may add jobs to a shared database.
constexpr int pollMs = 250;
constexpr int leaseRenewalMs = 1500;
constexpr int heartbeatMs = 5000;
/// People hand their commands in over connections of their own.
constexpr int commandPollMs = 200;
constexpr int commandsAtOnce = 4;
constexpr int outagePauseMs = 1000;
constexpr int busyPauseMs = 50;

} // namespace

WorkerLoop::WorkerLoop(WorkerOptions options) : m_options(std::move(options))
{
    for (QTimer* timer : {&m_dueTimer, &m_commandTimer, &m_leaseTimer, &m_heartbeatTimer, &m_graceTimer}) {
        timer->setParent(this);
    }
    m_dueTimer.setSingleShot(true);
    m_graceTimer.setSingleShot(true);
    connect(&m_dueTimer, &QTimer::timeout, this, &WorkerLoop::pump);
    connect(&m_commandTimer, &QTimer::timeout, this, &WorkerLoop::runCommands);
    connect(&m_leaseTimer, &QTimer::timeout, this, &WorkerLoop::renewLeases);
    connect(&m_heartbeatTimer, &QTimer::timeout, this, &WorkerLoop::sendHeartbeat);
    connect(&m_graceTimer, &QTimer::timeout, this, &WorkerLoop::end);
    const auto connection = [this] { return m_session ? m_session->connection.get() : nullptr; };
    const auto failed = [this](const Error& error) { handleOutage(error); };
    m_audit = std::make_unique<AuditRounds>(AuditRounds::Parts{connection, failed, m_clock, m_options.auditAnchor});
    m_watch = std::make_unique<WatchRounds>(WatchRounds::Parts{m_options.database, connection, [this] { return m_ids.get(); }, failed, m_clock, m_options.watchInterval});
}

WorkerLoop::~WorkerLoop() = default;

Result<void> WorkerLoop::open()
{
    m_startedAt = m_clock.now();
    CF_ASSIGN(m_lock, WriterLock::acquire(m_options.database));
    CF_TRY(openSession());
    CF_TRY(checkEnvironment());
    StripeOptions gateway;
    gateway.baseUrl = m_options.gatewayUrl;
    gateway.secretKey = m_options.gatewayKey;
    gateway.inFlightMax = m_options.requestsInFlight;
    CF_ASSIGN(m_gateway, GatewayThread::start(gateway, m_clock));
    m_commandTimer.start(commandPollMs);
    CF_TRY(m_audit->start());
    m_watch->start();
    m_leaseTimer.start(leaseRenewalMs);
    m_heartbeatTimer.start(heartbeatMs);
    sendHeartbeat();
    wake();
    return {};
}

Result<void> WorkerLoop::checkEnvironment()
{
    CF_ASSIGN(const QString environment, setting(connection(), QStringLiteral("environment")));
    const bool testKey = m_options.gatewayKey.startsWith("sk_test_") || m_options.gatewayKey.startsWith("rk_test_");
    if (environment == u"live" ? testKey : !testKey) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("the gateway key is %1 and the database's environment is %2: real and play money don't mix")
                                                         .arg(testKey ? QStringLiteral("for tests") : QStringLiteral("live"), environment.isEmpty() ? QStringLiteral("not set") : environment));
    }
    return {};
}

Result<void> WorkerLoop::openSession()
{
    auto session = std::make_unique<Session>();
    CF_ASSIGN(session->connection, openCurrent(m_options.database, ConnectionRole::Writer, m_clock));
    CF_ASSIGN(const int node, m_options.node ? Result<int>(*m_options.node) : claimNode(*session->connection, heartbeat()));
    if (!m_ids || node != m_node) {
        m_node = node;
        m_ids = std::make_unique<IdSource>(m_clock, node);
    }
    if (!m_parts) {
        CF_ASSIGN(m_parts, EngineParts::load(*session->connection, {m_options.settlementDelay, m_options.storedErrorPatience}));
    }
    OrderPlacement::Options placement;
    placement.defaultCommission = m_options.defaultCommission;
    session->placement = std::make_unique<OrderPlacement>(*session->connection, OrderPlacement::Parts{m_parts->engine(), m_parts->coordinator(), m_clock, *m_ids}, placement);
    session->refunds = std::make_unique<RefundService>(*session->connection, RefundService::Parts{m_parts->engine(), m_parts->refunds(), m_clock, *m_ids});
    JobRunner::Options runner;
    runner.owner = m_options.name;
    runner.seed = static_cast<quint32>(m_startedAt.micros());
    runner.escalateAfter = m_options.escalateAfter;
    session->runner = std::make_unique<JobRunner>(*session->connection, m_clock, *m_ids, m_parts->handlers(), runner);
    session->commands = std::make_unique<CommandRunner>(*session->connection, m_clock, *m_ids, m_parts->commandActions());
    m_session = std::move(session);
    return {};
}

void WorkerLoop::postUrgent(Task task)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_urgent.push_back(std::move(task));
    }
    wake();
}

void WorkerLoop::post(Task task)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_tasks.push_back(std::move(task));
    }
    wake();
}

void WorkerLoop::postCallback(VerifiedCallback callback, std::function<void(Result<bool>)> done)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_callbacks.push_back({std::move(callback), std::move(done)});
    }
    wake();
}

void WorkerLoop::wake()
{
    if (!m_wakeQueued.exchange(true)) {
        QMetaObject::invokeMethod(this, &WorkerLoop::pump, Qt::QueuedConnection);
    }
}

void WorkerLoop::pump()
{
    m_wakeQueued = false;
    m_inTrouble = false;
    if (!m_session) {
        // Those who ask during the pause are told, but don't make it shorter.
        const auto opened = m_dueTimer.isActive() ? Result<void>(fail(ErrorCode::DatabaseUnavailable)) : openSession();
        if (!opened) {
            if (!m_dueTimer.isActive()) {
                handleOutage(opened.error());
            }
            refuseWaiting(opened.error());
            return;
        }
        qCInfo(logWorker, "the database is back");
    }
    if (m_clock.now() - m_renewedAt >= Duration::milliseconds(leaseRenewalMs)) {
        // The thread may have been held up: what is under way is renewed before leases that ran out are claimed.
        renewLeases();
    }
    // A callback is what somebody waits for in front of a page: it is stored and applied between any two other things.
    bool more = false;
    for (const auto step : {&WorkerLoop::runTasks, &WorkerLoop::applyAnswers, &WorkerLoop::runJobs}) {
        if (storeCallbackBatch()) {
            more = runJobs() || more;
        }
        more = (this->*step)() || more;
    }
    {
        const std::scoped_lock lock(m_mutex);
        m_statistics.lastRound = m_clock.now();
        m_statistics.requestsInFlight = static_cast<qint64>(m_underWay.size());
        m_statistics.databaseReachable = m_session != nullptr;
        if (m_session) {
            m_statistics.runner = m_session->runner->statistics();
        }
        more = more || !m_urgent.empty() || !m_callbacks.empty() || !m_arrived.empty();
    }
    if (m_finishing && m_underWay.empty() && m_answers.empty()) {
        end();
        return;
    }
    if (m_inTrouble || !m_session) {
        m_dueTimer.start(outagePauseMs);
    } else if (more) {
        wake();
    } else {
        sleepUntilDue();
    }
}

bool WorkerLoop::runTasks()
{
    std::deque<Task> urgent;
    Task task;
    {
        const std::scoped_lock lock(m_mutex);
        urgent.swap(m_urgent);
        // Who can't be refused waits until the database is back.
        if (m_session && !m_tasks.empty()) {
            task = std::move(m_tasks.front());
            m_tasks.pop_front();
        }
    }
    for (const Task& each : urgent) {
        each(*this);
    }
    if (task) {
        task(*this);
    }
    const std::scoped_lock lock(m_mutex);
    return !m_tasks.empty();
}

void WorkerLoop::refuseWaiting(const Error& error)
{
    std::vector<PendingCallback> callbacks;
    std::deque<Task> urgent;
    {
        const std::scoped_lock lock(m_mutex);
        callbacks.swap(m_callbacks);
        urgent.swap(m_urgent);
    }
    for (const PendingCallback& each : callbacks) {
        each.done(std::unexpected<Error>(error));
    }
    // Without a session they say so themselves.
    for (const Task& each : urgent) {
        each(*this);
    }
}

bool WorkerLoop::storeCallbackBatch()
{
    std::vector<PendingCallback> pending;
    if (m_session) {
        const std::scoped_lock lock(m_mutex);
        pending.swap(m_callbacks);
    }
    if (pending.empty()) {
        return false;
    }
    std::vector<VerifiedCallback> callbacks;
    for (const PendingCallback& each : pending) {
        callbacks.push_back(each.callback);
    }
    const auto stored = storeCallbacks(*m_session->connection, m_clock, *m_ids, callbacks);
    for (std::size_t i = 0; i < pending.size(); ++i) {
        if (stored) {
            count((*stored)[i] ? &WorkerStatistics::callbacksStored : &WorkerStatistics::callbacksDuplicate);
        }
        pending[i].done(stored ? Result<bool>((*stored)[i]) : Result<bool>(std::unexpected<Error>(stored.error())));
    }
    if (!stored) {
        handleOutage(stored.error());
    }
    return stored.has_value();
}

void WorkerLoop::takeAnswers()
{
    const std::scoped_lock lock(m_mutex);
    std::ranges::move(m_arrived, std::back_inserter(m_answers));
    m_arrived.clear();
}

bool WorkerLoop::applyAnswers()
{
    takeAnswers();
    if (m_answers.empty() || !m_session) {
        return false;
    }
    const auto applied = m_session->runner->applyAnswers(m_answers);
    if (!applied) {
        handleOutage(applied.error());
        return false;
    }
    for (const RemoteAnswer& answer : m_answers) {
        const auto it = m_underWay.find(answer.call.job.id);
        if (it != m_underWay.end() && it->second.job.epoch == answer.call.job.epoch) {
            m_underWay.erase(it);
        }
    }
    m_answers.clear();
    return true;
}

bool WorkerLoop::runJobs()
{
    if (m_finishing || !m_session) {
        return false;
    }
    // While the gateway is down its jobs stay where they are, and come back at its circuit breaker's pace.
    const int capacity = std::min(m_options.requestsInFlight - static_cast<int>(m_underWay.size()), m_gateway->sendable());
    const auto round = m_session->runner->runDue(capacity);
    if (!round) {
        handleOutage(round.error());
        return false;
    }
    for (const RemoteCall& call : round->calls) {
        send(call);
    }
    return round->claimed > 0;
}

void WorkerLoop::runCommands()
{
    if (m_finishing || !m_session || m_inTrouble) {
        return;
    }
    const auto done = m_session->commands->runDue(commandsAtOnce);
    if (!done) {
        handleOutage(done.error());
    } else if (*done > 0) {
        // What a command leads to are jobs.
        wake();
    }
}

void WorkerLoop::send(const RemoteCall& call)
{
    m_underWay.insert_or_assign(call.job.id, call);
    m_gateway->send(call.request, [this, call](GatewayAnswer answer) {
        {
            const std::scoped_lock lock(m_mutex);
            ++m_statistics.requestsByOutcome[static_cast<int>(answer.outcome)];
            m_arrived.push_back({call, std::move(answer)});
        }
        wake();
    });
}

void WorkerLoop::renewLeases()
{
    m_renewedAt = m_clock.now();
    std::vector<JobId> jobs;
    for (const auto& [id, call] : m_underWay) {
        jobs.push_back(id);
    }
    if (m_session) {
        if (const auto renewed = m_session->runner->renew(jobs); !renewed) {
            handleOutage(renewed.error());
        }
    }
}

Heartbeat WorkerLoop::heartbeat() const
{
    return {m_options.name, m_node, m_startedAt, m_clock.now(), m_options.callbackUrl};
}

void WorkerLoop::sendHeartbeat()
{
    if (!m_session) {
        return;
    }
    const auto beaten = beat(*m_session->connection, heartbeat());
    if (!beaten) {
        handleOutage(beaten.error());
    }
}

void WorkerLoop::handleOutage(const Error& error)
{
    count(&WorkerStatistics::commitsFailed);
    qCWarning(logWorker, "nothing was written: %s", qUtf8Printable(error.text()));
    if (error.code == ErrorCode::DatabaseUnavailable) {
        m_session.reset();
    }
    m_inTrouble = true;
    m_dueTimer.start(outagePauseMs);
}

void WorkerLoop::sleepUntilDue()
{
    if (m_finishing) {
        return;
    }
    const auto due = nextJobDue(*m_session->connection);
    const bool known = due && !due->isNone();
    const qint64 waitMs = known ? std::max<qint64>(0, (*due - m_clock.now()).milliseconds()) : pollMs;
    // With every place taken, what is due waits for an answer, which wakes.
    const bool canSend = static_cast<int>(m_underWay.size()) < m_options.requestsInFlight && m_gateway->sendable() > 0;
    const int leastMs = canSend ? 1 : busyPauseMs;
    m_dueTimer.start(static_cast<int>(std::clamp<qint64>(waitMs, leastMs, pollMs)));
}

void WorkerLoop::finish(Duration grace)
{
    m_finishing = true;
    m_graceTimer.start(static_cast<int>(grace.milliseconds()));
    wake();
}

/// Once: the pump and the end of the grace may both come here.
void WorkerLoop::end()
{
    if (!std::exchange(m_isEnded, true)) {
        m_watch->finish();
        m_audit->finish();
        Q_EMIT stopped();
    }
}

bool WorkerLoop::isIdle(UtcTime horizon)
{
    if (!m_session || !m_underWay.empty() || !m_answers.empty()) {
        return false;
    }
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_tasks.empty() || !m_urgent.empty() || !m_callbacks.empty()) {
            return false;
        }
    }
    const auto open = unfinishedJobs(*m_session->connection, horizon);
    return open && *open == 0;
}

void WorkerLoop::count(qint64 WorkerStatistics::*counter, qint64 by)
{
    const std::scoped_lock lock(m_mutex);
    m_statistics.*counter += by;
}

WorkerStatistics WorkerLoop::statistics() const
{
    const std::scoped_lock lock(m_mutex);
    return m_statistics;
}

} // namespace counterfoil
