// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/coupon.h"
#include "tests/support/expect.h"

#include <QObject>
#include <QTest>

using namespace counterfoil;
using namespace Qt::StringLiterals;

namespace {

const Currency usd = Currency::parse(u"USD").value();
const Currency eur = Currency::parse(u"EUR").value();
const UtcTime now = UtcTime::fromIso(u"2024-05-01T10:00:00Z").value();
constexpr MerchantId alice{1};
constexpr MerchantId bob{2};

Coupon fixed(qint64 valueMinor)
{
    Coupon coupon;
    coupon.code = u"SPRING"_s;
    coupon.currency = usd;
    coupon.value = Money(valueMinor, usd);
    coupon.threshold = Money::zero(usd);
    return coupon;
}

QList<qint64> minors(const std::vector<Money>& parts)
{
    QList<qint64> result;
    for (const Money& part : parts) {
        result << part.minor();
    }
    return result;
}

} // namespace

class TestCoupon : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void codesCompareAsPeopleTypeThem_data();
    void codesCompareAsPeopleTypeThem();
    void dividesInProportionToTheLines();
    void neverTakesMoreThanTheLinesCost();
    void aMerchantsCouponLeavesOthersAlone();
    void thresholdCountsEligibleLinesOnly();
    void freeLinesGetNoDiscount();
    void refusesOutsideItsWindow();
    void refusesAnotherCurrency();
    void refusesWhenNothingIsEligible();
};

void TestCoupon::codesCompareAsPeopleTypeThem_data()
{
    QTest::addColumn<QString>("one");
    QTest::addColumn<QString>("other");
    QTest::addColumn<bool>("same");
    QTest::newRow("case") << u"Spring24"_s << u"SPRING24"_s << true;
    QTest::newRow("spaces around") << u" spring24 "_s << u"spring24"_s << true;
    QTest::newRow("full width") << u"ＳＰＲＩＮＧ２４"_s << u"spring24"_s << true;
    QTest::newRow("composed and decomposed") << u"caf\u00e9"_s << u"cafe\u0301"_s << true;
    QTest::newRow("another code") << u"spring24"_s << u"spring25"_s << false;
    QTest::newRow("space inside") << u"spring 24"_s << u"spring24"_s << false;
}

void TestCoupon::codesCompareAsPeopleTypeThem()
{
    QFETCH(QString, one);
    QFETCH(QString, other);
    QFETCH(bool, same);
    QCOMPARE(foldCouponCode(one) == foldCouponCode(other), same);
}

void TestCoupon::dividesInProportionToTheLines()
{
    const std::vector<CouponLine> lines{{alice, Money(qint64{1000}, usd)}, {bob, Money(qint64{3000}, usd)}};
    const auto parts = couponDiscount(fixed(1000), lines, usd, now);
    CF_VERIFY_OK(parts);
    QCOMPARE(minors(*parts), (QList<qint64>{250, 750}));
}

void TestCoupon::neverTakesMoreThanTheLinesCost()
{
    const std::vector<CouponLine> lines{{alice, Money(qint64{300}, usd)}, {bob, Money(qint64{200}, usd)}};
    QCOMPARE(minors(couponDiscount(fixed(1000), lines, usd, now).value()), (QList<qint64>{300, 200}));
}

void TestCoupon::aMerchantsCouponLeavesOthersAlone()
{
    Coupon coupon = fixed(1000);
    coupon.merchant = bob;
    const std::vector<CouponLine> lines{{alice, Money(qint64{5000}, usd)}, {bob, Money(qint64{600}, usd)}};
    QCOMPARE(minors(couponDiscount(coupon, lines, usd, now).value()), (QList<qint64>{0, 600}));
}

void TestCoupon::thresholdCountsEligibleLinesOnly()
{
    Coupon coupon = fixed(500);
    coupon.kind = CouponKind::Threshold;
    coupon.threshold = Money(qint64{5000}, usd);
    const std::vector<CouponLine> lines{{alice, Money(qint64{4999}, usd)}, {bob, Money(qint64{1}, usd)}};
    QCOMPARE(minors(couponDiscount(coupon, lines, usd, now).value()), (QList<qint64>{500, 0}));
    coupon.merchant = alice;
    const auto refused = couponDiscount(coupon, lines, usd, now);
    CF_COMPARE_ERROR(refused, ErrorCode::CouponNotApplicable);
    QVERIFY2(refused.error().detail.contains(u"50.00 USD"_s), qPrintable(refused.error().detail));
}

void TestCoupon::freeLinesGetNoDiscount()
{
    const std::vector<CouponLine> lines{{alice, Money(qint64{0}, usd)}, {bob, Money(qint64{10}, usd)}};
    QCOMPARE(minors(couponDiscount(fixed(7), lines, usd, now).value()), (QList<qint64>{0, 7}));
}

void TestCoupon::refusesOutsideItsWindow()
{
    Coupon coupon = fixed(500);
    coupon.validFrom = now;
    coupon.validTo = now + Duration::hours(1);
    const std::vector<CouponLine> lines{{alice, Money(qint64{1000}, usd)}};
    CF_COMPARE_ERROR(couponDiscount(coupon, lines, usd, now - Duration(1)), ErrorCode::CouponNotApplicable);
    CF_VERIFY_OK(couponDiscount(coupon, lines, usd, now));
    CF_COMPARE_ERROR(couponDiscount(coupon, lines, usd, coupon.validTo), ErrorCode::CouponNotApplicable);
}

void TestCoupon::refusesAnotherCurrency()
{
    const std::vector<CouponLine> lines{{alice, Money(qint64{1000}, eur)}};
    CF_COMPARE_ERROR(couponDiscount(fixed(500), lines, eur, now), ErrorCode::CouponNotApplicable);
}

void TestCoupon::refusesWhenNothingIsEligible()
{
    CF_COMPARE_ERROR(couponDiscount(fixed(500), {}, usd, now), ErrorCode::CouponNotApplicable);
    const std::vector<CouponLine> free{{alice, Money(qint64{0}, usd)}};
    CF_COMPARE_ERROR(couponDiscount(fixed(500), free, usd, now), ErrorCode::CouponNotApplicable);
}

QTEST_APPLESS_MAIN(TestCoupon)
#include "tst_coupon.moc"
