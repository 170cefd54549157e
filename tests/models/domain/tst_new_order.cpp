// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/new_order.h"
#include "tests/support/expect.h"

#include <QObject>
#include <QSet>
#include <QTest>

#include <functional>

using namespace counterfoil;
using namespace Qt::StringLiterals;

namespace {

const Currency usd = Currency::parse(u"USD").value();
const Currency eur = Currency::parse(u"EUR").value();

using Change = std::function<void(NewOrder&)>;

NewOrder goodOrder()
{
    NewOrder order;
    order.orderNo = u"A-1"_s;
    order.buyerRef = u"C-1"_s;
    order.currency = usd;
    order.shipping = Money(qint64{500}, usd);
    order.topUpMultiple = Money::zero(usd);
    order.paymentMethod = u"pm_card_visa"_s;
    order.lines.push_back({.sku = u"SKU-1"_s, .quantity = 2});
    return order;
}

NewOrder statedOrder()
{
    NewOrder order = goodOrder();
    StatedLine stated;
    stated.productName = u"Chair"_s;
    stated.merchantRef = u"M-1"_s;
    stated.unitPrice = Money(qint64{1000}, usd);
    stated.amount = Money(qint64{2000}, usd);
    stated.merchantDiscount = Money(qint64{200}, usd);
    order.lines[0].stated = stated;
    return order;
}

} // namespace

Q_DECLARE_METATYPE(Change)

class TestNewOrder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void acceptsGoodOrders_data();
    void acceptsGoodOrders();
    void refusesBadOrders_data();
    void refusesBadOrders();
    void namesTheBadLine();
    void theSameOrderHasTheSameHash();
    void everyAskedForFieldChangesTheHash_data();
    void everyAskedForFieldChangesTheHash();
    void fieldsCannotBeShiftedIntoEachOther();
};

void TestNewOrder::acceptsGoodOrders_data()
{
    QTest::addColumn<Change>("change");
    const auto row = [](const char* name, Change change) { QTest::newRow(name) << std::move(change); };
    row("plain", [](NewOrder&) {});
    row("stated", [](NewOrder& o) { o = statedOrder(); });
    row("wallet needs no payment method", [](NewOrder& o) { o.funding = Funding::Wallet; o.paymentMethod.clear(); });
    row("largest quantity", [](NewOrder& o) { o.lines[0].quantity = 1'000'000; });
    row("free shipping", [](NewOrder& o) { o.shipping = Money::zero(usd); });
    row("two hundred lines", [](NewOrder& o) { o.lines.resize(200, o.lines[0]); });
    row("a discount of everything", [](NewOrder& o) { o = statedOrder(); o.lines[0].stated->merchantDiscount = Money(qint64{2000}, usd); });
}

void TestNewOrder::acceptsGoodOrders()
{
    QFETCH(Change, change);
    NewOrder order = goodOrder();
    change(order);
    CF_VERIFY_OK(validate(order));
}

void TestNewOrder::refusesBadOrders_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("code");
    const auto row = [](const char* name, const char* code, Change change) { QTest::newRow(name) << std::move(change) << QString::fromLatin1(code); };
    const auto stated = [&row](const char* name, const char* code, std::function<void(StatedLine&)> change) {
        row(name, code, [change = std::move(change)](NewOrder& o) { o = statedOrder(); change(*o.lines[0].stated); });
    };
    row("no number", "missing_field", [](NewOrder& o) { o.orderNo.clear(); });
    row("no buyer", "missing_field", [](NewOrder& o) { o.buyerRef.clear(); });
    row("no line", "missing_field", [](NewOrder& o) { o.lines.clear(); });
    row("201 lines", "too_large", [](NewOrder& o) { o.lines.resize(201, o.lines[0]); });
    row("no sku", "missing_field", [](NewOrder& o) { o.lines[0].sku.clear(); });
    row("none of it", "quantity_out_of_range", [](NewOrder& o) { o.lines[0].quantity = 0; });
    row("less than none", "quantity_out_of_range", [](NewOrder& o) { o.lines[0].quantity = -1; });
    row("too many", "quantity_out_of_range", [](NewOrder& o) { o.lines[0].quantity = 1'000'001; });
    row("negative shipping", "invalid_amount", [](NewOrder& o) { o.shipping = Money(qint64{-1}, usd); });
    row("shipping above the limit", "invalid_amount", [](NewOrder& o) { o.shipping = Money(qint64{1'000'000'000'001}, usd); });
    row("shipping in another currency", "currency_mismatch", [](NewOrder& o) { o.shipping = Money(qint64{1}, eur); });
    row("negative wallet part", "invalid_amount", [](NewOrder& o) { o.walletPart = Money(qint64{-1}, usd); });
    row("wallet part in another currency", "currency_mismatch", [](NewOrder& o) { o.walletPart = Money(qint64{1}, eur); });
    row("no payment method", "missing_field", [](NewOrder& o) { o.paymentMethod.clear(); });
    row("both without payment method", "missing_field", [](NewOrder& o) { o.funding = Funding::Both; o.paymentMethod.clear(); });
    stated("negative price", "invalid_amount", [](StatedLine& l) { l.unitPrice = Money(qint64{-1}, usd); });
    stated("price in another currency", "currency_mismatch", [](StatedLine& l) { l.unitPrice = Money(qint64{1}, eur); });
    stated("negative amount", "invalid_amount", [](StatedLine& l) { l.amount = Money(qint64{-1}, usd); });
    stated("negative discount", "invalid_amount", [](StatedLine& l) { l.merchantDiscount = Money(qint64{-1}, usd); });
    stated("discount above the amount", "invalid_amount", [](StatedLine& l) { l.merchantDiscount = Money(qint64{2001}, usd); });
    stated("no merchant", "missing_field", [](StatedLine& l) { l.merchantRef.clear(); });
    stated("no product", "missing_field", [](StatedLine& l) { l.productName.clear(); });
}

