// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/database_url.h"

class QSqlError;

namespace counterfoil {

/// Turns a driver's error into one of ours by the database's own code (SQLite result code, SQLSTATE). `doing` is the statement or
/// step, for logs.
std::unexpected<Error> databaseError(DatabaseKind kind, const QSqlError& error, const QString& doing);

} // namespace counterfoil
