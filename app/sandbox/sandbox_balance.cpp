// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sandbox/sandbox_balance.h"

#include <QJsonArray>

namespace counterfoil {

namespace {

std::unexpected<SandboxError> stored(std::unexpected<SandboxError> refusal)
{
    refusal.error().isStored = true;
    return refusal;
}

} // namespace

SandboxResult<SandboxCharge*> SandboxBalance::chargeToRefund(const SandboxCall& call)
{
    SANDBOX_ASSIGN(const QString intentId, call.params.text("payment_intent"));
    SANDBOX_ASSIGN(const QString chargeId, call.params.text("charge"));
    if (intentId.isEmpty() == chargeId.isEmpty()) {
        return refuse("parameter_missing", QStringLiteral("One of the following params should be provided for this request: "
                                                          "payment_intent or charge."));
    }
    const SandboxIntent* intent = m_state.intents.find(intentId);
    if (chargeId.isEmpty() && intent == nullptr) {
        return noSuch("payment_intent", intentId, QStringLiteral("payment_intent"), 400);
    }
    SandboxCharge* charge = m_state.charges.find(chargeId.isEmpty() ? intent->latestCharge : chargeId);
    if (charge == nullptr && !chargeId.isEmpty()) {
        return noSuch("charge", chargeId, QStringLiteral("charge"), 400);
    }
    if (charge == nullptr || !charge->isCaptured) {
        return stored(refuse("", QStringLiteral("This PaymentIntent (%1) does not have a successful charge to refund.")
                                     .arg(charge == nullptr ? intentId : charge->intent)));
    }
    return charge;
}

SandboxResult<QJsonObject> SandboxBalance::createRefund(const SandboxCall& call)
{
    SANDBOX_TRY(call.params.only({"payment_intent", "charge", "amount", "reason", "metadata"}));
    SandboxRefund refund;
    SANDBOX_ASSIGN(refund.reason, call.params.oneOf("reason",
                                                    {QStringLiteral("duplicate"), QStringLiteral("fraudulent"),
                                                     QStringLiteral("requested_by_customer")},
                                                    {}));
    SANDBOX_ASSIGN(refund.metadata, call.params.metadata({}));
    SANDBOX_ASSIGN(const auto asked, call.params.integer("amount", 1));
    SANDBOX_ASSIGN(SandboxCharge* charge, chargeToRefund(call));
    const qint64 remainingMinor = charge->capturedMinor - charge->refundedMinor;
    if (remainingMinor == 0) {
        return stored(refuse("charge_already_refunded", QStringLiteral("Charge %1 has already been refunded.").arg(charge->id)));
    }
    refund.amountMinor = asked.value_or(remainingMinor);
    if (refund.amountMinor > remainingMinor) {
        return stored(refuse("", QStringLiteral("Refund amount (%1) is greater than unrefunded amount on charge (%2)")
                                     .arg(refund.amountMinor)
                                     .arg(remainingMinor),
                             QStringLiteral("amount")));
    }
    refund.id = m_state.makeId("re", m_state.originOf(call));
    refund.charge = charge->id;
    refund.intent = charge->intent;
    refund.currency = charge->currency;
    refund.created = m_state.now();
    refund.balanceTransaction = m_state.addBalanceTransaction("refund", refund.id, -refund.amountMinor, refund.currency);
    charge->refundedMinor += refund.amountMinor;
    const SandboxRefund& added = m_state.refunds.add(std::move(refund));
    m_state.emitEvent("refund.created", toJson(added), call);
    m_state.emitEvent("charge.refunded", toJson(*charge), call);
    return toJson(added);
}

SandboxResult<QJsonObject> SandboxBalance::retrieveRefund(const SandboxCall& call)
{
    const SandboxRefund* refund = m_state.refunds.find(call.id);
    return refund == nullptr ? SandboxResult<QJsonObject>(noSuch("refund", call.id, QStringLiteral("refund"), 404)) : toJson(*refund);
}

SandboxResult<QJsonObject> SandboxBalance::retrieveCharge(const SandboxCall& call)
{
    const SandboxCharge* charge = m_state.charges.find(call.id);
    return charge == nullptr ? SandboxResult<QJsonObject>(noSuch("charge", call.id, QStringLiteral("charge"), 404)) : toJson(*charge);
}

void SandboxBalance::sumUp()
{
    for (; m_summed < m_state.balanceTransactions.size(); ++m_summed) {
        const auto& transaction = m_state.balanceTransactions.at(m_summed);
        m_availableMinor[transaction.currency] += transaction.amountMinor - transaction.feeMinor;
    }
}

SandboxResult<QJsonObject> SandboxBalance::createPayout(const SandboxCall& call)
{
    SANDBOX_TRY(call.params.only({"amount", "currency", "description", "metadata"}));
    SANDBOX_TRY(call.params.requiredText("amount"));
    SandboxPayout payout;
    SANDBOX_ASSIGN(const auto amountMinor, call.params.integer("amount", 1));
    payout.amountMinor = *amountMinor;
    SANDBOX_ASSIGN(payout.currency, call.params.currency());
    SANDBOX_ASSIGN(payout.description, call.params.text("description", 1000));
    SANDBOX_ASSIGN(payout.metadata, call.params.metadata({}));
    sumUp();
    if (payout.amountMinor > m_availableMinor.value(payout.currency)) {
        return stored(refuse("balance_insufficient", QStringLiteral("You have insufficient funds in your account.")));
    }
    payout.id = m_state.makeId("po", m_state.originOf(call));
    payout.created = m_state.now();
    payout.status = QStringLiteral("pending");
    payout.balanceTransaction = m_state.addBalanceTransaction("payout", payout.id, -payout.amountMinor, payout.currency);
    for (size_t i = 0; i < m_state.balanceTransactions.size(); ++i) {
        auto& transaction = *m_state.balanceTransactions.find(m_state.balanceTransactions.at(i).id);
        if (transaction.payout.isEmpty() && transaction.currency == payout.currency) {
            transaction.payout = payout.id;
        }
    }
    SandboxPayout& added = m_state.payouts.add(std::move(payout));
    const QJsonObject answer = toJson(added);
    m_state.emitEvent("payout.created", answer, call);
    added.status = QStringLiteral("paid");
    m_state.emitEvent("payout.paid", toJson(added), call);
    return answer;
}

SandboxResult<QJsonObject> SandboxBalance::retrievePayout(const SandboxCall& call)
{
    const SandboxPayout* payout = m_state.payouts.find(call.id);
    return payout == nullptr ? SandboxResult<QJsonObject>(noSuch("payout", call.id, QStringLiteral("payout"), 404)) : toJson(*payout);
}

SandboxResult<QJsonObject> SandboxBalance::balance(const SandboxCall& call)
{
    SANDBOX_TRY(call.params.only({}));
    sumUp();
    QJsonArray available;
    for (auto it = m_availableMinor.cbegin(); it != m_availableMinor.cend(); ++it) {
        available.append(QJsonObject{{"amount", it.value()}, {"currency", it.key()}});
    }
    return QJsonObject{{"object", "balance"}, {"available", available}, {"pending", QJsonArray()}, {"livemode", false}};
}

} // namespace counterfoil
