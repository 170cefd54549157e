// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulation/simulated_network.h"

namespace counterfoil {

/// How long merchants wait for their money in a simulation: refunds meet it before and after.
inline constexpr Duration settlementDelay = Duration::minutes(20);

/// The shop and its buyers: a small catalogue with scarce goods and a scarce coupon, orders over the interface with their repetitions, several
/// checkouts in one transaction, cancellations at bad moments, and goods that come back.
class SimulatedShop {
public:
    struct Placement {
        NewOrder order;
        /// None while nobody knows, and for good if it was refused.
        OrderId id;
        bool isRefused = false;
        int attempts = 0;
        /// What its coupon takes off.
        Money discount;
    };

    /// Where a scarce thing began.
    struct Opening {
        StockId stock;
        qint64 onHand = 0;
    };

    SimulatedShop(SimulatedWorld& world, std::function<SimulatedWorker*()> anyWorker) : m_world(world), m_anyWorker(std::move(anyWorker)) {}

    /// Adds catalogue, stock, coupons and wallets. Errors: the database's.
    Result<void> open(Connection& connection, IdSource& ids);
    /// All orders of the run, spread over the first minutes.
    void openDoors(int payments);
    /// A buyer thinks better of it just while the payment is confirmed.
    void confirming(OrderId order);
    const std::vector<Placement>& placements() const { return m_placements; }
    const std::vector<Opening>& openings() const { return m_openings; }
    /// What no shop would put up with: an answer that contradicts an earlier one.
    const QStringList& complaints() const { return m_complaints; }

private:
    /// What all checkouts of one moment fight for.
    struct Rush {
        bool forStock = false;
        bool forCoupons = false;
    };
    NewOrder makeOrder(int number, const Rush& rush);
    void place(std::size_t index);
    bool mayRepeat(std::size_t index);
    void placeTogether(std::size_t first, std::size_t count);
    void answered(std::size_t index, const Result<PlacedOrder>& placed);
    void cancel(OrderId order, const QString& actor);
    /// When something comes back, and who asks for it at the same time.
    void planReturns(std::size_t index);
    void refund(std::size_t index, const RefundRequest& wanted, const QString& key);

    SimulatedWorld& m_world;
    const std::function<SimulatedWorker*()> m_anyWorker;
    std::vector<Placement> m_placements;
    std::vector<Opening> m_openings;
    std::map<QString, TransactionId> m_refunds;
    QStringList m_complaints;
};

} // namespace counterfoil
