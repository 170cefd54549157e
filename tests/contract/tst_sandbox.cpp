// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sandbox/form_body.h"
#include "app/sandbox/sandbox_callbacks.h"
#include "app/sandbox/sandbox_gateway.h"
#include "app/sandbox/sandbox_idempotency.h"
#include "tests/support/slowness.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <random>

using namespace counterfoil;

namespace {

constexpr int waitMs = 5000;

/// What one call came to: a status, or 0 if the connection was cut.
struct Answer {
    int status = 0;
    QJsonObject json;
};

/// A blocking client for one connection, which is made anew after a cut.
class Caller {
public:
    explicit Caller(const QUrl& base) : m_base(base) {}

    Answer call(const QByteArray& method, const QByteArray& target, const QByteArray& body = {}, const QByteArray& key = {})
    {
        if (m_socket.state() != QAbstractSocket::ConnectedState) {
            m_socket.connectToHost(m_base.host(), static_cast<quint16>(m_base.port()));
            m_socket.waitForConnected(waitMs);
        }
        m_socket.write(method + ' ' + target + " HTTP/1.1\r\nHost: sandbox\r\nAuthorization: Bearer sk_test_counterfoil\r\n"
                       + (key.isEmpty() ? QByteArray() : "Idempotency-Key: " + key + "\r\n")
                       + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
        QByteArray received;
        while (true) {
            const qsizetype end = received.indexOf("\r\n\r\n");
            const qsizetype at = received.indexOf("Content-Length: ");
            if (end > 0 && at > 0) {
                const qsizetype length = received.mid(at + 16, received.indexOf('\r', at) - at - 16).toLongLong();
                if (received.size() >= end + 4 + length) {
                    return {received.mid(9, 3).toInt(), QJsonDocument::fromJson(received.mid(end + 4)).object()};
                }
            }
            if (!m_socket.waitForReadyRead(waitMs)) {
                m_socket.abort();
                return {};
            }
            received += m_socket.readAll();
        }
    }

    Answer pay(const QByteArray& key, const QByteArray& more = {})
    {
        return call("POST", "/v1/payment_intents", "amount=1000&currency=eur&confirm=true&payment_method=pm_card_visa" + more, key);
    }

private:
    QUrl m_base;
    QTcpSocket m_socket;
};

FaultScenario scenarioOf(const QByteArray& json)
{
    auto scenario = FaultScenario::fromJson(QJsonDocument::fromJson(json).object());
    return scenario ? *scenario : FaultScenario{};
}

const QByteArray everyFault = R"({"default": {"latency": 100, "latency_ms_min": 1, "latency_ms_max": 3, "error_before": 100,
    "error_after": 100, "cut_before": 100, "cut_after": 100, "decline": 200, "requires_action": 100, "per_key_max": 3,
    "decline_codes": ["lost_card", "insufficient_funds"]}})";

/// The last word of the gateway on every key, each tried until something other than a cut or a 500 comes, five times at most.
QMap<QByteArray, QByteArray> payInOrder(const QList<int>& order, quint64 seed)
{
    SandboxOptions options;
    options.seed = seed;
    options.scenario = scenarioOf(everyFault);
    SandboxGateway gateway(options);
    const auto url = gateway.start();
    QMap<QByteArray, QByteArray> outcomes;
    if (!url) {
        return outcomes;
    }
    Caller caller(*url);
    for (const int number : order) {
        const QByteArray key = "key" + QByteArray::number(number);
        QByteArray& outcome = outcomes[key];
        for (int attempt = 0; attempt < 5; ++attempt) {
            const Answer answer = caller.pay(key);
            const QJsonObject error = answer.json.value(QStringLiteral("error")).toObject();
            outcome += QByteArray::number(answer.status) + ' ' + answer.json.value(QStringLiteral("id")).toString().toLatin1()
                       + error.value(QStringLiteral("decline_code")).toString().toLatin1() + ';';
            if (answer.status != 0 && answer.status != 500) {
                break;
            }
        }
    }
    return outcomes;
}

} // namespace

