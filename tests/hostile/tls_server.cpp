// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/hostile/tls_server.h"

#include <QFile>
#include <QProcess>
#include <QSslKey>
#include <QSslSocket>

namespace counterfoil {

TlsServer::TlsServer(const QByteArray& host)
{
    const QString key = m_folder.filePath(QStringLiteral("key.pem"));
    const QString certificate = m_folder.filePath(QStringLiteral("certificate.pem"));
    QProcess openssl;
    openssl.start(QStringLiteral("openssl"),
                  {QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"), QStringLiteral("rsa:2048"), QStringLiteral("-nodes"), QStringLiteral("-days"),
                   QStringLiteral("2"), QStringLiteral("-subj"), QStringLiteral("/CN=") + QString::fromLatin1(host), QStringLiteral("-addext"),
                   QStringLiteral("subjectAltName=%1:%2").arg(QHostAddress(QString::fromLatin1(host)).isNull() ? QStringLiteral("DNS") : QStringLiteral("IP"), QString::fromLatin1(host)),
                   QStringLiteral("-keyout"), key, QStringLiteral("-out"), certificate});
    QFile keyFile(key);
    if (!openssl.waitForFinished(30'000) || openssl.exitCode() != 0 || !keyFile.open(QFile::ReadOnly)) {
        return;
    }
    m_configuration.setPrivateKey(QSslKey(&keyFile, QSsl::Rsa));
    const QList<QSslCertificate> chain = QSslCertificate::fromPath(certificate);
    if (chain.isEmpty()) {
        return;
    }
    m_certificate = chain.first();
    m_configuration.setLocalCertificate(m_certificate);
    listen(QHostAddress::LocalHost);
}

void TlsServer::incomingConnection(qintptr descriptor)
{
    auto* const socket = new QSslSocket(this);
    socket->setSslConfiguration(m_configuration);
    connect(socket, &QSslSocket::encrypted, this, [this] { ++m_handshakes; });
    connect(socket, &QSslSocket::readyRead, this, [this, socket] {
        const bool isFirst = m_bytesRead == 0;
        m_bytesRead += socket->readAll().size();
        if (isFirst && m_script) {
            m_script(*socket);
        }
    });
    connect(socket, &QSslSocket::disconnected, socket, &QObject::deleteLater);
    socket->setSocketDescriptor(descriptor);
    socket->startServerEncryption();
}

} // namespace counterfoil
