// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/job_queue_table.h"
#include "models/tables/roles.h"
#include "tests/support/expect.h"
#include "tests/support/sample_rows.h"
#include "tests/support/test_database.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

namespace counterfoil {

/// The queue as a table, against a real database and its thread.
class TestJobQueueTable : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init()
    {
        failOnWarnings();
        QFETCH_GLOBAL(DatabaseKind, kind);
        m_database = TestDatabase::create(kind);
        CF_VERIFY_OK(insertRow(m_database->writer(), sampleOrder(1, CustomerId(1))));
        for (qint64 n = 1; n <= 3; ++n) {
            put(n, JobState::Ready, Duration::minutes(10 * n));
        }
        m_executor = std::make_unique<ReadExecutor>(m_database->url());
    }
    void cleanup()
    {
        m_executor.reset();
        m_database.reset();
    }

    void saysWhenThingsAreDue()
    {
        JobQueueTable table(*m_executor);
        const QAbstractItemModelTester tester(&table);
        table.setNow(sampleTime + Duration::minutes(15));
        show(table, {});
        QCOMPARE(table.rowCount(), 3);
        QCOMPARE(textAt(table, 0, JobQueueColumn::When), QStringLiteral("5 min ago"));
        QCOMPARE(textAt(table, 1, JobQueueColumn::When), QStringLiteral("in 5 min"));
        QCOMPARE(textAt(table, 0, JobQueueColumn::OrderNo), QStringLiteral("CA-2024-1"));
        QCOMPARE(textAt(table, 0, JobQueueColumn::Kind), QStringLiteral("Send to the gateway"));
        QCOMPARE(textAt(table, 0, JobQueueColumn::Error), QStringLiteral("Transient · connection refused"));
        QCOMPARE(table.index(0, 0).data(OrderIdRole).toLongLong(), 1);
        QCOMPARE(table.jobAt(2), JobId(3));
        QVERIFY(table.jobAt(3).isNone());
        QVERIFY(table.jobAt(-1).isNone());
    }

    void reckonsAgainWithoutReading()
    {
        JobQueueTable table(*m_executor);
        show(table, {});
        const QSignalSpy changed(&table, &QAbstractItemModel::dataChanged);
        const QSignalSpy loading(&table, &PagedTableModel::loadingChanged);
        table.setNow(sampleTime + Duration::minutes(30));
        QCOMPARE(changed.size(), 1);
        QCOMPARE(textAt(table, 2, JobQueueColumn::When), QStringLiteral("now"));
        QVERIFY(loading.isEmpty());
    }

    void aJobThatIsTriedAgainMovesToItsPlace()
    {
        JobQueueTable table(*m_executor);
        const QAbstractItemModelTester tester(&table);
        show(table, {});
        CF_VERIFY_OK(m_database->writer().execute(QStringLiteral("UPDATE job SET due_at = due_at + 3600000000 WHERE id = 1")));
        table.refresh();
        QTRY_COMPARE(table.jobAt(2), JobId(1));
        QTRY_VERIFY(!table.isLoading());
        QCOMPARE(table.rowCount(), 3);
        QCOMPARE(table.jobAt(0), JobId(2));
    }

    void whatIsDoneLeavesTheListAndStandsInTheOther()
    {
        JobQueueTable table(*m_executor);
        show(table, {});
        CF_VERIFY_OK(m_database->writer().execute(QStringLiteral("UPDATE job SET state = 'done' WHERE id = 2")));
        table.refresh();
        QTRY_COMPARE(table.rowCount(), 2);
        show(table, {.states = {JobState::Done}});
        QCOMPARE(table.rowCount(), 1);
        QCOMPARE(table.jobAt(0), JobId(2));
    }

    void namesWhatAJobIsAbout_data()
    {
        QTest::addColumn<JobKind>("kind");
        QTest::addColumn<QString>("prefix");
        QTest::newRow("event") << JobKind::OrderEvent << QStringLiteral("ord");
        QTest::newRow("timer") << JobKind::OrderTimer << QStringLiteral("ord");
        QTest::newRow("phase two") << JobKind::TccDrive << QStringLiteral("tcc");
        QTest::newRow("request") << JobKind::GatewaySend << QStringLiteral("exch");
        QTest::newRow("question") << JobKind::GatewayPoll << QStringLiteral("txn");
        QTest::newRow("callback") << JobKind::CallbackApply << QStringLiteral("cb");
        QTest::newRow("settlement") << JobKind::SettlementRelease << QStringLiteral("hold");
    }
    void namesWhatAJobIsAbout()
    {
        QFETCH(JobKind, kind);
        Job job;
        job.kind = kind;
        QCOMPARE(jobSubjectText(job), QString());
        job.subject = 77;
        QTEST(idPrefix(jobSubjectText(job)), "prefix");
    }

    void tellsAnErrorByItsClassAndText()
    {
        Job job;
        QCOMPARE(jobErrorText(job), QString());
        job.lastErrorClass = ErrorClass::Permanent;
        QCOMPARE(jobErrorText(job), QStringLiteral("Permanent"));
        job.lastError = QStringLiteral("no such order");
        QCOMPARE(jobErrorText(job), QStringLiteral("Permanent · no such order"));
        job.lastErrorClass = ErrorClass::None;
        QCOMPARE(jobErrorText(job), QStringLiteral("no such order"));
    }

private:
    void put(qint64 id, JobState state, Duration due)
    {
        Job job;
        job.id = JobId(id);
        job.kind = JobKind::GatewaySend;
        job.order = OrderId(1);
        job.dedupeKey = QStringLiteral("k%1").arg(id);
        job.dueAt = sampleTime + due;
        job.state = state;
        job.lastErrorClass = ErrorClass::Transient;
        job.lastError = QStringLiteral("connection refused");
        job.createdAt = sampleTime;
        CF_VERIFY_OK(insertRow(m_database->writer(), job));
    }

    void show(JobQueueTable& table, const JobFilter& filter)
    {
        table.setFilter(filter);
        QTRY_VERIFY(table.isCountExact());
        QTRY_VERIFY(!table.isLoading());
    }

    static QString textAt(const JobQueueTable& table, int row, JobQueueColumn column) { return table.index(row, static_cast<int>(column)).data().toString(); }

    std::unique_ptr<TestDatabase> m_database;
    std::unique_ptr<ReadExecutor> m_executor;
};

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestJobQueueTable)
#include "tst_job_queue_table.moc"
