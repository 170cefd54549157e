// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/tcc/tcc_participant.h"

namespace counterfoil {

/// Freezes the wallet part; confirming divides the money among merchants as settlement holds, in one balanced entry.
class AccountsParticipant final : public TccParticipant {
public:
    /// Merchants' shares stay frozen this long after the payment.
    explicit AccountsParticipant(Duration settlementDelay) : m_settlementDelay(settlementDelay) {}
    Participant kind() const override { return Participant::Accounts; }
    Result<void> reserve(UnitOfWork& work, const BranchCall& call) const override;
    Result<void> confirm(UnitOfWork& work, const BranchCall& call) const override;
    Result<void> cancel(UnitOfWork& work, const BranchCall& call) const override;

private:
    Duration m_settlementDelay;
};

} // namespace counterfoil
