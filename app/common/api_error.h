// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/error.h"

#include <QJsonObject>

namespace counterfoil {

/// The HTTP status that a failure is answered with: 400 what was given, 401, 403, 404, 409 (in progress: the same request may come
/// again), 413, 422 (a rule of the business refuses), 503 (the database; the same request may come again), 500.
int httpStatusOf(ErrorCode code);

/// The path of the field that an error of order_json.h or json.h speaks of, as `items[0].sku`; empty if it names none.
QString fieldOf(const Error& error);

/// `{"error": {"code", "message", "field"?}}`. What failed inside (5xx) is not told beyond its code.
QJsonObject errorDocument(const Error& error);

} // namespace counterfoil
