// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/job_reads.h"
#include "tests/models/store/read_samples.h"
#include "tests/support/expect.h"

namespace counterfoil {

namespace {

QList<qint64> idsOf(const std::vector<JobRow>& rows)
{
    QList<qint64> ids;
    for (const JobRow& row : rows) {
        ids << row.job.id.value();
    }
    return ids;
}

Job job(qint64 id, JobState state, JobKind kind, Duration due)
{
    Job row;
    row.id = JobId(id);
    row.kind = kind;
    row.state = state;
    row.dedupeKey = QStringLiteral("own:%1").arg(id);
    row.dueAt = sampleTime + due;
    row.createdAt = sampleTime;
    return row;
}

/// Beside the samples' jobs of the rich order (9100 done, 9101 and 9102 ready, 9103 leased, 9104 parked, an hour apart).
Result<void> addJobs(Connection& writer)
{
    CF_TRY(insertRow(writer, job(9001, JobState::Ready, JobKind::GatewaySend, Duration::minutes(90))));
    CF_TRY(insertRow(writer, job(9002, JobState::Ready, JobKind::GatewayPoll, Duration::hours(1)))); // at once with 9102
    CF_TRY(insertRow(writer, job(9003, JobState::Parked, JobKind::CallbackApply, Duration::minutes(-5))));
    CF_TRY(insertRow(writer, job(9004, JobState::Cancelled, JobKind::OrderTimer, Duration::hours(9))));
    return insertRow(writer, job(9005, JobState::Done, JobKind::GatewaySend, Duration::hours(8)));
}

} // namespace

/// The durable queue as it is read for people, on every kind of database.
class TestJobReads : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init()
    {
        failOnWarnings();
        QFETCH_GLOBAL(DatabaseKind, kind);
        m_reader = &m_databases.of(kind, &addJobs).reader();
    }
    void cleanupTestCase() { m_databases.clear(); }

    void listsWhatIsToComeByItsDueTime();
    void pagesAcrossStatesInBothDirections_data();
    void pagesAcrossStatesInBothDirections();
    void skipsAndIncludesTheAnchor();
    void filters_data();
    void filters();
    void readsOneJobInAnyState();
    void sumsUpTheQueue();
    void findsNothingInAnEmptyQueue();

private:
    Connection& reader() { return *m_reader; }

    SampleDatabases m_databases;
    Connection* m_reader = nullptr;
};

void TestJobReads::listsWhatIsToComeByItsDueTime()
{
    const auto page = jobPage(reader(), {}, {});
    CF_VERIFY_OK(page);
    QCOMPARE(idsOf(*page), (QList<qint64>{9003, 9101, 9002, 9102, 9001, 9103, 9104}));
    QCOMPARE((*page)[0].orderNo, QString());
    QCOMPARE((*page)[1].orderNo, QStringLiteral("CA-2016-152156"));
    QVERIFY((*page)[0].job.kind == JobKind::CallbackApply);
}

void TestJobReads::pagesAcrossStatesInBothDirections_data()
{
    QTest::addColumn<JobFilter>("filter");
    QTest::addColumn<QList<qint64>>("order");
    QTest::newRow("to come") << JobFilter() << QList<qint64>{9003, 9101, 9002, 9102, 9001, 9103, 9104};
    QTest::newRow("history") << JobFilter{.states = {JobState::Done, JobState::Cancelled}} << QList<qint64>{9100, 9005, 9004};
    QTest::newRow("history with what is parked") << JobFilter{.states = {JobState::Done, JobState::Parked}} << QList<qint64>{9104, 9100, 9005, 9003};
}

void TestJobReads::pagesAcrossStatesInBothDirections()
{
    QFETCH(JobFilter, filter);
    QFETCH(QList<qint64>, order);
    QList<qint64> forward;
    std::optional<RowKey> anchor;
    qint64 ahead = 0;
    for (int pages = 0; pages * 2 < order.size(); ++pages) {
        const auto page = jobPage(reader(), filter, {.anchor = anchor, .limit = 2});
        CF_VERIFY_OK(page);
        QVERIFY(!page->empty());
        QCOMPARE(*jobCountBefore(reader(), filter, jobKey(page->front().job, filter)), ahead);
        ahead += std::ssize(*page);
        forward += idsOf(*page);
        anchor = jobKey(page->back().job, filter);
    }
    QCOMPARE(forward, order);
    QCOMPARE(*jobCount(reader(), filter), order.size());
    QList<qint64> backward;
    anchor.reset();
    for (int pages = 0; pages * 2 < order.size(); ++pages) {
        const auto page = jobPage(reader(), filter, {.anchor = anchor, .backward = true, .limit = 2});
        CF_VERIFY_OK(page);
        backward = idsOf(*page) + backward;
        anchor = jobKey(page->front().job, filter);
    }
    QCOMPARE(backward, order);
}

