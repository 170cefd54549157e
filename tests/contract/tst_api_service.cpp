// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/base/text.h"
#include "tests/contract/api_stage.h"
#include "tests/support/expect.h"

#include <QJsonArray>
#include <QRegularExpression>

#include <algorithm>

using namespace counterfoil;

namespace {

using Headers = std::vector<std::pair<QByteArray, QByteArray>>;

/// The good order with one piece of text replaced.
QByteArray orderWith(const QByteArray& before, const QByteArray& after)
{
    require(ApiStage::goodOrder.contains(before), "the good order holds what is to be replaced");
    return QByteArray(ApiStage::goodOrder).replace(before, after);
}

QByteArray nested(int levels)
{
    return orderWith(R"({"ref":"C-77"})", QByteArray("[").repeated(levels) + QByteArray("]").repeated(levels));
}

void setHeader(Call& call, const QByteArray& name, const QByteArray& value)
{
    std::erase_if(call.headers, [&](const auto& header) { return header.first == name; });
    call.headers.emplace_back(name, value);
}

} // namespace

Q_DECLARE_METATYPE(Headers)

class TestApiService : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void refusesBadOrders_data();
    void refusesBadOrders();
    void refusesBadHeadersOfOrders_data();
    void refusesBadHeadersOfOrders();
    void handsOverAnOrderWithWhoAsked();
    void repeatsTheAnswerOfAUsedKey();
    void refusesBadTokens_data();
    void refusesBadTokens();
    void acceptsUnusualButValidHeaders();
    void forgetsARevokedTokenAfterFiveSeconds();
    void tellsNothingOfFailuresInside();
    void storesACallbackByteForByte();
    void refusesBadCallbacks_data();
    void refusesBadCallbacks();
    void acceptsCallbacksUnderAnySecret();
    void recordsAFloodOfRefusalsOnlyInPart();
    void exposesMetricsThatCanBeRead();
    void leavesOutMetricsThatArentKnown();
    void readsTheDatabaseForMetricsAtMostOnceInTwoSeconds();
};

