// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/clock.h"

#include <QList>
#include <QUrl>

#include <functional>
#include <memory>

namespace counterfoil {

/// One event for one endpoint.
struct CallbackDelivery {
    QUrl url;
    QByteArray body;
    QByteArray secret;            ///< the whole `whsec_…` text
    bool isBadlySigned = false;   ///< on the first attempt
    int attemptsMax = 1;
    QList<int> retryMs;           ///< pauses before the 2nd, 3rd, … attempt; the last one repeats
    int attempts = 0;
};

/// Counts of attempts, except `pending`: deliveries neither acknowledged nor given up.
struct CallbackStatistics {
    qint64 sent = 0;
    qint64 acknowledged = 0;
    qint64 failed = 0;
    qint64 givenUp = 0;
    qint64 pending = 0;
};

/// The header `Stripe-Signature` over `<t>.<body>` (https://docs.stripe.com/webhooks, "Verify manually").
QByteArray stripeSignature(const QByteArray& body, const QByteArray& secret, qint64 timestamp);

/// Delivers callbacks in a thread of its own, at most 16 at a time to one receiver, on kept connections; anything but 2xx
/// is tried again. Also the sandbox's timer. Every function may be called from any thread, start() and stop() by the owner.
class SandboxCallbacks {
public:
    /// Signatures carry the time of that clock.
    explicit SandboxCallbacks(const Clock& clock);
    ~SandboxCallbacks();
    SandboxCallbacks(const SandboxCallbacks&) = delete;
    SandboxCallbacks& operator=(const SandboxCallbacks&) = delete;

    void start();
    /// Drops what isn't delivered.
    void stop();
    void deliver(CallbackDelivery delivery, int delayMs);
    /// Runs the action on the thread; never after stop().
    void runAfter(int delayMs, std::function<void()> action);
    /// Forgets deliveries that wait for an attempt, and all counts.
    void reset();
    CallbackStatistics statistics() const;

private:
    class Worker;
    std::unique_ptr<Worker> m_worker;
};

} // namespace counterfoil
