// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/gateway/callback_verifier.h"

#include <vector>

namespace counterfoil {

/// A payment gateway that says yes at once and remembers nothing: an object's id follows from the request's. With every payment
/// that it takes comes one callback.
class InstantGateway {
public:
    explicit InstantGateway(const Clock& clock) : m_clock(clock) {}
    GatewayAnswer answer(const GatewayRequest& request);
    std::vector<QByteArray> takeCallbacks() { return std::exchange(m_callbacks, {}); }
    bool hasCallbacks() const { return !m_callbacks.empty(); }

private:
    const Clock& m_clock;
    std::vector<QByteArray> m_callbacks;
};

} // namespace counterfoil
