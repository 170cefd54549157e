// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/slowness.h"
#include "workflows/gateway/redaction.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace counterfoil;

class TestRedaction : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void takesSecretsOut_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* text, const char* expected) {
            QTest::addRow("%s", name) << QString::fromUtf8(text) << QString::fromUtf8(expected);
        };
        row("authorization header", "POST /v1\nAuthorization: Bearer sk_live_abc\nHost: x", "POST /v1\nAuthorization: [redacted]\nHost: x");
        row("authorization, lower case", "authorization:Basic c2s6", "authorization: [redacted]");
        row("bearer in prose", "sent with Bearer abc.def", "sent with Bearer [redacted]");
        row("live key", "key sk_live_51Habc is bad", "key sk_[redacted] is bad");
        row("restricted key", "rk_test_51Habc", "rk_[redacted]");
        row("callback secret", "whsec_MfKQ9r8+/=x", "whsec_[redacted]");
        row("masked key", "Invalid API Key provided: sk_test_****1234", "Invalid API Key provided: sk_[redacted]****1234");
        row("client secret by its form", "pi_1_secret_Abc123 ok", "pi_1_secret_[redacted] ok");
        row("client secret in JSON", R"({"client_secret": "anything","id":"pi_1"})", R"({"client_secret": "[redacted]","id":"pi_1"})");
        row("escaped quote in the value", R"({"cvc":"1\"23","a":1})", R"({"cvc":"[redacted]","a":1})");
        row("card fields in JSON", R"({"number":4242,"exp_month":12,"exp_year":2030,"cvc":"123"})",
            R"({"number":"[redacted]","exp_month":"[redacted]","exp_year":"[redacted]","cvc":"[redacted]"})");
        row("JSON in JSON", R"({"m":"{\"cvv\":\"123\",\"a\":\"b\"}"})", R"({"m":"{\"cvv\":\"[redacted]\",\"a\":\"b\"}"})");
        row("cut off in the value", R"({"id":"pi_1","client_secret":"pi_x)", R"({"id":"pi_1","client_secret":"[redacted]")");
        row("form fields", "amount=5&card[number]=4000&card[cvc]=123&exp_year=30&x=1", "amount=5&card[number]=[redacted]&card[cvc]=[redacted]&exp_year=[redacted]&x=1");
        row("encoded form field", "card%5Bnumber%5D=4000", "card%5Bnumber%5D=[redacted]");
        row("one field per line", "amount=5\ncvc=12 3\nx=1", "amount=5\ncvc=[redacted]\nx=1");
        row("card", "paid with 4242424242424242.", "paid with [card number].");
        row("card with spaces", "4242 4242 4242 4242", "[card number]");
        row("card with hyphens", "5555-5555-5555-4444", "[card number]");
        row("card with hard spaces", "4242\u00a04242\u00a04242\u00a04242", "[card number]");
        row("card in a JSON string", R"({"note":"4000 0566 5566 5556"})", R"({"note":"[card number]"})");
        row("13 digits", "4222222222222", "[card number]");
        row("15 digits", "378282246310005", "[card number]");
        row("19 digits", "6304000000000000000", "[card number]");
        row("card after another number", "2 4242 4242 4242 4242", "2 [card number]");
        row("two cards", "4242424242424242 5555555555554444", "[card number] [card number]");
        row("card touching letters", "x4242424242424242y", "x[card number]y");
    }
    void takesSecretsOut()
    {
        QFETCH(QString, text);
        QTEST(redact(text), "expected");
        QTEST(redact(redact(text)), "expected");
    }

    void leavesTheRestAsItIs_data()
    {
        QTest::addColumn<QString>("text");
        for (const char* text : {"4242424242424241", "424242424242", "1700000000", "42424242424242424242", "order ord_0c3abcdefghj risk_level task_1 desk_2", "2024-05-01T10:00:00Z",
                                 R"({"id":"pi_3Ju8xkLkd","amount":1000,"cvc_check":"pass","phone_number":"555","last4":"4242","expires_at":5})", "metadata[order]=ord_1&amount=5",
                                 "0000000000000000", "the bearer"}) {
            QTest::addRow("%s", text) << QString::fromUtf8(text);
        }
    }
    void leavesTheRestAsItIs()
    {
        QFETCH(QString, text);
        QCOMPARE(redact(text), text);
    }

    void dropsFieldsOfParsedJsonAtAnyDepth()
    {
        const QString text = redactedBody(R"({"a":[{"card":{"number":{"raw":"12"},"exp_month":null,"brand":"visa"}}],"note":"\u0034242 4242 4242 4242","n":4242424242424242,"k":"sk_live_1"})");
        const QJsonObject object = QJsonDocument::fromJson(text.toUtf8()).object();
        const QJsonObject card = object.value(QLatin1String("a")).toArray().at(0).toObject().value(QLatin1String("card")).toObject();
        QCOMPARE(card.value(QLatin1String("number")).toString(), QStringLiteral("[redacted]"));
        QVERIFY(card.value(QLatin1String("exp_month")).isNull());
        QCOMPARE(card.value(QLatin1String("brand")).toString(), QStringLiteral("visa"));
        QCOMPARE(object.value(QLatin1String("note")).toString(), QStringLiteral("[card number]"));
        QCOMPARE(object.value(QLatin1String("n")).toString(), QStringLiteral("[card number]"));
        QCOMPARE(object.value(QLatin1String("k")).toString(), QStringLiteral("sk_[redacted]"));
    }

    void redactsBodiesThatAreNoJson()
    {
        QCOMPARE(redactedBody(R"({"client_secret":"pi_1_secret_x","amount":10)"), QStringLiteral(R"({"client_secret":"[redacted]","amount":10)"));
        QVERIFY(!redactedBody(R"({"number":"4242","number":"4242"})").contains(QStringLiteral("4242")));
        QVERIFY(!redactedBody("\xff 4242424242424242").contains(QStringLiteral("4242")));
    }

    void cutsAfterRedacting()
    {
        const QString text = redactedBody("abc 4242424242424242", 10);
        QVERIFY(text.startsWith(QStringLiteral("abc [card ")));
        QVERIFY(!text.contains(QStringLiteral("424")));
        QVERIFY(text.contains(QStringLiteral("10 of 17")));
    }

    void doesNotGiveUpOnLongTexts_data()
    {
        QTest::addColumn<QString>("filler");
        QTest::addRow("letters") << QString(1024 * 1024, u'x');
        QTest::addRow("backslashes") << QString(1024 * 1024, u'\\');
        QTest::addRow("quotes") << QString(1024 * 1024, u'"');
        QTest::addRow("digits") << QString(1024 * 1024, u'7');
        QTest::addRow("digits apart") << QStringLiteral("7 ").repeated(512 * 1024);
        QTest::addRow("open field") << QStringLiteral("\"cvc\":\"");
    }
    void doesNotGiveUpOnLongTexts()
    {
        QFETCH(QString, filler);
        QElapsedTimer watch;
        watch.start();
        const QString text = redact(QStringLiteral("\"client_secret\":\"") + QString(1024 * 1024, u'y') + QStringLiteral("\" sk_live_1\n") + filler + QStringLiteral("\nsk_live_2 4242424242424242"));
        QVERIFY(!text.contains(QStringLiteral("yy")));
        QVERIFY(!text.contains(QStringLiteral("sk_live")));
        QVERIFY(!text.contains(QStringLiteral("4242424242424242")));
        QVERIFY2(watch.elapsed() < 5000 * slowness, qPrintable(QString::number(watch.elapsed())));
    }
};

QTEST_GUILESS_MAIN(TestRedaction)
#include "tst_redaction.moc"
