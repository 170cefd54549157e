// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/base/money.h"
#include "tests/support/expect.h"

#include <QObject>
#include <QTest>

#include <rapidcheck.h>

#include <limits>
#include <numeric>

using namespace counterfoil;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 largest = std::numeric_limits<qint64>::max();
constexpr qint64 smallest = std::numeric_limits<qint64>::min();

Currency currencyOf(const char* code)
{
    return Currency::parse(QString::fromLatin1(code)).value();
}

Money usd(qint64 minor)
{
    return {minor, currencyOf("USD")};
}

/// Weights with a share of zeros in them and at least one that isn't.
std::vector<qint64> anyWeights()
{
    auto weights = *rc::gen::container<std::vector<qint64>>(
        rc::gen::oneOf(rc::gen::just<qint64>(0), rc::gen::inRange<qint64>(1, 1'000'000'000)));
    weights.push_back(*rc::gen::inRange<qint64>(1, 1000));
    return weights;
}

qint64 sumOf(const std::vector<Money>& parts)
{
    return std::accumulate(parts.begin(), parts.end(), qint64{0}, [](qint64 total, const Money& part) { return total + part.minor(); });
}

} // namespace

class TestMoney : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void addsAndSubtractsExactly();
    void refusesToMixCurrencies();
    void refusesToOverflow();
    void writesDecimals_data();
    void writesDecimals();
    void readsDecimals_data();
    void readsDecimals();
    void refusesWhatIsNoDecimal_data();
    void refusesWhatIsNoDecimal();
    void readsBackWhatItWrote();
    void sumsNothingToZero();
    void sumRefusesAnotherCurrency();
    void roundsHalfToEven_data();
    void roundsHalfToEven();
    void basisPointsOfLargeAmountsDoNotWrap();
    void allocatesByLargestRemainder_data();
    void allocatesByLargestRemainder();
    void refusesToAllocateByBadWeights();
    void allocatesTheExtremes();
    void allocatedPartsSumToTheWhole();
    void zeroWeightGetsNothing();
    void negativeAmountsMirrorPositiveOnes();
    void everyPartIsWithinOneOfItsExactShare();
};

void TestMoney::addsAndSubtractsExactly()
{
    QCOMPARE(usd(1999).plus(usd(1)).value().minor(), 2000);
    QCOMPARE(usd(5).minus(usd(7)).value().minor(), -2);
    QCOMPARE(usd(-3).times(-4).value().minor(), 12);
    QCOMPARE(usd(3).negated().value().minor(), -3);
    QVERIFY(usd(0).isZero() && usd(1).isPositive() && usd(-1).isNegative());
}

void TestMoney::refusesToMixCurrencies()
{
    const Money yen(qint64{100}, currencyOf("JPY"));
    CF_COMPARE_ERROR(usd(100).plus(yen), ErrorCode::CurrencyMismatch);
    CF_COMPARE_ERROR(usd(100).minus(yen), ErrorCode::CurrencyMismatch);
    QVERIFY(usd(100) != yen);
}

void TestMoney::refusesToOverflow()
{
    CF_COMPARE_ERROR(usd(largest).plus(usd(1)), ErrorCode::AmountOverflow);
    CF_COMPARE_ERROR(usd(smallest).minus(usd(1)), ErrorCode::AmountOverflow);
    CF_COMPARE_ERROR(usd(largest / 2 + 1).times(2), ErrorCode::AmountOverflow);
    CF_COMPARE_ERROR(usd(smallest).negated(), ErrorCode::AmountOverflow);
    CF_VERIFY_OK(usd(largest).negated());
    QCOMPARE(usd(largest).plus(usd(-largest)).value().minor(), 0);
}

void TestMoney::writesDecimals_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<qint64>("minor");
    QTest::addColumn<QString>("text");
    QTest::newRow("two digits") << u"USD"_s << qint64{123450} << u"1234.50"_s;
    QTest::newRow("below one") << u"USD"_s << qint64{7} << u"0.07"_s;
    QTest::newRow("negative below one") << u"USD"_s << qint64{-7} << u"-0.07"_s;
    QTest::newRow("zero") << u"USD"_s << qint64{0} << u"0.00"_s;
    QTest::newRow("no digits") << u"JPY"_s << qint64{7} << u"7"_s;
    QTest::newRow("three digits") << u"KWD"_s << qint64{-1} << u"-0.001"_s;
    QTest::newRow("largest") << u"USD"_s << largest << u"92233720368547758.07"_s;
    QTest::newRow("smallest") << u"USD"_s << smallest << u"-92233720368547758.08"_s;
}

