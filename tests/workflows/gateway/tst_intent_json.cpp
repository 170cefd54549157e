// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/base/json.h"
#include "workflows/gateway/intent_json.h"
#include "workflows/gateway/stripe_amount.h"

#include <QTest>

using namespace counterfoil;

namespace {

const QByteArray intent = R"({"id":"pi_1","object":"payment_intent","status":"requires_capture","amount":1000,"amount_received":0,"amount_capturable":1000,)"
                          R"("currency":"usd","metadata":{"transaction":"txn_1"},)"
                          R"("last_payment_error":{"code":"card_declined","decline_code":"lost_card","payment_method":{"card":{"brand":"amex","last4":"0005"}}},)"
                          R"("latest_charge":{"payment_method_details":{"card":{"brand":"visa","last4":"4242"}}}})";
const QByteArray refund = R"({"id":"re_1","object":"refund","payment_intent":"pi_1","status":"succeeded","amount":250,"currency":"eur"})";

/// The error's name, or `good`.
template<class T>
QString verdict(const Result<T>& result)
{
    return result ? QStringLiteral("good") : toString(result.error().code);
}

Result<IntentSnapshot> readIntent(const QByteArray& text)
{
    CF_ASSIGN(const QJsonObject object, parseJsonObject(text));
    return parseIntent(object);
}

Result<RefundSnapshot> readRefund(const QByteArray& text)
{
    CF_ASSIGN(const QJsonObject object, parseJsonObject(text));
    return parseRefund(object);
}

Currency currency(const QString& code)
{
    return *Currency::parse(code);
}

} // namespace

