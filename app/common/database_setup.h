// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/connection.h"

namespace counterfoil {

/// Brings a database up to this program's schema, publishes the built-in order workflow if there is none, and says what kind of place it
/// is (`sandbox` or `live`) if nobody did. Doing it again changes nothing. Takes the writer's lock meanwhile.
/// Errors: DatabaseInUse, DatabaseTooNew, Integrity, DurabilityTooWeak, the database's.
Result<void> setUpDatabase(const DatabaseUrl& url, const QString& environment, const Clock& clock);

} // namespace counterfoil
