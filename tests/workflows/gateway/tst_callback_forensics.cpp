// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/gateway/callback_forensics.h"

#include <QTest>

using namespace counterfoil;

namespace {

const QByteArray secret = "whsec_test_secret";
/// As Stripe writes it: indented by two.
const QByteArray body =
    "{\n"
    "  \"id\": \"evt_1\",\n"
    "  \"type\": \"payment_intent.succeeded\",\n"
    "  \"created\": 1700000000,\n"
    "  \"livemode\": false,\n"
    "  \"data\": {\n"
    "    \"object\": {\n"
    "      \"id\": \"pi_1\",\n"
    "      \"object\": \"payment_intent\",\n"
    "      \"note\": \"a \\\"quoted\\\": text, and {braces}\",\n"
    "      \"nothing\": {},\n"
    "      \"list\": [\n"
    "        1,\n"
    "        2\n"
    "      ]\n"
    "    }\n"
    "  }\n"
    "}";
const QByteArray compact =
    "{\"id\":\"evt_1\",\"type\":\"payment_intent.succeeded\",\"created\":1700000000,\"livemode\":false,"
    "\"data\":{\"object\":{\"id\":\"pi_1\",\"object\":\"payment_intent\",\"note\":\"a \\\"quoted\\\": text,"
    " and {braces}\",\"nothing\":{},\"list\":[1,2]}}}";
const QByteArray spaced =
    "{\"id\": \"evt_1\", \"type\": \"payment_intent.succeeded\", \"created\": 1700000000, \"livemode\": false,"
    " \"data\": {\"object\": {\"id\": \"pi_1\", \"object\": \"payment_intent\", \"note\": \"a \\\"quoted\\\": text,"
    " and {braces}\", \"nothing\": {}, \"list\": [1, 2]}}}";
const UtcTime signedAt{1'700'000'000'000'000};

ForensicInput inputOf(const QByteArray& header, const QByteArray& bytes = body)
{
    return {.header = header, .body = bytes, .secrets = {secret}, .now = signedAt + Duration::seconds(7)};
}

QString codeOf(const CallbackForensics& found)
{
    return found.verdict ? QStringLiteral("good") : toString(found.verdict.error().code);
}

using enum ForensicChange;

} // namespace

Q_DECLARE_METATYPE(counterfoil::ForensicGuess)

class TestCallbackForensics : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void explainsAGoodCallback()
    {
        const auto found = examineCallback(inputOf(signCallback(secret, body, signedAt)));
        QVERIFY(found.verdict);
        QCOMPARE(found.items.size(), 2U);
        QCOMPARE(found.timestamp, 1'700'000'000);
        QCOMPARE(found.ageSeconds, 7);
        QVERIFY(found.isInTime);
        QCOMPARE(found.signatures, 1);
        QCOMPARE(found.wellFormedSignatures, 1);
        QCOMPARE(found.fittingSecret, 0);
        QVERIFY(found.event);
        QCOMPARE(found.event->eventId, QStringLiteral("evt_1"));
        QVERIFY(found.guesses.empty());
    }

    void saysWhichSecretFits()
    {
        ForensicInput input = inputOf(signCallback("whsec_new", body, signedAt));
        input.secrets = {secret, QByteArray(), "whsec_new"};
        const auto found = examineCallback(input);
        QVERIFY(found.verdict);
        QCOMPARE(found.secrets, 2);
        QCOMPARE(found.fittingSecret, 2);
    }

    void takesAWholeHeaderLine()
    {
        QVERIFY(examineCallback(inputOf("  Stripe-Signature: " + signCallback(secret, body, signedAt) + "\r\n")).verdict);
        QVERIFY(examineCallback(inputOf("stripe-signature:" + signCallback(secret, body, signedAt))).verdict);
    }

