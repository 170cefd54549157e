// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/tcc/tcc_participant.h"

namespace counterfoil {

/// One line of the coupons branch's arguments.
struct CouponRequest {
    CouponId coupon;
    CustomerId customer;
    Money discount;
};

/// As JSON.
QByteArray couponArgs(const std::vector<CouponRequest>& requests);

/// Try locks a grant of each coupon within its limits, Confirm uses it, Cancel makes it available again. The coupon's row is
/// locked by the unit of work, so two checkouts at once can't exceed a limit.
class CouponsParticipant final : public TccParticipant {
public:
    Participant kind() const override { return Participant::Coupons; }
    /// Errors: CouponExhausted.
    Result<void> reserve(UnitOfWork& work, const BranchCall& call) const override;
    Result<void> confirm(UnitOfWork& work, const BranchCall& call) const override;
    Result<void> cancel(UnitOfWork& work, const BranchCall& call) const override;
};

} // namespace counterfoil
