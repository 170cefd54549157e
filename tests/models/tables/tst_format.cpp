// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/tables/format.h"
#include "models/tables/cell.h"
#include "models/tables/roles.h"
#include "tests/support/expect.h"

#include <QLocale>

#include <limits>

namespace counterfoil {

class TestFormat : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); QLocale::setDefault(QLocale::c()); }

    void formatsMoneyExactly_data();
    void formatsMoneyExactly();
    void tellsHowLongAgo_data();
    void tellsHowLongAgo();
    void namesStates_data();
    void namesStates();
    void cellsAnswerRoles();
};

void TestFormat::formatsMoneyExactly_data()
{
    QTest::addColumn<QString>("locale");
    QTest::addColumn<qint64>("minor");
    QTest::addColumn<QString>("currency");
    QTest::addColumn<QString>("text");
    const qint64 most = std::numeric_limits<qint64>::max();
    QTest::newRow("grouped") << "C" << qint64{123'456'750} << "USD" << "1,234,567.50";
    QTest::newRow("cents") << "C" << qint64{-5} << "USD" << "-0.05";
    QTest::newRow("no decimals") << "C" << qint64{1'234'567} << "JPY" << "1,234,567";
    QTest::newRow("three decimals") << "C" << qint64{1'000} << "KWD" << "1.000";
    QTest::newRow("zero") << "C" << qint64{0} << "USD" << "0.00";
    QTest::newRow("all digits kept") << "C" << most << "USD" << "92,233,720,368,547,758.07";
    QTest::newRow("smallest") << "C" << std::numeric_limits<qint64>::min() << "USD" << "-92,233,720,368,547,758.08";
    QTest::newRow("german") << "de_DE" << qint64{123'456'750} << "EUR" << "1.234.567,50";
    QTest::newRow("chinese") << "zh_CN" << qint64{123'456'750} << "CNY" << "1,234,567.50";
}

void TestFormat::formatsMoneyExactly()
{
    QFETCH(QString, locale);
    QFETCH(qint64, minor);
    QFETCH(QString, currency);
    QFETCH(QString, text);
    QLocale::setDefault(QLocale(locale));
    const Money amount(minor, *Currency::parse(currency));
    QCOMPARE(formatMoney(amount), text);
    QCOMPARE(formatMoneyWithCode(amount), text + QChar(QChar::Nbsp) + currency);
}

void TestFormat::tellsHowLongAgo_data()
{
    QTest::addColumn<qint64>("secondsAgo");
    QTest::addColumn<QString>("text");
    QTest::newRow("now") << qint64{0} << "12:00:00 · now";
    QTest::newRow("seconds") << qint64{59} << "11:59:01 · 59 s ago";
    QTest::newRow("minutes") << qint64{185} << "11:56:55 · 3 min ago";
    QTest::newRow("hours") << qint64{2 * 3600} << "10:00:00 · 2 h ago";
    QTest::newRow("yesterday") << qint64{13 * 3600} << "30 Apr 2024 23:00 · 13 h ago";
    QTest::newRow("days") << qint64{3 * 86'400} << "28 Apr 2024 12:00 · 3 d ago";
    QTest::newRow("to come") << qint64{-300} << "12:05:00 · in 5 min";
}

void TestFormat::tellsHowLongAgo()
{
    QFETCH(qint64, secondsAgo);
    QFETCH(QString, text);
    const UtcTime now(1'714'564'800'000'000); // 2024-05-01T12:00:00Z; the tests run in UTC
    QCOMPARE(formatTime(now - Duration::seconds(secondsAgo), now), text);
    QCOMPARE(formatTime(UtcTime(), now), QString());
    QCOMPARE(formatDateTime(now), QStringLiteral("2024-05-01 12:00:00"));
    QCOMPARE(formatDate(UtcTime()), QString());
}

void TestFormat::namesStates_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("label");
    QTest::newRow("created") << "created" << "Created";
    QTest::newRow("awaiting") << "awaiting_payment" << "Awaiting payment";
    QTest::newRow("failed") << "payment_failed" << "Payment failed";
    QTest::newRow("review") << "review" << "In review";
    QTest::newRow("unknown") << "my_own_state" << "My own state";
    QTest::newRow("hostile") << QStringLiteral("a\u202Eb") << "A\\u202eb";
    QTest::newRow("none") << "" << "";
}

void TestFormat::namesStates()
{
    QFETCH(QString, name);
    QFETCH(QString, label);
    QCOMPARE(stateLabel(name), label);
}

void TestFormat::cellsAnswerRoles()
{
    const Cell amount = Cell::money(Money(qint64{-123'450}, Currency()));
    QCOMPARE(amount.data(Qt::DisplayRole).toString(), QStringLiteral("-1,234.50"));
    QCOMPARE(amount.data(AmountRole).value<Money>(), Money(qint64{-123'450}, Currency()));
    QCOMPARE(amount.data(SortKeyRole).toLongLong(), -123'450);
    QVERIFY(amount.data(Qt::TextAlignmentRole).toInt() & Qt::AlignRight);
    const Cell hostile = Cell::plain(QStringLiteral("<b>\u202E\nx"));
    QCOMPARE(hostile.data(Qt::DisplayRole).toString(), QStringLiteral("<b>\\u202e x"));
    QVERIFY(!hostile.data(AmountRole).isValid());
    const Cell state = Cell::named(QStringLiteral("awaiting_payment"));
    QCOMPARE(state.data(StateRole).toString(), QStringLiteral("awaiting_payment"));
    const Cell never = Cell::at(UtcTime());
    QVERIFY(!never.data(TimeRole).isValid());
    QCOMPARE(never.data(Qt::DisplayRole).toString(), QString());
    QVERIFY(Cell::id(QStringLiteral("ord_1")).data(MonospaceRole).toBool());
}

} // namespace counterfoil

QTEST_GUILESS_MAIN(counterfoil::TestFormat)
#include "tst_format.moc"
