// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workflows/engine/gateway_dialogue.h"
#include "workflows/engine/order_engine.h"
#include "workflows/gateway/callback_verifier.h"

namespace counterfoil {

/// What each kind of job does: what it needs loaded, and its work on the loaded rows. Stateless.
class JobHandlers {
public:
    JobHandlers(const OrderEngine& engine, const PaymentProcess& payments, const RefundProcess& refunds, const GatewayDialogue& dialogue)
        : m_engine(engine), m_payments(payments), m_refunds(refunds), m_dialogue(dialogue) {}

    /// How deeply a job's order is needed in the ordinary course of things: before the network, and behind it. Who comes upon more
    /// (UnitOfWork::needFull) is run again with Full.
    static OrderDepth usualDepth(const Job& job);
    static OrderDepth usualDepth(const GatewayRequest& request, const GatewayAnswer& answer);

    /// Locks and loads what these jobs need, all at once; `depths` has one for each.
    Result<void> load(UnitOfWork& work, std::span<const Job> jobs, std::span<const OrderDepth> depths) const;

    /// Runs a job; for a remote one this is the half before the network and returns the request to send, if there still is one.
    Result<std::optional<GatewayRequest>> run(UnitOfWork& work, const Job& job) const;

    /// The half behind the network. Errors: those of the dialogue and the engine; the caller falls back.
    Result<AnswerEffect> answer(UnitOfWork& work, const Job& job, const GatewayRequest& request, const GatewayAnswer& answer) const;

    static bool isRemote(JobKind kind) { return kind == JobKind::GatewaySend || kind == JobKind::GatewayPoll; }

private:
    Result<void> loadCallbackOrders(UnitOfWork& work, const std::map<CallbackId, OrderDepth>& callbacks, const std::function<void(OrderId, OrderDepth)>& need) const;
    Result<void> runTimer(UnitOfWork& work, const Job& job) const;
    Result<void> runEvent(UnitOfWork& work, const Job& job) const;
    Result<void> applyCallback(UnitOfWork& work, CallbackId callback) const;
    Result<void> applyRefundCallback(UnitOfWork& work, CallbackId callback, const CallbackEvent& event) const;
    Result<void> releaseSettlement(UnitOfWork& work, HoldId hold) const;
    Result<void> expireHold(UnitOfWork& work, HoldId hold) const;

    const OrderEngine& m_engine;
    const PaymentProcess& m_payments;
    const RefundProcess& m_refunds;
    const GatewayDialogue& m_dialogue;
};

} // namespace counterfoil
