// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/crash/order_poster.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkReply>
#include <QTimer>

namespace counterfoil {

namespace {

constexpr int pauseMs = 40;
constexpr int answerMs = 5'000;

QString numberOf(int number)
{
    return QStringLiteral("WEB-%1").arg(number);
}

QByteArray bodyOf(int number)
{
    const QString method = number % 10 == 0 ? QStringLiteral("pm_card_chargeDeclined") : QStringLiteral("pm_card_visa");
    return QStringLiteral(R"({"order_no":"%1","buyer":{"ref":"SHOP-%2","name":"Ada"},"currency":"usd","items":[{"sku":"PEN","quantity":%3}],)"
                          R"("shipping":{"amount":499,"currency":"usd"},"funding":"gateway","payment_method":"%4"})")
        .arg(numberOf(number))
        .arg(number % 7)
        .arg(1 + number % 3)
        .arg(method)
        .toUtf8();
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

void OrderPoster::post(int first, int last)
{
    for (int number = first; number <= last; ++number) {
        ++m_underWay;
        send(number, 0);
    }
}

void OrderPoster::send(int number, int attempt)
{
    const QString address = m_addresses.at((number + attempt) % m_addresses.size());
    QNetworkRequest request(QUrl(address + QStringLiteral("/v1/orders")));
    request.setTransferTimeout(answerMs);
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/json"));
    request.setRawHeader("Authorization", "Bearer " + m_token);
    request.setRawHeader("Idempotency-Key", "shop-key-" + QByteArray::number(number));
    QNetworkReply* const reply = m_manager.post(request, bodyOf(number));
    connect(reply, &QNetworkReply::finished, this, [=, this] {
        const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        // An answer that was cut off is none.
        const bool isWhole = reply->error() == QNetworkReply::NoError || status >= 400;
        reply->deleteLater();
        QByteArray answer = reply->readAll();
        if (status == 401) {
            answer += " to '" + reply->request().rawHeader("Authorization") + '\'';
            qWarning("401 for an order: %s", answer.constData());
        }
        handleAnswer(number, attempt, isWhole ? status : 0, answer);
    });
}

void OrderPoster::handleAnswer(int number, int attempt, int status, const QByteArray& bytes)
{
    if (isWorthRepeating(status, attempt)) {
        ++m_repetitions;
        QTimer::singleShot(pauseMs, this, [=, this] { send(number, attempt + 1); });
        return;
    }
    --m_underWay;
    const QString orderNo = numberOf(number);
    const QString id = QJsonDocument::fromJson(bytes).object().value(QStringLiteral("id")).toString();
    const auto [known, isNew] = m_ids.try_emplace(orderNo, id);
    if (status != 201 || id.isEmpty() || (!isNew && known->second != id)) {
        m_complaints << QStringLiteral("%1, sent %2 times: %3 %4").arg(orderNo).arg(attempt + 1).arg(status).arg(QString::fromUtf8(bytes.left(300)));
    }
}

} // namespace counterfoil
