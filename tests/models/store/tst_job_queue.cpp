// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/job_queue.h"
#include "models/store/row_set.h"
#include "tests/support/expect.h"
#include "tests/support/flushed.h"
#include "tests/support/sample_rows.h"
#include "tests/support/test_database.h"

namespace counterfoil {

namespace {

Job sampleJob(qint64 n, UtcTime dueAt, JobKind kind = JobKind::OrderEvent)
{
    Job job;
    job.id = JobId(n);
    job.kind = kind;
    job.dedupeKey = QStringLiteral("job:%1").arg(n);
    job.dueAt = dueAt;
    job.createdAt = sampleTime;
    return job;
}

Job leasedJob(qint64 n, UtcTime until, const QString& owner = QStringLiteral("w1"))
{
    Job job = sampleJob(n, sampleTime);
    job.state = JobState::Leased;
    job.leaseOwner = owner;
    job.leaseUntil = until;
    job.epoch = 1;
    return job;
}

QList<qint64> idsOf(const Result<std::vector<Job>>& jobs)
{
    QList<qint64> ids;
    for (const Job& job : jobs ? *jobs : std::vector<Job>()) {
        ids << job.id.value();
    }
    return ids;
}

constexpr UtcTime at(qint64 seconds)
{
    return sampleTime + Duration::seconds(seconds);
}

} // namespace

class TestJobQueue : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { TestDatabase::addKindRows(); }
    void init();
    void cleanupTestCase() { m_databases.clear(); }

    void findsTheLongestDueFirst();
    void leavesWhatIsNotDue();
    void keepsLanesApart_data();
    void keepsLanesApart();
    void findsNoMoreThanTheLimit();
    void bringsBackLostLeases();
    void givesReadyJobsAndLostLeasesHalfOfThePlacesEach();
    void leavesFinishedAndParkedJobs();
    void skipsWhatAnotherWorkerHolds();
    void loadsJobsInOrder();
    void refusesASecondOpenJobOfOneKey_data();
    void refusesASecondOpenJobOfOneKey();
    void fencesALeaseThatWasLost();
    void renewsOwnLeasesOnly();
    void saysWhenTheNextJobIsDue_data();
    void saysWhenTheNextJobIsDue();
    void countsUnfinishedJobs();

private:
    Connection& writer() { return m_database->writer(); }
    void add(const std::vector<Job>& jobs);
    QList<qint64> due(UtcTime now, int local = 100, int remote = 0) { return idsOf(findDueJobs(writer(), now, {local, remote})); }

    DatabaseKind m_kind = DatabaseKind::Sqlite;
    std::map<DatabaseKind, std::unique_ptr<TestDatabase>> m_databases;
    TestDatabase* m_database = nullptr;
};

void TestJobQueue::init()
{
    failOnWarnings();
    QFETCH_GLOBAL(DatabaseKind, kind);
    m_kind = kind;
    if (!m_databases.contains(kind)) {
        m_databases.emplace(kind, TestDatabase::create(kind));
    }
    m_database = m_databases.at(kind).get();
    CF_VERIFY_OK(writer().execute(QStringLiteral("DELETE FROM job")));
}

void TestJobQueue::add(const std::vector<Job>& jobs)
{
    for (const Job& job : jobs) {
        CF_VERIFY_OK(insertRow(writer(), job));
    }
}

void TestJobQueue::findsTheLongestDueFirst()
{
    add({sampleJob(1, at(30)), sampleJob(2, at(10)), sampleJob(4, at(20)), sampleJob(3, at(20))});
    QCOMPARE(due(at(60)), (QList<qint64>{2, 3, 4, 1}));
}

void TestJobQueue::leavesWhatIsNotDue()
{
    add({sampleJob(1, at(10)), sampleJob(2, at(10) + Duration(1))});
    QCOMPARE(due(at(10)), QList<qint64>{1});
    QCOMPARE(due(at(10) - Duration(1)), QList<qint64>{});
}

void TestJobQueue::keepsLanesApart_data()
{
    QTest::addColumn<int>("kindOfJob");
    QTest::addColumn<bool>("isRemote");
    for (const auto& [kind, name] : EnumNames<JobKind>::names) {
        QTest::newRow(name) << static_cast<int>(kind) << (kind == JobKind::GatewaySend || kind == JobKind::GatewayPoll);
    }
}

void TestJobQueue::keepsLanesApart()
{
    QFETCH(int, kindOfJob);
    QFETCH(bool, isRemote);
    Job lost = leasedJob(2, at(5));
    lost.kind = static_cast<JobKind>(kindOfJob);
    add({sampleJob(1, at(0), lost.kind), lost});
    const QList<qint64> both{1, 2};
    QCOMPARE(due(at(10), 100, 0), isRemote ? QList<qint64>{} : both);
    QCOMPARE(due(at(10), 0, 100), isRemote ? both : QList<qint64>{});
}

