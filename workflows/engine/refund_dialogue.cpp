// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/engine/refund_dialogue.h"

#include "workflows/engine/exchange_factory.h"
#include "workflows/engine/gateway_dialogue.h"

namespace counterfoil {

const PaymentTransaction& refundedPayment(UnitOfWork& work, TransactionId refund)
{
    const OrderId order = work.transactions.at(refund).order;
    const PaymentTransaction* payment = work.transactions.findIf([order](const PaymentTransaction& t) { return t.order == order && t.kind == TransactionKind::Payment; });
    require(payment, "a refund has a payment");
    return *payment;
}

bool RefundDialogue::maySend(UnitOfWork& work, ExchangeId id) const
{
    GatewayExchange& exchange = work.exchanges.edit(id);
    const TransactionId refund = exchange.transaction;
    if (exchange.state == ExchangeState::Sending) {
        exchange.state = tccOf(work, refund).decision == TccDecision::Trying ? ExchangeState::Unknown : ExchangeState::Answered;
        exchange.errorCode = QStringLiteral("worker_lost");
        m_refunds.unknown(work, refund, {});
        return false;
    }
    if (exchange.state != ExchangeState::Queued) {
        return false;
    }
    // What waits was never executed, however old it is; but where something is known at the gateway, nothing is made beside it.
    const bool open = tccOf(work, refund).decision == TccDecision::Trying && work.transactions.at(refund).gatewayRef.isEmpty();
    if (!open) {
        exchange.state = ExchangeState::Withdrawn;
    }
    return open;
}

std::optional<GatewayOperation> RefundDialogue::question(UnitOfWork& work, TransactionId refund) const
{
    if (!work.transactions.at(refund).gatewayRef.isEmpty()) {
        // Also after the decision: a callback that couldn't be taken at its word may tell of money that came back.
        return GatewayOperation::FetchRefund;
    }
    return tccOf(work, refund).decision == TccDecision::Trying ? std::optional(GatewayOperation::FindRefund) : std::nullopt;
}

Result<AnswerEffect> RefundDialogue::succeeded(UnitOfWork& work, const GatewayRequest& request, const GatewayAnswer& answer) const
{
    GatewayExchange& exchange = work.exchanges.edit(request.exchange);
    exchange.state = ExchangeState::Answered;
    AnswerEffect effect;
    if (answer.refund) {
        exchange.gatewayRef = answer.refund->id;
        CF_ASSIGN(effect.events, m_refunds.observe(work, exchange.transaction, *answer.refund));
    } else if (request.operation == GatewayOperation::CreateRefund) {
        // A success that doesn't say what was made.
        exchange.state = ExchangeState::Unknown;
        m_refunds.unknown(work, exchange.transaction, {});
    } else {
        // That nothing is there yet doesn't mean that nothing comes: the request may still be on its way.
        m_refunds.keepAsking(work, exchange.transaction);
    }
    return effect;
}

Result<AnswerEffect> RefundDialogue::refused(UnitOfWork& work, const GatewayRequest& request, const GatewayAnswer& answer) const
{
    GatewayExchange& exchange = work.exchanges.edit(request.exchange);
    exchange.state = ExchangeState::Refused;
    AnswerEffect effect;
    if (request.operation == GatewayOperation::CreateRefund) {
        const QString code = answer.errorCode.isEmpty() ? answer.errorType : answer.errorCode;
        CF_ASSIGN(effect.events, m_refunds.refused(work, exchange.transaction, code));
    } else {
        m_refunds.keepAsking(work, exchange.transaction);
    }
    return effect;
}

Result<AnswerEffect> RefundDialogue::unknown(UnitOfWork& work, const GatewayRequest& request, const GatewayAnswer& answer) const
{
    GatewayExchange& exchange = work.exchanges.edit(request.exchange);
    const bool decided = tccOf(work, exchange.transaction).decision != TccDecision::Trying;
    exchange.state = decided ? ExchangeState::Answered : ExchangeState::Unknown;
    if (!decided) {
        m_refunds.unknown(work, exchange.transaction, answer.retryAfter);
    }
    return AnswerEffect{};
}

} // namespace counterfoil
