// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/gateway/gateway.h"

#include <QJsonObject>

#include <deque>
#include <map>
#include <random>

namespace counterfoil {

/// What goes wrong with one call, or how the buyer's bank answers it.
enum class Fault {
    None,
    NotSent,
    /// The connection breaks before anything happened, or after it did.
    UnknownBefore,
    UnknownAfter,
    /// A 500 that is stored under the key and replayed for ever; before or after the effect.
    StoredErrorBefore,
    StoredErrorAfter,
    /// Nothing is executed: our key is not accepted.
    Unauthenticated,
    /// Our own circuit breaker let nothing through.
    CircuitOpen,
    /// The key is known with other parameters; nothing is executed.
    KeyReused,
    // Of a confirmation:
    Decline,
    RequiresAction,
    Processing,
    // A confirmation that takes less than was asked.
    PartialCapture,
    // Of a creation: the object has another amount, or another currency.
    WrongAmount,
    WrongCurrency,
    // Of a refund: it is accepted, but the money isn't with the buyer yet, or never will be.
    Pending,
    RefundFailed,
};

/// A payment gateway with a truth of its own, which the engine only learns through answers and callbacks. It follows the rules of
/// Stripe's API as far as the engine depends on them: the first answer of an executed request is stored under its key, an object takes
/// money once, only open objects can be cancelled.
class ModelGateway {
public:
    struct Intent {
        QString id;
        IntentStatus status = IntentStatus::RequiresConfirmation;
        Money amount;
        Money received;
        QString transactionRef;
        QString declineCode;
        UtcTime createdAt;
        qint64 refundedMinor = 0;
    };
    struct Refund {
        QString id;
        QString intentId;
        QString status;
        Money amount;
        QString transactionRef;
    };

    explicit ModelGateway(const Clock& clock) : m_clock(clock) {}

    /// The next calls of this operation go wrong like this, one after the other.
    void script(GatewayOperation operation, std::initializer_list<Fault> faults);
    /// Every call may go wrong from here on, with this probability; 0 ends it. Scripts come first.
    void setRandomFaults(int percent, quint32 seed);
    /// Callbacks carry an amount that isn't the object's.
    void setCallbacksLie(bool lie) { m_callbacksLie = lie; }

    GatewayAnswer answer(const GatewayRequest& request);
    /// With this fault and no other.
    GatewayAnswer answer(const GatewayRequest& request, Fault fault);

    /// What happens at the gateway without us.
    void setStatus(const QString& intentId, IntentStatus status, const QString& declineCode = {});
    /// The object is over another amount, perhaps in another currency; who is told nothing learns it by asking.
    void setAmount(const QString& intentId, const Money& amount);
    /// A refund goes on: `succeeded`, `failed`, …; a callback tells.
    void setRefundStatus(const QString& refundId, const QString& status);
    /// Ends refunds that are pending: mostly well.
    void settleRefunds(std::mt19937& random);
    std::vector<Refund> refundsOf(const QString& transactionRef) const;
    const std::vector<Refund>& refunds() const { return m_refunds; }

    /// Ends what is being processed or waits for the buyer: mostly well.
    void settleWaiting(std::mt19937& random);

    /// The one object of a payment; aborts if there are none or several.
    const Intent& only(const QString& transactionRef) const;
    std::vector<Intent> of(const QString& transactionRef) const;
    std::vector<Intent> all() const;
    /// How many objects of a payment took money.
    int charges(const QString& transactionRef) const;
    int callsOf(GatewayOperation operation) const;
    const std::vector<GatewayRequest>& calls() const { return m_calls; }

    /// Bodies of the callbacks that were not taken yet.
    std::vector<QByteArray> takeCallbacks();
    /// A callback about an object as it is now.
    QByteArray callbackOf(const Intent& intent);
    QByteArray callbackOf(const Refund& refund);

private:
    GatewayAnswer execute(const GatewayRequest& request, Fault fault);
    GatewayAnswer create(const GatewayRequest& request, Fault fault);
    GatewayAnswer confirm(Intent& intent, Fault fault);
    GatewayAnswer cancel(Intent& intent);
    GatewayAnswer refund(const GatewayRequest& request, Intent& intent, Fault fault);
    GatewayAnswer find(const GatewayRequest& request) const;
    GatewayAnswer fetchRefund(const GatewayRequest& request) const;
    GatewayAnswer findRefund(const GatewayRequest& request) const;
    QByteArray eventOf(const QString& type, const QJsonObject& object);
    Fault takeFault(GatewayOperation operation);
    void become(Intent& intent, IntentStatus status, const QString& declineCode, const Money& received);
    void changed(const Intent& intent);
    Intent* byId(const QString& id);

    const Clock& m_clock;
    std::vector<Intent> m_intents;
    std::vector<Refund> m_refunds;
    std::map<QString, GatewayAnswer> m_stored;
    std::map<GatewayOperation, std::deque<Fault>> m_script;
    std::vector<GatewayRequest> m_calls;
    std::vector<QByteArray> m_callbacks;
    bool m_callbacksLie = false;
    int m_faultPercent = 0;
    int m_nextId = 0;
    int m_nextEvent = 0;
    std::mt19937 m_random;
};

} // namespace counterfoil
