// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>

#include <functional>

namespace counterfoil {

struct ReceivedRequest {
    QByteArray method;
    QByteArray target;
    QByteArray head;
    QByteArray body;

    /// The value of a header, empty if there is none.
    QByteArray header(const QByteArray& name) const;
};

/// An HTTP server on the loopback interface that does what a test tells it: reads whole requests, keeps them, and hands the
/// raw socket to the script.
class ScriptedServer : public QTcpServer {
    Q_OBJECT

public:
    using Script = std::function<void(QTcpSocket&, const ReceivedRequest&)>;

    ScriptedServer();

    QString url() const;
    /// What happens to every following request.
    void setScript(Script script) { m_script = std::move(script); }
    /// Answers every following request so and keeps the connection.
    void answer(int status, const QByteArray& body, const QByteArray& moreHeaders = {});
    /// Instead of reading requests: closes each connection at once.
    void closeOnConnect() { m_closeOnConnect = true; }

    const QList<ReceivedRequest>& received() const { return m_received; }
    int posts() const;
    int connections() const { return m_connections; }

private:
    void handleConnection();
    void handleData(QTcpSocket& socket);

    Script m_script;
    QList<ReceivedRequest> m_received;
    int m_connections = 0;
    bool m_closeOnConnect = false;
};

/// A whole answer with a right Content-Length.
QByteArray httpAnswer(int status, const QByteArray& body, const QByteArray& moreHeaders = {});

/// A PaymentIntent of 10.00 USD in `status`, with our reference `txn_1`.
QByteArray intentJson(const QByteArray& id = "pi_1", const QByteArray& status = "succeeded", const QByteArray& transaction = "txn_1");

} // namespace counterfoil
