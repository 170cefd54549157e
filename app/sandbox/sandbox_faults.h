// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/error.h"

#include <QHash>
#include <QJsonObject>

namespace counterfoil {

/// What happens to one call. The kinds exclude each other. Names are the keys of the scenario.
enum class SandboxFault { None = 0, Latency = 1, ErrorBefore = 2, ErrorAfter = 3, CutBefore = 4, CutAfter = 5 };
inline constexpr int sandboxFaultCount = 6;
QString toString(SandboxFault fault);

/// The faults of one operation. Rates are per mille of the calls.
struct OperationFaults {
    std::array<int, sandboxFaultCount> perMille{};
    int latencyMsMin = 20;
    int latencyMsMax = 500;
    int perKeyMax = 2;      ///< faults for the same idempotency key or object, so that retries pass in the end
    int decline = 0;        ///< confirmations refused
    int requiresAction = 0; ///< confirmations that ask the customer first
    QStringList declineCodes{QStringLiteral("generic_decline")};
};

/// The faults of callbacks. Rates are per mille of the deliveries (events times endpoints).
struct CallbackFaults {
    int delayed = 0;
    int duplicated = 0;
    int reordered = 0; ///< held back a little, so that later ones overtake
    int lost = 0;
    int badlySigned = 0; ///< the first attempt only
    int wrongAmount = 0;
    int delayMsMax = 3000;
    int reorderMsMax = 300;
    int attemptsMax = 12;
    QList<int> retryMs{200, 500, 1000, 2000, 5000};
};

/// A scenario: what the control API shows and takes, and what the files in resources/demo/scenarios hold.
struct FaultScenario {
    QString name = QStringLiteral("none");
    OperationFaults defaults;
    QHash<QString, OperationFaults> operations; ///< by name: `payment_intents.create`
    CallbackFaults callbacks;

    /// Operations inherit what they don't name from `default`. Errors: MalformedInput, UnknownField, QuantityOutOfRange.
    static Result<FaultScenario> fromJson(const QJsonObject& json);
    QJsonObject toJson() const;
};

/// What to do with one call.
struct FaultDecision {
    SandboxFault fault = SandboxFault::None;
    int latencyMs = 0;
};

/// Decides by (seed, operation, subject, attempt) alone, so that runs agree however calls arrive. The subject is the
/// idempotency key, else the object, else the query.
class FaultPlan {
public:
    FaultPlan(FaultScenario scenario, quint64 seed) : m_scenario(std::move(scenario)), m_seed(seed) {}

    const FaultScenario& scenario() const { return m_scenario; }
    FaultDecision next(const QString& operation, const QByteArray& subject);

    /// The decline code for a confirmation, or empty.
    QString decline(const QString& operation, const QByteArray& subject) const;
    bool requiresAction(const QString& operation, const QByteArray& subject) const;

    /// A number below `bound` that depends on the seed and the texts only.
    quint32 draw(QByteArrayView purpose, QByteArrayView subject, quint32 bound) const;

private:
    struct Counters {
        int attempts = 0;
        int faults = 0;
    };
    const OperationFaults& faultsOf(const QString& operation) const;

    FaultScenario m_scenario;
    quint64 m_seed;
    QHash<QByteArray, Counters> m_counters;
};

} // namespace counterfoil