void TestJobReads::skipsAndIncludesTheAnchor()
{
    const RowKey atOne{(sampleTime + Duration::hours(1)).micros(), 9002};
    QCOMPARE(idsOf(*jobPage(reader(), {}, {.anchor = atOne, .inclusive = true, .limit = 2})), (QList<qint64>{9002, 9102}));
    QCOMPARE(idsOf(*jobPage(reader(), {}, {.anchor = atOne, .skip = 1, .limit = 2})), (QList<qint64>{9001, 9103}));
    QCOMPARE(idsOf(*jobPage(reader(), {}, {.backward = true, .skip = 2, .limit = 2})), (QList<qint64>{9102, 9001}));
    QCOMPARE(idsOf(*jobPage(reader(), {}, {.skip = 7, .limit = 2})), QList<qint64>());
}

void TestJobReads::filters_data()
{
    QTest::addColumn<JobFilter>("filter");
    QTest::addColumn<QList<qint64>>("ids");
    const QList<qint64> ofTheOrder{9101, 9102, 9103, 9104};
    const auto text = [](const QString& typed) { return JobFilter{.freeText = typed}; };
    QTest::newRow("parked") << JobFilter{.states = {JobState::Parked}} << QList<qint64>{9003, 9104};
    QTest::newRow("running") << JobFilter{.states = {JobState::Leased}} << QList<qint64>{9103};
    QTest::newRow("done") << JobFilter{.states = {JobState::Done}} << QList<qint64>{9100, 9005};
    QTest::newRow("what talks to the gateway") << JobFilter{.kinds = {JobKind::GatewaySend, JobKind::GatewayPoll}} << QList<qint64>{9002, 9001};
    QTest::newRow("kind and state") << JobFilter{.states = {JobState::Done}, .kinds = {JobKind::GatewaySend}} << QList<qint64>{9005};
    QTest::newRow("kind that isn't there") << JobFilter{.kinds = {JobKind::SettlementRelease}} << QList<qint64>();
    QTest::newRow("order number") << text(QStringLiteral(" CA-2016-152156 ")) << ofTheOrder;
    QTest::newRow("order id") << text(rich.toText()) << ofTheOrder;
    QTest::newRow("a part of the order") << text(HoldId(5000).toText()) << ofTheOrder;
    QTest::newRow("gateway reference") << text(QStringLiteral("pi_3abc")) << ofTheOrder;
    QTest::newRow("the job itself") << text(JobId(9002).toText()) << QList<qint64>{9002};
    QTest::newRow("a job that is over, among what is to come") << text(JobId(9005).toText()) << QList<qint64>();
    QTest::newRow("a job that is over, among what is over") << JobFilter{.states = {JobState::Done}, .freeText = JobId(9005).toText()} << QList<qint64>{9005};
    QTest::newRow("an order without jobs") << text(OrderId(3).toText()) << QList<qint64>();
    QTest::newRow("an order that isn't there") << text(OrderId(77'777).toText()) << QList<qint64>();
    QTest::newRow("nonsense finds no jobs without an order") << text(QStringLiteral("nonsense")) << QList<qint64>();
    QTest::newRow("quotes are text") << text(QStringLiteral("' OR 1=1 --")) << QList<qint64>();
}

void TestJobReads::filters()
{
    QFETCH(JobFilter, filter);
    QFETCH(QList<qint64>, ids);
    const auto page = jobPage(reader(), filter, {.limit = 50});
    CF_VERIFY_OK(page);
    QCOMPARE(idsOf(*page), ids);
    const auto count = jobCount(reader(), filter);
    CF_VERIFY_OK(count);
    QCOMPARE(*count, ids.size());
}

void TestJobReads::readsOneJobInAnyState()
{
    const auto done = jobDetail(reader(), JobId(9100));
    CF_VERIFY_OK(done);
    QVERIFY(done->job.state == JobState::Done);
    QCOMPARE(done->orderNo, QStringLiteral("CA-2016-152156"));
    CF_COMPARE_ERROR(jobDetail(reader(), JobId(1)), ErrorCode::NotFound);
}

void TestJobReads::sumsUpTheQueue()
{
    const auto summary = jobSummary(reader(), sampleTime + Duration::minutes(61));
    CF_VERIFY_OK(summary);
    QCOMPARE(summary->dueNow, 3);
    QCOMPARE(summary->later, 1);
    QCOMPARE(summary->leased, 1);
    QCOMPARE(summary->parked, 2);
    QCOMPARE(summary->oldestDue, sampleTime);
    QCOMPARE(summary->nextDue, sampleTime + Duration::minutes(90));
    const auto early = jobSummary(reader(), sampleTime - Duration::hours(1));
    CF_VERIFY_OK(early);
    QCOMPARE(early->dueNow, 0);
    QVERIFY(early->oldestDue.isNone());
    QCOMPARE(early->nextDue, sampleTime);
}

void TestJobReads::findsNothingInAnEmptyQueue()
{
    QFETCH_GLOBAL(DatabaseKind, kind);
    const auto database = TestDatabase::create(kind);
    QCOMPARE(jobPage(database->reader(), {}, {})->size(), 0U);
    QCOMPARE(*jobCount(database->reader(), {.states = {JobState::Done}}), 0);
    const auto summary = jobSummary(database->reader(), sampleTime);
    CF_VERIFY_OK(summary);
    QVERIFY(summary->oldestDue.isNone());
    QVERIFY(summary->nextDue.isNone());
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestJobReads)
#include "tst_job_reads.moc"
