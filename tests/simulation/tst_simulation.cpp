// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/database_setup.h"
#include "app/simulation/simulation.h"
#include "models/base/planted_bug.h"
#include "tests/support/expect.h"
#include "tests/support/test_database.h"

#include <QTest>

using namespace counterfoil;

/// Whatever fails in whatever order: the books are right, nobody pays twice, and nothing is stuck. How many seeds: more by hand, with
/// `counterfoilctl simulate`.
class TestSimulation : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }
    void cleanup() { plant(PlantedBug::None); }
    void nothingIsWrongAfterAnySeed_data();
    void nothingIsWrongAfterAnySeed();
    void everyKindOfFaultHappens();
    void theSameSeedDoesTheSame();
    void withoutFaultsEverythingEndsWell();
    void postgresqlGivesTheSameGuarantees();
    void aFailingRunShrinksToFewFaultsAndReplays();
};

namespace {

constexpr quint64 seedsInAll = 240;
constexpr quint64 seedsPerRow = 40;
constexpr int payments = 20;

/// Counted over all rows.
std::array<qint64, faultKindCount> faultsMet{};

SimulationOutcome run(const SimulationOptions& options)
{
    const auto outcome = simulate(options);
    if (!outcome) {
        qFatal("simulation: %s", qPrintable(outcome.error().text()));
    }
    for (const FaultAt& fault : outcome->faults) {
        ++faultsMet[static_cast<std::size_t>(fault.kind)];
    }
    return *outcome;
}

SimulationOptions withSeed(quint64 seed)
{
    SimulationOptions options;
    options.seed = seed;
    options.payments = payments;
    return options;
}

} // namespace

void TestSimulation::nothingIsWrongAfterAnySeed_data()
{
    QTest::addColumn<quint64>("from");
    for (quint64 from = 1; from <= seedsInAll; from += seedsPerRow) {
        QTest::addRow("seeds %llu to %llu", from, from + seedsPerRow - 1) << from;
    }
}

void TestSimulation::nothingIsWrongAfterAnySeed()
{
    QFETCH(const quint64, from);
    for (quint64 seed = from; seed < from + seedsPerRow; ++seed) {
        const SimulationOutcome outcome = run(withSeed(seed));
        QVERIFY2(outcome.violations.isEmpty(), qPrintable(QStringLiteral("seed %1: %2\nreplay: counterfoilctl simulate --seeds %1 --payments %3 --trace")
                                                              .arg(QString::number(seed), outcome.violations.join(u'\n'), QString::number(payments))));
        QVERIFY(outcome.commits > 0);
        QVERIFY(outcome.checks > 0);
        QVERIFY(outcome.ordersPlaced > 0);
    }
}

void TestSimulation::everyKindOfFaultHappens()
{
    for (std::size_t kind = 0; kind < faultKindCount; ++kind) {
        QVERIFY2(faultsMet[kind] >= static_cast<qint64>(seedsInAll / 4), qPrintable(QStringLiteral("%1: %2 in %3 seeds").arg(toString(static_cast<FaultKind>(kind))).arg(faultsMet[kind]).arg(seedsInAll)));
    }
}

void TestSimulation::theSameSeedDoesTheSame()
{
    for (const quint64 seed : {3, 14, 159}) {
        const SimulationOutcome first = run(withSeed(seed));
        const SimulationOutcome second = run(withSeed(seed));
        QCOMPARE(second.traceHash, first.traceHash);
        QCOMPARE(second.faults, first.faults);
        QCOMPARE(second.commits, first.commits);
    }
    QVERIFY(run(withSeed(3)).traceHash != run(withSeed(4)).traceHash);
}

void TestSimulation::withoutFaultsEverythingEndsWell()
{
    SimulationOptions options = withSeed(5);
    options.only = FaultSet();
    const SimulationOutcome outcome = run(options);
    QCOMPARE(outcome.violations, QStringList());
    QCOMPARE(outcome.faults, FaultSet());
    QCOMPARE(outcome.ordersPaid, outcome.ordersPlaced);
}

void TestSimulation::postgresqlGivesTheSameGuarantees()
{
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        for (quint64 seed = 1001; kind == DatabaseKind::Postgresql && seed <= 1003; ++seed) {
            const auto database = TestDatabase::create(kind);
            QVERIFY(setUpDatabase(database->url(), QStringLiteral("sandbox"), SystemClock()));
            const auto outcome = simulateOn(database->writer(), withSeed(seed));
            QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().text()));
            QVERIFY2(outcome->violations.isEmpty(), qPrintable(QStringLiteral("seed %1: %2").arg(seed).arg(outcome->violations.join(u'\n'))));
        }
    }
}

void TestSimulation::aFailingRunShrinksToFewFaultsAndReplays()
{
    plant(PlantedBug::NoSignatureCheck);
    SimulationOptions options;
    SimulationOutcome outcome;
    for (quint64 seed = 1; outcome.violations.isEmpty() && seed <= 100; ++seed) {
        options = withSeed(seed);
        outcome = run(options);
    }
    QVERIFY(!outcome.violations.isEmpty());
    const auto least = shrink(options, outcome);
    QVERIFY(least);
    QVERIFY2(least->faults.size() <= 3, qPrintable(QString::number(least->faults.size())));
    QVERIFY(!least->violations.isEmpty());
    options.only = least->faults;
    const SimulationOutcome again = run(options);
    QCOMPARE(again.violations, least->violations);
    QCOMPARE(again.traceHash, least->traceHash);
}

QTEST_GUILESS_MAIN(TestSimulation)
#include "tst_simulation.moc"
