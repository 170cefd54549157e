// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/split.h"
#include "tests/support/expect.h"

#include <QObject>
#include <QTest>

using namespace counterfoil;
using namespace Qt::StringLiterals;

namespace {

constexpr MerchantId alice{11};
constexpr MerchantId bob{12};
constexpr WarehouseId north{21};
constexpr WarehouseId south{22};

} // namespace

class TestSplit : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void groupsLinesByStrategy_data();
    void groupsLinesByStrategy();
    void anEmptyOrderHasNoGroups();
    void idsOfDifferentKindsAreNotConfused();
};

void TestSplit::groupsLinesByStrategy_data()
{
    QTest::addColumn<QString>("strategy");
    QTest::addColumn<QList<int>>("groups");
    QTest::newRow("none") << u"none"_s << QList<int>{0, 0, 0, 0, 0};
    QTest::newRow("merchant") << u"merchant"_s << QList<int>{0, 1, 1, 0, 0};
    QTest::newRow("warehouse") << u"warehouse"_s << QList<int>{0, 0, 1, 1, 1};
    QTest::newRow("fulfilment") << u"fulfilment"_s << QList<int>{0, 0, 0, 0, 1};
    QTest::newRow("merchant and warehouse") << u"merchant_warehouse"_s << QList<int>{0, 1, 2, 3, 3};
}

void TestSplit::groupsLinesByStrategy()
{
    QFETCH(QString, strategy);
    QFETCH(QList<int>, groups);
    const std::vector<SplitLine> lines{
        {bob, south, FulfilmentKind::Physical},
        {alice, south, FulfilmentKind::Physical},
        {alice, north, FulfilmentKind::Physical},
        {bob, north, FulfilmentKind::Physical},
        {bob, north, FulfilmentKind::Digital},
    };
    const std::vector<int> made = splitLines(lines, parseEnum<SplitStrategy>(strategy).value());
    QCOMPARE(QList<int>(made.begin(), made.end()), groups);
}

void TestSplit::anEmptyOrderHasNoGroups()
{
    QVERIFY(splitLines({}, SplitStrategy::Merchant).empty());
}

void TestSplit::idsOfDifferentKindsAreNotConfused()
{
    const std::vector<SplitLine> lines{{MerchantId(1), WarehouseId(2), {}}, {MerchantId(2), WarehouseId(1), {}}};
    const std::vector<int> made = splitLines(lines, SplitStrategy::MerchantWarehouse);
    QCOMPARE(made[0], 0);
    QCOMPARE(made[1], 1);
}

QTEST_APPLESS_MAIN(TestSplit)
#include "tst_split.moc"
