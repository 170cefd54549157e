// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulation/simulated_network.h"

#include "models/base/json.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace counterfoil {

namespace {

using Stream = FaultPlan::Stream;

constexpr Duration requestDeadline = Duration::seconds(10);
constexpr qint64 latencyLeastMs = 20;
constexpr qint64 latencyMostMs = 400;
constexpr qint64 lateRequestMostMs = 60'000;
constexpr qint64 lateAnswerMostMs = 9'500;
constexpr qint64 callbackLateMostMs = 7'200'000;
constexpr qint64 overtakenMostMs = 5'000;
constexpr qint64 bankMostMs = 600'000;
constexpr qint64 paymentDeadlineMs = 900'000;
constexpr qint64 deadlineRaceMs = 3'000;
constexpr Duration redelivery = Duration::minutes(1);
constexpr Duration staleBy = Duration::minutes(7);

GatewayAnswer unanswered(GatewayOutcome outcome, const char* code)
{
    GatewayAnswer answer;
    answer.outcome = outcome;
    answer.errorCode = QString::fromLatin1(code);
    return answer;
}

/// The body with another value in its object's amounts or currency.
QByteArray altered(const QByteArray& body, const std::function<void(QJsonObject&)>& change)
{
    QJsonObject event = QJsonDocument::fromJson(body).object();
    QJsonObject data = event.value(QStringLiteral("data")).toObject();
    QJsonObject object = data.value(QStringLiteral("object")).toObject();
    change(object);
    data.insert(QStringLiteral("object"), object);
    event.insert(QStringLiteral("data"), data);
    return toJson(event);
}

void raiseAmounts(QJsonObject& object)
{
    for (const QString& field : {QStringLiteral("amount"), QStringLiteral("amount_received")}) {
        if (const qint64 known = object.value(field).toInteger(); known > 0) {
            object.insert(field, known + 1);
        }
    }
}

} // namespace

Duration SimulatedNetwork::latency()
{
    return Duration::milliseconds(m_world.faults.between(Stream::Latency, latencyLeastMs, latencyMostMs));
}

