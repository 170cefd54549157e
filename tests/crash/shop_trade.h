// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/engine_fixture.h"

namespace counterfoil {

/// What the outside was told is done, noted where no power loss reaches it.
struct Told {
    /// Answered with 201, by idempotency key.
    std::map<QString, OrderId> orders;
    /// Events of the gateway that were answered with 200.
    std::set<QString> callbacks;
    /// How often the first byte of a request left, by exchange.
    std::map<ExchangeId, int> sent;
    /// The newest version of every order that somebody saw.
    std::map<OrderId, qint64> seen;

    /// What of it a database doesn't hold. Errors: the database's.
    Result<QStringList> missing(Connection& connection) const;
};

/// The shop's business with buyers and gateway, at random: they outlive an engine that dies, and don't forget.
class ShopTrade {
public:
    explicit ShopTrade(quint32 seed);

    /// An engine's life begins; its clock and ids go on where the last one's ended.
    void begin(EngineFixture& engine);
    /// It is over: answers that it hadn't applied are lost.
    void end();
    /// Some orders, requests, answers and callbacks. Errors: the database's; then the engine must end.
    Result<void> step();
    /// Faults end, and everything gets time to end; returns what is wrong then.
    QStringList endProblems();
    const Told& told() const { return m_told; }

private:
    NewOrder randomOrder();
    Result<void> placeOrder();
    Result<void> callGateway();
    Result<void> applyAnswers();
    Result<void> deliverCallbacks(bool all);
    Result<void> look();
    Result<void> settle();
    QString problemOf(OrderId order);
    void setTime(UtcTime to);
    bool chance(int percent) { return static_cast<int>(m_random() % 100) < percent; }

    std::mt19937 m_random;
    ManualClock m_clock{sampleTime};
    ModelGateway m_gateway{m_clock};
    EngineFixture* m_engine = nullptr;
    Told m_told;
    int m_orders = 0;
    /// An order that nobody has answered yet: the buyer sends it again under the same key.
    std::optional<NewOrder> m_unanswered;
    std::vector<QByteArray> m_callbacks;
    std::vector<RemoteAnswer> m_answers;
};

/// The rows of a query's one text column.
Result<std::set<QString>> textsOf(Connection& connection, const QString& sql);
/// The rows of a query's two numeric columns.
Result<std::map<qint64, qint64>> pairsOf(Connection& connection, const QString& sql);

} // namespace counterfoil
