// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/definition/workflow_definition.h"
#include "workflows/engine/order_event_input.h"
#include "workflows/engine/payment_process.h"
#include "workflows/engine/refund_process.h"

namespace counterfoil {

/// The commands that a workflow may ask for, by name. They only ask (20-engine, "Who moves money"); what becomes of it comes back
/// as events, at once or later.
class OrderCommands {
public:
    OrderCommands(const TccCoordinator& coordinator, const PaymentProcess& payments, const RefundProcess& refunds)
        : m_coordinator(coordinator), m_payments(payments), m_refunds(refunds) {}

    static QStringList names();

    /// Errors: NotFound (no such command), and the command's own.
    Result<FollowUps> run(UnitOfWork& work, OrderId order, const CommandAction& command, const OrderEventInput& cause) const;

private:
    Result<FollowUps> tryCheckout(UnitOfWork& work, OrderId order) const;
    Result<FollowUps> startFulfilment(UnitOfWork& work, OrderId order) const;

    const TccCoordinator& m_coordinator;
    const PaymentProcess& m_payments;
    const RefundProcess& m_refunds;
};

} // namespace counterfoil
