// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/crash/crash_stage.h"
#include "tests/support/expect.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>

#include <random>

using namespace counterfoil;

namespace {

/// The kills and the gateway's faults depend on it; COUNTERFOIL_TEST_SEED sets another one.
const quint64 seed = qEnvironmentVariableIsSet("COUNTERFOIL_TEST_SEED") ? static_cast<quint64>(std::abs(qEnvironmentVariableIntValue("COUNTERFOIL_TEST_SEED"))) : 20;
constexpr int settleMs = 150'000;
/// Of four kills one meets a worker that isn't ready yet.
constexpr int kindsOfKill = 4;
constexpr int startingMsMax = 150;
constexpr int workingMsMin = 50;
constexpr int workingMsMax = 1600;
constexpr int lookEveryMs = 20;
constexpr int afterFloorMsMax = 60;

constexpr int outages = 2;
constexpr int betweenOutagesMs = 400;
constexpr int outageMs = 3'000;

struct Plan {
    int importedOrders = 0;
    int postedOrders = 0;
    int kills = 0;
};

/// What the kills met.
struct Harvest {
    int whileStarting = 0;
    int whileWorking = 0;
    int withWorkUnderWay = 0;
    std::map<QString, qint64> jobsHeld;
};

QByteArray textOf(const std::map<QString, qint64>& counts)
{
    QByteArray text;
    for (const auto& [name, count] : counts) {
        text += (text.isEmpty() ? "" : ", ") + name.toUtf8() + ' ' + QByteArray::number(count);
    }
    return text.isEmpty() ? QByteArray("nothing") : text;
}

} // namespace

/// The real programs, and workers that die of SIGKILL at random moments: the books must come out as if nothing had happened.
class TestWorkerCrash : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void killedWorkersLoseAndRepeatNothing_data();
    void killedWorkersLoseAndRepeatNothing();
    void workersOutliveTheirDatabase();

private:
    /// The same orders by one worker that lives, a gateway without faults, and SQLite.
    void runInPeace(const Plan& plan, Books& books);
    void runUnderKills(CrashStage& stage, const Plan& plan, Harvest& harvest);
    bool killOnce(CrashStage& stage, std::mt19937& random, qint64 jobsFloor, Harvest& harvest);
    void work(CrashStage& stage, std::mt19937& random, qint64 jobsFloor);
    void finish(CrashStage& stage, const Plan& plan, Books& books);
    void agreeWithGateway(const QJsonObject& statistics, const Books& books);
};

void TestWorkerCrash::killedWorkersLoseAndRepeatNothing_data()
{
    QTest::addColumn<DatabaseKind>("kind");
    QTest::addColumn<int>("workers");
    QTest::addColumn<int>("imported");
    QTest::addColumn<int>("posted");
    QTest::addColumn<int>("kills");
    QTest::newRow("sqlite, one worker") << DatabaseKind::Sqlite << 1 << 1500 << 100 << 20;
    if (qEnvironmentVariableIsSet("COUNTERFOIL_TEST_POSTGRESQL")) {
        QTest::newRow("postgresql, two workers") << DatabaseKind::Postgresql << 2 << 300 << 40 << 8;
    }
}

void TestWorkerCrash::killedWorkersLoseAndRepeatNothing()
{
    QFETCH(DatabaseKind, kind);
    QFETCH(int, workers);
    QFETCH(int, imported);
    QFETCH(int, posted);
    QFETCH(int, kills);
    const Plan plan{imported, posted, kills};
    Books peaceful;
    runInPeace(plan, peaceful);
    if (QTest::currentTestFailed()) {
        return;
    }
    CrashStage stage({kind, imported, workers, QStringLiteral("faulty"), seed});
    const QString problem = stage.prepare();
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    Harvest harvest;
    Books books;
    runUnderKills(stage, plan, harvest);
    if (!QTest::currentTestFailed()) {
        finish(stage, plan, books);
    }
    if (QTest::currentTestFailed()) {
        qInfo("%s", stage.lastWords().constData());
        return;
    }
    const QStringList differences = books.differences(peaceful);
    QVERIFY2(differences.isEmpty(), qPrintable(differences.join(u'\n')));
    QVERIFY2(harvest.withWorkUnderWay * 2 >= harvest.whileWorking, "too few kills met a worker at work: the test proves nothing");
    for (const char* operation : {"create_intent", "confirm_intent"}) {
        QVERIFY2(harvest.jobsHeld.contains(QLatin1String(operation)), operation);
    }
}

