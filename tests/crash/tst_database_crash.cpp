// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/crash/crash_run.h"
#include "tests/support/environment.h"
#include "tests/support/expect.h"
#include "tests/support/patient_main.h"

using namespace counterfoil;

namespace {

/// COUNTERFOIL_TEST_SERVER_KILLS says how many there are, COUNTERFOIL_TEST_SEED sets other moments and other faults of the gateway.
const int kills = numberFrom("COUNTERFOIL_TEST_SERVER_KILLS", 4);
const auto seed = static_cast<quint64>(numberFrom("COUNTERFOIL_TEST_SEED", 20));
constexpr int outages = 2;

} // namespace

/// The real programs, and a database that dies or is cut off: workers outlive it, and nothing that was acknowledged is lost.
class TestDatabaseCrash : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void workersOutliveTheirServer();
    void workersOutliveBeingCutOff();
};

void TestDatabaseCrash::initTestCase()
{
    if (!qEnvironmentVariableIsSet("COUNTERFOIL_TEST_POSTGRESQL")) {
        QSKIP("a file doesn't go away: COUNTERFOIL_TEST_POSTGRESQL names no server");
    }
}

void TestDatabaseCrash::workersOutliveTheirServer()
{
    PostgresServer first;
    PostgresServer second;
    for (PostgresServer* const server : {&first, &second}) {
        for (const auto step : {&PostgresServer::create, &PostgresServer::start}) {
            const QString problem = (server->*step)();
            QVERIFY2(problem.isEmpty(), qPrintable(problem));
        }
    }
    const int each = (kills + 1) / 2;
    CrashRun run({{DatabaseKind::Postgresql, 2, {Victim::Postmaster, each, seed, &first}}, {DatabaseKind::Postgresql, 3, {Victim::WholeServer, each, seed + 1, &second}}});
    run.run();
    if (QTest::currentTestFailed()) {
        qInfo("%s\n%s", first.lastWords().constData(), second.lastWords().constData());
        return;
    }
    qInfo("%d processes of the servers were killed; %lld orders refused meanwhile", first.killed() + second.killed(), static_cast<long long>(run.refusals()));
    // Clients are told at once, and don't hang until they give up.
    QVERIFY(run.refusals() >= kills);
    // The whole server is its first process with the connections of three workers and the usual helpers.
    QCOMPARE(first.killed(), each);
    QVERIFY(second.killed() >= each * 8);
}

void TestDatabaseCrash::workersOutliveBeingCutOff()
{
    CrashRun run({{DatabaseKind::Postgresql, 2, {Victim::Connections, outages, seed, nullptr}}});
    run.run();
    if (QTest::currentTestFailed()) {
        return;
    }
    qInfo("%lld orders refused while the database was away", static_cast<long long>(run.refusals()));
    QVERIFY(run.refusals() >= outages);
}

int main(int argc, char** argv)
{
    return runPatiently<TestDatabaseCrash>(argc, argv);
}

#include "tst_database_crash.moc"
