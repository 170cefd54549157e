// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/gateway/form_encoding.h"

#include <QTest>

using namespace counterfoil;

class TestFormEncoding : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void encodesNamesAndValues_data()
    {
        QTest::addColumn<QString>("value");
        QTest::addColumn<QByteArray>("expected");
        QTest::addRow("plain") << QStringLiteral("aZ09*-._") << QByteArray("f=aZ09*-._");
        QTest::addRow("space") << QStringLiteral("a b") << QByteArray("f=a+b");
        QTest::addRow("plus") << QStringLiteral("a+b") << QByteArray("f=a%2Bb");
        QTest::addRow("separators") << QStringLiteral("a&b=c%3D;~") << QByteArray("f=a%26b%3Dc%253D%3B%7E");
        QTest::addRow("line end") << QStringLiteral("a\r\nb") << QByteArray("f=a%0D%0Ab");
        QTest::addRow("UTF-8") << QStringLiteral("\u00e9\u20ac") << QByteArray("f=%C3%A9%E2%82%AC");
        QTest::addRow("beyond the BMP") << QString::fromUcs4(U"\U0001F600") << QByteArray("f=%F0%9F%98%80");
        QTest::addRow("empty") << QString() << QByteArray("f=");
    }
    void encodesNamesAndValues()
    {
        QFETCH(QString, value);
        FormFields form;
        form.add(QStringLiteral("f"), value);
        QTEST(form.encoded(), "expected");
    }

    void keepsOrderAndNesting()
    {
        FormFields form;
        form.add(QStringLiteral("z"), qint64{-9'007'199'254'740'993});
        form.addNested(QStringLiteral("metadata"), QStringLiteral("order"), QStringLiteral("o&1"));
        form.addElement(QStringLiteral("expand"), QStringLiteral("a"));
        form.addElement(QStringLiteral("expand"), QStringLiteral("b"));
        QCOMPARE(form.encoded(), QByteArray("z=-9007199254740993&metadata%5Border%5D=o%261&expand%5B%5D=a&expand%5B%5D=b"));
        QCOMPARE(form.readable(), QStringLiteral("z=-9007199254740993\nmetadata[order]=o&1\nexpand[]=a\nexpand[]=b\n"));
    }

    void letsNoValueStartALineOfItsOwn()
    {
        FormFields form;
        form.add(QStringLiteral("a"), QStringLiteral("1\nHTTP 200"));
        QCOMPARE(form.readable(), QStringLiteral("a=1 HTTP 200\n"));
    }
};

QTEST_GUILESS_MAIN(TestFormEncoding)
#include "tst_form_encoding.moc"
