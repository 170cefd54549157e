// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "models/base/id.h"
#include "models/base/named_enum.h"

namespace counterfoil {

/// The coordinator's decision: one compare-and-set from Trying, and it never flips (K2).
enum class TccDecision { Trying = 0, Confirming = 1, Confirmed = 2, Cancelling = 3, Cancelled = 4 };
CF_ENUM_NAMES(TccDecision, {TccDecision::Trying, "trying"}, {TccDecision::Confirming, "confirming"}, {TccDecision::Confirmed, "confirmed"},
              {TccDecision::Cancelling, "cancelling"}, {TccDecision::Cancelled, "cancelled"});

enum class Participant { Accounts = 0, Stock = 1, Coupons = 2, Refund = 3 };
CF_ENUM_NAMES(Participant, {Participant::Accounts, "accounts"}, {Participant::Stock, "stock"}, {Participant::Coupons, "coupons"},
              {Participant::Refund, "refund"});

enum class BranchPhase { Registered = 0, Tried = 1, Refused = 2, Confirmed = 3, Cancelled = 4 };
CF_ENUM_NAMES(BranchPhase, {BranchPhase::Registered, "registered"}, {BranchPhase::Tried, "tried"}, {BranchPhase::Refused, "refused"},
              {BranchPhase::Confirmed, "confirmed"}, {BranchPhase::Cancelled, "cancelled"});

enum class FenceState { Tried = 0, Confirmed = 1, Cancelled = 2, Tombstone = 3 };
CF_ENUM_NAMES(FenceState, {FenceState::Tried, "tried"}, {FenceState::Confirmed, "confirmed"}, {FenceState::Cancelled, "cancelled"}, {FenceState::Tombstone, "tombstone"});

/// One distributed transaction. `businessKey` is unique: a second checkout of one order finds the first.
struct TccTransaction {
    TccId gid;
    QString businessKey;
    OrderId order;
    TransactionId transaction;
    QString requestSha256;
    TccDecision decision = TccDecision::Trying;
    UtcTime tryDeadline;
    UtcTime createdAt;
    UtcTime decidedAt;
    QString decidedBy;
    QString cancelReason;
    qint64 epoch = 0;

    bool isFinal() const { return decision == TccDecision::Confirmed || decision == TccDecision::Cancelled; }
};

/// One participant's part. Stored before the first Try; none is added after the decision (K1).
struct TccBranch {
    TccId gid;
    int n = 0;
    Participant participant = Participant::Accounts;
    QString args;
    QString argsSha256;
    BranchPhase phase = BranchPhase::Registered;
    int attempt = 0;
    QString lastError;
    UtcTime doneAt;
};

/// The participant's own memory of what it did, written in the same local transaction as the effect.
struct TccFence {
    TccId gid;
    int n = 0;
    FenceState state = FenceState::Tried;
    QString argsSha256;
    UtcTime tryDeadline;
};

} // namespace counterfoil
