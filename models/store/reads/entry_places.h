// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "models/base/id.h"
#include "models/store/connection.h"

#include <optional>

namespace counterfoil {

// Where moments stand in the ledger's order, which is that of the entries' ids.

struct EntryPlace {
    LedgerEntryId entry;
    UtcTime at;
};

/// The first entry that posts to the account; none for none.
Result<std::optional<EntryPlace>> firstEntry(Connection& connection, AccountId account);

/// The last one that was posted by a moment; none for none. Entries follow each other in time, so that it is found by some looks into the index.
Result<LedgerEntryId> lastEntryBy(Connection& connection, AccountId account, UtcTime moment);

} // namespace counterfoil