void TestJobQueue::findsNoMoreThanTheLimit()
{
    add({sampleJob(1, at(1)), sampleJob(2, at(2)), leasedJob(3, at(3)), leasedJob(4, at(4))});
    QCOMPARE(due(at(10), 0), QList<qint64>{});
    QCOMPARE(due(at(10), 1), QList<qint64>{3});
    QCOMPARE(due(at(10), 3), (QList<qint64>{1, 3, 4}));
    QCOMPARE(due(at(10), 4), (QList<qint64>{1, 2, 3, 4}));
}

void TestJobQueue::bringsBackLostLeases()
{
    add({leasedJob(1, at(10)), leasedJob(2, at(20))});
    QCOMPARE(due(at(10) - Duration(1)), QList<qint64>{});
    QCOMPARE(due(at(10)), QList<qint64>{1});
    QCOMPARE(due(at(30)), (QList<qint64>{1, 2}));
}

void TestJobQueue::givesReadyJobsAndLostLeasesHalfOfThePlacesEach()
{
    add({leasedJob(1, at(1)), leasedJob(2, at(2)), leasedJob(3, at(3)), sampleJob(11, at(7)), sampleJob(12, at(8)), sampleJob(13, at(9))});
    QCOMPARE(due(at(10), 2), (QList<qint64>{11, 1}));
    QCOMPARE(due(at(10), 4), (QList<qint64>{11, 12, 1, 2}));
    // What the one doesn't need the other may have.
    QCOMPARE(due(at(1), 4), QList<qint64>{1});
    CF_VERIFY_OK(writer().execute(QStringLiteral("DELETE FROM job WHERE id IN (2, 3)")));
    QCOMPARE(due(at(10), 4), (QList<qint64>{11, 12, 13, 1}));
}

void TestJobQueue::leavesFinishedAndParkedJobs()
{
    qint64 n = 0;
    for (const JobState state : {JobState::Parked, JobState::Done, JobState::Cancelled}) {
        Job job = sampleJob(++n, at(0));
        job.state = state;
        add({job});
    }
    QCOMPARE(due(at(100)), QList<qint64>{});
}

void TestJobQueue::skipsWhatAnotherWorkerHolds()
{
    if (m_kind == DatabaseKind::Sqlite) {
        // There the second worker waits for the whole transaction of the first.
        return;
    }
    add({sampleJob(1, at(1)), sampleJob(2, at(2)), sampleJob(3, at(3)), leasedJob(4, at(4))});
    const auto other = m_database->connect(ConnectionRole::Writer);
    const auto mine = DatabaseTransaction::begin(writer());
    CF_VERIFY_OK(mine);
    QCOMPARE(due(at(10), 2), (QList<qint64>{1, 4}));
    const auto theirs = DatabaseTransaction::begin(*other);
    CF_VERIFY_OK(theirs);
    // The first has locked as many of those due as it had places for.
    QCOMPARE(idsOf(findDueJobs(*other, at(10), {2, 0})), QList<qint64>{3});
    QCOMPARE(due(at(10), 100), (QList<qint64>{1, 2, 4}));
}

void TestJobQueue::loadsJobsInOrder()
{
    add({sampleJob(3, at(1)), sampleJob(1, at(2)), sampleJob(2, at(3))});
    const std::array wanted{JobId(3), JobId(99), JobId(1)};
    const auto transaction = DatabaseTransaction::begin(writer());
    CF_VERIFY_OK(transaction);
    QCOMPARE(idsOf(loadJobs(writer(), wanted)), (QList<qint64>{1, 3}));
    QCOMPARE(idsOf(loadJobs(writer(), {})), QList<qint64>{});
}

void TestJobQueue::refusesASecondOpenJobOfOneKey_data()
{
    QTest::addColumn<int>("state");
    QTest::addColumn<bool>("isOpen");
    QTest::newRow("ready") << static_cast<int>(JobState::Ready) << true;
    QTest::newRow("leased") << static_cast<int>(JobState::Leased) << true;
    QTest::newRow("parked") << static_cast<int>(JobState::Parked) << true;
    QTest::newRow("done") << static_cast<int>(JobState::Done) << false;
    QTest::newRow("cancelled") << static_cast<int>(JobState::Cancelled) << false;
}

void TestJobQueue::refusesASecondOpenJobOfOneKey()
{
    QFETCH(int, state);
    QFETCH(bool, isOpen);
    Job first = sampleJob(1, at(0));
    first.state = static_cast<JobState>(state);
    add({first});
    Job second = sampleJob(2, at(0));
    second.dedupeKey = first.dedupeKey;
    const auto outcome = insertRow(writer(), second);
    QCOMPARE(outcome.has_value(), !isOpen);
    if (isOpen) {
        CF_COMPARE_ERROR(outcome, ErrorCode::ConstraintViolated);
    }
}

