// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/engine_fixture.h"

namespace counterfoil {

/// One run of a small shop whose gateway, callbacks and worker fail at random: calls that are lost before or after their effect, answers that
/// come late or never, requests that arrive after their worker was given up, callbacks that are lost, repeated, reordered and lie,
/// buyers who cancel at any moment, refunds of any part at any moment. The same seed does the same.
class RandomFaults {
public:
    RandomFaults(EngineFixture& shop, quint32 seed) : m_shop(shop), m_seed(seed), m_random(seed) {}

    /// The catalogue; once per database.
    static void stock(EngineFixture& shop);

    void run(int orders, int steps);
    /// Ends all faults and gives everything time to end.
    void calm();
    /// What is wrong with the outcome; empty if nothing is.
    QStringList problems();

private:
    void placeOrder(int number);
    void step();
    void send(const RemoteCall& call);
    void applySome();
    void deliverSome();
    void crash();
    void takeLateMoney();
    void requestRefund();
    bool chance(int percent) { return static_cast<int>(m_random() % 100) < percent; }
    QString problemOf(OrderId order, const QStringList& cases);
    QString problemOfRefunds(OrderId order, const QStringList& cases);

    EngineFixture& m_shop;
    quint32 m_seed;
    std::mt19937 m_random;
    std::vector<OrderId> m_orders;
    std::vector<RemoteAnswer> m_answers;
    std::vector<GatewayRequest> m_onTheirWay;
    std::vector<QByteArray> m_callbacks;
    QStringList m_oddities;
    int m_refundKeys = 0;
};

} // namespace counterfoil
