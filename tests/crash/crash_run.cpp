// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/crash/crash_run.h"

#include "tests/support/expect.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace counterfoil {

namespace {

constexpr int importedOrders = 60;
constexpr int settleMs = 150'000;
constexpr int perKillMs = 60'000;
constexpr qint64 recoveredMsMax = 10'000;

QByteArray textOf(const std::map<QString, qint64>& counts)
{
    QByteArray text;
    for (const auto& [name, count] : counts) {
        text += (text.isEmpty() ? "" : ", ") + name.toUtf8() + ' ' + QByteArray::number(count);
    }
    return text.isEmpty() ? QByteArray("nothing") : text;
}

/// `p50 5203 ms, max 6120 ms`
QByteArray spreadOf(std::vector<qint64> values)
{
    if (values.empty()) {
        return "none";
    }
    std::ranges::sort(values);
    return "p50 " + QByteArray::number(values[values.size() / 2]) + " ms, max " + QByteArray::number(values.back()) + " ms";
}

} // namespace

CrashRun::CrashRun(std::vector<LaneSetup> setups) : m_setups(std::move(setups)) {}

CrashRun::~CrashRun() = default;

void CrashRun::run()
{
    for (const auto step : {&CrashRun::prepare, &CrashRun::runLanes, &CrashRun::report}) {
        (this->*step)();
        if (QTest::currentTestFailed()) {
            for (const auto& stage : m_stages) {
                qInfo("%s", stage->lastWords().constData());
            }
            return;
        }
    }
    std::map<int, Books> peaceful;
    for (std::size_t i = 0; i < m_setups.size() && !QTest::currentTestFailed(); ++i) {
        const int orders = m_setups[i].plan.orders();
        Books books;
        finish(*m_stages[i], orders, books);
        if (QTest::currentTestFailed()) {
            qInfo("lane %d: %s", static_cast<int>(i + 1), m_stages[i]->lastWords().constData());
            return;
        }
        if (!peaceful.contains(orders)) {
            runInPeace(orders, peaceful[orders]);
        }
        const QStringList differences = books.differences(peaceful[orders]);
        QVERIFY2(differences.isEmpty(), qPrintable(differences.join(u'\n')));
    }
}

void CrashRun::prepare()
{
    for (const LaneSetup& setup : m_setups) {
        const PostgresServer* const server = setup.plan.server;
        m_stages.push_back(std::make_unique<CrashStage>(
            StageOptions{setup.kind, importedOrders, setup.workers, QStringLiteral(SLOW_AND_FAULTY), setup.plan.seed, server ? server->url() : QString()}));
        const QString problem = m_stages.back()->prepare();
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }
    for (const auto& stage : m_stages) {
        for (const auto& worker : stage->workers()) {
            QVERIFY2(worker->start(), stage->lastWords().constData());
        }
    }
}

void CrashRun::runLanes()
{
    int most = 0;
    for (std::size_t i = 0; i < m_setups.size(); ++i) {
        m_lanes.push_back(std::make_unique<CrashLane>(*m_stages[i], m_setups[i].plan));
        most = std::max(most, m_setups[i].plan.kills);
    }
    const auto isDone = [this] { return std::ranges::all_of(m_lanes, [](const auto& lane) { return lane->isDone(); }); };
    QVERIFY2(QTest::qWaitFor(isDone, most * perKillMs), "the kills don't come to an end");
    for (std::size_t i = 0; i < m_lanes.size(); ++i) {
        QVERIFY2(m_lanes[i]->problem().isEmpty(), qPrintable(QStringLiteral("lane %1: %2").arg(i + 1).arg(m_lanes[i]->problem())));
        for (const auto& worker : m_stages[i]->workers()) {
            QVERIFY2(worker->awaitReady(), m_stages[i]->lastWords().constData());
        }
    }
}

