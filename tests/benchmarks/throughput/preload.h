// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/connection.h"

namespace counterfoil {

/// Adds so many paid orders to a shop that was just filled, by statements over sets: the rows that the program leaves behind for each,
/// with the same sums, so that the invariants hold. Their settlements are due in a week. Not durable, and without looking at foreign keys;
/// no other connection to the database may be open.
void preload(const DatabaseUrl& url, qint64 payments);

} // namespace counterfoil
