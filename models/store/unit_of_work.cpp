// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/unit_of_work.h"

#include "models/base/planted_bug.h"
#include "models/store/adoption.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace counterfoil {

namespace {

constexpr qsizetype idsInNotification = 200;

template<class Key>
std::vector<qint64> valuesOfIds(const std::set<Key>& ids)
{
    std::vector<qint64> values;
    values.reserve(ids.size());
    for (const Key& id : ids) {
        values.push_back(id.value());
    }
    return values;
}

} // namespace

UnitOfWork::UnitOfWork(Connection& connection, const Clock& clock, IdSource& ids) : m_connection(connection), m_ids(ids), m_clock(clock), m_now(clock.now()) {}

UnitOfWork::~UnitOfWork() = default;

std::vector<RowSetBase*> UnitOfWork::sets()
{
    return {&customers, &merchants, &warehouses, &products, &skus, &priceTiers, &orders, &subOrders, &items, &transactions, &details, &refundItems,
            &tccs, &branches, &fences, &coupons, &grants, &stocks, &reservations, &accounts, &holds, &entries, &postings, &movements,
            &exchanges, &payloads, &callbacks, &callbackBodies, &events, &jobs, &cases, &caseNotes, &approvals, &commands, &audits};
}

Result<void> UnitOfWork::begin()
{
    CF_ASSIGN(DatabaseTransaction transaction, DatabaseTransaction::begin(m_connection));
    m_transaction = std::make_unique<DatabaseTransaction>(std::move(transaction));
    // A writer may have waited for its turn: time counts from when it has it.
    m_now = m_clock.now();
    return {};
}

Result<void> UnitOfWork::loadOrders(const std::set<OrderId>& ids, OrderDepth depth)
{
    std::map<OrderId, OrderDepth> depths;
    for (const OrderId id : ids) {
        depths.emplace(id, depth);
    }
    return loadOrders(depths);
}

Result<void> UnitOfWork::loadOrders(const std::map<OrderId, OrderDepth>& depths)
{
    std::vector<qint64> all;
    std::vector<qint64> full;
    for (const auto& [id, depth] : depths) {
        all.push_back(id.value());
        if (depth == OrderDepth::Full) {
            full.push_back(id.value());
            m_headers.erase(id);
        } else {
            m_headers.insert(id);
        }
    }
    if (all.empty()) {
        return {};
    }
    m_ordersWithoutEvents.insert(m_ordersWithoutEvents.end(), all.begin(), all.end());
    StatementBatch batch(m_connection);
    adoptOf(batch, QStringLiteral("WHERE id {ids} ORDER BY id {lock}"), all, orders);
    adoptOf(batch, QStringLiteral("WHERE order_id {ids} ORDER BY gid {lock}"), all, tccs);
    adoptOf(batch, QStringLiteral("WHERE order_id {ids} ORDER BY id"), all, transactions);
    adoptOf(batch, QStringLiteral("WHERE order_id {ids} AND state NOT IN ('done', 'cancelled') ORDER BY id"), all, jobs);
    adoptOf(batch, QStringLiteral("WHERE order_id {ids} AND state = 'open' ORDER BY id"), all, cases);
    adoptOf(batch, QStringLiteral("WHERE transaction_id IN (SELECT id FROM payment_transaction WHERE order_id {ids}) ORDER BY id"), all, exchanges);
    CF_TRY(batch.finish());
    return full.empty() ? Result<void>() : loadFunds(full);
}

Result<void> UnitOfWork::loadEvents()
{
    const std::vector<qint64> missing = std::exchange(m_ordersWithoutEvents, {});
    StatementBatch batch(m_connection);
    adoptOf(batch, QStringLiteral("WHERE order_id {ids} ORDER BY id"), missing, events);
    return batch.finish();
}

Result<void> UnitOfWork::needFull(OrderId order)
{
    if (!m_headers.contains(order)) {
        return {};
    }
    m_lacksDepth = true;
    return fail(ErrorCode::SerializationFailure, QStringLiteral("more of %1 is needed than was loaded").arg(order.toText()));
}

