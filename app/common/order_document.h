// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/order_detail.h"

#include <QJsonObject>

namespace counterfoil {

/// One order as `GET /v1/orders/{reference}` and `counterfoilctl order show` give it; its shape is `Order` in
/// resources/docs/openapi.json. Money is `{"amount", "currency"}` in minor units, times are ISO 8601 in UTC, what isn't known is null.
QJsonObject orderDocument(const OrderDetail& detail);

/// Reads the order that a text names, by its id (`ord_…`) or its whole number. Errors: NotFound, and those of Connection.
Result<OrderDetail> orderByReference(Connection& connection, const QString& reference);

} // namespace counterfoil
