// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/workflows/gateway/gateway_stage.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace counterfoil;

/// What a call makes of several requests, and several calls of one gateway: lists, bounds, the circuit, life and death.
class TestStripeCalls : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void findsAnIntentOnALaterPage()
    {
        Stage stage;
        stage.server.setScript([](QTcpSocket& socket, const ReceivedRequest& request) {
            const bool first = !request.target.contains("starting_after");
            const QByteArray one = first ? intentJson("pi_9", "succeeded", "txn_9") : intentJson("pi_8", "canceled") + "," + intentJson("pi_7", "processing");
            socket.write(httpAnswer(200, R"({"object":"list","has_more":true,"data":[)" + one + "]}"));
        });
        const GatewayAnswer answer = stage.ask(Operation::FindIntent);
        QCOMPARE(toString(answer.outcome), QStringLiteral("succeeded"));
        QCOMPARE(answer.intent->id, QStringLiteral("pi_7"));
        QCOMPARE(stage.server.received().at(0).target, QByteArray("/v1/payment_intents?created%5Bgte%5D=1700000000&limit=100"));
        QCOMPARE(stage.server.received().at(1).target, QByteArray("/v1/payment_intents?created%5Bgte%5D=1700000000&limit=100&starting_after=pi_9"));
    }

    void findsNothingWhenTheListIsExhausted()
    {
        Stage stage;
        stage.server.answer(200, R"({"object":"list","has_more":false,"data":[]})");
        const GatewayAnswer answer = stage.ask(Operation::FindIntent);
        QCOMPARE(toString(answer.outcome), QStringLiteral("succeeded"));
        QVERIFY(!answer.intent);
    }

    void findsARefundByOurReference()
    {
        Stage stage;
        stage.server.setScript([&](QTcpSocket& socket, const ReceivedRequest& request) {
            const bool first = !request.target.contains("starting_after");
            const QByteArray one = first ? refundJson("re_9", "txn_9") : refundJson("re_8", "txn_8") + "," + refundJson("re_7", "txn_1");
            socket.write(httpAnswer(200, R"({"object":"list","has_more":true,"data":[)" + one + "]}"));
        });
        const GatewayAnswer answer = stage.ask(Operation::FindRefund);
        QCOMPARE(toString(answer.outcome), QStringLiteral("succeeded"));
        QVERIFY(answer.refund && !answer.intent);
        QCOMPARE(answer.refund->id, QStringLiteral("re_7"));
        QCOMPARE(answer.refund->transactionRef, QStringLiteral("txn_1"));
        QCOMPARE(stage.server.received().at(0).target, QByteArray("/v1/refunds?payment_intent=pi_1&limit=100"));
        QCOMPARE(stage.server.received().at(1).target, QByteArray("/v1/refunds?payment_intent=pi_1&limit=100&starting_after=re_9"));

        stage.server.answer(200, R"({"object":"list","has_more":false,"data":[]})");
        const GatewayAnswer nothing = stage.ask(Operation::FindRefund);
        QCOMPARE(toString(nothing.outcome), QStringLiteral("succeeded"));
        QVERIFY(!nothing.refund);
        // One of ours that can't be read is not none of ours.
        stage.server.answer(200, R"({"has_more":false,"data":[)" + refundJson("re_7", "txn_1").replace("250", "2.5") + "]}");
        QCOMPARE(toString(stage.ask(Operation::FindRefund).outcome), QStringLiteral("unknown"));
    }

    void givesUpAListThatNeverEnds()
    {
        Stage stage([](StripeOptions& options) { options.findPagesMax = 3; });
        stage.server.answer(200, R"({"has_more":true,"data":[)" + intentJson("pi_9", "succeeded", "txn_9") + "]}");
        const GatewayAnswer answer = stage.ask(Operation::FindIntent);
        QCOMPARE(toString(answer.outcome), QStringLiteral("unknown"));
        QCOMPARE(answer.errorCode, QStringLiteral("too_many_pages"));
        QCOMPARE(stage.server.received().size(), 3);
    }

    void doesNotTakeABrokenListForAnEmptyOne()
    {
        Stage stage;
        for (const QByteArray& body : {QByteArray("{}"), QByteArray(R"({"data":[]})"), QByteArray(R"({"data":{},"has_more":false})"),
                                       QByteArray(R"({"data":[],"has_more":true})")}) {
            stage.server.answer(200, body);
            QCOMPARE(toString(stage.ask(Operation::FindIntent).outcome), QStringLiteral("unknown"));
        }
    }

    void boundsWhatIsUnderWayAndKeepsTheOrder()
    {
        Stage stage([](StripeOptions& options) { options.inFlightMax = 8; });
        QList<QPointer<QTcpSocket>> held;
        stage.server.setScript([&](QTcpSocket& socket, const ReceivedRequest&) { held.append(&socket); });
        int answers = 0;
        for (int i = 0; i < 20; ++i) {
            GatewayRequest request = requestFor(Operation::ConfirmIntent);
            request.idempotencyKey = QStringLiteral("key-%1").arg(i);
            stage.gateway->send(request, [&](const GatewayAnswer& answer) { answers += answer.outcome == GatewayOutcome::Succeeded ? 1 : 0; });
        }
        // Eight really are at the server at once, more than one manager's connections.
        QTRY_COMPARE(held.size(), 8);
        QCOMPARE(stage.gateway->inFlight(), 8);
        QCOMPARE(stage.gateway->waiting(), 12);
        QStringList firstEight;
        for (const ReceivedRequest& request : stage.server.received()) {
            firstEight += QString::fromLatin1(request.header("Idempotency-Key"));
        }
        for (int i = 0; i < 8; ++i) {
            QVERIFY(firstEight.contains(QStringLiteral("key-%1").arg(i)));
        }
        stage.server.answer(200, intentJson());
        for (const auto& socket : std::as_const(held)) {
            socket->write(httpAnswer(200, intentJson()));
        }
        QTRY_COMPARE(answers, 20);
        QCOMPARE(stage.gateway->inFlight(), 0);
        QCOMPARE(stage.server.posts(), 20);
    }

    void doesNotSendWhatWaitedTooLong()
    {
        Stage stage([](StripeOptions& options) {
            options.inFlightMax = 1;
            options.deadline = Duration::milliseconds(300);
        });
        stage.server.setScript([](QTcpSocket&, const ReceivedRequest&) {});
        QStringList codes;
        for (int i = 0; i < 3; ++i) {
            stage.gateway->send(requestFor(Operation::ConfirmIntent), [&](const GatewayAnswer& answer) {
                codes += answer.errorCode + u'/' + toString(answer.outcome);
            });
        }
        QTRY_COMPARE(codes.size(), 3);
        QCOMPARE(codes.filter(QStringLiteral("queue_timeout/not_sent")).size() + codes.filter(QStringLiteral("timeout/unknown")).size(), 3);
        QVERIFY(codes.contains(QStringLiteral("queue_timeout/not_sent")));
        QCOMPARE(stage.server.posts(), codes.count(QStringLiteral("timeout/unknown")));
    }

    void opensTheCircuitAndLetsBackInSlowly()
    {
        Stage stage([](StripeOptions& options) {
            options.breaker = {.failuresToOpen = 3, .pauseFirst = Duration::seconds(10), .pauseMax = Duration::seconds(60), .trialsMax = 2};
        });
        const QSignalSpy changes(stage.gateway.get(), &StripeGateway::circuitStateChanged);
        stage.server.answer(500, "{}");
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(stage.ask(Operation::FetchIntent).errorCode, QStringLiteral("server_error"));
        }
        const GatewayAnswer blocked = stage.ask(Operation::CreateIntent);
        QCOMPARE(toString(blocked.outcome), QStringLiteral("not_sent"));
        QCOMPARE(blocked.errorCode, QStringLiteral("circuit_open"));
        QVERIFY(blocked.retryAfter == Duration::seconds(10));
        QCOMPARE(stage.server.received().size(), 3);
        stage.clock.advance(Duration::seconds(10));
        stage.server.answer(200, intentJson());
        for (int i = 0; i < 4; ++i) {
            QCOMPARE(toString(stage.ask(Operation::FetchIntent).outcome), QStringLiteral("succeeded"));
        }
        QVERIFY(stage.gateway->circuitState() == CircuitBreaker::State::Closed);
        QCOMPARE(changes.size(), 3);
    }

    void callsNobodyAfterItIsDestroyed()
    {
        Stage stage;
        bool reached = false;
        stage.server.setScript([&](QTcpSocket&, const ReceivedRequest&) { reached = true; });
        bool called = false;
        stage.gateway->send(requestFor(Operation::ConfirmIntent), [&](const GatewayAnswer&) { called = true; });
        QTRY_VERIFY(reached);
        stage.gateway.reset();
        QCoreApplication::processEvents();
        QVERIFY(!called);
    }

    void mayBeDestroyedByWhoIsAnswered()
    {
        Stage stage;
        stage.server.answer(200, intentJson());
        stage.gateway->send(requestFor(Operation::FetchIntent), [&](const GatewayAnswer&) { stage.gateway.reset(); });
        QTRY_VERIFY(!stage.gateway);
    }

    void refusesToBeConfiguredUnsafely_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QByteArray>("secret");
        QTest::addRow("live key in the clear") << QStringLiteral("http://api.example.com") << QByteArray("sk_live_1");
        QTest::addRow("no key") << QStringLiteral("https://api.stripe.com") << QByteArray();
        QTest::addRow("line end in the key") << QStringLiteral("https://api.stripe.com") << QByteArray("sk_live_1\r\nX-Evil: 1");
        QTest::addRow("password in the address") << QStringLiteral("https://a:b@api.stripe.com") << QByteArray("sk_live_1");
        QTest::addRow("other scheme") << QStringLiteral("ftp://api.stripe.com") << QByteArray("sk_test_1");
        QTest::addRow("no host") << QStringLiteral("https:///v1") << QByteArray("sk_test_1");
    }
    void refusesToBeConfiguredUnsafely()
    {
        QFETCH(QString, url);
        QFETCH(QByteArray, secret);
        const ManualClock clock{UtcTime(1)};
        StripeOptions options;
        options.baseUrl = QUrl(url);
        options.secretKey = secret;
        const auto made = StripeGateway::create(options, clock);
        QVERIFY(!made);
        QCOMPARE(toString(made.error().code), QStringLiteral("configuration_invalid"));
        QVERIFY(!made.error().detail.contains(QStringLiteral("sk_")));
    }
};

QTEST_GUILESS_MAIN(TestStripeCalls)
#include "tst_stripe_calls.moc"