void TestApiService::refusesBadOrders_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("field");
    const auto row = [](const char* name, const QByteArray& body, const char* code, const char* field = "") {
        QTest::newRow(name) << body << QString::fromLatin1(code) << QString::fromLatin1(field);
    };
    const QByteArray& good = ApiStage::goodOrder;
    row("nothing", "", "malformed_input");
    row("not JSON", "order_no=WEB-1", "malformed_input");
    row("a list", "[" + good + "]", "malformed_input");
    row("cut off", good.chopped(1), "malformed_input");
    row("something behind", good + "{}", "malformed_input");
    row("too deep", nested(32), "malformed_input");
    row("as deep as allowed but wrong", nested(30), "malformed_input", "buyer");
    row("not UTF-8", orderWith("C-77", "C-\xff"), "invalid_text");
    row("NUL", orderWith("C-77", QByteArray("C\0", 2)), "invalid_text");
    row("field twice", orderWith(R"("currency":"usd")", R"("currency":"usd","currency":"eur")"), "malformed_input");
    row("field twice, escaped", orderWith(R"("currency":"usd")", R"("currency":"usd","c\u0075rrency":"eur")"), "malformed_input");
    row("unknown field", orderWith(R"("funding")", R"("state":"paid","funding")"), "unknown_field", "state");
    row("unknown field of an item", orderWith(R"("quantity":2)", R"("quantity":2,"price":1)"), "unknown_field", "items[0].price");
    row("a stated price", orderWith(R"("quantity":2)", R"("quantity":2,"stated":{})"), "unknown_field", "items[0].stated");
    row("unknown field of an amount", orderWith(R"("funding")", R"("shipping":{"amount":1,"currency":"usd","x":1},"funding")"), "unknown_field", "shipping.x");
    row("fraction as money", orderWith(R"("funding")", R"("shipping":{"amount":4.99,"currency":"usd"},"funding")"), "invalid_amount", "shipping.amount");
    row("decimal text as money", orderWith(R"("funding")", R"("shipping":{"amount":"4.99","currency":"usd"},"funding")"), "invalid_amount", "shipping.amount");
    row("inexact number as money", orderWith(R"("funding")", R"("shipping":{"amount":9007199254740993,"currency":"usd"},"funding")"), "malformed_input");
    row("bare number as money", orderWith(R"("funding")", R"("shipping":499,"funding")"), "malformed_input", "shipping");
    row("negative money", orderWith(R"("funding")", R"("shipping":{"amount":-1,"currency":"usd"},"funding")"), "invalid_amount", "shipping");
    row("money of another currency", orderWith(R"("funding")", R"("shipping":{"amount":1,"currency":"eur"},"funding")"), "currency_mismatch", "shipping");
    row("no such currency", orderWith(R"("usd")", R"("zzz")"), "unknown_currency");
    row("no number", orderWith(R"("order_no":"WEB-1",)", ""), "missing_field", "order_no");
    row("no buyer", orderWith(R"("buyer":{"ref":"C-77"},)", ""), "missing_field", "buyer");
    row("no buyer's name", orderWith(R"("ref":"C-77")", R"("name":"Ada")"), "missing_field", "buyer.ref");
    row("no items", orderWith(R"([{"sku":"MUG-BLUE","quantity":2}])", "[]"), "missing_field");
    row("no quantity", orderWith(R"(,"quantity":2)", ""), "missing_field", "items[0].quantity");
    row("fraction as quantity", orderWith(R"("quantity":2)", R"("quantity":1.5)"), "malformed_input", "items[0].quantity");
    row("text as quantity", orderWith(R"("quantity":2)", R"("quantity":"2")"), "malformed_input", "items[0].quantity");
    row("quantity of nothing", orderWith(R"("quantity":2)", R"("quantity":0)"), "quantity_out_of_range", "items[0].quantity");
    row("control character", orderWith("C-77", "C\\u0007"), "invalid_text", "buyer.ref");
    row("number too long", orderWith("WEB-1", QByteArray(129, 'x')), "too_large", "order_no");
    row("too many items", orderWith(R"([{"sku":"MUG-BLUE","quantity":2}])", '[' + QByteArray(R"({"sku":"A","quantity":1},)").repeated(201).chopped(1) + ']'), "too_large", "items");
    row("unknown funding", orderWith(R"("funding":"gateway")", R"("funding":"credit")"), "unknown_value", "funding");
    row("wallet part without need", orderWith(R"("funding")", R"("wallet_part":{"amount":1,"currency":"usd"},"funding")"), "invalid_amount", "wallet_part");
    row("no payment method", orderWith(R"(,"payment_method":"pm_card_visa")", ""), "missing_field");
    row("time without offset", orderWith(R"("funding")", R"("placed_at":"2024-05-01T10:00:00","funding")"), "malformed_input", "placed_at");
}

void TestApiService::refusesBadOrders()
{
    QFETCH(QByteArray, body);
    ApiStage stage;
    const Reply reply = stage.call(stage.order(body));
    QCOMPARE(reply.status, 400);
    QTEST(reply.errorCode(), "code");
    QTEST(reply.errorField(), "field");
    QVERIFY(stage.port.placed.isEmpty());
}

void TestApiService::refusesBadHeadersOfOrders_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<Headers>("values");
    QTest::addColumn<int>("status");
    const auto row = [](const char* name, const QByteArray& header, const std::vector<QByteArray>& values, int status) {
        Headers headers;
        for (const QByteArray& value : values) {
            headers.emplace_back(header, value);
        }
        QTest::newRow(name) << header << headers << status;
    };
    row("no key", "Idempotency-Key", {}, 400);
    row("empty key", "Idempotency-Key", {""}, 400);
    row("long key", "Idempotency-Key", {QByteArray(256, 'k')}, 400);
    row("key beyond ASCII", "Idempotency-Key", {"cl\xc3\xa9"}, 400);
    row("two keys", "Idempotency-Key", {"a", "b"}, 400);
    row("one key twice", "Idempotency-Key", {"a", "a"}, 400);
    row("no type", "Content-Type", {}, 415);
    row("plain text", "Content-Type", {"text/plain"}, 415);
    row("something like JSON", "Content-Type", {"application/json-patch+json"}, 415);
    row("another charset", "Content-Type", {"application/json; charset=utf-16"}, 415);
    row("two types", "Content-Type", {"application/json", "application/json"}, 415);
}

