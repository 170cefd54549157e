// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/tcc/divided_funds.h"

#include "models/base/json.h"

#include <QJsonArray>

namespace counterfoil {

namespace {

qint64 number(const QJsonObject& json, const char* field)
{
    return json.value(QLatin1String(field)).toString().toLongLong();
}

} // namespace

QByteArray DividedFunds::toJson() const
{
    JsonWriter json;
    json.add("buyer", buyer.value());
    json.add("currency", walletPart.currency().code());
    json.add("gateway", gatewayPart.minor());
    json.add("promotions", platformDiscount.minor());
    json.beginList("shares");
    for (const Share& share : shares) {
        json.beginItem();
        json.add("commission", share.commission.minor());
        json.add("merchant", share.merchant.value());
        json.add("net", share.net.minor());
        json.add("sub_order", share.subOrder.value());
        json.end();
    }
    json.end();
    json.add("wallet", walletPart.minor());
    return json.finish();
}

Result<DividedFunds> DividedFunds::fromJson(const QJsonObject& json)
{
    const auto currency = Currency::parse(json.value(QStringLiteral("currency")).toString());
    if (!currency) {
        return fail(ErrorCode::Integrity, QStringLiteral("these arguments have no currency"));
    }
    DividedFunds funds;
    funds.buyer = CustomerId(number(json, "buyer"));
    funds.walletPart = Money(number(json, "wallet"), *currency);
    funds.gatewayPart = Money(number(json, "gateway"), *currency);
    funds.platformDiscount = Money(number(json, "promotions"), *currency);
    for (const QJsonValue& value : json.value(QStringLiteral("shares")).toArray()) {
        const QJsonObject share = value.toObject();
        funds.shares.push_back({SubOrderId(number(share, "sub_order")), MerchantId(number(share, "merchant")), Money(number(share, "net"), *currency),
                                Money(number(share, "commission"), *currency)});
    }
    return funds;
}

} // namespace counterfoil