Result<void> UnitOfWork::loadFunds(std::span<const qint64> orderIds)
{
    std::vector<qint64> transactionIds;
    for (const PaymentTransaction& transaction : transactions.all()) {
        if (!m_headers.contains(transaction.order)) {
            transactionIds.push_back(transaction.id.value());
        }
    }
    std::vector<qint64> gids;
    for (const TccTransaction& tcc : tccs.all()) {
        if (!m_headers.contains(tcc.order)) {
            gids.push_back(tcc.gid.value());
        }
    }
    StatementBatch batch(m_connection);
    adoptOf(batch, QStringLiteral("WHERE order_id {ids} ORDER BY order_id, line"), orderIds, subOrders);
    adoptOf(batch, QStringLiteral("WHERE transaction_id {ids} ORDER BY transaction_id, line"), transactionIds, details);
    adoptOf(batch, QStringLiteral("WHERE gid {ids} ORDER BY gid, n"), gids, branches);
    adoptOf(batch, QStringLiteral("WHERE gid {ids} ORDER BY gid, n"), gids, fences);
    adoptOf(batch, QStringLiteral("WHERE id IN (SELECT coupon_id FROM coupon_grant WHERE order_id {ids}) ORDER BY id {lock}"), orderIds, coupons);
    adoptOf(batch, QStringLiteral("WHERE order_id {ids} ORDER BY id {lock}"), orderIds, grants);
    adoptOf(batch, QStringLiteral("WHERE order_id {ids} ORDER BY id"), orderIds, reservations);
    adoptOf(batch, QStringLiteral("WHERE id IN (SELECT stock_id FROM stock_reservation WHERE order_id {ids}) ORDER BY id {lock}"), orderIds, stocks);
    CF_TRY(batch.finish());
    std::set<AccountRef> refs;
    for (const Order& order : orders.all()) {
        if (m_headers.contains(order.id)) {
            continue;
        }
        refs.insert(AccountRef::wallet(order.customer, order.currency));
        for (const AccountKind kind : {AccountKind::Clearing, AccountKind::Fees, AccountKind::Promotions, AccountKind::Suspense}) {
            refs.insert(AccountRef::system(kind, order.currency));
        }
    }
    for (const TransactionDetail& detail : details.all()) {
        refs.insert(AccountRef::merchant(detail.merchant, detail.currency));
    }
    CF_TRY(loadAccounts(refs));
    // Behind the accounts' locks, which guard them: a settlement is released without a lock on its order.
    StatementBatch behind(m_connection);
    adoptOf(behind, QStringLiteral("WHERE order_id {ids} ORDER BY id"), orderIds, holds);
    return behind.finish();
}

Result<void> UnitOfWork::loadItems(const std::set<OrderId>& ids)
{
    if (ids.empty()) {
        return {};
    }
    const QVariant list = m_connection.idList(valuesOfIds(ids));
    StatementBatch batch(m_connection);
    adopt(batch, QStringLiteral("WHERE order_id {ids} ORDER BY order_id, line"), {list}, items);
    adopt(batch, QStringLiteral("WHERE transaction_id IN (SELECT id FROM payment_transaction WHERE order_id {ids}) ORDER BY transaction_id, item_id"), {list}, refundItems);
    return batch.finish();
}

/// Without locks: these come in id order, which is only known then.
Result<std::vector<Account>> UnitOfWork::findAccounts(const std::set<AccountRef>& refs)
{
    std::map<OwnerKind, std::vector<qint64>> owners;
    for (const AccountRef& ref : refs) {
        std::vector<qint64>& ids = owners[ref.ownerKind];
        if (ids.empty() || ids.back() != ref.ownerId) {
            ids.push_back(ref.ownerId);
        }
    }
    std::vector<Account> found;
    StatementBatch batch(m_connection);
    for (const auto& [kind, ids] : owners) {
        batch.queryOf(tableText<Account>().select + QStringLiteral("WHERE owner_kind = '%1' AND owner_id {ids}").arg(toString(kind)), ids, appendTo(found));
    }
    CF_TRY(batch.finish());
    std::erase_if(found, [&refs](const Account& account) { return !refs.contains(account.ref()); });
    return found;
}

void UnitOfWork::addAccount(const AccountRef& ref)
{
    const Money zero = Money::zero(ref.currency);
    const Account account{m_ids.next<AccountId>(), ref.ownerKind, ref.ownerId, ref.kind, ref.currency, zero, zero, zero, 0, AccountStatus::Open};
    accounts.add(account);
    m_accountIds.emplace(ref, account.id);
}

Result<void> UnitOfWork::loadAccounts(const std::set<AccountRef>& refs)
{
    std::set<AccountRef> missing;
    std::ranges::copy_if(refs, std::inserter(missing, missing.end()), [this](const AccountRef& ref) { return !m_accountIds.contains(ref); });
    if (missing.empty()) {
        return {};
    }
    CF_ASSIGN(std::vector<Account> known, findAccounts(missing));
    std::set<qint64> wanted;
    for (Account& account : known) {
        missing.erase(account.ref());
        if (m_connection.kind() == DatabaseKind::Sqlite) {
            // Nobody else writes until the commit: what was found stays so.
            m_accountIds.emplace(account.ref(), account.id);
            accounts.adopt(std::move(account));
        } else {
            wanted.insert(account.id.value());
        }
    }
    CF_TRY(lockAccounts(wanted));
    std::ranges::for_each(missing, [this](const AccountRef& ref) { addAccount(ref); });
    return {};
}