void TestApiService::refusesBadHeadersOfOrders()
{
    QFETCH(QByteArray, name);
    QFETCH(Headers, values);
    QFETCH(int, status);
    ApiStage stage;
    Call call = stage.order(ApiStage::goodOrder);
    std::erase_if(call.headers, [&](const auto& header) { return header.first == name; });
    call.headers.insert(call.headers.end(), values.begin(), values.end());
    QCOMPARE(stage.call(call).status, status);
    QVERIFY(stage.port.placed.isEmpty());
}

void TestApiService::handsOverAnOrderWithWhoAsked()
{
    ApiStage stage;
    const Reply reply = stage.call(stage.order(ApiStage::goodOrder, "a key with spaces"));
    QCOMPARE(reply.status, 201);
    QCOMPARE(reply.header("Cache-Control"), "no-store");
    const auto placed = stage.port.placed.value(QStringLiteral("a key with spaces"));
    QCOMPARE(placed.actor, QStringLiteral("api:shop"));
    QCOMPARE(placed.requestSha256, sha256Hex(ApiStage::goodOrder));
    QCOMPARE(placed.order.orderNo, QStringLiteral("WEB-1"));
    QCOMPARE(placed.order.lines.front().quantity, 2);
}

void TestApiService::repeatsTheAnswerOfAUsedKey()
{
    ApiStage stage;
    const Reply first = stage.call(stage.order(ApiStage::goodOrder));
    const Reply again = stage.call(stage.order(ApiStage::goodOrder));
    QCOMPARE(again.status, 201);
    QCOMPARE(again.body, first.body);
    // The hash is over the raw bytes: the same order in another spelling is another request.
    const Reply other = stage.call(stage.order(ApiStage::goodOrder + '\n'));
    QCOMPARE(other.status, 422);
    QCOMPARE(other.errorCode(), QStringLiteral("idempotency_key_reused"));
    QCOMPARE(stage.port.placed.size(), 1);
}

void TestApiService::refusesBadTokens_data()
{
    QTest::addColumn<Headers>("headers");
    QTest::addColumn<bool>("wasGiven");
    const QByteArray name = "Authorization";
    QTest::newRow("none") << Headers{} << false;
    QTest::newRow("unknown") << Headers{{name, "Bearer cf_other"}} << true;
    QTest::newRow("beginning of the right one") << Headers{{name, "Bearer " + ApiStage::token.chopped(1)}} << true;
    QTest::newRow("its hash") << Headers{{name, "Bearer " + sha256Hex(ApiStage::token).toLatin1()}} << true;
    QTest::newRow("empty") << Headers{{name, "Bearer "}} << false;
    QTest::newRow("another scheme") << Headers{{name, "Basic " + ApiStage::token}} << false;
    QTest::newRow("no scheme") << Headers{{name, ApiStage::token}} << false;
    QTest::newRow("two words") << Headers{{name, "Bearer " + ApiStage::token + " x"}} << false;
    QTest::newRow("twice") << Headers{{name, "Bearer " + ApiStage::token}, {name, "Bearer " + ApiStage::token}} << false;
    QTest::newRow("too long") << Headers{{name, "Bearer " + QByteArray(600, 'a')}} << false;
}

void TestApiService::refusesBadTokens()
{
    QFETCH(Headers, headers);
    QFETCH(bool, wasGiven);
    ApiStage stage;
    Call place = stage.order(ApiStage::goodOrder);
    std::erase_if(place.headers, [](const auto& header) { return header.first == "Authorization"; });
    Call show = ApiStage::get("/v1/orders/" + OrderId(77).toText().toLatin1());
    for (Call call : {place, show}) {
        call.headers.insert(call.headers.end(), headers.begin(), headers.end());
        const Reply reply = stage.call(call);
        QCOMPARE(reply.status, 401);
        QCOMPARE(reply.errorCode(), QStringLiteral("unauthenticated"));
        QCOMPARE(reply.header("WWW-Authenticate").contains("invalid_token"), wasGiven);
        QVERIFY(!reply.body.contains(ApiStage::token));
    }
    QVERIFY(stage.port.placed.isEmpty());
}

void TestApiService::acceptsUnusualButValidHeaders()
{
    ApiStage stage;
    Call call = stage.order(ApiStage::goodOrder, QByteArray(255, '~'));
    setHeader(call, "Authorization", "bEARER   " + ApiStage::token);
    setHeader(call, "Content-Type", "Application/JSON ; Charset=\"UTF-8\"");
    QCOMPARE(stage.call(call).status, 201);
}

