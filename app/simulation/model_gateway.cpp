// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulation/model_gateway.h"

#include "models/base/json.h"

#include <QJsonObject>

#include <algorithm>

namespace counterfoil {

namespace {

bool isWrite(GatewayOperation operation)
{
    return operation != GatewayOperation::FetchIntent && operation != GatewayOperation::FindIntent && operation != GatewayOperation::FetchRefund
        && operation != GatewayOperation::FindRefund;
}

IntentSnapshot snapshot(const ModelGateway::Intent& intent)
{
    IntentSnapshot shot;
    shot.id = intent.id;
    shot.status = intent.status;
    shot.amount = intent.amount;
    shot.amountReceived = intent.received;
    shot.amountCapturable = Money::zero(intent.amount.currency());
    shot.transactionRef = intent.transactionRef;
    shot.declineCode = intent.declineCode;
    return shot;
}

GatewayAnswer succeeded(const ModelGateway::Intent& intent)
{
    GatewayAnswer answer;
    answer.outcome = GatewayOutcome::Succeeded;
    answer.httpStatus = 200;
    answer.intent = snapshot(intent);
    return answer;
}

GatewayAnswer succeeded(const ModelGateway::Refund& refund)
{
    GatewayAnswer answer;
    answer.outcome = GatewayOutcome::Succeeded;
    answer.httpStatus = 200;
    answer.refund = RefundSnapshot{refund.id, refund.intentId, refund.status, refund.amount, refund.transactionRef};
    return answer;
}

GatewayAnswer refused(int status, const char* type, const char* code)
{
    GatewayAnswer answer;
    answer.outcome = GatewayOutcome::Refused;
    answer.httpStatus = status;
    answer.errorType = QString::fromLatin1(type);
    answer.errorCode = QString::fromLatin1(code);
    return answer;
}

GatewayAnswer lost(GatewayOutcome outcome, int status, const char* code)
{
    GatewayAnswer answer = refused(status, "", code);
    answer.outcome = outcome;
    return answer;
}

} // namespace

void ModelGateway::script(GatewayOperation operation, std::initializer_list<Fault> faults)
{
    m_script[operation].insert(m_script[operation].end(), faults);
}

void ModelGateway::setRandomFaults(int percent, quint32 seed)
{
    m_faultPercent = percent;
    m_random.seed(seed);
}

Fault ModelGateway::takeFault(GatewayOperation operation)
{
    std::deque<Fault>& scripted = m_script[operation];
    if (!scripted.empty()) {
        const Fault fault = scripted.front();
        scripted.pop_front();
        return fault;
    }
    if (m_faultPercent == 0 || static_cast<int>(m_random() % 100) >= m_faultPercent) {
        return Fault::None;
    }
    static constexpr std::array transport{Fault::NotSent, Fault::UnknownBefore, Fault::UnknownAfter, Fault::StoredErrorBefore, Fault::StoredErrorAfter};
    static constexpr std::array bank{Fault::Decline, Fault::RequiresAction, Fault::Processing};
    if (operation == GatewayOperation::ConfirmIntent && m_random() % 2 == 0) {
        return bank[m_random() % bank.size()];
    }
    if (operation == GatewayOperation::CreateIntent && m_random() % 10 == 0) {
        return Fault::WrongAmount;
    }
    if (operation == GatewayOperation::CreateRefund && m_random() % 3 == 0) {
        return m_random() % 4 == 0 ? Fault::RefundFailed : Fault::Pending;
    }
    // A question has no effect and no key: an error is only an error.
    return isWrite(operation) ? transport[m_random() % transport.size()] : transport[m_random() % 2];
}

GatewayAnswer ModelGateway::answer(const GatewayRequest& request)
{
    return answer(request, takeFault(request.operation));
}

GatewayAnswer ModelGateway::answer(const GatewayRequest& request, Fault fault)
{
    m_calls.push_back(request);
    if (fault == Fault::NotSent) {
        return lost(GatewayOutcome::NotSent, 0, "connection_refused");
    }
    if (fault == Fault::CircuitOpen) {
        return lost(GatewayOutcome::NotSent, 0, "circuit_open");
    }
    if (fault == Fault::KeyReused) {
        GatewayAnswer answer = refused(400, "idempotency_error", "idempotency_error");
        answer.answerText = QStringLiteral("keys can only be used with the same parameters");
        return answer;
    }
    if (fault == Fault::Unauthenticated) {
        return refused(401, "invalid_request_error", "authentication");
    }
    if (fault == Fault::UnknownBefore) {
        return lost(GatewayOutcome::Unknown, 0, "connection_lost");
    }
    if (isWrite(request.operation)) {
        require(!request.idempotencyKey.isEmpty(), "a writing request has a key");
        if (const auto known = m_stored.find(request.idempotencyKey); known != m_stored.end()) {
            return fault == Fault::UnknownAfter ? lost(GatewayOutcome::Unknown, 0, "timeout") : known->second;
        }
    }
    GatewayAnswer real;
    if (fault == Fault::StoredErrorBefore) {
        real = lost(GatewayOutcome::Unknown, 500, "api_error");
    } else {
        real = execute(request, fault);
        if (fault == Fault::StoredErrorAfter) {
            real = lost(GatewayOutcome::Unknown, 500, "api_error");
        }
    }
    if (isWrite(request.operation)) {
        m_stored.emplace(request.idempotencyKey, real);
    }
    return fault == Fault::UnknownAfter ? lost(GatewayOutcome::Unknown, 0, "timeout") : real;
}

GatewayAnswer ModelGateway::execute(const GatewayRequest& request, Fault fault)
{
    if (request.operation == GatewayOperation::CreateIntent) {
        return create(request, fault);
    }
    if (request.operation == GatewayOperation::FindIntent) {
        return find(request);
    }
    if (request.operation == GatewayOperation::FetchRefund) {
        return fetchRefund(request);
    }
    Intent* intent = byId(request.objectId);
    if (!intent) {
        return refused(404, "invalid_request_error", "resource_missing");
    }
    switch (request.operation) {
    case GatewayOperation::ConfirmIntent:
        return confirm(*intent, fault);
    case GatewayOperation::CancelIntent:
        return cancel(*intent);
    case GatewayOperation::CreateRefund:
        return refund(request, *intent, fault);
    case GatewayOperation::FindRefund:
        return findRefund(request);
    case GatewayOperation::FetchIntent:
        return succeeded(*intent);
    default:
        assertionFailed("an operation that the engine doesn't use");
    }
}

GatewayAnswer ModelGateway::create(const GatewayRequest& request, Fault fault)
{
    Intent intent;
    intent.id = QStringLiteral("pi_%1").arg(++m_nextId);
    intent.amount = request.amount;
    if (fault == Fault::WrongAmount) {
        intent.amount = Money(request.amount.minor() + 1, request.amount.currency());
    } else if (fault == Fault::WrongCurrency) {
        intent.amount = Money(request.amount.minor(), *Currency::parse(QStringLiteral("EUR")));
    }
    intent.received = Money::zero(intent.amount.currency());
    intent.transactionRef = request.transactionRef;
    intent.createdAt = m_clock.now();
    m_intents.push_back(intent);
    changed(intent);
    return succeeded(intent);
}

GatewayAnswer ModelGateway::confirm(Intent& intent, Fault fault)
{
    if (intent.status != IntentStatus::RequiresConfirmation && intent.status != IntentStatus::RequiresPaymentMethod) {
        GatewayAnswer answer = refused(400, "invalid_request_error", "payment_intent_unexpected_state");
        answer.intent = snapshot(intent);
        return answer;
    }
    switch (fault) {
    case Fault::Decline: {
        setStatus(intent.id, IntentStatus::RequiresPaymentMethod, QStringLiteral("insufficient_funds"));
        GatewayAnswer answer = refused(402, "card_error", "card_declined");
        answer.declineCode = intent.declineCode;
        answer.intent = snapshot(intent);
        return answer;
    }
    case Fault::RequiresAction:
        setStatus(intent.id, IntentStatus::RequiresAction);
        break;
    case Fault::Processing:
        setStatus(intent.id, IntentStatus::Processing);
        break;
    case Fault::PartialCapture:
        become(intent, IntentStatus::Succeeded, {}, Money(intent.amount.minor() / 2, intent.amount.currency()));
        break;
    default:
        setStatus(intent.id, IntentStatus::Succeeded);
    }
    return succeeded(intent);
}

GatewayAnswer ModelGateway::cancel(Intent& intent)
{
    if (intent.status == IntentStatus::Succeeded || intent.status == IntentStatus::Canceled || intent.status == IntentStatus::Processing) {
        GatewayAnswer answer = refused(400, "invalid_request_error", "payment_intent_unexpected_state");
        answer.intent = snapshot(intent);
        return answer;
    }
    setStatus(intent.id, IntentStatus::Canceled);
    return succeeded(intent);
}

GatewayAnswer ModelGateway::refund(const GatewayRequest& request, Intent& intent, Fault fault)
{
    if (intent.status != IntentStatus::Succeeded || intent.refundedMinor + request.amount.minor() > intent.received.minor()) {
        return refused(400, "invalid_request_error", "charge_already_refunded");
    }
    const char* const status = fault == Fault::Pending ? "pending" : fault == Fault::RefundFailed ? "failed" : "succeeded";
    intent.refundedMinor += fault == Fault::RefundFailed ? 0 : request.amount.minor();
    m_refunds.push_back({QStringLiteral("re_%1").arg(++m_nextId), intent.id, QString::fromLatin1(status), request.amount, request.transactionRef});
    const Refund refund = m_refunds.back();
    m_callbacks.push_back(callbackOf(refund));
    return succeeded(refund);
}

GatewayAnswer ModelGateway::fetchRefund(const GatewayRequest& request) const
{
    const auto found = std::ranges::find(m_refunds, request.objectId, &Refund::id);
    return found == m_refunds.end() ? refused(404, "invalid_request_error", "resource_missing") : succeeded(*found);
}

GatewayAnswer ModelGateway::findRefund(const GatewayRequest& request) const
{
    const auto found = std::ranges::find_if(m_refunds, [&](const Refund& r) { return r.intentId == request.objectId && r.transactionRef == request.transactionRef; });
    if (found != m_refunds.end()) {
        return succeeded(*found);
    }
    GatewayAnswer nothing;
    nothing.outcome = GatewayOutcome::Succeeded;
    nothing.httpStatus = 200;
    return nothing;
}

void ModelGateway::setRefundStatus(const QString& refundId, const QString& status)
{
    const auto found = std::ranges::find(m_refunds, refundId, &Refund::id);
    require(found != m_refunds.end(), "the refund exists");
    const bool failsNow = status == u"failed" && found->status != u"failed";
    found->status = status;
    if (failsNow) {
        byId(found->intentId)->refundedMinor -= found->amount.minor();
    }
    m_callbacks.push_back(callbackOf(*found));
}

void ModelGateway::settleRefunds(std::mt19937& random)
{
    for (const Refund& refund : std::vector<Refund>(m_refunds)) {
        if (refund.status == u"pending") {
            setRefundStatus(refund.id, random() % 4 == 0 ? QStringLiteral("failed") : QStringLiteral("succeeded"));
        }
    }
}

std::vector<ModelGateway::Refund> ModelGateway::refundsOf(const QString& transactionRef) const
{
    std::vector<Refund> found;
    std::ranges::copy_if(m_refunds, std::back_inserter(found), [&](const Refund& refund) { return refund.transactionRef == transactionRef; });
    return found;
}

GatewayAnswer ModelGateway::find(const GatewayRequest& request) const
{
    GatewayAnswer answer;
    answer.outcome = GatewayOutcome::Succeeded;
    answer.httpStatus = 200;
    // Lists begin with the newest.
    for (auto it = m_intents.rbegin(); it != m_intents.rend(); ++it) {
        if (it->transactionRef == request.transactionRef && it->createdAt >= request.createdSince) {
            answer.intent = snapshot(*it);
            break;
        }
    }
    return answer;
}

void ModelGateway::setStatus(const QString& intentId, IntentStatus status, const QString& declineCode)
{
    Intent* intent = byId(intentId);
    require(intent != nullptr, "the object exists");
    become(*intent, status, declineCode, status == IntentStatus::Succeeded ? intent->amount : Money::zero(intent->amount.currency()));
}

void ModelGateway::become(Intent& intent, IntentStatus status, const QString& declineCode, const Money& received)
{
    intent.status = status;
    intent.declineCode = declineCode;
    intent.received = received;
    changed(intent);
}

void ModelGateway::setAmount(const QString& intentId, const Money& amount)
{
    Intent* intent = byId(intentId);
    require(intent != nullptr, "the object exists");
    intent->amount = amount;
    intent->received = intent->status == IntentStatus::Succeeded ? amount : Money::zero(amount.currency());
}

void ModelGateway::settleWaiting(std::mt19937& random)
{
    for (const Intent& intent : all()) {
        if (intent.status == IntentStatus::Processing || intent.status == IntentStatus::RequiresAction) {
            if (random() % 4 == 0) {
                setStatus(intent.id, IntentStatus::RequiresPaymentMethod, QStringLiteral("authentication_required"));
            } else {
                setStatus(intent.id, IntentStatus::Succeeded);
            }
        }
    }
}

ModelGateway::Intent* ModelGateway::byId(const QString& id)
{
    const auto it = std::ranges::find(m_intents, id, &Intent::id);
    return it == m_intents.end() ? nullptr : &*it;
}

std::vector<ModelGateway::Intent> ModelGateway::of(const QString& transactionRef) const
{
    std::vector<Intent> found;
    std::ranges::copy_if(m_intents, std::back_inserter(found), [&](const Intent& intent) { return intent.transactionRef == transactionRef; });
    return found;
}

std::vector<ModelGateway::Intent> ModelGateway::all() const
{
    return m_intents;
}

const ModelGateway::Intent& ModelGateway::only(const QString& transactionRef) const
{
    require(of(transactionRef).size() == 1, "the payment has one object");
    return *std::ranges::find(m_intents, transactionRef, &Intent::transactionRef);
}

int ModelGateway::charges(const QString& transactionRef) const
{
    return static_cast<int>(std::ranges::count_if(m_intents, [&](const Intent& intent) {
        return intent.transactionRef == transactionRef && intent.status == IntentStatus::Succeeded;
    }));
}

int ModelGateway::callsOf(GatewayOperation operation) const
{
    return static_cast<int>(std::ranges::count(m_calls, operation, &GatewayRequest::operation));
}

void ModelGateway::changed(const Intent& intent)
{
    m_callbacks.push_back(callbackOf(intent));
}

std::vector<QByteArray> ModelGateway::takeCallbacks()
{
    return std::exchange(m_callbacks, {});
}

QByteArray ModelGateway::callbackOf(const Intent& intent)
{
    const qint64 lie = m_callbacksLie ? 1 : 0;
    QJsonObject object{{QStringLiteral("object"), QStringLiteral("payment_intent")},
                       {QStringLiteral("id"), intent.id},
                       {QStringLiteral("status"), toString(intent.status)},
                       {QStringLiteral("currency"), intent.amount.currency().lowerCode()},
                       {QStringLiteral("amount"), intent.amount.minor() + lie},
                       {QStringLiteral("amount_received"), intent.received.isZero() ? qint64{0} : intent.received.minor() + lie},
                       {QStringLiteral("amount_capturable"), 0},
                       {QStringLiteral("metadata"), QJsonObject{{QStringLiteral("transaction"), intent.transactionRef}}}};
    if (!intent.declineCode.isEmpty()) {
        object.insert(QStringLiteral("last_payment_error"), QJsonObject{{QStringLiteral("decline_code"), intent.declineCode}});
    }
    return eventOf(QStringLiteral("payment_intent.%1").arg(toString(intent.status)), object);
}

QByteArray ModelGateway::callbackOf(const Refund& refund)
{
    const qint64 lie = m_callbacksLie ? 1 : 0;
    return eventOf(refund.status == u"failed" ? QStringLiteral("refund.failed") : QStringLiteral("refund.updated"),
                   {{QStringLiteral("object"), QStringLiteral("refund")},
                    {QStringLiteral("id"), refund.id},
                    {QStringLiteral("payment_intent"), refund.intentId},
                    {QStringLiteral("status"), refund.status},
                    {QStringLiteral("currency"), refund.amount.currency().lowerCode()},
                    {QStringLiteral("amount"), refund.amount.minor() + lie},
                    {QStringLiteral("metadata"), QJsonObject{{QStringLiteral("transaction"), refund.transactionRef}}}});
}

QByteArray ModelGateway::eventOf(const QString& type, const QJsonObject& object)
{
    return toJson(QJsonObject{{QStringLiteral("id"), QStringLiteral("evt_%1").arg(++m_nextEvent)},
                              {QStringLiteral("type"), type},
                              {QStringLiteral("created"), m_clock.now().seconds()},
                              {QStringLiteral("livemode"), false},
                              {QStringLiteral("data"), QJsonObject{{QStringLiteral("object"), object}}}});
}

} // namespace counterfoil
