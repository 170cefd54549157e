// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulation/simulated_shop.h"
#include "models/store/books_watch.h"
#include "models/store/invariants.h"

namespace counterfoil {

/// Says what is wrong: with the books, by the invariants that `verify` checks, and with their agreement with what the gateway and the shop
/// know to be true.
class SimulationOracle {
public:
    SimulationOracle(Connection& connection, std::vector<FinalState> finalStates) : m_connection(connection), m_finalStates(std::move(finalStates)), m_books(connection) {}

    /// To be called behind every commit. One that moved money or decided something is followed by the invariants of the books.
    void committed();
    /// When everything has come to its end.
    void judge(ModelGateway& gateway, const SimulatedShop& shop);

    /// Something that was seen elsewhere. Once is enough.
    void add(const QString& violation);

    /// What was found, the first first; each begins with a word for its kind and a colon.
    const QStringList& violations() const { return m_violations; }
    qint64 checks() const { return m_checks; }

private:
    struct Ending;
    void checkMoney();
    void checkDecisions();
    void checkInvariants(const QStringList& names);
    bool hasEnded(const Order& order) const;
    void judgePrice(const Order& order, const SimulatedShop::Placement& placement);
    void judgeOrder(const Ending& ending);
    void judgePayment(const Ending& ending, const QString& about);
    void judgeRefunds(const Ending& ending, const ModelGateway& gateway);
    void judgeClearing(ModelGateway& gateway);
    void judgeStock(const SimulatedShop& shop);
    void judgeCoupons();
    template<class T>
    std::vector<T> rows();

    Connection& m_connection;
    std::vector<FinalState> m_finalStates;
    std::map<TccId, TccDecision> m_decisions;
    QStringList m_violations;
    BooksWatch m_books;
    BooksVersion m_version;
    qint64 m_checks = 0;
};

} // namespace counterfoil