void TestMoney::writesDecimals()
{
    QFETCH(QString, code);
    QFETCH(qint64, minor);
    QFETCH(QString, text);
    const Money amount(minor, Currency::parse(code).value());
    QCOMPARE(amount.toDecimal(), text);
    QCOMPARE(amount.toText(), text + u' ' + code);
}

void TestMoney::readsDecimals_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("minor");
    QTest::newRow("full") << u"USD"_s << u"12.34"_s << qint64{1234};
    QTest::newRow("missing decimals are zeros") << u"USD"_s << u"12.3"_s << qint64{1230};
    QTest::newRow("no point") << u"USD"_s << u"12"_s << qint64{1200};
    QTest::newRow("plus sign") << u"USD"_s << u"+0.01"_s << qint64{1};
    QTest::newRow("minus zero") << u"USD"_s << u"-0.00"_s << qint64{0};
    QTest::newRow("leading zeros") << u"USD"_s << u"0000000000000000000000001.00"_s << qint64{100};
    QTest::newRow("no digits in the currency") << u"JPY"_s << u"12"_s << qint64{12};
    QTest::newRow("smallest") << u"USD"_s << u"-92233720368547758.08"_s << smallest;
    QTest::newRow("largest") << u"KWD"_s << u"9223372036854775.807"_s << largest;
}

void TestMoney::readsDecimals()
{
    QFETCH(QString, code);
    QFETCH(QString, text);
    QFETCH(qint64, minor);
    const auto amount = Money::fromDecimal(text, Currency::parse(code).value());
    CF_VERIFY_OK(amount);
    QCOMPARE(amount->minor(), minor);
}

void TestMoney::refusesWhatIsNoDecimal_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("overflows");
    const auto row = [](const char* name, const char* code, const QString& text, bool overflows = false) {
        QTest::newRow(name) << QString::fromLatin1(code) << text << overflows;
    };
    row("empty", "USD", u""_s);
    row("sign alone", "USD", u"-"_s);
    row("point alone", "USD", u"."_s);
    row("nothing before the point", "USD", u".50"_s);
    row("nothing behind the point", "USD", u"1."_s);
    row("two points", "USD", u"1.2.3"_s);
    row("two signs", "USD", u"--1"_s);
    row("too many decimals", "USD", u"1.001"_s);
    row("decimals in yen", "JPY", u"1.0"_s);
    row("exponent", "USD", u"1e3"_s);
    row("grouping", "USD", u"1,000.00"_s);
    row("leading space", "USD", u" 1"_s);
    row("trailing space", "USD", u"1 "_s);
    row("Arabic digits", "USD", u"١٢"_s);
    row("full-width digits", "USD", u"１２"_s);
    row("typographic minus", "USD", u"−1"_s);
    row("not a number", "USD", u"NaN"_s);
    row("one above the largest", "USD", u"92233720368547758.08"_s, true);
    row("one below the smallest", "USD", u"-92233720368547758.09"_s, true);
    row("smallest with digits behind", "JPY", u"-92233720368547758080"_s, true);
    row("smallest with decimals behind", "USD", u"-9223372036854775808.99"_s, true);
    row("a hundred digits", "USD", QString(100, u'9'), true);
}

