// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/common/database_setup.h"
#include "app/common/engine_parts.h"
#include "app/common/http_server.h"
#include "app/sandbox/sandbox_gateway.h"
#include "app/worker/api_service.h"
#include "app/worker/worker_api_port.h"
#include "models/base/text.h"
#include "models/store/administration.h"
#include "models/store/reads/lookups.h"
#include "models/store/unit_of_work.h"
#include "tests/contract/json_schema.h"
#include "tests/support/expect.h"
#include "tests/support/test_database.h"
#include "workflows/services/order_placement.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSignalSpy>

using namespace counterfoil;

namespace {

constexpr int waitMs = 20'000;
const QByteArray token = "cf_overhttp";
const QByteArray secret = "whsec_overhttp";

QByteArray orderBody(const QByteArray& number, const QByteArray& method)
{
    return R"({"order_no":")" + number + R"(","buyer":{"ref":"C-1","name":"Ada"},"currency":"usd","items":[{"sku":"MUG","quantity":2}],)"
           R"("shipping":{"amount":499,"currency":"usd"},"funding":"gateway","payment_method":")" + method + R"("})";
}

/// What makes the SKU known and puts ten of it into stock.
NewOrder stockingOrder()
{
    const Currency usd = *Currency::parse(u"USD");
    NewOrder order;
    order.orderNo = QStringLiteral("PAST-1");
    order.buyerRef = QStringLiteral("C-0");
    order.currency = usd;
    order.shipping = order.topUpMultiple = Money::zero(usd);
    order.paymentMethod = QStringLiteral("pm_card_visa");
    order.openingStock = 10;
    NewOrderLine& line = order.lines.emplace_back();
    line.sku = QStringLiteral("MUG");
    line.quantity = 1;
    line.warehouse = QStringLiteral("EAST");
    line.stated = StatedLine{QStringLiteral("P-MUG"), QStringLiteral("Mug"), QStringLiteral("Kitchen"), QStringLiteral("m-1"),
                             QStringLiteral("Mugs & more"), Money(qint64{1999}, usd), Money(qint64{1999}, usd), Money::zero(usd), 0};
    return order;
}

struct Answer {
    int status = 0;
    QJsonObject body;
    QByteArray bytes;

    QString text(const char* field) const { return body.value(QLatin1String(field)).toString(); }
};

} // namespace

/// The worker, its listener and the sandbox joined up, as a shop and the gateway see them.
class TestOrderOverHttp : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void anOrderIsPlacedPaidAndShown();
    void aDeclinedOrderSaysWhy();
    void refundsComeBack_data();
    void refundsComeBack();

private:
    void startServices(const DatabaseUrl& url);
    Answer request(const QByteArray& method, const QString& path, const QByteArray& body = {}, const QByteArray& key = {}) const;
    Answer ask(const QByteArray& method, const QUrl& url, const QByteArray& body, const QByteArray& key) const;
    Answer shown(const QString& reference) const { return request("GET", QStringLiteral("/v1/orders/") + reference); }
    QStringList schemaViolations(const QJsonObject& order) const;

    std::unique_ptr<TestDatabase> m_database;
    std::unique_ptr<HttpServer> m_listener;
    std::unique_ptr<SandboxGateway> m_sandbox;
    std::unique_ptr<WorkerHost> m_worker;
    std::unique_ptr<WorkerApiPort> m_port;
    std::unique_ptr<ApiService> m_service;
    SystemClock m_clock;
    QString m_url;
    QUrl m_gatewayUrl;
};

void TestOrderOverHttp::init()
{
    m_database = TestDatabase::create(DatabaseKind::Sqlite);
    const DatabaseUrl& url = m_database->url();
    CF_VERIFY_OK(setUpDatabase(url, QStringLiteral("sandbox"), m_clock));
    CF_VERIFY_OK(addApiToken(m_database->writer(), ApiTokenId(1), sha256Hex(token), QStringLiteral("shop"), QStringLiteral("orders"), m_clock.now()));
    auto parts = EngineParts::load(m_database->writer(), {});
    CF_VERIFY_OK(parts);
    IdSource ids(m_clock, 1000);
    OrderPlacement placement(m_database->writer(), {(*parts)->engine(), (*parts)->coordinator(), m_clock, ids}, {});
    const std::array orders{stockingOrder()};
    const auto placed = placement.place(orders, {QStringLiteral("import:past"), true, nullptr});
    CF_VERIFY_OK(placed);
    CF_VERIFY_OK(placed->front());

    const auto sku = integer(m_database->writer(), QStringLiteral("SELECT id FROM sku"), {});
    CF_VERIFY_OK(sku);
    UnitOfWork prices(m_database->writer(), m_clock, ids);
    CF_VERIFY_OK(prices.begin());
    PriceTier tier;
    tier.id = ids.next<PriceTierId>();
    tier.sku = SkuId(*sku);
    tier.unitPrice = Money(qint64{1999}, tier.currency);
    prices.priceTiers.add(tier);
    CF_VERIFY_OK(prices.commit());
    startServices(url);
}