    void readsHeaders_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<bool>("hasTime");
        QTest::addColumn<int>("signatures");
        QTest::addColumn<int>("wellFormed");
        const QByteArray digest(64, 'a');
        QTest::addRow("two signatures") << QByteArray("t=17,v1=" + digest + ",v1=" + digest) << true << 2 << 2;
        QTest::addRow("one of them cut") << QByteArray("t=17,v1=" + digest + ",v1=abc") << true << 2 << 1;
        QTest::addRow("nothing") << QByteArray() << false << 0 << 0;
        QTest::addRow("no time") << QByteArray("v1=" + digest) << false << 1 << 1;
        QTest::addRow("two times") << QByteArray("t=17,t=17,v1=" + digest) << false << 1 << 1;
        QTest::addRow("a time that isn't one") << QByteArray("t=soon,v1=" + digest) << false << 1 << 1;
        QTest::addRow("an endless time") << QByteArray("t=" + QByteArray(30, '1') + ",v1=" + digest) << false << 1 << 1;
        QTest::addRow("another scheme only") << QByteArray("t=17,v0=" + digest) << true << 0 << 0;
        QTest::addRow("no hexadecimal digits") << QByteArray("t=17,v1=" + QByteArray(64, 'z')) << true << 1 << 0;
        QTest::addRow("no sign of equality") << QByteArray("hello") << false << 0 << 0;
        QTest::addRow("only commas") << QByteArray(300, ',') << false << 0 << 0;
    }
    void readsHeaders()
    {
        QFETCH(QByteArray, header);
        const auto found = examineCallback(inputOf(header));
        QVERIFY(!found.verdict);
        QTEST(found.timestamp.has_value(), "hasTime");
        QTEST(found.signatures, "signatures");
        QTEST(found.wellFormedSignatures, "wellFormed");
        QVERIFY(!found.fittingSecret);
        QVERIFY(found.items.size() <= 64U);
    }

    void findsWhatChangedTheBody_data()
    {
        QTest::addColumn<QByteArray>("given");
        QTest::addColumn<QByteArray>("signedBody");
        QTest::addColumn<ForensicGuess>("guess");
        QTest::addRow("a line end was lost") << body << QByteArray(body + '\n') << ForensicGuess{LineEndAdded};
        QTest::addRow("a line end came") << QByteArray(body + '\n') << body << ForensicGuess{BodyTrimmed};
        QTest::addRow("line ends of Windows came") << QByteArray(body).replace("\n", "\r\n") << body << ForensicGuess{CrlfToLf};
        QTest::addRow("line ends of Windows went") << body << QByteArray(body).replace("\n", "\r\n") << ForensicGuess{LfToCrlf};
        QTest::addRow("written anew without space") << compact << body << ForensicGuess{JsonIndented};
        QTest::addRow("made pretty") << body << compact << ForensicGuess{JsonCompact};
        QTest::addRow("written anew on one line") << compact << spaced << ForensicGuess{JsonSpaced};
        QTest::addRow("anew, and a line end lost") << compact << QByteArray(body + '\n') << ForensicGuess{JsonIndented, LineEndAdded};
        QTest::addRow("a byte order mark came") << QByteArray("\xef\xbb\xbf" + body) << body << ForensicGuess{MarkTakenOff};
    }
    void findsWhatChangedTheBody()
    {
        QFETCH(QByteArray, given);
        QFETCH(QByteArray, signedBody);
        QFETCH(ForensicGuess, guess);
        const auto found = examineCallback(inputOf(signCallback(secret, signedBody, signedAt), given));
        QCOMPARE(codeOf(found), QStringLiteral("signature_invalid"));
        QVERIFY(!found.fittingSecret);
        QCOMPARE(found.guesses.size(), 1U);
        QVERIFY(found.guesses.front() == guess);
    }

    void findsWhatIsWrongWithTheSecret_data()
    {
        QTest::addColumn<QByteArray>("given");
        QTest::addColumn<ForensicGuess>("guess");
        QTest::addRow("space around it") << QByteArray(" " + secret + "\n") << ForensicGuess{SecretTrimmed};
        QTest::addRow("quotes around it") << QByteArray('"' + secret + '"') << ForensicGuess{SecretTrimmed};
        QTest::addRow("its beginning is missing") << secret.mid(6) << ForensicGuess{SecretWithPrefix};
        QTest::addRow("both") << QByteArray(secret.mid(6) + ' ') << ForensicGuess{SecretTrimmed, SecretWithPrefix};
    }
    void findsWhatIsWrongWithTheSecret()
    {
        QFETCH(QByteArray, given);
        QFETCH(ForensicGuess, guess);
        ForensicInput input = inputOf(signCallback(secret, body, signedAt));
        input.secrets = {given};
        const auto found = examineCallback(input);
        QCOMPARE(codeOf(found), QStringLiteral("signature_invalid"));
        QCOMPARE(found.guesses.size(), 1U);
        QVERIFY(found.guesses.front() == guess);
    }

