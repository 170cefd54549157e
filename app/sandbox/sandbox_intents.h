// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sandbox/sandbox_state.h"

namespace counterfoil {

/// The PaymentIntent operations. Test payment methods stand for themselves: an intent keeps `pm_card_visa` where Stripe
/// would show the id of a payment method made from it.
class SandboxIntents {
public:
    explicit SandboxIntents(SandboxState& state) : m_state(state) {}

    SandboxResult<QJsonObject> create(const SandboxCall& call);
    SandboxResult<QJsonObject> retrieve(const SandboxCall& call);
    SandboxResult<QJsonObject> update(const SandboxCall& call);
    SandboxResult<QJsonObject> confirm(const SandboxCall& call);
    SandboxResult<QJsonObject> capture(const SandboxCall& call);
    SandboxResult<QJsonObject> cancel(const SandboxCall& call);
    /// What the customer does at their bank, for the control API.
    SandboxResult<QJsonObject> completeAction(const SandboxCall& call, bool succeeds);

private:
    SandboxResult<SandboxIntent*> find(const SandboxCall& call);
    SandboxResult<void> takeMethod(SandboxIntent& intent, const SandboxCall& call) const;
    SandboxResult<QJsonObject> attempt(SandboxIntent& intent, const SandboxCall& call);
    SandboxResult<QJsonObject> authorise(SandboxIntent& intent, const QString& code, const QString& declineCode,
                                         const SandboxCall& call);
    SandboxResult<QJsonObject> decline(SandboxIntent& intent, SandboxCharge& charge, const SandboxCall& call);
    void settle(SandboxIntent& intent, SandboxCharge& charge, qint64 amountMinor, const SandboxCall& call);
    std::unexpected<SandboxError> unexpectedState(const SandboxIntent& intent, const char* verb) const;

    SandboxState& m_state;
};

} // namespace counterfoil
