// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulation/simulation.h"
#include "models/base/planted_bug.h"
#include "tests/support/expect.h"

#include <QTest>

using namespace counterfoil;

/// A simulation that doesn't find mistakes proves nothing: each that can be made on purpose has to be found within a hundred seeds.
class TestPlantedBugs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }
    void cleanup() { plant(PlantedBug::None); }
    void isFoundWithinAHundredSeeds_data();
    void isFoundWithinAHundredSeeds();
};

namespace {

constexpr quint64 seedsMax = 100;

} // namespace

void TestPlantedBugs::isFoundWithinAHundredSeeds_data()
{
    QTest::addColumn<int>("bug");
    for (const auto& [bug, name] : EnumNames<PlantedBug>::names) {
        if (bug != PlantedBug::None) {
            QTest::newRow(name) << static_cast<int>(bug);
        }
    }
}

void TestPlantedBugs::isFoundWithinAHundredSeeds()
{
    QFETCH(const int, bug);
    plant(static_cast<PlantedBug>(bug));
    for (quint64 seed = 1; seed <= seedsMax; ++seed) {
        SimulationOptions options;
        options.seed = seed;
        const auto outcome = simulate(options);
        QVERIFY(outcome);
        if (!outcome->violations.isEmpty()) {
            qInfo("%-26s found by seed %3llu: %s", qPrintable(toString(static_cast<PlantedBug>(bug))), seed, qPrintable(outcome->violations.first().left(150)));
            return;
        }
    }
    QFAIL("not found");
}

QTEST_GUILESS_MAIN(TestPlantedBugs)
#include "tst_planted_bugs.moc"
