// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/expect.h"
#include "tests/workflows/services/checkout_stage.h"

#include <QTest>

using namespace counterfoil;

/// What checkout charges: price tiers, coupons, and who pays for them.
class TestCheckoutPrices : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }
    void takesTheBestTier_data();
    void takesTheBestTier();
    void aPlatformCouponIsPaidByThePlatform_data() { TestDatabase::addKindRows(); }
    void aPlatformCouponIsPaidByThePlatform();
    void aMerchantCouponIsPaidByItsMerchant_data() { TestDatabase::addKindRows(); }
    void aMerchantCouponIsPaidByItsMerchant();
    void aThresholdHasToBeReached_data();
    void aThresholdHasToBeReached();
    void couponsCombineOnlyIfBothAllowIt_data();
    void couponsCombineOnlyIfBothAllowIt();
    void refusesACouponNamedTwice_data() { TestDatabase::addKindRows(); }
    void refusesACouponNamedTwice();
    void aCouponComesBackWithACancelledOrder_data() { TestDatabase::addKindRows(); }
    void aCouponComesBackWithACancelledOrder();
    void anOrderThatACouponPaysWholly_data() { TestDatabase::addKindRows(); }
    void anOrderThatACouponPaysWholly();
};

namespace {

const char* nameOf(DatabaseKind kind)
{
    return kind == DatabaseKind::Sqlite ? "sqlite" : "postgresql";
}

} // namespace

void TestCheckoutPrices::takesTheBestTier_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<qint64>("quantity");
    QTest::addColumn<QString>("channel");
    QTest::addColumn<qint64>("daysLater");
    QTest::addColumn<qint64>("unit");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        QTest::addRow("%s: list price", nameOf(kind)) << kind << qint64{1} << QStringLiteral("web") << qint64{0} << qint64{1'000};
        QTest::addRow("%s: just below the quantity", nameOf(kind)) << kind << qint64{4} << QStringLiteral("web") << qint64{0} << qint64{1'000};
        QTest::addRow("%s: by quantity", nameOf(kind)) << kind << qint64{5} << QStringLiteral("web") << qint64{0} << qint64{900};
        QTest::addRow("%s: by channel", nameOf(kind)) << kind << qint64{1} << QStringLiteral("app") << qint64{0} << qint64{950};
        QTest::addRow("%s: the best of two", nameOf(kind)) << kind << qint64{5} << QStringLiteral("app") << qint64{0} << qint64{900};
        QTest::addRow("%s: within the window", nameOf(kind)) << kind << qint64{1} << QStringLiteral("web") << qint64{10} << qint64{500};
        QTest::addRow("%s: after the window", nameOf(kind)) << kind << qint64{1} << QStringLiteral("web") << qint64{20} << qint64{1'000};
    }
}

void TestCheckoutPrices::takesTheBestTier()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const qint64, quantity);
    QFETCH(const QString, channel);
    QFETCH(const qint64, daysLater);
    QFETCH(const qint64, unit);
    CheckoutStage stage(kind);
    const Currency currency;
    stage.shop.addTier({{}, stage.pen, 5, currency, usd(900), {}, {}, {}});
    stage.shop.addTier({{}, stage.pen, 1, currency, usd(950), {}, {}, QStringLiteral("app")});
    stage.shop.addTier({{}, stage.pen, 1, currency, usd(500), sampleTime + Duration::days(10), sampleTime + Duration::days(20), {}});
    stage.shop.clock.advance(Duration::days(daysLater));
    NewOrder order = CheckoutStage::pens(quantity);
    order.channel = channel;
    const OrderId id = stage.shop.placed(order);
    QCOMPARE(stage.shop.orderOf(id).payable, usd(unit * quantity));
    QCOMPARE(stage.shop.rows<OrderItem>().front().unitPrice, usd(unit));
}