void TestNewOrder::refusesBadOrders()
{
    QFETCH(Change, change);
    QFETCH(QString, code);
    NewOrder order = goodOrder();
    change(order);
    const auto checked = validate(order);
    QVERIFY(!checked.has_value());
    QCOMPARE(toString(checked.error().code), code);
}

void TestNewOrder::namesTheBadLine()
{
    NewOrder order = goodOrder();
    order.lines.push_back({.sku = u"SKU-2"_s, .quantity = 0});
    const auto checked = validate(order);
    QVERIFY(!checked.has_value());
    QVERIFY2(checked.error().detail.startsWith(u"line 2: "_s), qPrintable(checked.error().detail));
}

void TestNewOrder::theSameOrderHasTheSameHash()
{
    QCOMPARE(contentHash(statedOrder()), contentHash(statedOrder()));
    QCOMPARE(contentHash(goodOrder()).size(), 64);
}

void TestNewOrder::everyAskedForFieldChangesTheHash_data()
{
    QTest::addColumn<Change>("change");
    const auto row = [](const char* name, Change change) { QTest::newRow(name) << std::move(change); };
    row("number", [](NewOrder& o) { o.orderNo += u'x'; });
    row("buyer", [](NewOrder& o) { o.buyerRef += u'x'; });
    row("currency", [](NewOrder& o) { o.currency = eur; });
    row("channel", [](NewOrder& o) { o.channel = u"app"_s; });
    row("shipping", [](NewOrder& o) { o.shipping = Money(qint64{501}, usd); });
    row("coupon", [](NewOrder& o) { o.couponCodes.push_back(u"SPRING"_s); });
    row("funding", [](NewOrder& o) { o.funding = Funding::Wallet; });
    row("wallet part", [](NewOrder& o) { o.walletPart = Money(qint64{1}, usd); });
    row("payment method", [](NewOrder& o) { o.paymentMethod += u'x'; });
    row("split strategy", [](NewOrder& o) { o.splitStrategy = SplitStrategy::None; });
    row("sku", [](NewOrder& o) { o.lines[0].sku += u'x'; });
    row("specification", [](NewOrder& o) { o.lines[0].specification = u"red"_s; });
    row("quantity", [](NewOrder& o) { o.lines[0].quantity = 3; });
    row("warehouse", [](NewOrder& o) { o.lines[0].warehouse = u"N"_s; });
    row("another line", [](NewOrder& o) { o.lines.push_back(o.lines[0]); });
    row("stated price", [](NewOrder& o) { o.lines[0].stated->unitPrice = Money(qint64{1001}, usd); });
    row("stated amount", [](NewOrder& o) { o.lines[0].stated->amount = Money(qint64{2001}, usd); });
    row("stated discount", [](NewOrder& o) { o.lines[0].stated->merchantDiscount = Money(qint64{201}, usd); });
    row("nothing stated", [](NewOrder& o) { o.lines[0].stated.reset(); });
}

void TestNewOrder::everyAskedForFieldChangesTheHash()
{
    QFETCH(Change, change);
    NewOrder changed = statedOrder();
    change(changed);
    QVERIFY(contentHash(changed) != contentHash(statedOrder()));
}

void TestNewOrder::fieldsCannotBeShiftedIntoEachOther()
{
    NewOrder one = goodOrder();
    one.buyerName = u"ab"_s;
    NewOrder other = goodOrder();
    other.buyerName = u"a"_s;
    other.buyerEmail = u"b"_s;
    QVERIFY(contentHash(one) != contentHash(other));

    // Coupons that spell out a line are no line.
    NewOrder coupons = goodOrder();
    coupons.couponCodes = {u"line"_s, u"SKU-0"_s, u""_s, u"1"_s, u""_s};
    NewOrder lines = goodOrder();
    lines.lines.insert(lines.lines.begin(), {.sku = u"SKU-0"_s, .quantity = 1});
    QVERIFY(contentHash(coupons) != contentHash(lines));
}

QTEST_APPLESS_MAIN(TestNewOrder)
#include "tst_new_order.moc"
