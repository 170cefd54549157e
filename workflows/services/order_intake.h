// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/new_order.h"

#include <span>
#include <vector>

namespace counterfoil {

struct PlacedOrder {
    OrderId id;
    /// True when the same order (number and content) was there before: nothing was done again.
    bool existed = false;
};

/// How far an import has come; stored in the transaction of the orders it speaks of, so that a crash leaves both or neither.
struct ImportProgress {
    ImportRunId run;
    qint64 byteOffset = 0;
    qint64 rows = 0;
    qint64 placed = 0;
    qint64 existed = 0;
    qint64 refused = 0;
};

struct IntakeContext {
    /// Who asks, for the audit trail: `import:orders.csv`, `api:<token label>`.
    QString actor;
    /// Imports only: unknown customers, merchants, warehouses, products and SKUs are added from what the lines state.
    bool extendCatalogue = false;
    ImportProgress* progress = nullptr;
};

/// Takes orders into the database: checkout (price, split, coupons, freeze stock and money, pending transaction, gateway request)
/// and the order's first workflow steps.
class OrderIntake {
public:
    virtual ~OrderIntake() = default;

    /// Places all in one database transaction; one order's refusal leaves the others untouched, and nothing of it behind.
    /// The outer error means that nothing at all was stored. Per order: AlreadyExistsDifferent (the number is taken by other
    /// content), OutOfStock, InsufficientFunds, PriceUnknown, CouponNotApplicable, CouponExhausted, NotFound (SKU, warehouse),
    /// and the errors of validate().
    virtual Result<std::vector<Result<PlacedOrder>>> place(std::span<const NewOrder> orders, const IntakeContext& context) = 0;

    /// The stored progress of the import of a file with this SHA-256, or a new run. Errors: the database's.
    virtual Result<ImportProgress> openImport(const QString& fileSha256, const QString& fileName) = 0;
};

} // namespace counterfoil