void TestApiService::forgetsARevokedTokenAfterFiveSeconds()
{
    ApiStage stage;
    const Call call = ApiStage::get("/v1/orders/" + OrderId(77).toText().toLatin1(), true);
    QCOMPARE(stage.call(call).status, 200);
    stage.port.tokens.clear();
    stage.clock.advance(Duration(4'999'999));
    QCOMPARE(stage.call(call).status, 200);
    QCOMPARE(stage.port.tokenLookups, 1);
    stage.clock.advance(Duration(1));
    QCOMPARE(stage.call(call).status, 401);
    // What is unknown is asked for every time, so that a new token works at once.
    stage.port.tokens.insert(sha256Hex(ApiStage::token), QStringLiteral("shop"));
    QCOMPARE(stage.call(call).status, 200);
}

void TestApiService::tellsNothingOfFailuresInside()
{
    ApiStage stage;
    stage.port.findError = ErrorCode::DatabaseUnavailable;
    const Reply reply = stage.call(ApiStage::get("/v1/orders/WEB-1", true));
    QCOMPARE(reply.status, 503);
    QVERIFY(!reply.body.contains("there is no order"));
    QCOMPARE(reply.errorCode(), QStringLiteral("database_unavailable"));
}

void TestApiService::storesACallbackByteForByte()
{
    ApiStage stage;
    QCOMPARE(stage.call(stage.callback(ApiStage::goodEvent)).status, 200);
    QCOMPARE(stage.call(stage.callback(ApiStage::goodEvent)).status, 200);
    QCOMPARE(stage.port.callbacks.value(QStringLiteral("evt_1")), ApiStage::goodEvent);
    QCOMPARE(stage.port.callbacks.size(), 1);
    QVERIFY(stage.port.refusals.empty());
}

void TestApiService::refusesBadCallbacks_data()
{
    QTest::addColumn<QByteArray>("signature");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("code");
    const UtcTime now = ApiStage().clock.now();
    const QByteArray& body = ApiStage::goodEvent;
    const QByteArray& secret = ApiStage::secret;
    const auto row = [](const char* name, const QByteArray& signature, const QByteArray& sent, const char* code) {
        QTest::newRow(name) << signature << sent << QString::fromLatin1(code);
    };
    row("forged", signCallback("whsec_guessed", body, now), body, "signature_invalid");
    row("forged with an empty secret", signCallback("", body, now), body, "signature_invalid");
    row("stale", signCallback(secret, body, now - Duration::seconds(301)), body, "signature_stale");
    row("from the future", signCallback(secret, body, now + Duration::seconds(301)), body, "signature_stale");
    row("stale and forged", signCallback("whsec_guessed", body, now - Duration::seconds(301)), body, "signature_invalid");
    row("re-encoded", signCallback(secret, body, now), QByteArray(body).replace(",\"data\"", ", \"data\""), "signature_invalid");
    row("re-encoded with escapes", signCallback(secret, body, now), QByteArray(body).replace("evt_1", "evt\\u005f1"), "signature_invalid");
    row("a line end added", signCallback(secret, body, now), body + '\n', "signature_invalid");
    row("changed", signCallback(secret, body, now), QByteArray(body).replace("evt_1", "evt_2"), "signature_invalid");
    row("unsigned", "t=1700000000", body, "malformed_input");
    row("no header's value", "x", body, "malformed_input");
    row("well signed nonsense", signCallback(secret, "nonsense", now), "nonsense", "malformed_input");
    row("well signed without an id", signCallback(secret, "{}", now), "{}", "missing_field");
}

void TestApiService::refusesBadCallbacks()
{
    QFETCH(QByteArray, signature);
    QFETCH(QByteArray, body);
    QFETCH(QString, code);
    ApiStage stage;
    const Reply reply = stage.call({"POST", "/v1/callbacks/stripe", {{"Stripe-Signature", signature}}, body});
    QCOMPARE(reply.status, 400);
    QCOMPARE(reply.errorCode(), code);
    QVERIFY(reply.body.size() < 200);
    QVERIFY(stage.port.callbacks.isEmpty());
    QCOMPARE(stage.port.refusals.size(), size_t{1});
    const FakePort::Refusal& refusal = stage.port.refusals.front();
    QVERIFY(refusal.reason.startsWith(code));
    QCOMPARE(refusal.sizeBytes, body.size());
    QCOMPARE(refusal.peer, QStringLiteral("127.0.0.1"));
}

