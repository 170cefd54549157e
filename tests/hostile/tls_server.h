// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSslCertificate>
#include <QSslConfiguration>
#include <QTcpServer>
#include <QTemporaryDir>

#include <functional>

class QSslSocket;

namespace counterfoil {

/// A TLS server on the loopback interface with a certificate of its own making, which nobody has reason to trust unless a test has one.
class TlsServer : public QTcpServer {
    Q_OBJECT

public:
    /// `openssl` makes the certificate for `host`; without it nothing listens.
    explicit TlsServer(const QByteArray& host);

    const QSslCertificate& certificate() const { return m_certificate; }
    /// What is done when a request comes; without it nothing is answered.
    void setScript(std::function<void(QSslSocket&)> script) { m_script = std::move(script); }
    QString url() const { return QStringLiteral("https://127.0.0.1:%1").arg(serverPort()); }
    int handshakes() const { return m_handshakes; }
    qint64 bytesRead() const { return m_bytesRead; }

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    QTemporaryDir m_folder;
    QSslConfiguration m_configuration;
    QSslCertificate m_certificate;
    std::function<void(QSslSocket&)> m_script;
    int m_handshakes = 0;
    qint64 m_bytesRead = 0;
};

} // namespace counterfoil
