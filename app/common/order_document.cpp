// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/order_document.h"

#include "models/base/text.h"
#include "models/store/reads/lookups.h"
#include "workflows/services/import/order_json.h"

#include <QJsonArray>

#include <ranges>

namespace counterfoil {

namespace {

using Fields = std::initializer_list<std::pair<const char*, QJsonValue>>;

QJsonObject object(Fields fields)
{
    QJsonObject result;
    for (const auto& [name, value] : fields) {
        result.insert(QLatin1String(name), value);
    }
    return result;
}

QJsonValue orNull(const QString& text)
{
    return text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(text);
}

QJsonValue orNull(UtcTime time)
{
    return orNull(time.toIso());
}

QJsonObject subOrderDocument(const SubOrderView& view)
{
    const SubOrder& part = view.subOrder;
    return object({{"id", part.id.toText()},
                   {"line", part.line},
                   {"merchant", orNull(part.merchant.toText())},
                   {"merchant_name", orNull(view.merchantName)},
                   {"warehouse", orNull(part.warehouse.toText())},
                   {"warehouse_name", orNull(view.warehouseName)},
                   {"fulfilment", toString(part.fulfilment)},
                   {"goods", moneyJson(part.goods)},
                   {"merchant_discount", moneyJson(part.merchantDiscount)},
                   {"platform_discount", moneyJson(part.platformDiscount)},
                   {"shipping", moneyJson(part.shipping)},
                   {"gross", moneyJson(part.gross)},
                   {"commission", moneyJson(part.commission)},
                   {"carrier", orNull(part.carrier)},
                   {"tracking_no", orNull(part.trackingNo)},
                   {"shipped_at", orNull(part.shippedAt)}});
}

QJsonObject itemDocument(const OrderItem& item)
{
    return object({{"id", item.id.toText()},
                   {"sub_order", orNull(item.subOrder.toText())},
                   {"line", item.line},
                   {"sku", item.skuCode},
                   {"product_name", item.productName},
                   {"specification", orNull(item.specification)},
                   {"quantity", item.quantity},
                   {"unit_price", moneyJson(item.unitPrice)},
                   {"amount", moneyJson(item.amount)},
                   {"merchant_discount", moneyJson(item.merchantDiscount)},
                   {"platform_discount", moneyJson(item.platformDiscount)},
                   {"shipping", moneyJson(item.shipping)}});
}

QJsonObject transactionDocument(const PaymentTransaction& transaction)
{
    const bool hasCard = !transaction.cardLast4.isEmpty();
    return object({{"id", transaction.id.toText()},
                   {"kind", toString(transaction.kind)},
                   {"status", toString(transaction.status)},
                   {"amount", moneyJson(transaction.amount)},
                   {"wallet_part", moneyJson(transaction.walletPart)},
                   {"gateway_part", moneyJson(transaction.gatewayPart)},
                   {"gateway_ref", orNull(transaction.gatewayRef)},
                   {"decline_code", orNull(transaction.declineCode)},
                   {"card", hasCard ? QJsonValue(object({{"brand", orNull(transaction.cardBrand)}, {"last4", transaction.cardLast4}}))
                                    : QJsonValue(QJsonValue::Null)},
                   {"created_at", orNull(transaction.createdAt)},
                   {"finished_at", orNull(transaction.finishedAt)}});
}

QJsonObject eventDocument(const OrderEvent& event)
{
    return object({{"at", orNull(event.at)},
                   {"event", event.event},
                   {"from", orNull(event.fromState)},
                   {"to", orNull(event.toState)},
                   {"outcome", toString(event.outcome)},
                   {"actor", event.actor},
                   {"cause", orNull(event.cause)}});
}

template<class Rows, class Document>
QJsonArray list(const Rows& rows, Document document)
{
    QJsonArray result;
    for (const auto& row : rows) {
        result.append(document(row));
    }
    return result;
}

QJsonValue newestPayment(const OrderDetail& detail)
{
    for (const TransactionView& view : detail.transactions | std::views::reverse) {
        if (view.transaction.kind == TransactionKind::Payment) {
            return transactionDocument(view.transaction);
        }
    }
    return QJsonValue::Null;
}

} // namespace

QJsonObject orderDocument(const OrderDetail& detail)
{
    const Order& order = detail.order;
    const auto transaction = [](const TransactionView& view) { return transactionDocument(view.transaction); };
    return object({{"id", order.id.toText()},
                   {"order_no", order.orderNo},
                   {"state", order.state},
                   {"state_since", orNull(order.stateSince)},
                   {"workflow", order.workflow},
                   {"revision", order.revision},
                   {"cancel_reason", orNull(toString(order.cancelReason))},
                   {"buyer", object({{"ref", detail.customer.externalRef}, {"name", orNull(order.buyerName)}})},
                   {"channel", orNull(order.channel)},
                   {"funding", toString(order.funding)},
                   {"split_strategy", toString(order.splitStrategy)},
                   {"goods", moneyJson(order.goods)},
                   {"discount", moneyJson(order.discount)},
                   {"shipping", moneyJson(order.shipping)},
                   {"payable", moneyJson(order.payable)},
                   {"wallet_part", moneyJson(order.walletPart)},
                   {"gateway_part", moneyJson(order.gatewayPart)},
                   {"paid", moneyJson(order.paid)},
                   {"refunded", moneyJson(order.refunded)},
                   {"held", moneyJson(detail.held())},
                   {"placed_at", orNull(order.placedAt)},
                   {"created_at", orNull(order.createdAt)},
                   {"updated_at", orNull(order.updatedAt)},
                   {"sub_orders", list(detail.subOrders, subOrderDocument)},
                   {"items", list(detail.items, itemDocument)},
                   {"payment", newestPayment(detail)},
                   {"transactions", list(detail.transactions, transaction)},
                   {"timeline", list(detail.events, eventDocument)}});
}

Result<OrderDetail> orderByReference(Connection& connection, const QString& reference)
{
    if (const auto id = OrderId::parse(reference)) {
        auto found = orderDetail(connection, *id);
        if (found || found.error().code != ErrorCode::NotFound) {
            return found;
        }
    }
    CF_ASSIGN(const OrderId byNumber, orderOfNumber(connection, reference));
    if (byNumber.isNone()) {
        return fail(ErrorCode::NotFound, QStringLiteral("there is no order '%1'").arg(visibleText(reference, 128)));
    }
    return orderDetail(connection, byNumber);
}

} // namespace counterfoil
