// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/base/error.h"
#include "tests/contract/api_stage.h"
#include "tests/contract/json_schema.h"
#include "tests/support/expect.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

using namespace counterfoil;

namespace {

/// One request whose answer must be one of those that openapi.json documents for `operation`.
struct Scenario {
    QByteArray name;
    QByteArray operation; ///< `POST /v1/orders`
    int status = 200;
    std::function<Call(ApiStage&)> prepare;
};

QJsonObject document()
{
    QFile file(QStringLiteral(OPENAPI_FILE));
    require(file.open(QIODevice::ReadOnly), "openapi.json");
    return QJsonDocument::fromJson(file.readAll()).object();
}

QJsonObject at(QJsonObject object, std::initializer_list<QString> path)
{
    for (const QString& step : path) {
        object = object.value(step).toObject();
    }
    return object;
}

QJsonObject operationOf(const QByteArray& operation)
{
    const QList<QByteArray> parts = operation.split(' ');
    return at(document(), {QStringLiteral("paths"), QString::fromLatin1(parts.at(1)), QString::fromLatin1(parts.at(0)).toLower()});
}

/// A scenario in which the port reports a failure.
Scenario failing(const QByteArray& operation, int status, std::optional<ErrorCode> FakePort::*error, std::function<Call(ApiStage&)> make, ErrorCode code)
{
    return {operation + " when the port says " + toString(code).toLatin1(), operation, status, [=](ApiStage& stage) {
                stage.port.*error = code;
                return make(stage);
            }};
}

std::function<Call(ApiStage&)> got(const QByteArray& target, bool withToken)
{
    return [=](ApiStage&) { return ApiStage::get(target, withToken); };
}

Call orderCall(ApiStage& stage)
{
    return stage.order(ApiStage::goodOrder);
}

constexpr const char* goodRefund = R"({"amount":{"amount":500,"currency":"usd"},"reason":"scratched"})";

Call refundCall(ApiStage& stage, const QByteArray& body, const QByteArray& reference = "WEB-1042")
{
    Call call = stage.order(body);
    call.target = "/v1/orders/" + reference + "/refunds";
    return call;
}

Call goodRefundCall(ApiStage& stage)
{
    return refundCall(stage, goodRefund);
}

Call eventCall(ApiStage& stage)
{
    return stage.callback(ApiStage::goodEvent);
}

void addOrderScenarios(std::vector<Scenario>& all)
{
    const QByteArray post = "POST /v1/orders";
    all.push_back({"an order", post, 201, orderCall});
    all.push_back({"an order again", post, 201, [](ApiStage& stage) {
                       stage.call(stage.order(ApiStage::goodOrder));
                       return stage.order(ApiStage::goodOrder);
                   }});
    all.push_back({"another order under a used key", post, 422, [](ApiStage& stage) {
                       stage.call(stage.order(ApiStage::goodOrder));
                       return stage.order(QByteArray(ApiStage::goodOrder).replace("WEB-1", "WEB-2"));
                   }});
    all.push_back({"an order that is no JSON", post, 400, [](ApiStage& stage) { return stage.order("order"); }});
    all.push_back({"an order without a token", post, 401, [](ApiStage& stage) {
                       Call call = orderCall(stage);
                       call.headers.erase(call.headers.begin());
                       return call;
                   }});
    all.push_back({"an order that is too large", post, 413, [](ApiStage& stage) { return stage.order(QByteArray(300 * 1024, ' ')); }});
    all.push_back({"an order as a form", post, 415, [](ApiStage& stage) {
                       Call call = orderCall(stage);
                       call.headers.back().second = "application/x-www-form-urlencoded";
                       return call;
                   }});
    all.push_back(failing(post, 409, &FakePort::placeError, orderCall, ErrorCode::InProgress));
    all.push_back(failing(post, 422, &FakePort::placeError, orderCall, ErrorCode::OutOfStock));
    all.push_back(failing(post, 422, &FakePort::placeError, orderCall, ErrorCode::AlreadyExistsDifferent));
    all.push_back(failing(post, 500, &FakePort::placeError, orderCall, ErrorCode::Integrity));
    all.push_back(failing(post, 503, &FakePort::placeError, orderCall, ErrorCode::DatabaseBusy));
    all.push_back(failing(post, 503, &FakePort::tokenError, orderCall, ErrorCode::DatabaseUnavailable));

    const QByteArray show = "GET /v1/orders/{reference}";
    const auto byNumber = got("/v1/orders/WEB%2F1042%20%C3%BC", true);
    all.push_back({"an order by its number", show, 200, byNumber});
    all.push_back({"an order by its id", show, 200, got("/v1/orders/" + OrderId(77).toText().toLatin1(), true)});
    all.push_back({"an order with nothing in it yet", show, 200, [=](ApiStage& stage) {
                       OrderDetail empty;
                       empty.order.id = OrderId(77);
                       empty.order.orderNo = QStringLiteral("WEB/1042 ü");
                       empty.order.cancelReason = CancelReason::Buyer;
                       // Beyond 2^53, where amounts are strings.
                       empty.order.goods = Money(qint64{1} << 60, Currency());
                       stage.port.order = empty;
                       return byNumber(stage);
                   }});
    all.push_back({"an order shown without a token", show, 401, got("/v1/orders/WEB-1", false)});
    all.push_back({"an order that isn't there", show, 404, got("/v1/orders/WEB-9", true)});
    all.push_back({"an order with a name that isn't UTF-8", show, 404, got("/v1/orders/%FF", true)});
    all.push_back(failing(show, 500, &FakePort::findError, byNumber, ErrorCode::Internal));
    all.push_back(failing(show, 503, &FakePort::findError, byNumber, ErrorCode::DatabaseUnavailable));
}

void addRefundScenarios(std::vector<Scenario>& all)
{
    const QByteArray post = "POST /v1/orders/{reference}/refunds";
    all.push_back({"a refund", post, 201, goodRefundCall});
    all.push_back({"a refund again", post, 201, [](ApiStage& stage) {
                       stage.call(goodRefundCall(stage));
                       return goodRefundCall(stage);
                   }});
    all.push_back({"a refund of lines", post, 201, [](ApiStage& stage) { return refundCall(stage, R"({"items":[{"line":1,"quantity":2},{"line":2,"quantity":1}]})"); }});
    all.push_back({"a refund of everything", post, 201, [](ApiStage& stage) { return refundCall(stage, R"({"all":true,"reason":"lost"})"); }});
    all.push_back({"another refund under a used key", post, 422, [](ApiStage& stage) {
                       stage.call(goodRefundCall(stage));
                       return refundCall(stage, R"({"all":true})");
                   }});
    for (const char* body : {"refund", "{}", R"({"all":false})", R"({"all":true,"items":[{"line":1,"quantity":1}]})", R"({"items":[]})", R"({"items":[{"line":0,"quantity":1}]})",
                             R"({"items":[{"line":1,"quantity":0}]})", R"({"items":[{"line":1,"quantity":1},{"line":1,"quantity":1}]})", R"({"items":[1]})", R"({"sum":5})",
                             R"({"amount":{"amount":0,"currency":"usd"}})", R"({"amount":{"amount":-5,"currency":"usd"}})", R"({"amount":5})"}) {
        all.push_back({QByteArray("a refund that can't be meant: ") + body, post, 400, [body](ApiStage& stage) { return refundCall(stage, body); }});
    }
    all.push_back({"a refund without a token", post, 401, [](ApiStage& stage) {
                       Call call = goodRefundCall(stage);
                       call.headers.erase(call.headers.begin());
                       return call;
                   }});
    all.push_back({"a refund of an order that isn't there", post, 404, [](ApiStage& stage) { return refundCall(stage, goodRefund, "WEB-9"); }});
    all.push_back({"a refund that is too large", post, 413, [](ApiStage& stage) { return refundCall(stage, QByteArray(300 * 1024, ' ')); }});
    all.push_back({"a refund as a form", post, 415, [](ApiStage& stage) {
                       Call call = goodRefundCall(stage);
                       call.headers.back().second = "application/x-www-form-urlencoded";
                       return call;
                   }});
    all.push_back(failing(post, 422, &FakePort::refundError, goodRefundCall, ErrorCode::RefundExceeded));
    all.push_back(failing(post, 422, &FakePort::refundError, goodRefundCall, ErrorCode::InsufficientFunds));
    all.push_back(failing(post, 500, &FakePort::refundError, goodRefundCall, ErrorCode::Integrity));
    all.push_back(failing(post, 503, &FakePort::refundError, goodRefundCall, ErrorCode::DatabaseBusy));
}

void addOtherScenarios(std::vector<Scenario>& all)
{
    const QByteArray event = "POST /v1/callbacks/stripe";
    all.push_back({"a callback", event, 200, eventCall});
    all.push_back({"a callback again", event, 200, [](ApiStage& stage) {
                       stage.call(eventCall(stage));
                       return eventCall(stage);
                   }});
    all.push_back({"a callback without a signature", event, 400, [](ApiStage& stage) {
                       Call call = eventCall(stage);
                       call.headers.clear();
                       return call;
                   }});
    all.push_back({"a callback that is too large", event, 413, [](ApiStage& stage) { return stage.callback(QByteArray(300 * 1024, ' ')); }});
    all.push_back(failing(event, 500, &FakePort::storeError, eventCall, ErrorCode::Internal));
    all.push_back(failing(event, 503, &FakePort::storeError, eventCall, ErrorCode::DatabaseFull));

    all.push_back({"health", "GET /healthz", 200, got("/healthz", false)});
    all.push_back({"health with a probe's query", "GET /healthz", 200, got("/healthz?now=1", false)});
    all.push_back({"health of a loop that stands still", "GET /healthz", 503, [](ApiStage& stage) {
                       stage.clock.advance(Duration(10'000'001));
                       return ApiStage::get("/healthz");
                   }});
    all.push_back({"health of a loop that never ran", "GET /healthz", 503, [](ApiStage& stage) {
                       stage.port.worker.lastRound = UtcTime();
                       return ApiStage::get("/healthz");
                   }});
    all.push_back({"health without a database", "GET /healthz", 503, [](ApiStage& stage) {
                       stage.port.worker.databaseReachable = false;
                       return ApiStage::get("/healthz");
                   }});
    all.push_back({"metrics", "GET /metrics", 200, got("/metrics", false)});
    all.push_back(failing("GET /metrics", 200, &FakePort::statusError, got("/metrics", false), ErrorCode::DatabaseUnavailable));
    all.push_back({"the description", "GET /openapi.json", 200, got("/openapi.json", false)});
}

std::vector<Scenario> scenarios()
{
    std::vector<Scenario> all;
    addOrderScenarios(all);
    addRefundScenarios(all);
    addOtherScenarios(all);
    return all;
}

/// A body as its media type carries it: a JSON value, or a string.
QJsonValue decoded(const QByteArray& body, const QString& mediaType)
{
    return mediaType == u"application/json" ? QJsonValue(QJsonDocument::fromJson(body).object()) : QJsonValue(QString::fromUtf8(body));
}

/// What an answer has that its documentation doesn't say, or the other way round.
QStringList deviations(const Reply& reply, const QByteArray& operation)
{
    const QJsonObject response = at(operationOf(operation), {QStringLiteral("responses"), QString::number(reply.status)});
    if (response.isEmpty()) {
        return {QStringLiteral("the status %1 is not documented").arg(reply.status)};
    }
    const JsonSchema schema(document());
    const QString mediaType = QString::fromLatin1(reply.header("Content-Type").split(';').first());
    QStringList found = schema.violations(decoded(reply.body, mediaType), at(response, {QStringLiteral("content"), mediaType, QStringLiteral("schema")}));
    const QJsonObject headers = response.value(QStringLiteral("headers")).toObject();
    for (auto it = headers.begin(); it != headers.end(); ++it) {
        const QByteArray value = reply.header(it.key().toLatin1());
        found += value.isEmpty() ? QStringList{it.key() + QStringLiteral(" is not there")}
                                 : schema.violations(QString::fromLatin1(value), at(it->toObject(), {QStringLiteral("schema")}), it.key());
    }
    return found;
}

} // namespace

