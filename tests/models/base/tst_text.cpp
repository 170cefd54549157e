// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/base/text.h"
#include "tests/support/expect.h"

#include <QObject>
#include <QTest>

using namespace counterfoil;
using namespace Qt::StringLiterals;

class TestText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void decodesUtf8();
    void refusesBadUtf8_data();
    void refusesBadUtf8();
    void readsLines_data();
    void readsLines();
    void refusesBadLines_data();
    void refusesBadLines();
    void optionalLineMayBeEmpty();
    void showsTextFromOutsideSafely_data();
    void showsTextFromOutsideSafely();
    void neverShowsMoreThanAsked();
    void hashesInHex();
};

void TestText::decodesUtf8()
{
    QCOMPARE(decodeUtf8("Z\xc3\xbcrich \xf0\x9f\x92\xb6").value(), u"Zürich 💶"_s);
    QCOMPARE(decodeUtf8(QByteArrayView()).value(), QString());
}

void TestText::refusesBadUtf8_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("offset");
    QTest::newRow("NUL") << QByteArray("ab\0c", 4) << u"offset 2"_s;
    QTest::newRow("stray byte") << QByteArray("abc\xff z") << u"offset 3"_s;
    QTest::newRow("stray byte first") << QByteArray("\xff") << u"offset 0"_s;
    QTest::newRow("overlong slash") << QByteArray("a\xc0\xaf") << u"offset 1"_s;
    QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << u"offset"_s;
    QTest::newRow("cut short") << QByteArray("\xe2\x82") << u"offset"_s;
    QTest::newRow("beyond Unicode") << QByteArray("\xf5\x80\x80\x80") << u"offset 0"_s;
}

void TestText::refusesBadUtf8()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, offset);
    const auto decoded = decodeUtf8(bytes);
    CF_COMPARE_ERROR(decoded, ErrorCode::InvalidText);
    QVERIFY2(decoded.error().detail.contains(offset), qPrintable(decoded.error().detail));
}

void TestText::readsLines_data()
{
    QTest::addColumn<QString>("given");
    QTest::addColumn<QString>("line");
    QTest::newRow("plain") << u"Jane Doe"_s << u"Jane Doe"_s;
    QTest::newRow("trimmed") << u"  Jane \n"_s << u"Jane"_s;
    QTest::newRow("markup stays text") << u"<b>x</b>"_s << u"<b>x</b>"_s;
    QTest::newRow("as long as allowed") << QString(16, u'x') << QString(16, u'x');
    QTest::newRow("beyond the BMP") << u"💶"_s << u"💶"_s;
}

void TestText::readsLines()
{
    QFETCH(QString, given);
    QFETCH(QString, line);
    QCOMPARE(parseLine(given, 16, "name").value(), line);
}

void TestText::refusesBadLines_data()
{
    QTest::addColumn<QString>("given");
    QTest::addColumn<QString>("code");
    QTest::newRow("empty") << u""_s << u"missing_field"_s;
    QTest::newRow("only spaces") << u"   "_s << u"missing_field"_s;
    QTest::newRow("too long") << QString(17, u'x') << u"too_large"_s;
    QTest::newRow("line end inside") << u"a\nb"_s << u"invalid_text"_s;
    QTest::newRow("NUL inside") << u"a\0b"_s << u"invalid_text"_s;
    QTest::newRow("escape") << u"a\x1b[31m"_s << u"invalid_text"_s;
    QTest::newRow("half a character") << QString(QChar(0xd83d)) << u"invalid_text"_s;
}

void TestText::refusesBadLines()
{
    QFETCH(QString, given);
    QFETCH(QString, code);
    const auto line = parseLine(given, 16, "name");
    QVERIFY(!line.has_value());
    QCOMPARE(toString(line.error().code), code);
    QVERIFY2(line.error().detail.startsWith(u"name"_s), qPrintable(line.error().detail));
}

void TestText::optionalLineMayBeEmpty()
{
    QCOMPARE(parseOptionalLine(u"  "_s, 16, "note").value(), QString());
    CF_COMPARE_ERROR(parseOptionalLine(u"a\tb"_s, 16, "note"), ErrorCode::InvalidText);
}

void TestText::showsTextFromOutsideSafely_data()
{
    QTest::addColumn<QString>("given");
    QTest::addColumn<QString>("shown");
    QTest::newRow("plain") << u"Jane Doe"_s << u"Jane Doe"_s;
    QTest::newRow("line ends") << u"a\r\nb\tc"_s << u"a  b c"_s;
    QTest::newRow("Unicode line ends") << u"a\u2028b\u2029c"_s << u"a b c"_s;
    QTest::newRow("bidi override") << u"x\u202ey"_s << u"x\\u202ey"_s;
    QTest::newRow("zero width space") << u"a\u200bb"_s << u"a\\u200bb"_s;
    QTest::newRow("escape") << u"\x1b[0m"_s << u"\\u001b[0m"_s;
    QTest::newRow("tag character beyond the BMP") << u"a\U000E0041b"_s << u"a\\ue0041b"_s;
    QTest::newRow("half a character") << QString(QChar(0xd83d)) + u'x' << u"\\ud83dx"_s;
    QTest::newRow("marks stay") << u"a\u0301\u0302\u0303\u0304b"_s << u"a\u0301\u0302\u0303\u0304b"_s;
    QTest::newRow("a tower of marks") << u"a\u0301\u0302\u0303\u0304\u0305b"_s << u"a\u0301\u0302\u0303\u0304\\u0305b"_s;
    QTest::newRow("emoji stay") << u"💶"_s << u"💶"_s;
    QTest::newRow("as long as allowed") << QString(20, u'x') << QString(20, u'x');
    QTest::newRow("cut") << QString(21, u'x') << QString(19, u'x') + u'…';
}

void TestText::showsTextFromOutsideSafely()
{
    QFETCH(QString, given);
    QFETCH(QString, shown);
    QCOMPARE(visibleText(given, 20), shown);
}

void TestText::neverShowsMoreThanAsked()
{
    const QString hostile = u"a\u202e💶\x1b"_s.repeated(50);
    for (int maxLength = 1; maxLength < 60; ++maxLength) {
        for (qsizetype given = 0; given < 20; ++given) {
            const QString shown = visibleText(hostile.left(given), maxLength);
            QVERIFY(shown.size() <= maxLength);
            QVERIFY(shown.isValidUtf16());
        }
    }
}

void TestText::hashesInHex()
{
    QCOMPARE(sha256Hex("abc"), u"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"_s);
    QCOMPARE(sha256Hex(""), u"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"_s);
}

QTEST_APPLESS_MAIN(TestText)
#include "tst_text.moc"
