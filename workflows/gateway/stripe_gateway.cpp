// SPDX-License-Identifier: GPL-3.0-or-later
#include "workflows/gateway/stripe_gateway.h"

#include "models/base/text.h"
#include "workflows/gateway/http_attempt.h"
#include "workflows/gateway/redaction.h"
#include "workflows/gateway/stripe_answer.h"
#include "workflows/gateway/stripe_request.h"

#include <QDeadlineTimer>
#include <QHostAddress>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QThread>

#include <algorithm>

namespace counterfoil {

namespace {

/// QNetworkAccessManager opens at most six connections to a host; a seventh request would wait inside it, its deadline running.
constexpr int requestsPerManager = 6;

bool isThisMachine(const QString& host)
{
    return host == QLatin1String("localhost") || QHostAddress(host).isLoopback();
}

/// The system's proxy, without touching the process-wide setting.
class SystemProxy final : public QNetworkProxyFactory {
public:
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery& query) override
    {
        return isThisMachine(query.peerHostName()) ? QList{QNetworkProxy(QNetworkProxy::NoProxy)} : systemProxyForQuery(query);
    }
};

Result<void> checkOptions(const StripeOptions& options)
{
    const QByteArray& key = options.secretKey;
    if (key.isEmpty() || !std::ranges::all_of(key, [](char c) { return c > ' ' && c < 127; })) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("the gateway's key is empty or not one printable word"));
    }
    const QUrl& url = options.baseUrl;
    if (!url.isValid() || url.host().isEmpty() || url.hasQuery() || url.hasFragment() || !url.userInfo().isEmpty() || url.path().size() > 1) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("the gateway's address must be a scheme, a host and perhaps a port"));
    }
    const bool mayBePlain = isThisMachine(url.host()) || key.startsWith("sk_test_") || key.startsWith("rk_test_");
    if (url.scheme() != QLatin1String("https") && !(url.scheme() == QLatin1String("http") && mayBePlain)) {
        return fail(ErrorCode::ConfigurationInvalid, QStringLiteral("the gateway's address must begin with https"));
    }
    const bool sensible = options.deadline > Duration() && options.answerBytesMax > 0 && options.inFlightMax > 0 && options.findPagesMax > 0;
    return sensible ? Result<void>() : fail(ErrorCode::ConfigurationInvalid, QStringLiteral("the gateway's limits must be positive"));
}

GatewayAnswer notSent(const char* code, Duration retryAfter)
{
    GatewayAnswer answer;
    answer.outcome = GatewayOutcome::NotSent;
    answer.errorCode = QString::fromLatin1(code);
    answer.answerText = answer.errorCode;
    answer.retryAfter = retryAfter;
    return answer;
}

} // namespace

struct StripeGateway::Lane {
    QNetworkAccessManager manager;
    int inFlight = 0;
};

struct StripeGateway::Call {
    GatewayRequest request;
    StripeCall http;
    Done done;
    QDeadlineTimer waitUntil;
    UtcTime sentAt;
    Duration elapsedBefore;
    int pagesRead = 0;
    Lane* lane = nullptr;
    std::optional<CircuitBreaker::Permit> permit;
    std::unique_ptr<HttpAttempt> attempt;
};

Result<std::unique_ptr<StripeGateway>> StripeGateway::create(StripeOptions options, const Clock& clock, QObject* parent)
{
    CF_TRY(checkOptions(options));
    return std::unique_ptr<StripeGateway>(new StripeGateway(std::move(options), clock, parent));
}

StripeGateway::StripeGateway(StripeOptions options, const Clock& clock, QObject* parent)
    : QObject(parent), m_options(std::move(options)), m_clock(clock), m_breaker(m_options.breaker, clock)
{
    for (int covered = 0; covered < m_options.inFlightMax; covered += requestsPerManager) {
        auto lane = std::make_unique<Lane>();
        lane->manager.setAutoDeleteReplies(false);
        lane->manager.setProxyFactory(new SystemProxy);
        m_lanes.push_back(std::move(lane));
    }
    m_waitTimer.setSingleShot(true);
    connect(&m_waitTimer, &QTimer::timeout, this, &StripeGateway::handleWaitTimeout);
}