void TestCheckoutPrices::aPlatformCouponIsPaidByThePlatform()
{
    QFETCH(const DatabaseKind, kind);
    CheckoutStage stage(kind);
    stage.shop.addCoupon(stage.coupon(QStringLiteral("Welcome"), 1'000));
    NewOrder order = CheckoutStage::order({{QStringLiteral("PEN"), 1}, {QStringLiteral("DESK"), 1}});
    order.couponCodes = {QStringLiteral(" wELCOME ")};
    const OrderId id = stage.shop.placed(order);
    QCOMPARE(stage.shop.orderOf(id).payable, usd(9'000));
    // The merchants' shares are as if there were no coupon.
    QCOMPARE(stage.details(id), QStringList({QStringLiteral("1000/100"), QStringLiteral("9000/450")}));
    stage.shop.runDue();
    QCOMPARE(stage.shop.balance(AccountRef::system(AccountKind::Promotions, Currency()), Bucket::Available), usd(-1'000));
    QCOMPARE(stage.shop.balance(AccountRef::merchant(stage.beta, Currency()), Bucket::Frozen), usd(8'550));
    const CouponGrant grant = stage.shop.rows<CouponGrant>().front();
    CF_COMPARE_ENUM(grant.state, GrantState::Used);
    QCOMPARE(grant.discount, usd(1'000));
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestCheckoutPrices::aMerchantCouponIsPaidByItsMerchant()
{
    QFETCH(const DatabaseKind, kind);
    CheckoutStage stage(kind);
    Coupon coupon = stage.coupon(QStringLiteral("BETA"), 1'000, CouponFunding::Merchant);
    coupon.merchant = stage.beta;
    stage.shop.addCoupon(coupon);
    NewOrder order = CheckoutStage::order({{QStringLiteral("PEN"), 1}, {QStringLiteral("DESK"), 1}});
    order.couponCodes = {QStringLiteral("BETA")};
    const OrderId id = stage.shop.placed(order);
    QCOMPARE(stage.shop.orderOf(id).payable, usd(9'000));
    QCOMPARE(stage.details(id), QStringList({QStringLiteral("1000/100"), QStringLiteral("8000/400")}));
    stage.shop.runDue();
    QCOMPARE(stage.shop.balance(AccountRef::system(AccountKind::Promotions, Currency()), Bucket::Available), usd(0));
    QCOMPARE(stage.shop.violations(), QStringList());
    // It is no use where nothing of beta's is bought.
    NewOrder other = CheckoutStage::order({{QStringLiteral("PEN"), 1}}, Funding::Gateway, QStringLiteral("C-2"));
    other.couponCodes = {QStringLiteral("BETA")};
    CF_COMPARE_ERROR(stage.shop.place(other), ErrorCode::CouponNotApplicable);
}

void TestCheckoutPrices::aThresholdHasToBeReached_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<qint64>("threshold");
    QTest::addColumn<bool>("applies");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        QTest::addRow("%s: reached", nameOf(kind)) << kind << qint64{2'000} << true;
        QTest::addRow("%s: missed by a cent", nameOf(kind)) << kind << qint64{2'001} << false;
    }
}

void TestCheckoutPrices::aThresholdHasToBeReached()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const qint64, threshold);
    QFETCH(const bool, applies);
    CheckoutStage stage(kind);
    Coupon coupon = stage.coupon(QStringLiteral("BIG"), 300);
    coupon.kind = CouponKind::Threshold;
    coupon.threshold = usd(threshold);
    stage.shop.addCoupon(coupon);
    NewOrder order = CheckoutStage::pens(2);
    order.couponCodes = {QStringLiteral("BIG")};
    const auto placed = stage.shop.place(order);
    if (applies) {
        CF_VERIFY_OK(placed);
        QCOMPARE(stage.shop.orderOf(placed->id).payable, usd(1'700));
    } else {
        CF_COMPARE_ERROR(placed, ErrorCode::CouponNotApplicable);
    }
}

void TestCheckoutPrices::couponsCombineOnlyIfBothAllowIt_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<bool>("first");
    QTest::addColumn<bool>("second");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        QTest::addRow("%s: both", nameOf(kind)) << kind << true << true;
        QTest::addRow("%s: the first", nameOf(kind)) << kind << true << false;
        QTest::addRow("%s: the second", nameOf(kind)) << kind << false << true;
        QTest::addRow("%s: none", nameOf(kind)) << kind << false << false;
    }
}

void TestCheckoutPrices::couponsCombineOnlyIfBothAllowIt()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const bool, first);
    QFETCH(const bool, second);
    CheckoutStage stage(kind);
    Coupon one = stage.coupon(QStringLiteral("ONE"), 100);
    one.stackable = first;
    Coupon two = stage.coupon(QStringLiteral("TWO"), 200, CouponFunding::Merchant);
    two.stackable = second;
    stage.shop.addCoupon(one);
    stage.shop.addCoupon(two);
    NewOrder order = CheckoutStage::pens(1);
    order.couponCodes = {QStringLiteral("ONE"), QStringLiteral("TWO")};
    const auto placed = stage.shop.place(order);
    if (first && second) {
        CF_VERIFY_OK(placed);
        QCOMPARE(stage.shop.orderOf(placed->id).payable, usd(700));
        stage.shop.runDue();
        QCOMPARE(stage.shop.violations(), QStringList());
    } else {
        CF_COMPARE_ERROR(placed, ErrorCode::CouponNotApplicable);
        QCOMPARE(stage.shop.count(QStringLiteral("coupon_grant")), 0);
    }
}

void TestCheckoutPrices::refusesACouponNamedTwice()
{
    QFETCH(const DatabaseKind, kind);
    CheckoutStage stage(kind);
    Coupon coupon = stage.coupon(QStringLiteral("ONE"), 100);
    coupon.stackable = true;
    stage.shop.addCoupon(coupon);
    NewOrder order = CheckoutStage::pens(1);
    order.couponCodes = {QStringLiteral("ONE"), QStringLiteral("one")};
    CF_COMPARE_ERROR(stage.shop.place(order), ErrorCode::CouponNotApplicable);
}

void TestCheckoutPrices::aCouponComesBackWithACancelledOrder()
{
    QFETCH(const DatabaseKind, kind);
    CheckoutStage stage(kind);
    Coupon coupon = stage.coupon(QStringLiteral("ONCE"), 100);
    coupon.perCustomerLimit = 1;
    stage.shop.addCoupon(coupon);
    NewOrder order = CheckoutStage::pens(1);
    order.couponCodes = {QStringLiteral("ONCE")};
    const OrderId first = stage.shop.placed(order);
    order.orderNo = QStringLiteral("C-2");
    CF_COMPARE_ERROR(stage.shop.place(order), ErrorCode::CouponExhausted);
    stage.shop.apply(first, QStringLiteral("cancel.requested"));
    QCOMPARE(stage.shop.orderOf(first).state, QStringLiteral("cancelled"));
    CF_VERIFY_OK(stage.shop.place(order));
    stage.shop.runDue();
    QCOMPARE(stage.shop.count(QStringLiteral("coupon_grant")), 1);
    QCOMPARE(stage.shop.violations(), QStringList());
}

void TestCheckoutPrices::anOrderThatACouponPaysWholly()
{
    QFETCH(const DatabaseKind, kind);
    CheckoutStage stage(kind);
    stage.shop.addCoupon(stage.coupon(QStringLiteral("FREE"), 100'000));
    NewOrder order = CheckoutStage::pens(1);
    order.couponCodes = {QStringLiteral("FREE")};
    const OrderId id = stage.shop.placed(order);
    QCOMPARE(stage.shop.orderOf(id).payable, usd(0));
    stage.shop.runDue();
    QCOMPARE(stage.shop.orderOf(id).state, QStringLiteral("fulfilling"));
    QVERIFY(stage.shop.gateway.calls().empty());
    QCOMPARE(stage.shop.balance(AccountRef::merchant(stage.alpha, Currency()), Bucket::Frozen), usd(900));
    QCOMPARE(stage.shop.violations(), QStringList());
}

QTEST_GUILESS_MAIN(TestCheckoutPrices)
#include "tst_checkout_prices.moc"
