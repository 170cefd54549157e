// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/refund.h"
#include "workflows/engine/order_engine.h"

namespace counterfoil {

struct PlacedRefund {
    TransactionId id;
    Money amount;
    /// True when this key had asked for the same before: nothing was done again.
    bool existed = false;
};

/// Asks for refunds of paid orders over a writing connection: the one way in, for HTTP, command line and console. Used on the
/// connection's thread. How a refund goes on and ends is RefundProcess's.
class RefundService {
public:
    struct Parts {
        const OrderEngine& engine;
        const RefundProcess& refunds;
        const Clock& clock;
        IdSource& ids;
    };

    RefundService(Connection& connection, const Parts& parts) : m_connection(connection), m_parts(parts) {}

    /// Begins a refund once per actor and key: the key's row is written with it. A refusal stores nothing, so that the key may be used again.
    /// Errors: NotFound (no such order or line), IdempotencyKeyReused (the key was used for another refund), RefundExceeded (more than what
    /// is left, or not paid), InvalidAmount, CurrencyMismatch, QuantityOutOfRange, MalformedInput, InsufficientFunds (a merchant's money
    /// doesn't reach), AccountClosed, and the database's.
    Result<PlacedRefund> request(OrderId order, const RefundRequest& wanted, const QString& key, const QString& actor, const QString& reason);

private:
    Result<PlacedRefund> requestIn(UnitOfWork& work, OrderId order, const RefundRequest& wanted, const QString& actor, const QString& reason);

    Connection& m_connection;
    const Parts m_parts;
};

} // namespace counterfoil