StripeGateway::~StripeGateway() = default;

CircuitBreaker::State StripeGateway::circuitState() const
{
    return m_breaker.state();
}

int StripeGateway::sendable() const
{
    return m_breaker.freePermits();
}

Duration StripeGateway::circuitPauseLeft() const
{
    return m_breaker.pauseLeft();
}

int StripeGateway::inFlight() const
{
    return static_cast<int>(m_running.size());
}

int StripeGateway::waiting() const
{
    return static_cast<int>(m_waiting.size());
}

void StripeGateway::send(const GatewayRequest& request, Done done)
{
    require(QThread::currentThread() == thread(), "a gateway belongs to one thread");
    require(static_cast<bool>(done), "a gateway call needs somebody to answer to");
    auto http = makeStripeCall(request);
    if (!http) {
        GatewayAnswer answer;
        answer.outcome = GatewayOutcome::Refused;
        answer.errorCode = QStringLiteral("invalid_request");
        answer.answerText = redact(visibleText(http.error().text(), 512));
        answerLater(std::move(done), std::move(answer));
        return;
    }
    auto call = std::make_unique<Call>();
    call->request = request;
    call->http = std::move(*http);
    call->done = std::move(done);
    call->waitUntil = QDeadlineTimer(m_options.deadline.milliseconds());
    m_waiting.push_back(std::move(call));
    startWaiting();
}

void StripeGateway::answerLater(Done done, GatewayAnswer answer)
{
    QMetaObject::invokeMethod(this, [done = std::move(done), answer = std::move(answer)] { done(answer); }, Qt::QueuedConnection);
}

void StripeGateway::startWaiting()
{
    while (!m_waiting.empty() && inFlight() < m_options.inFlightMax) {
        std::unique_ptr<Call> call = std::move(m_waiting.front());
        m_waiting.pop_front();
        if (startRequest(*call)) {
            m_running.push_back(std::move(call));
            continue;
        }
        GatewayAnswer answer = notSent("circuit_open", m_breaker.pauseLeft());
        answer.requestText = call->http.text();
        answerLater(std::move(call->done), std::move(answer));
    }
    armWaitTimer();
}

void StripeGateway::armWaitTimer()
{
    // All wait equally long, so the first in line is the first to give up.
    if (m_waiting.empty()) {
        m_waitTimer.stop();
    } else {
        m_waitTimer.start(static_cast<int>(std::max<qint64>(0, m_waiting.front()->waitUntil.remainingTime())));
    }
}

void StripeGateway::handleWaitTimeout()
{
    while (!m_waiting.empty() && m_waiting.front()->waitUntil.hasExpired()) {
        const std::unique_ptr<Call> call = std::move(m_waiting.front());
        m_waiting.pop_front();
        GatewayAnswer answer = notSent("queue_timeout", {});
        answer.requestText = call->http.text();
        answerLater(std::move(call->done), std::move(answer));
    }
    armWaitTimer();
}

bool StripeGateway::startRequest(Call& call)
{
    call.permit = m_breaker.tryAcquire();
    noteCircuitState();
    if (!call.permit) {
        return false;
    }
    const auto lane = std::ranges::min_element(m_lanes, {}, [](const auto& each) { return each->inFlight; });
    call.lane = lane->get();
    ++call.lane->inFlight;
    if (call.sentAt.isNone()) {
        call.sentAt = m_clock.now();
    }
    HttpRequest http;
    http.url = m_options.baseUrl;
    http.url.setPath(call.http.path);
    http.headers = {{"Authorization", "Bearer " + m_options.secretKey}, {"Stripe-Version", stripeVersion}, {"User-Agent", "Counterfoil/" COUNTERFOIL_VERSION}};
    if (call.http.isPost) {
        http.body = call.http.fields.encoded();
        http.headers.emplaceBack("Content-Type", "application/x-www-form-urlencoded");
        http.headers.emplaceBack("Idempotency-Key", call.http.idempotencyKey.toLatin1());
    } else if (!call.http.fields.isEmpty()) {
        http.url.setQuery(QString::fromLatin1(call.http.fields.encoded()), QUrl::StrictMode);
    }
    const bool isList = isListOperation(call.request.operation);
    const HttpLimits limits{m_options.deadline, m_options.answerBytesMax * (isList ? listBytesFactor : 1)};
    call.attempt = std::make_unique<HttpAttempt>(call.lane->manager, http, limits, [this, &call](HttpResult result) { handleResult(call, std::move(result)); });
    return true;
}

