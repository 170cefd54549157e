// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sandbox/sandbox_faults.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QtEndian>

namespace counterfoil {

namespace {

constexpr std::array<const char*, sandboxFaultCount> faultNames{"none",        "latency",    "error_before",
                                                                "error_after", "cut_before", "cut_after"};
constexpr qsizetype countersMax = 1'000'000;

/// The fields of one JSON object that were asked for; anything else in it is an error.
class Fields {
public:
    Fields(const QJsonObject& object, QString path) : m_object(object), m_path(std::move(path)) {}

    void number(const char* name, int& target, int maximum)
    {
        const QString key = QLatin1StringView(name);
        m_known += key;
        if (!m_object.contains(key)) {
            return;
        }
        const QJsonValue value = m_object.value(key);
        const int number = value.toInt(-1);
        if (!value.isDouble() || number < 0 || number > maximum) {
            m_wrong = m_path + key;
            return;
        }
        target = number;
    }

    QJsonValue take(const char* name)
    {
        m_known += QLatin1StringView(name);
        return m_object.value(QLatin1StringView(name));
    }

    Result<void> finish() const
    {
        if (!m_wrong.isEmpty()) {
            return fail(ErrorCode::QuantityOutOfRange, m_wrong);
        }
        for (const QString& key : m_object.keys()) {
            if (!m_known.contains(key)) {
                return fail(ErrorCode::UnknownField, m_path + key);
            }
        }
        return {};
    }

private:
    QJsonObject m_object;
    QString m_path;
    QStringList m_known;
    QString m_wrong;
};

/// Names every number of the operation's faults once, for reading and writing.
template<class Faults, class Visitor>
void visitNumbers(Faults& faults, Visitor&& visit)
{
    for (size_t i = 1; i < faultNames.size(); ++i) {
        visit(faultNames.at(i), faults.perMille.at(i), 1000);
    }
    visit("latency_ms_min", faults.latencyMsMin, 600'000);
    visit("latency_ms_max", faults.latencyMsMax, 600'000);
    visit("per_key_max", faults.perKeyMax, 1'000'000);
    visit("decline", faults.decline, 1000);
    visit("requires_action", faults.requiresAction, 1000);
}

template<class Faults, class Visitor>
void visitCallbackNumbers(Faults& faults, Visitor&& visit)
{
    visit("delayed", faults.delayed, 1000);
    visit("duplicated", faults.duplicated, 1000);
    visit("reordered", faults.reordered, 1000);
    visit("lost", faults.lost, 1000);
    visit("badly_signed", faults.badlySigned, 1000);
    visit("wrong_amount", faults.wrongAmount, 1000);
    visit("delay_ms_max", faults.delayMsMax, 600'000);
    visit("reorder_ms_max", faults.reorderMsMax, 600'000);
    visit("attempts_max", faults.attemptsMax, 1000);
}

Result<OperationFaults> readOperation(const QJsonObject& json, const QString& path, OperationFaults faults)
{
    Fields fields(json, path);
    visitNumbers(faults, [&](const char* name, int& target, int maximum) { fields.number(name, target, maximum); });
    if (const QJsonValue codes = fields.take("decline_codes"); codes.isArray()) {
        faults.declineCodes.clear();
        for (const QJsonValue& code : codes.toArray()) {
            faults.declineCodes += code.toString();
        }
    }
    CF_TRY(fields.finish());
    int total = 0;
    for (const int rate : faults.perMille) {
        total += rate;
    }
    if (total > 1000 || faults.latencyMsMin > faults.latencyMsMax || faults.declineCodes.isEmpty()) {
        return fail(ErrorCode::QuantityOutOfRange, path);
    }
    return faults;
}

QJsonObject writeOperation(const OperationFaults& faults)
{
    QJsonObject json;
    visitNumbers(faults, [&](const char* name, int value, int) { json.insert(QLatin1StringView(name), value); });
    json.insert(QStringLiteral("decline_codes"), QJsonArray::fromStringList(faults.declineCodes));
    return json;
}

Result<CallbackFaults> readCallbacks(const QJsonObject& json)
{
    CallbackFaults faults;
    const QString path = QStringLiteral("callbacks.");
    Fields fields(json, path);
    visitCallbackNumbers(faults, [&](const char* name, int& target, int maximum) { fields.number(name, target, maximum); });
    if (const QJsonValue delays = fields.take("retry_ms"); delays.isArray()) {
        faults.retryMs.clear();
        for (const QJsonValue& delay : delays.toArray()) {
            faults.retryMs += delay.toInt(-1);
        }
    }
    CF_TRY(fields.finish());
    if (faults.retryMs.isEmpty() || faults.attemptsMax < 1 || std::ranges::any_of(faults.retryMs, [](int ms) { return ms < 0; })) {
        return fail(ErrorCode::QuantityOutOfRange, path + QStringLiteral("retry_ms"));
    }
    return faults;
}

} // namespace

QString toString(SandboxFault fault)
{
    return QString::fromLatin1(faultNames.at(static_cast<size_t>(fault)));
}

Result<FaultScenario> FaultScenario::fromJson(const QJsonObject& json)
{
    FaultScenario scenario;
    Fields fields(json, {});
    scenario.name = fields.take("name").toString(scenario.name);
    const QJsonObject defaults = fields.take("default").toObject();
    const QJsonObject operations = fields.take("operations").toObject();
    const QJsonObject callbacks = fields.take("callbacks").toObject();
    CF_TRY(fields.finish());
    CF_ASSIGN(scenario.defaults, readOperation(defaults, QStringLiteral("default."), {}));
    for (const QString& name : operations.keys()) {
        CF_ASSIGN(auto faults, readOperation(operations.value(name).toObject(), name + u'.', scenario.defaults));
        scenario.operations.insert(name, faults);
    }
    CF_ASSIGN(scenario.callbacks, readCallbacks(callbacks));
    return scenario;
}

QJsonObject FaultScenario::toJson() const
{
    QJsonObject named;
    for (auto it = operations.cbegin(); it != operations.cend(); ++it) {
        named.insert(it.key(), writeOperation(it.value()));
    }
    QJsonObject callbackJson;
    visitCallbackNumbers(callbacks, [&](const char* key, int value, int) { callbackJson.insert(QLatin1StringView(key), value); });
    QJsonArray delays;
    for (const int delay : callbacks.retryMs) {
        delays.append(delay);
    }
    callbackJson.insert(QStringLiteral("retry_ms"), delays);
    return QJsonObject{{QStringLiteral("name"), name},
                       {QStringLiteral("default"), writeOperation(defaults)},
                       {QStringLiteral("operations"), named},
                       {QStringLiteral("callbacks"), callbackJson}};
}

const OperationFaults& FaultPlan::faultsOf(const QString& operation) const
{
    const auto found = m_scenario.operations.constFind(operation);
    return found == m_scenario.operations.cend() ? m_scenario.defaults : *found;
}

quint32 FaultPlan::draw(QByteArrayView purpose, QByteArrayView subject, quint32 bound) const
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(QByteArray::number(m_seed));
    hash.addData(QByteArrayView("\0", 1));
    hash.addData(purpose);
    hash.addData(QByteArrayView("\0", 1));
    hash.addData(subject);
    const auto digest = hash.resultView();
    return static_cast<quint32>(qFromBigEndian<quint64>(digest.data()) % bound);
}

FaultDecision FaultPlan::next(const QString& operation, const QByteArray& subject)
{
    const OperationFaults& faults = faultsOf(operation);
    if (m_counters.size() >= countersMax) {
        m_counters.clear();
    }
    const QByteArray key = operation.toUtf8() + ' ' + subject;
    Counters& counters = m_counters[key];
    const QByteArray attempt = key + ' ' + QByteArray::number(++counters.attempts);
    if (counters.faults >= faults.perKeyMax) {
        return {};
    }
    int drawn = static_cast<int>(draw("call", attempt, 1000));
    for (size_t i = 1; i < faults.perMille.size(); ++i) {
        drawn -= faults.perMille.at(i);
        if (drawn >= 0) {
            continue;
        }
        ++counters.faults;
        FaultDecision decision{static_cast<SandboxFault>(i), 0};
        if (decision.fault == SandboxFault::Latency) {
            const auto span = static_cast<quint32>(faults.latencyMsMax - faults.latencyMsMin + 1);
            decision.latencyMs = faults.latencyMsMin + static_cast<int>(draw("latency", attempt, span));
        }
        return decision;
    }
    return {};
}

QString FaultPlan::decline(const QString& operation, const QByteArray& subject) const
{
    const OperationFaults& faults = faultsOf(operation);
    if (static_cast<int>(draw("decline", subject, 1000)) >= faults.decline) {
        return {};
    }
    return faults.declineCodes.at(draw("decline code", subject, static_cast<quint32>(faults.declineCodes.size())));
}

bool FaultPlan::requiresAction(const QString& operation, const QByteArray& subject) const
{
    return static_cast<int>(draw("requires action", subject, 1000)) < faultsOf(operation).requiresAction;
}

} // namespace counterfoil
