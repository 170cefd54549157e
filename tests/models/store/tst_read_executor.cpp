// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/change_feed.h"
#include "models/store/reads/order_reads.h"
#include "models/store/reads/read_executor.h"
#include "tests/support/expect.h"
#include "tests/support/sample_rows.h"
#include "tests/support/test_database.h"

#include <QElapsedTimer>
#include <QFile>
#include <QSemaphore>
#include <QSignalSpy>

#include <cstdio>

namespace counterfoil {

namespace {

Result<qint64> countOrders(Connection& connection)
{
    return orderCount(connection, {});
}

} // namespace

class TestReadExecutor : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init()
    {
        if (qstrcmp(QTest::currentTestFunction(), "saysThatTheDatabaseIsAwayAndBack") != 0) {
            failOnWarnings(); // the driver prints about a lost connection as often as it likes
        }
        QFETCH_GLOBAL(DatabaseKind, kind);
        m_database = TestDatabase::create(kind);
    }
    void cleanup() { m_database.reset(); }

    void answersInTheCallersThread();
    void handsOnTheErrorsOfTheWork();
    void dropsAnswersForAContextThatIsGone();
    void cancelsWhatIsWaitingWhenItGoes();
    void whatGoesAsideHoldsNothingUp();
    void tellsOfCommitsOfOthersAndNotOfReads();
    void tellsOfACommitSoonAfterAPause();
    void gathersManyChangesIntoFewSignals();
    void saysThatTheDatabaseIsAwayAndBack();
    void noticesThatTheFileIsAnother();

private:
    std::unique_ptr<TestDatabase> m_database;
};

void TestReadExecutor::answersInTheCallersThread()
{
    ReadExecutor executor(m_database->url());
    QThread* workedIn = nullptr;
    QThread* answeredIn = nullptr;
    executor.read(this, [&](Connection& connection) {
        workedIn = QThread::currentThread();
        return countOrders(connection);
    }, [&](const Result<qint64>& count) {
        CF_VERIFY_OK(count);
        answeredIn = QThread::currentThread();
    });
    QTRY_VERIFY(answeredIn);
    QCOMPARE(answeredIn, thread());
    QVERIFY(workedIn != thread());
    QFuture<Result<qint64>> future = executor.run(countOrders);
    CF_VERIFY_OK(future.result());
}

void TestReadExecutor::whatGoesAsideHoldsNothingUp()
{
    QSemaphore gate;
    std::optional<qint64> slow;
    std::optional<qint64> quick;
    ReadExecutor executor(m_database->url());
    executor.readAside(this, [&gate](Connection& connection) {
        gate.acquire();
        return countOrders(connection);
    }, [&slow](const Result<qint64>& count) { slow = count.value_or(-1); });
    executor.read(this, countOrders, [&quick](const Result<qint64>& count) { quick = count.value_or(-1); });
    QTRY_VERIFY(quick.has_value());
    QVERIFY(!slow);
    gate.release();
    QTRY_VERIFY(slow.has_value());
    QCOMPARE(*slow, *quick);
}

void TestReadExecutor::handsOnTheErrorsOfTheWork()
{
    ReadExecutor executor(m_database->url());
    const auto refused = executor.run([](Connection&) -> Result<int> { return fail(ErrorCode::NotFound); }).result();
    CF_COMPARE_ERROR(refused, ErrorCode::NotFound);
    const auto broken = executor.run([](Connection& connection) { return connection.execute(QStringLiteral("SELECT nonsense FROM nowhere")); }).result();
    CF_COMPARE_ERROR(broken, ErrorCode::Internal);
    CF_VERIFY_OK(executor.run(countOrders).result());
}

void TestReadExecutor::dropsAnswersForAContextThatIsGone()
{
    ReadExecutor executor(m_database->url());
    bool answered = false;
    auto context = std::make_unique<QObject>();
    executor.read(context.get(), countOrders, [&](const Result<qint64>&) { answered = true; });
    context.reset();
    CF_VERIFY_OK(executor.run(countOrders).result());
    QCoreApplication::processEvents();
    QVERIFY(!answered);
}

