// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/pricing.h"
#include "tests/support/expect.h"

#include <QObject>
#include <QTest>

#include <rapidcheck.h>

#include <limits>
#include <ranges>

using namespace counterfoil;
using namespace Qt::StringLiterals;

namespace {

const Currency usd = Currency::parse(u"USD").value();
const UtcTime now = UtcTime::fromIso(u"2024-05-01T10:00:00Z").value();

Money money(qint64 minor)
{
    return {minor, usd};
}

PricedLine line(qint64 merchant, qint64 amount, qint64 discount = 0, qint32 commission = 1000)
{
    return {{MerchantId(merchant), WarehouseId(1), FulfilmentKind::Physical}, money(amount), money(discount), BasisPoints(commission)};
}

Coupon coupon(qint64 value, CouponFunding fundedBy = CouponFunding::Platform, bool stackable = false)
{
    Coupon made;
    made.code = u"SPRING"_s;
    made.currency = usd;
    made.value = money(value);
    made.threshold = money(0);
    made.fundedBy = fundedBy;
    made.stackable = stackable;
    return made;
}

BasketRequest request(std::vector<PricedLine> lines, qint64 shipping = 0)
{
    BasketRequest made;
    made.currency = usd;
    made.lines = std::move(lines);
    made.shipping = money(shipping);
    made.at = now;
    return made;
}

/// Any basket that a shop could ask for: one to twelve lines of up to four merchants, discounts up to the line's amount,
/// up to three stackable coupons of either funding, any strategy and funding.
BasketRequest anyRequest()
{
    const auto between = [](qint64 low, qint64 high) { return *rc::gen::inRange<qint64>(low, high + 1); };
    BasketRequest made = request({}, between(0, 5000));
    const qint64 lines = between(1, 12);
    for (qint64 i = 0; i < lines; ++i) {
        const qint64 amount = *rc::gen::oneOf(rc::gen::just<qint64>(0), rc::gen::inRange<qint64>(1, 100'000));
        made.lines.push_back(line(between(1, 4), amount, between(0, amount)));
        made.lines.back().split.warehouse = WarehouseId(between(1, 3));
        made.lines.back().split.fulfilment = static_cast<FulfilmentKind>(between(0, 1));
    }
    // One commission per merchant, as in the catalogue.
    for (PricedLine& priced : made.lines) {
        priced.commission = BasisPoints(static_cast<qint32>(priced.split.merchant.value() * 750));
    }
    const qint64 coupons = between(0, 3);
    for (qint64 i = 0; i < coupons; ++i) {
        made.coupons.push_back(coupon(between(1, 20'000), static_cast<CouponFunding>(between(0, 1)), true));
        made.coupons.back().merchant = MerchantId(between(0, 4));
    }
    made.strategy = static_cast<SplitStrategy>(between(0, 4));
    made.funding = static_cast<Funding>(between(0, 2));
    return made;
}

/// Prices any request; a coupon that fits nothing is a fair refusal and tells nothing.
Basket priced(const BasketRequest& asked)
{
    const auto basket = priceBasket(asked);
    RC_PRE(basket.has_value() || basket.error().code == ErrorCode::CouponNotApplicable);
    RC_PRE(basket.has_value());
    return *basket;
}

template<class Rows>
qint64 total(const Rows& rows, Money std::ranges::range_value_t<Rows>::*field)
{
    qint64 minor = 0;
    for (const auto& row : rows) {
        minor += (row.*field).minor();
    }
    return minor;
}

} // namespace

class TestPricing : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void pricesAPlainBasket();
    void platformCouponsLeaveTheMerchantsShareAlone();
    void merchantCouponsReduceTheMerchantsShare();
    void eachCouponSeesWhatTheOnesBeforeLeft();
    void exclusiveCouponsStandAlone();
    void shippingOfAFreeBasketGoesToItsFirstLine();
    void oneMerchantInTwoGroupsHasTwoShares();
    void fundingDividesThePayableAmount();
    void refusesAWalletPartThatDoesNotFit();
    void refusesAmountsThatOverflow();
    void sumsHoldForEveryBasket();
    void sharesCoverWhatIsPaidAndWhatThePlatformAdds();
    void noLineIsEverNegative();
    void commissionIsPartOfTheGross();
    void linesAndSharesAgree();
};

void TestPricing::pricesAPlainBasket()
{
    const auto basket = priceBasket(request({line(1, 10'000, 1'000), line(2, 5'000)}, 700));
    CF_VERIFY_OK(basket);
    QCOMPARE(basket->goods.minor(), 15'000);
    QCOMPARE(basket->discount.minor(), 1'000);
    QCOMPARE(basket->payable.minor(), 14'700);
    QCOMPARE(basket->groups, 2);
    QCOMPARE(basket->shares.size(), std::size_t{2});
    // 700 of shipping over 9000 and 5000: 450 and 250.
    QCOMPARE(basket->shares[0].gross.minor(), 9'450);
    QCOMPARE(basket->shares[1].gross.minor(), 5'250);
    QCOMPARE(basket->shares[0].commission.minor(), 945);
}

void TestPricing::platformCouponsLeaveTheMerchantsShareAlone()
{
    BasketRequest asked = request({line(1, 10'000)});
    asked.coupons = {coupon(1'500)};
    const auto basket = priceBasket(asked);
    CF_VERIFY_OK(basket);
    QCOMPARE(basket->payable.minor(), 8'500);
    QCOMPARE(basket->platformDiscount.minor(), 1'500);
    QCOMPARE(basket->shares[0].gross.minor(), 10'000);
    QCOMPARE(basket->couponDiscounts[0].minor(), 1'500);
}

void TestPricing::merchantCouponsReduceTheMerchantsShare()
{
    BasketRequest asked = request({line(1, 10'000)});
    asked.coupons = {coupon(1'500, CouponFunding::Merchant)};
    const auto basket = priceBasket(asked);
    CF_VERIFY_OK(basket);
    QCOMPARE(basket->payable.minor(), 8'500);
    QCOMPARE(basket->platformDiscount.minor(), 0);
    QCOMPARE(basket->shares[0].gross.minor(), 8'500);
    QCOMPARE(basket->shares[0].commission.minor(), 850);
}

void TestPricing::eachCouponSeesWhatTheOnesBeforeLeft()
{
    BasketRequest asked = request({line(1, 1'000)});
    asked.coupons = {coupon(800, CouponFunding::Platform, true), coupon(800, CouponFunding::Merchant, true)};
    const auto basket = priceBasket(asked);
    CF_VERIFY_OK(basket);
    QCOMPARE(basket->couponDiscounts[0].minor(), 800);
    QCOMPARE(basket->couponDiscounts[1].minor(), 200);
    QCOMPARE(basket->payable.minor(), 0);
    asked.coupons.push_back(coupon(1, CouponFunding::Platform, true));
    CF_COMPARE_ERROR(priceBasket(asked), ErrorCode::CouponNotApplicable);
}

void TestPricing::exclusiveCouponsStandAlone()
{
    BasketRequest asked = request({line(1, 1'000)});
    asked.coupons = {coupon(100, CouponFunding::Platform, true), coupon(100, CouponFunding::Platform, false)};
    CF_COMPARE_ERROR(priceBasket(asked), ErrorCode::CouponNotApplicable);
    asked.coupons[1].stackable = true;
    CF_VERIFY_OK(priceBasket(asked));
}

void TestPricing::shippingOfAFreeBasketGoesToItsFirstLine()
{
    const auto basket = priceBasket(request({line(1, 500, 500), line(2, 0)}, 300));
    CF_VERIFY_OK(basket);
    QCOMPARE(basket->lines[0].shipping.minor(), 300);
    QCOMPARE(basket->lines[1].shipping.minor(), 0);
    QCOMPARE(basket->payable.minor(), 300);
}

void TestPricing::oneMerchantInTwoGroupsHasTwoShares()
{
    BasketRequest asked = request({line(1, 100), line(1, 200), line(2, 400)});
    asked.lines[1].split.warehouse = WarehouseId(2);
    asked.strategy = SplitStrategy::Warehouse;
    const auto basket = priceBasket(asked);
    CF_VERIFY_OK(basket);
    QCOMPARE(basket->groups, 2);
    QCOMPARE(basket->shares.size(), std::size_t{3});
    QCOMPARE(basket->lines[1].group, 1);
}

void TestPricing::fundingDividesThePayableAmount()
{
    BasketRequest asked = request({line(1, 1'001)});
    asked.funding = Funding::Wallet;
    QCOMPARE(priceBasket(asked).value().walletPart.minor(), 1'001);
    asked.funding = Funding::Gateway;
    QCOMPARE(priceBasket(asked).value().gatewayPart.minor(), 1'001);
    asked.funding = Funding::Both;
    QCOMPARE(priceBasket(asked).value().walletPart.minor(), 500);
    asked.walletPart = money(1'001);
    QCOMPARE(priceBasket(asked).value().gatewayPart.minor(), 0);
}

void TestPricing::refusesAWalletPartThatDoesNotFit()
{
    BasketRequest asked = request({line(1, 1'000)});
    asked.funding = Funding::Both;
    asked.walletPart = money(1'001);
    CF_COMPARE_ERROR(priceBasket(asked), ErrorCode::InvalidAmount);
    asked.walletPart = money(-1);
    CF_COMPARE_ERROR(priceBasket(asked), ErrorCode::InvalidAmount);
}

void TestPricing::refusesAmountsThatOverflow()
{
    const qint64 largest = std::numeric_limits<qint64>::max();
    CF_COMPARE_ERROR(priceBasket(request({line(1, largest), line(1, largest)})), ErrorCode::AmountOverflow);
}

void TestPricing::sumsHoldForEveryBasket()
{
    QVERIFY(rc::check([] {
        const BasketRequest asked = anyRequest();
        const Basket basket = priced(asked);
        RC_ASSERT(basket.goods.minor() == total(asked.lines, &PricedLine::amount));
        RC_ASSERT(basket.goods.minor() - basket.discount.minor() + basket.shipping.minor() == basket.payable.minor());
        RC_ASSERT(basket.walletPart.minor() + basket.gatewayPart.minor() == basket.payable.minor());
        RC_ASSERT(basket.shipping == asked.shipping);
        qint64 coupons = 0;
        for (const Money& discount : basket.couponDiscounts) {
            coupons += discount.minor();
        }
        RC_ASSERT(basket.discount.minor() == coupons + total(asked.lines, &PricedLine::merchantDiscount));
    }));
}

void TestPricing::sharesCoverWhatIsPaidAndWhatThePlatformAdds()
{
    QVERIFY(rc::check([] {
        const Basket basket = priced(anyRequest());
        RC_ASSERT(total(basket.shares, &BasketShare::gross) == basket.payable.minor() + basket.platformDiscount.minor());
    }));
}

void TestPricing::noLineIsEverNegative()
{
    QVERIFY(rc::check([] {
        const BasketRequest asked = anyRequest();
        const Basket basket = priced(asked);
        for (std::size_t i = 0; i < asked.lines.size(); ++i) {
            const BasketLine& made = basket.lines[i];
            RC_ASSERT(made.merchantDiscount.minor() >= asked.lines[i].merchantDiscount.minor());
            RC_ASSERT(!made.platformDiscount.isNegative() && !made.shipping.isNegative());
            RC_ASSERT(made.merchantDiscount.minor() + made.platformDiscount.minor() <= asked.lines[i].amount.minor());
        }
        RC_ASSERT(!basket.walletPart.isNegative() && !basket.gatewayPart.isNegative());
    }));
}

void TestPricing::commissionIsPartOfTheGross()
{
    QVERIFY(rc::check([] {
        for (const BasketShare& share : priced(anyRequest()).shares) {
            RC_ASSERT(!share.commission.isNegative());
            RC_ASSERT(share.commission.minor() <= share.gross.minor());
        }
    }));
}

void TestPricing::linesAndSharesAgree()
{
    QVERIFY(rc::check([] {
        const BasketRequest asked = anyRequest();
        const Basket basket = priced(asked);
        RC_ASSERT(total(basket.shares, &BasketShare::goods) == total(asked.lines, &PricedLine::amount));
        RC_ASSERT(total(basket.shares, &BasketShare::merchantDiscount) == total(basket.lines, &BasketLine::merchantDiscount));
        RC_ASSERT(total(basket.shares, &BasketShare::platformDiscount) == total(basket.lines, &BasketLine::platformDiscount));
        RC_ASSERT(total(basket.shares, &BasketShare::shipping) == total(basket.lines, &BasketLine::shipping));
    }));
}

QTEST_APPLESS_MAIN(TestPricing)
#include "tst_pricing.moc"
