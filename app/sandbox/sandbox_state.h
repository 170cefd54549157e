// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sandbox/sandbox_error.h"
#include "app/sandbox/sandbox_faults.h"
#include "app/sandbox/sandbox_objects.h"
#include "app/sandbox/sandbox_params.h"
#include "models/base/clock.h"

#include <functional>

namespace counterfoil {

/// One call to the API, routed and parsed.
struct SandboxCall {
    QString operation; ///< `payment_intents.create`
    QString id;        ///< of the object the path names, or empty
    SandboxParams params{QJsonObject{}};
    QByteArray idempotencyKey;
    QString requestId;
};

/// All objects of the sandbox. Not thread-safe: the gateway guards it.
class SandboxState {
public:
    /// Told of every event, with its whole JSON text.
    using EventSink = std::function<void(const SandboxEvent& event, const QByteArray& json)>;

    SandboxState(const Clock& clock, quint64 seed, FaultScenario scenario, EventSink sink);

    qint64 now() const { return m_clock.now().seconds(); }
    /// A new id that depends on the seed and the text only; for equal texts the n-th is always the same.
    QString makeId(const char* prefix, const QByteArray& from);
    /// The text for makeId of an object that this call creates: its idempotency key if it has one.
    QByteArray originOf(const SandboxCall& call);
    void emitEvent(const char* type, const QJsonObject& object, const SandboxCall& call);
    QString addBalanceTransaction(const char* type, const QString& source, qint64 amountMinor, const QString& currency);
    /// With what the call asks to be expanded (`latest_charge`, `latest_charge.balance_transaction`); in lists the names
    /// begin with `data.`.
    QJsonObject expanded(const SandboxIntent& intent, const SandboxCall& call);

    SandboxTable<SandboxIntent> intents;
    SandboxTable<SandboxCharge> charges;
    SandboxTable<SandboxRefund> refunds;
    SandboxTable<SandboxPayout> payouts;
    SandboxTable<SandboxBalanceTransaction> balanceTransactions;
    SandboxTable<SandboxEvent> events;
    std::vector<SandboxEndpoint> endpoints;
    FaultPlan faults;

private:
    const Clock& m_clock;
    EventSink m_sink;
    QHash<QByteArray, int> m_idCounts;
    qint64 m_unkeyedCalls = 0;
};

} // namespace counterfoil
