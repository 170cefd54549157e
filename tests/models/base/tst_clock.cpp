// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/base/clock.h"
#include "tests/support/expect.h"

#include <QObject>
#include <QTest>

using namespace counterfoil;
using namespace Qt::StringLiterals;

class TestClock : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void writesIso8601();
    void readsIso8601_data();
    void readsIso8601();
    void refusesWhatIsNoMoment_data();
    void refusesWhatIsNoMoment();
    void calculatesInMicroseconds();
    void manualClockStandsStill();
    void systemClockIsInThisCentury();
};

void TestClock::writesIso8601()
{
    QCOMPARE(UtcTime(1'714'557'600'123'456).toIso(), u"2024-05-01T10:00:00.123Z"_s);
    QCOMPARE(UtcTime().toIso(), QString());
}

void TestClock::readsIso8601_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expected");
    QTest::newRow("date") << u"2024-05-01"_s << u"2024-05-01T00:00:00.000Z"_s;
    QTest::newRow("leap day") << u"2024-02-29"_s << u"2024-02-29T00:00:00.000Z"_s;
    QTest::newRow("UTC") << u"2024-05-01T10:00:00Z"_s << u"2024-05-01T10:00:00.000Z"_s;
    QTest::newRow("fraction") << u"2024-05-01T10:00:00.250Z"_s << u"2024-05-01T10:00:00.250Z"_s;
    QTest::newRow("east") << u"2024-05-01T18:00:00+08:00"_s << u"2024-05-01T10:00:00.000Z"_s;
    QTest::newRow("west, next day") << u"2024-04-30T23:30:00-05:30"_s << u"2024-05-01T05:00:00.000Z"_s;
    QTest::newRow("before 1970") << u"1969-12-31T23:59:59Z"_s << u"1969-12-31T23:59:59.000Z"_s;
}

void TestClock::readsIso8601()
{
    QFETCH(QString, text);
    QFETCH(QString, expected);
    const auto time = UtcTime::fromIso(text);
    CF_VERIFY_OK(time);
    QCOMPARE(time->toIso(), expected);
}

void TestClock::refusesWhatIsNoMoment_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << u""_s;
    QTest::newRow("word") << u"yesterday"_s;
    QTest::newRow("no such month") << u"2024-13-01"_s;
    QTest::newRow("no such day") << u"2023-02-29"_s;
    QTest::newRow("no such hour") << u"2024-05-01T25:00:00Z"_s;
    QTest::newRow("no offset") << u"2024-05-01T10:00:00"_s;
    QTest::newRow("slashes") << u"2024/05/01"_s;
    QTest::newRow("American order") << u"05/01/2024"_s;
    QTest::newRow("something behind") << u"2024-05-01T10:00:00Z and more"_s;
    QTest::newRow("seconds since 1970") << u"1714557600"_s;
    QTest::newRow("very long") << u"2024-05-01T10:00:00."_s + QString(1000, u'0') + u'Z';
}

void TestClock::refusesWhatIsNoMoment()
{
    QFETCH(QString, text);
    CF_COMPARE_ERROR(UtcTime::fromIso(text), ErrorCode::MalformedInput);
}

void TestClock::calculatesInMicroseconds()
{
    const UtcTime start(1'000'000);
    QCOMPARE((start + Duration::minutes(2)).micros(), 121'000'000);
    QCOMPARE((start - Duration::milliseconds(1)).micros(), 999'000);
    QCOMPARE(((start + Duration::days(1)) - start).milliseconds(), 86'400'000);
    QCOMPARE(start.seconds(), 1);
    QVERIFY(UtcTime().isNone() && !start.isNone());
    QVERIFY(start < start + Duration(1));
}

void TestClock::manualClockStandsStill()
{
    ManualClock clock(UtcTime(5));
    QVERIFY(clock.now() == clock.now());
    clock.advance(Duration::seconds(1));
    QCOMPARE(clock.now().micros(), 1'000'005);
    clock.set(UtcTime(3));
    QCOMPARE(clock.now().micros(), 3);
}

void TestClock::systemClockIsInThisCentury()
{
    const UtcTime now = SystemClock().now();
    QVERIFY(now > UtcTime::fromIso(u"2020-01-01").value());
    QVERIFY(now < UtcTime::fromIso(u"2100-01-01").value());
}

QTEST_APPLESS_MAIN(TestClock)
#include "tst_clock.moc"
