// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/unit_of_work.h"

namespace counterfoil {

/// What an entry is about.
struct EntryHead {
    EntryKind kind = EntryKind::Adjustment;
    /// Unique: the same fact can't be booked twice.
    QString idempotencyKey;
    OrderId order;
    TransactionId transaction;
};

/// Books one balanced entry: checks the sums, changes the accounts, writes entry and postings. The accounts must be loaded.
/// Errors: Integrity (unbalanced), InsufficientFunds, AccountClosed, AmountOverflow; the caller falls back.
Result<LedgerEntryId> post(UnitOfWork& work, const EntryHead& head, const std::vector<PostingDraft>& lines);

struct HoldDraft {
    AccountRef account;
    Money amount;
    HoldReason reason = HoldReason::Payment;
    OrderId order;
    SubOrderId subOrder;
    UtcTime releaseAt;
    /// See Hold::transaction.
    TransactionId transaction = {};
};

/// Opens a hold. The money must be in the account's frozen bucket by the same unit of work.
HoldId openHold(UnitOfWork& work, const HoldDraft& draft);

/// Consumes part of a hold under a unique key and records the step. The postings are the caller's.
/// Errors: HoldExceeded, InvalidAmount.
Result<void> consumeHold(UnitOfWork& work, HoldId hold, HoldMovementKind kind, const Money& amount, const QString& key, LedgerEntryId entry);

/// Appends a line unless its amount is zero. Errors: the amount's.
Result<void> addLine(std::vector<PostingDraft>& lines, const AccountRef& account, Bucket bucket, const Result<Money>& amount);

} // namespace counterfoil
