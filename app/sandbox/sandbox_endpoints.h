// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sandbox/sandbox_state.h"

namespace counterfoil {

/// The webhook_endpoints operations. Only plain http addresses are taken: the sandbox has no certificates.
class SandboxEndpoints {
public:
    explicit SandboxEndpoints(SandboxState& state) : m_state(state) {}

    SandboxResult<QJsonObject> create(const SandboxCall& call);
    SandboxResult<QJsonObject> retrieve(const SandboxCall& call);
    SandboxResult<QJsonObject> update(const SandboxCall& call);
    SandboxResult<QJsonObject> remove(const SandboxCall& call);
    SandboxResult<QJsonObject> list(const SandboxCall& call);

private:
    SandboxResult<SandboxEndpoint*> find(const SandboxCall& call);
    SandboxResult<void> take(SandboxEndpoint& endpoint, const SandboxCall& call) const;

    SandboxState& m_state;
};

} // namespace counterfoil