class TestOpenApi : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { failOnWarnings(); }

    void findsViolationsOfSchemas_data();
    void findsViolationsOfSchemas();
    void answersAsDocumented_data();
    void answersAsDocumented();
    void everyDocumentedResponseOccurs();
    void examplesFitTheirSchemas();
    void exampleOrdersAreAccepted();
    void exampleRefundsAreAccepted();
    void requestsThatSucceedFitTheirSchema();
    void errorCodesAreAllOfThem();
    void describesThisVersion();
    void answersNothingElse_data();
    void answersNothingElse();
    void refusesOtherMethodsAndNamesTheRightOnes();
    void answersHeadWithoutABody();
};

void TestOpenApi::findsViolationsOfSchemas_data()
{
    QTest::addColumn<QByteArray>("schema");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<int>("violations");
    const auto row = [](const char* name, const char* schema, const char* value, int violations) {
        QTest::newRow(name) << QByteArray(schema) << QByteArray(value) << violations;
    };
    row("fits", R"({"type":"object","required":["a"],"properties":{"a":{"type":"integer"}},"additionalProperties":false})", R"({"a":1})", 0);
    row("missing", R"({"type":"object","required":["a"]})", R"({"b":1})", 1);
    row("missing in nothing", R"({"type":"object","required":["a"]})", R"({})", 1);
    row("wrong type", R"({"type":"object","properties":{"a":{"type":"integer"}}})", R"({"a":"1"})", 1);
    row("fraction", R"({"type":"object","properties":{"a":{"type":"integer"}}})", R"({"a":1.5})", 1);
    row("one of the types", R"({"type":"object","properties":{"a":{"type":["string","null"]}}})", R"({"a":null})", 0);
    row("not described", R"({"type":"object","properties":{},"additionalProperties":false})", R"({"a":1})", 1);
    row("not in the list", R"({"type":"object","properties":{"a":{"enum":["x"]}}})", R"({"a":"y"})", 1);
    row("another pattern", R"({"type":"object","properties":{"a":{"pattern":"^x$"}}})", R"({"a":"xx"})", 1);
    row("item", R"({"type":"object","properties":{"a":{"items":{"type":"string"}}}})", R"({"a":["x",1]})", 1);
    row("too few", R"({"type":"object","properties":{"a":{"minItems":1}}})", R"({"a":[]})", 1);
    row("too long", R"({"type":"object","properties":{"a":{"maxLength":1}}})", R"({"a":"xy"})", 1);
    row("too small", R"({"type":"object","properties":{"a":{"minimum":1}}})", R"({"a":0})", 1);
    row("none of any", R"({"type":"object","properties":{"a":{"anyOf":[{"type":"null"},{"type":"string"}]}}})", R"({"a":0})", 1);
    row("reference to nothing", R"({"$ref":"#/components/schemas/Nothing"})", R"({})", 1);
    row("unknown keyword", R"({"type":"object","maxProperties":1})", R"({})", 1);
}

void TestOpenApi::findsViolationsOfSchemas()
{
    QFETCH(QByteArray, schema);
    QFETCH(QByteArray, value);
    QFETCH(int, violations);
    const QStringList found = JsonSchema(document()).violations(QJsonDocument::fromJson(value).object(), QJsonDocument::fromJson(schema).object());
    QVERIFY2(found.size() == violations, qPrintable(found.join(u'\n')));
}

void TestOpenApi::answersAsDocumented_data()
{
    QTest::addColumn<int>("index");
    int index = 0;
    for (const Scenario& scenario : scenarios()) {
        QTest::newRow(scenario.name.constData()) << index++;
    }
}

void TestOpenApi::answersAsDocumented()
{
    QFETCH(int, index);
    const Scenario scenario = scenarios().at(static_cast<size_t>(index));
    ApiStage stage;
    const Reply reply = stage.call(scenario.prepare(stage));
    QCOMPARE(reply.status, scenario.status);
    const QStringList found = deviations(reply, scenario.operation);
    QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
}

void TestOpenApi::everyDocumentedResponseOccurs()
{
    QStringList documented;
    const QJsonObject paths = document().value(QStringLiteral("paths")).toObject();
    for (auto path = paths.begin(); path != paths.end(); ++path) {
        const QJsonObject methods = path->toObject();
        for (auto method = methods.begin(); method != methods.end(); ++method) {
            for (const QString& status : at(method->toObject(), {QStringLiteral("responses")}).keys()) {
                documented << QStringLiteral("%1 %2 %3").arg(method.key().toUpper(), path.key(), status);
            }
        }
    }
    QStringList occurring;
    for (const Scenario& scenario : scenarios()) {
        occurring << QStringLiteral("%1 %2").arg(QString::fromLatin1(scenario.operation)).arg(scenario.status);
    }
    occurring.removeDuplicates();
    documented.sort();
    occurring.sort();
    QCOMPARE(occurring, documented);
}

void TestOpenApi::examplesFitTheirSchemas()
{
    const JsonSchema schema(document());
    int checked = 0;
    // Media types stand at several places, so all objects with a schema and examples are looked at.
    const std::function<void(const QJsonValue&)> visit = [&](const QJsonValue& value) {
        const QJsonObject object = value.toObject();
        for (const QJsonValue& example : object.value(QStringLiteral("examples")).toObject()) {
            const QStringList found = schema.violations(example.toObject().value(QStringLiteral("value")), object.value(QStringLiteral("schema")).toObject());
            QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
            ++checked;
        }
        for (const QJsonValue& child : object) {
            visit(child);
        }
    };
    visit(document());
    QVERIFY(checked > 10);
}

void TestOpenApi::exampleOrdersAreAccepted()
{
    const QJsonObject examples = at(operationOf("POST /v1/orders"), {QStringLiteral("requestBody"), QStringLiteral("content"),
                                                                     QStringLiteral("application/json"), QStringLiteral("examples")});
    QVERIFY(examples.size() >= 2);
    ApiStage stage;
    for (auto it = examples.begin(); it != examples.end(); ++it) {
        const QByteArray body = QJsonDocument(at(it->toObject(), {QStringLiteral("value")})).toJson();
        const Reply reply = stage.call(stage.order(body, it.key().toLatin1()));
        QVERIFY2(reply.status == 201, reply.body.constData());
    }
}

void TestOpenApi::requestsThatSucceedFitTheirSchema()
{
    const JsonSchema schema(document());
    for (const auto& [operation, body] : {std::pair<QByteArray, QByteArray>("POST /v1/orders", ApiStage::goodOrder), {"POST /v1/orders/{reference}/refunds", goodRefund}, {"POST /v1/callbacks/stripe", ApiStage::goodEvent}}) {
        const QJsonObject media = at(operationOf(operation), {QStringLiteral("requestBody"), QStringLiteral("content"), QStringLiteral("application/json")});
        const QStringList found = schema.violations(QJsonDocument::fromJson(body).object(), media.value(QStringLiteral("schema")).toObject());
        QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
    }
}

void TestOpenApi::exampleRefundsAreAccepted()
{
    const QJsonObject examples = at(operationOf("POST /v1/orders/{reference}/refunds"), {QStringLiteral("requestBody"), QStringLiteral("content"),
                                                                                         QStringLiteral("application/json"), QStringLiteral("examples")});
    QCOMPARE(examples.size(), qsizetype{3});
    for (const QJsonValue& example : examples) {
        ApiStage stage;
        const Reply reply = stage.call(refundCall(stage, QJsonDocument(at(example.toObject(), {QStringLiteral("value")})).toJson()));
        QVERIFY2(reply.status == 201, reply.body.constData());
    }
}

void TestOpenApi::errorCodesAreAllOfThem()
{
    const QJsonObject error = at(document(), {QStringLiteral("components"), QStringLiteral("schemas"), QStringLiteral("Error"), QStringLiteral("properties"),
                                              QStringLiteral("error"), QStringLiteral("properties"), QStringLiteral("code")});
    QStringList documented;
    for (const QJsonValue& name : error.value(QStringLiteral("enum")).toArray()) {
        documented << name.toString();
    }
    QStringList known;
    for (const ErrorCode code : allErrorCodes()) {
        known << toString(code);
    }
    QCOMPARE(documented, known);
}

void TestOpenApi::describesThisVersion()
{
    QCOMPARE(at(document(), {QStringLiteral("info")}).value(QStringLiteral("version")).toString(), QStringLiteral(COUNTERFOIL_VERSION));
    ApiStage stage;
    QCOMPARE(stage.call(ApiStage::get("/openapi.json")).json(), document());
}

void TestOpenApi::answersNothingElse_data()
{
    QTest::addColumn<QByteArray>("target");
    for (const char* target : {"/", "/v1", "/v1/", "/v1/orders/", "/v1/orders/a/b", "/v1/orders//refunds", "/v1/orders/refunds/", "/v1/orders/a/b/refunds", "/v1/orders/a/refunds/b", "/v1/orders/a/Refunds", "/v1/orders//", "/V1/orders", "/v1/orders/%2e%2e/../healthz", "/healthz/",
                               "//healthz", "/v1/callbacks", "/v1/callbacks/", "/v1/callbacks/other", "/openapi.yaml", "/metrics%20"}) {
        QTest::newRow(target) << QByteArray(target);
    }
}

void TestOpenApi::answersNothingElse()
{
    QFETCH(QByteArray, target);
    ApiStage stage;
    for (const QByteArray& method : {QByteArray("GET"), QByteArray("POST")}) {
        const Reply reply = stage.call({method, target, {{"Authorization", "Bearer " + ApiStage::token}}, {}});
        QCOMPARE(reply.status, 404);
        QCOMPARE(reply.errorCode(), QStringLiteral("not_found"));
    }
}

void TestOpenApi::refusesOtherMethodsAndNamesTheRightOnes()
{
    ApiStage stage;
    const QJsonObject paths = document().value(QStringLiteral("paths")).toObject();
    for (auto path = paths.begin(); path != paths.end(); ++path) {
        const QByteArray target = QString(path.key()).replace(QStringLiteral("{reference}"), QStringLiteral("WEB-1")).toLatin1();
        const QByteArray expected = path->toObject().contains(QStringLiteral("get")) ? "GET, HEAD" : "POST";
        for (const QByteArray& method : {QByteArray("PUT"), QByteArray("DELETE"), QByteArray("OPTIONS"), QByteArray("get"), QByteArray(expected == "POST" ? "GET" : "POST")}) {
            const Reply reply = stage.call({method, target, {}, {}});
            QVERIFY2(reply.status == 405, (method + ' ' + target).constData());
            QCOMPARE(reply.header("Allow"), expected);
            const QStringList found = JsonSchema(document()).violations(reply.json(), {{QStringLiteral("$ref"), QStringLiteral("#/components/schemas/Error")}});
            QVERIFY2(found.isEmpty(), qPrintable(found.join(u'\n')));
        }
    }
}

void TestOpenApi::answersHeadWithoutABody()
{
    ApiStage stage;
    for (const QByteArray& target : {QByteArray("/healthz"), QByteArray("/metrics"), QByteArray("/openapi.json"), QByteArray("/v1/orders/WEB%2F1042%20%C3%BC")}) {
        Call call = ApiStage::get(target, true);
        call.method = "HEAD";
        const Reply reply = stage.call(call);
        QCOMPARE(reply.status, 200);
        QVERIFY(reply.header("Content-Length").toInt() > 0);
        QVERIFY(reply.body.isEmpty());
    }
}

QTEST_GUILESS_MAIN(TestOpenApi)

#include "tst_openapi.moc"