void TestOrderOverHttp::startServices(const DatabaseUrl& url)
{
    m_listener = std::make_unique<HttpServer>(HttpLimits(), [this](HttpRequest request, HttpRespond respond) { m_service->handle(std::move(request), std::move(respond)); });
    const auto port = m_listener->start(QStringLiteral("127.0.0.1"), 0);
    CF_VERIFY_OK(port);
    m_url = QStringLiteral("http://127.0.0.1:%1").arg(*port);
    SandboxOptions sandbox;
    sandbox.callbackUrl = m_url + QStringLiteral("/v1/callbacks/stripe");
    sandbox.callbackSecret = QString::fromLatin1(secret);
    m_sandbox = std::make_unique<SandboxGateway>(sandbox);
    const auto gateway = m_sandbox->start();
    CF_VERIFY_OK(gateway);
    m_gatewayUrl = *gateway;
    WorkerOptions worker;
    worker.database = url;
    worker.gatewayUrl = *gateway;
    worker.gatewayKey = sandbox.apiKey.toLatin1();
    m_worker = std::make_unique<WorkerHost>(worker);
    m_port = std::make_unique<WorkerApiPort>(*m_worker, url);
    m_service = std::make_unique<ApiService>(*m_port, m_clock, ApiOptions{{secret}, {}});
    CF_VERIFY_OK(m_worker->start());
}

void TestOrderOverHttp::cleanup()
{
    m_listener->stop();
    m_worker->stop();
    m_sandbox->stop();
    m_service.reset();
    m_port.reset();
    m_worker.reset();
    m_sandbox.reset();
    m_database.reset();
}

Answer TestOrderOverHttp::request(const QByteArray& method, const QString& path, const QByteArray& body, const QByteArray& key) const
{
    return ask(method, QUrl(m_url + path), body, key);
}

Answer TestOrderOverHttp::ask(const QByteArray& method, const QUrl& url, const QByteArray& body, const QByteArray& key) const
{
    QNetworkAccessManager manager;
    QNetworkRequest request(url);
    request.setRawHeader("Authorization", "Bearer " + token);
    if (!key.isEmpty()) {
        request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/json"));
        request.setRawHeader("Idempotency-Key", key);
    }
    const std::unique_ptr<QNetworkReply> reply(manager.sendCustomRequest(request, method, body));
    QSignalSpy finished(reply.get(), &QNetworkReply::finished);
    if (!reply->isFinished()) {
        finished.wait(waitMs);
    }
    const QByteArray bytes = reply->readAll();
    return {reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), QJsonDocument::fromJson(bytes).object(), bytes};
}

QStringList TestOrderOverHttp::schemaViolations(const QJsonObject& order) const
{
    QFile file(QStringLiteral(OPENAPI_FILE));
    require(file.open(QIODevice::ReadOnly), "openapi.json");
    const JsonSchema schema(QJsonDocument::fromJson(file.readAll()).object());
    return schema.violations(order, {{QStringLiteral("$ref"), QStringLiteral("#/components/schemas/Order")}});
}

void TestOrderOverHttp::anOrderIsPlacedPaidAndShown()
{
    const QByteArray body = orderBody("WEB-1", "pm_card_visa");
    const Answer placed = request("POST", QStringLiteral("/v1/orders"), body, "key-1");
    QVERIFY2(placed.status == 201, placed.bytes.constData());
    const Answer again = request("POST", QStringLiteral("/v1/orders"), body, "key-1");
    QCOMPARE(again.status, 201);
    QCOMPARE(again.bytes, placed.bytes);
    const Answer other = request("POST", QStringLiteral("/v1/orders"), orderBody("WEB-2", "pm_card_visa"), "key-1");
    QVERIFY2(other.status == 422 && other.bytes.contains("idempotency_key_reused"), other.bytes.constData());

    QTRY_COMPARE_WITH_TIMEOUT(shown(QStringLiteral("WEB-1")).body.value(QStringLiteral("payment")).toObject().value(QStringLiteral("status")).toString(),
                              QStringLiteral("succeeded"), waitMs);
    const Answer order = shown(placed.text("id"));
    QCOMPARE(order.status, 200);
    const QStringList found = schemaViolations(order.body);
    QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
    QCOMPARE(order.text("id"), placed.text("id"));
    QCOMPARE(order.text("order_no"), QStringLiteral("WEB-1"));
    const QJsonObject total{{QStringLiteral("amount"), 2 * 1999 + 499}, {QStringLiteral("currency"), QStringLiteral("usd")}};
    QCOMPARE(order.body.value(QStringLiteral("payable")).toObject(), total);
    QCOMPARE(order.body.value(QStringLiteral("paid")).toObject(), total);
    QCOMPARE(order.body.value(QStringLiteral("items")).toArray().size(), 1);
    QCOMPARE(order.body.value(QStringLiteral("sub_orders")).toArray().at(0).toObject().value(QStringLiteral("merchant_name")).toString(), QStringLiteral("Mugs & more"));
    QCOMPARE(order.body.value(QStringLiteral("payment")).toObject().value(QStringLiteral("card")).toObject().value(QStringLiteral("last4")).toString(), QStringLiteral("4242"));
    QVERIFY(!order.body.value(QStringLiteral("timeline")).toArray().isEmpty());
    QTRY_VERIFY_WITH_TIMEOUT(request("GET", QStringLiteral("/metrics")).bytes.contains("counterfoil_orders_placed_total"), waitMs);
    QTRY_VERIFY_WITH_TIMEOUT(m_worker->statistics().callbacksStored > 0, waitMs);
}