void TestApiService::acceptsCallbacksUnderAnySecret()
{
    ApiStage stage;
    for (const QByteArray& secret : {QByteArray("whsec_old"), ApiStage::secret}) {
        Call call = stage.callback(ApiStage::goodEvent);
        setHeader(call, "Stripe-Signature", signCallback(secret, call.body, stage.clock.now()));
        QCOMPARE(stage.call(call).status, 200);
    }
}

void TestApiService::recordsAFloodOfRefusalsOnlyInPart()
{
    ApiStage stage;
    const Call forged{"POST", "/v1/callbacks/stripe", {{"Stripe-Signature", "t=1,v1=00"}}, "{}"};
    for (int i = 0; i < 130; ++i) {
        QCOMPARE(stage.call(forged).status, 400);
    }
    QCOMPARE(stage.port.refusals.size(), size_t{100});
    QVERIFY(stage.call(ApiStage::get("/metrics")).body.contains("counterfoil_callbacks_total{result=\"refused\"} 30\n"));
    stage.clock.advance(Duration::minutes(1));
    stage.call(forged);
    QCOMPARE(stage.port.refusals.size(), size_t{101});
}

void TestApiService::exposesMetricsThatCanBeRead()
{
    ApiStage stage;
    stage.port.worker.ordersPlaced = 7;
    stage.port.worker.requestsByOutcome[3] = 2;
    stage.port.worker.lastRound = UtcTime(qint64{1'700'000'000'000'042});
    const Reply reply = stage.call(ApiStage::get("/metrics"));
    QCOMPARE(reply.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
    QVERIFY(reply.body.endsWith('\n'));
    static const QRegularExpression line(QStringLiteral("^(?:# (HELP|TYPE) ([a-z_]+) (.+)|([a-z_]+)(?:\\{[a-z_]+=\"[^\"\\\\]*\"\\})? [0-9]+(?:\\.[0-9]+)?)$"));
    QString family;
    QString type;
    QStringList samples;
    for (const QString& text : QString::fromUtf8(reply.body).chopped(1).split(u'\n')) {
        const auto match = line.match(text);
        QVERIFY2(match.hasMatch(), qPrintable(text));
        if (match.captured(1) == u"HELP") {
            family = match.captured(2);
            QVERIFY(!samples.contains(family));
            samples << family;
        } else if (match.captured(1) == u"TYPE") {
            QCOMPARE(match.captured(2), family);
            type = match.captured(3);
            QCOMPARE(type == u"counter", family.endsWith(u"_total"));
            QVERIFY(type == u"counter" || type == u"gauge");
        } else {
            QCOMPARE(match.captured(4), family);
        }
    }
    for (const char* expected : {"counterfoil_orders_placed_total 7\n", "counterfoil_gateway_requests_total{outcome=\"unknown\"} 2\n",
                                 "counterfoil_last_round_timestamp_seconds 1700000000.000042\n", "counterfoil_queue_jobs{state=\"ready_due\"} 3\n",
                                 "counterfoil_cases_open{severity=\"other\"} 3\n", "counterfoil_http_requests_total 1\n",
                                 "counterfoil_build_info{version=\"" COUNTERFOIL_VERSION "\"} 1\n"}) {
        QVERIFY2(reply.body.contains(expected), expected);
    }
}

void TestApiService::leavesOutMetricsThatArentKnown()
{
    ApiStage stage;
    stage.port.statusError = ErrorCode::DatabaseUnavailable;
    stage.port.worker.databaseReachable = false;
    const Reply reply = stage.call(ApiStage::get("/metrics"));
    QCOMPARE(reply.status, 200);
    QVERIFY(!reply.body.contains("queue_jobs"));
    QVERIFY(reply.body.contains("counterfoil_database_reachable 0\n"));
}

void TestApiService::readsTheDatabaseForMetricsAtMostOnceInTwoSeconds()
{
    ApiStage stage;
    for (int i = 0; i < 5; ++i) {
        stage.call(ApiStage::get("/metrics"));
    }
    QCOMPARE(stage.port.statusReads, 1);
    stage.clock.advance(Duration::seconds(2));
    stage.call(ApiStage::get("/metrics"));
    QCOMPARE(stage.port.statusReads, 2);
}

QTEST_GUILESS_MAIN(TestApiService)

#include "tst_api_service.moc"
