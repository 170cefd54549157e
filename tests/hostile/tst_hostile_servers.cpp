// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/hostile/tls_server.h"
#include "tests/support/slowness.h"
#include "tests/workflows/gateway/gateway_stage.h"

#include <QElapsedTimer>
#include <QFile>
#include <QRegularExpression>
#include <QScopeGuard>
#include <QSet>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTest>

using namespace counterfoil;

namespace {

constexpr qint64 growthMaxKiB = 16 * 1024;

qint64 residentKiB()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    return file.open(QFile::ReadOnly) ? file.readAll().split(' ').value(1).toLongLong() * 4 : -1;
}

/// Pours the text into the connection as fast as the other side takes it.
void pour(QTcpSocket& socket, const QByteArray& text)
{
    const auto more = [&socket, text] {
        while (socket.state() == QAbstractSocket::ConnectedState && socket.bytesToWrite() < 256 * 1024) {
            socket.write(text);
        }
    };
    QObject::connect(&socket, &QTcpSocket::bytesWritten, &socket, more);
    more();
}

} // namespace

/// Servers that mean the gateway's client harm: what it makes of them, how long it takes, what it costs, and how often a POST arrived.
/// What a single answer's text can do is in tst_stripe_gateway.
class TestHostileServers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void isUnknownAndBounded_data();
    void isUnknownAndBounded();
    void sendsEveryPostOnceToAServerThatCloses();
    void trustsNoCertificateOfItsOwnMaking_data();
    void trustsNoCertificateOfItsOwnMaking();
    void endsAFloodOverTls();
    void pausesABoundedTime_data();
    void pausesABoundedTime();
    void believesTheBodyAndNotItsLabel();
    void getsOverInterimAnswers();
};