void TestWorkerCrash::workersOutliveTheirDatabase()
{
    if (!qEnvironmentVariableIsSet("COUNTERFOIL_TEST_POSTGRESQL")) {
        QSKIP("a file doesn't go away: COUNTERFOIL_TEST_POSTGRESQL names no server");
    }
    const Plan plan{200, 40, 0};
    Books peaceful;
    runInPeace(plan, peaceful);
    if (QTest::currentTestFailed()) {
        return;
    }
    CrashStage stage({DatabaseKind::Postgresql, plan.importedOrders, 2, QStringLiteral("faulty"), seed});
    const QString problem = stage.prepare();
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    for (const auto& worker : stage.workers()) {
        QVERIFY2(worker->start(), stage.lastWords().constData());
    }
    for (int outage = 0; outage < outages; ++outage) {
        QTest::qWait(betweenOutagesMs);
        CF_VERIFY_OK(stage.setReachable(false));
        const qint64 before = stage.poster().repetitions();
        stage.poster().post(outage * plan.postedOrders / outages + 1, (outage + 1) * plan.postedOrders / outages);
        QTest::qWait(outageMs);
        const qint64 refused = stage.poster().repetitions() - before;
        CF_VERIFY_OK(stage.setReachable(true));
        qInfo("%lld orders refused while the database was away", static_cast<long long>(refused));
        // They are told at once, and don't hang until they give up.
        QVERIFY(refused >= plan.postedOrders / outages);
    }
    Books books;
    finish(stage, plan, books);
    if (QTest::currentTestFailed()) {
        qInfo("%s", stage.lastWords().constData());
        return;
    }
    const QStringList differences = books.differences(peaceful);
    QVERIFY2(differences.isEmpty(), qPrintable(differences.join(u'\n')));
}

void TestWorkerCrash::runInPeace(const Plan& plan, Books& books)
{
    QElapsedTimer timer;
    timer.start();
    CrashStage stage({DatabaseKind::Sqlite, plan.importedOrders, 1, {}, seed});
    const QString problem = stage.prepare();
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    QVERIFY2(stage.workers().front()->start(), stage.lastWords().constData());
    stage.poster().post(1, plan.postedOrders);
    finish(stage, plan, books);
    if (QTest::currentTestFailed()) {
        qInfo("%s", stage.lastWords().constData());
    }
    qInfo("in peace: %lld ms", static_cast<long long>(timer.elapsed()));
}

void TestWorkerCrash::runUnderKills(CrashStage& stage, const Plan& plan, Harvest& harvest)
{
    QElapsedTimer timer;
    timer.start();
    // The generator's numbers are the same everywhere; the standard's distributions aren't.
    std::mt19937 random(static_cast<quint32>(seed));
    const auto jobs = stage.jobsLeft();
    CF_VERIFY_OK(jobs);
    for (const auto& worker : stage.workers()) {
        QVERIFY2(worker->start(), stage.lastWords().constData());
    }
    for (int i = 0; i < plan.kills; ++i) {
        stage.poster().post(i * plan.postedOrders / plan.kills + 1, (i + 1) * plan.postedOrders / plan.kills);
        QVERIFY2(killOnce(stage, random, *jobs * (plan.kills - i - 1) / plan.kills, harvest), stage.lastWords().constData());
    }
    qInfo("seed %llu: %d kills in %lld ms: %d while starting, %d while working, of which %d with work under way: %s", static_cast<unsigned long long>(seed), plan.kills,
          static_cast<long long>(timer.elapsed()), harvest.whileStarting, harvest.whileWorking, harvest.withWorkUnderWay, textOf(harvest.jobsHeld).constData());
    for (const auto& worker : stage.workers()) {
        QVERIFY2(worker->awaitReady(), stage.lastWords().constData());
    }
}

