// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/import_runs.h"

namespace counterfoil {

Result<ImportRun> openImportRun(Connection& connection, const QString& fileSha256, const QString& fileName, ImportRunId freshId, UtcTime now)
{
    CF_TRY(connection.execute(QStringLiteral("INSERT INTO import_run (id, file_sha256, file_name, byte_offset, rows_read, placed, existed, refused, started_at, updated_at) "
                                             "VALUES (?, ?, ?, 0, 0, 0, 0, 0, ?, ?) ON CONFLICT DO NOTHING"),
                              {bound(freshId), fileSha256, fileName, bound(now), bound(now)}));
    ImportRun run;
    CF_TRY(connection.query(QStringLiteral("SELECT id, byte_offset, rows_read, placed, existed, refused FROM import_run WHERE file_sha256 = ?"), {fileSha256},
                            [&](const Row& row) -> Result<void> {
                                run = {row.id<ImportRunId>(0), row.integer(1), row.integer(2), row.integer(3), row.integer(4), row.integer(5)};
                                return {};
                            }));
    if (run.id.isNone()) {
        return fail(ErrorCode::ConstraintViolated, QStringLiteral("import run %1 belongs to another file").arg(freshId.toText()));
    }
    return run;
}

Result<void> saveImportRun(Connection& connection, const ImportRun& run, UtcTime now)
{
    CF_TRY(connection.execute(QStringLiteral("UPDATE import_run SET byte_offset = ?, rows_read = ?, placed = ?, existed = ?, refused = ?, updated_at = ? WHERE id = ?"),
                              {bound(run.byteOffset), bound(run.rows), bound(run.placed), bound(run.existed), bound(run.refused), bound(now), bound(run.id)}));
    return {};
}

} // namespace counterfoil
