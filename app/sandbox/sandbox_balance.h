// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sandbox/sandbox_state.h"

namespace counterfoil {

/// Refunds, payouts and the balance.
class SandboxBalance {
public:
    explicit SandboxBalance(SandboxState& state) : m_state(state) {}

    SandboxResult<QJsonObject> createRefund(const SandboxCall& call);
    SandboxResult<QJsonObject> retrieveRefund(const SandboxCall& call);
    /// Paid at once. Every balance transaction of the currency that no earlier payout explained belongs to it.
    SandboxResult<QJsonObject> createPayout(const SandboxCall& call);
    SandboxResult<QJsonObject> retrievePayout(const SandboxCall& call);
    SandboxResult<QJsonObject> retrieveCharge(const SandboxCall& call);
    SandboxResult<QJsonObject> balance(const SandboxCall& call);

private:
    SandboxResult<SandboxCharge*> chargeToRefund(const SandboxCall& call);
    void sumUp();

    SandboxState& m_state;
    QHash<QString, qint64> m_availableMinor;
    size_t m_summed = 0;
};

} // namespace counterfoil
