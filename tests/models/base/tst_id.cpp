// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/base/id.h"
#include "tests/support/expect.h"

#include <QObject>
#include <QSet>
#include <QTest>

#include <concepts>
#include <limits>

using namespace counterfoil;
using namespace Qt::StringLiterals;

static_assert(!std::convertible_to<OrderId, TransactionId> && !std::constructible_from<OrderId, TransactionId>);
static_assert(!std::convertible_to<qint64, OrderId> && !std::convertible_to<OrderId, qint64>);

class TestId : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void writesPrefixDigitsAndCheckCharacter();
    void readsBackWhatItWrote_data();
    void readsBackWhatItWrote();
    void forgivesCaseHyphensAndLookAlikes();
    void refusesWhatIsNoId_data();
    void refusesWhatIsNoId();
    void noticesEverySingleMistypedDigit();
    void noticesNeighboursThatWereSwapped();
    void noneHasNoText();
    void namesItsKind();
};

void TestId::writesPrefixDigitsAndCheckCharacter()
{
    // 1234 = 1·1024 + 6·32 + 18 (j), and 1234 mod 37 = 13 (d).
    QCOMPARE(OrderId(1234).toText(), u"ord_000000000016jd"_s);
    QCOMPARE(OrderId(32).toText(), u"ord_0000000000010*"_s);
}

void TestId::readsBackWhatItWrote_data()
{
    QTest::addColumn<qint64>("value");
    QTest::newRow("one") << qint64{1};
    QTest::newRow("check character u") << qint64{36};
    QTest::newRow("check character *") << qint64{32};
    QTest::newRow("largest") << std::numeric_limits<qint64>::max();
    QTest::newRow("negative") << qint64{-1};
    QTest::newRow("smallest") << std::numeric_limits<qint64>::min();
}

void TestId::readsBackWhatItWrote()
{
    QFETCH(qint64, value);
    const auto id = CaseId::parse(CaseId(value).toText());
    CF_VERIFY_OK(id);
    QCOMPARE(id->value(), value);
}

void TestId::forgivesCaseHyphensAndLookAlikes()
{
    QCOMPARE(OrderId::parse(u"ORD_000000000016JD").value().value(), 1234);
    QCOMPARE(OrderId::parse(u"ord_0000-0000-0016-jd").value().value(), 1234);
    QCOMPARE(OrderId::parse(u"ord_ooooooooooi6jd").value().value(), 1234);
    QCOMPARE(OrderId::parse(u"ord_OOOOOOOOOOL6JD").value().value(), 1234);
}

void TestId::refusesWhatIsNoId_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << u""_s;
    QTest::newRow("prefix alone") << u"ord_"_s;
    QTest::newRow("another kind") << TransactionId(1234).toText();
    QTest::newRow("no prefix") << u"000000000016jd"_s;
    QTest::newRow("prefix without underscore") << u"ord000000000016jd"_s;
    QTest::newRow("too short") << u"ord_00000000016jd"_s;
    QTest::newRow("too long") << u"ord_000000000016jd0"_s;
    QTest::newRow("wrong check character") << u"ord_000000000016je"_s;
    QTest::newRow("u is no digit") << u"ord_0000000000u6jd"_s;
    QTest::newRow("space in front") << u" ord_000000000016jd"_s;
    QTest::newRow("space behind") << u"ord_000000000016jd "_s;
    QTest::newRow("beyond 64 bits") << u"ord_g0000000000000"_s;
    QTest::newRow("a plain number") << u"1234"_s;
    QTest::newRow("the id of nothing") << u"ord_00000000000000"_s;
    QTest::newRow("the Kelvin sign for a k") << u"ord_000000000000\u212ak"_s;
    QTest::newRow("NUL") << u"ord_00000000001\0jd"_s;
}

void TestId::refusesWhatIsNoId()
{
    QFETCH(QString, text);
    CF_COMPARE_ERROR(OrderId::parse(text), ErrorCode::InvalidId);
}

void TestId::noticesEverySingleMistypedDigit()
{
    const QString good = OrderId(0x0123456789abcdef).toText();
    const QString digits = u"0123456789abcdefghjkmnpqrstvwxyz"_s;
    for (qsizetype at = 4; at < good.size() - 1; ++at) {
        for (const QChar digit : digits) {
            QString bad = good;
            bad[at] = digit;
            QCOMPARE(OrderId::parse(bad).has_value(), bad == good);
        }
    }
}

void TestId::noticesNeighboursThatWereSwapped()
{
    const QString good = OrderId(0x0123456789abcdef).toText();
    for (qsizetype at = 4; at + 2 < good.size(); ++at) {
        QString bad = good;
        std::swap(bad[at], bad[at + 1]);
        QCOMPARE(OrderId::parse(bad).has_value(), bad == good);
    }
}

void TestId::noneHasNoText()
{
    QVERIFY(OrderId().isNone());
    QCOMPARE(OrderId().toText(), QString());
}

void TestId::namesItsKind()
{
    QCOMPARE(idPrefix(u"CASE_000000000016jd"), u"case"_s);
    QCOMPARE(idPrefix(u"_000"), QString());
    QCOMPARE(idPrefix(u"Jane Doe"), QString());
    const QSet<QString> prefixes{QString::fromLatin1(OrderTag::prefix), QString::fromLatin1(SubOrderTag::prefix),
                                 QString::fromLatin1(TransactionTag::prefix), QString::fromLatin1(CaseTag::prefix)};
    QCOMPARE(prefixes.size(), 4);
}

QTEST_APPLESS_MAIN(TestId)
#include "tst_id.moc"
