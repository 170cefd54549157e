// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/unit_of_work.h"

#include <QJsonObject>

namespace counterfoil {

/// Which branch a participant is called for, and with what.
struct BranchCall {
    TccId gid;
    int n = 0;
    OrderId order;
    TransactionId transaction;
    QJsonObject args;

    /// A key for what this call writes, unique per branch and call.
    QString key(const char* call) const { return QStringLiteral("tcc:%1:%2:%3").arg(gid.value()).arg(n).arg(QLatin1String(call)); }
};

/// One of those who reserve, then confirm or cancel. The fence (fence.h) sees to it that each call takes effect once and in a
/// legal order; a participant only says what the effect is. Confirm and Cancel check no business rule: what Try reserved can
/// always be confirmed or cancelled. Works on the unit of work alone and knows the branch's arguments, not the coordinator's rows.
class TccParticipant {
public:
    virtual ~TccParticipant() = default;
    virtual Participant kind() const = 0;
    /// Errors: the business's own (InsufficientFunds, OutOfStock, CouponExhausted …): refused, with nothing reserved.
    virtual Result<void> reserve(UnitOfWork& work, const BranchCall& call) const = 0;
    virtual Result<void> confirm(UnitOfWork& work, const BranchCall& call) const = 0;
    virtual Result<void> cancel(UnitOfWork& work, const BranchCall& call) const = 0;
};

} // namespace counterfoil
