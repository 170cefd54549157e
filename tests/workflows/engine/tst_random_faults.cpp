// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/expect.h"
#include "tests/workflows/engine/random_faults.h"

#include <QFileInfo>
#include <QTest>

using namespace counterfoil;

/// Whatever fails in whatever order: the books are right, nobody pays twice, and nothing is stuck.
class TestRandomFaults : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { failOnWarnings(); }
    void everyOrderEndsOrHasACase_data();
    void everyOrderEndsOrHasACase();
    void theSameSeedDoesTheSame();
};

namespace {

constexpr int ordersPerSeed = 10;
constexpr int stepsPerSeed = 60;
constexpr int seedsPerDatabase = 25;

/// How many seeds: more by hand, with COUNTERFOIL_TEST_SEEDS=from-to.
std::pair<int, int> seedRange(DatabaseKind kind)
{
    const QStringList wanted = qEnvironmentVariable("COUNTERFOIL_TEST_SEEDS").split(u'-');
    if (wanted.size() == 2) {
        return {wanted[0].toInt(), wanted[1].toInt()};
    }
    return kind == DatabaseKind::Sqlite ? std::pair(1, 300) : std::pair(1001, 1025);
}

} // namespace

void TestRandomFaults::initTestCase()
{
    // Thousands of commits are waited for; what a disk does with them is tested elsewhere.
    if (QFileInfo(QStringLiteral("/dev/shm")).isWritable()) {
        qputenv("TMPDIR", "/dev/shm");
    }
}

void TestRandomFaults::everyOrderEndsOrHasACase_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("to");
    for (const DatabaseKind kind : TestDatabase::kinds()) {
        const auto [first, last] = seedRange(kind);
        for (int from = first; from <= last; from += seedsPerDatabase) {
            const int to = std::min(last, from + seedsPerDatabase - 1);
            QTest::addRow("%s seeds %d to %d", kind == DatabaseKind::Sqlite ? "sqlite" : "postgresql", from, to) << kind << from << to;
        }
    }
}

void TestRandomFaults::everyOrderEndsOrHasACase()
{
    QFETCH(const DatabaseKind, kind);
    QFETCH(const int, from);
    QFETCH(const int, to);
    EngineFixture shop(kind);
    RandomFaults::stock(shop);
    QStringList problems;
    for (int seed = from; seed <= to; ++seed) {
        RandomFaults simulation(shop, static_cast<quint32>(seed));
        simulation.run(ordersPerSeed, stepsPerSeed);
        simulation.calm();
        problems += simulation.problems();
    }
    problems += shop.violations();
    QVERIFY2(problems.isEmpty(), qPrintable(QStringLiteral("%1 problems\n").arg(problems.size()) + problems.first(std::min<qsizetype>(problems.size(), 30)).join(u'\n')));
    QCOMPARE(shop.count(QStringLiteral("orders")), qint64{to - from + 1} * ordersPerSeed);
}

void TestRandomFaults::theSameSeedDoesTheSame()
{
    std::vector<QStringList> histories;
    for (int run = 0; run < 2; ++run) {
        EngineFixture shop(DatabaseKind::Sqlite);
        RandomFaults::stock(shop);
        RandomFaults simulation(shop, 7);
        simulation.run(ordersPerSeed, stepsPerSeed);
        QStringList history;
        for (const OrderEvent& event : shop.rows<OrderEvent>(QStringLiteral("ORDER BY id"))) {
            history << event.key + u' ' + event.toState + u' ' + event.at.toIso();
        }
        histories.push_back(history);
    }
    QCOMPARE(histories[0], histories[1]);
}

QTEST_GUILESS_MAIN(TestRandomFaults)
#include "tst_random_faults.moc"
