// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "models/base/id.h"
#include "models/base/named_enum.h"

namespace counterfoil {

/// Everything that must happen later.
enum class JobKind {
    OrderEvent = 0,        ///< apply an event to an order (payload: event, cause)
    OrderTimer = 1,        ///< a timeout of a state (payload: event; dropped in a later life of the state)
    TccDrive = 2,          ///< decide and drive phase two
    GatewaySend = 3,       ///< send a stored exchange
    GatewayPoll = 4,       ///< ask for the state of a payment beside the expected callback
    CallbackApply = 5,     ///< apply a stored callback
    SettlementRelease = 6, ///< release a merchant's settlement hold
    HoldExpiry = 7,        ///< release what is left of a manual hold
};
CF_ENUM_NAMES(JobKind, {JobKind::OrderEvent, "order_event"}, {JobKind::OrderTimer, "order_timer"}, {JobKind::TccDrive, "tcc_drive"},
              {JobKind::GatewaySend, "gateway_send"}, {JobKind::GatewayPoll, "gateway_poll"}, {JobKind::CallbackApply, "callback_apply"},
              {JobKind::SettlementRelease, "settlement_release"}, {JobKind::HoldExpiry, "hold_expiry"});

enum class JobState { Ready = 0, Leased = 1, Parked = 2, Done = 3, Cancelled = 4 };
CF_ENUM_NAMES(JobState, {JobState::Ready, "ready"}, {JobState::Leased, "leased"}, {JobState::Parked, "parked"}, {JobState::Done, "done"}, {JobState::Cancelled, "cancelled"});

/// Transient is retried; Unknown asks the gateway before anything is sent again; Permanent parks and opens a case;
/// Integrity (a thing that cannot be) parks, opens a critical case and touches nothing.
enum class ErrorClass { None = 0, Transient = 1, Unknown = 2, Permanent = 3, Integrity = 4 };
CF_ENUM_NAMES(ErrorClass, {ErrorClass::None, ""}, {ErrorClass::Transient, "transient"}, {ErrorClass::Unknown, "unknown"},
              {ErrorClass::Permanent, "permanent"}, {ErrorClass::Integrity, "integrity"});

/// Which class an error belongs to when a job fails with it.
ErrorClass classify(ErrorCode code);

/// A row of the durable queue. `dedupeKey` is unique among jobs that are neither done nor cancelled. A claim sets owner, lease
/// and a new epoch; every later write says `WHERE epoch = ?`.
struct Job {
    JobId id;
    JobKind kind = JobKind::OrderEvent;
    OrderId order;
    /// The id of what the job is about: an exchange, a callback, a transaction, a hold, or the order.
    qint64 subject = 0;
    QString dedupeKey;
    QString payload;
    UtcTime dueAt;
    int attempt = 0;
    JobState state = JobState::Ready;
    QString leaseOwner;
    UtcTime leaseUntil;
    qint64 epoch = 0;
    ErrorClass lastErrorClass = ErrorClass::None;
    QString lastError;
    UtcTime firstFailedAt;
    UtcTime createdAt;
};

/// Full jitter: uniformly between 0 and min(cap 5 min, 1 s × 2^attempt), from a random number in [0, 2^32).
Duration backoff(int attempt, quint32 random);

/// A job that failed eight times in a row, or for this long, has a case, while it goes on retrying.
bool hasEscalated(const Job& job, UtcTime now, Duration after);

} // namespace counterfoil
