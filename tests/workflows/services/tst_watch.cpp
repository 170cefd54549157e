// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/engine_fixture.h"
#include "tests/support/expect.h"
#include "workflows/services/watch.h"

#include <QTest>

using namespace counterfoil;

/// What nobody would come upon gets a case, once.
class TestWatch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init();
    void cleanup() { m_fixture.reset(); }

    void findsNothingWhereAllIsWell();
    void opensACaseForAnOrderThatNothingMoves();
    void leavesAnOrderAloneThatMovesAgain();
    void aTimerOfAnEarlierLifeMovesNothing();
    void opensOneCaseForABrokenInvariant();
    void opensAnewWhatWasResolvedAndIsStillWrong();

private:
    EngineFixture& shop() { return *m_fixture; }
    WatchFindings look(WatchDepth depth) { return EngineFixture::unwrap(lookForTrouble(shop().database()->reader(), depth)); }
    int open(const WatchFindings& findings) { return EngineFixture::unwrap(openWatchCases(shop().connection(), shop().clock, shop().ids, findings)); }
    void sql(const QString& text, const QVariantList& values = {}) { EngineFixture::unwrap(shop().connection().execute(text, values)); }
    void forgetJobs() { sql(QStringLiteral("UPDATE job SET state = 'cancelled' WHERE order_id = ?"), {bound(m_order)}); }

    std::unique_ptr<EngineFixture> m_fixture;
    OrderId m_order;
};

void TestWatch::init()
{
    failOnWarnings();
    QFETCH_GLOBAL(DatabaseKind, kind);
    m_fixture = std::make_unique<EngineFixture>(kind);
    const MerchantId merchant = shop().addMerchant(QStringLiteral("quill"), 1000);
    shop().addSku({QStringLiteral("DESK"), merchant, Money(qint64{19'900}, *Currency::parse(u"USD"))});
    m_order = shop().placed(EngineFixture::order(QStringLiteral("O-1"), QStringLiteral("B-1"), {{QStringLiteral("DESK"), 1}}));
}

void TestWatch::findsNothingWhereAllIsWell()
{
    QVERIFY(look(WatchDepth::StuckOrders).isEmpty());
    QVERIFY(look(WatchDepth::Everything).isEmpty());
    QCOMPARE(open({}), 0);
}

void TestWatch::opensACaseForAnOrderThatNothingMoves()
{
    forgetJobs();
    for (const WatchDepth depth : {WatchDepth::StuckOrders, WatchDepth::Everything}) {
        const WatchFindings findings = look(depth);
        QCOMPARE(findings.stuck, std::vector{m_order});
        QVERIFY(findings.broken.empty());
    }
    const WatchFindings findings = look(WatchDepth::StuckOrders);
    QCOMPARE(open(findings), 1);
    const auto cases = shop().rows<InterventionCase>();
    QCOMPARE(cases.size(), 1U);
    QCOMPARE(cases.front().kind, QStringLiteral("order_stuck"));
    QCOMPARE(cases.front().order, m_order);
    QCOMPARE(cases.front().amount, shop().orderOf(m_order).payable);
    CF_COMPARE_ENUM(cases.front().severity, CaseSeverity::Critical);
    // Somebody has to look now, so it isn't stuck any more; and the same findings again open nothing.
    QVERIFY(look(WatchDepth::Everything).isEmpty());
    QCOMPARE(open(findings), 0);
}

void TestWatch::leavesAnOrderAloneThatMovesAgain()
{
    forgetJobs();
    const WatchFindings findings = look(WatchDepth::StuckOrders);
    QCOMPARE(findings.stuck.size(), 1U);
    sql(QStringLiteral("UPDATE job SET state = 'ready' WHERE order_id = ? AND kind = 'order_timer'"), {bound(m_order)});
    QCOMPARE(open(findings), 0);
    QVERIFY(shop().openCases().isEmpty());
}

void TestWatch::aTimerOfAnEarlierLifeMovesNothing()
{
    sql(QStringLiteral("UPDATE job SET state = 'cancelled' WHERE order_id = ? AND kind <> 'order_timer'"), {bound(m_order)});
    QVERIFY(look(WatchDepth::StuckOrders).isEmpty());
    sql(QStringLiteral("UPDATE orders SET state_version = state_version + 1 WHERE id = ?"), {bound(m_order)});
    QCOMPARE(open(look(WatchDepth::StuckOrders)), 1);
}

void TestWatch::opensOneCaseForABrokenInvariant()
{
    const CustomerId buyer = shop().recharge(QStringLiteral("B-2"), Money(qint64{5'000}, *Currency::parse(u"USD")));
    sql(QStringLiteral("UPDATE account SET available = available + 1 WHERE owner_kind = 'customer' AND owner_id = ?"), {bound(buyer)});
    QVERIFY(look(WatchDepth::StuckOrders).isEmpty());
    const WatchFindings findings = look(WatchDepth::Everything);
    QVERIFY(!findings.broken.empty());
    QCOMPARE(open(findings), static_cast<int>(findings.broken.size()));
    QCOMPARE(open(look(WatchDepth::Everything)), 0);
    const auto cases = shop().rows<InterventionCase>(QStringLiteral("WHERE kind = 'invariant_broken'"));
    QVERIFY(std::ranges::any_of(cases, [](const InterventionCase& each) { return each.dedupeKey == u"invariant:account_balance" && each.detail.contains(u"acc_"); }));
}

void TestWatch::opensAnewWhatWasResolvedAndIsStillWrong()
{
    forgetJobs();
    QCOMPARE(open(look(WatchDepth::StuckOrders)), 1);
    sql(QStringLiteral("UPDATE intervention_case SET state = 'resolved', resolved_at = opened_at"));
    QCOMPARE(open(look(WatchDepth::StuckOrders)), 1);
    QCOMPARE(shop().openCases().size(), 1);
}

QTEST_APPLESS_MAIN(TestWatch)
#include "tst_watch.moc"
