// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/engine/refund_process.h"

namespace counterfoil {

struct AnswerEffect;

/// GatewayDialogue's part for the exchanges of refunds of paid orders: sent once at most, then asked about.
class RefundDialogue {
public:
    explicit RefundDialogue(const RefundProcess& refunds) : m_refunds(refunds) {}

    /// Whether a request that waits may be sent now; takes it back if not. Requires operation CreateRefund.
    bool maySend(UnitOfWork& work, ExchangeId exchange) const;

    /// The question to ask: by the gateway's id, or for our reference among the payment's refunds. None if nothing is to be asked.
    std::optional<GatewayOperation> question(UnitOfWork& work, TransactionId refund) const;

    /// See GatewayDialogue::apply; the answer is recorded already.
    Result<AnswerEffect> succeeded(UnitOfWork& work, const GatewayRequest& request, const GatewayAnswer& answer) const;
    Result<AnswerEffect> refused(UnitOfWork& work, const GatewayRequest& request, const GatewayAnswer& answer) const;
    Result<AnswerEffect> unknown(UnitOfWork& work, const GatewayRequest& request, const GatewayAnswer& answer) const;

private:
    const RefundProcess& m_refunds;
};

/// The payment that a refund takes from. Requires that it is loaded.
const PaymentTransaction& refundedPayment(UnitOfWork& work, TransactionId refund);

} // namespace counterfoil