bool TestWorkerCrash::killOnce(CrashStage& stage, std::mt19937& random, qint64 jobsFloor, Harvest& harvest)
{
    ServiceProcess& victim = *stage.workers()[random() % stage.workers().size()];
    const bool whileStarting = random() % kindsOfKill == 0;
    if (whileStarting) {
        // Another kill first, so that there is a start to be met.
        if (!victim.kill()) {
            return false;
        }
        victim.launch();
    } else if (!victim.awaitReady()) {
        return false;
    }
    QElapsedTimer timer;
    timer.start();
    if (whileStarting) {
        QTest::qWait(static_cast<int>(random() % startingMsMax));
    } else {
        work(stage, random, jobsFloor);
    }
    const qint64 pauseMs = timer.elapsed();
    const bool killed = victim.kill();
    const auto held = stage.heldBy(victim);
    const auto left = stage.jobsLeft();
    if (!killed || !held || !left) {
        return false;
    }
    ++(whileStarting ? harvest.whileStarting : harvest.whileWorking);
    harvest.withWorkUnderWay += !whileStarting && !held->empty() ? 1 : 0;
    for (const auto& [what, count] : *held) {
        harvest.jobsHeld[what] += count;
    }
    qInfo("%s killed %s after %lld ms: under way %s; %lld jobs left", qUtf8Printable(victim.name()), whileStarting ? "while starting" : "while working",
          static_cast<long long>(pauseMs), textOf(*held).constData(), static_cast<long long>(*left));
    victim.launch();
    return true;
}

/// Until a random moment, or a little after so much is done that the kills to come would find too little left.
void TestWorkerCrash::work(CrashStage& stage, std::mt19937& random, qint64 jobsFloor)
{
    const qint64 pauseMs = workingMsMin + static_cast<qint64>(random() % (workingMsMax - workingMsMin));
    const int afterMs = static_cast<int>(random() % afterFloorMsMax);
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < pauseMs) {
        QTest::qWait(lookEveryMs);
        const auto left = stage.jobsLeft();
        CF_VERIFY_OK(left);
        if (*left <= jobsFloor) {
            QTest::qWait(afterMs);
            return;
        }
    }
}

void TestWorkerCrash::finish(CrashStage& stage, const Plan& plan, Books& books)
{
    QElapsedTimer timer;
    timer.start();
    QTRY_VERIFY_WITH_TIMEOUT(stage.poster().isDone(), settleMs);
    // Once more under the same keys: each must get the answer that it got before.
    stage.poster().post(1, plan.postedOrders);
    QTRY_VERIFY_WITH_TIMEOUT(stage.poster().isDone(), settleMs);
    QVERIFY2(stage.poster().complaints().isEmpty(), qPrintable(stage.poster().complaints().join(u'\n')));
    QCOMPARE(stage.poster().ids().size(), static_cast<std::size_t>(plan.postedOrders));
    const bool settled = stage.settle(settleMs);
    const auto left = stage.jobsLeft();
    CF_VERIFY_OK(left);
    QVERIFY2(settled, qPrintable(QStringLiteral("%1 jobs left").arg(*left)));
    const QJsonObject statistics = stage.gatewayStatistics();
    for (const auto& worker : stage.workers()) {
        QVERIFY2(worker->stop(), worker->lastWords(30).constData());
    }
    const auto [holds, verification] = stage.control({QStringLiteral("verify")});
    QVERIFY2(holds, verification.constData());
    const auto read = readBooks(stage.reader());
    CF_VERIFY_OK(read);
    books = *read;
    qInfo("settled in %lld ms: %s; orders sent again %lld; callbacks %s", static_cast<long long>(timer.elapsed()), textOf(books.states).constData(),
          static_cast<long long>(stage.poster().repetitions()), QJsonDocument(statistics.value(QStringLiteral("callbacks")).toObject()).toJson(QJsonDocument::Compact).constData());
    // One was placed to put the SKU into stock.
    QCOMPARE(books.orders.size(), static_cast<std::size_t>(plan.importedOrders + plan.postedOrders + 1));
    agreeWithGateway(statistics, books);
}

void TestWorkerCrash::agreeWithGateway(const QJsonObject& statistics, const Books& books)
{
    for (const char* reference : {"order", "transaction"}) {
        const QJsonObject counted = statistics.value(QStringLiteral("references")).toObject().value(QLatin1String(reference)).toObject();
        QVERIFY2(!counted.isEmpty(), QJsonDocument(statistics).toJson().constData());
        QCOMPARE(counted.value(QStringLiteral("charged_more_than_once")).toArray(), QJsonArray());
        QCOMPARE(counted.value(QStringLiteral("distinct")).toInteger(), books.cardPayments);
    }
    QVERIFY(books.cardPayments > 0);
    QCOMPARE(statistics.value(QStringLiteral("charges_made")).toInteger(), books.cardPayments);
    QCOMPARE(statistics.value(QStringLiteral("captured_minor")).toObject().value(QStringLiteral("usd")).toInteger(), -books.clearingMinor);
    QCOMPARE(books.paidTwice, QStringList());
    QCOMPARE(books.openCases, QStringList());
}

QTEST_GUILESS_MAIN(TestWorkerCrash)

#include "tst_worker_crash.moc"
