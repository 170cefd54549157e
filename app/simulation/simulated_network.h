// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulation/model_gateway.h"
#include "app/simulation/simulated_worker.h"

namespace counterfoil {

/// What lies between the workers and the gateway: requests, answers and callbacks that are lost, late, repeated, overtake each other, lie or
/// come from somebody else. And the gateway's and the buyers' own ways.
class SimulatedNetwork {
public:
    struct Hooks {
        /// A transaction was committed.
        std::function<void()> committed;
        /// What must never be.
        std::function<void(const QString&)> complain;
        /// A worker that takes part just now; none if all are away.
        std::function<SimulatedWorker*()> anyWorker;
        /// This payment is cancelled in our books.
        std::function<bool(const QString& transactionRef)> isCancelled;
        /// A confirmation for this payment is on its way to the gateway.
        std::function<void(const QString& transactionRef)> confirming;
    };

    SimulatedNetwork(SimulatedWorld& world, Hooks hooks) : m_world(world), m_hooks(std::move(hooks)), m_gateway(world.clock) {}

    void send(SimulatedWorker& worker, const RemoteCall& call);
    void committed() { m_hooks.committed(); }
    void complain(const QString& violation) { m_hooks.complain(violation); }
    /// What is being processed or waits for a buyer comes to its end.
    void settleAll();

    ModelGateway& gateway() { return m_gateway; }

private:
    void executeAt(UtcTime time, SimulatedWorker& worker, const RemoteCall& call, Fault fault, bool answerArrives);
    void answerLater(SimulatedWorker& worker, const RemoteCall& call, const GatewayAnswer& answer, Duration delay);
    Fault outcomeOf(const GatewayRequest& request);
    void watch(const GatewayRequest& request);
    void settleRefundLater(const QString& refundId, Duration delay, bool well);
    void settleLater(const QString& intentId, Duration delay, bool well);
    void takeMoneyAfterCancel(const QString& intentId);
    void deliverCallbacks();
    void deliver(const QByteArray& body);
    void arrive(const QByteArray& body, const QByteArray& secret, Duration signedBefore);
    void disguise(const QByteArray& body);
    Duration latency();

    SimulatedWorld& m_world;
    const Hooks m_hooks;
    ModelGateway m_gateway;
};

} // namespace counterfoil
