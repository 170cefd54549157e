// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/order_text.h"

#include "workflows/services/import/order_json.h"

#include <QJsonArray>

namespace counterfoil {

namespace {

void put(QJsonObject& object, const char* field, const QString& text)
{
    if (!text.isEmpty()) {
        object.insert(QLatin1String(field), text);
    }
}

QJsonObject statedJson(const StatedLine& stated)
{
    QJsonObject object{{QStringLiteral("unit_price"), moneyJson(stated.unitPrice)},
                       {QStringLiteral("amount"), moneyJson(stated.amount)},
                       {QStringLiteral("discount"), moneyJson(stated.merchantDiscount)}};
    put(object, "product", stated.productRef);
    put(object, "product_name", stated.productName);
    put(object, "category", stated.category);
    put(object, "merchant", stated.merchantRef);
    put(object, "merchant_name", stated.merchantName);
    return object;
}

QJsonObject lineJson(const NewOrderLine& line)
{
    QJsonObject object{{QStringLiteral("quantity"), line.quantity}};
    put(object, "sku", line.sku);
    put(object, "specification", line.specification);
    put(object, "warehouse", line.warehouse);
    if (line.stated) {
        object.insert(QStringLiteral("stated"), statedJson(*line.stated));
    }
    return object;
}

} // namespace

QJsonObject orderJson(const NewOrder& order)
{
    QJsonObject buyer;
    put(buyer, "ref", order.buyerRef);
    put(buyer, "name", order.buyerName);
    put(buyer, "email", order.buyerEmail);
    put(buyer, "segment", order.buyerSegment);
    QJsonArray items;
    for (const NewOrderLine& line : order.lines) {
        items.append(lineJson(line));
    }
    QJsonObject object{{QStringLiteral("buyer"), buyer},
                       {QStringLiteral("items"), items},
                       {QStringLiteral("currency"), order.currency.lowerCode()},
                       {QStringLiteral("shipping"), moneyJson(order.shipping)},
                       {QStringLiteral("funding"), toString(order.funding)},
                       {QStringLiteral("split_strategy"), toString(order.splitStrategy)}};
    put(object, "order_no", order.orderNo);
    put(object, "channel", order.channel);
    put(object, "placed_at", order.placedAt.toIso());
    put(object, "shipped_at", order.shippedAt.toIso());
    put(object, "carrier", order.carrier);
    put(object, "payment_method", order.paymentMethod);
    if (!order.couponCodes.empty()) {
        QJsonArray codes;
        for (const QString& code : order.couponCodes) {
            codes.append(code);
        }
        object.insert(QStringLiteral("coupons"), codes);
    }
    if (order.walletPart) {
        object.insert(QStringLiteral("wallet_part"), moneyJson(*order.walletPart));
    }
    return object;
}

} // namespace counterfoil