void TestMoney::refusesWhatIsNoDecimal()
{
    QFETCH(QString, code);
    QFETCH(QString, text);
    QFETCH(bool, overflows);
    CF_COMPARE_ERROR(Money::fromDecimal(text, Currency::parse(code).value()), overflows ? ErrorCode::AmountOverflow : ErrorCode::InvalidAmount);
}

void TestMoney::readsBackWhatItWrote()
{
    const std::vector<Currency> currencies{currencyOf("JPY"), currencyOf("USD"), currencyOf("KWD")};
    QVERIFY(rc::check([&](qint64 minor) {
        const Money amount(minor, *rc::gen::elementOf(currencies));
        RC_ASSERT(Money::fromDecimal(amount.toDecimal(), amount.currency()).value() == amount);
    }));
}

void TestMoney::sumsNothingToZero()
{
    QCOMPARE(sum({}, currencyOf("JPY")).value().toText(), u"0 JPY"_s);
}

void TestMoney::sumRefusesAnotherCurrency()
{
    const std::vector<Money> amounts{usd(1), usd(2)};
    QCOMPARE(sum(amounts, currencyOf("USD")).value().minor(), 3);
    CF_COMPARE_ERROR(sum(amounts, currencyOf("EUR")), ErrorCode::CurrencyMismatch);
    const std::vector<Money> tooMuch{usd(largest), usd(1)};
    CF_COMPARE_ERROR(sum(tooMuch, currencyOf("USD")), ErrorCode::AmountOverflow);
}

void TestMoney::roundsHalfToEven_data()
{
    QTest::addColumn<qint64>("numerator");
    QTest::addColumn<qint64>("divisor");
    QTest::addColumn<qint64>("expected");
    QTest::newRow("0.5") << qint64{1} << qint64{2} << qint64{0};
    QTest::newRow("1.5") << qint64{3} << qint64{2} << qint64{2};
    QTest::newRow("2.5") << qint64{5} << qint64{2} << qint64{2};
    QTest::newRow("-0.5") << qint64{-1} << qint64{2} << qint64{0};
    QTest::newRow("-1.5") << qint64{-3} << qint64{2} << qint64{-2};
    QTest::newRow("-2.5") << qint64{-5} << qint64{2} << qint64{-2};
    QTest::newRow("just above half") << qint64{2501} << qint64{1000} << qint64{3};
    QTest::newRow("just below half") << qint64{1499} << qint64{1000} << qint64{1};
}

void TestMoney::roundsHalfToEven()
{
    QFETCH(qint64, numerator);
    QFETCH(qint64, divisor);
    QFETCH(qint64, expected);
    QCOMPARE(multiplyDivide(numerator, 1, divisor).value(), expected);
}

