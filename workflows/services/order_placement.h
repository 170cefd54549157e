// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/id_source.h"
#include "workflows/engine/order_engine.h"
#include "workflows/services/order_intake.h"

namespace counterfoil {

/// The answer that is stored under a caller's Idempotency-Key.
struct KeyedPlacement {
    QString scope;
    QString key;
    QString requestSha256;
};

/// Checkout over a writing connection: the one implementation of OrderIntake. Used on the connection's thread.
class OrderPlacement final : public OrderIntake {
public:
    struct Options {
        BasisPoints defaultCommission{500};
        /// How long everything may stay reserved before a late Try is refused.
        Duration tryDeadline = Duration::days(1);
    };

    struct Parts {
        const OrderEngine& engine;
        const TccCoordinator& coordinator;
        const Clock& clock;
        IdSource& ids;
    };

    OrderPlacement(Connection& connection, const Parts& parts, Options options) : m_connection(connection), m_parts(parts), m_options(options) {}

    Result<std::vector<Result<PlacedOrder>>> place(std::span<const NewOrder> orders, const IntakeContext& context) override;
    Result<ImportProgress> openImport(const QString& fileSha256, const QString& fileName) override;

    /// Places one order once per key: the key's row is written with the order. A refusal stores nothing, so that the caller may mend the
    /// request and use the key again. Errors: IdempotencyKeyReused (the key was used with another request), and those of place().
    Result<PlacedOrder> placeOnce(const NewOrder& order, const IntakeContext& context, const KeyedPlacement& keyed);

private:
    struct Draft;
    Result<std::vector<Result<PlacedOrder>>> placeIn(UnitOfWork& work, std::span<const NewOrder> orders, const IntakeContext& context);
    Result<PlacedOrder> placeOne(UnitOfWork& work, const NewOrder& order, const IntakeContext& context);
    Result<Draft> draft(UnitOfWork& work, const NewOrder& order, const IntakeContext& context);
    Result<void> topUp(UnitOfWork& work, const NewOrder& order, const Draft& draft, const QString& actor);
    void addRows(UnitOfWork& work, const NewOrder& order, Draft& draft);
    void addSubOrders(UnitOfWork& work, const NewOrder& order, Draft& draft);
    void addItems(UnitOfWork& work, const NewOrder& order, Draft& draft);
    void registerTcc(UnitOfWork& work, const Draft& draft);

    Connection& m_connection;
    const Parts m_parts;
    const Options m_options;
};

} // namespace counterfoil
