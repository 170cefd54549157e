// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/engine_parts.h"
#include "app/simulation/simulated_world.h"
#include "workflows/engine/job_runner.h"
#include "workflows/services/callback_intake.h"
#include "workflows/services/order_placement.h"
#include "workflows/services/refund_request.h"

#include <map>

namespace counterfoil {

class SimulatedNetwork;

/// One worker's process: the real job runner, checkout and callback intake, and around them what happens to processes. It may die at every
/// commit and between any two requests, stop for longer than its leases last, and have a wrong clock. A process that died comes back
/// and knows nothing.
class SimulatedWorker {
public:
    SimulatedWorker(SimulatedWorld& world, Connection& connection, const EngineParts& parts, int number);

    void setNetwork(SimulatedNetwork& network) { m_network = &network; }

    /// Neither dead nor stopped.
    bool isRunning() const { return !m_isDead && m_world.now() >= m_pausedUntil; }
    /// When it will take part again.
    UtcTime backAt() const { return m_pausedUntil; }

    /// One round: answers first, then what is due. Returns true if there was anything.
    bool work();
    /// The answer to a request that this process sent; dropped if it has died since.
    void take(const RemoteCall& call, int life, const GatewayAnswer& answer);
    int life() const { return m_life; }
    bool hasAnswers() const { return !m_answers.empty(); }

    Result<PlacedOrder> placeOnce(const NewOrder& order, const QString& key);
    Result<std::vector<Result<PlacedOrder>>> place(std::span<const NewOrder> orders);
    /// What a person or the shop asks of an order.
    Result<EventOutcome> apply(OrderId order, const OrderEventInput& event);
    Result<PlacedRefund> refund(OrderId order, const RefundRequest& wanted, const QString& key);
    /// As the listener does it: signature, content, store. Errors: what makes the gateway deliver it again.
    Result<void> takeCallback(const QByteArray& header, const QByteArray& body);

    /// The world is whole again: alive, awake, on time.
    void heal();
    /// What the database does to the transaction that this worker is in.
    Result<void> interfere(TransactionPoint point);

    static const QByteArray& callbackSecret();

private:
    void start();
    void die();
    void pause();
    void send(const std::vector<RemoteCall>& calls, std::size_t from);
    void renewLater();
    qint64 lostLeases(const std::vector<RemoteAnswer>& answers);
    template<class Function>
    auto acting(Function function) -> decltype(function());

    SimulatedWorld& m_world;
    Connection& m_connection;
    const EngineParts& m_parts;
    const int m_number;
    SimulatedNetwork* m_network = nullptr;
    SkewedClock m_clock;
    IdSource m_ids;
    std::unique_ptr<JobRunner> m_runner;
    std::unique_ptr<OrderPlacement> m_placement;
    std::unique_ptr<RefundService> m_refunds;
    std::map<JobId, RemoteCall> m_underWay;
    std::vector<RemoteAnswer> m_answers;
    UtcTime m_pausedUntil;
    int m_life = 0;
    bool m_isDead = false;
    bool m_renewalIsDue = false;
};

} // namespace counterfoil
