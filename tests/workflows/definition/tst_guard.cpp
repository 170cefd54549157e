// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/definition/guard.h"
#include "workflows/definition/guard_lexer.h"

#include <QTest>

#include <limits>

using namespace counterfoil;

namespace {

const std::vector<DataDeclaration> declarations{
    {QStringLiteral("paid"), qint64{0}},
    {QStringLiteral("payable"), qint64{5000}},
    {QStringLiteral("reason"), QString()},
    {QStringLiteral("gift"), false},
};

Facts someFacts()
{
    Facts facts;
    facts.set(QStringLiteral("paid"), qint64{1200}).set(QStringLiteral("reason"), QStringLiteral("buyer"));
    return facts;
}

} // namespace

class GuardTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void evaluates_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("expected");
        const auto row = [](const char* text, bool expected) { QTest::newRow(text) << QString::fromUtf8(text) << expected; };
        row("true", true);
        row("!true", false);
        row("!!gift", false);
        row("paid == 1200", true);
        row("paid === 1200", true);
        row("paid != 1200", false);
        row("paid !== 1201", true);
        row("paid < payable", true);
        row("paid <= 1200 && paid >= 1200", true);
        row("paid > 1200", false);
        row("payable - paid * 4 == 200", true);
        row("(payable - paid) * 4 == 15200", true);
        row("10 - 4 - 3 == 3", true);
        row("-paid < 0", true);
        row("- -paid == paid", true);
        row("2 + 3 * 4 == 14", true);
        row("reason == 'buyer'", true);
        row("reason == \"buyer\"", true);
        row("reason != 'expired'", true);
        row("'it\\'s' == \"it's\"", true);
        row("'\\\\' == \"\\\\\"", true);
        row("gift == false", true);
        row("!gift == true", true);
        row("paid == 1200 == true", true);
        row("true || false && false", true);
        row("(true || false) && false", false);
        row("In('paid')", true);
        row("In('other') || In(\"paid\")", true);
        row("paid\n  <\tpayable", true);
        row("9223372036854775807 > 0", true);
        // The right side would overflow, but is not looked at.
        row("true || 9223372036854775807 + paid > 0", true);
        row("false && 9223372036854775807 + paid > 0", false);
    }

    void evaluates()
    {
        QFETCH(QString, text);
        QFETCH(bool, expected);
        const Result<Guard> guard = Guard::parse(text, declarations);
        QVERIFY2(guard.has_value(), guard ? "" : qPrintable(guard.error().text()));
        QCOMPARE(guard->text(), text);
        const Result<bool> holds = guard->evaluate(someFacts(), u"paid");
        QVERIFY(holds.has_value());
        QCOMPARE(*holds, expected);
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* text, const char* reason) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(reason);
        };
        row("", "missing");
        row("   ", "missing");
        row("paid", "not boolean");
        row("'x'", "not boolean");
        row("paid + 1", "not boolean");
        row("unknown == 1", "'unknown' is not declared");
        row("Paid == 1200", "'Paid' is not declared");
        row("paid == 'x'", "does not go between");
        row("paid == true", "does not go between");
        row("reason < 'x'", "does not go between");
        row("reason + 'x' == 'buyerx'", "does not go between");
        row("gift < true", "does not go between");
        row("paid && gift", "does not go between");
        row("1 < 2 < 3", "does not go between");
        row("!paid", "does not go before");
        row("-reason == 'x'", "does not go before");
        row("paid = 1200", "not part");
        row("paid == ", "missing");
        row("== 1", "not expected");
        row("paid == 1 2", "not expected");
        row("(paid == 1", "')' is expected");
        row("paid == 1)", "not expected");
        row("paid & 1", "not part");
        row("gift | gift", "not part");
        row("paid / 2 == 1", "not part");
        row("paid % 2 == 1", "not part");
        row("paid ** 2 == 1", "not part");
        row("paid--1 == 1", "not part");
        row("++paid == 1", "not part");
        row("paid << 1 == 1", "not part");
        row("gift ? true : false", "not part");
        row("gift; true", "not part");
        row("gift // x", "not part");
        row("gift <!-- x", "not part");
        row("paid == 012", "begin with 0");
        row("paid == 1.5", "digits only");
        row("paid == 0x10", "digits only");
        row("paid == 1e3", "digits only");
        row("paid == 12n", "digits only");
        row("paid == 9223372036854775808", "64 bits");
        row("reason == 'x", "no end");
        row("reason == 'x\ny'", "line end");
        row("reason == 'x\\n'", "backslash");
        row("reason == `x`", "not part");
        row("In(paid)", "quoted id");
        row("In()", "quoted id");
        row("In('a', 'b')", "not part");
        row("In 'a'", "'(' is expected");
        row("In", "'(' is expected");
        row("reason.length == 5", "not part");
        row("reason['length'] == 5", "not part");
        row("grün == 1", "not");
    }

    void refuses()
    {
        QFETCH(QString, text);
        QFETCH(QString, reason);
        const Result<Guard> guard = Guard::parse(text, declarations);
        QVERIFY(!guard.has_value());
        QCOMPARE(toString(guard.error().code), toString(ErrorCode::WorkflowInvalid));
        QVERIFY2(guard.error().detail.contains(reason), qPrintable(guard.error().detail));
    }

    void namesThePositionOfTheFault()
    {
        const Result<Guard> guard = Guard::parse(u"gift && nobody == 1", declarations);
        QVERIFY(!guard.has_value());
        QVERIFY2(guard.error().detail.contains(QLatin1String("character 9")), qPrintable(guard.error().detail));
    }

    void boundsLengthAndDepth()
    {
        const QString longest = QStringLiteral("true") + QString(Guard::lengthMax - 4, u' ');
        QVERIFY(Guard::parse(longest, declarations).has_value());
        QVERIFY(!Guard::parse(longest + u' ', declarations).has_value());
        const auto nested = [](int depth) { return QString(depth, u'(') + QStringLiteral("true") + QString(depth, u')'); };
        QVERIFY(Guard::parse(nested(Guard::depthMax - 1), declarations).has_value());
        QVERIFY(!Guard::parse(nested(Guard::depthMax), declarations).has_value());
        QVERIFY(!Guard::parse(QString(900, u'!') + QStringLiteral("true"), declarations).has_value());
        QVERIFY(!Guard::parse(QString(999, u'('), declarations).has_value());
    }

    void reportsOverflowInsteadOfWrapping_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text : {"paid + 1 > 0", "-paid - 2 < 0", "paid * 2 > 0", "-(-paid - 1) > 0", "true && paid + paid > 0"}) {
            QTest::newRow(text) << QString::fromLatin1(text);
        }
    }

    void reportsOverflowInsteadOfWrapping()
    {
        QFETCH(QString, text);
        Facts facts;
        facts.set(QStringLiteral("paid"), std::numeric_limits<qint64>::max());
        const Result<Guard> guard = Guard::parse(text, declarations);
        QVERIFY(guard.has_value());
        const Result<bool> holds = guard->evaluate(facts, u"paid");
        QVERIFY(!holds.has_value());
        QCOMPARE(toString(holds.error().code), toString(ErrorCode::AmountOverflow));
    }

    void usesTheDeclaredDefaultForAFactThatIsNotSet()
    {
        const Result<Guard> guard = Guard::parse(u"payable == 5000 && reason == '' && !gift", declarations);
        QVERIFY(guard.has_value());
        QCOMPARE(guard->evaluate(Facts(), u"x").value(), true);
    }

    void refusesAFactOfAnotherTypeThanDeclared()
    {
        const Result<Guard> guard = Guard::parse(u"paid == 1", declarations);
        QVERIFY(guard.has_value());
        Facts facts;
        facts.set(QStringLiteral("paid"), QStringLiteral("1"));
        const Result<bool> holds = guard->evaluate(facts, u"x");
        QVERIFY(!holds.has_value());
        QCOMPARE(toString(holds.error().code), toString(ErrorCode::Integrity));
    }

    void listsTheStatesItNames()
    {
        const Result<Guard> guard = Guard::parse(u"In('a') || In('b') || In('a')", declarations);
        QVERIFY(guard.has_value());
        QCOMPARE(guard->statesNamed(), (QStringList{QStringLiteral("a"), QStringLiteral("b")}));
    }

    void readsLiteralsAndNothingElseAsDefaults()
    {
        QVERIFY(parseLiteral(u"-5").value() == FactValue(qint64{-5}));
        QVERIFY(parseLiteral(u"''").value() == FactValue(QString()));
        QVERIFY(parseLiteral(u"true").value() == FactValue(true));
        for (const QStringView text : {u"", u"paid", u"1 + 1", u"--1", u"-'x'", u"!true", u"null", u"[]", u"(1)"}) {
            QVERIFY2(!parseLiteral(text).has_value(), qPrintable(text.toString()));
        }
    }

    void knowsWhatMayBeTheNameOfAFact()
    {
        for (const QStringView good : {u"paid", u"cancel_reason", u"a1", u"Paid"}) {
            QVERIFY2(isFactName(good), qPrintable(good.toString()));
        }
        for (const QStringView bad : {u"", u"1a", u"_event", u"a-b", u"a.b", u"In", u"class", u"true", u"undefined", u"ä", u"a b"}) {
            QVERIFY2(!isFactName(bad), qPrintable(bad.toString()));
        }
        QVERIFY(!isFactName(QString(65, u'a')));
    }

    void keepsOneValuePerName()
    {
        Facts facts;
        facts.set(QStringLiteral("b"), qint64{1}).set(QStringLiteral("a"), true).set(QStringLiteral("b"), qint64{2});
        QCOMPARE(facts.all().size(), std::size_t{2});
        QVERIFY(*facts.find(u"b") == FactValue(qint64{2}));
        QVERIFY(facts.find(u"c") == nullptr);
        Facts other;
        other.set(QStringLiteral("a"), true).set(QStringLiteral("b"), qint64{2});
        QVERIFY(facts == other);
    }
};

QTEST_GUILESS_MAIN(GuardTest)
#include "tst_guard.moc"
