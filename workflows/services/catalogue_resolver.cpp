// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/catalogue_resolver.h"

namespace counterfoil {

CustomerId CatalogueResolver::customer(const NewOrder& order)
{
    if (const Customer* known = m_work.customers.findIf([&](const Customer& c) { return c.externalRef == order.buyerRef; })) {
        return known->id;
    }
    return m_work.customers.add({m_work.ids().next<CustomerId>(), order.buyerRef, order.buyerName.isEmpty() ? order.buyerRef : order.buyerName, order.buyerEmail,
                                 order.buyerSegment, m_work.now()}).id;
}

MerchantId CatalogueResolver::merchant(const StatedLine& stated)
{
    if (const Merchant* known = m_work.merchants.findIf([&](const Merchant& m) { return m.externalRef == stated.merchantRef; })) {
        return known->id;
    }
    return m_work.merchants.add({m_work.ids().next<MerchantId>(), stated.merchantRef, stated.merchantName.isEmpty() ? stated.merchantRef : stated.merchantName,
                                 m_commission, m_work.now()}).id;
}

Result<Sku> CatalogueResolver::sku(const NewOrderLine& line)
{
    if (const Sku* known = m_work.skus.findIf([&](const Sku& s) { return s.code == line.sku; })) {
        return *known;
    }
    if (!m_extend || !line.stated) {
        return fail(ErrorCode::NotFound, QStringLiteral("there is no SKU %1").arg(line.sku));
    }
    const StatedLine& stated = *line.stated;
    const QString productRef = stated.productRef.isEmpty() ? line.sku : stated.productRef;
    const Product* product = m_work.products.findIf([&](const Product& p) { return p.externalRef == productRef; });
    const ProductId productId = product ? product->id
                                        : m_work.products.add({m_work.ids().next<ProductId>(), productRef, stated.productName, stated.category, merchant(stated)}).id;
    const Sku& added = m_work.skus.add({m_work.ids().next<SkuId>(), productId, line.sku, line.specification, FulfilmentKind::Physical});
    if (stated.unitPrice.isPositive()) {
        // What it was sold for is its price from now on, until somebody says otherwise.
        m_work.priceTiers.add({m_work.ids().next<PriceTierId>(), added.id, 1, stated.unitPrice.currency(), stated.unitPrice, {}, {}, {}});
    }
    return added;
}

Result<Stock> CatalogueResolver::stock(const NewOrder& order, const NewOrderLine& line, const Sku& sku)
{
    const Stock* best = nullptr;
    const Warehouse* warehouse = m_work.warehouses.findIf([&](const Warehouse& w) { return w.code == line.warehouse; });
    if (!line.warehouse.isEmpty() && !warehouse) {
        if (!m_extend) {
            return fail(ErrorCode::NotFound, QStringLiteral("there is no warehouse %1").arg(line.warehouse));
        }
        warehouse = &m_work.warehouses.add({m_work.ids().next<WarehouseId>(), line.warehouse, line.warehouse});
    }
    for (const Stock& stock : m_work.stocks.all()) {
        const bool fits = stock.sku == sku.id && (!warehouse || stock.warehouse == warehouse->id);
        if (fits && (!best || stock.saleable() > best->saleable())) {
            best = &stock;
        }
    }
    if (best) {
        return *best;
    }
    if (m_extend && warehouse && order.openingStock > 0) {
        const Stock& added = m_work.stocks.add({m_work.ids().next<StockId>(), sku.id, warehouse->id, order.openingStock, 0, 0});
        m_work.audit(QStringLiteral("import"), QStringLiteral("stock.opened"), added.id.toText(), {}, QString::number(order.openingStock), line.sku);
        return added;
    }
    return fail(ErrorCode::OutOfStock, QStringLiteral("%1 is kept in no warehouse").arg(line.sku));
}

Result<void> CatalogueResolver::price(const NewOrder& order, const NewOrderLine& line, ResolvedLine& resolved)
{
    if (line.stated && m_extend) {
        resolved.unitPrice = line.stated->unitPrice;
        resolved.amount = line.stated->amount;
        resolved.merchantDiscount = line.stated->merchantDiscount;
        resolved.roundingMicros = line.stated->roundingMicros;
        return {};
    }
    std::vector<PriceTier> tiers;
    for (const PriceTier& tier : m_work.priceTiers.all()) {
        if (tier.sku == resolved.sku) {
            tiers.push_back(tier);
        }
    }
    const auto unit = bestUnitPrice(tiers, line.quantity, order.currency, order.channel, m_work.now());
    if (!unit) {
        return fail(unit.error().code, QStringLiteral("%1: %2").arg(line.sku, unit.error().detail));
    }
    resolved.unitPrice = *unit;
    CF_ASSIGN(resolved.amount, unit->times(line.quantity));
    resolved.merchantDiscount = Money::zero(order.currency);
    return {};
}

Result<ResolvedLine> CatalogueResolver::line(const NewOrder& order, const NewOrderLine& line)
{
    CF_ASSIGN(const Sku sku, this->sku(line));
    CF_ASSIGN(const Stock stock, this->stock(order, line, sku));
    const Product& product = m_work.products.at(sku.product);
    ResolvedLine resolved;
    resolved.sku = sku.id;
    resolved.seller = product.merchant;
    resolved.stock = stock.id;
    resolved.warehouse = stock.warehouse;
    resolved.fulfilment = sku.fulfilment;
    resolved.productName = line.stated && m_extend ? line.stated->productName : product.name;
    resolved.specification = line.specification.isEmpty() ? sku.specification : line.specification;
    CF_TRY(price(order, line, resolved));
    return resolved;
}

} // namespace counterfoil
