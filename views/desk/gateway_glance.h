// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/domain/transaction.h"
#include "workflows/gateway/gateway_thread.h"

#include <QObject>

namespace counterfoil {

/// Where the gateway is, and the key to look with: a restricted one that may only read is enough.
struct GatewayAccess {
    QUrl url;
    QByteArray key;
};

/// Looks a payment up at the gateway, and never asks it to do anything. Lives on the GUI's thread; requests and answers are handled on one of
/// its own.
class GatewayGlance : public QObject {
    Q_OBJECT

public:
    GatewayGlance(GatewayAccess access, const Clock& clock, QObject* parent = nullptr);
    ~GatewayGlance() override;

    /// Whether there is a key.
    bool isPossible() const { return !m_access.key.isEmpty(); }

    /// Fetches the payment's object, or searches for it if the gateway's id isn't known; `then` is called in the context's thread unless
    /// the context is gone. Errors: ConfigurationInvalid (no key, or an address that isn't fit for it).
    void look(const PaymentTransaction& payment, QObject* context, std::function<void(const Result<GatewayAnswer>&)> then);

private:
    Result<void> start();

    const GatewayAccess m_access;
    const Clock& m_clock;
    std::unique_ptr<GatewayThread> m_thread;
};

} // namespace counterfoil