class TestIntentJson : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsAnIntent()
    {
        const auto read = readIntent(intent);
        QVERIFY(read);
        QCOMPARE(read->id, QStringLiteral("pi_1"));
        QVERIFY(read->status == IntentStatus::RequiresCapture);
        QVERIFY(!read->isFinal());
        QCOMPARE(read->amount.toText(), QStringLiteral("10.00 USD"));
        QCOMPARE(read->amountReceived.toText(), QStringLiteral("0.00 USD"));
        QCOMPARE(read->amountCapturable.toText(), QStringLiteral("10.00 USD"));
        QCOMPARE(read->transactionRef, QStringLiteral("txn_1"));
        QCOMPARE(read->declineCode, QStringLiteral("lost_card"));
        QCOMPARE(read->cardBrand, QStringLiteral("visa"));
        QCOMPARE(read->cardLast4, QStringLiteral("4242"));
    }

    void takesTheCardFromTheFailureWithoutACharge()
    {
        const auto read = readIntent(QByteArray(intent).replace("\"latest_charge\":{", "\"latest_charge\":null,\"other\":{"));
        QCOMPARE(read->cardBrand, QStringLiteral("amex"));
        QCOMPARE(read->cardLast4, QStringLiteral("0005"));
    }

    void readsAnIntentWithoutHints()
    {
        const auto read = readIntent(R"({"id":"pi_1","object":"payment_intent","status":"canceled","amount":5,"amount_received":0,"amount_capturable":0,"currency":"jpy","latest_charge":"ch_1"})");
        QVERIFY(read);
        QVERIFY(read->isFinal());
        QCOMPARE(read->amount.toText(), QStringLiteral("5 JPY"));
        QVERIFY(read->transactionRef.isEmpty() && read->cardBrand.isEmpty() && read->declineCode.isEmpty());
    }

    void keepsNoCardNumberInPlaceOfLast4()
    {
        QVERIFY(readIntent(QByteArray(intent).replace("\"4242\"", "\"4242424242424242\""))->cardLast4.isEmpty());
    }

    void refusesAnIntent_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* from, const char* to, const char* expected) {
            QTest::addRow("%s", name) << QByteArray(from) << QByteArray(to) << QString::fromLatin1(expected);
        };
        row("another kind", "\"payment_intent\"", "\"charge\"", "malformed_input");
        row("no kind", "\"object\":\"payment_intent\",", "", "missing_field");
        row("no id", "\"id\":\"pi_1\",", "", "missing_field");
        row("id with a slash", "pi_1", "pi/1", "invalid_id");
        row("id with a space", "pi_1", "pi 1", "invalid_id");
        row("id as a number", "\"pi_1\"", "1", "malformed_input");
        row("unknown status", "requires_capture", "requires_luck", "unknown_value");
        row("status in upper case", "requires_capture", "REQUIRES_CAPTURE", "unknown_value");
        row("no status", "\"status\":\"requires_capture\",", "", "missing_field");
        row("fractional amount", "\"amount\":1000", "\"amount\":1000.5", "malformed_input");
        row("amount as text", "\"amount\":1000", "\"amount\":\"1000\"", "malformed_input");
        row("amount null", "\"amount\":1000", "\"amount\":null", "missing_field");
        row("negative amount", "\"amount\":1000", "\"amount\":-1", "invalid_amount");
        row("amount beyond 2^53", "\"amount\":1000", "\"amount\":9007199254740993", "malformed_input");
        row("amount in exponent form with a fraction", "\"amount\":1000", "\"amount\":15e-1", "malformed_input");
        row("amount given twice", "\"amount\":1000", "\"amount\":1000,\"amount\":1", "malformed_input");
        row("no amount received", "\"amount_received\":0,", "", "missing_field");
        row("no amount capturable", "\"amount_capturable\":1000,", "", "missing_field");
        row("no currency", "\"currency\":\"usd\",", "", "missing_field");
        row("unknown currency", "\"usd\"", "\"xxq\"", "unknown_currency");
        row("reference as a number", "\"txn_1\"", "1", "malformed_input");
        row("reference with a line end", "txn_1", "txn\\n1", "invalid_text");
        row("metadata as text", "{\"transaction\":\"txn_1\"}", "\"txn_1\"", "malformed_input");
    }
    void refusesAnIntent()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QVERIFY(intent.contains(from));
        QTEST(verdict(readIntent(QByteArray(intent).replace(from, to))), "expected");
    }

    void readsARefund()
    {
        const auto read = readRefund(refund);
        QVERIFY(read);
        QCOMPARE(read->id, QStringLiteral("re_1"));
        QCOMPARE(read->intentId, QStringLiteral("pi_1"));
        QCOMPARE(read->amount.toText(), QStringLiteral("2.50 EUR"));
        QVERIFY(read->transactionRef.isEmpty());
        QCOMPARE(readRefund(QByteArray(refund).replace("\"currency\"", R"("metadata":{"transaction":"txn_5"},"currency")"))->transactionRef, QStringLiteral("txn_5"));
        QCOMPARE(readRefund(QByteArray(refund).replace("\"pi_1\"", R"({"id":"pi_2"})"))->intentId, QStringLiteral("pi_2"));
    }

    void refusesARefund_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addRow("no intent") << QByteArray("\"payment_intent\":\"pi_1\",") << QByteArray();
        QTest::addRow("unknown status") << QByteArray("succeeded") << QByteArray("done");
        QTest::addRow("fractional amount") << QByteArray("250") << QByteArray("2.5");
        QTest::addRow("another kind") << QByteArray("\"refund\"") << QByteArray("\"payment_intent\"");
    }
    void refusesARefund()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QVERIFY(!readRefund(QByteArray(refund).replace(from, to)));
    }

    void convertsAmountsToTheGatewaysUnitAndBack_data()
    {
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("decimal");
        QTest::addColumn<qint64>("wire");
        QTest::addRow("USD") << QStringLiteral("USD") << QStringLiteral("12.34") << qint64{1234};
        QTest::addRow("JPY") << QStringLiteral("JPY") << QStringLiteral("500") << qint64{500};
        QTest::addRow("KWD") << QStringLiteral("KWD") << QStringLiteral("5.120") << qint64{5120};
        QTest::addRow("ISK counts in hundredths") << QStringLiteral("ISK") << QStringLiteral("5") << qint64{500};
        QTest::addRow("UGX counts in hundredths") << QStringLiteral("UGX") << QStringLiteral("5") << qint64{500};
    }
    void convertsAmountsToTheGatewaysUnitAndBack()
    {
        QFETCH(QString, code);
        QFETCH(QString, decimal);
        QFETCH(qint64, wire);
        const Money money = *Money::fromDecimal(decimal, currency(code));
        QCOMPARE(*toStripeAmount(money), wire);
        QCOMPARE(*fromStripeAmount(wire, currency(code)), money);
    }

    void refusesAmountsTheGatewayCannotExpress()
    {
        QCOMPARE(verdict(toStripeAmount(*Money::fromDecimal(u"5.124", currency(QStringLiteral("KWD"))))), QStringLiteral("invalid_amount"));
        QCOMPARE(verdict(toStripeAmount(Money(qint64{-1}, currency(QStringLiteral("USD"))))), QStringLiteral("invalid_amount"));
        QCOMPARE(verdict(toStripeAmount(Money(std::numeric_limits<qint64>::max(), currency(QStringLiteral("ISK"))))), QStringLiteral("amount_overflow"));
        QCOMPARE(verdict(fromStripeAmount(501, currency(QStringLiteral("ISK")))), QStringLiteral("invalid_amount"));
        QCOMPARE(verdict(fromStripeAmount(-1, currency(QStringLiteral("USD")))), QStringLiteral("invalid_amount"));
    }
};

QTEST_GUILESS_MAIN(TestIntentJson)
#include "tst_intent_json.moc"
