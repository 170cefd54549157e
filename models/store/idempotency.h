// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/connection.h"

#include <optional>

namespace counterfoil {

/// The stored answer to a call with an Idempotency-Key.
struct IdempotencyRecord {
    QString scope;
    QString key;
    QString requestSha256;
    int httpStatus = 0;
    QString answer;
};

Result<std::optional<IdempotencyRecord>> findIdempotencyRecord(Connection& connection, const QString& scope, const QString& key);

/// In the transaction of the call's effect. Errors: ConstraintViolated if the key was used in the meantime.
Result<void> storeIdempotencyRecord(Connection& connection, const IdempotencyRecord& record, UtcTime now);

} // namespace counterfoil