    void seesASignatureOfAnotherScheme()
    {
        const QByteArray header = signCallback(secret, body, signedAt).replace("v1=", "v0=");
        const auto found = examineCallback(inputOf(header));
        QCOMPARE(codeOf(found), QStringLiteral("malformed_input"));
        QCOMPARE(found.guesses.size(), 1U);
        QVERIFY(found.guesses.front() == ForensicGuess{OtherScheme});
        const auto beside = examineCallback(inputOf(header + ",v1=" + QByteArray(64, '0')));
        QCOMPARE(codeOf(beside), QStringLiteral("signature_invalid"));
        QVERIFY(beside.guesses.front() == ForensicGuess{OtherScheme});
    }

    void tellsARightSignatureOfAnotherTime_data()
    {
        QTest::addColumn<int>("seconds");
        QTest::addColumn<bool>("inTime");
        QTest::addRow("at the edge") << 300 << true;
        QTest::addRow("at the other edge") << -300 << true;
        QTest::addRow("stale") << 301 << false;
        QTest::addRow("a year ago") << 365 * 86'400 << false;
        QTest::addRow("from the future") << -301 << false;
    }
    void tellsARightSignatureOfAnotherTime()
    {
        QFETCH(int, seconds);
        QFETCH(bool, inTime);
        ForensicInput input = inputOf(signCallback(secret, body, signedAt));
        input.now = signedAt + Duration::seconds(seconds);
        const auto found = examineCallback(input);
        QCOMPARE(codeOf(found), inTime ? QStringLiteral("good") : QStringLiteral("signature_stale"));
        QCOMPARE(found.isInTime, inTime);
        QCOMPARE(found.ageSeconds, seconds);
        QCOMPARE(found.fittingSecret, 0);
        QVERIFY(found.guesses.empty());
    }

    void explainsAStaleOneThatWasChangedToo()
    {
        ForensicInput input = inputOf(signCallback(secret, body, signedAt), compact);
        input.now = signedAt + Duration::hours(3);
        const auto found = examineCallback(input);
        QCOMPARE(codeOf(found), QStringLiteral("signature_invalid"));
        QVERIFY(!found.isInTime);
        QVERIFY(found.guesses.front() == ForensicGuess{JsonIndented});
    }

    void explainsNothingAway_data()
    {
        QTest::addColumn<QByteArray>("given");
        QTest::addColumn<QByteArray>("key");
        QTest::addRow("another amount") << QByteArray(body).replace("1700000000", "1700000001") << secret;
        QTest::addRow("another secret") << body << QByteArray("whsec_of_another_endpoint");
        QTest::addRow("no secret") << body << QByteArray();
        QTest::addRow("no body") << QByteArray() << secret;
        QTest::addRow("cut off") << body.left(60) << secret;
        QTest::addRow("only brackets that close") << QByteArray(200, '}') << secret;
        QTest::addRow("an open text") << QByteArray("{\"a\":\"\\") << secret;
    }
    void explainsNothingAway()
    {
        QFETCH(QByteArray, given);
        QFETCH(QByteArray, key);
        ForensicInput input = inputOf(signCallback(secret, body, signedAt), given);
        input.secrets = {key};
        const auto found = examineCallback(input);
        QCOMPARE(codeOf(found), QStringLiteral("signature_invalid"));
        QVERIFY(!found.fittingSecret);
        QVERIFY(found.guesses.empty());
    }

    void neverFitsAnEmptySecret()
    {
        ForensicInput input = inputOf(signCallback("", body, signedAt));
        input.secrets = {QByteArray(), " "};
        const auto found = examineCallback(input);
        QCOMPARE(codeOf(found), QStringLiteral("signature_invalid"));
        QVERIFY(!found.fittingSecret);
        QVERIFY(found.guesses.empty());
    }

    void saysWhyABodyIsNoEvent()
    {
        const QByteArray text = "[1,2]";
        const auto found = examineCallback(inputOf(signCallback(secret, text, signedAt), text));
        QVERIFY(found.verdict);
        QVERIFY(!found.event);
    }

    void aHugeBodyIsComparedButNotChanged()
    {
        const QByteArray huge = '[' + QByteArray(2 * 1024 * 1024, ' ') + ']';
        const auto found = examineCallback(inputOf(signCallback(secret, "[]", signedAt), huge));
        QCOMPARE(codeOf(found), QStringLiteral("signature_invalid"));
        QVERIFY(found.guesses.empty());
    }
};

QTEST_GUILESS_MAIN(TestCallbackForensics)
#include "tst_callback_forensics.moc"