void SimulatedNetwork::send(SimulatedWorker& worker, const RemoteCall& call)
{
    FaultPlan& faults = m_world.faults;
    m_world.note(QStringLiteral("send %1 %2 %3").arg(toString(call.request.operation), call.request.idempotencyKey, call.request.objectId));
    if (faults.fires(FaultKind::RequestNotSent)) {
        answerLater(worker, call, unanswered(GatewayOutcome::NotSent, "connection_refused"), latency());
        return;
    }
    if (faults.fires(FaultKind::RequestLost)) {
        answerLater(worker, call, unanswered(GatewayOutcome::Unknown, "connection_lost"), requestDeadline);
        return;
    }
    if (call.request.operation == GatewayOperation::ConfirmIntent) {
        m_hooks.confirming(call.request.transactionRef);
    }
    const Fault fault = outcomeOf(call.request);
    if (faults.fires(FaultKind::RequestLate)) {
        answerLater(worker, call, unanswered(GatewayOutcome::Unknown, "timeout"), requestDeadline);
        executeAt(m_world.now() + Duration::milliseconds(faults.between(Stream::Delay, 1'000, lateRequestMostMs)), worker, call, fault, false);
        return;
    }
    const bool isLost = faults.fires(FaultKind::AnswerLost);
    if (isLost) {
        answerLater(worker, call, unanswered(GatewayOutcome::Unknown, "connection_lost"), latency());
    }
    executeAt(m_world.now() + latency(), worker, call, fault, !isLost);
}

void SimulatedNetwork::executeAt(UtcTime time, SimulatedWorker& worker, const RemoteCall& call, Fault fault, bool answerArrives)
{
    const int life = worker.life();
    m_world.at(time, [this, &worker, call, fault, answerArrives, life] {
        const GatewayAnswer answer = m_gateway.answer(call.request, fault);
        m_world.note(QStringLiteral("gateway %1 %2 %3").arg(toString(call.request.operation), toString(answer.outcome), answer.intent ? toString(answer.intent->status) : answer.errorCode));
        watch(call.request);
        deliverCallbacks();
        if (answerArrives && worker.life() == life) {
            const bool late = m_world.faults.fires(FaultKind::AnswerLate);
            answerLater(worker, call, answer, late ? Duration::milliseconds(m_world.faults.between(Stream::Delay, 2'000, lateAnswerMostMs)) : latency());
        }
    });
}

void SimulatedNetwork::answerLater(SimulatedWorker& worker, const RemoteCall& call, const GatewayAnswer& answer, Duration delay)
{
    m_world.after(delay, [&worker, call, answer, life = worker.life(), sentAt = m_world.now()] {
        GatewayAnswer timed = answer;
        timed.sentAt = sentAt;
        worker.take(call, life, timed);
    });
}

Fault SimulatedNetwork::outcomeOf(const GatewayRequest& request)
{
    FaultPlan& faults = m_world.faults;
    if (faults.fires(FaultKind::ErrorBeforeEffect)) {
        return Fault::StoredErrorBefore;
    }
    if (faults.fires(FaultKind::ErrorAfterEffect)) {
        return Fault::StoredErrorAfter;
    }
    if (request.operation == GatewayOperation::CreateIntent) {
        return faults.fires(FaultKind::WrongAmount) ? Fault::WrongAmount : faults.fires(FaultKind::WrongCurrency) ? Fault::WrongCurrency : Fault::None;
    }
    if (request.operation == GatewayOperation::ConfirmIntent) {
        return faults.fires(FaultKind::Declined)               ? Fault::Decline
            : faults.fires(FaultKind::ActionRequired)          ? Fault::RequiresAction
            : faults.fires(FaultKind::Processing)              ? Fault::Processing
            : faults.fires(FaultKind::PartialCapture)          ? Fault::PartialCapture
                                                               : Fault::None;
    }
    if (request.operation == GatewayOperation::CreateRefund) {
        return faults.fires(FaultKind::RefundPending) ? Fault::Pending : faults.fires(FaultKind::RefundFailed) ? Fault::RefundFailed : Fault::None;
    }
    return Fault::None;
}

/// What a request starts at the gateway and at the buyer's.
void SimulatedNetwork::watch(const GatewayRequest& request)
{
    FaultPlan& faults = m_world.faults;
    for (const ModelGateway::Refund& refund : m_gateway.refundsOf(request.transactionRef)) {
        if (request.operation == GatewayOperation::CreateRefund) {
            settleRefundLater(refund.id, Duration::milliseconds(faults.between(Stream::Delay, 500, bankMostMs)), faults.draw(Stream::Outcome, 4) > 0);
        }
    }
    for (const ModelGateway::Intent& intent : m_gateway.of(request.transactionRef)) {
        const bool waits = intent.status == IntentStatus::Processing || intent.status == IntentStatus::RequiresAction;
        if (request.operation == GatewayOperation::ConfirmIntent && waits) {
            const bool atDeadline = faults.fires(FaultKind::DeadlineRacesCapture);
            const Duration delay = Duration::milliseconds(atDeadline ? paymentDeadlineMs + faults.between(Stream::Delay, -deadlineRaceMs, deadlineRaceMs)
                                                                     : faults.between(Stream::Delay, 500, bankMostMs));
            settleLater(intent.id, delay, faults.draw(Stream::Outcome, 4) > 0);
        }
        if (request.operation == GatewayOperation::CancelIntent && intent.status == IntentStatus::Canceled && faults.fires(FaultKind::MoneyAfterCancel)) {
            m_world.after(Duration::milliseconds(faults.between(Stream::Delay, 1'000, bankMostMs)), [this, id = intent.id] { takeMoneyAfterCancel(id); });
        }
    }
}

void SimulatedNetwork::settleRefundLater(const QString& refundId, Duration delay, bool well)
{
    m_world.after(delay, [this, refundId, well] {
        const auto refund = std::ranges::find(m_gateway.refunds(), refundId, &ModelGateway::Refund::id);
        if (refund->status == u"pending") {
            m_world.note(QStringLiteral("refund %1 %2").arg(refundId).arg(well));
            m_gateway.setRefundStatus(refundId, well ? QStringLiteral("succeeded") : QStringLiteral("failed"));
            deliverCallbacks();
        }
    });
}

void SimulatedNetwork::settleLater(const QString& intentId, Duration delay, bool well)
{
    m_world.after(delay, [this, intentId, well] {
        for (const ModelGateway::Intent& intent : m_gateway.all()) {
            const bool waits = intent.status == IntentStatus::Processing || intent.status == IntentStatus::RequiresAction;
            if (intent.id == intentId && waits) {
                m_world.note(QStringLiteral("bank %1 %2").arg(intentId).arg(well));
                m_gateway.setStatus(intentId, well ? IntentStatus::Succeeded : IntentStatus::RequiresPaymentMethod, well ? QString() : QStringLiteral("authentication_required"));
                deliverCallbacks();
            }
        }
    });
}

void SimulatedNetwork::settleAll()
{
    for (const ModelGateway::Refund& refund : m_gateway.refunds()) {
        settleRefundLater(refund.id, latency(), true);
    }
    for (const ModelGateway::Intent& intent : m_gateway.all()) {
        if (intent.status == IntentStatus::Processing || intent.status == IntentStatus::RequiresAction) {
            settleLater(intent.id, latency(), m_world.faults.draw(Stream::Outcome, 4) > 0);
        }
    }
}

void SimulatedNetwork::takeMoneyAfterCancel(const QString& intentId)
{
    const std::vector<ModelGateway::Intent> all = m_gateway.all();
    const auto intent = std::ranges::find(all, intentId, &ModelGateway::Intent::id);
    if (!m_hooks.isCancelled(intent->transactionRef)) {
        // A gateway that takes money on a cancelled object before we know of the cancellation contradicts itself: a person's business.
        if (!m_world.faults.isHealed()) {
            m_world.after(redelivery, [this, intentId] { takeMoneyAfterCancel(intentId); });
        }
        return;
    }
    m_world.note(QStringLiteral("money after cancel %1").arg(intentId));
    m_gateway.setStatus(intentId, IntentStatus::Succeeded);
    // Nobody asks about a payment that is decided: this callback is the only way to learn it, so it is not lost.
    for (const QByteArray& body : m_gateway.takeCallbacks()) {
        arrive(body, SimulatedWorker::callbackSecret(), {});
        m_world.after(latency(), [this, body] { arrive(body, SimulatedWorker::callbackSecret(), {}); });
    }
}

void SimulatedNetwork::deliverCallbacks()
{
    for (const QByteArray& body : m_gateway.takeCallbacks()) {
        deliver(body);
    }
}

void SimulatedNetwork::deliver(const QByteArray& body)
{
    FaultPlan& faults = m_world.faults;
    const QByteArray& secret = SimulatedWorker::callbackSecret();
    if (faults.fires(FaultKind::CallbackForged)) {
        disguise(body);
    }
    if (faults.fires(FaultKind::CallbackStale)) {
        m_world.after(Duration::milliseconds(faults.between(Stream::Delay, 1'000, callbackLateMostMs)), [this, body, &secret] { arrive(body, secret, staleBy); });
    }
    if (faults.fires(FaultKind::CallbackLost)) {
        return;
    }
    Duration delay = latency();
    if (faults.fires(FaultKind::CallbackLate)) {
        delay = Duration::milliseconds(faults.between(Stream::Delay, 10'000, callbackLateMostMs));
    } else if (faults.fires(FaultKind::CallbackReordered)) {
        delay = Duration::milliseconds(faults.between(Stream::Delay, 500, overtakenMostMs));
    }
    QByteArray sent = body;
    if (faults.fires(FaultKind::CallbackWrongAmount)) {
        sent = altered(body, raiseAmounts);
    } else if (faults.fires(FaultKind::CallbackWrongCurrency)) {
        sent = altered(body, [](QJsonObject& object) { object.insert(QStringLiteral("currency"), QStringLiteral("eur")); });
    }
    m_world.after(delay, [this, sent, &secret] { arrive(sent, secret, {}); });
    if (faults.fires(FaultKind::CallbackDuplicated)) {
        m_world.at(m_world.now() + delay + latency(), [this, sent, &secret] { arrive(sent, secret, {}); });
    }
}

/// Somebody who doesn't know the secret says that a payment succeeded.
void SimulatedNetwork::disguise(const QByteArray& body)
{
    const QByteArray forged = altered(body, [](QJsonObject& object) {
        object.insert(QStringLiteral("status"), QStringLiteral("succeeded"));
        object.insert(QStringLiteral("amount_received"), object.value(QStringLiteral("amount")));
    });
    QJsonObject event = QJsonDocument::fromJson(forged).object();
    event.insert(QStringLiteral("id"), event.value(QStringLiteral("id")).toString() + QStringLiteral("_forged"));
    m_world.after(latency(), [this, event] { arrive(toJson(event), QByteArrayLiteral("whsec_somebody"), {}); });
}

void SimulatedNetwork::arrive(const QByteArray& body, const QByteArray& secret, Duration signedBefore)
{
    SimulatedWorker* const worker = m_hooks.anyWorker();
    const QByteArray header = signCallback(secret, body, m_world.now() - signedBefore);
    const Result<void> taken = worker ? worker->takeCallback(header, body) : Result<void>(fail(ErrorCode::DatabaseUnavailable));
    m_world.note(QStringLiteral("callback %1").arg(taken ? QStringLiteral("taken") : toString(taken.error().code)));
    const bool isGenuine = secret == SimulatedWorker::callbackSecret() && signedBefore == Duration();
    if (!taken && isGenuine) {
        m_world.after(redelivery, [this, body, secret] { arrive(body, secret, {}); });
    }
}

} // namespace counterfoil
