// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/ledger.h"
#include "models/store/connection.h"

#include <functional>

namespace counterfoil {

/// An account with the names of its owner; both are empty for the system's own accounts.
struct JournalAccount {
    Account account;
    QString ownerRef;
    QString ownerName;
};

/// One ledger entry with all its postings, by line.
struct JournalEntry {
    LedgerEntry entry;
    /// Empty if the entry is about no order.
    QString orderNo;
    std::vector<Posting> postings;
};

/// All accounts, by id.
Result<std::vector<JournalAccount>> journalAccounts(Connection& connection);

/// Calls `each` for every entry by id, in constant memory; its error ends the reading and is returned. Several reads: call it
/// inside a DatabaseTransaction::beginRead().
Result<void> forEachJournalEntry(Connection& connection, const std::function<Result<void>(const JournalEntry&)>& each);

} // namespace counterfoil
