// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QJsonObject>
#include <QStringList>

#include <deque>

namespace counterfoil {

/// What the sandbox knows of a test payment method (`pm_card_visa`).
struct SandboxCard {
    const char* method;
    const char* brand;
    const char* last4;
    const char* code;        ///< error code of a refusal, or empty
    const char* declineCode; ///< or empty
    bool requiresAction;
};
/// Null for an unknown one.
const SandboxCard* findCard(const QString& method);

/// Objects of the API, kept as their fields. Amounts are minor units, moments are seconds since 1970 as on the wire.
struct SandboxCharge {
    QString id;
    QString intent;
    qint64 amountMinor = 0;
    qint64 capturedMinor = 0;
    qint64 refundedMinor = 0;
    QString currency;
    qint64 created = 0;
    QString method;
    QString balanceTransaction;
    QString failureCode;
    QString failureMessage;
    QString declineCode;
    QJsonObject metadata;
    bool isCaptured = false;
};

struct SandboxIntent {
    QString id;
    qint64 amountMinor = 0;
    qint64 capturableMinor = 0;
    qint64 receivedMinor = 0;
    QString currency;
    qint64 created = 0;
    QString status;
    QString captureMethod;
    QString method;
    QString description;
    QString latestCharge;
    QString cancellationReason;
    qint64 canceledAt = 0;
    int attempts = 0;
    QJsonObject metadata;
    QJsonObject lastError; ///< empty: none
    QString returnUrl;
};

struct SandboxRefund {
    QString id;
    QString charge;
    QString intent;
    qint64 amountMinor = 0;
    QString currency;
    qint64 created = 0;
    QString reason;
    QString balanceTransaction;
    QJsonObject metadata;
};

struct SandboxPayout {
    QString id;
    qint64 amountMinor = 0;
    QString currency;
    qint64 created = 0;
    QString balanceTransaction;
    QString description;
    QString status;
    QJsonObject metadata;
};

struct SandboxBalanceTransaction {
    QString id;
    QString type; ///< charge, refund, payout
    QString source;
    QString payout;
    qint64 amountMinor = 0;
    qint64 feeMinor = 0;
    QString currency;
    qint64 created = 0;
};

struct SandboxEvent {
    QString id;
    QString type;
    qint64 created = 0;
    QByteArray compressed; ///< the event's JSON text, through qCompress
};

struct SandboxEndpoint {
    QString id;
    QString url;
    QString secret;
    QString description;
    QStringList enabledEvents;
    qint64 created = 0;
    bool isEnabled = true;
    QJsonObject metadata;
};

/// Without `latest_charge` expanded; see SandboxState::toJson.
QJsonObject toJson(const SandboxIntent& intent);
QJsonObject toJson(const SandboxCharge& charge);
QJsonObject toJson(const SandboxRefund& refund);
QJsonObject toJson(const SandboxPayout& payout);
QJsonObject toJson(const SandboxBalanceTransaction& transaction);
QJsonObject toJson(const SandboxEvent& event);
/// Without the secret, which is shown once, at creation.
QJsonObject toJson(const SandboxEndpoint& endpoint);

/// Rows in order of creation, found by id. Rows don't move.
template<class T>
class SandboxTable {
public:
    T& add(T row)
    {
        m_byId.insert(row.id, m_base + m_rows.size());
        m_rows.push_back(std::move(row));
        return m_rows.back();
    }
    T* find(const QString& id)
    {
        const auto found = m_byId.constFind(id);
        return found == m_byId.cend() ? nullptr : &m_rows[*found - m_base];
    }
    /// Forgets the oldest rows beyond a count.
    void keep(size_t count)
    {
        while (m_rows.size() > count) {
            m_byId.remove(m_rows.front().id);
            m_rows.pop_front();
            ++m_base;
        }
    }
    size_t size() const { return m_rows.size(); }
    const T& at(size_t index) const { return m_rows.at(index); }
    /// The place of a row for at(), or size() if there is none.
    size_t indexOf(const QString& id) const
    {
        const auto found = m_byId.constFind(id);
        return found == m_byId.cend() ? m_rows.size() : *found - m_base;
    }

private:
    std::deque<T> m_rows;
    QHash<QString, size_t> m_byId;
    size_t m_base = 0;
};

} // namespace counterfoil
