// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/account_reads.h"

#include "models/store/ledger_tables.h"
#include "models/store/reads/lookups.h"

#include <algorithm>
#include <tuple>

namespace counterfoil {

namespace {

constexpr int ownersMax = 500;
constexpr int holdsMax = 500;

const QString ownerJoins = QStringLiteral("LEFT JOIN customer c ON a.owner_kind = 'customer' AND c.id = a.owner_id "
                                          "LEFT JOIN merchant m ON a.owner_kind = 'merchant' AND m.id = a.owner_id");

template<class T>
QString columnsOf(const QString& alias)
{
    QStringList columns;
    for (const QString& column : tableText<T>().columns) {
        columns << alias + u'.' + column;
    }
    return columns.join(u',');
}

Result<Condition> conditionOf(Connection& connection, const AccountFilter& filter)
{
    Condition condition;
    if (filter.kind) {
        condition.add(QStringLiteral("kind = ?"), {toString(*filter.kind)});
    }
    if (const QString owner = filter.owner.trimmed(); !owner.isEmpty()) {
        CF_ASSIGN(const auto customers, customersLike(connection, owner, ownersMax));
        CF_ASSIGN(const auto merchants, merchantsLike(connection, owner, ownersMax));
        condition.add(QStringLiteral("((owner_kind = 'customer' AND owner_id {ids}) OR (owner_kind = 'merchant' AND owner_id {ids}))"),
                      {connection.idList(customers), connection.idList(merchants)});
    }
    return condition;
}

Result<std::vector<AccountRow>> accountRows(Connection& connection, const QString& tail, const QVariantList& values)
{
    std::vector<AccountRow> rows;
    const QString sql = joined({QStringLiteral("SELECT"), columnsOf<Account>(QStringLiteral("a")), QStringLiteral(", coalesce(c.name, m.name, '') FROM account a"),
                                ownerJoins, tail});
    CF_TRY(connection.query(sql, values, [&](const Row& row) -> Result<void> {
        AccountRow& account = rows.emplace_back();
        detail::Read read{row};
        TableOf<Account>::visit(read, account.account);
        read("owner", account.ownerName);
        return read.outcome;
    }));
    return rows;
}

Condition conditionOf(const PostingFilter& filter)
{
    Condition condition;
    condition.add(QStringLiteral("account_id = ?"), {bound(filter.account)});
    if (filter.bucket) {
        condition.add(QStringLiteral("bucket = ?"), {toString(*filter.bucket)});
    }
    return condition;
}

/// Newest first, so "behind a key" is below it.
void addBeyond(Condition& condition, const PageRequest& request)
{
    if (request.anchor) {
        const QVariantList key{bound(request.anchor->first), bound(request.anchor->second)};
        if (request.backward) {
            condition.add(request.inclusive ? QStringLiteral("(entry_id, line) >= (?, ?)") : QStringLiteral("(entry_id, line) > (?, ?)"), key);
        } else {
            condition.add(request.inclusive ? QStringLiteral("(entry_id, line) <= (?, ?)") : QStringLiteral("(entry_id, line) < (?, ?)"), key);
        }
    }
}

} // namespace

Money AccountRow::total() const
{
    const auto sum = account.available.plus(account.frozen);
    return sum ? *sum : Money(account.available.isNegative() ? std::numeric_limits<qint64>::min() : std::numeric_limits<qint64>::max(), account.currency);
}

Result<std::vector<AccountRow>> accountPage(Connection& connection, const AccountFilter& filter, const PageRequest& request)
{
    CF_ASSIGN(Condition condition, conditionOf(connection, filter));
    if (request.anchor) {
        const QStringList ahead{QStringLiteral("id > ?"), QStringLiteral("id >= ?")};
        const QStringList behind{QStringLiteral("id < ?"), QStringLiteral("id <= ?")};
        condition.add((request.backward ? behind : ahead)[request.inclusive ? 1 : 0], {bound(request.anchor->first)});
    }
    const QString order = request.backward ? QStringLiteral("DESC") : QStringLiteral("ASC");
    const QString tail = joined({QStringLiteral("WHERE a.id IN (SELECT id FROM account"), condition.where(), QStringLiteral("ORDER BY id"), order,
                                 QStringLiteral("LIMIT ? OFFSET ?) ORDER BY a.id")});
    return accountRows(connection, tail, condition.values << bound(request.limit) << bound(request.skip));
}

Result<qint64> accountCount(Connection& connection, const AccountFilter& filter)
{
    CF_ASSIGN(const Condition condition, conditionOf(connection, filter));
    return integer(connection, joined({QStringLiteral("SELECT count(*) FROM account"), condition.where()}), condition.values);
}

Result<qint64> accountCountBefore(Connection& connection, const AccountFilter& filter, RowKey key)
{
    CF_ASSIGN(Condition condition, conditionOf(connection, filter));
    condition.add(QStringLiteral("id < ?"), {bound(key.first)});
    return integer(connection, joined({QStringLiteral("SELECT count(*) FROM account"), condition.where()}), condition.values);
}

Result<AccountDetail> accountDetail(Connection& connection, AccountId id)
{
    CF_ASSIGN(DatabaseTransaction view, DatabaseTransaction::beginRead(connection));
    AccountDetail detail;
    CF_ASSIGN(const auto rows, accountRows(connection, QStringLiteral("WHERE a.id = ?"), {bound(id)}));
    if (rows.empty()) {
        return fail(ErrorCode::NotFound, QStringLiteral("there is no account %1").arg(id.toText()));
    }
    detail.row = rows.front();
    const QString sql = joined({QStringLiteral("SELECT"), columnsOf<Hold>(QStringLiteral("h")),
                                QStringLiteral(", coalesce(o.order_no, '') FROM hold h LEFT JOIN orders o ON o.id = h.order_id "
                                               "WHERE h.account_id = ? AND h.state = 'open' ORDER BY h.id LIMIT ?")});
    CF_TRY(connection.query(sql, {bound(id), bound(holdsMax)}, [&](const Row& row) -> Result<void> {
        HoldRow& hold = detail.holds.emplace_back();
        detail::Read read{row};
        TableOf<Hold>::visit(read, hold.hold);
        read("order_no", hold.orderNo);
        return read.outcome;
    }));
    CF_TRY(connection.query(QStringLiteral("SELECT count(*), CAST(coalesce(sum(remaining), 0) AS bigint) FROM hold WHERE account_id = ? AND state = 'open'"),
                            {bound(id)}, [&](const Row& row) -> Result<void> {
                                detail.holdCount = row.integer(0);
                                detail.heldTotal = Money(row.integer(1), detail.row.account.currency);
                                return {};
                            }));
    CF_TRY(view.commit());
    return detail;
}

Result<std::vector<PostingRow>> postingPage(Connection& connection, const PostingFilter& filter, const PageRequest& request)
{
    Condition condition = conditionOf(filter);
    addBeyond(condition, request);
    const QString order = request.backward ? QStringLiteral("ORDER BY entry_id, line") : QStringLiteral("ORDER BY entry_id DESC, line DESC");
    const QString sql = joined({QStringLiteral("SELECT e.kind, e.created_at, e.order_id, coalesce(o.order_no, ''), a.kind, a.owner_kind, coalesce(c.name, m.name, ''),"),
                                columnsOf<Posting>(QStringLiteral("p")),
                                QStringLiteral("FROM (SELECT entry_id AS k, line AS l FROM posting"), condition.where(), order, QStringLiteral("LIMIT ? OFFSET ?) AS page"),
                                QStringLiteral("JOIN posting p ON p.entry_id = page.k AND p.line = page.l JOIN ledger_entry e ON e.id = p.entry_id "
                                               "JOIN account a ON a.id = p.account_id LEFT JOIN orders o ON o.id = e.order_id"),
                                ownerJoins, QStringLiteral("ORDER BY p.entry_id DESC, p.line DESC")});
    std::vector<PostingRow> rows;
    CF_TRY(connection.query(sql, condition.values << bound(request.limit) << bound(request.skip), [&](const Row& row) -> Result<void> {
        PostingRow& posting = rows.emplace_back();
        detail::Read read{row};
        read("kind", posting.kind);
        read("created_at", posting.at);
        read("order_id", posting.order);
        read("order_no", posting.orderNo);
        read("account kind", posting.accountKind);
        read("owner_kind", posting.ownerKind);
        read("owner", posting.ownerName);
        TableOf<Posting>::visit(read, posting.posting);
        return read.outcome;
    }));
    return rows;
}

Result<qint64> postingCount(Connection& connection, const PostingFilter& filter)
{
    const Condition condition = conditionOf(filter);
    return integer(connection, joined({QStringLiteral("SELECT count(*) FROM posting"), condition.where()}), condition.values);
}

Result<qint64> postingCountBefore(Connection& connection, const PostingFilter& filter, RowKey key)
{
    Condition condition = conditionOf(filter);
    addBeyond(condition, {.anchor = key, .backward = true});
    return integer(connection, joined({QStringLiteral("SELECT count(*) FROM posting"), condition.where()}), condition.values);
}

Result<std::vector<KindTotal>> kindTotals(Connection& connection)
{
    std::vector<KindTotal> totals;
    CF_TRY(connection.query(QStringLiteral("SELECT kind, count(*), currency, CAST(sum(available) AS bigint), CAST(sum(frozen) AS bigint), "
                                           "CAST(sum(billed) AS bigint) FROM account GROUP BY kind, currency"),
                            {}, [&](const Row& row) -> Result<void> {
                                KindTotal& total = totals.emplace_back();
                                Currency currency;
                                detail::Read read{row};
                                read("kind", total.kind);
                                read("count", total.accounts);
                                read("currency", currency);
                                read("available", total.available);
                                read("frozen", total.frozen);
                                read("billed", total.billed);
                                return read.outcome;
                            }));
    std::ranges::sort(totals, {}, [](const KindTotal& total) { return std::tuple(total.kind, total.available.currency()); });
    return totals;
}

} // namespace counterfoil
