// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"
#include "models/base/id.h"
#include "models/base/money.h"

namespace counterfoil {

/// Who buys. `externalRef` is the business's own name for the customer and unique.
struct Customer {
    CustomerId id;
    QString externalRef;
    QString name;
    QString email;
    QString segment;
    UtcTime createdAt;
};

/// Who sells through the platform and gets a share of each payment, less the commission.
struct Merchant {
    MerchantId id;
    QString externalRef;
    QString name;
    BasisPoints commission;
    UtcTime createdAt;
};

/// Where goods are kept and shipped from.
struct Warehouse {
    WarehouseId id;
    QString code;
    QString name;
};

} // namespace counterfoil
