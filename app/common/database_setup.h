// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/connection.h"

namespace counterfoil {

/// Publishes the built-in order workflow as the next revision, unless the newest one is the same or was published by somebody else; new
/// orders go by it, the others keep theirs. Returns its revision, 0 if there is none. To be called in a transaction.
Result<int> publishBuiltInWorkflow(Connection& connection, const Clock& clock);

/// Brings a database up to this program's schema, publishes the built-in order workflow, and says what kind of place it
/// is (`sandbox` or `live`) if nobody did. Doing it again changes nothing. Takes the writer's lock meanwhile.
/// Errors: DatabaseInUse, DatabaseTooNew, Integrity, DurabilityTooWeak, the database's.
Result<void> setUpDatabase(const DatabaseUrl& url, const QString& environment, const Clock& clock);

} // namespace counterfoil
