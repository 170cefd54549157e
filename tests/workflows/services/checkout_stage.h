// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/engine_fixture.h"

namespace counterfoil {

/// Two merchants (10 % and 5 %), four SKUs in two warehouses, and Ann with 100.00 in her wallet.
struct CheckoutStage {
    explicit CheckoutStage(DatabaseKind kind) : shop(kind)
    {
        alpha = shop.addMerchant(QStringLiteral("alpha"), 1'000);
        beta = shop.addMerchant(QStringLiteral("beta"), 500);
        pen = shop.addSku({QStringLiteral("PEN"), alpha, usd(1'000), 10});
        shop.addSku({QStringLiteral("INK"), alpha, usd(300), 3, QStringLiteral("south")});
        shop.addSku({QStringLiteral("DESK"), beta, usd(9'000), 5});
        shop.addSku({QStringLiteral("BOOK"), beta, usd(500), 1'000, QStringLiteral("south"), FulfilmentKind::Digital});
        ann = shop.recharge(QStringLiteral("ann"), usd(10'000));
    }

    static NewOrder order(std::vector<std::pair<QString, qint64>> lines, Funding funding = Funding::Gateway, const QString& number = QStringLiteral("C-1"))
    {
        return EngineFixture::order(number, QStringLiteral("ann"), std::move(lines), funding);
    }
    static NewOrder pens(qint64 quantity, Funding funding = Funding::Gateway) { return order({{QStringLiteral("PEN"), quantity}}, funding); }

    qint64 wallet(Bucket bucket) { return shop.balance(AccountRef::wallet(ann, Currency()), bucket).minor(); }
    Stock stockOf(const QString& sku)
    {
        return shop.rows<Stock>(QStringLiteral("WHERE sku_id = (SELECT id FROM sku WHERE code = ?)"), {sku}).front();
    }
    Coupon coupon(const QString& code, qint64 value, CouponFunding fundedBy = CouponFunding::Platform) const
    {
        Coupon row;
        row.code = code;
        row.value = usd(value);
        row.fundedBy = fundedBy;
        return row;
    }
    /// `10.00 gross, 1.00 commission` per detail, in minor units: `1000/100`.
    QStringList details(OrderId order)
    {
        QStringList lines;
        for (const TransactionDetail& row : shop.rows<TransactionDetail>(QStringLiteral("WHERE transaction_id = ? ORDER BY line"), {bound(shop.paymentOf(order).id)})) {
            lines << QStringLiteral("%1/%2").arg(row.gross.minor()).arg(row.commission.minor());
        }
        return lines;
    }

    EngineFixture shop;
    MerchantId alpha;
    MerchantId beta;
    SkuId pen;
    CustomerId ann;
};

} // namespace counterfoil