class TestSandbox : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsNestedForms_data();
    void readsNestedForms();
    void refusesBadForms_data();
    void refusesBadForms();
    void refusesBadScenarios_data();
    void refusesBadScenarios();
    void shippedScenariosReadAndWriteBack();
    void injectsTheSameFaultsInAnyOrderOfArrival();
    void injectsAtMostSoManyFaultsPerKey();
    void injectsFaultsAtTheAskedRate();
    void countsWhoWasChargedTwice();
    void signsAsDocumented();
    void losesAndRetriesCallbacks();
    void forgetsEverythingOnReset();
    void bringsObjectsBackFromTheStateFile();
    void refusesStateFilesItCannotUse();
    void keepsKeysThroughLifecycle();
    void answersThousandsOfRequestsASecond();
};

void TestSandbox::readsNestedForms_data()
{
    QTest::addColumn<QByteArray>("form");
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("empty") << QByteArray() << QByteArray("{}");
    QTest::newRow("plain") << QByteArray("a=1&b=") << QByteArray(R"({"a":"1","b":""})");
    QTest::newRow("encoded") << QByteArray("a%5Bb%5D=x+y%26z&&c") << QByteArray(R"({"a":{"b":"x y&z"},"c":""})");
    QTest::newRow("list") << QByteArray("e[]=a&e[]=b") << QByteArray(R"({"e":{"0":"a","1":"b"}})");
    QTest::newRow("deep") << QByteArray("a[b][c]=1&a[b][d]=2") << QByteArray(R"({"a":{"b":{"c":"1","d":"2"}}})");
    QTest::newRow("repeated") << QByteArray("a=1&a=2") << QByteArray(R"({"a":"2"})");
}

void TestSandbox::readsNestedForms()
{
    QFETCH(QByteArray, form);
    QFETCH(QByteArray, json);
    const auto parsed = parseForm(form);
    QVERIFY(parsed);
    QCOMPARE(QJsonDocument(*parsed).toJson(QJsonDocument::Compact), json);
}

void TestSandbox::refusesBadForms_data()
{
    QTest::addColumn<QByteArray>("form");
    QTest::newRow("open bracket") << QByteArray("a[b=1");
    QTest::newRow("no name") << QByteArray("[b]=1");
    QTest::newRow("bracket in bracket") << QByteArray("a[[b]]=1");
    QTest::newRow("text then object") << QByteArray("a=1&a[b]=2");
    QTest::newRow("object then text") << QByteArray("a[b]=2&a=1");
    QTest::newRow("too deep") << QByteArray("a[b][c][d][e][f][g]=1");
    QTest::newRow("bad utf-8") << QByteArray("a=%FF");
    QTest::newRow("nul") << QByteArray("a=%00");
    QTest::newRow("too many") << QByteArray("a=1&").repeated(1001);
}

void TestSandbox::refusesBadForms()
{
    QFETCH(QByteArray, form);
    QVERIFY(!parseForm(form));
}

void TestSandbox::refusesBadScenarios_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("unknown key") << QByteArray(R"({"defaults": {}})");
    QTest::newRow("unknown fault") << QByteArray(R"({"default": {"explode": 1}})");
    QTest::newRow("rate above all") << QByteArray(R"({"default": {"cut_after": 1001}})");
    QTest::newRow("rates above all together") << QByteArray(R"({"default": {"cut_after": 600, "cut_before": 600}})");
    QTest::newRow("negative") << QByteArray(R"({"default": {"latency": -1}})");
    QTest::newRow("fraction") << QByteArray(R"({"default": {"latency": 0.5}})");
    QTest::newRow("text") << QByteArray(R"({"default": {"latency": "5"}})");
    QTest::newRow("latency turned round") << QByteArray(R"({"default": {"latency_ms_min": 5, "latency_ms_max": 4}})");
    QTest::newRow("no decline codes") << QByteArray(R"({"default": {"decline_codes": []}})");
    QTest::newRow("no retries") << QByteArray(R"({"callbacks": {"retry_ms": []}})");
    QTest::newRow("bad retry") << QByteArray(R"({"callbacks": {"retry_ms": ["x"]}})");
    QTest::newRow("unknown in operation") << QByteArray(R"({"operations": {"refunds.create": {"x": 1}}})");
}

void TestSandbox::refusesBadScenarios()
{
    QFETCH(QByteArray, json);
    QVERIFY(!FaultScenario::fromJson(QJsonDocument::fromJson(json).object()));
}

