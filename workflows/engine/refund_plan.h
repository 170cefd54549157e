// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/refund_division.h"
#include "models/store/unit_of_work.h"

namespace counterfoil {

/// What an order's payment brought, less what was refunded and what is being refunded.
struct Refundable {
    TransactionId payment;
    /// The payment's details, in the order of `left.shares`.
    std::vector<TransactionDetail> details;
    RefundParts left;
};

/// A refund that fits: its division and, if it named lines, what it takes of each.
struct RefundPlan {
    Refundable from;
    RefundParts parts;
    /// Without their transaction.
    std::vector<RefundItem> items;
};

/// Requires that the order is loaded in full depth. Errors: RefundExceeded (it was not paid), Integrity.
Result<Refundable> refundableOf(UnitOfWork& work, OrderId order);

/// Divides a refund by what is left (10-domain). Lines are worth what was paid for them, shipping and discounts included, and no more
/// than what is left of their merchant's part. Requires the items (UnitOfWork::loadItems) if lines are named.
/// Errors: those of validate(), refundableOf() and divideRefund(); NotFound (no such line), QuantityOutOfRange.
Result<RefundPlan> planRefund(UnitOfWork& work, OrderId order, const RefundRequest& request);

/// A refund counts until it is known to have failed.
bool countsAsRefund(const PaymentTransaction& transaction);

} // namespace counterfoil
