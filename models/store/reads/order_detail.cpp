// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/order_detail.h"

#include "models/store/catalog_tables.h"
#include "models/store/ledger_tables.h"
#include "models/store/order_tables.h"
#include "models/store/process_tables.h"
#include "models/store/reads/lookups.h"

#include <QMap>

#include <algorithm>

namespace counterfoil {

namespace {

/// More than this of anything on one order is no order; it keeps the answer's size bounded.
constexpr int partsMax = 5000;

template<class T>
std::vector<qint64> idsOf(const std::vector<T>& rows, qint64 (*idOf)(const T&))
{
    std::vector<qint64> ids;
    for (const T& row : rows) {
        if (const qint64 id = idOf(row); id != 0 && std::ranges::find(ids, id) == ids.end()) {
            ids.push_back(id);
        }
    }
    return ids;
}

Result<QMap<qint64, QString>> names(Connection& connection, const QString& sql, const std::vector<qint64>& ids)
{
    QMap<qint64, QString> result;
    CF_TRY(connection.query(sql, {connection.idList(ids)}, [&](const Row& row) -> Result<void> {
        result.insert(row.integer(0), row.text(1));
        return {};
    }));
    return result;
}

Result<void> readGoods(Connection& connection, OrderDetail& detail)
{
    const QVariantList order{bound(detail.order.id), bound(partsMax)};
    CF_ASSIGN(const auto subOrders, selectRows<SubOrder>(connection, QStringLiteral("WHERE order_id = ? ORDER BY line LIMIT ?"), order));
    CF_ASSIGN(detail.items, selectRows<OrderItem>(connection, QStringLiteral("WHERE order_id = ? ORDER BY line LIMIT ?"), order));
    CF_ASSIGN(const auto merchants, names(connection, QStringLiteral("SELECT id, name FROM merchant WHERE id {ids}"),
                                          idsOf<SubOrder>(subOrders, [](const SubOrder& row) { return row.merchant.value(); })));
    CF_ASSIGN(const auto warehouses, names(connection, QStringLiteral("SELECT id, name FROM warehouse WHERE id {ids}"),
                                           idsOf<SubOrder>(subOrders, [](const SubOrder& row) { return row.warehouse.value(); })));
    for (const SubOrder& subOrder : subOrders) {
        detail.subOrders.push_back({subOrder, merchants.value(subOrder.merchant.value()), warehouses.value(subOrder.warehouse.value())});
    }
    return {};
}

Result<void> readPayments(Connection& connection, OrderDetail& detail)
{
    const QVariantList order{bound(detail.order.id), bound(partsMax)};
    CF_ASSIGN(const auto transactions, selectRows<PaymentTransaction>(connection, QStringLiteral("WHERE order_id = ? ORDER BY id LIMIT ?"), order));
    const auto ids = idsOf<PaymentTransaction>(transactions, [](const PaymentTransaction& row) { return row.id.value(); });
    CF_ASSIGN(const auto details, selectRows<TransactionDetail>(connection, QStringLiteral("WHERE transaction_id {ids} ORDER BY transaction_id, line"),
                                                                {connection.idList(ids)}));
    for (const PaymentTransaction& transaction : transactions) {
        TransactionView& view = detail.transactions.emplace_back(TransactionView{transaction, {}});
        std::ranges::copy_if(details, std::back_inserter(view.details), [&](const TransactionDetail& row) { return row.transaction == transaction.id; });
    }
    CF_ASSIGN(detail.exchanges, selectRows<GatewayExchange>(connection, QStringLiteral("WHERE transaction_id {ids} ORDER BY id"), {connection.idList(ids)}));

    QStringList references;
    for (const PaymentTransaction& transaction : transactions) {
        references << transaction.gatewayRef;
    }
    for (const GatewayExchange& exchange : detail.exchanges) {
        references << exchange.gatewayRef;
    }
    references.removeAll(QString());
    references.removeDuplicates();
    for (const QString& reference : references) {
        CF_ASSIGN(const auto callbacks, selectRows<GatewayCallback>(connection, QStringLiteral("WHERE object_ref = ? ORDER BY id LIMIT ?"),
                                                                    {reference, bound(partsMax)}));
        detail.callbacks.insert(detail.callbacks.end(), callbacks.begin(), callbacks.end());
    }
    std::ranges::sort(detail.callbacks, {}, &GatewayCallback::id);
    return {};
}

Result<void> readMoney(Connection& connection, OrderDetail& detail)
{
    const QVariantList order{bound(detail.order.id), bound(partsMax)};
    CF_ASSIGN(detail.holds, selectRows<Hold>(connection, QStringLiteral("WHERE order_id = ? ORDER BY id LIMIT ?"), order));
    std::ranges::stable_partition(detail.holds, [](const Hold& hold) { return hold.state == HoldState::Open; });
    CF_TRY(connection.query(
        QStringLiteral("SELECT e.kind, e.created_at, p.entry_id, p.line, p.account_id, p.bucket, p.currency, p.amount, p.balance_after, a.kind, a.owner_kind, "
                       "coalesce(c.name, m.name, '') "
                       "FROM ledger_entry e JOIN posting p ON p.entry_id = e.id JOIN account a ON a.id = p.account_id "
                       "LEFT JOIN customer c ON a.owner_kind = 'customer' AND c.id = a.owner_id "
                       "LEFT JOIN merchant m ON a.owner_kind = 'merchant' AND m.id = a.owner_id "
                       "WHERE e.order_id = ? ORDER BY e.id, p.line LIMIT ?"),
        order, [&](const Row& row) -> Result<void> {
            PostingRow& posting = detail.postings.emplace_back();
            detail::Read read{row};
            read("kind", posting.kind);
            read("created_at", posting.at);
            TableOf<Posting>::visit(read, posting.posting);
            read("account kind", posting.accountKind);
            read("owner_kind", posting.ownerKind);
            read("owner", posting.ownerName);
            posting.order = detail.order.id;
            posting.orderNo = detail.order.orderNo;
            return read.outcome;
        }));
    return {};
}

Result<void> readProcess(Connection& connection, OrderDetail& detail)
{
    const QVariantList order{bound(detail.order.id), bound(partsMax)};
    CF_ASSIGN(detail.events, selectRows<OrderEvent>(connection, QStringLiteral("WHERE order_id = ? ORDER BY id LIMIT ?"), order));
    CF_ASSIGN(detail.jobs, selectRows<Job>(connection, QStringLiteral("WHERE order_id = ? ORDER BY due_at, id LIMIT ?"), order));
    std::ranges::stable_partition(detail.jobs, [](const Job& job) { return job.state != JobState::Done && job.state != JobState::Cancelled; });
    CF_ASSIGN(detail.cases, selectRows<InterventionCase>(connection, QStringLiteral("WHERE order_id = ? ORDER BY id LIMIT ?"), order));
    CF_ASSIGN(const auto transactions, selectRows<TccTransaction>(connection, QStringLiteral("WHERE order_id = ? ORDER BY gid LIMIT ?"), order));
    const auto gids = idsOf<TccTransaction>(transactions, [](const TccTransaction& row) { return row.gid.value(); });
    CF_ASSIGN(const auto branches, selectRows<TccBranch>(connection, QStringLiteral("WHERE gid {ids} ORDER BY gid, n"), {connection.idList(gids)}));
    for (const TccTransaction& transaction : transactions) {
        TccView& view = detail.tcc.emplace_back(TccView{transaction, {}});
        std::ranges::copy_if(branches, std::back_inserter(view.branches), [&](const TccBranch& row) { return row.gid == transaction.gid; });
    }
    return {};
}

} // namespace

Money OrderDetail::held() const
{
    Money total = Money::zero(order.currency);
    for (const Hold& hold : holds) {
        if (hold.state == HoldState::Open && hold.currency == order.currency) {
            // Every hold is part of one order's payment, which fits; a sum that didn't would be shown as far as it goes.
            total = total.plus(hold.remaining).value_or(total);
        }
    }
    return total;
}

Result<OrderDetail> orderDetail(Connection& connection, OrderId id)
{
    // One view of the database for all parts, so that they agree with each other.
    CF_ASSIGN(DatabaseTransaction view, DatabaseTransaction::beginRead(connection));
    OrderDetail detail;
    CF_ASSIGN(const auto orders, selectRows<Order>(connection, QStringLiteral("WHERE id = ?"), {bound(id)}));
    if (orders.empty()) {
        return fail(ErrorCode::NotFound, QStringLiteral("there is no order %1").arg(id.toText()));
    }
    detail.order = orders.front();
    CF_ASSIGN(const auto customers, selectRows<Customer>(connection, QStringLiteral("WHERE id = ?"), {bound(detail.order.customer)}));
    if (!customers.empty()) {
        detail.customer = customers.front();
    }
    CF_TRY(readGoods(connection, detail));
    CF_TRY(readPayments(connection, detail));
    CF_TRY(readMoney(connection, detail));
    CF_TRY(readProcess(connection, detail));
    CF_TRY(view.commit());
    return detail;
}

Result<std::vector<ExchangePayload>> exchangePayloads(Connection& connection, ExchangeId id)
{
    return selectRows<ExchangePayload>(connection, QStringLiteral("WHERE exchange_id = ? ORDER BY attempt LIMIT ?"), {bound(id), bound(100)});
}

Result<QString> callbackBody(Connection& connection, CallbackId id)
{
    CF_ASSIGN(const auto bodies, selectRows<CallbackBody>(connection, QStringLiteral("WHERE callback_id = ?"), {bound(id)}));
    if (bodies.empty()) {
        return fail(ErrorCode::NotFound, QStringLiteral("callback %1 has no body").arg(id.toText()));
    }
    return bodies.front().body;
}

} // namespace counterfoil
