// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/refund.h"
#include "workflows/engine/order_event_input.h"
#include "workflows/gateway/gateway.h"
#include "workflows/tcc/coordinator.h"

namespace counterfoil {

/// What a refund of a paid order does: reserves the merchants' money in a TCC transaction of its own, asks the gateway, and confirms or
/// cancels by what the gateway reports (10-domain). A refund of unknown outcome is only ever asked about. Works on a unit of work in
/// which the order is loaded in full depth.
///
/// It ends with one of the events `refund.confirmed` and `refund.cancelled`; `refund.requested` says that it began.
class RefundProcess {
public:
    struct Options {
        /// A refund whose outcome is unknown for so long has a case; it is asked about all the same.
        Duration unknownPatience = Duration::minutes(15);
    };

    RefundProcess(const TccCoordinator& coordinator, Options options) : m_coordinator(coordinator), m_options(options) {}

    struct Started {
        TransactionId transaction;
        /// For the engine.
        FollowUps events;
    };

    /// Begins a refund: its rows, what merchants give back reserved, the request to the gateway or, if the wallet alone gets it, the job
    /// that confirms it. Errors: those of planRefund() and RefundParticipant::reserve(); the caller falls back.
    Result<Started> start(UnitOfWork& work, OrderId order, const RefundRequest& request, const QString& actor, const QString& reason) const;

    /// Begins a refund of everything that is left, as a workflow asks for it. What can't be reserved is recorded as a cancelled refund.
    Result<FollowUps> startFull(UnitOfWork& work, OrderId order, const OrderEventInput& cause) const;

    /// Confirms a reserved refund that needs no gateway.
    Result<FollowUps> confirmLocal(UnitOfWork& work, TccId gid) const;

    /// Takes in a refund as the gateway reports it, from an answer, a question or a callback.
    Result<FollowUps> observe(UnitOfWork& work, TransactionId refund, const RefundSnapshot& reported) const;

    /// The gateway refused to make the refund: given back, and a case.
    Result<FollowUps> refused(UnitOfWork& work, TransactionId refund, const QString& code) const;

    /// The outcome of the request is unknown: asked about from now on, and a case in time.
    void unknown(UnitOfWork& work, TransactionId refund, Duration pause) const;

    /// It stays open: asked again later, and the case if it is unknown for too long.
    void keepAsking(UnitOfWork& work, TransactionId refund) const;

private:
    Result<TransactionId> addRows(UnitOfWork& work, OrderId order, const RefundRequest& request) const;
    void send(UnitOfWork& work, TransactionId refund) const;
    Result<FollowUps> confirmAll(UnitOfWork& work, const TccTransaction& tcc) const;
    Result<FollowUps> cancelAll(UnitOfWork& work, const TccTransaction& tcc, TransactionStatus status, const QString& reason) const;
    Result<FollowUps> decide(UnitOfWork& work, TransactionId refund, const RefundSnapshot& reported) const;
    Result<void> returned(UnitOfWork& work, TransactionId refund, const RefundSnapshot& reported) const;
    Result<void> paidAfterCancel(UnitOfWork& work, TransactionId refund, const RefundSnapshot& reported) const;
    void openUnknownCase(UnitOfWork& work, TransactionId refund) const;

    const TccCoordinator& m_coordinator;
    const Options m_options;
};

/// True for the transaction of a refund, whose exchanges and callbacks are RefundProcess's.
bool isRefund(UnitOfWork& work, TransactionId transaction);

/// How long to wait before the n-th question about one refund: 1 s doubling up to an hour.
Duration refundPollDelay(UnitOfWork& work, TransactionId refund);

} // namespace counterfoil
