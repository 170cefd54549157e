// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/catalog.h"
#include "tests/support/expect.h"

#include <QObject>
#include <QTest>

using namespace counterfoil;
using namespace Qt::StringLiterals;

namespace {

const Currency usd = Currency::parse(u"USD").value();
const Currency eur = Currency::parse(u"EUR").value();
const UtcTime now = UtcTime::fromIso(u"2024-05-01T10:00:00Z").value();

PriceTier tier(qint64 minQuantity, qint64 unitMinor)
{
    PriceTier made;
    made.minQuantity = minQuantity;
    made.currency = usd;
    made.unitPrice = Money(unitMinor, usd);
    return made;
}

} // namespace

class TestCatalog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void takesTheBestTierTheQuantityReaches_data();
    void takesTheBestTierTheQuantityReaches();
    void aLargerTierThatIsDearerDoesNotWin();
    void windowsIncludeTheirStartAndExcludeTheirEnd();
    void channelPricesAreForTheirChannelOnly();
    void pricesOfAnotherCurrencyDoNotCount();
    void refusesWithoutAPrice();
    void saleableIsWhatIsNotFrozen();
};

void TestCatalog::takesTheBestTierTheQuantityReaches_data()
{
    QTest::addColumn<qint64>("quantity");
    QTest::addColumn<qint64>("unitMinor");
    QTest::newRow("one") << qint64{1} << qint64{1000};
    QTest::newRow("just below the second tier") << qint64{9} << qint64{1000};
    QTest::newRow("at the second tier") << qint64{10} << qint64{900};
    QTest::newRow("far above the last tier") << qint64{5000} << qint64{800};
}

void TestCatalog::takesTheBestTierTheQuantityReaches()
{
    QFETCH(qint64, quantity);
    QFETCH(qint64, unitMinor);
    const std::vector<PriceTier> tiers{tier(100, 800), tier(1, 1000), tier(10, 900)};
    QCOMPARE(bestUnitPrice(tiers, quantity, usd, u"web"_s, now).value().minor(), unitMinor);
}

void TestCatalog::aLargerTierThatIsDearerDoesNotWin()
{
    const std::vector<PriceTier> tiers{tier(1, 900), tier(10, 950)};
    QCOMPARE(bestUnitPrice(tiers, 10, usd, {}, now).value().minor(), 900);
}

void TestCatalog::windowsIncludeTheirStartAndExcludeTheirEnd()
{
    std::vector<PriceTier> tiers{tier(1, 1000), tier(1, 500)};
    tiers[1].validFrom = now;
    tiers[1].validTo = now + Duration::hours(1);
    const auto priceAt = [&](UtcTime at) { return bestUnitPrice(tiers, 1, usd, {}, at).value().minor(); };
    QCOMPARE(priceAt(now - Duration(1)), 1000);
    QCOMPARE(priceAt(now), 500);
    QCOMPARE(priceAt(now + Duration::hours(1) - Duration(1)), 500);
    QCOMPARE(priceAt(now + Duration::hours(1)), 1000);
}

void TestCatalog::channelPricesAreForTheirChannelOnly()
{
    std::vector<PriceTier> tiers{tier(1, 1000), tier(1, 700)};
    tiers[1].channel = u"app"_s;
    QCOMPARE(bestUnitPrice(tiers, 1, usd, u"app"_s, now).value().minor(), 700);
    QCOMPARE(bestUnitPrice(tiers, 1, usd, u"web"_s, now).value().minor(), 1000);
    QCOMPARE(bestUnitPrice(tiers, 1, usd, {}, now).value().minor(), 1000);
}

void TestCatalog::pricesOfAnotherCurrencyDoNotCount()
{
    std::vector<PriceTier> tiers{tier(1, 1000)};
    CF_COMPARE_ERROR(bestUnitPrice(tiers, 1, eur, {}, now), ErrorCode::PriceUnknown);
}

void TestCatalog::refusesWithoutAPrice()
{
    CF_COMPARE_ERROR(bestUnitPrice({}, 1, usd, {}, now), ErrorCode::PriceUnknown);
    const std::vector<PriceTier> tiers{tier(10, 900)};
    CF_COMPARE_ERROR(bestUnitPrice(tiers, 9, usd, {}, now), ErrorCode::PriceUnknown);
}

void TestCatalog::saleableIsWhatIsNotFrozen()
{
    Stock stock;
    stock.onHand = 10;
    stock.frozen = 3;
    QCOMPARE(stock.saleable(), 7);
}

QTEST_APPLESS_MAIN(TestCatalog)
#include "tst_catalog.moc"