void TestMoney::basisPointsOfLargeAmountsDoNotWrap()
{
    QCOMPARE(BasisPoints(250).of(usd(10'000)).value().minor(), 250);
    QCOMPARE(BasisPoints(10'000).of(usd(largest)).value().minor(), largest);
    QCOMPARE(BasisPoints(1).of(usd(5'000)).value().minor(), 0);
    QCOMPARE(BasisPoints(1).of(usd(15'000)).value().minor(), 2);
    CF_COMPARE_ERROR(BasisPoints(10'001).of(usd(largest)), ErrorCode::AmountOverflow);
}

void TestMoney::allocatesByLargestRemainder_data()
{
    QTest::addColumn<qint64>("amount");
    QTest::addColumn<QList<qint64>>("weights");
    QTest::addColumn<QList<qint64>>("expected");
    QTest::newRow("even") << qint64{100} << QList<qint64>{1, 1} << QList<qint64>{50, 50};
    QTest::newRow("ties go to the lowest index") << qint64{100} << QList<qint64>{1, 1, 1} << QList<qint64>{34, 33, 33};
    QTest::newRow("the largest remainder first") << qint64{10} << QList<qint64>{1, 2, 4} << QList<qint64>{1, 3, 6};
    QTest::newRow("a zero weight in front") << qint64{1} << QList<qint64>{0, 1, 1} << QList<qint64>{0, 1, 0};
    QTest::newRow("negative mirrors") << qint64{-100} << QList<qint64>{1, 1, 1} << QList<qint64>{-34, -33, -33};
    QTest::newRow("one part") << qint64{7} << QList<qint64>{3} << QList<qint64>{7};
    QTest::newRow("nothing to divide") << qint64{0} << QList<qint64>{0, 0} << QList<qint64>{0, 0};
}

void TestMoney::allocatesByLargestRemainder()
{
    QFETCH(qint64, amount);
    QFETCH(QList<qint64>, weights);
    QFETCH(QList<qint64>, expected);
    const auto parts = allocate(usd(amount), std::span<const qint64>(weights.constData(), static_cast<std::size_t>(weights.size())));
    CF_VERIFY_OK(parts);
    QList<qint64> minors;
    for (const Money& part : *parts) {
        minors << part.minor();
    }
    QCOMPARE(minors, expected);
}

void TestMoney::refusesToAllocateByBadWeights()
{
    CF_COMPARE_ERROR(allocate(usd(1), {}), ErrorCode::InvalidAmount);
    CF_COMPARE_ERROR(allocate(usd(1), std::vector<qint64>{0, 0}), ErrorCode::InvalidAmount);
    CF_COMPARE_ERROR(allocate(usd(1), std::vector<qint64>{3, -1}), ErrorCode::InvalidAmount);
    CF_COMPARE_ERROR(allocate(usd(1), std::vector<qint64>{largest, 1}), ErrorCode::AmountOverflow);
}

void TestMoney::allocatesTheExtremes()
{
    const auto parts = allocate(usd(smallest), std::vector<qint64>{largest - 1, 1});
    CF_VERIFY_OK(parts);
    QVERIFY(parts->at(0).plus(parts->at(1)).value() == usd(smallest));
}

void TestMoney::allocatedPartsSumToTheWhole()
{
    QVERIFY(rc::check([](qint64 amount) {
        const auto parts = allocate(usd(amount), anyWeights()).value();
        Money total = usd(0);
        for (const Money& part : parts) {
            total = total.plus(part).value();
        }
        RC_ASSERT(total == usd(amount));
    }));
}

void TestMoney::zeroWeightGetsNothing()
{
    QVERIFY(rc::check([](qint64 amount) {
        const auto weights = anyWeights();
        const auto parts = allocate(usd(amount), weights).value();
        for (std::size_t i = 0; i < weights.size(); ++i) {
            RC_ASSERT(weights[i] != 0 || parts[i].isZero());
        }
    }));
}

void TestMoney::negativeAmountsMirrorPositiveOnes()
{
    QVERIFY(rc::check([] {
        const auto amount = *rc::gen::inRange<qint64>(0, 1'000'000'000'000);
        const auto weights = anyWeights();
        const auto up = allocate(usd(amount), weights).value();
        const auto down = allocate(usd(-amount), weights).value();
        for (std::size_t i = 0; i < weights.size(); ++i) {
            RC_ASSERT(down[i] == up[i].negated().value());
        }
        RC_ASSERT(sumOf(up) == amount);
    }));
}

void TestMoney::everyPartIsWithinOneOfItsExactShare()
{
    QVERIFY(rc::check([] {
        const auto amount = *rc::gen::inRange<qint64>(0, 1'000'000);
        const auto weights = *rc::gen::nonEmpty(rc::gen::container<std::vector<qint64>>(rc::gen::inRange<qint64>(1, 1000)));
        const qint64 total = std::accumulate(weights.begin(), weights.end(), qint64{0});
        const auto parts = allocate(usd(amount), weights).value();
        for (std::size_t i = 0; i < weights.size(); ++i) {
            const qint64 floor = amount * weights[i] / total;
            RC_ASSERT(parts[i].minor() == floor || parts[i].minor() == floor + 1);
        }
    }));
}

QTEST_APPLESS_MAIN(TestMoney)
#include "tst_money.moc"
