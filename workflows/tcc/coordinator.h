// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/tcc/tcc_participant.h"

namespace counterfoil {

struct BranchDraft {
    Participant participant = Participant::Accounts;
    /// A JSON object, compact.
    QByteArray args;
};

struct TccDraft {
    QString businessKey;
    OrderId order;
    TransactionId transaction;
    QString requestSha256;
    UtcTime tryDeadline;
    std::vector<BranchDraft> branches;
};

/// The coordinator of try, confirm, cancel (20-engine, K1 to K8). All state is rows of the unit of work; the object holds only
/// the participants and may be shared.
class TccCoordinator {
public:
    explicit TccCoordinator(Duration settlementDelay);

    /// Stores the transaction with all its branches (K1); nothing is tried yet. Requires a new business key.
    TccId registerTransaction(UnitOfWork& work, const TccDraft& draft) const;

    /// Tries every branch. A refusal is returned as the participant's error; the branches tried before stay tried, for the caller
    /// to cancel (K4) or to fall back. Errors also: EventNotAccepted after a decision.
    Result<void> tryAll(UnitOfWork& work, TccId gid) const;

    /// True when every branch is tried and nothing is decided.
    bool isReserved(UnitOfWork& work, TccId gid) const;

    /// The decision: one compare-and-set from trying, never flipped (K2). Deciding the same again is fine.
    /// Errors: EventNotAccepted (the other decision was taken); Integrity (confirming something not fully tried).
    Result<void> decide(UnitOfWork& work, TccId gid, TccDecision decision, const QString& by, const QString& reason) const;

    /// Phase two for every branch that isn't done (K5); true when the transaction is final (K6). Within one unit of work it is all or
    /// nothing: after an error the caller falls back, and nothing of the decision is kept.
    /// Errors: Integrity of a branch, after the others were driven.
    Result<bool> drive(UnitOfWork& work, TccId gid) const;

private:
    const TccParticipant& participant(Participant kind) const;
    Result<void> driveBranch(UnitOfWork& work, const TccTransaction& tcc, const TccBranch& branch) const;

    std::vector<std::unique_ptr<TccParticipant>> m_participants;
};

} // namespace counterfoil