void TestSandbox::shippedScenariosReadAndWriteBack()
{
    for (const char* name : {"none", "faulty"}) {
        const auto scenario = readScenario(QStringLiteral(SCENARIO_DIR "/%1.json").arg(QLatin1StringView(name)));
        QVERIFY(scenario);
        QCOMPARE(scenario->name, QLatin1StringView(name));
        const auto again = FaultScenario::fromJson(scenario->toJson());
        QVERIFY(again);
        QCOMPARE(again->toJson(), scenario->toJson());
    }
    QVERIFY(!readScenario(QStringLiteral(SCENARIO_DIR "/missing.json")));
}

void TestSandbox::injectsTheSameFaultsInAnyOrderOfArrival()
{
    QList<int> order(60);
    std::iota(order.begin(), order.end(), 0);
    const auto first = payInOrder(order, 7);
    std::shuffle(order.begin(), order.end(), std::mt19937(1));
    const auto second = payInOrder(order, 7);
    QCOMPARE(second, first);
    QVERIFY(payInOrder(order, 8) != first);
    // Every kind of outcome is among them, or the comparison says little.
    const QByteArray all = first.values().join();
    for (const char* part : {"0 ;", "500 ;", "200 pi_", "402 lost_card;", "402 insufficient_funds;"}) {
        QVERIFY2(all.contains(part), part);
    }
}

void TestSandbox::injectsAtMostSoManyFaultsPerKey()
{
    FaultPlan plan(scenarioOf(R"({"default": {"cut_before": 1000, "per_key_max": 2}})"), 1);
    const QString operation = QStringLiteral("payment_intents.create");
    QVERIFY(plan.next(operation, "a").fault == SandboxFault::CutBefore);
    QVERIFY(plan.next(operation, "a").fault == SandboxFault::CutBefore);
    QVERIFY(plan.next(operation, "a").fault == SandboxFault::None);
    QVERIFY(plan.next(operation, "b").fault == SandboxFault::CutBefore);
    QVERIFY(plan.next(QStringLiteral("refunds.create"), "a").fault == SandboxFault::CutBefore);
}

void TestSandbox::injectsFaultsAtTheAskedRate()
{
    FaultPlan plan(scenarioOf(R"({"default": {"cut_before": 50, "latency": 100}})"), 3);
    std::array<int, sandboxFaultCount> counts{};
    for (int i = 0; i < 20'000; ++i) {
        ++counts.at(static_cast<size_t>(plan.next(QStringLiteral("x"), QByteArray::number(i)).fault));
    }
    QVERIFY(std::abs(counts.at(static_cast<size_t>(SandboxFault::CutBefore)) - 1000) < 150);
    QVERIFY(std::abs(counts.at(static_cast<size_t>(SandboxFault::Latency)) - 2000) < 200);
    QCOMPARE(counts.at(static_cast<size_t>(SandboxFault::ErrorAfter)), 0);
}

void TestSandbox::countsWhoWasChargedTwice()
{
    SandboxGateway gateway({});
    const auto url = gateway.start();
    QVERIFY(url);
    Caller caller(*url);
    QCOMPARE(caller.pay("k1", "&metadata[order_id]=o1").status, 200);
    QCOMPARE(caller.pay("k1", "&metadata[order_id]=o1").status, 200);
    QCOMPARE(caller.pay("k2", "&metadata[order_id]=o2").status, 200);
    QCOMPARE(caller.pay("k3", "&metadata[order_id]=o2&capture_method=manual").status, 200);
    auto order = [&] { return gateway.stats().value(u"references").toObject().value(u"order_id").toObject(); };
    QCOMPARE(order().value(u"distinct").toInt(), 2);
    QCOMPARE(order().value(u"charged_more_than_once").toArray().size(), 0);
    QCOMPARE(caller.pay("k4", "&metadata[order_id]=o2").status, 200);
    const QJsonArray repeated = order().value(u"charged_more_than_once").toArray();
    QCOMPARE(repeated.size(), 1);
    QCOMPARE(repeated.at(0).toObject().value(u"reference").toString(), QStringLiteral("o2"));
    QCOMPARE(repeated.at(0).toObject().value(u"count").toInt(), 2);
    const QJsonObject stats = caller.call("GET", "/sandbox/stats").json;
    QCOMPARE(stats.value(u"charges_made").toInt(), 3);
    QCOMPARE(stats.value(u"captured_minor").toObject().value(u"eur").toInt(), 3000);
    QCOMPARE(stats.value(u"operations").toObject().value(u"payment_intents.create").toInt(), 5);
}

