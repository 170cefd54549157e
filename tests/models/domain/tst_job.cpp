// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/domain/job.h"
#include "tests/support/expect.h"

#include <QObject>
#include <QTest>

#include <limits>

using namespace counterfoil;
using namespace Qt::StringLiterals;

class TestJob : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void errorsFallIntoTheirClass_data();
    void errorsFallIntoTheirClass();
    void nothingOfTheGatewayIsEverAssumedToHaveFailed();
    void backoffDoublesUpToItsCap();
    void backoffIsSpreadOverTheWholeRange();
    void escalatesByAttemptsOrByTime();
};

void TestJob::errorsFallIntoTheirClass_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("errorClass");
    QTest::newRow("busy database") << u"database_busy"_s << u"transient"_s;
    QTest::newRow("lost race") << u"serialization_failure"_s << u"transient"_s;
    QTest::newRow("database away") << u"database_unavailable"_s << u"transient"_s;
    QTest::newRow("lost lease") << u"lease_lost"_s << u"transient"_s;
    QTest::newRow("nothing was sent") << u"gateway_not_sent"_s << u"transient"_s;
    QTest::newRow("no answer") << u"gateway_unknown"_s << u"unknown"_s;
    QTest::newRow("declined") << u"gateway_refused"_s << u"permanent"_s;
    QTest::newRow("malformed") << u"malformed_input"_s << u"permanent"_s;
    QTest::newRow("no money") << u"insufficient_funds"_s << u"permanent"_s;
    QTest::newRow("broken books") << u"integrity"_s << u"integrity"_s;
    QTest::newRow("broken file") << u"database_corrupt"_s << u"integrity"_s;
    QTest::newRow("broken rule of the schema") << u"constraint_violated"_s << u"integrity"_s;
}

void TestJob::errorsFallIntoTheirClass()
{
    QFETCH(QString, code);
    QFETCH(QString, errorClass);
    int found = 0;
    for (const ErrorCode known : allErrorCodes()) {
        if (toString(known) == code) {
            QCOMPARE(toString(classify(known)), errorClass);
            ++found;
        }
    }
    QCOMPARE(found, 1);
}

void TestJob::nothingOfTheGatewayIsEverAssumedToHaveFailed()
{
    // The only class that asks before it sends again is the one of an unanswered request, and only that code is in it.
    for (const ErrorCode code : allErrorCodes()) {
        QCOMPARE(classify(code) == ErrorClass::Unknown, code == ErrorCode::GatewayUnknown);
        QVERIFY(classify(code) != ErrorClass::None);
    }
}

void TestJob::backoffDoublesUpToItsCap()
{
    constexpr quint32 half = 0x8000'0000;
    QCOMPARE(backoff(0, half).milliseconds(), 500);
    QCOMPARE(backoff(1, half).milliseconds(), 1000);
    QCOMPARE(backoff(5, half).milliseconds(), 16'000);
    QCOMPARE(backoff(8, half).milliseconds(), 128'000);
    QCOMPARE(backoff(9, half).milliseconds(), 150'000);
    QCOMPARE(backoff(1'000'000, half).milliseconds(), 150'000);
    QCOMPARE(backoff(-1, half).milliseconds(), 500);
}

void TestJob::backoffIsSpreadOverTheWholeRange()
{
    QCOMPARE(backoff(3, 0).micros(), 0);
    const Duration longest = backoff(3, std::numeric_limits<quint32>::max());
    QVERIFY(longest < Duration::seconds(8) && longest > Duration::milliseconds(7'999));
}

void TestJob::escalatesByAttemptsOrByTime()
{
    Job job;
    const UtcTime now = UtcTime::fromIso(u"2024-05-01T10:00:00Z").value();
    const Duration after = Duration::minutes(15);
    QVERIFY(!hasEscalated(job, now, after));
    job.attempt = 7;
    job.firstFailedAt = now;
    QVERIFY(!hasEscalated(job, now + after - Duration(1), after));
    QVERIFY(hasEscalated(job, now + after, after));
    job.attempt = 8;
    QVERIFY(hasEscalated(job, now, after));
}

QTEST_APPLESS_MAIN(TestJob)
#include "tst_job.moc"
