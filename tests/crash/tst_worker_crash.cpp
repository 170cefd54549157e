// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/crash/crash_run.h"
#include "tests/support/environment.h"
#include "tests/support/expect.h"
#include "tests/support/patient_main.h"

using namespace counterfoil;

namespace {

/// COUNTERFOIL_TEST_KILLS_SQLITE and COUNTERFOIL_TEST_KILLS_POSTGRESQL say how many there are, COUNTERFOIL_TEST_SEED sets other moments
/// and other faults of the gateway.
const int killsOnSqlite = numberFrom("COUNTERFOIL_TEST_KILLS_SQLITE", 18);
const int killsOnPostgresql = numberFrom("COUNTERFOIL_TEST_KILLS_POSTGRESQL", 8);
const auto seed = static_cast<quint64>(numberFrom("COUNTERFOIL_TEST_SEED", 20));

} // namespace

/// The real programs, and workers that die of SIGKILL at random moments: the books must come out as if nothing had happened.
class TestWorkerCrash : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void killedWorkersLoseAndRepeatNothing_data();
    void killedWorkersLoseAndRepeatNothing();
};

void TestWorkerCrash::killedWorkersLoseAndRepeatNothing_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<QList<int>>("workers");
    QTest::addColumn<int>("kills");
    // Most of the time a lane waits for leases to run out, so there are several.
    QTest::newRow("sqlite, one worker") << DatabaseKind::Sqlite << QList<int>{1, 1, 1} << killsOnSqlite;
    if (qEnvironmentVariableIsSet("COUNTERFOIL_TEST_POSTGRESQL")) {
        QTest::newRow("postgresql, two and three workers") << DatabaseKind::Postgresql << QList<int>{2, 3} << killsOnPostgresql;
    }
}

void TestWorkerCrash::killedWorkersLoseAndRepeatNothing()
{
    QFETCH(DatabaseKind, kind);
    QFETCH(QList<int>, workers);
    QFETCH(int, kills);
    const int lanes = static_cast<int>(workers.size());
    std::vector<LaneSetup> setups;
    for (int i = 0; i < lanes; ++i) {
        setups.push_back({kind, workers[i], {Victim::Worker, (kills + lanes - 1) / lanes, seed + static_cast<quint64>(i), nullptr}});
    }
    CrashRun run(std::move(setups));
    run.run();
    if (QTest::currentTestFailed()) {
        return;
    }
    for (const char* operation : {"create_intent", "confirm_intent"}) {
        QVERIFY2(run.held().contains(QLatin1String(operation)), operation);
    }
}

int main(int argc, char** argv)
{
    return runPatiently<TestWorkerCrash>(argc, argv);
}

#include "tst_worker_crash.moc"