void TestReadExecutor::cancelsWhatIsWaitingWhenItGoes()
{
    QSemaphore begun;
    auto executor = std::make_unique<ReadExecutor>(m_database->url());
    const auto running = executor->run([&](Connection&) -> Result<int> {
        begun.release();
        while (!QThread::currentThread()->isInterruptionRequested()) {
            QThread::yieldCurrentThread();
        }
        return 1;
    });
    const auto waiting = executor->run([](Connection&) -> Result<int> { return 2; });
    begun.acquire();
    executor.reset();
    QVERIFY(running.isFinished());
    QCOMPARE(running.resultCount(), 1);
    QVERIFY(waiting.isFinished());
    QVERIFY(waiting.isCanceled());
    QCOMPARE(waiting.resultCount(), 0);
}

void TestReadExecutor::tellsOfCommitsOfOthersAndNotOfReads()
{
    ReadExecutor executor(m_database->url());
    QSignalSpy changed(&executor, &ReadExecutor::changed);
    CF_VERIFY_OK(executor.run(countOrders).result());
    CF_VERIFY_OK(insertRow(m_database->writer(), sampleCustomer(1, QStringLiteral("A"), QStringLiteral("a@example.com"))));
    // The feed may open only now; a change it has not seen from its beginning on is none, so one more follows.
    QTRY_VERIFY_WITH_TIMEOUT([&] {
        static qint64 n = 100;
        (void)insertRow(m_database->writer(), sampleOrder(++n, CustomerId(1)));
        if (m_database->url().kind == DatabaseKind::Postgresql) {
            (void)m_database->writer().executeScript(QStringLiteral("NOTIFY counterfoil_changed, '1'"));
        }
        return changed.count() > 0;
    }(), 10'000);
    // Reading changes nothing; whatever was still under way arrives within two polls.
    while (changed.wait(900)) {
    }
    changed.clear();
    CF_VERIFY_OK(executor.run(countOrders).result());
    QVERIFY(!changed.wait(900));
}

void TestReadExecutor::tellsOfACommitSoonAfterAPause()
{
    ReadExecutor executor(m_database->url());
    QSignalSpy changed(&executor, &ReadExecutor::changed);
    CF_VERIFY_OK(insertRow(m_database->writer(), sampleCustomer(1, QStringLiteral("A"), QStringLiteral("a@example.com"))));
    const auto commit = [this] {
        static qint64 n = 500;
        CF_VERIFY_OK(insertRow(m_database->writer(), sampleOrder(++n, CustomerId(1))));
        if (m_database->url().kind == DatabaseKind::Postgresql) {
            CF_VERIFY_OK(m_database->writer().executeScript(QStringLiteral("NOTIFY counterfoil_changed, '1'")));
        }
    };
    QTRY_VERIFY_WITH_TIMEOUT((commit(), changed.count() > 0), 10'000);
    constexpr int commits = 8;
    qint64 totalMs = 0;
    for (int i = 0; i < commits; ++i) {
        // Long enough for the feed to look rarely again, and of another length each time.
        while (changed.wait(ChangeFeed::fastForMs + 100 + 37 * i)) {
        }
        QElapsedTimer timer;
        timer.start();
        commit();
        QVERIFY(changed.wait(5000));
        totalMs += timer.elapsed();
    }
    qInfo("a commit was told of after %lld ms on average", static_cast<long long>(totalMs / commits));
    // Looking every 400 ms alone takes 200 on average.
    QVERIFY2(totalMs < commits * ChangeFeed::pollMs / 4, qPrintable(QString::number(totalMs)));
}

void TestReadExecutor::gathersManyChangesIntoFewSignals()
{
    if (m_database->url().kind != DatabaseKind::Postgresql) {
        QSKIP("SQLite is asked at intervals, which gather by themselves");
    }
    ReadExecutor executor(m_database->url());
    QSignalSpy changed(&executor, &ReadExecutor::changed);
    const QString notify = QStringLiteral("NOTIFY counterfoil_changed, '1'");
    QTRY_VERIFY_WITH_TIMEOUT((m_database->writer().executeScript(notify), changed.count() > 0), 10'000);
    changed.clear();
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 200; ++i) {
        CF_VERIFY_OK(m_database->writer().executeScript(notify));
    }
    QTRY_VERIFY(changed.count() > 0);
    while (changed.wait(400)) {
    }
    QVERIFY2(changed.count() <= timer.elapsed() / ChangeFeed::quietMs + 1, qPrintable(QString::number(changed.count())));
}

void TestReadExecutor::saysThatTheDatabaseIsAwayAndBack()
{
    if (m_database->url().kind == DatabaseKind::Sqlite) {
        DatabaseUrl url = m_database->url();
        url.path += QStringLiteral(".later");
        ReadExecutor executor(url);
        QSignalSpy lost(&executor, &ReadExecutor::connectionLost);
        QSignalSpy restored(&executor, &ReadExecutor::connectionRestored);
        QVERIFY(lost.wait(5000));
        CF_COMPARE_ERROR(executor.run(countOrders).result(), ErrorCode::DatabaseUnavailable);
        CF_VERIFY_OK(m_database->writer().execute(QStringLiteral("VACUUM INTO ?"), {url.path}));
        QVERIFY(restored.wait(5000));
        QCOMPARE(lost.count(), 1);
        CF_VERIFY_OK(executor.run(countOrders).result());
        return;
    }
    ReadExecutor executor(m_database->url());
    QSignalSpy changed(&executor, &ReadExecutor::changed);
    QSignalSpy lost(&executor, &ReadExecutor::connectionLost);
    QSignalSpy restored(&executor, &ReadExecutor::connectionRestored);
    CF_VERIFY_OK(executor.run(countOrders).result());
    QTRY_VERIFY_WITH_TIMEOUT((m_database->writer().executeScript(QStringLiteral("NOTIFY counterfoil_changed")), changed.count() > 0), 10'000);
    CF_VERIFY_OK(m_database->writer().executeScript(
        QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")));
    QVERIFY(lost.wait(10'000));
    QVERIFY(restored.wait(10'000));
    // The first read after the loss may fail; the one after it has a new connection.
    (void)executor.run(countOrders).result();
    CF_VERIFY_OK(executor.run(countOrders).result());
}

void TestReadExecutor::noticesThatTheFileIsAnother()
{
    if (m_database->url().kind != DatabaseKind::Sqlite) {
        QSKIP("a server looks after its files");
    }
    DatabaseUrl url = m_database->url();
    url.path += QStringLiteral(".moved");
    const QString aside = url.path + QStringLiteral(".aside");
    CF_VERIFY_OK(m_database->writer().execute(QStringLiteral("VACUUM INTO ?"), {url.path}));
    ReadExecutor executor(url);
    QSignalSpy lost(&executor, &ReadExecutor::connectionLost);
    QSignalSpy restored(&executor, &ReadExecutor::connectionRestored);
    CF_VERIFY_OK(executor.run(countOrders).result());
    QVERIFY(!lost.wait(2 * ChangeFeed::pollMs)); // it stays where it is
    QVERIFY(QFile::rename(url.path, aside));
    QVERIFY(lost.wait(5000));
    CF_COMPARE_ERROR(executor.run(countOrders).result(), ErrorCode::DatabaseUnavailable);
    QVERIFY(QFile::rename(aside, url.path));
    QVERIFY(restored.wait(5000));
    CF_VERIFY_OK(executor.run(countOrders).result());
    // Another file in its place, as when a backup is restored.
    CF_VERIFY_OK(m_database->writer().execute(QStringLiteral("VACUUM INTO ?"), {aside}));
    QCOMPARE(std::rename(qPrintable(aside), qPrintable(url.path)), 0);
    QTRY_COMPARE_WITH_TIMEOUT(lost.count(), 2, 5000);
    QTRY_COMPARE_WITH_TIMEOUT(restored.count(), 2, 5000);
    CF_VERIFY_OK(executor.run(countOrders).result());
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestReadExecutor)
#include "tst_read_executor.moc"
