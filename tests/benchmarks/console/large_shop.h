// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "models/store/connection.h"

namespace counterfoil {

/// Fills a migrated database by set-based SQL with orders, open cases (on every order until they are all placed) and the people of a
/// demonstration. Errors: those of Connection.
Result<void> fillLargeShop(Connection& connection, const Clock& clock, qint64 orders, qint64 cases);

} // namespace counterfoil
