// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/crash/order_poster.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpSocket>
#include <QTimer>
#include <QUrl>

namespace counterfoil {

namespace {

constexpr int pauseMs = 40;
constexpr int answerMs = 5'000;
constexpr int connectionsMax = 32;

QByteArray bodyOf(int number)
{
    const QString method = number % 10 == 0 ? QStringLiteral("pm_card_chargeDeclined") : QStringLiteral("pm_card_visa");
    return QStringLiteral(R"({"order_no":"%1","buyer":{"ref":"SHOP-%2","name":"Ada"},"currency":"usd","items":[{"sku":"PEN","quantity":%3}],)"
                          R"("shipping":{"amount":499,"currency":"usd"},"funding":"gateway","payment_method":"%4"})")
        .arg(OrderPoster::numberOf(number))
        .arg(number % 7)
        .arg(1 + number % 3)
        .arg(method)
        .toUtf8();
}

/// Status and body of an answer; 0 if it was cut off, which is no answer.
std::pair<int, QByteArray> readAnswer(const QByteArray& bytes)
{
    const qsizetype headEnd = bytes.indexOf("\r\n\r\n");
    if (headEnd < 0 || !bytes.startsWith("HTTP/1.1 ")) {
        return {0, {}};
    }
    const QByteArray head = bytes.left(headEnd).toLower() + "\r\n";
    const QByteArray body = bytes.mid(headEnd + 4);
    const QByteArray field("\r\ncontent-length:");
    const qsizetype at = head.indexOf(field);
    const qsizetype end = at < 0 ? -1 : head.indexOf("\r\n", at + field.size());
    const bool isWhole = end >= 0 && head.mid(at + field.size(), end - at - field.size()).trimmed().toLongLong() == body.size();
    return {isWhole ? bytes.mid(9, 3).toInt() : 0, body};
}

/// While our worker is dead its port may belong to another program of this machine, which knows no token of ours: asked a few times
/// more, the worker itself has to take it.
constexpr int strangersMax = 5;

/// Nobody knows what came of it, or nothing did: the same again is right.
bool isWorthRepeating(int status, int attempt)
{
    return status == 0 || status == 409 || status == 429 || status >= 500 || (status == 401 && attempt < strangersMax);
}

} // namespace

OrderPoster::OrderPoster(QStringList addresses, QByteArray token) : m_addresses(std::move(addresses)), m_token(std::move(token)) {}

QString OrderPoster::numberOf(int number)
{
    return QStringLiteral("WEB-%1").arg(number);
}

void OrderPoster::post(int first, int last)
{
    for (int number = first; number <= last; ++number) {
        postTo(number % static_cast<int>(m_addresses.size()), number);
    }
}

void OrderPoster::postTo(int address, int number)
{
    ++m_underWay;
    m_waiting.push_back({number, 0, address});
    sendWaiting();
}

void OrderPoster::sendWaiting()
{
    while (m_connections < connectionsMax && !m_waiting.empty()) {
        const Attempt next = m_waiting.front();
        m_waiting.pop_front();
        send(next);
    }
}

/// A connection for every attempt, so that none hangs on one to a worker that has died: QNetworkAccessManager leaves some of the
/// requests that come after a refused connection waiting until they time out.
void OrderPoster::send(const Attempt& attempt)
{
    const QUrl url(m_addresses.at(attempt.address));
    const QByteArray body = bodyOf(attempt.number);
    const QByteArray request = "POST /v1/orders HTTP/1.1\r\nHost: " + url.authority().toLatin1() + "\r\nConnection: close\r\nContent-Type: application/json\r\nAuthorization: Bearer "
        + m_token + "\r\nIdempotency-Key: shop-key-" + QByteArray::number(attempt.number) + "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
    auto* const socket = new QTcpSocket(this);
    ++m_connections;
    const auto end = [=, this] {
        QObject::disconnect(socket, nullptr, this, nullptr);
        const auto [status, answer] = readAnswer(socket->readAll());
        socket->deleteLater();
        --m_connections;
        handleAnswer(attempt, status, answer);
        sendWaiting();
    };
    connect(socket, &QTcpSocket::connected, socket, [socket, request] { socket->write(request); });
    connect(socket, &QTcpSocket::disconnected, this, end);
    connect(socket, &QTcpSocket::errorOccurred, this, end);
    QTimer::singleShot(answerMs, socket, end);
    socket->connectToHost(url.host(), static_cast<quint16>(url.port()));
}

void OrderPoster::handleAnswer(const Attempt& attempt, int status, const QByteArray& bytes)
{
    if (status == 401) {
        qWarning("401 for an order: %s", bytes.constData());
    }
    if (isWorthRepeating(status, attempt.count)) {
        ++m_repetitions;
        const Attempt next{attempt.number, attempt.count + 1, (attempt.address + 1) % static_cast<int>(m_addresses.size())};
        QTimer::singleShot(pauseMs, this, [=, this] {
            m_waiting.push_back(next);
            sendWaiting();
        });
        return;
    }
    --m_underWay;
    const QString orderNo = numberOf(attempt.number);
    const QString id = QJsonDocument::fromJson(bytes).object().value(QStringLiteral("id")).toString();
    const auto [known, isNew] = m_ids.try_emplace(orderNo, id);
    if (status != 201 || id.isEmpty() || (!isNew && known->second != id)) {
        m_complaints << QStringLiteral("%1, sent %2 times: %3 %4").arg(orderNo).arg(attempt.count + 1).arg(status).arg(QString::fromUtf8(bytes.left(300)));
    }
}

} // namespace counterfoil
