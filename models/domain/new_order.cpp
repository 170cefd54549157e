// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/new_order.h"

#include "models/base/text.h"

#include <QCryptographicHash>

namespace counterfoil {

namespace {

constexpr qsizetype linesMax = 200;
constexpr qint64 quantityMax = 1'000'000;
constexpr qint64 amountMax = 1'000'000'000'000;

Result<void> checkAmount(const Money& amount, Currency currency, const QString& what)
{
    if (amount.currency() != currency) {
        return fail(ErrorCode::CurrencyMismatch, QStringLiteral("%1 is in %2, the order in %3").arg(what, amount.currency().code(), currency.code()));
    }
    if (amount.isNegative() || amount.minor() > amountMax) {
        return fail(ErrorCode::InvalidAmount, QStringLiteral("%1 of %2 is outside 0 to 10^12 minor units").arg(what, amount.toText()));
    }
    return {};
}

Result<void> validateLine(const NewOrderLine& line, const NewOrder& order, qsizetype number)
{
    const QString where = QStringLiteral("line %1: ").arg(number);
    if (line.sku.isEmpty()) {
        return fail(ErrorCode::MissingField, where + QStringLiteral("sku is empty"));
    }
    if (line.quantity < 1 || line.quantity > quantityMax) {
        return fail(ErrorCode::QuantityOutOfRange, where + QStringLiteral("quantity %1 is outside 1 to %2").arg(line.quantity).arg(quantityMax));
    }
    if (line.stated) {
        CF_TRY(checkAmount(line.stated->unitPrice, order.currency, where + QStringLiteral("unit price")));
        CF_TRY(checkAmount(line.stated->amount, order.currency, where + QStringLiteral("amount")));
        CF_TRY(checkAmount(line.stated->merchantDiscount, order.currency, where + QStringLiteral("discount")));
        if (line.stated->merchantDiscount.minor() > line.stated->amount.minor()) {
            return fail(ErrorCode::InvalidAmount, where + QStringLiteral("the discount is more than the amount"));
        }
        if (line.stated->merchantRef.isEmpty() || line.stated->productName.isEmpty()) {
            return fail(ErrorCode::MissingField, where + QStringLiteral("merchant and product name are needed"));
        }
    }
    return {};
}

} // namespace

Result<void> validate(const NewOrder& order)
{
    if (order.orderNo.isEmpty() || order.buyerRef.isEmpty()) {
        return fail(ErrorCode::MissingField, QStringLiteral("order number and buyer are needed"));
    }
    const auto lines = static_cast<qsizetype>(order.lines.size());
    if (lines == 0) {
        return fail(ErrorCode::MissingField, QStringLiteral("an order needs a line"));
    }
    if (lines > linesMax) {
        return fail(ErrorCode::TooLarge, QStringLiteral("%1 lines, at most %2 are allowed").arg(lines).arg(linesMax));
    }
    for (qsizetype i = 0; i < lines; ++i) {
        CF_TRY(validateLine(order.lines[static_cast<std::size_t>(i)], order, i + 1));
    }
    CF_TRY(checkAmount(order.shipping, order.currency, QStringLiteral("shipping")));
    if (order.walletPart) {
        CF_TRY(checkAmount(*order.walletPart, order.currency, QStringLiteral("wallet part")));
    }
    if (order.funding != Funding::Wallet && order.paymentMethod.isEmpty()) {
        return fail(ErrorCode::MissingField, QStringLiteral("a payment method is needed unless the wallet pays everything"));
    }
    return {};
}

QString contentHash(const NewOrder& order)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    // Lengths separate the fields, so that no two different orders give the same bytes.
    const auto add = [&hash](const QString& text) {
        const QByteArray bytes = text.toUtf8();
        hash.addData(QByteArray::number(bytes.size()) + ':' + bytes);
    };
    for (const QString& text : {order.orderNo, order.buyerRef, order.buyerName, order.buyerEmail, order.currency.code(), order.channel,
                                order.shipping.toText(), toString(order.funding), order.walletPart ? order.walletPart->toText() : QString(),
                                order.paymentMethod, toString(order.splitStrategy), order.shippedAt.toIso()}) {
        add(text);
    }
    // Counts do the same for lists.
    add(QString::number(order.couponCodes.size()));
    for (const QString& code : order.couponCodes) {
        add(code);
    }
    add(QString::number(order.lines.size()));
    for (const NewOrderLine& line : order.lines) {
        add(line.stated ? QStringLiteral("stated") : QStringLiteral("line"));
        add(line.sku);
        add(line.specification);
        add(QString::number(line.quantity));
        add(line.warehouse);
        if (line.stated) {
            for (const QString& text : {line.stated->productName, line.stated->merchantRef, line.stated->unitPrice.toText(),
                                        line.stated->amount.toText(), line.stated->merchantDiscount.toText()}) {
                add(text);
            }
        }
    }
    return QString::fromLatin1(hash.result().toHex());
}

} // namespace counterfoil
