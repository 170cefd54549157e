// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/order.h"
#include "models/store/table_of.h"

// How order values map to their tables (resources/migrations).

namespace counterfoil {

template<>
struct TableOf<Order> {
    static constexpr const char* name = "orders";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = "row_version";
    static auto key(const Order& row) { return row.id; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("order_no", row.orderNo);
        v("customer_id", row.customer);
        v("buyer_name", row.buyerName);
        v("currency", row.currency);
        v("channel", row.channel);
        v("goods", row.goods);
        v("discount", row.discount);
        v("shipping", row.shipping);
        v("payable", row.payable);
        v("paid", row.paid);
        v("refunded", row.refunded);
        v("wallet_part", row.walletPart);
        v("gateway_part", row.gatewayPart);
        v("funding", row.funding);
        v("split_strategy", row.splitStrategy);
        v("workflow", row.workflow);
        v("revision", row.revision);
        v("state", row.state);
        v("state_since", row.stateSince);
        v("state_version", row.stateVersion);
        v("cancel_reason", row.cancelReason);
        v("content_sha256", row.contentSha256);
        v("placed_at", row.placedAt);
        v("created_at", row.createdAt);
        v("updated_at", row.updatedAt);
        v("row_version", row.rowVersion);
    }
};

template<>
struct TableOf<SubOrder> {
    static constexpr const char* name = "sub_order";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = nullptr;
    static auto key(const SubOrder& row) { return row.id; }
    static auto group(const SubOrder& row) { return row.order; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("order_id", row.order);
        v("line", row.line);
        v("merchant_id", row.merchant);
        v("warehouse_id", row.warehouse);
        v("fulfilment", row.fulfilment);
        v("currency", row.currency);
        v("goods", row.goods);
        v("merchant_discount", row.merchantDiscount);
        v("platform_discount", row.platformDiscount);
        v("shipping", row.shipping);
        v("gross", row.gross);
        v("commission", row.commission);
        v("carrier", row.carrier);
        v("tracking_no", row.trackingNo);
        v("shipped_at", row.shippedAt);
    }
};

template<>
struct TableOf<OrderItem> {
    static constexpr const char* name = "order_item";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = nullptr;
    static auto key(const OrderItem& row) { return row.id; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("order_id", row.order);
        v("sub_order_id", row.subOrder);
        v("line", row.line);
        v("sku_id", row.sku);
        v("sku_code", row.skuCode);
        v("product_name", row.productName);
        v("specification", row.specification);
        v("seller_id", row.seller);
        v("warehouse_id", row.warehouse);
        v("quantity", row.quantity);
        v("currency", row.currency);
        v("unit_price", row.unitPrice);
        v("amount", row.amount);
        v("merchant_discount", row.merchantDiscount);
        v("platform_discount", row.platformDiscount);
        v("shipping", row.shipping);
        v("rounding_micros", row.roundingMicros);
    }
};

template<>
struct TableOf<OrderEvent> {
    static constexpr const char* name = "order_event";
    static constexpr int keyColumns = 1;
    static constexpr const char* guard = nullptr;
    static auto key(const OrderEvent& row) { return row.id; }
    static auto group(const OrderEvent& row) { return row.order; }
    template<class V, class R>
    static void visit(V& v, R& row)
    {
        v("id", row.id);
        v("order_id", row.order);
        v("event_key", row.key);
        v("event", row.event);
        v("from_state", row.fromState);
        v("to_state", row.toState);
        v("outcome", row.outcome);
        v("actor", row.actor);
        v("cause", row.cause);
        v("at", row.at);
    }
};

} // namespace counterfoil
