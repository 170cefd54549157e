// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/reads/account_reads.h"

#include "models/store/ledger_tables.h"
#include "models/store/reads/lookups.h"

#include <algorithm>
#include <map>
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
    if (!filter.after.isNone()) {
        condition.add(QStringLiteral("entry_id > ?"), {bound(filter.after)});
    }
    if (!filter.upTo.isNone()) {
        condition.add(QStringLiteral("entry_id <= ?"), {bound(filter.upTo)});
    }
    return condition;
}

Result<std::vector<HoldRow>> openHolds(Connection& connection, AccountId account)
{
    std::vector<HoldRow> holds;
    const QString sql = joined({QStringLiteral("SELECT"), columnsOf<Hold>(QStringLiteral("h")),
                                QStringLiteral(", coalesce(o.order_no, '') FROM hold h LEFT JOIN orders o ON o.id = h.order_id "
                                               "WHERE h.account_id = ? AND h.state = 'open' ORDER BY h.id LIMIT ?")});
    CF_TRY(connection.query(sql, {bound(account), bound(holdsMax)}, [&](const Row& row) -> Result<void> {
        HoldRow& hold = holds.emplace_back();
        detail::Read read{row};
        TableOf<Hold>::visit(read, hold.hold);
        read("order_no", hold.orderNo);
        return read.outcome;
    }));
    return holds;
}

/// Who had the manual ones frozen. A hold is made behind the entry that freezes it while its account is locked, so that this is the account's
/// last entry before it; the entry's key names the command.
Result<void> addMakers(Connection& connection, std::vector<HoldRow>& holds)
{
    std::map<qint64, qint64> commandOf;
    std::vector<qint64> commands;
    for (const HoldRow& row : holds) {
        if (row.hold.reason != HoldReason::Manual) {
            continue;
        }
        CF_TRY(connection.query(QStringLiteral("SELECT idempotency_key FROM ledger_entry WHERE kind = 'freeze' AND id = "
                                               "(SELECT max(entry_id) FROM posting WHERE account_id = ? AND entry_id < ?)"),
                                {bound(row.hold.account), bound(row.hold.id)}, [&](const Row& entry) -> Result<void> {
                                    if (const QString key = entry.text(0); key.startsWith(QLatin1String("command:"))) {
                                        commandOf[row.hold.id.value()] = commands.emplace_back(key.sliced(8).toLongLong());
                                    }
                                    return {};
                                }));
    }
    if (commands.empty()) {
        return {};
    }
    std::map<qint64, std::pair<QString, QString>> makers;
    CF_TRY(connection.query(QStringLiteral("SELECT id, requested_by, reason FROM operator_command WHERE id {ids}"), {connection.idList(commands)}, [&makers](const Row& row) -> Result<void> {
        makers[row.integer(0)] = {row.text(1), row.text(2)};
        return {};
    }));
    for (HoldRow& row : holds) {
        const auto maker = makers.find(commandOf[row.hold.id.value()]);
        if (maker != makers.end()) {
            std::tie(row.actor, row.why) = maker->second;
        }
    }
    return {};
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
    CF_ASSIGN(detail.holds, openHolds(connection, id));
    CF_TRY(addMakers(connection, detail.holds));
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
    // The sign keeps SQLite from walking through all accounts' postings in the order of their key.
    const QString order = request.backward ? QStringLiteral("ORDER BY entry_id, +line") : QStringLiteral("ORDER BY entry_id DESC, +line DESC");
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
