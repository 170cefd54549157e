// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/gateway/callback_verifier.h"

#include <QTest>

using namespace counterfoil;

namespace {

const QByteArray secret = "whsec_test_secret";
const QByteArray body = R"({"id":"evt_1","type":"payment_intent.succeeded","created":1700000000,"livemode":false,"data":{"object":{"id":"pi_1",)"
                        R"("object":"payment_intent","status":"succeeded","amount":1000,"amount_received":1000,"amount_capturable":0,"currency":"usd",)"
                        R"("metadata":{"transaction":"txn_1"}}}})";
const UtcTime signedAt{1'700'000'000'000'000};
/// HMAC-SHA256 of "1700000000.{}" under `secret`, computed with `openssl dgst -sha256 -hmac`.
const QByteArray opensslDigest = "ceb8863f7208fa249a6cd8f951e993c7563412aca65866f6272283debe143ab3";

QByteArray good()
{
    return signCallback(secret, body, signedAt);
}

QByteArray goodDigest()
{
    return good().mid(good().indexOf("v1=") + 3);
}

QByteArray otherDigest()
{
    return QByteArray(goodDigest()).replace(0, 1, goodDigest().startsWith('0') ? "1" : "0");
}

QString verdict(const QByteArray& header, const QByteArray& bytes, UtcTime now = signedAt, const QList<QByteArray>& secrets = {secret})
{
    const auto result = verifyCallback(header, bytes, secrets, now);
    return result ? QStringLiteral("good") : toString(result.error().code);
}

} // namespace

class TestCallbackVerifier : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agreesWithAnIndependentImplementation()
    {
        QCOMPARE(signCallback(secret, "{}", signedAt), "t=1700000000,v1=" + opensslDigest);
    }