void TestJobQueue::fencesALeaseThatWasLost()
{
    add({sampleJob(1, at(0))});
    const auto claim = [this](const QString& owner, UtcTime now) {
        Job job = findDueJobs(writer(), now, {1, 0})->front();
        RowSet<Job> set;
        set.adopt(job);
        Job& mine = set.edit(job.id);
        mine.state = JobState::Leased;
        mine.leaseOwner = owner;
        mine.leaseUntil = now + Duration::seconds(5);
        ++mine.epoch;
        require(flushed(set, writer()).has_value(), "a claim");
        return mine;
    };
    const Job first = claim(QStringLiteral("w1"), at(1));
    const Job second = claim(QStringLiteral("w2"), at(6));
    QVERIFY(second.epoch > first.epoch);
    RowSet<Job> late;
    late.adopt(first);
    late.edit(first.id).state = JobState::Done;
    CF_COMPARE_ERROR(flushed(late, writer()), ErrorCode::VersionConflict);
    QVERIFY(selectRows<Job>(writer(), QString(), {})->front().state == JobState::Leased);
    RowSet<Job> good;
    good.adopt(second);
    good.edit(second.id).state = JobState::Done;
    CF_VERIFY_OK(flushed(good, writer()));
}

void TestJobQueue::renewsOwnLeasesOnly()
{
    Job done = leasedJob(3, at(10));
    done.state = JobState::Done;
    add({leasedJob(1, at(10)), leasedJob(2, at(10), QStringLiteral("w2")), done, leasedJob(4, at(10)), sampleJob(5, at(0))});
    const std::array jobs{JobId(1), JobId(2), JobId(3), JobId(5), JobId(77)};
    const auto renewed = renewLeases(writer(), QStringLiteral("w1"), jobs, at(99));
    CF_VERIFY_OK(renewed);
    QCOMPARE(*renewed, 1);
    QList<qint64> until;
    const auto rows = selectRows<Job>(writer(), QStringLiteral("WHERE lease_until IS NOT NULL ORDER BY id"), {});
    for (const Job& job : rows ? *rows : std::vector<Job>()) {
        until << (job.leaseUntil - sampleTime).milliseconds() / 1000;
    }
    QCOMPARE(until, (QList<qint64>{99, 10, 10, 10}));
    QCOMPARE(*renewLeases(writer(), QStringLiteral("w1"), {}, at(100)), 0);
}

void TestJobQueue::saysWhenTheNextJobIsDue_data()
{
    QTest::addColumn<qint64>("readyAt");
    QTest::addColumn<qint64>("leaseUntil");
    QTest::addColumn<qint64>("expected");
    QTest::newRow("nothing") << qint64{0} << qint64{0} << qint64{0};
    QTest::newRow("a ready one") << qint64{5} << qint64{0} << qint64{5};
    QTest::newRow("a lease") << qint64{0} << qint64{7} << qint64{7};
    QTest::newRow("ready before lease") << qint64{5} << qint64{7} << qint64{5};
    QTest::newRow("lease before ready") << qint64{9} << qint64{7} << qint64{7};
}

void TestJobQueue::saysWhenTheNextJobIsDue()
{
    QFETCH(qint64, readyAt);
    QFETCH(qint64, leaseUntil);
    QFETCH(qint64, expected);
    Job parked = sampleJob(9, at(1));
    parked.state = JobState::Parked;
    add({parked});
    if (readyAt) {
        add({sampleJob(1, at(readyAt)), sampleJob(2, at(readyAt + 1), JobKind::GatewaySend)});
    }
    if (leaseUntil) {
        add({leasedJob(3, at(leaseUntil))});
    }
    const auto next = nextJobDue(writer());
    CF_VERIFY_OK(next);
    QCOMPARE(next->micros(), expected ? at(expected).micros() : 0);
}

void TestJobQueue::countsUnfinishedJobs()
{
    QCOMPARE(*unfinishedJobs(writer(), at(100)), 0);
    Job done = sampleJob(4, at(0));
    done.state = JobState::Done;
    Job parked = sampleJob(5, at(0));
    parked.state = JobState::Parked;
    add({sampleJob(1, at(10)), sampleJob(2, at(11)), leasedJob(3, at(50)), done, parked});
    QCOMPARE(*unfinishedJobs(writer(), at(10)), 2);
    QCOMPARE(*unfinishedJobs(writer(), at(11)), 3);
    QCOMPARE(*unfinishedJobs(writer(), at(0)), 1);
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestJobQueue)
#include "tst_job_queue.moc"
