// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/id.h"
#include "models/base/money.h"

#include <QJsonObject>

#include <vector>

namespace counterfoil {

/// Money of one order, divided among those who get it or, in a refund, give it back: the arguments of the branches that move it. All
/// amounts are in one currency and none is below zero.
struct DividedFunds {
    CustomerId buyer;
    /// From the buyer's wallet, and by the gateway.
    Money walletPart;
    Money gatewayPart;
    /// From the platform's promotions account.
    Money platformDiscount;
    struct Share {
        SubOrderId subOrder;
        MerchantId merchant;
        Money net;
        Money commission;
    };
    std::vector<Share> shares;

    QByteArray toJson() const;
    /// Errors: Integrity (arguments that this program didn't write).
    static Result<DividedFunds> fromJson(const QJsonObject& json);
};

} // namespace counterfoil
