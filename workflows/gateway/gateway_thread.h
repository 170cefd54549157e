// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/gateway/stripe_gateway.h"

#include <QThread>

#include <atomic>

namespace counterfoil {

/// A StripeGateway on a thread of its own. A request needs an event loop's attention several times until it is answered: beside work on a
/// database it would be held up by one batch after the other.
class GatewayThread {
public:
    /// Errors: those of StripeGateway::create().
    static Result<std::unique_ptr<GatewayThread>> start(StripeOptions options, const Clock& clock);
    /// Aborts what is under way and calls nobody any more.
    ~GatewayThread();

    /// As StripeGateway::send(), from any thread. `done` is called on the gateway's thread.
    void send(const GatewayRequest& request, Gateway::Done done);
    /// As StripeGateway::sendable(), from any thread.
    int sendable() const;

private:
    GatewayThread();

    QThread m_thread;
    /// Lives on the thread.
    QObject m_there;
    std::unique_ptr<StripeGateway> m_gateway;
    /// Sent, and not yet asking for their permits.
    std::atomic<int> m_onTheirWay = 0;
};

} // namespace counterfoil
