// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/unit_of_work.h"

namespace counterfoil {

/// One line of an order after names were turned into rows.
struct ResolvedLine {
    SkuId sku;
    MerchantId seller;
    StockId stock;
    WarehouseId warehouse;
    FulfilmentKind fulfilment = FulfilmentKind::Physical;
    QString productName;
    QString specification;
    Money unitPrice;
    Money amount;
    Money merchantDiscount;
    qint64 roundingMicros = 0;
};

/// Turns the names that an order uses into rows of the unit of work (loadCheckout has loaded those that exist). With `extend`, what is
/// missing is added from what the lines state themselves.
class CatalogueResolver {
public:
    CatalogueResolver(UnitOfWork& work, bool extend, BasisPoints defaultCommission) : m_work(work), m_extend(extend), m_commission(defaultCommission) {}

    /// The customer with this reference, added if new.
    CustomerId customer(const NewOrder& order);

    /// Errors: NotFound (SKU, warehouse), PriceUnknown, OutOfStock (no warehouse has the SKU), AmountOverflow.
    Result<ResolvedLine> line(const NewOrder& order, const NewOrderLine& line);

private:
    Result<Sku> sku(const NewOrderLine& line);
    MerchantId merchant(const StatedLine& stated);
    Result<Stock> stock(const NewOrder& order, const NewOrderLine& line, const Sku& sku);
    Result<void> price(const NewOrder& order, const NewOrderLine& line, ResolvedLine& resolved);

    UnitOfWork& m_work;
    const bool m_extend;
    const BasisPoints m_commission;
};

} // namespace counterfoil
