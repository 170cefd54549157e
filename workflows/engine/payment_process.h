// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/engine/order_event_input.h"
#include "workflows/gateway/gateway.h"
#include "workflows/tcc/coordinator.h"

namespace counterfoil {

/// What an order's payment does: asks the gateway by writing exchanges, and turns what the gateway reports into the decision of the
/// TCC transaction, with the gateway as last resource (K3). Unknown is never taken for failed. Works on a unit of work in which the
/// order is loaded in full depth.
class PaymentProcess {
public:
    struct Options {
        /// A 500 is stored by the gateway under its key and replayed for ever: with the object unchanged for this long, an intent may
        /// get a new key (30-gateway).
        Duration storedErrorPatience = Duration::minutes(10);
    };

    PaymentProcess(const TccCoordinator& coordinator, Options options) : m_coordinator(coordinator), m_options(options) {}

    /// Starts to collect: the gateway request for the gateway's part, or the confirming job if the wallet pays all.
    Result<FollowUps> charge(UnitOfWork& work, OrderId order) const;

    /// Makes sure that the money isn't and won't be taken, then cancels. At once if nothing was ever sent, else by asking the gateway.
    Result<FollowUps> cancel(UnitOfWork& work, OrderId order) const;

    /// Confirms a reserved transaction that needs no outside money.
    Result<FollowUps> confirmLocal(UnitOfWork& work, TccId gid) const;

    /// Takes in a payment object as the gateway reports it, from an answer, a question or a callback.
    Result<FollowUps> observe(UnitOfWork& work, TransactionId transaction, const IntentSnapshot& intent) const;

    /// The gateway has no object of this payment (a complete list said so).
    Result<FollowUps> observeNothing(UnitOfWork& work, TransactionId transaction) const;

    /// The gateway refused an attempt for good: a decline, or a request that it will never take.
    FollowUps declined(UnitOfWork& work, TransactionId transaction, const QString& code, const QString& cause) const;

    /// The refund of money that came too late was accepted: takes it out of suspense.
    Result<void> lateRefunded(UnitOfWork& work, TransactionId transaction) const;

private:
    Result<FollowUps> confirmAll(UnitOfWork& work, const TccTransaction& tcc) const;
    Result<FollowUps> cancelAll(UnitOfWork& work, const TccTransaction& tcc, const QString& reason) const;
    Result<FollowUps> advance(UnitOfWork& work, TransactionId transaction, const IntentSnapshot& intent) const;
    Result<void> suspendConflicted(UnitOfWork& work, PaymentTransaction& payment, const Money& received) const;
    Result<FollowUps> conflict(UnitOfWork& work, TransactionId transaction, const IntentSnapshot& intent) const;
    Result<FollowUps> lateSuccess(UnitOfWork& work, TransactionId transaction) const;
    void ensureWrite(UnitOfWork& work, TransactionId transaction, GatewayOperation operation) const;

    const TccCoordinator& m_coordinator;
    const Options m_options;
};

/// The TCC transaction of a payment. Requires that it is loaded.
const TccTransaction& tccOf(UnitOfWork& work, TransactionId transaction);

} // namespace counterfoil
