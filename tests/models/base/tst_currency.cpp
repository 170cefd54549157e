// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/base/currency.h"
#include "tests/support/expect.h"

#include <QObject>
#include <QTest>

using namespace counterfoil;
using namespace Qt::StringLiterals;

class TestCurrency : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void knowsItsMinorDigits_data();
    void knowsItsMinorDigits();
    void refusesWhatIso4217DoesNotList_data();
    void refusesWhatIso4217DoesNotList();
    void comparesByCode();
};

void TestCurrency::knowsItsMinorDigits_data()
{
    QTest::addColumn<QString>("given");
    QTest::addColumn<QString>("code");
    QTest::addColumn<int>("digits");
    QTest::newRow("dollar") << u"USD"_s << u"USD"_s << 2;
    QTest::newRow("lower case") << u"usd"_s << u"USD"_s << 2;
    QTest::newRow("mixed case") << u"eUr"_s << u"EUR"_s << 2;
    QTest::newRow("yen") << u"JPY"_s << u"JPY"_s << 0;
    QTest::newRow("won") << u"krw"_s << u"KRW"_s << 0;
    QTest::newRow("Kuwaiti dinar") << u"KWD"_s << u"KWD"_s << 3;
    QTest::newRow("renminbi") << u"CNY"_s << u"CNY"_s << 2;
}

void TestCurrency::knowsItsMinorDigits()
{
    QFETCH(QString, given);
    QFETCH(QString, code);
    QFETCH(int, digits);
    const auto currency = Currency::parse(given);
    CF_VERIFY_OK(currency);
    QCOMPARE(currency->code(), code);
    QCOMPARE(currency->lowerCode(), code.toLower());
    QCOMPARE(currency->minorDigits(), digits);
}

void TestCurrency::refusesWhatIso4217DoesNotList_data()
{
    QTest::addColumn<QString>("given");
    QTest::newRow("empty") << u""_s;
    QTest::newRow("two letters") << u"US"_s;
    QTest::newRow("four letters") << u"USDT"_s;
    QTest::newRow("unlisted") << u"QQQ"_s;
    QTest::newRow("digits") << u"840"_s;
    QTest::newRow("space") << u"US "_s;
    QTest::newRow("sign") << u"$$$"_s;
    QTest::newRow("dotted capital i") << u"\u0130NR"_s;
    QTest::newRow("Kelvin sign") << u"\u212AWD"_s;
    QTest::newRow("full-width") << u"ＵＳＤ"_s;
}

void TestCurrency::refusesWhatIso4217DoesNotList()
{
    QFETCH(QString, given);
    CF_COMPARE_ERROR(Currency::parse(given), ErrorCode::UnknownCurrency);
}

void TestCurrency::comparesByCode()
{
    QVERIFY(Currency::parse(u"usd").value() == Currency::parse(u"USD").value());
    QVERIFY(Currency::parse(u"USD").value() != Currency::parse(u"EUR").value());
    QVERIFY(Currency::parse(u"EUR").value() < Currency::parse(u"USD").value());
}

QTEST_APPLESS_MAIN(TestCurrency)
#include "tst_currency.moc"
