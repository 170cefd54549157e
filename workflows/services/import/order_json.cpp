// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/services/import/order_json.h"

#include "models/base/json.h"
#include "models/base/text.h"

#include <QJsonArray>

namespace counterfoil {

namespace {

constexpr int refLengthMax = 128;
constexpr int nameLengthMax = 256;
constexpr qsizetype itemsMax = 200;
constexpr qsizetype couponsMax = 20;
constexpr qint64 exactInDouble = qint64{1} << 53;

Result<Money> moneyOr(const JsonReader& reader, const char* field, const Money& otherwise)
{
    return reader.has(field) ? readMoney(reader, field, otherwise.currency()) : Result<Money>(otherwise);
}

Result<UtcTime> optionalTime(const JsonReader& reader, const char* field)
{
    CF_ASSIGN(const QString text, reader.optionalText(field, refLengthMax));
    if (text.isEmpty()) {
        return UtcTime();
    }
    const Result<UtcTime> time = UtcTime::fromIso(text);
    if (!time || time->micros() <= 0) {
        return fail(ErrorCode::MalformedInput,
                    QStringLiteral("%1 must be an ISO 8601 time with an offset, after 1970").arg(reader.pathOf(field)));
    }
    return *time;
}

template<class E>
Result<E> enumValue(const JsonReader& reader, const char* field)
{
    CF_ASSIGN(const QString text, reader.text(field, refLengthMax));
    const Result<E> value = parseEnum<E>(text);
    if (!value) {
        return fail(ErrorCode::UnknownValue, QStringLiteral("%1: %2").arg(reader.pathOf(field), value.error().detail));
    }
    return *value;
}

Result<void> readBuyer(const JsonReader& root, NewOrder& order)
{
    CF_ASSIGN(QJsonObject object, root.object("buyer"));
    const JsonReader buyer(std::move(object), QStringLiteral("buyer"));
    CF_TRY(buyer.onlyFields({"ref", "name", "email", "segment"}));
    CF_ASSIGN(order.buyerRef, buyer.text("ref", refLengthMax));
    CF_ASSIGN(order.buyerName, buyer.optionalText("name", nameLengthMax));
    CF_ASSIGN(order.buyerEmail, buyer.optionalText("email", nameLengthMax));
    CF_ASSIGN(order.buyerSegment, buyer.optionalText("segment", refLengthMax));
    return {};
}

Result<StatedLine> readStated(const JsonReader& item, const QString& path, Currency currency)
{
    CF_ASSIGN(QJsonObject object, item.object("stated"));
    const JsonReader reader(std::move(object), path + QStringLiteral(".stated"));
    CF_TRY(reader.onlyFields(
        {"product", "product_name", "category", "merchant", "merchant_name", "unit_price", "amount", "discount"}));
    StatedLine stated;
    CF_ASSIGN(stated.productRef, reader.text("product", refLengthMax));
    CF_ASSIGN(stated.productName, reader.text("product_name", nameLengthMax));
    CF_ASSIGN(stated.category, reader.optionalText("category", nameLengthMax));
    CF_ASSIGN(stated.merchantRef, reader.text("merchant", refLengthMax));
    CF_ASSIGN(stated.merchantName, reader.optionalText("merchant_name", nameLengthMax));
    CF_ASSIGN(stated.unitPrice, readMoney(reader, "unit_price", currency));
    CF_ASSIGN(stated.amount, readMoney(reader, "amount", currency));
    CF_ASSIGN(stated.merchantDiscount, moneyOr(reader, "discount", Money::zero(currency)));
    return stated;
}

Result<NewOrderLine> readItem(const QJsonValue& value, const QString& path, Currency currency, bool allowStated)
{
    if (!value.isObject()) {
        return fail(ErrorCode::MalformedInput, QStringLiteral("%1 must be an object").arg(path));
    }
    const JsonReader reader(value.toObject(), path);
    CF_TRY(allowStated ? reader.onlyFields({"sku", "quantity", "specification", "warehouse", "stated"})
                       : reader.onlyFields({"sku", "quantity", "specification", "warehouse"}));
    NewOrderLine line;
    CF_ASSIGN(line.sku, reader.text("sku", refLengthMax));
    CF_ASSIGN(line.quantity, reader.integer("quantity"));
    CF_ASSIGN(line.specification, reader.optionalText("specification", nameLengthMax));
    CF_ASSIGN(line.warehouse, reader.optionalText("warehouse", refLengthMax));
    if (reader.has("stated")) {
        CF_ASSIGN(line.stated, readStated(reader, path, currency));
    }
    return line;
}

Result<void> readItems(const JsonReader& root, NewOrder& order, bool allowStated)
{
    CF_ASSIGN(const QJsonArray items, root.array("items"));
    if (items.size() > itemsMax) {
        return fail(ErrorCode::TooLarge, QStringLiteral("items has %1 lines, at most %2 are allowed").arg(items.size()).arg(itemsMax));
    }
    for (qsizetype i = 0; i < items.size(); ++i) {
        CF_ASSIGN(NewOrderLine line,
                  readItem(items.at(i), QStringLiteral("items[%1]").arg(i), order.currency, allowStated));
        order.lines.push_back(std::move(line));
    }
    return {};
}

Result<void> readCoupons(const JsonReader& root, NewOrder& order)
{
    if (!root.has("coupons")) {
        return {};
    }
    CF_ASSIGN(const QJsonArray codes, root.array("coupons"));
    if (codes.size() > couponsMax) {
        return fail(ErrorCode::TooLarge, QStringLiteral("coupons has %1 codes, at most %2 are allowed").arg(codes.size()).arg(couponsMax));
    }
    for (qsizetype i = 0; i < codes.size(); ++i) {
        const QString path = QStringLiteral("coupons[%1]").arg(i);
        if (!codes.at(i).isString()) {
            return fail(ErrorCode::MalformedInput, QStringLiteral("%1 must be a string").arg(path));
        }
        CF_ASSIGN(QString code, parseLine(codes.at(i).toString(), refLengthMax, path.toLatin1().constData()));
        order.couponCodes.push_back(std::move(code));
    }
    return {};
}

Result<void> readFunding(const JsonReader& root, NewOrder& order)
{
    CF_ASSIGN(order.funding, enumValue<Funding>(root, "funding"));
    if (root.has("wallet_part")) {
        if (order.funding != Funding::Both) {
            return fail(ErrorCode::InvalidAmount, QStringLiteral("wallet_part is only for the funding 'both'"));
        }
        CF_ASSIGN(order.walletPart, readMoney(root, "wallet_part", order.currency));
    }
    CF_ASSIGN(order.paymentMethod, root.optionalText("payment_method", refLengthMax));
    if (root.has("split_strategy")) {
        CF_ASSIGN(order.splitStrategy, enumValue<SplitStrategy>(root, "split_strategy"));
    }
    return {};
}

} // namespace

Result<NewOrder> parseOrder(const QJsonObject& json, bool allowStated)
{
    const JsonReader root(json);
    if (allowStated) {
        CF_TRY(root.onlyFields({"order_no", "buyer", "currency", "channel", "placed_at", "items", "shipping", "coupons", "funding",
                                "wallet_part", "payment_method", "split_strategy", "shipped_at", "carrier"}));
    } else {
        CF_TRY(root.onlyFields({"order_no", "buyer", "currency", "channel", "placed_at", "items", "shipping", "coupons", "funding",
                                "wallet_part", "payment_method", "split_strategy"}));
    }
    NewOrder order;
    CF_ASSIGN(order.orderNo, root.text("order_no", refLengthMax));
    CF_TRY(readBuyer(root, order));
    CF_ASSIGN(const QString currency, root.text("currency", refLengthMax));
    CF_ASSIGN(order.currency, Currency::parse(currency));
    order.topUpMultiple = Money::zero(order.currency);
    CF_ASSIGN(order.channel, root.optionalText("channel", refLengthMax));
    CF_ASSIGN(order.placedAt, optionalTime(root, "placed_at"));
    CF_TRY(readItems(root, order, allowStated));
    CF_ASSIGN(order.shipping, moneyOr(root, "shipping", Money::zero(order.currency)));
    CF_TRY(readCoupons(root, order));
    CF_TRY(readFunding(root, order));
    CF_ASSIGN(order.shippedAt, optionalTime(root, "shipped_at"));
    CF_ASSIGN(order.carrier, root.optionalText("carrier", refLengthMax));
    CF_TRY(validate(order));
    return order;
}

QJsonObject moneyJson(const Money& money)
{
    const bool exact = money.minor() <= exactInDouble && money.minor() >= -exactInDouble;
    return {{QStringLiteral("amount"), exact ? QJsonValue(money.minor()) : QJsonValue(QString::number(money.minor()))},
            {QStringLiteral("currency"), money.currency().lowerCode()}};
}

Result<Money> readMoney(const JsonReader& reader, const char* field)
{
    CF_ASSIGN(QJsonObject object, reader.object(field));
    const JsonReader money(std::move(object), reader.pathOf(field));
    CF_TRY(money.onlyFields({"amount", "currency"}));
    CF_ASSIGN(const QString code, money.text("currency", refLengthMax));
    CF_ASSIGN(const Currency currency, Currency::parse(code));
    return money.money("amount", currency);
}

Result<Money> readMoney(const JsonReader& reader, const char* field, Currency currency)
{
    CF_ASSIGN(const Money money, readMoney(reader, field));
    if (money.currency() != currency) {
        return fail(ErrorCode::CurrencyMismatch, QStringLiteral("%1 is in %2, the order in %3")
                                                     .arg(reader.pathOf(field), money.currency().code(), currency.code()));
    }
    return money;
}

} // namespace counterfoil
