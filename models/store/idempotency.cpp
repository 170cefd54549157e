// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/idempotency.h"

namespace counterfoil {

Result<std::optional<IdempotencyRecord>> findIdempotencyRecord(Connection& connection, const QString& scope, const QString& key)
{
    std::optional<IdempotencyRecord> found;
    CF_TRY(connection.queryAll(QStringLiteral("SELECT request_sha256, http_status, answer FROM idempotency_record WHERE scope = ? AND idempotency_key = ?"), {scope, key},
                            [&](const Row& row) -> Result<void> {
                                found = IdempotencyRecord{scope, key, row.text(0), static_cast<int>(row.integer(1)), row.text(2)};
                                return {};
                            }));
    return found;
}

Result<void> storeIdempotencyRecord(Connection& connection, const IdempotencyRecord& record, UtcTime now)
{
    CF_TRY(connection.execute(QStringLiteral("INSERT INTO idempotency_record (scope, idempotency_key, request_sha256, http_status, answer, created_at) VALUES (?, ?, ?, ?, ?, ?)"),
                              {record.scope, record.key, record.requestSha256, bound(record.httpStatus), record.answer, bound(now)}));
    return {};
}

} // namespace counterfoil
