// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/api_stage.h"

#include "app/common/api_error.h"
#include "models/base/json.h"
#include "models/base/text.h"
#include "workflows/services/import/order_json.h"

#include <QJsonDocument>
#include <QTcpSocket>

namespace counterfoil {

namespace {

constexpr int waitMs = 5000;
const UtcTime startTime(qint64{1'700'000'000'000'000});

Money usd(qint64 minor)
{
    return {minor, *Currency::parse(u"USD")};
}

/// An order with something in every part that the interface shows.
OrderDetail sampleOrder()
{
    OrderDetail detail;
    Order& order = detail.order;
    order.id = OrderId(77);
    order.orderNo = QStringLiteral("WEB/1042 ü");
    order.buyerName = QStringLiteral("Ada <b>Example</b>");
    detail.customer.externalRef = QStringLiteral("C-77");
    order.goods = usd(3998);
    order.discount = usd(400);
    order.shipping = usd(499);
    order.payable = order.gatewayPart = usd(4097);
    order.walletPart = order.paid = order.refunded = usd(0);
    order.workflow = QStringLiteral("order");
    order.revision = 3;
    order.state = QStringLiteral("paying");
    order.stateSince = order.placedAt = order.createdAt = order.updatedAt = startTime;

    SubOrderView& part = detail.subOrders.emplace_back();
    part.subOrder.id = SubOrderId(78);
    part.subOrder.order = order.id;
    part.subOrder.line = 1;
    part.subOrder.merchant = MerchantId(5);
    part.subOrder.goods = order.goods;
    part.subOrder.gross = usd(4497);
    part.merchantName = QStringLiteral("Mugs & more");

    OrderItem& item = detail.items.emplace_back();
    item.id = OrderItemId(79);
    item.subOrder = SubOrderId(78);
    item.line = 1;
    item.skuCode = QStringLiteral("MUG-BLUE");
    item.productName = QStringLiteral("Mug");
    item.quantity = 2;
    item.unitPrice = usd(1999);
    item.amount = usd(3998);

    PaymentTransaction declined;
    declined.id = TransactionId(80);
    declined.order = order.id;
    declined.amount = declined.gatewayPart = usd(4097);
    declined.status = TransactionStatus::Failed;
    declined.declineCode = QStringLiteral("insufficient_funds");
    declined.createdAt = declined.finishedAt = startTime;
    detail.transactions.push_back({declined, {}});
    PaymentTransaction payment = declined;
    payment.id = TransactionId(81);
    payment.status = TransactionStatus::Processing;
    payment.gatewayRef = QStringLiteral("pi_1");
    payment.cardBrand = QStringLiteral("visa");
    payment.cardLast4 = QStringLiteral("4242");
    payment.declineCode.clear();
    payment.finishedAt = UtcTime();
    detail.transactions.push_back({payment, {}});

    OrderEvent& event = detail.events.emplace_back();
    event.order = order.id;
    event.event = QStringLiteral("checkout.reserved");
    event.fromState = QStringLiteral("created");
    event.toState = QStringLiteral("awaiting_payment");
    event.actor = QStringLiteral("api:shop");
    event.at = startTime;
    return detail;
}

} // namespace

const QByteArray ApiStage::token = "cf_0123456789abcdef";
const QByteArray ApiStage::secret = "whsec_new";
const QByteArray ApiStage::goodOrder = R"({"order_no":"WEB-1","buyer":{"ref":"C-77"},"currency":"usd",)"
                                       R"("items":[{"sku":"MUG-BLUE","quantity":2}],"funding":"gateway","payment_method":"pm_card_visa"})";
const QByteArray ApiStage::goodEvent = R"({"id":"evt_1","object":"event","type":"payment_intent.succeeded","created":1700000000,"livemode":false,)"
                                       R"("data":{"object":{"id":"pi_1","object":"payment_intent"}}})";

void FakePort::placeOrder(NewOrder newOrder, QString actor, QString idempotencyKey, QString requestSha256, std::function<void(ApiAnswer)> done)
{
    if (placeError) {
        const Error error{*placeError, QStringLiteral("MUG-BLUE")};
        done({httpStatusOf(error.code), errorDocument(error)});
        return;
    }
    if (const auto known = placed.constFind(idempotencyKey); known != placed.cend()) {
        const Error reused{ErrorCode::IdempotencyKeyReused, QStringLiteral("the key was used with another body")};
        done(known->requestSha256 == requestSha256 ? known->answer : ApiAnswer{422, errorDocument(reused)});
        return;
    }
    const ApiAnswer answer{201, {{QStringLiteral("id"), OrderId(100 + placed.size()).toText()}, {QStringLiteral("order_no"), newOrder.orderNo}}};
    placed.insert(idempotencyKey, {std::move(newOrder), std::move(actor), std::move(requestSha256), answer});
    done(answer);
}

void FakePort::requestRefund(RefundCall call, std::function<void(ApiAnswer)> done)
{
    const auto refuse = [&done](ErrorCode code, const QString& detail) {
        const Error error{code, detail};
        done({httpStatusOf(code), errorDocument(error)});
    };
    if (refundError) {
        return refuse(*refundError, QStringLiteral("999.00 USD asked for, 10.00 USD is left to refund"));
    }
    if (call.order != QStringLiteral("WEB-1042")) {
        return refuse(ErrorCode::NotFound, QStringLiteral("there is no order '%1'").arg(call.order));
    }
    if (const auto known = refunded.constFind(call.idempotencyKey); known != refunded.cend()) {
        const bool same = contentHash({}, known->call.wanted, known->call.reason) == contentHash({}, call.wanted, call.reason);
        return same ? done(known->answer) : refuse(ErrorCode::IdempotencyKeyReused, QStringLiteral("this key was used for another refund"));
    }
    const Money amount = call.wanted.amount.value_or(Money(qint64{1'000}, Currency()));
    const ApiAnswer answer{201, {{QStringLiteral("id"), TransactionId(200 + refunded.size()).toText()}, {QStringLiteral("order"), OrderId(1).toText()},
                                 {QStringLiteral("amount"), moneyJson(amount)}}};
    const QString key = call.idempotencyKey;
    refunded.insert(key, {std::move(call), answer});
    done(answer);
}

void FakePort::storeCallback(CallbackEvent event, QByteArray body, std::function<void(Result<bool>)> done)
{
    if (storeError) {
        done(fail(*storeError));
        return;
    }
    const bool isNew = !callbacks.contains(event.eventId);
    callbacks.insert(event.eventId, body);
    done(isNew);
}

void FakePort::recordRefusal(QString reason, qint64 sizeBytes, QString peer)
{
    refusals.push_back({std::move(reason), sizeBytes, std::move(peer)});
}

void FakePort::findToken(QString tokenSha256, QString scope, std::function<void(Result<std::optional<QString>>)> done)
{
    ++tokenLookups;
    if (tokenError) {
        done(fail(*tokenError));
        return;
    }
    const bool isKnown = tokens.contains(tokenSha256) && scope == u"orders";
    done(isKnown ? std::optional(tokens.value(tokenSha256)) : std::nullopt);
}

void FakePort::findOrder(QString reference, std::function<void(Result<OrderDetail>)> done)
{
    if (findError) {
        done(fail(*findError, QStringLiteral("there is no order")));
    } else if (reference != order.order.orderNo && reference != order.order.id.toText()) {
        done(fail(ErrorCode::NotFound, QStringLiteral("there is no order '%1'").arg(reference)));
    } else {
        done(order);
    }
}

void FakePort::readStatus(std::function<void(Result<SystemStatus>)> done)
{
    ++statusReads;
    if (statusError) {
        done(fail(*statusError));
        return;
    }
    SystemStatus status;
    status.queue = {.readyDue = 3, .readyFuture = 14, .leased = 2, .parked = 1};
    status.openCases = 4;
    status.criticalCases = 1;
    done(status);
}

QByteArray Reply::header(const QByteArray& name) const
{
    for (const QByteArray& line : head.split('\n')) {
        if (line.left(name.size() + 1).compare(name + ':', Qt::CaseInsensitive) == 0) {
            return line.mid(name.size() + 1).trimmed();
        }
    }
    return {};
}

QJsonObject Reply::json() const
{
    return QJsonDocument::fromJson(body).object();
}

QString Reply::errorCode() const
{
    return json().value(QStringLiteral("error")).toObject().value(QStringLiteral("code")).toString();
}

QString Reply::errorField() const
{
    return json().value(QStringLiteral("error")).toObject().value(QStringLiteral("field")).toString();
}

ApiStage::ApiStage()
    : clock(startTime),
      m_service(port, clock, ApiOptions{{"whsec_old", secret}, [this] { return m_server ? m_server->statistics() : HttpStatistics(); }})
{
    port.tokens.insert(sha256Hex(token), QStringLiteral("shop"));
    port.order = sampleOrder();
    port.worker.lastRound = startTime;
    m_server = std::make_unique<HttpServer>(HttpLimits(), m_service.handler());
    const auto bound = m_server->start(QStringLiteral("127.0.0.1"), 0);
    require(bound.has_value(), "the listener of the stage");
    m_port = *bound;
}

ApiStage::~ApiStage()
{
    m_server->stop();
}

Reply ApiStage::call(const Call& call) const
{
    QTcpSocket socket;
    socket.connectToHost(QStringLiteral("127.0.0.1"), m_port);
    QByteArray bytes = call.method + ' ' + call.target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
    for (const auto& [name, value] : call.headers) {
        bytes += name + ": " + value + "\r\n";
    }
    if (call.method == "POST") {
        bytes += "Content-Length: " + QByteArray::number(call.body.size()) + "\r\n";
    }
    socket.write(bytes + "\r\n" + call.body);
    QByteArray received;
    while (socket.state() != QAbstractSocket::UnconnectedState && (socket.bytesAvailable() > 0 || socket.waitForReadyRead(waitMs))) {
        received += socket.readAll();
    }
    received += socket.readAll();
    const qsizetype end = received.indexOf("\r\n\r\n");
    Reply reply;
    if (end > 0) {
        reply.status = received.mid(9, 3).toInt();
        reply.head = received.left(end);
        reply.body = received.mid(end + 4);
    }
    return reply;
}

Call ApiStage::order(const QByteArray& body, const QByteArray& key) const
{
    return {"POST", "/v1/orders", {{"Authorization", "Bearer " + token}, {"Idempotency-Key", key}, {"Content-Type", "application/json"}}, body};
}

Call ApiStage::callback(const QByteArray& body) const
{
    return {"POST", "/v1/callbacks/stripe", {{"Stripe-Signature", signCallback(secret, body, clock.now())}, {"Content-Type", "application/json"}}, body};
}

Call ApiStage::get(const QByteArray& target, bool withToken)
{
    Call call{"GET", target, {}, {}};
    if (withToken) {
        call.headers.emplace_back("Authorization", "Bearer " + token);
    }
    return call;
}

} // namespace counterfoil
