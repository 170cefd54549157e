// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/common/engine_parts.h"
#include "app/simulation/model_gateway.h"
#include "tests/support/sample_rows.h"
#include "tests/support/test_database.h"
#include "workflows/engine/job_runner.h"
#include "workflows/services/order_placement.h"
#include "workflows/services/refund_request.h"

namespace counterfoil {

/// One thing for sale.
struct SampleSku {
    QString code;
    MerchantId merchant;
    Money unitPrice;
    qint64 onHand = 100;
    QString warehouse = QStringLiteral("north");
    FulfilmentKind fulfilment = FulfilmentKind::Physical;
};

/// The engine on a fresh database with the built-in order workflow, a clock that is moved by hand, and a gateway that does as it is told.
/// Whatever the database refuses aborts the test program: without it no test means anything.
class EngineFixture {
public:
    explicit EngineFixture(DatabaseKind kind, const EngineOptions& options = {});
    /// On a database that others use as well.
    EngineFixture(std::shared_ptr<TestDatabase> database, int node, const EngineOptions& options = {});

    ManualClock clock{sampleTime};
    IdSource ids;
    ModelGateway gateway{clock};

    Connection& connection() { return *m_connection; }
    std::shared_ptr<TestDatabase> database() const { return m_database; }
    const EngineParts& parts() const { return *m_parts; }
    OrderPlacement& placement() { return *m_placement; }
    RefundService& refunds() { return *m_refunds; }
    JobRunner& runner() { return *m_runner; }
    /// A runner that knows nothing of the calls that the one before it had under way: what a crash leaves.
    void restartRunner(const QString& owner = QStringLiteral("worker"));

    // The catalogue
    MerchantId addMerchant(const QString& ref, int commissionBp);
    SkuId addSku(const SampleSku& sku);
    void addTier(const PriceTier& tier);
    /// Fills in id and folded code.
    CouponId addCoupon(Coupon coupon);
    /// A customer with money in the wallet.
    CustomerId recharge(const QString& buyerRef, const Money& amount);

    // Orders
    static NewOrder order(const QString& number, const QString& buyerRef, std::vector<std::pair<QString, qint64>> lines, Funding funding = Funding::Gateway);
    Result<PlacedOrder> place(const NewOrder& order);
    /// An order that has to be accepted.
    OrderId placed(const NewOrder& order);
    /// Applies an event to an order, as an operator's command does.
    EventOutcome apply(OrderId order, const QString& event, const QString& actor = QStringLiteral("api:shop"));

    // Time
    /// One batch of due jobs with their calls answered; false if nothing was due.
    bool runRound(int remoteCapacity = 64);
    /// Runs what is due now.
    void runDue();
    /// Runs everything that becomes due within this time, moving the clock from one due job to the next.
    void runUntilQuiet(Duration maxVirtualTime);
    /// Hands the gateway's callbacks in; returns how many were new.
    int deliver(const std::vector<QByteArray>& bodies);
    void deliverCallbacks() { deliver(gateway.takeCallbacks()); }

    // Reading
    template<class T>
    std::vector<T> rows(const QString& condition = QStringLiteral("WHERE 1 = 1"), const QVariantList& values = {})
    {
        return unwrap(selectRows<T>(connection(), condition, values));
    }
    Order orderOf(OrderId order);
    PaymentTransaction paymentOf(OrderId order);
    TccTransaction tccOf(OrderId order);
    std::vector<GatewayExchange> exchangesOf(OrderId order, GatewayOperation operation);
    QStringList openCases();
    Money balance(const AccountRef& ref, Bucket bucket);
    qint64 count(const QString& table);
    /// Rows of every table that a checkout may write to, by name.
    std::map<QString, qint64> counts();
    /// Every broken invariant; empty if the books are right.
    QStringList violations();

    template<class T>
    static T unwrap(Result<T> result)
    {
        if (!result) {
            qFatal("engine fixture: %s", qPrintable(result.error().text()));
        }
        if constexpr (!std::is_void_v<T>) {
            return std::move(*result);
        }
    }
    /// Runs `work` in a unit of work of its own and commits it.
    template<class Function>
    void write(Function function)
    {
        UnitOfWork work(connection(), clock, ids);
        unwrap(work.begin());
        function(work);
        unwrap(work.commit());
    }

private:
    void wire(const EngineOptions& options);

    std::shared_ptr<TestDatabase> m_database;
    std::unique_ptr<Connection> m_ownConnection;
    Connection* m_connection = nullptr;
    std::unique_ptr<EngineParts> m_parts;
    std::unique_ptr<OrderPlacement> m_placement;
    std::unique_ptr<RefundService> m_refunds;
    std::unique_ptr<JobRunner> m_runner;
};

} // namespace counterfoil
