// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/ledger.h"
#include "models/store/connection.h"
#include "models/store/reads/page.h"
#include "models/store/reads/posting_row.h"

namespace counterfoil {

/// A figure of an account that its postings explain. Total is available and frozen together.
enum class BalancePart { Available, Frozen, Total, Billed };

/// The figure as of a moment, at a fixed place of the ledger: what is posted later changes nothing of it.
struct BalanceSlice {
    Account account;
    BalancePart part = BalancePart::Available;
    /// None: when it was read.
    UtcTime asOf;
    /// The account's last entry that counts, in the ledger's order; none: nothing was posted by then.
    LedgerEntryId last;
    /// What the account itself says now, less what was posted behind `last`.
    Money balance;
};

/// Errors: NotFound, AmountOverflow.
Result<BalanceSlice> balanceAsOf(Connection& connection, AccountId account, BalancePart part, UtcTime asOf);

/// What is posted, added up from the first posting on, beside what the account says.
struct BalanceProof {
    qint64 postings = 0;
    Money sum;
    /// Behind the slice's last entry.
    qint64 laterPostings = 0;
    Money later;
    /// The account's figure now.
    Money stated;

    bool agrees() const;
};

/// Reads every posting of the account once, in one consistent view. Errors: NotFound, and Internal when a sum is beyond 64 bits.
Result<BalanceProof> proveBalance(Connection& connection, const BalanceSlice& slice);

/// The postings that make the slice, newest first. `amount` is what each adds to the figure and `balanceAfter` the sum up to it, counted down
/// from the slice's balance, so that it ends at zero in front of the first one. Postings that change nothing of the figure are left out.
/// Key: (entry id, line).
Result<std::vector<PostingRow>> balancePage(Connection& connection, const BalanceSlice& slice, const PageRequest& request);
Result<qint64> balanceCount(Connection& connection, const BalanceSlice& slice);
Result<qint64> balanceCountBefore(Connection& connection, const BalanceSlice& slice, RowKey key);

/// The account's figures behind `last` and until the next point.
struct BalancePoint {
    /// When `last` was posted; for the first point, where the history begins.
    UtcTime at;
    LedgerEntryId last;
    Money available;
    Money frozen;
    Money billed;
    friend bool operator==(const BalancePoint&, const BalancePoint&) = default;
};

struct BalanceHistory {
    Account account;
    UtcTime from;
    UtcTime to;
    /// Oldest first: what stood at `from`, then a point per span of time in which something was posted. Empty for an account without postings.
    std::vector<BalancePoint> points;
};

/// At most `spans` + 1 points; `from` none begins with the account's first posting. The last point is what the account says; the others are
/// counted down from it. Errors: NotFound, AmountOverflow.
Result<BalanceHistory> balanceHistory(Connection& connection, AccountId account, UtcTime from, UtcTime to, int spans);

} // namespace counterfoil
