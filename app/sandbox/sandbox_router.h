// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sandbox/sandbox_balance.h"
#include "app/sandbox/sandbox_endpoints.h"
#include "app/sandbox/sandbox_intents.h"

namespace counterfoil {

/// Finds the operation that a method and path name, and runs it.
class SandboxRouter {
public:
    explicit SandboxRouter(SandboxState& state) : m_state(state), m_intents(state), m_balance(state), m_endpoints(state) {}

    /// Sets operation and id of the call; false if the path names nothing. The operation reads `payment_intents.create`.
    static bool route(const std::string& method, const QString& path, SandboxCall& call);
    /// Runs a routed call.
    SandboxResult<QJsonObject> run(const SandboxCall& call);
    SandboxIntents& intents() { return m_intents; }

private:
    SandboxResult<QJsonObject> list(const SandboxCall& call);

    SandboxState& m_state;
    SandboxIntents m_intents;
    SandboxBalance m_balance;
    SandboxEndpoints m_endpoints;
};

} // namespace counterfoil