void TestHostileServers::isUnknownAndBounded_data()
{
    QTest::addColumn<QByteArray>("start");
    QTest::addColumn<QByteArray>("again");
    QTest::addColumn<qint64>("growthKiB");
    const QByteArray ok = "HTTP/1.1 200 OK\r\n";
    QTest::newRow("endless body without a length") << QByteArray(ok + "\r\n") << QByteArray(16'384, ' ') << growthMaxKiB;
    QTest::newRow("endless body with a length") << QByteArray(ok + "Content-Length: 999999999999\r\n\r\n") << QByteArray(16'384, ' ') << growthMaxKiB;
    // Qt 6.4.2 goes on reading chunks for as long as one is waiting, whatever the size of its buffer, and over the loopback interface one
    // always is. Plain HTTP goes nowhere else with a live key; over TLS the bound holds (endsAFloodOverTls).
    QTest::newRow("endless chunks") << QByteArray(ok + "Transfer-Encoding: chunked\r\n\r\n") << QByteArray("4000\r\n" + QByteArray(0x4000, ' ') + "\r\n") << growthMaxKiB * 64;
    QTest::newRow("endless headers") << ok << QByteArray("X-Filler: " + QByteArray(200, 'x') + "\r\n").repeated(50) << growthMaxKiB;
    QTest::newRow("endless header line") << QByteArray(ok + "X-Filler: ") << QByteArray(16'384, 'x') << growthMaxKiB;
    QTest::newRow("endless status line") << QByteArray("HTTP/1.1 200 ") << QByteArray(16'384, 'O') << growthMaxKiB;
    QTest::newRow("endless interim answers") << QByteArray() << QByteArray("HTTP/1.1 100 Continue\r\n\r\n").repeated(400) << growthMaxKiB;
    QTest::newRow("compressed, unasked") << QByteArray(ok + "Content-Encoding: gzip\r\n\r\n") << QByteArray(16'384, '\0') << growthMaxKiB;
}

void TestHostileServers::isUnknownAndBounded()
{
    QFETCH(QByteArray, start);
    QFETCH(QByteArray, again);
    QFETCH(const qint64, growthKiB);
    Stage stage([](StripeOptions& options) { options.deadline = Duration::seconds(2); });
    stage.barrier();
    stage.server.setScript([=](QTcpSocket& socket, const ReceivedRequest&) {
        socket.write(start);
        pour(socket, again);
    });
    const qint64 before = residentKiB();
    qint64 most = before;
    QTimer look;
    connect(&look, &QTimer::timeout, this, [&most] { most = std::max(most, residentKiB()); });
    look.start(5);
    QElapsedTimer timer;
    timer.start();
    const GatewayAnswer answer = stage.ask(Operation::ConfirmIntent);
    most = std::max(most, residentKiB());
    qInfo("%-32s %-18s %-16s %5lld ms, memory +%.1f MiB, POSTs %d", QTest::currentDataTag(), qPrintable(toString(answer.outcome)), qPrintable(answer.errorCode),
          static_cast<long long>(timer.elapsed()), static_cast<double>(most - before) / 1024, stage.server.posts());
    QCOMPARE(toString(answer.outcome), QStringLiteral("unknown"));
    QCOMPARE(stage.server.posts(), 1);
    QVERIFY(timer.elapsed() < 5000);
    // A sanitizer keeps for a while what was freed.
    QVERIFY2(slowness > 1 || most - before <= growthKiB, qPrintable(QString::number(most - before)));
}

void TestHostileServers::sendsEveryPostOnceToAServerThatCloses()
{
    Stage stage;
    stage.server.setScript([](QTcpSocket& socket, const ReceivedRequest&) { socket.disconnectFromHost(); });
    constexpr int calls = 50;
    for (int i = 0; i < calls; ++i) {
        GatewayRequest request = requestFor(Operation::ConfirmIntent);
        request.idempotencyKey = QStringLiteral("key-%1").arg(i);
        QCOMPARE(toString(stage.ask(request).outcome), QStringLiteral("unknown"));
    }
    stage.barrier();
    QSet<QByteArray> keys;
    for (const ReceivedRequest& request : stage.server.received()) {
        keys.insert(request.header("Idempotency-Key"));
    }
    qInfo("closes after reading: %d calls, %d POSTs arrived", calls, stage.server.posts());
    QCOMPARE(stage.server.posts(), calls);
    QCOMPARE(keys.size(), calls + 1); // the barrier's question has none
}

void TestHostileServers::trustsNoCertificateOfItsOwnMaking_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::newRow("signed by itself") << QByteArray("127.0.0.1");
    QTest::newRow("of another host") << QByteArray("api.stripe.com");
}

void TestHostileServers::trustsNoCertificateOfItsOwnMaking()
{
    QFETCH(QByteArray, host);
    TlsServer server(host);
    QVERIFY2(server.isListening(), "openssl makes the certificate");
    Stage stage([&server](StripeOptions& options) { options.baseUrl = QUrl(server.url()); });
    const GatewayAnswer answer = stage.ask(Operation::ConfirmIntent);
    qInfo("certificate %s: %s %s, %lld bytes of ours arrived", QTest::currentDataTag(), qPrintable(toString(answer.outcome)), qPrintable(answer.errorCode),
          static_cast<long long>(server.bytesRead()));
    QCOMPARE(toString(answer.outcome), QStringLiteral("not_sent"));
    QCOMPARE(answer.errorCode, QStringLiteral("tls_failed"));
    QCOMPARE(server.bytesRead(), qint64{0});
}

void TestHostileServers::endsAFloodOverTls()
{
    TlsServer server("127.0.0.1");
    QVERIFY2(server.isListening(), "openssl makes the certificate");
    const QSslConfiguration usual = QSslConfiguration::defaultConfiguration();
    QSslConfiguration trusting = usual;
    trusting.addCaCertificate(server.certificate());
    QSslConfiguration::setDefaultConfiguration(trusting);
    const auto restore = qScopeGuard([&usual] { QSslConfiguration::setDefaultConfiguration(usual); });
    server.setScript([](QSslSocket& socket) {
        socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        // From the event loop: what is written while bytesWritten is told is encrypted in the same breath, without end.
        auto* const refill = new QTimer(&socket);
        connect(refill, &QTimer::timeout, &socket, [&socket] {
            const QByteArray chunk = "4000\r\n" + QByteArray(0x4000, ' ') + "\r\n";
            for (int i = 0; i < 16 && socket.state() == QAbstractSocket::ConnectedState && socket.bytesToWrite() + socket.encryptedBytesToWrite() < 256 * 1024; ++i) {
                socket.write(chunk);
            }
        });
        refill->start(0);
    });
    Stage stage([&server](StripeOptions& options) {
        options.baseUrl = QUrl(server.url());
        options.deadline = Duration::seconds(5);
    });
    const qint64 before = residentKiB();
    qint64 most = before;
    QTimer look;
    connect(&look, &QTimer::timeout, this, [&most] { most = std::max(most, residentKiB()); });
    look.start(5);
    const GatewayAnswer answer = stage.ask(Operation::ConfirmIntent);
    most = std::max(most, residentKiB());
    qInfo("endless chunks over TLS: %s %s, memory +%.1f MiB", qPrintable(toString(answer.outcome)), qPrintable(answer.errorCode), static_cast<double>(most - before) / 1024);
    QCOMPARE(toString(answer.outcome), QStringLiteral("unknown"));
    QCOMPARE(answer.errorCode, QStringLiteral("too_large"));
    QVERIFY2(slowness > 1 || most - before <= growthMaxKiB, qPrintable(QString::number(most - before)));
}

void TestHostileServers::pausesABoundedTime_data()
{
    QTest::addColumn<QByteArray>("value");
    for (const char* value : {"999999999999", "-1", "1e9", "99999999999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "Thu, 01 Jan 1970 00:00:00 GMT", "0"}) {
        QTest::newRow(value) << QByteArray(value);
    }
}

void TestHostileServers::pausesABoundedTime()
{
    QFETCH(QByteArray, value);
    Stage stage;
    stage.server.answer(429, R"({"error":{"type":"rate_limit_error"}})", "Retry-After: " + value + "\r\n");
    const GatewayAnswer answer = stage.ask(Operation::CreateIntent);
    qInfo("Retry-After: %s pauses %lld s", value.constData(), static_cast<long long>(answer.retryAfter.milliseconds() / 1000));
    QCOMPARE(toString(answer.outcome), QStringLiteral("not_sent"));
    QVERIFY(answer.retryAfter >= Duration());
    QVERIFY(answer.retryAfter <= Duration::days(1));
}

void TestHostileServers::believesTheBodyAndNotItsLabel()
{
    Stage stage;
    const QByteArray body = intentJson();
    stage.server.setScript([body](QTcpSocket& socket, const ReceivedRequest&) {
        socket.write("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
    });
    QCOMPARE(toString(stage.ask(Operation::ConfirmIntent).outcome), QStringLiteral("succeeded"));
    stage.server.answer(200, "<html>Sign in to the network</html>");
    QCOMPARE(toString(stage.ask(Operation::ConfirmIntent).outcome), QStringLiteral("unknown"));
    QCOMPARE(stage.server.posts(), 2);
}

void TestHostileServers::getsOverInterimAnswers()
{
    Stage stage;
    stage.server.setScript([](QTcpSocket& socket, const ReceivedRequest&) {
        socket.write(QByteArray("HTTP/1.1 100 Continue\r\n\r\n").repeated(20) + "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + httpAnswer(200, intentJson()));
    });
    const GatewayAnswer answer = stage.ask(Operation::ConfirmIntent);
    qInfo("20 interim answers: %s %s", qPrintable(toString(answer.outcome)), qPrintable(answer.errorCode));
    QVERIFY(toString(answer.outcome) == u"succeeded" || toString(answer.outcome) == u"unknown");
    QCOMPARE(stage.server.posts(), 1);
}

QTEST_GUILESS_MAIN(TestHostileServers)

#include "tst_hostile_servers.moc"
