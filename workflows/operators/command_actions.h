// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/engine/order_engine.h"

namespace counterfoil {

/// What each kind of command does, on the rows of a unit of work that is committed afterwards, or isn't: a preview and the execution are the
/// same code. Stateless; may be shared between threads.
class CommandActions {
public:
    struct Parts {
        const OrderEngine& engine;
        const PaymentProcess& payments;
        const RefundProcess& refunds;
    };

    explicit CommandActions(const Parts& parts) : m_parts(parts) {}

    /// Locks, loads and does what the command says. Its id is the key of everything that it does, so that nothing is done twice. Errors:
    /// NotFound (the subject is gone), EventNotAccepted (not in this state of things; the detail says which), InvalidAmount,
    /// InsufficientFunds, HoldExceeded, RefundExceeded, MalformedInput, those of the engine, and the database's.
    Result<void> perform(UnitOfWork& work, const OperatorCommand& command) const;

private:
    Result<void> retryJob(UnitOfWork& work, const OperatorCommand& command) const;
    Result<void> askGateway(UnitOfWork& work, const OperatorCommand& command) const;
    Result<void> reapplyCallback(UnitOfWork& work, const OperatorCommand& command) const;
    Result<void> confirmWithEvidence(UnitOfWork& work, const OperatorCommand& command, const CommandArguments& arguments) const;
    Result<void> cancelAndRelease(UnitOfWork& work, const OperatorCommand& command) const;
    Result<void> refund(UnitOfWork& work, const OperatorCommand& command, const CommandArguments& arguments) const;
    Result<void> freeze(UnitOfWork& work, const OperatorCommand& command, const CommandArguments& arguments) const;
    Result<void> unfreeze(UnitOfWork& work, const OperatorCommand& command) const;
    Result<void> adjust(UnitOfWork& work, const OperatorCommand& command, const CommandArguments& arguments) const;
    Result<void> extendDeadline(UnitOfWork& work, const OperatorCommand& command, const CommandArguments& arguments) const;
    Result<void> releaseSettlement(UnitOfWork& work, const OperatorCommand& command) const;

    const Parts m_parts;
};

/// How a person is called where an actor is written down.
QString actorOf(const QString& login);

} // namespace counterfoil
