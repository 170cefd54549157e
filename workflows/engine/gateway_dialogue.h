// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/engine/payment_process.h"
#include "workflows/engine/refund_dialogue.h"

namespace counterfoil {

/// The one case of a gateway that refuses our key, whatever the order.
inline const QString gatewayKeyCase = QStringLiteral("gateway_key");

/// What becomes of the job whose request was answered.
struct AnswerEffect {
    FollowUps events;
    /// Not sent: the same job tries again. `parked`: only a person can make it possible (a refused key, say).
    bool retry = false;
    bool parked = false;
    /// What it is parked for: GatewayRefused, or Integrity for a thing that cannot be.
    ErrorCode parkedFor = ErrorCode::GatewayRefused;
    Duration retryAfter;
    QString error;
    /// False if it wasn't even tried (the circuit was open): counts as no attempt.
    bool tried = true;
};

/// The two local halves of a remote job: what is written before the first byte leaves, and what an answer means (20-engine, 30-gateway).
/// Works on a unit of work in which the order is loaded in full depth.
class GatewayDialogue {
public:
    GatewayDialogue(const PaymentProcess& payments, const RefundProcess& refunds) : m_payments(payments), m_refunds(refunds) {}

    /// Marks an exchange as sending and returns the request, or none if there is nothing to send any more. An exchange that was left
    /// in sending by a worker that died is unknown: the gateway is asked instead.
    std::optional<GatewayRequest> prepareSend(UnitOfWork& work, ExchangeId exchange) const;

    /// A question about a payment or refund that isn't final, or none.
    std::optional<GatewayRequest> preparePoll(UnitOfWork& work, TransactionId transaction) const;

    /// Keeps one attempt's request and answer.
    static void record(UnitOfWork& work, const GatewayRequest& request, const GatewayAnswer& answer);

    /// Records the answer and what it leads to. Errors: Integrity.
    Result<AnswerEffect> apply(UnitOfWork& work, const GatewayRequest& request, const GatewayAnswer& answer) const;

private:
    Result<AnswerEffect> applySuccess(UnitOfWork& work, const GatewayRequest& request, const GatewayAnswer& answer) const;
    Result<AnswerEffect> applyRefusal(UnitOfWork& work, const GatewayRequest& request, const GatewayAnswer& answer) const;
    Result<AnswerEffect> applyUnknown(UnitOfWork& work, const GatewayRequest& request, const GatewayAnswer& answer) const;

    bool maySend(UnitOfWork& work, ExchangeId exchange) const;

    const PaymentProcess& m_payments;
    const RefundDialogue m_refunds;
};

} // namespace counterfoil
