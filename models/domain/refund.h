// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/id.h"
#include "models/base/money.h"

#include <optional>
#include <vector>

namespace counterfoil {

/// So many of one line of an order.
struct RefundLine {
    /// OrderItem::line.
    int line = 0;
    qint64 quantity = 0;
};

/// What is to be given back: an amount, or lines and quantities; everything that is left if neither is named.
struct RefundRequest {
    std::optional<Money> amount;
    std::vector<RefundLine> lines;
};

/// What a refund gives back of one line: how many, and what of their price. Together with the refund's amount only if it named lines.
struct RefundItem {
    TransactionId transaction;
    OrderItemId item;
    qint64 quantity = 0;
    Currency currency;
    Money amount;
};

/// Errors: InvalidAmount, QuantityOutOfRange, MalformedInput (an amount and lines, or a line twice).
Result<void> validate(const RefundRequest& request);

/// SHA-256 of what is asked for, for "exists, same" and "exists, different".
QString contentHash(OrderId order, const RefundRequest& request, const QString& reason);

} // namespace counterfoil
