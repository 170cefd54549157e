// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/base/error.h"
#include "tests/support/expect.h"

#include <QObject>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace counterfoil;
using namespace Qt::StringLiterals;

namespace {

Result<int> half(int n)
{
    if (n % 2 != 0) {
        return fail(ErrorCode::InvalidAmount, u"odd"_s);
    }
    return n / 2;
}

Result<int> quarter(int n)
{
    CF_ASSIGN(const int once, half(n));
    CF_ASSIGN(const int twice, half(once));
    return twice;
}

Result<void> checkEven(int n)
{
    CF_TRY(half(n));
    return {};
}

} // namespace

class TestError : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void everyCodeHasANameOfItsOwn();
    void codesAreListedInOrderOfPrecedence();
    void textHoldsCodeAndDetail();
    void errorsKnowWhereTheyWereMade();
    void macrosHandErrorsOn();
};

void TestError::everyCodeHasANameOfItsOwn()
{
    const QRegularExpression snakeCase(u"^[a-z]+(_[a-z]+)*$"_s);
    QSet<QString> names;
    for (const ErrorCode code : allErrorCodes()) {
        const QString name = toString(code);
        QVERIFY2(snakeCase.match(name).hasMatch(), qPrintable(name));
        QVERIFY2(!names.contains(name), qPrintable(name));
        names.insert(name);
    }
    QVERIFY(names.size() > 50);
}

void TestError::codesAreListedInOrderOfPrecedence()
{
    const auto codes = allErrorCodes();
    for (std::size_t i = 0; i < codes.size(); ++i) {
        QCOMPARE(static_cast<std::size_t>(codes[i]), i);
    }
    QVERIFY(codes.back() == ErrorCode::Internal);
}

void TestError::textHoldsCodeAndDetail()
{
    QCOMPARE((Error{ErrorCode::NotFound, u"ord_1"_s}).text(), u"not_found: ord_1"_s);
    QCOMPARE((Error{ErrorCode::NotFound, {}}).text(), u"not_found"_s);
}

void TestError::errorsKnowWhereTheyWereMade()
{
    const auto failed = half(1);
    QVERIFY(QString::fromLatin1(failed.error().where.file_name()).endsWith(u"tst_error.cpp"_s));
    QVERIFY(failed.error().where.line() > 0);
    QCOMPARE(passOn(failed).error().where.line(), failed.error().where.line());
}

void TestError::macrosHandErrorsOn()
{
    QCOMPARE(quarter(8).value(), 2);
    CF_COMPARE_ERROR(quarter(6), ErrorCode::InvalidAmount);
    QCOMPARE(quarter(6).error().detail, u"odd"_s);
    CF_VERIFY_OK(checkEven(2));
    CF_COMPARE_ERROR(checkEven(3), ErrorCode::InvalidAmount);
}

QTEST_APPLESS_MAIN(TestError)
#include "tst_error.moc"
