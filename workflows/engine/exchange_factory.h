// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/unit_of_work.h"

namespace counterfoil {

/// Writes a request to the gateway as a row, with its idempotency key, and the job that sends it. The key is made once, here; every
/// attempt uses it. A new intention is a new row.
ExchangeId openExchange(UnitOfWork& work, TransactionId transaction, GatewayOperation operation, const Money& amount);

/// A question (fetch or find) that is being asked right now; it needs no job of its own.
ExchangeId openQuestion(UnitOfWork& work, TransactionId transaction, GatewayOperation operation);

/// The newest exchange of an operation, or null.
const GatewayExchange* latestExchange(UnitOfWork& work, TransactionId transaction, GatewayOperation operation);

/// Sends an exchange of unknown outcome again, under its key.
void requeueExchange(UnitOfWork& work, ExchangeId exchange, UtcTime dueAt);

/// Takes back an exchange that was never sent. Requires state queued.
void withdrawExchange(UnitOfWork& work, ExchangeId exchange);

/// Sees to it that the gateway is asked for the state of a payment at `dueAt` at the latest.
void ensurePoll(UnitOfWork& work, TransactionId transaction, UtcTime dueAt);

/// How long to wait before the n-th question about one payment: 0.5 s doubling up to 5 min.
Duration pollDelay(UnitOfWork& work, TransactionId transaction);

} // namespace counterfoil
