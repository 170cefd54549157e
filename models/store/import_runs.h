// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/id_source.h"
#include "models/store/connection.h"

namespace counterfoil {

/// A row of import_run: how far the import of one file has come.
struct ImportRun {
    ImportRunId id;
    qint64 byteOffset = 0;
    qint64 rows = 0;
    qint64 placed = 0;
    qint64 existed = 0;
    qint64 refused = 0;
};

/// The run of the file with this SHA-256; a new one, at the beginning, if there is none. Errors: ConstraintViolated if another file
/// has the fresh id.
Result<ImportRun> openImportRun(Connection& connection, const QString& fileSha256, const QString& fileName, ImportRunId freshId, UtcTime now);

/// Stores how far it has come; in the transaction of the rows that it speaks of.
Result<void> saveImportRun(Connection& connection, const ImportRun& run, UtcTime now);

} // namespace counterfoil
