// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sandbox/form_body.h"
#include "app/sandbox/sandbox_core.h"
#include "models/base/json.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

namespace counterfoil {

namespace {

constexpr std::array referenceKeys{"order_id", "order", "transaction_id", "transaction", "reference"};

HttpResponse plain(int status, const QJsonObject& json)
{
    HttpResponse response;
    response.status = status;
    response.body = QJsonDocument(json).toJson(QJsonDocument::Indented);
    return response;
}

HttpResponse problem(int status, const QString& message)
{
    return plain(status, QJsonObject{{"error", message}});
}

QJsonObject countsJson(const QHash<QString, qint64>& counts)
{
    QJsonObject json;
    for (auto it = counts.cbegin(); it != counts.cend(); ++it) {
        json.insert(it.key(), it.value());
    }
    return json;
}

QJsonObject referenceStatistics(const QHash<QString, QStringList>& intentsOf)
{
    QJsonArray repeated;
    for (auto it = intentsOf.cbegin(); it != intentsOf.cend(); ++it) {
        if (it->size() > 1) {
            repeated.append(QJsonObject{{"reference", it.key()},
                                        {"count", it->size()},
                                        {"intents", QJsonArray::fromStringList(*it)}});
        }
    }
    return QJsonObject{{"distinct", intentsOf.size()}, {"charged_more_than_once", repeated}};
}

/// Another amount than was asked, as a forger or a mix-up would send.
QByteArray withWrongAmount(const QByteArray& json)
{
    QJsonObject event = QJsonDocument::fromJson(json).object();
    QJsonObject data = event.value(QStringLiteral("data")).toObject();
    QJsonObject object = data.value(QStringLiteral("object")).toObject();
    for (const char* field : {"amount", "amount_received", "amount_captured"}) {
        const QString name = QLatin1StringView(field);
        if (object.value(name).toInteger() > 0) {
            object.insert(name, object.value(name).toInteger() + 1);
        }
    }
    data.insert(QStringLiteral("object"), object);
    event.insert(QStringLiteral("data"), data);
    return QJsonDocument(event).toJson(QJsonDocument::Compact);
}

} // namespace

QJsonObject chargeStatistics(const SandboxState& state)
{
    std::array<QHash<QString, QStringList>, referenceKeys.size()> intentsOf;
    QHash<QString, qint64> capturedMinor;
    QHash<QString, qint64> refundedMinor;
    qint64 succeeded = 0;
    for (size_t i = 0; i < state.intents.size(); ++i) {
        const SandboxIntent& intent = state.intents.at(i);
        if (intent.status != QLatin1StringView("succeeded")) {
            continue;
        }
        ++succeeded;
        capturedMinor[intent.currency] += intent.receivedMinor;
        for (size_t k = 0; k < referenceKeys.size(); ++k) {
            const QString reference = intent.metadata.value(QLatin1StringView(referenceKeys.at(k))).toString();
            if (!reference.isEmpty()) {
                intentsOf.at(k)[reference] += intent.id;
            }
        }
    }
    for (size_t i = 0; i < state.refunds.size(); ++i) {
        refundedMinor[state.refunds.at(i).currency] += state.refunds.at(i).amountMinor;
    }
    QJsonObject references;
    for (size_t k = 0; k < referenceKeys.size(); ++k) {
        if (!intentsOf.at(k).isEmpty()) {
            references.insert(QLatin1StringView(referenceKeys.at(k)), referenceStatistics(intentsOf.at(k)));
        }
    }
    return QJsonObject{{"intents", static_cast<qint64>(state.intents.size())},
                       {"charges_made", succeeded},
                       {"refunds_made", static_cast<qint64>(state.refunds.size())},
                       {"captured_minor", countsJson(capturedMinor)},
                       {"refunded_minor", countsJson(refundedMinor)},
                       {"references", references}};
}

QJsonObject SandboxCore::statsLocked() const
{
    const CallbackStatistics sent = m_callbacks.statistics();
    QJsonObject callbacks{{"events", static_cast<qint64>(m_state->events.size())},
                          {"sent", sent.sent},
                          {"acknowledged", sent.acknowledged},
                          {"failed_attempts", sent.failed},
                          {"given_up", sent.givenUp},
                          {"pending", sent.pending}};
    for (const char* kind : {"lost", "duplicated", "delayed", "reordered", "badly_signed", "wrong_amount"}) {
        callbacks.insert(QLatin1StringView(kind), m_callbackFaults.value(QLatin1StringView(kind)));
    }
    QJsonObject json = chargeStatistics(*m_state);
    json.insert(QStringLiteral("operations"), countsJson(m_operations));
    json.insert(QStringLiteral("faults"), countsJson(m_faults));
    json.insert(QStringLiteral("callbacks"), callbacks);
    return json;
}

QJsonObject SandboxCore::stats() const
{
    const std::lock_guard lock(m_mutex);
    return statsLocked();
}

void SandboxCore::dispatchEvent(const SandboxEvent& event, const QByteArray& json)
{
    if (m_isReplaying) {
        return;
    }
    const FaultPlan& plan = m_state->faults;
    const CallbackFaults& faults = plan.scenario().callbacks;
    for (const SandboxEndpoint& endpoint : m_state->endpoints) {
        if (!endpoint.isEnabled
            || !(endpoint.enabledEvents.contains(QStringLiteral("*")) || endpoint.enabledEvents.contains(event.type))) {
            continue;
        }
        const QByteArray subject = event.id.toLatin1() + ' ' + endpoint.url.toUtf8();
        const auto strikes = [&](const char* kind, int perMille) {
            const bool does = static_cast<int>(plan.draw(kind, subject, 1000)) < perMille;
            m_callbackFaults[QLatin1StringView(kind)] += does ? 1 : 0;
            return does;
        };
        const auto pause = [&](const char* purpose, int msMax) {
            return 1 + static_cast<int>(plan.draw(purpose, subject, static_cast<quint32>(std::max(msMax, 1))));
        };
        if (strikes("lost", faults.lost)) {
            continue;
        }
        CallbackDelivery delivery;
        delivery.url = QUrl(endpoint.url);
        delivery.secret = endpoint.secret.toUtf8();
        delivery.body = strikes("wrong_amount", faults.wrongAmount) ? withWrongAmount(json) : json;
        delivery.isBadlySigned = strikes("badly_signed", faults.badlySigned);
        delivery.attemptsMax = faults.attemptsMax;
        delivery.retryMs = faults.retryMs;
        int delayMs = strikes("delayed", faults.delayed) ? pause("delay", faults.delayMsMax) : 0;
        delayMs += strikes("reordered", faults.reordered) ? pause("reorder", faults.reorderMsMax) : 0;
        if (strikes("duplicated", faults.duplicated)) {
            m_callbacks.deliver(delivery, delayMs + pause("duplicate", faults.reorderMsMax));
        }
        m_callbacks.deliver(std::move(delivery), delayMs);
    }
}

void SandboxCore::journal(const char* kind, QJsonObject entry)
{
    if (m_isReplaying) {
        return;
    }
    entry.insert(QStringLiteral("kind"), QLatin1StringView(kind));
    entry.insert(QStringLiteral("time"), m_clock.now().micros());
    m_journal.append(entry);
}

Result<void> SandboxCore::open()
{
    if (m_options.stateFile.isEmpty()) {
        return {};
    }
    m_isReplaying = true;
    const auto opened = m_journal.open(m_options.stateFile, m_options.seed, [this](const QJsonObject& entry) { replay(entry); });
    m_isReplaying = false;
    m_clock.show(UtcTime());
    // The scenario asked for at this start holds from now on.
    m_state->faults = FaultPlan(m_options.scenario, m_options.seed);
    journal("faults", QJsonObject{{"scenario", m_options.scenario.toJson()}});
    return opened;
}

void SandboxCore::replay(const QJsonObject& entry)
{
    m_clock.show(UtcTime(entry.value(QStringLiteral("time")).toInteger()));
    const QString kind = entry.value(QStringLiteral("kind")).toString();
    if (kind == QLatin1StringView("faults")) {
        if (auto scenario = FaultScenario::fromJson(entry.value(QStringLiteral("scenario")).toObject())) {
            m_state->faults = FaultPlan(std::move(*scenario), m_options.seed);
        }
        return;
    }
    Work work;
    work.call.operation = entry.value(QStringLiteral("operation")).toString();
    work.call.id = entry.value(QStringLiteral("id")).toString();
    if (kind == QLatin1StringView("action")) {
        static_cast<void>(m_router->intents().completeAction(work.call, entry.value(QStringLiteral("succeeds")).toBool()));
        return;
    }
    work.call.params = SandboxParams(entry.value(QStringLiteral("params")).toObject());
    work.call.requestId = entry.value(QStringLiteral("request")).toString();
    work.storeKey = entry.value(QStringLiteral("key")).toString().toLatin1();
    work.call.idempotencyKey = work.storeKey;
    work.fingerprint = QByteArray::fromHex(entry.value(QStringLiteral("fingerprint")).toString().toLatin1());
    work.decision.fault = static_cast<SandboxFault>(entry.value(QStringLiteral("fault")).toInt());
    if (!work.storeKey.isEmpty()) {
        static_cast<void>(m_idempotency.begin(work.storeKey, work.fingerprint));
    }
    static_cast<void>(runAndStore(work));
    ++m_requests;
}

HttpResponse SandboxCore::control(const HttpRequest& request)
{
    const QStringList parts = request.path.mid(1).split(u'/');
    const QString what = parts.value(1);
    if (what == QLatin1StringView("shutdown") && request.method == "POST") {
        if (m_options.shutdownRequested) {
            m_options.shutdownRequested();
        }
        return plain(202, {});
    }
    const std::lock_guard lock(m_mutex);
    if (what == QLatin1StringView("stats") && request.method == "GET") {
        return plain(200, statsLocked());
    }
    if (what == QLatin1StringView("faults") && request.method == "GET") {
        return plain(200, m_state->faults.scenario().toJson());
    }
    if (what == QLatin1StringView("faults") && request.method == "PUT") {
        const auto json = parseJsonObject(request.body);
        auto scenario = json ? FaultScenario::fromJson(*json) : std::unexpected(json.error());
        if (!scenario) {
            return problem(400, scenario.error().text());
        }
        journal("faults", QJsonObject{{"scenario", scenario->toJson()}});
        m_state->faults = FaultPlan(std::move(*scenario), m_options.seed);
        return plain(200, m_state->faults.scenario().toJson());
    }
    if (what == QLatin1StringView("reset") && request.method == "POST") {
        resetState(m_state->faults.scenario());
        m_journal.clear();
        journal("faults", QJsonObject{{"scenario", m_state->faults.scenario().toJson()}});
        return plain(200, {});
    }
    if (what == QLatin1StringView("intents") && request.method == "POST") {
        return controlIntent(request, parts);
    }
    return problem(404, QStringLiteral("unknown control call"));
}

HttpResponse SandboxCore::controlIntent(const HttpRequest& request, const QStringList& parts)
{
    if (parts.size() != 4 || parts.at(3) != QLatin1StringView("complete_action")) {
        return problem(404, QStringLiteral("unknown control call"));
    }
    const auto json = parseJsonObject(request.body);
    const QString outcome = json ? json->value(QStringLiteral("outcome")).toString() : QString();
    if (outcome != QLatin1StringView("succeed") && outcome != QLatin1StringView("fail")) {
        return problem(400, QStringLiteral(R"(say {"outcome": "succeed"} or {"outcome": "fail"})"));
    }
    SandboxCall call;
    call.operation = QStringLiteral("sandbox.complete_action");
    call.id = parts.at(2);
    journal("action", QJsonObject{{"operation", call.operation}, {"id", call.id}, {"succeeds", outcome == QLatin1StringView("succeed")}});
    const auto result = m_router->intents().completeAction(call, outcome == QLatin1StringView("succeed"));
    return result ? plain(200, *result) : plain(result.error().status, result.error().toJson());
}

Result<FaultScenario> readScenario(const QString& fileName)
{
    QFile file(fileName);
    if (!file.open(QIODevice::ReadOnly)) {
        return fail(ErrorCode::FileUnreadable, fileName + QStringLiteral(": ") + file.errorString());
    }
    CF_ASSIGN(const QJsonObject json, parseJsonObject(file.readAll()));
    return FaultScenario::fromJson(json);
}

} // namespace counterfoil
