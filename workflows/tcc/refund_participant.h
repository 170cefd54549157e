// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/tcc/tcc_participant.h"

namespace counterfoil {

/// Reserves what merchants give back: first what is still held for settlement of the same share, without a posting, then of what they
/// have available. Confirming gives it to the buyer in one balanced entry; cancelling gives it back as it was, a settlement with its date.
class RefundParticipant final : public TccParticipant {
public:
    Participant kind() const override { return Participant::Refund; }
    /// Errors: InsufficientFunds (a merchant's money doesn't reach), AccountClosed.
    Result<void> reserve(UnitOfWork& work, const BranchCall& call) const override;
    Result<void> confirm(UnitOfWork& work, const BranchCall& call) const override;
    Result<void> cancel(UnitOfWork& work, const BranchCall& call) const override;
};

} // namespace counterfoil
