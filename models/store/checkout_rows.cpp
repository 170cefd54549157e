// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/adoption.h"
#include "models/store/unit_of_work.h"

#include <algorithm>

// What a unit of work loads for new orders.

namespace counterfoil {

Result<void> UnitOfWork::loadCheckout(std::span<const NewOrder> wanted)
{
    QStringList numbers;
    std::set<QString> buyers, merchantRefs, codes, productRefs, warehouseCodes, couponCodes;
    for (const NewOrder& order : wanted) {
        numbers << order.orderNo;
        buyers.insert(order.buyerRef);
        for (const QString& code : order.couponCodes) {
            couponCodes.insert(foldCouponCode(code));
        }
        for (const NewOrderLine& line : order.lines) {
            codes.insert(line.sku);
            warehouseCodes.insert(line.warehouse);
            if (line.stated) {
                merchantRefs.insert(line.stated->merchantRef);
                productRefs.insert(line.stated->productRef);
            }
        }
    }
    const auto texts = [this](const std::set<QString>& set) { return m_connection.textList(QStringList(set.begin(), set.end())); };
    StatementBatch batch(m_connection);
    adopt(batch, QStringLiteral("WHERE order_no {texts}"), {m_connection.textList(numbers)}, orders);
    adopt(batch, QStringLiteral("WHERE external_ref {texts}"), {texts(buyers)}, customers);
    adopt(batch, QStringLiteral("WHERE code {texts}"), {texts(codes)}, skus);
    adopt(batch, QStringLiteral("WHERE external_ref {texts} OR id IN (SELECT product_id FROM sku WHERE code {texts})"), {texts(productRefs), texts(codes)}, products);
    adopt(batch, QStringLiteral("WHERE external_ref {texts} OR id IN (SELECT merchant_id FROM product WHERE id IN (SELECT product_id FROM sku WHERE code {texts}))"),
                 {texts(merchantRefs), texts(codes)}, merchants);
    adopt(batch, QStringLiteral("WHERE sku_id IN (SELECT id FROM sku WHERE code {texts})"), {texts(codes)}, priceTiers);
    // There are few warehouses, and a line that names none may come from any.
    adopt(batch, QStringLiteral("WHERE id > ?"), {bound(qint64{0})}, warehouses);
    if (!couponCodes.empty()) {
        adopt(batch, QStringLiteral("WHERE code_folded {texts} ORDER BY id {lock}"), {texts(couponCodes)}, coupons);
        adopt(batch, QStringLiteral("WHERE coupon_id IN (SELECT id FROM coupon WHERE code_folded {texts}) AND customer_id IN (SELECT id FROM customer WHERE external_ref {texts}) ORDER BY id {lock}"),
                     {texts(couponCodes), texts(buyers)}, grants);
    }
    adopt(batch, QStringLiteral("WHERE sku_id IN (SELECT id FROM sku WHERE code {texts}) ORDER BY id {lock}"), {texts(codes)}, stocks);
    CF_TRY(batch.finish());
    return loadCheckoutAccounts(wanted);
}

/// Only wallets change at checkout. Locks on the accounts that all orders share would let no other worker in until the commit.
Result<void> UnitOfWork::loadCheckoutAccounts(std::span<const NewOrder> wanted)
{
    std::vector<Currency> currencies;
    std::set<AccountRef> changed;
    std::set<AccountRef> shared;
    for (const NewOrder& order : wanted) {
        if (std::ranges::find(currencies, order.currency) == currencies.end()) {
            currencies.push_back(order.currency);
        }
        (order.topUpMultiple.isPositive() ? changed : shared).insert(AccountRef::system(AccountKind::Bank, order.currency));
    }
    for (const Currency currency : currencies) {
        for (const AccountKind kind : {AccountKind::Clearing, AccountKind::Fees, AccountKind::Promotions, AccountKind::Suspense}) {
            shared.insert(AccountRef::system(kind, currency));
        }
        for (const Customer& customer : customers.all()) {
            changed.insert(AccountRef::wallet(customer.id, currency));
        }
        for (const Merchant& merchant : merchants.all()) {
            shared.insert(AccountRef::merchant(merchant.id, currency));
        }
    }
    CF_TRY(loadAccounts(changed));
    return ensureAccounts(shared);
}

} // namespace counterfoil
