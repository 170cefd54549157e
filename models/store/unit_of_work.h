// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/base/id_source.h"
#include "models/domain/new_order.h"
#include "models/store/catalog_tables.h"
#include "models/store/ledger_tables.h"
#include "models/store/operator_tables.h"
#include "models/store/order_tables.h"
#include "models/store/process_tables.h"
#include "models/store/row_set.h"

#include <set>

namespace counterfoil {

/// How much of an order a piece of work needs.
enum class OrderDepth {
    /// Order, its timers, transaction, exchanges, TCC transaction.
    Header,
    /// All that phase two touches as well: details, items, holds, reservations, stock, grants, coupons, accounts.
    Full,
};

/// One database transaction over a batch of pieces of work (20-engine). Everything they touch is locked and loaded in one order
/// (orders, TCC, coupons, grants, stock, accounts; each by id), changed in memory, and written as sets, one statement per table, in one
/// commit. Between begin() and commit() nothing waits for anything but the database.
///
/// mark() and fallBack() frame one piece of work: its failure leaves the others untouched.
class UnitOfWork {
public:
    UnitOfWork(Connection& connection, const Clock& clock, IdSource& ids);
    ~UnitOfWork();

    Result<void> begin();

    /// Locks and loads orders and what belongs to them. Ids that don't exist are left out.
    Result<void> loadOrders(const std::set<OrderId>& orders, OrderDepth depth);
    /// Loads the items of loaded orders and what refunds took of them; only a refund of items needs them.
    Result<void> loadItems(const std::set<OrderId>& orders);
    /// The same with a depth each; all are locked together.
    Result<void> loadOrders(const std::map<OrderId, OrderDepth>& orders);
    /// Loads the events of the orders that were loaded, unless they were loaded already: whoever asks what happened calls it first. Most
    /// rounds of a payment don't.
    Result<void> loadEvents();
    /// To be called before anything is done that needs an order's Full depth. If it was loaded less deeply the whole unit has to be run
    /// again with more, since locks come in one order: lacksDepth() is true from here on. Errors: SerializationFailure.
    Result<void> needFull(OrderId order);
    bool lacksDepth() const { return m_lacksDepth; }
    /// Locks and loads accounts by id.
    Result<void> loadAccountsById(const std::set<AccountId>& ids);
    /// Locks and loads these jobs.
    Result<void> loadJobs(const std::set<JobId>& ids);
    /// Locks and loads a case, and a command with its approvals.
    Result<void> loadCase(CaseId id);
    Result<void> loadCommand(CommandId id);
    /// Locks and loads accounts by name; those that don't exist are added, empty.
    Result<void> loadAccounts(const std::set<AccountRef>& refs);
    /// Adds those accounts that don't exist. Those that do are neither locked nor loaded: nothing is posted to them here.
    Result<void> ensureAccounts(const std::set<AccountRef>& refs);
    Result<void> loadExchanges(const std::set<ExchangeId>& exchanges);
    Result<void> loadCallbacks(const std::set<CallbackId>& callbacks);
    Result<void> loadHolds(const std::set<HoldId>& holds);
    /// Loads what checkout of these orders may need, by the names the orders use: customers, merchants, warehouses, products, SKUs, prices,
    /// coupons and grants (locked), stock (locked), wallets (locked; the bank's account too if a wallet may have to be topped up), and
    /// orders that have their numbers already.
    Result<void> loadCheckout(std::span<const NewOrder> orders);
    /// The payments that are known at the gateway under these ids.
    struct KnownPayment {
        OrderId order;
        bool hasSucceeded = false;
    };
    Result<std::map<QString, KnownPayment>> paymentsOfGatewayRefs(const std::set<QString>& refs);
    /// The orders of transactions with these ids.
    Result<std::set<OrderId>> ordersOfTransactions(const std::set<TransactionId>& transactions);
    /// Loads the open cases with these keys; those of loaded orders are there already.
    Result<void> loadCases(const std::set<QString>& dedupeKeys);
    /// True when an entry with this key is booked or about to be.
    Result<bool> hasEntry(const QString& idempotencyKey);
    /// Among the loaded cases: a cause has one case.
    bool hasOpenCase(const QString& dedupeKey) const;
    /// True when a job with this key waits or runs.
    bool hasOpenJob(const QString& dedupeKey) const;

    void mark();
    void fallBack();
    /// Writes everything and commits. After an error nothing was written.
    Result<void> commit();
    /// What commit() would write, but for the audit.
    ChangeSet changes();

    const Account& account(const AccountRef& ref) const;
    bool knowsAccount(const AccountRef& ref) const { return m_accountIds.contains(ref); }

    UtcTime now() const { return m_now; }
    IdSource& ids() { return m_ids; }
    Connection& connection() { return m_connection; }

    /// Writes the audit row of a change.
    void audit(const QString& actor, const QString& action, const QString& subject, const QString& before, const QString& after, const QString& reason);

    // In the order in which they are written.
    RowSet<Customer> customers;
    RowSet<Merchant> merchants;
    RowSet<Warehouse> warehouses;
    RowSet<Product> products;
    RowSet<Sku> skus;
    RowSet<PriceTier> priceTiers;
    RowSet<Order> orders;
    RowSet<SubOrder> subOrders;
    RowSet<OrderItem> items;
    RowSet<PaymentTransaction> transactions;
    RowSet<TransactionDetail> details;
    RowSet<RefundItem> refundItems;
    RowSet<TccTransaction> tccs;
    RowSet<TccBranch> branches;
    RowSet<TccFence> fences;
    RowSet<Coupon> coupons;
    RowSet<CouponGrant> grants;
    RowSet<Stock> stocks;
    RowSet<StockReservation> reservations;
    RowSet<Account> accounts;
    RowSet<Hold> holds;
    RowSet<LedgerEntry> entries;
    RowSet<Posting> postings;
    RowSet<HoldMovement> movements;
    RowSet<GatewayExchange> exchanges;
    RowSet<ExchangePayload> payloads;
    RowSet<GatewayCallback> callbacks;
    RowSet<CallbackBody> callbackBodies;
    RowSet<OrderEvent> events;
    RowSet<Job> jobs;
    RowSet<InterventionCase> cases;
    RowSet<CaseNote> caseNotes;
    /// Before their command, whose status says whether they may still come.
    RowSet<CommandApproval> approvals;
    RowSet<OperatorCommand> commands;
    RowSet<AuditEvent> audits;

private:
    Result<void> loadFunds(std::span<const qint64> orderIds);
    Result<void> lockAccounts(const std::set<qint64>& ids);
    Result<void> loadCheckoutAccounts(std::span<const NewOrder> orders);
    Result<std::vector<Account>> findAccounts(const std::set<AccountRef>& refs);
    void addAccount(const AccountRef& ref);
    void notify();
    std::vector<RowSetBase*> sets();

    Connection& m_connection;
    IdSource& m_ids;
    const Clock& m_clock;
    UtcTime m_now;
    std::map<AccountRef, AccountId> m_accountIds;
    /// Orders that came with their header only.
    std::set<OrderId> m_headers;
    std::vector<qint64> m_ordersWithoutEvents;
    bool m_lacksDepth = false;
    /// Accounts that exist and are not locked.
    std::set<AccountRef> m_unlockedAccounts;
    std::unique_ptr<DatabaseTransaction> m_transaction;
};

} // namespace counterfoil
