// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/workflows/gateway/scripted_server.h"

#include <algorithm>

namespace counterfoil {

QByteArray ReceivedRequest::header(const QByteArray& name) const
{
    const QList<QByteArray> lines = head.split('\n');
    for (const QByteArray& line : lines) {
        if (line.toLower().startsWith(name.toLower() + ':')) {
            return line.mid(name.size() + 1).trimmed();
        }
    }
    return {};
}

ScriptedServer::ScriptedServer()
{
    connect(this, &QTcpServer::newConnection, this, &ScriptedServer::handleConnection);
    if (!listen(QHostAddress::LocalHost)) {
        qFatal("the test server can't listen");
    }
}

QString ScriptedServer::url() const
{
    return QStringLiteral("http://127.0.0.1:%1").arg(serverPort());
}

void ScriptedServer::answer(int status, const QByteArray& body, const QByteArray& moreHeaders)
{
    setScript([=](QTcpSocket& socket, const ReceivedRequest&) { socket.write(httpAnswer(status, body, moreHeaders)); });
}

int ScriptedServer::posts() const
{
    return static_cast<int>(std::ranges::count(m_received, QByteArray("POST"), &ReceivedRequest::method));
}

void ScriptedServer::handleConnection()
{
    while (QTcpSocket* socket = nextPendingConnection()) {
        ++m_connections;
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        if (m_closeOnConnect) {
            socket->abort();
            continue;
        }
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { handleData(*socket); });
    }
}

void ScriptedServer::handleData(QTcpSocket& socket)
{
    QByteArray pending = socket.property("pending").toByteArray() + socket.readAll();
    while (true) {
        const qsizetype headEnd = pending.indexOf("\r\n\r\n");
        if (headEnd < 0) {
            break;
        }
        ReceivedRequest request;
        request.head = pending.first(headEnd);
        const QList<QByteArray> words = request.head.left(request.head.indexOf('\r')).split(' ');
        request.method = words.value(0);
        request.target = words.value(1);
        const qsizetype length = request.header("Content-Length").toLongLong();
        if (pending.size() < headEnd + 4 + length) {
            break;
        }
        request.body = pending.mid(headEnd + 4, length);
        pending.remove(0, headEnd + 4 + length);
        m_received.append(request);
        if (m_script) {
            m_script(socket, request);
        }
    }
    socket.setProperty("pending", pending);
}

QByteArray httpAnswer(int status, const QByteArray& body, const QByteArray& moreHeaders)
{
    return "HTTP/1.1 " + QByteArray::number(status) + " Status\r\nContent-Type: application/json\r\nContent-Length: " + QByteArray::number(body.size())
        + "\r\n" + moreHeaders + "\r\n" + body;
}

QByteArray intentJson(const QByteArray& id, const QByteArray& status, const QByteArray& transaction)
{
    const QByteArray received = status == "succeeded" ? "1000" : "0";
    return R"({"id":")" + id + R"(","object":"payment_intent","status":")" + status + R"(","amount":1000,"amount_received":)" + received
        + R"(,"amount_capturable":0,"currency":"usd","client_secret":"pi_1_secret_abcDEF123","metadata":{"transaction":")" + transaction
        + R"(","order":"ord_1"},"latest_charge":{"id":"ch_1","payment_method_details":{"card":{"brand":"visa","last4":"4242"}}}})";
}

} // namespace counterfoil
