// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/benchmarks/latency/slow_gateway.h"

#include <QUrlQuery>

namespace counterfoil {

SlowGateway::SlowGateway()
{
    m_server.setScript([this](QTcpSocket& socket, const ReceivedRequest& request) { answer(socket, request); });
}

QByteArray SlowGateway::succeeded(const QByteArray& intent) const
{
    return R"({"id":"evt_)" + intent + R"(","object":"event","type":"payment_intent.succeeded","created":1700000000,"livemode":false,"data":{"object":)"
        + json(m_intents.at(intent), "succeeded") + "}}";
}

void SlowGateway::answer(QTcpSocket& socket, const ReceivedRequest& request)
{
    const QByteArray id = request.target.split('?').first().split('/').value(3);
    if (request.method == "POST" && id.isEmpty()) {
        const QByteArray key = request.header("Idempotency-Key");
        if (const auto known = m_byKey.find(key); known != m_byKey.end()) {
            socket.write(httpAnswer(200, json(m_intents.at(known->second), "requires_confirmation")));
            return;
        }
        const QUrlQuery form(QString::fromLatin1(request.body));
        const auto field = [&form](const char* name) { return form.queryItemValue(QLatin1String(name), QUrl::FullyDecoded).toLatin1(); };
        const QByteArray order = field("metadata[order]").isEmpty() ? field("metadata%5Border%5D") : field("metadata[order]");
        const QByteArray transaction = field("metadata[transaction]").isEmpty() ? field("metadata%5Btransaction%5D") : field("metadata[transaction]");
        const Intent intent{"pi_" + QByteArray::number(m_intents.size() + 1), field("amount"), field("currency"), order, transaction};
        m_intents.emplace(intent.id, intent);
        m_byKey.emplace(key, intent.id);
        socket.write(httpAnswer(200, json(intent, "requires_confirmation")));
        return;
    }
    const auto known = m_intents.find(id);
    if (known == m_intents.end()) {
        socket.write(httpAnswer(404, R"({"error":{"type":"invalid_request_error","code":"resource_missing"}})"));
        return;
    }
    const bool confirms = request.target.endsWith("/confirm");
    socket.write(httpAnswer(200, json(known->second, confirms || m_confirmed[id] ? "processing" : "requires_confirmation")));
    if (confirms && !std::exchange(m_confirmed[id], true)) {
        Q_EMIT processing(id);
    }
}

QByteArray SlowGateway::json(const Intent& intent, const QByteArray& status)
{
    return R"({"id":")" + intent.id + R"(","object":"payment_intent","status":")" + status + R"(","amount":)" + intent.amount + R"(,"amount_received":)"
        + (status == "succeeded" ? intent.amount : "0") + R"(,"amount_capturable":0,"currency":")" + intent.currency + R"(","metadata":{"transaction":")" + intent.transaction
        + R"(","order":")" + intent.order + R"("}})";
}

} // namespace counterfoil
