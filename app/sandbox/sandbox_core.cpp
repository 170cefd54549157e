// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sandbox/sandbox_core.h"

#include "app/sandbox/form_body.h"

#include <QCryptographicHash>
#include <QJsonDocument>

namespace counterfoil {

namespace {

constexpr qsizetype idempotencyKeyMax = 255;
constexpr const char* defaultVersion = "2024-06-20";

QByteArray compact(const QJsonObject& json)
{
    return QJsonDocument(json).toJson(QJsonDocument::Compact);
}

SandboxError apiError(const char* message)
{
    return SandboxError{500, QJsonObject{{"type", "api_error"}, {"message", message}}, true};
}

SandboxError idempotencyError(int status, const char* type, const char* code, const QString& message)
{
    QJsonObject error{{"type", type}, {"message", message}};
    if (*code != '\0') {
        error.insert(QStringLiteral("code"), code);
    }
    return SandboxError{status, error, false};
}

QByteArray bearerOf(const QByteArray& authorization)
{
    if (authorization.startsWith("Bearer ")) {
        return authorization.mid(7).trimmed();
    }
    if (authorization.startsWith("Basic ")) {
        const QByteArray pair = QByteArray::fromBase64(authorization.mid(6));
        return pair.left(pair.indexOf(':'));
    }
    return {};
}

} // namespace

SandboxCore::SandboxCore(SandboxOptions options) : m_options(std::move(options))
{
    resetState(m_options.scenario);
}

void SandboxCore::resetState(FaultScenario scenario)
{
    m_state = std::make_unique<SandboxState>(
        m_clock, m_options.seed, std::move(scenario),
        [this](const SandboxEvent& event, const QByteArray& json) { dispatchEvent(event, json); });
    m_router = std::make_unique<SandboxRouter>(*m_state);
    m_idempotency = {};
    m_operations.clear();
    m_faults.clear();
    m_callbackFaults.clear();
    m_callbacks.reset();
    if (!m_options.callbackUrl.isEmpty()) {
        SandboxEndpoint endpoint;
        endpoint.id = m_state->makeId("we", "preset");
        endpoint.url = m_options.callbackUrl;
        endpoint.secret = m_options.callbackSecret;
        endpoint.enabledEvents = QStringList{QStringLiteral("*")};
        endpoint.created = m_state->now();
        m_state->endpoints.push_back(std::move(endpoint));
    }
}

void SandboxCore::setScenario(FaultScenario scenario)
{
    const std::lock_guard lock(m_mutex);
    journal("faults", QJsonObject{{"scenario", scenario.toJson()}});
    m_state->faults = FaultPlan(std::move(scenario), m_options.seed);
}

HttpResponse SandboxCore::answer(int status, const QByteArray& body, const Work& work) const
{
    HttpResponse response;
    response.status = status;
    response.body = body;
    response.headers = {{"Request-Id", work.call.requestId.toLatin1()},
                        {"Stripe-Version", work.version.isEmpty() ? QByteArray(defaultVersion) : work.version}};
    if (!work.call.idempotencyKey.isEmpty()) {
        response.headers.emplace_back("Idempotency-Key", work.call.idempotencyKey);
    }
    return response;
}

HttpResponse SandboxCore::answer(const SandboxError& error, const Work& work) const
{
    QJsonObject json = error.toJson();
    QJsonObject inner = error.error;
    inner.insert(QStringLiteral("request_log_url"),
                 QStringLiteral("https://dashboard.stripe.com/test/logs/") + work.call.requestId);
    json.insert(QStringLiteral("error"), inner);
    return answer(error.status, compact(json), work);
}

std::optional<HttpResponse> SandboxCore::refuseKey(const HttpRequest& request, const Work& work) const
{
    const QByteArray given = bearerOf(request.header("authorization"));
    if (given == m_options.apiKey.toLatin1()) {
        return std::nullopt;
    }
    SandboxError error{401, {{"type", "invalid_request_error"}}, false};
    const QString shown = given.size() < 12 ? QStringLiteral("***") : QString::fromLatin1(given.left(8)) + QStringLiteral("***");
    error.error.insert(QStringLiteral("message"),
                       given.isEmpty() ? QStringLiteral("You did not provide an API key. You need to provide your API key in "
                                                        "the Authorization header, using Bearer auth.")
                                       : QStringLiteral("Invalid API Key provided: %1").arg(shown));
    return answer(error, work);
}

std::optional<HttpResponse> SandboxCore::admit(const HttpRequest& request, Work& work)
{
    work.call.requestId = QStringLiteral("req_%1").arg(++m_requests, 14, 10, QLatin1Char('0'));
    work.version = request.header("stripe-version");
    if (auto refusal = refuseKey(request, work)) {
        return refusal;
    }
    if (!SandboxRouter::route(request.method, request.path, work.call)) {
        auto error = refuse("", QStringLiteral("Unrecognized request URL (%1: %2).")
                                    .arg(QString::fromStdString(request.method), request.path))
                         .error();
        error.status = 404;
        return answer(error, work);
    }
    const bool isPost = request.method == "POST";
    work.isChange = isPost || request.method == "DELETE";
    const auto params = parseForm(isPost ? request.body : request.query.toLatin1());
    if (!params) {
        return answer(refuse("", QStringLiteral("Invalid request: ") + params.error().detail).error(), work);
    }
    work.call.params = SandboxParams(*params);
    if (isPost) {
        work.call.idempotencyKey = request.header("idempotency-key");
    }
    if (work.call.idempotencyKey.size() > idempotencyKeyMax) {
        const auto error = refuse("", QStringLiteral("Idempotency-Key can't be longer than 255 characters")).error();
        work.call.idempotencyKey.clear();
        return answer(error, work);
    }
    ++m_operations[work.call.operation];
    const QByteArray target = request.path.toLatin1() + '\n' + compact(*params);
    work.fingerprint = QCryptographicHash::hash(target, QCryptographicHash::Sha256);
    QByteArray subject = work.call.idempotencyKey;
    if (subject.isEmpty()) {
        subject = work.call.id.isEmpty() ? compact(*params) : work.call.id.toLatin1();
    }
    work.decision = m_state->faults.next(work.call.operation, subject);
    return std::nullopt;
}

std::optional<HttpResponse> SandboxCore::beforeEffect(Work& work)
{
    if (work.decision.fault != SandboxFault::None) {
        ++m_faults[toString(work.decision.fault)];
    }
    if (work.decision.fault == SandboxFault::CutBefore) {
        HttpResponse response;
        response.cutConnection = true;
        return response;
    }
    if (work.decision.fault == SandboxFault::ErrorBefore) {
        return answer(apiError("An unknown error occurred (injected before the effect)."), work);
    }
    const QByteArray& key = work.call.idempotencyKey;
    if (key.isEmpty()) {
        return std::nullopt;
    }
    switch (m_idempotency.begin(key, work.fingerprint)) {
    case SandboxIdempotency::Verdict::OtherParameters:
        return answer(idempotencyError(400, "idempotency_error", "",
                                       QStringLiteral("Keys for idempotent requests can only be used with the same parameters "
                                                      "they were first used with. Try using a key other than '%1' if you meant "
                                                      "to execute a different request.")
                                           .arg(QString::fromUtf8(key))),
                      work);
    case SandboxIdempotency::Verdict::InProgress:
        return answer(idempotencyError(409, "invalid_request_error", "idempotency_key_in_use",
                                       QStringLiteral("There is currently another in-progress request using this idempotency "
                                                      "key. Please try again later.")),
                      work);
    case SandboxIdempotency::Verdict::Fresh:
        work.storeKey = key;
        break;
    case SandboxIdempotency::Verdict::Replay:
        break;
    }
    return std::nullopt;
}

HttpResponse SandboxCore::execute(const Work& work)
{
    HttpResponse response;
    if (!work.call.idempotencyKey.isEmpty() && work.storeKey.isEmpty()) {
        const auto stored = m_idempotency.answerOf(work.call.idempotencyKey);
        response = answer(stored.status, stored.body, work);
        response.headers.emplace_back("Idempotent-Replayed", "true");
        response.headers.emplace_back("Original-Request", stored.requestId.toLatin1());
    } else {
        if (work.isChange) {
            journal("call", QJsonObject{{"operation", work.call.operation},
                                        {"id", work.call.id},
                                        {"params", work.call.params.json()},
                                        {"key", QString::fromLatin1(work.storeKey)},
                                        {"fingerprint", QString::fromLatin1(work.fingerprint.toHex())},
                                        {"request", work.call.requestId},
                                        {"fault", static_cast<int>(work.decision.fault)}});
        }
        response = runAndStore(work);
    }
    response.cutConnection = work.decision.fault == SandboxFault::CutAfter;
    return response;
}

HttpResponse SandboxCore::runAndStore(const Work& work)
{
    const auto result = m_router->run(work.call);
    const bool isExecuted = result || result.error().isStored;
    HttpResponse response = result ? answer(200, compact(*result), work) : answer(result.error(), work);
    if (isExecuted && work.decision.fault == SandboxFault::ErrorAfter) {
        response = answer(apiError("An unknown error occurred (injected after the effect)."), work);
    }
    if (!work.storeKey.isEmpty()) {
        if (isExecuted) {
            m_idempotency.store(work.storeKey, response.status, response.body, work.call.requestId);
        } else {
            m_idempotency.release(work.storeKey);
        }
    }
    return response;
}

void SandboxCore::handle(HttpRequest request, const HttpRespond& respond)
{
    if (request.path.startsWith(QStringLiteral("/sandbox/"))) {
        respond(control(request));
        return;
    }
    auto work = std::make_shared<Work>();
    std::optional<HttpResponse> response;
    {
        const std::lock_guard lock(m_mutex);
        response = admit(request, *work);
        if (!response) {
            response = beforeEffect(*work);
        }
        if (!response && work->decision.latencyMs == 0) {
            response = execute(*work);
        }
    }
    if (response) {
        respond(std::move(*response));
        return;
    }
    m_callbacks.runAfter(work->decision.latencyMs, [this, work, respond] {
        HttpResponse late;
        {
            const std::lock_guard lock(m_mutex);
            late = execute(*work);
        }
        respond(std::move(late));
    });
}

} // namespace counterfoil