void CrashRun::report()
{
    int kills = 0;
    int whileStarting = 0;
    int inVain = 0;
    qint64 requests = 0;
    std::vector<qint64> recovered;
    std::vector<qint64> takenUp;
    std::vector<qint64> accepted;
    std::vector<qint64> paid;
    for (std::size_t i = 0; i < m_lanes.size(); ++i) {
        const CrashLane& lane = *m_lanes[i];
        QCOMPARE(lane.kills().size(), static_cast<std::size_t>(m_setups[i].plan.kills));
        whileStarting += lane.killsWhileStarting();
        inVain += lane.killsInVain();
        for (const KillRecord& kill : lane.kills()) {
            ++kills;
            requests += kill.requests;
            QVERIFY(kill.requests > 0);
            takenUp.push_back(kill.takenUpMs);
            accepted.push_back(kill.acceptedMs);
            paid.push_back(kill.paidMs);
            recovered.push_back(kill.recoveredMs());
        }
    }
    qInfo("%d kills with %lld requests under way (%s); besides, %d while starting and %d in vain", kills, static_cast<long long>(requests), textOf(held()).constData(),
          whileStarting, inVain);
    qInfo("recovered: %s; work that was under way taken up: %s; new orders accepted: %s, the first paid: %s", spreadOf(recovered).constData(), spreadOf(takenUp).constData(),
          spreadOf(accepted).constData(), spreadOf(paid).constData());
    QVERIFY2(std::ranges::max(recovered) <= recoveredMsMax, "it took too long to recover");
}

qint64 CrashRun::refusals() const
{
    qint64 refusals = 0;
    for (const auto& lane : m_lanes) {
        refusals += lane->refusals();
    }
    return refusals;
}

std::map<QString, qint64> CrashRun::held() const
{
    std::map<QString, qint64> sum;
    for (const auto& lane : m_lanes) {
        for (const auto& [what, count] : lane->held()) {
            sum[what] += count;
        }
    }
    return sum;
}

void CrashRun::runInPeace(int orders, Books& books)
{
    QElapsedTimer timer;
    timer.start();
    CrashStage stage({DatabaseKind::Sqlite, importedOrders, 1, {}, 1, {}});
    const QString problem = stage.prepare();
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    QVERIFY2(stage.workers().front()->start(), stage.lastWords().constData());
    stage.poster().post(1, orders);
    finish(stage, orders, books);
    qInfo("in peace: %lld ms", static_cast<long long>(timer.elapsed()));
}

void CrashRun::finish(CrashStage& stage, int orders, Books& books)
{
    QElapsedTimer timer;
    timer.start();
    QTRY_VERIFY_WITH_TIMEOUT(stage.poster().isDone(), settleMs);
    // Once more under the same keys: each must get the answer that it got before.
    stage.poster().post(1, orders);
    QTRY_VERIFY_WITH_TIMEOUT(stage.poster().isDone(), settleMs);
    QVERIFY2(stage.poster().complaints().isEmpty(), qPrintable(stage.poster().complaints().join(u'\n')));
    QCOMPARE(stage.poster().ids().size(), static_cast<std::size_t>(orders));
    const bool settled = stage.settle(settleMs);
    const auto left = stage.jobsLeft();
    CF_VERIFY_OK(left);
    QVERIFY2(settled, qPrintable(QStringLiteral("%1 jobs left").arg(*left)));
    const QJsonObject statistics = stage.gatewayStatistics();
    for (const auto& worker : stage.workers()) {
        QVERIFY2(worker->stop(), worker->lastWords(30).constData());
        QVERIFY2(worker->said("permission denied") == 0, worker->lastWords(30).constData());
    }
    const auto [holds, verification] = stage.control({QStringLiteral("verify")});
    QVERIFY2(holds, verification.constData());
    const auto read = readBooks(stage.reader());
    CF_VERIFY_OK(read);
    books = *read;
    qInfo("settled in %lld ms, verify is clean: %s; %lld charges for %lld payments by card; orders sent again %lld; callbacks %s", static_cast<long long>(timer.elapsed()),
          textOf(books.states).constData(), static_cast<long long>(statistics.value(QStringLiteral("charges_made")).toInteger()), static_cast<long long>(books.cardPayments),
          static_cast<long long>(stage.poster().repetitions()), QJsonDocument(statistics.value(QStringLiteral("callbacks")).toObject()).toJson(QJsonDocument::Compact).constData());
    // One was placed to put the SKU into stock.
    QCOMPARE(books.orders.size(), static_cast<std::size_t>(importedOrders + orders + 1));
    agreeWithGateway(stage, statistics, books);
}

void CrashRun::agreeWithGateway(CrashStage& stage, const QJsonObject& statistics, const Books& books)
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
    // Every callback that got its 200 is there; one that was sent twice got two.
    const QJsonObject callbacks = statistics.value(QStringLiteral("callbacks")).toObject();
    const auto stored = stage.callbacksStored();
    CF_VERIFY_OK(stored);
    QVERIFY(*stored >= callbacks.value(QStringLiteral("acknowledged")).toInteger() - callbacks.value(QStringLiteral("duplicated")).toInteger());
}

} // namespace counterfoil
