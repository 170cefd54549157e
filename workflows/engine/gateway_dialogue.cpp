// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/engine/gateway_dialogue.h"

#include "models/base/planted_bug.h"
#include "workflows/engine/exchange_factory.h"
#include "workflows/engine/job_factory.h"

namespace counterfoil {

namespace {

/// A little earlier than our own row: the gateway's clock isn't ours.
constexpr Duration clockMargin = Duration::minutes(10);

/// The longest pause before the question about a request of unknown outcome.
constexpr Duration unknownPauseMax = Duration::seconds(30);

/// After so many creates of unknown outcome the gateway's list is gone through.
constexpr int createsBeforeList = 3;

/// After this the gateway may have forgotten an idempotency key.
constexpr Duration keyLifetime = Duration::days(1);

constexpr Duration refusedKeyPause = Duration::minutes(1);

bool isQuestion(GatewayOperation operation)
{
    return operation == GatewayOperation::FetchIntent || operation == GatewayOperation::FindIntent || operation == GatewayOperation::FetchRefund
        || operation == GatewayOperation::FindRefund;
}

/// The gateway's object that a request is about: the payment's, or the refund's own once it is there.
QString objectOf(UnitOfWork& work, const GatewayExchange& exchange)
{
    if (exchange.operation == GatewayOperation::CreateIntent) {
        return {};
    }
    const PaymentTransaction& transaction = work.transactions.at(exchange.transaction);
    const bool ofPayment = transaction.kind == TransactionKind::Refund && exchange.operation != GatewayOperation::FetchRefund;
    return ofPayment ? refundedPayment(work, transaction.id).gatewayRef : transaction.gatewayRef;
}

GatewayRequest requestFor(UnitOfWork& work, const GatewayExchange& exchange)
{
    const PaymentTransaction& payment = work.transactions.at(exchange.transaction);
    GatewayRequest request;
    request.exchange = exchange.id;
    request.operation = exchange.operation;
    request.idempotencyKey = isQuestion(exchange.operation) ? QString() : exchange.idempotencyKey;
    if (isPlanted(PlantedBug::NewKeyPerRetry) && exchange.attempt > 1) {
        request.idempotencyKey += QStringLiteral("-%1").arg(exchange.attempt);
    }
    request.objectId = objectOf(work, exchange);
    request.amount = exchange.amount;
    request.paymentMethod = payment.paymentMethod;
    request.orderRef = payment.order.toText();
    request.transactionRef = payment.id.toText();
    request.createdSince = payment.createdAt - clockMargin;
    return request;
}

/// Our own client kept it: the circuit was open, or it waited too long for its turn.
bool wasHeldBack(const GatewayAnswer& answer)
{
    return answer.outcome == GatewayOutcome::NotSent && (answer.errorCode == u"circuit_open" || answer.errorCode == u"queue_timeout");
}

QString describe(const GatewayAnswer& answer)
{
    return QStringLiteral("%1 %2 %3").arg(toString(answer.outcome)).arg(answer.httpStatus).arg(answer.errorCode).simplified();
}

/// A refund of unknown outcome is never sent again; a person decides (30-gateway).
void openUnknownRefund(UnitOfWork& work, const GatewayExchange& exchange, const QString& detail)
{
    openCase(work, {QStringLiteral("refund_unknown"), CaseSeverity::Critical, exchange.order, QStringLiteral("refund_unknown:%1").arg(exchange.id.value()), detail});
}

} // namespace

void GatewayDialogue::record(UnitOfWork& work, const GatewayRequest& request, const GatewayAnswer& answer)
{
    GatewayExchange& exchange = work.exchanges.edit(request.exchange);
    exchange.httpStatus = answer.httpStatus;
    exchange.errorCode = answer.errorCode.left(100);
    exchange.answeredAt = work.now();
    ExchangePayload payload;
    payload.exchange = exchange.id;
    payload.attempt = exchange.attempt;
    payload.request = answer.requestText;
    payload.answer = answer.answerText;
    payload.httpStatus = answer.httpStatus;
    payload.outcome = toString(answer.outcome);
    payload.sentAt = answer.sentAt;
    payload.elapsedMicros = answer.elapsed.micros();
    work.payloads.add(payload);
}

bool GatewayDialogue::maySend(UnitOfWork& work, ExchangeId id) const
{
    GatewayExchange& exchange = work.exchanges.edit(id);
    if (isRefund(work, exchange.transaction)) {
        return m_refunds.maySend(work, id);
    }
    if (exchange.state == ExchangeState::Sending) {
        exchange.state = ExchangeState::Unknown;
        exchange.errorCode = QStringLiteral("worker_lost");
        if (exchange.operation == GatewayOperation::CreateRefund) {
            openUnknownRefund(work, exchange, QStringLiteral("the worker that sent it was lost"));
        } else {
            ensurePoll(work, exchange.transaction, work.now());
        }
        return false;
    }
    if (exchange.state != ExchangeState::Queued) {
        return false;
    }
    if (exchange.operation != GatewayOperation::CreateRefund && tccOf(work, exchange.transaction).decision != TccDecision::Trying) {
        // Decided while it waited to be sent again.
        exchange.state = ExchangeState::Withdrawn;
        return false;
    }
    if (exchange.attempt > 0 && work.now() - exchange.createdAt > keyLifetime) {
        // The gateway may have forgotten the key: only ever asked about from now on (30-gateway).
        exchange.state = ExchangeState::Unknown;
        if (exchange.operation == GatewayOperation::CreateRefund) {
            openUnknownRefund(work, exchange, QStringLiteral("its key is older than a day"));
        } else {
            ensurePoll(work, exchange.transaction, work.now());
        }
        return false;
    }
    return true;
}

std::optional<GatewayRequest> GatewayDialogue::prepareSend(UnitOfWork& work, ExchangeId id) const
{
    if (!maySend(work, id)) {
        return std::nullopt;
    }
    GatewayExchange& exchange = work.exchanges.edit(id);
    exchange.state = ExchangeState::Sending;
    exchange.gatewayRef = work.transactions.at(exchange.transaction).gatewayRef;
    ++exchange.attempt;
    exchange.sentAt = work.now();
    return requestFor(work, exchange);
}

std::optional<GatewayRequest> GatewayDialogue::preparePoll(UnitOfWork& work, TransactionId id) const
{
    const PaymentTransaction& payment = work.transactions.at(id);
    std::optional<GatewayOperation> operation = payment.gatewayRef.isEmpty() ? GatewayOperation::FindIntent : GatewayOperation::FetchIntent;
    if (payment.kind == TransactionKind::Refund) {
        operation = m_refunds.question(work, id);
    } else if (tccOf(work, id).decision != TccDecision::Trying) {
        operation.reset();
    }
    if (!operation) {
        return std::nullopt;
    }
    // A question of a worker that died stays unanswered; the next one takes its place.
    for (const ExchangeId open : work.exchanges.keysIn(id, [](const GatewayExchange& e) { return isQuestion(e.operation) && e.state == ExchangeState::Sending; })) {
        work.exchanges.edit(open).state = ExchangeState::Unknown;
    }
    const ExchangeId question = openQuestion(work, id, *operation);
    return requestFor(work, work.exchanges.at(question));
}

Result<AnswerEffect> GatewayDialogue::apply(UnitOfWork& work, const GatewayRequest& request, const GatewayAnswer& answer) const
{
    if (wasHeldBack(answer)) {
        // It counts as no attempt: nothing was tried.
        GatewayExchange& exchange = work.exchanges.edit(request.exchange);
        exchange.state = isQuestion(request.operation) ? ExchangeState::Withdrawn : ExchangeState::Queued;
        --exchange.attempt;
        return AnswerEffect{{}, true, false, ErrorCode::GatewayRefused, answer.retryAfter, describe(answer), false};
    }
    record(work, request, answer);
    switch (answer.outcome) {
    case GatewayOutcome::Succeeded:
        return applySuccess(work, request, answer);
    case GatewayOutcome::Refused:
        return applyRefusal(work, request, answer);
    case GatewayOutcome::NotSent: {
        work.exchanges.edit(request.exchange).state = isQuestion(request.operation) ? ExchangeState::Withdrawn : ExchangeState::Queued;
        return AnswerEffect{{}, true, false, ErrorCode::GatewayRefused, answer.retryAfter, describe(answer)};
    }
    case GatewayOutcome::Unknown:
        return applyUnknown(work, request, answer);
    }
    assertionFailed("an outcome that nobody knows");
}

Result<AnswerEffect> GatewayDialogue::applySuccess(UnitOfWork& work, const GatewayRequest& request, const GatewayAnswer& answer) const
{
    GatewayExchange& exchange = work.exchanges.edit(request.exchange);
    if (isRefund(work, exchange.transaction)) {
        return m_refunds.succeeded(work, request, answer);
    }
    exchange.state = ExchangeState::Answered;
    AnswerEffect effect;
    if (request.operation == GatewayOperation::CreateRefund) {
        exchange.gatewayRef = answer.refund ? answer.refund->id : QString();
        if (answer.refund && answer.refund->status == u"succeeded") {
            CF_TRY(m_payments.lateRefunded(work, exchange.transaction));
        } else {
            // Pending ones too: the money stays in suspense until a person has seen the end of it.
            const QString status = answer.refund ? answer.refund->status : QStringLiteral("unknown");
            openCase(work, {QStringLiteral("refund_open"), CaseSeverity::Critical, exchange.order, QStringLiteral("refund_open:%1").arg(exchange.id.value()),
                            QStringLiteral("The gateway reports the refund of %1 as %2.").arg(exchange.amount.toText(), status)});
        }
        return effect;
    }
    if (answer.intent) {
        exchange.gatewayRef = answer.intent->id;
        CF_ASSIGN(effect.events, m_payments.observe(work, exchange.transaction, *answer.intent));
    } else if (request.operation == GatewayOperation::FindIntent) {
        CF_ASSIGN(effect.events, m_payments.observeNothing(work, exchange.transaction));
    }
    return effect;
}

Result<AnswerEffect> GatewayDialogue::applyRefusal(UnitOfWork& work, const GatewayRequest& request, const GatewayAnswer& answer) const
{
    GatewayExchange& exchange = work.exchanges.edit(request.exchange);
    if (answer.errorCode == u"authentication") {
        // Nothing was executed, and it is our set-up that is wrong: tried again until a person has mended it.
        exchange.state = isQuestion(request.operation) ? ExchangeState::Withdrawn : ExchangeState::Queued;
        openCase(work, {QStringLiteral("gateway_key"), CaseSeverity::Critical, {}, gatewayKeyCase, QStringLiteral("The gateway refuses our key; nothing is paid until it is mended.")});
        return AnswerEffect{{}, true, false, ErrorCode::GatewayRefused, refusedKeyPause, QStringLiteral("the gateway refuses our key")};
    }
    AnswerEffect effect;
    if (answer.errorCode == u"idempotency_error") {
        // Something exists under this key, so it is not refused.
        exchange.state = ExchangeState::Unknown;
        if (isRefund(work, exchange.transaction)) {
            CF_TRY(m_refunds.unknown(work, request, answer));
        }
        return AnswerEffect{{}, false, true, ErrorCode::Integrity, {}, QStringLiteral("the gateway knows %1 with other parameters").arg(request.idempotencyKey)};
    }
    if (isRefund(work, exchange.transaction)) {
        return m_refunds.refused(work, request, answer);
    }
    exchange.state = ExchangeState::Refused;
    if (request.operation == GatewayOperation::CreateIntent || (request.operation == GatewayOperation::ConfirmIntent && answer.errorType == u"card_error")) {
        const QString code = !answer.declineCode.isEmpty() ? answer.declineCode : answer.errorCode;
        effect.events = m_payments.declined(work, exchange.transaction, code, QStringLiteral("the gateway declined"));
        return effect;
    }
    if (answer.intent) {
        CF_ASSIGN(effect.events, m_payments.observe(work, exchange.transaction, *answer.intent));
        return effect;
    }
    if (request.operation == GatewayOperation::CreateRefund) {
        openCase(work, {QStringLiteral("refund_refused"), CaseSeverity::Critical, exchange.order, QStringLiteral("refund_refused:%1").arg(exchange.id.value()), describe(answer)});
        return effect;
    }
    ensurePoll(work, exchange.transaction, work.now() + pollDelay(work, exchange.transaction));
    return effect;
}

Result<AnswerEffect> GatewayDialogue::applyUnknown(UnitOfWork& work, const GatewayRequest& request, const GatewayAnswer& answer) const
{
    GatewayExchange& exchange = work.exchanges.edit(request.exchange);
    if (isRefund(work, exchange.transaction) && !isQuestion(request.operation)) {
        return m_refunds.unknown(work, request, answer);
    }
    // A callback may have brought the end of it in the meantime.
    const bool decided = tccOf(work, exchange.transaction).decision != TccDecision::Trying && !isRefund(work, exchange.transaction);
    exchange.state = decided && request.operation != GatewayOperation::CreateRefund ? ExchangeState::Answered : ExchangeState::Unknown;
    if (exchange.state == ExchangeState::Answered) {
        return AnswerEffect{};
    }
    if (isQuestion(request.operation)) {
        return AnswerEffect{{}, true, false, ErrorCode::GatewayRefused, answer.retryAfter, describe(answer)};
    }
    if (isPlanted(PlantedBug::TimeoutIsFailure) && request.operation == GatewayOperation::ConfirmIntent) {
        return AnswerEffect{m_payments.declined(work, exchange.transaction, QStringLiteral("timeout"), describe(answer))};
    }
    if (request.operation == GatewayOperation::CreateRefund) {
        openUnknownRefund(work, exchange, describe(answer));
        return AnswerEffect{};
    }
    if (request.operation == GatewayOperation::CreateIntent && exchange.attempt < createsBeforeList) {
        // Without an id there is nothing to ask for, and an unconfirmed create may be repeated under its key (30-gateway).
        exchange.state = ExchangeState::Queued;
        return AnswerEffect{{}, true, false, ErrorCode::GatewayRefused, answer.retryAfter, describe(answer)};
    }
    // Asked before anything is sent again; soon, since the buyer waits.
    const Duration pause = std::min(unknownPauseMax, pollDelay(work, exchange.transaction));
    ensurePoll(work, exchange.transaction, work.now() + std::max(answer.retryAfter, pause));
    return AnswerEffect{};
}

} // namespace counterfoil
