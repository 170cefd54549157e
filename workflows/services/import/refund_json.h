// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/refund.h"

#include <QJsonObject>

namespace counterfoil {

struct RefundDocument {
    RefundRequest wanted;
    QString reason;
};

/// Reads a refund as `POST /v1/orders/…/refunds` carries it, and validates it. One of `amount`, `items` and `all`:
///
///     { "amount"?: money, "items"?: [{"line": 1, "quantity": 2}], "all"?: true, "reason"?: "…" }
///
/// Errors, naming the path of the field: as parseOrder().
Result<RefundDocument> parseRefundRequest(const QJsonObject& json);

} // namespace counterfoil
