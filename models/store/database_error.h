// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/error.h"

namespace counterfoil {

/// Turns a database's error into one of ours by its own code: SQLite's (extended) result code, or a SQLSTATE, which a lost connection
/// doesn't have. `doing` is the statement or step, for logs. What one of our own functions refuses with (SQLSTATE CF...) has its code and detail.
std::unexpected<Error> sqliteError(int code, const QString& message, const QString& doing);
std::unexpected<Error> postgresqlError(const QString& state, const QString& message, const QString& doing);

} // namespace counterfoil
