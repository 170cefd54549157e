// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/http_server.h"
#include "tests/support/slowness.h"

#include <QElapsedTimer>
#include <QTcpSocket>
#include <QTest>

#include <atomic>
#include <thread>

using namespace counterfoil;

namespace {

constexpr int waitMs = 5000;

/// Answers with the body, or with what the path asks for.
void echo(HttpRequest request, HttpRespond respond)
{
    if (request.path == QStringLiteral("/later")) {
        std::thread([respond] {
            HttpResponse response;
            response.body = "later";
            respond(response);
            respond(response);
        }).detach();
        return;
    }
    HttpResponse response;
    response.cutConnection = request.path == QStringLiteral("/cut");
    response.contentType = "text/plain";
    response.body = QByteArray::fromStdString(request.method) + ' ' + request.path.toLatin1() + ' ' + request.query.toLatin1()
                    + ' ' + request.header("x-test") + ' ' + request.body;
    response.headers.emplace_back("X-Bad", "a\r\nInjected: yes");
    respond(response);
}

class Client {
public:
    explicit Client(quint16 port)
    {
        socket.connectToHost(QStringLiteral("127.0.0.1"), port);
        QVERIFY(socket.waitForConnected(waitMs));
    }

    void send(const QByteArray& bytes)
    {
        socket.write(bytes);
        while (socket.bytesToWrite() > 0 && socket.waitForBytesWritten(waitMs)) {
        }
    }

    bool waitFor(const QByteArray& text)
    {
        while (!received.contains(text)) {
            if (!socket.waitForReadyRead(waitMs)) {
                received += socket.readAll();
                return received.contains(text);
            }
            received += socket.readAll();
        }
        return true;
    }

    /// Everything until the server closes.
    QByteArray rest()
    {
        while (socket.state() == QAbstractSocket::ConnectedState && socket.waitForReadyRead(waitMs)) {
            received += socket.readAll();
        }
        return received + socket.readAll();
    }

    QTcpSocket socket;
    QByteArray received;
};

const QByteArray good = "GET /a?b=%20c HTTP/1.1\r\nHost: localhost\r\nX-Test: 1\r\n\r\n";

} // namespace

class TestHttpServer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refusesMalformedRequests_data();
    void refusesMalformedRequests();
    void acceptsUnusualButValidRequests_data();
    void acceptsUnusualButValidRequests();
    void handsOverRawBody();
    void keepsConnectionsAliveAndAnswersPipelinedRequestsInOrder();
    void answersFromAnotherThreadOnce();
    void cutsWithoutAnAnswer();
    void leavesOutHeadersThatWouldSplitTheAnswer();
    void reportsAddressInUse();
    void closesSlowHeadersButKeepsOthers();
    void closesIdleConnections();
    void closesAfterTheLastAllowedRequest();
    void evictsTheOldestInHeaderPhasePerAddress();
    void evictsTheOldestInHeaderPhaseOverall();
    void cutsTheLargestBodyBeyondTheTotal();
    void finishesRunningAnswersWhenStopped();
    void asksForTheBodyWhenExpected();
};