Result<void> UnitOfWork::ensureAccounts(const std::set<AccountRef>& refs)
{
    std::set<AccountRef> missing;
    std::ranges::copy_if(refs, std::inserter(missing, missing.end()), [this](const AccountRef& ref) { return !m_accountIds.contains(ref) && !m_unlockedAccounts.contains(ref); });
    if (missing.empty()) {
        return {};
    }
    CF_ASSIGN(const std::vector<Account> known, findAccounts(missing));
    for (const Account& account : known) {
        m_unlockedAccounts.insert(account.ref());
        missing.erase(account.ref());
    }
    std::ranges::for_each(missing, [this](const AccountRef& ref) { addAccount(ref); });
    return {};
}

Result<void> UnitOfWork::lockAccounts(const std::set<qint64>& ids)
{
    if (ids.empty()) {
        return {};
    }
    const std::vector<qint64> values(ids.begin(), ids.end());
    CF_ASSIGN(std::vector<Account> rows, selectRows<Account>(m_connection, QStringLiteral("WHERE id {ids} ORDER BY id {lock}"), {m_connection.idList(values)}));
    for (Account& account : rows) {
        m_accountIds.emplace(account.ref(), account.id);
        accounts.adopt(std::move(account));
    }
    return {};
}

Result<void> UnitOfWork::loadAccountsById(const std::set<AccountId>& ids)
{
    const std::vector<qint64> values = valuesOfIds(ids);
    return lockAccounts(std::set<qint64>(values.begin(), values.end()));
}

Result<void> UnitOfWork::loadJobs(const std::set<JobId>& ids)
{
    StatementBatch batch(m_connection);
    adoptOf(batch, QStringLiteral("WHERE id {ids} ORDER BY id {lock}"), valuesOfIds(ids), jobs);
    return batch.finish();
}

Result<void> UnitOfWork::loadCase(CaseId id)
{
    StatementBatch batch(m_connection);
    adoptOf(batch, QStringLiteral("WHERE id {ids} ORDER BY id {lock}"), std::array{id.value()}, cases);
    return batch.finish();
}

Result<void> UnitOfWork::loadCommand(CommandId id)
{
    StatementBatch batch(m_connection);
    adoptOf(batch, QStringLiteral("WHERE id {ids} ORDER BY id {lock}"), std::array{id.value()}, commands);
    adoptOf(batch, QStringLiteral("WHERE command_id {ids} ORDER BY level"), std::array{id.value()}, approvals);
    return batch.finish();
}

Result<void> UnitOfWork::loadExchanges(const std::set<ExchangeId>& ids)
{
    StatementBatch batch(m_connection);
    adoptOf(batch, QStringLiteral("WHERE id {ids} ORDER BY id"), valuesOfIds(ids), exchanges);
    return batch.finish();
}

Result<void> UnitOfWork::loadCallbacks(const std::set<CallbackId>& ids)
{
    if (ids.empty()) {
        return {};
    }
    const QVariant list = m_connection.idList(valuesOfIds(ids));
    StatementBatch batch(m_connection);
    adopt(batch, QStringLiteral("WHERE id {ids} ORDER BY id"), {list}, callbacks);
    adopt(batch, QStringLiteral("WHERE callback_id {ids} ORDER BY callback_id"), {list}, callbackBodies);
    return batch.finish();
}

Result<void> UnitOfWork::loadHolds(const std::set<HoldId>& ids)
{
    if (ids.empty()) {
        return {};
    }
    const QVariant list = m_connection.idList(valuesOfIds(ids));
    std::set<qint64> accountIds;
    CF_TRY(m_connection.queryAll(QStringLiteral("SELECT account_id FROM hold WHERE id {ids}"), {list}, [&](const Row& row) -> Result<void> {
        accountIds.insert(row.integer(0));
        return {};
    }));
    CF_TRY(lockAccounts(accountIds));
    StatementBatch batch(m_connection);
    adopt(batch, QStringLiteral("WHERE id {ids} ORDER BY id"), {list}, holds);
    return batch.finish();
}

Result<std::map<QString, UnitOfWork::KnownPayment>> UnitOfWork::paymentsOfGatewayRefs(const std::set<QString>& refs)
{
    std::map<QString, KnownPayment> found;
    if (!refs.empty()) {
        CF_TRY(m_connection.queryAll(QStringLiteral("SELECT gateway_ref, order_id, status FROM payment_transaction WHERE gateway_ref {texts} AND gateway_ref <> ''"),
                                     {m_connection.textList(QStringList(refs.begin(), refs.end()))}, [&](const Row& row) -> Result<void> {
                                         found.emplace(row.text(0), KnownPayment{row.id<OrderId>(1), row.text(2) == u"succeeded"});
                                         return {};
                                     }));
    }
    return found;
}

