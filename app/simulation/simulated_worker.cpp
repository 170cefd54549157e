// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulation/simulated_worker.h"

#include "app/simulation/simulated_network.h"
#include "models/domain/new_order.h"
#include "models/store/job_queue.h"

#include <array>

namespace counterfoil {

namespace {

using Stream = FaultPlan::Stream;

constexpr int requestsInFlightMax = 16;
constexpr Duration renewalPeriod = Duration::milliseconds(1500);
constexpr Duration outagePause = Duration::seconds(1);
/// Longer than a lease.
constexpr qint64 pauseLeastMs = 5'500;
constexpr qint64 pauseMostMs = 60'000;
constexpr qint64 restartMostMs = 8'000;
constexpr qint64 clockErrorMostMs = 400'000;

std::unexpected<Error> connectionLost(const char* when)
{
    return fail(ErrorCode::DatabaseUnavailable, QLatin1String(when));
}

} // namespace

SimulatedWorker::SimulatedWorker(SimulatedWorld& world, Connection& connection, const EngineParts& parts, int number)
    : m_world(world), m_connection(connection), m_parts(parts), m_number(number), m_clock(world.clock), m_ids(m_clock, number)
{
    start();
}

const QByteArray& SimulatedWorker::callbackSecret()
{
    static const QByteArray secret = QByteArrayLiteral("whsec_simulation");
    return secret;
}

void SimulatedWorker::start()
{
    ++m_life;
    m_isDead = false;
    JobRunner::Options options;
    options.owner = QStringLiteral("worker-%1-%2").arg(m_number).arg(m_life);
    options.seed = static_cast<quint32>(m_world.faults.draw(Stream::Choice, 1'000'000'000));
    m_runner = std::make_unique<JobRunner>(m_connection, m_clock, m_ids, m_parts.handlers(), options);
    m_placement = std::make_unique<OrderPlacement>(m_connection, OrderPlacement::Parts{m_parts.engine(), m_parts.coordinator(), m_clock, m_ids}, OrderPlacement::Options{});
    m_refunds = std::make_unique<RefundService>(m_connection, RefundService::Parts{m_parts.engine(), m_parts.refunds(), m_clock, m_ids});
}

void SimulatedWorker::die()
{
    m_world.note(QStringLiteral("worker %1 dies").arg(m_number));
    m_isDead = true;
    m_answers.clear();
    m_underWay.clear();
    m_pausedUntil = m_world.now() + Duration::milliseconds(m_world.faults.between(Stream::Delay, 100, restartMostMs));
    const int life = m_life;
    m_world.at(m_pausedUntil, [this, life] {
        if (m_isDead && m_life == life) {
            start();
        }
    });
}

void SimulatedWorker::pause()
{
    m_pausedUntil = m_world.now() + Duration::milliseconds(m_world.faults.between(Stream::Delay, pauseLeastMs, pauseMostMs));
    m_world.note(QStringLiteral("worker %1 stops until %2").arg(m_number).arg(m_pausedUntil.micros()));
}

/// The database asks the worker whose transaction it is in.
template<class Function>
auto SimulatedWorker::acting(Function function) -> decltype(function())
{
    m_connection.setInterference([this](TransactionPoint point) { return interfere(point); });
    auto outcome = function();
    m_connection.setInterference({});
    return outcome;
}

Result<void> SimulatedWorker::interfere(TransactionPoint point)
{
    if (m_isDead) {
        return connectionLost("this process is dead");
    }
    FaultPlan& faults = m_world.faults;
    switch (point) {
    case TransactionPoint::BeforeBegin:
        return faults.fires(FaultKind::DatabaseBusy) ? fail(ErrorCode::DatabaseBusy, QStringLiteral("simulated")) : Result<void>();
    case TransactionPoint::BeforeCommit:
        if (faults.fires(FaultKind::CrashBeforeCommit)) {
            die();
            return connectionLost("died before the commit");
        }
        return faults.fires(FaultKind::SerializationFailure) ? fail(ErrorCode::SerializationFailure, QStringLiteral("simulated")) : Result<void>();
    case TransactionPoint::AfterCommit:
        m_network->committed();
        if (faults.fires(FaultKind::CrashAfterCommit)) {
            die();
            return connectionLost("died after the commit");
        }
        return faults.fires(FaultKind::CommitAnswerLost) ? connectionLost("the answer to the commit was lost") : Result<void>();
    }
    assertionFailed("a point that is none");
}

bool SimulatedWorker::work()
{
    FaultPlan& faults = m_world.faults;
    // One that has nothing under way may stop as long as it likes.
    if (!m_underWay.empty() && faults.fires(FaultKind::WorkerPause)) {
        pause();
        return true;
    }
    if (faults.fires(FaultKind::ClockJump)) {
        m_clock.setSkew(Duration::milliseconds(faults.between(Stream::Skew, -clockErrorMostMs, clockErrorMostMs)));
        m_world.note(QStringLiteral("worker %1 is at %2").arg(m_number).arg(m_clock.now().micros()));
    }
    bool any = !m_answers.empty();
    if (any) {
        const std::vector<RemoteAnswer> answers = m_answers;
        const qint64 lost = lostLeases(answers);
        const qint64 droppedBefore = m_runner->statistics().answersDropped;
        const Result<void> applied = acting([&] { return m_runner->applyAnswers(answers); });
        if (applied && m_runner->statistics().answersDropped - droppedBefore < lost) {
            m_network->complain(QStringLiteral("lease: worker %1 applied an answer whose lease it had lost").arg(m_number));
        }
        if (!applied) {
            // They are kept, and handed in again when the database is back.
            m_pausedUntil = std::max(m_pausedUntil, m_world.now() + outagePause);
            return true;
        }
        for (const RemoteAnswer& answer : answers) {
            m_underWay.erase(answer.call.job.id);
        }
        m_answers.clear();
    }
    const int capacity = requestsInFlightMax - static_cast<int>(m_underWay.size());
    const auto round = acting([&] { return m_runner->runDue(capacity); });
    if (!round) {
        m_pausedUntil = std::max(m_pausedUntil, m_world.now() + outagePause);
        return true;
    }
    for (const RemoteCall& call : round->calls) {
        m_underWay.insert_or_assign(call.job.id, call);
    }
    send(round->calls, 0);
    return any || round->claimed > 0;
}

/// How many of these answers belong to jobs that somebody else has claimed since.
qint64 SimulatedWorker::lostLeases(const std::vector<RemoteAnswer>& answers)
{
    qint64 lost = 0;
    for (const RemoteAnswer& answer : answers) {
        const auto job = loadJobs(m_connection, std::array{answer.call.job.id});
        lost += job && !job->empty() && job->front().epoch != answer.call.job.epoch ? 1 : 0;
    }
    return lost;
}

void SimulatedWorker::send(const std::vector<RemoteCall>& calls, std::size_t from)
{
    for (std::size_t i = from; i < calls.size(); ++i) {
        if (m_world.faults.fires(FaultKind::CrashBetweenEffects)) {
            die();
            return;
        }
        if (m_world.faults.fires(FaultKind::PauseBeforeSend)) {
            pause();
            const int life = m_life;
            m_world.at(m_pausedUntil, [this, calls, i, life] {
                if (!m_isDead && m_life == life) {
                    m_network->send(*this, calls[i]);
                    send(calls, i + 1);
                }
            });
            return;
        }
        m_network->send(*this, calls[i]);
    }
    if (!calls.empty()) {
        renewLater();
    }
}

void SimulatedWorker::renewLater()
{
    if (std::exchange(m_renewalIsDue, true)) {
        return;
    }
    m_world.after(renewalPeriod, [this] {
        m_renewalIsDue = false;
        if (m_isDead || m_underWay.empty()) {
            return;
        }
        if (isRunning()) {
            std::vector<JobId> jobs;
            for (const auto& [id, call] : m_underWay) {
                jobs.push_back(id);
            }
            // What isn't renewed runs out, and others take it: nothing to do about it here.
            (void)acting([&] { return m_runner->renew(jobs); });
        }
        if (!m_isDead) {
            renewLater();
        }
    });
}

void SimulatedWorker::take(const RemoteCall& call, int life, const GatewayAnswer& answer)
{
    if (!m_isDead && m_life == life) {
        m_answers.push_back({call, answer});
    }
}

Result<PlacedOrder> SimulatedWorker::placeOnce(const NewOrder& order, const QString& key)
{
    return acting([&] { return m_placement->placeOnce(order, {QStringLiteral("api:shop"), false, nullptr}, {QStringLiteral("shop"), key, contentHash(order)}); });
}

Result<std::vector<Result<PlacedOrder>>> SimulatedWorker::place(std::span<const NewOrder> orders)
{
    return acting([&] { return m_placement->place(orders, {QStringLiteral("api:shop"), false, nullptr}); });
}

Result<EventOutcome> SimulatedWorker::apply(OrderId order, const OrderEventInput& event)
{
    return acting([&]() -> Result<EventOutcome> {
        UnitOfWork work(m_connection, m_clock, m_ids);
        CF_TRY(work.begin());
        CF_TRY(work.loadOrders({order}, OrderDepth::Full));
        CF_ASSIGN(const EventOutcome outcome, m_parts.engine().apply(work, order, event));
        CF_TRY(work.commit());
        return outcome;
    });
}

Result<PlacedRefund> SimulatedWorker::refund(OrderId order, const RefundRequest& wanted, const QString& key)
{
    return acting([&] { return m_refunds->request(order, wanted, key, QStringLiteral("api:shop"), QStringLiteral("returned")); });
}

Result<void> SimulatedWorker::takeCallback(const QByteArray& header, const QByteArray& body)
{
    return acting([&]() -> Result<void> {
        CF_TRY(verifyCallback(header, body, std::span(&callbackSecret(), 1), m_clock.now()));
        CF_ASSIGN(CallbackEvent event, parseCallback(body));
        const VerifiedCallback callback{std::move(event), body};
        CF_TRY(storeCallbacks(m_connection, m_clock, m_ids, std::span(&callback, 1)));
        return {};
    });
}

void SimulatedWorker::heal()
{
    m_clock.setSkew({});
    m_pausedUntil = std::min(m_pausedUntil, m_world.now());
    if (m_isDead) {
        start();
    }
}

} // namespace counterfoil
