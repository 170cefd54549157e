// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sandbox/sandbox_state.h"

#include <QCryptographicHash>
#include <QJsonDocument>

namespace counterfoil {

namespace {

constexpr size_t eventsMax = 100'000;
constexpr qsizetype idCountsMax = 1'000'000;
constexpr int idLength = 24;
constexpr std::string_view idDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

} // namespace

SandboxState::SandboxState(const Clock& clock, quint64 seed, FaultScenario scenario, EventSink sink)
    : faults(std::move(scenario), seed), m_clock(clock), m_sink(std::move(sink))
{
}

QString SandboxState::makeId(const char* prefix, const QByteArray& from)
{
    if (m_idCounts.size() >= idCountsMax) {
        m_idCounts.clear();
    }
    const QByteArray basis = QByteArray(prefix) + from;
    QString id = QLatin1StringView(prefix) + u'_';
    const QByteArray subject = basis + '#' + QByteArray::number(++m_idCounts[basis]);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(QByteArray::number(faults.draw("id", "", 1U << 30)));
    hash.addData(subject);
    const QByteArray digest = hash.result();
    for (int i = 0; i < idLength; ++i) {
        id += QLatin1Char(idDigits.at(static_cast<unsigned char>(digest.at(i)) % idDigits.size()));
    }
    return id;
}

QByteArray SandboxState::originOf(const SandboxCall& call)
{
    if (!call.idempotencyKey.isEmpty()) {
        return "key " + call.operation.toUtf8() + ' ' + call.idempotencyKey;
    }
    return "call " + QByteArray::number(++m_unkeyedCalls);
}

void SandboxState::emitEvent(const char* type, const QJsonObject& object, const SandboxCall& call)
{
    SandboxEvent event;
    event.id = makeId("evt", object.value(QStringLiteral("id")).toString().toUtf8() + type);
    event.type = QLatin1StringView(type);
    event.created = now();
    const QJsonValue key = call.idempotencyKey.isEmpty() ? QJsonValue(QJsonValue::Null)
                                                         : QJsonValue(QString::fromUtf8(call.idempotencyKey));
    const QJsonObject json{{"id", event.id},
                           {"object", "event"},
                           {"api_version", "2024-06-20"},
                           {"created", event.created},
                           {"data", QJsonObject{{"object", object}}},
                           {"livemode", false},
                           {"pending_webhooks", static_cast<qint64>(endpoints.size())},
                           {"request", QJsonObject{{"id", call.requestId}, {"idempotency_key", key}}},
                           {"type", event.type}};
    const QByteArray text = QJsonDocument(json).toJson(QJsonDocument::Compact);
    event.compressed = qCompress(text, 1);
    m_sink(events.add(std::move(event)), text);
    events.keep(eventsMax);
}

QString SandboxState::addBalanceTransaction(const char* type, const QString& source, qint64 amountMinor, const QString& currency)
{
    SandboxBalanceTransaction transaction;
    transaction.id = makeId("txn", source.toUtf8() + type);
    transaction.type = QLatin1StringView(type);
    transaction.source = source;
    transaction.amountMinor = amountMinor;
    if (transaction.type == QLatin1StringView("charge")) {
        // 2.9 % and 30 minor units, rounded half up: the list price of a card payment.
        transaction.feeMinor = (amountMinor * 29 + 500) / 1000 + 30;
    }
    transaction.currency = currency;
    transaction.created = now();
    return balanceTransactions.add(std::move(transaction)).id;
}

QJsonObject SandboxState::expanded(const SandboxIntent& intent, const SandboxCall& call)
{
    QJsonObject json = toJson(intent);
    for (QString name : call.params.list("expand")) {
        name.remove(0, name.startsWith(QStringLiteral("data.")) ? 5 : 0);
        SandboxCharge* charge = charges.find(intent.latestCharge);
        if (charge == nullptr || !name.startsWith(QStringLiteral("latest_charge"))) {
            continue;
        }
        QJsonObject chargeJson = toJson(*charge);
        const auto* transaction = balanceTransactions.find(charge->balanceTransaction);
        if (transaction != nullptr && name == QLatin1StringView("latest_charge.balance_transaction")) {
            chargeJson.insert(QStringLiteral("balance_transaction"), toJson(*transaction));
        }
        json.insert(QStringLiteral("latest_charge"), chargeJson);
    }
    return json;
}

} // namespace counterfoil
