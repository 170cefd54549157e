// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/slowness.h"
#include "tests/workflows/gateway/gateway_stage.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTest>

using namespace counterfoil;

namespace {

const QByteArray declined = R"({"error":{"type":"card_error","code":"card_declined","decline_code":"insufficient_funds","payment_intent":)"
    + intentJson("pi_1", "requires_payment_method") + "}}";

} // namespace

/// One request and what a server, mostly a bad one, makes of it.
class TestStripeGateway : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void sendsWhatTheApiExpects_data()
    {
        QTest::addColumn<int>("operation");
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<QByteArray>("body");
        QTest::addRow("create") << int(Operation::CreateIntent) << QByteArray("POST") << QByteArray("/v1/payment_intents")
                                << QByteArray("amount=1000&currency=usd&capture_method=automatic&metadata%5Border%5D=ord_1&metadata%5Btransaction%5D=txn_1");
        QTest::addRow("confirm") << int(Operation::ConfirmIntent) << QByteArray("POST") << QByteArray("/v1/payment_intents/pi_1/confirm")
                                 << QByteArray("expand%5B%5D=latest_charge");
        QTest::addRow("capture") << int(Operation::CaptureIntent) << QByteArray("POST") << QByteArray("/v1/payment_intents/pi_1/capture")
                                 << QByteArray("amount_to_capture=1000&expand%5B%5D=latest_charge");
        QTest::addRow("cancel") << int(Operation::CancelIntent) << QByteArray("POST") << QByteArray("/v1/payment_intents/pi_1/cancel")
                                << QByteArray("expand%5B%5D=latest_charge");
        QTest::addRow("fetch") << int(Operation::FetchIntent) << QByteArray("GET") << QByteArray("/v1/payment_intents/pi_1?expand%5B%5D=latest_charge")
                               << QByteArray();
    }
    void sendsWhatTheApiExpects()
    {
        QFETCH(int, operation);
        Stage stage;
        stage.server.answer(200, intentJson());
        const GatewayAnswer answer = stage.ask(static_cast<Operation>(operation));
        QCOMPARE(toString(answer.outcome), QStringLiteral("succeeded"));
        QCOMPARE(stage.server.received().size(), 1);
        const ReceivedRequest sent = stage.server.received().first();
        QTEST(sent.method, "method");
        QTEST(sent.target, "target");
        QTEST(sent.body, "body");
        QCOMPARE(sent.header("Authorization"), "Bearer " + testKey);
        QCOMPARE(sent.header("Stripe-Version"), QByteArray("2022-11-15"));
        QCOMPARE(sent.header("Idempotency-Key"), sent.method == "POST" ? QByteArray("key-1") : QByteArray());
    }

    void readsTheIntentAndRecordsBothSidesRedacted()
    {
        Stage stage;
        stage.server.answer(200, intentJson(), "Request-Id: req_7\r\n");
        GatewayRequest request = requestFor(Operation::ConfirmIntent);
        request.paymentMethod = QStringLiteral("pm_card_visa");
        const GatewayAnswer answer = stage.ask(request);
        QCOMPARE(answer.httpStatus, 200);
        QVERIFY(answer.intent);
        QCOMPARE(answer.intent->amount, usd(1000));
        QCOMPARE(answer.intent->amountReceived, usd(1000));
        QCOMPARE(answer.intent->cardLast4, QStringLiteral("4242"));
        QCOMPARE(answer.sentAt, stage.clock.now());
        QVERIFY(answer.elapsed > Duration());
        QVERIFY(answer.requestText.startsWith(QStringLiteral("POST /v1/payment_intents/pi_1/confirm\n")));
        QVERIFY(answer.requestText.contains(QStringLiteral("\npayment_method=pm_card_visa\n")));
        QVERIFY(answer.answerText.contains(QStringLiteral("HTTP 200\nRequest-Id: req_7\n")));
        QVERIFY(!answer.requestText.contains(QStringLiteral("sk_test")));
        QVERIFY(!answer.answerText.contains(QStringLiteral("abcDEF123")));
    }

    void createsAndFetchesRefunds()
    {
        Stage stage;
        stage.server.answer(200, R"({"id":"re_1","object":"refund","payment_intent":"pi_1","status":"pending","amount":250,"currency":"usd"})");
        GatewayRequest request = requestFor(Operation::CreateRefund);
        request.amount = usd(250);
        const GatewayAnswer created = stage.ask(request);
        QVERIFY(created.refund);
        QCOMPARE(created.refund->amount, usd(250));
        QCOMPARE(created.refund->status, QStringLiteral("pending"));
        QCOMPARE(stage.server.received().first().body, QByteArray("payment_intent=pi_1&amount=250&metadata%5Border%5D=ord_1&metadata%5Btransaction%5D=txn_1"));
        QCOMPARE(stage.ask(Operation::FetchRefund).refund->id, QStringLiteral("re_1"));
        QCOMPARE(stage.server.received().last().target, QByteArray("/v1/refunds/re_1"));
    }

    void neverRepeatsAPostThatWasReadAndNotAnswered_data()
    {
        QTest::addColumn<bool>("warm");
        QTest::addColumn<bool>("reset");
        QTest::addRow("new connection, closed") << false << false;
        QTest::addRow("new connection, reset") << false << true;
        QTest::addRow("kept connection, closed") << true << false;
        QTest::addRow("kept connection, reset") << true << true;
    }
    void neverRepeatsAPostThatWasReadAndNotAnswered()
    {
        QFETCH(bool, warm);
        QFETCH(bool, reset);
        Stage stage([](StripeOptions& options) { options.inFlightMax = 1; });
        if (warm) {
            stage.barrier();
        }
        stage.server.setScript([reset](QTcpSocket& socket, const ReceivedRequest&) { reset ? socket.abort() : socket.close(); });
        const GatewayAnswer answer = stage.ask(Operation::CreateIntent);
        QCOMPARE(toString(answer.outcome), QStringLiteral("unknown"));
        QCOMPARE(answer.errorCode, QStringLiteral("connection_lost"));
        stage.barrier();
        QCOMPARE(stage.server.posts(), 1);
    }

    void isUnknownWhenTheConnectionClosesBeforeReading()
    {
        Stage stage;
        stage.server.closeOnConnect();
        const GatewayAnswer answer = stage.ask(Operation::CreateIntent);
        QCOMPARE(toString(answer.outcome), QStringLiteral("unknown"));
        QCOMPARE(stage.server.posts(), 0);
    }

    void isNotSentWhenNobodyListens()
    {
        Stage stage;
        stage.server.close();
        for (const Operation operation : {Operation::CreateIntent, Operation::FetchIntent}) {
            const GatewayAnswer answer = stage.ask(operation);
            QCOMPARE(toString(answer.outcome), QStringLiteral("not_sent"));
            QCOMPARE(answer.errorCode, QStringLiteral("connection_refused"));
        }
    }

    void isNotSentWhenTlsIsNotSpoken()
    {
        Stage stage([](StripeOptions& options) { options.baseUrl.setScheme(QStringLiteral("https")); });
        QTcpServer plain;
        QVERIFY(plain.listen(QHostAddress::LocalHost));
        connect(&plain, &QTcpServer::newConnection, &plain, [&] { plain.nextPendingConnection()->write("HTTP/1.1 400 No TLS here\r\n\r\n"); });
        StripeOptions options;
        options.baseUrl = QUrl(QStringLiteral("https://127.0.0.1:%1").arg(plain.serverPort()));
        options.secretKey = testKey;
        stage.gateway = std::move(*StripeGateway::create(options, stage.clock));
        const GatewayAnswer answer = stage.ask(Operation::CreateIntent);
        QCOMPARE(answer.errorCode, QStringLiteral("tls_failed"));
        QCOMPARE(toString(answer.outcome), QStringLiteral("not_sent"));
    }

    void isUnknownForEveryAnswerThatTellsNothing_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<QString>("code");
        const QByteArray good = intentJson();
        const QByteArray longer = QByteArray::number(good.size() + 10);
        QTest::addRow("truncated, 200") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: " + longer + "\r\n\r\n" + good) << QStringLiteral("connection_lost");
        QTest::addRow("truncated, 402") << QByteArray("HTTP/1.1 402 No\r\nContent-Length: " + QByteArray::number(declined.size() + 5) + "\r\n\r\n" + declined) << QString();
        QTest::addRow("content length too small") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n" + good) << QStringLiteral("unreadable_answer");
        QTest::addRow("two content lengths") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n" + good) << QString();
        QTest::addRow("cut chunked") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + QByteArray::number(good.size(), 16) + "\r\n" + good + "\r\n")
                                     << QString();
        QTest::addRow("500") << httpAnswer(500, R"({"error":{"type":"api_error"}})") << QStringLiteral("server_error");
        QTest::addRow("503 without body") << httpAnswer(503, "") << QStringLiteral("server_error");
        QTest::addRow("409") << httpAnswer(409, R"({"error":{"type":"idempotency_error","code":"idempotency_key_in_use"}})") << QStringLiteral("in_progress");
        QTest::addRow("garbage") << httpAnswer(200, "<html>hello</html>") << QStringLiteral("unreadable_answer");
        QTest::addRow("empty 200") << httpAnswer(200, "") << QStringLiteral("unreadable_answer");
        QTest::addRow("204") << QByteArray("HTTP/1.1 204 None\r\n\r\n") << QStringLiteral("unreadable_answer");
        QTest::addRow("fractional amount") << httpAnswer(200, QByteArray(good).replace(":1000,", ":1000.5,")) << QStringLiteral("unreadable_answer");
        QTest::addRow("amount too large for a double") << httpAnswer(200, QByteArray(good).replace(":1000,", ":9007199254740993,")) << QStringLiteral("unreadable_answer");
        QTest::addRow("unknown currency") << httpAnswer(200, QByteArray(good).replace("\"usd\"", "\"zzz\"")) << QStringLiteral("unreadable_answer");
        QTest::addRow("unknown status") << httpAnswer(200, intentJson("pi_1", "requires_prayer")) << QStringLiteral("unreadable_answer");
        QTest::addRow("other intent") << httpAnswer(200, intentJson("pi_2")) << QStringLiteral("other_object");
        QTest::addRow("400 from a proxy") << httpAnswer(400, "<html>bad</html>") << QStringLiteral("unreadable_answer");
        QTest::addRow("403 from a firewall") << httpAnswer(403, R"({"blocked":true})") << QStringLiteral("unreadable_answer");
        QTest::addRow("402 about another intent") << httpAnswer(402, QByteArray(declined).replace("pi_1", "pi_9")) << QStringLiteral("other_object");
        QTest::addRow("402 with an unreadable amount") << httpAnswer(402, QByteArray(declined).replace(":1000,", ":1000.5,")) << QStringLiteral("unreadable_answer");
        QTest::addRow("not HTTP") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n\r\n") << QString();
    }
    void isUnknownForEveryAnswerThatTellsNothing()
    {
        QFETCH(QByteArray, wire);
        QFETCH(QString, code);
        Stage stage;
        stage.server.setScript([wire](QTcpSocket& socket, const ReceivedRequest&) {
            socket.write(wire);
            socket.disconnectFromHost();
        });
        const GatewayAnswer answer = stage.ask(Operation::ConfirmIntent);
        QCOMPARE(toString(answer.outcome), QStringLiteral("unknown"));
        QVERIFY(!answer.intent);
        QVERIFY(!answer.errorCode.isEmpty());
        if (!code.isEmpty()) {
            QCOMPARE(answer.errorCode, code);
        }
        QCOMPARE(stage.server.posts(), 1);
    }

    void takesAClientErrorOfStripeAsRefusal_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("code");
        QTest::addRow("declined") << 402 << declined << QStringLiteral("card_declined");
        QTest::addRow("bad parameter") << 400 << QByteArray(R"({"error":{"type":"invalid_request_error","code":"parameter_invalid"}})") << QStringLiteral("parameter_invalid");
        QTest::addRow("missing") << 404 << QByteArray(R"({"error":{"type":"invalid_request_error","code":"resource_missing"}})") << QStringLiteral("resource_missing");
        QTest::addRow("key reused") << 400 << QByteArray(R"({"error":{"type":"idempotency_error"}})") << QStringLiteral("idempotency_error");
        QTest::addRow("bad key") << 401 << QByteArray(R"({"error":{"type":"invalid_request_error"}})") << QStringLiteral("authentication");
        QTest::addRow("forbidden") << 403 << QByteArray(R"({"error":{"type":"invalid_request_error"}})") << QStringLiteral("authentication");
    }
    void takesAClientErrorOfStripeAsRefusal()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        Stage stage;
        stage.server.answer(status, body, status == 401 ? "WWW-Authenticate: Bearer realm=\"Stripe\"\r\n" : "");
        const GatewayAnswer answer = stage.ask(Operation::ConfirmIntent);
        QCOMPARE(toString(answer.outcome), QStringLiteral("refused"));
        QTEST(answer.errorCode, "code");
        QCOMPARE(answer.httpStatus, status);
        QCOMPARE(stage.server.posts(), 1);
        if (status == 402) {
            QCOMPARE(answer.declineCode, QStringLiteral("insufficient_funds"));
            QCOMPARE(toString(answer.intent->status), QStringLiteral("requires_payment_method"));
        }
    }

    void reportsRateLimitsWithTheirPause()
    {
        Stage stage;
        stage.server.answer(429, R"({"error":{"type":"rate_limit_error"}})", "Retry-After: 7\r\n");
        const GatewayAnswer answer = stage.ask(Operation::CreateIntent);
        QCOMPARE(toString(answer.outcome), QStringLiteral("not_sent"));
        QCOMPARE(answer.errorCode, QStringLiteral("rate_limited"));
        QVERIFY(answer.retryAfter == Duration::seconds(7));
        stage.server.answer(503, "{}", "Retry-After: Tue, 14 Nov 2023 22:14:20 GMT\r\n");
        QVERIFY(stage.ask(Operation::CreateIntent).retryAfter == Duration::seconds(60));
        stage.server.answer(503, "{}", "Retry-After: soon\r\n");
        QVERIFY(stage.ask(Operation::CreateIntent).retryAfter == Duration());
    }

    void doesNotFollowARedirect_data()
    {
        QTest::addColumn<int>("status");
        for (const int status : {301, 302, 303, 307, 308}) {
            QTest::addRow("%d", status) << status;
        }
    }
    void doesNotFollowARedirect()
    {
        QFETCH(int, status);
        ScriptedServer other;
        other.answer(200, intentJson());
        Stage stage;
        stage.server.answer(status, "", "Location: " + other.url().toLatin1() + "/v1/payment_intents/pi_1\r\n");
        for (const Operation operation : {Operation::ConfirmIntent, Operation::FetchIntent}) {
            const GatewayAnswer answer = stage.ask(operation);
            QCOMPARE(toString(answer.outcome), QStringLiteral("unknown"));
            QCOMPARE(answer.errorCode, QStringLiteral("redirect"));
        }
        QCOMPARE(other.connections(), 0);
        QCOMPARE(stage.server.received().size(), 2);
    }

    void endsASlowDripAtTheDeadline_data()
    {
        QTest::addColumn<QByteArray>("start");
        QTest::addRow("silence") << QByteArray();
        QTest::addRow("in the head") << QByteArray("HTTP/1.1 200 OK\r\nX-Drip: ");
        QTest::addRow("in the body") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    }
    void endsASlowDripAtTheDeadline()
    {
        QFETCH(QByteArray, start);
        Stage stage([](StripeOptions& options) { options.deadline = Duration::milliseconds(400); });
        stage.server.setScript([start](QTcpSocket& socket, const ReceivedRequest&) {
            socket.write(start);
            auto* drip = new QTimer(&socket);
            connect(drip, &QTimer::timeout, &socket, [&socket, start] { socket.write(start.isEmpty() ? "" : " "); });
            drip->start(20);
        });
        QElapsedTimer watch;
        watch.start();
        const GatewayAnswer answer = stage.ask(Operation::ConfirmIntent);
        QCOMPARE(toString(answer.outcome), QStringLiteral("unknown"));
        QCOMPARE(answer.errorCode, QStringLiteral("timeout"));
        QVERIFY(watch.elapsed() >= 350);
        QVERIFY2(watch.elapsed() < 3000 * slowness, qPrintable(QString::number(watch.elapsed())));
        QCOMPARE(stage.server.posts(), 1);
    }

    void stopsReadingAnEndlessAnswer()
    {
        Stage stage([](StripeOptions& options) {
            options.deadline = Duration::seconds(20);
            options.answerBytesMax = 256 * 1024;
        });
        qint64 written = 0;
        stage.server.setScript([&](QTcpSocket& socket, const ReceivedRequest&) {
            socket.write("HTTP/1.1 200 OK\r\n\r\n");
            const auto pour = [&socket, &written] {
                while (socket.state() == QAbstractSocket::ConnectedState && socket.bytesToWrite() < 64 * 1024) {
                    written += socket.write(QByteArray(16 * 1024, ' '));
                }
            };
            connect(&socket, &QTcpSocket::bytesWritten, &socket, pour);
            pour();
        });
        const GatewayAnswer answer = stage.ask(Operation::ConfirmIntent);
        QCOMPARE(toString(answer.outcome), QStringLiteral("unknown"));
        QCOMPARE(answer.errorCode, QStringLiteral("too_large"));
        QVERIFY2(written < 32 * 1024 * 1024, qPrintable(QString::number(written)));
    }

    void readsALargeAnswerWhole()
    {
        Stage stage;
        const QByteArray body = QByteArray(intentJson()).replace("\"order\":", "\"filler\":\"" + QByteArray(600 * 1024, 'x') + "\",\"order\":");
        stage.server.answer(200, body);
        const GatewayAnswer answer = stage.ask(Operation::ConfirmIntent);
        QCOMPARE(toString(answer.outcome), QStringLiteral("succeeded"));
        QVERIFY(answer.answerText.size() < 70 * 1024);
    }

    void survivesHugeHeaders()
    {
        Stage stage([](StripeOptions& options) { options.deadline = Duration::seconds(2); });
        stage.server.setScript([](QTcpSocket& socket, const ReceivedRequest&) {
            socket.write("HTTP/1.1 200 OK\r\n");
            for (int i = 0; i < 64; ++i) {
                socket.write("X-Filler-" + QByteArray::number(i) + ": " + QByteArray(64 * 1024, 'x') + "\r\n");
            }
        });
        const GatewayAnswer answer = stage.ask(Operation::ConfirmIntent);
        QCOMPARE(toString(answer.outcome), QStringLiteral("unknown"));
        QVERIFY(answer.answerText.size() < 4096);
    }

    void refusesWhatCannotBeExpressedWithoutSending_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("idempotencyKey");
        QTest::addColumn<qint64>("amount");
        QTest::addRow("path in the id") << QStringLiteral("pi_1/../refunds") << QStringLiteral("k") << qint64{5};
        QTest::addRow("no id") << QString() << QStringLiteral("k") << qint64{5};
        QTest::addRow("no key") << QStringLiteral("pi_1") << QString() << qint64{5};
        QTest::addRow("key too long") << QStringLiteral("pi_1") << QString(256, u'k') << qint64{5};
        QTest::addRow("line end in the key") << QStringLiteral("pi_1") << QStringLiteral("k\r\nX: y") << qint64{5};
        QTest::addRow("zero") << QStringLiteral("pi_1") << QStringLiteral("k") << qint64{0};
        QTest::addRow("negative") << QStringLiteral("pi_1") << QStringLiteral("k") << qint64{-5};
    }
    void refusesWhatCannotBeExpressedWithoutSending()
    {
        QFETCH(QString, id);
        QFETCH(QString, idempotencyKey);
        QFETCH(qint64, amount);
        Stage stage;
        GatewayRequest request = requestFor(Operation::CaptureIntent);
        request.objectId = id;
        request.idempotencyKey = idempotencyKey;
        request.amount = usd(amount);
        const GatewayAnswer answer = stage.ask(request);
        QCOMPARE(toString(answer.outcome), QStringLiteral("refused"));
        QCOMPARE(answer.errorCode, QStringLiteral("invalid_request"));
        QCOMPARE(stage.server.connections(), 0);
    }
};

QTEST_GUILESS_MAIN(TestStripeGateway)
#include "tst_stripe_gateway.moc"