void TestSandbox::signsAsDocumented()
{
    // Made with: printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac whsec_test
    QCOMPARE(stripeSignature(R"({"a":1})", "whsec_test", 1'700'000'000),
             QByteArray("t=1700000000,v1=38877139021993b830af32feea6e18a8da83eb2f6e49ee50bd9e4cf4ca4d3789"));
}

void TestSandbox::losesAndRetriesCallbacks()
{
    QTcpServer receiver;
    QVERIFY(receiver.listen(QHostAddress::LocalHost));
    int refused = 0;
    QObject::connect(&receiver, &QTcpServer::newConnection, &receiver, [&] {
        QTcpSocket* socket = receiver.nextPendingConnection();
        QObject::connect(socket, &QTcpSocket::readyRead, socket, [socket, &refused] {
            // Each request is a single write of one segment here; what counts is that the first ones are refused.
            const QByteArray bytes = socket->readAll();
            for (qsizetype i = 0; i < bytes.count("Stripe-Signature: t="); ++i) {
                const bool refuses = refused < 3;
                refused += refuses ? 1 : 0;
                socket->write(refuses ? "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n" : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        });
    });
    SandboxOptions options;
    options.callbackUrl = QStringLiteral("http://127.0.0.1:%1/hook?x=1").arg(receiver.serverPort());
    options.callbackSecret = QStringLiteral("whsec_test");
    options.scenario = scenarioOf(R"({"callbacks": {"lost": 300, "retry_ms": [1]}})");
    SandboxGateway gateway(options);
    const auto url = gateway.start();
    QVERIFY(url);
    Caller caller(*url);
    for (int i = 0; i < 30; ++i) {
        QCOMPARE(caller.pay("k" + QByteArray::number(i)).status, 200);
    }
    const auto count = [&](const char* name) {
        return gateway.stats().value(u"callbacks").toObject().value(QLatin1StringView(name)).toInt();
    };
    QTRY_COMPARE(count("pending"), 0);
    QCOMPARE(count("failed_attempts"), 3);
    QVERIFY(count("lost") > 0);
    QCOMPARE(count("acknowledged") + count("lost"), count("events"));
    QCOMPARE(count("sent"), count("acknowledged") + 3);
}

void TestSandbox::forgetsEverythingOnReset()
{
    SandboxGateway gateway({});
    const auto url = gateway.start();
    QVERIFY(url);
    Caller caller(*url);
    const Answer first = caller.pay("k");
    QCOMPARE(caller.call("POST", "/sandbox/reset").status, 200);
    QCOMPARE(gateway.stats().value(u"intents").toInt(), 0);
    QCOMPARE(caller.call("GET", "/v1/payment_intents/" + first.json.value(u"id").toString().toLatin1()).status, 404);
    QCOMPARE(caller.pay("k", "&description=other").status, 200);
    QCOMPARE(caller.call("GET", "/sandbox/nothing").status, 404);
    QCOMPARE(caller.call("PUT", "/sandbox/faults", R"({"default": {"x": 1}})").status, 400);
    QCOMPARE(caller.call("PUT", "/sandbox/faults", "rubbish").status, 400);
}

void TestSandbox::bringsObjectsBackFromTheStateFile()
{
    QTemporaryDir folder;
    SandboxOptions options;
    options.stateFile = folder.filePath(QStringLiteral("state"));
    QJsonObject before;
    QJsonObject listed;
    QMap<QByteArray, int> statusOf;
    {
        SandboxGateway gateway(options);
        const auto url = gateway.start();
        QVERIFY(url);
        Caller caller(*url);
        QCOMPARE(caller.call("POST", "/v1/webhook_endpoints", "url=http://127.0.0.1:9/&enabled_events[]=none").status, 200);
        gateway.setScenario(scenarioOf(everyFault));
        for (int i = 0; i < 40; ++i) {
            const QByteArray key = "k" + QByteArray::number(i);
            caller.pay(key);
            statusOf.insert(key, 0);
        }
        gateway.setScenario({});
        for (auto it = statusOf.begin(); it != statusOf.end(); ++it) {
            *it = caller.pay(it.key()).status;
        }
        QVERIFY(statusOf.values().contains(500));
        QVERIFY(statusOf.values().contains(402));
        before = gateway.stats();
        listed = caller.call("GET", "/v1/events?limit=100").json;
    }
    QFile file(options.stateFile);
    QVERIFY(file.open(QIODevice::Append));
    file.write(R"({"kind":"call","oper)");
    file.close();
    SandboxGateway gateway(options);
    const auto url = gateway.start();
    QVERIFY(url);
    Caller caller(*url);
    for (const char* part : {"intents", "charges_made", "captured_minor", "references"}) {
        QCOMPARE(gateway.stats().value(QLatin1StringView(part)), before.value(QLatin1StringView(part)));
    }
    QCOMPARE(caller.call("GET", "/v1/events?limit=100").json, listed);
    QCOMPARE(caller.call("GET", "/v1/webhook_endpoints").json.value(u"data").toArray().size(), 1);
    for (auto it = statusOf.cbegin(); it != statusOf.cend(); ++it) {
        QCOMPARE(caller.pay(it.key()).status, *it);
    }
    QCOMPARE(gateway.stats().value(u"intents"), before.value(u"intents"));
    QCOMPARE(caller.pay("new").status, 200);
}

void TestSandbox::refusesStateFilesItCannotUse()
{
    QTemporaryDir folder;
    SandboxOptions options;
    options.stateFile = folder.filePath(QStringLiteral("state"));
    QVERIFY(SandboxGateway(options).start());
    options.seed = 2;
    const auto otherSeed = SandboxGateway(options).start();
    QVERIFY(!otherSeed && otherSeed.error().code == ErrorCode::ConfigurationInvalid);
    options.stateFile = folder.filePath(QStringLiteral("missing/state"));
    const auto missing = SandboxGateway(options).start();
    QVERIFY(!missing && missing.error().code == ErrorCode::FileNotWritable);
    QFile file(folder.filePath(QStringLiteral("rubbish")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("rubbish\nrubbish\n");
    file.close();
    options.stateFile = file.fileName();
    const auto rubbish = SandboxGateway(options).start();
    QVERIFY(!rubbish && rubbish.error().code == ErrorCode::MalformedInput);
}

void TestSandbox::keepsKeysThroughLifecycle()
{
    using Verdict = SandboxIdempotency::Verdict;
    SandboxIdempotency store;
    QVERIFY(store.begin("k", "a") == Verdict::Fresh);
    QVERIFY(store.begin("k", "a") == Verdict::InProgress);
    QVERIFY(store.begin("k", "b") == Verdict::OtherParameters);
    store.release("k");
    QVERIFY(store.begin("k", "b") == Verdict::Fresh);
    store.store("k", 500, "body", QStringLiteral("req_1"));
    QVERIFY(store.begin("k", "b") == Verdict::Replay);
    QCOMPARE(store.answerOf("k").status, 500);
    QCOMPARE(store.answerOf("k").body, QByteArray("body"));
}

void TestSandbox::answersThousandsOfRequestsASecond()
{
    SandboxGateway gateway({});
    const auto url = gateway.start();
    QVERIFY(url);
    Caller caller(*url);
    QElapsedTimer timer;
    timer.start();
    constexpr int count = 2000;
    for (int i = 0; i < count; ++i) {
        QCOMPARE(caller.pay("k" + QByteArray::number(i), "&metadata[order_id]=" + QByteArray::number(i)).status, 200);
    }
    const qint64 rate = count * 1000 / std::max<qint64>(timer.elapsed(), 1);
    qInfo("%lld confirmed payments a second over one connection", static_cast<long long>(rate));
    // A tenth of what the machine of the measurements does: this guards against quadratic costs, not against noise.
    QVERIFY(rate > 200 / slowness);
}

QTEST_GUILESS_MAIN(TestSandbox)
#include "tst_sandbox.moc"
