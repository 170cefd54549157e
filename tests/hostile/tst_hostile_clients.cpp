// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/hostile/crowd.h"
#include "tests/hostile/good_client.h"
#include "tests/hostile/worker_stage.h"
#include "tests/support/slowness.h"

#include <QElapsedTimer>
#include <QTest>

using namespace counterfoil;

namespace {

constexpr int slowConnections = 2000;
constexpr int perAddressMax = 64;
constexpr int connectionsMax = 8192;
constexpr int attackMs = 3000;
constexpr int stepMs = 200;
constexpr int answerMs = 12'000;
constexpr qint64 growthMaxKiB = 32 * 1024;

/// What everyone in the crowd does: says something first, and then again and again.
struct Attack {
    QByteArray first;
    QByteArray again;
    bool finishesSending = false;
    bool resets = false;
    /// 0: any answer or none.
    int status = 0;
};

const QByteArray post = "POST /v1/orders HTTP/1.1\r\nHost: a\r\n";

} // namespace

Q_DECLARE_METATYPE(Attack)

/// The program under attack from the loopback network: its memory, what it answers, and how long a well-behaved client waits meanwhile.
class TestHostileClients : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void staysSmallAndServesOthers_data();
    void staysSmallAndServesOthers();
    void answersOnlyTheFirstOfASmuggledPair_data();
    void answersOnlyTheFirstOfASmuggledPair();
    void cutsTheOldestOfOneAddress();
    void cutsTheOldestOfAll();
    void servesAThousandRequestsPerConnection();
    void cutsWhoeverIsSlow();

private:
    qint64 growthKiB(qint64 residentKiB) const { return residentKiB - m_idleKiB; }
    void tell(const char* what, const GoodClient::Report& report) const;

    std::unique_ptr<WorkerStage> m_stage;
    qint64 m_idleKiB = 0;
};

void TestHostileClients::initTestCase()
{
    raiseFileLimit();
    m_stage = std::make_unique<WorkerStage>(DatabaseKind::Sqlite, QStringLiteral("http://127.0.0.1:1"));
    const QString problem = m_stage->start();
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    // Idle is after the first answers.
    for (int i = 0; i < 20; ++i) {
        RawClient client(m_stage->port(), 0);
        QVERIFY(client.sendAll("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", answerMs));
        QVERIFY(client.receive(answerMs).startsWith("HTTP/1.1 200 "));
    }
    m_idleKiB = m_stage->residentKiB();
    QVERIFY(m_idleKiB > 0);
    qInfo("idle: %.1f MiB", static_cast<double>(m_idleKiB) / 1024);
}

void TestHostileClients::cleanupTestCase()
{
    QVERIFY(m_stage->process().stop());
}

void TestHostileClients::tell(const char* what, const GoodClient::Report& report) const
{
    qInfo("%-36s %4d of %4d answered, median %6.1f ms, p99 %6.1f ms, memory +%.1f MiB", what, report.answered, report.asked, report.medianMs, report.p99Ms,
          static_cast<double>(growthKiB(report.memoryMaxKiB)) / 1024);
}