void TestOrderOverHttp::aDeclinedOrderSaysWhy()
{
    const Answer placed = request("POST", QStringLiteral("/v1/orders"), orderBody("WEB-3", "pm_card_visa_chargeDeclinedInsufficientFunds"), "key-3");
    QVERIFY2(placed.status == 201, placed.bytes.constData());
    QTRY_COMPARE_WITH_TIMEOUT(shown(QStringLiteral("WEB-3")).body.value(QStringLiteral("payment")).toObject().value(QStringLiteral("decline_code")).toString(),
                              QStringLiteral("insufficient_funds"), waitMs);
    const QStringList found = schemaViolations(shown(QStringLiteral("WEB-3")).body);
    QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
}

void TestOrderOverHttp::refundsComeBack_data()
{
    QTest::addColumn<QByteArray>("faults");
    QTest::newRow("all is well") << QByteArray("{}");
    // Both the answer and the callbacks are lost: what became of it is only in the gateway's list.
    QTest::newRow("the answer is lost") << QByteArray(R"({"operations":{"refunds.create":{"cut_after":1000,"per_key_max":1}},"callbacks":{"lost":1000}})");
}

void TestOrderOverHttp::refundsComeBack()
{
    QFETCH(const QByteArray, faults);
    QVERIFY(request("POST", QStringLiteral("/v1/orders"), orderBody("WEB-4", "pm_card_visa"), "key-4").status == 201);
    const auto shows = [this](const char* field) { return shown(QStringLiteral("WEB-4")).body.value(QLatin1String(field)); };
    QTRY_COMPARE_WITH_TIMEOUT(shows("state").toString(), QStringLiteral("fulfilling"), waitMs);
    QCOMPARE(ask("PUT", m_gatewayUrl.resolved(QUrl(QStringLiteral("/sandbox/faults"))), faults, "faults").status, 200);
    const QString refunds = QStringLiteral("/v1/orders/WEB-4/refunds");
    const QByteArray part = R"({"amount":{"amount":1000,"currency":"usd"},"reason":"scratched"})";
    const Answer first = request("POST", refunds, part, "rma-1");
    QVERIFY2(first.status == 201 && first.text("id").startsWith(QStringLiteral("txn_")), first.bytes.constData());
    QCOMPARE(request("POST", refunds, part, "rma-1").bytes, first.bytes);
    const Answer tooMuch = request("POST", refunds, R"({"items":[{"line":1,"quantity":3}]})", "rma-2");
    QVERIFY2(tooMuch.status == 422 || tooMuch.status == 400, tooMuch.bytes.constData());
    const Answer missing = request("POST", QStringLiteral("/v1/orders/WEB-5/refunds"), part, "rma-2");
    QVERIFY2(missing.status == 404, missing.bytes.constData());
    const Answer rest = request("POST", refunds, R"({"all":true})", "rma-3");
    QVERIFY2(rest.status == 201, rest.bytes.constData());
    QCOMPARE(rest.body.value(QStringLiteral("amount")).toObject().value(QStringLiteral("amount")).toInt(), 2 * 1999 + 499 - 1000);
    const Answer exceeded = request("POST", refunds, part, "rma-4");
    QVERIFY2(exceeded.status == 422 && exceeded.bytes.contains("refund_exceeded"), exceeded.bytes.constData());

    QTRY_COMPARE_WITH_TIMEOUT(shows("state").toString(), QStringLiteral("refunded"), waitMs);
    const Answer order = shown(QStringLiteral("WEB-4"));
    QCOMPARE(order.body.value(QStringLiteral("refunded")), order.body.value(QStringLiteral("paid")));
    const QStringList found = schemaViolations(order.body);
    QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
    const Answer gateway = ask("GET", m_gatewayUrl.resolved(QUrl(QStringLiteral("/sandbox/stats"))), {}, {});
    QCOMPARE(gateway.body.value(QStringLiteral("refunds_made")).toInt(), 2);
    QCOMPARE(gateway.body.value(QStringLiteral("refunded_minor")).toObject().value(QStringLiteral("usd")).toInt(), 2 * 1999 + 499);
}

QTEST_GUILESS_MAIN(TestOrderOverHttp)

#include "tst_order_over_http.moc"