void TestHttpServer::refusesMalformedRequests_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    const QByteArray post = "POST / HTTP/1.1\r\nHost: a\r\n";
    const auto row = [](const char* name, const QByteArray& request, int status) {
        QTest::newRow(name) << request << status;
    };
    row("length and encoding", post + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
    row("encoding and length", post + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n", 400);
    row("length twice, equal", post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na", 400);
    row("length twice, different", post + "Content-Length: 1\r\ncontent-length: 2\r\n\r\nab", 400);
    row("length list", post + "Content-Length: 1, 1\r\n\r\na", 400);
    row("length with sign", post + "Content-Length: +1\r\n\r\na", 400);
    row("length negative", post + "Content-Length: -1\r\n\r\na", 400);
    row("length hexadecimal", post + "Content-Length: 0x1\r\n\r\na", 400);
    row("length empty", post + "Content-Length:\r\n\r\n", 400);
    row("length overflow", post + "Content-Length: 18446744073709551617\r\n\r\n", 400);
    row("encoding gzip", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400);
    row("encoding identity", post + "Transfer-Encoding: identity\r\n\r\n", 400);
    row("encoding twice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
    row("encoding quoted", post + "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", 400);
    row("encoding in 1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
    row("no host", "GET / HTTP/1.1\r\n\r\n", 400);
    row("host twice", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400);
    row("host empty", "GET / HTTP/1.1\r\nHost: \r\n\r\n", 400);
    row("host with path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400);
    row("folded with blank", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n", 400);
    row("folded with tab", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n\t2\r\n\r\n", 400);
    row("folded first", "GET / HTTP/1.1\r\n X: 1\r\nHost: a\r\n\r\n", 400);
    row("blank before colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400);
    row("no colon", "GET / HTTP/1.1\r\nHost: a\r\nrubbish\r\n\r\n", 400);
    row("empty name", "GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n", 400);
    row("control in value", "GET / HTTP/1.1\r\nHost: a\r\nX: a\x01\r\n\r\n", 400);
    row("nul in value", QByteArray("GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 36), 400);
    row("bare line feeds", "GET / HTTP/1.1\nHost: a\n\n", 400);
    row("bare carriage return", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\rY: 2\r\n\r\n", 400);
    row("no version", "GET /\r\nHost: a\r\n\r\n", 400);
    row("version 2", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 400);
    row("two blanks", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400);
    row("target with control", "GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n", 400);
    row("target without slash", "GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400);
    row("method with bracket", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400);
    row("tls hello", QByteArray::fromHex("16030100a5010000a10303") + "\n", 400);
    row("chunk size rubbish", post + "Transfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n", 400);
    row("chunk too short", post + "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n", 400);
    row("chunk size overflow", post + "Transfer-Encoding: chunked\r\n\r\n10000000000000000f\r\nab\r\n0\r\n\r\n", 400);
    row("endless chunk extension", post + "Transfer-Encoding: chunked\r\n\r\n1;" + QByteArray(20'000, 'x'), 400);
    row("unknown expectation", post + "Expect: miracles\r\nContent-Length: 0\r\n\r\n", 417);
    row("header too large", "GET / HTTP/1.1\r\nHost: a\r\nX: " + QByteArray(9000, 'x') + "\r\n\r\n", 431);
    row("too many headers", "GET / HTTP/1.1\r\nHost: a\r\n" + QByteArray("X: 1\r\n").repeated(100) + "\r\n", 431);
    row("header without end", "GET / HTTP/1.1\r\nHost: a\r\nX: " + QByteArray(9000, 'x'), 431);
    row("target too large", "GET /" + QByteArray(9000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n", 431);
    row("announced body too large", post + "Content-Length: 262145\r\n\r\n", 413);
    row("sent body too large", post + "Content-Length: 300000\r\n\r\n" + QByteArray(300'000, 'b'), 413);
    row("chunked body too large",
        post + "Transfer-Encoding: chunked\r\n\r\n30000\r\n" + QByteArray(0x30000, 'b') + "\r\n30000\r\n"
            + QByteArray(0x30000, 'b') + "\r\n0\r\n\r\n",
        413);
}

void TestHttpServer::refusesMalformedRequests()
{
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    std::atomic<int> handled = 0;
    HttpServer server({}, [&](HttpRequest, HttpRespond respond) {
        ++handled;
        respond({});
    });
    const auto port = server.start(QStringLiteral("127.0.0.1"), 0);
    QVERIFY(port);
    Client client(*port);
    client.send(request);
    QVERIFY(client.waitFor("\r\n\r\n"));
    QCOMPARE(client.received.left(13), "HTTP/1.1 " + QByteArray::number(status) + ' ');
    QVERIFY(client.received.contains("Connection: close"));
    QCOMPARE(handled, 0);
}

void TestHttpServer::acceptsUnusualButValidRequests_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("leading empty line") << QByteArray("\r\n" + good) << QByteArray("GET /a b=%20c 1 ");
    QTest::newRow("absolute form") << QByteArray("GET http://a/x?y HTTP/1.1\r\nHost: a\r\n\r\n") << QByteArray("GET /x y  ");
    QTest::newRow("chunked") << QByteArray("POST / HTTP/1.1\r\nHost: a:80\r\nTransfer-Encoding: Chunked\r\n\r\n"
                                           "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n")
                             << QByteArray("POST /   abcde");
    QTest::newRow("headers kept beside a body that comes later")
        << QByteArray("POST / HTTP/1.1\r\nHost: a\r\nX-Test: kept\r\nContent-Length: 100000\r\n\r\n" + QByteArray(100'000, 'b'))
        << QByteArray("POST /  kept " + QByteArray(100'000, 'b'));
    QTest::newRow("IPv6 host") << QByteArray("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n") << QByteArray("GET /   ");
    QTest::newRow("version 1.0") << QByteArray("GET / HTTP/1.0\r\nHost: a\r\n\r\n") << QByteArray("GET /   ");
    QTest::newRow("header just below the limit")
        << QByteArray("GET / HTTP/1.1\r\nHost: a\r\nX: " + QByteArray(8192 - 32, 'x') + "\r\n\r\n") << QByteArray("GET /   ");
    QTest::newRow("body at the limit") << QByteArray("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 262144\r\n\r\n"
                                                     + QByteArray(262'144, 'b'))
                                       << QByteArray("POST /   " + QByteArray(262'144, 'b'));
}

void TestHttpServer::acceptsUnusualButValidRequests()
{
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, answer);
    HttpServer server({}, echo);
    const auto port = server.start(QStringLiteral("127.0.0.1"), 0);
    QVERIFY(port);
    Client client(*port);
    client.send(request);
    QVERIFY(client.waitFor("\r\n\r\n" + answer));
    QVERIFY(client.received.startsWith("HTTP/1.1 200 OK\r\n"));
}

void TestHttpServer::handsOverRawBody()
{
    HttpServer server({}, echo);
    const auto port = server.start(QStringLiteral("127.0.0.1"), 0);
    QVERIFY(port);
    QByteArray body;
    for (int i = 0; i < 256; ++i) {
        body += static_cast<char>(i);
    }
    Client client(*port);
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 256\r\n\r\n");
    for (const char c : body) {
        client.send(QByteArray(1, c));
    }
    QVERIFY(client.waitFor("POST /   " + body));
}

void TestHttpServer::keepsConnectionsAliveAndAnswersPipelinedRequestsInOrder()
{
    HttpServer server({}, echo);
    const auto port = server.start(QStringLiteral("127.0.0.1"), 0);
    QVERIFY(port);
    Client client(*port);
    QByteArray requests;
    for (int i = 0; i < 100; ++i) {
        requests += (i % 2 == 0 ? "POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc" : "")
                    + ("GET /n" + QByteArray::number(i) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    client.send(requests);
    QVERIFY(client.waitFor("GET /n99   "));
    qsizetype at = 0;
    for (int i = 0; i < 100; ++i) {
        const qsizetype next = client.received.indexOf("GET /n" + QByteArray::number(i) + "   ", at);
        QVERIFY(next > at);
        at = next;
    }
    QCOMPARE(server.statistics().accepted, 1U);
    QCOMPARE(server.statistics().requests, 150U);
}

void TestHttpServer::answersFromAnotherThreadOnce()
{
    HttpServer server({}, echo);
    const auto port = server.start(QStringLiteral("127.0.0.1"), 0);
    QVERIFY(port);
    Client client(*port);
    client.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    const QByteArray all = client.rest();
    QCOMPARE(all.count("HTTP/1.1 200"), 2);
    QCOMPARE(all.count("later"), 1);
}

void TestHttpServer::cutsWithoutAnAnswer()
{
    HttpServer server({}, echo);
    const auto port = server.start(QStringLiteral("127.0.0.1"), 0);
    QVERIFY(port);
    Client client(*port);
    client.send("GET /cut HTTP/1.1\r\nHost: a\r\n\r\n");
    QCOMPARE(client.rest(), QByteArray());
    QTRY_COMPARE(server.statistics().active, 0U);
}

void TestHttpServer::leavesOutHeadersThatWouldSplitTheAnswer()
{
    HttpServer server({}, echo);
    const auto port = server.start(QStringLiteral("127.0.0.1"), 0);
    QVERIFY(port);
    Client client(*port);
    client.send(good);
    QVERIFY(client.waitFor("GET /a"));
    QVERIFY(!client.received.contains("Injected"));
}

void TestHttpServer::reportsAddressInUse()
{
    HttpServer first({}, echo);
    const auto port = first.start(QStringLiteral("127.0.0.1"), 0);
    QVERIFY(port);
    HttpServer second({}, echo);
    const auto again = second.start(QStringLiteral("127.0.0.1"), *port);
    QVERIFY(!again);
    QVERIFY(again.error().code == ErrorCode::AddressInUse);
    HttpServer third({}, echo);
    const auto wrong = third.start(QStringLiteral("localhost!"), 0);
    QVERIFY(!wrong);
    QVERIFY(wrong.error().code == ErrorCode::ConfigurationInvalid);
}

void TestHttpServer::closesSlowHeadersButKeepsOthers()
{
    HttpLimits limits;
    limits.requestDeadlineMs = 300;
    HttpServer server(limits, echo);
    const auto port = server.start(QStringLiteral("127.0.0.1"), 0);
    QVERIFY(port);
    Client slowHead(*port);
    Client slowBody(*port);
    Client other(*port);
    slowHead.send("GET / HT");
    slowBody.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
    QElapsedTimer timer;
    timer.start();
    QVERIFY(slowHead.socket.waitForDisconnected(waitMs));
    QVERIFY(slowBody.socket.state() != QAbstractSocket::ConnectedState || slowBody.socket.waitForDisconnected(waitMs));
    QVERIFY(timer.elapsed() < 2000 * slowness);
    QCOMPARE(slowHead.socket.readAll(), QByteArray());
    other.send(good);
    QVERIFY(other.waitFor("GET /a"));
    QCOMPARE(server.statistics().refusedFor(HttpRefusal::DeadlinePassed), 2U);
}

void TestHttpServer::closesIdleConnections()
{
    HttpLimits limits;
    limits.idleDeadlineMs = 300;
    HttpServer server(limits, echo);
    const auto port = server.start(QStringLiteral("127.0.0.1"), 0);
    QVERIFY(port);
    Client silent(*port);
    QVERIFY(silent.socket.waitForDisconnected(waitMs));
    Client once(*port);
    once.send(good);
    QVERIFY(once.waitFor("GET /a"));
    QVERIFY(once.socket.waitForDisconnected(waitMs));
    QCOMPARE(server.statistics().refusedFor(HttpRefusal::DeadlinePassed), 0U);
}

void TestHttpServer::closesAfterTheLastAllowedRequest()
{
    HttpLimits limits;
    limits.requestsPerConnectionMax = 3;
    HttpServer server(limits, echo);
    const auto port = server.start(QStringLiteral("127.0.0.1"), 0);
    QVERIFY(port);
    Client client(*port);
    client.send(good + good + good + good);
    const QByteArray all = client.rest();
    QCOMPARE(all.count("HTTP/1.1 200"), 3);
    QCOMPARE(all.count("Connection: close"), 1);
}

void TestHttpServer::evictsTheOldestInHeaderPhasePerAddress()
{
    HttpLimits limits;
    limits.connectionsPerAddressMax = 2;
    HttpServer server(limits, echo);
    const auto port = server.start(QStringLiteral("127.0.0.1"), 0);
    QVERIFY(port);
    Client first(*port);
    QTRY_COMPARE(server.statistics().active, 1U);
    Client second(*port);
    QTRY_COMPARE(server.statistics().active, 2U);
    Client third(*port);
    QVERIFY(first.socket.waitForDisconnected(waitMs));
    second.send(good);
    QVERIFY(second.waitFor("GET /a"));
    QCOMPARE(server.statistics().active, 2U);
    QCOMPARE(server.statistics().refusedFor(HttpRefusal::TooManyFromAddress), 1U);

    limits.trustedProxies = QStringList{QStringLiteral("127.0.0.0/8")};
    HttpServer trusting(limits, echo);
    const auto trustingPort = trusting.start(QStringLiteral("127.0.0.1"), 0);
    QVERIFY(trustingPort);
    Client a(*trustingPort);
    Client b(*trustingPort);
    Client c(*trustingPort);
    QTRY_COMPARE(trusting.statistics().active, 3U);
}

void TestHttpServer::evictsTheOldestInHeaderPhaseOverall()
{
    HttpLimits limits;
    limits.connectionsMax = 2;
    HttpServer server(limits, echo);
    const auto port = server.start(QStringLiteral("127.0.0.1"), 0);
    QVERIFY(port);
    Client busy(*port);
    busy.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na");
    QTRY_COMPARE(server.statistics().active, 1U);
    Client idle(*port);
    QTRY_COMPARE(server.statistics().active, 2U);
    Client fresh(*port);
    QVERIFY(idle.socket.waitForDisconnected(waitMs));
    busy.send("bc");
    QVERIFY(busy.waitFor("POST /   abc"));
    QCOMPARE(server.statistics().refusedFor(HttpRefusal::TooManyConnections), 1U);
}

void TestHttpServer::cutsTheLargestBodyBeyondTheTotal()
{
    HttpLimits limits;
    limits.bodyBytesTotalMax = 10'000;
    HttpServer server(limits, echo);
    const auto port = server.start(QStringLiteral("127.0.0.1"), 0);
    QVERIFY(port);
    Client greedy(*port);
    Client modest(*port);
    modest.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n" + QByteArray(1000, 'm'));
    greedy.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\n" + QByteArray(15'000, 'g'));
    QVERIFY(greedy.socket.state() != QAbstractSocket::ConnectedState || greedy.socket.waitForDisconnected(waitMs));
    modest.send("m");
    QVERIFY(modest.waitFor("POST /   " + QByteArray(1001, 'm')));
    QCOMPARE(server.statistics().refusedFor(HttpRefusal::BodiesTooLarge), 1U);
}

void TestHttpServer::finishesRunningAnswersWhenStopped()
{
    std::atomic<bool> isHandling = false;
    std::atomic<bool> mayAnswer = false;
    std::thread answering;
    HttpServer server({}, [&](HttpRequest, HttpRespond respond) {
        isHandling = true;
        answering = std::thread([respond, &mayAnswer] {
            while (!mayAnswer) {
                std::this_thread::yield();
            }
            HttpResponse response;
            response.body = "finished";
            respond(response);
        });
    });
    const auto port = server.start(QStringLiteral("127.0.0.1"), 0);
    QVERIFY(port);
    Client idle(*port);
    Client client(*port);
    client.send(good);
    QTRY_VERIFY(isHandling);
    std::thread stopping([&server] { server.stop(); });
    QVERIFY(idle.socket.waitForDisconnected(waitMs));
    mayAnswer = true;
    QVERIFY(client.rest().endsWith("finished"));
    client.socket.close();
    stopping.join();
    answering.join();
    QCOMPARE(server.statistics().active, 0U);
}

void TestHttpServer::asksForTheBodyWhenExpected()
{
    HttpServer server({}, echo);
    const auto port = server.start(QStringLiteral("127.0.0.1"), 0);
    QVERIFY(port);
    Client client(*port);
    client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    QVERIFY(client.waitFor("HTTP/1.1 100 Continue\r\n\r\n"));
    client.send("abc");
    QVERIFY(client.waitFor("POST /   abc"));
}

QTEST_GUILESS_MAIN(TestHttpServer)
#include "tst_http_server.moc"
