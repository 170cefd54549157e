// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "models/base/id.h"
#include "models/base/money.h"
#include "models/base/named_enum.h"

#include <vector>

namespace counterfoil {

enum class OwnerKind { System = 0, Customer = 1, Merchant = 2 };
CF_ENUM_NAMES(OwnerKind, {OwnerKind::System, "system"}, {OwnerKind::Customer, "customer"}, {OwnerKind::Merchant, "merchant"});

/// What an account is for. Wallets and merchant accounts have owners and may never go below zero; the rest are the
/// system's own and may (10-domain).
enum class AccountKind {
    Wallet = 0,
    Merchant = 1,
    Clearing = 10,
    Bank = 11,
    Fees = 12,
    GatewayFees = 13,
    Promotions = 14,
    Commission = 15,
    Disputes = 16,
    Receivable = 17,
    Suspense = 18,
    Rounding = 19,
};
CF_ENUM_NAMES(AccountKind, {AccountKind::Wallet, "wallet"}, {AccountKind::Merchant, "merchant"},
              {AccountKind::Clearing, "clearing"}, {AccountKind::Bank, "bank"}, {AccountKind::Fees, "fees"},
              {AccountKind::GatewayFees, "gateway_fees"}, {AccountKind::Promotions, "promotions"},
              {AccountKind::Commission, "commission"}, {AccountKind::Disputes, "disputes"},
              {AccountKind::Receivable, "receivable"}, {AccountKind::Suspense, "suspense"},
              {AccountKind::Rounding, "rounding"});

enum class AccountStatus { Open = 0, Closed = 1 };
CF_ENUM_NAMES(AccountStatus, {AccountStatus::Open, "open"}, {AccountStatus::Closed, "closed"});

enum class Bucket { Available = 0, Frozen = 1 };
CF_ENUM_NAMES(Bucket, {Bucket::Available, "available"}, {Bucket::Frozen, "frozen"});

/// Names one account without its id: there is at most one per owner, kind and currency.
struct AccountRef {
    OwnerKind ownerKind = OwnerKind::System;
    qint64 ownerId = 0;
    AccountKind kind = AccountKind::Clearing;
    Currency currency;

    static AccountRef system(AccountKind kind, Currency currency) { return {OwnerKind::System, 0, kind, currency}; }
    static AccountRef wallet(CustomerId owner, Currency currency) { return {OwnerKind::Customer, owner.value(), AccountKind::Wallet, currency}; }
    static AccountRef merchant(MerchantId owner, Currency currency) { return {OwnerKind::Merchant, owner.value(), AccountKind::Merchant, currency}; }

    friend auto operator<=>(const AccountRef&, const AccountRef&) = default;
};

/// Balances of one owner in one currency. Positive means owed to the owner. `frozen` always equals what remains of the
/// account's open holds. `billed` is a running total since the last closed statement and no part of the balance.
struct Account {
    AccountId id;
    OwnerKind ownerKind = OwnerKind::System;
    qint64 ownerId = 0;
    AccountKind kind = AccountKind::Clearing;
    Currency currency;
    Money available;
    Money frozen;
    Money billed;
    qint64 version = 0;
    AccountStatus status = AccountStatus::Open;

    AccountRef ref() const { return {ownerKind, ownerId, kind, currency}; }
    bool mayGoNegative() const { return ownerKind == OwnerKind::System; }
    const Money& balance(Bucket bucket) const { return bucket == Bucket::Available ? available : frozen; }
};

/// One business fact. Unique by its idempotency key, append-only.
enum class EntryKind {
    Recharge = 0,
    Freeze = 1,
    Release = 2,
    Payment = 3,
    Settlement = 4,
    Refund = 5,
    Suspense = 6,
    Withdrawal = 7,
    Adjustment = 8,
};
CF_ENUM_NAMES(EntryKind, {EntryKind::Recharge, "recharge"}, {EntryKind::Freeze, "freeze"}, {EntryKind::Release, "release"},
              {EntryKind::Payment, "payment"}, {EntryKind::Settlement, "settlement"}, {EntryKind::Refund, "refund"},
              {EntryKind::Suspense, "suspense"}, {EntryKind::Withdrawal, "withdrawal"}, {EntryKind::Adjustment, "adjustment"});

struct LedgerEntry {
    LedgerEntryId id;
    QString idempotencyKey;
    EntryKind kind = EntryKind::Adjustment;
    OrderId order;
    TransactionId transaction;
    LedgerEntryId corrects;
    UtcTime createdAt;
};

/// One signed change of one bucket; positive increases what is owed to the owner. The postings of an entry sum to zero
/// per currency. `balanceAfter` is the bucket's balance behind this posting.
struct Posting {
    LedgerEntryId entry;
    int line = 0;
    AccountId account;
    Bucket bucket = Bucket::Available;
    Currency currency;
    Money amount;
    Money balanceAfter;
};

enum class HoldReason { Payment = 0, Settlement = 1, Refund = 2, Manual = 3, Withdrawal = 4, Dispute = 5 };
CF_ENUM_NAMES(HoldReason, {HoldReason::Payment, "payment"}, {HoldReason::Settlement, "settlement"}, {HoldReason::Refund, "refund"},
              {HoldReason::Manual, "manual"}, {HoldReason::Withdrawal, "withdrawal"}, {HoldReason::Dispute, "dispute"});

enum class HoldState { Open = 0, Captured = 1, Released = 2 };
CF_ENUM_NAMES(HoldState, {HoldState::Open, "open"}, {HoldState::Captured, "captured"}, {HoldState::Released, "released"});

/// Reserved money of one account. Consumed in steps; closes at `remaining` zero. Only manual holds expire.
struct Hold {
    HoldId id;
    AccountId account;
    Currency currency;
    Money amount;
    Money remaining;
    HoldReason reason = HoldReason::Payment;
    OrderId order;
    SubOrderId subOrder;
    HoldState state = HoldState::Open;
    UtcTime createdAt;
    UtcTime expiresAt;
    /// Settlement: when the merchant gets it. Refund: when the merchant would have got it, had it not been taken from a settlement hold;
    /// none for what was taken from the available money.
    UtcTime releaseAt;
    /// The refund that holds it.
    TransactionId transaction;
};

enum class HoldMovementKind { Capture = 0, Release = 1 };
CF_ENUM_NAMES(HoldMovementKind, {HoldMovementKind::Capture, "capture"}, {HoldMovementKind::Release, "release"});

/// One step in which a hold was consumed. Unique by key, append-only.
struct HoldMovement {
    HoldMovementId id;
    HoldId hold;
    QString key;
    HoldMovementKind kind = HoldMovementKind::Capture;
    Currency currency;
    Money amount;
    LedgerEntryId entry;
    UtcTime at;
};

/// One line of an entry that is being made.
struct PostingDraft {
    AccountRef account;
    Bucket bucket = Bucket::Available;
    Money amount;
};

/// Checks that the lines sum to zero per currency, that there are at least two and none is zero.
/// Errors: Integrity (a programmer's mistake that must never reach the books), AmountOverflow.
Result<void> checkBalanced(const std::vector<PostingDraft>& lines);

/// Adds `amount` to a bucket and bumps the version. Errors: InsufficientFunds (an owner's bucket below zero),
/// CurrencyMismatch, AmountOverflow, AccountClosed.
Result<void> applyPosting(Account& account, Bucket bucket, const Money& amount);

/// Takes `amount` from an open hold and closes it at zero. Errors: HoldExceeded (more than remains, or not open),
/// InvalidAmount (not positive).
Result<void> consume(Hold& hold, HoldMovementKind kind, const Money& amount);

} // namespace counterfoil
