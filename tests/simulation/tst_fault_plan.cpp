// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulation/fault_plan.h"
#include "tests/support/expect.h"

#include <QTest>

using namespace counterfoil;

class TestFaultPlan : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }
    void aSeedAlwaysBringsTheSame();
    void otherSeedsBringOtherFaults();
    void everyKindIsAtWorkInSomeSeeds();
    void onlyTheNamedFaultsHappen();
    void leavingOneOutKeepsTheOthers();
    void nothingHappensAfterHealing();
    void drawsStayInBoundsAndReachThem();
    void faultsHaveAName_data();
    void faultsHaveAName();
    void refusesWhatIsNoFault_data();
    void refusesWhatIsNoFault();
};

namespace {

constexpr int opportunities = 2'000;

FaultSet firedBy(FaultPlan plan)
{
    for (int i = 0; i < opportunities; ++i) {
        for (std::size_t kind = 0; kind < faultKindCount; ++kind) {
            plan.fires(static_cast<FaultKind>(kind));
        }
    }
    return plan.fired();
}

} // namespace

void TestFaultPlan::aSeedAlwaysBringsTheSame()
{
    QCOMPARE(firedBy(FaultPlan(7)), firedBy(FaultPlan(7)));
}

void TestFaultPlan::otherSeedsBringOtherFaults()
{
    QVERIFY(firedBy(FaultPlan(7)) != firedBy(FaultPlan(8)));
}

void TestFaultPlan::everyKindIsAtWorkInSomeSeeds()
{
    std::set<FaultKind> met;
    std::set<FaultKind> rested;
    for (quint64 seed = 1; seed <= 40; ++seed) {
        std::set<FaultKind> kinds;
        for (const FaultAt& fault : firedBy(FaultPlan(seed))) {
            kinds.insert(fault.kind);
        }
        for (std::size_t kind = 0; kind < faultKindCount; ++kind) {
            (kinds.contains(static_cast<FaultKind>(kind)) ? met : rested).insert(static_cast<FaultKind>(kind));
        }
    }
    QCOMPARE(met.size(), faultKindCount);
    // How many workers there are is asked once a run, so it never rests.
    QCOMPARE(rested.size(), faultKindCount - 2);
}

void TestFaultPlan::onlyTheNamedFaultsHappen()
{
    const FaultSet all = firedBy(FaultPlan(7));
    const FaultSet some(all.begin(), std::next(all.begin(), 5));
    QCOMPARE(firedBy(FaultPlan(7, some)), some);
    QCOMPARE(firedBy(FaultPlan(7, FaultSet())), FaultSet());
    // A fault that the seed doesn't bring isn't made up.
    QCOMPARE(firedBy(FaultPlan(7, FaultSet{{FaultKind::Declined, opportunities + 1}})), FaultSet());
}

void TestFaultPlan::leavingOneOutKeepsTheOthers()
{
    const FaultSet all = firedBy(FaultPlan(9));
    FaultSet others = all;
    others.erase(others.begin());
    QCOMPARE(firedBy(FaultPlan(9, others)), others);
}

void TestFaultPlan::nothingHappensAfterHealing()
{
    FaultPlan plan(7);
    plan.heal();
    QCOMPARE(firedBy(plan), FaultSet());
}

void TestFaultPlan::drawsStayInBoundsAndReachThem()
{
    FaultPlan plan(3);
    std::set<qint64> met;
    for (int i = 0; i < 500; ++i) {
        met.insert(plan.between(FaultPlan::Stream::Choice, -2, 2));
    }
    QCOMPARE(met, (std::set<qint64>{-2, -1, 0, 1, 2}));
}

void TestFaultPlan::faultsHaveAName_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("text");
    QTest::newRow("first") << static_cast<int>(FaultKind::CrashBeforeCommit) << QStringLiteral("crash_before_commit#1");
    QTest::newRow("lost answer") << static_cast<int>(FaultKind::AnswerLost) << QStringLiteral("answer_lost#12");
    QTest::newRow("coupon race") << static_cast<int>(FaultKind::CouponRace) << QStringLiteral("coupon_race#100000");
}

void TestFaultPlan::faultsHaveAName()
{
    QFETCH(const int, kind);
    QFETCH(const QString, text);
    const auto fault = FaultAt::parse(text);
    QVERIFY(fault);
    QCOMPARE(static_cast<int>(fault->kind), kind);
    QCOMPARE(fault->toText(), text);
}

void TestFaultPlan::refusesWhatIsNoFault_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text : {"", "answer_lost", "answer_lost#", "answer_lost#0", "answer_lost#-1", "answer_lost#x", "#3", "nonsense#3", "answer_lost#99999999999"}) {
        QTest::newRow(qUtf8Printable(QStringLiteral("'%1'").arg(QLatin1String(text)))) << QString::fromLatin1(text);
    }
}

void TestFaultPlan::refusesWhatIsNoFault()
{
    QFETCH(const QString, text);
    QVERIFY(!FaultAt::parse(text));
}

QTEST_GUILESS_MAIN(TestFaultPlan)
#include "tst_fault_plan.moc"
