// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/catalog.h"
#include "models/domain/coupon.h"
#include "models/domain/party.h"
#include "models/store/table_of.h"

// How parties, products, stock and coupons map to their tables (resources/migrations).

namespace counterfoil {

template<>
struct TableOf<Customer> {
    static constexpr const char* name = "customer";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = nullptr;
    static auto key(const Customer& row) { return row.id; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("external_ref", row.externalRef);
        v("name", row.name);
        v("email", row.email);
        v("segment", row.segment);
        v("created_at", row.createdAt);
    }
};

template<>
struct TableOf<Merchant> {
    static constexpr const char* name = "merchant";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = nullptr;
    static auto key(const Merchant& row) { return row.id; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("external_ref", row.externalRef);
        v("name", row.name);
        v("commission_bp", row.commission);
        v("created_at", row.createdAt);
    }
};

template<>
struct TableOf<Warehouse> {
    static constexpr const char* name = "warehouse";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = nullptr;
    static auto key(const Warehouse& row) { return row.id; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("code", row.code);
        v("name", row.name);
    }
};

template<>
struct TableOf<Product> {
    static constexpr const char* name = "product";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = nullptr;
    static auto key(const Product& row) { return row.id; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("external_ref", row.externalRef);
        v("name", row.name);
        v("category", row.category);
        v("merchant_id", row.merchant);
    }
};

template<>
struct TableOf<Sku> {
    static constexpr const char* name = "sku";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = nullptr;
    static auto key(const Sku& row) { return row.id; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("product_id", row.product);
        v("code", row.code);
        v("specification", row.specification);
        v("fulfilment", row.fulfilment);
    }
};

template<>
struct TableOf<PriceTier> {
    static constexpr const char* name = "price_tier";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = nullptr;
    static auto key(const PriceTier& row) { return row.id; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("sku_id", row.sku);
        v("min_quantity", row.minQuantity);
        v("currency", row.currency);
        v("unit_price", row.unitPrice);
        v("valid_from", row.validFrom);
        v("valid_to", row.validTo);
        v("channel", row.channel);
    }
};

template<>
struct TableOf<Stock> {
    static constexpr const char* name = "stock";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = nullptr;
    static auto key(const Stock& row) { return row.id; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("sku_id", row.sku);
        v("warehouse_id", row.warehouse);
        v("on_hand", row.onHand);
        v("frozen", row.frozen);
        v("version", row.version);
    }
};

template<>
struct TableOf<StockReservation> {
    static constexpr const char* name = "stock_reservation";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = nullptr;
    static auto key(const StockReservation& row) { return row.id; }
    static auto group(const StockReservation& row) { return row.order; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("stock_id", row.stock);
        v("order_id", row.order);
        v("item_id", row.item);
        v("quantity", row.quantity);
        v("state", row.state);
    }
};

template<>
struct TableOf<Coupon> {
    static constexpr const char* name = "coupon";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = nullptr;
    static auto key(const Coupon& row) { return row.id; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("code", row.code);
        v("code_folded", row.codeFolded);
        v("kind", row.kind);
        v("currency", row.currency);
        v("value", row.value);
        v("threshold", row.threshold);
        v("merchant_id", row.merchant);
        v("funded_by", row.fundedBy);
        v("stackable", row.stackable);
        v("valid_from", row.validFrom);
        v("valid_to", row.validTo);
        v("total_limit", row.totalLimit);
        v("per_customer_limit", row.perCustomerLimit);
        v("used", row.used);
        v("version", row.version);
    }
};

template<>
struct TableOf<CouponGrant> {
    static constexpr const char* name = "coupon_grant";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = nullptr;
    static auto key(const CouponGrant& row) { return row.id; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("coupon_id", row.coupon);
        v("customer_id", row.customer);
        v("order_id", row.order);
        v("state", row.state);
        v("currency", row.currency);
        v("discount", row.discount);
        v("created_at", row.createdAt);
    }
};

} // namespace counterfoil
