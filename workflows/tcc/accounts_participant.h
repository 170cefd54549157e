// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/tcc/tcc_participant.h"

namespace counterfoil {

/// What a payment does to the books; the arguments of the accounts branch.
struct PaymentFunds {
    CustomerId buyer;
    Money walletPart;
    Money gatewayPart;
    /// Paid by the platform's promotions account.
    Money platformDiscount;
    struct Share {
        SubOrderId subOrder;
        MerchantId merchant;
        Money net;
        Money commission;
    };
    std::vector<Share> shares;

    QJsonObject toJson() const;
    /// Errors: Integrity (arguments that this program didn't write).
    static Result<PaymentFunds> fromJson(const QJsonObject& json);
};

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