Result<std::set<OrderId>> UnitOfWork::ordersOfTransactions(const std::set<TransactionId>& ids)
{
    std::set<OrderId> found;
    if (!ids.empty()) {
        CF_TRY(m_connection.queryAll(QStringLiteral("SELECT order_id FROM payment_transaction WHERE id {ids}"), {m_connection.idList(valuesOfIds(ids))}, [&](const Row& row) -> Result<void> {
            if (!row.isNull(0)) {
                found.insert(row.id<OrderId>(0));
            }
            return {};
        }));
    }
    return found;
}

Result<void> UnitOfWork::loadCases(const std::set<QString>& keys)
{
    if (keys.empty()) {
        return {};
    }
    StatementBatch batch(m_connection);
    adopt(batch, QStringLiteral("WHERE dedupe_key {texts} AND state = 'open' ORDER BY id"), {m_connection.textList(QStringList(keys.begin(), keys.end()))}, cases);
    return batch.finish();
}

Result<bool> UnitOfWork::hasEntry(const QString& key)
{
    bool found = entries.findIf([&](const LedgerEntry& entry) { return entry.idempotencyKey == key; });
    CF_TRY(m_connection.queryAll(QStringLiteral("SELECT id FROM ledger_entry WHERE idempotency_key = ?"), {key}, [&](const Row&) -> Result<void> {
        found = true;
        return {};
    }));
    return found;
}

bool UnitOfWork::hasOpenCase(const QString& dedupeKey) const
{
    return cases.findIf([&](const InterventionCase& c) { return c.dedupeKey == dedupeKey && c.state == CaseState::Open; });
}

bool UnitOfWork::hasOpenJob(const QString& dedupeKey) const
{
    return jobs.findIn(dedupeKey, [](const Job& job) { return job.state != JobState::Done && job.state != JobState::Cancelled; });
}

void UnitOfWork::mark()
{
    for (RowSetBase* set : sets()) {
        set->mark();
    }
}

void UnitOfWork::fallBack()
{
    for (RowSetBase* set : sets()) {
        set->fallBack();
    }
    // Accounts that came after the mark are gone with the rest.
    std::erase_if(m_accountIds, [this](const auto& entry) { return !accounts.find(entry.second); });
}

Result<void> UnitOfWork::commit()
{
    require(m_transaction != nullptr, "a unit of work is committed once, after begin");
    const std::unique_ptr<DatabaseTransaction> transaction = std::move(m_transaction);
    const std::array<RowSetBase*, 3> ledger{&entries, &postings, &movements};
    StatementBatch batch(m_connection);
    for (RowSetBase* set : sets()) {
        if (!isPlanted(PlantedBug::LedgerApart) || std::ranges::find(ledger, set) == ledger.end()) {
            set->flush(batch);
        }
    }
    CF_TRY(batch.finish());
    CF_TRY(transaction->commit());
    if (isPlanted(PlantedBug::LedgerApart)) {
        CF_ASSIGN(DatabaseTransaction behind, DatabaseTransaction::begin(m_connection));
        StatementBatch late(m_connection);
        for (RowSetBase* set : ledger) {
            set->flush(late);
        }
        CF_TRY(late.finish());
        CF_TRY(behind.commit());
    }
    notify();
    return {};
}

ChangeSet UnitOfWork::changes()
{
    ChangeSet changes;
    for (const RowSetBase* set : sets()) {
        if (set != &audits) {
            set->describe(changes.rows);
        }
    }
    return changes;
}

/// Behind the commit. Who misses it looks for himself soon.
void UnitOfWork::notify()
{
    const bool isSeen = !orders.isEmpty() || !commands.isEmpty() || !cases.isEmpty();
    if (m_connection.kind() != DatabaseKind::Postgresql || !isSeen) {
        return;
    }
    QStringList changed;
    for (const Order& order : orders.all()) {
        if (changed.size() < idsInNotification) {
            changed << QString::number(order.id.value());
        }
    }
    m_connection.notify(QStringLiteral("counterfoil_changed"), changed.join(u','));
}

const Account& UnitOfWork::account(const AccountRef& ref) const
{
    const auto it = m_accountIds.find(ref);
    require(it != m_accountIds.end(), "an account is loaded before it is used");
    return accounts.at(it->second);
}

void UnitOfWork::audit(const QString& actor, const QString& action, const QString& subject, const QString& before, const QString& after, const QString& reason)
{
    audits.add({m_ids.next<AuditEventId>(), m_now, actor, action, subject, before, after, reason});
}

} // namespace counterfoil