    void judgesHeaders_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QString>("expected");
        const QString fine = QStringLiteral("good");
        const QString bad = QStringLiteral("signature_invalid");
        const QString malformed = QStringLiteral("malformed_input");
        const QByteArray t = "t=1700000000";
        const QByteArray d = goodDigest();
        QTest::addRow("good") << good() << fine;
        QTest::addRow("several v1, one good") << QByteArray(t + ",v1=" + otherDigest() + ",v1=" + d) << fine;
        QTest::addRow("other schemes beside it") << QByteArray(t + ",v0=abc,v1=" + d + ",v2=def") << fine;
        QTest::addRow("order doesn't matter") << QByteArray("v1=" + d + "," + t) << fine;
        QTest::addRow("spaces around items") << QByteArray(t + ", v1=" + d) << fine;
        QTest::addRow("upper-case hex") << QByteArray(t + ",v1=" + d.toUpper()) << fine;
        QTest::addRow("non-hex v1 beside a good one") << QByteArray(t + ",v1=zz,v1=" + d) << fine;
        QTest::addRow("forged") << QByteArray(t + ",v1=" + otherDigest()) << bad;
        QTest::addRow("good digest in another scheme, v1 forged") << QByteArray(t + ",v0=" + d + ",v1=" + otherDigest()) << bad;
        QTest::addRow("time changed") << QByteArray("t=1700000001,v1=" + d) << bad;
        QTest::addRow("time with a leading zero") << QByteArray("t=01700000000,v1=" + d) << bad;
        QTest::addRow("non-hex v1") << QByteArray(t + ",v1=" + QByteArray(64, 'z')) << bad;
        QTest::addRow("empty v1") << QByteArray(t + ",v1=") << bad;
        QTest::addRow("shortened digest") << QByteArray(t + ",v1=" + d.left(62)) << bad;
        QTest::addRow("lengthened digest") << QByteArray(t + ",v1=" + d + "00") << bad;
        QTest::addRow("spaces in the digest") << QByteArray(t + ",v1=" + d.left(31) + " " + d.mid(32)) << bad;
        QTest::addRow("missing") << QByteArray() << malformed;
        QTest::addRow("unknown scheme only") << QByteArray(t + ",v0=" + d) << malformed;
        QTest::addRow("no v1") << t << malformed;
        QTest::addRow("no timestamp") << QByteArray("v1=" + d) << malformed;
        QTest::addRow("empty timestamp") << QByteArray("t=,v1=" + d) << malformed;
        QTest::addRow("timestamp not a number") << QByteArray("t=17e8,v1=" + d) << malformed;
        QTest::addRow("negative timestamp") << QByteArray("t=-1700000000,v1=" + d) << malformed;
        QTest::addRow("endless timestamp") << QByteArray("t=" + QByteArray(40, '1') + ",v1=" + d) << malformed;
        QTest::addRow("repeated timestamp") << QByteArray(t + "," + t + ",v1=" + d) << malformed;
        QTest::addRow("endless header") << QByteArray(good() + QByteArray(5000, ',')) << malformed;
    }
    void judgesHeaders()
    {
        QFETCH(QByteArray, header);
        QTEST(verdict(header, body), "expected");
    }

    void refusesEveryChangedBody_data()
    {
        QTest::addColumn<QByteArray>("changed");
        QTest::addRow("one digit") << QByteArray(body).replace("1000", "9000");
        QTest::addRow("re-encoded with a space") << QByteArray(body).replace("\":", "\": ");
        QTest::addRow("line end added") << QByteArray(body + "\n");
        QTest::addRow("last byte lost") << body.chopped(1);
        QTest::addRow("empty") << QByteArray();
        QTest::addRow("NUL added") << QByteArray(body + QByteArray(1, '\0'));
    }
    void refusesEveryChangedBody()
    {
        QFETCH(QByteArray, changed);
        QCOMPARE(verdict(good(), changed), QStringLiteral("signature_invalid"));
    }

    void keepsTheToleranceInBothDirections_data()
    {
        QTest::addColumn<int>("seconds");
        QTest::addColumn<QString>("expected");
        QTest::addRow("at the edge, late") << 300 << QStringLiteral("good");
        QTest::addRow("at the edge, early") << -300 << QStringLiteral("good");
        QTest::addRow("stale") << 301 << QStringLiteral("signature_stale");
        QTest::addRow("from the future") << -301 << QStringLiteral("signature_stale");
    }
    void keepsTheToleranceInBothDirections()
    {
        QFETCH(int, seconds);
        QTEST(verdict(good(), body, signedAt + Duration::seconds(seconds)), "expected");
    }

    void callsAForgedStaleSignatureInvalid()
    {
        QCOMPARE(verdict("t=1,v1=" + otherDigest(), body), QStringLiteral("signature_invalid"));
    }

    void acceptsAnySecretWhileOneIsRotated()
    {
        const QByteArray old = "whsec_old";
        QCOMPARE(verdict(good(), body, signedAt, {old, secret}), QStringLiteral("good"));
        QCOMPARE(verdict(signCallback(old, body, signedAt), body, signedAt, {secret, old}), QStringLiteral("good"));
        QCOMPARE(verdict(signCallback(old, body, signedAt), body, signedAt, {secret}), QStringLiteral("signature_invalid"));
    }

    void neverAcceptsAnEmptySecret()
    {
        QCOMPARE(verdict(signCallback("", body, signedAt), body, signedAt, {QByteArray()}), QStringLiteral("signature_invalid"));
        QCOMPARE(verdict(good(), body, signedAt, {}), QStringLiteral("signature_invalid"));
    }

    void readsAnEvent()
    {
        const auto event = parseCallback(body);
        QVERIFY(event);
        QCOMPARE(event->eventId, QStringLiteral("evt_1"));
        QCOMPARE(event->type, QStringLiteral("payment_intent.succeeded"));
        QCOMPARE(event->created, signedAt);
        QCOMPARE(event->objectKind, QStringLiteral("payment_intent"));
        QCOMPARE(event->objectId, QStringLiteral("pi_1"));
        QVERIFY(!event->livemode);
        QVERIFY(event->intent);
        QCOMPARE(event->intent->transactionRef, QStringLiteral("txn_1"));
    }

    void readsAnEventWithoutTrustingAnUnreadableObject()
    {
        const auto event = parseCallback(QByteArray(body).replace(":1000,", ":1000.5,"));
        QVERIFY(event);
        QVERIFY(!event->intent);
        QCOMPARE(event->objectId, QStringLiteral("pi_1"));
    }

    void refusesWhatIsNoEvent_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addRow("not JSON") << QByteArray("hello");
        QTest::addRow("array") << QByteArray("[]");
        QTest::addRow("no id") << QByteArray(body).replace("\"id\":\"evt_1\",", "");
        QTest::addRow("id with a path") << QByteArray(body).replace("evt_1", "../evt");
        QTest::addRow("object id with a path") << QByteArray(body).replace("\"pi_1\"", "\"pi_1/cancel\"");
        QTest::addRow("no type") << QByteArray(body).replace("\"type\":\"payment_intent.succeeded\",", "");
        QTest::addRow("no livemode") << QByteArray(body).replace("\"livemode\":false,", "");
        QTest::addRow("livemode as text") << QByteArray(body).replace("false", "\"false\"");
        QTest::addRow("created as text") << QByteArray(body).replace("1700000000", "\"now\"");
        QTest::addRow("created beyond all time") << QByteArray(body).replace("1700000000", "9000000000000000");
        QTest::addRow("no object") << QByteArray(R"({"id":"evt_1","type":"a","created":1,"livemode":false,"data":{}})");
        QTest::addRow("id given twice") << QByteArray(body).replace("\"type\"", "\"id\":\"evt_2\",\"type\"");
    }
    void refusesWhatIsNoEvent()
    {
        QFETCH(QByteArray, bytes);
        QVERIFY(!parseCallback(bytes));
    }
};

QTEST_GUILESS_MAIN(TestCallbackVerifier)
#include "tst_callback_verifier.moc"