void TestHostileClients::staysSmallAndServesOthers_data()
{
    QTest::addColumn<Attack>("attack");
    QTest::newRow("slow head") << Attack{"GET / HTTP/1.1\r\nHost: a\r\nX: ", "a"};
    QTest::newRow("slow body") << Attack{post + "Content-Length: 200000\r\n\r\n{", "a"};
    QTest::newRow("slow chunks") << Attack{post + "Transfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n"};
    QTest::newRow("says nothing") << Attack{};
    QTest::newRow("half open") << Attack{"GET / HTTP/1.1\r\nHost: a\r\n", {}, true};
    QTest::newRow("half open before a body") << Attack{post + "Content-Length: 1000\r\n\r\n", {}, true};
    QTest::newRow("reset in the body") << Attack{post + "Content-Length: 200000\r\n\r\n" + QByteArray(20'000, 'a'), {}, false, true};
    QTest::newRow("never reads") << Attack{QByteArray("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n").repeated(5), {}};
    QTest::newRow("endless head") << Attack{"GET / HTTP/1.1\r\nHost: a\r\nX: ", QByteArray(4096, 'x'), false, false, 431};
    QTest::newRow("endless headers") << Attack{"GET / HTTP/1.1\r\nHost: a\r\n", QByteArray("X: 1\r\n").repeated(400), false, false, 431};
    QTest::newRow("endless body with a length") << Attack{post + "Content-Length: 999999999999\r\n\r\n", QByteArray(64 * 1024, 'a'), false, false, 413};
    QTest::newRow("endless body without a length") << Attack{post + "\r\n", QByteArray(64 * 1024, 'a')};
    QTest::newRow("endless chunks") << Attack{post + "Transfer-Encoding: chunked\r\n\r\n", "8000\r\n" + QByteArray(0x8000, 'a') + "\r\n"};
}

void TestHostileClients::staysSmallAndServesOthers()
{
    QFETCH(Attack, attack);
    GoodClient good(m_stage->port(), [this] { return m_stage->residentKiB(); });
    Crowd crowd(m_stage->port(), slowConnections, 50, 0);
    QCOMPARE(crowd.connected(), slowConnections);
    crowd.send(attack.first);
    if (attack.finishesSending) {
        crowd.finishSending();
    }
    QElapsedTimer timer;
    timer.start();
    const auto began = std::chrono::steady_clock::now();
    RawClient witness(m_stage->port(), 100'000);
    witness.sendAll(attack.first, answerMs);
    for (int step = 1; timer.elapsed() < attackMs; ++step) {
        crowd.send(attack.again);
        if (attack.status != 0) {
            witness.send(attack.again);
        }
        if (attack.resets) {
            crowd.resetAll();
            crowd.connectAll();
            crowd.send(attack.first);
        }
        std::this_thread::sleep_until(began + step * std::chrono::milliseconds(stepMs));
    }
    const GoodClient::Report report = good.stop();
    tell(QTest::currentDataTag(), report);
    if (attack.status != 0) {
        const QByteArray answer = witness.receive(answerMs, "\r\n\r\n");
        QVERIFY2(answer.startsWith("HTTP/1.1 " + QByteArray::number(attack.status) + ' '), answer.left(200).constData());
    }
    QVERIFY(report.asked > attackMs / (200 * slowness));
    QVERIFY2(report.answered * 100 >= report.asked * 99, qPrintable(QStringLiteral("%1 of %2").arg(report.answered).arg(report.asked)));
    QVERIFY2(report.p99Ms < 500, qPrintable(QString::number(report.p99Ms)));
    QVERIFY2(slowness > 1 || growthKiB(report.memoryMaxKiB) <= growthMaxKiB, qPrintable(QString::number(growthKiB(report.memoryMaxKiB))));
}

void TestHostileClients::answersOnlyTheFirstOfASmuggledPair_data()
{
    QTest::addColumn<QByteArray>("request");
    const QByteArray second = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
    const QByteArray length = QByteArray::number(second.size());
    const QByteArray chunked = "Transfer-Encoding: chunked\r\n";
    QTest::newRow("length, then encoding") << post + "Content-Length: " + QByteArray::number(second.size() + 5) + "\r\n" + chunked + "\r\n0\r\n\r\n" + second;
    QTest::newRow("encoding, then length") << post + chunked + "Content-Length: 5\r\n\r\n0\r\n\r\n" + second;
    QTest::newRow("two lengths") << post + "Content-Length: 0\r\nContent-Length: " + length + "\r\n\r\n" + second;
    QTest::newRow("length list") << post + "Content-Length: 0, " + length + "\r\n\r\n" + second;
    QTest::newRow("length with sign") << post + "Content-Length: +0\r\n\r\n" + second;
    QTest::newRow("encoding with a blank") << post + "Transfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + second;
    QTest::newRow("encoding folded") << post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + second;
    QTest::newRow("encoding with vertical tab") << post + "Transfer-Encoding: \x0b" "chunked\r\n\r\n0\r\n\r\n" + second;
    QTest::newRow("unknown encoding") << post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + second;
    QTest::newRow("bare line feeds") << QByteArray("POST /v1/orders HTTP/1.1\nHost: a\nContent-Length: 0\n\n" + second);
    QTest::newRow("no host") << QByteArray("GET /healthz HTTP/1.1\r\n\r\n" + second);
    QTest::newRow("two hosts") << QByteArray("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + second);
    QTest::newRow("chunk longer than it says") << post + chunked + "\r\n1\r\naa\r\n0\r\n\r\n" + second;
}

void TestHostileClients::answersOnlyTheFirstOfASmuggledPair()
{
    QFETCH(QByteArray, request);
    RawClient client(m_stage->port(), 0);
    QVERIFY(client.sendAll(request, answerMs));
    QElapsedTimer timer;
    timer.start();
    const QByteArray answer = client.receive(answerMs);
    QVERIFY2(answer.startsWith("HTTP/1.1 400 "), answer.left(300).constData());
    QCOMPARE(answer.count("HTTP/1.1 "), 1);
    QVERIFY2(client.isClosed() && timer.elapsed() < answerMs / 2, "the connection was closed at once");
}

void TestHostileClients::cutsTheOldestOfOneAddress()
{
    constexpr int tooMany = 100;
    Crowd crowd(m_stage->port(), tooMany, tooMany, 150'000);
    QCOMPARE(crowd.connected(), tooMany);
    QTRY_COMPARE(crowd.alive(), perAddressMax);
    for (int i = 0; i < tooMany; ++i) {
        QCOMPARE(crowd.clients().at(static_cast<size_t>(i)).isClosed(), i < tooMany - perAddressMax);
    }
    // One that is in the middle of a body isn't cut for one that has said nothing.
    RawClient busy(m_stage->port(), 160'000);
    QVERIFY(busy.sendAll(post + "Content-Length: 10\r\n\r\n12345", answerMs));
    QVERIFY(busy.receive(100).isEmpty());
    Crowd others(m_stage->port(), tooMany, tooMany, 160'000);
    QTRY_COMPARE(others.alive(), perAddressMax - 1);
    QVERIFY(!busy.isClosed());
}

void TestHostileClients::cutsTheOldestOfAll()
{
    constexpr int tooMany = connectionsMax + 108;
    GoodClient good(m_stage->port(), [this] { return m_stage->residentKiB(); });
    Crowd crowd(m_stage->port(), tooMany, 60, 0);
    QCOMPARE(crowd.connected(), tooMany);
    QTRY_VERIFY_WITH_TIMEOUT(crowd.alive() <= connectionsMax, 4000);
    const int alive = crowd.alive();
    const GoodClient::Report report = good.stop();
    tell("8,300 connections", report);
    qInfo("%d of %d connections are open, the program has %lld files", alive, tooMany, static_cast<long long>(m_stage->openFiles()));
    // The good client took a place for a moment with each of its requests.
    QVERIFY(alive >= connectionsMax - report.asked);
    QVERIFY(crowd.clients().front().isClosed());
    QVERIFY(!crowd.clients().back().isClosed());
    QVERIFY2(report.answered * 100 >= report.asked * 99, qPrintable(QStringLiteral("%1 of %2").arg(report.answered).arg(report.asked)));
    QVERIFY2(slowness > 1 || growthKiB(report.memoryMaxKiB) <= growthMaxKiB, qPrintable(QString::number(growthKiB(report.memoryMaxKiB))));
}

void TestHostileClients::servesAThousandRequestsPerConnection()
{
    RawClient client(m_stage->port(), 0);
    const QByteArray request = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
    QByteArray answers;
    // In portions, so that both sides' buffers suffice.
    for (int i = 0; i < 11; ++i) {
        if (!client.sendAll(request.repeated(100), answerMs)) {
            break;
        }
        answers += client.receive(100);
    }
    answers += client.receive(answerMs);
    QCOMPARE(answers.count("HTTP/1.1 200 "), 1000);
    QCOMPARE(answers.count("Connection: close"), 1);
    QVERIFY(answers.lastIndexOf("Connection: close") > answers.lastIndexOf("HTTP/1.1 200 "));
    QVERIFY(client.isClosed());
}

void TestHostileClients::cutsWhoeverIsSlow()
{
    // 10 s each, so they wait together.
    const std::array<QByteArray, 3> beginnings{"GET / HT", post + "Content-Length: 10\r\n\r\n123", ""};
    std::vector<RawClient> clients;
    QElapsedTimer timer;
    timer.start();
    for (size_t i = 0; i < beginnings.size(); ++i) {
        clients.emplace_back(m_stage->port(), 170'000 + static_cast<int>(i));
        QVERIFY(clients.back().sendAll(beginnings.at(i), answerMs));
    }
    for (RawClient& client : clients) {
        const QByteArray answer = client.receive(15'000);
        QVERIFY(client.isClosed());
        QVERIFY(answer.isEmpty() || answer.startsWith("HTTP/1.1 4"));
    }
    qInfo("slow head, slow body and silence were cut after %.1f s", static_cast<double>(timer.elapsed()) / 1000);
    QVERIFY(timer.elapsed() > 8000);
    QTRY_VERIFY(m_stage->openFiles() < 100);
}

QTEST_GUILESS_MAIN(TestHostileClients)

#include "tst_hostile_clients.moc"
