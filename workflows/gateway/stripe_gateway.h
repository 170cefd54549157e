// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/gateway/circuit_breaker.h"
#include "workflows/gateway/gateway.h"

#include <QByteArray>
#include <QObject>
#include <QTimer>
#include <QUrl>

#include <deque>
#include <memory>
#include <vector>

namespace counterfoil {

struct HttpResult;

struct StripeOptions {
    QUrl baseUrl{QStringLiteral("https://api.stripe.com")};
    /// `sk_…` or `rk_…`. Never logged, never stored.
    QByteArray secretKey;
    /// From the first try to connect to the last byte of the answer, per HTTP request. A call that waits as long for its turn
    /// is not sent any more.
    Duration deadline = Duration::seconds(20);
    /// Per answer; lists may be listBytesFactor times as large.
    qint64 answerBytesMax = 1024 * 1024;
    int inFlightMax = 16;
    /// A list gives up (Unknown, `too_many_pages`) after these many pages of 100.
    int findPagesMax = 200;
    CircuitBreakerOptions breaker;
};

/// Stripe's public API as a Gateway. Lives in the thread that made it; send() and the answers belong to that thread. At most
/// `inFlightMax` requests are under way, the others wait in order of arrival. Every POST is sent at most once per send().
///
/// Beside Stripe's own error codes answers carry: `invalid_request` (Refused, nothing was sent: the request itself can't be
/// expressed), `circuit_open` and `queue_timeout` (NotSent), and those of readStripeAnswer and HttpResult.
///
/// Destroying it aborts what is under way and calls nobody: what such a request did is as unknown as after a crash.
class StripeGateway : public QObject, public Gateway {
    Q_OBJECT

public:
    /// Errors: ConfigurationInvalid (no key, a key with spaces or control characters, a base URL that isn't https; plain http
    /// is accepted for this machine and for test keys only).
    static Result<std::unique_ptr<StripeGateway>> create(StripeOptions options, const Clock& clock, QObject* parent = nullptr);
    ~StripeGateway() override;

    void send(const GatewayRequest& request, Done done) override;

    CircuitBreaker::State circuitState() const;
    /// Open: when the next request may go.
    Duration circuitPauseLeft() const;
    /// How many requests would be let through now; the rest would be answered `circuit_open`. From any thread.
    int sendable() const;
    int inFlight() const;
    int waiting() const;

Q_SIGNALS:
    /// The circuit breaker is now in another state.
    void circuitStateChanged(counterfoil::CircuitBreaker::State state);

private:
    struct Call;
    struct Lane;
    StripeGateway(StripeOptions options, const Clock& clock, QObject* parent);

    void answerLater(Done done, GatewayAnswer answer);
    void startWaiting();
    void armWaitTimer();
    void handleWaitTimeout();
    bool startRequest(Call& call);
    void handleResult(Call& call, HttpResult result);
    bool goOnToNextPage(Call& call, const QByteArray& body, GatewayAnswer& answer);
    void finish(Call& call, GatewayAnswer answer);
    void reportHealth(CircuitBreaker::Permit permit, const HttpResult& result);
    void noteCircuitState();

    const StripeOptions m_options;
    const Clock& m_clock;
    CircuitBreaker m_breaker;
    CircuitBreaker::State m_shownState = CircuitBreaker::State::Closed;
    // The order matters: a reply belongs to its manager, so calls go first.
    std::vector<std::unique_ptr<Lane>> m_lanes;
    std::vector<std::unique_ptr<Call>> m_running;
    std::deque<std::unique_ptr<Call>> m_waiting;
    QTimer m_waitTimer;
};

} // namespace counterfoil