void StripeGateway::handleResult(Call& call, HttpResult result)
{
    // It is this attempt that is calling.
    call.attempt.release()->deleteLater();
    --call.lane->inFlight;
    reportHealth(*call.permit, result);
    GatewayAnswer answer = readStripeAnswer(call.request, result, m_clock.now());
    call.elapsedBefore = Duration(call.elapsedBefore.micros() + result.elapsed.micros());
    if (isListOperation(call.request.operation) && answer.outcome == GatewayOutcome::Succeeded
        && goOnToNextPage(call, result.body, answer)) {
        return;
    }
    finish(call, std::move(answer));
}

/// True if another page was asked for; otherwise `answer` is complete.
bool StripeGateway::goOnToNextPage(Call& call, const QByteArray& body, GatewayAnswer& answer)
{
    auto page = readFoundPage(call.request, body);
    ++call.pagesRead;
    answer.answerText += QStringLiteral("\n[page %1]").arg(call.pagesRead);
    if (!page) {
        answer.outcome = GatewayOutcome::Unknown;
        answer.errorCode = QStringLiteral("unreadable_answer");
        answer.answerText += QStringLiteral("\n[unreadable: %1]").arg(redact(visibleText(page.error().text(), 512)));
        return false;
    }
    if (page->intent || page->refund || !page->hasMore) {
        answer.intent = std::move(page->intent);
        answer.refund = std::move(page->refund);
        return false;
    }
    if (call.pagesRead >= m_options.findPagesMax) {
        answer.outcome = GatewayOutcome::Unknown;
        answer.errorCode = QStringLiteral("too_many_pages");
        return false;
    }
    auto next = makeStripeCall(call.request);
    require(next.has_value(), "a request that could be made once can be made again");
    call.http = std::move(*next);
    call.http.fields.add(QStringLiteral("starting_after"), page->lastId);
    if (startRequest(call)) {
        return true;
    }
    answer = notSent("circuit_open", m_breaker.pauseLeft());
    return false;
}

void StripeGateway::finish(Call& call, GatewayAnswer answer)
{
    answer.requestText = call.http.text();
    answer.sentAt = call.sentAt;
    answer.elapsed = call.elapsedBefore;
    const Done done = std::move(call.done);
    std::erase_if(m_running, [&](const auto& each) { return each.get() == &call; });
    startWaiting();
    // Last, since whoever is told may destroy this object.
    done(std::move(answer));
}

void StripeGateway::reportHealth(CircuitBreaker::Permit permit, const HttpResult& result)
{
    using Verdict = CircuitBreaker::Verdict;
    Verdict verdict = Verdict::Success;
    if (!result.failure.isEmpty() || result.status >= 500) {
        verdict = Verdict::Failure;
    } else if (result.status == 429 || result.status < 200 || (result.status >= 300 && result.status < 400)) {
        verdict = Verdict::Neutral;
    }
    m_breaker.report(permit, verdict);
    noteCircuitState();
}

void StripeGateway::noteCircuitState()
{
    if (const CircuitBreaker::State state = m_breaker.state(); state != m_shownState) {
        m_shownState = state;
        Q_EMIT circuitStateChanged(state);
    }
}

} // namespace counterfoil
